"""What a cell shows, made harmless: words, tables and pictures stay; what could act, load or cover the page goes."""

from __future__ import annotations

import html
import re
from collections import Counter
from typing import Any

from analysis.specs import CHART, is_chart

# A list of what may stay, not of what must go: browsers learn new elements, and each would be a new hole.
_STAY = """
    a abbr aside b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure
    h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp section small span strong sub summary
    sup table tbody td tfoot th thead time tr u ul var wbr
"""
_DESCRIBE = """
    alt aria-label class colspan data-in data-rows datetime dir headers href id lang open role rowspan scope src start
    tabindex title value
    data-evidence data-wanted data-en-alt data-en-aria-label data-en-title data-zh-alt data-zh-aria-label data-zh-title
"""
# The one button that may stay opens evidence: what its data hold is read as text, never run.
_BUTTON = {"type": "button", "class": "ev"}
_OF_BUTTON = ("data-kind", "data-item")
# Elements whose content is no text for a reader; of the others that go, the words stay.
_GO_WHOLE = "head iframe math noembed noframes noscript script select style svg template"
_TAGS, _ATTRIBUTES, _WITH_CONTENT = (frozenset(names.split()) for names in (_STAY, _DESCRIBE, _GO_WHOLE))
_SCHEMES = ("http", "https", "mailto")
_SCHEME = re.compile(r"([a-z][a-z0-9+.\-]*):", re.I)
# A cell is a piece of a page: where it says that the page ends, libxml2 would read no further.
_WHOLE_PAGE = re.compile(r"</?(?:html|head|body|frameset)(?=[\s/>])[^>]*>|<!doctype[^>]*>", re.I)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # libxml2 stops reading at a zero byte


def harmless(fragment: str, dropped: Counter[str] | None = None) -> str:
    """Return one cell's HTML with only what may stay; whole in itself, so that it can't reach into its neighbours.

    dropped: counts the elements that were left out, by name.

    >>> harmless('<p onclick="f()">招商<script>f()</script><!-- a')
    '<p>招商</p>'
    """
    root = parsed(fragment)
    for name in disarm(root):
        if dropped is not None:
            dropped[name] += 1
    return inner(root)


def parsed(fragment: str) -> Any:
    """Return a fragment of HTML as a tree under a `div`."""
    from lxml import html as lxml_html  # type: ignore[import-untyped]

    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)
    readable = _CONTROL.sub("\ufffd", fragment)
    while _WHOLE_PAGE.search(readable):  # again, where taking one out puts another together
        readable = _WHOLE_PAGE.sub("", readable)
    return lxml_html.fragment_fromstring(readable.encode(), create_parent="div", parser=parser)


def inner(root: Any) -> str:
    """Return an element's content as HTML."""
    from lxml import html as lxml_html

    parts = [lxml_html.tostring(child, encoding="unicode") for child in root]
    return html.escape(root.text or "", quote=False) + "".join(parts)


def disarm(root: Any) -> list[str]:
    """Take what could act or load from outside out of a tree; return the names of the elements that went.

    The style sheet that pandas puts beside every table goes too, but isn't named.
    """
    gone = []
    for element in list(root.iterdescendants()):
        tag = element.tag if isinstance(element.tag, str) else ""  # comments have none
        if tag == "button" and element.get("class") == _BUTTON["class"]:
            _disarm_button(element)
            continue
        if tag in _TAGS and (tag != "img" or _is_embedded(element)):
            _disarm_attributes(element)
            continue
        if tag and element.get("scoped") is None:
            gone.append(tag)
        if tag == "img":
            element.tail = f"[{element.get('alt') or 'picture left out'}]{element.tail or ''}"
        if tag in _TAGS | _WITH_CONTENT or not tag:
            element.drop_tree()
        else:
            element.drop_tag()
    return gone


def _is_embedded(picture: Any) -> bool:
    """Return True for a picture that lies in the page itself."""
    return (picture.get("src") or "").startswith("data:image/")


def _disarm_button(element: Any) -> None:
    """Leave a button what it opens, and nothing else: no form to send, no handler."""
    kept = {name: element.get(name) for name in _OF_BUTTON if element.get(name) is not None}
    element.attrib.clear()
    element.attrib.update(_BUTTON | kept)


def _disarm_attributes(element: Any) -> None:
    """Keep the attributes that only describe, and links that lead to a page."""
    for name, value in list(element.attrib.items()):
        is_size = name in ("width", "height") and element.tag == "img"
        is_own_chart = name == CHART and element.tag == "figure" and is_chart(value)
        is_kept = name in _ATTRIBUTES or is_size or is_own_chart
        if not is_kept or (name == "href" and not _leads_to_a_page(value)):
            del element.attrib[name]


def _leads_to_a_page(address: str) -> bool:
    """Return False for addresses that run something, such as javascript:, however they are spaced."""
    scheme = _SCHEME.match(re.sub(r"[\x00-\x20\x7f]", "", address))
    return scheme is None or scheme.group(1).lower() in _SCHEMES
