"""Diffusion: Turnbull's estimate against published values, intervals by hand, planted adoptions, laws."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from scipy.stats import spearmanr
from small_counts import made

from analysis import Counts, diffusion, open_corpus
from analysis.spreading.precedence import _correlation, kilometres
from analysis.spreading.turnbull import scores, turnbull

INF = float("inf")
# Months to cosmetic deterioration of the breast after radiotherapy alone, 46 patients; Finkelstein & Wolfe (1985).
SEEN = "0-5 0-7 0-8 4-11 5-11 5-12 6-10 7-14 7-16 11-15 11-18 17-25 17-25 18-26 19-35 25-37 26-40 27-34 36-44 36-48 37-44"
NOT_YET = [15, 17, 18, 22, 24, 24, 32, 33, 34, 36, 36, 37, 37, 37, 38, 40, 45, *[46] * 8]
# Turnbull's estimate of them, as the R package `interval` gives it (Fay & Shaw 2010, Journal of Statistical Software 36).
PUBLISHED = {
    (4, 5): 0.0463,
    (6, 7): 0.0334,
    (7, 8): 0.0887,
    (11, 12): 0.0708,
    (24, 25): 0.0926,
    (33, 34): 0.0818,
    (38, 40): 0.1209,
    (46, 48): 0.4656,
}


def patients() -> tuple[np.ndarray, np.ndarray]:
    pairs = [tuple(map(float, pair.split("-"))) for pair in SEEN.split()] + [(last, INF) for last in NOT_YET]
    after, by = np.array(pairs).T
    return after, by


def observed(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Years of adoption, and what reports of chance years tell of them."""
    rng = np.random.default_rng(seed)
    when = rng.normal(2014, 4, n).round()
    looks = [np.sort(rng.choice(np.arange(2004, 2026), rng.integers(1, 12), replace=False)) for _ in range(n)]
    after = [max(look[look < year], default=-INF) for look, year in zip(looks, when, strict=True)]
    by = [min(look[look >= year], default=INF) for look, year in zip(looks, when, strict=True)]
    return np.array(after, float), np.array(by, float), when


def test_turnbull_as_published():
    found = turnbull(*patients())
    told = zip(found.starts[0], found.ends, found.mass[0], strict=True)
    masses = {(int(start), int(end)): round(mass, 4) for start, end, mass in told if mass > 1e-6}
    assert masses == PUBLISHED


@pytest.mark.parametrize("seed", range(4))
def test_turnbull_against_a_maximiser(seed):
    """No placing of mass on years of its own, found by another way, is likelier."""
    after, by, _ = observed(40, seed)
    years = np.append(np.arange(2004, 2026), INF)
    holds = (after[:, None] < years) & (years <= by[:, None])

    def minus(logits: np.ndarray) -> float:
        mass = np.exp(logits - logits.max())
        return -np.log(holds @ (mass / mass.sum())).sum()

    theirs = minimize(
        minus, np.zeros(len(years)), method="L-BFGS-B", options={"maxfun": 60_000, "maxiter": 2_000}
    )
    found = turnbull(after, by)
    mine = np.log(
        (((after[:, None] < found.ends) & (found.ends <= by[:, None])) * found.mass[0]).sum(axis=1)
    ).sum()
    assert mine == pytest.approx(-theirs.fun, abs=0.05) and mine >= -theirs.fun - 1e-5
    assert found.mass.sum() == pytest.approx(1)


def test_where_every_year_is_seen_it_is_the_plain_share():
    when = np.array([2001, 2001, 2003, 2004, INF, INF])
    after = np.array([2000, 2000, 2002, 2003, 2005, 2005.0])
    least, most = turnbull(after, when).shares(np.arange(2000, 2006))
    assert least[0] == pytest.approx([0, 2 / 6, 2 / 6, 3 / 6, 4 / 6, 4 / 6])
    assert most[0] == pytest.approx(least[0])


def test_the_example_of_the_page_by_hand():
    """The product (a + b)·a·b·c is greatest at a = b = 3/8, c = 1/4."""
    after, by = np.array([2013, -INF, 2014, 2016]), np.array([2016, 2014, 2015, INF])
    least, most = turnbull(after, by).shares(np.arange(2013, 2018))
    assert least[0] == pytest.approx([0, 3 / 8, 6 / 8, 6 / 8, 6 / 8], abs=1e-6)
    assert most[0] == pytest.approx([0, 3 / 8, 6 / 8, 6 / 8, 1], abs=1e-6)


