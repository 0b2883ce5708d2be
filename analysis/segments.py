"""Clean documents to sections, paragraphs, sentences and passages about investment attraction, with offsets."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from analysis.frames import check_frame
from analysis.lexicon import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

# A paragraph longer than this is cut at sentence ends before passages are chosen: some reports are a whole in three.
LONGEST_PARAGRAPH = 500
PIECE = 400

_LINE = re.compile(r"[^\n]*\S[^\n]*")
# A sentence ends at 。！？； or …, with the quotation marks and brackets that close behind it.
_SENTENCE = re.compile(r"[^。！？；…\n]*(?:[。！？；…]+[”’」』）】]*|$)")
_HEADING = re.compile(
    r"(?:第[一二三四五六七八九十]+[部章节]分?|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]).{0,38}$"
)
_CLOSED = re.compile(r"[。！？；：，、…:;,.!?]$")
_LONGEST_HEADING = 40
_CLAUSE = re.compile(r"[，。；：！？,;:!?\n]")


class _Rule(NamedTuple):
    """What `data/lexicon/passages.csv` says of passages, one pattern a kind of term."""

    core: re.Pattern[str]
    act: re.Pattern[str]
    object: re.Pattern[str]
    veto: re.Pattern[str]
    mask: re.Pattern[str]


def segment(documents: pd.DataFrame, by: str = "paragraph") -> pd.DataFrame:
    """Divide documents into sections, paragraphs or sentences. One row a unit, in the order of the text.

    documents: needs `doc_id` and `text` (clean). by: "section", "paragraph" or "sentence".

    Columns: doc_id, para (from 0; of a section its first), section (its heading; missing before the first), sent
    (sentences only, from 0 in each paragraph), text, start, end (offsets into the document's text, in characters:
    text[start:end] is the unit). A paragraph is a non-empty line. A section begins at a heading: a line of at most 40
    characters that is numbered (一、 （一） 第一部分) or ends without punctuation.

    A missing text has no units. Raises ValueError for another `by` or a frame without text.
    """
    import pandas as pd

    units = {"section": _sections, "paragraph": _paragraphs, "sentence": _sentences}
    if by not in units:
        raise ValueError(f"by={by!r} is not a unit; choose section, paragraph or sentence.")
    check_frame(documents, "segment", "doc_id", "text")
    columns = ["doc_id", "para", "section", *(["sent"] if by == "sentence" else []), "text", "start", "end"]
    rows = [
        (doc, *unit)
        for doc, text in zip(documents["doc_id"], documents["text"], strict=True)
        if isinstance(text, str)
        for unit in units[by](text)
    ]
    return pd.DataFrame(rows, columns=columns)


def passages(paragraphs: pd.DataFrame) -> pd.DataFrame:
    """Choose the passages about investment attraction. One row a passage; columns as in `paragraphs`.

    A paragraph of more than 500 characters is first cut at sentence ends into pieces of about 400. The rule, with the
    terms of `data/lexicon/passages.csv`: masked phrases aside, the piece has a core term (招商, 营商环境, 外资, ...), or a
    clause that has an act (引进, 落户, 签约, ...) and an object (项目, 企业, 资金, ...) and no veto (人才, 游客, ...).
    Against a reader of 240 pieces drawn after the rule was made: precision 0.86, recall 0.94
    (`tests/cases/passages.json`).

    The same paragraph gives several rows where several of its pieces are chosen; start and end tell them apart. A
    missing text has none. Documents may stand for paragraphs: a frame without `start` is segmented first.

    Raises ValueError for a frame without text, or with `start` and no `end`.
    """
    import pandas as pd

    offsets = ("start", "end") if "start" in getattr(paragraphs, "columns", ()) else ()
    check_frame(paragraphs, "passages", "doc_id", "text", *offsets)
    # Documents come as one row; paragraphs as many. Offsets are needed either way.
    frame = paragraphs if offsets else segment(paragraphs)
    names = list(frame.columns)
    at = {name: names.index(name) for name in ("text", "start", "end")}
    rows = [
        _replaced(row, at, text, start)
        for row in frame.itertuples(index=False, name=None)
        if isinstance(row[at["text"]], str)
        for text, start in pieces(row[at["text"]], row[at["start"]])
        if is_about_attraction(text)
    ]
    return pd.DataFrame(rows, columns=names)


def is_about_attraction(text: str) -> bool:
    """Tell whether a piece of text is about investment attraction, by the rule of `passages`.

    >>> is_about_attraction("全年组织招商活动12场。"), is_about_attraction("新建学校12所。")
    (True, False)
    >>> is_about_attraction("引进龙头企业三家。"), is_about_attraction("引进人才，服务企业。")
    (True, False)
    """
    rule = _rule()
    text = rule.mask.sub("■", text)
    if rule.core.search(text):
        return True
    # No clause can have what the whole has not; most paragraphs are done with here.
    possible = rule.act.search(text) and rule.object.search(text)
    return bool(possible) and any(_brings_in(clause, rule) for clause in _CLAUSE.split(text))


def _brings_in(clause: str, rule: _Rule) -> bool:
    return bool(rule.act.search(clause) and rule.object.search(clause) and not rule.veto.search(clause))


def pieces(text: str, start: int = 0) -> Iterator[tuple[str, int]]:
    """Yield the pieces (text, offset) of a long paragraph, cut at sentence ends; a short one whole."""
    if len(text) <= LONGEST_PARAGRAPH:
        yield text, start
        return
    piece, began = "", start
    for sentence, at in sentences_of(text):
        if piece and len(piece) + len(sentence) > PIECE:
            yield piece, began
            piece, began = "", start + at
        piece += sentence
    if piece:
        yield piece, began


def sentences_of(text: str) -> Iterator[tuple[str, int]]:
    """Yield the sentences (text, offset) of a paragraph; together they give the paragraph back.

    >>> [sentence for sentence, _ in sentences_of("要快！“抓落实。”再看效果")]
    ['要快！', '“抓落实。”', '再看效果']
    """
    for match in _SENTENCE.finditer(text):
        if match[0]:
            yield match[0], match.start()


def is_heading(line: str) -> bool:
    """Tell whether a line is a heading.

    >>> is_heading("二、突出招商引资，增强发展后劲"), is_heading("各位代表："), is_heading("工作回顾")
    (True, False, True)
    """
    if len(line) > _LONGEST_HEADING or "。" in line:
        return False
    return bool(_HEADING.match(line)) or not _CLOSED.search(line)


def _replaced(row: tuple, at: dict[str, int], text: str, start: int) -> list:
    values = list(row)
    values[at["text"]], values[at["start"]], values[at["end"]] = text, start, start + len(text)
    return values


def _paragraphs(text: str) -> Iterator[tuple]:
    section: object = _missing()
    for para, match in enumerate(_LINE.finditer(text)):
        line = match[0].strip()
        start = match.start() + match[0].index(line)
        if is_heading(line):
            section = line
        yield para, section, line, start, start + len(line)


def _sentences(text: str) -> Iterator[tuple]:
    for para, section, line, start, _ in _paragraphs(text):
        for sent, (sentence, at) in enumerate(sentences_of(line)):
            yield para, section, sent, sentence, start + at, start + at + len(sentence)


def _sections(text: str) -> Iterator[tuple]:
    for _, group in groupby(_numbered(text), key=itemgetter(0)):
        units = [unit for _, unit in group]
        para, section, _, start, _ = units[0]
        end = units[-1][4]
        yield para, section, text[start:end], start, end


def _numbered(text: str) -> Iterator[tuple[int, tuple]]:
    """Yield each paragraph with the number of its section; a heading begins the next."""
    number = 0
    for unit in _paragraphs(text):
        number += unit[1] is unit[2]
        yield number, unit


def _missing() -> object:
    import pandas as pd

    return pd.NA


@lru_cache(maxsize=1)
def _rule() -> _Rule:
    table = read_table("lexicon", "passages.csv")
    return _Rule(**{kind: _any_of(table.loc[table["kind"] == kind, "term"]) for kind in _Rule._fields})


def _any_of(terms: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(terms, key=len, reverse=True))))
