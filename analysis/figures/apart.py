"""What sets a group apart: key words with their intervals and the documents that use them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.figures.canvas import SMALL, bare, canvas, note_below, nothing, panel, shortened
from analysis.frames import check_frame
from analysis.keywords.captions import plural
from analysis.keywords.chance import ALPHA
from analysis.style import BLUE, INK, MUTED, ORANGE, PAPER

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

UNSTABLE = "†"  # behind a term whose rank depends on choices
_NEEDED = (
    "term",
    "docs_target",
    "docs_reference",
    "log_ratio",
    "ci_low",
    "ci_high",
    "statistic",
    "p",
    "q",
)
_NO_PICTURE = (7.5, 1.6)  # inches of a sentence alone
_BEYOND = 1.0  # doublings that an interval is drawn beyond the longest bar


def plot_keyness(
    frame: pd.DataFrame, *, n: int = 12, sensitivity: pd.DataFrame | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the `n` surest over-used and the `n` surest under-used words of a frame from `keyness`.

    Only words with q < 0.05, chosen by the statistic and drawn by falling log ratio: a bar from 1 to how many times as
    often the target uses the word, its 95 % interval (an arrow where it goes on), beside it the share of the documents
    that use it (filled: the target's, open: the reference's). sensitivity: one row a term with `term` and `unstable`;
    unstable words get a dagger and an open bar. Below stands what random groups gave. Where no word passes, or nothing
    was tested, the picture says so instead.
    """
    if frame.empty:
        return nothing(canvas(ax, _NO_PICTURE), "no terms to draw")
    check_frame(frame, "plot_keyness", *_NEEDED)
    chosen = _surest(frame, n)
    if chosen.empty:
        return nothing(canvas(ax, _NO_PICTURE), _why_none(frame))
    ax = canvas(ax, (8.2, 0.27 * max(len(chosen), 4) + 1.7))
    unstable = _unstable(sensitivity)
    is_open = chosen["term"].isin(unstable).to_numpy()
    _draw_bars(ax, chosen, is_open)
    names = [shortened(str(term)) for term in chosen["term"]]
    marked = [f"{name} {UNSTABLE}" if loose else name for name, loose in zip(names, is_open, strict=True)]
    ax.set_yticks(range(len(chosen)), marked)
    ax.set_ylim(len(chosen) - 0.4, -0.6)
    _draw_documents(ax, chosen, frame.attrs)
    target, other = _sides(frame.attrs)
    ax.set_xlabel(f"times as often in {target} as in {other}")
    note_below(ax, _notes(frame, chosen, sensitivity))
    return ax


def times(doublings: float) -> str:
    """Write a logarithm to base 2 as how many times as often.

    >>> times(-3), times(0), times(2)
    ('1/8', '1', '4×')
    """
    power = f"{2 ** abs(round(doublings)):,}"
    return "1" if power == "1" else f"1/{power}" if doublings < 0 else f"{power}×"


def _surest(frame: pd.DataFrame, n: int) -> pd.DataFrame:
    """Return the words of both signs with the largest statistics, by falling log ratio."""
    import pandas as pd

    passed = frame[(frame["q"] < ALPHA) & frame["log_ratio"].notna()]
    over = passed[passed["statistic"] > 0].nlargest(n, "statistic")
    under = passed[passed["statistic"] < 0].nsmallest(n, "statistic")
    both = pd.concat([over, under])
    return both.sort_values(["log_ratio", "term"], ascending=[False, True], ignore_index=True)


def _why_none(frame: pd.DataFrame) -> str:
    """Say why no word is drawn: nothing was tested, or nothing passed."""
    facts, tested = frame.attrs, int(frame["p"].notna().sum())
    target, other = _sides(facts)
    if tested and frame["q"].isna().all():
        return facts.get("note") or "There is no q, so no term can be called different."
    if tested:
        between = f"between {_counted(facts, 'target', target)} and {_counted(facts, 'reference', other)}"
        return f"None of the {tested:,} terms tested differs at q < {ALPHA} {between}."
    reasons = frame["reason"].dropna() if "reason" in frame else frame["term"][:0]
    why = facts.get("note") or (reasons.mode()[0] if len(reasons) else "no term was tested")
    return f"No word can be called different. {why[:1].upper()}{why[1:].rstrip('.')}."


def _sides(facts: dict[Any, Any]) -> tuple[str, str]:
    """Return the names of target and reference."""
    other = facts.get("reference", "rest")
    return str(facts.get("target", "the target")), "the rest" if str(other) == "rest" else str(other)


def _counted(facts: dict[Any, Any], side: str, name: str) -> str:
    """Return a side's name with its number of units, where that is known."""
    n, unit = facts.get(f"n_{side}"), facts.get("unit", "unit")
    return name if n is None else f"{name} ({n:,} {plural(unit, n)})"


def _unstable(sensitivity: pd.DataFrame | None) -> set[str]:
    if sensitivity is None or sensitivity.empty:
        return set()
    check_frame(sensitivity, "plot_keyness(sensitivity=)", "term", "unstable")
    return set(sensitivity.loc[sensitivity["unstable"].fillna(False).astype(bool), "term"])


