"""The same documents counted otherwise: without shared text, and as other cutters cut them."""

from __future__ import annotations

from collections import Counter

import damage
import pandas as pd
import pytest
from test_sharing import slow_marks, slowly_shared

from analysis import build_corpus, count, open_corpus, tokeniser
from analysis.features import FOLDER
from analysis.lexicon import data_path
from analysis.recounting import SEGMENTATIONS, own_counts, segmented_counts, with_richness
from analysis.words import is_word

SAMPLE = damage.SAMPLE / "documents"
NEVER_TEXT = {
    "text",
    "tokens",
    "marks",
    "changes",
    "glossary",
    "examples",
    "before",
    "after",
    "left",
    "right",
}

SAID = "砚湖两岸三百家小厂搬进新园区，灯塔下面的集装箱一夜排到天亮。"
INVENTED = pd.DataFrame(
    [
        ("a", "砚湖市", f"今年招商引资有新办法。{SAID}企业说好。"),
        ("b", "丹汐市", f"{SAID[:9]} \n{SAID[9:]}丹汐的双招双引另有一路，增长8.5%。"),
        ("c", "砚湖市", "今年招商引资有新办法。我们去年也这样写过，一字不差。"),
        ("d", "砚湖市", "我们去年也这样写过，一字不差。"),
        ("e", None, SAID),
        ("f", "霁川市", ""),
    ],
    columns=["doc_id", "city", "text"],
)


def slowly_counted(documents: pd.DataFrame) -> dict[str, Counter]:
    """The words of each document but for those all of whose letters are marked, searched for string by string."""
    texts, cities = documents["text"].tolist(), [c if isinstance(c, str) else None for c in documents["city"]]
    shared, cut, tallies = slowly_shared(texts, cities), tokeniser(), {}
    for doc_id, text in zip(documents["doc_id"], texts, strict=True):
        marks, at, kept = slow_marks(text, shared), 0, Counter()
        for word in cut(text):
            letters = [marks[at + n] for n, sign in enumerate(word) if sign.isalnum()]
            kept[word] += bool(letters) and not all(letters) and is_word(word)
            at += len(word)
        tallies[doc_id] = +kept
    return tallies


def as_tallies(counts) -> dict[str, Counter]:
    frame = counts.frame().set_axis(counts.rows["doc_id"].tolist())
    return {doc_id: +Counter(row.to_dict()) for doc_id, row in frame.iterrows()}


def same(a, b):
    assert list(a.terms) == list(b.terms)
    assert (a.values != b.values).nnz == 0
    pd.testing.assert_frame_equal(a.rows, b.rows, check_dtype=False)


@pytest.fixture(scope="module")
def sample() -> pd.DataFrame:
    return open_corpus("sample").documents[["doc_id", "city", "year", "text"]]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    out = tmp_path_factory.mktemp("built")
    build_corpus(SAMPLE, out / "texts", texts=True, jobs=1)
    build_corpus(SAMPLE, out / "counts", jobs=1)
    return out


def test_words_in_shared_text_are_those_of_a_slow_search(sample):
    for documents in (INVENTED, sample):
        own = own_counts(documents, count(documents), cut=tokeniser(), jobs=1)
        slowly = slowly_counted(documents)
        assert as_tallies(own) == slowly
        assert own.rows["n_tokens"].tolist() == [slowly[doc].total() for doc in own.rows["doc_id"]]
        assert 0 < own.values.sum() < count(documents).values.sum()


def test_what_is_left_of_a_document():
    own = own_counts(INVENTED, words := count(INVENTED), cut=tokeniser(), jobs=1)
    tallies, rows = as_tallies(own), own.rows.set_index("doc_id")
    assert "园区" not in tallies["a"] and "园区" not in tallies["b"] and tallies["a"]["招商引资"] == 1
    assert tallies["c"] == as_tallies(words)["c"]  # its city alone says so
    assert not tallies["e"] and rows.loc["e", "shared"] == 1.0 and rows.loc["e", "n_chars"] == 0
    assert list(own.terms) == list(words.terms)
    assert rows.loc["c", "shared"] == rows.loc["d", "shared"] == rows.loc["f", "shared"] == 0.0


def test_own_counts_are_part_of_the_counts(sample):
    own = own_counts(sample, words := count(sample), cut=tokeniser(), jobs=1)
    assert ((words.values - own.values).data > 0).all()
    assert (own.rows["n_tokens"] <= words.rows["n_tokens"]).all()
    assert own.rows.drop(columns=["n_tokens", "n_chars", "shared"]).equals(
        words.rows.drop(columns=["n_tokens", "n_chars"])
    )


