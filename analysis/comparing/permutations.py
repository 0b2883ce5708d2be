"""Permutation test of a difference of mean rates: exact, by Monte Carlo, or with a fitted tail."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, combinations, islice, product
from math import comb, prod
from typing import TYPE_CHECKING, Any

from analysis.comparing.inference import both_t, spread

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from analysis.comparing.units import Layout, UnitValues

EXACT = 200_000  # relabelings up to which all are tried
DRAWS = 9_999  # of Monte Carlo
PER_TERM = 20  # draws a term below which the tail is fitted
TAIL = 250  # largest statistics that the tail is fitted to
FEW = 10  # statistics beyond the one seen from which (b+1)/(m+1) is good enough (Knijnenburg et al. 2009)
REFERRED = 5_000  # random groups that t is referred to
SCREEN = 0.05  # from which p is left as Student's: the tail of 250 among 5,000
CHUNK = 500  # groups that are worked on at once
TERMS = 500  # terms that are
DENSE = 100  # units of a target from which one product of dense matrices is faster


@dataclass(frozen=True)
class Permuted:
    """statistic: difference of mean rates within years; p: two-sided; how: in words; least: the smallest p that the
    relabelings allow (0 with a fitted tail)."""

    statistic: np.ndarray
    p: np.ndarray
    how: str
    least: float


def permutation(values: UnitValues, target: np.ndarray, *, seed: int = 0, draws: int = DRAWS) -> Permuted:
    """Test whether labels given to units by chance make the mean rates of the two sides differ as much.

    Documents change labels within their stratum (year); cities, whose values are already centred on their years, freely.
    The statistic is the sum of centred values over the target (which the labels make as large as the difference of means
    within years, up to a factor). Exact where there are at most 200,000 relabelings, else (b+1)/(m+1) of `draws` seeded
    ones; where these are fewer than 20 a term, a p below that of the tenth-largest statistic comes from a generalised
    Pareto tail (Knijnenburg et al. 2009), whose shape is not let below 0 (a bounded tail would give p = 0).
    """
    import numpy as np

    of = values.of
    strata = of.strata if of.unit == "document" else np.zeros(of.n_units, dtype=int)
    dense = values.dense()
    dense = of.trust[:, None] * (dense - of.trust @ dense / of.trust.sum())
    total = relabelings(target, strata)
    exact = total <= EXACT
    sets = _all_sets(target, strata) if exact else _random_sets(target, strata, seed, draws)
    seen = target.astype(float) @ dense
    beyond, largest, m = _compared(dense, seen, sets)
    difference = seen * _factor(of, target)
    if exact:
        return Permuted(difference, beyond / m, f"exact, {m:,} relabelings", 1 / m)
    p = (beyond + 1) / (m + 1)
    if m >= PER_TERM * dense.shape[1]:
        return Permuted(difference, p, f"Monte Carlo, {m:,} relabelings", 1 / (m + 1))
    how = f"Monte Carlo, {m:,} relabelings, generalised Pareto tail"
    return Permuted(difference, np.where(beyond < FEW, _fitted(largest).p(np.abs(seen), m, p), p), how, 0.0)


def permuted_t(
    values: UnitValues, target: np.ndarray, *, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, str]:
    """Return t, two-sided p and how p was found, target groups × terms; all groups of one size.

    t is `moderated_t`'s, and p the larger of two. One is its own. The other refers Student's t to what it is for 5,000
    seeded random groups of as many units: words are skewed, and cities with few reports vary more, so that theory promises
    too much for small groups among many; below that of the tenth-largest t it comes from a generalised Pareto tail
    fitted to the 250 largest (Knijnenburg et al. 2009). In a corpus of few reports it is the first that holds back words
    which happen to separate the groups. A p of at least 0.05 is the first (no correction would let it pass), and so is
    every p where there are fewer than 5,000 different groups.
    """
    import numpy as np

    t, p, student = both_t(values, target)
    n, size = values.of.n_units, int(target[0].sum())
    if comb(n, size) < REFERRED:
        return t, p, f"moderated t; only {comb(n, size):,} groups of {size} could be drawn from {n} units"
    screened = np.flatnonzero((p < SCREEN).any(axis=0))
    tail = _fitted(_largest_t(values, screened, size, seed))
    for own, seen in zip(p, np.abs(student), strict=True):
        here = np.flatnonzero(own[screened] < SCREEN)
        terms = screened[here]
        own[terms] = np.maximum(own[terms], _referred(seen[terms], own[terms], tail.only(here)))
    return t, p, f"moderated t, and t referred to {REFERRED:,} random groups with a generalised Pareto tail"


def _largest_t(values: UnitValues, terms: np.ndarray, size: int, seed: int) -> np.ndarray:
    """Return the largest t of random groups, falling, (tail + 1) × terms. In single precision: it is a sample."""
    import numpy as np

    of = values.of
    regressors, scale = _random_regressors(of, size, seed)
    df = of.n_units - of.lost - 1
    chosen = values.only(terms)
    root = np.sqrt(np.maximum(spread(chosen)[0], 1e-300))
    dense = (of.trust[:, None] * chosen.dense() / root).astype(np.float32)
    top = np.zeros((TAIL + 1, len(terms)), dtype=np.float32)
    for start in range(0, len(terms), TERMS):
        # The share of the squares that a group explains: t rises with it.
        explained = np.ascontiguousarray((regressors @ dense[:, start : start + TERMS]).T) ** 2 / scale
        explained.partition(REFERRED - TAIL - 1, axis=1)
        top[:, start : start + TERMS] = np.sort(explained[:, REFERRED - TAIL - 1 :], axis=1).T[::-1]
    share = np.minimum(top.astype(float), 1 - 1e-6)
    return np.sqrt(share * df / (1 - share))


def _random_regressors(of: Layout, size: int, seed: int) -> tuple[Any, np.ndarray]:
    """Return `_drawn`, kept with the layout till groups of another size are asked for: tables of the same documents share
    it, and to draw takes as long as to test a short table."""
    kept = of.__dict__.get("_regressors")
    if kept is None or kept[0] != (size, seed):
        kept = of.__dict__["_regressors"] = ((size, seed), _drawn(of, size, seed))
    found: tuple[Any, np.ndarray] = kept[1]
    return found


def _drawn(of: Layout, size: int, seed: int) -> tuple[Any, np.ndarray]:
    """Return the regressors of random groups, groups × units, and their sums of squares.

    Documents are centred on their years themselves, so that for a small group its bare indicator, a sparse matrix, does.
    """
    import numpy as np
    from scipy.sparse import csr_matrix, vstack

    rng = np.random.default_rng(seed)
    sparse = of.unit == "document" and size <= DENSE
    rows, scales = [], []
    for start in range(0, REFERRED, CHUNK):
        target = np.zeros((min(CHUNK, REFERRED - start), of.n_units), dtype=bool)
        picked = np.argpartition(rng.random(target.shape), size - 1, axis=1)[:, :size]
        np.put_along_axis(target, picked, True, axis=1)
        if sparse:
            rows.append(csr_matrix(target, dtype=np.float32))
            scales.append(np.maximum(_squares_within(of, picked), 1e-30))
            continue
        regressors = of.contrasts(target)
        scales.append(np.maximum(regressors**2 @ of.trust, 1e-30))
        rows.append(regressors.astype(np.float32))
    join = vstack if sparse else np.concatenate
    return join(rows), np.concatenate(scales).astype(np.float32)


def _squares_within(of: Layout, picked: np.ndarray) -> np.ndarray:
    """Return the sum of squares of each group's indicator, centred on its years: Σ k − k²/n, k of a year's n documents."""
    import numpy as np

    groups, size = picked.shape
    cells = np.repeat(np.arange(groups), size) * of.n_strata + of.strata[picked.ravel()]
    mine = np.bincount(cells, minlength=groups * of.n_strata).reshape(groups, of.n_strata)
    return size - (mine**2 / np.bincount(of.strata, minlength=of.n_strata)).sum(axis=1)


def _referred(seen: np.ndarray, student: np.ndarray, tail: _Tail) -> np.ndarray:
    import numpy as np

    beyond = (tail.largest >= seen * (1 - 1e-9)).sum(axis=0)
    plain = (beyond + 1) / (REFERRED + 1)
    within = np.where(beyond > TAIL, np.maximum(student, plain), plain)
    return np.where(beyond < FEW, tail.p(seen, REFERRED, plain), within)


def relabelings(target: np.ndarray, strata: np.ndarray) -> int:
    """Return in how many ways as many units of each stratum could be the target."""
    import numpy as np

    sizes, mine = np.bincount(strata), np.bincount(strata, target)
    return prod(comb(int(n), int(k)) for n, k in zip(sizes, mine, strict=True))


def pareto_tail(excesses: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return shape and scale of the generalised Pareto distribution for each column of excesses, falling.

    Probability-weighted moments (Hosking & Wallis 1987); shape as in (1 + shape·x/scale)^(−1/shape), at least 0.
    """
    import numpy as np

    n = len(excesses)
    above = (np.arange(n) + 0.35) / n  # the share of excesses above each, which fall
    first, second = excesses.mean(axis=0), (above[:, None] * excesses).mean(axis=0)
    gap = first - 2 * second
    safe = np.where(gap > 0, gap, 1)
    shape, scale = 2 - first / safe, 2 * first * second / safe
    heavy = (gap > 0) & (shape > 0)
    return np.where(heavy, shape, 0), np.where(heavy, scale, first)


