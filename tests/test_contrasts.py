"""Keyness: tests against scipy, statsmodels and limma's port, laws, planted truth and bad input."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from small_counts import drawn, made

from analysis import Counts, keyness, keyness_note, open_corpus, placebo
from analysis.comparing.inference import adjusted, squeeze, trigamma_inverse
from analysis.comparing.permutations import pareto_tail, relabelings
from analysis.comparing.units import UnitValues, layout, unit_of
from analysis.counts import merge
from analysis.keywords.associations import Table, bayes_factor, chi2, g2, log_odds, percent_diff
from analysis.lexicon import read_table

SIDE = np.arange(40) < 14  # the target in drawn(40)


def sided(**options) -> Counts:
    return drawn(side=np.where(SIDE, "甲", "乙"), **options)


def roots(counts: Counts) -> np.ndarray:
    return np.sqrt(counts.values.toarray() / counts.n_tokens()[:, None] * 10_000)


# --- against other implementations ------------------------------------------------------------------------------------


def test_t_is_students_on_root_rates():
    counts = sided()
    frame = keyness(counts, "side", "甲", test="t", within=None, min_units=0).set_index("term")
    theirs = stats.ttest_ind(roots(counts)[SIDE], roots(counts)[~SIDE])
    assert frame.loc[counts.terms, "statistic"].to_numpy() == pytest.approx(theirs.statistic)
    assert frame.loc[counts.terms, "p"].to_numpy() == pytest.approx(theirs.pvalue)
    assert frame.loc[counts.terms, "q"].to_numpy() == pytest.approx(
        stats.false_discovery_control(theirs.pvalue)
    )


def test_welch_is_scipys_on_rates():
    counts = drawn(60, side=np.where(np.arange(60) < 25, "甲", "乙"))
    frame = keyness(counts, "side", "甲", test="welch", within=None, min_units=0).set_index("term")
    mine, rates = np.arange(60) < 25, roots(counts) ** 2
    theirs = stats.ttest_ind(rates[mine], rates[~mine], equal_var=False)
    assert frame.loc[counts.terms, "statistic"].to_numpy() == pytest.approx(theirs.statistic)
    assert frame.loc[counts.terms, "p"].to_numpy() == pytest.approx(theirs.pvalue)


def dummies(counts: Counts) -> np.ndarray:
    return np.column_stack([pd.get_dummies(counts.rows["year"]).to_numpy(float), SIDE])


def test_within_year_is_the_regression_on_years():
    """The t of the group in a regression with a dummy for every year: normal equations, solved here."""
    counts = sided()
    x, y = dummies(counts), roots(counts)
    slopes, squares, *_ = np.linalg.lstsq(x, y)
    error = np.sqrt(squares / (len(x) - x.shape[1]) * np.linalg.inv(x.T @ x)[-1, -1])
    frame = keyness(counts, "side", "甲", test="t", min_units=0).set_index("term").loc[counts.terms]
    assert frame["statistic"].to_numpy() == pytest.approx(slopes[-1] / error)
    assert frame["p"].to_numpy() == pytest.approx(
        2 * stats.t.sf(abs(slopes[-1] / error), len(x) - x.shape[1])
    )


def test_within_year_agrees_with_statsmodels():
    api = pytest.importorskip("statsmodels.api", reason="statsmodels is not installed")
    counts = sided()
    frame = keyness(counts, "side", "甲", test="t", min_units=0).set_index("term").loc[counts.terms]
    for at, values in enumerate(roots(counts).T):
        fit = api.OLS(values, dummies(counts)).fit()
        assert (frame["statistic"].iloc[at], frame["p"].iloc[at]) == pytest.approx(
            (fit.tvalues[-1], fit.pvalues[-1])
        )


def test_the_two_mean_rates_differ_by_the_same_regression():
    """Test and effect speak of the same quantity: the rates' difference is the group's coefficient."""
    counts = sided()
    slopes = np.linalg.lstsq(dummies(counts), roots(counts) ** 2)[0][-1]
    frame = keyness(counts, "side", "甲", test="t", min_units=0).set_index("term").loc[counts.terms]
    assert (frame["rate_target"] - frame["rate_reference"]).to_numpy() == pytest.approx(slopes)


def test_cities_are_regressed_with_the_weight_of_their_reports():
    """Weighted least squares of the cities' mean centred values, weights 1/(0.2 + 0.8/n), by pandas and normal equations."""
    counts = drawn(60, cities=12)
    coast = counts.rows["city"].isin(["城01", "城03", "城04", "城08"])
    counts = Counts(counts.values, counts.rows.assign(coast=np.where(coast, "是", "否")), counts.terms)
    frame = keyness(counts, "coast", "是", test="t", min_units=0).set_index("term").loc[counts.terms]
    data = pd.DataFrame(roots(counts)).assign(z=coast.astype(float))
    data = (data - data.groupby(counts.rows["year"]).transform("mean")).groupby(counts.rows["city"])
    cities, n = data.mean(), data.size()
    root = np.sqrt(1 / (0.2 + 0.8 / n)).to_numpy()[:, None]
    x, y = root * np.column_stack([np.ones(len(n)), cities["z"]]), root * cities.drop(columns="z").to_numpy()
    slopes, squares, *_ = np.linalg.lstsq(x, y)
    error = np.sqrt(squares / (len(n) - 2) * np.linalg.inv(x.T @ x)[-1, -1])
    assert frame["statistic"].to_numpy() == pytest.approx(slopes[-1] / error)
    assert keyness(counts, "coast", "是", min_units=0).attrs["unit"] == "city"


