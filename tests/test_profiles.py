"""A profile says what was planted in a city and nothing of a city without differences; where n is small it is silent."""

import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from statsmodels.stats.proportion import proportion_confint

from analysis import (
    Counts,
    city_measures,
    device_counts,
    device_rates,
    keyness,
    open_corpus,
    profile,
    profiles,
    promises_met,
    similarity,
    topics,
)
from analysis.keywords.weights import content_terms
from analysis.languages import in_chinese
from analysis.profiling.pioneers import EarlySlogans
from analysis.profiling.promised import Promises
from analysis.profiling.statements import COLUMNS, SilentError


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


# ---- all cities at once


@pytest.fixture(scope="module")
def everyone(corpus):
    return profiles(corpus, jobs=1)


def same(one, other):
    pd.testing.assert_frame_equal(one.statements, other.statements)
    pd.testing.assert_frame_equal(one.silent, other.silent)
    assert (one.city, one.documents, one.years, one.about) == (
        other.city,
        other.documents,
        other.years,
        other.about,
    )


def test_all_cities_at_once_have_the_profiles_that_each_has_alone(corpus, everyone, fund):
    assert list(everyone) == sorted(corpus.documents["city"].unique())
    same(everyone["霁川市"], fund)
    same(everyone["望澜市"], profile(corpus, "望澜市"))


def test_neither_the_order_of_documents_nor_that_of_cities_changes_a_profile(corpus, everyone):
    order = np.random.default_rng(2).permutation(len(corpus.words.rows))
    words = corpus.words
    rows = words.rows.iloc[order].reset_index(drop=True)
    documents = corpus.documents.sample(frac=1, random_state=3)
    mixed = replace(corpus, words=Counts(words.values[order], rows, words.terms), documents=documents)
    mixed.__dict__["rhetoric"] = corpus.rhetoric
    cities = list(everyone)[:3]
    found = profiles(mixed, reversed(cities), jobs=1)
    assert list(found) == cities
    for city in cities:
        same(found[city], everyone[city])


def test_its_words_are_those_that_keyness_calls_different(corpus, everyone):
    words = content_terms(corpus.words, leave_out=corpus.names)
    for city in ("霁川市", "望澜市"):
        frame = keyness(words, "city", city, draws=20)
        apart = frame[frame["q"] < 0.05].sort_values("statistic", key=abs, ascending=False, kind="stable")
        told = everyone[city].section("words")
        assert list(told["subject"]) == list(apart["term"][:5])
        for ours, theirs in (("value", "log_ratio"), ("ci_low", "ci_low"), ("ci_high", "ci_high")):
            assert np.log2(told[ours].to_numpy()) == pytest.approx(apart[theirs][:5].to_numpy())
        assert told["q"].to_numpy() == pytest.approx(apart["q"][:5].to_numpy())
        assert (told["chance"] == frame.attrs["placebo"]["mean"]).all()


def test_the_nearest_cities_are_those_of_similarity(corpus, everyone):
    near = similarity(content_terms(corpus.words, leave_out=corpus.names), "city", pairs="nearest")
    for city, own in near.groupby("a"):
        told = everyone[city].section("nearest")
        assert list(told["subject"]) == list(own["b"])
        assert told["value"].to_numpy() == pytest.approx(own["value"].to_numpy())
        for says, row in zip(told["says"], own.itertuples(), strict=True):
            assert says.endswith(f"; {row.verdict} (p {row.p:.3f}).")


def test_each_statement_says_what_opens_its_evidence(everyone):
    told = pd.concat([found.statements for found in everyone.values()])
    kinds = told.groupby("section")["kind"].agg(lambda own: frozenset(own)).to_dict()
    assert kinds.pop("words") == {"term"} and kinds.pop("nearest") == {"city"}
    assert kinds.pop("commitments", {"commitment"}) == {"commitment"}
    assert set().union(*kinds.values()) == {"category"}
    assert told["item"].notna().all()
    capital = told[told["item"] == "methods:capital"].iloc[0]
    assert capital["gloss"] == "fund and capital" and capital["says"].startswith("fund and capital: ")
    glosses = told[told["kind"] == "term"].set_index("item")["gloss"]
    assert "fund" in glosses["母基金"] and pd.isna(glosses.get("霁川", pd.NA))


def test_documents_without_a_city_are_left_aside(corpus, fund):
    loose = corpus.words.rows["doc_id"].isin(_some_of(corpus, "望澜市"))
    rows = corpus.words.rows.assign(city=corpus.words.rows["city"].mask(loose))
    bare = replace(
        corpus,
        words=replace(corpus.words, rows=rows),
        documents=corpus.documents.assign(city=corpus.documents["city"].mask(loose.to_numpy())),
    )
    bare.__dict__["rhetoric"] = corpus.rhetoric
    found = profile(bare, "霁川市")
    assert {"基金招商", "母基金"} <= set(found.section("words")["subject"])
    assert "望澜市" not in profiles(bare, jobs=1)


def _some_of(corpus, city):
    return corpus.words.rows.loc[corpus.words.rows["city"] == city, "doc_id"]


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
        return next(Promises(made).of(city))
    except SilentError as why:
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


