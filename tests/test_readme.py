"""What the README shows works: its examples run, its commands and files are there, its numbers are the data's."""

from __future__ import annotations

import importlib.util
import re
import tomllib
import warnings
from pathlib import Path

import pytest

import analysis
from analysis.reports import START

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def examples() -> dict:
    """The names that the Python examples leave, run from the first to the last."""
    names: dict = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for block in re.findall(r"^```python\n(.*?)^```", README, re.M | re.S):
            exec(compile(block, "README.md", "exec"), names)
    return names


def test_the_examples_run_and_give_what_they_say(examples):
    assert examples["cleaned"].text == "新签约12个项目，总投资3.5亿元。"
    assert examples["cut"]("霁川之窗") == ["霁川之窗"]
    assert list(examples["documents"]["city"]) == ["霁川市", "望澜市", "望澜市"]
    assert len(examples["kwic"](examples["segment"](examples["documents"]), "驻点招商")) == 2


def test_the_example_of_rhetoric_finds_what_it_says(examples):
    names = ("promises", "slogans", "parallelism", "commitments", "devices")
    made, coined, runs, firm, coded = (examples[name] for name in names)
    sentences, read, hits = examples["sentences"], examples["read"], examples["hits"]
    found = set(zip(hits["device"], hits["entry"], strict=True))
    assert {
        ("methods", "基金招商"),
        ("offers", "店小二"),
        ("images", "店小二"),
        ("commitment", "力争"),
    } <= found
    steps = firm(sentences, read)
    assert dict(zip(steps["term"], steps["strength"], strict=True)) == {"力争": 1, "确保": 3, "必须": 3}
    kept = made(examples["ledger"], read)
    assert kept[["value", "result", "met"]].values.tolist() == [[50, 54, True], [8, 7.2, False]]
    assert coined(sentences)["slogan"].tolist() == ["四个一"]
    assert runs(sentences)[["head", "clauses"]].values.tolist() == [["坚持", 3]]
    assert coded(sentences, examples["own"])["term"].tolist() == ["补链强链"]
    assert examples["rates"].values.sum() == len(hits)


def test_the_chinese_readme_shows_the_same_code_commands_and_tables():
    chinese = (ROOT / "README.zh.md").read_text("utf-8")
    shown = r"^```python\n(.*?)^```"
    english, other = (re.findall(shown, text, re.M | re.S) for text in (README, chinese))
    assert [re.sub(r"\s*#.*", "", code) for code in english] == [
        re.sub(r"\s*#.*", "", code) for code in other
    ]
    for pattern in (
        r"^\| `make (\w+)`",
        r"^\| (\d\d [\w ]+) \|",
        r"^\| `(\w+)` \|",
        r"^    (make .*?|python .*?)(?:  |=|$)",
    ):
        told = (re.findall(pattern, text.replace("路径", "path"), re.M) for text in (README, chinese))
        assert next(told) == next(told), pattern
    numbers = [sorted(re.findall(r"\d[\d,.]*\d", text.split("```")[0])) for text in (README, chinese)]
    assert set(numbers[0]) == set(numbers[1])


def test_the_numbers_of_the_corpora_are_the_data_s(examples):
    corpus = examples["corpus"]
    reports, cities, first, last = re.search(
        r"([\d,]+) government work reports of (\d+) cities, (\d+) to (\d+)", README
    ).groups()
    assert len(corpus.documents) == int(reports.replace(",", ""))
    assert len(corpus.cities()) == int(cities)
    assert corpus.period == f"{first}-{last}"
    assert f"{len(analysis.open_corpus('sample').documents)} short texts" in README


def test_every_target_of_make_is_told_and_no_other():
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.M)[1].split()
    told = set(re.findall(r"^\| `make (\w+)`", README, re.M))
    assert told == set(phony) - {"lock"}


def test_every_command_is_told():
    from analysis.__main__ import _parser

    (commands,) = (action for action in _parser()._actions if action.metavar == "command")
    line = next(line for line in README.splitlines() if "lists the commands behind them" in line)
    assert re.findall(r": (.*)", line)[0].strip("`.").split("`, `") == list(commands.choices)


def test_every_link_leads_somewhere():
    for text in (README, (ROOT / "README.zh.md").read_text("utf-8")):
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            assert (ROOT / target).exists(), target


def test_every_notebook_is_listed():
    listed = re.findall(r"^\| (\d\d [\w ]+) \|", README, re.M)
    start, *others = sorted((ROOT / "notebooks").glob("*.ipynb"))
    assert start.name == START
    assert listed == [path.stem.replace("_", " ") for path in others]


def test_the_versions_agree():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
    assert re.search(r"^## \[?(\d[\d.]*)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)[1] == version


def test_the_reference_and_the_types_are_what_the_modules_say():
    spec = importlib.util.spec_from_file_location("build_reference", ROOT / "docs" / "build_reference.py")
    builder = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(builder)
    for path, made in ((builder.OUT, builder.reference()), (builder.STUB, builder.stub())):
        assert path.read_text("utf-8") == made, f"{path.name}: run python docs/build_reference.py"
