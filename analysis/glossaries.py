"""Glossary tails and footnotes of work reports: cut from the text, kept beside it.

A third of the reports end in a section that explains terms (名词解释, 注释). It is reference matter, not speech,
and would weigh down every count, so it leaves the text and is kept whole as `glossary`.
"""

from __future__ import annotations

import re

from analysis.markup import Edit, shorten, substitute

EARLIEST = 0.3  # a tail begins in the later part of a text; the earliest seen in 2,231 reports is at 0.63
HEADING_CHARS = 64

TERM = "(?:名词|用语|词语|词条|术语|词)"
EXPLAIN = "(?:解释|注释|注解|释义|说明|解读|解析)"
# Matched against a line without its spaces, marks and quotation brackets.
HEADING = re.compile(
    r"(?:附?(?:件|录|表)?[一二三四五\d]{0,2}|资料|\d)[:：、.．]?(?:(?:\d{4}年?)?.{0,8}政府工作报告(?:中)?的?)?"
    r"(?:主要|部分|有关|相关|特定|专业|重点|重要|本报告|报告|文中|内容|工作|情况|数据|和|的)*"
    rf"(?:(?:{TERM}+的?)+{EXPLAIN}+|注释|附注|释义|注解|(?:解释|情况|有关|相关|数据|报告)[和与]?说明)"
    r"(?:(?:和|及|与)?(?:有关|相关)?(?:情况|内容)?的?说明)?(?:[（(].{0,30}[)）])?[:：>]*"
)
HEADING_HINT = re.compile(r"解\s*释|注\s*[释解]|附\s*注|释\s*义|说明|解读|解析")
HEADING_NOISE = re.compile(r"[\s*#<>!_\-\[\]【】《》]+")
# "……而奋斗！名词解释：" at the end of the last paragraph
HEADING_INLINE = re.compile(rf"[。！](?:主要|有关|相关)?(?:{TERM}{{1,2}}{EXPLAIN}|注释)[:：]?(?=[ \t]*\n)")
LEAD_IN = re.compile(r"(?:\n[ \t]*(?:附(?:件|录|表)?[一二三四五\d]{0,2}[:：]?|[-—]{3,})?[ \t]*)+\Z")
APPENDIX = re.compile(r"^附(?:件|录|表)[一二三四五2-5][:：]?[^\n。]{0,30}$", re.MULTILINE)

NUMBER = r"(?:[\[［〔﹝【(（]\s?\d{1,3}\s?[\]］〕﹞】)）]|\d{1,3}[.．、]|[①-⑳⑴-⒇])"
NUMBERED = re.compile(rf"[ \t]*{NUMBER}")
DEFINITION = re.compile(rf"[ \t]*(?:{NUMBER}[ \t]*)?[^。！？:：\n]{{2,45}}[:：]\S")
CLOSED = re.compile(r"[！!。][\s*”]*$")
CLOSING = re.compile("我们|谢谢|奋斗|前进")

FOOTNOTE = re.compile(r"^[ \t]*\[\^[^\]\n]{1,12}\]:[^\n]*(?:\n(?:[ \t]{2,}|\t)\S[^\n]*)*\n?", re.MULTILINE)
FOOTNOTE_MARK = re.compile(r"\[\^[^\]\n]{1,12}\]")
# 〔2021〕5号 has four digits; a mark at the start of a line numbers that line and stays.
NOTE_MARK = re.compile(
    r"(?<!\n)(?<!\A)(?:\[\s?\d{1,3}\s?\]|［\s?\d{1,3}\s?］|〔\s?\d{1,3}\s?〕|﹝\s?\d{1,3}\s?﹞|【\d{1,3}】)(?!\s*号)"
)
SMALL_NUMBERS = ("①-⑳", "⑴-⒇")


def _heading(text: str) -> tuple[int, int] | None:
    """Start and end of the heading that opens the tail."""
    for match in HEADING_HINT.finditer(text, int(len(text) * EARLIEST)):
        start = text.rfind("\n", 0, match.start()) + 1
        end = text.find("\n", match.end())
        end = len(text) if end < 0 else end
        if end - start <= HEADING_CHARS and HEADING.fullmatch(HEADING_NOISE.sub("", text[start:end])):
            return start, end
    inline = HEADING_INLINE.search(text, int(len(text) * EARLIEST))
    return (inline.start() + 1, inline.end()) if inline else None


