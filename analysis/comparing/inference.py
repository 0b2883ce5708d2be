"""Tests of a difference between two groups of units, for all terms at once; intervals; correction for many terms."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from analysis.comparing.units import UnitValues

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_matrix

    from analysis.comparing.units import Layout

    Result = tuple[np.ndarray, np.ndarray]

CONSTANT = 1e-10  # a share of the squares below which what is left is rounding, not variance
NEVER = 1e-5  # limma's floor of a variance, as a share of the median one
LEVEL = 0.95  # of intervals
FLOOR = 0.5  # of the variance of independent draws, below which no mean rate's variance is taken to be
CORRECTIONS = {"bh": "Benjamini-Hochberg", "by": "Benjamini-Yekutieli"}


def pooled_t(values: UnitValues, target: np.ndarray) -> Result:
    """Return t and two-sided p, target groups × terms: pooled-variance t of the difference within years.

    The regression of unit values, centred on their year, on the target's indicator, centred alike; without adjustment
    it is Student's t (cities are weighted by their trust, see units). Degrees of freedom:
    documents − years − 1, or cities − 2. NaN for a term without variance.
    """
    from scipy.special import stdtr

    slope, variance, df, scale = _regression(values, target)
    t = slope / _root(variance / scale[:, None])
    return t, 2 * stdtr(df, -abs(t))


def moderated_t(values: UnitValues, target: np.ndarray) -> Result:
    """Return t and two-sided p as `pooled_t`, with variances drawn towards what terms have in common.

    Empirical Bayes: s̃² = (d0·s0² + d·s²)/(d0 + d) with d0 + d degrees of freedom; d0 and s0² from the distribution of
    log s² (Smyth 2004; limma's fitFDist without trend).
    """
    return both_t(values, target)[:2]


def both_t(values: UnitValues, target: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return t and p of `moderated_t`, and t of `pooled_t`: of one regression."""
    import numpy as np
    from scipy.special import stdtr

    slope, variance, df, scale = _regression(values, target)
    t, p = np.full(slope.shape, np.nan), np.full(slope.shape, np.nan)
    for group, own in enumerate(variance):
        squeezed, total = squeeze(own, df)
        t[group] = slope[group] / _root(squeezed / scale[group])
        p[group] = 2 * stdtr(total, -abs(t[group]))
    return t, p, slope / _root(variance / scale[:, None])


def welch(values: UnitValues, target: np.ndarray) -> Result:
    """Return Welch's t and two-sided p for each row of `target`; NaN where a side has no variance."""
    import numpy as np
    from scipy.special import stdtr

    found = [mean_difference(values, mask) for mask in target]
    t = np.array([difference / _root(a + b) for difference, a, b, _ in found])
    df = np.array([df for *_, df in found])
    flat = np.array([(a <= 0) | (b <= 0) for _, a, b, _ in found])
    t = np.where(flat, np.nan, t)
    return t, 2 * stdtr(df, -abs(t))


PARAMETRIC: dict[str, Callable[[UnitValues, np.ndarray], Result]] = {
    "t": pooled_t,
    "moderated": moderated_t,
    "welch": welch,
}


def squeeze(variance: np.ndarray, df: float) -> tuple[np.ndarray, float]:
    """Return the variances drawn towards their common value, and the degrees of freedom that they then have."""
    import numpy as np
    from scipy.special import digamma, polygamma

    known = variance[np.isfinite(variance)]
    if len(known) < 2:
        return variance, df
    logs = np.log(np.maximum(known, NEVER * np.median(known)))
    centred = logs - digamma(df / 2) + np.log(df / 2)
    spread = centred.var(ddof=1) - polygamma(1, df / 2)
    if spread <= 0:  # the variances differ no more than chance would make them
        return np.where(np.isfinite(variance), np.exp(centred.mean()), np.nan), df * len(known)
    prior = 2 * trigamma_inverse(spread)
    common = np.exp(centred.mean() + digamma(prior / 2) - np.log(prior / 2))
    return (prior * common + df * variance) / (prior + df), min(prior + df, df * len(known))


def trigamma_inverse(value: float) -> float:
    """Return x with trigamma(x) = value, by Newton's method on 1/trigamma (Smyth 2004, appendix).

    >>> round(trigamma_inverse(1.6449340668482264), 6)
    1.0
    """
    from scipy.special import polygamma

    if value > 1e7:
        return float(value**-0.5)
    x = 0.5 + 1 / value
    for _ in range(50):
        here = polygamma(1, x)
        step = here * (1 - here / value) / polygamma(2, x)
        x += step
        if -step / x < 1e-10:
            break
    return float(x)


def adjusted(p: np.ndarray, correction: str = "bh") -> np.ndarray:
    """Return q: p adjusted for the number of terms tested. NaN, a term not tested, stays NaN and does not count."""
    import numpy as np
    from scipy.stats import false_discovery_control

    if correction not in CORRECTIONS:
        raise ValueError(f"correction={correction!r} is unknown; choose {' or '.join(CORRECTIONS)}.")
    q = np.full(len(p), np.nan)
    tested = np.isfinite(p)
    if tested.any():
        q[tested] = false_discovery_control(np.clip(p[tested], 0, 1), method=correction)
    return q


def log_ratios(
    rates: csr_matrix, of: Layout, target: np.ndarray, tokens: np.ndarray
) -> dict[str, np.ndarray]:
    """Return the mean rates of the two sides, log2 of their ratio, and its 95 % interval, all by term.

    rates: documents × terms, laid out by `of`. Each mean has half an occurrence over its side's tokens added. Delta method:
    rates are divided by their side's mean, which makes the sides' variances comparable, and centred on their year; the
    variance of a logarithm of a mean is that of the mean of these. It is not let below half of what so few occurrences
    would have if each were an independent draw: a word that a side never uses has no variance to be seen, and with all
    of it the intervals of rare words would cover 99 %. t quantiles, Satterthwaite's degrees of freedom, each side's from
    the kurtosis of its values; units of years that only one side has are left out. From 20 units a side on 93 to 97 %
    of them hold the truth; docs/calibration.md has the figures, also of fewer units.
    """
    import numpy as np
    from scipy.stats import t as student

    sides = of.compared(target)
    half = [0.5 * 10_000 / max(tokens[side[of.units]].sum(), 1) for side in (target, ~target)]
    means = [weights @ rates for weights in of.weights(target)]
    bases = [mean + extra for mean, extra in zip(means, half, strict=True)]
    values = UnitValues(_relative(rates, target[of.units], *bases), of)
    _, *variances, _ = mean_difference(values, target)
    variances = [
        np.maximum(variance, FLOOR * 2 * extra / base)
        for variance, extra, base in zip(variances, half, bases, strict=True)
    ]
    whole = variances[0] + variances[1]
    df = whole**2 / sum(part**2 / freedom(values, side) for part, side in zip(variances, sides, strict=True))
    ratio = np.log2(bases[0] / bases[1])
    margin = student.ppf((1 + LEVEL) / 2, df) * np.sqrt(whole) / np.log(2)
    return {
        "rate_target": means[0],
        "rate_reference": means[1],
        "log_ratio": ratio,
        "ci_low": ratio - margin,
        "ci_high": ratio + margin,
    }


def freedom(values: UnitValues, side: np.ndarray) -> np.ndarray:
    """Return the degrees of freedom of each term's variance among the units of a side, at least 1.

    A variance of n values of excess kurtosis κ varies as 2/(n − 1) + κ/n, relative to its square; so degrees of freedom,
    twice the inverse of that (Satterthwaite 1946), are n − 1 for a normal distribution and few for a word that few units
    use. κ is never let below 0. It is that of values not yet centred on their year, which are sparse.
    """
    import numpy as np
    from scipy.sparse import csr_matrix

    n, trust, raw = max(int(side.sum()), 1), values.of.trust[side], values.raw[np.flatnonzero(side)]
    whole = max(trust.sum(), 1e-300)
    powers = [raw, *(csr_matrix((raw.data**k, raw.indices, raw.indptr), raw.shape) for k in (2, 3, 4))]
    mean = trust @ powers[0] / whole
    second = np.maximum(trust @ powers[1] - mean**2 * whole, 0) / n
    one, two, three, four = (trust**2 @ power for power in powers)
    fourth = (
        four - 4 * mean * three + 6 * mean**2 * two - 4 * mean**3 * one + mean**4 * (trust**2).sum()
    ) / n
    excess = np.where(second > CONSTANT, fourth / np.maximum(second, CONSTANT) ** 2 - 3, 0)
    return np.maximum(2 / (2 / max(n - 1, 1) + np.maximum(excess, 0) / n), 1)


def _relative(rates: csr_matrix, mine: np.ndarray, target: np.ndarray, reference: np.ndarray) -> csr_matrix:
    """Divide each document's rates by the mean rates of its side."""
    import numpy as np

    base = np.stack([reference, target])
    scaled = rates.copy()
    rows = np.repeat(mine.astype(int), np.diff(rates.indptr))
    scaled.data = rates.data / base[rows, rates.indices]
    return scaled


def _regression(values: UnitValues, target: np.ndarray) -> tuple[np.ndarray, np.ndarray, int, np.ndarray]:
    """Return slope, residual variance (groups × terms), degrees of freedom, and the regressors' squares."""
    import numpy as np

    of = values.of
    regressors = of.contrasts(target)
    scale = regressors**2 @ of.trust
    scale = np.where(scale > CONSTANT, scale, np.nan)
    slope = values.total(regressors * of.trust) / scale[:, None]
    squares, size = spread(values)
    left = squares - slope**2 * scale[:, None]
    df = of.n_units - of.lost - 1
    variance = np.where(left > CONSTANT * np.maximum(size, 1e-300), left, np.nan) / max(df, 1)
    return slope, variance if df > 0 else np.full(variance.shape, np.nan), df, scale


def spread(values: UnitValues) -> tuple[np.ndarray, np.ndarray]:
    """Return each term's weighted sum of squares about the mean, and that of the values before centring."""
    trust = values.of.trust
    squares = values.squares(trust) - values.total(trust[None, :])[0] ** 2 / trust.sum()
    return squares, trust @ values.squared


def mean_difference(
    values: UnitValues, mask: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the difference of the weighted means, the variances of the two means, and Welch's degrees of freedom.

    Variances are those of what the difference within years leaves, side by side; the years' means, which come from the
    same documents, make what is left smaller, for which `spent` makes up. Units of years that only one side has weigh
    nothing in the means: what is left of them, centred on a year of their own side, is none of their variance.
    """
    import numpy as np

    of, trust = values.of, values.of.trust
    regressor = of.contrasts(mask[None, :])[0]
    slope = values.total((regressor * trust)[None, :])[0] / max(regressor**2 @ trust, 1e-300)
    weighing = of.weights(mask)
    strata = of.strata[weighing[0] + weighing[1] > 0]
    documents = len(strata) - (of.unit == "document")
    spent = max(documents - 1, 1) / max(documents - len(np.unique(strata)), 1)
    variances, parts, signed = [], [], np.zeros(of.n_units)
    for sign, side, weights in zip((1, -1), of.compared(mask), weighing, strict=True):
        own = np.bincount(of.units, weights, minlength=of.n_units)
        df = max(side.sum() - 1, 1)
        left = _left(values, side * trust, regressor, slope) / df
        variances.append(left * spent * (own**2 / trust).sum())
        parts.append(variances[-1] ** 2 / df)
        signed += sign * own
    difference = values.total(signed[None, :])[0]
    df = (variances[0] + variances[1]) ** 2 / np.maximum(parts[0] + parts[1], 1e-300)
    return difference, variances[0], variances[1], np.maximum(df, 1)


def _left(values: UnitValues, weights: np.ndarray, regressor: np.ndarray, slope: np.ndarray) -> np.ndarray:
    """Return the weighted sum of squares of what slope times regressor leaves, about its own mean."""
    import numpy as np

    squares, whole = values.squares(weights), max(weights.sum(), 1e-300)
    sums, mixed = values.total(np.array([weights, weights * regressor]))
    sums = sums - slope * (weights @ regressor)
    left = squares - 2 * slope * mixed + slope**2 * (weights @ regressor**2) - sums**2 / whole
    return np.where(left > CONSTANT * np.maximum(squares, 1e-300), left, 0)


def _root(variance: np.ndarray) -> np.ndarray:
    import numpy as np

    return np.sqrt(np.where(variance > 0, variance, np.nan))
