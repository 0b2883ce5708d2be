"""Warnings and sources beside pictures and tables: said in words, kept by the page, named by the index."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest
from lxml import html

from analysis import show_placebo_warning, show_warning, style
from analysis.notices import placebo_warning, source_line, warning_html
from analysis.pages import tidy

CORPUS = SimpleNamespace(
    title="Reports 报告 <b>",
    documents=range(2215),
    cities=lambda: ["霁川市"],
    period="1993-2026",
    fingerprint="3aa757d20bfa",
)
LINE = "Source: Reports 报告 <b>; 2,215 documents, 1 city, 1993–2026; fingerprint 3aa757d20bfa."


def body(markup: str) -> html.HtmlElement:
    return html.fragment_fromstring(tidy(markup).body, create_parent="div")


def test_a_warning_survives_the_page_and_is_told():
    sentence = "Of 3 < 4 groups, 霁川市 & <script>f()</script>望澜市 differ."
    cells = tidy(warning_html(sentence))
    box = html.fragment_fromstring(cells.body)
    assert (box.tag, box.get("class"), box.get("role")) == ("aside", "warning", "note")
    assert box.text_content() == f"Warning. {sentence}" and not list(box.iter("script"))
    assert cells.warnings == (sentence,)
    assert tidy("<p>nothing</p>").warnings == ()


def test_the_same_warning_is_told_once():
    assert tidy(2 * warning_html("Beware.")).warnings == ("Beware.",)


def test_what_acts_does_not_survive_in_a_box():
    box = body('<aside class="warning" style="position:fixed" onclick="f()">a</aside>')[0]
    assert dict(box.attrib) == {"class": "warning"}


def test_a_warning_needs_words(capsys):
    with pytest.raises(ValueError, match="needs a sentence"):
        show_warning(" ")
    show_warning("Beware.")
    assert "Beware." in capsys.readouterr().out


def test_captions_name_the_corpus_in_a_line_of_its_own():
    assert source_line(CORPUS) == LINE
    table = body(style.table_html(pd.DataFrame({"n": [1]}), caption="Words.", source=source_line(CORPUS)))
    assert table.xpath("//caption")[0].text_content() == f"Words. {LINE}"
    assert table.xpath("//caption/span[@class='source']")[0].text_content() == LINE
    picture = body(style.figure_html(b"\0" * 24, alt="A.", source=source_line(CORPUS)))
    assert picture.xpath("//figcaption")[0].text_content() == LINE


def test_a_source_may_be_a_sentence_or_none_but_nothing_else():
    assert (source_line(None), source_line("Five pages.")) == ("", "Five pages.")
    with pytest.raises(ValueError, match="takes a corpus from open_corpus.*, not int"):
        source_line(3)


def compared(mean: float | None, **columns) -> pd.DataFrame:
    frame = pd.DataFrame({"term": ["招商"], **columns})
    found = None if mean is None else {"size": 6, "draws": 40, "mean": mean, "most": 3, "any": 0.2}
    frame.attrs = {"placebo": found, "unit": "city"}
    return frame


def test_a_mean_above_one_is_warned_of_and_no_other(capsys):
    for quiet in (compared(None), compared(0.0), compared(1.0)):
        show_placebo_warning(quiet)
    assert capsys.readouterr().out == ""
    told = placebo_warning(compared(1.25))
    assert "1.2 between random groups of 6 cities" in told and "words with q < 0.05" in told
    show_placebo_warning(compared(1.25))
    assert told in capsys.readouterr().out
    assert "topics with" in placebo_warning(compared(2.0, topic=1))


def test_draws_are_warned_of_by_size():
    draws = pd.DataFrame({"size": [3, 3, 6, 6], "draw": [1, 2, 1, 2], "hits": [0, 2, 0, 5]})
    draws.attrs = {"unit": "document", "level": 0.05}
    told = placebo_warning(draws)
    assert "2.5 between random groups of 6 documents" in told and "of 3 documents" not in told
    assert placebo_warning(draws[draws["size"] == 3]) == ""


def test_a_frame_that_lost_its_attrs_is_not_passed_in_silence():
    with pytest.raises(ValueError, match="needs a frame from keyness"):
        show_placebo_warning(pd.DataFrame({"term": ["招商"]}))


def test_small_probabilities_do_not_become_zero():
    frame = pd.DataFrame({"term": list("甲乙丙丁"), "q": [4e-9, 0.0012, 0.5, None]})
    cells = body(style.table_html(frame)).xpath("//td[2]")
    assert [cell.text_content() for cell in cells] == ["< 0.001", "0.001", "0.500", "–"]
    assert {cell.get("class") for cell in cells} == {"num"}
