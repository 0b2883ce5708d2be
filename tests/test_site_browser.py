"""The whole site in a real browser with the network off: every kind of page, both languages, wide and narrow, light, dark,
on paper; without a fault that axe-core finds; and texts that try to act stay texts."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import tarfile
from typing import Any

import pytest
from browsing import Watched
from site_pages import HOSTILE, KINDS, Site, hostile_site

pytestmark = pytest.mark.browser

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 800}
# Each language, width and ground once: all of their combinations would show the same faults again.
LOOKS = {
    "desk": ("en", {"viewport": DESK}),
    "phone": ("zh", {"viewport": PHONE}),
    "dark": ("zh", {"viewport": DESK, "color_scheme": "dark"}),
}
AXE = "axe-core@4.14.1"
AXE_DIGEST = "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="


@pytest.fixture(scope="module")
def site() -> Site:
    return hostile_site()


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core, from the npm package; skipped where npm or the registry is missing, but not in CI."""
    complain = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
    npm = shutil.which("npm")
    if npm is None:
        complain("npm is not here, which the check of accessibility needs; on Debian: apt-get install npm")
    folder = tmp_path_factory.mktemp("axe")
    done = subprocess.run(
        [npm, "pack", AXE, "--silent"], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode:
        complain(f"npm could not fetch {AXE}: {done.stderr.strip()[-200:]}")
    (packed,) = folder.glob("*.tgz")
    assert base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode() == AXE_DIGEST
    with tarfile.open(packed) as opened:
        return opened.extractfile("package/axe.min.js").read().decode("utf-8")


def opened(browser: Any, site: Site, name: str, language: str = "en", **look: Any) -> Watched:
    seen = Watched(browser, site.out / site.pages[name], **look)
    if language == "zh":
        seen.page.locator(".switch button", has_text="中").click()
        assert seen.page.evaluate("document.documentElement.lang").startswith("zh")
    return seen


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", KINDS)
def test_a_page_opens_without_complaint_or_request(browser: Any, site: Site, name: str, look: str) -> None:
    seen = opened(browser, site, name, LOOKS[look][0], **LOOKS[look][1])
    seen.page.wait_for_timeout(300)  # charts draw themselves
    assert [url for url in seen.requests if not url.startswith(("file:", "data:", "blob:"))] == []
    assert seen.complaints == []
    assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert all(custom for _, custom in seen.fonts("h1"))


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", KINDS)
def test_axe_finds_no_fault(browser: Any, site: Site, axe: str, name: str, look: str) -> None:
    seen = opened(browser, site, name, LOOKS[look][0], **LOOKS[look][1])
    seen.page.wait_for_timeout(300)
    seen.page.evaluate(axe)  # by the inspector, which no policy of the page holds back
    found = seen.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    told = [(each["id"], each["nodes"][0]["html"][:160], len(each["nodes"])) for each in found["violations"]]
    assert told == []


@pytest.mark.parametrize("name", KINDS)
def test_the_other_language_takes_no_room(browser: Any, site: Site, name: str) -> None:
    page = opened(browser, site, name).page
    shown = "[...document.querySelectorAll('[data-in={}]')].filter(e => e.offsetParent || e.getClientRects().length).length"
    assert page.evaluate(shown.format("zh")) == 0 and page.evaluate(shown.format("en")) > 0
    page.locator(".switch button", has_text="中").click()
    assert page.evaluate(shown.format("en")) == 0 and page.evaluate(shown.format("zh")) > 0


@pytest.mark.parametrize("name", KINDS)
def test_everything_that_acts_is_reached_by_keyboard_and_named(browser: Any, site: Site, name: str) -> None:
    page = opened(browser, site, name).page
    unnamed = """[...document.querySelectorAll('a[href], button, input, select, summary')]
        .filter(e => e.checkVisibility() && !(e.textContent.trim() || e.ariaLabel || e.labels?.length || e.title))
        .map(e => e.outerHTML.slice(0, 120))"""
    assert page.evaluate(unnamed) == []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"


@pytest.mark.parametrize("name", KINDS)
def test_a_page_prints_on_a4_without_its_controls(browser: Any, site: Site, name: str) -> None:
    page = opened(browser, site, name).page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert not page.locator(".switch").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize("name", KINDS)
def test_texts_that_try_to_act_stay_texts(browser: Any, site: Site, name: str) -> None:
    seen = opened(browser, site, name)
    for button in seen.page.locator("button.ev").all()[:3]:
        button.click()
        seen.page.keyboard.press("Escape")
    seen.page.wait_for_timeout(200)
    assert seen.page.evaluate("window.taken") is None and seen.page.title() != "taken"
    assert not seen.page.locator("main :is(script[src], iframe, object, embed, form[action], meta)").count()
    links = seen.page.evaluate("[...document.links].map(a => a.protocol)")
    assert set(links) <= {"file:", "https:", "http:", "mailto:"}


def test_the_hostile_words_are_read_somewhere(site: Site) -> None:
    """So that the tests above have met them: in titles, in the text, in names of files."""
    words = "".join(path.read_text("utf-8") for path in site.out.rglob("*.html")) + "".join(
        path.read_text("utf-8") for path in site.out.rglob("*.csv")
    )
    assert all(word in words for word in HOSTILE)


def test_no_cell_of_a_table_is_a_formula(site: Site) -> None:
    import csv

    for path in sorted(site.out.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(line for line in file if not line.startswith("#")):
                for cell in row:
                    is_number = (
                        cell.lstrip("-+")
                        .replace(".", "", 1)
                        .replace("e", "", 1)
                        .replace("-", "", 1)
                        .isdigit()
                    )
                    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")) or is_number, (
                        path.name,
                        cell,
                    )
