"""What a person gets is the workshop as they may see it now: other words are in no list, no count and no history."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from support.strategies import Group, Time, World, dice, laws, memory_record, worlds

from cowork.core.access.participant_view import ParticipantView
from cowork.core.elements import GROUP_CONTEXT_FIELDS, ORGANISER_CONTEXT_FIELDS, is_contribution
from cowork.core.entries import Entry
from cowork.core.fold import State, fold

MARK = "zebrafinch"


@pytest.fixture
def group() -> Group:
    return Group(memory_record(now_ms=Time(), random_bytes=dice("seen")), "fay ada bo cy")


def seen(group: Group, name: str = "") -> ParticipantView:
    return ParticipantView(group.state, group.ids[name] if name else "")


def given_out(view: ParticipantView) -> str:
    """All that a page could get from a Seen, as text to search."""
    ids = list(view.state.entries)
    found: list[Any] = [view.title(), view.current_invite()]
    for contribution in view.contributions():
        found += [
            contribution,
            contribution.text,
            contribution.first_version,
            contribution.source_place,
            view.signature_of(contribution),
        ]
    for entry_id in ids:
        found += [view.of_id(entry_id), view.talk_about(entry_id), view.talk_marks(entry_id)]
    found += [view.context_entries(field) for field in (*ORGANISER_CONTEXT_FIELDS, *GROUP_CONTEXT_FIELDS)]
    found += [view.of_kind(kind) for kind in view.state.by_kind if is_contribution(kind)]
    return repr(found)


def counted(view: ParticipantView, kind: str = "intention") -> tuple[int, int]:
    """(how many, by how many people), as a page counts."""
    found = view.of_kind(kind)
    return len(found), len({c.author for c in found})


def test_private_words_are_for_their_author_alone(group: Group) -> None:
    group.write("ada", "for all")
    mine = group.write("bo", MARK, seen_by="only-me")
    assert MARK in given_out(seen(group, "bo"))
    assert counted(seen(group, "bo")) == (2, 2)
    for other in ("ada", "cy", "fay", ""):
        assert MARK not in given_out(seen(group, other))
        assert counted(seen(group, other)) == (1, 1)
        assert not seen(group, other).can_see(mine)


def test_words_shared_later_show_no_private_earlier_version(group: Group) -> None:
    root = group.write("ada", f"{MARK} private", seen_by="only-me")
    group.edit("ada", f"{MARK} still private", root, seen_by="only-me")
    shared = group.edit("ada", "shared", group.state.current(root)[0].id)
    for other in ("bo", "fay", ""):
        shown = seen(group, other).of_id(root)
        assert shown is not None and shown.text == "shared" and shown.earlier == ()
        assert shown.first_version.id == shared
        assert MARK not in given_out(seen(group, other))
    own = seen(group, "ada").of_id(root)
    assert own is not None and [v.data["text"] for v in own.earlier] == [f"{MARK} private", f"{MARK} still private"]


def test_a_private_change_of_shared_words_leaves_others_the_shared_ones(group: Group) -> None:
    root = group.write("ada", "private", seen_by="only-me")
    group.edit("ada", "shared", root)
    group.edit("ada", MARK, root, seen_by="only-me")
    for other in ("bo", ""):
        shown = seen(group, other).of_id(root)
        assert shown is not None and [v.data["text"] for v in shown.versions] == ["shared"]
        assert MARK not in given_out(seen(group, other))
    own = seen(group, "ada").of_id(root)
    assert own is not None and len(own.versions) == 2


def test_withdrawn_words_are_seen_by_their_author_alone_until_put_back(group: Group) -> None:
    root = group.write("ada", MARK)
    group.edit("ada", f"{MARK} again", root)
    taken = group.withdraw("ada", root)
    for other in ("bo", "fay", ""):
        assert MARK not in given_out(seen(group, other))
        assert counted(seen(group, other)) == (0, 0)
    own = seen(group, "ada").of_id(root)
    assert own is not None and own.status == "taken"
    group.restore("ada", taken)
    assert seen(group, "bo").can_see(root)


def test_hidden_words_are_seen_by_author_and_facilitator_alone_until_shown(group: Group) -> None:
    root = group.write("ada", MARK)
    hide = group.hide("fay", root)
    for other in ("bo", "cy", ""):
        assert MARK not in given_out(seen(group, other))
    for who in ("ada", "fay"):
        shown = seen(group, who).of_id(root)
        assert shown is not None and shown.status == "hidden"
    group.edit("ada", f"{MARK} in other words", root)
    assert MARK not in given_out(seen(group, "bo"))
    group.withdraw("ada", root)
    assert MARK not in given_out(seen(group, "fay"))
    group.show("fay", root, hide) if seen(group, "fay").can_see(root) else None
    assert MARK not in given_out(seen(group, "bo"))


def test_who_stops_being_a_facilitator_stops_seeing_what_is_hidden(group: Group) -> None:
    group.role("fay", "bo", "facilitator")
    group.hide("fay", group.write("ada", MARK))
    assert MARK in given_out(seen(group, "bo"))
    group.role("fay", "bo", "facilitator", False)
    assert MARK not in given_out(seen(group, "bo"))


def test_write_alone_first_shows_nobodys_words_until_the_reveal(group: Group) -> None:
    group.add("fay", "setting", {"element": "intention", "alone": True})
    early = group.write("ada", MARK, seen_by="group-from-reveal")
    group.write("ada", "about something else", kind="view", seen_by="group-from-reveal")
    for other in ("bo", "fay", ""):
        assert MARK not in given_out(seen(group, other))
        assert counted(seen(group, other)) == (0, 0)
        assert counted(seen(group, other), "view") == (1, 1)
    assert seen(group, "ada").can_see(early)
    group.add("fay", "setting", {"element": "intention", "alone": False})
    assert MARK in given_out(seen(group, "bo"))
    group.add("fay", "setting", {"element": "intention", "alone": True})
    late = group.write("bo", "second round", seen_by="group-from-reveal")
    assert seen(group, "cy").can_see(early) and not seen(group, "cy").can_see(late)


def test_a_change_made_after_the_reveal_waits_for_the_next_one(group: Group) -> None:
    group.add("fay", "setting", {"element": "intention", "alone": True})
    root = group.write("ada", "first", seen_by="group-from-reveal")
    group.add("fay", "setting", {"element": "intention", "alone": False})
    group.add("fay", "setting", {"element": "intention", "alone": True})
    group.edit("ada", MARK, root, seen_by="group-from-reveal")
    shown = seen(group, "bo").of_id(root)
    assert shown is not None and shown.text == "first"
    assert MARK not in given_out(seen(group, "bo"))


def test_erased_words_are_seen_by_nobody_and_counted_nowhere(group: Group) -> None:
    root = group.write("ada", MARK)
    talk = group.write("bo", "in answer", ("talks-about", root), kind="utterance")
    group.erase("ada", root)
    for who in ("ada", "bo", "fay", ""):
        view = seen(group, who)
        assert MARK not in given_out(view)
        assert counted(view) == (0, 0)
        assert view.of_id(root) is None and not view.can_see(root)
        assert [c.id for c in view.contributions()] == [talk]


@pytest.mark.parametrize("how", ["only-me", "withdrawn", "hidden", "erased"])
def test_talk_about_something_is_listed_only_where_it_may_be_seen(group: Group, how: str) -> None:
    root = group.write("ada", "said")
    about = ("talks-about", root)
    talk = group.write("bo", MARK, about, kind="utterance", seen_by="only-me" if how == "only-me" else "group")
    mark = group.add("fay", "talked", {"note": MARK}, about, seen_by="only-me" if how == "only-me" else "group")
    for entry, author in ((talk, "bo"), (mark, "fay")):
        if how == "withdrawn":
            group.withdraw(author, entry)
        elif how == "hidden":
            group.hide("fay", entry)
        elif how == "erased":
            group.erase(author, entry)
    for other in ("cy", "ada", ""):
        view = seen(group, other)
        assert view.talk_about(root) == [] and view.talk_marks(root) == []
        assert MARK not in given_out(view)


def test_talk_stays_with_what_it_is_about_through_every_version(group: Group) -> None:
    root = group.write("ada", "one")
    edit = group.edit("ada", "two", root)
    first = group.write("bo", "about one", ("talks-about", root), kind="utterance")
    second = group.write("cy", "about two", ("answers", edit), kind="utterance")
    both = group.write("cy", "about both", ("answers", edit), ("talks-about", root), kind="utterance")
    assert [c.id for c in seen(group).talk_about(root)] == [first, second, both]
    group.add("fay", "talked", {}, ("talks-about", root), ("talks-about", edit))
    assert len(seen(group).talk_marks(root)) == 1


def test_two_versions_at_once_are_both_given(group: Group) -> None:
    root = group.write("ada", "was")
    group.edit("ada", "one", root)
    group.edit("ada", "two", root)
    shown = seen(group, "bo").of_id(root)
    assert shown is not None and [v.data["text"] for v in shown.versions] == ["one", "two"]
    assert counted(seen(group, "bo")) == (1, 1)


def test_an_unknown_kind_is_among_the_contributions(group: Group) -> None:
    group.write("ada", "thanks", kind="gratitude")
    assert [c.text for c in seen(group, "bo").contributions()] == ["thanks"]
    assert seen(group, "bo").contributions()[0].element == ""


def test_a_context_field_shows_what_stands_and_nothing_private_or_taken_back(group: Group) -> None:
    root = group.add("ada", "context", {"field": "ground", "text": "one speaks"})
    group.edit("bo", "one speaks, all listen", root)
    taken = group.add("bo", "context", {"field": "ground", "text": MARK})
    group.withdraw("bo", taken)
    group.add("bo", "context", {"field": "ground", "text": MARK}, seen_by="only-me")
    assert [e.data["text"] for e in seen(group, "cy").context_entries("ground")] == ["one speaks, all listen"]


def test_names_are_shown_as_their_author_wants(group: Group) -> None:
    group.add("ada", "participant", {"perspectives": ["carer"]})
    for shown, signed in (("named", ("Ada", ("carer",))), ("perspective", ("", ("carer",))), ("none", ("", ()))):
        root = group.add("ada", "intention", {"text": "x", "shown": shown})
        contribution = seen(group, "bo").of_id(root)
        assert contribution is not None and seen(group, "bo").signature_of(contribution) == signed


def test_words_brought_in_stand_by_source_and_position_whatever_that_is(group: Group) -> None:
    places = []
    for source in ({"id": "s", "position": 2}, {"id": "s", "position": "two"}, {"id": 7}, "s", None):
        root = group.add("ada", "utterance", {"text": "x", "source": source})
        contribution = seen(group, "bo").of_id(root)
        assert contribution is not None
        places.append(contribution.source_place)
    assert places == [(1, "s", 2), (1, "s", 0), (1, "7", 0), (0, "", 0), (0, "", 0)]
    assert sorted(places)


# ---- whatever a workshop holds


def secret_from(state: State, viewer: str) -> list[Entry]:
    """Entries with words that this viewer may not see, found by the plainest rules and not by Seen's code."""
    facilitator = "facilitator" in state.roles(viewer)
    kept = []
    for entry in state.entries.values():
        root = state.entries.get(state.root(entry.id))
        if entry.body is None or entry.header.by == viewer or root is None or not is_contribution(root.kind):
            continue
        private = entry.header.seen_by == "only-me"
        taken = bool(state.withdrawals(root.id))
        hidden = bool(state.hides(root.id)) and not facilitator
        if private or taken or hidden:
            kept.append(entry)
    return kept


