"""Dispersion against published values, hand counts and laws."""

import numpy as np
import pytest
from small_counts import drawn, made

from analysis import Counts, dispersion

# The five-part corpus of Gries (2008), Dispersions and adjusted frequencies in corpora, International Journal of Corpus
# Linguistics 13(4), 403-437: parts of 9, 10, 10, 10 and 11 words, each a letter. Its text and the values below are checked
# against the tests of the R package occurR, which hold what Gries' own script gives.
PARTS = ["bamnibeup", "basatbewqn", "bcagabesta", "baghabeaat", "bahaabeaxat"]
# letter: DP, DP norm, Juilland's D
TABLE = {
    "a": (0.18, 0.219512195121951, 0.785150453450451),
    "b": (0.02, 0.024390243902439, 0.968091043204922),
    "c": (0.8, 0.975609756097561, 0),
    "g": (0.6, 0.731707317073171, 0.387627564304206),
    "h": (0.58, 0.707317073170732, 0.386471489203566),
    "n": (0.62, 0.75609756097561, 0.386215590016284),
    "t": (0.18, 0.219512195121951, 0.748987986686943),
    "x": (0.78, 0.951219512195122, 0),
}


def gries() -> Counts:
    letters = sorted(set("".join(PARTS)))
    return made([[part.count(letter) for letter in letters] for part in PARTS], letters)


def test_gries_five_parts():
    """The values of the paper: DP 0.18 and D 0.785 of `a`, which occurs 1, 2, 3, 4 and 5 times."""
    row = dispersion(gries()).set_index("term").loc["a"]
    assert row["n"] == 15 and row["docs"] == 5 and row["docs_share"] == 1
    assert (round(row["dp"], 2), round(row["juilland_d"], 3)) == (0.18, 0.785)


@pytest.mark.parametrize("letter", TABLE)
def test_gries_letters_to_the_last_digit(letter):
    row = dispersion(gries()).set_index("term").loc[letter]
    assert row[["dp", "dp_norm", "juilland_d"]].tolist() == pytest.approx(TABLE[letter], abs=1e-9)


def test_lynes_tenths():
    """ALLEMAND in ten parts of French business letters (Lyne 1985, pp. 85 and 299, as the R package tlda gives its data):
    Juilland's D 0.6038797 and relative range 0.5, there; DP here by hand.
    """
    uses, tokens = (
        [2, 0, 1, 1, 3, 0, 3, 0, 0, 0],
        [8143, 8058, 8271, 8125, 7959, 7941, 8146, 8001, 8003, 7930],
    )
    row = dispersion(made([[n] for n in uses], ["allemand"], n_tokens=tokens)).iloc[0]
    assert row["juilland_d"] == pytest.approx(0.6038797, abs=5e-8) and row["docs_share"] == 0.5
    shares = np.array(tokens) / sum(tokens)
    assert row["dp"] == pytest.approx(abs(shares - np.array(uses) / 10).sum() / 2)


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


def test_what_is_no_count_of_words_is_answered_with_a_sentence():
    counts = drawn(4, 5)
    with pytest.raises(ValueError, match="dispersion takes Counts, not str"):
        dispersion("x")
    with pytest.raises(ValueError, match="dispersion counts words: give it counts, not weights"):
        dispersion(counts.tfidf())
    with pytest.raises(ValueError, match="The counts have no term, perhaps all trimmed away"):
        dispersion(counts.select([]))
