"""The record on disk or in memory: append, read, merge, export, check. Every backend keeps one contract."""

from cowork.store.database_file import default_record, file_fingerprint, open_record
from cowork.store.memory import memory_record
from cowork.store.merge import MergeResult
from cowork.store.record import Record

__all__ = ["MergeResult", "Record", "default_record", "file_fingerprint", "memory_record", "open_record"]
