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
RENAMED = 999  # of cities


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
    alike = documents.groupby("stratum")[["borrowed", "letters"]].transform("sum")
    expected = np.bincount(code, size * (alike["borrowed"] / alike["letters"].clip(lower=1)).to_numpy())
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


def nearness(passages: pd.DataFrame, cities: pd.DataFrame, column: str, seed: int) -> dict[str, float]:
    """Say what share of the borrowed letters comes from cities of the same kind; see `Reuse.nearness`."""
    import numpy as np
    import pandas as pd

    if column not in cities:
        raise ValueError(
            f"The documents had no column {column!r}; they had {', '.join(map(str, cities.columns))}."
        )
    known = cities[cities[column].notna()]
    alone = passages[passages["kind"] == KINDS[BORROWED]]
    several = alone.groupby(["doc_id", "start", "end"])["from_city"].transform("nunique") > 1
    alone = alone[~several].drop_duplicates(["doc_id", "start", "end"])
    alone = alone[alone["city"].isin(known.index) & alone["from_city"].isin(known.index)]
    if alone.empty:
        raise ValueError(f"No borrowed passage lies between cities whose {column} is known.")
    ends = [known.index.get_indexer(pd.Index(alone[name])) for name in ("city", "from_city")]
    weight = alone["letters"].to_numpy(float) / alone["letters"].sum()
    kind = pd.factorize(known[column], sort=True)[0]
    seen = float(weight @ (kind[ends[0]] == kind[ends[1]]))
    # The order in which cities first borrow is nobody's name: renaming them changes nothing.
    order = pd.unique(np.concatenate(ends))
    rng = np.random.default_rng(seed)
    drawn = np.empty(RENAMED)
    for at in range(RENAMED):
        other = np.empty(len(kind), int)
        other[order] = kind[rng.permutation(order)]
        drawn[at] = weight @ (other[ends[0]] == other[ends[1]])
    expected = float(drawn.mean())
    p = float(((drawn >= seen - 1e-12).sum() + 1) / (RENAMED + 1))
    ratio = seen / expected if expected else float("nan")
    return {"passages": len(alone), "share": seen, "expected": expected, "ratio": ratio, "p": p}
