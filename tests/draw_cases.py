"""How the documents judged by hand were drawn: some at random, some that loose screens rank highest.

    python tests/draw_cases.py [../shared/corpus/lawtext-gov]      stratum, screens, doc_id of each case

The screens are crude on purpose and know nothing of the rules that are scored with the cases
(`analysis.attribute`, `analysis.admit`). A document that a screen ranks highest is its own stratum and stands for
itself; the random ones that no screen chose stand for the other reports.
"""

from __future__ import annotations

import csv
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus" / "lawtext-gov"
NATIONAL = "政府工作报告-国务院"
SEED = 20261122
AT_RANDOM = 110
LONG_LINE = 20  # shorter lines are headings, which reports share
_FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.S)
_YEAR = re.compile(r"(?<!\d)(19[4-9]\d|20[0-3]\d)(?=年)")


@dataclass(frozen=True)
class Report:
    """One file of the corpus: its folder's city, its file's year, its title and its text."""

    doc_id: str
    title: str
    text: str

    @property
    def city(self) -> str:
        return self.doc_id.split("/")[0]

    @property
    def year(self) -> int:
        return int(self.doc_id.split("/")[1][:4])


def reports(corpus: Path) -> list[Report]:
    """Every city report, in the order of its name."""
    paths = [path for path in corpus.glob("*/*/*.md") if path.parts[-3] != NATIONAL]
    return sorted((_report(path) for path in paths), key=lambda report: report.doc_id)


def _report(path: Path) -> Report:
    raw = path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    front = _FRONT.match(raw)
    titled = re.search(r"^title: *(.*)$", front[1], re.M) if front else None
    body = raw[front.end() :] if front else raw
    return Report(f"{path.parent.name}/{path.stem}", titled[1] if titled else "", body.strip())


@lru_cache(maxsize=1)
def _shorts() -> dict[str, str]:
    with (ROOT / "data" / "places.csv").open(encoding="utf-8", newline="") as table:
        return {row["name"]: row["short"] for row in csv.DictReader(table)}


def short(city: str) -> str:
    """The name without what kind of unit it is, as data/places.csv has it.

    >>> [short(name) for name in ("盐城市", "大理白族自治州", "霁川市")]
    ['盐城', '大理', '霁川']
    """
    return _shorts().get(city, city.removesuffix("市"))


# Each screen: how odd a report is (0: not at all).
Screen = Callable[[Report], float]


def other_city(report: Report, shorts: Iterable[str]) -> float:
    """How much oftener another folder's city is named than the report's own."""
    text = report.title + report.text
    own = text.count(short(report.city))
    most = max(text.count(name) for name in shorts if name != short(report.city))
    return (most + 1) / (own + 1) if most > own else 0.0


def other_years(report: Report) -> float:
    """Mentions of the year most named beyond last year's and this year's, over theirs."""
    named = Counter(int(year) for year in _YEAR.findall(report.text))
    near = named[report.year] + named[report.year - 1]
    return max((n for year, n in named.items() if year not in (report.year, report.year - 1)), default=0) / (
        near + 1
    )


def other_year_in_opening(report: Report) -> float:
    """Distance of the year of the title or of the first date in the opening from the file's year."""
    named = [
        int(year) for year in _YEAR.findall(report.title) or re.findall(r"(?<!\d)(?:19|20)\d\d", report.title)
    ]
    dated = re.search(r"((?:19|20)\d\d)年\s*\d{1,2}月\s*\d{1,2}日", report.text[:300])
    named += [int(dated[1])] if dated else []
    return max((abs(year - report.year) for year in named), default=0)


def abridged(report: Report) -> float:
    """Marks of an abridgement in the title, at the beginning or at the end."""
    edges = report.title + report.text[:400] + report.text[-300:]
    return len(re.findall("摘要|节选|摘登|摘编|有删节|略）|（略", edges))


def without_greeting(report: Report) -> float:
    """No greeting in the first 1,500 characters; the rarer in all, the odder."""
    return 0.0 if "代表" in report.text[:1500] else 1 / (1 + report.text.count("各位代表"))


def open_end(report: Report) -> float:
    """The last line does not end as a sentence does: a longer one is odder."""
    last = report.text.rsplit("\n", 1)[-1].strip()
    return 0.0 if re.search(r"[。！!？”）)]\**$", last) else len(last)


def odd_beginning(report: Report) -> float:
    """The first long line is numbered or far into a list: how far a first 一、 lies from the beginning."""
    first = re.search("(?m)^[*#\\s　]*一、", report.text)
    return 1.0 if first is None else 0.0 if first.start() > 30 else 2.0