def test_neither_order_nor_processes_change_anything(sample, monkeypatch):
    sample = sample.head(40)
    words = count(sample)
    mixed = sample.sample(frac=1, random_state=3)
    same(
        own_counts(sample, words, cut=tokeniser(), jobs=1), own_counts(mixed, words, cut=tokeniser(), jobs=1)
    )
    one = segmented_counts(sample, words, jobs=1)
    monkeypatch.setattr("analysis.chunks.FEW", 10)
    same(
        own_counts(sample, words, cut=tokeniser(), jobs=1), own_counts(sample, words, cut=tokeniser(), jobs=2)
    )
    for name, counts in segmented_counts(mixed, words, jobs=2).items():
        same(counts, one[name])


def test_segmentations_are_what_those_cutters_count():
    found = segmented_counts(INVENTED, words := count(INVENTED), jobs=1)
    assert list(found) == list(SEGMENTATIONS) == ["no dictionary", "no HMM", "neither"]
    settings = {"no dictionary": ([], True), "no HMM": (None, False), "neither": ([], False)}
    for name, (dictionary, hmm) in settings.items():
        same(found[name], count(INVENTED, tokeniser=tokeniser(dictionary, hmm=hmm)))
    assert "双招双引" in words.terms and "双招双引" in found["no HMM"].terms
    assert "双招双引" not in found["no dictionary"].terms
    kept = segmented_counts(INVENTED, words, also=["小厂搬进"], jobs=1)
    assert all("小厂搬进" in counts.terms for counts in kept.values())


def test_a_thousand_tokens_hold_as_many_words_as_they_do():
    text = "招商" * 400 + "项目" * 300 + "园区" * 298 + "企业" + "灯塔"
    tokens = [text[at : at + 2] for at in range(0, len(text), 2)]
    frame = pd.DataFrame({"doc_id": ["exact", "short", "long"], "tokens": [tokens, tokens[:999], tokens * 2]})
    rows = with_richness(count(frame)).rows.set_index("doc_id")
    assert rows.loc["exact", ["types_1000", "once_1000"]].tolist() == pytest.approx([5, 2])
    assert rows.loc["short", ["types_1000", "once_1000"]].isna().all()
    # Of a word that stands twice in 2,000 both are missed with probability (1000·999)/(2000·1999).
    missed = 1000 * 999 / (2000 * 1999)
    assert rows.loc["long", "types_1000"] == pytest.approx(3 + 2 * (1 - missed))
    assert rows.loc["long", "once_1000"] == pytest.approx(2 * 2 * 1000 * 1000 / (2000 * 1999))


def test_nothing_is_counted_again_before_it_is_asked_for():
    corpus = open_corpus(SAMPLE / "jichuan-2019-1.md")
    assert not {"own", "segmentations"} & set(vars(corpus))
    assert corpus.own is corpus.own and corpus.segmentations is corpus.segmentations


def test_what_was_written_comes_back(built):
    direct, texts, counts = open_corpus(SAMPLE), open_corpus(built / "texts"), open_corpus(built / "counts")
    same(texts.own, direct.own)
    for name in SEGMENTATIONS:
        same(texts.segmentations[name], direct.segmentations[name])
    # Without the texts rare terms are not told, and all else is.
    assert list(counts.own.terms) == list(counts.words.terms)
    assert (counts.own.values != direct.own.select(counts.own.terms).values).nnz == 0
    assert counts.own.rows["n_tokens"].tolist() == direct.own.rows["n_tokens"].tolist()
    assert counts.own.rows["shared"].tolist() == direct.own.rows["shared"].tolist()
    for name, whole in direct.segmentations.items():
        same(counts.segmentations[name], whole.trim(min_docs=5))


def test_an_older_folder_opens_and_says_what_it_lacks(tmp_path):
    folder = build_corpus(SAMPLE, tmp_path / "old", jobs=1)
    for part in ("own", "segmentations/no_hmm"):
        for file in (folder / part).iterdir():
            file.unlink()
        (folder / part).rmdir()
    about = (folder / "about.json").read_text("utf-8").replace(f'"features": {FOLDER}', '"features": 1')
    (folder / "about.json").write_text(about, "utf-8")
    corpus = open_corpus(folder)
    with pytest.raises(
        ValueError, match="no counts without shared text: its features are of version 1.*Build it"
    ):
        _ = corpus.own
    with pytest.raises(ValueError, match="no counts under other segmentations"):
        _ = corpus.segmentations


@pytest.mark.parametrize("corpus", ["built", "city_reports", "state_council", "web_pages"])
def test_no_file_of_features_holds_text(corpus, built):
    folder = built / "counts" if corpus == "built" else data_path(corpus)
    files = sorted(folder.rglob("*.parquet"))
    assert {"own", "segmentations"} <= {part for file in files for part in file.relative_to(folder).parts}
    for file in files:
        frame = pd.read_parquet(file)
        assert not set(frame) & NEVER_TEXT, file
        if file.name == "terms.parquet":
            assert max(map(len, frame["term"]), default=0) < 60, file  # links and numbers are the longest


def test_terms_of_other_cuts_stand_in_five_documents(built):
    corpus = open_corpus(built / "counts")
    for counts in corpus.segmentations.values():
        assert counts.docs().min() >= 5
