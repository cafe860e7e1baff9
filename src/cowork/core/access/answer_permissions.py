"""Authority over answers and endings: who may confirm, stand, agree and close, and under which rule.

The other half of `may`, which asks this for the kinds that answer what somebody else wrote.
"""

from __future__ import annotations

from cowork.core.access.participant_view import ParticipantView, is_visible_in
from cowork.core.elements import ANSWERS
from cowork.core.entries import Draft, Entry
from cowork.core.errors import BadWords, Gone, NotAllowed
from cowork.core.fold import State
from cowork.core.level_sets import level_set
from cowork.core.proposals import (
    OUTCOME_KINDS,
    RULES,
    outcome_of,
    positions,
    round_of,
    rule_of,
    verdict,
    visible_positions,
)
from cowork.core.provenance import SAID, holders_of, voices

#: Relations only these kinds may carry, since the fold or a page decides by them.
_OWN_RELATIONS = {
    "closes": "outcome",
    "renews": "outcome",
    "reopens": "outcome",
    "reveals": "setting",
    "checks": "check",
    "sees-in": "asset",
    "from": "link",
    "holds": "link",
}

#: Results a check may have, by what it is about.
_VIEW_KINDS = ("yes", "nearly", "no", "out")
_SAID_CHECK_KINDS = ("yes", "nearly", "no", "rather-not")
_ALL_CHECK_KINDS = ("same", "differ", "unsure", "rather-not")
_RESERVATION_KINDS = ("yes", "partly", "no")
_ASSET_KINDS = ("yes", "no")
_QUOTED_KINDS = ("yes", "nearly", "no")


def check_answer_permission(workshop: State, view: ParticipantView, draft: Draft) -> None:
    """Return quietly, or raise NotAllowed, Gone or BadWords with the sentence for the person."""
    for relation, _ in draft.about:
        if _OWN_RELATIONS.get(relation, draft.kind) not in (draft.kind, _kind(workshop, draft)):
            raise BadWords("error.letters", sign=relation)
    kind = _kind(workshop, draft)
    if kind in ANSWERS:
        _answer(workshop, draft, kind)
    elif kind == "proposal":
        _proposal(workshop, draft)
    elif draft.kind == "outcome":
        _outcome(workshop, view, draft)
    elif draft.kind == "link" and not {"from", "holds"} & {relation for relation, _ in draft.about}:
        raise BadWords("error.letters", sign="link")


def _kind(workshop: State, draft: Draft) -> str:
    """The kind of the text a draft is a version of."""
    for relation, target in draft.about:
        if relation == "replaces" and draft.kind == "edit":
            root = workshop.entries.get(workshop.root(target))
            return root.kind if root else draft.kind
    return draft.kind


def _about(workshop: State, draft: Draft, relation: str) -> tuple[Entry, Entry]:
    """(version, first version) of what is answered. An edit of an answer answers what it answered before."""
    stated = [target for name, target in draft.about if name == relation]
    before = [workshop.entries[t] for name, t in draft.about if name == "replaces" and t in workshop.entries]
    inherited = (t for entry in before for version in workshop.lineage(entry) for t in version.targets(relation))
    for target in (*stated, *inherited):
        if target in workshop.entries:
            return workshop.entries[target], workshop.entries[workshop.root(target)]
    raise Gone("error.gone")


def _answer(workshop: State, draft: Draft, kind: str) -> None:
    field, allowed = ANSWERS[kind]
    said = draft.body.get(field)
    version, root = _about(workshop, draft, "checks" if kind == "check" else "answers")
    if kind == "position":
        _position(workshop, draft, version, root, said)
        return
    if said not in allowed:
        raise BadWords("error.no_choice")
    if kind == "standing" and (root.kind != "view" or draft.by not in holders_of(workshop, root.id)):
        raise NotAllowed("error.not_holder")
    if kind == "check":
        _check(workshop, draft, root, str(said))


