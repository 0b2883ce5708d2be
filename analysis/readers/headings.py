"""What a title and the opening lines of a report say: the date of delivery, the speaker and the office held."""

from __future__ import annotations

import re

from analysis.dates import written_date

HAN = r"[\u3400-\u4dbf\u4e00-\u9fff]"
# A name: two to four characters, perhaps spaced out, or the parts of a longer one joined by dots.
NAME = rf"(?:{HAN}{{1,7}}(?:[·•]{HAN}{{1,7}})+|{HAN}(?: {{0,3}}{HAN}){{1,3}})"
SHORT_NAME = rf"(?:{HAN}{{1,7}}(?:[·•]{HAN}{{1,7}})+|{HAN}(?: {{0,3}}{HAN}){{1,2}})"
OFFICE_ENDINGS = r"[市州盟县区部] {0,3}长|专 {0,3}员|总 {0,3}理|主 {0,3}[席任]|书 {0,3}记"
OFFICE = rf"[^，。；：！？,;:!?]{{0,30}}?(?:{OFFICE_ENDINGS})"
# What stands before an office and only repeats whose it is: 盐城市人民政府 | 市长, 国务院 | 总理.
GOVERNMENT = re.compile(
    rf"^(?:\d*日)?(?:国?务院|(?:{HAN}{{1,14}}?[市州盟区县省]|地区|[市州盟])?(?:人民)?政府|{HAN}{{1,14}}?[市州盟区县省])"
    rf"(?=(?:党组书记、)?(?:代理|代|常务副|副)?(?:{OFFICE_ENDINGS})$)"
)
SPOKEN = re.compile(rf"^(?P<office>{OFFICE})[ :：]{{0,3}}(?P<name>{NAME})$")
OFFICE_ONLY = re.compile(rf"^{OFFICE}$")
NAME_ONLY = re.compile(rf"^{SHORT_NAME}$")
NO_NAME = re.compile(r"^在|[市州县区省会告]$")  # a line broken after 在宁波市 is no speaker
NAME_FIRST = re.compile(rf"^(?P<name>{HAN}{{2,4}}?)(?P<office>(?:代)?(?:市长|州长))在")
BRACKETS = re.compile(r"[（(]([^（）()]*)[）)]")

DATE_LED = re.compile(r"^\s*[12]\d{3}年?\s*\d{1,2}月(?:\s*\d{1,2}日)?\s*在?\s*")  # 20251月7日 occurs

OPENING_LINES = (
    12  # no report's date and speaker stand further down, pictures' captions and a list of contents aside
)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
SALUTATION = re.compile(r"各位代表|同志们|各位委员")
CONGRESS = re.compile(r"人民代表大会|人大.{0,4}次会议")


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


def from_opening(text: str, *, is_report: bool = False) -> dict[str, str]:
    """Date, speaker and office from the lines above the salutation of a report to a people's congress.

    A text whose opening names no congress (and which isn't known to be a report) tells nothing: a date there may
    be any date.

    >>> from_opening("——2021年1月12日在霁川市第九届人民代表大会第一次会议上\\n霁川市代市长 林 知\\n各位代表：")
    {'date': '2021-01-12', 'speaker': '林知', 'office': '代市长'}
    """
    lines = opening(text)
    if not (is_report or any(CONGRESS.search(line) for line in lines)):
        return {}
    date = written_date("".join(lines))
    facts = {"date": date} if date else {}
    return facts | _speaker_in(lines)


def opening(text: str) -> list[str]:
    """The short lines above the salutation, free of Markdown signs; what follows `会议上` counts as a line."""
    head = COMMENT.sub("", text[:4000])
    head = re.sub(r"(会议?(?:上|通过)[）)]?)", r"\1\n", head)
    lines: list[str] = []
    for line in head.splitlines():
        plain = _plain(line) if line.strip() else ""
        if SALUTATION.search(plain) or len(plain) > 60 or len(lines) == OPENING_LINES:
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
        if facts:
            return facts
    return {}


def _speaker(line: str, *, bare: bool = False) -> dict[str, str]:
    """`市长 林知远` and the like; a name alone only where `bare` says that one is expected."""
    undated = re.sub(r"^[12]\d{3}年\d{1,2}月\d{1,2}日 *", "", line)
    line, bare = undated, bare or undated != line
    if OFFICE_ONLY.match(line):  # the page has lost the name
        return {}
    said = SPOKEN.match(line)
    if said:
        office = GOVERNMENT.sub("", said["office"].replace(" ", ""))
        return {"speaker": said["name"].replace(" ", ""), "office": office}
    if bare and NAME_ONLY.match(line) and not NO_NAME.search(line):
        return {"speaker": line.replace(" ", "")}
    return {}
