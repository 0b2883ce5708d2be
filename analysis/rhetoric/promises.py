"""What was promised in one year set against what the same city reports in the next."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.frames import check_frame
from analysis.rhetoric.inputs import check_documents, years_of
from analysis.rhetoric.units import general_objects, indicators

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {
    "doc_id": "string",
    "city": "string",
    "year": "Int64",
    "start": "Int64",
    "end": "Int64",
    "object": "string",
    "indicator": "string",
    "aspect": "string",
    "value": "Float64",
    "comparator": "string",
    "unit_kind": "string",
    "currency": "string",
    "horizon": "string",
    "result": "Float64",
    "difference": "Float64",
    "result_doc": "string",
    "result_start": "Int64",
    "met": "boolean",
    "match": "string",
    "sentence": "string",
}
_NEEDED = ("doc_id", "start", "object", "indicator", "aspect", "low", "high", "value", "comparator", "status")
# Verbs that say the same of a thing that is counted: 新增50家 is matched by 净增60家, not by 达到300家.
_SAME = {
    "new": "新增 净增 新增加 新认定 认定 新培育 培育 新增设 新获批 创建 新创建 新发展 新获评 新入库 新添",
    "attract": "引进 新引进 招引 新招引 落户 新落户",
    "sign": "签约 新签约 签订",
    "begin": "开工 新开工 开工建设",
    "build": "新建 建成 建设 改造 新改扩建 改扩建 扩建 新建改造 实施 建成投用 竣工 投产 打造 整治 修建 新改建 铺设",
}
_GROUP = {verb: group for group, verbs in _SAME.items() for verb in verbs.split()}
_SCOPE = re.compile(
    "^(?:全市|全州|全盟|我市|我州|全区|全年|预计|力争|其中|市区|市域)|(?:总量|总数|达标)$|[“”]"
)

# Verbs that bring a level down: 压缩到3天 is met by 2天.
_REDUCED = re.compile(
    "(?:降|下降|降低|下调|调减|减|减少|压|压缩|压减|压降|缩|缩短|缩减|削减|回落|精简|精减|控制)(?:到|至|为|在)"
)
_OTHER_SCALE = (
    5.0  # times more or less than promised: of a part of the city, or of another thing with the same name
)


class _Row(NamedTuple):
    doc: Any
    start: int
    value: float
    horizon: Any
    key: tuple


def promises(targets: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Set each promise against what the same city's report of the next year says of the same object. One row a promise.

    targets: as `targets(sentences, documents)` gives them. documents: doc_id, city, year.

    Columns: doc_id, city, year (of the promise), start, end, object, indicator, aspect ("level", "change": growth as a
    positive, fall as a negative number, ...), value, comparator, unit_kind, currency, horizon; result (the value
    reported), difference (result less promise, in the unit), result_doc, result_start, met, match ("matched", or why
    not), sentence.

    Matched: the next year's report has numbers reported as done of the same indicator (or, without one, the same words and
    kind of verb), unit kind, currency and aspect, meant for the year of the promise, and they agree on one value. Promises
    for other years than their own are not matched, nor averages of years, nor objects that say too little (投资, 企业), nor
    levels more than five times apart, which are of different things. met: the result is no less than the promise; no
    more, where it is a limit ("at most", prices, unemployment) or a level to come down to (降到, 压缩到, 控制到); where a
    fall is promised, it fell by no less, or by no more, where the fall has a limit (降幅控制在3%以内). Of a range the nearer
    end is enough; 左右 (about) is read strictly: `difference` lets a reader be milder.

    The order of the documents does not matter. Raises ValueError for frames without these columns.
    """
    import pandas as pd

    check_frame(
        targets, "promises", *_NEEDED, advice="Take the frame that targets(sentences, documents) gives."
    )
    cities = check_documents(documents, "promises", "city", "year").set_index("doc_id")["city"].dropna()
    years = years_of(documents, "promises")
    of = {doc: (city, years[doc]) for doc, city in cities.items() if doc in years}
    targets = targets.assign(doc_id=targets["doc_id"].astype("string"))
    reports, results = set(of.values()), _results(targets, of)
    rows = []
    for row in targets[targets["status"] == "promised"].to_dict("records"):
        city, year = of.get(row["doc_id"], (pd.NA, pd.NA))
        rows.append(_matched(row, city, year, reports, results))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def _results(targets: pd.DataFrame, of: dict) -> dict[tuple, dict[str, list[_Row]]]:
    """What is reported as done, by city and year of the report, and by name."""
    results: dict[tuple, dict[str, list[_Row]]] = defaultdict(lambda: defaultdict(list))
    for row in targets[targets["status"] == "done"].to_dict("records"):
        if row["doc_id"] in of and (name := _name(row)):
            found = _Row(row["doc_id"], row["start"], _signed(row), row["horizon"], _key(row))
            results[of[row["doc_id"]]][name].append(found)
    return results


