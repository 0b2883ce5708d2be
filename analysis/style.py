"""Colours, type and how a notebook shows a figure or a table."""

from __future__ import annotations

import base64
import html
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.displaying import readable_frames, wrapped
from analysis.drawing import png, versions, words_in
from analysis.evidence.buttons import is_opened, items_of, opened_by
from analysis.evidence.themes import topic_block
from analysis.languages import TAGS, attributes, both, in_language, spans
from analysis.notices import caption_html, placebo_warning, source_line, warning_html
from analysis.site.tables import keep_table
from analysis.specs import carrying, in_jupyter
from analysis.table_markup import table_html as table_html

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe & Ito (2008): told apart by colour-blind readers; ordered so that neighbours differ in lightness too,
# which keeps them apart in a grey print.
BLUE, ORANGE, GREEN, VERMILLION, SKY, PURPLE = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#56B4E9",
    "#CC79A7",
)
CATEGORIES = (BLUE, ORANGE, GREEN, SKY, VERMILLION, PURPLE)
ACCENT = BLUE
INK, MUTED, GRID, PAPER = "#1f2328", "#5b636c", "#dfe3e8", "#ffffff"
SEQUENTIAL = "Blues"  # light is little, dark is much, also in grey
DIVERGING = "PuOr_r"  # orange above, purple below the middle; told apart by colour-blind readers

CHINESE_FAMILY = "Noto Sans SC"
SCREEN_DPI = 96  # one CSS pixel is 1/96 inch; pictures are drawn at twice that, so that they stay sharp
MAX_ROWS_BEHIND = 200
MAX_ROWS_ON_PAPER = 40  # longer tables stay folded when a page is printed


def chinese_font() -> Path:
    """Return the path of the Chinese font that comes with the installation (Noto Sans SC, OFL)."""
    from pylopdf_fonts_zh_cn import sans_path

    return Path(sans_path())


def symbol_font() -> Path:
    """Return the path of the font for signs that the Chinese one lacks (DejaVu Sans, part of matplotlib)."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


@lru_cache(maxsize=4)
def characters_in(font: Path) -> frozenset[int]:
    """Return the code points that a font file has a glyph for."""
    from fontTools.ttLib import TTFont

    with TTFont(font, lazy=True) as opened:
        return frozenset(opened.getBestCmap())


def missing_glyphs(text: str) -> list[str]:
    """Return the characters of a text that neither font can draw, sorted; control signs need no glyph.

    >>> missing_glyphs("招商引资 → “一企一灯” 12%")
    []
    """
    drawable = characters_in(chinese_font()) | characters_in(symbol_font())
    return sorted({c for c in text if ord(c) not in drawable and unicodedata.category(c)[0] not in "CZ"})


def check_glyphs(text: str) -> None:
    """Raise ValueError naming the characters of a text that would be drawn as boxes."""
    missing = missing_glyphs(text)
    if missing:
        named = ", ".join(f"{c} (U+{ord(c):04X})" for c in missing[:10])
        more = f" and {len(missing) - 10} more" if len(missing) > 10 else ""
        raise ValueError(
            f"The fonts have no glyph for {named}{more}. Leave the character out of the label or replace it."
        )


def use_style() -> None:
    """Set matplotlib to the project's type and colours, and let a notebook show frames as readable tables: numbers aligned,
    a concordance on its keyword. Calling it again changes nothing."""
    set_type()
    readable_frames()


def set_type() -> None:
    """Set matplotlib to the project's type and colours, as every picture here does for itself."""
    import matplotlib
    from matplotlib import font_manager
    from matplotlib.colors import ListedColormap

    path = str(chinese_font())
    if not any(entry.fname == path for entry in font_manager.fontManager.ttflist):
        font_manager.fontManager.addfont(path)
    if "project" not in matplotlib.colormaps:
        matplotlib.colormaps.register(ListedColormap(CATEGORIES, name="project"))
    settings: Any = _settings()
    matplotlib.rcParams.update(settings)


