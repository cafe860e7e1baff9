"""Transcript: recorded talk as passages, one voice after the other, with the time of each turn in the margin."""

from __future__ import annotations

from typing import Any

import traitlets as t

from cowork.widgets.cards.card_list import CardList
from cowork.widgets.cleaners import clean_flag, clean_text
from cowork.widgets.manifest import files_of


class Transcript(CardList):
    """Turns at talk, as cards are given to a `CardList`; turns of one voice that follow each other are one passage.

    An item has beside what a card has: `voice` and `source` (a new passage begins where one of them changes), `apart`
    (a passage of its own: a place that was found, without what stood around it), and `found`, the places of the words
    looked for, in code points. What can be done with a turn is shown at one turn at a time.

    `left` says what this reader leaves out: ``{begin, short, lines: [{key, text, button}], short_button}``; a press
    arrives at ``on_message("leave")`` as ``{begin, short}``, and the device keeps it. `talks` names each talk that this
    reader may take out or put back: ``[{id, text, act, button, ask: {h, lines, yes, no}}]``; it arrives as
    ``{source}`` at ``on_message("take_out")`` or ``on_message("put_back")``.
    """

    SCRIPTS, STYLES = files_of("transcript")
    WORDS = (
        *CardList.WORDS,
        "talk.begin_at",
        "talk.begin_here",
        "talk.doing",
        "talk.keys",
        "talk.let_go",
        "talk.mark",
        "talk.mark_end",
        "talk.mark_how",
        "talk.marked",
        "talk.marked_h",
        "talk.open_turn",
    )
    MESSAGES = {
        **CardList.MESSAGES,
        "before": {},
        "leave": {"begin": clean_text(36), "short": clean_flag},
        "put_back": {"source": clean_text(64)},
        "take_out": {"source": clean_text(64)},
    }

    before_button = t.Unicode("", help="Shows what was said before the first turn that is shown.").tag(sync=True)
    left = t.Dict(help="{begin, short, lines: [{key, text, button}], short_button}").tag(sync=True)
    talks: t.List[Any] = t.List(help="[{id, text, act, button, ask}]").tag(sync=True)
