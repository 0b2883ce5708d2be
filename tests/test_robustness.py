"""Rankings under other choices: ranks by hand, words that are cut otherwise, planted words that hang on a choice."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from small_counts import drawn, made

from analysis import Counts, c_tfidf, jsd_terms, keyness, rank_intervals, sensitivity, sensitivity_note


def ranking(terms: str, q: list[float] | None = None) -> pd.DataFrame:
    frame = pd.DataFrame({"term": list(terms)})
    return frame if q is None else frame.assign(q=q)


def test_ranks_by_hand():
    frame = rank_intervals(
        {"甲": ranking("abcdefg"), "乙": ranking("bagfedc"), "丙": ranking("gabcdef")}, n=3
    )
    assert frame[["term", "rank", "best", "worst"]].to_numpy().tolist() == [
        ["a", 1, 1, 2],
        ["b", 2, 1, 3],
        ["c", 3, 3, 7],
    ]
    assert frame[["甲", "乙", "丙"]].to_numpy().tolist() == [[1, 2, 2], [2, 1, 3], [3, 7, 4]]
    assert frame["unstable"].tolist() == [False, False, True], "7 is beyond twice 3"


def test_the_same_ranking_is_stable():
    frame = rank_intervals({"一": ranking("abcd"), "二": ranking("abcd")}, n=4)
    assert (frame["rank"] == frame["worst"]).all() and not frame["unstable"].any()
    assert frame[["missing_in", "untested_in", "lost"]].eq("").all(axis=None)


def test_a_word_that_is_cut_otherwise_is_no_evidence_against_it():
    frame = rank_intervals(
        {"甲": ranking("abcd"), "乙": ranking("bcd"), "丙": ranking("xbcd")}, n=2, recut=["乙", "丙"]
    )
    a = frame.set_index("term").loc["a"]
    assert a["missing_in"] == "乙; 丙" and not a["unstable"]
    assert pd.isna(a["乙"]) and a["worst"] == 1
    assert frame.attrs["recut"] == ["乙", "丙"]


def test_significance_that_is_lost():
    base = ranking("abcd", [0.001, 0.01, 0.2, np.nan])
    other = ranking("abcd", [0.001, 0.06, 0.01, 0.5])
    frame = rank_intervals({"甲": base, "乙": other}, n=4).set_index("term")
    assert frame["lost"].tolist() == ["", "乙", "", ""]
    assert frame["unstable"].tolist() == [False, True, False, False]


def test_a_word_that_a_threshold_leaves_untested_has_no_rank_there():
    base = ranking("abcdefgh", [0.001] * 4 + [0.5] * 4)
    other = ranking("bcdefgha", [0.001] * 3 + [0.5] * 4 + [np.nan])
    frame = rank_intervals({"甲": base, "乙": other}, n=2).set_index("term")
    assert frame.loc["a", "untested_in"] == "乙" and pd.isna(frame.loc["a", "乙"])
    assert not frame.loc["a", "unstable"] and frame.loc["a", "lost"] == ""


def test_a_ranking_without_tests_ranks_every_word():
    base = ranking("abcdef", [0.001, 0.01, 0.2, 0.5, 0.5, 0.5])
    described = ranking("cdefba", [np.nan] * 6)
    frame = rank_intervals({"甲": base, "乙": described}, n=2).set_index("term")
    assert frame["乙"].tolist() == [6, 5] and frame["unstable"].all()
    assert frame["untested_in"].eq("").all() and frame["lost"].eq("").all()


def corpus(seed: int = 0) -> Counts:
    """Two cities; 强 is used three times as often by the first, in all its reports; the rest alike."""
    counts = drawn(60, 40, seed=seed, n_tokens=5000, city=np.repeat(["甲城", "乙城", "丙城"], 20))
    values = counts.values.toarray()
    strong = np.random.default_rng(seed + 1).poisson(np.where(counts.rows["city"] == "甲城", 30, 10))
    rows = counts.rows.drop(columns="doc_id")
    return made(np.column_stack([values, strong]), [*counts.terms, "强"], **rows)


def in_halves(counts: Counts) -> Counts:
    """The same documents, but 强 cut into two words, and documents in another order."""
    values = counts.values.toarray()
    halved = np.column_stack([values[:, :-1], values[:, -1], values[:, -1]])
    order = np.random.default_rng(3).permutation(len(values))
    names = [*counts.terms[:-1], "弓", "虽"]
    rows = counts.rows[["doc_id", "n_tokens"]].assign(n_tokens=6000)
    return Counts(made(halved, names).values[order], rows.iloc[order].reset_index(drop=True), pd.Index(names))


def test_sensitivity_of_keyness():
    counts = corpus()
    choices = {"min_units": 0.02, "test": ("permuted_t", "t"), "max_share": 0.5}
    frame = sensitivity(
        keyness, counts, "city", "甲城", n=5, segmentations={"halves": in_halves(counts)}, choices=choices
    )
    assert frame.attrs["rankings"] == ["base", "halves", "min_units=0.02", "test=t", "max_share=0.5"]
    strong = frame.set_index("term").loc["强"]
    assert strong[["rank", "worst"]].tolist() == [1, 1] and not strong["unstable"]
    assert strong["missing_in"] == "halves; max_share=0.5"
    assert frame["term"].tolist() == keyness(counts, "city", "甲城")["term"][:5].tolist()
    again = keyness(counts, "city", "甲城", test="t")["term"].tolist()
    assert frame["test=t"].tolist() == [again.index(term) + 1 for term in frame["term"]]


def test_a_segmentation_takes_over_documents_and_columns():
    """The segmentation's own ranking, made by hand, is the one that is compared."""
    counts = corpus(5)
    counts = Counts(
        counts.values, counts.rows.assign(side=np.where(np.arange(60) % 2, "左", "右")), counts.terms
    )
    chosen = counts.where(np.arange(60) < 50)
    halves = in_halves(counts)
    frame = sensitivity(keyness, chosen, "side", "左", n=6, segmentations={"halves": halves})
    matched = halves.rows.merge(counts.rows.drop(columns="n_tokens"), on="doc_id", how="left")
    kept = matched["doc_id"].isin(chosen.rows["doc_id"])
    by_hand = keyness(Counts(halves.values, matched, halves.terms).where(kept), "side", "左")["term"].tolist()
    expected = [by_hand.index(term) + 1 if term in by_hand else pd.NA for term in frame["term"]]
    assert frame["halves"].astype(object).tolist() == expected


