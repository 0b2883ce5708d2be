"""Corpora by name or path: the shipped ones, folders of features, and texts of your own."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any

from analysis.building import with_metadata, worked
from analysis.corpus import Corpus
from analysis.features import FOLDER, read_difference, read_features, write_difference, write_features
from analysis.lexicon import data_path
from analysis.recounting import RICHNESS, SEGMENTATIONS
from analysis.rhetoric.readings import Rhetoric, read_rhetoric
from analysis.sources import read_documents
from analysis.spreading.account import Reuse, read_reuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd

    from analysis.counts import Counts

# Shipped as counts; the sample is shipped as text.
FEATURES = ("city_reports", "state_council", "web_pages")
# What counts under a segmentation are written as a difference from, where that is nearer than `words`: half the size.
NEARER = {"neither": "no dictionary"}
TABLES = ("changes", "left_out", "findings", "quarantine", "sites")  # beside the counts


def open_corpus(
    source: str | Path = "city_reports",
    *,
    manifest: str | Path | None = None,
    places: str | Path | pd.DataFrame | None = None,
    words: Iterable[str] = (),
    quarantine: bool = True,
) -> Corpus:
    """Open a corpus: a shipped one by name, or your own.

    source: "city_reports" (features of 2,215 real reports), "state_council" (features of the 59 reports of the State
    Council since 1954, a reference for `keyness`), "sample" (short texts about invented cities), "web_pages" (features
    of five real pages); a folder that `build_corpus` wrote; or any file, folder or table of texts, which
    is read, cleaned, attributed, admitted and counted. For texts only: manifest, as for `read_documents`; places, as
    for `attribute`; words, names and terms to be kept whole beside the project's dictionary; quarantine=False counts
    also the documents that admission would set aside.

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
    return worked(
        read_documents(path, manifest=manifest),
        _about(path),
        own_words=words,
        quarantine=quarantine,
        manifest=manifest,
        places=places,
    )


def build_corpus(
    source: str | Path | Sequence[str | Path],
    out: str | Path,
    *,
    texts: bool = False,
    jobs: int = 2,
    manifest: str | Path | None = None,
    places: str | Path | pd.DataFrame | None = None,
    where: str | None = None,
    words: Iterable[str] = (),
    quarantine: bool = True,
    **about: Any,
) -> Path:
    """Read, clean and count texts, and write the result to the folder `out`, for `open_corpus`.

    Documents are worked through in `jobs` processes, a few at a time; the result does not depend on `jobs`. texts: also
    keep the clean texts. Without them only counts and metadata are written, and of a corpus of 50 documents or more
    only the terms of at least five documents. where: a condition on the columns as pandas' `query` takes it, such as
    "level == 'city'"; the other documents are listed in `left_out`, and the State Council's reports among them still
    tell, in `reuse`, which text was handed down. places, words, quarantine: as for `open_corpus`;
    what was set aside is listed in quarantine.parquet. about: title, source, licence, ... for the reader.
    """
    folder = Path(out)
    if folder.is_file():
        raise ValueError(f"{folder} is a file; the features need a folder. Name another.")
    # The texts are handed on without a name here, so that memory holds them once.
    corpus = worked(
        read_documents(source, manifest=manifest),
        _about(source, **about),
        own_words=words,
        jobs=jobs,
        texts=texts,
        where=where,
        quarantine=quarantine,
        manifest=manifest,
        places=places,
    )
    write_corpus(corpus, folder, texts=texts)
    return folder


