"""Laws for any talk: written as some program writes it, it comes back; and nothing but a name becomes a person."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.strategies import few, laws

from cowork.core.errors import InvalidImport
from cowork.imports.detect import read_transcript
from cowork.imports.speaker_names import clean_name, is_label

PEOPLE = ("Maja Lind", "Otis Bell", "Åsa af Berg", "張三", "دانا", "Zoë O'Neil")
WORDS = st.lists(
    st.text(st.characters(categories=["Ll", "Lu", "Lo", "So"]), min_size=1, max_size=9), min_size=1, max_size=8
).map(" ".join)
Talk = list[tuple[str, str]]


@st.composite
def talks(draw: st.DrawFn) -> Talk:
    """Turns in which everybody speaks more than once."""
    people = draw(st.lists(st.sampled_from(PEOPLE), min_size=2, max_size=4, unique=True))
    order = [*people, *people, *draw(st.lists(st.sampled_from(people), max_size=5))]
    return [(who, draw(WORDS)) for who in draw(st.permutations(order))]


def clock(n: int) -> str:
    return f"00:{n // 60:02}:{n % 60:02}"


def cues(talk: Talk, form: str) -> str:
    rows = (
        form.format(n=n + 1, who=who, words=words, begin=f"{clock(n)}.000", end=f"{clock(n + 1)}.000")
        for n, (who, words) in enumerate(talk)
    )
    return "WEBVTT\n\n" + "\n\n".join(rows) + "\n"


CUE_FORMS = {
    "zoom": "{n}\n{begin} --> {end}\n{who}: {words}",
    "voices": "{begin} --> {end}\n<v {who}>{words}</v>",
    "open voices": "{begin} --> {end}\n<v {who}>{words}",
    "brackets": "{begin} --> {end}\n[{who}]: {words}",
    "webex": '{n} "{who}" (40{n})\n{begin} --> {end}\n{words}',
    "ids": "{who}\n{begin} --> {end}\n{words}",
    "a blank line after a time": "{n}\n{begin} --> {end}\n\n{who}: {words}",
    "a note in front": "NOTE Confidence: 0.9\n{begin} --> {end}\n<v {who}>{words}</v>",
}
LINE_FORMS = {
    "colon": "{who}: {words}",
    "bold": "**{who}:** {words}",
    "marked": "[{at}] {who}: {words}",
    "headed": "{who}  {at}\n{words}\n",
    "android": "03/03/2026, 19:{n:02} - {who}: {words}",
    "iphone": "[2026-03-03, 19:00:{n:02}] {who}: {words}",
    "american": "3/3/26, 7:{n:02}\u202fPM - {who}: {words}",
    "german": "03.03.26, 19:{n:02} - {who}: {words}",
}


def lines(talk: Talk, form: str) -> str:
    rows = (form.format(n=n, who=who, words=words, at=clock(n)) for n, (who, words) in enumerate(talk))
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize("form", CUE_FORMS.values(), ids=CUE_FORMS)
@few
@given(talk=talks(), ends=st.sampled_from(["\n", "\r\n", "\r"]), mark=st.sampled_from(["", "\ufeff", "\ufeff\ufeff"]))
def test_any_talk_in_cues_comes_back(form: str, talk: Talk, ends: str, mark: str) -> None:
    found = read_transcript((mark + cues(talk, form)).replace("\n", ends).encode(), "talk.vtt")
    assert [(u.speaker, u.text) for u in found.utterances] == talk
    assert [(u.from_ms, u.to_ms) for u in found.utterances] == [(n * 1000, n * 1000 + 1000) for n in range(len(talk))]


@pytest.mark.parametrize("form", LINE_FORMS.values(), ids=LINE_FORMS)
@few
@given(talk=talks(), ends=st.sampled_from(["\n", "\r\n", "\r"]))
def test_any_talk_in_lines_comes_back(form: str, talk: Talk, ends: str) -> None:
    found = read_transcript(lines(talk, form).replace("\n", ends).encode(), "talk.txt")
    assert [(u.speaker, u.text) for u in found.utterances] == talk


@laws
@given(talk=talks())
def test_any_talk_from_meet_comes_back_without_its_frame(talk: Talk) -> None:
    body = "".join(f"{who}: {words}\n" for who, words in talk)
    head = "📖 Transcript\n\nMar 3, 2026\nGarden - Transcript\n\nAttendees\nMaja Lind, Otis Bell\n\n00:00:00\n \n"
    tail = " \n \nTranscription ended after 00:06:12\n\nThis transcript was computer generated: look at it.\n"
    found = read_transcript((head + body + tail).encode(), "talk.txt")
    assert [(u.speaker, u.text) for u in found.utterances] == talk and found.format == "meet"


@laws
@given(talk=talks(), seed=st.integers(0, 5))
def test_spellings_that_look_the_same_are_one_person(talk: Talk, seed: int) -> None:
    spell = [
        lambda n: unicodedata.normalize("NFD", n),
        lambda n: n.replace(" ", "\u00a0"),
        lambda n: f"\u200e{n}\u200e",
        lambda n: f"\u202e{n}",
        lambda n: n.replace(" ", "  "),
        lambda n: n.replace("'", "’"),
    ]
    written = [(spell[(seed + n) % 6](who), words) for n, (who, words) in enumerate(talk)]
    found = read_transcript(cues(written, CUE_FORMS["voices"]).encode(), "talk.vtt")
    assert len(found.speakers) == len({who for who, _ in talk})


JUNK = st.text(st.characters(categories=["Nd", "Po", "Pd", "Zs", "Cf", "Sm", "Ps", "Pe"]), max_size=20)


@laws
@given(junk=JUNK, words=WORDS)
def test_figures_and_signs_before_a_colon_are_never_a_person(junk: str, words: str) -> None:
    assume(clean_name(junk) == "" or not any(map(str.isalpha, clean_name(junk))))
    text = f"Maja Lind: one\n{junk}: {words}\nOtis Bell: two\n{junk}: {words}\nMaja Lind: three\nOtis Bell: four\n"
    try:
        found = read_transcript(text.encode(), "talk.txt")
    except InvalidImport:
        return
    assert set(found.speakers) <= {"Maja Lind", "Otis Bell", None}


@laws
@given(
    label=st.sampled_from(["Note", "NB", "Obs", "Date", "Datum", "Agenda", "Beslut", "https"]), again=st.integers(1, 4)
)
def test_the_heading_of_a_remark_is_never_a_person(label: str, again: int) -> None:
    assert is_label(label)
    text = "Maja Lind: one\nOtis Bell: two\n" * 2 + f"{label}: bring a chair\n" * again
    assert set(read_transcript(text.encode(), "talk.txt").speakers) == {"Maja Lind", "Otis Bell"}


@laws
@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused_in_words(data: bytes) -> None:
    for head in (b"", b"WEBVTT\n\n00:01.000 --> 00:02.000\n"):
        try:
            found = read_transcript(head + data, "talk")
        except InvalidImport:
            continue
        assert all(utterance.text.strip() for utterance in found.utterances)
        assert None in found.speakers or all(map(clean_name, filter(None, found.speakers)))
