"""Text, Markdown with front matter, and web pages."""

from __future__ import annotations

import re
from typing import Any

from analysis.dates import year_in
from analysis.readers.decoding import Decoded, Undecodable, decode
from analysis.readers.fields import FRONT_MATTER, Reading, Record, Unreadable, column_of, tidy_record

FENCED = re.compile(r"\s*---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
KEY = re.compile(r"^([\w\u4e00-\u9fff -]{1,30})[:：](?:\s+(.*)|)$")
FIRST_LINE = re.compile(
    r"\s*(?:#{1,2}[ \t]+(?P<heading>[^\n]{2,80})|\*{2,3}(?P<bold>[^*\n]{2,80})\*{2,3}[ \t]*)(?:\n|\Z)"
)
# The names that the standard for Chinese government sites gives to a page's facts.
GOVERNMENT_META = {
    "articletitle": "title",
    "pubdate": "published",
    "contentsource": "publisher",
    "url": "url",
}


def decoded(data: bytes, name: str, notes: list[str]) -> Decoded:
    """Decode a text file; lost characters are noted, a file in no known encoding is Unreadable."""
    try:
        result = decode(data)
    except Undecodable as problem:
        raise Unreadable(f"{problem}; save it as UTF-8") from None
    if result.lost:
        notes.append(
            f"{name}: {result.lost} place(s) can't be read as {result.encoding} and show as U+FFFD; "
            "get the file again or mend it"
        )
    return result


def read_text(data: bytes, name: str) -> Reading:
    """A .txt or .md file: front matter is lifted into columns, all else stays as it stands (HTML inside too)."""
    notes: list[str] = []
    content = decoded(data, name, notes)
    facts, text = split_front_matter(content.text, name, notes)
    record = {"title": first_heading(text)} | tidy_record(facts, notes, name)
    return Reading([record | {"text": text.strip("\n"), "encoding": content.encoding}], notes=notes)


def split_front_matter(text: str, name: str, notes: list[str]) -> tuple[Record, str]:
    """Part the front matter (as columns) from the text below it.

    Keys without a column of their own (categories, thumbnails) are left aside. YAML that can't be parsed is read
    line by line, and noted; two rules with something else between them are no front matter.
    """
    fenced = FENCED.match(text)
    if not fenced:
        return {}, text
    keys = _yaml_keys(fenced["yaml"])
    if keys is None:
        keys = _plain_keys(fenced["yaml"])
        if keys:
            notes.append(
                f"{name}: the front matter is not valid YAML and was read line by line; check its columns"
            )
    if not keys:
        return {}, text
    return _columns(keys), text[fenced.end() :]


def _yaml_keys(source: str) -> dict[str, Any] | None:
    """The keys as YAML has them, all values as written (no yes that turns into True); None if it isn't YAML."""
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        keys = yaml.load(source, Loader=loader)
    except yaml.YAMLError:
        return None
    return {str(key): value for key, value in keys.items()} if isinstance(keys, dict) else {}


def _plain_keys(source: str) -> dict[str, Any]:
    lines = (KEY.match(line) for line in source.splitlines())
    return {found[1].strip(): (found[2] or "").strip().strip("'\"") for found in lines if found}


def _columns(keys: dict[str, Any]) -> Record:
    record: Record = {}
    for key, value in keys.items():
        value = value[0] if isinstance(value, list) and value else value
        column = column_of(key, FRONT_MATTER)
        if column == "publisher" and re.match(r"https?://", str(value)):
            column = "url"
        if column and isinstance(value, str):
            record.setdefault(column, undoubled(value))
    return record


def undoubled(value: str) -> str:
    """Some collectors wrote a title twice running; once is meant.

    >>> undoubled("望澜市政府工作报告望澜市政府工作报告")
    '望澜市政府工作报告'
    """
    half = len(value) // 2
    return value[:half] if half >= 6 and value[:half] * 2 == value else value


def first_heading(text: str) -> str | None:
    """The first line where Markdown marks it as a heading or it is set in bold as a whole."""
    found = FIRST_LINE.match(text)
    return re.sub(r"\[\^\d+\]", "", found["heading"] or found["bold"]).strip() if found else None


def read_html(data: bytes, name: str) -> Reading:
    """A web page: its main text, a line a paragraph, with title, date, publisher and address as far as it tells.

    Trafilatura chooses the main text; where it finds none, all text of the page is taken.
    """
    import trafilatura

    notes: list[str] = []
    content = decoded(data, name, notes)
    page = trafilatura.load_html(content.text) if content.text.strip() else None
    if page is None:
        raise Unreadable("is not a web page that can be parsed; open it in a browser and save it again")
    facts = _page_facts(page, content.text)
    text = facts.pop("text", None) or trafilatura.html2txt(content.text)
    record = tidy_record(facts, notes, name)
    return Reading([record | {"text": text.strip(), "encoding": content.encoding}], notes=notes)


def _page_facts(page: Any, source: str) -> Record:
    """What Trafilatura finds, overruled by the tags that government sites carry."""
    import trafilatura

    # Only dates that the page marks as its own: any date in the running text may be the date of anything.
    dates = {"extensive_search": False, "original_date": True}
    found: Any = trafilatura.bare_extraction(
        source, favor_recall=True, include_comments=False, with_metadata=True, date_extraction_params=dates
    )
    facts: Record = {}
    if found is not None:
        facts = {"title": found.title, "published": found.date, "publisher": found.sitename, "url": found.url}
        facts |= {"text": found.text}
    if facts.get("published") and year_in(facts["published"]) is None:
        facts["published"] = None
    for tag in page.iter("meta"):
        column = GOVERNMENT_META.get(str(tag.get("name")).lower())
        if column and str(tag.get("content") or "").strip():
            facts[column] = tag.get("content").strip()
    return facts
