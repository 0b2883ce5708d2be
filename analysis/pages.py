"""HTML of the report: the cells made tidy, the page around them, the type that travels with it."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.bilingual import Bilingual, said, speak, words_of
from analysis.charts.library import script_library
from analysis.harmless import disarm, inner, parsed
from analysis.languages import TAGS, attributes, in_chinese, shown_first
from analysis.specs import CHART
from analysis.typefaces import embedded_type, mark_chinese

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "report_template"

_NUMBER = re.compile(r"\s*(?:< )?[+\-−–]?[\d,\u2009]*\.?\d+(?:e[+\-]?\d+)?\s*[%‰]?\s*")
_NO_TEXT = "No description has been provided for this image"  # what nbconvert writes where there is none
_SHORT = 14  # characters of a cell that is not broken into lines: a date, a name
_UNKNOWN = {"", "–", "-", "NaN", "nan", "<NA>", "None", "NaT"}


@dataclass(frozen=True)
class Heading:
    """One heading of a page: its level (1-4), its words and the anchor that leads to it."""

    level: int
    text: Bilingual
    anchor: str


@dataclass(frozen=True)
class Cells:
    """A notebook's cells as tidy HTML, with what the index says of them, in both languages."""

    body: str
    headings: tuple[Heading, ...]
    title: Bilingual
    question: Bilingual
    finding: Bilingual
    warnings: tuple[Bilingual, ...] = ()


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
    finding = _joined(root.xpath(".//section[contains(@class, 'tag-finding')]/*[not(self::details)]"))
    warnings = tuple(dict.fromkeys(_warning(box) for box in root.xpath(".//aside[@class='warning']")))
    mark_chinese(root)
    return Cells(inner(root), tuple(headings), finding=finding, warnings=warnings, **words)


def _warning(box: Any) -> Bilingual:
    """Return the words of a warning without their label, which is its first element."""
    words, label = words_of(box), words_of(box[0]) if len(box) else Bilingual("")
    said_in_chinese = words.chinese.removeprefix(label.chinese or label)
    return Bilingual(words.removeprefix(label).strip(), said_in_chinese.strip())


def _joined(parts: list[Any]) -> Bilingual:
    """Return the words of several elements, one after the other."""
    told = [words_of(part) for part in parts]
    chinese = " ".join(part.chinese or part for part in told) if any(part.chinese for part in told) else ""
    return Bilingual(" ".join(told), chinese)


def _lxml() -> Any:
    """Return lxml's HTML module, loaded where it is used."""
    from lxml import html as lxml_html  # type: ignore[import-untyped]

    return lxml_html


def _text(element: Any) -> str:
    """Return an element's words in English with single spaces."""
    return str(words_of(element))


def _first(root: Any, path: str) -> Bilingual:
    """Return the words of the first element on a path, "" where there is none."""
    found = root.find(path)
    return Bilingual("") if found is None else words_of(found)


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
        headings.append(Heading(int(element.tag[1]), words_of(element), anchor))
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
        frame = _lxml().Element("div", {"class": "table", "role": "region", "tabindex": "0"})
        speak(frame, "aria-label", _first(table, "caption") or f"Table {n}")
        table.getparent().replace(table, frame)
        frame.tail, table.tail = table.tail, None
        frame.append(table)


def _describe_pictures(root: Any) -> None:
    """Give a picture without a text the nearest heading's, so that none is left unnamed."""
    heading = Bilingual("")
    for element in root.iter("h1", "h2", "h3", "h4", "img"):
        if element.tag != "img":
            heading = words_of(element)
        elif (element.get("alt") or _NO_TEXT) == _NO_TEXT:
            of = f"：{heading.chinese or heading}" if heading else ""
            speak(element, "alt", Bilingual(f"Figure: {heading}" if heading else "Figure", f"图{of}"))


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
        parts.append(f'<li><a href="#{html.escape(heading.anchor)}">{said(heading.text)}</a>')
        level = to
    return Markup("".join(parts + ["</li></ol>"] * (level - 1)))


def page(**values: Any) -> tuple[str, list[str]]:
    """Return a whole page (HTML that needs nothing from outside) and the characters it has no glyph for.

    Values: title, body (both needed), kind ("notebook" | "index"), corpus (the footer's line), version, made
    (ISO date), contents, before, after (mappings: file, title), nav (mappings: href, title, current), invented, failure.
    """
    opens = "evidence-data" in values["body"] or "data-evidence=" in values["body"]
    beside = ("evidence",) if opens else ()  # what opens and shows what stands behind a number
    early, late = read("language.js"), joined(f"{name}.js" for name in ("page", *beside))
    css = joined(f"{name}.css" for name in ("page", "site", *beside))
    # Only a page with a chart carries the library that draws it: it is as large as many a page.
    charts = (script_library(), read("charts.js")) if f" {CHART}=" in values["body"] else ()
    given: dict[str, Any] = {
        "shown": shown_first(),
        "lang": TAGS[shown_first()],
        "policy": policy(early, late, *charts),
        "early": early,
        "script": late,
        "charts": charts,
        "css": css + (read("charts.css") if charts else ""),
    } | values
    bare = filled("page.html.j2", given | {"css": "", "early": "", "script": "", "type": "", "charts": ()})
    # What the page may show beside its own words: the labels of its scripts and style, in both languages.
    beside_it = "".join(map(chr, range(0x20, 0x7F))) + given["css"] + early + late + "".join(charts[1:])
    type_css, missing = embedded_type(html.unescape(bare) + beside_it)
    return filled("page.html.j2", given | {"type": type_css}), missing


def read(name: str) -> str:
    """Return a script or a style of the template."""
    return (TEMPLATES / name).read_text("utf-8")


def joined(names: Iterable[str]) -> str:
    """Return several scripts or styles of the template as one."""
    return "\n".join(map(read, names))


def policy(*scripts: str) -> str:
    """Return the content security policy of a page: no address, no script but its own, whatever a text holds.

    The browser enforces it, so a `<script>` that came in with a document's text stays dead.
    """
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    own = " ".join(f"'sha256-{digest}'" for digest in digests) or "'none'"
    allowed = f"script-src {own}; style-src 'unsafe-inline'; img-src data:; font-src data:"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def filled(template: str, values: Mapping[str, Any]) -> str:
    """Fill a template; every value is escaped unless it is Markup.

    The filter `marked` shows a text in both languages, its Chinese marked (see `said`); the function `spoken` gives an
    attribute such as aria-label in both.
    """
    from markupsafe import Markup

    ours = {"css", "early", "script", "type", "body", "policy"}
    trusted = {name: Markup(value) if name in ours else value for name, value in values.items()}
    trusted["charts"] = [Markup(script) for script in values.get("charts", ())]
    return _templates().get_template(template).render(trusted)


@lru_cache(maxsize=1)
def _templates() -> Any:
    """Return the templates' reader: one for all pages, for each is read and compiled once."""
    from jinja2 import Environment, FileSystemLoader
    from markupsafe import Markup

    place = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True)
    place.filters["marked"] = said
    place.globals["spoken"] = lambda attribute, text: Markup(attributes(attribute, text))
    place.globals["in_chinese"] = lambda text: getattr(text, "chinese", "") or in_chinese(text) or text
    return place
