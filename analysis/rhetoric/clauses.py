"""A paragraph to clauses, and what a clause begins with: the heads and frames by which runs are told."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from analysis.new_words import jieba_words

# What parts the members of a run: 、 and all else (items), commas and sentence ends (clauses), sentence ends and ；.
_LEVELS = tuple(
    map(re.compile, (r"[^、，,。；;！!？?：:\n]+", r"[^，,。；;！!？?：:\n]+", r"[^。；;！!？?\n]+"))
)
# Sentences longer than this are no run by a common verb alone (加快…。加快…。加快…。), by more (我们必须…) they are.
_LONG = 60
_LEAD = re.compile(
    r"[\s“”‘’\"（(—]*(?:[一二三四五六七八九十]+是(?:要)?|[一二三四五六七八九十]要|第[一二三四五六七八九十]+|其[一二三四]|[0-9]+[.．]|[（(][一二三四五六七八九十0-9]+[）)])?"
    r"(?:并且|以及|同时|并|和|与)?"
)
_LEADS = frozenset(' \t\u3000“”‘’"（(—一二三四五六七八九十第其0123456789并以同和与')
_FIGURE = re.compile(r"[0-9０-９]")

# Frames: two fixed points with something of its own between, by the character that tells them soonest. The name is what the
# column `head` shows. The first sort begins the clause, the second stands inside a short one.
_OPENING = {
    "以": (
        ("以…为", re.compile(r"以[^以]{1,14}?为")),
        (
            "以…",
            re.compile(
                r"以(?![及上下来内外前后往便免致至色])[^以]{2,14}?[促推带引聚强保谋求换优提赋塑赢助育]"
            ),
        ),
    ),
    "在": (("在…上", re.compile(r"在[^在]{1,14}?上")), ("在…中", re.compile(r"在[^在]{1,14}?中"))),
    "从": (("从…到", re.compile(r"从[^从]{1,14}?[到向]")),),
    "由": (("由…到", re.compile(r"由[^由]{1,14}?[到向变转]")),),
    "把": (("把…", re.compile(r"把(?![握关控脉])[^把]{2,16}?[作变转摆放用抓做当落建打办挺压]")),),
    "向": (("向…要", re.compile(r"向[^向]{1,8}?要")),),
    "让": (("让…", re.compile(r"让(?![利渡位步])[^让]{2,}")),),
    "应": (("应…尽…", re.compile(r"应.尽.$")),),
}
_INNER = {
    "所": ("…有所…", re.compile(r".有所.$")),
    "更": ("…更…", re.compile(r"[^更]{1,6}更(?!加|新|换|是|好地).{1,4}$")),
    "有": ("…有…", re.compile(r"[^有]{1,4}(?<![享所具占拥固国])有(?![限关的色机]).{1,4}$")),
    "不": ("…不…", re.compile(r"[^不]{2,4}不.{2,4}$")),
}
_SHORT = 12  # characters of a clause with an inner frame

# One-character heads; a longer word that begins with one (有效, 建设) is another head.
_SINGLE = frozenset(
    "要为用靠按凭对有无抓促保稳强优补调扩惠防治建创讲敢能善勇真最更不再是当争比学看想盯拼破立管育引聚爱守严做提增降转兴重"
)
# Words of two characters that jieba takes for verbs or pronouns and that stand before nouns here, or join what is listed.
_NEVER = frozenset(
    re.findall(
        "..",
        "其中其他其它包括分别同比比上累计达到占全位居高于低于以上以下以及或者如何例如即将各级各类各县各项"
        "各区各地各部这些这个该市本级为主为了共有另外工作生活教育服务管理生产卫生文化旅游经济社会投资运输"
        "销售设计研究研发保险规划监督统计会计贸易消费出口进口财政预算收入支出审计建筑住房交通通信养殖种植"
        "加工制造存款贷款登记救助补助补贴代表组织领导市委关于有关主任副主"
        "废弃自助综合相关联合流动试点示范公共合作对口",
    )
)
_TAGS = frozenset({"v", "vd", "vi", "vn", "vq", "vg", "d", "ad", "p", "c", "r", "zg"})


class Unit(NamedTuple):
    """A clause: where it lies in its paragraph, without the list mark before it, and its text."""

    start: int
    end: int
    text: str


def units_of(text: str) -> list[list[Unit]]:
    """Return a paragraph's clauses at three levels: parted by 、 too, by commas, by sentence ends and ；.

    >>> [len(level) for level in units_of("抓项目、抓招商，促发展。再出发。")]
    [4, 3, 2]
    """
    return [[_unit(match) for match in pattern.finditer(text)] for pattern in _LEVELS]


def head_of(unit: Unit) -> str | None:
    """Return what a clause begins with, or its frame, if a run can be told by it; None otherwise.

    >>> [head_of(Unit(0, 9, text)) for text in ("坚持以人为本", "抓项目", "以企业为主体", "生态环境")]
    ['坚持', '抓', '以…为', None]
    """
    text = unit.text
    first, two = text[:1], text[:2]
    frame = _frame_of(text)
    if frame:
        return frame
    if two in _heads():
        return two
    return first if first in _SINGLE and len(text) > 2 and two not in _words() else None


def _frame_of(text: str) -> str | None:
    for name, pattern in _OPENING.get(text[:1], ()):
        if pattern.match(text):
            return name
    if len(text) > _SHORT:
        return None
    return next(
        (name for sign, (name, pattern) in _INNER.items() if sign in text and pattern.match(text)), None
    )


def hung_on(head: str, unit: Unit, following: Unit) -> Unit | None:
    """Return the end of a clause that goes with those that follow: its head hangs on a subject (全市抓项目、抓招商).

    None where the clause has no such end of about the length of the next.
    """
    at = unit.text.rfind(head) if "…" not in head else _frame_within(head, unit.text)
    rest = unit.text[at:] if at > 0 else ""
    if not rest or abs(len(rest) - len(following.text)) > max(3, len(following.text) // 2):
        return None
    if len(head) == 1 and (rest[:2] in _words() or unit.text[at - 1 : at + 1] in _words()):
        return None
    return Unit(unit.start + at, unit.end, rest)


def _frame_within(name: str, text: str) -> int:
    """Where a clause's own end has the frame, or -1; of an inner frame where the subject begins."""
    for sign, frames in _OPENING.items():
        for own, pattern in frames:
            if own == name:
                at = text.rfind(sign)
                return at if at > 0 and pattern.match(text, at) else -1
    sign = next((sign for sign, (own, _) in _INNER.items() if own == name), "")
    at = text.rfind(sign) if sign else -1
    back = 2 if sign == "所" or text[at - 2 : at] in _words() else 1  # a subject is a word: 质量更高, 天更蓝
    return at - back if at > back and len(text) - at <= 5 else -1


