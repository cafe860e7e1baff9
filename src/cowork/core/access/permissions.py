"""Permissions: one function decides, inside the append, before the entry is sealed.

The fold trusts the seal and never decides again: removing a role later does not undo what was permitted before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cowork.core.access.answer_permissions import check_answer_permission
from cowork.core.access.imported_talk import may_take_out
from cowork.core.access.participant_view import ParticipantView
from cowork.core.elements import ANSWER_FIELDS, GROUP_CONTEXT_FIELDS, is_contribution
from cowork.core.entries import ENTERED_AS, VISIBILITIES, Actor, Draft
from cowork.core.errors import InvalidEntry, NotAllowed, NotFound
from cowork.core.fold import State
from cowork.core.ids import is_id
from cowork.core.provenance import holders_of

#: Kinds that only a facilitator may append.
FACILITATOR_KINDS = frozenset({"role", "setting", "episode", "invite", "hide", "show", "response", "key-rotation"})

#: Kinds that a person may always append for themselves, also after leaving or as an observer.
ALWAYS_ALLOWED_KINDS = frozenset({"participant", "consent", "attendance", "withdrawal", "restore", "erasure"})

#: Relations that change an existing entry.
ACT_RELATIONS = frozenset({"replaces", "withdraws", "erases", "erases-version", "hides", "shows", "grants"})

#: Answers and acts without a person's own words: they are changed or lifted, never erased.
NON_ERASABLE_KINDS = frozenset(
    {"workshop", "key-rotation", "consent", "role", "episode", "setting", "erasure", "invite"}
)

_VISIBILITY_RANK = {"only-me": 0, "my-table": 1, "group-from-reveal": 2, "group": 3}


def check_permission(workshop: State, actor: Actor, draft: Draft) -> None:
    """Return where `actor` may append `draft` (its kind, its references, its author), else raise.

    Raises NotAllowed (not the role or the author), NotFound (a target that does not exist or is not visible) or
    InvalidEntry (a malformed draft); each carries the sentence for the person.
    """
    kind = draft.kind
    _check_shape(draft)
    if kind == "workshop":
        if workshop.opening_entry() is not None:
            raise NotAllowed("error.may_not", who="opener")
        if draft.id != workshop.workshop or not (actor.operator or draft.by == actor.id):
            raise NotAllowed("error.not_yours")
        return
    if workshop.opening_entry() is None:
        raise NotFound("error.not_open")
    if actor.operator:
        _check_operator(workshop, draft)
        return
    view = ParticipantView(workshop, actor.id)
    if draft.by != actor.id:
        if not (
            draft.how == "scribe" and view.is_scribe and (draft.by in workshop.participants() or _is_enrolment(draft))
        ):
            raise NotAllowed("error.not_yours")
        _check_scribe(workshop, draft)
    elif draft.how in ("scribe", "operator", "import") or (draft.how == "facilitator" and not view.is_facilitator):
        raise NotAllowed("error.not_yours")
    if kind not in ALWAYS_ALLOWED_KINDS:
        if not workshop.takes_part(actor.id):
            raise NotAllowed("error.no_consent")
        if "observer" in view.roles and not view.is_facilitator:
            raise NotAllowed("error.observer")
    if kind in FACILITATOR_KINDS and not view.is_facilitator:
        raise NotAllowed("error.may_not", who="facilitator")
    if kind == "talked" and not view.is_scribe:
        raise NotAllowed("error.may_not", who="facilitator_scribe")
    if kind == "context" and draft.body.get("field") not in GROUP_CONTEXT_FIELDS and not view.is_facilitator:
        raise NotAllowed("error.may_not", who="facilitator")
    _check_targets(workshop, view, draft)
    # A scribe answers as the person they write for: the check asks whether that person may.
    check_answer_permission(workshop, view, draft)


def _check_shape(draft: Draft) -> None:
    if not (is_id(draft.id) and draft.how in ENTERED_AS and draft.seen_by in VISIBILITIES):
        raise InvalidEntry("error.letters", sign=str(draft.id)[:40])
    if not (0 < len(draft.kind) <= 40 and draft.kind.replace("-", "").isalnum() and draft.kind.isascii()):
        raise InvalidEntry("error.letters", sign=draft.kind[:40])
    relations = all(is_id(target) and 0 < len(rel) <= 40 and rel.isascii() for rel, target in draft.about)
    if len(draft.about) > 500 or not relations or not (is_id(draft.episode) or not draft.episode):
        raise InvalidEntry("error.letters", sign="about")
    if any(target == draft.id for _, target in draft.about):
        raise InvalidEntry("error.letters", sign="about itself")


def _check_operator(workshop: State, draft: Draft) -> None:
    """The operator may import text, but never write as somebody who has a device of their own."""
    if draft.how not in ("operator", "import"):
        raise NotAllowed("error.not_yours")
    if draft.how == "import" and draft.kind in ("erasure", "role", "key-rotation"):
        raise NotAllowed("error.not_yours")
    profile_entries = workshop.of_person(draft.by, "participant")
    has_words = is_contribution(draft.kind) or draft.kind == "edit"
    if (draft.how == "import" or has_words) and any(entry.header.how == "self" for entry in profile_entries):
        raise NotAllowed("error.not_yours")
    for relation, target in draft.about:
        if relation not in ACT_RELATIONS or draft.kind == "role":
            continue
        # An import may not replace or withdraw anything: else a forged file could, once it is accepted.
        target_entry = workshop.entries.get(target)
        root = workshop.entries.get(workshop.root(target))
        if target_entry is None or root is None or (relation in ("withdraws", "erases") and root.id != target):
            raise NotFound("error.gone")
        if root.header.by != draft.by and (draft.how == "import" or relation in ("replaces", "grants")):
            raise NotAllowed("error.not_yours")


def _is_enrolment(draft: Draft) -> bool:
    """True where a scribe enrols somebody without a device: their first entry has their own id."""
    return draft.kind == "participant" and draft.by == draft.id


def has_device(workshop: State, person: str) -> bool:
    """True for somebody who has written something themselves, and not only through a scribe."""
    own_entries = workshop.by_person.get(person, {})
    return any(workshop.entries[entry_id].header.how == "self" for entry_id in own_entries)


def accepts_scribe(workshop: State, person: str) -> bool:
    """True where a scribe may enter a person's answers: they have no device, or asked for a scribe."""
    attendances = workshop.of_person(person, "attendance")
    return not has_device(workshop, person) or (bool(attendances) and attendances[-1].data.get("way") == "scribe")


