"""The pages in a real browser with the network off: type, links, folding, no errors, nothing asked for."""

from __future__ import annotations

from typing import Any

import pytest
from browsing import Watched
from small_report import Small, small_report

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


def test_a_picture_keeps_a_white_ground_in_the_dark(browser: Any, small: Small) -> None:
    page = Watched(browser, small.out / "01_words.html", color_scheme="dark").page
    ground = "e => getComputedStyle(e).backgroundColor"
    assert page.locator("figure img").first.evaluate(ground) == "rgb(255, 255, 255)"
    assert page.locator("body").evaluate(ground) != "rgb(255, 255, 255)"
