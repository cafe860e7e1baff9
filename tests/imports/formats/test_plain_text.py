"""Plain text is read word for word: who speaks is what stands before a colon, and only where it is a name."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.strategies import laws

from cowork.core.errors import InvalidImport
from cowork.imports.detect import read_transcript
from cowork.imports.formats.plain_text import MAX_TURN_LINES, parse
from cowork.imports.transcript import Transcript
from cowork.text import LANGS, translate


def said(text: str) -> list[tuple[str | None, str]]:
    return [(u.speaker, u.text) for u in parse(text).utterances]


def times(text: str) -> list[int | None]:
    return [u.from_ms for u in parse(text).utterances]


# ---- against what is known


def test_a_file_from_word_gives_the_turns_of_the_ground_truth(shared: Path) -> None:
    folder = shared / "transcripts/rendered"
    truth = json.loads((folder / "ground_truth.json").read_text("utf-8"))
    found = read_transcript((folder / "plain_cp1252.txt").read_bytes(), "plain_cp1252.txt", "cp1252")
    assert (found.format, found.cues, len(found.utterances)) == ("plain", 97, 97)
    assert [u.speaker for u in found.utterances] == [row["speaker"].upper() for row in truth]
    # The file itself holds "?" where cp1252 has no letter; nothing else differs.
    assert [u.text for u in found.utterances] == [row["text"].replace("ŷ", "?") for row in truth]
    assert {u.from_ms for u in found.utterances} == {None}


@pytest.mark.parametrize("between", ["\n", "\r\n\r\n"])
@pytest.mark.parametrize(
    ("name", "turns", "people"),
    [("education_14", 130, 9), ("education_0", 124, 11), ("education_11", 97, 6), ("ami_ES2004c", 604, 4)],
)
def test_a_meeting_written_as_plain_text_comes_back_turn_by_turn(
    shared: Path, name: str, turns: int, people: int, between: str
) -> None:
    rows = json.loads((shared / f"transcripts/qmsum_{name}.json").read_text("utf-8"))["meeting_transcripts"]
    told = [(row["speaker"], row["content"]) for row in rows]
    found = read_transcript(between.join(f"{who}: {words}" for who, words in told).encode(), f"{name}.txt")
    assert (len(found.utterances), len(found.speakers)) == (turns, people)
    assert [(u.speaker, u.text) for u in found.utterances] == told


def test_an_otter_file_gives_the_turns_of_the_ground_truth_with_their_times(shared: Path) -> None:
    folder = shared / "transcripts/rendered"
    truth = json.loads((folder / "ground_truth.json").read_text("utf-8"))
    found = read_transcript((folder / "otter.txt").read_bytes(), "otter.txt")
    assert (found.format, found.starts_ms, found.ends_ms) == ("otter", 3000, 4_024_000)
    assert [(u.speaker, u.text) for u in found.utterances] == [(row["speaker"], row["text"]) for row in truth]


def test_a_zoom_chat_reads_as_talk_with_times(shared: Path) -> None:
    data = (shared / "transcripts/zoom_acde_239/chat.txt").read_bytes()
    found = read_transcript(data, "chat.txt")
    assert len(found.utterances) == len([line for line in data.splitlines() if line[2:3] == b":"]) == 195
    assert found.utterances[0].speaker == "David (dionysuz)" and found.starts_ms == 436_000
    assert all(u.from_ms is not None for u in found.utterances)


# ---- what is written comes back

PEOPLE = (
    "Anna",
    "BO EK",
    "Sally Jenkins",
    "Dr. Åsa af Berg",
    "P12",
    "Ines (chair) | Öberg",
    "張三",
    "أحمد",
    "Étienne O'Neil",
)
LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])


def _kept(words: str) -> bool:
    """Words that nothing here takes for anything but words: no name or time at their beginning."""
    begins = words[:81]
    return ":" not in begins and "：" not in begins and not begins[:1].isdigit() and begins[:1] not in ("[", "(")


WORDS = st.text(LETTERS, min_size=1, max_size=60).map(str.strip).filter(lambda words: words and _kept(words))
AFTER_A_NAME = (
    st.text(LETTERS, min_size=1, max_size=60)
    .map(str.strip)
    .filter(lambda words: words and not words[:1].isdigit() and words[:1] not in ("[", "("))
)


@st.composite
def talks(draw: st.DrawFn) -> list[tuple[str, list[str]]]:
    """Turns, each of one or more paragraphs, in which everybody speaks more than once, as they do where people talk."""
    people = draw(st.lists(st.sampled_from(PEOPLE), min_size=2, max_size=4, unique=True))
    order = [*people, *people, *draw(st.lists(st.sampled_from(people), max_size=6))]
    return [(who, [draw(AFTER_A_NAME), *draw(st.lists(WORDS, max_size=2))]) for who in draw(st.permutations(order))]


@laws
@given(
    talk=talks(),
    alone=st.booleans(),
    between=st.sampled_from(["\n", "\n\n", "\n \n\n"]),
    ends=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_turns_written_as_plain_text_come_back_word_for_word(
    talk: list[tuple[str, list[str]]], alone: bool, between: str, ends: str, encoding: str
) -> None:
    # Words on a line of their own could begin as a name does; beside the name they may hold anything.
    talk = [(who, [*(w for w in words if _kept(w)), "so"] if alone else words) for who, words in talk]
    written = between.join(f"{who}:{chr(10) if alone else ' '}" + "\n\n".join(words) for who, words in talk)
    found = read_transcript(written.replace("\n", ends).encode(encoding), "talk.txt")
    assert [(u.speaker, u.text) for u in found.utterances] == [(who, "\n".join(words)) for who, words in talk]


LINE = st.tuples(
    st.sampled_from(["", "Anna: ", "BO:\t", "First: ", "so: ", "أنا：", " "]), st.text(LETTERS, max_size=20)
)


@laws
@given(lines=st.lists(LINE.map("".join), max_size=12))
def test_no_letter_of_any_text_is_lost(lines: list[str]) -> None:
    """Whatever is taken for a name: name, colon and words together are the text again, white space aside."""
    text = "\n".join(lines)
    assume(not re.search(r"\d:\d\d", text) and all(not line.rstrip().endswith((":", "：")) for line in lines))
    held = "".join((f"{u.speaker}:" if u.speaker else "") + u.text for u in parse(text).utterances)
    assert _bare(held) == _bare(text)


def _bare(text: str) -> str:
    """Letters alone: white space and the signs for a line's direction fall away beside a name."""
    return re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", "".join(text.split())).replace("：", ":")


