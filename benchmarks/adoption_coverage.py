"""How often the bands of diffusion hold the truth: for docs/diffusion.md.

python benchmarks/adoption_coverage.py

Adoptions are simulated and looked at in the years in which the cities of the shipped reports have one (counts only; no text
is needed); seeded, some minutes. Writes benchmarks/calibration/adoption.csv and adoption_medians.csv.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from analysis import Counts, diffusion, open_corpus
from analysis.chunks import progress

FOLDER = Path(__file__).parent / "calibration"
SIZES = (10, 20, 80, 321)  # cities drawn
CURVES = {"early and slow": (2012, 5.0, 0.95), "late and fast": (2020, 1.5, 0.95), "rare": (2019, 2.5, 0.2)}
KEPT = (1.0, 0.7, 0.4)  # chance that a report of a city that has taken up the term uses it
YEARS = (2005, 2026)
ROUNDS = 16  # simulated corpora a row
DRAWS = 150
SEED = 5


def main(rounds: int) -> None:
    reports = open_corpus("city_reports").words.rows[["doc_id", "city", "year"]].astype({"year": int})
    found = [
        told
        for curve in progress(CURVES, "curves", long=True)
        for kept in KEPT
        for size in SIZES
        if kept == 1.0 or size == 321
        for told in cell(reports, curve, kept, size, rounds)
    ]
    frame = pd.DataFrame(found)
    frame[frame["part"] != "median"].drop(columns=["said", "closed"]).to_csv(
        FOLDER / "adoption.csv", index=False
    )
    frame[frame["part"] == "median"].drop(columns=["part", "width", "bias"]).to_csv(
        FOLDER / "adoption_medians.csv", index=False
    )
    print(frame.to_string())


def table() -> str:
    """Return the table of docs/diffusion.md from the figures that are kept."""
    frame, medians = (pd.read_csv(FOLDER / f"{name}.csv") for name in ("adoption", "adoption_medians"))
    keys = ["curve", "kept", "cities"]
    wide = frame.pivot(index=keys, columns="part", values=["covered", "bias", "width"])
    medians = medians.set_index(keys)
    lines = [
        "| curve | kept | cities | few reports: covered (bias, width) | many reports | median, closed |",
        "|---|---|---|---|---|---|",
    ]
    for key in frame[keys].drop_duplicates().itertuples(index=False, name=None):
        parts = [
            f"{row['covered']:.1%} ({row['bias']:+.3f}, {row['width']:.2f})"
            for row in (wide.loc[key].xs(part, level="part") for part in ("few reports", "many reports"))
        ]
        own = medians.loc[key]
        middle = f"{own['covered']:.0%}, {own['closed']:.0f} of {own['said']:.0f}" if own["said"] else "-"
        lines.append(f"| {key[0]} | {key[1]:.1f} | {key[2]} | {' | '.join(parts)} | {middle} |")
    return "\n".join(lines).replace("%", " %")


def cell(reports: pd.DataFrame, curve: str, kept: float, size: int, rounds: int) -> list[dict]:
    """Return coverage, bias and width of the bands by years with few and many reports, and of the median's interval."""
    rng = np.random.default_rng([SEED, list(CURVES).index(curve), int(100 * kept), size])
    truth = true_shares(curve, kept)
    seen: dict[str, list[tuple]] = {"few reports": [], "many reports": []}
    medians = []
    cities = reports["city"].unique()
    busy = reports.groupby("year")["city"].nunique() / len(cities)
    for _ in range(rounds):
        drawn = rng.choice(cities, size, replace=size > len(cities) // 2)
        found = diffusion(simulated(reports, drawn, curve, kept, rng), "term", draws=DRAWS, min_length=0)
        own = found.curve.set_index("year")
        for year in own.index.intersection(range(YEARS[0], YEARS[1] + 1)):
            part = "many reports" if busy[year] >= 0.4 else "few reports"
            row = own.loc[year]
            held = row["ci_low"] <= truth[year] <= row["ci_high"]
            seen[part].append((held, row["share"] - truth[year], row["ci_high"] - row["ci_low"]))
        medians.append(median_held(found, truth))
    rows = [{"part": part, **told(np.array(values, float))} for part, values in seen.items()]
    rows.append({"part": "median", "cells": len(medians), **told_of_medians(medians)})
    return [{"curve": curve, "kept": kept, "cities": size, **row} for row in rows]


def told(values: np.ndarray) -> dict:
    values = values[~np.isnan(values).any(axis=1)]
    return {
        "cells": len(values),
        "covered": values[:, 0].mean(),
        "bias": values[:, 1].mean(),
        "width": values[:, 2].mean(),
    }


def told_of_medians(medians: list[tuple[bool, bool] | None]) -> dict:
    """Return of how many medians there is a truth, the share of intervals that hold it, and how many have both ends."""
    known = np.array([each for each in medians if each is not None]).reshape(-1, 2)
    covered = known[:, 0].mean() if len(known) else np.nan
    return {"said": len(known), "covered": covered, "closed": int(known[:, 1].sum())}


def median_held(found, truth: pd.Series) -> tuple[bool, bool] | None:
    """Tell whether the interval of the median holds the year in which half have adopted, and whether it has both ends.

    An interval that is open to a side holds all years of that side. None: half never adopt.
    """
    if (truth < 0.5).all():
        return None
    row, half = found.order("region").iloc[0], truth.index[truth >= 0.5][0]
    low, high = (pd.isna(row[end]) for end in ("ci_low", "ci_high"))
    held = (low or row["ci_low"] <= half) and (high or half <= row["ci_high"])
    return bool(held), not (low or high)


def true_shares(curve: str, kept: float) -> pd.Series:
    """Return the share of cities whose reports, were there one a year, would have used the term by each year."""
    middle, scale, ever = CURVES[curve]
    years = np.arange(1990, YEARS[1] + 1)
    taken_up = np.diff(ever / (1 + np.exp(-(years + 1 - middle) / scale)), prepend=0)
    waited = years[:, None] - years + 1
    used = np.where(waited > 0, 1 - (1 - kept) ** np.maximum(waited, 0), 0)
    return pd.Series(used @ taken_up, index=years)


def simulated(
    reports: pd.DataFrame, drawn: np.ndarray, curve: str, kept: float, rng: np.random.Generator
) -> Counts:
    """Let each city take the term up by chance, and use it in a report from then on with the chance `kept`."""
    middle, scale, ever = CURVES[curve]
    chance = rng.random(len(drawn))
    inside = np.clip(chance / ever, 1e-12, 1 - 1e-12)
    when = np.floor(middle + scale * np.log(inside / (1 - inside)))
    when[chance >= ever] = np.inf
    parts = []
    by_city = dict(list(reports.groupby("city")))
    for number, (city, year) in enumerate(zip(drawn, when, strict=True)):
        own = by_city[city].assign(city=f"{number:04}", region="all")
        uses = (own["year"] >= year) & (rng.random(len(own)) < kept)
        parts.append(own.assign(doc_id=own["doc_id"] + f"/{number}", uses=uses.astype(int)))
    rows = pd.concat(parts, ignore_index=True)
    values = csr_matrix(np.column_stack([rows.pop("uses"), np.full(len(rows), 100)]))
    return Counts(values, rows.assign(n_tokens=100), pd.Index(["term", "rest"], dtype=object))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
