"""Cases kept as data: those known to fail stay visible, as strict expected failures."""

import re
from typing import Any

import pandas as pd
import pytest


def marked(case: dict[str, Any]) -> Any:
    fails = [pytest.mark.xfail(strict=True, reason=case["fails"])] if "fails" in case else []
    return pytest.param(case, id=case["label"], marks=fails)


def documents(*texts: str, **columns: object) -> pd.DataFrame:
    """Invented texts as documents, d0 and so on, with the number of their Chinese characters."""
    letters = [len(re.findall(r"[\u4e00-\u9fff]", text)) for text in texts]
    keys = [f"d{n}" for n in range(len(texts))]
    return pd.DataFrame({"doc_id": keys, "text": texts, "n_chars": letters, **columns})
