"""The report: pages that hold what they need, say where they come from, and show failures."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
import unicodedata
from io import BytesIO
from pathlib import Path

import nbformat
import pytest
from lxml import html
from small_report import HOSTILE, INVENTED, Small, small_report, write_notebook

from analysis import figures, reports, style, typefaces
from analysis.__main__ import main
from analysis.bilingual import words_of
from analysis.pages import contents, tidy
from analysis.reports import NotebookFailed, report
from analysis.running import read_notebook
from analysis.typefaces import chinese_runs, marked

PAGES = ("index", "01_words", "02_fails")
ALONE = PAGES[
    1:
]  # pages that can be sent alone; the index shares its assets with the site (tests/test_site.py)


@pytest.fixture(scope="module")
def small() -> Small:
    return small_report()


def parsed(small: Small, name: str) -> html.HtmlElement:
    text = (small.out / f"{name}.html").read_text("utf-8")
    return html.document_fromstring(text, parser=html.HTMLParser(huge_tree=True))


def embedded(page: html.HtmlElement) -> dict[str, set[int]]:
    """Return the characters that each embedded family holds."""
    from fontTools.ttLib import TTFont

    css = "".join(page.xpath("//head/style/text()"))
    faces = re.findall(r'font-family:"([^"]+)".*?base64,([A-Za-z0-9+/=]+)', css)
    return {name: set(TTFont(BytesIO(base64.b64decode(data))).getBestCmap()) for name, data in faces}


@pytest.mark.parametrize("name", ALONE)
def test_a_page_asks_the_network_for_nothing(small: Small, name: str) -> None:
    page = parsed(small, name)
    sources = page.xpath("//@src | //@srcset | //@poster | //object/@data | //link/@href")
    assert all(source.startswith("data:") for source in sources)
    assert not page.xpath("//script[@src] | //iframe | //base | //form")
    css = "".join(page.xpath("//style/text() | //@style"))
    assert "@import" not in css and not re.search(r"url\((?!data:)", css)
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert "default-src 'none'" in policy and "http" not in policy


@pytest.mark.parametrize("name", ALONE)
def test_a_page_embeds_type_for_every_character(small: Small, name: str) -> None:
    page = parsed(small, name)
    families = embedded(page)
    text = "".join(
        page.xpath("//body//text()[not(parent::script)] | //title/text() | //@alt | //@aria-label")
    )
    seen = {ord(c) for c in text if unicodedata.category(c)[0] != "C"}
    assert seen <= set().union(*families.values())
    assert families["Report Chinese"] and min(families["Report Chinese"]) >= 0x2E80


def test_the_page_names_its_language_and_every_run_of_chinese(small: Small) -> None:
    page = parsed(small, "01_words")
    assert (page.get("lang"), page.get("data-shown")) == ("en", "en")
    assert page.xpath("//h1/span[@lang='zh-Hans']/text()") == ["霁川市"]
    assert "招商引资" in page.xpath("//p/span[@lang='zh-Hans']/text()")
    assert not page.xpath("//pre//*[@lang]")


def test_every_link_inside_the_report_leads_somewhere(small: Small) -> None:
    for name in PAGES:
        links = [link for link in parsed(small, name).xpath("//a/@href") if "://" not in link]
        assert links
        for link in links:
            file, _, anchor = link.partition("#")
            if file.endswith(".csv"):
                assert (small.out / file).is_file(), link
                continue
            target = parsed(small, Path(file).stem if file else name)
            assert not anchor or target.xpath("//*[@id=$anchor]", anchor=anchor), link


def test_the_table_of_contents_lists_each_heading_once(small: Small) -> None:
    page = parsed(small, "01_words")
    listed = page.xpath("//nav[contains(@class, 'wide')]//a")
    assert [link.text_content() for link in listed] == ["The measure 度量", "The picture", "Bars", "Bars"]
    assert len({link.get("href") for link in listed}) == 4


def test_the_footer_says_which_corpus_version_and_day(small: Small) -> None:
    footer = parsed(small, "01_words").xpath("//footer")[0].text_content()
    assert "2 documents, 1 city, dated 2021-01-12 to 2022-01-15" in footer
    assert re.search(r"fingerprint [0-9a-f]{12}", footer)
    assert re.search(r"Made on \d{4}-\d\d-\d\d with city-rhetoric \d", footer)


def test_the_corpus_given_reaches_the_notebook_and_is_read_once(small: Small) -> None:
    page = parsed(small, "01_words")
    assert "打印 texts '霁川' 2021-2022" in page.text_content()
    first_fold = page.find_class("code")[0].text_content()
    assert 'CORPUS = "sample"' in first_fold and "small report" in first_fold
    assert sum(line.startswith("Reading") for line in small.said) == 1


def test_notebooks_are_not_changed(small: Small) -> None:
    for path in small.notebooks.glob("*.ipynb"):
        cells = nbformat.read(path, as_version=4).cells
        assert not any(cell.get("outputs") for cell in cells)
        assert not any("injected-parameters" in cell.metadata.get("tags", []) for cell in cells)


def test_pictures_have_texts_and_tables_behind_them(small: Small) -> None:
    page = parsed(small, "01_words")
    assert page.xpath("//img/@alt") == ['Bars: 望澜市 "leads" <b>', "Figure: Bars"]
    assert page.xpath("//figure/figcaption")[0].text_content() == "Per 10,000 characters"
    assert page.xpath("//figure/details//table")


def test_numbers_stand_right_and_unknown_is_a_dash(small: Small) -> None:
    table = parsed(small, "01_words").xpath("//table[caption='Terms <b>']")[0]
    cells = [cell.text_content() for cell in table.xpath(".//td[@class='num']")]
    assert cells == ["40,321", "−0.50", "–", "4.00"]
    plain = parsed(small, "01_words").xpath("//div[@class='city-rhetoric']//table")[0]
    assert [cell.get("class") for cell in plain.xpath(".//tr[1]/th | .//tr[1]/td")][-2:] == ["num", "num"]


def test_the_words_before_a_term_can_stand_flush_right() -> None:
    import pandas as pd

    lines = pd.DataFrame({"left": ["大力开展", "1"], "term": ["招商", "招商"]})
    table = html.fragment_fromstring(tidy(style.table_html(lines, right=["left"])).body)
    assert [cell.get("class") for cell in table.xpath(".//tr/*[1]")] == ["right"] * 3


def test_text_from_documents_stays_text(small: Small) -> None:
    page = parsed(small, "01_words")
    assert len(page.xpath("//script")) == 2, "the page's own"
    assert not page.xpath("//@onerror")
    assert HOSTILE[:20] in page.text_content()


HARMFUL = [
    '<meta http-equiv="refresh" content="0;url=http://a.example">',
    "<style>body{display:none}</style>",
    '<link rel="stylesheet" href="http://a.example">',
    "<script>leak()</script>",
    '<base href="http://a.example">',
    '<iframe src="http://a.example"></iframe>',
    '<object data="http://a.example"></object><embed src="http://a.example">',
    '<svg onload="leak()"><style>*{display:none}</style></svg>',
    '<form action="http://a.example"><input type="image" src="http://a.example"></form>',
    '<a href=" jAva\n\tscript:leak()">a</a><a href="data:text/html,leak">b</a>',
    '<b onclick="leak()" style="position:fixed">a</b>',
    '<img src="http://a.example" srcset="http://a.example 2x" alt="a">',
    '<video poster="http://a.example"><source src="http://a.example"></video>',
]


@pytest.mark.parametrize("harm", HARMFUL)
def test_what_acts_or_loads_is_taken_out_and_the_words_around_it_stay(harm: str) -> None:
    body = tidy(f"<p>招商 {harm} 引资</p><p>later</p>").body
    assert not re.search(r"leak|example|display|position|<(?:form|input|video|object|embed|svg)", body), body
    words = html.fragment_fromstring(body, "div").text_content()
    assert words.startswith("招商") and "引资" in words and words.endswith("later")


@pytest.mark.parametrize(
    "title", ["</section></main></body></html>", "<!--", "<textarea>", "<plaintext>", "\0"]
)
def test_a_title_cannot_swallow_or_end_the_page(tmp_path: Path, title: str) -> None:
    cells = [nbformat.v4.new_markdown_cell(text) for text in ("# A", f"before {title} after", "later")]
    path = tmp_path / "01.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    sections = html.fragment_fromstring(reports.cells_html(read_notebook(path)), "div").xpath("./section")
    assert [section.text_content().split()[0] for section in sections] == ["A", "before", "later"]


def test_what_is_left_out_of_a_page_is_told(tmp_path: Path, capsys) -> None:
    path = write_notebook(tmp_path / "01.ipynb", [("prose", "# A\n\n" + HARMFUL[0] + "\n\n" + HARMFUL[3])])
    reports.cells_html(read_notebook(path))
    assert "01: left out of the page, as it could act or load from outside: meta (1), script (1)" in (
        capsys.readouterr().err
    )


def test_links_pictures_and_tables_of_ours_stay() -> None:
    picture = style.figure_html(b"\x89PNG" + b"\0" * 16, alt="A picture.", caption="招商")
    fragment = f'{picture}<p><a href="02.ipynb#a">b</a> <a href="https://a.example/?b=1&amp;c=2">c</a></p>'
    tree = html.fragment_fromstring(tidy(fragment).body, "div")
    assert tree.xpath("//img/@src")[0].startswith("data:image/png") and tree.xpath("//img/@width")
    assert tree.xpath("//a/@href") == ["02.html#a", "https://a.example/?b=1&c=2"]


def test_a_failure_is_shown_named_and_ends_in_an_error(small: Small) -> None:
    sentence = "02_fails.ipynb, code cell 1 (print('before')): ValueError: no city <b>无此市</b>."
    assert small.error == sentence
    page = parsed(small, "02_fails")
    assert sentence in page.xpath("//p[@class='failure']")[0].text_content()
    assert "before" in page.text_content() and not page.xpath("//pre[@class='output'][contains(., 'never')]")
    assert sentence in parsed(small, "index").xpath("//li[@class='failed']")[0].text_content()
    assert any("01_words done" in line for line in small.said)


def test_the_index_tells_questions_findings_and_what_was_left_out(small: Small) -> None:
    page = parsed(small, "index")
    first, _, left = page.xpath("//ol[@class='pages']/li")
    assert "Which words set 霁川市 apart?" in first.text_content()
    assert "This page asks about “招商引资”" in first.text_content()
    assert words_of(first.find_class("finding")[0]) == "Finding 霁川市 uses 2 terms."
    assert "Left out of this run" in left.text_content() and not left.xpath(".//a")
    facts = dict(
        zip(map(words_of, page.xpath("//dt")), [dd.text_content() for dd in page.xpath("//dd")], strict=True)
    )
    assert (facts["Documents"], facts["Cities"], facts["Years"]) == ("2", "1", "2021–2022")


def test_a_warning_stands_on_its_page_and_on_the_index(small: Small) -> None:
    sentence = "Two reports of 霁川市 say little."
    assert words_of(parsed(small, "01_words").xpath("//aside[@class='warning']")[0]) == f"Warning. {sentence}"
    cards = parsed(small, "index").xpath("//ol[@class='pages']/li")
    told = [[words_of(box) for box in card.find_class("warning")] for card in cards]
    assert told == [[f"Warning. {sentence}"], [], []]


def test_pages_are_small_and_no_half_page_is_left(small: Small) -> None:
    files = [path for path in small.out.rglob("*") if path.is_file()]
    assert sorted(path.stem for path in files if path.suffix == ".html") == sorted(PAGES)
    assert [path for path in files if path.name.startswith(".")] == []
    assert max(path.stat().st_size for path in files) < 500_000


def test_progress_names_each_notebook_and_its_time(small: Small) -> None:
    assert any(re.fullmatch(r"\s+\d/2  01_words done in \d+ s", line) for line in small.said)
    assert any(re.fullmatch(r"\s+\d/2  02_fails FAILED after \d+ s", line) for line in small.said)


def test_invented_texts_are_called_so_on_page_and_index(small: Small, tmp_path: Path, monkeypatch) -> None:
    from analysis import corpora

    real = corpora.open_corpus

    def invented(source, **options):
        corpus = real(source, **options)
        corpus.about["invented"] = True
        return corpus

    monkeypatch.setattr(corpora, "open_corpus", invented)
    write_notebook(tmp_path / "notebooks" / "01.ipynb", INVENTED)
    (tmp_path / "notebooks" / "texts").symlink_to(small.texts, target_is_directory=True)
    index = report(
        out=tmp_path / "out", notebooks=tmp_path / "notebooks", only=("01",), say=lambda line: None
    )
    for page in (index, tmp_path / "out" / "01.html"):
        assert "Invented texts." in page.read_text("utf-8")
    assert "Invented texts." not in (small.out / "01_words.html").read_text("utf-8")


def test_a_notebook_gets_counts_or_texts_as_it_needs(small: Small, tmp_path: Path) -> None:
    prepared = reports._Prepared("/scratch/counted", "/home/my texts", texts=True)
    only_counts = reports._Prepared("city_reports", "city_reports", texts=False)
    cells = [("parameters", 'CORPUS = "sample"'), ("", "corpus = open_corpus(CORPUS)")]
    opens = read_notebook(write_notebook(tmp_path / "1.ipynb", cells))
    reads = read_notebook(write_notebook(tmp_path / "2.ipynb", [cells[0], ("", "read_documents(CORPUS)")]))
    assert [prepared.given_to(run) for run in (opens, reads)] == ["/scratch/counted", "/home/my texts"]
    assert [only_counts.given_to(run) for run in (opens, reads)] == ["city_reports", ""]


def test_every_notebook_gets_the_counted_corpus_one_after_the_other(small: Small, tmp_path: Path) -> None:
    cells = [
        ("prose", "# Which corpus?\n\nThis one."),
        ("parameters", 'CORPUS = "sample"'),
        ("", "from pathlib import Path\nfrom analysis.corpora import open_corpus"),
        ("", "print('counted already:', (Path(CORPUS) / 'about.json').is_file())"),
    ]
    for name in ("1", "2"):
        write_notebook(tmp_path / "notebooks" / f"{name}.ipynb", [*cells, ("", "open_corpus(CORPUS)")])
    report(small.texts, tmp_path, notebooks=tmp_path / "notebooks", jobs=1, say=lambda line: None)
    for name in ("1", "2"):
        text = (tmp_path / f"{name}.html").read_text("utf-8")
        assert "counted already: True" in text
        assert (
            small.texts.name
            in html.document_fromstring(text, parser=html.HTMLParser(huge_tree=True)).text_content()
        )


def test_a_notebook_names_its_corpus_by_tag_or_by_opening_it(tmp_path: Path) -> None:
    fixed = write_notebook(tmp_path / "1.ipynb", [("", "corpus = open_corpus('web_pages')")])
    tagged = write_notebook(
        tmp_path / "2.ipynb", [("parameters", "CORPUS = 'sample'"), ("", "open_corpus(CORPUS)")]
    )
    assert [read_notebook(path).corpus for path in (fixed, tagged)] == ["web_pages", "sample"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"corpus": "no such place"}, "There is no corpus 'no such place'"),
        (
            {"only": ["09"]},
            "No notebook or part begins with 09. There are: 01_words, 02_fails, 03_left, cities,",
        ),
        ({"notebooks": "."}, "No notebook (*.ipynb) in"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    small: Small, tmp_path: Path, options: dict, says: str
) -> None:
    given = {"notebooks": small.notebooks, "out": tmp_path / "out"} | options
    given["notebooks"] = tmp_path if given["notebooks"] == "." else given["notebooks"]
    with pytest.raises(ValueError, match=re.escape(says)):
        report(**given, say=lambda line: None)


def test_a_damaged_notebook_and_a_file_in_the_way_are_named(tmp_path: Path) -> None:
    damaged = tmp_path / "01.ipynb"
    damaged.write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match="is not a notebook that can be read"):
        read_notebook(damaged)
    write_notebook(damaged, INVENTED)
    with pytest.raises(ValueError, match="can't be made"):
        report(out=damaged, notebooks=tmp_path, say=lambda line: None)


def test_a_cell_that_runs_too_long_is_stopped_and_named(tmp_path: Path) -> None:
    write_notebook(tmp_path / "01.ipynb", [("prose", "# Slow"), ("", "import time\ntime.sleep(60)")])
    with pytest.raises(
        NotebookFailed, match=r"01.ipynb, code cell 1 \(import time\): the cell ran longer than 2 s"
    ):
        report(out=tmp_path / "out", notebooks=tmp_path, timeout=2, say=lambda line: None)
    assert (tmp_path / "out" / "01.html").exists()


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("the word “招商引资” here", ["招商引资"]),
        ("“招商引资”", ["“招商引资”"]),
        ("落户企业12家，“链主”3家。", ["落户企业12家，“链主”3家。"]),
        ("盐城’s 招商—引资", ["盐城", "招商—引资"]),
        ("he said “we like 招商”", ["招商"]),
        ("no Chinese – at “all”", []),
    ],
)
def test_runs_of_chinese(text: str, runs: list[str]) -> None:
    assert [text[start:end] for start, end in chinese_runs(text)] == runs


def test_marking_escapes_and_keeps_every_character() -> None:
    assert html.fragment_fromstring(f"<p>{marked(HOSTILE + '招商')}</p>").text_content() == HOSTILE + "招商"


def test_tidying_keeps_every_character() -> None:
    fragment = "<p>a 招商 b<b>引资</b>，c 项目 d</p><table><tr><td>1</td></tr></table> tail 尾"
    cells = tidy(fragment)
    kept = html.fragment_fromstring(cells.body, create_parent="div").text_content()
    assert kept == html.fragment_fromstring(fragment, create_parent="div").text_content()


def test_code_of_cells_that_show_nothing_is_folded_into_the_next() -> None:
    def cell(n: int, shown: str = "") -> str:
        fold = f'<details class="code"><summary>code</summary><pre>{n}</pre></details>'
        return f'<section class="cell">{fold}{shown}</section>'

    page = html.fragment_fromstring(
        tidy(cell(1) + cell(2) + cell(3, "<p>x</p>") + "<p>y</p>" + cell(4)).body, "div"
    )
    folds = [[pre.text for pre in fold.iter("pre")] for fold in page.iter("details")]
    assert folds == [["1", "2", "3"], ["4"]]


def test_contents_nest_even_where_a_level_is_skipped() -> None:
    headings = tidy("<h3>A</h3><h2>B</h2><h3>C</h3><h3>D</h3><h2>E</h2>").headings
    tree = html.fragment_fromstring(str(contents(headings)))
    assert [li.xpath("string(a)") for li in tree.xpath("/ol/li | ./li")] == ["A", "B", "E"]
    assert tree.xpath("./li[2]/ol/li/a/text()") == ["C", "D"]


def test_a_glyph_that_no_font_has_is_named() -> None:
    style.check_glyphs("招商引资 “一企一灯” → ✓ ① Ⅲ\n")
    with pytest.raises(ValueError, match=r"no glyph for 🏭 \(U\+1F3ED\)"):
        style.check_glyphs("工业🏭")


def test_show_refuses_boxes_and_pictures_without_a_text() -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    style.use_style()
    axes = pyplot.figure().add_subplot()
    with pytest.raises(ValueError, match="needs alt"):
        style.show(axes, alt=" ")
    axes.set_title("工业🏭")
    with pytest.raises(ValueError, match="no glyph for 🏭"):
        style.show(axes, alt="An empty picture.")
    pyplot.close("all")


@pytest.fixture
def drawing():
    """matplotlib without a screen; every figure is closed afterwards."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    style.use_style()
    yield pyplot
    pyplot.close("all")


