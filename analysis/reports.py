"""Notebooks to a report: one HTML page each, that needs nothing from outside, and an index."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from analysis.bilingual import prose_filter, said
from analysis.harmless import harmless
from analysis.languages import side_by_side
from analysis.pages import TEMPLATES, Cells, contents, filled, page, tidy
from analysis.provenance import SHIPPED, Facts, facts_of, named_facts, today, version
from analysis.running import Run, read_notebook, run_all, with_corpus

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TITLE = "How Chinese cities talk about attracting investment"
ABOUT = (
    "A report in several pages on the language of 招商引资. Each page asks one question, shows how the answer was "
    "computed (the code unfolds), and says where it could mislead."
)


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
    """Run the notebooks and write one HTML page each and an index; return the path of the index.

    corpus: None leaves each notebook its own; a shipped corpus by name, or a file, folder or table of texts, is given
    to every notebook that has a cell tagged `parameters`. notebooks: a folder, None the project's. only: beginnings
    of file names ("03"). jobs: notebooks at a time. timeout: seconds for one cell. say: receives lines of progress.

    Notebooks are not changed. A page is complete or not there.

    Raises ValueError where there is nothing to run or the corpus can't be read; NotebookFailed, after everything is
    written, where notebooks failed.
    """
    say = say or _to_stderr
    folder = Path(notebooks).resolve() if notebooks else notebook_folder()
    every = [read_notebook(path) for path in sorted(folder.glob("[!._]*.ipynb"))]
    chosen = _chosen(every, only, folder)
    target = _made(Path(out))
    with ExitStack() as stack:
        stack.enter_context(side_by_side())
        prepared = None if corpus is None else _prepared(corpus, stack, say)
        book = _Book(every, chosen, target, folder, prepared)
        if prepared:
            book.give_corpus(prepared)
        run_all(chosen, jobs=jobs, timeout=timeout, say=say, done=book.write_page)
        index = book.write_index()
    failures = [run.error for run in chosen if run.error]
    say(f"Report: {index}")
    if failures:
        raise NotebookFailed("\n".join(failures))
    return index


def notebook_folder() -> Path:
    """Return the project's notebooks: in a clone beside the package, in an installed wheel inside it."""
    package = Path(__file__).resolve().parent
    for place in (package / "notebooks", package.parent / "notebooks"):
        if any(place.glob("*.ipynb")):
            return place
    raise ValueError(
        f"No notebooks in {package / 'notebooks'} or {package.parent / 'notebooks'}. Install again."
    )


def _chosen(every: list[Run], only: Sequence[str], folder: Path) -> list[Run]:
    """Return the notebooks to run; ValueError where there is none."""
    if not every:
        raise ValueError(f"No notebook (*.ipynb) in {folder}. Name another folder.")
    chosen = [run for run in every if not only or run.name.startswith(tuple(only))]
    if not chosen:
        names = ", ".join(run.name for run in every)
        raise ValueError(f"No notebook begins with {' or '.join(only)}. There are: {names}.")
    return chosen


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
    from tempfile import TemporaryDirectory

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


