"""The room code over a restart: a server that fell and came back must not ask everyone for a new code.

Kept for a day after the last start, in this person's own state folder, readable by them alone; never beside the
record, which people copy and send. Where nothing can be written the room works all the same, for this run.
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

KEPT_SECONDS = 24 * 3600


def load_room(record: Path, code: str | None = None) -> RoomAccess:
    """The room of `record`: with the code that is given, or the last one, or a new one."""
    return _room(_path(record), code, new_code)


def load_invited_room(record: Path) -> RoomAccess:
    """The room of `record` inside somebody else's Jupyter server, which a link opens and no typed code."""
    return _room(_path(record, "-invited"), None, new_invitation)


def _room(path: Path, code: str | None, new: Callable[[], str]) -> RoomAccess:
    kept = _read(path)
    seed = bytes.fromhex(kept["seed"]) if kept else secrets.token_bytes(32)
    room = RoomAccess(code=code or (kept["code"] if kept else new()), seed=seed)
    _write(path, {"seed": seed.hex(), "code": room.code})
    return room


def _path(record: Path, kind: str = "") -> Path:
    name = hashlib.sha256(str(record.absolute()).encode()).hexdigest()[:24] + kind
    return Path(platformdirs.user_state_dir("cowork", appauthor=False)) / "rooms" / f"{name}.json"


def _read(path: Path) -> dict[str, str] | None:
    try:
        if time.time() - path.stat().st_mtime > KEPT_SECONDS:
            return None
        kept = json.loads(path.read_text("utf-8"))
        return {"seed": bytes.fromhex(kept["seed"]).hex(), "code": str(kept["code"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(path: Path, kept: dict[str, str]) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(kept, file)
        os.replace(new, path)
    except OSError:
        pass  # a code for this run only is still a code
