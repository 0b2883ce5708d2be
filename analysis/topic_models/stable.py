"""How many topics a corpus bears: which come back from other documents and other random starts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.chunks import progress
from analysis.lexicon import read_table
from analysis.topic_models.matching import heaviest, matched
from analysis.topic_models.models import check, fit, in_order, size
from analysis.topic_models.quality import coherence, exclusivity

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from analysis.counts import Counts

    Words = list[list[str]]  # of a fit: the heaviest words of each topic

KS = (4, 6, 8, 10, 12, 15, 20, 25, 30)
LEAST = 0.5  # mean stability below which a number of topics is not recommended
PER_TOPIC = (
    10  # passages and terms a topic has to have on average before a number of topics is tried by default
)
FEWEST = 4  # documents


def stability(
    counts: Counts,
    ks: Iterable[int] | int | None = None,
    *,
    method: str = "nmf",
    seeds: int = 10,
    resamples: int = 10,
    seed: int = 0,
    jobs: int = 1,
) -> pd.DataFrame:
    """Say for each number of topics whether the topics come back from other documents and another start. One row a k.

    counts: one row a passage, as for `topics`. ks: numbers of topics; None for those of 4, 6, 8, 10, 12, 15, 20, 25, 30
    that leave ten terms a topic, and ten passages in half of the documents. A resample is half of the documents, drawn
    without replacement, each with all its passages; tf-idf is fitted to the resample anew. Topics are fitted to all
    documents from `seeds` random starts, and to each of `resamples` resamples from `seeds` others. Each fit to a resample
    is matched with each fit to all documents: topic with topic, one with one, so that the Jaccard coefficients of their
    ten heaviest words are largest together (Hungarian assignment; after Greene, O'Callaghan & Cunningham 2014, who match
    with a single fit to all documents: one start is what should not be trusted here). So it is asked what a reader has to
    know: whether the topics that are shown, which come from all documents and some start, would be there with half of
    the documents and another start.

    Columns: k; stability (mean coefficient over resamples, starts and topics: 1 all topics come back word for word); se
    (its standard error over resamples: standard deviation of their means over the root of their number; what the few
    starts on all documents leave to chance is not in it, more of them make it smaller); starts (the same
    coefficient between the fits to all documents: what other starts alone change; missing with one); c_npmi, c_v,
    exclusivity (means over topics and starts, fits to all documents; see `coherence`); fits. attrs: method, seeds,
    resamples, seed, documents, passages, terms. Neither the order of documents, nor passages without a term,
    nor `jobs` (processes) change anything.

    Raises ValueError as `topics` does, for no k, fewer than 2 resamples or 4 documents, or no process.
    """
    import pandas as pd

    check(counts, 1, method)
    ks = _numbers(counts, ks)
    _check_numbers(seeds, resamples, jobs)
    for k in ks:
        check(counts, k, method)
    counts = in_order(counts)
    counts = counts.where(counts.values.sum(axis=1) > 0)
    parts = [counts, *_halves(counts, resamples, seed)]
    smallest = min(parts, key=lambda part: min(size(part)))
    for k in ks:
        check(smallest, k, method)
    rows = []
    tasks = [(k, number, method, _starts(number, seeds, seed)) for k in ks for number in range(len(parts))]
    found = _fitted(parts, tasks, jobs)
    for k in ks:
        own = [next(found) for _ in parts]
        rows.append({"k": k, **_judged(counts, own), "fits": sum(len(words) for words, _ in own)})
    frame = pd.DataFrame(rows)
    documents = int(counts.rows["doc_id"].nunique())
    passages, terms = size(counts)
    frame.attrs = {"method": method, "seeds": seeds, "resamples": resamples, "seed": seed}
    frame.attrs |= {"documents": documents, "passages": passages, "terms": terms}
    return frame


def known_stability(fingerprint: str) -> pd.DataFrame | None:
    """Return the shipped table of `stability` for the corpus with this fingerprint; None where none is shipped.

    The table of the city reports took hundreds of fits (data/build/stability.py); data/README.md defines its columns.
    """
    table = read_table("city_reports", "stability.csv")
    if set(table["fingerprint"]) != {fingerprint}:
        return None
    words = ("method", "fingerprint")
    return table.astype({name: str if name in words else float for name in table}).astype(
        {"k": int, "fits": int}
    )


def recommended_k(table: pd.DataFrame) -> int | None:
    """Return the number of topics that a table of `stability` recommends; None where none is stable.

    Among the numbers with a mean stability of at least 0.5, the largest within one standard error (over resamples) of the
    best. Coherence and exclusivity do not enter: they say how topics read, not whether they are there.

    Raises ValueError for a table without k, stability and se.
    """
    lacking = [name for name in ("k", "stability", "se") if name not in table]
    if lacking or len(table) == 0:
        raise ValueError(
            "recommended_k needs a table of stability(...) with k, stability and se; it has no "
            f"{', '.join(lacking) or 'rows'}."
        )
    best = table.iloc[int(table["stability"].argmax())]
    near = table["stability"] >= best["stability"] - best["se"]
    chosen = table.loc[near & (table["stability"] >= LEAST), "k"]
    return int(chosen.max()) if len(chosen) else None


def _numbers(counts: Counts, ks: Iterable[int] | int | None) -> list[int]:
    if ks is not None:
        chosen = list(dict.fromkeys(ks if isinstance(ks, Iterable) else [ks]))
        if not chosen:
            raise ValueError("stability got no number of topics; give some, such as ks=(4, 8, 12), or None.")
        return chosen
    rows, terms = size(counts)
    possible = [k for k in KS if PER_TOPIC * k <= min(rows // 2, terms)]
    if not possible:
        raise ValueError(
            f"There are {rows} passages and {terms} terms, and {KS[0]} topics need {2 * PER_TOPIC * KS[0]} and "
            f"{PER_TOPIC * KS[0]} to be judged: give a larger corpus, or trim fewer terms."
        )
    return possible


def _check_numbers(seeds: int, resamples: int, jobs: int) -> None:
    if jobs < 1:
        raise ValueError(f"jobs={jobs} is no number of processes; give 1 or more.")
    if seeds < 1 or resamples < 2:
        raise ValueError(
            f"stability needs a start and two resamples at least; there are seeds={seeds}, resamples={resamples}."
        )


def _halves(counts: Counts, resamples: int, seed: int) -> list[Counts]:
    """Return halves of the documents, drawn by their places in the order of doc_id, with all their passages."""
    import numpy as np
    import pandas as pd

    codes, names = pd.factorize(counts.rows["doc_id"], sort=True)
    if len(names) < FEWEST:
        raise ValueError(
            f"stability draws halves of the documents; there are {len(names)}, and it needs {FEWEST}."
        )
    halves = []
    for number in range(resamples):
        rng = np.random.default_rng([seed, number])
        drawn = np.zeros(len(names), dtype=bool)
        drawn[rng.permutation(len(names))[: len(names) // 2]] = True
        halves.append(counts.where(drawn[codes]))
    return halves


def _starts(part: int, seeds: int, seed: int) -> list[int]:
    """Return the seeds of a part's fits: none is used twice, for equal seeds give equal starts."""
    return [seed + part * seeds + number for number in range(seeds)]


