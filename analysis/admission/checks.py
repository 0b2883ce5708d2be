"""The checks of an admission report: their rules, and those that look at one document alone."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.readers.fields import is_missing

if TYPE_CHECKING:
    Row = dict[str, Any]


class Check(NamedTuple):
    """One check: its name, the severities it gives, and its rule in words."""

    name: str
    severity: str
    meaning: str


# fmt: off
CHECKS = (
    Check("duplicate", "quarantine, info",
          "Half of the 12-character shingles of two texts are shared, or 80 % of the shorter's. The one filed rightly, "
          "else the longer, is kept (info)."),
    Check("overlap", "warn",
          "Two texts share a fifth of the shorter's shingles; ordinary neighbours share less than a ninth."),
    Check("repeated", "quarantine, warn",
          "A tenth of the text's shingles stand in it before: it holds passages twice. Quarantined from a quarter on: what "
          "is said in the doubled part would count double."),
    Check("wrong_city", "quarantine, warn",
          "The text speaks for another city than it is filed under: attribution of high confidence; of medium, a "
          "warning."),
    Check("other_tier", "quarantine",
          "A text filed as a city's in which the national, a provincial or a county government speaks."),
    Check("wrong_year", "quarantine, warn",
          "No statement of a report supports the year it is filed under, and two others (year looked back on, year "
          "planned for, title, date, years named) agree on another. One alone, where the date does not fit either, is a "
          "warning."),
    Check("fragment", "quarantine, warn",
          "A report without a closing, broken off or ended in its problems, and under 80 % of the usual length; or "
          "under 35 % of it. Broken off, or without opening and closing, at the usual length: a warning."),
    Check("abridged", "quarantine, warn",
          "Marked as an abridgement; or retold by a newspaper. Quarantined where it is also under 60 % of the usual "
          "length."),
    Check("short", "quarantine, warn",
          "Under 500 Chinese characters: one chance hit is then a rate of 20 in 10,000, more than the rates that are "
          "compared. Only reports are quarantined."),
    Check("damage", "quarantine, warn",
          "Signs left over from damage: pinyin notes, unresolved sites, lost signs, signs turned into ？, figures turned "
          "into $1, boxes, mojibake. Quarantined where the text can't be read."),
    Check("script", "warn", "At least 5 signs, and 2 %, of the commoner characters are of the other script."),
    Check("glossary", "warn, info", "A section that explains terms: cut by cleaning (info), or still in the text (warn)."),
    Check("cover", "quarantine, warn",
          "A resolution on the report, or the notice that sends it out: alone; or before it (warn)."),
    Check("title", "warn", "The title names another city or another year than the document is filed under."),
    Check("two_sessions", "warn", "Two reports of one city in one year, neither a copy of the other."),
    Check("delivered", "info", "Delivered in the calendar year before (October to December), as many congresses do."),
    Check("missing", "warn, info", "City or year unknown (warn); date or speaker of a report unknown (info)."),
)
# fmt: on

TWICE = 0.1  # share of shingles; 2,231 reports: three from 0.18, all others under 0.035
DOUBLED = 0.25
USUAL, HALF, FAR = 0.8, 0.6, 0.35  # length as a share of the usual one
SHORT = 500  # Chinese characters
NOTES, UNREADABLE = 3, 0.005  # pinyin notes; signs lost, as a share of all
PLAIN = 0.06  # share of the commonest characters; 2,231 reports: 0.13 and more
AUTUMN = 10  # a congress from October on may hear the next year's report


class Finding(NamedTuple):
    """One finding: the document, the check, its severity, what was seen, and the other document where there is one."""

    doc_id: str
    check: str
    severity: str
    detail: str
    twin: str | None = None


# ---- what several checks ask


def claim_of(row: Row) -> str | None:
    return None if is_missing(row["claim"]) else str(row["claim"])


# ---- one check a function


def _wrong_city(row: Row) -> Iterator[Finding]:
    if is_missing(row["differs"]):
        return
    severity = "quarantine" if row["confidence"] == "high" else "warn"
    detail = f"filed as {claim_of(row)}, speaks for {row['differs']}: {row['named_city']}"
    yield Finding(row["doc_id"], "wrong_city", severity, detail)


def _other_tier(row: Row) -> Iterator[Finding]:
    """Attribution knows the tier of a text that names no city; the report's own words that of one that names its own."""
    tier = row["tier"]
    if is_missing(tier):
        tier = row["level"] if row["level"] in ("central", "province") else None
    if tier and claim_of(row) and row["filed_level"] == "city":
        detail = f"filed as {claim_of(row)}; the government that speaks is of the tier {tier}"
        yield Finding(row["doc_id"], "other_tier", "quarantine", detail)


