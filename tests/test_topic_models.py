"""Topics: planted ones are found by each method, whatever the order of the passages."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import vstack
from small_counts import made
from topic_passages import planted, turned

from analysis import Counts, Topics, content_terms, count, open_corpus, topics
from analysis.topic_models.naming import label

THEMES = {
    "港": ["港口", "航线", "码头", "货轮"],
    "药": ["药物", "临床", "实验室", "疫苗"],
    "茶": ["茶园", "采摘", "炒制", "品牌"],
}
COMMON = ["项目", "企业", "发展"]


@pytest.fixture(scope="module")
def passages():
    rng = np.random.default_rng(0)
    rows = []
    for number in range(120):
        theme = list(THEMES)[number % 3]
        words = [*rng.choice(THEMES[theme], 12), *rng.choice(COMMON, 6)]
        rows.append(
            {
                "doc_id": f"d{number // 4:02}",
                "para": number % 4,
                "city": theme,
                "tokens": words,
                "theme": theme,
            }
        )
    return pd.DataFrame(rows)


def counted(frame):
    return count(frame, by=["doc_id", "para"])


@pytest.mark.parametrize("method", ["nmf", "kmeans"])  # LDA merges two of these three from its first seed
def test_planted_topics_are_found(passages, method):
    result = topics(counted(passages), 3, method=method)
    heaviest = {frozenset(group["term"].head(4)) for _, group in result.words.groupby("topic")}
    assert heaviest == {frozenset(words) for words in THEMES.values()}
    found = result.shares.idxmax(axis=1)
    assert pd.crosstab(found, result.rows["theme"]).max(axis=1).sum() >= 117


@pytest.mark.parametrize("method", ["nmf", "kmeans", "lda"])
def test_order_of_passages_changes_nothing(passages, method):
    there = topics(counted(passages), 3, method=method)
    back = topics(counted(passages.iloc[::-1]), 3, method=method)
    pd.testing.assert_frame_equal(there.words, back.words)
    pd.testing.assert_frame_equal(there.shares, back.shares)


@pytest.mark.parametrize(
    "index", [range(119, -1, -1), range(1000, 1120), ["x"] * 120], ids=["turned", "moved", "same"]
)
def test_the_labels_of_rows_change_nothing(passages, index):
    counts = counted(passages)
    there = topics(counts, 3)
    back = topics(replace(counts, rows=counts.rows.set_axis(index)), 3)
    pd.testing.assert_frame_equal(there.words, back.words)
    pd.testing.assert_frame_equal(there.shares, back.shares)
    pd.testing.assert_frame_equal(there.rows, back.rows)


def test_shares_sum_to_one_and_average_over_documents(passages):
    result = topics(counted(passages), 3)
    assert np.allclose(result.shares.sum(axis=1), 1)
    by_document = result.by("doc_id")
    assert by_document.shape == (30, 3)
    assert np.allclose(by_document.loc["d00"], result.shares[result.rows["doc_id"] == "d00"].mean())


def test_typical_passages_and_labels(passages):
    result = topics(counted(passages), 3)
    port = next(n for n, label in result.labels.items() if set(label.split("·")) <= set(THEMES["港"]))
    assert set(result.typical(port, 5)["theme"]) == {"港"}
    with pytest.raises(ValueError, match="no topic 9"):
        result.typical(9)


def test_of_equal_shares_the_longest_passage_comes_first():
    rows = pd.DataFrame({"doc_id": list("edcba"), "n_tokens": [40, 90, 200, 40, 500]})
    shares = pd.DataFrame({1: [1.0, 1 - 1e-12, 0.7, 1.0, 0.7], 2: [0.0, 1e-12, 0.3, 0.0, 0.3]})
    result = Topics(pd.DataFrame(), shares, rows, pd.Series({1: "港", 2: "药"}), "nmf", 2, 0)
    found = result.typical(1, 4)
    assert found["doc_id"].tolist() == ["d", "b", "e", "a"]
    assert found.attrs["ties"] == 3 and result.typical(2).attrs["ties"] == 2
    assert "_alike" not in found and found["share"].tolist() == [1 - 1e-12, 1, 1, 0.7]
    unmeasured = replace(result, rows=rows[["doc_id"]])
    assert unmeasured.typical(1, 4)["doc_id"].tolist() == ["b", "d", "e", "a"]
    assert result.where([False] * 5).typical(1).attrs["ties"] == 0


@pytest.mark.parametrize("method", ["nmf", "kmeans", "lda"])
def test_order_of_rows_and_terms_changes_nothing(method):
    counts = planted(3, documents=12, per=3, tokens=30)
    there, back = topics(counts, 3, method=method), topics(turned(counts), 3, method=method)
    pd.testing.assert_frame_equal(there.words, back.words)
    pd.testing.assert_frame_equal(there.shares, back.shares)
    pd.testing.assert_series_equal(there.labels, back.labels)


def test_order_changes_nothing_where_rows_are_not_told_apart():
    counts = planted(3, documents=12, per=3, tokens=30)
    blurred = replace(counts, rows=counts.rows[["doc_id"]])
    there, back = topics(blurred, 3), topics(turned(blurred), 3)
    pd.testing.assert_frame_equal(there.words, back.words)
    pd.testing.assert_frame_equal(there.shares, back.shares)


@pytest.mark.parametrize("method", ["nmf", "kmeans", "lda"])
def test_rows_and_terms_of_zeros_change_nothing(method):
    counts = planted(3, documents=12, per=3, tokens=30)
    more = counts.select(["零", *counts.terms])
    empty = Counts(more.values[:2] * 0, more.rows.iloc[:2].assign(doc_id=["d000b", "zz"]), more.terms)
    rows = pd.concat([more.rows, empty.rows])
    padded = Counts(vstack([more.values, empty.values], format="csr"), rows, more.terms)
    there, back = topics(counts, 3, method=method), topics(padded, 3, method=method)
    pd.testing.assert_frame_equal(there.words, back.words)
    kept = ~back.rows["doc_id"].isin(["d000b", "zz"]).to_numpy()
    assert (there.shares.to_numpy() == back.shares[kept].to_numpy()).all()
    assert (back.shares[~kept] == 0).all(axis=None)


def test_renaming_a_city_changes_nothing():
    counts = planted(3, documents=12, per=3, tokens=30)
    renamed = counts.assign(city=counts.rows["city"].replace("城0", "阿城"))
    pd.testing.assert_frame_equal(topics(counts, 3).shares, topics(renamed, 3).shares)


def test_labels_are_exclusive_words_that_say_something():
    def named(*terms):
        words = pd.DataFrame({"term": terms, "weight": range(len(terms), 0, -1)})
        return label(words.assign(exclusivity=np.linspace(1, 0.5, len(terms))))

    assert named("亿元", "开工", "万平方米", "签约", "12.5", "一批", "项目") == "开工·签约·项目"
    assert named("产业集群", "产业", "园区", "农业") == "产业集群·园区·农业"
    assert named("亿元", "投资") == "投资·亿元", "better a unit than nothing"
    assert named("零碳", "零碳园区", "绿电") == "零碳·零碳园区·绿电"
    frequent = pd.DataFrame({"term": [f"词{at}" for at in range(12)], "weight": 1.0, "exclusivity": 0.5})
    frequent.loc[11, "exclusivity"] = 1  # exclusive, but not among the ten heaviest
    assert "词11" not in label(frequent)


def test_heaviest_and_where_a_topic_is_used_most(passages):
    result = topics(counted(passages), 3)
    port = next(n for n, name in result.labels.items() if set(name.split("·")) <= set(THEMES["港"]))
    assert set(result.heaviest(4)[port - 1]) == set(THEMES["港"])
    best = result.most(port, "doc_id", 3, min_units=1)
    assert best["share"].is_monotonic_decreasing and len(best) == 3
    assert (best["topic"] == port).all() and best.attrs["passed_over"] == 0
    assert result.most(port, "doc_id").attrs["passed_over"] == 30, "one document is fewer than three units"
    with pytest.raises(ValueError, match="no topic 9"):
        result.most(9, "doc_id")


def test_the_green_topic_of_the_sample_is_found_and_rises():
    corpus = open_corpus("sample")
    found = topics(content_terms(corpus.passages, leave_out=corpus.names), 8)
    planted_terms = {"零碳园区", "绿电", "储能"}
    green = [n for n, own in enumerate(found.heaviest(), start=1) if planted_terms <= set(own)]
    assert len(green) == 1
    assert found.labels[green[0]].startswith("绿电·储能")
    assert found.most(green[0], "year", 2)["group"].isin([2022, 2023]).all()
    late = found.assign(late=found.rows["year"] >= 2021).compare("late", True, within=None)
    assert late.loc[0, "topic"] == green[0] and late.loc[0, "q"] < 0.05 and late.loc[0, "ci_low"] > 0


def test_wrong_words_are_answered(passages):
    with pytest.raises(ValueError, match="choose nmf, kmeans, lda"):
        topics(counted(passages), 3, method="bert")
    with pytest.raises(ValueError, match="Lower k"):
        topics(counted(passages), 50)
    for k in (0, -1, 2.5, True):
        with pytest.raises(ValueError, match="no number of topics"):
            topics(counted(passages), k)
    with pytest.raises(ValueError, match="needs rows with `doc_id`"):
        topics(counted(passages).group("city"), 2)
    with pytest.raises(
        ValueError, match="no column 'leader', or it varies within a document; they have doc_id"
    ):
        topics(counted(passages), 3).by("leader")
    with pytest.raises(ValueError, match="before tfidf"):
        topics(counted(passages).tfidf(), 3)
    with pytest.raises(ValueError, match="not in DataFrame; make them with count"):
        topics(passages, 3)
    with pytest.raises(ValueError, match="there are 0 and 0. Lower k"):
        topics(made(np.zeros((5, 4), dtype=int)), 2)