def test_the_bottom_end_holds_what_the_target_uses_less():
    counts = corpus()
    frame = sensitivity(keyness, counts, "city", "乙城", n=3, end="bottom", choices={"test": "t"})
    assert frame["term"][0] == "强" and frame["test=t"][0] == 1
    tested = keyness(counts, "city", "乙城").dropna(subset="statistic")
    assert frame["term"].tolist() == tested["term"][::-1][:3].tolist()


def test_other_measures():
    counts = corpus()
    weighed = sensitivity(
        c_tfidf, counts, "city", group="甲城", n=4, choices={"max_share": (0.9,), "min_docs": 3}
    )
    expected = c_tfidf(counts, "city").query("group == '甲城'")["term"][:4]
    assert weighed["term"].tolist() == expected.tolist() and len(weighed.attrs["rankings"]) == 3
    parts = sensitivity(
        jsd_terms, counts, "city", "甲城", "乙城", n=4, segmentations={"halves": in_halves(counts)}
    )
    assert parts["term"].tolist() == jsd_terms(counts, "city", "甲城", "乙城")["term"][:4].tolist()


def test_all_counts_are_prepared():
    counts = corpus()

    def without_first(own: Counts) -> Counts:
        return own.select(own.terms[1:])

    frame = sensitivity(
        keyness,
        counts,
        "city",
        "甲城",
        n=45,
        segmentations={"halves": in_halves(counts)},
        prepare=without_first,
    )
    assert "词0" not in set(frame["term"]) and frame["halves"].max() <= 41


def test_a_choice_under_which_there_is_no_ranking_is_said():
    with pytest.warns(UserWarning, match="no ranking with min_docs=1000: "):
        frame = sensitivity(keyness, corpus(), "city", "甲城", choices={"min_docs": (2, 1000)})
    assert list(frame.attrs["failed"]) == ["min_docs=1000"]
    assert sensitivity_note(frame).endswith(" No ranking could be had with words of 1000 documents or more.")


def test_order_of_documents_changes_nothing():
    counts = corpus()
    order = np.random.default_rng(1).permutation(60)
    other = Counts(counts.values[order], counts.rows.iloc[order].reset_index(drop=True), counts.terms)
    choices = {"min_units": 0.2, "test": "t"}
    one, two = (sensitivity(keyness, own, "city", "甲城", choices=choices) for own in (counts, other))
    pd.testing.assert_frame_equal(one, two)


def test_the_note():
    base = ranking("abcdefg", [0.001] * 7)
    far = ranking("bcdefga", [0.001] * 6 + [0.3])
    frame = rank_intervals({"base": base, "test=t": far, "no HMM": ranking("acdefg")}, n=3, recut=["no HMM"])
    assert sensitivity_note(frame) == (
        "Of the first 3 words 2 are ranked under both other choices, and 1 of these keeps a rank up to 6; "
        "1 could not be ranked under some (no words of their own). The other choices: Student's t, no HMM. "
        "Unstable: a (rank 1 to 7, not significant with Student's t)."
    )
    with pytest.raises(ValueError, match="this one has none of them"):
        sensitivity_note(base)


