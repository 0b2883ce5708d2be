"""Reading: every format there and back, encodings, bad input said in a sentence, the manifest, real folders."""

from __future__ import annotations

import contextlib
import io
import json
import random
import warnings
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate

from analysis.dates import iso_date, year_in
from analysis.readers import READERS
from analysis.readers.decoding import Undecodable, decode
from analysis.readers.fields import COLUMNS, Unreadable
from analysis.readers.office import join_lines
from analysis.sources import find_files, left_out, read_documents, read_file

TEXT = (
    "霁川市把招商引资当作头等大事。\n"
    "今年以来，全市新签约项目十二个，“链主”企业有三家落户。各县区都说要把客商当作自己人，有难处就上门，有要求就回应，"
    "不让一个项目因为办事慢而走掉。"
)
TRADITIONAL = (
    "望瀾市把招商引資當作頭等大事，各部門都說要為企業辦實事，讓開發區的項目早日動工，"
    "這樣來的客商會對我們更有信心。"
)
PASSWORD = "is protected by a password"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one good document, so that the others' faults show in left_out."""
    (tmp_path / "good.txt").write_text(TEXT, "utf-8")
    return tmp_path


def quiet(source: object, **options: object) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return read_documents(source, **options)


def reason(folder: Path, name: str) -> str:
    """Why `name` is left out of the folder; the good document is read all the same, and a warning names it."""
    with pytest.warns(UserWarning, match="left out"):
        documents = read_documents(folder)
    assert "good" in set(documents["doc_id"])
    missing = left_out(documents)
    assert list(missing["path"]) == [name]
    return str(missing["reason"].iloc[0])


def pdf(paragraphs: list[str]) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle(
        "body", fontName="STSong-Light", fontSize=12, leading=18, wordWrap="CJK", firstLineIndent=24
    )
    target = io.BytesIO()
    SimpleDocTemplate(target).build([Paragraph(text, style) for text in paragraphs])
    return target.getvalue()


def word(path: Path, *, title: str = "") -> None:
    document = docx.Document()
    document.core_properties.title = title
    document.add_paragraph("霁川市招商工作")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        [c for row in table.rows for c in row.cells], ["项目", "个数", "签约", "12"], strict=True
    ):
        cell.text = text
    table.cell(0, 0).merge(table.cell(0, 1))
    document.add_paragraph("表后一段。")
    document.save(path)


# --- the frame ---


def test_the_frame_has_the_columns_in_order_and_stable_types(folder):
    documents = read_documents(folder)
    assert tuple(documents.columns) == COLUMNS
    assert str(documents["year"].dtype) == "Int64"
    assert {str(documents[column].dtype) for column in COLUMNS if column != "year"} == {"string"}
    assert documents["city"].iloc[0] is pd.NA
    assert documents.loc[0, ["doc_id", "path", "encoding", "text"]].tolist() == [
        "good",
        "good.txt",
        "utf-8",
        TEXT,
    ]
    assert documents["sha256"].str.len().eq(64).all()
    assert len(left_out(documents)) == 0
    assert list(left_out(documents).columns) == ["path", "reason"]


def test_a_file_a_folder_and_a_list_give_the_same_document(folder):
    single, whole, listed = (
        read_documents(folder / "good.txt"),
        read_documents(folder),
        read_documents([str(folder)]),
    )
    pd.testing.assert_frame_equal(single, whole)
    pd.testing.assert_frame_equal(single, listed)
    twice = quiet([folder, folder / "good.txt"])
    assert len(twice) == 1
    assert "already" in left_out(twice)["reason"].iloc[0]


def test_files_one_by_one_are_what_the_folder_gives(folder):
    (folder / "望澜市").mkdir()
    (folder / "望澜市" / "2020.md").write_text("---\ntitle: 望澜市政府工作报告\n---\n" + TEXT, "utf-8")
    records = [record for path in find_files(folder) for record in read_file(path, folder)]
    documents = read_documents(folder)
    assert [record["doc_id"] for record in records] == documents["doc_id"].tolist() == ["good", "望澜市/2020"]
    assert records[1]["city"] == "望澜市"


