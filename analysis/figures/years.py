"""Numbers over the years."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.figures.canvas import canvas, nothing
from analysis.frames import check_frame
from analysis.marks import name_ends
from analysis.style import CATEGORIES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def plot_rates(
    frame: pd.DataFrame, *, x: str = "year", unit: str = "per 10,000 tokens", ax: Axes | None = None
) -> Axes:
    """Draw rates over time, one line a term, named at its end. frame: columns `x`, term, rate."""
    from matplotlib.ticker import MaxNLocator

    ax = canvas(ax, (7.5, 4.2))
    if frame.empty:
        return nothing(ax, "nothing to draw")
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
