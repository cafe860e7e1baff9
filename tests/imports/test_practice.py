"""The practice workshops: all of it is kept, each word under its own name, and nothing is shown that should not be."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cases import kind, person, rows, told
from hypothesis import given
from hypothesis import strategies as st

import cowork.imports
from cowork.analysis import voices
from cowork.core.elements import ELEMENT_OF, is_contribution
from cowork.core.entries import Actor, Draft
from cowork.core.errors import ImportError_
from cowork.core.fold import State
from cowork.core.may import has_device
from cowork.core.seen import Seen
from cowork.imports.practice import BEGINS, NAMES, case, last_start_ms, load
from cowork.store import memory_record, open_record
from cowork.store.files import check

FOLDER = Path(cowork.imports.__file__).parent / "practice"


@pytest.mark.parametrize("name", NAMES)
class TestEveryCase:
    def test_every_entry_is_kept_under_its_kind(self, name: str) -> None:
        _, found = told(name)
        assert {row["ref"]: kind(row) for row in rows(name)} == {ref: e.kind for ref, e in found.items()}

    def test_every_word_is_kept_under_its_author_its_language_and_its_fidelity(self, name: str) -> None:
        state, found = told(name)
        for row in rows(name):
            entry = found[row["ref"]]
            text = entry.data.get("note" if row["kind"] == "participant" else "text")
            assert text == row["text"], row["ref"]
            assert entry.header.by == person(state, name, row["by"])
            assert entry.data.get("fidelity") == row["fidelity"]
            assert entry.header.seen_by == row["seen_by"]
            assert entry.data["told"]["t"] == row["t"]

    def test_who_wrote_it_down_is_kept(self, name: str) -> None:
        state, found = told(name)
        for row in rows(name):
            writer, entry = row["extra"].get("written_by"), found[row["ref"]]
            if writer:
                assert entry.header.how == "scribe"
                assert entry.data["written_by"] == person(state, name, writer)
                assert entry.data.get("read_back") == row["extra"].get("read_back")
            elif row["as"] != "scribe":
                assert entry.header.how == row["as"]
            else:  # a scribe's own act
                assert (entry.header.how, entry.data["told"]["as"]) == ("self", "scribe")

    def test_every_link_of_the_data_is_there_under_the_relation_of_the_model(self, name: str) -> None:
        _, found = told(name)
        for row in rows(name):
            about = dict.fromkeys(found[row["ref"]].header.about)
            for link in row["about"]:
                target = found[link["ref"]].id
                relations = [r for r, t in about if t == target]
                assert relations, (row["ref"], link)
                changed = {"withdraws", "hides", "renders", "closes", "becomes"}
                assert link["rel"] in relations or changed & set(relations)
            if "from" in row["extra"]:
                assert ("from", found[row["extra"]["from"]].id) in about

    def test_a_quotation_holds_places_and_no_words(self, name: str) -> None:
        _, found = told(name)
        count = 0
        for row in rows(name):
            quotes = found[row["ref"]].data.get("quotes", [])
            wanted = [link for link in row["about"] if "quote" in link]
            assert len(quotes) == len(wanted)
            for quote, link in zip(quotes, wanted, strict=True):
                count += 1
                assert set(quote) == {"source", "version", "start", "end"}
                assert quote["version"] == found[link["ref"]].id
                data = next(r for r in rows(name) if r["ref"] == link["ref"])["text"]
                words = found[link["ref"]].data.get("text")
                assert words is None or data[quote["start"] : quote["end"]] == words[quote["start"] : quote["end"]]
        assert count

    def test_words_that_are_private_taken_back_or_hidden_reach_nobody_else(self, name: str) -> None:
        state, found = told(name)
        taken = {a["ref"] for r in rows(name) if r["kind"] in ("withdrawal", "hide") for a in r["about"]}
        kept = taken | {r["ref"] for r in rows(name) if r["seen_by"] == "only-me"}
        secret = [found[ref] for ref in kept]
        for viewer in ["", *state.participants()]:
            seen = Seen(state, viewer)
            others = [e for e in secret if e.header.by != viewer]
            if seen.facilitator:  # may see what was hidden, to lift it
                others = [e for e in others if not state.hides(e.id)]
            shown = seen.contributions()
            texts = json.dumps([[v.data.get("text") for v in c.versions + c.earlier] for c in shown])
            for entry in others:
                assert entry.id not in {v.id for c in shown for v in c.versions + c.earlier}
                assert json.dumps(entry.data["text"]) not in texts

    def test_all_that_was_written_alone_is_shown_in_the_end(self, name: str) -> None:
        state, found = told(name)
        seen = Seen(state, "")
        for row in rows(name):
            entry = found[row["ref"]]
            if row["seen_by"] == "group-from-reveal" and not state.withdrawals(entry.id):
                assert seen.of_id(entry.id) is not None, row["ref"]

    def test_nothing_written_alone_could_be_seen_by_another_before_its_time(self, name: str) -> None:
        """Folded up to any entry, a text from-reveal is its author's alone until its element is shown.

        An answer to a proposal waits for the facilitator to show the answers to that wording together.
        """
        state, found = told(name)
        ordered = State.sorted(state.entries.values())
        alone = [
            e
            for r in rows(name)
            if (e := found[r["ref"]]).header.seen_by == "group-from-reveal" and not e.targets("renders")
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
                assert (Seen(partial, "").of_id(a.id) is not None) == shown or partial.withdrawals(a.id)

    def test_answers_are_shown_together_at_the_minute_the_case_tells(self, name: str) -> None:
        state, found = told(name)
        wanted = {
            (found[r["about"][0]["ref"]].id, r["extra"]["reveal_t"]) for r in rows(name) if r["kind"] == "position"
        }
        shown = [s for s in state.of_kind("setting") if s.targets("reveals")]
        assert {(s.targets("reveals")[0], s.data["told"]["t"]) for s in shown} == wanted
        assert len(shown) == len(wanted) and all(s.header.how == "facilitator" for s in shown)
        # An answer that could be seen before would be an answer the others are measured by.
        assert not any(s.data.get("element") == "agreement" for s in state.of_kind("setting"))

    def test_who_writes_nothing_themselves_is_entered_by_their_scribe(self, name: str) -> None:
        """So every answer of theirs is theirs to change: nothing was brought in over their head."""
        state, _ = told(name)
        for p in case(name)["participants"]:
            who = person(state, name, p["id"])
            writers = {r["extra"].get("written_by", p["id"]) for r in rows(name) if r["by"] == p["id"]}
            entered = bool(writers) and p["id"] not in writers
            about = [e for k in ("participant", "consent", "attendance") for e in state.of_person(who, k)]
            assert {e.header.how for e in about} == {"scribe" if entered else "self"}
            assert not entered or {e.data["written_by"] for e in about} <= {person(state, name, w) for w in writers}
            assert about[0].header.by == who and state.entries[who].kind == "participant"
            assert has_device(state, who) != entered
        assert {e.header.how for e in state.entries.values()} <= {"self", "scribe", "facilitator"}

    def test_how_each_took_part_is_told_in_the_case_s_words_and_from_the_minute_it_was_so(self, name: str) -> None:
        state, _ = told(name)
        words = {"room": "in the room", "remote": "remote", "later": "later", "scribe": ("through", "by telephone")}
        for episode, data in zip(state.of_kind("episode"), case(name)["episodes"], strict=True):
            for row in data["took_part"]:
                mine = [
                    e
                    for e in state.of_person(person(state, name, row["who"]), "attendance")
                    if e.header.episode == episode.id
                ]
                assert ", then ".join(e.data["told"]["how"] for e in mine) == row["how"]
                assert all(e.data["told"]["how"].startswith(words[e.data["way"]]) for e in mine)
                joins = next(p["joins_t"] for p in case(name)["participants"] if p["id"] == row["who"])
                wanted = [
                    re.search(r"from minute (\d+)", row["how"]),
                    *re.finditer(r"until minute (\d+), then", row["how"]),
                ]
                first, *later = [int(m[1]) if m else max(joins, data["start_t"]) for m in wanted]
                assert [e.data["told"]["t"] for e in mine] == [first, *later]

    def test_each_episode_holds_its_setting_and_who_was_away_in_words(self, name: str) -> None:
        state, _ = told(name)
        held = zip(voices.episodes(Seen(state, "")), case(name)["episodes"], strict=True)
        for episode, data in held:
            assert {"time": episode.time, "space": episode.space} == data["setting"]
            assert episode.tool == data["tool"]
            assert len(episode.absent) == len(data["absent"])
            assert all(line.endswith(row["why"]) for line, row in zip(episode.absent, data["absent"], strict=True))
            here = {person(state, name, row["who"]) for row in data["took_part"]}
            assert set(voices.ways_in(state, episode.id)) == {p for p in here if state.takes_part(p)}

    def test_people_are_there_with_their_consent_their_perspectives_and_their_language(self, name: str) -> None:
        state, _ = told(name)
        naming = {"named": "named", "by-perspective": "perspective", "pseudonym": "pseudonym", "not-shared": "not"}
        for p in case(name)["participants"]:
            who = person(state, name, p["id"])
            said = state.person(who)
            assert (said["perspectives"], said["lang"], said["way"]) == (p["perspectives"], p["language"], p["way"])
            all_back = [r for r in rows(name) if r["extra"].get("scope") == "all my words" and r["by"] == p["id"]]
            assert state.takes_part(who) != bool(all_back)  # who took everything back took no further part
            assert state.consent(who, "naming")["answer"] == naming[p["consent"]["naming"]]
            assert state.consent(who, "research")["answer"] == p["consent"]["research"].replace("ask-me-", "")
            assert set(p["roles"]) <= state.roles(who)

    def test_no_one_keeps_a_scribes_role_that_was_only_lent(self, name: str) -> None:
        state, _ = told(name)
        scribes = {p for p in state.participants() if "scribe" in state.roles(p)}
        assert scribes == {person(state, name, p["id"]) for p in case(name)["participants"] if "scribe" in p["roles"]}

    def test_context_and_ground_are_there(self, name: str) -> None:
        state, _ = told(name)
        seen, data = Seen(state, ""), case(name)
        why = {e.data["text"] for e in seen.context("why")}
        assert why == {data["context"]["why_held"]}
        assert len(seen.context("ground")) == len(data["ground_rules"])
        assert len(seen.context("decided")) >= len(data["context"]["already_decided"])
        for field in ("can_change", "not_here", "turn_to", "definition", "disagree"):
            assert len(seen.context(field)) == 1

    def test_each_entry_stands_in_its_episode(self, name: str) -> None:
        state, found = told(name)
        names = {e["id"]: e["name"] for e in case(name)["episodes"]}
        episodes = {e.id: e.data["name"] for e in state.of_kind("episode")}
        assert list(episodes.values()) == list(names.values())
        for row in rows(name):
            assert episodes[found[row["ref"]].header.episode] == names[row["episode"]]

    def test_what_is_for_the_trainer_only_is_nowhere_in_the_package(self, name: str, shared: Path) -> None:
        original = json.loads((shared.parent / "content/practice" / f"{name}.json").read_text("utf-8"))
        text = (FOLDER / f"{name}.json").read_text("utf-8")
        state, _ = told(name)
        held = json.dumps([e.data for e in state.entries.values()], ensure_ascii=False)
        for p in original["participants"]:
            about = p.pop("about_the_person", None)
            assert about is None or (about not in text and about not in held)
        assert "about_the_person" not in text + held
        assert json.loads(text) == original

    def test_loading_is_one_write_of_a_sealed_and_whole_record(self, name: str, tmp_path: Path) -> None:
        record = open_record(tmp_path / "a.cowork")
        workshop, code = load(record, name)
        assert record.find(code) == workshop
        assert list(check(record)) == []
        assert record.has_key(workshop)
        again, other = load(record, name)
        assert again != workshop and other != code
        record.close()

    def test_it_is_labelled_as_practice_and_can_be_gone_on_with(self, name: str) -> None:
        state, _ = told(name)
        opened = state.opened()
        assert opened is not None and opened.data["practice"] is True
        assert state.roles(opened.header.by) >= {"facilitator"}


DAY_MS = 24 * 60 * 60 * 1000


@pytest.mark.parametrize("name", NAMES)
def test_a_practice_workshop_has_a_past_in_which_everything_stands_at_its_minute(name: str) -> None:
    now = 1_770_000_000_000
    record = memory_record(now_ms=lambda: now)
    workshop, _ = load(record, name)
    state = record.state(workshop)
    times = [e.header.at_ms for e in state.entries.values()]
    assert now - 56 * DAY_MS < min(times) and max(times) <= now - DAY_MS
    opened = state.opened()
    assert opened is not None and opened.header.at_ms == min(times)
    at = {e.id: (e.header.at_ms - min(times)) / 60_000 for e in state.entries.values()}
    minutes = {e.id: e.data["told"]["t"] for e in state.entries.values() if "t" in e.data.get("told", {})}
    later = {i for i, minute in minutes.items() if at[i] != minute}
    assert all(at[i] > minutes[i] for i in later)  # a rendering waits until what it renders is shown
    assert {state.entries[i].header.about[0][0] for i in later} <= {"renders"} and len(later) == 1
    for episode, data in zip(state.of_kind("episode"), case(name)["episodes"], strict=True):
        assert at[episode.id] == data["start_t"]


def test_a_story_told_from_one_moment_is_the_same_each_time() -> None:
    def course() -> list[tuple[str, int, int]]:
        record = memory_record(now_ms=lambda: 1_770_000_000_000)
        workshop, _ = load(record, "youth-line", start_ms=1_700_000_000_000)
        entries = State.sorted(record.state(workshop).entries.values())
        return [(e.kind, e.header.at_ms, e.header.tick) for e in entries]

    assert course() == course() and course()[0] == ("workshop", 1_700_000_000_000, 0)


@given(st.integers(1_577_836_800_000, 2_208_988_800_000), st.sampled_from(NAMES))
def test_a_story_begins_on_a_working_day_at_its_hour_and_ended_a_day_ago(now: int, name: str) -> None:
    start = last_start_ms(name, now)
    begun = datetime.fromtimestamp(start / 1000)
    assert begun.weekday() < 5 and begun.time() == BEGINS[name]
    ends = max(e["end_t"] for e in case(name)["episodes"])
    assert now - 56 * DAY_MS < start <= now - DAY_MS - ends * 60_000


@pytest.mark.parametrize("name", NAMES)
def test_each_session_of_a_story_says_when_it_began_and_ended_by_the_clock_on_the_wall(name: str) -> None:
    record = memory_record()
    workshop, _ = load(record, name)
    state = record.state(workshop)
    opening = state.opened()
    assert opening is not None
    begun = datetime.fromtimestamp(opening.header.at_ms / 1000)
    for session, data in zip(voices.episodes(Seen(state, "")), case(name)["episodes"], strict=True):
        start, end = (datetime.strptime(words, "%Y-%m-%d %H:%M") for words in (session.start, session.end))
        assert start == begun + timedelta(minutes=data["start_t"]) and end == begun + timedelta(minutes=data["end_t"])
        assert start.timestamp() * 1000 == session.entry.header.at_ms, "as the page of its day has it"
        assert start < end and end.timestamp() * 1000 <= record.now_ms() - DAY_MS


def test_what_is_written_in_it_today_stands_after_the_story() -> None:
    record = memory_record()
    workshop, _ = load(record, "ward-letter")
    state = record.state(workshop)
    before = max(e.header.order for e in state.entries.values())
    lead = state.opened().header.by  # type: ignore[union-attr]
    record.append(workshop, Draft(record.new_id(), "intention", lead, {"text": "Today"}), Actor(lead))
    (mine,) = [e for e in record.state(workshop).entries.values() if e.data.get("text") == "Today"]
    assert mine.header.order > before and record.now_ms() - mine.header.at_ms < DAY_MS


def test_the_order_is_the_same_each_time() -> None:
    def course() -> list[tuple[str, str]]:
        record = memory_record()
        workshop, _ = load(record, "ward-letter")
        state = record.state(workshop)
        return [(e.kind, str(e.data.get("text"))) for e in State.sorted(state.entries.values())]

    assert course() == course()


def test_counts_of_contributions_are_those_of_the_data() -> None:
    state, _ = told("ward-letter")
    counts = Counter(e.kind for e in state.entries.values() if is_contribution(e.kind))
    assert counts == Counter(kind(r) for r in rows("ward-letter") if is_contribution(kind(r)))
    assert (counts["utterance"], counts["proposal"], counts["outcome"], counts["standing"]) == (47, 1, 2, 4)


def test_what_was_written_again_without_a_person_is_seen_and_the_hidden_words_are_not() -> None:
    state, found = told("youth-line")
    shown = Seen(state, "").of_id(found["u10"].id)
    assert shown is not None and shown.earlier == ()
    assert Seen(state, "").of_id(found["u9"].id) is None


def test_the_same_view_is_held_by_more_than_one_by_their_own_link() -> None:
    state, found = told("bus-stop")
    links = [state.entries[i] for i in state.about(found["v1"].id, "holds")]
    assert [(e.kind, e.header.by, e.header.how) for e in links] == [("link", person(state, "bus-stop", "ulf"), "self")]
    state, found = told("ward-letter")
    (link,) = (state.entries[i] for i in state.about(found["v1"].id, "holds"))
    assert (link.header.by, link.header.how) == (person(state, "ward-letter", "gunnar"), "scribe")


def test_an_example_that_does_not_exist_is_said_with_those_that_do() -> None:
    with pytest.raises(ImportError_) as caught:
        load(memory_record(), "../../secrets")
    assert caught.value.values["names"] == "ward-letter, bus-stop, youth-line"
