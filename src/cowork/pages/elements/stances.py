"""How others see a view: the answers that people gave beside it, counted, and the words they wrote with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cowork.context import PageContext
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.pages.kit.signatures import signature
from cowork.pages.kit.typed_text import TextLine, line, typed

STANCES = ("with", "unsure", "differ")


def stance_counts(context: PageContext, given: Sequence[Contribution]) -> list[str]:
    """How many see it how, one line for each answer that somebody gave."""
    counts = Counter(str(stance.entry.data.get("stance")) for stance in given)
    return [f"{context.t(f'documentation.stance.{code}')}: {counts[code]}" for code in STANCES if counts[code]]


def stance_words(context: PageContext, view: ParticipantView, given: Sequence[Contribution]) -> list[TextLine]:
    """What people wrote beside their answer, each signed as they show themselves there."""
    return [
        line(typed(context, stance.entry, stance.text), f" – {signature(context, view, stance)}")
        for stance in given
        if stance.text
    ]
