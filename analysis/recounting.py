"""The same documents counted otherwise: without text shared with other cities, and as other cutters would cut them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from analysis.chunks import in_chunks
from analysis.counts import Counts, count, merge
from analysis.rarefying import expected_once, expected_types
from analysis.sharing import shared_marks, shared_share, shared_shingles
from analysis.words import Tokeniser, tokeniser

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    import pandas as pd

# How the words might have been cut instead: what `tokeniser` is given. Words of the caller's own are kept in all of them.
SEGMENTATIONS: dict[str, dict[str, Any]] = {
    "no dictionary": {"words": []},
    "no HMM": {"hmm": False},
    "neither": {"words": [], "hmm": False},
}
COMMON_SIZE = 1000  # tokens: nearly every report has more
RICHNESS = ("types_1000", "once_1000")  # columns that tell of a whole document, as the project cuts it


def own_counts(documents: pd.DataFrame, words: Counts, *, cut: Tokeniser, jobs: int = 2) -> Counts:
    """Count the documents without the words that lie wholly in text shared by two or more cities.

    documents: with doc_id, city, text, all of them together. words: their counts; the result has the same rows and terms,
    zeros where nothing of a term is left. `n_tokens` and `n_chars` count what is counted; `shared` is the share of the
    document's letters and figures that stand in shared text (see `analysis.sharing`).

    A document without a city lends no text to others. The order of the documents and `jobs` change nothing.
    """
    import pandas as pd

    documents = documents.assign(text=documents["text"].fillna(""))
    texts = documents["text"].tolist()
    shared = shared_shingles(texts, documents["city"].tolist())
    marks = pd.Series([shared_marks(text, shared) for text in texts], documents.index, dtype=object)
    shares = [shared_share(text, marked) for text, marked in zip(texts, marks, strict=True)]
    frame = documents[["doc_id", "text"]].assign(marks=marks, shared=shares)
    work = partial(_counted_unshared, cut=cut)
    parts = in_chunks(work, frame, jobs, "leaving out shared text")
    return _in_rows_of(words, pooled(parts)).select(words.terms)


def segmented_counts(
    documents: pd.DataFrame, words: Counts, *, also: Sequence[str] = (), jobs: int = 2
) -> dict[str, Counts]:
    """Count the documents under each of the other segmentations: "no dictionary" (plain jieba), "no HMM", "neither".

    documents: with doc_id and text. words: their counts; the rows are the same. also: words kept whole in all of them.
    """
    found = {}
    for name, settings in SEGMENTATIONS.items():
        work = partial(_counted, cut=tokeniser(**settings, also=also))
        parts = in_chunks(work, documents[["doc_id", "text"]], jobs, f"cutting with {name}")
        found[name] = _in_rows_of(words, pooled(parts))
    return found


def with_richness(words: Counts) -> Counts:
    """Add to the rows how many different words, and words used once, 1,000 tokens of the document hold on average.

    Columns types_1000 and once_1000 (Hurlbert 1971; see `analysis.rarefying`), missing below 1,000 tokens. words: all
    words of each document, before any is trimmed away.
    """
    import numpy as np

    rows = np.split(words.values.data, words.values.indptr[1:-1]) if len(words.rows) else []
    measures = zip(RICHNESS, (expected_types, expected_once), strict=True)
    columns = {name: [measure(row, COMMON_SIZE) for row in rows] for name, measure in measures}
    return replace(words, rows=words.rows.assign(**columns))


def pooled(parts: Iterable[Counts]) -> Counts:
    """Put counts that come from different processes together; a word that came many times is held once."""
    import pandas as pd

    pool: dict[str, str] = {}
    return merge(
        [
            replace(part, terms=pd.Index([pool.setdefault(term, term) for term in part.terms], dtype=object))
            for part in parts
        ]
    )


def _counted(documents: pd.DataFrame, *, cut: Tokeniser) -> Counts:
    return count(documents, tokeniser=cut)


def _counted_unshared(documents: pd.DataFrame, *, cut: Tokeniser) -> Counts:
    import pandas as pd

    pairs = zip(documents["text"], documents["marks"], strict=True)
    tokens = pd.Series([_unshared(cut(text), marks) for text, marks in pairs], documents.index, dtype=object)
    return count(documents.drop(columns=["text", "marks"]).assign(tokens=tokens))


def _unshared(words: list[str], marks: np.ndarray) -> list[str]:
    """Return the words less those all of whose letters and figures are marked; joined, the words give the text."""
    import numpy as np

    ends = np.cumsum([0, *map(len, words)])
    before = np.concatenate([[0], np.cumsum(marks)])
    marked = np.diff(before[ends]).tolist()
    return [word for word, n in zip(words, marked, strict=True) if not n or n < _letters_in(word)]


def _letters_in(word: str) -> int:
    """
    >>> _letters_in("8.5%"), _letters_in("招商")
    (2, 2)
    """
    return sum(map(str.isalnum, word))


def _in_rows_of(words: Counts, counted: Counts) -> Counts:
    """Put counts of the same documents in the order of `words` and give them its metadata, and keep their own lengths."""
    import pandas as pd

    places = pd.Index(counted.rows["doc_id"]).get_indexer(words.rows["doc_id"])
    lengths = counted.rows.drop(columns="doc_id").iloc[places].reset_index(drop=True)
    rows = words.rows.drop(columns=[*RICHNESS, *lengths], errors="ignore").reset_index(drop=True)
    return replace(counted, values=counted.values[places], rows=rows.join(lengths))
