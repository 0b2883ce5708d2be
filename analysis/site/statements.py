"""The statements of a profile on its city's page: sentence, figure, and interval on the section's common scale."""

from __future__ import annotations

import math
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from analysis.bilingual import said
from analysis.site.intervals import axis_picture, common_scale, interval_picture
from analysis.site.wording import evidence_button, in_english_only, without_subject
from analysis.typefaces import marked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markupsafe import Markup

    from analysis.profiling.telling import Profile
    from analysis.site.intervals import Scale

FIGURES = ("value", "ci_low", "ci_high", "others")
OPENED = ("term", "category", "commitment", "slogan")  # kinds that have evidence on a city's page
# Kinds whose subject is in words of ours; of the others it is the corpus's.
NAMED = ("category", "commitment", "target")
RATIO = "times as often as elsewhere"  # the unit of statements whose scale is a ratio
TITLES = {
    "words": "Words that set its reports apart",
    "topics": "What its passages are about",
    "methods": "Methods of attracting investment",
    "offers": "What it offers",
    "sectors": "Industries it names",
    "images": "Images it uses",
    "commitments": "How firmly it promises",
    "targets": "Promises met",
    "slogans": "Slogans it took up early",
    "nearest": "Cities that talk most like it",
}
UNITS = {
    RATIO: "How many times as often as in other cities' reports of the same years, with 95 % intervals; the stroke at 1× "
    "is the others. Only what differs at q < 0.05 is listed.",
    "share of the passages": "Share of its passages about attracting investment, with 95 % intervals; the stroke is the "
    "other cities' share.",
    "targets": "Share of the promises of a report that were met by the city's own account in its next report, with a 95 % "
    "interval; the stroke is the mean of all other cities.",
    "slogans": "Share of the other cities with a report of the year in which the slogan is first seen here that used it in "
    "that year, with 95 % intervals: the smaller, the earlier.",
    "nearest": "Likeness of words: cosine of tf-idf, 0 nothing in common, 1 the same; the stroke is the median city. No "
    "interval is given on a distance.",
}


def sections(profile: Profile, files: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what a page shows of a city's profile, section by section. files: each city's page."""
    rows = profile.statements.to_dict("records")
    told = groupby(rows, key=itemgetter("section"))  # the rows of a section follow each other
    return [_section(profile.city, name, list(own), files) for name, own in told]


def _section(city: str, name: str, rows: list[dict[Any, Any]], files: Mapping[str, str]) -> dict[str, Any]:
    ratio = rows[0]["unit"] == RATIO
    figures = [_figure(row, key) for row in rows for key in FIGURES]
    scale = common_scale(figures, ratio=ratio, percent=rows[0]["unit"].startswith("share"))
    chance = _figure(rows[0], "chance")
    alone = f"Random groups of as many documents give {chance:.2g} such statements on average."
    return {
        "name": name,
        "title": TITLES.get(name, name.capitalize()),
        "unit": UNITS.get(rows[0]["unit"]) or UNITS.get(name) or rows[0]["unit"],
        "rows": [_statement(city, name, row, scale, files) for row in rows],
        "axis": axis_picture(scale),
        "chance": alone if chance == chance else "",
    }


def _statement(
    city: str, name: str, row: dict[Any, Any], scale: Scale, files: Mapping[str, str]
) -> dict[str, Any]:
    value, low, high, others = (_figure(row, key) for key in FIGURES)
    subject = str(row["subject"])
    return {
        "stated": f"profile/{city}/{name}/{subject}",
        "value": exact(value),
        "low": exact(low),
        "high": exact(high),
        "n": row["n"],
        "subject": _subject(name, row, files),
        "gloss": _gloss(row),
        "picture": interval_picture(value, low, high, others, scale, _in_words(row)),
        "figure": _written(value, row["unit"]) if name != "nearest" else "",
        "says": without_subject(str(row["says"]), str(row["kind"]), subject),
    }


def _subject(name: str, row: dict[Any, Any], files: Mapping[str, str]) -> Markup:
    """Return what a statement is about: a link for a city, else a button that opens its evidence."""
    from markupsafe import Markup

    subject = str(row["subject"])
    if subject in files and name == "nearest":
        return Markup('<a href="{}" lang="zh-Hans">{}</a>').format(files[subject], subject)
    kind, item = row.get("kind"), row.get("item")
    gloss = row.get("gloss")
    called = gloss if isinstance(gloss, str) else subject
    label = said(called) if kind in NAMED else marked(subject)
    if isinstance(kind, str) and isinstance(item, str) and kind in OPENED:
        return evidence_button(kind, item, label)
    return Markup("<span>{}</span>").format(label)


def _gloss(row: dict[Any, Any]) -> Markup | str:
    """Return a term's English gloss; what is called in words of ours needs none."""
    gloss = row.get("gloss")
    return in_english_only(gloss) if isinstance(gloss, str) and row.get("kind") not in NAMED else ""


def _figure(row: dict[Any, Any], key: str) -> float:
    """Return a figure of a statement, NaN where there is none."""
    value = row.get(key)
    return float(value) if isinstance(value, int | float) else math.nan


def exact(value: float) -> str:
    """Return a number as data attributes carry it: six digits; "" where it is unknown."""
    return f"{value:.6g}" if value == value else ""


def _written(value: float, unit: str) -> str:
    """Write a figure in its unit, small ones with the digits that tell them from nothing.

    >>> _written(38.26, RATIO), _written(0.042, RATIO), _written(0.0046, "share of the passages")
    ('38.3×', '0.04×', '0.5%')
    """
    if unit == RATIO:
        return f"{value:.1f}×" if value >= 0.95 or not value else f"{value:.1g}×"
    if unit.startswith("share"):
        return f"{value:.0%}" if value >= 0.095 or not value else f"{value:.1%}"
    return f"{value:.2f}"


def _in_words(row: dict[Any, Any]) -> str:
    """Say a picture's numbers."""
    value, low, high, others = (_written(_figure(row, key), row["unit"]) for key in FIGURES)
    ends = f", interval {low} to {high}" if "nan" not in low + high else ""
    rest = f"; others {others}" if "nan" not in others else ""
    return f"{row['subject']}: {value}{ends}{rest}"
