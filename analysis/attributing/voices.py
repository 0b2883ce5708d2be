"""Who speaks in a text: the tier of government, by its own words, and sections that speak as another unit."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

OPENING = 1500  # characters within which a report says in whose name it is given
_NUMBERED = re.compile(r"^0[1-9](?!\d)", re.MULTILINE)
_POINT = re.compile(r"^[1-9]\d?[、.．]", re.MULTILINE)
_HEADED = re.compile(
    r"^(?:第[一二三四五六七八九十]+[部章]分?|[一二三四五六七八九十]+、).{0,40}$", re.MULTILINE
)
_OWN_REGION = "自治区"
# A city's report says 全省 too, to compare itself: it is the province that speaks where 全市 comes this much less often,
PROVINCE_LEADS = 5
PROVINCE_ALONE = 20  # and where it says 我省, or 全省 this often.
NATION, NATION_LEADS = 20, 10

# What each tier says of itself.
_NATION = re.compile("我国|全国")
_OWN_WORD = re.compile("[我全][市县区州盟旗省]|本市")
_TIER_OF = dict.fromkeys("市州盟", "city") | dict.fromkeys("县旗区", "county") | {"省": "province"}
_FIRST_PERSON = {"city": ("我市", "本市", "我州", "我盟"), "county": ("我县", "我区", "我旗")}

_FORMULA = re.compile(
    r"(?:我们?|谨|现)代表[^，。；：\n]{0,24}?(?:国务院|人民政府|政府|行政公署|行署)"
    r"|受[^，。；：\n]{0,24}?(?:国务院|人民政府|政府|行政公署|行署)(?=的?委托)"
)
_TERM = "(?:第?[一二三四五六七八九十\\d]{1,4}届)?"
_FORMULA_TIER = (
    ("central", re.compile("国务院")),
    ("province", re.compile(f"(?:自治区|省){_TERM}(?:人民)?政府")),
    ("city", re.compile(f"[市州盟]{_TERM}(?:人民)?(?:政府|行)|地区行|行署")),
    ("county", re.compile(f"[县旗区]{_TERM}(?:人民)?政府")),
)
_HEADS = {
    "central": re.compile("国务院|(?<!副)总理|全国人民代表大会"),
    "province": re.compile("(?<!副)省长|自治区主席"),
}


@dataclass(frozen=True)
class Voice:
    """The tier that a text speaks for (None: it does not say), why, and what it calls itself, with counts."""

    tier: str | None
    reason: str
    own_words: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Section:
    """A part of a text under one number or heading; `spans` are its own numbered points (1、 2、), start and end."""

    label: str
    start: int
    text: str
    spans: tuple[tuple[int, int], ...]


def voice(text: str, office: str = "", title: str = "") -> Voice:
    """The tier of government that a text speaks for: central, province, city or county; by its formula, then its words.

    >>> voice("现在，我代表市人民政府，向大会报告工作。").tier, voice("我县今年开局良好，全县上下一心。").tier
    ('city', 'county')
    """
    words = own_words(text)
    own = tuple(sorted(words.items(), key=_by_count))
    if tier := _by_formula(text):
        return Voice(tier, "opening", own)
    if tier := next((tier for tier, head in _HEADS.items() if head.search(f"{office} {title}")), None):
        return Voice(tier, "office or headline", own)
    if _of_the_nation(text, words):
        return Voice("central", "its own words", own)
    return Voice(_by_words(words, within_region=_OWN_REGION in text), "its own words", own)


def _of_the_nation(text: str, words: Counter[str]) -> bool:
    """Whether a text speaks of 我国 and 全国 much, of the State Council, and next to never of a tier below as its own."""
    nation = len(_NATION.findall(text))
    return nation >= NATION and nation >= NATION_LEADS * words.total() and "国务院" in text


def _by_count(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _by_formula(text: str) -> str | None:
    """The tier in 我代表市人民政府, 受国务院委托; within the opening, and only where it is the speaker's own."""
    for formula in _FORMULA.finditer(text[:OPENING]):
        for tier, pattern in _FORMULA_TIER:
            if pattern.search(formula[0]):
                return tier
    return None


def _by_words(words: Counter[str], *, within_region: bool) -> str | None:
    """The tier whose own words lead, 我市 counting twice as much as 全市."""
    weight: Counter[str] = Counter()
    for word, count in words.items():
        # Under an autonomous region, 我区 and 全区 are the region.
        if not (within_region and word[1] == "区"):
            weight[_TIER_OF[word[1]]] += count * (1 if word[0] == "全" else 2)
    first_person = {tier for tier, own in _FIRST_PERSON.items() if any(words[word] for word in own)}
    if first_person == {"county"} and weight["county"]:
        return "county"  # a district tells what the whole city does: 我区 is the one word of its own
    if "city" in first_person:
        weight["county"] //= 2  # a city's text may hold a district's voice, which says 全区 often
    ranks_itself = not words["我省"] and words["全省"] < PROVINCE_ALONE
    if weight["province"] >= PROVINCE_LEADS * max(weight["city"], weight["county"], 1) and not ranks_itself:
        return "province"
    return (
        max(("city", "county"), key=lambda tier: weight[tier]) if weight["city"] or weight["county"] else None
    )


def sections(text: str) -> list[Section]:
    """The parts of a text: under numbers 01, 02 where it has two or more, else under headings 一、 and 第一部分.

    >>> [part.label for part in sections("导言\\n01怎么看\\n先看。\\n02怎么办\\n后办。")]
    ['01', '02']
    """
    marks = list(_NUMBERED.finditer(text))
    if len(marks) < 2:
        marks = list(_HEADED.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)][: len(marks)]
    return [
        Section(
            mark[0][:12].strip(), mark.start(), text[mark.start() : end], _points(text, mark.start(), end)
        )
        for mark, end in zip(marks, ends, strict=True)
    ]


def _points(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    cuts = [start, *(point.start() for point in _POINT.finditer(text, start + 1, end)), end]
    return tuple(pairwise(cuts))


def own_words(text: str) -> Counter[str]:
    """How often a text says 我市, 我区 and the like, and 全市, 全区.

    >>> own_words("我区今年再上台阶，全区上下一心。")
    Counter({'我区': 1, '全区': 1})
    """
    return Counter(_OWN_WORD.findall(text))
