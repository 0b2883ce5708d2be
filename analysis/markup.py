"""HTML and Markdown to plain lines of text; every step says what it took away."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from html.parser import HTMLParser
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

EXAMPLES = 3  # kept for each step, enough to see what it did
EXAMPLE_CHARS = 24

NOTHING: Mapping[str, str] = MappingProxyType({})


class Edit(NamedTuple):
    """A text after one step: how many places the step changed, a few of them, and the metadata it lifted."""

    text: str
    places: int = 0
    examples: tuple[str, ...] = ()
    lifted: Mapping[str, str] = NOTHING


def shorten(found: str) -> str:
    """Make one changed place short enough for a table: on one line, at most 24 characters.

    >>> shorten("责任编辑：甲乙丙\\n")
    '责任编辑：甲乙丙'
    """
    line = " ".join(found.split()) or repr(found)[1:-1]
    return line if len(line) <= EXAMPLE_CHARS else line[: EXAMPLE_CHARS - 1] + "…"


def substitute(
    pattern: re.Pattern[str],
    replacement: str | Callable[[re.Match[str]], str],
    text: str,
    *,
    also: Edit | None = None,
) -> Edit:
    """Replace every match and count them; `also` is an earlier Edit whose account is carried on.

    >>> substitute(re.compile("～"), "至", "3～5月").places
    1
    """
    new, count = pattern.subn(replacement, text)
    found = tuple(
        shorten(match.group()) for match in islice(pattern.finditer(text), EXAMPLES if count else 0)
    )
    if also is None:
        return Edit(new, count, found)
    return Edit(new, also.places + count, (also.examples + found)[:EXAMPLES], also.lifted)


# ---- HTML

# Only names that occur in pages; "<ABC公司>" or "a<b" in a plain text is no tag.
_NAMES = (
    "a abbr article aside b big blockquote body br button caption center code dd div dl dt em embed fieldset figcaption "
    "figure font footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins label legend li link main "
    "meta nav noscript object ol option p param pre s script section select small source span strike strong style sub "
    "sup table tbody td textarea tfoot th thead title tr tt u ul video"
)
TAG_NAMES = _NAMES.split()
_BLOCK_NAMES = (
    "address article aside blockquote body br caption center dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 "
    "h6 head header hr html li main nav ol p pre section table tbody td tfoot th thead tr ul"
)
BLOCKS = frozenset(_BLOCK_NAMES.split())
UNSEEN = frozenset(["script", "style", "noscript", "iframe", "object", "select", "textarea", "button"])
TAG = re.compile(rf"</?(?:{'|'.join(TAG_NAMES)})(?=[\s/>])[^<>]*>", re.IGNORECASE)
STRAY = re.compile(rf"<(?!/?(?:{'|'.join(TAG_NAMES)})(?=[\s/>])[^<>]*>)", re.IGNORECASE)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
ENTITY = re.compile(r"&(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|[a-zA-Z]{2,8}\d?);")
# A paragraph is a line: a line broken inside <p> is one line of text.
WRAPPED = re.compile(r"\s*\n\s*")


class _PageText(HTMLParser):
    """Collect the text that a reader of the page sees, one line a block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.unseen: list[str] = []
        self.paragraph = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN:
            self.unseen.append(tag)
        elif tag in BLOCKS:
            self.pieces.append("\n")
        if tag in BLOCKS and tag != "br":
            self.paragraph = tag == "p"

    def handle_endtag(self, tag: str) -> None:
        if self.unseen and tag == self.unseen[-1]:
            self.unseen.pop()
        elif tag in BLOCKS:
            self.pieces.append("\n")
            self.paragraph = False

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.pieces.append(WRAPPED.sub(" ", data) if self.paragraph else data)


def drop_comments(text: str) -> Edit:
    """Drop HTML comments; the text of each is lifted as `comments`, for they often name the source.

    >>> drop_comments("<!-- 来源：霁川日报 -->各位代表").text
    '各位代表'
    """
    if "<!--" not in text:
        return Edit(text)
    inside = [found[4:-3].strip() for found in COMMENT.findall(text)]
    return substitute(COMMENT, "", text)._replace(lifted={"comments": "\n".join(filter(None, inside))})


def drop_tags(text: str) -> Edit:
    """Turn HTML into lines of text, where there is HTML; style and script blocks go with their tags.

    >>> drop_tags("<p>落户<b>三</b>家</p><style>.a&#123;&#125;</style>").text.strip()
    '落户三家'
    >>> drop_tags("利润率<5%的企业").text
    '利润率<5%的企业'
    """
    if "<" not in text or not TAG.search(text):
        return Edit(text)
    found = TAG.findall(text)
    page = _PageText()
    # Entities are decoded by the next step; a "<" that opens no tag is text, and must not confuse the parser.
    page.feed(STRAY.sub("&lt;", text.replace("&", "&amp;")))
    page.close()
    return Edit("".join(page.pieces), len(found), tuple(shorten(tag) for tag in found[:EXAMPLES]))


def decode_entities(text: str) -> Edit:
    """Write out HTML entities: &permil; &mdash; &nbsp;.

    >>> decode_entities("自然增长率5&permil;").text
    '自然增长率5‰'
    """
    if "&" not in text:
        return Edit(text)
    edit = substitute(ENTITY, lambda match: html.unescape(match.group()), text)
    return edit if edit.text != text else Edit(text)


# ---- Markdown

