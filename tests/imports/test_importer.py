"""A transcript enters a workshop whole or not at all, with voices for people and no name nobody agreed to."""

from __future__ import annotations

from pathlib import Path

import pytest

from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Actor, Draft
from cowork.core.errors import InvalidEntry, InvalidImport, NotAllowed
from cowork.imports import detect
from cowork.imports.formats.webvtt import read_webvtt
from cowork.imports.importer import already_imported, find_duplicate, import_transcript, last_voice_number
from cowork.imports.transcript import Transcript, transcript_drafts
from cowork.store import Record, memory_record, open_record

TALK = (
    b"WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\nAnna Berg: Good morning, Bo\n\n"
    b"2\n00:00:02.000 --> 00:00:03.000\nBo Ek: Morning\n\n3\n00:00:04.000 --> 00:00:05.500\nAnna Berg: Shall we\n"
)


@pytest.fixture
def record() -> Record:
    return memory_record()


def opened(record: Record) -> tuple[str, str]:
    """A workshop with one facilitator: (workshop, facilitator)."""
    who, workshop = record.new_id(), record.new_id()
    record.open_workshop(Draft(workshop, "workshop", who, {"title": "x", "code": "OAK-222"}), Actor(who))
    yes = Draft(record.new_id(), "consent", who, {"question": "part", "answer": "yes"})
    record.append_many(workshop, [Draft(who, "participant", who, {"name": "Eva"}), yes], Actor(who))
    return workshop, who


def talk() -> Transcript:
    return read_webvtt(TALK, "talk.vtt")


def whole_text(record: Record, workshop: str) -> str:
    return " ".join(entry.body or "" for _, entry in record.read_entries(workshop))


def test_every_turn_becomes_an_utterance_with_its_source_place_and_times(record: Record) -> None:
    workshop, _ = opened(record)
    import_transcript(record, workshop, talk())
    seen = ParticipantView(record.state(workshop), "")
    found = seen.of_kind("utterance")
    assert [c.text for c in found] == ["Good morning, Bo", "Morning", "Shall we"]
    assert [c.source_place for c in found] == [(1, talk().source, n) for n in range(3)]
    assert found[2].entry.data["said"] == {"from_ms": 4000, "to_ms": 5500}
    assert {c.entry.header.how for c in found} == {"import"}
    assert {c.entry.data["fidelity"] for c in found} == {"imported"}


def test_people_become_voices_in_the_order_they_speak_and_their_names_stand_nowhere(record: Record) -> None:
    workshop, _ = opened(record)
    import_transcript(record, workshop, talk())
    state = record.state(workshop)
    voices = [state.profile(p).get("voice") for p in state.participants()][1:]
    assert voices == [1, 2]
    assert [state.profile(c.author)["voice"] for c in ParticipantView(state, "").of_kind("utterance")] == [1, 2, 1]
    text = whole_text(record, workshop)
    assert "Anna Berg" not in text and "Bo Ek" not in text
    assert "Good morning, Bo" in text  # a name inside the talk is what was said


def test_what_was_agreed_is_kept_with_the_names_and_says_who_stated_it(record: Record) -> None:
    workshop, _ = opened(record)
    import_transcript(record, workshop, talk(), agreed="All said yes to their names on 3 May.", asked_by="importer")
    state = record.state(workshop)
    people = [p for p in state.participants() if "voice" in state.profile(p)]
    assert [state.profile(p)["name"] for p in people] == ["Anna Berg", "Bo Ek"]
    for person in people:
        consent = state.consent(person, "naming")
        assert consent["answer"] == "named" and consent["asked_by"] == "importer"
        assert consent["statement"] == "All said yes to their names on 3 May."


def test_whoever_is_not_named_is_one_unknown_voice_even_where_names_are_agreed(record: Record) -> None:
    workshop, _ = opened(record)
    quiet = read_webvtt(b"WEBVTT\n\n00:01.000 --> 00:02.000\nhello\n\n00:02.000 --> 00:03.000\nyou\n", "whisper.vtt")
    import_transcript(record, workshop, quiet, agreed="yes")
    state = record.state(workshop)
    person = state.profile(state.participants()[-1])
    assert (person["voice"], person["unknown"], "name" in person) == (1, True, False)
    assert len({c.author for c in ParticipantView(state, "").of_kind("utterance")}) == 1


def test_the_talk_has_an_episode_of_its_own_and_what_people_type_later_does_not_fall_into_it(record: Record) -> None:
    workshop, who = opened(record)
    import_transcript(record, workshop, talk())
    state = record.state(workshop)
    (episode,) = state.of_kind("episode")
    assert episode.data["name"] == "talk.vtt" and episode.data["tool"] == "Zoom"
    assert {c.entry.header.episode for c in ParticipantView(state, "").of_kind("utterance")} == {episode.id}
    record.append(workshop, Draft(record.new_id(), "intention", who, {"text": "Listen"}), Actor(who))
    (typed,) = ParticipantView(record.state(workshop), "").of_kind("intention")
    assert typed.entry.header.episode == ""


