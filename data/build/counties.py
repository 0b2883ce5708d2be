"""Make data/counties.csv, the names of districts and counties, from the reference table areas.csv.

    python data/build/counties.py [../shared/reference/admin]

`short` is the name without 区, 县, 市, 旗, where that is a name of a place and nothing else: 和平, 前进 and 长安 are
ordinary words, and to leave them out of a table of words would delete rhetoric.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

import jieba

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT.parent / "shared" / "reference" / "admin"
NAMES = {"ns", "nr", "nrt", "nrfg"}  # how jieba tags names of places and of people
KIND = re.compile(r"((?:[\u4e00-\u9fff]{1,3}族)*自治[县旗]|特区|林区|新区|区|县|市|旗)$")


def tags() -> dict[str, str]:
    """Read jieba's part of speech of each word of its dictionary."""
    lines = Path(jieba.__file__).with_name("dict.txt").read_text("utf-8").splitlines()
    return {word: tag for word, _, tag in map(str.split, lines)}


def short_name(name: str, tag: dict[str, str]) -> str:
    short = KIND.sub("", name)
    return short if len(short) > 1 and short != name and tag.get(short, "ns") in NAMES else ""


def main(reference: Path) -> None:
    tag = tags()
    with (reference / "areas.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            {
                "code": row["code"],
                "name": row["name"],
                "short": short_name(row["name"], tag),
                "city_code": row["cityCode"] + "00",
            }
            for row in csv.DictReader(file)
        ]
    with (ROOT / "data" / "counties.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: row["code"]))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else REFERENCE)
