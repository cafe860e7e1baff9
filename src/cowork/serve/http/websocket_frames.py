"""Checks a websocket frame before anything is made of what it says about itself.

A frame says how many parts it has and where they are. Jupyter's own readers believe it: five bytes that claim
some billion parts would keep the one thread of the server, and its memory, until the process ends. So every number
is compared with the bytes that are there before it counts, slices or allocates anything. The work done here is
bounded by the length of the frame, which the websocket bounds (`MAX_FRAME_BYTES`).

Both of Jupyter's protocols are read, because a browser chooses one when it connects: the newer one (v1), and the
older one of JSON texts and of binary frames that begin with one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

MAX_FRAME_BYTES = 2_500_000
"""The largest frame a page may send. A piece of an upload has 256 KiB, and what a person shares has at most
`widgets.sent.BODY_LIMIT` code points, each of which JSON writes in at most six bytes."""

MAX_PARTS = 1_000
"""Offsets in one frame: a channel, four texts, and the buffers of one message. No widget of ours sends two buffers."""

MIN_OFFSETS = 6
"""Channel, header, parent header, metadata and content, and where the last of them ends."""

MAX_HEADER_BYTES = 10_000
CHANNELS = frozenset({"shell", "control", "stdin", "iopub"})

KINDS = frozenset(
    {
        "comm_open", "comm_msg", "comm_close", "comm_info_request", "kernel_info_request", "execute_request",
        "inspect_request", "complete_request", "history_request", "is_complete_request", "connect_request",
        "input_reply", "shutdown_request", "interrupt_request", "debug_request", "create_subshell_request",
        "delete_subshell_request", "list_subshell_request", "usage_request",
    }
)  # fmt: skip
"""Every kind of message that Jupyter's protocol lets a browser send."""


class MalformedFrame(Exception):
    """This frame is none that a front end of Jupyter sends. The text says why, and holds nothing of the frame."""


@dataclass(frozen=True)
class Frame:
    """What the server must know of a frame in order to pass it on."""

    channel: str
    kind: str
    message_id: str
    size: int


def read_frame(frame: bytes | str, newer: bool) -> Frame:
    """Read a frame's address. `newer` says that the connection speaks protocol v1. Raises MalformedFrame."""
    if newer:
        if not isinstance(frame, bytes):
            raise MalformedFrame("a text where the protocol has bytes")
        channel, header = _read_v1(frame)
    else:
        channel, header = _read_older(frame)
    kind, message_id = header.get("msg_type"), header.get("msg_id", "")
    if channel not in CHANNELS:
        raise MalformedFrame("a channel that is none of Jupyter's")
    if not isinstance(kind, str) or not isinstance(message_id, str):
        raise MalformedFrame("a header without the kind of its message")
    return Frame(channel, kind, message_id, len(frame))


def _read_v1(frame: bytes) -> tuple[str, dict[str, Any]]:
    count = int.from_bytes(frame[:8], "little")
    start = 8 * (count + 1)
    if not MIN_OFFSETS <= count <= MAX_PARTS or start > len(frame):
        raise MalformedFrame("a number of parts that do not fit into it")
    offsets = [int.from_bytes(frame[at : at + 8], "little") for at in range(8, start, 8)]
    _check_offsets(offsets, start, len(frame))
    if offsets[-1] != len(frame):
        raise MalformedFrame("bytes that belong to no part")
    channel = frame[offsets[0] : min(offsets[1], offsets[0] + 16)]
    return channel.decode("utf-8", "replace"), _read_header(frame[offsets[1] : offsets[2]])


def _read_older(frame: bytes | str) -> tuple[str, dict[str, Any]]:
    text: bytes | str = frame
    if isinstance(frame, bytes):
        count = int.from_bytes(frame[:4], "big")
        start = 4 * (count + 1)
        if not 1 <= count <= MAX_PARTS or start > len(frame):
            raise MalformedFrame("a number of parts that do not fit into it")
        offsets = [int.from_bytes(frame[at : at + 4], "big") for at in range(4, start, 4)]
        _check_offsets(offsets, start, len(frame))
        text = frame[offsets[0] : offsets[1] if count > 1 else len(frame)]
    message = _read_object(text)
    header, channel = message.get("header"), message.get("channel")
    if not isinstance(header, dict) or not isinstance(message.get("parent_header"), dict):
        raise MalformedFrame("a message without a header")
    return ("shell" if channel is None else str(channel)[:16]), header


def _check_offsets(offsets: list[int], start: int, end: int) -> None:
    """Each part begins where the one before it ends, or later, and inside the frame."""
    before = start
    for offset in offsets:
        if not before <= offset <= end:
            raise MalformedFrame("parts that are not where it says")
        before = offset


def _read_header(text: bytes) -> dict[str, Any]:
    if len(text) > MAX_HEADER_BYTES:
        raise MalformedFrame("a header that is too long")
    return _read_object(text)


def _read_object(text: bytes | str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):  # brackets within brackets by the thousand are a RecursionError
        raise MalformedFrame("a text that is no JSON") from None
    if not isinstance(found, dict):
        raise MalformedFrame("a text that is no object of JSON")
    return found
