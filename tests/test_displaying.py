"""Frames in a notebook: readable tables, aligned concordances, nothing that acts."""

from __future__ import annotations

import pandas as pd
from IPython.core.interactiveshell import InteractiveShell
from lxml import html

from analysis import kwic
from analysis.displaying import MOST_ROWS, frame_html, readable_frames


def cells(frame: pd.DataFrame) -> list[list[str]]:
    root = html.fragment_fromstring(frame_html(frame))
    return [[cell.text_content() for cell in row.xpath("./th|./td")] for row in root.iter("tr")]


def test_a_concordance_is_aligned_on_its_keyword():
    paragraphs = pd.DataFrame({"doc_id": ["1", "2"], "text": ["坚持以商招商", "招商引资"]})
    lines = kwic(paragraphs, "招商")
    root = html.fragment_fromstring(frame_html(lines))
    assert root.xpath("//td[@class='right']/text()") == ["坚持以商"]
    assert len(root.xpath("//td[@class='right']/following-sibling::td[1][text()='招商']")) == 2


def test_numbers_are_rounded_unknown_is_a_dash_and_text_is_text():
    frame = pd.DataFrame({"n": [12345, 2], "rate": [0.12345, None], "text": ["<b>", pd.NA]})
    assert cells(frame)[1:] == [["12,345", "0.12", "<b>"], ["2", "–", "–"]]
    assert not html.fragment_fromstring(frame_html(frame)).xpath("//b")


def test_what_is_not_shown_is_said():
    long = pd.DataFrame({"n": range(MOST_ROWS + 1)})
    assert f"the first {MOST_ROWS} of {MOST_ROWS + 1} rows" in frame_html(long)
    assert len(cells(long)) == MOST_ROWS + 1


def test_an_index_that_says_something_is_shown_whatever_it_is_called():
    frame = pd.DataFrame({"city": [1, 2]}, index=pd.Index(["霁川市", "望澜市"], name="city"))
    assert cells(frame)[1] == ["霁川市", "1"]
    crossed = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("rate", 2020), ("rate", 2021)]))
    assert cells(crossed)[0] == ["", "rate · 2020", "rate · 2021"]
    two_levels = pd.DataFrame({"n": [1]}, index=pd.MultiIndex.from_tuples([("a", "b")], names=[None, None]))
    assert cells(two_levels)[1] == ["a", "b", "1"]


def test_a_notebook_shows_frames_so_once_it_is_asked_to():
    shell = InteractiveShell.instance()
    try:
        readable_frames()
        shown, _ = shell.display_formatter.format(pd.DataFrame({"n": [12345]}))
        assert "12,345" in shown["text/html"]
    finally:
        InteractiveShell.clear_instance()