class _Book:
    """The pages of one report: what they share, and how one is written."""

    def __init__(
        self, every: list[Run], chosen: list[Run], out: Path, folder: Path, prepared: _Prepared | None
    ) -> None:
        self.every, self.chosen, self.out, self.folder, self.prepared = every, chosen, out, folder, prepared
        self.cells: dict[str, Cells] = {}
        self.injected: dict[str, Any] = {}  # by the notebook's name, the cell that gives it the corpus
        self._facts: dict[str, Facts | None] = {}
        self._lock = Lock()

    def give_corpus(self, prepared: _Prepared) -> None:
        """Point every notebook with a parameters cell to the corpus."""
        given = [(run, prepared.given_to(run)) for run in self.chosen]
        self.injected = {
            run.name: cell for run, corpus in given if corpus and (cell := with_corpus(run, corpus))
        }

    def corpus_of(self, run: Run) -> str:
        """Return the corpus that a notebook opens, "" where it names none."""
        return self.prepared.opened if self.prepared and run.name in self.injected else run.corpus

    def facts(self, source: str) -> Facts | None:
        """Return what is to be said of a corpus, None where there is none or it can't be opened."""
        with self._lock:  # two pages may be written at once
            if source not in self._facts:
                self._facts[source] = facts_of(source, self.folder) if source else None
            return self._facts[source]

    def write_page(self, run: Run) -> None:
        """Turn a notebook that has been run into its page."""
        facts = self.facts(self.corpus_of(run))
        if self.prepared and run.name in self.injected:
            # This run's own cell only: the notebooks that wait still need what was counted for them.
            self.injected[run.name].source = f"CORPUS = {self.prepared.shown!r}"
        cells = self.cells[run.name] = tidy(cells_html(run))
        at = self.chosen.index(run)
        before = self.chosen[at - 1] if at else None
        after = self.chosen[at + 1] if at + 1 < len(self.chosen) else None
        given = {
            "title": cells.title or run.title,
            "kind": "notebook",
            "body": cells.body,
            "contents": contents(cells.headings),
            "failure": run.error,
            "home": True,
            "before": _link(before),
            "after": _link(after),
        }
        self._write(f"{run.name}.html", given, facts)

    def write_index(self) -> Path:
        """Write the index of all notebooks, those that failed or were left out marked."""
        source = self.prepared.opened if self.prepared else self._commonest()
        facts = self.facts(source)
        values = {
            "title": TITLE,
            "about": ABOUT,
            "facts": named_facts(facts),
            "pages": [self._card(r, facts) for r in self.every],
        }
        body = filled("index.html.j2", values)
        return self._write("index.html", {"title": TITLE, "kind": "index", "body": body}, facts)

    def _commonest(self) -> str:
        """Return the corpus that most notebooks open."""
        sources = [run.corpus for run in self.chosen if run.corpus]
        return max(sources, key=sources.count, default="")

    def _card(self, run: Run, main: Facts | None) -> dict[str, Any]:
        """Return what the index says of one notebook."""
        cells, file = self.cells.get(run.name), f"{run.name}.html"
        if cells is None:
            earlier = (self.out / file).exists()
            mark = (
                "Left out of this run; the page is from an earlier one."
                if earlier
                else "Left out of this run."
            )
            return {"title": run.title, "state": "left-out", "mark": mark, "file": file if earlier else ""}
        facts = self.facts(self.corpus_of(run))
        other = facts.line if facts and facts != main else ""
        invented = "Invented texts about invented cities. " if other and facts and facts.invented else ""
        marked = {"state": "failed", "mark": f"Incomplete. {run.error}"} if run.error else {}
        return {
            "title": cells.title or run.title,
            "file": file,
            "question": cells.question,
            "finding": cells.finding,
            "warnings": cells.warnings,
            "corpus": invented + other,
        } | marked

    def _write(self, name: str, values: dict[str, Any], facts: Facts | None) -> Path:
        """Write a page whole, or not at all."""
        shared = {"version": version(), "made": today(), "corpus": facts.line if facts else ""}
        text, missing = page(**values, **shared, invented=bool(facts and facts.invented))
        if missing:
            _to_stderr(
                f"Note: {name} holds characters that no packaged font can draw: {' '.join(missing[:20])}"
            )
        part = self.out / f".{name}.part"
        part.write_text(text, encoding="utf-8")
        part.replace(self.out / name)
        return self.out / name


def cells_html(run: Run) -> str:
    """Return a notebook's cells and outputs as HTML, by nbconvert with the project's template."""
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    shown = [
        "text/html",
        "text/markdown",
        "image/svg+xml",
        "image/png",
        "image/jpeg",
        "text/latex",
        "text/plain",
    ]
    exporter = HTMLExporter(
        config=Config({"NbConvertBase": {"display_data_priority": shown}}),
        template_name="report",
        extra_template_basedirs=[str(TEMPLATES / "nbconvert")],
        exclude_anchor_links=True,
        embed_images=True,
    )
    dropped: Counter[str] = Counter()
    exporter.register_filter("harmless", partial(harmless, dropped=dropped))
    exporter.register_filter("markdown2html", prose_filter())
    exporter.register_filter("marked", said)
    resources = {"metadata": {"path": str(run.path.parent), "name": run.name}}
    text = str(exporter.from_notebook_node(run.notebook, resources=resources)[0])
    if dropped:
        told = ", ".join(f"{name} ({n})" for name, n in sorted(dropped.items()))
        _to_stderr(f"Note: {run.name}: left out of the page, as it could act or load from outside: {told}.")
    return text


def _link(run: Run | None) -> dict[str, str] | None:
    """Return file and title of a neighbouring page."""
    return {"file": f"{run.name}.html", "title": run.title} if run else None


def _to_stderr(line: str) -> None:
    sys.stderr.write(line + "\n")  # in one piece: two notebooks may speak at once
    sys.stderr.flush()