def _date(row: Row) -> datetime.date | None:
    return None if is_missing(row["date"]) else datetime.date.fromisoformat(row["date"])


def _years_by_date(row: Row) -> set[int]:
    """The years whose report was heard on the date of delivery."""
    date = _date(row)
    return set() if date is None else {date.year, date.year + (date.month >= AUTUMN)}


def _wrong_year(row: Row) -> Iterator[Finding]:
    filed = row["year"]
    if is_missing(filed):
        return
    dated = _years_by_date(row)
    said = {"looks back on the year before": {year + 1 for year in row["reviewed"]}}
    said["plans for it"] = set(row["planned"])
    said["its title"] = set() if is_missing(row["titled"]) else {int(row["titled"])}
    if any(filed in years for years in said.values()):
        return
    said["its date"] = set() if filed in dated else dated
    named = [year for year in row["named"] if year <= filed + 1]
    said["the years it names"] = {named[-1], named[-1] + 1} if named and named[-1] < filed - 1 else set()
    votes = {
        year: [how for how, years in said.items() if year in years] for year in set().union(*said.values())
    }
    told, ways = max(votes.items(), key=lambda vote: (len(vote[1]), vote[0]), default=(0, []))
    if len(ways) > 1 or (ways and filed not in dated and ways != ["the years it names"]):
        severity = "quarantine" if len(ways) > 1 and not said["its date"] - {told, told - 1} else "warn"
        yield Finding(
            row["doc_id"], "wrong_year", severity, f"filed under {filed}, of {told}: {', '.join(ways)}"
        )


def _delivered(row: Row) -> Iterator[Finding]:
    date = _date(row)
    if (
        row["report"]
        and date
        and not is_missing(row["year"])
        and date.year == row["year"] - 1
        and date.month >= AUTUMN
    ):
        yield Finding(
            row["doc_id"], "delivered", "info", f"delivered on {date}, in the year before {row['year']}"
        )


def _fragment(row: Row) -> Iterator[Finding]:
    if not row["report"] or not row["n_han"]:
        return
    share = row["share"]
    ends = [
        words
        for words, seen in (
            ("no closing", not row["closing"]),
            ("broken off in a sentence", row["breaks_off"] and not row["closing"]),
            ("ends with its problems", row["problems"]),
            ("no opening", not row["opening"] and not row["closing"]),
        )
        if seen
    ]
    length = [] if share is None else [f"{share:.0%} of the usual length ({row['usual']})"]
    if share is not None and (share < FAR or (ends and share < USUAL)):
        yield Finding(row["doc_id"], "fragment", "quarantine", "; ".join(ends + length))
    elif len(ends) > 1 and (
        row["breaks_off"] or is_missing(row["abridged"])
    ):  # an excerpt says that it lacks its ends
        yield Finding(row["doc_id"], "fragment", "warn", "; ".join(ends + length))


def _abridged(row: Row) -> Iterator[Finding]:
    if not is_missing(row["abridged"]):
        much = row["report"] and row["share"] is not None and row["share"] < HALF
        length = "" if row["share"] is None else f", {row['share']:.0%} of the usual length"
        yield Finding(
            row["doc_id"],
            "abridged",
            "quarantine" if much else "warn",
            f"marked {row['abridged'][:8]}{length}",
        )
    elif row["retold"]:
        yield Finding(row["doc_id"], "abridged", "warn", "a newspaper's account: the speaker is told of")


