"""Tables with a document a row: csv, tsv, xlsx, jsonl, parquet, and frames."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.readers.fields import HEADINGS, Reading, Unreadable, column_of, is_missing, tidy_record
from analysis.readers.markup import decoded
from analysis.readers.office import refuse_ole

if TYPE_CHECKING:
    import pandas as pd

DELIMITERS = ",\t;|"
HEADER_ROWS = 5  # a sheet may have a title or two above its headings
WANTED = "one of text, content, 正文, 内容, 全文, 文本"
Rows = list[tuple[str, dict[Any, Any]]]  # (what to call the row, heading -> value)


def read_rows(rows: Rows, headings: list[Any], name: str) -> Reading:
    """Turn rows into records; `headings` are all the table has. A row without text is left out, and named.

    Raises Unreadable where no heading means the text, or there is no row.
    """
    mapping = _mapping(headings)
    if "text" not in mapping.values():
        found = ", ".join(str(heading) for heading in headings if not is_missing(heading)) or "none"
        raise Unreadable(f"has no text column: it has {found}; call the column {WANTED}")
    if not rows:
        raise Unreadable("is a table without rows")
    result = Reading(notes=_unused(headings, mapping, name))
    for label, row in rows:
        raw = {column: row.get(heading) for heading, column in mapping.items()}
        if is_missing(raw["text"]):
            result.left_out.append({"path": f"{name}:{label}", "reason": "the row has no text"})
            continue
        if not isinstance(raw["text"], str):
            reason = f"the row's text is no string but {type(raw['text']).__name__}"
            result.left_out.append({"path": f"{name}:{label}", "reason": reason})
            continue
        record = tidy_record(raw, result.notes, f"{name}:{label}")
        record.setdefault(
            "sha256", hashlib.sha256(record["text"].encode("utf-8", "surrogatepass")).hexdigest()
        )
        result.records.append({"row": label} | record)
    return result


def _mapping(headings: list[Any]) -> dict[Any, str]:
    """Heading -> column; where two headings mean the same column, the one earlier among its synonyms wins."""
    order = {name: rank for rank, name in enumerate(HEADINGS)}
    mapping: dict[str, Any] = {}
    for heading in sorted(headings, key=lambda heading: order.get(str(heading).strip().lower(), len(order))):
        column = column_of(heading)
        if column and column not in mapping:
            mapping[column] = heading
    return {heading: column for column, heading in mapping.items()}


def _unused(headings: list[Any], mapping: dict[Any, str], name: str) -> list[str]:
    unused = [str(heading) for heading in headings if heading not in mapping and not is_missing(heading)]
    if not unused:
        return []
    return [f"{name}: no place among the documents' columns for {', '.join(unused)}; rename what you need"]


def read_delimited(data: bytes, name: str) -> Reading:
    """A .csv or .tsv file in any of the encodings; comma, tab, semicolon or bar is seen from the heading line.

    A row that a quotation mark left open has run together with the rows below it is left out, and its lines named.
    """
    notes: list[str] = []
    content = decoded(data, name, notes)
    table = _delimited(content.text, _delimiter(content.text, name))
    headings = [heading.strip().lstrip("\ufeff") for heading in table[0].cells] if table else []
    if table and table[0].fault:
        raise Unreadable(table[0].fault)
    rows: Rows = []
    misfits = []
    for number, line in enumerate(table[1:], 1):
        if reason := line.fault or _too_many(line, headings):
            misfits.append({"path": f"{name}:{number}", "reason": reason})
        else:
            rows.append((str(number), dict(zip(headings, line.cells, strict=False))))
    if misfits and not rows:
        raise Unreadable(f"has no row that fits its headings: {misfits[0]['reason']}")
    if table and table[-1].open and not table[-1].fault:
        notes.append(f"{name}: ends inside a quotation; its last row may be cut off")
    result = read_rows(rows, headings, name)
    return _add(result, notes=notes, left_out=misfits, encoding=content.encoding)


class _Line(NamedTuple):
    """A row of a delimited table: the number of its last line, its cells, why it can't be used, is its quotation open."""

    number: int
    cells: list[str]
    fault: str
    open: bool


def _delimited(text: str, delimiter: str) -> list[_Line]:
    _allow_long_fields()
    source = list(io.StringIO(text, newline=""))
    reader = csv.reader(source, delimiter=delimiter)
    table, done = [], 0
    try:
        for cells in reader:
            first, done = done, reader.line_num
            if any(cell.strip() for cell in cells):
                broken = _misquoted(source[first:done], delimiter)
                fault = _run_together(first + 1, done) if broken and done - first > 1 else ""
                table.append(_Line(done, cells, fault, "unexpected end" in broken))
    except csv.Error as problem:
        raise Unreadable(
            f"can't be read as a table near line {reader.line_num} ({problem}); mend it there"
        ) from None
    return table


