"""The share of promises met: reports or cities as units, against scipy and answers by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text
from scipy import stats

from analysis import plot_promises_met, promises_met


def made(*reports: tuple[str, str, list]) -> pd.DataFrame:
    """Promises of reports given as (city, doc_id, what became of each)."""
    rows = [(city, doc, met) for city, doc, outcomes in reports for met in outcomes]
    frame = pd.DataFrame(rows, columns=["city", "doc_id", "met"]).astype({"met": "boolean"})
    return frame.assign(year=frame["doc_id"].str[-4:].astype(int), all="all")


@pytest.fixture
def three() -> pd.DataFrame:
    """甲市 kept half in each of four reports, 乙市 all in one, 丙市 none in one; one promise without a result."""
    reports = [("甲市", f"甲-201{year}", [True, False]) for year in range(4)]
    return made(*reports, ("乙市", "乙-2010", [True, True, True]), ("丙市", "丙-2010", [False, None]))


def test_by_year_the_units_are_reports(three):
    found = promises_met(three, "year").set_index("year")
    first = found.loc[2010]
    low, high = stats.t.interval(0.95, 2, loc=0.5, scale=stats.sem([0.5, 1, 0]))
    assert first["met"] == pytest.approx(0.5) and (first["ci_low"], first["ci_high"]) == (0, 1)
    assert low < 0 and high > 1  # the ends are cut off there
    assert first[["promises", "matched", "reports", "units"]].tolist() == [7, 6, 3, 3]
    assert first["reason"] == "interval of 3 units"
    assert promises_met(three).attrs == {"column": "year", "level": 0.95, "unit": "report"}


def test_a_group_of_whole_cities_has_cities_as_units(three):
    found = promises_met(three, "all")
    row = found.iloc[0]
    assert found.attrs["unit"] == "city" and row[["reports", "units"]].tolist() == [6, 3]
    assert row["met"] == pytest.approx(np.average([0.5, 1, 0], weights=[1 / (0.2 + 0.8 / 4), 1, 1]))
    assert promises_met(three, "city").attrs["unit"] == "report"
    alone = promises_met(three.drop(columns="city"), "all")
    assert alone.attrs["unit"] == "report" and alone.loc[0, "met"] == pytest.approx((4 * 0.5 + 1) / 6)


def test_cities_with_as_many_reports_have_scipys_interval():
    draw = np.random.default_rng(2)
    kept = draw.random((12, 3, 5)) < draw.random(12)[:, None, None]
    frame = made(*((f"市{c}", f"市{c}-201{r}", kept[c, r].tolist()) for c in range(12) for r in range(3)))
    row = promises_met(frame, "all", level=0.9).iloc[0]
    means = kept.mean(axis=(1, 2))
    low, high = stats.t.interval(0.9, 11, loc=means.mean(), scale=stats.sem(means))
    assert (row["met"], row["ci_low"], row["ci_high"]) == pytest.approx((means.mean(), low, high))


@pytest.mark.parametrize(("met", "word"), [(True, "all"), (False, "none")])
def test_where_all_is_met_or_nothing_the_interval_is_wilsons(met, word):
    frame = made(*((f"市{at}", f"市{at}-2015", [met, met]) for at in range(8)))
    for column in ("year", "all"):
        row = promises_met(frame, column).iloc[0]
        z2 = stats.norm.ppf(0.975) ** 2
        beyond = z2 / (8 + z2)  # Wilson's interval of none of 8 goes from 0 to z²/(n + z²)
        ends = (1 - beyond, 1) if met else (0, beyond)
        assert (row["met"], row["ci_low"], row["ci_high"]) == pytest.approx((float(met), *ends))
        assert row["reason"] == f"Wilson's interval: all 8 units met {word}"
    assert promises_met(frame.iloc[:4], "year")["reason"].tolist() == ["no interval: 2 units"]
    two_cities = made(*(("甲市", f"甲-201{at}", [met]) for at in range(3)), ("乙市", "乙-2010", [met]))
    assert promises_met(two_cities, "all")["reason"].tolist() == ["no interval: 2 units"]


def test_promises_without_a_group_are_left_aside_aloud(three):
    three["region"] = three["city"].map({"甲市": "east", "乙市": "east"})
    with pytest.warns(UserWarning, match="2 of 13 promises have no region, first in '丙-2010'"):
        found = promises_met(three, "region")
    assert found["region"].tolist() == ["east"] and found["promises"].tolist() == [11]


def test_a_group_without_results_has_no_share(three):
    three["met"] = three["met"].mask(three["year"] == 2013)
    row = promises_met(three, "year").set_index("year").loc[2013]
    assert np.isnan(row["met"]) and row["reason"] == "no promise could be matched" and row["units"] == 0


def test_order_and_names_change_nothing(three):
    mixed = three.sample(frac=1, random_state=1).replace({"city": {"甲市": "戊市"}})
    for column in ("year", "all"):
        pd.testing.assert_frame_equal(promises_met(mixed, column), promises_met(three, column), rtol=1e-12)


def test_the_picture_says_its_units(three):
    for column, said in (("year", "Mean over reports"), ("all", "Mean over cities")):
        axes = plot_promises_met(promises_met(three, column))
        words = " ".join(text.get_text() for text in axes.figure.findobj(Text))
        assert said in words and f"Open: fewer than 20 {said.split()[-1]}" in words


def test_reports_of_a_city_move_together_as_in_statsmodels():
    import numpy as np
    import statsmodels.api as sm

    draws = np.random.default_rng(4)
    city = np.repeat([f"c{n}" for n in range(25)], draws.integers(1, 12, 25))
    leaning = dict(zip(sorted(set(city)), draws.uniform(0.2, 0.9, 25), strict=True))
    met = pd.array([bool(draws.random() < leaning[name]) for name in city], dtype="boolean")
    made = pd.DataFrame(
        {"doc_id": [f"d{n}" for n in range(len(city))], "city": city, "met": met, "kind": "growth"}
    )
    made.loc[len(made)] = ["last", "c0", pd.NA, "jobs"]  # so that a city has promises of two kinds
    found = promises_met(made, "kind").set_index("kind").loc["growth"]
    shares = met.astype(float)
    fitted = sm.OLS(shares, np.ones(len(shares))).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(city)[0]}, use_t=True
    )
    low, high = fitted.conf_int()[0]
    assert found[["met", "ci_low", "ci_high"]].tolist() == pytest.approx([fitted.params[0], low, high])
