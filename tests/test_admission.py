"""Admission: each check finds what was planted and lets the near miss pass; nothing is lost; order does not matter."""

from __future__ import annotations

import json
import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from analysis.admission import CHECKS, admit, checks_table
from analysis.admission.duplicates import digest, pairs, shingles, sketch
from analysis.admission.facts import facts_of, tier_told
from analysis.admission.judging import with_confirmation
from analysis.sources import read_documents

WORDS = json.loads((Path(__file__).parent / "cases" / "admission_reports.json").read_text("utf-8"))
CITIES = {
    "霁川市": ("东渡区", "临霁高新区", "蓼湾县"),
    "望澜市": ("观潮区", "澜东高新区", "苇汀县"),
    "栖岭市": ("云栈区", "栖北高新区", "杉坪县"),
    "砚湖市": ("墨汀区", "砚东高新区", "芦笔县"),
}


@pytest.fixture(scope="module")
def places() -> pd.DataFrame:
    rows = [(city, city[:2], "prefecture-level city", city) for city in CITIES]
    rows += [(name, name[:2], "county", city) for city, names in CITIES.items() for name in names]
    table = pd.DataFrame(rows, columns=["name", "short", "level", "city"])
    return table.assign(province="汀原省", region="东部")


def body(seed: str, sentences: int = 40) -> list[str]:
    """Paragraphs of four sentences; another seed gives other sentences."""
    draw = random.Random(seed)
    made = []
    for _ in range(sentences):
        one, two, three = ("".join(draw.sample(WORDS["names"], 2)) for _ in range(3))
        place, other = draw.choices(WORDS["subjects"], k=2)
        way, another = draw.choices(WORDS["ways"], k=2)
        deed = draw.choice(WORDS["deeds"]).format(n=draw.randrange(2, 99))
        made.append(f"{place}的{one}{deed}，{two}{way}，{other}的{three}也{another}。")
    return ["".join(made[at : at + 4]) for at in range(0, sentences, 4)]


def report(city: str, year: int, *, own: str | None = None, seed: str = "", **parts: str) -> str:
    """A report of an invented city; parts ("opening", "plan", ...) may be replaced, or left out as ""."""
    words = WORDS | parts
    names = {"short": city[:2], "year": year, "past": year - 1, "places": "、".join(CITIES[city])}
    said = {
        part: words[part].format(**names)
        for part in ("opening", "review", "passed", "problems", "plan", "plans", "closing")
    }
    first, second = body(f"{city}{year}{seed}a"), body(f"{city}{year}{seed}b")
    lines = [said["opening"], said["review"], said["passed"], *first, said["problems"]]
    lines += [said["plan"], said["plans"], *second, said["closing"]]
    return "\n".join(line for line in lines if line)


def document(city: str = "霁川市", year: int = 2021, **given: Any) -> dict[str, Any]:
    """A row of the documents frame, cleaned; the date is in January of the year."""
    row = {
        "doc_id": f"{city}/{year}",
        "title": f"{city}政府工作报告",
        "text": report(city, year),
        "city": city,
        "year": year,
        "date": f"{year}-01-12",
        "genre": "政府工作报告",
        "speaker": "陆闻舟",
        "changes": (),
    }
    return row | given


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(list(rows)).assign(year=lambda table: table["year"].astype("Int64"))


def corpus_of(*rows: dict[str, Any]) -> pd.DataFrame:
    """The rows among sound neighbours, so that lengths can be compared."""
    taken = {row["doc_id"] for row in rows}
    sound = [
        document(city, year)
        for city in CITIES
        for year in range(2015, 2020)
        if city == "霁川市" or year == 2019
    ]
    return frame(*rows, *(row for row in sound if row["doc_id"] not in taken))


