"""How alike groups are, usually cities, as numbers: cosine, Jensen-Shannon divergence, Burrows' Delta; their distances."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from analysis.comparing.demands import check_kind, check_name, in_order, leave_aside
from analysis.counts import PER, Counts
from analysis.words import stop_words

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from scipy.sparse import csr_matrix

MOST_FREQUENT = 150  # words of Burrows' Delta
TINY = 1e-300  # keeps a sum of nothing from being divided by


@dataclass(frozen=True)
class Grouped:
    """Documents and their groups, as a metric takes them.

    vectors: documents × terms, what is averaged over a group (tf-idf rows for "cosine", rates per 10,000 tokens of the
    most frequent words for "delta") or summed (counts, for "jsd"). codes: for each document the number of its group in
    `names`, which are sorted. rows: the documents' metadata, in the order of doc_id.
    """

    metric: str
    column: str
    vectors: csr_matrix
    codes: np.ndarray
    names: list[Any]
    rows: pd.DataFrame

    @cached_property
    def docs(self) -> np.ndarray:
        """Documents of each group."""
        import numpy as np

        return np.bincount(self.codes, minlength=len(self.names))

    @cached_property
    def arrival(self) -> np.ndarray:
        """The place of each group by its first document: breaks ties, in which names have no say."""
        import numpy as np

        return np.unique(self.codes, return_index=True)[1].argsort().argsort()

    def centres(self) -> np.ndarray:
        """Return groups × terms: the mean over a group's documents, or their sum for "jsd"."""
        import numpy as np
        from scipy.sparse import csr_matrix

        places = np.arange(len(self.codes))
        weight = np.ones(len(places)) if self.metric == "jsd" else 1 / self.docs[self.codes]
        return (csr_matrix((weight, (self.codes, places))) @ self.vectors).toarray()

    def values(self) -> np.ndarray:
        """Return the metric between all groups, groups × groups."""
        return VALUES[self.metric](self.centres())

    def place(self, name: Any) -> int:
        """Return a group's number. Raises ValueError, with the nearest names, where there is no such group."""
        check_name(name, self.names, self.column)
        return self.names.index(name)


def grouped(counts: Counts, column: str, metric: str, *, fewest: int = 2, what: str = "Comparing") -> Grouped:
    """Make documents ready to be compared by `metric`. What can't be compared is left aside with a warning.

    Raises ValueError for another metric, weights in place of counts, a column that is missing or has missing values,
    counts without terms, or fewer groups than `fewest`.
    """
    import pandas as pd

    if metric not in VALUES:
        raise ValueError(f"metric={metric!r} is unknown; choose {', '.join(VALUES)}.")
    check_kind(counts, what)
    counts._column(column)
    if len(counts.terms) == 0:
        raise ValueError(
            "The counts have no term, perhaps all trimmed away: lower min_docs or min_groups, or raise max_share."
        )
    counts = _with_words(counts, column)
    counts = in_order(counts)[0]
    codes, names = pd.factorize(counts.rows[column], sort=True)
    if metric == "delta" and len(names) == 2:
        raise ValueError(
            "metric='delta' takes z-scores over groups: two differ by 2 in every word. Give three or more."
        )
    if len(names) < fewest:
        raise ValueError(f"{what} needs at least {fewest} groups of {column}; there {_so_many(len(names))}.")
    return Grouped(metric, column, _vectors(counts, metric), codes, list(names), counts.rows)


def distance_matrix(counts: Counts, column: str, *, metric: str = "cosine") -> pd.DataFrame:
    """Return the distances between all groups, a square frame: 1 - cosine, √jsd (a metric), or delta.

    Metrics as in `similarity`; names sorted. Raises ValueError as there.
    """
    import pandas as pd

    them = grouped(counts, column, metric)
    return pd.DataFrame(as_distances(them.values(), metric), index=them.names, columns=them.names)


def as_distances(values: np.ndarray, metric: str) -> np.ndarray:
    """Turn the values of a metric into distances, 0 between a group and itself."""
    import numpy as np

    if metric == "cosine":
        values = 1 - values
    distances = np.sqrt(np.maximum(values, 0)) if metric == "jsd" else np.maximum(values, 0)
    np.fill_diagonal(distances, 0)
    return distances