def test_voices_do_not_count_as_people_taking_part(record: Record) -> None:
    workshop, _ = opened(record)
    import_transcript(record, workshop, talk())
    assert ParticipantView(record.state(workshop), "").participant_count() == 1


def test_the_same_file_twice_is_noticed_whatever_it_is_called(record: Record) -> None:
    workshop, _ = opened(record)
    import_transcript(record, workshop, talk())
    before = len(record.read_entries(workshop))
    with pytest.raises(InvalidImport) as caught:
        import_transcript(record, workshop, read_webvtt(TALK, "copy of talk.vtt"))
    assert caught.value.key == "import.already"
    assert len(record.read_entries(workshop)) == before


def test_another_workshop_and_again_may_have_it_with_voices_counted_on(record: Record) -> None:
    workshop, _ = opened(record)
    import_transcript(record, workshop, talk())
    import_transcript(record, workshop, talk(), again=True)
    other, _ = opened(record)
    import_transcript(record, other, talk())
    assert last_voice_number(record.state(workshop)) == 4
    assert last_voice_number(record.state(other)) == 2
    assert len(ParticipantView(record.state(workshop), "").of_kind("utterance")) == 6


def test_a_file_whose_words_were_erased_does_not_come_back_by_accident(record: Record) -> None:
    workshop, who = opened(record)
    import_transcript(record, workshop, talk())
    for found in ParticipantView(record.state(workshop), "").of_kind("utterance"):
        record.append(workshop, Draft(record.new_id(), "erasure", who, {}, (("erases", found.id),)), Actor(who))
    assert "Good morning" not in whole_text(record, workshop)
    assert already_imported(record.state(workshop), talk().source)


def test_a_turn_that_cannot_be_kept_keeps_all_of_it_out(tmp_path: Path) -> None:
    record = open_record(tmp_path / "a.cowork")
    workshop, _ = opened(record)
    before = record.read_entries(workshop)
    long = talk().utterances[2]._replace(text="a" * 100_001)
    broken = Transcript("s", "n", "zoom", "UTF-8", 3, (*talk().utterances[:2], long))
    with pytest.raises(InvalidEntry):
        import_transcript(record, workshop, broken)
    assert record.read_entries(workshop) == before
    assert ParticipantView(record.state(workshop), "").of_kind("utterance") == []


def test_times_that_nobody_gave_stand_nowhere(record: Record) -> None:
    workshop, _ = opened(record)
    import_transcript(record, workshop, detect.read_transcript(b"Anna: hello\nBo: hi\nAnna: so\n", "talk.txt"))
    found = ParticipantView(record.state(workshop), "").of_kind("utterance")
    assert len(found) == 3 and not any("said" in c.entry.data for c in found)
    (episode,) = record.state(workshop).of_kind("episode")
    assert "tool" not in episode.data


def test_a_beginning_without_an_end_is_kept_alone(record: Record) -> None:
    workshop, _ = opened(record)
    import_transcript(
        record, workshop, detect.read_transcript(b"[0:00:05] Anna: hello\n[0:01:00] Bo: hi\n[0:02:00] Anna: so\n", "t")
    )
    found = ParticipantView(record.state(workshop), "").of_kind("utterance")
    assert [c.entry.data["said"] for c in found] == [{"from_ms": 5000}, {"from_ms": 60_000}, {"from_ms": 120_000}]


def test_a_facilitator_may_bring_talk_in_and_it_says_who_did(record: Record) -> None:
    workshop, who = opened(record)
    import_transcript(record, workshop, talk(), by=who, agreed=" All said yes. ")
    state = record.state(workshop)
    (episode,) = state.of_kind("episode")
    assert episode.data["brought_by"] == who
    voice = next(p for p in state.participants() if "voice" in state.profile(p))
    assert state.consent(voice, "naming")["asked_by"] == who
    assert state.consent(voice, "naming")["statement"] == "All said yes."


def joined(record: Record, workshop: str, *roles: str, by: str = "") -> str:
    """Somebody who takes part, with roles that `by` gave them."""
    guest = record.new_id()
    yes = Draft(record.new_id(), "consent", guest, {"question": "part", "answer": "yes"})
    record.append_many(workshop, [Draft(guest, "participant", guest, {"name": "Gus"}), yes], Actor(guest))
    for role in roles:
        given = Draft(record.new_id(), "role", by, {"role": role, "on": True}, (("grants", guest),))
        record.append(workshop, given, Actor(by))
    return guest


def test_a_scribe_may_too(record: Record) -> None:
    workshop, who = opened(record)
    scribe = joined(record, workshop, "scribe", by=who)
    import_transcript(record, workshop, talk(), by=scribe)
    (episode,) = record.state(workshop).of_kind("episode")
    assert episode.data["brought_by"] == scribe


