"""How far a detector agrees with a reader: samples, judged one by one, to precision, recall and kappa."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from analysis.frames import check_frame
from analysis.lexicon import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    import pandas as pd

STRATA = {
    "hit": "hits",
    "near miss": "near_misses",
    "sentence": "sentences",
}  # and what they are called in a table
DRAWS = 10_000  # for the interval of recall
_PLACE = ["doc_id", "start", "end"]
ANSWERS = ("right", "value", "unit", "status")


def draw_sample(
    hits: pd.DataFrame, near: pd.DataFrame, sentences: pd.DataFrame, *, n: int = 60, seed: int = 0
) -> pd.DataFrame:
    """Draw what a reader is to judge of a detector. One row a place, in an order that tells nothing.

    hits: what the detector finds; near: the hits of a looser pattern that it leaves; sentences: all of them. Each needs
    doc_id, start and end. n: places of each stratum, all of them where there are fewer. A place is drawn by the hash of the
    seed and of where it stands, so that the order of documents changes nothing.

    Columns: stratum ("hit", "near miss", "sentence"), doc_id, start, end, of (how many places the stratum holds).
    """
    import pandas as pd

    drawn = []
    for stratum, frame in zip(STRATA, (hits, near, sentences), strict=True):
        check_frame(frame, "draw_sample", *_PLACE)
        places = frame[_PLACE].drop_duplicates()
        chosen = places.assign(lot=_lots(places, f"{seed} {stratum}"), stratum=stratum, of=len(places))
        drawn.append(chosen.sort_values("lot").head(n))
    sample = pd.concat(drawn).sort_values(["lot", *_PLACE], ignore_index=True)
    return sample[["stratum", *_PLACE, "of"]]


def precision_recall(device: str | None = None, *, judgements: pd.DataFrame | None = None) -> pd.DataFrame:
    """Say how far the detectors agree with those who read the places. One row a device and judge.

    device: one of them; None: all. judgements: as `data/lexicon/judgements.csv` has them (data/README.md), which is taken
    otherwise.

    Columns: device, judge, date, hits, near_misses, sentences (how many were judged), precision, precision_low,
    precision_high, recall, recall_low, recall_high; for targets also value, unit and status (the share of hits in which it
    is right) with their intervals.

    Precision is the share of hits that are right, with Wilson's 95 % interval. Recall is a / (a + b + c): a, the hits of the
    whole corpus times precision; b, its near misses times the share that should have been hits; c, its sentences times the
    mean number of places in one that neither found. Its interval holds the middle 95 % of 10,000 seeded draws of the three,
    precision and share from their Jeffreys posteriors (Beta), the mean from its own (Gamma), widened to hold the estimate.

    Raises ValueError for a device that nobody judged, and where one judge judged a place twice.
    """
    import pandas as pd

    table = _judgements(judgements)
    if device is not None and device not in set(table["device"]):
        known = ", ".join(sorted(table["device"].unique()))
        raise ValueError(f"{device!r} has not been judged; judged are {known}.")
    if device is not None:
        table = table[table["device"] == device]
    groups = table.groupby(["device", "judge"], sort=True)
    return pd.DataFrame([{"device": name, "judge": judge, **_figures(own)} for (name, judge), own in groups])


def kappa(judgements: pd.DataFrame | None = None) -> pd.DataFrame:
    """Say how far two judges of the same places agree: Cohen's kappa (Cohen 1960). One row a device and pair of judges.

    Columns: device, a, b, places (judged by both), agreement (share alike), kappa (missing where both gave one answer only).
    """
    from itertools import combinations

    import pandas as pd

    table = _judgements(judgements)
    rows = []
    for device, own in table.groupby("device", sort=True):
        answers = own.pivot(index=["stratum", *_PLACE], columns="judge", values="right")
        for a, b in combinations(answers.columns, 2):
            both = answers[[a, b]].dropna().astype(bool)
            if len(both):
                rows.append(
                    {"device": device, "a": a, "b": b, "places": len(both), **_alike(both[a], both[b])}
                )
    return pd.DataFrame(rows, columns=["device", "a", "b", "places", "agreement", "kappa"])


# ---- what the measures are made of


def _judgements(table: pd.DataFrame | None) -> pd.DataFrame:
    """Return judgements, the shipped ones where none are given: answers as truth values, places as numbers."""
    table = read_table("lexicon", "judgements.csv") if table is None else table
    check_frame(
        table, "precision_recall", "device", "stratum", *_PLACE, "of", *ANSWERS, "missed", "judge", "date"
    )
    twice = table[table.duplicated(["device", "judge", "stratum", *_PLACE])]
    if len(twice):
        own = twice.iloc[0]
        raise ValueError(
            f"{own['judge']!r} judged {len(twice)} places twice, first {own['doc_id']!r} at {own['start']} "
            f"({own['device']}, {own['stratum']}). Keep one answer a place."
        )
    answers = {name: table[name].map(_truth).astype("boolean") for name in ANSWERS}
    return table.assign(**answers).astype({"start": int, "end": int, "of": int, "missed": "Int64"})


def _truth(answer: Any) -> Any:
    """Return a truth value for yes or no, and what is one already; missing stays missing."""
    import pandas as pd

    if pd.isna(answer):
        return pd.NA
    if answer in ("yes", "no"):
        return answer == "yes"
    if answer in (True, False):
        return bool(answer)
    raise ValueError(f"{answer!r} is no judgement; write yes or no, or leave it empty.")


def _lots(places: pd.DataFrame, salt: str) -> list[str]:
    rows: Iterable[tuple] = places.itertuples(index=False, name=None)
    return [sha256(f"{salt} {doc} {start} {end}".encode()).hexdigest() for doc, start, end in rows]


def _figures(own: pd.DataFrame) -> dict[str, object]:
    parts = {stratum: own[own["stratum"] == stratum] for stratum in STRATA}
    hits, near, sentences = parts.values()
    figures: dict[str, object] = {"date": own["date"].max()}
    figures |= {STRATA[name]: len(part) for name, part in parts.items()}
    figures |= _share("precision", hits["right"])
    figures |= _recall(hits, near, sentences)
    for name in ("value", "unit", "status"):
        if own[name].notna().any():
            figures |= _share(name, hits[name])
    return figures


def _share(name: str, answers: pd.Series) -> dict[str, float]:
    """Return a share of yes with Wilson's 95 % interval."""
    from scipy.stats import binomtest

    known = answers.dropna().astype(bool)
    if known.empty:
        return dict.fromkeys((name, f"{name}_low", f"{name}_high"), float("nan"))
    test = binomtest(int(known.sum()), len(known))
    low, high = test.proportion_ci(method="wilson")
    return {name: test.statistic, f"{name}_low": low, f"{name}_high": high}


