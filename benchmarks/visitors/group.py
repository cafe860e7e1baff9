"""Creates the measured group: a record on disk, and the credentials of its people's devices."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from cowork.core.entries import Actor, Draft
from cowork.pages.entry.create_workshop import open_workshop
from cowork.store import Record, credentials, open_record

#: As many people as the largest crowd, and some for real browsers beside them.
PEOPLE = 48
CONTRIBUTIONS = 50
WORDS = "We could try something concrete about this, together with the people whom it concerns most. "


@dataclass(frozen=True)
class Person:
    participant: str
    secret: str

    @property
    def key(self) -> dict[str, str]:
        return {"participant": self.participant, "secret": self.secret}


@dataclass(frozen=True)
class Group:
    record: Path
    workshop: str
    code: str
    people: list[Person]

    def texts(self) -> list[str]:
        """Every text in the record now, as it stands on the disk."""
        record = open_record(self.record)
        try:
            entries = record.state(self.workshop).entries.values()
            return [str(e.data["text"]) for e in entries if e.kind == "intention" and "text" in e.data]
        finally:
            record.close()


def new_person(record: Record) -> Person:
    return Person(record.new_id(), secrets.token_hex(16))


def create_group(path: Path, people: int = PEOPLE, contributions: int = CONTRIBUTIONS) -> Group:
    """A workshop in a record of its own: its people have said yes, and the Intention page has this many texts."""
    record = open_record(path, create=True)
    try:
        found = [new_person(record) for _ in range(people)]
        first = found[0]
        workshop = record.new_id()
        fields = {"name": "Person 1", "why": "To find out together."}
        code = open_workshop(record, workshop, first.participant, first.secret, "The stops", fields, "en")
        for number, one in enumerate(found[1:], 2):
            join(record, workshop, one, f"Person {number}")
        for number in range(contributions):
            write(record, workshop, found[number % people], f"{number + 1}. {WORDS}")
        return Group(path, workshop, code, found)
    finally:
        record.close()


def join(record: Record, workshop: str, person: Person, name: str) -> None:
    who = person.participant
    drafts = [
        Draft(who, "participant", who, {"name": name, "lang": "en"}),
        Draft(record.new_id(), "consent", who, {"question": "part", "answer": "yes"}),
    ]
    record.append_many(workshop, drafts, Actor(who))
    credentials.register_device(record, workshop, who, person.secret)


def write(record: Record, workshop: str, person: Person, text: str) -> None:
    body = {"text": text, "lang": "en", "fidelity": "own-typing"}
    record.append(workshop, Draft(record.new_id(), "intention", person.participant, body), Actor(person.participant))
