"""Who took up a term first: groups of cities, and the distance from the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.comparing.means import FEWEST, FULL
from analysis.spreading.turnbull import resampled, scores, turnbull

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

SHUFFLES = 9_999  # of the cities, for p
EARTH = 6371.0  # kilometres, mean radius
TIMES = ["median_after", "median", "ci_low", "ci_high"]
PLACE = ["longitude", "latitude"]
MANY = 0.1  # of the cities first at once, from which there is no place that it came from
NAMED = 5  # first cities that are named
DISTANCE = ["term", "origin", "since", "cities", "rho", "p", "reason"]


def by_group(adoptions: pd.DataFrame, column: str, about: dict[str, Any]) -> pd.DataFrame:
    """Say when half of each group had adopted; see `Diffusion.order`."""
    import pandas as pd

    rows, p = [], {}
    for term, own in adoptions.groupby("term", sort=False):
        own = dated(own[own[column].notna()])
        rows += [(term, *row) for row in _groups(own, column, about)]
        p[str(term)] = _differ(own, column, about["seed"])
    frame = pd.DataFrame(rows, columns=["term", column, "cities", "adopted", *TIMES, "reason"])
    frame = frame.astype({name: "Int64" for name in TIMES} | {"reason": "string"})
    frame.attrs = {"p": p, "shuffles": SHUFFLES}
    return frame


def by_distance(adoptions: pd.DataFrame, unit: str, origin: str | None, seed: int) -> pd.DataFrame:
    """Say whether cities are the later the farther they are from the first; see `Diffusion.order`."""
    import pandas as pd

    if origin is not None and origin not in set(adoptions[unit]):
        raise ValueError(f"{origin!r} is no {unit} of these counts.")
    if PLACE[0] not in adoptions or adoptions[PLACE].notna().all(axis=1).sum() == 0:
        raise ValueError(
            f"No {unit} is in the table of places: add the columns longitude and latitude with counts.assign(...)."
        )
    rows = [
        (term, *_from_origin(dated(own), unit, origin, seed))
        for term, own in adoptions.groupby("term", sort=False)
    ]
    return pd.DataFrame(rows, columns=DISTANCE).astype({"since": "Int64", "reason": "string"})


def dated(adoptions: pd.DataFrame) -> pd.DataFrame:
    """Keep the cities of which something is known, with after and by as floats, open ends infinite."""
    import numpy as np

    own = adoptions[adoptions["after"].notna() | adoptions["by"].notna()]
    ends = {"after": -np.inf, "by": np.inf}
    return own.assign(
        **{name: own[name].astype("Float64").fillna(end).astype(float) for name, end in ends.items()}
    )


def kilometres(points: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return great-circle distances, points × others, from longitudes and latitudes in degrees (haversine formula).

    >>> import numpy as np
    >>> round(float(kilometres(np.array([[116.4, 39.9]]), np.array([[121.47, 31.23]]))[0, 0]))
    1067
    """
    import numpy as np

    here, there = np.radians(points)[:, None, :], np.radians(others)[None, :, :]
    half = np.sin((here - there) / 2) ** 2
    square = half[..., 1] + np.cos(here[..., 1]) * np.cos(there[..., 1]) * half[..., 0]
    return 2 * EARTH * np.arcsin(np.sqrt(np.clip(square, 0, 1)))


# ---- groups


def _groups(own: pd.DataFrame, column: str, about: dict[str, Any]) -> list[tuple]:
    """Return the rows of a term's groups, the earliest first."""
    import numpy as np

    found = []
    for name, group in own.groupby(column, sort=True):
        after, by = group["after"].to_numpy(), group["by"].to_numpy()
        start, end = (float(part[0]) for part in turnbull(after, by).quantile(0.5))
        times = (start, end, *_median_band(after, by, about))
        told = [value if np.isfinite(value) else None for value in times]
        adopted = int(np.isfinite(by).sum())
        found.append((end, start, (name, len(group), adopted, *told, _said(len(group), times))))
    return [row for *_, row in sorted(found, key=lambda each: each[:2])]


