"""A manifest: what the researcher knows about her documents overrides what the files say."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from analysis.readers.fields import COLUMNS, Unreadable, column_of, is_missing, tidy
from analysis.readers.markup import decoded

if TYPE_CHECKING:
    import pandas as pd

KEYS = ("doc_id", "path")


def overridden(
    documents: pd.DataFrame, manifest: str | Path | pd.DataFrame
) -> tuple[pd.DataFrame, list[str]]:
    """The documents with the manifest's values in place of their own, and remarks on what it could not do.

    A row is found by `doc_id`, or by `path` (relative, or the file's name alone where that is clear). An empty
    cell overrides nothing. Rows that match no document and columns that documents lack are remarked on.

    Raises ValueError for a manifest without key, one that names a document twice, or a date that isn't one.
    """
    table = read_manifest(manifest)
    columns = {heading: column_of(heading) for heading in table.columns}
    key = next((wanted for wanted in KEYS if wanted in columns.values()), None)
    if key is None:
        raise ValueError(
            f"The manifest has neither doc_id nor path; it has {', '.join(map(str, table.columns))}."
        )
    wanted = {column: heading for heading, column in columns.items() if column in COLUMNS}
    rows = _matched(documents, table, wanted, key)
    result = documents.copy()
    for column, heading in wanted.items():
        if column not in KEYS:
            result[column] = _new_values(documents, table, rows, column, heading)
    return result, _remarks(table, columns, rows, key, wanted[key])


def read_manifest(manifest: str | Path | pd.DataFrame, what: str = "manifest") -> pd.DataFrame:
    """The manifest (or another table, `what`) as a frame, all cells text where it comes from a file."""
    import io

    import pandas as pd

    if not isinstance(manifest, (str, Path)):
        return manifest
    path = Path(manifest).expanduser()
    if not path.is_file():
        raise ValueError(f"The {what} {path} does not exist; check the spelling of the path.")
    try:
        text = decoded(path.read_bytes(), path.name, []).text
        return pd.read_csv(io.StringIO(text), dtype="string", keep_default_na=False, skipinitialspace=True)
    except (Unreadable, ValueError) as problem:
        raise ValueError(
            f"The {what} {path} can't be read as a csv table ({problem}); mend it there."
        ) from None


def _matched(
    documents: pd.DataFrame, table: pd.DataFrame, wanted: dict[str, Any], key: str
) -> dict[int, int]:
    """Row of the manifest -> row of the documents."""
    known = _known(documents, key)
    rows: dict[int, int] = {}
    for number, value in enumerate(table[wanted[key]]):
        position = (
            None if is_missing(value) else known.get(str(value).strip().replace("\\", "/").removeprefix("./"))
        )
        if position is None:
            continue
        if position in rows.values():
            raise ValueError(
                f"The manifest names {str(value)!r} twice, the second time in row {number + 1}; keep one."
            )
        rows[number] = position
    return rows


def _known(documents: pd.DataFrame, key: str) -> dict[str, int]:
    """What a document may be called -> its row. A path by its last part too, where only one has it."""
    names = {str(value): row for row, value in enumerate(documents[key]) if not is_missing(value)}
    if key == "doc_id":
        return names
    lasts = [PurePosixPath(name).name for name in names]
    short = {last: row for last, row in zip(lasts, names.values(), strict=True) if lasts.count(last) == 1}
    return short | names


def _new_values(
    documents: pd.DataFrame, table: pd.DataFrame, rows: dict[int, int], column: str, heading: Any
) -> Any:
    values = documents[column].copy()
    cells = list(table[heading])
    for number, position in rows.items():
        try:
            value = tidy(column, cells[number])
        except ValueError as problem:
            raise ValueError(
                f"Row {number + 1} of the manifest has a {problem} that is not understood."
            ) from None
        if value is not None:
            values.iloc[position] = value
    return values


def _remarks(
    table: pd.DataFrame, columns: dict[Any, str | None], rows: dict[int, int], key: str, heading: Any
) -> list[str]:
    remarks = []
    unknown = [str(name) for name, column in columns.items() if column not in COLUMNS]
    if unknown:
        remarks.append(f"the manifest's {', '.join(unknown)} is no column of documents and was not used")
    lost = [str(value) for number, value in enumerate(table[heading]) if number not in rows]
    if lost:
        remarks.append(
            f"{len(lost)} of {len(table)} manifest rows match no document by {key}, first {lost[0]!r}"
        )
    return remarks
