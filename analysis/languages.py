"""The two languages of the report: what is written in English is shown in Chinese too, from the catalogues.

A text is looked up as it stands when shown, so the code and the notebooks stay in plain English.
"""

from __future__ import annotations

import html
import os
import re
import sys
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.catalogues import CATALOGUES, SENTENCE_END, Catalogue, Entry, catalogue, one_line, problems
from analysis.shown_texts import notebook_texts, page_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LANGUAGES = ("en", "zh")
TAGS = {"en": "en", "zh": "zh-Hans"}  # as written in lang="..."
_LATIN = re.compile(r"[A-Za-z]")
# What stands in brackets belongs to its item.
_COUNTED = re.compile(r"(.+) \(([\d.,×-]+)\)")  # "east · 1994 (12)", as `alt_extremes` says it
_COMMA, _AND = (re.compile(rf"{comma}(?![^()]*\))") for comma in (", ", "(?:^| )(?:and|or) "))
_SURE, _WITH_CLAUSES, _WITH_A_NAME = 2, 1, 0
_ENGLISH = re.compile(r"(?<!\w)[A-Za-z]{2,}(?!\w)")  # no part of a fingerprint or of a name with Chinese
_SPACED_SIGN = re.compile(r"(?<=\d)[ \u00a0]%")  # Chinese writes 76%, and a line would break in 76 %
_CODE = re.compile(r"`[^`]*`")
_DEEPEST = 4  # a part of a part of a part: no sentence of ours goes deeper
_NEXT = re.compile(r"[A-Z\d“\"'(*_`\[\u4e00-\u9fff]")  # what a sentence begins with

_missing: set[str] = set()


def shown_first() -> str:
    """Return the language that is shown first, from the environment's REPORT_LANG; ValueError for an unknown one."""
    language = os.environ.get("REPORT_LANG") or "en"
    if language not in LANGUAGES:
        raise ValueError(f"REPORT_LANG is {language!r}; it takes {' or '.join(LANGUAGES)}.")
    return language


def both() -> bool:
    """Return True where both languages are wanted side by side, as in a report's pages (REPORT_BOTH=1)."""
    return os.environ.get("REPORT_BOTH") == "1"