def _draw_bars(ax: Axes, chosen: pd.DataFrame, is_open: Any) -> None:
    """Draw bars and intervals on an axis of doublings, labelled as times."""
    import numpy as np

    values = chosen["log_ratio"].to_numpy(float)
    colours = [BLUE if value > 0 else ORANGE for value in values]
    faces = [PAPER if loose else colour for loose, colour in zip(is_open, colours, strict=True)]
    ax.barh(range(len(chosen)), values, height=0.62, color=faces, edgecolor=colours, linewidth=1.2)
    reach = np.abs(values).max() + _BEYOND
    low, high = (chosen[name].to_numpy(float) for name in ("ci_low", "ci_high"))
    ax.hlines(range(len(chosen)), np.maximum(low, -reach), np.minimum(high, reach), color=INK, linewidth=1.1)
    for ends, mark, at in ((low < -reach, "<", -reach), (high > reach, ">", reach)):
        rows = np.flatnonzero(ends)
        ax.plot(np.full(len(rows), at), rows, linestyle="", marker=mark, color=INK, markersize=4)
    left = min(0.0, np.nanmin([*np.maximum(low, -reach), *values]))
    right = max(0.0, np.nanmax([*np.minimum(high, reach), *values]))
    pad = 0.04 * (right - left)
    ax.set_xlim(left - pad, right + pad)
    _times_axis(ax)
    ax.axvline(0, color=MUTED, linewidth=0.8)
    ax.tick_params(axis="y", length=0)
    bare(ax, "left")
    ax.grid(axis="x")


def _times_axis(ax: Axes) -> None:
    """Label an axis of doublings 1/4, 1/2, 1, 2×, 4×; 1 always among them."""
    from math import ceil, floor

    left, right = ax.get_xlim()
    step = max(1, ceil((right - left) / 9))
    ticks = [at for at in range(floor(left), ceil(right) + 1) if at % step == 0 and left <= at <= right]
    ax.set_xticks(ticks, [times(at) for at in ticks])


def _draw_documents(ax: Axes, chosen: pd.DataFrame, facts: dict[Any, Any]) -> None:
    """Draw beside each bar which share of the documents of both sides uses the word, and the target's number."""
    totals = [facts.get(name) or 0 for name in ("docs_target", "docs_reference")]
    if not all(totals):
        return
    beside = panel(ax, (1.04, 0, 0.17, 1))
    rows = range(len(chosen))
    shares = [
        chosen[name] / total for name, total in zip(("docs_target", "docs_reference"), totals, strict=True)
    ]
    beside.hlines(rows, 0, 1, color="#eceff2", linewidth=0.8, zorder=0)
    beside.scatter(shares[1], rows, s=22, facecolors=PAPER, edgecolors=MUTED, linewidths=1.1, clip_on=False)
    beside.scatter(shares[0], rows, s=22, color=INK, clip_on=False, zorder=3)
    beside.set(xlim=(0, 1), ylim=ax.get_ylim(), yticks=[])
    beside.set_xticks([0, 1], ["0", "100 %"])
    bare(beside, "left")
    beside.set_title("documents using it", fontsize=SMALL, color=MUTED, pad=6)
    for row, using in enumerate(chosen["docs_target"]):
        beside.annotate(
            f"{using:,.0f} of {totals[0]:,}",
            (1, row),
            xytext=(9, 0),
            textcoords="offset points",
            va="center",
            fontsize=SMALL,
            color=MUTED,
            annotation_clip=False,
        )


def _notes(frame: pd.DataFrame, chosen: pd.DataFrame, sensitivity: pd.DataFrame | None) -> list[str]:
    """Return what stands below the picture: what was chosen, what the marks say, what chance gives."""
    facts = frame.attrs
    target, other = _sides(facts)
    passed = frame[frame["q"] < ALPHA]
    over, under = (int((sign * passed["statistic"] > 0).sum()) for sign in (1, -1))
    drawn = [int((sign * chosen["statistic"] > 0).sum()) for sign in (1, -1)]
    lines = [
        f"The surest {drawn[0]} of {over:,} over-used and {drawn[1]} of {under:,} under-used words with q < {ALPHA}; "
        "lines: 95 % intervals.",
    ]
    if all(facts.get(name) for name in ("docs_target", "docs_reference")):
        lines.append(f"Dots: share of the documents that use the word; filled: {target}, open: {other}.")
    return [*lines, _stability_line(chosen, sensitivity), chance_line(facts)]


def _stability_line(chosen: pd.DataFrame, sensitivity: pd.DataFrame | None) -> str:
    """Say how many of the words drawn were ranked under other choices too, and what the dagger means."""
    if sensitivity is None or sensitivity.empty:
        return ""
    others = [name for name in sensitivity.attrs.get("rankings", [])[1:] if name in sensitivity]
    tried = sensitivity[sensitivity[others].notna().any(axis=1)] if others else sensitivity
    again = chosen["term"].isin(tried["term"]).sum()
    unstable = chosen["term"].isin(_unstable(sensitivity)).sum()
    told = f"{again} of the {len(chosen)} words drawn were ranked under other choices too; "
    return told + (f"{UNSTABLE} and an open bar: unstable there." if unstable else "none was unstable.")


def chance_line(facts: dict[Any, Any]) -> str:
    """Say in one line what random groups as large as the target gave."""
    found = facts.get("placebo")
    if not found:
        return "By chance: no random groups were tried."
    units = plural(facts.get("unit", "unit"), found["size"])
    return (
        f"By chance: {found['draws']} random groups of {found['size']:,} {units} gave {found['mean']:.2g} such words on "
        f"average, {found['most']:,.0f} at most."
    )
