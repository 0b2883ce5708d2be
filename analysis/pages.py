"""HTML of the report: the cells made tidy, the page around them, the type that travels with it."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.harmless import disarm, inner, parsed
from analysis.typefaces import chinese_runs, embedded_type, marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "report_template"
LANGUAGE = "en"

_NUMBER = re.compile(r"\s*(?:< )?[+\-−–]?[\d,\u2009]*\.?\d+(?:e[+\-]?\d+)?\s*[%‰]?\s*")
_NO_TEXT = "No description has been provided for this image"  # what nbconvert writes where there is none
_SHORT = 14  # characters of a cell that is not broken into lines: a date, a name
_UNKNOWN = {"", "–", "-", "NaN", "nan", "<NA>", "None", "NaT"}
_NOT_PROSE = {"script", "style", "pre", "code", "svg", "math", "textarea"}


@dataclass(frozen=True)
class Heading:
    """One heading of a page: its level (1-4), its words and the anchor that leads to it."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class Cells:
    """A notebook's cells as tidy HTML, with what the index says of them."""

    body: str
    headings: tuple[Heading, ...]
    title: str
    question: str
    finding: str
    warnings: tuple[str, ...] = ()


def tidy(fragment: str) -> Cells:
    """Make cells fit for a page: nothing that acts; anchors, languages, aligned numbers, scrolling tables, alt texts."""
    root = parsed(fragment)
    disarm(root)
    _join_code(root)
    headings = _anchor_headings(root)
    _turn_links(root)
    for table in root.iter("table"):
        _align_numbers(table)
    _frame_tables(root)
    _describe_pictures(root)
    words = {"title": _first(root, ".//h1"), "question": _first(root, ".//section[@class='prose']//p")}
    finding = " ".join(
        _text(part)
        for part in root.xpath(".//section[contains(@class, 'tag-finding')]/*[not(self::details)]")
    )
    warnings = tuple(dict.fromkeys(_warning(box) for box in root.xpath(".//aside[@class='warning']")))
    _mark_chinese(root)
    return Cells(inner(root), tuple(headings), finding=finding, warnings=warnings, **words)


def _warning(box: Any) -> str:
    """Return the words of a warning without their label."""
    return _text(box).removeprefix("Warning.").strip()


def _lxml() -> Any:
    """Return lxml's HTML module, loaded where it is used."""
    from lxml import html as lxml_html  # type: ignore[import-untyped]

    return lxml_html


def _text(element: Any) -> str:
    """Return an element's words with single spaces."""
    return " ".join(element.text_content().split())


def _first(root: Any, path: str) -> str:
    """Return the words of the first element on a path, "" where there is none."""
    found = root.find(path)
    return "" if found is None else _text(found)


def _join_code(root: Any) -> None:
    """Put the code of cells that show nothing into the fold of the cell that follows: one fold instead of four."""
    for cell in root.xpath("./section[contains(@class, 'cell')][count(*)=1][details[@class='code']]"):
        after = cell.getnext()
        fold = after.find("details[@class='code']") if after is not None else None
        if fold is not None:
            code = list(cell[0])[1:]  # the first child is the summary
            fold[1:1] = code
            cell.drop_tree()


def _anchor_headings(root: Any) -> list[Heading]:
    """Give every heading outside tables an anchor of its own and list them."""
    headings: list[Heading] = []
    used: set[str] = set()
    for element in root.xpath(".//h1|.//h2|.//h3|.//h4"):
        stem = element.get("id") or re.sub(r"\W+", "-", _text(element)).strip("-") or "section"
        anchor, n = stem, 1
        while anchor in used or anchor == "main":
            anchor, n = f"{stem}-{n + 1}", n + 1
        used.add(anchor)
        element.set("id", anchor)
        headings.append(Heading(int(element.tag[1]), _text(element), anchor))
    return headings


def _turn_links(root: Any) -> None:
    """Lead links between notebooks to their pages."""
    for link in root.iter("a"):
        target = link.get("href") or ""
        if "://" not in target:
            link.set("href", re.sub(r"\.ipynb(?=$|#)", ".html", target))


def _align_numbers(table: Any) -> None:
    """Mark the cells of a table's numeric columns; where cells span, each cell by itself."""
    for element in table.iter("table", "tr", "th", "td"):
        for name in ("style", "border", "align"):
            element.attrib.pop(name, None)
    rows = [row.xpath("./th|./td") for row in table.iter("tr")]
    cells = [cell for row in rows for cell in row]
    if table.xpath(".//*[@colspan or @rowspan]"):
        numeric = {cell for cell in cells if cell.tag == "td" and _NUMBER.fullmatch(_text(cell))}
    else:
        numeric = {cell for column in _columns(rows) if _is_numeric(column) for cell in column}
    for cell in cells:
        if cell.get("class") == "right":
            continue
        if cell in numeric:
            cell.set("class", "num")
        elif len(_text(cell)) <= _SHORT:
            cell.set("class", "short")


def _columns(rows: list[Any]) -> list[list[Any]]:
    """Return the cells of a table column by column."""
    width = max((len(row) for row in rows), default=0)
    return [[row[i] for row in rows if i < len(row)] for i in range(width)]


