"""Start: why we meet and what we can change, from the organiser and from the group; the way in, for a facilitator."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from cowork.context import PageContext
from cowork.core.access.participant_view import ParticipantView
from cowork.core.elements import GROUP_CONTEXT_FIELDS, ORGANISER_CONTEXT_FIELDS
from cowork.core.entries import Actor, Draft
from cowork.core.errors import CoworkError
from cowork.core.fold import fold
from cowork.core.ids import derive_id
from cowork.pages.facilitation.meeting_blocks import meeting_prompt
from cowork.pages.kit.cards import earlier, version
from cowork.pages.kit.fields import draw_fields, field_limits, option_list
from cowork.pages.kit.forms import meaning_lines
from cowork.pages.kit.typed_text import excerpt, lang_of, typed
from cowork.pages.registry import Page, page, pages
from cowork.pages.submissions import submit
from cowork.widgets import CardList, Component, Form, Prose, Rejected, Submission
from cowork.widgets.types import Block, CardItem, ChoiceField, Field, Option

#: How the operator lets other devices in.
COMMAND = "python run.py --host 0.0.0.0"

GROUP_FIELDS = [Field(key=key, label=f"start.label.{key}", rows=3) for key in GROUP_CONTEXT_FIELDS]
ORGANISER_FIELDS = [Field(key=key, label=f"start.label.{key}", rows=2, fold=True) for key in ORGANISER_CONTEXT_FIELDS]


@dataclass
class WaitingEntries:
    """What came without a seal and is shown on this page for a facilitator to settle."""

    ids: tuple[str, ...] = ()


@page("start")
def start(context: PageContext) -> list[Component]:
    """Show the organiser's and the group's own words about this workshop; let the group write and change theirs."""
    t, seen = context.t, context.view
    organiser = Prose(blocks=[])
    group = CardList(wheel="", heading=t("start.group_h"), hint=t("start.group_hint"), level=2)
    write = Form(box="start", level=2, button=t("start.button.keep"), seen=[t("start.seen")])
    # A box stays while its page is open, also when somebody else was first: what is being typed in it must not go.
    offered = [field for field in GROUP_FIELDS if not seen.context_entries(field["key"])]

    def wrote(view: ParticipantView, field: str) -> bool:
        return any(entry.header.by == context.me for entry in view.context_entries(field))

    def render(view: ParticipantView) -> None:
        organiser.blocks = organiser_blocks(context, view)
        group.items = [card for field in GROUP_CONTEXT_FIELDS for card in context_cards(context, view, field)]
        write.fields = draw_fields(context, [field for field in offered if not wrote(view, field["key"])])
        group.empty = "" if write.fields else t("start.empty_group")  # empty boxes say it already

    context.follow(render)
    ours: list[Component] = [group, *([write] if offered else [])]
    if not seen.is_facilitator:
        return [organiser, *ours]
    # What a facilitator comes for stands before what takes a while to write.
    waiting = waiting_form(context)
    return [organiser, *waiting, invitation(context), invite_all(context), *ours, organiser_form(context)]


def organiser_blocks(context: PageContext, view: ParticipantView) -> list[Block]:
    """The page's heading and what the organiser stated, field by field; two at once stand side by side."""
    t = context.t
    blocks: list[Block] = [
        {"eyebrow": t("start.outcome"), "wheel": ""},
        {"h": t("start.h"), "level": 1},
        {"hint": t("start.hint")},
        *meeting_prompt(context, view),
        {"h": t("start.organiser_h"), "level": 2},
    ]
    opened = view.state.opening_entry()
    if opened and opened.data.get("practice"):
        blocks.insert(2, {"p": t("common.example")})
    terms = [
        [t(f"start.label.{field}"), typed(context, entry, str(entry.data["text"]))]
        for field in ORGANISER_CONTEXT_FIELDS
        for entry in view.context_entries(field)
    ]
    blocks.append({"terms": terms} if terms else {"p": t("start.empty")})
    if not context.record.has_key(context.workshop):
        blocks.append({"inset": t("start.copy")})
    blocks.append({"summary": t("start.mean.h"), "lines": meaning_lines(context, "start")})
    return blocks


