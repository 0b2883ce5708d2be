"""Cleaning: cases as data, the laws of the account, and what holds on the real reports."""

import json
import random
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.cleaning import STEPS, Change, clean
from analysis.documents import changes_table, clean_documents
from analysis.furniture import furniture_line

CASES = json.loads((Path(__file__).parent / "cases" / "clean.json").read_text("utf-8"))
SEED = 20260


def _marked(case: dict) -> object:
    marks = [pytest.mark.xfail(reason=case["fails"], strict=True)] if "fails" in case else []
    return pytest.param(case, id=case["label"], marks=marks)


@pytest.mark.parametrize("case", list(map(_marked, CASES)))
def test_case(case: dict) -> None:
    cleaned = clean(case["text"])
    assert cleaned.text == case["clean"]
    if "changes" in case:
        assert {change.step for change in cleaned.changes} == set(case["changes"])
    if case["from"] == "negative":
        assert cleaned.changes == ()


def test_enough_cases_and_negatives() -> None:
    assert len(CASES) >= 80
    assert sum(case["from"] == "negative" for case in CASES) >= 25
    assert len({case["label"] for case in CASES}) == len(CASES)


def assert_laws(text: str) -> None:
    cleaned = clean(text)
    assert len(text) - sum(change.chars for change in cleaned.changes) == len(cleaned.text)
    assert all(change.count > 0 and len(change.examples) <= 3 for change in cleaned.changes)
    assert cleaned.text == text or cleaned.changes
    again = clean(cleaned.text)
    assert again.text == cleaned.text
    assert again.changes == ()


DAMAGE = st.lists(
    st.one_of(
        st.sampled_from(
            "招商引资市区，。：；“”（）\n *_#>-|[]()^:;,.?!\"'\\<>&/`12３Ａ％．X×某□①⑴Ⅲ　\u200b\r一年國著實"
        ),
        st.sampled_from(
            [
                "**",
                "\n\n",
                "<br>",
                "<p>",
                "</p>",
                "<!--",
                "-->",
                "<style>",
                "</style>",
                "<![",
                "&nbsp;",
                "&amp;",
                "XX",
            ]
            + [
                "来源：",
                "名词解释",
                "责任编辑：",
                "各位代表：",
                "[^1]",
                "[^1]: ",
                "[1]",
                "市长 ",
                "2021年1月3日",
                "---\n",
            ]
            + [
                "在第一次会议上",
                "附件二",
                "相关报道",
                "title: a\n",
                "让我们奋斗！\n",
                "|a|b|\n",
                "1.甲乙：丙\n",
                "打印 关闭",
            ]
            + ["(yíng)", "營(yíng)", "&lt;", "<div>", "3 205", "“", "20XX年"]
        ),
    ),
    max_size=60,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(DAMAGE)
@example("<p><![a]")
@example("**市\n**\n名词解释")
@example("(" * 30 + "招" + ")" * 30)
@example("(" * 30 + "a" + ")" * 30 + "(1)" * 30 + "招")
@example("”" + "?" * 30)
@example("資\uddb9\ud83d\ude00")
def test_laws_hold_on_damaged_text(text: str) -> None:
    assert_laws(text)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_laws_hold_on_any_text(text: str) -> None:
    assert_laws(text)


@pytest.mark.parametrize(
    "case", [case for case in CASES if "fails" not in case], ids=lambda case: case["label"]
)
def test_laws_hold_on_cases(case: dict) -> None:
    assert_laws(case["text"])


def test_damage_that_can_not_be_restored_is_said() -> None:
    text = "營(yíng)商環(huán)境,發(fā)展,產(chǎn)業,實(shí)施,經(jīng)濟。"
    with pytest.warns(UserWarning, match="6 pinyin notes .* left as it is"):
        assert clean(text).text.count("（") == 6
    with pytest.warns(UserWarning, match="a: 6 pinyin notes"):
        clean_documents(pd.DataFrame({"doc_id": ["a"], "text": [text]}))


def test_minutes_are_no_glossary_and_isolates_go() -> None:
    minutes = "\n".join(f"{who}局：全年新签约项目{n}个，办好企业实事。" for n, who in enumerate("甲乙丙丁戊"))
    assert clean(minutes).text == minutes
    assert clean("招商\u2067引资\u2069").text == "招商引资"


def test_every_step_has_a_case() -> None:
    seen = {change.step for case in CASES for change in clean(case["text"]).changes}
    assert {step.__name__ for step in STEPS} <= seen


def test_account_names_step_count_examples_and_characters() -> None:
    assert clean("新签约１２个").changes == (Change("narrow_width", 2, ("１", "２"), 0),)
    assert clean("甲 乙").changes == (Change("close_spaces", 1, clean("甲 乙").changes[0].examples, 1),)


def test_header_is_lifted() -> None:
    text = "政府工作报告\n——2021年2月26日在霁川市第五次会议上\n霁川市市长 陆 闻\n各位代表：\n正文。"
    assert clean(text).metadata == {
        "title": "政府工作报告",
        "date": "2021-02-26",
        "office": "市长",
        "speaker": "陆闻",
    }


def test_furniture_is_lifted() -> None:
    found = clean(
        "原标题：敲门招商\n正文。\n来源：望澜日报 发布时间：2023-04-11 08:20\n（责任编辑：甲乙）"
    ).metadata
    assert found == {
        "title": "敲门招商",
        "publisher": "望澜日报",
        "published": "2023-04-11",
        "editor": "甲乙",
    }


def test_a_date_that_does_not_exist_is_not_lifted() -> None:
    assert "date" not in clean("——2021年2月30日在霁川市第五次会议上\n各位代表：").metadata
    assert furniture_line("发布时间：明天") is None


def test_glossary_is_kept_beside_the_text() -> None:
    tail = "名词解释\n1.双招双引：招商引资、招才引智。\n2.六稳：稳就业。"
    cleaned = clean("正文说了很多话，讲了许多项目与许多企业，还讲了园区。\n让我们奋斗！\n" + tail)
    assert cleaned.metadata["glossary"] == tail
    assert cleaned.text.endswith("让我们奋斗！")


def test_appendix_after_the_glossary_stays() -> None:
    text = (
        "正文讲了许多项目，还讲了园区。\n让我们奋斗！\n名词解释\n1.六稳：稳就业。\n附件二：实事\n修路三条。"
    )
    assert clean(text).text.endswith("让我们奋斗！\n附件二：实事\n修路三条。")


def test_clean_refuses_what_is_no_text() -> None:
    with pytest.raises(ValueError, match="clean_documents"):
        clean(None)  # type: ignore[arg-type]


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "doc_id": ["a", "b", "c"],
            "text": [
                "——2020年1月3日在霁川市第一次会议上\n市长 陆闻舟\n各位代表：",
                "正文。\n来源：望澜日报",
                pd.NA,
            ],
            "speaker": ["已知人", pd.NA, pd.NA],
            "year": pd.array([pd.NA, 2019, pd.NA], dtype="Int64"),
        }
    )


