"""Punctuation: ASCII signs beside Chinese get their Chinese form."""

from __future__ import annotations

import re

from analysis.characters import CHINESE, HAN
from analysis.markup import EXAMPLES, Edit, shorten, substitute

QUOTED = re.compile(rf"\"([^\"“”\n]{{1,80}})\"(?:(?<=[{CHINESE}]\")|(?=[{CHINESE}]))")
QUOTED_HAN = re.compile(rf"\"([^\"“”\n]*[{HAN}][^\"“”\n]*)\"")
QUOTED_SINGLE = re.compile(rf"'(?!\d\d[{HAN}])([^'‘’，。；：、\n]{{0,20}}[{HAN}][^'‘’，。；：、\n]{{0,20}})'")
BRACKET = re.compile(r"[()（）\n]")
WIDE_BRACKETS = str.maketrans("()", "（）")
# Behind Chinese a whole run of marks; behind figures and letters one before Chinese.
MARK = re.compile(rf"[,;:!?](?:(?<=[{CHINESE}].)[,;:!?]*|(?<=[0-9A-Za-z%‰)].)(?=[{CHINESE}]))")
FULL = str.maketrans(",;:!?", "，；：！？")
IS_CHINESE = re.compile(f"[{CHINESE}]")
LAST_STOP = re.compile(rf"\.(?<=[{HAN}”）].)(?=[ ]*(?:\n|\Z))")
INNER_STOP = re.compile(rf"\.(?<=[{HAN}”）].)(?=[{HAN}“（])")
ELLIPSIS = re.compile(rf"\.{{3,}}(?:(?<=[{CHINESE}]\.\.\.)|(?=[{CHINESE}\n]|\Z))")
DASH = re.compile(rf"(?:――+|──+|－－+|--(?<!---)(?!-))(?=[{CHINESE}0-9])")
MIDDLE_DOT = re.compile(rf"[•‧∙･・](?<=[{HAN}].)(?=[{HAN}])")
ASCII_MARK = re.compile(r"[,;:!?\"'().]")


def widen_punctuation(text: str) -> Edit:
    """Give ASCII punctuation beside Chinese its Chinese form; decimals, times, 1,234 and addresses stay.

    >>> widen_punctuation('引进"链主"3家,投资1,234.5万元(首期).').text
    '引进“链主”3家，投资1,234.5万元（首期）。'
    """
    dashed = any(sign in text for sign in "―─－") or "--" in text
    edit = substitute(DASH, "——", text) if dashed else Edit(text)
    if any(dot in text for dot in "•‧∙･・"):
        edit = substitute(MIDDLE_DOT, "·", edit.text, also=edit)
    if not ASCII_MARK.search(edit.text):
        return edit
    for pattern in (QUOTED_HAN, QUOTED):
        if '"' in edit.text:
            edit = substitute(pattern, r"“\1”", edit.text, also=edit)
    if "'" in edit.text:
        edit = substitute(QUOTED_SINGLE, r"‘\1’", edit.text, also=edit)
    if "(" in edit.text or ")" in edit.text:
        edit = _widen_brackets(edit)
    if any(mark in edit.text for mark in ",;:!?"):
        edit = substitute(MARK, lambda match: match.group().translate(FULL), edit.text, also=edit)
    if "..." in edit.text:
        edit = substitute(ELLIPSIS, "……", edit.text, also=edit)
    # 中国.霁川 is a middle dot gone wrong as often as a full stop: only a text without a single 。 uses it as one
    if "。" not in edit.text:
        edit = substitute(INNER_STOP, "。", edit.text, also=edit)
    return substitute(LAST_STOP, "。", edit.text, also=edit)


# ---- brackets


def _widen_brackets(edit: Edit) -> Edit:
    """Widen the pairs that hold Chinese or stand beside it, and in turn those that hold or touch these."""
    text = edit.text
    signs = [match.start() for match in BRACKET.finditer(text)]
    closing, above = _pairs(text, signs)
    wide = _spread(text, signs, closing, above)
    if not wide:
        return edit
    letters = list(text)
    for pair in wide:
        for at in (signs[pair], signs[closing[pair]]):
            letters[at] = letters[at].translate(WIDE_BRACKETS)
    found = tuple(shorten(text[signs[pair] : signs[closing[pair]] + 1]) for pair in sorted(wide)[:EXAMPLES])
    return Edit("".join(letters), edit.places + len(wide), (edit.examples + found)[:EXAMPLES], edit.lifted)


def _pairs(text: str, signs: list[int]) -> tuple[dict[int, int], dict[int, int]]:
    """The closing sign of each opening one, within lines, and the pair around it; all as places in `signs`."""
    closing: dict[int, int] = {}
    above: dict[int, int] = {}
    still_open: list[int] = []
    for number, at in enumerate(signs):
        if text[at] in "(（":
            still_open.append(number)
        elif text[at] == "\n":
            still_open.clear()
        elif still_open:
            opened = still_open.pop()
            closing[opened] = number
            if still_open:
                above[opened] = still_open[-1]
    return closing, above


def _spread(text: str, signs: list[int], closing: dict[int, int], above: dict[int, int]) -> set[int]:
    """The pairs to widen: each pair is looked at when it, or one that it holds or touches, has become Chinese."""
    holds = _chinese_before(text, signs)
    place = {at: number for number, at in enumerate(signs)}
    opened = {last: first for first, last in closing.items()}
    waiting = [
        pair
        for pair, last in closing.items()
        if holds[2 * last] > holds[2 * pair + 1]
        or (_is_ascii(text, signs, pair, last) and _touches_chinese(text, signs[pair], signs[last]))
    ]
    wide: set[int] = set()
    while waiting:
        pair = waiting.pop()
        if pair in wide or pair not in closing:
            continue
        wide.add(pair)
        if pair in above:
            waiting.append(above[pair])
        for at in (signs[pair], signs[closing[pair]]):
            beside = (place.get(at + 1), opened.get(place.get(at - 1, -1)))
            waiting += [
                near for near in beside if near in closing and _is_ascii(text, signs, near, closing[near])
            ]
    return {pair for pair in wide if "(" in text[signs[pair]] or ")" in text[signs[closing[pair]]]}


def _chinese_before(text: str, signs: list[int]) -> list[int]:
    """How many of sign, gap, sign, gap, ... are Chinese before each: a difference tells what a pair holds."""
    before = [0]
    for at, following in zip(signs, [*signs[1:], len(text)], strict=True):
        before.append(before[-1] + (text[at] in "（）"))
        before.append(before[-1] + (IS_CHINESE.search(text, at + 1, following) is not None))
    return before


def _is_ascii(text: str, signs: list[int], first: int, last: int) -> bool:
    return text[signs[first]] == "(" and text[signs[last]] == ")"


def _touches_chinese(text: str, first: int, last: int) -> bool:
    beside = text[max(0, first - 1) : first] + text[last + 1 : last + 2]
    return IS_CHINESE.search(beside) is not None
