"""Numerals to numbers: examples by hand, and a round trip with a writer of numerals made from other rules."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.rhetoric.numerals import numeral

DIGITS = "零一二三四五六七八九"
GROUPS = ["", "万", "亿", "万亿"]


def four(number: int) -> str:
    """Write a number below 10,000, digit by digit, with one 零 for a gap inside."""
    text = ""
    for name, digit in zip("千百十 ", f"{number:04d}", strict=True):
        if digit != "0":
            text += DIGITS[int(digit)] + name.strip()
        elif text and not text.endswith("零"):
            text += "零"
    return text.rstrip("零")


def written(number: int) -> str:
    """Write a whole number below 10¹⁶ in Chinese figures: groups of four digits, 零 where a group begins with a gap."""
    digits = f"{number:016d}"
    text = ""
    for name, group in zip(reversed(GROUPS), (digits[i : i + 4] for i in range(0, 16, 4)), strict=True):
        if int(group):
            text += ("零" if text and group[0] == "0" else "") + four(int(group)) + name
    return text or "零"


def test_the_writer_writes_as_one_does():
    assert [written(n) for n in (0, 10, 105, 1050, 20_003, 30_500, 12_0000_0000)] == [
        *("零", "一十", "一百零五", "一千零五十", "二万零三", "三万零五百", "一十二亿"),
    ]


@settings(max_examples=400, deadline=None)
@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_what_is_written_is_read(number):
    assert numeral(written(number)) == (number, number, False)


@settings(max_examples=200, deadline=None)
@given(st.integers(min_value=10, max_value=19))
def test_ten_needs_no_one(number):
    assert numeral(written(number).removeprefix("一")).low == number


@settings(max_examples=200, deadline=None)
@given(
    st.decimals(min_value=0, max_value=99999, places=2),
    st.sampled_from([("", 1), ("万", 10**4), ("亿", 10**8), ("万亿", 10**12), ("千万", 10**7)]),
)
def test_arabic_figures_with_a_multiple(decimal, multiple):
    assert numeral(f"{decimal}{multiple[0]}").low == pytest.approx(float(decimal) * multiple[1], rel=1e-12)


@pytest.mark.parametrize(
    "text, value",
    [
        *[
            ("1,234.5", 1234.5),
            ("1.2万亿", 1.2e12),
            ("50百万", 5e7),
            ("两", 2),
            ("半", 0.5),
            ("两千三", 2300),
        ],
        *[
            ("三万五", 35_000),
            ("一百五", 150),
            ("百万", 1e6),
            ("千亿", 1e11),
            ("万亿", 1e12),
            ("一点五亿", 1.5e8),
        ],
        *[
            ("二〇二五", 2025),
            ("八点五", 8.5),
            ("三分之一", 1 / 3),
            ("百分之八点五", 0.085),
            ("千分之六", 0.006),
        ],
        *[("十五", 15), ("一百零五", 105), ("两亿三千万", 2.3e8), ("0.5", 0.5)],
    ],
)
def test_examples(text, value):
    read = numeral(text)
    assert read.low == read.high == pytest.approx(value)
    assert not read.vague


@pytest.mark.parametrize(
    "text, low", [("300多", 300), ("20余万", 200_000), ("三百多", 300), ("3亿多", 3e8), ("五十余", 50)]
)
def test_a_vague_number_is_the_one_named(text, low):
    assert numeral(text) == (low, low, True)


@pytest.mark.parametrize("text", ["几十", "数百万", "几"])
def test_a_vague_number_that_names_none(text):
    assert numeral(text) == (None, None, True)


def test_two_digits_side_by_side_are_a_range():
    assert numeral("三五") == (3, 5, False)
    assert numeral("两三百") == (200, 300, False)


@pytest.mark.parametrize(
    "text", ["", "万里", "abc", "第三", "1.2.3", ",", "10,5", "1,2345", "1,,234", ",123"]
)
def test_no_numeral(text):
    with pytest.raises(ValueError, match="is no numeral"):
        numeral(text)
