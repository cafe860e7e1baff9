"""The record in one SQLite file, on SQLAlchemy Core (never the ORM).

Three hazards rule this file:
- SQLAlchemy begins a transaction by itself. An open read keeps erased words in the write-ahead log, so every
  connection is AUTOCOMMIT, every result is fetched at once, and writing begins with an explicit BEGIN IMMEDIATE.
- A connection that crosses a fork damages the file: the engine is made at first use, per process.
- Only WAL with synchronous=FULL makes "acknowledged" mean "on disk".
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cowork.core.entries import Entry, Header
from cowork.core.errors import RecordError
from cowork.store.record import Record
from cowork.store.wake import Bell

#: "COWK" in the file's header tells a record from any other SQLite file; user_version counts our formats.
APPLICATION_ID = 0x434F574B
VERSION = 1

_META = sa.MetaData()

ENTRY = sa.Table(
    "entry",
    _META,
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
    _META,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("why", sa.Text, primary_key=True),
    sa.Column("workshop", sa.Text, nullable=False),
    sa.Column("header", sa.Text, nullable=False),
    sa.Column("seal", sa.LargeBinary),
    sa.Column("salt", sa.LargeBinary),
    sa.Column("body", sa.Text),
)
#: The operator's own: never exported, no fact of the workshop.
KEY = sa.Table("key", _META, sa.Column("workshop", sa.Text, primary_key=True), sa.Column("key", sa.LargeBinary))
DOOR = sa.Table(
    "door",
    _META,
    sa.Column("workshop", sa.Text, primary_key=True),
    sa.Column("tag", sa.Text, primary_key=True),
    sa.Column("participant", sa.Text, nullable=False),
)
TRY = sa.Table("try", _META, sa.Column("at_ms", sa.Integer, nullable=False))
#: Of `TRY`, those whose source is known. Records made before it was counted get this table at their first wrong code.
TRY_OF = sa.Table("try_of", _META, sa.Column("at_ms", sa.Integer, nullable=False), sa.Column("source", sa.Text))
#: One row while erased words may still stand in the log on disk.
SCRUB = sa.Table("scrub", _META, sa.Column("since", sa.Integer, primary_key=True))


#: Engines that crossed a fork. They are kept, not closed: to close here a connection the parent still uses takes
#: its locks away and can damage the file.
_CROSSED: list[sa.Engine] = []

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


class SqliteRows:
    """`keeper.Rows` over one connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._c = connection

    def _entries(self, query: sa.Select[Any], **values: object) -> list[tuple[int, Entry]]:
        return [(row["position"], _entry(row)) for row in self._c.execute(query, values).mappings().all()]

    def after(self, workshop: str, position: int, limit: int = 100_000) -> list[tuple[int, Entry]]:
        return self._entries(_AFTER, workshop=workshop, position=position, limit=limit)

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
        found = []
        for row in self._c.execute(query).mappings().all():
            values = json.loads(row["header"])
            values[10] = tuple((relation, target) for relation, target in values[10])
            found.append((row["why"], Entry(Header(*values), row["body"], row["salt"], row["seal"])))
        return found

    def drop_aside(self, ids: list[str]) -> None:
        for part in _parts(ids):
            self._c.execute(sa.delete(ASIDE).where(ASIDE.c.id.in_(part)))

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

    def drop_doors(self, workshop: str, participant: str) -> None:
        self._c.execute(sa.delete(DOOR).where(DOOR.c.workshop == workshop, DOOR.c.participant == participant))

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


