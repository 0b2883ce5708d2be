"""What can be measured of every city, in each year and in all: the figures of a map."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from analysis.comparing.demands import in_order
from analysis.comparing.means import FEWEST
from analysis.counts import PER
from analysis.keywords.weights import content_terms
from analysis.rhetoric.rating import device_counts

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import pandas as pd
    from scipy.sparse import csr_matrix

    from analysis.corpus import Corpus
    from analysis.counts import Counts

TERMS = ("招商引资", "营商环境")
DEVICES = ("methods", "offers", "sectors", "images")
OBLIGATION = 3  # strength of commitment
COLUMNS = ["city", "year", "measure", "value", "unit", "n"]
RATE = "per 10,000 characters"
SHARE = "share"
LENGTH = "characters a document"
COSINE = "cosine of tf-idf"


def city_measures(corpus: Corpus) -> pd.DataFrame:
    """Measure every city by all that can be measured of it. One row a city, year and measure.

    Columns: city; year (missing: all years, documents without a year among them); measure; value; unit; n (documents).
    Sorted by measure in the order below, city, year with all years last. A value is the mean over the city's documents,
    each of which counts as one whatever its length; measures that the corpus cannot give are not there:

    - length: Han characters a document;
    - 招商引资, 营商环境: occurrences per 10,000 characters;
    - methods, offers, sectors, images: hits of the device per 10,000 characters; obligation: words of obligation likewise;
    - promises met: share of the promises of a report that its next report calls met (n: reports that can be judged);
    - borrowed: share of a document's letters and figures that other cities had in earlier years (see `reuse`);
    - likeness: cosine of a document's tf-idf vector and the mean vector of all other cities that report in its year, each
      of them counting as one (idf fitted on all documents; at least three others). Not of the city's mean vector, which
      would be the more like all others' the more reports it has.

    A description: nothing is tested, and a mean of one report is that report. Without documents of a city: no rows.
    """
    import pandas as pd

    rows = corpus.words.rows
    cities = rows["city"] if "city" in rows else pd.Series(pd.NA, index=rows.index)
    known = cities.notna().to_numpy(dtype=bool) & (rows["n_chars"] > 0).to_numpy(dtype=bool)
    words = in_order(corpus.words.where(known))[0]
    if not known.any():
        return _typed(pd.DataFrame(columns=COLUMNS))
    found = _by_document(corpus, words)
    frames = [_means(words.rows, values).assign(measure=name, unit=unit) for name, values, unit in found]
    return _typed(pd.concat(frames, ignore_index=True)[COLUMNS])


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype(
        {"city": "string", "year": "Int64", "measure": "string", "unit": "string", "value": float, "n": int}
    )


def _by_document(corpus: Corpus, words: Counts) -> Iterator[tuple[str, np.ndarray, str]]:
    """Yield each measure: its name, its value of each document (missing where there is none), its unit."""
    rows = words.rows
    length = rows["n_chars"].to_numpy(dtype=float)
    yield "length", length, LENGTH
    used = [term for term in TERMS if term in words.terms]
    for term, uses in zip(used, words.select(used).values.toarray().T, strict=True):
        yield term, PER * uses / length, RATE
    for name, hits in _hits(corpus):
        yield name, _rate(hits, rows), RATE
    made = corpus.rhetoric.promises
    met = made[made["met"].notna()].astype({"met": float}).groupby("doc_id", observed=True)["met"].mean()
    yield "promises met", _of(rows, met), SHARE
    if corpus.reuse is not None:
        told = corpus.reuse.documents.set_index("doc_id")
        yield "borrowed", _of(rows, told["borrowed"] / told["letters"].where(told["letters"] > 0)), SHARE
    yield "likeness", _likeness(corpus, words), COSINE


def _of(rows: pd.DataFrame, values: pd.Series) -> np.ndarray:
    """Return the values, by doc_id, in the order of the rows."""
    found: np.ndarray = values.reindex(rows["doc_id"].astype(str)).to_numpy(dtype=float)
    return found


def _hits(corpus: Corpus) -> Iterator[tuple[str, pd.DataFrame]]:
    devices, commitments = corpus.rhetoric.devices, corpus.rhetoric.commitments
    for device in DEVICES:
        yield device, devices[devices["device"] == device].assign(of=device)
    yield "obligation", commitments[commitments["strength"] == OBLIGATION].assign(of="obligation")


def _rate(hits: pd.DataFrame, rows: pd.DataFrame) -> np.ndarray:
    """Return hits per 10,000 characters of each document; those of documents without a city are left out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        counts = device_counts(hits[hits["doc_id"].isin(rows["doc_id"])], rows, "of")
    uses: np.ndarray = counts.values.sum(axis=1).A1
    return PER * uses / rows["n_chars"].to_numpy(dtype=float)


def _means(rows: pd.DataFrame, values: np.ndarray) -> pd.DataFrame:
    """Return the mean over a city's documents in each year and in all: one row a city and year; documents without a value
    (missing) are left out."""
    import numpy as np
    import pandas as pd

    told = pd.DataFrame({"city": rows["city"].astype(object), "year": _years(rows), "value": values})
    told = told[np.isfinite(told["value"])]
    every = told.groupby("city")["value"].agg(value="mean", n="size").reset_index()
    yearly = (
        told[told["year"].notna()]
        .groupby(["city", "year"])["value"]
        .agg(value="mean", n="size")
        .reset_index()
    )
    both = pd.concat([yearly, every.assign(year=pd.array([None] * len(every), "Int64"))])
    return both.sort_values(["city", "year"], ignore_index=True)


def _years(rows: pd.DataFrame) -> pd.Series:
    import pandas as pd

    return (
        rows["year"].astype("Int64") if "year" in rows else pd.Series(pd.NA, index=rows.index, dtype="Int64")
    )


def _likeness(corpus: Corpus, words: Counts) -> np.ndarray:
    """Return how like each document is to the other cities of its year; missing where fewer than three report in it."""
    import numpy as np

    vectors = content_terms(words, leave_out=corpus.names).tfidf().values
    year = _years(words.rows).to_numpy(dtype=float, na_value=np.inf)  # those without a year among themselves
    value = np.full(len(year), np.nan)
    for each in np.unique(year):
        here = np.flatnonzero(year == each)
        value[here] = _alike(vectors[here], words.rows["city"].to_numpy(dtype=object)[here])
    return value


def _alike(vectors: csr_matrix, cities: np.ndarray) -> np.ndarray:
    """Return the cosine of each document's vector, of length 1, and the sum of the other cities' mean vectors."""
    import numpy as np
    import pandas as pd
    from scipy.sparse import csr_matrix

    code, names = pd.factorize(cities, sort=True)
    if len(names) <= FEWEST:
        return np.full(len(code), np.nan)
    weight = 1 / np.bincount(code)[code]
    means = csr_matrix(csr_matrix((weight, (code, np.arange(len(code))))) @ vectors)
    total = means.sum(axis=0).A1
    across, own = means @ total, means.multiply(means).sum(axis=1).A1
    others = np.sqrt(np.maximum(total @ total - 2 * across + own, 0))[code]
    product = vectors @ total - vectors.multiply(means[code]).sum(axis=1).A1
    lengths = np.sqrt(vectors.multiply(vectors).sum(axis=1).A1) * others
    return np.divide(product, lengths, out=np.full(len(code), np.nan), where=lengths > 0)
