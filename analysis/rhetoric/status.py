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
    "上半年|前[一二三]季度|前[0-9一二三四五六七八九十]+个月|至今|年来|已|了|同比|比上年|较上年|比去年|较去年|去年|过去|累计|年来|超额|先后|以来|目前|截至|荣获|被评|获评|获批|预计完成"
)
_STRONG_PAST = re.compile(
    "去年|上年完成|目前|截至|现有|已[经建完实有达投引开签全落成累]|一年来|年来|完成了|实现了|建成了|过去|以来"
)
_STRONG_FUTURE = re.compile("力争|明年|今后|未来|下一步|拟(?:投|建|引|新|用)|将(?:达|超|实现|完成|新增|建成)")
_NOT_YET = re.compile(
    "计划总?投资|规划(?:投资|总投资|建设|占地)|概算|设计年?产能|(?:建成|投产|达产|投用|完工)后"
)


def status_of(text: str, start: int, zone: Zone, year: int | None, horizon: str | None) -> str:
    """Return "promised", "done" or "unclear" for the number at start in a sentence.

    In the plan of a report it is promised, in the review done, unless the sentence names a year of the other tense, or a
    strong word of it stands before the number in its clause; elsewhere the nearest word of past or future decides. What
    a project is planned to cost or to yield (计划投资, 达产后) is unclear in a review: neither promised by the speaker nor
    reached.
    """
    before = text[:start]
    clause = before[_last_border(before) :]
    tense = _tense(horizon, year)
    if zone.status == "done":
        if _NOT_YET.search(clause):
            return "unclear"
        return "promised" if tense == "promised" or _STRONG_FUTURE.search(clause) else "done"
    if zone.status == "promised":
        past = _STRONG_PAST.search(clause) and not _FUTURE.search(clause)
        return "done" if past or tense == "done" else "promised"
    if tense == "promised" and horizon == str(year):  # in a speech this year may be past or to come
        return _nearest(before)
    return tense or _nearest(before)


def _tense(horizon: str | None, year: int | None) -> str | None:
    """What the years say: from the document's year on they are to come, before it they are past."""
    if not horizon or not year or not horizon[:4].isdigit():
        return None
    first, last = int(horizon[:4]), int(horizon[-4:])
    if first >= year:
        return "promised"
    return "done" if last < year else None


def _nearest(before: str) -> str:
    future = max((match.end() for match in _FUTURE.finditer(before)), default=-1)
    past = max((match.end() for match in _PAST.finditer(before)), default=-1)
    if future == past == -1:
        return "unclear"
    return "promised" if future > past else "done"


def _last_border(before: str) -> int:
    return max((match.end() for match in _CLAUSE.finditer(before)), default=0)
