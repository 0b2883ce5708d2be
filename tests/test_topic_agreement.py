"""Agreement of two models: words by assignment, passages by scikit-learn's indices."""

from dataclasses import replace

import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from topic_passages import planted

from analysis import agreement, topics


@pytest.fixture(scope="module")
def counts():
    return planted(4, documents=20)


@pytest.fixture(scope="module")
def found(counts):
    return topics(counts, 4)


def test_with_itself_all_agrees(found):
    frame = agreement(found, found)
    assert frame["other"].tolist() == frame["topic"].tolist() == [1, 2, 3, 4]
    assert (frame[["jaccard", "common"]] == 1).all(axis=None)
    assert frame.attrs["ari"] == frame.attrs["nmi"] == frame.attrs["jaccard"] == 1
    assert frame["passages"].sum() == frame.attrs["passages"] == 100


def test_topics_under_other_numbers_are_the_same_topics(found):
    numbers = {1: 3, 2: 1, 3: 4, 4: 2}
    words = found.words.assign(topic=found.words["topic"].map(numbers)).sort_values("topic", kind="stable")
    shares = found.shares.rename(columns=numbers)[[1, 2, 3, 4]]
    labels = found.labels.rename(index=numbers).sort_index()
    frame = agreement(found, replace(found, words=words, shares=shares, labels=labels))
    assert frame["other"].tolist() == [3, 1, 4, 2]
    assert frame["label"].tolist() == frame["other_label"].tolist()
    assert frame.attrs["ari"] == 1


@pytest.mark.parametrize("method", ["kmeans", "lda"])
def test_methods_find_the_planted_topics_alike(counts, found, method):
    other = topics(counts, 4, method=method)
    frame = agreement(found, other)
    first, second = found.shares.idxmax(axis=1), other.shares.idxmax(axis=1)
    assert frame.attrs["ari"] == pytest.approx(adjusted_rand_score(first, second))
    assert frame.attrs["nmi"] == pytest.approx(normalized_mutual_info_score(first, second))
    assert frame.attrs["jaccard"] > 0.6 and frame.attrs["ari"] > 0.6
    assert frame.attrs["methods"] == ("nmf", method)
    table = pd.crosstab(first, second)
    for row in frame.itertuples():
        assert row.common == pytest.approx(table.loc[row.topic, row.other] / row.passages)
    assert f"4 topics by nmf and 4 by {method}" in frame.attrs["note"]


def test_a_topic_without_a_partner_is_told(counts, found):
    frame = agreement(found, topics(counts, 3))
    alone = frame[frame["other"].isna()]
    assert len(alone) == 1 and alone["jaccard"].tolist() == [0] and alone["common"].isna().all()
    assert len(agreement(topics(counts, 3), found)) == 3


def test_other_passages_are_refused(counts, found):
    fewer = counts.where(counts.rows["doc_id"] != "d003")
    with pytest.raises(ValueError, match="the same passages; there are 100 and 95. Find both"):
        agreement(found, topics(fewer, 4))
    with pytest.raises(ValueError, match="there are 100 and 100, and they are others"):
        agreement(found, topics(counts.assign(doc_id=counts.rows["doc_id"] + "x"), 4))