def test_mass_inside_an_interval_has_two_ends():
    least, most = turnbull(np.array([2000.0, 2000.0]), np.array([2004.0, INF])).shares(np.arange(2000, 2006))
    assert least[0] == pytest.approx([0, 0, 0, 0, 1, 1])
    assert most[0] == pytest.approx([0, 1, 1, 1, 1, 1])


def test_resamples_at_once_are_those_one_by_one():
    after, by, _ = observed(30, 9)
    weights = np.random.default_rng(0).multinomial(30, np.full(30, 1 / 30), size=20)
    together = turnbull(after, by, weights).shares(np.arange(2000, 2030))
    for at, own in enumerate(weights):
        alone = turnbull(np.repeat(after, own), np.repeat(by, own)).shares(np.arange(2000, 2030))
        for mine, other in zip(together, alone, strict=True):
            assert mine[at] == pytest.approx(other[0], abs=0.02)


def test_scores_are_ranks_where_all_is_seen():
    when = np.array([2003.0, 2001, 2005, 2002, 2004])
    assert scores(when - 1, when) == pytest.approx((np.array([3, 1, 5, 2, 4]) - 0.5) / 5)
    after, by, _ = observed(400, 3)
    assert scores(after, by).mean() == pytest.approx(0.5, abs=1e-3)


# ---- documents to intervals


def reports(lines: str, **columns) -> Counts:
    """A row a line: city, year or "?", whether the term is used, and Han characters."""
    cells = [line.split() for line in lines.strip().splitlines()]
    frame = pd.DataFrame(cells, columns=["city", "year", "uses", "n_chars"][: len(cells[0])])
    year = pd.to_numeric(frame["year"].where(frame["year"] != "?")).astype("Int64")
    length = frame["n_chars"].astype(int) if "n_chars" in frame else 1000
    values = np.column_stack([frame["uses"].astype(int), np.full(len(frame), 50)])
    return made(values, ["词", "的"], city=frame["city"], year=year, n_chars=length, n_tokens=1000, **columns)


HAND = """
甲市 2010 0
甲市 2013 0
甲市 2016 1
甲市 2018 0
乙市 2014 2
乙市 2016 0
丙市 2011 0
丙市 2015 0
丁市 2012 0
丁市 ? 1
戊市 ? 1
己市 2015 0
己市 2015 1
"""


def test_intervals_by_hand():
    frame = diffusion(reports(HAND), "词", draws=20).adoptions.set_index("city")
    told = {city: (row["after"], row["by"], row["status"], row["undated"]) for city, row in frame.iterrows()}
    none = pd.NA
    assert told["甲市"] == (2013, 2016, "dated", 0)  # 2018 without it changes nothing
    assert told["乙市"][1:] == (2014, "in its first report", 0) and told["乙市"][0] is none
    assert told["丙市"][0] == 2015 and told["丙市"][1] is none and told["丙市"][2] == "not so far"
    assert told["丁市"][0] == 2012 and told["丁市"][2:] == ("not so far", 1)
    assert told["戊市"][2:] == ("year unknown", 1)
    assert told["己市"][1:3] == (2015, "in its first report")  # one of the year's two documents is enough


def test_a_fragment_without_it_says_nothing():
    lines = "甲市 2010 0 9000\n甲市 2012 0 900\n甲市 2014 1 9000\n乙市 2010 0 900\n丙市 2012 1 900\n丁市 2013 0 9000"
    frame = diffusion(reports(lines), "词", draws=20).adoptions.set_index("city")
    assert frame.loc["甲市", "after"] == 2010
    assert frame.loc["乙市", "status"] == "no whole report"
    assert frame.loc["丙市", "by"] == 2012  # with it, it says as much as a whole one
    shorter = diffusion(reports(lines), "词", draws=20, min_length=500).adoptions.set_index("city")
    assert shorter.loc["甲市", "after"] == 2012
    marked = reports(lines, fragment=[False, False, False, False, False, True])
    assert (
        diffusion(marked, "词", draws=20).adoptions.set_index("city").loc["丁市", "status"]
        == "no whole report"
    )


def test_use_of_a_year_is_not_adoption():
    curve = diffusion(reports(HAND), "词", draws=20).curve.set_index("year")
    assert curve.loc[2016, ["reporting", "using"]].tolist() == [2, 1]
    low, high = 0.0945, 0.9055  # Wilson's interval of 1 of 2
    assert curve.loc[2016, ["use", "use_low", "use_high"]].tolist() == pytest.approx(
        [0.5, low, high], abs=1e-4
    )
    assert curve.loc[2017, "reporting"] == 0 and np.isnan(curve.loc[2017, "use"])
    assert curve["share"].is_monotonic_increasing


