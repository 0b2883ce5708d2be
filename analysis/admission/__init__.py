"""The admission report: what is wrong with each document, and which are kept out of comparisons, with the reasons."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from analysis.admission.checks import CHECKS
from analysis.admission.facts import REPORT_GENRES, facts_of, is_cover
from analysis.admission.judging import judge
from analysis.attributing import attribute, unmatched
from analysis.attributing.gazetteer import Gazetteer, gazetteer
from analysis.chunks import in_chunks
from analysis.dates import iso_date, year_in
from analysis.documents import clean_documents
from analysis.frames import check_frame
from analysis.readers.fields import is_missing
from analysis.readers.manifests import read_manifest

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

SEVERITIES = ("quarantine", "warn", "info")
BY_HAND = "Set by the manifest."
_FILED = re.compile(r"Filed as ([^.;]+)[.;]")
_GIVEN = ("title", "genre", "date", "speaker", "year", "parent_id")


@dataclass(frozen=True)
class Admission:
    """Documents divided in two, and the findings that divide them.

    documents: those admitted, cleaned and attributed. quarantine: the others, with a column `reasons`. findings: one row a
    finding, also on admitted documents: doc_id, check (see `checks_table`), severity ("quarantine", "warn", "info"),
    detail, twin (doc_id of the other document, or missing).
    """

    documents: pd.DataFrame
    quarantine: pd.DataFrame
    findings: pd.DataFrame

    def __str__(self) -> str:
        """The report in words: how many were admitted, what each check found, who is in quarantine and why."""
        total = len(self.documents) + len(self.quarantine)
        lines = [
            f"{len(self.documents)} of {total} documents admitted, {len(self.quarantine)} in quarantine."
        ]
        counts = self.findings.groupby(["check", "severity"])["doc_id"].nunique().to_dict()
        for check in CHECKS:
            found = [
                f"{counts[check.name, kind]} {kind}" for kind in SEVERITIES if (check.name, kind) in counts
            ]
            lines += [f"  {check.name:<13} {', '.join(found)}"] if found else []
        rows = zip(self.quarantine["doc_id"], self.quarantine["reasons"], strict=True)
        return "\n".join([*lines, *(f"{doc_id}: {reasons}" for doc_id, reasons in rows)])


def checks_table() -> pd.DataFrame:
    """The checks of an admission report. One row a check: name, severity (those it may give), meaning (its rule)."""
    import pandas as pd

    return pd.DataFrame(CHECKS)


def admit(
    documents: pd.DataFrame,
    *,
    manifest: str | Path | pd.DataFrame | None = None,
    places: str | Path | pd.DataFrame | None = None,
    jobs: int = 2,
) -> Admission:
    """Check documents before they are compared, and keep out what would make a comparison wrong.

    documents: the documents frame; needs doc_id and text. Those not yet cleaned (no column `changes`) are cleaned, those
    not yet attributed (no columns `confidence` and `evidence`) are attributed; what they are filed as is their `city`.
    manifest and places as in `attribute`; of documents attributed already the manifest changes nothing. jobs: processes.

    The frame given stays as it is. Every document is in `documents` or in `quarantine`, in the order given. What the checks
    are is told by `checks_table`. 2,231 cleaned reports take 30 seconds of one processor, shared by the processes;
    cleaning them takes as long again.

    Raises ValueError for a frame without doc_id or text, or with an id missing or twice.
    """
    import pandas as pd

    check_frame(documents, "admit", "doc_id", "text", advice="Read it with read_documents.")
    if nameless := sum(map(is_missing, documents["doc_id"])):
        raise ValueError(f"{nameless} documents have no doc_id. Give each document its own.")
    twice = documents["doc_id"][documents["doc_id"].duplicated()]
    if len(twice):
        raise ValueError(
            f"{len(twice)} ids stand twice, first {twice.iloc[0]!r}. Give each document its own doc_id."
        )
    work = partial(_prepared, manifest=manifest, places=with_claims(documents, places))
    ready, facts, remarks = zip(*in_chunks(work, documents, jobs, "examining"), strict=True)
    whole = pd.concat(ready, ignore_index=True)
    if "parent_id" in whole:  # only some of the chunks may hold a file that was divided
        whole["parent_id"] = whole["parent_id"].astype(object).where(whole["parent_id"].notna(), pd.NA)
    # Each worker sees only a few of the documents that a manifest is about.
    of_manifest = [] if manifest is None else unmatched(whole, manifest)
    _tell([*of_manifest, *sum(remarks, [])])
    return divided(whole, judge(pd.concat(facts, ignore_index=True)))


def examine(documents: pd.DataFrame, *, places: str | Path | pd.DataFrame | None = None) -> pd.DataFrame:
    """Facts on each document that `judge` needs. One row a document; no document is compared with another here.

    documents: cleaned and attributed, with their claim in a column `claim` (what they were filed as before `attribute`
    wrote `city`); without it the claim is read from `evidence`.
    """
    import pandas as pd

    names = gazetteer(places)
    return pd.DataFrame([_facts(row, names) for row in _records(documents)], columns=_columns())


def prepare(
    documents: pd.DataFrame,
    *,
    manifest: str | Path | pd.DataFrame | None = None,
    places: str | Path | pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Clean and attribute documents where that is not yet done; adds `claim`: what they were filed as.

    With a manifest they are attributed again, from what they were filed as: the researcher's word comes last.
    """
    import pandas as pd

    ready = documents if "changes" in documents.columns else clean_documents(documents)
    # A column `confidence` alone is somebody else's.
    if {"confidence", "evidence"} <= set(ready.columns):
        if manifest is None:
            return ready
        ready = ready.assign(city=ready["claim"]) if "claim" in ready else ready
    claims = ready["city"] if "city" in ready.columns else pd.Series(pd.NA, index=ready.index, dtype=object)
    tiers = ready["level"] if "level" in ready.columns else pd.Series(pd.NA, index=ready.index, dtype=object)
    return attribute(ready, manifest=manifest, places=places).assign(claim=claims, filed_level=tiers)


