"""What an item is called: its gloss, and the names of categories and targets in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.languages import in_chinese
from analysis.rhetoric.lexicons import category_table, lexicon_table
from analysis.rhetoric.pledges import STEPS

if TYPE_CHECKING:
    from analysis.evidence.buttons import Item


class Names:
    """The names of items, from the lexicons; read once."""

    def __init__(self) -> None:
        known = lexicon_table().dropna(subset=["gloss"])
        standard = known["term"] == known["entry"]
        # An entry's own gloss wins over that of its variants, and the first device over the others.
        rows = [*known[~standard].iloc[::-1].itertuples(), *known[standard].iloc[::-1].itertuples()]
        self._glosses = {str(row.term): str(row.gloss) for row in rows}
        self._categories = {
            f"{row.device}:{row.category}": {"en": str(row.name_en), "zh": str(row.name_zh)}
            for row in category_table().itertuples()
        }

    def of(self, item: Item) -> dict[str, Any]:
        """Return `name` (in both languages) where the item itself is no name, `gloss` (English) where one is known."""
        kind, key = item
        if kind == "category":
            return {"name": self._categories.get(key, {"en": key, "zh": key})}
        if kind == "commitment" and key in STEPS.values():
            return {"name": {"en": key, "zh": in_chinese(key, note=False) or key}}
        if kind == "target":
            return {"name": _target(*key.rsplit("|", 1))}
        return {"gloss": self._glosses[key]} if key in self._glosses else {}


def _target(thing: str, unit: str) -> dict[str, str]:
    """
    >>> _target("地区生产总值", "percent")["en"]
    '地区生产总值 (percent)'
    """
    return {"en": f"{thing} ({unit})", "zh": f"{thing}（{in_chinese(unit, note=False) or unit}）"}
