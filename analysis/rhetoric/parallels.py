"""Parallelism (排比): runs of clauses with one head or frame, pairs such as 既…又…, and how dense they are."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from analysis.frames import check_frame
from analysis.rhetoric.clauses import Unit, head_of, hung_on, is_run, shared_head, units_of
from analysis.rhetoric.inputs import check_hits_lie_in, check_sentences, each_sentence
from analysis.rhetoric.lexicons import looser_patterns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pandas as pd

    Find = Callable[[str], list["_Hit"]]

FEWEST = 3  # clauses of a run
PER = 10_000

_COLUMNS = ["doc_id", "start", "end", "kind", "head", "clauses", "n_chars", "sentence"]
_HAN = re.compile(r"[\u4e00-\u9fff]")
_REST = r"[^，。；：！？\n]*"  # to the end of the clause
_NO_YUE = "跨超优翻穿卓腾飞僭逾吴百闽南"  # 越 ends another word
_PAIRS = {
    # 既有 is "existing" unless 有 comes again.
    "既…又": re.compile(
        r"既(?![定往得然成存决遂望])(?:有[^。；！？\n]{1,40}?[又也更还]有|(?!有)[^。；！？\n]{1,40}?[，、]?"
        r"(?:又|也(?!是最)|更(?!加快|加突出|加重要|新|换|好地)|还(?!款|原|建)))" + _REST
    ),
    "不仅…更": re.compile(
        r"不(?:仅仅?|但|光|单单?(?=是)|只(?=是))[^。；！？\n]{1,50}?[，、][^，。；！？、\n]{0,8}?(?:更|还|而且|并且|也|又|甚至)"
        + _REST
    ),
    "不是…而是": re.compile(r"(?<!要)不是[^。；！？\n]{1,40}?[，、]?而是" + _REST),
    "越…越": re.compile(
        rf"(?<![{_NO_YUE}])(?<!越来)越(?![来秀南剧野位级权冬溪西国])[^，。；：！？、\n]{{1,10}}[，、]?"
        rf"[^，。；：！？、\n越]{{0,4}}(?<![{_NO_YUE}])越(?![来秀南剧野位级权])" + _REST
    ),
    "一手…一手": re.compile(
        r"(?<!第)一手(?!资料|材料|房|数据|情况|信息)[^。；！？\n]{1,40}?[，、；]?(?<!第)一手" + _REST
    ),
}


class _Hit(NamedTuple):
    start: int
    end: int
    kind: str
    head: str
    clauses: int


def parallelism(sentences: pd.DataFrame) -> pd.DataFrame:
    """Find parallelism. One row a run or pair, by document (in the order given) and place.

    sentences: as `segment(documents, by="sentence")` gives them; needs doc_id, text and start. Sentences that follow one
    another without a gap are one paragraph, and a run may go over several of them.

    A run (排比) is three or more clauses one after another that begin with the same verb, adverb, preposition or pronoun
    (坚持…，坚持…，坚持…; 更加…、更加…、更加…; 抓…、抓…、抓…) or have the same frame (以…为…, 在…上…, …有…), parted by
    any of 、，；。. A repeated noun is a list, not a run; nor is a list of figures, where most clauses have one, nor are
    sentences of more than 60 characters that share no more than a verb. A pair is 既…又…, 不仅…更…, 不是…而是…,
    越…越… or 一手…一手…. Of hits that overlap the longest counts. After the definition of 排比 in Chen Wangdao,
    修辞学发凡 (1932): matters of one scope and one kind, said one by one in clauses of like build.

    Columns: doc_id, start, end (offsets in the document's clean text), kind ("run", or the pair's: "既…又", ...), head (what
    the clauses begin with alike, or their frame), clauses (how many; of a pair 2), n_chars (Chinese characters inside),
    sentence (the text of the sentences it lies in).

    Raises ValueError for a frame without the columns.
    """
    return _found(sentences, "parallelism", _hits)


def near_misses(sentences: pd.DataFrame) -> pd.DataFrame:
    """Find what a careful reader would look at beside the hits. One row a place: doc_id, start, end, sentence.

    Two clauses one after another that begin with the same two characters, and the patterns of
    `data/lexicon/near_misses.csv` (the first words of pairs), where `parallelism` finds nothing.
    """
    return _found(sentences, "near_misses", _loose)[["doc_id", "start", "end", "sentence"]]


def parallel_density(hits: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Tell how dense parallelism is. One row a document, in the order of the documents, those without hits too.

    hits: as `parallelism` gives them; documents: those the hits lie in, with doc_id and n_chars (Chinese characters).

    Columns: doc_id, runs, pairs, n_chars (of the document), inside (characters inside runs and pairs), share (inside over
    n_chars), per_10000 (runs and pairs per 10,000 characters); share and rate are missing where a document has no
    characters. Hits do not overlap, so no character counts twice.

    Raises ValueError where a hit's document is not among the documents, or a document stands twice.
    """
    check_frame(hits, "parallel_density", "doc_id", "kind", "n_chars")
    check_frame(documents, "parallel_density", "doc_id", "n_chars")
    _check_documents(hits, documents)
    hits, documents = (frame.astype({"doc_id": "string"}) for frame in (hits, documents))
    table = documents[["doc_id"]].reset_index(drop=True)
    is_run = hits["kind"] == "run"
    for name, own in (("runs", hits[is_run]), ("pairs", hits[~is_run])):
        table[name] = table["doc_id"].map(own.groupby("doc_id").size()).fillna(0).astype("int64")
    table["n_chars"] = documents["n_chars"].to_numpy()
    inside = hits.groupby("doc_id")["n_chars"].sum()
    table["inside"] = table["doc_id"].map(inside).fillna(0).astype("int64")
    length = table["n_chars"].where(table["n_chars"] > 0)
    table["share"] = (table["inside"] / length).astype("float64")
    table["per_10000"] = (PER * (table["runs"] + table["pairs"]) / length).astype("float64")
    return table


