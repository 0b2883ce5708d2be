"""The list of annotated characters that a damaged page bears, learnt from the page itself."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from analysis.characters import is_traditional

VOWELS = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹ"
SYLLABLE = rf"[a-zü{VOWELS}]{{1,6}}"
TONED = re.compile(f"[{VOWELS}]")
NOTE = re.compile(rf"([\u3400-\u9fff\uf900-\ufaff])\(({SYLLABLE})\)(?:\(\2\))*")
WRECK = re.compile(rf"\?(?=[a-z]{{0,4}}[{VOWELS}][a-z]{{0,3}}\))")
FEWEST = 3  # plain notes; an author's glosses are fewer, or stand where the character first comes
TOLERATED = 0.1  # of a listed character's occurrences may lack the note: lines added after the damage


@lru_cache(maxsize=4096)
def readings(char: str) -> frozenset[str]:
    """Every reading of a character in pinyin with tone marks; empty where none is known."""
    from pypinyin.pinyin_dict import pinyin_dict

    return frozenset(pinyin_dict.get(ord(char), "").split(",")) - {""}


@lru_cache(maxsize=1)
def characters_read() -> dict[str, tuple[str, ...]]:
    """The characters of code page 936 by reading."""
    from analysis.restoring.codepage import PRIVATE, codes

    found: dict[str, list[str]] = {}
    for char, code in codes().items():
        if code > 0xFF and ord(char) not in PRIVATE:
            for reading in readings(char):
                found.setdefault(reading, []).append(char)
    return {reading: tuple(chars) for reading, chars in found.items()}


def learn(text: str) -> dict[str, str]:
    """The characters that a page annotates everywhere, each with its note; empty for a page without the damage.

    A page counts as damaged where it is in traditional script and bears plain notes on characters that hardly ever
    stand without one: more notes than an author's glosses, or marks of a note put into the middle of a character.

    >>> learn("用生僻字做地名的有亳(bó)州、郯(tán)城、盱(xū)眙(yí)。")
    {}
    """
    if not TONED.search(text):
        return {}
    notes = Counter(match for match in NOTE.findall(text) if match[1] in readings(match[0]))
    if not notes:
        return {}
    listed = _annotated_everywhere(text, notes)
    noted = sum(notes[pair] for pair in listed.items())
    wrecks = len(WRECK.findall(text))
    if not (noted and wrecks or noted >= FEWEST and noted > len(listed)):
        return {}
    return listed if is_traditional(text) else {}


def unlearnt(text: str) -> str:
    """What to tell of a page that bears marks of the damage although no list could be learnt; "" for others."""
    if not TONED.search(text) or not is_traditional(text):
        return ""
    notes = sum(note in readings(char) for char, note in NOTE.findall(text))
    broken = len(WRECK.findall(text))
    if notes < FEWEST and not broken:
        return ""
    return f"{notes} pinyin notes and {broken} broken ones, but no list of noted characters: left as it is."


def _annotated_everywhere(text: str, notes: Counter[tuple[str, str]]) -> dict[str, str]:
    """The characters whose commonest note stands at nearly all their occurrences."""
    occurring = Counter(text)
    listed: dict[str, str] = {}
    for (char, note), count in notes.most_common():
        if char not in listed and count >= (1 - TOLERATED) * occurring[char]:
            listed[char] = note
    return listed
