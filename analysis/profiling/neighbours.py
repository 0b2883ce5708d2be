"""The cities with the most similar words, and whether a city can be told apart from them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from analysis.comparing.means import FEWEST
from analysis.comparing.units import layout
from analysis.distances.labellings import Pair, Told, pair_of, tell_apart
from analysis.distances.likeness import verdict
from analysis.distances.metrics import as_distances, grouped
from analysis.profiling.statements import SilentError, so_many

if TYPE_CHECKING:
    import pandas as pd

    from analysis.counts import Counts

METRIC = "cosine"
ALIKE = 5  # cities that are named as nearest
PERMUTATIONS = 999  # as in `similarity`
UNIT = "cosine of tf-idf (no bootstrap interval is given on a distance)"
Cities = tuple[str, str]


class Neighbours:
    """The distances between all cities, and the tests of those pairs that were asked for, as `similarity` makes them."""

    def __init__(self, words: Counts) -> None:
        known = words.rows["city"].notna().to_numpy(dtype=bool) & (words.n_tokens() > 0)
        words = words.where(known)
        self._docs = words.rows["city"].value_counts()
        self._told: dict[Cities, Told] = {}
        self._blank = not len(words.terms)
        if not self._blank and len(self._docs) > 1:
            self._make_ready(words)

    def _make_ready(self, words: Counts) -> None:
        import pandas as pd

        self._grouped = grouped(words, "city", METRIC)
        names, rows = self._grouped.names, self._grouped.rows
        self._laid = layout(
            rows, "document", "year" if "year" in rows and rows["year"].notna().any() else None
        )
        distances = as_distances(self._grouped.values(), METRIC)
        self._distances = pd.DataFrame(distances, index=names, columns=names)

    def check(self, city: str) -> None:
        """Raise SilentError where the city has too few documents, or the corpus too few cities."""
        here = int(self._docs.get(city, 0))
        if here < FEWEST:
            raise SilentError(f"{so_many(here, 'document')}, and {FEWEST} are needed for an interval")
        if len(self._docs) < 3:
            raise SilentError("there are fewer than three cities")
        if self._blank:
            raise SilentError("none was found in the corpus")

    def pairs(self, cities: list[str]) -> dict[Cities, Pair]:
        """Return the pairs of each city and its nearest that are not tested yet. A pair of neighbours comes once."""
        found = {}
        for city in cities:
            try:
                self.check(city)
            except SilentError:
                continue
            for other in self._apart(city).index[:ALIKE]:
                names = _either_way(city, str(other))
                if names not in self._told and names not in found:
                    found[names] = self._pair(*names)
        return found

    def learn(self, told: dict[Cities, Told]) -> None:
        """Keep what `told_apart` gave."""
        self._told |= told

    def of(self, city: str) -> Iterator[dict[str, Any]]:
        """Yield a statement for each of the nearest cities; raises SilentError where there are none to be named."""
        self.check(city)
        self.learn(told_apart(self.pairs([city])))
        apart = self._apart(city)
        median = 1 - float(apart.median())
        for rank, (name, distance) in enumerate(apart.head(ALIKE).items(), 1):
            other = str(name)
            told = self._told[_either_way(city, other)]
            yield {
                "subject": other,
                "kind": "city",
                "item": other,
                "value": 1 - float(distance),
                "unit": UNIT,
                "others": median,
                "n": int(self._docs[other]),
                "says": f"{rank}. {other}: cosine {1 - distance:.2f}, of the median city {median:.2f}; "
                f"{verdict(told)} (p {told.p:.3f}).",
            }

    def _apart(self, city: str) -> pd.Series:
        return self._distances[city].drop(city).sort_values(kind="stable")

    def _pair(self, a: str, b: str) -> Pair:
        them = self._grouped
        return pair_of(them, self._laid, them.vectors[:0].toarray(), them.place(a), them.place(b))


def told_apart(pairs: dict[Cities, Pair]) -> dict[Cities, Told]:
    """Test whether the cities of each pair can be told apart."""
    return {names: tell_apart(pair, PERMUTATIONS, 0) for names, pair in pairs.items()}


def _either_way(a: str, b: str) -> Cities:
    return (a, b) if a < b else (b, a)
