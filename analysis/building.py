"""Documents as read to rows and counts: clean, attribute, examine, divide, count; a few at a time, in processes."""

from __future__ import annotations

import warnings
from dataclasses import replace
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.admission import divided, examine, prepare, with_claims
from analysis.admission.judging import judge
from analysis.chunks import in_chunks
from analysis.corpus import Corpus
from analysis.counts import Counts, count, project_tokeniser
from analysis.documents import changes_table, clean_documents, sites_table
from analysis.features import FOLDER, SCHEMA
from analysis.recounting import own_counts, pooled, segmented_counts, with_richness
from analysis.rhetoric.readings import rhetoric_of
from analysis.segments import passages, segment
from analysis.sources import left_out
from analysis.spreading.account import Reuse
from analysis.spreading.borrowing import reuse
from analysis.words import tokeniser

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from analysis.words import Tokeniser

MIN_DOCS = 5  # features keep the terms of at least so many documents
# What a passage takes from its document.
_OF_DOCUMENT = ("doc_id", "city", "adcode", "province", "region", "year")
_PASSAGE = ["doc_id", "para", "start"]
OF_TEXT = [
    "before",
    "after",
    "alternative",
    "left",
    "right",
]  # what a row of restored places tells of the text


class Built(NamedTuple):
    """What is made of documents: their rows with the clean text, counts of documents and of passages, one row a document
    and step of cleaning, one a restored place, and the facts by which documents are admitted.
    """

    rows: pd.DataFrame
    words: Counts
    passages: Counts
    changes: pd.DataFrame
    sites: pd.DataFrame
    facts: pd.DataFrame


def build(documents: pd.DataFrame, *, cut: Tokeniser, jobs: int, texts: bool, **known: Any) -> Built:
    """Clean and count documents, in their order. Without `texts` the tables keep only what may be passed on.

    known: `manifest` and `places`, as `attribute` takes them.
    """
    import pandas as pd

    known["places"] = with_claims(documents, known.get("places"))
    work = partial(_work, texts=texts, cut=cut, known=known)
    done = in_chunks(work, documents, jobs, "cleaning and counting")
    rows, words, passage_counts, *tables = zip(*done, strict=True)
    whole, *others = (pd.concat(frames, ignore_index=True) for frames in (rows, *tables))
    return Built(whole, pooled(words), pooled(passage_counts), *others)


def _work(documents: pd.DataFrame, *, texts: bool, cut: Tokeniser, known: dict[str, Any]) -> Built:
    """Clean, examine and count a few documents."""
    with warnings.catch_warnings():  # what is found in all documents together is told once, by whoever builds
        warnings.simplefilter("ignore", UserWarning)
        cleaned = prepare(documents, **known)
        facts = examine(cleaned, places=known["places"])
    changes, sites = changes_table(cleaned), sites_table(cleaned)
    cleaned = cleaned.drop(columns=["changes", "sites", "filed_level"], errors="ignore")
    if not texts:
        changes = changes.drop(columns="examples")
        sites = sites.drop(columns=OF_TEXT)
    words = count(cleaned, tokeniser=cut)
    chosen = passages(segment(cleaned)).drop(columns=["section"])
    passage_counts = count(chosen, by=_PASSAGE, tokeniser=cut)
    text = dict(zip(cleaned["doc_id"], cleaned["text"], strict=True))
    rows = cleaned if texts else words.rows.assign(text=words.rows["doc_id"].map(text))
    return Built(rows, words, passage_counts, changes, sites, facts)


# ---- from documents to a corpus


def worked(
    documents: pd.DataFrame,
    about: dict[str, Any],
    *,
    own_words: Iterable[str] = (),
    known_terms: Iterable[str] = (),
    jobs: int = 2,
    texts: bool = True,
    quarantine: bool = True,
    where: str | None = None,
    **known: Any,
) -> Corpus:
    """Clean, examine and count documents as read. Without `texts` counts and tables keep only what may be passed on.

    own_words: kept whole beside the project's dictionary. known_terms: kept in the counts however few documents use them,
    as terms that other features show already. quarantine: set aside what admission finds unfit; otherwise it
    is counted too. where: a condition, as for `build_corpus`. known: as for `attribute`. The clean texts are at hand in
    either case, for what is counted later.
    """
    own_words = list(own_words)
    cut = tokeniser(also=own_words) if own_words else project_tokeniser()
    every, documents = documents, _chosen(documents, where)
    central = _central(every.drop(index=documents.index))
    del every
    lost = left_out(documents)
    documents.attrs = {}  # pandas would copy the list of files left out at every step
    documents = documents.sort_values("doc_id", kind="stable", ignore_index=True)
    showing = Showing(texts or len(documents) < 10 * MIN_DOCS, frozenset(known_terms))
    built = build(documents, cut=cut, jobs=jobs, texts=texts, **known)
    del documents  # memory holds the texts once: from here on the clean ones
    findings = judge(built.facts)
    admission = divided(built.rows, findings if quarantine else findings[:0])
    admitted, aside = admission.documents, admission.quarantine
    _tell(aside, len(built.rows))
    words, passage_counts = (_of(counts, admitted) for counts in (built.words, built.passages))
    words = showing(with_richness(words))
    passage_counts = passage_counts.select(passage_counts.terms[passage_counts.terms.isin(words.terms)])
    made = {
        "fingerprint": _fingerprint(words.rows, cut),
        "features": FOLDER,
        "made_with": version("city-rhetoric"),
    }
    return Corpus(
        {**about, **made},
        admitted,
        words,
        with_metadata(passage_counts, admitted),
        built.changes[built.changes["doc_id"].isin(admitted["doc_id"])].reset_index(drop=True),
        lost,
        findings,
        aside.drop(columns="text", errors="ignore"),
        built.sites[built.sites["doc_id"].isin(admitted["doc_id"])].reset_index(drop=True),
        later={
            "own": partial(own_counts, admitted, words, cut=cut, jobs=jobs),
            "segmentations": partial(_segmented, admitted, words, own_words, jobs, showing),
            "rhetoric": partial(rhetoric_of, admitted, jobs=jobs),
            "reuse": partial(_reused, admitted, central),
        },
    )