@pytest.fixture(scope="module")
def found(places):
    """Findings on one document among its neighbours: {check: severity}, those of information left out."""

    def find(*rows: dict[str, Any]) -> dict[str, str]:
        findings = admit(corpus_of(*rows), places=places, jobs=1).findings
        others = findings[~findings["doc_id"].isin([row["doc_id"] for row in rows])]
        assert others[others["severity"] != "info"].empty, "a sound neighbour is found fault with"
        own = findings[(findings["doc_id"] == rows[0]["doc_id"]) & (findings["severity"] != "info")]
        return dict(zip(own["check"], own["severity"], strict=True))

    return find


# ---- each check: a planted positive and a near miss


def test_a_sound_report_is_admitted(found):
    assert found(document()) == {}


def test_a_text_of_another_city(found):
    assert found(document(text=report("栖岭市", 2021), title="政府工作报告")) == {"wrong_city": "quarantine"}


def test_a_text_that_names_another_city_often_is_no_other_citys(found):
    text = report(
        "霁川市",
        2021,
        plans="做好{year}年各项工作，{short}要学栖岭。栖岭的码头，栖岭的学校，都值得{short}看。",
    )
    assert found(document(text=text)) == {}


def test_a_manifest_settles_a_city(places):
    rows = corpus_of(document(text=report("栖岭市", 2021), title="政府工作报告"))
    given = pd.DataFrame({"doc_id": ["霁川市/2021"], "city": ["栖岭市"]})
    assert admit(rows, places=places, manifest=given, jobs=1).quarantine.empty


@pytest.mark.parametrize("speaker", ["国务院", "汀原省人民政府", "蓼湾县人民政府"])
def test_a_government_of_another_tier(found, speaker):
    opening = f"各位代表：\n现在，我代表{speaker}，向大会报告工作，请予审议。"
    assert found(document(text=report("霁川市", 2021, opening=opening)))["other_tier"] == "quarantine"


def test_a_county_level_city_thanks_the_prefecture_before_its_own_party():
    thanks = "在州委、州政府和市委的坚强领导下，事情一件件办成了。"
    assert tier_told(thanks * 2) == "county"
    assert tier_told(thanks) is None, "once may be about the past"
    assert tier_told("在省委、省政府和市委的领导下。" * 9) is None


def test_a_report_of_another_year(found):
    assert found(document(text=report("霁川市", 2018, seed="x"), year=2021)) == {"wrong_year": "quarantine"}


def test_a_date_alone_is_a_warning(found):
    text = report(
        "霁川市",
        2021,
        review="一、工作回顾",
        passed="{places}出力最多，{short}忘不了。",
        plan="二、重点工作",
        plans="{short}要靠大家。",
    )
    assert found(document(text=text, date="2019-02-01")) == {"wrong_year": "warn"}


def test_a_session_in_december_is_information(places):
    findings = admit(corpus_of(document(date="2020-12-28")), places=places, jobs=1).findings
    own = findings[findings["doc_id"] == "霁川市/2021"]
    assert list(zip(own["check"], own["severity"], strict=True)) == [("delivered", "info")]


def test_years_beyond_the_report_are_no_wrong_year(found):
    plan = "二、今后五年（2021—2025年）的目标任务和2035年远景目标"
    assert found(document(text=report("霁川市", 2021, plan=plan))) == {}


def test_a_report_that_stops_with_its_problems(found):
    whole = report("霁川市", 2021)
    assert found(document(text=whole[: whole.index("\n二、")])) == {"fragment": "quarantine"}


def test_a_report_broken_off(found):
    whole = report("霁川市", 2021)
    assert found(document(text=whole[: int(len(whole) * 0.7)].rstrip("。")))["fragment"] == "quarantine"


def test_lists_after_the_closing_are_no_fragment(found):
    text = report("霁川市", 2021) + "\n附件：\n1.修好水厂\n2.办好夜市\n责任单位：各区县政府、开发区管委会"
    assert found(document(text=text)) == {}


def test_a_short_report_with_its_ends_is_no_fragment(found):
    lines = report("霁川市", 2021).split("\n")
    assert found(document(text="\n".join(lines[:9] + lines[13:21] + lines[-1:]))) == {}


