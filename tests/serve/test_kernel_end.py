"""A command writes no file under the ending of another kind, and brings no table in as talk: it says what it does."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.command_line import begun, run, texts

from cowork.text import LANGS

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.mark.parametrize("ending", [".qdpx", ".docx", ".xlsx", ".csv", ".pdf", ".html", ".PDF"])
@pytest.mark.parametrize("command", ["export", "merge", "new"])
def test_a_workshop_is_written_under_no_other_ending(record: Path, tmp_path: Path, ending: str, command: str) -> None:
    code, out = begun(record), tmp_path / f"out{ending}"
    arguments = {
        "export": ("export", "--workshop", code, out, "--record", record),
        "merge": ("merge", out, record),
        "new": ("new", "Stops", "--record", out),
    }
    result = run(*arguments[command])
    assert result.exit_code == 2 and not out.exists()
    assert ending in result.stderr and ".cowork" in result.stderr


@pytest.mark.parametrize("ending", [".docx", ".pdf", ".csv", ".cowork", ""])
def test_a_report_is_written_as_html_alone(record: Path, tmp_path: Path, ending: str) -> None:
    code, out = begun(record), tmp_path / f"out{ending}"
    for lang in LANGS:
        result = run("--lang", lang, "report", "--workshop", code, out, "--yes", "--record", record)
        assert result.exit_code == 2 and not out.exists()
        assert "out.html" in result.stderr


TABLES = {
    "comments": (
        "timestamp,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
        '1,2,0,57,0,1,I hope it stays\n2,3,0,56,1,1,"I want all to feel welcome, also those\nwho do not"\n'
        "3,42,11,58,2,1,Parks: more of them.\n"
    ),
    "summary": 'topic,"Together, we build."\nurl,https://example.org/x\nviews,126\nvoters,126\n',
    "semicolons": "Name;Alter;Ort\nMaja;34;Lund\nOtis;41;Malmö\n",
    "tabs": "who\twhat\nMaja\tThe bus is late.\nOtis\tYes, it is.\n",
    "a spreadsheet's own": "sep=;\nMaja;The bus\n",
}


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_is_said_to_be_one_and_does_not_come_in(record: Path, tmp_path: Path, kind: str) -> None:
    code, file = begun(record), tmp_path / "comments.csv"
    file.write_text(TABLES[kind], encoding="utf-8")
    result = run("import", file, "--workshop", code, "--yes", "--record", record)
    assert result.exit_code == 4 and "This is a table, not talk." in result.stderr
    assert texts(record, code) == []


@pytest.mark.parametrize("name", ["comments", "votes", "participants-votes", "summary"])
def test_what_a_poll_gives_out_is_a_table(record: Path, shared: Path, name: str) -> None:
    code = begun(record)
    found = sorted(shared.glob(f"polis/*/{name}.csv"))
    assert found
    for file in found:
        assert run("import", file, "--workshop", code, "--yes", "--record", record).exit_code == 4, file


TALK = [
    "Yes, we do.\nNo, we do not.\nWell, perhaps.\n",
    "Maja, 34: the bus, then\nOtis, 41: the lamp, now\nMaja, 34: so, yes\n",
    "It is 1,5 km\nor 2,5 km\n",
    "Maja Lind:\tThe bus\nOtis Bell:\tThe lamp\n",
    "one | two\nand three\n",
]


@pytest.mark.parametrize("words", TALK)
def test_talk_with_commas_and_tabs_is_no_table(record: Path, tmp_path: Path, words: str) -> None:
    code, file = begun(record), tmp_path / "talk.txt"
    file.write_text(words, encoding="utf-8")
    assert run("import", file, "--workshop", code, "--yes", "--record", record).exit_code == 0
