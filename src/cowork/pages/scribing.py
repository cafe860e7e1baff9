"""Writing for somebody: while a scribe has chosen a person, what is written on this device is entered for them."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from cowork.core.entries import Entry
from cowork.core.may import writes_for
from cowork.core.seen import Contribution, Seen
from cowork.pages.signatures import GROUPS, spoken
from cowork.widgets import Ask
from cowork.workbook import Here

#: Kinds of words that are read back to the one who said them; views and understandings have a question of their own.
READ_BACK = ("intention", "asset", "need", "utterance", "interpretation")

#: Fewer words than this are alike by chance.
FEWEST_WORDS = 3


def banner(here: Here) -> Ask:
    """Stands above every page while it lasts: for whom the words are, and the way out of it."""
    who = spoken(here, here.seen, here.writing_for)
    bar = Ask(
        box="people-stop",
        quick=True,
        level=2,
        question=here.say("scribing.now", name=who),
        hint=here.say("scribe.hint"),
        button=here.say("scribing.stop"),
        quiet_button=True,
    )

    def stop(sent: Any) -> None:
        here.visit.write_for("")
        here.visit.go(here.page, here.at)

    bar.on_shared(stop)
    return bar


def choices(here: Here) -> list[dict[str, Any]]:
    """Two questions under every box a scribe writes in: how close the words are, and whether they were read back."""
    if not here.writing_for:
        return []
    say = here.say
    return [
        {
            "key": "fidelity",
            "legend": say("scribe.fidelity.h"),
            "options": [
                {"value": "exact-words", "label": say("scribe.fidelity.exact")},
                {"value": "in-short", "label": say("scribe.fidelity.short")},
            ],
            "value": "in-short",
        },
        {
            "key": "read_back",
            "once": True,  # each text is read back or it is not
            "legend": say("scribe.back.h"),
            "hint": say("scribe.back.hint"),
            "options": [
                {"value": "yes", "label": say("scribe.back.yes")},
                {"value": "no", "label": say("scribe.back.not_now")},
            ],
            "value": "no",
        },
    ]


# ---- on a card


def entered(here: Here, seen: Seen, c: Contribution) -> list[str]:
    """For whom words were entered, by whom, how close they are, and whether they were read back."""
    data = c.entry.data
    name, group = seen.signed(c)[0], seen.state.person(c.author).get("group")
    if name:
        found = [here.say("common.entered_for", name=name)]
    else:  # also where somebody does not want a name beside these words
        found = [here.say(f"scribe.entered_{group if group in GROUPS else 'unnamed'}")]
    writer = seen.name(str(data.get("written_by", "")))
    if writer:
        found.append(here.say("common.written_down_by", name=writer))
    if not c.text:
        return found
    close = {"exact-words": "exact", "in-short": "short"}.get(str(data.get("fidelity")))
    if close:
        found.append(here.say(f"scribe.fidelity.{close}"))
    back = read_back(seen, c)
    found.append(here.say("scribe.back.done", date=here.when(back)) if back else here.say("scribe.back.not_now"))
    return found


def read_back(seen: Seen, c: Contribution) -> int:
    """When the words that stand now were read back to the one who said them, or 0: as they were written, or later."""
    if c.entry.data.get("read_back"):
        return c.entry.header.at_ms
    state = seen.state
    for entry_id in state.about(c.entry.id, "checks"):
        check = state.entries[entry_id]
        stands = check.id in {e.id for e in state.current(state.root(check.id))}
        yes = check.header.by == c.author and check.data.get("result") == "yes"
        if yes and stands and not state.withdrawals(state.root(check.id)):
            return check.header.at_ms
    return 0


def read_act(here: Here, seen: Seen, c: Contribution) -> dict[str, Any] | None:
    """ "Yes, those are my words": pressed by the one who said them, or by the scribe who has just read them aloud."""
    state = seen.state
    if c.kind not in READ_BACK or c.entry.header.how != "scribe" or not c.text or read_back(seen, c):
        return None
    if state.entries[c.id].targets("sees-in") or state.person(c.author).get("group") == "unknown":
        return None
    for_them = seen.scribe and writes_for(state, c.author) and here.voice in (here.me, c.author)
    if not for_them and not (c.mine and not here.writing_for):
        return None
    name = seen.signed(c)[0] if c.author != here.me else ""
    return {
        "name": "read-back",
        "label": here.say("scribe.back.says", name=name) if name else here.say("scribe.back.yes"),
        "kind": "check",
        "about": [["checks", c.entry.id]],
        "choices": {"result": "yes", **({"for": c.author} if c.author != here.me else {})},
    }


_Alike = dict[tuple[str, str, str], set[tuple[str, str]]]
_found: WeakKeyDictionary[Seen, tuple[int, _Alike]] = WeakKeyDictionary()


def alike(seen: Seen, c: Contribution) -> bool:
    """True where two people entered the same words in one session: both are kept, and a person sees that."""
    state = seen.state
    if _found.get(seen, (-1, {}))[0] != state.applied:
        _found[seen] = (state.applied, _index(seen))
    others = _found[seen][1].get(_key(c), set())
    return c.standing == "here" and len({writer for _, writer in others if writer != _writer(c.entry)}) > 0


def _index(seen: Seen) -> _Alike:
    """Where words were entered for somebody: (kind, session, words) -> {(contribution, who wrote it down)}."""
    state = seen.state
    scribed = [e for e in state.entries.values() if e.header.how == "scribe" and e.kind in READ_BACK]
    found: _Alike = {}
    for kind in {e.kind for e in scribed}:
        for entry_id in state.by_kind.get(kind, ()):
            if state.entries[entry_id].header.how == "import":
                continue
            c = seen.of_id(entry_id)
            if c is not None and c.standing == "here" and len(_words(c.text)) >= FEWEST_WORDS:
                found.setdefault(_key(c), set()).add((c.id, _writer(c.entry)))
    by_scribe = {e.id for e in scribed}
    return {key: held for key, held in found.items() if any(root in by_scribe for root, _ in held)}


def _key(c: Contribution) -> tuple[str, str, str]:
    return c.kind, c.first.header.episode, " ".join(_words(c.text))


def _words(text: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in text.casefold()).split()


def _writer(entry: Entry) -> str:
    return str(entry.data.get("written_by") or entry.header.by)
