"""The questions of the research answered in a page: five findings, each with its figure, its interval and its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.answers.between import alike, coast
from analysis.answers.said import Finding, SilentError, check_units
from analysis.answers.since import borrowed, change, kept

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.corpus import Corpus

_ANSWERS = {"coast": coast, "alike": alike, "change": change, "kept": kept, "borrowed": borrowed}


def findings(corpus: Corpus, *, only: Iterable[str] | None = None) -> list[Finding]:
    """Answer the five questions of the research from a corpus, each with its figure, its 95 % interval and n.

    coast: how often coastal cities use the words of investment against inland ones, within year (`keyness`, cities as
    units), and how many words differ at all, beside random groups. alike: share of a city's five nearest (cosine of
    tf-idf) that are of its own province, among cities with reports in the same years. change: mean change within the cities
    that report both in the last five years and in five years a decade before. kept: share of promises met (`promises_met`).
    borrowed: share of the text of one source that comes from the same province (`Reuse.nearness`).

    Words and indicators were chosen before the result was seen. The units are cities; where cities of one province cannot
    be independent, the interval leaves out one province at a time. A finding that the corpus cannot support says
    why (`silent`) and has no figure: fewer than 20 units have no interval that can be trusted (docs/calibration.md).

    only: keys of those that are asked for; None: all. Raises ValueError for a key that there is not.
    """
    asked = list(_ANSWERS if only is None else only)
    if unknown := [key for key in asked if key not in _ANSWERS]:
        raise ValueError(f"There is no finding {unknown[0]!r}; there are {', '.join(_ANSWERS)}.")
    return [_answered(key, corpus) for key in asked]


def _answered(key: str, corpus: Corpus) -> Finding:
    try:
        check_units(corpus.documents["city"].nunique() if "city" in corpus.documents else 0, "cities")
        return _ANSWERS[key](corpus)
    except (SilentError, ValueError) as why:  # a ValueError names what these features lack, in one sentence
        return Finding(key, silent=str(why))
