"""The page on method says what stands behind the figures, for any corpus; the index answers or says why not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from lxml import html

from analysis import open_corpus, precision_recall
from analysis.answers.said import QUESTIONS, Finding, Measure
from analysis.languages import in_chinese, side_by_side
from analysis.provenance import facts_from, origin_of
from analysis.site.definitions import DEFINITIONS, PROSE
from analysis.site.front import index_body, left_aside
from analysis.site.methods import SECTIONS, bars, methods_body

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def corpus():
    return open_corpus("web_pages")


@pytest.fixture(scope="module")
def page(corpus):
    facts = facts_from(corpus)
    with side_by_side():
        return html.fragment_fromstring(methods_body(corpus, facts, origin_of(facts)), create_parent="div")


def table_of(page, name):
    return [
        [cell.text_content() for cell in row] for row in page.xpath(f".//section[@id='{name}']//tbody/tr")
    ]


def test_every_section_is_there(page):
    assert [section.get("id") for section in page.xpath("./section")] == list(SECTIONS)


def test_the_checks_stand_with_what_they_found(page, corpus):
    found = corpus.findings.groupby("severity")["doc_id"].count() if len(corpus.findings) else {}
    rows = table_of(page, "admission")
    per_check = corpus.findings.groupby(["check", "severity"])["doc_id"].nunique()
    assert [sum(int(row[at]) for row in rows) for at in (2, 3, 4)] == [
        int(per_check.xs(kind, level="severity").sum()) if kind in found else 0
        for kind in ("quarantine", "warn", "info")
    ]


def test_changes_are_summed_by_step(page, corpus):
    total = sum(int(row[2].replace(",", "")) for row in table_of(page, "cleaning"))
    assert total == corpus.changes["count"].sum() > 0


def test_precision_and_recall_stand_as_they_were_judged(page):
    judged = precision_recall()
    assert len(table_of(page, "rhetoric")) == len(judged)
    assert any(f"{judged['precision'].iloc[0]:.2f}" in cell for cell in table_of(page, "rhetoric")[0])


def test_without_a_corpus_what_holds_for_any_is_said():
    body = methods_body(None, None, origin_of(None))
    assert 'id="measures"' in body and 'id="coverage"' not in body


@pytest.mark.parametrize("each", DEFINITIONS, ids=lambda each: each.name)
def test_every_definition_can_be_read_in_chinese(each):
    assert all(in_chinese(text) for text in (each.name, each.where, each.says))


@pytest.mark.parametrize(
    "text", [text for texts in PROSE.values() for text in texts] + list(SECTIONS.values())
)
def test_the_prose_can_be_read_in_chinese(text):
    chinese = in_chinese(text)
    assert chinese and re.search("[\u4e00-\u9fff]", chinese)


def test_figures_of_the_prose_are_those_of_the_readme():
    passage = next(text for text in PROSE["words"] if "precision" in text)
    readme = (ROOT / "README.md").read_text("utf-8")
    assert all(figure in readme for figure in re.findall(r"0\.\d\d", passage))


def test_bars_are_as_tall_as_their_counts():
    drawn = html.fragment_fromstring(bars([(2020, 5), (2021, 0), (2022, 10)]))
    assert [float(bar.get("height")) for bar in drawn.xpath(".//rect")] == [40.0, 0.0, 80.0]


# ---- the index


def found(key="kept", **more) -> Finding:
    measure = Measure("<all> promises", 0.74, 0.72, 0.76, 259)
    return Finding(key, "share", "of a report's promises", measures=(measure,), **more).saying(
        "Of <b> {value}.", "More.", value="74 %"
    )


def test_a_finding_leads_to_its_evidence_where_that_page_is_there():
    told = {"title": "T", "about": "A", "facts": None, "found": [found()]}
    with_page = index_body(**told, pages=[{"title": "P", "file": "11_promises.html"}])
    assert 'href="11_promises.html#Promise-and-result"' in with_page
    assert "Promise-and-result" not in index_body(**told, pages=[])


def test_what_comes_from_documents_stays_text():
    body = index_body(title="<script>", about="A", facts=None, pages=[], found=[found()])
    assert "<script>" not in body and "Of &lt;b&gt; 74 %" in body and "&lt;all&gt; promises" in body


def test_a_silent_finding_has_no_figure_and_its_reason():
    silent = Finding("coast", silent="too few cities (3): an interval that can be trusted needs 20")
    body = index_body(title="T", about="A", facts=None, pages=[], found=[silent])
    assert "too few cities (3)" in body and "<figure" not in body and "data-value" not in body


@pytest.mark.parametrize("key", QUESTIONS)
def test_the_heading_that_a_finding_leads_to_is_in_its_notebook(key):
    question, page, anchor = QUESTIONS[key]
    cells = json.loads((ROOT / "notebooks" / f"{page}.ipynb").read_text("utf-8"))["cells"]
    headings = re.findall(r"^## (.+)$", "\n".join("".join(cell["source"]) for cell in cells), re.M)
    assert anchor in [re.sub(r"\W+", "-", heading).strip("-") for heading in headings]
    assert in_chinese(question)


def test_what_is_left_out_is_said(corpus):
    assert len(left_aside(corpus)) == (len(corpus.quarantine) > 0) + (len(corpus.left_out) > 0)
