"""Which test of keyness keeps its promise on real reports, and which finds most: the study behind docs/calibration.md.

python benchmarks/keyness_calibration.py [likeness] [placebo] [power] [coverage] [small] [time]

Counts only (the shipped features of 2,231 city reports); seeded. `placebo` and `power` take minutes each.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from analysis import Counts, keyness, open_corpus
from analysis.comparing.inference import PARAMETRIC, adjusted, log_ratios
from analysis.comparing.permutations import permutation, permuted_t
from analysis.comparing.units import Layout, UnitValues, layout
from analysis.keywords.chance import random_groups
from analysis.keywords.sides import units_using

SIZES = (3, 6, 10, 24, None)
SHARES = (0.02, 0.05, 0.1, 0.2)  # min_units that are tried
BANDS = (
    (0.02, 0.05),
    (0.05, 0.1),
    (0.1, 0.2),
    (0.2, 1.0),
)  # of planted words, by the share of documents using them
PLANTED = 50  # words a band
TESTS = ("t", "moderated", "permuted_t")
COVERED = (3, 6, 10, 20, 24, 40, 100)
SEED = 7


def main(parts: list[str]) -> None:
    counts = open_corpus("city_reports").words.trim(min_docs=20)
    for part in parts or list(PARTS):
        print(f"\n## {part}\n", flush=True)
        for line in PARTS[part](counts):
            print(line, flush=True)


def likeness(counts: Counts) -> Iterator[str]:
    """The variance of cities' means by their number of reports, as a multiple of the mean one; and a fit a + b/n."""
    laid = layout(counts.rows, "city", "year")
    values = UnitValues(counts.trim(min_docs=112).rates().values.sqrt(), laid).dense() ** 2
    relative = np.median(values / values.mean(axis=0), axis=1), (values / values.mean(axis=0)).mean(axis=1)
    inverse = np.column_stack([np.ones(laid.n_units), 1 / laid.sizes])
    a, b = np.linalg.lstsq(inverse, relative[1], rcond=None)[0]
    for low, high in ((1, 1), (2, 2), (3, 3), (4, 5), (6, 8), (9, 20), (21, 40)):
        here = (laid.sizes >= low) & (laid.sizes <= high)
        yield f"{low}-{high} reports: {here.sum()} cities, variance {relative[1][here].mean():.2f}"
    yield f"least squares: {a:.2f} + {b:.2f}/n, likeness {a / (a + b):.2f}"


def placebo(counts: Counts, draws: int = 40) -> Iterator[str]:
    """Words called different between random groups and the rest: mean (share of draws with any), by min_units."""
    yield "| unit | size | test | " + " | ".join(f"{share:.0%}" for share in SHARES) + " |"
    for unit in ("document", "city"):
        laid, share, rates = prepared(counts, unit)
        for size in sizes(laid):
            groups = random_groups(laid.n_units, size, draws, SEED)
            for test in ("t", "moderated", "welch", "permuted_t"):
                p = p_values(rates, laid, groups, test)
                cells = []
                for least in SHARES:
                    hits = np.array([found(own, share >= least).sum() for own in p])
                    cells.append(f"{hits.mean():.2f} ({(hits > 0).mean():.0%})")
                yield f"| {unit} | {size} | {test} | " + " | ".join(cells) + " |"


def rates_permuted(counts: Counts, draws: int = 10) -> Iterator[str]:
    """The same for the permutation test of a difference of mean rates, at 5 % and 20 % (slow, so fewer draws)."""
    for unit in ("document", "city"):
        laid, share, rates = prepared(counts, unit, least=0.2 if unit == "document" else 0.05)
        for size in sizes(laid):
            groups = random_groups(laid.n_units, size, draws, SEED)
            p = [permutation(UnitValues(rates, laid), group).p for group in groups]
            cells = []
            for least in (0.05, 0.2):
                hits = np.array([found(own, share >= least).sum() for own in p])
                cells.append(f"{hits.mean():.2f} ({(hits > 0).mean():.0%})")
            yield f"| {unit} | {size} | permutation | " + " | ".join(cells) + " |"


