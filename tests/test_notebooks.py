"""Every notebook runs on what is shipped, and its page can be read: with text, with counts alone, without a network."""

import re
from pathlib import Path
from shutil import copy

import pytest
from browsing import Watched
from lxml import html

from analysis.lexicon import data_path
from analysis.reports import START, notebook_folder, report
from analysis.running import PARAMETERS, read_notebook

NAMES = sorted(path.stem for path in notebook_folder().glob("*.ipynb") if path.name != START)
RUNS = {name: read_notebook(notebook_folder() / f"{name}.ipynb") for name in NAMES}
TAKES_A_CORPUS = [
    name
    for name, run in RUNS.items()
    if any(PARAMETERS in c.metadata.get("tags", []) for c in run.notebook.cells)
]
# How the alternative text of a picture tells its data: by `alt_extremes`, `alt_course`, `alt_contrast`, or by itself.
TELLS = re.compile(
    r"Most: |From most|From [\d.,]+ in|Line .+?: from|More often|No term differs|branches stand|outermost|heaviest"
)
LARGEST = 3_000_000  # bytes of a page


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[str, Path]:
    """The report of the shipped features and of the sample: a failing notebook fails here, with its sentence.

    What opens the sample of itself, or takes no corpus, is run once: for the shipped corpora.
    """
    folders = {corpus: tmp_path_factory.mktemp(corpus) for corpus in ("shipped", "sample")}
    report(
        out=folders["shipped"], only=NAMES
    )  # tests/test_site.py and test_site_browser.py look at the other pages
    own = [name for name, run in RUNS.items() if run.corpus == "sample" or name not in TAKES_A_CORPUS]
    report("sample", out=folders["sample"], only=[name for name in NAMES if name not in own])
    for name in own:
        copy(folders["shipped"] / f"{name}.html", folders["sample"])
    return folders


@pytest.mark.parametrize("corpus", ["shipped", "sample"])
@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_becomes_a_whole_page(pages, corpus, name):
    file = pages[corpus] / f"{name}.html"
    assert file.stat().st_size < LARGEST
    page = html.fromstring(file.read_text("utf-8"))
    assert not page.find_class("failure") and "Traceback" not in page.find(".//main").text_content()
    headings = [heading.text_content().strip("¶ ") for heading in page.iter("h1", "h2")]
    assert "Reading" in headings[-2] and "Where this could mislead us" in headings[-1]
    if corpus == "shipped":
        alts = [image.get("alt", "") for image in page.iter("img") if image.get("data-in") != "zh"]
        assert [alt for alt in alts if not TELLS.search(alt)] == []
    least = {"en": 20, "zh": 8}  # Chinese says as much in fewer signs
    assert all(len(image.get("alt", "")) > least[image.get("data-in") or "en"] for image in page.iter("img"))


def test_a_small_corpus_without_city_or_year_is_read_to_the_end(tmp_path):
    """What cannot be shown is said; no notebook stops."""
    (tmp_path / "texts").mkdir()
    for number, path in enumerate(sorted(data_path("sample", "documents").glob("*.md"))[:96:12]):
        body = path.read_text("utf-8").split("---\n", 2)[2]
        (tmp_path / "texts" / f"{number}.txt").write_text(body, encoding="utf-8")
    report(tmp_path / "texts", out=tmp_path / "pages", only=TAKES_A_CORPUS)
    assert "None of the 0 cities" in words_of(tmp_path / "pages" / "01_corpus.html")
    assert "no cloud to draw" in words_of(tmp_path / "pages" / "04_words.html")


def test_three_documents_are_enough_for_every_page_that_compares(tmp_path):
    """Each of another city and year: nothing can be tested, and that is said."""
    (tmp_path / "texts").mkdir()
    for name in ("jichuan-2019-1", "danxi-2020-1", "huaipu-2021-2"):
        text = data_path("sample", "documents", f"{name}.md").read_text("utf-8")
        (tmp_path / "texts" / f"{name}.md").write_text(text, encoding="utf-8")
    only = ["04", "05", "06", "08", "09", "15"]
    report(tmp_path / "texts", out=tmp_path / "pages", only=only)
    assert "nothing could be tested" in words_of(tmp_path / "pages" / "05_distinctive_terms.html")


def words_of(file: Path) -> str:
    return html.fromstring(file.read_text("utf-8")).find("body").text_content()


def test_the_invented_sample_is_called_so_on_every_page(pages):
    for name in NAMES:
        assert "invented" in words_of(pages["sample"] / f"{name}.html") or name == "14_five_pages", name


def test_counts_alone_say_what_they_cannot_show(pages):
    said = "Here only counts are at hand"
    assert said in words_of(pages["shipped"] / "04_words.html")
    assert said not in words_of(pages["sample"] / "04_words.html").replace(
        f'"{said}', ""
    )  # but in the folded code


@pytest.mark.browser
@pytest.mark.parametrize("name", ["index", *NAMES])
def test_a_page_is_read_with_the_network_off(browser, pages, name):
    seen = Watched(browser, pages["shipped"] / f"{name}.html", viewport={"width": 1280, "height": 900})
    assert [url for url in seen.requests if not url.startswith(("file:", "data:"))] == []
    assert seen.complaints == []
    assert {custom for _, custom in seen.fonts("h1")} == {
        True
    }  # no heading falls back to a font of the machine
    wide = seen.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
