"""The command line: what it says, what it leaves alone, and the exit codes a script can rely on."""

from __future__ import annotations

import os
import re
import shlex
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.command_line import TALK, begun, run, talk, texts

from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Actor, Draft
from cowork.serve.cli.commands import cli
from cowork.serve.cli.localized import LocalizedCommand, machine_lang
from cowork.store import default_record, open_record
from cowork.store.credentials import redeem_return_code
from cowork.text import LANGS

CODE = re.compile(r"^[A-Z]+-\d{3}$")


pytestmark = pytest.mark.usefixtures("in_english")


# ---- new, list, example


def test_new_prints_the_code_alone_on_the_first_line_and_a_way_back(record: Path) -> None:
    result = run("new", "The stops", "--record", record)
    assert result.exit_code == 0 and CODE.match(result.stdout.splitlines()[0])
    opened = open_record(record)
    workshop, who = redeem_return_code(opened, result.stdout.split()[-1])
    state = opened.state(workshop)
    assert ParticipantView(state, "").title() == "The stops"
    assert state.roles(who) == {"facilitator"} and state.takes_part(who)


def test_a_workshop_without_a_name_is_wrong_use(record: Path) -> None:
    assert run("new", "  ", "--record", record).exit_code == 2
    assert not record.exists()


def test_the_record_may_be_named_before_the_command_or_after_it(record: Path, tmp_path: Path) -> None:
    begun(record)
    before, after = run("--record", record, "list"), run("list", "--record", record)
    assert before.stdout == after.stdout and "The stops" in after.stdout
    assert run("--record", tmp_path / "other.cowork", "list", "--record", record).stdout == after.stdout


def test_the_environment_names_the_record_where_nobody_else_does(tmp_path: Path) -> None:
    assert default_record() == tmp_path / "default.cowork"
    assert run("new", "Here").exit_code == 0
    assert (tmp_path / "default.cowork").exists() and "Here" in run("list").stdout


def test_list_says_code_name_people_entries_and_when(record: Path) -> None:
    code = begun(record, "Two\tnames\x1b[31m")
    head, row = run("list", "--record", record).stdout.splitlines()
    assert head.split("\t") == ["code", "name", "people", "entries", "last written"]
    fields = row.split("\t")
    assert fields[:4] == [code, "Two names�[31m", "1", "3"]
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d[+-]", fields[4])


def test_list_before_anything_was_begun_is_no_error_and_makes_nothing(tmp_path: Path) -> None:
    result = run("list")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "cowork new" in result.stderr and not (tmp_path / "default.cowork").exists()


def test_example_opens_a_new_practice_workshop_each_time(record: Path) -> None:
    first, second = run("example", "--record", record), run("example", "bus-stop", "--record", record)
    codes = [result.stdout.splitlines()[0] for result in (first, second)]
    listed = run("list", "--record", record).stdout
    assert all(code in listed for code in codes) and "Fourteen bus stops" in listed
    assert texts(record, codes[1])
    assert run("example", "nothing", "--record", record).exit_code == 2


def test_the_hint_after_an_example_names_the_record_it_is_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spaced = tmp_path / "to practise.cowork"
    for arguments in (("example", "--record", spaced), ("--record", spaced, "example")):
        hint = run(*arguments).stdout.splitlines()[-1]
        command = shlex.split(hint.split(": ", 1)[1])
        assert command == ["cowork", "serve", "--record", str(spaced)]
    monkeypatch.setenv("COWORK_RECORD", str(tmp_path / "usual.cowork"))
    assert run("list").stderr.rstrip().endswith("cowork new TITLE")
    empty = tmp_path / "empty.cowork"
    open_record(empty).close()
    assert shlex.split(run("list", "--record", empty).stderr)[-5:] == ["cowork", "new", "--record", str(empty), "TITLE"]
    assert run("example").stdout.splitlines()[-1].endswith("cowork serve")


# ---- export, merge, check


