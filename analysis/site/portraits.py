"""What a city's page shows beside its profile: its reports, its slogans and devices, what became of its promises."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from analysis.counts import PER
from analysis.rhetoric.lexicons import load_lexicon
from analysis.rhetoric.rating import device_counts

if TYPE_CHECKING:
    import pandas as pd

    from analysis.corpus import Corpus
    from analysis.rhetoric.readings import Rhetoric

Row = dict[Any, Any]  # one row of a frame, by column
PLACE = ("province", "region", "level", "adcode")
KEPT = ("doc_id", "year", "date", "title", "speaker", "n_chars", *PLACE)
SHOWN = ("methods", "offers", "sectors", "images")  # devices whose entries a page lists
MOST = 8  # entries of a device
SLOGANS = OBJECTS = 12  # rows of these tables


@dataclass(frozen=True)
class Portraits:
    """What is counted once for all cities. Every method takes a city and returns a frame for its page."""

    corpus: Corpus

    @cached_property
    def documents(self) -> pd.DataFrame:
        """The documents of known cities, by date; with `found`, what admission found in each."""
        rows = self.corpus.words.rows  # with the length of each, which documents with texts lack
        rows = rows[rows["city"].notna()] if "city" in rows else rows.head(0).assign(city="")
        by = [name for name in ("year", "date", "doc_id") if name in rows]
        return rows.sort_values(by, kind="stable")

    @cached_property
    def years(self) -> tuple[int, int] | None:
        """First and last year of the corpus; None where no year is known."""
        known = self.corpus.documents["year"].dropna()
        return (int(known.min()), int(known.max())) if len(known) else None

    @cached_property
    def rhetoric(self) -> Rhetoric | None:
        """The hits; None where an older folder of features lacks them."""
        try:
            return self.corpus.rhetoric
        except ValueError as error:
            warnings.warn(f"The pages of cities say nothing of rhetoric: {error}", stacklevel=2)
            return None

    @cached_property
    def _findings(self) -> dict[str, list[Row]]:
        """What admission found, by document, as the checks were made."""
        found = self.corpus.findings
        if not len(found):
            return {}
        told = found[["doc_id", "check", "severity", "detail"]].astype(str).to_dict("records")
        listed: dict[str, list[Row]] = {}
        for row in told:
            listed.setdefault(row["doc_id"], []).append(row)
        return listed

    @cached_property
    def _rows_of(self) -> dict[str, list[Row]]:
        wanted = [name for name in KEPT if name in self.documents]
        return by_city(self.documents[["city", *wanted]])

    @cached_property
    def _set_aside(self) -> dict[str, list[Row]]:
        aside = self.corpus.quarantine
        known = len(aside) and "city" in aside
        return by_city(aside[["city", "year", "title", "reasons"]]) if known else {}

    @property
    def cities(self) -> list[str]:
        return sorted(self._rows_of)

    def place(self, city: str) -> dict[str, str]:
        """Return what is known of a city's place: province, region, level, adcode, as the latest report has it."""
        found: dict[str, str] = {}
        for row in self._rows_of[city]:
            found |= {name: str(row[name]) for name in PLACE if name in row}
        return found

    def reports(self, city: str) -> list[Row]:
        """Return a city's documents by date: year, date, title, speaker, n_chars, findings."""
        return [row | {"findings": self._findings.get(str(row["doc_id"]), [])} for row in self._rows_of[city]]

    def set_aside(self, city: str) -> list[Row]:
        """Return the city's documents that admission set aside: year, title, reasons."""
        return self._set_aside.get(city, [])

    # ---- rhetoric

    @cached_property
    def _city_of(self) -> pd.Series:
        return self.documents.assign(doc_id=self.documents["doc_id"].astype(str)).set_index("doc_id")["city"]

    @cached_property
    def _slogans(self) -> dict[str, list[Row]]:
        """By city: slogan, hits, documents, cities (that use it at all)."""
        hits = self.rhetoric.slogans if self.rhetoric else None
        if hits is None or not len(hits):
            return {}
        hits = hits[hits["slogan"].notna()]
        known = hits.assign(city=self._city_of.reindex(hits["doc_id"].astype(str)).to_numpy())
        grouped = known.dropna(subset=["city"]).groupby(["city", "slogan"], observed=True)["doc_id"]
        counted = grouped.agg(hits="size", documents="nunique").reset_index()
        counted["cities"] = counted.groupby("slogan")["city"].transform("nunique")
        order = ["city", "documents", "hits", "slogan"]
        ranked = counted.sort_values(order, ascending=[True, False, False, True])
        return by_city(ranked.groupby("city").head(SLOGANS))

    def slogans(self, city: str) -> list[Row]:
        """Return the slogans that most of a city's documents use."""
        return self._slogans.get(city, [])

    @cached_property
    def _entries(self) -> dict[str, dict[str, list[Row]]]:
        """By device and city: entry, hits, rate and the others' rate per 10,000 Han characters, gloss."""
        return {device: by_city(self._of_device(device)) for device in SHOWN} if self.rhetoric else {}

    def _of_device(self, device: str) -> pd.DataFrame:
        import numpy as np
        import pandas as pd

        hits = self.rhetoric.devices if self.rhetoric else None
        assert hits is not None
        counts = device_counts(hits[hits["device"] == device], self.corpus.words.rows, "entry")
        counts = counts.where(counts.rows["city"].notna().to_numpy())
        uses = counts.group("city")
        sums, length = uses.values.tocoo(), uses.rows["n_tokens"].to_numpy(dtype=float)
        at, term = sums.row, sums.col
        total = np.asarray(uses.values.sum(axis=0)).ravel()
        others = (total[term] - sums.data) / (length.sum() - length[at]).clip(min=1)
        frame = pd.DataFrame(
            {
                "city": uses.rows["city"].to_numpy()[at],
                "device": device,
                "entry": uses.terms.to_numpy()[term],
                "hits": sums.data,
                "rate": PER * sums.data / length[at],
                "others": PER * others,
            }
        )
        order = ["city", "hits", "entry"]
        return frame.sort_values(order, ascending=[True, False, True]).groupby("city").head(MOST)

    @cached_property
    def _glosses(self) -> dict[tuple[str, str], str]:
        """English glosses by device and entry: of the term that is the entry's name, else of its first."""
        table = load_lexicon(None)
        table = table.assign(own=table["term"] == table["entry"]).sort_values(
            "own", ascending=False, kind="stable"
        )
        table = table.dropna(subset=["gloss"]).drop_duplicates(["device", "entry"])
        pairs = zip(table["device"].astype(str), table["entry"].astype(str), strict=True)
        return dict(zip(pairs, table["gloss"].astype(str), strict=True))

    def entries(self, city: str) -> list[tuple[str, list[Row]]]:
        """Return by device the entries that a city uses most, with their glosses."""
        told = [(device, rows[city]) for device, rows in self._entries.items() if city in rows]
        return [
            (device, [row | {"gloss": self._glosses.get((device, row["entry"]), "")} for row in rows])
            for device, rows in told
        ]

    @cached_property
    def _objects(self) -> dict[str, list[Row]]:
        """By city, what it promised of: object, unit_kind, promises, matched (with a result), met."""
        made = self.rhetoric.promises if self.rhetoric else None
        if made is None or not len(made):
            return {}
        known = made[made["object"].notna() & made["city"].notna()]
        known = known.assign(matched=known["met"].notna(), kept=known["met"].fillna(False).astype(bool))
        grouped = known.groupby(["city", "object", "unit_kind"], observed=True)
        counted = grouped.agg(
            promises=("kept", "size"), matched=("matched", "sum"), met=("kept", "sum")
        ).reset_index()
        order = ["city", "matched", "promises", "object", "unit_kind"]
        ranked = counted.sort_values(order, ascending=[True, False, False, True, True])
        return by_city(ranked.groupby("city").head(OBJECTS))

    def objects(self, city: str) -> list[Row]:
        """Return what a city's promises are about, those that could be set against a result first."""
        return self._objects.get(city, [])

    def promised(self, city: str) -> tuple[int, int, int]:
        """Return how many promises a city made, how many could be matched, how many were met."""
        made = self._promised.get(city)
        return made or (0, 0, 0)

    @cached_property
    def _promised(self) -> dict[str, tuple[int, int, int]]:
        made = self.rhetoric.promises if self.rhetoric else None
        if made is None or not len(made):
            return {}
        met = made["met"]
        told = made.assign(matched=met.notna(), kept=met.fillna(False).astype(bool)).groupby(
            "city", observed=True
        )
        sums = told.agg(n=("kept", "size"), matched=("matched", "sum"), kept=("kept", "sum"))
        return {str(city): (int(a), int(b), int(c)) for city, a, b, c in sums.itertuples()}


def by_city(frame: pd.DataFrame) -> dict[str, list[Row]]:
    """Return the rows of a frame by city, in their order, each without what is missing."""
    found: dict[str, list[Row]] = {}
    for row in frame.to_dict("records"):
        found.setdefault(str(row["city"]), []).append(_known(row))
    return found


def _known(row: Row) -> Row:
    """Return a row without what is missing."""
    return {name: value for name, value in row.items() if value is not None and value == value}