def context_cards(context: PageContext, view: ParticipantView, field: str) -> list[CardItem]:
    """The group's words of one field as a card that anybody may change; two versions at once are both shown."""
    entries = view.context_entries(field)
    if not entries:
        return []
    newest = entries[-1]
    label = context.t(f"start.label.{field}")
    # Words begun twice at once have two first versions. The card keeps the older one's id: a box open in it stays.
    roots = sorted({root for entry in entries for root in view.state.roots(entry.id)}, key=_order(view))
    versions = {wording.id: wording for root in roots for wording in view.state.history(root)}
    before = view.state.sorted(
        wording for wording in versions.values() if wording not in entries and wording.body is not None
    )
    made: CardItem = {
        "id": roots[0],
        "kind": "context",
        "text": str(newest.data["text"]),
        "label": label,
        "by": view.name_of(newest.header.by),
        "when_text": context.when(newest.header.at_ms),
        "lang": lang_of(newest, str(newest.data["text"])),
        "state": "here" if len(entries) == 1 else "two",
        "note": [label],
        "acts": ["change"] if len(entries) == 1 else ["change", "keep"],
        "seen": [context.t("seen.group")],
        "current": [entry.id for entry in entries],
        "earlier": [earlier(context, wording) for wording in before],
        "fields": [{"key": "text", "label": label, "value": str(newest.data["text"]), "rows": 3}],
    }
    if len(entries) > 1:
        made["versions"] = [version(context, view, wording) for wording in entries]
    return [made]


def _order(view: ParticipantView) -> Callable[[str], Any]:
    return lambda entry_id: view.state.entries[entry_id].header.order


@submit("start", fields=field_limits(GROUP_FIELDS))
def save_context(context: PageContext, submission: Submission) -> None:
    """Write the group's own words, one entry a field, and the organiser's.

    Whoever writes the group's words here had none before them: words that came meanwhile are not replaced by words
    whose writer had not read them. Both stand, and a person settles it.
    """
    seen = context.view
    drafts: list[Draft] = []
    for field in (*GROUP_CONTEXT_FIELDS, *ORGANISER_CONTEXT_FIELDS):
        words = submission.fields.get(field, "").strip()
        if not words:
            continue
        theirs = () if field in GROUP_CONTEXT_FIELDS else seen.context_entries(field)
        before = tuple(("replaces", entry.id) for entry in theirs)
        body = {"field": field, "text": words, "lang": submission.lang}
        how = "facilitator" if field in ORGANISER_CONTEXT_FIELDS else "self"
        kind = "edit" if before else "context"
        drafts.append(Draft(derive_id(submission.id + field), kind, context.me, body, before, how=how))
    if not drafts:
        raise CoworkError("error.no_words")
    context.record.append_many(context.workshop, drafts, Actor(context.me))
    context.feed.poll()


def invitation(context: PageContext) -> Prose:
    """Code, link and a picture of the link, all of which invite and none of which opens anybody's own door.

    A picture stands only where another device can open what is in it; elsewhere words say how to let others in.
    """
    t, code = context.t, context.session.code
    address = address_for_others(context.session.origin if context.session.served else "")
    invitation = os.environ.get("COWORK_INVITATION", "")
    link = f"{address}?{invitation}&w={code}" if invitation else f"{address}?w={code}"
    blocks: list[Block] = [{"h": t("start.way_in_h"), "level": 2}, {"hint": t("start.code_hint")}]
    if not address:
        blocks += [{"code": code}, {"inset": [t("start.in_lab"), t("start.let_in_how", command=COMMAND)]}]
    elif is_this_computer(address):
        served_for_all = bool(os.environ.get("COWORK_ADDRESS"))
        how = t("start.no_network") if served_for_all else t("start.let_in_how", command=COMMAND)
        blocks += [{"link": link, "code": code}, {"inset": [t("start.only_here"), how]}]
    else:
        blocks.append({"qr": {**square(link), "label": t("start.qr_label")}, "link": link, "code": code})
    if address and invitation:
        given = [t("start.link_opens"), t("start.link_joins"), t("start.bar_opens"), t("start.token_opens")]
        blocks.append({"inset": given})
    blocks.append({"hint": t("start.facilitator_hint")})
    return Prose(blocks=blocks)


def address_for_others(origin: str) -> str:
    """Where others find this workbook, without a query: as the server says, or as this browser found it."""
    served = os.environ.get("COWORK_ADDRESS", "")
    return f"{served.rstrip('/')}/" if served else origin