# --- formats ---


def test_front_matter_is_lifted(tmp_path):
    (tmp_path / "a.md").write_text(
        "\ufeff\n\n---\ntitle: '霁川：怎么招商'\nauthor: 霁川网\ndate: Wed, 01 Dec 2021 09:50:52 GMT\n"
        "source:\n- https://example.org/1\ncategories:\n - 财经\n---\n\n<div><p>正文</p></div>\n",
        "utf-8",
    )
    row = read_documents(tmp_path).iloc[0]
    assert row["title"] == "霁川：怎么招商"
    assert (row["publisher"], row["published"], row["year"]) == ("霁川网", "2021-12-01", 2021)
    assert row["url"] == "https://example.org/1"
    assert row["date"] is pd.NA
    assert row["text"] == "<div><p>正文</p></div>"


def test_malformed_front_matter_is_read_line_by_line_and_said(tmp_path):
    (tmp_path / "a.md").write_text("---\ntitle: 霁川: 招商: [一\nauthor: 霁川网\n---\n正文。", "utf-8")
    with pytest.warns(UserWarning, match="a.md: the front matter is not valid YAML"):
        row = read_documents(tmp_path).iloc[0]
    assert (row["title"], row["publisher"], row["text"]) == ("霁川: 招商: [一", "霁川网", "正文。")


def test_two_rules_are_no_front_matter(tmp_path):
    (tmp_path / "a.md").write_text("---\n只是一段话，没有键。\n---\n下文。", "utf-8")
    assert "只是一段话" in read_documents(tmp_path)["text"].iloc[0]


def test_html_keeps_paragraphs_and_the_pages_facts(tmp_path):
    body = "".join(f"<p>　　{line}</p>" for line in TEXT.split("\n"))
    page = (
        '<html><head><meta charset="gb2312"><title>霁川招商 - 霁川网</title><meta name="PubDate" content="2021-03-02 10:11">'
        '<meta name="ContentSource" content="霁川日报"><meta name="ArticleTitle" content="霁川市招商工作综述"></head>'
        f"<body><div class='article'><h1>霁川市招商工作综述</h1>{body * 4}</div></body></html>"
    )
    (tmp_path / "a.html").write_bytes(page.encode("gb18030"))
    row = read_documents(tmp_path).iloc[0]
    assert (row["title"], row["publisher"], row["published"]) == (
        "霁川市招商工作综述",
        "霁川日报",
        "2021-03-02",
    )
    assert TEXT.split("\n")[0] in [line.strip() for line in row["text"].split("\n")]
    assert row["encoding"] == "gb18030"


def test_docx_has_paragraphs_and_tables_in_order(tmp_path):
    word(tmp_path / "a.docx", title="招商综述")
    row = read_documents(tmp_path).iloc[0]
    assert row["text"] == "霁川市招商工作\n项目 个数\n签约\t12\n表后一段。"
    assert row["title"] == "招商综述"


def test_pdf_lines_are_joined_to_paragraphs(tmp_path):
    paragraphs = ["一、去年的工作", *(line * 4 for line in TEXT.split("\n")), "二、今年的打算"]
    (tmp_path / "a.pdf").write_bytes(pdf(paragraphs))
    assert read_documents(tmp_path)["text"].iloc[0].split("\n") == paragraphs


def test_page_numbers_do_not_cut_a_sentence():
    pages = ["霁川市去年新签约的项目很多，今年仍要大力招商\n- 1 -", "引资，不可松劲。\n2"]
    assert join_lines(pages) == "霁川市去年新签约的项目很多，今年仍要大力招商引资，不可松劲。"


ROWS = [
    {"标题": "甲", "正文": TEXT, "城市": "霁川市", "年份": 2020, "发布日期": "2020/1/9", "来源": "霁川日报"},
    {
        "标题": "乙",
        "正文": "另一篇。",
        "城市": "望澜市",
        "年份": 2021,
        "发布日期": "2021年12月3日",
        "来源": "https://a.example/b",
    },
]


