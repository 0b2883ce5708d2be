"""Tables as HTML: rounded, thousands apart, a dash for unknown, every word escaped."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from analysis.evidence.buttons import opening
from analysis.languages import both, spans
from analysis.notices import caption_html

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

_PROBABILITIES = ("p", "q", "p_least")  # columns in which 0.00 would hide the size of a small number
_LEAST = 0.001
YEARS = (1900, 2100)  # a column of whole numbers in these bounds is taken for years


def table_html(
    frame: pd.DataFrame,
    *,
    caption: str | None = None,
    digits: int = 2,
    index: bool = False,
    right: Sequence[str] = (),
    source: str = "",
    items: Mapping[str, Sequence[Any]] | None = None,
) -> str:
    """Return a table as HTML: decimals rounded, thousands apart (years left alone), a dash for unknown.

    items: for some columns, by name, what evidence the cell of each row opens (see `evidence.buttons.items_of`).
    """
    shown = frame.reset_index() if index else frame
    flush = [_look(str(name), name in right) for name in shown.columns]
    named = zip(flush, shown.columns, strict=True)
    heads = "".join(f'<th scope="col"{look}>{spans(str(name), note=False)}</th>' for look, name in named)
    columns = [
        _cells(shown.iloc[:, i], digits, look) for i, look in enumerate(flush)
    ]  # names may be there twice
    for i, name in enumerate(shown.columns):
        columns[i] = _opening(columns[i], (items or {}).get(name))
    rows = "".join(f"<tr>{''.join(row)}</tr>" for row in zip(*columns, strict=True))
    said = caption_html(caption, source)
    title = f"<caption>{said}</caption>" if said else ""
    return f"<table>{title}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _look(name: str, right: bool) -> str:
    """Return the attributes of a column's cells: flush right, or only for readers of English, as a gloss is."""
    return ' class="right"' * right + ' data-in="en"' * (name == "gloss" and both())


def _cells(column: pd.Series, digits: int, look: str) -> list[str]:
    """Return a column's cells as HTML; numbers carry the class that aligns them."""
    from pandas.api.types import is_bool_dtype, is_float_dtype, is_integer_dtype

    if is_bool_dtype(column) or not (is_float_dtype(column) or is_integer_dtype(column)):
        return [f"<td{look}>{_or_dash(value, '')}</td>" for value in column]
    if str(column.name) in _PROBABILITIES:
        return [f'<td class="num">{_probability(value)}</td>' for value in column]
    pattern = f",.{digits}f"
    if is_integer_dtype(column):
        pattern = "d" if _holds_years(column) else ",d"
    return [f'<td class="num">{_or_dash(value, pattern).replace("-", "−")}</td>' for value in column]


def _opening(cells: list[str], items: Sequence[Any] | None) -> list[str]:
    """Put a button round what stands in the cells that open evidence."""
    if items is None:
        return cells
    return [cell if item is None else _opened(cell, *item) for cell, item in zip(cells, items, strict=True)]


def _opened(cell: str, kind: str, item: str) -> str:
    head, _, rest = cell.partition(">")
    return f"{head}>{opening(kind, item, rest.removesuffix('</td>'))}</td>"


def _probability(value: Any) -> str:
    """Return a probability with three decimals, or below what it lies; a dash where it is unknown."""
    return f"&lt; {_LEAST}" if value < _LEAST else _or_dash(value, ".3f")


def _holds_years(column: pd.Series) -> bool:
    """Return True for whole numbers that are years, by the column's name or because all could be: 2021, not 2,021."""
    known = column.dropna()
    return str(column.name).lower() in ("year", "years") or bool(known.between(*YEARS).all())


def _or_dash(value: Any, pattern: str) -> str:
    """Return a value as escaped text, a dash where it is unknown."""
    import pandas as pd

    unknown = pd.api.types.is_scalar(value) and pd.isna(value)
    if unknown:
        return "–"
    # Words of ours (verdicts, reasons, units) have Chinese; terms and texts have none, and stay as they are.
    return html.escape(format(value, pattern)) if pattern else spans(str(value), note=False)
