"""Groups drawn by chance, and how many words a test calls different between one of them and all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.comparing.inference import PARAMETRIC, adjusted
from analysis.comparing.permutations import permutation, permuted_t
from analysis.comparing.units import UnitValues

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_matrix

    from analysis.comparing.units import Layout

TESTS = ("permuted_t", *PARAMETRIC, "permutation")
ON_RATES = ("welch", "permutation")  # the others test square roots of rates
ALPHA = 0.05
# The share of units that must use a term for it to be tested: where p is referred to random groups rarer words can be, for
# there the skew of words does no harm (docs/calibration.md).
FREQUENT = {test: 0.05 if test in ("permuted_t", "permutation") else 0.2 for test in TESTS}


def tested_values(rates: csr_matrix, laid: Layout, test: str) -> UnitValues:
    """Return what `test` compares: rates (documents × terms), or their square roots."""
    return UnitValues(rates if test in ON_RATES else rates.sqrt(), laid)


def chance_hits(
    values: UnitValues,
    size: int,
    draws: int,
    *,
    test: str,
    level: float = ALPHA,
    correction: str = "bh",
    seed: int = 0,
) -> np.ndarray:
    """Return, for each of `draws` random groups of `size` units, how many terms have q < `level` against all other units."""
    import numpy as np

    groups = random_groups(values.of.n_units, size, draws, seed)
    return np.array([(q < level).sum() for q in _q_values(values, groups, test, correction, seed)], dtype=int)


def random_groups(n_units: int, size: int, draws: int, seed: int) -> np.ndarray:
    """Return draws × units, true for the `size` units of each random group."""
    import numpy as np

    rng = np.random.default_rng([seed, size])
    order = rng.random((draws, n_units)).argsort(axis=1).argsort(axis=1)
    return order < size


def _q_values(
    values: UnitValues, groups: np.ndarray, test: str, correction: str, seed: int
) -> list[np.ndarray]:
    if test == "permutation":
        return [_permuted(values, group, correction, seed) for group in groups]
    p = (
        permuted_t(values, groups, seed=seed)[1]
        if test == "permuted_t"
        else PARAMETRIC[test](values, groups)[1]
    )
    return [adjusted(own, correction) for own in p]


def _permuted(values: UnitValues, group: np.ndarray, correction: str, seed: int) -> np.ndarray:
    """Return q, or NaN for all where the smallest attainable p could not pass the correction, as `keyness` gives it."""
    import numpy as np

    found = permutation(values, group, seed=seed)
    possible = found.least * len(found.p) <= ALPHA
    return adjusted(found.p, correction) if possible else np.full(len(found.p), np.nan)
