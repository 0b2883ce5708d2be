"""How rich the vocabulary of documents and groups is, at one length for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.comparing.demands import check_level, check_words
from analysis.comparing.means import mean_interval, said_of
from analysis.comparing.units import layout, unit_of
from analysis.rarefying import expected_once, expected_types, long_enough

if TYPE_CHECKING:
    from collections.abc import Hashable

    import numpy as np
    import pandas as pd

    from analysis.counts import Counts

MEASURED = ["types", "once", "n_types", "n_tokens"]
SMALLEST = 500  # tokens: fewer say little of a vocabulary
SHORT = 100  # the same for a corpus in which fewer than half of the documents have 500
BUILT = 1000  # tokens that features were rarefied to, from all words, before rare ones were trimmed


def richness(
    counts: Counts,
    column: str | None = None,
    *,
    size: int | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Say how many different terms `size` tokens of a text hold, and how many just once. One row a document, or a group.

    Long texts hold more different words, whoever wrote them; so each text is brought to `size` tokens, drawn without
    replacement (expected values, Hurlbert 1971; nothing is drawn by chance). size: default the tokens of the shortest
    document, at least 500 (100 where fewer than half have 500). Documents with fewer are left aside with a warning.

    Without `column`: doc_id, n_tokens, types, once, n_types (different terms of the whole document, which its length
    decides). With it: group, units, docs, types, types_low, types_high, once, once_low, once_high, n_types, n_tokens
    (means), reason (why there is no interval, or of how few units it is). The unit is the document, or the city where the
    column has one value in each city (mean of its documents, weighted as in comparing.units); means with t intervals.
    Not adjusted for years: vocabulary grows with them, so compare groups of the same years (`counts.where`).

    Sorted by doc_id or group. attrs: size, unit, words ("all words", or "terms of the counts": tokens of terms that
    were trimmed away count in the size, not among the types), left_aside (documents).

    The columns types_1000 and once_1000 of the rows, made from all words when features were built, are used where size is
    1000. Raises ValueError for weights, no terms, no column of that name, a row without a group, a level that is no share, a
    size that no document has.
    """
    check_words(counts, "richness")
    check_level(level)
    if column is not None:
        counts._column(column)
    tokens = counts.n_tokens()
    size = _common_size(tokens) if size is None else size
    kept = long_enough(counts, size)
    documents, words = _documents(kept, size)
    facts: dict[Hashable, Any] = {"size": int(size), "words": words, "left_aside": int((tokens < size).sum())}
    if column is None:
        documents.attrs = {**facts, "unit": "document"}
        return documents.sort_values("doc_id", ignore_index=True)
    frame = _groups(documents, kept.rows, column, level)
    frame.attrs = {**facts, "unit": unit_of(kept.rows, column)}
    return frame


def _common_size(tokens: np.ndarray) -> int:
    """Return the tokens of the shortest document with tokens, but not so few that they say nothing."""
    tokens = tokens[tokens > 0]
    least = SMALLEST if 2 * (tokens >= SMALLEST).sum() >= len(tokens) else SHORT
    return max(least, int(min(tokens, default=0)))


def _documents(counts: Counts, size: int) -> tuple[pd.DataFrame, str]:
    """Return one row a document in the order of the rows, and which words were counted."""
    import numpy as np
    import pandas as pd

    tokens, rows = counts.n_tokens().astype(int), counts.rows
    names = rows.get("doc_id", rows.index)
    frame = pd.DataFrame({"doc_id": np.asarray(names), "n_tokens": tokens})
    built = [f"types_{BUILT}", f"once_{BUILT}"]
    if size == BUILT and set(built) <= set(rows) and rows[built].notna().all(axis=None):
        frame[["types", "once"]] = rows[built].to_numpy(dtype=float)
        words = "all words"
    else:
        cells = np.split(counts.values.data, counts.values.indptr[1:-1])
        for name, expected in (("types", expected_types), ("once", expected_once)):
            frame[name] = [expected(own, size, tokens=n) for own, n in zip(cells, tokens, strict=True)]
        words = "terms of the counts"
    frame["n_types"] = np.diff(counts.values.indptr)
    return frame, words


def _groups(documents: pd.DataFrame, rows: pd.DataFrame, column: str, level: float) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    unit = unit_of(rows, column)
    found = []
    for name, places in sorted(rows.reset_index(drop=True).groupby(column).indices.items()):
        laid = layout(rows.iloc[places], unit)
        units = laid.average @ documents[MEASURED].to_numpy(dtype=float)[places]
        types, once = (mean_interval(units[:, by], laid.trust, level=level) for by in (0, 1))
        reason = said_of(laid.n_units, varies=bool(np.ptp(units[:, 0])))
        n_types, n_tokens = laid.trust @ units[:, 2:] / laid.trust.sum()
        found.append((name, laid.n_units, len(places), *types, *once, n_types, n_tokens, reason))
    ends = [f"{name}{end}" for name in ("types", "once") for end in ("", "_low", "_high")]
    columns = ["group", "units", "docs", *ends, "n_types", "n_tokens", "reason"]
    return pd.DataFrame(found, columns=columns).astype({"reason": "string"})
