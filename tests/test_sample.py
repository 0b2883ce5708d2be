"""The sample holds what its truth says, nothing else; and its damaged files clean to their clean form."""

import re
import tomllib
import warnings
from collections import Counter

import damage
import pandas as pd
import pytest

from analysis import clean, clean_documents, content_terms, open_corpus, read_documents, tfidf, top_terms
from analysis.admission import admit
from analysis.attributing import attribute
from analysis.documents import sites_table
from analysis.lexicon import read_table

TRUTH = tomllib.loads((damage.SAMPLE / "truth.toml").read_text("utf-8"))
DOCUMENTS = damage.documents()
BODIES = {name: body for name, (_, body) in DOCUMENTS.items()}
CITY = {name: about["city"] for name, (about, _) in DOCUMENTS.items()}
YEAR = {name: int(about["date"][:4]) for name, (about, _) in DOCUMENTS.items()}


def holding(terms, names=BODIES):
    return {name for name in names if any(term in BODIES[name] for term in terms)}


def test_ninety_six_documents_of_eight_cities():
    assert Counter(CITY.values()) == dict.fromkeys(TRUTH["names"], 12)
    lengths = {name: len(re.sub(r"\s", "", body)) for name, body in BODIES.items()}
    assert [name for name, n in lengths.items() if not 500 <= n <= 1200] == []
    assert all("虚构" in about["note"] for about, _ in DOCUMENTS.values())


@pytest.mark.parametrize("effect", TRUTH["effect"], ids=lambda effect: effect["id"])
def test_each_effect_is_where_the_truth_says_and_nowhere_else(effect):
    own = {name for name, city in CITY.items() if city == effect["city"]}
    assert holding(effect["terms"], own) == set(effect["documents"])
    if effect["kind"] in ("slogan", "topic"):
        return  # shared by several cities on purpose; tested below
    strays = {
        name for stray in TRUTH["stray"] if stray["term"] in effect["terms"] for name in stray["documents"]
    }
    assert holding(effect["terms"]) - own == strays


def test_the_slogan_spreads_in_the_known_years():
    effects = [effect for effect in TRUTH["effect"] if effect["kind"] == "slogan"]
    told = {effect["city"]: effect["first_year"] for effect in effects}
    found = {}
    for name in holding(["一企一灯"]):
        found[CITY[name]] = min(found.get(CITY[name], 9999), YEAR[name])
    assert found == told == {"朔原市": 2019, "槐浦市": 2020, "丹汐市": 2021, "砚湖市": 2022}


def test_the_topic_rises_in_all_cities():
    green = holding(["零碳园区", "绿电", "储能", "碳足迹"])
    for city, years in TRUTH["green_documents"].items():
        for year, told in years.items():
            mine = [name for name in BODIES if CITY[name] == city and YEAR[name] == int(year)]
            assert (len(green & set(mine)), len(mine)) == (told["green"], told["documents"]), (city, year)


def test_no_sentence_is_used_twice():
    seen: dict[str, str] = {}
    shared = []
    for name, body in BODIES.items():
        line = re.sub(r"\s", "", body)
        runs = {line[at : at + 15] for at in range(len(line) - 14)}
        shared += [(run, seen[run], name) for run in runs & seen.keys()]
        seen |= dict.fromkeys(runs, name)
    assert shared == []


FILES = {file.file.removesuffix(".txt"): file for file in damage.files()}


def test_damaged_files_are_those_the_damage_makes():
    files = {path.name: path.read_text("utf-8") for path in (damage.SAMPLE / "damaged").iterdir()}
    assert files == {file.file: file.text for file in FILES.values()}
    assert len({name for _, name in damage.chosen()}) == 25


def test_the_tables_are_those_the_damage_makes(tmp_path):
    for name, rows in (
        ("damaged.csv", [file.row for file in FILES.values()]),
        ("places.csv", damage.places()),
    ):
        damage.write_table(tmp_path / name, rows)
        assert (damage.SAMPLE / name).read_text("utf-8") == (tmp_path / name).read_text("utf-8")


def test_each_planted_defect_is_what_it_is_called():
    """So that a file that merely looks planted can't pass."""
    for file in FILES.values():
        bodies = [body for name in file.of for body in paragraphs_of(name)]
        held = sum(paragraph in file.text for paragraph in bodies) / len(bodies)
        if file.kind in ("compilation", "misfiled", "wrong_year"):
            assert held == 1
        elif file.kind == "headline":
            head = file.text.splitlines()[1]
            assert held == 1 and file.city[0].removesuffix("市") not in head
        elif file.kind == "duplicate":
            assert f"markdown-{file.of[0]}" in FILES or f"width-{file.of[0]}" in FILES
        elif file.kind == "pinyin":
            assert (
                held < 0.1 and len(re.findall(r"\([a-zü]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-z]*\)", file.text)) > 40
            )


def paragraphs_of(name):
    return damage.paragraphs(BODIES[name])


@pytest.fixture(scope="module")
def cleaned():
    return clean_documents(read_documents(damage.SAMPLE / "damaged")).set_index("doc_id")


@pytest.mark.parametrize(("kind", "name"), damage.chosen())
def test_a_damaged_file_cleans_to_its_clean_form(cleaned, kind, name):
    about, body = DOCUMENTS[name]
    expected = clean(body).text
    if kind == "redaction":
        expected = re.sub(damage.own_places(about["city"]), "□", expected)
        assert "□" in expected
    text = cleaned.loc[f"{kind}-{name}", "text"]
    # A page's title is its first line; nothing in a plain file says that it is one.
    assert text in (
        [f"{clean(about['title']).text}\n{expected}", expected] if kind == "furniture" else [expected]
    )
    assert cleaned.loc[f"{kind}-{name}", "changes"]


