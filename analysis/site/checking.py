"""What a report says, checked: its files against its manifest, its pages against figures computed again."""

from __future__ import annotations

import json
import random
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.answers import findings
from analysis.corpora import open_corpus
from analysis.languages import side_by_side
from analysis.provenance import SHIPPED, Facts, facts_from
from analysis.site.cities import CityPages
from analysis.site.front import index_body
from analysis.site.names import city_files
from analysis.site.portraits import Portraits
from analysis.site.stated import city_profiles, figures_in, stated_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from analysis.corpus import Corpus
    from analysis.provenance import Origin
    from analysis.site.stated import Stated

MANIFEST = "manifest.json"
FORM = 1  # of the manifest; another one is not read
SOME = 12  # cities whose pages are computed again, where not all are asked for
SHOWN = 5  # differences of a page that are told


def write_manifest(
    folder: Path, *, source: str, facts: Facts | None, origin: Origin, files: Iterable[str] | None = None
) -> Path:
    """Write what a report consists of and states, as the last thing that is written; return its path.

    source: the corpus as it is opened again, by name or path. files: those that the report wrote, as paths within the folder
    with /; None: all that lie there. Each stands with its sha256 and bytes; pages with the figures they state.
    """
    names = _all_files(folder) if files is None else sorted({*files} - {MANIFEST})
    contents = {name: (folder / name).read_bytes() for name in names}
    pages = {name: data.decode("utf-8") for name, data in contents.items() if name.endswith(".html")}
    told = {
        "form": FORM,
        "made_by": "city-rhetoric",
        "origin": asdict(origin),
        "corpus": {"source": source, **(asdict(facts) if facts else {})},
        "files": {
            name: {"sha256": sha256(data).hexdigest(), "bytes": len(data)} for name, data in contents.items()
        },
        "stated": {name: figures for name, text in pages.items() if (figures := figures_in(text))},
    }
    part = folder / f".{MANIFEST}.part"
    part.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.replace(folder / MANIFEST)
    return folder / MANIFEST


def _all_files(folder: Path) -> list[str]:
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in found if name != MANIFEST and not name.rpartition("/")[2].startswith("."))


@dataclass
class Checked:
    """What was found: one sentence a fault; none where the report holds."""

    faults: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return not self.faults


def verify(
    folder: str | Path,
    *,
    corpus: str | Path | None = None,
    every: bool = False,
    say: Callable[[str], None] = print,
) -> Checked:
    """Check a report: files, and the figures that its pages state, computed again from the corpus.

    corpus: where it lies now, by name or path; None: where the manifest says. every: all pages of cities, not a seeded
    choice of twelve. say: receives a sentence on each thing that is checked.

    Files are held against their sha256 in manifest.json; what pages state (`data-stated`) against the manifest, and
    against figures computed again: facts and findings of the index, statements and words of city pages. So a page that
    was changed together with the manifest fails too. Figures of notebook pages are not computed again: their files
    are held to the manifest only. Raises ValueError where there is no report, no readable manifest, or no corpus.
    """
    place = Path(folder)
    manifest = _manifest(place)
    checked = Checked()
    pages = _check_files(place, manifest, checked, say)
    _check_manifest(pages, manifest, checked, say)
    source = str(corpus if corpus is not None else manifest["corpus"].get("source", ""))
    if not source:
        say("No corpus stands behind this report as a whole: no figure can be computed again.")
        told_of = sorted(name for name, text in pages.items() if figures_in(text))
        checked.faults += [
            f"{name} states figures of a corpus that the manifest does not name." for name in told_of
        ]
        return checked
    say(f"Opening the corpus {source}")
    opened = _opened(source)
    told = str(manifest["corpus"].get("fingerprint", ""))
    if opened.fingerprint != told:
        checked.faults.append(
            f"The corpus {source} is not that of the report: its fingerprint is {opened.fingerprint}, the report's {told}."
        )
        return checked
    say(f"The corpus is the one of the report: fingerprint {told}.")
    with side_by_side():
        _check_index(pages, opened, checked, say)
        _check_cities(pages, opened, checked, say, every=every)
    return checked


# ---- what lies there


def _manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest; ValueError in a sentence where that can't be done."""
    path = folder / MANIFEST
    if not folder.is_dir():
        raise ValueError(f"{folder} is no folder. Name the folder of a report.")
    if not path.is_file():
        raise ValueError(f"{folder} has no {MANIFEST}: it is no finished report. Make one with `report`.")
    try:
        told: dict[str, Any] = json.loads(path.read_text("utf-8"))
        whole = told["form"] == FORM and all(
            isinstance(told[name], dict) for name in ("corpus", "files", "stated", "origin")
        )
        whole = whole and all({"sha256", "bytes"} <= set(of) for of in told["files"].values())
    except (ValueError, KeyError, TypeError, AttributeError):
        whole = False
    if not whole:
        raise ValueError(f"{path} can't be read as a manifest of a report. Make the report again.")
    return told


