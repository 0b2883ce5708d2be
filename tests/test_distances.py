"""Distances against scipy and scikit-learn, cases by hand, and laws."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.metrics.pairwise import cosine_similarity
from small_counts import drawn, made

from analysis import distance_matrix, jsd_terms, positions, similarity
from analysis.distances.metrics import deltas

METRICS = ["cosine", "jsd", "delta"]
BY_HAND = [[3, 1, 0, 0], [1, 3, 0, 0], [3, 2, 0, 1], [0, 0, 1, 4]]
TERMS = ["的", "招商", "引资", "项目"]


@pytest.fixture
def counts():
    return made(BY_HAND, TERMS, city=["东市", "西市", "南市", "北市"])


def values(frame):
    return frame.set_index(["a", "b"])["value"]


@st.composite
def tables(draw):
    """Counts of groups × terms, each group with a word."""
    groups, terms = draw(st.integers(2, 3)), draw(st.integers(1, 12))
    cells = st.lists(st.integers(0, 9), min_size=terms, max_size=terms).filter(any)
    return draw(st.lists(cells, min_size=groups, max_size=groups))


@settings(max_examples=30, deadline=None)
@given(tables())
def test_jsd_is_scipys_squared_and_its_contributions_sum_to_it(table):
    counts = made(table, city=[f"城{at}" for at in range(len(table))])
    rows = dict(zip(counts.rows["city"], table, strict=True))
    for (a, b), value in values(similarity(counts, "city", metric="jsd")).items():
        assert value == pytest.approx(jensenshannon(rows[a], rows[b], base=2) ** 2, abs=1e-12)
        parts = jsd_terms(counts, "city", a, b)
        assert parts["contribution"].sum() == pytest.approx(value, abs=1e-12)
        assert (parts["contribution"] >= 0).all()
        assert parts[["share_a", "share_b"]].sum().tolist() == pytest.approx([1, 1])


def test_jsd_by_hand():
    # Shares (3/4, 1/4) and (1/4, 3/4): 1 - H(1/4) with H the entropy in bits.
    counts = made([[3, 1], [1, 3]], city=["东市", "西市"])
    entropy = -(0.25 * np.log2(0.25) + 0.75 * np.log2(0.75))
    assert values(similarity(counts, "city", metric="jsd")).iloc[0] == pytest.approx(1 - entropy)
    # Both words weigh the same, and none is listed that neither uses.
    parts = jsd_terms(made([[3, 1, 0], [1, 3, 0]], city=["东市", "西市"]), "city", "东市", "西市")
    assert parts["contribution"].tolist() == pytest.approx([(1 - entropy) / 2] * 2)
    assert parts["term"].tolist() == ["词0", "词1"]


def test_jsd_terms_have_rates_of_every_token():
    """Shares are of the terms that are left, rates of all tokens: 6 of 300, pooled over a group's documents."""
    texts = made(
        [[4, 1, 5], [2, 3, 0], [1, 9, 0]], city=["东市", "东市", "西市"], n_tokens=[100, 200, 400]
    ).select(["词1", "词0"])
    parts = jsd_terms(texts, "city", "东市", "西市").set_index("term")
    assert parts.loc["词0", ["share_a", "share_b"]].tolist() == pytest.approx([6 / 10, 1 / 10])
    assert parts.loc["词0", ["rate_a", "rate_b"]].tolist() == pytest.approx([6 / 300 * 10_000, 25])
    assert parts.loc["词1", ["rate_a", "rate_b"]].tolist() == pytest.approx([4 / 300 * 10_000, 225])


def test_jsd_of_nothing_in_common_is_one():
    apart = made([[2, 0], [0, 5]], city=["东市", "西市"])
    assert values(similarity(apart, "city", metric="jsd")).iloc[0] == 1


def test_cosine_is_scikit_learns_of_mean_tfidf():
    counts = drawn(30, 40, cities=6)
    weights = TfidfTransformer().fit_transform(counts.values).toarray()
    means = pd.DataFrame(weights).groupby(counts.rows["city"]).mean()
    expected = pd.DataFrame(cosine_similarity(means), index=means.index, columns=means.index)
    for (a, b), value in values(similarity(counts, "city")).items():
        assert value == pytest.approx(expected.loc[a, b])
    pd.testing.assert_frame_equal(distance_matrix(counts, "city"), 1 - expected, check_names=False)


def delta_as_written(rates, groups, a, b, words):
    """Burrows' Delta as Argamon (2008) writes it: the mean over words of |z(a) - z(b)|, in plain loops."""
    names, total = sorted(set(groups)), 0.0
    for word in words:
        of = {}
        for name in names:
            own = [row[word] for row, group in zip(rates, groups, strict=True) if group == name]
            of[name] = sum(own) / len(own)
        mean = sum(of.values()) / len(of)
        deviation = (sum((each - mean) ** 2 for each in of.values()) / len(of)) ** 0.5
        total += abs((of[a] - mean) / deviation - (of[b] - mean) / deviation)
    return total / len(words)


def test_delta_as_burrows_wrote_it():
    terms = ["的", *(f"词{at}" for at in range(179))]
    counts = drawn(24, 180, cities=5, seed=6)
    counts = made(counts.values.toarray(), terms, **counts.rows.drop(columns="doc_id"))
    tokens = counts.rows["n_tokens"].tolist()
    rates = [[10_000 * n / of for n in row] for row, of in zip(counts.values.toarray(), tokens, strict=True)]
    words = sorted(range(180), key=lambda at: -counts.totals()[at])[:150]
    assert counts.totals()[words[-1]] > sorted(counts.totals())[29], "the 150th must not be a tie"
    for (a, b), value in values(similarity(counts, "city", metric="delta")).items():
        assert value == pytest.approx(delta_as_written(rates, counts.rows["city"], a, b, words))


