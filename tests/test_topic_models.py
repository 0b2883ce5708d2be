"""Topics: planted ones are found by each method, whatever the order of the passages."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis import count, topics

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


def test_wrong_words_are_answered(passages):
    with pytest.raises(ValueError, match="choose nmf, kmeans, lda"):
        topics(counted(passages), 3, method="bert")
    with pytest.raises(ValueError, match="Lower k"):
        topics(counted(passages), 50)
    for k in (0, -1, 2.5):
        with pytest.raises(ValueError, match="no number of topics"):
            topics(counted(passages), k)
    with pytest.raises(ValueError, match="needs rows with `doc_id`"):
        topics(counted(passages).group("city"), 2)
    with pytest.raises(ValueError, match="no column 'leader'; they have doc_id"):
        topics(counted(passages), 3).by("leader")
