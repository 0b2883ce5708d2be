"""The names of places as texts use them, and where they stand in a text: one pass, the longest name wins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from analysis.frames import check_frame
from analysis.lexicon import read_table
from analysis.places import city_names, place_table, province_names
from analysis.readers.fields import is_missing
from analysis.readers.manifests import read_manifest

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

MUNICIPALITIES = ("11", "12", "31", "50")
LAST = 0xFFFF  # characters beyond, which hardly a name has, are told apart only when the name is compared
PLACES = ("name", "short", "level", "city", "province", "region")
# What a name may bear before the place it belongs to is another: 朝阳 is a city and three districts.
_KIND = re.compile("(?:自治州|地区|市|盟|州|自治县|县|区|旗)$")
_COUNTY_KIND = re.compile(r"(?:(?:[一-龥]{1,3}族)*自治[县旗]|特区|[区县市旗])$")


@dataclass(frozen=True)
class Unit:
    """A place that a text may speak of: a province, a city (any unit of prefecture level) or a county."""

    name: str
    kind: str  # "province", "city", "county"
    city: str  # of a county: the city above it; of a city: itself; of a province: ""
    code: str | None
    province: str | None
    region: str | None


@dataclass(frozen=True)
class Reading:
    """One unit that a name may mean, with the first and last year it did (None: open)."""

    unit: Unit
    first: int | None = None
    last: int | None = None

    def holds(self, year: int | None) -> bool:
        return year is None or (self.first or 0) <= year <= (self.last or 9999)


@dataclass(frozen=True)
class Words:
    """What data/lexicon/place_words.csv says, a set a kind."""

    phrase: frozenset[str]
    word: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]
    appointment: frozenset[str]
    county: frozenset[str]


@lru_cache(maxsize=1)
def place_words() -> Words:
    table = read_table("lexicon", "place_words.csv")
    kinds = table.groupby("kind")["term"].agg(frozenset)
    return Words(**{kind: kinds[kind] for kind in Words.__dataclass_fields__})


class Gazetteer:
    """Names with their readings, ready to be found in texts."""

    def __init__(self, readings: dict[str, list[Reading]]) -> None:
        self.readings = readings
        self.cities = {
            r.unit.name: r.unit for found in readings.values() for r in found if r.unit.kind == "city"
        }
        for unit in [r.unit for found in readings.values() for r in found if r.unit.kind == "county"]:
            if unit.city not in self.cities:  # a caller's county may lie in a city that no table has
                self.cities[unit.city] = Unit(unit.city, "city", unit.city, None, unit.province, unit.region)
        self._by_head: dict[str, list[str]] = {}
        for name in sorted(readings, key=len, reverse=True):
            self._by_head.setdefault(name[:2], []).append(name)
        self._places = _Pairs(self._by_head)

    def found_in(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield (offset, name) of each name in the text; where names overlap, the first and then the longest."""
        end = 0
        for start in self._places.starts(text):
            if start < end:
                continue
            for name in self._by_head.get(text[start : start + 2], ()):
                if text.startswith(name, start):
                    end = start + len(name)
                    yield start, name
                    break

    def meant(self, name: str, year: int | None) -> list[Unit]:
        """The units a name may mean in a year; where none bore it then, all that ever did. A city goes before a county.

        海南 is a province and a prefecture, and both are given. A phrase that only holds a name means none.
        """
        readings = self.readings.get(name, [])
        units = [r.unit for r in readings if r.holds(year)] or [r.unit for r in readings]
        above = [unit for unit in units if unit.kind != "county"]
        return list(dict.fromkeys(above or units))


class _Pairs:
    """Where any of some pairs of characters stands in a text; a table of pairs, so that thousands of names cost no more."""

    def __init__(self, pairs: Iterable[str]) -> None:
        import numpy as np

        pairs = list(pairs)
        self._first, self._second = np.zeros(LAST + 1, np.uint16), np.zeros(LAST + 1, np.uint16)
        for at, numbers in enumerate((self._first, self._second)):
            for number, letter in enumerate(sorted({pair[at] for pair in pairs}), start=1):
                numbers[min(ord(letter), LAST)] = number
        self._known = np.zeros((self._first.max() + 1, self._second.max() + 1), bool)
        for pair in pairs:
            first, second = (min(ord(letter), LAST) for letter in pair)
            self._known[self._first[first], self._second[second]] = True

    def starts(self, text: str) -> list[int]:
        import numpy as np

        letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        letters = np.minimum(letters, LAST)
        known = self._known[self._first[letters[:-1]], self._second[letters[1:]]]
        return np.flatnonzero(known).tolist()


