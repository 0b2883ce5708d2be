"""Paragraphs to words: the only module that cuts Chinese text.

jieba decides what a word is; rjieba, its port to Rust, does the work wherever the two agree, which is nearly
everywhere. See `benchmarks/tokeniser.py` for the speed and `tests/test_words.py` for the proof of equality.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from analysis.frames import check_frame
from analysis.lexicon import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

# jieba cuts text into blocks of these characters before it looks at words; the class is jieba's own.
# A Han character beyond that class stands alone.
_BLOCK = re.compile(r"[\u4E00-\u9FD5a-zA-Z0-9+#&\._%\-]+|[\u9FD6-\u9FFF\u3400-\u4DBF\U00020000-\U000323AF]")
# Blocks with these the Rust port cuts otherwise when it guesses unknown words: signs, a dot that is not a plain
# decimal point, a percent sign that follows no digit, Han characters beyond jieba's range.
_ODD = re.compile(
    r"[+#&_\-\u9FD6-\u9FFF\u3400-\u4DBF\U00020000-\U000323AF]|(?<![0-9])[.%]|\.(?![0-9])|\.[0-9]+[.A-Za-z]|%[0-9A-Za-z.%]"
)
# The pattern by which jieba reads a line of a user dictionary: word, frequency, part of speech.
_USER_LINE = re.compile(r"^(.+?)( [0-9]+)?( [a-z]+)?$")
_HAN = re.compile("([\u4e00-\u9fd5]+)")
_LATIN = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")
_PLACEHOLDER = re.compile(r"[XxＸ×*＊□]+")


class Tokeniser:
    """A private word cutter: `cut(text) -> list of words`. Make one with `tokeniser`."""

    def __init__(
        self, added: dict[str, int], removed: Iterable[str], hmm: bool, stop: frozenset[str]
    ) -> None:
        import rjieba

        self._state = (dict(added), tuple(removed), hmm, stop)
        self.hmm, self.stop = hmm, stop
        self._cutter = rjieba.Jieba()
        for word in self._state[1]:
            self._cutter.add_word(word, 0, None)  # frequency 0: no route leads over it
        for word, frequency in added.items():
            self._cutter.add_word(word, frequency, None)

    def __call__(self, text: str) -> list[str]:
        """Cut `text`; joined again the words give the text, unless stop words were left out."""
        words = self._cut_lines(text) if self.hmm and _ODD.search(text) else self._cutter.cut(text, self.hmm)
        return [word for word in words if word not in self.stop] if self.stop else words

    def __reduce__(
        self,
    ) -> tuple[type[Tokeniser], tuple[dict[str, int], tuple[str, ...], bool, frozenset[str]]]:
        return Tokeniser, self._state

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits that change whenever the words, the splits or the settings do."""
        added, removed, hmm, stop = self._state
        return sha256(repr((sorted(added.items()), sorted(removed), hmm, sorted(stop))).encode()).hexdigest()[
            :12
        ]

    def _cut_lines(self, text: str) -> list[str]:
        """Cut a text with odd blocks line by line, so that they are looked for in few lines only."""
        lines = text.splitlines(keepends=True)
        cuts = (self._cut_odd(line) if _ODD.search(line) else self._cutter.cut(line, True) for line in lines)
        return [word for words in cuts for word in words]

    def _cut_odd(self, text: str) -> list[str]:
        """Cut a line with odd blocks: each of them by the slow way, all between them by the fast one."""
        words: list[str] = []
        done = 0
        for block in _BLOCK.finditer(text):
            if _ODD.search(block[0]):
                words += self._cutter.cut(text[done : block.start()], True)
                words += self._cut_block(block[0])
                done = block.end()
        return words + self._cutter.cut(text[done:], True)

    def _cut_block(self, block: str) -> list[str]:
        """jieba's own way: the best route over known words, then guesses for each run of single characters.

        The route is rjieba's, which always agrees with jieba's; a run of letters or digits that is no word was
        joined by it, and is part of the run.
        """
        words: list[str] = []
        run = ""
        for word in self._cutter.cut(block, False):
            if len(word) == 1 or (word.isascii() and word.isalnum() and not self._cutter.has_word(word)):
                run += word
            else:
                words += self._guess(run)
                words.append(word)
                run = ""
        return words + self._guess(run)

    def _guess(self, run: str) -> list[str]:
        if len(run) < 2:
            return [run] if run else []
        return list(run) if self._cutter.has_word(run) else _hidden_markov(run)


def _hidden_markov(run: str) -> list[str]:
    """Cut a run of single characters by jieba's hidden Markov model, whatever other code has told jieba."""
    import jieba.finalseg as finalseg

    words: list[str] = []
    for part in _HAN.split(run):
        if _HAN.match(part):
            words += getattr(finalseg, "__cut")(part)
        else:
            words += [piece for piece in _LATIN.split(part) if piece]
    return words


