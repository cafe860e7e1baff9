"""Permissions for answers and outcomes: who may check, set a standing, answer and close, and under which rule.

`check_permission` calls this for the kinds that answer what somebody else wrote.
"""

from __future__ import annotations

from cowork.core.access.participant_view import ParticipantView, people_with_asset
from cowork.core.elements import ANSWER_FIELDS
from cowork.core.entries import Draft, Entry
from cowork.core.errors import InvalidEntry, NotAllowed, NotFound
from cowork.core.fold import State
from cowork.core.level_sets import level_set
from cowork.core.proposals import (
    OUTCOME_KINDS,
    RULES,
    are_positions_revealed,
    outcome_of,
    positions,
    round_number,
    rule_of,
    verdict,
)
from cowork.core.provenance import FIRSTHAND_KINDS, contributors_to, holders_of

#: Relations that only these kinds may carry, since the fold or a page decides by them.
_KIND_OF_RELATION = {
    "closes": "outcome",
    "renews": "outcome",
    "reopens": "outcome",
    "reveals": "setting",
    "checks": "check",
    "sees-in": "asset",
    "from": "link",
    "holds": "link",
}

#: Allowed results of a check, by what it checks.
_VIEW_RESULTS = ("yes", "nearly", "no", "out")
_CONTRIBUTOR_RESULTS = ("yes", "nearly", "no", "rather-not")
_EVERYONE_RESULTS = ("same", "differ", "unsure", "rather-not")
_RESERVATION_RESULTS = ("yes", "partly", "no")
_ASSET_RESULTS = ("yes", "no")
_QUOTATION_RESULTS = ("yes", "nearly", "no")


def check_answer_permission(workshop: State, view: ParticipantView, draft: Draft) -> None:
    """Return, or raise NotAllowed, NotFound or InvalidEntry with the sentence for the person."""
    for relation, _ in draft.about:
        if _KIND_OF_RELATION.get(relation, draft.kind) not in (draft.kind, _kind_of_text(workshop, draft)):
            raise InvalidEntry("error.letters", sign=relation)
    kind = _kind_of_text(workshop, draft)
    if kind in ANSWER_FIELDS:
        _check_answer(workshop, draft, kind)
    elif kind == "proposal":
        _check_proposal(workshop, draft)
    elif draft.kind == "outcome":
        _check_outcome(workshop, view, draft)
    elif draft.kind == "link" and not {"from", "holds"} & {relation for relation, _ in draft.about}:
        raise InvalidEntry("error.letters", sign="link")


def _kind_of_text(workshop: State, draft: Draft) -> str:
    """The kind of the text that a draft is a version of."""
    for relation, target in draft.about:
        if relation == "replaces" and draft.kind == "edit":
            root = workshop.entries.get(workshop.root(target))
            return root.kind if root else draft.kind
    return draft.kind


def _answered_version(workshop: State, draft: Draft, relation: str) -> tuple[Entry, Entry]:
    """(version, first version) of the target of an answer. An edit of an answer has the target of that answer."""
    stated = [target for name, target in draft.about if name == relation]
    before = [
        workshop.entries[target] for name, target in draft.about if name == "replaces" and target in workshop.entries
    ]
    inherited = (
        target for entry in before for version in workshop.lineage(entry) for target in version.targets(relation)
    )
    for target in (*stated, *inherited):
        if target in workshop.entries:
            return workshop.entries[target], workshop.entries[workshop.root(target)]
    raise NotFound("error.gone")


def _check_answer(workshop: State, draft: Draft, kind: str) -> None:
    field, allowed_results = ANSWER_FIELDS[kind]
    result = draft.body.get(field)
    version, root = _answered_version(workshop, draft, "checks" if kind == "check" else "answers")
    if kind == "position":
        _check_position(workshop, draft, version, root, result)
        return
    if result not in allowed_results:
        raise InvalidEntry("error.no_choice")
    if kind == "standing" and (root.kind != "view" or draft.by not in holders_of(workshop, root.id)):
        raise NotAllowed("error.not_holder")
    if kind == "check":
        _check_check(workshop, draft, root, str(result))