def gazetteer(places: str | Path | pd.DataFrame | None = None, claims: tuple[str, ...] = ()) -> Gazetteer:
    """The names of provinces, cities and counties of China, with the caller's own places.

    places: a csv file or frame with the columns name, short, level, city, province, region, and code where known; one
    row a city or county; a county has level "county" and the city above it as `city`. claims: names of cities that
    neither table knows.

    Raises ValueError where a column is missing or a county names no city.
    """
    own = () if places is None else _own_places(read_manifest(places, "table of places"))
    return _gazetteer(own, claims)


@lru_cache(maxsize=4)
def _gazetteer(own: tuple[tuple[str, Unit], ...], claims: tuple[str, ...]) -> Gazetteer:
    readings: dict[str, list[Reading]] = {}
    for name, reading in _shipped():
        readings.setdefault(name, []).append(reading)
    for name, unit in own:
        readings.setdefault(name, []).append(Reading(unit))
    for claim in claims:
        unit = Unit(claim, "city", claim, None, None, None)
        for name in {claim, _KIND.sub("", claim)}:
            if len(name) > 1:
                readings.setdefault(name, []).append(Reading(unit))
    # A phrase goes before a name that is written alike: 城区 is a district of one city, and a word in all others.
    return Gazetteer(readings | {phrase: [] for phrase in place_words().phrase})


@lru_cache(maxsize=1)
def _shipped() -> list[tuple[str, Reading]]:
    cities, rows = _city_units()
    named = [
        (name, Reading(cities[row], first, last))
        for name, readings in city_names().items()
        for row, first, last in readings
    ]
    by_code = {unit.code: unit for unit in cities}
    named += [(name, Reading(unit)) for name, unit in _county_units(by_code)]
    regions = {unit.province: unit.region for unit in cities}
    named += [
        (name, Reading(Unit(province, "province", "", None, province, regions[province])))
        for name, province in province_names().items()
        if province not in rows
    ]
    return named


def _city_units() -> tuple[list[Unit], set[str]]:
    table = place_table()
    columns = (table[column] for column in ("name", "code", "province", "region"))
    units = [Unit(name, "city", name, *rest) for name, *rest in zip(*columns, strict=True)]
    return units, {unit.name for unit in units}


def _county_units(cities: dict[str | None, Unit]) -> Iterator[tuple[str, Unit]]:
    """Each county under its full name and, where that is no ordinary word, its short one."""
    table = read_table("counties.csv")
    for code, name, short, above in zip(*(table[column] for column in table.columns), strict=True):
        city = cities.get(f"{above[:2]}0000" if above[:2] in MUNICIPALITIES else above)
        if city is None or code in cities:
            continue  # directly under a province: the place table has it
        unit = Unit(name, "county", city.name, code, city.province, city.region)
        yield name, unit
        if is_missing(short):
            bare = _COUNTY_KIND.sub("", name)
            short = bare if bare in place_words().county else ""
        if short:
            yield short, unit


def _own_places(places: pd.DataFrame) -> tuple[tuple[str, Unit], ...]:
    check_frame(
        places,
        "attribute",
        *PLACES,
        advice="One row a city or county; see data/README.md, sample/places.csv.",
    )
    rows: list[tuple[str, Unit]] = []
    for row in places.to_dict("records"):
        unit = _own_unit(
            {str(key): None if is_missing(value) else str(value).strip() for key, value in row.items()}
        )
        rows.append((unit.name, unit))
        short = "" if is_missing(row["short"]) else str(row["short"]).strip()
        if len(short) > 1 and short != unit.name:
            rows.append((short, unit))
    return tuple(rows)


def _own_unit(row: dict[str, Any]) -> Unit:
    name = row["name"]
    if not name or len(name) < 2:
        raise ValueError("A row of places has no name of two characters or more; fill it or drop the row.")
    kind = "county" if row["level"] in ("county", "district") else "city"
    if kind == "county" and not row["city"]:
        raise ValueError(f"The county {name} in places names no city above it; fill its `city`.")
    city = row["city"] if kind == "county" else name
    return Unit(name, kind, city, row.get("code"), row["province"], row["region"])
