"""How frames look in a notebook: readable tables, a concordance with its keyword in the middle."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from analysis.site.tables import keep_table
from analysis.table_markup import table_html

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 60  # as pandas shows
# What JupyterLab's own style sheet would set otherwise; `scoped`, as pandas writes it, so that a report leaves it out.
STYLE = (
    "<style scoped>.city-rhetoric{overflow-x:auto}"
    ".city-rhetoric td,.city-rhetoric th{text-align:left;vertical-align:top;max-width:34em;white-space:normal}"
    ".city-rhetoric .num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}"
    ".city-rhetoric .right{text-align:right;white-space:nowrap}"
    ".city-rhetoric .right+td{white-space:nowrap;font-weight:600}"
    ".city-rhetoric .right+td+td{white-space:nowrap}"
    ".city-rhetoric caption{text-align:left}</style>"
)


def readable_frames() -> None:
    """Let the notebook that is running show every frame as a readable table; outside a notebook do nothing."""
    from importlib.util import find_spec

    if find_spec("IPython") is None:
        return
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is not None and shell.display_formatter is not None:
        import pandas as pd

        shell.display_formatter.formatters["text/html"].for_type(pd.DataFrame, frame_html)


def frame_html(frame: pd.DataFrame) -> str:
    """Return a frame as HTML for a notebook: numbers rounded and aligned, a dash for unknown, everything escaped, the first
    60 rows; the columns that `frame.attrs["right"]` names are set flush right."""
    import pandas as pd

    plain = isinstance(frame.index, pd.RangeIndex) and frame.index.name is None and frame.columns.nlevels == 1
    flat = frame if plain else frame.reset_index(names=_names(frame))
    flat = flat.set_axis([_label(name) for name in flat.columns], axis=1)
    table = table_html(flat.head(MOST_ROWS), right=frame.attrs.get("right", ()))
    rows, columns = frame.shape
    first = f"the first {MOST_ROWS} of " if rows > MOST_ROWS else ""
    return wrapped(
        f"{table}<p>{html.escape(f'{first}{rows:,} rows × {columns} columns')}</p>{keep_table(flat)}"
    )


def wrapped(table: str) -> str:
    """Return a table in the style that a notebook needs."""
    return f'<div class="city-rhetoric">{STYLE}{table}</div>'


def _names(frame: pd.DataFrame) -> list[str]:
    """Return names for the levels of an index that are not taken by columns."""
    taken = {str(name) for name in frame.columns}
    names = []
    for n, name in enumerate(frame.index.names):
        label = "" if name is None else str(name)
        while label in taken:
            label += " " if not label.strip() else f" ({n + 1})"
        taken.add(label)
        names.append(label)
    return names


def _label(name: object) -> str:
    return " · ".join(str(part) for part in name if str(part)) if isinstance(name, tuple) else str(name)
