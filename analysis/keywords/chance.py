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
ACCEPTED = 1  # words called different between random groups on average, up to which single words of a list can be trusted
# The share of units that must use a term for it to be tested: where p is referred to random groups rarer words can be, for
# there the skew of words does no harm (docs/calibration.md).
FREQUENT = {test: 0.05 if test in ("permuted_t", "permutation") else 0.2 for test in TESTS}


def tested_values(rates: csr_matrix, laid: Layout, test: str) -> UnitValues:
    """Return what `test` compares: rates (documents × terms), or their square roots."""
    return UnitValues(rates if test in ON_RATES else rates.sqrt(), laid)


def against_chance(
    values: UnitValues, target: np.ndarray, *, test: str, draws: int, correction: str = "bh", seed: int = 0
) -> tuple[np.ndarray, np.ndarray, str, dict[str, float] | None]:
    """Return statistic, p and how p was found for one group, and what `draws` random groups as large gave (None for 0).

    The group and the random ones go through the test (any but "permutation") together: what t is referred to is theirs too.
    """
    import numpy as np

    size, groups = int(target.sum()), target[None, :]
    if draws:
        groups = np.concatenate([groups, random_groups(values.of.n_units, size, draws, seed)])
    statistic, p, how = _by_name(values, groups, test, seed)
    hits = _hits([adjusted(own, correction) for own in p[1:]], ALPHA)
    return statistic[0], p[0], how, told_of(hits, size) if draws else None


def told_of(hits: np.ndarray, size: int) -> dict[str, float]:
    """Return what random groups of `size` units gave, as attrs hold it."""
    found = {"mean": float(hits.mean()), "most": int(hits.max()), "any": float((hits > 0).mean())}
    return {"size": size, "draws": len(hits), **found}


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

    groups = random_groups(values.of.n_units, size, draws, seed)
    return _hits(_q_values(values, groups, test, correction, seed), level)


def random_groups(n_units: int, size: int, draws: int, seed: int) -> np.ndarray:
    """Return draws × units, true for the `size` units of each random group."""
    import numpy as np

    rng = np.random.default_rng([seed, size])
    order = rng.random((draws, n_units)).argsort(axis=1).argsort(axis=1)
    return order < size


def _hits(q: list[np.ndarray], level: float) -> np.ndarray:
    import numpy as np

    return np.array([(own < level).sum() for own in q], dtype=int)


def _q_values(
    values: UnitValues, groups: np.ndarray, test: str, correction: str, seed: int
) -> list[np.ndarray]:
    if test == "permutation":
        return [_permuted(values, group, correction, seed) for group in groups]
    return [adjusted(own, correction) for own in _by_name(values, groups, test, seed)[1]]


def _by_name(
    values: UnitValues, groups: np.ndarray, test: str, seed: int
) -> tuple[np.ndarray, np.ndarray, str]:
    """Return statistic and p, groups × terms, and how p was found."""
    if test == "permuted_t":
        return permuted_t(values, groups, seed=seed)
    return (*PARAMETRIC[test](values, groups), "Student's t distribution")


def _permuted(values: UnitValues, group: np.ndarray, correction: str, seed: int) -> np.ndarray:
    """Return q, or NaN for all where the smallest attainable p could not pass the correction, as `keyness` gives it."""
    import numpy as np

    found = permutation(values, group, seed=seed)
    possible = found.least * len(found.p) <= ALPHA
    return adjusted(found.p, correction) if possible else np.full(len(found.p), np.nan)
