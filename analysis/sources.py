"""Files, folders, tables and a manifest -> the documents frame, one row a document, and what was left out."""

from __future__ import annotations

import hashlib
import re
import sys
import warnings
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.dates import year_in
from analysis.readers import READERS
from analysis.readers.fields import COLUMNS, Reading, Record, Unreadable, with_year
from analysis.readers.folders import Survey, survey
from analysis.readers.headings import HAN, completed, from_opening, from_title, opening
from analysis.readers.manifests import overridden
from analysis.readers.tables import read_frame

if TYPE_CHECKING:
    import pandas as pd

    Source = str | Path | pd.DataFrame | Iterable[str | Path]

TABLES = (".csv", ".tsv", ".xlsx", ".jsonl", ".parquet")
REPORT = "government work report"
YEAR_FILE = re.compile(r"^(?:19|20)\d{2}(?:[-_—].*)?$")
CITY_FOLDER = re.compile(rf"^(?:{HAN}{{1,15}}市|{HAN}{{2,15}}州|{HAN}{{2,6}}地区|{HAN}{{2,6}}盟)$")
# Folders that group cities end like cities: 主要城市, 其他地市, 西部地区.
GROUPS = "主要|其他|其它|重点|省会|副省级|样本|案例|东部|中部|西部|东北|沿海|全|"
GROUP_FOLDER = re.compile(
    rf"(?:^(?:{GROUPS})|各|所有|全部)(?:城市|地市|地级市|县级市|直辖市|地区|市|市州|州市)$|联盟$"
)
SPEECH = re.compile("报告|讲话|致辞|发言|会议")
STATE_COUNCIL = re.compile(r"(?:^|[-_—])国务院$")
SHOWN = 3  # how many cases a warning quotes
PROGRESS_FROM = 200  # files


def read_documents(source: Source, *, manifest: str | Path | pd.DataFrame | None = None) -> pd.DataFrame:
    """Read texts into the documents frame: one row a document.

    `source` is a file, a folder (read deep, in the order of the paths), a list of either, or a frame with a text
    column: txt, md with front matter, html, docx, pdf with text; csv, tsv, xlsx, jsonl, parquet with a document a
    row. Encodings are detected. In a folder named like a city a file named like a year is that city's government
    work report (the layout of lawtext/gov), with `doc_id` such as `盐城市/2012`; date, speaker and office come
    from its title or opening. Elsewhere `doc_id` is the path without suffix, in tables `<file>:<id or row>`.

    `manifest`, a csv path or frame with `doc_id` or `path`, overrides any column where it has a value.

    All columns are strings, `year` is Int64; what is not known is pd.NA. `left_out(frame)` tells which files and
    rows could not be read and why; a warning sums them up. Remarks on what was read are in
    `frame.attrs["notes"]` and warned of.

    Raises ValueError where nothing at all could be read, or where the manifest can't be used.
    """
    frame = _is_frame(source)
    result = _from_frame(frame) if frame is not None else _from_files(_paths(source), manifest)
    if not result.records:
        raise ValueError(
            f"No document could be read. {_sentences(result.left_out) or 'The folder holds no file.'}"
        )
    notes = result.notes + _make_unique(result.records)
    documents = _frame(result.records)
    if manifest is not None:
        documents, remarks = overridden(documents, manifest)
        notes += remarks
    documents.attrs["left_out"], documents.attrs["notes"] = result.left_out, notes
    _warn(result.left_out, notes)
    return documents


def left_out(documents: pd.DataFrame) -> pd.DataFrame:
    """What `read_documents` could not read: one row a file, sheet or table row, with path and reason."""
    import pandas as pd

    return pd.DataFrame(documents.attrs.get("left_out", []), columns=["path", "reason"], dtype="string")


def find_files(source: str | Path | Iterable[str | Path]) -> list[Path]:
    """The files that `read_documents` would read, in its order; none is opened.

    With `read_file` this lets worker processes take one file each.
    """
    return [path for path, _ in survey(_paths(source)).files]


