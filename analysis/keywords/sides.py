"""The two sides of a comparison: their documents, what their units are, and whether they can be compared at all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from analysis.comparing.demands import check_kind, check_name, in_order, leave_aside
from analysis.comparing.means import FEWEST
from analysis.comparing.units import unit_of
from analysis.counts import Counts, merge

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from scipy.sparse import csr_matrix

    from analysis.comparing.units import Layout


@dataclass(frozen=True)
class Sides:
    """What is compared: documents, which of them are the target's, and how they make up units."""

    counts: Counts
    mine: np.ndarray
    laid: Layout

    @cached_property
    def rates(self) -> csr_matrix:
        """Occurrences per 10,000 tokens, documents × terms."""
        return self.counts.rates().values

    @cached_property
    def docs(self) -> np.ndarray:
        """Documents that use each term."""
        return self.counts.docs()

    @cached_property
    def target(self) -> np.ndarray:
        """The target's units."""
        import numpy as np

        return np.bincount(self.laid.units, self.mine, minlength=self.laid.n_units) > 0

    @property
    def units(self) -> tuple[int, int]:
        """Units of the target and of the reference."""
        return int(self.target.sum()), int((~self.target).sum())

    @cached_property
    def compared(self) -> tuple[int, int]:
        """Units of the two sides with documents of years that both have: only these count."""
        own, other = self.laid.compared(self.target)
        return int(own.sum()), int(other.sum())

    @property
    def enough(self) -> bool:
        return min(self.compared) >= FEWEST

    @property
    def unmatched(self) -> tuple[int, int]:
        """Documents of the target and of the reference in years in which the other has none: they do not count."""
        import numpy as np

        own, other = self.laid.strata[self.mine], self.laid.strata[~self.mine]
        return int((~np.isin(own, other)).sum()), int((~np.isin(other, own)).sum())

    @property
    def overlap(self) -> bool:
        """Whether some of the target's documents can be compared: in years in which the reference has some too."""
        return self.unmatched[0] < int(self.mine.sum())

    @property
    def too_few(self) -> str:
        """Why nothing is tested, in words; nothing where there are enough units."""
        if self.enough:
            return ""
        if min(self.units) >= FEWEST and not self.overlap:
            return f"no {self.laid.within} has documents of both sides"
        where, (mine, other) = "", self.units
        if min(self.units) >= FEWEST:
            where, (mine, other) = f" in a {self.laid.within} that both sides have", self.compared
        return f"too few units to test{where}: {mine:,} against {other:,}, and each side needs {FEWEST}"

    def facts(self, *notes: str) -> dict[str, Any]:
        """Return for attrs what the units are, how many stand on each side, and in `note` what does not count."""
        laid, (mine, other), docs = self.laid, self.units, int(self.mine.sum())
        lacking = (("target", "reference", docs), ("reference", "target", len(self.mine) - docs))
        alone = [
            f"{n:,} of the {side}'s {own:,} documents lie in a {laid.within} in which the {against} has none; "
            "they do not count in the comparison."
            for n, (side, against, own) in zip(self.unmatched, lacking, strict=True)
            if n
        ]
        return {
            "unit": laid.unit,
            "within": laid.within,
            "n_target": mine,
            "n_reference": other,
            "docs_target": docs,
            "docs_reference": len(self.mine) - docs,
            "note": " ".join(filter(None, [*notes, *alone])),
        }


def two_sides(counts: Counts, column: str, target: Any, reference: Any) -> tuple[Counts, np.ndarray, str]:
    """Return the documents of both sides in an order of their own, which are the target's, and the other's name."""
    import numpy as np

    groups = counts._column(column)
    names = list(groups.unique())
    check_name(target, names, column)
    mine = (groups == target).to_numpy(dtype=bool)
    if isinstance(reference, Counts):
        check_kind(reference, "keyness")
        _check_apart(counts.where(mine), reference, column, target)
        both, name = merge([counts.where(mine), reference]), "other counts"
        mine = np.arange(len(both.rows)) < mine.sum()
    elif isinstance(reference, str) and reference == "rest":
        both, name = counts, "rest"
    else:
        check_name(reference, names, column)
        if reference == target:
            raise ValueError(
                f"reference={reference!r} would compare {column} {target!r} with itself; name another."
            )
        kept = mine | (groups == reference).to_numpy(dtype=bool)
        both, mine, name = counts.where(kept), mine[kept], str(reference)
    both, order = in_order(both)
    mine = mine[order]
    empty = both.n_tokens() <= 0
    both, mine = leave_aside(both, empty, "no words", stacklevel=4), mine[~empty]
    if not mine.any() or mine.all():
        raise ValueError(
            f"All {len(mine)} documents are of {column} {target!r}: there is nothing to compare with."
            if mine.any()
            else f"The {column} {target!r} has no document with words."
        )
    return _occurring(both), mine, name


def _occurring(counts: Counts) -> Counts:
    import numpy as np

    used = np.flatnonzero(counts.totals())
    if len(used) == len(counts.terms) > 0:
        return counts
    if len(used) == 0:
        raise ValueError(
            "The counts of the two groups have no term, perhaps all trimmed away: lower min_docs or raise max_share."
        )
    return Counts(counts.values[:, used], counts.rows, counts.terms[used], counts.kind)


def common_unit(unit: str, rows: pd.DataFrame, mine: np.ndarray) -> str:
    """Return `unit`, but documents where other Counts are the reference and cities can't be the units of both sides.

    That is where a city stands on both sides, or where one side has no cities (the State Council's reports).
    """
    if unit == "document":
        return unit
    sides = [rows.loc[own, "city"].dropna() for own in (mine, ~mine)]
    shared = sides[0].isin(sides[1]).any()
    return "document" if shared or any(own.empty for own in sides) else unit


def usual_unit(counts: Counts, column: str) -> str:
    """Return the unit of a comparison by `column`, judged by the documents that have words."""
    return unit_of(counts.rows.loc[counts.n_tokens() > 0], column)


def units_using(counts: Counts, laid: Layout) -> np.ndarray:
    """Return for each term the number of units that use it."""
    import numpy as np

    if laid.unit == "document":
        return counts.docs()
    return np.bincount((laid.average @ (counts.values > 0)).nonzero()[1], minlength=len(counts.terms))


def _check_apart(own: Counts, reference: Counts, column: str, target: Any) -> None:
    keys = [key for key in ("doc_id", "para") if key in own.rows and key in reference.rows]
    if "doc_id" not in keys:
        return
    shared = own.rows[keys].merge(reference.rows[keys], on=keys)["doc_id"]
    if len(shared):
        raise ValueError(
            f"Documents of {column} {target!r} stand in the reference too, first {shared.min()!r}: leave them out of "
            'it, or compare with reference="rest".'
        )
