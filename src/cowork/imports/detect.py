"""Detects the format of a transcript by its content, not its name. A file that is no transcript is refused."""

from __future__ import annotations

import re

from cowork.core.errors import InvalidImport
from cowork.imports.encoding import check_size, read_text, split_lines
from cowork.imports.formats import chat, plain_text, webvtt
from cowork.imports.formats.spreadsheet_check import is_spreadsheet
from cowork.imports.transcript import Remark, Transcript, make_transcript

#: How files begin that a person may take for text. Some of them are text to a machine, and their codes would
#: stand in the workshop as if somebody had said them.
_DOCUMENTS = (b"%PDF-", b"{\\rtf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_ZIPPED_DOCUMENTS = (b"word/", b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis.opendocument")
_SPREADSHEETS = (b"xl/w", b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet")
_MARKUP = re.compile(r"<\?xml|<!doctype|<html|<tt[\s>]", re.IGNORECASE)
_CUE_TIME = re.compile(r"[ \t]*[\d:]{4,15}[.,]\d{1,3}[ \t]*-->[ \t]*[\d:]{4,15}[.,]\d")
_TABLE_HEADER = re.compile(r"start\tend\ttext\s*$")
#: A time for the beginning and one for the end, as subtitles that are made by hand have them.
_SBV_TIME = re.compile(r"\d+:\d\d:\d\d\.\d{3},\d+:\d\d:\d\d\.\d{3}\s*$")
_JSON_TOKEN = re.compile(
    r'[\[\]{},:]|\s+|"(?:[^"\\]|\\.)*"|(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?=[\s,\]}]|$)'
)
#: So many signs show whether a text is data; to read all of it as data would unfold it to many times its size.
_HEAD_LENGTH = 65_536


def read_transcript(data: bytes, name: str, encoding: str | None = None) -> Transcript:
    """Read a transcript from a file's bytes. `name` is only shown. Raises InvalidImport with the sentence for a person.

    WebVTT and plain text are told apart by what they hold. The encoding is UTF-8 or stated, as `read_text` says.
    """
    check_size(len(data))
    if data.startswith(b"PK") and any(sign in data for sign in _SPREADSHEETS):
        raise InvalidImport("import.table")
    if data.startswith(_DOCUMENTS) or (data.startswith(b"PK") and any(sign in data for sign in _ZIPPED_DOCUMENTS)):
        raise InvalidImport("import.document")
    text, used = read_text(data, encoding)
    lines = split_lines(text)
    first = lines[0]
    if first.startswith("WEBVTT") or "WEBVTT".startswith(text.strip()):
        parsed = webvtt.parse(text)
    else:
        if any(map(_CUE_TIME.match, lines)):
            raise InvalidImport("import.not_vtt")
        if _MARKUP.match(text.lstrip()) or _TABLE_HEADER.match(first) or _SBV_TIME.match(first) or _is_json(text):
            raise InvalidImport("import.other_kind")
        if is_spreadsheet(text):
            raise InvalidImport("import.table")
        parsed = chat.parse(text) or plain_text.parse(text)
    return make_transcript(data, name, used, parsed, _encoding_doubts(data, text, encoding))


def _is_json(text: str) -> bool:
    """True where the beginning of the text is nothing but what data is made of."""
    position, head = 0, text.lstrip()[:_HEAD_LENGTH]
    if head[:1] not in ("{", "["):
        return False
    while position < len(head) and (token := _JSON_TOKEN.match(head, position)):
        position = token.end()
    remainder = head[position:]  # what the end of the head cut in two
    return not remainder or (len(head) == _HEAD_LENGTH and (remainder.startswith('"') or len(remainder) < 30))


def _encoding_doubts(data: bytes, text: str, encoding: str | None) -> tuple[Remark, ...]:
    """A remark where another encoding was stated and UTF-8 fits too, with another text: that is hardly chance."""
    if encoding is None:
        return ()
    try:
        other = data.decode("utf-8")
    except UnicodeDecodeError:
        return ()
    fits_too = "\0" not in other and other.lstrip("\ufeff") != text
    return (Remark("import.summary.fits_too"),) if fits_too else ()