def _check_files(
    folder: Path, manifest: Mapping[str, Any], checked: Checked, say: Callable[[str], None]
) -> dict[str, str]:
    """Hold every file against its hash; return the pages that are there."""
    pages: dict[str, str] = {}
    for name, told in sorted(manifest["files"].items()):
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            checked.faults.append(f"{name} is missing.")
            continue
        data = path.read_bytes()
        if sha256(data).hexdigest() != told["sha256"]:
            checked.faults.append(
                f"{name} has changed since the report was made ({len(data):,} bytes, {told['bytes']:,} then)."
            )
        if name.endswith(".html"):
            pages[name] = data.decode("utf-8", "replace")
    others = sorted(set(_all_files(folder)) - set(manifest["files"]))
    faults = len(checked.faults)
    say(
        f"{len(manifest['files']):,} files: {'all there and unchanged' if not faults else f'{faults:,} missing or changed'}."
    )
    if others:
        say(
            f"{len(others):,} files lie there that the manifest does not list, first {others[0]}: nothing is said of them."
        )
    return pages


def _check_manifest(
    pages: Mapping[str, str], manifest: Mapping[str, Any], checked: Checked, say: Callable[[str], None]
) -> None:
    """Hold what pages state against what the manifest says they do."""
    before, n = len(checked.faults), 0
    for name, text in pages.items():
        found, told = figures_in(text), manifest["stated"].get(name, {})
        n += len(found)
        differ = sorted(key for key in {*found, *told} if found.get(key) != told.get(key))
        if differ:
            checked.faults.append(
                f"{name}: {len(differ)} figures differ from the manifest, first {differ[0]}."
            )
    faults = len(checked.faults) - before
    how = f"{faults} pages differ" if faults else "as in the manifest"
    say(f"{n:,} statements stand on {len(pages):,} pages: {how}.")


def _opened(source: str) -> Corpus:
    try:
        return open_corpus(source if source in SHIPPED else Path(source))
    except OSError as error:
        raise ValueError(f"The corpus {source} can't be opened: {error}. Name it with --corpus.") from error


# ---- what is computed again


def _check_index(
    pages: Mapping[str, str], corpus: Corpus, checked: Checked, say: Callable[[str], None]
) -> None:
    if "index.html" not in pages:
        return
    answers = any(key.startswith("finding/") for key in figures_in(pages["index.html"]))
    if not answers:  # as in a report of some notebooks alone
        say("The index answers no questions.")
    say(f"Computing the facts {'and findings ' * answers}of the index again")
    facts, found = facts_from(corpus), findings(corpus) if answers else []
    body = index_body(title="", about="", facts=facts, pages=(), found=found, corpus=corpus)
    _compare("index.html", pages["index.html"], stated_in(body), checked, say)


def _check_cities(
    pages: Mapping[str, str], corpus: Corpus, checked: Checked, say: Callable[[str], None], *, every: bool
) -> None:
    """Compute the pages of cities again, all or a choice that is the same for the same corpus."""
    cities = list(corpus.cities().index)
    files = {city: f"cities/{file}" for city, file in city_files(cities).items()}
    there = sorted(city for city in cities if files[city] in pages)
    strangers = sorted(name for name in pages if name.startswith("cities/") and name not in files.values())
    checked.faults += [f"{name} is the page of no city of this corpus." for name in strangers]
    if not there:
        return
    few = not every and len(there) > SOME
    chosen = sorted(random.Random(corpus.fingerprint).sample(there, SOME)) if few else there
    named = "、".join(chosen[:SOME]) + (" …" if len(chosen) > SOME else "")
    say(f"Computing {len(chosen)} of {len(there)} pages of cities again: {named}")
    made = CityPages(Portraits(corpus), city_profiles(corpus, chosen))
    for city in chosen:
        _compare(files[city], pages[files[city]], stated_in(made.body(city)), checked, say)


def _compare(
    name: str, page: str, computed: Mapping[str, Stated], checked: Checked, say: Callable[[str], None]
) -> None:
    """Hold what a page states against what was computed, figures and words."""
    found = stated_in(page)
    faults = [f"{name}: {key} is not on the page." for key in computed if key not in found]
    faults += [
        f"{name}: {key} is on the page, and not among what was computed."
        for key in found
        if key not in computed
    ]
    differ = {key: found[key].against(own) for key, own in computed.items() if key in found}
    faults += [f"{name}: {key}: {how}." for key, how in differ.items() if how]
    more = [f"{name}: {len(faults) - SHOWN} more of its statements differ."] if len(faults) > SHOWN else []
    checked.faults += faults[:SHOWN] + more
    how = f"{len(faults)} differ" if faults else "all as on the page"
    say(f"{name}: {len(computed):,} statements computed again, {how}.")