def _settings() -> dict[str, Any]:
    """Return matplotlib's settings: plain axes, no frame, light grid below the data."""
    from cycler import cycler

    lines = {"axes.edgecolor": MUTED, "axes.linewidth": 0.8, "grid.color": GRID, "grid.linewidth": 0.8}
    words = {"text.color": INK, "axes.labelcolor": INK, "xtick.color": MUTED, "ytick.color": MUTED}
    sizes = {"font.size": 10.5, "axes.titlesize": 12, "axes.labelsize": 10.5, "legend.fontsize": 9.5}
    return {
        "font.family": [CHINESE_FAMILY, "DejaVu Sans"],
        "text.parse_math": False,  # a $ in a text is a dollar, not the start of a formula
        # The packaged font has one weight; asking for bold makes matplotlib look for another font.
        "axes.titleweight": "normal",
        "axes.titlelocation": "left",
        "axes.titlepad": 10,
        "axes.unicode_minus": True,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "axes.prop_cycle": cycler(color=CATEGORIES),
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "legend.frameon": False,
        "image.cmap": SEQUENTIAL,
        "figure.figsize": (7.5, 4.5),
        "figure.dpi": SCREEN_DPI,
        "figure.facecolor": PAPER,
        "savefig.facecolor": PAPER,
        "savefig.dpi": 2 * SCREEN_DPI,
        "figure.constrained_layout.use": True,
    } | (lines | words | sizes)


def show(
    picture: Axes | Figure,
    *,
    alt: str,
    caption: str | None = None,
    data: pd.DataFrame | None = None,
    source: Any = None,
    evidence: pd.DataFrame | None = None,
    chart: Any = None,
) -> None:
    """Show a figure in a notebook with a text for those who can't see it, and close it.

    `alt` says what the picture shows, in one or two sentences; `caption` stands below it; `data` is the table
    behind the picture, folded below the caption (its first 200 rows, said so where there are more); `source` is the
    corpus it was drawn from, named with its size and fingerprint in a line of its own (see `source_line`). In a report
    the words of the table open their evidence in that corpus; `evidence` is that of topics, from `topic_evidence`.`chart`,
    from a partner such as `chart_pair`, takes the picture's place on screen: in a report's page, and below it in
    JupyterLab.

    Raises ValueError where `alt` is empty or a label holds a character that no font can draw.
    """
    from IPython.display import display
    from matplotlib import pyplot

    if not alt.strip():
        raise ValueError("show() needs alt: a sentence saying what the picture shows.")
    figure: Any = getattr(picture, "figure", picture)
    pictures = _drawn(figure)
    items = _items(data, source, evidence)
    said = source_line(source)
    markup = figure_html(pictures, alt=alt, caption=caption, data=data, source=said, items=items)
    markup = carrying(markup, chart, opened_by(chart, source)) + topic_block(evidence)
    pyplot.close(figure)
    display({"text/html": markup, "text/plain": f"[figure] {alt}"}, raw=True)
    if chart is not None and (live := in_jupyter(chart)):
        display(live, raw=True)


def _write_out_powers(figure: Any) -> None:
    """Label logarithmic axes 100, 1,000: matplotlib would write powers as formulas, which are not read here."""
    from matplotlib.ticker import LogFormatter, LogFormatterMathtext, StrMethodFormatter

    for axis in (axis for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)):
        if isinstance(axis.get_major_formatter(), LogFormatterMathtext):
            axis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
        if isinstance(minor := axis.get_minor_formatter(), LogFormatterMathtext):
            axis.set_minor_formatter(LogFormatter(minor_thresholds=minor.minor_thresholds))


def _drawn(figure: Any) -> dict[str, bytes]:
    """Return a figure as PNG by language, at twice the screen's resolution; the same figure gives the same bytes."""
    _write_out_powers(figure)
    pictures = {}
    for language in versions(figure):
        check_glyphs(words_in(figure))
        pictures[language] = png(figure, dpi=2 * SCREEN_DPI, paper=PAPER)
    return pictures


