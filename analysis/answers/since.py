"""Three answers about time: what changed in the same cities, what became of promises, from whom text is taken over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.answers.said import Finding, Measure, SilentError, check_units, percent, ratio_of_sums
from analysis.comparing.means import FULL, mean_interval
from analysis.rhetoric.keeping import promises_met
from analysis.spreading.lending import of_one_source
from analysis.yearly_rates import unit_rates

if TYPE_CHECKING:
    import pandas as pd

    from analysis.corpus import Corpus

# Chosen before the result was seen: the phrase itself, and the surroundings of investment.
COURSES = ("招商引资", "营商环境")
SPAN, APART = 5, 10  # years of a period, and from one period's last to the other's
FAMILIAR = ("地区生产总值", "城镇新增就业")  # growth of the product, new jobs: what every report promises


def change(corpus: Corpus) -> Finding:
    """Say how the rates of some words changed in the cities that report in both of two periods of five years."""
    early, late, rates = _two_periods(corpus)
    both = sorted(set(rates["early"].index) & set(rates["late"].index))
    check_units(len(both), f"cities with reports in both {_span(early)} and {_span(late)}")
    measures: list[Measure] = []
    told: dict[str, str] = {}
    for at, term in enumerate(rates["late"].columns):
        before, after = (rates[name].loc[both, term] for name in ("early", "late"))
        measures.append(Measure(term, *mean_interval((after - before).to_numpy()), n=len(both)))
        told |= {
            f"term{at}": term,
            f"before{at}": f"{before.mean():.2f}",
            f"after{at}": f"{after.mean():.2f}",
        }
    finding = Finding("change", "change", "occurrences per 10,000 words", measures=tuple(measures))
    gaps = [finding.named(at) for at in range(len(measures))]
    told |= {f"{name}{at}": text for at, own in enumerate(gaps) for name, text in own.items()}
    went = [
        f"Between {{early}} and {{late}} {{term{at}}} went from {{before{at}}} to {{after{at}}} occurrences per 10,000 "
        f"words, by {{value{at}}} ({{interval{at}}})."
        for at in range(len(measures))
    ]
    same = "These are the same {n} cities in both periods, so that no other cities make the change."
    return finding.saying(*went, same, early=_span(early), late=_span(late), n=str(len(both)), **told)


def _two_periods(corpus: Corpus) -> tuple[tuple[int, int], tuple[int, int], dict[str, pd.DataFrame]]:
    """Return both periods and, for each, the cities' mean rates of the words: cities × words."""
    import pandas as pd

    rows = corpus.words.rows
    known = {term: [term] for term in COURSES if term in set(corpus.words.terms)}
    usable = rows["city"].notna() & rows["year"].notna() & (corpus.words.n_tokens() > 0)
    if not known:
        raise SilentError("none of the words asked for is in its reports")
    if rows.loc[usable, "year"].nunique() < 2:
        raise SilentError("there are no two years to set against each other")
    table = unit_rates(corpus.words.where(usable), known, by="year", unit="city", per="n_tokens", years=None)
    last = int(table.year.max())
    late = (last - SPAN + 1, last)
    early = (late[0] - APART, last - APART)
    frame = pd.DataFrame(table.rates, columns=table.names).assign(city=table.city, year=table.year)
    rates = {
        name: frame[frame["year"].between(*span)].groupby("city")[table.names].mean()
        for name, span in (("early", early), ("late", late))
    }
    return early, late, rates


def _span(years: tuple[int, int]) -> str:
    """
    >>> _span((2012, 2016))
    '2012–2016'
    """
    return f"{years[0]}–{years[1]}"


# ---- promises


def kept(corpus: Corpus) -> Finding:
    """Say which share of promises cities met by their own account: all, and two that nearly every report makes."""
    made = corpus.rhetoric.promises
    made = made[made["city"].notna()]
    if not made["met"].notna().any():
        raise SilentError("no promise with a number could be set against a later report of the same city")
    every = promises_met(made.assign(all="all"), "all").iloc[0]
    check_units(int(every["units"]), "cities with promises that their next report speaks of")
    met, low, high = (float(every[name]) for name in ("met", "ci_low", "ci_high"))
    whole = Measure("all promises", met, low, high, int(every["units"]))
    familiar = [own for name in FAMILIAR if (own := _of_indicator(made, name)) is not None]
    finding = Finding("kept", "share", "of a report's promises", measures=(whole, *familiar))
    told = {"matched": f"{every['matched']:,}", "made": f"{every['promises']:,}", "n": f"{every['units']:,}"}
    sentences = [
        "Of the promises that a city's next report answers {value} were met, by its own account ({interval}; {n} cities)."
    ]
    for at, own in enumerate(familiar, 1):
        told |= {f"what{at}": own.label} | finding.named(at, f"f{at}")
        sentences.append(f"Of those about {{what{at}}} it is {{f{at}value}} ({{f{at}interval}}).")
    sentences.append(
        "No more than {matched} of {made} promises could be set against an answer; the others may have fared worse."
    )
    return finding.saying(*sentences, **told, **finding.named(0))


def _of_indicator(made: pd.DataFrame, name: str) -> Measure | None:
    """Return the share met of one indicator's promises; None where few cities have any."""
    own = made[(made["indicator"] == name).fillna(False)]
    cities = own.loc[own["met"].notna(), "city"].nunique()
    if cities < FULL:
        return None
    met = promises_met(own, "indicator").iloc[0]
    return Measure(name, met["met"], met["ci_low"], met["ci_high"], n=cities)


# ---- text taken over


def borrowed(corpus: Corpus) -> Finding:
    """Say which share of the text that has one earlier city as its source comes from the borrower's province."""
    taken = corpus.reuse
    if taken is None or not len(taken.flows):
        raise SilentError("no text was found that a city took over from an earlier report of another")
    cities = taken.about["cities"]
    if "province" not in cities or cities["province"].nunique() < 3:
        raise SilentError("its cities are of fewer than three provinces that are known")
    near, province = taken.nearness("province"), cities["province"].dropna()
    alone = of_one_source(taken.passages, province)
    check_units(alone["city"].nunique(), "cities that took over text of which one other city is the source")
    letters, home = alone["letters"].to_numpy(float), alone["city"].map(province).to_numpy(str)
    ends = ratio_of_sums(letters * (home == alone["from_city"].map(province).to_numpy(str)), letters, home)
    share = Measure("from the same province", *ends, n=alone["city"].nunique(), chance=near["expected"])
    finding = Finding("borrowed", "share", "of the characters taken over", measures=(share,))
    of_all = taken.documents["borrowed"].sum() / taken.documents["letters"].sum()
    return finding.saying(
        "Of the text that one earlier city alone can have lent {value} comes from the borrower's own province ({interval}); "
        "if cities took it from any other by chance, {chance} would (p {p}).",
        "In all {of_all} of the characters stand in an earlier report of another city that is not the State Council's or "
        "common to many provinces; the interval leaves out one province at a time.",
        chance=percent(near["expected"]),
        p="< 0.001" if near["p"] < 0.001 else f"{near['p']:.3f}",
        of_all=percent(of_all),
        **finding.named(0),
    )
