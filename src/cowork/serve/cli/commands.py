"""The commands of the command line. Each imports only what it needs: only `serve` loads the server.

Exit codes, which `cowork --help` also lists: 0 done; 1 `check` or `merge` found something that is set aside or wrong,
or the workbook could not start; 2 wrong use; 3 no workshop with that code; 4 the file cannot be imported; 5 the record
cannot be used; 6 not confirmed, or not allowed.
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
from cowork.core.errors import InvalidImport, RecordError
from cowork.core.fold import State
from cowork.serve.cli.localized import (
    EXIT_CANNOT_IMPORT,
    EXIT_FOUND,
    EXIT_NOT_ALLOWED,
    EXIT_WRONG_USE,
    CliExit,
    LocalizedCommand,
    LocalizedGroup,
    current_lang,
    echo,
    fail,
    localize,
    single_line,
)
from cowork.store import Record, credentials, default_record, open_record
from cowork.store.check import check_record
from cowork.store.export import export_workshop
from cowork.text import LANGS

#: An import of more entries than this reports its progress, each time so many are done.
PROGRESS_INTERVAL = 200


def _store_record_option(ctx: click.Context, param: click.Parameter, value: Path | None) -> None:
    if value is not None:
        ctx.meta["cowork.record"] = value


def _store_lang_option(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.meta["cowork.lang"] = value


def common_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --record and --lang, which may come before the command or after it."""
    record = click.option("--record", type=click.Path(path_type=Path), metavar="FILE", expose_value=False,
                          callback=_store_record_option)  # fmt: skip
    lang = click.option(
        "--lang", type=click.Choice(LANGS), expose_value=False, is_eager=True, callback=_store_lang_option
    )
    return record(lang(command))


def _record_path() -> Path:
    return Path(click.get_current_context().meta.get("cowork.record") or default_record())


def _open_record(*, create: bool = False) -> Record:
    path = _record_path()
    if create:
        _check_file_extension(path)
    return _close_on_exit(open_record(path, create=create))


def _close_on_exit(record: Record) -> Record:
    """Close the record when the command ends, however it ends, so that its one file is complete."""
    click.get_current_context().call_on_close(partial(_close, record))
    return record


def _close(record: Record) -> None:
    try:
        record.close(whole=record.backend.writable)
    except RecordError as error:  # the command has done its work
        echo(localize(error.key, **error.values), err=True)


def _check_file_extension(path: Path) -> None:
    """Stop before a workshop is written under the extension of another kind of file: no program would open it.

    An existing file keeps its name.
    """
    if path.suffix and path.suffix.lower() != ".cowork" and not path.exists():
        fail(EXIT_WRONG_USE, "cli.ending", ending=path.suffix)


