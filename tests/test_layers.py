"""The one-way order of the modules: each imports only from those above it, wherever the import stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import analysis

PACKAGE = Path(analysis.__file__).parent
LONGEST = 310  # lines of a module

# From the tables to the command line. A new module is put where it belongs, and imports only from above.
ORDER = [
    "lexicon",
    "frames",
    "catalogues",
    "shown_texts",
    "languages",
    "chunks",
    "dates",
    # a file to records
    "readers.decoding",
    "readers.headings",
    "readers.fields",
    "readers.markup",
    "readers.office",
    "readers.tables",
    "readers",
    "readers.folders",
    "readers.manifests",
    "sources",
    # a text to a clean text
    "markup",
    "characters",
    "punctuation",
    "furniture",
    "glossaries",
    "bylines",
    "restoring.codepage",
    "restoring.notes",
    "restoring.likelihood",
    "restoring.page",
    "restoring.search",
    "restoring.verifying",
    "restoring",
    "openings",
    "splitting",
    "cleaning",
    "documents",
    "exporting",
    # which city speaks, and what can be trusted
    "places",
    "attributing.gazetteer",
    "attributing.mentions",
    "attributing.voices",
    "attributing.evidence",
    "attributing.verdicts",
    "attributing",
    "admission.duplicates",
    "admission.facts",
    "admission.checks",
    "admission.judging",
    "admission",
    # clean texts to counts
    "segments",
    "words",
    "new_words",
    "counts",
    "rarefying",
    "sharing",
    "recounting",
    # counts to measures
    "comparing",
    "comparing.demands",
    "comparing.units",
    "comparing.inference",
    "comparing.permutations",
    "comparing.means",
    "comparing.panels",
    "vocabularies",
    "keywords",
    "keywords.weights",
    "keywords.associations",
    "keywords.dispersions",
    "keywords.pairs",
    "keywords.sides",
    "keywords.chance",
    "keywords.contrasts",
    "keywords.captions",
    "keywords.placebos",
    "keywords.robustness",
    "keywords.choices",
    "distances",
    "distances.metrics",
    "distances.planes",
    "distances.labellings",
    "distances.likeness",
    "distances.trees",
    "distances.resamples",
    "distances.clusters",
    "topic_models",
    "topic_models.matching",
    "topic_models.models",
    "topic_models.quality",
    "topic_models.stable",
    "topic_models.shares",
    "topic_models.naming",
    "topic_models.fitting",
    "topic_models.agreeing",
    # sentences to hits
    "rhetoric",
    "rhetoric.inputs",
    "rhetoric.packing",
    "rhetoric.matching",
    "rhetoric.lexicons",
    "rhetoric.scope",
    "rhetoric.coding",
    "rhetoric.rating",
    "rhetoric.coinages",
    "rhetoric.formulas",
    "rhetoric.clauses",
    "rhetoric.parallels",
    "rhetoric.numerals",
    "rhetoric.units",
    "rhetoric.exclusions",
    "rhetoric.phrases",
    "rhetoric.zones",
    "rhetoric.horizons",
    "rhetoric.status",
    "rhetoric.pledges",
    "rhetoric.quantities",
    "rhetoric.promises",
    "rhetoric.keeping",
    "rhetoric.readings",
    "rhetoric.judging",
    "yearly_rates",
    "trends",
    "spreading",
    "spreading.turnbull",
    "spreading.sightings",
    "spreading.precedence",
    "spreading.adoption",
    "spreading.earliness",
    "spreading.tracing",
    "spreading.lending",
    "spreading.account",
    "spreading.borrowing",
    # all of it in one hand
    "features",
    "corpus",
    "building",
    "corpora",
    # measures to pictures and pages
    "site",
    "site.names",
    "site.tables",
    "notices",
    "specs",
    "evidence",
    "evidence.buttons",
    "evidence.packing",
    "evidence.sightings",
    "evidence.lines",
    "evidence.naming",
    "evidence.gathering",
    "evidence.blocks",
    "evidence.themes",
    "table_markup",
    "displaying",
    "profiling",
    "profiling.statements",
    "profiling.differences",
    "profiling.sections",
    "profiling.promised",
    "profiling.pioneers",
    "profiling.neighbours",
    "profiling.telling",
    "profiling.measured",
    "answers.said",
    "answers.between",
    "answers.since",
    "answers",
    "drawing",
    "style",
    "marks",
    "figures.alt",
    "figures.canvas",
    "figures.terms",
    "figures.matrices",
    "figures.cities",
    "figures.years",
    "figures.apart",
    "figures.chance",
    "figures.themes",
    "figures.devices",
    "figures.ledger",
    "figures.pairs",
    "figures.spread",
    "figures",
    "charts.look",
    "charts.pairs",
    "charts.maps",
    "charts.courses",
    "charts.grids",
    "charts",
    "charts.library",
    "typefaces",
    "harmless",
    "evidence.embedding",
    "bilingual",
    "provenance",
    "pages",
    "site.exploring",
    "site.meanings",
    "site.wording",
    "site.intervals",
    "site.statements",
    "site.portraits",
    "site.counted",
    "site.downloads",
    "site.kept",
    "site.assets",
    "site.cities",
    "site.stated",
    "site.front",
    "site.definitions",
    "site.methods",
    "site.checking",
    "site.parts",
    "kernels",
    "running",
    "site.book",
    "reports",
    "__main__",
]


def path_of(module: str) -> Path:
    path = PACKAGE.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def modules() -> list[str]:
    """The modules that lie in the package, but for its __init__."""
    found = [path.relative_to(PACKAGE).with_suffix("") for path in PACKAGE.rglob("*.py")]
    names = {".".join(path.parts).removesuffix(".__init__") for path in found}
    return sorted(names - {"__init__"})


def imported(module: str) -> Iterator[str]:
    """The project's modules that a module imports: at the top, in functions and for types alike."""
    inside = module.split(".") if path_of(module).name == "__init__.py" else module.split(".")[:-1]
    for node in ast.walk(ast.parse(path_of(module).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            named = [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = ["analysis", *inside][: len(inside) + 2 - node.level] if node.level else []
            named = [(".".join([*above, node.module or ""]).strip("."), alias.name) for alias in node.names]
        else:
            continue
        for source, name in named:
            yield from modules_meant(source, name)


def modules_meant(source: str, name: str) -> Iterator[str]:
    """The module that `from source import name` (or, without a name, `import source`) loads of this project."""
    if source.split(".")[0] != "analysis":
        return
    module = source.removeprefix("analysis").strip(".")
    inner = f"{module}.{name}".strip(".")
    if inner in ORDER:
        yield inner
    elif module:
        yield module
    else:
        yield f"the package itself ({name})"  # goes round the order


def test_the_reader_of_imports_sees_them_all():
    assert list(modules_meant("analysis.words", "kwic")) == ["words"]
    assert list(modules_meant("analysis", "words")) == ["words"]
    assert list(modules_meant("analysis", "kwic")) == ["the package itself (kwic)"]
    assert list(modules_meant("analysis.readers", "tables")) == ["readers.tables"]
    assert list(modules_meant("pandas", "")) == []
    assert "counts" in set(imported("keywords.weights")), "an import for types only"
    assert "reports" in set(imported("__main__")), "an import inside a function"


def test_every_module_has_its_place():
    assert sorted(ORDER) == modules()


@pytest.mark.parametrize("module", ORDER)
def test_a_module_imports_only_from_those_above(module):
    above = ORDER[: ORDER.index(module)]
    assert [name for name in imported(module) if name not in above] == []


def test_no_module_bears_a_public_name():
    """`analysis.name` would be the function or the module, whichever was loaded last."""
    assert {module.split(".")[0] for module in ORDER} & set(analysis.__all__) == set()


@pytest.mark.parametrize("module", ORDER)
def test_a_module_is_short(module):
    assert len(path_of(module).read_text("utf-8").splitlines()) <= LONGEST
