"""Promises and results: what was promised against what was reported, and which share was met."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from analysis.comparing.means import FULL
from analysis.figures.canvas import SMALL, bare, canvas, grid_of, note_below, nothing, shortened
from analysis.frames import check_frame
from analysis.style import BLUE, INK, MUTED, PAPER, VERMILLION

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

PANELS = 9  # indicators that a picture holds
FEWEST = 10  # matched promises from which an indicator is drawn
SHOWN = 0.98  # of the promises lie inside the axes; the note says how many do not


def plot_promises(
    frame: pd.DataFrame, *, indicators: Sequence[str] | None = None, ax: Axes | None = None
) -> Axes:
    """Draw promises against results, a dot a promise, axes of its own for each indicator.

    frame: from `promises`; drawn are matched promises of change in per cent (aspect "change", unit kind "percent").
    indicators: which, None for the nine with most promises. Blue: met; open: missed. The middle 98 per cent of the promises
    and results are inside the axes.
    """
    check_frame(frame, "plot_promises", "indicator", "aspect", "unit_kind", "value", "result", "met")
    grown = frame[(frame["aspect"] == "change") & (frame["unit_kind"] == "percent") & frame["met"].notna()]
    n = grown["indicator"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    names = list(n[n >= FEWEST].index[:PANELS]) if indicators is None else list(indicators)
    grown = grown[grown["indicator"].isin(names)]
    if grown.empty:
        return nothing(canvas(ax, (7.5, 2)), f"No indicator has {FEWEST} promises of growth with a result.")
    across = min(3, len(names))
    ax = canvas(ax, (3.4 * across, 3.1 * -(-len(names) // across) + 0.6))
    inner = grid_of(ax, len(names), across=across, gap=(0.22, 0.3))
    beyond = sum(
        _scatter(place, grown[grown["indicator"] == name], str(name))
        for name, place in zip(names, inner, strict=True)
    )
    inner[0].set_ylabel("reported, %")
    ax.set_xlabel("promised, %", labelpad=14)
    told = ["One dot a promise. Blue: met, by the next report; open: missed; on the line: as promised."]
    note_below(ax, [*told, f"{beyond:,} dots lie beyond the axes." if beyond else ""])
    return ax


def plot_promises_met(frame: pd.DataFrame, *, names: Any = None, ax: Axes | None = None) -> Axes:
    """Draw the share of promises met: over the years as a line with its band, of other groups as marks with intervals.

    frame: from `promises_met`. names: what to write for a group. Open: fewer than 20 units: reports or cities, as the note
    says; their number stands at the right.
    """
    column = frame.attrs.get("column", frame.columns[0])
    check_frame(frame, "plot_promises_met", column, "reports", "met", "ci_low", "ci_high")
    known = frame.assign(units=frame["units" if "units" in frame else "reports"])
    known = known[known["met"].notna()]
    if known.empty:
        return nothing(canvas(ax, (7.5, 2)), "No promise could be set against a result.")
    if column == "year":
        ax = canvas(ax, (7.5, 3.6))
        _over_years(ax, known)
    else:
        known = known.sort_values(["met", column], ignore_index=True)
        ax = canvas(ax, (7.2, 0.26 * len(known) + 1.2))
        _over_groups(
            ax, known, [shortened(str(dict(names or {}).get(name, name)), 30) for name in known[column]]
        )
    level = 100 * frame.attrs.get("level", 0.95)
    units = "cities" if frame.attrs.get("unit") == "city" else "reports"
    lines = [f"Mean over {units} of the share of their promises that the next report calls met,"]
    lines[0] += f" with {level:g} % intervals."
    if (known["units"] < FULL).any():
        lines[0] += f" Open: fewer than {FULL} {units}."
    note_below(ax, lines)
    return ax


def _scatter(ax: Axes, own: pd.DataFrame, name: str) -> int:
    """Draw one indicator; return how many dots lie beyond the axes."""
    import numpy as np

    x, y = own["value"].to_numpy(float), own["result"].to_numpy(float)
    met = own["met"].to_numpy(bool)
    ends = np.quantile(np.concatenate([x, y]), [(1 - SHOWN) / 2, (1 + SHOWN) / 2])
    low, high = min(ends[0], 0.0) - 1, ends[1] + 1
    ax.plot([low, high], [low, high], color=MUTED, linewidth=0.9, zorder=1)
    ax.scatter(x[~met], y[~met], s=9, facecolors=PAPER, edgecolors=VERMILLION, linewidths=0.6, zorder=2)
    ax.scatter(x[met], y[met], s=8, color=BLUE, linewidths=0, alpha=0.7, zorder=3)
    ax.set(xlim=(low, high), ylim=(low, high))
    ax.set_aspect("equal")
    ax.set_title(f"{shortened(name, 22)}: {met.mean():.0%} of {len(own):,} met", fontsize=SMALL + 1, pad=4)
    return int(((x < low) | (x > high) | (y < low) | (y > high)).sum())


def _over_years(ax: Axes, known: pd.DataFrame) -> None:
    from matplotlib.ticker import MaxNLocator

    year = known["year"].to_numpy(float)
    _, low, high = _ends(known)
    ax.fill_between(year, low, high, color=BLUE, alpha=0.16, linewidth=0)
    ax.plot(year, known["met"].to_numpy(float), color=BLUE, linewidth=1.5)
    _dots(ax, known, year, known["met"].to_numpy(float))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_ylabel("share of promises met")
    _percent(ax.yaxis)
    ax.set_ylim(0, 1)
    ax.grid(axis="y")


def _over_groups(ax: Axes, known: pd.DataFrame, names: list[str]) -> None:
    import numpy as np

    rows = np.arange(len(known), dtype=float)
    given, low, high = _ends(known)
    ax.hlines(rows[given], low[given], high[given], color=BLUE, linewidth=1.4, alpha=0.75)
    _dots(ax, known, known["met"].to_numpy(float), rows)
    ax.set_yticks(rows, names)
    ax.tick_params(axis="y", length=0)
    bare(ax, "left")
    ax.set_xlim(0, 1)
    _percent(ax.xaxis)
    ax.set_xlabel("share of promises met")
    ax.grid(axis="x")
    for row, units in zip(rows, known["units"], strict=True):
        ax.annotate(
            f"{units:,}",
            (1, row),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=SMALL,
            color=INK,
        )


def _ends(known: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    import numpy as np

    low, high = known["ci_low"].to_numpy(float), known["ci_high"].to_numpy(float)
    return np.isfinite(low), low, high


def _dots(ax: Axes, known: pd.DataFrame, x: np.ndarray, y: np.ndarray) -> None:
    few = known["units"].to_numpy() < FULL
    for chosen, face in ((few, PAPER), (~few, BLUE)):
        ax.scatter(x[chosen], y[chosen], s=20, facecolors=face, edgecolors=BLUE, linewidths=1, zorder=3)


def _percent(axis: Any) -> None:
    from matplotlib.ticker import PercentFormatter

    axis.set_major_formatter(PercentFormatter(1, decimals=0))
