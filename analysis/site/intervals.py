"""Intervals as small pictures on a common scale, drawn as SVG in the page: no script, no picture file."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.languages import attributes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markupsafe import Markup

EDGE = 3.0  # percent kept free at both ends, so that no dot is cut
_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Scale:
    """Where a value lies between two ends, in percent of the width.

    log: for ratios, whose middle is 1; percent: for shares, whose marks are told in percent.
    """

    low: float
    high: float
    log: bool
    percent: bool = False

    def at(self, value: float) -> float:
        """Return the place of a value; what lies beyond an end is put at the end.

        >>> Scale(0.25, 4, True).at(1)
        50.0
        """
        low, high, here = (self._laid(x) for x in (self.low, self.high, min(max(value, self.low), self.high)))
        return EDGE + (100 - 2 * EDGE) * (here - low) / ((high - low) or 1)

    def _laid(self, value: float) -> float:
        return math.log2(value) if self.log else value

    def ticks(self) -> list[tuple[float, str]]:
        """Return about three marks with their labels."""
        if self.log:
            ends = {round(math.log2(self.low)), round(math.log2(self.high))}
            far = {power for power in ends if abs(power) > 1}  # nearer the label would touch that of 1×
            return [(2.0**p, f"{2**p}×" if p >= 0 else f"1/{2**-p}×") for p in sorted(far | {0})]
        step = _round_step((self.high - self.low) / 4)
        first = math.ceil(self.low / step - 1e-9)
        marks = [n * step for n in range(first, int(self.high / step + 1e-9) + 1)]
        digits = max(0, -math.floor(math.log10(step)))
        if self.percent:
            return [(mark, f"{mark:.{max(0, digits - 2)}%}") for mark in marks]
        return [(mark, f"{mark:.{digits}f}") for mark in marks]


def common_scale(values: Iterable[float], *, ratio: bool, percent: bool = False) -> Scale:
    """Return a scale that holds all values; of ratios, 1 and whole powers of two on both sides."""
    known = [value for value in values if math.isfinite(value) and (value > 0 or not ratio)]
    if ratio:
        powers = [math.log2(value) for value in known]
        ends = math.floor(min([-1.0, *powers])), math.ceil(max([1.0, *powers]))
        return Scale(2.0 ** ends[0], 2.0 ** ends[1], log=True)
    low, high = min(known, default=0.0), max(known, default=1.0)
    room = 0.05 * ((high - low) or 1)
    return Scale(max(0.0, low - room) if low >= 0 else low - room, high + room, log=False, percent=percent)


def interval_picture(value: float, low: float, high: float, others: float, scale: Scale, alt: str) -> Markup:
    """Return one value as a dot on its interval, with a stroke where the others lie. alt: says the same in words."""
    from markupsafe import Markup

    parts = []
    if math.isfinite(others):
        place = f"{scale.at(others):.1f}%"
        parts.append(f'<line class="others" x1="{place}" x2="{place}" y1="1" y2="17"/>')
    if math.isfinite(low) and math.isfinite(high):
        ends = f'x1="{scale.at(low):.1f}%" x2="{scale.at(high):.1f}%"'
        parts.append(f'<line class="range" {ends} y1="9" y2="9"/>')
    parts.append(f'<circle cx="{scale.at(value):.1f}%" cy="9" r="4"/>')
    return Markup(f'<svg class="interval" role="img" {attributes("aria-label", alt)}>{"".join(parts)}</svg>')


def axis_picture(scale: Scale) -> Markup:
    """Return the axis of a section's pictures; decoration, as each picture says its numbers."""
    from markupsafe import Markup

    marks = scale.ticks()
    parts = []
    for mark, label in marks:
        x = scale.at(mark)
        anchor = "start" if x < 12 else "end" if x > 88 else "middle"
        parts.append(f'<line x1="{x:.1f}%" x2="{x:.1f}%" y1="0" y2="4"/>')
        parts.append(f'<text x="{x:.1f}%" y="16" text-anchor="{anchor}">{label}</text>')
    return Markup(f'<svg class="axis" aria-hidden="true">{"".join(parts)}</svg>')


def _round_step(rough: float) -> float:
    """Return 1, 2 or 5 times a power of ten, not below a rough step.

    >>> _round_step(0.13), _round_step(3)
    (0.2, 5.0)
    """
    power = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 1.0
    return next((step * power for step in _STEPS if step * power >= rough), 10 * power)