def _matched(row: dict, city: Any, year: Any, reports: set, results: dict) -> dict:
    kept = {name: row.get(name) for name in COLUMNS if name in row}
    kept |= {"city": city, "year": year, "aspect": _aspect(row), "value": _signed(row)}
    reason, found = _found(row, city, year, reports, results)
    if found is None:
        return kept | {"match": reason}
    return kept | {
        "result": found.value,
        "difference": round(found.value - _signed(row), 9),
        "result_doc": found.doc,
        "result_start": found.start,
        "met": _met(row, found.value),
        "match": "matched",
    }


def _found(row: dict, city: Any, year: Any, reports: set, results: dict) -> tuple[str, _Row | None]:
    """Return why nothing matches, or what does."""
    import pandas as pd

    if pd.isna(city):
        return "city or year unknown", None
    if not _is_of(row["horizon"], year):
        return "meant for other years", None
    if (city, year + 1) not in reports:
        return "no report next year", None
    name = _name(row)
    if name is None:
        return "no object", None
    if name in general_objects():
        return "object too general", None
    said = results.get((city, year + 1), {}).get(name, [])
    if not said:
        return "object not mentioned", None
    return _agreeing(row, year, said)


def _agreeing(row: dict, year: int, said: list[_Row]) -> tuple[str, _Row | None]:
    """Return the one result among those of the same name, or why there is none."""
    alike = [found for found in said if found.key == _key(row)]
    if not alike:
        return "unit or aspect differs", None
    own = [found for found in alike if _is_of(found.horizon, year)]
    if not own:
        return "reported for other years", None
    own = [found for found in own if found.horizon == str(year)] or own
    if len({found.value for found in own}) > 1:
        return "several candidates", None
    ratio = own[0].value / (row["value"] or 1)
    if _aspect(row) == "level" and not 1 / _OTHER_SCALE <= ratio <= _OTHER_SCALE:
        return "of another scale", None
    return "matched", min(own, key=lambda found: (str(found.doc), found.start))


def _is_of(horizon: Any, year: int) -> bool:
    import pandas as pd

    return bool(pd.isna(horizon)) or horizon in (str(year), "this year", "last year")


def _name(row: dict) -> str | None:
    import pandas as pd

    if not pd.isna(row["indicator"]):
        return str(row["indicator"])
    if pd.isna(row["object"]):
        return None
    return _SCOPE.sub("", row["object"]) or None


def _key(row: dict) -> tuple:
    """What must be the same: unit kind, currency, aspect, and of counted things the kind of verb."""
    import pandas as pd

    currency = None if pd.isna(row["currency"]) else row["currency"]
    verb = "" if pd.isna(row["verb"]) else _GROUP.get(row["verb"], "")
    counted = row["unit_kind"] in ("count", "persons", "area", "length") and _aspect(row) == "level"
    return row["unit_kind"], currency, _aspect(row), verb if counted else ""


def _aspect(row: dict) -> str:
    return {"growth": "change", "fall": "change"}.get(row["aspect"], row["aspect"])


def _signed(row: dict) -> float:
    return float(-row["value"] if row["aspect"] == "fall" else row["value"])


def _met(row: dict, result: float) -> bool:
    low, high = float(row["low"]), float(row["high"])
    known = indicators().get(row["object"]) if isinstance(row["object"], str) else None
    if row["aspect"] == "fall":  # promised to fall by so much: by no less, or by no more
        return -result <= high if row["comparator"] == "at most" else -result >= low
    if row["comparator"] == "at most" or (known is not None and known.better == "less") or _brought_down(row):
        return result <= high
    return result >= low


def _brought_down(row: dict) -> bool:
    """Tell whether the promise is a level to come down to."""
    if row["aspect"] != "level" or not isinstance(verb := row.get("verb"), str):
        return False
    if verb in ("到", "至"):  # 控制到2%: the ledger has 到
        number, sentence = str(row.get("number")), str(row.get("sentence"))
        return re.search(rf"控制{verb}[^0-9，。；]{{0,3}}{re.escape(number)}", sentence) is not None
    return _REDUCED.fullmatch(verb) is not None
