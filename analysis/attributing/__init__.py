"""Which city each document speaks for, with evidence: names in their context, offices, counties, own words."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.attributing.gazetteer import Gazetteer, Unit, gazetteer
from analysis.attributing.verdicts import Facts, Verdict, verdict
from analysis.chunks import progress
from analysis.dates import year_in
from analysis.frames import check_frame
from analysis.places import ambiguity, resolve_city
from analysis.readers.fields import column_of, is_missing
from analysis.readers.manifests import KEYS, overridden, read_manifest

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("city", "county", "adcode", "province", "region", "level", "evidence", "confidence")
SET = ("city", "adcode", "province", "region", "level")  # what a manifest may set here
PROGRESS_FROM = 200
SHOWN = 3  # documents that the warning names


def attribute(
    documents: pd.DataFrame,
    *,
    manifest: str | Path | pd.DataFrame | None = None,
    places: str | Path | pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Tell which city each document speaks for. The same rows, one a document, in the same order; a frame of its own.

    documents: cleaned; needs doc_id, text; uses city (what it is filed as: a claim), title, office, publisher, year,
    level where they are there. manifest: overrides all else (doc_id or path, city, ...). places: places beside
    data/places.csv and counties.csv: name, short, level, city, province, region; a county has level "county" and the
    city above it as `city`.

    Sets city (full name), county (where a county or district speaks), adcode, province, region, level ("central",
    "province", "city", "county", "development zone": the tier that speaks), evidence (what was found; numbers after
    "at" are offsets into the text) and confidence. Unknown is missing.

    Each city gets a score: 1 a mention; 3 its government, party or congress; 10 where it is named as the speaker's own
    (我代表X市人民政府, X市第N届人民代表大会); 0.25 a mention in passing (a partner, a list, a road, a firm, somebody's
    career, a name that is also a word); up to 3 each of its counties, divided where several share the name. The headline
    and the claim do not score.

    - high: score 10 or more, 3 times that of the next city, and its government named, or 3 counties, or 5 plain mentions;
      or set by the manifest.
    - medium: 4 or more and twice the next; or 2 or more and 3 times the next, with the city and a county of it named;
      or the first in the text, and filed so too.
    - low: 2 or more and 1.5 times the next; or only the claim; or only the headline or the publisher.
    - missing: no city is known, or the document speaks for the country or a province.

    Where the text speaks for another city than the claim (medium or high), the text is believed. Where three or more
    names are blanked out, places named in passing are not believed.

    Warns, in one sentence, how many documents stay without a city and how many differ from their claim; attrs["notes"]
    has a line for each. Raises ValueError for a frame without doc_id, text, or unusable places or manifest.
    """
    check_frame(documents, "attribute", "doc_id", "text", advice="Read and clean it first.")
    names = gazetteer(places, _new_claims(documents, gazetteer(places)))
    is_long = len(documents) > PROGRESS_FROM
    rows = progress(_facts(documents, names), "attributing", long=is_long, total=len(documents))
    verdicts = [_judge(facts, names) for facts in rows]
    table = _with_verdicts(documents, verdicts)
    notes = _notes(documents, verdicts)
    if manifest is not None:
        table, settled, remarks = _with_manifest(table, verdicts, manifest, names)
        notes = [note for note in notes if note[0] not in settled]
        notes += [("", "", remark) for remark in remarks]
    _tell(table, notes)
    return table


def _judge(facts: Facts | None, names: Gazetteer) -> Verdict:
    if facts is None:
        return Verdict(evidence=("There is no text.",))
    if facts.text.strip():
        return verdict(facts, names)
    found = verdict(facts, names)
    return replace(found, evidence=("There is no text.", *found.evidence))


def _cell(row: dict[str, Any], column: str) -> str:
    value = row.get(column)
    return "" if is_missing(value) else str(value).strip()


