"""Checks a websocket frame before the numbers in it are used.

A frame states how many parts it has and where they are. Jupyter's own readers trust it: five bytes that claim some
billion parts would occupy the one thread of the server, and its memory, until the process ends. So this module compares
every number with the bytes that are present before it counts, slices or allocates anything. Its work is bounded by the
length of the frame, which the websocket limits (`MAX_FRAME_BYTES`).

It reads both of Jupyter's protocols, because a browser chooses one when it connects: the newer one (v1), and the older
one of JSON texts, and of binary frames that begin with one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

MAX_FRAME_BYTES = 2_500_000
"""The largest frame that a page may send. A chunk of an upload has 256 KiB, and a submission has at most
`widgets.submission.BODY_LIMIT` code points, each of which JSON writes in at most six bytes."""

MAX_PARTS = 1_000
"""Offsets in one frame: a channel, four texts, and the buffers of one message. No widget of ours sends two buffers."""

MIN_OFFSETS = 6
"""Channel, header, parent header, metadata and content, and where the last of them ends."""

MAX_HEADER_BYTES = 10_000
CHANNELS = frozenset({"shell", "control", "stdin", "iopub"})

MESSAGE_KINDS = frozenset(
    {
        "comm_open", "comm_msg", "comm_close", "comm_info_request", "kernel_info_request", "execute_request",
        "inspect_request", "complete_request", "history_request", "is_complete_request", "connect_request",
        "input_reply", "shutdown_request", "interrupt_request", "debug_request", "create_subshell_request",
        "delete_subshell_request", "list_subshell_request", "usage_request",
    }
)  # fmt: skip
"""Every kind of message that Jupyter's protocol allows a browser to send."""


class MalformedFrame(Exception):
    """No front end of Jupyter sends this frame. The text says why, and contains nothing of the frame."""


@dataclass(frozen=True)
class Frame:
    """What the server needs to know of a frame to forward it."""

    channel: str
    kind: str
    message_id: str
    size: int


def read_frame(frame: bytes | str, newer: bool) -> Frame:
    """Read channel, kind and id of a frame. `newer` means protocol v1. Raises MalformedFrame."""
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
    """Check that each part begins at or after the end of the one before, and inside the frame."""
    previous = start
    for offset in offsets:
        if not previous <= offset <= end:
            raise MalformedFrame("parts that are not where it says")
        previous = offset


def _read_header(text: bytes) -> dict[str, Any]:
    if len(text) > MAX_HEADER_BYTES:
        raise MalformedFrame("a header that is too long")
    return _read_object(text)


def _read_object(text: bytes | str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):  # thousands of nested brackets raise RecursionError
        raise MalformedFrame("a text that is no JSON") from None
    if not isinstance(found, dict):
        raise MalformedFrame("a text that is no object of JSON")
    return found
