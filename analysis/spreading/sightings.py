"""Between which two reports a city took up a term: documents to intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.comparing.demands import in_order, leave_aside
from analysis.places import place_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd

    from analysis.counts import Counts

KEPT = ("province", "region", "level", "adcode", "longitude", "latitude")
FRAGMENT = 4  # a document shorter than the median by this factor is one
DATED, FIRST, NEVER = "dated", "in its first report", "not so far"
UNDATED, FRAGMENTS = "year unknown", "no whole report"


@dataclass(frozen=True)
class Sightings:
    """What the documents say of each unit and term.

    units: one row a unit, with what is known of it. years: all from the first report to the last; shown: which of them were
    asked for (what lies outside is evidence all the same). after, by: units × terms,
    years as floats; −inf, inf where there is none. seen: units × years × terms, documents that count as reports (whole, or
    using the term); using: those that use it; undated_uses: units × terms. last: each unit's last year with a report.
    """

    units: pd.DataFrame
    name: str
    terms: list[str]
    years: np.ndarray
    shown: np.ndarray
    after: np.ndarray
    by: np.ndarray
    seen: np.ndarray
    using: np.ndarray
    undated_uses: np.ndarray
    last: np.ndarray
    min_length: float
    undated: int

    def dates_something(self, at: int) -> np.ndarray:
        """Tell which units' intervals are more than "at some time or never"."""
        import numpy as np

        return np.isfinite(self.after[:, at]) | np.isfinite(self.by[:, at])

    def usage(self, at: int) -> tuple[np.ndarray, np.ndarray]:
        """Return for each year shown how many units report, and how many of them use the term."""
        seen, using = self.seen[:, self.shown, at], self.using[:, self.shown, at]
        return (seen > 0).sum(axis=0), (using > 0).sum(axis=0)

    def again(self, at: int) -> dict[str, float]:
        """Return of how many units the next report within two years is known, and what share of these use the term again."""
        import numpy as np

        first = self.by[:, at]
        place = np.where(np.isfinite(first), first - self.years[0], -9).astype(int)
        known = used = 0
        for unit, start in enumerate(place.tolist()):
            later = np.flatnonzero(self.seen[unit, start + 1 : start + 3, at] > 0)
            if start >= 0 and len(later):
                known += 1
                used += int(self.using[unit, start + 1 + later[0], at] > 0)
        return {"cities": known, "share": used / known if known else float("nan")}

    def adoptions(self) -> pd.DataFrame:
        """Return one row a term and unit: terms in their order, units sorted."""
        import pandas as pd

        return pd.concat([self._of_term(at) for at in range(len(self.terms))], ignore_index=True)

    def _of_term(self, at: int) -> pd.DataFrame:
        import numpy as np
        import pandas as pd

        after, by = self.after[:, at], self.by[:, at]
        choices = [np.isfinite(by) & np.isfinite(after), np.isfinite(by), np.isfinite(after)]
        choices.append(self.undated_uses[:, at] > 0)
        found = {
            self.name: self.units[self.name],
            "after": pd.array(np.where(np.isfinite(after), after, np.nan), dtype="Int64"),
            "by": pd.array(np.where(np.isfinite(by), by, np.nan), dtype="Int64"),
            "status": np.select(choices, [DATED, FIRST, NEVER, UNDATED], FRAGMENTS),
            "documents": self.seen[:, :, at].sum(axis=1),
            "using": self.using[:, :, at].sum(axis=1),
            "undated": self.undated_uses[:, at],
        }
        frame = pd.DataFrame(found).join(self.units.drop(columns=self.name))
        frame.insert(0, "term", self.terms[at])
        return frame.astype({"status": "string"})


def sightings(
    counts: Counts,
    named: Mapping[str, list[str]],
    unit: str,
    years: tuple[int, int] | None,
    min_length: int | None,
) -> Sightings:
    """Read the intervals off all documents; `years` says only which are shown.

    Raises ValueError where a column is missing or no document has a year, or one of `years`.
    """
    import numpy as np
    import pandas as pd

    counts = _usable(counts, unit, years)
    rows = counts.rows
    uses = _uses(counts, named)
    least, whole = _whole(counts, min_length)
    code, names = pd.factorize(rows[unit], sort=True)
    year = rows["year"].to_numpy(dtype=float, na_value=np.nan)
    dated = ~np.isnan(year)
    span = np.arange(int(np.nanmin(year)), int(np.nanmax(year)) + 1)
    place = np.where(dated, year - span[0], 0).astype(int)
    shape = (len(names), len(span), len(named))
    seen, using, undated = np.zeros(shape, int), np.zeros(shape, int), np.zeros((len(names), len(named)), int)
    np.add.at(seen, (code[dated], place[dated]), (whole[:, None] | uses)[dated])
    np.add.at(using, (code[dated], place[dated]), uses[dated])
    np.add.at(undated, code[~dated], uses[~dated])
    after, by = _intervals(seen > 0, using > 0, span)
    last = np.full(len(names), -np.inf)
    np.maximum.at(last, code[dated], year[dated])
    units = _described(rows, unit, names)
    found = (after, by, seen, using, undated, last, least, int((~dated).sum()))
    first, end = years if years is not None else (span[0], span[-1])
    return Sightings(units, unit, list(named), span, (span >= first) & (span <= end), *found)


