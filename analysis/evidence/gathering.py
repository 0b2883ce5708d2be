"""The evidence of a page: for each item its counts by document and, with texts, its lines, within so many bytes."""

from __future__ import annotations

import json
from functools import cached_property
from itertools import accumulate, islice
from typing import TYPE_CHECKING, Any

from analysis.evidence.lines import Line, chosen, context, token_places
from analysis.evidence.naming import Names
from analysis.evidence.packing import documents_of, packed
from analysis.evidence.sightings import Places, Sightings
from analysis.words import tokeniser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import numpy as np

    from analysis.corpus import Corpus
    from analysis.evidence.buttons import Item

BUDGET = 500_000  # bytes of a page's evidence
FOR_COUNTS = 0.5  # of them at most, where there are lines too
MOST_LINES = 5_000  # of an item, whatever the budget
_SHORTEST = 60  # bytes of a line: fewer are found only in tests


class Evidence:
    """What a corpus has of items. Made once a report; tables are indexed when first asked for."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.documents = documents_of(corpus.words.rows)
        self._sightings = Sightings(corpus, self.documents)
        self._known: dict[Item, dict[str, Any] | None] = {}

    def of(self, items: Iterable[Item], *, city: str | None = None, budget: int = BUDGET) -> dict[str, Any]:
        """Return the evidence of items, fit for `page_block` or `script`; items without any are not in it.

        Of each item: how often it is found in each document and, with texts, lines of its concordance. What does not fit
        the budget (bytes of JSON) is left out alike for all: the items with the longest counts keep only those by city and
        by year; lines are cut to the same number for all, chosen as `lines.chosen` says. How many there are in truth is
        always told. city: whose page it is; its own lines come first.
        """
        data = self._frame(city)
        room = (budget - size(data)) * (FOR_COUNTS if self.corpus.has_text else 1)
        found = {item: known for item in sorted(set(items)) if (known := self._told(item)) is not None}
        told = _made_to_fit(dict(found), self._coarse, room)
        data["left_out"] = len(found) - len(told)
        data["items"] = {"|".join(item): dict(each) for item, each in told.items()}
        if self.corpus.has_text and told:
            self._add_lines(data, list(told), city, budget)
        return data

    def _frame(self, city: str | None) -> dict[str, Any]:
        """Return what is told of the corpus, before any item."""
        about = {"corpus": self.corpus.title, "fingerprint": self.corpus.fingerprint, "city": city}
        return {**about, "left_out": 0, "documents": self._documents_told, "titles": {}, "items": {}}

    @cached_property
    def _documents_told(self) -> dict[str, Any]:
        return self.documents.told()

    def _told(self, item: Item) -> dict[str, Any] | None:
        """Return what is told of one item: its names, how often and in how many documents, and where; None if nowhere.

        Kept, for the pages of many cities have the same items.
        """
        if item not in self._known:
            counts = self._sightings.counts(item)
            self._known[item] = None if counts is None else self._described(item, counts)
        return self._known[item]

    def _described(self, item: Item, counts: np.ndarray) -> dict[str, Any]:
        totals = {"n": int(counts.sum()), "docs": int((counts > 0).sum())}
        return {**self._names.of(item), **totals, "counts": packed(counts)}

    def _counts(self, item: Item) -> np.ndarray:
        """Return the counts of an item that is known to be found."""
        counts = self._sightings.counts(item)
        assert counts is not None
        return counts

    def _coarse(self, item: Item) -> dict[str, str]:
        """Return counts by city and by year apart: a fifth of the bytes, or less."""
        import numpy as np

        counts = self._counts(item)
        years = self.documents.years
        each = np.unique(years)
        by_city = np.bincount(self.documents.city, counts, minlength=len(self.documents.cities) + 1)
        by_year = np.bincount(np.searchsorted(each, years), counts, minlength=len(each))
        return {"by_city": packed(by_city), "by_year": packed(by_year)}

    @cached_property
    def _names(self) -> Names:
        return Names()

    # ---- lines

    def _add_lines(self, data: dict[str, Any], items: list[Item], city: str | None, budget: int) -> None:
        """Put lines into the data: the same number for all items, as many as the budget has room for."""
        room = budget - size(data)
        found = {item: self._counts(item) for item in items}
        most = fair_share([int(counts.sum()) for counts in found.values()], room / _SHORTEST)
        most = min(MOST_LINES, most)
        lines = {item: self._lines(item, counts, most, city) for item, counts in found.items()}
        most = self._fitting(lines, most, room)
        for item, own in lines.items():
            data["items"]["|".join(item)]["lines"] = [short(line, item[1]) for line in own[:most]]
        data["titles"] = self._titles(lines, most)

    def _lines(self, item: Item, counts: np.ndarray, most: int, city: str | None) -> list[Line]:
        """Return up to `most` lines of an item, in the order in which they are to be kept."""
        cities = self.documents.cities
        places = chosen(
            counts, self.documents, most, "|".join(item), cities.index(city) if city in cities else None
        )
        last: dict[int, int] = {}
        for document, n in places:
            last[document] = max(n, last.get(document, 0))
        offsets = self._finder(item)
        found = {document: list(islice(offsets(document), n + 1)) for document, n in last.items()}
        return [
            context(document, self._texts[document], *found[document][n])
            for document, n in places
            if n < len(found[document])
        ]

    def _finder(self, item: Item) -> Callable[[int], Iterator[tuple[int, int]]]:
        """Return what gives the offsets of an item in a document."""
        hits = self._sightings.places(item)
        if hits is None:
            return lambda document: token_places(self._texts[document], item[1], self._cut)
        return lambda document: _hits_in(hits, document)

    @cached_property
    def _texts(self) -> list[str]:
        """The clean texts in the documents' order; "" for one that has none."""
        texts = self.corpus.documents.set_index("doc_id")["text"]
        return [
            text if isinstance(text, str) else "" for text in texts.reindex(self.documents.frame["doc_id"])
        ]

    @cached_property
    def _cut(self) -> Callable[[str], list[str]]:
        return tokeniser(also=self.corpus.names)

    def _fitting(self, lines: dict[Item, list[Line]], most: int, room: float) -> int:
        """Return how many lines of each item fit, with the titles of their documents."""
        sums = [
            [0, *accumulate(size(short(line, item[1])) + 1 for line in own)] for item, own in lines.items()
        ]
        low = 0
        while low < most:
            middle = (low + most + 1) // 2
            needed = sum(each[min(middle, len(each) - 1)] for each in sums) + len('"lines":[],') * len(sums)
            if needed + size(self._titles(lines, middle)) <= room:
                low = middle
            else:
                most = middle - 1
        return low

    def _titles(self, lines: dict[Item, list[Line]], most: int) -> dict[str, str]:
        """Return the titles of the documents that lines are of."""
        shown = sorted({line.document for own in lines.values() for line in own[:most]})
        return {str(at): self.documents.titles[at] for at in shown}


