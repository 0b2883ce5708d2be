"""Clusters against scipy and scikit-learn, planted groups, and laws."""

import numpy as np
import pandas as pd
import pytest
from scipy.cluster.hierarchy import average, cophenet, fcluster, is_valid_linkage
from scipy.spatial.distance import squareform
from sklearn.metrics import adjusted_rand_score, silhouette_samples
from small_counts import drawn, made

from analysis import Counts, cluster_cities, distance_matrix, silhouettes
from analysis.distances.trees import nodes, tree_of

METRICS = ["cosine", "jsd", "delta"]
TERMS = ["的", *(f"词{at}" for at in range(39))]


def planted(mixtures=3, *, cities=4, documents=6, seed=0):
    """Cities of so many kinds, each kind with shares of words of its own; documents vary about them."""
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.ones(40), mixtures)
    kind = np.repeat(np.arange(mixtures), cities * documents)
    city = [f"城{at:02}" for at in np.repeat(np.arange(mixtures * cities), documents)]
    values = np.array([rng.multinomial(400, shares[own]) for own in kind])
    return made(values, TERMS, city=city, year=2020), pd.Series(kind, city).groupby(level=0).first()


def branches(found) -> dict[frozenset, float]:
    """The sets of names under each merge, with their support."""
    sets = [frozenset([name]) for name in found.names]
    for left, right in found.linkage[:, :2].astype(int):
        sets.append(sets[left] | sets[right])
    return dict(zip(sets[len(found.names) :], found.support, strict=True))


def shuffled(counts, seed):
    order = np.random.default_rng(seed).permutation(len(counts.rows))
    return Counts(counts.values[order], counts.rows.iloc[order].reset_index(drop=True), counts.terms)


def renamed(counts, seed):
    names = sorted(set(counts.rows["city"]))
    new = dict(zip(names, np.random.default_rng(seed).permutation([f"镇{n}" for n in names]), strict=True))
    return Counts(counts.values, counts.rows.assign(city=counts.rows["city"].map(new)), counts.terms), new


@pytest.mark.parametrize("metric", METRICS)
def test_a_tree_is_scipys_and_its_silhouettes_scikit_learns(metric):
    counts = drawn(40, 30, cities=9, seed=1)
    counts = made(counts.values.toarray(), TERMS[:30], **counts.rows.drop(columns="doc_id"))
    found = cluster_cities(counts, metric=metric, clusters=3)
    distances = distance_matrix(counts, "city", metric=metric)
    condensed = squareform(distances.to_numpy(), checks=False)
    theirs = average(condensed)
    assert is_valid_linkage(found.linkage) and np.allclose(found.linkage[:, 2], theirs[:, 2])
    assert set(nodes(found.linkage)) == set(nodes(theirs))
    assert found.cophenetic == pytest.approx(cophenet(theirs, condensed)[0])
    assert adjusted_rand_score(fcluster(theirs, 3, "maxclust"), found.labels) == 1
    expected = silhouette_samples(distances, found.labels, metric="precomputed")
    assert found.silhouette.tolist() == pytest.approx(list(expected))
    assert list(found.silhouette.index) == list(found.labels.index) == found.names == sorted(found.leaves)
    assert found.support is None and found.together is None and found.draws == 0


@pytest.mark.parametrize("metric", METRICS)
def test_planted_groups_are_found_and_sure(metric):
    counts, kind = planted()
    found = cluster_cities(counts, metric=metric, clusters=3, draws=60)
    assert adjusted_rand_score(kind, found.labels) == 1
    supported = branches(found)
    for own in range(3):
        assert supported[frozenset(kind.index[kind == own])] > 0.95
    same = kind.to_numpy()[:, None] == kind.to_numpy()
    assert found.together.to_numpy()[same].min() > 0.9 and found.together.to_numpy()[~same].max() < 0.1
    assert found.silhouette.min() > 0.3 and found.draws == 60


@pytest.mark.parametrize("metric", METRICS)
def test_labels_at_random_have_no_support(metric):
    counts, _ = planted(1, cities=12)
    found = cluster_cities(counts, metric=metric, clusters=3, draws=60)
    assert found.support[-1] == 1, "the last branch holds all"
    assert np.median(found.support[:-1]) < 0.35 and (found.support[:-1] >= 0.7).sum() <= 1
    assert found.silhouette.mean() < 0.25


def test_inside_a_planted_group_there_is_no_order():
    found = cluster_cities(planted()[0], clusters=3, draws=60)
    inner = [support for names, support in branches(found).items() if len(names) in (2, 3)]
    assert max(inner) < 0.8


def test_the_best_number_of_clusters_is_the_one_planted():
    table = silhouettes(planted(4, cities=3)[0])
    assert table["clusters"].tolist() == list(range(2, 12))
    assert table.loc[table["silhouette"].idxmax(), "clusters"] == 4
    assert table.set_index("clusters").loc[4, ["found", "largest", "alone"]].tolist() == [4, 3, 0]


