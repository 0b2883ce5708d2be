"""Write docs/reference.md, every public name with its signature and docstring, and analysis/__init__.pyi, which tells type
checkers and editors where each name lies (the package itself loads a module when one of its names is first used)."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path

import analysis

OUT = Path(__file__).with_name("reference.md")
STUB = Path(analysis.__file__).with_name("__init__.pyi")
HEAD = """# Reference

Every public name, in the order of the steps from a text to a report. All are imported from `analysis`. This page is made
from the docstrings by `python docs/build_reference.py`; `help(name)` shows the same.
How-tos: [docs/how-to](how-to/README.md).
"""
PYTHON = "```python\n{}\n```"


def reference() -> str:
    """Return the whole page."""
    parts = [HEAD, _contents()]
    for module, names in analysis._HOME.items():
        about = (import_module(f"analysis.{module}").__doc__ or "").split("\n\n")[0]
        parts.append(f"## analysis.{module}\n\n{_prose(about)}")
        parts += [_entry(name, getattr(analysis, name)) for name in names]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def stub() -> str:
    """Return the types of the package's names."""
    lines = [
        f"from analysis.{module} import {name} as {name}"
        for module, names in analysis._HOME.items()
        for name in names
    ]
    return (
        "\n".join(
            [
                "# Made by docs/build_reference.py.",
                *sorted(lines),
                "",
                "__all__: list[str]",
                "_HOME: dict[str, tuple[str, ...]]",
                "_MODULE: dict[str, str]",
            ]
        )
        + "\n"
    )


def _contents() -> str:
    every = [name.lower() for names in analysis._HOME.values() for name in names]
    rows, at = [], 0
    for module, names in analysis._HOME.items():
        links = []
        for name in names:
            again = every[:at].count(name.lower())  # `profile` and `Profile`: the second anchor gets a number
            links.append(f"[`{name}`](#{name.lower()}{f'-{again}' if again else ''})")
            at += 1
        rows.append(f"| {module} | {', '.join(links)} |")
    return "\n".join(["| step | names |", "|---|---|", *rows])


def _entry(name: str, thing: object) -> str:
    """Return the entry of a function, or of a class with its own methods and properties."""
    parts = [f"### {name}", PYTHON.format(_signature(name, thing)), _doc(thing)]
    if inspect.isclass(thing):
        parts += [_member(own, member) for own, member in vars(thing).items() if own[0] != "_"]
    return "\n\n".join(filter(None, parts))


def _member(name: str, member: object) -> str:
    """Return a method or property of a class; "" for what is neither, such as a field's default."""
    inner = (
        getattr(member, "fget", None) or getattr(member, "func", None) or getattr(member, "__func__", member)
    )
    if not inspect.isfunction(inner) or not inspect.getdoc(inner):
        return ""
    shown = (
        name
        if inner is not member and not isinstance(member, classmethod | staticmethod)
        else _signature(name, inner)
    )
    return f"#### .{name}\n\n{PYTHON.format(shown)}\n\n{_doc(inner)}"


def _signature(name: str, thing: object) -> str:
    """Return name and arguments as written, one a line where they are many."""
    # Annotations are kept as texts; a default that is one keeps its quotation marks.
    told = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(inspect.signature(thing)))  # type: ignore[arg-type]
    told = re.sub(r"<factory>", "...", told)
    if len(told) <= 90:
        return name + told
    inside, _, result = told[1:].rpartition(")")
    return f"{name}(\n" + "".join(f"    {part},\n" for part in _apart(inside)) + f"){result}"


def _apart(arguments: str) -> list[str]:
    """Part arguments at the commas outside brackets.

    >>> _apart("a: dict[str, int], *, b: int = 1")
    ['a: dict[str, int]', '*', 'b: int = 1']
    """
    parts, depth = [""], 0
    for sign in arguments:
        depth += (sign in "[(") - (sign in "])")
        if sign == "," and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]


def _doc(thing: object) -> str:
    paragraphs = (inspect.getdoc(thing) or "").split("\n\n")
    return "\n\n".join(_paragraph(paragraph) for paragraph in paragraphs)


def _paragraph(text: str) -> str:
    """Return a paragraph as Markdown: examples as code, what is drawn with blanks as it is, the rest as prose."""
    if text.lstrip().startswith(">>>"):
        return PYTHON.format(text)
    return _prose(text)


def _prose(text: str) -> str:
    """Keep signs of the text from being read as markup, but for what is set as code.

    >>> _prose("a <b> and `c*d` * e")
    'a &lt;b> and `c*d` \\\\* e'
    """
    pieces = re.split(r"(`[^`]*`)", text)
    pieces[::2] = [re.sub(r"([*_])", r"\\\1", piece.replace("<", "&lt;")) for piece in pieces[::2]]
    return "".join(pieces)


if __name__ == "__main__":
    OUT.write_text(reference(), encoding="utf-8")
    STUB.write_text(stub(), encoding="utf-8")
