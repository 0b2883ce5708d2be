"""A headless browser for tests: how it is found and started, and a page that is watched with the network off."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def start_browser() -> Iterator[Any]:
    """Yield a running browser; skip where there is none, but fail in CI."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        reason = f"no browser found (looked for {', '.join(BROWSERS)}); on Debian: apt-get install chromium"
        # In CI a missing browser must not pass for a page that was looked at.
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=path, args=QUIET)
        yield running
        running.close()


class Watched:
    """A page with the network off that writes down every request and every complaint."""

    opened: list[Any] = []  # contexts, until they are closed

    def __init__(self, browser: Any, path: Path, **look: Any) -> None:
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.opened.append(browser.new_context(offline=True, **look))
        self.page = self.opened[-1].new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(path.as_uri())
        self.page.evaluate("document.fonts.ready")

    def fonts(self, selector: str) -> set[tuple[str, bool]]:
        """Return the fonts that really draw an element: name, and whether it came with the page."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("DOM.enable")
        session.send("CSS.enable")
        root = session.send("DOM.getDocument")["root"]["nodeId"]
        node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
        used = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        return {(font["familyName"], font["isCustomFont"]) for font in used}


def close_pages() -> Iterator[None]:
    """Close the pages that a test opens when it ends: those left open go on drawing beside the other tests."""
    before = len(Watched.opened)
    yield
    while len(Watched.opened) > before:
        Watched.opened.pop().close()
