"""Which share of a city's promises was met by its next report, beside that of all other cities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from analysis.comparing.means import FEWEST
from analysis.comparing.units import trust
from analysis.profiling.statements import SilentError, so_many
from analysis.rhetoric.keeping import promises_met

if TYPE_CHECKING:
    import pandas as pd

MET = "share of the promises of a report, mean over reports"


class Promises:
    """The promises of all cities, each set against the next year's report."""

    def __init__(self, promises: pd.DataFrame, cities: Iterable[str] | None = None) -> None:
        """cities: those that will be asked for (None: all)."""
        known = promises.loc[promises["city"].notna(), ["doc_id", "city", "met"]]
        asked = known if cities is None else known[known["city"].isin(list(cities))]
        self._kept = promises_met(asked, "city").set_index("city").to_dict("index")
        self._others = met_elsewhere(known)

    def of(self, city: str) -> Iterator[dict[str, Any]]:
        """Yield the statement of a city; raises SilentError where too few of its reports can be judged."""
        own: Any = self._kept.get(city, {"reports": 0})
        reports = int(own["reports"])
        if reports < FEWEST:
            raise SilentError(
                f"{so_many(reports, 'report')} with promises that the next year's report speaks of, "
                f"and {FEWEST} are needed"
            )
        reason = f" ({own['reason']})" if isinstance(own["reason"], str) else ""
        yield {
            "subject": "promises met",
            "kind": "target",
            "value": own["met"],
            "ci_low": own["ci_low"],
            "ci_high": own["ci_high"],
            "unit": MET,
            "others": float(self._others.get(city, float("nan"))),
            "n": reports,
            "says": f"Of {own['promises']:,} promises {own['matched']:,} could be set against the next year's report; "
            f"{own['met']:.0%} of those of a report were met by its own account{reason}.",
        }


def met_elsewhere(promises: pd.DataFrame) -> pd.Series:
    """Return, by city, the share of promises met in all other cities: what `promises_met` gives for them together.

    Each city has the mean of its reports and weighs 1/(0.2 + 0.8/n) with n of them. A city without a promise that could
    be matched is not in it: it has no statement.
    """
    import numpy as np
    import pandas as pd

    matched = promises[promises["met"].notna()].astype({"met": float})
    reports = matched.groupby(["city", "doc_id"], observed=True, sort=True)["met"].mean()
    cities = reports.groupby("city", observed=True, sort=True).agg(["mean", "size"])
    means, weights = cities["mean"].to_numpy(), trust(cities["size"].to_numpy())
    others = [
        np.average(np.delete(means, at), weights=np.delete(weights, at)) if len(means) > 1 else np.nan
        for at in range(len(means))
    ]
    return pd.Series(others, index=cities.index, dtype=float)
