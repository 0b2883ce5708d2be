"""Sentences to hits: where the terms of the lexicons stand, and what a careful reader would look at beside them."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from analysis.chunks import progress
from analysis.rhetoric.inputs import MANY, check_sentences
from analysis.rhetoric.lexicons import DEVICES, load_lexicon, looser_patterns, parts
from analysis.rhetoric.matching import TermIndex
from analysis.rhetoric.scope import Lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

BATCH = 20_000  # sentences looked at in one pass: about a megabyte
COLUMNS = {
    "doc_id": "string",
    "start": "int64",
    "end": "int64",
    "device": "string",
    "category": "string",
    "entry": "string",
    "term": "string",
    "negated": "bool",
    "quoted": "bool",
    "sentence": "string",
}


class Coder:
    """A lexicon made ready: finds its terms in sentences, and what conditions rule out."""

    def __init__(self, table: pd.DataFrame) -> None:
        self.terms = table["term"].tolist()
        self.devices = table["device"].tolist()
        self._index = TermIndex(self.terms)
        self._not = [_shifts(term, parts(cell)) for term, cell in zip(self.terms, table["not"], strict=True)]
        self._with = [parts(cell) for cell in table["with"]]
        self._without = [parts(cell) for cell in table["without"]]

    def hits(self, lines: Lines) -> Iterator[tuple[int, int]]:
        """Yield (place, row of the table) of each hit: of terms that begin at one place the longest that its conditions
        allow, and then none of that device before it ends."""
        for at, row, why in self.places(lines):
            if why is None:
                yield at, row

    def places(self, lines: Lines) -> Iterator[tuple[int, int, str | None]]:
        """Yield (place, row, why): each hit (None), and each place where "not", "with" or "without" ruled a term out."""
        done: dict[str, int] = defaultdict(int)
        for at, rows in self._index.places(lines.text):
            for row in rows:
                if at < done[self.devices[row]]:
                    continue
                why = self._ruled_out(lines, at, row)
                yield at, row, why
                if why is None:
                    done[self.devices[row]] = at + len(self.terms[row])

    def _ruled_out(self, lines: Lines, at: int, row: int) -> str | None:
        for string, shift in self._not[row]:
            if at >= shift and lines.text.startswith(string, at - shift):
                return "not"
        needed, barred = self._with[row], self._without[row]
        if not needed and not barred:
            return None
        begin, end = lines.clause(at)
        clause = lines.text[begin:end]
        if needed and not any(string in clause for string in needed):
            return "with"
        return "without" if any(string in clause for string in barred) else None


def devices(sentences: pd.DataFrame, lexicon: Any = None) -> pd.DataFrame:
    """Find the devices of rhetoric in sentences. One row a hit, by document (in the order given) and place.

    sentences: as `segment(documents, by="sentence")` gives them; doc_id, text and start are needed.
    lexicon: None for all seven devices (methods, offers, sectors, places, images, commitment, speakers); the name of one, or
    several; or a frame of your own: device, term, category, and if you like entry, not, with, without.

    Columns: doc_id, start, end (offsets into the document's clean text: text[start:end] is the term), device, category,
    entry (the name the term is counted under), term (as written), negated (a negation in its clause reaches it), quoted
    (inside quotation marks or a title's), sentence.

    Inside a device the longest term counts, from left to right; devices do not see one another. A term does not count where
    one of its longer strings `not` stands, nor in a clause without any of its strings `with` or with one of its strings
    `without`. A missing text has no hits.
    Raises ValueError for a frame without these columns or with one of them empty (a text may be), an unknown device, and a
    lexicon with a fault.
    """
    sentences = check_sentences(sentences, "devices")
    table = load_lexicon(lexicon)
    coder = Coder(table)
    hits = _Hits()
    for lines, at in in_batches(sentences, "looking for devices"):
        for place, row in coder.hits(lines):
            end = place + len(coder.terms[row])
            hits.add(
                at + lines.line(place), place, row, lines.negated(place), lines.quoted(place, end), lines
            )
    return hits.frame(sentences, table)


class _Hits:
    """Hits as columns, so that a million of them are no million small objects."""

    def __init__(self) -> None:
        self.sentence: list[int] = []
        self.within: list[int] = []
        self.row: list[int] = []
        self.negated: list[bool] = []
        self.quoted: list[bool] = []

    def add(self, sentence: int, place: int, row: int, negated: bool, quoted: bool, lines: Lines) -> None:
        self.sentence.append(sentence)
        self.within.append(place - lines.starts[lines.line(place)])
        self.row.append(row)
        self.negated.append(negated)
        self.quoted.append(quoted)

    def frame(self, sentences: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
        import numpy as np
        import pandas as pd

        own = sentences.iloc[self.sentence]
        term = table.iloc[self.row]
        start = own["start"].to_numpy(dtype=np.int64) + np.array(self.within, dtype=np.int64)
        columns = {
            "doc_id": own["doc_id"].to_numpy(),
            "start": start,
            "end": start + term["term"].str.len().to_numpy(dtype=np.int64),
            **{name: term[name].to_numpy() for name in ("device", "category", "entry", "term")},
            "negated": np.array(self.negated, dtype=bool),
            "quoted": np.array(self.quoted, dtype=bool),
            "sentence": own["text"].to_numpy(),
        }
        frame = pd.DataFrame(columns).astype(COLUMNS)
        order = np.lexsort((frame["end"], frame["start"], first_seen(frame["doc_id"], sentences["doc_id"])))
        return frame.iloc[order].reset_index(drop=True)


def first_seen(documents: pd.Series, order: pd.Series) -> Any:
    """Return for each document its number in the order in which `order` first names them."""
    import pandas as pd

    return pd.Index(order.astype("string").drop_duplicates()).get_indexer(pd.Index(documents))


def in_batches(sentences: pd.DataFrame, what: str) -> Iterator[tuple[Lines, int]]:
    """Yield the sentences joined, some thousand at a time, with the number of the first; a missing text is empty."""
    texts = sentences["text"].tolist()
    starts = range(0, len(texts), BATCH)
    for at in progress(starts, what, long=len(texts) > MANY, unit="batch"):
        # A line end inside a sentence would shift all after it; none is longer than one character.
        batch = [text.replace("\n", " ") if isinstance(text, str) else "" for text in texts[at : at + BATCH]]
        yield Lines(batch), at


def near_misses(sentences: pd.DataFrame, device: str) -> pd.DataFrame:
    """Find what a careful reader would look at beside the hits of a device. One row a place, by document and start.

    Places that a pattern of `data/lexicon/near_misses.csv` matches, and places where a term stood but its conditions
    ruled it out; less all that touch a hit of the device, or an earlier place of these.

    Columns: doc_id, start, end, why ("pattern", "not", "with" or "without"), sentence.
    """
    import numpy as np
    import pandas as pd

    sentences = check_sentences(sentences, "near_misses")
    if device not in DEVICES:
        raise ValueError(f"device={device!r} is none of {', '.join(DEVICES)}.")
    coder = Coder(load_lexicon(device))
    pattern = _looser(device)
    found: list[tuple[int, int, int, str]] = []
    for lines, at in in_batches(sentences, "looking for near misses"):
        for start, end, why in _beside(lines, coder, pattern):
            line = lines.line(start)
            found.append((at + line, start - lines.starts[line], end - lines.starts[line], why))
    own = sentences.iloc[[row for row, *_ in found]]
    base = own["start"].to_numpy(dtype=np.int64)
    frame = pd.DataFrame(
        {
            "doc_id": own["doc_id"].to_numpy(),
            "start": base + np.array([row[1] for row in found], dtype=np.int64),
            "end": base + np.array([row[2] for row in found], dtype=np.int64),
            "why": [row[3] for row in found],
            "sentence": own["text"].to_numpy(),
        }
    ).astype({"doc_id": "string", "why": "string", "sentence": "string"})
    order = np.lexsort((frame["start"], first_seen(frame["doc_id"], sentences["doc_id"])))
    return frame.iloc[order].reset_index(drop=True)


def _beside(lines: Lines, coder: Coder, pattern: re.Pattern[str] | None) -> list[tuple[int, int, str]]:
    """Return the places (start, end, why) of one batch that touch no hit and not one another."""
    taken = bytearray(len(lines.text))
    beside = []
    for at, row, why in coder.places(lines):
        end = at + len(coder.terms[row])
        if why is None:
            taken[at:end] = b"\1" * (end - at)
        else:
            beside.append((at, end, why))
    if pattern:
        beside += [(*match.span(), "pattern") for match in pattern.finditer(lines.text)]
    kept = []
    for at, end, why in sorted(beside):
        if not any(taken[at:end]):
            taken[at:end] = b"\1" * (end - at)
            kept.append((at, end, why))
    return kept


def _looser(device: str) -> re.Pattern[str] | None:
    patterns = looser_patterns(device)
    return re.compile("|".join(f"(?:{each.pattern})" for each in patterns)) if patterns else None


def _shifts(term: str, strings: Iterable[str]) -> list[tuple[str, int]]:
    """Return each excluded string with each place at which it has the term.

    >>> _shifts("推动", ["推动力"])
    [('推动力', 0)]
    """
    return [
        (string, at.start()) for string in strings for at in re.finditer(f"(?={re.escape(term)})", string)
    ]
