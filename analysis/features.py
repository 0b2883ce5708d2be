"""Counts to files and back: figures without text, so that a study can be passed on where its texts may not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from analysis.counts import Counts

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from scipy.sparse import csr_matrix

SCHEMA = 1  # the version of the feature files; read_features refuses a newer one
FOLDER = (
    3  # the version of a corpus's folder of them: 2 has `own` and `segmentations`, 3 `rhetoric` and `reuse`
)
_LENGTHS = ("n_tokens", "n_chars")  # what differs between counts of the same documents


def write_features(counts: Counts, path: str | Path) -> None:
    """Write counts to the folder `path`: no text and no word order, only what `read_features` gives back.

    rows.parquet has one row a unit: its metadata, and the lists `term_step` (each term's place in terms.parquet, as the
    difference from the one before) and `n` (how often). Terms are in order of falling document frequency, so that the
    steps are small.

    Raises ValueError for anything but whole numbers from 0: weights (tf-idf, rates) can't be written.
    """
    _check_counts(counts)
    _write(counts, Path(path))


def write_difference(counts: Counts, base: Counts, path: str | Path) -> None:
    """Write counts of the documents that `base` counts too as the cells that differ, a fraction of the whole.

    As in `write_features`, but `n` is the count less that of `base` (never 0), and the rows have only doc_id and the
    columns that `base` lacks or has otherwise. Raises ValueError where the documents are not the same.
    """
    _check_counts(counts)
    _check_rows(counts.rows, base, "write_difference")
    terms = counts.terms.union(base.terms)
    values = counts.select(terms).values - base.select(terms).values
    values.eliminate_zeros()
    changed = [name for name in counts.rows if name not in base.rows or name in ("doc_id", *_LENGTHS)]
    _write(Counts(values, counts.rows[changed], terms).trim(min_docs=1), Path(path))


def read_difference(path: str | Path, base: Counts) -> Counts:
    """Read counts that `write_difference` wrote, in the rows of `base` and over the terms of both.

    Raises ValueError where there are none, or `base` is not what they differ from.
    """
    folder = Path(path)
    difference = read_features(folder)
    _check_rows(difference.rows, base, str(folder))
    terms = difference.terms.union(base.terms)
    values = difference.select(terms).values + base.select(terms).values
    values.eliminate_zeros()
    if (values.data < 0).any():
        raise ValueError(f"{folder} belongs to other counts of these documents. Build all of them again.")
    columns = difference.rows.drop(columns="doc_id")
    rows = base.rows.drop(columns=list(columns), errors="ignore").reset_index(drop=True)
    return Counts(values, rows.join(columns), terms)


def _check_rows(rows: pd.DataFrame, base: Counts, where: str) -> None:
    if list(rows["doc_id"]) != list(base.rows["doc_id"]):
        raise ValueError(f"{where}: the counts are not of the same documents. Build all of them again.")


def _write(counts: Counts, folder: Path) -> None:
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    order = np.lexsort((np.arange(len(counts.terms)), -counts.docs()))
    values = counts.values[:, order].sorted_indices()
    offsets = pa.array(values.indptr, pa.int32())
    table = pa.Table.from_pandas(counts.rows, preserve_index=False)
    table = table.append_column(
        "term_step", pa.ListArray.from_arrays(offsets, pa.array(_steps(values), pa.int32()))
    )
    table = table.append_column("n", pa.ListArray.from_arrays(offsets, pa.array(values.data, pa.int32())))
    table = table.replace_schema_metadata(
        {**(table.schema.metadata or {}), b"features_schema": str(SCHEMA).encode()}
    )
    delta = {"term_step.list.element": "DELTA_BINARY_PACKED", "n.list.element": "DELTA_BINARY_PACKED"}
    pq.write_table(
        table,
        folder / "rows.parquet",
        compression="zstd",
        compression_level=19,
        use_dictionary=False,
        column_encoding=delta,
    )
    terms = pa.table({"term": pa.array(list(counts.terms[order]), pa.string())})
    pq.write_table(terms, folder / "terms.parquet", compression="zstd", use_dictionary=False)


def read_features(path: str | Path) -> Counts:
    """Read counts from the folder that `write_features` wrote. Raises ValueError where it is not one."""
    import numpy as np
    import pandas as pd
    import pyarrow.parquet as pq
    from scipy.sparse import csr_matrix

    folder = Path(path)
    if not (folder / "rows.parquet").is_file() or not (folder / "terms.parquet").is_file():
        raise ValueError(
            f"{folder} holds no features (rows.parquet and terms.parquet). Make them with write_features."
        )
    table = pq.read_table(folder / "rows.parquet")
    _check_schema(table.schema.metadata or {}, folder)
    steps, n = (table[name].combine_chunks() for name in ("term_step", "n"))
    indptr = steps.offsets.to_numpy()
    indices = _places(steps.flatten().to_numpy(), indptr)
    terms = pq.read_table(folder / "terms.parquet")["term"].to_pylist()
    values = csr_matrix(
        (n.flatten().to_numpy().astype(np.int64), indices, indptr), shape=(len(table), len(terms))
    )
    order = np.argsort(np.array(terms, dtype=object), kind="stable")
    values = values.tocsc()[:, order].tocsr()  # sorts the places in each row, quicker than to sort them
    rows = table.drop_columns(["term_step", "n"]).to_pandas()
    # Text comes back with NaN for what is missing, and a column that never had a value without a type.
    rows = rows.astype({name: "string" for name in rows.columns if _is_text(rows[name])})
    return Counts(values, rows, pd.Index([terms[at] for at in order], dtype=object))


def _is_text(column: pd.Series) -> bool:
    import pandas as pd

    untyped = column.dtype == object and bool(column.isna().all())
    return untyped or pd.api.types.is_string_dtype(column)


def _check_counts(counts: Counts) -> None:
    import numpy as np

    if counts.kind != "counts":
        raise ValueError(
            "write_features writes counts, not weights; give it the counts before tfidf() or rates()."
        )
    data = counts.values.data
    if not np.array_equal(data, np.floor(data)) or (data < 0).any():
        raise ValueError("write_features writes whole numbers from 0; these counts hold others.")


def _steps(values: csr_matrix) -> np.ndarray:
    """Return each term's place as the step from the term before it in the same row."""
    import numpy as np

    steps = np.diff(values.indices, prepend=0)
    first = values.indptr[:-1][np.diff(values.indptr) > 0]
    steps[first] = values.indices[first]
    return steps


def _places(steps: np.ndarray, indptr: np.ndarray) -> np.ndarray:
    import numpy as np

    sums = np.cumsum(steps)
    before = np.concatenate([[0], sums])[indptr[:-1]]
    return sums - np.repeat(before, np.diff(indptr))


def _check_schema(metadata: dict[bytes, bytes], folder: Path) -> None:
    version = int(metadata.get(b"features_schema", b"0"))
    if version > SCHEMA:
        raise ValueError(
            f"{folder} has features of version {version}, newer than this package reads ({SCHEMA}). Update it."
        )