def shared_head(head: str, run: list[Unit]) -> str:
    """Return what all clauses of a run begin with, where that is more than `head`; of a frame its name."""
    if "…" in head:
        return head
    first, last = min(unit.text for unit in run), max(unit.text for unit in run)
    same = next((at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first[: max(same, len(head))][:8].rstrip("“‘（《")


def is_run(head: str, run: list[Unit]) -> bool:
    """Tell whether clauses with one head hold together: no list of figures, no long sentences that share a mere verb."""
    if is_list_of_figures(run):
        return False
    return len(head) > 2 or max(len(unit.text) for unit in run) <= _LONG


def is_list_of_figures(run: list[Unit]) -> bool:
    """Tell whether more than half of the clauses have figures: results told one by one."""
    return 2 * sum(bool(_FIGURE.search(unit.text)) for unit in run) > len(run)


def _unit(match: re.Match[str]) -> Unit:
    text = match[0]
    if text[0] not in _LEADS:  # spares most clauses a search
        return Unit(*match.span(), text)
    lead = _LEAD.match(text)
    skip = lead.end() if lead else 0
    return Unit(match.start() + skip, match.end(), text[skip:])


@lru_cache(maxsize=1)
def _heads() -> frozenset[str]:
    """The verbs, adverbs, prepositions and pronouns of two characters in jieba's dictionary."""
    return frozenset(word for word, tag in jieba_words().items() if len(word) == 2 and tag in _TAGS) - _NEVER


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    return frozenset(word for word in jieba_words() if len(word) == 2)
