"""The package works without the clone: built as a wheel, installed elsewhere, asked from another folder."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from test_layers import ORDER

ROOT = Path(__file__).resolve().parent.parent
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
OUTSIDE = """
import analysis
from pathlib import Path
import pandas as pd
from analysis import admit, attribute, clean, open_corpus, passages, read_features
from analysis import resolve_city, segment, stop_words, tokeniser
from analysis.lexicon import data_path
from analysis.reports import notebook_folder

home = Path(analysis.__file__).parent
assert home.parent == Path({target!r}), home
assert data_path("lexicon").is_relative_to(home), data_path("lexicon")
assert notebook_folder() == home / "notebooks", notebook_folder()
"""
WORDS = """
assert "招商引资" in tokeniser()("全市招商引资工作")
assert stop_words()
assert resolve_city("盐城").name == "盐城市"
assert clean("新签约１２个").text == "新签约12个"
assert clean("營(yíng)商環(huán)境好,營(yíng)商不難。").text == "营商环境好，营商不难。"
frame = pd.DataFrame([("a", "我代表盐城市人民政府报告工作。亭湖区和东台市招商见效。")], columns=["doc_id", "text"])
assert list(attribute(frame)["city"]) == ["盐城市"]
assert len(admit(frame).documents) == 1
"""
CORPORA = """
counts = read_features(data_path("city_reports", "words"))
corpus = open_corpus()
assert corpus.words.values.sum() == counts.values.sum() > 0
assert len(corpus.documents) > 2000 and not corpus.has_text
assert 0 < corpus.own.values.sum() < counts.values.sum()
assert set(corpus.segmentations) == {"no dictionary", "no HMM", "neither"}
assert len(open_corpus("state_council").documents) == 59
assert len(open_corpus("web_pages").documents) > 0
assert len(open_corpus("sample").documents) >= 96
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """Build the wheel, without a network and without touching the clone."""
    out = tmp_path_factory.mktemp("wheel")
    code = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    run([sys.executable, "-c", code, str(out)], ROOT)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """Install it into a folder of its own."""
    target = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-index"]
    run([*pip, "--no-deps", "--no-compile", "--target", str(target), str(wheel)], target)
    return target


def run(command: list[str], folder: Path, **environment: str) -> str:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def outside(code: str, installed: Path, folder: Path) -> str:
    """Run code against the installed package from a folder that is not the clone."""
    code = OUTSIDE.format(target=str(installed)) + code
    return run([sys.executable, "-c", code], folder, PYTHONPATH=str(installed))


def test_words_places_and_cleaning_work_outside_the_clone(installed, tmp_path):
    outside(WORDS, installed, tmp_path)


def test_the_shipped_corpora_open_outside_the_clone(installed, tmp_path):
    outside(CORPORA, installed, tmp_path)


def test_the_command_line_works_outside_the_clone(installed, tmp_path):
    command = [sys.executable, "-m", "analysis", "--version"]
    assert run(command, tmp_path, PYTHONPATH=str(installed)).strip() == VERSION


def test_the_wheel_holds_what_runs_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {"analysis", f"city_rhetoric-{VERSION}.dist-info"}
    inner = {name.split("/")[1] for name in names if name.startswith("analysis/") and name.count("/") > 1}
    parts = {module.split(".")[0] for module in ORDER if "." in module}
    assert inner == {"data", "notebooks", "report_template", "translations"} | parts
    assert [name for name in names if "data/build" in name or "tests" in name] == []
    tables = {
        "places.csv",
        "counties.csv",
        "README.md",
        "NOTICES.md",
        "lexicon/words.csv",
        "sample/truth.toml",
    }
    assert {f"analysis/data/{table}" for table in tables} <= set(names)
    assert sum(name.endswith(".ipynb") for name in names) >= 8
