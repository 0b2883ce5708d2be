"""Richness of vocabulary: length decides nothing, means and intervals against scipy, laws."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import hypergeom, t
from small_counts import drawn, made

from analysis import Counts, richness
from analysis.comparing.means import mean_interval


def of_one_author(lengths: list[int], seed: int = 0) -> np.ndarray:
    """Documents of different length whose words are drawn from one distribution."""
    chance = 1 / np.arange(1, 3001)
    return np.random.default_rng(seed).multinomial(lengths, chance / chance.sum())


def test_each_document_against_the_hypergeometric_distribution():
    counts = made(of_one_author([700, 2000, 900]))
    frame = richness(counts)
    assert frame.attrs == {
        "size": 700,
        "words": "terms of the counts",
        "left_aside": 0,
        "unit": "document",
    }
    for row, uses, n in zip(frame.itertuples(), counts.values.toarray(), (700, 2000, 900), strict=True):
        chance = hypergeom(n, uses, 700)
        assert row.types == pytest.approx(chance.sf(0).sum(), rel=1e-9)
        assert row.once == pytest.approx(chance.pmf(1).sum(), rel=1e-9)
        assert row.n_types == (uses > 0).sum() and row.n_tokens == n


def test_length_alone_makes_no_difference():
    """Long and short documents of one author: the plain number of types differs, the rarefied does not."""
    kind = ["长"] * 30 + ["短"] * 30
    counts = made(of_one_author([3000] * 30 + [1000] * 30), kind=kind)
    frame = richness(counts, "kind").set_index("group")
    assert frame.loc["长", "n_types"] > 1.8 * frame.loc["短", "n_types"]
    assert frame.loc["长", "types_high"] > frame.loc["短", "types_low"]
    assert frame.loc["短", "types_high"] > frame.loc["长", "types_low"]


def test_documents_as_units_against_scipy():
    counts = drawn(60, 300, seed=2, n_tokens=3000).where(np.arange(60) > 3)
    frame = richness(counts, "city", size=600).set_index("group")
    documents = richness(counts, size=600).set_index("doc_id")["types"]
    for city, own in counts.rows.groupby("city"):
        values = documents.loc[own["doc_id"]]
        assert frame.loc[city, "units"] == len(values)
        if len(values) < 3:
            continue
        low, high = t.interval(0.95, len(values) - 1, values.mean(), values.sem())
        seen = frame.loc[city, ["types", "types_low", "types_high"]].astype(float)
        assert seen.tolist() == pytest.approx([values.mean(), low, high])


def test_cities_are_the_units_of_a_column_that_is_theirs():
    counts = drawn(80, 300, cities=12, seed=4, n_tokens=3000)
    coast = counts.rows["city"].isin([f"城{at:02}" for at in range(5)])
    counts = made(
        counts.values.toarray(), counts.terms, **counts.rows.drop(columns="doc_id").assign(coast=coast)
    )
    frame = richness(counts, "coast", size=500)
    assert frame.attrs["unit"] == "city" and frame["units"].tolist() == [7, 5]
    documents = richness(counts, size=500)["types"]
    cities = documents.groupby(counts.rows["city"]).agg(["mean", "size"])[5:]
    weights = 1 / (0.2 + 0.8 / cities["size"])
    assert frame.loc[0, "types"] == pytest.approx(np.average(cities["mean"], weights=weights))


def test_empty_documents_change_nothing():
    counts = made(of_one_author([880, 1500]))
    empty = made(np.vstack([counts.values.toarray(), np.zeros((1, 3000), int)]))
    with pytest.warns(UserWarning, match="1 of 3 documents"):
        frame = richness(empty)
    assert frame.attrs["size"] == 880
    pd.testing.assert_frame_equal(frame, richness(counts))


def test_the_columns_of_the_features_are_used():
    uses = of_one_author([1500, 1200, 2000])
    counts = made(uses, types_1000=[500.0, 400, 300], once_1000=[250.0, 200, 150])
    frame = richness(counts, size=1000)
    assert frame["types"].tolist() == [500, 400, 300] and frame.attrs["words"] == "all words"
    assert richness(counts, size=1100).attrs["words"] == "terms of the counts"


def test_order_and_names_change_nothing():
    counts = drawn(40, 200, seed=6, n_tokens=2500)
    order = np.random.default_rng(0).permutation(40)
    other = Counts(counts.values[order], counts.rows.iloc[order].reset_index(drop=True), counts.terms)
    pd.testing.assert_frame_equal(richness(counts, "city", size=500), richness(other, "city", size=500))
    pd.testing.assert_frame_equal(richness(counts, size=500), richness(other, size=500))


def test_few_units_are_said():
    counts = made(of_one_author([600] * 7), kind=list("甲甲乙乙乙乙丙"))
    reasons = richness(counts, "kind").set_index("group")["reason"]
    assert reasons["甲"] == "no interval: 2 units" and reasons["丙"] == "no interval: 1 unit"
    assert reasons["乙"] == "interval of 4 units"


def test_short_documents_are_named():
    counts = made(of_one_author([600, 300, 900]))
    with pytest.warns(
        UserWarning, match="1 of 3 documents have fewer than 500 words and are left aside: d001"
    ):
        frame = richness(counts)
    assert frame.attrs["size"] == 500 and frame.attrs["left_aside"] == 1 and len(frame) == 2


def test_short_documents_are_compared_where_most_are_short():
    assert richness(made(of_one_author([350, 400, 520]))).attrs["size"] == 350
    with pytest.warns(UserWarning, match="1 of 3 documents have fewer than 100 words"):
        assert richness(made(of_one_author([20, 400, 420]))).attrs["size"] == 100


def test_bad_input_is_answered_with_a_sentence():
    counts = made(of_one_author([600, 900]), kind=["甲", None])
    with pytest.raises(ValueError, match="1 of 2 rows have no kind"):
        richness(counts, "kind")
    with pytest.raises(ValueError, match="no column 'knd'"):
        richness(counts, "knd")
    with pytest.raises(ValueError, match="None of 2 documents has 1,000 words"):
        richness(counts, size=1000)
    with pytest.raises(ValueError, match="None of 0 documents"):
        richness(counts.where([False, False]))
    with pytest.raises(
        ValueError, match="1 of 2 rows have counts that add up to more than their n_tokens: d001"
    ):
        richness(made([[600, 0], [500, 500]], n_tokens=[600, 900]))
    with pytest.raises(ValueError, match="not weights"):
        richness(counts.rates())
    with pytest.raises(ValueError, match="The counts have no term, perhaps all trimmed away"):
        richness(counts.select([]))
    with pytest.raises(ValueError, match="richness takes Counts, not str"):
        richness("x")
    with pytest.raises(ValueError, match="level=95 is no share; give a number between 0 and 1"):
        richness(counts, level=95)


def test_a_weighted_mean_against_copies():
    """A unit of weight 2 is worth two of weight 1 in the mean; its distance counts twice in the squares."""
    mean, low, high = mean_interval(np.array([1.0, 2.0, 6.0]), np.array([2.0, 1.0, 1.0]))
    assert mean == pytest.approx(2.5)
    variance = (2 * 1.5**2 + 0.5**2 + 3.5**2) / 2 / 4
    assert (high - low) / 2 == pytest.approx(t.ppf(0.975, 2) * np.sqrt(variance))