def test_an_abridgement(found):
    title = "霁川市政府工作报告（摘要）"
    lines = report("霁川市", 2021).split("\n")
    brief = "\n".join(lines[:9] + lines[16:20] + lines[-1:])
    assert found(document(title=title)) == {"abridged": "warn"}
    assert found(document(title=title, text=brief)) == {"abridged": "quarantine"}
    assert found(document(text=report("霁川市", 2021, plan="二、{year}年重点工作摘要"))) == {}


@pytest.mark.parametrize(
    "genre, severity", [("政府工作报告", "quarantine"), ("新闻", "warn"), (None, "warn")]
)
def test_too_little_text(found, genre, severity):
    text = report("霁川市", 2021)[:400]
    assert found(document(text=text, genre=genre))["short"] == severity


@pytest.mark.parametrize("genre", ["新闻", "讲话", "访谈", None])
def test_a_short_text_that_is_no_report_is_admitted(found, genre):
    text = "\n".join(body("news", 12)) + "霁川市商务局说，霁川的东渡区和蓼湾县都有份。" * 3
    assert found(document(text=text, genre=genre)) == {}


def test_the_same_text_twice(places):
    copy = document(doc_id="copy", city="栖岭市", title="政府工作报告", text=report("霁川市", 2021))
    result = admit(corpus_of(document(), copy), places=places, jobs=1)
    findings = result.findings.set_index(["doc_id", "check"])
    assert list(result.quarantine["doc_id"]) == ["copy"]
    assert findings.loc[("copy", "duplicate"), "twin"] == "霁川市/2021"
    assert findings.loc[("霁川市/2021", "duplicate"), "severity"] == "info"


def test_very_many_copies_are_found_however_common_their_words_become(places):
    base = report("霁川市", 2021)
    copies = [document(doc_id=f"c{n}", text=f"{base}\n第{n}次印发。") for n in range(130)]
    result = admit(corpus_of(*copies), places=places, jobs=1)
    assert result.documents["doc_id"].str.startswith("c").sum() == 1
    assert (result.findings["check"] == "duplicate").sum() == 130


def test_the_same_document_twice_in_one_file(places):
    parts = [document(doc_id=f"x#{n}", parent_id="x", text=report("霁川市", 2021)) for n in (1, 2)]
    assert list(admit(corpus_of(*parts), places=places, jobs=1).quarantine["doc_id"]) == ["x#2"]


def test_a_copy_with_a_new_year_and_some_changes(found):
    old = report("霁川市", 2021).replace("2021", "2022").replace("2020", "2021")
    assert (
        found(document(year=2022, text=old.replace("夜市", "早市")), document())["duplicate"] == "quarantine"
    )


def test_a_part_of_another_text(found):
    part = document(doc_id="part", genre="新闻", text="\n".join(report("霁川市", 2021).split("\n")[3:15]))
    assert found(part, document()) == {"duplicate": "quarantine"}


def test_shared_passages_are_a_warning(found):
    one, other = report("霁川市", 2021).split("\n"), report("霁川市", 2020).split("\n")
    mixed = "\n".join([*other[:-6], *one[5:11], other[-1]])
    assert found(document(year=2020, text=mixed), document()) == {"overlap": "warn"}


def test_a_text_pasted_twice(found):
    text = report("霁川市", 2021)
    assert found(document(text=f"{text}\n{text}")) == {"repeated": "quarantine"}


def test_set_phrases_are_no_copy(found):
    thanks = (
        "各位代表，我们要更加紧密地团结起来，为把家乡建设得更加美好而努力奋斗，向全市人民交出满意的答卷！"
    )
    assert (
        found(
            document(text=report("霁川市", 2021, closing=thanks)),
            document("望澜市", text=report("望澜市", 2021, closing=thanks)),
        )
        == {}
    )


