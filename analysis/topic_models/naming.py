"""What a topic is called: its most exclusive words that a reader can make something of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.topic_models.matching import TOP
from analysis.words import is_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

WORDS = 3  # of a label
# Amounts, counts and times say nothing of what a topic is about: 亿元, 万平方米, 百亿级, 一批, 两个, 个百分点, 全年, 今年.
_UNIT = (
    "元|美元|欧元|元级|级|亩|人|人次|头|户|家|个|只|场|间|车次|吨|千瓦|千瓦时|千伏安|平方米|平方公里|公里|公顷|"
    "标箱|标准箱"
)
_AMOUNT = re.compile(
    f"[十百千万亿]*[百千万亿](?:{_UNIT})?|元|美元|个?百分点|(?:平方)?公里|平方米|亩|吨|小时|工作日|左右|以上|以下|"
    "[一二三四五六七八九十两多几每首各数](?:个|批|年|次|件|张|期|级|区|项|家|条|名|些|新|重|种|句|位|样)|"
    "[今去上全当本明同历近]年|年[内均度产]|周年|之一"
)


def says_nothing(term: str) -> bool:
    """Tell amounts, units and times, which no label should be made of, from words.

    >>> [says_nothing(term) for term in ("亿元", "万平方米", "百分点", "12", "一批", "全年")]
    [True, True, True, True, True, True]
    >>> [says_nothing(term) for term in ("万达", "千方百计", "个体工商户", "十四五", "年产业")]
    [False, False, False, False, False]
    """
    return is_number(term) or _AMOUNT.fullmatch(term) is not None


def label(words: pd.DataFrame) -> str:
    """Name a topic by the most exclusive of its ten heaviest words, joined by ·.

    words: one row a term: term, weight, exclusivity, heaviest first. Left out: amounts, units and times; and a word that
    is part of one chosen before (产业 after 产业集群). Where fewer than three words are left of the
    ten, those that were left out fill up.
    """
    heaviest = words.head(TOP).sort_values(["exclusivity", "weight", "term"], ascending=[False, False, True])
    terms = heaviest["term"].tolist()
    chosen = _apart(term for term in terms if not says_nothing(term))
    chosen += [term for term in terms if term not in chosen][: max(0, WORDS - len(chosen))]
    return "·".join(chosen)


def _apart(terms: Iterable[str]) -> list[str]:
    chosen: list[str] = []
    for term in terms:
        if len(chosen) < WORDS and not any(term in other for other in chosen):
            chosen.append(term)
    return chosen
