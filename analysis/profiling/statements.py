"""What a statement of a profile is: its columns, the names and glosses of what it speaks of, and silence with a reason."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from analysis.rhetoric.lexicons import category_table, glosses

COLUMNS = ["section", "subject", "gloss", "kind", "item", "value", "ci_low", "ci_high", "unit"]
COLUMNS += ["others", "n", "q", "chance", "says"]


class SilentError(Exception):
    """Why a section says nothing."""


@lru_cache(maxsize=1)
def category_names() -> dict[tuple[str, str], str]:
    """Return the English name of each category, by device and category."""
    table = category_table()
    keys = zip(table["device"], table["category"], strict=True)
    return dict(zip(keys, table["name_en"], strict=True))


def gloss(term: str) -> str | None:
    """Return the English of a term, or of a topic's label (terms joined by ·) so far as its terms have one.

    >>> gloss("以商招商·招商会") == f"{gloss('以商招商')} · {gloss('招商会') or '招商会'}"
    True
    >>> gloss("霁川市") is None
    True
    """
    known, terms = glosses(), term.split("·")
    if not any(each in known for each in terms):
        return None
    return " · ".join(known.get(each, each) for each in terms)


def of_term(term: str) -> dict[str, Any]:
    """Return the columns that say what a word is: subject, gloss, kind, item."""
    return {"subject": term, "gloss": gloss(term), "kind": "term", "item": term}


def of_category(device: str, category: str) -> dict[str, Any]:
    """Return the same of a category of a device."""
    name = category_names().get((device, category))
    return {"subject": category, "gloss": name, "kind": "category", "item": f"{device}:{category}"}


def so_many(n: int, what: str) -> str:
    """Say how many there are, such as "1 document".

    >>> so_many(1, "document"), so_many(2, "report")
    ('1 document', '2 reports')
    """
    return f"{n:,} {what}{'' if n == 1 else 's'}"
