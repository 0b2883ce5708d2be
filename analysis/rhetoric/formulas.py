"""Coined slogans: short formulas in quotation marks, numeral formulas with and without, and where each was first used."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from analysis.frames import check_frame
from analysis.new_words import jieba_words
from analysis.rhetoric.coinages import (
    NUMERAL,
    bare_formula,
    is_coined,
    is_numeral_formula,
    is_ruled_out,
    known_bare,
)
from analysis.rhetoric.inputs import check_hits_lie_in, check_sentences, each_sentence
from analysis.rhetoric.lexicons import looser_patterns

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

_COLUMNS = ["doc_id", "start", "end", "slogan", "kind", "quoted", "sentence"]
_NEAR = ["doc_id", "start", "end", "sentence"]
_OPEN, _CLOSE = '“「『‘〝"＂', '”」』’〞"＂'
_MARKS = _OPEN + _CLOSE
_QUOTED = re.compile(rf"[{_OPEN}]([^{_MARKS}\n]{{1,24}})[{_CLOSE}]")

# Numeral formulas that can be told without quotation marks. A count of things (三个月, 两个项目, 五个方面) is none: after
# 个 has to come a numeral or a verb, after 大 one of the nouns that name a campaign. All begin with one set of characters,
# which lets the search run on to the next of them; what may not stand before is looked at after it.
_N = "一两二三四五六七八九十"
_AFTER_N = rf"(?<=[{_N}])(?<![{NUMERAL}第这那几].)"
_BARE_FORMS = re.compile(
    rf"[{NUMERAL}0-9](?:"
    + "|".join(
        [
            rf"{_AFTER_N}大(?:攻坚战|保卫战|战役|会战|硬仗|革命)",
            rf"{_AFTER_N}(?<!年.)年(?:大变样|大跨越|大提升|大突破|大发展|大见效|一小步|再造)",
            rf"{_AFTER_N}个(?:[一百千]批|必须|坚持(?!不)|确保|更加|毫不动摇|务必|不能变|不动摇|全覆盖|一律|到位)",
            rf"{_AFTER_N}个[{_N}](?=[”，。；、为的]|工作|工程|目标|要求|行动|战略|计划)",
            r"(?<=双)[百千万十](?:工程|行动|计划)",
            r"(?<=[十百千万])[十百千万]{1,3}(?:工程|行动|计划)",
            r"(?<=[0-9])(?<![0-9A-Za-z.+].)[0-9]?(?:\+(?:[0-9]{1,3}|[NnXx])(?![0-9A-Za-z.%]))+",
        ]
    )
    + ")"
)
_ONE_ONE = re.compile(
    r"一(?<![一统单唯同专第万逐].)([\u4e00-\u9fff])一([\u4e00-\u9fff])(?![\u4e00-\u9fff]?[级个次])"
)
_MEASURES = frozenset(
    "个点件次步天年月日条项批步声眼时刻样批句下把口切般些直定律经旦致种位名家届方面夜人产代路生"
)


class _Span(NamedTuple):
    start: int
    end: int
    slogan: str
    kind: str
    quoted: bool


def slogans(sentences: pd.DataFrame) -> pd.DataFrame:
    """Find coined slogans. One row a use, by document (in the order given) and place.

    sentences: as `segment(documents, by="sentence")` gives them; needs doc_id, text and start.

    A coined slogan is a phrase of 2 to 12 characters that sums up or names a policy, campaign, way of working, standard or
    aim in a form made to be repeated. In quotation marks it counts

    - where it is built on numerals or plus signs (“四个三”, “最多跑一次”, “1+3+N”, “互联网+”), and
    - else where it stands in `data/lexicon/slogans.csv`, falls into parts of one length, or is said to be a measure by what
      comes before or after the marks (推行“一件事”, “拿地即开工”改革).

    Without the marks it counts where it stands in the table as unmistakable, or is a numeral formula of one of a few forms
    (三大攻坚战, 三年大变样, 五个一批, 一企一灯, 双千工程, 1+3+N). Left out are five-year plans, dates, amounts, ranks,
    numbers of documents, titles of honour, names of fairs, prizes, bodies and places, words of the general dictionary
    (jieba's), and what `data/lexicon/not_slogans.csv` names with a reason. A word like 链长制 is seen only in quotation
    marks.

    Columns: doc_id, start, end (offsets of the bare formula in the document's clean text), slogan (without marks and
    blanks; the list commas of short numeral formulas left out: 两不愁三保障), kind ("numeral": built on numerals; "quoted":
    known by its quotation marks), quoted (whether marks stand round it here), sentence.

    Raises ValueError for a frame without the columns.
    """
    import pandas as pd

    sentences = check_sentences(sentences, "slogans")
    rows = [
        (doc, start + span.start, start + span.end, span.slogan, span.kind, span.quoted, text)
        for doc, text, start in _rows(sentences, "Slogans")
        for span in _spans(text)
    ]
    return _typed(pd.DataFrame(rows, columns=_COLUMNS))


def near_misses(sentences: pd.DataFrame) -> pd.DataFrame:
    """Find what a careful reader would look at beside the slogans. One row a place: doc_id, start, end, sentence.

    The patterns of `data/lexicon/near_misses.csv` (short phrases in quotation marks, numerals with 个, 大 or 年) where
    `slogans` counts nothing.
    """
    import pandas as pd

    sentences = check_sentences(sentences, "near_misses")
    rows = [
        (doc, start + begin, start + end, text)
        for doc, text, start in _rows(sentences, "Near misses")
        for begin, end in _loose(text)
    ]
    frame = pd.DataFrame(rows, columns=_NEAR)
    return frame.astype({"doc_id": "string", "start": "int64", "end": "int64"})


def first_uses(hits: pd.DataFrame, documents: pd.DataFrame, column: str = "slogan") -> pd.DataFrame:
    """Tell when and where each slogan is first seen. One row a slogan, in the order of first year, then of documents.

    hits: as `slogans` gives them, or any hits with doc_id and the column. documents: those the hits lie in, with doc_id and
    year; city and province where known.

    Columns: the column's name, first_year, first_documents, first_cities (all that have it in that year, sorted, joined by
    "; "), last_year, documents, cities, provinces (how many have it in all), hits, undated (documents among them whose year
    is unknown; they count, but are never the first).

    First in these documents is not first of all: a city whose earlier reports are missing may have said it before. Raises
    ValueError where a hit's document is not among the documents.
    """
    check_frame(hits, "first_uses", "doc_id", column)
    check_frame(documents, "first_uses", "doc_id", "year")
    check_hits_lie_in(hits, documents)
    hits, documents = (frame.astype({"doc_id": "string"}) for frame in (hits, documents))
    return _firsts(_uses(hits, documents, column), column)


# ---- one sentence


def _spans(text: str) -> list[_Span]:
    """The slogans of a sentence, in their order."""
    found, hidden = [], []
    for match in _QUOTED.finditer(text):
        hidden.append(match.span())
        phrase = bare_formula(match[1])
        if is_coined(
            phrase, text[max(0, match.start() - 20) : match.start()], text[match.end() : match.end() + 8]
        ):
            found.append(_Span(match.start(1), match.end(1), phrase, _kind(phrase), True))
    found += [span for span in _bare(text) if not any(a < span.end and span.start < b for a, b in hidden)]
    return sorted(found)


def _bare(text: str) -> Iterator[_Span]:
    """Numeral formulas without quotation marks; where two overlap, the longer, then the earlier."""
    places = [match.span() for pattern in (_known(), _BARE_FORMS) for match in pattern.finditer(text)]
    places += [match.span() for match in _ONE_ONE.finditer(text) if _is_one_one(match, text)]
    taken: list[tuple[int, int]] = []
    for start, end in sorted(set(places), key=lambda place: (place[0] - place[1], place[0])):
        phrase = bare_formula(text[start:end])
        if is_ruled_out(phrase) or any(a < end and start < b for a, b in taken):
            continue
        taken.append((start, end))
        yield _Span(start, end, phrase, _kind(phrase), False)


def _is_one_one(match: re.Match[str], text: str) -> bool:
    """一企一策: two different things, neither of them a mere measure, and the second no part of a longer word."""
    first, second = match.groups()
    begins_word = text[match.end() - 1 : match.end() + 1] in jieba_words()
    return first != second and not _MEASURES & {first, second} and not begins_word


def _kind(phrase: str) -> str:
    return "numeral" if is_numeral_formula(phrase) else "quoted"


@lru_cache(maxsize=1)
def _known() -> re.Pattern[str]:
    """The known formulas, longest first, behind one set of their first characters: that is what makes the search quick."""
    terms = sorted(known_bare(), key=lambda term: (-len(term), term))
    ends = {
        first: [term[1:] for term in terms if term[0] == first] for first in sorted({t[0] for t in terms})
    }
    branches = [f"(?<={first})(?:{'|'.join(map(re.escape, rests))})" for first, rests in ends.items()]
    return re.compile(f"[{''.join(ends)}](?:{'|'.join(branches)})")


def _loose(text: str) -> Iterator[tuple[int, int]]:
    """Places that the patterns of near misses match and that are no slogans, in their order."""
    taken = [(span.start, span.end) for span in _spans(text)]
    free = sorted(
        {match.span() for pattern in looser_patterns("slogans") for match in pattern.finditer(text)}
    )
    yield from (place for place in free if not any(a < place[1] and place[0] < b for a, b in taken))


def _rows(sentences: pd.DataFrame, what: str) -> Iterator[tuple]:
    rows = each_sentence(sentences, what, "doc_id", "text", "start")
    return (row for row in rows if isinstance(row[1], str))


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype({"doc_id": "string", "start": "int64", "end": "int64", "quoted": "bool"})


# ---- first uses


def _uses(hits: pd.DataFrame, documents: pd.DataFrame, column: str) -> pd.DataFrame:
    """One row a slogan and document: hits, year, city, province."""
    import pandas as pd

    known = documents.drop_duplicates("doc_id")
    known = known.reindex(columns=["doc_id", "year", "city", "province"])
    uses = hits.groupby([column, "doc_id"], sort=True).size().rename("hits").reset_index()
    uses = uses.merge(known, on="doc_id", how="left")
    return uses.assign(year=pd.to_numeric(uses["year"], errors="coerce").astype("Int64"))


def _firsts(uses: pd.DataFrame, column: str) -> pd.DataFrame:
    grouped = uses.assign(lacking=uses["year"].isna()).groupby(column, sort=True)
    table = grouped.agg(
        first_year=("year", "min"),
        last_year=("year", "max"),
        documents=("doc_id", "nunique"),
        cities=("city", "nunique"),
        provinces=("province", "nunique"),
        hits=("hits", "sum"),
        undated=("lacking", "sum"),
    )
    first = uses[uses["year"] == uses[column].map(table["first_year"])]
    table = table.astype({"undated": "Int64"})
    table.insert(1, "first_documents", _joined(first, column, "doc_id"))
    table.insert(2, "first_cities", _joined(first, column, "city"))
    order = ["first_year", "documents", column]
    return table.reset_index().sort_values(order, ascending=[True, False, True], ignore_index=True)


def _joined(first: pd.DataFrame, column: str, what: str) -> pd.Series:
    """By slogan, the sorted values with "; " between; a slogan of which none is known is not there."""
    known = first[[column, what]].dropna(subset=[what])
    known = known.assign(**{what: known[what].astype(str)}).drop_duplicates().sort_values([column, what])
    return known.groupby(column)[what].agg("; ".join).astype("string")
