"""Charts: what they measure, what they carry into a page, and what may pass as one."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_charts import CITIES, HOSTILE, small_corpus, small_counts, small_measures, small_topics
from small_counts import made

from analysis import (
    Counts,
    diffusion,
    distinctive,
    jsd_terms,
    pair_rates,
    place_table,
    plot_pair,
    specs,
    style,
)
from analysis.charts import chart_diffusion, chart_map, chart_pair, chart_topics
from analysis.evidence.packing import unpacked
from analysis.harmless import harmless
from analysis.site.exploring import comparison, map_of

A, B = CITIES[:2]


@pytest.fixture(scope="module")
def charts() -> dict[str, Any]:
    counts = small_counts()
    spread = diffusion(counts.where(counts.values.toarray()[:, 1] < 40), ["词0", "词1"], draws=20)
    return {
        "pair": chart_pair(pair_rates(counts, "city", A, B)),
        "map": chart_map(small_measures()),
        "diffusion": chart_diffusion(spread),
        "topics": chart_topics(small_topics()),
    }


# ---- two cities word by word


def test_rates_of_two_cities_are_those_reckoned_by_hand() -> None:
    counts = made([[3, 0, 1], [1, 0, 0], [0, 4, 0]], city=["甲市", "甲市", "乙市"], n_tokens=[600, 400, 500])
    frame = pair_rates(counts, "city", "甲市", "乙市").set_index("term")
    assert frame.loc["词0", ["n_a", "n_b", "docs_a", "docs_b"]].tolist() == [4, 0, 2, 0]
    assert frame.loc["词0", "rate_a"] == pytest.approx(40) and frame.loc["词1", "rate_b"] == pytest.approx(80)
    assert frame.loc["词0", "log_ratio"] == pytest.approx(np.log2((4.5 / 1000) / (0.5 / 500)))
    assert frame.loc["词1", "contribution"] == pytest.approx(0.5 * 4 / 500)  # all of it: log2 of 2 is 1


def test_contributions_are_the_divergence_that_jsd_terms_gives() -> None:
    counts = small_counts()
    whole = Counts(counts.values, counts.rows.drop(columns="n_tokens"), counts.terms)
    ours = pair_rates(whole, "city", A, B).set_index("term")["contribution"]
    theirs = jsd_terms(whole, "city", A, B).set_index("term")["contribution"]
    pd.testing.assert_series_equal(ours.sort_index(), theirs.sort_index(), check_names=False)


def test_exchanging_the_cities_turns_the_sign_and_the_order_of_documents_changes_nothing() -> None:
    counts = small_counts()
    back = np.arange(len(counts.rows))[::-1]
    turned = Counts(counts.values[back], counts.rows.iloc[back].reset_index(drop=True), counts.terms)
    ours, other = pair_rates(counts, "city", A, B), pair_rates(turned, "city", B, A)
    pd.testing.assert_frame_equal(ours, pair_rates(turned, "city", A, B))
    np.testing.assert_allclose(ours["log_ratio"], -other["log_ratio"])
    np.testing.assert_allclose(ours["contribution"], other["contribution"])


@pytest.mark.parametrize(("b", "said"), [(A, "named twice"), ("无此市", "无此市")])
def test_a_pair_that_is_none_is_answered_in_a_sentence(b: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        pair_rates(small_counts(), "city", A, b)


def test_what_was_said_in_one_document_alone_does_not_tell_two_cities_apart() -> None:
    counts = made(
        [[90, 5], [0, 5], [0, 0], [0, 0]], city=["甲市", "甲市", "乙市", "乙市"], n_tokens=[500] * 4
    )
    frame = pair_rates(counts, "city", "甲市", "乙市")
    assert frame["term"].iloc[0] == "词0"
    assert distinctive(frame)["term"].tolist() == ["词1"]


def test_a_picture_of_two_cities_draws_every_word_and_names_the_planted_one() -> None:
    from matplotlib import pyplot

    frame = pair_rates(small_counts(), "city", A, B)
    ax = plot_pair(frame)
    drawn = sum(len(dots.get_offsets()) for dots in ax.collections)
    assert drawn == len(frame)
    assert "词0" in [text.get_text() for text in ax.texts]
    assert A in ax.get_ylabel() and B in ax.get_xlabel()
    pyplot.close(ax.figure)


# ---- what travels


@pytest.mark.parametrize("name", ["pair", "map", "diffusion", "topics"])
def test_a_chart_reaches_the_page_whole_and_says_its_words_in_chinese(
    charts: dict[str, Any], name: str
) -> None:
    attribute = specs.chart_attribute(charts[name])
    passed = harmless(f"<figure class='picture'{attribute}><img alt='a'></figure>")
    kept = re.search(r'data-chart="([^"]*)"', passed)
    assert kept and html.unescape(kept[1]) == html.unescape(attribute[len(' data-chart="') : -1])
    told = json.loads(specs.chart_json(charts[name]))
    english = [text for text in specs._texts(told) if re.search("[a-z]{3}", text)]
    assert english and set(english) - {"rate", "share"} <= set(told["words"])
    assert all(re.search("[\u4e00-\u9fff]", said) for said in told["words"].values())
    assert '"url"' not in specs.chart_json(charts[name])


def test_the_same_frame_gives_the_same_bytes_in_any_order() -> None:
    frame = small_measures()
    first = specs.chart_json(chart_map(frame))
    assert specs.chart_json(chart_map(frame)) == first
    mixed = frame.sample(frac=1, random_state=1).sort_values("measure", kind="stable")
    assert specs.chart_json(chart_map(mixed)) == first


def test_rows_come_back_from_their_columns() -> None:
    frame = small_topics()
    (columns,) = json.loads(specs.chart_json(chart_topics(frame)))["columns"].values()
    back = {
        name: own if isinstance(own, list) else [own["of"][at] for at in own["at"]]
        for name, own in columns.items()
    }
    assert back["group"] == frame["group"].tolist() and back["label"] == frame["label"].tolist()
    np.testing.assert_allclose(back["share"], frame["share"], rtol=1e-3)


def test_a_hostile_word_stays_a_word() -> None:
    counts = small_counts()
    terms = pd.Index([HOSTILE, *counts.terms[1:]], dtype=object)
    chart = chart_pair(pair_rates(Counts(counts.values, counts.rows, terms), "city", A, B))
    text = specs.chart_json(chart)
    kept = [own["term"] for own in json.loads(text)["columns"].values() if "term" in own]
    assert "<" not in text and HOSTILE in kept[0]
    figure = harmless(f"<figure{specs.chart_attribute(chart)}></figure>")
    assert (
        figure.count("<") == 2 and "onerror" in figure
    )  # the figure's own tags, and the word inside its attribute


def _changed(chart: Any, change: Any) -> str:
    told = json.loads(specs.chart_json(chart))
    change(told)
    return f'<figure data-chart="{html.escape(json.dumps(told).translate(specs._SWAP))}">x</figure>'


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told["spec"].update(data={"url": "https://example.org/a.csv"}),
        lambda told: told["spec"].update(usermeta={"embedOptions": {"ast": False}}),
        lambda told: told["spec"]["layer"][1].update(mark="image"),
        lambda told: told["spec"]["layer"][1].update(mark={"type": "image"}),
        lambda told: told["spec"]["layer"][1]["encoding"].update(href={"value": "javascript:alert(1)"}),
        lambda told: told["spec"]["params"].append({"name": "p", "bind": {"element": "#main"}}),
        lambda told: told.update(links={A: "https://example.org"}),
        lambda told: told.pop("spec"),
    ],
)
def test_a_chart_that_loads_leads_away_or_reaches_out_is_left_out(
    charts: dict[str, Any], change: Any
) -> None:
    assert "data-chart" in harmless(_changed(charts["pair"], lambda told: None))
    assert harmless(_changed(charts["pair"], change)) == "<figure>x</figure>"


@pytest.mark.parametrize("value", ["", "{", "[]", "null", "1", "{'spec':1,'x':2}"])
def test_what_is_no_chart_is_left_out(value: str) -> None:
    assert harmless(f'<figure data-chart="{value}">x</figure>') == "<figure>x</figure>"


def test_no_other_element_carries_a_chart(charts: dict[str, Any]) -> None:
    assert harmless(f"<div{specs.chart_attribute(charts['map'])}>x</div>") == "<div>x</div>"


def test_a_chart_that_is_too_large_is_left_out_and_said(charts: dict[str, Any], monkeypatch: Any) -> None:
    monkeypatch.setattr(specs, "LARGEST", 100)
    with pytest.warns(UserWarning, match="its picture stands alone"):
        assert specs.chart_attribute(charts["pair"]) == ""


@pytest.mark.parametrize("both", [False, True])
def test_a_figure_shows_its_chart_in_jupyter_and_carries_it_in_a_report(
    charts: dict[str, Any], monkeypatch: Any, both: bool
) -> None:
    import IPython.display as display
    from matplotlib import pyplot

    shown: list[dict] = []
    monkeypatch.setattr(display, "display", lambda bundle, raw: shown.append(bundle))
    monkeypatch.setenv("REPORT_BOTH", "1" if both else "0")
    style.show(pyplot.subplots(figsize=(1, 1))[1], alt="a pair", chart=charts["pair"])
    assert ("data-chart=" in shown[0]["text/html"]) is both
    assert "<img" in shown[0]["text/html"]  # for paper, without a script, for those who can't see the chart
    assert [specs.VEGA_LITE_5 in each for each in shown[1:]] == ([] if both else [True])


def test_in_jupyter_a_chart_is_in_the_language_asked_for(charts: dict[str, Any], monkeypatch: Any) -> None:
    monkeypatch.delenv("REPORT_BOTH", raising=False)
    monkeypatch.setenv("REPORT_LANG", "zh")
    bundle = specs.in_jupyter(charts["diffusion"])
    assert bundle and "城市比例" in json.dumps(bundle, ensure_ascii=False)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: chart_map(small_measures().assign(value=np.nan)), "no city that is on the map"),
        (lambda: chart_topics(small_topics().assign(share=np.nan)), "no group with a share"),
        (lambda: chart_topics(small_topics().drop(columns="label")), "label"),
        (lambda: chart_pair(pair_rates(small_counts(), "city", A, B).head(0)), "no terms"),
    ],
)
def test_nothing_to_draw_is_answered_in_a_sentence(make: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        make()


# ---- the pages


def test_the_comparison_holds_the_counts_of_every_document(monkeypatch: Any) -> None:
    monkeypatch.setattr("analysis.site.exploring.script_library", lambda: "")
    corpus = small_corpus()
    text = comparison(corpus).files["assets/rates.js"]
    data = json.loads(re.search(r"window\.EVIDENCE = (.*);\n", text)[1])  # type: ignore[index]
    tokens = json.loads(re.search(r"window\.RATES = (.*);\n", text)[1])["tokens"]  # type: ignore[index]
    rows = corpus.words.rows.sort_values(["city", "year", "doc_id"])
    assert tokens == rows["n_tokens"].tolist()
    expected = corpus.words.values[rows.index, 0].toarray().ravel().tolist()
    assert unpacked(data["items"]["term|词0"]["counts"], len(tokens)) == expected


def test_a_corpus_with_one_city_says_that_there_is_nothing_to_compare() -> None:
    corpus = small_corpus()
    alone = corpus.words.where(corpus.words.rows["city"] == A)
    page = comparison(type(corpus)(**{**corpus.__dict__, "words": alone, "documents": alone.rows}))
    assert "fewer than two cities" in page.body and not page.files


def test_the_map_leads_to_the_pages_of_cities_that_it_shows(monkeypatch: Any) -> None:
    monkeypatch.setattr("analysis.site.exploring.script_library", lambda: "")
    found = map_of(small_measures(), {A: "city-001.html", "无此市": "city-009.html"})
    told = json.loads(found.files["assets/map.js"].removeprefix("window.MAP = ").rstrip(";\n"))
    assert told["links"] == {A: "cities/city-001.html"}


def test_a_measure_of_no_city_on_the_map_is_no_choice() -> None:
    measures = small_measures()
    elsewhere = measures.assign(measure="promises met", longitude=np.nan, latitude=np.nan)
    told = json.loads(specs.chart_json(chart_map(pd.concat([measures, elsewhere]))))
    assert "promises met" not in json.dumps(told)


def test_a_click_on_a_topic_asks_for_evidence_by_its_number() -> None:
    """As the evidence of topics is kept: a label may be the same of two topics."""
    told = json.loads(specs.chart_json(chart_topics(small_topics())))
    (columns,) = told["columns"].values()
    assert set(columns[told["click"]["field"]]["of"]) == {"1", "2"}


def test_a_city_stands_where_it_lies_to_the_kilometre():
    measures = pd.DataFrame(
        {
            "city": ["盐城市", "苏州市"],
            "year": [pd.NA, pd.NA],
            "measure": "length",
            "value": [1.5, 2.0],
            "n": 3,
        }
    )
    spec = chart_map(measures).to_dict()
    (rows,) = spec["datasets"].values()
    there = place_table().drop_duplicates("name").set_index("name")
    for row in rows:
        place = there.loc[row["city"]]
        assert (row["longitude"], row["latitude"]) == pytest.approx(
            (place["longitude"], place["latitude"]), abs=0.006
        )
