"""The gettext catalogues of the report: English sentences, whole or with gaps, and their Chinese."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

CATALOGUES = Path(__file__).parent / "translations" / "zh"

# What ends a sentence inside a text: a stop with its closing marks, then a space; not the stop of an abbreviation.
_ABBREVIATED = ("e.g", "i.e", "vs", "cf", "al", "No", "approx", "pp", "St")
_NOT_ABBREVIATED = "".join(rf"(?<!\b{re.escape(short)})" for short in _ABBREVIATED)
SENTENCE_END = re.compile(rf"{_NOT_ABBREVIATED}[.!?][”\"')*_`]*\s")
_END = "\x01"

_GAP = re.compile(r"\{\{|\}\}|\{([A-Za-z_]\w*)(?::(\w+))?\}")
_STRAY = re.compile(r"[{}]")
KINDS = ("", "list", "text")  # one part; "a, b and c"; a part that may hold several sentences
_WORD = re.compile(r"[A-Za-z0-9]+")
_LETTER = re.compile(r"[A-Za-z]")
_LINE = re.compile(r'\s*(?:#.*|(?:msgid |msgstr )?"(?:[^"\\]|\\.)*")?\s*')
_CHINESE = "\u4e00-\u9fff"
_NARROW = re.compile(rf"[{_CHINESE}][,;:?!]|[{_CHINESE}]\.(?:\s|$)")


@dataclass(frozen=True)
class Entry:
    """One English text, with gaps like {n}, and its Chinese; `file` is the catalogue it stands in."""

    english: str
    chinese: str
    file: str

    @cached_property
    def gaps(self) -> dict[str, str]:
        """The names of the gaps in the English text and their kinds, see KINDS."""
        return gaps_of(self.english)

    @cached_property
    def literal(self) -> str:
        """The English text without its gaps, each left as a NUL."""
        return _GAP.sub(lambda gap: "\0" if gap[1] else gap[0][0], self.english)

    @cached_property
    def pieces(self) -> list[tuple[str, str, str]]:
        """The text before each gap, its sentences' ends `marked`, with the gap's name and kind; last what follows."""
        return [(marked(literal), name, kind) for literal, name, kind in _pieces(self.english)]

    def parts_of(self, text: str) -> dict[str, str] | None:
        """Return what stands in the gaps of a text with its `marked` ends, None where it is another text.

        Each gap takes as little as it can, and no sentence's end but those of the kind "text" (2,000 regular expressions
        would take seconds to make).
        """
        parts: dict[str, str] = {}
        at = len(self.pieces[0][0])
        for (_, name, kind), (after, following, _) in zip(self.pieces, self.pieces[1:], strict=False):
            end = text.find(after, at + 1) if following else len(text) - len(after)
            part = text[at:end]
            if end <= at or parts.get(name, part) != part or (_END in part and kind != "text"):
                return None
            parts[name] = part
            at = end + len(after)
        return {name: part.replace(_END, "") for name, part in parts.items()}

    def filled(self, parts: dict[str, str]) -> str:
        """Return the Chinese text with its gaps filled."""
        return _GAP.sub(lambda gap: parts[gap[1]] if gap[1] else gap[0][0], self.chinese)


def gaps_of(text: str) -> dict[str, str]:
    """Return the names of a text's gaps and their kinds.

    >>> gaps_of("{n} of {names:list}, in {{braces}}")
    {'n': '', 'names': 'list'}
    """
    return {name: kind for _, name, kind in _pieces(text) if name}


def _pieces(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the text before each gap with the gap's name and kind, and what follows the last, without a name."""
    at, literal = 0, ""
    for gap in _GAP.finditer(text):
        literal += text[at : gap.start()]
        at = gap.end()
        if gap[1]:
            yield literal, gap[1], gap[2] or ""
            literal = ""
        else:
            literal += gap[0][0]  # a doubled brace is a brace
    yield literal + text[at:], "", ""


def marked(text: str) -> str:
    """Return a text with a sign behind every end of a sentence inside it."""
    return SENTENCE_END.sub(lambda end: end[0] + _END, text)


def one_line(text: str) -> str:
    """Return a text with every run of blanks and line breaks as one space."""
    return " ".join(text.split())


def read_catalogue(path: Path) -> list[Entry]:
    """Return the entries of one .po file; ValueError where it can't be read."""
    from io import StringIO

    from babel.messages.pofile import read_po

    text = path.read_text("utf-8")
    for n, line in enumerate(text.splitlines(), 1):
        if not _LINE.fullmatch(line):  # babel would take it for something else, or end with a traceback
            raise ValueError(
                f'{path.name}, line {n}: neither msgid "…", msgstr "…", "…" nor # and a note. Correct the line.'
            )
    messages = [message for message in read_po(StringIO(text)) if message.id]
    return [Entry(one_line(str(m.id)), one_line(str(m.string or "")), path.name) for m in messages]


