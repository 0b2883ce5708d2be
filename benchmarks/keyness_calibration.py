"""Which test of keyness keeps its promise on real reports, and which finds most: the study behind docs/calibration.md.

python benchmarks/keyness_calibration.py [likeness] [placebo] [permutation] [power] [coverage] [small] [time] [tables]

Counts only (the shipped features of city reports); seeded. Each part but `time` keeps its figures in
benchmarks/calibration/*.csv; `tables` puts them into the page. An hour in full on one processor.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import calibration_tables
import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from analysis import Counts, keyness, open_corpus
from analysis import placebo as random_hits
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
SOME = 1_500  # words whose intervals are looked at, drawn from those that 5 % of the reports use
SEED = 7
KEPT = Path(__file__).parent / "calibration"

Row = dict[str, Any]


def main(parts: list[str]) -> None:
    counts = open_corpus("city_reports").words.trim(min_docs=20)
    for part in parts or [*PARTS, "time", "tables"]:
        print(f"\n## {part}\n", flush=True)
        if part == "tables":
            calibration_tables.write()
        elif part == "time":
            print("\n".join(timing()), flush=True)
        else:
            keep(part, PARTS[part](counts))


def keep(part: str, rows: Iterator[Row]) -> None:
    """Print each row as it comes, and keep them all."""
    found = []
    for row in rows:
        found.append(row)
        print("  ".join(f"{name} {value}" for name, value in row.items()), flush=True)
    pd.DataFrame(found).to_csv(KEPT / f"{part}.csv", index=False, float_format="%.4f", lineterminator="\n")


def likeness(counts: Counts) -> Iterator[Row]:
    """The variance of cities' means by their number of reports, as a multiple of the mean one; and a fit a + b/n."""
    laid = layout(counts.rows, "city", "year")
    values = UnitValues(counts.trim(min_docs=fewest(counts)).rates().values.sqrt(), laid).dense() ** 2
    relative = (values / values.mean(axis=0)).mean(axis=1)
    inverse = np.column_stack([np.ones(laid.n_units), 1 / laid.sizes])
    a, b = np.linalg.lstsq(inverse, relative, rcond=None)[0]
    for low, high in ((1, 1), (2, 2), (3, 3), (4, 5), (6, 8), (9, 20), (21, 40)):
        here = (laid.sizes >= low) & (laid.sizes <= high)
        yield {"reports": f"{low}-{high}", "cities": here.sum(), "variance": relative[here].mean()}
    yield {"reports": "likeness", "cities": laid.n_units, "variance": a / (a + b)}


def placebo(counts: Counts, draws: int = 40) -> Iterator[Row]:
    """Words called different between random groups and the rest: mean, and share of draws with any, by min_units."""
    for unit in ("document", "city"):
        laid, share, rates = prepared(counts, unit)
        for size in sizes(laid):
            groups = random_groups(laid.n_units, size, draws, SEED)
            for test in ("t", "moderated", "welch", "permuted_t"):
                p = p_values(rates, laid, groups, test)
                for least in SHARES:
                    hits = np.array([found(own, share >= least).sum() for own in p])
                    yield placed(unit, size, test, least, hits)


def rates_permuted(counts: Counts, draws: int = 4) -> Iterator[Row]:
    """The same for the permutation test of a difference of mean rates, at 20 % (slow, so fewer draws)."""
    for unit in ("document", "city"):
        laid, share, rates = prepared(counts, unit, least=0.2 if unit == "document" else 0.4)
        for size in (6, 24):
            groups = random_groups(laid.n_units, size, draws, SEED)
            p = [permutation(UnitValues(rates, laid), group).p for group in groups]
            hits = np.array([found(own, share > 0).sum() for own in p])
            yield placed(unit, size, "permutation", share.min(), hits)


def placed(unit: str, size: int, test: str, least: float, hits: np.ndarray) -> Row:
    told = {"unit": unit, "size": size, "test": test, "min_units": least, "draws": len(hits)}
    return told | {"mean": hits.mean(), "any": (hits > 0).mean()}


def power(counts: Counts, draws: int = 20) -> Iterator[Row]:
    """Planted words found, of 50 in each band; others called different; the false share of all called, with its s.e."""
    for unit in ("document", "city"):
        for size in SIZES:
            for factor in (2, 4):
                # An earlier trial had its highest false share here; it is a mean over groups, of which few are unlucky.
                more = (unit, size, factor) == ("city", 24, 4)
                yield from planted_found(counts, unit, size, factor, 3 * draws if more else draws)