TABLE_ROW = re.compile(r"^[ \t]*\|.*\|[ \t]*$\n?", re.MULTILINE)
TABLE_RULE = re.compile(r"[\s|:-]+")
LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
IMAGE = re.compile(r"!\[[^\]\n]*\]\([^()\n]*\)")
LINK = re.compile(
    r"\[([^\[\]\n]*)\]\(\s*(?:https?://|www\.|mailto:|/|\./|#)[^()\s]*(?:\s+\"[^\"\n]*\")?\s*\)"
)
RULE = re.compile(r"^[ \t]*(?:-{3}[- \t]*|\*{3}[* \t]*|_{3}[_ \t]*|`{3,}\w*)$", re.MULTILINE)
LINE_MARK = re.compile(
    r"^[ \t]*(?:>[> \t]*|#{1,6}[ \t]+|#{2,6}|[-*+•][ \t]+)(?=\S)|^[ \t]*>[> \t]*$", re.MULTILINE
)
STRONG = re.compile(r"\*{2,}")
STRONG_OR_STRUCK = re.compile(r"~~|__(?!_)(?<!___)")
# Chinese pages blank names out with single stars, so only a short phrase set off on both sides is emphasis.
ONE_STAR = re.compile(r"\*(?<!\*\*)(?!\*)")
SLANTED = re.compile(
    r"(?<![^\s，。；：、！？（“])\*([^\s*，。！？,”）][^*\n，。！？,]{0,38})(?<!\s)\*(?![^\s，。；：、！？）”])"
)
ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!~|>“”‘’\"'])")


def _cells(row: re.Match[str]) -> str:
    line = LINE_BREAK.sub("\n", row.group())
    if TABLE_RULE.fullmatch(line):
        return ""
    cells = (cell.strip() for cell in line.strip().strip("|").split("|"))
    return "\n".join(cell for cell in cells if cell) + "\n"


def unfold_tables(text: str) -> Edit:
    """Write each cell of a Markdown table on a line of its own, so that no two cells are glued together.

    >>> unfold_tables("| 事项 | 进度 |\\n| --- | --- |\\n| 修路 | 完成 |").text.split()
    ['事项', '进度', '修路', '完成']
    """
    return substitute(TABLE_ROW, _cells, text) if "|" in text else Edit(text)


def drop_line_marks(text: str) -> Edit:
    """Drop what Markdown writes at the start of a line: # > - *, and rules of --- or ***.

    >>> drop_line_marks("## 招商\\n- 驻点\\n> 引语\\n——第一").text
    '招商\\n驻点\\n引语\\n——第一'
    """
    ruled = "---" in text or "***" in text or "`" in text or "___" in text
    edit = substitute(RULE, "", text) if ruled else Edit(text)
    if "#" in text or ">" in text or "•" in text or any(m in text and f"{m} " in text for m in "-*+"):
        edit = substitute(LINE_MARK, "", edit.text, also=edit)
    return edit


def drop_links(text: str) -> Edit:
    """Keep the words of a link, drop its address; drop images.

    >>> drop_links("见[公告](https://a.cn/1)![图](b.png)。").text
    '见公告。'
    """
    if "](" not in text:
        return Edit(text)
    edit = substitute(IMAGE, "", text)
    return substitute(LINK, r"\1", edit.text, also=edit)


def drop_slanted(text: str) -> Edit:
    """Drop the single stars round an emphasised phrase; a lone star stays, for it may stand for a name.

    >>> drop_slanted("*重点*：招商。全力支持*的发展").text
    '重点：招商。全力支持*的发展'
    """
    return substitute(SLANTED, r"\1", text) if ONE_STAR.search(text) else Edit(text)


def drop_emphasis(text: str) -> Edit:
    """Drop the signs of strong emphasis, balanced or not; names blanked out with stars were marked before this step.

    >>> drop_emphasis("**一是**抓招引。**二是抓落地。").text
    '一是抓招引。二是抓落地。'
    """
    if "**" not in text:
        edit = Edit(text)
    elif "***" in text:
        edit = substitute(STRONG, "", text)
    else:  # the usual case, 30 times quicker
        edit = Edit(text.replace("**", ""), text.count("**"), ("**",))
    if "__" in text or "~~" in text:
        edit = substitute(STRONG_OR_STRUCK, "", edit.text, also=edit)
    return edit


def drop_escapes(text: str) -> Edit:
    r"""Drop the backslash before a sign that Markdown escaped.

    >>> drop_escapes(r"\“一企一策\”").text
    '“一企一策”'
    """
    return substitute(ESCAPE, r"\1", text) if "\\" in text else Edit(text)


@lru_cache(maxsize=1)
def front_matter_pattern() -> re.Pattern[str]:
    """The block between two lines of --- at the very start of a text; at least one `key: value` line in it."""
    return re.compile(r"\A\s*---[ \t]*\n(?=[^\n]*:)(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)


def drop_front_matter(text: str) -> Edit:
    """Drop YAML front matter, lifting title, author or source, and date as they stand.

    >>> dict(drop_front_matter("---\\ntitle: 招商\\n---\\n正文").lifted)
    {'title': '招商'}
    """
    if "---" not in text or not (match := front_matter_pattern().match(text)):
        return Edit(text)
    import yaml

    try:
        fields = yaml.safe_load(match.group(1))
    except yaml.YAMLError:
        return Edit(text)
    if not isinstance(fields, dict):
        return Edit(text)
    names = {"title": "title", "author": "publisher", "publisher": "publisher", "date": "published"}
    lifted = {names[key]: str(value).strip() for key, value in fields.items() if key in names and value}
    return Edit(text[match.end() :], 1, (shorten(match.group()),), lifted)
