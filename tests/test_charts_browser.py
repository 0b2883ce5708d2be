"""Charts in a real browser with the network off and the pages' own policy: drawn, asked, switched, compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browsing import Watched
from small_charts import CITIES, DOT, HOSTILE, small_corpus, small_counts, small_measures

from analysis import Counts, pages, pair_rates, specs
from analysis.charts import chart_map, chart_pair
from analysis.harmless import harmless
from analysis.site.assets import Shelf
from analysis.site.exploring import comparison
from analysis.style import figure_html

A, B = CITIES[:2]
PHONE, DESK = {"width": 390, "height": 800}, {"width": 1280, "height": 900}
ASKED = "() => { window.asked = []; window.openEvidence = (...all) => window.asked.push(all) > 0; }"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook's page with two charts; the commonest word of the first is markup."""
    counts = small_counts()
    hostile = Counts(counts.values, counts.rows, counts.terms.where(counts.terms != "词0", HOSTILE))
    charts = [chart_pair(pair_rates(hostile, "city", A, B)), chart_map(small_measures())]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPORT_BOTH", "1")
        figures = [
            specs.carrying(figure_html(DOT, alt=f"figure {at}"), chart) for at, chart in enumerate(charts)
        ]
        body = pages.tidy(
            "".join(f"<section class='cell'>{harmless(each)}</section>" for each in figures)
        ).body
        text, _ = pages.page(
            title="Charts", body=f"<h1>Charts</h1>{body}", kind="notebook", made="2026-01-01"
        )
    out = tmp_path_factory.mktemp("charts") / "page.html"
    out.write_text(text, "utf-8")
    return out


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page that compares any two cities, beside its assets."""
    out = tmp_path_factory.mktemp("site")
    found = comparison(small_corpus())
    shelf = Shelf(out)
    for name, text in found.files.items():
        shelf.add(name, text)
    values = {"title": "Compare", "kind": "compare", "body": found.body, "made": "2026-01-01"}
    shelf.add_page("compare.html", values, scripts=found.scripts)
    shelf.write()
    return out


def drawn(seen: Watched) -> None:
    seen.page.locator("figure.drawn svg").nth(1).wait_for()


def quiet(seen: Watched) -> None:
    assert seen.complaints == []
    assert [url for url in seen.requests if not url.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize("look", [{"viewport": DESK}, {"viewport": PHONE, "color_scheme": "dark"}])
def test_charts_take_their_pictures_places_without_a_complaint(browser: Any, page: Path, look: dict) -> None:
    seen = Watched(browser, page, **look)
    drawn(seen)
    quiet(seen)
    assert not seen.page.locator("figure img").first.is_visible()
    assert seen.page.locator("figure svg").first.get_attribute("aria-label") == "figure 0"
    assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    dark = look.get("color_scheme") == "dark"
    title = seen.page.locator("figure svg .role-axis-title text").first
    assert title.evaluate("e => e.getAttribute('fill')") == ("#e3e6ea" if dark else "#1f2328")


def test_without_a_script_and_on_paper_the_picture_stands(browser: Any, page: Path) -> None:
    plain = Watched(browser, page, java_script_enabled=False)
    assert plain.page.locator("figure img").first.is_visible()
    seen = Watched(browser, page)
    drawn(seen)
    seen.page.emulate_media(media="print")
    assert seen.page.locator("figure img").first.is_visible()
    assert not seen.page.locator("figure svg").first.is_visible()


def test_a_point_tells_its_counts_and_a_click_asks_for_its_evidence(browser: Any, page: Path) -> None:
    seen = Watched(browser, page, viewport=DESK)
    drawn(seen)
    seen.page.evaluate(ASKED)
    words = [HOSTILE, *(f"词{at}" for at in range(1, 40))]
    seen.page.locator("figure").first.locator("g.mark-symbol path").nth(20).hover(force=True)
    told = seen.page.locator(".chart-note").inner_text()
    assert f"uses in {A}" in told and any(word in told for word in words)
    seen.page.locator("figure").first.locator("g.mark-symbol path").nth(20).click(force=True)
    ((kind, item, _),) = seen.page.evaluate("window.asked")
    assert kind == "term" and item in words and item in told
    # The planted word is named in the chart: as text.
    assert HOSTILE in seen.page.locator("figure svg").first.locator("g.mark-text text").all_text_contents()
    quiet(seen)


def test_the_map_is_worked_by_keyboard_and_speaks_both_languages(browser: Any, page: Path) -> None:
    seen = Watched(browser, page, viewport=DESK)
    drawn(seen)
    figure = seen.page.locator("figure").nth(1)
    shown = figure.locator("g.mark-symbol.role-mark").last.locator("path")
    assert shown.count() == 4
    figure.locator("select").focus()
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("Space")  # not all years together: the last one, of which one city has no value
    seen.page.wait_for_timeout(200)
    assert shown.count() == 3
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("ArrowLeft")
    seen.page.wait_for_timeout(200)
    assert shown.count() == 4
    seen.page.locator("[data-language=zh]").click()
    figure.get_by_text("全部年份合并").wait_for()
    assert figure.locator("input[type=range]").input_value() == "2019"  # the choice outlives the switch
    assert not figure.locator("input[type=checkbox]").is_checked()
    assert "东经" in "".join(figure.locator("svg text").all_text_contents())
    quiet(seen)


def test_any_two_cities_are_compared_as_pair_rates_does(browser: Any, site: Path) -> None:
    seen = Watched(browser, site / "compare.html", viewport=DESK)
    theirs = seen.page.evaluate("([a, b]) => window.comparedCities(a, b)", list(CITIES[2:]))
    compared = small_corpus().words.select(sorted(row["term"] for row in theirs))
    ours = pair_rates(compared, "city", CITIES[2], CITIES[3]).set_index("term")
    assert len(ours) > 10
    assert [row["term"] for row in theirs] == list(ours.index)
    for row in theirs:
        expected = ours.loc[row["term"]]
        for name in ("n_a", "n_b", "docs_a", "docs_b", "rate_a", "rate_b", "log_ratio", "contribution"):
            assert row[name] == pytest.approx(expected[name]), (row["term"], name)
    quiet(seen)


def test_the_choice_stands_in_the_address_and_a_word_opens_in_both_cities(browser: Any, site: Path) -> None:
    seen = Watched(browser, site / "compare.html", viewport=PHONE)
    seen.page.wait_for_selector("#pair-chart svg")
    seen.page.locator("#city-a").fill("云沅")
    seen.page.keyboard.press("Enter")
    seen.page.locator("#city-b").fill(CITIES[0])
    seen.page.keyboard.press("Enter")
    seen.page.locator("#pair-table th", has_text="云沅市").first.wait_for()
    assert seen.page.evaluate("decodeURIComponent(location.hash)") == f"#a={CITIES[2]}&b={CITIES[0]}"
    seen.page.evaluate(ASKED)
    seen.page.locator("#pair-table button").first.click()
    ((kind, item, chosen),) = seen.page.evaluate("window.asked")
    assert kind == "term" and item.startswith("词") and chosen == {"cities": [CITIES[2], CITIES[0]]}
    seen.page.locator("#city-b").fill("无此市")
    seen.page.keyboard.press("Enter")
    assert seen.page.locator("#pair-problem").inner_text() == "Choose two cities of the list."
    assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    quiet(seen)
