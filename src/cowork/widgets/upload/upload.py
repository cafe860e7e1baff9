"""Upload: receives a file from a person's device in chunks."""

from __future__ import annotations

import logging
import math
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import traitlets as t

from cowork import text
from cowork.widgets.component import Component
from cowork.widgets.manifest import files_of
from cowork.widgets.submission import clean_id, describe_error

log = logging.getLogger(__name__)

CHUNK_BYTES = 256 * 1024
"""Bytes of one chunk. upload.js uses the same number."""
MEGABYTE = 1024 * 1024
NAME_LIMIT = 200
MAX_STORED_ANSWERS = 8
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

OnFile = Callable[[str, bytes], "bool | str | None"]


def plain_name(value: object) -> str:
    """Clean a file name for display: no folder, no control characters, at most NAME_LIMIT code points.

    Never open a file by this name. A name that is too long is shortened before its ending.
    """
    if not isinstance(value, str):
        return ""
    base = value[-4 * NAME_LIMIT :].replace("\\", "/").rsplit("/", 1)[-1]
    # Characters that turn the reading direction make `txt.exe` out of `exe.txt`.
    shown = (c for c in base if unicodedata.category(c) not in {"Cc", "Cs", "Zl", "Zp"} and c not in _DIRECTIONS)
    name = "".join(shown).strip()
    if name in {".", ".."}:
        return ""
    if len(name) > NAME_LIMIT:
        stem, dot, ending = name.rpartition(".")
        ending = dot + ending if stem and len(ending) < 10 else ""
        name = name[: NAME_LIMIT - len(ending)] + ending
    return name


def _count(value: object) -> int | None:
    """Read a whole number, 0 or more, as JavaScript may write it (5.0); anything else becomes None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if 0 <= value < 2**53 and value == int(value) else None


@dataclass
class _Transfer:
    """A file of which some chunks have arrived."""

    id: str
    name: str
    size: int
    data: bytearray = field(default_factory=bytearray)


class Upload(Component):
    """A file chooser. A file arrives whole at `on_file`, or not at all.

    The device sends a chunk when the one before it has been answered, so a lost connection costs one chunk. One file
    is transferred at a time, and it never grows beyond `largest`, whatever size the browser claims.

    With `image` the device first makes a JPEG of at most `longest_side` pixels, so that the place where a photo was
    taken never leaves the device. A changed browser may skip that: the kernel must clean what arrives as well
    (`cowork.imports.picture`).
    """

    SCRIPTS, STYLES = files_of("upload")
    WORDS = (
        "error.picture_big",
        "error.picture_kind",
        "import.too_big",
        "upload.again",
        "upload.cancel",
        "upload.failed",
        "upload.here",
        "upload.preparing",
        "upload.sending",
        "upload.stopped",
        "upload.waiting",
    )
    MESSAGES = {"cancel": {"id": clean_id}}

    label = t.Unicode("").tag(sync=True)
    hint = t.Unicode("").tag(sync=True)
    fold = t.Unicode("", help="Name of the fold that holds all of it; none where it stands open.").tag(sync=True)
    accept = t.Unicode("", help="What the device offers first, such as .vtt,.txt. Nothing holds a person to it.").tag(
        sync=True
    )
    largest = t.Int(10 * MEGABYTE, help="Bytes; what is larger is refused before a byte is sent.").tag(sync=True)
    image = t.Bool(False).tag(sync=True)
    longest_side = t.Int(1600, help="Points of a picture's longer side, once it leaves the device.").tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        self._on_file: OnFile | None = None
        self._transfer: _Transfer | None = None
        self._answers: dict[str, dict[str, Any]] = {}  # by id: an answer may be lost, and the device then asks again
        super().__init__(**traits)

    def on_file(self, handler: OnFile) -> None:
        """Call `handler(name, data)` for each file that has arrived whole. The name is safe to show, not to open.

        What the handler returns or raises is answered as in `on_submit`.
        """
        self._on_file = handler

    def receive(self, message: object, buffers: Sequence[object] | None = None) -> None:
        if isinstance(message, dict) and message.get("do") == "piece":
            self._receive_chunk(message, buffers)
        else:
            super().receive(message, buffers)

    def _handle_message(self, message: dict[str, Any]) -> None:
        if message["do"] == "cancel" and self._transfer and self._transfer.id == message["id"]:
            self._cancel(self._transfer)
        super()._handle_message(message)

    # Chunks -------------------------------------------------------------------------------------------

    def _receive_chunk(self, content: dict[str, Any], buffers: object) -> None:
        """Append a chunk to the file, or ignore it: only a changed browser sends one that does not fit."""
        ident, size, at = clean_id(content.get("id")), _count(content.get("size")), _count(content.get("at"))
        chunk = _only_buffer(buffers)
        if not ident or size is None or at is None or chunk is None:
            return
        if ident in self._answers:
            self.send(self._answers[ident])
            return
        transfer = self._transfer
        if transfer is None or transfer.id != ident:
            if at:  # the kernel was restarted, or another file took its place: begin at the first byte
                self.send({"got": 0, "id": ident})
                return
            if size > self.largest:
                self._send_answer(ident, {"done": "refused", "message": self._too_large(size)})
                return
            if transfer:
                self._cancel(transfer)
            transfer = self._transfer = _Transfer(ident, plain_name(content.get("name")), size)
        if size != transfer.size or at + len(chunk) > size or (size and not chunk):
            self._cancel(transfer)
            return
        if at == len(transfer.data):  # otherwise it came twice, or out of order
            transfer.data += chunk
        if len(transfer.data) < size:
            self.send({"got": len(transfer.data), "id": ident})
            return
        self._transfer = None
        self._finish(transfer)

    def _cancel(self, transfer: _Transfer) -> None:
        self._transfer = None
        self._send_answer(transfer.id, {"done": "stopped"})

    def _finish(self, transfer: _Transfer) -> None:
        try:
            if self._on_file is None:
                raise RuntimeError("nobody listens: use on_file")
            answer = self._on_file(transfer.name, bytes(transfer.data))
        except Exception as error:
            message = describe_error(error, self.lang)
            if message is None:
                log.error("%s could not take a file", type(self).__name__, exc_info=error)
                self._send_answer(transfer.id, {"done": "failed"})
            else:
                self._send_answer(transfer.id, {"done": "refused", "message": message})
            return
        self._send_answer(
            transfer.id, {"done": "shared", **({"note": answer} if isinstance(answer, str) and answer else {})}
        )

    def _send_answer(self, ident: str, answer: dict[str, Any]) -> None:
        self._answers[ident] = {**answer, "id": ident}
        while len(self._answers) > MAX_STORED_ANSWERS:
            del self._answers[next(iter(self._answers))]
        self.send(self._answers[ident])

    def _too_large(self, size: int) -> str:
        limit = self.largest // MEGABYTE or 1
        if self.image:
            return text.translate("error.picture_big", self.lang, n=limit)
        return text.translate("import.too_big", self.lang, n=math.ceil(size / MEGABYTE), limit=limit)


def _only_buffer(buffers: object) -> memoryview | None:
    """The one buffer of a message; None where there is none, several, or one that is too large."""
    if not isinstance(buffers, list) or len(buffers) != 1:
        return None
    try:
        chunk = memoryview(buffers[0]).cast("B")
    except TypeError:
        return None
    return chunk if len(chunk) <= CHUNK_BYTES else None
