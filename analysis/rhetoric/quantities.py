"""The ledger of quantified targets: number, unit, verb, object, horizon, and whether promised or reported as done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from analysis.chunks import progress
from analysis.rhetoric.exclusions import COUNTED, NOUN_BEHIND, SIZED, is_excluded
from analysis.rhetoric.horizons import horizon_of
from analysis.rhetoric.inputs import check_sentences, years_of
from analysis.rhetoric.numerals import numeral
from analysis.rhetoric.phrases import Phrase, phrase_of
from analysis.rhetoric.status import status_of
from analysis.rhetoric.units import PEOPLE, indicators, quantity_pattern, units
from analysis.rhetoric.zones import Zone, zones

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {
    "doc_id": "string",
    "start": "Int64",
    "end": "Int64",
    "verb": "string",
    "object": "string",
    "indicator": "string",
    "aspect": "string",
    "number": "string",
    "low": "Float64",
    "high": "Float64",
    "value": "Float64",
    "base": "Float64",
    "unit": "string",
    "unit_kind": "string",
    "currency": "string",
    "comparator": "string",
    "horizon": "string",
    "status": "string",
    "sentence": "string",
}
_LEADS = {
    "at least": "不少于|不低于|不小于|至少|不下于|最低|最少",
    "at most": "不超过|不高于|不大于|不突破|控制在|低于|少于|最多|至多|不到|不足",
    "more than": "超过|突破|超|逾|高于|大于|多于|过",
    "about": "大约|约|近|接近|将近|逼近",
}
_LEAD = re.compile(
    "(?:" + "|".join(f"(?P<c{i}>{words})" for i, words in enumerate(_LEADS.values())) + ")(?:了)?$"
)
_TRAILS = {
    "at least": "及?以上",
    "at most": "及?以[内下]|之内",
    "about": "左右|上下",
    "more than": "多|余",
}
_TRAIL = re.compile("(?:" + "|".join(f"(?P<c{i}>{words})" for i, words in enumerate(_TRAILS.values())) + ")")
_NAMES = list(_LEADS)
_TRAIL_NAMES = list(_TRAILS)
_AND = ("、", "和", "与", "及", "，")
_BORDER = re.compile("[，。；：！？…\n]")
_BEFORE_FROM = re.compile(r"(?:由|从)[^，。；：]{0,18}$")
_AFTER_FROM = re.compile(
    r"[^，。；：0-9]{0,12}(?:[提增上下降扩缩压减发跃拓调攀飙精优改升变放延推][^，。；：0-9]{0,8}[到至为]|增加|提高|下降|减少)"
)


class _Hit(NamedTuple):
    start: int
    end: int
    number: str
    low: float
    high: float
    unit: str
    kind: str
    currency: str | None
    comparator: str


def targets(sentences: pd.DataFrame, documents: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find the quantified targets: numbers with a unit that a text promises to reach, or reports as reached.

    sentences: as `segment(documents, by="sentence")` gives them: doc_id, text, start; all sentences of a document, since
    its headings tell the review from the plan. documents: with doc_id and year; then horizons are years.

    One row a number, in the order of the text. Columns: doc_id, start, end (offsets into the document's clean text, from
    the number to its unit and a comparator behind it); verb, object (as written: 增长, 地区生产总值; of a number without
    an object of its own, that of the one before in the sentence); indicator (the entry of `data/lexicon/indicators.csv`
    that the object is a variant of); aspect ("level", "growth", "fall", "average growth", "average fall", "gap": how
    far above or below another); number (as written), low, high, value (in the base unit of its unit's row in
    `data/lexicon/units.csv`: yuan, square metre, per cent, ...); base (the earlier value in 由…提高到…), unit (as written),
    unit_kind, currency (missing but for money), comparator ("at least", "more than", "about", "at most", "exactly",
    "range"), horizon ("2025", "2021-2025", "this year"; missing where nothing says), status ("promised", "done",
    "unclear"), sentence. Of a range value is the middle, with "at least" or "more than" the lower end, with "at most" the
    upper.

    No targets: years, dates, ordinals and ranks; names (5A级, “三个100%”); the size of a thing (亿元以上 in
    亿元以上项目, 500亩的园区); small numbers in Chinese figures without a comparator (四个意识, 三大工程); 第X, 每X.
    `near_misses` gives them.

    Raises ValueError for a frame without doc_id, text or start, or with an empty doc_id or start; for documents without
    doc_id and year, with one of them twice, or with a year that is no number.
    """
    sentences, years = check_sentences(sentences, "targets"), years_of(documents, "targets")
    rows = [row for row, taken in _all(sentences, years) if taken]
    return _frame(rows, COLUMNS)


