"""The models that find topics: what is fitted to which matrix, from which start, in which order of rows and terms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from numbers import Integral
from typing import TYPE_CHECKING, Any

from analysis.comparing.demands import check_terms
from analysis.counts import Counts

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Fit = tuple[np.ndarray, np.ndarray]

DIMENSIONS = 100  # of the singular value decomposition before k-means
# With a tenth of it all topics of the shipped reports keep their ten heaviest words (6, 12, 20, 30 topics, halves and all);
# ten times as much halves the time, but at 12 topics stops before some starts have come to the same topics.
TOLERANCE = 1e-4
FEW_PASSAGES = 3000  # up to which LDA goes over all of them at once
PASSES = 2  # of LDA over more passages than these
ITERATIONS = 2000  # more than any fit to the shipped reports needed
KEYS = ("doc_id", "para", "start")  # what tells passages apart


def fit(counts: Counts, k: int, *, method: str, seed: int) -> Fit:
    """Return the weights, rows × topics, and the components, topics × terms, of `k` topics. Rows as `in_order` left them.

    Rows without a term and terms without an occurrence take no part, and weigh 0: they would only shift the random start.
    One thread, so that sums are rounded alike wherever it runs.
    """
    import numpy as np
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    rows = np.flatnonzero(counts.values.sum(axis=1))
    terms = np.flatnonzero(counts.totals())
    used = Counts(counts.values[rows][:, terms], counts.rows.iloc[rows], counts.terms[terms])
    with threadpool_limits(1):
        own_weights, own_components = _MODELS[method](used, k, seed)
    weights, components = np.zeros((len(counts.rows), k)), np.zeros((k, len(counts.terms)))
    weights[rows], components[:, terms] = own_weights, own_components
    return weights, components


def in_order(counts: Counts) -> Counts:
    """Sort the rows by document, paragraph and place, and the terms, so that the order of the input changes nothing."""
    counts = counts.select(sorted(counts.terms))
    keys = [name for name in KEYS if name in counts.rows]
    # Positions, not labels: rows that were chosen or turned keep the labels they had.
    frame = counts.rows[keys].reset_index(drop=True)
    if frame.duplicated().any():
        frame["_content"] = _contents(counts)  # rows that are alike in this too can change places
    order = frame.sort_values(list(frame.columns), kind="stable").index.to_numpy()
    return replace(counts, values=counts.values[order], rows=counts.rows.iloc[order].reset_index(drop=True))


def check(counts: Counts, k: Any, method: str) -> None:
    """Raise ValueError for what no topics can be found in; say what to do."""
    if not isinstance(counts, Counts):
        raise ValueError(
            f"Topics are found in Counts, not in {type(counts).__name__}; make them with count(...)."
        )
    if counts.kind != "counts":
        raise ValueError("Topics are found in counts: give them before tfidf() or rates().")
    if method not in _MODELS:
        raise ValueError(f"method={method!r} is unknown; choose {', '.join(_MODELS)}.")
    if not isinstance(k, Integral) or isinstance(k, bool) or int(k) < 1:
        raise ValueError(f"k={k!r} is no number of topics; give a whole number from 1, or None.")
    if "doc_id" not in counts.rows:
        raise ValueError(
            "topics needs rows with `doc_id`; give it counts of passages or documents, not of groups."
        )
    check_terms(counts)
    rows, terms = size(counts)
    if min(rows, terms) <= int(k):
        raise ValueError(
            f"{k} topics need more than {k} passages and terms; there are {rows} and {terms}. Lower k."
        )


def size(counts: Counts) -> tuple[int, int]:
    """Return how many rows have a term, and how many terms occur."""
    return int((counts.values.sum(axis=1) > 0).sum()), int((counts.totals() > 0).sum())


def _nmf(counts: Counts, k: int, seed: int) -> Fit:
    """Non-negative matrix factorisation of tf-idf by coordinate descent (scikit-learn), from a random start."""
    from sklearn.decomposition import NMF

    model = NMF(k, init="random", random_state=seed, max_iter=ITERATIONS, tol=TOLERANCE)
    weights = model.fit_transform(counts.tfidf().values)
    return weights, model.components_


def _kmeans(counts: Counts, k: int, seed: int) -> Fit:
    import numpy as np
    from sklearn.cluster import KMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    weights = counts.tfidf().values
    dimensions = min(DIMENSIONS, min(weights.shape) - 1)
    points = normalize(TruncatedSVD(dimensions, random_state=seed).fit_transform(weights))
    labels = KMeans(k, n_init=10, random_state=seed).fit_predict(points)
    member = np.eye(k)[labels]
    centres = np.asarray(member.T @ weights) / np.maximum(member.sum(axis=0), 1)[:, None]
    return member, centres


def _lda(counts: Counts, k: int, seed: int) -> Fit:
    """Latent Dirichlet allocation by variational Bayes; of many passages online, in a seeded order (Hoffman et al. 2010).

    On the shipped reports online takes a sixth of the time and gives much the same topics (perplexity 724 against 714).
    """
    import numpy as np
    from sklearn.decomposition import LatentDirichletAllocation

    if len(counts.rows) <= FEW_PASSAGES:
        model = LatentDirichletAllocation(k, random_state=seed, learning_method="batch", max_iter=20)
        return model.fit_transform(counts.values), model.components_
    n = len(counts.rows)
    model = LatentDirichletAllocation(
        k, random_state=seed, batch_size=256, total_samples=n, max_doc_update_iter=50
    )
    # The last passages weigh most: sorted by document they would be those of a few cities.
    shuffled = counts.values[np.random.default_rng(seed).permutation(n)]
    for _ in range(PASSES):  # as `fit` online does, but for a perplexity at the end that nobody asks for
        model.partial_fit(shuffled)
    return model.transform(counts.values), model.components_


_MODELS: dict[str, Callable[[Counts, int, int], Fit]] = {"nmf": _nmf, "kmeans": _kmeans, "lda": _lda}
METHODS = tuple(_MODELS)


def _contents(counts: Counts) -> pd.Series:
    import pandas as pd

    values = counts.values.copy()
    values.sort_indices()
    parts = zip(values.indptr, values.indptr[1:], strict=False)
    return pd.Series([values.indices[a:b].tobytes() + values.data[a:b].tobytes() for a, b in parts])