def _central(left: pd.DataFrame) -> pd.DataFrame | None:
    """Return the State Council's reports among documents as read that are left out: they tell what text was handed down."""
    return left[left["level"].eq("central").fillna(False)] if "level" in left else None


def _chosen(documents: pd.DataFrame, where: str | None) -> pd.DataFrame:
    """Keep the documents that fulfil a condition; the others join those left out, with the reason."""
    if where is None:
        return documents
    try:
        chosen = documents.query(where)
    except Exception as error:
        columns = ", ".join(documents.columns)
        raise ValueError(f"where={where!r} is no condition on the columns {columns}: {error}.") from error
    if chosen.empty:
        raise ValueError(
            f"No document fulfils where={where!r}; {len(documents)} were read. Change the condition."
        )
    others = documents.index.difference(chosen.index)
    reason = f"does not fulfil {where}"
    lost = [
        *documents.attrs.get("left_out", []),
        *({"path": doc, "reason": reason} for doc in documents.loc[others, "path"]),
    ]
    chosen.attrs["left_out"] = lost
    return chosen


def _reused(documents: pd.DataFrame, central: pd.DataFrame | None) -> Reuse | None:
    """Trace shared text; None without two cities. The State Council's reports may stand among the documents, or beside."""
    import pandas as pd

    is_central = documents["level"].eq("central").fillna(False).astype(bool)
    known = documents[["city", "year"]].notna().all(axis=1) & ~is_central
    if documents.loc[known, "city"].nunique() < 2:
        return None
    beside = [] if central is None or central.empty else [clean_documents(central)]
    told = pd.concat([documents[is_central], *beside])[["year", "text"]]
    return reuse(documents[known], central=told if len(told) else None)


class Showing(NamedTuple):
    """Which terms counts may show: all; or, where texts may not be passed on, those of several documents and those known."""

    all: bool
    known: frozenset[str]

    def __call__(self, counts: Counts) -> Counts:
        if self.all:
            return counts
        shown = (counts.docs() >= MIN_DOCS) | counts.terms.isin(list(self.known))
        return counts.select(counts.terms[shown])


def _segmented(
    documents: pd.DataFrame, words: Counts, own_words: list[str], jobs: int, showing: Showing
) -> dict[str, Counts]:
    found = segmented_counts(documents, words, also=own_words, jobs=jobs)
    return {name: showing(counts) for name, counts in found.items()}


def _of(counts: Counts, documents: pd.DataFrame) -> Counts:
    """Keep the rows of these documents, and the terms that they use."""
    kept = counts.where(counts.rows["doc_id"].isin(documents["doc_id"]))
    return kept.trim(min_docs=1)


def _tell(aside: pd.DataFrame, documents: int) -> None:
    """Say what was set aside; stop where nothing is left."""
    if aside.empty:
        return
    first = f"{aside['doc_id'].iloc[0]} ({aside['reasons'].iloc[0]})"
    if len(aside) == documents:
        raise ValueError(
            f"All {documents} documents were set aside, first {first}. Mend them, or count all with quarantine=False."
        )
    warnings.warn(
        f"{len(aside)} of {documents} documents were set aside and are not counted, first {first}; "
        "corpus.quarantine lists them.",
        stacklevel=4,
    )


def with_metadata(passage_counts: Counts, documents: pd.DataFrame) -> Counts:
    """Give each passage the city, region and year of its document."""
    known = [column for column in _OF_DOCUMENT if column in documents]
    bare = passage_counts.rows.drop(columns=[c for c in known if c in passage_counts.rows and c != "doc_id"])
    rows = bare.merge(documents[known], on="doc_id", how="left", validate="m:1")
    return replace(passage_counts, rows=rows)


def _fingerprint(rows: pd.DataFrame, cut: Tokeniser) -> str:
    """Hash what the figures depend on: the files, what is said of them, what cleaning left, the dictionary, the form."""
    columns = ["doc_id", "sha256", "city", "year", "n_tokens", "n_chars"]
    lines = rows.sort_values("doc_id")[columns].astype("string").fillna("").agg(" ".join, axis=1)
    return sha256("\n".join([*lines, cut.fingerprint, str(SCHEMA)]).encode()).hexdigest()[:12]
