"""The command line: python -m analysis report | read | clean | admit | features | verify."""

from __future__ import annotations

import argparse
import dis
import os
import re
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

TABLES = (".parquet", ".csv", ".jsonl")
OTHER_FILES = (".txt", ".md", ".tsv", ".xlsx", ".json", ".html", ".docx")  # no names for a folder


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0: all went well; 1: something failed, was set aside or does not hold; 2: wrong input."""
    given = _parser().parse_args(arguments)
    warnings.showwarning = _as_sentence
    try:
        _refuse_empty(given)
        code: int = given.run(given) or 0
    except KeyboardInterrupt:
        return _said("Stopped.", 130)
    except Exception as error:
        if given.debug:
            raise
        return _failed(error)
    return code


def _failed(error: Exception) -> int:
    """Say in a sentence what went wrong and return the exit code."""
    if type(error).__name__ == "NotebookFailed":
        return _said(f"Some notebooks failed; their pages show how far they came.\n{error}", 1)
    is_sentence = isinstance(error, OSError) or (isinstance(error, ValueError) and _is_ours(error))
    if is_sentence and str(error):
        return _said(str(error), 2)
    return _said(f"Unexpected {type(error).__name__}: {error}. Run again with --debug to see where.", 2)


def _is_ours(error: Exception) -> bool:
    """Return True for an error that a `raise` in this package made: its words are meant for the user.

    An error that came up by itself, such as too few values to unpack, or in a library, says nothing to them.
    """
    if (
        type(error.__cause__).__name__ == "_RemoteTraceback"
    ):  # came from another process, with its traceback as text
        *_, (file, line) = [
            ("", ""),
            *re.findall(r'^ *File "(.+)", line .*\n *(.*)', str(error.__cause__), re.M),
        ]
        return _is_of_package(file) and line.startswith("raise")
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None or not _is_of_package(last.tb_frame.f_code.co_filename):
        return False
    return last.tb_frame.f_code.co_code[last.tb_lasti] == dis.opmap["RAISE_VARARGS"]


def _is_of_package(file: str) -> bool:
    """Return True for a file of this package."""
    return Path(file).resolve().is_relative_to(Path(__file__).resolve().parent)


def _refuse_empty(given: argparse.Namespace) -> None:
    """Raise ValueError where a name is empty: it would mean the folder one is in, or nothing at all."""
    for name, value in vars(given).items():
        values = value if isinstance(value, list) else [value]
        if any(isinstance(part, str) and not part.strip() for part in values):
            raise ValueError(
                f"{name} is an empty text. Name it, or leave it out; a dot means the folder you are in."
            )


def _check_out(out: str, *, folder: bool) -> None:
    """Raise ValueError, before the work, where a result can't be written afterwards."""
    path = Path(out)
    if path.exists() and path.is_dir() != folder:
        there, wanted = ("a file", "a folder") if folder else ("a folder", "a file")
        raise ValueError(f"--out {out} is {there}, but {wanted} is to be written. Name another.")
    above = next(place for place in path.absolute().parents if place.exists())
    if not above.is_dir():
        raise ValueError(f"--out {out} can't be written: {above} is a file, not a folder. Name another.")
    if not folder and path.suffix.lower() not in TABLES:
        raise ValueError(f"{out} has no ending that says what to write. Use one of {', '.join(TABLES)}.")


