"""The share of topics in groups of documents: means with intervals, and differences that are tested."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.comparing.demands import check_draws, check_within, leave_aside
from analysis.comparing.inference import CORRECTIONS, LEVEL, adjusted, mean_difference
from analysis.comparing.means import FEWEST, mean_interval, said_of
from analysis.comparing.units import UnitValues, adjustment, layout, unit_of
from analysis.counts import Counts
from analysis.keywords.chance import against_chance
from analysis.keywords.sides import Sides, two_sides, usual_unit

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from analysis.comparing.units import Layout

TEST = "permuted_t"  # the test that keyness runs too


def per_document(shares: pd.DataFrame, rows: pd.DataFrame) -> Counts:
    """Return the mean share of each topic in each document: weights, documents × topics, in the order of doc_id.

    The mean over the passages that have a term; a document without any has no shares (a row of zeros). The rows keep the
    columns that have one value in each document.
    """
    import numpy as np
    import pandas as pd
    from scipy.sparse import csr_matrix

    ids = rows["doc_id"].to_numpy()
    used = shares.to_numpy().sum(axis=1) > 0
    averages = shares[used].groupby(ids[used]).mean()
    constant = rows.groupby("doc_id").nunique(dropna=False).le(1).all()
    kept = ["doc_id", *constant.index[constant & ~constant.index.isin(["n_tokens", "n_chars"])]]
    documents = rows[kept].drop_duplicates("doc_id").sort_values("doc_id", ignore_index=True)
    values = averages.reindex(documents["doc_id"].to_numpy()).fillna(0.0).to_numpy()
    return Counts(csr_matrix(np.maximum(values, 0)), documents, pd.Index(shares.columns), "weights")


def grouped(documents: Counts, column: str, labels: pd.Series) -> pd.DataFrame:
    """Return the share of each topic in each group, with its interval. See `Topics.in_groups`."""
    import numpy as np
    import pandas as pd

    laid, groups, values = _by_unit(documents, column)
    found = []
    for name, places in sorted(groups.groupby(groups).indices.items()):
        docs = int(laid.sizes[places].sum())
        for at, topic in enumerate(documents.terms):
            own = values[places, at]
            share, low, high = mean_interval(own, laid.trust[places], level=LEVEL)
            reason = said_of(len(own), varies=len(own) < FEWEST or np.isfinite(low))
            ends = (np.maximum(low, 0.0), np.minimum(high, 1.0))  # nan stays nan
            found.append((topic, labels[topic], name, len(own), docs, share, *ends, reason))
    columns = ["topic", "label", "group", "units", "docs", "share", "ci_low", "ci_high", "reason"]
    frame = pd.DataFrame(found, columns=columns).sort_values(["topic", "group"], ignore_index=True)
    frame["reason"] = frame["reason"].astype("string")
    frame.attrs = {"column": column, "unit": laid.unit, "within": None, "documents": len(laid.units)}
    return frame


def means(documents: Counts, column: str) -> pd.DataFrame:
    """Return the share of each topic in each group, groups × topics, without intervals."""
    import pandas as pd

    laid, groups, values = _by_unit(documents, column)
    frame = pd.DataFrame(values * laid.trust[:, None], columns=list(documents.terms))
    keys = groups.rename(column)
    return frame.groupby(keys).sum().div(pd.Series(laid.trust).groupby(keys).sum(), axis=0)


def _by_unit(documents: Counts, column: str) -> tuple[Layout, pd.Series, np.ndarray]:
    """Return how the documents that have a group make up units, the group of each unit, and units × topics."""
    import numpy as np

    known = _known(documents, column)
    laid = layout(known.rows, unit_of(known.rows, column))
    first = np.unique(laid.units, return_index=True)[1]
    groups = known.rows[column].iloc[first].reset_index(drop=True)
    return laid, groups, np.asarray((laid.average @ known.values).todense())


def compared(
    documents: Counts,
    labels: pd.Series,
    column: str,
    target: Any,
    *,
    reference: Any,
    within: str | None,
    correction: str,
    draws: int,
    seed: int,
) -> pd.DataFrame:
    """Return the difference of the share of each topic between two groups. See `Topics.compare`."""
    _check(documents, column, reference, within, correction, draws)
    both, mine, other = two_sides(documents, column, target, reference)
    both = both.select(documents.terms)
    strata = adjustment(both.rows, column, within, mine)
    sides = Sides(both, mine, layout(both.rows, usual_unit(documents, column), strata))
    frame = _effects(sides, labels)
    placebo = _test(frame, sides, correction, draws, seed)
    frame = frame.sort_values(["statistic", "difference", "topic"], ascending=[False, False, True])
    frame = frame.reset_index(drop=True)
    frame.attrs.update({"column": column, "target": target, "reference": other, "test": TEST})
    frame.attrs.update(sides.facts(), how=_how(sides), tested=int(frame["p"].notna().sum()))
    frame.attrs.update({"correction": correction, "placebo": placebo})
    return frame


def _effects(sides: Sides, labels: pd.Series) -> pd.DataFrame:
    """Return the mean shares of both sides, in the same years, and their difference with its interval."""
    import numpy as np
    import pandas as pd

    values, topics = sides.counts.values, sides.counts.terms
    target, reference = (weights @ values for weights in sides.laid.weights(sides.target))
    margin = _margin(sides) if sides.enough else np.full(len(topics), np.nan)
    difference = target - reference
    found = {
        "share_target": target,
        "share_reference": reference,
        "difference": difference,
        "ci_low": difference - margin,
        "ci_high": difference + margin,
    }
    if not sides.overlap:
        found = {name: np.full(len(topics), np.nan) for name in found}
    return pd.DataFrame({"topic": topics, "label": labels.loc[topics].to_numpy(), **found})


def _margin(sides: Sides) -> np.ndarray:
    """Return half the width of the intervals: Welch's, of shares centred on their year."""
    import numpy as np
    from scipy.stats import t as student

    _, *variances, df = mean_difference(UnitValues(sides.counts.values, sides.laid), sides.target)
    whole = variances[0] + variances[1]
    margin = student.ppf((1 + LEVEL) / 2, df) * np.sqrt(whole)
    return np.where(whole > 0, margin, np.nan)


