"""Wall seconds of a command, and the memory that it and its child processes hold at most, all together."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

INTERVAL = 0.5  # seconds between two looks at the memory; a look is not free


def measured(command: list[str]) -> tuple[float, float | None]:
    """Run a command; return its wall seconds and its greatest memory in gigabytes (None where there is no /proc).

    The memory is the sum over the process and all its descendants of the proportional set size, which counts what
    processes share once; looked at twice a second. Raises CalledProcessError where the command fails.
    """
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    most = 0
    while process.poll() is None:
        most = max(most, sum(map(_held, _family(process.pid))))
        time.sleep(INTERVAL)
    took = time.perf_counter() - start
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return took, most / 1e6 if most else None


def _family(process: int) -> list[int]:
    """The process and its descendants."""
    found = [process]
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in _read(task).split():
            found += _family(int(child))
    return found


def _held(process: int) -> int:
    """Kilobytes of memory that a process holds: its proportional set size."""
    for line in _read(Path(f"/proc/{process}/smaps_rollup")).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # the process has ended meanwhile
        return ""
