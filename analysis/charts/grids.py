"""Topics by city as a heat map that can be sorted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.charts.look import DARK, LIGHT, finished, rows_of, tooltips
from analysis.frames import check_frame

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

SHOWN = 30  # groups at a time: those with the largest share of the topic chosen
STEP = 20  # pixels a row


def chart_topics(frame: pd.DataFrame, *, n: int = SHOWN) -> alt.Chart:
    """Make a heat map of topics in groups (cities), sorted by the topic that a reader chooses.

    frame: from `Topics.in_groups`: one row a topic and group: topic, label, group, share (0 to 1), and units, docs if known.
    The `n` groups with the largest share of the topic chosen are shown, the largest first. A click opens the
    topic's evidence.

    Raises ValueError where no group has a share.
    """
    check_frame(frame, "chart_topics", "topic", "label", "group", "share")
    known = frame[frame["share"].notna()]
    if known.empty:
        raise ValueError("chart_topics has no group with a share of a topic.")
    rows = known.assign(topic=known["topic"].astype(str), docs=known.get("docs", 1))
    labels = rows.drop_duplicates("topic").set_index("topic")["label"].astype(str)
    groups = rows["group"].nunique()
    hint = f"The {min(n, groups)} of {groups} with the largest share of the topic chosen. "
    hint += "Point at a cell for its share; click it for the topic's passages."
    chart = _cells(rows, labels, n).add_params(_choice(labels))
    high = STEP * min(n, groups) + 120
    return finished(chart, height=high, hint=hint, click={"kind": "topic", "field": "topic"})


def _cells(rows: pd.DataFrame, labels: pd.Series, n: int) -> alt.Chart:
    import altair as alt

    told = [
        ("group:N", "city", ""),
        ("label:N", "topic", ""),
        ("share:Q", "share", ".1%"),
        ("docs:Q", "documents", ","),
    ]
    names = alt.Axis(orient="top", labelAngle=-40, labelLimit=110, title=None, ticks=False, domain=False)
    down = alt.EncodingSortField(field="key", op="max", order="descending")
    legend = alt.Legend(title="share", format=".0%", orient="bottom", gradientLength=220)
    cells: alt.Chart = (
        alt.Chart(rows_of(rows[["topic", "label", "group", "share", "docs"]]))
        .transform_calculate(own="datum.topic == by ? datum.share : -1")
        .transform_joinaggregate(key="max(own)", groupby=["group"])
        .transform_window(
            rank="dense_rank()", sort=[alt.SortField("key", order="descending"), alt.SortField("group")]
        )
        .transform_filter(f"datum.rank <= {n}")
        .mark_rect(cursor="pointer")
        .encode(
            x=alt.X("label:N", sort=labels.tolist(), axis=names),
            y=alt.Y(
                "group:N", sort=down, title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=140)
            ),
            color=alt.Color(
                "share:Q", scale=alt.Scale(range=[LIGHT, DARK], zero=True, nice=False), legend=legend
            ),
            tooltip=tooltips(told),
        )
    )
    return cells


def _choice(labels: pd.Series) -> Any:
    import altair as alt

    select = alt.binding_select(options=labels.index.tolist(), labels=labels.tolist(), name="Sorted by")
    return alt.param(name="by", value=labels.index[0], bind=select)
