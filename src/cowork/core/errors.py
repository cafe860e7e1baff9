"""The errors that a person reads.

An error carries the key of a sentence in the catalogue and the values to fill in, because the core knows no language.
`str(error)` is for a log; a person reads `cowork.text.translate(error.key, lang, **error.values)`.
"""

from __future__ import annotations


class CoworkError(Exception):
    """The base of all errors for people. `key` names the sentence, `values` fill it in."""

    def __init__(self, key: str, **values: object) -> None:
        self.key = key
        self.values = values
        super().__init__(key + "".join(f" {name}={value!r}" for name, value in values.items()))


class NotAllowed(CoworkError):
    """`check_permission` refused: this actor may not append this entry."""


class InvalidEntry(CoworkError):
    """The draft is malformed: empty, too long, or with signs that no text may hold."""


class NotFound(CoworkError):
    """The target of an act does not exist, or the actor may not see it."""


class IdConflict(CoworkError):
    """An entry with this id and other content exists. It stays as it is."""


class UnknownCode(CoworkError):
    """No workshop has this code."""


class TooManyAttempts(CoworkError):
    """Too many wrong codes, or workshops created on the landing page, in a short time."""


class RecordError(CoworkError):
    """The record file cannot be used: not a record, damaged, newer, read-only or full."""


class InvalidImport(CoworkError):
    """A transcript, picture or demo file cannot be imported."""
