"""One city in profile, or all of them: what sets their reports apart, how they promise, whom they are like."""

from __future__ import annotations

import html
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from analysis.chunks import progress
from analysis.comparing.demands import check_draws, check_name
from analysis.keywords.weights import content_terms
from analysis.profiling.differences import Alike, Differences, Layouts, Task, Tested
from analysis.profiling.neighbours import Neighbours, told_apart
from analysis.profiling.pioneers import EarlySlogans
from analysis.profiling.promised import Promises
from analysis.profiling.sections import Rates, Themes
from analysis.profiling.statements import COLUMNS, SilentError, of_category, of_term
from analysis.rhetoric.pledges import STEPS
from analysis.rhetoric.rating import device_counts
from analysis.table_markup import table_html

if TYPE_CHECKING:
    import pandas as pd

    from analysis.corpus import Corpus
    from analysis.counts import Counts
    from analysis.topic_models.fitting import Topics

BY_DEVICE = ("methods", "offers", "sectors", "images")
PAIRS = (
    200  # pairs of cities that a process tests at a time: to make ready for them takes as long as 60 of them
)
MANY = 20  # cities from which a second process and a bar are worth their while


@dataclass(frozen=True)
class Profile:
    """What can be said of one city. See `profile`.

    statements: one row a statement: section; subject; gloss (its English, or the English name of a category; missing where
    the lexicons have none); kind ("term", "category", "commitment", "slogan", "topic", "target" or "city") and item (what
    evidence opens it: the word, device:category, step of commitment, slogan, number of the topic, city; missing where there
    is none); value with ci_low and ci_high; unit (of the value); others (the same of all other cities; of promises, the
    mean over cities); n (documents of the city that it rests on; of promises, its reports; of slogans, the other cities with
    a report of the year; of a nearest city, its documents); q; chance (how many statements of the section random groups of
    as many documents give, on average); says (a sentence).
    silent: one row a section that says nothing: section, reason.
    """

    city: str
    documents: int
    years: str
    statements: pd.DataFrame
    silent: pd.DataFrame
    about: dict[str, Any] = field(repr=False)

    def section(self, name: str) -> pd.DataFrame:
        """Return the statements of one section."""
        return self.statements[self.statements["section"] == name].reset_index(drop=True)

    def _repr_html_(self) -> str:
        title = f"{self.city}: {self.documents} documents, {self.years}"
        told = table_html(self.statements.drop(columns=["kind", "item"]), caption=title)
        said = "".join(
            f"<li>{html.escape(f'{name}: {why}')}</li>" for name, why in self.silent.itertuples(index=False)
        )
        return told + (f"<ul>{said}</ul>" if said else "")


def profile(
    corpus: Corpus, city: str, *, themes: Topics | None = None, top: int = 5, draws: int = 20
) -> Profile:
    """Put together what sets one city's documents apart from all others', each statement with its interval and n.

    themes: a topic model of the corpus's passages, from `topics`; without it nothing is said of topics. top: statements of a
    section at most. draws: random groups that are compared likewise, 0 for none.

    Sections: words, topics, methods, offers, sectors, images (categories of devices, per 10,000 characters), commitments (by
    strength), targets (which share of its promises was met by the next report), slogans (used by at least
    20 cities in all, and in the year in which the city is first seen with it by at most a tenth of the other cities that
    have a report of that year, and before by at most a tenth of those that ever use it; value: the share in that year with
    Wilson's interval), nearest (cities with the most similar words).

    Words, topics and devices are those that `keyness` (or `Topics.compare`) calls different at q < 0.05, with documents as
    units and within year; documents without a city are left aside; what is silent, and why, is in `silent`. Raises
    ValueError for a city that is not in the corpus.
    """
    return profiles(corpus, [city], themes=themes, top=top, draws=draws, jobs=1)[city]


def profiles(
    corpus: Corpus,
    cities: Iterable[str] | None = None,
    *,
    themes: Topics | None = None,
    top: int = 5,
    draws: int = 20,
    jobs: int = 2,
) -> dict[str, Profile]:
    """Put together the profiles of many cities, each as `profile` gives it. By city, sorted.

    cities: None for all. jobs: processes, which change nothing of the result. What all cities share is made once, and
    cities with as many documents are compared with the same random groups, as in `profile`: 321 cities take as long as
    six. Raises ValueError for a city that is not in the corpus, and for a corpus without cities.
    """
    documents = corpus.documents
    if "city" not in documents or documents["city"].isna().all():
        raise ValueError(f"No document of {corpus.title} has a city; name the cities in a manifest.")
    known = sorted(documents["city"].dropna().unique())
    wanted = known if cities is None else sorted(set(cities))
    for city in wanted:
        check_name(city, known, "city")
    check_draws(draws, least=0)
    study = _Study(corpus, wanted, themes, draws)
    study.compare(jobs)
    with progress(wanted, "profiles", long=len(wanted) > MANY, unit="city") as bar:
        return {city: study.profile(city, top) for city in bar}


