"""What a figure shows is said from its data, in both languages."""

import numpy as np
import pandas as pd
import pytest

from analysis import alt_contrast, alt_course, alt_extremes
from analysis.languages import in_chinese

CITIES = ["霁川市", "望澜市", "溪宁市", "丹汐市", "淮浦市"]


def test_extremes_are_the_largest_and_the_smallest_whatever_the_order():
    values = pd.Series(np.arange(30.0) / 7, index=[f"词{n:02}" for n in range(30)])
    said = alt_extremes(values, n=2)
    assert said == "Most: 词29 (4.14), 词28 (4); least: 词00 (0), 词01 (0.143)."
    assert alt_extremes(values.sample(frac=1, random_state=0), n=2) == said
    equal = pd.Series(1, index=[*"hgfedcba"])
    assert alt_extremes(equal, n=2) == "Most: a (1), b (1); least: a (1), b (1)."


def test_what_is_unknown_takes_no_part():
    assert alt_extremes(pd.Series([1, None, 3], index=list("abc"))) == "From most to least: c (3), a (1)."
    assert alt_extremes(pd.Series([None], index=["a"], dtype=float)) == ""
    gaps = pd.DataFrame({"year": [2019, 2020, 2021], "rate": pd.array([None, 2.5, 3], "Float64")})
    assert (
        alt_course(gaps, line=None) == "From 2.5 in 2020 to 3 in 2021; highest 3 in 2021, lowest 2.5 in 2020."
    )
    assert alt_course(gaps.head(1), line=None) == "" == alt_course(gaps.head(0).assign(term=""))


def test_of_a_symmetric_matrix_each_pair_is_told_once_and_nothing_with_itself():
    likeness = pd.DataFrame(np.eye(5) + 0.25, index=CITIES, columns=CITIES)
    likeness.iloc[0, 1] = likeness.iloc[1, 0] = 0.75
    assert alt_extremes(likeness, n=1).startswith("Most: 霁川市 · 望澜市 (0.75); least: ")
    rates = pd.DataFrame({"east": [3.0, 1.0]}, index=["war", "family"])
    assert alt_extremes(rates) == "From most to least: war · east (3), family · east (1)."


def test_four_lines_are_told_in_the_order_of_the_frame():
    lines = [pd.DataFrame({"term": name, "year": [2021, 2020], "rate": [2.0, 1.0]}) for name in "edcba"]
    said = alt_course(pd.concat(lines))
    assert [said.find(f"Line {name}: from 1 in 2020 to 2 in 2021") >= 0 for name in "edcba"] == [True] * 4 + [
        False
    ]


def test_a_comparison_tells_the_surest_of_both_sides():
    frame = pd.DataFrame(
        {
            "term": ["甲", "乙", "丙", "丁", "戊"],
            "log_ratio": [3, 1, 0.5, -1, -2],
            "q": [0.01, 0.01, 0.2, 0.04, 0.01],
        }
    )
    assert (
        alt_contrast(frame, n=1)
        == "More often at q < 0.05: 2, first 甲 (8×). Less often: 2, first 戊 (0.25×)."
    )
    assert alt_contrast(frame[frame["q"] > 0.1]) == "No term differs at q < 0.05."
    with pytest.raises(ValueError, match="alt_contrast needs the column q"):
        alt_contrast(frame.drop(columns="q"))


def test_what_holds_no_numbers_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match="alt_extremes takes a Series or a matrix of numbers, not list"):
        alt_extremes([1, 2])
    with pytest.raises(ValueError, match="alt_extremes takes numbers"):
        alt_extremes(pd.Series(["招商"]))
    unknown = pd.DataFrame({"term": ["甲"], "log_ratio": [np.nan], "q": [0.01]})
    assert alt_contrast(unknown) == "No term differs at q < 0.05."


@pytest.mark.parametrize(
    "said",
    [
        alt_extremes(pd.Series({("east", "sectors"): 2.5, ("west", "methods"): 1.0})),
        alt_extremes(pd.Series(range(9), index=CITIES + list("abcd")), n=2),
        alt_course(pd.DataFrame({"term": "within cities", "year": [2019, 2020], "rate": [1, 2]})),
        alt_contrast(pd.DataFrame({"term": ["甲"], "log_ratio": [1.0], "q": [0.01]})),
        "Bars of documents by year, 2019-2020. From most to least: 2019 (3), 2020 (2).",
    ],
)
def test_it_is_said_in_chinese_too(said):
    chinese = in_chinese(said)
    assert chinese and not any(
        word in chinese for word in ("Most", "least", "from", "often", "east", "within")
    )
