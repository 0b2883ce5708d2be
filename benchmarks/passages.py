"""How well the rule for passages about investment attraction agrees with a reader.

    python benchmarks/passages.py [../shared/corpus/lawtext-gov]

Reads the judged paragraphs of tests/cases/passages.json out of the real reports, applies the rule, and prints
precision and recall of each set. A paragraph counts by the size of its stratum in the corpus over the number
judged in it; the intervals are Wilson's at Kish's effective number (Kish 1965: (sum w)^2 / sum w^2).
"""

from __future__ import annotations

import hashlib
import json
import math
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis.segments import is_about_attraction

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "cases" / "passages.json"
CORPUS = ROOT.parent / "shared" / "corpus" / "lawtext-gov"

# Weight of a paragraph, whether the rule chose it, whether the reader did.
Judged = tuple[float, bool, bool]


def judged(part: dict[str, Any], corpus: Path) -> Iterator[Judged]:
    """Yield each paragraph of a set, weighted by its stratum."""
    drawn = Counter(case["stratum"] for case in part["paragraphs"])
    for case in part["paragraphs"]:
        weight = part["strata"][case["stratum"]] / drawn[case["stratum"]]
        yield weight, is_about_attraction(paragraph(case, corpus)), case["about"]


def paragraph(case: dict[str, Any], corpus: Path) -> str:
    raw = (corpus / case["path"]).read_bytes()
    if hashlib.sha256(raw).hexdigest() != case["sha256"]:
        raise ValueError(f"{case['path']} is not the file that was judged; its sha256 differs.")
    return raw.decode("utf-8")[case["start"] : case["end"]].replace("**", "").strip()


def share(pairs: list[tuple[float, bool]]) -> tuple[float, float, float]:
    """The weighted share of True, with its 95 % Wilson interval at the effective number.

    >>> [round(value, 3) for value in share([(1.0, True)] * 8 + [(1.0, False)] * 2)]
    [0.8, 0.49, 0.943]
    """
    total = sum(weight for weight, _ in pairs)
    p = sum(weight for weight, yes in pairs if yes) / total
    n, z = total**2 / sum(weight**2 for weight, _ in pairs), 1.959964
    middle, scale = p + z * z / (2 * n), 1 + z * z / n
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return p, (middle - half) / scale, (middle + half) / scale


def agreement(rows: list[Judged]) -> dict[str, tuple[float, float, float]]:
    """Precision and recall, each with its interval."""
    return {
        "precision": share([(weight, reader) for weight, rule, reader in rows if rule]),
        "recall": share([(weight, rule) for weight, rule, reader in rows if reader]),
    }


def main(corpus: Path = CORPUS) -> None:
    for part in json.loads(CASES.read_text(encoding="utf-8"))["sets"]:
        rows = list(judged(part, corpus))
        measures = agreement(rows).items()
        told = ", ".join(f"{name} {p:.3f} ({low:.3f} to {high:.3f})" for name, (p, low, high) in measures)
        print(f"{part['name']}: {len(rows)} paragraphs, {told}")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
