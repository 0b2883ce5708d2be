"""Which words set a group apart, and which of them one can defend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.comparing.demands import check_draws, check_kind, check_within
from analysis.comparing.inference import CORRECTIONS, adjusted, log_ratios
from analysis.comparing.permutations import Permuted, permutation
from analysis.comparing.units import UnitValues, adjustment, layout
from analysis.counts import Counts
from analysis.keywords.associations import MEASURES, UNSIGNED, Table
from analysis.keywords.chance import (
    ALPHA,
    FREQUENT,
    TESTS,
    against_chance,
    chance_hits,
    tested_values,
    told_of,
)
from analysis.keywords.dispersions import deviation
from analysis.keywords.sides import Sides, common_unit, two_sides, units_using, usual_unit

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

FEWEST_WELCH = 20


def keyness(  # noqa: PLR0913 - each is a choice that whoever reads the result has to know
    counts: Counts,
    column: str,
    target: Any,
    *,
    reference: Any = "rest",
    test: str = "permuted_t",
    within: str | None = "year",
    min_units: float | None = None,
    prior: float = 500,
    correction: str = "bh",
    seed: int = 0,
    draws: int = 0,
) -> pd.DataFrame:
    """Say which words a group uses more, or less, than another. One row a term that either uses.

    counts: documents × terms. column, target: the group, such as "city" and "盐城市"; any column of the rows. reference:
    "rest", another group of the column, or other Counts (of another kind of text).
    test: "permuted_t" (default: moderated t on √rates, referred also to random groups of the same size), "t" (Student's),
    "moderated" (empirical-Bayes variances), "welch" (on rates; at least 20 units a side), "permutation" (of the difference
    of mean rates); or a description without p, on plain counts and unadjusted: "chi2", "g2", "percent_diff", "bayes_factor",
    "log_odds" (with `prior` α0). within: the column within whose values units are compared, or None. min_units: the
    share of units that must use a term for it to be tested (default: 5 % for permuted_t and permutation, else 20 %).
    correction: "bh" or "by". draws: how many random groups, as large as the target, are drawn from the units compared and
    tested alike (40 is enough). seed: of all random groups.

    The unit is the document, or the city where the column has one value in each city and several cities a value. Columns:
    term; n_target, n_reference (occurrences); docs_target, docs_reference (documents using it); rate_target,
    rate_reference (mean rate of units per 10,000 tokens, in the same years); log_ratio (log2 of the two, each with half an
    occurrence added) with its 95 % interval ci_low, ci_high, to be trusted from 20 units a side on (docs/calibration.md
    has what fewer cover); statistic, p, q; dp (Gries' DP over the target's documents: near 1 = one document's word);
    reason (why there is no p). Sorted: tested terms by falling statistic, then the others by falling log_ratio.
    chi2 and g2 are negative where the target uses the term less. bayes_factor is not signed so (below 0 it speaks for no
    difference): by it, terms are sorted as if it were, and those at or below 0 stand between.

    attrs: column, target, reference, test, how (p was found), unit, within, n_target, n_reference (units), docs_target,
    docs_reference, tested (terms), min_units, correction, note, and placebo: None, or size, draws and how many terms were
    called different in a draw: mean, most, any (share of draws with one). `keyness_note` puts them in words. Definitions:
    docs/calibration.md and the design's statistics.md.

    Documents without words are left aside with a warning. Raises ValueError where there is no such group, column or
    test, a row has no group, nothing to compare with, no terms, or none used by `min_units`.
    """
    min_units = FREQUENT.get(test, 0.0) if min_units is None else min_units
    _check(counts, test, correction, min_units, within, draws)
    _check_prior(test, prior)
    both, mine, other = two_sides(counts, column, target, reference)
    plain = test in MEASURES
    strata = None if plain else adjustment(both.rows, column, within, mine)
    unit = common_unit(usual_unit(counts, column), both.rows, mine)
    laid = layout(both.rows, unit, strata)
    sides = Sides(both, mine, laid)
    every = both if isinstance(reference, Counts) else counts
    choice = _Choice(test, min_units, correction, seed, draws)
    measured = _described(sides, test, prior, every) if plain else _tested(sides, choice)
    frame = _frame(sides, measured, test, correction)
    frame.attrs.update({"column": column, "target": target, "reference": other})
    frame.attrs.update(_facts(sides, measured, choice), tested=int(frame["p"].notna().sum()))
    return frame


@dataclass(frozen=True)
class _Choice:
    test: str
    min_units: float
    correction: str
    seed: int
    draws: int


@dataclass(frozen=True)
class _Measured:
    statistic: np.ndarray
    p: np.ndarray
    reason: np.ndarray
    how: str
    note: str = ""
    gives_q: bool = True
    placebo: dict[str, float] | None = None


def _tested(sides: Sides, choice: _Choice) -> _Measured:
    import numpy as np

    min_units = choice.min_units
    width = len(sides.counts.terms)
    statistic, p = np.full(width, np.nan), np.full(width, np.nan)
    reason = np.full(width, None, dtype=object)
    using = sides.docs if sides.laid.unit == "document" else units_using(sides.counts, sides.laid)
    share = using / sides.laid.n_units
    frequent = share >= min_units
    if not frequent.any():
        raise ValueError(
            f"No term is used by {min_units:.0%} of the {sides.laid.n_units} units (min_units={min_units}); lower it."
        )
    if sides.too_few:
        reason[:] = sides.too_few
        return _Measured(statistic, p, reason, "not tested", sides.too_few)
    reason[~frequent] = f"used by under {min_units:.0%} of the units"
    terms = np.flatnonzero(frequent)
    values = tested_values(sides.rates[:, terms], sides.laid, choice.test)
    statistic[terms], p[terms], how, chance, note = _result(sides, values, choice)
    reason[terms[~np.isfinite(p[terms])]] = "does not vary"
    return _Measured(statistic, p, reason, how, note, not note, chance)


def _result(
    sides: Sides, values: UnitValues, choice: _Choice
) -> tuple[np.ndarray, np.ndarray, str, dict[str, float] | None, str]:
    """Return statistic, p, how p was found, what random groups gave, and a note where q can't be given."""
    target, test = sides.target, choice.test
    drawn: dict[str, Any] = {"test": test, "correction": choice.correction, "seed": choice.seed}
    if test != "permutation":
        _check_welch(sides, test)
        return (*against_chance(values, target, draws=choice.draws, **drawn), "")
    found, size = permutation(values, target, seed=choice.seed), int(target.sum())
    chance = told_of(chance_hits(values, size, choice.draws, **drawn), size) if choice.draws else None
    return found.statistic, found.p, found.how, chance, _out_of_reach(found, len(found.p))


def _out_of_reach(found: Permuted, terms: int) -> str:
    if found.least * terms <= ALPHA:
        return ""
    return (
        f"The smallest p that {found.how} allow is {found.least:.2g}; a single term among {terms:,} could not "
        f"pass {ALPHA:.0%} with it, so there is no q."
    )


def _described(sides: Sides, test: str, prior: float, every: Counts) -> _Measured:
    import numpy as np

    counts, mine = sides.counts, sides.mine
    tokens = counts.n_tokens()
    a, b = counts.where(mine).totals(), counts.where(~mine).totals()
    n, m = tokens[mine].sum(), tokens[~mine].sum()
    share = every.select(counts.terms).totals() / every.n_tokens().sum()
    statistic = MEASURES[test](Table(a, b, n, m, share, prior))
    none = np.full(len(a), np.nan)
    reason = np.full(len(a), "a description, not a test", dtype=object)
    return _Measured(statistic, none, reason, "plain counts: each word taken for an independent draw")


def _frame(sides: Sides, measured: _Measured, test: str, correction: str) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    counts, mine = sides.counts, sides.mine
    tokens, rates = counts.n_tokens(), sides.rates
    own = counts.where(mine)
    n, docs = own.totals(), own.docs()
    effects = log_ratios(rates, sides.laid, sides.target, tokens)
    if not sides.overlap:
        effects = {name: np.full(len(counts.terms), np.nan) for name in effects}
    elif not sides.enough:
        effects |= {name: np.full(len(counts.terms), np.nan) for name in ("ci_low", "ci_high")}
    frame = pd.DataFrame(
        {
            "term": counts.terms,
            "n_target": n,
            "n_reference": counts.totals() - n,
            "docs_target": docs,
            "docs_reference": sides.docs - docs,
            **effects,
            "statistic": measured.statistic,
            "p": measured.p,
            "q": adjusted(measured.p, correction) if measured.gives_q else np.nan,
            "dp": deviation(own.values, tokens[mine]),
            "reason": pd.array(list(measured.reason), dtype="string"),
        }
    )
    order = frame["statistic"]
    if test in UNSIGNED:  # what the reference uses more goes to the end
        order = order.clip(lower=0) * np.sign(frame["log_ratio"])
    frame = frame.assign(_last=order.isna(), _order=order.fillna(frame["log_ratio"]))
    frame = frame.sort_values(["_last", "_order", "term"], ascending=[True, False, True], ignore_index=True)
    return frame.drop(columns=["_last", "_order"])


def _facts(sides: Sides, measured: _Measured, choice: _Choice) -> dict[str, Any]:
    note = measured.note
    return {
        "test": choice.test,
        "how": measured.how,
        **sides.facts(note if note.endswith(".") or not note else f"{note}."),
        "min_units": float(choice.min_units),
        "correction": choice.correction,
        "placebo": measured.placebo,
    }


def _check(
    counts: Counts, test: str, correction: str, min_units: float, within: str | None, draws: int
) -> None:
    check_kind(counts, "keyness")
    if test not in (*TESTS, *MEASURES):
        raise ValueError(f"test={test!r} is unknown; choose {', '.join([*TESTS, *MEASURES])}.")
    if correction not in CORRECTIONS:
        raise ValueError(f"correction={correction!r} is unknown; choose {' or '.join(CORRECTIONS)}.")
    if not 0 <= min_units <= 1:
        raise ValueError(f"min_units={min_units} is no share of units; give a number from 0 to 1.")
    check_draws(draws, least=0)
    check_within(within, counts.rows)
    if len(counts.rows) < 2:
        raise ValueError(
            f"keyness compares documents; there is {len(counts.rows) or 'none'}. Give at least two."
        )


def _check_prior(test: str, prior: float) -> None:
    if test == "log_odds" and not prior > 0:
        raise ValueError(
            f"prior={prior} gives words that a side lacks no odds; give a number above 0, or 500."
        )


def _check_welch(sides: Sides, test: str) -> None:
    least = min(sides.compared)
    if test == "welch" and least < FEWEST_WELCH:
        raise ValueError(
            f"test='welch' needs {FEWEST_WELCH} units a side, and one has {least}: a side that never uses a word has no "
            "variance. Use the default test."
        )
