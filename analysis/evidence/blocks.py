"""Evidence as it stands in a page: a block of data that nothing can break out of, or a script beside the page."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from analysis.catalogues import CATALOGUES, read_catalogue
from analysis.specs import safe_json

if TYPE_CHECKING:
    from analysis.evidence.buttons import Item

# What the window of evidence says; in Chinese by the catalogue. {n} and the like are filled in by the page's script.
LABELS = {
    "term": "Word",
    "entry": "Entry of the lexicon",
    "category": "Category of the lexicon",
    "commitment": "Word of commitment",
    "slogan": "Slogan",
    "target": "Object of targets",
    "topic": "Topic",
    "close": "Close",
    "totals": "{n} occurrences in {docs} of {all} documents; {cities}; {years}",
    "share_totals": "Mean share of the passages: {n} % in {docs} of {all} documents; {cities}; {years}",
    "cities": "in {n} cities",
    "one_city": "in 1 city",
    "no_city": "no city known",
    "no_year": "no year known",
    "here": "In {city}: {n}; documents: {docs}",
    "share_here": "In {city}: {n} %; documents: {docs}",
    "by_year": "Occurrences per document by year",
    "share_by_year": "Mean share in % of the documents by year",
    "bars": "{what}: from {first} in {from} to {last} in {to}, most in {top} ({most})",
    "lines": "Lines",
    "table": "By city and year",
    "filter": "Filter",
    "sort": "Sort by",
    "city": "City",
    "year": "Year",
    "total": "Total",
    "left": "Words before",
    "right": "Words after",
    "share": "Share",
    "only": "Only {city}",
    "shown": "The first {n} of {all} lines",
    "all_shown": "Lines: {all}",
    "rows_shown": "The first {n} of {all} cities",
    "all_rows": "Cities: {all}",
    "more": "Show more",
    "none": "Nothing here matches the filter.",
    "drawn": "The page holds {n} of {all} places: one a document first, cities and years in turn, drawn by a fixed rule.",
    "heaviest": "The {n} documents that give the topic most, of {all}; with texts, the beginning of the passage that does.",
    "counts_only": "Only counts are at hand here, no texts.",
    "coarse": "For want of room this page has the counts by city and by year apart.",
    "legend": "An empty cell: no report of that year; 0: a report without it.",
    "unknown": "not known",
}
_NAME = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*")


@lru_cache(maxsize=1)
def labels() -> dict[str, dict[str, str]]:
    """Return the words of the window in both languages; in English where there is no Chinese.

    Looked up as they are written, with their gaps: the page's script fills these in.
    """
    chinese = {entry.english: entry.chinese for entry in read_catalogue(CATALOGUES / "evidence.po")}
    return {"en": LABELS, "zh": {key: chinese.get(text) or text for key, text in LABELS.items()}}


def page_block(data: dict[str, Any]) -> str:
    """Return the evidence of a page (`Evidence.of`) as a block of data in it, which no browser runs."""
    filled = safe_json({**data, "labels": labels()})
    return f'<script type="application/json" class="evidence-data">{filled}</script>'


def script(data: dict[str, Any], name: str = "EVIDENCE") -> str:
    """Return the evidence as a classic script that assigns one global, for a page with files beside it."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"name={name!r} is no name of a variable in JavaScript.")
    return f"window.{name} = {safe_json({**data, 'labels': labels()})};\n"


def answered(data: dict[str, Any]) -> set[Item]:
    """Return the items that the data have evidence for, as `settle` takes them."""
    parts = (key.partition("|") for key in data["items"])
    return {(kind, item) for kind, _, item in parts}
