"""Which city a document speaks for."""

from __future__ import annotations

import json
import random
import warnings
from pathlib import Path

import pandas as pd
import pytest

from analysis import clean_documents, read_documents
from analysis.attributing import attribute
from analysis.attributing.gazetteer import gazetteer, place_words
from analysis.attributing.mentions import mentions, standings
from analysis.attributing.voices import voice

ROOT = Path(__file__).resolve().parent.parent
CASES = json.loads((ROOT / "tests" / "cases" / "attributing.json").read_text("utf-8"))
PLACES = pd.read_csv(ROOT / "data" / "sample" / "places.csv", dtype="string")
EXPECTED = ("city", "county", "level", "province", "confidence")
REPORT = "现在，我代表霁川市人民政府，向大会报告工作。霁川全市增收，东渡区、蓼湾县、临霁高新区领先。"
DRAWN = 60


def frame(*texts: object, **columns: object) -> pd.DataFrame:
    ids = [f"d{number}" for number in range(len(texts))]
    return pd.DataFrame({"doc_id": ids, "text": list(texts), **columns})


def attributed(documents: pd.DataFrame, **options: object) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return attribute(documents, **{"places": PLACES, **options})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_cases(case: dict) -> None:
    columns = {name: case.get(name) for name in ("title", "office", "publisher")}
    columns |= {"city": case.get("claim"), "year": case.get("year", 2021)}
    row = attributed(frame(case["text"], **{name: [value] for name, value in columns.items()})).iloc[0]
    for column in EXPECTED:
        if column in case:
            value = None if pd.isna(row[column]) else row[column]
            assert value == case[column], row["evidence"]
    for words in case.get("evidence", []):
        assert words in row["evidence"]


def test_the_frame_keeps_its_rows_and_the_given_one_its_values() -> None:
    given = frame(REPORT, None, "会议要求落实。", city=["砚湖市", pd.NA, pd.NA], note=[1, 2, 3])
    before = given.copy()
    result = attributed(given)
    pd.testing.assert_frame_equal(given, before)
    assert result["doc_id"].tolist() == given["doc_id"].tolist() and result["note"].tolist() == [1, 2, 3]
    assert result["city"].iloc[0] == "霁川市" and result["city"].iloc[1:].isna().all()
    assert not (result[["city", "adcode", "evidence", "confidence"]] == "").any().any()


def test_the_order_of_documents_does_not_matter() -> None:
    texts = [case["text"] for case in CASES]
    there = attributed(frame(*texts)).set_index("doc_id")
    back = attributed(frame(*texts).iloc[::-1]).set_index("doc_id").loc[there.index]
    pd.testing.assert_frame_equal(there, back)


@pytest.mark.parametrize("city", ["砚湖", "岚屏", "朔原"])
def test_a_city_by_another_name_is_that_city(city: str) -> None:
    """The same text about another city: the verdict follows the name, not the wording."""
    counties = [name for name in PLACES.loc[PLACES["city"] == f"{city}市", "name"] if name != f"{city}市"]
    text = REPORT.replace("霁川", city)
    for old, new in zip(("东渡区", "蓼湾县", "临霁高新区"), counties, strict=False):
        text = text.replace(old, new)
    row, first = attributed(frame(text)).iloc[0], attributed(frame(REPORT)).iloc[0]
    assert row["city"] == f"{city}市" and row["confidence"] == first["confidence"] == "high"


def test_a_claim_that_no_table_knows_is_sought_in_the_text() -> None:
    row = attributed(frame(REPORT, city=["霁川市"]), places=None).iloc[0]
    assert row["city"] == "霁川市" and row["confidence"] in ("medium", "high") and pd.isna(row["adcode"])


def test_a_city_brings_its_code_province_and_region() -> None:
    row = attributed(frame("现在，我代表盐城市人民政府报告工作。盐城全市增收。")).iloc[0]
    assert row[["city", "adcode", "province", "region"]].tolist() == ["盐城市", "320900", "江苏省", "east"]


def test_the_manifest_overrides_and_tells_what_the_text_says(tmp_path: Path) -> None:
    path = tmp_path / "manifest.csv"
    path.write_text("doc_id,city\nd0,盐城\n", "utf-8")
    result = attributed(frame(REPORT, REPORT), manifest=path)
    first, second = result.iloc[0], result.iloc[1]
    assert first[["city", "adcode", "confidence"]].tolist() == ["盐城市", "320900", "high"]
    assert first["evidence"].startswith("Set by the manifest. The text speaks for 霁川市")
    assert second["city"] == "霁川市"


