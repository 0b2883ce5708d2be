"""A page's words in both languages: its prose, its headings, and what is taken from them for other pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.languages import TAGS, both, in_chinese, shown_first, span
from analysis.shown_texts import text_tokens
from analysis.typefaces import marked

if TYPE_CHECKING:
    from markupsafe import Markup

_OTHER = {"en": "zh", "zh": "en"}


class Bilingual(str):
    """Words in English that know how a page says them in Chinese, "" where it says them in one language only."""

    chinese: str

    def __new__(cls, english: str, chinese: str = "") -> Bilingual:
        """Return the words."""
        made = super().__new__(cls, english)
        made.chinese = chinese
        return made


def as_it_is(value: object) -> Bilingual:
    """Return a value that may well have no Chinese, such as a name or a formula: it is then the same in both languages."""
    text = str(value)
    return Bilingual(text, in_chinese(text, note=False) or text)


def words_of(element: Any) -> Bilingual:
    """Return the words of a page's element with single spaces, in both languages."""
    english, chinese = (_words(element, language) for language in ("en", "zh"))
    return Bilingual(english, chinese if chinese != english else "")


def _words(element: Any, language: str) -> str:
    if element.find(".//*[@data-in]") is None:
        return " ".join(element.text_content().split())
    seen = element.xpath(".//text()[not(ancestor::*[@data-in=$hidden])]", hidden=_OTHER[language])
    return " ".join("".join(seen).split())


def said(text: str) -> Markup:
    """Return a text as escaped HTML with its Chinese marked: in both languages where it has two and a page wants both.

    The filter `marked` of the page templates.
    """
    from markupsafe import Markup, escape

    chinese = getattr(text, "chinese", "") or in_chinese(str(text))
    if not chinese or chinese == text:
        return marked(text)
    if not both():
        return marked(text) if shown_first() == "en" else escape(chinese)
    english = Markup(f'<span data-in="en" lang="{TAGS["en"]}">{{}}</span>').format(marked(text))
    return english + Markup(span(chinese, "zh"))


def speak(element: Any, attribute: str, text: str) -> None:
    """Give an element an attribute that is read aloud or shown on hovering, in both languages for the page's switch."""
    chinese = getattr(text, "chinese", "") or in_chinese(str(text)) or text
    element.set(attribute, str(chinese if shown_first() == "zh" else text))
    if both() and chinese != text:
        element.set(f"data-en-{attribute}", str(text))
        element.set(f"data-zh-{attribute}", str(chinese))


def prose(source: str) -> str:
    """Return text in Markdown as HTML, every block of it that has a Chinese version with both in it.

    The structure is one and the same in both languages: a heading, a list item or a cell holds both its versions.
    """
    return reader().render(source)


def reader(**options: Any) -> Any:
    """Return nbconvert's reader of Markdown, made to put the Chinese of each block beside it.

    options: those of its IPythonRenderer, such as `attachments`.
    """
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True, **options)
    renderer.register("version", _version)
    made = MarkdownWithMath(renderer)
    made.before_render_hooks.append(_add_chinese)
    return made


def _version(_: Any, text: str, language: str) -> str:
    """Return the pieces of a line, as HTML, in an element that only the readers of one language see."""
    return f'<span data-in="{language}" lang="{TAGS[language]}">{text}</span>'


def _add_chinese(made: Any, state: Any) -> None:
    """Give each block with a text the pieces of both its versions; mistune reads those without pieces itself."""
    for token in text_tokens(state.tokens):
        text = token["text"].strip(" \r\n\t\f")
        chinese = in_chinese(text)
        if chinese is None or chinese == text:
            continue
        del token["text"]
        if both():
            token["children"] = [
                {
                    "type": "version",
                    "attrs": {"language": language},
                    "children": made.inline(version, state.env),
                }
                for language, version in (("en", text), ("zh", chinese))
            ]
        else:
            token["children"] = made.inline(chinese if shown_first() == "zh" else text, state.env)


def prose_filter() -> Any:
    """Return `prose` as a filter for the template of notebooks: pictures that are attached or lie beside are embedded."""
    from jinja2 import pass_context

    @pass_context
    def markdown2html(context: Any, source: str) -> str:
        attachments = context.get("cell", {}).get("attachments", {})
        folder = context.get("resources", {}).get("metadata", {}).get("path", "")
        return str(reader(attachments=attachments, embed_images=True, path=folder).render(source))

    return markdown2html
