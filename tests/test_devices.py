"""Devices of rhetoric in sentences: the cases of tests/cases/devices.json, laws, what was planted, and rates."""

from __future__ import annotations

import json
import random
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text
from scipy import stats
from scipy.sparse import csr_matrix

from analysis import (
    Counts,
    device_counts,
    device_rates,
    devices,
    keyness,
    plot_device_rates,
    read_documents,
    segment,
)
from analysis.rhetoric.coding import near_misses
from analysis.rhetoric.lexicons import DEVICES
from analysis.rhetoric.matching import TermIndex

ROOT = Path(__file__).resolve().parent.parent
CASES = json.loads((ROOT / "tests/cases/devices.json").read_text("utf-8"))
TEXTS = {
    "a": "霁川市大抓招商。\n推行“产业链招商”，不得违规招商！",
    "b": "望澜市打响攻坚战；以商带商。",
    "c": "没有别的话。",
}


@pytest.fixture
def own() -> pd.DataFrame:
    rows = [
        ("招商", None, "plain", "招商银行;大招商局", None, None),
        ("产业链招商", None, "chain", None, None, None),
        ("攻坚战", None, "war", None, "打", None),
        ("以商招商", None, "by investors", None, None, None),
        ("以商带商", "以商招商", "by investors", None, None, None),
        ("引进", None, "plain", None, None, "人才;教师"),
    ]
    return pd.DataFrame(rows, columns=["term", "entry", "category", "not", "with", "without"]).assign(
        device="own"
    )


