"""What is known of one damaged page, and its lines cut into tokens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nlargest
from typing import NamedTuple

from analysis.restoring.codepage import PRIVATE, characters, codes, vanishing
from analysis.restoring.likelihood import Likelihood, usual
from analysis.restoring.notes import SYLLABLE, VOWELS, characters_read

FREQUENT = 200  # characters tried between two pairs that vanished
INDENT = "\u3000"  # rare on a page whose lines were trimmed, and yet what a cut took from
RAREST = 4e-6  # the least share in running text of a character that is tried
# Costs, as logarithms of odds: of a form that no conversion gives, of a listed character without its note, of a noted
# character that is not listed where one is, and where none is.
UNUSUAL, UNNOTED, UNLISTED, UNSEEN = 5.0, 9.0, 7.0, 2.0
TOKEN = re.compile(
    rf"\?([a-zü{VOWELS}]{{1,6}})\)|([\u3400-\u9fff\uf900-\ufaffA-Za-z|{{}}~@`^_\[\]\\])\(({SYLLABLE})\)(?:\(\3\))*|.",
    re.DOTALL,
)


class Token(NamedTuple):
    """A piece of the line as shown: kind `shown`, `noted` (a character and its note), `lost` (?), `lost note`."""

    start: int
    end: int
    kind: str
    char: str
    note: str


def tokens(line: str, listed: Mapping[str, str]) -> list[Token]:
    """Cut a line into tokens; a note that belongs to no listed character is text."""
    found: list[Token] = []
    place = 0
    while place < len(line):
        match = TOKEN.match(line, place)
        assert match is not None
        lost, char, note = match.groups()
        if lost and (lost in listed.values() or any(c in VOWELS for c in lost)) and lost in characters_read():
            token = Token(place, match.end(), "lost note", "?", lost)
        elif note and (listed.get(char) == note or char < "\x80" and note in characters_read()):
            token = Token(place, match.end(), "noted", char, note)
        else:
            kind = "lost" if line[place] == "?" else "shown"
            token = Token(place, place + 1, kind, line[place], "")
        found.append(token)
        place = token.end
    return found


@lru_cache(maxsize=512)
def with_lead(lead: int) -> tuple[tuple[int, str], ...]:
    """The characters whose first byte this is: (second byte, character)."""
    table = characters()
    return tuple(
        (trail, table[lead << 8 | trail])
        for trail in range(0x40, 0xFF)
        if lead << 8 | trail in table and ord(table[lead << 8 | trail]) not in PRIVATE
    )


@lru_cache(maxsize=512)
def with_trail(trail: int) -> tuple[tuple[int, str], ...]:
    """The characters whose second byte this is: (first byte, character)."""
    table = characters()
    return tuple(
        (lead, table[lead << 8 | trail])
        for lead in range(0x81, 0xFF)
        if lead << 8 | trail in table and ord(table[lead << 8 | trail]) not in PRIVATE
    )


@dataclass
class Page:
    """What is known of the page: its notes, and the model of its language."""

    listed: Mapping[str, str]
    likelihood: Likelihood
    own: frozenset[str]
    folded: bool
    drops: bool
    recoded: bool
    found: dict[str, str] = field(
        default_factory=dict
    )  # listed characters seen only where a note parted two others
    guessed: dict[tuple[str, int], tuple[tuple[int, str, float], ...]] = field(default_factory=dict)
    by_note: dict[str, list[str]] = field(default_factory=dict)
    ranked: dict[tuple[str, str, int], list[tuple[int, str]]] = field(default_factory=dict)
    tried: dict[tuple[str, int], tuple[tuple[int, str], ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for char, note in self.listed.items():
            self.by_note.setdefault(note, []).append(char)

    def plausible(self, char: str, parted: bool = False) -> float:
        """The cost of a character: none for the forms of the page or of traditional script.

        A listed character would bear its note, but where another note has parted its two bytes (`parted`).
        """
        cost = 0.0 if self.written(char) else UNUSUAL
        return cost + (UNNOTED if char in self.listed and not parted else 0.0)

    def candidates(self, side: str, byte: int) -> tuple[tuple[int, str], ...]:
        """The characters worth trying whose first (`lead`) or second (`trail`) byte is this: (other byte, character).

        Of `vanished` the second byte can begin a pair that vanishes; of `open` the first byte can end such a pair that
        `byte` began (the first byte is given), and `within` is both (the second byte is given).
        """
        key = (side, byte)
        if key not in self.tried:
            self.tried[key] = tuple(self._candidates(side, byte))
        return self.tried[key]

    def _candidates(self, side: str, byte: int) -> list[tuple[int, str]]:
        if side in ("within", "open"):  # first byte: any that can follow `byte` in a pair that vanishes
            every = [(lead, pair) for lead in vanishing()[byte] for pair in self.candidates("lead", lead)]
            if side == "within":
                found = [pair for _, pair in every if pair[0] in vanishing()]
            else:
                found = [(lead, char) for lead, (_, char) in every]
            return nlargest(FREQUENT, found, key=lambda pair: self.likelihood.share(pair[1]))
        if side == "vanished":
            return [pair for pair in self.candidates("lead", byte) if pair[0] in vanishing()]
        every_pair = with_trail(byte) if side == "trail" else with_lead(byte)
        return [pair for pair in every_pair if self._tried(pair[1])]

    def _tried(self, char: str) -> bool:
        return char == INDENT or (self.likelihood.share(char) > RAREST and self.written(char))

    def written(self, char: str) -> bool:
        """Whether the page is written with such forms: it has this one, or it is one of traditional script."""
        return char in self.own or char in usual()

    def surely_noted(self, note: str, lead: int) -> bool:
        """Whether a listed character has this note and first byte."""
        return any(not cost for _, _, cost in self.noted(note, lead))

    def noted(self, note: str, lead: int) -> tuple[tuple[int, str, float], ...]:
        """The characters with this first byte that a note can belong to: (second byte, character, cost).

        The listed ones cost nothing, nor does the only one in the code page; others were not seen with the note.
        """
        key = (note, lead)
        if key not in self.guessed:
            sure = [char for char in self.by_note.get(note, ()) if codes()[char] >> 8 == lead]
            every = [char for char in characters_read().get(note, ()) if codes()[char] >> 8 == lead]
            if not sure and len(every) == 1:
                sure = every
            cost = UNLISTED if sure else UNSEEN
            others = [char for char in every if char not in self.own and char not in sure and char in usual()]
            found = [(char, 0.0) for char in sure] + [(char, cost) for char in others]
            self.guessed[key] = tuple((codes()[char] & 0xFF, char, cost) for char, cost in found)
        return self.guessed[key]