def _test(
    frame: pd.DataFrame, sides: Sides, correction: str, draws: int, seed: int
) -> dict[str, float] | None:
    """Add statistic, p, q and reason to the frame; return what random groups of the same size gave."""
    import numpy as np

    frame[["statistic", "p", "q"]] = np.nan
    frame["reason"] = None
    frame["reason"] = frame["reason"].astype("string")
    if sides.too_few:
        frame["reason"] = sides.too_few
        return None
    values = UnitValues(sides.counts.values.sqrt(), sides.laid)
    t, p, _, chance = against_chance(
        values, sides.target, test=TEST, draws=draws, correction=correction, seed=seed
    )
    frame["statistic"], frame["p"], frame["q"] = t, p, adjusted(p, correction)
    frame.loc[frame["p"].isna(), "reason"] = "does not vary"
    return chance


def _how(sides: Sides) -> str:
    return f"{TEST} on √shares" if sides.enough else "not tested"


def _known(documents: Counts, column: str) -> Counts:
    """Leave documents without shares or without a group aside, and say so."""
    _check_column(documents, column)
    empty = documents.n_tokens() <= 0  # the sum of a row: its shares
    missing = documents.rows[column].isna().to_numpy()
    if (empty | missing).all():
        raise ValueError(f"No document has a {column}; add it in a manifest, or choose another column.")
    documents = leave_aside(documents, empty, "no term of the topics", stacklevel=5)
    return leave_aside(documents, documents.rows[column].isna().to_numpy(), f"no {column}", stacklevel=5)


def _check(
    documents: Counts, column: str, reference: Any, within: str | None, correction: str, draws: int
) -> None:
    _check_column(documents, column)
    if isinstance(reference, Counts):
        raise ValueError("Topics are shares of the passages they were found in: reference can't be Counts.")
    if correction not in CORRECTIONS:
        raise ValueError(f"correction={correction!r} is unknown; choose {' or '.join(CORRECTIONS)}.")
    check_draws(draws, least=0)
    check_within(within, documents.rows)


def _check_column(documents: Counts, column: str) -> None:
    if column in documents.rows:
        return
    raise ValueError(
        f"The documents have no column {column!r}, or it varies within a document; they have "
        f"{', '.join(map(str, documents.rows.columns))}."
    )
