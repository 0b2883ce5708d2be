"""Whether two groups can be told apart: their labels given to the documents in other ways, within years."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, combinations, product
from typing import TYPE_CHECKING

from analysis.comparing.permutations import relabelings

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_matrix

    from analysis.comparing.units import Layout
    from analysis.distances.metrics import Grouped

CELLS = 200_000  # labellings × terms that are worked on at once: what the processor keeps at hand
ROUNDING = 1e-12  # within which two labellings are equally far apart


@dataclass(frozen=True)
class Pair:
    """Two groups. sums: units × terms, the vectors of a unit's documents added up; sizes: documents of each unit;
    mine: which units are the first group's; strata: within which labels may change places; elsewhere: the centres of all
    other groups, over which, too, Delta takes its z-scores.
    """

    metric: str
    sums: csr_matrix
    sizes: np.ndarray
    mine: np.ndarray
    strata: np.ndarray
    elsewhere: np.ndarray


@dataclass(frozen=True)
class Told:
    """p: how often other labellings make the two at least as different; least: the smallest p there could be."""

    p: float
    least: float


def tell_apart(pair: Pair, permutations: int, seed: int) -> Told:
    """Test whether the labels of two groups could be given to their units, within strata, in any other way.

    All labellings where there are at most `permutations`, the share that makes the two at least as different as they are
    (the true labels among them); else so many at random, (b+1)/(m+1).
    """
    number = relabelings(pair.mine, pair.strata)
    exact = number <= permutations
    labels = all_labellings(pair) if exact else random_labellings(pair, permutations, seed)
    beyond = int((apart(pair, labels) >= apart(pair, pair.mine[None, :])[0] - ROUNDING).sum())
    # Where each stratum is shared half and half, to swap all labels is another labelling with the same difference.
    least = min(1 + mirrored(pair), number) / number
    if exact:
        return Told(beyond / number, least)
    return Told((beyond + 1) / (permutations + 1), max(least, 1 / (permutations + 1)))


def mirrored(pair: Pair) -> bool:
    """Say whether the two groups have as many units as each other in every stratum."""
    import numpy as np

    return bool((np.bincount(pair.strata, pair.mine) == np.bincount(pair.strata, ~pair.mine)).all())


def all_labellings(pair: Pair) -> np.ndarray:
    """Return labellings × units, true for the first group: every one that leaves it as many units of each stratum."""
    import numpy as np

    pools = [
        combinations(np.flatnonzero(pair.strata == stratum), int(pair.mine[pair.strata == stratum].sum()))
        for stratum in np.unique(pair.strata)
    ]
    chosen = [list(chain(*parts)) for parts in product(*pools)]
    labels = np.zeros((len(chosen), len(pair.mine)), dtype=bool)
    np.put_along_axis(labels, np.array(chosen, dtype=int), True, axis=1)
    return labels


def random_labellings(pair: Pair, number: int, seed: int) -> np.ndarray:
    """Return as `all_labellings`, but so many at random."""
    import numpy as np

    rng = np.random.default_rng(seed)
    _, own = np.unique(pair.strata, return_inverse=True)
    sizes, mine = np.bincount(own), np.bincount(own, pair.mine)
    order = np.argsort(own + rng.random((number, len(own))), axis=1)
    # In that order a stratum's units stand together; the first so many are the first group's.
    first = np.concatenate([np.arange(n) < k for n, k in zip(sizes, mine, strict=True)])
    labels = np.zeros(order.shape, dtype=bool)
    np.put_along_axis(labels, order, first[None, :], axis=1)
    return labels


def apart(pair: Pair, labels: np.ndarray) -> np.ndarray:
    """Return how far apart the two groups are under each of the labels (labellings × units)."""
    import numpy as np

    if pair.metric == "cosine":
        return _cosine_apart(pair, labels)
    measure = _jsd_apart(pair) if pair.metric == "jsd" else _delta_apart(pair)
    step = max(CELLS // pair.sums.shape[1], 1)
    parts = [measure(labels[at : at + step].astype(float)) for at in range(0, len(labels), step)]
    return np.concatenate(parts)


def _cosine_apart(pair: Pair, labels: np.ndarray) -> np.ndarray:
    """Return minus the cosines of the groups' sums, from the products of the units' vectors with each other alone."""
    import numpy as np

    gram = (pair.sums @ pair.sums.T).toarray()
    one, other = labels.astype(float), (~labels).astype(float)
    mine, theirs = one @ gram, other @ gram
    lengths = (mine * one).sum(axis=1) * (theirs * other).sum(axis=1)
    return -(mine * other).sum(axis=1) / np.sqrt(np.maximum(lengths, 1e-300))


def _jsd_apart(pair: Pair) -> Callable[[np.ndarray], np.ndarray]:
    """Return what gives the divergences: p log p of both sides less that of their middle."""
    import numpy as np

    sums, times = _alike_once(pair)
    total = sums.sum(axis=0)

    def entropies(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        tokens = np.maximum(counts @ times, 1e-300)
        logs = np.log(np.maximum(counts, 1e-300))
        logs *= counts
        return tokens[:, None], np.log(tokens) - logs @ times / tokens

    def measure(labels: np.ndarray) -> np.ndarray:
        one = labels @ sums
        other = total - one
        (n_one, own), (n_other, others) = entropies(one), entropies(other)
        one /= 2 * n_one
        other /= 2 * n_other
        one += other
        return (entropies(one)[1] - (own + others) / 2) / np.log(2)

    return measure


def _alike_once(pair: Pair) -> tuple[np.ndarray, np.ndarray]:
    """Return units × terms, terms that all units use alike but once, and how many each stands for: most words are rare."""
    import numpy as np

    used = pair.sums[:, np.unique(pair.sums.indices)].toarray()
    # No two columns have one mark unless they are the same.
    marks = np.random.default_rng(0).random(len(used)) @ used
    _, first, times = np.unique(marks, return_index=True, return_counts=True)
    return used[:, first], times.astype(float)


def _delta_apart(pair: Pair) -> Callable[[np.ndarray], np.ndarray]:
    """Return what gives Delta with the z-scores that the labels make: the spread over groups is theirs too."""
    import numpy as np

    sums, n, centre = pair.sums.toarray(), len(pair.elsewhere) + 2, pair.elsewhere.mean(axis=0)
    squares = ((pair.elsewhere - centre) ** 2).sum(axis=0)

    def measure(labels: np.ndarray) -> np.ndarray:
        one, other = ((side @ sums) / (side @ pair.sizes)[:, None] for side in (labels, 1 - labels))
        mean = ((n - 2) * centre + one + other) / n
        between = (n - 2) * (centre - mean) ** 2 + (one - mean) ** 2 + (other - mean) ** 2
        deviation = np.sqrt((squares + between) / n)
        return (np.abs(one - other) / np.where(deviation > 1e-12 * mean, deviation, 1)).mean(axis=1)

    return measure


def pair_of(them: Grouped, laid: Layout, centres: np.ndarray, a: int, b: int) -> Pair:
    """Bring together the units of two groups. Which is the first is decided by whose documents come first."""
    import numpy as np
    from scipy.sparse import csr_matrix

    a, b = sorted((a, b), key=lambda group: them.arrival[group])
    docs = np.flatnonzero(np.isin(them.codes, [a, b]))
    _, first, units = np.unique(laid.units[docs], return_index=True, return_inverse=True)
    gather = csr_matrix((np.ones(len(docs)), (units, np.arange(len(docs)))))
    strata = np.unique(laid.strata[docs][first], return_inverse=True)[1]
    return Pair(
        them.metric,
        csr_matrix(gather @ them.vectors[docs]),
        np.bincount(units),
        them.codes[docs][first] == a,
        strata,
        np.delete(centres, [a, b], axis=0) if them.metric == "delta" else centres[:0],
    )
