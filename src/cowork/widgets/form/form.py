"""Form: one question with text fields, choices, texts to pick from, and one button."""

from __future__ import annotations

from typing import Any

import traitlets as t

from cowork.widgets.component import Component
from cowork.widgets.form.text_picker import PICKER_WORDS, SEARCH_MESSAGE
from cowork.widgets.manifest import files_of
from cowork.widgets.submission import Submission, accept_fields


class Form(Component):
    """A question. Text goes from the form into the outbox; "Shared" is shown when the submit handler has returned.

    `fields`: ``{key, label, hint, rows, limit, line, required, value, fold, keep}``; ``limit`` counts code points,
    ``line`` makes a single line, ``keep=False`` is never stored as a draft (a return code).

    `choices`: ``{key, legend, hint, options: [{value, label, hint, apart}], apart_h, grid, value, many, required, fold,
    once, brief, seen}``; an answer stays for the next submission, unless it is given ``once``; answers to what is
    `brief` are told in one line above the button, and asked for when *Change* is pressed there; that line tells the
    first of the lines who will see it in place of an answer to what is `seen`; options that are `apart` are shown
    below the others after a line, under the heading `apart_h`. With `grid` ``{rows: [{key, label, hint}], cols: …}``
    the options are laid out in rows and columns: their values are ``"row/column"``.

    `picks`: ``{key, legend, hint, items: [{id, text, by, when_text, tag, lang}], words, many, required, empty,
    label_find, button, fold, opener, opened, value: [strings], known: [items]}``: texts to pick from. They arrive
    among the choices as a list of ``"<id>"`` (the whole text) and, with `words`, ``"<id>:<start>:<end>"`` in code
    points, end exclusive. ``on_message("look")`` receives ``{key, q, chosen}``: `items` may then be fewer, or others;
    `known` are texts that are chosen though they are not in `items` (the device stores no texts of others, only their
    ids). Without a handler the browser searches the `items` it has. With an `opener` the texts are closed behind a
    button of that name, until it is pressed, words are chosen, or it is `opened` for a link that led here.

    Each of these with ``when: {choice: value or values}`` is shown, and sent, only while that is the answer.

    Fields come before choices, choices before picks; a number `place` in any (0 where there is none) orders them
    otherwise. Where no field is required, a form that is not `quick` still needs text in one of them.
    """

    SCRIPTS, STYLES = files_of("ask")
    WORDS = (
        "card.less",
        "card.more",
        "common.change_seen",
        "common.change_seen_what",
        "common.share_group",
        "common.shared",
        "common.sharing",
        "common.draft_kept",
        "common.draft_page",
        "connection.unsent",
        "connection.unsent_page",
        "error.letters",
        "error.no_choice",
        "error.no_words",
        "error.too_long",
        *PICKER_WORDS,
    )
    MESSAGES = {"look": SEARCH_MESSAGE}

    box = t.Unicode("ask", help="Where drafts of this question are kept, and where refused words return.").tag(
        sync=True
    )
    kind = t.Unicode("utterance", help="Kind of what is shared.").tag(sync=True)
    about: t.List[Any] = t.List(help="Pairs [relation, id].").tag(sync=True)
    eyebrow = t.Unicode("").tag(sync=True)
    wheel = t.Unicode("", help="engagement, alignment, agreement, or none.").tag(sync=True)
    half = t.Unicode("top", help="Which half of the wheel: top or bottom.").tag(sync=True)
    question = t.Unicode("").tag(sync=True)
    level = t.Int(1, help="1 for the page's one heading, else 2 or 3.").tag(sync=True)
    hint = t.Unicode("").tag(sync=True)
    mean = t.Dict(help="{h, lines}: what we mean by it.").tag(sync=True)
    first = t.Dict(help="{h, text, by}: somebody answered first.").tag(sync=True)
    fields: t.List[Any] = t.List().tag(sync=True)
    choices: t.List[Any] = t.List().tag(sync=True)
    picks: t.List[Any] = t.List().tag(sync=True)
    limit = t.Int(
        0, help="Code points, for a question that names no fields of its own; 0: as many as one text may have."
    )
    button = t.Unicode("").tag(sync=True)
    opener = t.Unicode("", help="The button that opens the form; without one it stands open.").tag(sync=True)
    opened = t.Bool(False, help="Open from the start, for a link that led here; a draft opens it too.").tag(sync=True)
    seen: t.List[Any] = t.List(help="Lines: who will see it.").tag(sync=True)
    seen_by_choice = t.Dict(help="{choice: {value: lines}}: the lines true for the present answer.").tag(sync=True)
    button_by_choice = t.Dict(help="{choice: {value: text}}: what the button says for the present answer.").tag(
        sync=True
    )
    fold_h = t.Unicode("", help="Name of the fold that holds fields and choices with `fold`.").tag(sync=True)
    quick = t.Bool(False, help="No outbox: the same words keep one id until they are answered.").tag(sync=True)
    quiet_button = t.Bool(False, help="Drawn in outline: another button on this page matters more.").tag(sync=True)
    done = t.Unicode("", help='Said instead of "Shared".').tag(sync=True)

    def submit(self, submission: Submission) -> bool | str | None:
        """Pass on the fields that this form has, and reject a text that is longer than its field allows."""
        asked = self.fields or ([] if self.choices or self.picks else [{"key": "text"}])
        limits = {field["key"]: field.get("limit") or 0 for field in asked}
        return super().submit(accept_fields(submission, limits))

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        if self.question and not (self.quick or self.fields or self.choices or self.picks):
            # A question without fields asks for one text; its heading is the label of that field.
            box = {"key": "text", "label": self.question, "quiet": True, "required": True}
            self.fields = [{**box, "limit": self.limit} if self.limit else box]
