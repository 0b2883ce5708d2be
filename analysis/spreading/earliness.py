"""Who was early: how many other cities already used a phrase in the year in which one is first seen with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.comparing.means import FEWEST, wilson

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from analysis.spreading.sightings import Sightings

EARLY = 0.1  # share of the other cities that may use a phrase in the year, or be known to have used it before
COLUMNS = ["city", "term", "after", "by", "value", "ci_low", "ci_high", "others", "using", "before", "users"]


def taken_up(seen: Sightings) -> pd.DataFrame:
    """Say which cities took up a term early. One row a city (or other unit) and term, by unit and then term.

    Counted are the other cities with a report of the very year in which a city is first seen with the term, and those of
    them that use it in that year: of cities without a report nothing is guessed. Early: at most a tenth of them (of at least
    3) use it; and of the others that ever use it, at most a tenth are known to have done so in an earlier year, for
    a phrase that has gone out of use is rare too.

    Columns: city; term; after (last year known without it; missing where its first report has it), by (first year with it);
    value (share of the others that use it in that year) with Wilson's 95 % interval ci_low, ci_high; others (with a
    report of the year), using (of them); before (others known to have used it in an earlier year), users (others that ever
    use it).
    """
    import numpy as np
    import pandas as pd

    frames = []
    for at, term in enumerate(seen.terms):
        by = seen.by[:, at]
        units = np.flatnonzero(np.isfinite(by))
        year = (by[units] - seen.years[0]).astype(int)
        others, using = (found[year] - 1 for found in _usage(seen, at))
        before, users = np.searchsorted(np.sort(by[units]), by[units]), len(units) - 1
        early = (others >= FEWEST) & (using <= EARLY * others) & (before <= EARLY * users)
        found = {
            "city": seen.units[seen.name].to_numpy()[units],
            "term": term,
            "after": np.where(np.isfinite(seen.after[units, at]), seen.after[units, at], np.nan),
            "by": by[units].astype(int),
            "others": others,
            "using": using,
            "before": before,
            "users": users,
        }
        frames.append(pd.DataFrame(found)[early])
    frame = pd.concat(frames, ignore_index=True)
    share = (frame["using"] / frame["others"]).to_numpy(dtype=float)
    low, high = wilson(share, frame["others"].to_numpy())
    frame = frame.assign(value=share, ci_low=low, ci_high=high).astype({"after": "Int64"})[COLUMNS]
    return frame.sort_values(["city", "term"], ignore_index=True)


def _usage(seen: Sightings, at: int) -> tuple[np.ndarray, np.ndarray]:
    """Return for each year how many units report, and how many of them use the term."""
    return (seen.seen[:, :, at] > 0).sum(axis=0), (seen.using[:, :, at] > 0).sum(axis=0)
