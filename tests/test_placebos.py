"""The placebo's answers to what it is given; what it counts is tested with keyness."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from small_counts import drawn, made

from analysis import placebo


def test_one_size_is_a_list_of_one():
    counts = drawn(20, 30)
    pd.testing.assert_frame_equal(placebo(counts, sizes=3, draws=4), placebo(counts, sizes=(3,), draws=4))


def test_documents_without_words_are_named():
    counts = drawn(20, 30)
    rows = {name: [*counts.rows[name], counts.rows[name][0]] for name in ("city", "year")}
    values = np.vstack([counts.values.toarray(), np.zeros((1, 30), int)])
    empty = made(values, counts.terms, **rows, n_tokens=[*counts.rows["n_tokens"], 0])
    with pytest.warns(
        UserWarning, match="1 of 21 documents have no words, first 'd020'; they are left aside"
    ):
        frame = placebo(empty, sizes=3, draws=4)
    pd.testing.assert_frame_equal(frame, placebo(counts, sizes=3, draws=4))
    assert frame.attrs["units"] == 20


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"within": "yaer"}, "within='yaer' is no column of these counts; name one, or give within=None"),
        ({"draws": 0}, "draws=0 is no number of random groups; give a whole number from 1"),
        ({"draws": 2.5}, "draws=2.5 is no number of random groups; give a whole number"),
        ({"level": 5}, "level=5 is no share; give a number between 0 and 1"),
    ],
)
def test_wrong_words_are_answered(given, words):
    with pytest.raises(ValueError, match=words):
        placebo(drawn(20, 30), sizes=3, **given)


def test_counts_without_terms_are_said_to_have_none():
    with pytest.raises(ValueError, match="The counts have no term, perhaps all trimmed away"):
        placebo(drawn(20, 30).select([]))


def test_years_may_be_missing():
    counts = drawn(20, 30)
    bare = made(counts.values.toarray(), counts.terms, n_tokens=counts.rows["n_tokens"])
    assert placebo(bare, sizes=3, draws=2).attrs["within"] is None