def jsd_terms(counts: Counts, column: str, a: Any, b: Any) -> pd.DataFrame:
    """Divide the Jensen-Shannon divergence of two groups among the terms. One row a term that either uses.

    Columns: term; contribution; share_a, share_b (of the group's tokens of the terms counted: they sum to 1, as the
    divergence needs); rate_a, rate_b (per 10,000 tokens of all the group's documents together, by `n_tokens`: every token
    counts, also of terms that were trimmed away). Base 2. The contributions are not negative and sum to the divergence
    (Lin 1991). Sorted by falling contribution, then term.

    Raises ValueError for a name that is no group, or one group named twice.
    """
    import numpy as np
    import pandas as pd

    them = grouped(counts, column, "jsd")
    first, second = them.place(a), them.place(b)
    if first == second:
        raise ValueError(f"jsd_terms compares two groups; {a!r} was named twice.")
    sums = them.centres()[[first, second]]
    p, q = shares(sums)
    tokens = np.bincount(them.codes, replace(counts, values=them.vectors, rows=them.rows).n_tokens())
    rate_a, rate_b = PER * sums / tokens[[first, second], None]
    columns = {"share_a": p, "share_b": q, "rate_a": rate_a, "rate_b": rate_b}
    frame = pd.DataFrame({"term": counts.terms, "contribution": _parts(p, q), **columns})
    frame = frame[np.maximum(p, q) > 0]
    return frame.sort_values(["contribution", "term"], ascending=[False, True], ignore_index=True)


def cosines(centres: np.ndarray) -> np.ndarray:
    """Return the cosines of all rows with each other."""
    return normed(centres @ centres.T)


def normed(gram: np.ndarray) -> np.ndarray:
    """Turn products of vectors with each other into cosines."""
    import numpy as np

    length = np.sqrt(np.maximum(np.diag(gram), TINY))
    return np.clip(gram / np.outer(length, length), -1, 1)


def divergences(sums: np.ndarray) -> np.ndarray:
    """Return the Jensen-Shannon divergences, base 2, of all rows of counts with each other."""
    import numpy as np

    share = shares(sums)
    own = share * np.log(np.where(share > 0, share, 1))
    by_term = np.ascontiguousarray(share.T)  # a selection of terms is then a copy of whole rows
    values = np.zeros((len(share), len(share)))
    for at in range(len(share) - 1):
        # A term that only the other group uses adds its share times log 2: no logarithm has to be taken for it.
        used = share[at] > 0
        both = by_term[used, at + 1 :]
        both += by_term[used, at, None]
        both /= 2
        middle = np.einsum("ij,ij->j", both, np.log(both))
        inside, covered = own[at + 1 :] @ used, share[at + 1 :] @ used
        values[at, at + 1 :] = own[at].sum() + inside - 2 * middle + np.log(2) * (1 - covered)
    return np.clip((values + values.T) / (2 * np.log(2)), 0, 1)


def deltas(centres: np.ndarray) -> np.ndarray:
    """Return Burrows' Delta between all rows of rates: the mean absolute difference of z-scores over the rows.

    Burrows (2002), with the population standard deviation; a word without any spread adds 0.
    """
    from scipy.spatial.distance import pdist, squareform

    return squareform(pdist(centres / spread(centres), "cityblock")) / centres.shape[1]


def spread(centres: np.ndarray) -> np.ndarray:
    """Return the standard deviation of each word over the groups; 1 where all are the same but for rounding."""
    import numpy as np

    deviation = centres.std(axis=0)
    return np.where(deviation > 1e-12 * np.abs(centres).max(axis=0), deviation, 1)


def shares(sums: np.ndarray) -> np.ndarray:
    """Return each row divided by its sum."""
    import numpy as np

    return sums / np.maximum(sums.sum(axis=1, keepdims=True), TINY)


VALUES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "cosine": cosines,
    "jsd": divergences,
    "delta": deltas,
}


def _vectors(counts: Counts, metric: str) -> csr_matrix:
    import numpy as np

    if metric == "cosine":
        return counts.tfidf().values
    if metric == "jsd":
        return counts.values.astype(float)
    if stop_words().isdisjoint(counts.terms):
        warnings.warn(
            "metric='delta' compares the most frequent words, stop words kept; these counts have no stop word. "
            "Give it the counts of all words, before content_terms.",
            stacklevel=4,
        )
    frequent = np.lexsort((np.arange(len(counts.terms)), -counts.totals()))[:MOST_FREQUENT]
    return counts.rates().values[:, np.sort(frequent)]


def _with_words(counts: Counts, column: str) -> Counts:
    """Leave aside documents without any word, and groups that use none of the terms: they are like nothing."""
    import numpy as np

    counts = leave_aside(counts, counts.n_tokens() <= 0, "no words", stacklevel=4)
    used = np.asarray(counts.values.sum(axis=1)).ravel() > 0
    mute = ~counts.rows[column].isin(counts.rows[column][used]).to_numpy()
    if mute.any():
        names = list(counts.rows[column][mute].unique())
        warnings.warn(
            f"{len(names)} groups of {column} use none of the {len(counts.terms):,} terms, first {names[0]!r}; they are "
            "left aside.",
            stacklevel=4,
        )
    return counts.where(~mute)


def _so_many(groups: int) -> str:
    return "is 1" if groups == 1 else f"are {groups}"


def _parts(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    import numpy as np
    from scipy.special import rel_entr

    middle = (p + q) / 2
    return (rel_entr(p, middle) + rel_entr(q, middle)) / (2 * np.log(2))
