"""What every measure asks of its counts and numbers first: one sentence each where they will not do."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from difflib import get_close_matches
from numbers import Integral
from typing import TYPE_CHECKING, Any

from analysis.counts import Counts

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

NO_TERM = "The counts have no term, perhaps all trimmed away: lower min_docs or raise max_share."


def check_words(counts: Any, caller: str) -> None:
    """Raise ValueError for what is no Counts, for weights, and for counts without terms."""
    check_kind(counts, caller)
    check_terms(counts)


def check_kind(counts: Any, caller: str) -> None:
    """Raise ValueError for what is no Counts, and for weights."""
    if not isinstance(counts, Counts):
        raise ValueError(f"{caller} takes Counts, not {type(counts).__name__}; make them with count(...).")
    if counts.kind != "counts":
        raise ValueError(f"{caller} counts words: give it counts, not weights (before tfidf() or rates()).")


def check_terms(counts: Counts) -> None:
    if len(counts.terms) == 0:
        raise ValueError(NO_TERM)


def check_within(within: str | None, rows: pd.DataFrame) -> None:
    """Raise ValueError for a column that the rows lack; "year", the default, may be missing."""
    if within not in (None, "year", *rows):
        raise ValueError(f"within={within!r} is no column of these counts; name one, or give within=None.")


def check_level(level: Any) -> None:
    if not isinstance(level, int | float) or isinstance(level, bool) or not 0 < level < 1:
        raise ValueError(f"level={level!r} is no share; give a number between 0 and 1.")


def check_draws(draws: Any, least: int = 1) -> None:
    if not isinstance(draws, Integral) or isinstance(draws, bool) or int(draws) < least:
        raise ValueError(
            f"draws={draws!r} is no number of random groups; give a whole number from {least}, 40 if in doubt."
        )


def check_name(name: Any, names: Iterable[Any], column: str) -> None:
    """Raise ValueError, with the nearest there are, where `name` is none of the groups of a column."""
    names = list(names)
    if name in names:
        return
    near = nearest(name, map(str, names))
    near += [each for each in sorted(map(str, names)) if each not in near][: 3 - len(near)]
    raise ValueError(
        f"{name!r} is no {column} of these counts; there are {len(names)}, nearest {', '.join(near)}."
    )


def nearest(name: Any, names: Iterable[str]) -> list[str]:
    """Return up to three names that are written much like this one, the nearest first."""
    return get_close_matches(str(name), list(names), n=3, cutoff=0.3)


def leave_aside(counts: Counts, out: np.ndarray, why: str, *, stacklevel: int) -> Counts:
    """Keep the documents for which `out` is false; warn of the others, how many and which is the first."""
    if not out.any():
        return counts
    first = counts.rows.loc[out].iloc[0].get("doc_id", int(out.argmax()))
    warnings.warn(
        f"{out.sum()} of {len(out)} documents have {why}, first {first!r}; they are left aside.",
        stacklevel=stacklevel + 1,
    )
    return counts.where(~out)


def in_order(counts: Counts) -> tuple[Counts, np.ndarray]:
    """Return the documents in the order of doc_id (and para), and that order, so that what is drawn by chance is the same
    whatever order they came in."""
    import numpy as np

    keys = [key for key in ("doc_id", "para") if key in counts.rows]
    if not keys:
        return counts, np.arange(len(counts.rows))
    order = counts.rows.reset_index(drop=True).sort_values(keys, kind="stable").index.to_numpy()
    rows = counts.rows.iloc[order].reset_index(drop=True)
    return Counts(counts.values[order], rows, counts.terms, counts.kind), order
