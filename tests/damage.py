"""Damage clean sample documents as real ones are damaged, and write them beside their clean form.

    python tests/damage.py        rewrites data/sample/damaged/, and damaged.csv and places.csv beside it

Each kind of damage is a function from a document (its metadata and clean body) to the text of a file as it would have
been collected. The choice of documents is seeded. Cleaning the result must give the clean body again, but for names
that were blanked out, which stay visible as □. `tests/planted.py` has the defects of whole files.
"""

from __future__ import annotations

import csv
import html
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample"
SEED = 20261122
WIDE = str.maketrans(
    {chr(code): chr(code + 0xFEE0) for code in [*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B)]}
)
NARROW = str.maketrans("，：；？！（）", ",:;?!()")

# Invented like the cities; of no region of China.
PROVINCES = dict.fromkeys(("霁川市", "望澜市", "栖岭市", "砚湖市"), "汀原省") | dict.fromkeys(
    ("岚屏市", "朔原市", "槐浦市", "丹汐市"), "岚溪省"
)
LEVELS = {"市": "prefecture-level city", "区": "district", "县": "county"}  # by the last sign of a name

# What was done to a text of each kind, for readers of damaged.csv.
DONE = {
    "furniture": "lines of a web page put before and after it",
    "page": "put into HTML, with comments, styles and a picture",
    "width": "digits and letters made wide, punctuation ASCII",
    "redaction": "names of districts blanked out",
    "markdown": "emphasis, a comment and a break put in",
    "pinyin": "made traditional, pinyin notes written into its bytes",
    "compilation": "put into one file with another, under one heading",
    "headline": "given a headline that names the speaker's next city",
    "misfiled": "filed under a city that it does not speak of",
    "duplicate": "filed a second time, under another city or year, with small edits",
    "wrong_year": "filed under a later year than it speaks of",
    "fragment": "cut off after its first quarter",
}
UNDATED = (
    "furniture",
    "pinyin",
    "compilation",
    "headline",
)  # pages that tell their own day, but not that of the words
UNTITLED = ("compilation", "headline")  # pages without the title of their text
EXCERPT = "节选"  # in a title
MANY_BLANKS = 3
ALTERED = ("redaction", "duplicate", "fragment")  # their words can't be given back, for they are gone

Document = tuple[dict[str, str], str]


@lru_cache(maxsize=1)
def documents() -> dict[str, Document]:
    """Read the sample: document id to its front matter and body."""
    return {path.stem: read(path) for path in sorted((SAMPLE / "documents").glob("*.md"))}


def read(path: Path) -> Document:
    _, front, body = path.read_text("utf-8").split("---\n", 2)
    return yaml.safe_load(front), body.strip()


def furniture(document: Document) -> str:
    """A page of a local paper: source line, size of type, counter, editor, neighbours."""
    about, body = document
    date = about["date"]
    head = [
        about["title"],
        f"来源：{about['publisher']} 发布时间：{date} 09:30 字体：[大 中 小] 阅读次数：318",
    ]
    foot = [
        "责任编辑：秦一鸣",
        "【打印】【关闭窗口】",
        "扫一扫在手机打开当前页",
        "上一篇：全市气象工作会议召开",
        "相关报道：",
        "我市开展义务植树活动",
    ]
    return "\n".join([*head, *paragraphs(body), *foot]) + "\n"


def page(document: Document) -> str:
    """A page as HTML in a text file: front matter, comments, styles with escaped braces, a picture, a code to scan."""
    about, body = document
    text = "\n".join(f"<p>　　{html.escape(paragraph)}&nbsp;</p>" for paragraph in paragraphs(body))
    return f"""---
title: '{about["title"]}'
author: {about["publisher"]}
date: '{about["date"]}'
---

<div>
<!-- 正文开始 -->
{text}
<!-- 正文结束 -->
<style>
.qr_wrap&#123;border:1px solid #E6E6E6;padding:8px;&#125;
</style>
<img src="https://example.org/photo.png" referrerpolicy="no-referrer">
<p class="article-editor">责任编辑：秦一鸣 </p>
</div>
"""


def width(document: Document) -> str:
    """Digits and letters twice as wide as usual, and ASCII punctuation between Chinese characters."""
    about, body = document
    return front(about) + body.translate(WIDE).translate(NARROW) + "\n"


def redaction(document: Document) -> str:
    """A template site's copy: the names of districts and zones are blanked out."""
    about, body = document
    return front(about) + re.sub(own_places(about["city"]), "XX", body) + "\n"


def markdown(document: Document) -> str:
    """A report kept in Markdown: emphasis, a comment, a break."""
    about, body = document
    first, *rest = paragraphs(body)
    rest = [emphasised(paragraph) if number % 2 else paragraph for number, paragraph in enumerate(rest)]
    rest[-1] += "<br>"
    return front(about) + "\n\n".join([first, "<!-- 图为会议现场。 -->", *rest]) + "\n"


