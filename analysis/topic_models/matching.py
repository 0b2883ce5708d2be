"""Topics of two models matched with each other by their heaviest words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

TOP = 10  # words by which topics are matched and judged


def heaviest(components: np.ndarray, n: int = TOP) -> list[np.ndarray]:
    """Return for each topic the places of its `n` heaviest terms, heaviest first; fewer where fewer weigh anything."""
    import numpy as np

    places = np.arange(components.shape[1])
    ordered = (np.lexsort((places, -weights))[:n] for weights in components)
    return [own[weights[own] > 0] for own, weights in zip(ordered, components, strict=True)]


def jaccard(a: Sequence[Sequence], b: Sequence[Sequence]) -> np.ndarray:
    """Return the Jaccard coefficients of the word lists of two models, topics of `a` × topics of `b`.

    >>> jaccard([["港口", "航线"]], [["港口", "码头"], ["茶园"]]).round(2).tolist()
    [[0.33, 0.0]]
    """
    import numpy as np

    sets = [[frozenset(words) for words in model] for model in (a, b)]
    return np.array([[len(x & y) / max(len(x | y), 1) for y in sets[1]] for x in sets[0]])


def best_match(overlap: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return which row goes with which column, one with one, so that the sum of the overlaps is largest.

    The assignment problem (Kuhn 1955, the Hungarian method), solved by scipy's linear_sum_assignment.
    """
    from scipy.optimize import linear_sum_assignment

    return linear_sum_assignment(overlap, maximize=True)


def matched(a: Sequence[Sequence], b: Sequence[Sequence]) -> float:
    """Return the mean Jaccard coefficient of the best match of two models' topics, one with one."""
    overlap = jaccard(a, b)
    return float(overlap[best_match(overlap)].mean())
