"""Tests, variances, q and intervals against scipy, statsmodels, a transcription of limma's fitFDist, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, special, stats
from small_counts import drawn, made

from analysis import Counts, keyness
from analysis.comparing.inference import adjusted, freedom, log_ratios, squeeze
from analysis.comparing.permutations import pareto_tail
from analysis.comparing.units import UnitValues, layout

MINE = np.arange(40) < 14


def sided(seed=0, terms=30) -> Counts:
    return drawn(40, terms, side=np.where(MINE, "甲", "乙"), seed=seed)


def rates(counts: Counts) -> np.ndarray:
    return counts.values.toarray() / counts.n_tokens()[:, None] * 10_000


def plain(counts: Counts, test: str, **options):
    frame = keyness(counts, "side", "甲", test=test, within=None, min_units=0, **options)
    return frame.set_index("term").loc[counts.terms]


# --- p and q ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_t_is_scipys_to_the_last_digit(seed):
    counts = sided(seed)
    frame, roots = plain(counts, "t"), np.sqrt(rates(counts))
    theirs = stats.ttest_ind(roots[MINE], roots[~MINE])
    np.testing.assert_allclose(frame["statistic"], theirs.statistic, rtol=1e-10)
    np.testing.assert_allclose(frame["p"], theirs.pvalue, rtol=1e-10)


def test_permutation_is_scipys():
    """All 210 relabelings of ten documents, by scipy's permutation_test."""
    counts = drawn(10, 8, cities=1, side=list("甲甲甲甲乙乙乙乙乙乙"))
    frame, values = plain(counts, "permutation"), rates(counts)
    theirs = stats.permutation_test(
        (values[:4], values[4:]), lambda a, b, axis: a.mean(axis=axis) - b.mean(axis=axis), n_resamples=np.inf
    )
    twice = np.array([min(1, p) for p in theirs.pvalue])  # scipy doubles the smaller tail
    ours = frame["p"].to_numpy()
    extreme = np.array(
        [
            (abs(d) >= abs(s) - 1e-9).mean()
            for d, s in zip(theirs.null_distribution.T, theirs.statistic, strict=True)
        ]
    )
    np.testing.assert_allclose(frame["statistic"], theirs.statistic, rtol=1e-9)
    np.testing.assert_allclose(ours, extreme, rtol=1e-12)
    assert (ours <= twice * 2).all() and (twice <= ours * 2).all(), (
        "the same but for how two tails are joined"
    )


@pytest.mark.parametrize("measure", ["chi2", "g2"])
def test_descriptions_in_the_frame_are_scipys(measure):
    counts = sided()
    frame, tokens = plain(counts, measure), counts.n_tokens()
    n, m = tokens[MINE].sum(), tokens[~MINE].sum()
    kind = {"chi2": "pearson", "g2": "log-likelihood"}[measure]
    for row in frame.itertuples():
        table = [[row.n_target, n - row.n_target], [row.n_reference, m - row.n_reference]]
        theirs = stats.contingency.chi2_contingency(table, correction=False, lambda_=kind)
        assert abs(row.statistic) == pytest.approx(theirs.statistic)
    assert frame["p"].isna().all()


@pytest.mark.parametrize(("ours", "theirs"), [("bh", "fdr_bh"), ("by", "fdr_by")])
def test_q_is_statsmodels(ours, theirs):
    multitest = pytest.importorskip("statsmodels.stats.multitest", reason="statsmodels is not installed")
    p = np.random.default_rng(3).random(500) ** 3
    p[[7, 100]] = np.nan
    known = np.isfinite(p)
    expected = multitest.multipletests(p[known], method=theirs)[1]
    q = adjusted(p, ours)
    np.testing.assert_allclose(q[known], expected, rtol=1e-12)
    assert np.isnan(q[~known]).all()


# --- moderated variances ----------------------------------------------------------------------------------------------


def limma(variances: np.ndarray, df: float) -> tuple[np.ndarray, float]:
    """fitFDist and squeezeVar (Smyth 2004), written from their description; trigamma inverted by root finding."""
    x = np.maximum(variances, 1e-5 * np.median(variances))
    e = np.log(x) - special.digamma(df / 2) + np.log(df / 2)
    spread = np.var(e, ddof=1) - special.polygamma(1, df / 2)
    if spread <= 0:
        return np.full(len(x), np.exp(e.mean())), np.inf
    half = optimize.brentq(lambda y: special.polygamma(1, y) - spread, 1e-4, 1e8)
    common = np.exp(e.mean() + special.digamma(half) - np.log(half))
    return (2 * half * common + df * variances) / (2 * half + df), 2 * half


@pytest.mark.parametrize("df", [3, 12, 200])
@pytest.mark.parametrize("prior", [1.5, 8, 60])
def test_squeezed_variances_are_limmas(df, prior):
    rng = np.random.default_rng(5)
    variances = 2.5 * prior / rng.chisquare(prior, 400) * rng.chisquare(df, 400) / df
    squeezed, total = squeeze(variances, df)
    expected, found = limma(variances, df)
    np.testing.assert_allclose(squeezed, expected, rtol=1e-6)
    assert total == pytest.approx(df + found, rel=1e-6)


def test_variances_that_differ_by_chance_alone_are_made_one():
    variances = stats.chi2(9).ppf((np.arange(300) + 0.5) / 300) / 9 * 4
    squeezed, _ = squeeze(variances**0.5, 9)  # less spread than chance would give
    expected, prior = limma(variances**0.5, 9)
    assert prior == np.inf
    np.testing.assert_allclose(squeezed, expected, rtol=1e-12)


