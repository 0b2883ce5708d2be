"""A report that was made can be checked: a changed byte is named, and a page changed together with its manifest too."""

from __future__ import annotations

import json
import re
import shutil
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest

from analysis import open_corpus
from analysis.__main__ import main
from analysis.answers import findings
from analysis.languages import side_by_side
from analysis.profiling.telling import COLUMNS, Profile
from analysis.provenance import commit, facts_from, origin_of
from analysis.site.checking import MANIFEST, verify, write_manifest
from analysis.site.cities import CityPages
from analysis.site.front import index_body
from analysis.site.portraits import Portraits
from analysis.site.stated import figures_in, stated_in

CORPUS = "web_pages"  # a few documents: opened and counted in a moment


def told(corpus, cities=None, **_) -> dict[str, Profile]:
    """Profiles without the long computing: one statement a city, from its documents."""
    rows = corpus.documents
    statement = dict.fromkeys(COLUMNS, None) | {
        "section": "words",
        "subject": "<基金>招商",
        "kind": "term",
        "unit": "times as often as elsewhere",
    }
    found = {}
    for city in sorted(rows["city"].dropna().unique()) if cities is None else cities:
        n = int((rows["city"] == city).sum())
        own = statement | {
            "value": 1.5 + n,
            "ci_low": 1.2,
            "ci_high": 9.0,
            "n": n,
            "says": f"<基金>招商: in {n} documents.",
        }
        silent = pd.DataFrame({"section": ["topics"], "reason": ["none"]})
        found[city] = Profile(city, n, "2020", pd.DataFrame([own]), silent, {})
    return found


@pytest.fixture(scope="module", autouse=True)
def quick():
    """What takes long is made once for all tests."""
    portraits = Portraits(open_corpus(CORPUS))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("analysis.site.checking.city_profiles", told)
        patch.setattr("analysis.site.checking.Portraits", lambda corpus: portraits)
        yield portraits


@pytest.fixture(scope="module")
def made(tmp_path_factory, quick) -> Path:
    """A report of two kinds of page, and a table, as the book writes them."""
    folder = tmp_path_factory.mktemp("report")
    corpus = quick.corpus
    facts = facts_from(corpus)
    pages = CityPages(quick, told(corpus))
    (folder / "cities").mkdir()
    (folder / "data").mkdir()
    with side_by_side():
        body = index_body(title="T", about="A", facts=facts, pages=(), found=findings(corpus), corpus=corpus)
        (folder / "index.html").write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
        for city in pages.cities:
            (folder / "cities" / pages.files[city]).write_text(pages.body(city), encoding="utf-8")
    (folder / "data" / "cities.csv").write_text(f"# {origin_of(facts).line}\n", encoding="utf-8")
    write_manifest(folder, source=CORPUS, facts=facts, origin=origin_of(facts, language="en"))
    return folder


@pytest.fixture
def copied(made, tmp_path) -> Path:
    return shutil.copytree(made, tmp_path / "report")