def test_nobody_else_may(record: Record) -> None:
    workshop, who = opened(record)
    left = joined(record, workshop, "scribe", by=who)
    no = Draft(record.new_id(), "consent", left, {"question": "part", "answer": "no"})
    record.append(workshop, no, Actor(left))
    people = {
        "error.may_not": joined(record, workshop),
        "error.observer": joined(record, workshop, "scribe", "observer", by=who),
        "error.no_consent": left,
    }
    for key, person in [*people.items(), ("error.no_consent", record.new_id())]:
        with pytest.raises(NotAllowed) as caught:
            import_transcript(record, workshop, talk(), by=person)
        assert caught.value.key == key
    assert ParticipantView(record.state(workshop), "").of_kind("utterance") == []


def test_the_id_that_a_device_made_is_that_of_the_talk(record: Record) -> None:
    workshop, who = opened(record)
    ident = record.new_id()
    import_transcript(record, workshop, talk(), by=who, episode=ident)
    state = record.state(workshop)
    assert [episode.id for episode in state.of_kind("episode")] == [ident]
    assert {turn.header.episode for turn in state.of_kind("utterance")} == {ident}


def test_white_space_is_no_agreement_about_names(record: Record) -> None:
    workshop, _ = opened(record)
    import_transcript(record, workshop, talk(), agreed="  \n ")
    assert "Anna Berg" not in whole_text(record, workshop)


PLAIN = b"Anna Berg: Good morning, Bo\n\nBo Ek:\nMorning\n\nAnna Berg: Shall\nwe\n"


def test_the_same_words_in_another_file_are_found_and_both_come_in(record: Record) -> None:
    workshop, _ = opened(record)
    plain = detect.read_transcript(PLAIN, "typed.txt")
    assert find_duplicate(record.state(workshop), plain) is None
    import_transcript(record, workshop, talk())
    assert find_duplicate(record.state(workshop), plain) == "talk.vtt"
    parted = detect.read_transcript(PLAIN.replace(b"Good morning, Bo", b"GOOD morning,\n\n Bo"), "parted.txt")
    assert find_duplicate(record.state(workshop), parted) == "talk.vtt"  # capitals and breaks make no other words
    import_transcript(record, workshop, plain)
    assert len(ParticipantView(record.state(workshop), "").of_kind("utterance")) == 6
    assert (
        find_duplicate(
            record.state(workshop), detect.read_transcript(PLAIN.replace(b"Shall", b"We shall"), "other.txt")
        )
        is None
    )


def test_words_that_were_erased_are_no_longer_the_same(record: Record) -> None:
    workshop, who = opened(record)
    import_transcript(record, workshop, talk())
    found = ParticipantView(record.state(workshop), "").of_kind("utterance")[0]
    record.append(workshop, Draft(record.new_id(), "erasure", who, {}, (("erases", found.id),)), Actor(who))
    assert find_duplicate(record.state(workshop), detect.read_transcript(PLAIN, "typed.txt")) is None


def test_the_same_meeting_from_two_programs_has_the_same_words(shared: Path, record: Record) -> None:
    workshop, _ = opened(record)
    folder = shared / "transcripts/rendered"
    import_transcript(record, workshop, read_webvtt((folder / "teams.vtt").read_bytes(), "teams.vtt"))
    for name in ("otter.txt", "zoom.vtt", "whisper.vtt"):
        assert (
            find_duplicate(record.state(workshop), detect.read_transcript((folder / name).read_bytes(), name))
            == "teams.vtt"
        )
    other = detect.read_transcript((folder / "plain_cp1252.txt").read_bytes(), "plain.txt", "cp1252")
    assert find_duplicate(record.state(workshop), other) is None  # one letter of it is not in cp1252


def test_each_import_makes_new_ids_and_the_same_order(record: Record) -> None:
    one, two = (transcript_drafts(talk(), record.new_id, by=record.new_id()) for _ in range(2))
    assert not {d.id for d in one} & {d.id for d in two}
    assert [d.kind for d in one] == ["episode", *["participant"] * 2, *["utterance"] * 3]


def test_the_zoom_meeting_comes_in_whole_and_says_how_far_it_is(shared: Path, tmp_path: Path) -> None:
    data = (shared / "transcripts/zoom_acde_239/transcript.vtt").read_bytes()
    record = open_record(tmp_path / "a.cowork")
    workshop, _ = opened(record)
    transcript, told = read_webvtt(data, "transcript.vtt"), []
    made = import_transcript(record, workshop, transcript, on_progress=lambda done, whole: told.append((done, whole)))
    state = record.state(workshop)
    found = sorted(ParticipantView(state, "").of_kind("utterance"), key=lambda c: c.source_place)
    assert [c.text for c in found] == [u.text for u in transcript.utterances]
    assert last_voice_number(state) == 18
    assert told == [(n, made) for n in range(1, made + 1)]
    names = [name for name in transcript.speakers if name and len(name) > 8]
    bodies = [e.data for _, e in record.read_entries(workshop) if e.kind == "participant"]
    assert not any(name in str(body) for name in names for body in bodies)
