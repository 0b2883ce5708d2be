"""What every measure asks of its counts and numbers first: one sentence each where they will not do."""

from __future__ import annotations

from numbers import Integral
from typing import TYPE_CHECKING, Any

from analysis.counts import Counts

if TYPE_CHECKING:
    import pandas as pd

NO_TERM = "The counts have no term, perhaps all trimmed away: lower min_docs or raise max_share."


def check_words(counts: Any, caller: str) -> None:
    """Raise ValueError for what is no Counts, for weights, and for counts without terms."""
    if not isinstance(counts, Counts):
        raise ValueError(f"{caller} takes Counts, not {type(counts).__name__}; make them with count(...).")
    if counts.kind != "counts":
        raise ValueError(f"{caller} counts words: give it counts, not weights (before tfidf() or rates()).")
    check_terms(counts)


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


def check_draws(draws: Any) -> None:
    if not isinstance(draws, Integral) or isinstance(draws, bool) or int(draws) < 1:
        raise ValueError(f"draws={draws!r} draws no group; give a whole number from 1, 40 if in doubt.")