def _hits_in(hits: Places, document: int) -> Iterator[tuple[int, int]]:
    first, last = (int(hits.documents.searchsorted(document, side)) for side in ("left", "right"))
    return zip(hits.starts[first:last].tolist(), hits.ends[first:last].tolist(), strict=True)


def short(line: Line, item: str) -> list[Any]:
    """Return a line for the page; 0 stands for a hit that is the item itself."""
    return [line.document, line.left, 0 if line.hit == item else line.hit, line.right]


def size(data: Any) -> int:
    """Return how many bytes data take as JSON."""
    return len(dumped(data).encode())


def dumped(data: Any) -> str:
    """Return data as JSON, Chinese as it is, without blanks."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def fair_share(sizes: list[int], room: float) -> int:
    """Return the largest share such that all sizes, cut to it, sum to no more than the room.

    >>> fair_share([1, 10, 100], 21), fair_share([1, 2], 100)
    (10, 2)
    """
    low, high = 0, max(sizes, default=0)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if sum(min(n, middle) for n in sizes) <= room else (low, middle - 1)
    return low


def _size_of(item: Item, told: dict[str, Any]) -> int:
    """Return the bytes of an item with its key, the colon and the comma."""
    return size("|".join(item)) + size(told) + 2


def _made_to_fit(
    told: dict[Item, dict[str, Any]], coarse: Callable[[Item], dict[str, str]], room: float
) -> dict[Item, dict[str, Any]]:
    """Make the longest counts coarse until all fit; where even that is too much, leave out what is rarest."""
    sizes = {item: _size_of(item, each) for item, each in told.items()}
    for item in sorted(told, key=lambda item: (-sizes[item], item)):
        if sum(sizes.values()) <= room:
            return told
        smaller = {name: value for name, value in told[item].items() if name != "counts"} | coarse(item)
        if _size_of(item, smaller) < sizes[item]:
            told[item], sizes[item] = smaller, _size_of(item, smaller)
    for item in sorted(told, key=lambda item: (told[item]["n"], item)):
        if sum(sizes.values()) > room:
            del told[item], sizes[item]
    return told
