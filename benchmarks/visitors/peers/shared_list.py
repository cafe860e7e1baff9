"""The list that all visitors share: one process serves them, so it is a list in that process."""

TITLE = "The stops"
WORDS = "We could try something concrete about this, together with the people whom it concerns most."
contributions = [f"{n}. {WORDS}" for n in range(50, 0, -1)]
