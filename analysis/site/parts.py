"""The parts of a report's site beside its notebooks: cities, data, and what else the pages lead to."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from analysis.bilingual import said
from analysis.evidence.blocks import answered, script
from analysis.evidence.buttons import settle, wanted
from analysis.harmless import inner, parsed
from analysis.pages import filled
from analysis.profiling.measured import city_measures
from analysis.site.assets import Shelf
from analysis.site.cities import CityPages
from analysis.site.downloads import Download, NotThereError, columns_of, made, statements_table
from analysis.site.exploring import LIBRARY, Explored, comparison, map_of
from analysis.site.kept import Kept, listed, size_of
from analysis.site.methods import methods_body, methods_contents
from analysis.site.names import city_files
from analysis.site.portraits import Portraits
from analysis.site.stated import city_profiles
from analysis.site.tables import write_csv

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from analysis.corpus import Corpus
    from analysis.evidence.gathering import Evidence
    from analysis.profiling.telling import Profile
    from analysis.provenance import Facts, Origin

PARTS = ("cities", "compare", "methods", "data")  # what `only` of a report may name beside notebooks
CITY_BUDGET = 120_000  # bytes of the evidence of a city's page
TITLES = {"cities": "Cities", "compare": "Compare", "methods": "Method", "data": "Data"}
MEASURES = Download("measures", "What the map shows", "One row a city, year and measure.", city_measures)
STATEMENTS = Download(
    "statements",
    "Statements of the cities' profiles",
    "One row a statement of a city's page, with its interval and what it rests on.",
    lambda corpus: corpus.documents,  # made from the profiles
)


def navigation(here: str, there: Sequence[str]) -> list[dict[str, Any]]:
    """Return the links that head a page; here: its path in the report; there: the parts that the report has."""
    up = "../" * here.count("/")
    part = "cities" if here.startswith("cities/") else here.removesuffix(".html")
    links = [{"href": f"{up}index.html", "title": "Index", "current": part == "index"}]
    links.append({"href": f"{up}index.html#notebooks", "title": "Notebooks", "current": False})
    return links + [
        {"href": f"{up}{name}.html", "title": title, "current": part == name}
        for name, title in TITLES.items()
        if name in there
    ]


def frame_of(name: str, facts: Facts | None, origin: Origin, there: Sequence[str]) -> dict[str, Any]:
    """Return what frames every page of a report: links, footer, origin. name, there: as for `navigation`."""
    return {
        "nav": navigation(name, there),
        "corpus": facts.line if facts else "",
        "invented": bool(facts and facts.invented),
        "origin": origin,
        "version": origin.version,
        "made": origin.made,
    }


class Site:
    """What is made of one opened corpus for a report's site."""

    def __init__(
        self,
        corpus: Corpus | None,
        facts: Facts | None,
        out: Path,
        *,
        origin: Origin,
        there: Sequence[str],
        say: Callable[[str], None],
        evidence: Evidence | None,
    ) -> None:
        """Begin a site. corpus: None where none could be opened, and evidence: that of it; there: the parts that the report
        has or will have."""
        self.corpus, self.facts, self.out, self.evidence = corpus, facts, out, evidence
        self.origin, self.there, self.say = origin, there, say
        self.shelf = Shelf(out)
        self.tables: list[str] = []  # files of data/ that were written

    @cached_property
    def portraits(self) -> Portraits | None:
        """What is counted for the pages of cities; None without a corpus."""
        return Portraits(self.corpus) if self.corpus is not None else None

    @cached_property
    def profiles(self) -> Mapping[str, Profile]:
        """The profiles of all cities, computed once for their pages and their table; none where there is no second city."""
        if self.portraits is None or len(self.portraits.cities) < 2:
            return {}
        self.say(f"        profiles of {len(self.portraits.cities):,} cities")
        try:
            return city_profiles(self.portraits.corpus)
        except ValueError as why:  # features of an older version lack what a profile needs
            self.say(f"        no profiles: {why}")
            return {}

    @cached_property
    def listed(self) -> list[dict[str, Any]]:
        """The cities by province, as the list and the index show them; none where there are no pages of cities."""
        if self.portraits is None or "cities" not in self.there:
            return []
        return CityPages(self.portraits, {}).listed()

    def make(
        self, parts: Sequence[str], kept: Mapping[str, Sequence[Kept]], titles: Mapping[str, str]
    ) -> None:
        """Make the parts. kept: by notebook, the tables it showed; titles: the notebooks' titles."""
        if "cities" in parts:
            self.add_cities()
        if "compare" in parts:
            self.add_comparison()
        if "methods" in parts:
            self.add_methods()
        if "data" in parts:
            self.add_data(kept, titles)

    def add_page(self, name: str, kind: str, values: dict[str, Any], *, scripts: Sequence[str] = ()) -> None:
        """Add a page that shares the assets, framed as all are. scripts: as `Shelf.add_page` takes them."""
        frame = frame_of(name, self.facts, self.origin, self.there)
        self.shelf.add_page(name, {"kind": kind} | frame | values, scripts=scripts)

    # ---- cities

    def add_cities(self) -> None:
        """Make a page for each city and the list of them."""
        order = [card["city"] for group in self.listed for card in group["cities"]]
        if order and self.portraits is not None:
            pages = CityPages(self.portraits, self.profiles, compares="compare" in self.there)
            self.say(f"        pages of {len(order):,} {'city' if len(order) == 1 else 'cities'}")
            for at, city in enumerate(order):
                self._add_city(pages, city, order[at - 1 : at] if at else [], order[at + 1 : at + 2])
        from markupsafe import Markup

        lead = f"{len(order):,} cities with a page each: its reports, and what sets its talk apart."
        if len(order) == 1:
            lead = "One city with a page: its reports. There is no other to compare it with."
        mapped = self._map()
        values = {"title": "Cities", "lead": lead, "groups": self.listed, "map": Markup(mapped.body)}
        body = filled("cities.html.j2", values)
        self._add_explored("cities.html", "cities", "Cities", replace(mapped, body=body))

    def _map(self) -> Explored:
        """Return the map for the list of cities; an empty one where no city of the corpus is a place of China."""
        if not self.listed or self.corpus is None:
            return Explored("")
        files = city_files(self.corpus.cities().index)
        try:
            return map_of(self.measures, files)
        except ValueError as why:  # in a sentence: no city is on the map, or nothing was measured
            self.say(f"        no map of cities: {why}")
            return Explored("")

    @cached_property
    def measures(self) -> pd.DataFrame:
        """What is measured of every city in every year: for the map and its table."""
        assert self.corpus is not None
        return city_measures(self.corpus)

    def _add_city(self, pages: CityPages, city: str, before: list[str], after: list[str]) -> None:
        file = pages.files[city]
        around = {
            side: {"file": pages.files[name], "title": name}
            for side, names in (("before", before), ("after", after))
            for name in names
        }
        body, data = self._with_evidence(pages.body(city), city)
        beside = file.removesuffix(".html") + ".js"
        self.shelf.add(f"cities/{beside}", data)
        values = {"title": city, "body": body, "contents": _contents(pages.contents(city))} | around
        self.add_page(f"cities/{file}", "city", values, scripts=[f"./{beside}"])

    def _with_evidence(self, body: str, city: str) -> tuple[str, str]:
        """Return a city's page with the buttons that open something, and the script that holds what they open."""
        root = parsed(body)
        items = wanted(root)
        assert self.evidence is not None  # a city is one of a corpus
        data = self.evidence.of(items, city=city, budget=CITY_BUDGET)
        settle(root, answered(data))
        return inner(root), script(data)

    # ---- what is explored, and how it was done

    def add_comparison(self) -> None:
        """Make the page that sets any two cities against each other."""
        if self.corpus is not None:
            self._add_explored("compare.html", "compare", "Compare", comparison(self.corpus))

    def _add_explored(self, name: str, kind: str, title: str, explored: Explored) -> None:
        for file, text in explored.files.items():
            self.shelf.add(file, text, shown=not file.endswith(LIBRARY))
        self.add_page(name, kind, {"title": title, "body": explored.body}, scripts=explored.scripts)

    def add_methods(self) -> None:
        """Make the page that says how everything was done."""
        body = methods_body(self.corpus, self.facts, self.origin)
        listed = [(anchor, title) for anchor, title in methods_contents() if f'id="{anchor}"' in body]
        self.add_page(
            "methods.html", "methods", {"title": "Method", "body": body, "contents": _contents(listed)}
        )

    # ---- data

    def add_data(self, kept: Mapping[str, Sequence[Kept]], titles: Mapping[str, str]) -> None:
        """Write the tables of the corpus and the page that lists them, with those that the notebooks showed."""
        told, lacking = [], []
        for download, frame, why in self._tables():
            if frame is None:
                lacking.append((download.title, why))
            else:
                told.append(self._download(download, frame))
        shown = [
            {
                "file": f"{name}.html",
                "title": titles.get(name, name),
                "tables": [listed(table) for table in tables],
            }
            for name, tables in sorted(kept.items())
            if tables
        ]
        values = {"title": "Data", "tables": told, "lacking": lacking, "notebooks": shown}
        self.add_page("data.html", "data", {"title": "Data", "body": filled("data.html.j2", values)})

    def _tables(self) -> Iterator[tuple[Download, pd.DataFrame | None, str]]:
        if self.corpus is None:
            return
        yield from made(self.corpus)
        yield self._measured()
        yield self._statements()

    def _measured(self) -> tuple[Download, pd.DataFrame | None, str]:
        try:
            measured = self.measures
        except ValueError as why:  # in a sentence: features that lack what is measured
            return MEASURES, None, str(why)
        return MEASURES, measured if len(measured) else None, "Nothing was measured."

    def _statements(self) -> tuple[Download, pd.DataFrame | None, str]:
        try:
            return STATEMENTS, statements_table(self.profiles), ""
        except NotThereError as why:
            return STATEMENTS, None, str(why)

    def _download(self, download: Download, frame: pd.DataFrame) -> dict[str, Any]:
        name = f"data/{download.name}.csv"
        size = write_csv(frame, self.out / name, self.origin.line)
        self.tables.append(name)
        return {
            "name": download.name,
            "title": download.title,
            "rows_are": download.rows_are,
            "size": size_of(len(frame), size),
            "columns": columns_of(frame),
        }


def _contents(listed: Sequence[tuple[str, str]]) -> Any:
    from markupsafe import Markup, escape

    items = "".join(f'<li><a href="#{escape(anchor)}">{said(title)}</a></li>' for anchor, title in listed)
    return Markup(f"<ol>{items}</ol>")
