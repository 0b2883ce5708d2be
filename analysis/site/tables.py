"""Tables as CSV: what a page shows can be taken away whole, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.languages import spans

if TYPE_CHECKING:
    import pandas as pd

# What a spreadsheet takes for the start of a formula, in the wide forms of East Asian keyboards too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# The same after what parts a line into cells.
_INSIDE, _APOSTROPHE = re.compile(r"""(?<=[,;|])["'\s]*(?=[=+\-@＝＋－＠])"""), "'"
SCRATCH = "REPORT_TABLES"  # environment: the folder that a report's kernels write the shown tables to


def write_csv(frame: pd.DataFrame, path: Path, provenance: str, *, index: bool = False) -> int:
    """Write a table as CSV (UTF-8), whole or not at all; return its bytes.

    The first line is a comment that says where it comes from: pandas.read_csv(path, comment="#") reads the rest. Texts are
    quoted, so a # in them is no comment. A text or a column's name that a spreadsheet would take for a formula gets a '
    before it; numbers stay as they are, rounded nowhere.
    """
    return write_text(path, comment(provenance) + csv_text(frame, index=index))


def csv_text(frame: pd.DataFrame, *, index: bool = False) -> str:
    """Return a table as CSV with its formula cells defused; unknown is an empty cell.

    >>> import pandas as pd
    >>> print(csv_text(pd.DataFrame({"title": ["=1+1", "招商"], "n": [-1, 2]})), end="")
    "title","n"
    "'=1+1",-1
    "招商",2
    """
    whole = frame.reset_index() if index else frame
    plain = {at: _defused(whole.iloc[:, at]) for at in range(whole.shape[1])}  # names may be there twice
    told = _frame(plain, [defused(str(name)) for name in whole.columns])
    return told.to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")


def defused(text: str) -> str:
    """Return a text as a spreadsheet shows it, with a ' before what would be a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def comment(provenance: str) -> str:
    """Return a provenance as the one line that heads a CSV.

    A spreadsheet parts it at commas as it does any line, so a corpus's name could bring a formula: it is defused too.

    >>> comment("corpus: a,=1+1")
    "# corpus: a,'=1+1\\n"
    """
    return f"# {_INSIDE.sub(_APOSTROPHE, ' '.join(provenance.split()))}\n"


def write_text(path: Path, text: str) -> int:
    """Write a text (UTF-8) whole or not at all; return its bytes."""
    data = text.encode("utf-8", "surrogatepass")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(data)
    part.replace(path)
    return len(data)


def _frame(columns: dict[int, Any], names: list[str]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(columns).set_axis(names, axis=1)


def _defused(column: pd.Series) -> pd.Series:
    """Return a column with its texts defused; columns of numbers and dates as they are."""
    from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

    bare = column.reset_index(drop=True)
    if is_numeric_dtype(bare) or is_bool_dtype(bare) or is_datetime64_any_dtype(bare):
        return bare
    return bare.astype(object).map(lambda value: defused(value) if isinstance(value, str) else _plain(value))


def _plain(value: Any) -> Any:
    """Return what is neither text nor number as text: a list of terms, a tuple."""
    return defused("; ".join(map(str, value))) if isinstance(value, list | tuple | set) else value


# ---- tables that notebooks show


def keep_table(frame: pd.DataFrame, said: str = "", *, index: bool = False) -> str:
    """Keep a table that a notebook shows for the report's data page; return the link to its CSV as HTML.

    said: what stands below or above it, for the list of tables. In a notebook that no report runs nothing is kept, and the
    link is "".
    """
    folder = os.environ.get(SCRATCH)
    if not folder:
        return ""
    place = Path(folder)
    number = f"{len(list(place.glob('*.csv'))) + 1:02d}"
    text = csv_text(frame, index=index)
    write_text(place / f"{number}.csv", text)
    columns = [str(name) for name in (frame.reset_index() if index else frame).columns]
    about = {"said": said, "rows": len(frame), "columns": columns}
    write_text(place / f"{number}.json", json.dumps(about, ensure_ascii=False))
    rows = f"All {len(frame):,} rows as CSV" if len(frame) != 1 else "This row as CSV"
    return f'<p class="csv"><a href="data/{place.name}-{number}.csv">{spans(rows)}</a></p>'
