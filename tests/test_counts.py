"""Counts: what is counted, grouped, weighed, written and read back."""

import numpy as np
import pandas as pd
import pytest

from analysis import Counts, count, merge, read_features, write_features
from analysis.features import SCHEMA


def tokens(*rows, **columns):
    return pd.DataFrame(
        {"doc_id": [f"d{i}" for i in range(len(rows))], "tokens": [list(row) for row in rows], **columns}
    )


FRAME = tokens(
    ["甲", "甲", "甲", "乙"],
    ["甲", "乙", "，", "乙", "乙"],
    ["丙", "XX", "□", "丙"],
    city=["东市", "西市", "东市"],
    year=[2020, 2020, 2021],
)


@pytest.fixture
def counts():
    return count(FRAME)


def test_words_are_counted_and_punctuation_is_not(counts):
    assert list(counts.terms) == ["丙", "乙", "甲"]
    assert counts.values.toarray().tolist() == [[0, 1, 3], [0, 3, 1], [2, 0, 0]]
    assert counts.rows["n_tokens"].tolist() == [4, 4, 2]
    assert counts.rows["city"].tolist() == ["东市", "西市", "东市"]


def test_order_of_input_changes_nothing(counts):
    shuffled = count(FRAME.sample(frac=1, random_state=1))
    assert (shuffled.values != counts.values).nnz == 0
    pd.testing.assert_frame_equal(shuffled.rows, counts.rows)


def test_text_is_cut_and_characters_counted():
    frame = pd.DataFrame({"doc_id": ["a"], "text": ["引进项目12个，增长8.5%。□区"]})
    result = count(
        frame, tokeniser=lambda text: ["引进", "项目", "12", "个", "，", "增长", "8.5%", "。", "□", "区"]
    )
    assert result.rows[["n_tokens", "n_chars"]].values.tolist() == [[7, 8]]


def test_groups_sum_counts_and_average_weights(counts):
    groups = counts.group("city")
    assert groups.rows[["city", "n_rows", "n_tokens"]].values.tolist() == [["东市", 2, 6], ["西市", 1, 4]]
    assert groups.values.toarray().tolist() == [[2, 1, 3], [0, 3, 1]]
    assert groups.totals().sum() == counts.totals().sum()
    rates = counts.rates().group("city").frame()
    assert rates["甲"].tolist() == [pytest.approx((7500 + 0) / 2), 2500]


def test_a_column_can_be_added_to_group_by(counts):
    half = counts.assign(half=np.arange(len(counts.rows)) % 2)
    assert list(half.group("half").rows["half"]) == [0, 1]
    assert "half" not in counts.rows


def test_a_group_without_a_name_is_an_error(counts):
    counts.rows.loc[1, "city"] = pd.NA
    with pytest.raises(ValueError, match="1 of 3 rows have no city, first 'd1'"):
        counts.group("city")
    with pytest.raises(ValueError, match="no column 'leader'"):
        counts.group("leader")


def test_tfidf_is_scikit_learns(counts):
    from sklearn.feature_extraction.text import TfidfVectorizer

    words = [[token for token in row if token in "甲乙丙"] for row in FRAME["tokens"]]
    theirs = TfidfVectorizer(analyzer=lambda row: row).fit_transform(words).toarray()
    assert np.allclose(counts.tfidf().values.toarray(), theirs)


def test_rates_keep_every_token_in_the_denominator(counts):
    trimmed = counts.trim(min_docs=2)
    assert list(trimmed.terms) == ["乙", "甲"]
    assert trimmed.rates().values.toarray()[0].tolist() == [2500, 7500]
    assert trimmed.rates().values.toarray()[2].tolist() == [0, 0]
    bare = Counts(trimmed.values, trimmed.rows.drop(columns="n_tokens"), trimmed.terms)
    assert bare.n_tokens().tolist() == [4, 4, 0]


def test_trim_by_share_and_select(counts):
    assert list(counts.trim(max_share=0.5).terms) == ["丙"]
    chosen = counts.select(["甲", "丁"])
    assert chosen.values.toarray().tolist() == [[3, 0], [1, 0], [0, 0]]
    assert counts.where(counts.rows["year"] == 2020).values.shape == (2, 3)


