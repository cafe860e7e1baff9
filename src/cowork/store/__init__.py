"""Floor 2: the record on disk (or in memory). One promise, whoever keeps it."""

from cowork.store.database_file import default_record, open_record, file_fingerprint
from cowork.store.memory import memory_record
from cowork.store.record import MergeResult, Record

__all__ = ["MergeResult", "Record", "default_record", "memory_record", "open_record", "file_fingerprint"]