def test_squeezed_variances_are_limmas():
    """Values of limma's squeezeVar, as its port inmoose 0.9.1 gives them for these variances and 5 degrees of freedom."""
    variances = np.array([0.5, 1.2, 0.8, 3.1, 9.4, 0.2, 1.1, 2.4, 0.05, 6.0])
    squeezed, df = squeeze(variances, 5)
    assert df == pytest.approx(5 + 1.7573144030512622)
    theirs = [0.54876759, 1.06672484, 0.77074927, 2.47260881, 7.13422408]
    theirs += [0.32678591, 0.99273095, 1.95465156, 0.21579507, 4.61843172]
    assert squeezed == pytest.approx(theirs)


def test_trigamma_inverse_inverts():
    from scipy.special import polygamma

    for x in (0.01, 0.3, 1.0, 7.5, 400.0):
        assert trigamma_inverse(float(polygamma(1, x))) == pytest.approx(x)


def test_q_is_benjamini_and_hochberg_by_hand():
    assert adjusted(np.array([0.01, 0.04, np.nan, 0.03])).tolist() == pytest.approx(
        [0.03, 0.04, np.nan, 0.04], nan_ok=True
    )
    harmonic = 1 + 1 / 2 + 1 / 3
    assert adjusted(np.array([0.01, 0.04, 0.03]), "by")[0] == pytest.approx(0.03 * harmonic)


def test_exact_permutation_tries_every_relabelling():
    counts = drawn(10, 6, side=list("甲甲甲甲乙乙乙乙乙乙"))
    frame = keyness(counts, "side", "甲", test="permutation", within=None, min_units=0).set_index("term")
    rates = roots(counts) ** 2
    for at, term in enumerate(counts.terms):
        all_of_them = [
            abs(rates[list(s), at].mean() - np.delete(rates[:, at], list(s)).mean())
            for s in combinations(range(10), 4)
        ]
        seen = rates[:4, at].mean() - rates[4:, at].mean()
        assert frame.loc[term, "statistic"] == pytest.approx(seen)
        assert frame.loc[term, "p"] == pytest.approx(np.mean(np.array(all_of_them) >= abs(seen) - 1e-9))


def test_permutation_keeps_labels_within_their_year():
    assert relabelings(np.array([1, 0, 0, 1, 0, 0, 0]) > 0, np.array([0, 0, 0, 1, 1, 1, 1])) == 3 * 4
    counts = drawn(12, 200, years=3, side=["甲", "乙"] * 6)
    frame = keyness(counts, "side", "甲", test="permutation", min_units=0)
    assert frame["q"].isna().all() and "no q" in frame.attrs["note"], "too few relabelings for 200 terms"


def test_monte_carlo_comes_near_the_exact_p():
    from analysis.comparing import permutations

    counts = drawn(24, 8, side=["甲"] * 8 + ["乙"] * 16)
    values = UnitValues(counts.rates().values, layout(counts.rows))
    target = np.arange(24) < 8
    drawn_p = permutations.permutation(values, target).p
    rates = values.dense()
    sets = np.array(list(combinations(range(24), 8)))[::7]
    everything = np.array([rates[s].sum(axis=0) for s in sets]) - rates.sum(axis=0) / 3
    seen = rates[target].sum(axis=0) - rates.sum(axis=0) / 3
    assert drawn_p == pytest.approx((abs(everything) >= abs(seen) - 1e-9).mean(axis=0), abs=0.02)


def test_the_tail_is_the_one_that_was_drawn():
    rng = np.random.default_rng(1)
    excess = -np.sort(-stats.genpareto.rvs(0.2, scale=3, size=(20_000, 2), random_state=rng), axis=0)
    shape, scale = pareto_tail(excess)
    assert shape == pytest.approx([0.2, 0.2], abs=0.03)
    assert scale == pytest.approx([3, 3], abs=0.15)
    bounded = -np.sort(-rng.random((500, 1)), axis=0)
    assert pareto_tail(bounded)[0].tolist() == [0]


# --- published examples -----------------------------------------------------------------------------------------------

