"""Which text stood where before: shared shingles told apart by where they stood first, and runs of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.chunks import FEW, progress
from analysis.sharing import SHINGLE, letters, shared_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

CENTRAL, OWN, COMMON, BORROWED, SAME_YEAR = range(5)
KINDS = ("central", "own", "common", "borrowed", "same year")
NEVER = 9999  # a year after all


@dataclass(frozen=True)
class Shelf:
    """Documents by year, as numbers: city, province (−1: unknown) and year of each.

    Documents are in the order of their years, so that those before a year are the first so many. signs: the letters of all,
    one after the other, as code points; those of the i-th lie from bounds[i] to bounds[i + 1].
    """

    city: np.ndarray
    province: np.ndarray
    year: np.ndarray
    signs: np.ndarray
    bounds: np.ndarray


@dataclass(frozen=True)
class Places:
    """Where shared shingles stand: shingle (its number), doc, at (letters before it); sorted by shingle, doc and at."""

    shingle: np.ndarray
    doc: np.ndarray
    at: np.ndarray


@dataclass(frozen=True)
class Runs:
    """Runs of letters of a document that another has in the same order: begin and end count letters of `doc`, and `shift` is
    to be added for those of `source`."""

    doc: np.ndarray
    source: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    shift: np.ndarray

    def take(self, chosen: np.ndarray) -> Runs:
        parts = (self.doc, self.source, self.begin, self.end, self.shift)
        return Runs(*(part[chosen] for part in parts))


def find_places(texts: Sequence[str], shared: np.ndarray) -> Places:
    """Find every shared shingle in every text."""
    import numpy as np

    each = progress(texts, "shared text", long=len(texts) > FEW, unit="document")
    found = [shared_at(text, shared) for text in each]
    doc = np.repeat(np.arange(len(texts), dtype=np.int32), [len(at) for at, _ in found])
    empty = [np.zeros(0, np.int32)]
    at = np.concatenate(empty + [own for own, _ in found])
    shingle = np.concatenate(empty + [own for _, own in found])
    order = np.argsort(shingle, kind="stable")  # texts and places are in order already
    return Places(shingle[order], doc[order], at[order])


def kinds(places: Places, shelf: Shelf, central: np.ndarray, provinces: int) -> np.ndarray:
    """Say of each place what its shingle is there; see `Reuse.passages`.

    central: for each shingle the first year in which the State Council has it, or 9999. provinces: so many make it common.
    """
    import numpy as np

    year = shelf.year[places.doc]
    own = _earliest_own(places, shelf)
    others = _earliest_of_others(places, shelf)
    before = _provinces_until(places, shelf, year - 1)
    with_year = _provinces_until(places, shelf, year)
    wide = (before >= provinces) | ((before == 0) & (with_year >= provinces))
    choices = [central[places.shingle] <= year, own < year, wide, others < year, others == year]
    return np.select(choices, [CENTRAL, OWN, COMMON, BORROWED, SAME_YEAR], -1).astype(np.int8)


def elsewhere(places: Places, shelf: Shelf, chosen: np.ndarray, *, same_year: bool) -> tuple[np.ndarray, ...]:
    """Return doc, source, at and shift of the chosen places with each document of another city that has the shingle.

    Those of earlier years, or of the same year.
    """
    import numpy as np

    shingle, doc, at = places.shingle[chosen].astype(np.int64), places.doc[chosen], places.at[chosen]
    first, n = _first_places(places), len(shelf.year)
    holder = places.shingle[first].astype(np.int64) * n + places.doc[first]
    start = np.searchsorted(shelf.year, shelf.year[doc], side="left")
    stop = np.searchsorted(shelf.year, shelf.year[doc], side="right")
    low = np.searchsorted(holder, shingle * n + (start if same_year else 0))
    many = np.searchsorted(holder, shingle * n + (stop if same_year else start)) - low
    which = np.repeat(np.arange(len(doc)), many)
    within = np.arange(len(which)) - np.repeat(np.cumsum(many) - many, many)
    held = first[low[which] + within]
    keep = shelf.city[places.doc[held]] != shelf.city[doc[which]]
    which, held = which[keep], held[keep]
    return doc[which], places.doc[held], at[which], places.at[held] - at[which]


def at_home(places: Places, shelf: Shelf, chosen: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return the same with the city's own first document that has the shingle."""
    number, first = _by_group(places, shelf.city)
    held = first[number[chosen]]
    return places.doc[chosen], places.doc[held], places.at[chosen], places.at[held] - places.at[chosen]


