"""What a title and the opening lines of a report say: the date of delivery, the speaker and the office held."""

from __future__ import annotations

import re

from analysis.dates import WHOLE, day_of_year, written_date

HAN = r"[\u3400-\u4dbf\u4e00-\u9fff]"
DOTTED = rf"{HAN}{{1,7}}(?:[·•‧・．]{HAN}{{1,7}})+"
# A name: two to four characters, perhaps spaced out, or the parts of a longer one joined by dots.
NAME = rf"(?:{DOTTED}|{HAN}(?: {{0,3}}{HAN}){{1,3}})"
SHORT_NAME = rf"(?:{DOTTED}|{HAN}(?: {{0,3}}{HAN}){{1,2}})"
OFFICE_ENDINGS = r"(?:[市州盟县区部] {0,3}长|专 {0,3}员|总 {0,3}理|主 {0,3}[席任]|书 {0,3}记)(?:候选人)?"
OFFICE = rf"[^，。；：！？,;:!?]{{0,30}}?(?:{OFFICE_ENDINGS})"
# What stands before an office and only repeats whose it is: 盐城市人民政府 | 市长, 国务院 | 总理.
GOVERNMENT = re.compile(
    rf"^(?:\d*日)?(?:国?务院|(?:{HAN}{{1,14}}?[市州盟区县省]|地区|[市州盟])?(?:人民)?政府|{HAN}{{1,14}}?[市州盟区县省])"
    rf"(?=(?:党组书记、)?(?:代理|代|常务副|副)?(?:{OFFICE_ENDINGS})$)"
)
# 龙岩市长, 盐城市委书记: the place may also stand without its 市, or before the party's office.
PLACE_ALONE = re.compile(
    rf"^(?:(?!常务|代理|副|代){HAN}{{2,3}}?(?=(?:代理|代|常务副|副)?市长$)|{HAN}{{2,10}}?(?=[市州盟区县省]委(?:副?书记|常委)))"
)
# Between office and name stand a space, a colon, dashes, or the question mark that a lost space has become.
SPOKEN = re.compile(rf"^(?P<office>{OFFICE})[ :：?？—―-]{{0,4}}(?P<name>{NAME})$")
OFFICE_ONLY = re.compile(rf"^{OFFICE}$")
NAME_ONLY = re.compile(rf"^{SHORT_NAME}$")
NO_NAME = re.compile(r"^[在尊各]|[市州县区省会告]$")  # a line broken after 在宁波市 is no speaker
NAME_FIRST = re.compile(rf"^(?P<name>{HAN}{{2,4}}?)(?P<office>(?:代)?(?:市长|州长))在")
BRACKETS = re.compile(r"[（(]([^（）()]*)[）)]")

DATE_LED = re.compile(r"^\s*[12]\d{3}年?\s*\d{1,2}月(?:\s*\d{1,2}日)?\s*在?\s*")  # 20251月7日 occurs

HEAD = 4_000  # characters of a text that are looked at
OPENING_LINES = 12  # no report's date and speaker stand further down, captions and a list of contents aside
LONGEST_OFFICE = 16
COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
SALUTATION = re.compile(r"各位代表|同志们|各位委员")
# 市长林知远作政府工作报告, 林知远市长在霁川市……会议上作了《政府工作报告》: a caption, a lead, a line of the header.
GIVEN = r"作了?(?:《?政府工作报告|《工作报告|“[^”]{2,12}”规划纲要的?报告)|(?:讲话|致辞)[）)。]?$"
WHERE = r"(?:在[^，。]{4,40}上)?(?:代表[^，。]{2,12}?)?(?:向[^，。]{0,6}大会)?(?:正?在)?"
CAPTION = re.compile(
    rf"(?:^|[，,。、）) ]|图为)(?P<office>{OFFICE})? {{0,3}}(?P<name>{DOTTED}|{HAN}{{2,4}}?)(?:同志)?"
    rf"(?P<held>(?:代理|代)?[市州盟]长)?{WHERE}(?:{GIVEN})"
)

CONGRESS = re.compile(r"人民代表大会|人大.{0,4}次会议")
DATED_MEETING = re.compile(rf"{WHOLE}[^。日]{{0,45}}?(?:大会|会议)")
MEETING_DAY = re.compile(r"[—–―─\-（(\s]*(?:\d\d\s*年\s*)?[\d\s]+月[\d\s]+日\s*在")


def from_title(title: str) -> dict[str, str]:
    """Date, speaker and office as far as a report's title tells them.

    >>> from_title("霁川市政府工作报告（2012年6月16日 市长林知远）")
    {'date': '2012-06-16', 'speaker': '林知远', 'office': '市长'}
    """
    facts: dict[str, str] = {}
    if date := written_date(title):
        facts["date"] = date
    first = NAME_FIRST.match(title)
    if first:
        return facts | {"speaker": first["name"], "office": first["office"]}
    for inside in BRACKETS.findall(title):
        if DATE_LED.match(inside):
            facts |= _speaker(_plain(DATE_LED.sub("", inside)), bare=True)
    return facts


