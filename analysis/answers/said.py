"""What an answer of the report is made of: a sentence, its figure, its interval, n, and where the evidence stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.comparing.means import FEWEST, FULL

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

SCALES = {"ratio": 1.0, "change": 0.0, "share": None}  # and the value that means no difference
# The questions of the research, and where the evidence stands: a notebook and a heading of it.
QUESTIONS = {
    "coast": ("Do cities on the coast talk in other words?", "06_groups_of_cities", "The-words"),
    "alike": ("Which cities talk alike?", "08_cities_compared", "Nearest-neighbours-by-three-measures"),
    "change": ("What has changed over the years?", "09_trends", "The-words-over-time"),
    "kept": ("Which promises are kept?", "11_promises", "Promise-and-result"),
    "borrowed": ("From whom is text taken over?", "12_slogans", "Text-that-is-taken-over"),
}


@dataclass(frozen=True)
class Measure:
    """One figure of a finding: what it is of, value, 95 % interval, units it rests on, and what chance gives (or None)."""

    label: str
    value: float
    ci_low: float
    ci_high: float
    n: int
    chance: float | None = None


@dataclass(frozen=True)
class Finding:
    """One answer to a question of the research. See `findings`.

    key: its name, which leads to question, page and anchor (where the evidence stands: a notebook's name and a heading);
    sentences: templates, `values` fills their gaps; measures: its figures, the first of which is the answer; scale: "ratio"
    (1 is no difference), "change" (0 is none) or "share"; unit: of the values; units: what n counts; silent: why it says
    nothing, "" where it speaks.
    """

    key: str
    scale: str = "share"
    unit: str = ""
    units: str = "cities"
    sentences: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    measures: tuple[Measure, ...] = ()
    silent: str = ""

    @property
    def question(self) -> str:
        return QUESTIONS[self.key][0]

    @property
    def page(self) -> str:
        return QUESTIONS[self.key][1]

    @property
    def anchor(self) -> str:
        return QUESTIONS[self.key][2]

    @property
    def says(self) -> tuple[str, ...]:
        """The sentences with their gaps filled."""
        return tuple(sentence.format(**dict(self.values)) for sentence in self.sentences)

    @property
    def value(self) -> float:
        return self.measures[0].value if self.measures else float("nan")

    @property
    def ci_low(self) -> float:
        return self.measures[0].ci_low if self.measures else float("nan")

    @property
    def ci_high(self) -> float:
        return self.measures[0].ci_high if self.measures else float("nan")

    @property
    def n(self) -> int:
        return self.measures[0].n if self.measures else 0

    def table(self) -> pd.DataFrame:
        """Return the figures. One row a measure: what, value, ci_low, ci_high (95 %), n, chance (missing: none is given)."""
        import pandas as pd

        rows = [(m.label, m.value, m.ci_low, m.ci_high, m.n, m.chance) for m in self.measures]
        return pd.DataFrame(rows, columns=["what", "value", "ci_low", "ci_high", "n", "chance"])

    def saying(self, *sentences: str, **told: str) -> Finding:
        """Return the finding with its sentences and what fills their gaps."""
        return replace(self, sentences=sentences, values=tuple(sorted(told.items())))

    def named(self, at: int, prefix: str = "") -> dict[str, str]:
        """Return a measure's figure and interval as `value` and `interval`, for the gaps of sentences."""
        return dict(zip((f"{prefix}value", f"{prefix}interval"), self.told(self.measures[at]), strict=True))

    def told(self, measure: Measure) -> tuple[str, str]:
        """Return a figure and its interval as they are written: "76 %" and "67 to 86 %"."""
        if self.scale == "share":
            return percent(measure.value), f"{percent(measure.ci_low)} to {percent(measure.ci_high)}"
        sign = "+" if self.scale == "change" else ""
        figures = (measure.value, measure.ci_low, measure.ci_high)
        value, low, high = (f"{figure:{sign}.2f}".replace("-", "−") for figure in figures)
        return value, f"{low} to {high}"


class SilentError(Exception):
    """Why a question has no answer in this corpus."""


def percent(share: float) -> str:
    """Write a share in per cent, with a decimal below ten; the space does not break.

    >>> percent(0.7629), percent(0.0472)
    ('76\\xa0%', '4.7\\xa0%')
    """
    return (f"{share:.1%}" if share < 0.0995 else f"{share:.0%}").replace("%", "\u00a0%")


def check_units(n: int, what: str) -> None:
    """Raise SilentError where there are fewer units than an interval needs to be trusted (docs/calibration.md)."""
    if n < FULL:
        raise SilentError(f"too few {what} ({n}): an interval that can be trusted needs {FULL}")


def ratio_of_sums(
    parts: np.ndarray, wholes: np.ndarray, groups: np.ndarray, *, level: float = 0.95
) -> tuple[float, float, float]:
    """Return Σparts/Σwholes with an interval that leaves out one group at a time; NaN for the ends below 3 groups.

    Delete-one-group jackknife, √((G − 1)/G · Σ(estimate without the group − their mean)²), t with G − 1 degrees of freedom
    (Efron & Stein 1981): it holds whatever likeness the rows of one group have. Shares are not let beyond 0 and 1.

    >>> import numpy as np
    >>> ratio_of_sums(np.array([1.0, 0.0, 1.0]), np.ones(3), np.array([0, 1, 2]))[0]
    0.6666666666666666
    """
    import numpy as np
    from scipy.stats import t as student

    _, code = np.unique(groups, return_inverse=True)
    part, whole = np.bincount(code, parts), np.bincount(code, wholes)
    estimate = float(part.sum() / whole.sum())
    n = len(whole)
    if n < FEWEST:
        return estimate, np.nan, np.nan
    left = (part.sum() - part) / (whole.sum() - whole)
    error = np.sqrt((n - 1) / n * ((left - left.mean()) ** 2).sum())
    margin = float(student.ppf((1 + level) / 2, n - 1) * error)
    return estimate, max(estimate - margin, 0.0), min(estimate + margin, 1.0)
