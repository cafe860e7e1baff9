"""The journey as a table and as three wheels."""
