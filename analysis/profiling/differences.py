"""Each city's documents against all others': what cities with as many documents have in common is made once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.comparing.demands import in_order
from analysis.comparing.inference import adjusted
from analysis.comparing.means import FEWEST
from analysis.comparing.permutations import permuted_t
from analysis.comparing.units import UnitValues, layout
from analysis.keywords.chance import ALPHA, FREQUENT, random_groups
from analysis.keywords.sides import Sides
from analysis.profiling.statements import SilentError, so_many

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_matrix

    from analysis.comparing.units import Layout
    from analysis.counts import Counts

TEST = "permuted_t"  # keyness' default


class Alike(NamedTuple):
    """Cities that are tested together: number of documents, and the column within whose values they are compared."""

    documents: int
    within: str | None


@dataclass(frozen=True)
class Tested:
    """Statistic and p of some cities, cities × terms, and how many terms random groups as large have at q < 0.05."""

    cities: list[str]
    statistic: np.ndarray
    p: np.ndarray
    chance: float

    def of(self, city: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return statistic, p and q (Benjamini-Hochberg) of one city."""
        at = self.cities.index(city)
        return self.statistic[at], self.p[at], adjusted(self.p[at])


@dataclass(frozen=True)
class Task:
    """One test: what is compared, and the documents of each city."""

    values: UnitValues
    cities: list[str]
    groups: np.ndarray
    draws: int

    def done(self) -> Tested:
        """Test each city as `keyness` does, and random groups of as many documents in the same way."""
        import numpy as np

        own, size = len(self.groups), int(self.groups[0].sum())
        drawn = random_groups(self.values.of.n_units, size, self.draws, 0)
        t, p, _ = permuted_t(self.values, np.concatenate([self.groups, drawn]), seed=0)
        hits = [int((adjusted(each) < ALPHA).sum()) for each in p[own:]]
        return Tested(self.cities, t[:own], p[:own], float(np.mean(hits)) if hits else float("nan"))


Layouts = dict[tuple[str | None, tuple[str, ...]], "Layout"]


class Differences:
    """Values of documents, each city's against all others', as `keyness(counts, "city", city)` tests them.

    What t is for random groups, and what these give, hangs on how many documents a city has, not on the city: all cities
    with as many are tested together. Documents without a city or without words take no part.
    """

    def __init__(
        self, counts: Counts, draws: int, *, shares: bool = False, layouts: Layouts | None = None
    ) -> None:
        """counts: documents × terms. shares: they are shares (of topics), not counts to be made rates of. layouts: those
        made for other counts; of the same documents they are shared, and with them the random groups."""
        import numpy as np

        counts = in_order(counts)[0]
        known = counts.rows["city"].notna().to_numpy(dtype=bool) & (counts.n_tokens() > 0)
        self.counts = counts.where(known)
        self.draws = draws
        self.rates: csr_matrix = self.counts.values if shares else self.counts.rates().values
        self.cities = self.counts.rows["city"].to_numpy(dtype=object)
        self._documents = tuple(self.counts.rows["doc_id"])
        least = 0 if shares else FREQUENT[TEST] * len(self.cities)
        self.terms: np.ndarray = np.flatnonzero(self.counts.docs() >= least)
        self._by_term = self.rates.tocsc()
        self._layouts: Layouts = {} if layouts is None else layouts
        self._values: dict[str | None, UnitValues] = {}
        self._done: dict[Alike, Tested] = {}
        self._alike = self._classes()

    def _classes(self) -> dict[str, Alike]:
        """Cities are compared within years where they and others have documents of a known year (see `units.adjustment`)."""
        import pandas as pd

        rows = self.counts.rows
        year = rows["year"].notna().to_numpy(dtype=bool) if "year" in rows else self.cities != self.cities
        dated = pd.Series(year, dtype=bool).groupby(self.cities).agg(["sum", "size"])
        within = (dated["sum"] > 0) & (dated["sum"] < dated["sum"].sum())
        sizes = dated["size"].tolist()
        found = zip(dated.index, sizes, within, strict=True)
        return {str(city): Alike(size, "year" if by_year else None) for city, size, by_year in found}

    def laid(self, within: str | None) -> Layout:
        """Return how the documents are laid out, within the years or not."""
        key = (within, self._documents)
        if key not in self._layouts:
            self._layouts[key] = layout(self.counts.rows, "document", within)
        return self._layouts[key]

    def sides(self, city: str) -> Sides:
        """Return the city's documents and the others'."""
        return Sides(self.counts, self.cities == city, self.laid(self._alike[city].within))

    def rates_of(self, terms: np.ndarray) -> csr_matrix:
        """Return the rates of these terms (their positions), documents × terms."""
        return self._by_term[:, terms].tocsr()

    def check(self, city: str) -> None:
        """Raise SilentError where the city can't be set against others: too few documents, no other city, no term."""
        here = self._alike[city].documents if city in self._alike else 0
        if here < FEWEST:
            raise SilentError(f"{so_many(here, 'document')}, and {FEWEST} are needed for an interval")
        if len(self._alike) < 2:
            raise SilentError("there is no other city to compare with")
        if not self.counts.values.nnz:
            raise SilentError("none was found in the corpus")
        if not len(self.terms):
            raise SilentError(f"none was found in {FREQUENT[TEST]:.0%} of the documents")
        if few := self.sides(city).too_few:
            raise SilentError(self.sides(city).facts(f"{few}.")["note"])

    def tasks(self, cities: list[str]) -> dict[Alike, Task]:
        """Return the tests that have to be made for these cities."""
        wanted = {self._alike[city] for city in cities if self._speaks(city)}
        waiting = sorted(wanted - set(self._done), key=lambda alike: (alike.documents, alike.within or ""))
        return {alike: self._task(alike) for alike in waiting}

    def learn(self, alike: Alike, tested: Tested) -> None:
        """Keep what a task gave."""
        self._done[alike] = tested

    def tested(self, city: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
        """Return statistic, p and q of `terms`, and how many terms random groups as large give on average."""
        alike = self._alike[city]
        if alike not in self._done:
            self.learn(alike, self._task(alike).done())
        found = self._done[alike]
        return (*found.of(city), found.chance)

    def _speaks(self, city: str) -> bool:
        try:
            self.check(city)
        except SilentError:
            return False
        return True

    def _task(self, alike: Alike) -> Task:
        """All cities with as many documents take part, whichever was asked for: the same sums, to the last digit."""
        import numpy as np

        cities = [city for city, own in self._alike.items() if own == alike]
        groups = np.array([self.cities == city for city in cities])
        return Task(self._compared(alike.within), cities, groups, self.draws)

    def _compared(self, within: str | None) -> UnitValues:
        if within not in self._values:
            self._values[within] = UnitValues(self.rates_of(self.terms).sqrt(), self.laid(within))
        return self._values[within]


def strongest(statistic: np.ndarray, q: np.ndarray, names: Any, top: int) -> np.ndarray:
    """Return the positions of the `top` largest differences at q < 0.05, more before less, then by name."""
    import numpy as np

    apart = np.flatnonzero(q < ALPHA)
    order = np.lexsort((np.asarray(names)[apart].astype(str), -statistic[apart], -np.abs(statistic[apart])))
    return apart[order][:top]
