"""The ledger of quantified targets: cases as data, the parts of a report, laws, and what was planted."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pandas as pd
import pytest

from analysis import segment, targets
from analysis.rhetoric.quantities import COLUMNS, near_misses
from analysis.rhetoric.units import indicators, quantity_pattern, units, words
from analysis.rhetoric.zones import zones

CASES = json.loads((Path(__file__).parent / "cases" / "targets.json").read_text("utf-8"))
YEAR = 2022
REVIEW, PLAN = "一、2021年工作回顾\n", "二、2022年工作安排\n"
HEADS = {"review": REVIEW, "plan": REVIEW + "各项工作取得进展。\n" + PLAN, "none": ""}


def ledger(text: str, year: int | None = YEAR) -> pd.DataFrame:
    documents = pd.DataFrame({"doc_id": ["jichuan"], "text": [text], "year": pd.array([year], dtype="Int64")})
    return targets(segment(documents, by="sentence"), documents)


def case_id(case: dict) -> str:
    return f"{case['from']}: {case['label']}"


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_a_case(case):
    found = ledger(HEADS[case["part"]] + case["text"])
    assert list(found["number"]) == [wanted["number"] for wanted in case["found"]]
    for row, wanted in zip(found.to_dict("records"), case["found"], strict=True):
        for name, value in wanted.items():
            said = None if pd.isna(row[name]) else row[name]
            if isinstance(value, int | float):
                assert said == pytest.approx(value, rel=1e-5), name
            elif value is not None:
                assert said == value, name


def test_there_are_cases_of_all_kinds():
    assert len(CASES) >= 60
    assert sum(case["from"] == "negative" for case in CASES) >= 30
    assert len({case["label"] for case in CASES}) == len(CASES)


def text_of(cases: list[dict]) -> str:
    chosen = [case["text"] for case in cases]
    half = len(chosen) // 2
    return REVIEW + "\n".join(chosen[:half]) + "\n" + PLAN + "\n".join(chosen[half:])


def test_offsets_give_the_hit_and_rows_stand_in_order():
    text = text_of(CASES)
    found = ledger(text)
    assert len(found) > 60
    for row in found.to_dict("records"):
        hit = text[row["start"] : row["end"]]
        assert hit.startswith(row["number"].split("%")[0])
        assert hit in row["sentence"] and row["sentence"] in text
    assert found["start"].is_monotonic_increasing
    assert not found.duplicated(["start"]).any()


def test_low_value_and_high_stand_in_order():
    found = ledger(text_of(CASES))
    assert (found["low"] <= found["value"]).all() and (found["value"] <= found["high"]).all()
    assert (found["currency"].notna() == found["unit_kind"].str.startswith("money")).all()


def test_the_order_of_documents_changes_nothing():
    documents = pd.DataFrame(
        {
            "doc_id": list("甲乙丙"),
            "text": [text_of(CASES[i::3]) for i in range(3)],
            "year": [2022, 2022, 2015],
        }
    )
    turned = documents.iloc[::-1]
    one, other = (targets(segment(frame, by="sentence"), frame) for frame in (documents, turned))
    assert list(other["doc_id"].unique()) == ["丙", "乙", "甲"]
    order = ["doc_id", "start"]
    pd.testing.assert_frame_equal(
        one.sort_values(order, ignore_index=True), other.sort_values(order, ignore_index=True)
    )


def test_a_citys_name_changes_nothing_but_the_name():
    text = HEADS["plan"] + "霁川市引进亿元以上项目50个，实际利用外资增长8%以上。"
    one, other = ledger(text), ledger(text.replace("霁川", "望澜"))
    columns = ["number", "value", "unit_kind", "comparator", "status", "horizon", "start", "indicator"]
    pd.testing.assert_frame_equal(one[columns], other[columns])


def test_sentences_may_come_in_any_order():
    documents = pd.DataFrame({"doc_id": ["甲"], "text": [text_of(CASES)], "year": [YEAR]})
    sentences = segment(documents, by="sentence")
    mixed = sentences.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(targets(sentences, documents), targets(mixed, documents))


def test_a_hit_and_a_near_miss_are_never_the_same_place():
    sentences = segment(pd.DataFrame({"doc_id": ["甲"], "text": [text_of(CASES)]}), by="sentence")
    hits, missed = targets(sentences), near_misses(sentences)
    assert len(missed) > 10
    assert not set(hits["start"]) & set(missed["start"])
    assert list(missed.columns) == ["doc_id", "start", "end", "sentence"]


def test_nothing_gives_an_empty_frame_with_all_columns():
    empty = segment(pd.DataFrame({"doc_id": [], "text": []}), by="sentence")
    found = targets(empty)
    assert {name: str(kind) for name, kind in found.dtypes.items()} == COLUMNS
    assert near_misses(empty).empty


def test_bad_frames_are_told():
    with pytest.raises(ValueError, match="targets needs the column start"):
        targets(pd.DataFrame({"doc_id": ["甲"], "text": ["引进项目3个。"]}))
    with pytest.raises(ValueError, match="year"):
        targets(
            segment(pd.DataFrame({"doc_id": ["甲"], "text": ["三"]}), by="sentence"),
            pd.DataFrame({"doc_id": ["甲"]}),
        )


def test_without_the_year_the_headings_tell_it():
    text = HEADS["plan"] + "改造老旧小区40个。去年新建学校3所。"
    found = ledger(text, None)
    assert list(found["horizon"]) == ["2022", "last year"]
    assert list(found["status"]) == ["promised", "done"]


def parts(*lines: str, year: int | None = YEAR) -> list[str | None]:
    at, units_ = 0, []
    for line in lines:
        units_.append((line, at))
        at += len(line) + 1
    return [zone.status for zone in zones(units_, year)]


BODY = "霁川市的各项工作取得新的进展，群众的生活有了明显改善，城市的面貌焕然一新，发展的基础更加牢固。"


@pytest.mark.parametrize(
    "lines, expected",
    [
        (("一、2021年工作回顾", BODY, "二、2022年工作安排", BODY), ["done", "done", "promised", "promised"]),
        (
            ("一、过去五年工作回顾", BODY, "二、今后五年的奋斗目标", BODY),
            ["done", "done", "promised", "promised"],
        ),
        (("“十三五”发展成就", BODY, "2022年主要工作", BODY), ["done", "done", "promised", "promised"]),
        # a heading of the second level that names no year changes nothing
        (("一、2021年工作回顾", "（一）完成重点任务", BODY), ["done", "done", "done"]),
        (("二、2022年主要任务", "（一）取得更大成就", BODY), ["promised", "promised", "promised"]),
        # a year that is past is no plan
        (("一、全面完成2021年目标任务", BODY), ["done", "done"]),
        # no heading begins the plan: a sentence does
        (
            ("回望", BODY * 3, "2022年工作的总体要求是：稳中求进。", BODY),
            ["done", "done", "promised", "promised"],
        ),
        (("一、2021年工作回顾", BODY, "名词解释", BODY), ["done", "done", "notes", "notes"]),
        ((BODY, BODY), [None, None]),
    ],
)
def test_the_parts_of_a_report(lines, expected):
    assert parts(*lines) == expected


def test_notes_at_the_end_hold_no_targets():
    assert ledger(HEADS["plan"] + "引进项目3个。\n名词解释\n规上企业指主营业务收入2000万元，从业人员30人。")[
        "number"
    ].tolist() == ["3"]


def test_the_tables_are_whole():
    assert all(unit.factor > 0 for unit in units().values())
    assert {unit.currency for unit in units().values() if unit.kind == "money"} == {
        "CNY",
        "USD",
        "HKD",
        "EUR",
        "JPY",
    }
    kinds = {unit.kind for unit in units().values()}
    assert {indicator.unit_kind for indicator in indicators().values()} <= kinds
    assert {indicator.better for indicator in indicators().values()} == {"more", "less", "fall"}
    assert set(words().values()) == {"growth", "fall", "to", "level", "gap", "act", "skip"}


def test_every_unit_can_be_found():
    for name in units():
        if name != "成":
            assert any(match["unit"] == name for match in quantity_pattern().finditer(f"达到25{name}。")), (
                name
            )


def test_the_numbers_of_the_sample_keep_to_their_bounds_and_units():
    """In the invented texts, none has a value outside its own bounds, a unit the table lacks, or another text's place."""
    folder = Path(__file__).parent.parent / "data" / "sample" / "documents"
    files = random.Random(0).sample(sorted(folder.glob("*.md")), 12)
    documents = pd.DataFrame(
        {"doc_id": [f.stem for f in files], "text": [f.read_text("utf-8") for f in files]}
    )
    found = targets(segment(documents, by="sentence"))
    assert found["doc_id"].nunique() >= 6
    assert (found["low"] <= found["value"]).all() and (found["value"] <= found["high"]).all()
    assert (found["low"] >= 0).all()
    written = found["unit"].dropna().str.split("/").str[0]
    assert set(written) <= {*units(), "番", "分之"} and written.nunique() > 10
    kinds = {unit.kind for unit in units().values()} | {"times"}
    assert set(found["unit_kind"].str.removesuffix(" per unit")) <= kinds
    texts = documents.set_index("doc_id")["text"]
    places = [texts[row.doc_id][row.start : row.end] for row in found.itertuples()]
    assert all(place.startswith(number) for place, number in zip(places, found["number"], strict=True))
