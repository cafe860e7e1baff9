"""The practice workshops: all of it is kept, each word under its own name, and nothing is shown that should not be."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.transcript_cases import BUS, WARD, YOUTH, keys_of, linked, person, quoted, row, rows, told, words

import cowork.imports
from cowork.analysis import participation
from cowork.core.access.participant_view import ParticipantView
from cowork.core.access.permissions import has_device
from cowork.core.elements import ELEMENT_OF, is_contribution
from cowork.core.entries import Actor, Draft, Entry
from cowork.core.errors import InvalidImport
from cowork.core.fold import State
from cowork.imports.demo import DEMO_NAMES, latest_start_ms, load_demo, read_demo_case
from cowork.store import memory_record, open_record
from cowork.store.check import check_record
from cowork.text import LANGS

FOLDER = Path(cowork.imports.__file__).parent / "practice"


@pytest.mark.parametrize("name", DEMO_NAMES)
class TestEveryCase:
    def test_every_line_is_an_entry_of_its_author_and_its_minute_in_its_episode(self, name: str) -> None:
        state, found = told(name)
        lines, entries = read_demo_case(name).entries, State.sorted(state.entries.values())
        assert len(lines) == len(entries)
        begun = [entry.id for entry in entries if entry.kind == "episode"]
        episode = ""
        for line, entry in zip(lines, entries, strict=True):
            episode = begun.pop(0) if line["kind"] == "episode" else episode
            assert (entry.kind, entry.header.by) == (line["kind"], person(state, name, line["by"])), line
            assert (entry.header.how, entry.header.seen_by) == (line.get("how", "self"), line.get("seen_by", "group"))
            assert entry.header.episode == episode
            assert entry.kind == "role" or entry.data["told"]["t"] == line["t"]
        for line in rows(name):
            targets = [(relation, found[key].id) for relation, key in line.get("about", ())]
            assert list(found[line["key"]].header.about) == targets
            assert words(line) == found[line["key"]].data.get("text", "")

    def test_a_quotation_holds_places_and_no_words(self, name: str) -> None:
        _, found = told(name)
        count = 0
        for line in rows(name):
            quotes = found[line["key"]].data.get("quotes", [])
            for quote, (key, exact) in zip(quotes, quoted(line), strict=True):
                count += 1
                assert set(quote) == {"source", "version", "start", "end"}
                assert quote["version"] == found[key].id
                assert words(row(name, key))[quote["start"] : quote["end"]] == exact
        assert count

    def test_words_that_are_private_taken_back_or_hidden_reach_nobody_else(self, name: str) -> None:
        state, found = told(name)
        taken = {key for r in rows(name) for key in linked(r, "withdraws", "hides")}
        kept = taken | {r["key"] for r in rows(name) if r.get("seen_by") == "only-me"}
        secret = [found[ref] for ref in kept]
        for viewer in ["", *state.participants()]:
            seen = ParticipantView(state, viewer)
            others = [e for e in secret if e.header.by != viewer]
            if seen.is_facilitator:  # may see what was hidden, to lift it
                others = [e for e in others if not state.hides(e.id)]
            shown = seen.contributions()
            texts = json.dumps([[v.data.get("text") for v in c.versions + c.earlier] for c in shown])
            for entry in others:
                assert entry.id not in {v.id for c in shown for v in c.versions + c.earlier}
                assert json.dumps(entry.data["text"]) not in texts

    def test_all_that_was_written_alone_is_shown_in_the_end(self, name: str) -> None:
        state, found = told(name)
        seen = ParticipantView(state, "")
        for line in rows(name):
            entry = found[line["key"]]
            if line.get("seen_by") == "group-from-reveal" and not state.withdrawals(entry.id):
                assert seen.of_id(entry.id) is not None, line

    def test_nothing_written_alone_could_be_seen_by_another_before_its_time(self, name: str) -> None:
        """Folded up to any entry, a text from-reveal is its author's alone until its element is shown.

        An answer to a proposal waits for the facilitator to show the answers to that wording together.
        """
        state, found = told(name)
        ordered = State.sorted(state.entries.values())
        alone = [
            e
            for r in rows(name)
            if (e := found[r["key"]]).header.seen_by == "group-from-reveal" and not e.targets("renders")
        ]
        partial = State(state.workshop)
        for entry in ordered:
            partial.apply(entry)
            mine = [a for a in alone if a.id in partial.entries]
            for a in mine:
                shown = any(
                    (
                        s.targets("reveals") == a.targets("answers")
                        if a.kind == "position"
                        else s.data.get("element") == ELEMENT_OF[a.kind] and s.data.get("alone") is False
                    )
                    and s.header.order > a.header.order
                    for s in partial.of_kind("setting")
                )
                assert (ParticipantView(partial, "").of_id(a.id) is not None) == shown or partial.withdrawals(a.id)

    def test_the_answers_to_a_wording_are_shown_together_and_once(self, name: str) -> None:
        state, found = told(name)
        answered: dict[str, list[Entry]] = {}
        for entry in found.values():
            if entry.kind == "position":
                (wording,) = entry.targets("answers")
                answered.setdefault(wording, []).append(entry)
        shown = [s for s in state.of_kind("setting") if s.targets("reveals")]
        assert sorted(target for s in shown for target in s.targets("reveals")) == sorted(answered)
        for s in shown:
            assert s.header.how == "facilitator"
            assert s.header.order > max(e.header.order for e in answered[s.targets("reveals")[0]])
        # An answer that could be seen before would be an answer the others are measured by.
        assert not any(s.data.get("element") == "agreement" for s in state.of_kind("setting"))

    def test_who_writes_nothing_themselves_is_entered_by_their_scribe(self, name: str) -> None:
        """So every answer of theirs is theirs to change: nothing was brought in over their head."""
        state, _ = told(name)
        for key in read_demo_case(name).people:
            who = person(state, name, key)
            writers = {r["body"].get("written_by", key) for r in rows(name) if r["by"] == key}
            entered = bool(writers) and key not in writers
            about = [e for k in ("participant", "consent", "attendance") for e in state.of_person(who, k)]
            assert {e.header.how for e in about} == {"scribe" if entered else "self"}
            assert not entered or {e.data["written_by"] for e in about} <= {person(state, name, w) for w in writers}
            assert about[0].header.by == who and state.entries[who].kind == "participant"
            assert has_device(state, who) != entered
        assert {e.header.how for e in state.entries.values()} <= {"self", "scribe", "facilitator"}

    def test_how_each_took_part_is_told_in_the_case_s_own_words_too(self, name: str) -> None:
        state, _ = told(name)
        wording = {"room": "in the room", "remote": "remote", "later": "later", "scribe": ("through", "by telephone")}
        said = [
            e for key in read_demo_case(name).people for e in state.of_person(person(state, name, key), "attendance")
        ]
        assert said and all(e.data["told"]["how"].startswith(wording[e.data["way"]]) for e in said)

    def test_each_episode_holds_its_setting_and_who_was_away_in_words(self, name: str) -> None:
        state, _ = told(name)
        held = participation.episodes(ParticipantView(state, ""))
        for episode, line in zip(held, read_demo_case(name).of_kind("episode"), strict=True):
            assert episode.time in ("same", "different") and episode.space in ("same", "blended", "distributed")
            assert episode.tool == line["body"]["tool"]
            assert [*episode.absent] == line["body"]["absent"].splitlines()
            assert episode.entry.data["away"] == [person(state, name, key) for key in line["body"]["away"]]

    def test_people_are_there_with_their_consent_their_perspectives_and_their_language(self, name: str) -> None:
        state, _ = told(name)
        gone = {r["by"] for r in rows(name) if r.get("body", {}).get("told", {}).get("scope") == "all my words"}
        for key in read_demo_case(name).people:
            who = person(state, name, key)
            said = state.profile(who)
            assert said["perspectives"] and said["lang"] in LANGS and said["way"]
            assert state.takes_part(who) != (key in gone)  # who took everything back took no further part
            assert state.consent(who, "naming")["answer"] in ("named", "perspective", "pseudonym", "not")
            assert state.consent(who, "research")["answer"] in ("yes", "no", "later")
            assert state.consent_entry(who, "research").header.seen_by == "only-me"  # type: ignore[union-attr]

    def test_no_one_keeps_a_scribes_role_that_was_only_lent(self, name: str) -> None:
        state, _ = told(name)
        scribes = [p for p in state.participants() if "scribe" in state.roles(p)]
        assert keys_of(name, scribes) == {WARD: ["hanna"], BUS: ["mei"], YOUTH: ["ali"]}[name]

    def test_context_and_ground_are_there(self, name: str) -> None:
        state, _ = told(name)
        seen = ParticipantView(state, "")
        for field in ("why", "can_change", "not_here", "turn_to", "definition", "disagree"):
            assert len(seen.context_entries(field)) == 1
        assert len(seen.context_entries("ground")) >= 3 and len(seen.context_entries("decided")) >= 2

    def test_every_word_of_the_story_is_there_and_what_is_for_the_trainer_only_is_not(
        self, name: str, shared: Path
    ) -> None:
        original = json.loads((shared.parent / "content/practice" / f"{name}.json").read_text("utf-8"))
        text = (FOLDER / f"{name}.jsonl").read_text("utf-8")
        state, found = told(name)
        held = json.dumps([e.data for e in state.entries.values()], ensure_ascii=False)
        assert not [p for p in original["participants"] if p.get("about_the_person", "\0") in text + held]
        assert "about_the_person" not in text + held
        for entry in original["entries"]:
            data = found[entry["ref"]].data
            assert data.get("note" if entry["kind"] == "participant" else "text") == entry["text"]

    def test_loading_is_one_write_of_a_sealed_and_whole_record(self, name: str, tmp_path: Path) -> None:
        record = open_record(tmp_path / "a.cowork")
        workshop, code = load_demo(record, name)
        assert record.find_workshop(code) == workshop
        assert list(check_record(record)) == []
        assert record.has_key(workshop)
        again, other = load_demo(record, name)
        assert again != workshop and other != code
        record.close()

    def test_it_is_labelled_as_practice_and_can_be_gone_on_with(self, name: str) -> None:
        state, _ = told(name)
        opened = state.opening_entry()
        assert opened is not None and opened.data["practice"] is True
        assert state.roles(opened.header.by) >= {"facilitator"}


DAY_MS = 24 * 60 * 60 * 1000


@pytest.mark.parametrize("name", DEMO_NAMES)
def test_a_practice_workshop_has_a_past_in_which_everything_stands_at_its_minute(name: str) -> None:
    now = 1_770_000_000_000
    record = memory_record(now_ms=lambda: now)
    workshop, _ = load_demo(record, name)
    state = record.state(workshop)
    times = [e.header.at_ms for e in state.entries.values()]
    assert now - 56 * DAY_MS < min(times) and max(times) <= now - DAY_MS
    opened = state.opening_entry()
    assert opened is not None and opened.header.at_ms == min(times)
    at = {e.id: (e.header.at_ms - min(times)) / 60_000 for e in state.entries.values()}
    minutes = {e.id: e.data["told"]["t"] for e in state.entries.values() if "t" in e.data.get("told", {})}
    later = {i for i, minute in minutes.items() if at[i] != minute}
    assert all(at[i] > minutes[i] for i in later)  # a rendering waits until what it renders is shown
    assert {state.entries[i].header.about[0][0] for i in later} <= {"renders"} and len(later) == 1
    for episode, line in zip(state.of_kind("episode"), read_demo_case(name).of_kind("episode"), strict=True):
        assert at[episode.id] == line["t"]


def test_a_story_told_from_one_moment_is_the_same_each_time() -> None:
    def course() -> list[tuple[str, int, int]]:
        record = memory_record(now_ms=lambda: 1_770_000_000_000)
        workshop, _ = load_demo(record, "youth-line", start_ms=1_700_000_000_000)
        entries = State.sorted(record.state(workshop).entries.values())
        return [(e.kind, e.header.at_ms, e.header.tick) for e in entries]

    assert course() == course() and course()[0] == ("workshop", 1_700_000_000_000, 0)


@given(st.integers(1_577_836_800_000, 2_208_988_800_000), st.sampled_from(DEMO_NAMES))
def test_a_story_begins_on_a_working_day_at_its_hour_and_ended_a_day_ago(now: int, name: str) -> None:
    found = read_demo_case(name)
    start = latest_start_ms(found, now)
    begun = datetime.fromtimestamp(start / 1000)
    assert begun.weekday() < 5 and begun.time() == {WARD: time(13), BUS: time(18), YOUTH: time(8)}[name]
    ends = max(e["end_t"] for e in found.of_kind("episode"))
    assert now - 56 * DAY_MS < start <= now - DAY_MS - ends * 60_000


@pytest.mark.parametrize("name", DEMO_NAMES)
def test_each_session_of_a_story_says_when_it_began_and_ended_by_the_clock_on_the_wall(name: str) -> None:
    record = memory_record()
    workshop, _ = load_demo(record, name)
    state = record.state(workshop)
    opening = state.opening_entry()
    assert opening is not None
    begun = datetime.fromtimestamp(opening.header.at_ms / 1000)
    for session, line in zip(
        participation.episodes(ParticipantView(state, "")), read_demo_case(name).of_kind("episode"), strict=True
    ):
        start, end = (datetime.strptime(words, "%Y-%m-%d %H:%M") for words in (session.start, session.end))
        assert start == begun + timedelta(minutes=line["t"]) and end == begun + timedelta(minutes=line["end_t"])
        assert start.timestamp() * 1000 == session.entry.header.at_ms, "as the page of its day has it"
        assert start < end and end.timestamp() * 1000 <= record.now_ms() - DAY_MS


def test_what_is_written_in_it_today_stands_after_the_story() -> None:
    record = memory_record()
    workshop, _ = load_demo(record, "ward-letter")
    state = record.state(workshop)
    before = max(e.header.order for e in state.entries.values())
    lead = state.opening_entry().header.by  # type: ignore[union-attr]
    record.append(workshop, Draft(record.new_id(), "intention", lead, {"text": "Today"}), Actor(lead))
    (mine,) = [e for e in record.state(workshop).entries.values() if e.data.get("text") == "Today"]
    assert mine.header.order > before and record.now_ms() - mine.header.at_ms < DAY_MS


def test_the_order_is_the_same_each_time() -> None:
    def course() -> list[tuple[str, str]]:
        record = memory_record()
        workshop, _ = load_demo(record, "ward-letter")
        state = record.state(workshop)
        return [(e.kind, str(e.data.get("text"))) for e in State.sorted(state.entries.values())]

    assert course() == course()


def test_counts_of_contributions_are_those_of_the_data() -> None:
    state, _ = told("ward-letter")
    counts = Counter(e.kind for e in state.entries.values() if is_contribution(e.kind))
    assert counts == Counter(r["kind"] for r in rows("ward-letter") if is_contribution(r["kind"]))
    assert (counts["utterance"], counts["proposal"], counts["outcome"], counts["standing"]) == (47, 1, 2, 4)


def test_what_was_written_again_without_a_person_is_seen_and_the_hidden_words_are_not() -> None:
    state, found = told("youth-line")
    shown = ParticipantView(state, "").of_id(found["u10"].id)
    assert shown is not None and shown.earlier == ()
    assert ParticipantView(state, "").of_id(found["u9"].id) is None


def test_the_same_view_is_held_by_more_than_one_by_their_own_link() -> None:
    state, found = told("bus-stop")
    links = [state.entries[i] for i in state.references_to(found["v1"].id, "holds")]
    assert [(e.kind, e.header.by, e.header.how) for e in links] == [("link", person(state, "bus-stop", "ulf"), "self")]
    state, found = told("ward-letter")
    (link,) = (state.entries[i] for i in state.references_to(found["v1"].id, "holds"))
    assert (link.header.by, link.header.how) == (person(state, "ward-letter", "gunnar"), "scribe")


def test_an_example_that_does_not_exist_is_said_with_those_that_do() -> None:
    with pytest.raises(InvalidImport) as caught:
        load_demo(memory_record(), "../../secrets")
    assert caught.value.values["names"] == "ward-letter, bus-stop, youth-line"