def _facts(documents: pd.DataFrame, names: Gazetteer) -> Iterator[Facts]:
    wanted = [
        c for c in ("text", "title", "office", "publisher", "year", "city", "level") if c in documents.columns
    ]
    for values in zip(*(documents[column] for column in wanted), strict=True):
        row = dict(zip(wanted, values, strict=True))
        year = year_in(row["year"]) if _cell(row, "year") else None
        claimed = _cell(row, "city")
        yield Facts(
            text=row["text"] if isinstance(row["text"], str) else "",
            title=_cell(row, "title"),
            office=_cell(row, "office"),
            publisher=_cell(row, "publisher"),
            year=year,
            claim=_unit(claimed, year, names),
            claimed=claimed,
            level=_cell(row, "level") or None,
        )


def _unit(name: str, year: int | None, names: Gazetteer) -> Unit | None:
    """The one city or county that a name given by hand means."""
    if not name:
        return None
    units = [unit for unit in names.meant(name, year) if unit.kind != "province"]
    if len(units) == 1 and not ambiguity(name, year):
        return units[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        place = resolve_city(name, year)
    return names.cities.get(place.name) if place else None


def _new_claims(documents: pd.DataFrame, names: Gazetteer) -> tuple[str, ...]:
    """Cities that documents are filed as and no table knows: their names are sought in the texts all the same."""
    if "city" not in documents.columns:
        return ()
    claims = {str(city).strip() for city in documents["city"] if not is_missing(city)}
    return tuple(
        sorted(
            c for c in claims if len(c) > 1 and not names.readings.get(c) and _unit(c, None, names) is None
        )
    )


def _with_verdicts(documents: pd.DataFrame, verdicts: list[Verdict]) -> pd.DataFrame:
    import pandas as pd

    table = documents.copy()
    values = {
        "city": [v.city.name if v.city else None for v in verdicts],
        "county": [v.county for v in verdicts],
        "adcode": [v.city.code if v.city else None for v in verdicts],
        "province": [v.province for v in verdicts],
        "region": [v.city.region if v.city else None for v in verdicts],
        "level": [v.level for v in verdicts],
        "evidence": [" ".join(v.evidence) or None for v in verdicts],
        "confidence": [v.confidence for v in verdicts],
    }
    for column in COLUMNS:
        filled = [pd.NA if value is None else value for value in values[column]]
        table[column] = pd.Series(filled, index=table.index, dtype=object)
    return table


# ---- what it could not settle


Note = tuple[str, str, str]  # doc_id, kind, sentence


def _notes(documents: pd.DataFrame, verdicts: list[Verdict]) -> list[Note]:
    notes = []
    for doc_id, claimed, found in zip(documents["doc_id"], _claims(documents), verdicts, strict=True):
        if found.differs:
            notes.append(
                (str(doc_id), "differs", f"{doc_id}: filed as {claimed}, speaks for {found.differs}")
            )
        elif found.city is None and found.level not in ("central", "province"):
            notes.append((str(doc_id), "unknown", f"{doc_id}: no city. {' '.join(found.evidence)}"))
    return notes


def _claims(documents: pd.DataFrame) -> list[Any]:
    return list(documents["city"]) if "city" in documents.columns else [None] * len(documents)


def _tell(table: pd.DataFrame, notes: list[Note]) -> None:
    if not notes:
        return
    table.attrs["notes"] = [*table.attrs.get("notes", []), *(sentence for _, _, sentence in notes)]
    unknown = [doc_id for doc_id, kind, _ in notes if kind == "unknown"]
    differing = [doc_id for doc_id, kind, _ in notes if kind == "differs"]
    said = []
    if unknown:
        said.append(f"documents that stay without a city: {len(unknown)}, first {', '.join(unknown[:SHOWN])}")
    if differing:
        first = ", ".join(differing[:SHOWN])
        said.append(
            f"documents that speak for another place than they are filed as: {len(differing)}, first {first}"
        )
    said += [sentence for doc_id, _, sentence in notes if not doc_id]
    sentence = "; ".join(said)
    warnings.warn(
        f"{sentence[0].upper()}{sentence[1:]}; see attrs['notes'], or set them in a manifest.", stacklevel=3
    )


# ---- the manifest


def _with_manifest(
    table: pd.DataFrame, verdicts: list[Verdict], manifest: str | Path | pd.DataFrame, names: Gazetteer
) -> tuple[pd.DataFrame, set[str], list[str]]:
    """The table with the manifest's cities in place of those found, whose they are, and what it could not do."""
    import pandas as pd

    cells, remarks = _manifest_cells(table, manifest)
    values = {column: list(table[column]) for column in COLUMNS}
    years = list(table["year"]) if "year" in table.columns else [None] * len(table)
    for row, (given, found, year) in enumerate(zip(cells, verdicts, years, strict=True)):
        unit = _unit(given.get("city", ""), None if is_missing(year) else year_in(year), names)
        for column, value in _set_by_manifest(given, found, unit).items():
            values[column][row] = pd.NA if value is None else value
    result = table.copy()
    for column in COLUMNS:
        result[column] = pd.Series(values[column], index=table.index, dtype=object)
    settled = {str(i) for i, given in zip(table["doc_id"], cells, strict=True) if "city" in given}
    return result, settled, remarks


def _set_by_manifest(given: dict[str, str], found: Verdict, unit: Unit | None) -> dict[str, str | None]:
    """The cells of one document that a manifest changes."""
    if "city" not in given:
        return dict(given)
    county = unit.name if unit and unit.kind == "county" else None
    city = unit.city if unit else given["city"]
    known = {"province": unit.province, "region": unit.region} if unit else {"province": None, "region": None}
    code = unit.code if unit and not county else None
    other = found.city.name if found.city and found.city.name != city else None
    spoken = [f"The text speaks for {other}:"] if other else []
    evidence = " ".join(["Set by the manifest.", *spoken, *found.evidence])
    fixed = {"city": city, "county": county, "evidence": evidence, "confidence": "high"}
    return {"adcode": code, **known, **given, **fixed}


def unmatched(documents: pd.DataFrame, manifest: str | Path | pd.DataFrame) -> list[str]:
    """Remarks on rows of the manifest that tell of none of these cleaned documents."""
    return _manifest_cells(documents, manifest)[1]


def _manifest_cells(
    table: pd.DataFrame, manifest: str | Path | pd.DataFrame
) -> tuple[list[dict[str, str]], list[str]]:
    """What the manifest says of each document, column by column; a part of a split file follows its file's row."""
    import pandas as pd

    given = read_manifest(manifest)
    used = [heading for heading in given.columns if column_of(heading) in (*SET, *KEYS)]
    ids = [str(doc_id) for doc_id in table["doc_id"]]
    parents = list(table["parent_id"]) if "parent_id" in table.columns else [None] * len(table)
    files = sorted({str(parent) for parent in parents if not is_missing(parent)} - set(ids))
    paths = list(table["path"]) if "path" in table.columns else [None] * len(table)
    path_of = {str(parent): path for parent, path in zip(parents, paths, strict=True)}
    everything: dict[str, list[Any]] = {
        "doc_id": ids + files,
        "path": paths + [path_of[file] for file in files],
    }
    empty: dict[str, list[Any]] = {column: [pd.NA] * len(everything["doc_id"]) for column in SET}
    filled, remarks = overridden(pd.DataFrame(everything | empty, dtype=object), given[used])
    records = [
        {column: str(row[column]) for column in SET if not is_missing(row[column])}
        for row in filled.to_dict("records")
    ]
    by_id = dict(zip(everything["doc_id"], records, strict=True))
    return [by_id[i] or by_id.get(str(parent), {}) for i, parent in zip(ids, parents, strict=True)], remarks
