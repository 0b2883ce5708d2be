"""Dispersion against published values, hand counts and laws."""

import numpy as np
import pytest
from small_counts import drawn, made

from analysis import Counts, dispersion

# Gries (2008), Dispersions and adjusted frequencies in corpora, International Journal of Corpus Linguistics 13(4), p. 406:
# a corpus of five parts with 9, 10, 10, 10 and 11 words.
PARTS = ["bamnibeup", "basatbewqn", "bcagabesta", "baghabeaat", "bahaabeaxat"]


def gries() -> Counts:
    letters = sorted(set("".join(PARTS)))
    return made([[part.count(letter) for letter in letters] for part in PARTS], letters)


def test_gries_five_parts():
    row = dispersion(gries()).set_index("term").loc["a"]
    assert row["n"] == 15 and row["docs"] == 5
    assert row["dp"] == pytest.approx(0.18, abs=0.005)
    assert row["dp_norm"] == pytest.approx(0.18 / (1 - 9 / 50), abs=0.005)
    assert row["juilland_d"] == pytest.approx(0.785, abs=0.0005)


def test_dp_written_out():
    """DP of every letter, term by term and part by part."""
    counts = gries()
    frame = dispersion(counts).set_index("term")
    sizes = np.array([len(part) for part in PARTS]) / 50
    for letter in counts.terms:
        uses = np.array([part.count(letter) for part in PARTS])
        expected = abs(sizes - uses / uses.sum()).sum() / 2
        assert frame.loc[letter, "dp"] == pytest.approx(expected)
        rates = uses / (sizes * 50)
        assert frame.loc[letter, "juilland_d"] == pytest.approx(1 - rates.std() / rates.mean() / 2)


def test_even_and_uneven_words():
    frame = dispersion(made([[5, 10, 85], [5, 0, 95]], ["匀", "偏", "余"])).set_index("term")
    assert frame.loc["匀", ["dp", "dp_norm", "juilland_d"]].tolist() == [0, 0, 1]
    assert frame.loc["偏", ["dp", "dp_norm", "juilland_d"]].tolist() == pytest.approx([0.5, 1, 0])


def test_order_and_empty_documents_change_nothing():
    counts = drawn(30, 12)
    order = np.random.default_rng(0).permutation(30)
    other = Counts(counts.values[order], counts.rows.iloc[order].reset_index(drop=True), counts.terms)
    one, two = dispersion(counts), dispersion(other)
    assert one["term"].tolist() == two["term"].tolist()
    assert one["dp"].to_numpy() == pytest.approx(two["dp"].to_numpy())
    empty = made(
        np.vstack([counts.values.toarray(), np.zeros(12, int)]), n_tokens=[*counts.n_tokens().astype(int), 0]
    )
    assert dispersion(empty)["dp"].to_numpy() == pytest.approx(one["dp"].to_numpy())


def test_words_that_do_not_occur_are_not_listed():
    assert dispersion(made([[1, 0], [2, 0]]))["term"].tolist() == ["词0"]


def test_one_document_is_answered_with_a_sentence():
    with pytest.raises(ValueError, match="at least 2 rows with words; there are 1"):
        dispersion(made([[1, 2], [0, 0]]))
