"""What is compared: documents or cities as units, within years; their values centred without being made dense."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from scipy.sparse import csr_matrix

UNITS = ("document", "city")
# How alike two reports of one city and year's mean are, for the middle word: the variance of a city's mean over n reports
# is as 0.2 + 0.8/n (benchmarks/keyness_calibration.py measures it). It decides how much a city with few reports weighs.
LIKENESS = 0.2


def unit_of(rows: pd.DataFrame, column: str) -> str:
    """Say what the unit of a comparison by `column` is: "document", or "city" where a city has one value only.

    Reports of one city resemble each other, so a grouping of cities (region, coast, level) is a comparison of cities.
    The city itself, or another name for it (adcode), leaves the documents as units.
    """
    if "city" not in rows or column == "city":
        return "document"
    known = rows[["city", column]].dropna()
    values = known.groupby("city")[column].nunique()
    grouping = len(values) > known[column].nunique()
    return "city" if grouping and values.eq(1).all() else "document"


def adjustment(rows: pd.DataFrame, column: str, within: str | None, target: np.ndarray) -> str | None:
    """Return the column within whose values units are compared; None where the groups are years or a side has none."""
    if within is None or within == column or within not in rows:
        return None
    known = rows[within].notna().to_numpy()
    return within if known[target].any() and known[~target].any() else None


@dataclass(frozen=True)
class Layout:
    """How documents make up units and strata.

    unit: "document" or "city". within: the column of the strata, or None. units, strata: for each document the number
    of its unit and of its stratum (all 0 without adjustment). Documents without a city are units of their own;
    documents without a year are one stratum, for they can only be compared with each other. Units are numbered as they
    come, so that a city's name decides nothing.
    """

    unit: str
    within: str | None
    units: np.ndarray
    strata: np.ndarray

    @property
    def n_units(self) -> int:
        return int(self.units.max()) + 1 if len(self.units) else 0

    @property
    def n_strata(self) -> int:
        return int(self.strata.max()) + 1 if len(self.strata) else 0

    @cached_property
    def sizes(self) -> np.ndarray:
        """Documents of each unit."""
        import numpy as np

        return np.bincount(self.units, minlength=self.n_units)

    @cached_property
    def trust(self) -> np.ndarray:
        """The weight of each unit: 1 for documents; 1/(0.2 + 0.8/n) for a city's mean over n documents."""
        import numpy as np

        if self.unit == "document":
            return np.ones(self.n_units)
        return trust(self.sizes)

    @cached_property
    def average(self) -> csr_matrix:
        """Units × documents: takes the mean over a unit's documents."""
        return _gather(self.units, 1 / self.sizes[self.units])

    @cached_property
    def years(self) -> csr_matrix:
        """Strata × documents: takes the mean over a stratum's documents."""
        import numpy as np

        return _gather(self.strata, 1 / np.bincount(self.strata)[self.strata])

    @cached_property
    def composition(self) -> np.ndarray:
        """Units × strata: the share of a unit's documents that lie in each stratum."""
        import numpy as np
        from scipy.sparse import csr_matrix

        places = np.arange(len(self.strata))
        member = csr_matrix((np.ones(len(places)), (places, self.strata)))
        return (self.average @ member).toarray()

    @property
    def lost(self) -> int:
        """Degrees of freedom that the adjustment costs: the strata of documents; the common mean of cities."""
        return self.n_strata if self.unit == "document" else 1

    def contrasts(self, target: np.ndarray) -> np.ndarray:
        """Return, for each row of `target` (groups × units, true where in the target), the regressor of the units.

        The indicator of the target, centred on its year, averaged over the unit's documents and centred: regressing
        unit values that were centred alike on it gives the difference within years (Frisch & Waugh 1933; Lovell 1963).
        """
        documents = target[:, self.units].astype(float)
        means = documents @ self.years.T
        units = (documents - means[:, self.strata]) @ self.average.T
        return units - (units @ self.trust / self.trust.sum())[:, None]

    def weights(self, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the documents' weights in the target's and in the reference's mean rate; each sums to 1.

        Units weigh by their trust within a year; a year weighs m·n/(m+n), m and n being what the two sides have in it, so
        that both means are of the same years. Years that only one side has weigh nothing. Without adjustment: plain means.
        All zeros where no year has documents of both sides.
        """
        import numpy as np

        own = (self.trust / self.sizes)[self.units]
        mine = target[self.units]
        sides = [np.bincount(self.strata, own * side, minlength=self.n_strata) for side in (mine, ~mine)]
        overlap = sides[0] * sides[1] / np.maximum(sides[0] + sides[1], 1e-300)
        overlap = overlap / max(overlap.sum(), 1e-300)
        share = [overlap / np.where(side > 0, side, 1) for side in sides]
        return own * mine * share[0][self.strata], own * ~mine * share[1][self.strata]

    def compared(self, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the units of the target and of the reference that weigh something: of years that both sides have."""
        import numpy as np

        own, other = (np.bincount(self.units, part, self.n_units) > 0 for part in self.weights(target))
        return own, other


def layout(rows: pd.DataFrame, unit: str = "document", within: str | None = None) -> Layout:
    """Lay out rows as units and strata. Raises ValueError for another unit, or cities where the rows have none."""
    import numpy as np
    import pandas as pd

    if unit not in UNITS:
        raise ValueError(f"unit={unit!r} is unknown; choose {' or '.join(UNITS)}.")
    units = np.arange(len(rows))
    if unit == "city":
        if "city" not in rows:
            raise ValueError(
                f"The rows have no column 'city'; they have {', '.join(map(str, rows.columns))}."
            )
        units, names = pd.factorize(rows["city"])
        alone = units < 0
        units[alone] = len(names) + np.arange(alone.sum())
    strata = np.zeros(len(rows), dtype=int)
    if within is not None:
        strata = pd.factorize(rows[within], sort=True, use_na_sentinel=False)[0]
    return Layout(unit, within, np.asarray(units), np.asarray(strata))


def trust(documents: np.ndarray) -> np.ndarray:
    """Return the weight of a mean over so many documents of one city: 1/(0.2 + 0.8/n), 0 for none."""
    return documents / (LIKENESS * documents + (1 - LIKENESS))


class UnitValues:
    """Values of units × terms, centred on the mean of their year; kept as sparse values and the means of years.

    values: documents × terms. The mean of a year is that of its documents; a unit's value the mean over its documents.
    """

    def __init__(self, values: csr_matrix, of: Layout) -> None:
        from scipy.sparse import csr_matrix

        self.of = of
        self.raw = values if of.unit == "document" else csr_matrix(of.average @ values)
        self.means = (of.years @ values).toarray() if values.shape[1] else values.toarray()[:0]

    @cached_property
    def squared(self) -> csr_matrix:
        """The values before centring, squared."""
        squared = self.raw.copy()
        squared.data = squared.data**2
        return squared

    def total(self, weights: np.ndarray) -> np.ndarray:
        """Return the sums over units with these weights (groups × units): groups × terms."""
        return weights @ self.raw - (weights @ self.of.composition) @ self.means

    def squares(self, weights: np.ndarray) -> np.ndarray:
        """Return for each term the sum of squares over units with these weights."""
        import numpy as np
        from scipy.sparse import csr_matrix

        parts = self.of.composition
        weighted = parts.T * weights
        own = weights @ self.squared
        mixed = (self.means * (csr_matrix(weighted) @ self.raw).toarray()).sum(axis=0)
        return np.maximum(own - 2 * mixed + (self.means * (weighted @ parts @ self.means)).sum(axis=0), 0)

    def only(self, terms: np.ndarray) -> UnitValues:
        """Return the values of these terms (their positions)."""
        chosen = copy(self)
        chosen.__dict__.pop("squared", None)
        chosen.raw, chosen.means = self.raw[:, terms], self.means[:, terms]
        return chosen

    def dense(self) -> np.ndarray:
        """Return units × terms, for terms that are few enough."""
        return self.raw.toarray() - self.of.composition @ self.means


def _gather(codes: np.ndarray, weights: np.ndarray) -> csr_matrix:
    import numpy as np
    from scipy.sparse import csr_matrix

    shape = (int(codes.max()) + 1 if len(codes) else 0, len(codes))
    return csr_matrix((weights, (codes, np.arange(len(codes)))), shape=shape)
