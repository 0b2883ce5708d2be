"""What a text says of each city: its names read in their context, its offices, its counties."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from analysis.attributing.gazetteer import Gazetteer, Unit, place_words

# How much a mention says for the city it names. A city's own government or congress is worth many bare names; a partner,
# a rival, a name in a row of names or in a career is worth little, and never nothing: one may speak of oneself so too.
WEIGHTS = {"formal": 10.0, "office": 3.0, "named": 1.0, "aside": 0.25}
COUNTY_MOST = 3.0  # what one county of a city adds at most, however often it is named
WORD_MOST = 0.5  # and one whose name, as it stands in the text, is a word too: 友谊
OFFSETS = 3  # passages that the evidence points to

_OFFICE = re.compile(
    r"(?:人民)?政府|行政公署|行署|委(?!员)|人大|政协|人民代表大会|第[一二三四五六七八九十\d]{1,4}(?:届|次党)"
    r"|代?[市州]长(?!三角|江)|长(?!三角|江)"
)
_SPEAKS_FOR = re.compile(r"(?:代表|受)(?:中共)?(?:[一-龥]{2,3}省)?$")
_GOVERNMENT = re.compile(r"(?:第[一二三四五六七八九十\d]{1,4}届)?(?:人民政府|政府|行政公署|行署)")
_CONGRESS = re.compile(r"第[一二三四五六七八九十\d]{1,4}届人民代表大会")
_PARTY = re.compile(r"(?:在|向)中共$|中共$")
_FULL = re.compile("(?:自治州|地区|[市盟州县区旗])$")
_JOINS = re.compile(r"[、和与及至到—\-－~～·/]|以及|市、|等?地?、?")


@dataclass(frozen=True)
class Mention:
    """One name in a text: what it may mean, and whether it is named for itself (see WEIGHTS)."""

    start: int
    end: int
    name: str
    units: tuple[Unit, ...]
    role: str = "named"


@dataclass
class Standing:
    """What a text says for one city."""

    weight: float = 0.0
    held: float = (
        0.0  # of names that are words too: it counts once the full name or two counties stand beside them
    )
    count: int = 0
    asides: int = 0
    offices: int = 0
    formal: int = 0
    full: bool = False
    fit: float = 1.0  # less where the text calls itself by another kind of unit: a 地区 does not say 全州
    offsets: list[int] = field(default_factory=list)
    counties: dict[str, float] = field(default_factory=dict)

    @property
    def score(self) -> float:
        backed = self.full or len(self.counties) > 1
        return self.fit * (self.weight + (self.held if backed else 0.0) + sum(self.counties.values()))


def mentions(text: str, names: Gazetteer, year: int | None = None) -> list[Mention]:
    """All names of provinces, cities and counties in a text, in order, with the role each plays."""
    bare = [
        Mention(start, start + len(name), name, tuple(units))
        for start, name in names.found_in(text)
        if (units := names.meant(name, year))
    ]
    return [
        Mention(here.start, here.end, here.name, here.units, _role(text, here, before, after))
        for before, here, after in zip([None, *bare], bare, [*bare[1:], None], strict=False)
    ]


def _role(text: str, here: Mention, before: Mention | None, after: Mention | None) -> str:
    left, right = text[max(0, here.start - 12) : here.start], text[here.end : here.end + 14]
    if _FULL.search(here.name):
        if _CONGRESS.match(right) or (_SPEAKS_FOR.search(left) and _GOVERNMENT.match(right)):
            return "formal"
        if _OFFICE.match(right):
            return "aside" if _appointment().search(left) else "formal" if _PARTY.search(left) else "office"
    aside = _aside_before().search(left) or _aside_after().match(right)
    return "aside" if aside or _in_a_row(text, here, before) or _in_a_row(text, after, here) else "named"


def _in_a_row(text: str, second: Mention | None, first: Mention | None) -> bool:
    """Whether two names are parts of one list, or ends of one road, and not places of one city."""
    if first is None or second is None or second.start - first.end > 2:
        return False
    if not _JOINS.fullmatch(text[first.end : second.start]):
        return False
    cities = {unit.city for unit in first.units}
    return all(unit.city not in cities for unit in second.units)


@lru_cache(maxsize=1)
def _aside_before() -> re.Pattern[str]:
    return re.compile(f"(?:{_any(place_words().before)})$")


@lru_cache(maxsize=1)
def _aside_after() -> re.Pattern[str]:
    return re.compile(_any(place_words().after))


@lru_cache(maxsize=1)
def _appointment() -> re.Pattern[str]:
    return re.compile(f"(?:{_any(place_words().appointment)})[一-龥]{{0,4}}$")


def _any(terms: frozenset[str]) -> str:
    return "|".join(map(re.escape, sorted(terms, key=lambda term: (-len(term), term))))


def standings(found: list[Mention]) -> dict[str, Standing]:
    """What the mentions say for each city, by its full name, the strongest first; ties by name."""
    tally: dict[str, Standing] = {}
    for mention in found:
        for unit, share in _shares(mention):
            standing = tally.setdefault(unit.city, Standing())
            if unit.kind == "county":
                _enter_county(standing, unit, mention, share)
            else:
                _enter(standing, mention, share)
    return in_order(tally)


def in_order(tally: dict[str, Standing]) -> dict[str, Standing]:
    return dict(sorted(tally.items(), key=lambda item: (-item[1].score, item[0])))


def _shares(mention: Mention) -> Iterator[tuple[Unit, float]]:
    """The cities and counties a mention counts for; one of several is worth its part only, a province nothing."""
    kinds = {unit.kind for unit in mention.units}
    if "province" in kinds:
        return  # 吉林, 海南: a city's short name that is its province's too says nothing
    for unit in mention.units:
        yield unit, 1 / len(mention.units)


def _enter(standing: Standing, mention: Mention, share: float) -> None:
    weight = WEIGHTS[mention.role]
    if mention.name in place_words().word:
        standing.held += max(0.0, weight - WEIGHTS["aside"]) * share
        weight = min(weight, WEIGHTS["aside"])
    standing.weight += weight * share
    standing.count += 1
    standing.asides += mention.role == "aside"
    standing.offices += mention.role in ("office", "formal")
    standing.formal += mention.role == "formal"
    standing.full = standing.full or bool(_FULL.search(mention.name))
    if mention.role != "aside" and len(standing.offsets) < OFFSETS:
        standing.offsets.append(mention.start)


def _enter_county(standing: Standing, unit: Unit, mention: Mention, share: float) -> None:
    weight = share * WEIGHTS[mention.role]
    known = standing.counties.get(unit.name, 0.0)
    most = COUNTY_MOST if mention.role in ("named", "aside") else WEIGHTS["formal"]
    if mention.name in place_words().word:
        weight, most = min(weight, WEIGHTS["aside"]), WORD_MOST
    standing.counties[unit.name] = max(known, min(known + weight, most * share))
