"""Where `keyness` departs from the plain definition of its measures, and what that is worth: a page of docs/calibration.md.

python benchmarks/keyness_departures.py

Truth is known: real reports, some against others, of which the words are thinned to one half, so that every log_ratio is 1.
Each plain definition is written out here and computed beside the shipped one. Counts only; seeded; a few minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from analysis import Counts, open_corpus
from analysis.comparing import inference
from analysis.comparing.inference import log_ratios, pooled_t
from analysis.comparing.units import Layout, UnitValues, layout

SEED, DRAWS, WORDS = 11, 20, 1_000
KEPT = Path(__file__).parent / "calibration" / "departures.csv"

Row = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """Reports, some of them (mine) with twice the rate of all words; how they are laid out; what is dense of them."""

    counts: Counts
    mine: np.ndarray
    laid: Layout

    @property
    def rates(self) -> np.ndarray:
        return self.counts.rates().values.toarray()

    @property
    def target(self) -> np.ndarray:
        return np.bincount(self.laid.units, self.mine, minlength=self.laid.n_units) > 0


def main() -> None:
    found = [row for study in STUDIES for row in study(words())]
    frame = pd.DataFrame(found)
    print(frame.to_string(index=False))
    frame.to_csv(KEPT, index=False, float_format="%.4f", lineterminator="\n")


def words() -> Counts:
    """A thousand words that at least 5 % of the reports use, drawn with a seed."""
    counts = open_corpus("city_reports").words
    counts = counts.trim(min_docs=round(0.05 * len(counts.rows)))
    drawn = np.random.default_rng(SEED).choice(len(counts.terms), WORDS, replace=False)
    return counts.select(counts.terms[np.sort(drawn)])


def halved(counts: Counts, mine: np.ndarray, unit: str, rng: np.random.Generator, **rows: Any) -> Case:
    """Thin the words of the others to one half."""
    values = counts.values.copy()
    values.data = np.where(
        np.repeat(~mine, np.diff(values.indptr)), rng.binomial(values.data, 0.5), values.data
    )
    thinned = replace(counts, values=values, rows=counts.rows.assign(**rows))
    return Case(thinned, mine, layout(thinned.rows, unit, "year"))


def uneven(counts: Counts, rng: np.random.Generator) -> Case:
    """Three hundred reports of which the target has 60 % of those since 2020 and 10 % of those before."""
    here = counts.where(
        np.isin(np.arange(len(counts.rows)), rng.choice(len(counts.rows), 300, replace=False))
    )
    share = np.where(here.rows["year"] >= 2020, 0.6, 0.1)
    return halved(here, rng.random(300) < share, "document", rng)


# --- the difference within years ------------------------------------------------------------------------------------------


def indicator(counts: Counts) -> Iterator[Row]:
    """√rates centred on their year, then the t of two groups; against the regression with the indicator centred alike."""
    rng = np.random.default_rng(SEED)
    results: dict[str, list] = {"plain": [], "shipped": []}
    for _ in range(DRAWS):
        case = uneven(counts, rng)
        roots = np.sqrt(case.rates)
        centred = roots - pd.DataFrame(roots).groupby(case.laid.strata).transform("mean").to_numpy()
        plain = stats.ttest_ind(centred[case.mine], centred[~case.mine])
        gap = centred[case.mine].mean(axis=0) - centred[~case.mine].mean(axis=0)
        t, p = pooled_t(UnitValues(case.counts.rates().values.sqrt(), case.laid), case.target[None, :])
        regressor = case.laid.contrasts(case.target[None, :])[0]
        slope = regressor @ roots / (regressor @ regressor)
        truth = true_gap(roots, case)
        results["plain"].append(
            [np.median(gap / truth), (plain.pvalue < 0.001).mean(), np.mean(abs(plain.statistic))]
        )
        results["shipped"].append([np.median(slope / truth), (p[0] < 0.001).mean(), np.mean(abs(t))])
    for name, rows in results.items():
        size, power, t = np.mean(rows, axis=0)
        yield {
            "study": "indicator",
            "who": name,
            "share of the difference": size,
            "p < 0.001": power,
            "mean t": t,
        }


def true_gap(roots: np.ndarray, case: Case) -> np.ndarray:
    """The difference of √rates within years, by least squares with a dummy for each year (an independent computation)."""
    x = np.column_stack([pd.get_dummies(case.laid.strata).to_numpy(float), case.mine])
    return np.linalg.lstsq(x, roots, rcond=None)[0][-1]


def years(counts: Counts) -> Iterator[Row]:
    """log2 of the plain mean rates of two groups; against means of the same years."""
    rng = np.random.default_rng(SEED)
    plain, shipped = [], []
    for _ in range(DRAWS):
        case = uneven(counts, rng)
        plain.append(plain_ratio(case))
        shipped.append(
            log_ratios(case.counts.rates().values, case.laid, case.target, case.counts.n_tokens())[
                "log_ratio"
            ]
        )
    for name, found in (("plain", plain), ("shipped", shipped)):
        off = np.array(found) - 1
        bias = np.median(off, axis=0)  # of a word, over draws
        yield {
            "study": "years",
            "who": name,
            "mean bias": abs(bias).mean(),
            "worst tenth": np.quantile(abs(bias), 0.9),
        } | {"root mean square": np.sqrt((off**2).mean())}


def plain_ratio(case: Case) -> np.ndarray:
    tokens = case.counts.n_tokens()
    means = [case.rates[side].mean(axis=0) + 5_000 / tokens[side].sum() for side in (case.mine, ~case.mine)]
    return np.log2(means[0] / means[1])


# --- cities ------------------------------------------------------------------------------------------------------------


def cities(counts: Counts) -> Iterator[Row]:
    """Plain means of cities; against cities weighted by their number of reports: power of the test, width of intervals."""
    for size in (10, 24, 60):
        rng = np.random.default_rng(SEED)
        results: dict[str, list] = {"plain": [], "shipped": []}
        for _ in range(DRAWS):
            codes = layout(counts.rows, "city", None).units
            mine = np.isin(codes, rng.choice(codes.max() + 1, size, replace=False))
            case = halved(counts, mine, "city", rng)
            for name, of in (("plain", Equal(**vars_of(case.laid))), ("shipped", case.laid)):
                results[name].append(measured(case, of))
        for name, rows in results.items():
            power, inside, width = np.mean(rows, axis=0)
            told = {"study": "cities", "who": name, "units": size}
            yield told | {"p < 0.001": power, "coverage": inside, "half width": width}


@dataclass(frozen=True)
class Equal(Layout):
    """A layout in which every city weighs the same."""

    @property
    def trust(self) -> np.ndarray:  # type: ignore[override]
        return np.ones(self.n_units)


def vars_of(laid: Layout) -> dict[str, Any]:
    return {"unit": laid.unit, "within": laid.within, "units": laid.units, "strata": laid.strata}


def measured(case: Case, of: Layout) -> list[float]:
    _, p = pooled_t(UnitValues(case.counts.rates().values.sqrt(), of), case.target[None, :])
    found = log_ratios(case.counts.rates().values, of, case.target, case.counts.n_tokens())
    return [(p[0] < 0.001).mean(), *held(found)]


def held(found: dict[str, np.ndarray]) -> tuple[float, float]:
    """Return the share of intervals that hold the truth, and the median of half their width."""
    inside = (found["ci_low"] <= 1) & (found["ci_high"] >= 1)
    return inside.mean(), np.median(found["ci_high"] - found["ci_low"]) / 2


# --- intervals ---------------------------------------------------------------------------------------------------------


def intervals(counts: Counts) -> Iterator[Row]:
    """Delta method alone; with the floor of the variance; and with degrees of freedom from the kurtosis (shipped)."""
    ways: dict[str, tuple[float, Callable | None]] = {
        "plain": (0.0, normal),
        "floor": (inference.FLOOR, normal),
        "full floor": (1.0, normal),
        "shipped": (inference.FLOOR, None),
    }
    for unit, size in (
        ("document", 20),
        ("document", 40),
        ("document", 100),
        ("city", 20),
        ("city", 40),
        ("city", 100),
    ):
        rng = np.random.default_rng(SEED)
        results: dict[str, list] = {way: [] for way in ways}
        for _ in range(DRAWS):
            codes = layout(counts.rows, unit, None).units
            chosen = rng.choice(codes.max() + 1, 2 * size, replace=False)
            here = counts.where(np.isin(codes, chosen))
            mine = np.isin(codes[np.isin(codes, chosen)], chosen[:size])
            case = halved(here, mine, unit, rng)
            for way, (floor, degrees) in ways.items():
                results[way].append(held(interval(case, floor, degrees)))
        for way, rows in results.items():
            inside, width = np.mean(rows, axis=0)
            told = {"study": "intervals", "who": way, "unit": unit, "units": size}
            yield told | {"coverage": inside, "half width": width}


def normal(values: UnitValues, side: np.ndarray) -> np.ndarray:
    """n − 1 degrees of freedom, as for a normal distribution."""
    return np.full(values.raw.shape[1], max(side.sum() - 1, 1), dtype=float)


def interval(case: Case, floor: float, degrees: Callable | None) -> dict[str, np.ndarray]:
    """The shipped interval with another floor and other degrees of freedom."""
    kept = inference.FLOOR, inference.freedom
    inference.FLOOR, inference.freedom = floor, degrees or inference.freedom
    try:
        return log_ratios(case.counts.rates().values, case.laid, case.target, case.counts.n_tokens())
    finally:
        inference.FLOOR, inference.freedom = kept


# --- documents without a year, documents without words ---------------------------------------------------------------------


def yearless(counts: Counts) -> Iterator[Row]:
    """A fifth of the years unknown: those reports left out, taken unadjusted, or (shipped) one stratum."""
    rng = np.random.default_rng(SEED)
    results: dict[str, list] = {"left out": [], "unadjusted": [], "shipped": []}
    for _ in range(DRAWS):
        case = uneven(counts, rng)
        unknown = rng.random(len(case.mine)) < 0.2
        for name, one in without_year(case, unknown).items():
            _, p = pooled_t(UnitValues(one.counts.rates().values.sqrt(), one.laid), one.target[None, :])
            found = log_ratios(one.counts.rates().values, one.laid, one.target, one.counts.n_tokens())
            results[name].append([(p[0] < 0.001).mean(), *held(found), *(found["log_ratio"] - 1)])
    for name, rows in results.items():
        power, inside, width = np.mean([row[:3] for row in rows], axis=0)
        bias = abs(np.median([row[3:] for row in rows], axis=0)).mean()
        told = {"study": "yearless", "who": name, "p < 0.001": power, "coverage": inside}
        yield told | {"half width": width, "mean bias": bias}


def without_year(case: Case, unknown: np.ndarray) -> dict[str, Case]:
    rows = case.counts.rows.assign(year=case.counts.rows["year"].astype("Int64").where(~unknown))
    one = Case(replace(case.counts, rows=rows), case.mine, layout(rows, "document", "year"))
    bare = layout(rows, "document", None)
    fewer = case.counts.where(~unknown)
    out = Case(fewer, case.mine[~unknown], layout(fewer.rows, "document", "year"))
    return {"left out": out, "unadjusted": Case(one.counts, case.mine, bare), "shipped": one}


STUDIES = (indicator, years, cities, intervals, yearless)


if __name__ == "__main__":
    main()
