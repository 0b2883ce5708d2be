"""A whole corpus in one hand: metadata, counts of documents and of passages, and the texts where they are at hand."""

from __future__ import annotations

import json
import tomllib
import warnings
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.building import build
from analysis.counts import Counts, project_tokeniser
from analysis.features import SCHEMA, read_features, write_features
from analysis.lexicon import data_path
from analysis.places import add_places
from analysis.sources import left_out, read_documents
from analysis.words import Tokeniser, tokeniser

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

FEATURES = ("city_reports", "web_pages")  # shipped as counts; the sample is shipped as text
MIN_DOCS = 5  # features keep the terms of at least so many documents
DAMAGED_REASON = "its characters were broken by notes written into the text, and it has not been restored"
# What a passage takes from its document.
_OF_DOCUMENT = ("doc_id", "city", "adcode", "province", "region", "year")


@dataclass(frozen=True)
class Corpus:
    """A corpus, opened. See `open_corpus`.

    documents: one row a document, metadata only or with the clean `text`. words: Counts, one row a document, of the
    whole text. passages: Counts, one row a passage about investment attraction. changes: what the cleaning did, one row
    a document and step. left_out: path and reason of the files that could not be read. about: name, title, invented
    (true for texts written for this project), source, fingerprint.
    """

    about: dict[str, Any]
    documents: pd.DataFrame
    words: Counts
    passages: Counts
    changes: pd.DataFrame
    left_out: pd.DataFrame

    @property
    def name(self) -> str:
        return self.about["name"]

    @property
    def title(self) -> str:
        return self.about["title"]

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits that change with any document, the dictionary or the form of the features."""
        return self.about["fingerprint"]

    @property
    def names(self) -> list[str]:
        """Names to leave out of tables of words, as the corpus names them: for the sample, all that is invented."""
        return self.about.get("names", [])

    @property
    def has_text(self) -> bool:
        return "text" in self.documents

    @property
    def period(self) -> str:
        """The years of the documents, such as 1993-2026; "no years" where none is known."""
        years = self.documents["year"].dropna()
        return f"{years.min()}-{years.max()}" if len(years) else "no years"

    def cities(self) -> pd.Series:
        """Count the documents of each city: most first, then by name; documents without a city are left aside."""
        n = self.documents["city"].value_counts().rename("documents").sort_index()
        return n.sort_values(ascending=False, kind="stable")

    def some_cities(self, n: int, *, first: Iterable[str] = ()) -> list[str]:
        """Choose `n` cities to show: those of `first` that are here, then those with most documents."""
        here = list(self.cities().index)
        return list(dict.fromkeys([*(city for city in first if city in here), *here]))[:n]

    def attraction(self) -> Counts:
        """Return the counts of passages about investment attraction, brought together: one row a document with any."""
        return self.passages.group("doc_id")

    def __repr__(self) -> str:
        cities = self.documents["city"].nunique()
        text = "with texts" if self.has_text else "counts only"
        return (
            f"Corpus({self.title}: {len(self.documents):,} documents, {cities} cities, {self.period}, {text})"
        )


def open_corpus(
    source: str | Path = "city_reports", *, manifest: str | Path | None = None, words: Iterable[str] = ()
) -> Corpus:
    """Open a corpus: a shipped one by name, or your own.

    source: "city_reports" (features of 2,231 real reports), "sample" (short texts about invented cities), "web_pages"
    (features of five real pages); a folder that `build_corpus` wrote; or any file, folder or table of texts, which
    is read, cleaned and counted. manifest: as for `read_documents`; words: names and terms to be kept whole
    beside the project's dictionary; both for texts only.

    Raises ValueError where nothing can be read, or there is no such name or file.
    """
    if source in FEATURES:
        return _opened(data_path(str(source)))
    if source == "sample":
        return _sample()
    path = Path(source).expanduser()
    if not str(source) or not path.exists():
        names = ", ".join([*FEATURES, "sample"])
        raise ValueError(
            f"There is no corpus {str(source)!r}: it is neither a file or folder nor one of {names}."
        )
    if (path / "about.json").is_file():
        return _opened(path)
    return _worked(read_documents(path, manifest=manifest), _about(path), cut=_cutter(words))


def build_corpus(
    source: str | Path | Sequence[str | Path],
    out: str | Path,
    *,
    texts: bool = False,
    jobs: int = 2,
    manifest: str | Path | None = None,
    where: str | None = None,
    words: Iterable[str] = (),
    **about: Any,
) -> Path:
    """Read, clean and count texts, and write the result to the folder `out`, for `open_corpus`.

    Documents are worked through in `jobs` processes, a few at a time; the result does not depend on `jobs`. texts: also
    keep the clean texts. Without them only counts and metadata are written, and of a corpus of 50 documents or more
    only the terms of at least five documents. where: a condition on the columns as pandas' `query` takes it, such as
    "level == 'city'"; the other documents are listed in `left_out`. words: as for `open_corpus`.
    about: title, source, licence, ... for the reader.
    """
    folder = Path(out)
    if folder.is_file():
        raise ValueError(f"{folder} is a file; the features need a folder. Name another.")
    # The texts are handed on without a name here, so that memory holds them once.
    corpus = _worked(
        _chosen(read_documents(source, manifest=manifest), where),
        _about(source, **about),
        cut=_cutter(words),
        jobs=jobs,
        texts=texts,
    )
    for part in ("words", "passages"):
        write_features(getattr(corpus, part), folder / part)
    corpus.changes.to_parquet(folder / "changes.parquet", compression="zstd", index=False)
    corpus.left_out.to_parquet(folder / "left_out.parquet", index=False)
    (folder / "texts.parquet").unlink(missing_ok=True)  # of an earlier build: counts alone hold no text
    if texts:
        kept = corpus.documents[["doc_id", "text"]]
        kept.to_parquet(folder / "texts.parquet", compression="zstd", index=False)
    text = json.dumps(corpus.about, ensure_ascii=False, indent=1)
    (folder / "about.json").write_text(text + "\n", encoding="utf-8")
    return folder


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


def _about(source: str | Path | Sequence[str | Path], **about: Any) -> dict[str, Any]:
    paths = [Path(path) for path in ([source] if isinstance(source, str | Path) else source)]
    name = (paths[0].name if paths[0].is_dir() else paths[0].stem) if len(paths) == 1 else "corpus"
    told = ", ".join(path.name for path in paths)
    return {"name": name, "title": name, "invented": False, "source": told, **about}


@lru_cache(maxsize=1)
def _sample() -> Corpus:
    """Open the sample; its invented names are kept whole, and named so that tables can leave them out."""
    about = json.loads(data_path("sample", "about.json").read_text("utf-8"))
    truth = tomllib.loads(data_path("sample", "truth.toml").read_text("utf-8"))
    names = sorted({name for city in truth["names"].values() for name in city})
    return _worked(
        read_documents(data_path("sample", "documents")), {**about, "names": names}, cut=_cutter(names)
    )


def _cutter(words: Iterable[str]) -> Tokeniser:
    words = list(words)
    return tokeniser(also=words) if words else project_tokeniser()


def _opened(folder: Path) -> Corpus:
    """Open what `build_corpus` wrote."""
    import pandas as pd

    words, passage_counts = read_features(folder / "words"), read_features(folder / "passages")
    documents = words.rows
    if (folder / "texts.parquet").is_file():
        texts = pd.read_parquet(folder / "texts.parquet")
        documents = documents.merge(texts, on="doc_id", how="left", validate="1:1")
    changes, lost = (pd.read_parquet(folder / f"{part}.parquet") for part in ("changes", "left_out"))
    about = json.loads((folder / "about.json").read_text("utf-8"))
    return Corpus(about, documents, words, _with_metadata(passage_counts, documents), changes, lost)


def _worked(
    documents: pd.DataFrame, about: dict[str, Any], *, cut: Tokeniser, jobs: int = 2, texts: bool = True
) -> Corpus:
    """Clean and count documents as read. Without `texts` only what may be passed on is kept."""
    lost = left_out(documents)
    documents.attrs = {}  # pandas would copy the list of files left out at every step
    documents = documents.sort_values("doc_id", kind="stable", ignore_index=True)
    documents = documents if about["invented"] else add_places(documents)
    rows, words, passage_counts, changes, damaged = build(documents, cut=cut, jobs=jobs, texts=texts)
    lost = _with_damaged(lost, damaged)
    if rows.empty:
        raise ValueError(f"None of the {len(documents)} documents can be counted: {DAMAGED_REASON}.")
    if not texts and len(documents) >= 10 * MIN_DOCS:
        words = words.trim(min_docs=MIN_DOCS)
    passage_counts = passage_counts.select(passage_counts.terms[passage_counts.terms.isin(words.terms)])
    made = {
        "fingerprint": _fingerprint(words.rows, cut),
        "features": SCHEMA,
        "made_with": version("city-rhetoric"),
    }
    return Corpus({**about, **made}, rows, words, _with_metadata(passage_counts, rows), changes, lost)


def _with_metadata(passage_counts: Counts, documents: pd.DataFrame) -> Counts:
    """Give each passage the city, region and year of its document."""
    known = [column for column in _OF_DOCUMENT if column in documents]
    bare = passage_counts.rows.drop(columns=[c for c in known if c in passage_counts.rows and c != "doc_id"])
    rows = bare.merge(documents[known], on="doc_id", how="left", validate="m:1")
    return replace(passage_counts, rows=rows)


def _with_damaged(lost: pd.DataFrame, damaged: list[str]) -> pd.DataFrame:
    """Add the documents that are too damaged to be counted to those left out, and say so."""
    import pandas as pd

    if damaged:
        warnings.warn(
            f"{len(damaged)} documents were not counted, first {damaged[0]}: {DAMAGED_REASON}.", stacklevel=4
        )
    more = pd.DataFrame({"path": damaged, "reason": DAMAGED_REASON}, dtype="string")
    return pd.concat([lost, more], ignore_index=True)


def _fingerprint(rows: pd.DataFrame, cut: Tokeniser) -> str:
    """Hash what the figures depend on: the files, what is said of them, what cleaning left, the dictionary, the form."""
    columns = ["doc_id", "sha256", "city", "year", "n_tokens", "n_chars"]
    lines = rows.sort_values("doc_id")[columns].astype("string").fillna("").agg(" ".join, axis=1)
    return sha256("\n".join([*lines, cut.fingerprint, str(SCHEMA)]).encode()).hexdigest()[:12]
