"""Two cities word by word, to be explored: each point a term."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.charts.look import finished, rows_of, tooltips
from analysis.figures.pairs import drawn_rates
from analysis.frames import check_frame
from analysis.keywords.pairs import distinctive
from analysis.rhetoric.lexicons import glosses
from analysis.style import BLUE, GRID, INK, MUTED, ORANGE, PAPER

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

HINT = "Each point is a term. Point at it for the counts; click or tap it for its evidence."
MOST = 600  # terms; more points lie on each other, and the page grows
ROOM = 1.3  # times beyond the outermost points, so that none lies on the edge
NAMED = 12  # terms of each side that are written out, where there is room
COLUMNS = ["term", "gloss", "n_a", "n_b", "docs_a", "docs_b", "rate_a", "rate_b", "times", "x", "y", "side"]


def chart_pair(frame: pd.DataFrame, *, n: int = MOST) -> alt.Chart:
    """Make of a frame from `pair_rates` a chart: each point a term, by how often each side uses it, on logarithmic axes.

    The terms that contribute most to the difference and the commonest, `n` together. Hovering shows occurrences and
    documents of both sides and the English gloss, where a lexicon has the term; a click opens the term's evidence. The
    partner of `plot_pair`.
    """
    import altair as alt

    rows = pair_points(frame, n)
    a, b = frame.attrs.get("a", "a"), frame.attrs.get("b", "b")
    base = alt.Chart(rows_of(rows[COLUMNS])).encode(x=_axis(rows["x"], b), y=_axis(rows["y"], a))
    points = (
        base.mark_circle(clip=True, cursor="pointer")
        .encode(
            color=alt.Color(
                "side:N", legend=None, scale=alt.Scale(domain=[1, 0, -1], range=[BLUE, GRID, ORANGE])
            ),
            size=alt.condition("datum.side == 0", alt.value(40), alt.value(75)),
            opacity=alt.condition("datum.side == 0", alt.value(0.9), alt.value(1)),
            stroke=alt.condition({"param": "near", "empty": False}, alt.value(INK), alt.value(MUTED)),
            strokeWidth=alt.condition({"param": "near", "empty": False}, alt.value(2), alt.value(0.3)),
            order="shown:Q",
            tooltip=_told(a, b),
        )
        .transform_calculate(shown="abs(datum.side)")
        .add_params(alt.selection_point(name="near", fields=["term"], on="pointerover", clear="pointerout"))
    )
    named = base.transform_filter("datum.side != 0")
    written: dict[str, Any] = {"align": "left", "dx": 7, "dy": -4}
    halo = named.mark_text(stroke=PAPER, strokeWidth=3, strokeJoin="round", **written).encode(text="term:N")
    names = named.mark_text(**written).encode(text="term:N")
    return finished(
        _line(rows) + points + halo + names,
        height=560,
        ratio=0.9,
        hint=HINT,
        click={"kind": "term", "field": "term"},
    )


def pair_points(frame: pd.DataFrame, n: int = MOST) -> pd.DataFrame:
    """Return what is drawn of a frame from `pair_rates`. One row a term.

    frame: sorted as `pair_rates` does. Beside its columns: gloss; x and y, the rates of b and a as drawn (half an
    occurrence for none); times, how many times as often the side that uses it more does; side: 1 where the term is named
    as telling of a, -1 of b, else 0.
    """
    check_frame(
        frame, "chart_pair", "term", "n_a", "n_b", "docs_a", "docs_b", "rate_a", "rate_b", "log_ratio"
    )
    if frame.empty:
        raise ValueError("chart_pair got no terms. Compare two groups that have words in common.")
    y, x = drawn_rates(frame)
    told = distinctive(frame, NAMED)
    side = (
        frame["term"]
        .map(dict(zip(told["term"], (told["log_ratio"] > 0) * 2 - 1, strict=True)))
        .fillna(0)
        .astype(int)
    )
    gloss = frame["term"].map(glosses())
    rows = frame.assign(x=x, y=y, side=side, times=2 ** frame["log_ratio"].abs(), gloss=gloss)
    # Half of them the most telling, the others the commonest: without these the line in the middle would look bare.
    common = rows.assign(_n=rows["rate_a"] + rows["rate_b"]).nlargest(n // 2, "_n").index
    rank = rows.index.to_series().where(~rows.index.isin(common), -1) - len(rows) * (side != 0)
    chosen = rows.loc[rank.sort_values(kind="stable").index[:n]]
    return chosen.sort_values(["contribution", "term"], ascending=[False, True], ignore_index=True)


def _axis(rates: pd.Series, city: str) -> Any:
    """Return the axis of one side; a page that compares any two cities changes its ends."""
    import altair as alt

    channel = alt.X if rates.name == "x" else alt.Y
    look = alt.Axis(format="~r", tickCount=5, grid=True, gridOpacity=0.6)
    ends = [float(f"{end:.3g}") for end in (rates.min() / ROOM, rates.max() * ROOM)]
    scale = alt.Scale(type="log", nice=False, domain=ends)
    return channel(f"{rates.name}:Q", scale=scale, axis=look, title=f"uses for 10,000 words in {city}")


def _told(a: str, b: str) -> list[Any]:
    """Return what hovering shows of a term."""
    lines = [("term:N", "term", ""), ("gloss:N", "gloss", "")]
    for side, city in (("a", a), ("b", b)):
        lines += [
            (f"n_{side}:Q", f"uses in {city}", ","),
            (f"rate_{side}:Q", f"for 10,000 words in {city}", ".2f"),
        ]
        lines += [(f"docs_{side}:Q", f"documents of {city} that use it", ",")]
    lines += [("times:Q", "times as often", ".1f")]
    return tooltips(lines)


def _line(rows: pd.DataFrame) -> Any:
    """Return the line on which both use a term equally often."""
    import altair as alt
    import pandas as pd

    ends = [max(rows["x"].min(), rows["y"].min()), min(rows["x"].max(), rows["y"].max())]
    data = pd.DataFrame({"at": ends}).round(4)
    return alt.Chart(data).mark_line(color=MUTED, strokeWidth=1, strokeDash=[4, 3]).encode(x="at:Q", y="at:Q")
