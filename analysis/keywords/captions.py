"""What has to stand beside a table or picture of key words, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.comparing.inference import CORRECTIONS, LEVEL
from analysis.keywords.associations import MEASURES
from analysis.keywords.chance import ACCEPTED, ALPHA

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

_TESTS = {
    "permuted_t": "moderated t on √rates",
    "t": "Student's t on √rates",
    "moderated": "moderated t on √rates",
    "welch": "Welch's t on rates",
    "permutation": "permutation of the difference of mean rates",
}


def keyness_note(frame: pd.DataFrame) -> str:
    """Say in two or three sentences how the words of a `keyness` frame were found: for a caption.

    Units and their number, adjustment, test, terms tested, correction, interval; what random groups gave (`draws=`); and
    the frame's own note. Raises ValueError for a frame that is not from `keyness` (a merge or concat loses its attrs).
    """
    facts: dict[Any, Any] = frame.attrs
    if "test" not in facts or "n_target" not in facts:
        raise ValueError(
            "keyness_note reads the attrs of a frame from keyness(...); this one has none of them."
        )
    parts = (_compared(facts), _test(facts), _chance(facts), facts["note"])
    return " ".join(f"{part.rstrip('.')}." for part in parts if part)


def _compared(facts: dict[Any, Any]) -> str:
    within = f", within {facts['within']}" if facts["within"] else ", without adjustment"
    sides = " against ".join(_units(facts, side) for side in ("target", "reference"))
    return f"{facts['target']} against {_other(facts)}: {sides}{within}"


def _units(facts: dict[Any, Any], side: str) -> str:
    n, docs = facts[f"n_{side}"], facts[f"docs_{side}"]
    unit = plural(facts["unit"], n)
    return f"{n:,} {unit}" + (f" ({docs:,} documents)" if facts["unit"] == "city" else "")


def _other(facts: dict[Any, Any]) -> str:
    return "the rest" if facts["reference"] == "rest" else str(facts["reference"])


def _test(facts: dict[Any, Any]) -> str:
    if facts["test"] in MEASURES:
        return f"{facts['test']} on plain counts, a description and no test: each word is taken for an independent draw"
    if facts["how"] == "not tested":
        return ""
    if not facts["tested"]:
        return "No term varies, so none could be tested"
    # Few units have few different groups: then the test says that it is not referred to any.
    groups = ", referred also to random groups" if "referred to" in facts["how"] else ""
    return (
        f"Test: {_TESTS[facts['test']]}{groups}, for {facts['tested']:,} terms that at least "
        f"{facts['min_units']:.0%} of the {plural(facts['unit'])} use; "
        f"q by {CORRECTIONS[facts['correction']]}; intervals {LEVEL:.0%}"
    )


def _chance(facts: dict[Any, Any]) -> str:
    found = facts["placebo"]
    if found is None:
        return "" if facts["test"] in MEASURES or not facts["tested"] else "No random groups were tried"
    told = (
        f"{found['draws']} random groups of {found['size']:,} {plural(facts['unit'])} gave {found['mean']:.2g} terms with "
        f"q < {ALPHA} on average, {found['most']} at most"
    )
    return told if found["mean"] <= ACCEPTED else f"{told}: single words of this list can't be relied on"


def false_alarms(frames: Iterable[pd.DataFrame]) -> str:
    """Say in two sentences what the tests of these `keyness` frames call different where nothing is: the placebo count.

    Of several frames with as many units the largest count is told. Frames without random groups (`draws=0`, or too few
    units) are passed over; where none is left, that is said.
    """
    tried = [frame.attrs for frame in frames if frame.attrs.get("placebo")]
    means: dict[tuple[int, str], list[float]] = {}
    for facts in tried:
        key = (facts["placebo"]["size"], plural(facts["unit"]))
        means.setdefault(key, []).append(facts["placebo"]["mean"])
    if not means:
        return "No random groups were tried, because nothing could be tested."
    told = "; ".join(
        f"{'at most ' if len(found) > 1 else ''}{max(found):.2f} for {size:,} {units}"
        for (size, units), found in sorted(means.items())
    )
    return (
        f"Words that the same test calls different between random groups of these sizes and the rest, on average: {told}. "
        f"Above {ACCEPTED}, single words can't be relied on."
    )


def plural(unit: str, n: int = 2) -> str:
    """Return the noun of a unit for a number of them.

    >>> plural("city"), plural("document", 1)
    ('cities', 'document')
    """
    if n == 1:
        return unit
    return f"{unit[:-1]}ies" if unit.endswith("y") else f"{unit}s"
