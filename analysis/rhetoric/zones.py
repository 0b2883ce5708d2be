"""Which part of a report a sentence stands in: what was done, or what is planned; and of which years that part speaks."""

from __future__ import annotations

import re
from typing import NamedTuple

from analysis.segments import is_heading


class Zone(NamedTuple):
    """A part of a report: "done", "promised", "notes" (a glossary at the end) or None, and the years it speaks of."""

    status: str | None
    first: int | None = None
    last: int | None = None


_REVIEW = re.compile(
    "回顾|工作总结|(?:主要|取得|取得的|发展|建设|历史性|辉煌|工作)(?:成就|成绩|成效)|所做的?工作|完成情况"
    "|过去[一二三四五六七八九十的]*年|(?:政府|主要|的)工作情况$|[一二三四五六七八九]年来"
)
_PLAN = re.compile(
    "工作安排|(?:主要|重点|目标|工作|各项|战略|中心)任务|(?:主要|奋斗|预期|发展|总体|工作)目标|总体要求|总体思路|指导思想|工作重点|重点工作|主要思路|基本思路"
    "|工作部署|工作打算|工作思路|工作举措|工作意见|今后|未来|展望|下一步|[今明]年(?:的)?(?:政府|主要)?(?:工作|任务)|规划思路|民生实事|为民办实事"
    "|(?:加强|推进|强化|抓好|深化|推动|注重|改进|提升|建设|展示|狠抓).{0,14}自身(?:建设|改革)(?!.{0,4}(?:不断|明显|持续|成效|得到|进一步加强))"
)
_NOTES = re.compile(
    "^[（(]?(?:名词解释|名词注释|注释|有关(?:名词|用语)|附[件录注]?|相关(?:名词|用语)|词语解释|指标解释|.{0,24}(?:名词|用语)(?:解释|说明|注释))"
)
_SECOND_LEVEL = re.compile(
    r"^[（(〔][一二三四五六七八九十]+[）)〕]|^[0-9]+[.．、]|^—|^第?[一二三四五六七八九十]+[是要]"
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?=年|[-—–~～－至到、和])")
_PERIOD = re.compile("十([一二三四五])五|“(九)五”|“(十)五”")
_FIVE = re.compile(
    "(?:过去|近|这|前|本届政府|上届政府)(?:的)?五年|五年来|五年工作|五年发展|本届政府|[今未][后来](?:的)?五年"
)
_BOUNDARY = re.compile(
    "(?:今年|明年|新的一年|[0-9]{4}年)[^，。；]{0,18}(?:总体要求|总体思路|指导思想|主要预期目标|主要目标|预期目标|奋斗目标|工作重点|重点工作|目标任务|主要任务)[^，。；]{0,12}(?:是|为|：|:)"
    "|(?:今年|明年|[0-9]{4}年|新的一年)[^，。；]{0,12}(?:要|将)(?:重点|着力|突出|切实|全力)?(?:抓好|做好|做好以下)"
    "|(?:做好|抓好)(?:今年|明年|[0-9]{4}年)[^，。；]{0,6}工作"
)
_TITLE = re.compile("报告|年[0-9]{1,2}月|关于|会议|各位")
_NUMBERED = re.compile("[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|第[一二三四五六七八九十]")
_LONGEST_HEADING = 45
_PLAN_LATE = 0.6  # where no heading begins the plan before this share of a text, a sentence may
_PLAN_STARTS = 0.12  # before this share of a text no boundary is taken from a sentence without a heading


def zones(sentences: list[tuple[str, int]], year: int | None = None) -> list[Zone]:
    """Tell of each sentence (text, start) of one document in which part of a report it stands.

    Headings decide: 回顾, 成就, 过去五年 begin the review, 安排, 目标, 任务, 要求 the plan. A heading of the second level
    counts only if it names a year or a span. Where no heading begins the plan, a sentence does that says what this
    year's requirements or targets are, not in the first 12 % of the text. What stands before the first plan is the
    review, if it is 12 % of the text or more; a text with neither has no zones.
    """
    headings = [_is_heading(sentences, i) for i in range(len(sentences))]
    year = year or _year_of([text for (text, _), heading in zip(sentences, headings, strict=True) if heading])
    found = [
        _heading_zone(text, year) if heading else None
        for (text, _), heading in zip(sentences, headings, strict=True)
    ]
    length = max((start + len(text) for text, start in sentences), default=0)
    starts = [
        at for (_, at), zone in zip(sentences, found, strict=True) if zone and zone.status == "promised"
    ]
    if min(starts, default=length) > _PLAN_LATE * length:
        _add_boundary(sentences, found, length, year)
    planned = next((i for i, zone in enumerate(found) if zone and zone.status == "promised"), None)
    now = Zone(None)
    if planned is not None and sentences[planned][1] > _PLAN_STARTS * length:
        now = Zone("done", *_last_year(year))
    given = []
    for zone in found:
        if now.status != "notes":
            now = zone or now
        given.append(now)
    return given


