"""Texts of different length made comparable: how many different words as many tokens of each would hold."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zlib import crc32

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from analysis.counts import Counts

NAMED = 5  # documents that a warning names


def expected_types(frequencies: Any, size: int, *, tokens: int | None = None) -> float:
    """Return how many different terms `size` tokens hold on average, drawn from a text without replacement.

    frequencies: how often each term occurs; tokens: all tokens of the text, where more than these (default: their sum);
    the others count in the size, not among the types. E[S] = Σ (1 − C(N − f, n)/C(N, n)) (Hurlbert 1971), the ratio as a
    product of f factors, which is exact where a difference of log-gammas of large N is not. NaN where the text has fewer
    than `size` tokens. Raises ValueError for frequencies that are no whole numbers from 0, a size below 1, or tokens
    below the sum of the frequencies.

    >>> round(expected_types([2, 1, 1], 2), 3)  # of 6 pairs of 甲甲乙丙 one holds a word twice
    1.833
    """
    f, n_terms, total = _spectrum(frequencies, size, tokens)
    if size > total:
        return float("nan")
    return float(n_terms @ (1 - _absent(f, size, total)))


def expected_once(frequencies: Any, size: int, *, tokens: int | None = None) -> float:
    """Return how many terms occur exactly once among `size` tokens on average; arguments and errors as `expected_types`.

    Σ f · C(N − f, n − 1)/C(N, n): one of the term's f tokens is drawn, n − 1 of the N − f others (hypergeometric).

    >>> round(expected_once([2, 1, 1], 2), 3)
    1.667
    """
    f, n_terms, total = _spectrum(frequencies, size, tokens)
    if size > total:
        return float("nan")
    return float((n_terms * f) @ _absent(f - 1, size - 1, total - 1) * size / total)


def rarefied(counts: Counts, size: int, *, seed: int = 0) -> Counts:
    """Thin each row to `size` tokens, drawn from it without replacement, so that its length decides nothing.

    For comparisons of rare words, in which a longer text has more chances. Tokens of terms that were trimmed away are
    drawn too, but not shown: `n_tokens` is `size` in every row, and there is no `n_chars`. What is drawn from a row
    depends on the seed and on what stands in the row, not on the order of rows or on names. Rows with fewer tokens are
    left aside with a warning. Raises ValueError for weights, a size below 1, or one that no row has.
    """
    import numpy as np
    from scipy.sparse import csr_matrix

    if counts.kind != "counts":
        raise ValueError("rarefied draws words: give it counts, not weights (before tfidf() or rates()).")
    _check_size(size)
    kept = long_enough(counts, size)
    tokens, values = kept.n_tokens(), csr_matrix(kept.values, copy=True)
    names = kept.terms.to_numpy()
    places = np.argsort(np.argsort(names))
    for start, end, total in zip(values.indptr[:-1], values.indptr[1:], tokens, strict=True):
        own = values.indices[start:end]
        order = np.argsort(places[own])  # by name: the order of the terms decides nothing
        drawn = _drawn(names[own[order]], values.data[start:end][order], int(total), size, seed)
        values.data[start + order] = drawn
    values.eliminate_zeros()
    rows = kept.rows.drop(columns="n_chars", errors="ignore").assign(n_tokens=np.full(len(tokens), size))
    return replace(kept, values=values, rows=rows)


def long_enough(counts: Counts, size: int) -> Counts:
    """Keep the rows with at least `size` tokens; a warning names the others. ValueError where none is left.

    So it is where a row's `n_tokens` is below the sum of its counts, which then can't be words of one text.
    """
    import numpy as np

    tokens = counts.n_tokens()
    wrong = tokens < np.asarray(counts.values.sum(axis=1)).ravel()
    if wrong.any():
        raise ValueError(
            f"{wrong.sum()} of {len(wrong)} rows have counts that add up to more than their n_tokens: "
            f"{_named(counts.rows, wrong)}. Nothing can be drawn from them; correct n_tokens."
        )
    short = tokens < size
    if short.all():
        most = int(tokens.max()) if len(tokens) else 0
        raise ValueError(
            f"None of {len(tokens)} documents has {size:,} words; the longest has {most:,}. Give a smaller size."
        )
    if short.any():
        warnings.warn(
            f"{short.sum()} of {len(short)} documents have fewer than {size:,} words and are left aside: "
            f"{_named(counts.rows, short)}.",
            stacklevel=3,
        )
    return counts.where(~short)


def _spectrum(frequencies: Any, size: int, tokens: int | None) -> tuple[np.ndarray, np.ndarray, int]:
    """Return the different frequencies above 0, how many terms have each, and the number of tokens."""
    import numpy as np

    _check_size(size)
    given = np.asarray(frequencies)
    whole = given.size == 0 or (
        np.isfinite(given).all() and (given >= 0).all() and (given == given.round()).all()
    )
    if not whole:
        raise ValueError("Frequencies are whole numbers from 0: how often each term occurs.")
    f, n_terms = np.unique(given[given > 0].astype(np.int64), return_counts=True)
    total = int(f @ n_terms) if tokens is None else int(tokens)
    if total < f @ n_terms:
        raise ValueError(f"tokens={total} is below the sum of the frequencies, {int(f @ n_terms)}.")
    return f, n_terms, total


def _absent(f: np.ndarray, size: int, total: int) -> np.ndarray:
    """Return C(N − f, n)/C(N, n) for each f: the chance that none of a term's f tokens is among those drawn."""
    import numpy as np

    if f.size == 0:
        return np.zeros(0)
    left = total - np.arange(f.max())  # tokens left after the first j of the term were passed by
    with np.errstate(divide="ignore"):
        steps = np.log(np.maximum(left - size, 0) / left)
    return np.exp(np.concatenate([[0.0], np.cumsum(steps)]))[f]


def _drawn(terms: np.ndarray, uses: np.ndarray, total: int, size: int, seed: int) -> np.ndarray:
    """Return how often each term of a row is among the tokens drawn."""
    import numpy as np

    stands_there = crc32(uses.astype("<i8").tobytes(), crc32("\n".join(terms.tolist()).encode()))
    rng = np.random.default_rng([seed, stands_there, total])
    colours = np.append(uses, total - uses.sum())
    return rng.multivariate_hypergeometric(colours, size, method="marginals")[:-1]


def _named(rows: pd.DataFrame, mask: np.ndarray) -> str:
    chosen = rows.loc[mask]
    names = sorted(map(str, chosen.get("doc_id", chosen.index)))
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _check_size(size: int) -> None:
    if size != int(size) or size < 1:
        raise ValueError(f"size={size} is no number of tokens; give a whole number from 1.")
