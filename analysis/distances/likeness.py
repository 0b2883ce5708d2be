"""Groups compared pair by pair, usually cities: how alike they are, and whether they can be told apart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from analysis.chunks import progress
from analysis.comparing.demands import check_within
from analysis.comparing.inference import adjusted
from analysis.comparing.units import layout, unit_of
from analysis.distances.labellings import Told, pair_of, tell_apart
from analysis.distances.metrics import Grouped, grouped
from analysis.keywords.chance import ALPHA  # p above it: cannot be told apart

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from analysis.comparing.units import Layout
    from analysis.counts import Counts

FEW = 100  # pairs that are tested sooner than a bar is worth drawing
VERDICTS = ("told apart", "cannot be told apart", "cannot be tested")


def similarity(
    counts: Counts,
    column: str,
    *,
    metric: str = "cosine",
    pairs: Iterable[tuple[Any, Any]] | str | None = None,
    nearest: int = 5,
    within: str | None = "year",
    permutations: int = 999,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare groups pair by pair. One row a pair: a, b, value; sorted by a and b.

    metric: "cosine", of the mean tf-idf vectors (1 = the same direction; idf fitted on documents); "jsd",
    Jensen-Shannon divergence of the groups' word shares, base 2 (Lin 1991; 0 = the same, 1 = no word in common); "delta",
    Burrows' Delta (Burrows 2002): mean absolute difference of z-scores over the 150 most frequent words, stop words kept,
    z over groups; for it, give the counts of all words.

    pairs: None for all pairs, point values only; a list of pairs of names, in whose order they come, or "nearest": the
    `nearest` groups most like each group (sorted by a and `rank`; a pair of neighbours comes twice). These are tested, and
    have further columns:
    - p: the share of the ways to give the two groups' labels to their documents, within year, that make the two at least
      as different: all ways where there are at most `permutations`, else so many at random, (b+1)/(m+1). A document
      of a year that only one of the two has keeps its label; it is a part of the value all the same.
      A column that is constant within a city (region, coast) labels cities: their labels are shuffled, not within year.
    - p_least: the smallest p there could be. Above 0.05 the pair cannot be tested.
    - q: Benjamini-Hochberg over the different pairs that can be tested.
    - verdict: "told apart" (p <= 0.05), "cannot be told apart", "cannot be tested".
    - years_in_common (missing without years), docs_a, docs_b.

    p asks whether the two speak alike but for chance, not whether they are near. No interval is given: resampling
    makes distances larger. attrs: metric, column, unit, within, permutations, seed, tested (pairs that could be), groups.

    Raises ValueError for another metric, a column `within` that the rows lack ("year" may be missing), a name that is no
    group, a pair of one group, a single group, a column that is missing or has missing values. Documents without words are
    left aside with a warning.
    """
    _check(pairs, nearest, permutations)
    them = grouped(counts, column, metric)
    check_within(within, them.rows)
    values = them.values()
    frame = _long(them, values) if pairs is None else _asked(them, values, pairs, nearest)
    laid = _laid(them, column, within)
    if pairs is not None:
        frame = _tested(frame, them, laid, permutations, seed)
    frame.attrs = {
        "metric": metric,
        "column": column,
        "unit": laid.unit,
        "within": laid.within,
        "permutations": permutations,
        "seed": seed,
        "tested": 0 if pairs is None else _different(frame[frame["verdict"] != VERDICTS[2]]),
        "groups": len(them.names),
    }
    return frame


