"""Text blocks to read."""
