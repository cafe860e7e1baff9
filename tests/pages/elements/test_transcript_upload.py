"""A recorded talk comes in from a page: shown first, entered only by a yes, once, and kept nowhere else."""

from __future__ import annotations

import gc
import json
import weakref
from pathlib import Path
from typing import Any

import pytest
from support.page_sessions import Guest, opened

from cowork.core.entries import Actor, Draft
from cowork.imports import detect, transcript
from cowork.imports.encoding import MAX_FILE_BYTES
from cowork.imports.preview import preview_transcript
from cowork.store import memory_record
from cowork.text import translate
from cowork.widgets import CardList, Choice, Form, Prose, Transcript, Upload
from cowork.widgets.upload.upload import CHUNK_BYTES

CUES = ["Good morning, Bo", "Morning", "Shall we", "The middle of it is said in SECRET"]
NAMES = ["Anna Berg", "Bo Ek", "Anna Berg", "Bo Ek"]
TALK = "\n".join(
    ["WEBVTT", ""]
    + [f"{n + 1}\n00:00:0{n}.000 --> 00:00:0{n + 1}.000\n{NAMES[n]}: {CUES[n]}\n" for n in range(4)]
    + ["5\n00:00:06.000 --> 00:00:07.000\nAnna Berg: So be it\n"]
).encode()
PLAIN = "".join(f"{name}: {words}\n\n" for name, words in zip([*NAMES, "Anna Berg"], [*CUES, "So be it"], strict=True))
CP1252 = "Zoë Ström: Vi börjar där vi slutade.\n\nBo Ek: Ja.\n\nZoë Ström: Då så.\n".encode("cp1252")


class Desk:
    """A facilitator at the Dialogue page with a file at hand."""

    def __init__(self, guest: Guest | None = None) -> None:
        self.guest = guest or opened("Bringing")
        self.record, self.workshop = self.guest.record, self.guest.session.workshop
        self.guest.go("dialogue")

    def upload(self, data: bytes, name: str = "talk.vtt") -> dict[str, Any]:
        """Send a file as a browser does, piece by piece; returns the answer to the last."""
        upload, ident = self.guest.part(Upload), self.record.new_id()
        self.guest._listen(upload)
        for at in range(0, max(len(data), 1), CHUNK_BYTES):
            whole = {"do": "piece", "id": ident, "name": name, "size": len(data), "at": at}
            upload.receive(whole, [memoryview(data[at : at + CHUNK_BYTES])])
            if "done" in self.guest.said[-1]:
                break
        return self.guest.said[-1]

    @property
    def sure(self) -> Form:
        return next(
            p for p in self.guest.session.shell.parts if isinstance(p, Form) and p.box.startswith("dialogue:bring")
        )

    @property
    def found(self) -> str:
        """All that is shown of a file, as one text."""
        prose = next(p for p in self.guest.session.shell.parts if isinstance(p, Prose))
        return json.dumps(prose.blocks, ensure_ascii=False)

    def yes(self, agreed: str = "", **item: Any) -> dict[str, Any]:
        fields = {field["key"]: agreed for field in self.sure.fields}
        return self.guest.send(self.sure, fields=fields, **item)

    def no(self) -> dict[str, Any]:
        return self.guest.send(self.guest.part(Form, "dialogue:leave"))

    def choose(self, encoding: str) -> None:
        self.guest.part(Choice).receive({"do": "chose", "value": encoding})

    @property
    def turns(self) -> list[str]:
        return [str(entry.data["text"]) for entry in self.record.state(self.workshop).of_kind("utterance")]

    @property
    def entries(self) -> int:
        return len(self.record.state(self.workshop).entries)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def role(desk: Desk, person: str, *names: str, on: bool = True) -> None:
    by = Actor(desk.guest.session.me)
    for name in names:
        draft = Draft(desk.record.new_id(), "role", by.id, {"role": name, "on": on}, (("grants", person),))
        desk.record.append(desk.workshop, draft, by)


def offered(guest: Guest) -> bool:
    guest.go("intention")
    guest.go("dialogue")
    return any(isinstance(part, Upload) for part in guest.session.shell.parts)


def test_it_is_offered_to_facilitators_and_scribes_and_folded(desk: Desk) -> None:
    ali = desk.guest.with_guest("Ali")
    assert offered(desk.guest) and not offered(ali)
    assert desk.guest.part(Upload).fold == translate("bringing.h")
    role(desk, ali.session.me, "scribe")
    assert offered(ali)
    role(desk, ali.session.me, "observer")
    assert not offered(ali)


