"""How well attribution, admission and lifted metadata agree with a reader of 228 files.

    python tests/scoring.py attribution|admission|metadata [../shared/corpus]    reads, runs the step, prints the table

`tests/cases/attribution.json`, `admission.json` and `metadata.json` hold the judgements; `tests/draw_cases.py`
tells how the files were drawn. Nothing may be tuned on these cases: they are for the figure that is reported.
"""

from __future__ import annotations

import hashlib
import json
import re
import runpy
import sys
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    Case = dict[str, Any]
    Row = dict[str, Any]

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "cases"
REPORTS = "lawtext-gov"
ALL = "all reports, weighted"
KINDS = ("attribution", "admission", "metadata")
# Which checks answer to a problem that the reader named otherwise.
CHECKS = {
    "damage_left": ("damage", "repeated"),
    "abridgement": ("abridged",),
    "december_delivery": ("delivered",),
    "glossary_tail": ("glossary",),
    "missing_date": ("missing: date",),
    "missing_speaker": ("missing: speaker",),
    "national": ("other_tier: central",),
    "provincial": ("other_tier: province",),
    "too_short": ("short",),
    "script_mix": ("script",),
}
FIELDS = ("title", "date", "speaker", "office", "publisher", "published", "editor")
# A place's name and what it is before the office itself: 霁川市人民政府代市长 is 代市长.
_RANK = re.compile("(?:代理|代|常务副|副)?(?:市长|州长|盟长|专员|区长|县长|书记|主任)$")


def load(kind: str, source: str = REPORTS) -> list[Case]:
    """The cases of one kind and source (lawtext-gov, docx, web_pages), each with its `weight`.

    A random report stands for those that no other stratum holds; every other case stands for itself.
    """
    if kind not in KINDS:
        raise ValueError(f"There is no kind {kind!r}. Take one of {', '.join(KINDS)}.")
    content = json.loads((CASES / f"{kind}.json").read_text(encoding="utf-8"))
    sizes = content["header"]["strata"][REPORTS]
    beyond = sizes["reports"] - sizes["screened"] - sizes["census"]
    weight = beyond / sizes["random beyond the others"]
    cases = [case for case in content["cases"] if case["source"] == source]
    return [case | {"weight": weight if case["stratum"] == "random" else 1.0} for case in cases]


def share(pairs: list[tuple[float, bool]]) -> tuple[float, float, float]:
    """Weighted share of True with its 95 % Wilson interval at Kish's effective number, as benchmarks/passages.py has it."""
    computed: tuple[float, float, float] = _benchmark()(pairs)
    return computed


def _benchmark() -> Any:
    return runpy.run_path(str(ROOT / "benchmarks" / "passages.py"))["share"]


def line(measure: str, stratum: str, pairs: list[tuple[float, bool]]) -> Row:
    """One row of a table; without a case the share is missing."""
    p, low, high = share(pairs) if pairs else (None, None, None)
    right = sum(yes for _, yes in pairs)
    return {
        "measure": measure,
        "stratum": stratum,
        "n": len(pairs),
        "right": right,
        "share": p,
        "low": low,
        "high": high,
    }


def by_stratum(measure: str, judged: list[tuple[Case, bool]]) -> list[Row]:
    """A row a stratum, unweighted, and for city reports one for all, weighted."""
    strata = dict.fromkeys(case["stratum"] for case, _ in judged)
    rows = [
        line(measure, stratum, [(1.0, yes) for case, yes in judged if case["stratum"] == stratum])
        for stratum in strata
    ]
    if any(case["source"] == REPORTS for case, _ in judged):
        rows.append(line(measure, ALL, [(case["weight"], yes) for case, yes in judged]))
    return rows


def score(
    kind: str, result: Any, *, source: str = REPORTS, names: Mapping[str, Iterable[str]] | None = None
) -> pd.DataFrame:
    """One row a measure and stratum: n cases, how many right, the share, its 95 % interval (low, high).

    `result` is what the step gave for all documents of `source`: for "attribution" the frame of `attribute`,
    for "metadata" that of `read_documents` or `clean_documents`, for "admission" the Admission of `admit`.
    `names` says which checks of the admission report answer to a problem of the cases (default: CHECKS, else its name,
    and the twin's check for duplicate_of).
    """
    import pandas as pd

    cases = load(kind, source)
    if kind == "admission":
        return pd.DataFrame(_admission(cases, result, names or CHECKS))
    rows = found_rows(result)
    missing = [case["doc_id"] for case in cases if case["doc_id"] not in rows]
    if missing:
        raise ValueError(
            f"{len(missing)} of {len(cases)} judged files are not in the frame, first {missing[0]!r}. Pass all of {source}."
        )
    return pd.DataFrame((_attribution if kind == "attribution" else _metadata)(cases, rows))


