"""New words: a case by hand, a planted word, and that neither order nor boundaries mislead."""

from __future__ import annotations

import random

import pandas as pd
import pytest

from analysis.new_words import propose_words

COMMON = "建设发展产业项目服务经济工作推进企业城市园区投资改革创新"


def _documents(term: str, times: int, seed: int = 7) -> pd.DataFrame:
    """Twelve documents of characters drawn at random, with `term` put in `times` times in all."""
    rng = random.Random(seed)
    signs = [["".join(rng.choices(COMMON, k=2)) for _ in range(150)] for _ in range(12)]
    for number in range(times):
        signs[number % 12].insert(rng.randrange(150), term)
    texts = ["".join(words) for words in signs]
    return pd.DataFrame(
        {"doc_id": [f"d{i}" for i in range(12)], "text": texts, "city": ["霁川市", "望澜市"] * 6}
    )


def test_measures_by_hand() -> None:
    # 14 characters; 甲, 乙 and 甲乙 4 times each: pmi = log2(4/14 / (4/14 * 4/14)) = log2(3.5).
    # Before it a start, 丙, 丁, 戊, after it 丙, 丁, 戊 and the end: four neighbours once each, 2 bits.
    text = "甲乙丙，丙甲乙丁，丁甲乙戊，戊甲乙"
    frame = propose_words(text, min_count=4, max_length=3, min_pmi=0, min_entropy=0)
    assert list(frame["term"]) == ["甲乙"]
    row = frame.iloc[0]
    assert (row["count"], row["docs"]) == (4, 1)
    assert row["pmi"] == pytest.approx(1.80735, abs=1e-5)
    assert row["left_entropy"] == pytest.approx(2.0)
    assert row["right_entropy"] == pytest.approx(2.0)


def test_entropy_by_hand() -> None:
    # After 甲乙: 丙 twice, 丁 once, the end once: 2 * 1/4 * 2 + 1/2 = 1.5 bits. Before it: always 戊, 0 bits.
    frame = propose_words(
        "戊甲乙丙戊甲乙丙戊甲乙丁戊甲乙", min_count=4, max_length=2, min_pmi=0, min_entropy=0
    )
    row = frame.set_index("term").loc["甲乙"]
    assert (row["left_entropy"], row["right_entropy"]) == (pytest.approx(0.0), pytest.approx(1.5))


def test_the_weakest_joint_counts() -> None:
    # 甲乙 always together (6 of 24 characters each); 丙 follows only in 3 of 6 and stands alone 3 times.
    text = "，".join(["甲乙丙"] * 3 + ["甲乙"] * 3 + ["丙"] * 3 + ["丁"] * 6)
    frame = propose_words(text, min_count=3, max_length=3, min_pmi=0, min_entropy=0).set_index("term")
    # 24 characters; cuts: 甲|乙丙 log2(3*24/(6*3)) = 2, 甲乙|丙 log2(3*24/(6*6)) = 1: the least is 1.
    assert frame.loc["甲乙丙", "pmi"] == pytest.approx(1.0)


def test_a_planted_word_is_found() -> None:
    frame = propose_words(_documents("霁岚链", 40), min_count=10, max_length=4)
    found = frame.set_index("term")
    assert "霁岚链" in found.index
    assert found.loc["霁岚链", ["count", "docs", "cities"]].tolist() == [40, 12, 2]
    assert not found.loc["霁岚链", "known"]
    # Its halves never stand without it: no candidates.
    assert not {"霁岚", "岚链"} & set(found.index)


def test_a_slogan_that_stands_only_in_quotation_marks_is_found() -> None:
    # Among other text: a pmi of 3 bits needs more than eight times the characters of the slogan's own.
    frame = propose_words("“一企一灯”。" * 12 + "甲" * 400, min_count=10, max_length=4)
    assert list(frame["term"]) == ["一企一灯"]


def test_known_words_are_flagged() -> None:
    frame = propose_words("“招商引资”，“霁川岚链”。" * 12, min_count=10, max_length=4, min_pmi=2)
    assert dict(zip(frame["term"], frame["known"], strict=True)) == {"招商引资": True, "霁川岚链": False}


def test_order_of_documents_changes_nothing() -> None:
    frame = _documents("霁岚链", 40)
    pd.testing.assert_frame_equal(propose_words(frame), propose_words(frame.iloc[::-1]))


def test_nothing_runs_across_documents_or_placeholders() -> None:
    frame = pd.DataFrame({"text": ["甲"] * 6 + ["甲□乙"] * 6})
    assert propose_words(frame, min_count=2, min_pmi=0, min_entropy=0).empty


def test_empty_and_missing_text() -> None:
    columns = ["term", "count", "docs", "pmi", "left_entropy", "right_entropy", "known"]
    assert list(propose_words("").columns) == columns
    assert list(propose_words(pd.DataFrame({"text": [pd.NA, "甲乙"]})).columns) == columns


@pytest.mark.parametrize(
    ("argument", "options", "says"),
    [
        (pd.DataFrame({"txt": ["甲"]}), {}, "needs the column text"),
        (5, {}, "takes a frame, not int"),
        ("甲乙", {"min_count": 0}, "at least 1"),
        ("甲乙", {"max_length": 1}, "at least 2"),
    ],
)
def test_what_makes_no_sense_is_said(argument: object, options: dict[str, int], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        propose_words(argument, **options)  # type: ignore[arg-type]
