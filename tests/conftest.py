"""What several test files share: where the real texts lie, and a browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import close_pages, start_browser

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real texts beside the clone; they are other people's and not part of it."""
    if not CORPUS.is_dir():
        pytest.skip("the real texts (../shared/corpus) are not beside this clone")
    return CORPUS


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless browser; a developer without one sees a skip with the reason, CI a failure."""
    yield from start_browser()


@pytest.fixture(autouse=True)
def _pages_are_closed() -> Iterator[None]:
    yield from close_pages()