def _check_scribe(workshop: State, draft: Draft) -> None:
    """A scribe adds words; they neither answer nor change anything for a person who does so themselves."""
    speaks_alone = has_device(workshop, draft.by)
    speaks_alone |= any(entry.header.how != "scribe" for entry in workshop.of_person(draft.by, "participant"))
    if draft.kind in ("participant", "consent", "attendance") and speaks_alone:
        raise NotAllowed("error.not_yours")
    if draft.kind not in ALWAYS_ALLOWED_KINDS and workshop.consent(draft.by, "part").get("answer") == "no":
        raise NotAllowed("error.no_part")
    if draft.kind in ANSWER_FIELDS and not accepts_scribe(workshop, draft.by):
        raise NotAllowed("error.not_holder")
    for relation, target in draft.about:
        root = workshop.entries.get(workshop.root(target))
        if relation in ("replaces", "withdraws", "erases") and root is not None and root.header.how != "scribe":
            raise NotAllowed("error.not_yours")


def _check_targets(workshop: State, view: ParticipantView, draft: Draft) -> None:
    for relation, target in draft.about:
        if target not in workshop.entries and relation != "grants":
            raise NotFound("error.gone")
        if relation == "grants":
            # The fold reads roles by this relation: no other kind may carry it.
            if draft.kind != "role":
                raise NotAllowed("error.may_not", who="facilitator")
            if target not in workshop.participants():
                raise NotFound("error.gone")
        elif workshop.root(target) not in workshop.entries:
            raise NotFound("error.gone")  # a later version whose first one is in quarantine
        elif relation == "replaces":
            _check_replacement(workshop, view, draft, target)
        elif relation in ("withdraws", "erases"):
            _check_own_text(workshop, view, draft, target, relation)
        elif relation == "erases-version":
            _check_own_version(workshop, draft, target)
        elif relation == "hides":
            # As with withdrawals, the target is the first version: hiding a later one would hide nothing.
            if not is_contribution(workshop.entries[target].kind) or not view.can_see(target):
                raise NotFound("error.gone")
            if workshop.root(target) != target:
                raise NotFound("error.gone")
        elif not view.can_see(target) or workshop.is_erased(target) or workshop.withdrawals(workshop.root(target)):
            raise NotFound("error.gone")
    roots = {workshop.root(target) for relation, target in draft.about if relation == "replaces"}
    # Two texts become one only where both are the group's own: a field of the context, begun twice at once.
    if len(roots) > 1 and any(workshop.entries[root].kind not in ("context", "role") for root in roots):
        raise InvalidEntry("error.letters", sign="replaces")
    required_relations = {
        "edit": "replaces",
        "restore": "replaces",
        "withdrawal": "withdraws",
        "erasure": "erases",
        "hide": "hides",
        "show": "shows",
        "role": "grants",
        "talked": "talks-about",
    }
    relations = {"erases" if relation == "erases-version" else relation for relation, _ in draft.about}
    if draft.kind in required_relations and required_relations[draft.kind] not in relations:
        raise InvalidEntry("error.letters", sign=draft.kind)