def test_delta_of_three_groups_by_hand():
    # One word, rates 0, 1, 2: deviation √(2/3), so neighbours differ by √(3/2).
    assert deltas(np.array([[0.0], [1], [2]]))[0] == pytest.approx([0, 1.5**0.5, 2 * 1.5**0.5])
    assert deltas(np.array([[0.0, 7], [1, 7], [2, 7]]))[0, 1] == pytest.approx(1.5**0.5 / 2), (
        "no spread adds 0"
    )


def test_delta_without_stop_words_is_said():
    with pytest.warns(UserWarning, match="no stop word"):
        similarity(made(BY_HAND, city=list("甲乙丙丁")), "city", metric="delta")


@pytest.mark.parametrize("metric", METRICS)
def test_a_distance_matrix_is_one(counts, metric):
    distances = distance_matrix(counts, "city", metric=metric)
    assert (np.diag(distances) == 0).all() and np.allclose(distances, distances.T)
    assert (distances >= 0).all(axis=None) and list(distances.index) == sorted(counts.rows["city"])


@pytest.mark.parametrize("metric", METRICS)
def test_neither_order_nor_names_nor_empty_rows_change_a_distance(metric):
    counts = drawn(20, 12, cities=5, seed=2)
    counts = made(counts.values.toarray(), ["的", *counts.terms[1:]], **counts.rows.drop(columns="doc_id"))
    whole = distance_matrix(counts, "city", metric=metric)
    back = counts.where(np.ones(20, dtype=bool))
    back = type(counts)(counts.values[::-1], counts.rows.iloc[::-1].reset_index(drop=True), counts.terms)
    pd.testing.assert_frame_equal(distance_matrix(back, "city", metric=metric), whole)
    other = {name: f"镇{len(whole) - at}" for at, name in enumerate(whole.index)}
    renamed = made(
        counts.values.toarray(), counts.terms, **{**counts.rows, "city": counts.rows["city"].map(other)}
    )
    again = distance_matrix(renamed, "city", metric=metric)
    assert np.allclose(again.loc[list(other.values()), list(other.values())], whole)
    rows = pd.concat([counts.rows, counts.rows.iloc[:3].assign(doc_id=["z1", "z2", "z3"], n_tokens=0)])
    more = made(
        np.vstack([counts.values.toarray(), np.zeros((3, 12), dtype=int)]),
        counts.terms,
        **rows.reset_index(drop=True),
    )
    with pytest.warns(UserWarning, match="3 of 23 documents have no words, first 'z1'; they are left aside"):
        pd.testing.assert_frame_equal(distance_matrix(more, "city", metric=metric), whole)


def test_a_group_without_any_of_the_terms_is_left_aside(counts):
    mute = made([*BY_HAND, [0] * 4], TERMS, city=["东市", "西市", "南市", "北市", "中市"], n_tokens=[9] * 5)
    with pytest.warns(UserWarning, match="1 groups of city use none of the 4 terms, first '中市'"):
        assert "中市" not in distance_matrix(mute, "city")


def test_positions_keep_distances_that_fit_a_plane():
    points = np.array([[0, 0], [3, 0], [0, 4], [3, 4]])
    distances = pd.DataFrame(
        np.linalg.norm(points[:, None] - points[None], axis=2), index=list("abcd"), columns=list("abcd")
    )
    placed = positions(distances)
    found = np.linalg.norm(placed.to_numpy()[:, None] - placed.to_numpy()[None], axis=2)
    assert np.allclose(found, distances)
    assert placed.attrs["kept"] == pytest.approx(1)


def test_groups_that_are_the_same_lie_on_one_point():
    same = distance_matrix(made([[1, 1]] * 3, city=["东市", "西市", "南市"]), "city")
    assert positions(same).attrs["kept"] == 1 and np.allclose(positions(same), 0)


def test_wrong_words_are_answered(counts):
    with pytest.raises(ValueError, match="metric='euclid' is unknown; choose cosine, jsd, delta"):
        distance_matrix(counts, "city", metric="euclid")
    with pytest.raises(ValueError, match="'西' is no city of these counts; there are 4, nearest 西市"):
        jsd_terms(counts, "city", "西", "东市")
    with pytest.raises(ValueError, match="'东市' was named twice"):
        jsd_terms(counts, "city", "东市", "东市")
    with pytest.raises(ValueError, match="at least 2 groups of city; there is 1"):
        distance_matrix(counts.where([True, False, False, False]), "city")
    with pytest.raises(ValueError, match="perhaps all trimmed away: lower min_docs"):
        distance_matrix(counts.trim(min_docs=9), "city")
    with pytest.raises(ValueError, match="no column 'town'"):
        distance_matrix(counts, "town")
    with pytest.raises(ValueError, match="1 of 4 rows have no city, first 'd001'"):
        distance_matrix(made(BY_HAND, TERMS, city=["东市", None, "南市", "北市"]), "city")
    with pytest.raises(ValueError, match="give it counts, not weights"):
        distance_matrix(counts.tfidf(), "city")
    with pytest.raises(ValueError, match="two differ by 2 in every word"):
        distance_matrix(counts.where([True, True, False, False]), "city", metric="delta")
    with pytest.raises(ValueError, match="distances of at least 2 groups"):
        positions(pd.DataFrame([[0.0]]))
