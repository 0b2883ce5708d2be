"""The how-tos work: examples run in an empty folder, links lead somewhere, both languages show the same code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "how-to"
NAMES = sorted(path.name for path in FOLDER.glob("*.md") if path.name != "README.md")


def blocks(path: Path) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", path.read_text("utf-8"), re.M | re.S)


def bare(code: str) -> str:
    """Code without its comments, which are translated."""
    return re.sub(r"\s*#.*", "", code)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", NAMES)
def test_the_examples_run(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    assert (code := blocks(FOLDER / name))
    for block in code:
        exec(compile(block, name, "exec"), names)


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_show_the_same_code(name):
    english, chinese = (blocks(folder / name) for folder in (FOLDER, FOLDER / "zh"))
    assert list(map(bare, english)) == list(map(bare, chinese))


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.md")), ids=lambda path: str(path.relative_to(FOLDER)))
def test_every_link_leads_somewhere(path):
    links = re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8"))
    assert links and all((path.parent / link).exists() for link in links)
