"""How a phrase spreads: since when each city uses it, what share of cities by each year, who was first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analysis.comparing.demands import check_draws, check_kind, check_level, check_words
from analysis.comparing.means import FEWEST, FULL, wilson
from analysis.spreading.precedence import by_distance, by_group
from analysis.spreading.sightings import Sightings, sightings
from analysis.spreading.turnbull import resampled, turnbull
from analysis.yearly_rates import named_terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import pandas as pd

    from analysis.counts import Counts
    from analysis.yearly_rates import Terms

CURVE = ["term", "year", "share", "most", "ci_low", "ci_high", "known", "at_risk"]
CURVE += ["reporting", "using", "use", "use_low", "use_high", "reason"]
CENTRAL = ["term", "after", "by", "before", "same", "later", "open", "unknown"]


@dataclass(frozen=True)
class Diffusion:
    """How terms spread over cities, as `diffusion` found it.

    adoptions: one row a term and city: term, city (or the other unit), after (last year known without it, before its first
    use), by (first year with it), status, documents (with a year and whole, or using it), using, undated (uses in documents
    without a year), and of the city province, region, level, adcode, longitude, latitude where known. status: "dated";
    "in its first report" (after missing: it may be any time before); "not so far" (by missing); "year unknown" (only
    documents without a year use it) and "no whole report" (only fragments, which lack it): these two date nothing.
    curve: one row a term and year: share of cities that have ever used it by then (Turnbull's estimate, at its least:
    where the data say only "between two years", at the later), most (the same at its greatest), band (ci_low, ci_high),
    known (cities whose state in the year is certain), at_risk (cities not known to use it the year before, and seen in the
    year or later); reporting and using: cities with a report of that very year, and those of them that use it; use: their
    share with Wilson's interval; reason: what a reader must know of the band.
    central: one row a term, if the State Council's counts were given: after and by (its last year without, and first year
    with), and cities: before (certain to be earlier), same (that very year), later, open (their years leave it open),
    unknown (dated by nothing).
    about: what was asked for; again: for each term, of how many cities the report after the first use is known (at most two
    years later), and the share of these that use it again. Where that is far below 1, "without" is no sign of "not yet".
    """

    adoptions: pd.DataFrame
    curve: pd.DataFrame
    central: pd.DataFrame
    terms: list[str]
    unit: str
    about: dict[str, Any] = field(repr=False)

    def __repr__(self) -> str:
        cities, (first, last) = self.adoptions[self.unit].nunique(), self.about["years"]
        return f"Diffusion({'、'.join(self.terms[:5])}: {len(self.terms)} terms, {cities} × {self.unit}, {first} to {last})"

    def order(self, column: str, *, origin: str | None = None) -> pd.DataFrame:
        """Say who came first: by groups of cities, or by their distance from the first.

        column: "region", "province", "level", or another column of `adoptions`. One row a term and group, the earliest
        first: term, the column, cities, adopted (cities known to have used it), median_after and median (half of the
        group's cities took it up after the one and by the other; missing: half of them had it in their first reports,
        or half never came so far), ci_low, ci_high (first and last year that the median may be, bootstrap over the
        group's cities; missing: open), reason. attrs["p"]: by term, whether groups differ more than shuffled cities do.
        Where first users seldom use a term again (`again` below 0.8), `reason` says so, and p compares cities with about as
        many reports alone: whoever reports seldom seems late.
        "distance": one row a term: term, origin (the first adopters, or the city given), since (its first year), cities
        (the others, with a place and a date), rho (rank correlation of great-circle distance from the nearest origin
        with how late a city is), p (two-sided, of 9,999 times in which whole provinces changed places, as cities of one
        act together; cities whose province is unknown singly), reason. A small p says that distance from this origin
        goes with lateness more than it would if provinces had taken the term up without regard to each other; where
        neighbours are alike for another reason, it is small, too. Distance says nothing of roads.

        How late a city is: its mean rank share over its interval under the common curve (spreading/turnbull.py).
        Raises ValueError for an unknown column or origin.
        """
        if column == "distance":
            return by_distance(self.adoptions, self.unit, origin, self.about)
        if origin is not None:
            raise ValueError("origin= is asked for by column='distance' alone.")
        if column not in self.adoptions or column in ("term", "after", "by"):
            has = ", ".join(str(name) for name in self.adoptions if name not in ("term", "after", "by"))
            raise ValueError(f"There is no column {column!r} to order by; there are {has}, and distance.")
        if self.adoptions[column].isna().all():
            raise ValueError(f"No {self.unit} has a {column}: add it with counts.assign(...).")
        return by_group(self.adoptions, column, self.about)


def diffusion(
    counts: Counts,
    terms: Terms,
    *,
    unit: str = "city",
    years: tuple[int, int] | None = None,
    level: float = 0.95,
    draws: int = 500,
    seed: int = 0,
    central: Counts | None = None,
    min_length: int | None = None,
) -> Diffusion:
    """Find out when cities took up terms, from the years in which they report.

    counts: rows with `year` and the unit's column: words, or devices. terms: a term, several, or named groups of terms, of
    which one is enough. unit: the column whose values adopt. years: first and last of the curve; intervals
    come from all documents, so that an earlier use is not forgotten. central: counts of the State Council's reports, to
    say who was first. min_length: a document with fewer Han characters (tokens where
    they are not counted) that lacks a term says nothing, as it is a fragment; default: a quarter of the median document. A
    column `fragment` that is true says the same.

    Adoption is the first use in a report; it is known to lie between two reports, (after, by]. What follows a first use
    changes nothing: `curve["use"]` tells of giving up. Documents without a year date nothing, those without a unit are
    left aside with a warning. The share that has adopted is Turnbull's (1976) estimate, its band from `draws` resamples of
    cities; docs/diffusion.md says how often it holds the truth, and what it cannot see.
    Raises ValueError for weights, a missing column, no years, or a term that does not occur.
    """
    import pandas as pd

    check_words(counts, "diffusion")
    check_level(level)
    check_draws(draws)
    named = named_terms(counts, terms)
    seen = sightings(counts, named, unit, years, min_length)
    about: dict[str, Any] = {
        "level": level,
        "draws": int(draws),
        "seed": int(seed),
        "min_length": seen.min_length,
    }
    shown = seen.years[seen.shown]
    about |= {"years": (int(shown[0]), int(shown[-1])), "undated": seen.undated}
    about["again"] = {term: seen.again(at) for at, term in enumerate(seen.terms)}
    curve = pd.DataFrame(
        [row for at in range(len(seen.terms)) for row in _curve(seen, at, about)], columns=CURVE
    )
    told = pd.DataFrame(_central(seen, central, named), columns=CENTRAL)
    whole = [name for name in CENTRAL if name != "term"]
    return Diffusion(
        seen.adoptions(),
        curve.astype({"reason": "string"}),
        told.astype(dict.fromkeys(whole, "Int64")),
        seen.terms,
        unit,
        about,
    )


# ---- the curve


def _curve(seen: Sightings, at: int, about: dict[str, Any]) -> Iterator[tuple]:
    import numpy as np

    after, by = seen.after[:, at], seen.by[:, at]
    dated = seen.dates_something(at)
    after, by = after[dated], by[dated]
    years = seen.years[seen.shown].astype(float)
    known = ((by[:, None] <= years) | (after[:, None] >= years)).sum(axis=0)
    risk = ((by[:, None] >= years) & (seen.last[dated][:, None] >= years)).sum(axis=0)
    share = most = np.full(len(years), np.nan)
    low = high = share
    if len(after):
        share, most = (part[0] for part in turnbull(after, by).shares(years))
        low, high = _band(after, by, years, (share, most), known, about)
    reporting, using = seen.usage(at)
    use = np.where(reporting > 0, using / np.maximum(reporting, 1), np.nan)
    use_low, use_high = wilson(use, reporting, about["level"])
    for place, year in enumerate(seen.years[seen.shown].tolist()):
        estimate = (share[place], most[place], low[place], high[place], int(known[place]), int(risk[place]))
        used = (int(reporting[place]), int(using[place]), use[place], use_low[place], use_high[place])
        yield (seen.terms[at], year, *estimate, *used, _said(len(after), int(known[place])))


def _band(
    after: np.ndarray,
    by: np.ndarray,
    years: np.ndarray,
    shares: tuple[np.ndarray, np.ndarray],
    known: np.ndarray,
    about: dict[str, Any],
) -> tuple[np.ndarray, np.ndarray]:
    """Return the band: from the least share's lower end to the greatest share's upper end."""
    import numpy as np

    if len(after) < FEWEST:
        return np.full(len(years), np.nan), np.full(len(years), np.nan)
    drawn = resampled(after, by, about["draws"], about["seed"]).shares(years)
    low = _ends(shares[0], drawn[0], known, len(after), about["level"])[0]
    return low, _ends(shares[1], drawn[1], known, len(after), about["level"])[1]


def _ends(
    share: np.ndarray, samples: np.ndarray, known: np.ndarray, cities: int, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return Wilson's interval of as many cities as the resamples' variance is worth (Korn & Graubard 1998 do so).

    Plain quantiles of resamples end at 0 or 1 where hardly any or nearly all cities have adopted. Where the estimate is
    itself 0 or 1, it is worth the cities whose state is known, and the quantiles may widen it.
    """
    import numpy as np

    spread = samples.var(axis=0)
    inner = (share > 0) & (share < 1) & (spread > 0)
    size = np.where(inner, share * (1 - share) / np.where(inner, spread, 1), known)
    low, high = wilson(share, np.minimum(size, cities), level)
    tails = np.quantile(samples, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return np.where(inner, low, np.minimum(low, tails[0])), np.where(inner, high, np.maximum(high, tails[1]))


def _said(cities: int, known: int) -> str | None:
    if cities < FEWEST:
        return f"no band: {cities} cities with a date"
    if cities < FULL:
        return f"band of {cities} cities"
    return None if known >= FULL else f"the state of {known} of {cities} cities is known"


# ---- the State Council


def _central(seen: Sightings, central: Counts | None, named: dict[str, list[str]]) -> Iterator[tuple]:
    """Yield for each term when the State Council first used it, and how many cities were before it."""
    import numpy as np

    if central is None:
        return
    check_kind(central, "central=")
    theirs = sightings(central.assign(centre="State Council"), named, "centre", None, None)
    for at, term in enumerate(seen.terms):
        dated = seen.dates_something(at)
        after, by = seen.after[dated, at], seen.by[dated, at]
        first, last = theirs.by[0, at], theirs.after[0, at]
        before, same = by < first, (after == first - 1) & (by == first)
        later = (after >= first) & np.isfinite(first)
        sets = [before, same, later, ~(before | same | later)]
        counted = [int(each.sum()) for each in sets] if np.isfinite(first) else [None] * 4
        dates = [year if np.isfinite(year) else None for year in (last, first)]
        yield (term, *dates, *counted, int((~dated).sum()))
