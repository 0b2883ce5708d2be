"""Type that travels with a page: subsets of the packaged fonts, embedded as woff2."""

from __future__ import annotations

import base64
import unicodedata
from pathlib import Path
from typing import Any

from analysis.style import characters_in, chinese_font, symbol_font

_FIRST_CHINESE = 0x2E80  # below it lie letters, punctuation and signs that western text uses too


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
    with TTFont(font, lazy=True, recalcTimestamp=False) as opened:
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
