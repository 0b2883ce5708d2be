"""A page and its evidence brought together: the buttons are read, answered, and those without an answer made words again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.evidence.blocks import answered, page_block
from analysis.evidence.buttons import settle, wanted
from analysis.evidence.gathering import BUDGET
from analysis.harmless import inner, parsed
from analysis.specs import CHART

if TYPE_CHECKING:
    from analysis.evidence.gathering import Evidence


LARGEST = 2_950_000  # bytes of a page that can be sent alone
FRAME = {
    True: 1_000_000,
    False: 100_000,
}  # of them for style and scripts, with and without the library of charts
TYPE = {True: 450_000, False: 200_000}  # and for type: lines of texts bring rare characters
LEAST = 40_000  # for evidence, however full a page is


def room_beside(body: str, *, texts: bool) -> int:
    """Return how many bytes of evidence a page has room for, by the size of its cells."""
    taken = len(body.encode()) + FRAME[f" {CHART}=" in body] + TYPE[texts]
    return max(LEAST, min(BUDGET, LARGEST - taken))


def with_evidence(body: str, evidence: Evidence | None) -> str:
    """Return the cells of a page (`tidy`) with the evidence of their buttons behind them, as a block of data.

    evidence: of the page's corpus; None where it can't be opened. Without a button that opens anything no block is added.
    """
    if "data-kind=" not in body and "data-wanted=" not in body:
        return body
    root = parsed(body)
    items = wanted(root)
    data: dict[str, Any] = {"items": {}}
    if evidence and items:
        data = evidence.of(items, budget=room_beside(body, texts=evidence.corpus.has_text))
    settle(root, answered(data))
    rest = inner(root)
    return rest + page_block(data) if data["items"] or "data-evidence=" in rest else rest
