"""Read a line of a damaged page as bytes, and find the characters that the bytes were before the damage.

What the page shows fixes most bytes. The notes are taken out and the bytes framed again, two by two; where bytes are
lost, every way to fill them is followed and the likeliest kept. A way of reading is a `Way`.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import nlargest
from typing import NamedTuple

from analysis.restoring.codepage import NARROW_OF, PRIVATE, WIDE_OF, bytes_of, characters, vanishing
from analysis.restoring.likelihood import DIGIT
from analysis.restoring.page import Page, Token

# How widely to look for vanished pairs: ways looked at, characters tried before a pair, ways kept, characters tried
# after it, pairs at one place, characters tried between two of them.
GAPPED, ENDINGS, KEPT, OPENINGS, DEEPEST, WITHIN = 4, 8, 10, 5, 3, 4
EXPECTED = 4.5  # the cost of a character, up to which no pair is thought to have vanished before it
WIDTH = 16  # ways followed side by side
HOPELESS = 25.0  # logarithm of the odds against a way that is given up
SETTLED = 4  # tokens read as shown, after which the likeliest way is taken
LONGEST_RUN = 160  # tokens; a longer run is settled as it stands
MOST = 40  # characters looked at where a byte is lost
TWICE = 5.0  # cost of both bytes of a character being lost
SWALLOWED = '\n 0.%()-+,:?!/"'  # the ASCII that a lost lead byte takes with it; 0 for any digit
NARROW = {ord(wide): narrow for wide, narrow in NARROW_OF.items()}


class Step(NamedTuple):
    """What one token became in a way: the characters given out, and how the bytes were known."""

    token: int
    text: str
    how: str  # "shown", "known" or "chosen"
    noted: str  # the character that a note put between two bytes belongs to
    before: Step | None


class Way(NamedTuple):
    """A way of reading, up to some token: its score, and the byte that waits for its trail (-1: none).

    `last` is the last byte, `parted` whether a note stands after it, `context` the last three characters, folded,
    `quiet` how many tokens were read as they are shown, `step` the last step.
    """

    score: float
    waiting: int
    last: int
    context: str
    quiet: int = 0
    parted: bool = False
    step: Step | None = None

    @property
    def steps(self) -> list[Step]:
        """The steps from the first on."""
        found, step = [], self.step
        while step:
            found.append(step)
            step = step.before
        return found[::-1]


class Reader:
    """Follows the ways of reading a line from one token to the next."""

    def __init__(self, page: Page, found: list[Token]) -> None:
        self.page, self.tokens, self.score = page, found, page.likelihood

    def give(
        self,
        way: Way,
        index: int,
        text: str,
        waiting: int,
        last: int,
        cost: float,
        how: str,
        *,
        parted: bool = False,
        noted: str = "",
    ) -> Way:
        """The way after a token: `text` given out, `waiting` for a trail."""
        score, context = way.score - cost, way.context
        for char in text:
            score += self.score(context, char)
            context = (context + self.score.folded(char))[-3:]
        quiet = way.quiet + 1 if how == "shown" and waiting < 0 else 0
        if self.page.folded:
            text = text.translate(NARROW)
        return Way(score, waiting, last, context, quiet, parted, Step(index, text, how, noted, way.step))

    def onward(self, ways: list[Way], index: int) -> list[Way]:
        """Every way to read the token at `index` after the ways so far."""
        grown: list[Way] = []
        broken: list[Way] = []
        for rank, way in enumerate(ways):
            read = list(self.read(way, index))
            grown += read
            plainest = max((new.score for new in read), default=-1e9) - way.score
            if rank < GAPPED and way.waiting >= 0 and self.page.drops and plainest < -EXPECTED:
                broken.append(way)
        return grown + self.after_vanished(broken, index)

    def read(self, way: Way, index: int) -> Iterator[Way]:
        token = self.tokens[index]
        if token.kind == "lost":
            yield from self.lost(way, index)
        elif token.kind == "lost note":
            yield from self.lost_note(way, index, token)
        else:
            yield from self.shown(way, index, token)

    def shown(self, way: Way, index: int, token: Token) -> Iterator[Way]:
        """A character that is shown: its bytes are known, but for the width of a mark."""
        for char in self.widths(token.char):
            code = bytes_of(char)
            if way.waiting < 0:
                if char == self.widths(token.char)[-1]:  # of a mark made ASCII, the full-width form's bytes
                    yield self.give(way, index, token.char, -1, code[-1] if code else 0, 0.0, "shown")
                continue
            if code is None:
                continue
            made = characters().get(way.waiting << 8 | code[0], "")
            if not made or ord(made) in PRIVATE:
                continue
            aligned = len(code) == 1
            noted = aligned and token.kind == "noted"
            own_note = noted and self.page.listed.get(made) == token.note
            cost = 0.0 if own_note else self.page.plausible(made, way.parted)
            if not aligned and code[1] < 0x80:  # a Latin letter, taken for a trail
                yield self.give(way, index, made + chr(code[1]), -1, code[1], cost, "known")
            else:
                waiting, parted = -1 if aligned else code[1], token.kind == "noted"
                yield self.give(way, index, made, waiting, code[-1], cost, "known", parted=parted)

    def widths(self, char: str) -> tuple[str, ...]:
        return (char, WIDE_OF[char]) if self.page.folded and char in WIDE_OF else (char,)

    def lost_note(self, way: Way, index: int, token: Token) -> Iterator[Way]:
        """A note put between two bytes: the byte before it is the noted character's first, the lost one its second."""
        for trail, char, cost in self.page.noted(token.note, way.last):
            how = "chosen" if cost else "known"
            if way.waiting < 0:
                yield self.give(way, index, "", trail, trail, cost, how, parted=True, noted=char)
            else:
                yield self.give(way, index, char, -1, trail, cost, how, noted=char)
        if self.page.recoded and way.waiting < 0:
            for char in self.page.by_note.get(token.note, ()):
                yield self.give(
                    way, index, char, -1, (bytes_of(char) or (0,))[-1], TWICE, "chosen", noted=char
                )

    def lost(self, way: Way, index: int) -> Iterator[Way]:
        """A question mark: one that was written, or a lead byte with the sign that it took along."""
        following = self.tokens[index + 1].char if index + 1 < len(self.tokens) else ""
        if way.waiting < 0:
            yield self.give(way, index, "?", -1, 0x3F, 0.0, "shown")
            trail = {"。": 0xA1, ",": 0xA3, "，": 0xA3}.get(following, 0)
            for lead, _ in self.likeliest(way.context, "trail", trail)[:12] if trail else ():
                yield self.give(way, index, "", lead, lead, 0.0, "chosen")
            return
        for trail, char in self.likeliest(way.context, "lead", way.waiting)[:12]:
            cost = self.page.plausible(char, way.parted)
            if following in ("。", ",", "，", ""):
                yield self.give(way, index, char, -1, trail, cost, "chosen")
            if trail > 0x80:
                for sign in SWALLOWED:
                    made = char + (DIGIT if sign == "0" else sign)
                    yield self.give(way, index, made, -1, 0x30, cost, "chosen")

    def likeliest(self, context: str, side: str, byte: int) -> list[tuple[int, str]]:
        """The likeliest characters after a context whose first (`lead`) or second (`trail`) byte is this."""
        context = context[-2:]
        key = (context, side, byte)
        if key not in self.page.ranked:
            choices = self.page.candidates(side, byte)
            self.page.ranked[key] = nlargest(MOST, choices, key=lambda pair: self.score(context, pair[1]))
        return self.page.ranked[key]

    def after_vanished(self, ways: list[Way], index: int) -> list[Way]:
        """Ways with one pair or more vanished before a token: the first byte ended a character, the second began one."""
        grown: list[Way] = []
        ended = [
            self.give(way, index, char, -1, trail, self.page.plausible(char, way.parted), "chosen")
            for way in ways
            for trail, char in self.likeliest(way.context, "vanished", way.waiting)[:ENDINGS]
        ]
        for _ in range(DEEPEST):
            ended = nlargest(KEPT, ended, key=lambda way: way.score)
            for way in ended:
                for lead in self.leads_before(way, index):
                    grown += self.read(way._replace(waiting=lead, last=lead), index)
            ended = [
                self.give(way, index, char, -1, trail, self.page.plausible(char), "chosen")
                for way in ended
                for trail, char in self.likeliest(way.context, "within", way.last)[:WITHIN]
            ]
        return grown

    def leads_before(self, way: Way, index: int) -> list[int]:
        """The likeliest first bytes of the character that the next token ends, after a pair began by `way.last`."""
        token, allowed = self.tokens[index], vanishing()[way.last]
        if token.kind == "lost note":
            return [lead for lead in sorted(allowed) if self.page.surely_noted(token.note, lead)]
        if token.kind == "lost":
            return [lead for lead, _ in self.likeliest(way.context, "open", way.last)[:3]]
        found: list[int] = []
        for char in self.widths(token.char):
            code = bytes_of(char) or ()
            ranked = self.likeliest(way.context, "trail", code[0]) if code else []
            choices = [pair for pair in ranked if pair[0] in allowed]
            if len(code) == 2 and (then := self.next_character(code[1], index + 1)):
                choices.sort(key=lambda pair: -self.both(way.context[-2:], pair[1], then))
            found += [lead for lead, _ in choices[:OPENINGS]]
        return found

    def next_character(self, lead: int, index: int) -> str:
        """The character that a first byte and the next token make, where the token shows one; else ""."""
        token = self.tokens[index] if index < len(self.tokens) else None
        code = bytes_of(token.char) if token and token.kind in ("shown", "noted") else None
        made = characters().get(lead << 8 | code[0], "") if code else ""
        return made if made and ord(made) not in PRIVATE else ""

    def both(self, context: str, first: str, second: str) -> float:
        """The logarithm of the probability of two characters in succession."""
        after = (context + self.score.folded(first))[-3:]
        return self.score(context, first) + self.score(after, second)


def follow(reader: Reader, start: int, context: str) -> tuple[list[Way], int]:
    """Follow the ways from a token on until the likeliest has long read what is shown; return them and where."""
    last = bytes_of(reader.widths(context[-1:])[-1]) if context else None
    ways = [Way(0.0, -1, last[-1] if last else 0, context_of(reader, context))]
    index = start
    while index < len(reader.tokens):
        grown = reader.onward(ways, index)
        if not grown:
            return ways, index
        best = max(way.score for way in grown)
        ways = nlargest(WIDTH, (w for w in grown if w.score > best - HOPELESS), key=lambda way: way.score)
        index += 1
        if ways[0].quiet >= SETTLED or index - start > LONGEST_RUN:
            break
    return ways, index


def context_of(reader: Reader, text: str) -> str:
    return "".join(map(reader.score.folded, text[-3:]))
