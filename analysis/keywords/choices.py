"""What a sensitivity analysis found, put in words for a caption."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from analysis.keywords.robustness import FAR

if TYPE_CHECKING:
    import pandas as pd

UNRANKED = ("too rare there", "too common there", "no words of their own")
TESTS_IN_WORDS = {
    "test=t": "Student's t",
    "test=moderated": "moderated t",
    "test=welch": "Welch's t",
    "test=permutation": "a permutation test",
    "test=permuted_t": "t referred to random groups",
}


def sensitivity_note(frame: pd.DataFrame) -> str:
    """Say how many of the first words are ranked under all choices and stay, and which hang on one: for a caption.

    Raises ValueError for a frame that is not from `sensitivity` or `rank_intervals` (a merge or concat loses its attrs).
    """
    facts = frame.attrs
    if "rankings" not in facts:
        raise ValueError(
            "sensitivity_note reads the attrs of a frame from sensitivity(...); this one has none of them."
        )
    others = [name for name in facts["rankings"] if name != facts["base"]]
    told = [
        _counted(frame, len(others)),
        f"The other choice{'s' * (len(others) > 1)}: {_in_words(others, facts)}",
    ]
    unstable = frame[frame["unstable"]]
    if len(unstable):
        told.append("Unstable: " + ", ".join(_told(row, facts) for row in unstable.itertuples()))
    if facts.get("failed"):
        told.append(f"No ranking could be had with {_in_words(facts['failed'], facts)}")
    return " ".join(f"{sentence}." for sentence in told)


def _counted(frame: pd.DataFrame, others: int) -> str:
    """Say how many words are ranked under all choices, how many of these stay near, and how many are not, and why."""
    reasons = [_why_unranked(row, set(frame.attrs["recut"])) for row in frame.itertuples()]
    tried = frame[[not own for own in reasons]]
    near, far = int((tried["worst"] <= FAR * frame.attrs["n"]).sum()), len(frame) - len(tried)
    every = {1: "the other choice", 2: "both other choices"}.get(others, f"all {others} other choices")
    words = "word" if len(frame) == 1 else "words"
    ranked = f"{len(tried) or 'none'} {'are' if len(tried) > 1 else 'is'} ranked under {every}"
    said = f"Of the first {len(frame)} {words} {ranked}"
    if len(tried):
        said += (
            f", and {near or 'none'} of these keep{'s' * (near < 2)} a rank up to {FAR * frame.attrs['n']}"
        )
    why = ", or ".join(reason for reason in UNRANKED if any(reason in own for own in reasons))
    return said + (
        f"; {far} could not be ranked under {'some' if others > 1 else 'it'} ({why})" if far else ""
    )


def _why_unranked(row: Any, recut: set[str]) -> set[str]:
    """Return those of UNRANKED for which some rankings do not rank a word."""
    rare, common, cut = UNRANKED
    missing, untested = (set(filter(None, names.split("; "))) for names in (row.missing_in, row.untested_in))
    why = {common if name.startswith("max_share=") else rare for name in (missing - recut) | untested}
    return why | ({cut} if missing & recut else set())


def _in_words(names: Iterable[str], facts: Mapping[Any, Any]) -> str:
    """Return the names of choices as a reader follows them; those of segmentations as they are."""
    return ", ".join(name if name in facts["recut"] else _choice(name, facts) for name in names)


def _choice(name: str, facts: Mapping[Any, Any]) -> str:
    """Put a choice in words: "min_units=0.02" as "words of 2 % of the units"; others stay name=value."""
    choice, _, value = name.partition("=")
    try:
        number = float(value)
    except ValueError:
        within = facts.get("within") or "year"
        loose = "years not adjusted" if within == "year" else f"{within} not adjusted"
        return {"within=None": loose, **TESTS_IN_WORDS}.get(name, name)
    said = {
        "min_units": f"words of {100 * number:g} % of the units",
        "max_share": f"no words of more than {100 * number:g} % of the documents",
        "min_docs": f"words of {number:g} documents or more",
    }
    return said.get(choice, name)


def _told(row: Any, facts: Mapping[Any, Any]) -> str:
    why = [f"rank {row.rank} to {row.worst}"] if row.worst > row.rank else []
    why += [f"not significant with {_in_words(row.lost.split('; '), facts)}"] if row.lost else []
    return f"{row.term} ({', '.join(why)})"
