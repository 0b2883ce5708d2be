"""Text that cities take over from one another: which passages stood where before, who borrows from whom."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from analysis.frames import check_frame
from analysis.sharing import SHINGLE, shared_shingles
from analysis.spreading.account import Reuse
from analysis.spreading.lending import flows_of, letters_by_kind
from analysis.spreading.tracing import (
    BORROWED,
    CENTRAL,
    COMMON,
    KINDS,
    NEVER,
    OWN,
    SAME_YEAR,
    Places,
    Runs,
    Shelf,
    at_home,
    counted,
    elsewhere,
    find_places,
    kinds,
    lengthened,
    letters_of,
    longest,
    runs,
    starts_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import pandas as pd

MIN_LETTERS = 20


def reuse(
    documents: pd.DataFrame,
    *,
    central: pd.DataFrame | None = None,
    min_letters: int = MIN_LETTERS,
    common: int = 3,
) -> Reuse:
    """Find what documents took over from earlier ones of other cities.

    documents: doc_id, text, city, year (province, region where known). central: the same of the State Council.
    min_letters: fewest letters of a passage that are of its own kind. common: what cities of so many provinces had before
    is common stock.

    Texts share a shingle where twelve letters and figures in a row agree, whatever the punctuation. Each shingle of a
    document gets its kind; runs of shingles that follow one another in both documents become passages, and are
    lengthened as far as both agree; what is common or central in them is shown, but does not count. Every passage is the
    longest there is, and goes to the first year in which a document has all of it. The earliest that is known need not
    be the first: what both took from a third looks borrowed.
    Documents without a city or year are left aside with a warning. Raises ValueError for a missing column or fewer than two
    cities.
    """
    import numpy as np

    if min_letters < SHINGLE:
        raise ValueError(
            f"min_letters={min_letters} is less than a shingle's {SHINGLE} letters; give {SHINGLE} or more."
        )
    documents = _shelved(documents)
    texts, years = documents["text"].tolist(), _central_texts(central)
    shared = shared_shingles(texts + [text for _, text in years], [*range(len(texts)), *[-1] * len(years)])
    places = find_places(texts, shared)
    signs, where = letters_of(texts)
    shelf = _shelf(documents, signs)
    kind = kinds(places, shelf, _first_central(years, shared), common)
    passages = _frame(_runs(places, shelf, kind, min_letters), documents, where)
    sizes = np.array([len(own) for own in signs])
    about = {
        "min_letters": min_letters,
        "common": common,
        "shared": len(shared),
        "cities": _cities(documents),
    }
    return Reuse(passages, flows_of(passages), letters_by_kind(documents, places, kind, sizes), about)


# ---- what is given


def _shelved(documents: pd.DataFrame) -> pd.DataFrame:
    """Return the documents in the order of year and doc_id; those that cannot be placed are left aside and said."""
    check_frame(documents, "reuse", "doc_id", "text", "city", "year")
    out = documents["city"].isna() | documents["year"].isna() | documents["text"].isna()
    if out.any():
        first = documents.loc[out, "doc_id"].iloc[0]
        warnings.warn(
            f"{out.sum()} of {len(out)} documents have no city, year or text, first {first!r}; they are left aside.",
            stacklevel=3,
        )
    kept = (
        documents[~out]
        .astype({"year": int})
        .sort_values(["year", "doc_id"], kind="stable", ignore_index=True)
    )
    if kept["city"].nunique() < 2:
        raise ValueError("reuse compares cities: fewer than two have documents with a year and text.")
    return kept


def _central_texts(central: pd.DataFrame | None) -> list[tuple[int, str]]:
    if central is None:
        return []
    check_frame(central, "reuse", "year", "text")
    known = central.dropna(subset=["year", "text"])
    return list(zip(known["year"].astype(int), known["text"], strict=True))


def _first_central(years: list[tuple[int, str]], shared: np.ndarray) -> np.ndarray:
    """Return for each shared shingle the first year in which the State Council has it."""
    import numpy as np

    first = np.full(len(shared), NEVER, np.int16)
    for year, text in years:
        found = find_places([text], shared).shingle
        first[found] = np.minimum(first[found], year)
    return first


def _shelf(documents: pd.DataFrame, signs: list[np.ndarray]) -> Shelf:
    import numpy as np
    import pandas as pd

    city = pd.factorize(documents["city"])[0]
    province = pd.factorize(documents["province"])[0] if "province" in documents else np.full(len(city), -1)
    bounds = np.cumsum([0, *map(len, signs)])
    year = documents["year"].to_numpy()
    return Shelf(np.asarray(city), np.asarray(province), year, np.concatenate(signs), bounds)


def _cities(documents: pd.DataFrame) -> pd.DataFrame:
    """Return one row a city with what the documents last say of it."""
    kept = [name for name in documents if name not in ("text", "doc_id", "year", "city", "start", "end")]
    return documents.groupby("city")[kept].last()


# ---- from places to passages


def _runs(
    places: Places, shelf: Shelf, kind: np.ndarray, min_letters: int
) -> Iterator[tuple[int, Runs, np.ndarray, np.ndarray]]:
    """Yield the runs of each kind, with `letters` and `sources`; those with too few letters of the kind are left out."""
    import numpy as np

    for name in (CENTRAL, COMMON, OWN, BORROWED, SAME_YEAR):
        chosen = np.flatnonzero(kind == name)
        starts = starts_of(places, chosen)
        own = _of_kind(name, places, shelf, chosen)
        own = own.take(counted(own, starts, own.end) >= min_letters)
        yield name, own, *_own_letters(own, starts)


def _of_kind(name: int, places: Places, shelf: Shelf, chosen: np.ndarray) -> Runs:
    """Return the runs of a kind; those with a source are lengthened, and only the longest kept."""
    import numpy as np

    if name in (CENTRAL, COMMON):
        doc, at = places.doc[chosen], places.at[chosen]
        return runs(doc, np.full(len(doc), -1), at, np.zeros(len(doc), int))
    same_year = name == SAME_YEAR
    traced = (
        at_home(places, shelf, chosen)
        if name == OWN
        else elsewhere(places, shelf, chosen, same_year=same_year)
    )
    return longest(lengthened(runs(*traced), shelf), shelf.year)


def _frame(
    found: Iterator[tuple[int, Runs, np.ndarray, np.ndarray]],
    documents: pd.DataFrame,
    where: list[np.ndarray],
) -> pd.DataFrame:
    import pandas as pd

    parts = [_passages(*each, documents, where) for each in found]
    frame = pd.concat(parts, ignore_index=True)
    frame = frame.astype(dict.fromkeys(["start", "end", "letters", "sources", "year"], int))
    frame = frame.astype(dict.fromkeys(["from_start", "from_end", "from_year"], "Int64") | {"central": bool})
    frame = frame.astype(dict.fromkeys(["doc_id", "from_doc", "city", "from_city"], "string"))
    order = ["year", "doc_id", "start", "end", "kind", "from_year", "from_doc"]
    return frame.sort_values(order, kind="stable", ignore_index=True)


def _passages(
    name: int,
    own: Runs,
    letters: np.ndarray,
    ties: np.ndarray,
    documents: pd.DataFrame,
    where: list[np.ndarray],
) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    ids, cities, years = (documents[column].to_numpy(object) for column in ("doc_id", "city", "year"))
    sourced = own.source >= 0
    begin, end = own.begin + own.shift, own.end + own.shift
    pairs = list(zip(own.source.tolist(), begin.tolist(), end.tolist(), strict=True)) if sourced.any() else []
    rows = {
        "doc_id": ids[own.doc],
        "start": [int(where[doc][at]) for doc, at in zip(own.doc, own.begin, strict=True)],
        "end": [int(where[doc][at - 1]) + 1 for doc, at in zip(own.doc, own.end, strict=True)],
        "from_doc": np.where(sourced, ids[own.source], None),
        "from_start": [int(where[doc][at]) for doc, at, _ in pairs] if pairs else None,
        "from_end": [int(where[doc][to - 1]) + 1 for doc, _, to in pairs] if pairs else None,
        "letters": letters,
        "sources": np.where(sourced, ties, 0),
        "kind": pd.Categorical([KINDS[name]] * len(own.doc), categories=list(KINDS)),
        "central": name == CENTRAL,
        "year": years[own.doc].astype(int),
        "city": cities[own.doc],
        "from_year": np.where(sourced, years[own.source], None),
        "from_city": np.where(sourced, cities[own.source], None),
    }
    return pd.DataFrame(rows)


def _own_letters(own: Runs, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the letters of the kind that each run has and the run before it has not, and how many are of the same letters.

    starts: where the kind's shingles begin. What a run was lengthened over does not count.
    """
    import numpy as np
    import pandas as pd

    spans = pd.DataFrame({"doc": own.doc, "begin": own.begin, "end": own.end})
    ties = spans.groupby(["doc", "begin", "end"], sort=False)["doc"].transform("size").to_numpy()
    each = spans.drop_duplicates().sort_values(["doc", "begin"])
    each["before"] = each.groupby("doc")["end"].shift(fill_value=0)
    before = spans.merge(each, how="left")["before"].to_numpy(dtype=np.int64)
    had = counted(own, starts, np.maximum(own.begin, before))
    return counted(own, starts, own.end) - had, ties