def test_a_part_of_a_file_follows_the_row_of_its_file() -> None:
    parts = frame("会议要求落实。", REPORT, parent_id=["whole", "whole"])
    manifest = pd.DataFrame({"doc_id": ["whole", "d1"], "city": ["砚湖市", "丹汐市"]})
    assert attributed(parts, manifest=manifest)["city"].tolist() == ["砚湖市", "丹汐市"]


def test_a_manifest_by_path_and_of_a_level() -> None:
    files = frame(REPORT, REPORT, path=["a/x.txt", "a/y.txt"])
    manifest = pd.DataFrame({"path": ["y.txt"], "level": ["county"], "city": ["亭湖区"]})
    result = attributed(files, manifest=manifest)
    assert result["city"].tolist() == ["霁川市", "盐城市"]
    assert result["county"].iloc[1] == "亭湖区" and result["level"].iloc[1] == "county"


def test_a_warning_names_what_could_not_be_settled() -> None:
    documents = frame("落实。", "落实。", "落实。", "落实。", REPORT, city=[pd.NA] * 4 + ["砚湖市"])
    with pytest.warns(
        UserWarning, match=r"without a city: 4, first d0, d1, d2; .*filed as: 1, first d4; see"
    ) as told:
        result = attribute(documents, places=PLACES)
    assert len(told) == 1
    assert result.attrs["notes"][-1] == "d4: filed as 砚湖市, speaks for 霁川市"
    assert len(result.attrs["notes"]) == 5


def test_nothing_unsettled_is_no_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        attribute(frame(REPORT), places=PLACES)


def test_bad_input_is_answered_in_a_sentence() -> None:
    with pytest.raises(ValueError, match="attribute needs the column text"):
        attribute(pd.DataFrame({"doc_id": ["a"]}))
    with pytest.raises(ValueError, match="needs the column short"):
        attribute(frame(REPORT), places=PLACES.drop(columns="short"))
    with pytest.raises(ValueError, match="东渡区 in places names no city above it"):
        attribute(frame(REPORT), places=PLACES.assign(city=pd.NA))
    with pytest.raises(ValueError, match="neither doc_id nor path"):
        attributed(frame(REPORT), manifest=pd.DataFrame({"city": ["盐城"]}))


@pytest.mark.parametrize("text", ["", " \n", "\ud800盐城", "我", "□" * 50, "盐城市" * 3000, "\U0001f600" * 9])
def test_odd_texts_do_no_harm(text: str) -> None:
    # A lone surrogate fits no string column.
    documents = pd.DataFrame({"doc_id": ["d0"], "text": pd.Series([text], dtype=object)})
    assert len(attributed(documents)) == 1


def test_an_empty_frame_stays_empty() -> None:
    assert attributed(frame()).empty


def test_the_longest_name_is_found_once() -> None:
    names = gazetteer(PLACES)
    found = [mention.name for mention in mentions("霁川市东渡区学习吉林省吉林市，长白山下。", names)]
    assert found == ["霁川市", "东渡区", "吉林省", "吉林市"]


def score(text: str, city: str) -> float:
    found = standings(mentions(text, gazetteer()))
    return found[city].score if city in found else 0.0


def test_names_that_are_words_weigh_little_until_something_stands_beside_them() -> None:
    assert score("开封的面条好，开封的灯好，开封的人好。", "开封市") < 1
    assert score("开封市办会。开封的面条好，开封的灯好，开封的人好。", "开封市") >= 4
    assert score("友谊友谊友谊友谊友谊友谊", "双鸭山市") <= 0.5
    assert score("友谊县的大豆好，友谊县的人好。", "双鸭山市") == 2


def test_a_provinces_name_says_nothing_of_a_city() -> None:
    assert standings(mentions("吉林粮食增产，海南试点，江苏增收。", gazetteer())) == {}


def test_a_name_means_what_it_meant_in_the_year() -> None:
    """莱芜 was a city to 2018, and is a district of 济南 since."""
    names = gazetteer()
    assert [unit.city for unit in names.meant("莱芜", 2015)] == ["莱芜市"]
    assert [unit.city for unit in names.meant("莱芜", 2021)] == ["济南市"]
    assert [unit.name for unit in names.meant("襄樊", None)] == ["襄阳市"]
    assert {unit.kind for unit in names.meant("海南", 2021)} == {"province", "city"}


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("我代表霁川市人民政府报告", "formal"),
        ("在霁川市第五届人民代表大会上", "formal"),
        ("霁川市委要求", "office"),
        ("不再担任霁川市委书记", "aside"),
        ("霁川市长三角办公室", "named"),
        ("对口帮扶霁川", "aside"),
        ("霁川证券交易所", "aside"),
        ("霁川、砚湖两地", "aside"),
        ("霁川产业兴旺", "named"),
    ],
)
def test_a_name_is_read_in_its_context(text: str, role: str) -> None:
    assert mentions(text, gazetteer(PLACES))[0].role == role


