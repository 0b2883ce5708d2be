"""What every function that takes a frame asks of it first."""

from __future__ import annotations

from typing import Any


def check_frame(frame: Any, caller: str, *columns: str, advice: str = "") -> None:
    """Raise ValueError, in one sentence, where `frame` is no frame or lacks a column; `advice` is a second one."""
    if not hasattr(frame, "columns"):
        raise ValueError(f"{caller} takes a frame, not {type(frame).__name__}.")
    lacking = [column for column in columns if column not in frame.columns]
    if lacking:
        has = ", ".join(map(str, frame.columns)) or "none"
        raise ValueError(
            f"{caller} needs the column {' and '.join(lacking)}; the frame has {has}. {advice}".strip()
        )
