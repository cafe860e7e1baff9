"""Stores the room code, so that a restarted server does not ask everybody for a new code.

The code is stored for a day after the last start, in the state folder of the operating user and readable by them alone;
never beside the record, which people copy and send. Where nothing can be written, the code is valid for this run.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path

import platformdirs

from cowork.serve.auth.guard import RoomAccess, new_code, new_invitation

STORED_SECONDS = 24 * 3600


def load_room(record: Path, code: str | None = None) -> RoomAccess:
    """The access to `record`, with the given code, or the stored one, or a new one."""
    return _room(_path(record), code, new_code)


def load_invited_room(record: Path) -> RoomAccess:
    """The access to `record` inside somebody else's Jupyter server, by a link instead of a typed code."""
    return _room(_path(record, "-invited"), None, new_invitation)


def _room(path: Path, code: str | None, make_code: Callable[[], str]) -> RoomAccess:
    stored = _read(path)
    seed = bytes.fromhex(stored["seed"]) if stored else secrets.token_bytes(32)
    room = RoomAccess(code=code or (stored["code"] if stored else make_code()), seed=seed)
    _write(path, {"seed": seed.hex(), "code": room.code})
    return room


def _path(record: Path, kind: str = "") -> Path:
    name = hashlib.sha256(str(record.absolute()).encode()).hexdigest()[:24] + kind
    return Path(platformdirs.user_state_dir("cowork", appauthor=False)) / "rooms" / f"{name}.json"


def _read(path: Path) -> dict[str, str] | None:
    try:
        if time.time() - path.stat().st_mtime > STORED_SECONDS:
            return None
        stored = json.loads(path.read_text("utf-8"))
        return {"seed": bytes.fromhex(stored["seed"]).hex(), "code": str(stored["code"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(path: Path, values: dict[str, str]) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(values, file)
        os.replace(new, path)
    except OSError:
        pass  # the code is valid for this run
