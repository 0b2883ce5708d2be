"""The methods page: the corpus and what was done to it, every measure with its formula, the limits, the versions."""

from __future__ import annotations

import platform
import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from analysis.admission import SEVERITIES, checks_table
from analysis.bilingual import as_it_is
from analysis.languages import attributes
from analysis.lexicon import data_path
from analysis.pages import filled
from analysis.rhetoric.judging import precision_recall
from analysis.site.definitions import DEFINITIONS, PROSE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markupsafe import Markup

    from analysis.corpus import Corpus
    from analysis.provenance import Facts, Origin

PACKAGES = (
    "numpy",
    "pandas",
    "scipy",
    "scikit-learn",
    "jieba",
    "rjieba",
    "opencc",
    "matplotlib",
    "altair",
    "nbconvert",
)
SECTIONS = {
    "corpus": "The corpus",
    "coverage": "Which years it covers",
    "admission": "What was admitted",
    "cleaning": "What cleaning changed",
    "words": "What is a word, what is a passage",
    "measures": "What is measured",
    "statistics": "How it is tested",
    "rhetoric": "How right the detectors are",
    "limits": "Limits",
    "origin": "Where this report comes from",
    "licences": "Sources and licences",
}


def methods_body(corpus: Corpus | None, facts: Facts | None, origin: Origin) -> str:
    """Return the words of the methods page as HTML; without a corpus, what holds for any."""
    made = {
        "measures": _measures(),
        "rhetoric": _judged(),
        "origin": _origin(origin),
        "licences": _licences(),
    }
    if corpus is not None and facts is not None:
        made |= {"corpus": _corpus(corpus, facts), "coverage": _coverage(corpus)}
        made |= {"admission": _admission(corpus), "cleaning": _cleaning(corpus)}
    kept = [name for name in SECTIONS if name in made or name in PROSE]
    told = [
        {"id": name, "title": SECTIONS[name], "prose": PROSE.get(name, ()), **made.get(name, {})}
        for name in kept
    ]
    return filled("methods.html.j2", {"title": "Method", "sections": told})


def methods_contents() -> list[tuple[str, str]]:
    """Return the sections of the page: anchor and title."""
    return list(SECTIONS.items())


def _table(
    columns: Iterable[str], rows: Iterable[Iterable[Any]], *, numbers: Iterable[int] = ()
) -> dict[str, Any]:
    """Return a table as the template takes it. numbers: which columns hold figures."""
    figures = set(numbers)
    return {
        "columns": [{"name": name, "number": at in figures} for at, name in enumerate(columns)],
        "rows": [
            [{"value": as_it_is(value), "number": at in figures} for at, value in enumerate(row)]
            for row in rows
        ],
    }


# ---- the corpus


def _corpus(corpus: Corpus, facts: Facts) -> dict[str, Any]:
    source = str(corpus.about.get("source", ""))
    texts = (
        "The texts are at hand."
        if corpus.has_text
        else "Counts, places of hits and metadata are at hand, no texts."
    )
    rows = [
        ("title", facts.title),
        ("source", source or "–"),
        ("documents", f"{facts.documents:,}"),
        ("cities", f"{facts.cities:,}"),
        ("years", facts.years),
        ("words", f"{int(corpus.words.n_tokens().sum()):,}"),
        ("passages about attracting investment", f"{len(corpus.passages.rows):,}"),
        ("set aside", f"{len(corpus.quarantine):,}"),
        ("left out or unreadable", f"{len(corpus.left_out):,}"),
        ("fingerprint", facts.fingerprint),
    ]
    return {"prose": (texts,), "table": _table(("what", "value"), rows)}


def _coverage(corpus: Corpus) -> dict[str, Any]:
    """Return documents and cities by year, as a picture and as a table."""
    dated = corpus.documents[corpus.documents["year"].notna()]
    unknown = len(corpus.documents) - len(dated)
    told = [f"The year of {unknown:,} documents is not known."] if unknown else []
    if not len(dated):
        return {"prose": tuple(told)}
    yearly = dated.groupby(dated["year"].astype(int)).agg(
        documents=("doc_id", "size"), cities=("city", "nunique")
    )
    every = yearly.reindex(range(yearly.index.min(), yearly.index.max() + 1), fill_value=0)
    rows = [tuple(map(int, row)) for row in every.reset_index().itertuples(index=False)]
    told.insert(0, "One bar a year: how many documents there are. Years with few say little.")
    table = _table(("year", "documents", "cities"), rows, numbers=(0, 1, 2)) | {
        "folded": "Documents and cities by year"
    }
    return {"prose": tuple(told), "picture": bars([(year, n) for year, n, _ in rows]), "table": table}


