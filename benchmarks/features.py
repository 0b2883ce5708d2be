"""How long it takes, and how much memory, from the folder of 2,231 reports to features, in two processes.

python benchmarks/features.py [../shared/corpus/lawtext-gov]
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from measuring import measured

CORPUS = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus" / "lawtext-gov"


def main(corpus: Path = CORPUS) -> None:
    with TemporaryDirectory() as scratch:
        options = ["--where", "level == 'city'", "--jobs", "2", "--out", f"{scratch}/features"]
        took, memory = measured([sys.executable, "-m", "analysis", "features", str(corpus), *options])
        size = sum(path.stat().st_size for path in Path(scratch).rglob("*.*"))
    held = f"{memory:.2f} GB of memory at most" if memory else "memory not known on this system"
    print(f"features: {took:.1f} s, {held}, {size / 1e6:.1f} MB written")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
