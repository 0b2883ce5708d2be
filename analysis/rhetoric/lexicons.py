"""The lexicons of rhetorical devices: read, checked, shown."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from analysis.frames import check_frame
from analysis.lexicon import read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pandas as pd

FILES = {
    "methods": "methods.csv",
    "offers": "offers.csv",
    "sectors": "sectors.csv",
    "places": "investment_places.csv",
    "images": "images.csv",
    "commitment": "commitment.csv",
    "speakers": "speakers.csv",
}
DEVICES = tuple(FILES)
NEEDED = ["device", "term", "category"]
COLUMNS = ["device", "term", "entry", "category", "gloss", "reason", "not", "with", "without", "strength"]
CONDITIONS = ["not", "with", "without"]  # strings parted by ;
SHORTEST = 2  # characters; one alone is part of too many words


def load_lexicon(lexicon: Any = None) -> pd.DataFrame:
    """Return the checked table of a lexicon, one row a term, entries filled in.

    lexicon: None for all seven devices; the name of one, or several; or a frame of your own with the columns device, term
    and category, and if you like entry, gloss, reason, not, with, without, strength; there strings may be parted by ； too,
    and blanks round them are left out.
    Raises ValueError, in one sentence, for an unknown device and for whatever `check_lexicon` finds.
    """
    import pandas as pd

    if isinstance(lexicon, pd.DataFrame):
        return _own(lexicon)
    names = _names(lexicon)
    unknown = [name for name in names if not isinstance(name, str) or name not in FILES]
    if unknown or not names:
        raise ValueError(
            f"lexicon={lexicon!r} is no device; choose from {', '.join(DEVICES)}, or give a frame of your own."
        )
    return pd.concat([_shipped(name) for name in dict.fromkeys(names)], ignore_index=True)


def _names(lexicon: Any) -> list:
    """Return the devices that are asked for, whatever they are."""
    if lexicon is None:
        return list(DEVICES)
    alone = isinstance(lexicon, str) or not hasattr(lexicon, "__iter__")
    return [lexicon] if alone else list(lexicon)


@cache
def looser_patterns(device: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns that `data/lexicon/near_misses.csv` has for a device, slogans or parallelism."""
    table = read_table("lexicon", "near_misses.csv")
    return tuple(re.compile(pattern) for pattern in table.loc[table["device"] == device, "pattern"])


@cache
def _shipped(device: str) -> pd.DataFrame:
    table = _filled(read_table("lexicon", FILES[device]).assign(device=device))
    known = read_table("lexicon", "categories.csv")
    own = known.loc[known["device"] == device, "category"]
    check_lexicon(table, categories=own, source=f"data/lexicon/{FILES[device]}", explained=True)
    return table


def _own(table: pd.DataFrame) -> pd.DataFrame:
    check_frame(table, "A lexicon", *NEEDED)
    words = table[[name for name in table if name in COLUMNS]].astype("string")
    table = _filled(
        words.mask(words.apply(lambda cells: cells.str.strip() == "").fillna(False))
    )  # as in a file
    # Parted as one writes: 火锅店； 火锅街. In the shipped tables a blank at an end is meant: it is one of the text.
    plain = {
        name: table[name].str.replace(r"\s*[;；]\s*", ";", regex=True).str.strip() for name in CONDITIONS
    }
    table = table.assign(**plain)
    for device, rows in table.groupby("device", sort=False, dropna=False):
        check_lexicon(rows, source=f"the lexicon of {device!r}")
    return table.reset_index(drop=True)


