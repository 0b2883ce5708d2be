"""What is lifted of a document: title, publisher, dates, speaker, office, editor; and what must stay unknown."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.bylines import drop_bylines, drop_headline, from_headline, remarks
from analysis.cleaning import clean
from analysis.dates import day_of_year
from analysis.furniture import drop_furniture, drop_header, furniture_line, read_comments
from analysis.readers.headings import from_caption, from_opening, from_title, plain_office
from analysis.sources import read_documents

# --- titles and openings of reports ---


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("霁川市政府工作报告（2021年1月9日 市长林知远）", ("2021-01-09", "林知远", "市长")),
        ("霁川市政府工作报告 （2021年1月9日林知远）", ("2021-01-09", "林知远", None)),
        ("霁川市政府工作报告(2021年1月9日 林知 ）", ("2021-01-09", "林知", None)),
        ("霁川市政府工作报告（ 2021年1月9日 阿依·巴图）", ("2021-01-09", "阿依·巴图", None)),
        ("霁川市政府工作报告（2021年1月9日在 林知远）", ("2021-01-09", "林知远", None)),
        ("霁川市政府工作报告（2021年1月 林知远）", (None, "林知远", None)),
        ("霁川市政府工作报告（20211月9日 林知远）", (None, "林知远", None)),
        ("（2021年1月9日）霁川市政府工作报告", ("2021-01-09", None, None)),
        ("2021年1月9日在霁川市第九届人民代表大会第一次会议上的政府工作报告", ("2021-01-09", None, None)),
        (
            "林知远市长在霁川市第九届人民代表大会第一次会议上的政府工作报告（2021年）",
            (None, "林知远", "市长"),
        ),
        ("2 0 2 1 年 政府工作报告", (None, None, None)),
        ("霁川市人民政府工作报告（2021）", (None, None, None)),
    ],
)
def test_titles(title, expected):
    found = from_title(title)
    assert (found.get("date"), found.get("speaker"), found.get("office")) == expected


MEETING = "在霁川市第九届人民代表大会第一次会议上"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            f"**政府工作报告**\n\n——2021年1月9日{MEETING}\n\n霁川市人民政府代市长 林 知",
            ("2021-01-09", "林知", "代市长"),
        ),
        (f"——二〇二一年一月十二日{MEETING}\n**霁川市市长** **林知远**", ("2021-01-12", "林知远", "市长")),
        (
            f"（2021年1月9日{MEETING}）\n霁川市委常委、常务副市长 林知远",
            ("2021-01-09", "林知远", "市委常委、常务副市长"),
        ),
        (f"２０２１年１月９日{MEETING}市长 林知远", ("2021-01-09", "林知远", "市长")),
        (f"——2021年1月9日{MEETING}\n林知远", ("2021-01-09", "林知远", None)),
        (f"——2021年1月9日{MEETING}\n市长", ("2021-01-09", None, "市长")),  # the page has lost the name
        (
            "2021年1月9日在霁川市\n第九届人民代表大会第一次会议上\n市长:林知远",
            ("2021-01-09", "林知远", "市长"),
        ),
        ("2021年1月\n9日" + MEETING + "\n市　长　林知远", ("2021-01-09", "林知远", "市长")),
        ("2021年1月9日 霁川日报\n记者 林知远", (None, None, None)),
        (f"——2021年1月9日{MEETING}\n市长?林知远", ("2021-01-09", "林知远", "市长")),  # a lost space
        (f"——2021年1月9日{MEETING}\n市长——林知远", ("2021-01-09", "林知远", "市长")),
        (f"——2021年1月9日{MEETING}\n霁川市长 林知远", ("2021-01-09", "林知远", "市长")),
        (f"——2021年1月9日{MEETING}\n市长候选人 林知远", ("2021-01-09", "林知远", "市长候选人")),
        (f"——2021年1月9日{MEETING}\n岚屏盟行署专员 巴图", ("2021-01-09", "巴图", "岚屏盟行署专员")),
        (f"——2021年1月9日{MEETING}\n管委会主任 林知远", ("2021-01-09", "林知远", "管委会主任")),
        (f"——2021年1月9日{MEETING}\n市长 阿依‧巴图", ("2021-01-09", "阿依·巴图", "市长")),
        (f"——2021年1月9日{MEETING}\n市长 林知远作政府工作报告", ("2021-01-09", "林知远", "市长")),
        (f"（2021年1月9日{MEETING} 代市长林知远讲话）", ("2021-01-09", "林知远", "代市长")),
        (f"——2021年1月9日{MEETING}\n尊敬的", ("2021-01-09", None, None)),
        (f"——2021年1月9日{MEETING}\n市长信箱：留言选登", ("2021-01-09", None, None)),
        # a notice above the report has its own date
        (
            f"霁川市人民政府关于印发工作报告的通知\n2021年1月15日\n——2021年1月9日{MEETING}\n市长 林知远",
            ("2021-01-09", "林知远", "市长"),
        ),
        (f"——{MEETING}\n市长 林知远\n（2021年1月9日）", ("2021-01-09", "林知远", "市长")),
    ],
)
def test_openings(lines, expected):
    found = from_opening(lines + "\n各位代表：\n2019年2月3日以来，市长 张三")
    assert (found.get("date"), found.get("speaker"), found.get("office")) == expected


def test_a_speaker_in_the_line_of_the_salutation():
    found = from_opening(f"——2021年1月9日{MEETING}\n代市长 林知远各位代表：现在，我报告工作。")
    assert found == {"date": "2021-01-09", "speaker": "林知远", "office": "代市长"}
    assert "speaker" not in from_opening(f"——2021年1月9日{MEETING}\n尊敬的各位代表：现在，我报告工作。")


@pytest.mark.parametrize(
    ("line", "day"),
    [
        (f"——3 月 1 日 {MEETING}", "2019-03-01"),
        (f"（2月22日{MEETING} ）", "2019-02-22"),
        (f"——19年2月24日{MEETING}", "2019-02-24"),
        (f"——18年12月28日{MEETING}", "2018-12-28"),
        (f"——12月28日{MEETING}", None),  # of this year, or of the one before?
        (f"——09年2月24日{MEETING}", None),
        (f"{MEETING}，2月24日以来的工作", None),
        ("2月24日以来，全市项目不断", None),
    ],
)
def test_a_day_without_its_year_lies_in_the_year_of_the_report(line, day):
    text = line + "\n市长 林知远\n各位代表："
    assert from_opening(text, is_report=True, year=2019).get("date") == day
    assert "date" not in from_opening(text, is_report=True)


def test_a_day_that_does_not_exist():
    assert day_of_year("2月30日在霁川市", 2019) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("市长林知远作政府工作报告。", ("林知远", "市长", None)),
        ("林远市长作政府工作报告", ("林远", "市长", None)),
        ("1月12日，林知远代市长作政府工作报告。（甲乙 摄）", ("林知远", "代市长", "2019-01-12")),
        ("林知远同志作政府工作报告。", ("林知远", None, None)),
        ("张工作政府工作报告", ("张工", None, None)),
        ("图为市长林知远在作《政府工作报告》。", ("林知远", "市长", None)),
        ("市长林知远代表市政府向大会作政府工作报告。", ("林知远", "市长", None)),
        ("市委副书记、市长林知远作政府工作报告。", ("林知远", "市委副书记、市长", None)),
        ("霁川市代市长上官知远作政府工作报告", ("上官知远", "代市长", None)),
        (f"{MEETING}，林知远作《政府工作报告》。", ("林知远", None, None)),
        (f"林知远{MEETING}作了政府工作报告。", ("林知远", None, None)),
        (f"2018年1月23日，霁川市市长林知远{MEETING}向大会作政府工作报告", ("林知远", "市长", "2018-01-23")),
        ("霁川市第九届人大一次会议今天开幕，代市长林知远作了政府工作报告。", ("林知远", "代市长", None)),
        (
            "会议听取和审议了林知远市长代表市人民政府所作的工作报告。",
            (None, None, None),
        ),  # a resolution's words
        ("2019年1月12日，记者林知远报道", (None, None, None)),
        ("各单位都作了工作报告", (None, None, None)),
        ("新华社霁川2019年3月19日电", (None, None, None)),
    ],
)
def test_captions(line, expected):
    found = from_caption(line, year=2019)
    assert (found.get("speaker"), found.get("office"), found.get("date")) == expected


def test_a_caption_completes_the_opening_but_never_overrules_it():
    caption = "<!-- 霁川市市长苏望作政府工作报告 -->\n"
    assert from_opening(caption + "各位代表：", is_report=True) == {"speaker": "苏望", "office": "市长"}
    assert from_opening(f"{caption}——2021年1月9日{MEETING}\n苏望\n各位代表：")["office"] == "市长"
    other = from_opening(f"{caption}——2021年1月9日{MEETING}\n林知远\n各位代表：")
    assert other == {"date": "2021-01-09", "speaker": "林知远"}
    assert read_comments("霁川市市长苏望作政府工作报告。") == {"speaker": "苏望", "office": "市长"}


@pytest.mark.parametrize(
    ("office", "plain"),
    [
        ("霁川市人民政府代市长", "代市长"),
        ("市人民政府市长", "市长"),
        ("霁川代市长", "代市长"),
        ("霁川市委常委、常务副市长", "市委常委、常务副市长"),
        ("霁川市委书记", "市委书记"),
        ("常务副市长", "常务副市长"),
        ("代理市长", "代理市长"),
        ("国务院副总理兼财政部长", "国务院副总理兼财政部长"),
        ("自治州州长", "州长"),
    ],
)
def test_offices_without_their_place(office, plain):
    assert plain_office(office) == plain


def test_a_title_that_lost_part_of_the_name(tmp_path):
    head = f"---\ntitle: 霁川市政府工作报告（2021年1月9日 %s）\n---\n——2021年1月9日{MEETING}\n市长 林知远\n各位代表：\n"
    (tmp_path / "霁川市").mkdir()
    (tmp_path / "霁川市" / "2021.md").write_text(head % "林知", "utf-8")
    (tmp_path / "霁川市" / "2022.md").write_text(head % "苏望", "utf-8")
    with pytest.warns(UserWarning, match="2022.md: the title gives 苏望 as speaker, the opening 林知远"):
        documents = read_documents(tmp_path)
    assert documents["speaker"].tolist() == ["林知远", "苏望"]
    assert documents["office"].iloc[0] == "市长"
    assert documents["office"].iloc[1] is pd.NA  # the opening's office is another person's


# --- header and furniture lines ---


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("市长 于闻舟", {"office": "市长", "speaker": "于闻舟"}),  # 于 is a name here
        (
            "（2021年1月9日在霁川市第五次会议上 代市长陆闻舟讲话）",
            {"date": "2021-01-09", "office": "代市长", "speaker": "陆闻舟"},
        ),
        ("（1月9日在市第五次会议上）\n市长 陆闻舟", {"office": "市长", "speaker": "陆闻舟"}),
        (
            "（2021年1月9日，征求意见稿）\n市长 陆闻舟",
            {"date": "2021-01-09", "office": "市长", "speaker": "陆闻舟"},
        ),
        (
            "霁川市政府工作报告\n同心协力 再上台阶\n——2021年1月9日在霁川市第五次会议上\n霁川市代市长 陆闻舟",
            {"title": "霁川市政府工作报告", "date": "2021-01-09", "office": "代市长", "speaker": "陆闻舟"},
        ),
        (
            "同心协力 再上台阶\n（2021年1月9日）\n陆闻舟",
            {"title": "同心协力 再上台阶", "date": "2021-01-09", "speaker": "陆闻舟"},
        ),
    ],
)
def test_header_lines(header, expected):
    edit = drop_header(header + "\n各位代表：\n我报告工作。")
    assert edit.text == "各位代表：\n我报告工作。"
    assert dict(edit.lifted) == expected


@pytest.mark.parametrize(
    "text",
    [
        "工作回顾\n过去一年，全市新签约项目不少。\n2021年1月9日",
        "招商要有耐心\n客商来了要坐得住。\n市长很重视。",
        "2021年1月9日于北京",
    ],
)
def test_what_is_no_header_stays(text):
    assert "speaker" not in drop_header(text).lifted
    assert drop_header(text).text in (text, "")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("来源:霁川日报 发布时间:2022-01-09 09:44:00", {"publisher": "霁川日报", "published": "2022-01-09"}),
        (
            "來源：霽川日報 發佈時間：2022-01-09 09:44:00",
            {"publisher": "霽川日報", "published": "2022-01-09"},
        ),
        (
            "來源:tcj 發布時間:2020-10-12 選擇閱讀字號:[ 大 中 小 ] 閱讀次數:",
            {"publisher": "tcj", "published": "2020-10-12"},
        ),
        ("責任編輯：陸聞", {"editor": "陸聞"}),
        ("责任编辑:陆闻", {"editor": "陆闻"}),
        ("作者：陆闻 来源：霁川日报", {"byline": "陆闻", "publisher": "霁川日报"}),
        ("（根据录音整理）", {}),
        ("（根据讲话录音整理，未经本人审阅）", {}),
        ("来源于群众的办法最管用", None),
        ("时间：就是金钱", None),
        ("記者：请谈谈今年的打算。", None),
    ],
)
def test_labels_in_both_scripts(line, expected):
    assert furniture_line(line) == expected


def test_who_wrote_it_is_the_editor_unless_one_is_named():
    assert drop_furniture("正文。\n作者：陆闻").lifted == {"editor": "陆闻"}
    assert drop_furniture("正文。\n作者：陆闻\n责任编辑：苏望").lifted == {"editor": "苏望"}


# --- headlines, bylines, news ---

PARAGRAPH = "全市招商引资工作会议召开，要求各县区把客商当作自己人。"


@pytest.mark.parametrize(
    ("text", "title", "rest"),
    [
        ("敲门招商见实效\n来源：霁川日报 发布时间：2021-03-02\n" + PARAGRAPH, "敲门招商见实效", "来源："),
        (
            "新闻中心\n全市现场推进会与会人员来霁观摩\n" + PARAGRAPH,
            "全市现场推进会与会人员来霁观摩",
            "全市招商",
        ),
        (
            "市委书记顾砚秋:我的招商心法!\n来源:ab 发布时间:2020-10-12\n" + PARAGRAPH,
            "市委书记顾砚秋：我的招商心法！",
            "来源",
        ),
        (PARAGRAPH + "\n来源：霁川日报\n" + PARAGRAPH, None, "全市招商"),
        ("一、过去一年的工作\n来源：霁川日报\n" + PARAGRAPH, None, "一、"),
        (
            "敲门招商见实效\n" + PARAGRAPH + "\n来源：霁川日报",
            None,
            "敲门",
        ),  # nothing shows that it is a headline
        ("新闻中心\n" + PARAGRAPH + "\n" + PARAGRAPH, None, "新闻中心"),
        ("敲门招商见实效\n来源：霁川日报", None, "敲门"),  # no text below
    ],
)
def test_headlines(text, title, rest):
    edit = drop_headline(text)
    assert edit.lifted.get("title") == title
    assert edit.text.startswith(rest)
    assert drop_headline(edit.text).text == edit.text


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("新任霁川市委书记顾砚秋：我们怎样招商？", ("顾砚秋", "市委书记")),
        ("霁川市委书记顾砚秋调任望澜：我的招商心法！", ("顾砚秋", "市委书记")),
        ("霁川市长陆闻舟谈招商", ("陆闻舟", "市长")),
        ("陆闻舟市长在全市招商引资大会上的讲话", ("陆闻舟", "市长")),
        ("市委书记顾砚秋在全市招商引资大会上的讲话", ("顾砚秋", "市委书记")),
        ("市长信箱：关于招商政策的答复", None),
        ("市长热线：今日来电", None),
        ("书记论坛：把招商当作头等大事", None),
        ("市委书记顾砚秋调研重点项目", None),  # about, not by
        ("本报记者陆闻：招商一线见闻", None),
        ("招商引资：一把手的第一件事", None),
        ("霁川：市长带队招商", None),
    ],
)
def test_speakers_of_headlines(title, expected):
    found = from_headline(title)
    assert ((found["speaker"], found["office"]) if found else None) == expected


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("本报记者 陆闻", {"editor": "陆闻"}),
        ("（霁川日报记者 陆闻 通讯员 苏望）", {"editor": "陆闻、苏望", "publisher": "霁川日报"}),
        ("记者 陆闻 通讯员 苏望", {"editor": "陆闻、苏望"}),
        ("记者：陆闻", {"editor": "陆闻"}),
        ("文/陆闻 图/苏望", {"editor": "陆闻"}),
        ("记者：请您谈谈今年的打算", None),
        ("记者在现场看到，项目正在动工", None),
        ("通讯员队伍建设", None),
    ],
)
def test_lines_of_reporters(byline, expected):
    edit = drop_bylines(f"{byline}\n{PARAGRAPH}")
    assert dict(edit.lifted) == (expected or {})
    assert edit.text == (PARAGRAPH if expected else f"{byline}\n{PARAGRAPH}")
    assert "speaker" not in clean(f"{byline}\n{PARAGRAPH}").metadata


@pytest.mark.parametrize(
    ("end", "editor"),
    [
        ("（吕正川）", "吕正川"),
        ("（吕 正）", "吕正"),
        ("（记者 吕正川）", "吕正川"),
        ("（吕正川 陆闻）", "吕正川、陆闻"),
        ("（完）", None),
        ("（高新区）", None),
        ("（金融办）", None),
        ("（掌声）", None),
    ],
)
def test_signed_at_the_end(end, editor):
    edit = drop_bylines(PARAGRAPH + end)
    assert edit.lifted.get("editor") == editor
    assert edit.text == (PARAGRAPH if editor else PARAGRAPH + end)


def test_a_dateline_is_dropped_and_its_day_is_no_day_of_remarks():
    edit = drop_bylines("霁川日报1月12日讯（记者 陆闻）" + PARAGRAPH)
    assert edit.text == PARAGRAPH
    assert dict(edit.lifted) == {"publisher": "霁川日报", "editor": "陆闻"}


@pytest.mark.parametrize(
    ("text", "published", "day"),
    [
        ("1月12日，全市招商引资工作会议召开。", "2021-01-14", "2021-01-12"),
        ("12月30日上午，市政府召开招商调度会议，在会上，市长强调要实干。", "2021-01-03", "2020-12-30"),
        ("1月12日，全市招商引资工作会议召开。", None, None),
        ("1月12日，全市招商引资工作会议召开。", "2021-06-14", None),  # months before it was published
        ("8月23日至24日，全市现场推进会召开。", "2019-08-26", None),  # which of the two?
        ("1月12日，据霁川市消息，市委决定召开会议。", "2021-01-14", None),
        ("去年以来，全市签约项目十二个。1月12日，会议召开。", "2021-01-14", None),
        ("1月12日，霁川桥通车。", "2021-01-14", None),
    ],
)
def test_the_day_of_a_meeting_in_the_news(text, published, day):
    assert remarks(None, text, published).get("date") == day


def test_the_speaker_of_a_news_text():
    lead = "与会人员在市委书记、市人大常委会主任顾砚秋带领下观摩项目。市长陆闻舟主持。\n"
    said = "顾砚秋指出，要实干。\n会上，顾砚秋强调，要快干。\n陆闻舟要求，要巧干。"
    assert remarks(None, lead + said) == {"speaker": "顾砚秋", "office": "市委书记、市人大常委会主任"}
    assert remarks(None, lead + said.replace("会上，顾砚秋强调，要快干。", "")) == {}  # each is quoted once
    assert remarks(None, said) == {}  # nobody's office is told
    assert remarks("市长陆闻舟谈招商", lead + said)["speaker"] == "陆闻舟"


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 50_000,
        "市委书记、" * 20_000,
        "（" * 50_000,
        "李 " * 50_000,
        "本报记者" * 5_000,
        "。（王" * 20_000,
        "李明指出，" * 9_000,
    ],
)
def test_long_odd_texts_are_read_in_time(text):
    """Each of these took minutes with a pattern that tries every way to read a run."""
    assert drop_headline(text).text == drop_bylines(text).text == text
    assert remarks(text[:300], text, "2021-01-14") == {}


def test_a_byline_without_a_name_stays():
    assert drop_bylines(f"记者 于记者\n{PARAGRAPH}").text == f"记者 于记者\n{PARAGRAPH}"


# --- real pages ---


def test_the_real_pages_that_are_not_damaged(corpus):
    with pytest.warns(UserWarning, match="SOURCE.txt"):
        pages = read_documents(corpus / "web_pages").set_index("doc_id")
    first = pages.loc["000_54805448a205da0e"]
    cleaned = clean(first["text"])
    assert cleaned.metadata["editor"] == "王珊珊"
    assert remarks(first["title"], cleaned.text, first["published"]) == {
        "speaker": "曹路宝",
        "office": "市委书记",
    }
    assert clean(pages.loc["002_dc574251e8ee0a68", "text"]).metadata == {"published": "2022-09-14"}


def test_no_report_has_a_headline_or_byline_to_drop(corpus):
    """Neither step may take a sentence of a report for a reporter's line."""
    for path in sorted((corpus / "lawtext-gov").rglob("2021.md"))[:150]:
        text = path.read_text("utf-8")
        text = text[text.find("---", 3) + 3 :].strip()
        assert drop_bylines(text).text == text, path
        assert drop_headline(text).text == text, path