def test_the_promises_of_others_are_what_promises_met_gives_for_them_together():
    draw = np.random.default_rng(5)
    made = pd.DataFrame({"city": draw.choice([*"甲乙丙丁戊"], 200), "year": draw.integers(2000, 2012, 200)})
    made["met"] = pd.array(draw.random(200) < 0.6).astype("boolean")
    made["met"] = made["met"].mask(draw.random(200) < 0.2)
    made["doc_id"] = made["city"] + made["year"].astype(str)
    for city in "甲乙丙丁戊":
        (others,) = promises_met(made[made["city"] != city].assign(side="others"), "side")["met"]
        (own,) = promises_met(made[made["city"] == city].assign(side="own"), "city")["met"]
        told = _of_targets(made, city)
        assert (told["value"], told["others"]) == pytest.approx((own, others))


# ---- slogans


def spread(uses: dict[str, int | None], missing: set[tuple[str, int]] = frozenset()) -> SimpleNamespace:
    """Reports of 2014 to 2018 but those missing; each city says 双招双引 in every report from its year on."""
    reports = [(city, year) for city in uses for year in range(2014, 2019) if (city, year) not in missing]
    rows = pd.DataFrame(reports, columns=["city", "year"]).assign(n_chars=1000, n_tokens=1000)
    rows["doc_id"] = rows["city"] + rows["year"].astype(str)
    used = [uses[city] is not None and year >= uses[city] for city, year in reports]
    hits = pd.DataFrame({"doc_id": rows.loc[used, "doc_id"], "slogan": "双招双引", "quoted": True})
    return SimpleNamespace(words=SimpleNamespace(rows=rows), rhetoric=SimpleNamespace(slogans=hits))


def early(corpus: SimpleNamespace, city: str, top: int) -> list[dict]:
    return list(EarlySlogans(corpus.rhetoric.slogans, corpus.words.rows).of(city, top))


MANY = {f"市{at}": 2017 for at in range(22)}


def test_an_early_slogan_is_said_with_the_others_that_reported_then():
    corpus = spread(MANY | {"甲": 2016, "早": 2015, "后": None}, missing={("市0", 2016), ("甲", 2015)})
    (row,) = early(corpus, "甲", 5)
    low, high = proportion_confint(1, 23, method="wilson")  # 早 of 早, 后 and 21 of the 22
    assert (row["value"], row["ci_low"], row["ci_high"], row["n"]) == pytest.approx((1 / 23, low, high, 23))
    assert row["says"] == (
        "双招双引 was taken up between its reports of 2014 and 2016; "
        "1 of the 23 other cities with a report of 2016 used it then, "
        "and 1 of the 23 others that ever use it are known to have done so before."
    )


def test_a_slogan_of_the_first_report_is_included_and_said():
    (row,) = early(spread(MANY | {"甲": 2014}), "甲", 5)
    assert row["says"].startswith("双招双引 was taken up by its first report, 2014; 0 of the 22 other cities")


@pytest.mark.parametrize(
    ("city", "reason"), [("市3", "more than 10% of the other"), ("后", "uses none of the 1 slogans")]
)
def test_who_was_late_or_never_has_a_sentence_of_its_own(city, reason):
    with pytest.raises(SilentError, match=reason):
        early(spread(MANY | {"早": 2015, "后": None}), city, 5)


def test_who_reports_with_a_tenth_of_users_is_early_and_with_more_is_not():
    for before, is_early in ((2, True), (3, False)):
        others = MANY | {f"早{at}": 2015 for at in range(before)}
        corpus = spread({"甲": 2016, **dict(list(others.items())[-20:])})
        if is_early:
            assert [row["value"] for row in early(corpus, "甲", 5)] == [0.1]
        else:
            with pytest.raises(SilentError):
                early(corpus, "甲", 5)


def test_a_slogan_that_has_gone_out_of_use_is_not_early():
    corpus = spread(dict.fromkeys(MANY, 2014) | {"甲": 2017})
    hits = corpus.rhetoric.slogans
    late = hits["doc_id"].str[-4:].astype(int) > 2014
    corpus.rhetoric.slogans = hits[~late | hits["doc_id"].str.startswith("甲")]  # in 2017 甲 is alone with it
    with pytest.raises(SilentError, match="none of its 1 slogans"):
        early(corpus, "甲", 5)


def test_slogans_of_documents_without_a_city_are_left_aside():
    corpus = spread(MANY | {"甲": 2016})
    loose = pd.DataFrame(
        {"city": [None], "year": [2013], "n_chars": 1000, "n_tokens": 1000, "doc_id": ["无"]}
    )
    corpus.words.rows = pd.concat([corpus.words.rows, loose], ignore_index=True)
    hit = pd.DataFrame({"doc_id": ["无"], "slogan": ["双招双引"], "quoted": [True]})
    corpus.rhetoric.slogans = pd.concat([corpus.rhetoric.slogans, hit], ignore_index=True)
    assert [row["n"] for row in early(corpus, "甲", 5)] == [22]


