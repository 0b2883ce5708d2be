"""environment.yml, pyproject.toml and requirements.lock say the same, and the lock can be trusted. No network needed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
PYTHON = "3.12"  # the one of environment.yml
CONDA_NAMES = {"matplotlib": "matplotlib-base", "brotli": "brotli-python"}
# What an extra stands for: the lock lists these beside the package.
EXTRAS = {("fonttools", "woff"): ("brotli", "zopfli")}


def environment() -> dict:
    return yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))


def conda_lines() -> list[str]:
    return [line for line in environment()["dependencies"] if isinstance(line, str)]


def pip_lines() -> list[str]:
    (section,) = (line for line in environment()["dependencies"] if isinstance(line, dict))
    return section["pip"]


def in_environment() -> dict[str, str]:
    """Name (as in the Python package index) and version of every pinned line of environment.yml."""
    index_names = {conda: name for name, conda in CONDA_NAMES.items()}
    pins = [line.split("=", 1) for line in conda_lines() if "=" in line]
    pins += [line.split("==") for line in pip_lines() if not line.startswith("-e")]
    return {index_names.get(name, canonicalize_name(name)): version for name, version in pins}


def lock_entries() -> list[str]:
    """The entries of the lock, each with its continued lines."""
    text = (ROOT / "requirements.lock").read_text("utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip()]


def locked(python: str = PYTHON) -> dict[str, Version]:
    """Name and version of what the lock installs on Linux with this Python."""
    target = {
        **default_environment(),
        "python_version": python,
        "python_full_version": f"{python}.11",
        "sys_platform": "linux",
        "os_name": "posix",
    }
    found = {}
    for entry in lock_entries():
        requirement = Requirement(entry.split("--hash")[0].strip())
        if requirement.marker is None or requirement.marker.evaluate(target):
            (pin,) = requirement.specifier
            found[canonicalize_name(requirement.name)] = Version(pin.version)
    return found


def declared(*extras: str) -> list[Requirement]:
    """The direct dependencies of pyproject.toml, with what their extras stand for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = list(project["dependencies"])
    for extra in extras:
        lines += project["optional-dependencies"][extra]
    requirements = [Requirement(line) for line in lines]
    meant = [Requirement(name) for r in requirements for extra in r.extras for name in EXTRAS[r.name, extra]]
    return requirements + meant


def test_the_environment_has_a_name_and_one_channel():
    assert environment()["name"] == "city-rhetoric"
    assert environment()["channels"] == ["conda-forge", "nodefaults"]


@pytest.mark.parametrize("line", conda_lines())
def test_conda_reads_every_line(line):
    from rattler import MatchSpec

    spec = MatchSpec(line)
    name, _, version = line.partition("=")
    assert spec.name.normalized == name
    assert (spec.version or "") == (f"{version}.*" if version else "")


def test_every_dependency_is_in_the_environment():
    missing = {canonicalize_name(r.name) for r in declared("test")} - in_environment().keys()
    assert not missing


def test_the_environment_holds_nothing_that_is_not_asked_for():
    asked = {canonicalize_name(r.name) for r in declared("test")}
    assert in_environment().keys() - asked == {"python"}


def test_versions_are_those_of_the_lock():
    pins = {name: Version(version) for name, version in in_environment().items() if name != "python"}
    lock = locked()
    assert pins == {name: lock[name] for name in pins}


def test_the_environment_installs_the_package_itself_last():
    assert pip_lines()[-1] == "-e ."
    assert in_environment()["python"] == PYTHON


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_the_lock_satisfies_the_bounds(python):
    lock = locked(python)
    broken = [str(r) for r in declared("test", "build") if lock[canonicalize_name(r.name)] not in r.specifier]
    assert not broken


def test_the_lock_names_no_address():
    text = (ROOT / "requirements.lock").read_text("utf-8")
    assert not re.search(r"https?:|file:|--(?:extra-)?index|--find-links|(?m:^-)|@ ", text)


def test_every_entry_of_the_lock_is_pinned_and_hashed():
    loose = [
        entry.split()[0]
        for entry in lock_entries()
        if not re.match(r"[a-z0-9._-]+==\S+ .*--hash=sha256:[0-9a-f]{64}(?: |$)", entry)
    ]
    assert lock_entries()
    assert not loose


# ---- the commands


def makefile() -> str:
    return (ROOT / "Makefile").read_text("utf-8")


def test_every_command_of_make_runs_whatever_folder_bears_its_name():
    commands = set(re.findall(r"^([a-z]+):", makefile(), re.M))
    (phony,) = re.findall(r"^\.PHONY: (.+)$", makefile(), re.M)
    assert "data" in commands
    assert commands == set(phony.split())


def test_nothing_is_installed_without_its_hash():
    installs = [line.strip() for line in makefile().splitlines() if "pip install" in line]
    assert installs
    assert [line for line in installs if not re.search("--require-hashes|--no-deps", line)] == []
    assert "uv" in locked()
