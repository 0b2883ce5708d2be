"""What a city is called: the file of its page, and how it is found by a reader who types letters."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from analysis.places import resolve_city

if TYPE_CHECKING:
    from collections.abc import Iterable

# Where the dictionary of readings goes by another sense of the characters, and where a city has a usual name besides.
_READ = {"漯河": "luohe", "朝阳": "chaoyang", "长治": "changzhi", "昌都": "changdu", "吕梁": "lvliang"}
_KNOWN_AS = {
    "乌鲁木齐": "Urumqi",
    "呼和浩特": "Hohhot",
    "哈尔滨": "Harbin",
    "拉萨": "Lhasa",
    "吐鲁番": "Turpan",
    "日喀则": "Shigatse",
    "林芝": "Nyingchi",
    "昌都": "Chamdo",
    "那曲": "Nagqu",
    "山南": "Shannan",
    "鄂尔多斯": "Ordos",
    "齐齐哈尔": "Qiqihar",
    "呼伦贝尔": "Hulunbuir",
    "乌兰察布": "Ulanqab",
    "巴彦淖尔": "Bayannur",
    "克拉玛依": "Karamay",
    "哈密": "Kumul",
    "吕梁": "Lyuliang",
    "伊犁": "Ili",
    "克孜勒苏": "Kizilsu",
    "博尔塔拉": "Bortala",
    "巴音郭楞": "Bayingolin",
    "甘孜": "Garze",
    "阿坝": "Ngawa",
}
_ENDS = ("市", "地区", "盟")


def city_files(cities: Iterable[str]) -> dict[str, str]:
    """Return the file of each city's page, without its folder: 320900.html by the code of the place table.

    Cities that the table lacks, or of which two have one code, are numbered in the order of their names. Does not depend on
    the order of the cities.

    >>> city_files(["盐城市", "霁川市"])
    {'盐城市': '320900.html', '霁川市': 'city-001.html'}
    """
    names = sorted(set(cities))
    codes = {name: _code(name) for name in names}
    often = list(codes.values())
    coded = {name: code for name, code in codes.items() if code and often.count(code) == 1}
    others = [name for name in names if name not in coded]
    numbered = {name: f"city-{n:03d}" for n, name in enumerate(others, 1)}
    return {name: f"{(coded | numbered)[name]}.html" for name in names}


def latin_name(city: str) -> str:
    """Return a city's name in letters: its short name in pinyin without tones, or the name it is known by.

    >>> latin_name("盐城市"), latin_name("漯河市"), latin_name("乌鲁木齐市")
    ('Yancheng', 'Luohe', 'Urumqi')
    """
    short = _short(city)
    return _KNOWN_AS.get(short) or (city if short.isascii() else pinyin(city).capitalize())


def pinyin(city: str) -> str:
    """Return a city's short name in pinyin: small letters, no tones, no spaces."""
    from pypinyin import lazy_pinyin

    short = _short(city)
    return _READ.get(short) or "".join(lazy_pinyin(short))


def search_words(city: str, province: str = "") -> str:
    """Return what a city is found by: name, pinyin, first letters, known name, province; parted by spaces.

    >>> search_words("盐城市", "江苏省")
    '盐城市 yancheng yc 江苏省 jiangsusheng'
    """
    from pypinyin import lazy_pinyin

    short = _short(city)
    letters = "".join(part[:1] for part in lazy_pinyin(short))
    told = [city, pinyin(city), letters, _KNOWN_AS.get(short, "").lower(), province]
    told.append("".join(lazy_pinyin(province)) if province else "")
    return " ".join(word for word in told if word)


def _short(city: str) -> str:
    """Return a name without the word for its kind; an autonomous prefecture's by the place table (延边)."""
    place = _quiet_place(city)
    if place is not None and place.name == city:
        return place.short
    return next(
        (city.removesuffix(end) for end in _ENDS if city.endswith(end) and len(city) > len(end) + 1), city
    )


def _code(city: str) -> str | None:
    place = _quiet_place(city)
    return place.code if place is not None and place.name == city else None


def _quiet_place(city: str):  # type: ignore[no-untyped-def]
    """Look a name up; that it may mean two places was said where the documents were read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return resolve_city(city)
