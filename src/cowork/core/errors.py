"""What can go wrong, in words a person understands.

An error carries the key of a sentence in the catalogue and the values to fill in, because this floor knows no
language. `str(error)` is English enough for a log; `cowork.text.say(error.key, lang, **error.values)` is what a
person reads.
"""

from __future__ import annotations


class CoworkError(Exception):
    """Something a person should be told. `key` names the sentence, `values` fill it in."""

    def __init__(self, key: str, **values: object) -> None:
        self.key = key
        self.values = values
        super().__init__(key + "".join(f" {name}={value!r}" for name, value in values.items()))


class NotAllowed(CoworkError):
    """`may` said no: this actor cannot do this here."""


class InvalidEntry(CoworkError):
    """The words or their shape cannot be kept: empty, too long, or with signs no text may hold."""


class NotFound(CoworkError):
    """What an act was about is not here, or not to be seen by the one who acts."""


class IdConflict(CoworkError):
    """The same id came with other content. What is held stays."""


class UnknownCode(CoworkError):
    """No workshop has this code."""


class TooManyAttempts(CoworkError):
    """Too many wrong codes, or workshops made at the front door, in a short time."""


class RecordError(CoworkError):
    """The file of the record cannot be used: not a record, damaged, newer, read-only or full."""


class InvalidImport(CoworkError):
    """A transcript or other outside text cannot be brought in."""