def test_moderated_t_is_the_plain_one_with_these_variances():
    counts = sided(terms=60)
    frame, roots = plain(counts, "moderated"), np.sqrt(rates(counts))
    pooled = (roots[MINE].var(axis=0, ddof=1) * 13 + roots[~MINE].var(axis=0, ddof=1) * 25) / 38
    squeezed, prior = limma(pooled, 38)
    t = (roots[MINE].mean(axis=0) - roots[~MINE].mean(axis=0)) / np.sqrt(squeezed * (1 / 14 + 1 / 26))
    np.testing.assert_allclose(frame["statistic"], t, rtol=1e-6)
    np.testing.assert_allclose(frame["p"], 2 * stats.t.sf(abs(t), min(38 + prior, 38 * 60)), rtol=1e-5)


# --- the tail ---------------------------------------------------------------------------------------------------------


def test_the_tail_by_hand():
    """Hosking & Wallis (1987): a0 = mean, a1 = mean of (1 − p)x, p = (i − 0.35)/n; k = a0/(a0 − 2a1) − 2,
    α = 2a0a1/(a0 − 2a1); our shape is −k."""
    x = np.array([0.2, 0.5, 0.9, 1.6, 9.0])
    p = (np.arange(1, 6) - 0.35) / 5
    first, second = x.mean(), ((1 - p) * x).mean()
    k, alpha = first / (first - 2 * second) - 2, 2 * first * second / (first - 2 * second)
    shape, scale = pareto_tail(x[::-1][:, None])
    assert (shape[0], scale[0]) == (pytest.approx(-k), pytest.approx(alpha))
    assert k < 0, "a heavy tail, else the shape would be let to 0"


# --- intervals --------------------------------------------------------------------------------------------------------


def by_delta(values: np.ndarray, tokens: np.ndarray) -> tuple[float, float, float]:
    """log2 of the mean with half an occurrence, its variance in natural logs, and its degrees of freedom."""
    base = values.mean() + 0.5 * 10_000 / tokens.sum()
    n, kurtosis = len(values), max(stats.kurtosis(values), 0)
    return np.log(base), values.var(ddof=1) / n / base**2, 2 / (2 / (n - 1) + kurtosis / n)


def test_the_interval_is_the_delta_methods():
    """Without adjustment, documents as units, words frequent enough for the floor to play no part."""
    counts = sided()
    frame, values, tokens = plain(counts, "t"), rates(counts), counts.n_tokens()
    for at, term in enumerate(counts.terms):
        a, b = by_delta(values[MINE, at], tokens[MINE]), by_delta(values[~MINE, at], tokens[~MINE])
        whole = a[1] + b[1]
        df = whole**2 / (a[1] ** 2 / a[2] + b[1] ** 2 / b[2])
        margin = stats.t.ppf(0.975, df) * np.sqrt(whole) / np.log(2)
        ratio = (a[0] - b[0]) / np.log(2)
        assert frame.loc[term, ["ci_low", "log_ratio", "ci_high"]].tolist() == pytest.approx(
            [ratio - margin, ratio, ratio + margin], rel=1e-6
        )


def test_degrees_of_freedom_fall_with_the_kurtosis():
    values = np.zeros((30, 3))
    values[:, 0] = stats.norm.ppf((np.arange(30) + 0.5) / 30) + 5  # no heavier than normal
    values[:10, 1] = 3
    values[0, 2] = 3
    of = layout(drawn(30).rows)
    df = freedom(UnitValues(made(values).values.astype(float), of), np.ones(30, dtype=bool))
    kurtosis = np.maximum(stats.kurtosis(values), 0)
    assert df == pytest.approx(2 / (2 / 29 + kurtosis / 30))
    assert df[0] == pytest.approx(29) and df[2] < 3, (
        "one document's word: next to nothing is known of its variance"
    )


def test_intervals_of_simulated_words_hold_the_truth():
    """Bursty words of cities, half as frequent among the second: 93 to 97 % of the intervals from 20 cities on."""
    rng = np.random.default_rng(4)
    inside = []
    for _ in range(8):
        counts = drawn(240, 120, cities=60, seed=int(rng.integers(1_000_000)))
        of = layout(counts.rows, "city", "year")
        target = rng.permutation(of.n_units) < of.n_units // 2
        thin = counts.values.toarray()
        thin[~target[of.units]] = rng.binomial(thin[~target[of.units]], 0.5)
        found = log_ratios(
            made(thin, n_tokens=counts.n_tokens()).rates().values, of, target, counts.n_tokens()
        )
        inside.append((found["ci_low"] <= 1) & (found["ci_high"] >= 1))
    assert 0.93 <= np.mean(inside) <= 0.97


@pytest.mark.parametrize("unit", ["document", "city"])
def test_years_of_one_side_only_change_no_interval(unit):
    """Five reference documents beside twenty of years that the target lacks: nothing is learnt from the twenty."""
    rng = np.random.default_rng(6)
    values = rng.poisson(20 * rng.gamma(4, 0.25, (55, 8)))
    year = np.repeat([2020, 2020, 1990], [30, 5, 20]) - np.repeat([0, 1], [35, 20]) * np.arange(55)
    counts = made(values, year=year, n_tokens=1000, city=[f"城{at}" for at in range(55)])
    found = []
    for kept in (np.arange(55), np.arange(35)):
        rows, tokens = counts.rows.iloc[kept], counts.n_tokens()[kept]
        # The half occurrence is of all of a side's tokens: made the same here, so that only the variances count.
        tokens = np.where(kept < 30, 1000, 5000 / (len(kept) - 30))
        of = layout(rows, unit, "year")
        found.append(log_ratios(counts.rates().values[kept], of, kept < 30, tokens))
    for name, of_all in found[0].items():
        assert of_all == pytest.approx(found[1][name]), name
