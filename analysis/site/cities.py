"""A page for each city, from its profile and its portrait, and the list by which a reader finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.pages import filled
from analysis.profiling.statements import so_many
from analysis.site.names import city_files, latin_name, search_words
from analysis.site.statements import TITLES, sections
from analysis.site.wording import evidence_button, in_english_only
from analysis.typefaces import marked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.profiling.telling import Profile
    from analysis.site.portraits import Portraits


NO_TOPICS = "no number of topics is known to come back for this corpus, so none were made"


class CityPages:
    """The pages of cities of one corpus: what they share, and the words of one."""

    def __init__(
        self, portraits: Portraits, profiles: Mapping[str, Profile], *, compares: bool = False
    ) -> None:
        """Begin. compares: whether the report has a page that compares two cities, so that these lead to it."""
        self.portraits, self.profiles, self.compares = portraits, profiles, compares
        self.cities = portraits.cities
        self.files = city_files(self.cities)

    def body(self, city: str) -> str:
        """Return the words of a city's page as HTML."""
        profile = self.profiles.get(city)
        near = list(profile.section("nearest")["subject"]) if profile else []
        values = {"city": city, "latin": latin_name(city), "near": near if self.compares else []}
        values |= self._head(city) | self._profile(profile, city) | self._uses(city) | self._reports(city)
        return filled("city.html.j2", values)

    def contents(self, city: str) -> list[tuple[str, str]]:
        """Return the sections of a city's page: anchor and title."""
        profile, p = self.profiles.get(city), self.portraits
        told = list(profile.statements["section"].unique()) if profile else []
        listed = [(name, TITLES.get(name, name.capitalize())) for name in told]
        listed += [("slogans-used", "Slogans that most of its reports use")] * bool(p.slogans(city))
        listed += [("devices-used", "What it names most")] * bool(p.entries(city))
        listed += [("promises-made", "What became of its promises")] * bool(p.promised(city)[0])
        return [*listed, ("reports", "Its reports")]

    # ---- the head

    def _head(self, city: str) -> dict[str, Any]:
        place, reports = self.portraits.place(city), self.portraits.reports(city)
        known = sorted({int(row["year"]) for row in reports if "year" in row})
        shown = [place.get(name, "") for name in ("province", "region")]
        shown.append(f"level: {place['level']}" if place.get("level") else "")
        return {
            "place": [word for word in shown if word and word != city] + [so_many(len(reports), "document")],
            "strip": self._strip(reports),
            "said_years": _said_years(known, len(reports)),
            "gaps": self._gaps(known),
        }

    def _strip(self, reports: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return one cell a year of the corpus, with how many documents the city has of it."""
        if self.portraits.years is None:
            return []
        first, last = self.portraits.years
        years = [int(row["year"]) for row in reports if "year" in row]
        counted = [(year, years.count(year)) for year in range(first, last + 1)]
        return [
            {
                "year": year,
                "n": n,
                "said": f"{year}: {so_many(n, 'document')}",
                "tick": year in (first, last) or (not year % 5 and first + 1 < year < last - 1),
            }
            for year, n in counted
        ]

    def _gaps(self, known: list[int]) -> str:
        """Say which years between its first and last report are missing."""
        missing = [year for year in range(known[0], known[-1]) if year not in known] if known else []
        return f"No document at hand of {_runs(missing)}." if missing else ""

    # ---- the profile

    def _profile(self, profile: Profile | None, city: str) -> dict[str, Any]:
        if profile is None:
            return {"sections": [], "silent": [], "no_profile": "No profile was computed for this city."}
        silent = [
            (TITLES.get(name, name), NO_TOPICS if reason.startswith("no topic model") else reason)
            for name, reason in profile.silent.itertuples(index=False)
        ]
        return {
            "sections": sections(profile, self.files),
            "silent": silent,
            "silent_title": f"{so_many(len(silent), 'section')} with nothing to say, and why",
        }

    # ---- counts

    def _uses(self, city: str) -> dict[str, Any]:
        p = self.portraits
        slogans = [row | {"button": evidence_button("slogan", row["slogan"])} for row in p.slogans(city)]
        made, matched, met = p.promised(city)
        kept = (
            f"Of {made:,} promises {matched:,} could be set against the next year's report; {met:,} of these were met by "
            "the city's own account."
        )
        return {
            "slogans": slogans,
            "devices": [
                {"title": device.capitalize(), "rows": [_entry(row) for row in rows]}
                for device, rows in p.entries(city)
            ],
            "promised": kept if made else "",
            "objects": [_object(row) for row in p.objects(city)],
        }

    def _reports(self, city: str) -> dict[str, Any]:
        reports = self.portraits.reports(city)
        for row in reports:
            row["characters"] = f"{int(row['n_chars']):,}" if "n_chars" in row else "–"
        return {"reports": reports, "aside": self.portraits.set_aside(city)}

    # ---- the list

    def listed(self) -> list[dict[str, Any]]:
        """Return the cities by province: province, region, and of each city what the list says of it."""
        groups: dict[str, list[dict[str, Any]]] = {}
        for city in self.cities:
            place = self.portraits.place(city)
            groups.setdefault(place.get("province", ""), []).append(self._card(city, place))
        known = sorted(
            groups, key=lambda name: (not name, min(card["adcode"] or "~" for card in groups[name]), name)
        )
        return [{"province": name, "cities": groups[name]} for name in known]

    def _card(self, city: str, place: dict[str, str]) -> dict[str, Any]:
        reports = self.portraits.reports(city)
        years = [int(row["year"]) for row in reports if "year" in row]
        return {
            "city": city,
            "latin": latin_name(city),
            "file": f"cities/{self.files[city]}",
            "adcode": place.get("adcode", ""),
            "found_by": search_words(city, place.get("province", "")),
            "said": so_many(len(reports), "document") + (f", {_span(years)}" if years else ""),
        }


def _entry(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "button": evidence_button("entry", row["entry"]),
        "gloss": in_english_only(row["gloss"]) if row["gloss"] else "",
        "rate": f"{row['rate']:.2f}",
        "others": f"{row['others']:.2f}",
    }


def _object(row: dict[str, Any]) -> dict[str, Any]:
    opened = f"{row['object']}|{row['unit_kind']}"
    missed = int(row["matched"]) - int(row["met"])
    return row | {"button": evidence_button("target", opened, marked(row["object"])), "missed": missed}


def _said_years(known: list[int], documents: int) -> str:
    if not known:
        return "The years of its documents are not known."
    return f"{so_many(len(known), 'year')} with a document, {_span(known)}"


def _span(years: list[int]) -> str:
    """Write the first and the last of some years; one of them alone where they are the same."""
    first, last = min(years), max(years)
    return f"{first}–{last}" if first != last else str(first)


def _runs(years: list[int]) -> str:
    """Write years as runs.

    >>> _runs([2003, 2004, 2005, 2011])
    '2003–2005, 2011'
    """
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][1] + 1:
            runs[-1][1] = year
        else:
            runs.append([year, year])
    return ", ".join(f"{a}–{b}" if a != b else str(a) for a, b in runs)
