"""Dates and years as Chinese texts and tables write them."""

from __future__ import annotations

import datetime
import re
from email.utils import parsedate_to_datetime

ZEROS = "〇零○ОΟOＯ"  # the last four are what typists take for 〇: Cyrillic, Greek, Latin and wide Latin capital O
NUMERALS = "一二三四五六七八九"
FIGURES = str.maketrans(ZEROS + NUMERALS, "0" * len(ZEROS) + "123456789")

YEAR = rf"(?:(?:19|20)\d\d|[一二][\d{ZEROS}{NUMERALS}]{{3}})"
_WRITTEN = rf"[\d{ZEROS}{NUMERALS}十廿]{{1,3}}"
# A date within a line, without groups.
DATE = rf"{YEAR}(?:\s*年\s*{_WRITTEN}\s*月\s*{_WRITTEN}\s*日?|[-/.]\d{{1,2}}[-/.]\d{{1,2}})"

# With 年月日 a number may be torn by spaces and line ends: 2021年1月 1 2日.
_TORN_YEAR = rf"([12](?:\s*\d){{3}}|[一二](?:\s*[\d{ZEROS}{NUMERALS}]){{3}})"
_TORN = rf"(\d(?:\s*\d)?|[{ZEROS}{NUMERALS}十廿](?:\s*[{ZEROS}{NUMERALS}十廿]){{0,2}})"
WHOLE = rf"{_TORN_YEAR}\s*年\s*{_TORN}\s*月\s*{_TORN}\s*日"
SIGNED = rf"(?<!\d)([12]\d{{3}}|{YEAR})\s*[年\-/.]\s*({_WRITTEN})\s*[月\-/.]\s*({_WRITTEN})(?!\d)"
DATE_WHOLE = re.compile(WHOLE)
DATE_SIGNED = re.compile(SIGNED)
DATE_COMPACT = re.compile(r"^([12]\d{3})(\d{2})(\d{2})(?:\.0)?$")
YEAR_ALONE = re.compile(
    rf"(?<!\d)((?:19|20)\d{{2}})(?!\d)|((?:一九|二[{ZEROS}])[{ZEROS}{NUMERALS}]{{2}})(?![{NUMERALS}])"
)
DAY_ALONE = re.compile(
    rf"(?<![\d{NUMERALS}年])(?:(\d\d)\s*年\s*)?(\d{{1,2}}|[{NUMERALS}十]{{1,2}})\s*月\s*(\d{{1,2}}|[{NUMERALS}十廿]{{1,3}})\s*日"
)
NARROW = str.maketrans("０１２３４５６７８９／－．：", "0123456789/-.:")
LAST_OF_SESSION = 10  # the last month in which a session surely belongs to its own year
CHINA = datetime.timezone(datetime.timedelta(hours=8))


def iso_date(value: object) -> str | None:
    """Bring the first date in a value to the form `2021-01-12`; None where there is no whole date, or none that exists.

    Understands 2021年1月12日, 二〇二一年一月十二日 (also torn by spaces, or without 日), 2021-1-12, 2021/1/12, 2021.1.12,
    each with words or a time around it, 20210112, date objects, and the dates of e-mail and feeds. A time with its
    zone is told in China's (UTC+8).

    >>> iso_date("二〇二一年一月十二日"), iso_date("发布于2021/1/12"), iso_date("2021年2月30日")
    ('2021-01-12', '2021-01-12', None)
    >>> iso_date("Tue, 12 Jan 2021 20:50:52 GMT"), iso_date("2021年1月")
    ('2021-01-13', None)
    """
    if isinstance(value, datetime.datetime):
        return (value.astimezone(CHINA) if value.tzinfo else value).date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    text = str(value).strip().translate(NARROW)
    return _moment(text) or _first(text)


def written_date(text: str) -> str | None:
    """The first date in a text that is written out with 年, 月 and 日.

    >>> written_date("二〇二一年一月\\n十二日在霁川市"), written_date("2021-01-12")
    ('2021-01-12', None)
    """
    found = DATE_WHOLE.search(text.translate(NARROW))
    return _checked(*found.groups()) if found else None


def day_of_year(text: str, year: int | None) -> str | None:
    """The first day that a text names without a year, or with two figures of it, in the given year.

    None for November and December, when sessions that belong to the next year are held, unless the two figures say
    so; and where those figures tell of another time than the given year and the one before.

    >>> day_of_year("——2月24日在霁川市", 2019), day_of_year("——18年12月24日在霁川市", 2019)
    ('2019-02-24', '2018-12-24')
    >>> day_of_year("12月24日在霁川市", 2019), day_of_year("09年2月4日", 2019)
    (None, None)
    """
    found = DAY_ALONE.search(text.translate(NARROW)) if year is not None else None
    if not found or year is None:
        return None
    figures, month, day = found.groups()
    if figures is None:
        return _checked(str(year), month, day) if _number(month) <= LAST_OF_SESSION else None
    full = next((past for past in (year, year - 1) if past % 100 == int(figures)), None)
    return _checked(str(full), month, day) if full else None


def year_in(value: object) -> int | None:
    """The first year from 1900 to 2099 in the text.

    >>> year_in("2021-10"), year_in("二〇一二年"), year_in("第12届")
    (2021, 2012, None)
    """
    found = YEAR_ALONE.search(str(value).translate(NARROW))
    return int(found[0].translate(FIGURES)) if found else None


def _moment(text: str) -> str | None:
    """A moment with its time: `2021-12-01T23:00:00Z`, `Wed, 01 Dec 2021 09:50:52 GMT`."""
    if not re.search(r"\d:\d", text):
        return None
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except (TypeError, ValueError):
            return None
    return iso_date(moment)


def _first(text: str) -> str | None:
    found = [match for pattern in (DATE_WHOLE, DATE_SIGNED) if (match := pattern.search(text))]
    if not found:
        compact = DATE_COMPACT.match(text)
        return _checked(*compact.groups()) if compact else None
    return _checked(*min(found, key=lambda match: match.start()).groups())


def _checked(*parts: str) -> str | None:
    try:
        return datetime.date(*map(_number, parts)).isoformat()
    except ValueError:
        return None


def _number(written: str) -> int:
    """Read a year, month or day: 2021, 二〇二一, 十二, 二十三, 廿三."""
    figures = "".join(written.split()).translate(FIGURES).replace("廿", "2十")
    if "十" not in figures:
        return int(figures)
    tens, _, ones = figures.partition("十")
    return int(tens or 1) * 10 + int(ones or 0)
