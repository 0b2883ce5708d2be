"""What holds for the whole repository: notebooks, documents of the data, sizes, and what must not be in it."""

from __future__ import annotations

import ast
import csv
import json
import re
import subprocess
from collections import defaultdict
from functools import cache, lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
START = ROOT / "notebooks" / "00_start.ipynb"
NOTEBOOKS = sorted(set((ROOT / "notebooks").glob("*.ipynb")) - {START})
TABLES = sorted(p for p in (ROOT / "data").rglob("*.csv") if "build" not in p.parts)
LAST_HEADINGS = ["Reading", "Where this could mislead us"]
ONE_CORPUS = {"14_five_pages": "web_pages"}  # notebooks that are about one corpus and no other
MEGABYTE = 1_000_000
FEATURES = ("city_reports", "state_council", "web_pages")
LONGEST_STRING = {
    "sha256": 64,
    "url": 300,
    "title": 80,
    "reason": 200,
    "reasons": 300,
    "detail": 200,
    "evidence": 400,
    "split": 200,
}  # in the features; elsewhere 50 characters

# Written in pieces, so that this file does not find itself.
REGISTRIES = re.compile(
    "py" r"pi\.org|python" r"hosted|registry\.np" r"mjs|deb\.deb" r"ian|https?://\S*/sim" r"ple\b"
)
MACHINE = re.compile("/wor" r"k/(?:main|shared|\.library)|/far" r"m/|/roo" r"t/|[A-Z]:\\{1,2}Us" "ers")
VAGUE = re.compile(r"(?:^|_)(?:utils?|helpers?|misc|common|manager)(?:_|\.|$)")

# A passage is a run of so many characters that also stands in a text of another's.
PASSAGE = 22
_HAN = re.compile(rf"[\u4e00-\u9fff，、；：。“”]{{{PASSAGE},}}")
_STEP = 11  # every run of 22 holds one of the places 0, 11, 22, ... of the other text with 12 characters from there
_GRAM = PASSAGE - _STEP + 1


@lru_cache(maxsize=1)
def ours() -> list[Path]:
    """The files of the repository: tracked, or new and not ignored."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("this is not a clone, so git can't say which files are the repository's")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


@lru_cache(maxsize=1)
def texts() -> dict[str, str]:
    """The repository's text files by their path."""
    found: dict[str, str] = {}
    for path in ours():
        raw = path.read_bytes()
        if b"\0" not in raw[:4096]:
            found[path.relative_to(ROOT).as_posix()] = raw.decode("utf-8", "replace")
    return found


def cells(path: Path) -> list[dict]:
    return json.loads(path.read_text("utf-8"))["cells"]


def source(cell: dict) -> str:
    return "".join(cell["source"])


def code(path: Path) -> list[tuple[set[str], ast.Module]]:
    """Tags and syntax of each code cell, without the lines that only IPython understands."""
    found = []
    for cell in cells(path):
        if cell["cell_type"] == "code":
            lines = [line for line in source(cell).splitlines() if not line.lstrip().startswith(("%", "!"))]
            found.append((set(cell["metadata"].get("tags", [])), ast.parse("\n".join(lines))))
    return found


def named(path: Path) -> str:
    return path.stem


notebooks = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=named)


def test_there_are_notebooks():
    assert len(NOTEBOOKS) >= 9


def test_the_start_page_leads_to_every_notebook_in_both_languages():
    prose = [source(cell) for cell in cells(START) if cell["cell_type"] == "markdown"]
    assert len(prose) == 2
    for text in prose:
        assert re.findall(r"\]\((\w+\.ipynb)\)", text) == [path.name for path in NOTEBOOKS]
        assert all((START.parent / link).exists() for link in re.findall(r"\]\(([^)]+)\)", text))


@pytest.mark.parametrize("notebook", [START, *NOTEBOOKS], ids=named)
def test_a_notebook_is_kept_without_outputs(notebook):
    ran = [c for c in cells(notebook) if c["cell_type"] == "code" and (c["outputs"] or c["execution_count"])]
    assert not ran, "clear the outputs before you commit"


@notebooks
def test_a_notebook_defines_nothing(notebook):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    defined = [node.name for _, tree in code(notebook) for node in ast.walk(tree) if isinstance(node, kinds)]
    assert not defined, "functions have their room in analysis/"


@notebooks
def test_a_notebook_asks_one_question_and_ends_with_its_reading(notebook):
    prose = "\n".join(source(cell) for cell in cells(notebook) if cell["cell_type"] == "markdown")
    titles = re.findall(r"^# (.+)$", prose, re.M)
    assert len(titles) == 1 and titles[0].endswith("?")
    assert re.findall(r"^## (.+)$", prose, re.M)[-2:] == LAST_HEADINGS


