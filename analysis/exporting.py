"""Clean documents as files: a text each, a manifest, and the account of what was changed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.documents import changes_table, sites_table

if TYPE_CHECKING:
    import pandas as pd

ILLEGAL = re.compile(
    r'[<>:"\\|?*\x00-\x1f]|^\.+(?=/|$)|(?<=/)\.+(?=/|$)|[. ]+(?=/|$)'
)  # on one system or another
LONGEST_NAME = 80  # characters of a part of a path; 255 bytes is the limit of most systems
COUNTED = ("changes", "sites")  # tables of their own
TOLD = ("split", "glossary", "notice")  # what a manifest has no column for


def write_texts(documents: pd.DataFrame, out: str | Path) -> Path:
    """Write clean documents to the folder `out`: texts/, manifest.csv, lifted.csv, changes.csv, sites.csv.

    texts/ has a file a document, named by its doc_id; manifest.csv a row a document, all that is known of it but the
    text, so that read_documents(out / "texts", manifest=out / "manifest.csv") gives the same documents; lifted.csv the
    glossaries that were cut, notices of what was left out, and why a file was divided; changes.csv and sites.csv are
    what `changes_table` and `sites_table` give. A document without text gets a row and no file.

    Takes what `clean_documents` returned. Raises ValueError where it is not that, or the folder holds files already.
    """
    folder = Path(out)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ValueError(
            f"{folder} is not an empty folder; name a new one, so that no older text stays in it."
        )
    tables = {"changes": changes_table(documents), "sites": sites_table(documents)}
    rows = documents.drop(columns=["text", *COUNTED]).assign(doc_id=_file_names(documents["doc_id"]))
    rows["path"] = [f"{name}.txt" for name in rows["doc_id"]]
    tables["lifted"] = rows[["doc_id", *TOLD]].dropna(subset=list(TOLD), how="all")
    rows = rows.drop(columns=list(TOLD))
    for name, text in zip(rows["path"], documents["text"], strict=True):
        if isinstance(text, str):
            path = folder / "texts" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n", encoding="utf-8", errors="surrogatepass", newline="\n")
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in {"manifest": rows, **tables}.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    return folder


def _file_names(ids: pd.Series) -> list[str]:
    """Make each doc_id a path that every system takes, and no two alike: the id itself nearly always."""
    taken: set[str] = set()
    names = []
    for doc_id in ids:
        plain = ILLEGAL.sub("_", str(doc_id).strip("/ ")) or "_"
        plain = "/".join(part[:LONGEST_NAME].rstrip(". ") or "_" for part in plain.split("/") if part)
        name, number = plain, 1
        while name.lower() in taken:  # some systems do not tell A from a
            number += 1
            name = f"{plain}-{number}"
        taken.add(name.lower())
        names.append(name)
    return names
