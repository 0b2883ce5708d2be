"""Text that several texts share word for word: shingles of twelve signs and what they cover.

A shingle is a run of twelve letters and figures; Chinese characters are letters. Punctuation and white space are passed
over: they change with the typist and the page, and a passage that was taken over with other commas was taken over. Figures
stay: a sentence with another number in it says something else.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    import numpy as np

SHINGLE = 12  # long enough that ordinary phrases of the genre seldom agree by chance
AT_ONCE = 1 << 24  # hashes in memory at a time: 128 MB, however many texts there are
_BASE = 0x9E3779B97F4A7C15  # 2**64 over the golden ratio, odd
_MIX = (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53)  # MurmurHash3's finaliser
_SIGNS = 0x110000


def shingles(text: str) -> np.ndarray:
    """Return the 64-bit hash of each shingle, in their order; the i-th begins at the i-th letter or figure.

    A polynomial of the code points, then MurmurHash3's finaliser: among 36 million different shingles two agree by chance
    in one of 28,000 collections.

    >>> len(shingles("一二三四五六，七八九十招商12")), len(shingles("招商引资"))
    (3, 0)
    """
    return _hashes(_points(text)[0])


def shared_shingles(texts: Sequence[str], groups: Sequence[Hashable]) -> np.ndarray:
    """Return the shingles, sorted, that stand in texts of two or more groups.

    groups: one a text, such as its city; what one group repeats is not shared. A text whose group is missing counts
    for none: nobody knows whether its group is another.

    The texts' order changes nothing. However many there are, about 16 million hashes are held at a time: longer
    collections are gone through several times, each time for some of the hashes.
    """
    import numpy as np

    together = _together(groups)
    parts = max(1, -(-sum(map(len, texts)) // AT_ONCE))
    found = [_in_two(_hashes_of_part(texts, together, part, parts)) for part in range(parts)]
    return np.concatenate(found)  # in rising order already


def shared_marks(text: str, shared: np.ndarray) -> np.ndarray:
    """Tell of each character of the text whether it is a letter or figure that lies in a shared shingle.

    shared: sorted hashes, as of `shared_shingles`. A word lies in shared text where all its letters are marked.
    """
    import numpy as np

    points, places = _points(text)
    found = np.flatnonzero(_among(_hashes(points), shared))
    steps = np.zeros(len(points) + 1, np.int64)
    np.add.at(steps, found, 1)
    np.add.at(steps, np.minimum(found + SHINGLE, len(points)), -1)
    marks = np.zeros(len(text), bool)
    marks[places] = np.cumsum(steps)[:-1] > 0
    return marks


def shared_at(text: str, shared: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where shared shingles begin, counted in letters and figures, and the number of each in `shared`."""
    import numpy as np

    hashes = shingles(text)
    found = np.flatnonzero(_among(hashes, shared))
    return found.astype(np.int32), np.searchsorted(shared, hashes[found]).astype(np.int32)


def letters(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the code points of a text's letters and figures, and where each stands in the text."""
    return _points(text)


def shared_share(text: str, marks: np.ndarray) -> float:
    """Return the share of a text's letters and figures that are marked; 0 for a text without any."""
    letters = len(_points(text)[1])
    return float(marks.sum()) / letters if letters else 0.0


# ---- from texts to hashes


@lru_cache(maxsize=1)
def _letters() -> np.ndarray:
    """Of each sign there is: whether it is a letter or figure (as `analysis.words.is_word` sees it)."""
    import numpy as np

    return np.fromiter((chr(sign).isalnum() for sign in range(_SIGNS)), bool, _SIGNS)


def _points(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the code points of a text's letters and figures, and where each stands in the text."""
    import numpy as np

    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    places = np.flatnonzero(_letters()[points])
    return points[places].astype(np.uint64), places


def _hashes(points: np.ndarray) -> np.ndarray:
    import numpy as np

    n = max(len(points) - SHINGLE + 1, 0)
    hashes = np.zeros(n, np.uint64)
    for at in range(SHINGLE):
        hashes *= np.uint64(_BASE)
        hashes += points[at : at + n]
    for factor in _MIX:
        hashes ^= hashes >> np.uint64(33)
        hashes *= np.uint64(factor)
    return hashes ^ (hashes >> np.uint64(33))


# ---- which are shared


def _together(groups: Sequence[Hashable]) -> list[list[int]]:
    """Return the positions of each group's texts; those of no group are left out."""
    import pandas as pd

    codes, _ = pd.factorize(pd.Series(list(groups), dtype=object))
    places: dict[int, list[int]] = {}
    for at, code in enumerate(codes):
        if code >= 0:
            places.setdefault(int(code), []).append(at)
    return list(places.values())


def _hashes_of_part(
    texts: Sequence[str], together: list[list[int]], part: int, parts: int
) -> Iterator[np.ndarray]:
    """Yield each group's shingles, each once: those whose hash lies in this part of the numbers up to 2**64."""
    import numpy as np

    half = np.uint64(32)
    for group in together:
        every = [shingles(texts[at]) for at in group]
        if parts > 1:  # the upper half of the number tells its part
            every = [h[((h >> half) * np.uint64(parts)) >> half == part] for h in every]
        yield _once(np.concatenate(every))


def _once(hashes: np.ndarray) -> np.ndarray:
    """Return the hashes sorted, each once; quicker than numpy's `unique`."""
    import numpy as np

    hashes = np.sort(hashes)
    return hashes[np.diff(hashes, prepend=~hashes[:1]) != 0]


def _in_two(groups: Iterator[np.ndarray]) -> np.ndarray:
    """Return what stands in two arrays or more, sorted, each once; no array holds anything twice."""
    import numpy as np

    hashes = np.sort(np.concatenate([np.zeros(0, np.uint64), *groups]))
    return _once(hashes[1:][hashes[1:] == hashes[:-1]])


def _among(hashes: np.ndarray, shared: np.ndarray) -> np.ndarray:
    """Tell of each hash whether it is among those sorted in `shared`."""
    import numpy as np

    found = np.zeros(len(hashes), bool)
    if len(shared):
        order = np.argsort(hashes)  # looked up in order: four times as fast
        ordered = hashes[order]
        places = np.minimum(np.searchsorted(shared, ordered), len(shared) - 1)
        found[order] = shared[places] == ordered
    return found
