"""The tables of a record in SQLite, and the transaction that reads and writes their rows.

Hazard: a file from elsewhere may hold anything in any column. An invalid header raises RecordError; a body that cannot
be read becomes a body whose hash does not fit, which a check and a merge report.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from cowork.core.entries import Entry, Header
from cowork.core.errors import RecordError

METADATA = sa.MetaData()

ENTRY = sa.Table(
    "entry",
    METADATA,
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("workshop", sa.Text, nullable=False),
    sa.Column("writer", sa.Text, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("prev", sa.Text, nullable=False),
    sa.Column("at_ms", sa.Integer, nullable=False),
    sa.Column("tick", sa.Integer, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("as", sa.Text, nullable=False, key="how"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("episode", sa.Text, nullable=False),
    sa.Column("seen_by", sa.Text, nullable=False),
    sa.Column("body_hash", sa.Text, nullable=False),
    sa.Column("seal", sa.LargeBinary),
    sa.Column("salt", sa.LargeBinary),
    sa.Column("body", sa.Text),
    sa.UniqueConstraint("workshop", "writer", "seq"),
    sa.Index("entry_reading", "workshop", "position"),
    sa.Index("entry_clock", "workshop", "at_ms", "tick"),
    sa.Index("entry_kind", "kind"),
    sqlite_autoincrement=True,
)
#: Entries that may not come in (`Transaction.quarantine`). Not part of the workshop.
QUARANTINE = sa.Table(
    "aside",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("why", sa.Text, primary_key=True),
    sa.Column("workshop", sa.Text, nullable=False),
    sa.Column("header", sa.Text, nullable=False),
    sa.Column("seal", sa.LargeBinary),
    sa.Column("salt", sa.LargeBinary),
    sa.Column("body", sa.Text),
)
#: The operator's own: never exported, and in no entry.
KEY = sa.Table("key", METADATA, sa.Column("workshop", sa.Text, primary_key=True), sa.Column("key", sa.LargeBinary))
CREDENTIAL = sa.Table(
    "door",
    METADATA,
    sa.Column("workshop", sa.Text, primary_key=True),
    sa.Column("tag", sa.Text, primary_key=True),
    sa.Column("participant", sa.Text, nullable=False),
)
WRONG_CODE = sa.Table("try", METADATA, sa.Column("at_ms", sa.Integer, nullable=False))
#: Those of `WRONG_CODE` whose source is known. An older record gets this table at its first wrong code.
WRONG_CODE_OF_SOURCE = sa.Table(
    "try_of", METADATA, sa.Column("at_ms", sa.Integer, nullable=False), sa.Column("source", sa.Text)
)
#: What the landing page created (`creation_quotas`). An older record gets this table at the first one.
CREATION = sa.Table(
    "made",
    METADATA,
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("at_ms", sa.Integer, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
)
#: One row while erased words may still be in the log on disk.
SCRUB = sa.Table("scrub", METADATA, sa.Column("since", sa.Integer, primary_key=True))


#: Run at each poll of each page and at each write, so compiled once.
_SELECT_KEY = sa.select(KEY.c.key).where(KEY.c.workshop == sa.bindparam("workshop"))
_SELECT_ENTRY = sa.select(ENTRY).where(ENTRY.c.id == sa.bindparam("id")).limit(1)
_SELECT_CHAIN_HEAD = (
    sa.select(ENTRY)
    .where(ENTRY.c.workshop == sa.bindparam("workshop"), ENTRY.c.writer == sa.bindparam("writer"))
    .order_by(ENTRY.c.seq.desc())
    .limit(1)
)
_SELECT_CLOCK = (
    sa.select(ENTRY.c.at_ms, ENTRY.c.tick)
    .where(ENTRY.c.workshop == sa.bindparam("workshop"), ENTRY.c.at_ms <= sa.bindparam("up_to"))
    .order_by(ENTRY.c.at_ms.desc(), ENTRY.c.tick.desc())
    .limit(1)
)
_SELECT_AFTER = (
    sa.select(ENTRY)
    .where(ENTRY.c.workshop == sa.bindparam("workshop"), ENTRY.c.position > sa.bindparam("position"))
    .order_by(ENTRY.c.position)
    .limit(sa.bindparam("limit"))
)


#: The fields of a header beside `about`. A time or a number beyond the year 9999 is invalid.
_NUMBER_FIELDS = ("seq", "at_ms", "tick")
_TEXT_FIELDS = tuple(key for key in Header.__dataclass_fields__ if key not in (*_NUMBER_FIELDS, "about"))
MAX_HEADER_NUMBER = 253_402_300_799_000


class SqliteTransaction:
    """`backend.Transaction` over one connection."""

    def __init__(self, connection: sa.Connection, name: str = "") -> None:
        self._connection = connection
        self._name = name

    def _entries(self, query: sa.Select[Any], **values: object) -> list[tuple[int, Entry]]:
        return [(row["position"], _entry_of_row(row, self._name)) for row in self._mappings(query, values)]

    def _mappings(self, query: sa.Select[Any], values: Mapping[str, object] | None = None) -> Sequence[sa.RowMapping]:
        try:
            return self._connection.execute(query, values or {}).mappings().all()
        except (sa.exc.OperationalError, sqlite3.OperationalError) as error:
            if "decode" not in str(getattr(error, "orig", error)):
                raise
            # Bytes that are no UTF-8: from here on they are read as replacement signs, and the hash does not fit.
            connection: Any = self._connection.connection.driver_connection
            connection.text_factory = _decode_lossily
            return self._connection.execute(query, values or {}).mappings().all()

    def entries_after(self, workshop: str, position: int, limit: int = 100_000) -> list[tuple[int, Entry]]:
        return self._entries(_SELECT_AFTER, workshop=workshop, position=position, limit=limit)

    def workshops(self) -> list[str]:
        query = sa.select(ENTRY.c.workshop).group_by(ENTRY.c.workshop).order_by(sa.func.min(ENTRY.c.position))
        return [str(workshop) for workshop in self._connection.execute(query).scalars().all()]

    def last_position(self, workshop: str) -> int:
        query = sa.select(sa.func.max(ENTRY.c.position)).where(ENTRY.c.workshop == workshop)
        return self._connection.execute(query).scalar() or 0

    def _first_entry(self, query: sa.Select[Any], **values: object) -> Entry | None:
        found = self._entries(query, **values)
        return found[0][1] if found else None

    def get_entry(self, entry_id: str) -> Entry | None:
        return self._first_entry(_SELECT_ENTRY, id=entry_id)

    def of_kind(self, kind: str) -> list[Entry]:
        return [
            entry for _, entry in self._entries(sa.select(ENTRY).where(ENTRY.c.kind == kind).order_by(ENTRY.c.position))
        ]

    def entry_at(self, workshop: str, writer: str, seq: int) -> Entry | None:
        chain = sa.select(ENTRY).where(ENTRY.c.workshop == workshop, ENTRY.c.writer == writer)
        return self._first_entry(chain.where(ENTRY.c.seq == seq).limit(1))

    def chain_head(self, workshop: str, writer: str) -> Entry | None:
        return self._first_entry(_SELECT_CHAIN_HEAD, workshop=workshop, writer=writer)

    def latest_clock(self, workshop: str, up_to_ms: int) -> tuple[int, int]:
        row = self._connection.execute(_SELECT_CLOCK, {"workshop": workshop, "up_to": up_to_ms}).first()
        return (row[0], row[1]) if row else (0, 0)

    def insert(self, entry: Entry) -> int:
        inserted = self._connection.execute(sa.insert(ENTRY), _row_of_entry(entry))
        return int(inserted.inserted_primary_key[0])  # type: ignore[index]

    def fill_body(self, entry: Entry) -> None:
        self._connection.execute(sa.delete(ENTRY).where(ENTRY.c.id == entry.id))
        self.insert(entry)

    def erase(self, ids: list[str]) -> None:
        for batch in _batches(ids):
            self._connection.execute(sa.update(ENTRY).where(ENTRY.c.id.in_(batch)).values(body=None, salt=None))
            self._connection.execute(
                sa.update(QUARANTINE).where(QUARANTINE.c.id.in_(batch)).values(body=None, salt=None)
            )
        # A row for each erasure: a process that finishes an earlier one must not mark this one as done.
        self._connection.execute(sa.insert(SCRUB).prefix_with("OR IGNORE"), {"since": time.time_ns()})

    def quarantine(self, entry: Entry, why: str) -> None:
        header = json.dumps([list(p) if isinstance(p, tuple) else p for p in _header_values(entry.header)])
        row = dict(id=entry.id, why=why, workshop=entry.header.workshop, header=header, seal=entry.seal)
        self._connection.execute(
            sa.insert(QUARANTINE).prefix_with("OR REPLACE"), {**row, "salt": entry.salt, "body": entry.body}
        )

    def quarantined(self, workshop: str | None = None) -> list[tuple[str, Entry]]:
        query = (
            sa.select(QUARANTINE)
            if workshop is None
            else sa.select(QUARANTINE).where(QUARANTINE.c.workshop == workshop)
        )
        return [(str(row["why"]), _quarantined_entry(row, self._name)) for row in self._mappings(query)]

    def drop_quarantined(self, ids: list[str], why: str) -> None:
        for batch in _batches(ids):
            self._connection.execute(sa.delete(QUARANTINE).where(QUARANTINE.c.id.in_(batch), QUARANTINE.c.why == why))

    def key(self, workshop: str) -> bytes | None:
        return self._connection.execute(_SELECT_KEY, {"workshop": workshop}).scalar()

    def set_key(self, workshop: str, key: bytes) -> None:
        self._connection.execute(sa.insert(KEY), {"workshop": workshop, "key": key})

    def credentials(self, workshop: str | None = None) -> list[tuple[str, str, str]]:
        query = (
            sa.select(CREDENTIAL)
            if workshop is None
            else sa.select(CREDENTIAL).where(CREDENTIAL.c.workshop == workshop)
        )
        return [(row.workshop, row.tag, row.participant) for row in self._connection.execute(query).all()]

    def credential_holder(self, workshop: str, tag: str) -> str | None:
        query = sa.select(CREDENTIAL.c.participant).where(CREDENTIAL.c.workshop == workshop, CREDENTIAL.c.tag == tag)
        return self._connection.execute(query).scalar()

    def set_credential(self, workshop: str, tag: str, participant: str) -> None:
        values = {"workshop": workshop, "tag": tag, "participant": participant}
        self._connection.execute(sa.insert(CREDENTIAL).prefix_with("OR REPLACE"), values)

    def wrong_codes(self, since_ms: int, source: str | None = None) -> int:
        return self._count_attempts(WRONG_CODE if source is None else WRONG_CODE_OF_SOURCE, since_ms, source)

    def add_wrong_code(self, at_ms: int, source: str = "") -> None:
        self._add_attempt(WRONG_CODE, at_ms)
        if source:
            self._add_attempt(WRONG_CODE_OF_SOURCE, at_ms, source=source)

    def creations(self, what: str, since_ms: int, source: str | None = None) -> int:
        return self._count_attempts(CREATION, since_ms, source, CREATION.c.what == what)

    def add_creation(self, what: str, at_ms: int, source: str = "") -> None:
        self._add_attempt(CREATION, at_ms, what=what, source=source)

    def _count_attempts(
        self, table: sa.Table, since_ms: int, source: str | None, *conditions: sa.ColumnElement[bool]
    ) -> int:
        if not sa.inspect(self._connection).has_table(table.name):
            return 0  # an older record
        query = sa.select(sa.func.count()).select_from(table).where(table.c.at_ms >= since_ms, *conditions)
        if source is not None:
            query = query.where(table.c.source == source)
        return self._connection.execute(query).scalar() or 0

    def _add_attempt(self, table: sa.Table, at_ms: int, **values: str) -> None:
        """Add one, and delete those older than a day."""
        self._connection.execute(sa.schema.CreateTable(table, if_not_exists=True))
        self._connection.execute(sa.delete(table).where(table.c.at_ms < at_ms - 86_400_000))
        self._connection.execute(sa.insert(table), {"at_ms": at_ms, **values})


def _header_values(header: Header) -> list[Any]:
    return [getattr(header, name) for name in Header.__dataclass_fields__]


def _row_of_entry(entry: Entry) -> dict[str, Any]:
    row = {name: getattr(entry.header, name) for name in Header.__dataclass_fields__}
    row["about"] = json.dumps([list(pair) for pair in entry.header.about])
    return {**row, "seal": entry.seal, "salt": entry.salt, "body": entry.body}


def _entry_of_row(row: Mapping[Any, Any], name: str) -> Entry:
    values = {key: row["as" if key == "how" else key] for key in Header.__dataclass_fields__}
    try:
        return _make_entry(values, json.loads(row["about"]), row)
    except (ValueError, TypeError, RecursionError):
        raise RecordError("error.record_damaged", path=name, what=f"entry {row['position']}") from None


def _quarantined_entry(row: Mapping[Any, Any], name: str) -> Entry:
    try:
        values = dict(zip(Header.__dataclass_fields__, json.loads(row["header"]), strict=True))
        return _make_entry(values, values["about"], row)
    except (ValueError, TypeError, RecursionError):
        raise RecordError("error.record_damaged", path=name, what="set aside") from None


def _make_entry(values: dict[str, Any], about: Any, row: Mapping[Any, Any]) -> Entry:
    """One entry from its columns. Raises ValueError or TypeError where they hold no header.

    A body, salt or seal of a wrong type becomes an invalid one, so that the rest of the workshop can be read.
    """
    pairs = tuple((relation, target) for relation, target in about)
    texts = [*(values[key] for key in _TEXT_FIELDS), *(word for pair in pairs for word in pair)]
    numbers = [values[key] for key in _NUMBER_FIELDS]
    if not all(type(text) is str for text in texts) or not all(
        type(number) is int and 0 <= number <= MAX_HEADER_NUMBER for number in numbers
    ):
        raise ValueError("no header")
    body, salt, seal = row["body"], row["salt"], row["seal"]
    if body is not None and not isinstance(body, str):
        body = body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body)
    salt, seal = (value if value is None or isinstance(value, bytes) else b"" for value in (salt, seal))
    return Entry(Header(**{**values, "about": pairs}), body, salt, seal)


def _decode_lossily(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _batches(ids: list[str], size: int = 500) -> list[list[str]]:
    return [ids[start : start + size] for start in range(0, len(ids), size)]
