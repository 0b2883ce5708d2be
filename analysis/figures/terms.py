"""Terms and plain numbers as clouds and bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.figures.canvas import canvas, nothing
from analysis.frames import check_frame
from analysis.style import ACCENT, MUTED, SEQUENTIAL, characters_in, chinese_font

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def plot_word_cloud(
    frame: pd.DataFrame, *, value: str = "score", n: int = 40, ax: Axes | None = None
) -> Axes:
    """Draw the `n` heaviest terms as a word cloud: a doorway into the table, never evidence.

    frame: one row a term, with `term` and the column `value`. The area says little exactly: read the table beside it.
    All words lie flat, in shades of one colour; the same frame gives the same picture. Terms that the font can't draw
    are left out, and a note in the picture says how many.
    """
    import numpy as np
    from wordcloud import WordCloud

    ax = canvas(ax, (6, 3.6))
    if frame.empty:
        return nothing(ax, "no terms to draw")
    check_frame(frame, "plot_word_cloud", "term", value)
    heaviest = frame.nlargest(n, value).set_index("term")[value]
    is_drawn = [set(map(ord, str(term))) <= characters_in(chinese_font()) for term in heaviest.index]
    lost = len(heaviest) - sum(is_drawn)
    note = f"{lost} term{'s' if lost > 1 else ''} left out: no glyph" if lost else ""
    heaviest = heaviest[is_drawn]
    if heaviest.empty:
        return nothing(ax, note or "no terms to draw")
    shades = iter(np.linspace(0, 1, 2 * len(heaviest) + 1))
    cloud = WordCloud(
        font_path=str(chinese_font()),
        width=600,
        height=360,
        scale=2,  # drawn twice as fine as it is laid out
        margin=1,
        background_color="white",
        prefer_horizontal=1.0,
        relative_scaling=0.5,
        font_step=2,  # of size where a word does not fit: the search is the slow part
        random_state=0,
        color_func=lambda *_, **__: _shade(float(next(shades))),
    ).generate_from_frequencies(heaviest.to_dict())
    ax.imshow(cloud.to_array(), interpolation="bilinear")
    ax.axis("off")
    if note:
        ax.text(1, 0, note, ha="right", va="top", fontsize=8, color=MUTED, transform=ax.transAxes)
    return ax


def plot_terms(
    frame: pd.DataFrame,
    *,
    value: str = "score",
    n: int = 12,
    colour: str = ACCENT,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the `n` highest terms of a frame as bars, the highest on top. frame: one row a term."""
    ax = canvas(ax, (4, 0.28 * max(min(n, len(frame)), 3) + 0.6))
    if frame.empty:
        return nothing(ax, "no terms to draw")
    check_frame(frame, "plot_terms", "term", value)
    highest = frame.nlargest(n, value).iloc[::-1]
    if highest.empty:
        return nothing(ax, "no terms to draw")
    from matplotlib.ticker import MaxNLocator, StrMethodFormatter

    ax.barh(highest["term"], highest[value], color=colour, height=0.7)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    ax.grid(axis="x")
    if title:
        ax.set_title(title)
    return ax


def plot_bars(frame: pd.DataFrame, *, x: str, y: str, label: str = "", ax: Axes | None = None) -> Axes:
    """Draw one upright bar a row, in the given order; `label` names the axis of the numbers."""
    ax = canvas(ax, (7.5, 3.2))
    if frame.empty:
        return nothing(ax, "nothing to draw")
    check_frame(frame, "plot_bars", x, y)
    ax.bar(frame[x].astype(str), frame[y], color=ACCENT, width=0.75)
    ax.set_ylabel(label or y)
    ax.tick_params(axis="x", rotation=90 if len(frame) > 12 else 0, length=0)
    ax.grid(axis="y")
    return ax


def _shade(lightness: float) -> str:
    from matplotlib.colors import to_hex
    from matplotlib.pyplot import get_cmap

    return to_hex(get_cmap(SEQUENTIAL)(0.95 - 0.5 * lightness))