# Dunning (1993), Accurate methods for the statistics of surprise and coincidence, Computational Linguistics 19(1), 61-74:
# table of bigrams ranked by −2 log λ: value; k(AB), k(A ~B), k(~A B), k(~A ~B). Checked against the transcription of that
# table in the tests of text2vec.
DUNNING = [
    ("the swiss", 270.72, 110, 2442, 111, 29114),
    ("can be", 263.90, 29, 13, 123, 31612),
    ("previous year", 256.84, 31, 23, 139, 31584),
    ("mineral water", 167.23, 10, 0, 3, 31764),
    ("at the", 157.21, 76, 104, 2476, 29121),
    ("owing to", 115.02, 16, 0, 865, 30896),
    ("the united", 73.35, 16, 2536, 1, 29224),
    ("natel c", 61.61, 3, 0, 0, 31774),
    ("waste paper", 53.98, 4, 1, 18, 31754),
    ("course of", 44.36, 7, 0, 1333, 30437),
    ("current transactions", 36.98, 3, 10, 5, 31759),
]


@pytest.mark.parametrize(("pair", "value", "ab", "a", "b", "rest"), DUNNING)
def test_g2_gives_dunnings_table(pair, value, ab, a, b, rest):
    table = Table(np.array([ab]), np.array([b]), ab + a, b + rest, np.array([0.0]), 0)
    assert g2(table)[0] == pytest.approx(value, abs=0.005), pair
    assert bayes_factor(table)[0] == pytest.approx(value - np.log(ab + a + b + rest), abs=0.005)


def test_plain_measures_against_scipy_and_by_hand():
    table = Table(np.array([30, 5, 0]), np.array([12, 20, 7]), 1000.0, 1600.0, np.array([0.0]), 0)
    for at in range(3):
        cells = [[table.a[at], 1000 - table.a[at]], [table.b[at], 1600 - table.b[at]]]
        assert abs(chi2(table)[at]) == pytest.approx(stats.chi2_contingency(cells, correction=False)[0])
        assert abs(g2(table)[at]) == pytest.approx(
            stats.chi2_contingency(cells, correction=False, lambda_=0)[0]
        )
    assert percent_diff(table) == pytest.approx([100 * (0.03 / 0.0075 - 1), 100 * (0.005 / 0.0125 - 1), -100])


def test_log_odds_by_hand():
    """Monroe, Colaresi & Quinn (2008): δ and its variance written out for one word."""
    table = Table(np.array([30]), np.array([12]), 1000.0, 1600.0, np.array([42 / 2600]), 500.0)
    alpha = 500 * 42 / 2600
    delta = np.log((30 + alpha) / (1000 + 500 - 30 - alpha)) - np.log(
        (12 + alpha) / (1600 + 500 - 12 - alpha)
    )
    assert log_odds(table)[0] == pytest.approx(delta / np.sqrt(1 / (30 + alpha) + 1 / (12 + alpha)))
    assert -log_odds(replace(table, a=table.b, b=table.a, n=1600.0, m=1000.0))[0] == pytest.approx(
        log_odds(table)[0]
    )


def test_the_prior_is_of_all_documents():
    counts = made([[3, 7], [1, 9], [0, 50]], side=["甲", "乙", "丙"])
    z = keyness(counts, "side", "甲", reference="乙", test="log_odds").set_index("term")["statistic"]["词0"]
    table = Table(np.array([3]), np.array([1]), 10.0, 10.0, np.array([4 / 70]), 500.0)
    assert z == pytest.approx(log_odds(table)[0])


# --- units, adjustment, effects ---------------------------------------------------------------------------------------


def test_what_the_unit_is():
    rows = pd.DataFrame(
        {"city": list("aabbc"), "region": list("eeeew"), "year": [1, 2, 1, 2, 1], "adcode": list("11223")}
    )
    assert {name: unit_of(rows, name) for name in ("region", "city", "year", "adcode")} == {
        "region": "city",
        "city": "document",
        "year": "document",
        "adcode": "document",
    }


def test_years_alone_make_no_difference():
    """A word that only the year explains is no key word of those who have more documents of that year."""
    years = np.repeat([2019, 2023], 20)
    side = np.where(np.arange(40) % 20 < np.where(years == 2019, 4, 14), "甲", "乙")
    rng = np.random.default_rng(3)
    values = rng.poisson(np.column_stack([np.where(years == 2023, 60, 5), np.full(40, 20)]))
    counts = made(values, year=years, side=side, n_tokens=1000)
    p = {
        within: keyness(counts, "side", "甲", test="t", within=within).set_index("term")["p"]["词0"]
        for within in ("year", None)
    }
    assert p["year"] > 0.1 > 0.01 > p[None]