def tokeniser(
    words: Iterable[str] | None = None,
    *,
    also: Iterable[str] = (),
    hmm: bool = True,
    stop: Iterable[str] = (),
) -> Tokeniser:
    """Make a word cutter that changes nothing outside itself.

    words: None for the project's dictionary and splits; a list for just those words beside jieba's own (a line as
    in jieba's user dictionary: `双招双引` or `双招双引 500 n`); `[]` for plain jieba.
    also: more words beside those, such as the names of local firms.
    hmm: guess words that are in no dictionary, as jieba does by default.
    stop: words left out of what is returned (see `stop_words`).

    The cut is that of jieba 0.42.1 with the same dictionary, about ten times as fast.

    >>> tokeniser([])("招商引资工作")
    ['招商引资', '工作']
    """
    if words is None:
        added, removed = project_dictionary()
    else:
        added, removed = _user_words(words), ()
    added = {**added, **_user_words(also)}
    return Tokeniser(added, removed, hmm, frozenset(stop))


def project_dictionary() -> tuple[dict[str, int], tuple[str, ...]]:
    """Return the words added to jieba's dictionary with their frequencies, and the phrases taken out of it.

    A phrase to be split whose characters jieba would guess together again stays listed, with a frequency too low for
    any route to lead over it: jieba guesses only at what its dictionary does not list.
    """
    words, splits = read_table("lexicon", "words.csv"), read_table("lexicon", "splits.csv")
    frequency = splits["new_frequency"].astype(int)
    listed = dict(zip(splits["phrase"][frequency > 0], frequency[frequency > 0], strict=True))
    added = dict(zip(words["term"], words["frequency"].astype(int), strict=True))
    return {**listed, **added}, tuple(splits["phrase"][frequency == 0])


def stop_words() -> frozenset[str]:
    """Return the project's stop words. They are few: the usual lists delete the rhetoric itself."""
    return frozenset(read_table("lexicon", "stop_words.csv")["term"])


def _user_words(lines: Iterable[str]) -> dict[str, int]:
    if isinstance(lines, str):
        raise ValueError("words is one string; give a list of words, such as ['双招双引', '链长制'].")
    added = {}
    for line in lines:
        match = _USER_LINE.match(line.strip())
        if match is None:
            raise ValueError(f"words has an empty entry ({line!r}). Take it out.")
        word, frequency, _ = match.groups()
        added[word] = int(frequency) if frequency else suggested_frequency(word)
    return added


def suggested_frequency(word: str) -> int:
    """Return the frequency that makes jieba keep `word` whole (its `suggest_freq`)."""
    return _plain_jieba().suggest_freq(word)


@lru_cache(maxsize=1)
def _plain_jieba():  # type: ignore[no-untyped-def]  # jieba has no types
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    return jieba.Tokenizer()


@lru_cache(maxsize=1 << 18)
def is_word(token: str) -> bool:
    """Tell words and numbers from punctuation and from placeholders of blanked-out names (XX, ×, *, □).

    >>> [is_word(token) for token in ("招商", "8.5%", "，", "□", "XX")]
    [True, True, False, False, False]
    """
    return any(sign.isalnum() for sign in token) and not _PLACEHOLDER.fullmatch(token)


def is_number(token: str) -> bool:
    """Tell figures (12, 8.5%, 2021) from words.

    >>> [is_number(token) for token in ("8.5%", "2021", "5G", "第一")]
    [True, True, False, False]
    """
    return re.fullmatch(r"[0-9.,%]+", token) is not None


def ngrams(tokens: list[str], n: int) -> list[str]:
    """Return runs of `n` neighbouring words, joined by a space; none reaches across punctuation.

    >>> ngrams(["优化", "营商环境", "，", "招商"], 2)
    ['优化 营商环境']
    """
    runs = (tokens[i : i + n] for i in range(len(tokens) - n + 1))
    return [" ".join(run) for run in runs if all(is_word(token) for token in run)]


def kwic(paragraphs: pd.DataFrame, term: str, *, width: int = 20) -> pd.DataFrame:
    """Return the concordance of a term (keyword in context). One row an occurrence.

    The term is looked for as a string, so that it is found however the text is cut. Columns: doc_id, para (missing
    where the frame has none), left, term, right; `width` is the number of characters on either side. A missing text has
    no occurrence.

    Raises ValueError where the term is empty, `width` negative, or the frame has no text.
    """
    import pandas as pd

    if not isinstance(term, str) or not term:
        raise ValueError(f"term is {term!r}; give a word or phrase to look for, such as '招商引资'.")
    if width < 0:
        raise ValueError(f"width is {width}; give a number of characters from 0.")
    check_frame(paragraphs, "kwic", "doc_id", "text", advice="A concordance needs the texts, not counts.")
    columns = ["doc_id", "para", "left", "term", "right"]
    numbers = paragraphs["para"] if "para" in paragraphs else [pd.NA] * len(paragraphs)
    lines = [
        (doc, para, text[max(0, at - width) : at], term, text[at + len(term) : at + len(term) + width])
        for doc, para, text in zip(paragraphs["doc_id"], numbers, paragraphs["text"], strict=True)
        if isinstance(text, str)
        for at in _places_of(term, text)
    ]
    found = pd.DataFrame(lines, columns=columns)
    found.attrs["right"] = ["left"]  # shown aligned on the term
    return found


def _places_of(term: str, text: str) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(term), text)]
