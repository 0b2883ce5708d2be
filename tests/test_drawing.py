"""A figure is drawn once a language, with all its words; its palette loses nothing that one would see."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from lxml import html
from matplotlib import pyplot
from matplotlib.figure import Figure
from PIL import Image

from analysis import catalogues, drawing, languages, style, table_markup
from analysis.figures.canvas import note_below

CATALOGUE = {
    "Share of {what}": "{what}的比例",
    "coast": "沿海",
    "kept": "已兑现",
    "Lines: {level} % intervals over {units}.": "横线：按{units}计算的{level}%置信区间。",
    "cities": "城市",
    "promises": "承诺",
    "What the bars show": "各条所示",
    "Table behind this figure": "图中数据表",
    "Made up.": "虚构。",
}


@pytest.fixture
def in_both(tmp_path, monkeypatch):
    lines = (f'msgid "{english}"\nmsgstr "{chinese}"\n' for english, chinese in CATALOGUE.items())
    (tmp_path / "a.po").write_text("\n".join(lines), "utf-8")
    monkeypatch.setattr(languages, "CATALOGUES", tmp_path)
    monkeypatch.setenv("REPORT_BOTH", "1")
    catalogues.catalogue.cache_clear()
    yield
    catalogues.catalogue.cache_clear()
    pyplot.close("all")


def bars() -> Figure:
    style.set_type()
    figure, ax = pyplot.subplots(figsize=(4, 2.5))
    ax.barh(["coast", "招商"], [1, 2])
    ax.set_xlabel("Share of promises")
    ax.set_title("kept")
    note_below(ax, ["Lines: 95 % intervals over cities.", ""])
    return figure


def test_every_word_of_a_figure_is_said(in_both):
    figure = bars()
    said = {}
    for language in drawing.versions(figure):
        figure.draw_without_rendering()
        said[language] = set(drawing.words_in(figure).split("\n"))
    assert {"coast", "招商", "Share of promises", "kept"} <= said["en"]
    assert {"沿海", "招商", "承诺的比例", "已兑现"} <= said["zh"]
    assert "".join(sorted(said["zh"])).count("置信区间") == 1 and not any(
        "95 %" in line for line in said["zh"]
    )


def test_a_figure_without_known_words_is_drawn_once(in_both):
    figure, ax = pyplot.subplots()
    ax.set_title("招商")
    assert list(drawing.versions(figure)) == ["en"]


def test_outside_a_report_a_figure_has_one_language(in_both, monkeypatch):
    monkeypatch.delenv("REPORT_BOTH")
    assert list(drawing.versions(bars())) == ["en"]
    monkeypatch.setenv("REPORT_LANG", "zh")
    assert list(drawing.versions(bars())) == ["zh"]


def test_lines_of_chinese_break_between_characters_and_never_before_a_stop():
    text = "每点为一个随机分组，与其余全部city相比较；横条：均值。" * 3
    lines = drawing.wrapped_chinese(text, 21).split("\n")
    assert "".join(lines) == text
    assert all(drawing.columns_of(line) <= 23 for line in lines), "a stop may stand out by its width"
    assert not any(line[0] in "，；：。" for line in lines)
    assert all("city" in line or "c" not in line for line in lines)


@pytest.mark.parametrize("draw", ["bars", "heat map", "cloud of colours"])
def test_a_palette_loses_nothing_that_one_would_see(draw):
    figure, ax = pyplot.subplots(figsize=(4, 3))
    if draw == "bars":
        ax.barh(["a", "b"], [1, 2])
    else:
        values = np.random.default_rng(0).random((40, 40, 3) if "cloud" in draw else (40, 40))
        ax.imshow(values, cmap="Blues")
    full = BytesIO()
    figure.savefig(full, format="png", dpi=96)
    pyplot.close(figure)
    picture = Image.open(full).convert("RGB")
    small = drawing.small(picture)
    assert len(small) <= len(full.getvalue()) and small == drawing.small(picture)
    before, after = (
        np.asarray(each.convert("RGB"), dtype=float) for each in (picture, Image.open(BytesIO(small)))
    )
    assert before.shape == after.shape and np.abs(before - after).max() <= 16
    if draw != "cloud of colours":
        assert len(small) < 0.7 * len(full.getvalue())


def test_what_stands_round_a_picture_is_in_both_languages(in_both):
    import pandas as pd

    frame = pd.DataFrame({"cities": ["kept", "招商", "<b>"], "n": [1, 2, 3]})
    shown = style.figure_html(
        {"en": b"\0" * 24, "zh": b"\0" * 24}, alt="What the bars show", caption="Made up.", data=frame
    )
    figure = html.fragment_fromstring(shown)
    assert [(i.get("data-in"), i.get("alt")) for i in figure.xpath(".//img")] == [
        ("en", "What the bars show"),
        ("zh", "各条所示"),
    ]
    assert [s.text for s in figure.xpath("./figcaption/span")] == ["Made up.", "虚构。"]
    assert [s.text for s in figure.xpath("./details/summary/span")] == [
        "Table behind this figure",
        "图中数据表",
    ]
    assert [s.text for s in figure.xpath(".//th[1]/span")] == ["cities", "城市"]
    assert [c.text_content() for c in figure.xpath(".//tbody/tr/td[1]")] == ["kept已兑现", "招商", "<b>"]
    one = html.fragment_fromstring(style.figure_html(b"\0" * 24, alt="What the bars show"))
    image = one.find("img")
    assert (image.get("alt"), image.get("data-zh-alt")) == ("What the bars show", "各条所示")


def test_a_table_in_a_notebook_stays_in_one_language(in_both, monkeypatch):
    import pandas as pd

    monkeypatch.delenv("REPORT_BOTH")
    assert "已兑现" not in table_markup.table_html(pd.DataFrame({"a": ["kept"]}))


def test_a_note_is_no_entry_of_a_legend(in_both, recwarn):
    ax = bars().axes[0]
    ax.plot([1, 2], label="kept")
    legend = ax.legend()
    assert [text.get_text() for text in legend.get_texts()] == ["kept"] and not len(recwarn)


def test_an_english_gloss_is_there_for_readers_of_english_alone(in_both):
    import pandas as pd

    frame = pd.DataFrame({"cities": ["招商"], "gloss": ["attracting investment"]})
    table = html.fragment_fromstring(table_markup.table_html(frame))
    assert [cell.get("data-in") for cell in table.xpath(".//th | .//td")] == [None, "en"] * 2
