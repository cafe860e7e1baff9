"""The trace as a tree, as a list and as a picture."""
