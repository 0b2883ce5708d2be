"""When did it happen, where one only knows between which years: Turnbull's estimate of the distribution."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

TOLERANCE = 1e-7  # by which the log-likelihood of an observation may still rise, where the estimate is shown
ROUGH = 1e-4  # the same for what is drawn: 0.03 of the log-likelihood of 300 observations
STEPS = 5_000  # of the iteration, at most


@dataclass(frozen=True)
class Masses:
    """Where the probability lies: draws × innermost intervals (start, end]; mass is 0 where a draw has no such interval.

    Inside an interval nothing says when: any placing of its mass is as likely.
    """

    ends: np.ndarray
    starts: np.ndarray
    mass: np.ndarray

    def shares(self, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the least and the greatest share of events up to each time that are equally likely: draws × times.

        The least puts the mass of an interval at its end, the greatest right behind its start.
        """
        import numpy as np

        least = self.mass @ (self.ends[:, None] <= times).astype(float)
        passed = self.starts[:, :, None] < times
        return np.minimum(least, 1), np.minimum(np.einsum("bk,bkt->bt", self.mass, passed), 1)

    def quantile(self, share: float) -> tuple[np.ndarray, np.ndarray]:
        """Return for each draw the interval (start, end] in which the share of events is reached; its end may be inf."""
        import numpy as np

        reached = np.cumsum(self.mass, axis=1) >= share - 1e-9
        at = np.where(reached.any(axis=1), reached.argmax(axis=1), reached.shape[1] - 1)
        return np.take_along_axis(self.starts, at[:, None], axis=1)[:, 0], self.ends[at]


def turnbull(after: np.ndarray, by: np.ndarray, weights: np.ndarray | None = None) -> Masses:
    """Estimate when events happened of which each is known to lie in (after, by]; −inf and inf for unknown ends.

    weights: draws × observations, how often each counts (one row of ones if not given): resamples are done at once.
    Nonparametric maximum likelihood: mass lies only on the innermost intervals, between an `after` and the next `by` with
    no other end between them (Peto 1973; Turnbull 1976); each draw has its own. Found by self-consistency, which is the
    EM algorithm, with extrapolation (Varadhan & Roland 2008), until no interval could raise the mean log-likelihood by
    more than 1e-7 (1e-4 where several draws are made). Raises ValueError for no observations or an empty interval.
    """
    import numpy as np

    if len(after) == 0 or not (after < by).all():
        raise ValueError(
            "Each observation needs an interval (after, by] with after < by, and there must be one."
        )
    weights = np.ones((1, len(after))) if weights is None else np.asarray(weights, dtype=float)
    ends = np.unique(by)
    starts, inner = _innermost(after, by, ends, weights > 0)
    holds = ((after[:, None] < ends) & (ends <= by[:, None])).astype(float)
    shares = weights / weights.sum(axis=1, keepdims=True)
    tolerance = TOLERANCE if len(weights) == 1 else ROUGH  # a single resample costs little
    return Masses(ends, starts, _maximised(holds, shares, inner, tolerance))


def resampled(after: np.ndarray, by: np.ndarray, draws: int, seed: int) -> Masses:
    """Return the estimates of as many resamples of the observations; their order changes nothing."""
    import numpy as np

    kinds, counted = np.unique(np.column_stack([after, by]), axis=0, return_counts=True)
    rng = np.random.default_rng(seed)
    weights = rng.multinomial(len(after), counted / len(after), size=draws)
    return turnbull(kinds[:, 0], kinds[:, 1], weights)


def scores(after: np.ndarray, by: np.ndarray) -> np.ndarray:
    """Return how late each event is, from 0 to 1: the mean rank share over its interval under the common distribution.

    (F(after) + F(by)) / 2, as rank tests for such data use (Wilcoxon's scores: Peto & Peto 1972; Fay 1996). Its mean is
    one half for whoever has the common distribution, however often he was looked at.
    """
    import numpy as np

    estimate = turnbull(after, by)
    finite = np.concatenate([after, by])
    least, _ = estimate.shares(finite)
    upto = np.where(np.isposinf(finite), 1, least[0])
    return (upto[: len(after)] + upto[len(after) :]) / 2


def _innermost(
    after: np.ndarray, by: np.ndarray, ends: np.ndarray, present: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return for each draw and end the last `after` before it, and whether no other `by` lies between the two."""
    import numpy as np

    starts = np.full((len(present), len(ends)), -np.inf)
    previous = np.full((len(present), len(ends)), -np.inf)
    here = np.zeros(starts.shape, dtype=bool)
    for at, end in enumerate(ends):
        starts[:, at] = np.where(present & (after < end), after, -np.inf).max(axis=1)
        previous[:, at] = np.where(present & (by < end), by, -np.inf).max(axis=1)
        here[:, at] = present[:, by == end].any(axis=1)
    return starts, here & (starts >= previous)


def _maximised(holds: np.ndarray, shares: np.ndarray, inner: np.ndarray, tolerance: float) -> np.ndarray:
    """Return the masses, draws × ends. Draws that have arrived are left alone."""
    import numpy as np

    mass = inner / inner.sum(axis=1, keepdims=True)
    going = np.arange(len(mass))
    for _ in range(STEPS):
        gain = _gain(mass[going], holds, shares[going])
        rising = np.where(inner[going], gain, 0).max(axis=1) > 1 + tolerance
        going, gain = going[rising], gain[rising]
        if len(going) == 0:
            break
        mass[going] = _leap(mass[going], gain, holds, shares[going])
    else:
        warnings.warn(
            f"Turnbull's estimate was not exact after {STEPS} steps in {len(going)} of {len(mass)} samples: "
            "read shares and bands as rough.",
            stacklevel=4,
        )
    return mass


def _gain(mass: np.ndarray, holds: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return the derivative of the mean log-likelihood by each mass; self-consistency multiplies by it."""
    import numpy as np

    likely = mass @ holds.T
    return np.where(likely > 0, shares / np.where(likely > 0, likely, 1), 0) @ holds


def _leap(mass: np.ndarray, gain: np.ndarray, holds: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Take two steps of self-consistency and go on in their direction where that is likelier; then one step more."""
    import numpy as np

    one = mass * gain
    two = one * _gain(one, holds, shares)
    first, bend = one - mass, two - 2 * one + mass
    size = np.sqrt((first**2).sum(axis=1) / np.maximum((bend**2).sum(axis=1), 1e-300))[:, None]
    far = mass + 2 * size * first + size**2 * bend
    far = np.where(two > 0, np.maximum(far, 1e-3 * two), 0)  # nothing is lost that could still be wanted
    far /= far.sum(axis=1, keepdims=True)
    better = _likelihood(far, holds, shares) >= _likelihood(two, holds, shares)
    best = np.where(better[:, None], far, two)
    return best * _gain(best, holds, shares)


def _likelihood(mass: np.ndarray, holds: np.ndarray, shares: np.ndarray) -> np.ndarray:
    import numpy as np

    likely = mass @ holds.T
    return (shares * np.log(np.where(shares > 0, np.maximum(likely, 1e-300), 1))).sum(axis=1)
