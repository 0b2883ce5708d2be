"""One city in profile: what sets its reports apart, how it promises, what it took up early, whom it is like."""

from __future__ import annotations

import html
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analysis.comparing.demands import check_name
from analysis.comparing.means import FEWEST
from analysis.counts import Counts
from analysis.distances.likeness import similarity
from analysis.distances.metrics import distance_matrix
from analysis.keywords.chance import ALPHA
from analysis.keywords.contrasts import keyness
from analysis.keywords.weights import content_terms
from analysis.rhetoric.formulas import first_uses
from analysis.rhetoric.keeping import promises_met
from analysis.rhetoric.rating import device_counts
from analysis.spreading.adoption import diffusion
from analysis.spreading.earliness import EARLY, taken_up
from analysis.table_markup import table_html

if TYPE_CHECKING:
    import pandas as pd

    from analysis.corpus import Corpus
    from analysis.topic_models.fitting import Topics

COLUMNS = ["section", "subject", "value", "ci_low", "ci_high", "unit", "others", "n", "q", "chance", "says"]
BY_DEVICE = ("methods", "offers", "sectors", "images")
SPREAD = 20  # cities that have to share a slogan, so that one of them can be early
ALIKE = 5  # cities that are named as nearest
NO_INTERVAL = "no bootstrap interval is given on a distance"


class _SilentError(Exception):
    """Why a section says nothing."""


@dataclass(frozen=True)
class Profile:
    """What can be said of one city. See `profile`.

    statements: one row a statement: section, subject, value with ci_low and ci_high, unit (of the value), others (the same
    of all other cities; of promises, the mean over cities), n (documents of the city that it rests on; of promises, its
    reports; of slogans, the other cities with a report of the year; of a nearest city, its documents), q, chance (how many
    statements of the section random groups of as many documents give, on average), says (a sentence).
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
        told = table_html(self.statements, caption=title)
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
    units and within year; what is silent, and why, is in `silent`. Raises ValueError for a city that is not in the corpus.
    """
    import pandas as pd

    documents = corpus.documents
    if "city" not in documents or documents["city"].isna().all():
        raise ValueError(f"No document of {corpus.title} has a city; name the cities in a manifest.")
    check_name(city, documents["city"].dropna().unique(), "city")
    own = documents[documents["city"] == city]
    told: list[dict[str, Any]] = []
    silent: list[tuple[str, str]] = []
    for name, section in _sections(corpus, city, themes, top, draws).items():
        try:
            found = [{"section": name, **row} for row in section()]
        except _SilentError as why:
            silent.append((name, str(why)))
        else:
            told += found
            if not found:
                silent.append((name, "nothing that differs from the other cities' documents"))
    years = own["year"].dropna()
    span = f"{years.min()}-{years.max()}" if len(years) else "no years"
    about = {"corpus": corpus.fingerprint, "title": corpus.title, "top": top}
    quiet = pd.DataFrame(silent, columns=["section", "reason"], dtype="string")
    return Profile(city, len(own), span, pd.DataFrame(told, columns=COLUMNS), quiet, about)


Section = Callable[[], Iterator[dict[str, Any]]]


def _sections(corpus: Corpus, city: str, themes: Topics | None, top: int, draws: int) -> dict[str, Section]:
    """Return the sections by name, in their order."""
    words = content_terms(corpus.words, leave_out=corpus.names)
    sections: dict[str, Section] = {"words": lambda: _apart(words, city, top, draws)}
    sections["topics"] = lambda: _topics(themes, city, top, draws)
    for device in BY_DEVICE:
        sections[device] = lambda device=device: _apart(_categories(corpus, device), city, top, draws)  # type: ignore[misc]
    sections["commitments"] = lambda: _apart(_strengths(corpus), city, top, draws)
    sections["targets"] = lambda: _targets(corpus, city)
    sections["slogans"] = lambda: _early(corpus, city, top)
    sections["nearest"] = lambda: _nearest(words, city)
    return sections


# ---- what is used more, or less


def _apart(counts: Counts, city: str, top: int, draws: int) -> Iterator[dict[str, Any]]:
    _enough(counts, city)
    _others(counts.rows)
    if not len(counts.terms):
        raise _SilentError("none was found in the corpus")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        frame = keyness(counts, "city", city, draws=draws)
    if frame["p"].isna().all():
        raise _SilentError(str(frame.attrs.get("note") or frame["reason"].dropna().iloc[0]))
    apart = frame[frame["q"] < ALPHA]
    # The length of a document in a count of devices is that in characters.
    length = "characters" if (counts.rows["n_tokens"] == counts.rows["n_chars"]).all() else "words"
    chosen = apart.reindex(apart["statistic"].abs().sort_values(ascending=False, kind="stable").index).head(
        top
    )
    for row in chosen.to_dict("records"):
        more = row["log_ratio"] > 0
        yield {
            "subject": row["term"],
            "value": 2 ** row["log_ratio"],
            "ci_low": 2 ** row["ci_low"],
            "ci_high": 2 ** row["ci_high"],
            "unit": "times as often as elsewhere",
            "others": 1.0,
            "n": frame.attrs["n_target"],
            "q": row["q"],
            "chance": _chance(frame),
            "says": f"{row['term']}: {row['rate_target']:.1f} against {row['rate_reference']:.1f} per 10,000 {length}, "
            f"{'more' if more else 'less'} than elsewhere in the same years, in {row['docs_target']} of its documents.",
        }


def _chance(frame: pd.DataFrame) -> float:
    """Return how many hits random groups gave on average; missing where none were tried."""
    found = frame.attrs.get("placebo")
    return float(found["mean"]) if found else float("nan")


