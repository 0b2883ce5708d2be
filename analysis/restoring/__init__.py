"""Restore a page whose characters were annotated in bytes: 重獎(jiǎng)?wù)猩坦 was 重獎招商功.

Mirror sites put a pinyin note after each of a list of characters, in GBK bytes and without regard to where characters
begin. `restore` learns the list from the page, takes the notes out, frames the bytes again and fills what is lost;
every place that it changed is a `Site`. Steps of the damage and of its inversion: `search`, `notes`, `codepage`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analysis.restoring.codepage import NARROW_OF, PRIVATE, WIDE_OF, bytes_of
from analysis.restoring.likelihood import DIGIT, Likelihood
from analysis.restoring.notes import NOTE, SYLLABLE, learn, unlearnt
from analysis.restoring.page import Page, Token, tokens
from analysis.restoring.search import Reader, Step, Way, follow
from analysis.restoring.verifying import comes_back

SURE = 8.0  # logarithm of the odds, from which a place with every byte known is called exact
FAIR = 0.7  # below it a choice is none
LONG_LINE = 20_000  # characters
MOST_OWN = 200_000  # characters of the page that its own language is learnt from
RECODED = re.compile("[?][。，]|[?],[^ \n]")  # a lead byte whose trail was taken for the half of a mark
RUN = re.compile(
    rf"[?](?:{SYLLABLE}\))?[^\n!-~]*[!-~]?"
)  # what follows a lost byte, until the frame is right again
BLANK = " \t\u3000"
MARKER = re.compile("[(（]([0-9]{1,2})[)）]")
HEADING = re.compile(
    "[(（]?[一二三四五六七八九十]+[、)）]|[0-9]{1,2}(?:[、.．]|[ ]*[\u4e00-\u9fff])|第[一二三四五六七八九十]"
)


@dataclass(frozen=True)
class Site:
    """One place that was changed: offsets into the restored text (end exclusive), and what stood there.

    kind: `note` (a pinyin note taken out), `frame` (characters framed again), `recoded` (a false 。 or ， taken out).
    certainty: `exact` (all bytes known), `inferred` (a model of language chose), `unresolved` (left to be seen).
    alternative: the likeliest other reading, "" where none competes.
    """

    start: int
    end: int
    before: str
    after: str
    kind: str
    certainty: str
    alternative: str


@dataclass(frozen=True)
class Restored:
    """A restored text, the places changed, and the learnt list: (character, note), the most frequent first.

    note: where a page looks damaged and no list could be learnt, a sentence that says so; else "".
    """

    text: str
    sites: tuple[Site, ...]
    listed: tuple[tuple[str, str], ...]
    note: str = ""


def restore(text: str) -> Restored:
    """Restore a text damaged by pinyin notes; a text without that damage comes back unchanged.

    Raises ValueError where `text` is no string.

    >>> restore("呈現(xiàn)").text
    '呈現(xiàn)'
    """
    if not isinstance(text, str):
        raise ValueError(f"restore takes the text of one page as a string, not {type(text).__name__}.")
    listed = learn(text)
    if not listed:
        return Restored(text, (), (), unlearnt(text))
    page = _page(text, listed)
    pieces = _Pieces()
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if number:
            pieces.end_line()
        for part in _parts(line):
            _mend_line(part, page, pieces)
    every = {**listed, **page.found}
    return Restored("".join(pieces.texts), tuple(pieces.sites), tuple(every.items()))


def _parts(line: str) -> Iterator[str]:
    """Cut a line that is too long to hold in tokens, after a comma where there is one: ASCII sets the frame right."""
    start = 0
    while len(line) - start > 2 * LONG_LINE:
        comma = line.find(",", start + LONG_LINE, start + 2 * LONG_LINE)
        stop = comma + 1 if comma >= 0 else start + 2 * LONG_LINE
        yield line[start:stop]
        start = stop
    yield line[start:]


class _Pieces:
    """The restored text as it grows, and its sites."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.sites: list[Site] = []
        self.length = 0
        self.tail = ""
        self.line = 0  # where the pieces of this line begin
        self.number = 0  # of the last numbered marker under the heading

    def end_line(self) -> None:
        """Note the number that the line bears, or that it is a heading, under which numbers begin again."""
        line = "".join(self.texts[self.line :]).lstrip(BLANK)
        if match := MARKER.match(line):
            self.number = int(match[1])
        elif HEADING.match(line):
            self.number = 0
        self.keep("\n")
        self.line = len(self.texts)

    def next_number(self, after: str, following: str) -> str:
        """The number of a marker （?） at the start of a line, by the markers before it; "" for any other digit."""
        start = "".join(self.texts[self.line :]) + after
        if (
            start.lstrip(BLANK) in (f"({DIGIT}", f"（{DIGIT}")
            and following[:1] in tuple(")）")
            and self.number < 9
        ):
            return str(self.number + 1)
        return ""

    def keep(self, text: str) -> None:
        self.texts.append(text)
        self.length += len(text)
        self.tail = (self.tail + text)[-8:]

    def change(self, before: str, after: str, kind: str, certainty: str, alternative: str = "") -> None:
        end = self.length + len(after)
        self.sites.append(Site(self.length, end, before, after, kind, certainty, alternative))
        self.keep(after)


