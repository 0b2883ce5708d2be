"""The site beside the notebooks: tables to take away, names of cities, pages of any corpus, shared assets."""

from __future__ import annotations

import json
import math
import re
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest
from fontTools.ttLib import TTFont
from lxml import html

from analysis import open_corpus
from analysis.catalogues import one_line
from analysis.charts.maps import NAMES
from analysis.evidence.gathering import Evidence
from analysis.languages import in_chinese, side_by_side
from analysis.pages import TEMPLATES
from analysis.provenance import facts_from, origin_of
from analysis.site.assets import Shelf
from analysis.site.book import Book
from analysis.site.checking import MANIFEST, write_manifest
from analysis.site.cities import CityPages
from analysis.site.downloads import downloads, made
from analysis.site.intervals import Scale, common_scale, interval_picture
from analysis.site.kept import keep_tables
from analysis.site.meanings import MEANINGS
from analysis.site.names import city_files, latin_name, search_words
from analysis.site.parts import PARTS, Site, navigation
from analysis.site.portraits import Portraits
from analysis.site.statements import TITLES, UNITS
from analysis.site.tables import SCRATCH, csv_text, keep_table, write_csv

FRONT = "---\ntitle: '{title}'\n{city}date: {year}-01-12\n---\n"
BODY = (
    "{city}坚持招商引资，以商招商，优化营商环境。今年力争新签约项目{n}个，地区生产总值增长8%以上。"
    "落实“一企一灯”，推进“放管服”改革。"
)
MARKUP = "<script>document.title=1</script>"


def write_texts(folder: Path, cities: dict[str, list[int]], title: str = "政府工作报告") -> Path:
    """Write a report a city and year; a city "" is none."""
    folder.mkdir()
    for city, years in cities.items():
        for year in years:
            front = FRONT.format(title=title, city=f"city: '{city}'\n" if city else "", year=year)
            text = BODY.format(city=city, n=year - 2000)
            (folder / f"{city or 'none'}-{year}.md").write_text(front + text, encoding="utf-8")
    return folder


def made_of(folder: Path, out: Path, parts=("cities", "data")) -> Site:
    """Make parts of a site of texts."""
    corpus = open_corpus(folder, quarantine=False)  # these texts are nearly the same
    with side_by_side():
        facts = facts_from(corpus)
        shared = {"origin": origin_of(facts), "there": PARTS, "evidence": Evidence(corpus)}
        site = Site(corpus, facts, out, **shared, say=lambda line: None)
        site.make(parts, {}, {})
        site.shelf.write()
    return site


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> tuple[Site, Path]:
    """A site of two invented cities, one with a gap of years, and of a document without a city."""
    base = tmp_path_factory.mktemp("site")
    folder = write_texts(
        base / "texts", {"霁川市": [2019, 2021, 2022], "望澜市": [2020, 2021], "": [2021]}, MARKUP
    )
    return made_of(folder, base / "out"), base / "out"


# ---- tables to take away


def hostile_frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "title": [
                '=HYPERLINK("http://127.0.0.1")',
                "+1",
                "-2",
                "@a",
                "\t=1",
                "\r=1",
                "＝１",
                "招商#引资, “好”\n新",
            ],
            "n": [-1, 2, 3, 4, 5, 6, 7, 8],
            "rate": [0.1, 1 / 3, math.pi, -1e-9, 1e22, float("nan"), 2.5, 0.0],
            "known": pd.array([1, None, 3, 4, 5, 6, 7, 8], dtype="Int64"),
        }
    )


def test_a_csv_is_read_back_with_the_same_numbers(tmp_path: Path) -> None:
    frame = hostile_frame()
    size = write_csv(frame, tmp_path / "a.csv", "made by us\n=1+1")
    assert size == (tmp_path / "a.csv").stat().st_size
    back = pd.read_csv(tmp_path / "a.csv", comment="#")
    assert back["n"].tolist() == frame["n"].tolist()
    assert back["rate"].to_numpy() == pytest.approx(frame["rate"].to_numpy(), rel=1e-15, nan_ok=True)
    assert back["known"].astype("Int64").equals(frame["known"])
    assert (tmp_path / "a.csv").read_text("utf-8").splitlines()[0] == "# made by us =1+1"


