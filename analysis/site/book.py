"""One report: the pages of its notebooks, its index, and the parts of its site, all of which know of each other."""

from __future__ import annotations

import json
import sys
from collections import Counter
from functools import partial
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Any

from analysis import corpora
from analysis.answers import findings
from analysis.bilingual import prose_filter, said
from analysis.evidence.embedding import with_evidence
from analysis.evidence.gathering import Evidence
from analysis.harmless import harmless
from analysis.languages import shown_first
from analysis.pages import TEMPLATES, Cells, contents, page, tidy
from analysis.provenance import SHIPPED, Facts, facts_from, origin_of
from analysis.site.checking import MANIFEST, write_manifest
from analysis.site.front import index_body
from analysis.site.kept import Kept, keep_tables
from analysis.site.parts import PARTS, Site, frame_of
from analysis.site.tables import write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from analysis.corpus import Corpus
    from analysis.running import Run

TITLE = "How Chinese cities talk about attracting investment"
ABOUT = (
    "A report in several pages on the language of 招商引资. Each page asks one question, shows how the answer was "
    "computed (the code unfolds), and says where it could mislead."
)


class Book:
    """The pages of one report: what they share, and how one is written."""

    def __init__(
        self, every: list[Run], chosen: list[Run], parts: Sequence[str], out: Path, folder: Path
    ) -> None:
        """Begin a report. every: all notebooks; chosen: those that are run; parts: those of the site that are made."""
        self.every, self.chosen, self.parts, self.out, self.folder = every, chosen, parts, out, folder
        self.cells: dict[str, Cells] = {}
        self.kept: dict[str, list[Kept]] = {}
        self.written: list[str] = []
        self.given: dict[str, str] = {}  # by the notebook's name, the corpus it is given
        self.shown = ""  # the corpus that was asked for, as the reader knows it
        self.asked = ""  # the same as it is opened
        self.parameters: dict[str, object] = {}
        self._corpora: dict[str, Corpus | None] = {}
        self._evidence: dict[str, Evidence] = {}
        self._lock = Lock()

    # ---- corpora

    def corpus_of(self, run: Run) -> str:
        """Return the corpus that a notebook opens, "" where it names none."""
        return self.given.get(run.name) or run.corpus

    @property
    def main(self) -> str:
        """The corpus of the site: the one that was asked for, else the one that most notebooks open."""
        sources = [run.corpus for run in self.chosen or self.every if run.corpus]
        return self.asked or max(sources, key=sources.count, default="")

    def corpus(self, source: str) -> Corpus | None:
        """Open a corpus once for all pages; None where there is none or it can't be opened, which is said."""
        with self._lock:  # two pages may be written at once
            if source not in self._corpora:
                self._corpora[source] = self._opened(source)
            return self._corpora[source]

    def _opened(self, source: str) -> Corpus | None:
        if not source:
            return None
        try:
            return corpora.open_corpus(source if source in SHIPPED else self.folder / source)
        except (ValueError, OSError) as error:
            tell(f"Note: The corpus {source} could not be opened for the footers: {error}")
            return None

    def facts(self, source: str) -> Facts | None:
        """Return what is to be said of a corpus, None where there is none or it can't be opened."""
        opened = self.corpus(source)
        return facts_from(opened) if opened is not None else None

    def _evidence_of(self, source: str) -> Evidence | None:
        opened = self.corpus(source)
        if opened is None:
            return None
        with self._lock:
            if source not in self._evidence:
                self._evidence[source] = Evidence(opened)
            return self._evidence[source]

    def origin(self, facts: Facts | None) -> Any:
        """Return what a page or table says of where it comes from."""
        return origin_of(facts, language=shown_first(), **self.parameters)

    # ---- notebooks

    def write_page(self, run: Run, tables: Path) -> None:
        """Turn a notebook that has been run into its page. tables: where the kernels left the tables they showed."""
        source = self.corpus_of(run)
        facts = self.facts(source)
        origin = self.origin(facts)
        cells = tidy(cells_html(run))
        body = self._with_evidence(cells.body, source)
        self.kept[run.name] = keep_tables(tables, self.out, run.name, origin.line)
        self.written += [table.file for table in self.kept[run.name]]
        at = self.chosen.index(run)
        before = self.chosen[at - 1] if at else None
        after = self.chosen[at + 1] if at + 1 < len(self.chosen) else None
        values = self._frame(f"{run.name}.html", facts) | {
            "title": cells.title or run.title,
            "kind": "notebook",
            "body": body,
            "contents": contents(cells.headings),
            "failure": run.error,
            "before": _link(before),
            "after": _link(after),
        }
        text, missing = page(**values)
        _tell_missing(run.name, missing)
        write_text(self.out / f"{run.name}.html", text)
        self.written.append(f"{run.name}.html")
        self.cells[run.name] = cells

    def _with_evidence(self, body: str, source: str) -> str:
        evidence = self._evidence_of(source)
        with self._lock:  # its tables are indexed when first asked for
            return with_evidence(body, evidence)

    def _frame(self, name: str, facts: Facts | None) -> dict[str, Any]:
        """Return what frames a page: links, footer, origin."""
        return frame_of(name, facts, self.origin(facts), self.there)

    @property
    def there(self) -> list[str]:
        """The parts that the report has when it is done: made now, or in an earlier run."""
        return [name for name in PARTS if name in self.parts or (self.out / f"{name}.html").is_file()]

    # ---- the site

    def write_site(self, say: Callable[[str], None]) -> Path:
        """Make the parts of the site and the index, and write them with what they share; return the index."""
        source = self.main
        corpus, facts = self.corpus(source), self.facts(source)
        shared: dict[str, Any] = {
            "origin": self.origin(facts),
            "there": self.there,
            "evidence": self._evidence_of(source),
        }
        site = Site(corpus, facts, self.out, say=say, **shared)
        site.make(self.parts, self.kept, {run.name: self._title(run) for run in self.every})
        answered = findings(corpus) if corpus is not None and self.parts else []
        body = index_body(
            title=TITLE,
            about=ABOUT,
            facts=facts,
            pages=[self._card(run, facts) for run in self.every],
            found=answered,
            corpus=corpus if self.parts else None,
            site=self.there,
            cities=site.listed,
        )
        site.add_page("index.html", "index", {"title": TITLE, "body": body})
        _tell_missing("the site", site.shelf.write())
        self.written += site.tables + site.shelf.written
        return self.out / "index.html"

    def _title(self, run: Run) -> str:
        cells = self.cells.get(run.name)
        return cells.title if cells and cells.title else run.title

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
            "title": self._title(run),
            "file": file,
            "question": cells.question,
            "finding": cells.finding,
            "warnings": cells.warnings,
            "corpus": invented + other,
        } | marked

    # ---- the end

    def finish(self) -> None:
        """Remove what an earlier run wrote and this one would have written anew, and write the manifest."""
        earlier = _written_before(self.out)
        stale = {name for name in earlier if self._is_of_this_run(name)} - set(self.written)
        for name in sorted(stale):
            path = self.out / name
            if (
                path.is_file() and sha256(path.read_bytes()).hexdigest() == earlier[name]
            ):  # changed by hand: not ours
                path.unlink()
        kept = [name for name in earlier if name not in stale and (self.out / name).is_file()]
        facts = self.facts(self.main)
        files = sorted({*self.written, *kept})
        write_manifest(
            self.out, source=self.shown or self.main, facts=facts, origin=self.origin(facts), files=files
        )

    def _is_of_this_run(self, name: str) -> bool:
        """Return True for files of the parts and notebooks that were made now."""
        if name.startswith("cities/"):
            return "cities" in self.parts
        notebooks = tuple(f"data/{run.name}-" for run in self.chosen)
        if name.startswith("data/"):
            return name.startswith(notebooks) or ("data" in self.parts and name.count("-") == 0)
        return False


def cells_html(run: Run) -> str:
    """Return a notebook's cells and outputs as HTML, by nbconvert with the project's template."""
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    pictures = ["image/svg+xml", "image/png", "image/jpeg"]
    shown = ["text/html", "text/markdown", *pictures, "text/latex", "text/plain"]
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
        tell(f"Note: {run.name}: left out of the page, as it could act or load from outside: {told}.")
    return text


def tell(line: str) -> None:
    """Say a line to whoever waits for the report."""
    sys.stderr.write(line + "\n")  # in one piece: two notebooks may speak at once
    sys.stderr.flush()


def _tell_missing(name: str, missing: Sequence[str]) -> None:
    if missing:
        tell(f"Note: {name} holds characters that no packaged font can draw: {' '.join(missing[:20])}")


def _written_before(out: Path) -> dict[str, str]:
    """Return the files that an earlier run wrote, with their hashes; {} where no manifest can be read."""
    try:
        told = json.loads((out / MANIFEST).read_text("utf-8"))["files"]
        return {str(name): str(about["sha256"]) for name, about in told.items() if ".." not in name}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _link(run: Run | None) -> dict[str, str] | None:
    """Return file and title of a neighbouring page."""
    return {"file": f"{run.name}.html", "title": run.title} if run else None
