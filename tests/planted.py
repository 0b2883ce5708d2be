"""Plant defects of whole files: several documents in one, a headline of another city, a copy, a wrong folder.

`tests/damage.py` writes these files beside those whose pages are damaged, and a table of what must be found in each.
All is made from the sample's own sentences; cities, people and papers are invented.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

import pinyin_damage
from damage import SEED, Damaged, Document, chosen, front, paragraphs

# The choice is by hand where a text must suit its defect: it has to name its own city or districts often enough.
COMPILATIONS = (("qiling-2022-1", "huaipu-2019-2"), ("huaipu-2022-1", "lanping-2021-2"))
HEADLINES = {"shuoyuan-2023-2": "槐浦市", "wanglan-2020-2": "岚屏市"}
MISFILED = {"wanglan-2023-1": "砚湖市", "danxi-2023-2": "栖岭市"}
# Both originals are in the folder too, as files of another kind.
COPIED_TO_CITY = {"huaipu-2019-1": "丹汐市"}
COPIED_TO_YEAR = {"lanping-2020-3": "2022-09-16"}
WRONG_YEARS = {"yanhu-2020-1": "2023-01-11"}
FRAGMENTS = ("lanping-2023-1",)
# How many characters the page's list holds; whether it was encoded twice; whether the list is of characters that differ
# between the scripts, as on the real pages, or of any, which breaks more.
PINYIN = (
    (40, False, True),
    (75, False, False),
    (120, False, True),
    (40, True, False),
    (75, True, True),
    (120, True, False),
)
LISTS_TRIED = 3


def planted(everything: dict[str, Document]) -> Iterator[Damaged]:
    """Make every file with a planted defect, in a fixed order."""
    yield from _annotated(everything)
    yield from _compilations(everything)
    for kind, by_hand, make, checks in _ONE_BY_ONE:
        for name, other in by_hand.items():
            document = everything[name]
            city = other if make is copied_to_city else document[0]["city"]  # the copy speaks of nobody else
            yield Damaged(f"{kind}-{name}.txt", kind, make(document, other), (name,), (city,), checks)


def _annotated(everything: dict[str, Document]) -> Iterator[Damaged]:
    taken = {name for _, name in chosen()} | {name for names in COMPILATIONS for name in names}
    taken |= {name for _, by_hand, _, _ in _ONE_BY_ONE for name in by_hand}
    suited = [name for name in sorted(everything.keys() - taken) if names_its_city(everything[name])]
    random.Random(SEED).shuffle(suited)
    for listed, recode, converted in PINYIN:
        made = ((name, annotated(everything[name], listed, recode, converted)) for name in suited)
        name, text = next((name, text) for name, text in made if text)
        suited.remove(name)
        about = everything[name][0]
        yield Damaged(f"pinyin-{name}.txt", "pinyin", text, (name,), (about["city"],))


def names_its_city(document: Document) -> bool:
    """A page has no field for its city: only its text can tell."""
    about, body = document
    return body.count(about["city"].removesuffix("市")) >= 3


def annotated(document: Document, n: int, recode: bool, converted: bool) -> str:
    """A mirror site's page: traditional, with pinyin notes; "" where none of some lists drawn breaks a character."""
    about, body = document
    head = [about["title"], f"来源：{about['publisher']} 发布时间：{about['date']} 字体：[大 中 小]"]
    text = "\n".join([*head, *paragraphs(body)]) + "\n"
    asked = pinyin_damage.undamaged(text).count("?")
    lists = (pinyin_damage.random_list(text, n, seed, converted=converted) for seed in range(LISTS_TRIED))
    pages = (pinyin_damage.damage(text, listed, recode=recode) for listed in lists)
    return next((page for page in pages if page.count("?") > asked), "")


def _compilations(everything: dict[str, Document]) -> Iterator[Damaged]:
    for names in COMPILATIONS:
        texts = [everything[name] for name in names]
        cities = tuple(about["city"] for about, _ in texts)
        yield Damaged(f"compilation-{'-'.join(names)}.txt", "compilation", compilation(texts), names, cities)


def compilation(texts: list[Document]) -> str:
    """A template site's page: one heading over several texts, of which the second begins without any."""
    head = [
        "时间:2023-04-18 06:12:40",
        f"序论:好文笔网结合其深厚的文秘经验,特别为您筛选了{len(texts)}篇招商引资工作总结范文。如果您需要更多原创资料,"
        "欢迎随时与我们的客服老师联系,希望您能从中汲取灵感和知识!",
    ]
    return "\n".join([*head, *(line for _, body in texts for line in paragraphs(body))]) + "\n"


def headline(document: Document, other: str) -> str:
    """A portal's page on somebody newly appointed elsewhere: headline and title name the new city, the words are old."""
    about, body = document
    who, old, new = about["speaker"], about["city"], other
    title = f"新任{new}委书记{who}：我们如何做招商引资？"
    lead = f"日前，{who}同志任{new}委书记，不再担任{old}{about['office']}职务。"
    lead += "本报整理了他此前的一次讲话，供读者参考。"
    text = "\n".join(f"<p>　　{line}</p>" for line in [f"原标题：{title}", lead, *paragraphs(body)])
    return f"---\ntitle: '{title}'\nauthor: 财经周看\n---\n\n<div>\n{text}\n</div>\n"


def misfiled(document: Document, other: str) -> str:
    """A text filed under a city that it never speaks of."""
    about, body = document
    own, wrong = about["city"], other
    return front(about | {"city": wrong, "title": about["title"].replace(own, wrong)}) + body + "\n"


def copied_to_city(document: Document, other: str) -> str:
    """The same text under another city's name, its numbers and a few words changed, as reports are copied."""
    about, body = document
    old, new = about["city"].removesuffix("市"), other.removesuffix("市")
    about = about | {"city": other, "title": about["title"].replace(old, new), "publisher": f"{new}日报"}
    return front(about) + edited(body).replace(old, new) + "\n"


def copied_to_year(document: Document, date: str) -> str:
    """The same text filed again two years later, a few words changed."""
    about, body = document
    return front(about | {"date": date}) + edited(body) + "\n"


def edited(body: str) -> str:
    """Change a few words of a text and leave out a sentence, the same ones each time: most of it stays as it is."""
    body = re.sub(r"(?<!\d)(\d)(?=%|个|家)", lambda digit: str((int(digit[1]) + 3) % 9 + 1), body)
    body = body.replace("大力", "着力").replace("推动", "推进").replace("但是", "不过")
    first, *rest = body.split("。")
    return "。".join([first, *rest[1:]])


def wrong_year(document: Document, date: str) -> str:
    """A yearly report filed under a later year than the one it speaks of."""
    about, body = document
    return front(about | {"date": date, "year": int(date[:4])}) + body + "\n"


def fragment(document: Document, _: str) -> str:
    """What a broken download left: the text breaks off in the middle of a sentence."""
    about, body = document
    return front(about) + body[: len(body) // 4].rstrip("。；！？\n") + "\n"


_ONE_BY_ONE: tuple[tuple[str, dict[str, str], Callable[[Document, str], str], tuple[str, ...]], ...] = (
    ("headline", HEADLINES, headline, ()),
    ("misfiled", MISFILED, misfiled, ("wrong_city",)),
    ("duplicate", COPIED_TO_CITY, copied_to_city, ("duplicate",)),
    ("duplicate", COPIED_TO_YEAR, copied_to_year, ("duplicate",)),
    ("wrong_year", WRONG_YEARS, wrong_year, ("title", "wrong_year")),
    ("fragment", dict.fromkeys(FRAGMENTS, ""), fragment, ("fragment", "short")),
)