def frame(texts: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame({"doc_id": list(texts), "text": list(texts.values())})


def sentences(texts: dict[str, str]) -> pd.DataFrame:
    return segment(frame(texts), by="sentence")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_a_case(case, own):
    hits = devices(sentences({"x": case["text"]}), own if case["device"] == "own" else case["device"])
    assert hits["term"].tolist() == case["terms"]
    for column in ("negated", "quoted"):
        if column in case:
            assert hits[column].tolist() == case[column]
    if "entries" in case:
        assert hits["entry"].tolist() == case["entries"]


def test_there_are_cases_of_each_kind():
    told = [case.get(kind, [None])[0:1] for kind in ("negated", "quoted") for case in CASES]
    assert told.count([True]) >= 8 and told.count([False]) >= 12


def test_a_hit_opens_its_place(own):
    hits = devices(sentences(TEXTS), own)
    assert len(hits) == 5
    assert [TEXTS[row.doc_id][row.start : row.end] for row in hits.itertuples()] == hits["term"].tolist()
    assert all(row.term in row.sentence for row in hits.itertuples())
    assert hits["start"].tolist() == [5, 12, 23, 5, 9]


def test_the_order_of_documents_and_sentences_changes_no_hit(own):
    units = sentences(TEXTS)
    hits = devices(units, own)
    other = devices(units.iloc[::-1], own)
    key = ["doc_id", "start"]
    pd.testing.assert_frame_equal(
        other.sort_values(key, ignore_index=True), hits.sort_values(key, ignore_index=True)
    )
    assert other["doc_id"].tolist() == ["b", "b", "a", "a", "a"], "documents as given"
    assert other.loc[other["doc_id"] == "a", "start"].is_monotonic_increasing


def test_nothing_gives_an_empty_frame_of_the_same_kind(own):
    units = sentences(TEXTS)
    hits = devices(units, own)
    for none in (units.iloc[:0], units[units["doc_id"] == "c"], units.assign(text=pd.NA)):
        pd.testing.assert_series_equal(devices(none, own).dtypes, hits.dtypes)
        assert len(devices(none, own)) == 0


def test_terms_are_found_wherever_a_slow_search_finds_them():
    """Against a plain search for each term, on random texts of few characters, also beyond the basic plane."""
    draw = random.Random(7)
    signs = "甲乙丙丁𠮷"
    terms = sorted({"".join(draw.choices(signs, k=draw.randint(2, 4))) for _ in range(40)})
    text = "".join(draw.choices(signs, k=600))
    found = {(at, row) for at, rows in TermIndex(terms).places(text) for row in rows}
    assert found == {
        (at, row) for row, term in enumerate(terms) for at in range(600) if text.startswith(term, at)
    }
    for _, rows in TermIndex(terms).places(text):
        assert [len(terms[row]) for row in rows] == sorted((len(terms[row]) for row in rows), reverse=True)
    assert list(TermIndex(terms).places("")) == list(TermIndex(terms).places("甲")) == []


def test_devices_do_not_see_one_another(own):
    two = pd.concat([own, own[own["term"] == "招商"].assign(device="other")])
    hits = devices(sentences({"x": "产业链招商。"}), two)
    assert hits[["device", "term"]].to_numpy().tolist() == [["own", "产业链招商"], ["other", "招商"]]


@pytest.fixture(scope="module")
def planted() -> dict:
    return tomllib.loads((ROOT / "data/sample/truth.toml").read_text("utf-8"))


@pytest.mark.parametrize("effect", ["fund", "nest", "war", "station", "speed"])
def test_what_was_planted_is_found_there_and_nowhere_else(planted, effect):
    (truth,) = (each for each in planted["effect"] if each["id"] == effect)
    documents = read_documents(ROOT / "data/sample/documents")
    hits = devices(segment(documents, by="sentence"), ["methods", "images", "offers"])
    hits = hits[hits["term"].isin(truth["terms"])]
    assert hits["term"].nunique() >= 2
    strays = {doc for each in planted["stray"] if each["term"] in truth["terms"] for doc in each["documents"]}
    found = set(hits["doc_id"])
    assert found <= {*truth["documents"], *strays}
    assert len(found & set(truth["documents"])) >= 0.8 * len(truth["documents"])


def test_near_misses_touch_no_hit(own):
    documents = read_documents(ROOT / "data/sample/documents")
    units = segment(documents.head(20), by="sentence")
    for device in DEVICES:
        hits, near = devices(units, device), near_misses(units, device)
        assert set(near["why"]) <= {"pattern", "not", "with", "without"}
        taken = {(row.doc_id, at) for row in hits.itertuples() for at in range(row.start, row.end)}
        assert not taken & {(row.doc_id, at) for row in near.itertuples() for at in range(row.start, row.end)}


def test_a_term_that_its_conditions_ruled_out_is_a_near_miss():
    near = near_misses(sentences({"x": "全市上下力争上游。"}), "commitment")
    assert near[["start", "end", "why"]].to_numpy().tolist() == [[4, 6, "not"]]
    with pytest.raises(ValueError, match="'images2' is none of methods"):
        near_misses(sentences(TEXTS), "images2")


def test_a_name_that_two_devices_have_is_told_apart(own):
    two = pd.concat([own, own[own["term"] == "招商"].assign(device="other", category="war")])
    documents = frame(TEXTS).assign(n_chars=[20, 10, 5])
    hits = devices(sentences(TEXTS), two)
    terms = device_counts(hits, documents).frame().sum().to_dict()
    assert terms["招商 (own)"] == 1 and terms["招商 (other)"] == 2 and "攻坚战" in terms
    assert "war (other)" in device_counts(hits, documents, "category").terms
    assert device_counts(hits, documents, "device").terms.tolist() == ["other", "own"]


def test_counts_have_all_documents_and_leave_negated_hits_out(own):
    hits = devices(sentences(TEXTS), own)
    documents = frame(TEXTS).assign(n_chars=[20, 10, 5], city=["甲市", "乙市", "乙市"])
    counts = device_counts(hits, documents)
    assert counts.frame().to_dict("list") == {
        "产业链招商": [1, 0, 0],
        "以商招商": [0, 1, 0],
        "招商": [1, 0, 0],
        "攻坚战": [0, 1, 0],
    }
    assert counts.rows["n_tokens"].tolist() == [20, 10, 5] and "text" not in counts.rows
    assert device_counts(hits, documents, negated=True).totals().tolist() == [1, 1, 2, 1]
    assert device_counts(hits, documents, quoted=False).totals().tolist() == [0, 1, 1, 1]
    assert device_counts(hits, documents, "category").terms.tolist() == [
        "by investors",
        "chain",
        "plain",
        "war",
    ]
    shuffled = device_counts(hits.iloc[::-1], documents.iloc[::-1])
    assert (shuffled.frame().to_numpy()[::-1] == counts.frame().to_numpy()).all()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda d: d.iloc[1:], "hits lie in documents that are not given, first 'a'"),
        (lambda d: pd.concat([d, d]), "documents stand twice, first 'a'"),
        (lambda d: d.assign(n_chars=[pd.NA, 10, 5]), "1 of 3 documents have no n_chars, first 'a'"),
        (lambda d: d.drop(columns="n_chars"), "needs the column n_chars"),
    ],
)
def test_documents_that_will_not_do_are_answered_with_a_sentence(own, change, sentence):
    documents = frame(TEXTS).assign(n_chars=[20, 10, 5])
    with pytest.raises(ValueError, match=sentence):
        device_counts(devices(sentences(TEXTS), own), change(documents))


@pytest.fixture
def many() -> tuple[pd.DataFrame, pd.DataFrame]:
    draw = np.random.default_rng(3)
    documents = pd.DataFrame(
        {"doc_id": [f"d{i}" for i in range(30)], "n_chars": draw.integers(800, 2000, 30)}
    )
    documents["city"] = ["甲市"] * 25 + ["乙市"] * 3 + ["丙市"] * 2
    uses = draw.poisson(3, 30)
    hits = pd.DataFrame({"doc_id": np.repeat(documents["doc_id"], uses), "entry": "招商", "negated": False})
    return hits, documents


