"""Upload: a file from a person's device, in pieces."""

from __future__ import annotations

import logging
import math
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import traitlets as t

from cowork import text
from cowork.widgets.component import Component
from cowork.widgets.manifest import files_of
from cowork.widgets.submission import clean_id, describe_error

log = logging.getLogger(__name__)

CHUNK_BYTES = 256 * 1024
"""Bytes of one piece. upload.js cuts by the same number."""
MEGABYTE = 1024 * 1024
NAME_LIMIT = 200
MAX_OPEN_QUESTIONS = 8
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

OnFile = Callable[[str, bytes], "bool | str | None"]


def plain_name(value: object) -> str:
    """A file's name to show, and no more than that: no folder, no sign that steers, at most NAME_LIMIT code points.

    Never open a file by it. Where it is cut, its ending stays.
    """
    if not isinstance(value, str):
        return ""
    last = value[-4 * NAME_LIMIT :].replace("\\", "/").rsplit("/", 1)[-1]
    # Signs that turn the reading direction make `txt.exe` out of `exe.txt`.
    kept = (c for c in last if unicodedata.category(c) not in {"Cc", "Cs", "Zl", "Zp"} and c not in _DIRECTIONS)
    name = "".join(kept).strip()
    if name in {".", ".."}:
        return ""
    if len(name) > NAME_LIMIT:
        stem, dot, ending = name.rpartition(".")
        ending = dot + ending if stem and len(ending) < 10 else ""
        name = name[: NAME_LIMIT - len(ending)] + ending
    return name


def _count(value: object) -> int | None:
    """A whole number from nought on, as JavaScript may write it (5.0); anything else becomes None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if 0 <= value < 2**53 and value == int(value) else None


@dataclass
class _Transfer:
    """A file of which some pieces are here."""

    id: str
    name: str
    size: int
    data: bytearray = field(default_factory=bytearray)


class Upload(Component):
    """Choose a file; it arrives whole at `on_file`, or not at all.

    A piece is sent when the one before it has been answered, so a lost connection costs one piece. One file is
    on its way at a time and never grows beyond `largest`, whatever a browser says of itself.

    With `image` the device makes a JPEG of at most `longest_side` points first, so that where a photo was taken
    never leaves it. That is a courtesy and no promise about what arrives: clean it (`cowork.imports.picture`).
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
        self._coming: _Transfer | None = None
        self._answers: dict[str, dict[str, Any]] = {}  # by id: an answer may be lost, and is then asked for again
        super().__init__(**traits)

    def on_file(self, handler: OnFile) -> None:
        """Call `handler(name, data)` for each file that has arrived whole. The name is safe to show, not to open.

        What it returns or raises is answered as in `on_shared`: None or True, a text, or an error with words.
        """
        self._on_file = handler

    def _heard(self, widget: object, content: object, buffers: object) -> None:
        if isinstance(content, dict) and content.get("do") == "piece":
            self._piece(content, buffers)
        else:
            super()._heard(widget, content, buffers)

    def _do(self, message: dict[str, Any]) -> None:
        if message["do"] == "cancel" and self._coming and self._coming.id == message["id"]:
            self._stop(self._coming)
        super()._do(message)

    # Pieces -------------------------------------------------------------------------------------------

    def _piece(self, content: dict[str, Any], buffers: object) -> None:
        """Take a piece, or leave it aside: only a changed browser sends one that does not fit."""
        ident, size, at = clean_id(content.get("id")), _count(content.get("size")), _count(content.get("at"))
        piece = _bytes(buffers)
        if not ident or size is None or at is None or piece is None:
            return
        if ident in self._answers:
            self.send(self._answers[ident])
            return
        coming = self._coming
        if coming is None or coming.id != ident:
            if at:  # this process has begun anew since, or another file took its place: from the first byte again
                self.send({"got": 0, "id": ident})
                return
            if size > self.largest:
                self._answer(ident, {"done": "refused", "message": self._too_large(size)})
                return
            if coming:
                self._stop(coming)
            coming = self._coming = _Transfer(ident, plain_name(content.get("name")), size)
        if size != coming.size or at + len(piece) > size or (size and not piece):
            self._stop(coming)
            return
        if at == len(coming.data):  # another place: it came twice, or out of order
            coming.data += piece
        if len(coming.data) < size:
            self.send({"got": len(coming.data), "id": ident})
            return
        self._coming = None
        self._arrived(coming)

    def _stop(self, coming: _Transfer) -> None:
        self._coming = None
        self._answer(coming.id, {"done": "stopped"})

    def _arrived(self, coming: _Transfer) -> None:
        try:
            if self._on_file is None:
                raise RuntimeError("nobody listens: use on_file")
            said = self._on_file(coming.name, bytes(coming.data))
        except Exception as error:
            message = describe_error(error, self.lang)
            if message is None:
                log.error("%s could not take a file", type(self).__name__, exc_info=error)
                self._answer(coming.id, {"done": "failed"})
            else:
                self._answer(coming.id, {"done": "refused", "message": message})
            return
        self._answer(coming.id, {"done": "shared", **({"note": said} if isinstance(said, str) and said else {})})

    def _answer(self, ident: str, answer: dict[str, Any]) -> None:
        self._answers[ident] = {**answer, "id": ident}
        while len(self._answers) > MAX_OPEN_QUESTIONS:
            del self._answers[next(iter(self._answers))]
        self.send(self._answers[ident])

    def _too_large(self, size: int) -> str:
        limit = self.largest // MEGABYTE or 1
        if self.image:
            return text.translate("error.picture_big", self.lang, n=limit)
        return text.translate("import.too_big", self.lang, n=math.ceil(size / MEGABYTE), limit=limit)


def _bytes(buffers: object) -> memoryview | None:
    """The one piece of a message, as bytes; None where there is none, several, or one that is too large."""
    if not isinstance(buffers, list) or len(buffers) != 1:
        return None
    try:
        piece = memoryview(buffers[0]).cast("B")
    except TypeError:
        return None
    return piece if len(piece) <= CHUNK_BYTES else None
