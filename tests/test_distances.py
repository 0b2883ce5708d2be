"""Distances against scipy, hand-computed cases and laws."""

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import jensenshannon

from analysis import cluster_cities, count, distance_matrix, jsd_terms, positions, similarity

CITIES = {"东市": "甲甲甲乙丙", "西市": "甲乙乙乙丁", "南市": "甲甲甲乙乙", "北市": "丙丁丁丁丁"}


def frame_of(texts, city, year=2020):
    return pd.DataFrame(
        {
            "doc_id": [f"d{i:03}" for i in range(len(texts))],
            "city": city,
            "year": year,
            "tokens": [list(t) for t in texts],
        }
    )


@pytest.fixture
def counts():
    return count(frame_of(CITIES.values(), list(CITIES)))


def values(frame):
    return frame.set_index(["a", "b"])["value"]


def test_jsd_is_scipys_squared(counts):
    names = sorted(CITIES)
    shares = counts.frame().set_axis(counts.rows["city"], axis=0)
    for (a, b), value in values(similarity(counts, "city", metric="jsd")).items():
        assert value == pytest.approx(jensenshannon(shares.loc[a], shares.loc[b], base=2) ** 2)
    assert len(similarity(counts, "city", metric="jsd")) == len(names) * (len(names) - 1) / 2


def test_jsd_by_hand():
    # Shares (3/4, 1/4) and (1/4, 3/4): 1 - H(1/4) with H the entropy in bits.
    counts = count(frame_of(["甲甲甲乙", "甲乙乙乙"], ["东市", "西市"]))
    entropy = -(0.25 * np.log2(0.25) + 0.75 * np.log2(0.75))
    assert values(similarity(counts, "city", metric="jsd")).iloc[0] == pytest.approx(1 - entropy)


def test_contributions_sum_to_the_divergence(counts):
    whole = values(similarity(counts, "city", metric="jsd"))
    for a, b in whole.index:
        parts = jsd_terms(counts, "city", a, b)
        assert parts["contribution"].sum() == pytest.approx(whole[a, b])
        assert (parts["contribution"] >= 0).all()


def test_cosine_is_of_mean_tfidf(counts):
    weights = counts.tfidf().values.toarray()
    unit = weights / np.linalg.norm(weights, axis=1, keepdims=True)
    expected = pd.DataFrame(unit @ unit.T, index=counts.rows["city"], columns=counts.rows["city"])
    for (a, b), value in values(similarity(counts, "city")).items():
        assert value == pytest.approx(expected.loc[a, b])


def test_delta_by_hand(counts):
    rates = counts.rates().frame().to_numpy()
    scores = (rates - rates.mean(0)) / rates.std(0)
    cities = list(counts.rows["city"])
    for (a, b), value in values(similarity(counts, "city", metric="delta")).items():
        assert value == pytest.approx(np.abs(scores[cities.index(a)] - scores[cities.index(b)]).mean())


@pytest.mark.parametrize("metric", ["cosine", "jsd", "delta"])
def test_permutation_finds_a_difference_and_not_a_placebo(metric):
    rng = np.random.default_rng(3)
    texts = [
        "".join(rng.choice(list("甲乙丙丁"), 60, p=p))
        for p in [(0.25,) * 4] * 16 + [(0.1, 0.2, 0.3, 0.4)] * 8
    ]
    years = [2015 + i % 8 for i in range(24)]
    counts = count(frame_of(texts, ["东市"] * 8 + ["西市"] * 8 + ["北市"] * 8, years))
    pairs = [("东市", "西市"), ("东市", "北市")]
    p = similarity(counts, "city", metric=metric, pairs=pairs, permutations=199).set_index("b")["p"]
    assert p["北市"] < 0.05 < p["西市"]
    again = similarity(counts, "city", metric=metric, pairs=pairs, permutations=199).set_index("b")["p"]
    assert p.equals(again)


def test_labels_are_shuffled_within_year_only():
    # Each city has its own years: nothing can be shuffled, so nothing can be told.
    counts = count(
        frame_of(["甲甲", "甲甲", "乙乙", "乙乙"], ["东市", "东市", "西市", "西市"], [2010, 2011, 2012, 2013])
    )
    assert (
        similarity(counts, "city", metric="jsd", pairs=[("东市", "西市")], permutations=99)["p"].iloc[0] == 1
    )


def test_distance_matrix_and_tree(counts):
    distances = distance_matrix(counts, "city", metric="jsd")
    assert (np.diag(distances) == 0).all() and np.allclose(distances, distances.T)
    tree = cluster_cities(counts, metric="jsd", clusters=2)
    assert tree.labels["东市"] == tree.labels["南市"] != tree.labels["北市"]
    assert 0 < tree.cophenetic <= 1
    assert sorted(tree.leaves) == tree.names


def test_positions_keep_distances_that_fit_a_plane():
    points = np.array([[0, 0], [3, 0], [0, 4], [3, 4]])
    distances = pd.DataFrame(
        np.linalg.norm(points[:, None] - points[None], axis=2), index=list("abcd"), columns=list("abcd")
    )
    placed = positions(distances)
    found = np.linalg.norm(placed.to_numpy()[:, None] - placed.to_numpy()[None], axis=2)
    assert np.allclose(found, distances)
    assert placed.attrs["kept"] == pytest.approx(1)


def test_order_of_documents_changes_nothing(counts):
    there = similarity(counts, "city")
    back = similarity(count(frame_of(CITIES.values(), list(CITIES)).iloc[::-1]), "city")
    pd.testing.assert_frame_equal(there, back)


def test_a_tree_of_given_distances(counts):
    given = distance_matrix(counts, "city")
    assert (cluster_cities(given).linkage == cluster_cities(counts).linkage).all()


def test_groups_that_are_the_same_lie_on_one_point():
    same = distance_matrix(count(frame_of(["甲乙"] * 3, ["东市", "西市", "南市"])), "city")
    assert positions(same).attrs["kept"] == 1 and np.allclose(positions(same), 0)


def test_wrong_words_are_answered(counts):
    with pytest.raises(ValueError, match="one group with itself"):
        similarity(counts, "city", pairs=[("东市", "东市")])
    with pytest.raises(ValueError, match="metric='euclid' is unknown; choose cosine, jsd, delta"):
        similarity(counts, "city", metric="euclid")
    with pytest.raises(ValueError, match="'中市' is no city"):
        similarity(counts, "city", pairs=[("东市", "中市")])
    with pytest.raises(ValueError, match="at least 3 groups"):
        cluster_cities(count(frame_of(["甲", "乙"], ["东市", "西市"])))
