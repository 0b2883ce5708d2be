"""The columns of the documents frame, and by which names real files call them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any

from analysis.dates import iso_date, year_in

COLUMNS = (
    *("doc_id", "parent_id", "title", "text", "date", "published", "year"),
    *("city", "adcode", "province", "region", "level", "genre"),
    *("speaker", "office", "editor", "publisher", "url", "path", "sha256", "encoding"),
)

# Heading in a table or key in front matter -> column; compared without case, spaces, signs and remarks in brackets.
# Where several headings of one file mean the same column, the first in this order is taken.
SYNONYMS = {
    "doc_id": "doc_id documentid",
    "id": "编号 編號 序号 序號 id 标识",
    "title": "title 标题 標題 题目 題目 题名 篇名 文章标题 headline",
    "text": "text 正文 全文 文本 内容 內容 正文内容 文章内容 报告全文 报告内容 原文 content body fulltext",
    "date": "date 日期 时间 時間 会议日期 讲话日期 作报告日期",
    "published": "published 发布日期 發布日期 发布时间 發布時間 发表日期 发表时间 刊发日期 publishdate pubdate",
    "year": "year 年份 年度 年",
    "city": "city 城市 市 地市 地级市 城市名 城市名称 所属城市",
    "adcode": "adcode 行政区划代码 区划代码 城市代码",
    "province": "province 省份 省 省市 所属省份",
    "region": "region 地区 区域",
    "level": "level 级别 层级",
    "genre": "genre 体裁 文体 文种 类型 文本类型",
    "speaker": "speaker author 作者 发言人 發言人 讲话人 报告人",
    "office": "office 职务 職務 职位",
    "editor": "editor 编辑 編輯 责任编辑 責任編輯 责编",
    "publisher": "publisher source 来源 來源 文章来源 发布机构 发布单位 媒体 site sitename",
    "url": "url link 链接 鏈接 網址 网址 原文链接 地址 href",
    "parent_id": "parent_id",
    "path": "path 路径 文件 文件名 filename file",
    "sha256": "sha256",
    "encoding": "encoding 编码",
}
HEADINGS = {name.replace("_", ""): column for column, names in SYNONYMS.items() for name in names.split()}
# Page makers use these two for the page, not for what the page reports.
FRONT_MATTER = HEADINGS | {
    "author": "publisher",
    "作者": "publisher",
    "date": "published",
    "日期": "published",
}
DATES = ("date", "published")
Record = dict[str, Any]


class Unreadable(ValueError):
    """Why a file can't be read: the rest of a sentence that begins with the file's name."""


@dataclass
class Reading:
    """What one file gave: records (columns of the documents frame), what had to be left out, and remarks."""

    records: list[Record] = field(default_factory=list)
    left_out: list[dict[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def column_of(heading: object, names: dict[str, str] = HEADINGS) -> str | None:
    """The documents column that a heading means, or None.

    >>> column_of("正文（全文）"), column_of("Publish Date"), column_of("点击数")
    ('text', 'published', None)
    """
    plain = re.sub(r"[（(\[【].*?[）)\]】]|[\s_\-:：*\ufeff]", "", str(heading)).lower()
    return names.get(plain)


def is_missing(value: object) -> bool:
    """No value: None, NaN, NA, or a text of nothing but space."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return (isinstance(value, float) and math.isnan(value)) or (isinstance(value, str) and not value.strip())


def tidy(column: str, value: object) -> Any:
    """One value in the form that its column has; None where there is none.

    Raises ValueError for a date or a year that isn't one, and for a list where a text should be.
    """
    if is_missing(value):
        return None
    if column in DATES:
        return _understood(iso_date(value), column, value)
    if column == "year":
        return _understood(year_in(value), column, value)
    if column == "text":
        return str(value)
    if isinstance(value, (list, tuple, set, dict)):
        raise ValueError(f"{column} {str(value)[:30]!r}")
    if isinstance(value, float) and value.is_integer():  # a number typed in a spreadsheet
        value = int(value)
    return str(value).strip()


def _understood(result: object, column: str, value: object) -> object:
    if result is None:
        raise ValueError(f"{column} {str(value)[:30]!r}")
    return result


def tidy_record(raw: Record, notes: list[str], where: str) -> Record:
    """Tidy all values of a record; a value that can't be understood is missing, and a note says so."""
    record: Record = {}
    for column, value in raw.items():
        try:
            tidied = tidy(column, value)
        except ValueError as problem:
            notes.append(f"{where}: {problem} is not understood; write it as {_form(column)}")
            if column == "date":  # 2021年3月 is no day but has a year
                record.setdefault("year", year_in(value))
            continue
        if tidied is not None:
            record[column] = tidied
    return _settle(record)


def _form(column: str) -> str:
    return {"year": "2021", "date": "2021-01-12", "published": "2021-01-12"}.get(column, "one text")


def _settle(record: Record) -> Record:
    """An address given as the publisher is the url."""
    if re.match(r"https?://", record.get("publisher", "")):
        record.setdefault("url", record["publisher"])
        del record["publisher"]
    return record


def with_year(record: Record) -> Record:
    """The year, unless given, is that of the date, or else of publication."""
    day = record.get("date") or record.get("published")
    if record.get("year") is None and day:
        record["year"] = int(day[:4])
    return record
