"""The command line as a test types it: a command in, what it said and its exit code out."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import cowork
from cowork.serve.cli.commands import cli

TALK = (
    "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\nÅsa Berg: Good morning, Bo\n\n"
    "2\n00:00:02.000 --> 00:00:03.000\nBo Ek: Morning\n\n3\n00:01:04.000 --> 00:01:05.500\nÅsa Berg: Shall we\n"
)
PLAIN = "ÅSA BERG: Good morning, Bo\n\nBO EK: Morning\n\nÅSA BERG: Shall we\n"


def english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine that speaks English, with a record of its own."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.setenv("COWORK_RECORD", str(tmp_path / "default.cowork"))


def run(*args: object, answer: str | None = None) -> Result:
    result = CliRunner().invoke(cli, [str(arg) for arg in args], input=answer)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def begun(record: Path, title: str = "The stops") -> str:
    return run("--record", record, "new", title).stdout.splitlines()[0]


def talk(tmp_path: Path, text: str = TALK, encoding: str = "utf-8") -> Path:
    path = tmp_path / "talk.vtt"
    path.write_bytes(text.encode(encoding))
    return path


def texts(record: Path, code: str) -> list[str]:
    return list(cowork.open(record, code).contributions()["text"])
