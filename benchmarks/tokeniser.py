"""How fast the tokeniser cuts, beside jieba with the same dictionary, in one run.

    python benchmarks/tokeniser.py [../shared/corpus/lawtext-gov]

Twenty real reports, drawn with a seed and cleaned, are cut paragraph by paragraph, in turn by `analysis.tokeniser()` and
by `jieba.Tokenizer` with the merged dictionary, seven rounds; the ratio is the median of the rounds' ratios. Both give the
same words, which is checked first.
"""

from __future__ import annotations

import logging
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

CORPUS = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus" / "lawtext-gov"
REPORTS, ROUNDS, SEED = 20, 7, 1


def paragraphs(corpus: Path) -> list[str]:
    """The paragraphs of some reports, cleaned."""
    from analysis import clean_documents, read_documents, segment

    files = sorted(corpus.rglob("[12]*.md"))
    return list(segment(clean_documents(read_documents(random.Random(SEED).sample(files, REPORTS))))["text"])


def merged_jieba() -> Callable[[str], list[str]]:
    """jieba itself, with the project's dictionary: its own words without the split phrases, with the added ones."""
    import jieba

    from analysis.words import project_dictionary

    jieba.setLogLevel(logging.WARNING)
    added, removed = project_dictionary()
    cutter = jieba.Tokenizer()
    cutter.initialize()
    own = {word: n for word, n in cutter.FREQ.items() if n and word not in set(removed)}
    words = {**own, **added}
    prefixes = {word[:end]: 0 for word in words for end in range(1, len(word))}
    cutter.FREQ, cutter.total = {**prefixes, **words}, sum(words.values())
    return cutter.lcut


def seconds(cut: Callable[[str], list[str]], texts: list[str]) -> float:
    start = time.perf_counter()
    for text in texts:
        cut(text)
    return time.perf_counter() - start


def main(corpus: Path = CORPUS) -> None:
    from analysis import tokeniser

    texts = paragraphs(corpus)
    ours, theirs = tokeniser(), merged_jieba()
    different = sum(ours(text) != theirs(text) for text in texts)  # warms both up too
    rounds = [(seconds(theirs, texts), seconds(ours, texts)) for _ in range(ROUNDS)]
    characters = sum(map(len, texts))
    slow, fast = (characters / median(times) / 1000 for times in zip(*rounds, strict=True))
    ratio = median(a / b for a, b in rounds)
    print(
        f"tokeniser: {ratio:.1f} times jieba's speed ({fast:,.0f} against {slow:,.0f} thousand characters a second; "
        f"{len(texts):,} paragraphs, {characters:,} characters, {different} cut differently)"
    )


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
