"""Write data/lexicon/agreement.csv: how far the rule for passages and the tokeniser agree with a reader.

    python data/build/agreement.py

Reads the judged places (tests/cases) out of the real reports beside the clone. Run it after a change of the dictionary or
of the rule; the tests compute the same figures and compare.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "benchmarks"), str(ROOT / "tests")]

import gold  # noqa: E402
import passages as judged_passages  # noqa: E402

from analysis import tokeniser  # noqa: E402

CORPUS = ROOT.parent / "shared" / "corpus" / "lawtext-gov"
COLUMNS = ("of", "set", "n", "measure", "value", "low", "high")


def rows(corpus: Path = CORPUS) -> Iterator[tuple[str, str, int, str, str, str, str]]:
    """One row a figure: what was judged, on which set of how many places, the measure, and its interval where it has one."""
    for part in json.loads(judged_passages.CASES.read_text(encoding="utf-8"))["sets"]:
        found = list(judged_passages.judged(part, corpus))
        for measure, figures in judged_passages.agreement(found).items():
            value, low, high = (f"{figure:.4f}" for figure in figures)
            yield "passages", part["name"], len(found), measure, value, low, high
    for cutter, words in (("words", tokeniser()), ("words, plain jieba", tokeniser([]))):
        for name in gold.SETS:
            sentences = gold.load(name, corpus)
            score = gold.word_f1([cut for _, cut in sentences], [words(text) for text, _ in sentences])[2]
            yield (
                cutter,
                name.removeprefix("words_").replace("heldout", "held-out"),
                len(sentences),
                "f1",
                f"{score:.4f}",
                "",
                "",
            )


def main() -> None:
    with (ROOT / "data" / "lexicon" / "agreement.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows()])


if __name__ == "__main__":
    main()
