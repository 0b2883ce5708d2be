"""What chance gives: words called different between random groups, and ranks under other choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.figures.apart import UNSTABLE
from analysis.figures.canvas import SMALL, bare, canvas, note_below, nothing, shortened
from analysis.frames import check_frame
from analysis.keywords.captions import plural
from analysis.keywords.chance import ACCEPTED
from analysis.style import ACCENT, INK, MUTED, PAPER, VERMILLION

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes


_LARGE = 15  # from here on the axis is logarithmic above 1
_FAR = 5  # times the number of words ranked, from where on ranks need a logarithmic axis
_TICKS = (0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000)


def plot_placebo(frame: pd.DataFrame, *, seen: int | None = None, ax: Axes | None = None) -> Axes:
    """Draw how many words a test calls different between random groups: one dot a draw, a column a size.

    frame: from `placebo`, one row a draw: size, draw, hits. Dots of equal height stand side by side; a bar is the mean
    over the draws, and the line at 1 what is accepted for it. seen: how many words were called different between the
    groups really compared, as a mark in a column of its own. Above 15 words the axis is logarithmic from 1 on.
    """
    ax = canvas(ax, (7.5, 3.8))
    if frame.empty:
        return nothing(ax, "no random groups were tried")
    check_frame(frame, "plot_placebo", "size", "hits")
    drawn = frame.dropna(subset=["hits"])
    if drawn.empty:
        return nothing(ax, "no random groups could be tested")
    names = []
    for column, (size, hits) in enumerate(drawn.groupby("size")["hits"]):
        _draw_column(ax, column, hits.to_numpy(float))
        names.append(f"{size:,.0f}\nmean {hits.mean():.2g}")
    if seen is not None:
        ax.plot([len(names)], [seen], marker="D", markersize=8, linestyle="", color=VERMILLION, zorder=4)
        names.append(f"really compared\n{seen:,}")
    ax.set_xticks(range(len(names)), names)
    ax.set_xlim(-0.6, len(names) - 0.4)
    _hits_axis(ax, max([*drawn["hits"], seen or 0, 2]))
    ax.axhline(ACCEPTED, color=INK, linewidth=1, linestyle=(0, (5, 3)), zorder=1)
    _label_placebo(ax, frame.attrs)
    return ax


def plot_sensitivity(frame: pd.DataFrame, *, n: int = 30, ax: Axes | None = None) -> Axes:
    """Draw how far the ranks of words hang on choices: a dot at the rank, a line from the best to the worst.

    frame: from `sensitivity` or `rank_intervals`, one row a term: term, rank, best, worst, unstable; the first `n` are
    drawn. Unstable terms have an open dot and a dagger; beside a term that some rankings do not rank stands how many do
    (from their columns of ranks), as a dot alone would look like a rank that nothing moves. The upright line is at twice the
    number of words ranked, beyond which a word counts as unstable; where ranks go far beyond it, the axis is logarithmic.
    """
    if frame.empty:
        return nothing(canvas(ax, (7.5, 2)), "no terms to draw")
    check_frame(frame, "plot_sensitivity", "term", "rank", "best", "worst", "unstable")
    drawn = frame.head(n).reset_index(drop=True)
    ax = canvas(ax, (7.5, 0.27 * max(len(drawn), 4) + 1.5))
    is_open = drawn["unstable"].fillna(False).to_numpy(bool)
    rows = drawn.index.to_numpy()
    ax.hlines(rows, drawn["best"], drawn["worst"], color=MUTED, linewidth=2)
    for chosen, face in ((~is_open, ACCENT), (is_open, PAPER)):
        look: dict[str, Any] = {
            "color": face,
            "edgecolors": ACCENT,
            "linewidths": 1.4,
            "zorder": 3,
            "clip_on": False,
        }
        ax.scatter(drawn["rank"][chosen], rows[chosen], s=34, **look)
    names = [shortened(str(term)) for term in drawn["term"]]
    marked = [f"{name} {UNSTABLE}" if loose else name for name, loose in zip(names, is_open, strict=True)]
    ax.set_yticks(rows, marked)
    ax.set_ylim(len(drawn) - 0.4, -0.6)
    rankings = frame.attrs.get("rankings", [])
    tried = len(rankings)
    _say_missing(ax, drawn, rankings)
    _rank_axis(ax, float(drawn["worst"].max()), frame.attrs.get("n", len(frame)))
    ax.set_xlabel("rank; the line: from the best to the worst under other choices")
    rule = frame.attrs.get("rule")
    told = f"{UNSTABLE} and an open dot: unstable" + (f" ({rule})." if rule else ".")
    note_below(ax, [f"{tried} rankings, the first the base." if tried else "", told if is_open.any() else ""])
    return ax


def _say_missing(ax: Axes, drawn: pd.DataFrame, rankings: list[str]) -> None:
    """Write beside each term that some of the other rankings do not rank how many of them do."""
    others = [name for name in rankings[1:] if name in drawn]
    if not others:
        return
    look: dict[str, Any] = {"textcoords": "offset points", "va": "center", "fontsize": SMALL, "color": MUTED}
    ranked = drawn[others].notna().sum(axis=1)
    for row, (worst, n) in enumerate(zip(drawn["worst"], ranked, strict=True)):
        if n < len(others):
            ax.annotate(f"in {n} of {len(others)} others", (worst, row), xytext=(8, 0), **look)


def _rank_axis(ax: Axes, worst: float, n: int) -> None:
    """Scale the axis of ranks from 1, logarithmic where some lie far behind, with the line at 2n."""
    from matplotlib.ticker import MaxNLocator

    if worst > _FAR * n:
        ax.set_xscale("log")
        ax.set_xlim(0.85, 1.2 * worst)
        ticks = [tick for tick in _TICKS if 0 < tick <= 1.2 * worst]
        ax.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
        ax.minorticks_off()
    else:
        ax.set_xlim(0, 1.05 * max(worst, n))
        ax.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    if worst > 2 * n:
        ax.axvline(2 * n, color=INK, linewidth=1, linestyle=(0, (5, 3)), zorder=1)
    ax.tick_params(axis="y", length=0)
    bare(ax, "left")
    ax.grid(axis="x")


def _draw_column(ax: Axes, column: int, hits: np.ndarray) -> None:
    """Draw the draws of one size, equal ones side by side, and their mean."""
    import numpy as np

    values, n = np.unique(hits, return_counts=True)
    step = min(0.07, 0.76 / max(n.max() - 1, 1))
    for value, many in zip(values, n, strict=True):
        across = column + step * (np.arange(many) - (many - 1) / 2)
        ax.scatter(
            across,
            np.full(many, value),
            s=16,
            color=ACCENT,
            edgecolors=PAPER,
            linewidths=0.4,
            zorder=3,
            clip_on=False,
        )
    ax.hlines(hits.mean(), column - 0.42, column + 0.42, color=INK, linewidth=2.4, zorder=2)


def _hits_axis(ax: Axes, most: float) -> None:
    """Scale the axis of hits from 0; logarithmic above 1 where there are many."""
    from matplotlib.ticker import MaxNLocator, NullLocator

    if most > _LARGE:
        ax.set_yscale("symlog", linthresh=1, linscale=0.4)
        ticks = [tick for tick in _TICKS if tick <= 1.5 * most]
        ax.set_yticks(ticks, [f"{tick:,}" for tick in ticks])
        ax.yaxis.set_minor_locator(NullLocator())
        ax.set_ylim(0, 1.6 * most)
    else:
        ax.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
        ax.set_ylim(0, 1.08 * most)
    ax.grid(axis="y")
    ax.tick_params(axis="x", length=0)


def _label_placebo(ax: Axes, facts: dict[Any, Any]) -> None:
    level = facts.get("level", 0.05)
    ax.set_ylabel(f"words with q < {level:g}")
    unit = plural(facts.get("unit", "unit"))
    of = f", of {facts['units']:,}" if isinstance(facts.get("units"), int) else ""
    ax.set_xlabel(f"{unit} in the random group{of}")
    within = f", within {facts['within']}" if facts.get("within") else ""
    tested = f"; {facts['tested']:,} terms tested" if isinstance(facts.get("tested"), int) else ""
    told = f"One dot a random group, compared with all other {unit}{within}{tested}; bar: mean."
    note_below(ax, [told, f"Dashed: accepted is a mean of at most {ACCEPTED}."])