def found_rows(frame: pd.DataFrame) -> dict[str, list[Row]]:
    """The frame's rows by the file they come from: a file that was split has several."""
    rows: dict[str, list[Row]] = {}
    for record in frame.to_dict("records"):
        row = {str(column): value for column, value in record.items()}
        rows.setdefault(row["doc_id"].split("#")[0], []).append(row)
    return rows


def known(value: object) -> str | None:
    """The value as a string, None where it is missing."""
    return value if isinstance(value, str) and value else None


def _attribution(cases: list[Case], rows: dict[str, list[Row]]) -> list[Row]:
    table = by_stratum("city", [(case, city_agrees(case, rows[case["doc_id"]])) for case in cases])
    levels = [(case, all(level_agrees(case, row) for row in rows[case["doc_id"]])) for case in cases]
    table += by_stratum("level", levels)
    if any("/" in case["doc_id"] for case in cases):
        table += _misfiled(cases, rows)
    return table


def city_agrees(case: Case, rows: list[Row]) -> bool:
    """Whether every document of the file has the judged city; where none can be read, none or the inferred one.

    >>> city_agrees({"city": None, "inferred": "霁川市"}, [{"city": None}, {"city": "霁川市"}])
    True
    """
    right = {case["city"]} if case["city"] else {None, case.get("inferred")}
    return all(known(row["city"]) in right for row in rows)


def level_agrees(case: Case, row: Row) -> bool:
    return known(row["level"]) in {case["level"], case.get("level_also", case["level"])}


def _misfiled(cases: list[Case], rows: dict[str, list[Row]]) -> list[Row]:
    """Precision and recall of the finding that a text is not of the city whose folder holds it."""
    folder = {case["doc_id"]: case["doc_id"].split("/")[0] for case in cases}
    said = {
        name: any(known(row["city"]) not in (None, folder[name]) for row in rows[name]) for name in folder
    }
    judged = {case["doc_id"]: case["city"] != folder[case["doc_id"]] for case in cases}
    return precision_and_recall("misfiled", cases, said, judged)


def precision_and_recall(
    name: str, cases: list[Case], said: Mapping[str, bool], judged: Mapping[str, bool]
) -> list[Row]:
    """Two rows, weighted. By hand: 2 found of which 1 is right, 2 to find: both one half.

    >>> cases = [{"doc_id": name, "weight": 1.0} for name in "abc"]
    >>> rows = precision_and_recall("x", cases, dict(a=1, b=1, c=0), dict(a=1, b=0, c=1))
    >>> [(row["measure"], row["n"], row["share"]) for row in rows]
    [('x: precision', 2, 0.5), ('x: recall', 2, 0.5)]
    """
    pairs = [(case["weight"], bool(said[case["doc_id"]]), bool(judged[case["doc_id"]])) for case in cases]
    return [
        line(f"{name}: precision", ALL, [(weight, true) for weight, found, true in pairs if found]),
        line(f"{name}: recall", ALL, [(weight, found) for weight, found, true in pairs if true]),
    ]


def _metadata(cases: list[Case], rows: dict[str, list[Row]]) -> list[Row]:
    """For each field: right of those given (precision), right of those the file states (recall)."""
    table: list[Row] = []
    for field in FIELDS:
        given = {case["doc_id"]: known(rows[case["doc_id"]][0].get(field)) for case in cases}
        told = [(case, field_agrees(field, case[field], given[case["doc_id"]])) for case in cases]
        table += by_stratum(f"{field}: precision", [pair for pair in told if given[pair[0]["doc_id"]]])
        table += by_stratum(f"{field}: recall", [pair for pair in told if pair[0][field]])
    return table


