"""Numbers in rows and columns as shaded cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.figures.canvas import SMALL, bare, canvas, columns_of, note_below, nothing, shortened
from analysis.style import DIVERGING, INK, SEQUENTIAL

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

_FEW = 8  # columns that are labelled level; more are labelled upright
_MANY = 30  # rows; further ones are lower
_DARK = 0.6  # share of the scale from which on the numbers in cells are white
_TALLEST = 6  # characters of a Chinese label set downwards


def plot_heat_map(
    matrix: pd.DataFrame,
    *,
    label: str = "",
    digits: int | None = None,
    centre: float | None = None,
    marks: pd.DataFrame | None = None,
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw a frame of numbers as shaded cells, rows and columns in the given order, missing ones blank.

    label: of the colour bar. digits: write the numbers in, so rounded. centre: for numbers that go both ways from it
    (log ratios: 0), two colours, equally long on both sides. marks: a frame of true and false with the same labels (such
    as q < 0.05; a label that it lacks counts as false): a dot in the cells that are true; with a `centre` + and −, which
    tell the sides apart in a grey print. note: a small line below, such as what the marks say.
    """
    import numpy as np

    rows, columns = matrix.shape
    high = 0.3 * rows if rows <= _MANY else 0.3 * _MANY + 0.18 * (rows - _MANY)
    ax = canvas(ax, ((1.25 if columns <= _FEW else 0.36) * columns + 3, max(2.5, high + 1.2)))
    if matrix.empty:
        return nothing(ax, "nothing to draw")
    values = matrix.to_numpy(dtype=float, na_value=float("nan"))
    if not np.isfinite(values).any():
        return nothing(ax, "no cell has a value")
    low, high = _limits(values, centre)
    colours = SEQUENTIAL if centre is None else DIVERGING
    image = ax.imshow(values, cmap=colours, aspect="auto", vmin=low, vmax=high)
    _name_columns(ax, [str(name) for name in matrix.columns])
    ax.set_yticks(
        range(rows), [shortened(str(name)) for name in matrix.index], fontsize=10.5 if rows <= _MANY else 9
    )
    ax.tick_params(length=0)
    bare(ax)
    ax.figure.colorbar(image, ax=ax, label=label, shrink=0.8, pad=0.02, aspect=max(20, rows), fraction=0.05)
    if digits is not None:
        _write_in(ax, values, digits, centre)
    if marks is not None:
        is_marked = marks.reindex(index=matrix.index, columns=matrix.columns).eq(True).to_numpy(bool)
        _mark(ax, values, is_marked, centre)
    note_below(ax, [note])
    return ax


def _limits(values: np.ndarray, centre: float | None) -> tuple[float, float]:
    """Return the ends of the colour scale; equally far from the centre where there is one."""
    import numpy as np

    finite = values[np.isfinite(values)]
    if centre is None:
        return float(finite.min()), float(finite.max())
    reach = float(np.abs(finite - centre).max()) or 1.0
    return centre - reach, centre + reach


def _depth(values: np.ndarray, centre: float | None) -> np.ndarray:
    """Return how dark each cell is, 0 to 1."""
    import numpy as np

    low, high = _limits(values, centre)
    if centre is None:
        return (values - low) / ((high - low) or 1.0)
    return np.abs(values - centre) / (high - centre)


def _name_columns(ax: Axes, names: list[str]) -> None:
    """Label the columns: few level, Chinese downwards, others turned."""
    is_chinese = all(columns_of(name) == 2 * len(name) and len(name) <= _TALLEST for name in names)
    if len(names) <= _FEW:
        ax.set_xticks(range(len(names)), names)
    elif is_chinese:
        ax.set_xticks(range(len(names)), ["\n".join(name) for name in names])
        ax.tick_params(axis="x", labelsize=max(6.5, min(9.5, 500 / len(names))))
    else:
        ax.set_xticks(range(len(names)), names, rotation=90)


def _write_in(ax: Axes, values: np.ndarray, digits: int, centre: float | None) -> None:
    import numpy as np

    is_dark = _depth(values, centre) > _DARK
    for row, column in np.argwhere(np.isfinite(values)):
        text = f"{values[row, column]:,.{digits}f}".replace("-", "−")
        colour = "white" if is_dark[row, column] else INK
        ax.text(column, row, text, ha="center", va="center", fontsize=8, color=colour)


def _mark(ax: Axes, values: np.ndarray, is_marked: np.ndarray, centre: float | None) -> None:
    """Put a dot into the marked cells, or + and − where the numbers go both ways."""
    import numpy as np

    is_dark = _depth(values, centre) > _DARK
    for row, column in np.argwhere(is_marked & np.isfinite(values)):
        sign = "●" if centre is None else "+" if values[row, column] > centre else "−"
        size = 6 if centre is None else SMALL
        colour = "white" if is_dark[row, column] else INK
        ax.text(column, row, sign, ha="center", va="center_baseline", fontsize=size, color=colour)
