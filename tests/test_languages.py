"""What is written in English is found in Chinese: whole, with gaps, sentence by sentence; and the catalogues are sound."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from lxml import html

from analysis import bilingual, catalogues, languages
from analysis.catalogues import Catalogue, Entry, gaps_of, problems, read_catalogue
from analysis.harmless import harmless
from analysis.languages import attributes, in_chinese, in_language, sentences, spans, translated
from analysis.pages import contents, tidy

ENTRIES = {
    "Year": "年份",
    "terms": "词语",
    "kept": "已兑现",
    "Of {n} promises {m} could be set against the next report": "{n}项承诺中，有{m}项可与下一年报告对照",
    "{n} promises": "{n}项承诺",
    "Compared: {cities:list}": "比较对象：{cities}",
    "The verdict is {verdict}.": "判定为“{verdict}”。",
    "The verdict is {verdict} in {city}.": "{city}的判定为“{verdict}”。",
    "Nothing here is a finding.": "此处无任何发现。",
    "**Read on.**": "**请继续阅读。**",
    "A set {{a, b}} of {n}": "{n}的集合{{a, b}}",
    "Told: {story:text}": "原文：{story}",
    "Compared on average: {told}.": "平均比较：{told}。",
    "at most {n} of {unit}": "至多{n}个{unit}",
    "{n} set between {a} and the others": "{a}与其他之间设{n}",
}


@pytest.fixture
def known() -> Catalogue:
    return Catalogue([Entry(english, chinese, "test.po") for english, chinese in ENTRIES.items()])


@pytest.fixture
def catalogue_of(tmp_path, monkeypatch):
    """Return a function that makes a text the only catalogue there is."""

    def write(text: str) -> Path:
        (tmp_path / "test.po").write_text(text, "utf-8")
        monkeypatch.setattr(languages, "CATALOGUES", tmp_path)
        catalogues.catalogue.cache_clear()
        return tmp_path

    yield write
    catalogues.catalogue.cache_clear()


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Year", "年份"),
        ("Of 1,204 promises 87 could be set against the next report", "1,204项承诺中，有87项可与下一年报告对照"),
        ("Compared: 霁川市, 望澜市 and terms", "比较对象：霁川市、望澜市、词语"),
        ("Compared: 霁川市", "比较对象：霁川市"),
        ("The verdict is kept.", "判定为“已兑现”。"),  # a part is looked up too
        ("The verdict is kept in 霁川市.", "霁川市的判定为“已兑现”。"),  # the more specific one
        ("The verdict is 12 promises.", "判定为“12项承诺”。"),  # and a part may have gaps itself
        ("The verdict is Delphi.", "判定为“Delphi”。"),  # a name no entry has is kept
        ("A set {a, b} of 3", "3的集合{a, b}"),
        ("Nothing here is a finding. The verdict is kept. **Read on.**", "此处无任何发现。判定为“已兑现”。**请继续阅读。**"),
        ("Told: One. Two. Three.", "原文：One. Two. Three."),
        ("Compared on average: 3 promises; 霁川市.", "平均比较：3项承诺；霁川市。"),  # clauses in a gap
        ("Told: Nothing here is a finding. **Read on.**", "原文：此处无任何发现。**请继续阅读。**"),
        ("at most 3 of terms; at most 4 of terms", "至多3个词语；至多4个词语"),  # no clause is swallowed
        (
            "Compared: 3 set between terms and the others, Year and terms",
            "比较对象：词语与其他之间设3、年份、词语",
        ),
        ("Compared: 霁川市 (terms, Year) or Year", "比较对象：霁川市 (terms, Year)、年份"),
        ("of", None),
        ("Nothing here is a finding. Or is it?", None),  # no half of a text
        ("The verdict is kept. Nobody says so in 霁川市.", None),  # a gap swallows no sentence
    ],
)  # fmt: skip
def test_looked_up(known, english, chinese):
    assert translated(english, known) == chinese


def test_the_most_specific_entry_wins_in_any_order(known):
    for order in (ENTRIES, dict(reversed(ENTRIES.items()))):
        entries = Catalogue([Entry(english, chinese, "x") for english, chinese in order.items()])
        assert translated("The verdict is kept in 望澜市.", entries) == "望澜市的判定为“已兑现”。"


def test_sentences_end_where_they_end():
    assert sentences("See e.g. 链主, cf. Grieve. Then “go.” (Or not.) 3 of 4.") == [
        "See e.g. 链主, cf. Grieve.",
        "Then “go.”",
        "(Or not.)",
        "3 of 4.",
    ]
    assert " ".join(sentences("One two. three")) == "One two. three"


def test_gaps_are_read_as_in_a_format():
    assert gaps_of("{a}{b:list} {{c}}") == {"a": "", "b": "list"}


def test_both_languages_in_spans(catalogue_of, monkeypatch):
    catalogue_of('msgid "A < {n}"\nmsgstr "甲<{n}"\n')
    text = "A < <b>"
    monkeypatch.delenv("REPORT_BOTH", raising=False)
    monkeypatch.setenv("REPORT_LANG", "zh")
    assert spans(text) == "甲&lt;&lt;b&gt;"
    assert attributes("alt", 'A < "') == 'alt="甲&lt;&quot;"'
    monkeypatch.setenv("REPORT_BOTH", "1")
    assert spans(text) == (
        '<span data-in="en" lang="en">A &lt; &lt;b&gt;</span>'
        '<span data-in="zh" lang="zh-Hans">甲&lt;&lt;b&gt;</span>'
    )
    assert 'data-en-alt="A &lt; &quot;"' in attributes("alt", 'A < "')
    assert spans("No entry") == "No entry"
    assert "No entry" in languages.missing()
    assert spans("招商") == "招商"


def test_what_has_no_latin_letter_needs_no_entry():
    assert in_chinese("招商引资 12%") == "招商引资 12%"


def test_an_unknown_language_is_said(monkeypatch):
    with pytest.raises(ValueError, match="en or zh"):
        in_language("Year", "fr")
    monkeypatch.setenv("REPORT_LANG", "de")
    with pytest.raises(ValueError, match="REPORT_LANG is 'de'"):
        languages.shown_first()


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('msgid "{n} cities"\nmsgstr "{m}城"', "other gaps"),
        ('msgid "Cities"\nmsgstr ""', "no Chinese"),
        ('msgid "{a}: {b}"\nmsgstr "{a}：{b}"', "fit any text"),
        ('msgid "Run `count`"\nmsgstr "运行"', "other `code`"),
        ('msgid "[a](b.ipynb)"\nmsgstr "[甲](c.ipynb)"', "link targets"),
        ('msgid "**a**"\nmsgstr "甲"', "bold"),
        ('msgid "so, then"\nmsgstr "因此,如此"', "narrow punctuation"),
        ('msgid "a { b"\nmsgstr "甲 { 乙"', "single brace"),
        ('msgid "{n:x} a"\nmsgstr "{n}甲"', "of a kind"),
        ('msgid "a"\nmsgstr "甲"\n\nmsgid "a"\nmsgstr "甲"', "twice"),
    ],
)
def test_a_faulty_entry_is_named(tmp_path, entry, fault):
    (tmp_path / "a.po").write_text(entry + "\n", "utf-8")
    told = problems(tmp_path)
    assert len(told) == 1
    assert fault in told[0]


def test_one_text_has_one_chinese_in_all_files(tmp_path):
    for name, chinese in (("a", "城市"), ("b", "市"), ("c", "城市")):
        (tmp_path / f"{name}.po").write_text(f'msgid "city"\nmsgstr "{chinese}"\n', "utf-8")
    assert problems(tmp_path) == ["b.po: “city” is told in another way in a.po."]


def test_a_broken_catalogue_is_named(tmp_path):
    (tmp_path / "a.po").write_text('msgid "a"\nmsgstr "甲\n', "utf-8")
    with pytest.raises(ValueError, match=r"a\.po, line 2: neither msgid"):
        read_catalogue(tmp_path / "a.po")


def test_the_catalogues_of_the_project_are_sound():
    assert problems() == []


def test_thousands_of_texts_are_looked_up_quickly():
    templates = [
        Entry(f"Word{i} of {{a}} and other{i % 50} in {{b}}.", f"{{b}}与{{a}}甲{i}", "x") for i in range(2000)
    ]
    known, start = Catalogue(templates), time.process_time()
    found = [translated(f"Word{i % 2500} of 霁川 and other{i % 50} in {i}.", known) for i in range(5000)]
    assert time.process_time() - start < 4  # 0.5 s on the machine this was written on
    assert sum(text is None for text in found) == 5000 - 2 * 2000


def test_prose_has_one_structure_in_both_languages(catalogue_of, monkeypatch):
    catalogue_of(
        'msgid "Reading **on**"\nmsgstr "**继续**阅读"\n\nmsgid "One <b>"\nmsgstr "一 <b>"\n\nmsgid "cell"\nmsgstr "格"\n'
    )
    monkeypatch.setenv("REPORT_BOTH", "1")
    from jinja2 import Environment

    source = "## Reading **on**\n\n- One <b>\n- Two\n\n| cell | 招商 |\n|--|--|\n| 1 | cell |"
    place = Environment()
    place.filters["markdown2html"] = bilingual.prose_filter()
    drawn = place.from_string("{{ source | markdown2html }}").render(source=source)
    tidied = tidy(harmless(drawn))
    page = html.fragment_fromstring(tidied.body, create_parent="div")
    assert len(page.xpath("//h2")) == 1
    assert [e.text_content() for e in page.xpath("//h2/span")] == ["Reading on", "继续阅读"]
    assert page.xpath("//h2/@id") == ["Reading-on"], "the anchor is that of the English words"
    assert [(h, h.chinese) for h in (x.text for x in tidied.headings)] == [("Reading on", "继续阅读")]
    assert len(page.xpath("//li")) == 2 and len(page.xpath("//li[1]/span")) == 2
    assert len(page.xpath("//li[2]/span")) == 0
    assert [e.text_content() for e in page.xpath("//th[1]/span")] == ["cell", "格"]
    listed = contents(tidied.headings)
    assert '<span data-in="zh" lang="zh-Hans">继续阅读</span>' in listed and listed.count("<li>") == 1
    monkeypatch.delenv("REPORT_BOTH")
    monkeypatch.setenv("REPORT_LANG", "zh")
    assert bilingual.prose("## Reading **on**") == "<h2><strong>继续</strong>阅读</h2>\n"


def test_what_is_read_aloud_has_both_its_versions(catalogue_of, monkeypatch):
    catalogue_of('msgid "Which {what}?"\nmsgstr "哪些{what}？"\n\nmsgid "Table {n}"\nmsgstr "表{n}"\n')
    monkeypatch.setenv("REPORT_BOTH", "1")
    body = tidy(
        "<h2>Which 词?</h2><img src='data:image/png;base64,AA'><table><tr><td>1</td></tr></table>"
    ).body
    page = html.fragment_fromstring(body, create_parent="div")
    assert page.xpath("//img/@data-zh-alt") == ["图：Which 词?"] and page.xpath("//img/@alt") == [
        "Figure: Which 词?"
    ]
    assert page.xpath("//div[@class='table']/@data-zh-aria-label") == ["表1"]


def test_an_unknown_name_is_kept_but_no_english_sentence_is_swallowed(known):
    entries = Catalogue([Entry("{n} cities", "{n}个城市", "x")])
    assert translated("321 cities", entries) == "321个城市"
    assert translated("Government work reports of Chinese cities", entries) is None
