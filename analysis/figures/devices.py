"""How often devices are used: a mark and its interval a group, by device or by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.comparing.means import FULL
from analysis.figures.canvas import bare, canvas, grid_of, note_below, nothing, shortened
from analysis.frames import check_frame
from analysis.marks import REGIONS
from analysis.style import ACCENT, CATEGORIES, MUTED, PAPER

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

FEW_GROUPS = 5  # so many can share a row and still be told apart
_MARKERS = ("o", "s", "^", "D", "v")


def plot_device_rates(
    frame: pd.DataFrame,
    *,
    terms: Sequence[str] | None = None,
    n: int = 24,
    names: Mapping[str, str] | None = None,
    label: str = "per 10,000 characters",
    ax: Axes | None = None,
) -> Axes:
    """Draw rates of devices with their intervals.

    frame: from `device_rates`, one row a group and term: group, term, rate, ci_low, ci_high, units (without it,
    documents). terms: which to draw, None for all. names: what to write for a term. Up to five groups share a row, one row
    a term, each with a mark of its own; more groups have a row each, by falling rate, and each term axes of its own: the
    n/2 highest and n/2 lowest, and the note says how many lie between. Open: fewer than 20 units (documents or cities, as
    the note says), where an interval covers less than it says.
    """
    if frame.empty:
        return nothing(canvas(ax, (7.5, 2)), "no device was found")
    units = "units" if "units" in frame else "documents"
    check_frame(frame, "plot_device_rates", "group", "term", "rate", "ci_low", "ci_high", units)
    frame = frame.assign(units=frame[units])
    chosen = list(dict.fromkeys(frame["term"] if terms is None else terms))
    frame = frame[frame["term"].isin(chosen) & frame["rate"].notna()]
    if frame.empty:
        return nothing(canvas(ax, (7.5, 2)), "none of these devices was found")
    known = {} if names is None else dict(names)
    written = {term: shortened(str(known.get(term, term)), 30) for term in chosen}
    if frame["group"].nunique() <= FEW_GROUPS:
        return _rows_of_terms(frame, chosen, written, label, ax)
    return _rows_of_groups(frame, chosen, written, n, label, ax)


def _rows_of_terms(
    frame: pd.DataFrame, terms: list[str], written: Mapping[str, str], label: str, ax: Axes | None
) -> Axes:
    """Draw one row a term, the groups' marks one above the other in it."""
    groups: list[Any] = [group for group in REGIONS if group in set(frame["group"])]
    groups += [group for group in dict.fromkeys(frame["group"]) if group not in groups]
    order = frame.groupby("term")["rate"].max().reindex(terms).dropna().sort_values(kind="stable").index
    ax = canvas(ax, (7.8, (0.12 + 0.11 * len(groups)) * len(order) + 1.2))
    for at, group in enumerate(groups):
        own = frame[frame["group"] == group].set_index("term").reindex(order)
        shift = 0.6 * ((len(groups) - 1) / 2 - at) / len(groups)
        colour, marker, name = REGIONS.get(group, (CATEGORIES[at], _MARKERS[at], str(group)))
        _marks(ax, own, [row + shift for row in range(len(order))], colour, marker, name)
    ax.set_yticks(range(len(order)), [written[term] for term in order])
    ax.set_ylim(-0.6, len(order) - 0.4)
    _finish(ax, frame, label)
    if len(groups) > 1:
        ax.legend(
            loc="lower right", bbox_to_anchor=(1, 1), ncols=len(groups), columnspacing=1.2, handletextpad=0.3
        )
    return ax


def _rows_of_groups(
    frame: pd.DataFrame, terms: list[str], written: Mapping[str, str], n: int, label: str, ax: Axes | None
) -> Axes:
    """Draw axes a term with one row a group."""
    most = min(n, frame.groupby("term").size().max())
    across = 1 if len(terms) == 1 else 2
    down = -(-len(terms) // across)
    ax = canvas(ax, (5.6 * across, (0.22 * most + 0.8) * down + 0.6))
    inner = [ax] if len(terms) == 1 else grid_of(ax, len(terms), across=across, gap=(0.35, 0.25))
    between = 0
    for term, place in zip(terms, inner, strict=True):
        own = frame[frame["term"] == term].sort_values(["rate", "group"], ignore_index=True)
        shown = own if len(own) <= n else own[(own.index < n // 2) | (own.index >= len(own) - (n - n // 2))]
        between = max(between, len(own) - len(shown))
        _marks(place, shown, list(range(len(shown))), ACCENT, "o", None)
        place.set_yticks(range(len(shown)), [shortened(str(group), 20) for group in shown["group"]])
        place.set_title(written[term], pad=6)
        if len(shown) < len(own):
            place.axhline(n // 2 - 0.5, color=MUTED, linewidth=0.8, linestyle=(0, (4, 3)))
        _plain(place)
    _finish(inner[-1], frame, label, between)
    return ax


def _marks(
    ax: Axes, own: pd.DataFrame, rows: list[float], colour: str, marker: str, name: str | None
) -> None:
    """Draw each row's interval and its mark; open where the units are few."""
    import numpy as np

    rate, low, high, units = (own[c].to_numpy(float) for c in ("rate", "ci_low", "ci_high", "units"))
    places = np.array(rows)
    known = np.isfinite(low) & np.isfinite(high)
    ax.hlines(places[known], low[known], high[known], color=colour, linewidth=1.4, alpha=0.75)
    for few, face in ((units < FULL, PAPER), (units >= FULL, colour)):
        look: dict[str, Any] = {
            "s": 20,
            "marker": marker,
            "facecolors": face,
            "edgecolors": colour,
            "zorder": 3,
        }
        ax.scatter(rate[few], places[few], linewidths=1, **look)
    ax.scatter([], [], s=20, marker=marker, color=colour, label=name)


def _plain(ax: Axes) -> None:
    ax.tick_params(axis="y", length=0)
    bare(ax, "left")
    ax.set_xlim(left=0)
    ax.grid(axis="x")


def _finish(ax: Axes, frame: pd.DataFrame, label: str, between: int = 0) -> None:
    _plain(ax)
    ax.set_xlabel(label)
    level = 100 * frame.attrs.get("level", 0.95)
    units = {"city": "cities"}.get(frame.attrs.get("unit", "document"), "documents")
    lines = [f"Lines: {level:g} % intervals of the mean over {units}."]
    if (frame["units"] < FULL).any():
        lines[0] += f" Open: fewer than {FULL} {units}, the interval covers less than it says."
    if between:
        lines.append(f"Up to {between:,} groups between the highest and the lowest are not drawn.")
    note_below(ax, lines)
