"""Which files of a folder are documents, and why the others are not."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from analysis.readers import READERS

# What is not about the folder's subject but about the folder.
ABOUT_THE_FOLDER = (
    "readme",
    "license",
    "licence",
    "source",
    "notice",
    "copying",
    "changelog",
    "contributing",
)
TEMPORARY = "is a temporary file of an office program; close the program or delete it"
CONVERT = {
    "save it as .docx": ".doc .wps .rtf .odt .dot .docm .pages",
    "save it as .xlsx or .csv": ".xls .et .ods .xlsb .xlsm .numbers",
    "write it as .jsonl, one object a line": ".json",
    "export it as PDF": ".caj .ofd .ppt .pptx .epub .djvu .nh .kdh",
    "save it as .html": ".mht .mhtml .xhtml .shtml",
    "unpack it": ".zip .rar .7z .gz .tar .tgz",
    "run text recognition (OCR) on it": ".jpg .jpeg .png .tif .tiff .bmp .gif .webp",
}
ADVICE = {suffix: advice for advice, suffixes in CONVERT.items() for suffix in suffixes.split()}


@dataclass
class Survey:
    """Files to read, each with the folder that its name is told from, and what is left out."""

    files: list[tuple[Path, Path]] = field(default_factory=list)
    left_out: list[dict[str, str]] = field(default_factory=list)

    def leave_out(self, path: Path | str, reason: str) -> None:
        """Note why a file is not read."""
        self.left_out.append({"path": Path(path).as_posix(), "reason": reason})


def survey(sources: list[Path]) -> Survey:
    """Look through files and folders (deep, sorted by path) for what can be read; no file is opened."""
    found = Survey()
    for source in sources:
        if source.is_dir():
            _survey_folder(source, found)
        elif source.is_file():
            _take(source, source.parent, found, named=True)
        elif source.is_symlink():
            found.leave_out(source, "is a link to nothing; mend or delete it")
        else:
            found.leave_out(source, "does not exist; check the spelling of the path")
    return _once(found)


def _survey_folder(root: Path, found: Survey) -> None:
    seen = {os.path.realpath(root)}

    def refused(problem: OSError) -> None:
        found.leave_out(problem.filename, "is a folder that can't be opened; check its permissions")

    files: list[Path] = []
    for here, folders, names in os.walk(root, followlinks=True, onerror=refused):
        folders[:] = [name for name in sorted(folders) if _enter(Path(here, name), root, seen, found)]
        files += [Path(here, name) for name in names]
    for path in sorted(files, key=lambda path: path.relative_to(root).as_posix()):
        _take(path, root, found)


def _enter(folder: Path, root: Path, seen: set[str], found: Survey) -> bool:
    """Go into a folder once; hidden ones and links back to where one came from are left out."""
    relative = folder.relative_to(root)
    real = os.path.realpath(folder)
    if folder.name.startswith((".", "__MACOSX")):
        found.leave_out(relative, "is a hidden folder")
    elif real in seen:
        found.leave_out(relative, "is a link to a folder that is read already")
    else:
        seen.add(real)
        return True
    return False


def _take(path: Path, root: Path, found: Survey, *, named: bool = False) -> None:
    """Put a file on the list, or say why not; a file that the user named is not refused for its name alone."""
    reason = _refusal(path, named=named)
    if reason:
        found.leave_out(path.relative_to(root), reason)
    else:
        found.files.append((path, root))


def _refusal(path: Path, *, named: bool) -> str | None:
    name, suffix = path.name, path.suffix.lower()
    if name.startswith(("~$", ".~")):
        return TEMPORARY
    if path.is_symlink() and not path.exists():
        return "is a link to nothing; mend or delete it"
    if not named and name.startswith("."):
        return "is a hidden file"
    if not named and suffix in ("", ".txt", ".md", ".rst") and name.lower().startswith(ABOUT_THE_FOLDER):
        return "describes the folder and is not a document; name it by itself to read it"
    if suffix in READERS:
        return None
    advice = ADVICE.get(suffix, "save it as .txt, .docx, .pdf or .csv")
    return f"is of a type that is not read ({suffix or 'no suffix'}); {advice}"


def _once(found: Survey) -> Survey:
    """A file that is named twice, or lies in a folder that is named too, is read once."""
    seen: set[str] = set()
    files = []
    for path, root in found.files:
        real = os.path.realpath(path)
        if real in seen:
            found.leave_out(path.relative_to(root), "is read already under another name")
            continue
        seen.add(real)
        files.append((path, root))
    found.files = files
    return found
