"""Pictures hold the frame's numbers where a reader sees them, can be read in grey, and say why where there is nothing."""

from __future__ import annotations

import matplotlib

matplotlib.use("Agg")

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot
from matplotlib.colors import to_rgb
from scipy.cluster.hierarchy import average, dendrogram
from scipy.spatial.distance import pdist

from analysis import figures, style
from analysis.distances.clusters import Clusters
from analysis.drawing import words_in
from analysis.figures.apart import times
from analysis.figures.themes import _LOOKS
from analysis.figures.years import PANELS
from analysis.marks import REGIONS

SIZES = {"docs_target": 8, "docs_reference": 40}


@pytest.fixture(autouse=True)
def drawing():
    style.use_style()
    yield
    pyplot.close("all")


def words(axes) -> str:
    return " ".join(text.get_text() for text in axes.texts)


def all_words(axes) -> str:
    return words_in(axes.figure)


def dots(axes, at: int = 0) -> list[list[float]]:
    return axes.collections[at].get_offsets().tolist()


def lines_of(axes, at: int = 0) -> list[list[list[float]]]:
    return [segment.tolist() for segment in axes.collections[at].get_segments()]


# --- key words


def key_words(n: int = 6, **columns) -> pd.DataFrame:
    """`n` over-used and `n` under-used words, the surest first and last, as `keyness` sorts them; the middle not sure."""
    effects = np.array([*np.linspace(3, 0.5, n), 0.1, *np.linspace(-0.5, -3, n)])
    frame = pd.DataFrame(
        {
            "term": [f"词{at}" for at in range(len(effects))],
            "docs_target": 4,
            "docs_reference": 10,
            "log_ratio": effects,
            "ci_low": effects - 0.25,
            "ci_high": effects + 0.5,
            "statistic": 3 * effects,
            "p": 0.001,
            "q": np.where(np.abs(effects) > 0.2, 0.01, 0.8),
            "reason": pd.array([None] * len(effects), dtype="string"),
            **columns,
        }
    )
    facts = {"target": "霁川市", "reference": "rest", "unit": "document", "n_target": 8, "n_reference": 40}
    frame.attrs = {**facts, **SIZES, "placebo": None, "note": ""}
    return frame


def test_bars_and_intervals_of_key_words_are_the_frames():
    frame = key_words()
    axes = figures.plot_keyness(frame, n=2)
    chosen = frame.iloc[[0, 1, -2, -1]]
    assert [label.get_text() for label in axes.get_yticklabels()] == chosen["term"].tolist()
    assert [bar.get_width() for bar in axes.patches] == pytest.approx(chosen["log_ratio"].tolist())
    ends = [[segment[0][0], segment[1][0]] for segment in lines_of(axes)]
    assert ends == [pytest.approx(list(row)) for row in chosen[["ci_low", "ci_high"]].to_numpy()]
    assert "surest 2 of 6 over-used and 2 of 6 under-used" in words(axes)


def test_the_surest_words_are_chosen_not_those_with_the_largest_effect():
    frame = key_words()
    frame.loc[5, "statistic"] = 99.0
    axes = figures.plot_keyness(frame, n=1)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["词5", "词12"]


def test_an_interval_that_goes_on_is_cut_with_an_arrow():
    frame = key_words(ci_high=50.0)
    axes = figures.plot_keyness(frame, n=3)
    assert max(end[1][0] for end in lines_of(axes)) == pytest.approx(3 + 1)
    arrows = [line for line in axes.lines if line.get_marker() == ">"]
    assert len(arrows[0].get_xdata()) == 6 and axes.get_xlim()[1] < 5


def test_documents_using_a_word_stand_beside_it_as_shares():
    beside = figures.plot_keyness(key_words(), n=2).child_axes[0]
    assert [x for x, _ in dots(beside, 1)] == pytest.approx([0.25] * 4)
    assert [x for x, _ in dots(beside, 2)] == pytest.approx([0.5] * 4)
    assert words(beside) == " ".join(["4 of 8"] * 4)


