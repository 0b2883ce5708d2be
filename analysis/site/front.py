"""The first page of the site: the questions answered, the ways in, and what this report leaves out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from analysis.answers.said import SCALES, percent
from analysis.bilingual import as_it_is
from analysis.pages import filled
from analysis.profiling.statements import gloss
from analysis.site.intervals import axis_picture, common_scale, interval_picture
from analysis.site.statements import exact
from analysis.site.wording import in_english_only

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from analysis.answers.said import Finding, Measure
    from analysis.corpus import Corpus
    from analysis.provenance import Facts
    from analysis.site.intervals import Scale

DOORS = {
    "cities": {"title": "Cities", "says": "A page for each city, a map, and a search."},
    "compare": {"title": "Compare", "says": "Any two cities, word by word."},
    "methods": {
        "title": "Method",
        "says": "The corpus, what is counted, every measure with its formula, the limits.",
    },
    "data": {"title": "Data", "says": "Every table of this report as CSV."},
}
STROKES = {
    "ratio": "The dashed stroke: as often on both sides.",
    "change": "The dashed stroke: no change.",
    "share": "The dashed stroke: what chance would give.",
}


def index_body(
    *,
    title: str,
    about: str,
    facts: Facts | None,
    pages: Sequence[dict[str, Any]],
    found: Iterable[Finding] = (),
    corpus: Corpus | None = None,
    site: Collection[str] = (),
    cities: Sequence[dict[str, Any]] = (),
) -> str:
    """Return the words of the index as HTML.

    pages: what is said of each notebook (title, file, question, finding, warnings, corpus, state, mark). found: from
    `findings`; corpus: the one they are of. site: the site's other pages that there are ("cities", "compare", "methods",
    "data"). cities: the list of cities by province, as on the page of cities, for the search.
    """
    there = {page["file"] for page in pages if page.get("file")}
    answers = [_answer(finding, there) for finding in found]
    values = {
        "title": title,
        "about": about,
        "facts": stated_facts(facts),
        "answers": [each for each in answers if not each["silent"]],
        "silent": [each for each in answers if each["silent"]],
        "cities": [card for group in cities for card in group["cities"]],
        "doors": [DOORS[name] | {"file": f"{name}.html"} for name in DOORS if name in site],
        "pages": pages,
        "aside": left_aside(corpus) if corpus is not None else [],
    }
    return filled("index.html.j2", values)


def stated_facts(facts: Facts | None) -> list[dict[str, str]]:
    """Return the facts that head the index: name, value, and the id by which `verify` finds them."""
    from analysis.provenance import named_facts

    return [
        {"name": name, "value": as_it_is(value), "stated": f"fact/{name.lower()}"}
        for name, value in named_facts(facts)
    ]


def _answer(finding: Finding, there: set[str]) -> dict[str, Any]:
    """Return what the page shows of one finding; its evidence is linked where that page is part of the report."""
    file = f"{finding.page}.html"
    about = {"key": finding.key, "question": finding.question, "silent": finding.silent}
    about["evidence"] = f"{file}#{finding.anchor}" if file in there else ""
    if finding.silent:
        return about
    per_cent = finding.scale == "share"
    drawn_as = 100 if per_cent else 1  # the axis of shares is in per cent, as the words are
    figures = [
        part for each in finding.measures for part in (each.value, each.ci_low, each.ci_high, each.chance)
    ]
    known = [drawn_as * part for part in figures if part is not None]
    edge = SCALES[finding.scale]
    scale = common_scale(
        [*known, *([edge] if edge is not None else [0.0])],
        ratio=finding.scale == "ratio",
        percent=finding.scale == "share",
    )
    rows = [_row(finding, each, scale, drawn_as) for each in finding.measures]
    return about | {
        "says": finding.says[0],
        "more": " ".join(finding.says[1:]),
        "rows": rows,
        "alt": f"Figure: {finding.question}",
        "caption": f"Dots: {'per cent ' * per_cent}{finding.unit}; bars: 95 % intervals. {_stroke(finding)}".strip(),
        "axis": axis_picture(scale),
    }


def _stroke(finding: Finding) -> str:
    """Say what the dashed stroke of a picture is, where there is one."""
    drawn = SCALES[finding.scale] is not None or any(each.chance is not None for each in finding.measures)
    return STROKES[finding.scale] if drawn else ""


def _row(finding: Finding, measure: Measure, scale: Scale, drawn_as: int) -> dict[str, Any]:
    """Return one measure: its picture, its figures as they are written and as a program reads them."""
    value, interval = finding.told(measure)
    reference = SCALES[finding.scale] if measure.chance is None else measure.chance
    others = math.nan if reference is None else reference
    place = {"value": measure.value, "low": measure.ci_low, "high": measure.ci_high, "others": others}
    drawn = {name: drawn_as * figure for name, figure in place.items()}
    by_chance = f"; by chance {percent(measure.chance)}" if measure.chance else ""
    alt = f"{measure.label}: {value}, interval {interval}{by_chance}"
    english = gloss(measure.label)
    return {
        "stated": f"finding/{finding.key}/{measure.label}",
        "value": exact(measure.value),
        "low": exact(measure.ci_low),
        "high": exact(measure.ci_high),
        "n": measure.n,
        "label": measure.label,
        "gloss": in_english_only(english) if english else "",
        "picture": interval_picture(**drawn, scale=scale, alt=alt),
        "figure": value,
        "interval": interval,
        "units": f"{measure.n:,} {finding.units}",
    }


def left_aside(corpus: Corpus) -> list[str]:
    """Say what of the corpus's source is not counted: documents set aside, files that could not be read."""
    aside, unread = len(corpus.quarantine), len(corpus.left_out)
    told = []
    if aside:
        told.append(f"{aside:,} {_documents(aside)} set aside on admission, each with its reason.")
    if unread:
        told.append(
            f"{unread:,} {'file was' if unread == 1 else 'files were'} left out or could not be read."
        )
    return told


def _documents(n: int) -> str:
    return "document was" if n == 1 else "documents were"
