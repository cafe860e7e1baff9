"""Start: why we meet and what we can change, from the organiser and from the group; the way in, for a facilitator."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from cowork.context import PageContext, to_rejection
from cowork.core.access.participant_view import ParticipantView
from cowork.core.elements import CONTEXT_GROUP, CONTEXT_ORGANISER
from cowork.core.entries import Actor, Draft
from cowork.core.errors import CoworkError
from cowork.core.fold import fold
from cowork.core.ids import derived
from cowork.pages.facilitation.meeting_blocks import ask_how
from cowork.pages.kit.cards import earlier, version
from cowork.pages.kit.forms import meaning_lines
from cowork.pages.kit.typed_text import lang_of, typed
from cowork.pages.registry import page, pages
from cowork.text.format import shorten
from cowork.widgets import CardList, Form, Prose, Submission

#: How the operator lets other devices in.
COMMAND = "python run.py --host 0.0.0.0"


@page("start")
def start(context: PageContext) -> list[Any]:
    """Show the organiser's and the group's own words about this workshop; let the group write and change theirs."""
    say, seen = context.t, context.view
    organiser = Prose(blocks=[])
    group = CardList(
        wheel="",
        heading=say("start.group_h"),
        hint=say("start.group_hint"),
        level=2,
    )
    write = Form(
        box="start",
        level=2,
        button=say("start.button.keep"),
        seen=[say("start.seen")],
    )
    write.on_submit(lambda submission: save_context(context, submission))
    # A box stays while its page is open, also when somebody else was first: what is being typed in it must not go.
    offered = [f for f in CONTEXT_GROUP if context.unseen or not seen.context(f)]

    def tell(view: ParticipantView) -> None:
        organiser.blocks = organiser_blocks(context, view)
        group.items = [c for field in CONTEXT_GROUP for c in context_cards(context, view, field)]
        mine = [f for f in CONTEXT_GROUP if any(entry.header.by == context.me for entry in view.context(f))]
        boxes = [f for f in offered if f not in mine]
        write.fields = [{"key": f, "label": say(f"start.label.{f}"), "rows": 3} for f in boxes]
        group.empty = "" if boxes else say("start.empty_group")  # empty boxes say it already

    context.follow(tell)
    ours: list[Any] = [group, *([write] if offered else [])]
    if not seen.facilitator:
        return [organiser, *ours]
    # What a facilitator comes for stands before what takes a while to write.
    return [organiser, *waiting(context), way_in(context), *invite_all(context), *ours, *organiser_forms(context)]


def organiser_blocks(context: PageContext, view: ParticipantView) -> list[dict[str, Any]]:
    """The page's heading and what the organiser stated, field by field; two at once stand side by side."""
    say = context.t
    blocks: list[dict[str, Any]] = [
        {"eyebrow": say("start.outcome"), "wheel": ""},
        {"h": say("start.h"), "level": 1},
        {"hint": say("start.hint")},
        *ask_how(context, view),
        {"h": say("start.organiser_h"), "level": 2},
    ]
    opened = view.state.opened()
    if opened and opened.data.get("practice"):
        blocks.insert(2, {"p": say("common.example")})
    terms = [
        [say(f"start.label.{field}"), typed(context, entry, str(entry.data["text"]))]
        for field in CONTEXT_ORGANISER
        for entry in view.context(field)
    ]
    blocks.append({"terms": terms} if terms else {"p": say("start.empty")})
    if not context.record.has_key(context.workshop):
        blocks.append({"inset": say("start.copy")})
    blocks.append({"summary": say("start.mean.h"), "lines": meaning_lines(context, "start")})
    return blocks


