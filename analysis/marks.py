"""Marks on pictures (a region's colour and marker, names beside dots and at the ends of lines) and in texts."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from analysis.style import BLUE, GREEN, GRID, INK, MUTED, ORANGE, PAPER, VERMILLION

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
    from matplotlib.patheffects import withStroke

    halo = [withStroke(linewidth=1.4, foreground=PAPER)]  # a name stays legible on the dots around it
    taken: list[
        tuple[float, float, float]
    ] = []  # left, middle and length of each name, in points of the screen
    for name, x, y in points.itertuples():
        left, middle = ax.transData.transform((x, y))
        length = 16.0 * len(str(name))
        if all(abs(middle - m) > 16 or left > b + n or left + length < b for b, m, n in taken):
            taken.append((left, middle, length))
            written = ax.annotate(
                str(name), (x, y), xytext=(5, 3), textcoords="offset points", fontsize=9, color=INK
            )
            written.set(path_effects=halo, zorder=4)


def legend(ax: Axes, loc: Any) -> None:
    """Show which mark is which region."""
    ax.legend(loc=loc, frameon=True, framealpha=0.9, edgecolor=GRID)


def show_changes(
    before: str, after: str, *, names: tuple[str, str] = ("before", "after"), caption: str | None = None
) -> None:
    """Show two versions of a text side by side in a notebook, a paragraph a row, what differs marked.

    What only `before` has is struck through, what only `after` has is marked. Meant for a text of a few thousand
    characters: the comparison takes time with the square of a paragraph's length.
    """
    from IPython.display import display

    markup = changes_html(before, after, names=names, caption=caption)
    display({"text/html": markup, "text/plain": f"{names[0]}:\n{before}\n\n{names[1]}:\n{after}"}, raw=True)


def changes_html(
    before: str, after: str, *, names: tuple[str, str] = ("before", "after"), caption: str | None = None
) -> str:
    """Return two versions of a text as an HTML table, a paragraph a row; everything is escaped.

    >>> changes_html("實(shí)施", "實施").split("<tbody>")[1]
    '<tr><td>實<del>(shí)</del>施</td><td>實施</td></tr></tbody></table>'
    """
    rows = "".join(f"<tr><td>{left}</td><td>{right}</td></tr>" for left, right in _rows(before, after))
    heads = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in names)
    title = f"<caption>{html.escape(caption)}</caption>" if caption else ""
    return f"<table>{title}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _rows(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Pair the paragraphs of two texts and mark what differs; one row where they have not equally many."""
    left, right = ([line for line in text.split("\n") if line.strip()] for text in (before, after))
    if len(left) != len(right):
        left, right = ["\n".join(left)], ["\n".join(right)]
    for old, new in zip(left, right, strict=True):
        yield _differences(old, new)


def _differences(old: str, new: str) -> tuple[str, str]:
    """Mark what is only in the one and only in the other of two paragraphs."""
    from difflib import SequenceMatcher

    left, right = "", ""
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = (html.escape(part).replace("\n", "<br>") for part in (old[a:b], new[c:d]))
        left += f"<del>{gone}</del>" if kind != "equal" and gone else gone
        right += f"<mark>{come}</mark>" if kind != "equal" and come else come
    return left, right
