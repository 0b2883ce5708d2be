"""Measures of keyness on plain counts: descriptions that take each word for an independent draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Table:
    """The 2 × 2 tables of all terms. a, b: occurrences in target and reference; n, m: all tokens of the two;
    share: the term's share of all tokens of the corpus; prior: α0 of `log_odds`."""

    a: np.ndarray
    b: np.ndarray
    n: float
    m: float
    share: np.ndarray
    prior: float

    def cells(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the four cells and what would be expected of them, each 4 × terms."""
        import numpy as np

        seen = np.array([self.a, self.b, self.n - self.a, self.m - self.b], dtype=float)
        both, whole = self.a + self.b, self.n + self.m
        rest = whole - both
        expected = np.array([self.n * both, self.m * both, self.n * rest, self.m * rest]) / whole
        return seen, expected

    def direction(self) -> np.ndarray:
        """Return 1 where the target's rate is the higher, −1 where it is the lower, 0 where they are the same."""
        import numpy as np

        return np.sign(self.a / self.n - self.b / self.m)


def chi2(table: Table) -> np.ndarray:
    """Pearson's χ² of the 2 × 2 table, without Yates's correction; negative where the target's rate is the lower."""
    import numpy as np

    seen, expected = table.cells()
    return table.direction() * ((seen - expected) ** 2 / np.where(expected > 0, expected, 1)).sum(axis=0)


def g2(table: Table) -> np.ndarray:
    """Log-likelihood ratio of the 2 × 2 table, all four cells (Dunning 1993, −2 log λ).

    Negative where the target's rate is the lower.
    """
    from scipy.special import rel_entr

    seen, expected = table.cells()
    return table.direction() * 2 * rel_entr(seen, expected).sum(axis=0)


def percent_diff(table: Table) -> np.ndarray:
    """Per cent by which the target's rate is above the reference's (Gabrielatos & Marchi 2011); ∞ where that is 0."""
    import numpy as np

    mine, other = table.a / table.n, table.b / table.m
    with np.errstate(divide="ignore", invalid="ignore"):
        return 100 * (mine - other) / other


def bayes_factor(table: Table) -> np.ndarray:
    """G2 − ln(N_T + N_R): twice the log Bayes factor in its BIC approximation (Wilson 2013).

    Positive for a difference, whichever side uses the term more; negative for none.
    """
    import numpy as np

    return abs(g2(table)) - np.log(table.n + table.m)


def log_odds(table: Table) -> np.ndarray:
    """z of the log-odds difference with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008).

    Prior α_t = α0 · share of the term in all documents; variance 1/(n_T + α_t) + 1/(n_R + α_t).
    """
    import numpy as np

    alpha, whole = table.prior * table.share, table.prior
    mine = np.log((table.a + alpha) / (table.n + whole - table.a - alpha))
    other = np.log((table.b + alpha) / (table.m + whole - table.b - alpha))
    return (mine - other) / np.sqrt(1 / (table.a + alpha) + 1 / (table.b + alpha))


MEASURES: dict[str, Callable[[Table], np.ndarray]] = {
    "chi2": chi2,
    "g2": g2,
    "percent_diff": percent_diff,
    "bayes_factor": bayes_factor,
    "log_odds": log_odds,
}
UNSIGNED = ("bayes_factor",)  # of these the sign says whether there is a difference, not whose the term is
