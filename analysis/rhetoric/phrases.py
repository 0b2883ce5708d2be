"""What a number measures: the verb and the noun phrase before or behind it, and whether it is a level or a change."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from analysis.rhetoric.units import indicators, words


class Phrase(NamedTuple):
    """verb and object as written; aspect: level, growth, fall or gap; average: of several years; act: a leading verb."""

    verb: str | None
    object: str | None
    aspect: str
    average: bool
    act: str | None


_LONGEST = 24  # characters of an object
_COMPARED = re.compile(
    "(?:(?<![占对环同])(?:比(?![重例率])|较)[^，。；：、比较]{1,14}|[与同][^，。；：、]{1,10}相比)$"
)
_FROM = re.compile("[由从](?:(?:19|20)[0-9]{2}年|“?十[一二三四五]五”?)?(?:[底末初]|期末)?的?$")
_SHARE = re.compile("^(?:约)?占")
_GAP = re.compile(
    r"(?:高于|高出|低于|快于|领先|好于|优于|超过|超出|超|高(?!水平|质量|标准|效)|快|低)(?:于)?(?:全国|全省|全区|全市|国家|同期|[^，。；：、0-9]{0,6}(?:平均|目标|预期|任务|水平|增速|指标|GDP|地区生产总值))[^，。；：0-9]{0,10}$"
)
_AVERAGE = re.compile("年均|年平均|年递增|平均每年|每年")
# What says when, where and how, before the phrase proper.
_HEAD = re.compile(
    "(?:到?(?:(?:19|20)[0-9]{2}|[0-9]{2})年(?:以来|底前?|末|以前|前|内|全年|度|全市|，)?|今年|明年|去年|全年|年内|年底前?|本年度|当年|上年|同时|其中|我们|我省"
    "|预计|预期|力争|争取(?!到)|确保|努力|计划|继续|大力|积极|着力|加大|进一步|扎实|深入|切实|全力|稳步|有序|持续|成功|累计|先后|共计|共(?![建享同青])"
    "|全面(?!小康)|重点(?!项目|企业|工程|产业|镇|群体|行业|领域|民生)|新一轮|实现|完成|使(?!用)|将(?!军)|要(?!素)|并(?!网|购)|再(?!生|就)|已|全市|全州|全区|全省|我市|我州|市区(?!域)"
    "|每年|五年来|五年|三年内|三年|一年来|十[一二三四五]五[”]?(?:期间|时期|末)?|“|期间|以来|——|[一二三四五六七八九十]+是|在全[国省][^，]{0,3}率先|率先|主要是"
    "|[0-9]+[.、．]|[（(][0-9]+[)）]|[①-⑳]|超额|分别|推动|推进|促进|引导|鼓励|支持|加快|提前|按照|目前|现有|截至|使得|从而|以及|，|、)"
)
_CUT = re.compile(
    "[，。；：！？、（）()0-9《》—…\n]|建成|竣工|投产|开工|实现|完成|纳入|入选|达到|投入|获得|荣获|获批|顺利|全面|全部|正式|加快|有序|稳步|成功|通过|脱贫|摘帽|启动|推进|落户|落地|入驻|上市|通车|以上|左右|扎实|等|并|分别|均|正在|列入|被|已|得到|享受|受益|用于|进行|参加|覆盖|超过|占|位居|居全|为"
)
_STRONG = re.compile(
    "(?:新增加?|净增|新建|改造|建成|引进|培育|创建|打造|新开工|开工建设|开工|整治|实施|组建|开展|推出|举办|发放|投放|减免|盘活|筹集|引导|实现|完成|建设|签约|新认定|争取|取消|淘汰|解决|落实|安排|投入)(?=[^，]{2,})"
)
_NOT_ACTS = (
    "建成区",
    "建设用地",
    "进口",
    "出口",
    "贷款",
    "服务业",
    "办结率",
    "上市公司",
    "发展中",
    "治理率",
    "销售收入",
    "销售额",
    "覆盖率",
)
_NOTHING = re.compile(
    "^(?:的|了|们|等|余|多|共|约|来|内|其|之|目标|任务|水平|规模|数量|总量|共计|的目标|大关|以上|左右)?$"
)


@lru_cache(maxsize=1)
def _tail() -> re.Pattern[str]:
    """The words before a number, backwards: they are taken off from the end of the text before it, the longest first."""
    backwards = sorted((word[::-1] for word in words()), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, backwards)))


class _Tail(NamedTuple):
    rest: str
    verb: str | None
    role: str
    act_last: bool


def _strip(before: str) -> _Tail:
    """Take verbs and adverbs off the end: 全市 地区生产总值 | 预计 增长 leaves 全市地区生产总值, verb 增长."""
    roles, backwards, at = words(), before[::-1], 0
    verb, role, act_last = None, "", False
    while match := _tail().match(backwards, at):
        word = match[0][::-1]
        taken, new_role, last = _step(roles[word], role, whole=match.end() == len(backwards))
        if not taken or backwards.startswith("率长增然自", at):  # 自然增长率 is a level
            break
        at = match.end()
        if new_role != role or roles[word] == "act":
            verb, act_last = word, roles[word] == "act"
        role = new_role
        if last:
            break
    return _Tail(backwards[at:][::-1], verb, role, act_last)


def _step(kind: str, role: str, *, whole: bool) -> tuple[bool, str, bool]:
    """Whether a word is taken off, the role of the words taken off with it, and whether it is the last."""
    if (
        kind == "act"
    ):  # behind another verb it belongs to the noun (整治改造 | 完成), unless nothing else is left
        return not role or whole, role or kind, True
    if kind == "to":
        return role not in ("growth", "fall"), role or kind, True
    if kind in ("growth", "fall"):
        return True, kind if role in ("", "level") else role, False
    return True, role if kind == "skip" else role or kind, False


def phrase_of(before: str, after: str, *, counted: bool, previous: Phrase | None) -> Phrase:
    """Read the phrase round a number.

    before: the text from the last border (or number) to the number; after: what follows its unit; counted: the unit counts
    things, so that the noun may follow; previous: the phrase of the number before in the sentence, whose object goes on
    where the clause names none.
    """
    if previous and not before:  # 分别增长7%和3%: the second goes on with the verb too, unless a noun follows
        behind = _behind(after) if counted else None
        return previous._replace(object=behind or previous.object)
    average = bool(_AVERAGE.search(before))
    if gap := _GAP.search(before):
        name, act = _object(_strip(before[: gap.start()]).rest)
        return Phrase(gap[0], name or (previous.object if previous else None), "gap", average, act)
    tail = _compared(_strip(before))
    name, act = _object(tail.rest)
    behind = _behind(after) if counted and (tail.act_last or not name) else None
    if name is None and behind is None and previous is not None and not tail.act_last:
        name, act = previous.object, previous.act
    if name is None and behind is None and tail.act_last and act:  # 新增 | 造林: the second verb is the thing
        return Phrase(act, tail.verb, "level", average, act)
    act = act or (tail.verb if tail.act_last else None)
    return Phrase(tail.verb or act, _shared(behind or name, previous), _aspect(tail), average, act)


def _compared(tail: _Tail) -> _Tail:
    """Take off what a change is measured by: 全社会用电量 | 比上年 增长."""
    rest = _COMPARED.sub("", tail.rest)
    if rest == tail.rest:
        return tail
    again = _strip(rest)
    return again if again.role in ("growth", "fall") and not tail.role else tail._replace(rest=again.rest)


def _aspect(tail: _Tail) -> str:
    if tail.role == "gap":
        return {"高": "growth", "快": "growth", "低": "fall"}.get(tail.verb or "", "gap")
    return tail.role if tail.role in ("growth", "fall") else "level"


def _shared(name: str | None, previous: Phrase | None) -> str | None:
    """占全省: the share of what was named before."""
    if name and previous and previous.object and _SHARE.match(name) and "占" not in previous.object:
        return (previous.object + name)[-_LONGEST:]
    return name


def _object(rest: str) -> tuple[str | None, str | None]:
    """Return the noun phrase at the end of a text, and the verb that leads it: 新增高新技术企业 is 高新技术企业, 新增."""
    rest = _FROM.sub("", rest).strip(" “”\"'()（）的由从使")
    known = indicators()
    while rest and rest not in known:
        match = _HEAD.match(rest)
        if not match or not rest[match.end() :].strip():
            break
        rest = rest[match.end() :].lstrip(" “”（）()")
    if rest in known:
        return rest, None
    act = _leading(rest)
    if act and len(rest) > len(act) + 1:
        rest = rest[len(act) :].lstrip("了“”的 ")
    elif act == rest:
        return None, act
    else:
        found = [] if rest.startswith(_NOT_ACTS) else list(_STRONG.finditer(rest))
        if found and rest[found[-1].end() :] not in ("项目", "工程", "任务", "率"):
            act, rest = found[-1][0], rest[found[-1].end() :].lstrip("了“”的")
    rest = rest.split("，")[-1].strip(" 、和与及等的")
    if rest not in known:
        rest = re.sub(r"^.*(?:、|和)(?=(?:.{4,})$)", "", rest) if len(rest) > _LONGEST else rest
    rest = _unquoted(rest)[-_LONGEST:]
    return (rest or None, act) if not _NOTHING.match(rest) else (None, act)


def _unquoted(name: str) -> str:
    """Take off a quotation mark whose partner was cut away."""
    if name.count("“") != name.count("”"):
        name = name.replace("”", "").replace("“", "")
    return name


@lru_cache(maxsize=1)
def _acts() -> re.Pattern[str]:
    acts = sorted(
        (word for word, role in words().items() if role == "act" and len(word) > 1), key=len, reverse=True
    )
    return re.compile("|".join(map(re.escape, acts)))


def _leading(rest: str) -> str | None:
    match = _acts().match(rest)
    return match[0] if match and not rest.startswith(_NOT_ACTS) else None


def _behind(after: str) -> str | None:
    """Return the noun that follows the unit, up to a verb or a border: 个老旧小区改造 is 老旧小区改造."""
    after = after.lstrip("的").replace("“", "").replace("”", "")
    cut = _CUT.search(after)
    name = (after[: cut.start()] if cut else after)[:16].strip("的和与及等 ")
    name = _unquoted(name)
    return None if len(name) < 2 or _NOTHING.match(name) else name
