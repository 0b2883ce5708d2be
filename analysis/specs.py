"""Charts that travel in a page: what is kept of one beside its picture, and what may pass as one."""

from __future__ import annotations

import html
import json
import warnings
from collections.abc import Iterator
from typing import Any

from analysis.languages import both, in_chinese, shown_first

CHART = "data-chart"  # the attribute of a figure that carries its chart
LARGEST = 200_000  # characters of a chart in a page
VEGA_LITE_5 = "application/vnd.vegalite.v5+json"  # what JupyterLab draws without the network
_SCHEMA_5 = "https://vega.github.io/schema/vega-lite/v5.20.1.json"

# A page has its words twice, and the chart is drawn anew where the reader switches: these keys hold words.
_WORDS = ("title", "subtitle", "text", "labels", "name", "hint")
# A list of what may stay: a chart that came in with a document's text could load, lead away or cover the page.
_STAY = """
    $schema aggregate align anchor anchorOffset and angle aria as autosize axis background band baseline
    bin bind calculate clamp clear clip color columnPadding columns condition config contains content
    continuousHeight continuousWidth copy cornerRadius cornerRadiusEnd cursor data datum dense
    description direction disable discrete domain domainColor domainMax domainMin domainWidth dx dy
    element empty encoding encodings equal expr extent field fields fill fillOpacity filled filter font
    fontSize fontWeight format formatType frame gradientLength gradientStrokeColor gradientThickness
    grid gridColor gridOpacity gridWidth groupby gt gte height hint in input interpolate joinaggregate
    key label labelAlign labelAngle labelBaseline labelColor labelExpr labelFlush labelFont
    labelFontSize labelFontWeight labelLimit labelOverlap labelPadding labels layer legend limit line
    lineHeight lt lte mark max min name nearest nice not npmax offset on oneOf op opacity options or
    order orient padding param params point range resize resolve reverse rowPadding rule scale select shape
    shorthand size sort spec step stroke strokeColor strokeDash strokeJoin strokeOpacity strokeWidth
    style subtitle subtitleColor subtitleFontSize subtitlePadding symbolLimit symbolOpacity symbolSize
    symbolStrokeWidth symbolType tension test text thickness threshold tickBand tickColor tickCount
    tickSize ticks title titleAlign titleAnchor titleColor titleFont titleFontSize titleFontWeight
    titlePadding toggle tooltip transform translate type value values view views width window x x2
    xOffset y y2 yOffset zero zindex zoom
"""
_KEYS = frozenset(_STAY.split())
_MARKS = frozenset(
    {"area", "bar", "circle", "line", "point", "rect", "rule", "square", "text", "tick", "trail"}
)
_INERT = ("value", "values", "datasets")  # hold data, which nothing of a chart runs
_BESIDE = frozenset({"spec", "columns", "words", "click", "ratio", "hint"})
# Characters that could end a block of script, or that JavaScript once took for the end of a line.
_UNSAFE = {sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
# The text of a chart is mostly double quotes, and each takes six characters in an attribute; single ones take one.
_SWAP = str.maketrans({'"': "'", "'": '"'})


def chart_json(chart: Any) -> str:
    """Return an Altair chart as JSON for a page: spec, its rows as columns, Chinese for its words, what a click opens.

    usermeta of the chart may hold click (kind, field: what of a mark opens which evidence), ratio (height by width) and
    hint (a line below the chart). Safe inside a script element, too.
    """
    spec = chart.to_dict()
    beside = spec.pop("usermeta", {})
    told: dict[str, Any] = {"spec": spec, "columns": _columns(spec), **beside}
    told["words"] = {text: said for text in _texts(told) if (said := in_chinese(text)) not in (None, text)}
    return safe_json(told)


def safe_json(data: Any) -> str:
    """Return data as JSON that may stand inside `<script>`, whatever the texts in it hold.

    >>> safe_json({"item": "</script><!--"})
    '{"item":"\\\\u003c/script\\\\u003e\\\\u003c!--"}'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign, written in _UNSAFE.items():  # `translate` is slow on Chinese
        text = text.replace(sign, written)
    return text


def chart_attribute(chart: Any) -> str:
    """Return the attribute by which a figure carries its chart; "" and a warning where it is too large."""
    text = chart_json(chart)
    if len(text) > LARGEST:
        warnings.warn(
            f"A chart holds {len(text):,} characters, and a page takes {LARGEST:,}: its picture stands alone. "
            "Give it fewer rows.",
            stacklevel=4,
        )
        return ""
    return f' {CHART}="{html.escape(text.translate(_SWAP))}"'


def carrying(figure: str, chart: Any, beside: str = "") -> str:
    """Return a figure's HTML with its chart, in a report alone; unchanged where there is no chart.

    beside: more attributes of the figure, as HTML.
    """
    if chart is None or not both():
        return figure
    return figure.replace("<figure", f"<figure{chart_attribute(chart)}{beside}", 1)


def clicked(chart: Any) -> set[tuple[str, str]]:
    """Return what a chart's marks open on a click, by its usermeta: pairs of kind and item."""
    spec = chart.to_dict()
    click = spec.get("usermeta", {}).get("click")
    if not click:
        return set()
    cells = [row.get(click["field"]) for rows in spec.get("datasets", {}).values() for row in rows]
    return {(click["kind"], str(cell)) for cell in cells if cell not in (None, "")}


def is_chart(attribute: str) -> bool:
    """Return True for the value of an attribute `data-chart` that draws marks of its own data and does nothing else."""
    try:
        told = json.loads(attribute.translate(_SWAP))
        return told.keys() <= _BESIDE and all(_is_plain(key, part) for key, part in _parts(told["spec"]))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return False


def _is_plain(key: str, part: Any) -> bool:
    kind = part.get("type") if isinstance(part, dict) else part
    if key == "mark":
        return kind in _MARKS
    if key == "type" and part in ("image", "geoshape"):
        return False
    if key == "element":
        return False  # a form control put somewhere else in the page
    return key in _KEYS


def _parts(spec: Any, key: str = "layer") -> Iterator[tuple[str, Any]]:
    """Yield every key of a spec with what it holds, but for data and what configures the look."""
    yield key, spec
    if isinstance(spec, dict):
        for name, part in spec.items():
            if name in _INERT:
                continue
            if name == "config":
                yield from _look(part)
            else:
                yield from _parts(part, name)
    elif isinstance(spec, list):
        for part in spec:
            yield from _parts(part, key)


def _look(config: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the settings of a spec's config: its first level names what they are of."""
    for part in config.values():
        if isinstance(part, dict):
            yield from ((name, setting) for name, setting in part.items())


def _columns(spec: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Take the rows out of a spec and return them column by column, by the name of their table."""
    tables = spec.pop("datasets", {})
    return {
        name: {key: _column([row.get(key) for row in rows]) for key in (rows[0] if rows else {})}
        for name, rows in tables.items()
    }


def _column(values: list[Any]) -> Any:
    """Return a column; words that come again and again as a list of them and numbers that say where they stand."""
    known = [_known(value) for value in values]
    words = sorted(set(known)) if all(isinstance(value, str) for value in known) else known
    if 2 * len(words) > len(known):
        return known
    place = {word: at for at, word in enumerate(words)}
    return {"of": words, "at": [place[word] for word in known]}


def _known(value: Any) -> Any:
    """Return a value, None for one that is not a number: JSON has no other name for it."""
    return None if value != value else value


def _texts(told: dict[str, Any]) -> list[str]:
    """Return the words of a chart that a reader sees, but for its data."""
    found = {part for key, part in _words_in(told["spec"]) if key in _WORDS}
    return sorted(found | {told[key] for key in ("hint",) if told.get(key)})


def _words_in(spec: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(spec, str):
        yield key, spec
    elif isinstance(spec, list):
        for part in spec:
            yield from _words_in(part, key)
    elif isinstance(spec, dict):
        for name, part in spec.items():
            named = name == "name" and "input" not in spec  # of a parameter or a table, not of a form control
            if name not in (*_INERT, "config", "data", "field", "expr") and not named:
                yield from _words_in(part, name)


def in_words(spec: Any, words: dict[str, str]) -> Any:
    """Return a spec with the words that a reader sees replaced."""
    if isinstance(spec, list):
        return [in_words(part, words) for part in spec]
    if not isinstance(spec, dict):
        return spec
    return {key: _replaced(spec, key, words) for key in spec}


def _replaced(spec: dict[str, Any], key: str, words: dict[str, str]) -> Any:
    part = spec[key]
    named = key == "name" and "input" not in spec
    if key in (*_INERT, "config", "data", "field", "expr") or named:
        return part
    if key in _WORDS and isinstance(part, str):
        return words.get(part, part)
    if key in _WORDS and isinstance(part, list):
        return [words.get(text, text) if isinstance(text, str) else in_words(text, words) for text in part]
    return in_words(part, words)


def in_jupyter(chart: Any) -> dict[str, Any] | None:
    """Return what JupyterLab draws of a chart, in the language shown first; None inside a report, whose pages draw it."""
    if both():
        return None
    spec = chart.to_dict()
    spec.pop("usermeta", None)
    if shown_first() == "zh":
        found = {text: in_chinese(text) for text in _texts({"spec": spec})}
        spec = in_words(spec, {text: said for text, said in found.items() if said})
    return {VEGA_LITE_5: spec | {"$schema": _SCHEMA_5}, "text/plain": "[chart]"}
