"""How often the bands of trends hold the truth, and what is left of a change in which cities report: for docs/trends.md.

python benchmarks/trend_calibration.py [bands] [within] [composition]

Counts only (the shipped features of the city reports); seeded. `within` takes some minutes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
from scipy.stats import t as student

from analysis import Counts, open_corpus
from analysis.comparing.means import mean_interval
from analysis.comparing.panels import MODELS, Panel
from analysis.yearly_rates import UnitRates, unit_rates

BANDS = ((0.05, 0.1), (0.1, 0.3), (0.3, 0.6), (0.6, 1.0))  # of words, by the share of documents using them
YEARS = (2021, 2023)  # whose cities are a population: 275 and 257
UNITS = (3, 5, 10, 15, 20, 30, 50, 100)
SPARSE = (2013, 2019)  # years that few cities report, mostly large ones
FULL_YEARS = (2014, 2016, 2020, 2021, 2022, 2023, 2025)
TOPICAL = ("招商引资", "营商环境", "双招双引", "产业链招商", "高质量发展", "脱贫攻坚")
SEED = 11


def main(parts: list[str]) -> None:
    counts = open_corpus("city_reports").words
    for part in parts or list(PARTS):
        print(f"\n## {part}\n", flush=True)
        for line in PARTS[part](counts):
            print(line, flush=True)


def bands(counts: Counts, words: int = 40, draws: int = 60) -> Iterator[str]:
    """Share of 95 % bands that hold the mean of all cities of a year, of which so many are drawn; share without a band."""
    yield "| words used by | interval | " + " | ".join(map(str, UNITS)) + " |"
    rng = np.random.default_rng(SEED)
    for band in BANDS:
        pools = [drawn_words(counts.where(counts.rows["year"] == year), band, words, rng) for year in YEARS]
        for ratio in (False, True):
            cells = [cell(pools, n, ratio, draws, np.random.default_rng(SEED + n)) for n in UNITS]
            yield f"| {band[0]:.0%}-{band[1]:.0%} | {'logarithm' if ratio else 'mean'} | {' | '.join(cells)} |"


def cell(pools: list[np.ndarray], n: int, ratio: bool, draws: int, rng: np.random.Generator) -> str:
    held, none = [], 0
    for rates in pools:
        for _ in range(draws):
            sample = rates[rng.integers(len(rates), size=n)]
            for own, mean in zip(sample.T, rates.mean(axis=0), strict=True):
                _, low, high = mean_interval(own, ratio=ratio)
                none += int(np.isnan(low))
                held += [] if np.isnan(low) else [low <= mean <= high]
    return f"{np.mean(held):.1%} ({none / (none + len(held)):.0%})"


def within(counts: Counts, words: int = 4, draws: int = 6) -> Iterator[str]:
    """The same for "within cities": cities drawn with all their reports; by how many of them report in the year."""
    groups = ((3, 9), (10, 19), (20, 39), (40, 79), (80, 400))
    yield "| model | words used by | " + " | ".join(f"{a}-{b} cities" for a, b in groups) + " |"
    for band in BANDS:
        table = panel_words(counts, band, words, np.random.default_rng(SEED))
        for model in MODELS:
            held: dict[tuple[int, int], list[bool]] = {group: [] for group in groups}
            truth = laid(table).levels(model)
            rng = np.random.default_rng(SEED + 1)
            for size in (60, 160):
                for _ in range(draws):
                    panel = cities_drawn(table, size, rng)
                    levels, errors, _ = panel.spread(model)
                    n = (panel.weights > 0).sum(axis=0)
                    margin = student.ppf(0.975, np.maximum(n - 1, 1))[:, None] * errors
                    off = np.abs(levels - truth)
                    if model == "proportional":  # the band is of the logarithm
                        off = np.abs(np.log(truth / levels)) * levels
                    for low, high in groups:
                        some = ((n >= low) & (n <= high))[:, None] & (margin > 0)
                        held[low, high] += (off <= margin)[some].tolist()
            cells = " | ".join(f"{np.mean(own):.1%} of {len(own)}" if own else "-" for own in held.values())
            yield f"| {model} | {band[0]:.0%}-{band[1]:.0%} | {cells} |"


def composition(counts: Counts, words: int = 60) -> Iterator[str]:
    """A year that many cities report is left only those that report a sparse year; how far off are its levels?

    Root mean square of the difference from the mean of all cities, in standard errors of a mean of those left.
    """
    yield "| words | all | additive | proportional |"
    rng = np.random.default_rng(SEED)
    for band in BANDS:
        found = thinned(panel_words(counts, band, words, rng, None))
        cells = " | ".join(f"{value:.2f}" for value in np.sqrt((found**2).mean(axis=(0, 2))))
        yield f"| used by {band[0]:.0%}-{band[1]:.0%} | {cells} |"
    table = unit_rates(
        counts, {term: [term] for term in TOPICAL}, by="year", unit="city", per="n_tokens", years=None
    )
    for term, own in zip(TOPICAL, np.sqrt((thinned(table) ** 2).mean(axis=0)).T, strict=True):
        yield f"| {term} | " + " | ".join(f"{value:.2f}" for value in own) + " |"


def thinned(table: UnitRates) -> np.ndarray:
    """Return cases × (all, additive, proportional) × terms: errors in standard errors."""
    errors, spreads = [], []
    for year in FULL_YEARS:
        for sparse in SPARSE:
            few = np.isin(table.city, table.city[table.year == sparse])
            here = table.year == year
            left = table.where(~here | few)
            at = int(np.searchsorted(np.unique(left.year), year))
            found = [left.rates[left.year == year].mean(axis=0)]
            found += [laid(left).levels(model)[at] for model in ("additive", "proportional")]
            errors.append(np.array(found) - table.rates[here].mean(axis=0))
            spreads.append(table.rates[here].std(axis=0) / np.sqrt((here & few).sum()))
    return np.array(errors) / np.sqrt((np.array(spreads) ** 2).mean(axis=0))


def drawn_words(counts: Counts, band: tuple[float, float], n: int, rng: np.random.Generator) -> np.ndarray:
    """Return the rates, documents × words, of `n` words drawn from those that such a share of the documents uses."""
    return counts.select(chosen(counts, band, n, rng)).rates().values.toarray()


def panel_words(
    counts: Counts,
    band: tuple[float, float],
    n: int,
    rng: np.random.Generator,
    years: tuple[int, int] | None = (2008, 2025),
) -> UnitRates:
    """Return the same by city and year."""
    named = {term: [term] for term in chosen(counts, band, n, rng)}
    return unit_rates(counts, named, by="year", unit="city", per="n_tokens", years=years)


def chosen(counts: Counts, band: tuple[float, float], n: int, rng: np.random.Generator) -> np.ndarray:
    share = counts.docs() / len(counts.rows)
    return rng.choice(counts.terms[(share >= band[0]) & (share < band[1])], n, replace=False)


def cities_drawn(table: UnitRates, size: int, rng: np.random.Generator) -> Panel:
    """Return the panel of as many cities drawn with replacement, each with all its reports; a city drawn twice is two."""
    chosen = rng.integers(table.city.max() + 1, size=size)
    places = [np.flatnonzero(table.city == city) for city in chosen]
    rows = np.concatenate(places)
    city = np.repeat(np.arange(size), [len(own) for own in places])
    _, city = np.unique(city, return_inverse=True)
    years = np.unique(table.year)
    return Panel(city, np.searchsorted(years, table.year[rows]), table.docs[rows], table.rates[rows])


def laid(table: UnitRates) -> Panel:
    _, city = np.unique(table.city, return_inverse=True)
    _, year = np.unique(table.year, return_inverse=True)
    return Panel(city, year, table.docs, table.rates)


PARTS = {"bands": bands, "within": within, "composition": composition}


if __name__ == "__main__":
    main(sys.argv[1:])
