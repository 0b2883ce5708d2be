"""Restoring: the bars on texts damaged by the forward model, the laws, and the three real pages."""

from __future__ import annotations

import difflib
import random
import re
import time
from collections import Counter
from functools import lru_cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pinyin_damage import damage, random_list, traditional, undamaged

from analysis.characters import simplify_script
from analysis.restoring import Restored, restore

SAMPLE = sorted((Path(__file__).resolve().parent.parent / "data" / "sample" / "documents").glob("*.md"))
SENTENCE = re.compile(r"[^。!\n]+[。!\n]*")


@lru_cache(maxsize=1)
def sample() -> list[str]:
    """The bodies of the sample's documents."""
    return [path.read_text("utf-8").split("---\n", 2)[2].strip() for path in SAMPLE]


def pages(n: int, seed: int) -> list[tuple[str, str]]:
    """Damaged texts and what they were: three documents each, lists of 20 to 200, by turns with step 4 and without."""
    found = []
    for turn in range(n):
        text = "\n".join(random.Random(seed + turn).sample(sample(), 3))
        listed = random_list(text, (20, 60, 120, 200)[turn % 4], seed + turn)
        options = {"recode": turn % 2 == 1, "drop": turn % 3 != 2}
        found.append((damage(text, listed, **options), undamaged(text)))
    return found


def right_parts(restored: str, truth: str) -> tuple[bytearray, bytearray]:
    """For each character of the two texts, whether it is matched by the other's."""
    left, right = bytearray(len(restored)), bytearray(len(truth))
    for a, b, size in difflib.SequenceMatcher(None, restored, truth, autojunk=False).get_matching_blocks():
        left[a : a + size] = right[b : b + size] = b"\1" * size
    return left, right


def check_sites(restored: Restored, damaged: str) -> None:
    """Undoing every site gives the damaged page back; none overlaps another."""
    text, place = [], 0
    for site in restored.sites:
        assert place <= site.start <= site.end
        assert restored.text[site.start : site.end] == site.after
        text += [restored.text[place : site.start], site.before]
        place = site.end
    assert "".join([*text, restored.text[place:]]) == damaged


def test_the_bars_on_damaged_samples() -> None:
    sentences: Counter[bool] = Counter()
    exact_sites = 0
    for damaged, truth in pages(6, seed=11):
        restored = restore(damaged)
        check_sites(restored, damaged)
        left, right = right_parts(restored.text, truth)
        sentences.update(all(right[m.start() : m.end()]) for m in SENTENCE.finditer(truth))
        exact = [site for site in restored.sites if site.certainty == "exact"]
        assert all(all(left[site.start : site.end]) for site in exact)
        exact_sites += len(exact)
        if restored.text != truth:
            assert any(site.certainty != "exact" for site in restored.sites)
    assert exact_sites > 1000
    assert sentences[True] / sentences.total() >= 0.99


@pytest.mark.parametrize("number", range(4))
def test_restoring_twice_changes_nothing(number: int) -> None:
    damaged, _ = pages(4, seed=31)[number]
    once = restore(damaged).text
    assert restore(once).text == once


def test_undamaged_texts_come_back_unchanged() -> None:
    for text in sample()[:30]:
        assert restore(text) == Restored(text, (), ())
        assert restore(traditional(text)).sites == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "霁川市位于亳(bó)水之北，郯(tán)山之南，旧称盱(xū)眙(yí)。",
        "霽川市位於亳(bó)水之北，郯(tán)山之南。亳水自西來。",
        "来源：(tcj)　东盟(ASEAN)与我市(一)合作；各县(市、区)负责(吕正龙)。",
        "工作的重点是什么?投资增长到400%?谁来干?",
        "The tone (má) of (mà) is heard in x?mā).",
        "😀" * 20 + "(zhāo)",
        "\ud800招(zhāo)商",
        "(" * 1000 + "zhāo" + ")" * 1000,
    ],
)
def test_what_only_looks_damaged_stays(text: str) -> None:
    assert restore(text) == Restored(text, (), ())


def test_no_string_is_told_in_a_sentence() -> None:
    with pytest.raises(ValueError, match="takes the text of one page as a string, not bytes"):
        restore(b"page")  # type: ignore[arg-type]


def test_a_character_outside_the_code_page_parts_a_run() -> None:
    text = "嵐屏市要創新招商方式，實施項目會戰。\n" * 4
    listed = [("創", "chuàng"), ("獎", "jiǎng"), ("實", "shí"), ("項", "xiàng"), ("會", "huì"), ("務", "wù")]
    damaged = damage(text, listed, convert=False).replace("方式", "方😀𠮷式") + "\ud800"
    restored = restore(damaged)
    assert restored.text == undamaged(text, convert=False).replace("方式", "方😀𠮷式") + "\ud800"
    assert "unresolved" not in {site.certainty for site in restored.sites}


def test_a_page_whose_list_cannot_be_learnt_says_so() -> None:
    text = "望瀾市實(shí)施項目會戰，實施項目招商，擴(kuò)大開放，擴大投資，調(diào)整結構，調整布局，項(xiàng)目。"
    restored = restore(text)
    assert (restored.text, restored.sites) == (text, ())
    assert (
        restored.note == "4 pinyin notes and 0 broken ones, but no list of noted characters: left as it is."
    )


def test_a_page_annotated_twice() -> None:
    assert (
        restore("實(shí)(shí)施項(xiàng)(xiàng)目,實(shí)(shí)現(xiàn)(xiàn)突破。會(huì)(huì)").text
        == "實施項目,實現突破。會"
    )


