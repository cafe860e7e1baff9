"""The storage backend for one SQLite file, on SQLAlchemy Core (never the ORM).

Four hazards rule this file:
- SQLAlchemy begins a transaction by itself. An open read keeps erased words in the write-ahead log, so every
  connection is AUTOCOMMIT, every result is fetched at once, and writing begins with an explicit BEGIN IMMEDIATE.
- A connection that crosses a fork damages the file: the engine is made at first use, per process.
- Only WAL with synchronous=FULL makes "acknowledged" mean "on disk".
- An open connection keeps writing into a file that was deleted or moved, without an error. So each backend remembers
  which files it opened, and acknowledges nothing while other files, or none, are in their place.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import time
import weakref
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa

from cowork.core.errors import RecordError
from cowork.store.sqlite_tables import METADATA, SCRUB, SqliteTransaction

log = logging.getLogger("cowork.store")

#: "COWK" in the file's header tells a record from any other SQLite file; user_version counts our formats.
APPLICATION_ID = 0x434F574B
FORMAT_VERSION = 1

#: Seconds that words may be in the log alone. A copy of the one file, taken while it is in use, is at most this old
#: (plus the five seconds between two polls of a process, or of the server at the log).
MAX_LOG_SECONDS = 20.0

#: Which files a backend has open: one (device, inode) for each of `_files`.
FileIdentity = tuple[tuple[int, int] | None, ...]

#: Engines that crossed a fork. They stay open: closing a connection here that the parent still uses releases the
#: parent's locks and can damage the file.
_ENGINES_ACROSS_FORKS: list[sa.Engine] = []

#: Backends of this process. Closing a file releases every lock that the process holds on it, SQLite's own included.
_BACKENDS: weakref.WeakSet[SqliteBackend] = weakref.WeakSet()


class SqliteBackend:
    """Storage in one file. `pragmas` are set on each connection (a test sets `max_page_count` to fill the disk)."""

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
        self._engine_of_process: tuple[int, sa.Engine] | None = None
        self._write_count = 0
        self._opened_files: FileIdentity | None = None
        self._in_log_since: float | None = None

    # ---- connections

    def _engine(self) -> sa.Engine:
        if self._engine_of_process is None or self._engine_of_process[0] != os.getpid():
            if self._engine_of_process is not None:
                _ENGINES_ACROSS_FORKS.append(self._engine_of_process[1])
            self._opened_files = None
            # hide_parameters: a failed write must not carry somebody's words, or the key, into a log.
            engine = sa.create_engine(
                "sqlite://",
                creator=self._connect,
                isolation_level="AUTOCOMMIT",
                poolclass=sa.pool.QueuePool,
                pool_reset_on_return=None,
                hide_parameters=True,
            )
            self._engine_of_process = (os.getpid(), engine)
        return self._engine_of_process[1]

    def _connect(self) -> sqlite3.Connection:
        mode = "rw" if self.writable else "ro"  # never "rwc": that makes an empty file where a record was deleted
        uri = f"{self.path.absolute().as_uri()}?mode={mode}"
        if not self.writable and not os.access(self.path.parent, os.W_OK) and not os.path.exists(f"{self.path}-wal"):
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
            connection.execute("PRAGMA schema_version").fetchone()  # now the log exists beside the file, too
            self._remember_files()
        except (sqlite3.DatabaseError, RecordError):
            connection.close()
            raise
        return connection

    # ---- the files themselves

    def _files(self) -> tuple[str, ...]:
        path = str(self.path)
        return (path, f"{path}-wal", f"{path}-shm") if self.writable and self._journal == "WAL" else (path,)

    def has_open(self, file: tuple[int, int]) -> bool:
        return self._opened_files is not None and self._opened_files[0] == file

    def _remember_files(self) -> None:
        """Remember which files this backend opened; a later connection must open the same."""
        if self._opened_files is None:
            self._opened_files = tuple(file_identity(name) for name in self._files())
            _BACKENDS.add(self)
        self._require_same_files()

    def _require_same_files(self) -> None:
        """Raise where the open files are no longer at their path: what is written would be lost."""
        if self._opened_files is not None and self._opened_files != tuple(
            file_identity(name) for name in self._files()
        ):
            raise RecordError("error.record_moved", path=self.name)

    def _set_journal(self, connection: sqlite3.Connection) -> None:
        """Set the journal mode, and wait for other processes: at the change to WAL, SQLite ignores its own timeout."""
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
    def writing(self) -> Iterator[SqliteTransaction]:
        with self._translated_errors(), self._engine().connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield SqliteTransaction(connection, self.name)
                self._require_same_files()
                connection.exec_driver_sql("COMMIT")
                self._require_same_files()  # removed in that very moment: not acknowledged, so it is sent again
            except BaseException:
                # A full disk has rolled back by itself; then there is nothing to roll back.
                with suppress(sa.exc.DBAPIError, sqlite3.Error):
                    connection.exec_driver_sql("ROLLBACK")
                raise
            finally:
                self._write_count += 1
        self.note_commit()
        self.checkpoint_if_due()

    @contextmanager
    def reading(self) -> Iterator[SqliteTransaction]:
        with self._translated_errors(), self._engine().connect() as connection:
            yield SqliteTransaction(connection, self.name)

    @contextmanager
    def _translated_errors(self) -> Iterator[None]:
        """Turn SQLite's errors into RecordErrors, whose sentences say what to do next."""
        try:
            yield
        except (sa.exc.DBAPIError, sqlite3.Error) as error:
            raise translate_sqlite_error(error, self.name) from error
        except UnicodeDecodeError:  # of the tables' own description, which SQLite quotes in its error
            raise RecordError("error.record_damaged", path=self.name, what="no letters") from None

    def close(self) -> None:
        if self._engine_of_process is not None and self._engine_of_process[0] == os.getpid():
            self._engine_of_process[1].dispose()
        elif self._engine_of_process is not None:
            _ENGINES_ACROSS_FORKS.append(self._engine_of_process[1])
        self._engine_of_process = self._opened_files = None

    def version(self) -> object:
        """SQLite's data_version of the connection, which omits its own commits, with this backend's write count."""
        with self._translated_errors(), closing(self._engine().raw_connection()) as pooled:
            self._require_same_files()
            which = pooled.info.setdefault("which", object())  # the pool may hand out another one each time
            cursor = pooled.cursor()
            cursor.execute("PRAGMA data_version")
            return which, cursor.fetchone(), self._write_count

    # ---- the log beside the file

    def note_commit(self) -> None:
        """Note a commit, here or elsewhere: from now on words may be in the log alone."""
        if self._in_log_since is None:
            self._in_log_since = time.monotonic()

    def checkpoint_if_due(self) -> None:
        """Move into the file what has been in the log for a while. Never blocks; reads only the clock if none is due.

        The write was acknowledged before this, so a failure here does not fail the write: the next one tries again.
        """
        since = self._in_log_since
        if since is None or time.monotonic() - since < MAX_LOG_SECONDS:
            return
        try:
            if self.checkpoint():
                self._in_log_since = None
        except RecordError:
            log.warning("the log could not be moved into the file; trying again", exc_info=True)

    def checkpoint(self, *, whole: bool = False) -> bool:
        """Move the log into the file; True if all of it is moved. `whole` also truncates the log, once nobody reads."""
        if not self.writable or self._journal != "WAL":
            return True
        with self._translated_errors(), self._engine().connect() as connection:
            self._require_same_files()
            how = "TRUNCATE" if whole else "PASSIVE"
            connection.exec_driver_sql(f"PRAGMA busy_timeout={min(1000, self._wait_ms)}")
            try:
                busy, in_log, moved = connection.exec_driver_sql(f"PRAGMA wal_checkpoint({how})").all()[0]
            except (sa.exc.OperationalError, sqlite3.OperationalError) as error:
                if "locked" not in str(getattr(error, "orig", error)):
                    raise
                return False
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={self._wait_ms}")
        return not busy and in_log == moved

    # ---- erasure

    def scrub(self) -> bool:
        """Truncate the write-ahead log into the file. False while anybody reads: then try again."""
        if not self.needs_scrub():
            return True
        with self._translated_errors(), self._engine().connect() as connection:
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

    def needs_scrub(self) -> bool:
        if not self.writable:
            return False
        with self._translated_errors(), self._engine().connect() as connection:
            return bool(connection.execute(sa.select(sa.func.count()).select_from(SCRUB)).scalar())

    def faults(self) -> list[str]:
        with self._translated_errors(), self._engine().connect() as connection:
            found = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check").all()]
        return [] if found == ["ok"] else found

    def lost_entries(self) -> int:
        """How many entries at the end are lost: positions that were assigned, and never twice, and are not found."""
        query = "SELECT (SELECT seq FROM sqlite_sequence WHERE name='entry'), (SELECT max(position) FROM entry)"
        with self._translated_errors(), self._engine().connect() as connection:
            given, last = connection.exec_driver_sql(query).all()[0]
        return max(0, int(given or 0) - int(last or 0))

    def create(self) -> None:
        """Create the tables. The header goes into the file itself, so that a copy without its log is recognised.

        The file belongs to its owner alone, whatever the umask, and SQLite gives the log the mode of the file.
        """
        with self._translated_errors():
            create_private_file(self.path)
            connection = sqlite3.connect(self.path, timeout=self._wait_ms / 1000, isolation_level=None)
            try:
                connection.execute("BEGIN IMMEDIATE")
                if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
                    for table in METADATA.sorted_tables:
                        dialect = sa.create_engine("sqlite://").dialect
                        connection.execute(str(sa.schema.CreateTable(table).compile(dialect=dialect)))
                        for index in table.indexes:
                            connection.execute(str(sa.schema.CreateIndex(index).compile(dialect=dialect)))
                    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
                    connection.execute(f"PRAGMA user_version={FORMAT_VERSION}")
                connection.execute("COMMIT")
            finally:
                connection.close()


def file_identity(path: str | Path) -> tuple[int, int] | None:
    """The identity of the file at a path: (device, inode), or None where there is no file.

    Where a file system has no inodes (FAT on Windows), only its existence is known. Windows lets nobody move or delete
    a file that SQLite has open, so less can go wrong there.
    """
    try:
        found = os.stat(path)
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found.st_ino else (0, 0)


def is_open_in_process(path: Path) -> bool:
    """True where a backend of this process has this file open: nothing else may open and close it meanwhile."""
    found = file_identity(path)
    return found is not None and any(backend.has_open(found) for backend in list(_BACKENDS))


def create_private_file(path: Path) -> None:
    """Create an empty file that only its owner may read. An existing file is left as it is."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def translate_sqlite_error(error: BaseException, name: str) -> RecordError:
    """The RecordError for an error of SQLite."""
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
    if "decode" in text:  # SQLite quotes the words themselves
        text = "no letters"
    return RecordError("error.record_damaged", path=name, what=text.splitlines()[0][:200])