def test_what_a_file_holds_is_shown_and_nothing_is_entered(desk: Desk) -> None:
    before = desk.entries
    assert desk.found == "[]" and desk.sure.button == "" and desk.guest.part(Form, "dialogue:leave").button == ""
    answer = desk.upload(TALK)
    assert (answer["done"], answer["note"]) == ("shared", translate("bringing.read", name="talk.vtt", n=5))
    for line in (
        translate("import.summary.format", format="Zoom"),
        translate("import.summary.encoding", encoding="UTF-8"),
        "Voice 1: Anna Berg (3)",
        "Voice 2: Bo Ek (2)",
        "Good morning, Bo",
        "So be it",
        translate("import.summary.no_names"),
    ):
        assert line in desk.found
    assert desk.sure.button == translate("bringing.yes")
    assert desk.entries == before


def test_a_yes_brings_it_in_for_everyone_as_voices(desk: Desk) -> None:
    ali = desk.guest.with_guest("Ali")
    ali.go("dialogue")
    desk.upload(TALK)
    assert desk.yes()["note"] == translate("bringing.done", n=5)
    assert desk.turns == [*CUES, "So be it"]
    ali.session.feed.poll()  # type: ignore[union-attr]
    brought = ali.part(Transcript)
    assert [(item["text"], item["by"]) for item in brought.items][:2] == [(CUES[0], "Voice 1"), (CUES[1], "Voice 2")]
    assert "Anna Berg" not in json.dumps(brought.items)
    assert desk.found == "[]" and desk.sure.button == ""


def test_names_are_kept_only_with_what_was_agreed_and_who_said_so(desk: Desk) -> None:
    desk.upload(TALK)
    (field,) = desk.sure.fields
    assert field["label"] == translate("bringing.agreed")
    assert desk.yes(" All said yes on 3 May. ")["done"] == "shared"
    state = desk.record.state(desk.workshop)
    voices = [p for p in state.participants() if "voice" in state.profile(p)]
    assert [state.profile(p)["name"] for p in voices] == ["Anna Berg", "Bo Ek"]
    consent = state.consent(voices[0], "naming")
    assert (consent["statement"], consent["asked_by"]) == ("All said yes on 3 May.", desk.guest.session.me)


def test_what_was_agreed_for_one_talk_is_not_in_the_box_for_another(desk: Desk) -> None:
    desk.upload(TALK)
    first = (desk.sure.box, desk.sure.fields[0]["key"])
    desk.upload(PLAIN.encode(), "other.txt")
    second = (desk.sure.box, desk.sure.fields[0]["key"])
    assert first[0] != second[0] and first[1] != second[1]
    answer = desk.guest.send(
        desk.sure, fields={first[1]: "All of them said yes."}
    )  # a browser may send it all the same
    assert answer["done"] == "shared"
    assert "Anna Berg" not in " ".join(entry.body or "" for _, entry in desk.record.read_entries(desk.workshop))


def test_a_no_leaves_it_and_nothing_is_entered(desk: Desk) -> None:
    before = desk.entries
    desk.upload(TALK)
    assert desk.no()["done"] == "shared"
    assert desk.entries == before and desk.found == "[]"
    assert desk.sure.button == ""
    answer = desk.yes()  # pressed at the same moment, perhaps
    assert (answer["done"], answer["message"]) == ("refused", translate("bringing.gone"))
    assert desk.entries == before


def test_a_lost_answer_brings_it_in_once(desk: Desk) -> None:
    desk.upload(TALK)
    ident = desk.record.new_id()
    first = desk.yes(id=ident)
    entries = desk.entries
    assert desk.yes(id=ident) == first
    again = Desk(desk.guest)  # the page was made anew meanwhile, and holds no file
    assert again.yes(id=ident)["note"] == first["note"]
    assert desk.entries == entries


