"""A figure drawn as PNG, once a language: its words are looked up in Chinese, its colours kept in a small palette."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from analysis.catalogues import CATALOGUES, catalogue
from analysis.languages import both, in_chinese, shown_first

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from PIL.Image import Image

COLOURS = 256  # of a palette, the most that a PNG takes
_LARGEST_ERROR = 16  # of a colour's parts (0-255) anywhere in a picture; nobody sees it
_NEVER_FIRST = "，。；：、？！）》”’…%％·"  # what no line of Chinese begins with
_PIECE = re.compile(r"[^\s\u2e80-\u9fff\uff00-\uffef“”‘’]+|\s+|.")


def versions(figure: Figure) -> Iterator[str]:
    """Yield the languages in which a figure is to be drawn, and say its words in each before it is yielded.

    In a report both, if a word of the figure has Chinese; elsewhere the one that is shown first. A figure can be
    turned into Chinese, not back.
    """
    if both():
        yield "en"
        if _turn_chinese(figure):
            yield "zh"
    else:
        yield "zh" if shown_first() == "zh" and _turn_chinese(figure) else "en"


def words_in(figure: Figure) -> str:
    """Return every piece of visible text in a figure."""
    return "\n".join(item.get_text() for item in _texts(figure) if item.get_visible())


def _texts(figure: Any) -> list[Text]:
    from matplotlib.text import Text

    return [item for item in figure.findobj(Text) if item.get_text()]


def _turn_chinese(figure: Any) -> bool:
    """Say a figure's words in Chinese where they are known; return False where none is."""
    ticks = [_turn_ticks(axis) for axes in _all_axes(figure) for axis in (axes.xaxis, axes.yaxis)]
    changed = any(ticks)
    for item in _texts(figure):
        if (said := _chinese_of(item)) is not None:
            item.set_text(said)
            changed = True
    return changed


def _all_axes(figure: Any) -> list[Any]:
    """Return all axes, those inside others too."""
    from matplotlib.axes import Axes

    return list(figure.findobj(Axes))


def _turn_ticks(axis: Any) -> bool:
    """Have the words at an axis's ticks said in Chinese: they are written anew on each drawing."""
    labels = [label.get_text() for label in axis.get_ticklabels()]
    if all(_line_by_line(label) is None for label in labels):
        return False
    formatter = axis.get_major_formatter()
    written = formatter.format_ticks
    formatter.format_ticks = lambda values: [_line_by_line(label) or label for label in written(values)]
    return True


def _different(text: str) -> str | None:
    """Return a text in Chinese, None where it has none or needs none."""
    chinese = _uncut(text) if text.endswith("…") else in_chinese(text)
    return None if chinese == text else chinese


def _uncut(text: str) -> str | None:
    """Return a label that was cut for room in Chinese, None where not exactly one entry begins so."""
    known = {zh for english, zh in catalogue(CATALOGUES).whole.items() if english.startswith(text[:-1])}
    return known.pop() if len(known) == 1 else None


def _chinese_of(item: Text) -> str | None:
    """Return a label in Chinese. A note's lines stand unbroken in its id, and are broken anew to the same width."""
    text, unbroken = item.get_text(), item.get_gid() or ""
    if unbroken:
        columns = max(map(columns_of, text.split("\n")))
        lines = [wrapped_chinese(in_chinese(line) or line, columns) for line in unbroken.split("\n")]
        return "\n".join(lines) if "\n".join(lines) != text else None
    return _line_by_line(text)


def _line_by_line(text: str) -> str | None:
    """Return a label in Chinese: whole, or each of its lines; None where it has none or needs none."""
    if "\n" not in text:
        return _different(text)
    if (whole := in_chinese(text, note=False)) is not None and whole != text:
        return whole
    said = "\n".join(in_chinese(line) or line for line in text.split("\n"))
    return said if said != text else None


def columns_of(text: str) -> int:
    """Return how many columns a text takes: two a Chinese character.

    >>> columns_of("招商 12")
    7
    """
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def wrapped_chinese(text: str, columns: int) -> str:
    """Break a text into lines of so many columns: between Chinese characters, not inside a word or before a stop.

    >>> wrapped_chinese("线段为95%置信区间，实心点为该城市。", 20)
    '线段为95%置信区间，\\n实心点为该城市。'
    """
    lines = [""]
    for piece in _PIECE.findall(text):
        longer = lines[-1] + piece
        if columns_of(longer.rstrip()) > columns and lines[-1] and piece[0] not in _NEVER_FIRST:
            lines.append(piece.lstrip())
        else:
            lines[-1] = longer
    return "\n".join(line.rstrip() for line in lines)


def png(figure: Figure, *, dpi: float, paper: str) -> bytes:
    """Draw a figure; the same figure gives the same bytes."""
    from io import BytesIO

    from PIL import Image

    drawn = BytesIO()  # first as it is: to compress it twice would take as long as to draw it
    figure.savefig(drawn, format="tiff", dpi=dpi, bbox_inches="tight", facecolor=paper)
    return small(Image.open(drawn).convert("RGB"))


def small(full: Image) -> bytes:
    """Return a picture as PNG with a palette of its colours, a third of the size; with all where one would see the
    difference."""
    from io import BytesIO

    from PIL import Image, ImageChops

    # Colours far from each other are chosen first, so that a thin line keeps its own among many greys.
    palette = full.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    errors: Any = ImageChops.difference(full, palette.convert("RGB")).getextrema()
    seen = max(largest for _, largest in errors) > _LARGEST_ERROR
    written = BytesIO()
    # `optimize` takes four times as long for 3 % fewer bytes
    (full if seen else palette).save(written, format="png")
    return written.getvalue()
