"""The window of evidence in a real browser with the network off: mouse and keyboard, filter, sort, Esc, hostile names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from browsing import Watched

from analysis.evidence.blocks import page_block, script
from analysis.evidence.buttons import button
from analysis.evidence.packing import documents_of, packed
from analysis.evidence.themes import topic_block
from analysis.pages import TEMPLATES, policy, tidy

PHONE, DESK = {"width": 390, "height": 800}, {"width": 1280, "height": 900}
HOSTILE = "</script><script>document.title='taken'</script>\"'<img src=x onerror=alert(1)>"
CITIES = ["望澜市", "栖岭市", "砚湖市", "霁川市"]
YEARS = [2019, 2020, 2022]
MANY = 10_000  # lines of one item

pytestmark = pytest.mark.browser

DOCUMENTS = documents_of(
    pd.DataFrame(
        [
            {"doc_id": f"{city}/{year}", "title": f"{city}政府工作报告{HOSTILE}", "city": city, "year": year}
            for city in CITIES
            for year in YEARS
        ]
    )
)


def item(counts: list[int], lines: list[list[Any]] | None = None) -> dict[str, Any]:
    told = {"n": sum(counts), "docs": sum(n > 0 for n in counts), "counts": packed(counts)}
    return told | ({"lines": lines} if lines is not None else {})


def evidence() -> dict[str, Any]:
    """Evidence of invented documents: few lines, ten thousand, counts alone, and a name that is markup."""
    few = [
        [0, "望澜市着力", 0, "，乙在后"],
        [3, "栖岭市全力", 0, "，甲在后"],
        [11, "霁川市大力", 0, "，丙在后" + HOSTILE],
    ]
    many = [[at % 12, f"第{at}行", 0, "之后"] for at in range(MANY)]
    return {
        "corpus": "Invented",
        "city": None,
        "documents": DOCUMENTS.told(),
        "titles": {str(at): DOCUMENTS.titles[at] for at in range(12)},
        "items": {
            "term|招商": item([1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7], few) | {"gloss": "attraction"},
            "term|项目": item([MANY // 12] * 12, many),
            "entry|产业链招商": item([0, 2, 0, 5, 0, 0, 0, 1, 0, 40, 0, 0]),
            f"slogan|{HOSTILE}": item([1] + [0] * 11),
        },
    }


def topics() -> pd.DataFrame:
    frame = DOCUMENTS.frame.assign(topic=1, label="服务", share=[at / 20 for at in range(12)], passage="首段")
    return frame.assign(passage=frame["passage"] + HOSTILE)


def written(folder: Path, name: str, data: dict[str, Any], *, beside: bool = False) -> Path:
    """Write a page: its buttons through all that makes pages harmless, its data inside or beside it."""
    words = [("term", "招商"), ("term", "项目"), ("entry", "产业链招商"), ("slogan", HOSTILE), ("topic", "1")]
    buttons = " ".join(button(kind, word) for kind, word in words)
    body = tidy(f"<h1>Words</h1><p>{buttons}</p>{topic_block(topics())}").body
    code, css = ("".join((TEMPLATES / f"{part}").read_text("utf-8") for part in parts) for parts in PARTS)
    inside = "" if beside else page_block(data)
    allowed = policy(code, script(data)) if beside else policy(code)
    outside = f"<script>{script(data)}</script>" if beside else ""
    path = folder / f"{name}.html"
    path.write_text(
        f'<!DOCTYPE html><html lang="en" data-shown="en"><head><meta charset="utf-8"><title>Words</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{allowed}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f"<style>{css}</style></head><body><main>{body}</main>{inside}{outside}<script>{code}</script></body></html>",
        encoding="utf-8",
    )
    return path


PARTS = (["page.js", "evidence.js"], ["page.css", "evidence.css"])


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("evidence")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPORT_BOTH", "1")
        own = evidence() | {"city": "霁川市"}
        return {
            "page": written(folder, "page", evidence()),
            "city": written(folder, "city", own, beside=True),
        }


def lines(page: Any) -> list[str]:
    return page.locator("dialog .ev-lines li").all_inner_texts()


def fine(seen: Watched) -> bool:
    """No complaint, nothing asked for, nothing taken, no scrolling sideways of page or window."""
    wide = "[document.documentElement, document.querySelector('dialog')].every(e => e.scrollWidth <= e.clientWidth + 1)"
    asked = [url for url in seen.requests if not url.startswith(("file:", "data:"))]
    return (seen.complaints, asked, seen.page.title(), seen.page.evaluate(wide)) == ([], [], "Words", True)


@pytest.mark.parametrize(
    "look", [{"viewport": DESK}, {"viewport": PHONE}, {"viewport": PHONE, "color_scheme": "dark"}]
)
def test_it_opens_by_mouse_and_closes(browser: Any, pages: dict[str, Path], look: dict) -> None:
    seen = Watched(browser, pages["page"], **look)
    page = seen.page
    page.get_by_role("button", name="招商", exact=True).click()
    assert page.get_by_role("dialog", name="招商").is_visible()
    assert "9 occurrences in 3 of 12 documents; in 3 cities; 2019–2022" in page.locator("dialog").inner_text()
    assert page.locator("dialog .ev-gloss").inner_text() == "attraction"
    assert len(lines(page)) == 3 and fine(seen)
    page.get_by_role("button", name="Close").click()
    assert page.get_by_role("dialog").count() == 0


def test_it_opens_by_keyboard_and_gives_the_focus_back(browser: Any, pages: dict[str, Path]) -> None:
    seen = Watched(browser, pages["page"], viewport=DESK)
    page = seen.page
    page.locator("button.ev").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("dialog[open]").count() == 1
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    assert page.evaluate("document.activeElement.dataset.item") == "招商" and seen.complaints == []


def test_lines_are_filtered_and_sorted(browser: Any, pages: dict[str, Path]) -> None:
    page = Watched(browser, pages["page"], viewport=DESK).page
    page.evaluate("openEvidence('term', '招商')")
    assert [line[0] for line in lines(page)] == ["霁", "栖", "望"], (
        "2022, then 2019 by the cities' sounds: qi, wang"
    )
    page.get_by_label("Sort by").select_option("right")
    assert ["甲" in line for line in lines(page)].index(True) == sorted("甲乙丙", key="丙甲乙".find).index(
        "甲"
    ) - 0
    page.get_by_label("Filter").fill("栖岭")
    assert len(lines(page)) == 1 and "Lines: 1" in page.locator(".ev-status").inner_text()
    page.get_by_label("Filter").fill("栖岭 2022")
    assert lines(page) == [] and "Nothing here" in page.locator(".ev-status").inner_text()


def test_the_hit_stands_in_the_middle_on_a_phone(browser: Any, pages: dict[str, Path]) -> None:
    page = Watched(browser, pages["page"], viewport=PHONE).page
    page.evaluate("openEvidence('term', '招商')")
    for mark in page.locator("dialog mark").all():
        box = mark.bounding_box()
        assert abs(box["x"] + box["width"] / 2 - PHONE["width"] / 2) < 25


def test_ten_thousand_lines_do_not_freeze_the_page(browser: Any, pages: dict[str, Path]) -> None:
    page = Watched(browser, pages["page"], viewport=DESK).page
    took = page.evaluate(
        "(() => { const t = performance.now(); openEvidence('term', '项目'); return performance.now() - t; })()"
    )
    assert took < 5000
    assert (
        len(lines(page)) == 200 and "The first 200 of 10,000 lines" in page.locator(".ev-status").inner_text()
    )
    page.get_by_role("button", name="Show more").click()
    assert len(lines(page)) == 400
    page.get_by_label("Filter").fill("第999")
    assert len(lines(page)) == 11, "第999行 and 第9990行 to 第9999行"


def test_counts_by_city_and_year(browser: Any, pages: dict[str, Path]) -> None:
    seen = Watched(browser, pages["page"], viewport=PHONE)
    page = seen.page
    page.evaluate("openEvidence('entry', '产业链招商')")
    rows = [row.split() for row in page.locator("dialog tbody tr").all_inner_texts()]
    assert page.locator("dialog thead th").all_inner_texts() == ["City", "Total", "2022", "2020", "2019"]
    assert rows == [
        ["霁川市", "40", "0", "0", "40"],
        ["栖岭市", "5", "0", "0", "5"],
        ["望澜市", "2", "0", "2", "0"],
        ["砚湖市", "1", "0", "1", "0"],
    ]
    page.locator("dialog thead").get_by_role("button", name="2020").click()
    assert page.locator("dialog tbody th").first.inner_text() == "望澜市"
    assert page.locator("[aria-sort=descending]").inner_text() == "2020"
    page.get_by_label("Filter").fill("砚湖")
    assert page.locator("dialog tbody tr").count() == 1 and fine(seen)
    assert "from 11 in 2019" in page.locator("dialog svg").get_attribute("aria-label"), (
        "40 and 5 in four documents of 2019"
    )


def test_a_citys_own_lines_come_first_and_alone(browser: Any, pages: dict[str, Path]) -> None:
    seen = Watched(browser, pages["city"], viewport=DESK)
    page = seen.page
    page.get_by_role("button", name="招商", exact=True).click()
    page.get_by_label("Sort by").select_option("left")
    assert (
        lines(page)[0].startswith("霁川市")
        and "In 霁川市: 7; documents: 1" in page.locator("dialog").inner_text()
    )
    page.get_by_label("Only 霁川市").check()
    assert len(lines(page)) == 1
    page.evaluate("openEvidence('term', '招商', {cities: ['望澜市', '栖岭市']})")
    assert len(lines(page)) == 2 and fine(seen)


def test_hostile_names_and_lines_stay_text(browser: Any, pages: dict[str, Path]) -> None:
    seen = Watched(browser, pages["page"], viewport=PHONE)
    page = seen.page
    page.locator("button.ev", has_text="script").click()
    assert page.locator("dialog h2").inner_text() == HOSTILE
    page.keyboard.press("Escape")
    page.evaluate("openEvidence('term', '招商')")
    assert any(HOSTILE in line for line in lines(page)) and page.locator("dialog img").count() == 0
    page.keyboard.press("Escape")
    page.locator("button.ev[data-kind=topic]").click()
    assert page.locator("dialog h2").inner_text() == "服务"
    assert page.locator(".ev-passage").first.inner_text() == "首段" + HOSTILE
    assert page.locator(".ev-share").first.inner_text() == "55 %" and fine(seen)


def test_both_languages(browser: Any, pages: dict[str, Path]) -> None:
    page = Watched(browser, pages["page"], viewport=DESK).page
    page.evaluate("openEvidence('term', '招商')")
    page.evaluate("document.documentElement.dataset.shown = 'zh'")
    page.wait_for_function("document.querySelector('dialog').lang === 'zh-Hans'")
    told = page.locator("dialog").inner_text()
    assert "共出现9次" in told and "检索行" in told and "occurrences" not in told


def test_an_item_without_evidence_opens_nothing(browser: Any, pages: dict[str, Path]) -> None:
    page = Watched(browser, pages["page"], viewport=DESK).page
    assert page.evaluate("openEvidence('term', 'constructor')") is False
    assert page.locator("dialog[open]").count() == 0