def test_where_the_letters_are_not_known_a_person_chooses_by_what_they_read(desk: Desk) -> None:
    before = desk.entries
    answer = desk.upload(CP1252, "talk.txt")
    assert (answer["done"], answer["note"]) == ("shared", translate("bringing.letters_note", name="talk.txt"))
    letters = desk.guest.part(Choice)
    offers = {option["value"]: option["hint"] for option in letters.options}
    assert "Zoë Ström: Vi börjar" in offers["cp1252"] and "Zoë" not in offers["mac_roman"]
    assert desk.found == "[]" and letters.value == "" and desk.sure.button == ""  # nothing is guessed
    desk.choose("utf-16-le")  # not among them
    desk.choose("no such letters")
    assert desk.found == "[]"
    desk.choose("mac_roman")
    assert "Voice 1" in desk.found and "Zoë Ström" not in desk.found
    desk.choose("cp1252")
    assert (
        "Voice 1: Zoë Ström (2)" in desk.found and translate("import.summary.encoding", encoding="cp1252") in desk.found
    )
    assert desk.entries == before
    desk.yes()
    assert desk.turns == ["Vi börjar där vi slutade.", "Ja.", "Då så."]
    assert desk.guest.part(Choice).options == []


def test_a_fault_that_shows_only_in_the_chosen_letters_is_said_and_another_may_be_chosen(desk: Desk) -> None:
    desk.upload("Zoë: ".encode("cp1252") + b"a" * 200_000 + b"\n", "talk.txt")
    desk.choose("cp1252")
    assert translate("import.too_long", n=1, limit=100_000) in desk.found and desk.sure.button == ""
    assert desk.yes()["done"] == "refused" and desk.turns == []
    assert desk.upload(TALK)["done"] == "shared" and desk.guest.part(Choice).options == []
    assert translate("import.too_long", n=1, limit=100_000) not in desk.found
    assert desk.yes()["done"] == "shared"


def test_a_reading_that_gives_way_to_one_with_a_fault_cannot_be_brought_in(desk: Desk) -> None:
    eve = desk.guest.with_guest("Eve")
    role(desk, eve.session.me, "facilitator")
    other = Desk(eve)
    for one in (desk, other):
        one.upload(CP1252, "talk.txt")
        one.choose("cp1252")
    other.yes()
    assert desk.yes()["message"] == translate("import.already")
    desk.choose("mac_roman")
    assert translate("import.already") in desk.found and desk.sure.button == ""
    assert desk.yes()["message"] == translate("bringing.gone") and len(desk.turns) == 3


