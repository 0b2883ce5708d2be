"""What was read from one text, and the sentences that tell it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from analysis.attributing.gazetteer import Gazetteer, Unit
from analysis.attributing.mentions import Mention, Standing, in_order, mentions, standings
from analysis.attributing.voices import Section, Voice, own_words, sections, voice

FOREIGN = 4.0  # a section speaks for another city where that scores as much and the text's own hardly occurs
CLEAR = 3  # 全州 is what a text calls itself where it says so three times, and three times as often as 全市
UNFIT = 0.25
SHOWN = 4  # names and words that a sentence quotes
ZONE = re.compile("党工委|管委会|管委|管理委员会")
_MASK = re.compile("□+")
_HEADLINE = re.compile(r"\A[^\n]{2,60}(?=\n)")
_ENDED = re.compile("[。：:；;，,]$")
_AUTONOMOUS = "自治区"
_OWN_CITY = re.compile("我[市州盟]|本市")


@dataclass(frozen=True)
class Facts:
    """What is known of a document beside its text; a claim is what it is filed as."""

    text: str
    title: str = ""
    office: str = ""
    publisher: str = ""
    year: int | None = None
    claim: Unit | None = None
    claimed: str = ""
    level: str | None = None


@dataclass
class Read:
    """All that was read from one text."""

    facts: Facts
    names: Gazetteer
    voice: Voice
    found: list[Mention]
    ranked: dict[str, Standing]
    headline: str
    masked: int


def read_text(facts: Facts, names: Gazetteer) -> Read:
    text = facts.text
    headline, begins = facts.title, 0
    # A page's first line is its headline; what a headline says is weak, and so is not counted with the text.
    first = _HEADLINE.match(text)
    if first and not _ENDED.search(first[0]) and (not headline or first[0].strip() == headline.strip()):
        headline, begins = headline or first[0], first.end()
    found = [mention for mention in mentions(text, names, facts.year) if mention.start >= begins]
    office = mentions(facts.office, names, facts.year) if facts.office else []
    ranked = standings(found + [replace(mention, role="office") for mention in office])
    speaks = voice(text, facts.office, headline)
    return Read(facts, names, speaks, found, _fitting(ranked, speaks), headline, len(_MASK.findall(text)))


def _fitting(ranked: dict[str, Standing], speaks: Voice) -> dict[str, Standing]:
    """The cities in order anew, where a text that says 全州 or 全盟, and hardly 全市, can be but a prefecture or league."""
    said = dict(speaks.own_words)
    count = {kind: said.get(f"我{kind}", 0) + said.get(f"全{kind}", 0) for kind in "市州盟"}
    kind = max(count, key=lambda kind: count[kind])
    if kind == "市" or count[kind] < CLEAR or count[kind] < CLEAR * count["市"]:
        return ranked
    for name, standing in ranked.items():
        standing.fit = 1.0 if name.endswith(kind) else UNFIT
    return in_order(ranked)


def province_named(found: list[Mention]) -> str | None:
    counts = Counter(
        unit.province
        for mention in found
        for unit in mention.units
        if unit.kind == "province" and unit.province
    )
    return min(counts, key=lambda name: (-counts[name], name)) if counts else None


def headline_cities(read: Read) -> list[Unit]:
    return _places_in(read.headline, read)


def publisher_cities(read: Read) -> list[Unit]:
    return [unit for unit in _places_in(read.facts.publisher, read) if unit.kind == "city"]


def _places_in(line: str, read: Read) -> list[Unit]:
    """The cities and counties that a short line names; a name of several units names none."""
    found = mentions(line, read.names, read.facts.year) if line else []
    return [m.units[0] for m in found if len(m.units) == 1 and m.units[0].kind != "province"]


def county_name(mention: Mention, city: Unit) -> str:
    return next(unit.name for unit in mention.units if unit.kind == "county" and unit.city == city.city)


def first_alone(counts: Counter[str]) -> str | None:
    leaders = counts.most_common(2)
    if not leaders or (len(leaders) == 2 and leaders[0][1] == leaders[1][1]):
        return None
    return leaders[0][0]


def names_told(unit: Unit, standing: Standing, read: Read) -> str:
    parts = []
    if standing.count:
        official = f", its government or congress {_times(standing.offices)}" if standing.offices else ""
        where = f"; at {', '.join(map(str, standing.offsets))}" if standing.offsets else ""
        parts.append(f"{unit.name} named {_times(standing.count)}{official}{where}")
    if standing.counties:
        names = sorted(standing.counties, key=lambda name: (-standing.counties[name], name))
        shown = ", ".join(names[:SHOWN]) + (" and others" if len(names) > SHOWN else "")
        parts.append(f"{len(names)} of its counties and districts named ({shown})")
    others = [name for name, other in read.ranked.items() if name != unit.city and other.count]
    parts.append(
        f"next {others[0]}, named {_times(read.ranked[others[0]].count)}" if others else "no other city named"
    )
    return "; ".join(parts) + "."


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def beside(read: Read, unit: Unit, *, headline_too: bool = True, claim_too: bool = True) -> list[str]:
    """What stands beside the names: own words, headline, publisher, what it is filed as, what is blanked out."""
    evidence = []
    if read.voice.own_words:
        evidence.append(
            "Says " + ", ".join(f"{word} {count}" for word, count in read.voice.own_words[:SHOWN]) + "."
        )
    headline = {city.city for city in headline_cities(read)}
    if headline_too and headline and unit.city not in headline:
        evidence.append(f"The headline names {', '.join(sorted(headline))}, which is weak evidence.")
    if published := publisher_cities(read):
        evidence.append(f"The publisher's name holds {published[0].name}.")
    if claim_too and read.facts.claimed:
        other = read.facts.claim is None or read.facts.claim.city != unit.city
        evidence.append(
            f"Filed as {read.facts.claimed}{', which the text does not bear out' if other else ''}."
        )
    if read.masked:
        evidence.append(f"Names are blanked out in {read.masked} places.")
    return evidence


def why_unknown(read: Read) -> list[str]:
    """Why no city is given, and what may be inferred."""
    candidates = [f"{name} ({_times(other.count)})" for name, other in read.ranked.items() if other.count][:3]
    evidence = [f"No city is named as its own; named: {', '.join(candidates) or 'none'}."]
    shared = sorted({(m.name, len(m.units)) for m in read.found if len({u.city for u in m.units}) > 1})
    evidence += [f"{name} may lie in {count} cities." for name, count in shared[:SHOWN]]
    if read.masked:
        evidence = [f"Names are blanked out in {read.masked} places.", *evidence]
    tier, province = read.voice.tier, province_named(read.found)
    speaker = {"county": "a county or district", "city": "a city"}.get(tier or "")
    inferred = [f"{speaker} speaks"] if speaker else []
    inferred += [f"perhaps of {province}"] if province else []
    evidence += [f"Inferred: {', '.join(inferred)}."] if inferred else []
    return [*evidence, *beside(replace(read, masked=0), Unit("", "city", "", None, None, None))]


# ---- sections that speak as another


def sections_told(read: Read, city: Unit) -> list[str]:
    """A sentence for each section that speaks for another unit than the whole does."""
    own = dict(read.voice.own_words)
    districts = any(own.get(word) for word in ("我区", "我县", "我旗"))
    others = any(name != city.city and standing.score >= FOREIGN for name, standing in read.ranked.items())
    if read.voice.tier == "county" or not (districts or others):
        return []
    told = (_section_voice(part, read, city) for part in sections(read.facts.text))
    return [sentence for sentence in told if sentence]


def _section_voice(part: Section, read: Read, city: Unit) -> str | None:
    return _county_voice(part, read, city) or _foreign_voice(part, read, city)


def _county_voice(part: Section, read: Read, city: Unit) -> str | None:
    """A sentence where those points of a section that do not say 我市 say 我区 or 我县."""
    text = read.facts.text
    spans = [(start, end) for start, end in part.spans if not _OWN_CITY.search(text, start, end)]
    own = "\n".join(text[start:end] for start, end in spans)
    words = own_words(own)
    if not _speaks_as_county(words, read, city):
        return None
    inside = [m for m in read.found if any(start <= m.start < end for start, end in spans)]
    under = [m for m in inside if any(u.kind == "county" and u.city == city.city for u in m.units)]
    name = first_alone(Counter(county_name(mention, city) for mention in under))
    said = ", ".join(f"{word} {count}" for word, count in words.most_common() if word[1] in "县区旗")
    zone = "a zone of " if ZONE.search(own) else ""
    return f"Section {part.label} speaks for {zone}{name or f'a county or district of {city.name}'} ({said})."


def _foreign_voice(part: Section, read: Read, city: Unit) -> str | None:
    """A sentence where a section says 我市 and names another city much, and the text's own hardly."""
    ranked = standings([m for m in read.found if part.start <= m.start < part.start + len(part.text)])
    leader = next(iter(ranked), city.city)
    here = ranked[city.city].score if city.city in ranked else 0.0
    if leader == city.city or here >= 1 or ranked[leader].score < FOREIGN or not _OWN_CITY.search(part.text):
        return None
    times = _times(ranked[leader].count)
    return f"Section {part.label} speaks for {leader} (named {times}, {city.name} hardly)."


def _speaks_as_county(words: Counter[str], read: Read, city: Unit) -> bool:
    if _AUTONOMOUS in (city.province or "") or _AUTONOMOUS in read.facts.text:
        return False
    return any(words[f"我{kind}"] and words[f"我{kind}"] + words[f"全{kind}"] >= 3 for kind in "区县旗")