def test_no_text_of_a_csv_is_a_formula_and_no_number_is_changed() -> None:
    frame = hostile_frame().rename(columns={"known": "=known"})
    back = pd.read_csv(pd.io.common.StringIO(csv_text(frame)))
    assert back["title"].str.startswith("'").tolist() == [True] * 7 + [False]
    assert back["title"].iloc[7] == frame["title"].iloc[7], (
        "a text that is no formula stays, # and line break too"
    )
    assert list(back.columns) == ["title", "n", "rate", "'=known"]
    assert back["n"].iloc[0] == -1, "a negative number is no formula"


def test_a_table_shown_in_a_report_is_kept_whole(tmp_path: Path, monkeypatch) -> None:
    frame = pd.DataFrame({"term": ["招商"] * 500, "n": range(500)})
    monkeypatch.delenv(SCRATCH, raising=False)
    assert keep_table(frame) == "", "in a notebook of one's own nothing is written"
    monkeypatch.setenv(SCRATCH, str(tmp_path / "03_x"))
    links = [keep_table(frame, "first"), keep_table(frame.head(1), "second")]
    assert [re.findall('href="(.*?)"', link) for link in links] == [
        ["data/03_x-01.csv"],
        ["data/03_x-02.csv"],
    ]
    kept = keep_tables(tmp_path, tmp_path / "out", "03_x", "origin")
    assert [(table.file, table.said, table.rows) for table in kept] == [
        ("data/03_x-01.csv", "first", 500),
        ("data/03_x-02.csv", "second", 1),
    ]
    assert pd.read_csv(tmp_path / "out" / kept[0].file, comment="#").equals(frame)


def test_the_tables_of_a_corpus_agree_with_it(small: tuple[Site, Path]) -> None:
    site, out = small
    read = {name.stem: pd.read_csv(name, comment="#") for name in (out / "data").glob("*.csv")}
    corpus = site.corpus
    assert corpus is not None
    known = corpus.words.rows[corpus.words.rows["city"].notna()]
    words = read["words_by_city"].set_index("term")
    for city, own in known.groupby("city"):
        assert words.loc["(words)", str(city)] == own["n_tokens"].sum()
    every = corpus.words.where(corpus.words.rows["city"].notna().to_numpy()).select(["招商引资"]).values
    assert words.loc["招商引资", ["霁川市", "望澜市"]].sum() == every.sum() > 0, "however common a word is"
    assert words.loc["招商引资", "documents"] == every.nnz
    assert read["cities"].set_index("city")["documents"].to_dict() == {"霁川市": 3, "望澜市": 2}
    assert len(read["documents"]) == len(corpus.documents) and "text" not in read["documents"]
    devices = corpus.rhetoric.devices
    of_cities = devices[devices["doc_id"].isin(known["doc_id"]) & ~devices["negated"]]
    methods = read["devices"].query("device == 'methods'")
    assert methods["hits"].sum() == (of_cities["device"] == "methods").sum() > 0
    assert (read["promises"]["met"] <= read["promises"]["with_result"]).all()


def test_every_table_has_its_origin_and_its_columns_a_meaning(small: tuple[Site, Path]) -> None:
    site, out = small
    page = html.fromstring((out / "data.html").read_text("utf-8"))
    linked = {link for link in page.xpath("//a/@href") if link.startswith("data/")}
    assert linked == {f"data/{path.name}" for path in (out / "data").glob("*.csv")} and len(linked) > 8
    for name in linked:
        first = (out / name).read_text("utf-8").splitlines()[0]
        assert site.facts is not None and site.facts.fingerprint in first and "commit" in first
    assert site.corpus is not None
    plain = [
        frame
        for download, frame, _ in made(site.corpus)
        if frame is not None and "words_by" not in download.name
    ]
    assert [column for frame in plain for column in frame if column not in MEANINGS] == []


# ---- names


def test_files_of_cities_are_one_to_one_and_do_not_depend_on_order() -> None:
    cities = ["盐城市", "霁川市", "吉林市", "望澜市", "盐城", MARKUP]
    files = city_files(cities)
    assert files == city_files(cities[::-1]) and len(set(files.values())) == len(cities)
    assert files["盐城市"] == "320900.html"
    assert all(re.fullmatch(r"(\d{6}|city-\d{3})\.html", file) for file in files.values())


