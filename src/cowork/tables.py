"""A workshop as tables for those who study it: `cowork.open(path, code).contributions()`.

What leaves here leaves the group, so it holds only what the whole group may see and what each person agreed to;
whatever is kept back is counted. The file is only read, and it is read anew for each table: what was taken back or
erased in the meantime is gone from the next one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cowork.core.elements import WORDLESS
from cowork.core.errors import CoworkError, RecordError
from cowork.core.fold import State
from cowork.core.seen import Contribution, Seen
from cowork.store import open_record
from cowork.text import say

if TYPE_CHECKING:
    from pandas import DataFrame

COLUMNS = ("id", "kind", "element", "text", "by", "at", "episode", "fidelity")

_NAMED = ("named", "pseudonym")


def open(path: str | PathLike[str], code: str | None = None) -> Workshop:
    """The workshop with this code in a record or `.cowork` file, to read. Without a code: the only one in it.

    Raises RecordError or UnknownCode; their text is a sentence that says what to do.
    """
    try:
        return Workshop(Path(path), code)
    except CoworkError as error:
        raise _in_words(error) from None


def _in_words(error: CoworkError) -> CoworkError:
    error.args = (say(error.key, **error.values),)  # type: ignore[arg-type]
    return error


class Workshop:
    """One workshop of a file. `code` and `title` are as they were when it was opened."""

    def __init__(self, path: Path, code: str | None = None) -> None:
        self.path = path
        record = open_record(path, create=False, writable=False)
        try:
            if code is None:
                states = record.workshops()
                if not states:
                    raise RecordError("error.no_workshop", path=str(path))
                if len(states) > 1:
                    codes = ", ".join(_code(state) for state in states)
                    raise RecordError("error.which_workshop", path=str(path), codes=codes)
                state = states[0]
            else:
                state = record.state(record.find(code))
        finally:
            record.close()
        self.id = state.workshop
        self.code = _code(state)
        self.title = Seen(state, "").title()

    def __repr__(self) -> str:
        return f"<Workshop {self.code} {self.title!r}>"

    def contributions(self, *, research: bool | None = None) -> DataFrame:
        """What people wrote and said, one row each, in the order it was written; talk brought in, as it was said.

        Where two people changed a text at once and nobody has settled it, both versions stand, under one id. `at` is
        when it was first written, in UTC; `by` is a name only where that person agreed to it. A rendering in another
        language is no second contribution and is left out, as is what somebody asked to keep inside the group
        (counted in `attrs["kept_back"]`).

        `research` True leaves only those who said yes to research (the others are counted in
        `attrs["kept_back_research"]`), False leaves everyone, None does what the workshop says of itself.
        """
        import pandas as pd  # a page or a command must not pay for it

        try:
            state = self._state()
        except CoworkError as error:
            raise _in_words(error) from None
        opened = state.opened()
        only_yes = bool(opened and opened.data.get("research")) if research is None else research
        kept, rows = Counter[str](), []
        episodes = _episodes(state)
        for found in _in_order(_all(state)):
            why = _kept_back(state, found, only_yes)
            if why:
                kept[why] += 1
                continue
            rows += _rows(state, found, episodes)
        table = pd.DataFrame(rows, columns=list(COLUMNS))
        table = table.astype({name: "object" for name in COLUMNS if name != "at"})
        table["at"] = pd.to_datetime(table["at"].astype("int64"), unit="ms", utc=True)
        table.attrs |= {
            "title": self.title,
            "code": self.code,
            "kept_back": kept["naming"],
            "kept_back_research": kept["research"],
        }
        return table

    def _state(self) -> State:
        record = open_record(self.path, create=False, writable=False)
        try:
            return record.state(self.id)
        finally:
            record.close()


def _code(state: State) -> str:
    opened = state.opened()
    return str(opened.data.get("code", "")) if opened else ""


def _all(state: State) -> Iterable[Contribution]:
    """What the group may see, each text once, renderings left out."""
    for found in Seen(state, "").contributions():
        if not state.entries[found.id].targets("renders"):
            yield found


def _in_order(found: Iterable[Contribution]) -> list[Contribution]:
    """By the time of writing. One import stands together, in the order of its source."""
    rows = [(c, (c.place[1], c.first.header.episode) if c.place[0] else None) for c in found]
    starts: dict[tuple[str, str], Any] = {}
    for c, brought in rows:
        if brought is not None:
            starts[brought] = min(starts.get(brought, c.first.header.order), c.first.header.order)

    def key(row: tuple[Contribution, tuple[str, str] | None]) -> tuple[Any, ...]:
        c, brought = row
        order = c.first.header.order
        return (order, 0, order) if brought is None else (starts[brought], c.place[2], order)

    return [c for c, _ in sorted(rows, key=key)]


def _kept_back(state: State, found: Contribution, only_yes: bool) -> str:
    """Why this stays inside the group, or "" where it does not."""
    if state.consent(found.author, "naming").get("answer") == "not" or state.quote_consent(found.id) == "not":
        return "naming"
    if only_yes and state.consent(found.author, "research").get("answer") != "yes":
        return "research"
    return ""


def _rows(state: State, found: Contribution, episodes: dict[str, str]) -> list[dict[str, Any]]:
    versions = found.versions
    return [
        {
            "id": found.id,
            "kind": found.kind,
            "element": found.element,
            "text": str(version.data.get("note" if found.kind in WORDLESS else "text") or ""),
            "by": _by(state, found, version.data.get("shown")),
            "at": found.first.header.at_ms,
            "episode": episodes.get(found.first.header.episode, ""),
            "fidelity": str(version.data.get("fidelity") or ""),
        }
        for version in versions
    ]


def _by(state: State, found: Contribution, shown: object) -> str:
    """How the author wants to be named outside the group: a name, a perspective, a voice, or nothing."""
    person = state.person(found.author)
    answers = [str(state.consent(found.author, "naming").get("answer", "")), state.quote_consent(found.id)]
    if shown == "none":
        return ""
    if shown != "perspective" and "perspective" not in answers[1:]:
        if person.get("name") and (answers[1] or answers[0]) in _NAMED:
            return str(person["name"])
        if isinstance(person.get("voice"), int):
            return f"Voice {person['voice']}"
    return ", ".join(str(perspective) for perspective in person.get("perspectives") or ())


def _episodes(state: State) -> dict[str, str]:
    """Episode id -> its name; two of one name are told apart by a number."""
    names: dict[str, str] = {}
    used: Counter[str] = Counter()
    for entry in state.of_kind("episode"):
        current = state.current(entry.id)
        name = str((current or [entry])[-1].data.get("name", ""))
        used[name] += 1
        names[entry.id] = name if used[name] == 1 or not name else f"{name} ({used[name]})"
    return names
