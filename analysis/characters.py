"""Characters, script, width, spaces and blanked-out names; every step says what it changed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from analysis.markup import EXAMPLES, Edit, shorten, substitute

HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
CHINESE = HAN + r"\u3001-\u3003\u3008-\u3011\u3014-\u301b“”‘’…—（），：；？！□"
LOST = "□"  # the editor's sign for a character that is lost


# ---- characters

UNSEEN = re.compile(
    "[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
SURROGATES = re.compile(
    "[\ud800-\udfff]+"
)  # halves of characters: half a text was cut off, or wrongly decoded
ODD = re.compile(f"{UNSEEN.pattern[:-1]}\r\x0b\x0c\x85\u2028\u2029\ud800-\udfff]")
WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ％\u3000\u00a0\u2000-\u200a\u202f\u205f\t]")
NARROW = {
    **{
        code: code - 0xFEE0
        for code in [*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF05]
    },
    **dict.fromkeys([0x3000, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 9], 0x20),
}
ANY_WIDE = re.compile(f"{WIDE.pattern[:-1]}．＋－／＝＆＠＃＿＊]")
WIDE_SIGN = re.compile(r"[．＋－／＝＆＠＃＿＊](?<=[0-9A-Za-z”%].)(?=[0-9A-Za-z“])")


def drop_unseen(text: str) -> Edit:
    """Drop characters that show nothing (zero-width space, byte-order mark, control codes); one kind of line end.

    >>> drop_unseen("招\\u200b商\\r\\n引资").text
    '招商\\n引资'
    """
    if not ODD.search(text):
        return Edit(text)
    edit = substitute(LINE_ENDS, "\n", text)
    edit = substitute(UNSEEN, "", edit.text, also=edit)
    return substitute(SURROGATES, _whole, edit.text, also=edit)


def _whole(halves: re.Match[str]) -> str:
    """The characters that halves of characters make; a half alone becomes the sign for what is no character."""
    return halves.group().encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def narrow_width(text: str) -> Edit:
    """Make full-width digits, Latin letters and spaces narrow; Chinese punctuation and ① ⑴ Ⅲ stay.

    >>> narrow_width("落户企业１２家，增长３．５％，“１＋Ｎ”②。").text
    '落户企业12家，增长3.5%，“1+N”②。'
    """
    if not ANY_WIDE.search(text):
        return Edit(text)
    edit = substitute(WIDE, lambda match: chr(NARROW[ord(match.group())]), text)
    return substitute(
        WIDE_SIGN, lambda match: unicodedata.normalize("NFKC", match.group()), edit.text, also=edit
    )


# ---- script

# Where OpenCC leaves 著 and the word is written with 着, except in these words of writing and of note.
PARTICLE = re.compile(
    r"著(?=[力眼手重落想急陆装色])|(?<![显卓昭名专论编译巨土原合拙遗撰])著(?![名作称述书者录]|有《)"
)


@lru_cache(maxsize=1)
def _scripts() -> tuple[re.Pattern[str], re.Pattern[str], Callable[[str], str]]:
    """Characters only traditional, characters only simplified, and the converter; built at first use."""
    import opencc

    simplify, complicate = opencc.OpenCC("t2s").convert, opencc.OpenCC("s2t").convert
    han = [chr(code) for code in range(0x4E00, 0xA000)]
    simple, traditional = simplify("\n".join(han)).split("\n"), complicate("\n".join(han)).split("\n")
    only_traditional = "".join(
        a for a, b, c in zip(han, simple, traditional, strict=True) if a != b and a == c
    )
    only_simplified = "".join(
        a for a, b, c in zip(han, simple, traditional, strict=True) if a != c and a == b
    )
    return re.compile(f"[{only_traditional}]"), re.compile(f"[{only_simplified}]"), simplify


def is_traditional(text: str) -> bool:
    """Whether more characters of a text exist only in traditional script than only in simplified.

    >>> is_traditional("招商引資，優化營商環境"), is_traditional("招商引资在堃城")
    (True, False)
    """
    traditional, simplified, _ = _scripts()
    if not traditional.search(text):
        return False
    return len(traditional.findall(text)) > len(simplified.findall(text))


def simplify_script(text: str) -> Edit:
    """Convert a text judged traditional to simplified characters (OpenCC t2s, then 著 to 着 where 着 is the word).

    >>> simplify_script("著力招商引資，成效顯著").text
    '着力招商引资，成效显著'
    """
    if not is_traditional(text):
        return Edit(text)
    new = PARTICLE.sub("着", _scripts()[2](text))
    if len(new) != len(text):  # OpenCC may change the length of a phrase; the count is then of characters
        return Edit(new, abs(len(text) - len(new)) or 1, (shorten(text),))
    changed = [f"{a}→{b}" for a, b in zip(text, new, strict=True) if a != b]
    return Edit(new, len(changed), tuple(changed[:EXAMPLES]))


# ---- damage that another step must mend first

TONED = re.compile("[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹ]")
NOTE = re.compile("[\u3400-\u9fff?]?[(（][a-zü]{0,4}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹ][a-zü]{0,4}[)）]")


# ---- spaces, numbers

ORDINAL = "[一二三四五六七八九十]{1,3}"
INDENT = re.compile(rf"([。！？]) {{2,}}(?=[{HAN}\d（“])|([。！？]) (?=（{ORDINAL}）|{ORDINAL}、)")
# A space inside a quoted slogan of two halves stands for a comma.
SLOGAN = re.compile(rf"“[{HAN}]{{3,12}}(?: [{HAN}]{{3,12}})+”")
SPACE = re.compile(
    rf" (?<=[{CHINESE}] ) *(?=[{CHINESE}0-9A-Za-z])| (?<=[0-9A-Za-z%‰] ) *(?=[{CHINESE}])| (?<=\d )(?=[%‰])"
)
BROKEN_PER_MILLE = re.compile(r"%。(?=[。，；、）]|以内|以下|左右)")
PER_MILLE = re.compile(r"。(?<=%。)(?=[。，；、）]|以内|以下|左右)")
GROUPED = re.compile(r"(?<![\d.,])(?<!\d )\d{1,3}(?: \d{3})+(?!\d| \d)")
GROUP = re.compile(r" (?<=\d )\d{3}")  # a space comes seldom, so this is the quick question to ask first


def close_spaces(text: str) -> Edit:
    r"""Drop spaces inside Chinese; two or more after a full stop were a paragraph's indent and start a new line.

    >>> close_spaces("全 市引进 30 个项目。  二是强链。New Area 1. 招商").text
    '全市引进30个项目。\n二是强链。New Area 1. 招商'
    """
    if " " not in text:
        return Edit(text)
    edit = substitute(INDENT, "\\1\\2\n", text)
    held = SLOGAN.sub(lambda match: match.group().replace(" ", "\0"), edit.text)
    edit = substitute(SPACE, "", held, also=edit)
    return edit._replace(text=edit.text.replace("\0", " "))


def mend_per_mille(text: str) -> Edit:
    """Write ‰ where it came apart into a per cent sign and a full stop: 增长率4.8%。。 was 4.8‰。

    >>> mend_per_mille("自然增长率4.8%。。出生率控制在9%。以内，增长8%。其次").text
    '自然增长率4.8‰。出生率控制在9‰以内，增长8%。其次'
    """
    if not PER_MILLE.search(text):
        return Edit(text)
    return substitute(BROKEN_PER_MILLE, "‰", text)


def join_numbers(text: str) -> Edit:
    """Join a number broken by spaces into groups of three digits; “3 5 200”, where signs were lost, stays.

    >>> join_numbers("总投资3 205.17亿元，“3 5 200”集群").text
    '总投资3205.17亿元，“3 5 200”集群'
    """
    if not GROUP.search(text):
        return Edit(text)
    return substitute(GROUPED, lambda match: match.group().replace(" ", ""), text)


def trim_lines(text: str) -> Edit:
    r"""Make a paragraph a line: no empty lines, no spaces at either end.

    >>> trim_lines("  第一段 \n\n\n 第二段\n").text
    '第一段\n第二段'
    """
    lines = text.split("\n")
    kept = [line for line in (line.strip(" ") for line in lines) if line]
    new = "\n".join(kept)
    if new == text:
        return Edit(text)
    padded = [line for line in lines if line[:1] == " " or line[-1:] == " "]
    examples = tuple(f"[{shorten(line)}]" for line in padded[:EXAMPLES] if line.strip())
    return Edit(new, len(padded) + lines.count(""), examples)


# ---- names blanked out

# XXL, XX-1 and 3××5 are no names; 20XX年 is a year with its end blanked out.
CROSSES = re.compile(
    r"\b20(?:XX|xx|××)(?=年)|(?<![A-Za-z0-9-])(?:X{2,}|x{2,})(?![A-Za-z0-9-])|(?<!\d)×{2,}(?!\d)|某某+|_{3,}"
)
CROSS_SIGNS = ("XX", "xx", "××", "某某", "___")
# A star beside a figure or after a closing mark is a footnote's, as is (*) and the star after 注：.
LONE_STAR = re.compile(r"\*(?<![\\*0-9A-Za-z%‰”》）)]\*)(?<!注[:：]\*)(?![*0-9A-Za-z ])(?!(?<=[（(]\*)[）)])")
STARS = re.compile(r"\*{2,}")
STARS_NAME = re.compile(r"\*{2,}(?=市|区|县|镇|乡|省|州|村|街道|集团|公司|同志)")
STARRED_LINE = re.compile(
    r"^[^\n]*\*{2,}(?=市|区|县|镇|乡|省|州|村|街道|集团|公司|同志)[^\n]*$", re.MULTILINE
)


def _starred_names(line: re.Match[str]) -> str:
    """Tell **市 (a name blanked out) from **市场** (emphasis), by what the other stars of the line stand before."""
    text, runs = line.group(), STARS.findall(line.group())
    lone_at_start = (
        len(runs) == 1 and text.startswith("*") and re.match(r"\*+[市区县省][委政长场民域直容内级属]", text)
    )
    if len(STARS_NAME.findall(text)) < len(runs) or lone_at_start:
        return text
    return STARS_NAME.sub(LOST, text)


def mark_placeholders(text: str) -> Edit:
    """Put one □ for each name blanked out (XX区, **市, ××, *, 某某), so that it is no word and glues nothing.

    >>> mark_placeholders("XX区与**市在*开发区共建，面积3×5公里").text
    '□区与□市在□开发区共建，面积3×5公里'
    """
    edit = Edit(text)
    if "**" in text and STARS_NAME.search(text):
        new = STARRED_LINE.sub(_starred_names, text)
        found = [shorten(match.group()) for match in STARS_NAME.finditer(text)]
        count = new.count(LOST) - text.count(LOST)
        edit = Edit(new, count, tuple(found[: min(count, EXAMPLES)]))
    if any(sign in text for sign in CROSS_SIGNS):
        edit = substitute(CROSSES, LOST, edit.text, also=edit)
    return substitute(LONE_STAR, LOST, edit.text, also=edit) if "*" in text else edit
