"""The sections of a profile that say what a city's documents have more or less of: words, categories, topics."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from analysis.comparing.inference import log_ratios
from analysis.comparing.means import FEWEST
from analysis.keywords.chance import ALPHA
from analysis.profiling.differences import Differences, strongest
from analysis.profiling.statements import SilentError, gloss, so_many
from analysis.topic_models.shares import grouped, per_document

if TYPE_CHECKING:
    import pandas as pd

    from analysis.counts import Counts
    from analysis.topic_models.fitting import Topics

Row = dict[str, Any]
APART = "times as often as elsewhere"
OF_PASSAGES = "share of the passages"


class Rates:
    """What a city's documents say more often, or less often, than all others' do."""

    def __init__(self, differences: Differences, named: Callable[[str], Row]) -> None:
        """differences: of counts. named: what a term is called in a statement (see `statements.of_term`)."""
        self.differences, self._named = differences, named
        # The length of a document in a count of devices is that in characters.
        rows = self.differences.counts.rows
        self._length = "characters" if (rows["n_tokens"] == rows["n_chars"]).all() else "words"

    def of(self, city: str, top: int) -> Iterator[Row]:
        """Yield the statements of a city; raises SilentError where nothing can be compared."""
        every = self.differences
        every.check(city)
        statistic, p, q, chance = every.tested(city)
        if not (p == p).any():
            raise SilentError("does not vary")
        chosen = every.terms[strongest(statistic, q, every.counts.terms[every.terms], top)]
        if not len(chosen):
            return
        found = dict(zip(every.terms.tolist(), q.tolist(), strict=True))
        for term, told in zip(chosen.tolist(), self._effects(city, chosen), strict=True):
            yield told | {"q": found[term], "chance": chance}

    def _effects(self, city: str, terms: Any) -> Iterator[Row]:
        """Yield how much each term differs, with its interval and its sentence."""
        every = self.differences
        sides, rates = every.sides(city), every.rates_of(terms)
        effects = log_ratios(rates, sides.laid, sides.target, every.counts.n_tokens())
        using = (rates[sides.mine] > 0).sum(axis=0).A1
        for at, term in enumerate(every.counts.terms[terms]):
            low, high, ratio = (2 ** effects[name][at] for name in ("ci_low", "ci_high", "log_ratio"))
            named = self._named(term)
            told = {"value": ratio, "ci_low": low, "ci_high": high, "unit": APART, "others": 1.0}
            own = {name: effects[name][at] for name in ("rate_target", "rate_reference")}
            says = self._sentence(named, own, sides.laid.within, ratio > 1, int(using[at]))
            yield named | told | {"n": sides.units[0], "says": says}

    def _sentence(self, named: Row, rates: Row, within: str | None, more: bool, using: int) -> str:
        of_years = " in the same years" if within else ""
        return (
            f"{_called(named)}: {rates['rate_target']:.1f} against {rates['rate_reference']:.1f} per 10,000 "
            f"{self._length}, {'more' if more else 'less'} than elsewhere{of_years}, in {using} of its documents."
        )


def _called(named: Row) -> str:
    """Terms are called what they are, categories by their name."""
    return str(named["subject"] if named["kind"] == "term" else named["gloss"] or named["subject"])


class Themes:
    """The topics to which a city's passages give more room, or less."""

    def __init__(self, themes: Topics | None, draws: int) -> None:
        self.themes = themes
        self.differences: Differences | None = None
        if themes is None:
            return
        known = themes.where(themes.rows["city"].notna()) if "city" in themes.rows else None
        self._passages: Any = known.rows.groupby("city")["doc_id"].nunique() if known is not None else {}
        if known is None or not len(self._passages):
            return
        documents = per_document(known.shares, known.rows)
        self.differences = Differences(documents, draws, shares=True)
        self._shares = self._of_cities(documents)

    def _of_cities(self, documents: Counts) -> pd.DataFrame:
        assert self.themes is not None
        kept = documents.where(documents.n_tokens() > 0)
        return grouped(kept, "city", self.themes.labels).set_index(["group", "topic"])

    def of(self, city: str, top: int) -> Iterator[Row]:
        """Yield the statements of a city; raises SilentError where nothing can be compared."""
        if self.themes is None:
            raise SilentError("no topic model was given (themes=)")
        here = int(self._passages.get(city, 0))
        if here < FEWEST:
            raise SilentError(f"{so_many(here, 'document')} with passages, and {FEWEST} are needed")
        every = self._every
        every.check(city)
        statistic, _, q, chance = every.tested(city)
        for at in _surest(statistic, q)[:top]:
            topic = every.counts.terms[every.terms[at]]
            yield self._row(city, topic) | {"q": float(q[at]), "chance": chance}

    def _row(self, city: str, topic: int) -> Row:
        assert self.themes is not None
        label = self.themes.labels[topic]
        own: Any = self._shares.loc[(city, topic)]
        told = {
            name: float(own[at])
            for name, at in (("value", "share"), ("ci_low", "ci_low"), ("ci_high", "ci_high"))
        }
        named = {"subject": label, "gloss": gloss(label), "kind": "topic", "item": str(topic)}
        says = f"Topic {label}: {own['share']:.0%} of the passages about attracting investment."
        more = {"unit": OF_PASSAGES, "others": self._others(city, topic), "n": int(own["docs"]), "says": says}
        return named | told | more

    def _others(self, city: str, topic: int) -> float:
        """Return the mean share of the others' documents, in the same years."""
        import numpy as np

        every = self._every
        sides = every.sides(city)
        _, reference = sides.laid.weights(sides.target)
        at = np.flatnonzero(every.counts.terms == topic)
        return float((reference @ every.rates_of(at))[0])

    @property
    def _every(self) -> Differences:
        if self.differences is None:
            raise SilentError("no passage is of a document with a city")
        return self.differences


def _surest(statistic: Any, q: Any) -> Any:
    """Return the positions of the topics at q < 0.05, the smallest q first; of equals, the larger statistic."""
    import numpy as np

    apart = np.flatnonzero(q < ALPHA)
    return apart[np.lexsort((-statistic[apart], q[apart]))]
