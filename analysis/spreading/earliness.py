"""Who was early: how many other cities already used a phrase in the year in which one is first seen with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.comparing.means import FEWEST

if TYPE_CHECKING:
    import pandas as pd

EARLY = 0.1  # share of the other cities that may use a phrase in the year, or be known to have used it before
_UNIT = "share of the other cities with a report of that year that used it in it"


def taken_up(own: pd.Series, curve: pd.DataFrame, adoptions: pd.DataFrame) -> dict[str, Any] | None:
    """Say how many others used a term in the year in which a city is first seen with it; None where it was not early.

    own: a row of `Diffusion.adoptions` whose `by` is known. curve: `Diffusion.curve`, which counts the city itself.
    adoptions: `Diffusion.adoptions`.

    Counted are the other cities with a report of that very year, and those of them that use the term in it: of cities
    without a report nothing is guessed. value: the share that uses it, with Wilson's 95 % interval, and n. Early: at most a
    tenth of them (of at least 3) use it; and of the others that ever use it, at most a tenth are known to have done so in
    an earlier year, for a phrase that has gone out of use is rare too.
    """
    import pandas as pd
    from scipy.stats import binomtest

    term, by, after = own["term"], int(own["by"]), own["after"]
    year = curve[(curve["term"] == term) & (curve["year"] == by)].iloc[0]
    others, using = int(year["reporting"]) - 1, int(year["using"]) - 1
    rest = adoptions[(adoptions["term"] == term) & adoptions["by"].notna()].drop(index=own.name)
    before = int((rest["by"] < by).sum())
    if others < FEWEST or using > EARLY * others or before > EARLY * len(rest):
        return None
    ends = binomtest(using, others).proportion_ci(0.95, method="wilson")
    since = f"by its first report, {by}" if pd.isna(after) else f"between its reports of {after} and {by}"
    return {
        "subject": term,
        "value": using / others,
        "ci_low": float(ends.low),
        "ci_high": float(ends.high),
        "unit": _UNIT,
        "others": float("nan"),
        "n": others,
        "says": f"{term} was taken up {since}; {using} of the {others} other cities with a report of {by} used it then, "
        f"and {before} of the {len(rest)} others that ever use it are known to have done so before.",
    }