@pytest.mark.parametrize("name", [name for name, file in FILES.items() if file.kind == "pinyin"])
def test_a_page_with_pinyin_notes_is_given_back(cleaned, name):
    about, body = DOCUMENTS[FILES[name].of[0]]
    row = cleaned.loc[name]
    expected = clean(body).text
    sites = sites_table(cleaned.reset_index())
    sites = sites[sites["doc_id"] == name]
    doubtful = sites[sites["certainty"] != "exact"]
    is_exact = row["text"] in (f"{clean(about['title']).text}\n{expected}", expected)
    told = (row["publisher"], row["published"]) == (about["publisher"], about["date"])
    assert len(sites) > 40 and ((is_exact and told) or len(doubtful))
    # What is not as it was lies where it was said to be doubtful: most paragraphs are as they were.
    kept = [paragraph in row["text"] for paragraph in damage.paragraphs(expected)]
    assert sum(not same for same in kept) <= len(doubtful)


@pytest.mark.parametrize("name", [name for name, file in FILES.items() if file.kind == "compilation"])
def test_a_compilation_gives_its_documents(cleaned, name):
    parts = cleaned[cleaned["parent_id"].fillna("") == name]
    assert list(parts.index) == [f"{name}#1", f"{name}#2"] and parts["split"].notna().all()
    assert list(parts["text"]) == [clean(BODIES[document]).text for document in FILES[name].of]


@pytest.fixture(scope="module")
def places():
    return read_table("sample", "places.csv")


@pytest.fixture(scope="module")
def attributed(cleaned, places):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the copies and misfiled texts, which are tested below
        return attribute(cleaned.reset_index(), places=places).set_index("doc_id")


def test_words_tell_the_city_where_headline_and_folder_do_not(attributed):
    for name, file in FILES.items():
        ids = [f"{name}#{number}" for number in (1, 2)] if len(file.of) > 1 else [name]
        told = list(attributed.loc[ids, "city"].fillna("unknown"))
        if file.kind in ("pinyin", "compilation", "headline", "misfiled", "duplicate"):
            assert told == list(file.city), name
        else:
            assert all(city in ("unknown", *file.city) for city in told), name


def test_the_city_of_a_sample_document_is_told_right_without_its_field(places):
    documents = clean_documents(read_documents(damage.SAMPLE / "documents"))
    documents[["city", "publisher"]] = pd.NA
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some name no place, and so stay unknown
        told = attribute(documents, places=places).set_index("doc_id")["city"].dropna()
    assert len(told) >= 75 and dict(told) == {name: CITY[name] for name in told.index}


@pytest.fixture(scope="module")
def admission(cleaned, places):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return admit(cleaned.reset_index(), places=places)


def serious(findings):
    """Checks that matter, by file."""
    kept = findings[findings["severity"] != "info"]
    return kept.groupby(kept["doc_id"].str.split("#").str[0])["check"].agg(set).to_dict()


def test_every_planted_defect_is_found_and_nothing_else(admission):
    found = serious(admission.findings)
    for name, file in FILES.items():
        also = set(file.may) & found.get(name, set())
        assert found.get(name, set()) == {*file.checks, *also}, name


def test_a_copy_is_told_with_its_twin(admission):
    copies = admission.findings[admission.findings["check"] == "duplicate"]
    twins = {frozenset(pair) for pair in zip(copies["doc_id"], copies["twin"], strict=True)}
    originals = {file.of[0]: name for name, file in FILES.items() if file.kind in ("markdown", "width")}
    planted = {name: file.of[0] for name, file in FILES.items() if file.kind == "duplicate"}
    assert twins == {frozenset([copy, originals[of]]) for copy, of in planted.items()}


def test_nothing_is_found_in_the_documents_but_that_some_are_excerpts(places):
    documents = clean_documents(read_documents(damage.SAMPLE / "documents"))
    admission = admit(documents, places=places)
    assert len(admission.documents) == len(DOCUMENTS)
    found = serious(admission.findings)
    assert set(found) == {name for name, (about, _) in DOCUMENTS.items() if damage.EXCERPT in about["title"]}
    assert all("abridged" in checks and checks <= {"abridged", "fragment"} for checks in found.values())


def test_what_furniture_lines_say_is_kept(cleaned):
    for kind, name in damage.chosen():
        if kind in ("furniture", "page"):
            about, row = DOCUMENTS[name][0], cleaned.loc[f"{kind}-{name}"]
            assert [row["publisher"], row["published"], row["editor"]] == [
                about["publisher"],
                about["date"],
                "秦一鸣",
            ]


def test_the_sample_opens_as_a_corpus():
    corpus = open_corpus("sample")
    assert corpus.about["invented"] and corpus.has_text
    assert set(corpus.cities()) == {12} and len(corpus.passages.rows) > 150
    assert corpus.words.rows["n_tokens"].min() > 200


def test_typical_words_are_the_planted_ones():
    """Of the fifteen words most typical of a city by mean tf-idf, at least three are what was planted there."""
    corpus = open_corpus("sample")
    scores = top_terms(tfidf(content_terms(corpus.words, leave_out=corpus.names), "city"), 15)
    found = scores.groupby("group")["term"].agg(set)
    for effect in TRUTH["effect"]:
        if effect["kind"] not in ("slogan", "topic"):
            planted = {*effect["terms"], *effect["parts"]}
            assert len(found[effect["city"]] & planted) >= 3, effect["id"]
            assert not found["望澜市"] & set(effect["terms"]), "the control has none"
