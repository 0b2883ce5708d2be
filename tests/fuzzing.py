"""Fuzz the road of a text: draw mutilated texts and files by seed, and check the laws of the public functions.

    python tests/fuzzing.py --seconds 300 --seed 1

Prints how many texts and files were drawn and, for each law that was broken, the smallest input found that breaks it;
exits 1 if there was any. Writes nothing but temporary files. docs/fuzzing.md tells the laws and the last runs.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import threading
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from mutations import drawn_file, drawn_text, seeds

from analysis import clean, clean_documents, read_documents, segment
from analysis.admission import admit
from analysis.attributing import attribute
from analysis.restoring import restore
from analysis.splitting import parts_of

BATCH = 12  # texts that make a frame
EVERY = 40  # of so many texts, a frame and a folder of files
PATIENCE, SIGNS_A_SECOND = 10.0, 20_000  # a law may take so many seconds, and one more for so many characters
HANGS = 60  # seconds after which a law is stopped
SMALLER = 15.0  # seconds spent on making a failing input smaller
SHOWN = 300


class Broken(AssertionError):
    """A law does not hold."""


def hold(true: bool, said: str) -> None:
    if not true:
        raise Broken(said)


# ---- laws of one text


def restoring(text: str) -> None:
    """Restoring twice is restoring once; sites lie in order inside the text and say what stands there."""
    restored = restore(text)
    end = 0
    for site in restored.sites:
        hold(end <= site.start <= site.end <= len(restored.text), f"a site lies wrong: {site}")
        hold(restored.text[site.start : site.end] == site.after, f"a site tells another text: {site}")
        end = site.end
    hold(restored.text == text or bool(restored.sites), "the text changed without a site")
    hold(restore(restored.text).text == restored.text, "restoring again changes the text")


def splitting(text: str) -> None:
    """Parts cover the text in order; a single part has no evidence, each of several has."""
    parts = parts_of(text)
    hold([part.start for part in parts] == [0, *(part.end for part in parts[:-1])], "parts leave a gap")
    hold(parts[-1].end == len(text), "parts do not reach the end")
    hold(all(bool(part.evidence) == (len(parts) > 1) for part in parts), "evidence lacks or is too much")


def cleaning(text: str) -> None:
    """Cleaning twice is cleaning once; the account adds up and names what acted."""
    cleaned = clean(text)
    removed = sum(change.chars for change in cleaned.changes)
    hold(len(text) - removed == len(cleaned.text), "the account does not add up")
    hold(all(change.count > 0 for change in cleaned.changes), "a step that did not act is in the account")
    hold(cleaned.text == text or bool(cleaned.changes), "the text changed without an account")
    hold(all(cleaned.metadata.values()), "an empty value was lifted")
    hold(clean(cleaned.text).text == cleaned.text, "cleaning again changes the text")


def segmenting(text: str) -> None:
    """Paragraphs and sentences of the clean text are slices of it, in order, and not empty."""
    text = clean(text).text
    frame = pd.DataFrame({"doc_id": ["a"], "text": [text]})
    for by in ("paragraph", "sentence"):
        end = 0
        for row in segment(frame, by=by).itertuples():
            hold(text[row.start : row.end] == row.text, f"a {by} is no slice")
            hold(end <= row.start < row.end, f"a {by} is empty or out of order")
            end = row.end


# ---- laws of frames and files


def in_frames(texts: list[str]) -> None:
    """Frames are cleaned, attributed and admitted without loss; the frame given stays; a ValueError is a sentence."""
    ids = [f"d{number}" for number in range(len(texts))]
    # pandas' own strings can't hold half a character; a column of objects can.
    frame = pd.DataFrame({"doc_id": ids, "text": pd.Series(texts, dtype=object), "city": "霁川市"})
    before = frame.copy()
    cleaned = clean_documents(frame)
    whole = set(cleaned["doc_id"].str.split("#").str[0])
    hold(whole == set(ids), "cleaning lost or made up documents")
    hold(attribute(cleaned)["doc_id"].tolist() == cleaned["doc_id"].tolist(), "attributing changed the rows")
    admission = admit(cleaned, jobs=1)
    kept = [*admission.documents["doc_id"], *admission.quarantine["doc_id"]]
    hold(sorted(kept) == sorted(cleaned["doc_id"]), "admission lost or doubled documents")
    hold(frame.equals(before), "the frame given was changed")


def in_files(files: list[tuple[str, bytes]]) -> None:
    """A folder of mutilated files is read, or refused in a sentence; what is left out is told."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files:
            Path(folder, name).write_bytes(data)
        documents = read_documents(folder)
        read = {Path(path).name for path in documents["path"].dropna()}
        told = " ".join(row["path"] for row in documents.attrs["left_out"])
        lost = [name for name, _ in files if name not in read and name not in told]
        hold(not lost, f"neither read nor left out: {lost}")
        hold(bool(documents["text"].notna().all()), "a document without text")


