"""A map of cities whose measure and year are chosen in the chart. Points, no borders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from analysis.charts.look import DARK, LIGHT, finished, rows_of, tooltips
from analysis.frames import check_frame
from analysis.style import INK, MUTED

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

DIGITS = 3  # of a value: a page holds thousands
ALL_YEARS = 0  # the year of what is measured over all years together
DOT = "clamp(width * width / 6000, 20, 85)"  # square pixels of a dot: 321 of them have room on a phone too
ENDS = (0.02, 0.98)  # quantiles at which the colours end: one city alone would leave all others pale
HINT = (
    "Choose what is shown. Rings: cities without a value for the choice. "
    "The colours end at the 2nd and 98th percentile of all cities and years."
)
# What the measures of `city_measures` are called, in the order of the choice: the first is shown first.
NAMES = {
    "招商引资": "招商引资 per 10,000 characters",
    "营商环境": "营商环境 per 10,000 characters",
    "methods": "methods of attraction per 10,000 characters",
    "offers": "offers to investors per 10,000 characters",
    "sectors": "industries wanted per 10,000 characters",
    "images": "images per 10,000 characters",
    "obligation": "words of obligation per 10,000 characters",
    "promises met": "share of promises met",
    "borrowed": "share of text other cities had before",
    "likeness": "likeness to the other cities of the year",
    "length": "length of a report, characters",
}
RATIO = 0.78  # height by width; a degree of longitude at 36° north is about 0.8 of one of latitude


def chart_map(measures: pd.DataFrame, *, names: Mapping[str, str] | None = None) -> alt.Chart:
    """Make a map of cities on longitude and latitude; a reader chooses the measure and the year. The partner of `plot_map`.

    measures: from `city_measures`, or one row a city, year and measure: city, year (missing: all years together), measure,
    value, and if known n (documents) and longitude, latitude (else those of the table of places). names: measures and
    what they are called, in the order of the choice; None: all. A measure's colours are the same in all years.

    Raises ValueError where no city is on the map or nothing was measured.
    """
    rows, called = _rows(measures, names)
    keys = {f"m{at}": name for at, name in enumerate(called)}
    limits = {key: _limits(rows[key]) for key in keys}
    base = _based(rows, list(keys))
    chart = (_rings(base) + _dots(base)).add_params(*_choices(keys, rows), *_constants(limits))
    return finished(chart, height=500, ratio=RATIO, hint=HINT, click={"kind": "city", "field": "city"})


def _rows(measures: pd.DataFrame, names: Mapping[str, str] | None) -> tuple[pd.DataFrame, list[str]]:
    """Return one row a city and year with the columns m0, m1, ... of the measures, and what these are called."""
    check_frame(measures, "chart_map", "city", "year", "measure", "value")
    found = dict(names) if names else _called(measures)
    placed = _placed(measures[measures["measure"].isin(list(found)) & measures["value"].notna()])
    chosen = {name: said for name, said in found.items() if placed["measure"].eq(name).any()}
    if placed.empty:
        raise ValueError(
            "chart_map has no city that is on the map and has a value: no place of this corpus is known."
        )
    placed = placed.assign(year=placed["year"].fillna(ALL_YEARS).astype(int))
    where = ["city", "longitude", "latitude", "year"]
    wide = placed.pivot_table(index=where, columns="measure", values="value", aggfunc="mean")
    wide = wide.reindex(columns=list(chosen)).set_axis([f"m{at}" for at in range(len(chosen))], axis=1)
    if "n" in placed:
        wide = wide.join(
            _documents(placed.pivot_table(index=where, columns="measure", values="n")[list(chosen)])
        )
    return wide.reset_index(), list(chosen.values())


def _called(measures: pd.DataFrame) -> dict[str, str]:
    """Return what all measures of a frame are called: those that are known in their order, then the others by name."""
    there = sorted(map(str, measures["measure"].dropna().unique()))
    return {name: NAMES[name] for name in NAMES if name in there} | {
        name: name for name in there if name not in NAMES
    }


def _documents(counted: pd.DataFrame) -> pd.DataFrame:
    """Return n, the documents of a city and year; and nm0, nm1, ... for a measure that only some of them have."""
    n = counted.max(axis=1)
    own = {f"nm{at}": counted[name] for at, name in enumerate(counted)}
    differ = {key: each for key, each in own.items() if (each.notna() & (each != n)).any()}
    return counted.assign(n=n, **differ)[["n", *differ]]


def _placed(measures: pd.DataFrame) -> pd.DataFrame:
    """Give each row the place of its city; those that are not on the map are left out."""
    from analysis.places import place_table

    if "longitude" not in measures:
        places = place_table().drop_duplicates("name").set_index("name")[["longitude", "latitude"]]
        measures = measures.join(places, on="city")
    return measures[measures["longitude"].notna() & measures["latitude"].notna()]


def _limits(values: pd.Series) -> list[float]:
    """Return the ends of a measure's colours."""
    low, high = (float(values.quantile(share)) for share in ENDS)
    return [float(f"{end:.4g}") for end in ((low, high) if high > low else (low - 0.5, low + 0.5))]


