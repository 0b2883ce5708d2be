"""When a target is meant: the years that a sentence names, or those of the part of the report it stands in."""

from __future__ import annotations

import re

from analysis.rhetoric.zones import Zone, period_years

_NUMBERS = {word: number for number, word in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
# A year that something is compared with (比2015年, 由2010年的) is not the target's.
_WHEN = re.compile(
    r"(?P<from>(?:19|20)[0-9]{2})年?(?:[-—–~～－]{1,2}|至|到)(?P<to>(?:19|20)?[0-9]{2})年"
    r"|(?<![比较由从超对是自])(?P<year>(?:19|20)[0-9]{2})年(?!的|以来|来|起|开始|同期|增|相比|价|不变价|可比)"
    "|(?P<plan>“?(?:十[一二三四五]五|(?<=“)[九十]五)”?)(?P<end>末|期末|规划末)?(?!末的|规划|时期的|末增)"
    "|(?P<ahead>(?:未来|今后|再用|用|利用|力争|争取|通过)(?P<n>[一二两三四五六七八九十1-9])(?:到[一二三四五六七八九十])?年(?:左右)?(?:时间)?|(?P<m>[一二两三四五六七八九十1-9])年(?:之)?内)"
    "|(?P<behind>(?:过去|近|这)的?(?P<k>[一二两三四五六七八九十])年|(?P<j>[二两三四五六七八九十])年来|(?P<term>本届政府(?:任期)?以来))"
    "|(?P<next>(?<![比较])明年)|(?P<last>(?<![比较])(?:去年|上年(?!同期|的|度结转)|过去的?一年|一年来))"
    "|(?P<this>今年|年内|年底前|年底|本年度|全年|当年)"
)


def horizon_of(before: str, zone: Zone, year: int | None) -> str | None:
    """Return the years a number is meant for: "2025", "2021-2025", "this year", "last year", "3 years", or None.

    The expression nearest before the number in its sentence decides, else the part of the report. year: the
    document's; without it 今年 stays "this year" unless the heading names the year.
    """
    nearest = None
    for match in _WHEN.finditer(before):
        nearest = match
    if nearest is None:
        return _span(zone.first, zone.last) if zone.status else None
    return _resolved(nearest, zone, year)


def _resolved(match: re.Match[str], zone: Zone, year: int | None) -> str | None:
    if match["from"]:
        last = match["to"] if len(match["to"]) == 4 else match["from"][:2] + match["to"]
        return _span(int(match["from"]), int(last))
    if match["year"]:
        return match["year"]
    if match["plan"]:
        return _planned(match)
    if match["ahead"]:
        count = _count(match["n"] or match["m"])
        return _span(year, year + count - 1) if year else f"{count} years"
    if match["behind"]:
        return _past(_count(match["k"] or match["j"] or "五"), year)
    return _relative(match, zone, year)


def _relative(match: re.Match[str], zone: Zone, year: int | None) -> str | None:
    if match["next"]:
        return _span(year + 1, year + 1) if year else "next year"
    if match["last"]:
        return _span(year - 1, year - 1) if year else "last year"
    if zone.status == "done" and match["this"] != "今年":  # the year that is reviewed
        return _span(zone.last, zone.last) or (str(year - 1) if year else "last year")
    if zone.status == "promised" and zone.first and zone.first == zone.last:
        return str(zone.first)
    return str(year) if year else "this year"


def _planned(match: re.Match[str]) -> str | None:
    period = re.search("十([一二三四五])五|(九)五|(十)五", match["plan"])
    if period is None:
        return None
    first, last = period_years(period)
    return str(last) if match["end"] else f"{first}-{last}"


def _past(count: int, year: int | None) -> str:
    if count == 1:
        return str(year - 1) if year else "last year"
    return f"{year - count}-{year - 1}" if year else f"past {count} years"


def _count(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word]


def _span(first: int | None, last: int | None) -> str | None:
    if first is None or last is None:
        return None
    return str(first) if first == last else f"{first}-{last}"
