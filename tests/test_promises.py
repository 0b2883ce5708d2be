"""Promises against the next year's report: two invented cities, answers by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis import promises, segment, targets
from analysis.rhetoric.promises import COLUMNS


def report(year: int, done: str, planned: str) -> str:
    return f"一、{year - 1}年工作回顾\n{done}\n二、{year}年工作安排\n{planned}"


def documents_of(*rows: tuple[str, int, str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"doc_id": f"{city}/{year}", "city": city, "year": year, "text": report(year, done, planned)}
            for city, year, done, planned in rows
        ]
    )


def set_against(documents: pd.DataFrame) -> pd.DataFrame:
    return promises(targets(segment(documents, by="sentence"), documents), documents)


def one(planned: str, done: str) -> dict:
    """The promise of 霁川市 in 2020 against its report of 2021."""
    found = set_against(documents_of(("霁川市", 2020, "", planned), ("霁川市", 2021, done, "")))
    assert len(found) == 1
    return found.iloc[0].to_dict()


@pytest.mark.parametrize(
    "planned, done, value, result, met",
    [
        ("地区生产总值增长7.5%左右。", "GDP增长7.6%。", 7.5, 7.6, True),
        ("地区生产总值增长7.5%。", "地区生产总值达到900亿元，增长6%。", 7.5, 6, False),
        ("地区生产总值增长7%。", "全市生产总值下降2%。", 7, -2, False),
        ("引进亿元以上项目50个。", "引进亿元以上项目50个。", 50, 50, True),
        ("城镇登记失业率控制在4%以内。", "城镇登记失业率3.2%。", 4, 3.2, True),
        ("城镇登记失业率控制在4%以内。", "城镇登记失业率4.3%。", 4, 4.3, False),
        ("居民消费价格涨幅控制在3%左右。", "居民消费价格上涨2.1%。", 3, 2.1, True),
        ("单位GDP能耗下降3%。", "单位地区生产总值能耗下降3.4%。", -3, -3.4, True),
        ("单位GDP能耗下降3%。", "单位地区生产总值能耗下降2.4%。", -3, -2.4, False),
        ("固定资产投资增长8%-10%。", "固定资产投资增长8.5%。", 9, 8.5, True),
        ("新增规上企业50家以上。", "净增规模以上企业61户。", 50, 61, True),
        ("改造老旧小区40个。", "完成改造老旧小区38个。", 40, 38, False),
        ("新建农村公路300公里。", "建成农村公路310公里。", 300_000, 310_000, True),
        ("审批时限压缩到5天。", "审批时限压缩到3天。", 5, 3, True),
        ("审批时限压缩到5天。", "审批时限压缩到6天。", 5, 6, False),
        ("企业开办时间缩短到4天左右。", "企业开办时间缩短到2天。", 4, 2, True),
        ("审批事项压减到80项。", "审批事项压减到90项。", 80, 90, False),
        ("贫困发生率降至2%。", "贫困发生率降至1.5%。", 2, 1.5, True),
        ("投诉率降到5%。", "投诉率降到5%。", 5, 5, True),
        ("不良贷款率控制到2%。", "不良贷款率1.6%。", 2, 1.6, True),
        ("不良贷款率控制到2%。", "不良贷款率2.6%。", 2, 2.6, False),
        ("森林覆盖率提高到40%。", "森林覆盖率提高到38%。", 40, 38, False),
        ("用水量降幅控制在3%以内。", "用水量下降2%。", -3, -2, True),
        ("用水量降幅控制在3%以内。", "用水量下降4%。", -3, -4, False),
    ],
)
def test_a_match(planned, done, value, result, met):
    row = one(planned, done)
    assert row["match"] == "matched"
    assert (row["value"], row["result"]) == (pytest.approx(value), pytest.approx(result))
    assert row["difference"] == pytest.approx(result - value)
    assert row["met"] is met or bool(row["met"]) is met
    assert (row["result_doc"], row["year"], row["city"]) == ("霁川市/2021", 2020, "霁川市")


def test_keys_may_be_numbers_and_a_document_stands_once():
    told = documents_of(
        ("霁川市", 2020, "", "引进亿元以上项目50个。"), ("霁川市", 2021, "引进亿元以上项目61个。", "")
    ).assign(doc_id=[1, 2])
    assert set_against(told)["match"].tolist() == ["matched"]
    with pytest.raises(ValueError, match="promises: 2 of 4 documents stand twice, first '1'"):
        promises(targets(segment(told, by="sentence"), told), pd.concat([told, told]))


@pytest.mark.parametrize(
    "planned, done, reason",
    [
        ("地区生产总值增长7.5%。", "学校改造顺利。", "object not mentioned"),
        ("地区生产总值增长7.5%。", "地区生产总值达到900亿元。", "unit or aspect differs"),
        ("实际利用外资3亿美元。", "实际利用外资20亿元。", "unit or aspect differs"),
        ("新增高新技术企业20家。", "高新技术企业达到200家。", "unit or aspect differs"),
        ("新建公园6个。", "新建公园5个。二、新建公园7个。", "several candidates"),
        ("到2025年，地区生产总值达到2000亿元。", "地区生产总值900亿元。", "meant for other years"),
        ("固定资产投资增长8%。", "五年来，固定资产投资增长60%。", "reported for other years"),
        ("完成投资20亿元。", "完成投资30亿元。", "object too general"),
        ("新建公园6个。", "新建公园60个。", "of another scale"),
    ],
)
def test_why_there_is_no_match(planned, done, reason):
    row = one(planned, done)
    assert row["match"] == reason
    assert pd.isna(row["result"]) and pd.isna(row["met"]) and pd.isna(row["result_doc"])


def test_no_report_next_year_and_the_wrong_city():
    found = set_against(
        documents_of(
            ("霁川市", 2020, "", "地区生产总值增长7%。"),
            ("霁川市", 2022, "地区生产总值增长8%。", ""),
            ("望澜市", 2021, "地区生产总值增长9%。", ""),
        )
    )
    assert list(found["match"]) == ["no report next year"]


def test_averages_of_years_are_not_matched():
    row = one("地区生产总值增长7%。", "地区生产总值年均增长8%。")
    assert row["match"] == "unit or aspect differs"


def test_a_document_without_a_city_is_said():
    documents = documents_of(("霁川市", 2020, "", "地区生产总值增长7%。"))
    found = targets(segment(documents, by="sentence"), documents)
    documents["city"] = pd.NA
    assert list(promises(found, documents)["match"]) == ["city or year unknown"]


def test_every_promise_has_one_row_and_the_order_of_documents_changes_nothing():
    documents = documents_of(
        ("霁川市", 2020, "新建公园5个。", "地区生产总值增长7%。新建公园6个。改造老旧小区40个。"),
        ("霁川市", 2021, "地区生产总值增长8%。新建公园6个。", "地区生产总值增长6%。"),
        ("霁川市", 2022, "地区生产总值增长5%。", ""),
    )
    found = targets(segment(documents, by="sentence"), documents)
    expected = promises(found, documents)
    assert len(expected) == (found["status"] == "promised").sum() == 4
    mixed = promises(found.sample(frac=1, random_state=2), documents.iloc[::-1])
    order = ["doc_id", "start"]
    pd.testing.assert_frame_equal(
        expected.sort_values(order, ignore_index=True), mixed.sort_values(order, ignore_index=True)
    )
    assert expected["met"].tolist()[:2] == [True, True]


def test_nothing_gives_an_empty_frame():
    documents = documents_of(("霁川市", 2020, "", ""))
    found = set_against(documents)
    assert {name: str(kind) for name, kind in found.dtypes.items()} == COLUMNS
    assert found.empty


def test_bad_frames_are_told():
    with pytest.raises(ValueError, match="promises needs the column"):
        promises(pd.DataFrame({"doc_id": ["甲"]}), pd.DataFrame())
