"""How often words are used year by year, and whether cities change or only which of them report."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from analysis.comparing.demands import check_level, check_words
from analysis.comparing.means import FULL, mean_interval, ratio_interval, said_of
from analysis.comparing.panels import MODELS, Panel, throughout
from analysis.comparing.units import UNITS
from analysis.yearly_rates import UnitRates, named_terms, unit_rates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

    from analysis.counts import Counts
    from analysis.yearly_rates import Terms

PANELS = ("all", "throughout", "within cities")
LENGTHS = ("n_tokens", "n_chars")
COLUMNS = ["term", "panel", "year", "units", "docs", "using", "rate", "ci_low", "ci_high", "reason"]


def trend(
    counts: Counts,
    terms: Terms,
    *,
    by: str = "year",
    unit: str = "city",
    per: str = "n_tokens",
    panels: Iterable[str] = PANELS,
    years: tuple[int, int] | None = None,
    model: str = "proportional",
    level: float = 0.95,
) -> pd.DataFrame:
    """Say how often terms are used year by year. One row a term (or named group of terms), panel and year.

    terms: a term, several, or a mapping such as {"招商": ["招商引资", "双招双引"]}, whose terms are counted together.
    unit: "city" (mean of its documents of the year) or "document". per: rates per 10,000 tokens or Han characters.
    panels: "all": mean over all units of the year. "throughout": over the cities present in every year of a span: `years`
    if given, else the span that keeps most city-years. "within cities": what the mean would be if every city had reported
    every year; cities that enter or leave make no trend in it. model: how: rate = city · year ("proportional", Poisson
    pseudo-likelihood) or rate = city + year ("additive", least squares, may fall below 0); only for years that cities
    join to the others. years: first and last, for all panels.

    Columns: term, panel, year, units, docs (documents of these units), using (documents that use it), rate, ci_low, ci_high,
    reason (why there is no band, or of how few units it is). Bands: t over units, of the logarithm of the mean (delta
    method); "within cities": from a delete-one-city jackknife, with units − 1 degrees of freedom, of the level itself where
    additive. docs/trends.md says how often they hold the truth.
    attrs: by, unit, per, level, panels, model, span (of "throughout": first, last, cities, city_years), composition (one
    dict a year: year, cities, kept (from the year before), entering (never seen before), leaving (never seen after)),
    change (by term: first and last year with 20 units, or with any; all, within cities, and composition: the part of the
    change in "all" that comes from which cities report).

    Documents without words or year are left aside with a warning. Raises ValueError for another unit, panel or length,
    weights, no terms, a level that is no share, a term that does not occur (nearest named), no years, or one year only.
    """
    import pandas as pd

    panels = _check(counts, unit, per, panels, model)
    check_level(level)
    table = unit_rates(counts, named_terms(counts, terms), by=by, unit=unit, per=per, years=years)
    if "city" not in counts.rows:
        warnings.warn("The rows have no column 'city': only the panel 'all' can be had.", stacklevel=2)
        panels = ["all"]
    span = _span(table, years) if "throughout" in panels else None
    rows = [row for panel in panels for row in _rows(table, panel, span, model, level)]
    frame = pd.DataFrame(rows, columns=COLUMNS).astype({"reason": "string"})
    order = {name: at for at, name in enumerate(table.names)}
    frame = frame.sort_values("term", key=lambda column: column.map(order), kind="stable", ignore_index=True)
    frame.attrs = {"by": by, "unit": unit, "per": per, "level": level, "panels": panels, "model": model}
    frame.attrs |= {"span": span, "composition": table.composition(), "change": _change(frame)}
    return frame


def _rows(
    table: UnitRates, panel: str, span: dict[str, int] | None, model: str, level: float
) -> Iterator[tuple]:
    import numpy as np

    if panel == "within cities":
        yield from _within_rows(table, model, level)
        return
    if panel == "throughout":
        if not span or not span["cities"]:
            return
        inside = (table.year >= span["first"]) & (table.year <= span["last"]) & (table.city >= 0)
        table = table.where(inside)
        table = table.where(np.isin(table.city, np.flatnonzero(table.present().all(axis=1))))
    for year in sorted(set(table.year.tolist())):
        own = table.where(table.year == year)
        for at, name in enumerate(table.names):
            rate, low, high = mean_interval(own.rates[:, at], level=level, ratio=True)
            reason = said_of(len(own.docs), varies=low == low, what="band")
            using = int(own.using[:, at].sum())
            counted = (name, panel, year, len(own.docs), int(own.docs.sum()), using)
            yield (*counted, rate, low, high, reason)


def _within_rows(table: UnitRates, model: str, level: float) -> Iterator[tuple]:
    import numpy as np
    from scipy.stats import t as student

    table = table.where(table.city >= 0)
    if len(table.city) == 0:
        return
    years, place = np.unique(table.year, return_inverse=True)
    panel = Panel(table.city, place, table.docs, table.rates)
    rates, errors, hangs = panel.spread(model)
    cities = np.bincount(np.nonzero(panel.weights)[1])
    margins = student.ppf((1 + level) / 2, np.maximum(cities - 1, 1))[:, None] * errors
    margins[(margins <= 0) | np.isnan(rates)] = np.nan
    for at, year in enumerate(years.tolist()):
        here = place == at
        for term, name in enumerate(table.names):
            rate, margin = rates[at, term], margins[at, term]
            whole = ratio_interval if model == "proportional" and margin == margin else _symmetric
            reason = _within_reason(rate, margin, int(cities[at]), bool(hangs[at, term]))
            counted = (int(here.sum()), int(table.docs[here].sum()), int(table.using[here, term].sum()))
            yield (name, "within cities", year, *counted, rate, *whole(rate, margin), reason)


def _symmetric(rate: float, margin: float) -> tuple[float, float]:
    return rate - margin, rate + margin


def _within_reason(rate: float, margin: float, cities: int, hangs: bool) -> str | None:
    if rate != rate:
        return "no rate: no city joins this year to the others"
    if hangs:
        return "no band: a single city joins this year to the others"
    return said_of(cities, varies=margin == margin, what="band")


def _change(frame: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return for each term the change from the first to the last year, and what of it comes from which cities report."""
    wide = frame.pivot(index=["term", "year"], columns="panel", values=["rate", "units"])
    if not {("rate", "all"), ("rate", "within cities")} <= set(wide):
        return {}
    told = {}
    for term, own in wide.droplevel(0).groupby(wide.index.get_level_values(0), sort=False):
        rates = own["rate"][["all", "within cities"]].dropna()
        full = rates[own["units"]["within cities"].reindex(rates.index) >= FULL]
        rates = full if len(full) > 1 else rates
        if len(rates) < 2:
            continue
        whole, within = (float(rates[name].iloc[-1] - rates[name].iloc[0]) for name in rates)
        years = {"first": int(rates.index[0]), "last": int(rates.index[-1])}
        told[str(term)] = {**years, "all": whole, "within cities": within, "composition": whole - within}
    return told


