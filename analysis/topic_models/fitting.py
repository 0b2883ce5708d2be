"""Topics over passages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from analysis.topic_models.matching import TOP
from analysis.topic_models.models import KEYS, check, fit, in_order
from analysis.topic_models.naming import label
from analysis.topic_models.shares import compared, grouped, means, per_document
from analysis.topic_models.stable import LEAST, normalised, recommended_k, stability

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    import pandas as pd

    from analysis.counts import Counts

LISTED = 50  # words of a topic that are kept
ALIKE = 9  # decimals to which equal shares are equal


@dataclass(frozen=True)
class Topics:
    """Topics of passages.

    words: one row a topic and term: topic (from 1), term, weight, exclusivity (the term's weight in the topic over its
    weight in all), sorted by topic and falling weight, the 50 heaviest. shares: one row a passage in the order of
    `rows`, one column a topic; a row sums to 1 (0 where the passage has no term left). labels: Series, topic to label.
    """

    words: pd.DataFrame
    shares: pd.DataFrame
    rows: pd.DataFrame
    labels: pd.Series
    method: str
    k: int
    seed: int

    def where(self, mask: Any) -> Topics:
        """Keep the passages for which `mask` (a boolean array in the order of `rows`) is true; the topics stay."""
        import numpy as np

        chosen = np.flatnonzero(np.asarray(mask, dtype=bool))
        rows, shares = (frame.iloc[chosen].reset_index(drop=True) for frame in (self.rows, self.shares))
        return replace(self, rows=rows, shares=shares)

    def assign(self, **columns: Any) -> Topics:
        """Add columns to the rows, as pandas' `assign` does: a grouping of your own, say `coast`."""
        return replace(self, rows=self.rows.assign(**columns))

    def by(self, column: str) -> pd.DataFrame:
        """Return the mean share of each topic in each group: one row a group, one column a topic. See `in_groups`."""
        return means(per_document(self.shares, self.rows), column)

    def in_groups(self, column: str) -> pd.DataFrame:
        """Return the share of each topic in each group, with its interval. One row a topic and group.

        column: any column with one value in each document, such as "city", "region" or "year". The share of a document is
        the mean over its passages that have a term, so that a long report counts once; that of a group the mean over its
        units: documents, or cities where the column has one value in each city and several cities a value (weighted by how
        much a mean of so many reports can be trusted, as in `keyness`). Unadjusted: a group whose reports are older than
        another's differs by that too; `compare` compares within year.

        Columns: topic; label; group; units; docs; share (0 to 1); ci_low, ci_high (95 % t interval over the units,
        not beyond 0 and 1; missing below 3 units); reason (what is to be said of few units; missing from 20 on). attrs:
        column, unit, within, documents. Documents without a group are left aside with a warning.

        Raises ValueError for a column that the rows have not, or that varies within a document.
        """
        return grouped(per_document(self.shares, self.rows), column, self.labels)

    def most(self, topic: int, column: str, n: int = 5, *, min_units: int = 3) -> pd.DataFrame:
        """Return where, or when, a topic is used most: the `n` groups with the largest share, as `in_groups` gives them.

        Groups of fewer than `min_units` units are passed over; attrs["passed_over"] says how many.
        """
        self._check_topic(topic)
        frame = self.in_groups(column)
        own = frame[frame["topic"] == topic]
        known = own[own["units"] >= min_units]
        ordered = known.sort_values(["share", "group"], ascending=[False, True], kind="stable")
        best = ordered.head(n).reset_index(drop=True)
        best.attrs = {**frame.attrs, "min_units": min_units, "passed_over": len(own) - len(known)}
        return best

    def compare(
        self,
        column: str,
        target: Any,
        *,
        reference: Any = "rest",
        within: str | None = "year",
        correction: str = "bh",
        draws: int = 0,
        seed: int = 0,
    ) -> pd.DataFrame:
        """Say which topics a group gives more room, or less, than another. One row a topic.

        As `keyness`, with shares of topics in place of rates of words: units, adjustment within year, test (moderated t on
        √shares, referred also to random groups of the same size) and correction over the topics are the same, and so are
        reference, within, correction ("bh" or "by"), draws and seed.

        Columns: topic; label; share_target, share_reference (mean shares of units, in the same years); difference, with its
        95 % interval ci_low, ci_high (Welch's, of shares centred on their year); statistic; p; q; reason (why there is no
        p). Sorted by falling statistic. attrs: column, target, reference, test, how, unit, within, n_target, n_reference
        (units), docs_target, docs_reference, tested, correction, note, and placebo: None, or size, draws and how many
        topics had q < 0.05 between random groups: mean, most, any. A topic's share is not free of the others': where one
        rises, some must fall.

        Raises ValueError where there is no such group or column, a document has no group, or nothing to compare with.
        """
        return compared(
            per_document(self.shares, self.rows),
            self.labels,
            column,
            target,
            reference=reference,
            within=within,
            correction=correction,
            draws=draws,
            seed=seed,
        )

    def typical(self, topic: int, n: int = 5) -> pd.DataFrame:
        """Return the passages with the largest share of a topic: their rows, and `share`.

        Often hundreds are all of one topic (share 1). Of equal shares the longest passage comes first (`n_tokens`, where
        the rows have it), for a long one of a single topic shows more of it than one of a few words; then by doc_id.
        attrs["ties"]: how many passages have the largest share.
        """
        self._check_topic(topic)
        shares = self.shares[topic].to_numpy().round(ALIKE)
        rows = self.rows.assign(share=self.shares[topic].to_numpy(), _alike=shares)
        length, keys = ([name for name in names if name in rows] for names in (["n_tokens"], KEYS))
        falling = [True] * (1 + len(length)) + [False] * len(keys)
        ordered = rows.sort_values(["_alike", *length, *keys], ascending=[not each for each in falling])
        found = ordered.drop(columns="_alike").head(n)
        found.attrs["ties"] = int((shares == shares.max()).sum()) if len(shares) else 0
        return found

    def heaviest(self, n: int = TOP) -> list[list[str]]:
        """Return the `n` heaviest words of each topic, in the order of the topics, as `coherence` takes them."""
        return [own["term"].head(n).tolist() for _, own in self.words.groupby("topic")]

    def _check_topic(self, topic: int) -> None:
        if topic not in self.shares:
            raise ValueError(f"There is no topic {topic}; they are numbered 1 to {self.k}.")


