"""The slogans that a city took up early, among those that many cities use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from analysis.profiling.statements import SilentError, gloss
from analysis.rhetoric.rating import device_counts
from analysis.spreading.earliness import EARLY, taken_up
from analysis.spreading.sightings import sightings

if TYPE_CHECKING:
    import pandas as pd

SPREAD = 20  # cities that have to share a slogan, so that one of them can be early
USED = "share of the other cities with a report of that year that used it in it"


class EarlySlogans:
    """The slogans that at least 20 cities use, and who was early with them."""

    def __init__(
        self, hits: pd.DataFrame, documents: pd.DataFrame, cities: Iterable[str] | None = None
    ) -> None:
        """hits: as `slogans` gives them. documents: doc_id, city, year, n_chars of all that were looked at. cities: those
        that will be asked for (None: all); of slogans that they don't use nobody's first use is looked for."""
        self.cities = None if cities is None else set(cities)
        self.documents = documents[documents["city"].notna()]
        known = hits["slogan"].notna() & hits["doc_id"].isin(self.documents["doc_id"])
        self.hits = hits[known]

    @cached_property
    def uses(self) -> pd.DataFrame:
        """The common slogans of each city: one row a city and slogan."""
        city = self.hits["doc_id"].map(self.documents.set_index("doc_id")["city"])
        pairs = self.hits[["slogan"]].assign(city=city).drop_duplicates()
        spread = pairs["slogan"].map(pairs["slogan"].value_counts())
        return pairs[spread >= SPREAD].sort_values(["city", "slogan"], ignore_index=True)

    @cached_property
    def early(self) -> pd.DataFrame:
        """Who was early with which slogan (see `spreading.earliness.taken_up`)."""
        asked = self.uses if self.cities is None else self.uses[self.uses["city"].isin(self.cities)]
        common = sorted(asked["slogan"].unique())
        counts = device_counts(self.hits[self.hits["slogan"].isin(common)], self.documents, "slogan")
        return taken_up(sightings(counts, {slogan: [slogan] for slogan in common}, "city", None, None))

    @cached_property
    def _common(self) -> int:
        """How many slogans are common."""
        return int(self.uses["slogan"].nunique())

    @cached_property
    def _used(self) -> dict[str, int]:
        """How many of them each city uses."""
        return {str(city): int(n) for city, n in self.uses["city"].value_counts().items()}

    @cached_property
    def _early(self) -> dict[str, pd.DataFrame]:
        return {str(city): own for city, own in self.early.groupby("city", observed=True)}

    def of(self, city: str, top: int) -> Iterator[dict[str, Any]]:
        """Yield the statements of a city; raises SilentError where it was early with none."""
        if self.documents["year"].isna().all():
            raise SilentError("no document of a city has a year")
        if not (common := self._common):
            raise SilentError(f"no slogan is used by {SPREAD} cities or more")
        used = self._used.get(city, 0)
        if not used:
            raise SilentError(f"it uses none of the {common} slogans that {SPREAD} cities use")
        found = self._early.get(city)
        if found is None:
            raise SilentError(
                f"none of its {used} slogans that {SPREAD} cities use was taken up early: more than {EARLY:.0%} of the "
                "other cities used it in the year or before, or too few reported"
            )
        first = found.sort_values(["ci_high", "term"], kind="stable").head(top)
        yield from (_told(row) for row in first.itertuples(index=False))


def _told(row: Any) -> dict[str, Any]:
    import pandas as pd

    since = (
        f"by its first report, {row.by}"
        if pd.isna(row.after)
        else f"between its reports of {row.after} and {row.by}"
    )
    return {
        "subject": row.term,
        "gloss": gloss(row.term),
        "kind": "slogan",
        "item": row.term,
        "value": row.value,
        "ci_low": row.ci_low,
        "ci_high": row.ci_high,
        "unit": USED,
        "n": row.others,
        "says": f"{row.term} was taken up {since}; {row.using} of the {row.others} other cities with a report of {row.by} "
        f"used it then, and {row.before} of the {row.users} others that ever use it are known to have done so before.",
    }