def _span(table: UnitRates, years: tuple[int, int] | None) -> dict[str, int]:
    """Return the span of the panel "throughout": given, or the one that keeps most city-years."""
    present, start = table.present(), int(table.year.min())
    if years is None:
        first, last = throughout(present)
    else:
        first, last = 0, present.shape[1] - 1
    cities = int(present[:, first : last + 1].all(axis=1).sum())
    if not cities:
        warnings.warn(
            f"No city has documents in every year from {start + first} to {start + last}: the panel 'throughout' is empty; "
            "give a shorter span in years=.",
            stacklevel=3,
        )
    return {
        "first": start + first,
        "last": start + last,
        "cities": cities,
        "city_years": cities * (last - first + 1),
    }


def _check(counts: Counts, unit: str, per: str, panels: Iterable[str], model: str) -> list[str]:
    check_words(counts, "trend")
    wanted = [panels] if isinstance(panels, str) else list(panels)
    choices = {
        "unit": (UNITS, [unit]),
        "per": (LENGTHS, [per]),
        "panels": (PANELS, wanted),
        "model": (MODELS, [model]),
    }
    for name, (known, given) in choices.items():
        unknown = [each for each in given if each not in known]
        if unknown or not given:
            raise ValueError(f"{name}={given!r} is unknown; choose from {', '.join(known)}.")
    return wanted