def _fitted(parts: list[Counts], tasks: list[tuple], jobs: int) -> Iterator[tuple[list[Words], list[float]]]:
    """Yield, for each task in order, the words of its fits and their mean exclusivity."""
    from joblib import Parallel, delayed

    bare = [replace(part, rows=part.rows[["doc_id"]]) for part in parts]
    run = Parallel(n_jobs=jobs, return_as="generator", pre_dispatch="2*n_jobs")
    calls = (delayed(_fits)(bare[part], k, method, starts) for k, part, method, starts in tasks)
    total = sum(len(starts) for *_, starts in tasks)
    with progress(None, "fitting topics", long=total > 100, total=total, unit="fit") as bar:
        for (*_, starts), result in zip(tasks, run(calls), strict=True):
            bar.update(len(starts))
            yield result


def _fits(counts: Counts, k: int, method: str, starts: list[int]) -> tuple[list[Words], list[float]]:
    words, exclusive = [], []
    for start in starts:
        _, components = fit(counts, k, method=method, seed=start)
        scaled = normalised(components)
        words.append([list(counts.terms[own]) for own in heaviest(scaled)])
        exclusive.append(float(exclusivity(scaled).mean()))
    return words, exclusive


def normalised(components: np.ndarray) -> np.ndarray:
    """Make the weights of each topic sum to 1: only then can they be compared across topics."""
    import numpy as np

    return components / np.maximum(components.sum(axis=1), 1e-300)[:, None]


def _judged(counts: Counts, fits: list[tuple[list[Words], list[float]]]) -> dict[str, float]:
    """Return what `stability` says of one k; the first of the fits are those to all documents."""
    import numpy as np

    (whole, exclusive), *others = fits
    means = np.array([np.mean([matched(a, b) for a in own for b in whole]) for own, _ in others])
    pairs = [matched(a, b) for at, a in enumerate(whole) for b in whole[:at]]
    every = [words for own in whole for words in own if len(words) > 1]
    return {
        "stability": float(means.mean()),
        "se": float(means.std(ddof=1) / np.sqrt(len(means))),
        "starts": float(np.mean(pairs)) if pairs else float("nan"),
        "c_npmi": float(coherence(every, counts).mean()),
        "c_v": float(coherence(every, counts, measure="c_v").mean()),
        "exclusivity": float(np.mean(exclusive)),
    }
