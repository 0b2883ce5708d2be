"""Texts that stand in a collection twice: whole, changed a little, as a part of another, or within one text."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

SHINGLE = 12  # characters: long enough that ordinary phrases of the genre seldom agree by chance
# Of long texts one shingle in 8 is kept, chosen by its hash, so that all texts choose the same ones. This is the
# "scaled" form of MinHash (Irber et al. 2022). Unlike a signature of fixed length it sees a part within a whole.
SAMPLE = 8
WHOLE = (
    4000  # texts of fewer shingles keep all of them: a sample of a short text would be too small to judge by
)
FEWEST = 5  # sampled shingles that two texts must share to be looked at ...
SMALLEST = 0.08  # ... and this share of the smaller text's; neighbouring years of a city share 4 % (99 of 100: under 8 %)
COMMONEST = 100  # a shingle of more texts is a set phrase of the genre
_KEPT = re.compile("[^\u4e00-\u9fff0-9A-Za-z]+")


def digest(text: str) -> str:
    """A fingerprint of the letters and figures of a text: alike for copies that differ in marks and spaces alone.

    >>> digest("招商，引资") == digest(" 招商引资。")
    True
    """
    return sha256(_KEPT.sub("", text).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def shingles(text: str) -> Any:
    """The hashes of a text's shingles of 12 Chinese characters, in their order; of a long text one in 8.

    >>> len(shingles("一二三四五六七八九十，招商引资"))
    3
    """
    hashes = _hashes(text)
    return hashes[hashes < _limit(SAMPLE)] if len(hashes) >= WHOLE else hashes


def sketch(hashes: Any) -> bytes:
    """A text's shingles sorted, each once: about 15 kB for a report."""
    import numpy as np

    return np.unique(hashes).tobytes()


def repeated(hashes: Any) -> float:
    """The share of a text's shingles that stand in it before.

    >>> repeated(shingles("一二三四五六七八九十招商引资" * 2)) > 0.1, repeated(shingles("一二三四五六七八九十招商"))
    (True, 0.0)
    """
    import numpy as np

    return 1 - len(np.unique(hashes)) / len(hashes) if len(hashes) else 0.0


class Pair(NamedTuple):
    """Two texts (their positions, a < b) and what they share: of all shingles, of the smaller text's, how many kept."""

    a: int
    b: int
    jaccard: float
    containment: float
    shared: int
    exact: bool


def pairs(facts: pd.DataFrame) -> list[Pair]:
    """Pairs of texts that share shingles, by the columns digest and sketch of `facts`.

    Every pair that shares 5 sampled shingles and 8 % of the smaller text's is found, whatever their lengths (shingles of
    more than 100 different texts do not count): the sketches are multiplied as one sparse matrix (scipy). Shares are
    exact for texts of fewer than 4,000 shingles, of longer ones estimates from about 1,900 (standard error about 1
    point).
    """
    import numpy as np

    kept = [np.frombuffer(row, dtype=np.uint64) for row in facts["sketch"]]
    # Texts that are letter for letter alike are multiplied once: a hundred copies would make their shingles common.
    alike: dict[str, list[int]] = {}
    for at, fingerprint in enumerate(facts["digest"]):
        alike.setdefault(fingerprint, []).append(at)
    groups = [group for group in alike.values() if len(kept[group[0]])]
    found = [
        Pair(a, b, 1.0, 1.0, len(kept[a]), True)
        for group in groups
        for a, b in zip(group, group[1:], strict=False)
    ]
    for x, y in _candidates([kept[group[0]] for group in groups]):
        a, b = sorted((groups[x][0], groups[y][0]))
        found.append(Pair(a, b, *_compared(kept[a], kept[b]), False))
    return found


def _limit(sample: int) -> np.uint64:
    import numpy as np

    return np.uint64(2**64 // sample)


def _hashes(text: str) -> Any:
    """A 64-bit hash of each shingle, all at once: a polynomial of the code points, then MurmurHash3's finaliser."""
    import numpy as np

    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    points = points[(points >= 0x4E00) & (points <= 0x9FFF)].astype(np.uint64)
    n = max(len(points) - SHINGLE + 1, 0)
    hashes = np.zeros(n, np.uint64)
    for at in range(SHINGLE):
        hashes = hashes * np.uint64(0x100000001B3) + points[at : at + n]
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        hashes = (hashes ^ (hashes >> np.uint64(33))) * np.uint64(factor)
    return hashes ^ (hashes >> np.uint64(33))


def _candidates(kept: list[Any]) -> list[tuple[int, int]]:
    """Pairs of texts that share enough sampled shingles."""
    import numpy as np
    from scipy.sparse import csr_matrix, triu

    sampled = [hashes[hashes < _limit(SAMPLE)] for hashes in kept]
    ends = np.cumsum([0, *map(len, sampled)])
    if not ends[-1]:
        return []
    _, columns = np.unique(np.concatenate(sampled), return_inverse=True)
    ones = np.ones(len(columns), np.int32)
    matrix = csr_matrix((ones, columns, ends), shape=(len(kept), int(columns.max()) + 1))
    texts = np.bincount(columns)
    rare = matrix[:, np.flatnonzero((texts > 1) & (texts <= COMMONEST))]
    common = matrix[:, np.flatnonzero(texts > COMMONEST)]
    # Of a shingle in very many texts only the pairs with the first of them are looked at: a hundred copies stay linked.
    product = triu(rare @ rare.T + _first(common) @ common.T, k=1).tocoo()
    sizes = np.diff(ends)
    smaller = np.minimum(sizes[product.row], sizes[product.col])
    enough = (product.data >= FEWEST) & (product.data >= SMALLEST * smaller)
    return sorted(zip(product.row[enough].tolist(), product.col[enough].tolist(), strict=True))


def _first(matrix: Any) -> Any:
    """The same matrix with only the first text of each column."""
    import numpy as np
    from scipy.sparse import csr_matrix

    columns = matrix.tocsc()
    first = columns.indices[columns.indptr[:-1]] if matrix.shape[1] else np.zeros(0, int)
    ones = np.ones(len(first), np.int32)
    return csr_matrix((ones, (first, np.arange(len(first)))), shape=matrix.shape)


def _compared(a: Any, b: Any) -> tuple[float, float, int]:
    """Jaccard index, containment of the smaller in the larger, and number of shared shingles."""
    import numpy as np

    if min(len(a), len(b)) and (_sampled(a) or _sampled(b)):
        a, b = a[a < _limit(SAMPLE)], b[b < _limit(SAMPLE)]
    shared = len(np.intersect1d(a, b, assume_unique=True))
    return shared / max(len(a) + len(b) - shared, 1), shared / max(min(len(a), len(b)), 1), shared


def _sampled(hashes: Any) -> bool:
    return bool(
        hashes[-1] < _limit(SAMPLE)
    )  # sorted; of all hashes of a text the last is all but surely above
