"""Corpora: from texts to features and back, and what is shipped is what the code makes."""

import json
from shutil import copytree

import damage
import pandas as pd
import pytest

from analysis import build_corpus, open_corpus, read_features
from analysis.lexicon import data_path

SAMPLE = damage.SAMPLE / "documents"


def same(a, b):
    assert list(a.terms) == list(b.terms)
    assert (a.values != b.values).nnz == 0
    pd.testing.assert_frame_equal(a.rows, b.rows, check_dtype=False)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    out = tmp_path_factory.mktemp("built")
    build_corpus(SAMPLE, out / "texts", texts=True, jobs=1)
    build_corpus(SAMPLE, out / "counts", jobs=1, title="Eight cities")
    return out


def test_features_hold_no_text(built):
    assert not (built / "counts" / "texts.parquet").exists()
    columns = set(pd.read_parquet(built / "counts" / "words" / "rows.parquet").columns)
    assert not columns & {"text", "changes", "glossary", "tokens", "examples"}
    assert set(pd.read_parquet(built / "counts" / "changes.parquet").columns) == {
        "doc_id",
        "step",
        "count",
        "chars",
    }
    corpus = open_corpus(built / "counts")
    assert not corpus.has_text and corpus.title == "Eight cities"
    assert corpus.words.docs().min() >= 5  # rarer terms could tell of a single text


def test_texts_come_back(built):
    corpus = open_corpus(built / "texts")
    direct = open_corpus(SAMPLE)
    assert corpus.has_text and corpus.fingerprint == direct.fingerprint
    same(corpus.words, direct.words)
    same(corpus.passages, direct.passages)
    assert corpus.documents["text"].tolist() == direct.documents["text"].tolist()


def test_trimmed_features_agree_with_the_whole(built):
    whole, trimmed = open_corpus(built / "texts").words, open_corpus(built / "counts").words
    assert (trimmed.rows["n_tokens"] == whole.rows["n_tokens"]).all()
    assert (trimmed.values != whole.select(trimmed.terms).values).nnz == 0
    passages = open_corpus(built / "counts").passages
    assert set(passages.terms) <= set(trimmed.terms)


