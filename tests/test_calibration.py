"""What was measured of keyness on the real reports: it is what is asked for, and the page says it as it was measured."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pandas as pd
import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


def measured(part: str) -> pd.DataFrame:
    return pd.read_csv(BENCHMARKS / "calibration" / f"{part}.csv")


@pytest.fixture(scope="module")
def tables():
    spec = importlib.util.spec_from_file_location("calibration_tables", BENCHMARKS / "calibration_tables.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_has_the_figures_that_were_measured(tables):
    page = tables.PAGE.read_text("utf-8")
    assert set(re.findall(r"<!-- /([\w-]+) -->", page)) == set(tables.TABLES)
    for name, table in tables.TABLES.items():
        assert tables.filled(page, name, table()) == page, name
    assert "@@" not in page


def test_the_default_calls_at_most_one_word_by_chance():
    found = measured("placebo")
    default = found[(found["test"] == "permuted_t") & (found["min_units"] == 0.05)]
    assert sorted(default.groupby("unit")["size"].apply(len)) == [5, 5] and (default["draws"] >= 40).all()
    assert (default["mean"] <= 1).all()


def test_intervals_of_twenty_units_and_more_cover_what_they_promise():
    found = measured("coverage")
    enough = found[found["size"] >= 20]
    assert len(enough) == 16
    assert enough[["few", "many"]].stack().between(0.93, 0.97).all()


def test_false_shares_are_five_per_cent_at_most_but_for_chance():
    found = measured("power")
    default = found[(found["test"] == "permuted_t") & (found["min_units"] == 0.05)]
    assert len(default) == 20
    assert (default["false"] <= 0.05 + 2 * default["se"]).all()
    assert default["false"].mean() <= 0.05


def test_the_departures_are_for_the_better():
    found = measured("departures").set_index(["study", "who"])
    share, bias = found["share of the difference"], found["mean bias"]
    assert share["indicator", "plain"] < 0.8 < share["indicator", "shipped"]
    assert bias["years", "shipped"] < bias["years", "plain"] / 2
    cities = found.loc["cities"].set_index("units", append=True)
    assert (cities.loc["shipped", "p < 0.001"] > cities.loc["plain", "p < 0.001"]).all()
    intervals = found.loc["intervals"]
    assert intervals.loc["shipped", "coverage"].between(0.93, 0.97).all()
    assert (intervals.loc["plain", "coverage"] < 0.93).any()