def test_years_that_are_not_shown_are_not_forgotten():
    """甲 used it in 2010, and 乙 was without it then: the curve from 2014 on knows both."""
    lines = "甲市 2010 1\n甲市 2016 0\n乙市 2010 0\n乙市 2016 1\n丙市 2012 0\n丙市 2017 0"
    whole, cut = (diffusion(reports(lines), "词", draws=20, years=years) for years in (None, (2014, 2016)))
    same(whole.adoptions, cut.adoptions)
    assert cut.adoptions.loc[cut.adoptions["city"] == "甲市", "by"].tolist() == [2010]
    assert cut.curve["year"].tolist() == [2014, 2015, 2016] and cut.about["years"] == (2014, 2016)
    same(whole.curve[whole.curve["year"].between(2014, 2016)].reset_index(drop=True), cut.curve)


def test_whether_it_is_used_again():
    lines = "甲市 2010 1\n甲市 2012 1\n甲市 2013 0\n乙市 2011 1\n乙市 2012 0\n丙市 2010 1\n丙市 2013 1\n丁市 2012 1"
    again = diffusion(reports(lines), "词", draws=20).about["again"]["词"]
    assert again == {"cities": 2, "share": 0.5}  # 甲 does, 乙 does not; 丙 reports too late, 丁 not at all


def test_the_state_council():
    centre = made([[0, 9], [1, 9], [0, 9]], ["词", "的"], city=None, year=[2012, 2014, 2016])
    frame = diffusion(reports(HAND), "词", draws=20, central=centre).central
    row = frame.iloc[0]
    assert (row["after"], row["by"]) == (2012, 2014)
    # 甲 and 丙 (2013, 2016], (2015, ...): 丙 is later, 甲 is open, as are 乙 and 己 (had it in their first), 丁 since 2012
    assert row[["before", "same", "later", "open", "unknown"]].tolist() == [0, 0, 1, 4, 1]


# ---- planted adoption