def test_two_processes_make_the_same(built, tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.chunks.FEW", 10)
    build_corpus(SAMPLE, tmp_path, jobs=2)
    for part in ("words", "passages"):
        for file in ("rows.parquet", "terms.parquet"):
            one, two = ((folder / part / file).read_bytes() for folder in (built / "counts", tmp_path))
            assert one == two


def test_a_condition_leaves_the_others_listed(tmp_path):
    build_corpus(SAMPLE, tmp_path, jobs=1, where="city == '霁川市'")
    corpus = open_corpus(tmp_path)
    assert list(corpus.cities().index) == ["霁川市"]
    assert (corpus.left_out["reason"] == "does not fulfil city == '霁川市'").sum() == 84
    with pytest.raises(ValueError, match="No document fulfils"):
        build_corpus(SAMPLE, tmp_path, where="city == '中市'")
    with pytest.raises(ValueError, match="is no condition on the columns"):
        build_corpus(SAMPLE, tmp_path, where="stadt == 1")


def test_own_words_are_kept_whole():
    assert "一企一灯" in open_corpus(SAMPLE, words=["一企一灯"]).words.terms
    assert open_corpus(SAMPLE, words=["一企一灯"]).fingerprint != open_corpus(SAMPLE).fingerprint


def test_wrong_names_are_answered(tmp_path):
    with pytest.raises(
        ValueError, match="neither a file or folder nor one of city_reports, state_council, web_pages, sample"
    ):
        open_corpus("no such corpus")
    with pytest.raises(ValueError, match="No document could be read"):
        open_corpus(tmp_path)


def test_the_shipped_corpus_is_whole():
    corpus = open_corpus("city_reports")
    files = pd.concat([corpus.documents, corpus.quarantine])
    files = files["parent_id"].fillna(files["doc_id"])
    assert files.nunique() == 2231 and len(corpus.cities()) == 321
    assert set(corpus.quarantine["doc_id"]).isdisjoint(corpus.words.rows["doc_id"])
    assert corpus.quarantine["reasons"].str.len().gt(10).all()
    assert {"wrong_city", "wrong_year", "duplicate"} <= set(corpus.findings["check"])
    assert corpus.documents["adcode"].notna().all()
    assert corpus.words.docs().min() >= 5
    assert set(corpus.passages.rows["doc_id"]) <= set(corpus.documents["doc_id"])
    assert "text" not in corpus.documents and not corpus.about["invented"]


def test_a_part_built_again_is_what_is_shipped(corpus, tmp_path):
    """Counts of some cities, built from their texts, are those that are shipped."""
    shipped = open_corpus("city_reports")
    folders = [
        corpus / "lawtext-gov" / "政府工作报告-其他地市" / city
        for city in ("陇南市", "盐城市", "白城市", "张掖市")
    ]
    again = open_corpus(build_corpus(folders, tmp_path, jobs=1))
    assert len(again.documents) == shipped.documents["city"].isin(again.cities().index).sum() > 15
    for part in ("words", "passages"):
        new, old = getattr(again, part), getattr(shipped, part)
        old = old.where(old.rows["doc_id"].isin(again.documents["doc_id"]))
        assert new.rows[["doc_id", "n_tokens", "n_chars"]].equals(old.rows[["doc_id", "n_tokens", "n_chars"]])
        assert (new.select(old.terms).values != old.values).nnz == 0


def test_a_known_finding_holds():
    """Among cities of five reports or more 招商引资 is rare in 温州, 常州, 苏州 and common in 陇南, 韶关, 张掖."""
    words = open_corpus("city_reports").words.select(["招商引资"]).group("city")
    rate = pd.Series(words.values.toarray().ravel() / words.rows["n_chars"] * 10_000).set_axis(
        words.rows["city"]
    )
    steady = rate[(words.rows["n_rows"] >= 5).to_numpy()].sort_values()
    assert {"温州市", "常州市", "苏州市"} <= set(steady.index[:6]) and steady.iloc[2] < 0.2
    assert {"陇南市", "韶关市", "张掖市"} <= set(steady.index[-5:]) and steady.iloc[-1] > 4


def test_the_web_pages_have_a_manifest():
    manifest = pd.read_csv(data_path("web_pages", "manifest.csv"))
    pages = open_corpus("web_pages").documents
    assert len(manifest) == 5 and manifest["sha256"].str.len().eq(64).all()
    of = pages["parent_id"].fillna(pages["doc_id"])
    assert sorted(set(of)) == list(manifest["doc_id"])
    digest = dict(zip(manifest["doc_id"], manifest["sha256"], strict=True))
    assert pages["sha256"].tolist() == [digest[doc] for doc in of]


def test_the_web_pages_speak_for_these_cities():
    pages = open_corpus("web_pages").documents
    cities = dict(zip(pages["doc_id"].str[:3] + pages["doc_id"].str[20:], pages["city"], strict=True))
    assert {page: city for page, city in cities.items() if pd.notna(city)} == {
        "000": "盐城市",
        "001": "枣庄市",
        "003": "泰州市",
        "004": "盐城市",
    }
    assert set(cities) == {"000", "001", "002#1", "002#2", "003", "004"}
    evidence = pages.set_index(pages["doc_id"].str[:3])["evidence"]
    assert "兴化市" in evidence["003"] and "亭湖区" in evidence["004"]


def test_shipped_sites_tell_nothing_of_the_text():
    sites = open_corpus("web_pages").sites
    assert len(sites) > 2_500 and set(sites["certainty"]) <= {"exact", "inferred", "unresolved"}
    assert set(sites.columns) == {"doc_id", "start", "end", "kind", "certainty"}


def test_feature_files_say_what_they_are():
    about = json.loads(data_path("city_reports", "about.json").read_text("utf-8"))
    assert {"name", "title", "fingerprint", "made_with", "source"} <= set(about)
    assert read_features(data_path("city_reports", "words")).values.nnz > 4_000_000


def test_quarantined_documents_are_listed_and_not_counted(tmp_path):
    """A copy under another year is set aside; who wants it counted says so."""
    for name, source in (("a", "jichuan-2019-1"), ("b", "jichuan-2019-1"), ("c", "wanglan-2020-1")):
        (tmp_path / f"{name}.md").write_text((SAMPLE / f"{source}.md").read_text("utf-8"), "utf-8")
    with pytest.warns(UserWarning, match="1 of 3 documents were set aside"):
        corpus = open_corpus(tmp_path)
    assert len(corpus.documents) == len(corpus.words.rows) == 2
    assert list(corpus.quarantine["doc_id"]) == ["b"] and "duplicate" in corpus.quarantine["reasons"].iloc[0]
    assert set(corpus.passages.rows["doc_id"]) <= {"a", "c"}
    whole = open_corpus(tmp_path, quarantine=False)
    assert len(whole.documents) == 3 and whole.quarantine.empty
    assert set(whole.findings["check"]) >= {"duplicate"}


def test_a_file_with_several_documents_gives_several_rows(tmp_path):
    damaged = damage.SAMPLE / "damaged"
    names = [path.name for path in damaged.glob("compilation-*.txt")]
    (tmp_path / names[0]).write_text((damaged / names[0]).read_text("utf-8"), "utf-8")
    corpus = open_corpus(tmp_path, places=damage.SAMPLE / "places.csv")
    stem = names[0].removesuffix(".txt")
    assert list(corpus.documents["doc_id"]) == [f"{stem}#1", f"{stem}#2"]
    assert (corpus.documents["parent_id"] == stem).all() and corpus.documents["split"].notna().all()


def test_an_older_folder_is_answered(built, tmp_path):
    folder = copytree(built / "counts", tmp_path / "old")
    (folder / "findings.parquet").unlink()
    with pytest.raises(ValueError, match="has no findings.parquet"):
        open_corpus(folder)


def test_building_again_leaves_no_text_behind(built, tmp_path):
    copytree(built / "texts", tmp_path, dirs_exist_ok=True)
    build_corpus(SAMPLE, tmp_path, jobs=1)
    assert not open_corpus(tmp_path).has_text
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match="is a file"):
        build_corpus(SAMPLE, tmp_path / "file")


def test_the_fingerprint_knows_the_city(tmp_path):
    table = pd.DataFrame({"正文": ["全市招商引资成效明显。"], "城市": ["盐城市"], "年份": [2020]})
    prints = []
    for city in ("盐城市", "苏州市"):
        table.assign(城市=city).to_csv(tmp_path / "t.csv", index=False)
        prints.append(open_corpus(tmp_path / "t.csv").fingerprint)
    assert prints[0] != prints[1]
