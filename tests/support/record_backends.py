"""Every keeper of the record, for the one contract suite.

A keeper joins the suite by one more `Kept` in KEPT: where records of it come from, and whether other processes can
reach it. PostgreSQL will be a third line here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from cowork.store import Record, open_record
from cowork.store.backend import StorageBackend
from cowork.store.memory import MemoryBackend
from support.strategies import Group, Time, dice


class Kept(ABC):
    """One place where a record is kept. `open` gives it as a new process would find it."""

    #: How a process of its own opens it: one argument of a script. "" where no other process can.
    address = ""

    def __init__(self, folder: Path, name: str = "record") -> None:
        self.folder = folder
        self.name = name
        self.time = Time()
        self.opened: list[Record] = []

    def open(self, **options: Any) -> Record:
        options.setdefault("now_ms", self.time)
        options.setdefault("random_bytes", dice((self.name, len(self.opened))))
        record = self._open(**options)
        self.opened.append(record)
        return record

    @abstractmethod
    def _open(self, **options: Any) -> Record: ...

    @abstractmethod
    def other(self) -> Kept:
        """A fresh place of the same sort."""

    def group(self, **options: Any) -> Group:
        return Group(self.open(**options))

    def close(self) -> None:
        for record in self.opened:
            record.close()


class InMemory(Kept):
    def __init__(self, folder: Path, name: str = "record") -> None:
        super().__init__(folder, name)
        self.backend: StorageBackend = MemoryBackend()

    def _open(self, **options: Any) -> Record:
        return Record(self.backend, **options)

    def other(self) -> Kept:
        return InMemory(self.folder, f"{self.name}-other")


class InFile(Kept):
    def __init__(self, folder: Path, name: str = "record") -> None:
        super().__init__(folder, name)
        self.path = folder / f"{name}.cowork"
        self.address = str(self.path)

    def _open(self, **options: Any) -> Record:
        return open_record(self.path, **options)

    def other(self) -> Kept:
        return InFile(self.folder, f"{self.name}-other")


KEPT = {"memory": InMemory, "sqlite": InFile}