@pytest.mark.parametrize(
    "spoil, severity",
    [
        (lambda text: text.replace("。", "\ufffd。", 2), "warn"),
        (lambda text: text.replace("。", "\ufffd。"), "quarantine"),
        (lambda text: text.encode("utf-8").decode("gb18030", "replace"), "quarantine"),
        (lambda text: text.replace("，", "□", 9), "warn"),
        (lambda text: text.replace("业", "業(yè)", 4), "warn"),
        (lambda text: text.replace("\n", "\n、", 3), "warn"),
        (lambda text: text.replace("现在，我", "在，我"), "warn"),
    ],
)
def test_damage(found, spoil, severity):
    assert found(document(text=spoil(report("霁川市", 2021))))["damage"] == severity


def test_a_gloss_and_one_box_are_no_damage(found):
    assert found(document(text=report("霁川市", 2021).replace("港口", "埗(bù)□港口", 1))) == {}


def test_signs_and_figures_lost_in_copying(found):
    text = report("霁川市", 2021)
    assert found(document(text=text + "\n办好中国？霁川港口大会。"))["damage"] == "warn"
    assert found(document(text=text + "\n总产值增长$1.$2%。"))["damage"] == "warn"
    assert found(document(text=text + "\n港口靠什么兴旺？靠服务。能不能更快？可以。")) == {}


def test_unresolved_sites_are_a_warning(places):
    sites = (SimpleNamespace(certainty="unresolved"), SimpleNamespace(certainty="exact"))
    findings = admit(corpus_of(document(sites=sites)), places=places, jobs=1).findings
    assert "unresolved sites: 1" in set(findings["detail"])


def test_mixed_scripts(found):
    text = report("霁川市", 2021)
    assert found(document(text=text + "\n" + "開發區應當發展產業，動員資設。" * 3))["script"] == "warn"
    assert found(document(text=text + "\n陳設開發。")) == {}


def test_a_glossary_left_in_the_text(found):
    assert (
        found(document(text=report("霁川市", 2021) + "\n名词解释\n链长：管一条产业链的人。"))["glossary"]
        == "warn"
    )
    assert found(document(text=report("霁川市", 2021, plan="二、{year}年重点工作和名词解释工作"))) == {}


def test_a_notice_before_the_report(found):
    text = "各县区：报告已经大会审议通过，现印发给你们，请认真落实。\n" + report("霁川市", 2021)
    assert found(document(text=text)) == {"cover": "warn"}


def test_a_resolution_without_its_report(found):
    text = "会议听取和审议了霁川市市长所作的工作报告，决定批准这个报告。\n" + "\n".join(
        body("resolution", 20)
    )
    assert found(document(text=text)) == {"cover": "quarantine"}


@pytest.mark.parametrize("title", ["栖岭市政府工作报告", "2019年霁川市政府工作报告"])
def test_a_title_of_another_city_or_year(found, title):
    assert found(document(title=title)) == {"title": "warn"}


@pytest.mark.parametrize(
    "title", ["霁川市政府工作报告（2021年1月12日）", "2021年政府工作报告", "政府工作报告"]
)
def test_a_title_that_agrees(found, title):
    assert found(document(title=title)) == {}


def test_two_sessions_in_a_year(places):
    second = document(doc_id="second", text=report("霁川市", 2021, seed="b"), date="2021-10-08")
    findings = admit(corpus_of(document(), second), places=places, jobs=1).findings
    own = findings[findings["check"] == "two_sessions"]
    assert list(zip(own["doc_id"], own["twin"], strict=True)) == [
        ("second", "霁川市/2021"),
        ("霁川市/2021", "second"),
    ]


def test_what_is_unknown(found, places):
    assert found(document() | {"year": None})["missing"] == "warn"
    findings = admit(corpus_of(document(speaker=None, date=pd.NA)), places=places, jobs=1).findings
    own = findings[findings["doc_id"] == "霁川市/2021"]
    assert list(zip(own["severity"], own["detail"], strict=True)) == [("info", "unknown: date, speaker")]