def _check(workshop: State, draft: Draft, root: Entry, said: str) -> None:
    """Nobody else can answer for those whose words they are."""
    of = draft.body.get("of")
    people: list[str] = []
    allowed: tuple[str, ...] = (*_SAID_CHECK_KINDS, *_ALL_CHECK_KINDS)
    if root.kind == "view":
        people = holders_of(workshop, root.id)
        people = people and [*people, *voices(workshop, root.id)]
        allowed = _VIEW_KINDS
    elif root.kind in ("reservation", "position"):  # an answer that names a worry is one
        people, allowed = [root.header.by], _RESERVATION_KINDS
    elif root.kind == "asset" and root.targets("sees-in"):
        people, allowed = is_visible_in(workshop, root), _ASSET_KINDS
    elif root.kind in SAID:
        people, allowed = [root.header.by], _QUOTED_KINDS  # were these your words?
    elif of == "said":
        people, allowed = voices(workshop, root.id) or [""], _SAID_CHECK_KINDS
    elif of == "all":
        allowed = _ALL_CHECK_KINDS
    if people and draft.by not in people:
        raise NotAllowed("error.not_holder")
    if said not in allowed:
        raise BadWords("error.no_choice")


def _position(workshop: State, draft: Draft, version: Entry, root: Entry, said: object) -> None:
    if root.kind != "proposal":
        raise Gone("error.gone")
    if version.id not in {entry.id for entry in workshop.current(root.id)}:
        raise Gone("error.changed_meanwhile")
    if not rule_of(version):
        raise NotAllowed("error.no_rule")
    if outcome_of(workshop, root.id) is not None:
        raise NotAllowed("error.ended")
    if said not in level_set(workshop, version).codes():
        raise BadWords("error.no_choice")
    if draft.seen_by not in ("group-from-reveal", "group"):
        raise BadWords("error.letters", sign=draft.seen_by)
    if draft.seen_by == "group" and not visible_positions(workshop, version.id):
        # One answer seen early is an answer the others are measured by.
        raise BadWords("error.letters", sign=draft.seen_by)


def _proposal(workshop: State, draft: Draft) -> None:
    given = draft.body.get("rule")
    if given is not None and not (isinstance(given, dict) and given.get("code") in RULES):
        raise BadWords("error.no_rule")
    for relation, target in draft.about:
        if relation != "replaces" or target not in workshop.entries:
            continue
        before = workshop.entries[target]
        stated = draft.body.get("round")
        if positions(workshop, target) and not (type(stated) is int and stated > round_of(workshop, before)):
            raise NotAllowed("error.rule_late")


def _outcome(workshop: State, view: ParticipantView, draft: Draft) -> None:
    how = draft.body.get("outcome")
    relations = {relation for relation, _ in draft.about}
    if how in ("renewed", "reopened"):
        if not {"renews", "reopens"} & relations:
            raise BadWords("error.letters", sign=str(how))
        if not view.scribe:
            raise NotAllowed("error.may_not", who="facilitator_scribe")
        return
    if how not in OUTCOME_KINDS:
        raise BadWords("error.no_choice")
    if "closes" not in relations:
        if how == "agreed":
            raise Gone("error.no_rule")  # without a proposal there was no rule, and nobody was asked
        return
    if not view.scribe:
        raise NotAllowed("error.may_not", who="facilitator_scribe")
    version, root = _about(workshop, draft, "closes")
    if root.kind != "proposal" or version.id not in {entry.id for entry in workshop.current(root.id)}:
        raise Gone("error.changed_meanwhile")
    if outcome_of(workshop, root.id) is not None:
        raise NotAllowed("error.ended")
    if how == "agreed":
        if positions(workshop, version.id) and not visible_positions(workshop, version.id):
            raise NotAllowed("error.not_shown")
        if verdict(workshop, version).met is False:
            raise NotAllowed("ending.rule_not")