def read_file(path: str | Path, root: str | Path | None = None) -> list[Record]:
    """Read one file into records (dicts with columns of the documents frame; a column not known is absent).

    `root` is the folder that `doc_id` and `path` are told from (the file's own by default). Rows left out and
    remarks are warned of. Ids are unique within the file only.

    Raises ValueError, naming the file, where nothing can be read from it.
    """
    path = Path(path)
    try:
        result = _read(path, Path(root) if root is not None else path.parent)
    except Unreadable as problem:
        raise ValueError(f"{path} {problem}.") from None
    if not result.records:
        raise ValueError(f"No document could be read. {_sentences(result.left_out)}")
    _warn(result.left_out, result.notes)
    return result.records


def _is_frame(source: Source) -> pd.DataFrame | None:
    return source if hasattr(source, "columns") and hasattr(source, "to_dict") else None  # type: ignore[return-value]


def _paths(source: Any) -> list[Path]:
    single = isinstance(source, (str, Path))
    try:
        paths = [Path(part).expanduser() for part in ([source] if single else source)]
    except TypeError:
        raise ValueError(
            f"Can't read documents from {type(source).__name__}; give a file, a folder, a list of them, or a frame."
        ) from None
    if not paths:
        raise ValueError("The list of files to read is empty; give at least one file or folder.")
    return paths


def _from_frame(frame: pd.DataFrame) -> Reading:
    try:
        result = read_frame(frame, "frame")
    except Unreadable as problem:
        raise ValueError(f"The frame {problem}.") from None
    result.left_out[:0] = frame.attrs.get("left_out", [])
    result.records = [_row_record(record, "frame") for record in result.records]
    return result


def _from_files(paths: list[Path], manifest: Any) -> Reading:
    found = survey(paths)
    if isinstance(manifest, (str, Path)):
        _set_aside(found, Path(manifest).expanduser())
    result = Reading(left_out=found.left_out)
    for path, root in _with_progress(found):
        try:
            part = _read(path, root)
        except Unreadable as problem:
            found.leave_out(path.relative_to(root), str(problem))
            continue
        result.records += part.records
        result.left_out += part.left_out
        result.notes += part.notes
    return result


def _set_aside(found: Survey, manifest: Path) -> None:
    """The manifest may lie among the texts; it is not one of them."""
    found.files = [(path, root) for path, root in found.files if path.resolve() != manifest.resolve()]


def _with_progress(found: Survey) -> Iterable[tuple[Path, Path]]:
    if len(found.files) <= PROGRESS_FROM:
        return found.files
    from tqdm.auto import tqdm

    return tqdm(found.files, desc="reading", unit="file", file=sys.stderr, disable=None, leave=False)


def _read(path: Path, root: Path) -> Reading:
    """Read one file; Unreadable says why not, without the name."""
    relative = path.relative_to(root).as_posix()
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise Unreadable(f"is of a type that is not read ({path.suffix or 'no suffix'})")
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise Unreadable(f"can't be opened ({problem.strerror}); check its permissions") from None
    if not data:
        raise Unreadable("is empty (0 bytes); get it again")
    result = reader(data, relative)
    stem = relative.removesuffix(path.suffix)
    if path.suffix.lower() in TABLES:
        result.records = [_row_record(record, stem) | {"path": relative} for record in result.records]
        return result
    if not result.records[0]["text"].strip():
        raise Unreadable("has no text")
    digest = hashlib.sha256(data).hexdigest()
    record = {"doc_id": stem} | result.records[0] | {"path": relative, "sha256": digest}
    result.records = [_file_record(record, path, result.notes)]
    return result


def _row_record(record: Record, stem: str) -> Record:
    """A table's row: its doc_id if it has that column, else the table's name and the row's id or number."""
    record = dict(record)
    row, number = record.pop("row"), record.pop("id", None)
    record.setdefault("doc_id", f"{stem}:{number or row}")
    return with_year(record)