def _check_check(workshop: State, draft: Draft, root: Entry, result: str) -> None:
    """Only those whose words they are may answer a check of them."""
    asked = draft.body.get("of")
    allowed_people: list[str] = []
    allowed_results: tuple[str, ...] = (*_CONTRIBUTOR_RESULTS, *_EVERYONE_RESULTS)
    if root.kind == "view":
        allowed_people = holders_of(workshop, root.id)
        allowed_people = allowed_people and [*allowed_people, *contributors_to(workshop, root.id)]
        allowed_results = _VIEW_RESULTS
    elif root.kind in ("reservation", "position"):  # a position that names a worry counts as a reservation
        allowed_people, allowed_results = [root.header.by], _RESERVATION_RESULTS
    elif root.kind == "asset" and root.targets("sees-in"):
        allowed_people, allowed_results = people_with_asset(workshop, root), _ASSET_RESULTS
    elif root.kind in FIRSTHAND_KINDS:
        allowed_people, allowed_results = [root.header.by], _QUOTATION_RESULTS  # were these your words?
    elif asked == "said":
        allowed_people, allowed_results = contributors_to(workshop, root.id) or [""], _CONTRIBUTOR_RESULTS
    elif asked == "all":
        allowed_results = _EVERYONE_RESULTS
    if allowed_people and draft.by not in allowed_people:
        raise NotAllowed("error.not_holder")
    if result not in allowed_results:
        raise InvalidEntry("error.no_choice")


def _check_position(workshop: State, draft: Draft, version: Entry, root: Entry, result: object) -> None:
    if root.kind != "proposal":
        raise NotFound("error.gone")
    if version.id not in {entry.id for entry in workshop.current(root.id)}:
        raise NotFound("error.changed_meanwhile")
    if not rule_of(version):
        raise NotAllowed("error.no_rule")
    if outcome_of(workshop, root.id) is not None:
        raise NotAllowed("error.ended")
    if result not in level_set(workshop, version).codes():
        raise InvalidEntry("error.no_choice")
    if draft.seen_by not in ("group-from-reveal", "group"):
        raise InvalidEntry("error.letters", sign=draft.seen_by)
    if draft.seen_by == "group" and not are_positions_revealed(workshop, version.id):
        # An answer that is public before the others would influence them.
        raise InvalidEntry("error.letters", sign=draft.seen_by)


def _check_proposal(workshop: State, draft: Draft) -> None:
    rule = draft.body.get("rule")
    if rule is not None and not (isinstance(rule, dict) and rule.get("code") in RULES):
        raise InvalidEntry("error.no_rule")
    for relation, target in draft.about:
        if relation != "replaces" or target not in workshop.entries:
            continue
        before = workshop.entries[target]
        stated = draft.body.get("round")
        if positions(workshop, target) and not (type(stated) is int and stated > round_number(workshop, before)):
            raise NotAllowed("error.rule_late")


def _check_outcome(workshop: State, view: ParticipantView, draft: Draft) -> None:
    outcome = draft.body.get("outcome")
    relations = {relation for relation, _ in draft.about}
    if outcome in ("renewed", "reopened"):
        if not {"renews", "reopens"} & relations:
            raise InvalidEntry("error.letters", sign=str(outcome))
        if not view.is_scribe:
            raise NotAllowed("error.may_not", who="facilitator_scribe")
        return
    if outcome not in OUTCOME_KINDS:
        raise InvalidEntry("error.no_choice")
    if "closes" not in relations:
        if outcome == "agreed":
            raise NotFound("error.no_rule")  # without a proposal there is no rule, and nobody was asked
        return
    if not view.is_scribe:
        raise NotAllowed("error.may_not", who="facilitator_scribe")
    version, root = _answered_version(workshop, draft, "closes")
    if root.kind != "proposal" or version.id not in {entry.id for entry in workshop.current(root.id)}:
        raise NotFound("error.changed_meanwhile")
    if outcome_of(workshop, root.id) is not None:
        raise NotAllowed("error.ended")
    if outcome == "agreed":
        if positions(workshop, version.id) and not are_positions_revealed(workshop, version.id):
            raise NotAllowed("error.not_shown")
        if verdict(workshop, version).met is False:
            raise NotAllowed("ending.rule_not")
