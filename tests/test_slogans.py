"""Slogans: cases, laws, the sample's planted slogan, first uses counted by hand."""

from __future__ import annotations

import json
import random
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from found_cases import documents, marked
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import first_uses, open_corpus, segment, slogans
from analysis.lexicon import read_table
from analysis.rhetoric.coinages import bare_formula, is_coined
from analysis.rhetoric.formulas import near_misses

ROOT = Path(__file__).resolve().parent.parent
CASES = json.loads((ROOT / "tests/cases/slogans.json").read_text("utf-8"))
COLUMNS = ["doc_id", "start", "end", "slogan", "kind", "quoted", "sentence"]


def found(*texts: str) -> pd.DataFrame:
    return slogans(segment(documents(*texts), by="sentence"))


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_case(case):
    hits = found(case["text"])
    assert hits[["slogan", "kind", "quoted"]].to_numpy().tolist() == case["found"]


def test_all_cases_lie_at_their_offsets_and_in_their_sentence():
    texts = [case["text"] for case in CASES]
    hits = found(*texts)
    by_id = {f"d{n}": text for n, text in enumerate(texts)}
    assert len(hits) > 15
    for hit in hits.itertuples():
        assert bare_formula(by_id[hit.doc_id][hit.start : hit.end]) == hit.slogan
        assert by_id[hit.doc_id][hit.start : hit.end] in hit.sentence
        assert hit.sentence in by_id[hit.doc_id]


def test_without_quotation_marks_no_quoted_slogan():
    texts = [case["text"].translate({ord(mark): None for mark in '“”「」"'}) for case in CASES]
    hits = found(*texts)
    assert not hits["quoted"].any() and set(hits["kind"]) == {"numeral"}


def test_documents_in_another_order_give_the_same_hits():
    frame = documents(*(case["text"] for case in CASES))
    hits = slogans(segment(frame, by="sentence"))
    mixed = slogans(segment(frame.sample(frac=1, random_state=3), by="sentence"))
    order = ["doc_id", "start"]
    pd.testing.assert_frame_equal(
        hits.sort_values(order, ignore_index=True), mixed.sort_values(order, ignore_index=True)
    )


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet='“”「」"一三四个大企放管服工程年批战+1N、，。\n', max_size=40))
def test_any_text_gives_hits_in_order_that_do_not_overlap(text):
    hits = found(text)
    assert (hits["end"] > hits["start"]).all()
    assert (hits["start"].to_numpy()[1:] >= hits["end"].to_numpy()[:-1]).all()
    assert all(
        bare_formula(text[a:b]) == s
        for a, b, s in zip(hits["start"], hits["end"], hits["slogan"], strict=True)
    )


def test_nothing_gives_an_empty_frame_with_its_columns():
    empty = slogans(segment(documents(), by="sentence"))
    assert list(empty.columns) == COLUMNS and empty.empty
    assert empty["start"].dtype == "int64" and empty["quoted"].dtype == bool
    assert slogans(segment(documents("无"), by="sentence")).dtypes.equals(empty.dtypes)
    with pytest.raises(ValueError, match="slogans needs the column text"):
        slogans(pd.DataFrame({"doc_id": [], "start": []}))


def test_near_misses_are_no_hits():
    texts = [case["text"] for case in CASES]
    sentences = segment(documents(*texts), by="sentence")
    hits, near = slogans(sentences), near_misses(sentences)
    assert {"断头路", "店小二"} <= {texts[int(n.doc_id[1:])][n.start : n.end] for n in near.itertuples()}
    both = near.merge(hits, on="doc_id")
    assert not ((both["start_x"] < both["end_y"]) & (both["start_y"] < both["end_x"])).any()


def test_the_tables_agree():
    known, never = read_table("lexicon", "slogans.csv"), read_table("lexicon", "not_slogans.csv")
    assert known["term"].is_unique and never["term"].is_unique
    assert not set(known["term"]) & set(never["term"])
    assert known["reason"].notna().all() and never["reason"].notna().all()
    assert set(known["bare"].dropna()) == {"yes"}
    assert all(bare_formula(term) == term or "、" in term for term in known["term"])
    assert not any(is_coined(term, "", "") for term in never["term"])


def test_the_planted_slogan_is_found_where_it_was_planted():
    truth = tomllib.loads((ROOT / "data/sample/truth.toml").read_text("utf-8"))
    effects = [effect for effect in truth["effect"] if effect["kind"] == "slogan"]
    sample = open_corpus("sample").documents
    hits = slogans(segment(sample, by="sentence"))
    firsts = first_uses(hits, sample).set_index("slogan")
    for effect in effects:
        (term,) = effect["terms"]
        places = hits[hits["slogan"] == term].merge(sample[["doc_id", "city", "year"]], on="doc_id")
        own = places[places["city"] == effect["city"]]
        assert set(own["doc_id"]) == set(effect["documents"])
        assert sorted(own["year"].unique()) == effect["years"]
        assert own["year"].min() == effect["first_year"]
    term = effects[0]["terms"][0]
    planted = {city for effect in effects for city in [effect["city"]]}
    assert firsts.loc[term, "cities"] >= len(planted)


def test_first_uses_by_hand():
    docs = documents(
        "推行“甲乙改丙”。",
        "推进“四个三”。",
        "再抓“四个三”，“四个三”要实。",
        "落实“四个三”。",
        "谈“四个三”。",
        year=pd.array([2019, 2018, 2018, 2021, pd.NA], dtype="Int64"),
        city=["甲市", "丙市", "乙市", "乙市", "丁市"],
        province=["东省", "西省", "东省", "东省", pd.NA],
    )
    hits = slogans(segment(docs, by="sentence"))
    row = first_uses(hits, docs).set_index("slogan").loc["四个三"]
    assert (row["first_year"], row["last_year"]) == (2018, 2021)
    assert row["first_documents"] == "d1; d2" and row["first_cities"] == "丙市; 乙市", "ties are kept, sorted"
    assert (row["documents"], row["cities"], row["provinces"], row["hits"], row["undated"]) == (4, 3, 2, 5, 1)


def test_a_slogan_without_a_year_has_no_first():
    docs = documents("推进“四个三”。", year=[None], city=["甲市"])
    row = first_uses(slogans(segment(docs, by="sentence")), docs).iloc[0]
    assert pd.isna(row["first_year"]) and pd.isna(row["first_cities"])
    assert (row["documents"], row["provinces"], row["undated"]) == (1, 0, 1)


def test_first_uses_depend_neither_on_the_order_of_documents_nor_of_hits():
    rng = random.Random(5)
    texts = [f"推进“{rng.choice(['四个三', '一企一灯', '五个一批'])}”。" for _ in range(30)]
    docs = documents(
        *texts, year=[2010 + rng.randrange(4) for _ in texts], city=[f"{n % 7}市" for n in range(30)]
    )
    hits = slogans(segment(docs, by="sentence"))
    mixed = first_uses(hits.sample(frac=1, random_state=1), docs.sample(frac=1, random_state=2))
    pd.testing.assert_frame_equal(first_uses(hits, docs), mixed)


def test_first_uses_of_lost_documents_and_of_nothing():
    docs = documents("推进“四个三”。", year=[2020])
    hits = slogans(segment(docs, by="sentence"))
    with pytest.raises(ValueError, match="1 of 1 hits lie in documents that are not given, first 'd0'"):
        first_uses(hits, docs.iloc[:0])
    nothing = first_uses(hits.iloc[:0], docs)
    assert nothing.empty and list(nothing.columns) == list(first_uses(hits, docs).columns)
