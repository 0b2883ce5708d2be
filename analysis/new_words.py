"""Which strings of characters behave like words: candidates for the domain dictionary.

Proposals only. What becomes a row of `data/lexicon/words.csv` is decided by a reader, by the rules for words.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from analysis.frames import check_frame

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

# Basic Chinese characters and 〇; all else (figures, Latin letters, punctuation, the sign for a lost name) bounds a string.
FIRST_HAN, LAST_HAN, ZERO = 0x4E00, 0x9FFF, 0x3007
BOUNDARY = 0


def propose_words(
    text_or_frame: str | pd.DataFrame,
    *,
    min_count: int = 10,
    max_length: int = 6,
    min_pmi: float = 3.0,
    min_entropy: float = 1.0,
) -> pd.DataFrame:
    """Strings of 2 to `max_length` Chinese characters that hold together inside and stand free outside.

    One row is one candidate: `term`; `count`, occurrences (overlapping ones counted); `docs`, documents that hold
    it; `cities`, only where the frame has `city`; `pmi` in bits; `left_entropy` and `right_entropy` in bits; `known`,
    whether jieba's own dictionary lists it.  Sorted by count, then term; the order of documents changes nothing.

    pmi is the least over the inner cuts a|b of log2(p(ab) / (p(a) p(b))), p being a string's count over the number
    of Chinese characters: the cohesion of its weakest joint (pointwise mutual information: Church & Hanks 1990;
    the minimum over cuts: Sproat & Shih 1990 for two characters, extended).
    left_entropy and right_entropy are the entropy of the neighbouring character (branching entropy: Jin &
    Tanaka-Ishii 2006); each boundary (start, end, punctuation, figure) counts as a neighbour of its own
    (Feng, Chen, Deng & Zheng 2004), so that a slogan that stands only between quotation marks is found.
    Both are descriptions, not tests; rare strings have inflated pmi, hence `min_count`.

    The argument is one text, or a frame with `text` and, where it has rows finer than documents, `doc_id`.
    Raises ValueError where `text` is missing or a bound makes no sense.
    """
    import pandas as pd

    if min_count < 1 or max_length < 2:
        raise ValueError(
            f"min_count is {min_count} and max_length {max_length}. Pass at least 1 and at least 2."
        )
    frame = pd.DataFrame({"text": [text_or_frame]}) if isinstance(text_or_frame, str) else text_or_frame
    check_frame(frame, "propose_words", "text", advice="Pass documents or paragraphs, or one text.")
    frame = frame[frame["text"].notna()]
    signs, rows = _signs(frame["text"])
    units = {"docs": _codes(frame, "doc_id")[rows]}
    if "city" in frame.columns:
        units["cities"] = _codes(frame, "city")[rows]
    found = _measure(signs, units, min_count, max_length)
    if found.empty:
        return found
    kept = found[
        (found["pmi"] >= min_pmi) & (found[["left_entropy", "right_entropy"]].min(axis=1) >= min_entropy)
    ]
    listed = jieba_words()
    kept = kept.assign(known=[term in listed for term in kept["term"]])
    return kept.sort_values(["count", "term"], ascending=[False, True], ignore_index=True)


def _signs(texts: pd.Series) -> tuple[Ints, Ints]:
    """All texts as one array of code points, a boundary after each and for all that is not Chinese; each sign's row."""
    import numpy as np

    joined = "\n".join(texts) + "\n"
    signs = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
    han = ((signs >= FIRST_HAN) & (signs <= LAST_HAN)) | (signs == ZERO)
    signs[~han] = BOUNDARY
    rows = np.repeat(np.arange(len(texts)), [len(text) + 1 for text in texts])
    return signs, rows


def _codes(frame: pd.DataFrame, column: str) -> Ints:
    """A number for each row's document or city; without the column every row is its own. A missing city is -1."""
    import numpy as np
    import pandas as pd

    if column not in frame.columns:
        return np.arange(len(frame), dtype=np.int64)
    return pd.factorize(frame[column])[0].astype(np.int64)


def _measure(signs: Ints, units: dict[str, Ints], min_count: int, max_length: int) -> pd.DataFrame:
    """Count, measures and spread of every string of 2 to `max_length` characters that occurs `min_count` times."""
    import numpy as np
    import pandas as pd

    # Position i of counts[n - 1] holds how often the n characters from i on occur: 0 where they cross a boundary.
    han = signs != BOUNDARY
    total = int(han.sum())
    ids = [np.unique(signs, return_inverse=True)[1].astype(np.int64)]
    counts = [np.where(han, np.bincount(ids[0])[ids[0]], 0)]
    tables = []
    for length in range(2, max_length + 1):
        starts = _live_starts(counts[-1], counts[0], length, min_count)
        if not len(starts):
            break
        number, count = _number_strings(ids[-1], ids[0], starts, length)
        ids.append(_spread(number, starts, len(signs)))
        counts.append(_spread(count[number], starts, len(signs)))
        enough = count[number] >= min_count
        if enough.any():
            tables.append(_table(signs, units, counts, starts[enough], number[enough], total))
    if not tables:
        return pd.DataFrame(columns=_columns(units))
    return pd.concat(tables, ignore_index=True)


