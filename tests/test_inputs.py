"""What all detectors ask of what they are given: keys of any type, any order, and a sentence for what will not do."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import pytest

from analysis import (
    commitments,
    devices,
    first_uses,
    parallel_density,
    parallelism,
    segment,
    slogans,
    targets,
)
from analysis.rhetoric import coding, formulas, parallels, quantities

TEXT = (
    "2021年工作安排\n推进“四个三”工程，加快招商引资，引进项目30个。\n"
    "坚持改革。坚持开放。坚持创新。\n以商招商，务必抓好“双招双引”，既要快又要好，引进亿元以上项目。\n"
)
DETECTORS = {
    "devices": devices,
    "commitments": commitments,
    "targets": targets,
    "slogans": slogans,
    "parallelism": parallelism,
}
LOOSER = {
    "devices": partial(coding.near_misses, device="images"),
    "targets": quantities.near_misses,
    "slogans": formulas.near_misses,
    "parallelism": parallels.near_misses,
}
each_detector = pytest.mark.parametrize("detect", DETECTORS.values(), ids=DETECTORS)
each = pytest.mark.parametrize("detect", [*DETECTORS.values(), *LOOSER.values()], ids=[*DETECTORS, *LOOSER])
dated = pytest.mark.parametrize("detect", [commitments, targets], ids=["commitments", "targets"])


def documents(*keys: object, **columns: object) -> pd.DataFrame:
    return pd.DataFrame({"doc_id": list(keys), "text": [TEXT] * len(keys), **columns})


def sentences(*keys: object) -> pd.DataFrame:
    return segment(documents(*keys), by="sentence")


@each_detector
def test_keys_are_text_whatever_they_were(detect):
    numbers, texts = detect(sentences(7, 3)), detect(sentences("7", "3"))
    assert len(texts) > 1
    pd.testing.assert_frame_equal(numbers, texts)
    assert numbers["doc_id"].dtype == "string" and numbers["doc_id"].unique().tolist() == ["7", "3"]
    assert detect(sentences(7).iloc[:0])["doc_id"].dtype == "string"
    categories = sentences("7", "3").astype({"doc_id": pd.CategoricalDtype(["3", "7", "none"])})
    pd.testing.assert_frame_equal(detect(categories), texts)


@dated
def test_years_are_found_by_keys_that_are_numbers(detect):
    numbers = documents(7, 3, year=[2021, 2023])
    texts = documents("7", "3", year=["2021", "2023"])
    units = segment(texts, by="sentence")
    one, other = detect(units, numbers), detect(segment(numbers, by="sentence"), texts)
    pd.testing.assert_frame_equal(one, other)
    assert one.groupby("doc_id")["status"].first().to_dict() == {"7": "promised", "3": "done"}


def test_measures_of_hits_take_keys_that_are_numbers():
    own = documents(7, 3, year=[2021, 2020], n_chars=[60, 60])
    units = segment(own, by="sentence")
    assert parallel_density(parallelism(units), own)["runs"].tolist() == [1, 1]
    assert set(first_uses(slogans(units), own)["first_documents"]) == {"3"}


@each
def test_the_order_of_sentences_changes_nothing(detect):
    ordered = sentences("b", "a")
    mixed = ordered.sample(frac=1, random_state=4)
    assert not mixed["start"].is_monotonic_increasing
    if mixed["doc_id"].iloc[0] != "b":
        mixed = mixed.iloc[::-1]
    pd.testing.assert_frame_equal(detect(mixed), detect(ordered))


@each
@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("doc_id", None, "1 of 5 sentences have no doc_id, the first in row 2"),
        ("start", None, "1 of 5 sentences have no start, the first in row 2"),
        ("start", "here", "'here' is no start of a sentence, in row 2; it is a whole number"),
        ("start", 1.5, "1.5 is no start of a sentence, in row 2"),
    ],
)
def test_a_sentence_without_its_place_is_answered_with_a_sentence(detect, column, value, told):
    units = sentences("a").head(5).astype({column: object}).reset_index(drop=True)
    units.loc[2, column] = value
    with pytest.raises(ValueError, match=rf"^\w+: {told}"):
        detect(units)


@each
def test_a_column_too_few_is_told(detect):
    with pytest.raises(ValueError, match=r"needs the column start; .* Make it with segment"):
        detect(sentences("a").drop(columns="start"))


@each
@pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
def test_a_missing_text_has_no_hits(detect, missing):
    units = sentences("a")
    more = pd.concat([units, units.head(1).assign(start=10_000)], ignore_index=True).astype({"text": object})
    more.loc[len(units), "text"] = missing
    pd.testing.assert_frame_equal(detect(more), detect(units))


@dated
@pytest.mark.parametrize(
    ("given", "told"),
    [
        (documents("a", "a", year=[2020, 2021]), "1 of 2 documents stand twice, first 'a'"),
        (documents("a", None, year=[2020, 2021]), "1 of 2 documents have no doc_id, the first in row 1"),
        (documents("b", "a", year=[2020, "2020年"]), "'2020年' is no year, in document 'a'"),
        (documents("a", year=[2020.5]), "'2020.5' is no year, in document 'a'"),
    ],
)
def test_documents_that_will_not_do_are_answered_with_a_sentence(detect, given, told):
    with pytest.raises(ValueError, match=rf"^{detect.__name__}: {told}"):
        detect(sentences("a"), given)


@dated
@pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
def test_a_missing_year_is_no_fault(detect, missing):
    own = documents("a", year=[missing])
    pd.testing.assert_frame_equal(detect(sentences("a"), own), detect(sentences("a")))
