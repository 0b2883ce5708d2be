"""What every picture needs: axes to draw on, a sentence where there is nothing to draw, a note below."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from analysis.drawing import columns_of
from analysis.style import MUTED, set_type

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SMALL = 8.5  # points; the smallest type of a picture but for the numbers in cells
WIDEST = 11.0  # inches; a page shows no more at full size
_COLUMNS_AN_INCH = 17.0  # of the small type; a Chinese character takes two


def canvas(ax: Axes | None, size: tuple[float, float]) -> Axes:
    """Return the given axes, or new ones of a size in inches."""
    if ax is not None:
        return ax
    from matplotlib import pyplot

    set_type()
    return pyplot.subplots(figsize=(min(size[0], WIDEST), size[1]))[1]


def nothing(ax: Axes, why: str) -> Axes:
    """Say in the picture's place why nothing is drawn."""
    ax.axis("off")
    columns = max(24, int(0.9 * _inches(ax) * _COLUMNS_AN_INCH))
    look: dict[str, Any] = {"ha": "center", "va": "center", "color": MUTED, "transform": ax.transAxes}
    ax.text(0.5, 0.5, wrapped(why, columns), **look).set_gid(why)  # unbroken, to be said in Chinese
    return ax


def note_below(ax: Axes, lines: Iterable[str]) -> None:
    """Write small lines below the axes and their label, each broken to the axes' width."""
    lines, columns = list(lines), int(_inches(ax) * _COLUMNS_AN_INCH)
    text = "\n".join(wrapped(line, columns) for line in lines if line)
    if not text:
        return
    place: Any = ("axes fraction", ax.xaxis.label)  # left of the axes, below what the label takes
    look: dict[str, Any] = {
        "fontsize": SMALL,
        "color": MUTED,
        "ha": "left",
        "va": "top",
        "annotation_clip": False,
    }
    note = ax.annotate(text, (0, 0), xycoords=place, xytext=(0, -6), textcoords="offset points", **look)
    note.set_gid("\n".join(line for line in lines if line))  # unbroken, to be said in Chinese


def panel(ax: Axes, place: tuple[float, float, float, float]) -> Axes:
    """Return axes inside others: left, bottom, width, height as shares of the outer ones."""
    inner = ax.inset_axes(place)
    inner.tick_params(labelsize=SMALL)
    return inner


def wrapped(text: str, columns: int) -> str:
    """Break a text into lines of so many columns, at spaces; a longer word stays whole.

    >>> wrapped("one line of 招商引资 and more", 20)
    'one line of 招商引资\\nand more'
    """
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if columns_of(longer) > columns and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)


def shortened(text: str, columns: int = 28) -> str:
    """Return a label of at most so many columns, its end cut and said so by an ellipsis.

    >>> shortened("乡村振兴", 6), shortened("招商引资", 8)
    ('乡村…', '招商引资')
    """
    if columns_of(text) <= columns:
        return text
    kept = ""
    for character in text:
        if columns_of(kept + character) > columns - 1:
            break
        kept += character
    return kept + "…"


def bare(ax: Axes, *sides: str) -> None:
    """Take the lines at the sides of axes away; all of them where none is named."""
    for side in sides or ("left", "right", "top", "bottom"):
        ax.spines[side].set_visible(False)


def _inches(ax: Axes) -> float:
    """Return the axes' width in inches, as it is before the layout is found."""
    return float(ax.get_window_extent().width / ax.figure.dpi)


def grid_of(ax: Axes, n: int, *, across: int, gap: tuple[float, float] = (0.09, 0.4)) -> list[Axes]:
    """Return `n` axes inside others, so many in a row, which themselves show nothing; gap: shares of a panel's size."""
    down = -(-n // across)
    width, height = 1 / (across + gap[0] * (across - 1)), 1 / (down + gap[1] * (down - 1))
    ax.set(xticks=[], yticks=[])
    ax.set_xlabel(" ", labelpad=10)  # a note below has to clear the labels of the lowest panels
    bare(ax)
    ax.set_facecolor("none")
    places = [divmod(at, across) for at in range(n)]
    return [
        panel(ax, (column * width * (1 + gap[0]), 1 - height - row * height * (1 + gap[1]), width, height))
        for row, column in places
    ]