def labels_in(axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_a_word_cloud_leaves_out_what_it_cannot_draw_and_says_so(drawing, monkeypatch) -> None:
    import pandas as pd
    import wordcloud

    drawn: list[str] = []
    real = wordcloud.WordCloud.generate_from_frequencies

    def noting(self, frequencies, **options):  # called twice: wordcloud finds a size first
        drawn.extend(term for term in frequencies if term not in drawn)
        return real(self, frequencies, **options)

    monkeypatch.setattr(wordcloud.WordCloud, "generate_from_frequencies", noting)
    frame = pd.DataFrame({"term": ["招商", "工业🏭", "引资", "\U00020bb7野"], "score": [4.0, 3.0, 2.0, 1.0]})
    assert labels_in(figures.plot_word_cloud(frame)) == ["2 terms left out: no glyph"]
    assert drawn == ["招商", "引资"]
    assert labels_in(figures.plot_word_cloud(frame[1:2])) == ["1 term left out: no glyph"]
    assert labels_in(figures.plot_word_cloud(frame[:1])) == []


def test_a_dollar_in_a_label_is_no_formula(drawing) -> None:
    axes = drawing.figure().add_subplot()
    axes.set_title("a$x^$")
    style.show(axes, alt="An empty picture.")
    axes = drawing.figure().add_subplot()
    axes.set_title("$工业🏭$")
    with pytest.raises(ValueError, match="no glyph for 🏭"):
        style.show(axes, alt="An empty picture.")


def test_powers_on_a_logarithmic_axis_are_written_out(drawing) -> None:
    axes = drawing.figure().add_subplot()
    axes.plot([1, 2], [1, 5000])
    axes.set_yscale("log")
    style.show(axes, alt="A line.")
    assert {"10", "1,000"} <= {label.get_text() for label in axes.get_yticklabels()}


PLOTS = [
    ("plot_word_cloud", {}, ["term", "score"]),
    ("plot_terms", {}, ["term", "score"]),
    ("plot_bars", {"x": "year", "y": "n"}, ["year", "n"]),
    ("plot_heat_map", {}, []),
    ("plot_positions", {"regions": {}}, ["x", "y"]),
    ("plot_map", {"value": "n", "label": "n"}, ["city", "longitude", "latitude", "n"]),
    ("plot_rates", {}, ["year", "term", "rate"]),
]


@pytest.mark.parametrize(("name", "options", "columns"), PLOTS, ids=lambda value: str(value)[:20])
def test_an_empty_frame_gives_a_picture_that_says_so(
    drawing, name: str, options: dict, columns: list
) -> None:
    import pandas as pd

    for frame in (pd.DataFrame(), pd.DataFrame(columns=columns)):
        axes = getattr(figures, name)(frame, **options)
        assert len(labels_in(axes)) == 1 and not axes.axison


@pytest.mark.parametrize(
    ("name", "options", "columns", "missing"), [(*plot, column) for plot in PLOTS for column in plot[2]]
)
def test_a_column_that_is_missing_is_named(
    drawing, name: str, options: dict, columns: list, missing: str
) -> None:
    import pandas as pd

    rest = [column for column in columns if column != missing]
    frame = pd.DataFrame(1, index=[0], columns=[*rest, "other"])
    with pytest.raises(ValueError, match=rf"{name} needs the column {missing}; the frame has .*other"):
        getattr(figures, name)(frame, **options)


@pytest.mark.parametrize(
    ("name", "values", "shown"),
    [
        ("documents", [2231, 5], ["2,231", "5"]),
        ("tokens", [181577, -1200], ["181,577", "−1,200"]),
        ("year", [2021, 12], ["2021", "12"]),
        ("Years", [12021, None], ["12021", "–"]),
        ("first", [1993, 2026], ["1993", "2026"]),
        ("documents", [1993, 2101], ["1,993", "2,101"]),
    ],
)
def test_thousands_stand_apart_but_in_years(name: str, values: list, shown: list[str]) -> None:
    import pandas as pd

    table = html.fragment_fromstring(style.table_html(pd.DataFrame({name: pd.array(values, "Int64")})))
    assert [cell.text for cell in table.iter("td")] == shown


def test_only_long_tables_behind_figures_are_marked_long() -> None:
    import pandas as pd

    def fold(rows: int) -> html.HtmlElement:
        figure = style.figure_html(b"\0" * 24, alt="A.", data=pd.DataFrame({"n": range(rows)}))
        return html.fragment_fromstring(tidy(figure).body).find("details")

    assert fold(40).get("class") is None
    assert fold(1500).get("class") == "long"
    assert fold(1500).find("summary").get("data-rows") == "1,500"


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "analysis", *map(str, arguments)], capture_output=True, text=True, check=False
    )