def test_times_as_often():
    axes = figures.plot_keyness(key_words())
    labels = [label.get_text() for label in axes.get_xticklabels()]
    assert "1/4" in labels and "1" in labels and "4×" in labels
    assert [times(at) for at in (-3, 10)] == ["1/8", "1,024×"]
    assert axes.get_xlabel() == "times as often in 霁川市 as in the rest"


def test_unstable_words_are_open_and_named():
    marks = pd.DataFrame({"term": ["词0"], "best": [1], "worst": [90], "unstable": [True]})
    axes = figures.plot_keyness(key_words(), n=1, sensitivity=marks)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["词0 †", "词12"]
    assert [to_rgb(bar.get_facecolor()) == (1, 1, 1) for bar in axes.patches] == [True, False]
    assert "1 of the 2 words drawn were ranked under other choices too; † and an open bar" in words(axes)
    calm = figures.plot_keyness(key_words(), n=1, sensitivity=marks.assign(unstable=False))
    marks.attrs["rankings"] = ["base", "other"]
    alone = figures.plot_keyness(key_words(), n=1, sensitivity=marks.assign(unstable=False, other=np.nan))
    assert "0 of the 2 words drawn were ranked under other choices" in words(alone)
    assert "none was unstable" in words(calm) and "other choices" not in words(
        figures.plot_keyness(key_words())
    )


def test_what_chance_gives_stands_below():
    frame = key_words()
    assert "no random groups were tried" in words(figures.plot_keyness(frame))
    frame.attrs["placebo"] = {"size": 8, "draws": 40, "mean": 0.25, "most": 3, "any": 0.1}
    told = words(figures.plot_keyness(frame))
    assert "40 random groups of 8 documents gave 0.25 such words on average, 3 at most" in told


def test_where_no_word_passes_the_picture_says_so():
    axes = figures.plot_keyness(key_words(q=0.3))
    told = words(axes).replace("\n", " ")
    assert (
        told
        == "None of the 13 terms tested differs at q < 0.05 between 霁川市 (8 documents) and the rest (40 documents)."
    )
    assert not axes.axison and not axes.patches


def test_where_nothing_was_tested_the_picture_says_why():
    none = key_words(p=np.nan, q=np.nan)
    none["reason"] = "too few units"
    assert "Too few units." in words(figures.plot_keyness(none))
    none.attrs["note"] = "the target has 2 units; 3 are needed."
    assert "The target has 2 units; 3 are needed." in words(figures.plot_keyness(none)).replace("\n", " ")


def test_key_words_without_attrs_are_drawn_without_documents():
    frame = key_words()
    frame.attrs = {}
    axes = figures.plot_keyness(frame)
    assert not axes.child_axes and "the target" in axes.get_xlabel()


# --- chance


def test_a_dot_a_draw_and_a_bar_at_the_mean():
    hits = {3: [0, 0, 0, 2], 6: [1, 1, 0, 0]}
    frame = pd.DataFrame([(size, at, n) for size, own in hits.items() for at, n in enumerate(own)])
    frame.columns = ["size", "draw", "hits"]
    axes = figures.plot_placebo(frame, seen=9)
    spots = [part.get_offsets() for part in axes.collections if not hasattr(part, "get_segments")]
    drawn = sorted((round(float(x)), float(y)) for part in spots for x, y in part)
    assert drawn == sorted((column, n) for column, own in enumerate(hits.values()) for n in own)
    assert len({float(x) for part in spots for x, y in part if y == 0 and x < 0.5}) == 3, "none hides another"
    means = [part for part in axes.collections if hasattr(part, "get_segments")]
    assert [part.get_segments()[0][0][1] for part in means] == [0.5, 0.5]
    labels = [label.get_text() for label in axes.get_xticklabels()]
    assert labels == ["3\nmean 0.5", "6\nmean 0.5", "really compared\n9"]
    assert axes.get_yscale() == "linear" and [line.get_ydata()[0] for line in axes.lines] == [9, 1]


