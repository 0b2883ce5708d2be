"""How likely a character is after two others: by a dictionary's words and by the page's own text.

Characters are compared in simplified script and ASCII punctuation, so that one model serves pages of any script.
"""

from __future__ import annotations

import math
from collections import Counter
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from analysis.lexicon import data_path, read_table
from analysis.restoring.codepage import NARROW_OF, PRIVATE, codes

# Shares of punctuation and the like in running text, which the dictionary of words does not tell.
PLAIN = {",": 0.05, "。": 0.03, "、": 0.03, "\n": 0.012, "“": 0.006, "”": 0.006, " ": 0.003, ".": 0.003}
PLAIN |= (
    dict.fromkeys("0123456789", 0.003) | dict.fromkeys(":;()《》%", 0.002) | dict.fromkeys("?!—·-+/", 0.0003)
)
PLAIN |= {"\u3000": 0.00001}
# What follows a mark more often than its share says: the ends of lines, numbered markers, figures.
PAIRS = {"\u3000\u3000": 0.3, "\n\u3000": 0.05, "\n(": 0.05, "。\n": 0.2, "。\u3000": 0.02, "!\n": 0.2}
PAIRS |= {f"({digit}": 0.03 for digit in "0123456789"} | {f"{digit})": 0.03 for digit in "0123456789"}
PAIRS |= {f"{a}{b}": 0.03 for a in "0123456789" for b in "0123456789"} | {f"{a}%": 0.06 for a in "0123456789"}
PAIRS |= {f"{a}.": 0.06 for a in "0123456789"} | {f".{a}": 0.08 for a in "0123456789"}
DICTIONARY = 1 - sum(PLAIN.values())  # the share left to the dictionary's characters
DIGIT = "\ufffe"  # stands for a digit that is lost
FLOOR = 1e-8
OWN_WORDS = 300  # the weight of a word of the project's own dictionary, in the counts of jieba's
BACKING = (1.0, 1.0, 1.0)  # trust in the general model, as a multiple of the odds of a new character
ALONE = 0.2  # trust in a character's share alone, whatever comes before it
WEIGHT = 2000.0  # characters of text that the general model's shares weigh as much as
LONGEST = 6


@lru_cache(maxsize=1)
def simplified() -> dict[str, str]:
    """The characters of code page 936 whose simplified form is another, and full-width marks as ASCII."""
    import opencc

    han = [char for char, code in codes().items() if code > 0xFF and ord(char) not in PRIVATE]
    simple = opencc.OpenCC("t2s").convert("\n".join(han)).split("\n")
    changed = {a: b for a, b in zip(han, simple, strict=True) if a != b and len(b) == 1}
    return changed | NARROW_OF | {"著": "着"}


@lru_cache(maxsize=1)
def usual() -> frozenset[str]:
    """The characters that a text in traditional script is written with: no form that a conversion would replace."""
    import opencc

    han = [char for char, code in codes().items() if code > 0xFF and ord(char) not in PRIVATE]
    simple = {char: simplified().get(char, char) for char in han}
    forms = [opencc.OpenCC(way).convert("\n".join(han)).split("\n") for way in ("s2t", "s2tw")]
    kept = {char for form in forms for char, new in zip(han, form, strict=True) if char == new}
    made = {new for form in forms for new in form if new in simple}
    return frozenset(kept | made)