class Catalogue:
    """Entries ready to be looked up: whole texts by themselves, those with gaps by a rare word of theirs."""

    def __init__(self, entries: list[Entry]) -> None:
        told = [entry for entry in entries if entry.chinese]
        self.whole: dict[str, str] = {}
        for entry in told:
            if not entry.gaps:
                self.whole.setdefault(entry.literal, entry.filled({}))
        self._index([entry for entry in told if entry.gaps])

    def _index(self, entries: list[Entry]) -> None:
        """File each entry with gaps under the rarest of its words that no gap touches."""
        words = [_whole_words(entry.literal) for entry in entries]
        common = Counter(word for found in words for word in found)
        # Most specific first: most letters of its own, fewest gaps; then by the alphabet, whatever the files' order.
        rank = sorted(zip(entries, words, strict=True), key=lambda pair: _unspecific(pair[0]))
        self.by_word: dict[str, list[tuple[int, str, str, Entry]]] = {}
        for place, (entry, found) in enumerate(rank):
            key = min(found, key=lambda word: (common[word], word)) if found else ""
            head, *_, tail = entry.literal.split("\0")
            self.by_word.setdefault(key, []).append((place, head, tail, entry))

    def matches(self, text: str) -> Iterator[tuple[Entry, dict[str, str]]]:
        """Yield the entries with gaps that a text fits, most specific first, with what stands in the gaps."""
        keys = {"", *_WORD.findall(text)}
        near = [
            (place, entry)
            for key in keys
            for place, head, tail, entry in self.by_word.get(key, ())
            if text.startswith(head) and text.endswith(tail)
        ]
        ended = marked(text) if near else ""
        for _, entry in sorted(near, key=lambda candidate: candidate[0]):
            if (parts := entry.parts_of(ended)) is not None:
                yield entry, parts


def _whole_words(literal: str) -> set[str]:
    """Return the words of an entry that stand free of its gaps: "{n}th of" has "of", not "th"."""
    found = _WORD.finditer(literal)
    return {m[0] for m in found if "\0" not in literal[max(m.start() - 1, 0) : m.end() + 1]}


def _unspecific(entry: Entry) -> tuple[int, int, str]:
    own = entry.literal.replace("\0", "").replace(" ", "")
    return -len(own), len(entry.gaps), entry.english


@lru_cache(maxsize=4)
def catalogue(folder: Path = CATALOGUES) -> Catalogue:
    """Return all catalogues of a folder as one, read once; of two entries the first by file name counts."""
    return Catalogue([entry for path in sorted(folder.glob("*.po")) for entry in read_catalogue(path)])


def problems(folder: Path = CATALOGUES) -> list[str]:
    """Return what is wrong with the catalogues of a folder, one sentence each: file, text, fault.

    Asked for: a Chinese text with the same gaps, code and link targets and with Chinese punctuation; one Chinese for
    one English text in all files; words of its own in every text with gaps, since it would fit anything otherwise.
    """
    told: list[str] = []
    first: dict[str, Entry] = {}
    for path in sorted(folder.glob("*.po")):
        for entry in read_catalogue(path):
            known = first.setdefault(entry.english, entry)
            faults = _faults(entry)
            if known.chinese != entry.chinese:
                faults.append(f"is told in another way in {known.file}")
            told += [f"{entry.file}: “{entry.english[:80]}” {fault}." for fault in faults]
        told += [f"{path.name}: “{text[:80]}” stands there twice." for text in _repeated(path)]
    return told


def _faults(entry: Entry) -> list[str]:
    """Return what is wrong with one entry."""
    english, chinese = entry.english, entry.chinese
    if not chinese:
        return ["has no Chinese"]
    bare = re.sub(r"`[^`]*`|\]\([^)]*\)|\{\w+\}", "", chinese)
    links = r"\]\(([^)]*)\)"
    checks = {
        "has other gaps in Chinese": set(entry.gaps) != set(gaps_of(chinese)),
        f"has a gap of a kind that is not one of {', '.join(KINDS[1:])}": not set(entry.gaps.values())
        <= set(KINDS),
        "has a single brace; double it": any(
            _STRAY.search(_GAP.sub("", text)) for text in (english, chinese)
        ),
        "has no word outside its gaps, and would fit any text": bool(entry.gaps)
        and not _LETTER.search(entry.literal),
        "has other `code` in Chinese": _found(r"`[^`]*`", english) != _found(r"`[^`]*`", chinese),
        "has other link targets in Chinese": _found(links, english) != _found(links, chinese),
        "has bold that is not closed, or not the same, in Chinese": english.count("**")
        != chinese.count("**"),
        "has narrow punctuation behind Chinese": bool(_NARROW.search(bare)),
    }
    return [fault for fault, found in checks.items() if found]


def _found(pattern: str, text: str) -> list[str]:
    return sorted(re.findall(pattern, text))


def _repeated(path: Path) -> list[str]:
    """Return the texts that a file holds twice: the reader of catalogues keeps the last and says nothing."""
    blocks = re.findall(r'^msgid ((?:"(?:[^"\\]|\\.)*"\s*)+)', path.read_text("utf-8"), re.MULTILINE)
    texts = Counter(one_line("".join(re.findall(r'"((?:[^"\\]|\\.)*)"', block))) for block in blocks)
    return [text for text, n in texts.items() if n > 1]