# ---- laws


@pytest.fixture(scope="module")
def mixed() -> pd.DataFrame:
    return corpus_of(
        document(text=report("栖岭市", 2021)),
        document("栖岭市", 2021),
        document("望澜市", 2021, text=report("望澜市", 2018)),
        document("砚湖市", 2021, text=""),
        document("砚湖市", 2022, text=pd.NA),
    )


def test_every_document_is_admitted_or_quarantined(mixed, places):
    result = admit(mixed, places=places, jobs=1)
    assert sorted([*result.documents["doc_id"], *result.quarantine["doc_id"]]) == sorted(mixed["doc_id"])
    assert result.quarantine["reasons"].str.len().min() > 0
    assert set(result.quarantine["doc_id"]) == set(
        result.findings.query("severity == 'quarantine'")["doc_id"]
    )
    assert "reasons" not in result.documents and len(result.quarantine) >= 4


def test_the_report_in_words_names_checks_and_reasons(mixed, places):
    result = admit(mixed, places=places, jobs=1)
    lines = str(result).splitlines()
    aside = len(result.quarantine)
    assert lines[0] == f"{len(mixed) - aside} of {len(mixed)} documents admitted, {aside} in quarantine."
    assert f"  {'short':<13} 2 quarantine" in lines
    assert lines[-aside:] == [f"{row.doc_id}: {row.reasons}" for row in result.quarantine.itertuples()]


def test_the_order_of_documents_changes_nothing(mixed, places):
    one, other = (
        admit(rows, places=places, jobs=1).findings for rows in (mixed, mixed.sample(frac=1, random_state=1))
    )
    pd.testing.assert_frame_equal(one, other)


def test_the_frame_given_stays_as_it_is(mixed, places):
    before = mixed.copy(deep=True)
    admit(mixed, places=places, jobs=1)
    pd.testing.assert_frame_equal(mixed, before)


def test_no_finding_quotes_more_than_eight_characters(mixed, places):
    """Details are words of the report's own, not of the text: no run of 9 Chinese characters comes from it."""
    text = "\n".join(mixed["text"].dropna())
    for detail in admit(mixed, places=places, jobs=1).findings["detail"]:
        runs = [detail[at : at + 9] for at in range(len(detail) - 8)]
        assert not [run for run in runs if all("\u4e00" <= sign <= "\u9fff" for sign in run) and run in text]


def test_checks_and_severities_are_those_of_the_table(mixed, places):
    findings = admit(mixed, places=places, jobs=1).findings
    allowed = {(check.name, severity) for check in CHECKS for severity in check.severity.split(", ")}
    assert set(zip(findings["check"], findings["severity"], strict=True)) <= allowed
    assert list(checks_table()["name"]) == [check.name for check in CHECKS]


def test_two_processes_find_what_one_does(places):
    news = [
        document(city, year, text="\n".join(body(f"{city}{year}", 9)), genre="新闻")
        for city in CITIES
        for year in range(1995, 2021)
    ]
    many = frame(*news, document(year=2021, text=report("栖岭市", 2019)))
    pd.testing.assert_frame_equal(
        admit(many, places=places, jobs=2).findings, admit(many, places=places, jobs=1).findings
    )


def test_no_documents(places):
    result = admit(frame(document()).iloc[:0], places=places)
    assert result.documents.empty and result.quarantine.empty and result.findings.empty


def test_bad_frames_are_answered_in_a_sentence():
    with pytest.raises(ValueError, match="admit needs the column text"):
        admit(pd.DataFrame({"doc_id": ["a"]}))
    with pytest.raises(ValueError, match="1 ids stand twice, first 'a'"):
        admit(pd.DataFrame({"doc_id": ["a", "a"], "text": ["x", "y"]}))


def test_odd_texts_do_no_harm():
    texts = ["\ud800", "（" * 1000, "\u202e招商", "a", "招商" * 5000]
    rows = pd.DataFrame({"doc_id": list("abcde"), "text": texts, "changes": [()] * 5}, dtype=object)
    result = admit(rows)
    assert len(result.documents) + len(result.quarantine) == 5 and len(result.findings)


