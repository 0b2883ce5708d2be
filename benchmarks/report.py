"""How long the report on the shipped corpora takes, after set-up.

python benchmarks/report.py
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from measuring import measured


def main() -> None:
    with TemporaryDirectory() as scratch:
        took, memory = measured([sys.executable, "-m", "analysis", "report", "--out", scratch])
        pages = [path.stat().st_size for path in Path(scratch).glob("*.html")]
    held = f"{memory:.2f} GB of memory at most" if memory else "memory not known on this system"
    print(f"report: {took:.1f} s, {held}, {len(pages)} pages of {sum(pages) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