def write_table(path: Path, table: pd.DataFrame) -> None:
    writers = {
        ".csv": lambda: path.write_bytes(table.to_csv(index=False).encode("gb18030")),
        ".tsv": lambda: path.write_bytes(table.to_csv(index=False, sep="\t").encode("utf-8-sig")),
        ".xlsx": lambda: table.to_excel(path, index=False),
        ".jsonl": lambda: table.to_json(path, orient="records", lines=True, force_ascii=False),
        ".parquet": lambda: table.to_parquet(path),
    }
    writers[path.suffix]()


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".xlsx", ".jsonl", ".parquet"])
def test_tables_with_chinese_headings(tmp_path, suffix):
    write_table(tmp_path / f"表{suffix}", pd.DataFrame(ROWS))
    documents = read_documents(tmp_path / f"表{suffix}")
    assert documents["doc_id"].tolist() == ["表:1", "表:2"]
    assert documents["text"].tolist() == [TEXT, "另一篇。"]
    assert documents["year"].tolist() == [2020, 2021]
    assert documents["published"].tolist() == ["2020-01-09", "2021-12-03"]
    assert documents["publisher"].iloc[0] == "霁川日报"
    assert documents["url"].iloc[1] == "https://a.example/b"
    assert documents["publisher"].iloc[1] is pd.NA
    assert documents["sha256"].nunique() == 2


def test_rows_are_named_by_their_id_column(tmp_path):
    (tmp_path / "t.csv").write_text("编号;内容\nny-1;一\nny-2;二\n", "utf-8")
    assert read_documents(tmp_path)["doc_id"].tolist() == ["t:ny-1", "t:ny-2"]


def test_a_title_line_above_the_headings_and_a_second_sheet(tmp_path):
    book = openpyxl.Workbook()
    for row in [["各市讲话汇编", None], ["题目", "全文"], ["甲", "一段话"]]:
        book.active.append(row)
    book.create_sheet("说明").append(["只是说明"])
    book.save(tmp_path / "t.xlsx")
    documents = quiet(tmp_path)
    assert documents[["title", "text"]].values.tolist() == [["甲", "一段话"]]
    assert left_out(documents)["path"].tolist() == ["t.xlsx[说明]"]


def test_a_cell_longer_than_the_csv_modules_limit(tmp_path):
    (tmp_path / "t.csv").write_text("text\n" + "招商引资" * 50_000, "utf-8")
    assert len(read_documents(tmp_path)["text"].iloc[0]) == 200_000


def test_what_a_table_cannot_place_is_said(tmp_path):
    (tmp_path / "t.csv").write_text("正文,点击数,日期\n一段话,7,去年冬天\n,8,2020-01-02\n", "utf-8")
    with pytest.warns(UserWarning) as caught:
        documents = read_documents(tmp_path)
    said = " ".join(str(warning.message) for warning in caught)
    assert "点击数" in said
    assert "'去年冬天' is not understood" in said
    assert left_out(documents).values.tolist() == [["t.csv:2", "the row has no text"]]


OPEN_QUOTES = {
    "closed by the next row's": '标题,正文\n甲,"正文一\n乙,"正文二"\n丙,正文三\n',
    "closed by a later row's": '标题,正文\n甲,"正文一\n己,正文\n乙,"正文二"\n丙,正文三\n',
    "never closed": '标题,正文\n丙,正文三\n甲,"正文一\n乙,正文二\n',
    "with windows' line ends": '标题,正文\r\n甲,"正文一\r\n乙,"正文二"\r\n丙,正文三\r\n',
}


@pytest.mark.parametrize("name", OPEN_QUOTES)
def test_rows_that_a_quote_runs_together_are_left_out_and_named(tmp_path, name):
    (tmp_path / "t.csv").write_bytes(OPEN_QUOTES[name].encode())
    with pytest.warns(UserWarning, match=r"left out: t\.csv:. lines \d to \d run together"):
        documents = read_documents(tmp_path)
    assert documents["title"].tolist() == ["丙"]
    assert len(left_out(documents)) == 1