def context_cards(context: PageContext, view: ParticipantView, field: str) -> list[dict[str, Any]]:
    """The group's words of one field as a card that anybody may change; two versions at once are both shown."""
    entries = view.context(field)
    if not entries:
        return []
    newest = entries[-1]
    label = context.t(f"start.label.{field}")
    # Words begun twice at once have two first versions. The card keeps the older one's id: a box open in it stays.
    roots = sorted({root for entry in entries for root in view.state.roots(entry.id)}, key=_order(view))
    versions = {v.id: v for root in roots for v in view.state.history(root)}
    before = view.state.sorted(v for v in versions.values() if v not in entries and v.body is not None)
    made: dict[str, Any] = {
        "id": roots[0],
        "kind": "context",
        "text": str(newest.data["text"]),
        "label": label,
        "by": view.name(newest.header.by),
        "when_text": context.when(newest.header.at_ms),
        "lang": lang_of(newest, str(newest.data["text"])),
        "state": "here" if len(entries) == 1 else "two",
        "note": [label],
        "acts": ["change"] if len(entries) == 1 else ["change", "keep"],
        "seen": [context.t("seen.group")],
        "current": [entry.id for entry in entries],
        "earlier": [earlier(context, v) for v in before],
        "fields": [{"key": "text", "label": label, "value": str(newest.data["text"]), "rows": 3}],
    }
    if len(entries) > 1:
        made["versions"] = [version(context, view, v) for v in entries]
    return [made]


def _order(view: ParticipantView) -> Callable[[str], Any]:
    return lambda entry_id: view.state.entries[entry_id].header.order


def save_context(context: PageContext, submission: Submission) -> None:
    """Write the group's own words, one entry a field, and the organiser's.

    Whoever writes the group's words here had none before them: words that came meanwhile are not replaced by words
    whose writer had not read them. Both stand, and a person settles it.
    """
    seen = context.view
    drafts: list[Draft] = []
    for field in (*CONTEXT_GROUP, *CONTEXT_ORGANISER):
        words = submission.fields.get(field, "").strip()
        if not words:
            continue
        theirs = () if field in CONTEXT_GROUP else seen.context(field)
        before = tuple(("replaces", entry.id) for entry in theirs)
        body = {"field": field, "text": words, "lang": submission.lang}
        how = "facilitator" if field in CONTEXT_ORGANISER else "self"
        kind = "edit" if before else "context"
        drafts.append(Draft(derived(submission.id + field), kind, context.me, body, before, how=how))
    if not drafts:
        raise CoworkError("error.no_words")
    context.record.append_many(context.workshop, drafts, Actor(context.me))
    context.feed.poll()


def way_in(context: PageContext) -> Prose:
    """Code, link and a picture of the link, all of which invite and none of which opens anybody's own door.

    A picture stands only where another device can open what is in it; elsewhere words say how to let others in.
    """
    say, code = context.t, context.session.code
    address = address_for_others(context.session.origin if context.session.shell.base else "")
    invitation = os.environ.get("COWORK_INVITATION", "")
    link = f"{address}?{invitation}&w={code}" if invitation else f"{address}?w={code}"
    blocks: list[dict[str, Any]] = [{"h": say("start.way_in_h"), "level": 2}, {"hint": say("start.code_hint")}]
    if not address:
        blocks += [{"code": code}, {"inset": [say("start.in_lab"), say("start.let_in_how", command=COMMAND)]}]
    elif is_this_computer(address):
        served_for_all = bool(os.environ.get("COWORK_ADDRESS"))
        how = say("start.no_network") if served_for_all else say("start.let_in_how", command=COMMAND)
        blocks += [{"link": link, "code": code}, {"inset": [say("start.only_here"), how]}]
    else:
        blocks.append({"qr": {**square(link), "label": say("start.qr_label")}, "link": link, "code": code})
    if address and invitation:
        given = [say("start.link_opens"), say("start.link_joins"), say("start.bar_opens"), say("start.token_opens")]
        blocks.append({"inset": given})
    blocks.append({"hint": say("start.facilitator_hint")})
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