def test_the_effect_is_the_log_of_two_rates():
    counts = made([[8], [8], [8], [2], [2], [2]], n_tokens=1000, side=list("甲甲甲乙乙乙"))
    row = keyness(counts, "side", "甲", test="g2").iloc[0]
    half = 0.5 / 3000 * 10_000
    assert row["log_ratio"] == pytest.approx(np.log2((80 + half) / (20 + half)))
    assert (row["rate_target"], row["rate_reference"], row["n_target"], row["docs_reference"]) == (
        80,
        20,
        24,
        3,
    )
    assert row["ci_low"] < row["log_ratio"] < row["ci_high"]


def test_a_word_that_a_side_never_uses_has_a_wide_interval():
    counts = made([[0, 9]] * 6 + [[2, 7]] * 6, n_tokens=1000, side=["甲"] * 6 + ["乙"] * 6)
    row = keyness(counts, "side", "甲", test="t", min_units=0).set_index("term").loc["词0"]
    assert row["ci_high"] - row["ci_low"] > 4, "no occurrence says little about how rare a word is"
    assert np.isnan(row["dp"])


def test_too_few_units_are_said_not_computed():
    counts = drawn(12, side=["甲"] * 2 + ["乙"] * 10)
    frame = keyness(counts, "side", "甲")
    assert frame[["p", "q", "ci_low", "ci_high"]].isna().all().all() and frame["log_ratio"].notna().all()
    assert "2 against 10" in frame.attrs["note"] and frame["reason"].str.contains("too few units").all()


def test_terms_that_few_use_are_listed_without_p():
    counts = sided()
    rare = counts.values.toarray()
    rare[:, 0] = np.arange(40) == 3
    frame = keyness(made(rare, side=counts.rows["side"]), "side", "甲", min_units=0.1).set_index("term")
    assert np.isnan(frame.loc["词0", "p"]) and frame.loc["词0", "reason"] == "used by under 10% of the units"
    assert frame["p"].notna().sum() == frame.attrs["tested"] == 29


def test_students_t_asks_for_more_frequent_words():
    counts = sided()
    for test, share in (("t", 0.2), ("moderated", 0.2), ("permuted_t", 0.05), ("permutation", 0.05)):
        assert keyness(counts, "side", "甲", test=test).attrs["min_units"] == share
        assert placebo(counts, sizes=(3,), draws=1, test=test).attrs["min_units"] == share


def test_years_of_one_side_only_do_not_count_and_are_named():
    counts = sided()
    alone = counts.rows.assign(year=np.where(np.arange(40) < 3, 1990, counts.rows["year"]))
    frame = keyness(Counts(counts.values, alone, counts.terms), "side", "甲", test="t")
    assert "3 of the target's 14 documents" in frame.attrs["note"]
    never = counts.rows.assign(year=np.where(SIDE, 1990, 2000))
    frame = keyness(Counts(counts.values, never, counts.terms), "side", "甲", test="t")
    assert frame[["p", "log_ratio"]].isna().all().all()
    assert frame["reason"].dropna().unique().tolist()[0] == "no year has documents of both sides"


def in_two_years() -> Counts:
    """Of the reference's 28 documents 26 lie in a year that the target lacks."""
    return sided().assign(year=np.where(np.arange(40) < 16, 2020, 1990), side=np.where(SIDE, "甲", "乙"))


@pytest.mark.parametrize("test", ["permuted_t", "t", "permutation", "welch"])
def test_units_that_do_not_count_are_not_enough(test):
    frame = keyness(in_two_years(), "side", "甲", test=test)
    assert frame[["p", "ci_low"]].isna().all().all() and frame["log_ratio"].notna().all()
    few = "too few units to test in a year that both sides have: 14 against 2, and each side needs 3"
    assert set(frame["reason"]) == {few} and frame.attrs["how"] == "not tested"
    assert (frame.attrs["n_target"], frame.attrs["n_reference"]) == (14, 26)
    assert (
        "24 of the reference's 26 documents lie in a year in which the target has none" in frame.attrs["note"]
    )


def test_welch_counts_the_units_compared():
    counts = drawn(80, side=["甲"] * 30 + ["乙"] * 50, year=[2020] * 40 + list(range(1900, 1940)))
    with pytest.raises(ValueError, match="needs 20 units a side, and one has 10"):
        keyness(counts, "side", "甲", test="welch")


@pytest.mark.parametrize("test", ["permuted_t", "t", "permutation"])
def test_without_a_common_year_nothing_is_tested(test):
    counts = sided().assign(year=np.where(SIDE, 1990, 2000))
    frame = keyness(counts, "side", "甲", test=test, draws=2)
    assert frame[["statistic", "p", "log_ratio"]].isna().all().all() and frame.attrs["placebo"] is None
    assert set(frame["reason"]) == {"no year has documents of both sides"}
    note = keyness_note(frame)
    assert "0 terms" not in note and "random groups" not in note and "no year has documents" in note


def test_the_caption_names_random_groups_only_where_t_was_referred_to_them():
    few = drawn(10, side=["甲"] * 5 + ["乙"] * 5)
    assert "referred" not in keyness_note(keyness(few, "side", "甲", within=None, min_units=0))
    assert "referred also to random groups" in keyness_note(keyness(sided(), "side", "甲"))


