"""Kernels that need not import everything anew: forked from one process that has done it, on Linux."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

WAIT = 120  # seconds for an answer: the first comes when everything is imported
# macOS has fork too, but its own libraries may crash in the child; Windows has none.
CAN_FORK = sys.platform == "linux"
# What our notebooks import sooner or later; no shell is there yet that a library could attach itself to.
AHEAD = (
    "ipykernel.kernelapp",
    "altair",
    "pandas",
    "matplotlib.pyplot",
    "scipy.stats",
    "scipy.cluster.hierarchy",
    "scipy.sparse.csgraph",
    "sklearn.cluster",
    "sklearn.decomposition",
    "sklearn.feature_extraction.text",
)


class Parent:
    """The process that kernels are forked from; kernels share nothing that one of them changes.

    environment: the kernels' own. corpora: those that several notebooks open, opened once before any kernel starts.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], corpora: Sequence[str] = ()) -> None:
        self._lock = Lock()
        self._line, theirs = socket.socketpair()
        self._line.settimeout(WAIT)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "analysis.kernels", str(theirs.fileno()), *corpora],
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C is for the report, which then ends this process
            )
        self._answers = self._line.makefile("r", encoding="utf-8")

    def ask(self, **request: Any) -> Any:
        """Send a request, return its answer. Raises OSError where the process is gone."""
        with self._lock:
            try:
                self._line.sendall(json.dumps(request).encode() + b"\n")
                answer = self._answers.readline()
            except TimeoutError:  # what comes later would answer the next request: this process is done with
                self._process.kill()
                raise
        if not answer:
            raise ConnectionError("the process that starts kernels has ended")
        return json.loads(answer)

    def fork(self, command: list[str], folder: str | Path, environment: Mapping[str, str]) -> Child:
        """Start a command, `python -m module arguments`, as a child. Raises OSError where the process is gone."""
        number = self.ask(command=command[2:], folder=str(folder), environment=dict(environment))
        return Child(self, number)

    def close(self) -> None:
        """End the process, and with it the kernels that still run."""
        self._answers.close()
        self._line.close()
        self._process.wait()


class Child:
    """A forked process, as far as it is asked for what `subprocess.Popen` answers."""

    stdin = stdout = stderr = None

    def __init__(self, parent: Parent, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._parent = parent

    def poll(self) -> int | None:
        """Return the exit code, None while it runs."""
        if self.returncode is None:
            try:
                self.returncode = self._parent.ask(ended=self.pid)
            except (OSError, ValueError):
                self.returncode = -1  # without its parent a kernel ends itself
        return self.returncode

    def wait(self) -> int:
        """Wait for the end; return the exit code."""
        while (code := self.poll()) is None:
            time.sleep(0.05)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    terminate = kill


def forked(parent: Parent) -> dict[str, Any]:
    """Return the metadata of a kernel specification that lets its kernels be forked from a parent."""
    from types import SimpleNamespace

    from jupyter_client.provisioning import KernelProvisionerFactory

    # Where a kernel's starter is found by name: usually the packages that are installed.
    known: Any = KernelProvisionerFactory.instance().provisioners
    known["forked"] = SimpleNamespace(load=_provisioner)
    return {"kernel_provisioner": {"provisioner_name": "forked", "config": {"source": parent}}}


def _provisioner() -> type:
    """Return what starts a kernel by a fork; by a fresh process where the parent can't."""
    import asyncio

    from jupyter_client.provisioning import LocalProvisioner
    from traitlets import Any as AnyTrait

    class Forked(LocalProvisioner):
        source = AnyTrait()

        async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
            try:
                child = await asyncio.to_thread(self.source.fork, cmd, options["cwd"], options["env"])
            except (OSError, ValueError):
                return await super().launch_kernel(cmd, **options)
            self.process, self.pid, self.pgid, self.cwd = child, child.pid, child.pid, options["cwd"]
            return self.connection_info

    return Forked


# ---- the process itself


def _main(number: int, corpora: Sequence[str]) -> None:
    """Import, then answer until the other side is gone; a child leaves with its request, and carries it out."""
    if Path(sys.path[0]) == Path.cwd():
        del sys.path[0]  # as the kernel's own launcher does
    with socket.socket(fileno=number) as line:
        _prepare(corpora)
        request = _serve(line)
    if request:
        _become(**request)


def _prepare(corpora: Sequence[str]) -> None:
    """Import and open ahead; what fails will fail in the notebook too, and is said there."""
    import gc
    from importlib import import_module

    # What the kernel would set itself, before the first import of matplotlib.
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    os.environ["JPY_PARENT_PID"] = str(
        os.getpid()
    )  # a kernel ends with its parent; ipykernel looks when imported
    for name in AHEAD:
        with suppress(ImportError):
            import_module(name)
    own = import_module("analysis")
    for name in own.__all__:
        getattr(own, name)
    catalogues = import_module("analysis.catalogues")
    catalogues.catalogue(catalogues.CATALOGUES)
    for source in corpora:
        with suppress(ValueError, OSError), _without_threads():
            import_module("analysis.corpora").open_corpus(source)
    gc.collect()
    gc.freeze()  # the children share what nobody changes


@contextmanager
def _without_threads() -> Iterator[None]:
    """Keep bars of progress from starting a thread: it would be missing in the children."""
    from tqdm import tqdm

    usual, tqdm.monitor_interval = tqdm.monitor_interval, 0
    yield
    tqdm.monitor_interval = usual


def _serve(line: socket.socket) -> dict[str, Any] | None:
    """Answer requests; return None when there are no more, and in a child its request."""
    running: set[int] = set()
    with line.makefile("r", encoding="utf-8") as requests:
        for text in requests:
            request = json.loads(text)
            if "ended" in request:
                answer = _exit_code(request["ended"])
                running -= {request["ended"]} if answer is not None else set()
            elif answer := _fork():
                running.add(answer)
            else:
                return request
            line.sendall(json.dumps(answer).encode() + b"\n")
    for child in running:
        with suppress(OSError):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    return None


def _exit_code(child: int) -> int | None:
    """Return a child's exit code, None while it runs."""
    try:
        done, status = os.waitpid(child, os.WNOHANG)
    except ChildProcessError:  # none of ours: it cannot run
        return -1
    return os.waitstatus_to_exitcode(status) if done else None


def _fork() -> int:
    """Fork; return the child's number, 0 in the child."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of libraries' threads, which expect forks
        return os.fork()


def _become(command: list[str], folder: str, environment: dict[str, str]) -> None:
    """Turn this child into what `python -m module arguments` starts."""
    import runpy

    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment, JPY_PARENT_PID=str(os.getppid()))
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()  # or all children would draw the same
    sys.argv = command
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _main(int(sys.argv[1]), sys.argv[2:])