def test_the_command_line_tells_its_version() -> None:
    assert re.match(r"\d+\.\d+", command("--version").stdout)


def test_the_command_line_says_mistakes_in_a_sentence(small: Small, tmp_path: Path, capsys) -> None:
    wrong = ["report", str(tmp_path / "not 'here' 没有"), "--notebooks", str(small.notebooks)]
    assert main(wrong) == 2
    assert "There is no corpus" in capsys.readouterr().err
    assert main(["read", str(small.texts), "--out", str(tmp_path / "table.xyz")]) == 2
    assert ".parquet" in capsys.readouterr().err
    with pytest.raises(ValueError, match="There is no corpus"):
        main([*wrong, "--debug"])


@pytest.mark.parametrize(
    "wrong",
    [
        ["features", "", "--out", "out"],
        ["report", ""],
        ["report", " "],
        ["read", "", "--out", "a.csv"],
        ["clean", "texts", "--out", ""],
        ["report", "--only", ""],
    ],
)
def test_an_empty_text_on_the_command_line_is_refused(wrong, tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(wrong) == 2
    assert re.fullmatch(r"\w+ is an empty text\. .*\n", capsys.readouterr().err)
    assert not list(tmp_path.iterdir())


def test_an_empty_text_is_no_corpus(small: Small, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="There is no corpus ''"):
        report("", tmp_path, notebooks=small.notebooks, say=lambda line: None)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (["features", "--out", "file.csv"], "is a file, but a folder is to be written"),
        (["features", "--out", "file.csv/deeper/out"], "is a file, not a folder"),
        (["read", "--out", "folder.csv"], "is a folder, but a file is to be written"),
        (["read", "--out", "table.xyz"], "no ending"),
    ],
)
def test_where_nothing_can_be_written_is_said_before_the_work(
    wrong: list[str], says: str, small: Small, tmp_path: Path, capsys, monkeypatch
) -> None:
    def never(*_, **__):
        raise AssertionError("the work began")

    for module in ("sources.read_documents", "corpora.build_corpus"):
        monkeypatch.setattr(f"analysis.{module}", never)
    (tmp_path / "file.csv").write_text("mine", "utf-8")
    (tmp_path / "folder.csv").mkdir()
    monkeypatch.chdir(tmp_path)
    assert main([*wrong, str(small.texts)]) == 2
    assert says in capsys.readouterr().err
    assert (tmp_path / "file.csv").read_text("utf-8") == "mine"


