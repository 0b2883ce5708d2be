"""What stands behind a number: the counts are the corpus's own, the lines stand in its texts, and nothing acts."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

from analysis import open_corpus
from analysis.corpus import Corpus
from analysis.counts import Counts
from analysis.evidence.blocks import LABELS, answered, labels, page_block, script
from analysis.evidence.buttons import button, is_opened, items_of, settle, wanted, wanted_by
from analysis.evidence.embedding import with_evidence
from analysis.evidence.gathering import Evidence, fair_share, size
from analysis.evidence.lines import WIDTH, token_places
from analysis.evidence.packing import packed, unpacked
from analysis.evidence.themes import topic_block, topic_evidence
from analysis.harmless import harmless, inner, parsed
from analysis.pages import tidy
from analysis.rhetoric.readings import Rhetoric
from analysis.table_markup import table_html
from analysis.topic_models.fitting import Topics
from analysis.words import tokeniser

HOSTILE = "</script><script>document.title='taken'</script>\"'<!--\u2028"


@pytest.fixture(scope="module")
def sample() -> Corpus:
    return open_corpus("sample")


@pytest.fixture(scope="module")
def evidence(sample: Corpus) -> Evidence:
    return Evidence(sample)


def counts_of(evidence: Evidence, data: dict, key: str) -> pd.Series:
    """An item's counts as a page holds them, by doc_id."""
    counts = unpacked(data["items"][key]["counts"], len(evidence.documents))
    return pd.Series(counts, index=list(evidence.documents.frame["doc_id"]))


def without_texts(corpus: Corpus) -> Corpus:
    return replace(corpus, documents=corpus.documents.drop(columns="text"))


# ---- counts


@pytest.mark.parametrize("zeros", [0.0, 0.5, 0.99])
def test_packed_counts_come_back(zeros):
    draw = random.Random(3)
    for _ in range(60):
        counts = [
            0 if draw.random() < zeros else draw.choice([1, 9, 10, 35, 36, 100, 1009]) for _ in range(90)
        ]
        assert unpacked(packed(counts), len(counts)) == counts
        assert not set('"\\<&') & set(packed(counts)), "a sign that JSON or HTML would write longer"


def test_counts_are_those_of_the_corpus(sample, evidence):
    found = sample.rhetoric
    whole = evidence.of([("term", "招商"), ("slogan", found.slogans["slogan"].mode()[0])], budget=10**7)
    words = pd.Series(sample.words.select(["招商"]).values.toarray()[:, 0], index=sample.words.rows["doc_id"])
    told = counts_of(evidence, whole, "term|招商")
    assert told.sum() > 0 and (told == words.reindex(told.index)).all()
    cases = [
        ("entry", found.devices, found.devices["entry"]),
        ("category", found.devices, found.devices["device"] + ":" + found.devices["category"]),
        ("category", found.commitments, "commitment:" + found.commitments["category"]),
        ("commitment", found.commitments, found.commitments["term"]),
        ("commitment", found.commitments, found.commitments["strength"].map({3: "obligation"})),
        ("slogan", found.slogans, found.slogans["slogan"]),
        ("target", found.targets, found.targets["object"] + "|" + found.targets["unit_kind"]),
    ]
    for kind, hits, keys in cases:
        item = keys.dropna().mode()[0]
        told = counts_of(evidence, evidence.of([(kind, item)], budget=10**7), f"{kind}|{item}")
        if "negated" in hits:  # what is negated counts nowhere
            hits = hits[~hits["negated"]]
        own = hits[(keys.loc[hits.index] == item).fillna(False)]["doc_id"].astype(str).value_counts()
        assert told[told > 0].sort_index().to_dict() == own[own > 0].sort_index().to_dict(), kind


def test_what_does_not_count_is_no_evidence(sample):
    """The window shows the hits that the rates of a page are made of: none that is negated, none of a city's own name."""
    hits = pd.DataFrame(
        {"doc_id": sample.documents["doc_id"][:3].tolist(), "start": 0, "end": 2, "entry": "绣花"}
    ).assign(device="images", category="care", negated=[False, True, False])
    places = hits.assign(device="places", entry=[str(city)[:2] for city in sample.documents["city"][:3]])
    found = replace(sample.rhetoric, devices=pd.concat([hits, places], ignore_index=True))
    counted = Evidence(replace(sample, later={"rhetoric": lambda: found}))
    assert counted.of([("entry", "绣花")])["items"]["entry|绣花"]["n"] == 2
    assert counted.of([("entry", places["entry"][0])])["items"] == {}


