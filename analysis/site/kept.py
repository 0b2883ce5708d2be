"""The tables that notebooks showed: moved to the report's data, and as its page lists them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.site.tables import comment, write_text

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Kept:
    """A table that a notebook showed: its file in data/, what stood by it, its rows and bytes."""

    file: str
    said: str
    rows: int
    bytes: int


def keep_tables(scratch: Path, out: Path, notebook: str, provenance: str) -> list[Kept]:
    """Move the tables that a notebook's kernel wrote (see `keep_table`) to data/, each headed by its provenance."""
    kept = []
    for path in sorted((scratch / notebook).glob("*.csv")):
        about = json.loads(path.with_suffix(".json").read_text("utf-8"))
        name = f"data/{notebook}-{path.stem}.csv"
        size = write_text(out / name, comment(provenance) + path.read_text("utf-8"))
        kept.append(Kept(name, str(about["said"]), int(about["rows"]), size))
    return kept


def listed(table: Kept) -> dict[str, str]:
    """Return what the page of tables shows of one."""
    return {"file": table.file, "said": table.said, "size": size_of(table.rows, table.bytes)}


def size_of(rows: int, size: int) -> str:
    """Say how large a table is.

    >>> size_of(1, 400), size_of(2001, 1_360_000)
    ('1 row, 1 kB', '2,001 rows, 1.4 MB')
    """
    amount = f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3)):,} kB"
    return f"{rows:,} row{'' if rows == 1 else 's'}, {amount}"
