"""Commitments: strength, whether they lie ahead, who is bound."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis import commitments, device_counts, segment

REPORT = (
    "一、2020年工作回顾\n一年来，我们加快项目建设，坚决打击非法集资。困难仍然不少，我们必须直面问题。\n"
    "二、2021年工作安排\n各级干部务必抓好落实。督促企业按期开工，力争引进三十家，不得拖延。新建“加快”号游轮。\n"
)


def read(text: str) -> pd.DataFrame:
    return commitments(segment(pd.DataFrame({"doc_id": ["x"], "text": [text]}), by="sentence"))


def test_a_report():
    hits = read(REPORT)
    rows = hits[["term", "strength", "status", "bound", "quoted"]].to_numpy().tolist()
    assert rows == [
        ["加快", 2, "done", "we", False],
        ["坚决", 3, "done", "we", False],
        ["必须", 3, "promised", "we", False],
        ["务必", 3, "promised", "cadres", False],
        ["抓好", 2, "promised", "cadres", False],
        ["按期", 3, "promised", "enterprises", False],
        ["力争", 1, "promised", "unstated", False],
        ["不得", 3, "promised", "unstated", False],
        ["加快", 2, "promised", "unstated", True],
    ]
    assert [REPORT[row.start : row.end] for row in hits.itertuples()] == hits["term"].tolist()


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("我们将认真落实，确保完成。", "we"),
        ("我们要到一线去。", "we"),
        ("市政府必须带头。", "government"),
        ("各级各部门要加快办理。", "government"),
        ("政府债务余额严格控制。", "unstated"),
        ("领导干部要坚决带头。", "cadres"),
        ("引导金融机构加大投放。", "enterprises"),
        ("企业技术改造加快。", "unstated"),
        ("广大市民要坚决支持。", "people"),
        ("全市上下必须紧起来。", "city"),
        ("全市外贸确保增长。", "unstated"),
        ("让居民尽快搬进新楼。", "unstated"),
        ("加快建设码头。", "unstated"),
    ],
)
def test_who_is_bound(text, bound):
    assert read(text)["bound"].iloc[-1] == bound


def test_a_commitment_may_be_denied():
    hits = read("码头未能如期开工。")
    assert hits["negated"].tolist() == [True]
    documents = pd.DataFrame({"doc_id": ["x"], "n_chars": [8]})
    assert device_counts(hits, documents, "strength").totals().sum() == 0


def test_strengths_are_counted():
    counts = device_counts(read(REPORT), pd.DataFrame({"doc_id": ["x"], "n_chars": [90]}), "strength")
    assert dict(zip(counts.terms, counts.totals().tolist(), strict=True)) == {"1": 1, "2": 3, "3": 5}


def test_documents_do_not_see_one_another():
    texts = pd.DataFrame({"doc_id": ["b", "a"], "text": [REPORT, "力争上游。确保供水。"]})
    units = segment(texts, by="sentence")
    both = commitments(units)
    assert both["doc_id"].tolist() == ["b"] * 9 + ["a"]
    for doc in ("a", "b"):
        own = commitments(units[units["doc_id"] == doc])
        pd.testing.assert_frame_equal(both[both["doc_id"] == doc].reset_index(drop=True), own)
    none = commitments(units.iloc[:0])
    pd.testing.assert_series_equal(none.dtypes, both.dtypes)
    with pytest.raises(ValueError, match="needs the column start"):
        commitments(units.drop(columns="start"))
