"""Entries, the fold, permissions and participant views. Standard library only; reads no clock and no file."""