def _records(documents: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(column): value for column, value in row.items()} for row in documents.to_dict("records")]


def _prepared(documents: pd.DataFrame, **kinds: Any) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """A few documents prepared, their facts, and what was remarked in cleaning them."""
    with warnings.catch_warnings(record=True) as remarks:
        warnings.simplefilter("always")
        cleaned = documents if "changes" in documents.columns else clean_documents(documents)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # what attribution can't settle comes back as findings
        ready = prepare(cleaned, **kinds)
    return ready, examine(ready, places=kinds["places"]), [str(remark.message) for remark in remarks]


def _tell(remarks: list[str]) -> None:
    if remarks:
        more = f" And {len(remarks) - 1} more such remarks." if len(remarks) > 1 else ""
        warnings.warn(f"{remarks[0]}{more}", stacklevel=3)


def with_claims(documents: pd.DataFrame, places: str | Path | pd.DataFrame | None) -> pd.DataFrame | None:
    """The caller's places and those that documents are filed as and no table knows: each worker sees but a few."""
    import pandas as pd

    if places is not None:
        places = read_manifest(places, "table of places")
    if "city" not in documents.columns:
        return places
    known = gazetteer(places).readings
    new = sorted(
        {str(c).strip() for c in documents["city"] if not is_missing(c) and len(str(c).strip()) > 1}
        - set(known)
    )
    new = [name for name in new if not _unit(name, gazetteer(places))]
    if not new:
        return places
    rows = pd.DataFrame({"name": new, "short": new, "level": "prefecture-level city", "city": new})
    rows[["province", "region"]] = pd.NA
    return rows if places is None else pd.concat([places, rows], ignore_index=True)


# ---- facts


