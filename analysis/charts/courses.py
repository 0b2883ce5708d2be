"""How phrases spread, to be explored: a curve with its band each, chosen by the legend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from analysis.charts.look import finished, rows_of, tooltips
from analysis.comparing.demands import check_name
from analysis.style import CATEGORIES, INK, MUTED

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from analysis.spreading.adoption import Diffusion

MOST = len(CATEGORIES)  # curves that can be told apart by their colours
TOLD = [
    ("term:N", "term", ""),
    ("year:Q", "year", "d"),
    ("share:Q", "share of cities", ".1%"),
    ("ci_low:Q", "band from", ".1%"),
    ("ci_high:Q", "band to", ".1%"),
    ("at_risk:Q", "cities at risk", ","),
    ("known:Q", "cities whose state is certain", ","),
    ("reporting:Q", "cities with a report", ","),
]
HINT = (
    "Line: share of cities that have ever used the term, with its band. "
    "Click a name in the legend, or choose above, to bring one out."
)
COLUMNS = ["term", "year", "share", "ci_low", "ci_high", "at_risk", "known", "reporting"]


def chart_diffusion(found: Diffusion, *, terms: Sequence[str] | None = None) -> alt.Chart:
    """Make a chart of the share of cities that have ever used each term, by year, with its band.

    The partner of `plot_diffusion`. found: from `diffusion`. terms: which, in this order, at most six; None: the first
    six. Hovering shows year, share, band and cities at risk; a click on the legend, or the choice above the chart, brings
    a term out.

    Raises ValueError for a term that `found` has not, for more than six, and where no report dates any.
    """
    names = list(found.terms[:MOST] if terms is None else terms)
    for name in names:
        check_name(name, found.terms, "term")
    if len(names) > MOST:
        raise ValueError(
            f"chart_diffusion tells {MOST} terms apart by colour; {len(names)} were named. Name fewer."
        )
    curve = found.curve[found.curve["term"].isin(names) & found.curve["share"].notna()]
    if curve.empty:
        raise ValueError("chart_diffusion has nothing to draw: no report dates any of these terms.")
    base = _based(curve[COLUMNS], names)
    chart = _band(base) + _line(base) + _rule(base) + _dots(base) + _names(base, int(curve["year"].max()))
    return finished(
        chart.add_params(*_choices(names)),
        height=420,
        ratio=0.62,
        hint=HINT,
        click={"kind": "term", "field": "term"},
    )


def _based(curve: pd.DataFrame, names: list[str]) -> alt.Chart:
    import altair as alt

    first, last = int(curve["year"].min()), int(curve["year"].max())
    step = max(1, -(-(last - first) // 8))
    axis = alt.Axis(format="d", grid=False, values=list(range(last, first - 1, -step))[::-1])
    room = last + 0.14 * max(last - first, 1)  # for the names at the lines' ends
    years = alt.X("year:Q", title=None, scale=alt.Scale(domain=[first, room], nice=False), axis=axis)
    legend = alt.Legend(
        title=None, orient="top", columns=3, symbolType="circle", symbolOpacity=1, symbolStrokeWidth=0
    )
    colours = alt.Scale(domain=names, range=list(CATEGORIES[: len(names)]))
    return alt.Chart(rows_of(curve)).encode(x=years, color=alt.Color("term:N", scale=colours, legend=legend))


def _shares(name: str) -> Any:
    import altair as alt

    return alt.Y(
        f"{name}:Q",
        title="share of cities",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", tickCount=5),
    )


def _out(many: float, few: float) -> Any:
    """Return an opacity: `many` for the terms brought out, `few` for the others."""
    import altair as alt

    chosen: dict[str, Any] = {"and": [{"param": "by_name"}, "only == '' || datum.term == only"]}
    return alt.OpacityValue(few, condition={"test": chosen, "value": many})


def _band(base: alt.Chart) -> alt.Chart:
    band: alt.Chart = base.mark_area().encode(y=_shares("ci_low"), y2="ci_high:Q", opacity=_out(0.16, 0.03))
    return band


def _line(base: alt.Chart) -> alt.Chart:
    line: alt.Chart = base.mark_line(strokeWidth=2, clip=True).encode(
        y=_shares("share"), opacity=_out(1, 0.15)
    )
    return line


def _rule(base: alt.Chart) -> alt.Chart:
    import altair as alt

    near = alt.selection_point(
        name="near", fields=["year"], on="pointermove", nearest=True, clear="pointerout", empty=False
    )
    rule: alt.Chart = base.mark_rule(strokeWidth=1).encode(
        color=alt.value(MUTED), opacity=alt.condition(near, alt.value(0.6), alt.value(0))
    )
    return rule.add_params(near)


def _dots(base: alt.Chart) -> alt.Chart:
    dots: alt.Chart = base.mark_circle(size=60, cursor="pointer").encode(
        y=_shares("share"), tooltip=tooltips(TOLD), opacity=_out(0.85, 0.06)
    )
    return dots


def _names(base: alt.Chart, last: int) -> alt.Chart:
    import altair as alt

    names: alt.Chart = (
        base.transform_filter(f"datum.year == {last}")
        .mark_text(align="left", dx=8)
        .encode(y=_shares("share"), text="term:N", color=alt.value(INK), opacity=_out(1, 0.3))
    )
    return names


def _choices(names: list[str]) -> list[Any]:
    import altair as alt

    select = alt.binding_select(options=["", *names], labels=["all", *names], name="Term")
    by_name = alt.selection_point(name="by_name", fields=["term"], bind="legend", toggle="true")
    return [alt.param(name="only", value="", bind=select), by_name]