def test_what_is_not_found_has_no_evidence(evidence):
    data = evidence.of(
        [("term", "无此词"), ("entry", HOSTILE), ("category", "methods"), ("target", "x"), ("odd", "招商")]
    )
    assert data["items"] == {} and data["left_out"] == 0


# ---- lines


def test_a_word_is_found_as_often_as_it_is_counted(sample):
    """The tokeniser's cut of a clause is that of the whole text."""
    cut = tokeniser(also=sample.names)
    values = sample.words.values.tocsc()
    texts = sample.documents["text"].tolist()
    chosen = [at for at in range(0, len(sample.words.terms), 211)]
    chosen += [sample.words.terms.get_loc(term) for term in ("招商", "招商引资", "项目", "企业")]
    for at in chosen:
        term = sample.words.terms[at]
        column = values[:, at].toarray()[:, 0]
        found = [len(list(token_places(text, term, cut))) if term in text else 0 for text in texts]
        strings = [n for n, counted in zip(found, column, strict=True) if counted]
        assert strings == column[column > 0].tolist(), term


def test_a_word_inside_another_is_none():
    cut = tokeniser()
    text = "霁川市招商引资，望澜市招商。"
    assert [text[a:b] for a, b in token_places(text, "招商引资", cut)] == ["招商引资"]
    assert list(token_places(text, "招商", cut)) == [(11, 13)]
    assert list(token_places(text, "商引", cut)) == [(4, 6)], "no word anywhere: as a string"


def test_every_line_stands_in_its_text(sample, evidence):
    texts = sample.documents.set_index("doc_id")["text"]
    found = sample.rhetoric
    entry, commitment = found.devices["entry"].mode()[0], found.commitments["term"].mode()[0]
    items = [("term", "招商"), ("entry", entry), ("commitment", commitment)]
    data = evidence.of(items, budget=10**7)
    for kind, item in items:
        told = data["items"][f"{kind}|{item}"]
        assert len(told["lines"]) == told["n"]
        for at, left, hit, right in told["lines"]:
            text = texts[evidence.documents.frame["doc_id"].iloc[at]]
            assert left + (hit or item) + right in text and max(len(left), len(right)) <= WIDTH
            assert data["titles"][str(at)]


@pytest.mark.parametrize("budget", [9_000, 30_000, 120_000])
def test_lines_are_cut_alike_to_the_budget(evidence, budget):
    items = [("term", term) for term in ("项目", "企业", "招商", "服务", "筑巢引凤", "产业")]
    data = evidence.of(items, budget=budget)
    told = list(data["items"].values())
    most = max(len(each["lines"]) for each in told)
    assert size(data) <= budget and most > 0
    assert [len(each["lines"]) for each in told] == [min(each["n"], most) for each in told]
    assert size(data) > 0.8 * budget or all(each["n"] == len(each["lines"]) for each in told)


def test_lines_are_spread_over_cities_and_fewer_begin_more(evidence):
    few, more = (
        evidence.of([("term", "项目")], budget=n)["items"]["term|项目"]["lines"] for n in (6_000, 60_000)
    )
    cities = [evidence.documents.city[at] for at, *_ in few]
    assert len(set(cities[:8])) == min(8, len(evidence.documents.cities))
    assert more[: len(few)] == few and len(few) < len(more)


def test_two_of_three_lines_are_the_citys_own(evidence):
    data = evidence.of([("term", "项目")], city="霁川市", budget=8_000)
    lines = data["items"]["term|项目"]["lines"]
    own = [evidence.documents.cities[evidence.documents.city[at]] == "霁川市" for at, *_ in lines]
    assert own[:6] == [True, True, False] * 2 and data["city"] == "霁川市"


def test_the_order_of_the_documents_changes_nothing(sample, evidence):
    order = np.random.default_rng(1).permutation(len(sample.documents))
    words = sample.words
    turned = Counts(words.values[order], words.rows.iloc[order].reset_index(drop=True), words.terms)
    documents = sample.documents.iloc[order].reset_index(drop=True)
    frames = {name: frame.sample(frac=1, random_state=2) for name, frame in vars(sample.rhetoric).items()}
    other = replace(sample, words=turned, documents=documents, later={"rhetoric": lambda: Rhetoric(**frames)})
    items = [
        ("term", "招商"),
        ("entry", "龙头"),
        ("commitment", "坚持"),
        ("target", "项目|count"),
        ("term", "项目"),
    ]
    assert page_block(Evidence(other).of(items, budget=40_000)) == page_block(
        evidence.of(items, budget=40_000)
    )


# ---- counts alone


