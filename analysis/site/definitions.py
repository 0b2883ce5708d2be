"""What the pages measure and how, each said once: definition, formula, source; and the prose of the methods page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Definition:
    """One measure. where: the pages that state it; formula: "" where words are enough; source: who proposed it."""

    name: str
    where: str
    says: str
    formula: str = ""
    source: str = ""


DEFINITIONS = (
    Definition(
        "rate of a word",
        "all pages",
        "Occurrences per 10,000 words of a document, every word in the denominator; of devices, hits per "
        "10,000 Chinese characters. The rate of a group is the mean over its units, not that of all its text "
        "together.",
        "10,000 · n / N",
    ),
    Definition(
        "times as often",
        "pages of cities; coast and inland",
        "The ratio of two groups' mean rates in the same years, half an occurrence added to each; the "
        "interval by the delta method. It is stated of a city only where the difference passes the test.",
        "log₂ ratio ± t · standard error",
        "Hardie (2014)",
    ),
    Definition(
        "difference more than chance",
        "pages of cities; coast and inland",
        "A moderated t of square-root rates within year, its p also referred to random groups of the same size; q by "
        "Benjamini and Hochberg over the words tested. Tested are words that at least 5 % of the units use; on pages of "
        "cities, none that more than half of the documents use.",
        "t = (mean₁ − mean₂) / moderated standard error",
        "Smyth (2004); Knijnenburg et al. (2009); Benjamini & Hochberg (1995)",
    ),
    Definition(
        "what chance gives",
        "pages of cities; coast and inland",
        "Groups as large as the one asked about are drawn at random from the same units and compared "
        "likewise. As many differences as they show, on average, are to be expected where there is none.",
    ),
    Definition(
        "share of the passages",
        "pages of cities; topics",
        "Topics are made of passages about attracting investment by non-negative matrix factorisation of "
        "tf-idf; as many as come back from other starts and other halves of the documents. The share is the "
        "mean over documents of the mean over passages.",
        "tf-idf ≈ W · H, W, H ≥ 0",
        "Lee & Seung (1999)",
    ),
    Definition(
        "methods, offers, industries, images",
        "pages of cities; rhetoric",
        "Hits of the terms of a lexicon, each with a rule for where it does not count; what is negated does "
        "not count.",
    ),
    Definition(
        "aspiration, action, obligation",
        "pages of cities; rhetoric",
        "Words by which a report commits itself, in three steps: 力争 and 争取; 推动 and 加快; 确保 and 必须.",
    ),
    Definition(
        "promises met",
        "pages of cities; promises",
        "A promise with a number is set against what the same city's report of the next year says of the same "
        "thing in the same unit. The share is the mean over reports of the share met in a report; for all "
        "cities together, the mean over cities.",
        "met / (met + not met)",
    ),
    Definition(
        "taken up early",
        "pages of cities; slogans",
        "The share of the other cities with a report of the year in which the city is first seen with a slogan that used it "
        "in that year. Early is at most a tenth then, and at most a tenth of those that ever use it before. The interval is "
        "Wilson's.",
        source="Wilson (1927)",
    ),
    Definition(
        "likeness of two cities",
        "pages of cities; cities compared",
        "The cosine of the two cities' mean tf-idf vectors, without stop words, figures and names of places: "
        "1 is the same direction, 0 no word in common. Distances get no bootstrap interval, for drawing again "
        "makes all of them larger.",
        "a · b / (|a| |b|)",
        "Salton & Buckley (1988)",
    ),
    Definition(
        "nearest cities of one's own province",
        "findings",
        "Among cities with a report in every year of one span: which share of a city's five nearest is of its "
        "province, mean over cities. The interval leaves out one province at a time.",
        "Σ share / cities; delete-one-province jackknife",
        "Efron & Stein (1981)",
    ),
    Definition(
        "change in the same cities",
        "findings",
        "For each city that reports in both periods of five years the mean rate of the later less that of the "
        "earlier; the mean over these cities with its t interval. Cities that come or go change nothing.",
        "Σ (late − early) / cities",
    ),
    Definition(
        "text taken over",
        "findings; slogans",
        "Characters in runs that an earlier report of another city has too: runs of 12 characters and more that "
        "agree, 20 or more in all. What the State Council had before, or cities of three provinces, is not "
        "borrowed from anyone.",
    ),
    Definition(
        "share of cities that use a phrase",
        "slogans",
        "A city took a phrase up between its last report without it and its first with it. The curve is the "
        "nonparametric maximum-likelihood estimate from these intervals.",
        source="Turnbull (1976)",
    ),
    Definition(
        "dispersion",
        "distinctive terms",
        "How unevenly a word is spread over documents: 0 as their lengths would have it, near 1 in one "
        "document only.",
        "DP = ½ Σ |sᵢ − vᵢ|",
        "Gries (2008)",
    ),
    Definition(
        "parts of a divergence",
        "cities compared",
        "The Jensen-Shannon divergence of two cities' word shares is a sum over words; each word's summand is "
        "its part.",
        "JSD = Σ ½ p log₂(p/m) + ½ q log₂(q/m), m = (p + q)/2",
        "Lin (1991)",
    ),
)

# Paragraphs of the methods page, by section.
PROSE: dict[str, tuple[str, ...]] = {
    "admission": (
        "Before anything is counted, each document is looked at by the checks below. What would make a "
        "comparison wrong is set aside with its reason and not counted; what only has to be known is noted.",
    ),
    "cleaning": (
        "Texts are restored, brought into simplified characters and freed from page furniture by small named "
        "steps. Each change is counted; cleaning twice changes nothing.",
    ),
    "words": (
        "Texts are cut into words by jieba with a dictionary of this project, so that 产业链招商 or 双招双引 "
        "stay whole. One-character words count too. Comparisons leave out stop words, figures and names of "
        "places, each list with its reasons; rates keep every word in the denominator.",
        "A passage is about attracting investment where a piece of text of at most about 400 characters has a "
        "core term such as 招商 or 营商环境, or a clause with an act (引进, 落户) and an object (项目, 企业) "
        "and no veto (人才). Against one reader this rule has a precision of 0.86 and a recall of 0.94.",
    ),
    "statistics": (
        "The unit is the document, or the city where a group is made of whole cities: reports of one city "
        "resemble each other, and thirty of one city are not thirty witnesses.",
        "Cities report in different years, and words change with the years. Comparisons are therefore made "
        "within year.",
        "Intervals hold 95 %. Measured on corpora simulated from the real reports they cover the truth in 93 "
        "to 97 % from 20 units on; with fewer, a page says of how few.",
        "Where many words are tested, q says which share of those called different is expected to be so by "
        "chance; what random groups give stands beside it, for that is what the test calls different where "
        "there is nothing.",
    ),
    "rhetoric": (
        "Detectors of rhetoric find what is in their tables and rules. Places were drawn from the real city "
        "reports and judged one by one: precision is the share of hits that are right, recall the share of "
        "what should be found that is. The judges were a language model in two runs; no person has judged. "
        "The table holds for government work reports of cities, whatever the corpus of this report.",
    ),
    "limits": (
        "The reports are those that cities put on the web and somebody collected. Cities and years are "
        "missing, and not at random.",
        "A tested difference is more than chance; why it is there the count does not say.",
        "With few reports of a city only large differences can be seen: what is not called different is not "
        "the same.",
        "A rate counts words. It does not say that a city does what it names; a promise that is met is met by "
        "the city's own account.",
        "First in these reports is not first of all, and shared text may come from a third that is not here.",
        "Words are what the dictionary says they are. Another dictionary gives other counts; the fingerprint "
        "tells them apart.",
    ),
    "origin": (
        "Every page and every table names version, commit, corpus and fingerprint; the fingerprint changes "
        "with any document, the dictionary or the form of the features. Random steps are seeded, and nothing "
        "depends on the order of the documents.",
        "Whoever has the program can check this report: python -m analysis verify holds every file against "
        "manifest.json and computes the stated figures again.",
    ),
    "licences": (
        "Government work reports are official documents of their authors. Where a corpus is shipped with this "
        "project, it is as counts and places; no text is passed on. The project's own code and tables are "
        "under the MIT licence.",
    ),
}