def test_rates_are_means_of_documents_with_t_intervals(many):
    """Against scipy: the t interval of the mean, put on the scale of its logarithm."""
    hits, documents = many
    rates = device_rates(device_counts(hits, documents)).set_index("group")
    per = 10_000 * documents["doc_id"].map(hits["doc_id"].value_counts()).fillna(0) / documents["n_chars"]
    own = per[documents["city"] == "甲市"]
    low, high = stats.t.interval(0.95, len(own) - 1, loc=own.mean(), scale=stats.sem(own))
    assert rates.loc["甲市", "rate"] == pytest.approx(own.mean())
    assert rates.loc["甲市", "ci_high"] == pytest.approx(
        own.mean() * np.exp((high - own.mean()) / own.mean())
    )
    assert rates.loc["甲市", "ci_low"] == pytest.approx(own.mean() * np.exp((low - own.mean()) / own.mean()))
    assert rates["documents"].to_dict() == {"甲市": 25, "乙市": 3, "丙市": 2}
    assert rates.loc["丙市", "reason"] == "no interval: 2 units" and np.isnan(rates.loc["丙市", "ci_low"])
    assert rates.loc["乙市", "reason"] == "interval of 3 units" and pd.isna(rates.loc["甲市", "reason"])
    assert rates["hits"].sum() == len(hits)


def test_a_grouping_of_cities_has_cities_as_units():
    """Against scipy: with as many reports each, the t interval of the mean of the cities' means."""
    draw = np.random.default_rng(5)
    documents = pd.DataFrame({"doc_id": [f"d{i}" for i in range(40)], "n_chars": 10_000})
    documents["city"] = [f"市{i // 5}" for i in range(40)]
    documents["region"] = ["east"] * 20 + ["west"] * 20
    uses = draw.poisson(np.repeat(draw.gamma(2, 3, 8), 5))
    hits = pd.DataFrame({"doc_id": np.repeat(documents["doc_id"], uses), "entry": "招商"})
    rates = device_rates(device_counts(hits, documents), "region")
    assert rates.attrs["unit"] == "city" and rates["units"].tolist() == [4, 4]
    assert rates["documents"].tolist() == [20, 20] and rates["reason"].tolist() == ["interval of 4 units"] * 2
    cities = uses[:20].reshape(4, 5).mean(axis=1)
    mean = cities.mean()
    low, high = stats.t.interval(0.95, 3, loc=mean, scale=stats.sem(cities))
    east = rates.set_index("group").loc["east"]
    assert east["rate"] == pytest.approx(mean)
    assert (east["ci_low"], east["ci_high"]) == pytest.approx(
        (mean * np.exp((low - mean) / mean), mean * np.exp((high - mean) / mean))
    )
    assert device_rates(device_counts(hits, documents)).attrs["unit"] == "document"


def test_a_city_with_few_reports_weighs_less_and_documents_without_a_city_stand_alone():
    documents = pd.DataFrame({"doc_id": list("abcdef"), "n_chars": 10_000, "all": "all"})
    documents["city"] = ["甲市", "甲市", "甲市", "甲市", "乙市", pd.NA]
    uses = [2, 4, 6, 8, 1, 3]
    hits = pd.DataFrame({"doc_id": np.repeat(documents["doc_id"], uses), "entry": "招商"})
    rates = device_rates(device_counts(hits, documents), "all")
    weights = [1 / (0.2 + 0.8 / 4), 1, 1]
    assert rates.loc[0, "rate"] == pytest.approx(np.average([5, 1, 3], weights=weights))
    assert rates.loc[0, ["units", "documents"]].tolist() == [3, 6]


def test_intervals_by_region_hold_the_mean_of_cities_that_differ():
    """Cities differ and their reports are alike: with documents as units 95 % intervals held it half as often."""
    draw = np.random.default_rng(0)
    documents = pd.DataFrame({"doc_id": [f"d{i}" for i in range(240)], "n_chars": 10_000, "region": "east"})
    documents["city"] = [f"市{i // 8}" for i in range(240)]
    held = 0
    for _ in range(200):
        uses = draw.poisson(np.repeat(draw.gamma(4, 5, 30), 8))
        counts = Counts(csr_matrix(uses[:, None]), documents.assign(n_tokens=10_000), pd.Index(["招商"]))
        rate = device_rates(counts, "region").iloc[0]
        held += rate["ci_low"] <= 20 <= rate["ci_high"]
    assert 0.90 <= held / 200 <= 0.99