def _page(text: str, listed: Mapping[str, str]) -> Page:
    plain = NOTE.sub(
        lambda match: match[1] if listed.get(match[1]) == match[2] else match[0], text[:MOST_OWN]
    )
    own = RUN.sub("\0", plain)
    folded = not any(mark in text for mark in NARROW_OF)
    drops = not any(ord(char) in PRIVATE for char in set(text))
    recoded = RECODED.search(text) is not None
    return Page(listed, Likelihood(own), frozenset(own), folded, drops, recoded)


def _mend_line(line: str, page: Page, pieces: _Pieces) -> None:
    if "?" not in line:
        _take_notes(line, page.listed, pieces)
        return
    found = tokens(line, page.listed)
    reader, index = Reader(page, found), 0
    while index < len(found):
        token = found[index]
        if _broken(found, index):
            ways, stop = follow(reader, index, pieces.tail)
            index = _settle(line, found, index, stop, ways, page, pieces)
            continue
        if token.kind == "lost" and page.recoded and _may_be_lost(found, index):
            pieces.change("?", "?", "recoded", "unresolved")
        else:
            _take_token(line, token, pieces)
        index += 1


def _may_be_lost(found: list[Token], index: int) -> bool:
    """Whether a question mark may be a character that was lost twice: no ASCII parts it from a broken run before it."""
    for token in reversed(found[:index]):
        if token.kind.startswith("lost"):
            return True
        if token.kind == "shown" and token.char < "\x80" and token.char not in WIDE_OF:
            return False
    return False


def _broken(found: list[Token], index: int) -> bool:
    """Whether a token shows that the characters after it are framed wrongly."""
    if found[index].kind == "lost note":
        return True
    return found[index].kind == "lost" and index + 1 < len(found) and found[index + 1].char in "。,，"


def _take_notes(line: str, listed: Mapping[str, str], pieces: _Pieces) -> None:
    place = 0
    for match in NOTE.finditer(line):
        if listed.get(match[1]) == match[2]:
            pieces.keep(line[place : match.start()])
            pieces.change(match[0], match[1], "note", "exact")
            place = match.end()
    pieces.keep(line[place:])


def _take_token(line: str, token: Token, pieces: _Pieces, certainty: str = "exact") -> None:
    if token.kind == "noted" and token.char > "\x80":
        pieces.change(line[token.start : token.end], token.char, "note", certainty)
    else:
        pieces.keep(line[token.start : token.end])


