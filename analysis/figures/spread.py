"""How a phrase, and text, travels: shares of cities by year, maps by year, a network of who takes over from whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from analysis.comparing.demands import check_name
from analysis.figures.canvas import SMALL, canvas, grid_of, note_below, nothing, shortened
from analysis.frames import check_frame
from analysis.marks import name_dots
from analysis.style import BLUE, GRID, INK, MUTED, ORANGE, PAPER, VERMILLION

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

    from analysis.spreading.adoption import Diffusion

MAPS = 6  # years that a picture of maps holds
HEIGHT = 1.25  # a degree of longitude at 36° north is about 0.8 of one of latitude


def plot_diffusion(found: Diffusion, *, terms: Sequence[str] | None = None, ax: Axes | None = None) -> Axes:
    """Draw what share of the cities has ever used a term, with its band, and what share of a year's reports uses it.

    found: from `diffusion`. terms: which, in this order; None for all; each has axes of its own, from 0 to 1. The line is
    the adopted share at its least and at its greatest, the band its interval; dots are the reports of that very year that
    use the term. An upright line marks the State Council's first report with it, where its counts were given.
    """
    names = list(found.terms if terms is None else terms)
    for name in names:
        check_name(name, found.terms, "term")
    curve = found.curve[found.curve["term"].isin(names)]
    if curve["share"].isna().all():
        return nothing(canvas(ax, (7.5, 2)), "No report dates any of these terms.")
    ax = canvas(ax, (7.5, 3.9) if len(names) == 1 else (10, 2.2 * -(-len(names) // 2) + 1))
    inner = [ax] if len(names) == 1 else grid_of(ax, len(names), across=2)
    first = found.central.set_index("term")["by"] if len(found.central) else None
    for name, place in zip(names, inner, strict=True):
        _curve(place, curve[curve["term"] == name])
        place.set_title(shortened(name), pad=6)
        if first is not None and first.notna().get(name, False):
            place.axvline(float(first[name]), color=VERMILLION, linewidth=1.2, linestyle=(0, (4, 2)))
    inner[0].set_ylabel("share of cities")
    note_below(ax, _told(found, first is not None))
    return ax


def plot_adoption_map(
    found: Diffusion, term: str, *, years: Iterable[int] | None = None, ax: Axes | None = None
) -> Axes:
    """Draw which cities had taken up a term by a year: a map a year, all on one scale.

    found: from `diffusion`, by cities. years: which; None: up to six at which the share had risen by about a sixth each.
    Filled: known to have used it by then; half-tone: it may have, its reports leave it open; open: known not to have.
    """
    check_name(term, found.terms, "term")
    cities = found.adoptions[found.adoptions["term"] == term]
    if "longitude" not in cities or cities["longitude"].isna().all():
        return nothing(canvas(ax, (7.5, 2)), "no place of this corpus is on the map")
    cities = cities[cities["longitude"].notna()]
    chosen = _steps(found, term) if years is None else list(years)
    if not chosen:
        return nothing(canvas(ax, (7.5, 2)), f"No report dates {term}.")
    across = min(3, len(chosen))
    down = -(-len(chosen) // across)
    ax = canvas(ax, (3.5 * across, 2.75 * down + 0.4))
    for year, place in zip(chosen, grid_of(ax, len(chosen), across=across, gap=(0.04, 0.12)), strict=True):
        _map(place, cities, year)
    told = ["Filled: has used it by then. Grey: not known, its reports leave it open. Open: has not."]
    note_below(ax, told)
    return ax


def plot_reuse(
    flows: pd.DataFrame, *, n: int = 40, names: int = 14, weight: str = "letters", ax: Axes | None = None
) -> Axes:
    """Draw the `n` largest flows of text between cities as arcs on longitude and latitude, from the source to the borrower.

    flows: from `reuse`, one row a pair of cities: borrower, source, the column `weight`. Width is the weight; an arc is
    blue at the source and orange at the borrower. names: how many cities with the most text given or taken are named.
    Cities that are not in the table of places are left out, and the note says how many flows they have.
    """
    check_frame(flows, "plot_reuse", "borrower", "source", weight)
    placed = _placed(flows)
    largest = placed.astype({weight: float}).nlargest(n, weight)
    if largest.empty:
        return nothing(canvas(ax, (7.5, 2)), "no text was taken over from one city of the map by another")
    ax = canvas(ax, (8, 6.2))
    _arcs(ax, largest, weight)
    points = _ends(placed, weight)
    shown = points[points.index.isin({*largest["source"], *largest["borrower"]})]
    ax.scatter(points["x"], points["y"], s=5, color=GRID, zorder=1)
    ax.scatter(shown["x"], shown["y"], s=14, color=INK, zorder=3)
    name_dots(ax, shown.nlargest(names, "weight")[["x", "y"]])
    _plain_map(ax)
    beyond = len(flows) - len(placed)
    told = (
        f"The {len(largest):,} largest of {len(placed):,} flows; blue at the source, orange at the borrower."
    )
    note_below(ax, [told, f"{beyond:,} flows are of cities that are not on the map." if beyond else ""])
    return ax


# ---- curves


def _curve(ax: Axes, curve: pd.DataFrame) -> None:
    """Draw one term: the band, the line between least and greatest, dots of use whose size is the number of reports."""
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    year = curve["year"].to_numpy(float)
    low, high, least, most = (curve[name].to_numpy(float) for name in ("ci_low", "ci_high", "share", "most"))
    ax.fill_between(year, low, high, color=BLUE, alpha=0.16, linewidth=0, step=None)
    ax.fill_between(year, least, most, color=BLUE, alpha=0.35, linewidth=0)
    ax.plot(year, least, color=BLUE, linewidth=1.6)
    use = curve[curve["reporting"] > 0]
    size = 4 + 22 * (use["reporting"] / max(use["reporting"].max(), 1)).to_numpy(float)
    ax.scatter(use["year"].astype(float), use["use"], s=size, facecolors=PAPER, edgecolors=ORANGE, zorder=3)
    ax.set_ylim(-0.02, 1.02)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=7))
    ax.grid(axis="y")


def _told(found: Diffusion, central: bool) -> list[str]:
    level = 100 * found.about["level"]
    told = f"Blue: cities that have ever used it (Turnbull), with a {level:g} % band over cities."
    told += " Rings: of the cities with a report of that year, those that use it; larger where more report."
    return [told, "Dashed: first report of the State Council with it." if central else ""]


# ---- maps


def _steps(found: Diffusion, term: str) -> list[int]:
    """Return up to six years, at each of which the share had risen by about a sixth more of its whole rise."""
    import numpy as np

    curve = found.curve[(found.curve["term"] == term) & found.curve["share"].notna()]
    if curve.empty:
        return []
    share, year = curve["share"].to_numpy(float), curve["year"].to_numpy(int)
    marks = np.linspace(share.min(), share.max(), MAPS + 1)[1:]
    places = np.minimum(np.searchsorted(share, marks - 1e-9), len(year) - 1)
    return sorted(set(year[places].tolist()))


def _map(ax: Axes, cities: pd.DataFrame, year: int) -> None:
    by, after = (cities[name].to_numpy(float, na_value=float("nan")) for name in ("by", "after"))
    has, lacks = by <= year, after >= year
    look: dict[str, Any] = {"s": 9, "linewidths": 0.5}
    faces: list[tuple[np.ndarray, str, str]] = [
        (~(has | lacks), GRID, GRID),
        (lacks, PAPER, MUTED),
        (has, BLUE, BLUE),
    ]
    for chosen, face, edge in faces:
        ax.scatter(
            cities["longitude"][chosen], cities["latitude"][chosen], facecolors=face, edgecolors=edge, **look
        )
    counted = (int(each.sum()) for each in (has, lacks, ~(has | lacks)))
    ax.set_title("{}: {:,} have, {:,} have not, {:,} unknown".format(year, *counted), fontsize=SMALL, pad=3)
    _plain_map(ax)


def _plain_map(ax: Axes) -> None:
    ax.set_aspect(HEIGHT)
    ax.set(xticks=[], yticks=[])
    for side in ax.spines.values():
        side.set_visible(False)


# ---- the network


def _placed(flows: pd.DataFrame) -> pd.DataFrame:
    """Give each flow the places of its ends; those of cities that are not on the map are left out."""
    from analysis.places import place_table

    at = place_table().drop_duplicates("name").set_index("name")[["longitude", "latitude"]]
    for end in ("borrower", "source"):
        flows = flows.join(at.add_prefix(f"{end}_"), on=end)
    known = flows[["borrower_longitude", "source_longitude"]].notna().all(axis=1)
    return flows[known & (flows["borrower"] != flows["source"])]


def _ends(placed: pd.DataFrame, weight: str) -> pd.DataFrame:
    """Return one row a city that gives or takes text: x, y, weight (both together)."""
    import pandas as pd

    parts = []
    for end in ("borrower", "source"):
        part = placed[[end, f"{end}_longitude", f"{end}_latitude", weight]]
        parts.append(part.set_axis(["city", "x", "y", "weight"], axis=1))
    return pd.concat(parts).groupby("city").agg({"x": "first", "y": "first", "weight": "sum"})


def _arcs(ax: Axes, flows: pd.DataFrame, weight: str) -> None:
    """Draw each flow as a bent line from blue at the source to orange at the borrower."""
    import numpy as np
    from matplotlib.collections import LineCollection
    from matplotlib.colors import LinearSegmentedColormap

    shades = LinearSegmentedColormap.from_list("flow", [BLUE, ORANGE])
    along = np.linspace(0, 1, 24)[:, None]
    widest = flows[weight].max()
    for row in flows.sort_values(weight).to_dict("records"):
        start, end = (
            np.array([row[f"{at}_longitude"], row[f"{at}_latitude"]], float) for at in ("source", "borrower")
        )
        way = end - start
        bend = (start + end) / 2 + 0.18 * np.array([way[1], -way[0]])
        path = (1 - along) ** 2 * start + 2 * along * (1 - along) * bend + along**2 * end
        pieces = np.stack([path[:-1], path[1:]], axis=1)
        width = 0.5 + 3.5 * row[weight] / widest
        ax.add_collection(
            LineCollection(list(pieces), colors=shades(along[1:, 0]), linewidths=width, alpha=0.8, zorder=2)
        )