def test_lines_that_were_broken_at_a_width_are_joined_again() -> None:
    words = "We begin with the letter home. It is four pages long, and nobody I know has read all of it to the end."
    broken = "\n".join(textwrap.wrap(words, 30))
    assert said(f"ANNA: {broken}\nBO: {broken}\nANNA: yes") == [("ANNA", words), ("BO", words), ("ANNA", "yes")]


# ---- shapes of turns


def test_a_speaker_may_stand_alone_above_the_words() -> None:
    assert said("Anna:\nhello\nthere\n\nBo Ek:\n\nyes\n\nno: wait\n") == [
        ("Anna", "hello there"),
        ("Bo Ek", "yes\nno: wait"),
    ]


def test_an_empty_line_inside_a_turn_stays_a_line_break() -> None:
    assert said("ANNA: one\n\n\ntwo\nthree\n\nBO: four\n\nANNA: five")[0] == ("ANNA", "one\ntwo three")


def test_speech_with_colons_is_speech() -> None:
    text = "Anna: Two things: time, and quiet\n\nBo: Yes\n\nAnna: note: 10:30: ok\n\nso here it is: we wait\n\nBo: ah"
    assert said(text) == [
        ("Anna", "Two things: time, and quiet"),
        ("Bo", "Yes"),
        ("Anna", "note: 10:30: ok\nso here it is: we wait"),
        ("Bo", "ah"),
    ]


