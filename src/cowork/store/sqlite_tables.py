"""The tables of a record in SQLite, and the reading and writing of their rows.

Hazard held here: a file from elsewhere may hold anything in any column. A header that is none is refused in words
(`RecordError`); words that cannot be read become words whose hash does not fit, which a check and a merge say of them.
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

META = sa.MetaData()

ENTRY = sa.Table(
    "entry",
    META,
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
#: What may not come in (keeper.Rows.set_aside). Not part of the workshop.
ASIDE = sa.Table(
    "aside",
    META,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("why", sa.Text, primary_key=True),
    sa.Column("workshop", sa.Text, nullable=False),
    sa.Column("header", sa.Text, nullable=False),
    sa.Column("seal", sa.LargeBinary),
    sa.Column("salt", sa.LargeBinary),
    sa.Column("body", sa.Text),
)
#: The operator's own: never exported, no fact of the workshop.
KEY = sa.Table("key", META, sa.Column("workshop", sa.Text, primary_key=True), sa.Column("key", sa.LargeBinary))
DOOR = sa.Table(
    "door",
    META,
    sa.Column("workshop", sa.Text, primary_key=True),
    sa.Column("tag", sa.Text, primary_key=True),
    sa.Column("participant", sa.Text, nullable=False),
)
TRY = sa.Table("try", META, sa.Column("at_ms", sa.Integer, nullable=False))
#: Of `TRY`, those whose source is known. Records made before it was counted get this table at their first wrong code.
TRY_OF = sa.Table("try_of", META, sa.Column("at_ms", sa.Integer, nullable=False), sa.Column("source", sa.Text))
#: What the front door made (`quotas`). Records made before it was counted get this table at the first one.
MADE = sa.Table(
    "made",
    META,
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("at_ms", sa.Integer, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
)
#: One row while erased words may still stand in the log on disk.
SCRUB = sa.Table("scrub", META, sa.Column("since", sa.Integer, primary_key=True))


#: Asked at each look of each page and at each writing, so put together once.
_KEY = sa.select(KEY.c.key).where(KEY.c.workshop == sa.bindparam("workshop"))
_GET = sa.select(ENTRY).where(ENTRY.c.id == sa.bindparam("id")).limit(1)
_TIP = (
    sa.select(ENTRY)
    .where(ENTRY.c.workshop == sa.bindparam("workshop"), ENTRY.c.writer == sa.bindparam("writer"))
    .order_by(ENTRY.c.seq.desc())
    .limit(1)
)
_CLOCK = (
    sa.select(ENTRY.c.at_ms, ENTRY.c.tick)
    .where(ENTRY.c.workshop == sa.bindparam("workshop"), ENTRY.c.at_ms <= sa.bindparam("up_to"))
    .order_by(ENTRY.c.at_ms.desc(), ENTRY.c.tick.desc())
    .limit(1)
)
_AFTER = (
    sa.select(ENTRY)
    .where(ENTRY.c.workshop == sa.bindparam("workshop"), ENTRY.c.position > sa.bindparam("position"))
    .order_by(ENTRY.c.position)
    .limit(sa.bindparam("limit"))
)


#: What a header holds beside `about`. A time or a number beyond the year 9999 is none.
_NUMBERS = ("seq", "at_ms", "tick")
_TEXTS = tuple(key for key in Header.__dataclass_fields__ if key not in (*_NUMBERS, "about"))
LAST_MS = 253_402_300_799_000


class SqliteTransaction:
    """`keeper.Rows` over one connection."""

    def __init__(self, connection: sa.Connection, name: str = "") -> None:
        self._c = connection
        self._name = name

    def _entries(self, query: sa.Select[Any], **values: object) -> list[tuple[int, Entry]]:
        return [(row["position"], _entry(row, self._name)) for row in self._mappings(query, values)]

    def _mappings(self, query: sa.Select[Any], values: Mapping[str, object] | None = None) -> Sequence[sa.RowMapping]:
        try:
            return self._c.execute(query, values or {}).mappings().all()
        except (sa.exc.OperationalError, sqlite3.OperationalError) as error:
            if "decode" not in str(getattr(error, "orig", error)):
                raise
            # Bytes that are no letters: from here on they are read as "no letter", and the hash does not fit.
            connection: Any = self._c.connection.driver_connection
            connection.text_factory = _replaced
            return self._c.execute(query, values or {}).mappings().all()

    def after(self, workshop: str, position: int, limit: int = 100_000) -> list[tuple[int, Entry]]:
        return self._entries(_AFTER, workshop=workshop, position=position, limit=limit)

    def workshops(self) -> list[str]:
        query = sa.select(ENTRY.c.workshop).group_by(ENTRY.c.workshop).order_by(sa.func.min(ENTRY.c.position))
        return [str(workshop) for workshop in self._c.execute(query).scalars().all()]

    def newest(self, workshop: str) -> int:
        query = sa.select(sa.func.max(ENTRY.c.position)).where(ENTRY.c.workshop == workshop)
        return self._c.execute(query).scalar() or 0

    def _one(self, query: sa.Select[Any], **values: object) -> Entry | None:
        found = self._entries(query, **values)
        return found[0][1] if found else None

    def get(self, entry_id: str) -> Entry | None:
        return self._one(_GET, id=entry_id)

    def of_kind(self, kind: str) -> list[Entry]:
        return [e for _, e in self._entries(sa.select(ENTRY).where(ENTRY.c.kind == kind).order_by(ENTRY.c.position))]

    def at(self, workshop: str, writer: str, seq: int) -> Entry | None:
        chain = sa.select(ENTRY).where(ENTRY.c.workshop == workshop, ENTRY.c.writer == writer)
        return self._one(chain.where(ENTRY.c.seq == seq).limit(1))

    def tip(self, workshop: str, writer: str) -> Entry | None:
        return self._one(_TIP, workshop=workshop, writer=writer)

    def clock(self, workshop: str, up_to_ms: int) -> tuple[int, int]:
        row = self._c.execute(_CLOCK, {"workshop": workshop, "up_to": up_to_ms}).first()
        return (row[0], row[1]) if row else (0, 0)

    def insert(self, entry: Entry) -> int:
        done = self._c.execute(sa.insert(ENTRY), _row(entry))
        return int(done.inserted_primary_key[0])  # type: ignore[index]

    def fill(self, entry: Entry) -> None:
        self._c.execute(sa.delete(ENTRY).where(ENTRY.c.id == entry.id))
        self.insert(entry)

    def erase(self, ids: list[str]) -> None:
        for part in _parts(ids):
            self._c.execute(sa.update(ENTRY).where(ENTRY.c.id.in_(part)).values(body=None, salt=None))
            self._c.execute(sa.update(ASIDE).where(ASIDE.c.id.in_(part)).values(body=None, salt=None))
        # A row of its own for each erasure: whoever is just finishing an earlier one must not tick this one off.
        self._c.execute(sa.insert(SCRUB).prefix_with("OR IGNORE"), {"since": time.time_ns()})

    def set_aside(self, entry: Entry, why: str) -> None:
        header = json.dumps([list(p) if isinstance(p, tuple) else p for p in _header_values(entry.header)])
        row = dict(id=entry.id, why=why, workshop=entry.header.workshop, header=header, seal=entry.seal)
        self._c.execute(sa.insert(ASIDE).prefix_with("OR REPLACE"), {**row, "salt": entry.salt, "body": entry.body})

    def aside(self, workshop: str | None = None) -> list[tuple[str, Entry]]:
        query = sa.select(ASIDE) if workshop is None else sa.select(ASIDE).where(ASIDE.c.workshop == workshop)
        return [(str(row["why"]), _aside(row, self._name)) for row in self._mappings(query)]

    def drop_aside(self, ids: list[str], why: str) -> None:
        for part in _parts(ids):
            self._c.execute(sa.delete(ASIDE).where(ASIDE.c.id.in_(part), ASIDE.c.why == why))

    def key(self, workshop: str) -> bytes | None:
        return self._c.execute(_KEY, {"workshop": workshop}).scalar()

    def set_key(self, workshop: str, key: bytes) -> None:
        self._c.execute(sa.insert(KEY), {"workshop": workshop, "key": key})

    def doors(self, workshop: str | None = None) -> list[tuple[str, str, str]]:
        query = sa.select(DOOR) if workshop is None else sa.select(DOOR).where(DOOR.c.workshop == workshop)
        return [(row.workshop, row.tag, row.participant) for row in self._c.execute(query).all()]

    def door(self, workshop: str, tag: str) -> str | None:
        query = sa.select(DOOR.c.participant).where(DOOR.c.workshop == workshop, DOOR.c.tag == tag)
        return self._c.execute(query).scalar()

    def set_door(self, workshop: str, tag: str, participant: str) -> None:
        values = {"workshop": workshop, "tag": tag, "participant": participant}
        self._c.execute(sa.insert(DOOR).prefix_with("OR REPLACE"), values)

    def tries(self, since_ms: int, source: str | None = None) -> int:
        table = TRY if source is None else TRY_OF
        if source is not None and not sa.inspect(self._c).has_table(TRY_OF.name):
            return 0
        query = sa.select(sa.func.count()).select_from(table).where(table.c.at_ms >= since_ms)
        return self._c.execute(query if source is None else query.where(TRY_OF.c.source == source)).scalar() or 0

    def add_try(self, at_ms: int, source: str = "") -> None:
        self._c.execute(sa.delete(TRY).where(TRY.c.at_ms < at_ms - 86_400_000))
        self._c.execute(sa.insert(TRY), {"at_ms": at_ms})
        if source:
            self._c.execute(sa.schema.CreateTable(TRY_OF, if_not_exists=True))
            self._c.execute(sa.delete(TRY_OF).where(TRY_OF.c.at_ms < at_ms - 86_400_000))
            self._c.execute(sa.insert(TRY_OF), {"at_ms": at_ms, "source": source})

    def made(self, what: str, since_ms: int, source: str | None = None) -> int:
        if not sa.inspect(self._c).has_table(MADE.name):
            return 0
        query = sa.select(sa.func.count()).select_from(MADE).where(MADE.c.what == what, MADE.c.at_ms >= since_ms)
        return self._c.execute(query if source is None else query.where(MADE.c.source == source)).scalar() or 0

    def add_made(self, what: str, at_ms: int, source: str = "") -> None:
        self._c.execute(sa.schema.CreateTable(MADE, if_not_exists=True))
        self._c.execute(sa.delete(MADE).where(MADE.c.at_ms < at_ms - 86_400_000))
        self._c.execute(sa.insert(MADE), {"what": what, "at_ms": at_ms, "source": source})


def _header_values(header: Header) -> list[Any]:
    return [getattr(header, name) for name in Header.__dataclass_fields__]


def _row(entry: Entry) -> dict[str, Any]:
    row = {name: getattr(entry.header, name) for name in Header.__dataclass_fields__}
    row["about"] = json.dumps([list(pair) for pair in entry.header.about])
    return {**row, "seal": entry.seal, "salt": entry.salt, "body": entry.body}


def _entry(row: Mapping[Any, Any], name: str) -> Entry:
    values = {key: row["as" if key == "how" else key] for key in Header.__dataclass_fields__}
    try:
        return _read(values, json.loads(row["about"]), row)
    except (ValueError, TypeError, RecursionError):
        raise RecordError("error.record_damaged", path=name, what=f"entry {row['position']}") from None


def _aside(row: Mapping[Any, Any], name: str) -> Entry:
    try:
        values = dict(zip(Header.__dataclass_fields__, json.loads(row["header"]), strict=True))
        return _read(values, values["about"], row)
    except (ValueError, TypeError, RecursionError):
        raise RecordError("error.record_damaged", path=name, what="set aside") from None


def _read(values: dict[str, Any], about: Any, row: Mapping[Any, Any]) -> Entry:
    """One entry from its columns. ValueError or TypeError where they hold no header.

    A body, salt or seal that is none of its type stays one that does not hold: the rest of the workshop can be read.
    """
    pairs = tuple((relation, target) for relation, target in about)
    texts = [*(values[key] for key in _TEXTS), *(word for pair in pairs for word in pair)]
    numbers = [values[key] for key in _NUMBERS]
    if not all(type(text) is str for text in texts) or not all(type(n) is int and 0 <= n <= LAST_MS for n in numbers):
        raise ValueError("no header")
    body, salt, seal = row["body"], row["salt"], row["seal"]
    if body is not None and not isinstance(body, str):
        body = body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body)
    salt, seal = (one if one is None or isinstance(one, bytes) else b"" for one in (salt, seal))
    return Entry(Header(**{**values, "about": pairs}), body, salt, seal)


def _replaced(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _parts(ids: list[str], size: int = 500) -> list[list[str]]:
    return [ids[i : i + size] for i in range(0, len(ids), size)]
