"""Damage clean sample documents as real ones are damaged, and write them beside their clean form.

    python tests/damage.py        rewrites data/sample/damaged/

Each kind of damage is a function from a document (its metadata and clean body) to the text of a file as it would have
been collected. The choice of documents is seeded. Cleaning the result must give the clean body again, but for names
that were blanked out, which stay visible as □.
"""

from __future__ import annotations

import html
import random
import re
from collections.abc import Callable
from pathlib import Path

import yaml

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample"
SEED = 20261122
WIDE = str.maketrans(
    {chr(code): chr(code + 0xFEE0) for code in [*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B)]}
)
NARROW = str.maketrans("，：；？！（）", ",:;?!()")

Document = tuple[dict[str, str], str]


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


def main() -> None:
    folder = SAMPLE / "damaged"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    everything = documents()
    for kind, name in chosen():
        (folder / f"{kind}-{name}.txt").write_text(
            KINDS[kind](everything[name]), encoding="utf-8", newline="\n"
        )


if __name__ == "__main__":
    main()
