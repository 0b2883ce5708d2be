"""Notebooks to a report: one HTML page each, that needs nothing from outside, and an index."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from analysis.languages import shown_first, side_by_side
from analysis.provenance import SHIPPED
from analysis.provenance import version as version
from analysis.running import Run, read_notebook, run_all, with_corpus
from analysis.site.book import Book, tell
from analysis.site.book import cells_html as cells_html
from analysis.site.parts import PARTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

START = "00_start.ipynb"  # leads a reader in JupyterLab to the others; the report has its index instead


class NotebookFailed(RuntimeError):
    """Some notebooks failed; the report is written all the same, with the failures shown. One sentence each."""


def report(
    corpus: str | Path | None = None,
    out: str | Path = "reports",
    *,
    notebooks: str | Path | None = None,
    only: Sequence[str] = (),
    jobs: int | None = None,
    timeout: int = 900,
    say: Callable[[str], None] | None = None,
) -> Path:
    """Run the notebooks and write the report's site; return the path of its index.

    The site: an index, one page a notebook, a page for each city with a list of them, a comparison of any two, methods, and
    tables to download; as much of it as the corpus supports. It needs no network and works from a folder.

    corpus: None leaves each notebook its own; a shipped corpus by name, or a file, folder or table of texts, is given
    to every notebook that has a cell tagged `parameters`. notebooks: a folder, None the project's. only: beginnings
    of file names ("03") or of parts ("cities", "compare", "methods", "data"). jobs: notebooks at a time. timeout: seconds
    for one cell. say: receives lines of progress.

    The environment's REPORT_LANG says which language is shown first, en or zh. Notebooks are not changed. A page is
    complete or not there. What an earlier report left of the same parts is removed where its manifest.json names it.

    Raises ValueError where there is nothing to run or the corpus can't be read; NotebookFailed, after everything is
    written, where notebooks failed.
    """
    say = say or tell
    shown_first()  # an unknown language is said before the work
    folder = Path(notebooks).resolve() if notebooks else notebook_folder()
    every = [read_notebook(path) for path in sorted(folder.glob("[!._]*.ipynb")) if path.name != START]
    chosen, parts = _chosen(every, only, folder)
    target = _made(Path(out))
    with ExitStack() as stack:
        stack.enter_context(side_by_side())
        prepared = None if corpus is None else _prepared(corpus, stack, say)
        tables = Path(stack.enter_context(TemporaryDirectory()))
        book = Book(every, chosen, parts, target, folder)
        book.parameters = {"only": " ".join(only)}
        done = partial(_write_page, book, tables, _give_corpus(book, prepared), prepared)
        run_all(chosen, jobs=jobs, timeout=timeout, say=say, done=done, tables=tables)
        index = book.write_site(say)
        book.finish()
    failures = [run.error for run in chosen if run.error]
    say(f"Report: {index}")
    if failures:
        raise NotebookFailed("\n".join(failures))
    return index


def _give_corpus(book: Book, prepared: _Prepared | None) -> dict[str, Any]:
    """Point every notebook with a parameters cell to the corpus; return these cells by the notebook's name."""
    if prepared is None:
        return {}
    book.asked, book.shown = prepared.opened, prepared.shown
    given = [(run, prepared.given_to(run)) for run in book.chosen]
    cells = {run.name: cell for run, corpus in given if corpus and (cell := with_corpus(run, corpus))}
    book.given = dict.fromkeys(cells, prepared.opened)
    return cells


def _write_page(
    book: Book, tables: Path, injected: dict[str, Any], prepared: _Prepared | None, run: Run
) -> None:
    """Write the page of a notebook that has been run, in which the corpus has the name that the reader knows."""
    if prepared and run.name in injected:
        # This run's own cell only: the notebooks that wait still need what was counted for them.
        injected[run.name].source = f"CORPUS = {prepared.shown!r}"
    book.write_page(run, tables)


def notebook_folder() -> Path:
    """Return the project's notebooks: in a clone beside the package, in an installed wheel inside it."""
    package = Path(__file__).resolve().parent
    for place in (package / "notebooks", package.parent / "notebooks"):
        if any(place.glob("*.ipynb")):
            return place
    raise ValueError(
        f"No notebooks in {package / 'notebooks'} or {package.parent / 'notebooks'}. Install again."
    )


def _chosen(every: list[Run], only: Sequence[str], folder: Path) -> tuple[list[Run], list[str]]:
    """Return the notebooks to run and the parts of the site to make; ValueError where there is neither."""
    if not every:
        raise ValueError(f"No notebook (*.ipynb) in {folder}. Name another folder.")
    chosen = [run for run in every if not only or run.name.startswith(tuple(only))]
    parts = [name for name in PARTS if not only or name.startswith(tuple(only))]
    if not chosen and not parts:
        names = ", ".join([*(run.name for run in every), *PARTS])
        raise ValueError(f"No notebook or part begins with {' or '.join(only)}. There are: {names}.")
    return chosen, parts


def _made(out: Path) -> Path:
    """Make the folder of the report; ValueError where that can't be done."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(
            f"The folder {out} for the report can't be made: {error.strerror}. Name another."
        ) from error
    return out


@dataclass(frozen=True)
class _Prepared:
    """A corpus that was asked for: what `open_corpus` opens, what the pages show for it, and whether that has texts.

    Opened and shown differ where texts were counted into a scratch folder: once for all notebooks.
    """

    opened: str
    shown: str
    texts: bool

    def given_to(self, run: Run) -> str:
        """Return what a notebook gets as its corpus: counted, if it opens one; the texts, if it reads them itself.

        "" for a notebook that reads texts where there are only counts: it stays with its own.
        """
        if "open_corpus(" in run.code:
            return self.opened
        return self.shown if self.texts else ""


def _prepared(corpus: str | Path, stack: ExitStack, say: Callable[[str], None]) -> _Prepared:
    """Read and count texts once, for all notebooks; a corpus that is counted already is taken as it is."""
    from analysis.corpora import build_corpus

    if str(corpus) in SHIPPED:
        return _Prepared(str(corpus), str(corpus), texts=str(corpus) == "sample")
    path = Path(corpus).expanduser().resolve()
    if not str(corpus).strip() or not path.exists():
        raise ValueError(
            f"There is no corpus {str(corpus)!r}: no such file or folder, nor one of {', '.join(SHIPPED)}."
        )
    if (path / "about.json").is_file():
        return _Prepared(str(path), str(path), texts=False)
    say(f"Reading, cleaning and counting {path}")
    scratch = Path(stack.enter_context(TemporaryDirectory())) / path.stem
    return _Prepared(str(build_corpus(path, scratch, texts=True)), str(path), texts=True)