def power(counts: Counts, draws: int = 6) -> Iterator[str]:
    """Planted words found, of 50 in each band, others called different, and the share of those in all called different."""
    head = " | ".join(f"{low:.0%}-{high:.0%}" for low, high in BANDS)
    yield f"| unit | size | times | test, min_units | {head} | all | others | false share |"
    for unit in ("document", "city"):
        for size in SIZES:
            for factor in (2, 4):
                yield from planted_found(counts, unit, size, factor, draws)


def planted_found(counts: Counts, unit: str, size: int | None, factor: float, draws: int) -> Iterator[str]:
    laid, share, rates = prepared(counts, unit)
    size = laid.n_units // 2 if size is None else size
    results: dict[str, list] = {}
    for draw, group in enumerate(random_groups(laid.n_units, size, draws, SEED + 1)):
        changed, band = plant(counts, laid, share, group, factor, SEED + draw)
        for test in TESTS:
            p = p_values(changed, laid, group[None, :], test)[0]
            for least in SHARES:
                called = found(p, share >= least)
                hits = [int((called & (band == at)).sum()) for at in range(len(BANDS))]
                others = int((called & (band < 0)).sum())
                results.setdefault(f"{test} {least:.0%}", []).append([*hits, sum(hits), others])
    for name, found_here in results.items():
        mean = np.mean(found_here, axis=0)
        false = np.mean([row[-1] / max(row[-1] + row[-2], 1) for row in found_here])
        yield (
            f"| {unit} | {size} | {factor} | {name} | "
            + " | ".join(f"{x:.1f}" for x in mean)
            + f" | {false:.3f} |"
        )


def plant(
    counts: Counts, laid: Layout, share: np.ndarray, group: np.ndarray, factor: float, seed: int
) -> tuple[csr_matrix, np.ndarray]:
    """Raise the rate of some words in a group's documents, unevenly: negative binomial with shape ½, as bursty as words are.

    Returns the rates, and for each word its band or -1.
    """
    rng = np.random.default_rng(seed)
    kept = np.flatnonzero(used_enough(counts, laid))
    documents, tokens = counts.docs()[kept] / len(counts.rows), counts.n_tokens()
    band = np.full(len(kept), -1)
    for at, (low, high) in enumerate(BANDS):
        band[rng.choice(np.flatnonzero((documents >= low) & (documents < high)), PLANTED, replace=False)] = at
    chosen, mine = np.flatnonzero(band >= 0), np.flatnonzero(group[laid.units])
    more = np.outer(tokens[mine], (factor - 1) * counts.totals()[kept[chosen]] / tokens.sum())
    extra = rng.poisson(more * rng.gamma(0.5, 2, more.shape))
    where = (np.repeat(mine, len(chosen)), np.tile(chosen, len(mine)))
    added = csr_matrix((extra.ravel(), where), shape=(len(tokens), len(kept)))
    return replace(
        counts, values=csr_matrix(counts.values[:, kept] + added), terms=counts.terms[kept]
    ).rates().values, band


def coverage(counts: Counts, draws: int = 40) -> Iterator[str]:
    """Share of 95 % intervals that hold the true log_ratio, 1: the reference's words are thinned to one half.

    Random groups against as many others and against all others; over words used by at least 5 % and 20 % of documents.
    """
    rng = np.random.default_rng(SEED)
    kept = counts.trim(min_docs=112)
    frequent = kept.docs() >= 0.2 * len(kept.rows)
    yield "| unit | against | size | words 5-20 % | words from 20 % |"
    for unit in ("document", "city"):
        for against in ("as many", "the rest"):
            for size in COVERED:
                inside = np.array([covered(kept, unit, against, size, rng) for _ in range(draws)])
                few, many = inside[:, ~frequent].mean(), inside[:, frequent].mean()
                yield f"| {unit} | {against} | {size} | {few:.1%} | {many:.1%} |"


