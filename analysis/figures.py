"""Pictures: a tidy frame goes in, matplotlib Axes come out. Each draws what a measure gives and computes nothing new."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from analysis.frames import check_frame
from analysis.marks import by_region, draw_regions, legend, name_dots, name_ends
from analysis.style import (
    ACCENT,
    CATEGORIES,
    INK,
    MUTED,
    SEQUENTIAL,
    characters_in,
    chinese_font,
    use_style,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from analysis.distances.metrics import Clusters


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

    ax = _axes(ax, (6, 3.6))
    if frame.empty:
        return _nothing(ax, "no terms to draw")
    check_frame(frame, "plot_word_cloud", "term", value)
    heaviest = frame.nlargest(n, value).set_index("term")[value]
    is_drawn = [set(map(ord, str(term))) <= characters_in(chinese_font()) for term in heaviest.index]
    lost = len(heaviest) - sum(is_drawn)
    note = f"{lost} term{'s' if lost > 1 else ''} left out: no glyph" if lost else ""
    heaviest = heaviest[is_drawn]
    if heaviest.empty:
        return _nothing(ax, note or "no terms to draw")
    shades = iter(np.linspace(0, 1, 2 * len(heaviest) + 1))
    cloud = WordCloud(
        font_path=str(chinese_font()),
        width=1200,
        height=720,
        background_color="white",
        prefer_horizontal=1.0,
        relative_scaling=0.5,
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
    ax = _axes(ax, (4, 0.28 * max(min(n, len(frame)), 3) + 0.6))
    if frame.empty:
        return _nothing(ax, "no terms to draw")
    check_frame(frame, "plot_terms", "term", value)
    highest = frame.nlargest(n, value).iloc[::-1]
    if highest.empty:
        return _nothing(ax, "no terms to draw")
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
    ax = _axes(ax, (7.5, 3.2))
    if frame.empty:
        return _nothing(ax, "nothing to draw")
    check_frame(frame, "plot_bars", x, y)
    ax.bar(frame[x].astype(str), frame[y], color=ACCENT, width=0.75)
    ax.set_ylabel(label or y)
    ax.tick_params(axis="x", rotation=90 if len(frame) > 12 else 0, length=0)
    ax.grid(axis="y")
    return ax


def plot_heat_map(
    matrix: pd.DataFrame, *, label: str = "", digits: int | None = None, ax: Axes | None = None
) -> Axes:
    """Draw a frame of numbers as shaded cells, rows and columns in the given order, missing ones blank.

    `digits` writes the numbers in.
    """
    rows, columns = matrix.shape
    # Few columns are labelled level and need the room; many are labelled upright.
    ax = _axes(ax, ((1.25 if columns <= 8 else 0.36) * columns + 3, max(2.5, 0.3 * rows + 1.2)))
    if matrix.empty:
        return _nothing(ax, "nothing to draw")
    image = ax.imshow(matrix.to_numpy(dtype=float, na_value=float("nan")), cmap=SEQUENTIAL, aspect="auto")
    ax.set_xticks(range(columns), [str(name) for name in matrix.columns], rotation=90 if columns > 8 else 0)
    ax.set_yticks(range(rows), [str(name) for name in matrix.index])
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    ax.figure.colorbar(image, ax=ax, label=label, shrink=0.8, pad=0.02)
    if digits is not None:
        _write_in(ax, matrix, digits)
    return ax


def plot_dendrogram(
    clusters: Clusters, *, regions: Mapping[str, Any] | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the tree of a clustering, names to the right; a mark before a name shows its region."""
    from scipy.cluster.hierarchy import dendrogram

    ax = _axes(ax, (7, 0.22 * len(clusters.names) + 0.8))
    drawn = dendrogram(
        clusters.linkage,
        labels=clusters.names,
        orientation="left",
        ax=ax,
        color_threshold=0,
        above_threshold_color=MUTED,
        leaf_font_size=10,
    )
    ax.set_xlabel("distance at which branches join")
    for side in ("left", "right"):
        ax.spines[side].set_visible(False)
    if regions is not None:
        heights = range(5, 10 * len(drawn["ivl"]), 10)  # scipy puts the leaves at 5, 15, 25, ...
        marks = by_region(
            [(0.0, y, regions.get(name)) for name, y in zip(drawn["ivl"], heights, strict=True)]
        )
        draw_regions(ax, marks, size=26)
        legend(ax, loc="upper left")
    return ax


