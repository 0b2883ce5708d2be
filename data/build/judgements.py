"""Sheets for those who judge the detectors of rhetoric, and their answers into data/lexicon/judgements.csv.

    python data/build/judgements.py draw DEVICE SHEET --documents CLEAN.parquet [--n 60] [--hits 60] [--seed 0]
    python data/build/judgements.py take SHEET JUDGE RULE
    python data/build/judgements.py table

The first draws places to judge and writes them in their sentences; the second takes the answers without the sentences. The
sheet is a CSV outside the clone: it shows real texts. Columns to fill in: `right` (yes or no; of a hit: is it one, as
data/lexicon/categories.csv defines the device; of a near miss: should it have been one), `missed` (of a sentence: how many
of the device stand in it that are marked neither as [[hit]] nor as {{near miss}}), for targets `value`, `unit`, `status`
(yes or no, of hits that are targets). RULE names the state of the rules, such as the commit. Answers of the same judge to
the same device are exchanged: only those to the last rules are kept. The third writes what follows from the judgements, and
the sizes of the lexicons, into the tables of docs/rhetoric.md, between <!-- marks -->.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import pandas as pd

from analysis import (
    commitments,
    devices,
    kappa,
    lexicon_table,
    parallelism,
    precision_recall,
    segment,
    slogans,
    targets,
)
from analysis.lexicon import data_path
from analysis.rhetoric import coding, formulas, parallels, quantities
from analysis.rhetoric.judging import draw_sample
from analysis.rhetoric.rating import own_places

ROOT = Path(__file__).resolve().parents[2]
JUDGEMENTS = data_path("lexicon") / "judgements.csv"
PAGE = ROOT / "docs" / "rhetoric.md"
PLACE = ["stratum", "doc_id", "start", "end"]
ANSWERS = ["right", "missed", "value", "unit", "status"]
TOLD = {
    "targets": ["verb", "object", "value", "unit_kind", "currency", "comparator", "horizon", "status"],
    "parallelism": ["kind", "head", "clauses"],
    "slogans": ["slogan", "kind"],
    "commitment": ["term", "strength", "bound"],
}
Found = tuple[pd.DataFrame, pd.DataFrame]


def found(device: str, sentences: pd.DataFrame, documents: pd.DataFrame) -> Found:
    """Hits and near misses of a device."""
    own: dict[str, Callable[[], Found]] = {
        "targets": lambda: (targets(sentences, documents), quantities.near_misses(sentences)),
        "slogans": lambda: (slogans(sentences), formulas.near_misses(sentences)),
        "parallelism": lambda: (parallelism(sentences), parallels.near_misses(sentences)),
        "commitment": lambda: (
            commitments(sentences, documents),
            coding.near_misses(sentences, "commitment"),
        ),
    }
    if device in own:
        return own[device]()
    hits = devices(sentences, device)
    return hits[~own_places(hits, documents)], coding.near_misses(sentences, device)


def sheet(
    sample: pd.DataFrame, hits: pd.DataFrame, near: pd.DataFrame, documents: pd.DataFrame, told: list[str]
) -> pd.DataFrame:
    """One row a place: what was found, and its surroundings with the hits and near misses marked."""
    texts = documents.set_index("doc_id")["text"]
    marks = {
        stratum: {doc: own for doc, own in frame.groupby("doc_id")[["start", "end"]]}
        for stratum, frame in (("hit", hits), ("near miss", near))
    }
    shown = hits.drop_duplicates(["doc_id", "start", "end"])[["doc_id", "start", "end", *told]]
    renamed = {name: f"found_{name}" for name in told}
    rows = sample.merge(shown.rename(columns=renamed), on=["doc_id", "start", "end"], how="left")
    rows["place"] = [_around(texts[row.doc_id], row, marks) for row in sample.itertuples(index=False)]
    hit = rows["stratum"] == "hit"
    rows.loc[~hit, list(renamed.values())] = pd.NA
    return rows.assign(**dict.fromkeys(ANSWERS, "")).reset_index(names="number")


def _around(text: str, place: tuple, marks: dict) -> str:
    """A place on one line, with what stands before and behind; of a sentence with all that was found in it."""
    wide = 20 if place.stratum == "sentence" else 90
    left, right = max(place.start - wide, 0), min(place.end + wide, len(text))
    if place.stratum == "sentence":
        signs = []
        for stratum, (open_, close) in (("hit", ("[[", "]]")), ("near miss", ("{{", "}}"))):
            own = marks[stratum].get(place.doc_id)
            inside = (
                []
                if own is None
                else own[(own["start"] < place.end) & (own["end"] > place.start)].to_numpy().tolist()
            )
            signs += [sign for start, end in inside for sign in ((start, 1, open_), (end, 0, close))]
        signs += [(place.start, 2, "<<"), (place.end, -1, ">>")]
    else:
        signs = [(place.start, 1, "[["), (place.end, 0, "]]")]
    for at, _, sign in sorted(signs, reverse=True):
        at = min(max(at, left), right)
        text = text[:at] + sign + text[at:]
        right += len(sign)
    return text[left:right].replace("\n", " ¶ ")


def draw(options: argparse.Namespace) -> None:
    documents = pd.read_parquet(options.documents)
    sentences = segment(documents, "sentence")
    hits, near = found(options.device, sentences, documents)
    sample = draw_sample(hits, near, sentences, n=max(options.n, options.hits), seed=options.seed)
    rank = sample.groupby("stratum").cumcount()
    sample = sample[rank < sample["stratum"].map({"hit": options.hits}).fillna(options.n)].reset_index(
        drop=True
    )
    told = TOLD.get(options.device, ["category", "entry"])
    table = sheet(sample, hits, near, documents, told).assign(device=options.device)
    table.to_csv(options.sheet, index=False)
    print(
        f"{len(hits)} hits, {len(near)} near misses, {len(sentences)} sentences; {len(table)} to judge: {options.sheet}"
    )


def take(options: argparse.Namespace) -> None:
    answered = pd.read_csv(options.sheet, dtype="string")
    check(answered)
    rows = answered[["device", *PLACE, "of", *ANSWERS]].assign(
        judge=options.judge, date=date.today().isoformat(), rule=options.rule
    )
    if JUDGEMENTS.is_file():
        kept = pd.read_csv(JUDGEMENTS, dtype="string")
        again = kept["device"].isin(rows["device"]) & (kept["judge"] == options.judge)
        rows = pd.concat([kept[~again], rows])
    rows = rows.astype({"start": int, "end": int}).sort_values(["device", "judge", *PLACE])
    rows.to_csv(JUDGEMENTS, index=False, lineterminator="\n")
    print(f"{len(answered)} answers taken: {JUDGEMENTS}")


def check(answered: pd.DataFrame) -> None:
    """Stop where an answer is missing or no answer, of targets also to value, unit and status where the hit is one."""
    judged, said = answered["stratum"] != "sentence", answered[ANSWERS].isin(["yes", "no"])
    is_target = (answered["device"] == "targets") & (answered["stratum"] == "hit")
    wrong = judged & ~said["right"]
    wrong |= ~judged & ~answered["missed"].fillna("").str.fullmatch(r"\d+")
    wrong |= is_target & (answered["right"] == "yes") & ~said[["value", "unit", "status"]].all(axis=1)
    if wrong.any():
        first = answered.loc[wrong, "number"].iloc[0]
        raise SystemExit(f"{wrong.sum()} rows are not answered, first number {first}.")


def write_tables(_: argparse.Namespace) -> None:
    page = PAGE.read_text("utf-8")
    for name, table in TABLES.items():
        page = filled(page, name, table())
    PAGE.write_text(page, "utf-8", newline="\n")
    print(f"{len(TABLES)} tables written: {PAGE}")


def filled(page: str, name: str, table: str) -> str:
    """Put a table between its marks in a page."""
    marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.S)
    if not marked.search(page):
        raise SystemExit(
            f"{PAGE.name} has no marks <!-- {name} --> and <!-- /{name} -->; put them where it goes."
        )
    return marked.sub(lambda found: f"{found[1]}\n{table}\n\n{found[2]}", page)


def size_table() -> str:
    """How many categories, entries and terms each lexicon has."""
    columns = ["category", "entry", "term"]
    sizes = lexicon_table().groupby("device", sort=False)[columns].nunique()
    rows = ([row.Index, *(f"{n:,}" for n in row[1:])] for row in sizes.itertuples())
    return markdown(["device", "categories", "entries", "terms"], rows)


def judged_table() -> str:
    """Precision and recall of each device, by judge."""
    rows = (
        [
            row["device"],
            row["judge"],
            f"{row['hits']}, {row['near_misses']}, {row['sentences']}",
            share(row, "precision"),
            share(row, "recall"),
        ]
        for _, row in precision_recall().iterrows()
    )
    return markdown(["device", "judge", "judged: hits, near misses, sentences", "precision", "recall"], rows)


def columns_table() -> str:
    """In what share of the right hits of targets each column is right, by judge."""
    names = ["value", "unit", "status"]
    rows = (
        [row["judge"], *(share(row, name) for name in names)]
        for _, row in precision_recall("targets").iterrows()
    )
    return markdown(["judge", *names], rows)


def agreement_table() -> str:
    """How far two judges of the same places agree."""
    rows = (
        [
            row.device,
            f"{row.a}, {row.b}",
            row.places,
            f"{row.agreement:.2f}",
            f"{row.kappa:.2f}" if row.kappa == row.kappa else "none: one answer only",
        ]
        for row in kappa().itertuples()
    )
    return markdown(["device", "judges", "places", "agreement", "kappa"], rows)


def share(row: pd.Series, name: str) -> str:
    """Write a share with its interval."""
    return f"{row[name]:.2f} ({row[f'{name}_low']:.2f} to {row[f'{name}_high']:.2f})"


def markdown(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    lines: list[list[object]] = [list(head), *(list(row) for row in rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


TABLES = {"sizes": size_table, "judged": judged_table, "columns": columns_table, "agreement": agreement_table}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    drawing = commands.add_parser("draw")
    drawing.add_argument("device")
    drawing.add_argument("sheet", type=Path)
    drawing.add_argument(
        "--documents", type=Path, required=True, help="parquet of clean documents: doc_id, year, text"
    )
    drawing.add_argument("--n", type=int, default=60, help="near misses and sentences")
    drawing.add_argument("--hits", type=int, default=60)
    drawing.add_argument("--seed", type=int, default=0)
    drawing.set_defaults(run=draw)
    taking = commands.add_parser("take")
    taking.add_argument("sheet", type=Path)
    taking.add_argument("judge")
    taking.add_argument("rule")
    taking.set_defaults(run=take)
    writing = commands.add_parser("table")
    writing.set_defaults(run=write_tables)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
