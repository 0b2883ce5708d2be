"""Each finding is computed from the corpus: what is planted is found, a placebo is not, too little is not spoken of."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

from analysis import Counts, findings, open_corpus
from analysis.answers.between import alike
from analysis.answers.said import QUESTIONS, Finding, Measure, SilentError, check_units, ratio_of_sums
from analysis.answers.since import borrowed, change, kept


@pytest.fixture(scope="module")
def sample():
    return open_corpus("sample")


# ---- the interval


def test_leaving_out_groups_of_one_row_is_the_usual_interval_of_a_mean():
    values = np.random.default_rng(1).random(40)
    mean, low, high = ratio_of_sums(values, np.ones(40), np.arange(40))
    from scipy.stats import t

    margin = t.ppf(0.975, 39) * values.std(ddof=1) / np.sqrt(40)
    assert (mean, low, high) == pytest.approx((values.mean(), values.mean() - margin, values.mean() + margin))


def test_the_interval_holds_the_truth_where_the_rows_of_a_group_resemble_each_other():
    held = {"groups": 0, "rows": 0}
    for seed in range(300):
        rng = np.random.default_rng(seed)
        groups = np.repeat(np.arange(30), 6)
        rows = np.clip(0.5 + rng.normal(0, 0.12, 30)[groups] + rng.normal(0, 0.05, 180), 0, 1)
        for name, by in (("groups", groups), ("rows", np.arange(180))):
            _, low, high = ratio_of_sums(rows, np.ones(180), by)
            held[name] += low <= 0.5 <= high
    assert 0.92 <= held["groups"] / 300 <= 0.98
    assert held["rows"] / 300 < 0.75, "rows taken for independent: the interval is far too narrow"


def test_two_groups_have_no_interval():
    share, low, high = ratio_of_sums(np.array([1.0, 0.0]), np.ones(2), np.array(["a", "b"]))
    assert share == 0.5 and np.isnan(low) and np.isnan(high)


# ---- what is found in corpora whose truth is known


def corpus_of(words: Counts, **parts) -> SimpleNamespace:
    return SimpleNamespace(words=words, own=words, names=[], **parts)


def counts_of(rows: pd.DataFrame, values: np.ndarray, terms: list[str]) -> Counts:
    rows = rows.assign(doc_id=[f"d{at:04d}" for at in range(len(rows))], n_tokens=5_000, n_chars=9_000)
    return Counts(csr_matrix(values), rows, pd.Index(terms))


def provinces(alike_at_home: bool) -> Counts:
    """Forty cities of five provinces in three years; a province shares words of its own, or none does."""
    rng = np.random.default_rng(3)
    cities = [(f"{at}号市", f"{at % 5}省") for at in range(40)]
    rows = pd.DataFrame(
        [(city, province, year) for city, province in cities for year in (2021, 2022, 2023)],
        columns=["city", "province", "year"],
    )
    rate = np.full((5, 120), 0.8)
    if alike_at_home:
        rate[np.arange(5).repeat(24), np.arange(120)] = 3
    home = rows["province"].str[0].astype(int).to_numpy()
    terms = [f"词{chr(0x4E00 + at)}" for at in range(120)]
    return counts_of(rows, rng.poisson(rate[home]), terms)


def test_cities_of_a_province_that_share_words_are_found_alike_and_others_are_not():
    planted, placebo = alike(corpus_of(provinces(True))), alike(corpus_of(provinces(False)))
    assert planted.value > 0.9 and planted.n == 40
    assert planted.measures[0].chance == pytest.approx(7 / 39)
    assert placebo.ci_low < 7 / 39 < placebo.ci_high
    assert "from 2021 to 2023" in " ".join(planted.says)


def test_a_change_of_cities_is_no_change():
    """The word's rate is the city's own; many cities that use it much report late only."""
    rows = [(f"{at}号市", year) for at in range(30) for year in (2010, 2020)]
    rows += [(f"新{at}市", 2020) for at in range(60)]
    frame = pd.DataFrame(rows, columns=["city", "year"])
    rng = np.random.default_rng(4)
    often = np.where(frame["city"].str.startswith("新"), 40, 5)
    steady = change(corpus_of(counts_of(frame, rng.poisson(often)[:, None], ["招商引资"])))
    assert steady.n == 30 and steady.ci_low < 0 < steady.ci_high
    risen = np.where(frame["year"] == 2020, often + 10, often)
    grown = change(corpus_of(counts_of(frame, rng.poisson(risen)[:, None], ["招商引资"])))
    assert grown.ci_low < 20 < grown.ci_high, "ten more in 5,000 words are twenty more in 10,000"
    assert "2006–2010" in grown.says[0] and "2016–2020" in grown.says[0]


def promises_of(shares: dict[str, float], cities: int = 24) -> pd.DataFrame:
    made = [
        {
            "doc_id": f"{city}-{year}",
            "city": f"{city}号市",
            "indicator": name,
            "met": (city * 7 + year + 3) % 10 < 10 * share,
        }
        for name, share in shares.items()
        for city in range(cities)
        for year in range(10)
    ]
    return pd.DataFrame(made).astype({"met": "boolean", "indicator": "string", "city": "string"})


def test_promises_are_counted_by_city_and_indicator():
    made = promises_of({"地区生产总值": 0.4, "城镇新增就业": 0.9})
    found = kept(SimpleNamespace(rhetoric=SimpleNamespace(promises=made)))
    assert [each.label for each in found.measures] == ["all promises", "地区生产总值", "城镇新增就业"]
    assert [each.value for each in found.measures] == pytest.approx([0.65, 0.4, 0.9])
    assert all(each.n == 24 for each in found.measures)


def test_too_few_cities_with_promises_are_not_spoken_of():
    with pytest.raises(SilentError, match=r"too few cities .* \(5\): .* needs 20"):
        kept(SimpleNamespace(rhetoric=SimpleNamespace(promises=promises_of({"地区生产总值": 0.4}, cities=5))))


def test_text_taken_from_nowhere_is_silent():
    with pytest.raises(SilentError, match="no text was found"):
        borrowed(SimpleNamespace(reuse=None))


# ---- what is said


def test_the_sample_is_too_small_and_each_question_says_why(sample):
    found = findings(sample)
    assert [each.key for each in found] == list(QUESTIONS)
    assert all(each.silent and not each.says and each.n == 0 for each in found)


@pytest.mark.parametrize("name", ["web_pages", "state_council"])
def test_a_corpus_without_many_cities_says_nothing(name):
    assert all(each.silent for each in findings(open_corpus(name)))


def test_features_of_an_older_version_are_named(sample):
    older = replace(sample, later={})
    assert all(each.silent for each in findings(older))


def test_the_order_of_documents_changes_nothing():
    counts = provinces(True)
    turned = counts.where(np.ones(len(counts.rows), dtype=bool))
    order = np.random.default_rng(5).permutation(len(counts.rows))
    turned = Counts(counts.values[order], counts.rows.iloc[order].reset_index(drop=True), counts.terms)
    assert alike(corpus_of(turned)) == alike(corpus_of(counts))


def test_figures_are_written_as_they_are_read():
    share = Finding("alike", "share", measures=(Measure("a", 0.7629, 0.671, 0.854, 189),))
    assert share.told(share.measures[0]) == ("76\u00a0%", "67\u00a0% to 85\u00a0%")
    fallen = Finding("change", "change", measures=(Measure("a", -0.936, -1.41, 0.4, 231),))
    assert fallen.told(fallen.measures[0]) == ("−0.94", "−1.41 to +0.40")


def test_every_gap_of_a_sentence_is_filled():
    found = alike(corpus_of(provinces(True)))
    assert not any("{" in sentence for sentence in found.says)


def test_twenty_units_are_enough():
    check_units(20, "cities")
    with pytest.raises(SilentError):
        check_units(19, "cities")


def test_some_findings_can_be_asked_for_and_their_figures_are_a_table():
    real = open_corpus("city_reports")
    (kept,) = findings(real, only=["kept"])
    table = kept.table()
    assert table.loc[0, ["value", "ci_low", "ci_high", "n"]].tolist() == [
        kept.value,
        kept.ci_low,
        kept.ci_high,
        kept.n,
    ]
    assert len(table) == len(kept.measures)
    with pytest.raises(ValueError, match="no finding 'kep'; there are coast, alike"):
        findings(real, only=["kep"])