def test_why_something_was_taken_back_or_hidden_is_read_by_those_it_concerns_and_the_facilitator_alone() -> None:
    """Also where somebody talks about it: what an utterance is about is looked up by its id."""
    group = Group(memory_record(), "fay ada bo cy")
    taken = group.withdraw("ada", group.write("ada", "It was his"), text="His to say")
    hide = group.hide("fay", group.write("cy", "He again"))
    later = group.add("fay", "edit", {"text": "It names somebody"}, ("replaces", hide))
    for act in (taken, hide):
        group.write("bo", "Thank you", ("talks-about", act), kind="utterance")
    readers = {
        name: {act for act in (taken, hide, later) if ParticipantView(group.state, viewer).of_id(act) is not None}
        for name, viewer in {**group.ids, "": ""}.items()
    }
    assert readers == {"fay": {taken, hide, later}, "ada": {taken}, "bo": set(), "cy": {hide, later}, "": set()}


@laws
@given(worlds())
def test_nothing_kept_from_a_viewer_is_anywhere_in_what_they_get(world: World) -> None:
    state = fold(world.workshop, world.written())
    for viewer in (*world.group.ids.values(), ""):
        view = ParticipantView(state, viewer)
        out = given_out(view)
        for entry in secret_from(state, viewer):
            mark = entry.data.get("text") or entry.data.get("note")
            assert repr(mark)[1:-1] + '"' not in out, (viewer, entry)
        for mark in world.erased_words():
            assert mark + '"' not in out
        listed = {c.id for c in view.contributions()}
        assert all(view.of_id(entry_id) is not None for entry_id in listed)
        assert listed == {c.id for entry_id in state.entries if (c := view.of_id(entry_id)) and is_contribution(c.kind)}