@notebooks
def test_no_tested_list_of_words_stands_without_its_placebo(notebook):
    """Each test of words or topics tries random groups too, and the page tells what they gave."""
    calls = [node for _, tree in code(notebook) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = {getattr(call.func, "id", getattr(call.func, "attr", "")) for call in calls}
    tested = [
        call
        for call in calls
        if getattr(call.func, "id", getattr(call.func, "attr", "")) in ("keyness", "compare")
    ]
    for call in tested:
        given = {keyword.arg for keyword in call.keywords}
        assert given & {"draws", "test"}, f"line {call.lineno}: give draws, or a test that only describes"
    if tested:
        assert "show_placebo_warning" in names
        assert "What this corpus calls different where nothing is" in "".join(map(source, cells(notebook)))


@notebooks
def test_a_notebook_opens_the_corpus_it_is_given(notebook):
    """The corpus is a name set in the cell tagged `parameters`, so that a report can set another."""
    set_there = {
        target.id
        for tags, tree in code(notebook)
        if "parameters" in tags
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    calls = [node for _, tree in code(notebook) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    opened = [call.args for call in calls if getattr(call.func, "id", "") == "open_corpus"]
    for arguments in opened:
        assert arguments, "open_corpus() without a corpus: name it in a parameters cell"
        name = arguments[0]
        if notebook.stem in ONE_CORPUS:
            assert isinstance(name, ast.Constant) and name.value == ONE_CORPUS[notebook.stem]
        else:
            assert isinstance(name, ast.Name) and name.id in set_there


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.name)
def test_a_table_has_its_headers_defined(table):
    heading = table.relative_to(ROOT / "data").as_posix()
    sections = (ROOT / "data" / "README.md").read_text("utf-8").split("\n## ")
    matching = [part for part in sections if heading in part.splitlines()[0]]
    assert matching, f"data/README.md has no section {heading}"
    defined = re.findall(r"^\| ([\w, ]+) \| \S", matching[0], re.M)
    names = {name for cell in defined for name in cell.split(", ")}
    with table.open(encoding="utf-8", newline="") as lines:
        header = next(csv.reader(lines))
    assert [column for column in header if column not in names] == []


def test_no_file_names_a_registry_or_a_machine():
    found = {
        name: match[0]
        for name, text in texts().items()
        for match in (REGISTRIES.search(text), MACHINE.search(text))
        if match
    }
    assert not found


def test_file_names_say_what_is_in_them():
    names = [path.relative_to(ROOT).as_posix() for path in ours()]
    assert [name for name in names if VAGUE.search(Path(name).name)] == []


def test_files_are_small():
    """The counts of all city reports may be larger; they have a limit of their own."""
    large = {
        path.relative_to(ROOT).as_posix(): path.stat().st_size
        for path in ours()
        if path.stat().st_size > 5 * MEGABYTE and ROOT / "data" / "city_reports" not in path.parents
    }
    assert not large


def test_the_features_are_small():
    files = [path for path in (ROOT / "data" / "city_reports").rglob("*") if path.is_file()]
    assert files, "data/city_reports is missing; README.md says how it is built"
    assert sum(path.stat().st_size for path in files) <= 32 * MEGABYTE  # 12 of them places of hits


@cache
def feature_strings() -> dict[str, list[str]]:
    """What the shipped features hold of strings, each once, by file and column."""
    import pandas as pd

    found = {}
    for name in FEATURES:
        for path in sorted((ROOT / "data" / name).rglob("*.parquet")):
            frame = pd.read_parquet(path)
            for column in frame.columns[[dtype.kind not in "biufM" for dtype in frame.dtypes]]:
                cells = frame[column]
                cells = cells if cells.dtype == object else cells.drop_duplicates()  # objects may be arrays
                strings = [value for value in cells if isinstance(value, str)]
                if strings:
                    found[f"{path.relative_to(ROOT).as_posix()}: {column}"] = strings
    return found


def test_the_features_hold_no_text():
    """Metadata and counts only, so that they may be passed on."""
    longest = {where: max(map(len, strings)) for where, strings in feature_strings().items()}
    assert longest
    assert {w: n for w, n in longest.items() if n > LONGEST_STRING.get(w.split(": ")[1], 50)} == {}


def grams_of(named_texts: dict[str, str]) -> dict[str, list[tuple[str, str, int]]]:
    """Every 12 characters of the runs of Chinese: where they stand (name, run, place)."""
    grams = defaultdict(list)
    for name, text in named_texts.items():
        for match in _HAN.finditer(text):
            for at in range(len(match[0]) - _GRAM + 1):
                grams[match[0][at : at + _GRAM]].append((name, match[0], at))
    return grams


def shared_passages(grams: dict[str, list[tuple[str, str, int]]], other: str) -> set[tuple[str, str]]:
    """Passages (name, text) that stand in one of ours and in `other`: looked for at every 11th place, then extended."""
    found = set()
    for place in range(0, len(other), _STEP):
        for name, run, at in grams.get(other[place : place + _GRAM], ()):
            before = same(run[:at][::-1], other[max(0, place - len(run)) : place][::-1])
            after = same(run[at:], other[place : place + len(run)])
            if before + after >= PASSAGE:
                found.add((name, run[at - before : at + after]))
    return found


def same(a: str, b: str) -> int:
    """How many characters two texts begin alike with."""
    return next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def test_a_shared_passage_would_be_seen():
    run = "霁川市把一盏灯挂在大厅里企业办事先看灯再找人灯不熄人不走"
    for shift in range(PASSAGE):
        other = "望" * shift + "澜市也" + run[3 : 3 + PASSAGE] + "。别的话"
        assert {text for _, text in shared_passages(grams_of({"a": run}), other)} == {run[3 : 3 + PASSAGE]}
        other = "望" * shift + "澜市也" + run[3 : 2 + PASSAGE] + "。别的话"
        assert shared_passages(grams_of({"a": run}), other) == set()


def titles() -> str:
    """The titles of the five web pages, which stand in their manifest."""
    with (ROOT / "data" / "web_pages" / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        return "\n".join(row["title"] for row in csv.DictReader(lines))


def test_no_text_of_others_is_in_the_repository(corpus):
    """The real texts are other people's: nothing of theirs may be here but counts, dates, titles, names and terms."""
    metadata = {
        name: "\n".join(strings) for name, strings in feature_strings().items() if "title" not in name
    }
    grams = grams_of({**texts(), **metadata})
    found = set()
    for path in sorted(corpus.rglob("*")):
        if path.suffix in {".md", ".txt"} and path.name != "SOURCE.txt":
            found |= shared_passages(grams, path.read_text("utf-8", "replace"))
    assert sorted((name, text) for name, text in found if text not in titles())[:20] == []
