"""A small whole site for tests in the browser: invented texts, with titles, sentences, cities and files that try to act."""

from __future__ import annotations

import atexit
import shutil
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

from analysis.lexicon import data_path
from analysis.reports import report

SCRIPT = "<script>window.taken=1</script>"
PICTURE = "<img src=x onerror=window.taken=1>"
FORMULA = '=HYPERLINK("http://127.0.0.1:8765/leak";"看")'
MARKDOWN = "![图](http://127.0.0.1:8765/leak.png)"
LINK = "[看](javascript:window.taken=1)"
ENTITY = "&lt;b&gt;&#60;script&#62;"
# What must be met as text somewhere in the site, as it stands in the source of a page or table.
HOSTILE = ("&lt;script&gt;window.taken=1", "'=HYPERLINK(")
DOCUMENTS = 48  # four of the eight cities: enough for every kind of page, in half the time
KINDS = (
    "index",
    "cities",
    "city",
    "hostile city",
    "compare",
    "methods",
    "data",
    "corpus",
    "pair",
)


@dataclass(frozen=True)
class Site:
    """Where the site lies, and its pages by kind."""

    out: Path
    pages: dict[str, str]


@lru_cache(maxsize=1)
def hostile_site() -> Site:
    """Make the site once for all tests of the session."""
    base = Path(mkdtemp(prefix="site "))
    atexit.register(shutil.rmtree, base, ignore_errors=True)
    write_texts(base / "texts")
    out = base / "site"
    report(base / "texts", out, only=("01", "08", "cities", "compare", "methods", "data"))
    own = sorted(path.name for path in (out / "cities").glob("*.html"))
    hostile = next(name for name in own if "onerror" in (out / "cities" / name).read_text("utf-8"))
    pages = {name: f"{name}.html" for name in ("index", "cities", "compare", "methods", "data")}
    pages |= {
        "city": f"cities/{next(name for name in own if name != hostile)}",
        "hostile city": f"cities/{hostile}",
    }
    return Site(out, pages | {"corpus": "01_corpus.html", "pair": "08_cities_compared.html"})


def write_texts(folder: Path) -> None:
    """Write the sample, its first documents made hostile, and one city whose name is markup."""
    folder.mkdir()
    for number, path in enumerate(sorted(data_path("sample", "documents").glob("*.md"))[:DOCUMENTS]):
        _, front, body = path.read_text("utf-8").split("---\n", 2)
        name = path.name
        if number % 12 == 0:  # one of each city
            front = "\n".join(line for line in front.splitlines() if not line.startswith("title:"))
            front += f"\ntitle: '{(SCRIPT, FORMULA, MARKDOWN, LINK)[number // 12 % 4]}'\n"
            body += f"\n坚持招商引资{SCRIPT}，确保{PICTURE}落地；以商招商{MARKDOWN}，{LINK}，力争{ENTITY}。\n{FORMULA}\n"
            name = f"{FORMULA.replace('/', '')}{number}.md"
        (folder / name).write_text(f"---\n{front}---\n{body}", encoding="utf-8")
    for year in (2019, 2020, 2021, 2022):
        front = f"title: 政府工作报告\ncity: '{PICTURE}市'\ndate: {year}-01-12\n"
        text = f"坚持招商引资，以商招商，优化营商环境，全年引进项目{year - 2000}个，力争增长8%以上。"
        (folder / f"hostile-{year}.md").write_text(f"---\n{front}---\n{text}\n", encoding="utf-8")
