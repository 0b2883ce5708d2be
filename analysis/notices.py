"""What stands beside pictures and tables: captions, the corpus they come from, warnings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.keywords.captions import plural
from analysis.keywords.chance import ACCEPTED, ALPHA
from analysis.languages import spans

if TYPE_CHECKING:
    import pandas as pd


def source_line(source: Any) -> str:
    """Return the line that names a corpus below a picture or table; "" for None, a text as it is.

    source: a corpus, or anything with `title`, `documents`, `cities()`, `period` and `fingerprint`. Raises ValueError for
    anything else.
    """
    if source is None or isinstance(source, str):
        return source or ""
    try:
        n, cities = len(source.documents), len(source.cities())
        told = f"{n:,} {plural('document', n)}, {cities:,} {plural('city', cities)}"
        return f"Source: {source.title}; {told}, {source.period.replace('-', '–')}; fingerprint {source.fingerprint}."
    except (AttributeError, TypeError) as error:
        raise ValueError(
            f"source takes a corpus from open_corpus(...) or a sentence, not {type(source).__name__}."
        ) from error


def caption_html(caption: str | None, source: str = "") -> str:
    """Return what stands in a caption: the words, then the source in a line of its own; all escaped."""
    line = f'<span class="source">{spans(source)}</span>' if source else ""
    return " ".join(filter(None, (spans(caption or ""), line)))


def warning_html(sentence: str) -> str:
    """Return a warning as HTML, escaped; it is named in words, never by colour alone.

    >>> warning_html("2 < 3 cities.")
    '<aside class="warning" role="note"><strong>Warning.</strong> 2 &lt; 3 cities.</aside>'
    """
    return (
        f'<aside class="warning" role="note"><strong>{spans("Warning.")}</strong> {spans(sentence)}</aside>'
    )


def placebo_warning(frame: pd.DataFrame) -> str:
    """Return the sentence of `show_placebo_warning`, "" where there is nothing to warn of."""
    if "placebo" not in frame.attrs and not {"size", "hits"} <= set(frame.columns):
        raise ValueError(
            "show_placebo_warning needs a frame from keyness(...) or placebo(...), with its attrs."
        )
    what = "topics" if "topic" in frame else "words"
    if "placebo" in frame.attrs:
        found = frame.attrs["placebo"] or {"size": 0, "mean": 0.0}
        means = {found["size"]: found["mean"]}
    else:
        means = frame.groupby("size")["hits"].mean().to_dict()
    unit, level = frame.attrs.get("unit", "unit"), frame.attrs.get("level", ALPHA)
    high = [
        f"{mean:.2g} between random groups of {size:,} {plural(unit, size)} and the others"
        for size, mean in means.items()
        if mean > ACCEPTED
    ]
    if not high:
        return ""
    told = f"On average the test calls {', '.join(high)} different ({what} with q < {level:g}), where there is no difference"
    return f"{told}; accepted is at most {ACCEPTED}. Single {what} of such a list can't be relied on."
