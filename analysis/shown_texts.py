"""The texts that a page or a notebook shows, as a catalogue of Chinese holds them: markup as in Markdown, one line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.catalogues import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_PROSE = (
    ".//script|.//style|.//pre|.//svg|.//math|.//details[contains(@class, 'code')]|.//comment()"
    "|.//*[@data-in]|.//button[contains(@class, 'ev')]|.//*[@lang='zh-Hans']|.//*[@class='switch']"
)
_INLINE = "a abbr b bdi br cite code em i kbd mark q s small span strong sub sup time u var wbr"
_IN_A_LINE = frozenset(_INLINE.split())
_SPOKEN = ("alt", "title", "aria-label")
_SIGNS = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`"}
_ENGLISH_LEFT = re.compile(r"(?:[A-Za-z][a-z']+[ ,;]+){3}[a-z]+")


def notebook_texts(path: Path) -> list[str]:
    """Return the blocks of a notebook's prose: headings, paragraphs, list items, cells of tables."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    return list(dict.fromkeys(block for source in prose for block in blocks(source)))


def blocks(source: str) -> list[str]:
    """Return the blocks of a text in Markdown, each in one line.

    >>> blocks("# How *many*?\\n\\nA line,\\nand one.\\n\\n- [x](y.ipynb) is `z`")
    ['How *many*?', 'A line, and one.', '[x](y.ipynb) is `z`']
    """
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    reader, found = MarkdownWithMath(IPythonRenderer(escape=False)), []  # type: ignore[var-annotated]
    reader.before_render_hooks.append(
        lambda _, state: found.extend(one_line(token["text"]) for token in text_tokens(state.tokens))
    )
    reader.render(source)
    return [text for text in found if text]


def text_tokens(tokens: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the tokens of mistune's block parser that hold a text for readers, those of lists and tables too."""
    for token in tokens:
        if "children" in token:
            yield from text_tokens(token["children"])
        elif "text" in token:
            yield token


def page_texts(path: Path) -> tuple[list[str], list[str]]:
    """Return the texts of a made page that stand in one language only, and the Chinese ones with English left in."""
    from lxml import html as lxml_html  # type: ignore[import-untyped]

    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)
    root = lxml_html.document_fromstring(path.read_bytes(), parser=parser)
    chinese = (one_line(element.text_content()) for element in root.xpath(".//*[@data-in='zh']"))
    partly = [text for text in dict.fromkeys(chinese) if _ENGLISH_LEFT.search(text)]
    for element in root.xpath(_NO_PROSE):
        element.drop_tree()
    body = root.find("body")
    texts = [one_line(text) for text in [*_runs(body), *_spoken(body)]]
    return [text for text in dict.fromkeys(texts) if re.search("[A-Za-z]{2}", text)], partly


def _runs(element: Any) -> Iterator[str]:
    """Yield the lines of an element: what stands in a line together, between its blocks."""
    line = element.text or ""
    for child in element:
        if child.tag in _IN_A_LINE:
            line += _as_markdown(child)
        else:
            yield line
            yield from _runs(child)
            line = ""
        line += child.tail or ""
    yield line


def _as_markdown(element: Any) -> str:
    """Return an element that stands in a line as Markdown."""
    inner = (element.text or "") + "".join(_as_markdown(child) + (child.tail or "") for child in element)
    if element.tag == "a" and element.get("href") and inner.strip():
        return f"[{inner}]({re.sub(r'[.]html(?=$|#)', '.ipynb', element.get('href'))})"
    sign = _SIGNS.get(element.tag, "")
    return f"{sign}{inner}{sign}"


def _spoken(root: Any) -> Iterator[str]:
    """Yield what is read aloud or shown on hovering in one language only."""
    for element in root.iter():
        for name in _SPOKEN:
            if element.get(name) and element.get(f"data-zh-{name}") is None:
                yield element.get(name)
