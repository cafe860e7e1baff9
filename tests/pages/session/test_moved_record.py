"""The file of the record is moved away while people have their page open: they hear it, and keep their words."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.page_sessions import opened

from cowork import text
from cowork.pages import show
from cowork.store import file_fingerprint, open_record
from cowork.widgets import Form, Prose, Shell


def moved(lang: str, path: Path) -> str:
    return text.translate("error.record_moved", lang, None, path=str(path))


def test_whoever_shares_is_told_and_gets_the_words_back(tmp_path: Path) -> None:
    path = tmp_path / "group.cowork"
    fay = opened(record=open_record(path))
    fay.go("intention")
    ask = fay.part(Form)
    path.rename(tmp_path / "synced.cowork")
    answer = fay.share(ask, "Why I am here")
    assert (answer["done"], answer["message"]) == ("refused", moved("en", path))


def test_whoever_only_looks_is_told_which_file_it_is(tmp_path: Path) -> None:
    path = tmp_path / "group.cowork"
    fay = opened(record=open_record(path))
    assert fay.session.feed is not None
    path.rename(tmp_path / "synced.cowork")
    fay.session.feed._poll_in_background()
    assert fay.session.shell.note == moved("en", path)
    (tmp_path / "synced.cowork").rename(path)
    fay.session.feed._poll_in_background()
    assert fay.session.shell.note == ""


@pytest.mark.parametrize("put_another", [False, True])
def test_a_newcomer_reads_it_in_each_language_and_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, put_another: bool
) -> None:
    path = tmp_path / "group.cowork"
    open_record(path).close()
    monkeypatch.setenv("COWORK_RECORD", str(path))
    monkeypatch.setenv("COWORK_RECORD_FILE", file_fingerprint(path))
    assert isinstance(show(), Shell)
    path.rename(tmp_path / "synced.cowork")
    if put_another:
        open_record(tmp_path / "another.cowork").close()
        (tmp_path / "another.cowork").rename(path)
    shown = show()
    assert isinstance(shown, Prose)
    said = str(shown.blocks)
    assert all(moved(lang, path) in said for lang in text.LANGS)
    assert path.exists() == put_another
