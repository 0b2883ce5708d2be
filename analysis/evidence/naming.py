"""What an item is called: its gloss, and the names of categories and targets in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.languages import in_chinese
from analysis.rhetoric.lexicons import category_table, glosses
from analysis.rhetoric.pledges import STEPS

if TYPE_CHECKING:
    from analysis.evidence.buttons import Item


class Names:
    """The names of items, from the lexicons; read once."""

    def __init__(self) -> None:
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
        return {"gloss": glosses()[key]} if key in glosses() else {}


def _target(thing: str, unit: str) -> dict[str, str]:
    """
    >>> _target("地区生产总值", "percent")["en"]
    '地区生产总值 (percent)'
    """
    return {"en": f"{thing} ({unit})", "zh": f"{thing}（{in_chinese(unit, note=False) or unit}）"}