def _based(rows: pd.DataFrame, keys: list[str]) -> alt.Chart:
    import altair as alt

    look: dict[str, Any] = {"axis": alt.Axis(tickCount=6, gridOpacity=0.5)}
    ends = {name: (rows[name].min() - 1.5, rows[name].max() + 1.5) for name in ("longitude", "latitude")}
    scales = {
        name: alt.Scale(domain=[round(float(low), 1), round(float(high), 1)], nice=False, zero=False)
        for name, (low, high) in ends.items()
    }
    first = ["city", "year", *(name for name in rows if str(name).startswith("n")), *keys]
    places = rows[["longitude", "latitude"]].round(2)  # two decimals are a kilometre
    short = rows_of(rows[first], DIGITS).assign(**{str(name): list(places[name]) for name in places})
    return alt.Chart(short).encode(
        x=alt.X("longitude:Q", title="longitude, degrees east", scale=scales["longitude"], **look),
        y=alt.Y("latitude:Q", title="latitude, degrees north", scale=scales["latitude"], **look),
    )


def _rings(base: alt.Chart) -> alt.Chart:
    """Return a ring for each city, whatever is known of it: the shape of the country."""
    rings: alt.Chart = base.transform_aggregate(
        n="count()", groupby=["city", "longitude", "latitude"]
    ).mark_point(size=18, stroke=MUTED, strokeWidth=0.6, opacity=0.5)
    return rings


def _dots(base: alt.Chart) -> alt.Chart:
    import altair as alt

    scale = alt.Scale(
        range=[LIGHT, DARK],
        clamp=True,
        domainMin=alt.ExprRef("limits[measure][0]"),
        domainMax=alt.ExprRef("limits[measure][1]"),
        zero=False,
        nice=False,
    )
    told = [
        ("city:N", "city", ""),
        ("value:Q", "value", ",.4~r"),
        ("when:N", "year", ""),
        ("count:Q", "documents", ","),
    ]
    legend = alt.Legend(title=None, orient="bottom", gradientLength=220)
    dots: alt.Chart = (
        base.transform_calculate(value="datum[measure]")
        .transform_filter(f"datum.year == (together ? {ALL_YEARS} : chosen) && isValid(datum.value)")
        .transform_calculate(
            when="datum.year ? datum.year : years",
            count="datum['n' + measure] != null ? datum['n' + measure] : datum.n",
        )
        .mark_circle(size=alt.ExprRef(DOT), opacity=1, stroke=INK, strokeWidth=0.4, cursor="pointer")
        .encode(
            color=alt.Color("value:Q", scale=scale, legend=legend),
            tooltip=tooltips(told),
        )
    )
    return dots


def _choices(keys: Mapping[str, str], rows: pd.DataFrame) -> list[Any]:
    """Return the form's controls: the measure, all years or one."""
    import altair as alt

    years = sorted(year for year in rows["year"].unique().tolist() if year != ALL_YEARS)
    whole = bool((rows["year"] == ALL_YEARS).any())
    select = alt.binding_select(options=list(keys), labels=list(keys.values()), name="Measure")
    found = [alt.param(name="measure", value=next(iter(keys)), bind=select)]
    if not years:
        return [*found, alt.param(name="together", value=True), alt.param(name="chosen", value=ALL_YEARS)]
    slider = alt.binding_range(min=years[0], max=years[-1], step=1, name="Year")
    both = alt.param(name="together", value=True, bind=alt.binding_checkbox(name="All years together"))
    return [
        *found,
        both if whole else alt.param(name="together", value=False),
        alt.param(name="chosen", value=years[-1], bind=slider),
    ]


def _constants(limits: dict[str, list[float]]) -> list[Any]:
    import altair as alt

    return [alt.param(name="limits", value=limits), alt.param(name="years", value="all")]
