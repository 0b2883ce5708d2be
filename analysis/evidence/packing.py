"""Counts of many documents as a short string, and the documents themselves as a small table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_RUNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # A stands for two zeros, Z for 27: most documents lack most words
_PIECE = re.compile(r"\((\d+)\)|([A-Z])|([0-9a-z])")
_LONGEST_RUN = len(_RUNS) + 1
LONGEST_TITLE = 60  # characters


def packed(counts: Sequence[int] | np.ndarray) -> str:
    """Return counts from 0 as a string: a sign each up to 35, longer ones in brackets, runs of zeros as a letter.

    Nothing stands for the zeros at the end.

    >>> packed([0, 0, 0, 1, 12, 40, 0, 0])
    'B1c(40)'
    """
    if (signs := _signs(counts)) is not None:
        return re.sub("00+", _shortened, signs.rstrip("0"))
    plain = "".join(_DIGITS[n] if n < len(_DIGITS) else f"({n})" for n in map(int, counts)).rstrip("0")
    return re.sub("00+", _shortened, re.sub(r"\(\d+\)", _kept, plain)).translate(_BACK)


def _signs(counts: Sequence[int] | np.ndarray) -> str | None:
    """Return a sign for each count, quickly; None where one is too large for that, as few are."""
    import numpy as np

    numbers = np.asarray(counts)
    if numbers.max(initial=0) >= len(_DIGITS):
        return None
    return np.frombuffer(_DIGITS.encode(), dtype="S1")[numbers.astype(np.int64)].tobytes().decode()


# While runs are shortened the digits of long counts wear other signs.
_HIDE = str.maketrans("0123456789", "\ue000\ue001\ue002\ue003\ue004\ue005\ue006\ue007\ue008\ue009")
_BACK = {code: ord(digit) for digit, code in zip("0123456789", range(0xE000, 0xE00A), strict=True)}


def _kept(number: re.Match[str]) -> str:
    return number[0].translate(_HIDE)


def _shortened(run: re.Match[str]) -> str:
    length = run.end() - run.start()
    if 2 <= length <= _LONGEST_RUN:
        return _RUNS[length - 2]
    whole, rest = divmod(length, _LONGEST_RUN)
    return "Z" * whole + ("" if rest == 0 else "0" if rest == 1 else _RUNS[rest - 2])


def unpacked(text: str, length: int) -> list[int]:
    """Return the counts that `packed` wrote.

    >>> unpacked("B1c(40)", 8)
    [0, 0, 0, 1, 12, 40, 0, 0]
    """
    counts: list[int] = []
    for number, run, digit in _PIECE.findall(text):
        counts += [int(number)] if number else [0] * (_RUNS.index(run) + 2) if run else [int(digit, 36)]
    return counts + [0] * (length - len(counts))


@dataclass(frozen=True)
class Documents:
    """The documents of a corpus in a fixed order: by city, year and doc_id, unknown last.

    frame: doc_id, title, city, year, sorted. city: for each its place in `cities` (their number where it has none).
    """

    frame: pd.DataFrame
    cities: list[str]
    city: np.ndarray

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def years(self) -> np.ndarray:
        """The year of each document, 0 where it is unknown."""
        years: np.ndarray = self.frame["year"].fillna(0).astype("int64").to_numpy()
        return years

    def places_of(self, doc_ids: Any) -> np.ndarray:
        """Return the place of each doc_id in the order, -1 for one that is not here."""
        import pandas as pd

        places: np.ndarray = pd.Index(self.frame["doc_id"]).get_indexer(doc_ids)
        return places

    def told(self) -> dict[str, Any]:
        """Return the table for a page: the cities, how many documents each has (then those of none), and the years.

        Years are told as `packed` counts from the year before the first, `since`; 0 where unknown.
        """
        import numpy as np

        of = np.bincount(self.city, minlength=len(self.cities) + 1)
        years = self.years
        since = int(years[years > 0].min(initial=9999)) - 1
        steps = np.where(years > 0, years - since, 0)
        return {"cities": self.cities, "of": of.tolist(), "since": since, "years": packed(steps)}

    @cached_property
    def keys(self) -> list[str]:
        """The doc_id of each document."""
        return list(map(str, self.frame["doc_id"]))

    @cached_property
    def titles(self) -> list[str]:
        """The title of each document, its key where it has none; a long one cut short."""
        known = zip(self.frame["title"].astype("string").fillna("").tolist(), self.keys, strict=True)
        return [_cut_short(title if title.strip() else key) for title, key in known]


def _cut_short(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"


def documents_of(rows: pd.DataFrame) -> Documents:
    """Return the documents of a frame with `doc_id` and, where known, title, city and year."""
    import pandas as pd

    lacking: Any = {name: pd.NA for name in ("title", "city", "year") if name not in rows}
    frame = rows.assign(**lacking)[["doc_id", "title", "city", "year"]]
    frame = frame.assign(city=frame["city"].astype("string"), year=frame["year"].astype("Int64"))
    frame = frame.sort_values(["city", "year", "doc_id"], na_position="last", ignore_index=True)
    cities = sorted(frame["city"].dropna().unique())
    places = pd.Index(cities).get_indexer(frame["city"])
    places[places < 0] = len(cities)
    return Documents(frame, list(map(str, cities)), places)
