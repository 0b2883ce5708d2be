"""Hits are written small and read back as they were."""

import pandas as pd
import pytest

from analysis import open_corpus
from analysis.rhetoric.packing import read_hits, write_hits


@pytest.fixture(scope="module")
def rhetoric():
    return open_corpus("sample").rhetoric


@pytest.mark.parametrize("name", ["devices", "commitments", "targets", "promises", "slogans", "parallelism"])
def test_a_frame_of_hits_comes_back(rhetoric, name, tmp_path):
    hits = getattr(rhetoric, name)
    write_hits(hits, tmp_path / "hits.parquet")
    pd.testing.assert_frame_equal(read_hits(tmp_path / "hits.parquet"), hits, check_categorical=False)


def test_bounds_that_are_not_the_value_stay(tmp_path):
    hits = pd.DataFrame(
        {
            "doc_id": ["a"] * 3,
            "start": [0, 5, 9],
            "end": [3, 8, 11],
            "low": [1.0, 2, None],
            "value": [1.0, 3, None],
        }
    )
    hits = hits.assign(high=[1.0, 4, None]).astype({"low": "Float64", "high": "Float64", "value": "Float64"})
    write_hits(hits, tmp_path / "hits.parquet")
    again = read_hits(tmp_path / "hits.parquet")
    pd.testing.assert_frame_equal(again[list(hits)], hits)


def test_no_hits_are_read_back_as_none(rhetoric, tmp_path):
    write_hits(rhetoric.slogans.head(0), tmp_path / "hits.parquet")
    assert len(read_hits(tmp_path / "hits.parquet")) == 0