def bars(counted: list[tuple[int, int]]) -> Markup:
    """Return one bar a year as SVG, as wide as the page; its text says the ends and the most."""
    from markupsafe import Markup

    most = max(n for _, n in counted) or 1
    wide, parts = 100 / len(counted), []
    for at, (year, n) in enumerate(counted):
        tall = 80 * n / most
        place = f'x="{at * wide + 0.1 * wide:.2f}%" width="{0.8 * wide:.2f}%"'
        parts.append(
            f'<rect {place} y="{84 - tall:.1f}" height="{tall:.1f}"><title>{year}: {n:,}</title></rect>'
        )
        if at in (0, len(counted) - 1) or (year % 5 == 0 and 2 < at < len(counted) - 3):
            anchor = "start" if at == 0 else "end" if at == len(counted) - 1 else "middle"
            x = 0 if at == 0 else 100 if at == len(counted) - 1 else (at + 0.5) * wide
            parts.append(f'<text x="{x:.2f}%" y="98" text-anchor="{anchor}">{year}</text>')
    best = next(year for year, n in counted if n == most)
    alt = f"Bars: documents by year, {counted[0][0]} to {counted[-1][0]}, most in {best} ({most:,})."
    return Markup(f'<svg class="bars" role="img" {attributes("aria-label", alt)}>{"".join(parts)}</svg>')


# ---- what was done to it


def _admission(corpus: Corpus) -> dict[str, Any]:
    """Return each check with what it asks and how many documents it found, by severity."""
    found = (
        corpus.findings.groupby(["check", "severity"])["doc_id"].nunique().to_dict()
        if len(corpus.findings)
        else {}
    )
    checks = checks_table()[["name", "meaning"]].itertuples(index=False)
    rows = [(name, meaning, *(found.get((name, kind), 0) for kind in SEVERITIES)) for name, meaning in checks]
    return {
        "table": _table(("check", "what it asks", "set aside", "warned", "noted"), rows, numbers=(2, 3, 4))
    }


def _cleaning(corpus: Corpus) -> dict[str, Any]:
    changes = corpus.changes
    if not len(changes):
        return {"table": _table(("step", "documents", "changes"), [])}
    steps = (
        changes[changes["count"] > 0]
        .groupby("step")
        .agg(documents=("doc_id", "nunique"), changes=("count", "sum"))
    )
    steps = steps.sort_values(["documents", "changes"], ascending=False, kind="stable")
    rows = [(step, f"{row.documents:,}", f"{row.changes:,}") for step, row in steps.iterrows()]
    return {"table": _table(("step", "documents", "changes"), rows, numbers=(1, 2))}


# ---- what is measured


def _measures() -> dict[str, Any]:
    return {"definitions": [{**asdict(each), "formula": as_it_is(each.formula)} for each in DEFINITIONS]}


def _judged() -> dict[str, Any]:
    judged = precision_recall()
    rows = [
        (row.device, row.judge, row.hits, _share(row, "precision"), _share(row, "recall"))
        for row in judged.itertuples(index=False)
    ]
    columns = ("device", "judge", "hits judged", "precision (95 % interval)", "recall (95 % interval)")
    return {"table": _table(columns, rows, numbers=(2, 3, 4))}


def _share(row: Any, name: str) -> str:
    low, high = getattr(row, f"{name}_low"), getattr(row, f"{name}_high")
    return f"{getattr(row, name):.2f} ({low:.2f}–{high:.2f})"


# ---- where it comes from


def _origin(origin: Origin) -> dict[str, Any]:
    from importlib.metadata import PackageNotFoundError, version

    rows = [*origin.named, ("Python", platform.python_version())]
    for name in PACKAGES:
        try:
            rows.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return {"table": _table(("what", "value"), [(name, value or "–") for name, value in rows])}


def _licences() -> dict[str, Any]:
    """Return what was taken from others, as data/NOTICES.md has it."""
    lines = data_path("NOTICES.md").read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    _, *rows = [[re.sub(r"`([^`]*)`", r"\1", cell) for cell in row] for row in cells]
    return {"table": _table(("what was taken", "where from", "licence"), rows)}