def topics(
    counts: Counts, k: int | None = None, *, method: str = "nmf", seed: int = 0, jobs: int = 1
) -> Topics:
    """Find `k` topics in passages.

    counts: one row a passage (with `doc_id`), trimmed to the terms that should make topics. k: None for the number that
    `stability` over its default numbers recommends, in `jobs` processes (for 20,000 passages most of an hour; for the
    shipped reports data/city_reports/stability.csv has the result). method: "nmf" (non-negative matrix factorisation of
    tf-idf, seeded random start), "kmeans" (on 100 dimensions of a singular value decomposition of tf-idf; a passage has
    one topic) or "lda" (latent Dirichlet allocation, on counts). Rows and terms are sorted before fitting, so that the
    order of the input changes nothing, and rows of zeros take no part; topics are numbered by falling mean share, and
    labelled by the most exclusive of their ten heaviest words.

    Raises ValueError for another method, a `k` that is no whole number from 1, fewer passages or terms than topics, rows
    without `doc_id`, or k=None where no number of topics is stable.
    """
    check(counts, 1 if k is None else k, method)
    k = _stable_k(counts, method, seed, jobs) if k is None else int(k)
    ordered = in_order(counts)
    weights, components = fit(ordered, k, method=method, seed=seed)
    return _topics(ordered, weights, components, method, seed)


def _stable_k(counts: Counts, method: str, seed: int, jobs: int) -> int:
    table = stability(counts, method=method, seed=seed, jobs=jobs)
    k = recommended_k(table)
    if k is None:
        best = table.iloc[int(table["stability"].argmax())]
        tried = ", ".join(map(str, table["k"]))
        raise ValueError(
            f"No number of topics is stable here: the best of {tried} is {best['k']:.0f} with a mean overlap of "
            f"{best['stability']:.2f}, under {LEAST}. Topics of these passages would change with the documents and the "
            "start: compare words instead (keyness), or give k yourself and say so."
        )
    return k


def _topics(counts: Counts, weights: np.ndarray, components: np.ndarray, method: str, seed: int) -> Topics:
    import numpy as np
    import pandas as pd

    # A passage's weights are comparable across topics only once the term weights of each topic sum to 1.
    weights = weights if method == "kmeans" else weights * components.sum(axis=1)
    components = normalised(components)
    totals = weights.sum(axis=1, keepdims=True)
    shares = np.divide(weights, totals, out=np.zeros_like(weights), where=totals > 0)
    order = np.argsort(-shares.mean(axis=0), kind="stable")
    numbers = range(1, len(order) + 1)
    words = _words(components[order], counts.terms)
    frame = pd.DataFrame(shares[:, order], columns=list(numbers))
    return Topics(words, frame, counts.rows, _labels(words, numbers), method, len(order), seed)


def _words(components: np.ndarray, terms: pd.Index) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    exclusivity = components / np.maximum(components.sum(axis=0), 1e-300)
    frames = []
    for number, (weights, exclusive) in enumerate(zip(components, exclusivity, strict=True), start=1):
        best = np.lexsort((np.arange(len(terms)), -weights))[:LISTED]
        columns: dict[str, Any] = {"topic": number, "term": terms[best], "weight": weights[best]}
        frames.append(pd.DataFrame({**columns, "exclusivity": exclusive[best]}))
    frame = pd.concat(frames, ignore_index=True)
    return frame[frame["weight"] > 0].reset_index(drop=True)


def _labels(words: pd.DataFrame, numbers: Iterable[int]) -> pd.Series:
    """Name each topic; one without any word, such as an empty cluster, by a dash."""
    import pandas as pd

    named = {topic: label(own) for topic, own in words.groupby("topic")}
    index = pd.Index(list(numbers), name="topic")
    return pd.Series([named.get(number, "–") for number in index], index=index, name="term")