def _topics(themes: Topics | None, city: str, top: int, draws: int) -> Iterator[dict[str, Any]]:
    if themes is None:
        raise _SilentError("no topic model was given (themes=)")
    here = themes.rows.loc[themes.rows["city"] == city, "doc_id"].nunique() if "city" in themes.rows else 0
    if here < FEWEST:
        raise _SilentError(f"{here} documents with passages, and {FEWEST} are needed")
    _others(themes.rows)
    frame = themes.compare("city", city, draws=draws)
    shares = themes.in_groups("city").query("group == @city").set_index("topic")
    for row in frame[frame["q"] < ALPHA].sort_values("q").head(top).to_dict("records"):
        own = shares.loc[row["topic"]]
        yield {
            "subject": row["label"],
            "value": float(own["share"]),
            "ci_low": float(own["ci_low"]),
            "ci_high": float(own["ci_high"]),
            "unit": "share of the passages",
            "others": float(row.get("share_reference", float("nan"))),
            "n": int(own["docs"]),
            "q": row["q"],
            "chance": _chance(frame),
            "says": f"Topic {row['label']}: {own['share']:.0%} of the passages about attracting investment.",
        }


def _categories(corpus: Corpus, device: str) -> Counts:
    hits = corpus.rhetoric.devices
    return device_counts(hits[hits["device"] == device], corpus.words.rows, "category")


def _strengths(corpus: Corpus) -> Counts:
    names = {1: "aspiration", 2: "action", 3: "obligation"}
    hits = corpus.rhetoric.commitments
    return device_counts(hits.assign(step=hits["strength"].map(names)), corpus.words.rows, "step")


def _enough(counts: Counts, city: str) -> None:
    here = int((counts.rows["city"] == city).sum())
    if here < FEWEST:
        raise _SilentError(
            f"{here} document{'s' if here != 1 else ''}, and {FEWEST} are needed for an interval"
        )


def _others(rows: pd.DataFrame) -> None:
    if rows["city"].nunique() < 2:
        raise _SilentError("there is no other city to compare with")


# ---- promises


def _targets(corpus: Corpus, city: str) -> Iterator[dict[str, Any]]:
    made = corpus.rhetoric.promises[lambda each: each["city"].notna()]
    here = (made["city"] == city).to_numpy(dtype=bool)
    kept = promises_met(made[here], "city")
    reports = int(kept["reports"].sum())
    if reports < FEWEST:
        raise _SilentError(
            f"{reports} report{'s' if reports != 1 else ''} with promises that the next year's report speaks of, "
            f"and {FEWEST} are needed"
        )
    own: Any = kept.loc[0]
    others = promises_met(made[~here].assign(side="others"), "side")["met"]
    reason = f" ({own['reason']})" if isinstance(own["reason"], str) else ""
    yield {
        "subject": "promises met",
        "value": own["met"],
        "ci_low": own["ci_low"],
        "ci_high": own["ci_high"],
        "unit": "share of the promises of a report, mean over reports",
        "others": others.iloc[0] if len(others) else float("nan"),
        "n": reports,
        "says": f"Of {own['promises']:,} promises {own['matched']:,} could be set against the next year's report; "
        f"{own['met']:.0%} of those of a report were met by its own account{reason}.",
    }


# ---- slogans


def _early(corpus: Corpus, city: str, top: int) -> Iterator[dict[str, Any]]:
    rows = corpus.words.rows
    known = rows[rows["city"].notna()]
    if known["year"].isna().all():
        raise _SilentError("no document of a city has a year")
    hits = corpus.rhetoric.slogans
    hits = hits[hits["slogan"].notna() & hits["doc_id"].isin(known["doc_id"])]
    uses = first_uses(hits, known)
    common = list(uses.loc[uses["cities"] >= SPREAD, "slogan"])
    if not common:
        raise _SilentError(f"no slogan is used by {SPREAD} cities or more")
    here = known.loc[known["city"] == city, "doc_id"]
    used = sorted(set(hits.loc[hits["doc_id"].isin(here), "slogan"]) & set(common))
    if not used:
        raise _SilentError(f"it uses none of the {len(common)} slogans that {SPREAD} cities use")
    spread = diffusion(device_counts(hits[hits["slogan"].isin(used)], known, "slogan"), used, draws=1)
    mine = spread.adoptions[(spread.adoptions["city"] == city) & spread.adoptions["by"].notna()]
    tried = (taken_up(own, spread.curve, spread.adoptions) for _, own in mine.iterrows())
    found = [row for row in tried if row is not None]
    if not found:
        raise _SilentError(
            f"none of its {len(used)} slogans that {SPREAD} cities use was taken up early: more than {EARLY:.0%} of the "
            "other cities used it in the year or before, or too few reported"
        )
    yield from sorted(found, key=lambda row: (row["ci_high"], row["subject"]))[:top]


# ---- neighbours


def _nearest(words: Counts, city: str) -> Iterator[dict[str, Any]]:
    _enough(words, city)
    known = words.where(words.rows["city"].notna())
    if known.rows["city"].nunique() < 3:
        raise _SilentError("there are fewer than three cities")
    apart = distance_matrix(known, "city")[city].drop(city).sort_values(kind="stable")
    pairs = [(city, other) for other in apart.index[:ALIKE]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        tested = similarity(known, "city", pairs=pairs).set_index("b")
    for rank, (other, distance) in enumerate(apart.head(ALIKE).items(), 1):
        row: Any = tested.loc[str(other)]
        yield {
            "subject": other,
            "value": 1 - float(distance),
            "unit": f"cosine of tf-idf ({NO_INTERVAL})",
            "others": 1 - float(apart.median()),
            "n": int(row["docs_b"]),
            "says": f"{rank}. {other}: cosine {1 - distance:.2f}, of the median city {1 - apart.median():.2f}; "
            f"{row['verdict']} (p {row['p']:.3f}).",
        }
