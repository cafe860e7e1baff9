"""Floor 2: the record on disk (or in memory). One promise, whoever keeps it."""

from cowork.store.memory import memory_record
from cowork.store.opening import default_record, open_record, which_file
from cowork.store.record import Record, Taken

__all__ = ["Record", "Taken", "default_record", "memory_record", "open_record", "which_file"]