@pytest.mark.parametrize("test", ["chi2", "g2"])
def test_a_description_is_negative_where_the_target_uses_the_term_less(test):
    counts = made([[9, 1, 5], [1, 9, 5]], side=["甲", "乙"])
    frame = keyness(counts, "side", "甲", test=test)
    assert frame["term"].tolist() == ["词0", "词2", "词1"] and np.sign(frame["statistic"]).tolist() == [
        1,
        0,
        -1,
    ]
    other = keyness(counts, "side", "乙", test=test)
    assert other["statistic"].tolist() == pytest.approx(-frame["statistic"].to_numpy()[::-1])


def test_a_bayes_factor_keeps_its_sign_and_is_sorted_by_direction():
    counts = made([[90, 10, 51, 1], [10, 90, 49, 3]], side=["甲", "乙"])
    frame = keyness(counts, "side", "甲", test="bayes_factor")
    assert frame["term"].tolist() == ["词0", "词2", "词3", "词1"]
    assert np.sign(frame["statistic"]).tolist() == [1, -1, -1, 1]


def test_a_document_without_words_does_not_decide_the_unit():
    counts = made(np.full((6, 2), 3), city=list("abcdef"), side=["甲"] * 3 + ["乙"] * 3)
    own = counts.assign(city=list("abcabc"), place=list("xyzxyz"))
    empty = made([[0, 0]], city=["g"], side=["乙"], place=["x"]).assign(doc_id=["leer"])
    with pytest.warns(UserWarning, match="1 of 7 documents have no words"):
        padded = keyness(merge([own, empty]), "place", "x", within=None)
    assert padded.attrs["unit"] == keyness(own, "place", "x", within=None).attrs["unit"] == "document"


def test_another_kind_of_text_may_be_the_reference():
    counts, other = sided(), drawn(30, seed=5)
    other = Counts(other.values, other.rows.assign(doc_id=[f"z{at}" for at in range(30)]), other.terms)
    frame = keyness(counts, "side", "甲", reference=other, test="t", within=None, min_units=0).set_index(
        "term"
    )
    theirs = stats.ttest_ind(roots(counts)[SIDE], roots(other))
    assert frame.loc[counts.terms, "p"].to_numpy() == pytest.approx(theirs.pvalue)
    assert (frame.attrs["n_target"], frame.attrs["n_reference"]) == (14, 30)


# --- laws ---------------------------------------------------------------------------------------------------------------


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one, other, rtol=1e-6)


@pytest.mark.parametrize("test", ["permuted_t", "t", "moderated", "permutation", "g2", "log_odds"])
def test_order_and_names_and_empty_documents_change_nothing(test):
    counts = sided(seed=4)
    frame = keyness(counts, "side", "甲", test=test)
    order = np.random.default_rng(0).permutation(40)
    shuffled = Counts(counts.values[order], counts.rows.iloc[order].reset_index(drop=True), counts.terms)
    same(frame, keyness(shuffled, "side", "甲", test=test))
    renamed = counts.rows.assign(
        side=counts.rows["side"].replace("甲", "丁"), city=counts.rows["city"] + "市"
    )
    same(frame, keyness(Counts(counts.values, renamed, counts.terms), "side", "丁", test=test))
    empty = made(np.vstack([counts.values.toarray(), np.zeros((2, 30), int)]))
    rows = pd.concat(
        [counts.rows, counts.rows.tail(2).assign(n_tokens=0, doc_id=["x1", "x2"])], ignore_index=True
    )
    with pytest.warns(UserWarning, match="2 of 42 documents have no words, first 'x1'"):
        same(frame, keyness(Counts(empty.values, rows, counts.terms), "side", "甲", test=test))


def coasted(counts: Counts, prefix: str = "城") -> Counts:
    rows = counts.rows.assign(city=counts.rows["city"].str.replace("城", prefix))
    return replace(counts, rows=rows.assign(coast=np.where(counts.rows["city"] < "城05", "是", "否")))


@pytest.mark.parametrize("test", ["permuted_t", "t", "permutation"])
def test_a_citys_name_and_the_order_change_nothing_where_cities_are_units(test):
    counts = drawn(60, 25, cities=12)
    frame = keyness(coasted(counts), "coast", "是", test=test, draws=4)
    assert frame.attrs["unit"] == "city"
    same(frame, keyness(coasted(counts, "末"), "coast", "是", test=test, draws=4))
    assert frame.attrs == keyness(coasted(counts, "末"), "coast", "是", test=test, draws=4).attrs
    order = np.random.default_rng(1).permutation(60)
    other = replace(counts, values=counts.values[order], rows=counts.rows.iloc[order].reset_index(drop=True))
    shuffled = keyness(coasted(other), "coast", "是", test=test, draws=4)
    same(frame, shuffled)
    assert frame.attrs == shuffled.attrs


