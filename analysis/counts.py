"""Words to counts: a document-term matrix with its rows and terms named; grouping, weighting, reading, writing."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from analysis.frames import check_frame
from analysis.words import Tokeniser, is_word, ngrams, tokeniser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import numpy as np
    import pandas as pd
    from scipy.sparse import csr_matrix

    Cutter = Callable[[str], list[str]]

PER = 10_000  # rates are per 10,000 tokens
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
_NOT_METADATA = {"text", "tokens", "changes", "sites", "glossary"}  # texts, or as good as texts


@dataclass(frozen=True)
class Counts:
    """A document-term matrix.

    values: CSR matrix, rows × terms. rows: frame, one row a unit in the order of `values`, with the unit's metadata,
    `n_tokens` (all its words, counted before any trimming) and `n_chars` (its Han characters). terms: Index.
    kind: "counts", or "weights" for what `tfidf` and `rates` give; counts are summed over a group, weights averaged.
    """

    values: csr_matrix
    rows: pd.DataFrame
    terms: pd.Index
    kind: str = "counts"

    def __post_init__(self) -> None:
        if self.values.shape != (len(self.rows), len(self.terms)):
            shape = f"{self.values.shape[0]} × {self.values.shape[1]}"
            raise ValueError(
                f"values is {shape}, but there are {len(self.rows)} rows and {len(self.terms)} terms; they must agree."
            )

    def __repr__(self) -> str:
        rows, terms = self.values.shape
        return f"Counts({rows:,} rows × {terms:,} terms, {self.values.nnz:,} cells not zero, {self.kind})"

    def group(self, column: str) -> Counts:
        """Bring rows together by a column: counts are summed, weights averaged. One row a group, sorted.

        The new rows have the column, n_rows (how many came together), n_tokens and n_chars (summed), and each other
        column that has one value in every group. Raises ValueError where the column is missing or has missing values.
        """
        import numpy as np
        import pandas as pd
        from scipy.sparse import csr_matrix

        keys = self._column(column)
        codes, names = pd.factorize(keys, sort=True)
        gather = csr_matrix(
            (np.ones(len(codes)), (codes, np.arange(len(codes)))), shape=(len(names), len(codes))
        )
        rows = _gathered_rows(self.rows.assign(n_tokens=self.n_tokens().astype(int)), column)
        if self.kind == "weights":
            gather = csr_matrix(gather.multiply(1 / rows["n_rows"].to_numpy()[:, None]))
        values = csr_matrix(gather @ self.values)
        return replace(self, values=values if self.kind == "weights" else values.astype(np.int64), rows=rows)

    def trim(self, *, min_docs: int = 1, max_share: float = 1.0) -> Counts:
        """Keep the terms that at least `min_docs` rows and at most the share `max_share` of the rows use.

        `n_tokens` stays as it was, so that rates keep every token in the denominator.
        """
        docs = self.docs()
        return self._take((docs >= min_docs) & (docs <= max_share * len(self.rows)))

    def select(self, terms: Iterable[str]) -> Counts:
        """Keep these terms, in this order; one that does not occur gets a column of zeros."""
        import pandas as pd
        from scipy.sparse import csr_matrix, hstack

        wanted = pd.Index(list(terms), dtype=object)
        places = self.terms.get_indexer(wanted)
        values = self.values
        if (places < 0).any():  # -1 is the last column
            values = hstack([values, csr_matrix((len(self.rows), 1), dtype=values.dtype)], format="csr")
        return replace(self, values=csr_matrix(values[:, places]), terms=wanted)

    def where(self, mask: Any) -> Counts:
        """Keep the rows for which `mask` (a boolean array or Series in the order of `rows`) is true."""
        import numpy as np

        chosen = np.flatnonzero(np.asarray(mask, dtype=bool))
        return replace(self, values=self.values[chosen], rows=self.rows.iloc[chosen].reset_index(drop=True))

    def tfidf(self) -> Counts:
        """Weigh by tf-idf: smooth idf ln((1+D)/(1+df)) + 1, rows of length 1 (as scikit-learn).

        The idf is fitted on these rows, so call it on documents and group afterwards (weights are averaged): four
        groups taken as documents would give every term about the same idf.
        """
        from scipy.sparse import csr_matrix
        from sklearn.feature_extraction.text import TfidfTransformer

        if 0 in self.values.shape:  # scikit-learn refuses a matrix without rows or terms
            return replace(self, values=self.values.astype(float), kind="weights")
        return replace(self, values=csr_matrix(TfidfTransformer().fit_transform(self.values)), kind="weights")

    def rates(self) -> Counts:
        """Give occurrences per 10,000 tokens of the row (`n_tokens`; the row's sum where that is missing)."""
        from scipy.sparse import csr_matrix, diags

        scale = PER / self.n_tokens().clip(min=1)
        return replace(self, values=csr_matrix(diags(scale) @ self.values), kind="weights")

    def n_tokens(self) -> np.ndarray:
        """Return the tokens of each row: `rows["n_tokens"]`, or the sum of the row where that is missing."""
        import numpy as np

        sums = np.asarray(self.values.sum(axis=1)).ravel().astype(float)
        if "n_tokens" not in self.rows:
            return sums
        known = self.rows["n_tokens"].to_numpy(dtype=float, na_value=np.nan)
        return np.where(np.isnan(known), sums, known)

    def docs(self) -> np.ndarray:
        """Return for each term the number of rows that use it."""
        import numpy as np

        return np.bincount(self.values.nonzero()[1], minlength=len(self.terms))

    def totals(self) -> np.ndarray:
        """Return for each term its sum over all rows."""
        import numpy as np

        return np.asarray(self.values.sum(axis=0)).ravel()

    def assign(self, **columns: Any) -> Counts:
        """Add columns to the rows, as pandas' `assign` does: a grouping of your own, say `coast`."""
        return replace(self, rows=self.rows.assign(**columns))

    def frame(self) -> pd.DataFrame:
        """Return rows × terms as a dense frame, for a small selection that is to be looked at or drawn."""
        import pandas as pd

        return pd.DataFrame(self.values.toarray(), index=self.rows.index, columns=self.terms)

    def _take(self, keep: np.ndarray) -> Counts:
        import numpy as np

        chosen = np.flatnonzero(keep)
        return replace(self, values=self.values[:, chosen], terms=self.terms[chosen])

    def _column(self, column: str) -> pd.Series:
        if column not in self.rows:
            raise ValueError(
                f"The rows have no column {column!r}; they have {', '.join(map(str, self.rows.columns))}."
            )
        missing = self.rows[column].isna()
        if missing.any():
            first = self.rows.loc[missing].iloc[0]
            name = first.get("doc_id", missing.idxmax())
            raise ValueError(
                f"{missing.sum()} of {len(missing)} rows have no {column}, first {name!r}. "
                f"Add it in a manifest, or leave them out with counts.where(counts.rows[{column!r}].notna())."
            )
        return self.rows[column]


def count(
    frame: pd.DataFrame,
    *,
    by: str | Sequence[str] = "doc_id",
    ngram: int = 1,
    tokeniser: Cutter | None = None,
) -> Counts:
    """Count words. One row a unit, sorted by `by`; terms sorted; so the order of the input changes nothing.

    frame: has `text`, which is cut by `tokeniser` (default: the project's), or `tokens`, lists of words.
    by: the column, or columns, that name a unit: "doc_id", or ["doc_id", "para"] for paragraphs.
    ngram: 1 for words, 2 for pairs of neighbouring words, and so on (never across punctuation).

    Punctuation and placeholders are not counted. Columns of the frame with one value in every unit become metadata.
    Raises ValueError where the frame has neither text nor tokens, or lacks a column of `by`.
    """
    keys = [by] if isinstance(by, str) else list(by)
    _check(frame, keys, ngram)
    frame = frame.sort_values(keys, kind="stable")
    groups = list(frame.groupby(keys, sort=True, dropna=False).indices.values())
    units = _cut_units(frame, groups, tokeniser)
    tallies, n_chars = [], []
    for texts, words in units:
        tallies.append(_tally(words, ngram))
        n_chars.append(_han_characters(texts, words))
    _drop_punctuation(tallies)
    metadata = _metadata(frame, keys, groups)
    metadata["n_tokens"] = [tally.total() for tally in tallies]
    metadata["n_chars"] = n_chars
    return _matrix(tallies, metadata)


def merge(parts: Sequence[Counts]) -> Counts:
    """Put counts of different units one below the other, over all their terms; rows keep the given order."""
    import numpy as np
    import pandas as pd
    from scipy.sparse import csr_matrix, vstack

    if not parts:
        raise ValueError("merge got no counts; give at least one.")
    terms = pd.Index(sorted(set().union(*(part.terms for part in parts))), dtype=object)
    blocks = []
    for part in parts:
        places = terms.get_indexer(part.terms).astype(np.int32)
        cells = (part.values.data, places[part.values.indices], part.values.indptr)
        blocks.append(csr_matrix(cells, shape=(len(part.rows), len(terms))))
    values = csr_matrix(vstack(blocks, format="csr"))
    values.sort_indices()
    return Counts(values, pd.concat([part.rows for part in parts], ignore_index=True), terms, parts[0].kind)


@lru_cache(maxsize=1)
def project_tokeniser() -> Tokeniser:
    """Return the project's tokeniser, made once in a process."""
    return tokeniser()


def _cut_units(
    frame: pd.DataFrame, groups: list, cut: Cutter | None
) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Yield each unit's texts (none where the frame has only tokens) and the words of each."""
    texts = frame["text"].tolist() if "text" in frame else None
    tokens = frame["tokens"].tolist() if "tokens" in frame else None
    cut = cut or (project_tokeniser() if tokens is None else None)
    for places in groups:
        own = [texts[at] for at in places if isinstance(texts[at], str)] if texts else []
        yield own, [tokens[at] for at in places] if tokens else list(map(cut, own)) if cut else []


def _tally(units: list[list[str]], ngram: int) -> Counter[str]:
    tally: Counter[str] = Counter()
    for tokens in units:
        tally.update(tokens if ngram == 1 else ngrams(list(tokens), ngram))
    return tally


def _drop_punctuation(tallies: list[Counter[str]]) -> None:
    """Take punctuation, white space and placeholders out of all tallies; each term is judged once."""
    unwanted = {term for term in set().union(*tallies) if not is_word(term)}
    for tally in tallies:
        for term in tally.keys() & unwanted:
            del tally[term]


def _han_characters(texts: list[str], units: list[list[str]]) -> int:
    written = texts or map("".join, units)
    return sum(map(len, _HAN.findall("\n".join(written))))


def _matrix(tallies: list[Counter[str]], rows: pd.DataFrame) -> Counts:
    import numpy as np
    import pandas as pd
    from scipy.sparse import csr_matrix

    terms = pd.Index(sorted(set().union(*tallies)), dtype=object)
    place = {term: at for at, term in enumerate(terms)}
    indptr = np.cumsum([0, *map(len, tallies)])
    indices = np.fromiter(map(place.__getitem__, chain.from_iterable(tallies)), np.int32, indptr[-1])
    data = np.fromiter(chain.from_iterable(tally.values() for tally in tallies), np.int32, indptr[-1])
    values = csr_matrix((data, indices, indptr), shape=(len(tallies), len(terms)))
    values.sort_indices()
    return Counts(values, rows, terms)


def _metadata(frame: pd.DataFrame, keys: list[str], groups: list) -> pd.DataFrame:
    """Return the first row of each unit, less the columns that vary within a unit."""
    rows = frame.iloc[[positions[0] for positions in groups]].reset_index(drop=True)
    kept = [column for column in frame.columns if column not in _NOT_METADATA]
    if len(groups) < len(frame):
        varied = frame[kept].groupby(keys, dropna=False).nunique(dropna=False).gt(1).any()
        kept = [column for column in kept if column in keys or not varied.get(column, False)]
    return rows[kept].copy()


def _gathered_rows(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    grouped = rows.groupby(column, sort=True)
    constant = [
        other
        for other in rows.columns
        if other != column and grouped[other].nunique(dropna=False).le(1).all()
    ]
    result = grouped[constant].first().reset_index()
    result["n_rows"] = grouped.size().to_numpy()
    for total in ("n_tokens", "n_chars"):
        if total in rows:
            result[total] = grouped[total].sum().to_numpy()
    return result


def _check(frame: pd.DataFrame, keys: list[str], ngram: int) -> None:
    check_frame(frame, "count", *keys)
    if "text" not in frame and "tokens" not in frame:
        check_frame(frame, "count", "text", advice="Give it texts, or lists of words in a column tokens.")
    if ngram < 1:
        raise ValueError(f"ngram={ngram} counts nothing; give 1 for words, 2 for pairs.")
