"""Words of the site's pages that stand beside terms: sentences without their subject, glosses for one language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.bilingual import Bilingual, said
from analysis.evidence.buttons import opening
from analysis.languages import both, in_chinese, shown_first
from analysis.typefaces import marked

if TYPE_CHECKING:
    from markupsafe import Markup

LED_BY_SUBJECT = ("term", "category", "commitment", "city")  # kinds whose sentences begin with the subject


def in_english_only(text: str) -> Markup:
    """Return a gloss, which the readers of Chinese don't need."""
    from markupsafe import Markup

    if not both():
        return Markup("") if shown_first() == "zh" else marked(text)
    return Markup('<span data-in="en" lang="en">{}</span>').format(marked(text))


def evidence_button(kind: str, item: str, label: Markup | str | None = None) -> Markup:
    """Return a button that opens what lies behind an item; label: what it shows, None for the item itself."""
    from markupsafe import Markup, escape

    return Markup(opening(kind, item, escape(marked(item) if label is None else label)))


def without_subject(says: str, kind: str, subject: str) -> Markup:
    """Return a sentence in both languages without the subject and colon it begins with, for it stands beside it.

    kind, subject: of the statement (see `Profile`); the sentence may call the subject by its name, not its key.

    >>> str(without_subject("fund and capital: 3.1 against 2.0 per 10,000 characters.", "category", "capital"))
    '3.1 against 2.0 per 10,000 characters.'
    """
    if kind not in LED_BY_SUBJECT:
        return said(says)
    return said(Bilingual(_bare(says, subject), _bare(in_chinese(says) or "", subject)))


def _bare(says: str, subject: str) -> str:
    bare = re.sub(rf"^(?:\d+[.．] ?)?(?:{re.escape(subject)}|[^:：]*?)\s*[:：]\s*", "", says, count=1)
    return bare[:1].upper() + bare[1:]