def from_opening(text: str, *, is_report: bool = False, year: int | None = None) -> dict[str, str]:
    """Date, speaker and office from the lines above the salutation of a report to a people's congress.

    A text whose opening names no congress (and which isn't known to be a report) tells nothing: a date there may
    be any date. A day without its year is taken to lie in `year`, the year of the report. Comments (the captions of
    pictures) complete what the lines say.

    >>> from_opening("——2021年1月12日在霁川市第九届人民代表大会第一次会议上\\n霁川市代市长 林 知\\n各位代表：")
    {'date': '2021-01-12', 'speaker': '林知', 'office': '代市长'}
    """
    lines = opening(text)
    if not (is_report or any(CONGRESS.search(line) for line in lines)):
        return {}
    date = _date_in(lines) or next(filter(None, (_meeting_day(line, year) for line in lines)), None)
    facts = ({"date": date} if date else {}) | _speaker_in(lines)
    for comment in COMMENT.findall(text[:HEAD]):
        facts = completed(facts, from_caption(comment.strip(), year=year))
    return facts


def from_caption(line: str, *, year: int | None = None) -> dict[str, str]:
    """Who gave the report, and when, from a picture's caption or a sentence of a newspaper.

    >>> from_caption("1月12日，林知远代市长作政府工作报告。（甲乙 摄）", year=2010)
    {'speaker': '林知远', 'office': '代市长', 'date': '2010-01-12'}
    """
    found = CAPTION.search(line) if "作" in line or "讲话" in line or "致辞" in line else None
    if not found or NO_NAME.search(found["name"]):
        return {}
    facts = {"speaker": dotted(found["name"])}
    if office := found["office"] or found["held"]:
        facts["office"] = plain_office(office)
    date = written_date(line) or day_of_year(line, year)
    return facts | ({"date": date} if date else {})


def completed(facts: dict[str, str], more: dict[str, str]) -> dict[str, str]:
    """The first facts, filled up by others; an office only if it is the same person's."""
    if facts.get("speaker", more.get("speaker")) != more.get("speaker"):
        more = {key: value for key, value in more.items() if key != "office"}
    return more | facts


def plain_office(office: str) -> str:
    """An office without the place that it is held in.

    >>> plain_office("霁川市人民政府代市长"), plain_office("霁川 市长"), plain_office("霁川市委副书记、市长")
    ('代市长', '市长', '市委副书记、市长')
    """
    return PLACE_ALONE.sub("", GOVERNMENT.sub("", re.sub(r"\s+", "", office)))


def dotted(name: str) -> str:
    """A name without spaces, the parts of a long one joined by the same dot."""
    return re.sub("[•‧・．]", "·", re.sub(r"\s+", "", name))


def _date_in(lines: list[str]) -> str | None:
    """The date that stands before the meeting (a notice above the report has its own), or else the first."""
    head = "".join(lines)
    before_meeting = DATED_MEETING.search(head)
    return written_date(before_meeting.group() if before_meeting else head)


def _meeting_day(line: str, year: int | None) -> str | None:
    """`——1月9日在……会议上`: the day, in the year of the report."""
    return day_of_year(line, year) if MEETING_DAY.match(line) else None


def opening(text: str) -> list[str]:
    """The short lines above the salutation, free of Markdown signs; what follows `会议上` counts as a line."""
    head = COMMENT.sub("", text[:HEAD])
    head = re.sub(r"(会议?(?:上|通过)[）)]?)", r"\1\n", head)
    lines: list[str] = []
    for line in head.splitlines():
        plain = _plain(line) if line.strip() else ""
        if found := SALUTATION.search(plain):
            if SPOKEN.match(before := plain[: found.start()].strip()):  # 市长 林知远各位代表：
                lines.append(before)
            break
        if len(plain) > 60 or len(lines) == OPENING_LINES:
            break
        if plain:
            lines.append(plain)
    return lines


def _plain(line: str) -> str:
    line = re.sub(r"[*_#>`\\]|\[\^\d+\]", "", line)
    line = re.sub(r"[ \t\u3000\u00a0\u2002\u2003]+", " ", line).strip(" ")
    return re.sub(r"^[（(](.*)[）)]$", r"\1", line).strip(" ")


def _speaker_in(lines: list[str]) -> dict[str, str]:
    for previous, line in zip(["", *lines], lines, strict=False):
        facts = _speaker(line, bare=bool(re.search(r"会议?(?:上|通过)?[）)]?$|日$", previous)))
        if not facts and OFFICE_ONLY.match(previous):
            facts = _speaker(f"{previous} {line}") if NAME_ONLY.match(line) else {}
        if facts := facts or from_caption(line):
            facts.pop("date", None)
            return facts
    alone = next((line for line in lines if OFFICE_ONLY.match(line) and len(line) <= LONGEST_OFFICE), None)
    return {"office": plain_office(alone)} if alone else {}  # the page has lost the name


def _speaker(line: str, *, bare: bool = False) -> dict[str, str]:
    """`市长 林知远` and the like; a name alone only where `bare` says that one is expected."""
    undated = re.sub(r"^[12]\d{3}年\d{1,2}月\d{1,2}日 *", "", line)
    line, bare = undated, bare or undated != line
    if OFFICE_ONLY.match(line):
        return {}
    said = SPOKEN.match(line)
    if said:
        return {"speaker": dotted(said["name"]), "office": plain_office(said["office"])}
    if bare and NAME_ONLY.match(line) and not NO_NAME.search(line):
        return {"speaker": dotted(line)}
    return {}