def test_terms_that_nobody_uses_change_nothing():
    counts = sided()
    same(keyness(counts, "side", "甲"), keyness(counts.select([*counts.terms, "无", "没有"]), "side", "甲"))


def test_documents_without_a_year_are_compared_with_each_other():
    """They are one stratum: to leave them unadjusted would be to compare them with all years."""
    counts = sided()
    years = counts.rows["year"].astype("Int64")
    for given in (pd.NA, 1900):  # as a year of their own
        rows = counts.rows.assign(year=years.where(np.arange(40) % 5 > 0, given))
        frame = keyness(replace(counts, rows=rows), "side", "甲", test="t")
        if given is pd.NA:
            first = frame
    same(first, frame)
    none = replace(counts, rows=counts.rows.assign(year=years.where(years.isna())))
    assert keyness(none, "side", "甲", test="t").attrs["within"] is None


def test_the_other_side_sees_the_same_from_the_other_side():
    counts = sided()
    mine, theirs = (keyness(counts, "side", name, test="t").set_index("term") for name in "甲乙")
    assert (mine["log_ratio"] + theirs["log_ratio"]).abs().max() < 1e-9
    assert (mine["p"] - theirs["p"]).abs().max() < 1e-9
    same(mine[["ci_low"]], -theirs.loc[mine.index, ["ci_high"]].rename(columns={"ci_high": "ci_low"}))


# --- planted truth and placebo -----------------------------------------------------------------------------------------


def test_a_planted_difference_is_found_and_nothing_else():
    counts = drawn(120, 300, years=5, side=np.where(np.arange(120) < 30, "甲", "乙"), seed=8)
    values = counts.values.toarray()
    planted = np.flatnonzero(values.mean(axis=0) > 2)[:10]
    values[:30, planted] *= 5
    frame = keyness(Counts(made(values).values, counts.rows, counts.terms), "side", "甲")
    found = set(frame.loc[frame["q"] < 0.05, "term"])
    assert set(counts.terms[planted]) <= found and len(found) <= 12
    assert (frame.set_index("term").loc[counts.terms[planted], "statistic"] > 0).all()


def means(frame: pd.DataFrame) -> pd.Series:
    return frame.groupby("size")["hits"].mean()


def test_the_placebo_of_the_default_is_near_none():
    frame = placebo(drawn(120, 400, seed=6), sizes=(3, 10, 0.5), draws=20)
    assert frame.columns.tolist() == ["size", "draw", "hits"]
    assert frame["size"].unique().tolist() == [3, 10, 60]
    assert frame.loc[frame["size"] == 10, "draw"].tolist() == list(range(1, 21))
    assert means(frame).max() <= 1
    assert {
        name: frame.attrs[name] for name in ("unit", "units", "within", "test", "level", "min_units", "seed")
    } == {
        "unit": "document",
        "units": 120,
        "within": "year",
        "test": "permuted_t",
        "level": 0.05,
        "min_units": 0.05,
        "seed": 0,
    }


def test_the_placebo_sees_a_test_that_fails():
    """Rare words: Student's t on 3 documents against 117 calls many of them different."""
    rng = np.random.default_rng(2)
    values = rng.poisson(rng.random((120, 800)) < 0.04) * rng.integers(1, 6, (120, 800))
    counts = made(values, n_tokens=1000)
    assert placebo(counts, sizes=(3,), test="t", min_units=0.01)["hits"].mean() > 5
    assert placebo(counts, sizes=(3,), min_units=0.01)["hits"].mean() <= 1


def test_the_placebo_does_not_depend_on_the_order():
    counts = drawn(60, 100)
    order = np.random.default_rng(0).permutation(60)
    other = Counts(counts.values[order], counts.rows.iloc[order].reset_index(drop=True), counts.terms)
    for unit in ("document", "city"):
        same(*(placebo(c, sizes=(3,), draws=10, unit=unit, test="t") for c in (counts, other)))


def test_the_placebo_of_real_reports_is_at_most_one():
    counts = open_corpus("city_reports").words
    some = counts.where(np.arange(len(counts.rows)) % 5 == 0).trim(min_docs=45)
    for unit in ("document", "city"):
        assert means(placebo(some, sizes=(3, 10, 24), draws=15, unit=unit, min_units=0.1)).max() <= 1


def test_random_groups_of_what_was_compared_stand_in_the_attrs():
    """The frame's own placebo is that of `placebo` where the units are the same: all documents, the target's size."""
    counts = sided(seed=3)
    frame = keyness(counts, "side", "甲", test="t", draws=25)
    hits = placebo(counts, sizes=(14,), draws=25, test="t")["hits"]
    assert frame.attrs["placebo"] == {
        "size": 14,
        "draws": 25,
        "mean": hits.mean(),
        "most": hits.max(),
        "any": (hits > 0).mean(),
    }
    without = keyness(counts, "side", "甲", test="t")
    assert without.attrs["placebo"] is None and without.attrs["column"] == "side"
    same(frame, without)


