"""Write data/state_council/: features of the State Council's reports, a reference for those of the cities.

    python data/build/state_council.py [../shared/corpus/lawtext-gov]

Among 59 documents a word of four is not rare. So that a comparison does not take it for absent, terms that the features of
the cities show (data/city_reports/, made before) are kept however few of these documents use them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from analysis import read_documents, read_features
from analysis.building import worked
from analysis.corpora import write_corpus
from analysis.lexicon import data_path

DATA = data_path("city_reports").parent
SOURCE = DATA.parent.parent / "shared" / "corpus" / "lawtext-gov"
ABOUT = {
    "name": "state_council",
    "title": "Government work reports of the State Council",
    "invented": False,
    "source": "lawtext-gov",
}


def main(source: Path = SOURCE) -> None:
    documents = read_documents(source).query("level == 'central'")
    known = read_features(data_path("city_reports", "words")).terms
    corpus = worked(documents, ABOUT, known_terms=known, texts=False)
    write_corpus(corpus, DATA / "state_council")
    print(f"{corpus.words}: {DATA / 'state_council'}")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
