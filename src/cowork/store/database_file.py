"""Opens and creates the file of a record; checks its header before SQLite reads it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from cowork.core.errors import RecordError
from cowork.store.notify import Notifier
from cowork.store.record import Record
from cowork.store.sqlite import APPLICATION_ID, FORMAT_VERSION, SqliteBackend, file_identity, is_open_in_process


def default_record() -> Path:
    """The path of this user's record, where no command names one: COWORK_RECORD, or the platform's data folder."""
    named = os.environ.get("COWORK_RECORD")
    if named:
        return Path(named)
    from platformdirs import user_data_dir  # heavy, and only needed where no path is named

    return Path(user_data_dir("cowork", appauthor=False)) / "cowork.cowork"


def open_record(
    path: Path | str,
    *,
    create: bool = True,
    writable: bool | None = None,
    fingerprint: str = "",
    pragmas: Mapping[str, object] | None = None,
    **options: Any,
) -> Record:
    """Open the record in a file, and make the file where there is none and `create` is set.

    `writable` None means: as the file allows. `fingerprint` is what `file_fingerprint` returned for the file earlier:
    any other file in its place is refused. Raises RecordError where the file is no record, is damaged or cut off, is
    not that file, or was made by a newer cowork; nothing in it is changed then.
    """
    path = Path(path)
    if fingerprint and file_fingerprint(path) != fingerprint:
        raise RecordError("error.record_moved", path=str(path))
    if path.exists():
        if not is_open_in_process(path):
            _check_header(path)
    elif create and writable is not False:
        _private_folder(path.parent)
        _create_file(path)
    else:
        raise RecordError("error.record_missing", path=str(path))
    if writable is None:
        writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    backend = SqliteBackend(path, writable=writable, pragmas=pragmas)
    with backend.reading() as rows:
        rows.last_position("")
    return Record(backend, **{"notifier": Notifier(os.path.realpath(path)), **options})


def file_fingerprint(path: Path | str) -> str:
    """Device and inode of the file at a path, for other processes to compare; "" where there is no file."""
    found = file_identity(path)
    return f"{found[0]:x}-{found[1]:x}" if found else ""


def _private_folder(folder: Path) -> None:
    """Make a folder and its parents for this user alone. An existing folder keeps its mode: somebody chose it."""
    if not folder.is_dir():
        _private_folder(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)


def _create_file(path: Path) -> None:
    """Create a record in one step: a process that starts at the same moment must not find an empty file."""
    logs = [f"{path}{end}" for end in ("-wal", "-shm") if os.path.lexists(f"{path}{end}")]
    if logs and not path.exists():
        # The log of a record that was moved away: SQLite would mix its pages into the new one.
        raise RecordError("error.record_log_alone", path=str(path), log=logs[0])
    new_path = path.with_name(f"{path.name}-{secrets.token_hex(6)}")
    try:
        SqliteBackend(new_path).create()
        try:
            os.link(new_path, path)
        except FileExistsError:
            pass  # another process was first; its file is the record
        except OSError:  # a file system without links
            if not path.exists():
                new_path.rename(path)
    finally:
        new_path.unlink(missing_ok=True)


def _check_header(path: Path) -> None:
    """Raise RecordError, with a sentence of its own, for an empty, foreign, newer or truncated file."""
    if path.is_dir():
        raise RecordError("error.record_not", path=str(path))
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except PermissionError:
        raise RecordError("error.record_private", path=str(path)) from None
    size = path.stat().st_size
    if len(head) < 100 or head[:16] != b"SQLite format 3\x00":
        cut = head and b"SQLite format 3\x00".startswith(head[:16])
        raise RecordError("error.record_damaged" if cut else "error.record_not", path=str(path), what="cut off")
    if int.from_bytes(head[68:72], "big") != APPLICATION_ID:
        raise RecordError("error.record_not", path=str(path))
    version = int.from_bytes(head[60:64], "big")
    if version > FORMAT_VERSION:
        raise RecordError("error.record_newer", path=str(path), version=version)
    page = int.from_bytes(head[16:18], "big")
    pages = int.from_bytes(head[28:32], "big")
    log = Path(f"{path}-wal")
    emptying = log.exists() and log.stat().st_size > 0  # somebody may be moving the log into the file right now
    if not emptying and size < pages * (65_536 if page == 1 else page):
        raise RecordError("error.record_damaged", path=str(path), what="cut off")
