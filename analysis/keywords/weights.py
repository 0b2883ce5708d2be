"""Which words set groups apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.comparing.demands import check_words
from analysis.lexicon import read_table
from analysis.words import is_number, stop_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    import pandas as pd

    from analysis.counts import Counts

_PROVINCE = re.compile("(省|市|(壮族|回族|维吾尔)?自治区)$")


def tfidf(counts: Counts, column: str) -> pd.DataFrame:
    """Return the mean tf-idf of each term in each group. One row a group and term that occurs in it.

    Columns: group, term, score, n (occurrences in the group), docs (the group's documents that use it). The idf is
    fitted on documents, smooth as in scikit-learn, ln((1+D)/(1+df)) + 1, with rows of length 1; the score is the mean
    over the group's documents. Sorted by group, falling score, term. A description: it tests nothing.
    Rows without words change nothing. Raises ValueError for weights, no terms, a column that is
    missing or has missing values.
    """
    counts = _with_words(counts, "tfidf")
    weights, sums = counts.tfidf().group(column), counts.group(column)
    return _tidy(weights.values, sums, column, _users(counts, column))


def c_tfidf(counts: Counts, column: str) -> pd.DataFrame:
    """Return the class-based tf-idf of each term in each group. One row a group and term that occurs in it.

    Score tf · ln(1 + A/f): tf the term's share of the group's tokens, f its count over all groups, A the mean number of
    tokens of a group (Grootendorst 2022, BERTopic). Columns, order and errors as in `tfidf`. A
    description: it tests nothing.
    """
    import numpy as np
    from scipy.sparse import csr_matrix, diags

    counts = _with_words(counts, "c_tfidf")
    sums = counts.group(column)
    tokens = sums.n_tokens()
    weight = np.log1p(tokens.mean() / np.maximum(sums.totals(), 1))
    scores = csr_matrix(diags(1 / np.maximum(tokens, 1)) @ sums.values @ diags(weight))
    return _tidy(scores, sums, column, _users(counts, column))


def top_terms(scores: pd.DataFrame, n: int = 20, *, score: str = "score") -> pd.DataFrame:
    """Keep the `n` highest scores of each group, with their rank from 1. Ties are broken by the term."""
    lacking = [name for name in ("group", "term", score) if name not in scores]
    if lacking:
        raise ValueError(
            f"top_terms needs the column {' and '.join(lacking)}; there are {', '.join(scores.columns)}."
        )
    ordered = scores.sort_values(["group", score, "term"], ascending=[True, False, True], kind="stable")
    ordered = ordered.assign(rank=ordered.groupby("group").cumcount() + 1)
    return ordered[ordered["rank"] <= n].reset_index(drop=True)


def content_terms(
    counts: Counts,
    *,
    column: str = "city",
    max_share: float = 0.5,
    min_docs: int | None = None,
    min_groups: int | None = None,
    leave_out: Iterable[str] = (),
    names: bool = False,
) -> Counts:
    """Keep the terms by which groups can be compared; the others tell of the genre, of places or of one firm.

    Left out: stop words, figures, single characters; names of places and of tiers of government (unless `names`): those of
    the place tables, full, short and former, with all districts and counties, and `data/lexicon/tiers.csv` (a city under
    an autonomous region says 自治区 and 全区 where another says 全省: that is no likeness of rhetoric); the words of
    `leave_out`, such as names of local firms; terms that more than the share `max_share` of the rows use, fewer than
    `min_docs` rows (default: one in 200, at least 2), or fewer than `min_groups` groups of `column` (default: one in 20).
    `n_tokens` stays as it was.
    """
    import numpy as np

    min_docs = max(2, len(counts.rows) // 200) if min_docs is None else min_docs
    kept = counts.trim(min_docs=min_docs, max_share=max_share)
    unwanted = stop_words().union(leave_out, () if names else place_names() | tier_names())
    content = [len(term) > 1 and term not in unwanted and not is_number(term) for term in kept.terms]
    kept = kept.select(kept.terms[np.array(content, dtype=bool)])
    n_groups = kept.rows[column].nunique() if column in kept.rows else 0
    min_groups = max(1, n_groups // 20) if min_groups is None else min_groups
    if n_groups == 0 or min_groups < 2:
        return kept
    return kept.select(kept.terms[_groups_using(kept, column) >= min_groups])


def place_names() -> frozenset[str]:
    """Return the names of China's provinces, cities, districts and counties: full, short and former.

    The short name of a district is among them only where it is nothing but a name (see data/README.md, counties.csv).
    """
    cities, counties = read_table("places.csv"), read_table("counties.csv")
    lists = [cities[name].dropna().str.split(";").explode() for name in ("other_names", "former_names")]
    columns = [
        cities["name"],
        cities["short"],
        cities["province"],
        counties["name"],
        counties["short"],
        *lists,
    ]
    names = {name.split(":")[0].strip() for column in columns for name in column.dropna()}
    names -= {"城区", "郊区", "矿区"}  # districts are called so, and so is any town's
    return frozenset(names | {_PROVINCE.sub("", name) for name in cities["province"].dropna()})


def tier_names() -> frozenset[str]:
    """Return the words that name a tier of government or its offices: 全省, 自治区, 州委."""
    return frozenset(read_table("lexicon", "tiers.csv")["term"])


def _groups_using(counts: Counts, column: str) -> np.ndarray:
    """Return, for each term, the number of groups that use it."""
    import numpy as np
    import pandas as pd
    from scipy.sparse import csr_matrix

    codes, names = pd.factorize(counts.rows[column])
    known = np.flatnonzero(codes >= 0)
    member = csr_matrix((np.ones(len(known)), (codes[known], known)), shape=(len(names), len(codes)))
    return np.bincount((member @ (counts.values > 0)).indices, minlength=len(counts.terms))


def _with_words(counts: Counts, caller: str) -> Counts:
    check_words(counts, caller)
    return counts.where(counts.n_tokens() > 0)


def _users(counts: Counts, column: str) -> Counts:
    """Return, for each group and term, the number of rows that use it."""
    from dataclasses import replace

    return replace(counts, values=(counts.values > 0).astype(int), kind="counts").group(column)


def _tidy(scores, sums: Counts, column: str, users: Counts) -> pd.DataFrame:  # type: ignore[no-untyped-def]
    import numpy as np
    import pandas as pd

    if 0 in scores.shape or scores.nnz == 0:
        return pd.DataFrame(columns=["group", "term", "score", "n", "docs"]).astype(
            {"score": float, "n": int, "docs": int}
        )
    cells = scores.tocoo()
    groups = sums.rows[column].to_numpy()
    frame = pd.DataFrame(
        {
            "group": groups[cells.row],
            "term": np.asarray(sums.terms, dtype=object)[cells.col],
            "score": cells.data,
            "n": np.asarray(sums.values[cells.row, cells.col]).ravel(),
            "docs": np.asarray(users.values[cells.row, cells.col]).ravel(),
        }
    )
    frame = frame[frame["n"] > 0]
    return frame.sort_values(["group", "score", "term"], ascending=[True, False, True], ignore_index=True)