def test_documents_gain_what_is_missing_and_keep_what_is_known() -> None:
    documents = frame()
    table = clean_documents(documents)
    assert table["doc_id"].tolist() == ["a", "b", "c"]
    assert table["speaker"].tolist()[0] == "已知人"
    assert table.loc[0, "date"] == "2020-01-03"
    assert table.loc[0, "year"] == 2020
    assert table.loc[1, "publisher"] == "望澜日报"
    assert table["text"].isna().tolist() == [False, False, True]
    assert pd.isna(table.loc[2, "publisher"])
    pd.testing.assert_frame_equal(documents, frame())


def test_documents_in_another_order_give_the_same_texts() -> None:
    table = clean_documents(frame()).set_index("doc_id")
    turned = clean_documents(frame().iloc[::-1]).set_index("doc_id").loc[table.index]
    pd.testing.assert_frame_equal(table, turned)


def test_changes_table_has_one_row_a_document_and_step() -> None:
    table = changes_table(clean_documents(frame()))
    assert {"doc_id", "step", "count"} <= set(table.columns)
    assert table.loc[(table["doc_id"] == "b") & (table["step"] == "drop_furniture"), "count"].tolist() == [1]
    assert not table.duplicated(["doc_id", "step"]).any()


def test_missing_columns_are_named() -> None:
    with pytest.raises(ValueError, match="needs the column text; the frame has doc_id"):
        clean_documents(pd.DataFrame({"doc_id": ["a"]}))
    with pytest.raises(ValueError, match="clean_documents"):
        changes_table(frame())
    with pytest.raises(ValueError, match="clean_documents takes a frame, not str"):
        clean_documents("abc")  # type: ignore[arg-type]


def test_dates_and_years_are_brought_to_their_form() -> None:
    years = ["2012年", 2013, "二〇一四年", pd.NA, 2016.0]
    dates = [pd.NA, pd.Timestamp(2013, 2, 1), "二〇一四年三月一日", "二〇一五年一月十二日", "2016/1/2"]
    given = pd.DataFrame({"doc_id": list("abcde"), "text": "正文。", "year": years, "date": dates})
    table = clean_documents(given)
    assert table["year"].tolist() == [2012, 2013, 2014, 2015, 2016]
    assert str(table["year"].dtype) == "Int64"
    assert table["date"].tolist()[1:] == ["2013-02-01", "2014-03-01", "2015-01-12", "2016-01-02"]
    assert "notes" not in table.attrs