def plot_positions(
    points: pd.DataFrame, *, regions: Mapping[str, Any], names: Iterable[str] = (), ax: Axes | None = None
) -> Axes:
    """Draw groups as dots on the plane of `positions`: near dots talk alike. `names` are written beside their dots."""
    ax = _axes(ax, (7.5, 6))
    if points.empty:
        return _nothing(ax, "nothing to draw")
    check_frame(points, "plot_positions", "x", "y")
    dots = [(x, y, regions.get(name)) for name, x, y in points[["x", "y"]].itertuples()]
    draw_regions(ax, by_region(dots), size=22)
    name_dots(ax, points.loc[[name for name in names if name in points.index], ["x", "y"]])
    ax.set_aspect("equal", adjustable="datalim")
    ax.set_xticks([])
    ax.set_yticks([])
    for side in ax.spines.values():
        side.set_visible(False)
    kept = points.attrs.get("kept")
    ax.set_xlabel(
        "nearness is likeness; the axes have no unit"
        + (f" ({kept:.0%} of the differences shown)" if kept else "")
    )
    legend(ax, loc="best")
    return ax


def plot_map(
    frame: pd.DataFrame, *, value: str, label: str, names: Iterable[str] = (), ax: Axes | None = None
) -> Axes:
    """Draw cities as dots on longitude and latitude, shaded by a value. No borders are drawn.

    frame: one row a city with `city`, `longitude`, `latitude` and the column `value`; a city without a value is left
    as a small open ring. `names` are written beside their dots.
    """
    ax = _axes(ax, (7.5, 5.6))
    if frame.empty:
        return _nothing(ax, "no place of this corpus is on the map")
    check_frame(frame, "plot_map", "city", "longitude", "latitude", value)
    known = frame[frame[value].notna()].sort_values(value)
    unknown = frame[frame[value].isna()]
    ax.scatter(
        unknown["longitude"], unknown["latitude"], s=8, facecolors="none", edgecolors=MUTED, linewidths=0.6
    )
    dots = ax.scatter(
        known["longitude"],
        known["latitude"],
        c=known[value],
        s=26,
        cmap=SEQUENTIAL,
        edgecolors=INK,
        linewidths=0.3,
    )
    ax.figure.colorbar(dots, ax=ax, label=label, shrink=0.7, pad=0.02)
    name_dots(ax, frame.set_index("city").loc[lambda f: f.index.isin(list(names)), ["longitude", "latitude"]])
    ax.set_aspect(1.25)  # a degree of longitude at 36° north is about 0.8 of one of latitude
    ax.set_xlabel("longitude, degrees east")
    ax.set_ylabel("latitude, degrees north")
    return ax


def plot_rates(
    frame: pd.DataFrame, *, x: str = "year", unit: str = "per 10,000 tokens", ax: Axes | None = None
) -> Axes:
    """Draw rates over time, one line a term, named at its end. frame: columns `x`, term, rate."""
    from matplotlib.ticker import MaxNLocator

    ax = _axes(ax, (7.5, 4.2))
    if frame.empty:
        return _nothing(ax, "nothing to draw")
    check_frame(frame, "plot_rates", x, "term", "rate")
    ends = []
    for number, (term, line) in enumerate(frame.groupby("term", sort=False)):
        line = line.sort_values(x)
        colour = CATEGORIES[number % len(CATEGORIES)]
        ax.plot(line[x].astype(float), line["rate"], color=colour, marker="o", markersize=3, linewidth=1.6)
        ends.append((float(line["rate"].iloc[-1]), float(line[x].iloc[-1]), str(term), colour))
    name_ends(ax, ends)
    ax.set_ylabel(unit)
    ax.set_ylim(bottom=0)
    ax.margins(x=0.12)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(axis="y")
    return ax


def _axes(ax: Axes | None, size: tuple[float, float]) -> Axes:
    if ax is not None:
        return ax
    from matplotlib import pyplot

    use_style()
    return pyplot.subplots(figsize=size)[1]


def _nothing(ax: Axes, why: str) -> Axes:
    """Say in the picture's place why nothing is drawn."""
    ax.axis("off")
    ax.text(0.5, 0.5, why, ha="center", va="center", color=MUTED, transform=ax.transAxes)
    return ax


def _shade(lightness: float) -> str:
    from matplotlib.colors import to_hex
    from matplotlib.pyplot import get_cmap

    return to_hex(get_cmap(SEQUENTIAL)(0.95 - 0.5 * lightness))


def _write_in(ax: Axes, matrix: pd.DataFrame, digits: int) -> None:
    middle = matrix.to_numpy(dtype=float).max() * 0.6
    for row, values in enumerate(matrix.itertuples(index=False)):
        for column, value in enumerate(values):
            colour = "white" if value > middle else INK
            ax.text(column, row, f"{value:.{digits}f}", ha="center", va="center", fontsize=8, color=colour)