def emphasised(paragraph: str) -> str:
    """Set the first sentence of a paragraph in bold, as reports do."""
    head, stop, tail = paragraph.partition("。")
    return f"**{head}{stop}**{tail}" if tail else paragraph


def paragraphs(body: str) -> list[str]:
    return [line for line in body.split("\n") if line.strip()]


def front(about: dict[str, str]) -> str:
    return "---\n" + yaml.safe_dump(about, allow_unicode=True, sort_keys=False) + "---\n\n"


def own_places(city: str) -> str:
    """The pattern of the districts, counties and zones of an invented city, without the kind of unit."""
    import tomllib

    names = tomllib.loads((SAMPLE / "truth.toml").read_text("utf-8"))["names"][city]
    places = {re.sub("(区|县|高新区|经济开发区)$", "", name) for name in names if re.search("(区|县)$", name)}
    own = city.removesuffix("市")
    return "|".join(sorted((place for place in places if place not in ("", own)), key=len, reverse=True))


KINDS: dict[str, Callable[[Document], str]] = {
    "furniture": furniture,
    "page": page,
    "width": width,
    "redaction": redaction,
    "markdown": markdown,
}


def chosen() -> list[tuple[str, str]]:
    """Choose five documents for each kind of damage: (kind, document id), none twice."""
    everything = documents()
    left = sorted(everything)
    random.Random(SEED).shuffle(left)
    pairs = []
    for kind in KINDS:
        suited = [name for name in left if kind != "redaction" or names_a_place(everything[name])][:5]
        pairs += [(kind, name) for name in suited]
        left = [name for name in left if name not in suited]
    return pairs


def names_a_place(document: Document) -> bool:
    about, body = document
    return re.search(own_places(about["city"]), body) is not None


@dataclass(frozen=True)
class Damaged:
    """One file: its name in data/sample/damaged/, its text, and what the package must find in it.

    of: the documents it was made from. city: whom its parts speak for, in their order. planted: the checks of the
    admission report that must name what was done to it; none for damage that cleaning mends.
    """

    file: str
    kind: str
    text: str
    of: tuple[str, ...]
    city: tuple[str, ...]
    planted: tuple[str, ...] = ()

    @property
    def checks(self) -> list[str]:
        """All checks that must name the file, and no others: also for what it lacks or says of itself."""
        also = {
            "abridged": self.kind not in UNTITLED and self.is_excerpt,
            "damage": self.kind == "redaction" and self.text.count("XX") >= MANY_BLANKS,
        }
        return sorted({*self.planted, *(check for check, holds in also.items() if holds)})

    @property
    def may(self) -> list[str]:
        """Checks that may name it too, and rightly: an excerpt is a fragment, a place left unresolved is damage, and a
        page tells the year of its words only where they hold a date.
        """
        rightly = {
            "damage": self.kind == "pinyin",
            "fragment": self.is_excerpt,
            "missing": self.kind in UNDATED,
        }
        return [check for check, holds in rightly.items() if holds and check not in self.checks]

    @property
    def is_excerpt(self) -> bool:
        return EXCERPT in documents()[self.of[0]][0]["title"]

    @property
    def row(self) -> dict[str, str | int]:
        """The file's row in damaged.csv."""
        of, city, checks = (";".join(values) for values in (self.of, self.city, self.checks))
        return {
            "file": self.file,
            "kind": self.kind,
            "done": DONE[self.kind],
            "of": of,
            "city": city,
            "parts": len(self.of),
            "whole": "no" if self.kind in ALTERED else "yes",
            "checks": checks,
            "may": ";".join(self.may),
        }


def files() -> list[Damaged]:
    """Every damaged file, pages first."""
    from planted import planted

    everything = documents()
    pages = [
        Damaged(f"{kind}-{name}.txt", kind, KINDS[kind](document), (name,), (document[0]["city"],))
        for kind, name in chosen()
        for document in [everything[name]]
    ]
    return [*pages, *planted(everything)]


def places() -> list[dict[str, str]]:
    """The invented cities and what lies in them: rows of places.csv, from the names in truth.toml."""
    import tomllib

    named = tomllib.loads((SAMPLE / "truth.toml").read_text("utf-8"))["names"]
    rows: dict[str, dict[str, str]] = {}
    for city, names in named.items():
        for name in [city, *names]:
            if name[-1] in LEVELS:
                short = re.sub("(市|区|县|高新区|经济开发区)$", "", name)
                is_new = short not in {row["short"] for row in rows.values()}
                level, province = LEVELS[name[-1]], PROVINCES[city]
                rows[name] = {"name": name, "short": short if is_new else "", "level": level, "city": city}
                rows[name] |= {"province": province, "region": ""}
    return list(rows.values())


def write_table(path: Path, rows: Sequence[Mapping[str, str | int]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    folder = SAMPLE / "damaged"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for file in files():
        (folder / file.file).write_text(file.text, encoding="utf-8", newline="\n")
    write_table(SAMPLE / "damaged.csv", [file.row for file in files()])
    write_table(SAMPLE / "places.csv", places())


if __name__ == "__main__":
    main()
