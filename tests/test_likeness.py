"""Pairs of groups and their test, against scipy's own permutations, and laws."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import jensenshannon
from scipy.stats import false_discovery_control, permutation_test
from sklearn.metrics.pairwise import cosine_similarity
from small_counts import made

from analysis import Counts, similarity, similarity_change
from analysis.distances.likeness import VERDICTS

METRICS = ["cosine", "jsd", "delta"]
TERMS = ["的", *(f"词{at}" for at in range(29))]
MEAN = np.linspace(1, 9, 30)


def corpus(sizes, *, years=None, tilted=(), seed=0) -> Counts:
    """Documents of cities 城0, 城1, ...: `sizes` each, one a year unless `years` are given; tilted cities differ."""
    rng = np.random.default_rng(seed)
    city = [f"城{at}" for at, n in enumerate(sizes) for _ in range(n)]
    year = [2010 + at for n in sizes for at in range(n)] if years is None else years
    mean = [MEAN[::-1] if name in tilted else MEAN for name in city]
    return made(rng.poisson(mean), TERMS, city=city, year=year)


def only(counts, a, b, **given):
    return similarity(counts, "city", pairs=[(a, b)], **given).iloc[0]


def scipys_p(counts, a, b, metric, kind):
    """p by scipy, over all permutations; documents are handed to it as numbers."""
    values = counts.values.toarray() if metric == "jsd" else counts.tfidf().values.toarray()
    places = [np.flatnonzero(counts.rows["city"] == name).astype(float) for name in (a, b)]

    def difference(one, other, axis=-1):
        first, second = (values[np.asarray(side, dtype=int)].sum(axis=0) for side in (one, other))
        if metric == "jsd":
            return jensenshannon(first, second)
        return 1 - cosine_similarity(first[None], second[None])[0, 0]

    return permutation_test(
        places, difference, permutation_type=kind, vectorized=False, n_resamples=np.inf, alternative="greater"
    ).pvalue


@pytest.mark.parametrize("metric", ["cosine", "jsd"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_p_is_scipys_where_all_is_one_year(metric, seed):
    counts = corpus([4, 5], years=[2020] * 9, seed=seed)
    found = only(counts, "城0", "城1", metric=metric)
    assert found["p"] == pytest.approx(scipys_p(counts, "城0", "城1", metric, "independent"))
    assert found["p_least"] == pytest.approx(1 / 126)


@pytest.mark.parametrize("metric", ["cosine", "jsd"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_p_is_scipys_where_each_year_has_one_of_both(metric, seed):
    counts = corpus([6, 6], seed=seed)
    found = only(counts, "城0", "城1", metric=metric)
    assert found["p"] == pytest.approx(scipys_p(counts, "城0", "城1", metric, "samples"))
    assert found["p_least"] == pytest.approx(2 / 64), "all labels swapped is the same difference"
    assert found["years_in_common"] == 6


@pytest.mark.parametrize("metric", METRICS)
def test_the_statistic_is_the_value(metric):
    """Where the labels of many documents are drawn at random, p says how the value lies among those of relabelled counts."""
    counts = corpus([3, 4, 3], years=[2020] * 10)
    found = only(counts, "城0", "城1", metric=metric)
    seen, beyond, sign = found["value"], 0, -1 if metric == "cosine" else 1
    for chosen in combinations(range(7), 3):
        city = ["城0" if at in chosen else "城1" for at in range(7)] + ["城2"] * 3
        other = made(counts.values.toarray(), TERMS, city=city, year=[2020] * 10)
        value = similarity(other, "city", metric=metric).iloc[0]["value"]
        beyond += sign * value >= sign * seen - 1e-12
    assert found["p"] == pytest.approx(beyond / 35)


def test_words_used_alike_each_count():
    # Rare words are many, and many of them are used alike; p must know how many each stands for.
    rng = np.random.default_rng(8)
    values = rng.poisson(2, (9, 6))
    rare = np.repeat(np.eye(9, dtype=int), rng.integers(0, 9, 9), axis=1)
    counts = made(np.hstack([values, values[:, :3], rare]), city=["城0"] * 4 + ["城1"] * 5, year=2020)
    found = only(counts, "城0", "城1", metric="jsd")["p"]
    assert found == pytest.approx(scipys_p(counts, "城0", "城1", "jsd", "independent"))


@pytest.mark.parametrize("metric", METRICS)
def test_a_difference_is_found_and_a_placebo_is_not(metric):
    counts = corpus([8, 8, 8], tilted=["城2"])
    pairs = [("城0", "城1"), ("城0", "城2")]
    frame = similarity(counts, "city", metric=metric, pairs=pairs)
    assert frame["verdict"].tolist() == [VERDICTS[1], VERDICTS[0]]
    assert frame["p"].iloc[1] == frame["p_least"].iloc[1] == pytest.approx(2 / 2**8)
    assert frame["p"].iloc[0] > 0.05


@pytest.mark.parametrize("metric", METRICS)
def test_the_test_holds_its_level(metric):
    """No city differs, documents lie unevenly over years that both or one have: 5 % and no more are told apart."""
    sizes, rng, p = [7] * 24, np.random.default_rng(5), []
    years = np.concatenate([rng.choice(np.arange(2010, 2019), 7, replace=False) for _ in sizes])
    shift = np.linspace(0.5, 2, 9)[years - 2010, None]  # years differ much
    mean = MEAN * np.where(np.arange(30) < 10, shift, 1)
    counts = made(
        rng.poisson(mean), TERMS, city=[f"城{at:02}" for at in range(24) for _ in range(7)], year=years
    )
    pairs = [(f"城{at:02}", f"城{at + 12:02}") for at in range(12)]
    pairs += [(f"城{at:02}", f"城{at + 1:02}") for at in range(0, 24, 2)]
    frame = similarity(counts, "city", metric=metric, pairs=pairs)
    p = frame["p"]
    assert (p <= 0.05).mean() <= 0.21  # 5 of 24 or fewer but for one time in 1,000


def test_monte_carlo_is_near_the_whole():
    counts = corpus([10, 10], seed=3)
    whole = only(counts, "城0", "城1", permutations=1024)["p"]
    drawn = only(counts, "城0", "城1", permutations=999)
    assert drawn["p"] == pytest.approx(whole, abs=4 * np.sqrt(whole * (1 - whole) / 999))
    assert drawn["p"] * 1000 == pytest.approx(round(drawn["p"] * 1000)), "(b+1)/(m+1)"
    assert only(counts, "城0", "城1", permutations=999)["p"] == drawn["p"]


def test_labels_stay_in_their_years():
    # Each city has its own years: nothing can be shuffled, so nothing can be told.
    counts = corpus([3, 3], years=[2010, 2011, 2012, 2013, 2014, 2015], tilted=["城1"])
    found = only(counts, "城0", "城1")
    assert (found["p"], found["p_least"], found["verdict"]) == (1, 1, "cannot be tested")
    assert np.isnan(found["q"]) and found["years_in_common"] == 0
    assert only(counts, "城0", "城1", within=None)["p"] == pytest.approx(2 / 20)


def test_documents_without_a_year_are_compared_with_each_other():
    counts = corpus([4, 5], years=[pd.NA] * 9)
    assert only(counts, "城0", "城1")["p_least"] == pytest.approx(1 / 126)
    assert only(counts, "城0", "城1")["years_in_common"] == 0
    bare = Counts(counts.values, counts.rows.drop(columns="year"), counts.terms)
    assert pd.isna(only(bare, "城0", "城1")["years_in_common"])


def test_regions_are_shuffled_by_city():
    counts = corpus([4] * 8)
    rows = counts.rows.assign(region=np.where(counts.rows["city"] < "城3", "东", "西"))
    frame = similarity(Counts(counts.values, rows, counts.terms), "region", pairs=[("东", "西")])
    assert frame["p_least"].iloc[0] == pytest.approx(1 / 56)  # 3 of 8 cities
    assert (frame.attrs["unit"], frame.attrs["within"]) == ("city", None)
    assert frame["docs_a"].iloc[0] == 12


def test_years_may_be_the_groups():
    counts = corpus([5] * 6)
    frame = similarity(counts, "year", pairs=[(2010, 2011)])
    assert frame["p_least"].iloc[0] == pytest.approx(2 / 924) and frame.attrs["within"] is None


@pytest.mark.parametrize("metric", METRICS)
def test_the_nearest_are_the_most_alike_of_all_pairs(metric):
    counts = corpus([6] * 7, tilted=["城5", "城6"])
    near = similarity(counts, "city", metric=metric, pairs="nearest", nearest=2)
    assert near.groupby("a")["rank"].apply(list).tolist() == [[1, 2]] * 7
    both = similarity(counts, "city", metric=metric)
    both = pd.concat([both, both.rename(columns={"a": "b", "b": "a"})])
    best = both.sort_values("value", ascending=metric != "cosine").groupby("a").head(2)
    assert set(zip(near["a"], near["b"], strict=True)) == set(zip(best["a"], best["b"], strict=True))
    assert near.loc[near["a"] == "城5", "b"].iloc[0] == "城6"
    listed = near[["a", "b", "value"]].merge(both, on=["a", "b"])
    assert len(listed) == 14 and (listed["value_x"] == listed["value_y"]).all()


def test_q_is_over_the_different_pairs_that_can_be_tested():
    counts = corpus([8, 8, 8, 2], tilted=["城2"])
    pairs = [("城0", "城1"), ("城1", "城0"), ("城0", "城2"), ("城1", "城2"), ("城0", "城3")]
    frame = similarity(counts, "city", pairs=pairs)
    assert frame["verdict"].iloc[4] == "cannot be tested" and np.isnan(frame["q"].iloc[4])
    expected = false_discovery_control(frame["p"].iloc[[0, 2, 3]])
    assert frame["q"].iloc[[0, 2, 3]].tolist() == pytest.approx(list(expected))
    assert frame["q"].iloc[0] == frame["q"].iloc[1] and frame["p"].iloc[0] == frame["p"].iloc[1]
    assert frame.attrs["tested"] == 3


@pytest.mark.parametrize("metric", METRICS)
def test_neither_order_nor_names_change_a_test(metric):
    counts = corpus([6, 9, 8], years=[2020] * 23, seed=6)  # too many labellings: drawn at random
    whole = similarity(counts, "city", metric=metric, pairs="nearest", nearest=1)
    rows = counts.rows.iloc[::-1].reset_index(drop=True)
    back = similarity(
        Counts(counts.values[::-1], rows, counts.terms), "city", metric=metric, pairs="nearest", nearest=1
    )
    pd.testing.assert_frame_equal(whole, back)
    new = {"城0": "镇2", "城1": "镇1", "城2": "镇0"}
    renamed = Counts(counts.values, counts.rows.assign(city=counts.rows["city"].map(new)), counts.terms)
    other = similarity(renamed, "city", metric=metric, pairs="nearest", nearest=1).set_index("a")
    for row in whole.itertuples():
        there = other.loc[new[row.a]]
        assert there["b"] == new[row.b] and there["p"] == row.p
        assert there["value"] == pytest.approx(row.value)


def test_what_a_change_of_the_texts_changes():
    before = similarity(corpus([3] * 4), "city")
    after = before.assign(value=[*before["value"][:-1], before["value"].iloc[-1] - 0.5]).iloc[1:]
    change = similarity_change(before, after)
    assert change.attrs["lost"] == 1 and len(change) == 5
    assert change.iloc[0][["a", "b"]].tolist() == ["城2", "城3"]
    assert change["change"].iloc[0] == pytest.approx(-0.5)
    assert change["rank_after"].iloc[0] == 5 and sorted(change["rank"]) == [1, 2, 3, 4, 5]


def test_wrong_words_are_answered():
    counts = corpus([3, 3, 3])
    for pairs, message in {
        (("城0", "城0"),): "one group with itself",
        (("城0", "城9"),): "'城9' is no city of these counts; there are 3, nearest 城",
        (("城0",),): "is no pair; give two names of city",
        "closest": "pairs='closest' is unknown",
    }.items():
        with pytest.raises(ValueError, match=message):
            similarity(counts, "city", pairs=pairs)
    with pytest.raises(ValueError, match="permutations=9 can't give p <= 0.05"):
        similarity(counts, "city", pairs="nearest", permutations=9)
    with pytest.raises(ValueError, match="nearest=0 asks for no neighbour"):
        similarity(counts, "city", pairs="nearest", nearest=0)
    with pytest.raises(ValueError, match="takes two frames of similarity"):
        similarity_change(pd.DataFrame({"a": []}), similarity(counts, "city"))
    assert len(similarity(counts, "city", pairs=[])) == 0


def test_a_column_within_that_is_not_there_is_named():
    counts = corpus([4, 4])
    with pytest.raises(ValueError, match="within='yaer' is no column of these counts; name one"):
        similarity(counts, "city", within="yaer")
    bare = Counts(counts.values, counts.rows.drop(columns="year"), counts.terms)
    assert similarity(bare, "city", within="year").attrs["within"] is None, "years may be missing"
