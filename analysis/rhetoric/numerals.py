"""Chinese and Arabic numerals to numbers: multiples (百 千 万 亿 万亿), decimals, 两, 半, fractions, vague 多 余 几 数."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
PLACES = {"十": 10, "百": 100, "千": 1000}
MYRIADS = {"万": 10**4, "亿": 10**8}

# A multiple behind Arabic digits: 3万, 1.2万亿, 50百万.
MULTIPLE = "(?:[十百千]?万亿|[十百千]?万|[十百千]?亿|百|千(?![米瓦克伏]))"
ARABIC = rf"[0-9]+(?:,[0-9]{{3}})*(?:\.[0-9]+)?(?: ?[多余几]?{MULTIPLE})?[多余]?"
CHINESE = "[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?[多余]?[万亿]*"
_VAGUE = re.compile("[多余几数]")
_ARABIC = re.compile(rf"([0-9]+(?:,[0-9]{{3}})*(?:\.[0-9]+)?) ?({MULTIPLE})?")
_FRACTION = re.compile("(.+?)分之(.+)")
_PAIR = re.compile("([一二两三四五六七八九])([二三四五六七八九])([十百千万亿]*)")


class Numeral(NamedTuple):
    """What a numeral says. low and high are equal but for 三五 (3 to 5); vague: 多, 余, 几 or 数 stands in it.

    A vague numeral has the number that is named as low and high (300多 is 300); where none is named (几十, 数百万)
    both are missing.
    """

    low: float | None
    high: float | None
    vague: bool


def numeral(text: str) -> Numeral:
    """Read a numeral, written in Arabic or Chinese figures or both.

    Raises ValueError where the text is no numeral.

    >>> numeral("1.2万亿")
    Numeral(low=1200000000000.0, high=1200000000000.0, vague=False)
    >>> numeral("一千零五十").low, numeral("两亿三千万").low, numeral("三万五").low
    (1050.0, 230000000.0, 35000.0)
    >>> numeral("300多万"), numeral("三五")
    (Numeral(low=3000000.0, high=3000000.0, vague=True), Numeral(low=3.0, high=5.0, vague=False))
    >>> numeral("数十").low is None, numeral("三分之一").low, numeral("百分之八点五").low
    (True, 0.3333333333333333, 0.085)
    """
    if fraction := _FRACTION.fullmatch(text):
        return _fraction(fraction[1], fraction[2])
    vague = bool(_VAGUE.search(text))
    if re.search("[几数]", text) and not text[0].isascii():
        return Numeral(None, None, True)
    plain = _VAGUE.sub("", text)
    if pair := _PAIR.fullmatch(plain):
        multiple = _plain(pair[3]) if pair[3] else Decimal(1)
        if DIGITS[pair[1]] < DIGITS[pair[2]]:
            return Numeral(float(DIGITS[pair[1]] * multiple), float(DIGITS[pair[2]] * multiple), vague)
    value = float(_value(plain, text))
    return Numeral(value, value, vague)


def _fraction(below: str, above: str) -> Numeral:
    top, bottom = numeral(above), numeral(below)
    if top.low is None or not bottom.low:
        return Numeral(None, None, True)
    return Numeral(top.low / bottom.low, top.low / bottom.low, top.vague)


def _value(plain: str, text: str) -> Decimal:
    if arabic := _ARABIC.fullmatch(plain):
        multiple = _plain(arabic[2]) if arabic[2] else Decimal(1)
        return Decimal(arabic[1].replace(",", "")) * multiple
    try:
        return _plain(plain)
    except (KeyError, ValueError):
        raise ValueError(f"{text!r} is no numeral; 12, 1.5万, 三百二十 and 三分之一 are.") from None


def _plain(text: str) -> Decimal:
    """The value of a Chinese numeral without vague parts; a bare 百 or 万亿 is one hundred, one million million."""
    if not text:
        raise ValueError
    if text == "半":
        return Decimal("0.5")
    whole, _, decimals = text.partition("点")
    if decimals:
        scale = decimals[len(decimals.rstrip("万亿")) :]
        digits = "".join(str(DIGITS[digit]) for digit in decimals.rstrip("万亿"))
        return (_whole(whole) + Decimal(f"0.{digits}")) * (_whole(scale) if scale else 1)
    return Decimal(_whole(text))


def _whole(text: str) -> int:
    """Sum by myriads; what stands before 亿 is multiplied whole, so that 一万亿 is 10¹²."""
    if all(character in DIGITS for character in text):  # read off: 二〇二五, 一二
        return int("".join(str(DIGITS[character]) for character in text))
    total = section = digit = 0
    last = 0  # the place named last: 三万五 is 35,000
    for character in text:
        if character in DIGITS:
            digit, last = DIGITS[character], last if DIGITS[character] else 0
        elif character in PLACES:
            section += (digit or 1) * PLACES[character]
            digit, last = 0, PLACES[character]
        else:
            section += digit
            if character == "亿":
                total, section = (total + section or 1) * MYRIADS["亿"], 0
            else:
                total, section = total + (section or 1) * MYRIADS["万"], 0
            digit, last = 0, MYRIADS[character]
    return total + section + (digit * last // 10 if digit and last >= 100 else digit)
