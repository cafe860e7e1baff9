"""Words that a device kept for a page that is not open: their handler is found by their box, and nothing is drawn."""

from __future__ import annotations

import re
from collections.abc import Callable

from cowork.context import PageContext
from cowork.pages import submissions
from cowork.pages.kit.actions import dispatch
from cowork.pages.registry import pages
from cowork.widgets import Submission


def replay_unsent(make_context: Callable[[str], PageContext], page: str, submission: Submission) -> str | bool | None:
    """Hand kept words to the handler of their form, or to the action of their card.

    `make_context` gives the context of a page by its key; `page` is the one that is open.
    """
    key = re.split("[:@]", submission.box)[0]
    rule = submissions.find_rule(submission.box)
    if rule is None and key in pages():
        # Its page has set a handler on the form itself. Without it the words would be written as talk.
        raise RuntimeError(f"no @submit({key!r}): the words wait on the device until that page is open")
    context = make_context(key if key in pages() else page)
    if rule is not None and rule.replay:
        return submissions.replay(context, submission)
    return dispatch(context, submission)
