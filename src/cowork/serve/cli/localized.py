"""How the command line speaks: the language of the person, words from the catalogue, and exit codes.

Click writes its help while it parses; the words stand in the catalogue and the language is known only then, so
commands and options carry a key and look the words up when they are asked for.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from typing import Any, NoReturn

import click

from cowork.core.errors import BadWords, CoworkError, ImportError_, RecordError, UnknownCode
from cowork.text import LANGS, translate

FOUND = 1
WRONG_USE = 2
NO_WORKSHOP = 3
CANNOT_IMPORT = 4
NO_RECORD = 5
NOT_ALLOWED = 6


def lang_of_machine() -> str:
    """The language this machine is set to, if cowork speaks it."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return next((lang for lang in LANGS if value.lower().startswith(lang)), LANGS[0])
    return LANGS[0]


def lang() -> str:
    """The language of this call: --lang, else the machine's."""
    context = click.get_current_context(silent=True)
    chosen = context.meta.get("cowork.lang") if context else None
    return str(chosen or lang_of_machine())


def words(key: str, /, **values: Any) -> str:
    """The sentence of a key in the language of this call."""
    return translate(key, lang(), **values)


def echo(text: str, *, err: bool = False) -> None:
    """Print a line; what people wrote cannot steer the terminal."""
    click.echo(sanitize(text), err=err)


def sanitize(text: str) -> str:
    """Text on one line, without signs that steer a terminal."""
    return "".join("�" if unicodedata.category(sign) == "Cc" and sign != "\t" else sign for sign in text)


def line(text: str) -> str:
    """Somebody's words as one field of a line: no tab, no line break."""
    return " ".join(text.split())


class CliExit(Exception):
    """The command ends here with this exit code; what there was to say has been said."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(code)


def stop(code: int, key: str, **values: object) -> NoReturn:
    """Say a sentence on standard error and end with this exit code."""
    echo(words(key, **values), err=True)
    raise CliExit(code)


def exit_code(error: CoworkError) -> int:
    """What a script learns from an error."""
    if isinstance(error, UnknownCode):
        return NO_WORKSHOP
    if isinstance(error, ImportError_):
        return CANNOT_IMPORT
    if isinstance(error, RecordError):
        return NO_RECORD
    return WRONG_USE if isinstance(error, BadWords) else NOT_ALLOWED


def handle_errors(run: Callable[[], Any]) -> Any:
    """Run a command; whatever a person should be told becomes a sentence and an exit code, never a traceback."""
    try:
        return run()
    except CliExit as stopped:
        code = stopped.code
    except CoworkError as error:
        echo(words(error.key, **error.values), err=True)
        code = exit_code(error)
    except OSError as error:
        echo(words("cli.os", what=f"{error.strerror or error} {error.filename or ''}".strip()), err=True)
        code = NO_RECORD
    except KeyboardInterrupt:
        code = 130
    raise click.exceptions.Exit(code)


class LocalizedCommand(click.Command):
    """A command whose help stands in the catalogue, under cli.help.<name>."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(self._words())

    def get_short_help_str(self, limit: int = 45) -> str:
        return self._words()

    def _words(self) -> str:
        return words(f"cli.help.{self.name}")

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        found = super().get_params(ctx)
        for option in found:
            if isinstance(option, click.Option):
                name = "help" if "--help" in option.opts else option.name
                shared = name in ("record", "lang", "help", "version")
                option.help = words(f"cli.help.{name}" if shared else f"cli.help.{self.name}.{name}")
        return found


class LocalizedGroup(LocalizedCommand, click.Group):
    """All commands. Without one, or with options only, it is `serve`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, self._with_serve(list(args)))

    def _with_serve(self, args: list[str]) -> list[str]:
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
        codes = (0, FOUND, WRONG_USE, NO_WORKSHOP, CANNOT_IMPORT, NO_RECORD, NOT_ALLOWED)
        with formatter.section(words("cli.codes")):
            formatter.write_dl([(str(code), words(f"cli.code_{code}")) for code in codes])
