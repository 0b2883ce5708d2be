"""The whole site in a real browser with the network off: every kind of page, both languages, wide and narrow, light, dark,
on paper; without a fault that axe-core finds; and texts that try to act stay texts."""

from __future__ import annotations

import base64
import csv
import hashlib
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote

import pytest
from browsing import Watched
from site_pages import HOSTILE, KINDS, Site, hostile_site

pytestmark = pytest.mark.browser

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 800}
# Each language, width and ground once: all of their combinations would show the same faults again.
LOOKS = {"desk": ("en", WIDE, "light"), "phone": ("zh", NARROW, "light"), "dark": ("zh", WIDE, "dark")}
AXE = "axe-core@4.14.1"
AXE_DIGEST = "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
LEADING = re.compile(r'''<(?:a|link|script|img)\b[^>]*?\s(?:href|src)="([^"]*)"''')
SCRIPT = re.compile(r"(<script\b[^>]*>).*?</script>", re.S)
NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
NUMBER = re.compile(r"[-+]?[\d.]+(?:e[-+]?\d+)?")


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
        script = opened.extractfile("package/axe.min.js")
        assert script is not None
        return script.read().decode("utf-8")


@pytest.fixture(scope="module", params=KINDS)
def seen(request: pytest.FixtureRequest, browser: Any, site: Site) -> Iterator[Watched]:
    """A page of each kind, opened once for all that is asked of it; each test leaves it in English and wide."""
    watched = Watched(browser, site.out / site.pages[request.param], viewport=WIDE)
    yield watched
    watched.page.context.close()


def opened(browser: Any, site: Site, name: str) -> Any:
    return Watched(browser, site.out / site.pages[name], viewport=WIDE).page


def speak(page: Any, language: str) -> None:
    page.locator(f".switch [data-language={language}]").click()


def in_look(page: Any, look: str) -> None:
    """Give a page a language, width and ground, and let what draws itself be drawn."""
    language, size, ground = LOOKS[look]
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=ground)
    speak(page, language)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")  # charts are drawn when they come near
    page.wait_for_timeout(500)
    page.evaluate("scrollTo(0, 0)")


def test_the_first_key_leads_past_the_frame_and_all_that_acts_is_named(seen: Watched) -> None:
    unnamed = """[...document.querySelectorAll('a[href], button, input, select, summary')]
        .filter(e => e.checkVisibility() && !(e.textContent.trim() || e.ariaLabel || e.labels?.length || e.title))
        .map(e => e.outerHTML.slice(0, 120))"""
    assert seen.page.evaluate(unnamed) == []
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.className") == "skip"


@pytest.mark.parametrize("look", LOOKS)
def test_a_page_fits_its_window_in_its_own_type_and_axe_finds_no_fault(
    seen: Watched, axe: str, look: str
) -> None:
    in_look(seen.page, look)
    assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert seen.page.evaluate("document.documentElement.lang.slice(0, 2)") == LOOKS[look][0]
    assert all(custom for _, custom in seen.fonts("h1"))
    if not seen.page.evaluate("'axe' in window"):
        seen.page.evaluate(axe)  # by the inspector, which no policy of the page holds back
    # Without preload: axe would fetch the style sheets, which the page's policy forbids and says so.
    found = seen.page.evaluate("axe.run(document, {resultTypes: ['violations'], preload: false})")
    told = [(each["id"], each["nodes"][0]["html"][:160], len(each["nodes"])) for each in found["violations"]]
    in_look(seen.page, "desk")
    assert told == []


def test_the_other_language_takes_no_room(seen: Watched) -> None:
    shown = "[...document.querySelectorAll('[data-in={}]')].filter(e => e.getClientRects().length).length"
    assert seen.page.evaluate(shown.format("zh")) == 0 and seen.page.evaluate(shown.format("en")) > 0
    speak(seen.page, "zh")
    assert seen.page.evaluate(shown.format("en")) == 0 and seen.page.evaluate(shown.format("zh")) > 0
    speak(seen.page, "en")


def test_a_page_prints_on_a4_without_its_controls(seen: Watched) -> None:
    seen.page.emulate_media(media="print")
    assert not seen.page.locator(".switch").first.is_visible()
    assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    bare = """[...document.querySelectorAll('main figure')].filter(e => e.checkVisibility())
        .filter(e => ![...e.querySelectorAll('img, svg')].some(one => one.checkVisibility())).length"""
    assert seen.page.evaluate(bare) == 0
    assert seen.page.pdf(format="A4").startswith(b"%PDF")
    seen.page.emulate_media(media="screen")


def test_texts_that_try_to_act_stay_texts_and_nothing_leaves(seen: Watched) -> None:
    page = seen.page
    for button in page.locator("button.ev:visible").all()[:3]:
        button.click()
        page.keyboard.press("Escape")
    assert page.evaluate("window.taken") is None and page.title() != "taken"
    assert not page.locator("main :is(script[src], iframe, object, embed, form[action], meta)").count()
    assert set(page.evaluate("[...document.links].map(a => a.protocol)")) <= {"file:", "https:", "http:"}
    assert [url for url in seen.requests if not url.startswith(("file:", "data:", "blob:"))] == []
    assert seen.complaints == []  # of all that was done to the page


