"""How far two models of the same passages find the same topics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.topic_models.fitting import Topics
from analysis.topic_models.matching import best_match, jaccard
from analysis.topic_models.models import KEYS

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


def agreement(a: Topics, b: Topics) -> pd.DataFrame:
    """Say which topics of `a` and `b` are the same, by their words and by their passages. One row a topic of `a`.

    a, b: topics of the same passages, found by other methods, seeds or numbers of topics. Topics are matched one with one,
    so that the Jaccard coefficients of their ten heaviest words are largest together (Hungarian assignment); a passage's
    main topic is that of its largest share. Columns: topic, label; other, other_label (its partner; missing where `b` has
    fewer topics); jaccard (0 to 1; 0 without a partner); passages (whose main topic it is); common (of these, the share
    whose main topic in `b` is the partner; missing without passages). attrs: methods, ks, jaccard (mean over the rows),
    ari (adjusted Rand index of the main topics, Hubert & Arabie 1985: 0 by chance, 1 the same), nmi (normalised
    mutual information, arithmetic mean; 0 to 1, and above 0 by chance), passages, note (these in a sentence).

    Raises ValueError where the passages are not the same.
    """
    import numpy as np
    import pandas as pd

    _check_passages(a, b)
    overlap = jaccard(a.heaviest(), b.heaviest())
    rows, columns = best_match(overlap)
    partner = dict(zip(rows.tolist(), columns.tolist(), strict=True))
    first, second = _main(a), _main(b)
    known = (first > 0) & (second > 0)
    first, second = first[known], second[known]
    found = []
    for at, topic in enumerate(a.labels.index):
        own = second[first == topic]
        other = b.labels.index[partner[at]] if at in partner else None
        common = float((own == other).mean()) if len(own) and other is not None else np.nan
        value = float(overlap[at, partner[at]]) if at in partner else 0.0
        name = None if other is None else b.labels[other]
        found.append((topic, a.labels[topic], other, name, value, len(own), common))
    names = ["topic", "label", "other", "other_label", "jaccard", "passages", "common"]
    frame = pd.DataFrame(found, columns=names).astype({"other": "Int64"})
    frame.attrs = _together(a, b, first, second, float(frame["jaccard"].mean()))
    return frame


def _together(a: Topics, b: Topics, first: np.ndarray, second: np.ndarray, mean: float) -> dict:
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    ari = float(adjusted_rand_score(first, second))
    nmi = float(normalized_mutual_info_score(first, second))
    note = (
        f"{a.k} topics by {a.method} and {b.k} by {b.method}: the ten heaviest words of matched topics overlap by "
        f"{mean:.2f} on average; main topics of {len(first):,} passages: adjusted Rand index {ari:.2f}, "
        f"normalised mutual information {nmi:.2f}."
    )
    told = {"methods": (a.method, b.method), "ks": (a.k, b.k), "jaccard": mean, "ari": ari, "nmi": nmi}
    return {**told, "passages": len(first), "note": note}


def _main(found: Topics) -> np.ndarray:
    """Return the topic with the largest share of each passage; 0 where it has none."""
    import numpy as np

    shares = found.shares.to_numpy()
    numbers = np.asarray(found.shares.columns)
    return np.where(shares.sum(axis=1) > 0, numbers[shares.argmax(axis=1)], 0)


def _check_passages(a: Topics, b: Topics) -> None:
    keys = [name for name in KEYS if name in a.rows and name in b.rows]
    if len(a.rows) != len(b.rows) or not a.rows[keys].equals(b.rows[keys]):
        raise ValueError(
            f"agreement needs topics of the same passages; there are {len(a.rows):,} and {len(b.rows):,}"
            + (", and they are others." if len(a.rows) == len(b.rows) else ".")
            + " Find both in the same counts."
        )