def _columns(units: dict[str, Ints]) -> list[str]:
    return ["term", "count", *units, "pmi", "left_entropy", "right_entropy", "known"]


def _live_starts(shorter: Ints, single: Ints, length: int, min_count: int) -> Ints:
    """Where a string of `length` may still occur often enough: both strings one shorter in it do."""
    import numpy as np

    last = len(shorter) - length + 1
    # A character alone may be rarer than the bound only if the string is: the same test does for length 2.
    live = (shorter[:last] >= min_count) & (shorter[1 : last + 1] >= min_count)
    return np.flatnonzero(live & (single[length - 1 : last + length - 1] > 0))


def _number_strings(shorter: Ints, single: Ints, starts: Ints, length: int) -> tuple[Ints, Ints]:
    """A number for each distinct string that starts at `starts`, and how often each occurs."""
    import numpy as np

    keys = shorter[starts] * (int(single.max()) + 1) + single[starts + length - 1]
    _, number, count = np.unique(keys, return_inverse=True, return_counts=True)
    return number.astype(np.int64), count.astype(np.int64)


def _spread(values: Ints, starts: Ints, size: int) -> Ints:
    import numpy as np

    spread = np.zeros(size, dtype=np.int64)
    spread[starts] = values
    return spread


def _table(
    signs: Ints, units: dict[str, Ints], counts: list[Ints], starts: Ints, number: Ints, total: int
) -> pd.DataFrame:
    """One row for each distinct string of one length, `number` telling which string starts at each of `starts`."""
    import numpy as np
    import pandas as pd

    length = len(counts)
    _, first, string, count = np.unique(number, return_index=True, return_inverse=True, return_counts=True)
    at = starts[first]
    before = np.where(starts > 0, signs[starts - 1], BOUNDARY)
    columns: dict[str, object] = {
        "term": ["".join(map(chr, signs[start : start + length])) for start in at],
        "count": count,
        **{name: _distinct(string, unit[starts], len(count)) for name, unit in units.items()},
        "pmi": _weakest_joint(counts, at, total),
        "left_entropy": _entropy(string, before, count),
        "right_entropy": _entropy(string, signs[starts + length], count),
    }
    return pd.DataFrame(columns)


def _weakest_joint(counts: list[Ints], at: Ints, total: int) -> NDArray[np.float64]:
    """Pointwise mutual information in bits of the string at each start, the least over its inner cuts."""
    import numpy as np

    length = len(counts)
    whole = counts[-1][at]
    joints = [
        np.log2(
            whole * float(total) / (counts[cut - 1][at] * counts[length - cut - 1][at + cut].astype(float))
        )
        for cut in range(1, length)
    ]
    return np.min(joints, axis=0)


def _distinct(string: Ints, unit: Ints, size: int) -> Ints:
    """How many distinct units (documents, cities) each string occurs in; a missing unit (-1) is none."""
    import numpy as np

    known = unit >= 0
    pairs = np.unique(string[known] * (int(unit.max(initial=0)) + 1) + unit[known])
    return np.bincount(pairs // (int(unit.max(initial=0)) + 1), minlength=size).astype(np.int64)


def _entropy(string: Ints, neighbour: Ints, count: Ints) -> NDArray[np.float64]:
    """Entropy in bits of each string's neighbouring character, every boundary a neighbour of its own."""
    import numpy as np

    inner = neighbour != BOUNDARY
    pairs, together = np.unique(string[inner] * (LAST_HAN + 1) + neighbour[inner], return_counts=True)
    owner = pairs // (LAST_HAN + 1)
    share = together / count[owner]
    entropy = np.bincount(owner, weights=-share * np.log2(share), minlength=len(count))
    bounds = np.bincount(string[~inner], minlength=len(count))
    return entropy + bounds / count * np.log2(count)


@cache
def jieba_words() -> dict[str, str]:
    """Return the words of jieba's own dictionary file, each with its part of speech."""
    import jieba

    with jieba.get_dict_file() as lines:
        entries = (line.decode("utf-8").split() for line in lines)
        return {word: tag for word, _, tag in entries}
