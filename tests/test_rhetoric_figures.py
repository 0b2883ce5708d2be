"""Pictures of devices, promises and what spreads: the frame's numbers are drawn, few are open, nothing says why."""

from __future__ import annotations

import matplotlib

matplotlib.use("Agg")

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.colors import to_rgb
from small_counts import made

from analysis import diffusion, figures, style
from analysis.figures import ledger, spread
from analysis.marks import REGIONS
from analysis.places import place_table


@pytest.fixture(autouse=True)
def drawing():
    style.use_style()
    yield
    pyplot.close("all")


def words(axes) -> str:
    return " ".join(text.get_text().replace("\n", " ") for text in axes.texts)


def labels(axes) -> list[str]:
    return [label.get_text() for label in axes.get_yticklabels()]


def clouds(axes) -> list[tuple[list[list[float]], bool]]:
    """What is drawn as dots: their places, and whether they are open."""
    parts = [
        part for part in axes.collections if isinstance(part, PathCollection) and len(part.get_offsets())
    ]
    paper = to_rgb(style.PAPER)
    return [(part.get_offsets().tolist(), to_rgb(part.get_facecolor()[0]) == paper) for part in parts]


def title(axes) -> str:
    return axes.get_title(loc="left")


def marks(axes) -> dict[tuple[float, float], bool]:
    """Each dot's place, rounded, and whether it is open."""
    return {(round(x, 6), round(y, 6)): hollow for spots, hollow in clouds(axes) for x, y in spots}


def across(axes) -> list[tuple[float, float]]:
    """The ends of the level lines, in the order in which they are drawn."""
    lines = [part for part in axes.collections if isinstance(part, LineCollection)]
    return [(segment[0][0], segment[1][0]) for part in lines for segment in part.get_segments()]


def band(axes, at: int = 0) -> dict[float, tuple[float, float]]:
    """By x, the lower and the upper edge of a filled band."""
    bands = [part for part in axes.collections if isinstance(part, PolyCollection)]
    corners = pd.DataFrame(bands[at].get_paths()[0].vertices, columns=["x", "y"]).groupby("x")["y"]
    return dict(zip(corners.min().index, zip(corners.min(), corners.max(), strict=True), strict=True))


# ---- devices


def rates(groups: list[str], terms: list[str], documents=40) -> pd.DataFrame:
    """Rates that grow with term and group, so that each is another."""
    rows = [
        {"group": group, "term": term, "rate": 1.0 + 10 * at + 3 * place, "documents": documents}
        for place, group in enumerate(groups)
        for at, term in enumerate(terms)
    ]
    frame = pd.DataFrame(rows)
    return frame.assign(ci_low=frame["rate"] - 0.5, ci_high=frame["rate"] + 0.75)


def test_rates_and_their_intervals_are_the_frames():
    frame = rates(["east", "west"], ["offers", "methods"])
    frame.loc[frame["group"] == "west", "documents"] = 5
    axes = figures.plot_device_rates(frame)
    assert labels(axes) == ["offers", "methods"]  # from below: by the larger of the two groups' rates
    drawn = {x: (y, hollow) for (x, y), hollow in marks(axes).items()}
    assert sorted(drawn) == sorted(frame["rate"])
    for row in frame.itertuples():
        y, hollow = drawn[row.rate]
        assert round(y) == ["offers", "methods"].index(row.term) and hollow == (row.group == "west")
    assert sorted(across(axes)) == sorted(zip(frame["ci_low"], frame["ci_high"], strict=True))
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [
        REGIONS[name][2] for name in ("east", "west")
    ]
    assert drawn[1.0][0] > drawn[4.0][0], "east lies above west in its row, as in the legend"
    assert "95 % intervals" in words(axes) and "Open: fewer than 20 documents" in words(axes)


def test_where_none_is_few_the_note_speaks_of_no_open_marks():
    axes = figures.plot_device_rates(rates(["all"], ["offers"]))
    assert list(marks(axes).values()) == [False]
    assert "Open" not in words(axes) and axes.get_legend() is None


def test_a_rate_without_an_interval_has_a_mark_and_no_line():
    frame = rates(["all"], ["offers", "methods"], documents=2)
    frame.loc[0, ["ci_low", "ci_high"]] = np.nan
    axes = figures.plot_device_rates(frame)
    assert len(marks(axes)) == 2 and across(axes) == [(10.5, 11.75)]