def test_many_hits_give_a_logarithmic_axis_that_holds_them():
    axes = figures.plot_placebo(pd.DataFrame({"size": 6, "draw": [1, 2], "hits": [0, 4000]}))
    assert axes.get_yscale() == "symlog" and axes.get_ylim()[1] > 4000


def test_rank_intervals_are_the_frames():
    frame = pd.DataFrame(
        {
            "term": ["招商", "引资"],
            "rank": [1, 2],
            "best": [1, 1],
            "worst": [4, 60],
            "unstable": [False, True],
        }
    )
    frame.attrs = {"n": 20, "rule": "beyond rank 40", "rankings": ["base", "other", "third"]}
    axes = figures.plot_sensitivity(frame.assign(base=1, other=[4, 60], third=[1, None]))
    assert axes.texts[0].get_text() == "in 1 of 2 others" and axes.texts[0].xy == (60, 1)
    assert [[a[0], b[0]] for a, b in lines_of(axes)] == [[1, 4], [1, 60]]
    assert (dots(axes, 1), dots(axes, 2)) == ([[1, 0]], [[2, 1]])
    assert [label.get_text() for label in axes.get_yticklabels()] == ["招商", "引资 †"]
    assert "beyond rank 40" in words(axes) and axes.lines[0].get_xdata()[0] == 40


# --- cells


def test_both_sides_of_a_centre_are_equally_deep_and_signed():
    matrix = pd.DataFrame([[-1.0, 4.0], [np.nan, 0.5]], index=["甲市", "乙市"], columns=["招商", "引资"])
    marks = pd.DataFrame([[True, True], [True, False]], index=matrix.index, columns=matrix.columns)
    axes = figures.plot_heat_map(matrix, centre=0, marks=marks.iloc[::-1], note="said")
    assert axes.images[0].get_clim() == (-4, 4)
    assert sorted((text.get_text(), text.get_position()) for text in axes.texts[:2]) == [
        ("+", (1, 0)),
        ("−", (0, 0)),
    ]
    assert words(axes).endswith("said")


def test_numbers_are_written_in_whatever_is_missing():
    axes = figures.plot_heat_map(pd.DataFrame([[1.0, np.nan], [-2000.0, 0.25]]), digits=1)
    assert [text.get_text() for text in axes.texts] == ["1.0", "−2,000.0", "0.2"]


def test_a_heat_map_of_missing_numbers_says_so():
    assert words(figures.plot_heat_map(pd.DataFrame([[np.nan]]))) == "no cell has a value"


def test_a_large_heat_map_is_not_too_wide_and_keeps_whole_labels():
    matrix = pd.DataFrame(np.eye(24, 30), columns=[f"词语{at % 10}" for at in range(30)])
    matrix.columns = ["营商环境"] * 30
    axes = figures.plot_heat_map(matrix)
    assert axes.figure.get_size_inches()[0] <= 11
    assert axes.get_xticklabels()[0].get_text() == "营\n商\n环\n境"


# --- trees


def clusters(support=None) -> Clusters:
    points = np.random.default_rng(1).random((7, 3))
    tree = average(pdist(points))
    names = [f"城{at}市" for at in range(7)]
    return Clusters(names, tree, pd.Series(1, index=names), 0.9, names, support=support)


def test_the_tree_is_scipys():
    mine = clusters()
    axes = figures.plot_dendrogram(mine)
    theirs = dendrogram(mine.linkage, labels=mine.names, orientation="left", no_plot=True)
    assert [label.get_text() for label in axes.get_yticklabels()] == theirs["ivl"]
    drawn = [segment for part in (0, 1) for segment in lines_of(axes, part)]
    expected = [
        [[x, (y - 5) / 10] for x, y in zip(xs, ys, strict=True)]
        for xs, ys in zip(theirs["dcoord"], theirs["icoord"], strict=True)
    ]
    assert np.allclose(sorted(drawn), sorted(expected))