def _settle(
    line: str, found: list[Token], start: int, stop: int, ways: list[Way], page: Page, pieces: _Pieces
) -> int:
    """Write the likeliest way; return the token to go on from."""
    closed = [way for way in ways if way.waiting < 0]
    if not closed or stop == start:
        return _leave(line, found, start, pieces)
    best, others = closed[0].steps, [(way.score, way.steps) for way in closed[1:]]
    doubtful = False
    for first, last in _groups(best):
        group = best[first:last]
        if group[0].how == "shown":
            _take_token(line, found[group[0].token], pieces, "inferred" if doubtful else "exact")
            continue
        after = "".join(step.text for step in group)
        rival, alternative = _rival(group, others)
        margin = closed[0].score - rival
        known = all(step.how == "known" for step in group)
        sure = known and margin >= SURE and _comes_back(line, found, group, after, page)
        doubtful = doubtful or not sure
        page.found.update({step.noted: found[step.token].note for step in group if step.noted})
        _write(
            line, found, group, after, "exact" if sure else "inferred", "" if sure else alternative, pieces
        )
    return stop


def _comes_back(line: str, found: list[Token], group: list[Step], after: str, page: Page) -> bool:
    """Whether the group with its neighbours, damaged again, is what the line shows."""
    first, last = group[0].token, group[-1].token
    left, right = found[max(0, first - 1) : first], found[last + 1 : last + 2]
    if any(token.kind.startswith("lost") for token in left + right):
        return False
    shown = line[found[max(0, first - 1)].start : (right or [found[last]])[-1].end]
    text = "".join(token.char for token in left) + after + "".join(token.char for token in right)
    notes = {token.char: token.note for token in left + right if token.note}
    used = {**page.listed, **page.found, **notes}
    used |= {step.noted: found[step.token].note for step in group if step.noted}
    return comes_back(text, shown, used, page.folded)


def _write(
    line: str, found: list[Token], group: list[Step], after: str, certainty: str, rival: str, pieces: _Pieces
) -> None:
    """Write one mended run; a digit that is lost is told from the numbers before it, or stays to be seen."""
    before = line[found[group[0].token].start : found[group[-1].token].end]
    kind = "frame" if found[group[0].token].kind == "lost note" else "recoded"
    if DIGIT in after:
        number = pieces.next_number(after, line[found[group[-1].token].end :])
        certainty = "inferred" if number else "unresolved"
        after = after.replace(DIGIT, number or "?")
    pieces.change(before, after, kind, certainty, rival)


def _groups(steps: list[Step]) -> list[tuple[int, int]]:
    """The steps of a way in groups: each shown one alone, those of one broken run together."""
    bounds: list[tuple[int, int]] = []
    first = 0
    for index, step in enumerate(steps):
        if step.how == "shown":
            if first < index:
                bounds.append((first, index))
            bounds.append((index, index + 1))
            first = index + 1
    if first < len(steps):
        bounds.append((first, len(steps)))
    return bounds


def _rival(group: list[Step], others: list[tuple[float, list[Step]]]) -> tuple[float, str]:
    """The score of the likeliest way that reads these steps' tokens otherwise, and its reading."""
    chosen = "".join(step.text for step in group)
    span = range(group[0].token, group[-1].token + 1)
    for score, steps in others:
        text = "".join(step.text for step in steps if step.token in span)
        if text != chosen:
            return score, text.replace(DIGIT, "?")
    return float("-inf"), ""


def _leave(line: str, found: list[Token], start: int, pieces: _Pieces) -> int:
    """Leave a run that can't be read as it is shown, up to the sign or the note that ends it."""
    stop = start + 1
    while (
        stop < len(found) and found[stop].kind == "shown" and (bytes_of(found[stop].char) or (0,))[0] > 0x80
    ):
        stop += 1
    before = line[found[start].start : found[stop - 1].end]
    pieces.change(before, before, "frame", "unresolved")
    return stop
