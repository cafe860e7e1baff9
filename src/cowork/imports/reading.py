"""A file of talk, whatever it is called: what it is shows in what it holds. What is no talk is refused in words."""

from __future__ import annotations

import json
import re

from cowork.core.errors import ImportError_
from cowork.imports.letters import check_size, lines_of, read_text
from cowork.imports.transcript import Transcript, made_of

#: How files begin that a person may take for text. Some of them are text to a machine, and their codes would
#: stand in the workshop as if somebody had said them.
_DOCUMENTS = (b"%PDF-", b"{\\rtf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_ZIPPED_DOCUMENTS = (b"word/", b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis.opendocument")
_MARKUP = re.compile(r"<\?xml|<!doctype|<html|<tt[\s>]", re.IGNORECASE)
_TIMED = re.compile(r"[ \t]*[\d:]{4,15}[.,]\d{1,3}[ \t]*-->[ \t]*[\d:]{4,15}[.,]\d")
_TABLE = re.compile(r"start\tend\ttext\s*$")


def read(data: bytes, name: str, encoding: str | None = None) -> Transcript:
    """Read talk from a file's bytes. `name` is only shown. Raises ImportError_ with the words for a person.

    WebVTT and plain text are told apart by what they hold. The encoding is UTF-8 or stated, as `read_text` says.
    """
    check_size(len(data))
    if data.startswith(_DOCUMENTS) or (data.startswith(b"PK") and any(sign in data for sign in _ZIPPED_DOCUMENTS)):
        raise ImportError_("import.document")
    text, used = read_text(data, encoding)
    lines = lines_of(text)
    first = lines[0]
    if first.startswith("WEBVTT") or "WEBVTT".startswith(text.strip()):
        from cowork.imports import webvtt  # loads a library that plain text does not need

        parsed = webvtt.parse(text)
    else:
        if any(map(_TIMED.match, lines)):
            raise ImportError_("import.not_vtt")
        if _MARKUP.match(text.lstrip()) or _TABLE.match(first) or _is_json(text):
            raise ImportError_("import.other_kind")
        from cowork.imports import plain

        parsed = plain.parse(text)
    return made_of(data, name, used, parsed, _doubts(data, text, encoding))


def _is_json(text: str) -> bool:
    if text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except ValueError:
        return False
    except RecursionError:  # nested as no text is
        return True
    return True


def _doubts(data: bytes, text: str, encoding: str | None) -> tuple[str, ...]:
    """Where another encoding was stated and UTF-8 fits too, with other words: that hardly happens by chance."""
    if encoding is None:
        return ()
    try:
        other = data.decode("utf-8")
    except UnicodeDecodeError:
        return ()
    return ("import.summary.fits_too",) if "\0" not in other and other.removeprefix("\ufeff") != text else ()
