"""The command line. Each command opens what it needs and nothing more: only `serve` loads the server.

Exit codes, which `cowork --help` says too: 0 done; 1 `check` or `merge` found something that was set aside or is not
as it should be, or the workbook could not start; 2 wrong use; 3 no workshop with that code; 4 the file cannot be
brought in; 5 the record cannot be used; 6 not confirmed, or not allowed.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

import cowork
from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Actor, Draft
from cowork.core.errors import ImportError_, RecordError
from cowork.core.fold import State
from cowork.serve.cli.localized import (
    CANNOT_IMPORT,
    FOUND,
    NOT_ALLOWED,
    WRONG_USE,
    CliExit,
    LocalizedCommand,
    LocalizedGroup,
    echo,
    lang,
    line,
    stop,
    words,
)
from cowork.store import Record, default_record, open_record
from cowork.text import LANGS

#: More entries than this, and the import says how far it has come.
MANY = 200


def _keep_record(ctx: click.Context, param: click.Parameter, value: Path | None) -> None:
    if value is not None:
        ctx.meta["cowork.record"] = value


def _keep_lang(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.meta["cowork.lang"] = value


def everywhere(command: Callable[..., Any]) -> Callable[..., Any]:
    """--record and --lang, before the command or after it."""
    record = click.option("--record", type=click.Path(path_type=Path), metavar="FILE", expose_value=False,
                          callback=_keep_record)  # fmt: skip
    lang = click.option("--lang", type=click.Choice(LANGS), expose_value=False, is_eager=True, callback=_keep_lang)
    return record(lang(command))


def _path() -> Path:
    return Path(click.get_current_context().meta.get("cowork.record") or default_record())


def _record(*, create: bool = False) -> Record:
    path = _path()
    if create:
        _check_ending(path)
    return _used(open_record(path, create=create))


def _used(record: Record) -> Record:
    """The same, closed when the command ends, however it ends: then all of it stands in the one file."""
    click.get_current_context().call_on_close(partial(_close, record))
    return record


def _close(record: Record) -> None:
    try:
        record.close(whole=record.backend.writable)
    except RecordError as error:  # what the command did is done
        echo(words(error.key, **error.values), err=True)


def _check_ending(path: Path) -> None:
    """Stop before a workshop is written under the ending of another kind of file: no program would open it there.

    A file that is there already keeps its name.
    """
    if path.suffix and path.suffix.lower() != ".cowork" and not path.exists():
        stop(WRONG_USE, "cli.ending", ending=path.suffix)


@click.group(cls=LocalizedGroup, name="cowork", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(cowork.__version__, prog_name="cowork")
@everywhere
def cli() -> None:
    """Everything else is in the commands."""


@cli.command(cls=LocalizedCommand)
@click.option("--port", type=click.IntRange(1, 65535), default=8866, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--no-browser", is_flag=True)
@click.option("--token")
@click.option("--token-file", type=click.Path(path_type=Path), metavar="FILE")
@everywhere
def serve(port: int, host: str, no_browser: bool, token: str | None, token_file: Path | None) -> None:
    token = _room_code(token, token_file)
    path = _path()
    _check_ending(path)
    open_record(path).close()  # what is wrong with it is said here, not by the first page
    from cowork.serve.kernels.import_block import UNUSED_MODULES, blocked_imports

    with blocked_imports(*UNUSED_MODULES):
        from cowork.serve.app import serve as run

    code = run(record=path, port=port, host=host, browser=not no_browser, token=token)
    if code:
        raise CliExit(code)


def _room_code(token: str | None, file: Path | None) -> str | None:
    """The room code from an option, a file or COWORK_TOKEN; the latter two stand in no list of processes."""
    if token is not None and file is not None:
        stop(WRONG_USE, "cli.token_twice")
    if file is not None:
        try:
            code = file.read_text("utf-8").partition("\n")[0].strip()
        except OSError as error:
            stop(WRONG_USE, "cli.token_file", path=file, what=error.strerror or str(error))
        except UnicodeDecodeError:
            code = ""
        # An empty code would be none, and the room open to a network that it was to be closed to.
        return code or stop(WRONG_USE, "cli.token_file_empty", path=file)
    return token if token is not None else os.environ.get("COWORK_TOKEN") or None


@cli.command(cls=LocalizedCommand)
@click.argument("title")
@everywhere
def new(title: str) -> None:
    from cowork.store import credentials

    if not title.strip():
        stop(WRONG_USE, "error.empty_title")
    record = _record(create=True)
    who, workshop = record.new_id(), record.new_id()
    actor = Actor(who)
    code = credentials.new_code(record)
    body = {"title": title.strip(), "code": code, "languages": list(LANGS), "research": False, "practice": False}
    record.open_workshop(Draft(workshop, "workshop", who, body), actor)
    joined = [
        Draft(who, "participant", who, {}),
        Draft(record.new_id(), "consent", who, {"question": "part", "answer": "yes"}),
    ]
    record.append_many(workshop, joined, actor)
    _opened(record, workshop, code, who)


def _opened(record: Record, workshop: str, code: str, who: str) -> None:
    """The code alone on the first line, for a script; then what a person needs."""
    from cowork.store import credentials

    echo(code)
    echo(words("cli.join", code=code))
    echo(words("cli.return", code=credentials.new_return_code(record, workshop, who)))


@cli.command(cls=LocalizedCommand)
@click.argument("name", default="ward-letter")
@everywhere
def example(name: str) -> None:
    from cowork.imports import demo

    if name not in demo.DEMO_NAMES:
        stop(WRONG_USE, "example.unknown", name=name, names=", ".join(demo.DEMO_NAMES))
    record = _record(create=True)
    workshop, code = demo.load_demo(record, name)
    opened = record.state(workshop).opened()
    assert opened is not None
    _opened(record, workshop, code, opened.header.by)
    echo(words("cli.example", command=_command("serve")))


def _command(name: str) -> str:
    """A command to give next, at the same record: another than the usual has to be named again."""
    named = click.get_current_context().meta.get("cowork.record")
    command = ["cowork", name, *(["--record", str(named)] if named else [])]
    return subprocess.list2cmdline(command) if os.name == "nt" else shlex.join(command)


@cli.command("list", cls=LocalizedCommand)
@everywhere
def list_() -> None:
    path = _path()
    named = click.get_current_context().meta.get("cowork.record")
    states = [] if not named and not path.exists() else _record().workshops()
    if not states:
        echo(words("cli.none", path=path, command=_command("new")), err=True)
        return
    echo("\t".join(words(f"cli.list.{name}") for name in ("code", "title", "people", "entries", "last")))
    for state in states:
        seen = ParticipantView(state, "")
        last = datetime.fromtimestamp(
            max((e.header.at_ms for e in state.entries.values()), default=0) / 1000
        ).astimezone()
        row = (_code(state), seen.title(), seen.taking_part(), len(state.entries), last.isoformat(" ", "minutes"))
        echo("\t".join(line(str(field)) for field in row))


def _code(state: State) -> str:
    opened = state.opened()
    return str(opened.data.get("code", "")) if opened else ""


@cli.command("import", cls=LocalizedCommand)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--workshop", "code", required=True, metavar="CODE")
@click.option("--yes", is_flag=True)
@click.option("--agreed", metavar="TEXT", default="")
@click.option("--encoding")
@click.option("--again", is_flag=True)
@everywhere
def import_(file: Path, code: str, yes: bool, agreed: str, encoding: str | None, again: bool) -> None:
    from cowork.imports import detect, importer
    from cowork.imports.preview import summary

    record = _record()
    workshop = record.find(code)
    try:
        transcript = detect.read_transcript(_bytes(file), file.name, encoding)
    except ImportError_ as error:
        hint = encoding is None and error.key in ("import.encoding", "import.encoding_unsure")
        echo(words(error.key, **error.values), err=True)
        if hint:
            echo(words("cli.encoding_hint"), err=True)
        raise CliExit(CANNOT_IMPORT) from None
    state = record.state(workshop)
    if not again and importer.already_imported(state, transcript.source):
        raise ImportError_("import.already")
    twin = importer.find_duplicate(state, transcript)
    _show(summary(transcript, importer.last_voice_number(state), lang(), agreed=agreed, twin=twin))
    if not yes and not _confirmed("import.ask"):
        stop(NOT_ALLOWED, "import.nothing_entered")
    importer.import_transcript(
        record, workshop, transcript, agreed=agreed, asked_by="importer", again=again, tell=_progress
    )
    echo(words("import.done"))


def _bytes(file: Path) -> bytes:
    """What is in the file; its size is asked before it is read."""
    from cowork.imports.encoding import MAX_FILE_BYTES, check_size

    try:
        check_size(file.stat().st_size)
        with file.open("rb") as opened:
            data = opened.read(MAX_FILE_BYTES + 1)  # a pipe has no size
    except OSError as error:
        stop(CANNOT_IMPORT, "import.no_file", path=file, what=error.strerror or str(error))
    if len(data) > MAX_FILE_BYTES:
        stop(CANNOT_IMPORT, "import.larger", limit=MAX_FILE_BYTES // 1024 // 1024)
    return data


def _show(found: dict[str, Any]) -> None:
    """Print what was found, before anything enters; a page shows the same."""
    for row in (found["h"], *found["lines"]):
        echo(row)
    for voice in found["voices"]:
        echo(f"  {voice['text']}")
    for row in (found["names"], found["inside"], *found["look"], found["first_h"]):
        if row:
            echo(row)
    for turn in found["first"]:
        echo(f"  {turn['line']}")
    echo(found["last_h"])
    echo(f"  {found['last']['line']}")


def _confirmed(key: str) -> bool:
    """True only for a clear yes; the end of the input is a no."""
    try:
        answer = click.prompt(words(key), default="", show_default=False, prompt_suffix=" ", err=True)
    except click.Abort:
        click.echo(err=True)
        return False
    return str(answer).strip().lower() in ("y", "yes", "j", "ja")


def _progress(done: int, whole: int) -> None:
    if whole > MANY and (done % MANY == 0 or done == whole):
        echo(words("import.progress", n=done, N=whole), err=True)


@cli.command(cls=LocalizedCommand)
@click.option("--workshop", "code", required=True, metavar="CODE")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--whole", is_flag=True)
@everywhere
def export(code: str, out: Path, whole: bool) -> None:
    from cowork.store import export

    record = _record()
    workshop = record.find(code)
    if not out.absolute().parent.is_dir():
        stop(WRONG_USE, "cli.no_folder", path=out.parent)
    _check_ending(out)
    copied = export.export_workshop(record, workshop, out, whole=whole)
    echo(words("cli.export.done", n=copied.entries, path=out))
    for why, count in sorted(copied.kept_back.items()):
        echo("  " + words(f"cli.kept.{why.replace('-', '_')}", n=count))


@cli.command(cls=LocalizedCommand)
@click.option("--workshop", "code", required=True, metavar="CODE")
@click.argument("out", metavar="OUT.html", type=click.Path(path_type=Path))
@click.option("--one-page", is_flag=True)
@click.option("--research", is_flag=True)
@click.option("--zone", default="", metavar="ZONE")
@click.option("--yes", is_flag=True)
@everywhere
def report(code: str, out: Path, one_page: bool, research: bool, zone: str, yes: bool) -> None:
    from cowork import reports
    from cowork.reports.reader import zone_of

    record = _record()
    state = record.state(record.find(code))  # one state: what is told is what is written
    if not out.absolute().parent.is_dir():
        stop(WRONG_USE, "cli.no_folder", path=out.parent)
    if out.suffix.lower() not in (".html", ".htm"):
        stop(WRONG_USE, "cli.report.ending", ending=out.suffix or out.name, path=out.with_suffix(".html").name)
    if zone and zone_of(zone)[0] != zone:
        stop(WRONG_USE, "cli.report.zone", zone=zone)
    if out.exists():
        raise RecordError("error.record_exists", path=str(out))
    echo(words("cli.report.h"))
    for kept in reports.kept_lines(state, lang(), research=research):
        echo("  " + kept)
    names, talk = reports.looked_through(state, lang(), research=research)
    for name in [words("report.names.h"), *names] if names else []:
        echo(line(name))
    for told in talk:
        echo(told)
    if not yes and not _confirmed("cli.report.ask"):
        stop(NOT_ALLOWED, "cli.report.nothing")
    make = reports.one_page if one_page else reports.report
    data = make(state, lang(), research=research, zone=zone)
    # For its owner alone, and never over what somebody else has put there meanwhile.
    with open(out, "xb", opener=partial(os.open, mode=0o600)) as file:
        file.write(data)
    echo(words("cli.report.done", path=out))


@cli.command(cls=LocalizedCommand)
@click.argument("into", type=click.Path(path_type=Path))
@click.argument("sources", metavar="FROM...", nargs=-1, required=True, type=click.Path(path_type=Path))
@everywhere
def merge(into: Path, sources: tuple[Path, ...]) -> None:
    if any(source.absolute() == into.absolute() for source in sources):
        stop(WRONG_USE, "cli.merge.itself", path=into)
    _check_ending(into)
    others = [open_record(source, create=False, writable=False) for source in sources]
    record = _used(open_record(into))
    aside = False
    for source, other in zip(sources, others, strict=True):
        taken = record.merge(other)
        other.close()
        echo(words("cli.merge.from", path=source))
        for key, count in (("came", taken.came), ("had", taken.had), ("erased", taken.erased)):
            if count or key != "erased":
                echo("  " + words(f"cli.merge.{key}", n=count))
        for why, count in sorted(taken.aside.items()):
            aside = True
            echo("  " + words(f"cli.aside.{why.replace('-', '_')}", n=count))
    if aside:
        stop(FOUND, "cli.merge.look", path=into)


@cli.command(cls=LocalizedCommand)
@everywhere
def check() -> None:
    from cowork.store import export

    found = 0
    for fault in export.check_record(_record()):
        found += 1
        echo(_fault(fault.key, fault.values))
    if found:
        stop(FOUND, "cli.check.found", n=found)
    echo(words("cli.check.well"))


def _fault(key: str, values: dict[str, object]) -> str:
    if "why" in values:
        reason = words(f"cli.why.{str(values['why']).replace('-', '_')}")
        return words(f"cli.{key}", id=values["id"], why=reason)
    return words(f"cli.{key}", **values)


def main() -> None:
    """The entry point `cowork`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # an old console cannot show every letter
    cli()


__all__ = ["cli", "main"]