def test_support_thickens_the_merges_it_belongs_to():
    mine = clusters(np.array([0.9, 0.69, 0.7, 0.1, 0.2, 1.0]))
    axes = figures.plot_dendrogram(mine, regions={"城0市": "east", "城1市": "nowhere"})
    thick = {round(max(x for x, _ in segment), 9) for segment in lines_of(axes, 1)}
    assert thick == {round(float(mine.linkage[at, 2]), 9) for at in (0, 2)}
    assert [text.get_text() for text in axes.texts[:2]] == ["90", "70"]
    assert axes.texts[0].xy[0] == pytest.approx(mine.linkage[0, 2])
    assert "resamples" in axes.texts[2].get_text()


# --- years


def yearly(**columns) -> pd.DataFrame:
    rows = [(t, p, y) for t in ("招商", "引资") for p in PANELS for y in (2019, 2020, 2022)]
    frame = pd.DataFrame(rows, columns=["term", "panel", "year"])
    frame = frame.assign(units=[5, 30, 30] * 6, rate=np.arange(18.0), reason=pd.NA)
    return frame.assign(ci_low=frame["rate"] - 1, ci_high=frame["rate"] + 2, **columns)


def test_a_trend_holds_rates_bands_and_gaps():
    axes = figures.plot_trend(yearly(), terms=["引资"])
    rates = [line for line in axes.lines if line.get_linewidth() == 1.5]
    assert [line.get_ydata().tolist() for line in rates][0] == pytest.approx([9, 10, np.nan, 11], nan_ok=True)
    low, high = axes.lines[0].get_ydata(), axes.lines[1].get_ydata()
    assert (high - low).tolist() == pytest.approx([3, 3, np.nan, 3], nan_ok=True)
    assert (
        len({str(line.get_linestyle()) for line in rates}) == 3
        and len({line.get_color() for line in rates}) == 3
    )


def test_years_of_few_units_are_open_and_said():
    axes = figures.plot_trend(yearly(), terms=["招商"])
    hollow = [line for line in axes.lines if line.get_markerfacecolor() == style.PAPER]
    assert [line.get_xdata().tolist() for line in hollow] == [[2019.0]] * 3
    assert "fewer than 20" in words(axes)
    assert "fewer than" not in words(figures.plot_trend(yearly(units=20), terms=["招商"]))


def test_each_term_has_axes_of_its_own_from_zero():
    axes = figures.plot_trend(yearly())
    assert [inner.get_title(loc="left") for inner in axes.child_axes] == ["招商", "引资"]
    assert all(inner.get_ylim()[0] == 0 for inner in axes.child_axes)


def test_a_trend_without_rates_says_why():
    frame = yearly(rate=np.nan)
    frame["reason"] = "no city spoke"
    assert words(figures.plot_trend(frame)) == "No rate can be given: no city spoke."
    assert words(figures.plot_trend(frame, terms=["无"])) == "The frame has no term 无."


def test_panels_that_are_the_same_are_one_line_with_all_names():
    same = yearly()
    same = same.assign(rate=same["year"] % 7 + 5.0)
    same = same.assign(ci_low=same["rate"] - 1, ci_high=same["rate"] + 1)
    called = {}
    other = same.assign(ci_high=same["ci_high"] + (same["panel"] == "within cities"))
    for name, frame in (("same", same), ("other", other)):
        axes = figures.plot_trend(frame, terms=["招商"])
        lines = [one for one in axes.lines if one.get_linewidth() == 1.5 and one.get_linestyle() != "None"]
        called[name] = [text.get_text() for text in axes.get_legend().texts]
        assert len(lines) == len({one.get_color() for one in lines}) == len(called[name])
    assert called["same"] == ["all = throughout = within cities"]
    assert called["other"] == ["all = throughout", "within cities"]


