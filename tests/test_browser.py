"""The pages in a real browser with the network off: type, links, folding, no errors, nothing asked for."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from browsing import Watched
from PIL import Image
from pypdf import PdfReader
from small_report import Small, small_report

from analysis import style
from analysis.pages import page as page_of
from analysis.pages import tidy

PAGES = ("index", "01_words", "02_fails")
PHONE, DESK = {"width": 390, "height": 800}, {"width": 1280, "height": 900}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def small() -> Small:
    return small_report()


@pytest.mark.parametrize("look", [{"viewport": DESK}, {"viewport": PHONE}, {"color_scheme": "dark"}])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_offline_without_a_complaint(browser: Any, small: Small, name: str, look: dict) -> None:
    seen = Watched(browser, small.out / f"{name}.html", **look)
    assert [url for url in seen.requests if not url.startswith(("file:", "data:"))] == []
    assert seen.complaints == []
    assert seen.page.title() != "taken"
    assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_title_that_is_markup_neither_calls_out_nor_hides_the_page(browser: Any, small: Small) -> None:
    seen = Watched(browser, small.out / "01_words.html")
    seen.page.wait_for_timeout(500)  # time to lead away
    assert [url for url in seen.requests if not url.startswith(("file:", "data:"))] == []
    assert seen.page.url.startswith("file:") and seen.complaints == []
    for place in ("section.prose", "div.html"):  # as Markdown and as HTML
        title = seen.page.locator(f"main {place}", has_text="望澜市报告")
        assert title.is_visible() and "cover" in title.inner_text()
    assert seen.page.locator("caption", has_text="Terms <b>").is_visible()
    assert seen.page.locator("footer").is_visible()


@pytest.mark.parametrize("name", PAGES)
def test_the_whole_text_is_drawn_in_the_embedded_type(browser: Any, small: Small, name: str) -> None:
    seen = Watched(browser, small.out / f"{name}.html")
    for selector in (
        "h1",
        "h1 [lang]",
        "h2",
        "footer p",
        ".prose [lang]",
        "td[lang]",
        "button",
        ".code summary",
    ):
        if seen.page.locator(selector).count():
            fonts = seen.fonts(selector)
            assert fonts and all(custom for _, custom in fonts), (selector, fonts)


def test_chinese_in_code_and_output_is_drawn_in_the_embedded_type(browser: Any, small: Small) -> None:
    seen = Watched(browser, small.out / "01_words.html")
    assert ("Noto Sans SC", True) in seen.fonts("pre.output")


def test_the_contents_lead_to_the_headings(browser: Any, small: Small) -> None:
    page = Watched(browser, small.out / "01_words.html", viewport=DESK).page
    page.locator("nav.wide a", has_text="The picture").click()
    assert "#" in page.url
    assert page.evaluate("document.querySelector(':target').textContent") == "The picture"
    assert abs(page.evaluate("document.querySelector(':target').getBoundingClientRect().top")) < 900


def test_on_a_phone_the_contents_are_folded_and_unfold(browser: Any, small: Small) -> None:
    page = Watched(browser, small.out / "01_words.html", viewport=PHONE).page
    assert not page.locator("nav.wide").is_visible()
    link = page.locator("details.narrow a").first
    assert not link.is_visible()
    page.locator("details.narrow summary").click()
    assert link.is_visible()


def test_code_unfolds_by_keyboard_one_by_one_and_all_at_once(browser: Any, small: Small) -> None:
    page = Watched(browser, small.out / "01_words.html").page
    code = page.locator("details.code pre").first
    assert not code.is_visible()
    page.locator("details.code summary").first.focus()
    page.keyboard.press("Enter")
    assert code.is_visible()
    page.locator("button.all-code").focus()
    page.keyboard.press("Enter")
    assert page.locator("details.code:not([open])").count() == 0
    page.keyboard.press("Enter")
    assert page.locator("details.code[open]").count() == 0


def test_without_scripts_everything_can_still_be_reached(browser: Any, small: Small) -> None:
    page = Watched(browser, small.out / "01_words.html", java_script_enabled=False, viewport=PHONE).page
    page.locator("details.code summary").first.click()
    assert page.locator("details.code pre").first.is_visible()


def test_on_paper_the_tables_unfold_and_the_code_stays_away(browser: Any, small: Small) -> None:
    page = Watched(browser, small.out / "01_words.html").page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("figure details table").first.is_visible()
    assert not page.locator("details.code").first.is_visible()
    assert not page.locator("nav.contents").first.is_visible()
    assert page.pdf().startswith(b"%PDF")


def test_on_paper_long_tables_stay_folded_and_say_how_long_they_are(browser: Any, tmp_path: Path) -> None:
    figures = [
        style.figure_html(blank(60), alt="A.", data=pd.DataFrame({f"n{rows}": range(rows)}))
        for rows in (40, 41)
    ]
    page = Watched(browser, written(tmp_path, "".join(figures))).page
    page.locator("summary").last.click()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert [table.is_visible() for table in page.locator("table").all()] == [True, False]
    text = "\n".join(sheets(page))
    assert "Table behind this figure (table of 41 rows: see the page)" in " ".join(text.split())
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert [table.is_visible() for table in page.locator("table").all()] == [False, True]


def test_on_paper_a_heading_stands_with_its_figure(browser: Any, tmp_path: Path) -> None:
    parts = []
    for n in range(24):  # headings at all heights of a sheet
        figure = style.figure_html(blank(150 + 10 * n), alt="A.", caption=f"Caption {n}.")
        level = 2 + n % 3
        parts.append(
            f'<section class="prose"><p>{"Filling words. " * 40 * (n % 7 + 1)}</p>'
            f"<h{level}>Heading {n}.</h{level}></section>"
            f'<section class="cell"><details class="code"><summary>code</summary><pre>1</pre></details>'
            f'<div class="output html">{figure}</div></section>'
        )
    page = Watched(browser, written(tmp_path, "".join(parts))).page
    printed = sheets(page)
    assert len(printed) > 5
    for n in range(24):
        heading, caption = ([f"{word} {n}." in sheet for sheet in printed] for word in ("Heading", "Caption"))
        assert heading == caption and sum(heading) == 1, n


def blank(height: int) -> bytes:
    """A white picture, 600 dots wide."""
    drawn = BytesIO()
    Image.new("RGB", (600, 2 * height), "white").save(drawn, "PNG")
    return drawn.getvalue()


def written(folder: Path, cells: str) -> Path:
    """A page of these cells."""
    path = folder / "page.html"
    path.write_text(page_of(title="A", body=tidy(cells).body, kind="notebook")[0], "utf-8")
    return path


def sheets(page: Any) -> list[str]:
    """The words on each sheet of a printed page."""
    return [sheet.extract_text() for sheet in PdfReader(BytesIO(page.pdf())).pages]


def test_a_picture_keeps_a_white_ground_in_the_dark(browser: Any, small: Small) -> None:
    page = Watched(browser, small.out / "01_words.html", color_scheme="dark").page
    ground = "e => getComputedStyle(e).backgroundColor"
    assert page.locator("figure img").first.evaluate(ground) == "rgb(255, 255, 255)"
    assert page.locator("body").evaluate(ground) != "rgb(255, 255, 255)"


def shown_language(page: Any) -> tuple[str, str, str]:
    """Return the page's language, what its switch says is pressed, and the words of the skip link."""
    pressed = page.locator(".switch [aria-pressed='true']").inner_text()
    return page.evaluate("document.documentElement.lang"), pressed, page.locator(".skip").inner_text()


