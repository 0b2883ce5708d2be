"""Two versions of a text side by side: every character of both stands there, and only what differs is marked."""

from lxml import html

from analysis.harmless import harmless
from analysis.marks import changes_html, show_changes


def columns(markup: str) -> tuple[list[str], list[str]]:
    rows = html.fragment_fromstring(markup).xpath(".//tbody/tr")
    return tuple([row.xpath("./td")[side].text_content() for row in rows] for side in (0, 1))  # type: ignore[return-value]


def test_a_paragraph_a_row_and_all_of_both_texts():
    before = "第一段實(shí)施。\n\n第二段重獎(jiǎng)?wù)猩坦Α?"
    after = "第一段實施。\n第二段重獎招商功。"
    left, right = columns(changes_html(before, after))
    assert left == before.replace("\n\n", "\n").split("\n") and right == after.split("\n")


def test_what_differs_is_marked_and_nothing_else():
    table = html.fragment_fromstring(changes_html("實(shí)施招商", "實施招商", caption="a <b>"))
    assert [part.text for part in table.iter("del")] == ["(shí)"] and not list(table.iter("mark"))
    assert not list(html.fragment_fromstring(changes_html("招商", "招商")).iter("del", "mark"))
    assert table.findtext("caption") == "a <b>"


def test_paragraphs_that_do_not_pair_stand_in_one_row():
    left, right = columns(changes_html("甲\n乙\n丙", "甲\n丙"))
    assert (left, right) == (["甲乙丙"], ["甲丙"])


def test_marks_survive_what_a_page_lets_in():
    markup = changes_html("<script>f()</script>甲乙", "<script>f()</script>甲丙")
    assert harmless(markup).count("<mark>") == 1 and "<script" not in harmless(markup)


def test_a_notebook_shows_it(capsys):
    show_changes("甲乙", "甲丙")
    assert capsys.readouterr().out  # outside a notebook its plain form
