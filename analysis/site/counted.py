"""Tables of a corpus, counted anew for whoever downloads them: words, devices, figures, slogans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.comparing.demands import check_words
from analysis.counts import PER
from analysis.keywords.weights import content_terms
from analysis.rhetoric.formulas import first_uses
from analysis.rhetoric.rating import device_counts
from analysis.site.names import latin_name
from analysis.spreading.sightings import sightings

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from analysis.corpus import Corpus
    from analysis.counts import Counts

TERMS = 2000  # words, the most frequent by documents, of which counts are given
SHARED_BY = 20  # cities that use a slogan whose adoption is listed


class NotThereError(Exception):
    """Why a corpus has no such table, in a sentence."""


def plain_table(name: str) -> Callable[[Corpus], pd.DataFrame]:
    def make(corpus: Corpus) -> pd.DataFrame:
        frame: pd.DataFrame = getattr(corpus, name)
        if not len(frame):
            raise NotThereError("There is nothing to list.")
        return frame.drop(columns=["text"], errors="ignore")

    return make


def documents_table(corpus: Corpus) -> pd.DataFrame:
    frame = corpus.documents.drop(columns=["text"], errors="ignore").dropna(axis="columns", how="all")
    return frame.sort_values("doc_id", kind="stable")


def quarantine_table(corpus: Corpus) -> pd.DataFrame:
    return plain_table("quarantine")(corpus).dropna(axis="columns", how="all")


def cities_table(corpus: Corpus) -> pd.DataFrame:
    rows = _of_cities(corpus.words).rows
    grouped = rows.sort_values("year", kind="stable", na_position="first").groupby("city", sort=True)
    kept = [
        name
        for name in ("adcode", "province", "region", "level")
        if name in rows and rows[name].notna().any()
    ]
    frame = grouped[kept].last() if kept else grouped[[]].first()
    frame["documents"] = grouped.size()
    frame["first_year"], frame["last_year"] = grouped["year"].min(), grouped["year"].max()
    frame["years"] = grouped["year"].nunique()
    for name in ("n_chars", "n_tokens"):
        frame[name] = grouped[name].sum()
    frame = frame.reset_index()
    frame.insert(1, "latin", [latin_name(str(city)) for city in frame["city"]])
    return frame


def words_by_city_table(corpus: Corpus) -> pd.DataFrame:
    return _wide(_of_cities(corpus.words), "city", corpus)


def words_by_year_table(corpus: Corpus) -> pd.DataFrame:
    words = corpus.words.where(corpus.words.rows["year"].notna().to_numpy())
    if not len(words.rows):
        raise NotThereError("No document has a year.")
    return _wide(words, "year", corpus)


def _wide(words: Counts, column: str, corpus: Corpus) -> pd.DataFrame:
    """Return one row a frequent content word and one column a value of `column`."""
    import pandas as pd

    # No word is too common to be looked up: 招商引资 stands in most documents.
    content = content_terms(words, max_share=1, leave_out=corpus.names)
    documents = pd.Series(content.values.getnnz(axis=0), index=content.terms)
    often = documents.sort_index().sort_values(ascending=False, kind="stable").head(TERMS)
    sums = words.select(list(often.index)).group(column)
    lengths = words.group(column).rows["n_tokens"].to_numpy()
    table = pd.DataFrame(
        sums.values.toarray().T, index=sums.terms, columns=sums.rows[column].astype(str).tolist()
    )
    table = table.loc[list(often.index)]
    head = pd.DataFrame([lengths], index=["(words)"], columns=table.columns)
    whole = pd.concat([head, table]).rename_axis("term").reset_index()
    whole.insert(1, "documents", [len(words.rows), *often.tolist()])
    return whole


def devices_table(corpus: Corpus) -> pd.DataFrame:
    import pandas as pd

    rhetoric, words = _rhetoric(corpus), _of_cities(corpus.words)
    hits = rhetoric.devices[
        rhetoric.devices["doc_id"].astype(str).isin(set(words.rows["doc_id"].astype(str)))
    ]
    if not len(hits):
        raise NotThereError("No device was found.")
    told = [
        _by_city_and_year(device, own, words.rows)
        for device, own in hits.groupby("device", observed=True, sort=True)
    ]
    return pd.concat(told, ignore_index=True)


def _by_city_and_year(device: Any, hits: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row a city, year and category of a device that is used: hits, documents, n_chars, rate."""
    counts = device_counts(hits, rows, "category")
    found = counts.values.tocoo()
    keys = counts.rows[["city", "year", "n_chars"]].reset_index(drop=True)
    long = keys.iloc[found.row].assign(category=counts.terms.to_numpy()[found.col], hits=found.data)
    sums = (
        long.groupby(["city", "year", "category"], dropna=False)["hits"]
        .agg(hits="sum", documents="size")
        .reset_index()
    )
    length = keys.groupby(["city", "year"], dropna=False)["n_chars"].sum().reset_index()
    whole = sums.merge(length, on=["city", "year"], how="left")
    whole.insert(2, "device", str(device))
    return whole.assign(per_10000=(PER * whole["hits"] / whole["n_chars"].clip(lower=1)).round(4))