def field_agrees(field: str, judged: str | None, found: str | None) -> bool:
    """Whether the value found is the one judged; spaces, width and the office's place do not count.

    >>> field_agrees("speaker", "夏耕", "夏 耕"), field_agrees("office", "霁川市代市长", "代市长")
    (True, True)
    >>> field_agrees("office", "霁川市代市长", "市长"), field_agrees("date", "2021-01-05", None)
    (False, False)
    """
    if judged is None or found is None:
        return judged is found
    if judged.startswith("sha256:"):
        return judged == digest(found)
    if field == "office":
        return rank(judged) == rank(found)
    return plain(judged) == plain(found)


def plain(text: str) -> str:
    """Without spaces, and narrow."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def digest(title: str) -> str:
    return "sha256:" + hashlib.sha256(plain(title).encode()).hexdigest()


def rank(office: str) -> str:
    found = _RANK.search(plain(office))
    return found[0] if found else plain(office)


def _admission(cases: list[Case], admission: Any, names: Mapping[str, Iterable[str]]) -> list[Row]:
    findings = [row for row in admission.findings.to_dict("records")]
    # A file is out where none of its parts is in.
    kept = {name.split("#")[0] for name in admission.documents["doc_id"]}
    out = {name.split("#")[0] for name in admission.quarantine["doc_id"]} - kept
    said = {case["doc_id"]: case["doc_id"] in out for case in cases}
    judged = {case["doc_id"]: not case["admissible"] for case in cases}
    table = precision_and_recall("quarantined", cases, said, judged)
    for problem in dict.fromkeys(
        p for case in cases for p in case["problems"] if p not in ("none", "duplicate_of")
    ):
        if problem == "several_documents":
            divided = {name.split("#")[0] for name in admission.documents["doc_id"] if "#" in name}
            parts = [{"doc_id": name, "check": problem, "detail": ""} for name in divided]
            table += _check(problem, cases, parts, {problem})
        else:
            table += _check(problem, cases, findings, set(names.get(problem, (problem,))))
    return table + _duplicates(cases, [row for row in findings if row["check"] == "duplicate"])


def _check(problem: str, cases: list[Case], findings: list[Row], checks: set[str]) -> list[Row]:
    flagged = {row["doc_id"].split("#")[0] for row in findings if _answers(row, checks)}
    asked = [case for case in cases if problem not in case.get("not_judged", ())]
    said = {case["doc_id"]: case["doc_id"] in flagged for case in asked}
    return precision_and_recall(
        problem, asked, said, {case["doc_id"]: problem in case["problems"] for case in asked}
    )


def _answers(finding: Row, checks: set[str]) -> bool:
    """Whether a finding is of one of the checks; `missing: date` asks for a word of the detail too."""
    for check in checks:
        name, _, word = check.partition(": ")
        if finding["check"] == name and word in finding["detail"]:
            return True
    return False


def _duplicates(cases: list[Case], findings: list[Row]) -> list[Row]:
    """Pairs, not files: either copy may bear the finding. A pair counts where one of it was judged."""
    asked = {case["doc_id"] for case in cases}
    judged = {frozenset((case["doc_id"], case["twin"])) for case in cases if case["twin"]}
    named = ((row["doc_id"], known(row.get("twin"))) for row in findings)
    found = {frozenset((a, b)) for a, b in named if b and a != b and {a, b} & asked}
    return [
        line("duplicate_of: precision", "pairs", [(1.0, pair in judged) for pair in found]),
        line("duplicate_of: recall", "pairs", [(1.0, pair in found) for pair in judged]),
    ]


def run(kind: str, corpus: Path, source: str) -> Any:
    """Read the texts of one source and take the step that the cases judge."""
    import analysis

    documents = analysis.clean_documents(analysis.read_documents(corpus / source))
    if kind == "metadata":
        return documents
    return (analysis.attribute if kind == "attribution" else analysis.admit)(documents)


def main(kind: str, corpus: str = str(ROOT.parent / "shared" / "corpus")) -> None:
    for source in (REPORTS, "docx", "web_pages"):
        table = score(kind, run(kind, Path(corpus), source), source=source)
        print(f"{kind}, {source}", table.round(3).to_string(index=False), sep="\n")


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in KINDS:
        sys.exit(__doc__)
    main(*sys.argv[1:3])