def ours() -> None:
    style.check_glyphs("🏭")


def ours_elsewhere() -> None:
    from joblib import Parallel, delayed

    Parallel(n_jobs=2)(delayed(style.check_glyphs)("🏭") for _ in range(2))


def of_a_library() -> None:
    import pandas as pd

    pd.DataFrame({"a": [1, 2]}, index=[1])


def by_itself() -> None:
    marked_runs = typefaces.chinese_runs
    try:
        typefaces.chinese_runs = lambda text: [(1,)]
        typefaces.marked("招商")
    finally:
        typefaces.chinese_runs = marked_runs


@pytest.mark.parametrize(
    ("fails", "says"),
    [
        (ours, "The fonts have no glyph for 🏭"),
        (ours_elsewhere, "The fonts have no glyph for 🏭"),
        (of_a_library, "Unexpected ValueError: Length of values"),
        (by_itself, "Unexpected ValueError: not enough values to unpack"),
    ],
)
def test_only_our_own_words_are_said_as_a_sentence(
    fails, says: str, tmp_path: Path, capsys, monkeypatch
) -> None:
    monkeypatch.setattr("analysis.sources.read_documents", lambda *_, **__: fails())
    assert main(["read", str(tmp_path), "--out", str(tmp_path / "a.csv")]) == 2
    said = capsys.readouterr().err
    assert said.startswith(says)
    assert ("Run again with --debug" in said) == said.startswith("Unexpected")


def test_the_command_line_reports_a_failed_notebook_with_exit_code_1(small: Small, tmp_path: Path) -> None:
    failed = command("report", "--notebooks", small.notebooks, "--only", "02", "--out", tmp_path / "报告 out")
    assert failed.returncode == 1
    assert "02_fails.ipynb, code cell 1" in failed.stderr and "Traceback" not in failed.stderr
    assert (tmp_path / "报告 out" / "02_fails.html").exists()


@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl"])
def test_read_writes_a_table_that_can_be_read_again(small: Small, tmp_path: Path, ending: str) -> None:
    from analysis.sources import read_documents

    out = tmp_path / f"文档.{ending}"
    assert main(["read", str(small.texts), "--out", str(out)]) == 0
    assert len(read_documents(out)) == 2