def test_the_language_is_switched_kept_and_carried_along(browser: Any, small: Small) -> None:
    seen = Watched(browser, small.out / "01_words.html", viewport=PHONE)
    page = seen.page
    assert shown_language(page) == ("en", "EN", "Skip to the text")
    page.locator(".switch button[lang='zh-Hans']").focus()
    page.keyboard.press("Enter")
    assert shown_language(page) == ("zh-Hans", "中文", "跳到正文")
    assert page.locator("nav.turn").get_attribute("aria-label") == "上一页与下一页"
    assert page.locator("details.code summary").first.inner_text().endswith("代码")
    link = page.locator("nav.turn a.after")
    assert link.get_attribute("href") == "02_fails.html?lang=zh", "where nothing is kept, links carry it"
    link.click()
    assert shown_language(page)[1] == "中文"
    page.reload()
    assert shown_language(page)[1] == "中文"
    page.locator(".switch button[lang='en']").click()
    assert shown_language(page)[0] == "en" and seen.complaints == []


def test_the_address_may_name_the_language_and_nothing_else(browser: Any, small: Small) -> None:
    path = small.out / "01_words.html"
    page = Watched(browser, path).page
    for asked, shown in (("zh", "zh-Hans"), ("en", "en"), ("<script>", "en")):
        page.goto(f"{path.as_uri()}?lang={asked}")
        assert page.evaluate("document.documentElement.lang") == shown


def test_without_a_script_the_switch_is_not_there(browser: Any, small: Small) -> None:
    page = Watched(browser, small.out / "01_words.html", java_script_enabled=False).page
    assert not page.locator(".switch").is_visible() and page.locator("h1").is_visible()
