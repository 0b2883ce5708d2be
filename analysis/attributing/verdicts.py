"""Which city one text speaks for, how surely, and why in a sentence or two."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from analysis.attributing.evidence import (
    ZONE,
    Facts,
    Read,
    beside,
    county_name,
    first_alone,
    headline_cities,
    names_told,
    province_named,
    publisher_cities,
    read_text,
    sections_told,
    why_unknown,
)
from analysis.attributing.gazetteer import Gazetteer, Unit
from analysis.attributing.mentions import Standing

# The rule of confidence: (least score, least ratio to the next city). Score: see mentions.WEIGHTS.
SURE, FAIR, FAINT = (10.0, 3.0), (4.0, 2.0), (2.0, 1.5)
# high also wants a government or congress named, or so many counties, or so many plain mentions
SURE_COUNTIES, SURE_NAMES = 3, 5
MASKED = 3  # as many blanked-out names, and a place named in passing is not believed
_ZONE_NAME = re.compile("(?:开发|高新|工业园|产业园|园)区$")
_DISTRICT_ORGANS = re.compile("(?<!治)[区县](?:委|政府)(?!员会)")


@dataclass(frozen=True)
class Verdict:
    """Where a text speaks from: a unit of city level or None, a county under it, the tier, how sure, and why."""

    city: Unit | None = None
    county: str | None = None
    province: str | None = None
    level: str | None = None
    confidence: str | None = None
    evidence: tuple[str, ...] = ()
    differs: str | None = None  # what the text speaks for, where that is not what it is filed as


def verdict(facts: Facts, names: Gazetteer) -> Verdict:
    """Judge one document; see `attribute` for the rules."""
    read = read_text(facts, names)
    tier = read.voice.tier
    if tier == "central":
        return _above_cities(read, "central", None)
    if tier == "province":
        return _above_cities(read, "province", province_named(read.found))
    return _of_a_city(read)


def _above_cities(read: Read, level: str, province: str | None) -> Verdict:
    whole = (
        "the national government" if level == "central" else f"the government of {province or 'a province'}"
    )
    evidence = [f"Speaks for {whole} ({read.voice.reason})."]
    differs = None
    if read.facts.claimed:
        differs = f"{whole}"
        evidence.append(f"Filed as {read.facts.claimed}.")
    return Verdict(province=province, level=level, evidence=tuple(evidence), differs=differs)


def _of_a_city(read: Read) -> Verdict:
    ranked = list(read.ranked.items())
    best, confidence = (ranked[0][0], _confidence(ranked)) if ranked else (None, None)
    if confidence and read.masked >= MASKED and not _official(ranked[0][1]) and ranked[0][1].score < SURE[0]:
        confidence = None
    claim = read.facts.claim
    if best and confidence:
        unit = read.names.cities.get(best)
        if claim and claim.city == best and confidence == "low":
            confidence = "medium"
        if claim and claim.city != best and confidence == "low":
            return _by_claim(read, f"the text names {best} faintly")
        return _judged(read, unit or Unit(best, "city", best, None, None, None), confidence)
    if claim:
        return _by_claim(read, "the text does not settle it")
    return _by_headline(read)


def _confidence(ranked: list[tuple[str, Standing]]) -> str | None:
    first = ranked[0][1]
    ratio = first.score / max(ranked[1][1].score if len(ranked) > 1 else 0.0, 0.25)
    backed = (
        _official(first) or len(first.counties) >= SURE_COUNTIES or first.count - first.asides >= SURE_NAMES
    )
    if first.score >= SURE[0] and ratio >= SURE[1] and backed:
        return "high"
    if first.score >= FAIR[0] and ratio >= FAIR[1]:
        return "medium"
    if first.score < FAINT[0] or ratio < FAINT[1]:
        return None
    if not first.count and len(first.counties) < SURE_COUNTIES:
        return None  # a county or two, perhaps a partner's
    return "medium" if ratio >= SURE[1] and first.count and first.counties else "low"


def _official(standing: Standing) -> bool:
    return standing.offices > 0


def _judged(read: Read, unit: Unit, confidence: str) -> Verdict:
    standing = read.ranked[unit.city]
    county = _county(read, unit, standing)
    evidence = [names_told(unit, standing, read), *beside(read, unit), *sections_told(read, unit)]
    claim = read.facts.claim
    differs = unit.name if claim and claim.city != unit.city else None
    return Verdict(
        city=unit,
        county=county,
        province=unit.province,
        level=_level(read, county),
        confidence=confidence,
        evidence=tuple(evidence),
        differs=differs,
    )


def _level(read: Read, county: str | None) -> str | None:
    """The tier that speaks. A county-level city says 我市 too: where its own government is named, it is the county."""
    text, tier = read.facts.text, "county" if county else read.voice.tier
    if tier != "county":
        return tier or read.facts.level
    a_zone = county and _ZONE_NAME.search(county)
    # A county-level city or a county does not say 我区: what does so, and has a committee, is a zone in it.
    in_a_county = county and county[-1] != "区" and any(word[1] == "区" for word, _ in read.voice.own_words)
    unnamed = not county and not _DISTRICT_ORGANS.search(text)
    if a_zone or ((unnamed or in_a_county) and ZONE.search(text)):
        return "development zone"
    return "county"


def _county(read: Read, unit: Unit, standing: Standing) -> str | None:
    """The county that speaks: whose government is named as the speaker's; or, where a county speaks, the most named."""
    own = [
        mention
        for mention in read.found
        if any(u.kind == "county" and u.city == unit.city for u in mention.units)
    ]
    formal = Counter(county_name(mention, unit) for mention in own if mention.role == "formal")
    if formal and not standing.formal:
        return first_alone(formal)
    if read.voice.tier != "county":
        return None
    return first_alone(Counter(county_name(mention, unit) for mention in own if mention.role != "aside"))


def _by_claim(read: Read, why: str) -> Verdict:
    """What the document is filed as; the text may still name that city first among others."""
    claim = read.facts.claim
    assert claim is not None
    city = read.names.cities.get(claim.city, claim)
    county = claim.name if claim.kind == "county" else None
    if _leads(read, city.city):
        return replace(_judged(read, city, "medium"), county=county)
    evidence = [f"Filed as {claim.name}; {why}.", *beside(read, city, claim_too=False)]
    return Verdict(city, county, city.province, _level(read, county), "low", tuple(evidence))


def _leads(read: Read, city: str) -> bool:
    """Whether the text names this city more than any other, though not clearly more."""
    return (
        city == next(iter(read.ranked), None) and read.ranked[city].score >= FAIR[0] and read.masked < MASKED
    )


def _by_headline(read: Read) -> Verdict:
    """What the headline and the publisher's name hold, where that is one city; or none."""
    named = sorted({unit.city for unit in (*headline_cities(read), *publisher_cities(read))})
    if len(named) != 1 or read.masked >= MASKED:
        return Verdict(level=_level(read, None), evidence=tuple(why_unknown(read)))
    city = read.names.cities[named[0]]
    if _leads(read, city.city):
        found = _judged(read, city, "low")
        return replace(found, evidence=("The headline names it too.", *found.evidence))
    evidence = (
        f"Only the headline or the publisher names {city.name}, which is weak evidence; the text does not bear it out.",
        *beside(read, city, headline_too=False),
    )
    return Verdict(city, None, city.province, _level(read, None), "low", evidence)
