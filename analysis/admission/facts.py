"""What a text says of itself that an admission report needs: its years, its ends, its signs, the government that speaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from analysis.admission.duplicates import digest, repeated, shingles, sketch
from analysis.characters import NOTE, TONED
from analysis.dates import FIGURES, NUMERALS, ZEROS, iso_date

REPORT_GENRES = frozenset(["government work report", "政府工作报告"])

# ---- years

_WRITTEN = rf"((?:19|20)\d\d|(?:一九|二[{ZEROS}])[{ZEROS}{NUMERALS}]{{2}})"
_YEAR = re.compile(rf"{_WRITTEN}\s?$")
# The end of a span (2021—2025年) and a distant goal (到2035年) are no year of the report.
_DEPENDENT = re.compile(r"(?:[\d—\-－–~～至到]|面向)$")
_LOOKS_BACK = re.compile(r"回顾|总结|完成|情况|成效|成绩|成就")
_REVIEW_HEADING = re.compile(r"[^\n。，；]{0,16}(?:回顾|总结)")
_PLAN_HEADING = re.compile(r"[^\n。，；]{0,12}(?:工作|任务|目标|部署|安排|要求|重点|思路|打算|意见)")
_DO = re.compile(r"[^\n。，；]{0,6}(?:工作|任务)")
_WE_SHALL = re.compile("，?我们(?:将|要)")
_PAST = re.compile("(?:刚刚|已经)?过去")
_TITLED = re.compile(rf"{_WRITTEN}\s?年?[^\d]{{0,16}}(?:政府)?工作报告|工作报告\s*[（(]{_WRITTEN}年?[）)]")
_LONGEST_HEADING = 45


def years_reviewed(text: str) -> tuple[int, ...]:
    """Years that the text looks back on as the past one: in its headings, or as 刚刚过去的20XX年.

    >>> years_reviewed("一、2020年工作回顾"), years_reviewed("三、2021年重点工作")
    ((2020,), ())
    """
    headed = [
        year for line in _headings(text) for year, _, after in _years_in(line) if _REVIEW_HEADING.match(after)
    ]
    past = [
        year
        for year, before, after in _years_in(text[: len(text) // 2])
        if before.endswith("过去的") or _PAST.match(after)
    ]
    return _sorted([*headed, *past])


def years_planned(text: str) -> tuple[int, ...]:
    """Years that the text makes plans for: in headings that do not look back, or as 做好20XX年工作, 20XX年我们将.

    >>> years_planned("三、2021年重点工作"), years_planned("一、2020年主要工作完成情况"), years_planned("2035年远景目标")
    ((2021,), (), ())
    """
    lines = [line for line in _headings(text) if not _LOOKS_BACK.search(line) and "远景" not in line]
    headed = [year for line in lines for year, _, after in _years_in(line) if _PLAN_HEADING.match(after)]
    promised = [
        year
        for year, before, after in _years_in(text)
        if (before.endswith(("做好", "完成")) and _DO.match(after)) or _WE_SHALL.match(after)
    ]
    return _sorted([*headed, *promised])


def year_titled(title: str) -> int | None:
    """The year whose report a title announces; a date of delivery is none.

    >>> year_titled("2021年政府工作报告"), year_titled("政府工作报告（2021年1月12日）"), year_titled("政府工作报告（2022）")
    (2021, None, 2022)
    """
    if iso_date(title):
        return None
    found = _TITLED.search(title)
    return _figure(found[1] or found[2]) if found else None


def years_named(text: str) -> tuple[int, ...]:
    """The years that the text names, in their order, each once."""
    return _sorted([year for year, _, _ in _written(text)])


def _headings(text: str) -> list[str]:
    return [
        line
        for line in text.split("\n")
        if len(line) <= _LONGEST_HEADING and "年" in line and "。" not in line
    ]


def _written(text: str) -> Iterator[tuple[int, int, int]]:
    """Each year that the text names, with its start and end. Looking back from each 年 is five times as quick as on."""
    at = text.find("年")
    while at >= 0:
        match = _YEAR.search(text, max(at - 5, 0), at)
        if match and not text[max(match.start() - 1, 0) : match.start()].isdigit():
            yield _figure(match[1]), match.start(), at + 1
        at = text.find("年", at + 1)


def _years_in(text: str) -> Iterator[tuple[int, str, str]]:
    """Each year that stands alone, with the few characters before and after it."""
    for year, start, end in _written(text):
        before = text[max(start - 4, 0) : start]
        if not _DEPENDENT.search(before):
            yield year, before, text[end : end + 20]


def _sorted(years: list[int]) -> tuple[int, ...]:
    return tuple(sorted(set(years)))


def _figure(written: str) -> int:
    return int(written.translate(FIGURES))


# ---- beginning and end

_OPENING = re.compile("各位代表|向大会|予审议|请审议|我代表.{0,12}政府")
_CLOSING = re.compile(r"让我们|(?:努力|不懈|团结|而|一起)奋斗|优异(?:的)?成绩|献礼|谢谢")
# Thanks end the review of a year, not a report.
_CALL = re.compile(r"(?<!感谢)(?<!敬意)(?<!致敬)(?<!谢意)[！!](?:[”’」』]|[（(][^（）()]{2,16}[）)]|\s)*$")
_ENDED = re.compile("[。！？!?…][”’」』）》】\\s]*$")
_AFTER_END = re.compile(r"(?<=[。！？])(?:[（(][^（）()。]{2,16}[)）]|附[件表：:]|——|注[：:]).{0,60}$")
_PROBLEMS = re.compile("问题|困难|不足|短板|差距|薄弱|不高|不够|不强|不优|不快")
_ABRIDGED = re.compile(
    r"[（(【\[](?:摘要|摘登|节选|摘编|节录|摘录)[^）)】\]]{0,8}[）)】\]]|有?删[节减]|^(?:摘要|摘登|节选)$|部分内容",
    re.MULTILINE,
)
_RETOLD = re.compile("(?:作|做)(?:政府)?工作报告时(?:说|指出|强调|表示)")
_ADDRESS = re.compile("各位代表|我代表")
_COVER = re.compile("听取和审议了|决定批准这个报告|现印发|印发给你们")


SPOKEN = 60  # a shorter paragraph with an exclamation mark is a slogan


def is_cover(text: str) -> bool:
    """Whether a text is no report but the resolution on one, or the notice that sends it out.

    >>> is_cover("会议听取和审议了政府工作报告，决定批准这个报告。"), is_cover("现印发给你们。\\n各位代表：现在报告工作。")
    (True, False)
    """
    return bool(_COVER.search(text, 0, 1200)) and not _ADDRESS.search(text)


def has_opening(text: str) -> bool:
    """Whether a report is addressed to its congress within the first 1,500 characters."""
    return bool(_OPENING.search(text, 0, 1500))


def has_closing(text: str) -> bool:
    """Whether the last third of a report has a call or thanks such as end one; lists may follow it.

    >>> has_closing("招商。" * 100 + "让我们团结起来，为建设新霁川而努力奋斗！"), has_closing("招商。" * 100)
    (True, False)
    """
    paragraphs = text[len(text) * 13 // 20 :].split("\n")
    return any(
        _CLOSING.search(paragraph[-260:]) or (len(paragraph) > SPOKEN and _CALL.search(paragraph))
        for paragraph in paragraphs
    )


def breaks_off(text: str) -> bool:
    """Whether the last line is prose that stops in the middle of a sentence. Lists and signatures do not count.

    >>> breaks_off("今年抓好招商。全年引进项目"), breaks_off("今年抓好招商。（霁川日报）"), breaks_off("责任单位：市商务局")
    (True, False, False)
    """
    line = _AFTER_END.sub("", text.rstrip().rsplit("\n", 1)[-1].strip())
    return bool(re.search("[。，]", line)) and not _ENDED.search(line)


def ends_in_problems(text: str) -> bool:
    """Whether the text stops after its account of problems, as a report does whose plan is missing.

    >>> ends_in_problems("招商的短板依然明显，服务还不够细。对此，我们将着力解决。"), ends_in_problems("解决招商问题。")
    (True, False)
    """
    end = text.rstrip()[-320:]
    return (
        len(set(_PROBLEMS.findall(end))) > 1
        and not re.search("[！!]", end[-160:])
        and not _CLOSING.search(end)
    )


# ---- who speaks

_NATIONAL = re.compile("代表国务院")
_PROVINCIAL = re.compile("代表(?:[\u4e00-\u9fff]{2,5}省|(?:[\u4e00-\u9fff]{2,8})?自治区|省)人民政府")
# A city government that thanks the prefecture's leadership before its own is the government of a county-level city.
_BELOW = re.compile(
    "(?:地委|行署|州委|州政府|盟委|盟行署)[^。；！]{0,14}(?:和|及)(?:中共)?(?:[\u4e00-\u9fff]{2,4})?市委"
)
_BELOW_COUNTY = re.compile("代表(?:[\u4e00-\u9fff]{2,6})?(?:县|区)人民政府")
FEWEST_BELOW = 2  # one mention may be about the past


def tier_told(text: str) -> str | None:
    """The tier of the government that delivers a report, where it is none of a prefecture's: its own words say so.

    >>> tier_told("各位代表：现在，我代表国务院，向大会报告工作。"), tier_told("按照国务院部署，我代表市人民政府报告工作。")
    ('central', None)
    """
    head = text[:1500]
    if _NATIONAL.search(head):
        return "central"
    if _PROVINCIAL.search(head):
        return "province"
    if len(_BELOW.findall(text)) >= FEWEST_BELOW or _BELOW_COUNTY.search(head):
        return "county"
    return None


# ---- signs


def lost_marks(text: str) -> int:
    """How many question marks stand in a report where nothing is asked: each was another sign.

    >>> lost_marks("办好中国？霁川招商大会。靠什么招商？靠服务。")
    1
    """
    return sum(not _ASKS.search(clause) for clause in _ASKED.findall(text)) if "？" in text else 0


_LOST = "\ufffd"
_BOXES = "□■◻"
# A copyist's slip takes the first sign of each line: "、工作回顾", "在，我代表市人民政府".
_HEADLESS = re.compile("^(?:[、，。；]|在，我代表)", re.MULTILINE)
_NOW = "\n在，我代表"
_MOJIBAKE = re.compile("锟斤拷|烫烫烫|屯屯屯|ï¿½|â€|Ã[\x80-\xbf]|[\x80-\x9f]")
# A question in a report has a word that asks; without one the mark stands for a sign that was lost: a dot, as in 5·12.
_ASKED = re.compile("[^。！？；\\n]*？(?=[\u4e00-\u9fff0-9”])")
_ASKS = re.compile("[吗呢么谁哪何怎几咋不啥岂吧孰]|多少|是否|能否|可否|没有|难道|还是")
_GROUP = re.compile(r"\$\d")  # a replacement gone wrong left $1.$2 where 12.5 stood
# Every Chinese text is full of these; one decoded wrongly is not. Chosen by rank in general word counts.
_PLAIN = (
    "的一是不了在有和人这中大为上个国我以要他时来用们到作地于出就分对成会可主发年动同工也能下过子说产种面"
)
# Signs that only one of the scripts has, among the commonest of reports.
_TRADITIONAL = "發業經濟實產國會務項設長個資動員為與區進開來關電農學環點場強標體應"
_SIMPLIFIED = "发业经济实产国会务项设长个资动员为与区进开来关电农学环点场强标体应"
_TAIL = re.compile("^(?:附[件录]?[：:]?)?(?:名词|用语|词语|术语)(?:解释|注释|说明)[：:]?$", re.MULTILINE)
_NOTE_LINE = re.compile(r"^\[\^\d+\][：:]", re.MULTILINE)


def signs(text: str) -> dict[str, Any]:
    """Counts of the signs of a text; `plain` is a share of its Chinese characters, `tail` whether a glossary is left."""
    import numpy as np

    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    counts = np.bincount(np.minimum(points, 0xFFFF), minlength=0x10000)
    han = int(counts[0x4E00:0xA000].sum())
    traditional, simplified, plain = (_total(counts, signs) for signs in (_TRADITIONAL, _SIMPLIFIED, _PLAIN))
    headless = len(_HEADLESS.findall(text))
    return {
        "n_han": han,
        "notes": len(NOTE.findall(text)) if TONED.search(text) else 0,
        "lost": _total(counts, _LOST),
        "boxes": _total(counts, _BOXES) + int(counts[0xE000:0xF900].sum()),  # and signs for private use
        "headless": headless if headless > 1 or _NOW in text[:1500] else 0,
        "mojibake": len(_MOJIBAKE.findall(text)),
        "plain": plain / han if han else 0.0,
        "other_script": min(traditional, simplified),
        "own_script": max(traditional, simplified),
        "tail": bool(_TAIL.search(text)) or len(_NOTE_LINE.findall(text)) > 2,
    }


def _total(counts: Any, signs: str) -> int:
    return int(counts[[ord(sign) for sign in signs]].sum())


def facts_of(text: str, title: str, report: bool, notice: str = "") -> dict[str, Any]:
    """All that is told of one clean text (and the notice of what was left out) without knowing the others."""
    hashes = shingles(text)
    told = {
        "digest": digest(text),
        "sketch": sketch(hashes),
        "repeated": repeated(hashes),
        "abridged": (found := _ABRIDGED.search(f"{title}\n{text[:300]}\n{notice}")) and found[0],
        **signs(text),
    }
    # Only a report must have these; of other genres they are left open.
    head = text if report else ""
    return told | {
        "reviewed": years_reviewed(head),
        "planned": years_planned(head),
        "titled": year_titled(title) if report else None,
        "named": years_named(head),
        "opening": has_opening(head),
        "closing": has_closing(head),
        "breaks_off": breaks_off(head),
        "marks": lost_marks(head),
        "figures": len(_GROUP.findall(head)),
        "problems": ends_in_problems(head),
        "retold": bool(_RETOLD.search(head, 0, 600)),
        "cover": bool(_COVER.search(head, 0, 1200)),
        "tier": tier_told(head),
    }
