"""The tables of the lexicons: all load, and each check can fail."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

import analysis
from analysis import devices, lexicon_table, segment
from analysis.lexicon import read_table
from analysis.rhetoric.lexicons import COLUMNS, DEVICES, FILES, check_lexicon, load_lexicon
from analysis.words import tokeniser

ROWS = [
    ("招商", None, "plain", "g", "r", "招商银行", None),
    ("以商招商", None, "by investors", "g", "r", None, None),
    ("以商带商", "以商招商", "by investors", "g", "r", None, None),
]


def table(*changed: tuple[int, str, object], extra: tuple = ()) -> pd.DataFrame:
    names = ["term", "entry", "category", "gloss", "reason", "not", "with"]
    made = pd.DataFrame([*ROWS, *extra], columns=names).assign(device="own", without=None, strength=None)
    for row, column, value in changed:
        made.loc[row, column] = value
    made["entry"] = made["entry"].fillna(made["term"])
    return made[COLUMNS].astype("string")


def test_a_sound_table_passes():
    check_lexicon(table(), categories=["plain", "by investors"], explained=True)


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (table((1, "category", None)), r"row 2 \(以商招商\): it has no category; fill it in\."),
        (table((1, "device", None)), r"row 2 \(以商招商\): it has no device; fill it in\."),
        (table((0, "term", "商"), (0, "not", None)), r"row 1 \(商\): a term has at least two characters"),
        (
            table((0, "term", "招 商"), (0, "not", None)),
            r"row 1 \(招 商\): no word has ' ', so the tokeniser",
        ),
        (table(extra=[ROWS[0]]), r"row 4 \(招商\): the term stands in row 1 too; take one of them out\."),
        (table((2, "entry", "以企招商")), r"row 3 \(以商带商\): its entry 以企招商 is no entry; add it"),
        (table((2, "category", "plain")), r"以商招商 is in by investors and in plain; an entry has one"),
        (
            table((0, "not", "银行")),
            r"row 1 \(招商\): `not` has '银行', which has to be longer than the term",
        ),
        (table((0, "not", "招商")), r"`not` has '招商', which has to be longer"),
        (table((0, "with", "打;")), r"row 1 \(招商\): `with` has an empty string"),
        (table((0, "without", ";打")), r"row 1 \(招商\): `without` has an empty string"),
        (table((1, "reason", None)), r"row 2 \(以商招商\): it has no reason; say"),
        (table((1, "gloss", None)), r"row 2 \(以商招商\): it has no gloss; say"),
        (
            table((0, "category", "plian")),
            r"row 1 \(招商\): the category plian is not in .*by investors, plain",
        ),
    ],
)
def test_each_check_can_fail(broken, sentence):
    with pytest.raises(ValueError, match=f"^own.csv, {sentence}" if sentence.startswith("row") else sentence):
        check_lexicon(broken, categories=["plain", "by investors"], source="own.csv", explained=True)


def test_the_first_fault_is_told_and_how_many_follow():
    with pytest.raises(ValueError, match=r"row 1 .* 1 more of its kind or others follow\."):
        check_lexicon(table((0, "not", "银行"), (1, "category", None)))


def test_one_term_inside_another_is_no_fault():
    check_lexicon(table(extra=[("产业链招商", None, "chain", "g", "r", None, None)]))


@pytest.mark.parametrize("device", DEVICES)
def test_a_shipped_table_loads(device):
    shipped = load_lexicon(device)
    assert list(shipped) == COLUMNS and set(shipped["device"]) == {device}
    assert shipped["term"].str.len().between(2, 8).all(), "a term has two to eight characters"
    raw = read_table("lexicon", FILES[device])
    wanted = ["term", "entry", "category", "gloss", "reason", "not", "with"]
    assert [name for name in raw if name != "without"] == [
        *wanted,
        *(["strength"] if device == "commitment" else []),
    ]


def test_every_category_is_explained_and_used():
    known = read_table("lexicon", "categories.csv")
    assert not known.duplicated(["device", "category"]).any() and known.notna().all(axis=None)
    used = load_lexicon()[["device", "category"]].drop_duplicates()
    of_lexicons = known.loc[known["device"].isin(DEVICES), ["device", "category"]]
    assert set(map(tuple, used.to_numpy())) == set(map(tuple, of_lexicons.to_numpy()))
    assert set(of_lexicons["device"]) == set(DEVICES)


def test_patterns_for_near_misses_are_patterns_of_known_devices():
    looser = read_table("lexicon", "near_misses.csv")
    assert set(looser["device"]) <= {*DEVICES, "targets", "slogans", "parallelism"} and looser.notna().all(
        axis=None
    )
    for pattern in looser["pattern"]:
        assert not re.compile(pattern).match(""), f"{pattern} matches nothing at all"


@pytest.mark.parametrize("what", ['"near_misses.csv"', "jieba.get_dict_file"])
def test_what_several_detectors_need_is_read_in_one_place(what):
    sources = (path.read_text("utf-8") for path in Path(analysis.__file__).parent.rglob("*.py"))
    assert sum(source.count(what) for source in sources) == 1


def test_the_ladder_has_three_rungs():
    ladder = load_lexicon("commitment").set_index("term")["strength"]
    assert ladder[["力争", "争取", "努力"]].tolist() == ["1"] * 3
    assert ladder[["推动", "加快", "推进"]].tolist() == ["2"] * 3
    assert ladder[["确保", "必须", "坚决"]].tolist() == ["3"] * 3
    assert len(ladder) >= 60 and set(ladder) == {"1", "2", "3"}


def test_the_tokeniser_sees_every_term():
    cut = tokeniser()
    assert [term for term in load_lexicon()["term"] if "".join(cut(term)) != term] == []


def test_the_lexicon_is_shown_with_its_cuts():
    shown = lexicon_table("commitment")
    assert len(shown) == len(load_lexicon("commitment"))
    assert (shown["cut"].str.replace("/", "") == shown["term"]).all()
    row = shown[shown["term"] == "推进"].iloc[0]
    assert "加快推进" in row["inside"].split(";") and "推进会" in row["not"].split(";")


def test_a_lexicon_of_your_own_is_data():
    own = pd.DataFrame({"device": "food", "term": ["火锅", "老火锅"], "category": ["dish", "dish"]})
    hits = devices(
        segment(pd.DataFrame({"doc_id": ["x"], "text": ["霁川市的老火锅和火锅。"]}), by="sentence"), own
    )
    assert hits[["device", "entry", "start"]].to_numpy().tolist() == [
        ["food", "老火锅", 4],
        ["food", "火锅", 8],
    ]
    assert lexicon_table(own)["inside"].tolist()[0] == "老火锅"


@pytest.mark.parametrize("between", [";", "；", "; ", " ； "])
def test_strings_of_a_condition_may_be_parted_as_one_writes_them(between):
    own = pd.DataFrame({"device": ["food"], "term": ["火锅"], "category": ["dish"]})
    text = pd.DataFrame({"doc_id": ["x"], "text": ["火锅店和火锅街，火锅和茶，火锅和酒。"]})
    excluded = own.assign(
        **{"not": between.join(["火锅店", "火锅街"]), "without": between.join(["酒", "水"])}
    )
    assert devices(segment(text, by="sentence"), excluded)["start"].tolist() == [8]


@pytest.mark.parametrize(
    ("lexicon", "sentence"),
    [
        (5, "lexicon=5 is no device; choose from methods, offers"),
        ([["images"]], "is no device"),
        (["images", None], "is no device"),
        ("image", "lexicon='image' is no device; choose from methods, offers"),
        ([], "is no device"),
        (pd.DataFrame({"term": ["火锅"]}), "A lexicon needs the column device and category"),
        (table((0, "not", "银行")), "the lexicon of 'own', row 1"),
    ],
)
def test_a_lexicon_that_will_not_do_is_answered_with_a_sentence(lexicon, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        load_lexicon(lexicon)
