"""How documents open and close: the paragraphs of a raw file and the signs that they bear.

Used by `splitting`, which weighs the signs together; none is proof by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.dates import DATE
from analysis.furniture import furniture_line

# ---- paragraphs

BREAK = re.compile(
    r"\n|</?(?:p|div|h[1-6]|li|tr|section|article|blockquote|br)(?:[\s/][^<>]{0,300})?>"
    r"|(?<=[。！？”）])[ \u3000]{2,}",
    re.IGNORECASE,
)
TAG = re.compile(r"<[！/a-zA-Z][^<>]{0,300}>|&nbsp;|[*_`\u200b\ufeff]+")
LINE_MARK = re.compile(r"[\s>#|+]*(?:[-•][ \t]+)?")
HEAD, TAIL = 400, 80  # characters of a paragraph that are looked at
# Running text: what closes like a sentence and is as long as one, or longer than any heading. Lists of contents are none.
CLOSED, SENTENCE, LONG_LINE = "。！？”；：…", 10, 120
# Of the same length, so that offsets hold: signs are told in simplified script and in Chinese punctuation.
FOLD = dict(
    zip(
        "们會議講話發開這個來時間屆範謝畢於關員動記電書報總結決體質詢問訪對談組聽諸賓領導鄉親學業協區縣長場召貫徹選項團隊後現職:!?,;()",
        "们会议讲话发开这个来时间届范谢毕于关员动记电书报总结决体质询问访对谈组听诸宾领导乡亲学业协区县长场召贯彻选项团队后现职：！？，；（）",
        strict=True,
    )
)
FOLDED = re.compile(
    f"[{''.join(FOLD)}]"
)  # quicker than str.translate, for in most texts there is little to do


@dataclass(frozen=True)
class Paragraph:
    """Where it lies, its first and last characters free of marks, and its length where it is running text."""

    start: int
    end: int
    head: str
    tail: str
    prose: int


def _plain(text: str) -> str:
    folded = FOLDED.sub(lambda match: FOLD[match.group()], text)
    return LINE_MARK.sub("", TAG.sub("", folded), count=1).strip()


def _paragraph(text: str, start: int, body: int, end: int) -> Paragraph:
    """The paragraph text[start:end], whose words begin at `body`."""
    head = _plain(text[body : min(end, body + HEAD)])
    tail = _plain(text[max(body, end - TAIL) : end]) if end - body > HEAD else head[-TAIL:]
    length = end - body
    running = length > LONG_LINE or (length >= SENTENCE and tail[-1:] in CLOSED)
    return Paragraph(start, end, head, tail, length if running else 0)


def paragraphs(text: str) -> list[Paragraph]:
    """The paragraphs that are not empty; a block tag of HTML opens one, as does an indent after a full stop."""
    found: list[Paragraph] = []
    start = body = 0
    for cut, after in [*(match.span() for match in BREAK.finditer(text)), (len(text), len(text))]:
        paragraph = _paragraph(text, start, body, cut)
        if paragraph.head:
            found.append(paragraph)
        opens = text[cut : cut + 1] == "<" and text[cut + 1 : cut + 2] != "/"
        start, body = (cut if opens else after), after
    return found


# ---- signs

_GREETED = r"尊敬的|各位|诸位|同志们|朋友们|女士们|先生们|乡亲们|同学们|代表们"
_WHO = (
    "(?<![我他你它人])们|代表|来宾|嘉宾|委员|朋友|同志|先生|女士|领导|老总|同事|学员|同学|老师|乡亲|企业家|记者|总|主席|书记"
    "|[市省区县州部局]长"
)
_CONGRESS = r"(?:尊敬的)?(?:各位)?人?大?代表"  # reports to a congress greet it again and again
_SPEECH = r"讲话|致辞|发言|报告|总结|主持词|演讲"
_TODAY_NOT = r"[^。]{0,16}(?:会后|会议?之?[后前]|会议?结束|散会|到此|到这里)"  # such a sentence closes
_MEETING = (
    "会议|大会|论坛|仪式|活动|培训班|开班|相聚|欢聚|召开|举行|举办|请大家|请各位|大家请|各位请|[这开]个会|[这此]次会|开会|的会，"
    "|(?:座谈|恳谈|推介|动员|推进|表彰|调度|现场|视频|总结|部署|交流|对接|说明|通报|专题|工作|茶话|联谊|常委|见面)会"
)
# What opens a document: kind, weight, what the evidence calls it, pattern of the start of a paragraph.
_OPENINGS = (
    (
        "title",
        2,
        "a title",
        r"[^。；！？，]{0,30}(?:政府工作报告|关于[^。；！？]{2,40}的(?:决议|决定|通知|报告))(?:（[^（）]{1,24}）)?$",
    ),
    (
        "speech title",
        3,
        "the title of a speech",
        rf"[^。；！？，]{{0,30}}在[^。；！？]{{2,36}}[上时会中]的?(?:{_SPEECH})(?:（[^（）]{{1,24}}）)?$",
    ),
    (
        "short title",
        1,
        "a title",
        r"[^。；！？，]{0,30}(?:讲话|致辞|发言|主持词|[开闭]幕词|工作总结|工作汇报|述职报告|贺信|倡议书|公报)(?:（[^（）]{1,24}）)?$",
    ),
    (
        "meeting",
        2,
        "a line of date and meeting",
        rf"(?:[—―─－-]+|（|(?={DATE}))[^。；！？]{{0,40}}(?:会议?|大会|仪式|活动)(?:上|通过)?[^。，；！？]{{0,24}}$"
        rf"|(?:[—―─－-]+|（){DATE}）?$|在[^。；！？，]{{0,30}}[届次][^。；！？，]{{0,20}}会议?上?$",
    ),
    (
        "salutation",
        2,
        "a salutation",
        rf"(?:{_GREETED})(?<=们)：|(?={_GREETED})[^。；！？：]{{1,36}}(?:{_WHO})：",
    ),
    ("call", 1, "a salutation", rf"(?={_GREETED})[^。；！？：]{{1,36}}(?:{_WHO})[！，]"),
    (
        "formula",
        2,
        "an opening formula",
        rf"(?:[^。！？：]{{2,40}}[：！])?(?:今天(?!{_TODAY_NOT})[^。！？]{{0,36}}?(?:{_MEETING})"
        r"|现在，?(?:请|由)?我?(?:代表|受|就|向)[^。]{0,40}(?:报告|说明|审议)|我?受[^。]{2,24}委托，[^。]{0,30}报告"
        r"|大家(?:上午|下午|晚上|早上)?好)",
    ),
    ("just heard", 2, "an opening formula", r"刚才，[^。]{0,60}(?:发言|汇报|报告|宣读|通报|表态|介绍)"),
    (
        "byline",
        4,
        "a reporter's dateline",
        r"(?:本[报台网刊]|新华社|中新[社网])[^。，；]{0,16}?[讯电]\s?（[^（）]{0,30}(?:记者|通讯员)",
    ),
    ("dateline", 3, "a paper's dateline", r"(?:本[报台网]|新华社|中新[社网])[^。，；]{0,16}[讯电][，：\s]"),
    ("question", 2, "questions and answers begin", r"(?:记者|问|主持人|[^。，：]{2,6}记者)："),
    ("review", 2, "another look back under 一", r"一、.{0,24}(?:回顾|过去[一五]年|[一五]年来|工作总结)"),
)
OPENINGS = {kind: (weight, re.compile(pattern)) for kind, weight, _, pattern in _OPENINGS}
NAMED = {kind: named for kind, _, named, _ in _OPENINGS} | {
    "front matter": "front matter",
    "series": "the next heading of a series",
    "source": "a line of source and date",
    "headline": "a headline",
    "another title": "not the title above the text before",
    "first greeted": "nobody was greeted before",
    "audience": "another audience than before",
}
TITLES = {"title", "speech title"}
GREETINGS = {"salutation", "call", "headline", "first greeted", "audience"}
# A free headline stands above these.
UNDER_HEADLINE = {"salutation", "formula", "just heard", "byline", "dateline", "source", "question"}

_COUNT = "[一二三四五六七八九十]{1,3}"
NUMBERED = re.compile(rf"({_COUNT})、")
LISTED = re.compile(rf"附[件表录]|[（第]?(?:{_COUNT}|\d{{1,3}})[、.．）章节]")
SERIES = re.compile(
    rf"[【（《]?([^。，；]{{0,24}}(?:范文|例文|模板|篇))\s?第?({_COUNT}|\d{{1,2}})篇?[】）》]?(?:[：、.\s][^。；]{{0,40}})?$"
)
CHAPTER = re.compile(rf"[【（]?(第)({_COUNT}|\d{{1,2}})篇[】）]?(?:[：、.\s][^。；]{{0,40}})?$")
SOURCE = re.compile(r"[^。]{0,30}(?:来源|出处|稿源|时间|日期|发布机构)：")
SIGNED = re.compile(rf"（?{DATE}）?$")
ASIDE = re.compile(r"（[^（）。]{2,16}）$")  # （此件公开发布）
RULE = re.compile(r"[-—*_=\s]+$")
KEY = re.compile(r"[a-zA-Z_]{2,20}：(?:\s|$)")
THANKS = re.compile(r"(?:谢谢|感谢)(?:大家|各位)?[^。！，]{0,10}[。！”]*$|(?:讲完了?|完毕)[。！]$|（完）$")
CALL = re.compile(r"(?:让我们|奋斗|前进|贡献|辉煌|篇章|祝)[^。！？]{0,40}！$")
# What a document has shown so far: notes (numbering in them tells nothing), and greetings.
STATES = {
    "notes": re.compile(r"[^。；]{0,24}(?:释义|注释|解释|说明|解读|名词)[^。；]{0,12}$|附[件表录]"),
    "congress": re.compile(_CONGRESS),
    "others": re.compile(rf"(?!{_CONGRESS}[^、，])(?:{_GREETED})"),  # 各位代表、同志们 greets both
}
TITLE_REMARK = re.compile(r"（[^（）]*）$")
INTERVIEW = re.compile("——(?:访|专访|对话)|专访")
# No document begins where a newspaper goes on on another page, or below the heading of a list of links.
CONTINUED = re.compile(r"（?[上下][接转][^。]{0,12}版")
RELATED = re.compile("[【]?(?:相关|推荐|热门|更多|延伸)(?:报道|链接|阅读|新闻|文章|推荐|内容)")
FOOT_CHARS = 40
NUMERALS = "〇一二三四五六七八九"


def number_in(written: str) -> int:
    """Read a heading's number.

    >>> number_in("三"), number_in("十二"), number_in("7")
    (3, 12, 7)
    """
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    return (NUMERALS.find(tens or "一") * 10 if ten else 0) + max(0, NUMERALS.find(ones or "〇"))


def names_source(head: str) -> bool:
    """A line that names the source or the day of publication."""
    said = furniture_line(head) if len(head) <= 90 and SOURCE.match(head) else None
    return bool(said and {"publisher", "published"} & said.keys())


def is_headline(head: str) -> bool:
    """A short line that could be a title: no end of a sentence, no number, no labelled field."""
    if not 6 <= len(head) <= 45 or head[-1] in "。；，：！、" or head[0] == "（" or LISTED.match(head):
        return False
    return not (RULE.match(head) or SIGNED.match(head) or furniture_line(head) is not None)


def is_loose(head: str) -> bool:
    """A short line without a sign of its own that may stand inside a head: a name, a place."""
    return len(head) <= 20 and head[-1] not in "。；！" and not LISTED.match(head)


def foot_line(head: str) -> dict[str, int] | None:
    """What a line below the end of a text tells, as a sign and its weight; None for a line of the text."""
    if SIGNED.match(head):
        return {"a date as signature before it": 2}
    if RULE.match(head) or ASIDE.match(head):
        return {}
    foot = len(head) <= FOOT_CHARS and furniture_line(head) is not None
    return {"the foot of a page before it": 2} if foot else None