def _check_documents(hits: pd.DataFrame, documents: pd.DataFrame) -> None:
    check_hits_lie_in(hits, documents)
    twice = documents["doc_id"].duplicated()
    if twice.any():
        raise ValueError(
            f"{twice.sum()} of {len(documents)} documents stand twice, first {documents.loc[twice, 'doc_id'].iloc[0]!r}."
            " Keep one row a document."
        )


# ---- one paragraph


def _hits(text: str) -> list[_Hit]:
    """The runs and pairs of a paragraph that do not overlap, in their order."""
    found = [hit for level in units_of(text) for hit in _runs(level)]
    for kind, pattern in _PAIRS.items():
        found += [_Hit(*match.span(), kind, kind, 2) for match in pattern.finditer(text)]
    found.sort(key=lambda hit: (hit.start - hit.end, hit.start))
    kept: list[_Hit] = []
    for hit in found:
        if not any(other.start < hit.end and hit.start < other.end for other in kept):
            kept.append(hit)
    return sorted(kept)


def _runs(units: list[Unit]) -> Iterator[_Hit]:
    before: Unit | None = None
    for head, group in groupby(units, key=head_of):
        run = list(group)
        if head and len(run) + 1 >= FEWEST:
            hung = before and hung_on(head, before, run[0])
            members = [hung, *run] if hung else run
            shown = shared_head(head, members)
            if len(members) >= FEWEST and is_run(shown, members):
                yield _Hit(members[0].start, run[-1].end, "run", shown, len(members))
        before = run[-1]


def _loose(text: str) -> list[_Hit]:
    taken = _hits(text)
    places = [match.span() for pattern in looser_patterns("parallelism") for match in pattern.finditer(text)]
    for level in units_of(text):
        pairs = zip(level, level[1:], strict=False)
        places += [(a.start, b.end) for a, b in pairs if a.text[:2] == b.text[:2] and _HAN.match(a.text)]
    free = sorted(
        {place for place in places if not any(h.start < place[1] and place[0] < h.end for h in taken)}
    )
    return [_Hit(*place, "near", "", 2) for place in free]


# ---- sentences to paragraphs and back


def _found(sentences: pd.DataFrame, caller: str, find: Find) -> pd.DataFrame:
    import pandas as pd

    sentences = check_sentences(sentences, caller)
    rows = [
        row for doc, paragraph in _paragraphs(sentences, caller) for row in _located(doc, paragraph, find)
    ]
    whole = {"doc_id": "string", "start": "int64", "end": "int64", "clauses": "int64", "n_chars": "int64"}
    return pd.DataFrame(rows, columns=_COLUMNS).astype(whole)


def _paragraphs(sentences: pd.DataFrame, what: str) -> Iterator[tuple[object, list[tuple[int, str]]]]:
    """Sentences (offset, text) of one document that follow one another without a gap."""
    rows = each_sentence(sentences, what, "doc_id", "start", "text")
    doc, end = None, -1
    held: list[tuple[int, str]] = []
    for own, start, text in rows:
        if not isinstance(text, str):
            continue
        if held and (own != doc or start != end):
            yield doc, held
            held = []
        held.append((start, text))
        doc, end = own, start + len(text)
    if held:
        yield doc, held


def _located(doc: object, paragraph: list[tuple[int, str]], find: Find) -> Iterable[tuple]:
    text = "".join(sentence for _, sentence in paragraph)
    offset = paragraph[0][0]
    for hit in find(text):
        around = [
            own for at, own in paragraph if at < offset + hit.end and offset + hit.start < at + len(own)
        ]
        letters = len(_HAN.findall(text, hit.start, hit.end))
        span = (offset + hit.start, offset + hit.end)
        yield doc, *span, hit.kind, hit.head, hit.clauses, letters, "".join(around)