def _factor(of: Layout, target: np.ndarray) -> float:
    """Return what makes the sum over the target the difference of the means."""
    regressor = of.contrasts(target[None, :])[0]
    return 1 / max(float(regressor**2 @ of.trust), 1e-300)


def _all_sets(target: np.ndarray, strata: np.ndarray) -> Iterator[np.ndarray]:
    """Yield all sets of units that could be the target, in chunks: sets × units of a set."""
    import numpy as np

    pools = [
        combinations(np.flatnonzero(strata == stratum), int(target[strata == stratum].sum()))
        for stratum in np.unique(strata[target])
    ]
    sets = (list(chain(*parts)) for parts in product(*pools))
    while chunk := list(islice(sets, CHUNK)):
        yield np.array(chunk)


def _random_sets(target: np.ndarray, strata: np.ndarray, seed: int, draws: int) -> Iterator[np.ndarray]:
    import numpy as np

    rng = np.random.default_rng(seed)
    possible = np.flatnonzero(np.isin(strata, strata[target]))
    _, own = np.unique(strata[possible], return_inverse=True)
    sizes, mine = np.bincount(own), np.bincount(own, target[possible])
    starts = np.cumsum(sizes) - sizes
    taken = np.concatenate(
        [np.arange(start, start + k) for start, k in zip(starts, mine.astype(int), strict=True)]
    )
    for start in range(0, draws, CHUNK):
        keys = own + rng.random((min(CHUNK, draws - start), len(possible)))
        yield possible[np.argsort(keys, axis=1)[:, taken]]