def write_corpus(corpus: Corpus, folder: Path, *, texts: bool = False) -> None:
    """Write a corpus to a folder, for `open_corpus`: counts and tables, and the clean texts only where they are wanted."""
    for part in ("words", "passages"):
        write_features(getattr(corpus, part), folder / part)
    write_difference(corpus.own, corpus.words, folder / "own")
    for name, counts in corpus.segmentations.items():
        base = corpus.segmentations[NEARER[name]] if name in NEARER else corpus.words
        write_difference(counts, base, _of_segmentation(folder, name))
    rhetoric = corpus.rhetoric if texts else corpus.rhetoric.passed_on()
    rhetoric.write(folder / "rhetoric")
    rmtree(folder / "reuse", ignore_errors=True)  # of an earlier build
    if corpus.reuse is not None:
        corpus.reuse.write(folder / "reuse")
    for name in TABLES:
        getattr(corpus, name).to_parquet(folder / f"{name}.parquet", compression="zstd", index=False)
    (folder / "texts.parquet").unlink(missing_ok=True)  # of an earlier build: counts alone hold no text
    if texts:
        kept = corpus.documents[["doc_id", "text"]]
        kept.to_parquet(folder / "texts.parquet", compression="zstd", index=False)
    text = json.dumps(corpus.about, ensure_ascii=False, indent=1)
    (folder / "about.json").write_text(text + "\n", encoding="utf-8")


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
    return worked(
        read_documents(data_path("sample", "documents")),
        {**about, "names": names},
        own_words=names,
        places=data_path("sample", "places.csv"),
    )


def _opened(folder: Path) -> Corpus:
    """Open what `build_corpus` wrote."""
    import pandas as pd

    words, passage_counts = read_features(folder / "words"), read_features(folder / "passages")
    documents = words.rows
    if (folder / "texts.parquet").is_file():
        texts = pd.read_parquet(folder / "texts.parquet")
        documents = documents.merge(texts, on="doc_id", how="left", validate="1:1")
    missing = [name for name in TABLES if not (folder / f"{name}.parquet").is_file()]
    if missing:
        raise ValueError(
            f"{folder} has no {missing[0]}.parquet: it is not whole, or was made by an older version. Build it again."
        )
    tables = [pd.read_parquet(folder / f"{name}.parquet") for name in TABLES]
    about = json.loads((folder / "about.json").read_text("utf-8"))
    later: dict[str, Callable[[], Any]] = {
        "own": partial(_own, folder, words),
        "segmentations": partial(_segmentations, folder, words),
        "rhetoric": partial(_rhetoric, folder),
        "reuse": partial(_reuse, folder),
    }
    return Corpus(about, documents, words, with_metadata(passage_counts, documents), *tables, later=later)


def _own(folder: Path, words: Counts) -> Counts:
    """Read the counts without shared text."""
    return _recounted(folder, folder / "own", words, "counts without shared text").select(words.terms)


def _segmentations(folder: Path, words: Counts) -> dict[str, Counts]:
    """Read the counts under other segmentations."""
    what = "counts under other segmentations"
    found: dict[str, Counts] = {}
    for name in SEGMENTATIONS:
        base = found[NEARER[name]] if name in NEARER else words
        found[name] = _recounted(folder, _of_segmentation(folder, name), base, what).trim(min_docs=1)
    return found


def _rhetoric(folder: Path) -> Rhetoric:
    _check_part(folder, folder / "rhetoric", "hits of rhetoric")
    return read_rhetoric(folder / "rhetoric")


def _reuse(folder: Path) -> Reuse | None:
    """Read what was traced of shared text; None where there were no cities to trace it between."""
    _check_part(folder, folder / "rhetoric", "passages of shared text")
    return read_reuse(folder / "reuse") if (folder / "reuse").is_dir() else None


def _check_part(folder: Path, part: Path, what: str) -> None:
    if not part.is_dir():
        version = json.loads((folder / "about.json").read_text("utf-8")).get("features", 1)
        raise ValueError(
            f"{folder} has no {what}: its features are of version {version}, the newest is {FOLDER}. "
            "Build it again with build_corpus, from the texts."
        )


def _recounted(folder: Path, part: Path, words: Counts, what: str) -> Counts:
    _check_part(folder, part, what)
    counts = read_difference(part, words)
    return replace(counts, rows=counts.rows.drop(columns=list(RICHNESS), errors="ignore"))


def _of_segmentation(folder: Path, name: str) -> Path:
    """
    >>> _of_segmentation(Path("f"), "no HMM").as_posix()
    'f/segmentations/no_hmm'
    """
    return folder / "segmentations" / name.lower().replace(" ", "_")