def test_the_note_counts_words_that_are_not_ranked_and_says_why():
    base = ranking("abcdefgh", [0.001] * 8)
    rankings = {
        "base": base,
        "min_units=0.2": ranking("bcdefgha", [0.001] * 7 + [np.nan]),
        "max_share=0.5": ranking("acdefgh", [0.001] * 7),
        "neither": ranking("abdefgh", [0.001] * 7),
        "within=None": base,
        "prior=10": base,
    }
    note = sensitivity_note(rank_intervals(rankings, n=5, recut=["neither"]))
    assert note == (
        "Of the first 5 words 2 are ranked under all 5 other choices, and 2 of these keep a rank up to 10; 3 could not be "
        "ranked under some (too rare there, or too common there, or no words of their own). The other choices: words of "
        "20 % of the units, no words of more than 50 % of the documents, neither, years not adjusted, prior=10."
    )
    one = sensitivity_note(rank_intervals({"base": base, "min_docs=3": ranking("bcdefgh")}, n=1))
    assert one == (
        "Of the first 1 word none is ranked under the other choice; 1 could not be ranked under it (too rare there). "
        "The other choice: words of 3 documents or more."
    )


def test_a_choice_that_lets_in_other_rivals_pushes_no_word_back():
    """Ten rarer words before all others change nothing of the order of the words that the base tests."""
    base = ranking("abcdef", [0.001] * 4 + [np.nan] * 2)
    rarer = ranking("0123456789efbacd", [0.001] * 16)
    described = ranking("0123456789efbacd")
    pieces = ranking("0123456789ebad", [0.001] * 14)
    frame = rank_intervals({"base": base, "甲": rarer, "乙": described, "丙": pieces}, n=3, recut=["丙"])
    assert frame[["甲", "乙"]].to_numpy().tolist() == [[2, 2], [1, 1], [3, 3]]
    assert frame["丙"].tolist() == [2, 1, pd.NA] and frame["missing_in"].tolist() == ["", "", "丙"]
    assert frame[["best", "worst"]].to_numpy().tolist() == [[1, 2], [1, 2], [3, 3]]
    assert not frame["unstable"].any()


def test_words_that_the_base_lists_but_does_not_test_keep_their_place():
    base = ranking("abcd", [0.001] * 2 + [np.nan] * 2)
    frame = rank_intervals({"base": base, "甲": ranking("dxcab", [0.001] * 5)}, n=3)
    assert frame["term"].tolist() == list("abc") and frame["甲"].tolist() == [2, 3, 1]


def test_rarer_words_that_are_let_in_leave_planted_ones_stable():
    """Forty words of one city's reports, each in a few, are stronger than chance; the base does not test them."""
    counts = corpus()
    first = np.flatnonzero(counts.rows["city"] == "甲城")
    rare = np.zeros((60, 40), dtype=int)
    for at in range(40):
        rare[np.random.default_rng(at).choice(first, 8, replace=False), at] = 9
    both = made(
        np.column_stack([counts.values.toarray(), rare]),
        [*counts.terms, *(f"罕{at}" for at in range(40))],
        **counts.rows.drop(columns="doc_id"),
    )
    choices = {"min_units": 0.05}
    frame = sensitivity(keyness, both, "city", "甲城", test="t", min_units=0.2, n=8, choices=choices)
    rank = {
        term: at for at, term in enumerate(keyness(both, "city", "甲城", test="t", min_units=0.05)["term"], 1)
    }
    assert sum(rank[term] > 16 for term in frame["term"]) >= 5, "among all words they do fall behind"
    assert (frame["min_units=0.05"] == frame["rank"]).all() and not frame["unstable"].any()


def test_bad_input_is_answered_with_a_sentence():
    counts = corpus()
    with pytest.raises(ValueError, match="there is 1. Give at least two"):
        rank_intervals({"a": ranking("ab")})
    with pytest.raises(ValueError, match="'b' has no column 'term'; it has x"):
        rank_intervals({"a": ranking("ab"), "b": pd.DataFrame({"x": [1]})})
    with pytest.raises(ValueError, match="'b' has 'a' twice; give the rows of one group"):
        rank_intervals({"a": ranking("ab"), "b": ranking("aa")})
    with pytest.raises(ValueError, match="n=0 asks for no term"):
        rank_intervals({"a": ranking("ab"), "b": ranking("ab")}, n=0)
    with pytest.raises(ValueError, match="keyness has no choice 'min_unit'; it has column, "):
        sensitivity(keyness, counts, "city", "甲城", choices={"min_unit": 0.1})
    with pytest.raises(ValueError, match="end='up' is unknown"):
        sensitivity(keyness, counts, "city", "甲城", end="up")
    with pytest.raises(ValueError, match="nothing to compare the ranking with"):
        sensitivity(keyness, counts, "city", "甲城", choices={"test": "permuted_t"})
    with pytest.raises(ValueError, match="'halves' lacks 1 of 60 documents, first 'd000'"):
        sensitivity(
            keyness,
            counts,
            "city",
            "甲城",
            segmentations={"halves": in_halves(counts).where(in_halves(counts).rows["doc_id"] != "d000")},
        )
    with pytest.raises(ValueError, match="no rows for the group '丁城'"):
        sensitivity(c_tfidf, counts, "city", group="丁城", choices={"min_docs": 3})
    with pytest.raises(ValueError, match="reference is Counts that were cut as the base is"):
        sensitivity(
            keyness, counts, "city", "甲城", reference=counts, segmentations={"halves": in_halves(counts)}
        )
