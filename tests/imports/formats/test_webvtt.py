"""A transcript is read whole or not at all: every word, who said it, when, in which order."""

from __future__ import annotations

import json
import re
from itertools import groupby
from pathlib import Path

import pytest

from cowork.core.errors import InvalidImport
from cowork.imports.formats.webvtt import Transcript, read_webvtt
from cowork.imports.formats.webvtt_cues import MAX_CUES
from cowork.imports.transcript import Remark
from cowork.text import LANGS, translate

GUID = "96fb0b20-02a2-53f6-8200-4e638f5e2bfa"


def vtt(*cues: str, head: str = "WEBVTT") -> bytes:
    """A file of these cues: each gets a time of its own unless it brings one."""
    timed = (c if "-->" in c else f"00:00:{n:02}.000 --> 00:00:{n:02}.500\n{c}" for n, c in enumerate(cues))
    return "\n\n".join([head, *timed, ""]).encode()


def zoom(*cues: str) -> bytes:
    """The same, numbered as Zoom does."""
    return vtt(*(f"{n}\n00:00:{n:02}.000 --> 00:00:{n:02}.500\n{c}" for n, c in enumerate(cues, 1)))


def of(data: bytes) -> Transcript:
    return read_webvtt(data, "talk.vtt")


def said(data: bytes) -> list[tuple[str | None, str]]:
    return [(u.speaker, u.text) for u in of(data).utterances]


def why(data: bytes) -> tuple[str, object]:
    with pytest.raises(InvalidImport) as caught:
        of(data)
    for lang in LANGS:
        assert translate(caught.value.key, lang, **caught.value.values)
    return caught.value.key, caught.value.values.get("n")


# ---- real files


def test_the_zoom_meeting_is_447_turns_by_18_people_word_for_word(shared: Path) -> None:
    data = (shared / "transcripts/zoom_acde_239/transcript.vtt").read_bytes()
    found = read_webvtt(data, "transcript.vtt")
    cues = re.findall(r"\r\n\d+\r\n(\S+) --> (\S+)\r\n(.+?): (.+?)(?=\r\n|$)", data.decode())
    assert (found.format, found.encoding, found.cues, len(found.speakers)) == ("zoom", "UTF-8", 447, 18)
    assert [(u.speaker, u.text) for u in found.utterances] == [(name, text) for _, _, name, text in cues]
    assert [u.position for u in found.utterances] == list(range(447))
    assert (found.utterances[0].from_ms, found.utterances[0].to_ms) == (274_360, 275_230)


@pytest.fixture(scope="session")
def truth(shared: Path) -> list[tuple[str, str]]:
    rows = json.loads((shared / "transcripts/rendered/ground_truth.json").read_text("utf-8"))
    return [(row["speaker"], row["text"]) for row in rows]


def test_a_teams_file_gives_the_turns_of_the_ground_truth(shared: Path, truth: list[tuple[str, str]]) -> None:
    found = read_webvtt((shared / "transcripts/rendered/teams.vtt").read_bytes(), "teams.vtt")
    assert (found.format, found.cues) == ("teams", 696)
    assert [(u.speaker, u.text) for u in found.utterances] == truth


def test_a_zoom_file_gives_the_words_of_the_ground_truth(shared: Path, truth: list[tuple[str, str]]) -> None:
    found = read_webvtt((shared / "transcripts/rendered/zoom.vtt").read_bytes(), "zoom.vtt")
    turns = [(who, " ".join(u.text for u in pieces)) for who, pieces in groupby(found.utterances, lambda u: u.speaker)]
    assert (found.format, turns) == ("zoom", truth)


@pytest.mark.parametrize(("name", "format"), [("stream_classic", "stream"), ("whisper", "webvtt")])
def test_files_without_speakers_keep_every_word_and_name_nobody(
    shared: Path, truth: list[tuple[str, str]], name: str, format: str
) -> None:
    found = read_webvtt((shared / f"transcripts/rendered/{name}.vtt").read_bytes(), f"{name}.vtt")
    assert (found.format, list(found.speakers)) == (format, [None])
    assert " ".join(u.text for u in found.utterances).split() == " ".join(text for _, text in truth).split()


@pytest.mark.parametrize("name", ["zoom_acde_239/chat.txt", "rendered/teams.docx", "rendered/whisper.srt"])
def test_other_real_files_are_refused(shared: Path, name: str) -> None:
    assert why((shared / "transcripts" / name).read_bytes())[0] in ("import.not_vtt", "import.binary")


# ---- who speaks


