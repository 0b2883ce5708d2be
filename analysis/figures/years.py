"""Numbers over the years: lines, and trends with bands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from analysis.comparing.means import FULL
from analysis.figures.canvas import canvas, grid_of, note_below, nothing, shortened
from analysis.frames import check_frame
from analysis.keywords.captions import plural
from analysis.marks import name_ends
from analysis.style import BLUE, CATEGORIES, MUTED, ORANGE, PAPER, VERMILLION

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

ALIKE = " = "  # between the names of panels that are one line
# One colour, line and marker a panel; line and marker tell them apart in a grey print.
PANELS: dict[str, tuple[str, Any, str]] = {
    "all": (BLUE, "-", "o"),
    "throughout": (ORANGE, (0, (5, 2)), "s"),
    "within cities": (VERMILLION, (0, (1, 1.5)), "^"),
}


def plot_rates(
    frame: pd.DataFrame, *, x: str = "year", unit: str = "per 10,000 tokens", ax: Axes | None = None
) -> Axes:
    """Draw rates over time, one line a term, named at its end. frame: columns `x`, term, rate."""
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
    ax.margins(x=0.12)
    _year_axis(ax)
    return ax


def plot_trend(
    frame: pd.DataFrame,
    *,
    terms: Sequence[str] | None = None,
    label: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw yearly rates with their bands: a line a panel ("all", "throughout", "within cities"), axes of its own a term.

    frame: from `trend`, one row a term, panel and year: term, panel, year, units, rate, ci_low, ci_high. terms: which
    to draw, in this order; None for all. label: of the rates, None for what the frame's attrs say. Years of fewer than 20
    units are open dots; a year without a rate is a gap. Panels that are the same in all points, as where every city reports
    every year, are one line that bears all their names. With one term the axes are those returned; with several they lie
    inside them (`ax.child_axes`), each with a scale of its own from 0.
    """
    if frame.empty:
        return nothing(canvas(ax, (7.5, 2)), "nothing to draw")
    check_frame(frame, "plot_trend", "term", "panel", "year", "units", "rate", "ci_low", "ci_high")
    names = [term for term in (frame["term"].unique() if terms is None else terms)]
    drawn = frame[frame["term"].isin(names) & frame["rate"].notna()]
    if drawn.empty:
        return nothing(canvas(ax, (7.5, 2)), _why_none(frame, names))
    drawn = _alike_once(drawn)
    rows = -(-len(names) // 2)
    ax = canvas(ax, (7.5, 3.9) if len(names) == 1 else (10, 2.35 * rows + 1))
    inner = [ax] if len(names) == 1 else grid_of(ax, len(names), across=2)
    years = (float(frame["year"].min()) - 0.5, float(frame["year"].max()) + 0.5)
    for name, place in zip(names, inner, strict=True):
        _draw_term(place, drawn[drawn["term"] == name], shortened(str(name)), years)
    inner[0].set_ylabel(label or _label(frame.attrs))
    _panel_legend(ax, drawn)
    note_below(ax, _notes(frame[frame["term"].isin(names)]))
    return ax


def _alike_once(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave each panel out that is the same as one before it in all points; that one bears the names of both."""
    columns = ["units", "rate", "ci_low", "ci_high"]
    kept: dict[str, tuple[str, pd.DataFrame]] = {}
    for name, own in frame.groupby("panel", sort=False):
        points = own.set_index(["term", "year"])[columns].astype(float).sort_index()
        same = [first for first, (_, other) in kept.items() if _same(points, other)]
        first = same[0] if same else str(name)
        kept[first] = (f"{kept[first][0]}{ALIKE}{name}" if same else str(name), points)
    called = {first: called for first, (called, _) in kept.items()}
    own = frame[frame["panel"].astype(str).isin(called)]
    return own.assign(panel=own["panel"].astype(str).map(called))


def _same(points: pd.DataFrame, others: pd.DataFrame) -> bool:
    import numpy as np

    return points.index.equals(others.index) and np.allclose(points, others, rtol=1e-6, equal_nan=True)


def _draw_term(ax: Axes, frame: pd.DataFrame, name: str, years: tuple[float, float]) -> None:
    """Draw one term's lines and bands; a term without any rate says so."""
    ax.set_title(name, pad=6)
    ax.set_xlim(*years)
    if frame.empty:
        ax.text(0.5, 0.5, "no rate can be given", ha="center", color=MUTED, transform=ax.transAxes)
    for panel, line in frame.groupby("panel", sort=False):
        _draw_line(ax, line.sort_values("year"), _look(str(panel), frame))
    _year_axis(ax)


def _look(panel: str, frame: pd.DataFrame) -> tuple[str, Any, str]:
    """Return a panel's colour, line and marker; those of a panel by another name are of the three's."""
    panel = panel.split(ALIKE)[0]
    names = [str(name).split(ALIKE)[0] for name in frame["panel"]]
    others = [name for name in dict.fromkeys(names) if name not in PANELS]
    return PANELS.get(panel) or list(PANELS.values())[others.index(panel) % len(PANELS)]


def _draw_line(ax: Axes, line: pd.DataFrame, look: tuple[str, Any, str]) -> None:
    """Draw one line with a gap at each year that is missing, its band, and open dots where the units are few."""
    import numpy as np

    colour, dashes, marker = look
    line = line.set_index(line["year"].astype(int))
    whole = line.reindex(range(line.index.min(), line.index.max() + 1))
    x, (rate, low, high) = (
        whole.index.to_numpy(float),
        (whole[name].to_numpy(float) for name in ("rate", "ci_low", "ci_high")),
    )
    ax.fill_between(x, low, high, color=colour, alpha=0.16, linewidth=0)
    for edge in (low, high):  # in a grey print bands that overlap are told apart by their edges
        ax.plot(x, edge, color=colour, linewidth=0.5, alpha=0.6)
    ax.plot(x, rate, color=colour, linestyle=dashes, linewidth=1.5)
    few = whole["units"].to_numpy(float) < FULL
    for chosen, face in ((few, PAPER), (~few, colour)):
        at = chosen & np.isfinite(rate)
        ax.plot(
            x[at],
            rate[at],
            linestyle="",
            marker=marker,
            markersize=4,
            color=colour,
            markerfacecolor=face,
            zorder=3,
        )


def _year_axis(ax: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_ylim(bottom=0)
    ax.grid(axis="y")


def _label(facts: dict[Any, Any]) -> str:
    """Return the label of the rates: per so many of what the frame counts by."""
    lengths = {"n_tokens": "per 10,000 tokens", "n_chars": "per 10,000 characters"}
    return lengths.get(str(facts.get("per")), "rate")


def _panel_legend(ax: Axes, frame: pd.DataFrame) -> None:
    """Show above the axes which line is which panel, where there was more than one."""
    from matplotlib.lines import Line2D

    names = list(dict.fromkeys(frame["panel"].astype(str)))
    looks = [_look(name, frame) for name in names]
    keys = [Line2D([], [], color=c, linestyle=d, marker=m, markersize=4) for c, d, m in looks]
    if len(names) > 1 or ALIKE in names[0]:
        lifted = (
            {"borderaxespad": 2.6} if ax.child_axes else {"borderaxespad": 0.5}
        )  # above the titles of panels
        ax.legend(
            keys, names, loc="lower right", bbox_to_anchor=(1, 1), ncols=len(names), handlelength=3, **lifted
        )


def _why_none(frame: pd.DataFrame, names: list[str]) -> str:
    """Say why no rate can be drawn."""
    named = frame[frame["term"].isin(names)]
    if named.empty:
        return f"The frame has no term {' or '.join(map(str, names))}."
    why = _commonest(named)
    return f"No rate can be given: {why}." if why else "No rate can be given."


def _commonest(frame: pd.DataFrame) -> str:
    """Return the commonest reason that a frame gives, "" where it gives none."""
    reasons = frame["reason"].dropna().mode() if "reason" in frame else frame["term"][:0]
    return str(reasons.iloc[0]).rstrip(".") if len(reasons) else ""


def _notes(frame: pd.DataFrame) -> list[str]:
    """Return what stands below: what bands and open dots say, and the gaps with their commonest reason."""
    units = plural(str(frame.attrs.get("unit", "unit")))
    lines = [f"Bands: {100 * frame.attrs.get('level', 0.95):g} % intervals."]
    if (frame["units"] < FULL).any():
        lines[0] += f" Open: fewer than {FULL} {units}, the band covers less than it says."
    gaps = frame[frame["rate"].isna()]
    if len(gaps):
        why = _commonest(gaps)
        told = f" ({why})" if why else ""
        lines.append(f"{len(gaps):,} of {len(frame):,} points have no rate{told}.")
    return lines
