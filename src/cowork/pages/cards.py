"""A contribution as the card that shows it: plain data for a wall, with nothing in it the reader may not see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from cowork.core.elements import ANSWERS
from cowork.core.entries import Entry
from cowork.core.seen import Contribution, Seen
from cowork.pages import scribing
from cowork.pages.signatures import signature
from cowork.pages.threads import thread, trace_link, use_link
from cowork.pages.typed import Line, lang_of, say_with, typed
from cowork.text.format import clock, short
from cowork.text.labels import FIELD_LABELS
from cowork.workbook import Here

Card = dict[str, Any]

#: What the box is called in which words of a kind are changed.
LABELS = {
    "intention": "intention.label.why",
    "utterance": "dialogue.label.say",
    "asset": "assets.label.offer",
    "need": "assets.label.need",
    "view": "documentation.label.view",
    "interpretation": "interpretation.label.me",
    "understanding": "understanding.label.we",
    "reservation": "reservation.label.worry",
}


def card(here: Here, seen: Seen, c: Contribution, **how: Any) -> Card:
    """One card; `how` as in `_made`. One to which a page adds nothing is kept until something may have changed it."""
    if how:
        return _made(here, seen, c, **how)
    # A copy, for a page that adds to it; what stands inside is shared, and nobody changes that. Cards say "today".
    return dict(here.kept.of(seen.state, c.id, "card", lambda: _made(here, seen, c), when=date.today()))


def _made(
    here: Here,
    seen: Seen,
    c: Contribution,
    *,
    answers: bool = True,
    deep: int = 0,
    acts_first: Sequence[Any] = (),
    **more: Any,
) -> Card:
    """A card. `answers` nests the talk about it, at most three deep (then each stands on the Dialogue page).

    A page puts its own acts first, and adds what its cards show beside the words (`points`, `tally`, `tag` …).
    """
    root = c.id
    newest = c.entry
    made: Card = {
        "id": root,
        "kind": c.kind,
        "text": c.text,
        "more": _more(here, c),
        "by": signature(here, seen, c),
        "when": _iso(newest),
        "when_text": here.when(newest.header.at_ms),
        "lang": lang_of(newest, c.text),
        "mine": c.mine,
        "state": c.standing,
        "note": notes(here, seen, c),
        "current": [v.id for v in c.versions],
        "talk_rel": "answers" if c.kind == "utterance" else "talks-about",
        "earlier": [earlier(here, v) for v in c.earlier],
        "talked": [talked_line(here, mark) for mark in seen.talked_about(root)],
        "acts": [*(acts_first if c.standing == "here" and not only_reads(seen) else ()), *acts(here, seen, c)],
        **thread(here, seen, c),
        **more,
    }
    if newest.said_ms is not None:
        made["said"] = clock(newest.said_ms)
    if c.standing == "taken":
        made["lifts"] = [w.id for w in seen.state.withdrawals(root)]
    elif c.standing == "hidden":
        made["lifts"] = [hide.id for hide in seen.state.hides(root)]
    if len(c.versions) > 1 and c.standing == "here":
        made["state"] = "two"
        made["versions"] = [version(here, seen, v) for v in c.versions]
    if "change" in made["acts"]:
        made["fields"] = change_fields(here, c)
        made["seen"] = seen_lines(here, seen, newest)
    if answers and deep < 3:
        made["answers"] = [card(here, seen, a, deep=deep + 1) for a in seen.said_about(root)]
    return made


def version(here: Here, seen: Seen, entry: Entry) -> dict[str, str]:
    """One of several versions that stand side by side until a person settles them."""
    return {"id": entry.id, **earlier(here, entry), "by": seen.name(entry.header.by)}


def earlier(here: Here, entry: Entry) -> dict[str, str]:
    """The words of a version and when they were written."""
    words = str(entry.data.get("text", ""))
    return {"text": words, "lang": lang_of(entry, words), "when_text": here.when(entry.header.at_ms)}


def acts(here: Here, seen: Seen, c: Contribution) -> list[Any]:
    """What this reader may press on this card. The record decides again when they do."""
    found: list[Any] = []
    if c.kind == "talked":
        return ["undo-talked"] if c.mine else []
    if c.standing == "here" and not only_reads(seen):
        private = c.entry.header.seen_by == "only-me"
        if private:
            # A new version with the same words, for more eyes; the one kept to oneself stays nobody else's.
            found.append(
                {
                    "name": "share",
                    "label": here.say("card.share_now"),
                    "kind": "edit",
                    "about": [["replaces", v.id] for v in c.versions],
                    "fields": {"text": c.text, **_more_words(c.entry)},
                    "choices": {"seen": "group"},
                }
            )
        else:
            found.append("talk")
            if seen.scribe:
                found.append("talked")
        if not private:
            found += [link for link in (use_link(here, c), trace_link(here, seen, c)) if link]
        back = scribing.read_act(here, seen, c)
        if back:
            found.append(back)
        if here.speaks_for(c.author) and (c.mine or c.first.header.how == "scribe"):
            # Some words are changed by a question of their own: a choice answered anew, a proposal in a new round.
            plain = c.kind not in ANSWERS and c.kind not in ("proposal", "outcome", "image")
            found += [*(["keep"] if len(c.versions) > 1 and plain else []), *(["change"] if plain else [])]
            found += ["take", "erase"]
        elif seen.facilitator:
            found.append("hide")
            if c.first.header.how in ("import", "scribe"):
                found.append("erase")
    elif c.standing == "taken":
        found += ["put", "erase"]
    elif c.standing == "hidden":
        if seen.facilitator:
            found.append("show")
        if c.mine:
            found += ["change", "take", "erase"]
    return found


def seen_lines(here: Here, seen: Seen, entry: Entry) -> list[str]:
    """Who will see a new wording: whoever sees this one."""
    if entry.header.seen_by == "only-me":
        return [here.say("seen.me")]
    if entry.header.seen_by == "group-from-reveal" and not Seen(seen.state, "").sees_version(entry):
        return [here.say("card.reveal_wait"), here.say("seen.back")]
    return [here.say("seen.group"), here.say("seen.back")]


def only_reads(seen: Seen) -> bool:
    """True for an observer, who is offered nothing to write."""
    return "observer" in seen.roles and not seen.facilitator


def notes(here: Here, seen: Seen, c: Contribution) -> list[Line]:
    """Lines under the words: who sees them, how they came, whether they changed, why they are hidden."""
    found: list[Line] = []
    entry = c.entry
    if c.standing == "taken":
        found.append(here.say("back.taken"))
    elif c.standing == "hidden":
        found += _hidden(here, seen, c)
    elif entry.header.seen_by == "only-me":
        found.append(here.say("card.private"))
    elif entry.header.seen_by == "group-from-reveal" and not Seen(seen.state, "").sees_version(entry):
        found.append(here.say("card.reveal_wait"))
    if entry.header.how == "scribe":
        found += scribing.entered(here, seen, c)
    elif entry.data.get("fidelity") == "imported":
        found.append(here.say("scribe.fidelity.imported"))
    if c.earlier and entry.header.seen_by != "only-me":
        found.append(here.say("common.changed_on", date=here.when(entry.header.at_ms)))
    if scribing.alike(seen, c):
        found.append(here.say("scribe.same"))
    return found


def _hidden(here: Here, seen: Seen, c: Contribution) -> list[Line]:
    hide = seen.state.hides(c.id)[-1]
    reason = reason_of(here, seen, hide)
    if not c.mine:
        return [here.say("card.hidden_by_you") if hide.header.by == seen.viewer else here.say("hide.others")]
    who = seen.name(hide.header.by) or here.say("who.facilitator")
    found: list[Line] = [
        here.say("hide.author.h"),
        here.say("hide.author.1", name=who, date=here.when(hide.header.at_ms)),
    ]
    if reason:
        found.append(say_with(here, "hide.author.reason", "reason", reason))
    else:
        found.append(here.say("hide.author.no_reason"))
    return found


def reason_of(here: Here, seen: Seen, hide: Entry) -> Line:
    """The reason for hiding as last given."""
    said = [v for v in seen.state.history(hide.id) if v.kind in ("hide", "edit") and v.data.get("text")]
    return typed(here, said[-1], str(said[-1].data["text"])) if said else ""


def talked_line(here: Here, mark: Entry) -> str:
    return here.say("dialogue.talked_mark", date=here.when(mark.header.at_ms))


def about_line(here: Here, seen: Seen, c: Contribution) -> Line:
    """The words an utterance is about, cut short, or that they are not shown."""
    targets = [t for r, t in c.first.header.about if r in ("talks-about", "answers")]
    if not targets:
        return ""
    found = seen.of_id(targets[0])
    if found is None or found.standing != "here":
        return here.say("dialogue.about_none")
    return typed(here, found.entry, short(found.text, 140))


def change_fields(here: Here, c: Contribution) -> list[dict[str, Any]]:
    """The boxes in which its author changes these words, filled with what stands there now."""
    more = _more_words(c.entry)
    label = LABELS.get(c.kind)
    fields = [
        {
            "key": "text",
            "label": here.say(label) if label else here.say("common.change"),
            "value": c.text,
            "rows": 4,
        }
    ]
    if c.kind == "intention":
        value = more.get("hope", "")
        fields.append({"key": "hope", "label": here.say("intention.label.hope"), "value": value, "rows": 2})
    return fields


def _more_words(entry: Entry) -> dict[str, str]:
    more = entry.data.get("more")
    return {str(key): str(words) for key, words in more.items()} if isinstance(more, dict) else {}


def _more(here: Here, c: Contribution) -> list[dict[str, str]]:
    """Further fields of a card, each in its own language: an Arabic hope may stand under English words."""
    return [
        {
            "label": here.say(FIELD_LABELS[key]) if key in FIELD_LABELS else key,
            "text": words,
            "lang": lang_of(c.entry, words),
        }
        for key, words in _more_words(c.entry).items()
        if words
    ]


def _iso(entry: Entry) -> str:
    return datetime.fromtimestamp(entry.header.at_ms / 1000, tz=UTC).isoformat()
