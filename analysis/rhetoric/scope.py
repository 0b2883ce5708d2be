"""What stands around a place in a text: its clause, its sentence, quotation marks, a negation that reaches it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING

from analysis.lexicon import read_table
from analysis.rhetoric.matching import characters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np

CLAUSE_ENDS = "，。；：！？,;:!?\n"  # 、 is no border: 加快招引、培育项目 is one clause
PAIRS = ("“”", "‘’", "「」", "『』", "《》")

REACH = {"at once": 0, "denies": 6, "forbids": 12}  # characters between a negation and the term, at most


class Lines:
    """Several sentences joined by line ends, as one string, with what stands around any place of it."""

    def __init__(self, sentences: Sequence[str]) -> None:
        import numpy as np

        self.text = "\n".join(sentences)
        lengths = np.fromiter(map(len, sentences), dtype=np.int64, count=len(sentences))
        self.starts = np.concatenate([[0], np.cumsum(lengths[:-1] + 1)]).tolist()
        codes = characters(self.text)
        self._borders = _where(codes, CLAUSE_ENDS)
        self._marks = _where(codes, "".join(PAIRS))

    def line(self, at: int) -> int:
        """Return the number of the sentence in which a place lies."""
        return bisect_right(self.starts, at) - 1

    def clause(self, at: int) -> tuple[int, int]:
        """Return where the clause of a place begins and ends."""
        place = bisect_left(self._borders, at)
        begin = self._borders[place - 1] + 1 if place else 0
        end = self._borders[place] if place < len(self._borders) else len(self.text)
        return begin, end

    def quoted(self, at: int, end: int) -> bool:
        """Tell whether text[at:end] lies inside quotation marks or the marks of a title, as far as its sentence shows."""
        line = self.line(at)
        begin = self.starts[line]
        after = self.starts[line + 1] - 1 if line + 1 < len(self.starts) else len(self.text)
        first = bisect_left(self._marks, begin)
        if first == len(self._marks) or self._marks[first] >= after:
            return False
        return any(self._inside(pair, begin, at, end, after) for pair in PAIRS)

    def _inside(self, pair: str, begin: int, at: int, end: int, after: int) -> bool:
        """Tell whether a pair of marks is open at a place: one opened before and not closed, or one that only closes."""
        opened = self.text.rfind(pair[0], begin, at)
        closed = self.text.rfind(pair[1], begin, at)
        if opened >= 0 or closed >= 0:
            return opened > closed
        closing = self.text.find(pair[1], end, after)
        return closing >= 0 and not 0 <= self.text.find(pair[0], end, after) < closing

    def negated(self, at: int) -> bool:
        """Tell whether a negation in the same clause reaches a place."""
        begin, _ = self.clause(at)
        return is_negated(self.text[begin:at])


def is_negated(before: str) -> bool:
    """Tell whether what stands before a term in its clause denies it, by `data/lexicon/negation.csv`.

    >>> [is_negated(before) for before in ("不得", "不断", "坚定不移", "没有搞过", "不能满足的", "严禁违规、变相")]
    [True, False, False, True, False, True]
    """
    negation, closes = _negation()
    last = None
    for match in negation.finditer(before):
        last = match
    if last is None or last.lastgroup == "affirms":
        return False
    between, kind = before[last.end() :], str(last.lastgroup)
    if len(between) > REACH[kind.replace("_", " ")]:
        return False
    return not between.startswith("的") if kind == "forbids" else not closes.search(between)


@lru_cache(maxsize=1)
def _negation() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of words with a sign of negation, one group a kind, and of what ends the reach."""
    table = read_table("lexicon", "negation.csv")
    terms = {kind: any_of(own) for kind, own in table.groupby("kind")["term"]}
    # Longer words go first: 不 inside 不断 is none.
    kinds = ("affirms", "forbids", "denies", "at once")
    words = "|".join(f"(?P<{kind.replace(' ', '_')}>{terms[kind]})" for kind in kinds)
    return re.compile(words), re.compile(f"{terms['closes']}|、")


def any_of(terms: Iterable[str]) -> str:
    """Return a pattern for any of these strings, the longest first."""
    return "|".join(map(re.escape, sorted(terms, key=len, reverse=True)))


def _where(codes: np.ndarray, signs: str) -> list[int]:
    import numpy as np

    return np.flatnonzero(np.isin(codes, characters(signs))).tolist()
