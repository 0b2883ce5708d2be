"""Who took up a term first: groups of cities, and the distance from the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.comparing.means import FEWEST, FULL
from analysis.spreading.turnbull import resampled, scores, turnbull

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

SHUFFLES = 9_999  # for p
BLOCKS = 5  # provinces, with fewer of which there is no p: they have too few orders
STAYS = 0.8  # share of first users that use a term again, below which the number of reports decides when it is first seen
STRATA = 10  # of cities with about as many reports; five are too coarse: 20 of 100 corpora with p < 0.05
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
        goes = _comes_and_goes(about, term)
        rows += [(term, *row[:-1], _joined(row[-1], goes)) for row in _groups(own, column, about)]
        p[str(term)] = _differ(own, column, about["seed"], STRATA if goes else 1)
    frame = pd.DataFrame(rows, columns=["term", column, "cities", "adopted", *TIMES, "reason"])
    frame = frame.astype({name: "Int64" for name in TIMES} | {"reason": "string"})
    frame.attrs = {"p": p, "shuffles": SHUFFLES}
    return frame


def by_distance(
    adoptions: pd.DataFrame, unit: str, origin: str | None, about: dict[str, Any]
) -> pd.DataFrame:
    """Say whether cities are the later the farther they are from the first; see `Diffusion.order`."""
    import pandas as pd

    if origin is not None and origin not in set(adoptions[unit]):
        raise ValueError(f"{origin!r} is no {unit} of these counts.")
    if PLACE[0] not in adoptions or adoptions[PLACE].notna().all(axis=1).sum() == 0:
        raise ValueError(
            f"No {unit} is in the table of places: add the columns longitude and latitude with counts.assign(...)."
        )
    rows = []
    for term, own in adoptions.groupby("term", sort=False):
        *told, reason = _from_origin(dated(own), unit, origin, about["seed"])
        rows.append((term, *told, _joined(reason, _comes_and_goes(about, term))))
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


def _comes_and_goes(about: dict[str, Any], term: Any) -> str | None:
    """Return the warning for a term that is seldom used again, else None."""
    again = about["again"][term]["share"]
    if not again < STAYS:  # nor where nothing is known of it
        return None
    return f"used again by {100 * again:.0f} % only: whoever reports seldom seems late"


def _joined(*reasons: str | None) -> str | None:
    return "; ".join(reason for reason in reasons if reason) or None


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


def _differ(own: pd.DataFrame, column: str, seed: int, strata: int) -> float:
    """Return p of the groups' mean scores differing as much among shuffled cities (a Kruskal-Wallis statistic).

    strata: cities change places only with those that have about as many reports, in so many classes.
    """
    import numpy as np
    import pandas as pd

    if own[column].nunique() < 2:
        return float("nan")
    group = pd.factorize(own[column], sort=True)[0]
    block = _classes(own["documents"].to_numpy(), strata)
    order = np.lexsort((group, own["by"], own["after"], block))  # the cities' names decide nothing
    late, group, block = (
        scores(own["after"].to_numpy(), own["by"].to_numpy())[order],
        group[order],
        block[order],
    )
    late = late - (np.bincount(block, late) / np.bincount(block))[block]
    sizes = np.bincount(group)

    def spread(values: np.ndarray) -> float:
        return float((np.bincount(group, values) ** 2 / sizes).sum())

    seen = spread(late)
    rng = np.random.default_rng(seed)
    shuffled = (late[np.argsort(block + rng.random(len(late)))] for _ in range(SHUFFLES))
    beyond = sum(spread(values) >= seen * (1 - 1e-9) - 1e-12 for values in shuffled)
    return (beyond + 1) / (SHUFFLES + 1)


def _classes(reports: np.ndarray, strata: int) -> np.ndarray:
    """Return the class of each number of reports, from 0 on: about as many cities in each, equal numbers together."""
    import numpy as np

    borders = np.quantile(reports, np.arange(1, strata) / strata, method="inverted_cdf")
    return np.unique(np.searchsorted(borders, reports), return_inverse=True)[1]


# ---- distance


def _from_origin(own: pd.DataFrame, unit: str, origin: str | None, seed: int) -> tuple:
    """Return a row of a term: the first, since when, the others, rho, p, reason."""
    import numpy as np

    own = own[own[PLACE].notna().all(axis=1)]
    first = (own["by"] == own["by"].min()) & np.isfinite(own["by"]) if origin is None else own[unit] == origin
    starts, others = own[first], own[~first]
    if starts.empty:
        why = "no city with a place has it" if origin is None else f"{origin} has no place or no date"
        return origin, None, len(others), np.nan, np.nan, f"no correlation: {why}"
    since = starts["by"].min()
    told = (_named(sorted(starts[unit])), since if np.isfinite(since) else None, len(others))
    if len(others) < FEWEST:
        return *told, np.nan, np.nan, f"no correlation: {len(others)} other cities with a place and a date"
    if origin is None and len(starts) > MANY * len(own):
        return *told, np.nan, np.nan, f"no correlation: {len(starts)} of {len(own)} cities are first at once"
    far = kilometres(others[PLACE].to_numpy(dtype=float), starts[PLACE].to_numpy(dtype=float)).min(axis=1)
    late = scores(others["after"].to_numpy(), others["by"].to_numpy())
    block = _blocks(others)
    few = f"no p: cities of {block.max() + 1} provinces" if block.max() + 1 < BLOCKS else None
    return *told, *_correlation(far, late, block, seed), _joined(few, _few(len(others)))


def _blocks(cities: pd.DataFrame) -> np.ndarray:
    """Return the province of each city as a number; a city without one is by itself."""
    import numpy as np
    import pandas as pd

    if "province" not in cities:
        return np.arange(len(cities))
    code = pd.factorize(cities["province"])[0]
    return np.unique(np.where(code < 0, len(cities) + np.arange(len(cities)), code), return_inverse=True)[1]


def _named(cities: list[str]) -> str:
    return "、".join(cities) if len(cities) <= NAMED else f"{len(cities)} cities"


def _few(cities: int) -> str | None:
    return None if cities >= FULL else f"of {cities} cities"


def _correlation(far: np.ndarray, late: np.ndarray, block: np.ndarray, seed: int) -> tuple[float, float]:
    """Return Spearman's rank correlation and its two-sided p, for which whole provinces change places.

    A province's mean rank of distance goes to another; how its cities differ from that mean stays. Shuffling cities singly
    would take 20 cities that follow one provincial government for 20 witnesses.
    """
    import numpy as np
    from scipy.stats import rankdata

    ranks = [rankdata(values) - (len(far) + 1) / 2 for values in (far, late)]
    sums = [np.bincount(block, values) for values in (ranks[1], ranks[0])]
    block = np.argsort(np.lexsort((*sums, np.bincount(block))))[block]  # names decide nothing
    order = np.lexsort((*ranks, block))
    ranks, block = [values[order] for values in ranks], block[order]
    size = float(np.sqrt((ranks[0] ** 2).sum() * (ranks[1] ** 2).sum()))
    if size == 0:
        return float("nan"), float("nan")
    rho = float(ranks[0] @ ranks[1]) / size
    cities = np.bincount(block)
    if len(cities) < BLOCKS:
        return rho, float("nan")
    middle = np.bincount(block, ranks[0]) / cities
    rng = np.random.default_rng(seed)
    beyond = 0
    for _ in range(SHUFFLES):
        placed = ranks[0] + (rng.permutation(middle) - middle)[block]
        placed -= placed.mean()
        spread = np.sqrt((placed**2).sum() * (ranks[1] ** 2).sum())
        beyond += abs(float(placed @ ranks[1])) >= abs(rho) * spread * (1 - 1e-9)
    return rho, (beyond + 1) / (SHUFFLES + 1)
