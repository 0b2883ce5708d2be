"""How alike groups are, usually cities: distances between them, what makes the difference, clusters and positions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from scipy.sparse import csr_matrix

    from analysis.counts import Counts

MOST_FREQUENT = 150  # words of Burrows' Delta


def similarity(
    counts: Counts,
    column: str,
    *,
    metric: str = "cosine",
    pairs: Iterable[tuple[str, str]] | None = None,
    permutations: int = 999,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare groups pair by pair. One row a pair: a, b, value (and p, p_least for chosen pairs), sorted by a and b.

    metric: "cosine", of the mean tf-idf vectors (1 = the same direction; idf fitted on documents); "jsd",
    Jensen-Shannon divergence of the groups' word shares, base 2 (0 = the same, 1 = no word in common); "delta",
    Burrows' Delta: mean absolute difference of z-scores over the 150 most frequent words, stop words kept.
    pairs: None for all pairs, point values only; or pairs of names, which are tested too: p is the share of
    `permutations` of the group labels among the two groups' documents, within year, that make the two at least as
    different, (b+1)/(m+1). p > 0.05: the two cannot be told apart. `p_least` is the smallest p that their years allow, one
    over the number of different labellings: where it is above 0.05, they cannot be tested.

    Raises ValueError for another metric, or a name that is no group.
    """
    _check_metric(metric)
    groups = counts._column(column)
    weights = _unit_vectors(counts, metric, column)
    if pairs is not None:
        return _tested(weights, counts.rows, column, metric, list(pairs), permutations, seed)
    names, centres = _centres(weights, groups.to_numpy(), mean=metric != "jsd")
    return _long(names, _MATRIX[metric](centres))


def distance_matrix(counts: Counts, column: str, *, metric: str = "cosine") -> pd.DataFrame:
    """Return the distances between all groups, a square frame: 1 - cosine, √jsd (a metric), or delta."""
    import numpy as np
    import pandas as pd

    _check_metric(metric)
    groups = counts._column(column)
    names, centres = _centres(_unit_vectors(counts, metric, column), groups.to_numpy(), mean=metric != "jsd")
    values = _MATRIX[metric](centres)
    if metric != "delta":
        values = 1 - values if metric == "cosine" else np.sqrt(values)
    np.fill_diagonal(values, 0)
    return pd.DataFrame(np.maximum(values, 0), index=names, columns=names)


def jsd_terms(counts: Counts, column: str, a: str, b: str) -> pd.DataFrame:
    """Divide the Jensen-Shannon divergence of two groups among the terms. One row a term.

    Columns: term, contribution, share_a, share_b. Base 2. The contributions are not negative and sum to the divergence
    (Lin 1991). Sorted by falling contribution.
    """
    import numpy as np
    import pandas as pd

    names, sums = _centres(counts.values, counts._column(column).to_numpy(), mean=False)
    p, q = (_shares(sums)[_position(names, name, column)] for name in (a, b))
    parts = _jsd_parts(p, q)
    frame = pd.DataFrame({"term": counts.terms, "contribution": parts, "share_a": p, "share_b": q})
    frame = frame[np.maximum(p, q) > 0]
    return frame.sort_values(["contribution", "term"], ascending=[False, True], ignore_index=True)


@dataclass(frozen=True)
class Clusters:
    """Agglomerative clustering of groups. names: in the order of the distance matrix; linkage: scipy's Z;
    labels: Series, cluster number by name; cophenetic: correlation of the tree's distances with the given ones;
    leaves: the names in the order of the tree.
    """

    names: list[str]
    linkage: np.ndarray
    labels: pd.Series
    cophenetic: float
    leaves: list[str]


def cluster_cities(
    counts: Counts, column: str = "city", *, metric: str = "cosine", clusters: int = 8
) -> Clusters:
    """Cluster groups by average linkage on their distances: those of `counts`, or a frame that `distance_matrix` gave."""
    import pandas as pd
    from scipy.cluster.hierarchy import average, cophenet, fcluster, leaves_list
    from scipy.spatial.distance import squareform

    distances = counts if isinstance(counts, pd.DataFrame) else distance_matrix(counts, column, metric=metric)
    if len(distances) < 3:
        raise ValueError(f"Clustering needs at least 3 groups of {column}; there are {len(distances)}.")
    condensed = squareform(distances.to_numpy(), checks=False)
    tree = average(condensed)
    labels = pd.Series(fcluster(tree, clusters, "maxclust"), index=distances.index, name="cluster")
    leaves = [distances.index[at] for at in leaves_list(tree)]
    return Clusters(list(distances.index), tree, labels, float(cophenet(tree, condensed)[0]), leaves)


def positions(distances: pd.DataFrame) -> pd.DataFrame:
    """Place groups on a plane so that distances are kept as well as two dimensions can. One row a group: x, y.

    Classical scaling (Torgerson 1952); `attrs["kept"]` is the share of the positive variance that the plane shows. Signs are
    fixed (the largest coordinate of an axis is positive), so the same distances give the same picture.
    """
    import numpy as np
    import pandas as pd

    squared = distances.to_numpy() ** 2
    centred = -0.5 * (squared - squared.mean(0) - squared.mean(1)[:, None] + squared.mean())
    values, vectors = np.linalg.eigh(centred)
    best = np.argsort(values)[::-1][:2]
    points = vectors[:, best] * np.sqrt(np.maximum(values[best], 0))
    points *= np.sign(points[np.abs(points).argmax(axis=0), [0, 1]])
    frame = pd.DataFrame(points, index=distances.index, columns=["x", "y"])
    positive = values[values > 1e-12].sum()
    frame.attrs["kept"] = float(values[best].sum() / positive) if positive else 1.0
    return frame


