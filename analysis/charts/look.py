"""One look of all charts: that of the pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.style import BLUE, CHINESE_FAMILY, GRID, INK, MUTED, ORANGE, PAPER

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

LIGHT, DARK = "#deebf7", "#08306b"  # little and much: the ends of the pictures' blues
SMALL, TYPE = 11, 12  # pixels
FIT = {"type": "fit", "contains": "padding", "resize": True}  # a choice may bring longer names
WIDTH = 640  # pixels, where nobody says how much room there is; a page gives a chart its own
# The page's script knows these colours by their value and puts its own, dark or light, in their place.
COLOURS = {
    "ink": INK,
    "muted": MUTED,
    "grid": GRID,
    "paper": PAPER,
    "blue": BLUE,
    "orange": ORANGE,
    "low": LIGHT,
    "high": DARK,
}


def rows_of(frame: pd.DataFrame, digits: int = 4) -> pd.DataFrame:
    """Return a frame as a chart's data: numbers to so many significant digits, text unknown as "", a number as missing."""
    import pandas as pd
    from pandas.api.types import is_numeric_dtype

    columns = {str(name): [_plain(value, digits) for value in frame[name]] for name in frame}
    unknown = {name: "" for name in frame if not is_numeric_dtype(frame[name])}
    return pd.DataFrame(columns).fillna(unknown)


def _plain(value: Any, digits: int) -> Any:
    """Return a cell as JSON knows it; what is unknown as None."""
    import numpy as np
    import pandas as pd

    if isinstance(value, bool | np.bool_):
        return int(value)
    if pd.isna(value):
        return None
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        short = float(f"{value:.{digits}g}")
        return int(short) if short.is_integer() else short
    return str(value)


def tooltips(lines: list[tuple[str, str, str]]) -> list[Any]:
    """Return what hovering shows: the field with its type, its name, and its format ("" for text)."""
    import altair as alt

    return [
        alt.Tooltip(field, title=title, format=look) if look else alt.Tooltip(field, title=title)
        for field, title, look in lines
    ]


def finished(chart: Any, *, height: int, hint: str, **beside: Any) -> alt.Chart:
    """Return a chart with the size, look and extras that all have; beside: click and ratio, see `chart_json`."""
    extras = {"hint": hint} | beside
    whole = chart.properties(width=WIDTH, height=height, autosize=FIT, usermeta=extras)
    done: alt.Chart = whole.properties(background=PAPER, name="chart").configure(**_config())
    return done


def _config() -> dict[str, Any]:
    """Return the settings of a chart: plain axes, no frame, light grid, one family of type."""
    words = {
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": TYPE,
        "titleFontSize": TYPE,
        "titleFontWeight": 400,
    }
    lines = {"domainColor": MUTED, "tickColor": MUTED, "gridColor": GRID}
    return {
        "font": CHINESE_FAMILY,
        "aria": False,  # the figure has one text for all of it; thousands of marks read out would be none
        "view": {"stroke": None},
        "axis": words | lines | {"labelFontWeight": 400, "titlePadding": 8},
        "legend": words | {"symbolStrokeWidth": 2, "gradientStrokeColor": GRID},
        "text": {"color": INK, "fontSize": TYPE},
        "title": {"color": MUTED, "fontSize": SMALL, "fontWeight": 400, "anchor": "start"},
    }
