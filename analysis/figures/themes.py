"""Topics: how much room groups give them, and how many come back from other documents and starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.figures.canvas import (
    SMALL,
    bare,
    canvas,
    grid_of,
    note_below,
    nothing,
    panel,
    shortened,
)
from analysis.frames import check_frame
from analysis.keywords.captions import plural
from analysis.style import ACCENT, BLUE, GREEN, INK, MUTED, ORANGE, PAPER, PURPLE, SKY, VERMILLION
from analysis.topic_models.stable import LEAST

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

# Colour and marker of a group: the marker tells them apart in a grey print.
_LOOKS = ((BLUE, "o"), (ORANGE, "s"), (GREEN, "^"), (SKY, "D"), (VERMILLION, "v"), (PURPLE, "P"))
_ACROSS = 4  # panels in a row where each topic has its own
_READINGS = {"c_npmi": "coherence (C_NPMI)", "c_v": "coherence (C_v)", "exclusivity": "exclusivity"}


def plot_topic_shares(frame: pd.DataFrame, *, column: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw the mean share of each topic in each group with its interval, in the order of the frame.

    frame: one row a topic and group: topic, label, the group, share, ci_low, ci_high (and units). column: that of the
    groups; None for `group`, or the one that the frame's attrs name. Up to six groups stand in
    one picture, a row a topic, told apart by colour and marker; more groups get a panel a topic inside the axes
    (`ax.child_axes`), a row a group, in the same scale. A dot without an interval is open.
    """
    if frame.empty:
        return nothing(canvas(ax, (7.5, 2)), "no topics to draw")
    column = column or ("group" if "group" in frame else str(frame.attrs.get("column", "group")))
    check_frame(frame, "plot_topic_shares", "topic", "label", column, "share", "ci_low", "ci_high")
    frame = frame.rename(columns={column: "group"})
    known = frame[frame["share"].notna()]
    if known.empty:
        return nothing(canvas(ax, (7.5, 2)), "no group has a share of a topic")
    groups = list(dict.fromkeys(known["group"]))
    drawn = _in_one(known, groups, ax) if len(groups) <= len(_LOOKS) else _in_panels(known, groups, ax)
    note_below(drawn, _notes(frame, known))
    return drawn


def _in_one(frame: pd.DataFrame, groups: list[Any], ax: Axes | None) -> Axes:
    """Draw all groups of a topic in one row, one below the other."""
    topics = list(dict.fromkeys(frame["topic"]))
    high = 0.13 * len(groups) + 0.22
    ax = canvas(ax, (8, high * len(topics) + 1.5))
    step = 0.72 / max(len(groups), 2)
    for number, group in enumerate(groups):
        own = frame[frame["group"] == group]
        at = [topics.index(topic) + step * (number - (len(groups) - 1) / 2) for topic in own["topic"]]
        _draw_shares(ax, own, at, *_LOOKS[number], label=str(group))
    ax.set_yticks(range(len(topics)), _labels(frame, topics))
    ax.set_ylim(len(topics) - 0.5, -0.5)
    for line in range(1, len(topics)):
        ax.axhline(line - 0.5, color="#eceff2", linewidth=0.8, zorder=0)
    _share_axis(ax, 7)
    ax.set_xlabel("mean share, per cent")
    if len(groups) > 1:
        ax.legend(
            loc="lower left", bbox_to_anchor=(0, 1.0), ncols=len(groups), columnspacing=1.2, handletextpad=0.2
        )
    return ax


def _in_panels(frame: pd.DataFrame, groups: list[Any], ax: Axes | None) -> Axes:
    """Draw a panel a topic, a row a group."""
    topics = list(dict.fromkeys(frame["topic"]))
    across = min(_ACROSS, len(topics))
    down = -(-len(topics) // across)
    high = 0.165 * len(groups) + 0.5
    ax = canvas(ax, (2.5 * across + 1, down * high + 1))
    inner = grid_of(ax, len(topics), across=across, gap=(0.08, 0.5 / high))
    most = float(frame[["share", "ci_high"]].max().max())
    for number, (topic, place) in enumerate(zip(topics, inner, strict=True)):
        own = frame[frame["topic"] == topic]
        _draw_shares(place, own, [groups.index(group) for group in own["group"]], BLUE, "o")
        place.set_yticks(range(len(groups)), [str(group) for group in groups] if number % across == 0 else [])
        place.set(ylim=(len(groups) - 0.4, -0.6), xlim=(0, 1.04 * most))
        place.set_title(_labels(frame, [topic])[0], fontsize=9.5, pad=4)
        _share_axis(place, 4)
    ax.set_xlabel("mean share, per cent", labelpad=18)
    return ax


def _draw_shares(
    ax: Axes, frame: pd.DataFrame, at: list[float], colour: str, marker: str, label: str = ""
) -> None:
    """Draw shares as dots and their intervals as lines; open where there is no interval."""
    import numpy as np

    share, low, high = (frame[name].to_numpy(float) for name in ("share", "ci_low", "ci_high"))
    ax.hlines(at, low, high, color=colour, linewidth=1.5)
    faces = [colour if known else PAPER for known in np.isfinite(low) & np.isfinite(high)]
    ax.scatter(
        share,
        at,
        s=26,
        marker=marker,
        facecolors=faces,
        edgecolors=colour,
        linewidths=1.2,
        zorder=3,
        clip_on=False,
    )
    if label:
        ax.scatter([], [], s=26, marker=marker, color=colour, label=label)


def _labels(frame: pd.DataFrame, topics: list[Any]) -> list[str]:
    """Return the labels of topics, cut where they are long, with their number."""
    by_topic = frame.drop_duplicates("topic").set_index("topic")["label"]
    return [f"{topic}  {shortened(str(by_topic[topic]), 26)}" for topic in topics]


def _share_axis(ax: Axes, ticks: int) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    ax.set_xlim(left=0)
    ax.xaxis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:g}"))
    ax.tick_params(axis="y", length=0)
    bare(ax, "left")
    ax.grid(axis="x")


