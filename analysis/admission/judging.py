"""Findings on a whole collection: copies, usual lengths and second sessions show only in comparison."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import TYPE_CHECKING, Any, cast

from analysis.admission.checks import CHECKS_OF_ONE, SHORT, Finding, claim_of
from analysis.admission.duplicates import Pair, pairs
from analysis.readers.fields import is_missing

if TYPE_CHECKING:
    import pandas as pd

    Row = dict[str, Any]

COPY, PART, SHARED = (
    0.5,
    0.8,
    0.2,
)  # Jaccard; shares of the shorter. 2,231 reports: copies from 0.97, others to 0.11
FEWEST_SHARED = 40  # shingles: short notices share their set phrases
NEIGHBOURS, COLLECTION = 3, 10  # so many other reports, of the city or of all, tell what length is usual


def judge(facts: pd.DataFrame) -> pd.DataFrame:
    """All findings on a collection. One row a finding: doc_id, check, severity, detail, twin; by doc_id and check.

    facts: what `examine` tells of each document, all of them together. The order of the rows does not matter.
    """
    import pandas as pd

    order = sorted(range(len(facts)), key=[str(doc_id) for doc_id in facts["doc_id"]].__getitem__)
    ordered = facts.iloc[order].reset_index(drop=True)
    rows = cast("list[Row]", ordered.to_dict("records"))
    for row in rows:
        row["year"] = None if is_missing(row["year"]) else int(row["year"])  # a missing one makes all floats
    _set_usual_lengths(rows)
    found = [finding for row in rows for check in CHECKS_OF_ONE for finding in check(row)]
    found += _duplicates(rows, ordered, _quarantined(found))
    out = _quarantined(found)
    found += _two_sessions([row for row in rows if row["doc_id"] not in out])
    found.sort(key=lambda one: (str(one.doc_id), one.check, one.detail, str(one.twin)))
    table = pd.DataFrame(found, columns=Finding._fields)
    table["twin"] = table["twin"].astype(object).where(table["twin"].notna(), pd.NA)
    return table


def with_confirmation(findings: pd.DataFrame, confirmed: pd.DataFrame) -> pd.DataFrame:
    """The findings that matter to a comparison (quarantine, warn), each with what a reader said of it.

    confirmed: doc_id, check, confirmed ("yes", "no"), on (date of the reading). The column `confirmed` of the result reads
    "yes 2026-11-22", or is missing where nobody has read yet.
    """
    serious = findings[findings["severity"].isin(["quarantine", "warn"])]
    said = confirmed.assign(confirmed=confirmed["confirmed"] + " " + confirmed["on"]).drop(columns="on")
    return serious.merge(said, on=["doc_id", "check"], how="left", validate="m:1")


def _quarantined(findings: list[Finding]) -> set[str]:
    return {finding.doc_id for finding in findings if finding.severity == "quarantine"}


def _set_usual_lengths(rows: list[Row]) -> None:
    """Tell the length of each city's report as a share of the usual: the median of its others, else of all cities'.

    National reports have grown from 4,000 to 30,000 characters in seventy years; no length is usual for them.
    """
    reports = [row for row in rows if row["report"] and row["n_han"] and not is_missing(row["city"])]
    cities: dict[Any, list[Row]] = {}
    for row in reports:
        cities.setdefault(row["city"], []).append(row)
    everywhere = median(row["n_han"] for row in reports) if len(reports) > COLLECTION else None
    for row in rows:
        row["usual"], row["share"] = "", None
    for row in reports:
        others = [other["n_han"] for other in cities[row["city"]] if other is not row]
        enough = len(others) >= NEIGHBOURS
        usual = median(others) if enough else everywhere
        row["usual"] = "its city's" if enough else "of all cities"
        row["share"] = row["n_han"] / usual if usual else None


# ---- copies


def _duplicates(rows: list[Row], facts: pd.DataFrame, wrong: set[str]) -> Iterator[Finding]:
    """Copies and overlaps; of each set of copies one is kept: one filed rightly, then the longest, then the first."""
    found = [pair for pair in pairs(facts) if pair.exact or pair.shared >= FEWEST_SHARED]
    copies = {
        (pair.a, pair.b): pair
        for pair in found
        if pair.exact or pair.jaccard >= COPY or (pair.containment >= PART and not _together(rows, pair))
    }
    for group in _groups(list(copies)):
        kept, *others = sorted(
            group, key=lambda at: (rows[at]["doc_id"] in wrong, -rows[at]["n_han"], str(rows[at]["doc_id"]))
        )
        for at in others:
            pair = copies.get((min(at, kept), max(at, kept)))
            detail = f"{_shared(pair)}, {_filing(rows[at], rows[kept])}"
            yield Finding(rows[at]["doc_id"], "duplicate", "quarantine", detail, rows[kept]["doc_id"])
        detail = f"kept of {len(group)} copies, {_filing(rows[kept], rows[others[0]])}"
        yield Finding(rows[kept]["doc_id"], "duplicate", "info", detail, rows[others[0]]["doc_id"])
    for pair in found:
        few = min(rows[pair.a]["n_han"], rows[pair.b]["n_han"]) < SHORT  # set phrases fill short texts
        if (pair.a, pair.b) in copies or few or _together(rows, pair):
            continue
        if pair.containment >= SHARED:
            for one, other in ((pair.a, pair.b), (pair.b, pair.a)):
                yield Finding(rows[one]["doc_id"], "overlap", "warn", _shared(pair), rows[other]["doc_id"])


def _together(rows: list[Row], pair: Pair) -> bool:
    """Whether two parts of one file share something: a resolution repeats its report, without being a copy of it."""
    return _of_one_file(rows[pair.a], rows[pair.b])


def _groups(copies: list[tuple[int, int]]) -> list[list[int]]:
    """The sets of documents that are copies of each other, directly or by way of a third."""
    group = {at: {at} for pair in copies for at in pair}
    for a, b in copies:
        if group[a] is not group[b]:
            group[a] |= group[b]
            for at in group[b]:
                group[at] = group[a]
    return [sorted(members) for members in {id(members): members for members in group.values()}.values()]


def _of_one_file(a: Row, b: Row) -> bool:
    """Whether cleaning divided the two from one file; a table may give many documents one parent, copies among them."""
    parent = a["parent_id"]
    if is_missing(parent) or is_missing(b["parent_id"]) or parent != b["parent_id"]:
        return False
    return all(str(row["doc_id"]).startswith(f"{parent}#") for row in (a, b))


def _shared(pair: Pair | None) -> str:
    """How much two texts share; without a pair they are alike only by way of a third."""
    if pair is None:
        return "a copy of a copy"
    if pair.exact:
        return "the same text"
    return f"{pair.containment:.0%} of the shorter text's 12-character shingles shared, {pair.jaccard:.0%} of all"


def _filing(one: Row, other: Row) -> str:
    """How two copies are filed."""
    if claim_of(one) != claim_of(other):
        return f"filed as {claim_of(one)} and as {claim_of(other)}"
    if is_missing(one["year"]) or is_missing(other["year"]) or one["year"] == other["year"]:
        return "filed alike"
    return f"filed under {one['year']} and {other['year']}"


# ---- years


def _two_sessions(rows: list[Row]) -> Iterator[Finding]:
    years: dict[tuple[Any, Any], list[Row]] = {}
    for row in rows:
        if row["report"] and not is_missing(row["city"]) and not is_missing(row["year"]):
            years.setdefault((row["city"], row["year"]), []).append(row)
    for (city, year), held in years.items():
        for row in held if len(held) > 1 else []:
            twin = next(other["doc_id"] for other in held if other is not row)
            yield Finding(
                row["doc_id"], "two_sessions", "warn", f"{len(held)} reports of {city} in {year}", twin
            )
