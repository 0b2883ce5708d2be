"""Shared text: the same marks as a slow search by strings, whatever the order, and what counts as shared."""

from __future__ import annotations

import random

import numpy as np
import pytest

from analysis.sharing import shared_marks, shared_share, shared_shingles, shingles

PASSAGE = "砚湖两岸三百家小厂搬进新园区"  # 14 characters: three shingles
OTHER = "丹汐口岸的集装箱一夜排到灯塔下面去"


def letters_of(text: str) -> tuple[str, list[int]]:
    places = [at for at, sign in enumerate(text) if sign.isalnum()]
    return "".join(text[at] for at in places), places


def strings_of(text: str) -> list[str]:
    letters, _ = letters_of(text)
    return [letters[at : at + 12] for at in range(len(letters) - 11)]


def slowly_shared(texts: list[str], groups: list) -> set[str]:
    of: dict[str, set] = {}
    for text, group in zip(texts, groups, strict=True):
        for string in strings_of(text) if group is not None else []:
            of.setdefault(string, set()).add(group)
    return {string for string, who in of.items() if len(who) > 1}


def slow_marks(text: str, shared: set[str]) -> list[bool]:
    _, places = letters_of(text)
    marks = [False] * len(text)
    for at, string in enumerate(strings_of(text)):
        for place in places[at : at + 12] if string in shared else []:
            marks[place] = True
    return marks


def invented(seed: int) -> tuple[list[str], list[str | None]]:
    """Texts of few signs with common passages, marks, spaces, figures, letters and signs beyond 16 bits."""
    rng = random.Random(seed)
    signs = "招商引资园区项目，。 \n12aB%𠀀□"
    passages = ["".join(rng.choices(signs, k=rng.randint(5, 60))) for _ in range(6)]
    parts = [*passages, "", PASSAGE, "\ud800"]  # a lone surrogate, as damaged files hold
    texts = [
        "".join(rng.choice(parts) + "".join(rng.choices(signs, k=9)) for _ in range(rng.randint(0, 7)))
        for _ in range(30)
    ]
    return texts, [rng.choice(["甲市", "乙市", "丙市", None]) for _ in texts]


@pytest.mark.parametrize("seed", range(8))
def test_marks_are_those_of_a_slow_search_by_strings(seed):
    texts, groups = invented(seed)
    shared, slowly = shared_shingles(texts, groups), slowly_shared(texts, groups)
    assert len(shared) == len(slowly) > 10
    for text in texts:
        assert shared_marks(text, shared).tolist() == slow_marks(text, slowly)


@pytest.mark.parametrize("seed", range(3))
def test_neither_order_nor_the_number_of_rounds_changes_anything(seed, monkeypatch):
    texts, groups = invented(seed)
    shared = shared_shingles(texts, groups)
    order = random.Random(seed).sample(range(len(texts)), len(texts))
    mixed = shared_shingles([texts[at] for at in order], [groups[at] for at in order])
    assert mixed.tolist() == shared.tolist() == sorted(set(shared.tolist()))
    monkeypatch.setattr("analysis.sharing.AT_ONCE", 100)
    assert shared_shingles(texts, groups).tolist() == shared.tolist()


def marked(text: str, *others: tuple[str, str | None], group: str | None = "砚湖市") -> str:
    """The marked letters of a text of 砚湖市 beside texts of others."""
    texts, groups = [text, *(one for one, _ in others)], [group, *(whose for _, whose in others)]
    marks = shared_marks(text, shared_shingles(texts, groups))
    return "".join(sign for sign, mark in zip(text, marks, strict=True) if mark)


def test_a_passage_is_shared_between_cities_not_within_one():
    assert marked(f"我们说，{PASSAGE}。", (f"{PASSAGE}！", "丹汐市")) == PASSAGE
    assert marked(f"我们说，{PASSAGE}。", (f"{PASSAGE}！", "砚湖市")) == ""
    assert marked(PASSAGE * 2) == ""


def test_a_text_without_a_city_lends_nothing_and_may_borrow():
    for nobody in (None, np.nan):
        assert marked(PASSAGE, (PASSAGE, nobody)) == ""
        assert marked(PASSAGE, (PASSAGE, "丹汐市"), (PASSAGE, "霁川市"), group=nobody) == PASSAGE


def test_punctuation_and_spaces_are_passed_over_figures_are_not():
    spaced = f"{PASSAGE[:5]}，\n {PASSAGE[5:]}"
    assert marked(spaced, (PASSAGE, "丹汐市")) == PASSAGE
    longer = "园区今年引进12家企业落户投产"
    assert marked(longer, (longer.replace("12", "13"), "丹汐市")) == ""


def test_eleven_letters_are_too_few_and_twelve_enough():
    assert marked(f"甲{PASSAGE[:11]}", (f"乙{PASSAGE[:11]}", "丹汐市")) == ""
    assert marked(f"甲{PASSAGE[:12]}", (f"乙{PASSAGE[:12]}", "丹汐市")) == PASSAGE[:12]


def test_the_share_counts_letters_and_figures():
    text = f"{PASSAGE}，，，。另有十四个字是这里自己的话了"
    marks = shared_marks(text, shared_shingles([text, PASSAGE], ["甲", "乙"]))
    assert shared_share(text, marks) == pytest.approx(14 / 28)
    assert shared_share("，。", np.zeros(2, bool)) == 0.0


def test_short_and_empty_texts_have_no_shingles():
    assert len(shingles("")) == len(shingles("招商引资")) == 0
    assert len(shared_shingles([], [])) == 0
    assert len(shared_shingles(["招商", ""], ["甲", "乙"])) == 0
    assert shared_marks("招商", np.zeros(0, np.uint64)).tolist() == [False, False]
