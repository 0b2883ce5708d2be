"""How well damaged pages are restored: by material, by length and kind of the list, with step 4 and without.

python benchmarks/restoring.py [documents of each kind] [../shared/corpus]

The materials: city reports that no rule was tuned on (a seed draws them after the forty that served for tuning), reports of
the State Council, and the sample's invented documents (five together make a page). Each is damaged by the forward model
of `tests/pinyin_damage.py` and restored; a sentence counts as right only if every character of it is.
"""

from __future__ import annotations

import difflib
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
sys.path.insert(0, str(ROOT / "tests"))

from pinyin_damage import damage, random_list, undamaged  # noqa: E402

from analysis import clean, read_documents  # noqa: E402
from analysis.restoring import Restored, restore  # noqa: E402

TUNING, SEED = 40, 5  # documents that served for tuning: the first of this order
SENTENCE = re.compile(r"[^。!\n;]+[。!\n;]*")
SIZES = (20, 60, 120, 200)


def materials(corpus: Path, n: int) -> Iterator[tuple[str, str]]:
    """The texts: (material, text)."""
    documents = read_documents(corpus / "lawtext-gov").sort_values("doc_id")
    for level, material in (("city", "city reports, unseen"), ("central", "State Council, unseen")):
        texts = list(documents.loc[documents["level"] == level, "text"])
        random.Random(SEED).shuffle(texts)
        unseen = texts[TUNING:] if level == "city" else texts
        for text in random.Random(n).sample(unseen, min(n, len(unseen))):
            yield material, clean(text).text
    sample = [
        path.read_text("utf-8").split("---\n", 2)[2]
        for path in sorted((ROOT / "data/sample/documents").glob("*.md"))
    ]
    for turn in range(n):
        yield "the sample", "\n".join(random.Random(turn).sample(sample, 5))


def right_parts(restored: str, truth: str) -> tuple[bytearray, bytearray]:
    """For each character of the two texts, whether it is matched by the other's; line by line where lines agree."""
    left, right = bytearray(len(restored)), bytearray(len(truth))
    lines, others = restored.splitlines(keepends=True), truth.splitlines(keepends=True)
    starts, other_starts = [0], [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for line in others:
        other_starts.append(other_starts[-1] + len(line))
    for _, a, b, c, d in difflib.SequenceMatcher(None, lines, others, autojunk=False).get_opcodes():
        first, second = restored[starts[a] : starts[b]], truth[other_starts[c] : other_starts[d]]
        for i, j, size in difflib.SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks():
            left[starts[a] + i : starts[a] + i + size] = b"\1" * size
            right[other_starts[c] + j : other_starts[c] + j + size] = b"\1" * size
    return left, right


def judged(restored: Restored, truth: str) -> Counter[str]:
    """Counts of one page: characters, sentences and sites, and how many of them are right."""
    left, right = right_parts(restored.text, truth)
    counts = Counter(characters=len(truth), wrong=right.count(0))
    for match in SENTENCE.finditer(truth):
        counts["sentences"] += 1
        counts["sentences right"] += all(right[match.start() : match.end()])
    for site in restored.sites:
        name = "note" if site.kind == "note" and site.certainty == "exact" else site.certainty
        counts[name] += 1
        counts[f"{name} right"] += all(left[site.start : site.end])
    counts["unflagged"] = restored.text != truth and all(site.certainty == "exact" for site in restored.sites)
    return counts


def main(n: int = 16, corpus: Path = CORPUS) -> None:
    found: dict[tuple[str, str, str], Counter[str]] = {}
    took: dict[str, float] = {"converted": 0.0, "any": 0.0}
    size: Counter[str] = Counter()
    restore(
        damage("優化服務，實施項目。" * 9, [("務", "wù"), ("實", "shí"), ("優", "yōu")])
    )  # reads the dictionary
    for converted in (True, False):
        for turn, (material, text) in enumerate(materials(corpus, n)):
            listed = random_list(text, SIZES[turn % 4], turn, converted=converted)
            recode, drop = turn // 4 % 2 == 1, turn // 8 % 4 != 3
            damaged = damage(text, listed, recode=recode, drop=drop)
            start = time.process_time()
            restored = restore(damaged)
            kind = "converted" if converted else "any"
            took[kind] += time.process_time() - start
            size[kind] += len(damaged.encode())
            key = (material, kind, "with step 4" if recode else "without")
            found[key] = found.get(key, Counter()) + judged(restored, undamaged(text))
    columns = ["note", "exact", "inferred", "unresolved"]
    print(
        "| material | list of | step 4 | sentences right | characters wrong |",
        " | ".join(columns),
        "| unflagged |",
    )
    for key, counts in sorted(found.items()):
        sites = " | ".join(f"{counts[f'{name} right']} of {counts[name]}" for name in columns)
        sentences = counts["sentences right"] / counts["sentences"]
        wrong = counts["wrong"] / counts["characters"]
        print("|", " | ".join(key), f"| {sentences:.2%} | {wrong:.4%} | {sites} | {counts['unflagged']} |")
    for kind in size:
        print(
            f"lists of {kind}: {size[kind] / took[kind] / 1000:.0f} kB a second of damaged text (process time)"
        )
    plain = "我市全力招商引资，优化营商环境。\n" * 200_000
    start = time.process_time()
    restore(plain)
    print(f"undamaged: {len(plain.encode()) / (time.process_time() - start) / 1e6:.0f} MB a second")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 16, Path(sys.argv[2]) if sys.argv[2:] else CORPUS)
