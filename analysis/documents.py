"""The documents frame, cleaned: restored, divided where a file holds several documents, with the account of changes."""

from __future__ import annotations

import warnings
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.bylines import remarks
from analysis.chunks import progress
from analysis.cleaning import Cleaned, clean_restored
from analysis.frames import check_frame
from analysis.readers.fields import is_missing, tidy_record
from analysis.restoring import Restored, Site, restore
from analysis.sources import REPORT
from analysis.splitting import Part, parts_of

if TYPE_CHECKING:
    import pandas as pd

LIFTED = ("title", "date", "published", "speaker", "office", "editor", "publisher", "glossary", "notice")
OF_PART = (
    "title",
    "date",
    "speaker",
    "office",
)  # what a part says of itself, more to be believed than its file
OF_FILE = ("published", "editor", "publisher")  # what the head or foot of a file says of all its parts
PROGRESS_FROM = 200
CONTEXT = 12  # characters shown on either side of a restored place


TIMES = ("date", "published", "year")
SHOWN = 3  # notes that a warning quotes


@dataclass(frozen=True)
class SiteInText(Site):
    """A restored place with the characters beside it."""

    left: str = ""
    right: str = ""


class _Piece(NamedTuple):
    """One document of a file, clean; why it was divided from the others, and the places restored in it."""

    evidence: str
    cleaned: Cleaned
    sites: tuple[SiteInText, ...]
    note: str = ""  # why damage was left as it is


def clean_documents(documents: pd.DataFrame) -> pd.DataFrame:
    """Clean every document. One row a document: as given, but a file that holds several becomes as many rows.

    Parts are called `<doc_id>#1`, `#2` ...; `parent_id` keeps the file's id, `split` the reason of the division. New
    columns: clean text; `changes` (tuples of Change, see `changes_table`); `sites` (places restored, see `sites_table`).
    What furniture and header lines say fills title, date, published, speaker, office, editor and publisher where they
    are missing, never where they are known (but a part's own title, date and speaker go before its file's); `glossary`
    keeps a tail that was cut, `notice` a remark that something was left out. Dates come out as 2021-01-12, years as
    whole numbers; one that can't be understood, or a text that is no string, becomes missing, with a warning and a line
    in `attrs["notes"]`.

    Raises ValueError without doc_id, text.
    """
    check_frame(
        documents,
        "clean_documents",
        "doc_id",
        "text",
        advice="Read it with read_documents, or rename the column.",
    )
    texts = progress(documents["text"], "cleaning", long=len(documents) > PROGRESS_FROM)
    found = [_pieces(text) for text in texts]
    notes = _no_texts(documents) + [
        f"{doc_id}: {pieces[0].note}"
        for doc_id, pieces in zip(documents["doc_id"], found, strict=True)
        if pieces[0] and pieces[0].note
    ]
    table = _a_row_a_piece(_with_times(documents, notes), found)
    results = [piece for pieces in found for piece in pieces]
    _fill(table, results)
    _tell(table, notes)
    return table


def _pieces(text: Any) -> list[_Piece | None]:
    """Restore the text of a file, divide it where it holds several documents, and clean each; None for no text."""
    if not isinstance(text, str):
        return [None]
    restored = restore(text)
    parts = parts_of(restored.text)
    if len(parts) == 1:
        cleaned = clean_restored(restored.text, restored.sites, len(text) - len(restored.text))
        return [_Piece("", cleaned, _in_context(restored, restored.sites), restored.note)]
    return [_piece(restored, part) for part in parts]


def _piece(restored: Restored, part: Part) -> _Piece:
    sites = tuple(site for site in restored.sites if part.start <= site.start < part.end)
    chars = sum(len(site.before) - len(site.after) for site in sites)
    cleaned = clean_restored(restored.text[part.start : part.end], sites, chars)
    return _Piece(part.evidence, cleaned, _in_context(restored, sites), restored.note)


def _in_context(restored: Restored, sites: tuple[Site, ...]) -> tuple[SiteInText, ...]:
    text = restored.text
    return tuple(
        SiteInText(
            **asdict(site),
            left=text[max(0, site.start - CONTEXT) : site.start],
            right=text[site.end : site.end + CONTEXT],
        )
        for site in sites
    )