def covered(counts: Counts, unit: str, against: str, size: int, rng: np.random.Generator) -> np.ndarray:
    codes = layout(counts.rows, unit, None).units
    order = rng.permutation(codes.max() + 1)
    chosen = order[: 2 * size] if against == "as many" else order
    here = counts.where(np.isin(codes, chosen))
    mine = np.isin(codes[np.isin(codes, chosen)], order[:size])
    thinned = here.values.copy()
    rest = np.repeat(~mine, np.diff(thinned.indptr))
    thinned.data = np.where(rest, rng.binomial(thinned.data, 0.5), thinned.data)
    rates = replace(here, values=thinned).rates().values
    laid = layout(here.rows, unit, "year")
    target = np.bincount(laid.units, mine, minlength=laid.n_units) > 0
    effects = log_ratios(rates, laid, target, here.n_tokens())
    return (effects["ci_low"] <= 1) & (effects["ci_high"] >= 1)


def small(counts: Counts, draws: int = 200) -> Iterator[str]:
    """Small corpora: so many random reports of 2019 to 2023, some against the others; too few groups to refer t to."""
    rng = np.random.default_rng(SEED)
    recent = counts.where(counts.rows["year"].between(2019, 2023).fillna(False))
    yield "| reports | target | test | within | mean at 20 % | any |"
    for whole, size in ((6, 3), (8, 3), (8, 4), (12, 3), (12, 6), (20, 3), (20, 10), (40, 3), (40, 20)):
        for within in (None, "year"):
            for test in ("t", "moderated", "permuted_t"):
                hits = []
                for _ in range(draws):
                    here = recent.where(
                        np.isin(np.arange(len(recent.rows)), rng.choice(len(recent.rows), whole, False))
                    )
                    laid = layout(here.rows, "document", within)
                    rates = here.rates().values[:, np.flatnonzero(here.docs() >= 0.2 * whole)]
                    group = np.isin(np.arange(whole), rng.choice(whole, size, False))
                    p = p_values(rates, laid, group[None, :], test)[0]
                    hits.append(found(p, np.isfinite(p)).sum())
                if hits:
                    mean, some = np.mean(hits), np.mean(np.array(hits) > 0)
                    yield f"| {whole} | {size} | {test} | {within} | {mean:.2f} | {some:.1%} |"


def timing(_: Counts) -> Iterator[str]:
    """Seconds of one comparison of 30,000 words in 2,231 reports."""
    counts = open_corpus("city_reports").words
    counts = counts.select(counts.terms[np.sort(np.argsort(-counts.docs(), kind="stable")[:30_000])])
    known = counts.where(counts.rows["region"].notna())
    keyness(counts, "city", "盐城市")
    for column, target in (("city", "盐城市"), ("year", 2020), ("region", "east")):
        start = time.perf_counter()
        keyness(known if column == "region" else counts, column, target)
        yield f"{column} {target}: {time.perf_counter() - start:.2f} s"


def prepared(counts: Counts, unit: str, least: float = SHARES[0]) -> tuple[Layout, np.ndarray, csr_matrix]:
    """The layout within years, the share of units using each word that at least `least` use, and those words' rates."""
    laid = layout(counts.rows, unit, "year")
    share = units_using(counts, laid) / laid.n_units
    kept = used_enough(counts, laid, least)
    return laid, share[kept], counts.rates().values[:, np.flatnonzero(kept)]


def used_enough(counts: Counts, laid: Layout, least: float = SHARES[0]) -> np.ndarray:
    return units_using(counts, laid) >= least * laid.n_units


def p_values(rates: csr_matrix, laid: Layout, groups: np.ndarray, test: str) -> np.ndarray:
    values = UnitValues(rates if test == "welch" else rates.sqrt(), laid)
    return permuted_t(values, groups)[1] if test == "permuted_t" else PARAMETRIC[test](values, groups)[1]


def found(p: np.ndarray, tested: np.ndarray) -> np.ndarray:
    return adjusted(np.where(tested, p, np.nan)) < 0.05


def sizes(laid: Layout) -> list[int]:
    return [laid.n_units // 2 if size is None else size for size in SIZES]


PARTS = {
    "likeness": likeness,
    "placebo": placebo,
    "permutation": rates_permuted,
    "power": power,
    "coverage": coverage,
    "small": small,
    "time": timing,
}


if __name__ == "__main__":
    pd.set_option("display.width", 150)
    main(sys.argv[1:])
