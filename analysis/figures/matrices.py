"""Numbers in rows and columns as shaded cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.figures.canvas import canvas, nothing
from analysis.style import INK, SEQUENTIAL

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def plot_heat_map(
    matrix: pd.DataFrame, *, label: str = "", digits: int | None = None, ax: Axes | None = None
) -> Axes:
    """Draw a frame of numbers as shaded cells, rows and columns in the given order, missing ones blank.

    `digits` writes the numbers in.
    """
    rows, columns = matrix.shape
    # Few columns are labelled level and need the room; many are labelled upright.
    ax = canvas(ax, ((1.25 if columns <= 8 else 0.36) * columns + 3, max(2.5, 0.3 * rows + 1.2)))
    if matrix.empty:
        return nothing(ax, "nothing to draw")
    image = ax.imshow(matrix.to_numpy(dtype=float, na_value=float("nan")), cmap=SEQUENTIAL, aspect="auto")
    ax.set_xticks(range(columns), [str(name) for name in matrix.columns], rotation=90 if columns > 8 else 0)
    ax.set_yticks(range(rows), [str(name) for name in matrix.index])
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    ax.figure.colorbar(image, ax=ax, label=label, shrink=0.8, pad=0.02)
    if digits is not None:
        _write_in(ax, matrix, digits)
    return ax


def _write_in(ax: Axes, matrix: pd.DataFrame, digits: int) -> None:
    middle = matrix.to_numpy(dtype=float).max() * 0.6
    for row, values in enumerate(matrix.itertuples(index=False)):
        for column, value in enumerate(values):
            colour = "white" if value > middle else INK
            ax.text(column, row, f"{value:.{digits}f}", ha="center", va="center", fontsize=8, color=colour)
