"""`cowork report`: says what is kept back and which names still stand, asks, and never writes over anything."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from support.command_line import begun, run, talk

from cowork.core.entries import Actor, Draft
from cowork.store import open_record
from cowork.text import translate

pytestmark = pytest.mark.usefixtures("in_english")


def workshop(record: Path) -> str:
    """Two people: Kim, who asked not to be shown, and Ada, who names Kim."""
    code = begun(record)
    held = open_record(record)
    found = held.find_workshop(code)
    kim, ada = held.new_id(), held.new_id()
    for me, name, naming in ((kim, "Kim", "not"), (ada, "Ada\t\x1b[31m", "named")):
        joined = [
            Draft(me, "participant", me, {"name": name}),
            Draft(held.new_id(), "consent", me, {"question": "part", "answer": "yes"}),
            Draft(held.new_id(), "consent", me, {"question": "naming", "answer": naming}),
            Draft(held.new_id(), "consent", me, {"question": "research", "answer": "yes" if me == ada else "no"}),
            Draft(held.new_id(), "intention", me, {"text": f"Thank you, Kim, says {name[:3]}", "lang": "en"}),
        ]
        held.append_many(found, joined, Actor(me))
    held.close()
    return code


def test_it_says_what_is_kept_back_and_which_names_stand_before_it_writes(record: Path, tmp_path: Path) -> None:
    code, out = workshop(record), tmp_path / "out.html"
    for answer in ("n\n", "\n", "", "perhaps\n"):
        result = run("report", "--workshop", code, out, "--record", record, answer=answer)
        assert (result.exit_code, out.exists()) == (6, False)
        assert translate("cli.report.nothing") in result.stderr
    told = result.stdout.splitlines()
    assert told[:2] == [translate("cli.report.h"), "  " + translate("report.gap", n=1)]
    where = translate(
        "report.names.line", name="Kim", h=translate("report.h.intention"), words="Thank you, Kim, says Ada"
    )
    assert told[2:] == [translate("report.names.h"), where]
    result = run("report", "--workshop", code, out, "--record", record, answer="y\n")
    assert result.exit_code == 0 and translate("cli.report.done", path=out) in result.stdout
    data = out.read_text("utf-8")
    assert "says Ada" in data and "says Kim" not in data and translate("report.names.h") not in data


def test_with_yes_it_asks_nothing_and_the_same_record_gives_the_same_bytes(record: Path, tmp_path: Path) -> None:
    code = workshop(record)
    files = [tmp_path / f"{n}.html" for n in range(2)]
    for file in files:
        assert run("report", "--workshop", code.lower(), file, "--yes", "--record", record).exit_code == 0
    assert files[0].read_bytes() == files[1].read_bytes()


def test_it_never_writes_over_a_file(record: Path, tmp_path: Path) -> None:
    code, out = workshop(record), tmp_path / "out.html"
    out.write_text("mine")
    result = run("report", "--workshop", code, out, "--yes", "--record", record)
    assert result.exit_code == 5 and out.read_text() == "mine"
    assert translate("error.record_exists", path=out) in result.stderr and result.stdout == "", (
        "before anything is asked"
    )
    result = run("report", "--workshop", code, tmp_path / "nowhere" / "out.html", "--yes", "--record", record)
    assert result.exit_code == 2 and not (tmp_path / "nowhere").exists()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="a mode says nothing on Windows")
def test_a_report_is_its_owners_alone_whatever_the_umask(record: Path, tmp_path: Path) -> None:
    code, before = workshop(record), os.umask(0)
    try:
        assert run("report", "--workshop", code, tmp_path / "out.html", "--yes", "--record", record).exit_code == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out.html").stat().st_mode) == 0o600


def test_the_language_of_the_call_is_the_language_of_the_headings(record: Path, tmp_path: Path) -> None:
    code = workshop(record)
    for lang in ("en", "sv"):
        out = tmp_path / f"{lang}.html"
        assert run("--lang", lang, "report", "--workshop", code, out, "--yes", "--record", record).exit_code == 0
        assert translate("report.h.agreement", lang) in out.read_text("utf-8")


def test_one_page_gives_the_summary(record: Path, tmp_path: Path) -> None:
    code, out = workshop(record), tmp_path / "out.html"
    assert run("report", "--workshop", code, out, "--one-page", "--yes", "--record", record).exit_code == 0
    data = out.read_text("utf-8")
    assert translate("onepage.h.agreed") in data and translate("report.h.check") not in data


def test_for_research_only_those_who_said_yes_are_in_it(record: Path, tmp_path: Path) -> None:
    code, out = workshop(record), tmp_path / "out.html"
    result = run("report", "--workshop", code, out, "--research", "--yes", "--record", record)
    assert result.exit_code == 0 and translate("report.for_research") in out.read_text("utf-8")


def test_names_that_people_typed_cannot_steer_the_terminal(record: Path, tmp_path: Path) -> None:
    code = workshop(record)
    held = open_record(record)
    found = held.find_workshop(code)
    who = next(p for p in held.state(found).participants() if held.state(found).profile(p).get("name") == "Kim")
    held.append(found, Draft(held.new_id(), "participant", who, {"name": "Kim\x1b[2J"}), Actor(who))
    held.close()
    result = run("report", "--workshop", code, tmp_path / "out.html", "--yes", "--record", record)
    assert result.exit_code == 0 and "\x1b" not in result.stdout


def test_a_report_of_talk_brought_in_names_voices_and_not_people(record: Path, tmp_path: Path) -> None:
    code, out = begun(record), tmp_path / "out.html"
    run("import", talk(tmp_path), "--workshop", code, "--yes", "--record", record)
    held = open_record(record)
    found = held.find_workshop(code)
    state = held.state(found)
    turn = next(e.id for e in state.of_kind("utterance") if "Good morning, Bo" in e.data["text"])
    lead = state.opening_entry().header.by  # type: ignore[union-attr]
    view = Draft(held.new_id(), "view", lead, {"text": "They greet", "holder": "me"}, (("documents", turn),))
    held.append(found, view, Actor(lead))
    held.close()
    result = run("report", "--workshop", code, out, "--yes", "--record", record)
    assert result.exit_code == 0 and translate("report.talk_names", n=1) in result.stdout
    data = out.read_text("utf-8")
    assert "Good morning, Bo" in data and translate("join.voice", n=1) in data and "Åsa" not in data


def test_no_workshop_with_that_code_is_said(record: Path, tmp_path: Path) -> None:
    begun(record)
    assert run("report", "--workshop", "KIND-999", tmp_path / "out.html", "--record", record).exit_code == 3


def test_the_help_is_in_words_of_the_catalogue() -> None:
    result = run("report", "--help")
    assert translate("cli.help.report") in " ".join(result.stdout.split())
    assert "--one-page" in result.stdout and "--research" in result.stdout


def test_its_time_zone_is_given_and_one_that_is_not_known_is_said(record: Path, tmp_path: Path) -> None:
    code, out = workshop(record), tmp_path / "out.html"
    result = run("report", "--workshop", code, out, "--zone", "Stockholm", "--yes", "--record", record)
    assert (result.exit_code, out.exists()) == (2, False) and translate(
        "cli.report.zone", zone="Stockholm"
    ) in result.stderr
    result = run("report", "--workshop", code, out, "--zone", "Europe/Stockholm", "--yes", "--record", record)
    assert result.exit_code == 0 and translate("report.zone", zone="Europe/Stockholm") in out.read_text("utf-8")
