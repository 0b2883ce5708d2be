"""How evenly words are spread over documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.comparing.demands import check_words

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from scipy.sparse import csr_matrix

    from analysis.counts import Counts


def dispersion(counts: Counts) -> pd.DataFrame:
    """Say how evenly each term is spread over the rows, usually documents. One row a term that occurs.

    Columns: term, n, docs (range: the rows that use it), docs_share, dp, dp_norm, juilland_d. dp: Gries' ½ Σ|s_i − v_i|,
    s_i the row's share of the tokens, v_i its share of the term (Gries 2008); 0 = spread as the tokens are, near 1 = all in
    one short row. dp_norm: DP/(1 − min s_i) (Lijffijt & Gries 2012). juilland_d: 1 − CV/√(rows − 1) of the rows' rates, with
    the population standard deviation; 1 = the same rate everywhere. Sorted by falling n, then term. A row without tokens
    is left aside. Raises ValueError for weights, no terms, fewer than 2 rows with tokens.
    """
    import numpy as np
    import pandas as pd

    check_words(counts, "dispersion")
    tokens = counts.n_tokens()
    if (tokens > 0).sum() < 2:
        raise ValueError(f"dispersion needs at least 2 rows with words; there are {(tokens > 0).sum()}.")
    counts, tokens = counts.where(tokens > 0), tokens[tokens > 0]
    n, docs = counts.totals(), counts.docs()
    dp = deviation(counts.values, tokens)
    frame = pd.DataFrame(
        {
            "term": counts.terms,
            "n": n,
            "docs": docs,
            "docs_share": docs / len(tokens),
            "dp": dp,
            "dp_norm": dp / (1 - (tokens / tokens.sum()).min()),
            "juilland_d": _juilland(counts.rates().values),
        }
    )
    frame = frame[np.asarray(n) > 0]
    return frame.sort_values(["n", "term"], ascending=[False, True], ignore_index=True)


def deviation(values: csr_matrix, tokens: np.ndarray) -> np.ndarray:
    """Return Gries' DP of each term over rows with these tokens; NaN for one that does not occur."""
    import numpy as np

    cells = values.tocoo()
    totals = np.asarray(values.sum(axis=0)).ravel().astype(float)
    share = tokens[cells.row] / tokens.sum()
    gaps = (
        np.abs(share - cells.data / totals[cells.col]) - share
    )  # a row without the term is off by its share
    width = values.shape[1]
    dp = (1 + np.bincount(cells.col, gaps, minlength=width)) / 2
    return np.where(totals > 0, dp, np.nan)


def _juilland(rates: csr_matrix) -> np.ndarray:
    import numpy as np

    rows = rates.shape[0]
    mean = np.asarray(rates.sum(axis=0)).ravel() / rows
    squares = np.asarray(rates.multiply(rates).sum(axis=0)).ravel() / rows
    spread = np.sqrt(np.maximum(squares - mean**2, 0))
    return 1 - spread / np.where(mean > 0, mean, 1) / np.sqrt(rows - 1)
