"""Clean texts as files: what is written comes back when it is read."""

import damage
import pandas as pd
import pytest

from analysis import clean_documents, read_documents, write_texts
from analysis.__main__ import main

DAMAGED = damage.SAMPLE / "damaged"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    cleaned = clean_documents(read_documents(DAMAGED))
    return cleaned, write_texts(cleaned, tmp_path_factory.mktemp("out") / "clean")


def test_what_is_written_comes_back(written):
    cleaned, folder = written
    again = read_documents(folder / "texts", manifest=folder / "manifest.csv")
    pair = cleaned.merge(again, on="doc_id", suffixes=("", "_again"), validate="1:1")
    assert len(pair) == len(cleaned) == len(again)
    assert (pair["text"] == pair["text_again"].str.rstrip("\n")).all()
    for column in ("title", "date", "city", "speaker"):
        assert pair[column].equals(pair[f"{column}_again"].astype(pair[column].dtype))


def test_the_account_lies_beside_the_texts(written):
    cleaned, folder = written
    sites, changes = (pd.read_csv(folder / f"{name}.csv") for name in ("sites", "changes"))
    assert len(sites) == sum(map(len, cleaned["sites"])) > 100
    assert {"start", "end", "before", "after", "kind", "certainty", "left", "right"} <= set(sites.columns)
    assert set(changes["doc_id"]) <= set(cleaned["doc_id"])
    assert pd.read_csv(folder / "lifted.csv")["split"].notna().sum() == cleaned["split"].notna().sum() > 0


def test_names_that_no_system_takes_are_mended(tmp_path):
    frame = pd.DataFrame(
        {"doc_id": ["t.csv:1", "../up", "a?", "a*", "A_", "长" * 300, ""], "text": list("一二三四五六七")}
    )
    folder = write_texts(clean_documents(frame), tmp_path / "out")
    files = sorted(path.relative_to(folder / "texts").as_posix() for path in folder.rglob("*.txt"))
    assert len(files) == 7 and len({name.lower() for name in files}) == 7
    assert not any(set('<>:"\\|?*') & set(name) or ".." in name for name in files)
    assert sorted(pd.read_csv(folder / "manifest.csv")["path"]) == files


def test_a_folder_with_files_is_refused(written, capsys):
    _, folder = written
    assert main(["clean", str(DAMAGED), "--out", str(folder)]) == 2
    assert "is not an empty folder" in capsys.readouterr().err


def test_the_commands(tmp_path, capsys):
    source = tmp_path / "in"
    source.mkdir()
    for name, city in (("a", "霁川市"), ("b", "望澜市")):
        text = (damage.SAMPLE / "documents" / "jichuan-2019-1.md").read_text("utf-8")
        (source / f"{name}.md").write_text(text.replace("city: 霁川市", f"city: {city}"), "utf-8")
    assert main(["clean", str(source), "--out", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "texts" / "a.txt").is_file()
    capsys.readouterr()
    places = str(damage.SAMPLE / "places.csv")
    findings = tmp_path / "findings.csv"
    assert main(["admit", str(source), "--places", places, "--out", str(findings)]) == 1
    said = capsys.readouterr().out
    assert "1 in quarantine" in said and "duplicate" in said and len(pd.read_csv(findings)) >= 2
    assert main(["admit", str(source / "a.md"), "--places", places]) == 0
    assert "0 in quarantine" in capsys.readouterr().out


@pytest.mark.parametrize("jobs", ["0", "-1", "two"])
def test_no_processes_is_no_number(jobs, tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["admit", str(DAMAGED), "--jobs", jobs])
    assert "give 1 or more" in capsys.readouterr().err
