"""A small report for tests: four notebooks written here, run once, on two documents about an invented city."""

from __future__ import annotations

import atexit
import shutil
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analysis.reports import NotebookFailed, report

FRONT = "---\ntitle: 霁川市政府工作报告\ncity: 霁川市\ndate: {date}\n---\n"
TEXTS = {
    "2021.md": FRONT.format(date="2021-01-12") + "霁川市大力开展招商引资，引进项目12个。",
    "2022.md": FRONT.format(date="2022-01-15") + "霁川市坚持以商招商，新签约项目20个。",
}

HOSTILE = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
# A title that calls out, hides the page, ends it, and swallows what follows.
CALLING = (
    '<meta http-equiv="refresh" content="0;url=http://127.0.0.1:8765/leak"><style>body{display:none}</style>'
    '<link rel="stylesheet" href="http://127.0.0.1:8765/leak"><iframe src="http://127.0.0.1:8765/leak"></iframe>'
    '<form action="http://127.0.0.1:8765/leak"><b onmouseover="leak()">望澜市报告</b></form>'
    '<a href="javascript:leak()">see</a><p style="position:fixed;inset:0">cover</p></section></main></body><!--'
)

WORDS = [
    (
        "prose",
        "# Which words set 霁川市 apart?\n\nThis page asks about “招商引资”, and don't forget 以商招商.",
    ),
    ("parameters", 'CORPUS = "sample"'),
    (
        "prose",
        "## The measure 度量\n\nSee [the next](02_fails.ipynb#What-fails).\n\n| 词 | n |\n|--|--|\n| 招商 | 12 |",
    ),
    (
        "",
        "import pandas as pd\nfrom analysis.style import show, show_table, use_style\nuse_style()\n"
        "frame = pd.DataFrame({'city': ['霁川市', '望澜市'], 'text': [HOSTILE, '筑巢引凤'],"
        " 'n': pd.array([40321, None], 'Int64'), 'rate': [-0.5, 4.0]})\nframe",
    ),
    ("prose", "## The picture\n\n### Bars\n\n### Bars"),
    (
        "",
        "from matplotlib import pyplot as plt\nfigure, axes = plt.subplots()\naxes.barh(frame['city'], frame['rate'])\n"
        "axes.set_title('每万字“招商引资”次数')\n"
        "show(axes, alt='Bars: 望澜市 \"leads\" <b>', caption='Per 10,000 characters', data=frame)",
    ),
    ("", "plt.plot([1, 3, 2]);"),
    ("", "from IPython.display import HTML, Markdown\nMarkdown(f'The title is {CALLING}.')"),
    ("", "HTML(CALLING)"),
    ("", "show_table(frame, caption='Terms <b>')"),
    ("", "from analysis.style import show_warning\nshow_warning('Two reports of 霁川市 say little.')"),
    (
        "",
        "from analysis.corpora import open_corpus\nprint('打印', CORPUS.rsplit('/')[-1], open_corpus(CORPUS).period)",
    ),
    ("finding", "from IPython.display import Markdown\nMarkdown(f'**霁川市** uses {len(frame)} terms.')"),
]
FAILS = [
    ("prose", "# Does a failure show?\n\nIt does."),
    ("prose", "## What fails"),
    ("", "print('before')\nraise ValueError('no city <b>无此市</b>')"),
    ("", "print('never')"),
]
INVENTED = [("prose", "# Invented\n\nA page on the sample."), ("corpus", 'CORPUS = "texts"'), ("", "1 + 1")]


@dataclass(frozen=True)
class Small:
    """Where a small report lies, what it was made of, what it said."""

    out: Path
    notebooks: Path
    texts: Path
    said: tuple[str, ...]
    error: str


def write_notebook(path: Path, cells: list[tuple[str, str]]) -> Path:
    """Write a notebook from pairs of tag (or "prose") and source."""
    made = [
        new_markdown_cell(source)
        if tag == "prose"
        else new_code_cell(_with_texts(source), metadata={"tags": [tag] if tag else []})
        for tag, source in cells
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=made), path)
    return path


def _with_texts(source: str) -> str:
    """Put hostile texts into code, as variables read from a document would hold them."""
    needed = [f"{name} = {text!r}" for name, text in (("CALLING", CALLING),) if name in source]
    return "\n".join([*needed, source.replace("HOSTILE", repr(HOSTILE))])


@lru_cache(maxsize=1)
def small_report() -> Small:
    """Run the notebooks once for all tests of the session."""
    base = Path(mkdtemp(prefix="small report "))
    atexit.register(shutil.rmtree, base, ignore_errors=True)
    notebooks, texts = base / "notebooks", base / "texts '霁川'"
    texts.mkdir()
    for name, text in TEXTS.items():
        (texts / name).write_text(text, encoding="utf-8")
    for name, cells in {"01_words": WORDS, "02_fails": FAILS, "03_left": INVENTED}.items():
        write_notebook(notebooks / f"{name}.ipynb", cells)
    said: list[str] = []
    error = ""
    try:
        report(texts, base / "out", notebooks=notebooks, only=("01", "02"), say=said.append)
    except NotebookFailed as failed:
        error = str(failed)
    return Small(base / "out", notebooks, texts, tuple(said), error)
