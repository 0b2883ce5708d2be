"""All that the detectors find in documents, in one hand: read from texts, or from what was written of them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import partial
from typing import TYPE_CHECKING, Any

from analysis.chunks import in_chunks
from analysis.frames import check_frame
from analysis.rhetoric.coding import devices
from analysis.rhetoric.formulas import slogans
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

    devices: methods, offers, sectors, places, images, commitment, speakers. commitments, targets, slogans, parallelism.
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
            frame.to_parquet(folder / f"{name}.parquet", compression="zstd", index=False)


def rhetoric_of(documents: pd.DataFrame, *, jobs: int = 2) -> Rhetoric:
    """Read documents with every detector. documents: doc_id, text (clean), and year where it is known."""
    import pandas as pd

    check_frame(documents, "rhetoric_of", "doc_id", "text")
    known = [name for name in ("doc_id", "city", "year", "text") if name in documents]
    lacking: Any = {name: pd.NA for name in ("city", "year") if name not in documents}
    documents = documents[known].assign(**lacking)
    done = in_chunks(_work, documents, jobs, "reading rhetoric")
    found = [pd.concat(frames, ignore_index=True) for frames in zip(*done, strict=True)]
    made = promises(found[2], documents).drop(columns="sentence")
    return Rhetoric(*map(_compact, [*found, made]))


def read_rhetoric(folder: Path) -> Rhetoric:
    """Read what `Rhetoric.write` wrote."""
    import pandas as pd

    return Rhetoric(*(pd.read_parquet(folder / f"{each.name}.parquet") for each in fields(Rhetoric)))


def concordance(hits: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Show the sentences of hits. One row a hit, as given, with what stands left and right of it in its sentence.

    hits: doc_id, start, end. documents: doc_id, text. Columns added: left, hit, right. Raises ValueError where a document is
    missing or there is no text.
    """
    check_frame(hits, "concordance", "doc_id", "start", "end")
    check_frame(
        documents,
        "concordance",
        "doc_id",
        "text",
        advice="Counts alone hold no texts: open the corpus from its texts.",
    )
    sentences = segment(documents[documents["doc_id"].isin(hits["doc_id"])], "sentence")
    texts = documents.set_index("doc_id")["text"]
    missing = hits.loc[~hits["doc_id"].isin(texts.index), "doc_id"]
    if len(missing):
        raise ValueError(
            f"{len(missing)} hits are of documents that are not given, first {missing.iloc[0]!r}."
        )
    bounds = {doc: own for doc, own in sentences.groupby("doc_id")[["start", "end"]]}
    shown = [
        _shown(texts[doc], bounds[doc], start, end)
        for doc, start, end in zip(hits["doc_id"], hits["start"], hits["end"], strict=True)
    ]
    left, hit, right = zip(*shown, strict=True) if shown else ((), (), ())
    return hits.assign(left=list(left), hit=list(hit), right=list(right))


def _shown(text: str, bounds: pd.DataFrame, start: int, end: int) -> tuple[str, str, str]:
    first = bounds["start"].searchsorted(start, side="right") - 1
    last = bounds["end"].searchsorted(end)
    return text[bounds["start"].iloc[first] : start], text[start:end], text[end : bounds["end"].iloc[last]]


def _work(documents: pd.DataFrame) -> tuple[pd.DataFrame, ...]:
    sentences = segment(documents, "sentence")
    read = (devices, commitments, partial(targets, documents=documents), slogans, parallelism)
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
