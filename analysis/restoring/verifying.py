"""Damage a few restored characters again, to see whether the page comes back.

Which of two listed characters that share a byte was annotated first is not known, so every order is tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice, permutations

from analysis.restoring.codepage import NARROW_OF, PRIVATE, WIDE_OF, bytes_of, characters

MOST_ORDERS = 120
NARROW = {ord(wide): narrow for wide, narrow in NARROW_OF.items()}


def encode(text: str) -> bytes | None:
    """The bytes of a text; None where the code page lacks a character."""
    found = bytearray()
    for char in text:
        code = bytes_of(char)
        if code is None:
            return None
        found += bytes(code)
    return bytes(found)


def decode(code: bytes) -> str:
    """The text that bytes show: a lead byte with an illegal trail is one `?`, a pair without a character nothing."""
    found, place, table = [], 0, characters()
    while place < len(code):
        lead = code[place]
        if lead <= 0x80 or lead == 0xFF:
            found.append("€" if lead == 0x80 else chr(lead))
            place += 1
            continue
        char = table.get(lead << 8 | code[place + 1], "?") if place + 1 < len(code) else "?"
        found.append("" if ord(char) in PRIVATE else char)
        place += 2
    return "".join(found)


def comes_back(text: str, shown: str, listed: Mapping[str, str], folded: bool) -> bool:
    """Whether a restored piece of a page, damaged again, is what the page shows.

    >>> comes_back("要創新", "要?jiǎng)?chuàng)新", {"獎": "jiǎng", "創": "chuàng"}, True)
    True
    """
    code = encode("".join(WIDE_OF.get(char, char) for char in text) if folded else text)
    if code is None:
        return False
    pairs = {bytes(bytes_of(char) or ()): note for char, note in listed.items()}
    present = {code[place : place + 2] for place in range(len(code) - 1)} & set(pairs)
    orders: Iterable[tuple[bytes, ...]] = permutations(sorted(present))
    for order in islice(orders, MOST_ORDERS):
        damaged = code
        for pair in order:
            damaged = damaged.replace(pair, pair + (encode(f"({pairs[pair]})") or b""))
        again = decode(damaged)
        if (again.translate(NARROW) if folded else again) == shown:
            return True
    return False