def _a_row_a_piece(table: pd.DataFrame, found: list[list[_Piece | None]]) -> pd.DataFrame:
    """Repeat the row of a file that was divided, and name its parts; without such a file the rows stay as they are."""
    import pandas as pd

    if all(len(pieces) == 1 for pieces in found):
        return table
    attrs, rows = table.attrs, [row for row, pieces in enumerate(found) for _ in pieces]
    numbers = [number for pieces in found for number in range(1, len(pieces) + 1)]
    parts = pd.Series([len(found[row]) > 1 for row in rows])
    table["text"] = pd.NA  # each part has its own; the file's, repeated for each, would fill the memory
    table = table.iloc[rows].reset_index(drop=True)
    files = table["doc_id"].astype(object)
    if "parent_id" not in table:
        table["parent_id"] = pd.NA
    table["parent_id"] = table["parent_id"].astype(object).where(~parts, files)
    named = [f"{file}#{number}" for file, number in zip(files, numbers, strict=True)]
    given = set(map(str, files))
    named = [f"{name}." if name in given else name for name in named]  # another file may be called x#1
    table["doc_id"] = files.where(~parts, pd.Series(named))
    table.attrs = attrs
    return table


def _fill(table: pd.DataFrame, results: list[_Piece | None]) -> None:
    """Put what cleaning gave into the columns of the table."""
    import pandas as pd

    table["text"] = [piece.cleaned.text if piece else pd.NA for piece in results]
    evidence = _column(table, [piece.evidence if piece else None for piece in results])
    parts = evidence.notna()
    table["split"] = evidence.where(parts, table["split"]) if "split" in table else evidence
    lifted = [_lifted(piece) for piece in results]
    _keep_office(table, lifted)
    for name in LIFTED:
        new = _column(table, [told.get(name) for told in lifted])
        old = table[name].astype(object) if name in table else _column(table, [None] * len(table))
        if name in OF_PART:
            old = old.where(~parts | new.isna(), new)
        table[name] = old.where(old.notna(), new)
    _share_among_parts(table, parts)
    _add_remarks(table)
    if "year" in table:
        table["year"] = table["year"].fillna(table["date"].astype("string").str[:4].astype("Int64"))
    table["changes"] = _column(table, [piece.cleaned.changes if piece else () for piece in results])
    table["sites"] = _column(table, [piece.sites if piece else () for piece in results])


def _column(table: pd.DataFrame, values: list[Any]) -> pd.Series:
    """A column of any objects; what is None or empty text is missing."""
    import pandas as pd

    filled = [pd.NA if value is None or value == "" else value for value in values]
    return pd.Series(filled, index=table.index, dtype=object)


def _lifted(piece: _Piece | None) -> dict[str, str]:
    return dict(piece.cleaned.metadata) if piece else {}


def _keep_office(table: pd.DataFrame, lifted: list[dict[str, str]]) -> None:
    """Forget the office that a header gives to another person than the speaker who is known."""
    if "speaker" not in table:
        return
    for told, known in zip(lifted, table["speaker"], strict=True):
        if not is_missing(known) and told.get("speaker", known) != known:
            told.pop("office", None)


def _add_remarks(table: pd.DataFrame) -> None:
    """Fill speaker, office and date of the remarks that a news text reports, where they are unknown."""
    reports = table["genre"].eq(REPORT).fillna(False) if "genre" in table else [False] * len(table)
    at = {column: number for number, column in enumerate(table.columns)}
    for row, is_report in enumerate(reports):  # by position: two rows may bear one label
        if is_report or is_missing(text := table.iat[row, at["text"]]):
            continue
        title, published = (_known(table.iat[row, at[column]]) for column in ("title", "published"))
        for column, value in remarks(title, str(text), published).items():
            if is_missing(table.iat[row, at[column]]):
                table.iat[row, at[column]] = value


def _known(value: Any) -> str | None:
    return None if is_missing(value) else str(value)


def _share_among_parts(table: pd.DataFrame, parts: pd.Series) -> None:
    """Let all parts of a file have what its head or foot says of it."""
    if not parts.any():
        return
    for name in OF_FILE:
        own = table.loc[parts, name]
        known = own.groupby(table.loc[parts, "parent_id"]).first()  # of what is not missing
        shared = table.loc[parts, "parent_id"].map(known)
        table.loc[parts, name] = own.where(own.notna() | shared.isna(), shared)


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


def sites_table(documents: pd.DataFrame) -> pd.DataFrame:
    """One row a restored place: doc_id, start, end, before, after, kind, certainty, alternative, left, right.

    start and end are offsets into the restored text of the file, before it was cleaned; left and right the characters
    beside the place. certainty: "exact" (all bytes known), "inferred" (a dictionary chose), "unresolved" (still visible
    in the text). Takes documents that `clean_documents` has cleaned. Raises ValueError where they are not.
    """
    import pandas as pd

    advice = "Clean them first: clean_documents(documents)."
    check_frame(documents, "sites_table", "doc_id", "sites", advice=advice)
    rows = [
        {"doc_id": doc_id} | asdict(site)
        for doc_id, sites in zip(documents["doc_id"], documents["sites"], strict=True)
        for site in sites
    ]
    return pd.DataFrame(rows, columns=["doc_id", *(part.name for part in fields(SiteInText))])
