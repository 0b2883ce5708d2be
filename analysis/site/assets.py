"""Pages beside shared files: one style, one font subset, one script for all, in the folder assets/.

Notebook pages hold all of this themselves, so that one can be sent alone; hundreds of city pages share it.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from analysis.languages import TAGS, shown_first
from analysis.pages import filled, joined, read
from analysis.site.tables import write_text
from analysis.typefaces import embedded_type

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# From a disk the page's own origin is "file:", which browsers take 'self' for or not; either way nothing else is allowed.
POLICY = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file: 'unsafe-inline'; img-src 'self' file: data:; "
    "font-src data:; base-uri 'none'; form-action 'none'"
)
EARLY = "language.js"  # runs before the page is drawn
STYLES = ("page.css", "site.css", "evidence.css", "charts.css")
SCRIPTS = ("page.js", "site.js", "evidence.js", "charts.js")


class Shelf:
    """The pages that share assets: kept until all are there, as only then their characters are known."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.written: list[str] = []
        self._characters = set(map(chr, range(0x20, 0x7F)))
        self._texts: dict[str, str] = {}

    def add_page(self, name: str, values: dict[str, Any], *, scripts: Sequence[str] = ()) -> None:
        """Fill a page; name: its path in the report; scripts: files of assets/, or beside it (./x.js), that it loads."""
        up = "../" * name.count("/")
        assets = f"{up}assets/"
        listed = [script if script.startswith("./") else assets + script for script in (*scripts, "site.js")]
        given = {
            "shown": shown_first(),
            "lang": TAGS[shown_first()],
            "policy": POLICY,
            "assets": assets,
            "scripts": listed,
        }
        self.add(name, filled("page.html.j2", given | values))

    def add(self, name: str, text: str, *, shown: bool = True) -> None:
        """Keep a file of the site; shown: whether its characters may stand on a page."""
        if shown:
            self._characters |= set(html.unescape(text))
        self._texts[name] = text

    def write(self) -> list[str]:
        """Write the assets, then the pages; return the characters that no packaged font has.

        Whoever opens a page finds its assets there.
        """
        shared = {
            name: joined(files) for name, files in (("assets/site.css", STYLES), ("assets/site.js", SCRIPTS))
        }
        shared[f"assets/{EARLY}"] = read(EARLY)
        self._characters |= set("".join(shared.values()))
        type_css, missing = embedded_type("".join(sorted(self._characters)))
        pages = [name for name in self._texts if name.endswith(".html")]
        files = [name for name in self._texts if name not in pages]
        for name, text in [*shared.items(), ("assets/type.css", type_css)]:
            self._write(name, text)
        for name in files + pages:
            self._write(name, self._texts[name])
        return missing

    def _write(self, name: str, text: str) -> None:
        write_text(self.out / name, text)
        self.written.append(name)