def _columns() -> list[str]:
    """All columns, so that chunks without a report have them too."""
    of_text = facts_of("", "", report=True)
    own = [
        "doc_id",
        "claim",
        "filed_level",
        "city",
        "level",
        "confidence",
        "differs",
        "named_city",
        "report",
        "cover_alone",
    ]
    return [*own, "year", "date", "speaker", "parent_id", "title_city", "glossary", "unresolved", *of_text]


def _facts(row: dict[str, Any], names: Gazetteer) -> dict[str, Any]:
    given = {column: None if is_missing(row.get(column)) else row[column] for column in _GIVEN}
    text = row["text"] if isinstance(row["text"], str) else ""
    filed_report = given["genre"] in REPORT_GENRES
    alone = filed_report and is_cover(text)
    report = filed_report and not alone
    title = str(given["title"] or "")
    year = None if given["year"] is None else year_in(given["year"])
    sites = row.get("sites") if isinstance(row.get("sites"), tuple | list) else ()
    return {
        "doc_id": row["doc_id"],
        **_filing(row, year, names),
        "report": report,
        "cover_alone": alone,
        "year": year,
        "date": None if given["date"] is None else iso_date(given["date"]),
        "speaker": given["speaker"],
        "parent_id": given["parent_id"],
        "title_city": _title_city(title, year, names) if report else None,
        "glossary": 0 if is_missing(row.get("glossary")) else len(row["glossary"]),
        "unresolved": sum(site.certainty == "unresolved" for site in sites or ()),
        **facts_of(text, title, report, "" if is_missing(row.get("notice")) else str(row["notice"])),
    }


def _filing(row: dict[str, Any], year: int | None, names: Gazetteer) -> dict[str, Any]:
    """What a document is filed as, what attribution made of it, and where the two differ."""
    evidence = "" if is_missing(row.get("evidence")) else str(row["evidence"])
    found = _FILED.search(evidence)
    by_hand = evidence.startswith(BY_HAND)  # the researcher's word is no misfiling
    claim = row.get("city") if by_hand else row.get("claim", found and found[1])
    claim = None if is_missing(claim) or not str(claim).strip() else str(claim).strip()
    unit = _unit(claim, names, year) if claim else None
    city = None if is_missing(row.get("city")) else row["city"]
    filed = unit.city if unit else claim
    tier = row.get("filed_level")
    return {
        "claim": filed,
        "filed_level": (unit.kind if unit else "city") if is_missing(tier) else tier,
        "city": city,
        "level": None if is_missing(row.get("level")) else row["level"],
        "confidence": None if is_missing(row.get("confidence")) else row["confidence"],
        "differs": city if filed and city and city != filed else None,
        "named_city": evidence.split(";")[0],
    }


def _unit(name: str, names: Gazetteer, year: int | None = None) -> Any:
    units = [unit for unit in names.meant(name, year) if unit.kind != "province"]
    return units[0] if len(units) == 1 else None


def _title_city(title: str, year: int | None, names: Gazetteer) -> str | None:
    """The first city that a report's title names."""
    units = (_unit(name, names, year) for _, name in names.found_in(title))
    return next((unit.city for unit in units if unit), None)


# ---- work and result


def divided(documents: pd.DataFrame, findings: pd.DataFrame) -> Admission:
    """Divide documents by the findings on them: those with a finding of severity "quarantine" are set aside."""
    severe = findings[findings["severity"] == "quarantine"]
    reasons = {
        doc_id: "; ".join(
            f"{check}: {detail}" for check, detail in zip(own["check"], own["detail"], strict=True)
        )
        for doc_id, own in severe.groupby("doc_id", sort=False)
    }
    out = documents["doc_id"].isin(list(reasons))
    documents = documents.drop(columns=["filed_level"], errors="ignore")
    quarantine = documents[out].assign(reasons=documents.loc[out, "doc_id"].map(reasons))
    return Admission(documents[~out].reset_index(drop=True), quarantine.reset_index(drop=True), findings)
