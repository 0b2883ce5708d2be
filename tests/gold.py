"""The gold standard of word cuts: sentences of real reports, cut by hand; how they were drawn; the score.

`tests/cases/words_tuning.json` and `words_heldout.json` keep where each sentence lies and how long its words
are, never the sentence: the texts are other people's.  The dictionary is built by looking at the tuning set
alone; the held-out set, from other cities, is for the score.

    python tests/gold.py draw words_tuning ../shared/corpus/lawtext-gov             path, offsets, sentence
    python tests/gold.py store words_tuning ../shared/corpus/lawtext-gov cuts.txt   cuts with slashes to JSON
    python tests/gold.py score words_tuning ../shared/corpus/lawtext-gov            jieba alone, HMM on, off
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import accumulate
from pathlib import Path

CASES = Path(__file__).resolve().parent / "cases"
SEED = 20261122
SIZE = 100
SETS = ("words_tuning", "words_heldout")
NATIONAL = "政府工作报告-国务院"
ABOUT_INVESTMENT = re.compile("招商|引资|招引|外资|客商|投资者|营商环境")
SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]")
# No Markdown, footnote signs or spaces: Chinese, figures and marks alone. A dot that is no decimal point is
# where a figure was lost.
PLAIN = re.compile(r"(?:[\u4e00-\u9fff0-9A-Za-z，。、；：！？“”‘’（）《》%—·]|(?<=[0-9])\.(?=[0-9])){15,70}")
PAIRS = ("“”", "‘’", "（）", "《》")

Cut = tuple[str, list[str]]
Place = tuple[str, int, int]


def candidates(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each plain sentence of 15 to 70 characters in a paragraph about investment attraction.

    >>> list(candidates("# 报告\\n霁川市招商引资再上新台阶，签约项目八个。好！\\n望澜市粮食产量稳步增长。"))
    [(5, 25)]
    """
    for line in re.finditer(r"[^\n]+", text):
        if not ABOUT_INVESTMENT.search(line[0]):
            continue
        for found in SENTENCE.finditer(line[0]):
            sentence = found[0]
            if PLAIN.fullmatch(sentence) and balanced(sentence):
                yield line.start() + found.start(), line.start() + found.end()


def balanced(sentence: str) -> bool:
    """Whether every quotation mark and bracket has its partner in the sentence."""
    return all(sentence.count(pair[0]) == sentence.count(pair[1]) for pair in PAIRS)


def read_text(path: Path) -> str:
    """The file's text as UTF-8, line ends untouched, so that offsets stand on every machine."""
    return path.read_bytes().decode("utf-8")


def draw(name: str, corpus: Path, *, seed: int = SEED, size: int = SIZE) -> list[Place]:
    """Path, start and end of the sentences of one set: a random sentence of a random report of each city.

    The cities are shuffled once and dealt out in turn, so no city is in both sets.
    """
    cities = sorted(path for path in corpus.glob("*/*") if path.is_dir() and path.parent.name != NATIONAL)
    random.Random(seed).shuffle(cities)
    dealer = random.Random(f"{seed} {name}")
    drawn: list[Place] = []
    for city in cities[SETS.index(name) :: len(SETS)]:
        report = dealer.choice(sorted(city.glob("*.md")))
        found = list(candidates(read_text(report)))
        if found:
            start, end = dealer.choice(found)
            drawn.append((report.relative_to(corpus).as_posix(), start, end))
        if len(drawn) == size:
            return drawn
    raise ValueError(f"{corpus} yields {len(drawn)} of {size} sentences for {name}; is the corpus complete?")


def load(name: str, corpus: Path) -> list[Cut]:
    """Sentence and words of each case of one set, in the order of the file.

    A report that is missing, or is not the one that was cut, is a ValueError that names it.
    """
    cases = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))["cases"]
    return [_words(case, corpus) for case in cases]


def _words(case: dict[str, object], corpus: Path) -> Cut:
    path = corpus / str(case["path"])
    if not path.is_file():
        raise ValueError(f"{path} is missing. Fetch the corpus at the commit named in its SOURCE.txt.")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != case["sha256"]:
        raise ValueError(f"{path} is not the file that was cut. Fetch the commit that SOURCE.txt names.")
    start, end, lengths = case["start"], case["end"], case["lengths"]
    assert isinstance(start, int) and isinstance(end, int) and isinstance(lengths, list)
    if sum(lengths) != end - start:
        raise ValueError(f"The word lengths of {path} at {start} do not sum to {end - start}. Cut it again.")
    sentence = content.decode("utf-8")[start:end]
    ends = list(accumulate(lengths))
    return sentence, [sentence[end - n : end] for n, end in zip(lengths, ends, strict=True)]


