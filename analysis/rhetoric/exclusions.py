"""Numbers with a unit that are no targets: names, ordinals, ranks, sizes of things, framing counts, clock times."""

from __future__ import annotations

import re

SIZED = ("money", "area", "weight", "power", "length", "time", "volume", "energy")
COUNTED = ("count", "persons", "visits")
NOUN_BEHIND = (*COUNTED, "area", "length", "weight", "power", "volume")
_THINGS = (
    "项目|企业|园区|园|工程|产业|集群|工业|大户|户|镇|乡|村|街|商|品牌|平台|基地|载体|机组|锅炉|燃煤|生产线|仓|港|泊位|航道|码头|电站|变电|输变电|光伏|风电|热电|火电|"
    "线路|桥|产品|服务业|纳税|老人|高龄|装置|机场|级|储能|工地|建筑|水厂|污水|楼宇|楼|店|单体|医院|设备|水库|河流|船|货轮|公园|广场|池|管道|产能"
)
_USED = "(?![^，。；：、]{0,8}(?:用于|支持|建设|实施|推动|完成|推进|改造))"
# After its unit: the number tells of what size the thing is that follows.
_SIZE = re.compile(rf"(?:及?以[上下内])?(?:的|及以上)?{_USED}[^，。；：、！？（）()0-9]{{0,7}}?(?:{_THINGS})")
# 2400亩以上连片种植样板36个: a class of size whose members are counted behind it.
_CLASS = re.compile("及?以[上下内]的?[\u4e00-\u9fff“”]{2,14}?[0-9]")
# 26亿只陶瓷芯封装基地: what a works is to make; 茶产业14条等政策: a policy by the number of its articles.
_CAPACITY = re.compile("[^，。；：、0-9]{1,16}(?:生产线|产线|生产基地|封装基地|工厂)")
_ARTICLES = re.compile("(?:、[^，。；]{0,20})?(?:等)?[^，。；、]{0,4}(?:政策|举措)")
_SETTLEMENT = re.compile("及?以上的?(?:农村|自然村|行政村|村|屯|集中)")  # 20户以上自然村
_ATTRIBUTE = re.compile(
    "(?:及?以[上下内]|左右)?的(?!目标|速度|增[长速幅]|任务|幅度|水平|高速|年均|预期|比例|好成绩|大关|高位|新高)"
)
_FRAMING = re.compile(
    "(?:大)?(?:方面|问题|意识|维护|自信|坚持|环节|阶段|原则|关系|全面|重点领域|一体化|转变|结合|着力|确保)|工作[：，。；]"
)
_REFERENCE = re.compile("[^，。；：]{0,10}?(?:第[一二三四五六七八九十0-9]|排名|中(?:位|排)|前列|首位)")
_RANKED = re.compile("(?:居|列|位|排|在|全国|全省)[^，。；]{0,10}$")
_CHANGED_TIME = re.compile(
    "(?:压缩|缩短|缩减|减少|压减|提速|提前|控制|优良|达标|蓝天|达到|降至|减至|缩至|延长|天数|时间|时限|用时|以上|不超过|减为|寿命)[^，。；]{0,8}$"
)
# 还有5个缺水镇, 缺口40亿元: a lack, no target; 连续4次: how often, not how much.
_LACKING = re.compile("(?:(?:还|仍|尚)(?:有|剩)|缺口|缺少|相差)(?:近|约|达)?$|连续$")
_DONE_WITHIN = re.compile("(?:以?内|之内)?(?:办结|完成|拿证|审批|办理)")
_MULTIPLE_ONLY = re.compile("[十百千万亿]+[多余]?$")
_REACHED = re.compile("(?:突破|超过|达到|超|过|达|逾|迈上|跨越|迈过|跨上|破|接近|逼近|近|上|越过)$")
_NOTHING_MORE = re.compile("[，。；、！）)]|大关|台阶|关口|规模|门槛|$|左右|以上(?:[，。；、]|$)")
_DOUBLING_NAMED = re.compile("项目|工程|计划|行动|战略(?!目标)|方案|和|提升|攻坚|时间|精力")
_SHARED = re.compile("(?:近|超|达|约|占|过|逾|到|有|的|高|低|降|增[长加]?|减|缩|提高|费|中)(?:了)?$")
_ORDINAL = re.compile("[第每届前居]$")


def is_excluded(text: str, start: int, end: int, number: str, unit: str, kind: str, comparator: str) -> bool:
    """Tell whether the number at start, its unit ending at end, is no target."""
    before, after = text[max(0, start - 24) : start], text[end : end + 16]
    if _ORDINAL.search(before) and (before[-1] in "第每届" or kind in COUNTED):
        return True
    if before.endswith("$") or _LACKING.search(before):  # $ is left by damage
        return True
    if after[:1] in "级》" and after or _in_name(text, start, end):
        return True
    if kind in SIZED and _is_size(before, after, kind):
        return True
    if kind == "count" and (
        _CAPACITY.match(after) and number[-1] in "万亿" or unit == "条" and _ARTICLES.match(after)
    ):
        return True
    if unit in ("人", "户") and _SETTLEMENT.match(after):
        return True
    if kind in COUNTED and (_FRAMING.match(after) or _RANKED.search(before) and _REFERENCE.match(after)):
        return True
    return _is_manner(before, after, number, unit, kind, comparator)


def _is_manner(before: str, after: str, number: str, unit: str, kind: str, comparator: str) -> bool:
    """Clock times, and Chinese figures that count nothing."""
    if kind == "time":
        return not (_CHANGED_TIME.search(before) or _DONE_WITHIN.match(after)) or (
            unit == "岁" and "寿命" not in before
        )
    if unit in ("番", "分之"):
        return bool(_DOUBLING_NAMED.match(after))
    return not number[0].isascii() and _is_common(number, before, after, kind, unit, comparator)


def _in_name(text: str, start: int, end: int) -> bool:
    """Inside short quotation marks or a title: “三个100%”, 《…20条》."""
    for opening, closing, longest in ("“", "”", 14), ("《", "》", 60):
        at = text.rfind(opening, max(0, start - longest), start)
        if at >= 0 and text.find(closing, at, start) < 0:
            close = text.find(closing, end, at + longest)
            if close >= 0:
                return True
    return False


def _is_size(before: str, after: str, kind: str) -> bool:
    if _ATTRIBUTE.match(after):
        return True
    if _CLASS.match(after):
        return True
    if kind in ("length", "area") and re.search("[建设造改成治理长积]$", before):  # 新建50公里管道
        return False
    return bool(_SIZE.match(after))


def _is_common(number: str, before: str, after: str, kind: str, unit: str, comparator: str) -> bool:
    """Chinese figures are mostly names and manners of speaking (四个意识, 百亿元产业): only these are targets."""
    if number.startswith("百分之"):
        return False
    if kind == "money" and len(number) == 1 and number in "一二两三四五六七八九零":  # 二元结构
        return True
    if unit == "成":
        return number[0] not in "一二三四五六七八九" or len(number) > 2 or not _SHARED.search(before)
    if _MULTIPLE_ONLY.match(number):
        return kind in COUNTED or not (_REACHED.search(before) and _NOTHING_MORE.match(after))
    if kind in COUNTED or kind == "time":
        return comparator not in ("at least", "at most", "more than") and len(number) < 4
    return False
