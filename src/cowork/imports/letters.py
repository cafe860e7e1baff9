"""Bytes to text. The encoding is known, or stated by a person; it is never guessed in silence."""

from __future__ import annotations

import codecs
import math

from cowork.core.errors import ImportError_

#: Larger than any meeting; a file of this size is something else.
LARGEST = 10 * 1024 * 1024

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SHOWN = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}


def check_size(size: int) -> None:
    """Raise where a file of this many bytes is too large. Ask before reading it."""
    if size > LARGEST:
        megabytes = math.ceil(size / 1024 / 1024)
        raise ImportError_("import.too_big", n=megabytes, limit=LARGEST // 1024 // 1024)


def read_text(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """(text without its byte order mark, name of the encoding used). Raises ImportError_ with the words for a person.

    Without `encoding`: UTF-8, or UTF-16 with its mark. Anything else is refused, for a wrong guess changes words and
    nobody sees it. A stated `encoding` is used as stated, and has to fit every byte.
    """
    check_size(len(data))
    if not data.strip():
        raise ImportError_("import.empty")
    if encoding is not None:
        return _stated(data, encoding)
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], name), _SHOWN[name]
    if b"\0" in data:
        # UTF-16 without its mark holds a zero in every second place; a picture or a film holds them anywhere.
        if b"W\0E\0B\0V\0" in data[:64] or b"\0W\0E\0B\0V" in data[:64]:
            raise ImportError_("import.encoding_unsure")
        raise ImportError_("import.binary")
    return _decoded(data, "utf-8"), _SHOWN["utf-8"]


def _stated(data: bytes, encoding: str) -> tuple[str, str]:
    try:
        name = codecs.lookup(encoding).name
        text = data.decode(name)
    except LookupError:  # no such encoding, or one that makes no text
        raise ImportError_("import.encoding_unknown", encoding=encoding) from None
    except (UnicodeError, ValueError):
        raise ImportError_("import.encoding", encoding=encoding) from None
    return _text(text.removeprefix("\ufeff")), encoding


def _decoded(data: bytes, name: str) -> str:
    try:
        return _text(data.decode(name))
    except UnicodeDecodeError as error:
        if error.end == len(data) and error.start > 0 and error.reason in ("unexpected end of data", "truncated data"):
            # The last letter is only half here.
            before = data[: error.start].decode(name)
            raise ImportError_("import.cut_off", n=len(lines_of(before))) from None
        if _is_binary(data):
            raise ImportError_("import.binary") from None
        raise ImportError_("import.encoding", encoding=_SHOWN[name]) from None


def _text(text: str) -> str:
    if "\0" in text:
        raise ImportError_("import.binary")
    if not text.strip("\ufeff \t\r\n"):
        raise ImportError_("import.empty")
    return text


def _is_binary(data: bytes) -> bool:
    """True where the beginning is full of signs that no text has."""
    head = data[:4096]
    strange = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    return strange * 20 > len(head)


def lines_of(text: str) -> list[str]:
    """Lines as WebVTT breaks them. Python's `splitlines` also breaks at signs that may stand inside a sentence."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
