"""Chinese cities: the place table, and which of its rows a name means."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from analysis.dates import year_in
from analysis.frames import check_frame
from analysis.lexicon import read_table

if TYPE_CHECKING:
    import pandas as pd

    # One reading of a name: row of the table, first and last year of that name (None: open).
    Reading = tuple[int, int | None, int | None]

# What a document's `city` fills in.
FILLED = ("adcode", "province", "region")
_SUFFIX = re.compile("(自治州|地区|市|盟|州)$")
_PROVINCE_SUFFIX = re.compile("(省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)$")


@dataclass(frozen=True)
class Place:
    """One unit of the place table; see data/README.md for the columns."""

    code: str
    name: str
    short: str
    level: str
    province: str
    region: str
    longitude: float | None
    latitude: float | None


@lru_cache(maxsize=1)
def _table() -> pd.DataFrame:
    frame = read_table("places.csv")
    for column in ("longitude", "latitude"):
        frame[column] = frame[column].astype(float)
    for column in ("valid_from", "valid_to"):
        frame[column] = frame[column].astype("Int64")
    return frame


def place_table() -> pd.DataFrame:
    """Return the place table: one row a unit, a fresh copy.

    Units are those of prefecture level and above, those of county level directly under a province, and
    four that ceased between 1993 and today. Longitude and latitude are degrees in WGS-84, missing for
    most county-level units; `valid_from` and `valid_to` are years, missing where the unit was there
    before 1993 or still is. `coastal`: whether the unit has a sea coast (data/coastal_cities.csv).
    """
    coast = read_table("coastal_cities.csv")["code"]
    return _table().assign(coastal=_table()["code"].isin(coast))


def _years(text: str) -> tuple[int | None, int | None]:
    first, _, last = text.partition("-")
    return (int(first) if first else None, int(last) if last else None)


def _former(cell: Any) -> list[tuple[str, int | None, int | None]]:
    """Read `思茅地区:-2003;思茅市:2003-2007` into names with their years."""
    if not isinstance(cell, str):
        return []
    pairs = (entry.partition(":") for entry in cell.split(";"))
    return [(name, *_years(years)) for name, _, years in pairs]


def _year_or_none(value: Any) -> int | None:
    return int(value) if isinstance(value, int) else None


@lru_cache(maxsize=1)
def _readings() -> dict[str, list[Reading]]:
    """Every name in the table, current, short, other and former, with the rows it may mean."""
    found: dict[str, list[Reading]] = {}
    table = _table()
    current = {*table["name"], *table["short"]}
    for number, row in enumerate(table.to_dict("records")):
        span = (_year_or_none(row["valid_from"]), _year_or_none(row["valid_to"]))
        others = row["other_names"].split(";") if isinstance(row["other_names"], str) else []
        names = dict.fromkeys([row["name"], row["short"], *others], span)
        for name, first, last in _former(row["former_names"]):
            names.setdefault(name, (first, last))
            # 南宁 means 南宁市, though 南宁地区 is what 崇左市 was.
            if (bare := _SUFFIX.sub("", name)) not in current:
                names.setdefault(bare, (first, last))
        for name, years in names.items():
            found.setdefault(name, []).append((number, *years))
    return found


@lru_cache(maxsize=1)
def _provinces() -> dict[str, str]:
    """Long and short names of the provinces, each with the long one."""
    names = _table()["province"].unique()
    return {short: name for name in names for short in (name, _PROVINCE_SUFFIX.sub("", name))}


def city_names() -> dict[str, list[Reading]]:
    """Every name of a unit of the place table with the rows it may mean and the years it did; a copy."""
    return {name: list(readings) for name, readings in _readings().items()}


def province_names() -> dict[str, str]:
    """Long and short names of the provinces, each with the long one; a copy.

    >>> province_names()["广西"]
    '广西壮族自治区'
    """
    return dict(_provinces())


def _without_province(name: str) -> tuple[str, str | None]:
    """Split 江苏省盐城市 or 江苏盐城 into the city and its province."""
    for prefix in sorted(_provinces(), key=len, reverse=True):
        rest = name.removeprefix(prefix)
        if rest and rest != name and rest in _readings():
            return rest, _provinces()[prefix]
    return name, None


def _in_year(readings: list[Reading], year: int | None) -> list[Reading]:
    """Keep the readings that held in the year; where none did, or no year is known, keep all."""
    if year is None:
        return readings
    held = [r for r in readings if (r[1] or 0) <= year <= (r[2] or 9999)]
    return held or readings


def _choices(name: str, year: int | None) -> list[int]:
    """Rows that the name may mean, as positions in the table; the year may be written 2012年."""
    year = None if year is None else year_in(year)
    readings = _readings().get(name)
    province = None
    if readings is None:
        name, province = _without_province(name)
        readings = _readings().get(name, [])
    rows = dict.fromkeys(number for number, _, _ in _in_year(readings, year))
    if province is None:
        return list(rows)
    return [row for row in rows if _table()["province"].iat[row] == province]


def ambiguity(name: str, year: int | None = None) -> str | None:
    """Say in a sentence why a name is no single city, or None where it is one or is unknown.

    >>> ambiguity("海南")
    '海南 may be 海南藏族自治州 or the province 海南省; write the full name.'
    >>> ambiguity("盐城") is None
    True
    """
    name = "".join(str(name).split())
    rows = _choices(name, year)
    meanings = [str(_table()["name"].iat[row]) for row in rows]
    province = _provinces().get(name)
    if province and province not in meanings:
        meanings.append(f"the province {province}")
    if len(meanings) < 2 or not rows:
        return None
    return f"{name} may be {' or '.join(meanings)}; write the full name."


def resolve_city(name: object, year: int | None = None) -> Place | None:
    """Find the one city that a name means; None where it is unknown, missing or ambiguous.

    Takes the full name (盐城市), the short one (盐城), one in use (恩施州), a former one (襄樊市, 思茅), each
    also behind its province (江苏省盐城市, 江苏盐城). `year` decides only between units that bore a name at
    different times. Warns where the name is ambiguous (吉林, 海南: a city or a province), saying so.

    >>> resolve_city("江苏盐城").code
    '320900'
    >>> resolve_city("襄樊市").name
    '襄阳市'
    """
    if not isinstance(name, str) or not name.strip():
        return None
    name = "".join(name.split())
    if reason := ambiguity(name, year):
        warnings.warn(reason, stacklevel=2)
        return None
    rows = _choices(name, year)
    return _place(rows[0]) if rows else None


def _place(row: int) -> Place:
    values = _table().iloc[row]
    plain = {
        column: str(values[column]) for column in ("code", "name", "short", "level", "province", "region")
    }
    longitude, latitude = float(values["longitude"]), float(values["latitude"])
    known = longitude == longitude
    return Place(**plain, longitude=longitude if known else None, latitude=latitude if known else None)


def _warn_unresolved(reasons: dict[str, str], documents: int) -> None:
    """One warning for all names without a place."""
    first, reason = next(iter(reasons.items()))
    because = (
        f": {reason}" if reason else ", which is not in data/places.csv or is no city of prefecture level."
    )
    warnings.warn(
        f"Documents whose city could not be placed: {documents} ({len(reasons)} names), first {first}{because} "
        "They are kept; their code, province and region stay as they were. Correct the city in the manifest.",
        stacklevel=3,
    )


def add_places(documents: pd.DataFrame) -> pd.DataFrame:
    """Fill `adcode`, `province` and `region` from `city`, and write the city's full name.

    One row a document, in and out, in the same order; a frame of its own is returned. Where the city
    resolves, the three columns are those of the place table. Where it does not, they keep what they hold
    (missing if the column was not there) and one warning says how many and which first. A document
    without a city is left alone. A `year` may be written 2012年; one that can't be read is as good as missing, with a
    warning. Raises ValueError where there is no `city` column.
    """
    import pandas as pd

    check_frame(
        documents, "add_places", "city", advice="Add it, with missing values where a city is unknown."
    )
    result = documents.copy()
    for column in ("city", *FILLED):
        result[column] = result[column].astype(object) if column in result.columns else pd.NA
    years = _known_years(result)
    keys = [_key(city, year) for city, year in zip(result["city"], years, strict=True)]
    found, reasons = _resolve_all(keys)
    for column, field in zip(("city", *FILLED), ("name", "code", "province", "region"), strict=True):
        pairs = zip(keys, result[column], strict=True)
        values = [getattr(found[key], field) if key in found else _or_missing(old) for key, old in pairs]
        result[column] = pd.Series(values, index=result.index, dtype=object)
    if reasons:
        _warn_unresolved(reasons, sum(key[0] in reasons and key not in found for key in keys))
    return result


def _or_missing(value: Any) -> Any:
    import pandas as pd

    return pd.NA if pd.isna(value) else value


def _known_years(documents: pd.DataFrame) -> list[int | None]:
    """The year of each document, as far as it can be read; one warning for those that can't."""
    import pandas as pd

    if "year" not in documents.columns:
        return [None] * len(documents)
    years = [None if pd.isna(year) else year_in(year) for year in documents["year"]]
    unread = [
        given
        for given, year in zip(documents["year"], years, strict=True)
        if year is None and not pd.isna(given)
    ]
    if unread:
        warnings.warn(
            f"Years that can't be read: {len(unread)}, first {unread[0]!r}. Their cities are looked up without a year. "
            "Write a year as 2012.",
            stacklevel=3,
        )
    return years


def _key(city: Any, year: int | None) -> tuple[str | None, int | None]:
    return (city.strip() if isinstance(city, str) and city.strip() else None), year


def _resolve_all(keys: list[tuple[str | None, int | None]]) -> tuple[dict[Any, Place], dict[str, str]]:
    """Resolve each different (city, year) once: the places, and the reasons of the names without one."""
    found: dict[Any, Place] = {}
    reasons: dict[str, str] = {}
    for name, year in dict.fromkeys(key for key in keys if key[0] is not None):
        assert name is not None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            place = resolve_city(name, year)
        if place:
            found[name, year] = place
        else:
            reasons[name] = ambiguity(name, year) or ""
    return found, dict(sorted(reasons.items()))
