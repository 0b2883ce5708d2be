"""Weights by group, against hand-computed answers."""

from math import log

import pandas as pd
import pytest
from scipy.sparse import csr_matrix, vstack

from analysis import Counts, c_tfidf, content_terms, count, tfidf, top_terms
from analysis.keywords.weights import place_names


def counts(*rows, city):
    frame = pd.DataFrame(
        {"doc_id": [f"d{i}" for i in range(len(rows))], "city": city, "tokens": [list(r) for r in rows]}
    )
    return count(frame)


def test_c_tfidf_by_hand():
    # Two classes of four tokens: A = 4; 甲 occurs 4 times in all, 乙 twice, 丙 twice.
    frame = c_tfidf(counts("甲甲甲乙", "甲乙丙丙", city=["东市", "西市"]), "city")
    score = frame.set_index(["group", "term"])["score"]
    assert score["东市", "甲"] == pytest.approx(3 / 4 * log(1 + 4 / 4))
    assert score["西市", "丙"] == pytest.approx(2 / 4 * log(1 + 4 / 2))
    assert ("东市", "丙") not in score.index
    assert frame.set_index(["group", "term"]).loc[("西市", "丙"), ["n", "docs"]].tolist() == [2, 1]


def test_c_tfidf_keeps_every_token_in_the_denominator():
    whole = counts("甲甲甲乙", "甲乙丙丙", city=["东市", "西市"])
    trimmed = c_tfidf(whole.select(["甲"]), "city").set_index("group")["score"]
    assert trimmed["东市"] == pytest.approx(3 / 4 * log(1 + 4 / 4))


def test_tfidf_is_the_mean_over_documents_with_idf_from_documents():
    from sklearn.feature_extraction.text import TfidfVectorizer

    rows = ["甲甲乙", "乙丙", "甲丁丁", "乙乙"]
    frame = tfidf(counts(*rows, city=["东市", "东市", "西市", "西市"]), "city").set_index(["group", "term"])
    theirs = TfidfVectorizer(analyzer="char").fit(rows)
    weights = pd.DataFrame(theirs.transform(rows).toarray(), columns=theirs.get_feature_names_out())
    for (group, term), row in frame.iterrows():
        mine = weights.loc[[0, 1] if group == "东市" else [2, 3], term]
        assert row["score"] == pytest.approx(mean := mine.mean()), mean
    assert frame.loc[("东市", "乙"), "docs"] == 2


def test_order_of_documents_changes_nothing():
    rows, city = ["甲甲乙", "乙丙", "甲丁丁", "乙乙"], ["东市", "东市", "西市", "西市"]
    frame = pd.DataFrame({"doc_id": list("abcd"), "city": city, "tokens": [list(r) for r in rows]})
    there, back = (tfidf(count(f), "city") for f in (frame, frame.iloc[::-1]))
    pd.testing.assert_frame_equal(there, back)


def test_top_terms_ranks_within_groups():
    scores = pd.DataFrame({"group": list("aabb"), "term": list("乙甲丙丁"), "score": [1.0, 1.0, 2.0, 3.0]})
    assert top_terms(scores, 1)[["group", "term", "rank"]].values.tolist() == [["a", "乙", 1], ["b", "丁", 1]]


def test_content_terms_leave_out_names_figures_and_function_words():
    words = [["盐城", "盐城市", "亭湖区", "的", "12", "8.5%", "招商引资", "加强", "必须"], ["招商引资"]]
    frame = pd.DataFrame({"doc_id": ["a", "b"], "city": ["盐城市", "苏州市"], "tokens": words})
    every = {"min_docs": 1, "max_share": 1}
    assert set(content_terms(count(frame), **every).terms) == {"招商引资", "加强", "必须"}
    assert "亭湖区" in content_terms(count(frame), names=True, **every).terms
    assert list(content_terms(count(frame), min_groups=2, **every).terms) == ["招商引资"]
    assert "加强" not in content_terms(count(frame), leave_out=["加强"], **every).terms
    assert len(content_terms(count(frame)).terms) == 0  # nothing is in two rows and in at most half of them
    assert content_terms(count(frame)).rows["n_tokens"].tolist() == [9, 1]


def test_place_names_hold_short_and_former_names():
    assert {"苏州", "苏州市", "襄樊市", "浙江", "浙江省", "昆山市"} <= place_names()


def test_without_cities_no_term_is_lost():
    frame = pd.DataFrame({"doc_id": list("abcd"), "tokens": [["招商引资"], ["招商引资"], ["强市"], ["强市"]]})
    assert set(content_terms(count(frame)).terms) == {"招商引资", "强市"}
    assert set(content_terms(count(frame.assign(city=pd.NA))).terms) == {"招商引资", "强市"}


def test_ordinary_words_are_no_names():
    assert not {"新建", "惠民", "城区", "新城", "古城", "温泉", "和平", "前进"} & place_names()


@pytest.mark.parametrize("weigh", [tfidf, c_tfidf])
def test_rows_without_words_change_nothing(weigh):
    full = counts("甲乙", "乙丙丙", "甲甲", city=["东", "西", "西"])
    rows = pd.concat([full.rows, full.rows.iloc[[0]].assign(n_tokens=0, city=["北"])], ignore_index=True)
    rows = pd.concat([rows, full.rows.iloc[[0]].assign(n_tokens=0, city=["东"])], ignore_index=True)
    empty = Counts(
        vstack([full.values, csr_matrix((2, len(full.terms)), dtype=int)]).tocsr(), rows, full.terms
    )
    pd.testing.assert_frame_equal(weigh(empty, "city"), weigh(full, "city"))


@pytest.mark.parametrize("weigh", [tfidf, c_tfidf])
def test_what_is_no_count_of_words_is_answered_with_a_sentence(weigh):
    full = counts("甲乙", "乙丙丙", city=["东", "西"])
    with pytest.raises(ValueError, match=f"^{weigh.__name__} takes Counts, not str"):
        weigh("x", "city")
    with pytest.raises(ValueError, match=f"^{weigh.__name__} counts words: give it counts, not weights"):
        weigh(full.rates(), "city")
    with pytest.raises(ValueError, match="The counts have no term, perhaps all trimmed away"):
        weigh(full.select([]), "city")
