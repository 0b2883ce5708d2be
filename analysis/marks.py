"""Marks and names on pictures: a region's colour and marker, names beside dots and at the ends of lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from analysis.style import BLUE, GREEN, GRID, INK, MUTED, ORANGE, VERMILLION

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

# One colour and one marker a region, the same on every page; the marker tells them apart in a grey print.
REGIONS = {
    "east": (BLUE, "o", "east 东部"),
    "central": (ORANGE, "s", "central 中部"),
    "west": (GREEN, "^", "west 西部"),
    "northeast": (VERMILLION, "D", "north-east 东北"),
}
UNKNOWN = (MUTED, "x", "unknown")


def name_ends(ax: Axes, ends: list[tuple[float, float, str, str]]) -> None:
    """Write each line's name at its end in its colour, moved up where it would lie on the one below."""
    gap = 0.055 * (ax.get_ylim()[1] - min(0.0, ax.get_ylim()[0]))
    right, lowest = max(x for _, x, _, _ in ends), float("-inf")
    for y, x, name, colour in sorted(ends):
        lowest = max(y, lowest + gap)
        line = {"arrowstyle": "-", "color": colour, "linewidth": 0.6} if lowest > y or x < right else None
        ax.annotate(
            name,
            (x, y),
            xytext=(right, lowest),
            textcoords="data",
            ha="left",
            va="center",
            color=colour,
            arrowprops=line,
        ).set_x(right + 0.015 * (ax.get_xlim()[1] - ax.get_xlim()[0]))


def by_region(dots: list[tuple[float, float, Any]]) -> dict[str, list[tuple[float, float]]]:
    """Sort dots (x, y, region) by their region; one that is none of the four counts as unknown."""
    grouped: dict[str, list[tuple[float, float]]] = {}
    for x, y, region in dots:
        key = region if region in REGIONS else "unknown"
        grouped.setdefault(key, []).append((x, y))
    return grouped


def draw_regions(ax: Axes, grouped: Mapping[str, list[tuple[float, float]]], size: float) -> None:
    """Draw dots region by region, always in the same order and look."""
    for region in [*REGIONS, "unknown"]:
        if region in grouped:
            colour, marker, label = REGIONS.get(region, UNKNOWN)
            x, y = zip(*grouped[region], strict=True)
            ax.scatter(
                x, y, s=size, c=colour, marker=marker, label=label, linewidths=0.4, zorder=3, clip_on=False
            )


def name_dots(ax: Axes, points: pd.DataFrame) -> None:
    """Write names beside their dots; one that would lie on an earlier one is left out, for the table to tell."""
    ax.autoscale_view()
    taken: list[
        tuple[float, float, float]
    ] = []  # left, middle and length of each name, in points of the screen
    for name, x, y in points.itertuples():
        left, middle = ax.transData.transform((x, y))
        length = 16.0 * len(str(name))
        if all(abs(middle - m) > 16 or left > b + n or left + length < b for b, m, n in taken):
            taken.append((left, middle, length))
            ax.annotate(str(name), (x, y), xytext=(5, 3), textcoords="offset points", fontsize=9, color=INK)


def legend(ax: Axes, loc: Any) -> None:
    """Show which mark is which region."""
    ax.legend(loc=loc, frameon=True, framealpha=0.9, edgecolor=GRID)
