"""Which cities are alike and where they lie: trees, planes, maps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from analysis.figures.canvas import bare, canvas, note_below, nothing
from analysis.frames import check_frame
from analysis.marks import by_region, draw_regions, legend, name_dots
from analysis.style import INK, MUTED, SEQUENTIAL

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from analysis.distances.clusters import Clusters

KEPT = 0.7  # share of resamples from which on a group of the tree is marked


def plot_dendrogram(
    clusters: Clusters, *, regions: Mapping[str, Any] | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the tree of a clustering, names to the right; a mark before a name shows its region.

    Where the clustering has `support` (for each merge, in the order of the linkage's rows, the share of resamples that
    keep the group), groups kept in at least 70 % of them are drawn dark and thick with that share in per cent. The whole,
    which every resample has, gets no number.
    """
    ax = canvas(ax, (7, 0.22 * len(clusters.names) + 1.1))
    names, places = _leaves(clusters)
    support = _support(clusters)
    _draw_tree(ax, clusters.linkage, places, support)
    ax.yaxis.tick_right()
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(axis="y", length=0, pad=9 if regions is not None else 4)
    ax.set_ylim(-0.7, len(names) - 0.3)
    ax.set_xlim(1.04 * float(clusters.linkage[:, 2].max() or 1.0), 0)
    ax.set_xlabel("distance at which branches join")
    bare(ax, "left")
    if support is not None:
        note_below(
            ax,
            [
                f"Thick, with a number: groups that at least {100 * KEPT:.0f} % of the resamples keep, per cent of them."
            ],
        )
    if regions is not None:
        dots = [(0.0, float(at), regions.get(name)) for at, name in enumerate(names)]
        draw_regions(ax, by_region(dots), size=22)
        ax.legend(
            loc="lower left",
            bbox_to_anchor=(0, 1.0),
            ncols=5,
            columnspacing=1.2,
            handletextpad=0.3,
            borderpad=0.1,
        )
    return ax


def _leaves(clusters: Clusters) -> tuple[list[str], dict[int, float]]:
    """Return the names from the lowest leaf up, and the height of each leaf (by its number) in the picture."""
    from scipy.cluster.hierarchy import leaves_list

    order = [int(leaf) for leaf in leaves_list(clusters.linkage)]
    return [str(clusters.names[leaf]) for leaf in order], {leaf: float(at) for at, leaf in enumerate(order)}


def _support(clusters: Clusters) -> list[float] | None:
    """Return the support of each merge, None where the clustering has none."""
    given = getattr(clusters, "support", None)
    return None if given is None else [float(share) for share in given]


def _draw_tree(ax: Axes, linkage: Any, places: dict[int, float], support: list[float] | None) -> None:
    """Draw each merge as a bracket halfway between its two branches, as scipy's dendrogram does."""
    from matplotlib.collections import LineCollection

    n = len(places)
    at = {leaf: (0.0, height) for leaf, height in places.items()}
    brackets: dict[bool, list[list[tuple[float, float]]]] = {False: [], True: []}
    for merge, (a, b, distance, _) in enumerate(linkage):
        (x, low), (other, high) = at[int(a)], at[int(b)]
        at[n + merge] = float(distance), (low + high) / 2
        is_whole = merge == n - 2
        is_kept = support is not None and support[merge] >= KEPT and not is_whole
        brackets[is_kept].append([(x, low), (distance, low), (distance, high), (other, high)])
        if is_kept and support is not None:
            look: dict[str, Any] = {
                "textcoords": "offset points",
                "ha": "right",
                "fontsize": 7.5,
                "color": INK,
            }
            ax.annotate(f"{100 * support[merge]:.0f}", at[n + merge], xytext=(-3, 2), **look)
    for is_kept, colour, width in ((False, MUTED, 0.9), (True, INK, 2.2)):
        lines = LineCollection(
            brackets[is_kept], colors=colour, linewidths=width, zorder=2 + is_kept, clip_on=False
        )
        ax.add_collection(lines)


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
