"""A file in pieces: whole or not at all, and never more than was agreed on, whatever a browser sends."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowork import text
from cowork.core.errors import InvalidImport
from cowork.widgets import Rejected, Upload
from cowork.widgets.upload.upload import CHUNK_BYTES, MAX_STORED_ANSWERS, NAME_LIMIT, plain_name

ID = "0190a5b1-7c00-7000-8000-000000000001"
OTHER = "0190a5b1-7c00-7000-8000-000000000002"
SIZE = 2 * CHUNK_BYTES + 10
WHOLE = bytes(n % 251 for n in range(SIZE))


class Kernel:
    """An upload, what it answered, and what arrived."""

    def __init__(self, **traits: Any) -> None:
        self.upload = Upload(**traits)
        self.said: list[dict[str, Any]] = []
        self.files: list[tuple[str, bytes]] = []
        self.upload.send = lambda content, buffers=None: self.said.append(content)
        self.upload.on_file(lambda name, data: self.files.append((name, data)))

    def hear(self, content: object, buffers: object = ()) -> list[dict[str, Any]]:
        """A message as it comes from a browser; gives back what was answered to it."""
        before = len(self.said)
        self.upload._handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": buffers})
        return self.said[before:]

    def piece(self, at: int, data: bytes | None = None, **changes: Any) -> list[dict[str, Any]]:
        data = WHOLE[at : at + CHUNK_BYTES] if data is None else data
        message = {"do": "piece", "id": ID, "name": "talk.vtt", "size": SIZE, "at": at} | changes
        return self.hear(message, [memoryview(data)])

    @property
    def held(self) -> int:
        return len(self.upload._transfer.data) if self.upload._transfer else 0


def test_a_file_arrives_whole_with_an_answer_to_each_piece() -> None:
    kernel = Kernel()
    assert kernel.piece(0) == [{"got": CHUNK_BYTES, "id": ID}]
    assert kernel.piece(CHUNK_BYTES) == [{"got": 2 * CHUNK_BYTES, "id": ID}]
    assert not kernel.files
    assert kernel.piece(2 * CHUNK_BYTES) == [{"done": "shared", "id": ID}]
    assert kernel.files == [("talk.vtt", WHOLE)] and kernel.held == 0


def test_an_empty_file_arrives_too_so_that_somebody_can_say_so() -> None:
    kernel = Kernel()
    assert kernel.piece(0, b"", size=0)[0]["done"] == "shared"
    assert kernel.files == [("talk.vtt", b"")]


def test_a_piece_that_comes_again_is_answered_again_and_taken_once() -> None:
    kernel = Kernel()
    kernel.piece(0)
    assert kernel.piece(0) == [{"got": CHUNK_BYTES, "id": ID}]
    kernel.piece(CHUNK_BYTES)
    assert kernel.piece(CHUNK_BYTES) == kernel.piece(0) == [{"got": 2 * CHUNK_BYTES, "id": ID}]
    kernel.piece(2 * CHUNK_BYTES)
    assert kernel.files == [("talk.vtt", WHOLE)]


def test_the_last_answer_can_be_had_again_and_the_file_comes_once() -> None:
    kernel = Kernel()
    kernel.upload.on_file(lambda name, data: kernel.files.append((name, data)) or "It holds three turns.")
    for at in (0, CHUNK_BYTES, 2 * CHUNK_BYTES):
        kernel.piece(at)
    told = {"done": "shared", "id": ID, "note": "It holds three turns."}
    assert kernel.said[-1] == told and kernel.piece(2 * CHUNK_BYTES) == [told] and kernel.piece(0) == [told]
    assert len(kernel.files) == 1


def test_a_piece_out_of_order_is_left_aside_and_the_right_one_asked_for() -> None:
    kernel = Kernel()
    kernel.piece(0)
    assert kernel.piece(2 * CHUNK_BYTES) == [{"got": CHUNK_BYTES, "id": ID}]
    assert kernel.held == CHUNK_BYTES


def test_a_process_that_began_anew_asks_for_the_first_byte() -> None:
    kernel = Kernel()
    assert kernel.piece(CHUNK_BYTES) == [{"got": 0, "id": ID}]
    assert kernel.held == 0
    kernel.piece(0)
    assert kernel.piece(CHUNK_BYTES, id=OTHER) == [{"got": 0, "id": OTHER}]
    assert kernel.held == CHUNK_BYTES, "the middle of another file takes nothing away"


def test_a_larger_file_is_refused_in_words_with_its_first_piece() -> None:
    kernel = Kernel(largest=CHUNK_BYTES, lang="sv")
    words = text.translate("import.too_big", "sv", n=1, limit=1)
    assert kernel.piece(0) == [{"done": "refused", "id": ID, "message": words}]
    assert kernel.piece(CHUNK_BYTES)[0]["done"] == "refused" and kernel.held == 0
    image = Kernel(largest=3 * 1024 * 1024, image=True)
    words = text.translate("error.picture_big", "en", n=3)
    assert image.piece(0, size=4 * 1024 * 1024)[0]["message"] == words


def test_more_than_was_said_ends_it() -> None:
    kernel = Kernel()
    kernel.piece(0, b"x" * 90, size=100)
    assert kernel.piece(90, b"x" * 11, size=100) == [{"done": "stopped", "id": ID}]
    assert kernel.held == 0 and kernel.piece(90, b"x" * 10, size=100)[0]["done"] == "stopped"
    assert not kernel.files


@pytest.mark.parametrize("size", [SIZE + 1, 2 * CHUNK_BYTES, 0])
def test_another_size_in_the_middle_ends_it(size: int) -> None:
    kernel = Kernel()
    kernel.piece(0)
    assert kernel.piece(CHUNK_BYTES, size=size)[0]["done"] == "stopped"
    assert kernel.held == 0


def test_many_files_at_once_are_one_file() -> None:
    kernel = Kernel()
    for n in range(100):
        kernel.piece(0, id=f"0190a5b1-7c00-7000-8000-{n:012d}")
        assert kernel.held == CHUNK_BYTES
    assert len(kernel.upload._answers) <= MAX_STORED_ANSWERS
    assert not kernel.files


def test_the_file_that_gave_way_is_told_so_and_does_not_come_back() -> None:
    kernel = Kernel()
    kernel.piece(0)
    assert kernel.piece(0, id=OTHER) == [{"done": "stopped", "id": ID}, {"got": CHUNK_BYTES, "id": OTHER}]
    assert kernel.piece(CHUNK_BYTES) == [{"done": "stopped", "id": ID}]
    assert kernel.upload._transfer and kernel.upload._transfer.id == OTHER


def test_what_a_person_stopped_is_forgotten() -> None:
    kernel = Kernel()
    kernel.piece(0)
    kernel.hear({"do": "cancel", "id": OTHER})
    assert kernel.held == CHUNK_BYTES
    assert kernel.hear({"do": "cancel", "id": ID}) == [{"done": "stopped", "id": ID}]
    assert kernel.held == 0
    assert kernel.piece(CHUNK_BYTES) == [{"done": "stopped", "id": ID}]
    assert kernel.hear({"do": "cancel", "id": {"a": 1}}) == kernel.hear({"do": "cancel"}) == []


@pytest.mark.parametrize(
    ("content", "buffers"),
    [
        ({"id": "x"}, None),
        ({"id": None}, None),
        ({"id": ID.upper()}, None),
        ({"size": -1}, None),
        ({"size": True}, None),
        ({"size": "10"}, None),
        ({"size": 10.5}, None),
        ({"size": float("nan")}, None),
        ({"size": float("inf")}, None),
        ({"size": 2**60}, None),
        ({"at": -1}, None),
        ({"at": None}, None),
        ({"at": [0]}, None),
        ({}, []),
        ({}, [memoryview(b"a"), memoryview(b"b")]),
        ({}, [b"x" * (CHUNK_BYTES + 1)]),
        ({}, ["text"]),
        ({}, [None]),
        ({}, "text"),
        ({}, {"0": b"a"}),
    ],
    ids=lambda value: type(value).__name__,  # a view's own name holds its address, which two processes do not share
)
def test_a_piece_of_another_shape_is_left_aside(content: dict[str, object], buffers: object) -> None:
    kernel = Kernel()
    whole = {"do": "piece", "id": ID, "name": "a", "size": 10, "at": 0} | content
    assert kernel.hear(whole, [b"0123456789"] if buffers is None else buffers) == []
    assert kernel.held == 0 and not kernel.files
    assert kernel.hear(whole | {"id": ID, "size": 10, "at": 0}, [b"0123456789"])[0]["done"] == "shared"


def test_no_piece_at_all_cannot_keep_a_file_open() -> None:
    kernel = Kernel()
    kernel.piece(0)
    assert kernel.piece(CHUNK_BYTES, b"") == [{"done": "stopped", "id": ID}]


json_like = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(), st.text(max_size=5), st.just(ID))
pieces = st.dictionaries(st.sampled_from(["id", "name", "size", "at"]), json_like)
buffer_lists = st.lists(st.binary(max_size=12), max_size=2)


@given(st.lists(st.tuples(pieces, buffer_lists), max_size=12))
def test_whatever_comes_the_kernel_never_holds_more_than_the_largest(sent: list[tuple[Any, Any]]) -> None:
    kernel = Kernel(largest=20)
    for changes, buffers in sent:
        whole = {"do": "piece", "id": ID, "name": "a", "size": 15, "at": kernel.held} | changes
        kernel.hear(whole, buffers)
        assert kernel.held <= 20
    assert all(len(data) <= 20 for _, data in kernel.files)


class Keyed(Exception):
    key, values = "import.empty", {}


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (Rejected("Choose another."), "Choose another."),
        (InvalidImport("import.empty"), text.translate("import.empty", "en")),
        (Keyed(), text.translate("import.empty", "en")),
    ],
    ids=["refused", "import", "keyed"],
)
def test_what_cannot_be_taken_is_refused_in_words(error: Exception, message: str) -> None:
    kernel = Kernel()

    def refuse(name: str, data: bytes) -> None:
        raise error

    kernel.upload.on_file(refuse)
    assert kernel.piece(0, b"x", size=1) == [{"done": "refused", "id": ID, "message": message}]


def test_a_fault_of_ours_is_told_apart_from_a_refusal(caplog: pytest.LogCaptureFixture) -> None:
    kernel = Kernel()
    kernel.upload.on_file(lambda name, data: 1 / 0)  # type: ignore[arg-type, return-value]
    assert kernel.piece(0, b"x", size=1) == [{"done": "failed", "id": ID}]
    assert "could not take a file" in caplog.text


def test_where_nobody_listens_nothing_is_said_to_have_arrived() -> None:
    kernel = Kernel()
    kernel.upload._on_file = None
    assert kernel.piece(0, b"x", size=1)[0]["done"] == "failed"


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("talk.vtt", "talk.vtt"),
        ("Möte 3 – öppet.vtt", "Möte 3 – öppet.vtt"),
        ("🙂.jpg", "🙂.jpg"),
        ("/etc/passwd", "passwd"),
        ("D:\\Meetings\\June\\talk.vtt", "talk.vtt"),
        ("../../up.txt", "up.txt"),
        ("..", ""),
        (".", ""),
        ("folder/", ""),
        ("a\0b\n\tc\x7f\u2028.txt", "abc.txt"),
        ("\ud800x.txt", "x.txt"),
        ("gpj.\u202etxt.exe", "gpj.txt.exe"),
        ("  spaces.txt  ", "spaces.txt"),
        ("<script>alert(1)</script>.vtt", "script>.vtt"),
        ("å" * 300 + ".vtt", "å" * 196 + ".vtt"),
        ("å" * 300, "å" * 200),
        ("a." + "b" * 300, "a." + "b" * 198),
        (None, ""),
        (7, ""),
        (["a"], ""),
        (b"a.txt", ""),
    ],
    ids=lambda value: type(value).__name__,  # a view's own name holds its address, which two processes do not share
)
def test_a_name_is_only_a_name(given_name: object, name: str) -> None:
    assert plain_name(given_name) == name
    kernel = Kernel()
    kernel.piece(0, b"x", size=1, name=given_name)
    assert kernel.files == [(name, b"x")]


@given(st.text() | st.text(alphabet="./\\\0\u202e ab", max_size=30))
def test_no_name_leads_anywhere(given_name: str) -> None:
    name = plain_name(given_name)
    assert len(name) <= NAME_LIMIT and not set(name) & set("/\\\0\n\r\u202e") and name not in {".", ".."}
    name.encode("utf-8")
