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
# Words of the genre that jieba tags as names, or does not know.
ORDINARY_WORDS = """
三江 三门 东城 东山 东港 东湖 东风 丰收 乐业 二道 云山 仁和 元宝
光明 公安 共和 兴业 兴国 兴宁 兴安 兴隆 凤凰 前进 北关 北城 南关
南城 南岸 南湖 博爱 友好 双江 古城 合作 向阳 和平 城东 城中 城北
城区 城南 城西 多伦 大关 大同 大名 大方 太平 安宁 安定 安居 宝山
富民 富源 山城 工农 平原 平和 平安 平定 幸福 建华 建设 开平 开放
惠民 振兴 文化 文明 新化 新区 新华 新城 新建 新民 新生 旌德 昌平
曙光 望江 来宾 桥东 桥西 正定 民丰 永和 永定 永新 江北 江南 江城
江海 沙湾 河东 河口 河西 海城 海港 清新 清水 清河 温泉 港口 灵山
爱民 爱辉 白云 白银 石林 石门 站前 红旗 红桥 绿园 老城 老城区 老边
西城 西山 西工 西湖 路桥 通道 郊区 金山 长乐 青山 高明 高邑 鲜明
"""
NAMES = {"ns", "nr", "nrt", "nrfg"}  # how jieba tags names of places and of people
KIND = re.compile(r"((?:[\u4e00-\u9fff]{1,3}族)*自治[县旗]|特区|林区|新区|区|县|市|旗)$")


def tags() -> dict[str, str]:
    """Read jieba's part of speech of each word of its dictionary."""
    lines = Path(jieba.__file__).with_name("dict.txt").read_text("utf-8").splitlines()
    return {word: tag for word, _, tag in map(str.split, lines)}


def short_name(name: str, tag: dict[str, str]) -> str:
    short = KIND.sub("", name)
    proper = short not in ORDINARY_WORDS.split() and tag.get(short, "ns") in NAMES
    return short if len(short) > 1 and short != name and proper else ""


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