def test_of_many_groups_the_highest_and_the_lowest_are_drawn_by_falling_rate():
    groups = [f"城{at}" for at in range(9)]
    frame = rates(groups, ["offers", "methods"])
    axes = figures.plot_device_rates(frame, n=4, names={"offers": "what is offered"})
    first, second = axes.child_axes
    assert [title(first), title(second)] == ["what is offered", "methods"]
    assert labels(first) == labels(second) == ["城0", "城1", "城7", "城8"]
    own = frame[frame["term"] == "methods"].set_index("group").loc[labels(second), "rate"].tolist()
    assert [x for spots, _ in clouds(second) for x, _ in spots] == own
    assert [line.get_ydata()[0] for line in second.lines] == [1.5]
    assert "Up to 5 groups between the highest and the lowest are not drawn" in words(second)
    assert len(figures.plot_device_rates(frame, terms=["methods"]).child_axes) == 0
    whole = figures.plot_device_rates(frame, terms=["methods"])
    assert len(labels(whole)) == 9 and not whole.lines and "not drawn" not in words(whole)


def test_only_the_terms_asked_for():
    axes = figures.plot_device_rates(
        rates(["all"], ["offers", "methods", "images"]), terms=["images", "offers"]
    )
    assert labels(axes) == ["offers", "images"]


def test_without_devices_the_picture_says_so():
    none = figures.plot_device_rates(rates(["all"], ["offers"]).iloc[:0])
    other = figures.plot_device_rates(rates(["all"], ["offers"]), terms=["images"])
    assert words(none) == "no device was found" and words(other) == "none of these devices was found"
    assert not none.axison and not other.axison


# ---- promises


def promised(n: int, name: str = "产值", **columns) -> pd.DataFrame:
    """Promises of growth of 1, 2, ... per cent, half of them met."""
    value = 1.0 + np.arange(n)
    met = np.arange(n) % 2 == 0
    frame = pd.DataFrame({"indicator": name, "aspect": "change", "unit_kind": "percent", "value": value})
    return frame.assign(
        result=value + np.where(met, 0.25, -0.25), met=pd.array(met, dtype="boolean"), **columns
    )


def test_a_dot_a_promise_and_missed_ones_are_open():
    frame = promised(12)
    inner = figures.plot_promises(frame).child_axes[0]
    drawn = marks(inner)
    told = zip(frame["value"], frame["result"], frame["met"], strict=True)
    assert drawn == {(x, y): not met for x, y, met in told}
    (line,) = inner.lines
    assert line.get_xdata().tolist() == line.get_ydata().tolist(), "the line on which both are the same"
    assert title(inner) == "产值: 50% of 12 met"


def test_only_promises_of_growth_with_a_result_are_drawn():
    odd = [
        promised(15, "绝对").assign(aspect="level"),
        promised(15, "平方米").assign(unit_kind="area"),
        promised(15, "未知").assign(met=pd.NA),
        promised(ledger.FEWEST - 1, "太少"),
    ]
    frame = pd.concat([promised(11, "产值"), promised(14, "收入"), *odd], ignore_index=True)
    axes = figures.plot_promises(frame)
    assert [title(inner).split(":")[0] for inner in axes.child_axes] == ["收入", "产值"]
    assert [len(marks(inner)) for inner in axes.child_axes] == [14, 11]
    few = figures.plot_promises(frame, indicators=["太少"])
    assert title(few.child_axes[0]) == f"太少: 56% of {ledger.FEWEST - 1} met"


def test_at_most_nine_indicators():
    frame = pd.concat([promised(10 + at, f"第{at:02}") for at in range(11)], ignore_index=True)
    titles = [title(inner)[:3] for inner in figures.plot_promises(frame).child_axes]
    assert titles == [f"第{at:02}" for at in range(10, 1, -1)] and len(titles) == ledger.PANELS


def test_dots_beyond_the_axes_are_counted():
    frame = promised(200)
    frame["value"] = 5.0
    frame["result"] = 5.0
    frame.loc[0, "result"], frame.loc[1, "value"] = 900.0, -700.0
    axes = figures.plot_promises(frame)
    inner = axes.child_axes[0]
    assert inner.get_xlim() == inner.get_ylim() == (-1.0, 6.0)
    assert "2 dots lie beyond the axes" in words(axes)
    assert "beyond the axes" not in words(figures.plot_promises(frame.iloc[2:]))


def test_without_promises_of_growth_the_picture_says_so():
    axes = figures.plot_promises(promised(ledger.FEWEST - 1))
    assert words(axes) == "No indicator has 10 promises of growth with a result." and not axes.axison


def kept(column: str, groups: list, **columns) -> pd.DataFrame:
    met = np.linspace(0.7, 0.3, len(groups))
    frame = pd.DataFrame({column: groups, "reports": [5, *[30] * (len(groups) - 1)], "met": met})
    frame = frame.assign(ci_low=met - 0.1, ci_high=met + 0.2, **columns)
    frame.attrs = {"column": column, "level": 0.9}
    return frame