def _notes(frame: pd.DataFrame, known: pd.DataFrame) -> list[str]:
    """Return what stands below: intervals, units, and who has no share."""
    unit = plural(str(frame.attrs.get("unit", "unit")))
    level = f"{100 * frame.attrs.get('level', 0.95):g}"
    lines = [f"Lines: {level} % intervals" + (f" over {unit}." if "unit" in frame.attrs else ".")]
    if known[["ci_low", "ci_high"]].isna().any(axis=None):
        lines.append(_said_of_open(_without(known), unit))
    lost = len(set(frame["group"]) - set(known["group"]))
    return [
        *lines,
        f"{lost} of {frame['group'].nunique()} groups have no share and are not drawn." if lost else "",
    ]


def _said_of_open(open_dots: pd.DataFrame, unit: str) -> str:
    """Say why dots are open: the reasons that the frame gives, commonest first; without any, that units are few."""
    reasons = open_dots["reason"].dropna() if "reason" in open_dots else open_dots["topic"][:0]
    told = list(reasons.astype(str).str.removeprefix("no interval: ").value_counts().index)
    if told:
        return f"Open: no interval: {'; '.join(told[:3])}{'; and others' if len(told) > 3 else ''}."
    few = f"; at most {int(open_dots['units'].max())} {unit}" if "units" in open_dots else ""
    return f"Open: too few {unit} for an interval{few}."


def _without(known: pd.DataFrame) -> pd.DataFrame:
    return known[known[["ci_low", "ci_high"]].isna().any(axis=1)]


def plot_stability(table: pd.DataFrame, *, recommended: int | None = None, ax: Axes | None = None) -> Axes:
    """Draw for each number of topics whether they come back (± a standard error), and how they read.

    table: from `stability`, one row a k: k, stability, se; below it lie panels (`ax.child_axes`) of those of c_npmi, c_v
    and exclusivity that it has, each in its own scale. recommended: from `recommended_k`, marked; the line at 0.5 is what a
    recommended number has to reach. Where no number does, the picture says so.
    """
    if table.empty:
        return nothing(canvas(ax, (7.5, 2)), "no numbers of topics were tried")
    check_frame(table, "plot_stability", "k", "stability", "se")
    ax = canvas(ax, (7.5, 4.8))
    table = table.sort_values("k")
    known = table[table["stability"].notna()]
    if known.empty:
        return nothing(ax, "no number of topics could be tried")
    ax.errorbar(
        known["k"], known["stability"], yerr=known["se"], color=ACCENT, marker="o", capsize=3, linewidth=1.6
    )
    ax.axhline(LEAST, color=INK, linewidth=1, linestyle=(0, (5, 3)), zorder=1)
    _say_recommended(ax, known, recommended)
    ax.set_ylim(0, max(1.0, float((known["stability"] + known["se"].fillna(0)).max())))
    ax.set_xticks(table["k"])
    ax.set_xlabel("number of topics")
    ax.set_ylabel("stability ± a standard error")
    ax.grid(axis="y")
    _draw_readings(ax, table)
    return ax


def _say_recommended(ax: Axes, known: pd.DataFrame, recommended: int | None) -> None:
    """Mark the recommended number with a ring and words, or say that none can be."""
    mine = known[known["k"] == recommended]
    look: dict[str, Any] = {"fontsize": 9.5, "color": INK, "ha": "center", "va": "bottom"}
    if len(mine):
        at, value, se = (float(mine[name].iloc[0]) for name in ("k", "stability", "se"))
        leftmost = len(known) > 1 and at == known["k"].min()  # centred it would lie over the axis
        ax.plot(
            [at], [value], marker="o", markersize=13, color=INK, markerfacecolor="none", markeredgewidth=1.6
        )
        ax.annotate(
            f"recommended: {recommended}",
            (at, value + (se if se == se else 0)),
            xytext=(6 if leftmost else 0, 9),
            textcoords="offset points",
            **(look | ({"ha": "left"} if leftmost else {})),
        )
    elif (known["stability"] < LEAST).all():
        ax.text(
            0.5,
            0.95,
            f"no stable number of topics: none reaches {LEAST}",
            transform=ax.transAxes,
            **(look | {"va": "top"}),
        )


def _draw_readings(ax: Axes, table: pd.DataFrame) -> None:
    """Draw coherences and exclusivity below, a small panel each: they say how topics read, not whether they are there."""
    from matplotlib.ticker import MaxNLocator

    measures = [name for name in _READINGS if name in table and table[name].notna().any()]
    for number, name in enumerate(measures):
        place = panel(ax, (number / 3 + 0.02 * number, -0.66, 0.29, 0.32))
        place.plot(table["k"], table[name], color=MUTED, marker=".", linewidth=1.2)
        place.set_title(_READINGS[name], fontsize=SMALL, color=MUTED, pad=4)
        place.set_xlim(ax.get_xlim())
        place.margins(y=0.2)
        place.locator_params(axis="y", nbins=3)
        place.xaxis.set_major_locator(MaxNLocator(5, integer=True, min_n_ticks=1))