def test_ngrams_do_not_cross_punctuation():
    pairs = count(tokens(["招商", "活动", "，", "招商", "活动"]), ngram=2)
    assert list(pairs.terms) == ["招商 活动"]
    assert pairs.totals().tolist() == [2]


def test_several_rows_make_one_unit():
    frame = pd.DataFrame(
        {
            "doc_id": ["a", "a", "b"],
            "para": [0, 1, 0],
            "year": [2020, 2020, 2021],
            "tokens": [["甲"], ["乙"], ["甲"]],
        }
    )
    by_document = count(frame)
    assert (
        by_document.values.toarray().tolist() == [[1, 1], [0, 1]]
        if list(by_document.terms) == ["乙", "甲"]
        else False
    )
    assert list(by_document.rows.columns) == ["doc_id", "year", "n_tokens", "n_chars"]
    assert len(count(frame, by=["doc_id", "para"]).rows) == 3


def test_merge_puts_parts_together(counts):
    parts = [count(FRAME[:1]), count(FRAME[1:])]
    merged = merge(parts)
    assert (merged.values != counts.values).nnz == 0
    assert list(merged.terms) == list(counts.terms)


def test_features_come_back_as_they_went(counts, tmp_path):
    write_features(counts, tmp_path / "f")
    back = read_features(tmp_path / "f")
    assert (back.values != counts.values).nnz == 0
    assert list(back.terms) == list(counts.terms)
    pd.testing.assert_frame_equal(back.rows, counts.rows, check_dtype=False)
    assert back.rows["city"].dtype == "string"  # what is missing is pd.NA


def test_empty_rows_survive_the_file(tmp_path):
    frame = tokens([], ["甲", "丁"], [], ["丙"])
    write_features(count(frame), tmp_path)
    assert read_features(tmp_path).values.toarray().tolist() == [[0, 0, 0], [1, 0, 1], [0, 0, 0], [0, 1, 0]]


def test_features_of_a_newer_version_are_refused(counts, tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.features.SCHEMA", SCHEMA + 1)
    write_features(counts, tmp_path)
    monkeypatch.undo()
    with pytest.raises(ValueError, match="newer than this package reads"):
        read_features(tmp_path)
    with pytest.raises(ValueError, match="holds no features"):
        read_features(tmp_path / "nowhere")


def test_bad_frames_say_what_is_missing():
    with pytest.raises(ValueError, match="needs the column text"):
        count(pd.DataFrame({"doc_id": ["a"]}))
    with pytest.raises(ValueError, match="needs the column city"):
        count(FRAME.drop(columns="city"), by="city")
    with pytest.raises(ValueError, match="ngram=0"):
        count(FRAME, ngram=0)
    with pytest.raises(ValueError, match="must agree"):
        Counts(count(FRAME).values, count(FRAME).rows[:1], count(FRAME).terms)


def test_white_space_is_no_word():
    frame = pd.DataFrame({"doc_id": ["a"], "text": ["丹汐消费 乐购四季 ABC DEF"]})
    counted = count(frame)
    assert not [term for term in counted.terms if not term.strip()]
    assert counted.rows["n_tokens"].tolist() == [counted.totals().sum()]


def test_unknown_tokens_are_summed_before_grouping(counts):
    counts.rows["n_tokens"] = pd.array([4, pd.NA, pd.NA], "Int64")
    grouped = counts.group("city")
    assert grouped.rows["n_tokens"].tolist() == [6, 4]
    assert grouped.rates().values.sum(axis=1).max() <= 10_000


def test_nothing_gives_nothing(counts):
    assert counts.select([]).tfidf().values.shape == (3, 0)
    assert counts.where([False] * 3).tfidf().group("city").values.shape == (0, 3)
    with pytest.raises(ValueError, match="merge got no counts"):
        merge([])
    with pytest.raises(ValueError, match="count takes a frame"):
        count("招商引资")
