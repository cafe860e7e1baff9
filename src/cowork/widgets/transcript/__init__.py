"""The transcript: recorded talk, read as talk."""
