"""A plotly figure with its numbers as a table."""