def test_rates_do_not_hang_on_order_or_names(many):
    hits, documents = many
    rates = device_rates(device_counts(hits, documents))
    other = device_rates(device_counts(hits.iloc[::-1], documents.iloc[::-1]))
    pd.testing.assert_frame_equal(other, rates, rtol=1e-12)
    renamed = documents.assign(city=documents["city"].replace({"甲市": "戊市"}))
    named = device_rates(device_counts(hits, renamed)).set_index("group").loc["戊市"]
    assert named.tolist()[:4] == rates.set_index("group").loc["甲市"].tolist()[:4]


def test_documents_without_a_group_are_left_aside_aloud(many):
    hits, documents = many
    documents.loc[0, "city"] = pd.NA
    with pytest.warns(UserWarning, match="1 of 30 documents have no city, first 'd0'"):
        rates = device_rates(device_counts(hits, documents))
    assert rates.set_index("group").loc["甲市", "documents"] == 24
    with pytest.raises(ValueError, match="no column 'mayor'"):
        device_rates(device_counts(hits, documents), "mayor")


def test_the_counts_go_into_other_measures():
    """A method planted in one city sets it apart."""
    documents = read_documents(ROOT / "data/sample/documents")
    known = documents[["doc_id"]].assign(
        n_chars=documents["text"].str.count("[\u4e00-\u9fff]"), city=documents["doc_id"].str.split("-").str[0]
    )
    hits = devices(segment(documents, by="sentence"), "methods")
    table = keyness(device_counts(hits, known), "city", "huaipu", within=None, min_units=0)
    assert table.sort_values("statistic")["term"].iloc[-1] in (
        "驻点招商",
        "敲门招商",
        "小分队招商",
        "上门招商",
    )


def test_a_place_of_its_own_does_not_count():
    documents = pd.DataFrame(
        {"doc_id": ["a", "b"], "city": ["苏州市", pd.NA], "province": ["江苏省", pd.NA], "n_chars": 100}
    )
    hits = pd.DataFrame(
        {
            "doc_id": ["a", "a", "a", "b"],
            "device": ["places", "places", "methods", "places"],
            "entry": ["苏州", "上海", "苏州", "苏州"],
        }
    )
    counts = device_counts(hits, documents)
    found = pd.DataFrame(counts.values.toarray(), index=["a", "b"], columns=counts.terms)
    assert found.loc["a", [name for name in found if "methods" in name or name == "上海"]].sum() == 2
    assert counts.values.sum() == 3 and device_counts(hits, documents, own=True).values.sum() == 4


@pytest.mark.parametrize("kind", ["category", "object"])
def test_own_places_with_numbers_as_ids_and_cities_as_categories(kind):
    documents = pd.DataFrame(
        {"doc_id": [1, 2], "city": pd.Series(["苏州市", None], dtype=kind), "n_chars": 100}
    )
    hits = pd.DataFrame({"doc_id": [1, 1, 2], "device": "places", "entry": ["苏州", "上海", "苏州"]})
    counts = device_counts(hits, documents)
    found = pd.DataFrame(counts.values.toarray(), index=[1, 2], columns=counts.terms)
    assert found.to_dict("index") == {1: {"上海": 1, "苏州": 0}, 2: {"上海": 0, "苏州": 1}}


def test_a_place_within_the_name_of_a_city_is_another_place():
    documents = pd.DataFrame({"doc_id": ["a"], "city": ["延边朝鲜族自治州"], "n_chars": 100})
    hits = pd.DataFrame({"doc_id": "a", "device": "places", "entry": ["朝鲜", "延边"]})
    counts = device_counts(hits, documents)
    assert dict(zip(counts.terms, counts.totals(), strict=True)) == {"延边": 0, "朝鲜": 1}


def test_hits_without_a_value_are_left_aside_aloud():
    documents = pd.DataFrame({"doc_id": ["a", "b"], "n_chars": 100})
    slogans = pd.Series(["双招双引", pd.NA, pd.NA], dtype="string")
    hits = pd.DataFrame({"doc_id": ["a", "a", "b"], "slogan": slogans})
    with pytest.warns(UserWarning, match="2 of 3 hits have no slogan, first in 'a'"):
        counts = device_counts(hits, documents, "slogan")
    assert list(counts.terms) == ["双招双引"] and counts.values.toarray().tolist() == [[1], [0]]


def test_the_picture_of_rates_says_its_units_and_opens_marks_of_few_cities(many):
    hits, documents = many
    rates = device_rates(device_counts(hits, documents.assign(all="all")), "all")
    axes = plot_device_rates(rates)
    said = " ".join(text.get_text() for text in axes.figure.findobj(Text))
    assert "mean over cities" in said and "Open: fewer than 20 cities" in said  # 30 documents, 3 cities
    said = " ".join(
        text.get_text() for text in plot_device_rates(rates.assign(units=30)).figure.findobj(Text)
    )
    assert "Open" not in said
