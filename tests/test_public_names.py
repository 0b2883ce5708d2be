"""Every public name can be had in a fresh process; importing the package loads nothing heavy; examples in docstrings run."""

from __future__ import annotations

import doctest
import importlib
import inspect
import json
import pkgutil
import random
import subprocess
import sys

import pytest

import analysis

HEAVY = (
    "pandas",
    "numpy",
    "scipy",
    "sklearn",
    "matplotlib",
    "pyarrow",
    "jieba",
    "rjieba",
    "opencc",
    "nbconvert",
)
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(analysis.__path__, "analysis.")
    if "__main__" not in module.name
)


def fresh(code: str, *arguments: str) -> str:
    """Run code in a new interpreter and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_name_can_be_imported_in_any_order(seed):
    names = list(analysis.__all__)
    random.Random(seed).shuffle(names)
    code = """if True:
        import sys
        for name in sys.argv[1:]:
            exec(f"from analysis import {name}")
        for name in sys.argv[1:]:
            assert callable(locals()[name]), f"{name} is {locals()[name]}"
            import analysis
            assert getattr(analysis, name) is locals()[name], f"{name} is now {getattr(analysis, name)}"
        """
    fresh(code, *names)


def test_importing_the_package_loads_nothing_heavy():
    loaded = json.loads(fresh("import analysis, json, sys; print(json.dumps(sorted(sys.modules)))"))
    assert [name for name in loaded if name.split(".")[0] in HEAVY] == []
    assert [name for name in loaded if name.startswith("analysis.")] == []


@pytest.mark.parametrize("module", MODULES)
def test_a_module_loads_nothing_heavy_at_its_top(module):
    """So that `from analysis import clean` does not wait for what only a picture needs."""
    loaded = json.loads(fresh(f"import {module}, json, sys; print(json.dumps(sorted(sys.modules)))"))
    assert [name for name in loaded if name in HEAVY] == []


def test_the_package_lists_its_names():
    assert dir(analysis) == analysis.__all__ == sorted(set(analysis.__all__))


def test_an_unknown_name_is_answered_with_a_sentence():
    with pytest.raises(AttributeError, match="no attribute 'keynes'; it has .*tokeniser"):
        analysis.keynes  # noqa: B018


@pytest.mark.parametrize("name", analysis.__all__)
def test_a_public_name_is_documented(name):
    thing = getattr(importlib.import_module(f"analysis.{analysis._MODULE[name]}"), name)
    assert len(inspect.getdoc(thing) or "") > 20
    if inspect.isclass(thing):
        undocumented = [
            n for n, f in vars(thing).items() if inspect.isfunction(f) and n[0] != "_" and not f.__doc__
        ]
        assert undocumented == []


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run(name):
    module = importlib.import_module(name)
    assert module.__doc__, "a module says what it does"
    failed, _ = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = [test for name in MODULES for test in finder.find(importlib.import_module(name)) if test.examples]
    assert len(found) >= 20