def test_a_city_is_found_by_its_reading_and_opened_by_keyboard(browser: Any, site: Site) -> None:
    page = opened(browser, site, "cities")
    every = page.locator("[data-find]:visible").count()
    page.locator("#find").focus()
    page.keyboard.type("jich")
    assert page.locator("[data-find]:visible").all_inner_texts()[0].startswith("霁川市") and every > 3
    assert page.locator("[data-find]:visible").count() == 1
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cities/city-*.html")
    assert "霁川市" in page.locator("h1").inner_text()


def test_lines_behind_a_word_are_filtered_and_sorted(browser: Any, site: Site) -> None:
    page = opened(browser, site, "city")
    page.locator("button.ev:visible", has_text=re.compile("[\u4e00-\u9fff]")).first.click()
    box = page.locator("dialog.ev-box")
    if not box.locator("[data-view=lines]").count():
        pytest.fail("a page of texts has no lines behind its first word")
    lines = box.locator(".ev-lines > li")
    every = lines.all_inner_texts()
    years = [int(found) for text in every for found in re.findall(r"\b20[12]\d\b", text)[:1]]
    assert len(every) > 1 and years == sorted(years, reverse=True)
    box.locator("select").select_option("right")
    assert sorted(lines.all_inner_texts()) == sorted(every)
    box.locator("input[type=search]").fill(str(years[0]))
    assert 0 < lines.count() == sum(str(years[0]) in text for text in every)


def test_a_point_of_a_chart_tells_its_counts_and_opens_its_lines(browser: Any, site: Site) -> None:
    page = opened(browser, site, "pair")
    figure = page.locator("figure.drawn").first
    page.locator("figure[data-chart]").first.scroll_into_view_if_needed()
    figure.locator(".mark-symbol path").first.wait_for()
    points = figure.locator(".mark-symbol path")
    points.last.dispatch_event("mousemove")
    points.last.hover(force=True)
    assert page.locator(".chart-note dd").count() > 2
    points.last.click(force=True)
    assert page.locator("dialog.ev-box[open] h2").inner_text()


def test_another_language_redraws_a_chart(browser: Any, site: Site) -> None:
    page = opened(browser, site, "compare")
    titles = page.locator("#pair-chart .role-axis-title text")
    titles.first.wait_for()
    assert any(word in titles.first.text_content() for word in ("words", "rate", "times"))
    speak(page, "zh")
    titles.filter(has_text=re.compile("[词次率]")).first.wait_for()
    assert all("words" not in text for text in titles.all_text_contents())


def test_a_page_that_is_served_complains_of_nothing_and_asks_nobody_else(browser: Any, site: Site) -> None:
    quiet = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(quiet, directory=str(site.out)))
    Thread(target=server.serve_forever, daemon=True).start()
    own = f"http://127.0.0.1:{server.server_port}/"
    page = browser.new_context(viewport=WIDE).new_page()
    told, asked = [], []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    for name in ("index", "hostile city", "compare", "pair"):
        page.goto(own + site.pages[name])
        page.wait_for_timeout(300)
    server.shutdown()
    assert told == [] and all(url.startswith((own, "data:")) for url in asked)


def test_every_link_leads_to_a_file_and_an_anchor_that_are_there(site: Site) -> None:
    lost, every = [], {f"{path.stem}.html" for path in NOTEBOOKS.glob("*.ipynb")}
    not_asked = every - set(
        site.pages.values()
    )  # this report is of a few notebooks; their prose names others
    for path in sorted(site.out.rglob("*.html")):
        for link in map(unescape, LEADING.findall(SCRIPT.sub(r"\1", path.read_text("utf-8")))):
            file, _, anchor = link.partition("#")
            if link.startswith(("data:", "https:", "http:")) or file in not_asked:
                continue
            target = (path.parent / unquote(file)).resolve() if file else path
            if not target.is_file() or (anchor and not has_anchor(target, unquote(anchor))):
                lost.append((path.name, link))
    assert lost == []


def has_anchor(page: Path, name: str) -> bool:
    if page.name == "compare.html" and "=" in name:  # names two cities, not a place of the page
        return True
    return f' id="{name}"' in page.read_text("utf-8")


def test_the_hostile_words_are_read_somewhere(site: Site) -> None:
    """So that the tests above have met them: in titles, in the text, in names of files."""
    told = [path for kind in ("*.html", "*.csv") for path in site.out.rglob(kind)]
    words = "".join(path.read_text("utf-8") for path in told)
    assert all(word in words for word in HOSTILE)


def test_no_cell_of_a_table_is_a_formula(site: Site) -> None:
    for path in sorted(site.out.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            cells = [
                cell for row in csv.reader(line for line in file if not line.startswith("#")) for cell in row
            ]
        acting = [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
        assert [cell for cell in acting if not NUMBER.fullmatch(cell)] == [], path.name