def _said(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


def _as_sentence(message: Warning | str, *_: Any, **__: Any) -> None:
    """Show a warning without the line of code that gave it."""
    sys.stderr.write(f"Note: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m analysis", description=sys.modules["analysis"].__doc__)
    parser.add_argument("--version", action=_Version)
    commands = parser.add_subparsers(required=True, metavar="command")

    command = _command(commands, "report", _report, "run the notebooks and write the HTML report")
    command.add_argument("corpus", nargs="?", help="a shipped corpus by name, or a file or folder of texts")
    command.add_argument("--out", default="reports", help="folder of the report (default: reports)")
    command.add_argument(
        "--only",
        action="append",
        default=[],
        help="beginning of a notebook's or part's name, such as 03 or cities",
    )
    command.add_argument("--notebooks", help="another folder of notebooks")
    command.add_argument(
        "--lang", choices=("en", "zh"), help="language shown first (default: REPORT_LANG, or en)"
    )
    command.add_argument("--jobs", type=_jobs, help="notebooks at a time (default: 2)")

    table = f"table to write, ending in {', '.join(TABLES)}"
    for name, run, what, out in (
        ("read", _read, "read documents into one table", table),
        ("clean", _clean, "restore, divide and clean texts", f"new folder to write texts to, or a {table}"),
        ("admit", _admit, "tell which documents a comparison can trust", f"findings: a {table}"),
    ):
        command = _command(commands, name, run, what)
        command.add_argument("source", nargs="+", help="files, folders or tables of texts")
        command.add_argument("--out", required=name != "admit", help=out)
        command.add_argument("--manifest", help="table that overrides what is known of the documents")
    command.add_argument("--places", help="table of places that data/places.csv lacks")
    command.add_argument("--jobs", type=_jobs, default=2, help="processes (default: 2)")

    command = _command(commands, "features", _features, "count words and write them without the texts")
    command.add_argument("source", help="a file or folder of texts")
    command.add_argument("--out", required=True, help="folder to write")
    command.add_argument("--texts", action="store_true", help="keep the clean texts too")
    command.add_argument("--jobs", type=_jobs, default=2, help="processes (default: 2)")
    command.add_argument("--manifest", help="table that overrides what is known of the documents")
    command.add_argument("--places", help="table of places that data/places.csv lacks")
    command.add_argument("--where", help="count only documents that fulfil this, such as \"level == 'city'\"")
    command.add_argument("--all", action="store_true", help="count also what admission would set aside")
    command.add_argument("--title", help="what a report calls the corpus")

    command = _command(
        commands, "verify", _verify, "check a report: its files, and its figures computed again"
    )
    command.add_argument(
        "folder", nargs="?", default="reports", help="folder of the report (default: reports)"
    )
    command.add_argument(
        "--corpus", help="where its corpus lies now, by name or path (default: as the report says)"
    )
    command.add_argument(
        "--all", action="store_true", help="every page of a city, not a seeded choice of twelve"
    )
    return parser


def _command(commands: Any, name: str, run: Any, what: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=what, description=f"{name}: {what}.")
    command.add_argument("--debug", action="store_true", help="show where an error came from")
    command.set_defaults(run=run)
    return command


def _jobs(given: str) -> int:
    """Read a number of processes; argparse makes a sentence of the error."""
    if not given.isdecimal() or int(given) < 1:
        raise argparse.ArgumentTypeError(f"{given!r} is no number of processes; give 1 or more")
    return int(given)


class _Version(argparse.Action):
    """Print the version; looked up only when asked for."""

    def __init__(self, option_strings: list[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="show the version")

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from analysis.reports import version

        print(version())
        parser.exit()


def _report(given: argparse.Namespace) -> None:
    from analysis.reports import report

    if given.lang:
        os.environ["REPORT_LANG"] = given.lang  # the kernels read it there too
    report(given.corpus, given.out, notebooks=given.notebooks, only=given.only, jobs=given.jobs)


def _read(given: argparse.Namespace) -> None:
    from analysis.sources import read_documents

    _check_out(given.out, folder=False)
    _write(read_documents(_sources(given), manifest=given.manifest), given.out)


def _clean(given: argparse.Namespace) -> None:
    from analysis.documents import clean_documents
    from analysis.exporting import write_texts
    from analysis.sources import read_documents

    folder = Path(given.out).suffix.lower() not in (*TABLES, *OTHER_FILES)
    _check_out(given.out, folder=folder)
    cleaned = clean_documents(read_documents(_sources(given), manifest=given.manifest))
    if folder:
        print(f"{len(cleaned):,} documents: {write_texts(cleaned, given.out)}")
    else:
        _write(cleaned.drop(columns=["changes", "sites"]), given.out)


def _admit(given: argparse.Namespace) -> int:
    from analysis.admission import admit
    from analysis.sources import read_documents

    if given.out:
        _check_out(given.out, folder=False)
    documents = read_documents(_sources(given), manifest=given.manifest)
    admission = admit(documents, manifest=given.manifest, places=given.places, jobs=given.jobs)
    print(admission)
    if given.out:
        _write(admission.findings, given.out, "findings")
    return 1 if len(admission.quarantine) else 0


def _sources(given: argparse.Namespace) -> Any:
    """Return one source as it is, several as a list."""
    return given.source[0] if len(given.source) == 1 else given.source


def _features(given: argparse.Namespace) -> None:
    from analysis.corpora import build_corpus

    _check_out(given.out, folder=True)
    about = {"title": given.title} if given.title else {}
    names = ("texts", "jobs", "manifest", "places", "where")
    chosen = {name: getattr(given, name) for name in names} | {"quarantine": not given.all}
    print(f"Features: {build_corpus(given.source, given.out, **chosen, **about)}")


def _verify(given: argparse.Namespace) -> int:
    from analysis.site.checking import verify

    checked = verify(given.folder, corpus=given.corpus, every=given.all)
    for fault in checked.faults:
        print(f"FAULT: {fault}", file=sys.stderr)
    print("The report holds." if checked else f"The report does not hold: {len(checked.faults)} faults.")
    return 0 if checked else 1


def _write(frame: pd.DataFrame, out: str, rows: str = "documents") -> None:
    """Write a table whole, or not at all, in the format that its name ends in."""
    path = Path(out)
    ending = path.suffix.lower()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    if ending == ".parquet":
        frame.to_parquet(part, index=False)
    elif ending == ".csv":
        frame.to_csv(part, index=False)
    else:
        frame.to_json(part, orient="records", lines=True, force_ascii=False)
    part.replace(path)
    print(f"{len(frame):,} {rows}: {path}")


if __name__ == "__main__":
    sys.exit(main())