def test_where_names_are_in_capitals_one_word_before_one_colon_is_none() -> None:
    text = "ANNA: I ask.\n\nFirst: who writes?\n\nBO: You.\n\nANNA: Oh.\n\nBO: Yes.\n\nCHAIR: Thanks."
    assert said(text)[0] == ("ANNA", "I ask.\nFirst: who writes?")
    assert said(text)[-1] == ("CHAIR", "Thanks.")


def test_a_colon_inside_a_paragraph_is_none_where_every_speaker_begins_one() -> None:
    text = "Anna: as I told\nCarin: we wait\n\nBo: oh\n\nAnna: yes\n\nBo: no"
    assert said(text)[0] == ("Anna", "as I told Carin: we wait")


def test_small_letters_name_somebody_who_comes_again_and_again() -> None:
    text = "\n".join(["interviewer: why", "guest: because", "guest: and then", "interviewer: oh", "guest: yes"])
    assert {who for who, _ in said(text)} == {"interviewer", "guest"}


def test_words_above_the_first_name_are_kept_for_an_unknown_voice() -> None:
    text = "Interview three\nKitchen, in May\n\nAnna: hello\nBo: hi\nAnna: so\nBo: yes"
    assert said(text)[:2] == [(None, "Interview three Kitchen, in May"), ("Anna", "hello")]


def test_a_speaker_without_words_makes_no_turn_and_is_counted() -> None:
    found = parse("Anna: hello\nBo:\nAnna: you\nBo: yes\n")
    assert (found.cues, [u.text for u in found.utterances]) == (4, ["hello", "you", "yes"])


def test_two_people_who_speak_once_each_are_two_people() -> None:
    assert said("Anna: hello\nthere\nBo: hi\n") == [("Anna", "hello there"), ("Bo", "hi")]


def test_a_name_of_500_letters_is_speech_and_no_letter_of_it_is_lost() -> None:
    text = "A" * 500 + ": hello\nAnna: hi\nBo: yes\nAnna: so\nBo: ah"
    assert said(text)[0] == (None, "A" * 500 + ": hello")


def test_text_from_right_to_left_keeps_its_letters_and_their_order() -> None:
    text = "\u200fدانا: שלום עולם\n\nאנה: אחת: שתיים \u202bab\u202c\n\nدانا: نعم\n\nאנה: كلا"
    assert said(text) == [
        ("دانا", "שלום עולם"),
        ("אנה", "אחת: שתיים \u202bab\u202c"),
        ("دانا", "نعم"),
        ("אנה", "كلا"),
    ]


def test_a_wide_colon_and_a_colon_after_a_space_are_colons() -> None:
    assert said("張三：你好\n李四：好\n張三：對") == [("張三", "你好"), ("李四", "好"), ("張三", "對")]
    assert said("Anne : oui\nBob : non\nAnne : si") == [("Anne", "oui"), ("Bob", "non"), ("Anne", "si")]


# ---- nobody named


def test_without_speakers_every_paragraph_is_a_turn_of_nobody() -> None:
    assert said("We met\nat noon.\n\nNote: it rained.\n\n“Well.”") == [
        (None, "We met at noon."),
        (None, "Note: it rained."),
        (None, "“Well.”"),
    ]


def test_without_speakers_and_empty_lines_every_line_is_a_turn() -> None:
    assert said("hello\nand you\nsee https://example.org/a: good") == [
        (None, "hello"),
        (None, "and you"),
        (None, "see https://example.org/a: good"),
    ]


# ---- times


