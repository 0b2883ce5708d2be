"""Write data/city_reports/stability.csv: for which numbers of topics the shipped reports give topics that come back.

    python data/build/stability.py [processes]

495 fits, about twenty minutes of one core. The table is written anew after each number of topics, so that a run which is
stopped leaves what it has; data/README.md defines the columns.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from analysis import content_terms, open_corpus
from analysis.topic_models.stable import KS, stability

OUT = Path(__file__).resolve().parents[1] / "city_reports" / "stability.csv"
SEEDS, RESAMPLES = 5, 10  # five starts a resample: the resamples, not the starts, make the standard error
TOLD = ("method", "seeds", "resamples", "documents", "passages", "terms")


def main() -> None:
    corpus = open_corpus("city_reports")
    passages = content_terms(corpus.passages, leave_out=corpus.names)
    jobs = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    rows = []
    for k in KS:  # one by one: the same halves are drawn each time
        row = stability(passages, [k], seeds=SEEDS, resamples=RESAMPLES, jobs=jobs)
        told = {name: row.attrs[name] for name in TOLD}
        rows.append(row.round(6).assign(**told, fingerprint=corpus.fingerprint))
        pd.concat(rows).to_csv(OUT, index=False, lineterminator="\n")
        print(rows[-1].to_string(header=len(rows) == 1), flush=True)


if __name__ == "__main__":
    main()