def similarity_change(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Set two results of `similarity` side by side, such as with and without text shared verbatim. One row a pair.

    Columns: a, b, value, value_after, change, rank, rank_after (1 = most alike among the pairs in both). Sorted by
    falling size of the change, then a and b. Only pairs in both frames; attrs["lost"] counts the others.
    """
    for frame in (before, after):
        if not {"a", "b", "value"} <= set(frame.columns):
            raise ValueError(
                f"similarity_change takes two frames of similarity(...); one has {', '.join(map(str, frame.columns))}."
            )
    metrics = [frame.attrs.get("metric", "cosine") for frame in (before, after)]
    if metrics[0] != metrics[1]:
        raise ValueError(f"{metrics[0]} and {metrics[1]} can't be compared; give both frames one metric.")
    both = before[["a", "b", "value"]].merge(
        after[["a", "b", "value"]], on=["a", "b"], suffixes=("", "_after"), validate="one_to_one"
    )
    both["change"] = both["value_after"] - both["value"]
    for name in ("rank", "rank_after"):
        own = both[name.replace("rank", "value")]
        both[name] = own.rank(ascending=metrics[0] != "cosine", method="min").astype(int)
    both.attrs = {"metric": metrics[0], "lost": max(len(before), len(after)) - len(both)}
    return both.sort_values(
        ["change", "a", "b"], key=lambda own: -own.abs() if own.name == "change" else own, ignore_index=True
    )


def _long(them: Grouped, values: np.ndarray) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    first, second = np.triu_indices(len(them.names), k=1)
    labels = _labels(them)
    return pd.DataFrame({"a": labels[first], "b": labels[second], "value": values[first, second]})


def _asked(
    them: Grouped, values: np.ndarray, pairs: Iterable[tuple[Any, Any]] | str, nearest: int
) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    if isinstance(pairs, str):
        near = _nearest(them, values, min(nearest, len(values) - 1))
        places = [(a, b) for a, row in enumerate(near) for b in row]
    else:
        places = [_places(them, pair) for pair in pairs]
    first, second = np.array(places, dtype=int).reshape(-1, 2).T
    labels = _labels(them)
    frame = pd.DataFrame({"a": labels[first], "b": labels[second]})
    if isinstance(pairs, str):
        frame["rank"] = np.tile(np.arange(1, near.shape[1] + 1), len(near))
    frame["value"] = values[first, second]
    return frame


def _nearest(them: Grouped, values: np.ndarray, number: int) -> np.ndarray:
    """Return groups × number: the most alike first; of equals, the one whose documents come first."""
    import numpy as np

    far = np.round(-values if them.metric == "cosine" else values, 12)
    np.fill_diagonal(far, np.inf)
    return np.array([np.lexsort((them.arrival, row))[:number] for row in far])


def _places(them: Grouped, pair: tuple[Any, Any]) -> tuple[int, int]:
    if isinstance(pair, str) or len(pair) != 2:
        raise ValueError(
            f"{pair!r} is no pair; give two names of {them.column}, such as {tuple(them.names[:2])}."
        )
    a, b = them.place(pair[0]), them.place(pair[1])
    if a == b:
        raise ValueError(f"The pair ({pair[0]!r}, {pair[1]!r}) is one group with itself. Name two.")
    return a, b


def _laid(them: Grouped, column: str, within: str | None) -> Layout:
    known = within in them.rows and within != column and them.rows[within].notna().any()
    unit = unit_of(them.rows, column)
    return layout(them.rows, unit, within if known and unit == "document" else None)


def _tested(frame: pd.DataFrame, them: Grouped, laid: Layout, permutations: int, seed: int) -> pd.DataFrame:
    import numpy as np

    place = {name: at for at, name in enumerate(them.names)}
    wanted = [_either_way(place[a], place[b]) for a, b in zip(frame["a"], frame["b"], strict=True)]
    told = _tell(them, laid, list(dict.fromkeys(wanted)), permutations, seed)
    q = dict(zip(told, adjusted(np.array([_p_to_adjust(one) for one in told.values()])), strict=True))
    results = [told[pair] for pair in wanted]
    years = _years(them)
    return frame.assign(
        p=np.array([one.p for one in results], dtype=float),
        p_least=np.array([one.least for one in results], dtype=float),
        q=np.array([q[pair] for pair in wanted], dtype=float),
        verdict=np.array([verdict(one) for one in results], dtype=object),
        years_in_common=_common(wanted, years),
        docs_a=them.docs[[place[name] for name in frame["a"]]],
        docs_b=them.docs[[place[name] for name in frame["b"]]],
    )


def _either_way(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)


def _tell(
    them: Grouped, laid: Layout, wanted: list, permutations: int, seed: int
) -> dict[tuple[int, int], Told]:
    centres = them.centres()
    with progress(wanted, "telling apart", long=len(wanted) > FEW, unit="pair") as bar:
        return {(a, b): tell_apart(pair_of(them, laid, centres, a, b), permutations, seed) for a, b in bar}


def _p_to_adjust(told: Told) -> float:
    """A pair whose years allow no small p is no part of the family: its labels were never in question."""
    return told.p if told.least <= ALPHA else float("nan")


def verdict(told: Told) -> str:
    """Say in words what a test of two groups found."""
    if told.least > ALPHA:
        return VERDICTS[2]
    return VERDICTS[0] if told.p <= ALPHA else VERDICTS[1]


def _years(them: Grouped) -> list[set[Any]]:
    if "year" not in them.rows:
        return []
    return [set(own.dropna()) for _, own in them.rows["year"].groupby(them.codes)]


def _common(wanted: list, years: list[set[Any]]) -> Any:
    import pandas as pd

    shared = [len(years[a] & years[b]) if years else pd.NA for a, b in wanted]
    return pd.array(shared, dtype="Int64")


def _different(frame: pd.DataFrame) -> int:
    """Count the different pairs: (a, b) and (b, a) are one."""
    return len({frozenset(pair) for pair in zip(frame["a"], frame["b"], strict=True)})


def _labels(them: Grouped) -> np.ndarray:
    import numpy as np

    labels = np.empty(len(them.names), dtype=object)
    labels[:] = them.names
    return labels


def _check(pairs: Any, nearest: int, permutations: int) -> None:
    if isinstance(pairs, str) and pairs != "nearest":
        raise ValueError(f"pairs={pairs!r} is unknown; give a list of pairs, 'nearest', or None for all.")
    if nearest < 1:
        raise ValueError(f"nearest={nearest} asks for no neighbour; give 1 or more.")
    if permutations < 1 / ALPHA - 1:
        raise ValueError(
            f"permutations={permutations} can't give p <= {ALPHA}; give at least 19, better 999."
        )
