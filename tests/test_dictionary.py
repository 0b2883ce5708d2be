"""The dictionary's tables say what jieba does without them and with them; the rhetoric is no stop word."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import jieba
import pytest

from analysis.lexicon import read_table

CATEGORIES = {
    "method", "policy", "indicator", "sector", "zone", "enterprise", "instrument", "institution", "formula",
    "numeral", "affix", "unit", "common", "place",
}  # fmt: skip
RHETORIC = {
    "加强", "推进", "坚持", "必须", "加快", "全力", "坚决", "确保", "力争", "努力", "切实", "进一步", "不断", "大力", "全面",
    "着力", "更加", "扎实", "深入", "我们", "我市", "全市", "人民", "创新", "发展", "改革", "开放", "要", "不", "能",
}  # fmt: skip


@pytest.fixture(scope="module")
def plain() -> jieba.Tokenizer:
    """jieba as it comes; private, so that other tests cannot have taught it words."""
    jieba.setLogLevel(logging.ERROR)
    return jieba.Tokenizer()


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> jieba.Tokenizer:
    """jieba over its own dictionary with the project's words put in and its phrases taken out."""
    jieba.setLogLevel(logging.ERROR)
    words, splits = read_table("lexicon", "words.csv"), read_table("lexicon", "splits.csv")
    changed = dict(zip(splits["phrase"], splits["new_frequency"].astype(int), strict=True))
    changed |= dict(zip(words["term"], words["frequency"].astype(int), strict=True))
    with jieba.get_dict_file() as lines:
        kept = [line.decode("utf-8") for line in lines]
    kept = [line for line in kept if line.split(" ", 1)[0] not in changed]
    path = tmp_path_factory.mktemp("dictionary") / "merged.txt"
    path.write_text(
        "".join(kept) + "".join(f"{word} {n}\n" for word, n in changed.items() if n), encoding="utf-8"
    )
    cutter = jieba.Tokenizer(dictionary=str(path))
    cutter.tmp_dir, cutter.cache_file = str(path.parent), "merged.cache"
    return cutter


@pytest.mark.parametrize(
    ("table", "key"), [("words.csv", "term"), ("splits.csv", "phrase"), ("stop_words.csv", "term")]
)
def test_each_row_is_whole_and_none_stands_twice(table: str, key: str) -> None:
    rows = read_table("lexicon", table)
    assert not rows[key].duplicated().any()
    assert not rows.isna().any(axis=None)


def test_words_have_known_categories_and_are_short() -> None:
    words = read_table("lexicon", "words.csv")
    assert set(words["category"]) <= CATEGORIES
    assert (words["frequency"].astype(int) > 0).all()
    # No sentence of a real text can hide in the table.
    assert words["term"].str.len().max() <= 12


def test_jieba_cuts_as_the_table_says(plain: jieba.Tokenizer) -> None:
    words = read_table("lexicon", "words.csv")
    told = dict(zip(words["term"], words["jieba_cut"], strict=True))
    assert {term: "/".join(plain.lcut(term)) for term in told} == told


def test_at_least_600_terms_are_cut_otherwise_by_jieba() -> None:
    words = read_table("lexicon", "words.csv")
    generated = words["reason"].str.contains("administrative suffix")
    assert ((words["jieba_cut"] != words["term"]) & ~generated).sum() >= 600


def test_each_term_stays_whole(merged: jieba.Tokenizer) -> None:
    broken = [term for term in read_table("lexicon", "words.csv")["term"] if merged.lcut(term) != [term]]
    assert broken == []


def test_each_phrase_falls_into_its_parts(plain: jieba.Tokenizer, merged: jieba.Tokenizer) -> None:
    splits = read_table("lexicon", "splits.csv")
    parts = {phrase: cut.split(" ") for phrase, cut in zip(splits["phrase"], splits["parts"], strict=True)}
    assert all("".join(cut) == phrase and len(cut) > 1 for phrase, cut in parts.items())
    assert {phrase: merged.lcut(phrase) for phrase in parts} == parts
    # A row that changed nothing would be noise.
    assert [phrase for phrase in parts if plain.lcut(phrase) == parts[phrase]] == []


def test_split_rows_tell_jiebas_frequency(plain: jieba.Tokenizer) -> None:
    plain.initialize()
    splits = read_table("lexicon", "splits.csv")
    told = splits["frequency"].astype(int)
    assert [plain.FREQ.get(phrase) or 0 for phrase in splits["phrase"]] == list(told)
    singles = splits["parts"].map(lambda parts: all(len(part) == 1 for part in parts.split(" ")))
    assert (splits["new_frequency"].astype(int) == singles.astype(int)).all()


def test_no_word_is_split_and_kept() -> None:
    words, splits = read_table("lexicon", "words.csv"), read_table("lexicon", "splits.csv")
    assert set(words["term"]).isdisjoint(splits["phrase"])


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("霁川市大力推进招商引资", "霁川市/大力/推进/招商引资"),
        ("产业链招商和驻点招商", "产业链招商/和/驻点招商"),
        ("实际利用外资3.2亿美元", "实际/利用外资/3.2/亿美元"),
        ("优化营商环境，推动高质量发展", "优化/营商环境/，/推动/高质量发展"),
        ("签约重大项目50个", "签约/重大/项目/50/个"),
        ("引进世界500强和专精特新企业", "引进/世界500强/和/专精特新/企业"),
        ("吸引外资力度更大", "吸引/外资/力度/更/大"),
        ("经济社会发展", "经济/社会/发展"),
        ("第一批项目投资30亿元", "第一/批/项目/投资/30/亿元"),
    ],
)
def test_the_rules_hold_in_sentences(merged: jieba.Tokenizer, text: str, cut: str) -> None:
    assert "/".join(merged.lcut(text)) == cut


def test_the_rhetoric_is_no_stop_word() -> None:
    stop = read_table("lexicon", "stop_words.csv")
    assert set(stop["term"]).isdisjoint(RHETORIC)
    assert len(stop) <= 150


def test_stop_words_are_words(merged: jieba.Tokenizer) -> None:
    broken = [term for term in read_table("lexicon", "stop_words.csv")["term"] if merged.lcut(term) != [term]]
    assert broken == []


def test_terms_stand_in_three_reports_or_more(corpus: Path) -> None:
    """A sample of every 40th term; the administrative places and the two raised words come from elsewhere."""
    words = read_table("lexicon", "words.csv")
    words = words[~words["reason"].str.contains("administrative suffix|frequency raised")]
    terms = list(words["term"])[::40]
    found = dict.fromkeys(terms, 0)
    for path in sorted(corpus.glob("lawtext-gov/*/*/*.md")):
        text = re.sub(r"[*\s]", "", path.read_text(encoding="utf-8"))
        terms = [term for term in terms if found[term] < 3]
        for term in terms:
            found[term] += term in text
        if not terms:
            break
    assert [term for term, documents in found.items() if documents < 3] == []
