"""Counts for tests of the measures: made by hand, or drawn with a seed."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from analysis import Counts


def made(values, terms=None, **columns) -> Counts:
    """Counts of the given matrix; `n_tokens` is the sum of a row unless given."""
    values = np.asarray(values)
    rows = pd.DataFrame({"doc_id": [f"d{at:03}" for at in range(len(values))], **columns})
    if "n_tokens" not in rows:
        rows["n_tokens"] = values.sum(axis=1)
    names = [f"词{at}" for at in range(values.shape[1])] if terms is None else list(terms)
    return Counts(csr_matrix(values), rows, pd.Index(names, dtype=object))


def drawn(documents=40, terms=30, *, cities=10, years=4, seed=0, **columns) -> Counts:
    """Bursty words (negative binomial) in documents of cities and years that chance gave them; no group differs."""
    rng = np.random.default_rng(seed)
    mean = (0.5 + rng.gamma(1, 4, terms)) * rng.gamma(2, 0.5, (documents, terms))
    rows = {
        "city": [f"城{at:02}" for at in rng.integers(cities, size=documents)],
        "year": 2015 + rng.integers(years, size=documents),
        "n_tokens": rng.integers(800, 1600, documents),
    }
    return made(rng.poisson(mean), **{**rows, **columns})
