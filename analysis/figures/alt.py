"""What a figure shows, said in a sentence from its data: for the alternative text of those who can't see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.frames import check_frame
from analysis.keywords.chance import ALPHA

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

LINES = 4  # of a course that are told


def alt_extremes(values: pd.Series | pd.DataFrame, n: int = 3) -> str:
    """Say which of some values are the largest and the smallest, each with its label: for bars, maps and heat maps.

    values: a Series whose index has the labels, such as `frame.set_index("city")["rate"]`, or a matrix; of one that has the
    same names on both sides each pair is told once. What is unknown takes no part; of equals the first by label is named.
    "" where nothing is known. Raises ValueError for what is neither, or holds no numbers.

    >>> import pandas as pd
    >>> alt_extremes(pd.Series({"霁川市": 3, "望澜市": 1200, "溪宁市": 7}), n=1)
    'Most: 望澜市 (1,200); least: 霁川市 (3).'
    >>> alt_extremes(pd.Series({"霁川市": 0.5, "望澜市": 0.25}))
    'From most to least: 霁川市 (0.5), 望澜市 (0.25).'
    """
    known = _cells(values).dropna()
    told = sorted(zip(map(_label, known.index), known.tolist(), strict=True))
    falling = sorted(told, key=lambda each: -each[1])
    if len(told) <= 2 * n:
        return f"From most to least: {_listed(falling)}." if told else ""
    least = sorted(told, key=lambda each: each[1])[:n]
    return f"Most: {_listed(falling[:n])}; least: {_listed(least)}."


def alt_course(frame: pd.DataFrame, value: str = "rate", line: str | None = "term") -> str:
    """Say how values went over the years: the first, the last, the highest and the lowest of each line, a sentence each.

    frame: one row a line and year, with the columns `year`, `value` and `line` (None: there is one line). Of more than
    four lines the first four are told. What is unknown takes no part; "" where nothing is known. Raises ValueError where
    a column is missing.

    >>> import pandas as pd
    >>> alt_course(pd.DataFrame({"year": [2019, 2020, 2021], "rate": [2.0, 5.25, 3.5]}), line=None)
    'From 2 in 2019 to 3.5 in 2021; highest 5.25 in 2020, lowest 2 in 2019.'
    """
    check_frame(frame, "alt_course", "year", value, *([line] if line else []))
    known = frame.dropna(subset=["year", value]).sort_values("year", kind="stable", ignore_index=True)
    if line is None:
        return _went("From", known, value) if len(known) else ""
    lines = ((name, known[known[line] == name]) for name in dict.fromkeys(frame[line].dropna()))
    told = [_went(f"Line {name}: from", own, value) for name, own in lines if len(own)]
    return " ".join(told[:LINES])


def alt_contrast(frame: pd.DataFrame, n: int = 3) -> str:
    """Say which terms a comparison calls different, the first of each direction with how many times as often.

    frame: from `keyness`, in its order: the surest more first, the surest less last. Raises ValueError for a frame without
    term, log_ratio and q.

    >>> import pandas as pd
    >>> alt_contrast(pd.DataFrame({"term": ["基金", "钢铁"], "log_ratio": [1.0, -2.0], "q": [0.01, 0.02]}))
    'More often at q < 0.05: 1, first 基金 (2×). Less often: 1, first 钢铁 (0.25×).'
    """
    check_frame(frame, "alt_contrast", "term", "log_ratio", "q")
    sure = frame[(frame["q"] < ALPHA) & frame["log_ratio"].notna()]
    times = list(zip(sure["term"], (2.0 ** sure["log_ratio"].astype(float)).tolist(), strict=True))
    more, less = ([each for each in times if (each[1] > 1) == way] for way in (True, False))
    if not times:
        return f"No term differs at q < {ALPHA}."
    above = f"More often at q < {ALPHA}: {_times(more, more[:n])}."
    return f"{above} Less often: {_times(less, less[: -n - 1 : -1])}."


def _cells(values: Any) -> Any:
    """Return values with their labels; of a matrix its cells, of a symmetric one those above the diagonal."""
    import numpy as np

    if not hasattr(values, "dropna"):
        raise ValueError(f"alt_extremes takes a Series or a matrix of numbers, not {type(values).__name__}.")
    try:
        values = values.astype("Float64").astype(float)
    except (ValueError, TypeError) as why:
        raise ValueError(f"alt_extremes takes numbers, and here is something else: {why}.") from why
    if not hasattr(values, "columns"):
        return values
    if values.index.equals(values.columns):
        values = values.where(np.triu(np.ones(values.shape, dtype=bool), 1))
    return values.stack()


def _went(begin: str, own: pd.DataFrame, value: str) -> str:
    """Say one line's course, from rows in the order of years."""
    values, years = (own[name].to_numpy(dtype=float) for name in (value, "year"))
    at = (0, -1, values.argmax(), values.argmin())
    first, last, highest, lowest = (f"{_number(values[n])} in {years[n]:.0f}" for n in at)
    return f"{begin} {first} to {last}; highest {highest}, lowest {lowest}."


def _listed(told: Iterable[tuple[str, Any]]) -> str:
    return ", ".join(f"{label} ({_number(value)})" for label, value in told)


def _times(every: list[tuple[str, float]], first: list[tuple[str, float]]) -> str:
    named = ", ".join(f"{term} ({_number(times)}×)" for term, times in first)
    return f"{len(every)}, first {named}" if every else "none"


def _label(name: Any) -> str:
    return " · ".join(map(str, name)) if isinstance(name, tuple) else str(name)


def _number(value: Any) -> str:
    """
    >>> _number(40321), _number(40321.7), _number(0.02346), _number(3.0)
    ('40,321', '40,322', '0.0235', '3')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:.3g}"