def test_a_table_of_nothing_but_an_open_quote_is_left_out(tmp_path):
    for start in ("标题,正文\n", '标题,"正文\n'):
        (tmp_path / "t.csv").write_text(start + '甲,"正文一\n乙,"正文二"\n', "utf-8")
        with pytest.raises(ValueError, match="lines . to [23] run together"):
            read_documents(tmp_path)


def test_quotes_that_harm_nothing_are_read(tmp_path):
    (tmp_path / "t.csv").write_text('标题,正文\n甲,"一\n""二""\n"\n乙,"双招"成效\n丙,有"引"号\n', "utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        documents = read_documents(tmp_path)
    assert documents["text"].tolist() == ['一\n"二"\n', "双招成效", '有"引"号']


def test_a_table_cut_off_in_its_last_text_is_noted(tmp_path):
    (tmp_path / "t.csv").write_text('标题,正文\n甲,"正文一', "utf-8")
    with pytest.warns(UserWarning, match="ends inside a quotation"):
        documents = read_documents(tmp_path)
    assert documents["text"].tolist() == ["正文一"]
    assert len(documents.attrs["notes"]) == 1


def test_a_text_that_is_no_string_is_left_out(tmp_path):
    rows = [
        {"text": "一段"},
        {"text": ["a", "b"]},
        {"text": {"a": 1}},
        {"text": 5},
        {"text": "二", "title": ["c"]},
    ]
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    with pytest.warns(UserWarning) as caught:
        documents = read_documents(tmp_path)
    assert documents["text"].tolist() == ["一段", "二"]
    reasons = [f"the row's text is no string but {kind}" for kind in ("list", "dict", "int")]
    assert left_out(documents)["reason"].tolist() == reasons
    assert "title \"['c']\" is not understood; write it as one text" in str(caught[-1].message)


def test_a_broken_line_of_jsonl_is_left_out_by_number(tmp_path):
    (tmp_path / "t.jsonl").write_text(json.dumps({"text": "一段"}) + "\n{oops\n[1]\n", "utf-8")
    documents = quiet(tmp_path)
    assert left_out(documents)["path"].tolist() == ["t.jsonl:2", "t.jsonl:3"]


def test_a_frame_is_a_source():
    frame = pd.DataFrame({"编号": [7, 8], "内容": ["一", "二"], "时间": [pd.Timestamp("2020-05-06"), pd.NaT]})
    documents = read_documents(frame)
    assert documents["doc_id"].tolist() == ["frame:7", "frame:8"]
    assert documents["date"].iloc[0] == "2020-05-06"
    assert documents["date"].iloc[1] is pd.NA
    again = read_documents(documents)
    pd.testing.assert_frame_equal(again, documents)
    with pytest.raises(ValueError, match="no text column: it has 甲; call the column"):
        read_documents(pd.DataFrame({"甲": ["一"]}))


# --- encodings ---

ENCODINGS = [
    *[
        ("utf-8", TEXT),
        ("utf-8-sig", TEXT),
        ("gb18030", TEXT),
        ("gb18030", TRADITIONAL),
        ("big5", TRADITIONAL),
    ],
    *[("utf-16", TEXT), ("utf-16-le", TEXT), ("utf-16-be", TEXT), ("utf-16-le", TRADITIONAL)],
]


@pytest.mark.parametrize(("encoding", "text"), ENCODINGS)
@pytest.mark.parametrize("length", [12, 40, None])
def test_encodings_are_found_on_short_texts_too(encoding, text, length):
    found = decode(text[:length].encode(encoding))
    assert (found.text, found.encoding, found.lost) == (text[:length], encoding, 0)


@pytest.mark.parametrize(("encoding", "text"), [("gb18030", TEXT), ("big5", TRADITIONAL), ("utf-8", TEXT)])
def test_chinese_that_begins_late_in_a_page(encoding, text):
    page = '<meta name="x" content="y">\n' * 3000 + text
    assert decode(page.encode(encoding)).text == page


def test_latin_letters_in_utf16_without_mark():
    assert decode("GDP 12%\r\n招商".encode("utf-16-le")).text == "GDP 12%\n招商"


def test_two_byte_pairs_that_are_also_utf8():
    assert decode("联通".encode("gb18030")).text == "联通"


def test_windows_big5_has_characters_that_plain_big5_lacks():
    assert "恒碁" in decode((TRADITIONAL + "恒碁").encode("cp950")).text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_file_cut_within_a_character_is_read_and_said(tmp_path, encoding):
    (tmp_path / "cut.txt").write_bytes(TEXT.encode(encoding)[:-1])
    with pytest.warns(UserWarning, match=rf"cut.txt: \d place\(s\) can't be read as {encoding}"):
        documents = read_documents(tmp_path)
    assert documents["text"].iloc[0].startswith(TEXT[:-1])
    assert documents["encoding"].iloc[0] == encoding


@pytest.mark.parametrize(
    "data", [bytes(range(1, 256)) * 20, bytes(range(256)) * 20, "Élan à l'été, déjà vu".encode("latin-1")]
)
def test_what_is_no_chinese_text_is_refused(data):
    with pytest.raises(Undecodable):
        decode(data)


# --- bad input ---


def test_nothing_to_read(tmp_path):
    with pytest.raises(ValueError, match="No document could be read. The folder holds no file."):
        read_documents(tmp_path)
    with pytest.raises(ValueError, match="nowhere does not exist"):
        read_documents(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="list of files to read is empty"):
        read_documents([])
    with pytest.raises(ValueError, match="Can't read documents from int"):
        read_documents(3)


def test_a_missing_file_does_not_stop_the_others(folder):
    documents = quiet([folder / "good.txt", folder / "bad.txt"])
    assert len(documents) == 1
    assert "does not exist" in left_out(documents)["reason"].iloc[0]


BAD_FILES = {
    "empty.txt": (b"", "is empty"),
    "blank.txt": (b" \n\n", "has no text"),
    "picture.txt": (bytes(range(256)) * 20, "none of UTF-8, GB18030"),
    "a.doc": (b"x", r"save it as \.docx"),
    "a.xls": (b"x", r"save it as \.xlsx or \.csv"),
    "a.json": (b"[]", r"write it as \.jsonl"),
    "a.caj": (b"x", "export it as PDF"),
    "a.xyz": (b"x", r"not read \(\.xyz\)"),
    "a": (b"x", "no suffix"),
    "~$a.docx": (b"x", "temporary file of an office program"),
    ".hidden.txt": (b"x", "hidden file"),
    "README.md": (b"x", "describes the folder"),
    "SOURCE.txt": (b"x", "describes the folder"),
    "LICENSE": (b"x", "describes the folder"),
    "a.docx": (b"no zip", "not a valid Word file"),
    "locked.docx": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, PASSWORD),
    "a.xlsx": (b"no zip", "not a valid Excel file"),
    "locked.xlsx": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, PASSWORD),
    "a.pdf": (b"no pdf", "damaged PDF"),
    "a.parquet": (b"no parquet", "not a valid Parquet file"),
    "a.jsonl": (b"no json\n", "no JSON object"),
    "a.csv": (
        "标题,点击数\n甲,7\n".encode(),
        "no text column: it has 标题, 点击数; call the column one of text",
    ),
    "b.csv": ("标题,正文\n".encode(), "table without rows"),
    "c.csv": (b"\n\n", "no text column"),
    "d.csv": ("正文\n一,二,三\n".encode(), "line 2 has 3 fields where the heading has 1"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_left_out_with_a_sentence(folder, name):
    data, expected = BAD_FILES[name]
    (folder / name).write_bytes(data)
    assert pd.Series([reason(folder, name)]).str.contains(expected).all()


def test_pdf_without_text_and_with_password(folder):
    blank = PdfWriter()
    blank.add_blank_page(100, 100)
    blank.write(folder / "scan.pdf")
    assert "no text (scanned?)" in reason(folder, "scan.pdf")
    (folder / "scan.pdf").unlink()
    for algorithm in ("RC4-128",):
        locked = PdfWriter(PdfReader(io.BytesIO(pdf(["霁川"]))))
        locked.encrypt("secret", algorithm=algorithm)
        locked.write(folder / "locked.pdf")
        assert PASSWORD in reason(folder, "locked.pdf")


def test_pages_without_text_among_others_are_said(folder):
    mixed = PdfWriter(PdfReader(io.BytesIO(pdf(["霁川市"]))))
    mixed.add_blank_page(100, 100)
    mixed.write(folder / "mixed.pdf")
    with pytest.warns(UserWarning, match=r"mixed.pdf: 1 of 2 pages have no text \(scanned\?\): page 2"):
        assert len(read_documents(folder)) == 2


def test_links_that_lead_in_a_circle_or_nowhere(folder):
    (folder / "deep").mkdir()
    (folder / "deep" / "back").symlink_to(folder, target_is_directory=True)
    (folder / "lost.txt").symlink_to(folder / "gone.txt")
    documents = quiet(folder)
    assert documents["doc_id"].tolist() == ["good"]
    assert left_out(documents)["path"].tolist() == ["deep/back", "lost.txt"]


def test_a_hidden_folder_is_one_line(folder):
    (folder / ".git" / "objects").mkdir(parents=True)
    for number in range(5):
        (folder / ".git" / "objects" / f"{number}.txt").write_text("x", "utf-8")
    assert reason(folder, ".git") == "is a hidden folder"


def test_a_file_that_cannot_be_opened(folder, monkeypatch):
    (folder / "secret.txt").write_text(TEXT, "utf-8")
    opened = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "secret.txt":
            raise PermissionError(13, "Permission denied")
        return opened(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert "can't be opened (Permission denied)" in reason(folder, "secret.txt")


def test_a_named_readme_is_read(tmp_path):
    (tmp_path / "README.md").write_text(TEXT, "utf-8")
    assert len(read_documents(tmp_path / "README.md")) == 1


def test_ids_that_clash_get_a_suffix_and_a_warning(folder):
    (folder / "good.md").write_text("另一篇。", "utf-8")
    (folder / "good-2.txt").write_text("第三篇。", "utf-8")
    with pytest.warns(UserWarning, match="doc_id 'good' occurs twice"):
        documents = read_documents(folder)
    assert sorted(documents["doc_id"]) == ["good", "good-2", "good-3"]
    assert documents.set_index("doc_id").loc["good-2", "text"] == "第三篇。"


def test_read_file_names_the_file(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"")
    with pytest.raises(ValueError, match=r"a\.txt is empty"):
        read_file(tmp_path / "a.txt")


# --- the manifest ---


def test_a_manifest_overrides_and_reports(folder):
    (folder / "望澜市").mkdir()
    (folder / "望澜市" / "2020.md").write_text(TEXT, "utf-8")
    (folder / "manifest.csv").write_bytes(
        "doc_id,城市,年份,日期,备注\ngood,霁川市,2019,2019年3月4日,x\n望澜市/2020,,,,\nlost,砚湖市,,,\n".encode(
            "gb18030"
        )
    )
    with pytest.warns(UserWarning) as caught:
        documents = read_documents(folder, manifest=folder / "manifest.csv")
    rows = documents.set_index("doc_id")
    assert rows.loc["good", ["city", "year", "date"]].tolist() == ["霁川市", 2019, "2019-03-04"]
    assert rows.loc["望澜市/2020", ["city", "year"]].tolist() == ["望澜市", 2020]
    said = " ".join(str(warning.message) for warning in caught)
    assert "备注 is no column of documents" in said
    assert "1 of 3 manifest rows match no document by doc_id, first 'lost'" in said
    assert str(documents["year"].dtype) == "Int64"
    assert len(left_out(documents)) == 0


def test_a_manifest_by_path(folder):
    manifest = pd.DataFrame({"path": [".\\good.txt"], "speaker": ["林知远"]})
    assert quiet(folder, manifest=manifest)["speaker"].iloc[0] == "林知远"


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        (pd.DataFrame({"city": ["霁川市"]}), "neither doc_id nor path; it has city"),
        (pd.DataFrame({"doc_id": ["good", "good"], "city": ["甲市", "乙市"]}), "names 'good' twice"),
        (pd.DataFrame({"doc_id": ["good"], "date": ["春天"]}), "Row 1 of the manifest has a date '春天'"),
        ("nowhere.csv", "nowhere.csv does not exist"),
    ],
)
def test_a_manifest_that_cannot_be_used(folder, manifest, expected):
    with pytest.raises(ValueError, match=expected):
        quiet(folder, manifest=manifest)


