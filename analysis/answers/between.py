"""Two answers about cities side by side: what sets the coast apart, and whether neighbours talk alike."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from analysis.answers.said import Finding, Measure, SilentError, check_units, percent, ratio_of_sums
from analysis.comparing.panels import throughout
from analysis.distances.metrics import distance_matrix
from analysis.keywords.chance import ALPHA
from analysis.keywords.contrasts import keyness
from analysis.keywords.weights import content_terms
from analysis.places import place_table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from analysis.corpus import Corpus
    from analysis.counts import Counts

DRAWS = 40  # random groups of as many cities
# The words that are asked for, chosen before the result was seen: the phrase itself, its foreign kind, the surroundings.
ASKED = ("招商引资", "外资", "营商环境")
NEAREST = 5


def coast(corpus: Corpus) -> Finding:
    """Say how much more, or less, coastal cities use the words of investment, and how many words set them apart."""
    found = _against_inland(corpus)
    rows: Any = found.set_index("term")
    shown = [term for term in ASKED if term in rows.index and rows.loc[term, "p"] == rows.loc[term, "p"]]
    if not shown:
        raise SilentError("none of the words asked for is used by enough cities to be tested")
    measures = tuple(_times(rows.loc[term], term, found) for term in shown)
    finding = Finding("coast", "ratio", "times as often as inland", measures=measures)
    by_chance = found.attrs["placebo"]
    return finding.saying(
        "In the same years coastal cities say {term} {value} times as often as inland ones ({interval}).",
        "Of {tested} words {called} differ between coast and inland (q < 0.05); {draws} random groups of {size} cities, "
        "compared likewise, give {chance} on average.",
        term=shown[0],
        tested=f"{found.attrs['tested']:,}",
        called=f"{(found['q'] < ALPHA).sum():,}",
        draws=str(by_chance["draws"]),
        size=str(by_chance["size"]),
        chance=f"{by_chance['mean']:.1f}",
        **finding.named(0),
    )


def _against_inland(corpus: Corpus) -> pd.DataFrame:
    """Return the keyness of coastal cities, cities as units, as on the page of groups."""
    rows = corpus.words.rows
    if "adcode" not in rows or rows["adcode"].isna().all():
        raise SilentError("none of its cities is in the table of Chinese cities, so none has a coast")
    side = (
        rows["adcode"].map(place_table().set_index("code")["coastal"]).map({True: "coast", False: "inland"})
    )
    units = rows.assign(side=side).groupby("side")["city"].nunique()
    for name in ("coast", "inland"):
        check_units(int(units.get(name, 0)), "cities on the coast" if name == "coast" else "cities inland")
    known = corpus.words.assign(side=side).where(side.notna())
    terms = content_terms(known, column="city", max_share=1, leave_out=corpus.names)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return keyness(terms, "side", "coast", draws=DRAWS)


def _times(row: Any, term: str, found: pd.DataFrame) -> Measure:
    value, low, high = (2 ** float(row[name]) for name in ("log_ratio", "ci_low", "ci_high"))
    return Measure(term, value, low, high, found.attrs["n_target"] + found.attrs["n_reference"])


# ---- who talks alike


def alike(corpus: Corpus) -> Finding:
    """Say which share of a city's nearest are of its own province, among cities with reports in the same years."""
    rows = corpus.words.rows
    if "province" not in rows or rows["province"].nunique() < 3:
        raise SilentError("its cities are of fewer than three provinces that are known")
    kept, first, last = _same_years(rows)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        whole = _of_own_province(corpus, corpus.words.where(kept), "all words")
        own = _of_own_province(corpus, corpus.own.where(kept), "without shared text")
    finding = Finding("alike", "share", "of the five nearest", measures=(whole, own))
    return finding.saying(
        "Of the five cities whose words are most like a city's own, {value} are of its province ({interval}); if provinces "
        "were dealt out by chance, {chance} would be.",
        "Without text that stands word for word in another city's report it is {own_value} ({own_interval}).",
        "Compared are {n} cities of {provinces} provinces with reports in every year from {first} to {last}; the interval "
        "leaves out one province at a time.",
        chance=percent(whole.chance or 0),
        first=str(first),
        last=str(last),
        n=str(whole.n),
        provinces=str(rows.loc[kept, "province"].nunique()),
        **finding.named(0),
        **finding.named(1, "own_"),
    )


def _same_years(rows: pd.DataFrame) -> tuple[np.ndarray, int, int]:
    """Choose the reports of cities that have one in every year of a span: years then make nobody alike."""
    import numpy as np
    import pandas as pd

    dated = rows["city"].notna() & rows["year"].notna() & rows["province"].notna()
    if not dated.any() or rows.loc[dated, "year"].nunique() < 2:
        raise SilentError("its cities have no two years in common")
    years = rows.loc[dated, "year"].astype(int)
    every = range(years.min(), years.max() + 1)
    table = pd.crosstab(rows.loc[dated, "city"], years).reindex(columns=every, fill_value=0) > 0
    at, to = throughout(table.to_numpy())
    cities = table.index[table.iloc[:, at : to + 1].all(axis=1)]
    check_units(len(cities), "cities with reports in the same years")
    kept = dated & rows["city"].isin(cities) & rows["year"].between(every[at], every[to]).fillna(False)
    return np.asarray(kept, dtype=bool), every[at], every[to]


def _of_own_province(corpus: Corpus, counts: Counts, label: str) -> Measure:
    import numpy as np

    terms = content_terms(counts, column="city", max_share=0.9, leave_out=corpus.names)
    apart = distance_matrix(terms, "city")
    home = counts.rows.drop_duplicates("city").set_index("city")["province"].reindex(apart.index)
    province = home.to_numpy(object)
    far = apart.to_numpy().copy()
    np.fill_diagonal(far, np.inf)
    nearest = np.argsort(far, axis=1, kind="stable")[:, :NEAREST]
    same = province[:, None] == province[None, :]
    share = same[np.arange(len(same))[:, None], nearest].mean(axis=1)
    chance = float(((same.sum(axis=1) - 1) / (len(same) - 1)).mean())
    ends = ratio_of_sums(share, np.ones(len(share)), province)
    return Measure(label, *ends, n=len(share), chance=chance)
