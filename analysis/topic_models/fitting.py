"""Topics over passages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from numbers import Integral
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from analysis.counts import Counts

FIXED_K = 12  # until stability over k decides; every picture of topics says so
_DIMENSIONS = 100  # of the singular value decomposition before k-means


@dataclass(frozen=True)
class Topics:
    """Topics of passages.

    words: one row a topic and term: topic (from 1), term, weight, exclusivity (the term's weight in the topic over its
    weight in all), sorted by topic and falling weight, the 50 heaviest. shares: one row a passage in the order of
    `rows`, one column a topic; a row sums to 1 (0 where the passage has no term left). labels: Series, topic to label.
    """

    words: pd.DataFrame
    shares: pd.DataFrame
    rows: pd.DataFrame
    labels: pd.Series
    method: str
    k: int
    seed: int

    def where(self, mask: Any) -> Topics:
        """Keep the passages for which `mask` (a boolean array in the order of `rows`) is true; the topics stay."""
        import numpy as np

        chosen = np.flatnonzero(np.asarray(mask, dtype=bool))
        rows, shares = (frame.iloc[chosen].reset_index(drop=True) for frame in (self.rows, self.shares))
        return replace(self, rows=rows, shares=shares)

    def by(self, column: str) -> pd.DataFrame:
        """Return the mean share of each topic in each group, one row a group.

        The mean over the group's documents of the mean over their passages, so that a long report counts once.
        Raises ValueError for a column that `rows` has not.
        """
        if column not in self.rows:
            raise ValueError(
                f"The passages have no column {column!r}; they have {', '.join(map(str, self.rows.columns))}."
            )
        per_document = self.shares.groupby(self.rows["doc_id"].to_numpy()).mean()
        group = (
            self.rows.drop_duplicates("doc_id")
            .set_index("doc_id", drop=False)[column]
            .reindex(per_document.index)
        )
        return per_document.groupby(group).mean()

    def typical(self, topic: int, n: int = 5) -> pd.DataFrame:
        """Return the passages with the largest share of a topic: their rows, and `share`."""
        if topic not in self.shares:
            raise ValueError(f"There is no topic {topic}; they are numbered 1 to {self.k}.")
        rows = self.rows.assign(share=self.shares[topic].to_numpy())
        ties = [name for name in ("doc_id", "para", "start") if name in rows]
        return rows.sort_values(["share", *ties], ascending=[False] + [True] * len(ties)).head(n)


def topics(counts: Counts, k: int | None = None, *, method: str = "nmf", seed: int = 0) -> Topics:
    """Find `k` topics in passages.

    counts: one row a passage (with `doc_id`), trimmed to the terms that should make topics. k: None for 12, a fixed
    number for now. method: "nmf" (non-negative matrix factorisation of tf-idf, seeded random start), "kmeans" (on 100
    dimensions of a singular value decomposition of tf-idf; a passage has one topic) or "lda" (on counts). Rows are
    sorted before fitting, so that the order of the input changes nothing; topics are numbered by falling mean share.

    Raises ValueError for another method, a `k` that is no whole number from 1, fewer passages or terms than topics, or
    rows without `doc_id`.
    """
    models = {"nmf": _nmf, "kmeans": _kmeans, "lda": _lda}
    if method not in models:
        raise ValueError(f"method={method!r} is unknown; choose {', '.join(models)}.")
    k = FIXED_K if k is None else k
    if not isinstance(k, Integral) or k < 1:
        raise ValueError(
            f"k={k!r} is no number of topics; give a whole number from 1, or None for {FIXED_K}."
        )
    if "doc_id" not in counts.rows:
        raise ValueError(
            "topics needs rows with `doc_id`; give it counts of passages or documents, not of groups."
        )
    if min(counts.values.shape) <= k:
        rows, terms = counts.values.shape
        raise ValueError(
            f"{k} topics need more than {k} passages and terms; there are {rows} and {terms}. Lower k."
        )
    ordered = _in_order(counts)
    weights, components = models[method](ordered, k, seed)
    return _topics(ordered, weights, components, method, seed)


def _in_order(counts: Counts) -> Counts:
    keys = [name for name in ("doc_id", "para", "start") if name in counts.rows]
    # Positions, not labels: rows that were chosen or turned keep the labels they had.
    order = counts.rows.reset_index(drop=True).sort_values(keys, kind="stable").index.to_numpy()
    terms = sorted(counts.terms)
    rows = counts.rows.iloc[order].reset_index(drop=True)
    return replace(counts, values=counts.values[order], rows=rows).select(terms)


def _nmf(counts: Counts, k: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.decomposition import NMF

    model = NMF(k, init="random", random_state=seed, max_iter=500, tol=1e-4)
    weights = model.fit_transform(counts.tfidf().values)
    return weights, model.components_


def _kmeans(counts: Counts, k: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    import numpy as np
    from sklearn.cluster import KMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    weights = counts.tfidf().values
    dimensions = min(_DIMENSIONS, min(weights.shape) - 1)
    points = normalize(TruncatedSVD(dimensions, random_state=seed).fit_transform(weights))
    labels = KMeans(k, n_init=10, random_state=seed).fit_predict(points)
    member = np.eye(k)[labels]
    centres = np.asarray(member.T @ weights) / np.maximum(member.sum(axis=0), 1)[:, None]
    return member, centres


def _lda(counts: Counts, k: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.decomposition import LatentDirichletAllocation

    model = LatentDirichletAllocation(k, random_state=seed, learning_method="batch", max_iter=20)
    weights = model.fit_transform(counts.values)
    return weights, model.components_


def _topics(counts: Counts, weights: np.ndarray, components: np.ndarray, method: str, seed: int) -> Topics:
    import numpy as np
    import pandas as pd

    # A topic's weight is comparable across topics only once its term weights sum to 1.
    scale = np.maximum(components.sum(axis=1), 1e-300)
    weights, components = (weights if method == "kmeans" else weights * scale), components / scale[:, None]
    totals = weights.sum(axis=1, keepdims=True)
    shares = np.divide(weights, totals, out=np.zeros_like(weights), where=totals > 0)
    order = np.argsort(-shares.mean(axis=0), kind="stable")
    numbers = range(1, len(order) + 1)
    words = _words(components[order], counts.terms)
    frame = pd.DataFrame(shares[:, order], columns=list(numbers))
    return Topics(words, frame, counts.rows, _labels(words), method, len(order), seed)


def _words(components: np.ndarray, terms: pd.Index, n: int = 50) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    exclusivity = components / np.maximum(components.sum(axis=0), 1e-300)
    frames = []
    for number, (weights, exclusive) in enumerate(zip(components, exclusivity, strict=True), start=1):
        best = np.lexsort((np.arange(len(terms)), -weights))[:n]
        columns: dict[str, Any] = {"topic": number, "term": terms[best], "weight": weights[best]}
        frames.append(pd.DataFrame({**columns, "exclusivity": exclusive[best]}))
    frame = pd.concat(frames, ignore_index=True)
    return frame[frame["weight"] > 0].reset_index(drop=True)


def _labels(words: pd.DataFrame, n: int = 3) -> pd.Series:
    """Name each topic by the most exclusive of its ten heaviest words."""
    heaviest = words.groupby("topic").head(10)
    ordered = heaviest.sort_values(
        ["topic", "exclusivity", "weight", "term"], ascending=[True, False, False, True]
    )
    return ordered.groupby("topic").head(n).groupby("topic")["term"].agg("·".join)