@click.group(cls=LocalizedGroup, name="cowork", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(cowork.__version__, prog_name="cowork")
@common_options
def cli() -> None:
    """The group; everything else is in the commands."""


@cli.command(cls=LocalizedCommand)
@click.option("--port", type=click.IntRange(1, 65535), default=8866, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--no-browser", is_flag=True)
@click.option("--token")
@click.option("--token-file", type=click.Path(path_type=Path), metavar="FILE")
@common_options
def serve(port: int, host: str, no_browser: bool, token: str | None, token_file: Path | None) -> None:
    token = _room_code(token, token_file)
    path = _record_path()
    _check_file_extension(path)
    open_record(path).close()  # show errors here, and not on the first page
    # heavy: the server loads Voilà, which no other command needs
    from cowork.serve.kernels.import_block import UNUSED_MODULES, blocked_imports

    with blocked_imports(*UNUSED_MODULES):
        from cowork.serve.app import serve as run

    code = run(record=path, port=port, host=host, browser=not no_browser, token=token)
    if code:
        raise CliExit(code)


def _room_code(token: str | None, file: Path | None) -> str | None:
    """The room code from an option, a file or COWORK_TOKEN; a list of processes does not show the latter two."""
    if token is not None and file is not None:
        fail(EXIT_WRONG_USE, "cli.token_twice")
    if file is not None:
        try:
            code = file.read_text("utf-8").partition("\n")[0].strip()
        except OSError as error:
            fail(EXIT_WRONG_USE, "cli.token_file", path=file, what=error.strerror or str(error))
        except UnicodeDecodeError:
            code = ""
        # An empty code would mean none, and would open the room to the whole network.
        return code or fail(EXIT_WRONG_USE, "cli.token_file_empty", path=file)
    return token if token is not None else os.environ.get("COWORK_TOKEN") or None


@cli.command(cls=LocalizedCommand)
@click.argument("title")
@common_options
def new(title: str) -> None:
    if not title.strip():
        fail(EXIT_WRONG_USE, "error.empty_title")
    record = _open_record(create=True)
    who, workshop = record.new_id(), record.new_id()
    actor = Actor(who)
    code = credentials.new_workshop_code(record)
    body = {"title": title.strip(), "code": code, "languages": list(LANGS), "research": False, "practice": False}
    record.open_workshop(Draft(workshop, "workshop", who, body), actor)
    joined = [
        Draft(who, "participant", who, {}),
        Draft(record.new_id(), "consent", who, {"question": "part", "answer": "yes"}),
    ]
    record.append_many(workshop, joined, actor)
    _print_opened(record, workshop, code, who)


def _print_opened(record: Record, workshop: str, code: str, who: str) -> None:
    """The code alone on the first line, for a script; then what a person needs."""
    echo(code)
    echo(localize("cli.join", code=code))
    echo(localize("cli.return", code=credentials.new_return_code(record, workshop, who)))


@cli.command(cls=LocalizedCommand)
@click.argument("name", default="ward-letter")
@common_options
def example(name: str) -> None:
    # heavy: parsers
    from cowork.imports import demo

    if name not in demo.DEMO_NAMES:
        fail(EXIT_WRONG_USE, "example.unknown", name=name, names=", ".join(demo.DEMO_NAMES))
    record = _open_record(create=True)
    workshop, code = demo.load_demo(record, name)
    opened = record.state(workshop).opening_entry()
    assert opened is not None
    _print_opened(record, workshop, code, opened.header.by)
    echo(localize("cli.example", command=_next_command("serve")))


def _next_command(name: str) -> str:
    """A command to run next with the same record, which is named unless it is the default one."""
    named = click.get_current_context().meta.get("cowork.record")
    command = ["cowork", name, *(["--record", str(named)] if named else [])]
    return subprocess.list2cmdline(command) if os.name == "nt" else shlex.join(command)


@cli.command("list", cls=LocalizedCommand)
@common_options
def list_() -> None:
    path = _record_path()
    named = click.get_current_context().meta.get("cowork.record")
    states = [] if not named and not path.exists() else _open_record().workshops()
    if not states:
        echo(localize("cli.none", path=path, command=_next_command("new")), err=True)
        return
    echo("\t".join(localize(f"cli.list.{name}") for name in ("code", "title", "people", "entries", "last")))
    for state in states:
        seen = ParticipantView(state, "")
        last = datetime.fromtimestamp(
            max((e.header.at_ms for e in state.entries.values()), default=0) / 1000
        ).astimezone()
        row = (_code(state), seen.title(), seen.participant_count(), len(state.entries), last.isoformat(" ", "minutes"))
        echo("\t".join(single_line(str(field)) for field in row))


def _code(state: State) -> str:
    opened = state.opening_entry()
    return str(opened.data.get("code", "")) if opened else ""


@cli.command("import", cls=LocalizedCommand)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--workshop", "code", required=True, metavar="CODE")
@click.option("--yes", is_flag=True)
@click.option("--agreed", metavar="TEXT", default="")
@click.option("--encoding")
@click.option("--again", is_flag=True)
@common_options
def import_(file: Path, code: str, yes: bool, agreed: str, encoding: str | None, again: bool) -> None:
    # heavy: parsers of all formats
    from cowork.imports import detect, importer
    from cowork.imports.preview import preview_transcript

    record = _open_record()
    workshop = record.find_workshop(code)
    try:
        transcript = detect.read_transcript(_read_file(file), file.name, encoding)
    except InvalidImport as error:
        hint = encoding is None and error.key in ("import.encoding", "import.encoding_unsure")
        echo(localize(error.key, **error.values), err=True)
        if hint:
            echo(localize("cli.encoding_hint"), err=True)
        raise CliExit(EXIT_CANNOT_IMPORT) from None
    state = record.state(workshop)
    if not again and importer.already_imported(state, transcript.source):
        raise InvalidImport("import.already")
    twin = importer.find_duplicate(state, transcript)
    _print_summary(
        preview_transcript(transcript, importer.last_voice_number(state), current_lang(), agreed=agreed, duplicate=twin)
    )
    if not yes and not _confirm("import.ask"):
        fail(EXIT_NOT_ALLOWED, "import.nothing_entered")
    importer.import_transcript(
        record, workshop, transcript, agreed=agreed, asked_by="importer", again=again, on_progress=_report_progress
    )
    echo(localize("import.done"))


def _read_file(file: Path) -> bytes:
    """Read the file, after a check of its size."""
    # heavy: charset detection
    from cowork.imports.encoding import MAX_FILE_BYTES, check_size

    try:
        check_size(file.stat().st_size)
        with file.open("rb") as opened:
            data = opened.read(MAX_FILE_BYTES + 1)  # the size of a pipe is unknown
    except OSError as error:
        fail(EXIT_CANNOT_IMPORT, "import.no_file", path=file, what=error.strerror or str(error))
    if len(data) > MAX_FILE_BYTES:
        fail(EXIT_CANNOT_IMPORT, "import.larger", limit=MAX_FILE_BYTES // 1024 // 1024)
    return data


def _print_summary(found: dict[str, Any]) -> None:
    """Print what was found in a file before it is imported; a page shows the same."""
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


def _confirm(key: str) -> bool:
    """Ask for confirmation: only a clear yes counts, and the end of the input is a no."""
    try:
        answer = click.prompt(localize(key), default="", show_default=False, prompt_suffix=" ", err=True)
    except click.Abort:
        click.echo(err=True)
        return False
    return str(answer).strip().lower() in ("y", "yes", "j", "ja")


def _report_progress(done: int, whole: int) -> None:
    if whole > PROGRESS_INTERVAL and (done % PROGRESS_INTERVAL == 0 or done == whole):
        echo(localize("import.progress", n=done, N=whole), err=True)


@cli.command(cls=LocalizedCommand)
@click.option("--workshop", "code", required=True, metavar="CODE")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--whole", is_flag=True)
@common_options
def export(code: str, out: Path, whole: bool) -> None:
    record = _open_record()
    workshop = record.find_workshop(code)
    if not out.absolute().parent.is_dir():
        fail(EXIT_WRONG_USE, "cli.no_folder", path=out.parent)
    _check_file_extension(out)
    copied = export_workshop(record, workshop, out, whole=whole)
    echo(localize("cli.export.done", n=copied.entries, path=out))
    for why, count in sorted(copied.withheld.items()):
        echo("  " + localize(f"cli.kept.{why.replace('-', '_')}", n=count))


@cli.command(cls=LocalizedCommand)
@click.option("--workshop", "code", required=True, metavar="CODE")
@click.argument("out", metavar="OUT.html", type=click.Path(path_type=Path))
@click.option("--one-page", is_flag=True)
@click.option("--research", is_flag=True)
@click.option("--zone", default="", metavar="ZONE")
@click.option("--yes", is_flag=True)
@common_options
def report(code: str, out: Path, one_page: bool, research: bool, zone: str, yes: bool) -> None:
    # heavy: Jinja
    from cowork import reports
    from cowork.reports.reader import parse_time_zone

    record = _open_record()
    state = record.state(record.find_workshop(code))  # one state for both: what is listed is what is written
    if not out.absolute().parent.is_dir():
        fail(EXIT_WRONG_USE, "cli.no_folder", path=out.parent)
    if out.suffix.lower() not in (".html", ".htm"):
        fail(EXIT_WRONG_USE, "cli.report.ending", ending=out.suffix or out.name, path=out.with_suffix(".html").name)
    if zone and parse_time_zone(zone)[0] != zone:
        fail(EXIT_WRONG_USE, "cli.report.zone", zone=zone)
    if out.exists():
        raise RecordError("error.record_exists", path=str(out))
    echo(localize("cli.report.h"))
    for kept in reports.withheld_lines(state, current_lang(), research=research):
        echo("  " + kept)
    names, talk = reports.find_names(state, current_lang(), research=research)
    for name in [localize("report.names.h"), *names] if names else []:
        echo(single_line(name))
    for told in talk:
        echo(told)
    if not yes and not _confirm("cli.report.ask"):
        fail(EXIT_NOT_ALLOWED, "cli.report.nothing")
    make = reports.one_page if one_page else reports.report
    data = make(state, current_lang(), research=research, zone=zone)
    # Readable by its owner alone, and never over a file that was created meanwhile.
    with open(out, "xb", opener=partial(os.open, mode=0o600)) as file:
        file.write(data)
    echo(localize("cli.report.done", path=out))


@cli.command(cls=LocalizedCommand)
@click.argument("into", type=click.Path(path_type=Path))
@click.argument("sources", metavar="FROM...", nargs=-1, required=True, type=click.Path(path_type=Path))
@common_options
def merge(into: Path, sources: tuple[Path, ...]) -> None:
    if any(source.absolute() == into.absolute() for source in sources):
        fail(EXIT_WRONG_USE, "cli.merge.itself", path=into)
    _check_file_extension(into)
    others = [open_record(source, create=False, writable=False) for source in sources]
    record = _close_on_exit(open_record(into))
    aside = False
    for source, other in zip(sources, others, strict=True):
        taken = record.merge(other)
        other.close()
        echo(localize("cli.merge.from", path=source))
        for key, count in (("came", taken.added), ("had", taken.known), ("erased", taken.erased)):
            if count or key != "erased":
                echo("  " + localize(f"cli.merge.{key}", n=count))
        for why, count in sorted(taken.quarantined.items()):
            aside = True
            echo("  " + localize(f"cli.aside.{why.replace('-', '_')}", n=count))
    if aside:
        fail(EXIT_FOUND, "cli.merge.look", path=into)


@cli.command(cls=LocalizedCommand)
@common_options
def check() -> None:
    found = 0
    for fault in check_record(_open_record()):
        found += 1
        echo(_fault(fault.key, fault.values))
    if found:
        fail(EXIT_FOUND, "cli.check.found", n=found)
    echo(localize("cli.check.well"))


def _fault(key: str, values: dict[str, object]) -> str:
    if "why" in values:
        reason = localize(f"cli.why.{str(values['why']).replace('-', '_')}")
        return localize(f"cli.{key}", id=values["id"], why=reason)
    return localize(f"cli.{key}", **values)


def main() -> None:
    """The entry point `cowork`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # an old console cannot show every character
    cli()


__all__ = ["cli", "main"]