def test_what_was_exported_merges_back_once(record: Path, tmp_path: Path) -> None:
    code, out, into = begun(record), tmp_path / "out.cowork", tmp_path / "new.cowork"
    run("import", talk(tmp_path), "--workshop", code, "--yes", "--record", record)
    exported = run("export", "--workshop", code, out, "--record", record)
    assert exported.exit_code == 0 and str(out) in exported.stdout
    first, second = run("merge", into, out), run("merge", into, out, out)
    assert first.exit_code == second.exit_code == 0
    assert "9 entries came in" in first.stdout and second.stdout.count("9 were here already") == 2
    assert texts(into, code) == texts(record, code)
    assert "9 were here already" in run("merge", record, out).stdout
    assert run("check", "--record", into).exit_code == 0


def test_an_export_says_what_stays_and_whole_keeps_it(record: Path, tmp_path: Path) -> None:
    code = run("example", "ward-letter", "--record", record).stdout.splitlines()[0]
    result = run("export", "--workshop", code, tmp_path / "out.cowork", "--record", record)
    assert "not outside the group" in result.stdout and "the group does not see" in result.stdout
    run("export", "--workshop", code, tmp_path / "whole.cowork", "--whole", "--record", record)
    secret = b"I speak Dari"
    assert secret not in (tmp_path / "out.cowork").read_bytes()
    assert secret in (tmp_path / "whole.cowork").read_bytes()


def test_an_export_writes_over_nothing(record: Path, tmp_path: Path) -> None:
    code, out = begun(record), tmp_path / "out.cowork"
    out.write_text("mine")
    assert run("export", "--workshop", code, out, "--record", record).exit_code == 5
    assert out.read_text() == "mine"
    assert run("export", "--workshop", code, tmp_path / "no" / "x.cowork", "--record", record).exit_code == 2


def test_a_merge_with_a_broken_file_makes_nothing(record: Path, tmp_path: Path) -> None:
    bad, into = tmp_path / "bad.cowork", tmp_path / "into.cowork"
    bad.write_text("hello")
    begun(record)
    assert run("merge", into, record, bad).exit_code == 5
    assert not into.exists()
    assert run("merge", into, tmp_path / "none.cowork").exit_code == 5
    assert run("merge", record, record).exit_code == 2


def test_what_was_forged_is_set_aside_and_said(record: Path, tmp_path: Path) -> None:
    code, out = begun(record), tmp_path / "out.cowork"
    run("export", "--workshop", code, out, "--record", record)
    copy = open_record(out)
    workshop = copy.find_workshop(code)
    who = copy.state(workshop).participants()[0]
    copy.append(workshop, Draft(copy.new_id(), "view", who, {"text": "in her mouth"}), Actor(who))
    copy.close()
    result = run("merge", record, out)
    assert result.exit_code == 1 and "waits for the facilitator" in result.stdout
    assert texts(record, code) == []


def test_check_is_content_with_what_is_well_and_finds_what_was_changed(record: Path, tmp_path: Path) -> None:
    code = begun(record)
    run("import", talk(tmp_path), "--workshop", code, "--yes", "--record", record)
    assert run("check", "--record", record).exit_code == 0
    with sqlite3.connect(record) as rows:
        rows.execute("UPDATE entry SET body = replace(body, 'Morning', 'Mourning') WHERE kind = 'utterance'")
        rows.execute("UPDATE entry SET kind = 'view' WHERE body LIKE '%Shall we%'")
    result = run("check", "--record", record)
    assert result.exit_code == 1
    assert "The words of" in result.stdout and "The seal of" in result.stdout


# ---- what cannot be used


def test_a_code_that_no_workshop_has_is_exit_code_3(record: Path, tmp_path: Path) -> None:
    begun(record)
    for args in (("import", talk(tmp_path)), ("export", tmp_path / "x.cowork")):
        result = run(*args, "--workshop", "ELM-999", "--record", record)
        assert result.exit_code == 3 and "ELM-999" in result.stderr


