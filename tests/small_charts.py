"""Small frames and a small corpus for the tests of charts: invented cities, words that chance gave them."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pandas as pd
from PIL import Image
from small_counts import drawn

from analysis import Corpus, Counts

CITIES = ("霁川市", "望澜市", "云沅市", "栖禾市")
HOSTILE = "</script><img src=x onerror=alert(1)>\"'&"


def _picture() -> bytes:
    """A small picture, which stands in for a drawn one."""
    drawn = BytesIO()
    Image.new("RGB", (80, 60), "#0072B2").save(drawn, "PNG")
    return drawn.getvalue()


DOT = _picture()


def small_counts(seed: int = 0) -> Counts:
    """Counts of 24 documents of four cities; the first city says 词0 often, the second never says 词1."""
    counts = drawn(24, 40, cities=4, seed=seed)
    cities = [CITIES[at % 4] for at in range(24)]
    values = counts.values.toarray()
    values[[at for at in range(24) if at % 4 == 0], 0] += 60
    values[[at for at in range(24) if at % 4 == 1], 1] = 0
    rows = counts.rows.assign(city=cities, year=[2015 + at // 4 for at in range(24)])
    return Counts(type(counts.values)(values), rows, counts.terms)


def small_corpus() -> Corpus:
    counts = small_counts()
    about = {"name": "small", "title": "small", "invented": True, "fingerprint": "0" * 12}
    none = pd.DataFrame()
    rows = counts.rows.assign(title="报告")
    return Corpus(
        about, rows, Counts(counts.values, rows, counts.terms), counts, none, none, none, none, none
    )


def small_measures() -> pd.DataFrame:
    """Two measures of four cities in three years and over all: only three in the last, one beyond the others."""
    rows = [
        (city, year, name, float(np.sqrt(1 + at + (year or 2018) % 7)), 1 + at, 110.0 + 2 * at, 30.0 + at)
        for at, city in enumerate(CITIES)
        for year in (2018, 2019, 2020, None)
        for name in ("rate", "share")
        if (at, year) != (3, 2020)
    ]
    return pd.DataFrame(rows, columns=["city", "year", "measure", "value", "n", "longitude", "latitude"])


def small_topics() -> pd.DataFrame:
    rows = [
        (t, f"主题{t}", city, (1 + at + t) / 12, 3 + at) for t in (1, 2) for at, city in enumerate(CITIES)
    ]
    return pd.DataFrame(rows, columns=["topic", "label", "group", "share", "docs"])