def test_zoom_is_split_at_the_first_colon_only() -> None:
    data = zoom("Anna (she) | Ward: Two things: time, and quiet", "Björn: Yes", "Anna (she) | Ward: note: 10:30: ok")
    assert said(data) == [
        ("Anna (she) | Ward", "Two things: time, and quiet"),
        ("Björn", "Yes"),
        ("Anna (she) | Ward", "note: 10:30: ok"),
    ]
    assert of(data).format == "zoom"


def test_words_before_a_colon_are_no_name_where_most_cues_have_none() -> None:
    talk = zoom("So here it is: we wait", "and then", "Question: who?", "nobody", "Question: when?", "tomorrow", "ok")
    assert of(talk).format == "webvtt"
    assert {speaker for speaker, _ in said(talk)} == {None}
    assert said(talk)[0][1] == "So here it is: we wait"


def test_a_cue_without_a_name_among_named_ones_belongs_to_an_unknown_voice() -> None:
    data = zoom("Anna: hello", "Anna: so", "what we found out is this: nothing", "Bo Ek: oh", "Anna: yes")
    assert said(data)[2] == (None, "what we found out is this: nothing")
    assert said(data)[3] == ("Bo Ek", "oh")


def test_teams_pieces_of_one_utterance_are_joined_and_others_are_not() -> None:
    data = vtt(
        f"{GUID}/5-0\n00:00:01.000 --> 00:00:02.000\n<v Neagle, Lynne (Guest)>Good morning,</v>",
        f"{GUID}/5-1\n00:00:02.000 --> 00:00:03.000\n<v Neagle, Lynne (Guest)>all of\nyou",
        f"{GUID}/6-0\n00:00:03.000 --> 00:00:04.000\n<v Si&#226;n>R&amp;D &lt;3&nbsp;&#163;5</v>",
    )
    found = of(data).utterances
    assert [tuple(u) for u in found] == [
        ("Neagle, Lynne (Guest)", "Good morning, all of you", 1000, 3000, 0),
        ("Siân", "R&D <3\xa0£5", 3000, 4000, 1),
    ]


def test_teams_without_speakers_keeps_its_words() -> None:
    assert said(vtt(f"{GUID}/1-0\n00:00:01.000 --> 00:00:02.000\nhello")) == [(None, "hello")]


def test_several_voices_in_one_cue_are_several_turns() -> None:
    assert said(vtt("<v.loud Anna>No!</v> (laughs) <v Bo>Well,\nyes")) == [
        ("Anna", "No!"),
        (None, "(laughs)"),
        ("Bo", "Well, yes"),
    ]


def test_only_webvtts_own_tags_and_whole_entities_are_taken_away() -> None:
    text = "<i>a</i> <c.x>b</c> <00:00:01.500>c <laughs> d < e > f ?x=1&copy=2 &amp;lt; &bogus;"
    assert said(vtt(text)) == [(None, "a b c <laughs> d < e > f ?x=1&copy=2 &lt; &bogus;")]


def test_notes_styles_and_regions_are_never_speech() -> None:
    head = "WEBVTT - meeting\nKind: captions\n\nSTYLE\n::cue {}\n\nREGION\nid:x\n\nNOTE\nConfidence: high"
    data = vtt("NOTE is what I said", "NOTE Confidence: 0.9\n\n00:01:00.000 --> 00:01:01.000\nwords", head=head)
    assert said(data) == [(None, "NOTE is what I said"), (None, "words")]
    assert of(data).format == "stream"


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_any_line_ends_give_the_same_words(ends: str) -> None:
    data = zoom("Anna: a", "Anna: b\nc").decode().replace("\n", ends).encode()
    assert said(data) == [("Anna", "a"), ("Anna", "b c")]


def test_signs_inside_a_sentence_do_not_break_it() -> None:
    assert said(vtt("שלום 👨‍👩‍👧 e\u0301 a\u2028b =cmd|'/c' <script>alert(1)</script>")) == [
        (None, "שלום 👨‍👩‍👧 e\u0301 a\u2028b =cmd|'/c' <script>alert(1)</script>")
    ]


def test_silent_cues_are_counted_and_say_nothing() -> None:
    found = of(vtt("hello", "<v Anna></v>", "you"))
    assert (found.cues, [u.text for u in found.utterances]) == (3, ["hello", "you"])


def test_the_source_is_the_content_and_not_the_name() -> None:
    assert read_webvtt(zoom("A: b", "A: c"), "one").source == read_webvtt(zoom("A: b", "A: c"), "two").source
    assert of(zoom("A: b", "A: c")).source != of(zoom("A: b", "A: d")).source


