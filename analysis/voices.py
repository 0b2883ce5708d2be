"""Who speaks in a text: the tier of government, by its own words, and sections that speak as another unit."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

OPENING = 1500  # characters within which a report says in whose name it is given
_NUMBERED = re.compile(r"^0[1-9](?!\d)", re.MULTILINE)
_HEADED = re.compile(
    r"^(?:第[一二三四五六七八九十]+[部章]分?|[一二三四五六七八九十]+、).{0,40}$", re.MULTILINE
)
_OWN_REGION = "自治区"

# What each tier says of itself; under an autonomous region 全区 is the region.
_TIERS = {
    "central": re.compile("我国|全国"),
    "province": re.compile("我省|全省"),
    "city": re.compile("[我全]市|本市|[我全]州|[我全]盟"),
    "county": re.compile("[我全]县|[我全]旗|[我全]区"),
}
_FORMULA = re.compile(r"(?:代表|受)[^，。；：\n]{0,24}?(国务院|人民政府|政府|行政公署|行署)")
_FORMULA_TIER = (
    ("central", re.compile("国务院")),
    ("province", re.compile("自治区|省(?:第.{1,6}届)?(?:人民)?政府")),
    ("city", re.compile("[市州盟](?:第.{1,6}届)?(?:人民)?(?:政府|行)|地区行|行署")),
    ("county", re.compile("[县旗区](?:第.{1,6}届)?(?:人民)?政府")),
)
_HEADS = {
    "central": re.compile("国务院|(?<!副)总理|全国人民代表大会"),
    "province": re.compile("(?<!副)省长|自治区主席"),
}
_ZONE = re.compile(r"(?<!省)(?<!市)(?<!区)区?党工委|管委会|管理委员会")
_SELF = re.compile("[我本][市县区州盟旗省]")
_FIRST_PERSON_COUNTY = re.compile("我[县区旗]")
_FIRST_PERSON_CITY = re.compile("[我本]市|我州|我盟")


@dataclass(frozen=True)
class Voice:
    """The tier that a text speaks for (None: it does not say), why, and what it calls itself, with counts."""

    tier: str | None
    reason: str
    own_words: tuple[tuple[str, int], ...]
    zone: bool = False


@dataclass(frozen=True)
class Section:
    """A part of a text under one number or heading."""

    label: str
    start: int
    text: str


def voice(text: str, office: str = "", title: str = "") -> Voice:
    """The tier of government that a text speaks for: central, province, city or county; by its formula, then its words.

    >>> voice("现在，我代表市人民政府，向大会报告工作。").tier, voice("我县今年开局良好，全县上下一心。").tier
    ('city', 'county')
    """
    words = {tier: Counter(pattern.findall(text)) for tier, pattern in _TIERS.items()}
    own = tuple(
        sorted(sum((words[tier] for tier in words if tier != "central"), Counter()).items(), key=_by_count)
    )
    zone = bool(_ZONE.search(text))
    if tier := _by_formula(text):
        return Voice(tier, "opening", own, zone)
    if tier := next((tier for tier, head in _HEADS.items() if head.search(f"{office} {title}")), None):
        return Voice(tier, "office or headline", own, zone)
    return Voice(_by_words(text, words), "its own words", own, zone)


def _by_count(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _by_formula(text: str) -> str | None:
    """The tier in 我代表市人民政府, 受国务院委托; within the opening, and only where it is the speaker's own."""
    for formula in _FORMULA.finditer(text[:OPENING]):
        for tier, pattern in _FORMULA_TIER:
            if pattern.search(formula[0]):
                return tier
    return None


def _by_words(text: str, words: dict[str, Counter[str]]) -> str | None:
    """The tier whose own words lead, 我市 counting twice as much as 全市; a country's words alone name no speaker."""
    weight = {
        tier: sum(n * (1 if word[0] == "全" else 2) for word, n in words[tier].items())
        for tier in ("city", "county", "province")
    }
    if _OWN_REGION in text:
        weight["county"] -= sum(n for word, n in words["county"].items() if word.endswith("区"))
    # One of a city's districts may report what the whole city does: 我区 is then the one word of its own.
    if _FIRST_PERSON_COUNTY.search(text) and not _FIRST_PERSON_CITY.search(text) and _OWN_REGION not in text:
        return "county"
    # A city's text may hold a district's voice, which says 全区 often; the district leads where it says so twice as much.
    if _FIRST_PERSON_CITY.search(text):
        weight["county"] //= 2
    tier = max(weight, key=lambda name: weight[name])
    if weight[tier] <= 0 or (tier == "province" and weight[tier] < 3):
        return None
    return tier


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
        Section(mark[0][:12].strip(), mark.start(), text[mark.start() : end])
        for mark, end in zip(marks, ends, strict=True)
    ]


def own_words(text: str) -> Counter[str]:
    """How often a text says 我市, 我区 and the like, and 全市, 全区.

    >>> own_words("我区今年再上台阶，全区上下一心。")
    Counter({'我区': 1, '全区': 1})
    """
    return Counter(re.findall("[我全][市县区州盟旗]", text))