def _recall(hits: pd.DataFrame, near: pd.DataFrame, sentences: pd.DataFrame) -> dict[str, float]:
    import numpy as np

    if hits.empty or sentences.empty:
        return dict.fromkeys(("recall", "recall_low", "recall_high"), float("nan"))
    random = np.random.default_rng(0)
    found = _draws(hits["right"], random) * hits["of"].iloc[0]
    passed_by = _draws(near["right"], random) * near["of"].iloc[0] if len(near) else np.zeros(DRAWS + 1)
    missed = int(sentences["missed"].fillna(0).sum())
    means = np.append(missed, random.gamma(missed + 0.5, size=DRAWS)) / len(sentences)
    unseen = means * sentences["of"].iloc[0]
    with np.errstate(invalid="ignore"):
        recall = found / (found + passed_by + unseen)
    low, high = np.quantile(recall[1:], [0.025, 0.975])
    estimate = float(recall[0])
    # An estimate at the edge lies outside the middle of the draws, which never reach it: recall 1, draws to 0.9996.
    return {
        "recall": estimate,
        "recall_low": min(float(low), estimate),
        "recall_high": max(float(high), estimate),
    }


def _draws(answers: pd.Series, random: np.random.Generator) -> np.ndarray:
    """Return the share of yes, and draws of it from its Jeffreys posterior."""
    import numpy as np

    known = answers.dropna().astype(bool)
    yes, no = int(known.sum()), int((~known).sum())
    return np.append(yes / max(yes + no, 1), random.beta(yes + 0.5, no + 0.5, size=DRAWS))


def _alike(a: pd.Series, b: pd.Series) -> dict[str, float]:
    agreement = float((a == b).mean())
    chance = float(a.mean() * b.mean() + (1 - a.mean()) * (1 - b.mean()))
    return {
        "agreement": agreement,
        "kappa": (agreement - chance) / (1 - chance) if chance < 1 else float("nan"),
    }
