"""Windows' code page 936 (GBK): characters, their bytes, and the pairs that vanish from a page."""

from __future__ import annotations

from functools import lru_cache

PRIVATE = range(0xE000, 0xF900)  # where the code page puts a pair that has no character
# The page's punctuation, and its full-width form before it was made ASCII.
WIDE_OF = dict(zip(",():;?!", "，（）：；？！", strict=True))
NARROW_OF = {wide: narrow for narrow, wide in WIDE_OF.items()}
SECOND_EURO = b"\xa2\xe3"  # given to € by a later standard; in code page 936 a pair without a character


@lru_cache(maxsize=1)
def characters() -> dict[int, str]:
    """The character of each pair of bytes: pair as number (lead * 256 + trail) to character."""
    found = {}
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            if trail != 0x7F:
                pair = bytes([lead, trail])
                found[lead << 8 | trail] = "\ue76c" if pair == SECOND_EURO else pair.decode("gb18030")
    return found


@lru_cache(maxsize=1)
def codes() -> dict[str, int]:
    """The bytes of each character as a number: below 256 for one byte."""
    return {char: pair for pair, char in characters().items()} | {chr(code): code for code in range(0x80)}


@lru_cache(maxsize=1)
def vanishing() -> dict[int, frozenset[int]]:
    """The pairs that vanish when a page is damaged: lead byte to the trail bytes that can be leads themselves."""
    found: dict[int, set[int]] = {}
    for pair, char in characters().items():
        if ord(char) in PRIVATE and pair & 0xFF > 0x80:
            found.setdefault(pair >> 8, set()).add(pair & 0xFF)
    return {lead: frozenset(trails) for lead, trails in found.items()}


def bytes_of(char: str) -> tuple[int, ...] | None:
    """The one or two bytes of a character; None where the code page lacks it."""
    code = codes().get(char)
    if code is None:
        return (0x80,) if char == "€" else None
    return (code,) if code < 0x100 else (code >> 8, code & 0xFF)
