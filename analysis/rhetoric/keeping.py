"""Promises kept: the share that cities' next reports call met, by year, indicator or group of cities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.comparing.demands import check_level
from analysis.comparing.means import mean_interval, said_of
from analysis.frames import check_frame

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ["promises", "matched", "reports", "met", "ci_low", "ci_high", "reason"]


def promises_met(promises: pd.DataFrame, column: str = "year", *, level: float = 0.95) -> pd.DataFrame:
    """Say which share of promises was met, by a column of `promises`. One row a group, sorted.

    promises: from `analysis.promises`, with any columns merged to it, such as a region. column: "year", "indicator", ...

    Columns: the column, promises, matched (with a result in the next year's report of the city), reports (that have any),
    met (share of the matched promises of a report that were met, mean over reports), ci_low, ci_high (t interval over
    reports: the promises of one report are not independent; not beyond 0 and 1; where all reports met all or none, Wilson's
    of so many reports), reason (what must be said of few reports). Groups without a matched promise have no share.
    """
    import pandas as pd

    check_frame(promises, "promises_met", "doc_id", "met", column)
    check_level(level)
    known = promises[promises[column].notna()]
    rows = [
        {column: name, **_of_group(own, level)}
        for name, own in known.groupby(column, observed=True, sort=True)
    ]
    frame = pd.DataFrame(rows, columns=[column, *COLUMNS]).astype({"reason": "string"})
    frame.attrs = {"column": column, "level": level, "unit": "report"}
    return frame


def _of_group(own: pd.DataFrame, level: float) -> dict[str, Any]:

    matched = own[own["met"].notna()]
    shares = (
        matched.groupby("doc_id", observed=True)["met"]
        .agg(lambda met: float(met.astype(float).mean()))
        .sort_index()
    )
    share, low, high = mean_interval(shares.to_numpy(dtype=float), level=level)
    reason = said_of(len(shares), varies=low == low) if len(shares) else "no promise could be matched"
    ends = {
        "ci_low": max(low, 0.0) if low == low else low,
        "ci_high": min(high, 1.0) if high == high else high,
    }
    return {
        "promises": len(own),
        "matched": len(matched),
        "reports": len(shares),
        "met": share,
        **ends,
        "reason": reason,
    }
