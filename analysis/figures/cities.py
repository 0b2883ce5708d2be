"""Which cities are alike and where they lie: trees, planes, maps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from analysis.figures.canvas import canvas, nothing
from analysis.frames import check_frame
from analysis.marks import by_region, draw_regions, legend, name_dots
from analysis.style import INK, MUTED, SEQUENTIAL

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from analysis.distances.metrics import Clusters


def plot_dendrogram(
    clusters: Clusters, *, regions: Mapping[str, Any] | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the tree of a clustering, names to the right; a mark before a name shows its region."""
    from scipy.cluster.hierarchy import dendrogram

    ax = canvas(ax, (7, 0.22 * len(clusters.names) + 0.8))
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
    ax = canvas(ax, (7.5, 6))
    if points.empty:
        return nothing(ax, "nothing to draw")
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
    ax = canvas(ax, (7.5, 5.6))
    if frame.empty:
        return nothing(ax, "no place of this corpus is on the map")
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