class _Study:
    """What the profiles of all cities share."""

    def __init__(self, corpus: Corpus, cities: list[str], themes: Topics | None, draws: int) -> None:
        self.corpus, self.cities, self.draws = corpus, cities, draws
        self.topics = Themes(themes, draws)
        self._layouts: Layouts = {}

    @cached_property
    def words(self) -> Counts:
        return content_terms(self.corpus.words, leave_out=self.corpus.names)

    @cached_property
    def rates(self) -> dict[str, Rates]:
        """The sections that compare rates: words, categories of each device, steps of commitment."""
        with warnings.catch_warnings():  # of hits that are left aside the notebooks on rhetoric tell
            warnings.simplefilter("ignore", UserWarning)
            return {
                "words": Rates(self._differences(self.words), of_term),
                **{device: self._by_category(device) for device in BY_DEVICE},
                "commitments": self._by_step(),
            }

    def _differences(self, counts: Counts) -> Differences:
        return Differences(counts, self.draws, layouts=self._layouts)

    @cached_property
    def promises(self) -> Promises:
        return Promises(self.corpus.rhetoric.promises, self.cities)

    @cached_property
    def slogans(self) -> EarlySlogans:
        return EarlySlogans(self.corpus.rhetoric.slogans, self.corpus.words.rows, self.cities)

    @cached_property
    def neighbours(self) -> Neighbours:
        return Neighbours(self.words)

    def _by_category(self, device: str) -> Rates:
        hits = self.corpus.rhetoric.devices
        counts = device_counts(hits[hits["device"] == device], self.corpus.words.rows, "category")
        return Rates(self._differences(counts), lambda category: of_category(device, category))

    def _by_step(self) -> Rates:
        hits = self.corpus.rhetoric.commitments
        counts = device_counts(hits.assign(step=hits["strength"].map(STEPS)), self.corpus.words.rows, "step")
        return Rates(
            self._differences(counts),
            lambda step: {"subject": step, "gloss": step, "kind": "commitment", "item": step},
        )

    def compare(self, jobs: int) -> None:
        """Make the tests: of each table against random groups, and of cities against their nearest."""
        from joblib import Parallel, delayed

        tests = self._tests()
        pairs = list(self.neighbours.pairs(self.cities).items())
        parts = [dict(pairs[at : at + PAIRS]) for at in range(0, len(pairs), PAIRS)]
        work = [delayed(_tested)([task for _, task in own]) for own in tests.values()]
        work += [delayed(told_apart)(part) for part in parts]
        long = len(self.cities) > MANY
        done = Parallel(n_jobs=jobs if long else 1, return_as="generator")(work)
        with progress(done, "comparing cities", long=long, total=len(work), unit="test") as bar:
            found = list(bar)
        for (alike, own), answers in zip(tests.items(), found[: len(tests)], strict=True):
            for (table, _), answer in zip(own, answers, strict=True):
                table.learn(alike, answer)
        for told in found[len(tests) :]:
            self.neighbours.learn(told)

    def _tests(self) -> dict[Alike, list[tuple[Differences, Task]]]:
        """Return the tests of all tables, those of cities with as many documents together: they share the random groups."""
        tables = [own.differences for own in self.rates.values()]
        tables += [self.topics.differences] if self.topics.differences is not None else []
        found: dict[Alike, list[tuple[Differences, Task]]] = {}
        for table in tables:
            for alike, task in table.tasks(self.cities).items():
                found.setdefault(alike, []).append((table, task))
        return found

    def sections(self, city: str, top: int) -> dict[str, Callable[[], Iterator[dict[str, Any]]]]:
        """Return the sections of a city by name, in their order."""
        told: dict[str, Callable[[], Iterator[dict[str, Any]]]] = {
            name: lambda own=own: own.of(city, top)  # type: ignore[misc]
            for name, own in self.rates.items()
        }
        told["topics"] = lambda: self.topics.of(city, top)
        told["targets"] = lambda: self.promises.of(city)
        told["slogans"] = lambda: self.slogans.of(city, top)
        told["nearest"] = lambda: self.neighbours.of(city)
        order = ["words", "topics", *BY_DEVICE, "commitments", "targets", "slogans", "nearest"]
        return {name: told[name] for name in order}

    def profile(self, city: str, top: int) -> Profile:
        import pandas as pd

        told: list[dict[str, Any]] = []
        silent: list[tuple[str, str]] = []
        for name, section in self.sections(city, top).items():
            try:
                found = [{"section": name, **row} for row in section()]
            except SilentError as why:
                silent.append((name, str(why)))
                continue
            told += found
            if not found:
                silent.append((name, "nothing that differs from the other cities' documents"))
        documents = self.corpus.documents
        years = documents.loc[documents["city"] == city, "year"].dropna()
        span = f"{years.min()}-{years.max()}" if len(years) else "no years"
        about = {"corpus": self.corpus.fingerprint, "title": self.corpus.title, "top": top}
        quiet = pd.DataFrame(silent, columns=["section", "reason"], dtype="string")
        return Profile(city, int((documents["city"] == city).sum()), span, _frame(told), quiet, about)


def _tested(tasks: list[Task]) -> list[Tested]:
    return [task.done() for task in tasks]


def _frame(told: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    texts = ["section", "subject", "gloss", "kind", "item", "unit", "says"]
    numbers = [name for name in COLUMNS if name not in (*texts, "n")]
    frame = pd.DataFrame(told, columns=COLUMNS)
    return frame.astype(dict.fromkeys(numbers, float) | {"n": int} | dict.fromkeys(texts, "string"))
