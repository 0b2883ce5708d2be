"""How many topics: planted ones come back, random ones do not; matching against brute force."""

from functools import partial
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from small_counts import made
from topic_passages import planted, turned

from analysis import Counts, known_stability, open_corpus, recommended_k, stability, topics
from analysis.topic_models.matching import best_match, heaviest, jaccard, matched
from analysis.topic_models.models import METHODS

FEW = {"seeds": 2, "resamples": 3}


@pytest.fixture(scope="module")
def table():
    return stability(planted(4), (2, 4, 12), **FEW)


def test_the_planted_number_of_topics_comes_back_and_is_recommended(table):
    values = table.set_index("k")["stability"]
    assert values[4] > 0.85
    assert values[12] < values[4] - 0.3
    assert recommended_k(table) == 4
    assert table["fits"].tolist() == [8, 8, 8]
    assert table.attrs["documents"] == 40 and table.attrs["passages"] == 200 and table.attrs["terms"] == 60


def test_at_the_planted_number_topics_read_best(table):
    assert table.loc[table["c_npmi"].idxmax(), "k"] == 4
    assert table.loc[table["c_v"].idxmax(), "k"] == 4
    assert table["exclusivity"].is_monotonic_decreasing
    assert table["stability"].between(0, 1).all() and table["se"].between(0, 0.2).all()


def test_the_shipped_table_is_of_the_shipped_reports():
    corpus = open_corpus("city_reports")
    shipped = known_stability(corpus.fingerprint)
    assert shipped["documents"].unique().tolist() == [len(corpus.documents)]
    assert shipped["passages"].unique().tolist() == [len(corpus.passages.rows)]
    assert recommended_k(shipped) in set(shipped["k"])
    assert known_stability("another") is None


def test_in_random_passages_no_number_is_recommended():
    counts = planted(4, own=40, random=True)
    assert recommended_k(stability(counts, (3, 5), **FEW)) is None


@pytest.mark.parametrize("method", METHODS)
def test_neither_order_nor_processes_change_anything(method):
    counts = planted(3, documents=12, per=3, tokens=30)
    there = stability(counts, (3,), method=method, **FEW)
    pd.testing.assert_frame_equal(there, stability(turned(counts), (3,), method=method, **FEW))
    if method == "nmf":
        pd.testing.assert_frame_equal(there, stability(counts, (3,), jobs=2, **FEW))


def test_one_number_at_a_time_gives_the_same(table):
    alone = stability(planted(4), 4, **FEW)
    assert alone.iloc[0].to_dict() == table[table["k"] == 4].iloc[0].to_dict()


def test_stability_is_the_mean_over_resamples_starts_and_topics():
    """Built again from `topics`: every fit to half of the documents against every fit to all."""
    counts = planted(3, documents=12, per=3, tokens=30)
    names = np.array(sorted(set(counts.rows["doc_id"])))
    whole = [topics(counts, 3, seed=seed).heaviest() for seed in (0, 1)]
    means = []
    for number in range(3):
        drawn = names[np.random.default_rng([0, number]).permutation(12)[:6]]
        half = counts.where(counts.rows["doc_id"].isin(drawn))
        fits = [topics(half, 3, seed=2 + 2 * number + start).heaviest() for start in (0, 1)]
        means.append(np.mean([matched(a, b) for a in fits for b in whole]))
    row = stability(counts, (3,), **FEW).iloc[0]
    assert row["stability"] == pytest.approx(np.mean(means))
    assert row["se"] == pytest.approx(np.std(means, ddof=1) / np.sqrt(3))
    assert row["starts"] == pytest.approx(matched(*whole))


@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (5, 5), (3, 5), (5, 2)])
def test_the_best_match_is_that_of_all_permutations(shape):
    rng = np.random.default_rng(sum(shape))
    for overlap in rng.random((20, *shape)).round(1):
        rows, columns = best_match(overlap)
        wide = overlap if shape[0] <= shape[1] else overlap.T
        best = max(
            sum(wide[at, to] for at, to in enumerate(order))
            for order in permutations(range(wide.shape[1]), wide.shape[0])
        )
        assert overlap[rows, columns].sum() == pytest.approx(best)
        assert len(set(rows)) == len(set(columns)) == min(shape)


