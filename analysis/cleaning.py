"""Text to clean text, and the account of what was changed.

`clean` restores damaged characters, then runs small named steps in a fixed order, again and again until nothing changes
(so that cleaning twice is cleaning once), and reports for each step how often it acted, on what, and how many
characters went.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle, islice

from analysis.bylines import drop_bylines, drop_headline
from analysis.characters import (
    close_spaces,
    drop_unseen,
    join_numbers,
    mark_placeholders,
    mend_per_mille,
    narrow_width,
    simplify_script,
    trim_lines,
)
from analysis.dates import iso_date
from analysis.furniture import drop_furniture, drop_header, drop_signature, read_comments
from analysis.glossaries import cut_footnotes, cut_glossary, drop_note_marks
from analysis.markup import (
    EXAMPLES,
    Edit,
    decode_entities,
    drop_comments,
    drop_emphasis,
    drop_escapes,
    drop_front_matter,
    drop_line_marks,
    drop_links,
    drop_slanted,
    drop_tags,
    unfold_tables,
)
from analysis.punctuation import widen_punctuation
from analysis.restoring import Site, restore


@dataclass(frozen=True)
class Change:
    """What one step did to one text: how many places, a few of them, and the net number of characters removed."""

    step: str
    count: int
    examples: tuple[str, ...] = ()
    chars: int = 0


@dataclass(frozen=True)
class Cleaned:
    """A clean text, the account of its changes, what its furniture and header lines said of it, and the sites that
    were restored first (their offsets are those of `restore(text).text`).
    """

    text: str
    changes: tuple[Change, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    sites: tuple[Site, ...] = ()


# ---- the road

# Restoring damaged bytes comes before all of these: it needs the signs as they were collected.
RESTORE = "restore"
STEPS: tuple[Callable[[str], Edit], ...] = (
    drop_unseen,
    drop_front_matter,
    drop_comments,
    unfold_tables,
    drop_tags,
    decode_entities,
    narrow_width,
    simplify_script,
    cut_footnotes,
    drop_line_marks,
    drop_links,
    drop_slanted,
    mark_placeholders,
    drop_emphasis,
    drop_escapes,
    trim_lines,
    drop_header,
    drop_signature,
    cut_glossary,
    drop_note_marks,
    drop_headline,
    drop_furniture,
    drop_bylines,
    widen_punctuation,
    close_spaces,
    join_numbers,
    mend_per_mille,
)
# A text that says that it is not whole; the words go with the title, or with a glossary behind them.
NOTICE = re.compile(r"(?<=[（(【])(?:摘要|摘登|节选|摘编|节录|摘录)(?=[）)】])|(?:本文|此件)?有删[减节]")
ENDS = 200  # characters at either end where it says so
MOST_PASSES = 20  # a step may make work for an earlier one; real texts settle after two passes


def _gather(lifted: dict[str, str], metadata: dict[str, str]) -> None:
    """Add what a step lifted; the first to say something is believed, glossaries are joined."""
    if "comments" in lifted:
        lifted = read_comments(lifted["comments"])
    for key, value in lifted.items():
        if key in ("date", "published"):
            value = iso_date(value) or ""
        if key == "glossary" and key in metadata:
            metadata[key] += "\n" + value
        elif value:
            metadata.setdefault(key, value)


def _enter(account: dict[str, Change], change: Change) -> None:
    """Add a change to the account of its step."""
    if old := account.get(change.step):
        examples = (old.examples + change.examples)[:EXAMPLES]
        change = Change(change.step, old.count + change.count, examples, old.chars + change.chars)
    account[change.step] = change


def clean(text: str) -> Cleaned:
    """Clean one text: `.text`, `.changes` (one a step that acted), `.metadata` (title, date, speaker, ...), `.sites`.

    len(text) - sum of the changes' chars == len(.text), and cleaning the result changes nothing. A text damaged by
    pinyin notes is restored first (see `restore`); where that can't be done a warning says so, and the notes stay.

    >>> clean("新签约１２个").changes
    (Change(step='narrow_width', count=2, examples=('１', '２'), chars=0),)
    """
    if not isinstance(text, str):
        raise ValueError(f"clean takes a text, not {type(text).__name__}; for a frame use clean_documents.")
    restored = restore(text)
    if restored.note:
        warnings.warn(restored.note, stacklevel=2)
    return clean_restored(restored.text, restored.sites, len(text) - len(restored.text))


def clean_restored(text: str, sites: tuple[Site, ...], chars: int) -> Cleaned:
    """Run the steps on a restored text; `chars` is by how much restoring made it shorter."""
    account: dict[str, Change] = {}
    metadata: dict[str, str] = {}
    if notice := NOTICE.search(f"{text[:ENDS]}\n{text[-ENDS:]}"):
        metadata["notice"] = notice.group()
    if sites:
        examples = tuple(f"{site.before}→{site.after}" for site in sites[:EXAMPLES])
        _enter(account, Change(RESTORE, len(sites), examples, chars))
    quiet = 0  # how many steps in a row changed nothing; once all have, none ever will
    for step in islice(cycle(STEPS), MOST_PASSES * len(STEPS)):
        edit = step(text)
        quiet += 1
        if edit.text != text:
            quiet = 0
            _enter(account, Change(step.__name__, edit.places, edit.examples, len(text) - len(edit.text)))
            _gather(dict(edit.lifted), metadata)
            text = edit.text
        if quiet == len(STEPS):
            break
    return Cleaned(text, tuple(account.values()), metadata, sites)
