"""A page and its evidence brought together: the buttons are read, answered, and those without an answer made words again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.evidence.blocks import answered, page_block
from analysis.evidence.buttons import settle, wanted
from analysis.evidence.gathering import BUDGET
from analysis.harmless import inner, parsed

if TYPE_CHECKING:
    from analysis.evidence.gathering import Evidence


def with_evidence(body: str, evidence: Evidence | None, *, budget: int = BUDGET) -> str:
    """Return the cells of a page (`tidy`) with the evidence of their buttons behind them, as a block of data.

    evidence: of the page's corpus; None where it can't be opened. Without a button that opens anything no block is added.
    """
    if "data-kind=" not in body and "data-wanted=" not in body:
        return body
    root = parsed(body)
    items = wanted(root)
    data = evidence.of(items, budget=budget) if evidence and items else {"items": {}}
    settle(root, answered(data))
    rest = inner(root)
    return rest + page_block(data) if data["items"] or "data-evidence=" in rest else rest