def runs(doc: np.ndarray, source: np.ndarray, at: np.ndarray, shift: np.ndarray) -> Runs:
    """Join places that follow one another in both documents; a run of one shingle has 12 letters."""
    import numpy as np

    order = np.lexsort((at, shift, source, doc))
    doc, source, at, shift = doc[order], source[order], at[order], shift[order]
    fresh = np.ones(len(doc), dtype=bool)
    fresh[1:] = (np.diff(doc) != 0) | (np.diff(source) != 0) | (np.diff(shift) != 0) | (np.diff(at) != 1)
    begins = np.flatnonzero(fresh)
    ends = np.append(begins[1:], len(doc)) - 1 if len(begins) else begins
    return Runs(doc[begins], source[begins], at[begins], at[ends] + SHINGLE, shift[begins])


def lengthened(found: Runs, shelf: Shelf) -> Runs:
    """Lengthen runs over the common and central text beside them, as far as both documents agree; each run once."""
    import numpy as np

    sizes = np.diff(shelf.bounds)
    start, other = shelf.bounds[found.doc], shelf.bounds[found.source] + found.shift
    least = np.maximum(0, -found.shift)
    most = np.minimum(sizes[found.doc], sizes[found.source] - found.shift)
    end = _walked(shelf.signs, start, other, found.end, most, 1)
    begin = _walked(shelf.signs, start - 1, other - 1, found.begin, least, -1)
    longer = Runs(found.doc, found.source, begin, end, found.shift)
    order = np.lexsort((begin, found.shift, found.source, found.doc))
    longer = longer.take(order)
    new = np.ones(len(order), dtype=bool)
    new[1:] = False
    for part in (longer.doc, longer.source, longer.shift, longer.begin):
        new[1:] |= np.diff(part) != 0
    return longer.take(new)


def longest(found: Runs, year: np.ndarray) -> Runs:
    """Leave out runs that lie inside a longer one of the same document, and of equal ones those not from the first year."""
    import numpy as np

    order = np.lexsort((year[found.source], -found.end, found.begin, found.doc))
    found = found.take(order)
    span = found.doc.astype(np.int64) << 32
    furthest = np.maximum.accumulate(span + found.end) if len(order) else span
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(found.doc) != 0) | (np.diff(found.begin) != 0) | (np.diff(found.end) != 0)
    group = np.cumsum(new) - 1
    heads = np.flatnonzero(new)
    outer = np.ones(len(heads), dtype=bool)
    outer[1:] = (span + found.end)[heads[1:]] > furthest[heads[1:] - 1]
    first_year = year[found.source[heads]]
    return found.take(outer[group] & (year[found.source] == first_year[group])) if len(order) else found


def covered(places: Places, chosen: np.ndarray, sizes: np.ndarray) -> list[np.ndarray]:
    """Return for each document which of its letters lie in the chosen places' shingles."""
    import numpy as np

    order = np.argsort(places.doc[chosen], kind="stable")
    doc, at = places.doc[chosen][order], places.at[chosen][order]
    bounds = np.searchsorted(doc, np.arange(len(sizes) + 1))
    marks = []
    for number, size in enumerate(sizes):
        own = at[bounds[number] : bounds[number + 1]]
        steps = np.bincount(own, minlength=size + 1) - np.bincount(own + SHINGLE, minlength=size + 1)
        marks.append(np.cumsum(steps)[:size] > 0)
    return marks


def starts_of(places: Places, chosen: np.ndarray) -> np.ndarray:
    """Return where the chosen shingles begin, sorted, each as one number: document and letters before it."""
    import numpy as np

    return np.sort((places.doc[chosen].astype(np.int64) << 32) + places.at[chosen])