# ---- real reports


def test_what_reading_confirmed_is_found_again_in_real_reports(corpus):
    """Cities with a misfiled report, a copy, a fragment, a county's report and their sound neighbours."""
    folders = ["淮南市", "淮安市", "宿迁市", "开封市", "文山壮族苗族自治州", "潮州市", "贵阳市"]
    found = [path for name in folders for path in (corpus / "lawtext-gov").glob(f"*/{name}")]
    result = admit(read_documents(found), jobs=1)
    reasons = dict(
        zip(result.quarantine["doc_id"], result.quarantine["reasons"].str.split(":").str[0], strict=True)
    )
    expected = {"淮南市/2016": "duplicate", "宿迁市/2015": "wrong_city", "开封市/2023": "fragment"}
    expected |= {"文山壮族苗族自治州/2025": "other_tier", "潮州市/2015": "wrong_year"}
    assert reasons == expected and len(result.documents) > 40


def test_confirmation_is_kept_beside_the_findings():
    findings = pd.DataFrame({"doc_id": list("aabc"), "check": ["short", "title", "title", "short"]})
    findings["severity"] = ["quarantine", "info", "warn", "warn"]
    said = pd.DataFrame(
        {"doc_id": ["a", "b"], "check": ["short", "title"], "confirmed": ["yes", "no"], "on": "2026-11-22"}
    )
    table = with_confirmation(findings, said)
    assert list(table["confirmed"].fillna("")) == ["yes 2026-11-22", "no 2026-11-22", ""]


# ---- copies, against an independent count


def test_shares_agree_with_sets_of_strings():
    one, other = "".join(body("p", 40)), "".join(body("p", 30) + body("q", 10))
    sets = [{text[at : at + 12] for at in range(len(text) - 11)} for text in map(han, (one, other))]
    jaccard = len(sets[0] & sets[1]) / len(sets[0] | sets[1])
    facts = pd.DataFrame(
        {"digest": [digest(one), digest(other)], "sketch": [sketch(shingles(one)), sketch(shingles(other))]}
    )
    assert pairs(facts)[0].jaccard == pytest.approx(jaccard)


def test_a_sampled_share_is_near_the_true_one():
    one, other = "".join(body("p", 240)), "".join(body("p", 180))
    facts = pd.DataFrame({"digest": ["a", "b"], "sketch": [sketch(shingles(one)), sketch(shingles(other))]})
    assert pairs(facts)[0].containment > 0.97


def han(text: str) -> str:
    return "".join(sign for sign in text if "\u4e00" <= sign <= "\u9fff")


def test_facts_of_other_genres_leave_the_marks_of_reports_open():
    told = facts_of(report("霁川市", 2021), "", report=False)
    assert told["planned"] == () and told["titled"] is None and told["tier"] is None


def test_copies_in_a_table_of_one_parent_are_found(places):
    rows = [document() | {"doc_id": name, "parent_id": "volume"} for name in ("a", "b")]
    assert len(admit(frame(*rows), places=places).quarantine) == 1


def test_a_document_without_an_id():
    with pytest.raises(ValueError, match="1 documents have no doc_id"):
        admit(pd.DataFrame({"doc_id": ["a", None], "text": ["招商。", "引资。"]}))


def test_a_manifest_for_a_frame_without_cities(places):
    documents = frame(document(), document(year=2020)).drop(columns="city").assign(doc_id=["a", "b"])
    manifest = pd.DataFrame({"doc_id": ["a", "z"], "city": ["砚湖市", "栖岭市"]})
    with pytest.warns(UserWarning, match="first 'z'"):
        result = admit(documents, manifest=manifest, places=places)
    assert pd.concat([result.documents, result.quarantine]).set_index("doc_id")["city"].a == "砚湖市"
