"""Trees of groups: average linkage in which neither order nor names decide, its branches, its cuts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

DIGITS = 12  # to which distances are equal


def tree_of(distances: np.ndarray, arrival: np.ndarray) -> np.ndarray:
    """Return scipy's Z of average linkage (UPGMA), leaves numbered as the rows of the square `distances`.

    scipy joins the first of equal distances. So the groups are put in an order of their own before: by their distances
    to all others, nearest first, and where these are the same by `arrival`.
    """
    import numpy as np
    from scipy.cluster.hierarchy import average
    from scipy.spatial.distance import squareform

    rounded = np.round(distances, DIGITS)
    profile = np.sort(rounded, axis=1)
    order = np.lexsort((arrival, *profile.T[::-1]))
    tree = average(squareform(rounded[np.ix_(order, order)], checks=False))
    # Back to the numbers of the rows; branches are numbered from n on and stay.
    numbers = np.concatenate([order, np.arange(len(order), 2 * len(order))])
    tree[:, :2] = numbers[tree[:, :2].astype(int)]
    return tree


def nodes(tree: np.ndarray) -> list[int]:
    """Return for each merge the set of leaves under it, as the bits of a number."""
    leaves = len(tree) + 1
    sets = [1 << leaf for leaf in range(leaves)]
    for left, right in tree[:, :2].astype(int):
        sets.append(sets[left] | sets[right])
    return sets[leaves:]


def cut(tree: np.ndarray, clusters: int) -> np.ndarray:
    """Return the cluster of each leaf, from 1; fewer clusters than asked where branches join at one height."""
    from scipy.cluster.hierarchy import fcluster

    return fcluster(tree, clusters, "maxclust")


def silhouette(distances: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the silhouette of each group (Rousseeuw 1987); NaN where there is one cluster, or as many as groups."""
    import numpy as np
    from sklearn.metrics import silhouette_samples

    if not 2 <= len(np.unique(labels)) < len(labels):
        return np.full(len(labels), np.nan)
    return silhouette_samples(distances, labels, metric="precomputed")
