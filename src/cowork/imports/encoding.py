"""Decodes bytes to text. The encoding is known, or stated by a person; it is never guessed silently."""

from __future__ import annotations

import codecs
import math
import unicodedata
from collections.abc import Sequence
from itertools import combinations

from cowork.core.errors import InvalidImport

#: Larger than any meeting; a file of this size is something else.
MAX_FILE_BYTES = 10 * 1024 * 1024

#: Lines of any file. Each takes many times its bytes, so millions of empty ones would fill the machine.
MAX_LINES = 500_000

_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_ENCODING_NAMES = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
_UTF_16 = ("utf-16-le", "utf-16-be")

#: The encodings offered to a person where the encoding is unknown, likeliest first.
OFFERED_ENCODINGS = ("utf-8", "cp1252", "mac_roman", "cp1250", "cp1251", *_UTF_16)


def check_size(size: int) -> None:
    """Raise where a file of this many bytes is too large. Ask before reading it."""
    if size > MAX_FILE_BYTES:
        megabytes = math.ceil(size / 1024 / 1024)
        raise InvalidImport("import.too_big", n=megabytes, limit=MAX_FILE_BYTES // 1024 // 1024)


def read_text(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """(text without its byte order mark, name of the encoding used). Raises InvalidImport with the words for a person.

    Without `encoding`: UTF-8, or UTF-16 with its mark. Anything else is refused, for a wrong guess changes words and
    nobody sees it. A stated `encoding` is used as stated, and has to fit every byte.
    """
    check_size(len(data))
    if data.count(b"\n") + data.count(b"\r") > 2 * MAX_LINES:
        raise InvalidImport("import.too_many", limit=MAX_LINES)
    if not data.strip():
        raise InvalidImport("import.empty")
    if encoding is not None:
        return _decode_stated(data, encoding)
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode(data[len(mark) :], name), _ENCODING_NAMES[name]
    if b"\0" in data:
        # UTF-16 without its mark holds a zero in every second place; a picture or a film holds them anywhere.
        raise InvalidImport("import.encoding_unsure" if any(_fits(data, name) for name in _UTF_16) else "import.binary")
    return _decode(data, "utf-8"), _ENCODING_NAMES["utf-8"]


def candidate_encodings(data: bytes) -> list[str]:
    """The encodings worth offering for these bytes, the likeliest first; two that give the same text are one.

    A person chooses among them by the words each gives (`sample`); nothing here chooses.
    """
    found: dict[str, str] = {}
    for name in OFFERED_ENCODINGS:
        if _fits(data, name):
            found.setdefault(data.decode(name), name)
    return list(found.values())


def encoding_sample(data: bytes, encoding: str) -> str:
    """The first line in which the encoding shows: the one with a letter beyond ASCII, else the first with words."""
    lines = [line.strip() for line in split_lines(data.decode(encoding).lstrip("\ufeff")) if line.strip()]
    shown = next((line for line in lines if not line.isascii()), lines[0] if lines else "")
    position = next((place for place, sign in enumerate(shown) if not sign.isascii()), 0)
    begin = max(0, position - 40)  # the letter itself has to be seen, also in a line that is a whole page
    return ("…" if begin else "") + shown[begin : begin + 100]


def encoding_samples(data: bytes, names: Sequence[str]) -> dict[str, str]:
    """A sample for each of these encodings; where two would look alike, also the place where they first differ.

    Without it one letter in a long talk would be chosen blindly: £200 and Ł200 are the same byte.
    """
    lines = {name: split_lines(data.decode(name)) for name in names}
    first = {name: encoding_sample(data, name) for name in names}
    found = {name: [first[name]] for name in names}
    for one, other_name in combinations(names, 2):
        if first[one] != first[other_name]:
            continue
        one_line, other_line = next(
            (pair for pair in zip(lines[one], lines[other_name], strict=False) if pair[0] != pair[1]), ("", "")
        )
        position = max(
            0,
            next(
                (
                    place
                    for place, (one_sign, other_sign) in enumerate(zip(one_line, other_line, strict=False))
                    if one_sign != other_sign
                ),
                0,
            )
            - 40,
        )
        for name, line in ((one, one_line), (other_name, other_line)):
            shown = line[position : position + 60].strip()
            found[name] += [shown] if shown not in found[name] else []
    return {name: " … ".join(shown) for name, shown in found.items()}


def _fits(data: bytes, name: str) -> bool:
    """True where the bytes can be text in this encoding: every letter exists, and none of them steers a machine."""
    wide = name in _UTF_16
    if wide != (b"\0" in data):
        return False
    if wide:
        zeros = (data[1::2].count(0), data[::2].count(0))
        where, elsewhere = zeros if name == "utf-16-le" else zeros[::-1]
        if where < 10 * elsewhere or where * 50 < len(data):
            return False
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        return False
    return not _has_control_characters(text) and not any(
        unicodedata.category(sign) in ("Cn", "Co") for sign in text[:4096]
    )


def _decode_stated(data: bytes, encoding: str) -> tuple[str, str]:
    try:
        name = codecs.lookup(encoding).name
        text = data.decode(name)
    except LookupError:  # no such encoding, or one that makes no text
        raise InvalidImport("import.encoding_unknown", encoding=encoding) from None
    except UnicodeDecodeError as error:
        _check_not_truncated(data, name, error)
        raise InvalidImport("import.encoding", encoding=encoding) from None
    except (UnicodeError, ValueError):
        raise InvalidImport("import.encoding", encoding=encoding) from None
    if any("\ud800" <= sign <= "\udfff" for sign in text):  # some encodings let half a letter through
        raise InvalidImport("import.encoding", encoding=encoding)
    return _checked_text(text), encoding


def _decode(data: bytes, name: str) -> str:
    try:
        return _checked_text(data.decode(name))
    except UnicodeDecodeError as error:
        _check_not_truncated(data, name, error)
        if _has_control_characters(data[:4096].decode("latin-1")):
            raise InvalidImport("import.binary") from None
        raise InvalidImport("import.encoding", encoding=_ENCODING_NAMES[name]) from None


def _check_not_truncated(data: bytes, name: str, error: UnicodeDecodeError) -> None:
    """Raise where all is well up to the last letter, and only half of that one is here."""
    if error.end < len(data) or error.start == 0 or error.reason not in ("unexpected end of data", "truncated data"):
        return
    before = data[: error.start]
    if name == "utf-8" and before.isascii() and error.end - error.start == 1:
        return  # as likely the only letter of its kind, written in another way: "vi ses då"
    raise InvalidImport("import.cut_off", n=len(split_lines(before.decode(name)))) from None


def _checked_text(text: str) -> str:
    text = text.lstrip("\ufeff")  # a file that went through two programs has two marks
    if "\0" in text or _has_control_characters(text):
        raise InvalidImport("import.binary")
    if not text.strip():
        raise InvalidImport("import.empty")
    return text


def _has_control_characters(text: str) -> bool:
    """True where the beginning is full of control characters, which no text has."""
    head = text[:4096]
    strange = sum(sign < " " and sign not in "\t\n\r\f\v\x1b" for sign in head)
    return strange * 20 > len(head)


def split_lines(text: str) -> list[str]:
    """Lines as WebVTT breaks them. Python's `splitlines` also breaks at signs that may stand inside a sentence."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
