"""Is this phrase a coined slogan? The rules of form, and what tables say of single phrases."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from analysis.lexicon import read_table
from analysis.new_words import jieba_words

SHORTEST, LONGEST = 2, 12  # characters of a formula, its commas and plus signs among them
NUMERAL = "一两二三四五六七八九十百千万双"

_SIGNS = re.compile(r"[、，·\s—–-]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_HAS_NUMERAL = re.compile(rf"[{NUMERAL}0-9]")
_PLUS = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]+(?:\+[\u4e00-\u9fffA-Za-z0-9]*)+|\+[\u4e00-\u9fff]+")
_FIGURES = re.compile(r"[0-9]+")

# What no formula is, by its form, numerals or not: each line names one sort.
_NO_FORMULA = re.compile(
    "|".join(
        [
            rf"[{NUMERAL}]+五(?:规划|计划|时期|普法|期间|末)?",  # a five-year plan
            rf"[{NUMERAL}]+[·.][{NUMERAL}0-9]+",  # a date in characters
            r"[0-9]+[·.．/][0-9]+.*",  # a date, a decimal number
            rf".*[{NUMERAL}0-9]+(?:多|余)?(?:条|条意见|条措施|条政策|号文件|号|届)",  # a document by its number
            rf".*[{NUMERAL}]+(?:连冠|连增|连丰|连升|连降|连涨|连胜|连霸|连优|强|佳|甲|优县|强县|强市|强区)",  # a rank
            r"[0-9.]+(?:%|％|万|亿|元|天|小时|公里|分钟|年|度|℃|级|岁|路|亩|吨|G|g).*",  # a quantity
            rf"[{NUMERAL}]*[万千百]亿(?:[级元县市区镇].*)?|[{NUMERAL}]+亩",  # an amount
            rf".*第[{NUMERAL}0-9]+(?:届|次|期|号|批).*|第[^、，]{{1,12}}",  # an ordinal
            r".*(?:19|20)[0-9]{2}(?!行动|工程|计划).*",  # a year in a title
            r"(?:中国|全国|国家|全省|世界|国际|全球|亚洲|联合国|省级|国家级|中华|华夏|东亚|海峡|[^、，]{2}省).*",  # honours
            # honours and prizes, meetings and fairs, firms and works, papers and events by their last word
            r".*(?:奖|杯|节|大会|论坛|峰会|会议|博览会|展会|交易会|洽谈会|推介会|公司|集团|银行|示范区|试验区|先进县|先进市|示范市"
            r"|示范县|模范市|模范城|模范区|之乡|之都|之城|之市|称号|示范城市|模范城市|卫生城市|文明城市|园林城市|森林城市|旅游城市"
            r"|卫生县城|文明村镇|名城|博物馆|大学|医院|学校|中学|书店|广场|公园|大厦|机场|火车站|高速公路|铁路|号列车|卫星|事故|案件"
            r"|专案|疫情|台风|事变|起义|纲要|条例|法案|先进集体|先进单位|先进个人|文明单位|集体|标兵|书记|市长|赛事|马拉松|联赛|冠军"
            r"|时代|电视剧|音乐会|演唱会|晚会|画展|书展|专列|航班|APP|app|公众号|小程序|酒店|商场|大桥|隧道|水库)",
        ]
    )
)
# What a phrase without numerals is not, by its last word: names of places, bodies, systems and goods.
_NO_POLICY = re.compile(
    r".*(?:基地|市场|热线|平台|系统|网站|商圈|街区|步行街|社区|小镇|大道|项目|产业园|园区|中心|研究院|实验室|联盟|协会|委员会"
    r"|班列|规划|城市|思维|意识|时代|故事|问题|现象|标准|优品|名品|之家|系列|均衡县|专线|航线|干线|铁路线)"
    r"|.{1,3}[通贷码卡]"
)
# What stands before and after the marks where they are put round a title of honour, a name or speech.
_HONOUR_BEFORE = re.compile(
    r"(?:获得?|荣获|获评|评为|授予|当选|入选|命名为?|荣膺|摘得|捧得?|蝉联|问鼎|跻身|夺得|列入|荣登|获批)[^，。；]{0,14}$"
)
_HONOUR_AFTER = re.compile(
    r"(?:等)?(?:荣誉|称号|奖|大奖|殊荣|金奖|桂冠|美誉|之称|头衔|牌匾|有限公司|公司|集团|号|品牌|商标|牌)"
)
_SPEECH_BEFORE = re.compile(
    r"(?:说|道|问|答|写道|喊出|叫|称|称为|称作|誉为|名为|叫做|俗称|所谓|简称|是指)[：:，]?$"
)

# Marks stand round a measure, a campaign or a way of working where what comes before or after says so, or its own last word.
_CUE_BEFORE = re.compile(
    r"(?:推行|实施|实行|开展|落实|推进|深化|坚持|创建|践行|按照|依照|遵循|启动|推广|探索|树立|倡导|围绕|贯彻|秉承|秉持|聚焦|奉行|执行"
    r"|做到|实现|创新|首创|推出|创立|建立|健全|完善|组织|抓好|抓实|做好|强化|加强|规范|提出|力推|力行|弘扬|发扬|严格|全面|深入|持续"
    r"|扎实|大力|积极|继续|率先|推动|做实|做深|深耕|用好|运用|采取|采用|构建|形成)(?:了|的|全市|全面|好)?$"
)
_CUE_AFTER = re.compile(
    r"(?:等|的|式|型|系列|专项|重点|总)?(?:改革|行动|工程|战略|制度|机制|模式|活动|要求|理念|原则|思路|目标|方针|服务|政策|攻坚|专项"
    r"|工作|建设|计划|方案|办法|试点|经验|做法|审批|管理|治理|监管|创建|竞赛|倡议|承诺|标准|路径|方式|方法|策略|导向|战役|会战|会商|体系"
    r"|举措|措施|整治|布局|格局|部署|方略|主线|任务|发展|运作|运行|联动|协同|融合|办理|供地|流程|作风|教育|培训|提升|主题|大讨论|口号"
    r"|总体|定位)"
)
_CAMPAIGN = re.compile(
    r"[^、，·]{2,8}(?:工程|行动|计划|战略|革命|战役|会战|大讨论|(?<![之周元少青童老百新丰全千成])年|攻势|工作法|改革|战法|[长警包河田林路]制)"
)
_ROUTE = re.compile(r"[—–-]")  # 洋州—西港: from one place to another
# Three characters that say what is turned into what: 煤改电, 个转企, 公转铁.
_TURN = re.compile(r".[改转升代换].")


class _Tables(NamedTuple):
    known: frozenset[str]
    bare: frozenset[str]
    never: frozenset[str]


def bare_formula(quoted: str) -> str:
    """Return a phrase without what writers vary: blanks, a comma at its end, wide signs, commas in a short numeral formula.

    >>> bare_formula("两不愁、三保障"), bare_formula("互联网＋"), bare_formula("马上就办、真抓实干")
    ('两不愁三保障', '互联网+', '马上就办、真抓实干')
    """
    phrase = re.sub(r"\s", "", quoted).replace("＋", "+").strip("，。；：、,.;:!！?？")
    phrase = phrase.translate({code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)})
    joined = phrase.replace("、", "")
    parts = phrase.split("、")
    letters = len(parts) > 2 and all(len(part) == 1 for part in parts)
    numeral = all(part[0] in NUMERAL for part in parts if part)
    return joined if len(joined) <= 8 and (letters or numeral) else phrase


def is_numeral_formula(phrase: str) -> bool:
    """Tell whether a phrase is built on numerals: it has one, and more than a number.

    >>> [is_numeral_formula(each) for each in ("四个三", "1+3+N", "十四五", "放管服", "第一方阵")]
    [True, True, False, False, False]
    """
    return bool(_HAS_NUMERAL.search(phrase)) and not _FIGURES.fullmatch(phrase) and _may_be(phrase)


def is_coined(phrase: str, before: str, after: str) -> bool:
    """Tell whether a phrase in quotation marks is a coined slogan by the rule of `slogans`.

    phrase: as `bare_formula` gives it; before, after: the text of its sentence on both sides of the marks.
    """
    tables = _tables()
    if phrase in tables.known:
        return True
    if not _may_be(phrase) or _HONOUR_BEFORE.search(before) or _HONOUR_AFTER.match(after):
        return False
    if _FIGURES.fullmatch(phrase):
        return bool(_CUE_AFTER.match(after)) and 3 <= len(phrase) <= 6
    if is_numeral_formula(phrase) or _PLUS.fullmatch(phrase):
        return True
    return _is_policy(phrase, before, after)


def _is_policy(phrase: str, before: str, after: str) -> bool:
    """Tell of a phrase without numerals whether it is a measure, campaign or aim in a formula.

    What stands in jieba's dictionary was not coined by a city.
    """
    if len(_HAN.findall(phrase)) < 3 or phrase in jieba_words() or _NO_POLICY.fullmatch(phrase):
        return False
    if _SPEECH_BEFORE.search(before):
        return False
    if len(_SIGNS.split(phrase)) > 1:
        return has_equal_parts(phrase) and not _ROUTE.search(phrase)
    if "的" in phrase:
        return False
    if _CAMPAIGN.fullmatch(phrase) or (_TURN.fullmatch(phrase) and phrase[:2] not in jieba_words()):
        return True
    return bool(_CUE_AFTER.match(after) or (_CUE_BEFORE.search(before) and len(phrase) > 3))


def has_equal_parts(phrase: str) -> bool:
    """Tell whether a phrase falls into two or more parts of one length.

    >>> has_equal_parts("马上就办、真抓实干"), has_equal_parts("砖瓦、木料、陶土需求")
    (True, False)
    """
    parts = [part for part in _SIGNS.split(phrase) if part]
    return len(parts) > 1 and len({len(part) for part in parts}) == 1


def known_bare() -> frozenset[str]:
    """Return the formulas that are counted without quotation marks too."""
    return _tables().bare


def is_ruled_out(phrase: str) -> bool:
    """Tell whether a table or the general dictionary's idioms keep a phrase out."""
    return phrase in _tables().never or phrase in jieba_words()


def _may_be(phrase: str) -> bool:
    in_length = SHORTEST <= len(phrase) <= LONGEST
    return in_length and phrase not in _tables().never and not _NO_FORMULA.fullmatch(phrase)


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    known, never = read_table("lexicon", "slogans.csv"), read_table("lexicon", "not_slogans.csv")
    bare = known.loc[known["bare"] == "yes", "term"]
    return _Tables(frozenset(known["term"]), frozenset(bare), frozenset(never["term"]))
