"""What pages state, as a program reads it: elements with an id, figures, words; and the profiles that city pages state."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.harmless import parsed
from analysis.keywords.weights import content_terms
from analysis.profiling.telling import profiles
from analysis.topic_models.fitting import topics
from analysis.topic_models.stable import known_stability, recommended_k

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.corpus import Corpus
    from analysis.profiling.telling import Profile
    from analysis.topic_models.fitting import Topics

FIGURES = ("value", "low", "high", "n")
_TAG = re.compile(r'<\w+[^<>]*\bdata-stated="[^"]*"[^<>]*>')
_ATTRIBUTE = re.compile(r'\bdata-(stated|value|low|high|n)="([^"]*)"')


@dataclass(frozen=True)
class Stated:
    """One statement of a page: its figures as they are written in data attributes, and its words in all languages."""

    figures: tuple[tuple[str, str], ...]
    words: str

    def against(self, other: Stated) -> str:
        """Say how it differs from what was computed, "" where it does not."""
        mine, theirs = dict(self.figures), dict(other.figures)
        for name in FIGURES:
            if mine.get(name, "") != theirs.get(name, ""):
                return (
                    f"{name} {mine.get(name) or 'missing'} on the page, {theirs.get(name) or 'none'} computed"
                )
        return "" if self.words == other.words else f"the words differ: {_apart(self.words, other.words)}"


def stated_in(markup: str) -> dict[str, Stated]:
    """Return the statements of a page, or of a piece of one, by their id; of two with one id the words of both.

    >>> stated_in('<p data-stated="a/b" data-value="1.5">1.5 times</p>')
    {'a/b': Stated(figures=(('value', '1.5'),), words='1.5 times')}
    """
    found: dict[str, Stated] = {}
    for element in parsed(markup).xpath(".//*[@data-stated]"):
        key, words = str(element.get("data-stated")), " ".join(element.text_content().split())
        figures = tuple(
            (name, element.get(f"data-{name}")) for name in FIGURES if element.get(f"data-{name}")
        )
        # One that was put before or behind the true one must not hide it, or hide behind it.
        found[key] = Stated(figures, f"{found[key].words} | {words}" if key in found else words)
    return found


def figures_in(markup: str) -> dict[str, dict[str, str]]:
    """Return the figures of a page's statements by their id: quicker than `stated_in`, without the words."""
    found = {}
    for tag in _TAG.finditer(markup):
        told = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(tag.group())}
        key = told.pop("stated")
        found[key] = {name: value for name, value in told.items() if value}
    return found


def city_profiles(
    corpus: Corpus, cities: Iterable[str] | None = None, *, jobs: int = 2
) -> Mapping[str, Profile]:
    """Return the profiles that city pages state, all or some, computed as for the pages; {} where no city has another."""
    documents = corpus.documents
    if "city" not in documents or documents["city"].nunique() < 2:
        return {}
    found: Mapping[str, Profile] = profiles(corpus, cities, themes=themes_of(corpus), jobs=jobs)
    return found


def themes_of(corpus: Corpus) -> Topics | None:
    """Return the topics of a corpus's passages, as many as are known to be stable; None where too few passages are there."""
    passages = content_terms(corpus.passages, leave_out=corpus.names)
    passages = passages.where(passages.values.getnnz(axis=1) > 0)
    table = known_stability(corpus.fingerprint)
    k = recommended_k(table) if table is not None else None
    if k is None or passages.rows["doc_id"].nunique() < 2 or min(passages.values.shape) <= k:
        return None
    return topics(passages, k, seed=0)


def _apart(mine: str, theirs: str, around: int = 30) -> str:
    """Return where two texts part, with a little of both."""
    at = next(
        (n for n, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b), min(len(mine), len(theirs))
    )
    start = max(0, at - around // 2)
    ends: Any = (text[start : start + around] for text in (mine, theirs))
    return " against ".join(f"“{end}”" for end in ends)
