"""A whole corpus in one hand: metadata, counts, what was found on admission, and the texts where they are at hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd

    from analysis.counts import Counts
    from analysis.rhetoric.readings import Rhetoric
    from analysis.spreading.account import Reuse


@dataclass(frozen=True)
class Corpus:
    """A corpus, opened. See `open_corpus`.

    documents: one row a document, metadata only or with the clean `text`. words: Counts, one row a document, of the
    whole text; types_1000 and once_1000 of its rows: how many different words, and words used once, 1,000 of its tokens
    hold on average (Hurlbert 1971; missing below 1,000). passages: Counts, one row a passage about investment
    attraction. changes: what the cleaning did, one row a document and step. left_out: path and reason of the files that
    could not be read. about: name, title, invented (true for texts written for this project), source, fingerprint.
    findings: what admission found, one row a finding; quarantine: the documents set aside, with their reasons; sites:
    one row a restored place (see `sites_table`; without texts only where, of what kind and how certain). later: how
    `own`, `segmentations`, `rhetoric` and `reuse` are made, or read, once they are asked for.
    """

    about: dict[str, Any]
    documents: pd.DataFrame
    words: Counts
    passages: Counts
    changes: pd.DataFrame
    left_out: pd.DataFrame
    findings: pd.DataFrame
    quarantine: pd.DataFrame
    sites: pd.DataFrame
    later: dict[str, Callable[[], Any]] = field(default_factory=dict, repr=False, kw_only=True)

    @cached_property
    def own(self) -> Counts:
        """Counts of the documents without text shared word for word with another city; rows and terms of `words`.

        Left out are the words all of whose letters lie in a shingle, a run of 12 letters and figures, that stands in
        documents of two or more cities: set phrases of the day as well as what was taken over. `n_tokens` and `n_chars`
        count what is left; the column `shared` of the rows is the share of a document's letters and figures that are
        shared. The more documents, the more of each is found to be shared: compare cities of one year, not years.

        Raises ValueError where features of an older version are open, which lack it.
        """
        counts: Counts = self._made("own")
        return counts

    @cached_property
    def segmentations(self) -> dict[str, Counts]:
        """Counts of the documents as they would be cut otherwise, in the same rows: "no dictionary" (plain jieba),
        "no HMM" (the project's dictionary, no guesses at unknown words) and "neither".

        Raises ValueError where features of an older version are open, which lack them.
        """
        counts: dict[str, Counts] = self._made("segmentations")
        return counts

    @cached_property
    def rhetoric(self) -> Rhetoric:
        """Devices, commitments, targets, slogans and parallelism of the documents: one row a hit, with its place.

        Where the texts may not be passed on, strings of more than eight characters or of fewer than three documents are
        missing. Raises ValueError where features of an older version are open, which lack it.
        """
        rhetoric: Rhetoric = self._made("rhetoric")
        return rhetoric

    @cached_property
    def reuse(self) -> Reuse | None:
        """Text taken over from earlier documents: see `analysis.reuse`. None without two cities whose years are known.

        Raises ValueError where features of an older version are open, which lack it.
        """
        found: Reuse | None = self._made("reuse")
        return found

    def _made(self, name: str) -> Any:
        if name not in self.later:
            raise ValueError(f"{self!r} was put together without {name}. Open it with open_corpus.")
        return self.later[name]()

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