def many_documents(n: int = 900, terms: int = 60) -> Corpus:
    """Counts alone of many documents of 30 cities, common words and rare."""
    draw = np.random.default_rng(5)
    means = np.geomspace(0.01, 8, terms)
    values = csr_matrix(draw.poisson(means, (n, terms)))
    rows = {"doc_id": [f"d{at:03}" for at in range(n)], "city": [f"城{at % 30}市" for at in range(n)]}
    rows = pd.DataFrame(rows).assign(year=pd.array(2000 + draw.integers(0, 25, n), "Int64"))
    words = Counts(values, rows, pd.Index([f"词{at}" for at in range(terms)], dtype=object))
    about = {"title": "Invented", "fingerprint": "0"}
    none = pd.DataFrame()
    return Corpus(about, rows, words, words, none, none, none, none, none)


def test_counts_alone_are_made_to_fit_and_what_is_left_out_is_told():
    bare = Evidence(many_documents())
    items = [("term", term) for term in bare.corpus.words.terms]
    full = bare.of(items, budget=10**7)
    assert len(full["items"]) == len(items) and all("lines" not in each for each in full["items"].values())
    tight = bare.of(items, budget=size(full) * 2 // 3)
    coarse = {key: each for key, each in tight["items"].items() if "by_city" in each}
    assert coarse and size(tight) <= size(full) * 2 // 3 and tight["left_out"] == 0
    longest = max(full["items"], key=lambda key: len(full["items"][key]["counts"]))
    assert longest in coarse
    for key, each in coarse.items():
        by_city = unpacked(each["by_city"], len(bare.documents.cities) + 1)
        assert sum(by_city) == sum(unpacked(each["by_year"], 99)) == each["n"] == full["items"][key]["n"]
    least = bare.of(items, budget=8_000)
    assert least["left_out"] == len(items) - len(least["items"]) > 0 and size(least) <= 8_000


def test_shares_are_fair():
    assert fair_share([5, 5, 5], 9) == 3
    assert fair_share([], 9) == 0


# ---- buttons


def test_which_cells_open_evidence():
    frame = pd.DataFrame(
        {"term": ["招商", None], "object": ["项目", "投资"], "unit_kind": ["count", None], "n": [1, 2]}
    )
    assert items_of(frame) == {"term": [("term", "招商"), None], "object": [("target", "项目|count"), None]}
    assert items_of(frame[["object"]]) == {} and items_of(frame[["n"]]) == {}
    ladder = pd.DataFrame({"term": ["坚持"], "strength": [2]})
    assert items_of(ladder) == {"term": [("commitment", "坚持")]}
    kinds = pd.DataFrame({"device": ["methods"], "category": ["chain"], "topic": [3]})
    assert items_of(kinds) == {"category": [("category", "methods:chain")]}
    assert items_of(kinds, topics=True)["topic"] == [("topic", "3")]


def test_only_tables_of_a_corpus_in_a_report_open_evidence(monkeypatch):
    corpus = SimpleNamespace(words=None, documents=None)
    monkeypatch.delenv("REPORT_BOTH", raising=False)
    assert not is_opened(corpus)
    monkeypatch.setenv("REPORT_BOTH", "1")
    assert is_opened(corpus) and not is_opened(None) and not is_opened("Source: 霁川市.")


def test_hostile_items_stay_text_in_buttons():
    frame = pd.DataFrame({"term": [HOSTILE, "招商"]})
    root = parsed(harmless(table_html(frame, items=items_of(frame))))
    assert {each.tag for each in root.iter()} <= {
        "div",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "button",
    }
    shown = root.findall(".//button")
    assert (
        [each.get("data-item") for each in shown]
        == [each.text_content() for each in shown]
        == [HOSTILE, "招商"]
    )


def test_no_other_button_stays():
    kept = harmless(
        '<button class="ev" type="submit" form="f" formaction="http://x" onclick="f()" data-kind="term" '
        'data-item="a">a</button>'
        '<button class="ev x" data-kind="term">b</button><button>c</button>'
    )
    assert kept == '<button type="button" class="ev" data-kind="term" data-item="a">a</button>bc'
    with pytest.raises(ValueError, match="choose from term"):
        button("onclick", "a")


def test_buttons_without_evidence_become_words(evidence):
    frame = pd.DataFrame({"term": ["招商", "无此词", HOSTILE]})
    body = tidy(table_html(frame, items=items_of(frame))).body
    root = parsed(with_evidence(body, evidence))
    assert [each.get("data-item") for each in root.iterfind(".//button")] == ["招商"]
    assert HOSTILE.replace("\u2028", " ").split()[0] in root.text_content()
    assert with_evidence("<p>招商</p>", evidence) == "<p>招商</p>"
    assert "<button" not in with_evidence(body, None), "a corpus that can't be opened"


def test_charts_name_what_a_click_opens():
    items = {("term", HOSTILE), ("slogan", "三农")}
    root = parsed(
        harmless(f"<div{wanted_by(items)}></div><div data-wanted='[[1]'></div>{button('topic', '1')}")
    )
    assert wanted(root) == items
    assert settle(root, items) == 1 and "<button" not in inner(root), "a topic without data of its own"


# ---- data in a page


def test_nothing_breaks_out_of_a_block_or_a_script():
    data = {"items": {f"term|{HOSTILE}": {"n": 1}}, "titles": {"0": HOSTILE}}
    block, code = page_block(data), script(data, "EVIDENCE")
    assert block.count("<") == 2 and "\u2028" not in block + code and "<" not in code
    held = json.loads(block.partition(">")[2].removesuffix("</script>"))
    assert held["titles"] == data["titles"] and answered(held) == {("term", HOSTILE)}
    assert json.loads(code.removeprefix("window.EVIDENCE = ").removesuffix(";\n")) == held
    with pytest.raises(ValueError, match="no name of a variable"):
        script(data, "x;alert(1)//")


def test_the_window_speaks_chinese():
    told = labels()
    assert set(told["zh"]) == set(LABELS)
    assert [key for key, text in told["zh"].items() if text == LABELS[key]] == []


# ---- topics


def test_topics_bring_their_shares_and_passages(sample, evidence, monkeypatch):
    rows = sample.passages.rows
    first = np.random.default_rng(0).random(len(rows))
    shares = pd.DataFrame({1: first, 2: 1 - first})
    label = pd.Series({1: HOSTILE, 2: "服务"})
    found = Topics(pd.DataFrame(), shares, rows, label, "nmf", 2, 0)
    frame = topic_evidence(found, sample)
    assert np.allclose(frame.groupby("doc_id")["share"].sum(), 1)
    texts = sample.documents.set_index("doc_id")["text"]
    assert all(passage in texts[doc] for doc, passage in zip(frame["doc_id"], frame["passage"], strict=True))
    assert topic_evidence(found, without_texts(sample))["passage"].isna().all()

    monkeypatch.delenv("REPORT_BOTH", raising=False)
    assert topic_block(frame) == "", "a notebook shows none"
    monkeypatch.setenv("REPORT_BOTH", "1")
    body = tidy(button("topic", "1") + button("topic", "3") + topic_block(frame)).body
    root = parsed(with_evidence(body, evidence))
    assert [each.get("data-item") for each in root.iterfind(".//button")] == ["1"]
    data = json.loads(root.find(".//div[@data-evidence]").get("data-evidence"))
    told = data["items"]["topic|1"]
    assert told["name"]["en"] == HOSTILE and told["lines"][0][2] == max(line[2] for line in told["lines"])


def test_what_a_chart_s_marks_open_is_wanted_by_the_page(monkeypatch):
    import altair as alt

    from analysis import open_corpus
    from analysis.evidence.buttons import opened_by, wanted
    from analysis.harmless import parsed

    rows = pd.DataFrame({"term": ["招商", "</figure>", None], "n": [1, 2, 3]})
    chart = (
        alt.Chart(rows)
        .mark_point()
        .encode(x="n")
        .properties(usermeta={"click": {"kind": "term", "field": "term"}})
    )
    corpus = open_corpus("sample")
    assert opened_by(chart, corpus) == "", "outside a report nothing is opened"
    monkeypatch.setenv("REPORT_BOTH", "1")
    root = parsed(f"<figure{opened_by(chart, corpus)}></figure>")
    assert wanted(root) == {("term", "招商"), ("term", "</figure>")}
    assert opened_by(chart, None) == opened_by(None, corpus) == ""


def test_a_full_page_leaves_little_room_for_evidence_and_an_empty_one_all():
    from analysis.evidence.embedding import LEAST, room_beside
    from analysis.evidence.gathering import BUDGET

    assert room_beside("", texts=True) == BUDGET
    assert room_beside("x" * 2_900_000, texts=False) == LEAST
    full, charted = "x" * 2_300_000, "x" * 1_400_000 + '<figure data-chart="">'
    assert LEAST < room_beside(charted, texts=True) < room_beside(charted, texts=False) < BUDGET
    assert room_beside(full, texts=True) + len(full) < 3_000_000