def is_punctuation(word: str) -> bool:
    """Whether a token is nothing but punctuation (CJK or ASCII); a figure keeps its % and is a word.

    >>> [is_punctuation(word) for word in ("，", "8.5%", "——", "招商")]
    [True, False, True, False]
    """
    return all(unicodedata.category(sign)[0] in "PSZ" for sign in word)


def spans(words: Sequence[str]) -> set[tuple[int, int]]:
    """Start and end of each word in the joined text, punctuation left out.

    >>> sorted(spans(["我市", "，", "招商"]))
    [(0, 2), (3, 5)]
    """
    ends = accumulate(map(len, words))
    return {(end - len(word), end) for word, end in zip(words, ends, strict=True) if not is_punctuation(word)}


def word_f1(gold: Iterable[Sequence[str]], cut: Iterable[Sequence[str]]) -> tuple[float, float, float]:
    """Precision, recall and F1 over all word spans, pooled (the bakeoff measure), punctuation left out.

    By hand: gold has 3 words, the cut 4; only 霁川市 and 招商引资 agree: 2 of 4, 2 of 3, F1 4/7.

    >>> gold = ["霁川市", "招商引资", "，", "新突破"]
    >>> precision, recall, f1 = word_f1([gold], [["霁川市", "招商引资", "，", "新", "突破"]])
    >>> precision, round(recall, 4), round(f1, 4)
    (0.5, 0.6667, 0.5714)
    """
    right = n_gold = n_cut = 0
    for expected, found in zip(gold, cut, strict=True):
        if "".join(expected) != "".join(found):
            raise ValueError(f"The cut {'/'.join(found)!r} is of another sentence. Pass them in order.")
        a, b = spans(expected), spans(found)
        right, n_gold, n_cut = right + len(a & b), n_gold + len(a), n_cut + len(b)
    if not n_gold or not n_cut:
        raise ValueError("There are no words to compare. Pass a sentence that is not all punctuation.")
    return right / n_cut, right / n_gold, 2 * right / (n_cut + n_gold)


def store(name: str, corpus: Path, cuts: Sequence[str]) -> None:
    """Put cuts by hand (slashes between words, in the order drawn) into the set's file, as word lengths."""
    places = draw(name, corpus)
    cases = [_case(place, cut, corpus) for place, cut in zip(places, cuts, strict=True)]
    target = CASES / f"{name}.json"
    header = json.loads(target.read_text(encoding="utf-8"))["header"] if target.is_file() else {}
    header |= {"set": name, "seed": SEED, "sentences": len(cases)}
    rows = ",\n".join("  " + json.dumps(case, ensure_ascii=False) for case in cases)
    head = json.dumps(header, ensure_ascii=False, indent=1)
    target.write_text(f'{{"header": {head},\n"cases": [\n{rows}\n]}}\n', encoding="utf-8")


def _case(place: Place, cut: str, corpus: Path) -> dict[str, object]:
    path, start, end = place
    sentence = read_text(corpus / path)[start:end]
    words = cut.split("/")
    if "".join(words) != sentence or not all(words):
        raise ValueError(f"The cut is not of the sentence at {start} of {path}: {cut}")
    digest = hashlib.sha256((corpus / path).read_bytes()).hexdigest()
    return {
        "path": path,
        "sha256": digest,
        "start": start,
        "end": end,
        "lengths": [len(word) for word in words],
    }


def score(name: str, corpus: Path) -> str:
    """Two lines: word precision, recall and F1 of jieba alone, HMM on and off."""
    import jieba

    cases = load(name, corpus)
    lines = []
    for hmm in (True, False):
        cut = partial(jieba.Tokenizer().lcut, HMM=hmm)
        figures = word_f1([words for _, words in cases], [cut(sentence) for sentence, _ in cases])
        lines.append(f"{name} HMM {hmm}: " + " ".join(f"{figure:.4f}" for figure in figures))
    return "\n".join(lines)


def main(command: str, name: str, folder: str, cuts: str = "") -> None:
    """One of the three commands of the module's docstring."""
    corpus = Path(folder)
    if command == "draw":
        for path, start, end in draw(name, corpus):
            print(path, start, end, read_text(corpus / path)[start:end], sep="\t")
    elif command == "store":
        store(name, corpus, Path(cuts).read_text(encoding="utf-8").split())
    else:
        print(score(name, corpus))


if __name__ == "__main__":
    if len(sys.argv) < 4 or sys.argv[1] not in {"draw", "store", "score"} or sys.argv[2] not in SETS:
        sys.exit(__doc__)
    main(*sys.argv[1:5])
