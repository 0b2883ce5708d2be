"""What several test files share: where the real texts lie."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real texts beside the clone; they are other people's and not part of it."""
    if not CORPUS.is_dir():
        pytest.skip("the real texts (../shared/corpus) are not beside this clone")
    return CORPUS