def _unit_vectors(counts: Counts, metric: str, column: str) -> csr_matrix:
    """Return what is averaged or summed over a group: tf-idf rows, counts, or scaled rates of the most frequent words."""
    import numpy as np
    from scipy.sparse import csr_matrix, diags

    if metric == "cosine":
        return counts.tfidf().values
    if metric == "jsd":
        return counts.values
    frequent = np.lexsort((np.arange(len(counts.terms)), -counts.totals()))[:MOST_FREQUENT]
    rates = counts.rates().values[:, np.sort(frequent)]
    # z-scores over the groups: dividing by the spread here leaves only a mean, which a difference does not see.
    _, centres = _centres(rates, counts.rows[column].to_numpy())
    spread = centres.std(axis=0)
    return csr_matrix(rates @ diags(1 / np.where(spread > 0, spread, 1)))


def _centres(vectors: csr_matrix, groups: np.ndarray, *, mean: bool = True) -> tuple[list[str], np.ndarray]:
    import numpy as np
    import pandas as pd
    from scipy.sparse import csr_matrix

    codes, names = pd.factorize(groups, sort=True)
    weight = 1 / np.bincount(codes)[codes] if mean else np.ones(len(codes))
    gather = csr_matrix((weight, (codes, np.arange(len(codes)))), shape=(len(names), len(codes)))
    return list(names), (gather @ vectors).toarray()


def _shares(sums: np.ndarray) -> np.ndarray:
    import numpy as np

    return sums / np.maximum(sums.sum(axis=1, keepdims=True), 1e-300)


def _jsd_parts(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    from scipy.special import rel_entr

    middle = (p + q) / 2
    return (rel_entr(p, middle) + rel_entr(q, middle)) / (2 * 0.6931471805599453)


def _cosines(centres: np.ndarray) -> np.ndarray:
    import numpy as np

    unit = centres / np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-300)
    return np.clip(unit @ unit.T, -1, 1)


def _divergences(centres: np.ndarray) -> np.ndarray:
    """Return all Jensen-Shannon divergences. Only words that both groups use need their sum looked at."""
    import numpy as np
    from scipy.special import xlogy

    shares = _shares(centres)
    own = xlogy(shares, shares).sum(axis=1)
    values = np.zeros((len(shares), len(shares)))
    for at, row in enumerate(shares):
        both = row + shares[at:]
        values[at, at:] = (own[at] + own[at:] - xlogy(both, both / 2).sum(axis=1)) / (2 * np.log(2))
    return np.maximum(values + values.T, 0)


def _deltas(centres: np.ndarray) -> np.ndarray:
    from scipy.spatial.distance import pdist, squareform

    return squareform(pdist(centres, "cityblock")) / max(centres.shape[1], 1)


_MATRIX: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "cosine": _cosines,
    "jsd": _divergences,
    "delta": _deltas,
}


def _long(names: list[str], values: np.ndarray) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    first, second = np.triu_indices(len(names), k=1)
    labels = np.array(names, dtype=object)
    return pd.DataFrame({"a": labels[first], "b": labels[second], "value": values[first, second]})


def _tested(
    vectors: csr_matrix,
    rows: pd.DataFrame,
    column: str,
    metric: str,
    pairs: list,
    permutations: int,
    seed: int,
) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    groups = rows[column].to_numpy()
    names, centres = _centres(vectors, groups, mean=metric != "jsd")
    values = _MATRIX[metric](centres)
    results = []
    for a, b in pairs:
        at, other = _position(names, a, column), _position(names, b, column)
        if a == b:
            raise ValueError(f"The pair ({a!r}, {b!r}) is one group with itself. Name two.")
        mine = np.isin(groups, [a, b])
        is_a, years = groups[mine] == a, _years(rows[mine])
        null = _null(vectors[mine], is_a, years, metric, permutations, seed)
        results.append((a, b, values[at, other], null, 1 / _labellings(is_a, years)))
    return pd.DataFrame(results, columns=["a", "b", "value", "p", "p_least"])


def _labellings(is_a: np.ndarray, years: np.ndarray) -> int:
    """Return in how many ways the labels can lie within the years."""
    from math import comb, prod

    return prod(comb(int((years == year).sum()), int(is_a[years == year].sum())) for year in set(years))


def _null(
    vectors: csr_matrix, is_a: np.ndarray, years: np.ndarray, metric: str, permutations: int, seed: int
) -> float:
    """Return p: how often labels shuffled within year make the two groups at least as different."""
    import numpy as np

    rng = np.random.default_rng(seed)
    order = np.argsort(years, kind="stable")
    labels, dense, years = is_a[order], vectors[order].toarray(), years[order]

    join = np.sum if metric == "jsd" else np.mean

    def difference(mask: np.ndarray) -> float:
        value = _MATRIX[metric](np.array([join(dense[mask], axis=0), join(dense[~mask], axis=0)]))[0, 1]
        return -value if metric == "cosine" else value

    seen = difference(labels)
    shuffled = (labels[np.lexsort((rng.random(len(labels)), years))] for _ in range(permutations))
    beyond = sum(difference(mask) >= seen - 1e-12 for mask in shuffled)
    return (beyond + 1) / (permutations + 1)


def _years(rows: pd.DataFrame) -> np.ndarray:
    import numpy as np

    if "year" not in rows:
        return np.zeros(len(rows))
    return rows["year"].to_numpy(dtype=float, na_value=-1)


def _position(names: list[str], name: str, column: str) -> int:
    if name not in names:
        raise ValueError(
            f"{name!r} is no {column} of these counts; there are {len(names)}, such as {', '.join(names[:3])}."
        )
    return names.index(name)


def _check_metric(metric: str) -> None:
    if metric not in _MATRIX:
        raise ValueError(f"metric={metric!r} is unknown; choose {', '.join(_MATRIX)}.")
