"""Trends: means and bands against scipy and statsmodels, planted changes of cities and of which cities report, laws."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t
from small_counts import made

from analysis import Counts, trend
from analysis.comparing.means import mean_interval
from analysis.comparing.panels import Panel, joined, throughout


def panel(cities=30, years=6, *, kept=1.0, seed=0, terms=2, rate=40.0) -> Counts:
    """A document a city and year, of which a share is kept; cities differ, years do not."""
    rng = np.random.default_rng(seed)
    city, year = np.divmod(np.arange(cities * years), years)
    mean = rate * rng.gamma(4, 0.25, (cities, terms))[city] * rng.gamma(4, 0.25, (cities * years, terms))
    here = rng.random(len(city)) < kept
    return made(
        rng.poisson(mean)[here],
        city=[f"城{at:02}" for at in city[here]],
        year=2015 + year[here],
        n_tokens=rng.integers(8000, 12000, here.sum()),
    )


def rates(counts: Counts, term: int = 0) -> pd.DataFrame:
    values = 10_000 * counts.values.toarray()[:, term] / counts.n_tokens()
    return counts.rows[["city", "year"]].assign(rate=values)


def of(frame: pd.DataFrame, which: str) -> pd.DataFrame:
    return frame[frame["panel"] == which].set_index("year")


def test_bands_of_a_year_against_scipy():
    counts = panel(kept=0.8)
    frame = of(trend(counts, "词0", panels="all"), "all")
    for year, own in rates(counts).groupby("year"):
        mean = own["rate"].mean()
        ends = np.exp(t.interval(0.95, len(own) - 1, np.log(mean), own["rate"].sem() / mean))
        seen = frame.loc[year, ["rate", "ci_low", "ci_high"]].astype(float).tolist()
        assert seen == pytest.approx([mean, *ends])
        assert frame.loc[year, ["units", "docs"]].tolist() == [len(own), len(own)]


def test_bands_hold_the_truth():
    """95 % bands of 25 skewed units: words that half of the cities never use."""
    rng = np.random.default_rng(1)
    pool = np.where(rng.random(4000) < 0.5, 0, rng.gamma(0.7, 8, 4000))
    held = []
    for _ in range(400):
        _, low, high = mean_interval(rng.choice(pool, 25), ratio=True)
        held.append(low <= pool.mean() <= high)
    assert 0.92 < np.mean(held) < 0.98


def test_a_city_with_several_documents_a_year_is_one_unit():
    counts = made(
        [[10], [30], [50], [20], [20], [20]],
        city=list("甲甲乙甲乙丙"),
        year=[2020] * 3 + [2021] * 3,
        n_tokens=10_000,
    )
    cities = of(trend(counts, "词0", panels="all"), "all").loc[2020]
    assert cities[["units", "docs", "rate"]].tolist() == [2, 3, 35]
    documents = of(trend(counts, "词0", panels="all", unit="document"), "all").loc[2020]
    assert documents[["units", "docs", "rate"]].tolist() == [3, 3, 30]


def dropped(cities: pd.Series) -> Iterator[pd.Series]:
    for city in cities.unique():
        yield cities != city


def ols_levels(frame: pd.DataFrame) -> pd.Series:
    """The mean over cities (weighted by 1/(0.2 + 0.8/n)) of what least squares with dummies predicts for each year."""
    import statsmodels.formula.api as smf

    fit = smf.ols("rate ~ C(city) + C(year)", frame).fit()
    n = frame["city"].value_counts()
    grid = pd.MultiIndex.from_product(
        [n.index, sorted(frame["year"].unique())], names=["city", "year"]
    ).to_frame(index=False)
    predicted = grid.assign(rate=np.asarray(fit.predict(grid))).pivot(
        index="year", columns="city", values="rate"
    )
    return predicted @ (1 / (0.2 + 0.8 / n)) / (1 / (0.2 + 0.8 / n)).sum()


def poisson_levels(frame: pd.DataFrame) -> pd.Series:
    """The same of Poisson regression with dummies, cities weighing by their reports in years that use the word much."""
    import statsmodels.api as sm
    import statsmodels.formula.api as smf

    fit = smf.glm("rate ~ C(city) + C(year)", frame, family=sm.families.Poisson()).fit(tol=1e-12, maxiter=200)
    years = sorted(frame["year"].unique())
    cities = sorted(frame["city"].unique())
    one = pd.DataFrame({"city": cities[0], "year": years})
    factor = pd.Series(np.asarray(fit.predict(one)), index=years)
    exposure = frame["year"].map(factor).groupby(frame["city"]).sum()
    reports = exposure / frame["year"].map(factor).mean()
    weight = 1 / (0.2 + 0.8 / reports)
    level = frame.groupby("city")["rate"].sum() / exposure
    return factor * np.average(level, weights=weight)


@pytest.mark.parametrize(("model", "expected"), [("additive", ols_levels), ("proportional", poisson_levels)])
def test_within_cities_against_statsmodels(model, expected):
    """Levels, and the delete-one-city jackknife with each fit made anew by statsmodels."""
    pytest.importorskip("statsmodels")
    counts = panel(12, 5, kept=0.6, seed=3)
    frame = of(trend(counts, "词0", model=model, panels="within cities"), "within cities")
    plain = rates(counts)
    whole = expected(plain)
    assert frame["rate"].to_numpy() == pytest.approx(whole.to_numpy(), rel=1e-6)
    left = np.array([expected(plain[kept]) for kept in dropped(plain["city"])])
    error = np.sqrt(((left - whole.to_numpy()) ** 2).sum(axis=0) * (len(left) - 1) / len(left))
    n = plain.groupby("year").size().to_numpy()
    margin = t.ppf(0.975, n - 1) * error
    high = whole + margin if model == "additive" else whole * np.exp(margin / whole)
    assert frame["ci_high"].to_numpy() == pytest.approx(high.to_numpy(), rel=1e-5)


def test_changes_have_about_the_error_of_cluster_robust_least_squares():
    smf = pytest.importorskip("statsmodels.formula.api")
    counts = panel(120, 5, kept=0.7, seed=5)
    plain = rates(counts)
    groups = pd.factorize(plain["city"])[0]
    # Without statsmodels' correction, which counts the cities' dummies although they lie within the clusters.
    robust = {"cov_type": "cluster", "cov_kwds": {"groups": groups, "use_correction": False}}
    fit = smf.ols("rate ~ C(city) + C(year)", plain).fit(**robust)
    at = Panel(groups, plain["year"].to_numpy() - 2015, np.ones(len(plain)), plain[["rate"]].to_numpy())
    whole, left = at.levels("additive")[:, 0], [at.levels("additive", city)[:, 0] for city in range(120)]
    changes = np.array([own[1:] - own[0] for own in left])
    error = np.sqrt(((changes - (whole[1:] - whole[0])) ** 2).sum(axis=0) * 119 / 120)
    years = [f"C(year)[T.{year}]" for year in range(2016, 2020)]
    assert whole[1:] - whole[0] == pytest.approx(fit.params[years].to_numpy())
    assert error == pytest.approx(fit.bse[years].to_numpy(), rel=0.05)


@pytest.mark.parametrize("model", ["additive", "proportional"])
def test_a_full_panel_needs_no_adjustment(model):
    frame = trend(panel(25, 5, seed=1), ["词0", "词1"], model=model)
    one, *others = (frame[frame["panel"] == name].reset_index(drop=True) for name in frame["panel"].unique())
    assert len(others) == 2
    for other in others:
        # Additive levels may be below nought, so that their bands are not of logarithms.
        bands = ["ci_low", "ci_high"] if model == "additive" and other["panel"][0] == "within cities" else []
        left_out = ["panel", *bands]
        pd.testing.assert_frame_equal(other.drop(columns=left_out), one.drop(columns=left_out), rtol=1e-7)


def entering(high: float = 3.0) -> Counts:
    """40 cities; half of them use the word three times as often, and report from 2019 only. No city changes."""
    rng = np.random.default_rng(7)
    city, year = (part.ravel() for part in np.meshgrid(np.arange(40), 2015 + np.arange(8), indexing="ij"))
    here = (city < 20) | (year >= 2019)
    city, year = city[here], year[here]
    mean = np.where(city < 20, 20, 20 * high) * rng.gamma(9, 1 / 9, len(city))
    return made(
        rng.poisson(mean)[:, None], ["词"], city=[f"城{at:02}" for at in city], year=year, n_tokens=10_000
    )


@pytest.mark.parametrize("model", ["additive", "proportional"])
def test_cities_that_enter_make_a_trend_in_all_and_none_within(model):
    frame = trend(entering(), "词", model=model)
    every, within = of(frame, "all"), of(frame, "within cities")
    assert every.loc[2022, "ci_low"] > every.loc[2015, "ci_high"]
    assert within.loc[2022, "ci_low"] < within.loc[2015, "rate"] < within.loc[2022, "ci_high"]
    assert abs(within.loc[2022, "rate"] / within.loc[2015, "rate"] - 1) < 0.15
    change = frame.attrs["change"]["词"]
    assert (change["first"], change["last"]) == (2015, 2022)
    assert change["composition"] > 0.8 * change["all"] > 0
    assert change["composition"] == pytest.approx(change["all"] - change["within cities"])


def test_a_change_of_all_cities_is_seen_within():
    counts = entering(high=1)
    rose = made(
        counts.values.toarray() * np.where(counts.rows["year"] >= 2019, 2, 1)[:, None],
        ["词"],
        **counts.rows.drop(columns="doc_id"),
    )
    within = of(trend(rose, "词"), "within cities")
    assert within.loc[2022, "ci_low"] > within.loc[2015, "ci_high"]


def test_a_word_nobody_used_has_level_nought():
    """Additive levels are off nought where cities that report early use the word less; proportional ones are not."""
    rng = np.random.default_rng(2)
    city, year = (part.ravel() for part in np.meshgrid(np.arange(40), np.arange(6), indexing="ij"))
    here = (city < 20) | (year >= 3)
    city, year = city[here], year[here]
    mean = np.where(year < 2, 0, np.where(city < 20, 10, 50))
    counts = made(
        rng.poisson(mean)[:, None],
        ["词"],
        city=[f"城{at:02}" for at in city],
        year=2015 + year,
        n_tokens=10_000,
    )
    frames = {
        model: of(trend(counts, "词", model=model), "within cities") for model in ("additive", "proportional")
    }
    assert abs(frames["additive"].loc[2015, "rate"]) > 5
    assert frames["proportional"].loc[2015, "rate"] == 0
    assert frames["proportional"].loc[2015, "reason"] == "no band: the 20 units do not vary"


def test_the_span_that_keeps_most_city_years():
    present = np.array([[1, 1, 1, 0], [0, 1, 1, 0], [0, 1, 1, 1], [0, 0, 1, 1]], dtype=bool)
    assert throughout(present) == (1, 2)  # 3 cities × 2 years
    counts = panel(30, 6, kept=0.75, seed=9)
    span = trend(counts, "词0").attrs["span"]
    table = pd.crosstab(counts.rows["city"], counts.rows["year"]) > 0
    kept = {
        (a, b): table.loc[:, a:b].all(axis=1).sum() * (b - a + 1)
        for a in range(2015, 2021)
        for b in range(a + 1, 2021)
    }
    assert span["city_years"] == max(kept.values()) == kept[span["first"], span["last"]]


def test_throughout_are_the_cities_of_a_given_span():
    counts = panel(30, 6, kept=0.85, seed=4)
    frame = trend(counts, "词0", years=(2016, 2019), panels=["all", "throughout"])
    assert sorted(frame["year"].unique()) == [2016, 2017, 2018, 2019]
    plain = rates(counts).query("2016 <= year <= 2019")
    always = plain.groupby("city").filter(lambda own: len(own) == 4)
    expected = always.groupby("year")["rate"].mean()
    assert of(frame, "throughout")["rate"].tolist() == pytest.approx(expected.tolist())
    assert frame.attrs["span"] == {
        "first": 2016,
        "last": 2019,
        "cities": always["city"].nunique(),
        "city_years": len(always),
    }


def test_composition_counts_cities():
    counts = made(
        [[5]] * 7,
        city=list("甲乙甲丙甲乙丙"),
        year=[2015, 2015, 2016, 2016, 2018, 2018, 2018],
        n_tokens=10_000,
    )
    told = pd.DataFrame(trend(counts, "词0", panels="all").attrs["composition"]).set_index("year")
    assert told.loc[2015].tolist() == [2, 0, 2, 0]
    assert told.loc[2016].tolist() == [2, 1, 1, 0]
    assert told.loc[2018].tolist() == [3, 0, 0, 3], "no year before it is in the corpus"


def test_few_units_are_said():
    frame = of(trend(panel(30, 3, seed=6).where(np.arange(90) % 3 != 1), "词0", panels="all"), "all")
    assert frame["reason"].isna().all()
    counts = panel(5, 3, seed=6)
    few = of(trend(counts.where((counts.rows["year"] > 2015) | (np.arange(15) < 5)), "词0"), "all")
    assert few.loc[2015, "reason"] == "no band: 2 units" and np.isnan(few.loc[2015, "ci_low"])
    assert few.loc[2016, "reason"] == "band of 5 units" and few.loc[2016, "ci_low"] > 0


def test_years_that_no_city_joins():
    city = [*"甲乙丙丁", *"甲乙丙丁", *"戊己庚", *"辛甲"]
    year = [2015] * 4 + [2016] * 4 + [2018] * 3 + [2019] * 2
    counts = made(np.arange(3, 16)[:, None], city=city, year=year, n_tokens=10_000)
    frame = of(trend(counts, "词0"), "within cities")
    assert np.isnan(frame.loc[2018, "rate"])
    assert frame.loc[2018, "reason"] == "no rate: no city joins this year to the others"
    assert np.isnan(frame.loc[2019, "ci_low"])
    cities, years = joined(pd.crosstab(pd.factorize(pd.Series(city))[0], year).to_numpy() > 0)
    assert years.tolist() == [0, 1, 3] and len(cities) == 5


def test_a_year_that_hangs_on_one_city_has_no_band():
    city = [*"甲乙丙丁戊", *"甲乙丙丁戊", *"甲己庚辛"]
    year = [2015] * 5 + [2016] * 5 + [2017] * 4
    counts = made(np.arange(5, 19)[:, None], city=city, year=year, n_tokens=10_000)
    frame = of(trend(counts, "词0"), "within cities")
    assert frame.loc[2017, "rate"] > 0 and np.isnan(frame.loc[2017, "ci_low"])
    assert frame.loc[2017, "reason"] == "no band: a single city joins this year to the others"


def test_terms_counted_together_and_per_character():
    counts = panel(10, 3, terms=3, seed=8)
    rows = counts.rows.assign(n_chars=counts.rows["n_tokens"] * 2)
    counts = Counts(counts.values, rows, counts.terms)
    frame = trend(counts, {"合": ["词0", "词1"]}, panels="all")
    single = trend(counts, ["词0", "词1"], panels="all").pivot(index="year", columns="term", values="rate")
    assert frame["rate"].tolist() == pytest.approx((single["词0"] + single["词1"]).tolist())
    assert trend(counts, {"合": ["词0", "词1"]}, panels="all", per="n_chars")[
        "rate"
    ].tolist() == pytest.approx((frame["rate"] / 2).tolist())
    with pytest.warns(UserWarning, match="Of '合' 1 of 2 terms do not occur: 无"):
        trend(counts, {"合": ["词0", "无"]}, panels="all")


def test_order_names_and_empty_documents_change_nothing():
    counts = panel(15, 5, kept=0.7, seed=10)
    order = np.random.default_rng(0).permutation(len(counts.rows))
    names = {
        name: f"市{hash_:02}"
        for name, hash_ in zip(sorted(set(counts.rows["city"])), range(99, 0, -1), strict=False)
    }
    rows = counts.rows.assign(city=counts.rows["city"].map(names)).iloc[order].reset_index(drop=True)
    other = Counts(counts.values[order], rows, counts.terms)
    one, two = trend(counts, ["词0", "词1"]), trend(other, ["词0", "词1"])
    pd.testing.assert_frame_equal(one, two)
    assert one.attrs == two.attrs
    empty = made(
        np.vstack([counts.values.toarray(), np.zeros((1, 2), int)]),
        city=[*counts.rows["city"], "空"],
        year=[*counts.rows["year"], 2031],
        n_tokens=[*counts.rows["n_tokens"], 0],
    )
    with pytest.warns(UserWarning, match="1 of .* documents have no words"):
        pd.testing.assert_frame_equal(trend(empty, ["词0", "词1"]), one)


def test_rows_without_cities():
    counts = panel(10, 3)
    bare = Counts(counts.values, counts.rows.drop(columns="city"), counts.terms)
    with pytest.warns(UserWarning, match="no column 'city': only the panel 'all'"):
        frame = trend(bare, "词0")
    assert set(frame["panel"]) == {"all"} and frame["units"].tolist() == [10, 10, 10]


def test_bad_input_is_answered_with_a_sentence():
    counts = panel(6, 3)
    with pytest.raises(ValueError, match="'词' is no term of these counts; nearest: 词"):
        trend(counts, "词")
    with pytest.raises(ValueError, match="no terms to look for"):
        trend(counts, [])
    with pytest.raises(ValueError, match="All 6 documents are of year 2015: a trend needs two"):
        trend(counts.where(counts.rows["year"] == 2015), "词0")
    with pytest.raises(ValueError, match="No document has words and a year from 1990 to 1995"):
        trend(counts, "词0", years=(1990, 1995))
    with pytest.raises(ValueError, match="no column 'month'; they have doc_id"):
        trend(counts, "词0", by="month")
    with pytest.raises(ValueError, match="'city' has to hold whole numbers, such as years; it holds '城00'"):
        trend(counts, "词0", by="city")
    with pytest.raises(ValueError, match="panels=.* is unknown; choose from all, throughout, within cities"):
        trend(counts, "词0", panels="some")
    with pytest.raises(ValueError, match="unit='province' is unknown|unit=\\['province'\\] is unknown"):
        trend(counts, "词0", unit="province")
    with pytest.raises(ValueError, match="no column 'n_chars'"):
        trend(counts, "词0", per="n_chars")
    with pytest.raises(ValueError, match="not weights"):
        trend(counts.rates(), "词0")
    none = Counts(counts.values, counts.rows.assign(year=pd.NA), counts.terms)
    with (
        pytest.warns(UserWarning, match="18 of 18 documents have no year"),
        pytest.raises(ValueError, match="No document has words and a year"),
    ):
        trend(none, "词0")


def test_counts_without_terms_and_a_level_that_is_none_are_answered():
    counts = panel(6, 3)
    with pytest.raises(ValueError, match="The counts have no term, perhaps all trimmed away"):
        trend(counts.select([]), "词0")
    with pytest.raises(ValueError, match="level=95 is no share; give a number between 0 and 1"):
        trend(counts, "词0", level=95)


def test_documents_without_a_year_are_left_aside():
    counts = panel(6, 3)
    rows = counts.rows.assign(year=counts.rows["year"].astype("Int64").where(np.arange(18) != 4))
    with pytest.warns(UserWarning, match="1 of 18 documents have no year, first 'd004'; they are left aside"):
        frame = trend(Counts(counts.values, rows, counts.terms), "词0", panels="all")
    assert frame["docs"].sum() == 17


def test_a_span_that_no_city_fills_is_said():
    counts = made([[5]] * 4, city=list("甲乙丙丁"), year=[2015, 2015, 2016, 2016], n_tokens=10_000)
    with pytest.warns(UserWarning, match="No city has documents in every year from 2015 to 2016"):
        frame = trend(counts, "词0", panels=["all", "throughout"])
    assert set(frame["panel"]) == {"all"}
