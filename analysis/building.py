"""Documents as read to rows and counts: clean, divide, count, a few documents at a time, in several processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.characters import DAMAGED
from analysis.cleaning import changes_table, clean_documents
from analysis.counts import Counts, count, merge
from analysis.segments import passages, segment

if TYPE_CHECKING:
    import pandas as pd

    from analysis.words import Tokeniser

CHUNK = 32  # documents a worker holds at a time: bounds the memory, and keeps two workers busy to the end
FEW = 100  # so many documents are counted sooner than a second process is up
_PASSAGE = ["doc_id", "para", "start"]


class Built(NamedTuple):
    """What is made of documents: their rows (with the clean text if it is kept), counts of documents and of passages,
    one row a document and step of cleaning, and the paths of documents too damaged to be counted.
    """

    rows: pd.DataFrame
    words: Counts
    passages: Counts
    changes: pd.DataFrame
    damaged: list[str]


def build(documents: pd.DataFrame, *, cut: Tokeniser, jobs: int, texts: bool) -> Built:
    """Clean and count documents, in their order. Without `texts` only what may be passed on is kept."""
    import pandas as pd

    chunks = [documents.iloc[at : at + CHUNK] for at in range(0, len(documents), CHUNK)]
    jobs = jobs if len(documents) > FEW else 1
    pool: dict[str, str] = {}
    done = _mapped(partial(_work, texts=texts, cut=cut), chunks, jobs)
    parts = [
        part._replace(words=_pooled(part.words, pool), passages=_pooled(part.passages, pool)) for part in done
    ]
    rows, words, passage_counts, changes, damaged = zip(*parts, strict=True)
    frames = (pd.concat(tables, ignore_index=True) for tables in (rows, changes))
    return Built(next(frames), merge(words), merge(passage_counts), next(frames), sum(damaged, []))


def _work(documents: pd.DataFrame, *, texts: bool, cut: Tokeniser) -> Built:
    """Clean and count a few documents."""
    cleaned = clean_documents(documents)
    changes = changes_table(cleaned)
    broken = cleaned["doc_id"].isin(changes.loc[changes["step"] == DAMAGED, "doc_id"])
    damaged = cleaned.loc[broken, "path"].fillna(cleaned["doc_id"]).tolist()
    cleaned = cleaned[~broken].drop(columns="changes")
    changes = changes[changes["step"] != DAMAGED]
    if not texts:
        changes = changes.drop(columns="examples")
    words = count(cleaned, tokeniser=cut)
    chosen = passages(segment(cleaned)).drop(columns=["section"])
    passage_counts = count(chosen, by=_PASSAGE, tokeniser=cut)
    rows = cleaned if texts else words.rows
    return Built(rows, words, passage_counts, changes, damaged)


def _pooled(counts: Counts, pool: dict[str, str]) -> Counts:
    """Let counts that come from different processes share their terms: the same word many times is memory lost."""
    import pandas as pd

    return replace(
        counts, terms=pd.Index([pool.setdefault(term, term) for term in counts.terms], dtype=object)
    )


def _mapped(function: Callable[[Any], Any], chunks: list[pd.DataFrame], jobs: int) -> Iterator[Any]:
    """Apply `function` to each chunk, in order, in `jobs` processes, and show how far the work is."""
    from joblib import Parallel, delayed
    from tqdm.auto import tqdm

    total = sum(map(len, chunks))
    # Chunks are handed over as workers come free: all at once they would be in memory twice.
    run = Parallel(n_jobs=jobs, return_as="generator", pre_dispatch="2*n_jobs")
    results = run(delayed(function)(chunk) for chunk in chunks)
    with tqdm(
        total=total, unit="document", desc="cleaning and counting", disable=total <= FEW, mininterval=1
    ) as bar:
        for chunk, result in zip(chunks, results, strict=True):
            bar.update(len(chunk))
            yield result
