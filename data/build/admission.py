"""Write data/city_reports/admission.csv: what admission found that matters, with what a reader said of it.

    python data/build/admission.py

Reads findings.parquet beside it, which `python -m analysis features` wrote, and confirmed.csv, which is kept by hand.
"""

from __future__ import annotations

import pandas as pd

from analysis.admission.judging import with_confirmation
from analysis.lexicon import data_path, read_table


def main() -> None:
    findings = pd.read_parquet(data_path("city_reports") / "findings.parquet")
    table = with_confirmation(findings, read_table("city_reports", "confirmed.csv"))
    table.to_csv(data_path("city_reports") / "admission.csv", index=False)
    unread = table["confirmed"].isna().sum()
    print(f"{len(table)} findings on {table['doc_id'].nunique()} documents, {unread} of them not yet read.")


if __name__ == "__main__":
    main()
