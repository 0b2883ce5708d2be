"""Passages for tests of topics: written from topics that are known, or from none."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from analysis import Counts


def planted(k=4, *, documents=40, per=5, own=15, tokens=60, mixing=0.1, seed=0, random=False) -> Counts:
    """Passages as latent Dirichlet allocation would write them: `k` topics with `own` words each.

    random: every passage is drawn from all words alike.
    """
    rng = np.random.default_rng(seed)
    width = k * own
    topics = np.zeros((k, width))
    for topic in range(k):
        topics[topic, topic * own : (topic + 1) * own] = np.linspace(3, 1, own)
    topics = np.full((k, width), 1.0) if random else topics + 0.02
    topics /= topics.sum(axis=1, keepdims=True)
    mixtures = rng.dirichlet(np.full(k, mixing), documents * per)
    values = np.array([rng.multinomial(tokens, mixture @ topics) for mixture in mixtures])
    numbers = np.repeat(np.arange(documents), per)
    rows = pd.DataFrame(
        {
            "doc_id": [f"d{at:03}" for at in numbers],
            "para": np.tile(np.arange(per), documents),
            "city": [f"城{at % 10}" for at in numbers],
            "year": 2018 + numbers % 4,
            "n_tokens": tokens,
            "main": mixtures.argmax(axis=1),
        }
    )
    terms = pd.Index([f"词{at // own}之{at % own:02}" for at in range(width)], dtype=object)
    return Counts(csr_matrix(values), rows, terms)


def turned(counts: Counts, seed=1) -> Counts:
    """The same counts with rows and terms in another order."""
    rng = np.random.default_rng(seed)
    rows, terms = (rng.permutation(n) for n in counts.values.shape)
    return Counts(counts.values[rows][:, terms], counts.rows.iloc[rows], counts.terms[terms])
