"""A notice with one action."""
