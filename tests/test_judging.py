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
    assert row["recall"] == 1 and 0.8 < row["recall_low"] < 1 and row["recall_high"] == 1


def test_the_interval_of_recall_holds_its_estimate_at_the_other_end_too():
    row = precision_recall(judgements=judged(hits=(0, 60, 900), near=(30, 30, 400), sentences=(9, 51, 2000)))
    assert (row[["recall", "recall_low"]].iloc[0] == 0).all() and row["recall_high"].iloc[0] > 0


@pytest.mark.parametrize("measure", [precision_recall, kappa])
def test_a_place_judged_twice_by_one_judge_is_refused(measure):
    frame = judged(hits=(5, 1, 900), near=(0, 6, 400), sentences=(0, 6, 2000))
    twice = pd.concat([frame, frame.iloc[[2]].assign(right=False)], ignore_index=True)
    with pytest.raises(ValueError, match=r"'A' judged 1 places twice, first '甲/2020' at 2 \(methods, hit\)"):
        measure(judgements=twice)
    measure(judgements=pd.concat([frame, frame.iloc[[2]].assign(judge="B")], ignore_index=True))


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


# ---- from texts to judgements

JICHUAN = (
    "一、2021年工作回顾\n新建学校3所，完成投资20亿元。“四个三”落实。\n"
    "二、2022年工作安排\n改造老旧小区40个。引进500亩的园区。税收增长8%以上。\n我们将继续努力。\n"
)
WANGLAN = "二、2021年工作安排\n修建码头2座。坚持改革，坚持开放，坚持创新。以商招商，引进亿元以上项目50个。\n"


@pytest.fixture
def texts() -> pd.DataFrame:
    return pd.DataFrame({"doc_id": ["jichuan", "wanglan"], "text": [JICHUAN, WANGLAN], "year": [2022, 2021]})


@pytest.fixture
def run(build, texts, tmp_path, monkeypatch):
    """The script as called, on invented texts, with a table of judgements of its own; the sheet's path first."""
    texts.to_parquet(tmp_path / "clean.parquet")
    monkeypatch.setattr(build, "JUDGEMENTS", tmp_path / "judgements.csv")
    sheet = tmp_path / "sheet.csv"

    def call(command: str, *options: str) -> pd.DataFrame:
        given = [command, *([options[0]] if command == "draw" else []), str(sheet)]
        rest = ["--documents", str(tmp_path / "clean.parquet")] if command == "draw" else list(options)
        monkeypatch.setattr("sys.argv", ["judgements.py", *given, *rest])
        build.main()
        return pd.read_csv(sheet if command == "draw" else build.JUDGEMENTS, dtype="string")

    call.sheet = sheet
    return call


def answered(sheet: pd.DataFrame) -> pd.DataFrame:
    """Answers of a reader: every hit is right but the first, in all its columns but one status; one sentence misses two."""
    hit, sentence = sheet["stratum"] == "hit", sheet["stratum"] == "sentence"
    sheet = sheet.assign(right=(~sentence).map({True: "yes", False: pd.NA}))
    sheet.loc[sheet["stratum"] == "near miss", "right"] = "no"
    sheet.loc[sentence, "missed"] = "0"
    sheet.loc[sheet.index[sentence][:1], "missed"] = "2"
    sheet.loc[hit, ["value", "unit", "status"]] = "yes"
    sheet.loc[sheet.index[hit][:1], ["right", "value", "unit", "status"]] = ["no", pd.NA, pd.NA, pd.NA]
    sheet.loc[sheet.index[hit][1:2], "status"] = "no"
    return sheet


def test_a_sheet_shows_each_place_in_its_text(build, run, texts):
    sheet = run("draw", "targets")
    text = texts.set_index("doc_id")["text"]
    assert sheet["number"].tolist() == [str(n) for n in range(len(sheet))]
    for row in sheet.itertuples():
        place = text[row.doc_id][int(row.start) : int(row.end)].replace("\n", " ¶ ")
        if row.stratum == "sentence":
            shown = row.place[row.place.index("<<") + 2 : row.place.index(">>")]
            assert re.sub(r"\[\[|\]\]|\{\{|\}\}", "", shown) == place
        else:
            assert f"[[{place}]]" in row.place
    whole = sheet.loc[sheet["place"].str.contains("<<引进"), "place"].item()
    assert "<<引进{{500亩}}的园区。>>" in whole and "改造老旧小区40个。<<" in whole, "what was found in it"
    hit = sheet[(sheet["stratum"] == "hit") & sheet["place"].str.contains("[[40个]]", regex=False)].iloc[0]
    assert (hit["found_object"], float(hit["found_value"]), hit["found_status"]) == (
        "老旧小区",
        40,
        "promised",
    )
    assert sheet.loc[sheet["stratum"] != "hit", "found_value"].isna().all()


def test_answers_become_judgements_and_their_precision(run):
    sheet = answered(run("draw", "targets"))
    sheet.to_csv(run.sheet, index=False)
    taken = run("take", "C", "rules")
    assert len(taken) == len(sheet) and not {"place", "found_value"} & set(taken), "no text of the sheet"
    row = precision_recall("targets", judgements=taken).iloc[0]
    hits, sentences = (int((sheet["stratum"] == name).sum()) for name in ("hit", "sentence"))
    assert hits == 6 and (row["hits"], row["sentences"], row["judge"]) == (hits, sentences, "C")
    assert row["precision"] == pytest.approx(5 / 6) and row["recall"] == pytest.approx(5 / 7)
    assert (row["value"], row["unit"], row["status"]) == pytest.approx((1, 1, 4 / 5))
    again = run("take", "C", "rules")
    pd.testing.assert_frame_equal(again, taken)
    assert len(run("take", "D", "rules")) == 2 * len(taken)


@pytest.mark.parametrize("device", ["methods", "slogans", "parallelism", "commitment"])
def test_each_kind_of_device_is_drawn(run, device):
    sheet = run("draw", device)
    assert {"hit", "sentence"} <= set(sheet["stratum"]) and set(sheet["device"]) == {device}


@pytest.mark.parametrize(
    ("stratum", "column", "answer"),
    [
        ("hit", "right", pd.NA),
        ("hit", "right", "perhaps"),
        ("near miss", "right", pd.NA),
        ("sentence", "missed", "some"),
        *[("hit", name, answer) for name in ("value", "unit", "status") for answer in (pd.NA, "perhaps")],
    ],
)
def test_an_answer_that_is_missing_is_told(build, run, stratum, column, answer):
    sheet = answered(run("draw", "targets"))
    build.check(sheet)
    at = sheet.index[sheet["stratum"] == stratum][-1]
    sheet.loc[at, column] = answer
    with pytest.raises(SystemExit, match=f"1 rows are not answered, first number {at}"):
        build.check(sheet)


def test_only_targets_are_asked_for_values(build, run):
    sheet = answered(run("draw", "commitment"))
    right = sheet["right"].mask(sheet["stratum"] == "hit", "yes")
    build.check(sheet.assign(right=right, value=pd.NA, unit=pd.NA, status=pd.NA))


def test_judgements_may_be_words_or_truth_values():
    words = read_table("lexicon", "judgements.csv")
    as_words = precision_recall("methods", judgements=words)
    pd.testing.assert_frame_equal(as_words, precision_recall("methods"))
    with pytest.raises(ValueError, match="'perhaps' is no judgement"):
        precision_recall(judgements=words.assign(right="perhaps"))
