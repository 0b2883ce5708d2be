"""Reuse: planted borrowing is found where it was planted, a slow search by strings agrees, laws, what cannot be done."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pytest

from analysis import reuse
from analysis.sharing import SHINGLE
from analysis.spreading.lending import borrowers
from analysis.spreading.tracing import Places, Runs, counted, starts_of

SIGNS = [chr(0x4E00 + at) for at in range(3000)]  # enough that twelve in a row never agree by chance
TAKEN = "砚湖两岸三百家小厂搬进新园区，灯火映着长堤与石桥直到清晨方才熄灭"  # 31 letters


def noise(rng: random.Random, n: int = 60) -> str:
    return "".join(rng.choices(SIGNS, k=n))


def texts(rows: str, **passages: str) -> pd.DataFrame:
    """A row a line: doc_id, city, province, year, and the names of the passages in it; noise around each."""
    rng = random.Random(7)
    told = []
    for line in rows.strip().splitlines():
        doc, city, province, year, *names = line.split()
        parts = [part for name in names for part in (noise(rng), passages[name])]
        told.append((doc, city, province, int(year), "".join([*parts, noise(rng)])))
    return pd.DataFrame(told, columns=["doc_id", "city", "province", "year", "text"])


PLANTED = """
a1 甲市 东省 2015 一
b1 乙市 东省 2017 二 一
c1 丙市 西省 2016
a2 甲市 东省 2018 一
d1 丁市 西省 2020 一 三
e1 戊市 西省 2020 三
"""


def planted() -> pd.DataFrame:
    rng = random.Random(1)
    return texts(PLANTED, 一=TAKEN, 二=noise(rng, 30), 三=noise(rng, 40))


def test_a_planted_passage_is_found_from_end_to_end():
    documents = planted()
    found = reuse(documents)
    told = found.opened(documents)
    borrowed = told[told["kind"] == "borrowed"]
    assert borrowed[["doc_id", "from_doc"]].to_numpy().tolist() == [
        ["b1", "a1"],
        ["d1", "a1"],
    ]  # the earliest, not b1
    assert borrowed["text"].eq(TAKEN).all() and borrowed["from_text"].eq(TAKEN).all()
    assert (
        borrowed["letters"].eq(31).all() and borrowed["sources"].eq(1).all() and not borrowed["central"].any()
    )
    own = told[told["kind"] == "own"]
    assert own[["doc_id", "from_doc", "text"]].to_numpy().tolist() == [["a2", "a1", TAKEN]]
    same = told[told["kind"] == "same year"]
    assert same[["doc_id", "from_doc"]].to_numpy().tolist() == [["d1", "e1"], ["e1", "d1"]]
    assert same["letters"].eq(40).all()


def test_flows_and_letters_of_documents():
    found = reuse(planted())
    assert found.flows[
        ["borrower", "source", "letters", "passages", "years", "first", "last"]
    ].to_numpy().tolist() == [
        ["丁市", "甲市", 31.0, 1, 1, 2020, 2020],
        ["乙市", "甲市", 31.0, 1, 1, 2017, 2017],
    ]
    own = found.documents.set_index("doc_id")
    assert own.loc["d1", ["letters", "borrowed", "same_year", "own", "common", "central"]].tolist() == [
        251,
        31,
        40,
        0,
        0,
        0,
    ]
    assert own.loc["a2", ["borrowed", "own"]].tolist() == [0, 31]


def test_other_punctuation_is_the_same_text_and_another_figure_is_not():
    rows = "a 甲市 东省 2015 一\nb 乙市 东省 2016 二\nc 丙市 西省 2017 三"
    figure = "去年落户企业共计{}家总投资额三百亿元以上创历年同期新高"
    documents = texts(
        rows,
        一=TAKEN + figure.format(12),
        二=TAKEN.replace("，", "。\n　") + figure.format(13),
        三=noise(random.Random(3)),
    )
    told = reuse(documents, min_letters=12).opened(documents)
    assert told["letters"].tolist() == [
        31 + len("去年落户企业共计1"),
        len("家总投资额三百亿元以上创历年同期新高"),
    ]
    assert [text[-2:] for text in told["text"]] == ["计1", "新高"]


def test_ties_share_the_credit():
    rows = "a 甲市 东省 2015 一\nb 乙市 东省 2015 一\nc 丙市 西省 2017 一"
    found = reuse(texts(rows, 一=TAKEN))
    borrowed = found.passages[found.passages["kind"] == "borrowed"]
    assert borrowed["from_doc"].tolist() == ["a", "b"] and borrowed["sources"].eq(2).all()
    assert found.flows["letters"].tolist() == [15.5, 15.5]


def test_what_several_provinces_had_is_nobodys():
    rows = "a 甲市 东省 2015 一\nb 乙市 西省 2016 一\nc 丙市 南省 2017 一\nd 丁市 北省 2018 一"
    kinds = reuse(texts(rows, 一=TAKEN)).passages.set_index("doc_id")["kind"]
    assert kinds.to_dict() == {"b": "borrowed", "c": "borrowed", "d": "common"}
    assert reuse(texts(rows, 一=TAKEN), common=4).passages["kind"].tolist() == ["borrowed"] * 3


def test_central_text_is_kept_apart():
    documents = texts("a 甲市 东省 2015 一\nb 乙市 西省 2016 一\nc 丙市 南省 2017 一", 一=TAKEN)
    central = pd.DataFrame({"doc_id": ["s"], "year": [2017], "text": [noise(random.Random(5)) + TAKEN]})
    found = reuse(documents, central=central).passages.set_index("doc_id")
    assert found["kind"].to_dict() == {"b": "borrowed", "c": "central"} and found["central"].tolist() == [
        False,
        True,
    ]
    only = reuse(documents.iloc[:2], central=central.assign(year=2010)).passages
    assert only["kind"].tolist() == ["central", "central"] and only["from_doc"].isna().all()


def test_a_passage_with_common_words_in_it_is_one_passage():
    """The middle stood in three provinces; around it the text is of one city."""
    middle = "这一句话许多地方早已写进报告里面"
    rows = "a 甲市 东省 2014 中\nb 乙市 西省 2014 中\nc 丙市 南省 2014 中\nd 丁市 东省 2016 全\ne 戊市 西省 2017 全"
    rng = random.Random(2)
    documents = texts(rows, 中=middle, 全=noise(rng, 20) + middle + noise(rng, 20))
    found = reuse(documents).passages
    borrowed = found[found["kind"] == "borrowed"]
    assert borrowed[["doc_id", "from_doc", "letters"]].to_numpy().tolist() == [["e", "d", 56]]


def test_central_text_beside_borrowed_text_is_shown_and_not_counted():
    """Twelve letters in a row of which one is borrowed are so: eleven central ones count beside the fourteen, not 200."""
    rng = random.Random(9)
    law, rim = noise(rng, 200), noise(rng, 14)
    documents = texts("a 甲市 东省 2015 x\nb 乙市 西省 2016 x", x=rim + law)
    central = pd.DataFrame({"year": [2010], "text": [law]})
    found = reuse(documents, central=central)
    borrowed = found.passages[found.passages["kind"] == "borrowed"]
    assert found.opened(documents, borrowed)["text"].tolist() == [rim + law]
    assert borrowed["letters"].tolist() == [25] and found.flows["letters"].tolist() == [25]
    assert reuse(documents, central=central, min_letters=26).flows.empty


@pytest.mark.parametrize("seed", range(5))
def test_counted_letters_against_a_slow_count(seed):
    rng = np.random.default_rng(seed)
    kinds = [np.flatnonzero(rng.random(90) < 0.1) for _ in range(3)]
    doc = np.repeat(np.arange(3), [len(own) for own in kinds])
    places = Places(np.arange(len(doc)), doc, np.concatenate(kinds))
    begin = rng.integers(0, 60, 30)
    end, of = begin + rng.integers(12, 40, 30), rng.integers(0, 3, 30)
    upto = rng.integers(begin, end + 1)
    found = counted(Runs(of, of, begin, end, of), starts_of(places, np.arange(len(doc))), upto)
    for at, mine in enumerate(found):
        inside = [start for start in kinds[of[at]] if begin[at] <= start <= end[at] - SHINGLE]
        slow = {place for start in inside for place in range(start, start + SHINGLE)}
        assert mine == sum(place < upto[at] for place in slow)


# ---- a slow search by strings


def slowly(documents: pd.DataFrame) -> dict[str, dict[str, set[int]]]:
    """Letters of each document in twelve that its city had in an earlier year; else another; else another that year."""
    of: dict[str, list[tuple[int, str]]] = {}
    strings = {}
    for row in documents.itertuples():
        letters = "".join(sign for sign in row.text if sign.isalnum())
        strings[row.doc_id] = [letters[at : at + SHINGLE] for at in range(len(letters) - SHINGLE + 1)]
        for string in strings[row.doc_id]:
            of.setdefault(string, []).append((row.year, row.city))
    marks: dict[str, dict[str, set[int]]] = {}
    for row in documents.itertuples():
        own = marks[row.doc_id] = {"own": set(), "borrowed": set(), "same_year": set()}
        for at, string in enumerate(strings[row.doc_id]):
            earlier = {city for year, city in of[string] if year < row.year}
            now = {city for year, city in of[string] if year == row.year} - {row.city}
            kind = "own" if row.city in earlier else "borrowed" if earlier else "same_year" if now else None
            if kind:
                own[kind] |= set(range(at, at + SHINGLE))
    return marks


def jumble(seed: int) -> pd.DataFrame:
    rng = random.Random(seed)
    stock = [noise(rng, rng.randint(8, 50)) for _ in range(8)]
    rows = []
    for at in range(40):
        parts = [
            part
            for _ in range(rng.randint(0, 5))
            for part in (noise(rng, rng.randint(0, 9)), rng.choice(stock))
        ]
        city = rng.choice("甲乙丙丁戊己")
        rows.append(
            (f"d{at:02}", f"{city}市", f"{rng.choice('东西')}省", rng.randint(2010, 2016), "，".join(parts))
        )
    return pd.DataFrame(rows, columns=["doc_id", "city", "province", "year", "text"])


@pytest.mark.parametrize("seed", range(6))
def test_borrowed_letters_are_those_of_a_slow_search(seed):
    documents = jumble(seed)
    found = reuse(documents, min_letters=12, common=99)
    slow = slowly(documents)
    for row in found.documents.itertuples():
        own, borrowed, same_year = slow[
            row.doc_id
        ].values()  # a letter counts for the first that it belongs to
        counts = [len(own), len(borrowed - own), len(same_year - borrowed - own)]
        assert [row.own, row.borrowed, row.same_year] == counts
    assert found.documents[["own", "borrowed", "same_year"]].gt(0).any().all()
    told = found.opened(documents)

    def bare(text: str) -> str:
        return "".join(sign for sign in text if sign.isalnum())

    sourced = told[told["from_doc"].notna()]
    assert len(sourced) > 10 and [bare(text) for text in sourced["text"]] == [
        bare(text) for text in sourced["from_text"]
    ]
    borrowed = told[told["kind"] == "borrowed"]
    assert (borrowed["from_year"] < borrowed["year"]).all() and (
        borrowed["from_city"] != borrowed["city"]
    ).all()
    assert (
        told.loc[told["kind"] == "same year", "from_year"] == told.loc[told["kind"] == "same year", "year"]
    ).all()


# ---- laws


def test_the_order_of_documents_changes_nothing():
    documents = jumble(11)
    turned = documents.sample(frac=1, random_state=3)
    one, other = reuse(documents, min_letters=12), reuse(turned, min_letters=12)
    for name in ("passages", "flows", "documents"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    assert one.borrowers().equals(other.borrowers()) and one.nearness() == other.nearness()


def test_names_of_cities_change_nothing():
    documents = jumble(12)
    renamed = documents.assign(city=documents["city"].map(lambda name: f"{1000 - ord(name[0]) % 97}镇"))
    one, other = reuse(documents, min_letters=12), reuse(renamed, min_letters=12)
    names = ["city", "from_city"]
    pd.testing.assert_frame_equal(one.passages.drop(columns=names), other.passages.drop(columns=names))
    assert sorted(one.flows["letters"]) == sorted(other.flows["letters"])
    assert one.nearness() == other.nearness()
    columns = ["ratio", "p", "q"]
    mine, theirs = (each.borrowers()[columns].sort_values(columns).to_numpy() for each in (one, other))
    assert mine == pytest.approx(theirs, nan_ok=True)


# ---- more than chance


def lively(near: bool) -> pd.DataFrame:
    """Thirty cities of six provinces; each year each takes a sentence from a city of its province, or of any."""
    rng = random.Random(4)
    cities = [(f"{at:02}市", f"{at % 6}省") for at in range(30)]
    written: dict[str, list[str]] = {city: [] for city, _ in cities}
    rows = []
    for year in range(2010, 2016):
        before = {city: list(own) for city, own in written.items()}
        for city, province in cities:
            others = [name for name, home in cities if name != city and (home == province or not near)]
            stock = before[rng.choice(others)] or [noise(rng, 30)]
            fresh = [noise(rng, 40), noise(rng, 40)]
            taken = [rng.choice(stock) for _ in range(6 if city == "00市" else 1)]
            written[city] += fresh
            rows.append(
                (
                    f"{city}{year}",
                    city,
                    province,
                    year,
                    "".join(fresh + [noise(rng, 5) + own for own in taken]),
                )
            )
    return pd.DataFrame(rows, columns=["doc_id", "city", "province", "year", "text"])


def test_cities_that_borrow_at_home_are_told_from_those_that_do_not():
    home, anywhere = reuse(lively(True)), reuse(lively(False))
    assert home.nearness()["p"] == 0.001 and home.nearness()["share"] > 0.9
    assert anywhere.nearness()["p"] > 0.01 and 0.5 < anywhere.nearness()["ratio"] < 1.7
    assert home.nearness()["expected"] == pytest.approx(4 / 29, abs=0.03)


def test_the_city_that_borrows_most_is_named():
    frame = reuse(lively(False)).borrowers()
    assert frame.loc[0, "city"] == "00市" and frame.loc[0, "q"] < 0.05 and frame.loc[0, "ratio"] > 1.5
    assert (frame.loc[1:, "q"] > 0.05).all()


def test_what_is_expected_is_what_the_shuffles_give():
    """A long report that borrows little and a short one that borrows much: ratio and p point to the same side."""
    rng = np.random.default_rng(2)
    rows = [(f"{at:02}市", 2020, 10_000 if at % 2 else 500, 0) for at in range(20)]
    documents = pd.DataFrame(rows, columns=["city", "year", "letters", "borrowed"])
    documents["borrowed"] = (documents["letters"] * rng.uniform(0, 0.3, 20)).astype(int)
    found = borrowers(documents, 0).set_index("city")
    share = (documents["borrowed"] / documents["letters"]).mean()
    assert found["expected"].to_dict() == pytest.approx(
        dict(zip(documents["city"], share * documents["letters"], strict=True))
    )


def staggered(seed: int) -> pd.DataFrame:
    """Provinces report in five years of their own; cities borrow from whoever wrote last year, of any province."""
    rng = random.Random(seed)
    written: dict[int, dict[int, list[str]]] = {}
    rows = []
    for year in range(2010, 2018):
        for at in range(24):
            if not 0 <= year - 2010 - at % 4 <= 4:
                continue
            fresh, last = [noise(rng, 30), noise(rng, 30)], written.get(year - 1, {})
            others = [city for city in last if city != at]
            taken = [rng.choice(last[rng.choice(others)]) for _ in range(3)] if others else []
            written.setdefault(year, {})[at] = fresh
            text = "".join(fresh + [noise(rng, 5) + own for own in taken])
            rows.append((f"{year}/{at:02}", f"{at:02}市", f"{at % 4}省", year, text))
    return pd.DataFrame(rows, columns=["doc_id", "city", "province", "year", "text"])


def test_who_reports_when_is_no_liking_for_home():
    found = [reuse(staggered(seed)).nearness() for seed in range(5)]
    assert sorted(own["p"] for own in found)[1] > 0.02
    assert np.mean([own["ratio"] for own in found]) == pytest.approx(1, abs=0.15)


def test_without_passages_of_one_source_nothing_is_near():
    rows = "a 甲市 东省 2015 一\nb 乙市 西省 2015 一\nc 丙市 南省 2017 一"
    found = reuse(texts(rows, 一=TAKEN)).nearness()
    assert found.pop("passages") == 0 and np.isnan(list(found.values())).all()


# ---- what cannot be done


def test_what_cannot_be_done_is_said():
    documents = planted()
    with pytest.raises(ValueError, match="needs the column text"):
        reuse(documents.drop(columns="text"))
    with pytest.raises(ValueError, match="less than a shingle"):
        reuse(documents, min_letters=5)
    with pytest.raises(ValueError, match="fewer than two"):
        reuse(documents[documents["city"] == "甲市"])
    found = reuse(documents)
    with pytest.raises(ValueError, match="no column 'coast'"):
        found.nearness("coast")
    with pytest.raises(ValueError, match="are not given, first 'a1'"):
        found.opened(documents[documents["doc_id"] != "a1"])
    with pytest.warns(UserWarning, match="1 of 6 documents have no city"):
        reuse(documents.assign(year=documents["year"].where(documents["doc_id"] != "a2")))


def test_nothing_shared_gives_empty_frames():
    rng = random.Random(8)
    rows = [("a", "甲市", 2015, noise(rng)), ("b", "乙市", 2016, ""), ("c", "丙市", 2016, noise(rng))]
    found = reuse(pd.DataFrame(rows, columns=["doc_id", "city", "year", "text"]))
    assert found.passages.empty and found.flows.empty and len(found.documents) == 3
    full = reuse(planted())
    assert (
        found.passages.dtypes.astype(str).drop("kind").to_dict()
        == full.passages.dtypes.astype(str).drop("kind").to_dict()
    )
    assert found.documents["letters"].tolist() == [60, 0, 60]
    assert np.isnan(found.borrowers()["ratio"]).all()