def counted(found: Runs, starts: np.ndarray, upto: np.ndarray) -> np.ndarray:
    """Return how many letters of each run, before `upto`, lie in those shingles that are wholly inside the run."""
    import numpy as np

    span = found.doc.astype(np.int64) << 32
    steps = np.minimum(np.diff(starts, append=starts[-1:] + SHINGLE), SHINGLE)
    before = np.append(0, np.cumsum(steps))
    low = np.searchsorted(starts, span + found.begin)
    high = np.searchsorted(starts, np.minimum(span + found.end - SHINGLE, span + upto - 1), side="right")
    some = high > low
    last = np.where(some, high - 1, 0)
    tail = np.minimum(SHINGLE, span + upto - starts[last]) if len(starts) else 0
    return np.where(some, before[last] - before[np.where(some, low, 0)] + tail, 0)


def letters_of(texts: Sequence[str]) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return the letters of each text as code points, and where each stands in it."""
    import numpy as np

    found = [letters(text) for text in texts]
    return [signs.astype(np.uint32) for signs, _ in found], [places.astype(np.int32) for _, places in found]


# ---- where a shingle stood first


def _first_places(places: Places) -> np.ndarray:
    """Return the positions of the first place of each shingle in each document."""
    import numpy as np

    new = np.ones(len(places.doc), dtype=bool)
    new[1:] = (np.diff(places.shingle) != 0) | (np.diff(places.doc) != 0)
    return np.flatnonzero(new)


def _by_group(places: Places, group: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each shingle and group of documents that has it its number, and its first place: documents are by year."""
    import numpy as np

    key = places.shingle.astype(np.int64) * (int(group.max(initial=0)) + 2) + group[places.doc] + 1
    order = np.argsort(key, kind="stable")
    new = np.ones(len(key), dtype=bool)
    new[1:] = np.diff(key[order]) != 0
    number = np.empty(len(key), np.int64)
    number[order] = np.cumsum(new) - 1
    first = order[new]
    return number, first


def _earliest_own(places: Places, shelf: Shelf) -> np.ndarray:
    number, first = _by_group(places, shelf.city)
    return shelf.year[places.doc[first]][number]


def _earliest_of_others(places: Places, shelf: Shelf) -> np.ndarray:
    """Return the first year in which a document of another city has the shingle; 9999: none."""
    import numpy as np

    _, first = _by_group(places, shelf.city)
    shingle, doc = places.shingle[first], places.doc[first]
    order = np.lexsort((doc, shingle))
    shingle, doc = shingle[order], doc[order]
    head = np.searchsorted(shingle, places.shingle)
    second = np.minimum(head + 1, max(len(shingle) - 1, 0))
    has_second = (shingle[second] == places.shingle) & (second > head)
    is_first = shelf.city[doc[head]] == shelf.city[places.doc]
    later = np.where(has_second, shelf.year[doc[second]], NEVER)
    return np.where(is_first, later, shelf.year[doc[head]])


def _provinces_until(places: Places, shelf: Shelf, year: np.ndarray) -> np.ndarray:
    """Return how many provinces have the shingle up to a year; unknown provinces are one."""
    import numpy as np

    _, first = _by_group(places, shelf.province)
    key = np.sort(places.shingle[first].astype(np.int64) * 10_000 + shelf.year[places.doc[first]])
    own = places.shingle.astype(np.int64) * 10_000
    return np.searchsorted(key, own + year, side="right") - np.searchsorted(key, own)


# ---- runs


def _walked(
    signs: np.ndarray, start: np.ndarray, other: np.ndarray, at: np.ndarray, limit: np.ndarray, step: int
) -> np.ndarray:
    """Go on from each place, a letter at a time, while both texts agree and the limit is not reached."""
    import numpy as np

    at = at.astype(np.int64)
    going = np.flatnonzero(at != limit)
    while len(going):
        here = at[going]
        going = going[signs[start[going] + here] == signs[other[going] + here]]
        at[going] += step
        going = going[at[going] != limit[going]]
    return at