def _compared(
    dense: np.ndarray, seen: np.ndarray, sets: Iterator[np.ndarray]
) -> tuple[np.ndarray, np.ndarray, int]:
    """Return how many relabelings are at least as extreme, the largest statistics (one more than the tail), and m."""
    import numpy as np

    size, m = np.abs(seen), 0
    beyond, largest = np.zeros(len(seen)), np.zeros((0, len(seen)))
    slack = 1e-9 * np.abs(dense).sum(axis=0)
    for chunk in sets:
        statistics = np.abs(_sums(dense, chunk))
        beyond += (statistics >= size - slack).sum(axis=0)
        largest = np.concatenate([largest, statistics])
        if len(largest) > TAIL + 1:
            largest = -np.partition(-largest, TAIL, axis=0)[: TAIL + 1]
        m += len(chunk)
    return beyond, -np.sort(-largest, axis=0), m


def _sums(dense: np.ndarray, chunk: np.ndarray) -> np.ndarray:
    import numpy as np
    from scipy.sparse import csr_matrix

    sets, size = chunk.shape
    where = (np.repeat(np.arange(sets), size), chunk.ravel())
    chosen = csr_matrix((np.ones(chunk.size), where), shape=(sets, len(dense)))
    return chosen.toarray() @ dense if size > DENSE else chosen @ dense


@dataclass(frozen=True)
class _Tail:
    """The largest statistics of random groups, falling, statistics × terms, and the distribution fitted to them."""

    largest: np.ndarray
    threshold: np.ndarray
    shape: np.ndarray
    scale: np.ndarray

    def only(self, terms: np.ndarray) -> _Tail:
        """Return what was fitted to these terms (their positions)."""
        return _Tail(self.largest[:, terms], self.threshold[terms], self.shape[terms], self.scale[terms])

    def p(self, seen: np.ndarray, m: int, plain: np.ndarray) -> np.ndarray:
        """Return p of the statistics seen among m; `plain` where nothing could be fitted, or is smaller."""
        import numpy as np

        excess = np.maximum(seen - self.threshold, 0) / np.where(self.scale > 0, self.scale, 1)
        light = np.exp(-excess)
        heavy = (1 + self.shape * excess) ** (-1 / np.where(self.shape > 0, self.shape, 1))
        p = (len(self.largest) - 1) / m * np.where(self.shape > 0, heavy, light)
        return np.where(self.scale > 0, np.minimum(p, plain), plain)


def _fitted(largest: np.ndarray) -> _Tail:
    threshold = (largest[-2] + largest[-1]) / 2
    return _Tail(largest, threshold, *pareto_tail(largest[:-1] - threshold))
