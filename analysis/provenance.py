"""What a report says of its origin: corpus, fingerprint, version, date."""

from __future__ import annotations

import datetime
import os
import warnings
from dataclasses import dataclass
from pathlib import Path

from analysis import corpora

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


def facts_of(source: str, folder: Path) -> Facts | None:
    """Open a corpus (a path as the notebooks in `folder` see it) and take down what pages say of it."""
    try:
        corpus = corpora.open_corpus(source if source in SHIPPED else folder / source)
    except (ValueError, OSError) as error:
        warnings.warn(f"The corpus {source} could not be opened for the footers: {error}", stacklevel=2)
        return None
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