def _heading_zone(text: str, year: int | None) -> Zone | None:
    if _NOTES.match(text):
        return Zone("notes")
    review, plan = _REVIEW.search(text), _PLAN.search(text)
    years = [int(found) for found in _YEAR.findall(text)]
    spans = _PERIOD.search(text) or _FIVE.search(text)
    if _SECOND_LEVEL.match(text) and not (years or spans or re.search("[今去]年", text)):
        return None
    if review and (not plan or review.end() > plan.end()):
        return Zone("done", *_review_years(years, bool(spans), year))
    if plan and not review and not (years and year and max(years) < year and not spans):  # 完成去年的目标任务
        return Zone("promised", *_plan_years(years, text, year))
    return None if review else _named_zone(text, years, year)


def _named_zone(text: str, years: list[int], year: int | None) -> Zone | None:
    """A heading that only names its year or its five-year plan: 2016年主要工作."""
    if year is None or _TITLE.search(text):
        return None
    if years:
        planned = max(years) >= year
        return Zone("promised" if planned else "done", max(years), max(years))
    if period := _PERIOD.search(text):
        first, last = period_years(period)
        return Zone("promised" if last >= year else "done", first, last)
    return None


def _is_heading(sentences: list[tuple[str, int]], i: int) -> bool:
    """Tell whether a sentence is a heading, and not a line of a broken paragraph."""
    text = sentences[i][0]
    if len(text) > _LONGEST_HEADING or not is_heading(text.rstrip("：:")):
        return False
    before = sentences[i - 1][0] if i else ""
    return len(before) <= _LONGEST_HEADING or before[-1] in "。！？；：…”）" or bool(_NUMBERED.match(text))


def _year_of(headings: list[str]) -> int | None:
    """The year of a report by its headings: that of the plan, or the one after the review's."""
    planned = [
        int(y)
        for text in headings
        if not _REVIEW.search(text)
        for y in _YEAR.findall(text)
        if not _TITLE.search(text)
    ]
    reviewed = [int(y) + 1 for text in headings if _REVIEW.search(text) for y in _YEAR.findall(text)]
    return max(reviewed or planned, default=None)


def _review_years(years: list[int], spans: bool, year: int | None) -> tuple[int | None, int | None]:
    if len(years) == 1 and not spans and (year is None or years[0] < year):
        return years[0], years[0]
    if spans and years:  # of five years and of the last: the sentence has to say
        return None, None
    if spans:
        return (year - 5, year - 1) if year else (None, None)
    return _last_year(year)


def _plan_years(years: list[int], text: str, year: int | None) -> tuple[int | None, int | None]:
    if len(years) == 1:
        return years[0], years[0]
    if period := _PERIOD.search(text):
        return period_years(period)
    if _FIVE.search(text):
        return (year, year + 4) if year else (None, None)
    return year, year


def period_years(match: re.Match[str]) -> tuple[int, int]:
    """Return the years of a five-year plan: “十四五” is 2021 to 2025."""
    number = "一二三四五".index(match[1]) + 1 if match[1] else -1 if match[2] else 0
    return 2001 + 5 * number, 2005 + 5 * number


def _last_year(year: int | None) -> tuple[int | None, int | None]:
    return (year - 1, year - 1) if year else (None, None)


def _add_boundary(sentences: list, found: list, length: int, year: int | None) -> None:
    for i, (text, start) in enumerate(sentences):
        if start > _PLAN_STARTS * length and (match := _BOUNDARY.search(text)):
            named = _YEAR.search(match[0])
            if named and year and int(named[0]) != year:
                continue
            found[i] = Zone("promised", *_plan_years([int(named[0])] if named else [], "", year))
            return
