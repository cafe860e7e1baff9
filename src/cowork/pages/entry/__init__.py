"""The pages before and about taking part: landing, creating, joining, preferences."""