# --- dates, folders ---


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2021-1-9",
            "2021/01/09 10:00",
            "2021.1.9",
            "20210109",
            "2021年1月9日",
            "2021-01-09T08:00:00+08:00",
        ),
        *(
            "2021 年1月 9 日",
            "2021年1月9",
            "２０２１－１－９",
            "二零二一年一月九日",
            "发布于2021-01-09，更新于2022年3月4日",
        ),
        "Fri, 08 Jan 2021 20:50:52 GMT",  # the ninth in China
    ],
)
def test_dates(text):
    assert iso_date(text) == "2021-01-09"


def test_days_in_old_numerals():
    assert [iso_date(f"二○二一年十一月{day}日") for day in ("十", "廿三", "三十", "二〇", "三十一")] == [
        *("2021-11-10", "2021-11-23", "2021-11-30", "2021-11-20"),
        None,
    ]


def test_years():
    written = ["2021", "2021年", "二〇二一年", "一九九八", "2021.0", "第12届", "20210", "一二三四"]
    assert [year_in(text) for text in written] == [2021, 2021, 2021, 1998, 2021, None, None, None]


@pytest.mark.parametrize("text", ["2021-02-30", "2021年", "12", "去年", "1.5.2", "2021-2022学年"])
def test_no_dates(text):
    assert iso_date(text) is None


