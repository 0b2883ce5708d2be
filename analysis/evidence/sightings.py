"""Where the items of a corpus are found: how often in each document, and at which places."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.evidence.packing import Documents
from analysis.rhetoric.pledges import STEPS
from analysis.rhetoric.rating import counted_hits

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd

    from analysis.corpus import Corpus
    from analysis.evidence.buttons import Item


class Places(NamedTuple):
    """Where hits lie: the documents' places in their order, and the offsets into the clean text, in that order too."""

    documents: np.ndarray
    starts: np.ndarray
    ends: np.ndarray


class _Index:
    """The hits of one frame by one key, looked up quickly."""

    def __init__(self, keys: pd.Series, hits: pd.DataFrame, documents: Documents) -> None:
        import numpy as np

        places = documents.places_of(hits["doc_id"].astype(object))
        starts, ends = (hits[name].astype("int64").to_numpy() for name in ("start", "end"))
        order = np.lexsort((ends, starts, places))
        order = order[places[order] >= 0]
        self._places, self._starts, self._ends = places[order], starts[order], ends[order]
        ordered = keys.iloc[order].reset_index(drop=True)
        self._rows: Mapping[Any, Any] = ordered.groupby(ordered).indices

    def places(self, item: str) -> Places | None:
        """Return where an item is found, None where it is not."""
        rows = self._rows.get(item)
        return None if rows is None else Places(self._places[rows], self._starts[rows], self._ends[rows])


class Sightings:
    """Where the items of one corpus are found; each table is indexed when it is first asked for.

    A term is a word as the corpus's counts have it, and where they lack it a slogan of that name (a phrase of several
    words); the other kinds are hits of the detectors (`corpus.rhetoric`), those that count (`rating.counted_hits`). A word
    of commitment may also be a step: all words of that strength.
    """

    def __init__(self, corpus: Corpus, documents: Documents) -> None:
        self._corpus, self._documents = corpus, documents

    def counts(self, item: Item) -> np.ndarray | None:
        """Return how often an item is found in each document, in their order; None where it is not found at all."""
        import numpy as np

        kind, name = item
        if kind == "term" and (found := self._of_word(name)) is not None:
            return found
        places = self.places(item)
        if places is None:
            return None
        return np.bincount(places.documents, minlength=len(self._documents))

    def places(self, item: Item) -> Places | None:
        """Return where the hits of an item lie; None for words, whose places the texts tell, and for what isn't found."""
        kind, name = item
        if kind == "term":
            kind = "slogan" if self._of_word(name) is None else ""
        if kind == "category":
            kind = "commitment category" if name.startswith("commitment:") else kind
        if kind == "commitment" and name in STEPS.values():
            kind = "step"
        if kind not in _KEYS:
            return None
        return self._index(kind).places(name)

    def _of_word(self, term: str) -> np.ndarray | None:
        import numpy as np

        at = self._terms.get(term)
        if at is None:
            return None
        values, places = self._columns
        column = np.zeros(len(self._documents), dtype=np.int64)
        part = slice(values.indptr[at], values.indptr[at + 1])
        np.add.at(column, places[values.indices[part]], values.data[part])
        return column if column.any() else None

    @cached_property
    def _terms(self) -> dict[str, int]:
        return {term: at for at, term in enumerate(self._corpus.words.terms)}

    @cached_property
    def _columns(self) -> tuple:
        words = self._corpus.words
        return words.values.tocsc(), self._documents.places_of(words.rows["doc_id"])

    @cached_property
    def _indexes(self) -> dict[str, _Index]:
        return {}

    def _index(self, kind: str) -> _Index:
        if kind not in self._indexes:
            name, columns, sign = _KEYS[kind]
            hits = _with_step(getattr(self._corpus.rhetoric, name))
            hits = hits[counted_hits(hits, self._corpus.words.rows)]
            self._indexes[kind] = _Index(_joined(hits, columns, sign), hits, self._documents)
        return self._indexes[kind]


# By kind: the frame of hits, the columns that make up the item, and the sign between them ("commitment:" before it).
_KEYS = {
    "entry": ("devices", ("entry",), ""),
    "category": ("devices", ("device", "category"), ":"),
    "commitment": ("commitments", ("term",), ""),
    "step": ("commitments", ("step",), ""),
    "commitment category": ("commitments", ("category",), "commitment:"),
    "slogan": ("slogans", ("slogan",), ""),
    "target": ("targets", ("object", "unit_kind"), "|"),
}


def _with_step(hits: pd.DataFrame) -> pd.DataFrame:
    return hits.assign(step=hits["strength"].map(STEPS)) if "strength" in hits else hits


def _joined(hits: pd.DataFrame, columns: tuple[str, ...], sign: str) -> pd.Series:
    """Return the item of each hit, missing where a part of it is."""
    first, *others = (hits[name].reset_index(drop=True).astype("string") for name in columns)
    if not others:
        return sign + first
    return first + sign + others[0]