def _filled(table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a lexicon in their order, missing ones added, the entry of a standard form filled in."""
    table = table.reindex(columns=COLUMNS).astype("string")
    return table.assign(entry=table["entry"].fillna(table["term"]))


def check_lexicon(
    table: pd.DataFrame,
    *,
    categories: Iterable[str] | None = None,
    source: str = "the lexicon",
    explained: bool = False,
) -> None:
    """Raise ValueError, in one sentence, where the lexicon of one device has a fault: which row, and what to do.

    Faults: a term, category or device missing; a term of one character, or with signs that no word has (the tokeniser would
    lose them); one term twice; an entry that is no term of its own, or stands in two categories; a string of `not` that does
    not contain its term, or is the term; an unknown category (where `categories` are given); explained: no reason or gloss.
    One term inside another is no fault: the longest counts.

    table: columns device, term, entry, category, gloss, reason, not, with, without (entries filled in). source: named in the
    error.
    """
    faults = [fault for check in _CHECKS for fault in check(table)]
    if explained:
        faults += _unexplained(table)
    if categories is not None:
        faults += _unknown_categories(table, set(categories))
    if faults:
        place, term, why = min(faults, key=lambda fault: fault[0])
        more = f" {len(faults) - 1} more of its kind or others follow." if len(faults) > 1 else ""
        raise ValueError(f"{source}, row {place + 1} ({term}): {why}{more}")


Fault = tuple[int, str, str]


def parts(cell: Any) -> list[str]:
    """Return the strings of a cell of `not`, `with` or `without`.

    >>> parts("推动力;推动者"), parts(None)
    (['推动力', '推动者'], [])
    """
    return cell.split(";") if isinstance(cell, str) else []


def _rows(table: pd.DataFrame, *columns: str) -> Iterator[tuple]:
    for place, row in enumerate(table[list(columns)].itertuples(index=False, name=None)):
        yield place, *(cell if isinstance(cell, str) else None for cell in row)


def _incomplete(table: pd.DataFrame) -> Iterator[Fault]:
    for place, device, term, category in _rows(table, *NEEDED):
        lacking = [
            name
            for name, cell in zip(NEEDED, (device, term, category), strict=True)
            if not (cell or "").strip()
        ]
        if lacking:
            yield place, str(term), f"it has no {' and no '.join(lacking)}; fill it in."


def _unseen(table: pd.DataFrame) -> Iterator[Fault]:
    for place, term in _rows(table, "term"):
        if term is None:
            continue
        if len(term) < SHORTEST:
            yield place, term, "a term has at least two characters; write it with a neighbour."
        elif lost := [sign for sign in term if not sign.isalnum()]:
            yield (
                place,
                term,
                f"no word has {lost[0]!r}, so the tokeniser would lose it; write the term without.",
            )


def _doubled(table: pd.DataFrame) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for place, term in _rows(table, "term"):
        if term is not None and seen.setdefault(term, place) != place:
            yield place, term, f"the term stands in row {seen[term] + 1} too; take one of them out."


def _lost_entries(table: pd.DataFrame) -> Iterator[Fault]:
    entries = {term: entry for _, term, entry in _rows(table, "term", "entry")}
    for place, term, entry in _rows(table, "term", "entry"):
        if entry is not None and entries.get(entry) != entry:
            yield (
                place,
                str(term),
                f"its entry {entry} is no entry; add it as a term with its own name as entry.",
            )


def _torn_entries(table: pd.DataFrame) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for place, term, entry, category in _rows(table, "term", "entry", "category"):
        if entry and category and first.setdefault(entry, category) != category:
            why = f"its entry {entry} is in {first[entry]} and in {category}; an entry has one category."
            yield place, str(term), why


def _wrong_conditions(table: pd.DataFrame) -> Iterator[Fault]:
    for place, term, excluded, needed, barred in _rows(table, "term", "not", "with", "without"):
        for string in parts(excluded):
            if term is not None and (term not in string or term == string):
                yield (
                    place,
                    term,
                    f"`not` has {string!r}, which has to be longer than the term and contain it.",
                )
        for name, strings in (("with", needed), ("without", barred)):
            if "" in parts(strings):
                yield place, str(term), f"`{name}` has an empty string; take out the ; too many."


def _unexplained(table: pd.DataFrame) -> list[Fault]:
    why = "it has no {}; say in a few words what it means and why it is here."
    return [
        (place, str(term), why.format("gloss" if gloss is None else "reason"))
        for place, term, gloss, reason in _rows(table, "term", "gloss", "reason")
        if gloss is None or reason is None
    ]


def _unknown_categories(table: pd.DataFrame, known: set[str]) -> list[Fault]:
    listed = ", ".join(sorted(known)) or "none"
    why = "the category {} is not in data/lexicon/categories.csv, which has {} for it; add it there or correct it."
    return [
        (place, str(term), why.format(category, listed))
        for place, term, category in _rows(table, "term", "category")
        if category is not None and category not in known
    ]


_CHECKS: tuple[Callable[[pd.DataFrame], Iterable[Fault]], ...] = (
    _incomplete,
    _unseen,
    _doubled,
    _lost_entries,
    _torn_entries,
    _wrong_conditions,
)


def lexicon_table(device: Any = None) -> pd.DataFrame:
    """Show the terms of the lexicons. One row a term, in the order of the tables.

    device: a name, several, or None for all seven; or a lexicon of your own, as `devices` takes it.

    Columns: device, category, entry, term, gloss, reason, strength (of commitment), not, with, without (what the term must
    not be part of, of which one has to stand in its clause, and of which none may), inside (longer terms of the device that
    contain it, which win where they stand), cut (how the project's tokeniser cuts it, alone, parted by /).
    """
    from analysis.counts import project_tokeniser

    table = load_lexicon(device)
    cut = project_tokeniser()
    terms = {name: own.tolist() for name, own in table.groupby("device", observed=True)["term"]}
    inside: list[Any] = [
        _longer(term, terms[own]) for own, term in zip(table["device"], table["term"], strict=True)
    ]
    cuts = ["/".join(cut(term)) for term in table["term"]]
    table = table.assign(inside=inside, cut=cuts).astype({"inside": "string", "cut": "string"})
    return table[
        [
            "device",
            "category",
            "entry",
            "term",
            "gloss",
            "reason",
            "strength",
            "not",
            "with",
            "without",
            "inside",
            "cut",
        ]
    ]


def category_table(device: str | None = None) -> pd.DataFrame:
    """Show what each device counts. One row a category: device, category, name_zh, name_en, definition.

    device: one of them, also targets, slogans and parallelism; None: all.
    """
    table = read_table("lexicon", "categories.csv")
    return table if device is None else table[table["device"] == device].reset_index(drop=True)


def _longer(term: str, terms: Iterable[str]) -> str | None:
    return ";".join(other for other in terms if term in other and other != term) or None


@cache
def glosses() -> dict[str, str]:
    """Return the English gloss of each term that a lexicon explains: devices first, then the indicators of targets."""
    lexicon, indicators = load_lexicon(), read_table("lexicon", "indicators.csv")
    listed = indicators["variants"].fillna("").str.split(";")
    pairs = [*zip(lexicon["term"], lexicon["gloss"], strict=True)]
    pairs += [*zip(indicators["entry"], indicators["gloss"], strict=True)]
    pairs += [
        (name, gloss) for names, gloss in zip(listed, indicators["gloss"], strict=True) for name in names
    ]
    return {term: gloss for term, gloss in reversed(pairs) if term and isinstance(gloss, str)}