@pytest.mark.parametrize(
    ("city", "name"),
    [
        ("漯河市", "Luohe"),
        ("长治市", "Changzhi"),
        ("重庆市", "Chongqing"),
        ("恩施土家族苗族自治州", "Enshi"),
        ("X <b>", "X <b>"),
    ],
)
def test_a_city_has_a_name_in_letters(city: str, name: str) -> None:
    assert latin_name(city) == name


def test_a_city_is_found_by_name_pinyin_initials_and_province() -> None:
    words = search_words("盐城市", "江苏省").split()
    assert {"盐城市", "yancheng", "yc", "江苏省", "jiangsusheng"} <= set(words)


# ---- intervals


def test_a_scale_keeps_order_and_holds_every_value() -> None:
    for values, ratio in (
        ([0.02, 0.5, 3, 40], True),
        ([0.31, 0.32, 0.4], False),
        ([-2.0, 5.0], False),
        ([], True),
    ):
        scale = common_scale(values, ratio=ratio)
        places = [scale.at(value) for value in sorted(values)]
        assert places == sorted(set(places)) and all(0 < place < 100 for place in places)
        assert all(scale.low <= mark <= scale.high for mark, _ in scale.ticks())
    assert Scale(0.5, 8, True).at(1) == pytest.approx(3 + 94 / 4), "of four doublings the first"


def test_an_interval_is_drawn_only_where_there_is_one() -> None:
    scale = Scale(0, 1, False)
    whole = interval_picture(0.5, 0.4, 0.6, 0.3, scale, 'a "<b>"')
    assert "nan" not in whole and 'class="range"' in whole and "<b>" not in whole
    bare = interval_picture(0.5, math.nan, math.nan, math.nan, scale, "alone")
    assert "nan" not in bare and 'class="range"' not in bare and "<circle" in bare


# ---- pages


def test_links_lead_from_every_depth_to_the_same_pages() -> None:
    top, deep = navigation("cities.html", PARTS), navigation("cities/320900.html", PARTS)
    assert ["../" + link["href"] for link in top] == [link["href"] for link in deep]
    for links in (top, deep):
        assert [link["title"] for link in links if link["current"]] == ["Cities"]
    assert "compare.html" not in [link["href"] for link in navigation("index.html", ["cities"])]


