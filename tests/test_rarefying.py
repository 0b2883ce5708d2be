"""Rarefaction against scipy, against every sample written out, and laws."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy.stats import hypergeom
from small_counts import drawn, made

from analysis import Counts, rarefied
from analysis.rarefying import expected_once, expected_types


def long_text(seed: int = 0) -> np.ndarray:
    """Frequencies of the words of a long text, a few of them frequent."""
    return np.random.default_rng(seed).zipf(1.6, 3000).clip(max=4000)


@pytest.mark.parametrize("size", [1, 500, 1000, 5000])
def test_against_the_hypergeometric_distribution(size):
    f = long_text()
    chance = hypergeom(f.sum(), f, size)
    assert expected_types(f, size) == pytest.approx(chance.sf(0).sum(), rel=1e-9)
    assert expected_once(f, size) == pytest.approx(chance.pmf(1).sum(), rel=1e-9)


@pytest.mark.parametrize("f", [[4, 2, 1, 1], [3, 3, 0, 2], [8], [1] * 7])
def test_against_every_sample(f):
    text = [term for term, uses in enumerate(f) for _ in range(uses)]
    for size in range(1, len(text) + 1):
        tallies = [np.bincount(sample) for sample in combinations(text, size)]
        types = np.mean([(tally > 0).sum() for tally in tallies])
        once = np.mean([(tally == 1).sum() for tally in tallies])
        assert expected_types(f, size) == pytest.approx(types, abs=1e-12)
        assert expected_once(f, size) == pytest.approx(once, abs=1e-12)


def test_tokens_that_were_trimmed_count_in_the_size_only():
    whole, kept = np.array([5, 3, 2, 1, 1]), np.array([5, 3])
    assert expected_types(kept, 4, tokens=12) < expected_types(whole, 4)
    chance = hypergeom(12, kept, 4)
    assert expected_types(kept, 4, tokens=12) == pytest.approx(chance.sf(0).sum())
    assert expected_once(kept, 4, tokens=12) == pytest.approx(chance.pmf(1).sum())


def test_the_ends():
    f = long_text()
    assert expected_types(f, 1) == pytest.approx(1) and expected_once(f, 1) == pytest.approx(1)
    assert expected_types(f, f.sum()) == pytest.approx(len(f))
    assert expected_once(f, f.sum()) == pytest.approx((f == 1).sum())
    assert np.isnan(expected_types(f, f.sum() + 1)) and np.isnan(expected_once([], 1))


def test_rarefied_rows_are_samples():
    counts = drawn(40, 30, seed=3)
    thin = rarefied(counts, 300)
    assert (thin.values.toarray() <= counts.values.toarray()).all()
    assert (thin.n_tokens() == 300).all() and (thin.totals() > 0).all()
    uses, tokens = counts.values.toarray(), counts.n_tokens()[:, None]
    chance = hypergeom(tokens, uses, 300)
    z = (thin.totals() - chance.mean().sum(axis=0)) / np.sqrt(chance.var().sum(axis=0))
    assert abs(z).max() < 4 and 0.5 < z.std() < 1.5


def test_rarefied_types_are_as_many_as_expected():
    f = np.random.default_rng(1).zipf(1.7, 400).clip(max=300)
    counts = made([f], n_tokens=[int(f.sum()) + 500])
    types = [(rarefied(counts, 600, seed=seed).values.data > 0).sum() for seed in range(200)]
    standard_error = np.std(types) / np.sqrt(200)
    assert abs(np.mean(types) - expected_types(f, 600, tokens=int(f.sum()) + 500)) < 4 * standard_error


def test_order_of_documents_and_terms_and_words_that_do_not_occur_change_nothing():
    counts = drawn(20, 12)
    rows, terms = np.random.default_rng(0).permutation(20), np.random.default_rng(1).permutation(12)
    other = Counts(
        counts.values[rows][:, terms], counts.rows.iloc[rows].reset_index(drop=True), counts.terms[terms]
    ).select([*counts.terms, "无"])
    one, two = rarefied(counts, 200), rarefied(other, 200)
    again = two.select(counts.terms).values.toarray()[np.argsort(rows)]
    assert (one.values.toarray() == again).all()
    assert (rarefied(counts, 200, seed=1).values != one.values).nnz > 0


def test_short_documents_are_named():
    counts = made([[5, 5], [50, 50], [90, 10]])
    with pytest.warns(
        UserWarning, match="1 of 3 documents have fewer than 50 words and are left aside: d000"
    ):
        assert rarefied(counts, 50).rows["doc_id"].tolist() == ["d001", "d002"]


def test_bad_input_is_answered_with_a_sentence():
    with pytest.raises(ValueError, match="None of 2 documents has 1,000 words; the longest has 9"):
        rarefied(made([[1, 2], [4, 5]]), 1000)
    with pytest.raises(ValueError, match="size=0 is no number of tokens"):
        expected_types([1, 2], 0)
    with pytest.raises(ValueError, match="whole numbers from 0"):
        expected_types([1, -2], 1)
    with pytest.raises(ValueError, match="whole numbers from 0"):
        expected_once([1, np.nan], 1)
    with pytest.raises(ValueError, match="tokens=2 is below the sum of the frequencies, 3"):
        expected_types([1, 2], 1, tokens=2)
    with pytest.raises(ValueError, match="not weights"):
        rarefied(made([[1, 2], [4, 5]]).rates(), 1)
