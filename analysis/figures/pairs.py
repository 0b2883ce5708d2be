"""Two cities word by word, as a scatter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.counts import PER
from analysis.figures.canvas import canvas, note_below, nothing
from analysis.frames import check_frame
from analysis.keywords.pairs import HALF, distinctive
from analysis.marks import name_dots
from analysis.style import BLUE, GRID, MUTED, ORANGE

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

NAMED = 12  # terms of each side that are written beside their dots, if there is room


def plot_pair(frame: pd.DataFrame, *, n: int = NAMED, ax: Axes | None = None) -> Axes:
    """Draw the terms of two groups by how often each uses them, both axes logarithmic; on the line they do so equally.

    frame: from `pair_rates`. Written out are the `n` terms of each side that tell the two apart most (`distinctive`), but
    for those that would lie on another. A term that one side never uses is drawn at half of one occurrence, at the edge.
    """
    from matplotlib.ticker import StrMethodFormatter

    if frame.empty:
        return nothing(canvas(ax, (7.5, 2)), "no terms to draw")
    check_frame(frame, "plot_pair", "term", "rate_a", "rate_b", "log_ratio")
    a, b = frame.attrs.get("a", "a"), frame.attrs.get("b", "b")
    ax = canvas(ax, (7.5, 6.6))
    y, x = drawn_rates(frame)
    told = distinctive(frame, n)
    _draw_dots(ax, x, y, _colours(frame, set(told["term"])))
    ends = min(x.min(), y.min()) / 1.3, max(x.max(), y.max()) * 1.3
    ax.plot(ends, ends, color=MUTED, linewidth=0.8, zorder=1)
    ax.set(xscale="log", yscale="log", xlim=ends, ylim=ends, aspect="equal")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(StrMethodFormatter("{x:,g}"))
    ax.set_xlabel(f"uses for 10,000 words in {b}")
    ax.set_ylabel(f"uses for 10,000 words in {a}")
    places = frame.assign(x=x, y=y).set_index("term").loc[told["term"], ["x", "y", "contribution"]]
    name_dots(ax, places.sort_values("contribution", ascending=False, kind="stable")[["x", "y"]])
    told_of = (
        f"Blue: words that tell {a} apart, orange: {b}; at the edge: words that one of the two never uses."
    )
    note_below(
        ax, [told_of, "A description of all their documents together, whatever their years; not a test."]
    )
    return ax


def drawn_rates(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the rates of both sides with half an occurrence in the place of none: a logarithm has no zero."""
    import numpy as np

    rates = [frame[name].to_numpy(float) for name in ("rate_a", "rate_b")]
    tokens = frame.attrs.get("tokens")
    least = [PER * HALF / n for n in tokens] if tokens else [rate[rate > 0].min() / 2 for rate in rates]
    a, b = (np.maximum(rate, low) for rate, low in zip(rates, least, strict=True))
    return a, b


def _colours(frame: pd.DataFrame, told: set[str]) -> list[str]:
    sides = {True: BLUE, False: ORANGE}
    return [
        sides[ratio > 0] if term in told else GRID
        for term, ratio in zip(frame["term"], frame["log_ratio"], strict=True)
    ]


def _draw_dots(ax: Axes, x: np.ndarray, y: np.ndarray, colours: list[str]) -> None:
    """Draw the plain dots below, the coloured ones above."""
    for told in (False, True):
        at = [i for i, colour in enumerate(colours) if (colour != GRID) == told]
        look: dict[str, Any] = {"s": 22 if told else 10, "linewidths": 0, "zorder": 3 if told else 2}
        ax.scatter(x[at], y[at], c=[colours[i] for i in at], **look)