def _median_band(after: np.ndarray, by: np.ndarray, about: dict[str, Any]) -> tuple[float, float]:
    """Return the first and last year of the median's bootstrap interval.

    In each resample the median lies in (start, end]: the low end is a quantile of the years after the starts, the high
    one of the ends, both without interpolation. −inf, inf: open.
    """
    import numpy as np

    if len(after) < FEWEST:
        return np.nan, np.nan
    starts, ends = resampled(after, by, about["draws"], about["seed"]).quantile(0.5)
    tail = (1 - about["level"]) / 2
    low = np.quantile(starts + 1, tail, method="inverted_cdf")
    return float(low), float(np.quantile(ends, 1 - tail, method="inverted_cdf"))


def _said(cities: int, times: tuple[float, ...]) -> str | None:
    start, end, low, high = times
    parts = []
    if end == float("inf"):
        parts.append("half of them never came so far")
    elif start == float("-inf"):
        parts.append("half of them had it in their first reports")
    if cities < FEWEST:
        parts.append(f"no interval: {cities} cities" if cities != 1 else "no interval: 1 city")
    else:
        parts += [
            f"interval open {side}"
            for side, at in (("below", low), ("above", high))
            if abs(at) == float("inf")
        ]
    if FEWEST <= cities < FULL:
        parts.append(f"interval of {cities} cities")
    return "; ".join(parts) or None


def _differ(own: pd.DataFrame, column: str, seed: int) -> float:
    """Return p of the groups' mean scores differing as much among shuffled cities (a Kruskal-Wallis statistic)."""
    import numpy as np
    import pandas as pd

    if own[column].nunique() < 2:
        return float("nan")
    group = pd.factorize(own[column], sort=True)[0]
    order = np.lexsort((group, own["by"], own["after"]))  # the cities' names decide nothing
    late, group = scores(own["after"].to_numpy(), own["by"].to_numpy())[order], group[order]
    late = late - late.mean()
    sizes = np.bincount(group)

    def spread(values: np.ndarray) -> float:
        return float((np.bincount(group, values) ** 2 / sizes).sum())

    seen = spread(late)
    rng = np.random.default_rng(seed)
    beyond = sum(spread(rng.permutation(late)) >= seen * (1 - 1e-9) for _ in range(SHUFFLES))
    return (beyond + 1) / (SHUFFLES + 1)


# ---- distance


def _from_origin(own: pd.DataFrame, unit: str, origin: str | None, seed: int) -> tuple:
    """Return a row of a term: the first, since when, the others, rho, p, reason."""
    import numpy as np

    own = own[own[PLACE].notna().all(axis=1)]
    first = (own["by"] == own["by"].min()) & np.isfinite(own["by"]) if origin is None else own[unit] == origin
    starts, others = own[first], own[~first]
    if starts.empty:
        return origin, None, len(others), np.nan, np.nan, "no correlation: no city with a place has it"
    since = starts["by"].min()
    told = (_named(sorted(starts[unit])), since if np.isfinite(since) else None, len(others))
    if len(starts) > MANY * len(own) or len(others) < FEWEST:
        return *told, np.nan, np.nan, f"no correlation: {len(starts)} of {len(own)} cities are first at once"
    far = kilometres(others[PLACE].to_numpy(dtype=float), starts[PLACE].to_numpy(dtype=float)).min(axis=1)
    late = scores(others["after"].to_numpy(), others["by"].to_numpy())
    return *told, *_correlation(far, late, seed), _few(len(others))


def _named(cities: list[str]) -> str:
    return "、".join(cities) if len(cities) <= NAMED else f"{len(cities)} cities"


def _few(cities: int) -> str | None:
    return None if cities >= FULL else f"of {cities} cities"


def _correlation(far: np.ndarray, late: np.ndarray, seed: int) -> tuple[float, float]:
    """Return Spearman's rank correlation and its two-sided p by shuffles."""
    import numpy as np
    from scipy.stats import rankdata

    order = np.lexsort((late, far))
    ranks = [rankdata(values[order]) - (len(far) + 1) / 2 for values in (far, late)]
    size = float(np.sqrt((ranks[0] ** 2).sum() * (ranks[1] ** 2).sum()))
    if size == 0:
        return float("nan"), float("nan")
    rho = float(ranks[0] @ ranks[1]) / size
    rng = np.random.default_rng(seed)
    beyond = sum(
        abs(float(rng.permutation(ranks[0]) @ ranks[1])) >= abs(rho) * size * (1 - 1e-9)
        for _ in range(SHUFFLES)
    )
    return rho, (beyond + 1) / (SHUFFLES + 1)