def _check_replacement(workshop: State, view: ParticipantView, draft: Draft, target: str) -> None:
    """A person may replace their own words; anybody may replace the group's own words."""
    target_entry = workshop.entries[target]
    root = workshop.entries[workshop.root(target)]
    if draft.kind == "restore":
        if target_entry.kind != "withdrawal" or target_entry.header.by != draft.by:
            raise NotAllowed("error.not_yours")
        return
    if draft.kind == "show":
        if target_entry.kind != "hide":
            raise NotFound("error.gone")
        return
    if workshop.is_erased(target):
        raise NotFound("error.gone")
    is_shared = root.kind == "context" and _context_field(root.data) in GROUP_CONTEXT_FIELDS
    if root.kind == "context" and not is_shared:
        is_shared = view.is_facilitator
    if root.kind == draft.kind == "role" or root.kind == "episode":
        is_shared = view.is_facilitator
    if root.kind in ("proposal", "theme"):
        is_shared = True  # the group's own: every wording is stored, and a new one asks everybody again
    if root.kind == "view":
        is_shared = draft.by in holders_of(workshop, root.id)  # in words its holder recognises
    if root.header.by != draft.by and not is_shared:
        raise NotAllowed("error.not_yours")
    if is_contribution(root.kind) and _VISIBILITY_RANK[draft.seen_by] < _VISIBILITY_RANK[target_entry.header.seen_by]:
        # Others have read it: a person may withdraw words, not make them private without a trace.
        raise NotAllowed("error.narrower")


def _check_own_text(workshop: State, view: ParticipantView, draft: Draft, target: str, relation: str) -> None:
    root = workshop.entries[workshop.root(target)]
    if root.id != target:
        # The target of an erasure or withdrawal is the first version, so that it always reaches every other.
        raise NotFound("error.gone")
    if relation == "erases" and root.kind in NON_ERASABLE_KINDS:
        # Erasing a no would restore the yes before it; erasing the opening entry would remove the code.
        raise NotAllowed("error.not_erasable")
    if root.header.by == draft.by:
        return
    # Nobody else can ask for the erasure of imported words, or of words written for somebody without a device.
    if relation == "erases" and view.is_facilitator and root.header.how in ("import", "scribe"):
        return
    # A voice in a recording has no device: whoever brought the talk in can take it out again.
    if relation == "withdraws" and draft.kind == "withdrawal" and may_take_out(view, root):
        return
    raise NotAllowed("error.not_yours")


def _check_own_version(workshop: State, draft: Draft, target: str) -> None:
    """A person may erase their own version among those of others, and no version before or after it."""
    if workshop.entries[workshop.root(target)].kind in NON_ERASABLE_KINDS:
        raise NotAllowed("error.not_erasable")
    if workshop.entries[target].header.by != draft.by:
        raise NotAllowed("error.not_yours")


def _context_field(data: Mapping[str, Any]) -> str:
    return str(data.get("field", ""))