class SqliteKeeper:
    """One file. `pragmas` are set on each connection (a test sets `max_page_count` to fill the disk)."""

    def __init__(
        self,
        path: Path,
        *,
        writable: bool = True,
        pragmas: Mapping[str, object] | None = None,
        journal: str = "WAL",
        wait_ms: int = 10_000,
    ) -> None:
        self.path = path
        self.name = str(path)
        self.writable = writable
        self._pragmas = dict(pragmas or {})
        self._journal = journal
        self._wait_ms = wait_ms
        self._made: tuple[int, sa.Engine] | None = None
        self._wrote = 0

    # ---- connections

    def _engine(self) -> sa.Engine:
        if self._made is None or self._made[0] != os.getpid():
            if self._made is not None:
                _CROSSED.append(self._made[1])
            # hide_parameters: a failed write must not carry somebody's words, or the key, into a log.
            engine = sa.create_engine(
                "sqlite://",
                creator=self._connect,
                isolation_level="AUTOCOMMIT",
                poolclass=sa.pool.QueuePool,
                pool_reset_on_return=None,
                hide_parameters=True,
            )
            self._made = (os.getpid(), engine)
        return self._made[1]

    def _connect(self) -> sqlite3.Connection:
        mode = "rwc" if self.writable else "ro"
        uri = f"{self.path.absolute().as_uri()}?mode={mode}"
        if not self.writable and not os.access(self.path.parent, os.W_OK) and not _log(self.path).exists():
            uri += "&immutable=1"  # a folder in which SQLite can put no log beside the file, as on a disc
        connection = sqlite3.connect(
            uri, uri=True, timeout=self._wait_ms / 1000, isolation_level=None, check_same_thread=False
        )
        try:
            if self.writable:
                # Erased words are overwritten in the pages, not only forgotten.
                connection.execute("PRAGMA secure_delete=ON")
                self._set_journal(connection)
                connection.execute("PRAGMA synchronous=FULL")
            for name, value in self._pragmas.items():
                connection.execute(f"PRAGMA {name}={value}")
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection

    def _set_journal(self, connection: sqlite3.Connection) -> None:
        """The change to WAL, at a file's first opening, does not wait for others as all else does: so wait here."""
        until = time.monotonic() + self._wait_ms / 1000
        while True:
            try:
                connection.execute(f"PRAGMA journal_mode={self._journal}")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > until:
                    raise
            time.sleep(0.01)

    @contextmanager
    def writing(self) -> Iterator[SqliteRows]:
        with self._said(), self._engine().connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield SqliteRows(connection)
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                # A full disk has rolled back by itself; then there is nothing to roll back.
                with suppress(sa.exc.DBAPIError, sqlite3.Error):
                    connection.exec_driver_sql("ROLLBACK")
                raise
            finally:
                self._wrote += 1

    @contextmanager
    def reading(self) -> Iterator[SqliteRows]:
        with self._said(), self._engine().connect() as connection:
            yield SqliteRows(connection)

    @contextmanager
    def _said(self) -> Iterator[None]:
        """SQLite's errors in words that say what to do next."""
        try:
            yield
        except (sa.exc.DBAPIError, sqlite3.Error) as error:
            raise said(error, self.name) from error

    def close(self) -> None:
        if self._made is not None and self._made[0] == os.getpid():
            self._made[1].dispose()
        elif self._made is not None:
            _CROSSED.append(self._made[1])
        self._made = None

    def version(self) -> object:
        """SQLite counts for each connection, and leaves out the connection's own commits."""
        with self._said(), closing(self._engine().raw_connection()) as pooled:
            which = pooled.info.setdefault("which", object())  # the pool may hand out another one each time
            cursor = pooled.cursor()
            cursor.execute("PRAGMA data_version")
            return which, cursor.fetchone(), self._wrote

    # ---- erasure

    def scrub(self) -> bool:
        """Empty the write-ahead log into the file. Busy while anybody reads: then False, and try again."""
        if not self.scrubbing():
            return True
        with self._said(), self._engine().connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=200")
            try:
                asked = connection.execute(sa.select(SCRUB.c.since)).scalars().all()
                busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()[0][0]
                if busy:
                    return False
                connection.execute(sa.delete(SCRUB).where(SCRUB.c.since.in_(asked)))
            except (sa.exc.OperationalError, sqlite3.OperationalError):
                return False
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={self._wait_ms}")
        return True

    def scrubbing(self) -> bool:
        if not self.writable:
            return False
        with self._said(), self._engine().connect() as connection:
            return bool(connection.execute(sa.select(sa.func.count()).select_from(SCRUB)).scalar())

    def faults(self) -> list[str]:
        with self._said(), self._engine().connect() as connection:
            found = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check").all()]
        return [] if found == ["ok"] else found

    def create(self) -> None:
        """Write the empty format. The header goes into the file itself, so that a copy without its log is known."""
        with self._said():
            connection = sqlite3.connect(self.path, timeout=self._wait_ms / 1000, isolation_level=None)
            try:
                connection.execute("BEGIN IMMEDIATE")
                if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
                    for table in _META.sorted_tables:
                        dialect = sa.create_engine("sqlite://").dialect
                        connection.execute(str(sa.schema.CreateTable(table).compile(dialect=dialect)))
                        for index in table.indexes:
                            connection.execute(str(sa.schema.CreateIndex(index).compile(dialect=dialect)))
                    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
                    connection.execute(f"PRAGMA user_version={VERSION}")
                connection.execute("COMMIT")
            finally:
                connection.close()


