"""Floor 3: what others wrote down, brought in. Bytes in, drafts out; nothing is asked of a file or a person here."""