def test_every_phrase_of_the_table_means_no_place() -> None:
    names = gazetteer()
    assert all(names.meant(phrase, None) == [] for phrase in place_words().phrase)
    cities = {name for name, readings in names.readings.items() if readings}
    assert not place_words().phrase & cities
    assert place_words().word <= cities | place_words().phrase, place_words().word - cities


def test_tiers_by_own_words() -> None:
    assert voice("我区经济向好，全区上下一心。自治区领导来访，全市动员。").tier == "city"
    assert voice("我县今年开局良好。").tier == "county"
    assert voice("今年开局良好。").tier is None
    assert voice("全省第一，全省第二，全省第三。").tier is None
    assert voice("全市动员。" + "全省第一。" * 9).tier == "city"
    assert voice("我省各市动员。" + "全省第一。" * 9).tier == "province"
    assert voice("国务院要求落实。" + "我国经济平稳，全国一盘棋。" * 12).tier == "central"


# ---- real texts


def test_the_pages(corpus: Path) -> None:
    """Restored, split and cleaned as any reader would have them."""
    pages = clean_documents(read_documents(corpus / "web_pages"))
    found = attributed(pages, places=None)
    found.index = pd.Index([doc_id[:3] + doc_id[20:] for doc_id in found["doc_id"]])
    known = found["city"].dropna()
    assert known.to_dict() == {"000": "盐城市", "001": "枣庄市", "003": "泰州市", "004": "盐城市"}
    assert found["county"].dropna().to_dict() == {"004": "亭湖区"}
    assert (
        found["level"].to_dict() | {"000": "city", "003": "city", "004": "county"} == found["level"].to_dict()
    )
    assert "headline names 苏州市" in found["evidence"]["000"]
    assert "Section 02 speaks for a zone of 兴化市" in found["evidence"]["003"]
    blanked = found.index.str.startswith("002")
    assert (
        blanked.sum() == 2 and found.loc[blanked, "evidence"].str.contains("blanked out .* Inferred:").all()
    )


def test_a_draw_of_city_reports_without_their_folders(corpus: Path) -> None:
    paths = sorted(path for path in (corpus / "lawtext-gov").rglob("*.md") if "国务院" not in str(path))
    drawn = random.Random(20261122).sample(paths, DRAWN)
    reports = clean_documents(read_documents(drawn))
    found = attributed(reports.drop(columns=["city", "title", "office", "level"]), places=None)
    misfiled = {"宿迁市/2015", "沧州市/2016", "淮南市/2016"}
    true = [path.parent.name for path in drawn]
    wrong = {f"{t}/{p.stem}": c for t, p, c in zip(true, drawn, found["city"], strict=True) if c != t}
    assert set(wrong) <= misfiled
    assert (found["level"] == "city").all() and (found["confidence"] == "high").mean() > 0.95


def test_the_state_council_is_central(corpus: Path) -> None:
    paths = sorted((corpus / "lawtext-gov").rglob("*国务院*/*.md"))[::6]
    found = attributed(clean_documents(read_documents(paths)).drop(columns=["level"]), places=None)
    assert found["city"].isna().all() and (found["level"] == "central").all()


def test_a_manifest_row_leaves_the_remarks_on_the_others() -> None:
    documents = frame(REPORT, "今年抓好招商。", "会议要求落实。")
    manifest = pd.DataFrame({"doc_id": ["d0"], "city": ["砚湖市"]})
    with pytest.warns(UserWarning, match="without a city: 2"):
        result = attribute(documents, manifest=manifest, places=PLACES)
    assert set(result.attrs) == {"notes"} and len(result.attrs["notes"]) == 2


def test_a_claim_of_rare_characters_is_sought_too() -> None:
    rare = "\U00020bb7川市"
    row = attributed(frame(REPORT.replace("霁川", rare[:2]), city=[rare])).iloc[0]
    assert row["city"] == rare


def test_a_callers_county_may_lie_in_a_city_that_no_table_has() -> None:
    county = {"name": "蓼溪县", "short": "蓼溪", "level": "county", "city": "芦洲市"}
    places = pd.DataFrame([county | {"province": "汀原省", "region": "东部"}])
    row = attributed(frame("今年抓好招商。", title=["蓼溪县致辞"]), places=places).iloc[0]
    assert row[["city", "province", "confidence"]].tolist() == ["芦洲市", "汀原省", "low"]
