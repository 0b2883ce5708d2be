"""One file to records: a reader for each format.

`decoding` finds the encoding, `headings` reads dates and speakers, `fields` knows the columns' names; `markup`,
`office` and `tables` hold the readers, each `(bytes, name) -> Reading`.
"""

from __future__ import annotations

from collections.abc import Callable

from analysis.readers.fields import Reading
from analysis.readers.markup import read_html, read_text
from analysis.readers.office import read_docx, read_pdf
from analysis.readers.tables import read_delimited, read_jsonl, read_parquet, read_xlsx

READERS: dict[str, Callable[[bytes, str], Reading]] = {
    ".txt": read_text,
    ".md": read_text,
    ".markdown": read_text,
    ".html": read_html,
    ".htm": read_html,
    ".docx": read_docx,
    ".pdf": read_pdf,
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".xlsx": read_xlsx,
    ".jsonl": read_jsonl,
    ".parquet": read_parquet,
}
