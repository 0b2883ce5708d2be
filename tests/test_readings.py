"""What the detectors find in a corpus is kept together, written without text, read back and opened in its sentences."""

import pandas as pd
import pytest

from analysis import commitments, open_corpus, segment, targets
from analysis.rhetoric.readings import LONGEST, Rhetoric, concordance, read_rhetoric, rhetoric_of

FRAMES = ("devices", "commitments", "targets", "slogans", "parallelism", "promises")


@pytest.fixture(scope="module")
def sample():
    return open_corpus("sample")


@pytest.fixture(scope="module")
def found(sample) -> Rhetoric:
    return sample.rhetoric


def test_each_detector_has_read_the_sample(found):
    assert all(len(getattr(found, name)) for name in FRAMES)
    assert all("sentence" not in getattr(found, name) for name in FRAMES)
    assert "devices" in repr(found)


def test_places_are_those_of_the_texts(sample, found):
    texts = sample.documents.set_index("doc_id")["text"]
    for row in found.devices.itertuples():
        assert texts[row.doc_id][row.start : row.end] == row.term


def test_processes_and_chunks_change_nothing(sample, found):
    again = rhetoric_of(sample.documents.sample(frac=1, random_state=2), jobs=1)
    for name in FRAMES:
        one, other = (
            frame.astype({"doc_id": "string"}).sort_values(
                ["doc_id", "start", "end", *extra], ignore_index=True
            )
            for frame in (getattr(found, name), getattr(again, name))
            for extra in [["device"] if name == "devices" else []]
        )
        pd.testing.assert_frame_equal(one, other)


def test_what_may_not_be_passed_on_is_missing(found):
    bare = found.passed_on()
    for name, column in (("slogans", "slogan"), ("targets", "object"), ("parallelism", "head")):
        whole, shown = getattr(found, name), getattr(bare, name)[column].dropna()
        assert len(getattr(bare, name)) == len(whole)
        assert shown.str.len().max() <= LONGEST
        documents = whole.groupby(column, observed=True)["doc_id"].nunique()
        assert documents[shown.unique()].min() >= 3
        assert len(shown) < len(whole), "the sample has strings of its own"
    assert bare.devices.equals(found.devices), "terms of the lexicons are no text"


def test_frames_are_read_back_as_written(found, tmp_path):
    found.write(tmp_path / "rhetoric")
    again = read_rhetoric(tmp_path / "rhetoric")
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(found, name), check_categorical=False)


def test_a_hit_is_opened_in_its_sentence(sample, found):
    hits = found.devices.head(50)
    shown = concordance(hits, sample.documents)
    texts = sample.documents.set_index("doc_id")["text"]
    assert (shown["hit"] == hits["term"]).all()
    for row in shown.itertuples():
        whole = row.left + row.hit + row.right
        assert whole in texts[row.doc_id] and "\n" not in whole.strip()


def test_hits_without_their_texts_are_refused(sample, found):
    with pytest.raises(ValueError, match="Counts alone hold no texts"):
        concordance(found.devices, sample.documents.drop(columns="text"))
    first = found.devices["doc_id"].iloc[0]
    with pytest.raises(ValueError, match="hits lie in documents that are not given"):
        concordance(found.devices, sample.documents[sample.documents["doc_id"] != first])


def test_no_hits_are_opened_to_no_rows(sample, found):
    assert list(concordance(found.devices.head(0), sample.documents)["hit"]) == []


def test_commitments_and_targets_are_read_with_the_year_of_their_document():
    text = "2021年主要工作\n加快建设码头，引进项目3个。\n"
    documents = pd.DataFrame({"doc_id": ["a", "b"], "text": [text] * 2, "year": [2021, 2022]})
    read = rhetoric_of(documents)
    for name, detect in (("commitments", commitments), ("targets", targets)):
        own = getattr(read, name)
        assert own["status"].tolist() == ["promised", "done"]
        one = detect(segment(documents, "sentence"), documents)["status"]
        assert own["status"].tolist() == one.tolist()


def test_two_documents_of_one_key_or_without_one_are_refused(sample, found):
    twice = pd.concat([sample.documents, sample.documents.iloc[3:4]])
    key = sample.documents["doc_id"].iloc[3]
    with pytest.raises(ValueError, match=f"rhetoric_of: 1 of 97 documents stand twice, first '{key}'"):
        rhetoric_of(twice)
    with pytest.raises(ValueError, match=f"concordance: 1 of 97 documents stand twice, first '{key}'"):
        concordance(found.devices, twice)
    lost = sample.documents.assign(doc_id=sample.documents["doc_id"].where(sample.documents.index != 5))
    with pytest.raises(ValueError, match="rhetoric_of: 1 of 96 documents have no doc_id, the first in row 5"):
        rhetoric_of(lost)


def test_hits_whose_document_has_no_text_or_another_are_refused(sample, found):
    first = found.devices["doc_id"].iloc[0]
    is_first = sample.documents["doc_id"] == first
    without = sample.documents.assign(text=sample.documents["text"].mask(is_first, pd.NA))
    with pytest.raises(ValueError, match=f"1 documents of the hits have no text, first '{first}'"):
        concordance(found.devices, without)
    cut = sample.documents.assign(text=sample.documents["text"].mask(is_first, "短文。"))
    with pytest.raises(ValueError, match=f"hits lie behind the end of their texts, first in '{first}'"):
        concordance(found.devices, cut)
    others = found.devices[found.devices["doc_id"] != first]
    assert len(concordance(others, without)) == len(others), "only documents with hits need a text"


def test_keys_may_be_numbers(sample):
    documents = sample.documents.assign(doc_id=range(len(sample.documents))).head(5)
    shown = concordance(rhetoric_of(documents).devices, documents)
    assert len(shown) and (shown["hit"] == shown["term"]).all()
