"""Writing for somebody: while a scribe has chosen a person, what is written on this device is entered for them."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from cowork.context import PageContext
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.access.permissions import accepts_scribe
from cowork.core.entries import Entry
from cowork.pages.kit.fields import option_list
from cowork.pages.kit.signatures import GROUPS, spoken
from cowork.widgets.types import Action, ChoiceField

#: Kinds of words that are read back to the one who said them; views and understandings have a question of their own.
READ_BACK_CHOICES = ("intention", "asset", "need", "utterance", "interpretation")

#: Fewer words than this are alike by chance.
FEWEST_WORDS = 3


def reminder(context: PageContext) -> str:
    """For whom the words on this page are, as it stands in view on every page meanwhile; "" for oneself."""
    if not context.writing_for:
        return ""
    return context.t("scribing.now", name=spoken(context, context.view, context.writing_for))


def choices(context: PageContext) -> list[ChoiceField]:
    """Two questions under every box a scribe writes in: how close the words are, and whether they were read back."""
    if not context.writing_for:
        return []
    t = context.t
    return [
        {
            "key": "fidelity",
            "legend": t("scribe.fidelity.h"),
            "hint": t("scribe.hint"),
            "options": option_list(
                context, [("exact-words", "scribe.fidelity.exact"), ("in-short", "scribe.fidelity.short")]
            ),
            "value": "in-short",
        },
        {
            "key": "read_back",
            "once": True,  # each text is read back or it is not
            "legend": t("scribe.back.h"),
            "hint": t("scribe.back.hint"),
            "options": option_list(context, [("yes", "scribe.back.yes"), ("no", "scribe.back.not_now")]),
            "value": "no",
        },
    ]


# ---- on a card


def entered(context: PageContext, view: ParticipantView, contribution: Contribution) -> list[str]:
    """For whom words were entered, by whom, how close they are, and whether they were read back."""
    data = contribution.entry.data
    name, group = view.signature_of(contribution)[0], view.state.profile(contribution.author).get("group")
    if name:
        found = [context.t("common.entered_for", name=name)]
    else:  # also where somebody does not want a name beside these words
        found = [context.t(f"scribe.entered_{group if group in GROUPS else 'unnamed'}")]
    writer = view.name_of(str(data.get("written_by", "")))
    if writer:
        found.append(context.t("common.written_down_by", name=writer))
    if not contribution.text:
        return found
    close = {"exact-words": "exact", "in-short": "short"}.get(str(data.get("fidelity")))
    if close:
        found.append(context.t(f"scribe.fidelity.{close}"))
    back = read_back(view, contribution)
    found.append(context.t("scribe.back.done", date=context.when(back)) if back else context.t("scribe.back.not_now"))
    return found


def read_back(view: ParticipantView, contribution: Contribution) -> int:
    """When the words that stand now were read back to the one who said them, or 0: as they were written, or later."""
    if contribution.entry.data.get("read_back"):
        return contribution.entry.header.at_ms
    state = view.state
    for entry_id in state.references_to(contribution.entry.id, "checks"):
        check = state.entries[entry_id]
        stands = check.id in {entry.id for entry in state.current(state.root(check.id))}
        yes = check.header.by == contribution.author and check.data.get("result") == "yes"
        if yes and stands and not state.withdrawals(state.root(check.id)):
            return check.header.at_ms
    return 0


def read_act(context: PageContext, view: ParticipantView, contribution: Contribution) -> Action | None:
    """ "Yes, those are my words": pressed by the one who said them, or by the scribe who has just read them aloud."""
    state = view.state
    if (
        contribution.kind not in READ_BACK_CHOICES
        or contribution.entry.header.how != "scribe"
        or not contribution.text
        or read_back(view, contribution)
    ):
        return None
    if (
        state.entries[contribution.id].targets("sees-in")
        or state.profile(contribution.author).get("group") == "unknown"
    ):
        return None
    for_them = (
        view.is_scribe
        and accepts_scribe(state, contribution.author)
        and context.author in (context.me, contribution.author)
    )
    if not for_them and not (contribution.is_mine and not context.writing_for):
        return None
    name = view.signature_of(contribution)[0] if contribution.author != context.me else ""
    return {
        "name": "read-back",
        "label": context.t("scribe.back.says", name=name) if name else context.t("scribe.back.yes"),
        "kind": "check",
        "about": [["checks", contribution.entry.id]],
        "choices": {"result": "yes", **({"for": contribution.author} if contribution.author != context.me else {})},
    }


_Alike = dict[tuple[str, str, str], set[tuple[str, str]]]
_found: WeakKeyDictionary[ParticipantView, tuple[int, _Alike]] = WeakKeyDictionary()


def alike(view: ParticipantView, contribution: Contribution) -> bool:
    """True where two people entered the same words in one session: both are kept, and a person sees that."""
    state = view.state
    if _found.get(view, (-1, {}))[0] != state.applied_count:
        _found[view] = (state.applied_count, _index(view))
    others = _found[view][1].get(_key(contribution), set())
    return contribution.is_active and len({writer for _, writer in others if writer != _writer(contribution.entry)}) > 0


def _index(view: ParticipantView) -> _Alike:
    """Where words were entered for somebody: (kind, session, words) -> {(contribution, who wrote it down)}."""
    state = view.state
    scribed = [
        entry for entry in state.entries.values() if entry.header.how == "scribe" and entry.kind in READ_BACK_CHOICES
    ]
    found: _Alike = {}
    for kind in {entry.kind for entry in scribed}:
        for entry_id in state.by_kind.get(kind, ()):
            if state.entries[entry_id].header.how == "import":
                continue
            contribution = view.of_id(entry_id)
            if contribution is not None and contribution.is_active and len(_words(contribution.text)) >= FEWEST_WORDS:
                found.setdefault(_key(contribution), set()).add((contribution.id, _writer(contribution.entry)))
    by_scribe = {entry.id for entry in scribed}
    return {key: held for key, held in found.items() if any(root in by_scribe for root, _ in held)}


def _key(contribution: Contribution) -> tuple[str, str, str]:
    return contribution.kind, contribution.first_version.header.episode, " ".join(_words(contribution.text))


def _words(text: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in text.casefold()).split()


def _writer(entry: Entry) -> str:
    return str(entry.data.get("written_by") or entry.header.by)
