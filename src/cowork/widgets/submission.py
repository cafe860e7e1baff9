"""Reads what a browser submits into a `Submission`, and rejects everything else in words.

A browser is not trusted. Reading raises nothing but `Rejected`, so that no message can break the comm it came by.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cowork import text

__all__ = [
    "HARD_LIMIT",
    "Rejected",
    "Submission",
    "accept_fields",
    "check_words",
    "clean_id",
    "describe_error",
    "read_submission",
]

HARD_LIMIT = 100_000
"""Code points that one field may hold. A page may set a lower limit, never a higher one."""

BODY_LIMIT = 200_000
"""Code points of all texts and answers of one submission. outbox.js has the same limit."""

MAX_FIELDS = 20
MAX_REFERENCES = 50
MAX_CHOICES = 50
CHOICE_LIMIT = 1_000

_KIND = re.compile(r"[a-z][a-z0-9-]{0,39}")
_KEY = re.compile(r"[A-Za-z_][\w.-]{0,63}")
# U+0000 ends a text in C libraries and PostgreSQL refuses it; a lone surrogate cannot be written as UTF-8.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Rejected(Exception):
    """A submission that cannot be accepted; `message` tells the person why, in their language.

    The browser puts a rejected text back into its form. If a later attempt may succeed, raise another exception: then
    the device keeps the text and sends it again.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


def describe_error(error: Exception, lang: str) -> str | None:
    """The sentence in which an error explains itself to people, or None where it has none (a fault of ours).

    Errors of lower layers know no language: they have the key of a sentence and its values.
    """
    if isinstance(error, Rejected):
        return error.message
    key, values = getattr(error, "key", None), getattr(error, "values", None)
    if isinstance(key, str) and isinstance(values, dict) and key in text.keys():
        return text.translate(key, lang, **values)
    words = getattr(error, "words", None)
    if callable(words):
        words = words(lang)
    return words if isinstance(words, str) and words else None


@dataclass(frozen=True)
class Submission:
    """What one person submits at once: texts, choices, or a button that was pressed.

    The device makes the `id` before its first attempt. The same submission can arrive more than once, because an
    acknowledgement may be lost, so a handler must be idempotent by `id`. `at_ms` is what the device's clock says, and
    may be wrong.
    """

    id: str
    box: str
    kind: str
    about: tuple[tuple[str, str], ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, str | list[str]] = field(default_factory=dict)
    lang: str = "en"
    at_ms: int | None = None

    @property
    def text(self) -> str:
        """The text of a form with one field."""
        return self.fields.get("text", "")

    def targets(self, relation: str) -> list[str]:
        """The ids that it is about in this relation."""
        return [target for found, target in self.about if found == relation]


def clean_id(value: object) -> str:
    """The id in its canonical form (lower case, with hyphens), or "" where it is none.

    No other form is accepted: `{…}`, `urn:uuid:` and upper case would be several spellings of one id, and the record
    would hold the same text twice.
    """
    if not isinstance(value, str) or len(value) != 36:
        return ""
    try:
        return value if str(uuid.UUID(value)) == value else ""
    except ValueError:
        return ""


def check_words(words: str, lang: str, key: str | None = None, limit: int = HARD_LIMIT) -> str:
    """Return the text unchanged, or raise `Rejected` with a sentence that says what to do.

    Lengths are in code points: a browser's own `length` counts an emoji twice.
    """
    unstorable = _UNSTORABLE.search(words)
    if unstorable:
        sign = f"U+{ord(unstorable.group()):04X}"
        raise Rejected(text.translate("error.letters", lang, sign=sign), key)
    if len(words) > limit:
        raise Rejected(text.translate("error.too_long", lang, n=len(words) - limit), key)
    return words


def accept_fields(submission: Submission, limits: Mapping[str, int]) -> Submission:
    """The submission with the fields its form has, none longer than the form allows (0: as many as any text)."""
    own = {key: words for key, words in submission.fields.items() if key in limits}
    for key, words in own.items():
        check_words(words, submission.lang, key, min(limits[key] or HARD_LIMIT, HARD_LIMIT))
    return replace(submission, fields=own)


def read_submission(item: object, lang: str = "en") -> Submission:
    """Read what a browser sent. Unknown fields are ignored; a wrong one raises `Rejected`."""
    if not isinstance(item, Mapping):
        raise _unreadable(lang)
    stated = item.get("lang")
    lang = stated if isinstance(stated, str) and stated in text.LANGS else lang
    ident, box, kind = clean_id(item.get("id")), item.get("box", ""), item.get("kind")
    if not ident or not isinstance(box, str) or len(box) > 200 or _UNSTORABLE.search(box):
        raise _unreadable(lang)
    if not isinstance(kind, str) or not _KIND.fullmatch(kind):
        raise _unreadable(lang)
    fields, choices = _read_fields(item.get("fields"), lang), _read_choices(item.get("choices"), lang)
    over = sum(map(len, fields.values())) + sum(sum(map(len, one)) for one in choices.values()) - BODY_LIMIT
    if over > 0:
        raise Rejected(text.translate("error.too_long", lang, n=over))
    return Submission(
        id=ident,
        box=box,
        kind=kind,
        about=_read_references(item.get("about"), lang),
        fields=fields,
        choices=choices,
        lang=lang,
        at_ms=_clock_claim(item.get("at")),
    )


def _unreadable(lang: str) -> Rejected:
    # Only a changed or broken browser sends such a thing, so one sentence is enough for all cases.
    return Rejected(text.translate("error.page", lang))


def _read_references(value: object, lang: str) -> tuple[tuple[str, str], ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MAX_REFERENCES:
        raise _unreadable(lang)
    pairs = []
    for pair in value:
        if not isinstance(pair, list) or len(pair) != 2:
            raise _unreadable(lang)
        rel, ident = pair
        if not isinstance(rel, str) or not _KIND.fullmatch(rel) or not clean_id(ident):
            raise _unreadable(lang)
        pairs.append((rel, ident))
    return tuple(pairs)


def _check_keys(value: object, lang: str) -> Mapping[Any, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping) or len(value) > MAX_FIELDS:
        raise _unreadable(lang)
    if not all(isinstance(key, str) and _KEY.fullmatch(key) for key in value):
        raise _unreadable(lang)
    return value


def _read_fields(value: object, lang: str) -> dict[str, str]:
    read: dict[str, str] = {}
    for key, words in _check_keys(value, lang).items():
        if not isinstance(words, str):
            raise _unreadable(lang)
        read[key] = check_words(words, lang, key)
    return read


def _read_choices(value: object, lang: str) -> dict[str, str | list[str]]:
    read: dict[str, str | list[str]] = {}
    for key, chosen in _check_keys(value, lang).items():
        if isinstance(chosen, str):
            read[key] = check_words(chosen, lang, key, CHOICE_LIMIT)
        elif isinstance(chosen, list) and len(chosen) <= MAX_CHOICES:
            if not all(isinstance(one, str) for one in chosen):
                raise _unreadable(lang)
            read[key] = [check_words(one, lang, key, CHOICE_LIMIT) for one in chosen]
        else:
            raise _unreadable(lang)
    return read


def _clock_claim(value: object) -> int | None:
    # bool is an int in Python, and JavaScript's numbers may arrive as floats.
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if not 0 <= value < 2**53:  # also rejects NaN
        return None
    return int(value)
