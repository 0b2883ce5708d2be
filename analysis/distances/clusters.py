"""Groups clustered by their distances, usually cities: the tree, and how much of it holds when documents are drawn again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.distances.metrics import Grouped, as_distances, grouped
from analysis.distances.resamples import Resamples
from analysis.distances.trees import cut, nodes, silhouette, tree_of

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from analysis.counts import Counts

FEWEST = 3  # groups
KS = 12  # numbers of clusters that are tried unless said


@dataclass(frozen=True)
class Clusters:
    """Agglomerative clustering of groups.

    names: sorted; linkage: scipy's Z, one row a merge of two branches, leaves numbered as in names; labels: Series,
    cluster number by name, from 1; cophenetic: correlation of the tree's distances with the given ones; leaves: the names
    in the order of the tree; silhouette: Series by name (NaN where there is one cluster, or as many as groups).

    draws: how often the documents were drawn again; without it None stand for support, one number a row of `linkage`: the
    share of draws whose tree, too, has a branch of just these groups (1 for the last, which holds all); and for together,
    a square frame: the share of draws in which two groups were in one of as many clusters.
    """

    names: list[Any]
    linkage: np.ndarray
    labels: pd.Series
    cophenetic: float
    leaves: list[Any]
    support: np.ndarray | None = None
    together: pd.DataFrame | None = None
    silhouette: pd.Series | None = None
    draws: int = 0


def cluster_cities(
    counts: Counts | pd.DataFrame,
    column: str = "city",
    *,
    metric: str = "cosine",
    clusters: int = 8,
    draws: int = 0,
    seed: int = 0,
) -> Clusters:
    """Cluster groups by average linkage on their distances: those of `counts`, or a frame that `distance_matrix` gave.

    metric: as in `distance_matrix`. clusters: how many the tree is cut into. draws: documents are drawn again with
    replacement within each group so many times (200 are enough), and the tree is made again of each draw.

    Support of a branch says whether other documents of the same groups would have given the same branch (Felsenstein 1985
    for trees of species); it is not the probability that the groups belong together. One group that wanders takes
    the support from every branch it passes through: look at `together` too. A group with one document stays as it is, so
    that its branches look surer than they are; a group with few documents, drawn again, is made of fewer still and
    lies farther from all others than it does, so that its branches look less sure.

    Neither the order of documents nor the names decide: of equal distances, those of the groups are joined first
    whose distances to all others are smallest, then whose documents come first by doc_id.

    Raises ValueError for fewer than 3 groups, more clusters than groups, draws from a frame of distances, and as
    `similarity` does.
    """
    import pandas as pd

    distances, arrival, them = _given(counts, column, metric)
    values, names = distances.to_numpy(dtype=float), list(distances.index)
    _check(clusters, len(names), draws)
    tree = tree_of(values, arrival)
    labels = cut(tree, clusters)
    index = pd.Index(names, name=distances.index.name)
    support = together = None
    if draws:
        if them is None:
            raise ValueError("draws resample documents: give the counts, not their distances.")
        found = Resamples(them, seed).trees(draws, clusters, arrival)
        support = found.support(nodes(tree))
        together = pd.DataFrame(found.together, index=index, columns=index)
    return Clusters(
        names=names,
        linkage=tree,
        labels=pd.Series(labels, index=index, name="cluster"),
        cophenetic=_cophenetic(tree, values),
        leaves=[names[at] for at in _leaves(tree)],
        support=support,
        together=together,
        silhouette=pd.Series(silhouette(values, labels), index=index, name="silhouette"),
        draws=draws,
    )


def silhouettes(
    counts: Counts | pd.DataFrame,
    column: str = "city",
    *,
    metric: str = "cosine",
    ks: Iterable[int] | None = None,
) -> pd.DataFrame:
    """Cut the tree of `cluster_cities` into different numbers of clusters. One row a number.

    Columns: clusters (asked), found (fewer where branches join at one height), silhouette (mean over groups,
    Rousseeuw 1987: near 1 clear-cut clusters, near 0 none), largest (groups of the largest cluster), alone (clusters of
    one group). ks: from 2 to 12, as far as there are groups. A high silhouette with most groups in one cluster
    only says that a few stand apart; where none is above 0.25, no structure of clusters was found (Kaufman & Rousseeuw
    1990).

    Raises ValueError as `cluster_cities`.
    """
    import numpy as np
    import pandas as pd

    distances, arrival, _ = _given(counts, column, metric)
    values = distances.to_numpy(dtype=float)
    tree = tree_of(values, arrival)
    rows = []
    for k in range(2, min(KS, len(values) - 1) + 1) if ks is None else ks:
        _check(k, len(values), 0)
        labels = cut(tree, k)
        sizes = np.bincount(labels)[1:]
        rows.append((k, len(sizes), silhouette(values, labels).mean(), sizes.max(), (sizes == 1).sum()))
    return pd.DataFrame(rows, columns=["clusters", "found", "silhouette", "largest", "alone"])


def _given(
    counts: Counts | pd.DataFrame, column: str, metric: str
) -> tuple[pd.DataFrame, np.ndarray, Grouped | None]:
    """Return the distances, the order in which groups came (of the documents, or of the frame), and their documents."""
    import numpy as np
    import pandas as pd

    if isinstance(counts, pd.DataFrame):
        _check_distances(counts, column)
        return counts, np.arange(len(counts)), None
    them = grouped(counts, column, metric, fewest=FEWEST, what="Clustering")
    values = as_distances(them.values(), metric)
    return pd.DataFrame(values, index=them.names, columns=them.names), them.arrival, them


def _check_distances(distances: pd.DataFrame, column: str) -> None:
    import numpy as np

    if list(distances.index) != list(distances.columns):
        raise ValueError(
            "The distances must be a square frame, as distance_matrix gives it: rows named as columns."
        )
    values = distances.to_numpy(dtype=float)
    if not (np.isfinite(values).all() and np.allclose(values, values.T)):
        raise ValueError("The distances must be the same in both directions, and none missing.")
    if len(distances) < FEWEST:
        number = "is 1" if len(distances) == 1 else f"are {len(distances)}"
        raise ValueError(f"Clustering needs at least {FEWEST} groups of {column}; there {number}.")


def _check(clusters: int, groups: int, draws: int) -> None:
    if not 1 <= clusters <= groups:
        raise ValueError(f"{groups} groups can't be cut into {clusters} clusters; give from 1 to {groups}.")
    if draws < 0:
        raise ValueError(f"draws={draws} can't be; give 0 for none, or about 200.")


def _cophenetic(tree: np.ndarray, values: np.ndarray) -> float:
    """Return the correlation of the tree's distances with the given ones; NaN where all of them are equal."""
    import numpy as np
    from scipy.cluster.hierarchy import cophenet
    from scipy.spatial.distance import squareform

    given = squareform(values, checks=False)
    if np.ptp(given) < 1e-12:
        return float("nan")
    return float(cophenet(tree, given)[0])


def _leaves(tree: np.ndarray) -> list[int]:
    from scipy.cluster.hierarchy import leaves_list

    return [int(at) for at in leaves_list(tree)]
