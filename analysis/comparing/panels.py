"""Panels with gaps: what years do when every city counts as itself, whichever cities happen to report."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from analysis.comparing.means import FEWEST
from analysis.comparing.units import trust

if TYPE_CHECKING:
    import numpy as np

MODELS = ("proportional", "additive")
ROUNDS = 2_000  # of fitting cities and years in turn; some 50 are usual
CLOSE = 1e-10


@dataclass(frozen=True)
class Panel:
    """Cells of cities and years. city, year: numbers from 0, one a cell; docs: documents of the cell; values: cells × terms.

    Several cells may have the same city and year (documents as units).
    """

    city: np.ndarray
    year: np.ndarray
    docs: np.ndarray
    values: np.ndarray

    @cached_property
    def weights(self) -> np.ndarray:
        """Cities × years: the weight of the cells, 1/(0.2 + 0.8/n) for a mean over n documents (see comparing.units)."""
        import numpy as np

        weights = np.zeros((self.city.max() + 1, self.year.max() + 1))
        np.add.at(weights, (self.city, self.year), trust(self.docs))
        return weights

    @cached_property
    def sums(self) -> np.ndarray:
        """Terms × cities × years: the weighted sums of the values."""
        import numpy as np

        sums = np.zeros((*self.weights.shape, self.values.shape[1]))
        np.add.at(sums, (self.city, self.year), trust(self.docs)[:, None] * self.values)
        return np.moveaxis(sums, 2, 0)

    def levels(self, model: str = "proportional", without: int | None = None) -> np.ndarray:
        """Return what each year's mean would be if all cities had reported, years × terms; NaN where that can't be known.

        model: "proportional": value = city · year; "additive": value = city + year. Of several groups of years that no city
        joins to each other the one with most cells counts. `without`: the number of a city that is left out.
        """
        import numpy as np

        kept = np.ones(len(self.weights), dtype=bool)
        if without is not None:
            kept[without] = False
        fit = {"proportional": proportional, "additive": additive}[model]
        return np.array([fit(self.weights[kept], own[kept]) for own in self.sums]).T

    def spread(self, model: str = "proportional") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return levels, their standard errors, and where a level hangs on a single city: all years × terms.

        Delete-one-city jackknife, √((G − 1)/G · Σ(level without the city − level)²) over G cities, which holds whatever
        likeness the cells of one city have (CV3 of MacKinnon, Nielsen & Webb 2023). The error is NaN for a year that
        fewer than 3 cities report, or that hangs on one city: without it nothing would join the year to the others.
        """
        import numpy as np

        whole = self.levels(model)
        cities, _ = joined(self.weights > 0)
        left = np.array([self.levels(model, city) for city in cities])
        hangs = np.isnan(left).any(axis=0) & ~np.isnan(whole)
        error = np.sqrt(((left - whole) ** 2).sum(axis=0) * (len(cities) - 1) / len(cities))
        few = (self.weights[cities] > 0).sum(axis=0) < FEWEST
        error[few] = np.nan
        return whole, error, hangs & ~few[:, None]


def additive(weights: np.ndarray, sums: np.ndarray) -> np.ndarray:
    """Return the levels of years from weighted least squares of value = city + year; arguments cities × years.

    A year's effect plus the mean of the cities' effects, each city weighing 1/(0.2 + 0.8/n), n its cells' weight. Levels
    may fall below 0.
    """
    import numpy as np

    cities, years = joined(weights > 0)
    own, sums = weights[np.ix_(cities, years)], sums[np.ix_(cities, years)]
    exposure = own.sum(axis=1)
    share = own / exposure[:, None]
    # The cities' effects are taken out; the first year's is 0, for only differences can be known.
    system = np.diag(own.sum(axis=0)) - own.T @ share
    effects = np.zeros(len(years))
    effects[1:] = np.linalg.solve(system[1:, 1:], (sums.sum(axis=0) - share.T @ sums.sum(axis=1))[1:])
    of_cities = sums.sum(axis=1) / exposure - share @ effects
    levels = np.full(weights.shape[1], np.nan)
    levels[years] = effects + np.average(of_cities, weights=trust(exposure))
    return levels


def proportional(weights: np.ndarray, sums: np.ndarray) -> np.ndarray:
    """Return the levels of years from value = city · year; arguments cities × years.

    Weighted Poisson pseudo-likelihood (Santos Silva & Tenreyro 2006), which asks of the values only that their means are
    such products: the fitted sums of each city and of each year are those seen, found by fitting the two in turn. A
    year in which nobody uses the word has level 0. The level is the year's factor times the mean of the cities' factors,
    each weighing 1/(0.2 + 0.8/n), n its reports counted by how often the word is used in their years on average: a
    city that reported only when nobody used the word tells nothing.
    """
    import numpy as np

    present, factors = weights > 0, np.full(weights.shape[1], np.nan)
    if not sums.any():
        factors[present.any(axis=0)] = 0
        return factors
    cities, years = joined(present & (sums.sum(axis=1) > 0)[:, None] & (sums.sum(axis=0) > 0))
    factors[present[cities].any(axis=0)] = 0
    factors[years] = _in_turn(weights[np.ix_(cities, years)], sums[np.ix_(cities, years)])
    known = ~np.isnan(factors)
    exposure = weights[:, known] @ factors[known]
    told = exposure > 0
    reports = exposure[told] / (exposure.sum() / weights[np.ix_(told, known)].sum())
    of_cities = sums[np.ix_(told, known)].sum(axis=1) / exposure[told]
    return factors * np.average(of_cities, weights=trust(reports))


def _in_turn(weights: np.ndarray, sums: np.ndarray) -> np.ndarray:
    """Return the years' factors: fit cities, then years, until neither changes."""
    import numpy as np

    rows, columns = sums.sum(axis=1), sums.sum(axis=0)
    factors = columns / weights.sum(axis=0)
    for _ in range(ROUNDS):
        before, factors = factors, columns / ((rows / (weights @ factors)) @ weights)
        factors = factors * (before.sum() / factors.sum())
        if np.abs(factors - before).max() <= CLOSE * factors.max():
            break
    return factors


def joined(present: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the cities and the years (their numbers) of the largest connected part of a table cities × years."""
    import numpy as np

    seen = present.astype(float)
    reach = (seen.T @ seen > 0) | np.eye(present.shape[1], dtype=bool)
    for _ in range(len(reach).bit_length()):  # each time twice as many steps from year to year
        reach = reach.astype(float) @ reach > 0
    part = reach.argmax(axis=1)  # named after its first year
    largest = np.bincount(part, present.sum(axis=0)).argmax()
    years = np.flatnonzero((part == largest) & present.any(axis=0))
    return np.flatnonzero(present[:, years].any(axis=1)), years


def throughout(present: np.ndarray) -> tuple[int, int]:
    """Return the first and last column of the span that keeps most cells of rows that are there in all of it.

    present: cities × consecutive years. Of spans that keep as many the longer counts, then the later; at least two years.
    """
    import numpy as np

    best, found = (0, 0, 0), (0, present.shape[1] - 1)
    for first in range(present.shape[1]):
        always = np.logical_and.accumulate(present[:, first:], axis=1).sum(axis=0)
        for length in range(2, len(always) + 1):
            score = (int(always[length - 1]) * length, length, first)
            if always[length - 1] and score > best:
                best, found = score, (first, first + length - 1)
    return found