def test_bands_are_of_the_level_of_the_frame():
    frame = yearly()
    frame.attrs["level"] = 0.9
    assert "Bands: 90 % intervals." in words(figures.plot_trend(frame, terms=["招商"]))


# --- topics


def topic_shares(groups: int) -> pd.DataFrame:
    rows = [(t, f"词{t}", f"城{g:02}") for t in (1, 2) for g in range(groups)]
    frame = pd.DataFrame(rows, columns=["topic", "label", "city"]).assign(units=5)
    frame["share"] = np.linspace(0.1, 0.5, len(frame))
    frame = frame.assign(ci_low=frame["share"] - 0.05, ci_high=frame["share"] + 0.1)
    frame.attrs = {"column": "city", "unit": "document"}
    return frame


def test_few_groups_share_a_row_and_differ_in_marker():
    frame = topic_shares(3)
    frame.loc[0, ["ci_low", "ci_high"]] = np.nan
    axes = figures.plot_topic_shares(frame)
    spots = [part for part in axes.collections if hasattr(part, "get_sizes") and len(part.get_offsets())]
    drawn = [x for part in spots for x in part.get_offsets()[:, 0].tolist()]
    assert sorted(drawn) == pytest.approx(sorted(frame["share"]))
    assert len({str(part.get_paths()[0].vertices.tolist()) for part in spots}) == 3
    assert to_rgb(spots[0].get_facecolors()[0]) == (1, 1, 1) and "at most 5 documents" in words(axes)
    ends = [[a[0], b[0]] for a, b in lines_of(axes, 3)]
    assert ends == [pytest.approx(list(row)) for row in frame.loc[[1, 4], ["ci_low", "ci_high"]].to_numpy()]


def test_open_dots_have_the_reason_of_the_frame():
    frame = topic_shares(3).assign(reason=pd.NA)
    frame.loc[0, ["ci_low", "ci_high"]] = np.nan
    frame.loc[0, "reason"] = "no interval: the 5 units do not vary"
    said = words(figures.plot_topic_shares(frame))
    assert "Open: no interval: the 5 units do not vary." in said and "too few" not in said


def test_many_groups_have_a_panel_a_topic_in_one_scale():
    frame = topic_shares(24)
    axes = figures.plot_topic_shares(frame)
    first, second = axes.child_axes
    assert first.get_xlim() == second.get_xlim() and axes.figure.get_size_inches()[0] <= 11
    assert dots(second, 1) == [pytest.approx([x, y]) for y, x in enumerate(frame["share"][24:])]
    assert [label.get_text() for label in first.get_yticklabels()] == sorted(set(frame["city"]))


def test_stability_marks_what_is_recommended_or_says_that_nothing_is():
    table = pd.DataFrame({"k": [8, 4], "stability": [0.6, 0.7], "se": [0.02, 0.03], "c_v": [0.4, np.nan]})
    axes = figures.plot_stability(table, recommended=8)
    assert axes.lines[0].get_ydata().tolist() == [0.7, 0.6]
    bars = axes.collections[0].get_segments()
    assert [segment[:, 1].tolist() for segment in bars] == [
        pytest.approx([0.67, 0.73]),
        pytest.approx([0.58, 0.62]),
    ]
    assert "recommended: 8" in words(axes) and len(axes.child_axes) == 1
    ring = [line for line in axes.lines if line.get_markerfacecolor() == "none"]
    assert (ring[0].get_xdata()[0], ring[0].get_ydata()[0]) == (8, 0.6)
    low = figures.plot_stability(table.assign(stability=0.3))
    assert "no stable number of topics" in words(low)


