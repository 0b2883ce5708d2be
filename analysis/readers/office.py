"""Word and PDF files."""

from __future__ import annotations

import io
import logging
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from analysis.readers.fields import Reading, Record, Unreadable

OLE = b"\xd0\xcf\x11\xe0"  # how files of old Office, and encrypted ones of new Office, begin
# Runs of text, tabs and breaks in reading order; text boxes are stored twice, so they are left to their own place.
RUNS = "./w:r/*|./w:hyperlink//w:r/*|./w:ins//w:r/*|./w:sdt//w:r/*|./w:smartTag//w:r/*|./w:fldSimple//w:r/*"
SENTENCE_END = tuple("。！？；：!?;:…”』」》")
OWN_LINE = re.compile(
    r"^(?:[\u3000 ]{2,}|[一二三四五六七八九十]+、|第[一二三四五六七八九十]+[章节部]|[（(][一二三四五六七八九十\d]+[）)]|"
    r"——|各位代表)"
)
PAGE_NUMBER = re.compile(r"^(?:[-—–·\s]*\d{1,4}[-—–·\s]*|第\s*\d+\s*页.{0,12})$")


def refuse_ole(data: bytes, kind: str) -> None:
    """Say what to do with an encrypted (or old) office file."""
    if data.startswith(OLE):
        raise Unreadable(
            f"is protected by a password, or an old file renamed; save it as {kind} without a password"
        )


def read_docx(data: bytes, name: str) -> Reading:
    """A Word file: paragraphs and tables in the order of the document, a line a paragraph or row, cells by tabs.

    Numbers that Word counts by itself, footnotes, headers and text boxes are not part of the text.
    """
    import docx

    refuse_ole(data, ".docx")
    try:
        document = docx.Document(io.BytesIO(data))
    except Exception as problem:  # zip, XML and package errors have no common parent
        raise Unreadable(
            "is not a valid Word file; open it in a word processor and save it as .docx"
        ) from problem
    text = "\n".join(_blocks(document.element.body))
    record: Record = {"text": text.strip("\n")}
    title = (document.core_properties.title or "").strip()
    if title:
        record["title"] = title
    return Reading([record])


def _blocks(parent: Any) -> Iterator[str]:
    """The lines of a document's body, a content control or a cell."""
    for element in parent.iterchildren():
        kind = str(element.tag).rpartition("}")[2]
        if kind == "p":
            yield _paragraph(element)
        elif kind == "tbl":
            yield from (_row(row) for row in element.xpath("./w:tr|./w:sdt//w:tr"))
        elif kind in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _blocks(element)


def _paragraph(element: Any) -> str:
    signs = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
    parts = []
    for node in element.xpath(RUNS):
        kind = str(node.tag).rpartition("}")[2]
        parts.append(node.text or "" if kind == "t" else signs.get(kind, ""))
    return "".join(parts)


def _row(row: Any) -> str:
    """A table row's cells; a merged cell stands once."""
    cells = row.xpath("./w:tc|./w:sdt//w:tc")
    return "\t".join(" ".join(filter(None, (line.strip() for line in _blocks(cell)))) for cell in cells)


def read_pdf(data: bytes, name: str) -> Reading:
    """A PDF with text: broken lines are joined to paragraphs; page numbers standing alone are dropped.

    A scanned PDF has no text and is refused; pages without text among others are noted.
    """
    pages = _page_texts(data)
    empty = [number for number, page in enumerate(pages, 1) if not page.strip()]
    if len(empty) == len(pages):
        raise Unreadable("has no text (scanned?); run text recognition (OCR) on it and save the result")
    notes = []
    if empty:
        numbers = ", ".join(map(str, empty[:5])) + (", ..." if len(empty) > 5 else "")
        notes.append(f"{name}: {len(empty)} of {len(pages)} pages have no text (scanned?): page {numbers}")
    return Reading([{"text": join_lines(pages)}], notes=notes)


def _page_texts(data: bytes) -> list[str]:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it remarks on every odd font
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("is protected by a password; save a copy without one")
        return [page.extract_text() for page in reader.pages]
    except Unreadable:
        raise
    except DependencyError:
        raise Unreadable("is protected by encryption (AES); save a copy without it") from None
    except Exception as problem:  # a damaged PDF can raise nearly anything
        raise Unreadable(
            "is a damaged PDF, or none; open it in a viewer and print it to a new PDF"
        ) from problem


def join_lines(pages: list[str]) -> str:
    """Join the lines that a page's width has broken; a line well short of the full width ends its paragraph.

    >>> print(join_lines(["霁川市去年新签约项目很多，今年仍要大力招\\n商，不可松劲。\\n二、打算\\n"]))
    霁川市去年新签约项目很多，今年仍要大力招商，不可松劲。
    二、打算
    """
    lines = [
        line.rstrip() for page in pages for line in _without_page_number(page.splitlines()) if line.strip()
    ]
    if not lines:
        return ""
    full = _full_width(lines)
    indents = (
        sum(line[0] in " \u3000" for line in lines) >= 2
    )  # then a line that isn't indented begins nothing
    joined = [lines[0].strip()]
    for line, next_line in zip(lines, lines[1:], strict=False):
        if _goes_on(line, next_line, full, indents):
            joined[-1] += _glue(line, next_line) + next_line.strip()
        else:
            joined.append(next_line.strip())
    return "\n".join(joined)


def _without_page_number(lines: list[str]) -> list[str]:
    lines = [line for line in lines if line.strip()]
    if lines and PAGE_NUMBER.match(lines[-1].strip()):
        lines = lines[:-1]
    return lines[1:] if lines and PAGE_NUMBER.match(lines[0].strip()) else lines


def _full_width(lines: list[str]) -> float:
    """The width of an unbroken line, in Chinese characters: what the widest quarter of the lines reaches."""
    widths = sorted(_width(line) for line in lines)
    return widths[-1] if len(widths) < 8 else widths[len(widths) * 3 // 4]


def _width(line: str) -> float:
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.5 for sign in line.rstrip())


def _goes_on(line: str, next_line: str, full: float, indents: bool) -> bool:
    """Does the paragraph of this line go on in the next?"""
    if _width(line) < 0.9 * full or OWN_LINE.match(next_line):
        return False
    return next_line[0] not in " \u3000" if indents else not line.endswith(SENTENCE_END)


def _glue(line: str, next_line: str) -> str:
    """A space between Latin words, nothing between Chinese characters or within a number."""
    letters = line[-1:].isascii() and line[-1:].isalpha() and next_line.strip()[:1].isascii()
    return " " if letters and next_line.strip()[:1].isalpha() else ""
