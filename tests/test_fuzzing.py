"""A seeded slice of the fuzz run; and that the run itself would tell of a broken law."""

from pathlib import Path

import fuzzing
import pytest
from fuzzing import TEXT_LAWS, Broken, complaint, in_files, report, run, smallest
from mutations import drawn_file, drawn_text, seeds

SECONDS = 4.0


def test_a_slice_of_the_fuzz_run_breaks_no_law() -> None:
    tally = run(20261122, seconds=SECONDS, texts=600)
    assert not tally.broken, report(tally)
    assert tally.texts >= 10


def test_the_same_seed_draws_the_same() -> None:
    import random

    known = seeds()
    drawn = [[drawn_text(draw, known) for _ in range(40)] for draw in (random.Random(5), random.Random(5))]
    assert drawn[0] == drawn[1]
    assert drawn_file(random.Random(6), known, 0) == drawn_file(random.Random(6), known, 0)
    assert len(set(drawn[0])) > 30


def test_a_broken_law_is_found_and_its_input_made_small(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_brackets(text: str) -> None:
        if "（" in text:
            raise Broken("a bracket")

    monkeypatch.setattr(fuzzing, "TEXT_LAWS", (no_brackets,))
    tally = run(1, texts=30)
    assert tally.broken == {("no_brackets", "a bracket"): ("a bracket", "（")}
    assert "BROKEN no_brackets: a bracket" in report(tally)


def test_crashes_and_bare_errors_count_and_sentences_do_not() -> None:
    def crash(text: str) -> None:
        raise KeyError(text)

    assert complaint(crash, "甲") == "KeyError: '甲'"
    assert smallest(crash, "甲乙丙", complaint(crash, "甲乙丙"))

    def refuse(text: str) -> None:
        raise ValueError(text)

    refused = "甲 has no column text; rename it."
    assert complaint(refuse, refused) == f"ValueError: {refused}"  # a function of one text takes any text


def test_a_folder_of_rubbish_is_refused_in_a_sentence(tmp_path: Path) -> None:
    assert complaint(in_files, [("a.txt", b""), ("b.bin", b"\x00\x01")]) == ""


@pytest.mark.parametrize(
    "text", ["", "甲", "\n\n", "(" * 1000 + ")" * 1000, "\ud800", "\u202e招商\u202c", "招" * 200_000]
)
@pytest.mark.parametrize("law", TEXT_LAWS, ids=lambda law: law.__name__)
def test_laws_on_the_hostile_texts_that_were_asked_for(law, text: str) -> None:
    assert complaint(law, text, len(text)) == ""