@pytest.mark.parametrize(
    "turn",
    ["[{at}] {who}: {words}", "{at} {who}: {words}", "({at})\t{who}:\t{words}", "{who} [{at}]: {words}",
     "{who}: [{at}] {words}", "{who} ({at}):\n{words}", "{who}  {at}\n{words}"],
)  # fmt: skip
def test_times_that_every_turn_has_are_times_and_no_words(turn: str) -> None:
    rows = [("00:00:05", "Anna", "hello"), ("0:00:09.5", "Bo Ek", "at 10:30 then"), ("00:12:03", "Anna", "yes")]
    text = "\n\n".join(turn.format(at=at, who=who, words=words) for at, who, words in rows)
    assert said(text) == [(who, words) for _, who, words in rows]
    assert times(text) == [5000, 9500, 723_000]


def test_times_in_a_place_of_their_own_are_times_though_some_turns_have_none() -> None:
    text = "[00:00:05] Anna: hello\nBo: [00:00:07] hi\nAnna: so\nBo: yes"
    assert said(text) == [("Anna", "hello"), ("Bo", "hi"), ("Anna", "so"), ("Bo", "yes")]
    assert times(text) == [5000, 7000, None, None]


def test_a_time_that_few_turns_have_stays_a_word() -> None:
    text = "Anna: [10:30] is on the door\nBo: hi\nAnna: so\nBo: yes\nAnna: 11:30 suits me"
    assert said(text)[0] == ("Anna", "[10:30] is on the door") and set(times(text)) == {None}


def test_figures_that_run_back_are_no_times() -> None:
    text = "Anna: 12:30 suits me\nBo: 10:30 is better\nAnna: 11:00 then\nBo: 11:15 perhaps"
    assert said(text)[1] == ("Bo", "10:30 is better") and set(times(text)) == {None}


def test_lines_with_times_and_no_names_are_turns_of_nobody() -> None:
    text = "[00:05] hello\n[00:09] you\n[1:00:00] end"
    assert (said(text), times(text)) == ([(None, "hello"), (None, "you"), (None, "end")], [5000, 9000, 3_600_000])


def test_one_time_alone_stays_a_word() -> None:
    assert (said("10:30 is when we begin"), times("10:30 is when we begin")) == (
        [(None, "10:30 is when we begin")],
        [None],
    )


def test_otters_own_line_is_no_speech_and_its_unknown_speaker_is_unknown() -> None:
    text = "Anna Berg  0:03  \nhello\nthere\n\nUnknown Speaker  0:09  \nhm\n\nTranscribed by https://otter.ai\n"
    assert said(text) == [("Anna Berg", "hello there"), (None, "hm")]
    assert parse(text).format == "otter"


# ---- what cannot be kept


def test_a_turn_that_is_too_long_is_refused_with_its_line() -> None:
    with pytest.raises(InvalidImport) as caught:
        parse("Anna: hello\n\nBo: " + "word " * 40_000 + "\n\nAnna: yes\nBo: no")
    assert (caught.value.key, caught.value.values) == ("import.too_long", {"n": 3, "limit": 100_000})
    for lang in LANGS:
        assert translate(caught.value.key, lang, **caught.value.values)
    assert len(parse("a" * 100_000).utterances[0].text) == 100_000


def test_more_lines_than_any_talk_has_are_refused() -> None:
    with pytest.raises(InvalidImport) as caught:
        parse("a: a\n" * (MAX_TURN_LINES + 1))
    assert (caught.value.key, caught.value.values) == ("import.too_many", {"limit": MAX_TURN_LINES})
    assert all(translate(caught.value.key, lang, **caught.value.values) for lang in LANGS)


def test_a_transcript_of_nothing_but_names_has_no_words() -> None:
    with pytest.raises(InvalidImport, match=r"import\.no_words"):
        read_transcript(b"Anna:\nBo:\nAnna:\n", "talk.txt")


def test_what_is_read_is_a_transcript_like_any_other() -> None:
    found = read_transcript(b"Anna: a\nBo: b\nAnna: c\n", "talk.txt")
    assert isinstance(found, Transcript)
    assert found.speakers == {"Anna": 2, "Bo": 1}
    assert (found.starts_ms, found.ends_ms) == (None, None)
