"""What of the site is explored rather than read: any two cities word by word, and the map of any measure and year."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from analysis.charts.library import script_library
from analysis.charts.maps import chart_map
from analysis.charts.pairs import NAMED, chart_pair
from analysis.evidence.blocks import script
from analysis.evidence.gathering import Evidence
from analysis.evidence.packing import documents_of
from analysis.keywords.pairs import HALF, RECURS, pair_rates
from analysis.keywords.weights import content_terms
from analysis.languages import in_chinese
from analysis.pages import filled, read
from analysis.specs import chart_json, safe_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from analysis.corpus import Corpus
    from analysis.counts import Counts

COMMONEST = 800  # words that any two cities are compared by
ROWS = 15  # words of each city in the table below the chart
WHOLE = 10**8  # bytes: the counts of the comparison are never cut, or it would be wrong
LIBRARY = "vega.js"
# What the page's script says; in Chinese by the catalogue.
LABELS = {
    "word": "word",
    "more": "more in",
    "times": "times as often as the other",
    "rate": "for 10,000 words in {city}",
    "docs": "documents of {city} that use it",
    "size": "{n} documents, {words} words",
    "alt": "Scatter of the words of {a} and {b} by how often each uses them.",
    "unknown": "Choose two cities of the list.",
    "same": "Choose two different cities.",
}


@dataclass(frozen=True)
class Explored:
    """A piece of a page: its body, the files beside it (path in the report, text), and the scripts of assets/ it loads."""

    body: str
    files: dict[str, str] = field(default_factory=dict)
    scripts: tuple[str, ...] = ()


def comparison(corpus: Corpus) -> Explored:
    """Return the page on which a reader sets any two cities against each other; without two cities it says so.

    Its counts lie in assets/rates.js: how often each document uses each of the 800 commonest words of content (about 1.5 MB
    for 2,215 documents), as evidence of counts, which a click on a word opens.
    """
    from markupsafe import Markup

    words = _comparable(corpus)
    cities = (
        [city for city in corpus.cities().index if city in set(words.rows["city"])] if len(words.rows) else []
    )
    if len(cities) < 2:
        return Explored(filled("compare.html.j2", {"cities": []}))
    block = {
        "first": cities[:2],
        "terms": words.terms.tolist(),
        "named": NAMED,
        "rows": ROWS,
        "half": HALF,
        "recurs": RECURS,
        "chart": json.loads(chart_json(_empty_chart(words, cities[:2]))),
        "labels": {"en": LABELS, "zh": {key: in_chinese(text) or text for key, text in LABELS.items()}},
    }
    body = filled(
        "compare.html.j2",
        {"cities": sorted(cities), "n": len(words.terms), "setup": Markup(safe_json(block))},
    )
    files = {"assets/rates.js": rates_script(corpus, words), f"assets/{LIBRARY}": script_library()}
    files["assets/compare.js"] = read("compare.js")
    return Explored(body, files, (LIBRARY, "rates.js", "compare.js"))


def _comparable(corpus: Corpus) -> Counts:
    """Return the counts of the commonest words of content in documents whose city is known and that have words."""
    import numpy as np

    words = corpus.words
    known = (
        words.rows["city"].notna().to_numpy(bool)
        if "city" in words.rows
        else np.zeros(len(words.rows), dtype=bool)
    )
    words = words.where(known & (words.n_tokens() > 0))
    if not len(words.rows):
        return words
    content = content_terms(words, max_share=0.9, leave_out=corpus.names)
    order = np.lexsort((content.terms.to_numpy(str), -content.totals()))[:COMMONEST]
    return content.select(sorted(content.terms[order]))


def rates_script(corpus: Corpus, words: Counts) -> str:
    """Return the script that holds the counts by document of some words, and the tokens of each document.

    It assigns EVIDENCE (as the city pages do; counts alone, also where there are texts) and RATES (tokens: by document, in
    the evidence's order).
    """
    counted = replace(corpus, documents=corpus.documents.drop(columns="text", errors="ignore"))
    data = Evidence(counted).of([("term", term) for term in words.terms], budget=WHOLE)
    order = documents_of(corpus.words.rows).frame["doc_id"]
    tokens = dict(zip(corpus.words.rows["doc_id"], corpus.words.n_tokens(), strict=True))
    rates = {"tokens": [int(tokens[name]) for name in order]}
    return script(data) + f"window.RATES = {safe_json(rates)};\n"


def _empty_chart(words: Counts, cities: list[str]) -> Any:
    """Return the chart of two cities with placeholders for their names; the page's script fills in names and rows."""
    frame = pair_rates(words, "city", *cities)
    frame.attrs.update(a="{a}", b="{b}")
    return chart_pair(frame, n=1)


def map_of(measures: pd.DataFrame, files: Mapping[str, str]) -> Explored:
    """Return the map for the page of cities, whose measure and year a reader chooses; a click opens a city's page.

    measures: as `chart_map` takes them; files: of each city's page, in cities/. Its rows lie in assets/map.js. Raises
    ValueError where no city is on the map.
    """
    told = json.loads(chart_json(chart_map(measures)))
    there = set(measures["city"].dropna())
    told["links"] = {city: f"cities/{file}" for city, file in files.items() if city in there}
    places = {"assets/map.js": f"window.MAP = {safe_json(told)};\n", f"assets/{LIBRARY}": script_library()}
    return Explored(filled("map.html.j2", {}), places, (LIBRARY, "map.js"))
