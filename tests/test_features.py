"""Features: what is written comes back with its types, and only counts are written."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis import Counts, count, read_features, write_features


@pytest.fixture
def counts() -> Counts:
    frame = pd.DataFrame({"doc_id": ["a", "b"], "tokens": [["招商", "项目", "招商"], ["项目"]]})
    frame["year"] = pd.array([pd.NA, pd.NA], "Int64")
    frame["share"] = [float("nan")] * 2
    frame["city"] = pd.array([pd.NA, pd.NA], "string")
    frame["speaker"] = pd.Series([None, None], dtype=object)
    return count(frame)


def test_columns_without_a_value_keep_their_type(counts, tmp_path):
    write_features(counts, tmp_path)
    types = read_features(tmp_path).rows.dtypes.astype(str)
    assert types[["year", "share", "city", "speaker"]].tolist() == ["Int64", "float64", "string", "string"]


def test_whole_numbers_may_be_floats(counts, tmp_path):
    write_features(replace(counts, values=counts.values.astype(float)), tmp_path)
    assert (read_features(tmp_path).values != counts.values).nnz == 0


def test_weights_are_refused_and_nothing_is_written(counts, tmp_path):
    folder = tmp_path / "features"
    for weights in (counts.tfidf(), counts.rates()):
        with pytest.raises(ValueError, match="counts, not weights"):
            write_features(weights, folder)
    for factor in (0.5, -1, float("nan")):
        with pytest.raises(ValueError, match="whole numbers from 0"):
            write_features(replace(counts, values=counts.values * factor), folder)
    assert not folder.exists()