def _short(row: Row) -> Iterator[Finding]:
    if row["n_han"] < SHORT:
        severity = "quarantine" if row["report"] or not row["n_han"] else "warn"
        yield Finding(row["doc_id"], "short", severity, f"{row['n_han']} Chinese characters")


def _repeated(row: Row) -> Iterator[Finding]:
    if row["repeated"] >= TWICE and row["n_han"] >= SHORT:
        severity = "quarantine" if row["repeated"] >= DOUBLED else "warn"
        yield Finding(
            row["doc_id"], "repeated", severity, f"{row['repeated']:.0%} of the text stands in it before"
        )


def _damage(row: Row) -> Iterator[Finding]:
    seen = {
        "pinyin notes": row["notes"] if row["notes"] >= NOTES else 0,
        "unresolved sites": row["unresolved"],
        "lost signs": row["lost"],
        "signs turned into ？": row["marks"],
        "figures turned into $1": row["figures"],
        "boxes": row["boxes"] if row["boxes"] >= NOTES else 0,
        "lines without their first sign": row["headless"],
        "signs of a wrong encoding": row["mojibake"],
    }
    strange = row["n_han"] >= 100 and row["plain"] < PLAIN
    many = row["lost"] + row["mojibake"] + row["notes"] * (row["notes"] >= NOTES)
    if any(seen.values()) or strange:
        bad = strange or many > UNREADABLE * max(row["n_han"], 1)
        detail = [f"{what}: {n}" for what, n in seen.items() if n] + ["hardly a common character"] * strange
        yield Finding(row["doc_id"], "damage", "quarantine" if bad else "warn", ", ".join(detail))


def _script(row: Row) -> Iterator[Finding]:
    if row["other_script"] >= 5 and row["other_script"] > 0.02 * row["own_script"]:
        yield Finding(row["doc_id"], "script", "warn", f"{row['other_script']} signs of the other script")


def _glossary(row: Row) -> Iterator[Finding]:
    if row["tail"]:
        yield Finding(row["doc_id"], "glossary", "warn", "an explanation of terms stands in the text")
    elif row["glossary"]:
        yield Finding(
            row["doc_id"], "glossary", "info", f"{row['glossary']} characters cut and kept beside the text"
        )


def _cover(row: Row) -> Iterator[Finding]:
    if row["cover_alone"]:
        yield Finding(
            row["doc_id"], "cover", "quarantine", "a resolution or notice, without the report itself"
        )
    elif row["cover"]:
        yield Finding(row["doc_id"], "cover", "warn", "a resolution or notice stands before the report")


def _title(row: Row) -> Iterator[Finding]:
    named, claim = row["title_city"], claim_of(row)
    if not is_missing(named) and claim and named != claim:
        yield Finding(row["doc_id"], "title", "warn", f"the title names {named}, filed as {claim}")
    titled, filed = row["titled"], row["year"]
    if not is_missing(titled) and not is_missing(filed) and titled != filed:
        yield Finding(row["doc_id"], "title", "warn", f"the title names {titled:.0f}, filed under {filed}")


def _missing(row: Row) -> Iterator[Finding]:
    speaks_higher = row["level"] in ("central", "province")
    severe = [
        name for name in ("city", "year") if is_missing(row[name]) and not (name == "city" and speaks_higher)
    ]
    light = [name for name in ("date", "speaker") if row["report"] and is_missing(row[name])]
    if severe or light:
        yield Finding(
            row["doc_id"], "missing", "warn" if severe else "info", f"unknown: {', '.join(severe + light)}"
        )


CHECKS_OF_ONE: tuple[Callable[[Row], Iterator[Finding]], ...] = (
    _wrong_city, _other_tier, _wrong_year, _delivered, _fragment, _abridged, _short, _repeated, _damage, _script, _glossary,
    _cover, _title, _missing,
)  # fmt: skip
