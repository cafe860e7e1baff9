"""Making a page: its function draws the components, and each is bound to this visitor and to its handler."""

from __future__ import annotations

import logging
from functools import partial

from cowork import text
from cowork.context import PageContext
from cowork.pages.kit.actions import announce_talk, dispatch
from cowork.pages.kit.allowed_widgets import shown_or_named
from cowork.pages.kit.cards import make_card
from cowork.pages.registry import Page
from cowork.pages.session.visitor import Visitor
from cowork.pages.submissions import find_rule, submit_form
from cowork.widgets import CardList, Component, Form, Prose

log = logging.getLogger("cowork.pages")


def make_page(visitor: Visitor, page: Page, context: PageContext) -> list[Component]:
    """The components of a page. Where its function fails, a sentence says so and the other pages go on working."""
    try:
        parts = [shown_or_named(page.key, part, context.lang) for part in page.make(context)]
    except Exception as error:
        log.error("the page %s stopped", page.key, exc_info=error)
        context.dispose()
        words = text.translate("error.page", context.lang)
        parts = [Prose(blocks=[{"h": words, "level": 1}])]
    for part in parts:
        if isinstance(part, Component):
            _bind_to_visitor(visitor, page, context, part)
            _bind_submit(context, part)
    if card_lists := [part for part in parts if isinstance(part, CardList)]:
        context.follow(partial(announce_talk, context, card_lists))
    return parts


def _bind_to_visitor(visitor: Visitor, page: Page, context: PageContext, part: Component) -> None:
    shell = visitor.shell
    part.lang, part.scope, part.me = visitor.lang, shell.scope, shell.me
    part.notebook = shell.notebook
    if isinstance(part, Form) and part.box == Form.box.default_value:
        part.box = page.key  # its drafts and unsent words find their way back by it
    if context.writing_for and not getattr(part, "box", "").startswith("people"):
        part.voice = context.writing_for
        if isinstance(part, Form):  # a draft for one person is never shared in the name of another
            part.box = f"{part.box}@{context.writing_for}"
    if isinstance(part, CardList):
        part.make_cards_by(lambda found: make_card(context, context.view, found))


def _bind_submit(context: PageContext, part: Component) -> None:
    """Let the registered handlers receive what is submitted, where the page has set none on the component."""
    if part.has_submit_handler:
        return
    if isinstance(part, CardList):
        part.on_submit(lambda submission: dispatch(context, submission, from_page=True))
    elif isinstance(part, Form) and find_rule(part.box):
        # Its box is read at each press: the name may follow what the form is about.
        part.on_submit(lambda submission: submit_form(context, part.box, submission))