def test_what_cannot_be_read_stays_to_be_seen() -> None:
    listed = [("實", "shí"), ("項", "xiàng"), ("會", "huì")]
    damaged = damage("砚湖市实施项目会战，实现项目突破。\n" * 3, listed) + "目標?wù)😀項(xiàng)目"
    restored = restore(damaged)
    assert "?wù)😀項目" in restored.text
    assert [site.certainty for site in restored.sites if site.kind == "frame"] == ["unresolved"]
    assert restore(restored.text).text == restored.text


def test_lost_numbers_follow_those_before() -> None:
    body = "一、加快建设\n　　（1）强化项目服务。\n　　（2）实施项目会战。\n二、扩大开放\n　　（1）加强项目招商。\n"
    listed = [("項", "xiàng"), ("實", "shí"), ("會", "huì"), ("務", "wù"), ("設", "shè")]
    damaged = damage(body * 2, listed, recode=True)
    assert "?。?)" in damaged
    restored = restore(damaged)
    assert restored.text == undamaged(body * 2)
    assert {site.certainty for site in restored.sites if "(" in site.after} == {"inferred"}


TRADITIONAL = traditional("".join(sample()[:3]))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 60), st.booleans(), st.booleans())
@example(0, 20, True, True)
def test_damage_is_undone_or_told(seed: int, n: int, recode: bool, drop: bool) -> None:
    chosen = random.Random(seed)
    text = "\n".join(chosen.choice(sample()[chosen.randrange(40)].split("\n")) for _ in range(3))
    damaged = damage(text, random_list(text, n, seed, converted=seed % 2 == 0), recode=recode, drop=drop)
    restored = restore(damaged)
    check_sites(restored, damaged)
    if restored.listed and restored.text != undamaged(text):
        assert any(site.certainty != "exact" for site in restored.sites)
    assert restore(restored.text).text == restored.text


PIECES = [
    "(shí)",
    "實(shí)",
    "項(xiàng)",
    "?wù)",
    "?jiǎng)",
    "?。?)",
    "?,",
    "\n",
    "\ud800",
    "😀",
    "　",
    "(",
    ")",
    "F(xiàn)",
    "獎(jiǎng)?wù)猩坦",
]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(PIECES), st.sampled_from(TRADITIONAL), st.characters()), max_size=40)
)
def test_any_text_is_survived(pieces: list[str]) -> None:
    text = "".join(pieces)
    check_sites(restore(text), text)


def test_undamaged_text_costs_little() -> None:
    text = "我市全力招商引资，优化营商环境。\n" * 60_000  # about 3 MB
    start = time.process_time()
    assert restore(text).text is text
    assert len(text.encode()) / (time.process_time() - start) > 1e6


# ---- the three real pages

REAL = ["001_600612ed4d0ddf91.txt", "003_3924bc9a14d07825.txt", "004_9102397643b9cae0.txt"]


@pytest.mark.parametrize(
    ("name", "notes", "other"), list(zip(REAL, (229, 2134, 240), (3, 22, 1), strict=True))
)
def test_real_pages(corpus: Path, name: str, notes: int, other: int) -> None:
    text = (corpus / "web_pages" / name).read_text("utf-8")
    restored = restore(text)
    check_sites(restored, text)
    kinds = Counter(site.kind == "note" for site in restored.sites)
    assert (kinds[True], kinds[False]) == (notes, other)
    assert not re.search("[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]", restored.text)
    assert "unresolved" not in {site.certainty for site in restored.sites}
    assert restore(restored.text).text == restored.text


# The order in which characters that share a byte were annotated, as the pages show it (the second came later), and
# the characters that were annotated after step 4.
ORDER = [("報", "請"), ("創", "獎"), ("務", "獎"), ("擔", "負"), ("驅", "實")]
LATE = {REAL[1]: "優驅實"}


def in_order(listed: dict[str, str], late: str) -> list[tuple[str, str]]:
    """The list in an order that keeps to ORDER, those annotated late at the end."""
    graph: dict[str, set[str]] = {char: set() for char in listed}
    for first, second in ORDER:
        if first in graph and second in graph:
            graph[second].add(first)
    order = [char for char in TopologicalSorter(graph).static_order() if char not in late]
    return [(char, listed[char]) for char in [*order, *late]]


@pytest.mark.parametrize("name", REAL)
def test_real_pages_come_back_when_damaged_again(corpus: Path, name: str) -> None:
    """Line for line: the restored pages, their marks made wide again, damaged by the learnt lists."""
    text = (corpus / "web_pages" / name).read_text("utf-8")
    restored = restore(text)
    late = LATE.get(name, "")
    listed = in_order(dict(restored.listed), late)
    wide = restored.text.translate(str.maketrans(",():;?!", "，（）：；？！"))
    again = damage(wide, listed, recode=bool(late), convert=False, before=len(listed) - len(late))
    assert again.split("\n") == text.split("\n")


def test_particles_of_the_real_pages(corpus: Path) -> None:
    """In 14 places 著 is 着; 顯著 stays."""
    pairs = []
    for name in REAL:
        restored = restore((corpus / "web_pages" / name).read_text("utf-8")).text
        simple = simplify_script(restored).text
        places = [place for place, char in enumerate(restored) if char == "著"]
        pairs += [(simple[place - 1], simple[place]) for place in places]
    assert Counter(after for _, after in pairs) == {"着": 14, "著": 1}
    assert ("显", "著") in pairs
