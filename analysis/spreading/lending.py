"""Who borrows from whom and how much, and is it more than chance would have: flows, letters, shuffled cities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.spreading.tracing import BORROWED, KINDS, covered

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from analysis.spreading.tracing import Places

FLOWS = ["borrower", "source", "letters", "passages", "years", "first", "last"]
SHUFFLES = 9_999  # of reports within a stratum
DRAWN = 999  # times other sources are drawn


def flows_of(passages: pd.DataFrame) -> pd.DataFrame:
    """Return one row a pair of cities, the largest flow first."""
    borrowed = passages[passages["kind"] == KINDS[BORROWED]]
    borrowed = borrowed.assign(letters=borrowed["letters"] / borrowed["sources"])
    grouped = borrowed.groupby(["city", "from_city"], sort=True, observed=True)
    flows = grouped.agg(
        letters=("letters", "sum"),
        passages=("letters", "size"),
        years=("year", "nunique"),
        first=("year", "min"),
        last=("year", "max"),
    ).reset_index()
    flows.columns = FLOWS
    return flows.sort_values(
        ["letters", "borrower", "source"], ascending=[False, True, True], ignore_index=True
    )


def letters_by_kind(
    documents: pd.DataFrame, places: Places, kind: np.ndarray, sizes: np.ndarray
) -> pd.DataFrame:
    """Return one row a document: how many of its letters are of each kind; each counts for the first that it belongs to."""
    import numpy as np

    frame = documents[["doc_id", "city", "year"]].copy()
    frame["letters"] = sizes
    taken = [np.zeros(size, dtype=bool) for size in sizes]
    for number, name in enumerate(KINDS):
        marks = covered(places, np.flatnonzero(kind == number), sizes)
        frame[name.replace(" ", "_")] = [
            int((own & ~seen).sum()) for own, seen in zip(marks, taken, strict=True)
        ]
        taken = [own | seen for own, seen in zip(marks, taken, strict=True)]
    return frame


def borrowers(documents: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Compare each city's borrowed letters with those expected of its reports; see `Reuse.borrowers`."""
    import numpy as np
    import pandas as pd
    from scipy.stats import false_discovery_control

    first = documents["year"] == documents.groupby("city")["year"].transform("min")
    documents = documents.assign(stratum=2 * documents["year"] + first)
    documents = documents.sort_values(["stratum", "letters", "borrowed"], kind="stable", ignore_index=True)
    size, stratum = documents["letters"].to_numpy(float), documents["stratum"].to_numpy()
    share = documents["borrowed"].to_numpy() / np.maximum(size, 1)
    code, names = pd.factorize(documents["city"])
    alike = pd.Series(share).groupby(stratum).transform("mean").to_numpy()
    expected = np.bincount(
        code, size * alike
    )  # what the shuffles give on average: ratio and p point to one side
    seen = np.bincount(code, documents["borrowed"])
    drawn = _shuffled(code, stratum, size, share, seed)
    above = (drawn >= seen - 1e-6).sum(axis=0) + 1
    below = (drawn <= seen + 1e-6).sum(axis=0) + 1
    p = np.minimum(1, 2 * np.minimum(above, below) / (len(drawn) + 1))
    frame = pd.DataFrame(
        {"city": names, "documents": np.bincount(code), "letters": np.bincount(code, size).astype(int)}
    )
    frame = frame.assign(borrowed=seen.astype(int), expected=expected, p=p, q=false_discovery_control(p))
    frame.insert(5, "ratio", seen / np.where(expected > 0, expected, np.nan))
    return frame.sort_values(["ratio", "city"], ascending=[False, True], ignore_index=True)


def _shuffled(
    code: np.ndarray, stratum: np.ndarray, size: np.ndarray, share: np.ndarray, seed: int
) -> np.ndarray:
    """Return the borrowed letters of each city when shares change hands among the reports of a stratum: draws × cities."""
    import numpy as np

    rng = np.random.default_rng(seed)
    block = np.cumsum(np.append(True, np.diff(stratum) != 0)) - 1
    drawn = np.empty((SHUFFLES, code.max() + 1))
    for at in range(SHUFFLES):
        order = np.argsort(
            block + rng.random(len(block))
        )  # reports are in the order of strata, and stay in theirs
        drawn[at] = np.bincount(code, size * share[order], minlength=code.max() + 1)
    return drawn


def nearness(
    passages: pd.DataFrame, documents: pd.DataFrame, cities: pd.DataFrame, column: str, seed: int
) -> dict[str, float]:
    """Say what share of the borrowed letters comes from cities of the same kind; see `Reuse.nearness`."""
    import numpy as np

    if column not in cities:
        raise ValueError(
            f"The documents had no column {column!r}; they had {', '.join(map(str, cities.columns))}."
        )
    kind = cities[column].dropna()
    alone = of_one_source(passages, kind)
    if alone.empty:
        return {"passages": 0} | dict.fromkeys(["share", "expected", "ratio", "p"], float("nan"))
    weight = alone["letters"].to_numpy(float) / alone["letters"].sum()
    home, source = (alone[name].map(kind).to_numpy(object) for name in ("city", "from_city"))
    seen, chance = float(weight @ (home == source)), _at_home(alone, documents, kind)
    # All that a city takes from one other goes or comes together: passages of a pair are no independent draws.
    pair = alone.groupby(["city", "from_city"], sort=False, observed=True).ngroup().to_numpy()
    rng = np.random.default_rng(seed)
    drawn = np.array([weight @ (rng.random(pair.max() + 1)[pair] < chance) for _ in range(DRAWN)])
    expected = float(weight @ chance)
    p = float(((drawn >= seen - 1e-12).sum() + 1) / (DRAWN + 1))
    ratio = seen / expected if expected else float("nan")
    return {"passages": len(alone), "share": seen, "expected": expected, "ratio": ratio, "p": p}


def of_one_source(passages: pd.DataFrame, kind: pd.Series) -> pd.DataFrame:
    """Return the borrowed passages of which one city alone is the source, where both cities' kind is known."""
    alone = passages[passages["kind"] == KINDS[BORROWED]]
    several = alone.groupby(["doc_id", "start", "end"])["from_city"].transform("nunique") > 1
    alone = alone[~several].drop_duplicates(["doc_id", "start", "end"])
    return alone[alone["city"].isin(kind.index) & alone["from_city"].isin(kind.index)]


def _at_home(alone: pd.DataFrame, documents: pd.DataFrame, kind: pd.Series) -> np.ndarray:
    """Return for each passage what share of the letters that other cities wrote in its source's year is from its like."""
    import pandas as pd

    known = documents[documents["city"].isin(kind.index)]
    known = known.assign(kind=known["city"].map(kind))
    letters = {
        keys: known.groupby(list(keys))["letters"].sum()
        for keys in (("year",), ("year", "kind"), ("year", "city"))
    }
    year, home = alone["from_year"].astype(int), alone["city"].map(kind)
    of_year = letters["year",].reindex(year).to_numpy(float)
    alike = letters["year", "kind"].reindex(pd.MultiIndex.from_arrays([year, home]), fill_value=0)
    own = letters["year", "city"].reindex(pd.MultiIndex.from_arrays([year, alone["city"]]), fill_value=0)
    return (alike.to_numpy(float) - own.to_numpy(float)) / (of_year - own.to_numpy(float))