class Dictionary:
    """Counts of neighbouring characters within the words of jieba's dictionary and the project's own."""

    def __init__(self) -> None:
        one: Counter[str] = Counter()
        two: Counter[str] = Counter()
        three: Counter[str] = Counter()
        first: Counter[str] = Counter()
        last: Counter[str] = Counter()
        for word, weight in _words().items():
            first[word[0]] += weight
            last[word[-1]] += weight
            for place, char in enumerate(word):
                one[char] += weight
                if place:
                    two[word[place - 1 : place + 1]] += weight
                if place > 1:
                    three[word[place - 2 : place + 1]] += weight
        self.one, self.two, self.three = dict(one), dict(two), dict(three)
        total, words = sum(one.values()), sum(first.values())
        self.share = {char: max(FLOOR, DICTIONARY * count / total) for char, count in one.items()} | PLAIN
        self.start = {char: max(FLOOR, DICTIONARY * count / words) for char, count in first.items()}
        self.end = dict(last)

    def after(self, before: str, char: str) -> float:
        """The probability of a character after another: within a word, or at the start of the next one."""
        pair = before + char
        if pair in PAIRS:
            return PAIRS[pair]
        alone, count = self.share.get(char, FLOOR), self.one.get(before)
        if not count:
            return alone
        ends = self.end.get(before, 0)
        if char in PLAIN:
            return alone * 2 * (ends + 1) / (count + 2)
        seen = (self.two.get(pair, 0) + ends * self.start.get(char, FLOOR)) / count
        return 0.95 * seen + 0.05 * alone

    def after_two(self, before: str, char: str) -> float:
        """The probability of a character after two others."""
        if char == "(" and before[-1:] == "\u3000" and before[:-1] in ("", "\n", "\u3000"):
            return 0.2  # a numbered marker after the indent
        general = self.after(before[-1:], char)
        count = self.two.get(before)
        if not count or len(before) < 2:
            return general
        return (self.three.get(before + char, 0) + 0.3 * count * general) / (1.3 * count)


@lru_cache(maxsize=1)
def dictionary() -> Dictionary:
    """The dictionary model, built at first use (about two seconds)."""
    return Dictionary()


def _words() -> dict[str, int]:
    found: dict[str, int] = {}
    spec = find_spec("jieba")
    path = Path(spec.origin).with_name("dict.txt") if spec and spec.origin else data_path("lexicon")
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            word, weight, _ = line.split(" ", 2)
            if len(word) <= LONGEST and weight != "0":
                found[word] = int(weight)
    for word in read_table("lexicon", "words.csv")["term"]:
        found[word] = max(found.get(word, 0), OWN_WORDS)
    return found


class Likelihood:
    """Logarithms of probabilities of the next character, by a page's own text and the dictionary."""

    def __init__(self, own: str) -> None:
        """`own`: the undamaged text of the page."""
        own = own.translate({ord(a): b for a, b in simplified().items()})
        self._counts = [
            dict(Counter(own[place : place + n] for place in range(len(own)))) for n in range(1, 5)
        ]
        # How many different characters come after each context: the odds that the next one is new there (Witten-Bell).
        self._kinds = [dict(Counter(longer[:-1] for longer in counts)) for counts in self._counts[1:]]
        self._size = len(own)
        self._general = dictionary()
        self._known: dict[str, float] = {}
        self._shares: dict[str, float] = {}
        self._simple = simplified() | {DIGIT: "1"}

    def folded(self, char: str) -> str:
        """A character as it is compared."""
        return self._simple.get(char, char)

    def share(self, char: str) -> float:
        """The share of a character in text such as the page's."""
        char = self.folded(char)
        found = self._shares.get(char)
        if found is None:
            own, general = self._counts[0].get(char, 0), self._general.share.get(char, FLOOR)
            found = self._shares[char] = (own + WEIGHT * general) / (self._size + WEIGHT)
        return found

    def __call__(self, before: str, char: str) -> float:
        """The logarithm of the probability of `char` (any script) after `before` (folded, at most three)."""
        key = f"{before:>3}{char}"
        found = self._known.get(key)
        if found is None:
            odds = 10 if char == DIGIT else 1  # any of the ten
            found = self._known[key] = math.log(odds * self._probability(before, self.folded(char)))
        return found

    def _probability(self, before: str, char: str) -> float:
        found = (1 - ALONE) * self._general.after_two(before[-2:], char) + ALONE * self.share(char)
        for size in range(1, len(before) + 1):
            context = before[-size:]
            seen = self._counts[size - 1].get(context)
            if seen is None:
                break
            backing = BACKING[size - 1] * self._kinds[size - 1].get(context, 1)
            found = (self._counts[size].get(context + char, 0) + backing * found) / (seen + backing)
        return found