def test_pages_share_their_assets_and_type_has_every_character(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.add_page("cities/a.html", {"title": MARKUP, "body": "霁川市 “以商招商” →", "kind": "city"})
    shelf.add_page("b.html", {"title": "望澜", "body": "", "kind": "data"}, scripts=["x.js"])
    assert shelf.write() == []
    deep, flat = ((tmp_path / name).read_text("utf-8") for name in ("cities/a.html", "b.html"))
    for page, up in ((deep, "../"), (flat, "")):
        tree = html.fromstring(page)
        files = tree.xpath("//script/@src | //link[@rel='stylesheet']/@href")
        there = [up + f"assets/{name}" for name in ("language.js", "type.css", "site.css", "site.js")]
        assert set(there) <= set(files) and not tree.xpath("//style")
        for name in there:
            assert (tmp_path / name.removeprefix("../")).is_file()
        policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
        assert "unsafe-eval" not in policy and "http" not in policy and "script-src 'self' file:;" in policy
    assert "assets/x.js" in flat and MARKUP not in deep
    assert embedded(tmp_path / "assets/type.css") >= {ord(c) for c in "霁川市以商招商望澜→“”"}


def embedded(css: Path) -> set[int]:
    """The characters that a style embeds type for."""
    from base64 import b64decode
    from io import BytesIO

    found: set[int] = set()
    for data in re.findall(r"base64,([A-Za-z0-9+/=]+)", css.read_text("utf-8")):
        found |= set(TTFont(BytesIO(b64decode(data))).getBestCmap())
    return found


def test_a_page_of_a_city_tells_its_reports_and_its_gaps(small: tuple[Site, Path]) -> None:
    _, out = small
    page = html.fromstring((out / "cities/city-002.html").read_text("utf-8"))
    assert page.xpath("string(//h1)").split() == ["霁川市", "Jichuan"]
    assert page.xpath("//ol[@class='strip']/li[contains(@class, 'here')]/span/text()") == [
        "2019",
        "2021",
        "2022",
    ]
    text = page.text_content()
    assert "No document at hand of 2020." in text and "缺以下年份的文档：2020。" in text
    assert MARKUP in text and page.xpath("//script[not(@src)]") == [], "a title that is markup is text"


def test_what_a_city_uses_is_counted(small: tuple[Site, Path]) -> None:
    site, _ = small
    told = Portraits(site.corpus)
    slogans = {
        row["slogan"]: (row["hits"], row["documents"], row["cities"]) for row in told.slogans("霁川市")
    }
    assert slogans["放管服"] == (3, 3, 2)
    entries = dict(told.entries("望澜市"))
    row = next(row for row in entries["methods"] if row["entry"] == "以商招商")
    length = sum(report["n_chars"] for report in told.reports("望澜市"))
    assert row["hits"] == 2 and row["rate"] == pytest.approx(10_000 * 2 / length)
    assert row["gloss"], "an entry of the lexicon has its English gloss"
    promises, matched, met = told.promised("霁川市")
    assert promises >= matched >= met and promises > 0


@pytest.mark.parametrize(
    ("cities", "said"),
    [
        ({"": [2020, 2021]}, "No document of this corpus has a city"),
        ({"霁川市": [2021]}, "There is no other to compare it with"),
    ],
)
def test_a_corpus_with_little_gives_a_site_that_says_what_is_missing(cities, said, tmp_path: Path) -> None:
    made_of(write_texts(tmp_path / "texts", cities), tmp_path / "out", PARTS)
    for name in PARTS:
        assert (tmp_path / "out" / f"{name}.html").is_file()
    assert said in html.fromstring((tmp_path / "out/cities.html").read_text("utf-8")).text_content()
    assert len(list((tmp_path / "out").glob("cities/*.html"))) == len([city for city in cities if city])


def test_only_what_an_earlier_report_wrote_and_nobody_changed_is_removed(tmp_path: Path) -> None:
    files = {
        "cities/a.html": "old",
        "cities/b.html": "new",
        "cities/c.html": "mine",
        "methods.html": "other part",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    write_manifest(tmp_path, source="", facts=None, origin=origin_of(None), files=files)
    (tmp_path / "cities/c.html").write_text("changed by hand")
    (tmp_path / "cities/d.html").write_text("never ours")
    book = Book([], [], ["cities"], tmp_path, tmp_path)
    book.written = ["cities/b.html"]
    book.finish()
    left = {path.name for path in (tmp_path / "cities").iterdir()}
    assert left == {"b.html", "c.html", "d.html"}
    told = json.loads((tmp_path / MANIFEST).read_text("utf-8"))["files"]
    assert set(told) == {"cities/b.html", "methods.html"}
    assert told["cities/b.html"]["sha256"] == sha256(b"new").hexdigest()


# ---- two languages


def test_every_text_of_these_pages_has_its_chinese() -> None:
    pattern = re.compile(r'\{\{ "([^"]+)" \| marked|spoken\("[a-z-]+", "([^"]+)"\)')
    files = [(TEMPLATES / f"{name}.html.j2").read_text("utf-8") for name in ("city", "cities", "data")]
    texts = {a or b for file in files for a, b in pattern.findall(file)}
    texts |= {*TITLES.values(), *UNITS.values(), *MEANINGS.values(), *NAMES.values()}
    texts |= {text for each in downloads() for text in (each.title, each.rows_are)}
    texts |= {link["title"] for link in navigation("index.html", PARTS)}
    assert len(texts) > 100
    assert sorted(text for text in texts if in_chinese(one_line(text)) is None) == []


def test_a_city_page_leaves_nothing_in_english_alone(small: tuple[Site, Path]) -> None:
    """Titles, sentences and numbers of a page; terms and names stay as they are."""
    site, _ = small
    with side_by_side():
        body = html.fromstring(CityPages(Portraits(site.corpus), site.profiles).body("霁川市"))
    for element in body.xpath(
        "//*[@data-in='en'] | //*[@lang='zh-Latn'] | //td | //li[starts-with(text(), '2')]"
    ):
        element.drop_tree()
    words = re.findall(r"[A-Za-z]{3,}", body.text_content())
    assert sorted({word for word in words if word not in ("idf",)}) == []