def test_slogans_without_years_are_silent():
    corpus = spread(MANY)
    corpus.words.rows["year"] = pd.NA
    with pytest.raises(SilentError, match="no document of a city has a year"):
        early(corpus, "市1", 5)


# ---- in Chinese


def test_every_statement_and_every_silence_has_its_chinese(everyone):
    for found in everyone.values():
        told = [*found.statements["says"], *found.statements["unit"], *found.silent["reason"]]
        told += found.statements.loc[found.statements["kind"] == "category", "gloss"].tolist()
        for text in told:
            chinese = in_chinese(text)
            assert chinese is not None, text
            assert set(re.findall("[A-Za-z-]+", chinese)) <= {"p", "tf-idf", "themes"}, chinese


def test_what_the_sample_does_not_say_has_its_chinese_too():
    told = [
        row["says"]
        for city in ("甲", "乙")
        for row in early(spread(MANY | {"甲": 2016, "乙": 2014}), city, 5)
    ]
    made = pd.DataFrame(
        {"city": "甲市", "year": range(5), "met": pd.array([True, False] * 2 + [True], "boolean")}
    )
    told.append(_of_targets(made.assign(doc_id=made["year"].astype(str)), "甲市")["says"])
    told += [str(_silence(spread(MANY | {"早": 2015, "后": None}), city)) for city in ("市3", "后")]
    for text in told:
        chinese = in_chinese(text)
        assert chinese is not None and not re.search("[A-Za-z]", chinese), text


def _silence(corpus: SimpleNamespace, city: str) -> SilentError:
    with pytest.raises(SilentError) as why:
        early(corpus, city, 5)
    return why.value


# ---- all that is measured of a city


@pytest.fixture(scope="module")
def measures(corpus):
    return city_measures(corpus)


def of(measures, name):
    own = measures[measures["measure"] == name]
    return own[own["year"].isna()].set_index("city"), own[own["year"].notna()].set_index(["city", "year"])


def test_rates_of_cities_are_those_of_device_rates(corpus, measures):
    rows = corpus.words.rows
    hits = corpus.rhetoric.devices
    for device in ("methods", "images"):
        counts = device_counts(hits[hits["device"] == device], rows, "device")
        every, yearly = of(measures, device)
        told = device_rates(counts, "city").set_index("group")
        assert every["value"].to_dict() == pytest.approx(told["rate"].to_dict())
        assert every["n"].to_dict() == told["documents"].to_dict()
        year = device_rates(counts.where(rows["year"] == 2021), "city").set_index("group")["rate"]
        assert yearly.xs(2021, level="year")["value"].to_dict() == pytest.approx(year.to_dict())


def test_lengths_words_and_promises_of_cities_are_means_over_documents(corpus, measures):
    rows, met = corpus.words.rows, promises_met(corpus.rhetoric.promises, "city").dropna(subset="met")
    assert of(measures, "length")[0]["value"].to_dict() == rows.groupby("city")["n_chars"].mean().to_dict()
    uses = corpus.words.select(["招商引资"]).values.toarray()[:, 0]
    rates = (10_000 * uses / rows["n_chars"]).groupby(rows["city"]).mean()
    assert of(measures, "招商引资")[0]["value"].to_dict() == pytest.approx(rates.to_dict())
    assert of(measures, "promises met")[0]["value"].to_dict() == pytest.approx(
        met.set_index("city")["met"].to_dict()
    )


def test_likeness_is_the_cosine_with_the_other_cities_of_the_year(corpus, measures):
    words = content_terms(corpus.words, leave_out=corpus.names)
    vectors, rows = words.tfidf().values.toarray(), words.rows
    here = rows["year"] == 2021
    means = {
        city: vectors[here & (rows["city"] == city)].mean(axis=0) for city in rows.loc[here, "city"].unique()
    }
    found = of(measures, "likeness")[1].xs(2021, level="year")["value"]
    for city in means:
        others = sum(mean for other, mean in means.items() if other != city)
        own = vectors[here & (rows["city"] == city)]
        assert found[city] == pytest.approx(float((own @ others).mean() / np.linalg.norm(others)))


def test_measures_of_a_corpus_without_cities_have_no_rows(corpus):
    bare = replace(corpus, words=replace(corpus.words, rows=corpus.words.rows.drop(columns="city")))
    assert len(city_measures(bare)) == 0
    assert list(city_measures(bare).columns) == ["city", "year", "measure", "value", "unit", "n"]


# ---- the real reports


def test_of_the_real_reports_too_a_city_has_one_profile():
    """Those of one province, for all of them would take half a minute."""
    reports = open_corpus("city_reports")
    here = reports.documents["province"].eq("江苏省")
    some = replace(reports, words=reports.words.where(here), documents=reports.documents[here])
    some.__dict__["rhetoric"] = _without(reports.rhetoric, set(reports.documents["doc_id"][~here]))
    found = profiles(some, ["盐城市", "苏州市"], jobs=1)["盐城市"]
    same(found, profile(some, "盐城市"))
    assert {"words", "sectors", "nearest"} <= set(found.statements["section"])
