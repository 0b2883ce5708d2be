"""The tokeniser cuts as jieba does with the same dictionary, and touches nothing outside itself."""

import pickle
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import kwic, tokeniser
from analysis.words import is_word, ngrams, project_dictionary

jieba = pytest.importorskip("jieba")
SIGNS = [
    *"+#&_-.%,， 。（）、“”①é\n\t㐀鿖𠀀□·—0123456789aXY",
    "8.5%",
    "5G",
    "1.2.3",
    "3.",
    ".5",
    "%5",
    "T恤",
    "C++",
    "2.8a",
    "a1%",
]
WORDS = [
    "招商引资",
    "营商环境",
    "项目",
    "的",
    "我市",
    "加快",
    "推进",
    "一",
    "批",
    "链长制",
    "双招双引",
    "亿元",
    "龙头企业",
    "落户",
    "增长",
    "服务",
    "南京市长江大桥",
    "与",
    "并",
    "将",
    "于",
]


@pytest.fixture(scope="module")
def reference():
    """jieba itself, with the project's dictionary: its own without the split phrases, with the added words."""
    added, removed = project_dictionary()
    return _jieba(added, set(removed))


def _jieba(added, removed):
    cutter = jieba.Tokenizer()
    cutter.initialize()
    own = {word: n for word, n in cutter.FREQ.items() if n and word not in removed}
    words = {**own, **added}
    prefixes = {word[:end]: 0 for word in words for end in range(1, len(word))}
    cutter.FREQ, cutter.total = {**prefixes, **words}, sum(words.values())
    return cutter


def fuzzed(seed: int, n: int, words: list[str]):
    rng = random.Random(seed)
    for _ in range(n):
        parts = [
            rng.choice(words) if rng.random() < 0.6 else rng.choice(SIGNS) for _ in range(rng.randint(1, 12))
        ]
        text = "".join(parts)
        yield "".join(rng.sample(text, len(text))) if rng.random() < 0.3 else text


@pytest.mark.parametrize("hmm", [True, False])
def test_fuzzed_text_is_cut_as_jieba_cuts_it(reference, hmm):
    cut = tokeniser(hmm=hmm)
    words = WORDS + list(project_dictionary()[0])[::7]
    wrong = [text for text in fuzzed(1, 2500, words) if cut(text) != reference.lcut(text, HMM=hmm)]
    assert wrong == []


def test_real_text_is_cut_as_jieba_cuts_it(reference, corpus):
    cut = tokeniser()
    files = sorted(corpus.glob("lawtext-gov/*/*/*.md"))[::350] + sorted(corpus.glob("web_pages/0*.txt"))
    lines = [line for file in files for line in file.read_text("utf-8").splitlines() if line]
    assert len(lines) > 300
    assert [file for file in lines if cut(file) != reference.lcut(file)] == []


def test_plain_jieba_and_user_words():
    plain = jieba.Tokenizer()
    assert tokeniser([])("双招双引工作") == plain.lcut("双招双引工作")
    lines = ["双招双引", "链长制 500 n"]
    for line in lines:
        plain.add_word(*line.split()[:1], freq=int(line.split()[1]) if " " in line else None)
    text = "全面推行链长制，抓好双招双引。"
    assert tokeniser(lines)(text) == plain.lcut(text)
    assert "双招双引" in tokeniser(lines)(text)


def test_nothing_outside_changes():
    before = jieba.lcut("推行链长制抓双招双引")
    tokeniser(["推行链长制抓"])
    assert jieba.lcut("推行链长制抓双招双引") == before


PLAIN = tokeniser([])


@given(st.text(alphabet="".join(SIGNS) + "".join(WORDS), max_size=40))
@settings(max_examples=200, deadline=None)
def test_no_character_is_lost(text):
    assert "".join(PLAIN(text)) == text


def test_a_copy_in_another_process_cuts_alike():
    cut = tokeniser(["一企一灯"], stop=["的"])
    copy = pickle.loads(pickle.dumps(cut))
    assert copy("推行一企一灯的服务") == cut("推行一企一灯的服务") == ["推行", "一企一灯", "服务"]
    assert copy.fingerprint == cut.fingerprint != tokeniser([]).fingerprint


def test_bad_user_words_say_so():
    with pytest.raises(ValueError, match="give a list of words"):
        tokeniser("双招双引")
    with pytest.raises(ValueError, match="empty entry"):
        tokeniser([" "])


def test_what_counts_as_a_word():
    assert [is_word(token) for token in ("①", "5G", "—", "XX", "××", "*", "□", " ")] == [
        True,
        True,
        *[False] * 6,
    ]
    assert ngrams(["加快", "招商", "、", "引资", "工作"], 2) == ["加快 招商", "引资 工作"]


def test_concordance():
    import pandas as pd

    frame = pd.DataFrame({"doc_id": ["a", "b"], "text": ["抓招商促招商。", "无"]})
    lines = kwic(frame, "招商", width=2)
    assert lines[["doc_id", "left", "right"]].values.tolist() == [["a", "抓", "促招"], ["a", "商促", "。"]]
    assert lines["para"].isna().all()
    missing = pd.DataFrame({"doc_id": ["x", "y"], "text": [pd.NA, None]})
    pd.testing.assert_frame_equal(kwic(pd.concat([missing, frame]), "招商", width=2), lines)


@pytest.mark.parametrize(
    ("frame", "arguments", "says"),
    [
        (
            {"doc_id": ["a"]},
            {"term": "招商"},
            "needs the column text; the frame has doc_id. .* needs the texts",
        ),
        ({"text": ["招商"]}, {"term": "招商"}, "needs the column doc_id"),
        ({"doc_id": ["a"], "text": ["招商"]}, {"term": ""}, "term is ''; give a word"),
        ({"doc_id": ["a"], "text": ["招商"]}, {"term": None}, "term is None; give a word"),
        ({"doc_id": ["a"], "text": ["招商"]}, {"term": "招商", "width": -1}, "width is -1"),
    ],
)
def test_a_concordance_of_nothing_is_answered(frame, arguments, says):
    import pandas as pd

    with pytest.raises(ValueError, match=says):
        kwic(pd.DataFrame(frame), **arguments)


def test_split_phrases_are_not_words_and_added_ones_are():
    added, removed = project_dictionary()
    assert not set(added) & set(removed)
    assert not [word for word in added if re.search(r"\s", word)]