# ---- what is wrong, and where


def test_a_file_that_is_not_webvtt_is_refused() -> None:
    assert why(b"1\n00:00:01,000 --> 00:00:02,000\nhello\n") == ("import.not_vtt", None)
    assert why(b"WEBVTTX\n\nhello") == ("import.not_vtt", None)


def test_a_file_without_talk_is_refused() -> None:
    assert why(b"WEBVTT\n") == ("import.no_words", None)
    assert why(vtt("<v Anna></v>")) == ("import.no_words", None)


@pytest.mark.parametrize(
    ("tail", "line"),
    [
        ("2", 6),
        ("2\n00:00:0", 6),
        ("2\n00:00:02.000 --> 00:", 7),
        ("2\n00:00:02.000 -->", 7),
        ("2\n00:00:02.000 --> 00:00:03.000", 7),
        ("2\n00:00:02.000 --> 00:00:03.000\n\n\n", 7),
        ("NOTE Confidence: 0.9\n\n00:00:02.000 --> 00:00:03.00 \n", 8),
    ],
)
def test_a_file_that_was_cut_off_is_refused_with_the_line(tail: str, line: int) -> None:
    assert why(("WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nhello\n\n" + tail).encode()) == ("import.cut_off", line)


@pytest.mark.parametrize(
    ("cue", "line"),
    [
        ("00:00:99.000 --> 00:01:02.000\nhi", 6),
        ("00:00:01,000 --> 00:00:02,000\nhi", 6),
        ("00:00:01.000 --> soon\nhi", 6),
        ("x\ny --> z\nhi", 7),
        ("words that belong to nobody", 6),
        ("00:00:01.000 --> 00:00:02.000\nhi\n7\n00:00:03.000 --> 00:00:04.000\nho", 9),
    ],
)
def test_a_broken_line_in_the_middle_is_refused_with_its_number(cue: str, line: int) -> None:
    first, last = (f"00:00:0{n}.000 --> 00:00:0{n}.500\nwords" for n in (1, 8))
    assert why(f"WEBVTT\n\n{first}\n\n{cue}\n\n{last}\n".encode()) == ("error.import", line)


def asked_whether_cut(data: bytes) -> bool:
    return Remark("import.summary.maybe_cut") in of(data).remarks


def test_every_cut_of_a_file_is_refused_or_asked_about_or_leaves_whole_turns_only() -> None:
    data = zoom("Anna: one two", "Bo: three", "Anna: four", "Bo: five")
    whole, taken, asked = said(data), 0, 0
    for length in range(len(data)):
        try:
            found = said(data[:length])
        except InvalidImport:
            continue
        if asked_whether_cut(data[:length]):
            asked += 1
            continue
        taken += 1
        assert [text for _, text in found] in ([text for _, text in whole[:n]] for n in range(1, 5)) or found == [
            (None, "Anna: one two")  # the first turn alone: nothing says yet that this is a name
        ]
    assert taken and asked


def test_an_end_without_a_line_end_is_asked_about_and_half_a_tag_is_refused() -> None:
    cue = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n"
    assert said((cue + "Anna Ber").encode()) == [(None, "Anna Ber")]
    assert asked_whether_cut((cue + "Anna Ber").encode())
    for tail in ("<v Anna>hello</", "<v Anna>hello</v", "<v Anna Be", "hello <", "hello <i"):
        assert why((cue + tail).encode()) == ("import.cut_off", 4)
    for end in ("</v>", "\n", "\r\n"):
        assert said((cue + "<v Anna>hello" + end).encode()) == [("Anna", "hello")]
        assert not asked_whether_cut((cue + "<v Anna>hello" + end).encode())


def test_the_times_of_long_and_short_forms_are_kept() -> None:
    data = b"WEBVTT\n\n00:03.120 --> 00:08.320 align:start\na\n\n101:00:00.007 --> 101:00:01.000\nb\n"
    assert [(u.from_ms, u.to_ms) for u in of(data).utterances] == [(3120, 8320), (363_600_007, 363_601_000)]


def test_more_cues_or_voices_than_any_meeting_has_are_refused() -> None:
    cue = "00:01.000 --> 00:02.000\n"
    many = [
        ("WEBVTT\n\n" + (cue + "a\n\n") * (MAX_CUES + 1)),
        ("WEBVTT\n\n" + cue + "<v a>b" * (MAX_CUES + 1) + "\n"),
    ]
    for text in many:
        assert why(text.encode())[0] == "import.too_many"