def _file_record(record: Record, path: Path, notes: list[str]) -> Record:
    """Add what the file's name, its folder's name, its title and its opening tell; what the file says itself wins."""
    said = {column: value for column, value in record.items() if value is not None and column in COLUMNS}
    named = _folder_facts(path.absolute())
    record = said | named | {column: said[column] for column in said if column not in ("doc_id", "genre")}
    if record.get("genre") == REPORT and "title" not in record:
        record |= _title_line(record["text"])
    return with_year(_delivery(record, notes) | record)


def _folder_facts(path: Path) -> Record:
    """City and level from the folder's name; in lawtext/gov's layout also year, genre and a readable id."""
    folder = path.parent.name
    if STATE_COUNCIL.search(folder):
        facts, owner = {"level": "central"}, "国务院"
    elif CITY_FOLDER.match(folder) and not GROUP_FOLDER.search(folder):
        facts, owner = {"level": "city", "city": folder}, folder
    else:
        return {}
    if not YEAR_FILE.match(path.stem):
        return facts
    return facts | {"doc_id": f"{owner}/{path.stem}", "genre": REPORT, "year": year_in(path.stem[:4])}


def _title_line(text: str) -> Record:
    lines = opening(text)
    return {"title": lines[0]} if lines and "工作报告" in lines[0] else {}


def _delivery(record: Record, notes: list[str]) -> Record:
    """Date, speaker, office: the title's, completed from the opening (an office only if it is the same person's).

    Where the two name different speakers or days, a note says so.
    """
    title = record.get("title", "")
    is_report = record.get("genre") == REPORT
    told = from_title(title) if is_report or SPEECH.search(title) else {}
    below = from_opening(record["text"], is_report=is_report, year=record.get("year") or year_in(title))
    if below.get("speaker", "").startswith(told.get("speaker", "-")):  # titles lose a name's last character
        told.pop("speaker")
    notes += [
        f"{record['path']}: the title gives {told[key]} as {key}, the opening {below[key]}; the title is taken"
        for key in ("date", "speaker")
        if told.get(key, below.get(key)) != below.get(key, told.get(key))
    ]
    return completed(told, below)


def _make_unique(records: list[Record]) -> list[str]:
    """Give a repeated doc_id the suffix -2, -3 ...; say so."""
    taken, clashes = {record["doc_id"] for record in records}, Counter[str]()
    notes, used = [], set()
    for record in records:
        wanted = record["doc_id"]
        while record["doc_id"] in used or (record["doc_id"] != wanted and record["doc_id"] in taken):
            clashes[wanted] += 1
            record["doc_id"] = f"{wanted}-{clashes[wanted] + 1}"
        used.add(record["doc_id"])
        if record["doc_id"] != wanted:
            notes.append(
                f"doc_id {wanted!r} occurs twice; {record.get('path', 'the later row')} is {record['doc_id']!r}"
            )
    return notes


def _frame(records: list[Record]) -> pd.DataFrame:
    import pandas as pd

    columns = {
        column: pd.array([record.get(column, pd.NA) for record in records], dtype=_dtype(column))
        for column in COLUMNS
    }
    return pd.DataFrame(columns)


def _dtype(column: str) -> Any:
    return "Int64" if column == "year" else "string"


def _sentences(missing: list[dict[str, str]]) -> str:
    """What was left out, the first few quoted."""
    told = "; ".join(f"{row['path']} {row['reason']}" for row in missing[:SHOWN])
    return (
        told
        + (f"; and {len(missing) - SHOWN} more" if len(missing) > SHOWN else "")
        + ("." if missing else "")
    )


def _warn(missing: list[dict[str, str]], notes: list[str]) -> None:
    if missing:
        counted = "1 file or row was" if len(missing) == 1 else f"{len(missing)} files or rows were"
        warnings.warn(
            f"{counted} left out: {_sentences(missing)} left_out(documents) lists all.", stacklevel=3
        )
    if notes:
        more = f"; and {len(notes) - SHOWN} more in documents.attrs['notes']" if len(notes) > SHOWN else ""
        warnings.warn(f"{'; '.join(notes[:SHOWN])}{more}.", stacklevel=3)
