"""Hits to small files and back: what can be told from the rest is left out, and told again on reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

DEFAULT = {"low": "value", "high": "value"}  # columns that are nearly always as another


def write_hits(hits: pd.DataFrame, path: Path) -> None:
    """Write a frame of hits: `end` as a length, places as steps, words once each, and no bound that is the value itself."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    packed = hits.rename(columns={"end": "length"})
    if "end" in hits:
        packed["length"] = hits["end"] - hits["start"]
    for name, other in DEFAULT.items():
        if name in hits:
            packed[name] = hits[name].mask((hits[name] == hits[other]).fillna(False))
    whole = [name for name in packed if str(packed[name].dtype).lower().startswith("int")]
    pq.write_table(
        pa.Table.from_pandas(packed, preserve_index=False),
        path,
        compression="zstd",
        compression_level=19,
        use_dictionary=[name for name in packed if name not in whole],
        column_encoding=dict.fromkeys(whole, "DELTA_BINARY_PACKED"),
    )


def read_hits(path: Path) -> pd.DataFrame:
    """Read what `write_hits` wrote."""
    import pandas as pd

    hits = pd.read_parquet(path)
    for name, other in DEFAULT.items():
        if name in hits:
            hits[name] = hits[name].fillna(hits[other])
    if "length" in hits:
        hits["length"] = hits["start"] + hits["length"]
    return hits.rename(columns={"length": "end"})