def _is_numeric(column: list[Any]) -> bool:
    """Return True where every known value of a column is a number, and there is one."""
    values = [_text(cell) for cell in column if cell.tag == "td"]
    known = [value for value in values if value not in _UNKNOWN]
    return bool(known) and all(_NUMBER.fullmatch(value) for value in known)


def _frame_tables(root: Any) -> None:
    """Put every table into a frame that scrolls sideways and can be reached by keyboard."""
    for n, table in enumerate(root.xpath(".//table[not(ancestor::table)]"), start=1):
        label = _first(table, "caption") or f"Table {n}"
        frame = _lxml().Element(
            "div", {"class": "table", "role": "region", "tabindex": "0", "aria-label": label}
        )
        table.getparent().replace(table, frame)
        frame.tail, table.tail = table.tail, None
        frame.append(table)


def _describe_pictures(root: Any) -> None:
    """Give a picture without a text the nearest heading's, so that none is left unnamed."""
    heading = ""
    for element in root.iter("h1", "h2", "h3", "h4", "img"):
        if element.tag != "img":
            heading = _text(element)
        elif (element.get("alt") or _NO_TEXT) == _NO_TEXT:
            element.set("alt", f"Figure: {heading}" if heading else "Figure")


def _mark_chinese(root: Any) -> None:
    """Say of every run of Chinese that it is Chinese: for its type, its quotation marks, and reading aloud."""
    for element in list(root.iter()):
        skipped = not isinstance(element.tag, str) or element.tag in _NOT_PROSE
        if element.tail and element is not root and element.getparent().tag not in _NOT_PROSE:
            _split_tail(element)
        if not skipped and element.text and not _inside_code(element):
            _split_text(element)


def _inside_code(element: Any) -> bool:
    """Return True inside code, where the type is set otherwise."""
    return any(above.tag in _NOT_PROSE for above in element.iterancestors())


def _split_text(element: Any) -> None:
    """Wrap the Chinese in an element's own text; an element that is all Chinese bears the language itself."""
    first, spans = _spans(element.text)
    if len(spans) == 1 and not len(element) and not first.strip() and not (spans[0].tail or "").strip():
        element.set("lang", "zh-Hans")
        return
    element.text = first
    for i, span in enumerate(spans):
        element.insert(i, span)


def _split_tail(element: Any) -> None:
    """Wrap the Chinese in the text after an element."""
    if _inside_code(element):
        return
    first, spans = _spans(element.tail)
    parent = element.getparent()
    place = parent.index(element) + 1
    element.tail = first
    for i, span in enumerate(spans):
        parent.insert(place + i, span)


def _spans(text: str) -> tuple[str, list[Any]]:
    """Return the text before the first run of Chinese, and one span a run with what follows it as its tail."""
    runs = chinese_runs(text)
    ends = [start for start, _ in runs[1:]] + [len(text)]
    spans = []
    for (start, stop), end in zip(runs, ends, strict=False):
        span = _lxml().Element("span", {"lang": "zh-Hans"})
        span.text, span.tail = text[start:stop], text[stop:end]
        spans.append(span)
    return text[: runs[0][0]] if runs else text, spans


def contents(headings: Iterable[Heading]) -> Markup:
    """Return the table of contents: the headings of levels 2 and 3 as nested lists of links."""
    from markupsafe import Markup

    parts: list[str] = []
    level = 1
    for heading in headings:
        if heading.level not in (2, 3):
            continue
        to = min(heading.level, level + 1)
        parts += ["<ol>"] * (to > level) + ["</li></ol>"] * (level - to) + ["</li>"] * (to <= level)
        parts.append(f'<li><a href="#{html.escape(heading.anchor)}">{marked(heading.text)}</a>')
        level = to
    return Markup("".join(parts + ["</li></ol>"] * (level - 1)))


def page(**values: Any) -> tuple[str, list[str]]:
    """Return a whole page (HTML that needs nothing from outside) and the characters it has no glyph for.

    Values: title, body (both needed), kind ("notebook" | "index"), corpus (the footer's line), version, made
    (ISO date), contents, before, after (mappings: file, title), home, invented, failure.
    """
    script = (TEMPLATES / "page.js").read_text("utf-8")
    css = (TEMPLATES / "page.css").read_text("utf-8")
    given: dict[str, Any] = {
        "lang": LANGUAGE,
        "policy": policy(script),
        "script": script,
        "css": css,
    } | values
    bare = filled("page.html.j2", given | {"css": "", "script": "", "type": ""})
    # Letters, figures and signs that the page may need beside its own words: the labels of its script and style.
    type_css, missing = embedded_type(html.unescape(bare) + "".join(map(chr, range(0x20, 0x7F))))
    return filled("page.html.j2", given | {"type": type_css}), missing


def policy(script: str) -> str:
    """Return the content security policy of a page: no address, no script but its own, whatever a text holds.

    The browser enforces it, so a `<script>` that came in with a document's text stays dead.
    """
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    allowed = f"script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; font-src data:"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def filled(template: str, values: Mapping[str, Any]) -> str:
    """Fill a template; every value is escaped unless it is Markup. The filter `marked` marks Chinese."""
    from jinja2 import Environment, FileSystemLoader
    from markupsafe import Markup

    place = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True)
    place.filters["marked"] = marked
    ours = {"css", "script", "type", "body", "policy"}
    trusted = {name: Markup(value) if name in ours else value for name, value in values.items()}
    return place.get_template(template).render(trusted)
