"""One file, several documents: where the next document of a compilation begins, and by what signs.

A paragraph opens another document when enough signs come together: how speeches, reports and news open, how the text
before them closes, and numbering that starts anew. Each sign has a weight; one alone does not split, but for those that
stand nowhere but at the top of a document: front matter, the heading of a template in a series, a reporter's dateline.

A congress's resolution and a covering notice before a report are documents of their own: others speak in them, on
another day. Glossaries, notes and appendices belong to their report (`glossaries` cuts them).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from analysis.furniture import furniture_line
from analysis.openings import (
    ASIDE,
    CALL,
    CHAPTER,
    CONTINUED,
    KEY,
    LISTED,
    NAMED,
    NEEDS_EARLIER,
    NEEDS_NONE,
    NUMBERED,
    OPENINGS,
    RULE,
    SERIES,
    SIGNED,
    STATES,
    TAIL,
    THANKS,
    is_headline,
    names_source,
    number_in,
    paragraphs,
)


@dataclass(frozen=True)
class Part:
    """One document of a file: text[start:end], and in plain words why it was parted ("" where nothing was)."""

    start: int
    end: int
    evidence: str


ENOUGH = 4  # the weights that split; see SIGNS
LEAST_PROSE = 60  # characters of running text on either side; the shortest covering notice seen has 70
LEAST_UNTITLED = 200  # before an opening without a title: less is the text's own lead or editor's note
HEAD_LINES = 8  # title, meeting, date, speaker, source and salutation together
NUMBER_WITHIN = 15  # paragraphs from an opening to its first numbered heading
FOOT_CHARS = 40
QUOTED = 8  # characters of the text that the evidence shows


class _Scan:
    """The paragraphs of a file, and what has been seen of the document that the scan is in."""

    def __init__(self, text: str) -> None:
        self.paragraphs = paragraphs(text)
        self.heads = [paragraph.head for paragraph in self.paragraphs]
        self.prose = [0, *accumulate(paragraph.prose for paragraph in self.paragraphs)]
        self.numbers = [number_in(match[1]) if (match := NUMBERED.match(head)) else 0 for head in self.heads]
        self.series: dict[str, int] = {}
        self.begin(0)

    def begin(self, at: int) -> None:
        """A document begins at this paragraph."""
        self.first, self.number = at, 0
        self.seen: set[str] = set()

    def signs(self, at: int) -> dict[str, int]:
        """The kinds of sign with which a paragraph opens a document, and the weight of each."""
        head = self.heads[at]
        found = {kind: weight for kind, (weight, pattern) in OPENINGS.items() if pattern.match(head)}
        if LISTED.match(head):
            found = {kind: weight for kind, weight in found.items() if kind == "review"}
        if weight := self._in_series(head):
            found["series"] = weight
        if head == "---" and self._fenced(at) > at:
            found["front matter"] = ENOUGH
        if names_source(head):
            found["source"] = 2
        return found

    def _in_series(self, head: str) -> int:
        """The weight of 范文二 or 第二篇 after 范文一 or 第一篇."""
        match = SERIES.match(head) or CHAPTER.match(head)
        if not match or self.series.get(match[1], 0) + 1 != number_in(match[2]) or number_in(match[2]) < 2:
            return 0
        return ENOUGH if SERIES.match(head) else 2

    def _fenced(self, at: int) -> int:
        """The last paragraph of the front matter that opens here; where there is none, this paragraph."""
        if at + 1 >= len(self.heads) or not KEY.match(self.heads[at + 1]):
            return at
        ends = (end for end in range(at + 2, min(at + 30, len(self.heads))) if self.heads[end] == "---")
        return next(ends, at)

    def note(self, at: int, signs: dict[str, int]) -> None:
        """Remember what a paragraph of the present document shows."""
        self.number = self.numbers[at] or self.number
        self.seen |= signs.keys()
        self.seen |= {kind for kind, pattern in STATES.items() if pattern.match(self.heads[at])}
        if match := SERIES.match(self.heads[at]) or CHAPTER.match(self.heads[at]):
            self.series[match[1]] = number_in(match[2])

    def head(self, at: int) -> tuple[int, int, dict[str, int]]:
        """Start and end of the block of lines that a paragraph with a sign belongs to, and all its signs."""
        signs = self.signs(at)
        if "front matter" in signs:
            return at, self._fenced(at) + 1, signs
        end = at + 1
        while end < min(len(self.heads), at + HEAD_LINES) and not self.paragraphs[end - 1].prose:
            more = self.signs(end)
            loose = (
                len(self.heads[end]) <= 20 and self.heads[end][-1] not in "。；！" and "review" not in signs
            )
            if not more and (not loose or LISTED.match(self.heads[end])):
                break
            signs |= more
            end += 1
        start = at
        while start - 1 > self.first and at - start < 2 and is_headline(self.heads[start - 1]):
            start -= 1
        if start < at and signs.keys() & {
            "salutation",
            "formula",
            "byline",
            "dateline",
            "source",
            "question",
        }:
            asked = "question" in signs and any(re.search("访|对话", head) for head in self.heads[start:at])
            signs["headline"] = 2 if asked else 1
        return (start if "headline" in signs else at), end, signs

    def opened(self, signs: dict[str, int], audience: str) -> dict[str, int]:
        """The signs that count after what the document has shown so far."""
        kept = {
            kind: weight
            for kind, weight in signs.items()
            if not (kind in NEEDS_EARLIER and kind not in self.seen)
            and not (kind in NEEDS_NONE and kind in self.seen)
        }
        if "source" in kept and "source" in self.seen:
            kept["source"] += 1
        if "salutation" in kept and audience:
            kept |= self._greeting(audience)
        if "title" in kept:
            kept.pop("short title", None)
        return kept

    def _audience(self, at: int) -> str:
        """Whom the first salutation from here on greets: a congress or others."""
        for head in self.heads[at : at + HEAD_LINES]:
            if OPENINGS["salutation"][1].match(head):
                return "congress" if STATES["congress"].match(head) else "others"
        return ""

    def _greeting(self, audience: str) -> dict[str, int]:
        """What a salutation tells beside the greetings of the document so far."""
        if not self.seen & {"congress", "others"}:
            return {"first greeted": 2} if audience == "others" else {}
        return {"audience": 2} if audience not in self.seen else {}

    def closing(self, start: int) -> dict[str, int]:
        """How the text before a paragraph closes."""
        found: dict[str, int] = {}
        at = start - 1
        while at >= self.first and (last := self._last_line(self.heads[at])) is not None:
            found |= last
            at -= 1
        tail = self.paragraphs[at].tail if at >= self.first else ""
        if THANKS.search(tail):
            found["thanks or an end before it"] = 2
        elif CALL.search(tail):
            found["a closing call before it"] = 1
        return found

    def _last_line(self, head: str) -> dict[str, int] | None:
        """What a line below the end of a text tells; None for a line of the text."""
        if SIGNED.match(head):
            return {"a date as signature before it": 2}
        if RULE.match(head) or ASIDE.match(head):
            return {}
        foot = len(head) <= FOOT_CHARS and furniture_line(head) is not None
        return {"the foot of a page before it": 2} if foot else None

    def restart(self, start: int, alone: bool) -> dict[str, int]:
        """Numbering that starts anew at 一; worth less after a salutation alone, for notes and lists are numbered too."""
        following = (number for number in self.numbers[start : start + NUMBER_WITHIN] if number)
        if self.number < 2 or next(following, 0) != 1 or "notes" in self.seen:
            return {}
        return {f"numbering starts anew at 一 after {self.number}": 1 if alone else 2}

    def joints(self) -> Iterator[tuple[int, str]]:
        """The paragraphs where another document begins, each with its evidence."""
        at = 0
        while at < len(self.heads):
            signs = self.signs(at)
            end = at + 1
            if signs:
                start, end, signs = self.head(at)
                if evidence := self._evidence(start, at, signs):
                    self.begin(start)
                    yield start, evidence
            for passed in range(at, end):
                self.note(passed, signs)
            at = end

    def _evidence(self, start: int, at: int, signs: dict[str, int]) -> str:
        """Why a document begins here; empty where it does not."""
        before = self.prose[start] - self.prose[self.first]
        signs = self.opened(signs, self._audience(at))
        least = LEAST_PROSE if "title" in signs else LEAST_UNTITLED
        if before < least or self.prose[-1] - self.prose[start] < LEAST_PROSE or self._continued(start, at):
            return ""
        openings = {NAMED[kind]: weight for kind, weight in signs.items()}
        others = self.closing(start) | self.restart(start, signs.keys() <= {"salutation", "call", "headline"})
        if max(openings.values(), default=0) < 2 or sum((openings | others).values()) < ENOUGH:
            return ""
        return "; ".join([*openings, *others]) + f"; begins “{self.heads[start][:QUOTED]}”"

    def _continued(self, start: int, at: int) -> bool:
        """Whether a newspaper only goes on on another page here."""
        near = [self.paragraphs[start - 1].tail] + self.heads[start : at + 3] if start else []
        return any(CONTINUED.search(line[-TAIL:]) or CONTINUED.match(line) for line in near)


def parts_of(text: str) -> list[Part]:
    """The documents of one file, in order: slices that together are the whole text; mostly just one.

    Works on the text as it was read (restored, with HTML, Markdown, front matter). The evidence names the signs at the
    joint before the part, for the first part of several at the joint after it. Raises ValueError for what is no text.

    >>> speech = "同志们：今天召开全市招商大会。" + "我们要走出去，也要请进来。\\n" * 9 + "谢谢大家！\\n"
    >>> [(part.start, part.end) for part in parts_of(speech * 2)]
    [(0, 147), (147, 294)]
    """
    if not isinstance(text, str):
        raise ValueError(f"parts_of takes a text, not {type(text).__name__}; give it the text of one file.")
    scan = _Scan(text)
    joints = [(scan.paragraphs[at].start, evidence) for at, evidence in scan.joints()]
    if not joints:
        return [Part(0, len(text), "")]
    starts = [0, *(start for start, _ in joints)]
    ends = [*starts[1:], len(text)]
    reasons = [f"first of {len(starts)}; the next has {joints[0][1]}", *(evidence for _, evidence in joints)]
    return [Part(*part) for part in zip(starts, ends, reasons, strict=True)]