def test_the_label_of_the_least_number_stands_right_of_its_dot_and_ticks_are_whole():
    table = pd.DataFrame({"k": [4, 5, 6], "stability": [0.8, 0.7, 0.6], "se": 0.02, "c_v": [0.4, 0.5, 0.6]})
    axes = figures.plot_stability(table, recommended=4)
    axes.figure.canvas.draw()
    label = next(text for text in axes.texts if text.get_text() == "recommended: 4")
    assert label.get_window_extent().x0 > axes.transData.transform((4, 0.8))[0]
    assert all(tick == round(tick) for tick in axes.child_axes[0].get_xticks())


# --- all of them

PICTURES = [
    ("plot_keyness", key_words()),
    ("plot_placebo", pd.DataFrame({"size": [6], "draw": [1], "hits": [0]})),
    (
        "plot_sensitivity",
        pd.DataFrame({"term": ["招商"], "rank": 1, "best": 1, "worst": 1, "unstable": False}),
    ),
    ("plot_trend", yearly()),
    ("plot_topic_shares", topic_shares(2)),
    ("plot_stability", pd.DataFrame({"k": [4], "stability": [0.6], "se": [0.1]})),
]
named = pytest.mark.parametrize(("name", "frame"), PICTURES, ids=[name for name, _ in PICTURES])


@named
def test_an_empty_frame_gives_a_sentence(name, frame):
    for empty in (pd.DataFrame(), frame.head(0)):
        axes = getattr(figures, name)(empty)
        assert len(axes.texts) == 1 and words(axes) and not axes.axison


@named
def test_one_row_and_missing_numbers_do_not_fail(name, frame):
    missing = frame.copy()
    missing[missing.select_dtypes("float").columns] = np.nan
    for some in (frame.head(1), frame.tail(1), missing):
        axes = getattr(figures, name)(some)
        axes.figure.canvas.draw()
        style.check_glyphs(all_words(axes))


@named
def test_a_missing_column_is_named(name, frame):
    first = next(column for column in ("term", "hits", "share", "stability") if column in frame)
    with pytest.raises(ValueError, match=f"{name} needs the column {first}"):
        getattr(figures, name)(frame.drop(columns=first))


@named
def test_given_axes_are_drawn_on_and_returned(name, frame):
    mine = pyplot.subplots()[1]
    assert getattr(figures, name)(frame, ax=mine) is mine


@named
def test_long_names_stay_within_the_page(name, frame):
    long = frame.copy()
    for column in {"term", "label"} & set(long):
        long[column] = [f"{value}{'很长的名字' * 12}" for value in long[column]]
    axes = getattr(figures, name)(long)
    axes.figure.canvas.draw()
    assert axes.figure.get_tightbbox().width <= 12.5


@pytest.mark.parametrize(
    "looks",
    [
        [(colour, marker) for colour, _, marker in PANELS.values()],
        _LOOKS,
        list(zip(style.CATEGORIES, "os^DvP", strict=True)),
    ],
)
def test_groups_differ_in_marker_and_neighbours_in_lightness(looks):
    assert len({marker for _, marker in looks}) == len(looks)
    greys = [np.dot(to_rgb(colour), (0.299, 0.587, 0.114)) for colour, _ in looks]
    assert min(abs(np.diff(greys))) > 0.08


def test_regions_differ_in_marker():
    assert len({marker for _, marker, _ in REGIONS.values()}) == len({c for c, _, _ in REGIONS.values()}) == 4


@pytest.mark.parametrize("colours", [(style.BLUE, style.ORANGE)])
def test_over_and_under_use_differ_for_colour_blind_readers_and_in_grey(colours):
    blind = np.array(  # deuteranopia in linear RGB: Machado, Oliveira & Fernandes (2009), severity 1
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    )
    linear = [
        np.where((c := np.array(to_rgb(x))) <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
        for x in colours
    ]
    seen = [np.clip(blind @ c, 0, 1) for c in linear]
    assert np.abs(seen[0] - seen[1]).max() > 0.25
    assert abs(np.subtract(*(np.dot(c, (0.2126, 0.7152, 0.0722)) for c in linear))) > 0.15
