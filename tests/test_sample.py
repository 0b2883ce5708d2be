"""The sample holds what its truth says, nothing else; and its damaged files clean to their clean form."""

import re
import tomllib
from collections import Counter

import damage
import pytest

from analysis import clean, clean_documents, content_terms, open_corpus, read_documents, tfidf, top_terms

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


def test_damaged_files_are_those_the_damage_makes():
    made = {f"{kind}-{name}.txt": damage.KINDS[kind](DOCUMENTS[name]) for kind, name in damage.chosen()}
    files = {path.name: path.read_text("utf-8") for path in (damage.SAMPLE / "damaged").iterdir()}
    assert files == made
    assert len({name for _, name in damage.chosen()}) == len(made) == 25


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
