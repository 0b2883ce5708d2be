"""All that the detectors find in documents, in one hand: read from texts, or from what was written of them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import partial
from typing import TYPE_CHECKING, Any

from analysis.chunks import in_chunks
from analysis.frames import check_frame
from analysis.rhetoric.coding import devices
from analysis.rhetoric.formulas import slogans
from analysis.rhetoric.inputs import check_documents, check_hits_lie_in
from analysis.rhetoric.lexicons import DEVICES
from analysis.rhetoric.packing import read_hits, write_hits
from analysis.rhetoric.parallels import parallelism
from analysis.rhetoric.pledges import commitments
from analysis.rhetoric.promises import promises
from analysis.rhetoric.quantities import targets
from analysis.segments import segment

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

LONGEST = 8  # characters of a text that may be passed on,
IN_DOCUMENTS = 3  # where so many documents have it
# What a hit shows of the text itself; entries, terms and categories are those of the lexicons.
OF_TEXT = {
    "targets": ("verb", "object", "number", "unit"),
    "slogans": ("slogan",),
    "parallelism": ("head",),
    "promises": ("object",),
}


@dataclass(frozen=True)
class Rhetoric:
    """What the detectors find in a corpus. Each frame has one row a hit, as its function gives it, but not its sentence:
    `concordance` shows that, where the texts are at hand.

    devices: methods, offers, sectors, places, images, speakers; the terms of commitment are in commitments, with more said
    of each. targets, slogans, parallelism.
    promises: the promised targets, each set against the next year's report of the city; empty without cities or years.
    """

    devices: pd.DataFrame
    commitments: pd.DataFrame
    targets: pd.DataFrame
    slogans: pd.DataFrame
    parallelism: pd.DataFrame
    promises: pd.DataFrame

    def __repr__(self) -> str:
        told = ", ".join(f"{len(frame):,} {name}" for name, frame in self._frames().items())
        return f"Rhetoric({told})"

    def _frames(self) -> dict[str, pd.DataFrame]:
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def passed_on(self) -> Rhetoric:
        """Leave out what shows more of the texts than may be passed on: strings of more than eight characters, or found in
        fewer than three documents, are missing; places and figures stay."""
        return Rhetoric(
            **{name: _passed_on(frame, OF_TEXT.get(name, ())) for name, frame in self._frames().items()}
        )

    def write(self, folder: Path) -> None:
        """Write the frames to a folder, one file each."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, frame in self._frames().items():
            write_hits(frame, folder / f"{name}.parquet")


def rhetoric_of(documents: pd.DataFrame, *, jobs: int = 2) -> Rhetoric:
    """Read documents with every detector. documents: doc_id, text (clean), and year where it is known.

    Raises ValueError where two documents have one doc_id, or one has none.
    """
    import pandas as pd

    documents = check_documents(documents, "rhetoric_of", "text")
    known = [name for name in ("doc_id", "city", "year", "text") if name in documents]
    lacking: Any = {name: pd.NA for name in ("city", "year") if name not in documents}
    documents = documents[known].assign(**lacking)
    done = in_chunks(_work, documents, jobs, "reading rhetoric")
    found = [pd.concat(frames, ignore_index=True) for frames in zip(*done, strict=True)]
    made = promises(found[2], documents).drop(columns="sentence")
    return Rhetoric(*map(_compact, [*found, made]))


def read_rhetoric(folder: Path) -> Rhetoric:
    """Read what `Rhetoric.write` wrote."""
    return Rhetoric(*(read_hits(folder / f"{each.name}.parquet") for each in fields(Rhetoric)))


def concordance(hits: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Show the sentences of hits. One row a hit, as given, with what stands left and right of it in its sentence.

    hits: doc_id, start, end. documents: doc_id, text. Columns added: left, hit, right. Raises ValueError where a document is
    missing, has no text or one that ends before its hit, or stands twice.
    """
    check_frame(hits, "concordance", "doc_id", "start", "end")
    documents = check_documents(
        documents,
        "concordance",
        "text",
        advice="Counts alone hold no texts: open the corpus from its texts.",
    )
    check_hits_lie_in(hits, documents)
    keys = hits["doc_id"].astype("string")
    documents = documents[documents["doc_id"].isin(keys)]
    _check_texts(hits, documents)
    texts = documents.set_index("doc_id")["text"]
    bounds = {doc: own for doc, own in segment(documents, "sentence").groupby("doc_id")[["start", "end"]]}
    shown = [
        _shown(texts[doc], bounds[doc], start, end)
        for doc, start, end in zip(keys, hits["start"], hits["end"], strict=True)
    ]
    left, hit, right = zip(*shown, strict=True) if shown else ((), (), ())
    return hits.assign(left=list(left), hit=list(hit), right=list(right))


def _check_texts(hits: pd.DataFrame, documents: pd.DataFrame) -> None:
    """Raise ValueError where a document of hits has no text, or not the text that they were found in."""
    textless = documents.loc[[not isinstance(text, str) for text in documents["text"]], "doc_id"]
    if len(textless):
        raise ValueError(
            f"concordance: {len(textless)} documents of the hits have no text, first {textless.iloc[0]!r}. "
            "Give their texts, or leave their hits out."
        )
    ends = documents.set_index("doc_id")["text"].map(lambda text: len(text.rstrip())).astype("int64")
    beyond = hits["end"].to_numpy() > ends.reindex(hits["doc_id"].astype("string")).to_numpy()
    if beyond.any():
        raise ValueError(
            f"concordance: {beyond.sum()} of {len(hits)} hits lie behind the end of their texts, first in "
            f"{hits.loc[beyond, 'doc_id'].iloc[0]!r}. Give the clean texts that the hits were found in."
        )


def _shown(text: str, bounds: pd.DataFrame, start: int, end: int) -> tuple[str, str, str]:
    first = bounds["start"].searchsorted(start, side="right") - 1
    last = bounds["end"].searchsorted(end)
    return text[bounds["start"].iloc[first] : start], text[start:end], text[end : bounds["end"].iloc[last]]


def _work(documents: pd.DataFrame) -> tuple[pd.DataFrame, ...]:
    sentences = segment(documents, "sentence")
    promised, counted = partial(commitments, documents=documents), partial(targets, documents=documents)
    others = [name for name in DEVICES if name != "commitment"]  # which `commitments` finds, and says more of
    read = (partial(devices, lexicon=others), promised, counted, slogans, parallelism)
    return tuple(detect(sentences).drop(columns="sentence") for detect in read)


def _compact(hits: pd.DataFrame) -> pd.DataFrame:
    """Keep the documents' keys once each: hits are many."""
    return hits.astype({"doc_id": "category"})


def _passed_on(hits: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    shown = {name: hits[name].where(_may_be_shown(hits, name)) for name in columns}
    return hits.assign(**shown)


def _may_be_shown(hits: pd.DataFrame, column: str) -> pd.Series:
    documents = hits.groupby(column, observed=True)["doc_id"].nunique()
    common = documents.index[documents >= IN_DOCUMENTS]
    return hits[column].isin(common) & (hits[column].str.len() <= LONGEST)