def _misquoted(lines: list[str], delimiter: str) -> str:
    """What the csv module, when strict, says against the quotation marks of one row's lines; nothing if they are right."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as problem:
        return str(problem)
    return ""


def _run_together(first: int, last: int) -> str:
    return (
        f"lines {first} to {last} run together, for a quotation mark there is not closed, or stands within a text "
        "undoubled; mend it"
    )


def _too_many(line: _Line, headings: list[str]) -> str:
    if any(cell.strip() for cell in line.cells[len(headings) :]):
        return f"line {line.number} has {len(line.cells)} fields where the heading has {len(headings)}; quote its text"
    return ""


def _allow_long_fields() -> None:
    """A report is longer than the 131,072 characters that the csv module takes for the longest field."""
    if csv.field_size_limit() < 2**31 - 1:
        csv.field_size_limit(2**31 - 1)


def _delimiter(text: str, name: str) -> str:
    line = next((line for line in text.splitlines() if line.strip()), "")
    usual = "\t" if name.lower().endswith(".tsv") else ","
    found = {
        sign: len({column_of(part.strip('" ')) for part in line.split(sign)} - {None}) for sign in DELIMITERS
    }
    best = max(found, key=lambda sign: (found[sign], sign == usual))
    return best if found[best] else usual


def _add(
    result: Reading, *, notes: list[str], left_out: list[dict[str, str]], encoding: str | None
) -> Reading:
    result.notes[:0] = notes
    result.left_out[:0] = left_out
    if encoding:
        for record in result.records:
            record.setdefault("encoding", encoding)
    return result


def read_xlsx(data: bytes, name: str) -> Reading:
    """An Excel workbook: every sheet with a text column; sheets without are left out and named."""
    import openpyxl

    refuse_ole(data, ".xlsx")
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = {sheet.title: list(sheet.values) for sheet in book.worksheets}
    except Exception as problem:  # zip, XML and workbook errors have no common parent
        raise Unreadable("is not a valid Excel file; open it and save it as .xlsx or .csv") from problem
    result, reasons = Reading(), []
    for title, values in sheets.items():
        try:
            part = _sheet(values, name, "" if len(sheets) == 1 else f"{title}-")
        except Unreadable as problem:
            reasons.append({"path": f"{name}[{title}]", "reason": f"the sheet {problem}"})
            continue
        result.records += part.records
        _add(result, notes=part.notes, left_out=part.left_out, encoding=None)
    if not result.records and not result.left_out and reasons:
        raise Unreadable(reasons[0]["reason"].removeprefix("the sheet "))
    return _add(result, notes=[], left_out=reasons, encoding=None)


def _sheet(values: list[tuple[Any, ...]], name: str, prefix: str) -> Reading:
    filled = [row for row in values if any(not is_missing(cell) for cell in row)]
    top = next((n for n, row in enumerate(filled[:HEADER_ROWS]) if "text" in map(column_of, row)), 0)
    headings = list(filled[top]) if filled else []
    rows: Rows = [
        (f"{prefix}{number}", dict(zip(headings, row, strict=False)))
        for number, row in enumerate(filled[top + 1 :], 1)
    ]
    return read_rows(rows, [heading for heading in headings if not is_missing(heading)], name)


def read_jsonl(data: bytes, name: str) -> Reading:
    """A JSON object a line. A line that isn't one is left out and named."""
    notes: list[str] = []
    content = decoded(data, name, notes)
    rows, broken = [], []
    for number, line in enumerate(content.text.split("\n"), 1):
        if not line.strip():
            continue
        row = _json_object(line)
        if row is None:
            broken.append({"path": f"{name}:{number}", "reason": "the line is not a JSON object"})
        else:
            rows.append((str(number), row))
    if not rows:
        raise Unreadable("holds no JSON object; write one object a line")
    headings = list(dict.fromkeys(key for _, row in rows for key in row))
    return _add(read_rows(rows, headings, name), notes=notes, left_out=broken, encoding=content.encoding)


def _json_object(line: str) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def read_parquet(data: bytes, name: str) -> Reading:
    """A Parquet file."""
    import pandas as pd

    try:
        frame = pd.read_parquet(io.BytesIO(data))
        rows = _frame_rows(frame)
    except Exception as problem:  # pyarrow's errors have no common parent
        raise Unreadable("is not a valid Parquet file; write it again") from problem
    return read_rows(rows, list(frame.columns), name)


def read_frame(frame: pd.DataFrame, name: str) -> Reading:
    """A frame with a document a row, its columns named as in any table."""
    return read_rows(_frame_rows(frame), list(frame.columns), name)


def _frame_rows(frame: pd.DataFrame) -> Rows:
    return [(str(number), dict(row)) for number, row in enumerate(frame.to_dict("records"), 1)]
