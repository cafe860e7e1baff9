"""The upload of a file in chunks."""