def square(link: str) -> dict[str, Any]:
    """The link as the path of a QR code: {path, size, label} in a square of `size` units."""
    import segno

    code = segno.make(link, error="m", micro=False)
    rows = [list(row) for row in code.matrix_iter(border=0)]
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return {"path": path, "size": len(rows)}


def invite_all(context: PageContext) -> list[Any]:
    """Invite everyone to a page: each person chooses to go or stay."""
    say = context.t
    invite = Form(
        box="invite-all",
        quick=True,
        level=2,
        question=say("start.invite_h"),
        choices=[
            {
                "key": "page",
                "legend": "",
                "options": [
                    {"value": p.key, "label": say("start.invite_everyone", page=p.name(context.lang))}
                    for p in pages().values()
                    if p.part
                ],
                "value": "",
            }
        ],
        button=say("common.invite_button"),
        quiet_button=True,
    )

    def send(submission: Submission) -> str:
        wanted = submission.choices.get("page", "")
        if wanted not in pages():
            raise to_rejection(CoworkError("error.no_choice"), context.lang, "page")
        context.append_draft(Draft(submission.id, "invite", context.me, {"page": wanted}, how="facilitator"))
        return str(say("start.invited", page=pages()[str(wanted)].name(context.lang)))

    invite.on_submit(send)
    return [invite]


def organiser_forms(context: PageContext) -> list[Any]:
    """The organiser's own words, to add to or change at any time."""
    say = context.t
    form = Form(
        box="start-organiser",
        quick=True,
        level=2,
        question=say("start.more"),
        fold_h=say("start.organiser_h"),
        button=say("start.button.keep"),
        quiet_button=True,
        seen=[say("seen.group")],
    )

    def tell(view: ParticipantView) -> None:
        # A box nobody has typed in follows the record, so that keeping one field never brings old words back.
        said = {f: str(words[-1].data["text"]) if (words := view.context(f)) else "" for f in CONTEXT_ORGANISER}
        form.fields = [
            {"key": f, "label": say(f"start.label.{f}"), "rows": 2, "fold": True, "value": said[f]}
            for f in CONTEXT_ORGANISER
        ]

    context.follow(tell)

    def change(submission: Submission) -> None:
        now = context.view
        fresh = {
            f: words
            for f, words in submission.fields.items()
            if words.strip() and words.strip() not in [e.data["text"] for e in now.context(f)]
        }
        if fresh:
            save_context(context, replace(submission, about=(), fields=fresh, choices={}))

    form.on_submit(change)
    return [form]


def waiting(context: PageContext) -> list[Any]:
    """What was brought in without a seal, for the facilitator to let in or leave out."""
    say = context.t
    waits = context.record.waiting(context.workshop)
    ids = [e.id for e in waits]
    # As `let_in` does: words as they last stood in that copy, and none that were kept private or taken back there.
    copy = ParticipantView(
        fold(context.workshop, [*context.record.state(context.workshop).entries.values(), *waits]), ""
    )
    found = [c for c in copy.contributions() if c.id in ids and c.text]
    if not found:
        return []
    form = Form(
        box="waiting",
        quick=True,
        level=2,
        question=say("start.waiting", n=len(found)),
        hint=say("start.waiting_hint"),
        mean={"h": say("common.wrote_h"), "lines": [typed(context, c.entry, shorten(c.text, 500)) for c in found]},
        choices=[
            {
                "key": "what",
                "legend": "",
                "value": "",
                "options": [
                    {"value": "in", "label": say("start.let_in")},
                    {"value": "out", "label": say("start.leave_out")},
                ],
            }
        ],
        button=say("start.button.keep"),
    )

    def settle(submission: Submission) -> None:
        if submission.choices.get("what") == "in":
            context.record.let_in(context.workshop, ids, Actor(context.me))
        elif submission.choices.get("what") == "out":
            context.record.leave_out(context.workshop, ids, Actor(context.me))
        else:
            raise CoworkError("error.no_choice")
        context.feed.poll()

    form.on_submit(settle)
    return [form]
