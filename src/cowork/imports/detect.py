"""A file of talk, whatever it is called: what it is shows in what it holds. What is no talk is refused in words."""

from __future__ import annotations

import re

from cowork.core.errors import ImportError_
from cowork.imports.encoding import check_size, lines_of, read_text
from cowork.imports.formats.spreadsheet_check import is_table
from cowork.imports.transcript import Remark, Transcript, make_transcript

#: How files begin that a person may take for text. Some of them are text to a machine, and their codes would
#: stand in the workshop as if somebody had said them.
_DOCUMENTS = (b"%PDF-", b"{\\rtf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_ZIPPED_DOCUMENTS = (b"word/", b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis.opendocument")
_SHEETS = (b"xl/w", b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet")
_MARKUP = re.compile(r"<\?xml|<!doctype|<html|<tt[\s>]", re.IGNORECASE)
_TIMED = re.compile(r"[ \t]*[\d:]{4,15}[.,]\d{1,3}[ \t]*-->[ \t]*[\d:]{4,15}[.,]\d")
_TABLE = re.compile(r"start\tend\ttext\s*$")
#: A time for the beginning and one for the end, as subtitles that are made by hand have them.
_SBV = re.compile(r"\d+:\d\d:\d\d\.\d{3},\d+:\d\d:\d\d\.\d{3}\s*$")
_JSON_TOKEN = re.compile(
    r'[\[\]{},:]|\s+|"(?:[^"\\]|\\.)*"|(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?=[\s,\]}]|$)'
)
#: So many signs show whether a text is data; to read all of it as data would unfold it to many times its size.
_LOOKED_AT = 65_536


def read_transcript(data: bytes, name: str, encoding: str | None = None) -> Transcript:
    """Read talk from a file's bytes. `name` is only shown. Raises ImportError_ with the words for a person.

    WebVTT and plain text are told apart by what they hold. The encoding is UTF-8 or stated, as `read_text` says.
    """
    check_size(len(data))
    if data.startswith(b"PK") and any(sign in data for sign in _SHEETS):
        raise ImportError_("import.table")
    if data.startswith(_DOCUMENTS) or (data.startswith(b"PK") and any(sign in data for sign in _ZIPPED_DOCUMENTS)):
        raise ImportError_("import.document")
    text, used = read_text(data, encoding)
    lines = lines_of(text)
    first = lines[0]
    if first.startswith("WEBVTT") or "WEBVTT".startswith(text.strip()):
        from cowork.imports.formats import webvtt

        parsed = webvtt.parse(text)
    else:
        if any(map(_TIMED.match, lines)):
            raise ImportError_("import.not_vtt")
        if _MARKUP.match(text.lstrip()) or _TABLE.match(first) or _SBV.match(first) or _is_json(text):
            raise ImportError_("import.other_kind")
        if is_table(text):
            raise ImportError_("import.table")
        from cowork.imports.formats import chat, plain_text

        parsed = chat.parse(text) or plain_text.parse(text)
    return make_transcript(data, name, used, parsed, _doubts(data, text, encoding))


def _is_json(text: str) -> bool:
    """True where the beginning of the text is nothing but what data is made of."""
    at, head = 0, text.lstrip()[:_LOOKED_AT]
    if head[:1] not in ("{", "["):
        return False
    while at < len(head) and (token := _JSON_TOKEN.match(head, at)):
        at = token.end()
    left = head[at:]  # what the end of the head cut in two
    return not left or (len(head) == _LOOKED_AT and (left.startswith('"') or len(left) < 30))


def _doubts(data: bytes, text: str, encoding: str | None) -> tuple[Remark, ...]:
    """Where another encoding was stated and UTF-8 fits too, with other words: that hardly happens by chance."""
    if encoding is None:
        return ()
    try:
        other = data.decode("utf-8")
    except UnicodeDecodeError:
        return ()
    fits_too = "\0" not in other and other.lstrip("\ufeff") != text
    return (Remark("import.summary.fits_too"),) if fits_too else ()