def _tail_end(text: str, start: int) -> int:
    """Where a tail that opens at `start` ends: at the next appendix, or where a page of notes lies inside the speech."""
    appendix = APPENDIX.search(text, start)
    end = appendix.start() if appendix else len(text)
    if not re.search(r"^\W*各位代表", text[start:end], re.MULTILINE):
        return end
    at = start
    for line in text[start:end].splitlines(keepends=True):
        if line.strip() and not NUMBERED.match(line):
            break
        at += len(line)
    return at


def _unheaded(text: str) -> int | None:
    """Start of a run of definitions after the closing paragraph, where nothing announces them.

    Each explains another term: in an interview the same two names stand before the colon again and again.
    """
    after: list[str] = []
    for line in reversed(text.splitlines(keepends=True)):
        if _is_closing(line) and not NUMBERED.match(line):
            break
        after.insert(0, line)
    lines = [line for line in after if line.strip()]
    terms = [match[0].split(":")[0].split("：")[0] for line in lines if (match := DEFINITION.match(line))]
    if sum(map(len, after)) == len(text):  # minutes may be such lines from end to end; a glossary is a tail
        return None
    enough = len(terms) >= 3 and len(lines) - len(terms) <= 0.15 * len(terms) and DEFINITION.match(lines[0])
    return len(text) - sum(map(len, after)) if enough and len(set(terms)) > 0.8 * len(terms) else None


def _is_closing(line: str) -> bool:
    """Whether a line calls upon its hearers or thanks them, and is a whole sentence."""
    end = CLOSED.search(line, max(0, len(line) - 20))
    return end is not None and CLOSING.search(line, 0, end.start()) is not None


def _without_small_numbers(body: str, tail: str) -> str:
    """Drop ①②③ or ⑴⑵⑶ where they refer to a tail numbered the same way: each once, in order, from the first."""
    for span in SMALL_NUMBERS:
        marks = re.findall(f"[{span}]", body)
        wanted = [chr(ord(span[0]) + position) for position in range(len(marks))]
        if marks and marks == wanted and re.search(rf"^\s*{marks[-1]}", tail, re.MULTILINE):
            body = re.sub(f"[{span}]", "", body)
    return body


def cut_glossary(text: str) -> Edit:
    """Cut the section of explained terms at the end of a report, and lift it as `glossary`.

    >>> edit = cut_glossary("招商引资见成效。\\n让我们一起奋斗！\\n名词解释\\n1.双招双引：招商引资、招才引智。")
    >>> edit.text, edit.lifted["glossary"]
    ('招商引资见成效。\\n让我们一起奋斗！', '名词解释\\n1.双招双引：招商引资、招才引智。')
    """
    span = _heading(text)
    if span:
        start, end = span[0], _tail_end(text, span[1])
    else:
        unheaded = _unheaded(text)
        if unheaded is None:
            return Edit(text)
        start, end = unheaded, len(text)
    lead = LEAD_IN.search(text, max(0, start - 40), start)
    body, tail = text[: lead.start() if lead else start], text[start:end]
    body = _without_small_numbers(body, tail)
    rest = text[end:]
    return Edit(
        body.rstrip() + ("\n" + rest if rest.strip() else ""), 1, (shorten(tail),), {"glossary": tail.strip()}
    )


def cut_footnotes(text: str) -> Edit:
    """Lift Markdown footnotes ([^1]: …) as `glossary`, and drop their marks.

    >>> edit = cut_footnotes("推行链长制[^1]。\\n\\n[^1]: 领导挂钩产业链。")
    >>> edit.text.strip(), edit.lifted["glossary"]
    ('推行链长制。', '[^1]: 领导挂钩产业链。')
    """
    if "[^" not in text:
        return Edit(text)
    notes = "".join(FOOTNOTE.findall(text)).strip()
    edit = substitute(FOOTNOTE, "", text)
    edit = substitute(FOOTNOTE_MARK, "", edit.text, also=edit)
    return edit._replace(lifted={"glossary": notes} if notes else {})


def drop_note_marks(text: str) -> Edit:
    """Drop the numbers that refer to notes: [12], ［3］, 〔4〕; the number of a document, 〔2021〕5号, stays.

    >>> drop_note_marks("“四上”企业[12]达到300家，依据政发〔2021〕5号。").text
    '“四上”企业达到300家，依据政发〔2021〕5号。'
    """
    if not any(bracket in text for bracket in "[［〔﹝【"):
        return Edit(text)
    return substitute(NOTE_MARK, "", text)