def near_misses(sentences: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers with a unit that `targets` does not take. One row a number: doc_id, start, end, sentence."""
    sentences = check_sentences(sentences, "near_misses")
    rows = [(row[0], row[1], row[2], row[-1]) for row, taken in _all(sentences, {}) if not taken]
    return _frame(rows, {name: COLUMNS[name] for name in ("doc_id", "start", "end", "sentence")})


def _frame(rows: list, columns: dict[str, str]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _all(sentences: pd.DataFrame, years: dict) -> Iterator[tuple[tuple, bool]]:
    """Yield every number with a unit as a row of `targets`, and whether it is one."""
    groups = sentences.groupby("doc_id", sort=False)
    for doc, group in progress(groups, "targets", long=groups.ngroups > 100, total=groups.ngroups):
        year = years.get(doc)
        places = zip(group["text"], group["start"].tolist(), strict=True)
        own = [(text, start) for text, start in places if isinstance(text, str)]
        for (text, start), zone in zip(own, zones(own, year), strict=True):
            for hit, taken in _of_sentence(text, zone, year):
                yield (doc, hit[0] + start, hit[1] + start, *hit[2:], text), taken


def _of_sentence(text: str, zone: Zone, year: int | None) -> Iterator[tuple[tuple, bool]]:
    last: dict[str, Phrase] = {}  # by unit kind: 15个，占地3亩，已完成10个 goes on with what was counted
    previous: Phrase | None = None
    base: _Hit | None = None
    last_end = 0
    shared: list[str] = []
    named: list[str] = []
    for match in quantity_pattern().finditer(text):
        hit = None if zone.status == "notes" else _hit(match, text)
        if hit is None or _excluded(hit, match, text):
            yield (match.start(), match.end(), *[None] * 15), False
            continue
        border = max((found.end() for found in _BORDER.finditer(text, last_end, hit.start)), default=last_end)
        before, after = text[border : hit.start].lstrip("、和与及并"), text[hit.end : hit.end + 30]
        between = text[last_end : hit.start]
        listed = _noun_goes_before(between, hit.kind)
        going_on = previous is not None and (between in _AND or listed)
        before = "" if listed else before
        earlier = last.get(hit.kind, previous) if hit.kind in SIZED + COUNTED else previous
        phrase = phrase_of(
            before, after, counted=hit.kind in NOUN_BEHIND, previous=previous if going_on else earlier
        )
        if "分别" in before:
            shared = _listed(phrase.object or "", before, named, text[hit.end :])
        elif not going_on:
            shared = []
        phrase = phrase._replace(object=shared.pop(0)) if shared else phrase
        if phrase.object and phrase.object not in named:
            named.append(phrase.object)
        last_end, previous = hit.end, phrase
        last[hit.kind] = phrase
        if _BEFORE_FROM.search(before) and _AFTER_FROM.match(after):
            base = hit
            continue
        horizon = horizon_of(text[: hit.start], zone, year)
        yield _row(hit, phrase, base, horizon, status_of(text, hit.start, zone, year, horizon)), True
        base = None


def _excluded(hit: _Hit, match: re.Match[str], text: str) -> bool:
    return is_excluded(text, hit.start, match.end(), hit.number, hit.unit, hit.kind, hit.comparator)


def _row(hit: _Hit, phrase: Phrase, base: _Hit | None, horizon: str | None, status: str) -> tuple:
    indicator = indicators().get(phrase.object or "")
    aspect = (
        f"average {phrase.aspect}"
        if phrase.average and phrase.aspect in ("growth", "fall")
        else phrase.aspect
    )
    earlier = base.low if base and base.kind == hit.kind else None
    return (
        hit.start,
        hit.end,
        phrase.verb,
        phrase.object,
        indicator.entry if indicator else None,
        aspect,
        hit.number,
        hit.low,
        hit.high,
        _value(hit),
        earlier,
        hit.unit or None,
        hit.kind,
        hit.currency,
        hit.comparator,
        horizon,
        status,
    )


def _value(hit: _Hit) -> float:
    if hit.comparator in ("at least", "more than"):
        return hit.low
    return hit.high if hit.comparator == "at most" else (hit.low + hit.high) / 2


def _noun_goes_before(between: str, kind: str) -> bool:
    """Tell whether the text between two numbers belongs to the first: 新建3条健身路径和6个篮球场."""
    return kind in COUNTED and between[-1:] in _AND[:4] and len(between) > 1 and not _BORDER.search(between)


def _listed(name: str, before: str, named: list[str], after: str) -> list[str]:
    """The objects of a list of numbers: the parts of an enumeration before 分别, else as many as were named last."""
    if (parts := [part for part in re.split("、|和|与|及", name) if part]) and len(parts) > 1:
        return parts
    count = 1 + len(re.findall("[、和与及，](?=[0-9])", re.split("[。；]", after)[0]))
    return named[-count:] if before.startswith("分别") and 1 < count <= len(named) else []


def _hit(match: re.Match[str], text: str) -> _Hit | None:
    """Read a match of the pattern; None where its numeral says no number (几十个)."""
    number, unit, low, high, vague = _read(match)
    if low is None or high is None:
        return None
    row = units().get(unit)
    kind, currency = (row.kind, row.currency) if row else ("times" if unit == "番" else "percent", None)
    factor = row.factor if row else 1.0
    end = match.end()
    comparator = "range" if low != high else "exactly"
    if trail := _TRAIL.match(text, end):
        end, comparator = trail.end(), _TRAIL_NAMES[int(str(trail.lastgroup)[1])]
    elif vague:
        comparator = "more than"
    if comparator in ("exactly", "range", "more than") and (lead := _LEAD.search(text, 0, match.start())):
        comparator = _NAMES[int(str(lead.lastgroup)[1])]
    if not unit:
        around = text[max(0, match.start() - 10) : match.start()] + text[match.end() : match.end() + 8]
        kind = "persons" if re.search(PEOPLE, around) else "count"
    if match["per"]:
        kind, unit = f"{kind} per unit", unit + match["per"]
    return _Hit(match.start(), end, number, low * factor, high * factor, unit, kind, currency, comparator)


def _read(match: re.Match[str]) -> tuple[str, str, float | None, float | None, bool]:
    """The number as written, its unit, its lower and upper end in that unit, and whether it is vague."""
    if match["doubling"]:
        folds = {"一": 1, "1": 1, None: 1, "近一": 1, "两": 2, "2": 2, "三": 3, "二": 2, "3": 3}
        times = 2.0 ** folds[match["fold"]]
        return match[0], "番", times, times, match["fold"] == "近一"
    if match["percent"]:
        read = numeral(match["points"])
        return match[0], "%", read.low, read.high, False
    if match["fraction"]:
        top, _, bottom = match[0].partition("/")
        value = 100 * (int(top) / int(bottom) if bottom else numeral(match[0]).low or 0)
        return match[0], "分之", value, value, False
    if match["chinese"]:
        read = numeral(match["chinese"])
        return match["chinese"], match["chinese_unit"], read.low, read.high, read.vague
    return _arabic(match)


def _arabic(match: re.Match[str]) -> tuple[str, str, float | None, float | None, bool]:
    first, second, unit = match["first"], match["second"], match["unit"]
    low = numeral(first)
    if not second:
        return first, unit, low.low, low.high, low.vague
    high = numeral(second)
    lower, upper = low.low or 0.0, high.high or 0.0
    if (
        not match["first_unit"]
        and (multiple := re.search("[十百千万亿]+$", second))
        and not re.search("[十百千万亿]", first)
    ):
        lower = numeral(first + multiple[0]).low or 0.0  # 8-10亿元
    return _range_text(match), unit, lower, upper, low.vague or high.vague


def _range_text(match: re.Match[str]) -> str:
    """The range as written, without its last unit."""
    return match[0][: match.start("unit") - match.start()]
