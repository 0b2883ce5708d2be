"""What stands round a text and is not part of it: page furniture, header lines, glossary tails.

What these lines say about the document (source, dates, speaker, editor) is lifted before they go.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import lru_cache

from analysis.dates import DATE, iso_date
from analysis.lexicon import data_path
from analysis.markup import EXAMPLES, Edit, shorten
from analysis.readers.headings import from_caption, plain_office

LONG, LONGEST = 100, 260  # furniture is shorter than a paragraph: longer lines are not looked at, save these
LONG_OPENINGS = frozenset(["序论", "导语", "引言", "导读", "编者", "如果", "欢迎"])

# ---- page furniture


@lru_cache(maxsize=1)
def _furniture() -> dict[str, list[tuple[str, str]]]:
    """The table of patterns by kind; read once, without pandas, for `clean` must be quick to start."""
    kinds: dict[str, list[tuple[str, str]]] = {"label": [], "line": [], "related": [], "section": []}
    with data_path("lexicon", "furniture.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            kinds[row["kind"]].append((row["pattern"], row["lifts"]))
    return kinds


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], tuple[re.Pattern[str], ...]]:
    kinds = _furniture()
    label = re.compile(
        rf"(?<![^\s（(【\[|｜;；])({'|'.join(pattern for pattern, _ in kinds['label'])})\s*[:：]"
    )
    unnamed = (re.sub(r"\?P<\w+>", "?:", pattern) for pattern, _ in kinds["line"])
    return (
        label,
        re.compile("|".join(unnamed)),
        re.compile("|".join(pattern for pattern, _ in kinds["related"])),
        tuple(re.compile(pattern) for pattern, _ in kinds["line"] if "?P<" in pattern),
    )


def is_section(line: str) -> bool:
    """Is this the name of the part of a site that a page belongs to (新闻中心, 工作动态)?"""
    return any(re.fullmatch(pattern, line) for pattern, _ in _furniture()["section"])


@lru_cache(maxsize=64)
def _lifts(label: str) -> str:
    return next(lifts for pattern, lifts in _furniture()["label"] if re.fullmatch(pattern, label))


BEFORE_FIELDS = re.compile(rf"[\s（(【\[]*(?:{DATE}(?:\s+\d{{1,2}}:\d\d(?::\d\d)?)?)?\s*")
TITLE_END = re.compile(r"[\s—－-]+$")


def _fields(line: str) -> dict[str, str] | None:
    """Read a line that is nothing but labelled fields (来源：… 发布时间：…); None where it is more than that."""
    pieces = _patterns()[0].split(line)
    if len(pieces) < 3 or not BEFORE_FIELDS.fullmatch(pieces[0]):
        return None
    lifted: dict[str, str] = {}
    if published := iso_date(pieces[0]):
        lifted["published"] = published
    for label, value in zip(pieces[1::2], pieces[2::2], strict=True):
        value, lifts = value.strip(" |｜;；\t"), _lifts(label)
        value = value.rstrip("）)】] ") if pieces[0].strip() and "published" not in lifted else value
        if lifts == "published":
            value = iso_date(value) or ""
            if not value:
                return None
        elif len(value) > (80 if lifts == "title" else 40) or re.search("[。；！]", value):
            return None
        if value and lifts:
            lifted.setdefault(lifts, TITLE_END.sub("", value) if lifts == "title" else value)
    return lifted


def furniture_line(line: str) -> dict[str, str] | None:
    """What a line of page furniture says of its document; None where the line is text.

    >>> furniture_line("来源：霁川日报 发布时间：2021-03-02 09:00"), furniture_line("来源于实践的办法")
    ({'publisher': '霁川日报', 'published': '2021-03-02'}, None)
    """
    label, whole, _, lifting = _patterns()
    if ("：" in line or ":" in line) and label.search(line) and (fields := _fields(line)) is not None:
        return fields
    if not whole.fullmatch(line):
        return None
    matches = (pattern.fullmatch(line) for pattern in lifting)
    return next((match.groupdict() for match in matches if match), {})


def _related_block(lines: list[str], start: int) -> int:
    """Where the list of links that a heading like 相关报道 opens ends: before the next line that ends a sentence."""
    end = start + 1
    while end < len(lines) and len(lines[end]) <= 60 and not re.search(r"[。；！：:]\s*$", lines[end]):
        end += 1
    return end


def _may_be_furniture(line: str) -> bool:
    return len(line) <= LONG or (len(line) <= LONGEST and line.lstrip()[:2] in LONG_OPENINGS)


def drop_furniture(text: str) -> Edit:
    """Drop page furniture line by line, by the table data/lexicon/furniture.csv, and lift what it says.

    >>> drop_furniture("招商要有耐心。\\n责任编辑：甲乙").text.strip()
    '招商要有耐心。'
    """
    lines = text.split("\n")
    kept: list[str] = []
    gone: list[str] = []
    lifted: dict[str, str] = {}
    related = _patterns()[2]
    index = 0
    while index < len(lines):
        line = lines[index].strip() if _may_be_furniture(lines[index]) else ""
        end = index
        if line and related.fullmatch(line):
            end = _related_block(lines, index)
        elif line and (found := furniture_line(line)) is not None:
            end = index + 1
            lifted = found | lifted
        gone += lines[index:end]
        if end == index:
            kept.append(lines[index])
            end += 1
        index = end
    if not gone:
        return Edit(text)
    seen = [shorten(line) for line in gone if line.strip()]
    if byline := lifted.pop("byline", ""):
        lifted.setdefault("editor", byline)
    return Edit("\n".join(kept), len(seen), tuple(seen[:EXAMPLES]), lifted)


def read_comments(comments: str) -> dict[str, str]:
    """What HTML comments say of the document: source and date of publication, who is shown giving the report.

    >>> read_comments("2023年04月11日 13:05   来源：望澜日报")
    {'published': '2023-04-11', 'publisher': '望澜日报'}
    """
    lifted: dict[str, str] = {}
    for comment in comments.split("\n"):
        lifted = (furniture_line(comment.strip()) or from_caption(comment.strip())) | lifted
    return lifted


# ---- header lines of speeches and reports

_HAN = "[\u4e00-\u9fff]"
NAME = (  # 于 begins a name (于海), unless a place follows it (于北京市)
    rf"(?!在|于{_HAN}{{3}}|于{_HAN}*[市县区州])(?:{_HAN}{{2,4}}|{_HAN}{{1,2}}(?:\s+{_HAN}{{1,2}}){{1,2}}"
    rf"|{_HAN}{{1,6}}(?:\s?[·•‧．]\s?{_HAN}{{1,8}}){{1,3}})"
)
_POSTS = ("市长", "州长", "盟长", "区长", "县长", "省长", "主席", "总理", "专员", "书记", "主任")
_POST = "|".join(r"\s*".join(post) for post in _POSTS)
OFFICE = rf"[^\s，。；：！？（）]{{0,22}}(?:{_POST})"
TITLE_LINE = re.compile(
    r"\*?[^。！？；\n]{0,36}(?:工作报告|讲话|致辞|发言|主持词|纲要[^。]{0,8}的?报告)(?:[（(][^（）()]{1,16}[）)])?[\s—\-―]*"
)
MEETING = r"[^，。；！？]{2,40}?(?:大会|会议|全会|座谈会|推进会|动员会)(?:[^，。；！？]{0,12}?(?:次会议|会议|大会))?"
MEETING_LINE = re.compile(
    rf"[\s—―─\-（(]*(?:[^。，]{{0,20}}工作报告\s*[—―─\-]+\s*)?(?P<date>{DATE})?\s*(?:于|在)?\s*{MEETING}"
    rf"\s*(?:上|通过|审议通过|召开)?(?:的?讲话)?\s*[）)]?\s*(?P<office>{OFFICE})?\s*(?P<speaker>{NAME})?(?:讲话)?\s*[）)]?"
)
MEETING_START = re.compile(
    rf"[\s（(]*(?:[—―─\-]|{DATE}|\d{{1,2}}月\d{{1,2}}日|在)|[^。，]{{0,20}}工作报告\s*[—―─\-]"
)
MEETING_REST = re.compile(
    r"(?:第[一二三四五六七八九十]{1,3}届人民代表)?(?:大会)?第?[一二三四五六七八九十]{1,3}次会议(?:上|通过)?[）)]?"
)
MEETING_BROKEN = re.compile(r"[^，。；：！？]{2,40}")
CAPTION = re.compile(
    r"[^。！？]{0,70}作《?(?:政府)?工作报告》?[。\s]*(?:(?:本报)?记者\s*\S{2,4}\s*(?:报道|摄)?|[（(][^（）()]{2,20}摄[）)])?"
)
DATE_LINE = re.compile(
    rf"[\s—―─（(]*(?P<date>{DATE})(?:[，,]\s*{_HAN}{{2,6}}稿)?\s*(?P<speaker>(?![于日]){NAME})?\s*[）)]?"
)
SUBTITLE = re.compile(r"[^。；：！？:;]{4,40}")
SPEAKER_LINE = re.compile(rf"[—\s]*(?P<office>{OFFICE})[\s:：?？—]*(?P<speaker>{NAME})?")
NAME_LINE = re.compile(rf"(?P<speaker>{NAME})")
FILE_LINE = re.compile(
    r"[^，。；]{0,24}(?:届人大[^，。；]{0,8}|次会议)(?:文件(?:[（(][\d一二三四五六七八九十]+[）)])?)|[^，。；]{2,8}届人大"
)
HEADER_LINES = 12


def _header_line(line: str, seen: set[str]) -> dict[str, str | None] | None:
    """What one header line says; None ends the header. `seen` holds the kinds of line met before."""
    if FILE_LINE.fullmatch(line):
        return {}
    if CAPTION.fullmatch(line):
        return dict(from_caption(line))
    if ("meeting" in seen or "届" in line) and MEETING_REST.fullmatch(line):
        seen.add("meeting")
        return {}
    if MEETING_START.match(line) and (match := MEETING_LINE.fullmatch(line)):
        seen.add("meeting")
        return match.groupdict()
    if match := DATE_LINE.fullmatch(line):
        seen.add("meeting")
        return match.groupdict()
    if match := SPEAKER_LINE.fullmatch(line):
        seen |= {"speaker", "name"} if match["speaker"] else {"speaker"}
        return match.groupdict()
    if not seen & {"meeting", "speaker", "title"} and TITLE_LINE.fullmatch(line):
        seen.add("title")
        return {"title": TITLE_END.sub("", re.sub("^原标题[:：]", "", line.strip("* ")))}
    if seen & {"meeting", "speaker", "last"} and "name" not in seen and (match := NAME_LINE.fullmatch(line)):
        seen |= {"speaker", "name"}
        return match.groupdict()
    return None


def _dated(line: str) -> bool:
    return bool(DATE_LINE.fullmatch(line) or (MEETING_START.match(line) and MEETING_LINE.fullmatch(line)))


def _subtitle(line: str, below: list[tuple[str, int]], seen: set[str]) -> dict[str, str | None] | None:
    """A line of the title, or a second title, which shows by the meeting or date one or two lines below it."""
    near = [lower for lower, _ in below[:2]]
    if seen & {"meeting", "speaker"} or not SUBTITLE.fullmatch(line) or not any(map(_dated, near)):
        return None
    if not (_dated(near[0]) or SPEAKER_LINE.fullmatch(near[0]) or SUBTITLE.fullmatch(near[0])):
        return None
    title = None if "title" in seen else TITLE_END.sub("", line.strip("* "))
    seen.add("title")
    return {"title": title}


def _tidy(said: dict[str, str | None]) -> dict[str, str]:
    tidy = {key: re.sub(r"\s+", "" if key != "title" else " ", value) for key, value in said.items() if value}
    if "office" in tidy:
        tidy["office"] = plain_office(tidy["office"])
    if "date" in tidy:
        delivered = iso_date(tidy.pop("date"))
        tidy |= {"date": delivered} if delivered else {}
    return tidy


def _ends_of(text: str, limit: int) -> Iterator[tuple[str, int]]:
    """The first lines that are not empty, each with the offset of its end."""
    end = 0
    for match in re.finditer(r"[^\n]*\S[^\n]*(?:\n|\Z)", text):
        end = match.end()
        yield match.group().strip(), end
        limit -= 1
        if not limit:
            return


def drop_header(text: str) -> Edit:
    """Drop title, meeting and speaker lines before the salutation, lifting date, speaker, office and title.

    >>> edit = drop_header("——2021年1月12日在霁川市第九届人民代表大会第一次会议上\\n市长 陆闻舟\\n各位代表：")
    >>> edit.text, dict(edit.lifted)
    ('各位代表：', {'office': '市长', 'speaker': '陆闻舟', 'date': '2021-01-12'})
    """
    cut, seen, gone = 0, set[str](), list[str]()
    lifted: dict[str, str] = {}
    broken = ""  # the first half of a meeting line that goes on in the next line
    lines = list(_ends_of(text, HEADER_LINES))
    for number, (line, end) in enumerate(lines, 1):
        whole = broken + line
        if text[end : end + 9].lstrip().startswith("各位"):
            seen.add("last")
        said = _header_line(whole, seen) if len(whole) <= 90 else None
        if said is None and not broken and MEETING_START.match(line) and MEETING_BROKEN.fullmatch(line):
            broken = line
            continue
        said = said if said is not None or broken else _subtitle(line, lines[number:], seen)
        if said is None:
            break
        line, broken = whole, ""
        lifted = _tidy(said) | lifted
        gone.append(line)
        cut = end
    if not gone:
        return Edit(text)
    return Edit(text[cut:], len(gone), tuple(shorten(line) for line in gone[:EXAMPLES]), lifted)


def drop_signature(text: str) -> Edit:
    """Drop a last line that only repeats the meeting or gives a date, and lift the date.

    >>> drop_signature("谢谢大家！\\n二〇二一年一月三日").lifted
    {'date': '2021-01-03'}
    """
    body = text.rstrip()
    start = body.rfind("\n") + 1
    line = body[start:].strip()
    if not start or len(line) > 70:
        return Edit(text)
    match = DATE_LINE.fullmatch(line) or (line.startswith("—") and MEETING_LINE.fullmatch(line))
    if not match:
        return Edit(text)
    return Edit(text[:start].rstrip(), 1, (shorten(line),), _tidy(match.groupdict()))