def test_random_groups_are_drawn_from_the_documents_compared():
    """Against a named group, or other Counts: what is not compared plays no part."""
    thirds = np.array(["甲", "乙", "丙"])[np.arange(60) % 3]
    counts = drawn(60, side=thirds, seed=4)
    two = counts.where(thirds != "丙")
    named = keyness(counts, "side", "甲", reference="乙", test="t", draws=10).attrs["placebo"]
    assert named == keyness(two, "side", "甲", test="t", draws=10).attrs["placebo"]
    assert named["size"] == 20
    apart = keyness(
        counts.where(thirds == "甲"), "side", "甲", reference=counts.where(thirds == "乙"), test="t", draws=10
    )
    assert apart.attrs["placebo"] == named


def test_a_placebo_that_finds_much_stands_in_the_caption():
    rng = np.random.default_rng(2)
    values = rng.poisson(rng.random((120, 800)) < 0.04) * rng.integers(1, 6, (120, 800))
    counts = made(values, n_tokens=1000, side=np.where(np.arange(120) < 3, "甲", "乙"))
    note = keyness_note(keyness(counts, "side", "甲", test="t", min_units=0.01, draws=10))
    assert "10 random groups of 3 documents gave" in note and "can't be relied on" in note


def test_a_description_and_too_few_units_have_no_placebo():
    assert keyness(sided(), "side", "甲", test="g2", draws=5).attrs["placebo"] is None
    few = drawn(12, side=["甲"] * 2 + ["乙"] * 10)
    frame = keyness(few, "side", "甲", draws=5)
    assert frame.attrs["placebo"] is None and "too few units to test: 2 against 10" in keyness_note(frame)


def test_the_caption_says_what_was_compared_and_how():
    frame = keyness(sided(), "side", "甲", test="t", min_units=0)
    assert keyness_note(frame) == (
        "甲 against the rest: 14 documents against 26 documents, within year. Test: Student's t on √rates, for 30 terms "
        "that at least 0% of the documents use; q by Benjamini-Hochberg; intervals 95%. No random groups were tried."
    )
    counts = drawn(60, cities=12)
    coast = np.where(counts.rows["city"] < "城05", "是", "否")
    counts = Counts(counts.values, counts.rows.assign(coast=coast), counts.terms)
    note = keyness_note(keyness(counts, "coast", "是", reference="否", within=None, draws=3))
    assert "是 against 否: 5 cities (" in note and "documents), without adjustment" in note
    assert "3 random groups of 5 cities gave" in note
    assert "a description and no test" in keyness_note(keyness(sided(), "side", "甲", test="chi2"))
    with pytest.raises(ValueError, match="this one has none of them"):
        keyness_note(pd.DataFrame({"term": []}))


def test_a_frame_can_be_kept_and_put_below_another():
    frame = keyness(sided(), "side", "甲", draws=2)
    again = pickle.loads(pickle.dumps(frame))
    assert again.attrs == frame.attrs and json.loads(json.dumps(frame.attrs)) == frame.attrs
    assert len(pd.concat([frame, keyness(sided(), "side", "乙", draws=2)])) == 60


# --- bad input ----------------------------------------------------------------------------------------------------------


def test_a_group_that_does_not_exist_is_answered_with_the_nearest():
    counts = drawn(20, city=["盐城市"] * 10 + ["宿迁市"] * 5 + ["镇江市"] * 5)
    with pytest.raises(
        ValueError, match="'盐成市' is no city of these counts; there are 3, nearest 盐城市, "
    ):
        keyness(counts, "city", "盐成市")
    with pytest.raises(ValueError, match="'镇江' is no city.*nearest 镇江市"):
        keyness(counts, "city", "盐城市", reference="镇江")


BAD = [
    ({"column": "mayor"}, "no column 'mayor'"),
    ({"test": "anova"}, "test='anova' is unknown; choose permuted_t, t"),
    ({"correction": "none"}, "correction='none' is unknown"),
    ({"min_units": 20}, "min_units=20 is no share"),
    ({"test": "welch"}, "needs 20 units a side, and one has 14"),
    ({"reference": "甲"}, "甲.* with itself"),
    ({"within": "yaer"}, "within='yaer' is no column"),
    ({"draws": -1}, "draws=-1 is no number"),
    ({"test": "log_odds", "prior": 0}, "prior=0 gives words that a side lacks no odds"),
    ({"reference": drawn(12)}, "of side '甲' stand in the reference too, first 'd000'"),
]


@pytest.mark.parametrize(("options", "message"), BAD)
def test_a_wrong_option_is_answered_with_a_sentence(options, message):
    with pytest.raises(ValueError, match=message):
        keyness(sided(), **{"column": "side", "target": "甲", **options})


