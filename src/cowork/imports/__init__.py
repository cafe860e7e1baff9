"""Imports of transcripts and pictures, and the demo workshops: bytes in, drafts out."""
