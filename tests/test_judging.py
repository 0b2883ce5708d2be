"""What judges say becomes precision, recall and kappa; samples do not hang on the order of documents."""

import importlib.util
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.proportion import proportion_confint

from analysis.lexicon import read_table
from analysis.rhetoric.judging import draw_sample, kappa, precision_recall

STRATA = ("hit", "near miss", "sentence")


def places(n: int, name: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"doc_id": [f"{name}-{at % 7}" for at in range(n)], "start": range(n), "end": range(4, n + 4)}
    )


def judged(**answers) -> pd.DataFrame:
    """Judgements of one device: right, wrong and how many there are of each stratum; missed in the sentences."""
    rows = []
    for stratum, key in zip(STRATA, ("hits", "near", "sentences"), strict=True):
        right, wrong, of = answers[key]
        for at in range(right + wrong):
            yes = at < right if stratum != "sentence" else pd.NA
            missed = int(at < right) if stratum == "sentence" else pd.NA
            rows.append((stratum, "甲/2020", at, at + 2, of, yes, missed))
    frame = pd.DataFrame(rows, columns=["stratum", "doc_id", "start", "end", "of", "right", "missed"])
    frame = frame.astype({"right": "boolean", "missed": "Int64"})
    never = dict.fromkeys(("value", "unit", "status"), pd.Series(pd.NA, index=frame.index, dtype="boolean"))
    return frame.assign(device="methods", judge=answers.get("judge", "A"), date="2026-01-01", **never)


def test_precision_is_the_share_of_right_hits_with_wilsons_interval():
    row = precision_recall(
        judgements=judged(hits=(54, 6, 900), near=(0, 60, 100), sentences=(0, 60, 5000))
    ).iloc[0]
    low, high = proportion_confint(54, 60, method="wilson")
    assert (row["precision"], row["precision_low"], row["precision_high"]) == pytest.approx((0.9, low, high))
    assert (row["hits"], row["near_misses"], row["sentences"]) == (60, 60, 60)


def test_recall_weighs_each_stratum_by_its_size():
    # 900 hits, 9 in 10 right: 810. 400 near misses, a quarter should be hits: 100. 2,000 sentences, one in 20 holds
    # a place that neither found: 100. So 810 of 1,010.
    row = precision_recall(
        judgements=judged(hits=(54, 6, 900), near=(15, 45, 400), sentences=(3, 57, 2000))
    ).iloc[0]
    assert row["recall"] == pytest.approx(810 / 1010)
    assert 0.6 < row["recall_low"] < row["recall"] < row["recall_high"] < 0.95


def test_recall_that_nothing_speaks_against_is_one_and_its_interval_is_not():
    row = precision_recall(
        judgements=judged(hits=(60, 0, 900), near=(0, 60, 400), sentences=(0, 60, 2000))
    ).iloc[0]
    assert row["recall"] == 1 and 0.8 < row["recall_low"] < 1


def test_the_interval_of_recall_covers_the_truth():
    random = np.random.default_rng(5)
    truth, inside = 810 / (810 + 100 + 100), 0
    for _ in range(120):
        right, near, missed = random.binomial(60, 0.9), random.binomial(60, 0.25), random.binomial(60, 0.05)
        frame = judged(
            hits=(right, 60 - right, 900), near=(near, 60 - near, 400), sentences=(missed, 60 - missed, 2000)
        )
        row = precision_recall(judgements=frame).iloc[0]
        inside += row["recall_low"] <= truth <= row["recall_high"]
    assert inside >= 108


def test_a_device_without_near_misses_has_recall_all_the_same():
    frame = judged(hits=(60, 0, 900), near=(0, 0, 0), sentences=(0, 60, 2000))
    assert precision_recall(judgements=frame)["recall"].iloc[0] == 1


def test_a_device_that_nobody_judged_is_refused():
    with pytest.raises(ValueError, match="'puns' has not been judged; judged are methods"):
        precision_recall("puns", judgements=judged(hits=(1, 0, 1), near=(0, 1, 1), sentences=(0, 1, 1)))


def test_kappa_is_cohens():
    first = judged(hits=(40, 20, 900), near=(0, 0, 0), sentences=(0, 0, 0))
    second = judged(hits=(50, 10, 900), near=(0, 0, 0), sentences=(0, 0, 0), judge="B")
    found = kappa(pd.concat([first, second], ignore_index=True)).iloc[0]
    assert found["places"] == 60
    assert found["kappa"] == pytest.approx(
        cohen_kappa_score(first["right"].astype(bool), second["right"].astype(bool))
    )
    assert len(kappa(first)) == 0


def test_a_sample_does_not_hang_on_the_order_and_changes_with_the_seed():
    frames = [places(500, name) for name in "abc"]
    sample = draw_sample(*frames, n=20, seed=1)
    again = draw_sample(*(frame.sample(frac=1, random_state=3) for frame in frames), n=20, seed=1)
    pd.testing.assert_frame_equal(sample, again)
    assert not sample.equals(draw_sample(*frames, n=20, seed=2))
    assert sample["stratum"].value_counts().to_dict() == dict.fromkeys(STRATA, 20)
    assert set(sample["of"]) == {500}


def test_a_small_stratum_is_drawn_whole():
    sample = draw_sample(places(5, "a"), places(0, "b"), places(30, "c"), n=20)
    assert sample["stratum"].value_counts().to_dict() == {"sentence": 20, "hit": 5}


@pytest.fixture(scope="module")
def build():
    path = Path(__file__).parent.parent / "data" / "build" / "judgements.py"
    spec = importlib.util.spec_from_file_location("build_judgements", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_says_what_the_judgements_and_lexicons_say(build):
    """They are written again by `python data/build/judgements.py table`."""
    page = build.PAGE.read_text("utf-8")
    assert set(re.findall(r"<!-- /([\w-]+) -->", page)) == set(build.TABLES)
    for name, table in build.TABLES.items():
        assert build.filled(page, name, table()) == page, f"write the table {name} again"


def test_the_page_names_each_device_that_was_judged_and_its_precision(build):
    page = build.PAGE.read_text("utf-8")
    for row in precision_recall().itertuples():
        line = rf"^\| {row.device} \| {row.judge} \| .*\| {row.precision:.2f} \("
        assert re.search(line, page, re.M), row.device


def test_a_page_without_marks_is_refused(build):
    with pytest.raises(SystemExit, match="has no marks <!-- judged -->"):
        build.filled("no marks", "judged", "| a |")


def test_judgements_may_be_words_or_truth_values():
    words = read_table("lexicon", "judgements.csv")
    as_words = precision_recall("methods", judgements=words)
    pd.testing.assert_frame_equal(as_words, precision_recall("methods"))
    with pytest.raises(ValueError, match="'perhaps' is no judgement"):
        precision_recall(judgements=words.assign(right="perhaps"))