def figure_html(
    pictures: Mapping[str, bytes] | bytes,
    *,
    alt: str,
    caption: str | None = None,
    data: pd.DataFrame | None = None,
    source: str = "",
    items: Mapping[str, Sequence[Any]] | None = None,
) -> str:
    """Return a picture drawn at twice the screen's resolution as a `<figure>`; all words are escaped.

    pictures: PNG by language, as from `drawing.versions`; one alone stands for all languages.
    """
    drawn = {"": pictures} if isinstance(pictures, bytes) else pictures
    one = len(drawn) == 1
    parts = [_image(picture, alt, "" if one else language) for language, picture in drawn.items()]
    if said := caption_html(caption, source):
        parts.append(f"<figcaption>{said}</figcaption>")
    if data is not None:
        folded = _first_rows(data, items) + keep_table(data, caption or alt)
        is_long = len(data) > MAX_ROWS_ON_PAPER  # on paper it stays folded, and the summary tells its rows
        fold, rows = (' class="long"', f' data-rows="{len(data):,}"') if is_long else ("", "")
        parts.append(
            f"<details{fold}><summary{rows}>{spans('Table behind this figure')}</summary>{folded}</details>"
        )
    return f'<figure class="picture">{"".join(parts)}</figure>'


def _image(picture: bytes, alt: str, language: str) -> str:
    """Return a picture with its text in one language, or with "" in whichever the page shows."""
    width = int.from_bytes(picture[16:20], "big") // 2  # the header of a PNG file holds its width there
    drawn = "data:image/png;base64," + base64.b64encode(picture).decode()
    if not language:
        return f'<img src="{drawn}" width="{width}" {attributes("alt", alt)}>'
    said = html.escape(in_language(alt, language))
    return f'<img data-in="{language}" lang="{TAGS[language]}" src="{drawn}" width="{width}" alt="{said}">'


def _first_rows(data: pd.DataFrame, items: Mapping[str, Sequence[Any]] | None) -> str:
    """Return the first rows of a table as HTML and say how many there are."""
    cut = f"The first {MAX_ROWS_BEHIND} of {len(data):,} rows."
    said = f"<p>{spans(cut)}</p>" if len(data) > MAX_ROWS_BEHIND else ""
    first = {name: each[:MAX_ROWS_BEHIND] for name, each in (items or {}).items()}
    return said + table_html(data.head(MAX_ROWS_BEHIND), items=first)


def _items(
    frame: pd.DataFrame | None, source: Any, evidence: pd.DataFrame | None
) -> dict[str, list[Any]] | None:
    """Return which cells of a table open evidence, None where none do: outside a report, or without a corpus."""
    if frame is None or not is_opened(source):
        return None
    return items_of(frame, topics=evidence is not None)


def show_table(
    frame: pd.DataFrame,
    *,
    caption: str | None = None,
    digits: int = 2,
    index: bool = False,
    right: Sequence[str] = (),
    source: Any = None,
    evidence: pd.DataFrame | None = None,
) -> None:
    """Show a table in a notebook: rounded, thousands apart, a dash for unknown, everything escaped.

    right: columns of text that are set flush right, such as the words before a term in a concordance. source: the corpus
    it was computed from, named in a line of its own (see `source_line`). In a report the words of the table open their
    evidence in that corpus; evidence: that of topics, from `topic_evidence`.
    """
    from IPython.display import display

    said = source_line(source)
    items = _items(frame.reset_index() if index else frame, source, evidence)
    markup = table_html(
        frame, caption=caption, digits=digits, index=index, right=right, source=said, items=items
    )
    markup += topic_block(evidence)
    markup += keep_table(frame, caption or "", index=index)
    shown = markup if both() else wrapped(markup)  # a page has its own style
    display({"text/html": shown, "text/plain": frame.to_string(index=index)}, raw=True)


def show_warning(sentence: str) -> None:
    """Show a warning in a notebook: a box with the word before it; the report's index names its page."""
    from IPython.display import display

    if not sentence.strip():
        raise ValueError("show_warning() needs a sentence saying what the reader has to beware of.")
    display({"text/html": warning_html(sentence), "text/plain": f"Warning. {sentence}"}, raw=True)


def show_placebo_warning(frame: pd.DataFrame) -> None:
    """Warn where random groups gave more than one hit on average; show nothing where they did not, or none were tried.

    frame: from `keyness(..., draws=)`, or another comparison with attrs["placebo"], or from `placebo`. Raises ValueError
    for a frame that is neither (a merge or concat loses its attrs).
    """
    if sentence := placebo_warning(frame):
        show_warning(sentence)