TEXT_LAWS: tuple[Callable[[str], None], ...] = (restoring, splitting, cleaning, segmenting)
MAY_REFUSE = (in_frames, in_files)  # with a ValueError; the functions of one text must take any text


# ---- running


@dataclass
class Tally:
    """What a run did: texts and files drawn, checks made by law, and the broken laws with the smallest input for each."""

    texts: int = 0
    files: int = 0
    signs: int = 0
    checks: Counter[str] = field(default_factory=Counter)
    broken: dict[tuple[str, str], Any] = field(default_factory=dict)


def complaint(law: Callable[[Any], None], given: Any, size: int = 0) -> str:
    """What is wrong with this input under a law; empty where the law holds."""
    started = time.process_time()
    try:
        with warnings.catch_warnings(), stopped_after(HANGS):
            warnings.simplefilter("ignore")
            law(given)
    except Broken as broken:
        return str(broken)
    except ValueError as refused:
        if not isinstance(refused, UnicodeError) and law in MAY_REFUSE and is_sentence(str(refused)):
            return ""
        return f"{type(refused).__name__}: {refused}"[:SHOWN]
    except Exception as crash:  # any crash is a finding
        return f"{type(crash).__name__}: {crash}"[:SHOWN]
    spent = time.process_time() - started
    return "too slow" if spent > PATIENCE + size / SIGNS_A_SECOND else ""


def is_sentence(said: str) -> bool:
    """Whether a message is for a reader: words, not a bare value or a library's traceback."""
    return len(said) >= 20 and " " in said and "Traceback" not in said


@contextmanager
def stopped_after(seconds: float) -> Iterator[None]:
    """Stop what hangs; only where the system has an alarm, and on the main thread."""
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: Any) -> None:
        raise TimeoutError(f"still at it after {seconds} seconds")

    old = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


def smallest(law: Callable[[Any], None], given: Any, said: str) -> Any:
    """Cut pieces away as long as the law breaks in the same way."""
    kind, until = said[:30], time.perf_counter() + SMALLER
    step = max(1, len(given) // 2)
    while step and time.perf_counter() < until:
        at = 0
        while at < len(given) and time.perf_counter() < until:
            less = given[:at] + given[at + step :]
            if less and complaint(law, less, len(less)).startswith(kind):
                given = less
            else:
                at += step
        step //= 2
    return given


def check(law: Callable[[Any], None], given: Any, tally: Tally, size: int = 0) -> None:
    tally.checks[law.__name__] += 1
    said = complaint(law, given, size)
    if said and (law.__name__, said[:30]) not in tally.broken:
        least = given if said == "too slow" or "still at it" in said else smallest(law, given, said)
        tally.broken[law.__name__, said[:30]] = (said, least)


def run(seed: int, *, seconds: float = 1e9, texts: int = 10**9) -> Tally:
    """Draw until the time is up or so many texts were drawn. The same seed draws the same texts in the same order."""
    draw, known, tally, batch = random.Random(seed), seeds(), Tally(), list[str]()
    until = time.perf_counter() + seconds
    while time.perf_counter() < until and tally.texts < texts:
        text = drawn_text(draw, known)
        tally.texts += 1
        tally.signs += len(text)
        for law in TEXT_LAWS:
            check(law, text, tally, len(text))
        batch.append(text)
        if tally.texts % EVERY == 0:
            check(in_frames, [text[:20_000] for text in batch[-BATCH:]], tally)
            files = [drawn_file(draw, known, number) for number in range(BATCH)]
            tally.files += len(files)
            check(in_files, files, tally)
            batch.clear()
    return tally


def report(tally: Tally) -> str:
    checks = ", ".join(f"{name} {count}" for name, count in sorted(tally.checks.items()))
    lines = [f"{tally.texts} texts ({tally.signs} characters) and {tally.files} files; checks: {checks}"]
    for (law, _), (said, least) in tally.broken.items():
        lines += [f"BROKEN {law}: {said}", f"  smallest input: {least!r}"[:SHOWN]]
    return "\n".join([*lines, f"{len(tally.broken)} kinds of failure"])


def main() -> int:
    parser = argparse.ArgumentParser(description="Fuzz the road of a text.")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    tally = run(options.seed, seconds=options.seconds)
    print(report(tally))
    return 1 if tally.broken else 0


if __name__ == "__main__":
    sys.exit(main())
