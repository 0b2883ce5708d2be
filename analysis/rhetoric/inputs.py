"""What the detectors ask of the frames they are given, and the one form they bring them into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.chunks import progress
from analysis.frames import check_frame

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

MANY = 100_000  # sentences from which a bar shows how far the work is
_ADVICE = "Make it with segment(documents, by='sentence')."


def check_sentences(sentences: pd.DataFrame, caller: str) -> pd.DataFrame:
    """Return the doc_id (as text), text and start of sentences, in the order in which a detector reads them.

    The order is that of the documents as first named, and of start inside each. Raises ValueError, in one sentence, where a
    column is missing, a sentence has no doc_id or start, or a start is no whole number.
    """
    import numpy as np
    import pandas as pd

    check_frame(sentences, caller, "doc_id", "text", "start", advice=_ADVICE)
    _check_known(sentences, caller, "sentences", "doc_id", "start")
    start = pd.to_numeric(sentences["start"], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    if wrong := np.flatnonzero(~(start % 1 == 0)).tolist():
        told = sentences["start"].iloc[wrong[0]]
        raise ValueError(
            f"{caller}: {told!r} is no start of a sentence, in row {wrong[0]}; it is a whole number."
        )
    plain = pd.DataFrame(
        {
            "doc_id": sentences["doc_id"].astype("string").array,
            "text": sentences["text"].array,
            "start": start.astype(np.int64),
        }
    )
    order = np.lexsort((plain["start"], pd.factorize(plain["doc_id"])[0]))
    return plain.iloc[order].reset_index(drop=True)


def check_documents(documents: pd.DataFrame, caller: str, *columns: str, advice: str = "") -> pd.DataFrame:
    """Return documents with doc_id as text.

    Raises ValueError, in one sentence, where doc_id or one of the columns is missing, a document has no doc_id, or two have
    the same.
    """
    check_frame(documents, caller, "doc_id", *columns, advice=advice)
    _check_known(documents, caller, "documents", "doc_id")
    keys = documents["doc_id"].astype("string")
    twice = keys.duplicated()
    if twice.any():
        raise ValueError(
            f"{caller}: {twice.sum()} of {len(documents)} documents stand twice, first {keys[twice].iloc[0]!r}."
            " Keep one row a document."
        )
    return documents.assign(doc_id=keys)


def years_of(documents: pd.DataFrame | None, caller: str) -> dict[str, int]:
    """Return the year of each document whose year is known, by its doc_id as text; none where none are given.

    Raises ValueError, in one sentence, for what `check_documents` finds and for a year that is no whole number.
    """
    import pandas as pd

    if documents is None:
        return {}
    known = check_documents(documents, caller, "year").dropna(subset="year")
    years = pd.to_numeric(known["year"].astype(object), errors="coerce")
    wrong = known[~(years % 1 == 0)]
    if len(wrong):
        doc, year = wrong["doc_id"].iloc[0], str(wrong["year"].iloc[0])
        raise ValueError(
            f"{caller}: {year!r} is no year, in document {doc!r}; write a whole number such as 2020."
        )
    return dict(zip(known["doc_id"], years.astype(int), strict=True))


def check_hits_lie_in(hits: pd.DataFrame, documents: pd.DataFrame) -> None:
    """Raise ValueError, in one sentence, where the document of a hit is not among the documents."""
    lost = ~hits["doc_id"].astype("string").isin(documents["doc_id"].astype("string"))
    if lost.any():
        raise ValueError(
            f"{lost.sum()} of {len(hits)} hits lie in documents that are not given, first "
            f"{hits.loc[lost, 'doc_id'].iloc[0]!r}. Give the documents the hits were found in."
        )


def _check_known(frame: pd.DataFrame, caller: str, what: str, *columns: str) -> None:
    for column in columns:
        unknown = frame[column].isna().to_numpy(dtype=bool)
        if unknown.any():
            raise ValueError(
                f"{caller}: {unknown.sum()} of {len(frame)} {what} have no {column}, the first in row "
                f"{int(unknown.argmax())}. Give each its {column}, or leave them out."
            )


def each_sentence(sentences: pd.DataFrame, what: str, *columns: str) -> Iterator[tuple]:
    """Yield the columns of each sentence, with a bar where they are many."""
    rows = zip(*(sentences[name] for name in columns), strict=True)
    many = len(sentences)
    yield from progress(rows, what, long=many > MANY, total=many, unit="sentence")
