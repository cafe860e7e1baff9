"""The list that all visitors share: one process serves them, so it is a list in that process."""

TITLE = "The stops"
WORDS = "We could try something concrete about this, together with the people whom it concerns most."
contributions = [f"Number {n}: {WORDS}" for n in range(50, 0, -1)]


def as_markdown(words: list[str]) -> str:
    """The list as one text, where a framework draws a text much faster than many parts."""
    return "\n".join(f"- {one}" for one in words)