def is_this_computer(address: str) -> bool:
    """Whether an address means, on every device, that device itself."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def square(link: str) -> dict[str, str | int]:
    """The link as the path of a QR code: {path, size, label} in a square of `size` units."""
    import segno

    code = segno.make(link, error="m", micro=False)
    rows = [list(row) for row in code.matrix_iter(border=0)]
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return {"path": path, "size": len(rows)}


def invite_all(context: PageContext) -> Form:
    """Invite everyone to a page: each person chooses to go or stay."""
    t = context.t
    invitable = [target for target in pages().values() if target.is_for_everyone]
    return Form(
        box="invite-all",
        quick=True,
        level=2,
        question=t("start.invite_h"),
        choices=[
            _pages_to_invite_to(context, "page", [target for target in invitable if target.part]),
            _pages_to_invite_to(context, "other", [target for target in invitable if not target.part], fold=True),
        ],
        fold_h=t("start.invite_other"),
        button=t("common.invite_button"),
        quiet_button=True,
    )


def _pages_to_invite_to(context: PageContext, key: str, targets: list[Page], *, fold: bool = False) -> ChoiceField:
    options: list[Option] = [
        {"value": target.key, "label": context.t("start.invite_everyone", page=target.name(context.lang))}
        for target in targets
    ]
    return {"key": key, "legend": "", "options": options, "value": "", "fold": fold}


@submit("invite-all", replay=False)
def send_invitation(context: PageContext, submission: Submission) -> str:
    """Invite everyone to the page that was chosen."""
    wanted = submission.choices.get("other") or submission.choices.get("page", "")
    page = pages().get(str(wanted))
    if page is None or not page.is_for_everyone:
        raise Rejected(context.t("error.no_choice"), "page")
    context.append_draft(Draft(submission.id, "invite", context.me, {"page": page.key}, how="facilitator"))
    return context.t("start.invited", page=page.name(context.lang))


def organiser_form(context: PageContext) -> Form:
    """The organiser's own words, to add to or change at any time."""
    t = context.t
    form = Form(
        box="start-organiser",
        quick=True,
        level=2,
        question=t("start.more"),
        fold_h=t("start.organiser_h"),
        button=t("start.button.keep"),
        quiet_button=True,
        seen=[t("seen.group")],
    )

    def render(view: ParticipantView) -> None:
        # A box nobody has typed in follows the record, so that keeping one field never brings old words back.
        said = {
            field: str(words[-1].data["text"]) if (words := view.context_entries(field)) else ""
            for field in ORGANISER_CONTEXT_FIELDS
        }
        form.fields = draw_fields(context, ORGANISER_FIELDS, said)

    context.follow(render)
    return form


@submit("start-organiser", replay=False)
def change_organiser_context(context: PageContext, submission: Submission) -> None:
    """Write the organiser's words of each field where they differ from what is stated now."""
    view = context.view
    fresh = {
        field: words
        for field, words in submission.fields.items()
        if words.strip() and words.strip() not in [entry.data["text"] for entry in view.context_entries(field)]
    }
    if fresh:
        save_context(context, replace(submission, about=(), fields=fresh, choices={}))


def waiting_form(context: PageContext) -> list[Form]:
    """What was brought in without a seal, for the facilitator to let in or leave out; none where nothing was."""
    t = context.t
    waits = context.record.pending_entries(context.workshop)
    ids = context.page_state(WaitingEntries).ids = tuple(entry.id for entry in waits)
    # As `accept_entries` does: the last version of each text in that copy, none that was private or withdrawn there.
    copy = ParticipantView(
        fold(context.workshop, [*context.record.state(context.workshop).entries.values(), *waits]), ""
    )
    found = [contribution for contribution in copy.contributions() if contribution.id in ids and contribution.text]
    if not found:
        return []
    options = option_list(context, [("in", "start.let_in"), ("out", "start.leave_out")])
    form = Form(
        box="waiting",
        quick=True,
        level=2,
        question=t("start.waiting", n=len(found)),
        hint=t("start.waiting_hint"),
        mean={"h": t("common.wrote_h"), "lines": [excerpt(context, contribution, 500) for contribution in found]},
        choices=[ChoiceField(key="what", legend="", options=options, value="")],
        button=t("start.button.keep"),
    )
    return [form]


@submit("waiting", replay=False)
def settle_waiting(context: PageContext, submission: Submission) -> None:
    """Accept or reject the entries that this page has shown: never others, which came meanwhile."""
    ids = context.page_state(WaitingEntries).ids
    if submission.choices.get("what") == "in":
        context.record.accept_entries(context.workshop, ids, Actor(context.me))
    elif submission.choices.get("what") == "out":
        context.record.reject_entries(context.workshop, ids, Actor(context.me))
    else:
        raise CoworkError("error.no_choice")
    context.feed.poll()