@pytest.mark.parametrize("command", ["list", "check", "new"])
def test_a_record_that_cannot_be_used_is_exit_code_5_and_stays_as_it_is(tmp_path: Path, command: str) -> None:
    begun(tmp_path / "good.cowork")
    good = (tmp_path / "good.cowork").read_bytes()
    newer = good[:60] + (99).to_bytes(4, "big") + good[64:]
    for name, data, words in (
        ("not", b"hello", "not a cowork record"),
        ("cut", good[: len(good) // 2], "damaged"),
        ("newer", newer, "newer cowork"),
    ):
        path = tmp_path / f"{name}.cowork"
        path.write_bytes(data)
        result = run(command, *(["Title"] if command == "new" else []), "--record", path)
        assert result.exit_code == 5 and words in result.stderr and "Traceback" not in result.output
        assert path.read_bytes() == data


@pytest.mark.parametrize("command", ["list", "check"])
def test_a_named_record_that_is_not_there_is_exit_code_5(tmp_path: Path, command: str) -> None:
    result = run(command, "--record", tmp_path / "none.cowork")
    assert result.exit_code == 5 and not (tmp_path / "none.cowork").exists()


def test_a_record_that_may_only_be_read_is_read_and_not_written(
    record: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code = begun(record)
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and allowed(path, mode))
    assert code in run("list", "--record", record).stdout
    result = run("import", talk(tmp_path), "--workshop", code, "--yes", "--record", record)
    assert result.exit_code == 5 and "only be read" in result.stderr


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    result = run("new", "Title", "--record", tmp_path / "file" / "a.cowork")
    assert result.exit_code == 5 and "Traceback" not in result.output


# ---- languages, help, serve


def test_every_command_and_option_has_its_help_in_each_language() -> None:
    for lang in LANGS:
        whole = run("--lang", lang, "--help")
        assert whole.exit_code == 0 and re.search(r"^  6 ", whole.stdout, re.M)
        for name, command in cli.commands.items():
            assert isinstance(command, LocalizedCommand)
            assert run("--lang", lang, name, "--help").exit_code == 0
    assert "Utan kommando" in run("--lang", "sv", "--help").stdout


def test_messages_follow_the_language_that_is_asked_for_or_the_machines(
    record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(record)
    assert run("check", "--record", record, "--lang", "sv").stdout == "Allt är som det skrevs.\n"
    monkeypatch.setenv("LANG", "sv_SE.UTF-8")
    assert machine_lang() == "sv"
    assert run("check", "--record", record).stdout == "Allt är som det skrevs.\n"
    assert run("check", "--record", record, "--lang", "en").stdout == "All is as it was written.\n"
    assert run("import", "x", "--workshop", "ELM-999", "--record", record).stderr.startswith("Ingen")


@pytest.mark.parametrize(
    "args", [["nonsense"], ["list", "--nonsense"], ["import"], ["export"], ["list", "--lang", "de"]]
)
def test_wrong_use_is_exit_code_2(args: list[str]) -> None:
    assert run(*args).exit_code == 2


@pytest.mark.parametrize(
    ("args", "wanted"),
    [
        ([], {"port": 8866, "host": "127.0.0.1", "browser": True, "token": None}),
        (["--no-browser", "--port", "9000"], {"port": 9000, "browser": False}),
        (["serve", "--host", "0.0.0.0", "--token", "lamp-river-4831"], {"host": "0.0.0.0", "token": "lamp-river-4831"}),
    ],
)
def test_without_a_command_it_is_serve_with_the_options_handed_on(
    args: list[str], wanted: dict[str, Any], monkeypatch: pytest.MonkeyPatch, record: Path
) -> None:
    app = pytest.importorskip("cowork.serve.app")
    seen: dict[str, Any] = {}
    monkeypatch.setattr(app, "serve", lambda **told: seen.update(told) or 0)
    assert run("--record", record, *args).exit_code == 0
    assert seen["record"] == record and wanted.items() <= seen.items()
    monkeypatch.setattr(app, "serve", lambda **told: 1)
    assert run("--record", record, *args).exit_code == 1


def test_serve_says_what_is_wrong_with_the_record_before_it_opens_a_door(tmp_path: Path) -> None:
    (tmp_path / "x.cowork").write_text("hello")
    result = run("--record", tmp_path / "x.cowork")
    assert result.exit_code == 5 and "not a cowork record" in result.stderr


def test_as_a_program_it_answers_quickly_keeps_its_exit_codes_and_loads_no_server(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "latin-1"}
    environment |= {"COWORK_RECORD": str(tmp_path / "a.cowork")}

    def program(*args: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "cowork", *args]
        return subprocess.run(command, env=environment, capture_output=True, encoding="latin-1", check=False, input="")

    made = program("new", "The stops 👍")
    assert made.returncode == 0 and CODE.match(made.stdout.splitlines()[0])
    assert "The stops \\U0001f44d" in program("list").stdout  # an old console shows it its own way, and nothing breaks
    (tmp_path / "talk.vtt").write_text(TALK, "utf-8")
    asked = program("import", str(tmp_path / "talk.vtt"), "--workshop", made.stdout.splitlines()[0])
    assert asked.returncode == 6 and "Traceback" not in asked.stderr
    assert program("export", "--workshop", "ELM-999", str(tmp_path / "x.cowork")).returncode == 3
    say = (
        "import atexit, sys; from cowork.serve.cli.commands import main; sys.argv = ['cowork', 'list'];"
        "heavy = ('voila', 'tornado', 'pandas', 'anywidget', 'cowork.imports.formats.webvtt');"
        "atexit.register(lambda: print([m for m in heavy if m in sys.modules])); main()"
    )
    command = [sys.executable, "-c", say]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="latin-1", check=False)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


@pytest.mark.parametrize("way", ["environment", "file"])
def test_a_room_code_need_not_stand_in_the_list_of_processes(
    way: str, monkeypatch: pytest.MonkeyPatch, record: Path, tmp_path: Path
) -> None:
    app = pytest.importorskip("cowork.serve.app")
    seen: dict[str, Any] = {}
    monkeypatch.setattr(app, "serve", lambda **told: seen.update(told) or 0)
    args: list[Any] = ["--record", record, "serve", "--host", "0.0.0.0"]
    if way == "environment":
        monkeypatch.setenv("COWORK_TOKEN", "lamp-river-4831")
    else:
        kept = tmp_path / "code"
        kept.write_text("lamp-river-4831\nand what else stands there\n", "utf-8")
        monkeypatch.setenv("COWORK_TOKEN", "another-code-1234")
        args += ["--token-file", kept]
    assert run(*args).exit_code == 0
    assert seen["token"] == "lamp-river-4831"
    assert run("--record", record, "serve", "--token", "third-code-5678").exit_code == 0
    assert seen["token"] == "third-code-5678", "what is named last stands nearest"


def test_a_room_code_that_cannot_be_read_is_said_and_nothing_is_served(
    monkeypatch: pytest.MonkeyPatch, record: Path, tmp_path: Path
) -> None:
    app = pytest.importorskip("cowork.serve.app")
    monkeypatch.setattr(app, "serve", lambda **told: pytest.fail("served without the code that was asked for"))
    away, odd, empty = tmp_path / "none", tmp_path / "odd", tmp_path / "empty"
    odd.write_bytes(b"\xff\xfe\x00")
    empty.write_text("\n", "utf-8")
    for file in (away, odd, empty):
        said = run("--record", record, "serve", "--token-file", file)
        assert said.exit_code == 2 and str(file) in said.output
    both = run("--record", record, "serve", "--token", "lamp-river-4831", "--token-file", odd)
    assert both.exit_code == 2 and "--token-file" in both.output
