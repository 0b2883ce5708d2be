"""Type that travels with a page: which text is Chinese, and subsets of the packaged fonts embedded as woff2."""

from __future__ import annotations

import base64
import html
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.style import characters_in, chinese_font, symbol_font

if TYPE_CHECKING:
    from markupsafe import Markup

_FIRST_CHINESE = 0x2E80  # below it lie letters, punctuation and signs that western text uses too

# Chinese signs: ideographs, kana and bopomofo, their punctuation, full-width forms.
_NOT_PROSE = {"script", "style", "pre", "code", "svg", "math", "textarea"}
_SIGN = "\u2e80-\u2fdf\u3001-\u312f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uffe6\U00020000-\U0003ffff"
# A run of Chinese: quotation marks, dashes, figures and letters belong to it when they stand inside it.
_RUN = re.compile(rf"[“‘]?[{_SIGN}](?:[{_SIGN}“”‘’…—·□0-9A-Za-z.%+\-]*[{_SIGN}”])?")


def chinese_runs(text: str) -> list[tuple[int, int]]:
    """Return start and end of every run of Chinese in a text.

    Quotation marks inside a run are Chinese and set wide; those around a whole run are Chinese in a Chinese text, but
    belong to the sentence, and are set narrow, in an English one.

    >>> chinese_runs("the word “招商引资” here"), chinese_runs("“招商引资”2021")
    ([(10, 14)], [(0, 6)])
    """
    english = re.search("[A-Za-z]", _RUN.sub("", text)) is not None
    runs = []
    for run in _RUN.finditer(text):
        words = run.group()
        opens, closes = words.startswith("“"), words.endswith("”")
        quoted = opens and closes and "”" not in words[:-1]
        unpaired = words.count("“") - words.count("”")
        bare_start = opens and (unpaired > 0 or (quoted and english))
        bare_end = closes and (unpaired < 0 or (quoted and english))
        runs.append((run.start() + bare_start, run.end() - bare_end))
    return runs


def marked(text: str) -> Markup:
    """Return plain text as escaped HTML with its Chinese marked as Chinese."""
    from markupsafe import Markup

    parts, at = [], 0
    for start, end in chinese_runs(text):
        parts += [html.escape(text[at:start]), f'<span lang="zh-Hans">{html.escape(text[start:end])}</span>']
        at = end
    return Markup("".join([*parts, html.escape(text[at:])]))


def mark_chinese(root: Any) -> None:
    """Say of every run of Chinese in a tree that it is Chinese: for its type, its quotation marks, and reading aloud."""
    for element in list(root.iter()):
        skipped = (
            not isinstance(element.tag, str) or element.tag in _NOT_PROSE or element.get("data-in") == "zh"
        )
        if element.tail and element is not root and element.getparent().tag not in _NOT_PROSE:
            _split_tail(element)
        if not skipped and element.text and not _inside_code(element):
            _split_text(element)


def _inside_code(element: Any) -> bool:
    """Return True inside code, where the type is set otherwise, and inside what is said to be Chinese already."""
    return any(above.tag in _NOT_PROSE or above.get("data-in") == "zh" for above in element.iterancestors())


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
    from lxml.html import Element  # type: ignore[import-untyped]

    runs = chinese_runs(text)
    ends = [start for start, _ in runs[1:]] + [len(text)]
    spans = []
    for (start, stop), end in zip(runs, ends, strict=False):
        span = Element("span", {"lang": "zh-Hans"})
        span.text, span.tail = text[start:stop], text[stop:end]
        spans.append(span)
    return text[: runs[0][0]] if runs else text, spans


def embedded_type(text: str) -> tuple[str, list[str]]:
    """Return CSS that embeds type for a page's characters, and the characters that no packaged font has.

    Families: "Report Chinese" for ideographs and their punctuation; the signs that both scripts use (quotation marks,
    dashes, dots) narrow in "Report Latin" and wide in "Report Wide"; "Report Signs" for what the Chinese font lacks.
    About 0.2 kB a character.
    """
    wanted = {ord(c) for c in text if unicodedata.category(c)[0] != "C"}
    chinese = wanted & characters_in(chinese_font())
    signs = (wanted - chinese) & characters_in(symbol_font())
    faces = [
        _face("Report Latin", chinese_font(), {c for c in chinese if c < _FIRST_CHINESE}, narrow=True),
        _face("Report Wide", chinese_font(), {c for c in chinese if 0x7F < c < _FIRST_CHINESE}),
        _face("Report Chinese", chinese_font(), {c for c in chinese if c >= _FIRST_CHINESE}),
        _face("Report Signs", symbol_font(), signs),
    ]
    return "\n".join(face for face in faces if face), [chr(c) for c in sorted(wanted - chinese - signs)]


def _face(family: str, font: Path, characters: set[int], *, narrow: bool = False) -> str:
    """Return one @font-face rule, "" where there is nothing to embed."""
    if not characters:
        return ""
    data = base64.b64encode(subset(font, characters, narrow=narrow)).decode()
    source = f"url(data:font/woff2;base64,{data}) format('woff2')"
    return f'@font-face{{font-family:"{family}";font-display:block;src:{source}}}'


def subset(font: Path, characters: set[int], *, narrow: bool = False) -> bytes:
    """Return a font cut down to some characters, as woff2; `narrow` takes the proportional forms of punctuation."""
    from io import BytesIO

    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(
        layout_features=["kern"] if narrow else [], hinting=False, notdef_outline=True, name_IDs=[1, 2]
    )
    options.drop_tables += ["FFTM"]  # the font editor's own dates, which the subsetter would warn of
    # The box that holds every glyph of the whole font holds those that are left: it need not be drawn anew.
    with TTFont(font, lazy=True, recalcTimestamp=False, recalcBBoxes=False) as opened:
        if narrow:
            _take_narrow_forms(opened, characters)
        cutter = Subsetter(options)
        cutter.populate(unicodes=characters)
        cutter.subset(opened)
        opened.flavor = "woff2"
        written = BytesIO()
        opened.save(written)
    return written.getvalue()


def _take_narrow_forms(font: Any, characters: set[int]) -> None:
    """Let characters show in the form that the font keeps for western text (its feature pwid)."""
    features = font["GSUB"].table.FeatureList.FeatureRecord
    numbers = {
        n for record in features if record.FeatureTag == "pwid" for n in record.Feature.LookupListIndex
    }
    lookups = font["GSUB"].table.LookupList.Lookup
    tables = [getattr(table, "ExtSubTable", table) for n in numbers for table in lookups[n].SubTable]
    narrow = {wide: form for table in tables for wide, form in table.mapping.items()}
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap.update(
                {c: narrow[g] for c, g in table.cmap.items() if c in characters and g in narrow}
            )