def test_wrong_counts_are_answered_with_a_sentence():
    counts = sided()
    with pytest.raises(ValueError, match="there is 1"):
        keyness(counts.where(np.arange(40) == 0), "side", "甲")
    with pytest.raises(ValueError, match="All 14 documents are of side '甲'"):
        keyness(counts.where(SIDE), "side", "甲")
    with pytest.raises(ValueError, match="min_docs"):
        keyness(counts.trim(min_docs=41), "side", "甲")
    with pytest.raises(ValueError, match="No term is used by 100% of the 40 units"):
        keyness(counts.select(["词0"]).trim(max_share=0.99), "side", "甲", min_units=1)
    empty = replace(counts, values=counts.values * 0, rows=counts.rows.assign(n_tokens=0))
    with (
        pytest.warns(UserWarning, match="40 of 40 documents have no words"),
        pytest.raises(ValueError, match="The side '甲' has no document with words"),
    ):
        keyness(empty, "side", "甲")
    with pytest.raises(ValueError, match="not weights"):
        keyness(counts.tfidf(), "side", "甲")
    with pytest.raises(ValueError, match="takes Counts, not DataFrame"):
        keyness(counts.rows, "side", "甲")
    missing = counts.rows.assign(side=counts.rows["side"].where(np.arange(40) != 7))
    with pytest.raises(ValueError, match="1 of 40 rows have no side, first 'd007'"):
        keyness(Counts(counts.values, missing, counts.terms), "side", "甲")


def test_a_wrong_placebo_is_answered_with_a_sentence():
    counts = drawn(20)
    with pytest.raises(ValueError, match="test='g2' is none"):
        placebo(counts, test="g2")
    with pytest.raises(ValueError, match="groups of 18 among 20 units can't be tested"):
        placebo(counts, sizes=(18,))
    with pytest.raises(ValueError, match="draws=0 is no number of random groups"):
        placebo(counts, draws=0)
    with pytest.raises(ValueError, match="placebo takes Counts, not DataFrame"):
        placebo(counts.rows)
    with pytest.warns(UserWarning, match="groups of 18, 24 among 20 units can't be tested.*left out"):
        assert placebo(counts, sizes=(3, 18, 24), draws=1, test="t")["size"].tolist() == [3]
    with pytest.raises(ValueError, match="unit='region' is unknown"):
        placebo(counts, unit="region")


UP = ["海洋", "国际", "港口", "滨海", "海域", "渔业", "外贸", "外资"]
DOWN = ["贫困", "脱贫", "县城", "农村", "农民工", "退耕还林", "各族"]
LEANING = ["县域", "农产品", "粮食", "煤炭"]  # inland as one would expect, but not beyond chance


def test_the_coast_speaks_of_the_sea_and_the_inland_of_the_country():
    """Fifty-two coastal cities against the inland ones, cities as units."""
    counts = open_corpus("city_reports").words
    coastal = read_table("coastal_cities.csv")["name"]
    rows = counts.rows.assign(coast=np.where(counts.rows["city"].isin(coastal), "coast", "inland"))
    some = counts.select(dict.fromkeys([*UP, *DOWN, *LEANING, *counts.trim(min_docs=1500).terms]))
    frame = keyness(replace(some, rows=rows), "coast", "coast").set_index("term")
    assert frame.attrs["unit"] == "city" and frame.attrs["n_target"] == 52
    assert (frame.loc[[*UP, *DOWN], "q"] < 0.05).all()
    assert (frame.loc[UP, "ci_low"] > 0).all() and (frame.loc[DOWN, "ci_high"] < 0).all()
    assert (frame.loc[LEANING, "log_ratio"] < 0).all()


def test_a_reference_without_cities_makes_documents_the_unit():
    """The State Council's reports are of no city: counted as so many cities they would claim a reach they have not."""
    cities = drawn(60, 20, cities=12).assign(level="city")
    council = drawn(20, 20, seed=5)
    council = council.assign(
        city=pd.array([pd.NA] * 20, dtype="string"), doc_id=[f"c{at}" for at in range(20)]
    )
    found = keyness(cities, "level", "city", reference=council, within=None)
    assert (found.attrs["unit"], found.attrs["n_target"], found.attrs["n_reference"]) == ("document", 60, 20)


def test_random_groups_change_nothing_of_what_is_found():
    """They go through the test together with the group that is asked about."""
    counts = drawn(60, 40).assign(side=np.repeat(["甲", "乙"], [12, 48]))
    for test in ("permuted_t", "t", "moderated", "permutation"):
        found = [
            keyness(counts, "side", "甲", test=test, draws=draws).drop(columns="reason") for draws in (0, 6)
        ]
        pd.testing.assert_frame_equal(*found, rtol=1e-9)
        assert found[1].attrs["placebo"]["draws"] == 6
