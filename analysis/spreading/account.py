"""What was found of shared text, in one hand: passages, flows between cities, letters; written and read without text."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analysis.frames import check_frame
from analysis.spreading.lending import borrowers, nearness

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

FRAMES = ("passages", "flows", "documents")
PLACED = ("adcode", "province", "region", "level")  # what is passed on of a city, beside its name


@dataclass(frozen=True)
class Reuse:
    """Passages that documents share word for word, as `reuse` found them; no text, places only (`opened` shows it).

    passages: one row a passage of a document and document that it may come from: doc_id, start, end (characters of the
    later text), from_doc, from_start, from_end (the earlier one), letters (letters and figures in shingles of its kind: what
    is common or central beside them is shown by start and end, not counted; less those of the passage before it where
    two overlap), sources (how many rows this passage has: documents of one first year), kind, central, and
    year, city, from_year, from_city. kind: "borrowed": other cities had it in earlier years, and its city did not;
    "own": its city had it in an earlier year; "same year": other cities have it in the same year, none before: it has no
    direction; "common": cities of several provinces had it: nobody's; "central": a State Council report of that year or an
    earlier one has it (central is true). Common and central passages have no from_doc.
    flows: one row a pair of cities, from borrowed passages alone: borrower, source, letters (those of a passage with several
    sources are parted evenly), passages, years (how many), first, last.
    documents: one row a document: doc_id, city, year, letters, and how many of them are central, own, common, borrowed,
    same_year (a letter counts once, for the first of these that it belongs to); rest is new, as far as one can see.
    """

    passages: pd.DataFrame
    flows: pd.DataFrame
    documents: pd.DataFrame
    about: dict[str, Any] = field(repr=False)

    def __repr__(self) -> str:
        return f"Reuse({len(self.passages):,} passages of {len(self.documents):,} documents, {len(self.flows):,} flows)"

    def borrowers(self, *, seed: int = 0) -> pd.DataFrame:
        """Say who borrows more than others in the same years. One row a city, the largest ratio first.

        Columns: city, documents, letters, borrowed, expected (letters, were each report to borrow the share that those of
        its year do on average; cities' first reports, which have no past of their own, by themselves), ratio, p (two-sided:
        shares change hands among these reports, 9,999 times), q (Benjamini-Hochberg).
        """
        return borrowers(self.documents, seed)

    def nearness(self, column: str = "province", *, seed: int = 0) -> dict[str, float]:
        """Say whether cities borrow from their like more than from others. column: of the documents given, such as province.

        passages: those borrowed of which one city alone is the source. share: of their letters, from a city with the same
        value. expected: the same, were each source a letter taken by lot from what other cities wrote in the source's
        year, so that it matters who reports when; ratio; p: one-sided, of 999 such drawings, in which all that a city
        takes from one other goes together. Without such passages 0 and NaN.
        """
        return nearness(self.passages, self.documents, self.about["cities"], column, seed)

    def opened(self, documents: pd.DataFrame, passages: pd.DataFrame | None = None) -> pd.DataFrame:
        """Return passages with the text of both sides, `text` and `from_text`, from the documents they were found in.

        passages: rows of `passages`; None for all. Raises ValueError where a document is missing, or without texts.
        """
        import pandas as pd

        passages = self.passages if passages is None else passages
        check_frame(documents, "opened", "doc_id", "text", advice="Counts alone hold no texts.")
        text = dict(zip(documents["doc_id"], documents["text"], strict=True))
        named = pd.concat([passages["doc_id"], passages["from_doc"].dropna()])
        missing = sorted(set(named) - set(text))
        if missing:
            raise ValueError(f"{len(missing)} documents of the passages are not given, first {missing[0]!r}.")
        sides = {"text": ("doc_id", "start", "end"), "from_text": ("from_doc", "from_start", "from_end")}
        told = passages.copy()
        for name, columns in sides.items():
            places = zip(*(passages[column].tolist() for column in columns), strict=True)
            cut = [text[doc][start:end] if isinstance(doc, str) else None for doc, start, end in places]
            told[name] = pd.array(cut, dtype="string")
        return told

    def write(self, folder: Path) -> None:
        """Write the frames to a folder: places and figures, no text."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in FRAMES:
            getattr(self, name).to_parquet(folder / f"{name}.parquet", compression="zstd", index=False)
        cities = self.about["cities"]
        cities[[name for name in PLACED if name in cities]].to_parquet(
            folder / "cities.parquet", compression="zstd"
        )
        plain = {name: int(value) for name, value in self.about.items() if name != "cities"}
        (folder / "about.json").write_text(json.dumps(plain) + "\n", encoding="utf-8")


def read_reuse(folder: Path) -> Reuse:
    """Read what `Reuse.write` wrote."""
    import pandas as pd

    frames: Any = {name: pd.read_parquet(folder / f"{name}.parquet") for name in FRAMES}
    about = json.loads((folder / "about.json").read_text("utf-8"))
    return Reuse(**frames, about=about | {"cities": pd.read_parquet(folder / "cities.parquet")})