def test_the_share_met_over_the_years_with_its_band():
    frame = kept("year", [2015, 2016, 2017])
    axes = figures.plot_promises_met(frame)
    (line,) = axes.lines
    assert line.get_xydata().tolist() == frame[["year", "met"]].to_numpy(float).tolist()
    assert marks(axes) == {(2015, 0.7): True, (2016, 0.5): False, (2017, 0.3): False}
    edges = band(axes)
    for row in frame.itertuples():
        assert edges[row.year] == pytest.approx((row.ci_low, row.ci_high))
    assert "90 % intervals" in words(axes) and "Open: fewer than 20 reports" in words(axes)


def test_the_share_met_by_group_with_its_reports():
    frame = kept("indicator", ["产值", "收入", "就业"])
    frame.loc[1, ["ci_low", "ci_high"]] = np.nan
    axes = figures.plot_promises_met(frame, names={"产值": "output"})
    assert labels(axes) == ["就业", "收入", "output"]
    assert marks(axes) == {(0.3, 0): False, (0.5, 1): False, (0.7, 2): True}
    assert sorted(across(axes)) == [pytest.approx((0.2, 0.5)), pytest.approx((0.6, 0.9))]
    assert [text.get_text() for text in axes.texts[:3]] == ["30", "30", "5"]


def test_groups_without_a_share_are_not_drawn_and_none_says_so():
    frame = kept("indicator", ["产值", "收入"])
    frame.loc[0, "met"] = np.nan
    axes = figures.plot_promises_met(frame)
    assert labels(axes) == ["收入"] and "Open" not in words(axes)
    none = figures.plot_promises_met(frame.assign(met=np.nan))
    assert words(none) == "No promise could be set against a result." and not none.axison


# ---- what spreads


def spreading(**columns):
    """Eight cities of which one a year takes up 词 from 2011, those from 2010 to 2017 seen each year; nobody uses 无."""
    city, year = (part.ravel() for part in np.meshgrid(np.arange(8), np.arange(2010, 2018), indexing="ij"))
    uses = ((year - 2011 >= city) & (city < 6)).astype(int)
    here = (city != 7) | (year < 2014)  # the last city is not heard of any more
    values = np.column_stack([uses, np.zeros(len(city), int), np.full(len(city), 50)])[here]
    rows = {"longitude": 100.0 + city[here], "latitude": 30.0, **columns}
    return made(
        values, ["词", "无", "的"], city=np.array([f"城{at}" for at in city[here]]), year=year[here], **rows
    )


@pytest.fixture(scope="module")
def found():
    centre = made([[0, 0, 9], [1, 0, 9]], ["词", "无", "的"], year=[2012, 2013])
    return diffusion(spreading(), {"词": ["词"], "全": ["词", "的"]}, draws=50, central=centre)


def test_the_curve_its_band_and_its_rings_are_the_frames(found):
    axes = figures.plot_diffusion(found, terms=["词"])
    curve = found.curve[found.curve["term"] == "词"]
    share, central = axes.lines
    assert share.get_xydata().tolist() == curve[["year", "share"]].to_numpy(float).tolist()
    assert central.get_xdata() == [2013, 2013] and "Dashed" in words(axes)
    edges = band(axes)
    for row in curve.itertuples():
        assert edges[row.year] == pytest.approx((row.ci_low, row.ci_high))
    ((rings, hollow),) = clouds(axes)
    assert rings == curve[["year", "use"]].to_numpy(float).tolist() and hollow
    size = axes.collections[-1].get_sizes()
    assert size[0] > size[-1], "eight cities report in 2010, seven in 2017"
    assert title(axes) == "词" and "95 % band over cities" in words(axes)


def test_least_and_greatest_share_lie_apart_where_reports_leave_it_open():
    values = np.array([[0, 50], [1, 50]] * 4)
    counts = made(
        values, ["词", "的"], city=np.repeat([f"城{at}" for at in range(4)], 2), year=[2010, 2014] * 4
    )
    axes = figures.plot_diffusion(diffusion(counts, "词", draws=20))
    assert band(axes, 1)[2012.0] == (0, 1) and band(axes, 1)[2010.0] == (0, 0)
    assert "Dashed" not in words(axes) and len(axes.lines) == 1


def test_years_without_reports_have_no_ring():
    values = np.array([[0, 50], [1, 50]] * 3)
    counts = made(values, ["词", "的"], city=np.repeat(["甲", "乙", "丙"], 2), year=[2010, 2013] * 3)
    ((rings, _),) = clouds(figures.plot_diffusion(diffusion(counts, "词", draws=20)))
    assert rings == [[2010, 0], [2013, 1]]


def test_several_terms_have_axes_of_their_own_in_the_order_asked(found):
    axes = figures.plot_diffusion(found, terms=["全", "词"])
    assert [title(inner) for inner in axes.child_axes] == ["全", "词"]
    assert all(inner.get_ylim() == (-0.02, 1.02) for inner in axes.child_axes)


