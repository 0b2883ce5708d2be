"""Puts the figures of benchmarks/calibration/*.csv into the tables of docs/calibration.md, between <!-- marks -->.

python benchmarks/calibration_tables.py
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "calibration.md"
CELL = {"document": "documents", "city": "cities"}


def write() -> None:
    """Write every table whose figures are there into the page."""
    page = PAGE.read_text("utf-8")
    for name, table in TABLES.items():
        page = filled(page, name, table())
    PAGE.write_text(page, "utf-8", newline="\n")


def filled(page: str, name: str, table: str) -> str:
    marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.S)
    if not marked.search(page):
        raise SystemExit(
            f"{PAGE.name} has no marks <!-- {name} --> and <!-- /{name} -->; put them where the table goes."
        )
    return marked.sub(lambda found: f"{found[1]}\n{table}\n\n{found[2]}", page)


def kept(part: str) -> pd.DataFrame:
    return pd.read_csv(HERE / "calibration" / f"{part}.csv")


def markdown(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    lines = [list(head), *(list(row) for row in rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def hits(mean: float, some: float) -> str:
    return (
        f"{mean:,.0f}"
        if mean >= 100
        else f"{mean:.1f}"
        if mean >= 10
        else f"{mean:.2f} ({some:.0%})".replace("%", " %")
    )


def percent(share: float, digits: int = 1) -> str:
    return f"{100 * share:.{digits}f}"


def placebo() -> str:
    found = kept("placebo")
    found = found[found["test"] != "moderated"]
    shares = sorted(found["min_units"].unique())
    rows = []
    for (unit, size, test), own in found.groupby(["unit", "size", "test"], sort=False):
        cells = [
            hits(row.mean_, row.any_)
            for row in own.rename(columns={"mean": "mean_", "any": "any_"}).itertuples()
        ]
        bold = test == "permuted_t"
        rows.append(
            [
                CELL[str(unit)],
                f"{size:,}",
                test,
                *(f"**{x}**" if bold and at == 1 else x for at, x in enumerate(cells)),
            ]
        )
    return markdown(["unit", "size", "test", *(f"{share:.0%}".replace("%", " %") for share in shares)], rows)


def permutation() -> str:
    found = kept("permutation").rename(columns={"mean": "mean_"})
    rows = [
        [CELL[row.unit], row.size_, percent(row.min_units, 0), row.draws, f"{row.mean_:.2f}"]
        for row in found.rename(columns={"size": "size_"}).itertuples()
    ]
    return markdown(["unit", "size", "words used by at least, %", "draws", "called"], rows)


def small() -> str:
    found = kept("small").set_index(["reports", "size", "test", "within"])["mean"]
    rows = []
    for reports, size in dict.fromkeys(
        zip(*(found.index.get_level_values(n) for n in ("reports", "size")), strict=True)
    ):
        cells = [
            f"{found[reports, size, test, 'none']:.2f} / {found[reports, size, test, 'year']:.2f}"
            for test in ("t", "moderated", "permuted_t")
        ]
        rows.append([reports, size, *cells])
    return markdown(["reports", "group", "t, unadjusted / within year", "moderated", "permuted_t"], rows)


def power(factor: int) -> str:
    found = kept("power")
    found = found[found["factor"] == factor].sort_values(["unit", "size"], ascending=[False, True])
    shown = [("t", 0.2), ("permuted_t", 0.02), ("permuted_t", 0.05), ("permuted_t", 0.2)]
    rows = []
    for (unit, size), own in found.sort_values(["unit", "size"], ascending=[False, True]).groupby(
        ["unit", "size"], sort=False
    ):
        cells = own.set_index(["test", "min_units"])
        told = [text for key in shown for text in found_and_false(cells.loc[key])]
        rows.append([CELL[str(unit)], f"{size:,}", own["draws"].iloc[0], *told])
    head = [x for test, least in shown for x in (f"{test}, {least:.0%}".replace("%", " %"), "false, %")]
    return markdown(["unit", "size", "draws", *head], rows)


def found_and_false(row: pd.Series) -> tuple[str, str]:
    return f"{row['found']:.1f}", f"{percent(row['false'])} ± {percent(row['se'])}"


def coverage() -> str:
    found = kept("coverage")
    sizes = sorted(found["size"].unique())
    rows = []
    for (unit, against), own in found.groupby(["unit", "against"], sort=False):
        cells = own.set_index("size")
        rows.append(
            [
                CELL[str(unit)],
                against,
                *(f"{percent(cells.few[size])}, {percent(cells.many[size])}" for size in sizes),
            ]
        )
    return markdown(["unit", "against", *map(str, sizes)], rows)


def likeness() -> str:
    found = kept("likeness")
    rows = found[found["reports"] != "likeness"]
    return markdown(
        ["reports of a city", *(re.sub(r"^(\d+)-\1$", r"\1", name) for name in rows["reports"])],
        [["variance", *(f"{value:.2f}" for value in rows["variance"])]],
    )


def departures(study: str) -> Callable[[], str]:
    def table() -> str:
        found = kept("departures")
        found = found[found["study"] == study].drop(columns="study").dropna(axis=1, how="all")
        first = [name for name in ("unit", "units", "who") if name in found]
        found = found[[*first, *found.columns.difference(first, sort=False)]]
        rows = [[figure(name, value) for name, value in row.items()] for _, row in found.iterrows()]
        return markdown(found.columns, rows)

    return table


def figure(name: str, value: object) -> str:
    if pd.isna(value):
        return "-"  # without a floor a word that a side never uses has no interval
    if name == "units":
        return f"{value:.0f}"
    if name in ("p < 0.001", "coverage", "share of the difference"):
        return percent(float(str(value))) + " %"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


TABLES: dict[str, Callable[[], str]] = {
    "placebo": placebo,
    "permutation": permutation,
    "small": small,
    "power": lambda: power(4),
    "power-twice": lambda: power(2),
    "coverage": coverage,
    "likeness": likeness,
    **{
        f"departures-{study}": departures(study)
        for study in ("indicator", "years", "cities", "intervals", "yearless")
    },
}


if __name__ == "__main__":
    write()
