"""Parallelism: cases, laws, density counted by hand."""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path

import pandas as pd
import pytest
from found_cases import documents, marked
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import parallel_density, parallelism, segment
from analysis.rhetoric.parallels import near_misses

CASES = json.loads((Path(__file__).resolve().parent / "cases/parallelism.json").read_text("utf-8"))
COLUMNS = ["doc_id", "start", "end", "kind", "head", "clauses", "n_chars", "sentence"]


def found(*texts: str) -> pd.DataFrame:
    return parallelism(segment(documents(*texts), by="sentence"))


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_case(case):
    hits = found(case["text"])
    told = [[h.kind, h.head, h.clauses, case["text"][h.start : h.end]] for h in hits.itertuples()]
    assert told == case["found"]


def test_sentences_and_letters_are_those_of_the_hit():
    texts = [f"前言。\n{case['text']}" for case in CASES]
    hits = found(*texts)
    assert len(hits) > 10
    for hit in hits.itertuples():
        text = texts[int(hit.doc_id[1:])]
        inside = text[hit.start : hit.end]
        assert inside in hit.sentence and hit.sentence in text
        assert hit.n_chars == sum("\u4e00" <= sign <= "\u9fff" for sign in inside)


@pytest.mark.parametrize("sign", "、，；。")
def test_a_run_shuffled_in_its_clauses_is_still_a_run(sign):
    clauses = ["坚持项目为先", "坚持企业为大", "坚持服务为本", "坚持规则为重"]
    for order in itertools.permutations(clauses):
        (hit,) = found(sign.join(order) + "。").itertuples()
        assert (hit.kind, hit.head, hit.clauses, hit.start) == ("run", "坚持", 4, 0)


def test_a_clause_less_is_a_run_less_only_below_three():
    clauses = [f"坚持{what}" for what in ("改革", "开放", "创新", "法治")]
    assert [len(found("，".join(clauses[:n]) + "。")) for n in range(1, 5)] == [0, 0, 1, 1]


def test_documents_in_another_order_give_the_same_hits():
    frame = documents(*(case["text"] for case in CASES))
    hits = parallelism(segment(frame, by="sentence"))
    mixed = parallelism(segment(frame.sample(frac=1, random_state=4), by="sentence"))
    order = ["doc_id", "start"]
    pd.testing.assert_frame_equal(
        hits.sort_values(order, ignore_index=True), mixed.sort_values(order, ignore_index=True)
    )


def test_a_run_does_not_go_over_documents():
    assert found("坚持改革。", "坚持开放。", "坚持创新。").empty


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet="坚持更加以为既又越不仅是抓项目3、，；。\n“” ", max_size=60))
def test_any_text_gives_hits_in_order_that_do_not_overlap(text):
    hits = found(text)
    assert (hits["end"] > hits["start"]).all() and (hits["clauses"] >= 2).all()
    assert (hits["start"].to_numpy()[1:] >= hits["end"].to_numpy()[:-1]).all()
    assert (hits["end"] <= len(text)).all()


def test_nothing_gives_an_empty_frame_with_its_columns():
    empty = found()
    assert list(empty.columns) == COLUMNS and empty.empty and empty["start"].dtype == "int64"
    assert found("无").dtypes["clauses"] == "int64"
    with pytest.raises(ValueError, match="parallelism needs the column start"):
        parallelism(pd.DataFrame({"doc_id": [], "text": []}))


def test_near_misses_are_no_hits():
    sentences = segment(documents(*(case["text"] for case in CASES)), by="sentence")
    hits, near = parallelism(sentences), near_misses(sentences)
    assert len(near) and list(near.columns) == ["doc_id", "start", "end", "sentence"]
    both = near.merge(hits, on="doc_id")
    assert not ((both["start_x"] < both["end_y"]) & (both["start_y"] < both["end_x"])).any()


def test_density_by_hand():
    docs = documents(
        "坚持改革，坚持开放，坚持创新。其余十二字不在排比之中也。", "既要快，又要好。", "没有。", ""
    )
    table = parallel_density(parallelism(segment(docs, by="sentence")), docs)
    assert table["runs"].tolist() == [1, 0, 0, 0] and table["pairs"].tolist() == [0, 1, 0, 0]
    assert table["inside"].tolist() == [12, 6, 0, 0]
    assert table["share"].tolist()[:3] == [12 / 24, 6 / 6, 0] and pd.isna(table["share"].iloc[3])
    assert table["per_10000"].tolist()[:2] == [10_000 / 24, 10_000 / 6] and pd.isna(
        table["per_10000"].iloc[3]
    )


def test_density_of_more_text_without_parallelism_falls_and_of_all_twice_stays():
    rng = random.Random(2)
    clauses = [f"坚持{rng.choice('改开创法')}{rng.choice('革放新治')}" for _ in range(9)]
    text = "，".join(clauses) + "。甲市地处北方。\n"
    docs = documents(text, text * 2, text + "乙市地处南方。")
    once, twice, more = parallel_density(parallelism(segment(docs, by="sentence")), docs)["share"]
    assert once == twice > more > 0


def test_density_of_lost_documents_and_of_documents_twice():
    docs = documents("坚持改革，坚持开放，坚持创新。")
    hits = parallelism(segment(docs, by="sentence"))
    with pytest.raises(ValueError, match="1 of 1 hits lie in documents that are not given, first 'd0'"):
        parallel_density(hits, docs.iloc[:0])
    with pytest.raises(ValueError, match="1 of 2 documents stand twice, first 'd0'"):
        parallel_density(hits, pd.concat([docs, docs]))
