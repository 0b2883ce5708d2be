"""Coherence against gensim and by hand; exclusivity by hand."""

import numpy as np
import pytest
from small_counts import made
from topic_passages import planted

from analysis import coherence, content_terms, open_corpus, topics
from analysis.topic_models.quality import exclusivity


def gensim_coherence(words, counts, measure):
    models = pytest.importorskip("gensim.models.coherencemodel")
    dictionaries = pytest.importorskip("gensim.corpora.dictionary")
    terms = counts.terms.to_numpy()
    texts = [np.repeat(terms, row.toarray().ravel().astype(int)).tolist() for row in counts.values]
    texts = [text for text in texts if text]
    longest = max(map(len, texts)) + 1
    model = models.CoherenceModel(
        topics=words,
        texts=texts,
        dictionary=dictionaries.Dictionary(texts),
        coherence=measure,
        window_size=longest,
        topn=max(map(len, words)),
        processes=1,
    )
    return model.get_coherence_per_topic()


@pytest.mark.parametrize("measure", ["c_npmi", "c_v"])
def test_equals_gensim_on_small_data(measure):
    counts = planted(3, documents=12, per=3, tokens=12)
    rng = np.random.default_rng(0)
    words = [
        topics(counts, 3).heaviest(10)[0],
        *(list(rng.choice(counts.terms, n, replace=False)) for n in (2, 7, 7)),
    ]
    words = [own for own in words if len(own) == 7] + [words[0][:7]]  # gensim takes lists of one length
    assert coherence(words, counts, measure=measure).to_numpy() == pytest.approx(
        gensim_coherence(words, counts, measure), abs=1e-6
    )


@pytest.mark.parametrize("measure", ["c_npmi", "c_v"])
def test_equals_gensim_where_words_never_meet(measure):
    counts = made([[2, 1, 0, 0], [1, 0, 0, 3], [0, 0, 1, 0], [0, 1, 1, 0]], terms=["甲", "乙", "丙", "丁"])
    words = [["甲", "乙", "丙"], ["丁", "丙", "乙"]]
    assert coherence(words, counts, measure=measure).to_numpy() == pytest.approx(
        gensim_coherence(words, counts, measure), abs=1e-6
    )


@pytest.mark.parametrize("measure", ["c_npmi", "c_v"])
def test_equals_gensim_on_the_sample(measure):
    corpus = open_corpus("sample")
    counts = content_terms(corpus.passages, leave_out=corpus.names)
    words = topics(counts, 8).heaviest()
    assert coherence(words, counts, measure=measure).to_numpy() == pytest.approx(
        gensim_coherence(words, counts, measure), abs=1e-6
    )


def test_npmi_by_hand():
    """甲 and 乙 in 2 of 4 passages each, together in 1: as chance would have it, 0; with themselves only: 1; never: -1."""
    chance = made([[1, 1, 0], [1, 0, 1], [0, 1, 0], [0, 0, 1]])
    assert coherence([["词0", "词1"]], chance)[1] == pytest.approx(0, abs=1e-9)
    always = made([[1, 2, 0], [3, 1, 0], [0, 0, 1], [0, 0, 1]])
    assert coherence([["词0", "词1"]], always)[1] == pytest.approx(1, abs=1e-9)
    # Never together: ln(ε/(½·½))/−ln ε, near −1, as the ε of the definition has it.
    assert coherence([["词0", "词2"]], always)[1] == pytest.approx(np.log(1e-12 * 4) / -np.log(1e-12))


def test_passages_without_a_term_change_nothing():
    counts = made([[1, 1, 0], [1, 0, 1], [0, 1, 2], [0, 0, 1]])
    padded = made([[0, 0, 0], [1, 1, 0], [1, 0, 1], [0, 1, 2], [0, 0, 0], [0, 0, 1]])
    words = [["词0", "词2"]]
    for measure in ("c_npmi", "c_v"):
        assert coherence(words, counts, measure=measure)[1] == coherence(words, padded, measure=measure)[1]


def test_exclusivity_by_hand():
    """The two heaviest words of the first topic have 0.5/0.5 and 0.3/0.7 of their weight in it."""
    components = np.array([[0.5, 0.3, 0.2], [0.0, 0.4, 0.6]])
    assert exclusivity(components, 2) == pytest.approx([(1 + 3 / 7) / 2, (0.6 / 0.8 + 0.4 / 0.7) / 2])


def test_wrong_words_are_answered():
    counts = made([[1, 1, 0], [1, 0, 0]])
    with pytest.raises(ValueError, match="measure='umass' is unknown; choose c_npmi or c_v"):
        coherence([["词0", "词1"]], counts, measure="umass")
    with pytest.raises(ValueError, match="Topic 2 has fewer than two words"):
        coherence([["词0", "词1"], ["词0"]], counts)
    with pytest.raises(ValueError, match="Topic 1 names a word twice"):
        coherence([["词0", "词1", "词0"]], counts)
    with pytest.raises(ValueError, match="2 of 3 words do not occur in the counts, first '词2'"):
        coherence([["词0", "词2", "词9"]], counts)
