"""Two cities word by word: how often each uses a word, and which words tell them apart most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.comparing.demands import check_name, check_words
from analysis.counts import PER
from analysis.frames import check_frame

if TYPE_CHECKING:
    import pandas as pd

    from analysis.counts import Counts

HALF = (
    0.5  # occurrences added on both sides, so that a word that one side lacks has a ratio too (Hardie 2014)
)
RECURS = 2  # documents of its side that a distinctive word has to stand in, where there are so many


def pair_rates(counts: Counts, column: str, a: Any, b: Any) -> pd.DataFrame:
    """Set two groups side by side. One row a term that either uses.

    Columns: term, n_a, n_b, docs_a, docs_b, rate_a, rate_b, log_ratio, contribution.
    n: occurrences, docs: documents that use it, rate: occurrences per 10,000 words of all the group's documents together
    (by `n_tokens`: words that were trimmed away count), log_ratio: log2 of (n_a + ½)/words of a over (n_b + ½)/words of b.
    By falling distinctiveness (`contribution`: the term's part of the Jensen-Shannon divergence of the two groups' rates,
    in bits; Lin 1991), then term. attrs: a, b, documents and tokens (of a and of b). A description: it tests nothing, see
    `keyness`.

    Raises ValueError for a name that is no group, one group named twice, weights, or a group without words.
    """
    import numpy as np
    import pandas as pd

    check_words(counts, "pair_rates")
    groups = counts._column(column)
    for name in (a, b):
        check_name(name, list(groups.unique()), column)
    if a == b:
        raise ValueError(f"pair_rates compares two groups; {a!r} was named twice.")
    sides = [counts.where((groups == name).to_numpy(dtype=bool)) for name in (a, b)]
    tokens = [float(side.n_tokens().sum()) for side in sides]
    if not all(tokens):
        empty = a if not tokens[0] else b
        raise ValueError(f"The {column} {empty!r} has no document with words. Name another.")
    n: Any = np.array([side.totals() for side in sides], dtype=float)
    docs = [side.docs() for side in sides]
    frame = pd.DataFrame({"term": counts.terms, "n_a": n[0].astype(int), "n_b": n[1].astype(int)})
    frame = frame.assign(docs_a=docs[0], docs_b=docs[1], **_rates(n, tokens))
    frame = frame.loc[(n > 0).any(axis=0)]
    frame = frame.sort_values(["contribution", "term"], ascending=[False, True], ignore_index=True)
    documents = tuple(len(side.rows) for side in sides)
    frame.attrs.update(a=str(a), b=str(b), documents=documents, tokens=tuple(map(int, tokens)))
    return frame


def _rates(n: Any, tokens: list[float]) -> dict[str, Any]:
    """Return rates, log ratio and contribution of the terms; n: 2 × terms, tokens: of the two sides."""
    import numpy as np

    share = n / np.array(tokens)[:, None]
    padded = (n + HALF) / np.array(tokens)[:, None]
    middle = share.mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(share > 0, share * np.log2(share / middle), 0.0).sum(axis=0) / 2
    log_ratio = np.log2(padded[0] / padded[1])
    return {"rate_a": PER * share[0], "rate_b": PER * share[1], "log_ratio": log_ratio, "contribution": parts}


def distinctive(frame: pd.DataFrame, n: int = 12) -> pd.DataFrame:
    """Keep of a frame from `pair_rates` the `n` terms of each side that tell the two apart most, those of `a` first.

    A term counts only where the side that uses it more has it in two documents at least (in its one, where there is one):
    what one mayor said once does not make a city. Sides are told by the sign of the log ratio.
    """
    import pandas as pd

    check_frame(frame, "distinctive", "term", "docs_a", "docs_b", "log_ratio", "contribution")
    least = [min(RECURS, documents) for documents in frame.attrs.get("documents", (RECURS, RECURS))]
    of_a = frame[(frame["log_ratio"] > 0) & (frame["docs_a"] >= least[0])]
    of_b = frame[(frame["log_ratio"] < 0) & (frame["docs_b"] >= least[1])]
    sides = [
        side.sort_values(["contribution", "term"], ascending=[False, True]).head(n) for side in (of_a, of_b)
    ]
    return pd.concat(sides, ignore_index=True)