def said(error: BaseException, name: str) -> RecordError:
    """The sentence for what SQLite says."""
    # Only what SQLite itself says: the statement around it may hold any word.
    text = str(getattr(error, "orig", None) or error)
    if "full" in text:
        return RecordError("error.record_full", path=name)
    if "readonly" in text or "read-only" in text:
        return RecordError("error.record_readonly", path=name)
    if "locked" in text or "busy" in text:
        return RecordError("error.record_busy", path=name)
    if "unable to open" in text:
        return RecordError("error.record_missing", path=name)
    return RecordError("error.record_damaged", path=name, what=text.splitlines()[0][:200])


def open_record(
    path: Path | str,
    *,
    create: bool = True,
    writable: bool | None = None,
    pragmas: Mapping[str, object] | None = None,
    **options: Any,
) -> Record:
    """The record in a file; a new one where there is none and `create` is set.

    `writable` None means: as the file allows. Raises RecordError where the file is no record, is damaged or cut off,
    or was made by a newer cowork; nothing in it is touched then.
    """
    path = Path(path)
    if path.exists():
        _look(path)
    elif create and writable is not False:
        path.parent.mkdir(parents=True, exist_ok=True)
        _create(path)
    else:
        raise RecordError("error.record_missing", path=str(path))
    if writable is None:
        writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    keeper = SqliteKeeper(path, writable=writable, pragmas=pragmas)
    with keeper.reading() as rows:
        rows.newest("")
    return Record(keeper, **{"bell": Bell(os.path.realpath(path)), **options})


def _create(path: Path) -> None:
    """A new record appears whole: another process that begins just now must not find an empty file."""
    fresh = path.with_name(f"{path.name}-{secrets.token_hex(6)}")
    try:
        SqliteKeeper(fresh).create()
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass  # somebody was first; theirs is the record
        except OSError:  # a file system without links
            if not path.exists():
                fresh.rename(path)
    finally:
        fresh.unlink(missing_ok=True)


def _look(path: Path) -> None:
    """Read the first bytes before SQLite does: an empty, foreign, newer or cut-off file gets its own sentence."""
    if path.is_dir():
        raise RecordError("error.record_not", path=str(path))
    with path.open("rb") as file:
        head = file.read(100)
    size = path.stat().st_size
    if len(head) < 100 or head[:16] != b"SQLite format 3\x00":
        cut = head and b"SQLite format 3\x00".startswith(head[:16])
        raise RecordError("error.record_damaged" if cut else "error.record_not", path=str(path), what="cut off")
    if int.from_bytes(head[68:72], "big") != APPLICATION_ID:
        raise RecordError("error.record_not", path=str(path))
    version = int.from_bytes(head[60:64], "big")
    if version > VERSION:
        raise RecordError("error.record_newer", path=str(path), version=version)
    page = int.from_bytes(head[16:18], "big")
    pages = int.from_bytes(head[28:32], "big")
    log = _log(path)
    emptying = log.exists() and log.stat().st_size > 0  # somebody may be moving the log into the file right now
    if not emptying and size < pages * (65_536 if page == 1 else page):
        raise RecordError("error.record_damaged", path=str(path), what="cut off")


def _log(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _header_values(header: Header) -> list[Any]:
    return [getattr(header, name) for name in Header.__dataclass_fields__]


def _row(entry: Entry) -> dict[str, Any]:
    row = {name: getattr(entry.header, name) for name in Header.__dataclass_fields__}
    row["about"] = json.dumps([list(pair) for pair in entry.header.about])
    return {**row, "seal": entry.seal, "salt": entry.salt, "body": entry.body}


def _entry(row: Mapping[Any, Any]) -> Entry:
    values = {name: row["as" if name == "how" else name] for name in Header.__dataclass_fields__}
    values["about"] = tuple((relation, target) for relation, target in json.loads(row["about"]))
    return Entry(Header(**values), row["body"], row["salt"], row["seal"])


def _parts(ids: list[str], size: int = 500) -> list[list[str]]:
    return [ids[i : i + size] for i in range(0, len(ids), size)]
