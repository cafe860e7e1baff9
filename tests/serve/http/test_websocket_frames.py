"""A frame is checked before anything is made of the numbers in it; a malformed one closes its own connection."""

from __future__ import annotations

import asyncio
import json
import struct
from typing import Any

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyter_server.services.kernels.connection.base import (
    deserialize_binary_message,
    deserialize_msg_from_ws_v1,
    serialize_binary_message,
    serialize_msg_to_ws_v1,
)
from support.event_loop import run_alone
from support.kernel_messages import Line, serve_talking

from cowork.serve.http.websocket_frames import CHANNELS, MAX_PARTS, MalformedFrame, read_frame

HEADER = {"msg_id": "1", "msg_type": "comm_msg"}
PARTS = [json.dumps(one).encode() for one in (HEADER, {}, {}, {"text": "words"})]
#: Frames of which Jupyter's own reader makes work without an end, or a traceback.
NEWER_FAULTS: dict[str, Any] = {
    "five bytes": b"hello",
    "a hundred million parts": (120_000_000).to_bytes(8, "little"),
    "more parts than any machine holds": (9 * 10**18).to_bytes(8, "little"),
    "no byte": b"",
    "no part": bytes(64),
    "a text": "hello",
    "a header nested too deep": serialize_msg_to_ws_v1([b"[" * 9_000, b"{}", b"{}", b"{}"], "shell"),
    "a header that is a number": serialize_msg_to_ws_v1([b"1", b"{}", b"{}", b"{}"], "shell"),
    "a header that is too long": serialize_msg_to_ws_v1([b'{"a":"' + b"a" * 20_000 + b'"}', b"", b"", b""], "shell"),
    "a kind that is none": serialize_msg_to_ws_v1([b'{"msg_type":"\\u001b[2J"}', b"{}", b"{}", b"{}"], "shell"),
    "a channel that is none": serialize_msg_to_ws_v1(PARTS, "x" * 1_000),
}
OLDER_FAULTS: dict[str, Any] = {
    "five bytes": b"hello",
    "two billion parts": struct.pack("!i", 2**31 - 1) + b"{}",
    "fewer parts than none": struct.pack("!i", -1) + b"{}",
    "no byte": b"",
    "a text that is no JSON": "hello",
    "a text nested too deep": "[" * 100_000,
    "a list": "[]",
    "no header": '{"channel": "shell"}',
    "no parent": json.dumps({"channel": "shell", "header": HEADER}),
}


@pytest.fixture(scope="module")
def server(start: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return serve_talking(start, tmp_path_factory)


@given(st.binary(max_size=400))
def test_whatever_bytes_come_the_newer_reader_says_what_they_are_or_that_they_are_malformed(frame: bytes) -> None:
    _read_as_jupyter_does(frame, newer=True)


@given(st.integers(0, 2**64 - 1), st.lists(st.integers(0, 2**64 - 1), max_size=12), st.binary(max_size=300))
def test_whatever_numbers_stand_in_a_frame_none_counts_beyond_its_bytes(
    count: int, offsets: list[int], rest: bytes
) -> None:
    numbers = [count, *offsets]
    _read_as_jupyter_does(b"".join(one.to_bytes(8, "little") for one in numbers) + rest, newer=True)
    _read_as_jupyter_does(b"".join((one % 2**32).to_bytes(4, "big") for one in numbers) + rest, newer=False)


@given(st.binary(max_size=400) | st.text(max_size=200))
def test_whatever_comes_the_older_reader_says_what_it_is_or_that_it_is_malformed(frame: bytes | str) -> None:
    _read_as_jupyter_does(frame, newer=False)


def _read_as_jupyter_does(frame: bytes | str, newer: bool) -> None:
    """What is let through has few parts, each inside the frame, and Jupyter's own reader finds the same message."""
    try:
        read = read_frame(frame, newer)
    except MalformedFrame:
        return
    assert read.channel in CHANNELS and read.size == len(frame)
    if newer:
        assert isinstance(frame, bytes) and int.from_bytes(frame[:8], "little") <= min(MAX_PARTS, len(frame) // 8)
        channel, parts = deserialize_msg_from_ws_v1(frame)
        assert (channel, json.loads(parts[0])["msg_type"]) == (read.channel, read.kind)


@given(st.sampled_from(sorted(CHANNELS)), st.lists(st.binary(max_size=50), max_size=20), st.text(max_size=100))
def test_every_frame_that_a_front_end_of_jupyter_writes_is_let_through(
    channel: str, buffers: list[bytes], words: str
) -> None:
    message = {"header": HEADER, "parent_header": {}, "metadata": {}, "content": {"text": words}, "channel": channel}
    texts = [json.dumps(message[name]).encode() for name in ("header", "parent_header", "metadata", "content")]
    older: bytes | str = json.dumps(message)
    if buffers:
        older = serialize_binary_message({**message, "buffers": buffers})
        assert deserialize_binary_message(older)["content"] == {"text": words}
    for frame, newer in ((serialize_msg_to_ws_v1([*texts, *buffers], channel), True), (older, False)):
        read = read_frame(frame, newer)
        assert (read.channel, read.kind, read.message_id) == (channel, "comm_msg", "1")


def test_a_frame_of_five_bytes_closes_only_its_own_connection(server: Any) -> None:
    async def attack() -> None:
        honest = await Line(server).open()
        before = psutil.Process(server.process.pid).memory_info().rss
        for newer, faults in ((True, NEWER_FAULTS), (False, OLDER_FAULTS)):
            line = Line(server)
            for name, frame in faults.items():
                await line.open(newer=newer)
                assert line.socket is not None
                await line.socket.write_message(frame, binary=isinstance(frame, bytes))
                while await asyncio.wait_for(line.socket.read_message(), 30) is not None:
                    pass
                assert line.socket.close_code == 1002, name
                assert json.loads(server.ask("/cowork/alive").body)["server"], name
        honest.press()
        assert await honest.until("n") == 1
        honest.close()
        assert psutil.Process(server.process.pid).memory_info().rss - before < 100_000_000

    run_alone(attack())
    said = server.errors.read_text()
    assert "Traceback" not in said and "\x1b" not in said
    assert said.count("A connection was closed") == len(NEWER_FAULTS) + len(OLDER_FAULTS)


def test_what_a_page_may_not_send_is_said_once_for_a_connection(server: Any) -> None:
    async def attack() -> None:
        line = await Line(server).open()
        for _ in range(50):
            line.say("execute_request", {"code": "1", "silent": False})
        line.press()
        assert await line.until("n") == 1
        line.close()

    run_alone(attack())
    assert server.errors.read_text().count("A message that a page may not send was left aside (shell, exec") == 1


def test_a_frame_that_is_too_large_closes_its_own_connection(server: Any) -> None:
    async def attack() -> None:
        line = await Line(server).open()
        assert line.socket is not None
        # Its length alone, which is what is judged. Where the server closes with more still coming in, the kernel's
        # reset can overtake the close frame, and with it the reason.
        line.socket.protocol.stream.write(bytes((0x81, 0x80 | 127)) + (3_000_000).to_bytes(8, "big"))
        while await asyncio.wait_for(line.socket.read_message(), 30) is not None:
            pass
        assert line.socket.close_code == 1009

    run_alone(attack())