def test_the_layout_of_lawtext_gov(tmp_path):
    files = {
        "主要城市/霁川市/2021.md": "---\nsource: https://example.org/a\ntitle: 2021年政府工作报告\n---\n"
        f"\n——2020年12月30日在霁川市第九届人民代表大会第一次会议上\n\n市长 林知远\n\n各位代表：\n{TEXT}",
        "主要城市/霁川市/2021-10.md": f"---\ntitle: 霁川市政府工作报告（2021年10月9日 林知远）\n---\n{TEXT}",
        "其他地市/岚屏自治州/2019.md": TEXT,
        "政府工作报告-国务院/1999-part.md": f"**1999年政府工作报告**\n{TEXT}",
        "主要城市/说明.md": TEXT,
        "README.md": "about",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    rows = quiet(tmp_path).set_index("doc_id")
    assert set(rows.index) == {
        "霁川市/2021",
        "霁川市/2021-10",
        "岚屏自治州/2019",
        "国务院/1999-part",
        "主要城市/说明",
    }
    first = rows.loc["霁川市/2021"]
    assert (first["date"], first["year"], first["speaker"], first["office"]) == (
        "2020-12-30",
        2021,
        "林知远",
        "市长",
    )
    assert (first["city"], first["level"], first["url"]) == ("霁川市", "city", "https://example.org/a")
    assert first["genre"] == "government work report"
    assert rows.loc["霁川市/2021-10", "date"] == "2021-10-09"
    central = rows.loc["国务院/1999-part"]
    assert (central["level"], central["year"], central["title"]) == ("central", 1999, "1999年政府工作报告")
    assert central["city"] is pd.NA
    assert rows.loc["主要城市/说明", "city"] is pd.NA
    assert rows.loc["主要城市/说明", "genre"] is pd.NA


@pytest.mark.parametrize("name", ["霁川市", "岚屏自治州", "朔原地区", "阿拉善盟", "盐城市", "运城市"])
def test_folders_named_like_a_city(tmp_path, name):
    (tmp_path / name).mkdir()
    (tmp_path / name / "讲话.txt").write_text(TEXT, "utf-8")
    row = read_documents(tmp_path).iloc[0]
    assert (row["city"], row["level"], row["doc_id"]) == (name, "city", f"{name}/讲话")
    assert row["genre"] is pd.NA


@pytest.mark.parametrize("name", ["主要城市", "其他地市", "广东各市", "西部地区", "产业联盟", "苏州", "市"])
def test_folders_that_are_no_city(tmp_path, name):
    (tmp_path / name).mkdir()
    (tmp_path / name / "2020.txt").write_text(TEXT, "utf-8")
    row = read_documents(tmp_path).iloc[0]
    assert row["city"] is pd.NA
    assert row["doc_id"] == f"{name}/2020"


# --- damaged files ---


def damaged(data: bytes, rng: random.Random) -> bytes:
    """Cut off, or with some bytes changed, or bytes of nothing at all."""
    kind = rng.randrange(3)
    if kind == 0:
        return data[: rng.randrange(1, len(data))]
    if kind == 1:
        return rng.randbytes(rng.randrange(1, 400))
    changed = bytearray(data)
    for _ in range(rng.randrange(1, 20)):
        changed[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(changed)


@pytest.mark.parametrize("suffix", sorted(READERS))
def test_damaged_bytes_are_read_or_refused_but_never_break(tmp_path, suffix):
    source = tmp_path / f"a{suffix}"
    if suffix == ".docx":
        word(source)
    elif suffix == ".pdf":
        source.write_bytes(pdf(TEXT.split("\n")))
    elif suffix in (".csv", ".tsv", ".xlsx", ".jsonl", ".parquet"):
        write_table(source, pd.DataFrame(ROWS))
    else:
        source.write_text(f"---\ntitle: 霁川\n---\n<html><body><p>{TEXT}</p></body></html>", "utf-8")
    data, rng = source.read_bytes(), random.Random(7)
    for _ in range(25):
        with contextlib.suppress(Unreadable):
            READERS[suffix](damaged(data, rng), source.name)


# --- real texts ---


def test_the_real_reports(corpus):
    documents = quiet(corpus / "lawtext-gov")
    assert len(documents) == 2290
    assert documents["doc_id"].is_unique
    assert documents["year"].notna().all()
    assert documents["title"].notna().all()
    assert documents["city"].nunique() == 321
    assert documents["level"].value_counts().to_dict() == {"city": 2231, "central": 59}
    assert documents["date"].notna().sum() >= 2215  # the others name no day
    assert documents["speaker"].notna().sum() >= 2143
    assert documents["office"].notna().sum() >= 2097
    assert documents["speaker"].dropna().str.fullmatch(r"[\u3400-\u9fff]{2,4}|.*·.*").all()
    assert left_out(documents)["path"].tolist() == ["SOURCE.txt"]
    assert [note.split(":")[0] for note in documents.attrs["notes"]] == [
        "政府工作报告-其他地市/营口市/2021.md"
    ]
    report = documents.set_index("doc_id").loc["盐城市/2012"]
    assert (report["date"], report["speaker"], report["office"]) == ("2012-06-16", "魏国强", "市长")


def test_real_word_files_and_web_pages(corpus):
    reports = quiet(corpus / "docx")
    assert len(reports) == 6
    assert reports["text"].str.len().min() > 10_000
    pages = quiet(corpus / "web_pages").set_index("doc_id")
    assert len(pages) == 5
    first = pages.loc["000_54805448a205da0e"]
    assert (first["publisher"], first["published"]) == ("新浪财经", "2021-12-01")