def test_overlap_of_words():
    assert jaccard([["甲", "乙", "丙"]], [["甲", "乙", "丁"], [], ["丙", "乙", "甲"]]).tolist() == [
        [0.5, 0, 1]
    ]
    assert matched([["甲"], ["乙"]], [["乙"], ["甲"]]) == 1
    assert [own.tolist() for own in heaviest(np.array([[0.1, 0.7, 0.2], [0, 0.5, 0.5]]), 3)] == [
        [1, 2, 0],
        [1, 2],
    ]


def table_of(*rows):
    return pd.DataFrame(rows, columns=["k", "stability", "se"])


def test_the_recommended_number_is_the_largest_within_one_standard_error_of_the_best():
    assert recommended_k(table_of((4, 0.80, 0.02), (8, 0.79, 0.05), (12, 0.77, 0.01))) == 8
    assert recommended_k(table_of((4, 0.70, 0.02), (8, 0.79, 0.05), (12, 0.741, 0.01))) == 12
    assert recommended_k(table_of((4, 0.52, 0.05), (8, 0.48, 0.05))) == 4, "0.48 is near, but not stable"
    assert recommended_k(table_of((4, 0.49, 0.05), (8, 0.48, 0.05))) is None


def test_without_a_number_topics_takes_the_stable_one_or_says_that_there_is_none(monkeypatch):
    monkeypatch.setattr("analysis.topic_models.fitting.stability", partial(stability, ks=(2, 4), **FEW))
    assert topics(planted(4)).k == 4
    with pytest.raises(
        ValueError, match=r"the best of 2, 4 is \d with a mean overlap of 0\.\d\d, under 0.5.*keyness"
    ):
        topics(planted(4, own=40, random=True))


def test_documents_without_terms_change_nothing():
    counts = planted(3, documents=12, per=3, tokens=30)
    empty = counts.rows.iloc[[0, 0, 0, 0]].assign(doc_id=["d0005", "d0065", "d200", "d201"], n_tokens=0)
    rows = pd.concat([counts.rows, empty], ignore_index=True)
    more = Counts(
        csr_matrix(np.vstack([counts.values.toarray(), np.zeros((4, 45), int)])), rows, counts.terms
    )
    one, two = stability(counts, (3,), **FEW), stability(more, (3,), **FEW)
    pd.testing.assert_frame_equal(one, two)
    assert one.attrs == two.attrs and one.attrs["documents"] == 12


def test_wrong_words_are_answered():
    counts = planted(3, documents=12, per=3, tokens=30)
    for ask in (stability, partial(topics, k=3)):
        with pytest.raises(ValueError, match="The counts have no term, perhaps all trimmed away"):
            ask(counts.select([]))
    with pytest.raises(ValueError, match="no number of topics; give some"):
        stability(counts, ())
    with pytest.raises(ValueError, match="jobs=0 is no number of processes"):
        stability(counts, (3,), jobs=0)
    with pytest.raises(ValueError, match="two resamples at least; there are seeds=10, resamples=1"):
        stability(counts, (3,), resamples=1)
    with pytest.raises(
        ValueError, match="20 topics need more than 20 passages and terms; there are 18 and 45"
    ):
        stability(counts, (20,))
    with pytest.raises(ValueError, match="36 passages and 45 terms, and 4 topics need 80 and 40"):
        stability(counts)
    with pytest.raises(ValueError, match="halves of the documents; there are 3, and it needs 4"):
        stability(counts.where(counts.rows["doc_id"] < "d003"), (2,))
    with pytest.raises(ValueError, match="choose nmf, kmeans, lda"):
        stability(counts, (3,), method="bert")
    with pytest.raises(ValueError, match="it has no se"):
        recommended_k(pd.DataFrame({"k": [3], "stability": [0.8]}))
    with pytest.raises(ValueError, match="before tfidf"):
        stability(made(np.eye(6) + 1).tfidf(), (2,))