def several(report: Report) -> float:
    """Openings of a report, or of the budget's or the plan's, after the first tenth."""
    later = report.text[len(report.text) // 10 :]
    return len(re.findall("现在，?我(?:代表|受)|请予审议|执行情况(?:和|与|及).{0,12}草案的报告", later))


def other_tier(report: Report) -> float:
    """Speaks for the State Council or a province in its opening."""
    return len(
        re.findall("代表国务院|代表(?:[\u4e00-\u9fff]{2,3})?(?:省|自治区)人民政府", report.text[:1500])
    )


def glossary(report: Report) -> float:
    """Words of a glossary in the last fifth."""
    tail = report.text[-len(report.text) // 5 :]
    return len(re.findall("名词解释|名词注释|名词说明|用语说明|是指|：指|\\[\\^\\d+\\]:", tail))


def damage(report: Report) -> float:
    """Signs that do not belong: entities, tags, lost characters, question marks inside a sentence, notes."""
    found = re.findall(
        r"\ufffd|&[a-z]+;|<[a-zA-Z/!][^>]*>|[\u4e00-\u9fff]\?[\u4e00-\u9fff]|[\u4e00-\u9fff]\([a-z]{1,6}\)",
        report.text,
    )
    return len(found)


def traditional(report: Report) -> float:
    """Characters that only the traditional script has."""
    return len(re.findall("[們個來這對國說過產業務發實現經濟與為導區]", report.text))


def shortness(everything: list[Report]) -> Screen:
    """How far below the median of its five years a text's length lies."""
    lengths: dict[int, list[int]] = defaultdict(list)
    for report in everything:
        lengths[report.year // 5].append(len(report.text))
    medians = {period: sorted(found)[len(found) // 2] for period, found in lengths.items()}
    return lambda report: medians[report.year // 5] / len(report.text)


def likeness(everything: list[Report]) -> Screen:
    """The largest share of a report's long lines that also stand in one other report."""
    lines = {
        report.doc_id: {line for line in report.text.split("\n") if len(line) > LONG_LINE}
        for report in everything
    }
    holders: dict[str, list[str]] = defaultdict(list)
    for name, found in lines.items():
        for line in found:
            holders[line].append(name)

    def largest(report: Report) -> float:
        found = lines[report.doc_id]
        shared = Counter(
            name
            for line in found
            if len(holders[line]) < 10
            for name in holders[line]
            if name != report.doc_id
        )
        return max(shared.values(), default=0) / max(len(found), 1)

    return largest


def screens(everything: list[Report]) -> dict[str, tuple[Screen, int]]:
    """Each screen with the number of reports taken from its top."""
    shorts = sorted({short(report.city) for report in everything})
    return {
        "another city named": (lambda report: other_city(report, shorts), 10),
        "shared lines": (likeness(everything), 8),
        "another year in the opening": (other_year_in_opening, 6),
        "other years named": (other_years, 4),
        "short": (shortness(everything), 6),
        "abridged": (abridged, 4),
        "no greeting": (without_greeting, 4),
        "open end": (open_end, 4),
        "odd beginning": (odd_beginning, 3),
        "several": (several, 3),
        "another tier": (other_tier, 3),
        "glossary": (glossary, 3),
        "damage": (damage, 3),
        "traditional": (traditional, 2),
    }


def draw(corpus: Path = CORPUS) -> dict[str, list[str]]:
    """doc_id -> the names of what chose it: screens in their order, then "random"."""
    everything = reports(corpus)
    chosen: dict[str, list[str]] = defaultdict(list)
    for name, (screen, n) in screens(everything).items():
        for doc_id in highest(screen, n, everything):
            chosen[doc_id].append(name)
    for doc_id in random.Random(SEED).sample([report.doc_id for report in everything], AT_RANDOM):
        chosen[doc_id].append("random")
    return dict(chosen)


def highest(screen: Screen, n: int, everything: list[Report]) -> list[str]:
    """The n reports a screen ranks highest, at most two of a city; ties go by doc_id."""
    ranked = sorted((-screen(report), report.doc_id) for report in everything)
    taken: list[str] = []
    held: Counter[str] = Counter()
    for score, doc_id in ranked:
        city = doc_id.split("/")[0]
        if score < 0 and held[city] < 2 and len(taken) < n:
            taken.append(doc_id)
            held[city] += 1
    return taken


if __name__ == "__main__":
    for case, why in draw(*map(Path, sys.argv[1:2])).items():
        print(why[0], "; ".join(why), case, sep="\t")
