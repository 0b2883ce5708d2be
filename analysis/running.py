"""Run notebooks: each in a kernel of its own, two at a time, without changing a file."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from analysis.kernels import CAN_FORK, Parent, forked
from analysis.site.tables import SCRATCH

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

PARAMETERS, INJECTED = "parameters", "injected-parameters"  # the tags that papermill uses too
ENOUGH = 3  # notebooks: what a process imports for all kernels is worth its while from so many on
_CORPUS = re.compile(r"""^CORPUS\s*=\s*(["'])(.+?)\1""", re.M)
_OPENED = re.compile(r"""\bopen_corpus\((["'])(.+?)\1""")


@dataclass
class Run:
    """One notebook before and after its run: where it lies, its cells, how long it took, what went wrong."""

    path: Path
    notebook: Any
    seconds: float = 0.0
    error: str = ""  # a sentence naming notebook, cell and error; "" where all went well

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def title(self) -> str:
        """The first heading of the prose, or the file's name."""
        prose = "\n".join(c.source for c in self.notebook.cells if c.cell_type == "markdown")
        heading = re.search(r"^#\s+(.+?)\s*#*$", prose, re.M)
        return heading.group(1).replace("*", "").replace("`", "") if heading else self.name

    @property
    def code(self) -> str:
        """The source of all code cells."""
        return "\n".join(cell.source for cell in self.notebook.cells if cell.cell_type == "code")

    @property
    def corpus(self) -> str:
        """The corpus that the notebook names, "" if it names none.

        In the cell tagged `parameters` or `corpus` (a line CORPUS = "..."), else in open_corpus("...").
        """
        tagged = [
            c.source for c in self.notebook.cells if {PARAMETERS, "corpus"} & set(c.metadata.get("tags", []))
        ]
        named = _CORPUS.findall("\n".join(tagged)) or _OPENED.findall(self.code)
        return named[-1][1] if named else ""

    @property
    def opened(self) -> str:
        """The corpus that the notebook opens when it is run: the one it was given, else the one it names."""
        given = [c.source for c in self.notebook.cells if INJECTED in c.metadata.get("tags", [])]
        return (_CORPUS.findall("\n".join(given)) or [("", self.corpus)])[-1][1]


def read_notebook(path: Path) -> Run:
    """Read a notebook. Raises ValueError where the file is none."""
    import nbformat

    try:
        return Run(path, nbformat.read(path, as_version=4))
    except Exception as error:  # nbformat raises many kinds for a damaged file
        reason = str(error).strip().split("\n")[0][:200]
        raise ValueError(
            f"{path} is not a notebook that can be read ({reason}). Mend or remove it."
        ) from error


def with_corpus(run: Run, corpus: str) -> Any:
    """Put a cell that names another corpus after the cell tagged `parameters`; return it, None if there is none."""
    from nbformat.v4 import new_code_cell

    for at, cell in enumerate(run.notebook.cells):
        if PARAMETERS in cell.metadata.get("tags", []):
            injected = new_code_cell(f"CORPUS = {corpus!r}", metadata={"tags": [INJECTED]})
            run.notebook.cells.insert(at + 1, injected)
            return injected
    return None


def run_all(
    runs: Sequence[Run],
    *,
    jobs: int | None = None,
    timeout: int = 900,
    say: Callable[[str], None] = print,
    done: Callable[[Run], None] = lambda run: None,
    tables: Path | None = None,
) -> None:
    """Run notebooks, `jobs` at a time (None: two, or the number of processors if that is one).

    A notebook that fails keeps what it has shown so far and gets a sentence in `error`; the others go on.
    `timeout`: seconds for one cell. `done` is called after each, `say` with a line of progress. tables: a folder for the
    tables that the notebooks show, a folder each (see `keep_table`).
    """
    from tempfile import TemporaryDirectory

    if not runs:
        return

    at_once = max(1, min(2, os.cpu_count() or 1)) if jobs is None else max(1, jobs)
    with TemporaryDirectory() as scratch:
        environment = _environment(scratch, at_once)
        with _parent(runs, environment) as parent:
            environments = [environment | _scratch(run, tables) for run in runs]
            _in_own_thread(_all(runs, at_once, environments, _manager(parent), timeout, say, done))


async def _all(
    runs: Sequence[Run],
    at_once: int,
    environments: Sequence[dict[str, str]],
    manager: type,
    timeout: int,
    say: Callable[[str], None],
    done: Callable[[Run], None],
) -> None:
    """Run the notebooks in order, so many at once."""
    gate, finished = asyncio.Semaphore(at_once), 0

    async def one(run: Run, environment: dict[str, str]) -> None:
        nonlocal finished
        async with gate:
            say(f"        {run.name} started")
            start = time.monotonic()
            run.error = await _executed(run, environment, manager, timeout)
            run.seconds = time.monotonic() - start
        if _is_cancelled():
            raise asyncio.CancelledError  # nbclient turns it into the end of a kernel; no page then
        await asyncio.to_thread(done, run)
        finished += 1
        say(
            f"{finished:>3}/{len(runs)}  {run.name} {'FAILED after' if run.error else 'done in'} {run.seconds:.0f} s"
        )

    try:
        async with asyncio.TaskGroup() as group:
            for run, environment in zip(runs, environments, strict=True):
                group.create_task(one(run, environment))
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from None  # such as a full disk: one sentence is enough


def _is_cancelled() -> bool:
    """Return True where the running task is to stop."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _executed(run: Run, environment: dict[str, str], manager: type, timeout: int) -> str:
    """Run one notebook in its folder; return "" or what went wrong."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from traitlets.config import Config

    place = {"metadata": {"path": str(run.path.parent)}}
    client = NotebookClient(
        run.notebook,
        config=Config(_sockets(environment["IPYTHONDIR"])),
        timeout=timeout,
        kernel_manager_class=manager,
        resources=place,
        store_widget_state=False,
        shutdown_kernel="immediate",  # nothing is to be saved, and a kernel that is told to leave complains
    )
    try:
        await client.async_execute(env=environment)
    except CellExecutionError as error:
        return _failure(
            run, f"{error.ename}: {error.evalue.strip().splitlines()[0] if error.evalue.strip() else ''}"
        )
    except CellTimeoutError:
        return _failure(run, f"the cell ran longer than {timeout} s and was stopped")
    except (DeadKernelError, RuntimeError) as error:
        return _failure(
            run, f"the Python process ended ({str(error)[:120]}); perhaps the memory was too small"
        )
    return ""


def _failure(run: Run, reason: str) -> str:
    """Say which cell of which notebook failed, and why."""
    own = [cell for cell in run.notebook.cells if INJECTED not in cell.metadata.get("tags", [])]
    cells = [cell for cell in own if cell.cell_type == "code" and cell.source.strip()]
    failed = [n for n, c in enumerate(cells) if any(o.output_type == "error" for o in c.outputs)]
    begun = [n for n, c in enumerate(cells) if c.execution_count or c.outputs]
    number = (failed or begun[-1:] or [0])[0]
    first_line = cells[number].source.strip().splitlines()[0][:60] if cells else ""
    return f"{run.path.name}, code cell {number + 1} ({first_line}): {reason.rstrip('.')}."


def _environment(scratch: str, at_once: int) -> dict[str, str]:
    """Return the kernels' environment: the same numbers every time, no more threads than processors."""
    threads = str(max(1, (os.cpu_count() or 1) // at_once))
    limits = {name: threads for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    # IPYTHONDIR: a reader's own start-up files must not change a report. TQDM_DISABLE: no bars on the page.
    fixed = {"PYTHONHASHSEED": "0", "PYTHONUTF8": "1", "IPYTHONDIR": scratch, "TQDM_DISABLE": "1"}
    # Notes on the notebook's own machinery; what the code warns of is shown.
    quiet = {"PYDEVD_DISABLE_FILE_VALIDATION": "1", "PYTHONWARNINGS": "ignore:IProgress not found"}
    return {**os.environ, **limits, **fixed, **quiet}


def _scratch(run: Run, tables: Path | None) -> dict[str, str]:
    """Return the environment that tells a kernel where to leave the tables it shows."""
    return {SCRATCH: str(tables / run.name)} if tables else {}


def _sockets(scratch: str) -> dict[str, Any]:
    """Return settings that let a kernel talk through sockets in a folder, where the system has them.

    Ports could be taken twice, and another user of the machine could listen to them.
    """
    if os.name != "posix":
        return {}
    return {"KernelManager": {"transport": "ipc", "ip": str(Path(scratch) / uuid4().hex[:8])}}


def _parent(runs: Sequence[Run], environment: dict[str, str]) -> AbstractContextManager[Parent | None]:
    """Return the process that kernels are forked from, where the system allows it and there are enough of them."""
    if not CAN_FORK or len(runs) < ENOUGH:
        return nullcontext()
    # The sample is read, cleaned and counted wherever it is opened; other corpora lie counted.
    several = sum(run.opened == "sample" for run in runs) > 1
    return closing(Parent(runs[0].path.parent, environment, ["sample"] if several else []))


def _manager(parent: Parent | None) -> type:
    """Return a kernel manager that starts the running interpreter, whatever kernels are installed."""
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    how = forked(parent) if parent else {}

    class RunningInterpreter(AsyncKernelManager):
        @property
        def kernel_spec(self) -> KernelSpec:
            return KernelSpec(argv=command, display_name="Python", language="python", metadata=how)

    return RunningInterpreter


def _in_own_thread(work: Any) -> None:
    """Run a coroutine in a thread with a loop of its own: works inside Jupyter too, and Ctrl-C ends the kernels."""
    loop = asyncio.new_event_loop()
    task = loop.create_task(work)
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(loop.run_until_complete, task)
        try:
            future.result()
        except KeyboardInterrupt:
            loop.set_exception_handler(lambda *_: None)  # what the kernels' ends set off is no news
            loop.call_soon_threadsafe(task.cancel)
            raise
    loop.close()