def changed(folder: Path, name: str, pattern: str, new: str, *, forge: bool = False) -> str:
    """Change a page; forge: make the manifest fit, hash and stated figures alike. Return what was there."""
    path = folder / name
    text = path.read_text("utf-8")
    found = re.search(pattern, text)
    assert found, pattern
    path.write_text(text[: found.start()] + new + text[found.end() :], encoding="utf-8")
    if forge:
        told = json.loads((folder / MANIFEST).read_text("utf-8"))
        data = path.read_bytes()
        told["files"][name] = {"sha256": sha256(data).hexdigest(), "bytes": len(data)}
        told["stated"][name] = figures_in(data.decode())
        (folder / MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    return found.group()


def faults(folder: Path, **how) -> list[str]:
    return verify(folder, say=lambda line: None, **how).faults


def test_an_untouched_report_holds_and_says_what_was_checked(made):
    said: list[str] = []
    assert verify(made, every=True, say=said.append)
    assert any("all there and unchanged" in line for line in said)
    assert any("index.html" in line and "all as on the page" in line for line in said)


def test_the_command_says_it_and_ends_with_0(made, capsys):
    assert main(["verify", str(made)]) == 0
    assert "The report holds." in capsys.readouterr().out


@pytest.mark.parametrize("name", ["index.html", "data/cities.csv"])
def test_one_byte_more_is_named(copied, name, capsys):
    with (copied / name).open("ab") as file:
        file.write(b" ")
    (fault,) = faults(copied)
    assert fault.startswith(f"{name} has changed")
    assert main(["verify", str(copied)]) == 1
    assert f"FAULT: {name} has changed" in capsys.readouterr().err


def test_a_missing_file_is_named(copied):
    (copied / "data" / "cities.csv").unlink()
    assert faults(copied) == ["data/cities.csv is missing."]


def test_a_fact_changed_together_with_the_manifest_is_found(copied):
    changed(
        copied,
        "index.html",
        r'data-stated="fact/documents" data-value="\d+"',
        'data-stated="fact/documents" data-value="9"',
        forge=True,
    )
    (fault,) = faults(copied)
    assert "index.html: fact/documents: value 9 on the page" in fault


def test_words_changed_together_with_the_manifest_are_found(copied):
    """Whoever leaves the attribute and changes what is read is found too."""
    pattern = r'(data-stated="fact/documents".*?<dd>)\d+'
    page = (copied / "index.html").read_text("utf-8")
    before = re.search(pattern, page)
    assert before
    changed(copied, "index.html", pattern, f"{before.group(1)}77", forge=True)
    (fault,) = faults(copied)
    assert "fact/documents: the words differ" in fault


def test_a_statement_taken_away_or_added_with_the_manifest_is_found(copied):
    changed(
        copied,
        "index.html",
        r' data-stated="fact/cities" data-value="\d+"',
        ' data-stated="fact/towns" data-value="3"',
        forge=True,
    )
    told = " ".join(faults(copied))
    assert "fact/cities is not on the page" in told and "fact/towns is on the page" in told


@pytest.mark.parametrize("first", [True, False])
def test_a_second_statement_of_the_same_name_is_found(copied, first):
    """A false one before the true one, or behind it, can't hide."""
    true = re.search(
        r"<div data-stated=\"fact/documents\".*?</div>", (copied / "index.html").read_text("utf-8")
    )
    assert true
    false = re.sub(r"(<dd>)\d+", r"\g<1>77", true.group())
    both = false + true.group() if first else true.group() + false
    changed(copied, "index.html", re.escape(true.group()), both, forge=True)
    assert any("fact/documents: the words differ" in fault for fault in faults(copied))


def test_an_index_without_answers_holds(copied):
    """As that of a report of some notebooks alone."""
    changed(copied, "index.html", r'(?s)<section id="findings">.*(?=<ol class="pages")', "", forge=True)
    assert verify(copied, say=lambda line: None)


def test_figures_of_a_corpus_that_nobody_names_are_no_figures(copied):
    told = json.loads((copied / MANIFEST).read_text("utf-8"))
    told["corpus"]["source"] = ""
    (copied / MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    assert "index.html states figures of a corpus that the manifest does not name." in faults(copied)


@pytest.mark.parametrize("attribute", ["value", "low", "high", "n"])
def test_a_city_page_changed_together_with_the_manifest_is_found(copied, attribute):
    name = sorted((copied / "cities").glob("*.html"))[0].relative_to(copied).as_posix()
    changed(copied, name, f'data-{attribute}="[^"]*"', f'data-{attribute}="0.123456"', forge=True)
    (fault,) = faults(copied, every=True)
    assert fault.startswith(f"{name}: profile/") and f"{attribute} 0.123456 on the page" in fault


def test_a_city_s_sentence_changed_together_with_the_manifest_is_found(copied):
    name = sorted((copied / "cities").glob("*.html"))[0].relative_to(copied).as_posix()
    changed(copied, name, r"In \d+ documents", "In 40 documents", forge=True)
    (fault,) = faults(copied, every=True)
    assert "the words differ" in fault and "In 40" in fault


def test_the_page_of_an_invented_city_is_found(copied):
    (copied / "cities" / "999999.html").write_text("<p>霁川市</p>", encoding="utf-8")
    whole = json.loads((copied / MANIFEST).read_text("utf-8"))
    whole["files"]["cities/999999.html"] = {
        "sha256": sha256("<p>霁川市</p>".encode()).hexdigest(),
        "bytes": 16,
    }
    (copied / MANIFEST).write_text(json.dumps(whole), encoding="utf-8")
    assert faults(copied) == ["cities/999999.html is the page of no city of this corpus."]


def test_figures_that_differ_from_the_manifest_are_found(copied):
    told = json.loads((copied / MANIFEST).read_text("utf-8"))
    told["stated"]["index.html"]["fact/documents"]["value"] = "600"
    (copied / MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    assert faults(copied) == ["index.html: 1 figures differ from the manifest, first fact/documents."]


def test_another_corpus_is_not_taken_for_the_report_s(copied):
    (fault,) = faults(copied, corpus="state_council")
    assert "fingerprint" in fault and "state_council" in fault


def test_files_that_are_not_the_report_s_are_told_and_left(copied):
    (copied / "mine.txt").write_text("mine", encoding="utf-8")
    said: list[str] = []
    assert verify(copied, say=said.append)
    assert any("mine.txt" in line for line in said)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "has no manifest.json"),
        ("{", "can't be read"),
        ('{"form": 99}', "can't be read"),
        ("[]", "can't be read"),
    ],
)
def test_bad_input_is_one_sentence(tmp_path, capsys, content, sentence):
    if content is not None:
        (tmp_path / MANIFEST).write_text(content, encoding="utf-8")
    assert main(["verify", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert sentence in told and "Traceback" not in told and len(told.strip().splitlines()) == 1


def test_a_folder_or_corpus_that_is_not_there_is_one_sentence(copied, capsys):
    assert main(["verify", str(copied / "nowhere")]) == 2
    assert "no folder" in capsys.readouterr().err
    assert main(["verify", str(copied), "--corpus", "no-such-corpus"]) == 2
    assert "no-such-corpus" in capsys.readouterr().err


def test_a_manifest_that_points_out_of_the_report_reads_nothing_there(copied):
    told = json.loads((copied / MANIFEST).read_text("utf-8"))
    told["files"]["../secret.txt"] = {"sha256": "0", "bytes": 1}
    (copied.parent / "secret.txt").write_text("s", encoding="utf-8")
    (copied / MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    assert faults(copied) == ["../secret.txt is missing."]


# ---- what is read from pages


def test_figures_and_statements_of_a_page_agree():
    told = 'data-stated="profile/霁川市/words/&lt;b&gt;" data-value="1.5" data-low="" data-n="3"'
    page = f"<p>x</p><li {told}>1.5 <b>more</b></li>"
    (stated,) = stated_in(page).values()
    assert figures_in(page) == {"profile/霁川市/words/<b>": {"value": "1.5", "n": "3"}}
    assert list(stated_in(page)) == list(figures_in(page)) and dict(stated.figures) == {
        "value": "1.5",
        "n": "3",
    }
    assert stated.words == "1.5 more"


# ---- where it comes from


def test_the_origin_names_everything():
    facts = facts_from(open_corpus(CORPUS))
    line = origin_of(facts, language="zh", only="").line
    assert facts.fingerprint in line and commit() in line and line.endswith("parameters: language zh")
    assert re.fullmatch(r"[0-9a-f]{12}(\+changes)?|unknown", commit())
    assert {"version", "commit", "corpus", "fingerprint", "parameters"} <= {
        name for name, _ in origin_of(facts).named
    }
