"""Damage a text as mirror sites do: pinyin notes put into GBK bytes without regard to character boundaries.

The steps, in order (each is a function or a line of `damage`):
1. simplified to traditional, character by character;
2. GBK bytes; one byte-string replacement for each listed character, in the list's order, over the whole text;
3. decoded as Windows-936: a lead byte with an illegal trail byte becomes one `?` and takes both bytes with it;
4. (`recode`) encoded again, cut byte-wise at `，`, each piece at `。`, each part decoded alone; part of the list runs
   before this, the rest after;
5. (`drop`) pairs of the user-defined areas vanish; （），：；？！ become ASCII.

    text = "我市全力招商引资，项目加快建设。"
    listed = random_list(text, 5, seed=1)           # [("資", "zī"), ...], in the order of replacement
    damaged = damage(text, listed, recode=True)
    truth = undamaged(text)                         # what a perfect restoration of `damaged` gives
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import lru_cache

FOLD = str.maketrans("，（）：；？！", ",():;?!")
# Where the mirror sites' own table of characters differs from OpenCC's.
KEPT = "干于后并么筑里范云游杠余斗采污征愿涌辟"
OTHERWISE = {ord(a): b for a, b in zip("着签冲杆症闲", "著簽沖桿癥閑", strict=True)}
EURO = 0x80
# Windows-936 gives the byte 80 to €; the pair that a later table gives to it is one without a character.
ODD = {"€": bytes([EURO]), "\ue76c": b"\xa2\xe3"}
PRIVATE = range(0xE000, 0xF900)  # where Windows-936 puts pairs without a character
Listed = Sequence[tuple[str, str]]


@lru_cache(maxsize=1)
def _to_traditional() -> dict[int, str]:
    """One traditional character for each simplified one, whatever the word: 着 becomes 著 in every word."""
    import opencc

    han = [chr(code) for code in range(0x4E00, 0xA000) if chr(code) not in KEPT]
    complicated = opencc.OpenCC("s2tw").convert("\n".join(han)).split("\n")
    pairs = zip(han, complicated, strict=True)
    return {ord(a): b for a, b in pairs if a != b and len(b) == 1 and _bytes_of(b) != b"?"} | OTHERWISE


def traditional(text: str) -> str:
    """Step 1."""
    return text.translate(_to_traditional())


def _bytes_of(character: str) -> bytes:
    if character in ODD:
        return ODD[character]
    try:
        code = character.encode("gb18030")
    except UnicodeEncodeError:
        return b"?"
    return code if len(code) <= 2 else b"?"


def _character_of(pair: bytes) -> str:
    return "\ue76c" if pair == ODD["\ue76c"] else pair.decode("gb18030")


def encode(text: str) -> bytes:
    """Encode as Windows-936; a character that it lacks becomes `?`."""
    return b"".join(map(_bytes_of, text))


def decode(code: bytes) -> str:
    """Step 3: decode as Windows-936 does; pairs without a character come out in the private use area."""
    found, place = [], 0
    while place < len(code):
        lead = code[place]
        if lead <= EURO or lead == 0xFF:
            found.append("€" if lead == EURO else chr(lead))
            place += 1
            continue
        trail = code[place + 1] if place + 1 < len(code) else 0
        legal = trail >= 0x40 and trail not in (0x7F, 0xFF)
        found.append(_character_of(code[place : place + 2]) if legal else "?")
        place += 2
    return "".join(found)


def annotate(code: bytes, listed: Listed) -> bytes:
    """Step 2: put the note after each pair of bytes that equals a listed character's, wherever the pair stands."""
    for character, reading in listed:
        pair = encode(character)
        code = code.replace(pair, pair + encode(f"({reading})"))
    return code


def cut_and_join(code: bytes) -> bytes:
    """Step 4: cut at A3AC, each piece at A1A3; each part decoded alone."""
    comma, stop = encode("，"), encode("。")
    pieces = [stop.join(encode(decode(part)) for part in piece.split(stop)) for piece in code.split(comma)]
    return comma.join(pieces)


def damage(
    text: str,
    listed: Listed,
    *,
    recode: bool = False,
    drop: bool = True,
    fold: bool = True,
    convert: bool = True,
    before: int | None = None,
) -> str:
    """Damage a clean text by the five steps.

    `before`: how many of the list run before step 4 (with `recode`; the first half if not given). `convert=False`
    leaves step 1 out, for a text that is traditional already.
    """
    code = encode(traditional(text) if convert else text)
    if recode:
        before = len(listed) // 2 if before is None else before
        first = encode(decode(annotate(code, listed[:before])))
        shown = decode(annotate(cut_and_join(first), listed[before:]))
    else:
        shown = decode(annotate(code, listed))
    if drop:
        shown = "".join(character for character in shown if ord(character) not in PRIVATE)
    return shown.translate(FOLD) if fold else shown


def undamaged(text: str, *, fold: bool = True, convert: bool = True) -> str:
    """What a perfect restoration gives: script and width of the damaged page, no notes, every character right."""
    shown = decode(encode(traditional(text) if convert else text))
    return shown.translate(FOLD) if fold else shown


def random_list(text: str, n: int, seed: int, *, converted: bool = True) -> list[tuple[str, str]]:
    """Draw n Han characters of a text (in traditional script) in random order, each with its commonest reading.

    `converted`: only of those that step 1 changed, as on every list of a real page; else of all, which breaks far more
    (a common character's two bytes stand between others' much more often).
    """
    from pypinyin import Style, lazy_pinyin

    shown = traditional(text)
    pool = (
        {after for before, after in zip(text, shown, strict=True) if before != after}
        if converted
        else set(shown)
    )
    han = {c for c in pool if "\u4e00" <= c <= "\u9fff" and len(_bytes_of(c)) == 2}
    readings = {c: lazy_pinyin(c, style=Style.TONE)[0] for c in sorted(han)}
    known = [c for c, reading in readings.items() if "?" not in decode(encode(reading))]
    drawn = random.Random(seed).sample(known, min(n, len(known)))
    return [(c, readings[c]) for c in drawn]
