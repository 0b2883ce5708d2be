"""What a report says of its origin: corpus, fingerprint, version, commit, parameters, date."""

from __future__ import annotations

import datetime
import os
import subprocess
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import corpora

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.corpus import Corpus

UNKNOWN = "unknown"
SHIPPED = (*corpora.FEATURES, "sample")


@dataclass(frozen=True)
class Facts:
    """What a page says of its corpus; numbers of documents and cities, years, first and last date (ISO)."""

    title: str
    fingerprint: str
    documents: int
    cities: int
    years: str
    dates: str
    invented: bool

    @property
    def line(self) -> str:
        """One sentence for a footer."""
        dated = f", dated {self.dates}" if self.dates else ""
        size = f"{_number(self.documents, 'document')}, {_number(self.cities, 'city', 'cities')}"
        return f"Corpus: {self.title}; {size}{dated}; fingerprint {self.fingerprint}."


def facts_from(corpus: Corpus) -> Facts:
    """Return what pages say of a corpus that is open."""
    documents = corpus.documents
    # The day it was delivered; where that is unknown, the day it was published.
    known = [documents[column] for column in ("date", "published") if column in documents]
    dates = sorted((known[0].fillna(known[-1]) if known else documents["year"]).dropna().astype(str))
    return Facts(
        title=corpus.title,
        fingerprint=corpus.fingerprint,
        documents=len(documents),
        cities=int(documents["city"].nunique()),
        years=corpus.period.replace("-", "–"),
        dates=f"{dates[0]} to {dates[-1]}" if dates else "",
        invented=bool(corpus.about.get("invented", corpus.name == "sample")),
    )


@dataclass(frozen=True)
class Origin:
    """Where a page or a table comes from: version and commit of the project, its corpus, the choices it was made with."""

    version: str
    commit: str
    corpus: str
    fingerprint: str
    made: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def named(self) -> list[tuple[str, str]]:
        """What a program reads of it in the head of a page (`<meta name="report:...">`): name and value."""
        own = ("version", "commit", "corpus", "fingerprint", "made")
        return [(name, str(getattr(self, name))) for name in own] + [("parameters", self.chosen)]

    @property
    def chosen(self) -> str:
        """The parameters in a line: "language en; only 03"."""
        return "; ".join(f"{name} {value}" for name, value in sorted(self.parameters.items()) if value != "")

    @property
    def sentence(self) -> str:
        """What the footer of a page says of the program."""
        return f"Made on {self.made} with city-rhetoric {self.version}, commit {self.commit}."

    @property
    def line(self) -> str:
        """All of it in one line, for the head of a CSV."""
        corpus = f"corpus: {self.corpus}; fingerprint {self.fingerprint}" if self.corpus else "no corpus"
        told = f"city-rhetoric {self.version}; commit {self.commit}; {corpus}; made {self.made}"
        return f"{told}; parameters: {self.chosen}" if self.chosen else told


def origin_of(facts: Facts | None, **parameters: object) -> Origin:
    """Return the origin of what is made now from a corpus; parameters: the choices it was made with, "" for none."""
    about = (facts.title, facts.fingerprint) if facts else ("", "")
    return Origin(
        version(), commit(), *about, today(), {name: str(value) for name, value in parameters.items()}
    )


@lru_cache(maxsize=1)
def commit() -> str:
    """Return the commit of the clone that runs, with "+changes" where its code or data differ from it.

    "unknown" where the package is installed, not run from a clone, or git does not answer.
    """
    clone = Path(__file__).resolve().parent.parent
    if not (clone / ".git").exists():
        return UNKNOWN
    found = _git(clone, "rev-parse", "--short=12", "HEAD")
    changed = _git(clone, "status", "--porcelain", "--", "analysis", "data", "notebooks")
    if found is None or changed is None:
        return UNKNOWN
    return f"{found}+changes" if changed else found


def _git(clone: Path, *command: str) -> str | None:
    """Ask git; None where it is not there, refuses or is slow."""
    try:
        done = subprocess.run(
            ["git", "-C", str(clone), *command], capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def named_facts(facts: Facts | None) -> list[tuple[str, str]]:
    """Return the facts that head the index, each with its name."""
    if facts is None:
        return []
    numbers = [("Documents", f"{facts.documents:,}"), ("Cities", f"{facts.cities:,}"), ("Years", facts.years)]
    return [("Corpus", facts.title), *numbers, ("Fingerprint", facts.fingerprint)]


def version() -> str:
    """Return the installed version of the project."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("city-rhetoric")
    except PackageNotFoundError:
        return "(not installed)"


def today() -> str:
    """Return the date of the report (ISO); SOURCE_DATE_EPOCH fixes it, for builds that must be the same."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.datetime.fromtimestamp(int(fixed), datetime.UTC) if fixed else datetime.datetime.now()
    return moment.date().isoformat()


def _number(n: int, one: str, more: str | None = None) -> str:
    """Return a number with its noun.

    >>> _number(1, "city", "cities"), _number(2231, "document")
    ('1 city', '2,231 documents')
    """
    return f"{n:,} {one if n == 1 else more or one + 's'}"