def test_a_term_that_is_not_there_is_refused(found):
    for plot in (
        lambda: figures.plot_diffusion(found, terms=["别的"]),
        lambda: figures.plot_adoption_map(found, "别的"),
    ):
        with pytest.raises(ValueError, match="'别的' is no term"):
            plot()


def test_a_map_tells_used_not_yet_and_unknown_apart(found):
    axes = figures.plot_adoption_map(found, "词", years=[2012, 2015])
    early, late = axes.child_axes
    assert title(early).startswith("2012: 2") and title(late).startswith("2015: 5")
    known = {to_rgb(style.GRID): "unknown", to_rgb(style.PAPER): "not", to_rgb(style.BLUE): "used"}
    for inner, year in ((early, 2012), (late, 2015)):
        drawn = {}
        for part in inner.collections:
            look = known[to_rgb(part.get_facecolor()[0])] if len(part.get_offsets()) else None
            drawn |= {x: look for x, _ in part.get_offsets().tolist()}
        own = found.adoptions[found.adoptions["term"] == "词"].set_index("longitude")
        for x, row in own.iterrows():
            used = pd.notna(row["by"]) and row["by"] <= year
            lacks = pd.notna(row["after"]) and row["after"] >= year
            assert drawn[x] == ("used" if used else "not" if lacks else "unknown")
    assert "Grey: not known" in words(axes)


def test_the_years_of_the_maps_follow_the_rise(found):
    titles = [title(inner)[:4] for inner in figures.plot_adoption_map(found, "词").child_axes]
    curve = found.curve[found.curve["term"] == "词"]
    top = curve["share"].max()
    steps = {curve.loc[curve["share"] >= top * at / spread.MAPS - 1e-9, "year"].iloc[0] for at in range(1, 7)}
    assert titles == [str(year) for year in sorted(steps)] and len(titles) > 4


def test_cities_that_are_on_no_map_are_said():
    nowhere = diffusion(spreading(longitude=np.nan, latitude=np.nan), "词", draws=20)
    axes = figures.plot_adoption_map(nowhere, "词")
    assert words(axes) == "no place of this corpus is on the map" and not axes.axison


# ---- text taken over


def flows(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["borrower", "source", "letters"]).astype({"letters": float})


def arcs(axes) -> list:
    return [part for part in axes.collections if isinstance(part, LineCollection)]


def test_arcs_go_from_the_source_to_the_borrower():
    axes = figures.plot_reuse(flows(("盐城市", "南通市", 100.0), ("徐州市", "盐城市", 25.0)))
    at = place_table().drop_duplicates("name").set_index("name")[["longitude", "latitude"]]
    thin, thick = arcs(axes)  # the largest on top
    for arc, source, borrower in ((thin, "盐城市", "徐州市"), (thick, "南通市", "盐城市")):
        path = arc.get_segments()
        assert path[0][0] == pytest.approx(at.loc[source].to_numpy(float))
        assert path[-1][-1] == pytest.approx(at.loc[borrower].to_numpy(float))
        shades = [to_rgb(colour) for colour in arc.get_colors()]
        ends = [
            np.abs(np.subtract(shades[place], to_rgb(end))).max()
            for place, end in ((0, style.BLUE), (-1, style.ORANGE))
        ]
        assert max(ends) < 0.06
    assert thick.get_linewidths()[0] == 4.0 and thin.get_linewidths()[0] == 0.5 + 3.5 / 4
    named = [text.get_text() for text in axes.texts]
    assert {"盐城市", "南通市", "徐州市"} <= set(named) and "blue at the source" in words(axes)


def test_only_the_largest_flows_are_drawn_and_the_most_active_cities_named():
    frame = flows(("盐城市", "南通市", 100.0), ("徐州市", "盐城市", 25.0), ("杭州市", "宁波市", 5.0))
    axes = figures.plot_reuse(frame, n=2, names=1)
    assert len(arcs(axes)) == 2 and "The 2 largest of 3 flows" in words(axes)
    assert [text.get_text() for text in axes.texts if text.get_text().endswith("市")] == ["盐城市"]


def test_where_no_flow_is_on_the_map_the_picture_says_so():
    told = "no text was taken over from one city of the map by another"
    for frame in (flows(), flows(("霁川市", "盐城市", 9.0))):
        axes = figures.plot_reuse(frame)
        assert words(axes) == told and not axes.axison


def test_a_frame_of_another_kind_is_refused():
    frame = pd.DataFrame({"city": ["甲"]})
    for draw in (figures.plot_device_rates, figures.plot_promises, figures.plot_reuse):
        with pytest.raises(ValueError, match=draw.__name__):
            draw(frame)
    with pytest.raises(ValueError, match="plot_promises_met"):
        figures.plot_promises_met(frame)
