"""A profile says what was planted in a city and nothing of a city without differences; where n is small it is silent."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from statsmodels.stats.proportion import proportion_confint

from analysis import Counts, open_corpus, profile, topics
from analysis.profiles import COLUMNS, _early, _SilentError, _targets


@pytest.fixture(scope="module")
def corpus():
    return open_corpus("sample")


@pytest.fixture(scope="module")
def fund(corpus):
    return profile(corpus, "霁川市")


def test_what_was_planted_is_said(fund):
    assert {"基金招商", "母基金"} <= set(fund.section("words")["subject"])
    assert list(fund.section("methods")["subject"]) == ["capital"]


def test_each_statement_has_its_interval_and_n(fund):
    assert list(fund.statements.columns) == COLUMNS
    assert (fund.statements["n"] >= 3).all() and fund.statements["says"].str.len().gt(10).all()
    tested = fund.statements[fund.statements["section"] != "nearest"]
    assert (tested["ci_low"] <= tested["value"]).all() and (tested["value"] <= tested["ci_high"]).all()


def test_a_silent_section_says_why(fund):
    why = fund.silent.set_index("section")["reason"]
    assert why["topics"] == "no topic model was given (themes=)"
    assert why["slogans"] == "no slogan is used by 20 cities or more"
    assert set(why.index) | set(fund.statements["section"]) >= {"words", "targets", "commitments", "nearest"}


def test_two_documents_are_too_few_for_any_difference(corpus):
    few = corpus.words.rows["city"].ne("霁川市") | corpus.words.rows["doc_id"].isin(
        ["jichuan-2019-1", "jichuan-2021-1"]
    )
    kept = corpus.documents["doc_id"].isin(corpus.words.rows.loc[few, "doc_id"])
    small = replace(
        corpus, words=corpus.words.where(few), documents=corpus.documents[kept].reset_index(drop=True)
    )
    small.__dict__["rhetoric"] = _without(corpus.rhetoric, set(corpus.documents["doc_id"][~kept]))
    found = profile(small, "霁川市")
    assert set(found.statements["section"]) <= {"targets", "slogans"}
    assert (
        found.silent.set_index("section")["reason"]["words"]
        == "2 documents, and 3 are needed for an interval"
    )


def _without(rhetoric, documents):
    from dataclasses import fields

    frames = {each.name: getattr(rhetoric, each.name) for each in fields(rhetoric)}
    return type(rhetoric)(**{name: own[~own["doc_id"].isin(documents)] for name, own in frames.items()})


def test_a_topic_that_was_planted_in_a_city_is_said(corpus):
    """Every other passage of 霁川市 speaks of the port, of the other cities one in twenty."""
    rows = corpus.passages.rows
    draw = np.random.default_rng(4)
    there = draw.random(len(rows)) < np.where(rows["city"] == "霁川市", 0.5, 0.05)
    port, land = draw.poisson(30, (2, len(rows), 4))
    values = np.hstack([port * there[:, None], land * ~there[:, None]])
    planted = Counts(
        csr_matrix(values), rows.assign(n_tokens=values.sum(axis=1)), pd.Index([*"港船锚帆田牛稻犁"])
    )
    themes = topics(planted.where(values.sum(axis=1) > 0), 2, seed=0)
    found = profile(corpus, "霁川市", themes=themes).section("topics").set_index("subject")
    (harbour,) = [name for name in found.index if set(name) & set("港船锚帆")]
    row = found.loc[harbour]
    documents = (
        planted.rows.assign(there=there)[values.sum(axis=1) > 0].groupby(["city", "doc_id"])["there"].mean()
    )
    assert row["value"] == pytest.approx(documents["霁川市"].mean(), abs=0.03)
    assert row["ci_low"] < row["value"] < row["ci_high"] and row["others"] < 0.1 < row["ci_low"]
    assert row["q"] < 0.05 and row["n"] == 12 and row["chance"] < 1
    assert row["says"] == f"Topic {harbour}: {row['value']:.0%} of the passages about attracting investment."
    quiet = profile(corpus, "望澜市", themes=themes).silent.set_index("section")["reason"]
    assert quiet["topics"] == "nothing that differs from the other cities' documents"


def test_an_unknown_city_is_refused_with_its_nearest(corpus):
    with pytest.raises(ValueError, match="霁川"):
        profile(corpus, "霁川县")


def test_a_corpus_without_cities_is_answered_with_a_sentence(corpus):
    bare = replace(corpus, documents=corpus.documents.drop(columns="city"))
    with pytest.raises(ValueError, match="has a city; name the cities in a manifest"):
        profile(bare, "霁川市")


def test_of_the_only_city_there_is_no_difference_to_tell(corpus):
    here = corpus.words.rows["city"] == "霁川市"
    kept = corpus.documents["doc_id"].isin(corpus.words.rows.loc[here, "doc_id"])
    alone = replace(corpus, words=corpus.words.where(here), documents=corpus.documents[kept])
    alone.__dict__["rhetoric"] = _without(corpus.rhetoric, set(corpus.documents["doc_id"][~kept]))
    found = profile(alone, "霁川市")
    assert set(found.statements["section"]) <= {"targets"}
    why = found.silent.set_index("section")["reason"]
    assert {why[name] for name in ("words", "methods", "commitments")} == {
        "there is no other city to compare with"
    }
    assert why["nearest"] == "there are fewer than three cities"


# ---- promises


def test_promises_are_spoken_of_from_three_reports_on(corpus):
    made = corpus.rhetoric.promises
    reports = made[made["met"].notna()].groupby("city")["doc_id"].nunique()
    for city in corpus.documents["city"].unique():
        found = _of_targets(corpus.rhetoric.promises, city)
        assert ("n" in found) == (reports.get(city, 0) >= 3), city


def _of_targets(made: pd.DataFrame, city: str) -> dict:
    try:
        return next(_targets(SimpleNamespace(rhetoric=SimpleNamespace(promises=made)), city))
    except _SilentError as why:
        return {"silent": str(why)}


def test_promises_of_two_reports_are_too_few_and_others_are_a_mean_of_cities():
    outcomes = [("甲市", year, met) for year in range(3) for met in (True, year > 0)]
    outcomes += [("乙市", year, True) for year in range(4)] + [("丙市", 0, False), ("丙市", 1, False)]
    made = pd.DataFrame(outcomes, columns=["city", "year", "met"]).astype({"met": "boolean"})
    made["doc_id"] = made["city"] + made["year"].astype(str)
    told = _of_targets(made, "甲市")
    assert told["n"] == 3 and told["value"] == pytest.approx(5 / 6)
    weights = [1 / (0.2 + 0.8 / 4), 1 / (0.2 + 0.8 / 2)]
    assert told["others"] == pytest.approx(np.average([1, 0], weights=weights))
    assert _of_targets(made, "丙市")["silent"] == (
        "2 reports with promises that the next year's report speaks of, and 3 are needed"
    )
    assert _of_targets(made, "丁市")["silent"].startswith("0 reports")
    assert np.isnan(_of_targets(made[made["city"] == "甲市"], "甲市")["others"])


# ---- slogans


def spread(uses: dict[str, int | None], missing: set[tuple[str, int]] = frozenset()) -> SimpleNamespace:
    """Reports of 2014 to 2018 but those missing; each city says 双招双引 in every report from its year on."""
    reports = [(city, year) for city in uses for year in range(2014, 2019) if (city, year) not in missing]
    rows = pd.DataFrame(reports, columns=["city", "year"]).assign(n_chars=1000, n_tokens=1000)
    rows["doc_id"] = rows["city"] + rows["year"].astype(str)
    used = [uses[city] is not None and year >= uses[city] for city, year in reports]
    hits = pd.DataFrame({"doc_id": rows.loc[used, "doc_id"], "slogan": "双招双引", "quoted": True})
    return SimpleNamespace(words=SimpleNamespace(rows=rows), rhetoric=SimpleNamespace(slogans=hits))


MANY = {f"市{at}": 2017 for at in range(22)}


def test_an_early_slogan_is_said_with_the_others_that_reported_then():
    corpus = spread(MANY | {"甲": 2016, "早": 2015, "后": None}, missing={("市0", 2016), ("甲", 2015)})
    (row,) = _early(corpus, "甲", 5)
    low, high = proportion_confint(1, 23, method="wilson")  # 早 of 早, 后 and 21 of the 22
    assert (row["value"], row["ci_low"], row["ci_high"], row["n"]) == pytest.approx((1 / 23, low, high, 23))
    assert row["says"] == (
        "双招双引 was taken up between its reports of 2014 and 2016; "
        "1 of the 23 other cities with a report of 2016 used it then, "
        "and 1 of the 23 others that ever use it are known to have done so before."
    )


def test_a_slogan_of_the_first_report_is_included_and_said():
    (row,) = _early(spread(MANY | {"甲": 2014}), "甲", 5)
    assert row["says"].startswith("双招双引 was taken up by its first report, 2014; 0 of the 22 other cities")


@pytest.mark.parametrize(
    ("city", "reason"), [("市3", "more than 10% of the other"), ("后", "uses none of the 1 slogans")]
)
def test_who_was_late_or_never_has_a_sentence_of_its_own(city, reason):
    with pytest.raises(_SilentError, match=reason):
        list(_early(spread(MANY | {"早": 2015, "后": None}), city, 5))


def test_who_reports_with_a_tenth_of_users_is_early_and_with_more_is_not():
    for before, early in ((2, True), (3, False)):
        others = MANY | {f"早{at}": 2015 for at in range(before)}
        corpus = spread({"甲": 2016, **dict(list(others.items())[-20:])})
        if early:
            assert [row["value"] for row in _early(corpus, "甲", 5)] == [0.1]
        else:
            with pytest.raises(_SilentError):
                list(_early(corpus, "甲", 5))


def test_a_slogan_that_has_gone_out_of_use_is_not_early():
    corpus = spread(dict.fromkeys(MANY, 2014) | {"甲": 2017})
    hits = corpus.rhetoric.slogans
    late = hits["doc_id"].str[-4:].astype(int) > 2014
    corpus.rhetoric.slogans = hits[~late | hits["doc_id"].str.startswith("甲")]  # in 2017 甲 is alone with it
    with pytest.raises(_SilentError, match="none of its 1 slogans"):
        list(_early(corpus, "甲", 5))


def test_slogans_of_documents_without_a_city_are_left_aside():
    corpus = spread(MANY | {"甲": 2016})
    loose = pd.DataFrame(
        {"city": [None], "year": [2013], "n_chars": 1000, "n_tokens": 1000, "doc_id": ["无"]}
    )
    corpus.words.rows = pd.concat([corpus.words.rows, loose], ignore_index=True)
    hit = pd.DataFrame({"doc_id": ["无"], "slogan": ["双招双引"], "quoted": [True]})
    corpus.rhetoric.slogans = pd.concat([corpus.rhetoric.slogans, hit], ignore_index=True)
    assert [row["n"] for row in _early(corpus, "甲", 5)] == [22]


def test_slogans_without_years_are_silent():
    corpus = spread(MANY)
    corpus.words.rows["year"] = pd.NA
    with pytest.raises(_SilentError, match="no document of a city has a year"):
        list(_early(corpus, "市1", 5))