def planted_found(counts: Counts, unit: str, size: int | None, factor: float, draws: int) -> Iterator[Row]:
    laid, share, rates = prepared(counts, unit)
    size = laid.n_units // 2 if size is None else size
    results: dict[tuple[str, float], list] = {}
    for draw, group in enumerate(random_groups(laid.n_units, size, draws, SEED + 1)):
        changed, band = plant(counts, laid, share, group, factor, SEED + draw)
        for test, shares in (("t", (0.2,)), ("permuted_t", SHARES)):
            p = p_values(changed, laid, group[None, :], test)[0]
            for least in shares:
                called = found(p, share >= least)
                hits = [int((called & (band == at)).sum()) for at in range(len(BANDS))]
                others = int((called & (band < 0)).sum())
                false = others / max(others + sum(hits), 1)
                results.setdefault((test, least), []).append([*hits, sum(hits), others, false])
    for (test, least), rows in results.items():
        told = {
            "unit": unit,
            "size": size,
            "factor": factor,
            "test": test,
            "min_units": least,
            "draws": draws,
        }
        names = [*(f"{low:.0%}-{high:.0%}" for low, high in BANDS), "found", "others", "false"]
        mean = dict(zip(names, np.mean(rows, axis=0), strict=True))
        yield told | mean | {"se": np.std([row[-1] for row in rows], ddof=1) / np.sqrt(draws)}


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


def coverage(counts: Counts, draws: int = 40) -> Iterator[Row]:
    """Share of 95 % intervals that hold the true log_ratio, 1: the reference's words are thinned to one half.

    Random groups against as many others and against all others; over words used by at least 5 % and 20 % of documents.
    """
    rng = np.random.default_rng(SEED)
    kept = counts.trim(min_docs=fewest(counts))
    kept = kept.select(kept.terms[np.sort(rng.choice(len(kept.terms), SOME, replace=False))])
    frequent = kept.docs() >= 0.2 * len(kept.rows)
    for unit in ("document", "city"):
        for against in ("as many", "the rest"):
            for size in COVERED:
                inside = np.array([covered(kept, unit, against, size, rng) for _ in range(draws)])
                told = {"unit": unit, "against": against, "size": size, "draws": draws}
                yield told | {"few": inside[:, ~frequent].mean(), "many": inside[:, frequent].mean()}


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


def small(counts: Counts, draws: int = 200) -> Iterator[Row]:
    """Small corpora: so many random reports of 2019 to 2023, some against the others; too few groups to refer t to."""
    rng = np.random.default_rng(SEED)
    recent = counts.where(counts.rows["year"].between(2019, 2023).fillna(False))
    for whole, size in ((6, 3), (8, 3), (8, 4), (12, 3), (12, 6), (20, 3), (20, 10)):
        for within in (None, "year"):
            for test in TESTS:
                tried = 60 if test == "permuted_t" else draws
                hits = np.array([few_hits(recent, whole, size, within, test, rng) for _ in range(tried)])
                told = {
                    "reports": whole,
                    "size": size,
                    "within": within or "none",
                    "test": test,
                    "draws": tried,
                }
                yield told | {"mean": hits.mean(), "any": (hits > 0).mean()}


def few_hits(
    recent: Counts, whole: int, size: int, within: str | None, test: str, rng: np.random.Generator
) -> int:
    here = recent.where(np.isin(np.arange(len(recent.rows)), rng.choice(len(recent.rows), whole, False)))
    laid = layout(here.rows, "document", within)
    rates = here.rates().values[:, np.flatnonzero(here.docs() >= 0.2 * whole)]
    group = np.isin(np.arange(whole), rng.choice(whole, size, False))
    p = p_values(rates, laid, group[None, :], test)[0]
    return int(found(p, np.isfinite(p)).sum())


def timing() -> Iterator[str]:
    """Seconds of one comparison of 30,000 words, and of `placebo` in full, for documents and for cities."""
    counts = open_corpus("city_reports").words
    counts = counts.select(counts.terms[np.sort(np.argsort(-counts.docs(), kind="stable")[:30_000])])
    known = counts.where(counts.rows["region"].notna())
    keyness(counts, "city", "盐城市")
    for column, target in (("city", "盐城市"), ("year", 2020), ("region", "east")):
        here = known if column == "region" else counts
        yield f"keyness, {column} {target}: {seconds(partial(keyness, here, column, target))} (at most 3)"
    for unit in ("document", "city"):
        yield f"placebo in full, {unit}: {seconds(partial(random_hits, counts, unit=unit))} (at most 120)"


def seconds(work: Callable[[], Any]) -> str:
    wall, own = time.perf_counter(), time.process_time()
    work()
    return f"{time.perf_counter() - wall:.1f} s, of the processor {time.process_time() - own:.1f} s"


def fewest(counts: Counts) -> int:
    """The number of reports that is 5 % of them."""
    return round(0.05 * len(counts.rows))


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
}


if __name__ == "__main__":
    pd.set_option("display.width", 150)
    main(sys.argv[1:])