def test_what_is_not_understood_is_missing_and_noted() -> None:
    given = pd.DataFrame({"doc_id": list("abc"), "text": ["正文。", 5, pd.NA]})
    given["date"] = ["2012年3月", "去年冬天", pd.NA]
    given["year"] = [pd.NA, "去年", "前年"]
    with pytest.warns(
        UserWarning, match="b: its text is no string but int; a: date '2012年3月' is not understood"
    ):
        table = clean_documents(given)
    assert table["year"].tolist() == [2012, pd.NA, pd.NA]
    assert table["date"].isna().all()
    assert table["text"].isna().tolist() == [False, True, True]
    assert len(table.attrs["notes"]) == 5


def test_the_account_of_no_changes_has_its_types() -> None:
    table = changes_table(clean_documents(pd.DataFrame({"doc_id": ["a"], "text": ["正文。"]})))
    assert table.nlargest(3, "count").empty
    full = changes_table(clean_documents(pd.DataFrame({"doc_id": ["a"], "text": ["１"]})))
    assert table.dtypes.astype(str).to_dict() == full.dtypes.astype(str).to_dict()


# ---- the real texts

TAILS_OF_EVERY_SEVENTH = 67  # headings were listed and the tails that no usual heading opens read one by one


@pytest.fixture(scope="module")
def reports(corpus: Path) -> list[str]:
    paths = sorted(path for path in (corpus / "lawtext-gov").rglob("*.md") if "国务院" not in str(path))
    texts = [path.read_text("utf-8") for path in random.Random(SEED).sample(paths, 60)]
    return [text.split("\n---\n", 1)[1] for text in texts]


def test_laws_hold_on_real_reports(reports: list[str]) -> None:
    for text in reports:
        assert_laws(text)


def test_real_reports_open_with_the_salutation(reports: list[str]) -> None:
    opened = sum(clean(text).text.startswith("各位代表") for text in reports)
    assert opened >= 50


def test_tails_of_real_reports(corpus: Path) -> None:
    """Every seventh report: as many tails as were verified by reading."""
    paths = sorted(path for path in (corpus / "lawtext-gov").rglob("*.md") if "国务院" not in str(path))[::7]
    tails = sum("glossary" in clean(path.read_text("utf-8")).metadata for path in paths)
    assert tails >= TAILS_OF_EVERY_SEVENTH


def test_real_web_pages(corpus: Path) -> None:
    pages = {path.name[:3]: clean(path.read_text("utf-8")) for path in (corpus / "web_pages").glob("0*.txt")}
    for damaged, notes in {"001": 229, "003": 2_100, "004": 240}.items():
        assert pages[damaged].changes[0].step == "restore" and len(pages[damaged].sites) >= notes
        assert not any(mark in pages[damaged].text for mark in "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ")
    # 著 is 着 where that is the word
    assert pages["003"].text.count("着") == 11 and "著" not in pages["003"].text
    assert pages["000"].metadata["published"] == "2021-12-01"
    assert {"title", "publisher", "editor"} <= set(pages["000"].metadata)
    assert "<" not in pages["000"].text
    assert "&" not in pages["000"].text
    assert pages["002"].text.count("□") == 70
    assert "*" not in pages["002"].text


def test_a_part_is_not_called_as_another_file_is() -> None:
    greeting = (
        "{0}市市长在招商大会上的致辞\n{1}年3月5日\n尊敬的各位来宾，女士们、先生们：\n大家上午好！{2}\n"
        "祝大会圆满成功！谢谢大家！\n"
    )
    one = greeting.format("霁川", 2021, "今天，我们相聚在霁川，共商发展大计，共谋合作未来。" * 20)
    two = greeting.format("望澜", 2022, "望澜是一座好城市，欢迎各位企业家前来投资兴业。" * 20)
    cleaned = clean_documents(pd.DataFrame({"doc_id": ["x", "x#1"], "text": [f"{one}\n{two}", one]}))
    assert len(cleaned) == 3 and cleaned["doc_id"].is_unique
    assert cleaned["doc_id"].tolist()[1:] == ["x#2", "x#1"]


def test_rows_that_bear_one_label_are_told_apart() -> None:
    text = "{}月12日，全市招商引资工作会议召开。"
    news = pd.DataFrame({"doc_id": ["a", "b"], "text": [text.format(1), text.format(2)]}, index=[0, 0])
    cleaned = clean_documents(news.assign(published=["2021-01-14", "2021-02-14"]))
    assert cleaned["date"].tolist() == ["2021-01-12", "2021-02-12"]
