"""A corpus's own false alarms: what a test finds between groups that were drawn by chance."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING

from analysis.comparing.demands import (
    check_draws,
    check_level,
    check_within,
    check_words,
    in_order,
    leave_aside,
)
from analysis.comparing.means import FEWEST
from analysis.comparing.units import layout
from analysis.keywords.chance import ALPHA, FREQUENT, TESTS, chance_hits, tested_values
from analysis.keywords.sides import units_using

if TYPE_CHECKING:
    import pandas as pd

    from analysis.counts import Counts

SIZES = (3, 6, 10, 24, 0.5)


def placebo(
    counts: Counts,
    *,
    sizes: Iterable[float] | float = SIZES,
    draws: int = 40,
    unit: str = "document",
    within: str | None = "year",
    test: str = "permuted_t",
    level: float = ALPHA,
    min_units: float | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Count the words that `keyness` would call different between random groups and all others. One row a draw.

    Groups of `sizes` units (one number or several; below 1 a share of them: 0.5 is half), each drawn `draws` times; unit:
    "document" or "city"; within, test, min_units as for `keyness`; a word is called different at q < `level`. Columns: size
    (units), draw (from 1), hits (words called different). attrs: unit, units (all there are), tested (terms), within, test,
    level, min_units, seed. `keyness(draws=40)` does the same for exactly the documents that it compares.

    The mean of `hits` at a size is what a list of key words of such a group holds by chance alone; above 1, single words of
    it are not to be trusted. With no difference anywhere, `level` is the share of draws with any hit that
    Benjamini-Hochberg promises. Documents without words are left aside, sizes that leave a side fewer than 3 units are
    left out, with a warning. Raises ValueError for another test or unit, no draws, a level that is no share, a column
    `within` that the rows lack ("year" may be missing), no terms, or where no size is left.
    """
    import numpy as np
    import pandas as pd

    _check(counts, test, draws, level)
    check_within(within, counts.rows)
    min_units = FREQUENT[test] if min_units is None else min_units
    counts = in_order(leave_aside(counts, counts.n_tokens() <= 0, "no words", stacklevel=2))[0]
    known = within if within in counts.rows and counts.rows[within].notna().any() else None
    laid = layout(counts.rows, unit, known)
    chosen = _sizes(sizes, laid.n_units)
    frequent = np.flatnonzero(units_using(counts, laid) >= min_units * laid.n_units)
    if len(frequent) == 0:
        raise ValueError(f"No term is used by {min_units:.0%} of the {laid.n_units} units; lower min_units.")
    values = tested_values(counts.rates().values[:, frequent], laid, test)
    hits = [chance_hits(values, size, draws, test=test, level=level, seed=seed) for size in chosen]
    frame = pd.DataFrame(
        {
            "size": np.repeat(np.array(chosen, dtype=int), draws),
            "draw": np.tile(np.arange(1, draws + 1), len(chosen)),
            "hits": np.concatenate(hits),
        }
    )
    frame.attrs = {"unit": unit, "units": laid.n_units, "tested": len(frequent), "within": known}
    frame.attrs |= {"test": test, "level": level, "min_units": min_units, "seed": seed}
    return frame


def _check(counts: Counts, test: str, draws: int, level: float) -> None:
    check_words(counts, "placebo")
    check_draws(draws)
    check_level(level)
    if test not in TESTS:
        raise ValueError(f"placebo tests; test={test!r} is none. Choose {', '.join(TESTS)}.")


def _sizes(sizes: Iterable[float] | float, n_units: int) -> list[int]:
    """Return the sizes in units, each once; those that can't be tested are left out with a warning."""
    given = sizes if isinstance(sizes, Iterable) else [sizes]
    wanted = list(dict.fromkeys(int(size * n_units) if size < 1 else int(size) for size in given))
    possible = [size for size in wanted if min(size, n_units - size) >= FEWEST]
    missing = ", ".join(str(size) for size in wanted if size not in possible)
    if not possible:
        raise ValueError(
            f"Random groups of {missing or 'no size'} among {n_units} units can't be tested: each side needs {FEWEST}."
        )
    if missing:
        warnings.warn(
            f"Random groups of {missing} among {n_units} units can't be tested: each side needs {FEWEST}; left out.",
            stacklevel=3,
        )
    return possible
