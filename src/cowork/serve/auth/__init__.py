"""Who gets in: room codes, tokens, and guests of a Jupyter server."""
