"""The elements of the framework (Masterson et al. 2024): six mechanisms in three pairs, each towards an outcome."""

from __future__ import annotations

#: wheel -> its two elements, in the order of the framework's picture.
WHEELS: dict[str, tuple[str, str]] = {
    "engagement": ("intention", "assets"),
    "alignment": ("dialogue", "documentation"),
    "agreement": ("interpretation", "understanding"),
}

#: kind -> element. Agreement is an outcome and no seventh mechanism, but its proposals have a page of their own.
ELEMENT_OF: dict[str, str] = {
    "intention": "intention",
    "asset": "assets",
    "need": "assets",
    "utterance": "dialogue",
    "talked": "dialogue",
    "view": "documentation",
    "theme": "documentation",
    "stance": "documentation",
    "standing": "documentation",
    "image": "documentation",
    "interpretation": "interpretation",
    "understanding": "understanding",
    "check": "understanding",
    "proposal": "agreement",
    "position": "agreement",
    "reservation": "agreement",
    "outcome": "agreement",
    "action": "agreement",
    "response": "agreement",
}

#: Kinds that administer a workshop. Every other kind, known here or not, is a contribution of a person.
ADMINISTRATIVE_KINDS = frozenset(
    {
        "workshop",
        "key-rotation",
        "participant",
        "consent",
        "role",
        "setting",
        "episode",
        "attendance",
        "link",
        "edit",
        "withdrawal",
        "restore",
        "hide",
        "show",
        "invite",
        "erasure",
        "context",
    }
)

#: Contributions that are acts and hold no text to list among what people wrote.
KINDS_WITHOUT_TEXT = frozenset({"talked"})

#: Kinds that count as written in their element. What answers them (a stance, a check, a worry) belongs to its card.
WRITTEN_KINDS = frozenset(
    {"intention", "asset", "need", "utterance", "view", "interpretation", "understanding", "proposal", "outcome"}
)

#: Answers to a contribution: kind -> (field of the body, allowed codes). A text beside the code is optional.
ANSWER_FIELDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "check": ("result", ("yes", "nearly", "no", "out", "rather-not", "same", "differ", "unsure", "partly")),
    "stance": ("stance", ("with", "unsure", "differ")),
    "standing": ("standing", ("still", "partly", "changed")),
    "position": ("level", ()),  # its codes come from the level set of the proposal
}

FIDELITIES = ("own-typing", "exact-words", "in-short", "imported", "translated")

ORGANISER_CONTEXT_FIELDS = ("why", "decided", "can_change", "who_decides", "not_here", "turn_to", "keeper")
GROUP_CONTEXT_FIELDS = ("definition", "ground", "disagree")


def wheel_of(part: str) -> str:
    """The wheel that an element belongs to; the agreement page belongs to the wheel of its name."""
    return next((wheel for wheel, parts in WHEELS.items() if part in parts), "agreement")


def is_contribution(kind: str) -> bool:
    """True for every kind that holds what somebody wrote, including unknown kinds."""
    return kind not in ADMINISTRATIVE_KINDS