# ---- the one number that is told of what is hidden


def in_a_quiet_round(*wrote: tuple[str, str, str]) -> Group:
    """A group that writes alone first about assets: (who, kind, to whom)."""
    here = Group(memory_record(now_ms=Time(), random_bytes=dice("quiet")), "fay ada bo cy")
    here.add("fay", "setting", {"element": "assets", "alone": True}, how="facilitator")
    for name, kind, shared in wrote:
        here.write(name, MARK, kind=kind, seen_by=shared)
    return here


def test_of_a_quiet_round_everybody_in_it_is_told_how_many_have_written_and_nobody_else() -> None:
    here = in_a_quiet_round(("ada", "asset", "group-from-reveal"), ("bo", "need", "group-from-reveal"))
    for name in ("fay", "ada", "bo", "cy"):
        assert seen(here, name).quiet_round_progress("assets") == (2, 4)
        assert seen(here, name).quiet_round_progress("intention") is None, "no round is on there"
    assert seen(here).quiet_round_progress("assets") is None, "no report and no export holds it"
    here.consent("cy", "part", "no")
    assert seen(here, "cy").quiet_round_progress("assets") is None
    assert seen(here, "ada").quiet_round_progress("assets") == (2, 3)
    here.add("fay", "setting", {"element": "assets", "alone": False}, how="facilitator")
    assert seen(here, "ada").quiet_round_progress("assets") is None
    here.add("fay", "setting", {"element": "assets", "alone": True}, how="facilitator")
    assert seen(here, "ada").quiet_round_progress("assets") == (0, 3), "a new round begins at none"


def test_who_writes_twice_keeps_it_to_themselves_or_takes_it_back_is_no_further_person() -> None:
    here = in_a_quiet_round(("ada", "asset", "group-from-reveal"), ("ada", "need", "group-from-reveal"))
    here.write("bo", MARK, kind="asset", seen_by="only-me")
    here.withdraw("cy", here.write("cy", MARK, kind="asset", seen_by="group-from-reveal"))
    assert seen(here, "fay").quiet_round_progress("assets") == (1, 4)


@laws
@given(worlds(), worlds())
def test_the_number_is_all_that_hidden_words_change_for_others(world: World, other: World) -> None:
    """Two quiet rounds in which as many have written, whoever they are and whatever it is, look alike to the others."""
    texts = [entry.data.get("text") or "x" for entry in (*world.written(), *other.written())]
    looks = []
    for writer, text in (("ada", str(texts[0])), ("bo", str(texts[-1]))):
        here = in_a_quiet_round()
        here.write(writer, text, kind="asset", seen_by="group-from-reveal")
        view = seen(here, "cy")
        looks.append((given_out(view), view.quiet_round_progress("assets"), [c.id for c in view.contributions()]))
    assert looks[0] == looks[1]
    assert looks[0][1] == (1, 4)
