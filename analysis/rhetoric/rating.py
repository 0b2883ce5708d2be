"""Hits to counts and rates: how often each document, and each city, uses a device."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from analysis.comparing.demands import check_kind, check_level, check_terms, leave_aside
from analysis.comparing.means import mean_interval, said_of
from analysis.comparing.units import layout, unit_of
from analysis.counts import PER, Counts
from analysis.frames import check_frame
from analysis.rhetoric.inputs import check_documents, check_hits_lie_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import pandas as pd

BY = ("entry", "category", "device")
RATES = ["group", "term", "rate", "ci_low", "ci_high", "units", "documents", "using", "hits", "reason"]


def device_counts(
    hits: pd.DataFrame,
    documents: pd.DataFrame,
    by: str = "entry",
    *,
    negated: bool = False,
    quoted: bool = True,
    own: bool = False,
) -> Counts:
    """Count the hits of each document. One row a document, in the order given, also those without a hit; terms sorted.

    hits: as `devices` or `commitments` gives them. documents: all that were looked at, with doc_id and n_chars (Han
    characters); a text is left out of the rows. by: a column of the hits, "entry", "category" or "device"; or another,
    say "strength"; hits without a value there are left aside with a warning. A name that two devices have is told apart:
    店小二 (images), 店小二 (offers). negated, quoted: whether such hits count; where to forbid a thing is the device
    (力戒形式主义), count negated ones too. own: whether a place counts that is the document's own city or province (where
    the documents have these): a city names itself without seeking investment there.

    `n_tokens` of the rows is `n_chars`, so that keyness, trend, similarity and the rest give rates per 10,000 characters.
    Raises ValueError for hits of documents that are not there, a document twice, and one without n_chars.
    """
    import numpy as np
    import pandas as pd
    from scipy.sparse import csr_matrix

    check_frame(hits, "device_counts", "doc_id", by, advice=f"Choose by from {', '.join(BY)}.")
    advice = "n_chars is the number of Han characters."
    check_documents(documents, "device_counts", "n_chars", advice=advice)
    rows = documents.drop(columns=["text"], errors="ignore").reset_index(drop=True)
    _check_lengths(rows)
    check_hits_lie_in(hits, rows)
    hits = _with_value(hits, by)
    named = _named(hits, by)
    names = pd.Index(sorted(named.unique()), dtype=object)
    keep = counted_hits(hits, rows, negated=negated, quoted=quoted, own=own)
    hits, named = hits[keep], named[keep]
    at = pd.Index(rows["doc_id"].astype("string")).get_indexer(pd.Index(hits["doc_id"].astype("string")))
    term = names.get_indexer(pd.Index(named))
    ones = np.ones(len(hits), dtype=np.int64)
    values = csr_matrix((ones, (at, term)), shape=(len(rows), len(names)))
    return Counts(values, rows.assign(n_tokens=rows["n_chars"].astype("int64")), names)


def _with_value(hits: pd.DataFrame, by: str) -> pd.DataFrame:
    """Leave hits without a value in `by` aside (a slogan that may not be passed on), and say how many."""
    lacking = hits[by].isna().to_numpy(dtype=bool)
    if lacking.any():
        warnings.warn(
            f"{lacking.sum()} of {len(hits)} hits have no {by}, first in {hits.loc[lacking, 'doc_id'].iloc[0]!r}; "
            "they are left aside.",
            stacklevel=3,
        )
    return hits[~lacking]


def _named(hits: pd.DataFrame, by: str) -> pd.Series:
    """Return what each hit is counted under: the name, with its device where several devices have it."""
    names = hits[by].astype(str)
    if by == "device" or "device" not in hits:
        return names
    pairs = hits[[by, "device"]].drop_duplicates()
    shared = pairs.loc[pairs.duplicated(by, keep=False), by]
    return names.mask(hits[by].isin(shared), names + " (" + hits["device"].astype(str) + ")")


def own_places(hits: pd.DataFrame, documents: pd.DataFrame) -> np.ndarray:
    """Tell of each hit whether it names its document's own city or province: of the device places alone.

    An entry is the start of the name (苏州 of 苏州市): 朝鲜 stands within 延边朝鲜族自治州 and is another place.
    """
    import numpy as np

    is_own = np.zeros(len(hits), dtype=bool)
    if not {"device", "entry"} <= set(hits):
        return is_own
    places = np.flatnonzero((hits["device"] == "places").to_numpy(dtype=bool))
    entries = hits["entry"].iloc[places].astype(str)
    for column in ("city", "province"):
        if column in documents:
            names = documents[column].astype("string").fillna("").to_numpy(dtype=object)
            named = dict(zip(documents["doc_id"].astype(str), names, strict=True))
            of = (named.get(doc, "") for doc in hits["doc_id"].iloc[places].astype(str))
            own = [name.startswith(entry) for entry, name in zip(entries, of, strict=True)]
            is_own[places] |= np.array(own, dtype=bool)
    return is_own


def _check_lengths(rows: pd.DataFrame) -> None:
    lacking = rows["n_chars"].isna()
    if lacking.any():
        raise ValueError(
            f"{lacking.sum()} of {len(rows)} documents have no n_chars, first {rows.loc[lacking, 'doc_id'].iloc[0]!r}; "
            "rates need the length of each."
        )


def counted_hits(
    hits: pd.DataFrame,
    documents: pd.DataFrame,
    *,
    negated: bool = False,
    quoted: bool = True,
    own: bool = False,
) -> np.ndarray:
    """Tell of each hit whether it counts, as `device_counts` says; a missing column of either kind leaves all in."""
    import numpy as np

    keep = np.ones(len(hits), dtype=bool) if own else ~own_places(hits, documents)
    for name, wanted in (("negated", negated), ("quoted", quoted)):
        if not wanted and name in hits:
            keep &= ~hits[name].to_numpy(dtype=bool)
    return keep


def device_rates(counts: Counts, column: str = "city", *, level: float = 0.95) -> pd.DataFrame:
    """Say how often each group of documents uses each device. One row a group (sorted) and term.

    counts: as `device_counts` gives them. column: of its rows, by which documents are put together.

    The units are the documents; where the column has one value in each city (region, province, or one group of all) they
    are the cities, for the reports of one city resemble each other: each city has the mean of its documents, and weighs
    1/(0.2 + 0.8/n) with n of them, as in keyness and the shares of topics. Documents without a city are units of their own.

    Columns: group, term, rate (mean over the group's units of hits per 10,000 Han characters), ci_low, ci_high (t
    interval over units, of the logarithm of the mean), units, documents, using (documents with a hit), hits, reason (why
    there is no interval, or of how few units it is). A document counts as one whatever its length. Documents without
    characters, and documents without a group, are left aside with a warning. attrs: column, level, unit ("document" or
    "city").
    """
    import pandas as pd

    check_kind(counts, "device_rates")
    check_terms(counts)
    check_level(level)
    if column not in counts.rows:
        known = ", ".join(map(str, counts.rows.columns))
        raise ValueError(f"The rows have no column {column!r}; they have {known}.")
    counts = leave_aside(counts, ~(counts.n_tokens() > 0), "no characters", stacklevel=2)
    counts = leave_aside(
        counts, counts.rows[column].isna().to_numpy(dtype=bool), f"no {column}", stacklevel=2
    )
    unit = unit_of(counts.rows, column)
    rows = [
        row
        for name in sorted(counts.rows[column].unique())
        for row in _of_group(
            counts.where((counts.rows[column] == name).to_numpy(dtype=bool)), name, unit, level
        )
    ]
    frame = pd.DataFrame(rows, columns=RATES).astype({"reason": "string"})
    frame.attrs = {"column": column, "level": level, "unit": unit}
    return frame


def _of_group(own: Counts, name: object, unit: str, level: float) -> Iterator[tuple]:
    laid = layout(own.rows, unit)
    uses = own.values.toarray()
    rates = laid.average @ (PER * uses / own.n_tokens()[:, None])
    for at, term in enumerate(own.terms):
        rate, low, high = mean_interval(rates[:, at], laid.trust, level=level, ratio=True)
        used = uses[:, at]
        told = (laid.n_units, len(used), int((used > 0).sum()), int(used.sum()))
        yield (name, term, rate, low, high, *told, said_of(laid.n_units, varies=low == low))
