"""Whether the test behind `similarity` keeps its level on real reports, and whether branches of chance get support.

python benchmarks/telling_apart.py [level] [support]

Counts only (the shipped features of city reports); seeded; some ten minutes in full on one processor.

level: pairs of cities with 5 to 30 reports, as they are; of reports whose cities were shuffled within each year, so that
no two differ but by their years; and halves of one city's reports, divided by chance, whatever their years. Given: the
share of p <= 0.05 among the pairs that can be tested, and the share that exact tests of so few labellings come to at most.
support: branches with support from 0.7 on, of cities as they are and shuffled within year.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis import Counts, cluster_cities, content_terms, open_corpus, similarity

METRICS = ("cosine", "jsd", "delta")
PAIRS = {"cosine": 2000, "jsd": 600, "delta": 2000}
SIZES = (5, 30)  # reports of a city
CITIES = (60, 120)
SEED = 11


def main(parts: list[str]) -> None:
    words = open_corpus("city_reports").words
    words = words.where(words.rows["city"].notna())
    for part in parts or ["level", "support"]:
        for line in {"level": level, "support": support}[part](words):
            print(line, flush=True)


def level(words: Counts) -> Iterator[str]:
    yield "| metric | groups | pairs | can be tested | p <= 0.05 | standard error | at most |"
    for metric in METRICS:
        counts = words if metric == "delta" else content_terms(words)
        pairs = random_pairs(counts, PAIRS[metric])
        halved, halves = divided(counts)
        for name, own, asked, within in (
            ("cities", counts, pairs, "year"),
            ("shuffled within year", shuffled(counts), pairs, "year"),
            ("halves of a city", halved, halves, None),
        ):
            frame = similarity(own, "city", metric=metric, pairs=asked, within=within)
            yield f"| {metric} | {name} | {len(frame)} | " + " | ".join(map(str, told(frame))) + " |"


def told(frame: pd.DataFrame) -> list[float]:
    tested = frame[frame["p_least"] <= 0.05]
    share = (tested["p"] <= 0.05).mean()
    most = (np.floor(0.05 / tested["p_least"]) * tested["p_least"]).mean()
    error = np.sqrt(share * (1 - share) / len(tested))
    return [round(float(one), 3) for one in (len(tested) / len(frame), share, error, most)]


def random_pairs(counts: Counts, number: int) -> list[tuple[str, str]]:
    documents = counts.rows["city"].value_counts().sort_index()
    some = documents.index[documents.between(*SIZES)]
    rng = np.random.default_rng(SEED)
    return [(str(a), str(b)) for a, b in (rng.choice(some, 2, replace=False) for _ in range(number))]


def shuffled(counts: Counts) -> Counts:
    """Shuffle the cities among the reports of each year."""
    rng = np.random.default_rng(SEED)
    cities = counts.rows.groupby("year", dropna=False)["city"].transform(lambda own: rng.permutation(own))
    return replace(counts, rows=counts.rows.assign(city=cities))


def divided(counts: Counts) -> tuple[Counts, list[tuple[str, str]]]:
    """Divide each city's reports by chance; the halves are called 盐城市 1 and 盐城市 2."""
    rng = np.random.default_rng(SEED)
    half = counts.rows.groupby("city")["city"].transform(
        lambda own: rng.permutation(np.arange(len(own)) % 2 + 1)
    )
    documents = counts.rows["city"].value_counts().sort_index()
    pairs = [(f"{city} 1", f"{city} 2") for city in documents.index[documents >= 2 * SIZES[0]]]
    labels = counts.rows["city"] + " " + half.astype(int).astype(str)
    return replace(counts, rows=counts.rows.assign(city=labels)), pairs


def support(words: Counts) -> Iterator[str]:
    yield "| cities | metric | groups | branches | support >= 0.7 | median support |"
    documents = words.rows["city"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    for number in CITIES:
        own = words.where(words.rows["city"].isin(documents.index[:number]))
        for metric in ("cosine", "delta"):
            counts = own if metric == "delta" else content_terms(own)
            for name, given in (("cities", counts), ("shuffled within year", shuffled(counts))):
                found = cluster_cities(given, metric=metric, draws=200).support[:-1]
                sure, middle = (found >= 0.7).sum(), np.median(found)
                yield f"| {number} | {metric} | {name} | {len(found)} | {sure} | {middle:.2f} |"


if __name__ == "__main__":
    main(sys.argv[1:])
