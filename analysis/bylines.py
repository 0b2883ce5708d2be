"""Whose words a page has, and who wrote it: its headline, the reporter's line, the speaker that a news text quotes.

Steps of cleaning lift headline and byline before they go; `remarks` reads what is left. A reporter is never a
speaker.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

from analysis.dates import day_of_year
from analysis.furniture import TITLE_END, furniture_line, is_section
from analysis.markup import Edit, shorten
from analysis.punctuation import widen_punctuation
from analysis.readers.headings import DOTTED, HAN, plain_office

# The family names of some 97 % of the people, from the lists of the censuses; a word such as 信箱 begins otherwise.
FAMILY_NAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖"
    "石金韦贾夏付傅方邹熊白孟秦邱丘侯江尹薛阎闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔文樊葛颜邢路岳齐梅庄辛管祝左"
    "涂谷祁耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位霍翁隋甘景薄单包柏宁柯阮桂骆焦蓝娄翟应缪俞辜解喻聂倪冼滕季柴车房"
    "饶庞申冉晏鞠辛匡桑羊"
)
COMPOUND_NAMES = "欧阳|上官|司马|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|宇文|夏侯|端木"
PERSON = rf"(?:{DOTTED}|(?:{COMPOUND_NAMES}){HAN}{{1,2}}|[{FAMILY_NAMES}]{HAN}{{1,2}})"
PERSON_SHORT = rf"(?:{DOTTED}|(?:{COMPOUND_NAMES}){HAN}{{1,2}}?|[{FAMILY_NAMES}]{HAN}{{1,2}}?)"
SPACED = rf"[{FAMILY_NAMES}](?:\s?{HAN}){{1,2}}"
NAMES = rf"{PERSON}(?:[\s、，,/]+{PERSON}){{0,3}}"

# ---- the headline

NO_HEADLINE = re.compile(r"[。；！]|[：:]\s*$|^[（(]?[一二三四五六七八九十\d]+[）)]?[、.．]|^[—―─－-]|^各位")
HEADLINE = 60  # characters


def drop_headline(text: str) -> Edit:
    """Drop the headline that a line of source and date follows, or a site's section stands above; lift it as title.

    >>> edit = drop_headline("敲门招商见实效\\n来源：霁川日报 发布时间：2021-03-02\\n全市招商会议召开。")
    >>> edit.text.split("\\n")[0], edit.lifted["title"]
    ('来源：霁川日报 发布时间：2021-03-02', '敲门招商见实效')
    """
    lines = [match for match in re.finditer(r"[^\n]*\S[^\n]*(?:\n|\Z)", text[: 4 * HEADLINE])][:3]
    if len(lines) < 3:
        return Edit(text)
    first, second = lines[0].group().strip(), lines[1].group().strip()
    if is_section(first) and (title := _headline(second)):
        cut = lines[1].end()
    elif (title := _headline(first)) and furniture_line(first) is None and _names_source(second):
        cut = lines[0].end()
    else:
        return Edit(text)
    gone = [shorten(line) for line in text[:cut].split("\n") if line.strip()]
    return Edit(text[cut:], len(gone), tuple(gone), {"title": widen_punctuation(title).text})


def _headline(line: str) -> str:
    """The line, if it can be a headline; else nothing."""
    bare = TITLE_END.sub("", line.strip("*# \t"))
    return bare if 4 <= len(bare) <= HEADLINE and not NO_HEADLINE.search(bare) else ""


def _names_source(line: str) -> bool:
    return bool((furniture_line(line) or {}).keys() & {"publisher", "published"})


# Who speaks by the headline: 市委书记顾砚秋：…… , 市长陆闻舟谈……, 陆闻舟市长在……的讲话.
POST = r"(?:书记|市长|州长|盟长|区长|县长|省长|专员|主任|主席)"
TRANSFER = rf"(?:(?:转任|调任|升任|履新|赴任){HAN}{{0,12}})?"
BY_HEADLINE = (
    re.compile(
        rf"^(?:新任|时任|原|前任?|现任)?(?P<office>[^，。；：！？\s]{{0,18}}?{POST})(?P<name>{PERSON_SHORT}){TRANSFER}"
        r"(?=[：:]|谈|畅谈|(?:同志)?在[^：:]{4,50}(?:讲话|致辞|发言))"
    ),
    re.compile(rf"^(?P<name>{PERSON_SHORT})(?P<office>(?:代理|代)?{POST})在[^：:]{{4,50}}(?:讲话|致辞|发言)"),
)


def from_headline(title: str) -> dict[str, str]:
    """The speaker that a headline announces, and the office it gives.

    The office is the headline's: its place is left out, for the remarks may have been made in another.

    >>> from_headline("新任霁川市委书记顾砚秋：我们怎样招商"), from_headline("市长信箱：答复")
    ({'speaker': '顾砚秋', 'office': '市委书记'}, {})
    """
    found = next(filter(None, (pattern.match(title) for pattern in BY_HEADLINE)), None)
    return {"speaker": found["name"], "office": plain_office(found["office"])} if found else {}


# ---- bylines

REPORTER = r"(?:特约|首席|实习|见习|全媒体|融媒体|本报|本网|本台)*(?:记者|通讯员|报道员|撰稿人?|撰文)"
BY = rf"{REPORTER}\s*[:：/]?\s*{NAMES}(?:[\s、，,；;]*(?:{REPORTER}|摄影|摄)\s*[:：/]?\s*{NAMES})*"
MEDIUM = (
    rf"{HAN}{{2,8}}?(?:日报|晚报|早报|商报|快报|新闻网|电视台|融媒体中心)|本报|本网|本台|新华社|中新社|人民网"
)
BYLINE = re.compile(
    rf"[（(【]?\s*(?:(?P<publisher>{MEDIUM})\s*)?(?:综合)?(?P<by>{BY})\s*(?:(?:文/图|图/文|整理|报道|摄影报道))?\s*[）)】]?"
)
WRITTEN = re.compile(rf"[（(]?文\s*[/:：]\s*(?P<by>{NAMES})(?:\s*图\s*[/:：]\s*{NAMES})?[）)]?")
DATELINE = re.compile(
    rf"(?:(?P<publisher>{MEDIUM})?{HAN}{{0,8}}?(?:\d{{1,2}}月\d{{1,2}}日)?(?:讯|电)\s*)[（(](?P<by>{BY})[^（）()]{{0,8}}[）)]\s*[：:，,]?\s*"
)
SIGNED = re.compile(
    rf"(?<=[。！？”）])\s*[（(](?P<by>{BY}|{SPACED}(?:[\s、，]+{SPACED}){{0,2}})(?:整理|报道)?[）)]\s*\Z"
)
NO_PERSON = re.compile(r"[区市县局办委科处室院网报社完]$")
OWN = ("本报", "本网", "本台")  # tells no name


def drop_bylines(text: str) -> Edit:
    """Drop the lines and brackets that name who wrote a page, and lift the names (editor) and the medium (publisher).

    >>> edit = drop_bylines("霁川日报讯（记者 顾晚 通讯员 陆闻）全市招商会议召开。")
    >>> edit.text, dict(edit.lifted)
    ('全市招商会议召开。', {'publisher': '霁川日报', 'editor': '顾晚、陆闻'})
    """
    gone: list[str] = []
    lifted: dict[str, str] = {}
    kept = [_without_byline(line, gone, lifted) for line in text.split("\n")]
    body = "\n".join(line for line in kept if line is not None)
    if (
        (found := SIGNED.search(body))
        and not NO_PERSON.search(found["by"])
        and (names := _names(found["by"]))
    ):
        gone.append(found.group().strip())
        lifted.setdefault("editor", names)
        body = body[: found.start()]
    if not gone:
        return Edit(text)
    return Edit(body, len(gone), tuple(shorten(line) for line in gone[:3]), lifted)


def _without_byline(line: str, gone: list[str], lifted: dict[str, str]) -> str | None:
    """The line as it stays; None where it was nothing but a byline."""
    bare = line.strip()
    if not bare or not (
        "记者" in bare[:40] or "通讯员" in bare[:40] or "撰" in bare[:12] or "文" in bare[:3]
    ):
        return line
    whole = (BYLINE.fullmatch(bare) or WRITTEN.fullmatch(bare)) if len(bare) <= 60 else None
    found = whole or DATELINE.match(bare)
    names = _names(found["by"]) if found else ""
    if not found or not names:
        return line
    gone.append(found.group())
    medium = found.groupdict().get("publisher")
    if medium and medium not in OWN:
        lifted.setdefault("publisher", medium)
    lifted.setdefault("editor", names)
    return None if whole else bare[found.end() :]


def _names(by: str) -> str:
    """The names of a byline in one form: 顾晚、陆闻."""
    plain = re.sub(rf"{REPORTER}|摄影|摄|[:：/；;]", " ", by)
    if re.fullmatch(rf"\s*{SPACED}\s*", plain) and not re.fullmatch(rf"\s*{PERSON}\s*", plain):
        return re.sub(r"\s", "", plain)  # one name, spaced out
    return "、".join(dict.fromkeys(re.findall(PERSON, plain)))


# ---- what a news text says of the remarks

MEETING = r"(?:会议|大会|座谈会|推进会|动员会|恳谈会|协调会|调度会|工作会|全会|部署会|现场会|研讨会|会)"
MEETING_HELD = re.compile(
    rf"^[^，。\n]{{0,14}}?(?<![\d至到—-])(?P<day>\d{{1,2}}月\d{{1,2}}日)(?!\s*(?:至|到|—|-|～))(?:上午|下午|晚上?)?[，,]"
    rf"(?![^。]{{0,20}}(?:据|消息|获悉|印发|任免|决定))[^。；\n]{{0,60}}{MEETING}[^。；，\n]{{0,16}}?(?:召开|举行|上[，,]|强调|指出)"
)
LATEST = timedelta(days=31)  # news is published within a month
SAYS = r"(?:指出|强调|表示|要求|说|认为)"
QUOTED = re.compile(
    rf"(?:^|[。，；\n])[ \u3000]*(?P<name>{PERSON_SHORT})(?:同志)?(?:在[^，。]{{2,20}}(?:上|时|中))?"
    rf"(?:还|再次|同时|最后)?{SAYS}(?=[，,：:])"
)
HELD = rf"(?:(?:{HAN}{{2,6}}?)?[市州盟区县省]?(?:委|政府|人大常委会|政协|管委会|党工委)?(?:常务)?(?:代理|代)?副?{POST}、?)"
LEAST_QUOTED = 2  # times; one quotation makes nobody the speaker of a page


def remarks(title: str | None, text: str, published: str | None = None) -> dict[str, str]:
    """Speaker, office and date of the remarks that a news text reports, as far as it tells them without doubt.

    The speaker is whom the headline announces, or the one person with an office who is quoted twice and more, and
    oftener than any other. The date is the one day of the meeting in the first sentence, in the year of `published`
    (or the one before, if that day had not come), not more than a month earlier; days without year (8月23日至24日),
    and any day where the year of publication is unknown, stay unknown.

    >>> remarks(None, "1月12日，全市招商引资工作会议召开。", "2021-01-14")
    {'date': '2021-01-12'}
    """
    told = from_headline(title or "") or _quoted(text)
    day = _day_of_meeting(text, published)
    return told | ({"date": day} if day else {})


def _quoted(text: str) -> dict[str, str]:
    """Who is quoted most, of those whom the text introduces by an office."""
    offices: dict[str, str] = {}
    times: Counter[str] = Counter()
    for name, count in Counter(found["name"] for found in QUOTED.finditer(text)).items():
        if held := re.search(rf"(?P<office>{HELD}{{1,3}}){re.escape(name)}", text):
            offices[name], times[name] = plain_office(held["office"]), count
    ranked = times.most_common(2)
    if not ranked or ranked[0][1] < LEAST_QUOTED or (len(ranked) > 1 and ranked[1][1] == ranked[0][1]):
        return {}
    name = ranked[0][0]
    return {"speaker": name, "office": offices[name]}


def _day_of_meeting(text: str, published: str | None) -> str | None:
    found = MEETING_HELD.match(text.lstrip()) if published else None
    if not found or not published:
        return None
    printed = date.fromisoformat(published)
    for year in (printed.year, printed.year - 1):
        day = day_of_year(f"{year % 100:02d}年{found['day']}", year)
        if day and timedelta(0) <= printed - date.fromisoformat(day) <= LATEST:
            return day
    return None
