"""Make data/places.csv from the reference tables and the entries made by hand.

    python data/build/places.py [../shared/reference/admin]

Reads provinces.csv, cities.csv and areas.csv (codes and names), city_geo.json (points) and
data/build/places_by_hand.csv (what those tables lack or have wrong, each entry with its reason).
One row of the result is one unit; data/README.md defines the columns.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT.parent / "shared" / "reference" / "admin"
HAND = Path(__file__).with_name("places_by_hand.csv")
COLUMNS = [
    "code",
    "name",
    "short",
    "level",
    "province",
    "region",
    "longitude",
    "latitude",
    "other_names",
    "former_names",
    "valid_from",
    "valid_to",
    "source",
]

# National Bureau of Statistics, 东西中部和东北地区划分方法, 2011-06-13.
REGIONS = {
    "east": "北京 天津 河北 上海 江苏 浙江 福建 山东 广东 海南",
    "central": "山西 安徽 江西 河南 湖北 湖南",
    "west": "内蒙古 广西 重庆 四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆",
    "northeast": "辽宁 吉林 黑龙江",
}
SUB_PROVINCIAL = "广州 武汉 哈尔滨 沈阳 成都 南京 西安 长春 济南 杭州 大连 青岛 深圳 厦门 宁波"
# Names of peoples, the longer first where one ends another, that stand between a prefecture's own name and 自治州.
PEOPLES = (
    "蒙古族 布依族 土家族 景颇族 傈僳族 哈尼族 朝鲜族 哈萨克 柯尔克孜 "
    "蒙古 藏族 羌族 彝族 苗族 侗族 壮族 傣族 白族 回族"
)


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def short_name(name: str) -> str:
    """Strip the kind of unit, and the peoples' names of an autonomous prefecture."""
    if name.endswith("自治州"):
        name = name.removesuffix("自治州")
        while people := next(
            (p for p in PEOPLES.split() if name.endswith(p) and len(name) > len(p) + 1), None
        ):
            name = name.removesuffix(people)
        return name
    for kind in ("地区", "市", "盟"):
        if name.endswith(kind):
            return name.removesuffix(kind)
    return name


def level_of(name: str, code: str) -> str:
    if code[2:4] == "90":
        return "county-level unit directly under a province"
    if code.endswith("0000"):
        return "municipality"
    if short_name(name) in SUB_PROVINCIAL.split():
        return "sub-provincial city"
    kinds = {
        "自治州": "autonomous prefecture",
        "地区": "prefecture",
        "盟": "league",
        "市": "prefecture-level city",
    }
    return next(level for kind, level in kinds.items() if name.endswith(kind))


def region_of(province: str) -> str:
    return next(
        region for region, names in REGIONS.items() if any(province.startswith(n) for n in names.split())
    )


# --- points: from Baidu's datum to WGS-84 ---------------------------------------------------------
# The published approximations: BD-09 -> GCJ-02 is Baidu's own twist; GCJ-02 is WGS-84 moved by a smooth
# field (as in eviltransform and its many ports), undone here by fixed-point iteration, good to a metre.
MAJOR_AXIS, ECCENTRICITY_SQUARED = 6378245.0, 0.00669342162296594323


def from_baidu(lon: float, lat: float) -> tuple[float, float]:
    x, y, k = lon - 0.0065, lat - 0.006, math.pi * 3000 / 180
    radius = math.hypot(x, y) - 0.00002 * math.sin(y * k)
    angle = math.atan2(y, x) - 0.000003 * math.cos(x * k)
    return radius * math.cos(angle), radius * math.sin(angle)


def waves(value: float, *terms: tuple[float, float]) -> float:
    return sum(height * math.sin(value * math.pi * rate) for height, rate in terms) * 2 / 3


def shifted(lon: float, lat: float) -> tuple[float, float]:
    """WGS-84 to GCJ-02."""
    x, y, root = lon - 105, lat - 35, math.sqrt(abs(lon - 105))
    common = waves(x, (20, 6), (20, 2))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    north += waves(y, (20, 1), (40, 1 / 3), (160, 1 / 12), (320, 1 / 30))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    east += waves(x, (20, 1), (40, 1 / 3), (150, 1 / 12), (300, 1 / 30))
    bend = 1 - ECCENTRICITY_SQUARED * math.sin(math.radians(lat)) ** 2
    metres_north = MAJOR_AXIS * (1 - ECCENTRICITY_SQUARED) / bend**1.5
    metres_east = MAJOR_AXIS / math.sqrt(bend) * math.cos(math.radians(lat))
    return lon + math.degrees(east / metres_east), lat + math.degrees(north / metres_north)


def to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """BD-09 to WGS-84, degrees."""
    target = from_baidu(lon, lat)
    x, y = target
    for _ in range(8):
        moved = shifted(x, y)
        x, y = x + target[0] - moved[0], y + target[1] - moved[1]
    return x, y


# --- the table ------------------------------------------------------------------------------------


def points(reference: Path) -> dict[str, tuple[float, float]]:
    """Points by `province/city` and `province/city/area`, in WGS-84."""
    found = {}
    for entry in json.loads((reference / "city_geo.json").read_text(encoding="utf-8")):
        if entry["lng"]:
            key = "/".join(filter(None, (entry["province"], entry["city"], entry["area"])))
            found[key] = to_wgs84(float(entry["lng"]), float(entry["lat"]))
    return found


def reference_units(reference: Path) -> list[dict[str, str]]:
    """Code, name, province and the key of the point for every unit of the reference tables."""
    provinces = {row["code"]: row["name"] for row in read_csv(reference / "provinces.csv")}
    units = []
    for row in read_csv(reference / "cities.csv"):
        province = provinces[row["provinceCode"]]
        name, code = row["name"], row["code"] + "00"
        if name == "市辖区":
            name, code = province, row["provinceCode"] + "0000"
        if row["name"] != "县" and not row["code"].endswith("90"):
            units.append(
                {"code": code, "name": name, "province": province, "point": f"{province}/{row['name']}"}
            )
    for row in read_csv(reference / "areas.csv"):
        if row["cityCode"].endswith("90"):
            units.append(
                {
                    "code": row["code"],
                    "name": row["name"],
                    "province": provinces[row["provinceCode"]],
                    "point": "",
                }
            )
    return units


def with_hand(units: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    """Lay the entries made by hand over the reference; several former or other names add up."""
    table = {unit["code"]: {"source": "reference", **unit} for unit in units}
    for entry in read_csv(HAND):
        row = table.setdefault(entry["code"], {"code": entry["code"], "source": "by hand", "point": ""})
        column, value = entry["column"], entry["value"]
        if column in ("former_names", "other_names") and row.get(column):
            value = f"{row[column]};{value}"
        row[column] = value
        if row["source"] == "reference":
            row["source"] = "reference; by hand"
    return table


def finished(unit: dict[str, str], where: dict[str, tuple[float, float]]) -> dict[str, str]:
    row = dict(unit)
    row.setdefault("short", short_name(row["name"]))
    row.setdefault("level", level_of(row["name"], row["code"]))
    row["region"] = region_of(row["province"])
    if row["point"]:
        lon, lat = where[row["point"]]
        row["longitude"], row["latitude"] = f"{lon:.4f}", f"{lat:.4f}"
    return {column: row.get(column, "") for column in COLUMNS}


def main(reference: Path = REFERENCE, target: Path = ROOT / "data" / "places.csv") -> None:
    where = points(reference)
    rows = sorted(
        (finished(unit, where) for unit in with_hand(reference_units(reference)).values()),
        key=lambda r: r["code"],
    )
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} units written to {target.name}")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
