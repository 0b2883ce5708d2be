"""The lines of a concordance: which of an item's places are shown, and what stands left and right of them."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np

    from analysis.evidence.packing import Documents

WIDTH = 25  # characters on either side
OWN = 2  # lines of its own stand before each of another city, on a city's page
# The tokeniser never looks across these, so a clause is cut as its whole text would be.
_BREAK = re.compile(r"[，。！？；：、…\n]")


class Line(NamedTuple):
    """One place: the document's place in their order, and the words left of it, of itself, and right of it."""

    document: int
    left: str
    hit: str
    right: str


def context(document: int, text: str, start: int, end: int, width: int = WIDTH) -> Line:
    """Return the line of a place: `width` characters of its paragraph on either side.

    >>> context(0, "第一段\\n望澜市全力招商引资，以商招商。", 9, 13, 4)
    Line(document=0, left='澜市全力', hit='招商引资', right='，以商招')
    """
    left = text[max(0, start - width) : start].rsplit("\n", 1)[-1]
    right = text[end : end + width].split("\n", 1)[0]
    return Line(document, left, text[start:end], right)


def token_places(text: str, term: str, cut: Callable[[str], list[str]]) -> Iterator[tuple[int, int]]:
    """Yield where a word stands in a text as it is counted: where the tokeniser's cut of the clause has it as a word.

    Where the cut has it nowhere (the counts may come from another dictionary), where it stands as a string.

    >>> list(token_places("招商引资，招商", "招商", lambda clause: [clause]))
    [(5, 7)]
    """
    strings = [match.start() for match in re.finditer(re.escape(term), text)]
    done, is_a_word = -1, False
    for at in strings:
        if at < done:
            continue  # the clause has been gone through
        begin, done = _clause(text, at, len(term))
        for place in _as_words(text[begin:done], begin, term, cut):
            is_a_word = True
            yield place
    if not is_a_word:
        yield from ((at, at + len(term)) for at in strings)


def _clause(text: str, at: int, length: int) -> tuple[int, int]:
    """Return where the clause round a place begins and ends."""
    after = _BREAK.search(text, at + length)
    begin = at
    while begin and not _BREAK.match(text[begin - 1]):
        begin -= 1
    return begin, after.start() if after else len(text)


def _as_words(clause: str, begin: int, term: str, cut: Callable[[str], list[str]]) -> list[tuple[int, int]]:
    found, at = [], begin
    for word in _words(clause, cut):
        if word == term:
            found.append((at, at + len(word)))
        at += len(word)
    return found


@lru_cache(maxsize=1 << 15)
def _words(clause: str, cut: Callable[[str], list[str]]) -> tuple[str, ...]:
    """Cut a clause; many items of a page stand in the same clauses."""
    return tuple(cut(clause))


def chosen(
    counts: np.ndarray, documents: Documents, most: int, seed: str, city: int | None = None
) -> list[tuple[int, int]]:
    """Choose which places of an item are shown: pairs of document and the how-manieth of its places, from 0.

    First one of every document, taking cities in turn, and within them years; then a second of each, and so on: fewer are
    the beginning of more. Who comes first is drawn by `seed`, and never hangs on the corpus's order. city: of three lines
    two are this city's, as long as it has some.
    """
    order = _in_turn([int(at) for at in counts.nonzero()[0]], documents, seed)
    if city is None:
        return _rounds(order, counts, most)
    own = _rounds([at for at in order if documents.city[at] == city], counts, most)
    others = _rounds([at for at in order if documents.city[at] != city], counts, most)
    return _mixed(own, others)[:most]


def _mixed(own: list[tuple[int, int]], others: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return two of the first list, one of the second, and so on; what is left of either at the end."""
    keyed = [((at // OWN, 0), line) for at, line in enumerate(own)]
    keyed += [((at, 1), line) for at, line in enumerate(others)]
    return [line for _, line in sorted(keyed, key=lambda pair: pair[0])]


def _in_turn(where: list[int], documents: Documents, seed: str) -> list[int]:
    """Return documents so that cities take turns, and among them years; in a drawn order."""
    keys, years, cities = documents.keys, documents.years.tolist(), documents.city.tolist()
    drawn = sorted(where, key=lambda at: sha256(f"{seed}|{keys[at]}".encode()).digest())
    of_city: dict[int, int] = {}
    of_year: dict[tuple[int, int], int] = {}
    ranks = []
    for place, at in enumerate(drawn):
        turn = of_city[cities[at]] = of_city.get(cities[at], -1) + 1
        in_year = of_year[turn, years[at]] = of_year.get((turn, years[at]), -1) + 1
        ranks.append((turn, in_year, place, at))
    return [at for *_, at in sorted(ranks)]


def _rounds(order: Sequence[int], counts: np.ndarray, most: int) -> list[tuple[int, int]]:
    """Return the first place of each document in order, then the second of those that have one, up to `most`."""
    found: list[tuple[int, int]] = []
    left, n = list(order), 0
    while left and len(found) < most:
        found += [(at, n) for at in left]
        n += 1
        left = [at for at in left if counts[at] > n]
    return found[:most]
