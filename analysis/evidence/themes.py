"""The evidence of topics: the share of each in each document, and the passages that give it most."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from analysis.evidence.gathering import dumped
from analysis.evidence.packing import Documents, documents_of, packed
from analysis.languages import both
from analysis.topic_models.shares import per_document

if TYPE_CHECKING:
    import pandas as pd

    from analysis.corpus import Corpus
    from analysis.topic_models.fitting import Topics

PASSAGE = 80  # characters of a passage that are shown
HEAVIEST = 40  # documents of each topic that are listed


def topic_evidence(topics: Topics, corpus: Corpus) -> pd.DataFrame:
    """Return what stands behind topics, for `show(evidence=)`. One row a topic and document.

    Columns: topic, label, doc_id, title, city, year, share (0 to 1: the mean over the document's passages that have a
    term, as in `Topics.in_groups`), passage: the first 80 characters of the document's passage with the largest share;
    missing without texts. Sorted by topic and document.
    """
    import pandas as pd

    documents = per_document(topics.shares, topics.rows)
    told = corpus.words.rows.reindex(columns=["doc_id", "title", "city", "year"])
    shares = pd.DataFrame(documents.values.toarray(), columns=list(documents.terms))
    shares = shares.assign(doc_id=documents.rows["doc_id"].to_numpy()).melt(
        "doc_id", var_name="topic", value_name="share"
    )
    passages = pd.concat([_heaviest(topics, topic, corpus) for topic in documents.terms])
    frame = shares.merge(passages, on=["doc_id", "topic"], how="left").merge(told, on="doc_id", how="left")
    frame["label"] = frame["topic"].map(topics.labels)
    columns = ["topic", "label", "doc_id", "title", "city", "year", "share", "passage"]
    return frame[columns].sort_values(["topic", "doc_id"], ignore_index=True)


def _heaviest(topics: Topics, topic: Any, corpus: Corpus) -> pd.DataFrame:
    """Return the beginning of each document's passage with the largest share of a topic; missing without texts."""
    import pandas as pd

    rows = topics.rows.assign(share=topics.shares[topic].to_numpy())
    keys = [name for name in ("doc_id", "start") if name in rows]
    rows = rows.sort_values(["share", *keys], ascending=[False, *[True] * len(keys)], kind="stable")
    rows = rows.drop_duplicates("doc_id")
    passage: Any = pd.NA
    if corpus.has_text and "start" in rows:
        texts = corpus.documents.set_index("doc_id")["text"]
        places = zip(rows["doc_id"], rows["start"], strict=True)
        passage = [
            " ".join(str(texts[doc])[start:][:PASSAGE].split("\n")[0].split()) for doc, start in places
        ]
    return rows[["doc_id"]].assign(topic=topic, passage=passage).astype({"passage": "string"})


def topic_block(frame: pd.DataFrame | None) -> str:
    """Return the evidence of topics as an element without words that the page's script reads; "" outside a report."""
    if frame is None or not both():
        return ""
    documents = documents_of(frame.drop_duplicates("doc_id"))
    items = {f"topic|{topic}": _told(own, documents) for topic, own in frame.groupby("topic", sort=True)}
    shown = sorted({line[0] for item in items.values() for line in item["lines"]})
    titles = {str(at): documents.titles[at] for at in shown}
    data = {"documents": documents.told(), "titles": titles, "items": items}
    return f'<div class="ev-data" data-evidence="{html.escape(dumped(data))}"></div>'


def _told(own: pd.DataFrame, documents: Documents) -> dict[str, Any]:
    """Return what is told of one topic: its share of each document in %, and the documents that give it most."""
    import numpy as np

    places = documents.places_of(own["doc_id"])
    percent = np.zeros(len(documents), dtype=int)
    percent[places] = (own["share"] * 100).round().astype(int)
    heaviest = (
        own.assign(place=places).sort_values(["share", "place"], ascending=[False, True]).head(HEAVIEST)
    )
    passages = heaviest["passage"].fillna("")
    lines = [
        [int(at), str(text), int(percent[at])] for at, text in zip(heaviest["place"], passages, strict=True)
    ]
    label = str(own["label"].iloc[0])
    told = {
        "name": {"en": label, "zh": label},
        "unit": "share",
        "n": round(float(own["share"].mean()) * 100, 1),
    }
    return {**told, "docs": int((percent > 0).sum()), "counts": packed(percent), "lines": lines}
