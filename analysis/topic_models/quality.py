"""How good topics are: whether their words go together, and whether they are theirs alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from analysis.topic_models.matching import TOP, heaviest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    import pandas as pd

    from analysis.counts import Counts

EPSILON = 1e-12  # gensim's: keeps the logarithm of words that never meet finite


def coherence(words: Iterable[Sequence[str]], counts: Counts, *, measure: str = "c_npmi") -> pd.Series:
    """Say how much the words of each topic keep company. One value a topic, numbered from 1.

    words: for each topic its heaviest terms, ten as a rule. counts: one row a passage; a passage is a window, in which a
    word stands or does not (passages with none of the terms of `counts` are not counted). measure:
    "c_npmi": mean over pairs of words of the normalised pointwise mutual information, ln(p(a, b)/(p(a)·p(b))) / −ln p(a, b);
    1: the two only stand together, 0: as often as chance would have it, −1: never (Bouma 2009; Aletras & Stevenson 2013).
    "c_v": each word is a vector of its NPMI with all words of the topic; mean cosine of the words' vectors with their sum
    (Röder, Both & Hinneburg 2015). Both are gensim's with a window longer than any passage.

    Raises ValueError for another measure, a topic of fewer than two different words, or a word that the counts have not.
    """
    import numpy as np
    import pandas as pd

    if measure not in _MEASURES:
        raise ValueError(f"measure={measure!r} is unknown; choose {' or '.join(_MEASURES)}.")
    lists = [list(own) for own in words]
    terms = sorted({term for own in lists for term in own})
    _check(lists, terms, counts)
    npmi = _npmi(counts, terms)
    places = {term: at for at, term in enumerate(terms)}
    values = []
    for own in lists:
        chosen = [places[term] for term in own]
        values.append(_MEASURES[measure](npmi[np.ix_(chosen, chosen)]))
    numbers = pd.RangeIndex(1, len(lists) + 1, name="topic")
    return pd.Series(values, index=numbers, name=measure, dtype=float)


def exclusivity(components: np.ndarray, n: int = TOP) -> np.ndarray:
    """Return for each topic how far its `n` heaviest words are its own: the mean of their share in it.

    components: topics × terms, each row summing to 1. A word's exclusivity is its weight in the topic over its weight in
    all topics, φ_kw / Σ_j φ_jw (Bischof & Airoldi 2012): 1 where no other topic has it.
    """
    import numpy as np

    shares = components / np.maximum(components.sum(axis=0), 1e-300)
    tops = heaviest(components, n)
    return np.array([own[top].mean() if len(top) else np.nan for own, top in zip(shares, tops, strict=True)])


def _npmi(counts: Counts, terms: list[str]) -> np.ndarray:
    import numpy as np

    windows = int((counts.values.sum(axis=1) > 0).sum())
    present = (counts.select(terms).values > 0).astype(np.int64)
    together = np.asarray((present.T @ present).todense()) / windows
    alone = together.diagonal()
    joint = together + EPSILON
    return np.log(joint / np.outer(alone, alone)) / -np.log(joint)


def _mean_npmi(npmi: np.ndarray) -> float:
    n = len(npmi)
    return float((npmi.sum() - npmi.trace()) / (n * (n - 1)))


def _mean_cosine(npmi: np.ndarray) -> float:
    import numpy as np

    whole = npmi.sum(axis=0)
    lengths = np.linalg.norm(npmi, axis=1) * np.linalg.norm(whole)
    return float((npmi @ whole / np.maximum(lengths, 1e-300)).mean())


_MEASURES: dict[str, Callable[[np.ndarray], float]] = {"c_npmi": _mean_npmi, "c_v": _mean_cosine}


def _check(lists: list[list[str]], terms: list[str], counts: Counts) -> None:
    poor = next((at for at, own in enumerate(lists, start=1) if len(set(own)) < 2), None)
    if poor is not None:
        raise ValueError(
            f"Topic {poor} has fewer than two words; coherence is about pairs. Give each topic more words."
        )
    doubled = next((at for at, own in enumerate(lists, start=1) if len(set(own)) < len(own)), None)
    if doubled is not None:
        raise ValueError(f"Topic {doubled} names a word twice; give each word once.")
    used = counts.select(terms).totals() > 0
    lacking = [term for term, there in zip(terms, used, strict=True) if not there]
    if lacking:
        raise ValueError(
            f"{len(lacking)} of {len(terms)} words do not occur in the counts, first {lacking[0]!r}. "
            "Give the counts in which the topics were found."
        )
