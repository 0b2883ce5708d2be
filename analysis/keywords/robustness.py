"""How far a ranking of words hangs on choices: the same question under other segmentations, thresholds and priors."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis.chunks import progress
from analysis.counts import Counts
from analysis.keywords.chance import ALPHA

if TYPE_CHECKING:
    import pandas as pd

    Measure = Callable[..., pd.DataFrame]

FAR = 2  # a word of the first n is unstable where it falls behind FAR · n
ENDS = ("top", "bottom")
TRIMMING = ("min_docs", "max_share")
BASE = "base"
_OWN_LENGTHS = ("n_tokens", "n_chars")  # of the rows: each segmentation has its own


def rank_intervals(
    rankings: Mapping[str, pd.DataFrame], *, n: int = 20, key: str = "term", recut: Iterable[str] = ()
) -> pd.DataFrame:
    """Say between which ranks the first `n` terms of a ranking lie under other choices. One row a term.

    rankings: frames of the same question, one row a term, best first; the first is the base. recut: names of those whose
    words were cut otherwise. In each, terms are ranked among those that the base ranks (tests, where it has tests): a choice
    that lets in thousands of rarer rivals, or other pieces of words, asks another question, and would push any word back.
    Where a choice leaves rivals out, those behind them move up.

    Columns: term; rank (in the base, from 1); best, worst (rank over the rankings that rank the word); missing_in (names of
    the rankings that do not have it, separated by "; "; of a recut one: it is no word there); untested_in (names of those
    that list it, but do not test it although others are tested); lost (names of those that test it, and whose q is no
    longer below 0.05 as it is in the base); unstable; and a column of ranks for each ranking (missing where it does not
    rank the term).

    unstable: its worst rank is beyond 2n, or it is lost. Not so where it is missing or untested: where it is cut otherwise,
    it is in pieces or part of a longer word, and these have its place; and a threshold that leaves rare words out says
    nothing of them. Such a word was tried by fewer rankings, which the columns say.

    attrs: base, n, rankings (names), recut, rule. Raises ValueError for fewer than two rankings, a frame without `key`, or
    one with a term twice (give one group's rows).
    """
    import pandas as pd

    recut = [name for name in rankings if name in set(recut)]
    _check_rankings(rankings, n, key)
    base, *others = rankings
    terms = pd.Series(rankings[base][key].to_numpy()[:n], name="term")
    rivals = _rivals(rankings[base], n, key)
    among = {name: own[own[key].isin(rivals)] for name, own in rankings.items()}
    table = pd.DataFrame({name: _ranks(own, key).reindex(terms).array for name, own in among.items()})
    untested, lost = _tests(rankings, terms, key)
    untested &= table.notna()
    ranks = table.mask(untested)
    interval = {"rank": table[base], "best": ranks.min(axis=1), "worst": ranks.max(axis=1)}
    frame = pd.concat([terms, pd.DataFrame(interval).astype(int)], axis=1)
    told = {"missing_in": table[others].isna(), "untested_in": untested, "lost": lost}
    frame = frame.assign(**{name: _names(marks) for name, marks in told.items()})
    frame["unstable"] = (frame["worst"] > FAR * n) | lost.any(axis=1)
    frame = pd.concat([frame, ranks.astype("Int64")], axis=1)
    rule = f"worst rank beyond {FAR * n} among the words the base ranks, or q no longer below {ALPHA} where tested"
    frame.attrs = {"base": base, "n": n, "rankings": list(rankings), "recut": recut, "rule": rule}
    return frame


def sensitivity(
    measure: Measure,
    counts: Counts,
    *arguments: Any,
    n: int = 20,
    segmentations: Mapping[str, Counts] | None = None,
    choices: Mapping[str, Any] | None = None,
    prepare: Callable[[Counts], Counts] | None = None,
    group: Any = None,
    end: str = "top",
    **fixed: Any,
) -> pd.DataFrame:
    """Rank words again under other choices, one at a time. One row a term of the first `n`; columns of `rank_intervals`.

    measure: `keyness`, `jsd_terms`, `c_tfidf` or any function whose first argument is Counts and that gives one row a term,
    best first; it is called as measure(counts, *arguments, **fixed). segmentations: the same documents cut otherwise (such
    as `corpus.segmentations`); documents that `counts` does not have are left out, and columns of its rows are taken over.
    choices: other values of the measure's arguments, such as {"min_units": (0.02, 0.1), "test": "t"}, or of `counts.trim`:
    min_docs, max_share. prepare: done with all counts first, such as `content_terms`: what was left out of `counts` before
    would come back with the segmentations. group: the group whose rows are ranked, where the measure gives several
    (`tfidf`, `c_tfidf`). end: "bottom" for the words that the target of `keyness` uses less.

    A choice under which the measure refuses to answer is told in a warning and in attrs["failed"] (name: why). attrs as of
    `rank_intervals`, and measure, end, failed, within (of the base). Raises ValueError for a choice that the measure doesn't
    have, another end, a segmentation that lacks documents, nothing to try, and what the measure says of the base.
    """
    segmentations = segmentations or {}
    _check_choices(measure, choices or {}, end, bool(segmentations), fixed)
    ready = prepare or (lambda own: own)

    def ranked(own: Counts, **more: Any) -> pd.DataFrame:
        return _one_ranking(measure(own, *arguments, **{**fixed, **more}), group, end)

    base = ready(counts)
    rankings, failed = {BASE: ranked(base)}, {}
    tried: dict[str, tuple[Counts, dict[str, Any]]] = {
        name: (ready(_aligned(own, counts, name)), {}) for name, own in segmentations.items()
    }
    for name, value in _other_values(measure, choices or {}, fixed):
        trims = name in TRIMMING and name not in _parameters(measure)
        tried[f"{name}={value}"] = (base.trim(**{name: value}), {}) if trims else (base, {name: value})
    for name, (own, more) in progress(tried.items(), "other choices", long=len(tried) > 2, unit="ranking"):
        try:
            rankings[name] = ranked(own, **more)
        except ValueError as error:
            failed[name] = str(error)
            warnings.warn(f"There is no ranking with {name}: {error}", stacklevel=2)
    if len(rankings) < 2:
        raise ValueError(
            "There is nothing to compare the ranking with: give segmentations, or choices that differ."
        )
    frame = rank_intervals(rankings, n=n, recut=segmentations)
    within = _base_value(measure, "within", fixed)
    frame.attrs.update(
        measure=getattr(measure, "__name__", str(measure)), end=end, failed=failed, within=within
    )
    return frame


def _rivals(base: pd.DataFrame, n: int, key: str) -> set[Any]:
    """Return the terms that the base tests, all where it tests none, and in any case its first n."""
    tested = _q(base, key).notna()
    return {*base[key][:n], *(tested.index[tested] if tested.any() else tested.index)}


def _ranks(frame: pd.DataFrame, key: str) -> pd.Series:
    import pandas as pd

    return pd.Series(range(1, len(frame) + 1), index=frame[key].to_numpy(), dtype=float)


def _names(marks: pd.DataFrame) -> list[str]:
    """Return for each row the names of the columns that are true."""
    return ["; ".join(str(name) for name, mark in row.items() if mark) for _, row in marks.iterrows()]


def _tests(
    rankings: Mapping[str, pd.DataFrame], terms: pd.Series, key: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Say, terms × rankings, where a term that the base tests has no q although others have, and where q is lost."""
    import pandas as pd

    q = pd.DataFrame({name: _q(own, key).reindex(terms).array for name, own in rankings.items()})
    base = q[q.columns[0]]
    tested = pd.Series({name: _q(own, key).notna().any() for name, own in rankings.items()})
    untested = q.isna().mul(tested, axis=1).mul(base.notna(), axis=0)
    return untested, (q >= ALPHA).mul(base < ALPHA, axis=0)


def _q(frame: pd.DataFrame, key: str) -> pd.Series:
    """Return q by term; nothing but NaN where the frame has none."""
    import pandas as pd

    values = frame["q"].to_numpy(dtype=float) if "q" in frame else float("nan")
    return pd.Series(values, index=frame[key].to_numpy(), dtype=float)


def _one_ranking(frame: pd.DataFrame, group: Any, end: str) -> pd.DataFrame:
    """Return the rows of one group, turned round for the bottom end; terms that were not tested stay last."""
    import pandas as pd

    if group is not None:
        frame = frame[frame["group"] == group]
        if not len(frame):
            raise ValueError(f"The measure gives no rows for the group {group!r}.")
    if end == "top":
        return frame
    tested = frame["statistic"].notna() if "statistic" in frame else pd.Series(True, index=frame.index)
    return pd.concat([frame[tested][::-1], frame[~tested][::-1]])


def _aligned(own: Counts, counts: Counts, name: str) -> Counts:
    """Return the segmentation's rows of the documents of `counts`, in their order, with their columns."""
    import numpy as np

    keys = [key for key in ("doc_id", "para") if key in counts.rows]
    if not keys or not set(keys) <= set(own.rows):
        raise ValueError(
            f"The counts and the segmentation {name!r} need a doc_id, by which their documents are matched."
        )
    places = own.rows.set_index(keys).index.get_indexer(counts.rows.set_index(keys).index)
    if (places < 0).any():
        first = counts.rows[keys[0]].iloc[int(np.argmax(places < 0))]
        raise ValueError(
            f"The segmentation {name!r} lacks {(places < 0).sum()} of {len(places)} documents, first {first!r}; it has to "
            "be of the same documents."
        )
    rows = counts.rows.reset_index(drop=True)
    lengths = {each: own.rows[each].to_numpy()[places] for each in _OWN_LENGTHS if each in own.rows}
    return replace(own, values=own.values[places], rows=rows.assign(**lengths))


def _parameters(measure: Measure) -> Mapping[str, inspect.Parameter]:
    return inspect.signature(measure).parameters


def _base_value(measure: Measure, name: str, fixed: Mapping[str, Any]) -> Any:
    known = _parameters(measure).get(name)
    return fixed.get(name, known.default if known else None)


def _other_values(
    measure: Measure, choices: Mapping[str, Any], fixed: Mapping[str, Any]
) -> list[tuple[str, Any]]:
    """Return the values of each choice that differ from what the base has."""
    found = []
    for name, values in choices.items():
        base = _base_value(measure, name, fixed)
        single = isinstance(values, str) or not isinstance(values, Iterable)
        found += [(name, value) for value in ([values] if single else values) if value != base]
    return found


def _check_rankings(rankings: Mapping[str, pd.DataFrame], n: int, key: str) -> None:
    if len(rankings) < 2:
        raise ValueError(
            f"rank_intervals compares rankings; there is {len(rankings) or 'none'}. Give at least two."
        )
    if n < 1:
        raise ValueError(f"n={n} asks for no term; give a number from 1.")
    for name, frame in rankings.items():
        if key not in frame:
            raise ValueError(
                f"The ranking {name!r} has no column {key!r}; it has {', '.join(map(str, frame.columns))}."
            )
        twice = frame[key][frame[key].duplicated()]
        if len(twice):
            raise ValueError(f"The ranking {name!r} has {twice.iloc[0]!r} twice; give the rows of one group.")


def _check_choices(
    measure: Measure, choices: Mapping[str, Any], end: str, recut: bool, fixed: Mapping[str, Any]
) -> None:
    if end not in ENDS:
        raise ValueError(f"end={end!r} is unknown; choose {' or '.join(ENDS)}.")
    known = [*_parameters(measure), *TRIMMING]
    unknown = [name for name in choices if name not in known]
    if unknown:
        raise ValueError(f"{measure.__name__} has no choice {unknown[0]!r}; it has {', '.join(known[1:])}.")
    other = [name for name, value in fixed.items() if isinstance(value, Counts)]
    if recut and other:
        raise ValueError(
            f"{other[0]} is Counts that were cut as the base is; with segmentations it can't be compared."
        )