def _uses(counts: Counts, named: Mapping[str, list[str]]) -> np.ndarray:
    """Return which documents use a term of each name, documents × names: all names at once, for they may be hundreds."""
    import numpy as np
    from scipy.sparse import csr_matrix

    name, terms = zip(*((at, term) for at, own in enumerate(named.values()) for term in own), strict=True)
    member = csr_matrix((np.ones(len(name)), (np.arange(len(name)), name)), shape=(len(name), len(named)))
    used: np.ndarray = (counts.select(terms).values @ member).toarray() > 0
    return used


def _intervals(seen: np.ndarray, using: np.ndarray, span: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return (after, by] of units × terms: the first year with, and the last report before it without."""
    import numpy as np

    when = span[None, :, None].astype(float)
    by = np.where(using, when, np.inf).min(axis=1)
    after = np.where(seen & (when < by[:, None, :]), when, -np.inf).max(axis=1)
    return after, by


def _usable(counts: Counts, unit: str, years: tuple[int, int] | None) -> Counts:
    import numpy as np

    for column in ("year", unit):
        if column not in counts.rows:
            raise ValueError(
                f"The rows have no column {column!r}; they have {', '.join(map(str, counts.rows.columns))}."
            )
    counts = in_order(counts)[0]
    counts = leave_aside(counts, counts.rows[unit].isna().to_numpy(), f"no {unit}", stacklevel=5)
    year = _numbers(counts.rows["year"])
    inside = ~np.isnan(year) if years is None else (year >= years[0]) & (year <= years[1])
    if not inside.any():
        asked = "" if years is None else f" from {years[0]} to {years[1]}"
        raise ValueError(f"No document has a {unit} and a year{asked}: nothing can be dated.")
    return counts


def _numbers(column: pd.Series) -> np.ndarray:
    import numpy as np

    try:
        year = column.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        year = np.full(1, 0.5)
    if not (np.isnan(year) | (year == np.round(year))).all():
        first = column.dropna().iloc[0]
        raise ValueError(f"The column 'year' has to hold whole numbers; it holds {first!r}.")
    return year


def _whole(counts: Counts, min_length: int | None) -> tuple[float, np.ndarray]:
    """Return the least length and which documents are no fragments."""
    import numpy as np

    length = counts.n_tokens()
    if "n_chars" in counts.rows and counts.rows["n_chars"].notna().all():
        length = counts.rows["n_chars"].to_numpy(dtype=float)
    least = float(np.median(length)) / FRAGMENT if min_length is None else float(min_length)
    whole = (length >= least) & (length > 0)
    if "fragment" in counts.rows:
        whole &= ~counts.rows["fragment"].fillna(False).to_numpy(dtype=bool)
    return least, whole


def _described(rows: pd.DataFrame, unit: str, names: Any) -> pd.DataFrame:
    """Return one row a unit with what is known of it: its latest in the rows, and the table of places where it has it."""
    import pandas as pd

    kept = [column for column in KEPT if column in rows and column != unit]
    grouped = rows.sort_values("year", kind="stable", na_position="first").groupby(unit)[kept]
    latest = grouped.last()
    if unit != "city":  # a province has many cities: only what they have in common says something of it
        return latest.mask(grouped.nunique().gt(1)).reindex(pd.Index(names, name=unit)).reset_index()
    latest = latest.reindex(pd.Index(names, name=unit))
    key, own = ("code", latest["adcode"]) if "adcode" in latest else ("name", latest.index.to_series())
    places = place_table().drop_duplicates(key).set_index(key)
    found = places.reindex(own.astype(object).to_numpy()).set_axis(latest.index)
    latest["level"] = found["level"].combine_first(latest["level"]) if "level" in latest else found["level"]
    for column in ("longitude", "latitude"):
        if column not in latest:
            latest[column] = found[column].astype(float)
    return latest.reset_index()