def targets_table(corpus: Corpus) -> pd.DataFrame:
    found = _rhetoric(corpus).targets
    found = found[found["object"].notna()]
    keys = _of_cities(corpus.words).rows[["doc_id", "city", "year"]].astype({"doc_id": "string"})
    known = found.astype({"doc_id": "string"})[["doc_id", "object", "unit_kind", "status"]].merge(
        keys, on="doc_id"
    )
    if not len(known):
        raise NotThereError("No figure of a known city was found.")
    by = ["city", "year", "object", "unit_kind"]
    status = {name: (known["status"] == name) for name in ("promised", "done", "unclear")}
    return known.assign(**status).groupby(by, dropna=False, observed=True)[list(status)].sum().reset_index()


def promises_table(corpus: Corpus) -> pd.DataFrame:
    made = _rhetoric(corpus).promises
    made = made[made["object"].notna() & made["city"].notna()]
    if not len(made):
        raise NotThereError("No promise of a known city was found.")
    known = made.assign(with_result=made["met"].notna(), met=made["met"].fillna(False).astype(bool))
    grouped = known.groupby(["city", "year", "object", "unit_kind"], dropna=False, observed=True)
    return grouped.agg(
        promises=("met", "size"), with_result=("with_result", "sum"), met=("met", "sum")
    ).reset_index()


def slogans_table(corpus: Corpus) -> pd.DataFrame:
    hits = _rhetoric(corpus).slogans
    hits = hits[hits["slogan"].notna()]
    if not len(hits):
        raise NotThereError("No slogan was found.")
    return first_uses(hits, corpus.words.rows)


def adoption_table(corpus: Corpus) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    counts = _shared_slogans(corpus)
    seen = sightings(counts, {term: [term] for term in counts.terms}, "city", None, None)
    using, reports = seen.using.sum(axis=1), seen.seen.sum(axis=1)  # units × terms
    term, unit = np.nonzero(using.T > 0)
    after, by = seen.after[unit, term], seen.by[unit, term]
    found = {
        "slogan": np.array(seen.terms, dtype=object)[term],
        "city": seen.units[seen.name].to_numpy(dtype=object)[unit],
        "after": pd.array(np.where(np.isfinite(after), after, np.nan), dtype="Int64"),
        "by": pd.array(np.where(np.isfinite(by), by, np.nan), dtype="Int64"),
        "documents": reports[unit, term],
        "using": using[unit, term],
    }
    return pd.DataFrame(found)


def _shared_slogans(corpus: Corpus) -> Counts:
    """Return the counts of the slogans that enough cities use, in documents with a city."""
    rows = _of_cities(corpus.words).rows
    hits = _rhetoric(corpus).slogans
    hits = hits[hits["slogan"].notna() & hits["doc_id"].astype(str).isin(set(rows["doc_id"].astype(str)))]
    if not len(hits) or rows["year"].isna().all():
        raise NotThereError("No slogan of a city and year was found.")
    counts = device_counts(hits, rows, "slogan")
    check_words(counts, "adoption")
    common = _common(counts)
    if not len(common):
        raise NotThereError(f"No slogan is used by {SHARED_BY} cities.")
    return counts.select(list(common))


def _common(counts: Counts) -> Any:
    import numpy as np

    return counts.terms[np.asarray((counts.group("city").values > 0).sum(axis=0)).ravel() >= SHARED_BY]


def _rhetoric(corpus: Corpus) -> Any:
    try:
        return corpus.rhetoric
    except ValueError as error:
        raise NotThereError(str(error)) from error


def _of_cities(words: Counts) -> Counts:
    known = words.rows["city"].notna().to_numpy() if "city" in words.rows else None
    if known is None or not known.any():
        raise NotThereError("No document has a city.")
    return words.where(known)
