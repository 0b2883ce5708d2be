"""The differences planted in the sample are found, with the right sign, and nothing else is beyond what chance gives."""

from __future__ import annotations

import tomllib
from functools import cache

import numpy as np
import pandas as pd
import pytest

from analysis import Counts, keyness, open_corpus
from analysis.lexicon import data_path

TRUTH = tomllib.loads((data_path("sample") / "truth.toml").read_text("utf-8"))
CITIES = sorted(TRUTH["names"])
LASTING = [effect for effect in TRUTH["effect"] if effect["kind"] in ("method", "sector", "image", "offer")]
GREEN = ["零碳园区", "绿电", "储能", "碳", "足迹"]  # the topic's terms as they are cut
FIRST_LAMP = {
    effect["city"]: effect["first_year"] for effect in TRUTH["effect"] if effect["kind"] == "slogan"
}


@cache
def words() -> Counts:
    return open_corpus("sample").words


@cache
def of_city(city: str) -> pd.DataFrame:
    return keyness(words(), "city", city, draws=40).set_index("term")


def called(frame: pd.DataFrame) -> set[str]:
    return set(frame.index[frame["q"] < 0.05])


def told(city: str) -> set[str]:
    """All that truth.toml says of a city: what was planted there, what goes along with it, its setting and strays."""
    effects = [effect for effect in TRUTH["effect"] if effect["city"] == city]
    found = {term for effect in effects for term in (*effect["terms"], *effect["parts"])}
    found |= {each["term"] for each in (*TRUTH["setting"], *TRUTH["stray"]) if each["city"] == city}
    return found


def a_name(term: str, city: str) -> bool:
    """Whether a word is a name of the city, or a part of one, or holds one (a name with 市 or 县)."""
    return any(term in name or name in term for name in TRUTH["names"][city])


@pytest.mark.parametrize("effect", LASTING, ids=lambda effect: effect["id"])
def test_each_planted_term_that_is_tested_is_found_with_the_right_sign(effect):
    frame = of_city(effect["city"])
    tested = frame[frame.index.isin(effect["terms"]) & frame["p"].notna()]
    assert len(tested) >= 3, "what was planted is frequent enough to be tested"
    assert (tested["q"] < 0.05).all() and (tested["ci_low"] > 0).all() and (tested["statistic"] > 0).all()


@pytest.mark.parametrize("city", CITIES)
def test_nothing_but_what_the_truth_tells_is_called_different(city):
    """No word beyond the truth; the random groups of twelve of these documents give hardly any either."""
    frame = of_city(city)
    assert {term for term in called(frame) - told(city) if not a_name(term, city)} == set()
    assert frame.attrs["placebo"]["mean"] <= 0.1


def test_the_control_is_told_from_its_twin_by_the_one_method():
    """望澜 is alike 霁川 in all but the fund: against each other only that, and their names, come out."""
    effect = next(effect for effect in LASTING if effect["id"] == "fund")
    frame = keyness(words(), "city", effect["city"], reference=effect["control"], draws=20).set_index("term")
    tested = frame[frame.index.isin(effect["terms"]) & frame["p"].notna()]
    assert len(tested) >= 3 and (tested["statistic"] > 0).all() and (tested["ci_low"] > 0).all()
    assert called(frame) & set(effect["terms"]), "twelve against twelve among 1,017 words is little"
    others = called(frame) - {*effect["terms"], *effect["parts"]}
    assert {term for term in others if not any(a_name(term, city) for city in ("霁川市", "望澜市"))} == set()


def test_the_topic_that_rises_is_found_between_years_and_between_no_cities():
    late = np.where(words().rows["year"] >= 2022, "late", "early")
    counts = Counts(words().values, words().rows.assign(late=late), words().terms)
    years = keyness(counts, "late", "late", within=None).set_index("term")
    assert years.attrs["unit"] == "document" and (years.loc[GREEN, "ci_low"] > 0).all()
    assert (years.loc[GREEN, "q"] < 0.05).all()
    topic = {part for effect in TRUTH["effect"] if effect["kind"] == "topic" for part in effect["parts"]}
    assert called(years) <= {*GREEN, *topic}
    assert not any(called(of_city(city)) & set(GREEN) for city in CITIES)


def test_the_slogan_is_found_where_it_had_arrived():
    rows = words().rows
    first = rows["city"].map(FIRST_LAMP).astype(float)
    arrived = np.where(first.notna() & (rows["year"] >= first), "yes", "not yet")
    frame = keyness(
        Counts(words().values, rows.assign(lamp=arrived), words().terms), "lamp", "yes"
    ).set_index("term")
    assert (frame.loc[["一企", "一灯"], "q"] < 0.05).all() and (
        frame.loc[["一企", "一灯"], "ci_low"] > 0
    ).all()
    lamp = {part for effect in TRUTH["effect"] if effect["kind"] == "slogan" for part in effect["parts"]}
    assert called(frame) <= lamp | {term for city in FIRST_LAMP for term in told(city)}


def test_the_setting_is_where_the_truth_says():
    for each in TRUTH["setting"]:
        users = words().rows.loc[np.asarray(words().select([each["term"]]).values.sum(axis=1)).ravel() > 0]
        assert set(users.loc[users["city"] == each["city"], "doc_id"]) == set(each["documents"])
        assert len(users) - len(each["documents"]) <= 2, "hardly anywhere else"
