"""How long `import analysis` takes in a fresh process: the median of ten, less what Python itself takes to start.

python benchmarks/imports.py
"""

from __future__ import annotations

import subprocess
import sys
from statistics import median

TIMES = 10
CODE = "import time; start = time.perf_counter(); import analysis; print(time.perf_counter() - start)"


def main() -> None:
    took = [float(subprocess.check_output([sys.executable, "-c", CODE])) for _ in range(TIMES)]
    print(f"imports: import analysis takes {median(took):.3f} s (longest of {TIMES}: {max(took):.3f} s)")


if __name__ == "__main__":
    main()
