"""The tables of quantified targets: units, standard indicators, and the words that stand before a number."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from analysis.lexicon import read_table
from analysis.rhetoric.numerals import ARABIC, CHINESE

# A unit that is the beginning of another word: 30万人民币, 5级台阶, 3条件.
_NOT_BEFORE = {
    "人": "(?!民|均|才|口|大|类|代|行|工|流|形|道|文)",
    "名": "(?!单|录|牌|优|城|企|师|校|医院|品|次|副其实)",
    "位": "(?!居|列|次|数|于|置|一体)",
    "起": "(?!来|草|步|点|飞|降|施行|执行|实施|，)",
    "台": "(?!阶|州|湾|商|资|风)",
    "条": "(?!例|款|件)",
    "场": "(?!馆|所|地|景)",
    "对": "(?!接|外|口|标|应)",
    "面": "(?!积|向|上|对)",
    "节": "(?!能|水|点|约|会)",
    "门": "(?!类|户|口)",
    "组": "(?!织|建|团|合|长)",
    "口": "(?!岸|径)",
    "片": "(?!区)",
    "站": "(?!点|区)",
    "道": "(?!路)",
    "集": "(?!团|中|聚|群|体|约)",
    "支": "(?!持|出|撑)",
    "份": "(?!额)",
    "部": "(?!门|分|委|署)",
    "本": "(?!地|市|级|科|土|省)",
    "间": "(?!接)",
    "种": "(?!植|业|子|养)",
    "类": "(?!人员|地区)",
    "家": "(?!庭|长|园|具|电|门口|乡(?!镇|村))",
    "户": "(?!籍|外|均|用|型|口)",
    "处": "(?!理|置|级|于)",
    "头": "(?!部|条)",
    "次": "(?!产业|常委|执委|政府|全会|会议|常务|党代会|代表大会|党组|全体|区域)",
    "项": "(?!目)",
    "件": "(?!套)",
    "米": "(?!粉|板|深井)",
    "天": "(?!然|津)",
    "日": "(?!前|起|至|，|、|市|上午|下午|在)",
    "成": "(?!立|功|为|效|果|都|员|品|本|长|熟|交|绩|就|渝|人|了|都|套|片|型|规模|体系|的)",
    "根": "(?!据|本)",
    "枚": "",
    "张": "(?!家)",
    "架": "(?!桥|设|空)",
    "款": "(?!项)",
    "笔": "(?!试)",
    "单": "(?!位|元|体)",
    "列": "(?!入|为|居|第|全|车)",
    "座": "(?!谈)",
    "首": "(?!个|批|次|位|店)",
    "只": "(?!有|要|能)",
    "具": "(?!有|备)",
    "段": "(?!落|时)",
    "例": "(?!如)",
    "%": "",
}


PEOPLE = "人口|群众|农民|居民|职工|劳动力|市民|学生|老人|老年人|游客|脱贫|人才"
# 12.8万 at the end of a clause, or with the people meant behind it, needs no unit.
_NO_UNIT = (
    f"(?<=[万亿])(?=[，。；、）]|(?:农村|城镇|城乡|建档立卡|农业|转移|高校)?(?:贫困|受灾|富余)?(?:{PEOPLE}))"
)


class Unit(NamedTuple):
    """A unit of `data/lexicon/units.csv`: what it measures, and how much of the base unit it is."""

    kind: str
    factor: float
    base: str
    currency: str | None


class Indicator(NamedTuple):
    """A standard indicator of `data/lexicon/indicators.csv`; better: "more", "less", or "fall" where a fall is promised."""

    entry: str
    gloss: str
    unit_kind: str
    better: str


@lru_cache(maxsize=1)
def units() -> dict[str, Unit]:
    """Return the units by name, 亩 to square metres and so on."""
    table = read_table("lexicon", "units.csv").fillna("")
    return {
        row["unit"]: Unit(row["unit_kind"], float(row["factor"]), row["base"], row["currency"] or None)
        for row in table.to_dict("records")
    }


@lru_cache(maxsize=1)
def indicators() -> dict[str, Indicator]:
    """Return the standard indicators by each of their variants."""
    table = read_table("lexicon", "indicators.csv").fillna("")
    return {
        variant: Indicator(row["entry"], row["gloss"], row["unit_kind"], row["better"])
        for row in table.to_dict("records")
        for variant in [row["entry"], *filter(None, row["variants"].split(";"))]
    }


@lru_cache(maxsize=1)
def words() -> dict[str, str]:
    """Return the words that stand before a number, each with its role: growth, fall, to, level, gap, act, skip."""
    table = read_table("lexicon", "target_words.csv")
    table = table[table["role"] != "general"]
    return dict(zip(table["term"], table["role"], strict=True))


@lru_cache(maxsize=1)
def general_objects() -> frozenset[str]:
    """Return the objects that say too little to be found again a year later: 投资, 企业."""
    table = read_table("lexicon", "target_words.csv")
    return frozenset(table.loc[table["role"] == "general", "term"])


@lru_cache(maxsize=1)
def quantity_pattern() -> re.Pattern[str]:
    """Return the pattern of a number with its unit: groups first, first_unit, second, unit, per, or doubling.

    A range has second; first_unit is its unit where it is written twice (8%-10%). doubling is 翻番 and its kin.
    """
    unit = _unit_pattern()
    # No figure before it, nor a letter (A股5家 has none), nor what makes it an ordinal.
    arabic = (
        rf"(?<![0-9A-Za-z.第:：/])(?P<first>{ARABIC})"
        rf"(?:(?P<first_unit>{unit})?(?:[-—–~～－―]{{1,2}}|至|到)(?P<second>{ARABIC}))? ?(?P<unit>{unit}|{_NO_UNIT})"
        r"(?P<per>/(?:[0-9]*(?:亩|人|年|日|天|月|平方公里|公顷|小时|吨|户|立方米|平方米|千克|次|万元)))?"
    )
    percent = r"(?P<percent>百分之(?P<points>[零一二两三四五六七八九十百]+(?:点[零一二三四五六七八九]+)?))"
    chinese = (
        rf"(?<![零一二两三四五六七八九十百千万亿第0-9几数])(?P<chinese>{CHINESE}) ?(?P<chinese_unit>{unit})"
    )
    fraction = r"(?P<fraction>[二三四五六七八九十]+分之[一二三四五六七八九十]+|[1-9]/[2-9](?![0-9]))"
    doubling = r"(?P<doubling>翻(?:了)?(?P<fold>[一两二三]|[123]|近一)?番)"
    return re.compile(f"{arabic}|{percent}|{fraction}|{doubling}|{chinese}")


def _unit_pattern() -> str:
    names = sorted(units(), key=len, reverse=True)
    return "(?:" + "|".join(re.escape(name) + _NOT_BEFORE.get(name, "") for name in names) + ")"
