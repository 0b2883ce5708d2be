"""Text to clean text, and the account of what was changed.

`clean` runs small named steps in a fixed order, again and again until nothing changes (so that cleaning twice is
cleaning once), and reports for each step how often it acted, on what, and how many characters went.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

from analysis.characters import (
    DAMAGED,
    close_spaces,
    damage_notes,
    drop_unseen,
    join_numbers,
    mark_placeholders,
    mend_per_mille,
    narrow_width,
    simplify_script,
    trim_lines,
    widen_punctuation,
)
from analysis.dates import iso_date
from analysis.frames import check_frame
from analysis.furniture import drop_furniture, drop_header, drop_signature, read_comments
from analysis.glossaries import cut_footnotes, cut_glossary, drop_note_marks
from analysis.markup import (
    EXAMPLES,
    Edit,
    decode_entities,
    drop_comments,
    drop_emphasis,
    drop_escapes,
    drop_front_matter,
    drop_line_marks,
    drop_links,
    drop_slanted,
    drop_tags,
    unfold_tables,
)
from analysis.readers.fields import is_missing, tidy_record

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Change:
    """What one step did to one text: how many places, a few of them, and the net number of characters removed."""

    step: str
    count: int
    examples: tuple[str, ...] = ()
    chars: int = 0


@dataclass(frozen=True)
class Cleaned:
    """A clean text, the account of its changes, and what its furniture and header lines said of it."""

    text: str
    changes: tuple[Change, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)


# ---- the road

# Restoring damaged bytes comes before all of these: it needs the signs as they were collected.
STEPS: tuple[Callable[[str], Edit], ...] = (
    drop_unseen,
    drop_front_matter,
    drop_comments,
    unfold_tables,
    drop_tags,
    decode_entities,
    narrow_width,
    simplify_script,
    cut_footnotes,
    drop_line_marks,
    drop_links,
    drop_slanted,
    mark_placeholders,
    drop_emphasis,
    drop_escapes,
    trim_lines,
    drop_header,
    drop_signature,
    cut_glossary,
    drop_note_marks,
    drop_furniture,
    widen_punctuation,
    close_spaces,
    join_numbers,
    mend_per_mille,
)
MOST_PASSES = 20  # a step may make work for an earlier one; real texts settle after two passes


def _gather(lifted: dict[str, str], metadata: dict[str, str]) -> None:
    """Add what a step lifted; the first to say something is believed, glossaries are joined."""
    if "comments" in lifted:
        lifted = read_comments(lifted["comments"])
    for key, value in lifted.items():
        if key in ("date", "published"):
            value = iso_date(value) or ""
        if key == "glossary" and key in metadata:
            metadata[key] += "\n" + value
        elif value:
            metadata.setdefault(key, value)


def _enter(account: dict[str, Change], change: Change) -> None:
    """Add a change to the account of its step."""
    if old := account.get(change.step):
        examples = (old.examples + change.examples)[:EXAMPLES]
        change = Change(change.step, old.count + change.count, examples, old.chars + change.chars)
    account[change.step] = change


def clean(text: str) -> Cleaned:
    """Clean one text: `.text`, `.changes` (one a step that acted) and `.metadata` (title, date, speaker, ...).

    len(text) - sum of the changes' chars == len(.text), and cleaning the result changes nothing. A text damaged by
    pinyin notes is returned as it is, with a change that says so, for every other step would harm its restoration.

    >>> clean("新签约１２个").changes
    (Change(step='narrow_width', count=2, examples=('１', '２'), chars=0),)
    """
    if not isinstance(text, str):
        raise ValueError(f"clean takes a text, not {type(text).__name__}; for a frame use clean_documents.")
    if notes := damage_notes(text):
        return Cleaned(text, (Change(DAMAGED, len(notes), tuple(notes[:EXAMPLES])),))
    account: dict[str, Change] = {}
    metadata: dict[str, str] = {}
    quiet = 0  # how many steps in a row changed nothing; once all have, none ever will
    for step in islice(cycle(STEPS), MOST_PASSES * len(STEPS)):
        edit = step(text)
        quiet += 1
        if edit.text != text:
            quiet = 0
            _enter(account, Change(step.__name__, edit.places, edit.examples, len(text) - len(edit.text)))
            _gather(dict(edit.lifted), metadata)
            text = edit.text
        if quiet == len(STEPS):
            break
    return Cleaned(text, tuple(account.values()), metadata)


# ---- frames

LIFTED = ("title", "date", "published", "speaker", "office", "editor", "publisher", "glossary")
PROGRESS_FROM = 200


TIMES = ("date", "published", "year")
SHOWN = 3  # notes that a warning quotes


def clean_documents(documents: pd.DataFrame) -> pd.DataFrame:
    """Clean every document: the same rows, one a document, with clean text and a column `changes` (tuples of Change).

    What furniture and header lines say fills title, date, published, speaker, office, editor and publisher where they
    are missing, never where they are known; `glossary` keeps a tail that was cut. Dates come out as 2021-01-12, years as
    whole numbers; one that can't be understood, or a text that is no string, becomes missing, with a warning and a line
    in `attrs["notes"]`. Raises ValueError without doc_id, text.
    """
    import pandas as pd
    from tqdm.auto import tqdm

    check_frame(
        documents,
        "clean_documents",
        "doc_id",
        "text",
        advice="Read it with read_documents, or rename the column.",
    )
    texts = tqdm(documents["text"], desc="cleaning", disable=len(documents) <= PROGRESS_FROM)
    results = [clean(text) if isinstance(text, str) else None for text in texts]
    notes = _no_texts(documents)
    table = _with_times(documents, notes)
    table["text"] = [result.text if result else pd.NA for result in results]
    for column in LIFTED:
        lifted = [result.metadata.get(column, pd.NA) if result else pd.NA for result in results]
        old = table[column] if column in table else pd.Series(pd.NA, index=table.index)
        new = pd.Series(lifted, index=table.index, dtype=object)
        table[column] = old.astype(object).where(old.notna(), new)
    if "year" in table:
        table["year"] = table["year"].fillna(table["date"].astype("string").str[:4].astype("Int64"))
    changes = [result.changes if result else () for result in results]
    table["changes"] = pd.Series(changes, index=table.index, dtype=object)
    _tell(table, notes)
    return table


def _no_texts(documents: pd.DataFrame) -> list[str]:
    """A note for each text that is neither a string nor missing."""
    return [
        f"{doc_id}: its text is no string but {type(text).__name__}"
        for doc_id, text in zip(documents["doc_id"], documents["text"], strict=True)
        if not isinstance(text, str) and not is_missing(text)
    ]


def _with_times(documents: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """A copy with dates and years in their form; what is not understood is missing, and noted."""
    import pandas as pd

    table = documents.copy()
    given = [column for column in TIMES if column in table]
    rows = zip(*(table[column] for column in given), strict=True)
    records = [
        tidy_record(dict(zip(given, row, strict=True)), notes, str(doc_id))
        for doc_id, row in zip(table["doc_id"], rows, strict=bool(given))
    ]
    for column in given:
        dtype = "Int64" if column == "year" else object
        values = [value if (value := record.get(column)) is not None else pd.NA for record in records]
        table[column] = pd.Series(values, index=table.index, dtype=dtype)
    return table


def _tell(table: pd.DataFrame, notes: list[str]) -> None:
    if notes:
        table.attrs["notes"] = [*table.attrs.get("notes", []), *notes]
        more = f"; and {len(notes) - SHOWN} more in documents.attrs['notes']" if len(notes) > SHOWN else ""
        warnings.warn(f"{'; '.join(notes[:SHOWN])}{more}.", stacklevel=3)


def changes_table(documents: pd.DataFrame) -> pd.DataFrame:
    """One row a document and step: doc_id, step, count, chars (net characters removed), examples.

    Takes documents that `clean_documents` has cleaned. Raises ValueError where they are not.
    """
    import pandas as pd

    check_frame(
        documents,
        "changes_table",
        "doc_id",
        "changes",
        advice="Clean them first: clean_documents(documents).",
    )
    rows = [
        (doc_id, change.step, change.count, change.chars, "；".join(change.examples))
        for doc_id, changes in zip(documents["doc_id"], documents["changes"], strict=True)
        for change in changes
    ]
    table = pd.DataFrame(rows, columns=["doc_id", "step", "count", "chars", "examples"])
    # Without any change pandas could not know the types.
    types: dict[str, Any] = {"step": "string", "count": "int64", "chars": "int64", "examples": object}
    return table.astype(types | {"doc_id": documents["doc_id"].dtype})
