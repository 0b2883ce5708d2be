"""The words of a page that open their evidence: as buttons in tables, and found again in a page."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING, Any

from analysis.languages import both
from analysis.specs import clicked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import pandas as pd

Item = tuple[str, str]  # kind and item, as in data-kind and data-item
KINDS = ("term", "entry", "category", "commitment", "slogan", "target", "topic")
# Columns whose values are items by themselves; what else is needed stands in `_ITEMS`.
_PLAIN = {"term": "term", "entry": "entry", "slogan": "slogan", "commitment": "commitment"}
# kind, column that is shown, columns that make up the item, the sign between them
_JOINED = (
    ("category", "category", ("device", "category"), ":"),
    ("target", "object", ("object", "unit_kind"), "|"),
)
_BUTTON = ".//button[@data-kind][@data-item]"


def is_opened(source: Any) -> bool:
    """Return True where the words of a table open their evidence: the table is of a corpus, the page is a report's."""
    return both() and hasattr(source, "words") and hasattr(source, "documents")


def button(kind: str, item: str, shown: str | None = None) -> str:
    """Return a button that opens the evidence of an item, as HTML; all is escaped.

    >>> button("term", "招商<")
    '<button type="button" class="ev" data-kind="term" data-item="招商&lt;">招商&lt;</button>'
    """
    return opening(kind, item, html.escape(item if shown is None else shown))


def opening(kind: str, item: str, markup: str) -> str:
    """Return a button round what is HTML already. Raises ValueError for a kind that has no evidence."""
    if kind not in KINDS:
        raise ValueError(f"kind={kind!r} has no evidence; choose from {', '.join(KINDS)}.")
    marks = f'data-kind="{kind}" data-item="{html.escape(item)}"'
    return f'<button type="button" class="ev" {marks}>{markup}</button>'


def items_of(frame: pd.DataFrame, *, topics: bool = False) -> dict[str, list[Item | None]]:
    """Return which cells of a table open evidence: by column name, for each row its item, None where it has none.

    By the names of the columns: term, entry, slogan, commitment; category beside device; object beside unit_kind; term
    beside strength is a word of commitment. topics: the column topic too.
    """
    kinds = {column: kind for column, kind in _PLAIN.items() if column in frame}
    if {"term", "strength"} <= set(frame.columns):
        kinds["term"] = "commitment"
    if topics and "topic" in frame:
        kinds["topic"] = "topic"
    found = {column: _items(kind, frame, (column,), "") for column, kind in kinds.items()}
    for kind, column, needed, sign in _JOINED:
        if set(needed) <= set(frame.columns):
            found[column] = _items(kind, frame, needed, sign)
    return found


def _items(kind: str, frame: pd.DataFrame, columns: tuple[str, ...], sign: str) -> list[Item | None]:
    """Return the item of each row; None where a part of it is unknown."""
    import pandas as pd

    # A frame may have two columns of one name; the first is meant.
    parts = [frame.iloc[:, list(frame.columns).index(name)] for name in columns]
    rows = zip(*parts, strict=True)
    return [None if any(map(pd.isna, row)) else (kind, sign.join(map(str, row))) for row in rows]


def wanted(root: Any) -> set[Item]:
    """Return the items whose evidence a page opens: of its buttons, and of what its charts name (`wanted_by`).

    root: a tree of the page's cells, after `disarm`. Topics bring their evidence with them and are not among them.
    """
    named = {(each.get("data-kind"), each.get("data-item")) for each in root.iterfind(_BUTTON)}
    for element in root.iterfind(".//*[@data-wanted]"):
        named |= _read_items(element.get("data-wanted"))
    return {(kind, item) for kind, item in named if kind in KINDS and kind != "topic"}


def wanted_by(items: Iterable[Item]) -> str:
    """Return the attribute by which a chart's element names the items that a click opens; for a `figure` or `div`.

    >>> wanted_by([("term", "招商")])
    ' data-wanted="[[&quot;term&quot;,&quot;招商&quot;]]"'
    """
    text = json.dumps(sorted(set(items)), ensure_ascii=False, separators=(",", ":"))
    return f' data-wanted="{html.escape(text)}"'


def opened_by(chart: Any, source: Any) -> str:
    """Return the attribute of a chart's figure that names what its marks open; "" where nothing is opened."""
    if chart is None or not is_opened(source):
        return ""
    items = clicked(chart)
    return wanted_by(items) if items else ""


def _read_items(text: str) -> set[Item]:
    """Read the items that an element names; what is no list of pairs names none."""
    try:
        found = json.loads(text)
        return {(kind, item) for kind, item in found if isinstance(kind, str) and isinstance(item, str)}
    except (ValueError, TypeError):
        return set()


def settle(root: Any, answered: Collection[Item]) -> int:
    """Make plain text of the buttons that have nothing to open; return how many there were.

    answered: the items that the page has evidence for. Topics open what the page brings itself, if it does.
    """
    own = {("topic", str(item)) for item in _topics_in(root)}
    idle = [
        each
        for each in root.iterfind(_BUTTON)
        if (each.get("data-kind"), each.get("data-item")) not in answered
        and (each.get("data-kind"), each.get("data-item")) not in own
    ]
    for element in idle:
        language = element.get("lang")
        for name in list(element.attrib):
            del element.attrib[name]
        element.tag = "span"
        if language:
            element.set("lang", language)
    return len(idle)


def _topics_in(root: Any) -> set[str]:
    """Return the topics whose evidence stands in the page itself."""
    found: set[str] = set()
    for element in root.iterfind(".//div[@data-evidence]"):
        try:
            items = json.loads(element.get("data-evidence"))["items"]
            found |= {key.partition("|")[2] for key in items if key.startswith("topic|")}
        except (ValueError, TypeError, KeyError):
            continue
    return found
