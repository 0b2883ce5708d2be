"""Kernels that are forked: each notebook stands alone, as in a process of its own, and ends with its report."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from small_report import write_notebook

from analysis.kernels import CAN_FORK, Parent
from analysis.running import ENOUGH, Run, read_notebook, run_all

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="kernels are forked on Linux alone")

CHANGES = """
import analysis, numpy, os, random
print("left over:", hasattr(analysis, "mine"), "MINE" in os.environ)
analysis.mine = os.environ["MINE"] = "changed"
print("drawn:", random.random(), numpy.random.rand())
print("started as:", os.path.basename(__import__("sys").argv[0]), os.environ["PYTHONHASHSEED"], os.getcwd())
print("parent:", os.getppid())
"""
PICTURE = "import matplotlib.pyplot as plt\n_ = plt.plot([1, 2])"
FAILS = "def inner():\n    raise KeyError('no such thing')\ninner()"
DIES = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"
SAMPLE = """
CORPUS = 'sample'
from analysis import open_corpus
corpus = open_corpus(CORPUS)
print(len(corpus.documents), corpus.about["invented"])
corpus.documents["text"] = corpus.about["invented"] = None
"""


def ran(folder: Path, *sources: list[str]) -> list[Run]:
    """The notebooks of these cells, after their run one at a time."""
    runs = [
        read_notebook(write_notebook(folder / f"{n}.ipynb", [("", cell) for cell in cells]))
        for n, cells in enumerate(sources)
    ]
    run_all(runs, jobs=1, timeout=60, say=lambda line: None)
    return runs


def printed(run: Run) -> str:
    outputs: list[Any] = [output for cell in run.notebook.cells for output in cell.get("outputs", [])]
    return "".join(output.get("text", "") for output in outputs)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Run]:
    folder = tmp_path_factory.mktemp("notebooks")
    return ran(
        folder,
        [CHANGES],
        [CHANGES, PICTURE],
        [FAILS],
        [DIES],
        [SAMPLE],
        [SAMPLE],
        ["%time 1 + 1\n!echo shell"],
    )


def test_nothing_of_one_notebook_is_left_to_the_next(runs: list[Run]) -> None:
    assert [re.findall("left over: .*", printed(run)) for run in runs[:2]] == [["left over: False False"]] * 2
    assert [printed(run) for run in runs[4:6]] == ["96 True\n"] * 2
    drawn = [re.findall("drawn: (.*) (.*)", printed(run))[0] for run in runs[:2]]
    assert not set(drawn[0]) & set(drawn[1])


def test_a_kernel_looks_as_if_it_had_been_started_by_itself(runs: list[Run]) -> None:
    started = f"started as: ipykernel_launcher.py 0 {runs[0].path.parent}"
    assert started in printed(runs[0])
    parents = {re.findall(r"parent: (\d+)", printed(run))[0] for run in runs[:2]}
    assert len(parents) == 1 and parents != {str(os.getpid())}
    assert "Wall time" in printed(runs[6]) and "shell" in printed(runs[6])


def test_a_figure_is_drawn_in_the_notebook(runs: list[Run]) -> None:
    outputs = runs[1].notebook.cells[-1].outputs
    assert ["image/png" in output.get("data", {}) for output in outputs] == [True]


def test_what_goes_wrong_is_said_and_the_others_go_on(runs: list[Run]) -> None:
    assert "code cell 1 (def inner():): KeyError: 'no such thing'." in runs[2].error
    assert "the Python process ended" in runs[3].error
    assert [bool(run.error) for run in runs] == [False, False, True, True, False, False, False]


def test_a_few_notebooks_start_by_themselves(tmp_path: Path) -> None:
    cells = [["import os; print('parent:', os.getppid())"]] * (ENOUGH - 1)
    assert {printed(run) for run in ran(tmp_path, *cells)} == {f"parent: {os.getpid()}\n"}


def test_children_tell_how_they_ended_and_none_outlives_the_parent(tmp_path: Path) -> None:
    (tmp_path / "ends.py").write_text("import sys; sys.exit(3)", "utf-8")
    (tmp_path / "waits.py").write_text("import time; time.sleep(60)", "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    parent = Parent(tmp_path, environment)
    try:
        assert parent.fork([sys.executable, "-m", "ends"], tmp_path, environment).wait() == 3
        waiting = parent.fork([sys.executable, "-m", "waits"], tmp_path, environment)
        assert waiting.poll() is None
        waiting.kill()
        assert waiting.wait() == -signal.SIGKILL
        left = parent.fork([sys.executable, "-m", "waits"], tmp_path, environment)
    finally:
        parent.close()
    assert left.poll() == -1
    with pytest.raises(OSError):
        parent.fork([sys.executable, "-m", "ends"], tmp_path, environment)
    with pytest.raises(ProcessLookupError):
        for _ in range(100):
            os.kill(left.pid, 0)
            time.sleep(0.1)