@contextmanager
def side_by_side() -> Iterator[None]:
    """Have both languages in what is made within, in this process and those it starts."""
    before = os.environ.get("REPORT_BOTH")
    os.environ["REPORT_BOTH"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["REPORT_BOTH"]
        else:
            os.environ["REPORT_BOTH"] = before


def in_chinese(text: str, *, note: bool = True) -> str | None:
    """Return a text in Chinese, None where no catalogue has it; what holds no Latin letter stays as it is.

    It is looked up whole, then as a text with gaps, then sentence by sentence, each of which must be found. note: False
    for what may well have no Chinese, such as the cells of a table; it is not counted among the `missing`.
    """
    if not _LATIN.search(_CODE.sub("", text)):
        return text
    found = translated(one_line(text), catalogue(CATALOGUES))
    if found is None and note:
        _take_down(one_line(text))
    return found and _SPACED_SIGN.sub("%", found)


def _take_down(text: str) -> None:
    """Remember a text that has no Chinese; for translators also in the file that REPORT_MISSING names, if it does."""
    if text not in _missing and (file := os.environ.get("REPORT_MISSING")):
        with Path(file).open("a", encoding="utf-8") as opened:
            opened.write(text + "\n")
    _missing.add(text)


def in_language(text: str, language: str) -> str:
    """Return a text in a language, in English where it has no Chinese; ValueError for an unknown language."""
    if language not in LANGUAGES:
        raise ValueError(f"The language {language!r} is unknown; it is {' or '.join(LANGUAGES)}.")
    return (in_chinese(text) or text) if language == "zh" else text


def missing() -> list[str]:
    """Return the texts that were asked for in this process and have no Chinese, in order."""
    return sorted(_missing)


def spans(text: str, *, note: bool = True) -> str:
    """Return a text as escaped HTML: in both languages where both are wanted and there are two, else in the one."""
    chinese = in_chinese(text, note=note)
    if chinese is None or chinese == text:
        return html.escape(text)
    if both():
        return "".join(span(said, language) for language, said in (("en", text), ("zh", chinese)))
    return html.escape(chinese if shown_first() == "zh" else text)


def span(text: str, language: str) -> str:
    """Return a text as escaped HTML that only the readers of one language see."""
    return f'<span data-in="{language}" lang="{TAGS[language]}">{html.escape(text)}</span>'


def attributes(name: str, text: str) -> str:
    """Return an attribute such as aria-label or alt in HTML, with both its versions for the page's switch."""
    chinese = in_chinese(text)
    first = chinese if chinese is not None and shown_first() == "zh" else text
    said = f'{name}="{html.escape(first)}"'
    if not both() or chinese is None or chinese == text:
        return said
    return f'{said} data-en-{name}="{html.escape(text)}" data-zh-{name}="{html.escape(chinese)}"'


@lru_cache(maxsize=20_000)
def translated(text: str, entries: Catalogue) -> str | None:
    """Return a text in Chinese from some entries, None where they don't have it.

    An entry that it fits with every part understood goes first; then its sentences, then its clauses, each by itself;
    then an entry with a gap that holds several clauses, or that leaves a name as it is.
    """
    fit, trust = _as_one(text, entries, 0)
    if trust == _SURE:
        return fit
    if len(said := sentences(text)) > 1:
        return _each(said, entries, "") or fit
    return _clauses(text, entries) or fit


def _clauses(text: str, entries: Catalogue) -> str | None:
    """Return a text of several clauses in Chinese, None where it is one or one of them has none."""
    clauses = text.split("; ")
    return _each(clauses, entries, "；") if len(clauses) > 1 else None


def _each(pieces: list[str], entries: Catalogue, between: str) -> str | None:
    """Return pieces of a text in Chinese, None where one of them has none."""
    parts = [translated(piece, entries) if _LATIN.search(piece) else piece for piece in pieces]
    if None in parts:
        return None
    told = [part for part in parts if part is not None]
    return between.join(told) if between else _joined(told)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text.

    >>> sentences("Two kinds, e.g. 链主. **They differ.** See 03.")
    ['Two kinds, e.g. 链主.', '**They differ.**', 'See 03.']
    """
    ends = [m.end() for m in SENTENCE_END.finditer(text) if _NEXT.match(text, m.end())]
    return [text[a:b].strip() for a, b in zip([0, *ends], [*ends, len(text)], strict=True)]


def _joined(parts: list[str]) -> str:
    """Join sentences: Chinese ones follow each other without a space."""
    joined = parts[0]
    for part in parts[1:]:
        joined += part if ord(joined[-1]) > 0x2000 or joined.endswith("**") else f" {part}"
    return joined


def _as_one(text: str, entries: Catalogue, depth: int) -> tuple[str | None, int]:
    """Return a text in Chinese that is an entry, or fits one, and how far that can be trusted.

    Of the entries that it fits the most trusted, and of these the most specific.
    """
    if (whole := entries.whole.get(text)) is not None:
        return whole, _SURE
    best: tuple[str | None, int] = None, -1
    for entry, parts in entries.matches(text) if depth < _DEEPEST else ():
        told = {name: _part(part, entry.gaps[name], entries, depth + 1) for name, part in parts.items()}
        if (trust := _trust(entry, parts, told)) > best[1]:
            best = entry.filled({name: told[name] or part for name, part in parts.items()}), trust
        if trust == _SURE:
            break
    return best


def _trust(entry: Entry, parts: dict[str, str], told: dict[str, str | None]) -> int:
    """Return how far an entry is what a text says: sure, with clauses in a gap, with a name left, or not at all (-1)."""
    plain = [name for name, kind in entry.gaps.items() if not kind]
    unknown = [parts[name] for name in told if told[name] is None and entry.gaps[name] != "text"]
    # A name may stay as it is; English that is longer than what the entry says itself was not meant by it.
    if sum(map(_letters, unknown)) > _letters(entry.literal):
        return -1
    if None in told.values():
        return _WITH_A_NAME
    return _WITH_CLAUSES if any("; " in parts[name] for name in plain) else _SURE


def _letters(text: str) -> int:
    """Return the number of letters in the English words of a text."""
    return sum(map(len, _ENGLISH.findall(text)))


def _part(part: str, kind: str, entries: Catalogue, depth: int) -> str | None:
    """Return what filled a gap in Chinese; None where it is English that no entry has."""
    if not _LATIN.search(part):
        return "、".join(_COMMA.split(part)) if kind == "list" else part
    if kind == "list":
        return _listed(part, entries, depth)
    if kind == "text":
        return translated(part, entries)
    fit, trust = _as_one(part, entries, depth)
    said = fit if trust == _SURE else _clauses(part, entries) or fit
    return part if said is None and not _ENGLISH.search(part) else said


def _listed(part: str, entries: Catalogue, depth: int) -> str:
    """Return a list in Chinese: its items as they are apart by commas; one that is not understood by "and" and "or" too."""
    told: list[str] = []
    for item in _COMMA.split(part):
        if counted := _COUNTED.fullmatch(item):
            names = [_part(name, "", entries, depth) or name for name in counted[1].split(" · ")]
            told.append(f"{' · '.join(names)}（{counted[2]}）")
            continue
        whole = _part(item, "", entries, depth)
        each = [whole] if whole is not None else [_part(i, "", entries, depth) or i for i in _AND.split(item)]
        told += filter(None, each)
    return "、".join(told)


def main(files: Sequence[str]) -> int:
    """Print what pages (.html) and the prose of notebooks (.ipynb) hold without Chinese; return 1 if there is any."""
    faults, lacking = problems(), 0
    for fault in faults:
        print(fault)
    for file in map(Path, files):
        texts, partly = (notebook_texts(file), []) if file.suffix == ".ipynb" else page_texts(file)
        told = [text for text in texts if in_chinese(text) is None]
        lacking += len(told) + len(partly)
        print(f"== {file.name}: {len(told)} without Chinese, {len(partly)} with English left in the Chinese")
        print("\n".join([*told, *(f"~ {text}" for text in partly)]))
    return 1 if faults or lacking else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