BAD = {
    "empty": (b"", "import.empty"),
    "only spaces": (b" \n \n", "import.empty"),
    "binary": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0" + bytes(range(256)) * 4, "import.binary"),
    "Word": (b"PK\x03\x04\x14\0\x06\0" + b"[Content_Types].xml" + b"\0" * 40 + b"word/document.xml", "import.document"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type /Catalog>>\nendobj\n", "import.document"),
    "half a letter": ("Zoë: Good morning\nBo: Då är vi".encode()[:-1] + "å".encode()[:1], "import.cut_off"),
    "truncated": (TALK[: TALK.index(b"SECRET")] + b"<v Bo", "import.cut_off"),
    "a table": (b"comment-id,agrees,comment-body\n1,3,Buses run\n2,4,\"Lamps, too\"\n", "import.table"),
    "a spreadsheet": (b"PK\x03\x04[Content_Types].xml" + b"\0" * 40 + b"xl/workbook.xml", "import.table"),
    "no talk": (b"WEBVTT\n\n", "import.no_words"),
    "subtitles": (b"1\n00:00:01,000 --> 00:00:02,000\nHello\n", "import.not_vtt"),
    "one line": (b"Anna: " + b"a" * 200_000 + b"\n", "import.too_long"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_a_file_that_is_no_talk_is_answered_in_words_and_the_next_one_is_taken(desk: Desk, kind: str) -> None:
    data, key = BAD[kind]
    before = desk.entries
    cut = {"n": 17 if kind == "truncated" else 2}
    values = {"import.cut_off": cut, "import.too_long": {"n": 1, "limit": 100_000}}
    answer = desk.upload(data, "a.txt")
    assert (answer["done"], answer.get("message")) == ("refused", translate(key, **values.get(key, {})))
    assert desk.entries == before and desk.found == "[]" and desk.sure.button == ""
    assert desk.upload(TALK)["done"] == "shared" and desk.yes()["done"] == "shared"


def test_what_may_be_cut_off_is_asked_about_and_comes_in_where_somebody_says_so(desk: Desk) -> None:
    desk.upload(TALK.rstrip(b"\n"))
    assert translate("import.summary.maybe_cut") in desk.found and "So be it" in desk.found
    assert desk.yes()["done"] == "shared" and len(desk.turns) == 5


CASES = Path(__file__).parents[2] / "imports" / "cases"


@pytest.mark.parametrize(
    "file",
    ["05-times-run-back/one-back.txt", "07-meet-footer/meet.txt", "08-whatsapp/ios.txt", "09-name-twins/twins.vtt"],
)
def test_a_case_is_shown_as_it_was_understood_and_comes_in_so(desk: Desk, file: str) -> None:
    case = CASES / file
    desk.upload(case.read_bytes(), case.name)
    for told in preview_transcript(detect.read_transcript(case.read_bytes(), case.name), 0)["look"]:
        assert json.dumps(told, ensure_ascii=False)[1:-1] in desk.found
    assert desk.yes()["done"] == "shared"
    turns = json.loads((case.parent / "expect.json").read_text("utf-8"))["turns"][case.name]
    assert desk.turns == [words for _, words, _, _ in turns]


def test_a_bad_file_takes_the_place_of_the_good_one_before_it(desk: Desk) -> None:
    desk.upload(TALK)
    desk.upload(b"", "empty.txt")
    assert desk.found == "[]"
    assert desk.yes()["done"] == "refused" and desk.turns == []


def test_fifty_megabytes_are_refused_with_the_first_piece(desk: Desk) -> None:
    upload = desk.guest.part(Upload)
    desk.guest._listen(upload)
    assert upload.largest == MAX_FILE_BYTES
    size = 50 * 1024 * 1024
    whole = {"do": "piece", "id": desk.record.new_id(), "name": "talk.vtt", "size": size, "at": 0}
    upload.receive(whole, [memoryview(b"x" * CHUNK_BYTES)])
    assert desk.guest.said[-1]["message"] == translate("import.too_big", n=50, limit=10)
    assert upload._transfer is None and desk.upload(TALK)["done"] == "shared"


def test_what_is_here_already_is_said_and_the_same_words_in_another_file_too(desk: Desk) -> None:
    desk.upload(TALK)
    desk.yes()
    assert desk.upload(TALK, "copy.vtt")["message"] == translate("import.already")
    assert desk.found == "[]"
    desk.upload(PLAIN.encode(), "typed.txt")
    assert translate("import.summary.twin", name="talk.vtt") in desk.found
    assert "Voice 3: Anna Berg" in desk.found


def test_where_nobody_is_named_it_is_said_and_no_agreement_is_asked_for(desk: Desk) -> None:
    desk.upload(b"WEBVTT\n\n00:01.000 --> 00:02.000\nhello\n\n00:02.000 --> 00:03.000\nyou\n", "whisper.vtt")
    assert translate("import.no_names", n=1) in desk.found
    assert desk.sure.fields == [] and desk.sure.button == translate("bringing.yes")
    assert desk.yes()["done"] == "shared" and desk.turns == ["hello", "you"]


def test_what_was_read_stands_in_no_trait_but_for_the_lines_that_are_shown(desk: Desk) -> None:
    ali = desk.guest.with_guest("Ali")
    ali.go("dialogue")
    desk.upload(TALK)
    for guest in (desk.guest, ali):
        sent = json.dumps([part.get_state() for part in guest.session.shell.parts] + guest.said, default=str)
        assert "SECRET" not in sent
        assert ("Anna Berg" in sent) == (guest is desk.guest)


@pytest.mark.parametrize("way", ["yes", "no", "another page", "another file"])
def test_what_was_read_is_gone_when_it_is_not_asked_about_any_more(
    desk: Desk, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[weakref.ref[Any]] = []
    made_of = transcript.make_transcript

    def watched(*args: Any, **named: Any) -> Any:
        read.append(weakref.ref(found := made_of(*args, **named)))
        return found

    monkeypatch.setattr("cowork.imports.detect.make_transcript", watched)
    desk.upload(TALK)
    assert read[0]() is not None
    {
        "yes": desk.yes,
        "no": desk.no,
        "another page": lambda: desk.guest.go("intention"),
        "another file": lambda: desk.upload(b""),
    }[way]()
    gc.collect()
    assert read[0]() is None


def test_a_role_that_was_taken_away_meanwhile_brings_nothing_in(desk: Desk) -> None:
    ali = desk.guest.with_guest("Ali")
    role(desk, ali.session.me, "scribe")
    scribe = Desk(ali)
    scribe.upload(TALK)
    role(desk, ali.session.me, "scribe", on=False)
    before = desk.entries
    answer = scribe.yes()
    assert (answer["done"], answer["message"]) == (
        "refused",
        translate("error.may_not", who=translate("who.facilitator_scribe")),
    )
    assert scribe.upload(PLAIN.encode())["done"] == "refused"
    assert desk.entries == before


def test_a_scribe_brings_talk_in_for_everyone_and_not_for_one_person(desk: Desk) -> None:
    ali = desk.guest.with_guest("Ali")
    role(desk, ali.session.me, "scribe")
    scribe = Desk(ali)
    scribe.upload(TALK)
    assert scribe.yes()["done"] == "shared" and len(desk.turns) == 5
    episodes = desk.record.state(desk.workshop).of_kind("episode")
    assert [e.data["brought_by"] for e in episodes if "source" in e.data] == [ali.session.me]
    ali.session.write_for(desk.guest.session.me)
    assert not offered(ali)


def test_voices_that_were_given_numbers_meanwhile_are_shown_with_the_next_ones(desk: Desk) -> None:
    eve = desk.guest.with_guest("Eve")
    role(desk, eve.session.me, "facilitator")
    other = Desk(eve)
    desk.upload(TALK)
    assert "Voice 1: Anna Berg" in desk.found
    other.upload(b"Una: One.\nRask: Two.\nUna: Three.\n", "other.txt")
    other.yes()
    desk.guest.session.feed.poll()  # type: ignore[union-attr]
    assert "Voice 3: Anna Berg" in desk.found
    desk.yes()
    state = desk.record.state(desk.workshop)
    assert [state.profile(p)["voice"] for p in state.participants() if "voice" in state.profile(p)] == [1, 2, 3, 4]


def test_of_very_many_voices_the_first_are_shown_and_the_others_counted(desk: Desk) -> None:
    many = "".join(f"<v Person {n}>Word {n}\n\n" for n in range(60))
    cues = "".join(f"00:{n:02}.000 --> 00:{n:02}.900\n{cue}\n\n" for n, cue in enumerate(many.split("\n\n")[:-1]))
    desk.upload(f"WEBVTT\n\n{cues}".encode())
    assert "Voice 40: Person 39" in desk.found and "Voice 41" not in desk.found
    assert translate("bringing.voices_more", n=20) in desk.found


def use(guest: Guest, text: str) -> str:
    """Where "Use these words" leads from the card with this text; "" where the card does not have it."""
    walls = [part for part in guest.session.shell.parts if isinstance(part, CardList)]
    card = next(item for wall in walls for item in wall.items if item["text"] == text)
    found = [act for act in card["acts"] if isinstance(act, dict) and act["name"] == "use"]
    assert all(act["label"] == translate("documentation.choose.button") for act in found)
    return str(found[0]["href"]) if found else ""


def test_every_turn_leads_to_documentation_with_these_words(desk: Desk) -> None:
    desk.upload(TALK)
    desk.yes()
    ali = desk.guest.with_guest("Ali")
    ali.go("dialogue")
    ali.share(ali.part(Form, "dialogue"), "Said here")
    ali.share(ali.part(Form, "dialogue"), "Kept to myself", choices={"seen": "only-me"})
    state = desk.record.state(desk.workshop)
    ids = {entry.data["text"]: entry.id for entry in state.of_kind("utterance")}
    for guest, text in ((desk.guest, CUES[0]), (ali, CUES[1]), (ali, "Said here")):
        guest.part(Transcript)
        assert use(guest, text) == f"?w={ali.code}&page=documentation&at={ids[text]}"
    assert use(ali, "Kept to myself") == ""
    ali.go("documentation", ids[CUES[1]])
    picks = ali.part(Form, "documentation").picks[0]
    assert picks["items"][0]["text"] == CUES[1]


def test_who_only_reads_is_not_led_to_write(desk: Desk) -> None:
    desk.upload(TALK)
    desk.yes()
    ali = desk.guest.with_guest("Ali")
    role(desk, ali.session.me, "observer")
    ali.go("dialogue")
    assert use(ali, CUES[0]) == ""


def test_real_talk_comes_in_whole_from_the_page(shared: Any) -> None:
    for name, encoding, turns in (
        ("zoom_acde_239/transcript.vtt", "", 447),
        ("rendered/plain_cp1252.txt", "cp1252", 97),
    ):
        desk = Desk(opened("Real", record=memory_record()))
        path = shared / "transcripts" / name
        assert desk.upload(path.read_bytes(), path.name)["done"] == "shared"
        if encoding:
            desk.choose(encoding)
        assert desk.yes()["note"] == translate("bringing.done", n=turns)
        assert len(desk.turns) == turns
