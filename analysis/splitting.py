"""One file, several documents: where the next document of a compilation begins, and by what signs.

A paragraph opens another document when enough signs come together: how speeches, reports and news open, how the text
before them closes, and numbering that starts anew. Each sign has a weight; one alone does not split, but for those that
stand nowhere but at the top of a document: front matter, the heading of a template in a series, a reporter's dateline.

A congress's resolution and a covering notice before a report are documents of their own: others speak in them, on
another day. Glossaries, notes and appendices belong to their report (`glossaries` cuts them).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from analysis.furniture import furniture_line
from analysis.openings import (
    CALL,
    CHAPTER,
    CONTINUED,
    GREETINGS,
    INTERVIEW,
    KEY,
    LISTED,
    NAMED,
    NUMBERED,
    OPENINGS,
    RELATED,
    SERIES,
    SIGNED,
    STATES,
    TAIL,
    THANKS,
    TITLE_REMARK,
    TITLES,
    UNDER_HEADLINE,
    foot_line,
    is_headline,
    is_loose,
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


ENOUGH = 4  # the weights that split; see OPENINGS
LEAST_PROSE = 60  # characters of running text on either side; the shortest covering notice seen has 70
LEAST_UNTITLED = 200  # before an opening without a title: less is the text's own lead or editor's note
HEAD_LINES = 8  # title, meeting, date, speaker, source and salutation together
LONGEST_HEADING = 90
MOST_TITLES = 20  # kept of one document
NEAR = 15  # paragraphs in which an opening must be followed by running text, and a list of links ends
GREETED_ONLY = 400  # characters that must follow where but a salutation tells: less is a closing call
NUMBER_WITHIN = 15  # paragraphs from an opening to its first numbered heading
FOOT_LINES = 8  # below the text before: date, source, editor, tools of the page
QUOTED = 8  # characters of the text that the evidence shows


@dataclass(frozen=True)
class _Head:
    """The lines with which a document may begin: paragraphs start to end, and what they show (sign: weight)."""

    start: int
    end: int
    signs: dict[str, int]


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
        self.titles: set[str] = set()

    def signs(self, at: int) -> dict[str, int]:
        """The kinds of sign with which a paragraph opens a document, and the weight of each."""
        head = self.heads[at]
        found = {kind: weight for kind, (weight, pattern) in OPENINGS.items() if pattern.match(head)}
        if LISTED.match(head):
            found = {kind: weight for kind, weight in found.items() if kind == "review"}
        if "meeting" in found and furniture_line(head) is not None:
            del found["meeting"]  # who printed the report, and when
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
        if at <= self.first + 2 and names_source(self.heads[at]):
            self.seen.add("source")
        if match := SERIES.match(self.heads[at]) or CHAPTER.match(self.heads[at]):
            self.series[match[1]] = number_in(match[2])

    def head(self, at: int) -> _Head:
        """The block of lines that a paragraph with a sign opens, with the headline above it, and all its signs."""
        signs = self.signs(at)
        if "front matter" in signs:
            return _Head(at, self._fenced(at) + 1, signs)
        end = at + 1
        while end < min(len(self.heads), at + HEAD_LINES) and self._heading(end - 1):
            more = self.signs(end)
            if not more and ("review" in signs or not is_loose(self.heads[end])):
                break
            signs |= more
            end += 1
        undated = self.heads[at][0] == "在" and not self.signs(at).keys() & TITLES
        if undated and at - 1 > self.first and SIGNED.match(self.heads[at - 1]):
            at -= 1  # the day of the meeting stands on a line above it
        start = at
        while start - 1 > self.first and at - start < 2 and is_headline(self.heads[start - 1]):
            start -= 1
        if start == at and names_source(self.heads[at]):
            return _Head(at, at + 1, {})  # not below a headline: the foot of the text before
        if start == at or not signs.keys() & UNDER_HEADLINE:
            return _Head(at, end, signs)
        asked = "question" in signs and any(INTERVIEW.search(head) for head in self.heads[start:at])
        return _Head(start, end, signs | {"headline": 2 if asked else 1})

    def _heading(self, at: int) -> bool:
        """Whether more lines of a head may follow this one."""
        return not self.paragraphs[at].prose and len(self.heads[at]) <= LONGEST_HEADING

    def counting(self, head: _Head) -> dict[str, int]:
        """The signs of a head that count after what the document has shown so far."""
        signs = dict(head.signs)
        if "review" not in self.seen:
            signs.pop("review", None)
        if "question" in self.seen:
            signs.pop("question", None)
        if "just heard" in signs and self.seen & {"congress", "others"}:
            signs["just heard"] = 1  # who leads through a meeting says so again and again
        if "source" in signs and "source" in self.seen:
            signs["source"] += 1
        if "salutation" in signs:
            signs |= self._greeting(self._audience(head))
        # A running head 政府工作报告 repeats but a part of the title above.
        if self.titles and any(
            all(new not in old and old not in new for old in self.titles) for new in self._titles(head)
        ):
            signs["another title"] = 2
        return signs

    def _titles(self, head: _Head) -> Iterator[str]:
        for line in self.heads[head.start : head.end]:
            if any(OPENINGS[kind][1].match(line) for kind in TITLES):
                yield TITLE_REMARK.sub("", line)

    def _audience(self, head: _Head) -> str:
        """Whom the first salutation greets: a congress or others."""
        lines = self.heads[head.start : head.end]
        greeting = next(line for line in lines if OPENINGS["salutation"][1].match(line))
        return "congress" if STATES["congress"].match(greeting) else "others"

    def _greeting(self, audience: str) -> dict[str, int]:
        """What a salutation tells beside the greetings of the document so far."""
        if not self.seen & {"congress", "others"}:
            return {"first greeted": 2} if audience == "others" else {}
        return {"audience": 2} if audience not in self.seen else {}

    def closing(self, start: int) -> dict[str, int]:
        """How the text before a paragraph closes."""
        found: dict[str, int] = {}
        at = start - 1
        while at >= max(self.first, start - FOOT_LINES) and (last := foot_line(self.heads[at])) is not None:
            found |= last
            at -= 1
        tail = self.paragraphs[at].tail if at >= self.first else ""
        if THANKS.search(tail):
            found["thanks or an end before it"] = 2
        elif CALL.search(tail):
            found["a closing call before it"] = 1
        return found

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
            head = self.head(at) if self.signs(at) else _Head(at, at + 1, {})
            if head.signs and (evidence := self._evidence(head)):
                self.begin(head.start)
                yield head.start, evidence
            for passed in range(at, head.end):
                self.note(passed, head.signs)
            if head.signs and len(self.titles) < MOST_TITLES:
                self.titles |= set(self._titles(head))
            at = head.end

    def _evidence(self, head: _Head) -> str:
        """Why a document begins here; empty where it does not."""
        signs, start = self.counting(head), head.start
        before = self.prose[start] - self.prose[self.first]
        if before < (LEAST_PROSE if signs.keys() & TITLES else LEAST_UNTITLED) or self._continued(
            head, signs
        ):
            return ""
        openings: dict[str, int] = {}
        for kind, weight in signs.items():
            openings[NAMED[kind]] = max(weight, openings.get(NAMED[kind], 0))
        greeted = signs.keys() <= GREETINGS
        others = self.closing(start) | self.restart(start, greeted)
        if not self._goes_on(head, GREETED_ONLY if greeted and not others else LEAST_PROSE):
            return ""
        if max(openings.values(), default=0) < 2 or sum((openings | others).values()) < ENOUGH:
            return ""
        return "; ".join([*openings, *others]) + f"; begins “{self.heads[start][:QUOTED]}”"

    def _goes_on(self, head: _Head, least: int) -> bool:
        """Whether running text follows soon, and enough of it in all."""
        near = self.prose[min(head.end + NEAR, len(self.heads))] - self.prose[head.start]
        return near >= LEAST_PROSE and self.prose[-1] - self.prose[head.start] >= least

    def _continued(self, head: _Head, signs: dict[str, int]) -> bool:
        """Whether a newspaper only goes on on another page, a list of links stands here, or words are quoted."""
        tail = self.paragraphs[head.start - 1].tail
        near = [tail, *self.heads[head.start : head.end + 2]]
        links = any(
            RELATED.match(line) for line in self.heads[max(self.first, head.start - NEAR) : head.start]
        )
        quoted = tail.endswith("：") and not signs.keys() & (TITLES | {"front matter", "series"})
        return (
            links or quoted or any(CONTINUED.search(line[-TAIL:]) or CONTINUED.match(line) for line in near)
        )


def parts_of(text: str) -> list[Part]:
    """The documents of one file, in order: slices that together are the whole text; mostly just one.

    Works on the text as it was read (restored, with HTML, Markdown, front matter). The evidence names the signs at the
    joint before the part, for the first part of several at the joint after it. Raises ValueError for what is no text.

    >>> head = "霁川市长在招商大会上的讲话\\n同志们：\\n今天召开全市招商大会。"
    >>> speech = head + "我们要走出去，也要请进来。\\n" * 9 + "谢谢大家！\\n"
    >>> [(part.start, part.end) for part in parts_of(speech * 2)]
    [(0, 162), (162, 324)]
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
