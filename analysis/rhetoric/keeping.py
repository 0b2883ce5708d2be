"""Promises kept: the share that cities' next reports call met, by year, indicator or group of cities."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from analysis.comparing.demands import check_level
from analysis.comparing.means import FEWEST, mean_interval, said_of
from analysis.comparing.units import layout, unit_of
from analysis.frames import check_frame

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ["promises", "matched", "reports", "units", "met", "ci_low", "ci_high", "reason"]


def promises_met(promises: pd.DataFrame, column: str = "year", *, level: float = 0.95) -> pd.DataFrame:
    """Say which share of promises was met, by a column of `promises`. One row a group, sorted.

    promises: from `analysis.promises`, with any columns merged to it, such as a region. column: "year", "indicator", ...

    The units are the reports, for the promises of one report are not independent; the interval lets the reports of a city
    move together, for neither are they. Where the column has one value in each city (region, province, or one group of
    all) the units are the cities: each has the mean of its reports, and weighs 1/(0.2 + 0.8/n) with n of them, as in
    `device_rates`. Reports without a city are units.

    Columns: the column, promises, matched (with a result in the next year's report of the city), reports (that have any),
    units, met (share of the matched promises of a report that were met, mean over units), ci_low, ci_high (t interval over
    cities, not beyond 0 and 1; where three units or more met all or none, Wilson's of so many), reason (what must be said of
    the interval). Groups without a matched promise have no share. Promises without a group are left aside with a warning.
    attrs: column, level, unit ("report" or "city").
    """
    import pandas as pd

    check_frame(promises, "promises_met", "doc_id", "met", column)
    check_level(level)
    known = _with_group(promises, column)
    by_city = unit_of(known, column) == "city"
    sizes = known.groupby(column, observed=True, sort=True)["met"].agg(["size", "count"])
    reports = _reports(known[known["met"].notna()], column)
    told = dict(iter(reports.groupby(column, observed=True)))
    rows = [
        {column: name, "promises": promised, "matched": matched}
        | _of_group(told.get(name, reports.head(0)), "city" if by_city else "document", level)
        for name, promised, matched in sizes.itertuples()
    ]
    frame = pd.DataFrame(rows, columns=[column, *COLUMNS]).astype({"reason": "string"})
    frame.attrs = {"column": column, "level": level, "unit": "city" if by_city else "report"}
    return frame


def _with_group(promises: pd.DataFrame, column: str) -> pd.DataFrame:
    lacking = promises[column].isna().to_numpy(dtype=bool)
    if lacking.any():
        warnings.warn(
            f"{lacking.sum()} of {len(promises)} promises have no {column}, first in "
            f"{promises.loc[lacking, 'doc_id'].iloc[0]!r}; they are left aside.",
            stacklevel=3,
        )
    return promises[~lacking]


def _of_group(reports: pd.DataFrame, unit: str, level: float) -> dict[str, Any]:
    laid = layout(reports, unit)
    shares = (
        laid.average @ reports["share"].to_numpy(dtype=float) if len(reports) else reports["share"].to_numpy()
    )
    told = {"reports": len(reports), "units": laid.n_units}
    if len(shares) >= FEWEST and reports["share"].iloc[0] in (0, 1) and reports["share"].nunique() == 1:
        return told | _alike(laid.n_units, float(reports["share"].iloc[0]), level)
    if unit == "city":
        n, (share, low, high) = len(shares), mean_interval(shares, laid.trust, level=level)
    else:
        n, share, low, high = _over_cities(reports, level)
    reason = said_of(n, varies=low == low) if n else "no promise could be matched"
    ends = (max(low, 0.0), min(high, 1.0)) if low == low else (low, high)
    return told | {"met": share, "ci_low": ends[0], "ci_high": ends[1], "reason": reason}


def _over_cities(reports: pd.DataFrame, level: float) -> tuple[int, float, float, float]:
    """Return the number of cities, and the mean over reports with an interval in which the reports of a city move together.

    The cluster-robust variance of a mean (Liang & Zeger 1986) with G/(G − 1) and t on G − 1 degrees of freedom, G cities;
    with one report a city it is the t interval over reports.
    """
    import numpy as np
    from scipy.stats import t as student

    shares = reports["share"].to_numpy(dtype=float)
    city = reports["city"].astype(object) if "city" in reports else reports["doc_id"].astype(object)
    together = city.where(city.notna(), reports["doc_id"].astype(object)).to_numpy()
    mean = float(shares.mean()) if len(shares) else np.nan
    strayed = np.array([(shares[together == name] - mean).sum() for name in dict.fromkeys(together)])
    n = len(strayed)
    if n < FEWEST or not (strayed != 0).any():
        return n, mean, np.nan, np.nan
    error = np.sqrt(n / (n - 1) * float(strayed @ strayed)) / len(shares)
    margin = float(student.ppf((1 + level) / 2, n - 1)) * error
    return n, mean, mean - margin, mean + margin


def _reports(matched: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return one row a group and report, in their order: share of its promises met, and its city where known."""
    keys = list(dict.fromkeys([column, "doc_id"]))
    how = {"share": "mean"} | ({"city": "first"} if "city" in matched and column != "city" else {})
    shares = matched.assign(share=matched["met"].astype(float))
    return shares.groupby(keys, observed=True, sort=True).agg(how).reset_index()


def _alike(units: int, share: float, level: float) -> dict[str, Any]:
    """Return Wilson's (1927) interval of units that met all, or none."""
    from scipy.stats import binomtest

    ends = binomtest(int(units * share), units).proportion_ci(level, method="wilson")
    reason = f"Wilson's interval: all {units} units met {'all' if share else 'none'}"
    return {"met": share, "ci_low": float(ends.low), "ci_high": float(ends.high), "reason": reason}
