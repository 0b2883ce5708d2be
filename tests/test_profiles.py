"""A profile says what was planted in a city and nothing of a city without differences; where n is small it is silent."""

import pandas as pd
import pytest

from analysis import content_terms, open_corpus, profile, topics
from analysis.profiles import COLUMNS, _rank


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
    from dataclasses import replace

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


def test_topics_are_compared_where_a_model_is_given(corpus):
    passages = content_terms(corpus.passages, leave_out=corpus.names)
    themes = topics(passages.where(passages.values.getnnz(axis=1) > 0), 4, seed=0)
    found = profile(corpus, "栖岭市", themes=themes)
    assert "topics" not in found.silent.set_index("section")["reason"].get("topics", "")
    assert "biomedicine" in " ".join(found.section("sectors")["subject"]).lower()


def test_an_unknown_city_is_refused_with_its_nearest(corpus):
    with pytest.raises(ValueError, match="霁川"):
        profile(corpus, "霁川县")


def adoptions(**years) -> pd.DataFrame:
    rows = [("词", city, after, by, 5) for city, (after, by) in years.items()]
    frame = pd.DataFrame(rows, columns=["term", "city", "after", "by", "documents"])
    return frame.astype({"after": "Int64", "by": "Int64"})


def test_a_rank_has_bounds_from_the_years_between_reports():
    others = {f"市{at}": (2018, 2019) for at in range(28)} | {"早": (2014, 2015), "后": (2020, pd.NA)}
    row = next(_rank(adoptions(甲=(2015, 2017), **others), "甲"))
    assert (row["ci_low"], row["ci_high"]) == (2, 2)  # 早 before, the 28 after, 后 never
    unsure = others | {"疑": (pd.NA, 2016)}
    row = next(_rank(adoptions(甲=(2015, 2017), **unsure), "甲"))
    assert (row["ci_low"], row["ci_high"]) == (2, 3)  # 疑 had it by 2016: before 甲 or after
    assert list(_rank(adoptions(甲=(2015, 2017), **others), "后")) == []


def test_who_may_have_been_late_is_not_called_early():
    others = {f"市{at}": (2015, 2016) for at in range(28)}
    assert list(_rank(adoptions(甲=(2014, 2017), **others), "甲")) == []
