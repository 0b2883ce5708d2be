"""Shares of topics in groups: intervals against scipy, tests against keyness's, coverage, laws."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis import Topics
from analysis.comparing.inference import adjusted
from analysis.comparing.permutations import permuted_t
from analysis.comparing.units import UnitValues, layout
from analysis.topic_models.shares import per_document


def simulated(documents=120, k=4, *, cities=30, seed=0, lift=0.0, **columns) -> Topics:
    """Topics whose shares are drawn: three passages a document, years and cities by turns, the last topic rare.

    lift: added to the weight of topic 1 in documents of cities with an even number.
    """
    rng = np.random.default_rng(seed)
    number = np.arange(documents)
    city = number % cities
    weights = rng.gamma([3.0] * (k - 1) + [0.7], size=(documents, k))
    weights[:, 0] += lift * (city % 2 == 0)
    own = np.repeat(weights, 3, axis=0) * rng.gamma(2, 0.5, (3 * documents, k))
    shares = pd.DataFrame(own / own.sum(axis=1, keepdims=True), columns=range(1, k + 1))
    rows = pd.DataFrame(
        {
            "doc_id": [f"d{at:04}" for at in number],
            "city": [f"城{at:02}" for at in city],
            "side": np.where(city % 2 == 0, "甲", "乙"),
            "year": 2016 + (number // cities) % 4,
            **columns,
        }
    )
    rows = rows.loc[np.repeat(number, 3)].reset_index(drop=True).assign(para=np.tile([0, 1, 2], documents))
    labels = pd.Series({n: f"题{n}" for n in range(1, k + 1)})
    return Topics(pd.DataFrame(), shares, rows, labels, "nmf", k, 0)


def test_documents_are_units_and_intervals_are_scipys():
    found = simulated()
    frame = found.in_groups("year")
    documents = found.shares.groupby(found.rows["doc_id"]).mean()
    year = found.rows.groupby("doc_id")["year"].first()
    own = documents.loc[year == 2017, 2]
    row = frame[(frame["group"] == 2017) & (frame["topic"] == 2)].iloc[0]
    low, high = stats.t.interval(0.95, len(own) - 1, own.mean(), stats.sem(own))
    assert (row["share"], row["ci_low"], row["ci_high"]) == pytest.approx((own.mean(), low, high))
    assert row["units"] == row["docs"] == 30 and row["label"] == "题2" and pd.isna(row["reason"])
    assert frame.attrs == {"column": "year", "unit": "document", "within": None, "documents": 120}
    assert len(frame) == 16 and frame.groupby("group")["share"].sum().to_numpy() == pytest.approx(1)
    wide = found.by("year")
    assert wide.shape == (4, 4) and wide.loc[2017, 2] == pytest.approx(row["share"])


def test_cities_are_units_where_the_column_groups_cities():
    found = simulated()
    frame = found.in_groups("side")
    per_city = found.shares.groupby(found.rows["doc_id"]).mean()
    per_city = per_city.groupby(found.rows.groupby("doc_id")["city"].first()).mean()
    own = per_city[[int(name[1:]) % 2 == 0 for name in per_city.index]][1]
    row = frame[(frame["group"] == "甲") & (frame["topic"] == 1)].iloc[0]
    low, high = stats.t.interval(0.95, 14, own.mean(), stats.sem(own))
    assert frame.attrs["unit"] == "city" and row["units"] == 15 and row["docs"] == 60
    assert (row["share"], row["ci_low"], row["ci_high"]) == pytest.approx((own.mean(), low, high))
    assert row["reason"] == "interval of 15 units"
    assert found.by("side").loc["甲", 1] == pytest.approx(row["share"])


def test_too_few_units_have_no_interval_and_it_is_said():
    found = simulated(cities=60)
    frame = found.in_groups("city")
    assert frame["ci_low"].isna().all() and set(frame["reason"]) == {"no interval: 2 units"}
    assert found.most(1, "city").empty and found.most(1, "city").attrs["passed_over"] == 60


def test_intervals_stay_between_nought_and_one():
    found = simulated(documents=12, cities=4)
    rare = found.shares.copy()
    rare[4] = np.where(found.rows["doc_id"] == "d0000", 0.9, 0.0)
    frame = replace(found, shares=rare).in_groups("city")
    assert frame["ci_low"].min() == 0 and frame["ci_high"].max() <= 1
    never = frame[(frame["topic"] == 4) & (frame["group"] == "城01")].iloc[0]
    assert np.isnan(never["ci_low"]) and never["reason"] == "no interval: the 3 units do not vary"


@pytest.mark.parametrize(("n", "least"), [(20, 0.93), (40, 0.93)])
def test_intervals_cover_the_truth(n, least):
    """The mean over topics: the interval of the rare topic, whose shares are skewed, holds it less often (91 to 92 %)."""
    found = simulated(documents=400 * n, cities=400 * n, block=np.repeat(np.arange(400), n))
    frame = found.in_groups("block")
    truth = found.shares.mean()
    held = (frame["ci_low"] <= frame["topic"].map(truth)) & (frame["topic"].map(truth) <= frame["ci_high"])
    assert least <= held.mean() <= 0.97


def test_the_difference_is_tested_as_keyness_tests_words():
    found = simulated(lift=3.0)
    frame = found.compare("side", "甲").set_index("topic")
    documents = per_document(found.shares, found.rows)
    laid = layout(documents.rows, "city", "year")
    target = np.bincount(laid.units, documents.rows["side"] == "甲", minlength=laid.n_units) > 0
    t, p, _ = permuted_t(UnitValues(documents.values.sqrt(), laid), target[None, :], seed=0)
    assert frame.loc[[1, 2, 3, 4], "statistic"].to_numpy() == pytest.approx(t[0])
    assert frame.loc[[1, 2, 3, 4], "p"].to_numpy() == pytest.approx(p[0])
    assert frame.loc[[1, 2, 3, 4], "q"].to_numpy() == pytest.approx(adjusted(p[0]))
    assert frame.index[0] == 1 and frame.loc[1, "q"] < 0.001 and frame.loc[1, "ci_low"] > 0
    facts = frame.attrs
    assert (facts["unit"], facts["within"], facts["n_target"], facts["n_reference"]) == (
        "city",
        "year",
        15,
        15,
    )
    assert facts["docs_target"] == facts["docs_reference"] == 60 and facts["tested"] == 4
    assert facts["placebo"] is None and facts["column"] == "side" and facts["reference"] == "rest"


def test_without_years_the_interval_of_the_difference_is_welchs():
    found = simulated(lift=1.0)
    frame = found.compare("year", 2016, reference=2019, within=None).set_index("topic")
    documents = per_document(found.shares, found.rows)
    year, values = documents.rows["year"].to_numpy(), documents.values.toarray()
    for at, topic in enumerate(documents.terms):
        a, b = values[year == 2016, at], values[year == 2019, at]
        interval = stats.ttest_ind(a, b, equal_var=False).confidence_interval()
        row = frame.loc[topic]
        assert row["difference"] == pytest.approx(a.mean() - b.mean())
        assert (row["ci_low"], row["ci_high"]) == pytest.approx((interval.low, interval.high))
    assert frame["difference"].sum() == pytest.approx(0, abs=1e-12)


def test_random_groups_stand_beside_the_result():
    found = simulated(lift=3.0)
    placebo = found.compare("side", "甲", draws=10).attrs["placebo"]
    assert placebo["size"] == 15 and placebo["draws"] == 10
    quiet = simulated(documents=240, cities=60).compare("side", "甲", draws=40).attrs["placebo"]
    assert quiet["mean"] <= 0.3 and 0 <= quiet["any"] <= 0.2


def test_neither_order_nor_names_nor_empty_passages_change_anything():
    found = simulated(lift=1.0)
    order = np.random.default_rng(0).permutation(len(found.rows))
    turned = replace(found, rows=found.rows.iloc[order], shares=found.shares.iloc[order])
    pd.testing.assert_frame_equal(found.compare("side", "甲"), turned.compare("side", "甲"))
    pd.testing.assert_frame_equal(found.in_groups("side"), turned.in_groups("side"))
    renamed = found.assign(city=found.rows["city"].replace("城00", "阿城"))
    pd.testing.assert_frame_equal(found.compare("side", "甲"), renamed.compare("side", "甲"))
    empty = found.rows.iloc[[0]].assign(para=9)
    zeros = pd.DataFrame([[0.0] * 4], columns=found.shares.columns)
    padded = replace(
        found,
        rows=pd.concat([found.rows, empty], ignore_index=True),
        shares=pd.concat([found.shares, zeros], ignore_index=True),
    )
    pd.testing.assert_frame_equal(found.in_groups("year"), padded.in_groups("year"))


def test_what_is_left_aside_is_said():
    found = simulated()
    partly = found.assign(side=found.rows["side"].where(found.rows["doc_id"] != "d0007"))
    with pytest.warns(
        UserWarning, match="1 of 120 documents have no side, first 'd0007'; they are left aside"
    ):
        assert partly.in_groups("side").attrs["documents"] == 119
    bare = replace(found, shares=found.shares.where(found.rows["doc_id"] != "d0003", 0.0))
    with pytest.warns(UserWarning, match="1 of 120 documents have no term of the topics, first 'd0003'"):
        bare.by("year")


def test_too_few_units_are_not_tested():
    frame = simulated(documents=8, cities=4).compare("city", "城01")
    assert frame["p"].isna().all() and frame["ci_low"].isna().all()
    assert set(frame["reason"]) == {"too few units to test: 2 against 6, and each side needs 3"}
    assert frame["difference"].notna().all() and frame.attrs["how"] == "not tested"


def test_years_of_one_side_only_are_told_of_both():
    found = simulated()
    side = found.rows["side"].to_numpy()
    years = np.where(side == "甲", 2016, np.where(found.rows["doc_id"] < "d0060", 2016, 1990))
    frame = found.assign(year=years).compare("side", "甲")
    lone = found.rows.loc[(side == "乙") & (years == 1990), "doc_id"].nunique()
    told = f"{lone} of the reference's 60 documents lie in a year in which the target has none"
    assert lone > 0 and told in frame.attrs["note"]


def test_wrong_words_are_answered():
    found = simulated()
    with pytest.raises(
        ValueError, match="no column 'para', or it varies within a document; they have doc_id, city"
    ):
        found.in_groups("para")
    with pytest.raises(ValueError, match="'丙' is no side of these counts; there are 2, nearest"):
        found.compare("side", "丙")
    with pytest.raises(ValueError, match="choose bh or by"):
        found.compare("side", "甲", correction="none")
    with pytest.raises(ValueError, match="within='month' is no column"):
        found.compare("side", "甲", within="month")
    with pytest.raises(ValueError, match="1 of 120 rows have no side, first 'd0007'"):
        found.assign(side=found.rows["side"].where(found.rows["doc_id"] != "d0007")).compare("side", "甲")
    with pytest.raises(ValueError, match="No document has a leader"):
        found.assign(leader=None).by("leader")
