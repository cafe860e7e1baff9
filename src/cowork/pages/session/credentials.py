"""The credentials a browser states, the id of this kernel, and the record of this machine."""

from __future__ import annotations

import hashlib
import os
import re

from cowork.core.ids import is_id
from cowork.store import Record, default_record, open_record


def credentials_of(value: object) -> tuple[str, str]:
    """(participant, secret) from a browser, or two empty strings."""
    if not isinstance(value, dict):
        return "", ""
    participant, secret = value.get("participant"), value.get("secret")
    if not is_id(participant) or not isinstance(secret, str) or not re.fullmatch(r"[0-9a-f]{32,64}", secret):
        return "", ""
    return str(participant), secret


def kernel_id() -> str:
    """This process's kernel id, by which its own page asks the server whether it still lives."""
    try:
        from ipykernel.connect import get_connection_file

        found = re.search(r"kernel-([0-9a-f-]{36})\.json", get_connection_file())
    except Exception:  # not in a kernel: a script or a test
        return ""
    return found[1] if found else ""


def notebook_mark() -> str:
    """Which notebook this is in JupyterLab, so that a device keeps each apart; "" elsewhere. Its path stays here."""
    path = os.environ.get("JPY_SESSION_NAME", "")
    return hashlib.sha256(path.encode("utf-8", "surrogateescape")).hexdigest()[:12] if path else ""


def open_own_record() -> Record:
    """The record of this machine. Where a server says which file it serves: that file, and never a new one."""
    only = os.environ.get("COWORK_RECORD_FILE", "")
    return open_record(default_record(), create=not only, fingerprint=only)
