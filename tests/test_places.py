"""The place table, and what a city's name resolves to."""

from __future__ import annotations

import json
import re
import runpy
import warnings
from pathlib import Path

import pandas as pd
import pytest

from analysis.lexicon import read_table
from analysis.places import add_places, ambiguity, place_table, resolve_city

ROOT = Path(__file__).resolve().parent.parent
CASES = json.loads((ROOT / "tests" / "cases" / "places.json").read_text(encoding="utf-8"))
REFERENCE = ROOT.parent / "shared" / "reference" / "admin"


@pytest.mark.parametrize("case", CASES["resolve"], ids=lambda case: case["name"])
@pytest.mark.filterwarnings("ignore")
def test_names_resolve_as_the_cases_say(case: dict) -> None:
    place = resolve_city(case["name"], case.get("year"))
    assert (place.name if place else None) == case["place"]


def test_every_unit_is_there_once() -> None:
    table = place_table()
    assert table["code"].is_unique and table["name"].is_unique
    assert table["code"].str.fullmatch(r"\d{6}").all()
    living = table[table["valid_to"].isna() & ~table["level"].str.startswith("county")]
    assert (living["level"] == "municipality").sum() == 4
    assert len(living) == 4 + 333


def test_the_coast_is_part_of_the_table():
    table = place_table()
    assert set(table.loc[table["coastal"], "name"]) == set(read_table("coastal_cities.csv")["name"])
    assert not table.set_index("name").loc["兰州市", "coastal"]


def test_every_full_name_resolves_to_its_own_row() -> None:
    table = place_table()
    found = [resolve_city(name) for name in table["name"]]
    assert [place.code if place else None for place in found] == table["code"].tolist()


def test_the_provinces_fill_the_four_regions() -> None:
    counts = place_table().groupby("region")["province"].nunique().to_dict()
    assert counts == {"central": 6, "east": 10, "northeast": 3, "west": 12}


def test_points_lie_in_china_and_near_the_others_of_their_province() -> None:
    table = place_table().dropna(subset=["longitude"])
    assert table["longitude"].between(73, 136).all() and table["latitude"].between(8, 54).all()
    middle = table.groupby("province")[["longitude", "latitude"]].transform("median")
    away = (table[["longitude", "latitude"]] - middle).abs().max(axis=1)
    # 三沙市 lies far out at sea; the large provinces of the west and north reach twelve degrees.
    assert away[(away > 12)].empty
    east = table[(table["region"] == "east") & (table["name"] != "三沙市")]
    assert away[east.index].max() < 4.5


def test_baidu_points_are_turned_into_wgs84() -> None:
    """People's Square in Shanghai, whose point is published in all three systems."""
    build = runpy.run_path(str(ROOT / "data" / "build" / "places.py"))
    lon, lat = build["to_wgs84"](121.48053886017651, 31.235929042252014)
    assert (lon, lat) == pytest.approx((121.4694, 31.2322), abs=0.001)
    back = build["shifted"](lon, lat)
    assert back == pytest.approx(build["from_baidu"](121.48053886017651, 31.235929042252014), abs=1e-7)


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference tables are not beside this clone")
def test_the_shipped_table_is_what_the_script_makes(tmp_path: Path) -> None:
    build = runpy.run_path(str(ROOT / "data" / "build" / "places.py"))
    build["main"](REFERENCE, tmp_path / "places.csv")
    assert (tmp_path / "places.csv").read_bytes() == (ROOT / "data" / "places.csv").read_bytes()


def test_hand_entries_say_why() -> None:
    hand = pd.read_csv(ROOT / "data" / "build" / "places_by_hand.csv", dtype=str)
    assert hand["source"].notna().all()
    assert not hand.duplicated(["code", "column", "value"]).any()


def test_former_names_are_names_with_years() -> None:
    for cell in place_table()["former_names"].dropna():
        for entry in cell.split(";"):
            assert re.fullmatch(r"\w+:(\d{4})?-\d{4}", entry), entry


def test_the_cities_of_the_reports_resolve() -> None:
    assert len(CASES["report_cities"]) == 321
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = [resolve_city(name) for name in CASES["report_cities"]]
    assert [place.name if place else None for place in found] == CASES["report_cities"]
    assert all(place and place.longitude for place in found)


def test_the_folders_of_the_real_reports_resolve(corpus: Path) -> None:
    folders = {path.name for path in (corpus / "lawtext-gov").glob("*/*") if path.is_dir()}
    assert folders == set(CASES["report_cities"])


def documents() -> pd.DataFrame:
    cities = ["盐城", "霁川市", pd.NA, "莱芜市"]
    return pd.DataFrame(
        {"doc_id": list("abcd"), "city": cities, "year": pd.array([2020, 2020, None, 2014], "Int64")}
    )


def test_add_places_fills_and_keeps_every_row() -> None:
    before = documents()
    with pytest.warns(UserWarning, match=r"could not be placed: 1 \(1 names\), first 霁川市") as told:
        after = add_places(before)
    assert len(told) == 1
    assert after["doc_id"].tolist() == list("abcd")
    assert after["city"].iloc[[0, 1, 3]].tolist() == ["盐城市", "霁川市", "莱芜市"]
    assert after["city"].iat[2] is pd.NA
    assert after["adcode"].iat[0] == "320900" and after["region"].iat[3] == "east"
    assert after.loc[1:2, ["adcode", "province", "region"]].map(lambda value: value is pd.NA).all(axis=None)
    pd.testing.assert_frame_equal(before, documents())


@pytest.mark.filterwarnings("ignore")
def test_add_places_keeps_what_a_manifest_gave_for_an_unknown_city() -> None:
    given = documents().assign(province=["x", "霁川省", "y", "z"])
    assert add_places(given)["province"].tolist() == ["江苏省", "霁川省", "y", "山东省"]


@pytest.mark.filterwarnings("ignore")
def test_adding_places_twice_changes_nothing() -> None:
    once = add_places(documents())
    pd.testing.assert_frame_equal(add_places(once), once)


def test_add_places_takes_an_index_with_repeats() -> None:
    frame = documents().iloc[[0, 3]].set_axis([7, 7])
    assert add_places(frame)["adcode"].tolist() == ["320900", "371200"]


def test_add_places_without_a_city_column_says_what_to_do() -> None:
    with pytest.raises(ValueError, match="needs the column city; the frame has text. Add it"):
        add_places(pd.DataFrame({"text": ["霁川"]}))


def test_add_places_reads_years_as_they_are_written() -> None:
    frame = documents().assign(year=["2012年", "二〇一三年", 2014.0, pd.NA])
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Years")
        warnings.filterwarnings("ignore", message="Documents")
        expected = add_places(frame.assign(year=[2012, 2013, 2014, pd.NA]))
        pd.testing.assert_frame_equal(add_places(frame).drop(columns="year"), expected.drop(columns="year"))
    assert resolve_city("盐城", "2012年") == resolve_city("盐城", pd.NA) == resolve_city("盐城", 2012)


def test_add_places_says_which_year_it_cannot_read() -> None:
    frame = documents().iloc[[0, 3]].assign(year=["去年", 2012])
    with pytest.warns(UserWarning, match="can't be read: 1, first '去年'"):
        assert add_places(frame)["adcode"].tolist() == ["320900", "371200"]


def test_an_ambiguous_name_is_said_to_be_one() -> None:
    with pytest.warns(UserWarning, match="吉林 may be 吉林市 or the province 吉林省"):
        assert resolve_city("吉林") is None
    assert ambiguity("吉林市") is None
