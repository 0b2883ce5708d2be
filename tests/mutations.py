"""Mutilated texts and files for the fuzz run: sample texts with what real collections do to texts, and worse."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample"

# What steers the functions of the road, whole or in pieces.
WORDS = [
    line.replace("\\n", "\n").replace("\\u3000", "\u3000")
    for line in (Path(__file__).parent / "cases" / "fuzz_words.txt").read_text("utf-8").splitlines()
]
ODD = [
    *("\x00", "\x07", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\r", "\r\n", "\n", "\n\n", "\t", "\u00a0", "\u00ad"),
    *("\u200b", "\u200d", "\u200e", "\u200f", "\u2028", "\u2029", "\u202b", "\u202e", "\u2060", "\u2066", "\ufeff"),
    *("\ufffd", "\uffff", "\ud800", "\udfff", "\udc80\ud83d", "\U0001f600", "\U00020000", "\ue000", "\u0301"),
    *("\u3000", "\x1a", "ᠠ", "ا", "א"),
]  # fmt: skip
ENCODINGS = ("utf-8", "gb18030", "gbk", "big5", "utf-16-le", "utf-16-be", "latin-1", "shift_jis", "cp1252")
SUFFIXES = (
    *(".txt", ".md", ".txt", ".md", ".html", ".htm", ".csv", ".tsv", ".jsonl", ".docx", ".pdf", ".xlsx"),
    *(".parquet", "", ".bin"),
)

Mutation = Callable[[random.Random, str], str]


def seeds() -> list[str]:
    """The sample's documents and their damaged copies, as their files stand."""
    paths = sorted([*(SAMPLE / "documents").glob("*.md"), *(SAMPLE / "damaged").glob("*.txt")])
    return [path.read_text("utf-8") for path in paths]


def _span(draw: random.Random, text: str, most: int) -> tuple[int, int]:
    start = draw.randrange(len(text) + 1)
    return start, min(len(text), start + draw.randrange(1, most))


def delete(draw: random.Random, text: str) -> str:
    start, end = _span(draw, text, 40)
    return text[:start] + text[end:]


def double(draw: random.Random, text: str) -> str:
    start, end = _span(draw, text, 120)
    return text[:end] + text[start:end] * draw.choice((1, 1, 2, 30)) + text[end:]


def move(draw: random.Random, text: str) -> str:
    start, end = _span(draw, text, 80)
    rest = text[:start] + text[end:]
    at = draw.randrange(len(rest) + 1)
    return rest[:at] + text[start:end] + rest[at:]


def put_word(draw: random.Random, text: str) -> str:
    at = draw.randrange(len(text) + 1)
    return text[:at] + draw.choice(WORDS) + text[at:]


def put_odd(draw: random.Random, text: str) -> str:
    at = draw.randrange(len(text) + 1)
    return text[:at] + draw.choice(ODD) * draw.choice((1, 1, 1, 9)) + text[at:]


def change_sign(draw: random.Random, text: str) -> str:
    if not text:
        return text
    at = draw.randrange(len(text))
    return text[:at] + chr(draw.randrange(0x11000)) + text[at + 1 :]


def one_line(draw: random.Random, text: str) -> str:
    return text.replace("\n", draw.choice(("", " ", "　　")))


def nest(draw: random.Random, text: str) -> str:
    opening, closing = draw.choice(("()", "（）", "[]", "“”", "<>", "【】", "{}"))
    deep = draw.choice((3, 50, 1000))
    return opening * deep + text[: draw.randrange(60)] + closing * draw.choice((deep, deep - 1, 0))


def flip_bytes(draw: random.Random, text: str) -> str:
    """Flip a few bytes of one encoding and read them in another: mojibake, lost characters, lone surrogates."""
    written, read = draw.choice(ENCODINGS), draw.choice(ENCODINGS)
    data = bytearray(text.encode(written, "replace"))
    for _ in range(draw.randrange(4)):
        if data:
            data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
    into = draw.choice((written, written, read))
    kept = "surrogateescape" if into == "utf-8" else "replace"  # half a sign of UTF-16 can't be escaped
    return bytes(data).decode(into, draw.choice((kept, "replace", "ignore")))


def glue(draw: random.Random, text: str) -> str:
    return text + draw.choice(("", "\n", "\n\n")) + draw.choice(WORDS) + text[: draw.randrange(400)]


MUTATIONS: tuple[Mutation, ...] = (
    *(delete, double, move, put_word, put_word, put_word, put_odd, put_odd, change_sign, one_line, nest, flip_bytes, glue),
)  # fmt: skip


def drawn_text(draw: random.Random, known: list[str]) -> str:
    """One text: mostly a window of a sample file after some mutations; also word salad, a few signs, or a huge line."""
    kind = draw.random()
    if kind < 0.05:
        return "".join(draw.choice((*ODD, *WORDS, "招"))[:1] for _ in range(draw.randrange(4)))
    if kind < 0.35:
        return "".join(draw.choice((*WORDS, "\n", "\n", *ODD[9:15])) for _ in range(draw.randrange(60)))
    if kind < 0.352:
        return draw.choice((*WORDS, *ODD)) * draw.choice((20_000, 100_000))
    text = draw.choice(known)
    if draw.random() < 0.8:
        start, end = _span(draw, text, 1500)
        text = text[start:end]
    for _ in range(draw.randrange(1, 8)):
        text = draw.choice(MUTATIONS)(draw, text)
    return text


def drawn_file(draw: random.Random, known: list[str], number: int) -> tuple[str, bytes]:
    """A file's name and bytes: a drawn text in some encoding, perhaps cut or flipped, perhaps rubbish throughout."""
    name = f"{number}{draw.choice(SUFFIXES)}"
    if draw.random() < 0.15:
        return name, draw.randbytes(draw.choice((0, 1, 3, 200, 5000)))
    data = drawn_text(draw, known).encode(draw.choice(ENCODINGS), "replace")
    if draw.random() < 0.3:
        data = data[draw.randrange(4) : draw.randrange(len(data) + 1)]
    if data and draw.random() < 0.3:
        at = draw.randrange(len(data))
        data = data[:at] + draw.randbytes(3) + data[at:]
    return name, draw.choice((b"", b"", b"\xef\xbb\xbf", b"\xff\xfe", b"PK\x03\x04", b"%PDF-1.4\n")) + data