def planted(cities=120, seed=0, farther=True) -> tuple[Counts, np.ndarray]:
    """Cities along a road, reports of chance years; a term goes a hundred kilometres a year from the first."""
    rng = np.random.default_rng(seed)
    place = rng.permutation(cities)
    when = 2006 + (place // 10 if farther else rng.integers(0, 12, cities))
    city, year = (
        part.ravel() for part in np.meshgrid(np.arange(cities), np.arange(2004, 2022), indexing="ij")
    )
    here = rng.random(len(city)) < 0.4
    city, year = city[here], year[here]
    values = np.column_stack(
        [rng.poisson(3, len(city)) * (year >= when[city]) + (year >= when[city]), np.full(len(city), 60)]
    )
    rows = {
        "longitude": 100 + place[city] / 10.0,
        "latitude": 30.0,
        "region": np.where(place[city] < cities / 2, "near", "far"),
    }
    names = np.array([f"城{at:03}" for at in range(cities)])
    return made(values, ["词", "的"], city=names[city], year=year, **rows), when


def test_planted_adoptions_lie_in_their_intervals_and_bands():
    counts, when = planted()
    found = diffusion(counts, "词", draws=100)
    own = found.adoptions.set_index("city").reindex([f"城{at:03}" for at in range(120)])
    known = own["by"].notna().to_numpy()
    assert (own["by"].fillna(9999).to_numpy() >= when).all() and (
        own["after"].fillna(0).to_numpy() < when
    ).all()
    assert known.sum() > 80
    curve = found.curve.set_index("year")
    truth = pd.Series({year: (when <= year).mean() for year in curve.index})
    assert ((curve["ci_low"] <= truth) & (truth <= curve["ci_high"])).mean() > 0.85
    assert (curve["share"] - truth).abs().max() < 0.12


def test_the_near_are_earlier_than_the_far():
    found = diffusion(planted()[0], "词", draws=100)
    regions = found.order("region")
    assert regions["region"].tolist() == ["near", "far"] and regions.attrs["p"]["词"] < 0.001
    assert regions["median"].tolist() == pytest.approx([2008, 2014], abs=1)
    assert (regions["ci_low"] <= regions["median"]).all() and (regions["median"] <= regions["ci_high"]).all()
    distance = found.order("distance").iloc[0]
    assert distance["rho"] > 0.8 and distance["p"] < 0.001 and distance["since"] == 2006
    chance = diffusion(planted(farther=False)[0], "词", draws=100)
    assert chance.order("distance", origin="城000").iloc[0]["p"] > 0.01
    assert chance.order("region").attrs["p"]["词"] > 0.01


def test_the_interval_of_a_median_has_all_years_that_it_may_be():
    """Whoever was without it in 2010 and had it in 2016 may have taken it up in 2011; resamples cannot say more."""
    lines = "\n".join(f"城{at} 2010 0\n城{at} 2016 1" for at in range(12))
    row = diffusion(reports(lines, region="东"), "词", draws=50).order("region").iloc[0]
    assert row[["median_after", "median", "ci_low", "ci_high"]].tolist() == [2010, 2016, 2011, 2016]
    first = "\n".join(f"城{at} 2016 1" for at in range(12))
    row = diffusion(reports(first, region="东"), "词", draws=50).order("region").iloc[0]
    assert row["ci_low"] is pd.NA and row["ci_high"] == 2016 and "open below" in row["reason"]


def test_rank_correlation_against_scipy():
    counts, when = planted(cities=40)
    found = diffusion(counts, "词", draws=20).order("distance", origin="城000").iloc[0]
    own = diffusion(counts, "词", draws=20).adoptions.query("city != '城000'")
    start = counts.rows.query("city == '城000'")[["longitude", "latitude"]].to_numpy()[:1]
    after, by = (
        own[name].astype("Float64").to_numpy(float, na_value=end)
        for name, end in (("after", -INF), ("by", INF))
    )
    late = scores(after, by)
    far = kilometres(own[["longitude", "latitude"]].to_numpy(), start)[:, 0]
    assert found["rho"] == pytest.approx(spearmanr(far, late).statistic)


def test_a_province_that_acts_together_is_no_crowd_of_witnesses(monkeypatch):
    """Ten provinces along a road, each with a year of its own: cities shuffled singly would see travel in most worlds."""
    monkeypatch.setattr("analysis.spreading.precedence.SHUFFLES", 499)
    place = np.arange(150) / 10.0
    province = np.arange(150) // 15
    found = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        late = rng.normal(size=10)[province] + rng.normal(scale=0.5, size=150)
        found.append(_correlation(place, late, province, seed)[1] < 0.05)
    assert sum(found) <= 4
    travelled = place + np.random.default_rng(0).normal(scale=2, size=150)
    rho, p = _correlation(place, travelled, province, 0)
    assert rho == pytest.approx(spearmanr(place, travelled).statistic) and p < 0.01
    mixed = np.random.default_rng(3).permutation(150)
    assert _correlation(place[mixed], travelled[mixed], 9 - province[mixed], 0) == (rho, p)
    assert np.isnan(_correlation(place, travelled, province // 3, 0)[1])


def test_whoever_reports_seldom_is_not_late_with_a_term_that_comes_and_goes():
    """The same years of adoption and the same habit; half of the cities report three times as often."""
    found = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        city, year = (
            part.ravel() for part in np.meshgrid(np.arange(80), np.arange(2008, 2024), indexing="ij")
        )
        here = rng.random(len(city)) < np.where(city < 40, 0.9, 0.3)
        city, year = city[here], year[here]
        uses = (year >= 2012) & (rng.random(len(city)) < 0.3)
        counts = made(
            np.column_stack([uses, np.full(len(city), 50)]),
            ["词", "的"],
            city=[f"城{at:02}" for at in city],
            year=year,
            region=np.where(city < 40, "often", "seldom"),
        )
        found.append(diffusion(counts, "词", draws=5).order("region"))
    assert sum(each.attrs["p"]["词"] < 0.05 for each in found) <= 1
    assert all(each["reason"].str.contains("used again by .. % only").all() for each in found)
    stays = diffusion(planted()[0], "词", draws=5).order("region")
    assert stays["reason"].isna().all() and stays.attrs["p"]["词"] < 0.001


def test_why_there_is_no_correlation_is_said():
    place = {"longitude": [1, 1, 2, 2, 3, 3, 4], "latitude": 30.0}
    lines = "甲市 2010 0\n甲市 2012 1\n乙市 2010 0\n乙市 2013 1\n丙市 2010 0\n丙市 2014 1\n丁市 ? 1"
    found = diffusion(reports(lines, **place), "词", draws=5)
    few = found.order("distance")["reason"].iloc[0]
    assert few == "no correlation: 2 other cities with a place and a date"
    dateless = found.order("distance", origin="丁市")["reason"].iloc[0]
    assert dateless == "no correlation: 丁市 has no place or no date"


def test_an_estimate_that_did_not_arrive_is_said(monkeypatch):
    monkeypatch.setattr("analysis.spreading.turnbull.STEPS", 1)
    with pytest.warns(UserWarning, match="not exact after 1 steps in 1 of 1"):
        turnbull(*patients())


def test_known_distances():
    points = np.array([[0.0, 0.0], [90.0, 0.0], [0.0, 90.0], [180.0, 0.0]])
    quarter = 6371 * np.pi / 2
    assert kilometres(points[:1], points)[0] == pytest.approx([0, quarter, quarter, 2 * quarter])


# ---- laws


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one, other)


def test_the_order_of_documents_changes_nothing():
    counts, _ = planted(cities=40)
    order = np.random.default_rng(1).permutation(len(counts.rows))
    turned = Counts(counts.values[order], counts.rows.iloc[order].reset_index(drop=True), counts.terms)
    one, other = (diffusion(each, "词", draws=50) for each in (counts, turned))
    same(one.curve, other.curve)
    same(one.adoptions, other.adoptions)
    for column in ("region", "distance"):
        same(one.order(column), other.order(column))


def test_names_of_cities_change_nothing():
    counts, _ = planted(cities=40)
    renamed = counts.assign(city=counts.rows["city"].map(lambda name: f"{999 - int(name[1:]):03}镇"))
    one, other = (diffusion(each, "词", draws=50) for each in (counts, renamed))
    same(one.curve, other.curve)
    same(one.order("region"), other.order("region"))
    assert one.order("region").attrs == other.order("region").attrs
    same(one.order("distance").drop(columns="origin"), other.order("distance").drop(columns="origin"))


def test_terms_do_not_see_each_other():
    counts, _ = planted(cities=40)
    alone = diffusion(counts, "词", draws=50).curve
    both = diffusion(counts, {"一": ["词"], "二": ["词", "的"]}, draws=50)
    same(alone.drop(columns="term"), both.curve[both.curve["term"] == "一"].drop(columns="term"))
    assert both.curve["term"].unique().tolist() == ["一", "二"]


# ---- what was measured


def test_the_page_has_the_figures_that_were_measured():
    root = Path(__file__).parent.parent
    spec = importlib.util.spec_from_file_location(
        "coverage_of_adoption", root / "benchmarks" / "adoption_coverage.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page = (root / "docs" / "diffusion.md").read_text("utf-8")
    assert module.table() in page and "@@" not in page


# ---- the sample, and what cannot be done


def test_the_slogan_of_the_sample():
    documents = open_corpus("sample").documents
    uses = documents["text"].str.count("一企一灯")
    counts = made(
        np.column_stack([uses, documents["text"].str.len()]),
        ["一企一灯", "字"],
        **documents[["city", "year"]].to_dict("list"),
    )
    frame = diffusion(counts, "一企一灯", draws=50).adoptions.dropna(subset="by").sort_values("by")
    assert dict(zip(frame["city"], frame["by"], strict=True)) == {
        "朔原市": 2019,
        "槐浦市": 2020,
        "丹汐市": 2021,
        "砚湖市": 2022,
    }
    assert frame["after"].tolist()[1:] == [2019, 2020, 2021]


def test_what_cannot_be_done_is_said():
    counts = reports(HAND)
    with pytest.raises(ValueError, match="no column 'town'"):
        diffusion(counts, "词", unit="town")
    with pytest.raises(ValueError, match="is no term"):
        diffusion(counts, "字")
    with pytest.raises(ValueError, match="from 1990 to 1991"):
        diffusion(counts.where(counts.rows["year"].notna()), "词", years=(1990, 1991))
    with pytest.raises(ValueError, match="whole numbers"):
        diffusion(counts.assign(year="spring"), "词")
    found = diffusion(counts, "词", draws=20)
    with pytest.raises(ValueError, match="no column 'weather'"):
        found.order("weather")
    with pytest.raises(ValueError, match="No city has a province"):
        diffusion(counts.assign(province=pd.NA), "词", draws=20).order("province")
    with pytest.raises(ValueError, match="longitude and latitude"):
        found.order("distance")
    with pytest.warns(UserWarning, match="have no city"):
        diffusion(
            counts.assign(city=counts.rows["city"].where(counts.rows["city"] != "己市")), "词", draws=20
        )


def test_few_cities_are_said():
    curve = diffusion(reports("甲市 2010 0\n甲市 2012 1\n乙市 2010 0\n乙市 2013 1"), "词", draws=20).curve
    assert curve["ci_low"].isna().all() and curve["reason"].eq("no band: 2 cities with a date").all()
