"""Whether a number is promised or reported as done: the part of the report, and the words round it."""

from __future__ import annotations

import re

from analysis.rhetoric.zones import Zone

_CLAUSE = re.compile("[，。；：！？\n]")
# Words of the future and of the past. In the review a plan is rarely spoken of, in the plan rarely what was done:
# there only the strong ones go against the part.
_FUTURE = re.compile(
    "力争|争取|确保|计划|努力|预期目标|将达|将超|将实现|将完成|将新|将建|要达|要完成|要实现|要新|要引|明年|今后|未来|年内|年底前|今年底|力求|力保|规划|拟|目标是|要[^求点素]|将[^军近]|(?<=，)到20"
)
_PAST = re.compile(
    "已|了|同比|比上年|较上年|比去年|较去年|去年|过去|累计|年来|超额|先后|以来|目前|截至|荣获|被评|获评|获批|预计完成"
)
_STRONG_PAST = re.compile(
    "去年|上年完成|目前|截至|现有|已[经建完实有达投引开签全落成累]|一年来|年来|完成了|实现了|建成了|过去|以来"
)
_STRONG_FUTURE = re.compile("力争|明年|今后|未来|下一步|拟(?:投|建|引|新|用)|将(?:达|超|实现|完成|新增|建成)")
_TO_YEAR = re.compile("(?:到|至|在)?(20[0-9]{2})年(?:底|末|前|年底)?(?:，|前|实现|达|建成|完成|全|力|，)")
_NOT_YET = re.compile(
    "计划总?投资|规划(?:投资|总投资|建设|占地)|概算|设计年?产能|(?:建成|投产|达产|投用|完工)后"
)


def status_of(text: str, start: int, end: int, zone: Zone, year: int | None) -> str:
    """Return "promised", "done" or "unclear" for the number at start in a sentence.

    In the plan of a report it is promised, in the review done, unless a strong word of the other tense stands before it
    in its clause or a year to come is named; elsewhere the nearest word of past or future decides. What a project is
    planned to cost or to yield (计划投资, 达产后) is unclear in a review: neither promised by the speaker nor reached.
    """
    before = text[:start]
    clause = before[_last_border(before) :]
    if zone.status == "done":
        if _NOT_YET.search(clause):
            return "unclear"
        if _comes(before, year) or _STRONG_FUTURE.search(clause):
            return "promised"
        return "done"
    if zone.status == "promised":
        return "done" if _STRONG_PAST.search(clause) and not _FUTURE.search(clause) else "promised"
    return _nearest(before, text[end:], year)


def _comes(before: str, year: int | None) -> bool:
    """Tell whether the last year named before is the document's or later."""
    years = _TO_YEAR.findall(before)
    return bool(years and year and int(years[-1]) >= year)


def _nearest(before: str, after: str, year: int | None) -> str:
    future = max((match.end() for match in _FUTURE.finditer(before)), default=-1)
    past = max((match.end() for match in _PAST.finditer(before)), default=-1)
    if _comes(before, year):
        return "promised"
    if future == past == -1:
        return "unclear"
    return "promised" if future > past else "done"


def _last_border(before: str) -> int:
    return max((match.end() for match in _CLAUSE.finditer(before)), default=0)
