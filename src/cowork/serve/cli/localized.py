"""Localizes the command line: the language of the user, texts from the catalogue, errors and exit codes.

Click writes its help while it parses, and the language is known only then. So commands and options have a key, and look
up their texts in the catalogue when these are needed.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from typing import Any, NoReturn

import click

from cowork.core.errors import CoworkError, InvalidEntry, InvalidImport, RecordError, UnknownCode
from cowork.text import LANGS, translate

EXIT_FOUND = 1
EXIT_WRONG_USE = 2
EXIT_NO_WORKSHOP = 3
EXIT_CANNOT_IMPORT = 4
EXIT_NO_RECORD = 5
EXIT_NOT_ALLOWED = 6


def machine_lang() -> str:
    """The language of this machine, where the catalogue has it."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return next((lang for lang in LANGS if value.lower().startswith(lang)), LANGS[0])
    return LANGS[0]


def current_lang() -> str:
    """The language of this call: --lang, else the machine's."""
    context = click.get_current_context(silent=True)
    chosen = context.meta.get("cowork.lang") if context else None
    return str(chosen or machine_lang())


def localize(key: str, /, **values: Any) -> str:
    """The text of a catalogue key in the language of this call."""
    return translate(key, current_lang(), **values)


def echo(text: str, *, err: bool = False) -> None:
    """Print a line, without control characters that people may have typed."""
    click.echo(sanitize(text), err=err)


def sanitize(text: str) -> str:
    """Replace control characters, which could change the terminal."""
    return "".join("�" if unicodedata.category(sign) == "Cc" and sign != "\t" else sign for sign in text)


def single_line(text: str) -> str:
    """A text as one field of a line: without tabs and line breaks."""
    return " ".join(text.split())


class CliExit(Exception):
    """Ends the command with an exit code; any message has been printed before."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(code)


def fail(code: int, key: str, **values: object) -> NoReturn:
    """Print a sentence on standard error, and end with this exit code."""
    echo(localize(key, **values), err=True)
    raise CliExit(code)


def exit_code(error: CoworkError) -> int:
    """The exit code of an error."""
    if isinstance(error, UnknownCode):
        return EXIT_NO_WORKSHOP
    if isinstance(error, InvalidImport):
        return EXIT_CANNOT_IMPORT
    if isinstance(error, RecordError):
        return EXIT_NO_RECORD
    return EXIT_WRONG_USE if isinstance(error, InvalidEntry) else EXIT_NOT_ALLOWED


def handle_errors(run: Callable[[], Any]) -> Any:
    """Run a command; an error becomes a sentence and an exit code, never a traceback."""
    try:
        return run()
    except CliExit as stopped:
        code = stopped.code
    except CoworkError as error:
        echo(localize(error.key, **error.values), err=True)
        code = exit_code(error)
    except OSError as error:
        echo(localize("cli.os", what=f"{error.strerror or error} {error.filename or ''}".strip()), err=True)
        code = EXIT_NO_RECORD
    except KeyboardInterrupt:
        code = 130
    raise click.exceptions.Exit(code)


class LocalizedCommand(click.Command):
    """A command whose help is in the catalogue, under cli.help.<name>."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(self._help_text())

    def get_short_help_str(self, limit: int = 45) -> str:
        return self._help_text()

    def _help_text(self) -> str:
        return localize(f"cli.help.{self.name}")

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        found = super().get_params(ctx)
        for option in found:
            if isinstance(option, click.Option):
                name = "help" if "--help" in option.opts else option.name
                shared = name in ("record", "lang", "help", "version")
                option.help = localize(f"cli.help.{name}" if shared else f"cli.help.{self.name}.{name}")
        return found


class LocalizedGroup(LocalizedCommand, click.Group):
    """The group of all commands. Without a command, or with options only, it runs `serve`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, self._insert_default_command(list(args)))

    def _insert_default_command(self, args: list[str]) -> list[str]:
        place = 0
        while place < len(args):
            word = args[place]
            if word in ("--help", "-h", "--version"):
                return args
            if word in ("--record", "--lang"):
                place += 2
            elif word.startswith(("--record=", "--lang=")):
                place += 1
            elif word.startswith("-"):
                break
            else:
                return args
        return [*args[:place], "serve", *args[place:]]

    def invoke(self, ctx: click.Context) -> Any:
        return handle_errors(lambda: super(LocalizedGroup, self).invoke(ctx))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        codes = (0, EXIT_FOUND, EXIT_WRONG_USE, EXIT_NO_WORKSHOP, EXIT_CANNOT_IMPORT, EXIT_NO_RECORD, EXIT_NOT_ALLOWED)
        with formatter.section(localize("cli.codes")):
            formatter.write_dl([(str(code), localize(f"cli.code_{code}")) for code in codes])
