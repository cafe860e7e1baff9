"""Floor 1: entries, the fold, authority and what a person may see. Standard library only; no clock, no file."""
