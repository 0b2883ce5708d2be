"""How firmly a text commits itself: each word of the ladder, whether it looks ahead, and who is bound by it."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple

from analysis.lexicon import read_table
from analysis.rhetoric.coding import devices
from analysis.rhetoric.inputs import check_sentences, years_of
from analysis.rhetoric.lexicons import load_lexicon
from analysis.rhetoric.scope import any_of
from analysis.rhetoric.zones import Zone, zones

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {
    "doc_id": "string",
    "start": "int64",
    "end": "int64",
    "term": "string",
    "strength": "int64",
    "category": "string",
    "negated": "bool",
    "quoted": "bool",
    "status": "string",
    "bound": "string",
    "sentence": "string",
}
STEPS = {1: "aspiration", 2: "action", 3: "obligation"}  # what each strength is called
_CLAUSE_START = r"(?:^|(?<=[，。；：！？、“（—\s]))"
# What may stand before a subject at the beginning of its clause.
_LEAD = "(?:因此|同时|为此|对此|今后|今年|明年|新的一年|未来|所有|全体|广大|每一位|每个|凡是|要求|[一二三四五六七八九]是)?"
# A city, a firm or the people act where one of these follows; before a noun they only belong to it: 企业技术改造.
_ACTS = (
    "(?=都|均|也|还|更|始终|一定|必|须|要|将|应|会|能|坚|务|绝|决|不|在|以|对|按|从|把|围绕|牢|继续|持续|积极|主动|切实|认真|全|深入|加|大力|着力"
    "|努力|奋力|带头|自觉|狠抓|抓|推|$)"
)
_MAKES = "督促|引导|鼓励|支持|推动|要求|教育|激励|帮助|指导|动员|组织|敦促|号召|促进|促使|力促|协助|助力"
# What lies ahead even in the review, and what lies behind even in the plan.
_AHEAD = re.compile("必须|务必|一定要|我们要|我们将|还要|决不|绝不|力争|下一步|今后|明年|拟")
_BEHIND = re.compile("去年|上年|过去|[一二三四五六七八九]年来|截至|目前已|完成了|实现了|以来")
_WEAK = ("city", "enterprises", "people", "政府", "干部")


def commitments(sentences: pd.DataFrame, documents: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find the words by which a text commits itself. One row a hit, by document (in the order given) and place.

    sentences: as `segment(documents, by="sentence")` gives them; doc_id, text and start are needed, and all sentences of a
    document, since its headings tell the review from the plan. documents: doc_id and year, to read years that are named.
    Raises ValueError as `targets` does.

    Columns: doc_id, start, end (offsets into the document's clean text), term, strength (1 aspiration: 力争, 努力; 2 action:
    推动, 加快; 3 obligation: 确保, 必须), category, negated, quoted, status ("promised" ahead of the speaker, "done" in the
    review of what was done, "unclear"), bound (who is bound), sentence. The ladder is `data/lexicon/commitment.csv`;
    要 and 将 alone are not on it: one character is part of too many words.

    bound, by a rule over `data/lexicon/subjects.csv`: whoever is made to act right before the term (督促企业加快…), else the
    last subject that begins a clause of the sentence before it: "we", "city", "government", "cadres", "enterprises",
    "people"; else "unstated", as in nineteen of twenty places of the genre, whose subject is the government that speaks.
    Of 60 places read after the rule was made, half of them with a subject, 57 were right.
    """
    sentences, years = check_sentences(sentences, "commitments"), years_of(documents, "commitments")
    hits = devices(sentences, "commitment")
    ladder = load_lexicon("commitment").set_index("term")["strength"].astype(int)
    parts = _parts(sentences, years)
    places = zip(hits["doc_id"], hits["start"], hits["end"], hits["sentence"], strict=True)
    read = [_read(sentence, start, end, parts[doc]) for doc, start, end, sentence in places]
    status, bound = zip(*read, strict=True) if read else ((), ())
    hits = hits.assign(strength=hits["term"].map(ladder), status=list(status), bound=list(bound))
    return hits[list(COLUMNS)].astype(COLUMNS)


class _Parts(NamedTuple):
    """The sentences of a document: where each begins, and in which part of the report it stands."""

    starts: list[int]
    zones: list[Zone]
    year: int | None


def _parts(sentences: pd.DataFrame, years: dict[str, int]) -> dict[str, _Parts]:
    parts = {}
    for doc, own in sentences.groupby("doc_id", sort=False):
        places = zip(own["text"], own["start"].tolist(), strict=True)
        units = [(text, start) for text, start in places if isinstance(text, str)]
        parts[str(doc)] = _Parts(
            [at for _, at in units], zones(units, years.get(str(doc))), years.get(str(doc))
        )
    return parts


def _read(sentence: str, start: int, end: int, parts: _Parts) -> tuple[str, str]:
    """Return status and bound of a hit."""
    at = bisect_right(parts.starts, start) - 1
    begin, end = start - parts.starts[at], end - parts.starts[at]
    clause = max(map(sentence.rfind, "，；：", repeat(0), repeat(begin))) + 1
    bound = "we" if sentence.startswith("我们", begin) else bound_by(sentence[:begin])
    return _status(sentence[:end], sentence[clause:end], parts.zones[at].status), bound


def _status(before: str, clause: str, zone: str | None) -> str:
    """Return "promised", "done" or "unclear": the part of the report decides, unless strong words speak against it."""
    if zone == "promised":
        return "done" if _BEHIND.search(clause) else "promised"
    if _AHEAD.search(before):
        return "promised"
    return "done" if zone == "done" or _BEHIND.search(before) else "unclear"


def bound_by(before: str) -> str:
    """Return who is bound by a term, from what stands before it in its sentence.

    >>> bound_by("各级干部"), bound_by("督促企业"), bound_by("企业技术改造"), bound_by("我们要顶风而上，")
    ('cadres', 'enterprises', 'unstated', 'we')
    """
    made, subject, known = _subjects()
    if match := made.search(before):
        return known[match["who"]]
    found = [match["any"] or match["acts"] for match in subject.finditer(before)]
    return known[found[-1]] if found else "unstated"


@lru_cache(maxsize=1)
def _subjects() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    """Return the patterns of those made to act and of subjects, and whom each term means."""
    table = read_table("lexicon", "subjects.csv")
    known = dict(zip(table["term"], table["bound"], strict=True))
    weak = [term for term, bound in known.items() if bound in _WEAK or term in _WEAK]
    strong = [term for term in known if term not in weak]
    made = re.compile(f"(?:{_MAKES})[^，。；：！？、的]{{0,6}}(?P<who>{any_of(known)})$")
    subject = f"(?:(?P<any>{any_of(strong)})(?![的和与、及自党工性])|(?P<acts>{any_of(weak)}){_ACTS})"
    return made, re.compile(_CLAUSE_START + _LEAD + subject), known