@pytest.mark.parametrize("metric", METRICS)
def test_neither_order_nor_names_change_tree_or_support(metric):
    counts = drawn(40, 12, cities=9, seed=3)
    counts = made(counts.values.toarray(), TERMS[:12], **counts.rows.drop(columns="doc_id"))
    found = cluster_cities(counts, metric=metric, clusters=4, draws=20)
    for seed in (1, 2):
        again = cluster_cities(shuffled(counts, seed), metric=metric, clusters=4, draws=20)
        assert branches(again) == branches(found) and again.leaves == found.leaves
        assert again.together.equals(found.together) and again.labels.equals(found.labels)
        other, new = renamed(counts, seed)
        there = cluster_cities(other, metric=metric, clusters=4, draws=20)
        back = {frozenset(new[name] for name in names): support for names, support in branches(found).items()}
        assert branches(there) == back and there.leaves == [new[name] for name in found.leaves]
        assert there.labels.loc[[new[name] for name in found.names]].tolist() == found.labels.tolist()


@pytest.mark.parametrize("seed", range(4))
def test_ties_are_broken_by_documents_not_by_names(seed):
    # Corners of a square: a pair has to be joined first, and nothing in the distances says which.
    values = [[3, 3, 0, 0], [0, 3, 3, 0], [0, 0, 3, 3], [3, 0, 0, 3]]
    counts = made(values, city=["东市", "西市", "南市", "北市"])
    found = cluster_cities(counts, metric="jsd", clusters=2, draws=5)
    again = cluster_cities(shuffled(counts, seed), metric="jsd", clusters=2, draws=5)
    assert (again.linkage == found.linkage).all()
    other, new = renamed(counts, seed)
    there = cluster_cities(other, metric="jsd", clusters=2, draws=5)
    assert set(branches(there)) == {frozenset(new[name] for name in names) for names in branches(found)}


def test_equal_distances_do_not_depend_on_rounding():
    distances = np.array([[0, 1, 2, 2], [1, 0, 2, 2], [2, 2, 0, 1], [2, 2, 1, 0]], dtype=float)
    noise = np.random.default_rng(0).normal(0, 1e-15, (4, 4))
    assert (tree_of(distances + noise + noise.T, np.arange(4)) == tree_of(distances, np.arange(4))).all()


def test_a_city_with_one_document_stays_as_it_is():
    counts = made([[9, 1, 0], [1, 9, 0], [0, 1, 9]], city=["东市", "西市", "南市"])
    assert cluster_cities(counts, clusters=2, draws=30).support.tolist() == [1, 1]


def test_documents_are_drawn_within_their_cities():
    # Any document of a city is the same, so that any draw is the same tree.
    counts = made(
        [[9, 1, 0]] * 3 + [[1, 9, 0]] * 2 + [[0, 1, 9]] * 4, city=["东市"] * 3 + ["西市"] * 2 + ["南市"] * 4
    )
    found = cluster_cities(counts, clusters=2, draws=30)
    assert found.support.tolist() == [1, 1] and set(found.together.to_numpy().ravel()) == {0, 1}


def test_a_tree_of_given_distances():
    counts = drawn(40, 30, cities=9, seed=1)
    given = cluster_cities(distance_matrix(counts, "city"), clusters=3)
    assert np.allclose(given.linkage, cluster_cities(counts, clusters=3).linkage)
    assert silhouettes(distance_matrix(counts, "city")).equals(silhouettes(counts))


def test_groups_that_are_all_the_same():
    found = cluster_cities(made([[1, 1]] * 3, city=["东市", "西市", "南市"]), clusters=2)
    assert np.isnan(found.cophenetic) and found.silhouette.isna().all()


def test_wrong_words_are_answered():
    counts = drawn(20, 10, cities=4)
    with pytest.raises(ValueError, match="4 groups can't be cut into 8 clusters; give from 1 to 4"):
        cluster_cities(counts)
    with pytest.raises(ValueError, match="Clustering needs at least 3 groups of city; there are 2"):
        cluster_cities(counts.where(counts.rows["city"].isin(["城00", "城01"])), clusters=2)
    distances = distance_matrix(counts, "city")
    with pytest.raises(ValueError, match="draws resample documents: give the counts"):
        cluster_cities(distances, clusters=2, draws=10)
    with pytest.raises(ValueError, match="draws=-1 can't be"):
        cluster_cities(counts, clusters=2, draws=-1)
    with pytest.raises(ValueError, match="must be a square frame"):
        cluster_cities(distances.iloc[:3], clusters=2)
    with pytest.raises(ValueError, match="the same in both directions, and none missing"):
        cluster_cities(distances.mask(distances > 0), clusters=2)
    with pytest.raises(ValueError, match="there are 2"):
        cluster_cities(distances.iloc[:2, :2], clusters=2)
    with pytest.raises(ValueError, match="4 groups can't be cut into 9"):
        silhouettes(counts, ks=[9])
    with pytest.raises(ValueError, match="metric='euclid'"):
        cluster_cities(counts, metric="euclid")


def test_documents_without_words_are_named_once(recwarn):
    counts, _ = planted()
    empty = made(
        np.vstack([counts.values.toarray(), np.zeros((1, len(counts.terms)), int)]),
        city=[*counts.rows["city"], counts.rows["city"][0]],
    )
    cluster_cities(empty, clusters=3, draws=3)
    assert len([each for each in recwarn if "left aside" in str(each.message)]) == 1
