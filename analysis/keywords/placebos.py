"""A corpus's own false alarms: what a test finds between groups that were drawn by chance."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from analysis.comparing.inference import PARAMETRIC, adjusted
from analysis.comparing.permutations import permutation, permuted_t
from analysis.comparing.units import UnitValues, layout
from analysis.keywords.contrasts import ALPHA, TESTS
from analysis.keywords.sides import FEWEST, in_order, units_using

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from analysis.counts import Counts

SIZES = (3, 6, 10, 24, None)  # None: half of the units


def placebo(
    counts: Counts,
    *,
    sizes: Iterable[int | None] = SIZES,
    draws: int = 40,
    unit: str = "document",
    within: str | None = "year",
    test: str = "permuted_t",
    level: float = ALPHA,
    min_units: float = 0.05,
    seed: int = 0,
) -> pd.DataFrame:
    """Count the words that `keyness` would call different between random groups and the rest. One row a size.

    Groups of `sizes` units (None: half of them; give those that were tested, such as (frame.attrs["n_target"],)), drawn
    `draws` times; unit: "document" or "city"; within, test, min_units as for `keyness`; a word is called different at
    q < `level`. Columns: size, units (all), unit, draws, tested (terms), mean (words called different), most (in a draw),
    any (share of draws with at least one; with no difference anywhere, `level` is what Benjamini-Hochberg promises).
    A mean above 1 says that a list of key words of this corpus and size isn't to be trusted.

    Raises ValueError for another test or unit, a size below 3 or one that leaves fewer than 3 units.
    """
    import numpy as np
    import pandas as pd

    if test not in TESTS:
        raise ValueError(f"placebo tests; test={test!r} is none. Choose {', '.join(TESTS)}.")
    counts = _in_order(counts)
    known = within if within in counts.rows and counts.rows[within].notna().any() else None
    laid = layout(counts.rows, unit, known)
    frequent = np.flatnonzero(units_using(counts, laid) >= min_units * laid.n_units)
    if len(frequent) == 0:
        raise ValueError(f"No term is used by {min_units:.0%} of the {laid.n_units} units; lower min_units.")
    rates = counts.rates().values[:, frequent]
    values = UnitValues(rates if test in ("welch", "permutation") else rates.sqrt(), laid)
    found = []
    for size in sizes:
        size = _size(size, laid.n_units)
        p = _p_values(values, random_groups(laid.n_units, size, draws, seed), test, seed)
        hits = np.array([(adjusted(own) < level).sum() for own in p])
        found.append(
            (size, laid.n_units, unit, draws, len(frequent), hits.mean(), hits.max(), (hits > 0).mean())
        )
    columns = ["size", "units", "unit", "draws", "tested", "mean", "most", "any"]
    frame = pd.DataFrame(found, columns=columns)
    frame.attrs = {"test": test, "within": known, "level": level, "min_units": min_units, "seed": seed}
    return frame


def random_groups(n_units: int, size: int, draws: int, seed: int) -> np.ndarray:
    """Return draws × units, true for the `size` units of each random group."""
    import numpy as np

    rng = np.random.default_rng([seed, size])
    order = rng.random((draws, n_units)).argsort(axis=1).argsort(axis=1)
    return order < size


def _p_values(values: UnitValues, groups: np.ndarray, test: str, seed: int) -> np.ndarray:
    import numpy as np

    if test == "permuted_t":
        return permuted_t(values, groups, seed=seed)[1]
    if test == "permutation":
        return np.array([permutation(values, group, seed=seed).p for group in groups])
    return PARAMETRIC[test](values, groups)[1]


def _size(size: int | None, n_units: int) -> int:
    size = n_units // 2 if size is None else size
    if size < FEWEST or n_units - size < FEWEST:
        raise ValueError(
            f"A random group of {size} among {n_units} units can't be tested: each side needs {FEWEST}."
        )
    return size


def _in_order(counts: Counts) -> Counts:
    """Leave documents without words aside, and put the others in the order of doc_id."""
    import numpy as np

    kept = counts.where(counts.n_tokens() > 0)
    return in_order(kept, np.zeros(len(kept.rows), dtype=bool))[0]
