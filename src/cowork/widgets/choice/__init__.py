"""One question with options."""
