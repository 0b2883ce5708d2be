"""Documents to units of a year with their rates of chosen terms: what trends are made of."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.comparing.demands import in_order, leave_aside, nearest
from analysis.counts import PER, Counts

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np

    Terms = str | Iterable[str] | Mapping[str, Iterable[str]]


@dataclass(frozen=True)
class UnitRates:
    """Units of a year. names: of the terms; city: numbers from 0, -1 for none; year: calendar years; docs: documents of each
    unit; using: those that use each term, and rates: means per 10,000, units × terms."""

    names: list[str]
    city: np.ndarray
    year: np.ndarray
    docs: np.ndarray
    using: np.ndarray
    rates: np.ndarray

    def where(self, mask: np.ndarray) -> UnitRates:
        parts = (self.city, self.year, self.docs, self.using, self.rates)
        return UnitRates(self.names, *(part[mask] for part in parts))

    def present(self) -> np.ndarray:
        """Return which cities report when: cities × calendar years from the first to the last."""
        import numpy as np

        known = self.city >= 0
        found = np.zeros((self.city.max(initial=-1) + 1, np.ptp(self.year) + 1), dtype=bool)
        found[self.city[known], self.year[known] - self.year.min()] = True
        return found

    def composition(self) -> list[dict[str, int]]:
        """Return for each year the cities: all, kept from the year before, never seen before, never seen after."""
        import numpy as np

        present = self.present()
        seen = np.logical_or.accumulate(present, axis=1)
        still = np.logical_or.accumulate(present[:, ::-1], axis=1)[:, ::-1]
        never = np.zeros(len(present), dtype=bool)
        told = []
        for at, year in enumerate(range(self.year.min(), self.year.max() + 1)):
            here = present[:, at]
            sets = {
                "cities": here,
                "kept": here & (present[:, at - 1] if at else never),
                "entering": here & ~(seen[:, at - 1] if at else never),
                "leaving": here & ~(still[:, at + 1] if at + 1 < present.shape[1] else never),
            }
            told.append({"year": year} | {name: int(each.sum()) for name, each in sets.items()})
        return [row for row in told if (self.year == row["year"]).any()]


def unit_rates(
    counts: Counts,
    named: Mapping[str, list[str]],
    *,
    by: str,
    unit: str,
    per: str,
    years: tuple[int, int] | None,
) -> UnitRates:
    """Bring documents together to units: a city's documents of a year, or each by itself; without a city, by itself.

    Documents without words, or without a year, are left aside with a warning. Raises ValueError where there are no years.
    """
    import numpy as np
    import pandas as pd

    counts = _usable(counts, by, per, years)
    uses = np.column_stack([np.asarray(counts.select(own).values.sum(axis=1)) for own in named.values()])
    length = _length(counts, per)
    rates = PER * uses / length[:, None]
    year = counts.rows[by].astype(int).to_numpy()
    cities = counts.rows["city"] if "city" in counts.rows else pd.Series(pd.NA, index=counts.rows.index)
    city = np.asarray(pd.factorize(cities)[0])
    alone = np.arange(len(city)) if unit == "document" else np.where(city < 0, np.arange(len(city)), -1)
    keys = pd.DataFrame({"city": city, "year": year, "alone": alone})
    code = keys.groupby(list(keys), sort=False).ngroup().to_numpy()
    first = np.unique(code, return_index=True)[1]
    docs = np.bincount(code)
    using, sums = np.zeros((len(docs), len(named)), int), np.zeros((len(docs), len(named)))
    np.add.at(using, code, uses > 0)
    np.add.at(sums, code, rates)
    return UnitRates(list(named), city[first], year[first], docs, using, sums / docs[:, None])


def named_terms(counts: Counts, terms: Terms) -> dict[str, list[str]]:
    """Return the terms by their name. Raises ValueError where one does not occur, with those nearest to it."""
    if isinstance(terms, str):
        terms = [terms]
    if isinstance(terms, Mapping):
        named = {str(name): _listed(own) for name, own in terms.items()}
    else:
        named = {term: [term] for term in _listed(terms)}
    if not named or not all(named.values()):
        raise ValueError("There are no terms to look for; give a term, a list, or names with lists of terms.")
    known = set(counts.terms)
    for name, own in named.items():
        lacking = [term for term in own if term not in known]
        if len(lacking) == len(own):
            near = ", ".join(nearest(lacking[0], counts.terms)) or "none"
            raise ValueError(f"{lacking[0]!r} is no term of these counts; nearest: {near}.")
        if lacking:
            warnings.warn(
                f"Of {name!r} {len(lacking)} of {len(own)} terms do not occur: {', '.join(lacking)}.",
                stacklevel=3,
            )
    return named


def _listed(terms: Any) -> list[str]:
    return [terms] if isinstance(terms, str) else list(dict.fromkeys(terms))


def _usable(counts: Counts, by: str, per: str, years: tuple[int, int] | None) -> Counts:
    import numpy as np

    if by not in counts.rows:
        raise ValueError(
            f"The rows have no column {by!r}; they have {', '.join(map(str, counts.rows.columns))}."
        )
    counts = in_order(counts)[0]
    what = "words" if per == "n_tokens" else per
    counts = leave_aside(counts, ~(_length(counts, per) > 0), f"no {what}", stacklevel=5)
    counts = leave_aside(counts, counts.rows[by].isna().to_numpy(), f"no {by}", stacklevel=5)
    known = counts.rows[by]
    try:
        numbers = known.to_numpy(dtype=float)
    except (TypeError, ValueError):
        numbers = np.full(len(known), np.nan)
    if not (numbers == np.round(numbers)).all():
        raise ValueError(
            f"The column {by!r} has to hold whole numbers, such as years; it holds {known.iloc[0]!r}."
        )
    if years is not None:
        counts = counts.where((numbers >= years[0]) & (numbers <= years[1]))
        numbers = counts.rows[by].to_numpy(dtype=float)
    inside = "" if years is None else f" from {years[0]} to {years[1]}"
    if len(numbers) == 0:
        raise ValueError(f"No document has words and a {by}{inside}: there is no trend to be seen.")
    if len(np.unique(numbers)) < 2:
        raise ValueError(
            f"All {len(numbers)} documents{inside} are of {by} {int(numbers[0])}: a trend needs two."
        )
    return counts


def _length(counts: Counts, per: str) -> np.ndarray:
    import numpy as np

    if per == "n_tokens":
        return counts.n_tokens()
    if per not in counts.rows:
        raise ValueError(
            f"The rows have no column {per!r}, so there are no rates per character; use per='n_tokens'."
        )
    return counts.rows[per].to_numpy(dtype=float, na_value=np.nan)
