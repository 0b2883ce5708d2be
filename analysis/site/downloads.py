"""The tables of a corpus to download: what one row is, what the columns mean, and how each is made."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.site.counted import (
    SHARED_BY,
    TERMS,
    NotThereError,
    adoption_table,
    cities_table,
    devices_table,
    documents_table,
    plain_table,
    promises_table,
    quarantine_table,
    slogans_table,
    targets_table,
    words_by_city_table,
    words_by_year_table,
)
from analysis.site.meanings import MEANINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pandas as pd

    from analysis.corpus import Corpus
    from analysis.profiling.telling import Profile


@dataclass(frozen=True)
class Download:
    """One table to download: file name without ending, title, what one row is, and how it is made."""

    name: str
    title: str
    rows_are: str
    make: Callable[[Corpus], pd.DataFrame]


def downloads() -> list[Download]:
    """Return the tables that every corpus may have, in their order."""
    return [
        Download(
            "documents", "Documents", "One row a document that is counted, without its text.", documents_table
        ),
        Download("cities", "Cities", "One row a city.", cities_table),
        Download(
            "words_by_city",
            "Words by city",
            f"One row a word, for the {TERMS:,} content words that most documents use; one column a city: how often all its "
            "documents use the word. The row (words) holds the number of all words.",
            words_by_city_table,
        ),
        Download("words_by_year", "Words by year", "The same words; one column a year.", words_by_year_table),
        Download(
            "devices",
            "Devices by city and year",
            "One row a city, year and category of a device, where there is a hit; negated ones are left aside.",
            devices_table,
        ),
        Download(
            "targets",
            "Figures by city, year and object",
            "One row a city, year, object and kind of unit: figures that reports name with a verb of promise or account.",
            targets_table,
        ),
        Download(
            "promises",
            "Promises by city, year and object",
            "One row a city, year of the promise and object.",
            promises_table,
        ),
        Download("slogans", "Slogans and their first uses", "One row a slogan.", slogans_table),
        Download(
            "adoption",
            "When cities took up slogans",
            f"One row a slogan that {SHARED_BY} cities use and a city that uses it.",
            adoption_table,
        ),
        Download(
            "admission",
            "What admission found",
            "One row a finding, also of documents that are counted.",
            plain_table("findings"),
        ),
        Download(
            "quarantine",
            "Set aside on admission",
            "One row a document that is not counted.",
            quarantine_table,
        ),
        Download(
            "left_out",
            "Left out",
            "One row a file that is no document of this corpus.",
            plain_table("left_out"),
        ),
        Download(
            "changes", "What the cleaning changed", "One row a document and step.", plain_table("changes")
        ),
    ]


def statements_table(profiles: Mapping[str, Profile]) -> pd.DataFrame:
    """Return the statements of all profiles. One row a statement: city and the columns of `Profile.statements`."""
    import pandas as pd

    frames = [
        found.statements.assign(city=city)
        for city, found in sorted(profiles.items())
        if len(found.statements)
    ]
    if not frames:
        raise NotThereError("No profile was computed.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # columns that are all missing in one profile
        whole = pd.concat(frames, ignore_index=True)
    return whole[["city", *whole.columns.drop("city")]]


def columns_of(frame: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the columns of a table with their meaning; columns that are cities or years are named together."""
    known = [(str(name), MEANINGS[str(name)]) for name in frame.columns if str(name) in MEANINGS]
    others = [str(name) for name in frame.columns if str(name) not in MEANINGS]
    if len(others) > 5:
        return [*known, (f"{others[0]} … {others[-1]}", f"{len(others)} columns: uses of the word there")]
    return [*known, *((name, "as the corpus has it") for name in others)]


def made(corpus: Corpus) -> Iterator[tuple[Download, pd.DataFrame | None, str]]:
    """Make the tables one by one; None and the reason where the corpus has none."""
    for download in downloads():
        try:
            yield download, download.make(corpus), ""
        except NotThereError as why:
            yield download, None, str(why)
