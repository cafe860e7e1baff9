"""contributions(): what the group may see and its people allow, as a table, in the order it was said."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import cowork
from cowork.core.entries import Actor, Draft
from cowork.core.errors import CoworkError, RecordError, UnknownCode
from cowork.imports import demo
from cowork.imports.formats.webvtt import read_webvtt
from cowork.imports.importer import import_transcript
from cowork.store import Record, open_record
from cowork.store.export import export_workshop

COLUMNS = ["id", "kind", "element", "text", "by", "at", "episode", "fidelity", "lang", "said_from_ms",
           "said_to_ms"]  # fmt: skip


class Room:
    """A workshop on disk, and people in it."""

    def __init__(self, path: Path, code: str = "OAK-222", **more: Any) -> None:
        self.path = path
        self.record: Record = open_record(path)
        self.workshop = self.record.new_id()
        self.people: dict[str, str] = {}
        eva = self.people["Eva"] = self.record.new_id()
        body = {"title": "The stops", "code": code, **more}
        self.record.open_workshop(Draft(self.workshop, "workshop", eva, body), Actor(eva))
        self.join("Eva", naming="named")

    def join(self, name: str, naming: str = "", research: str = "", perspectives: tuple[str, ...] = ()) -> str:
        who = self.people.setdefault(name, self.record.new_id())
        self._add(Draft(who, "participant", who, {"name": name}))
        self.add(name, "participant", perspectives=list(perspectives))
        for question, answer in (("part", "yes"), ("naming", naming), ("research", research)):
            if answer:
                self.add(name, "consent", question=question, answer=answer)
        return who

    def add(
        self, name: str, kind: str, *, about: tuple[tuple[str, str], ...] = (), seen_by: str = "group", **body: Any
    ) -> str:
        return self._add(Draft(self.record.new_id(), kind, self.people[name], body, about=about, seen_by=seen_by))

    def _add(self, draft: Draft) -> str:
        return self.record.append(self.workshop, draft, Actor(draft.by)).id

    def table(self, **options: Any) -> Any:
        return cowork.open(self.path, "oak 222").contributions(**options)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path / "a.cowork")


def test_it_has_exactly_these_columns_also_when_nothing_is_written(room: Room) -> None:
    table = room.table()
    assert list(table.columns) == COLUMNS and len(table) == 0
    assert str(table["at"].dt.tz) == "UTC"


def test_a_row_says_what_by_whom_when_and_how(room: Room) -> None:
    first = room.add("Eva", "intention", text="Listen", fidelity="own-typing", lang="en")
    room.add("Eva", "gratitude", text="Thank you")
    table = room.table()
    row = table.iloc[0]
    held = room.record.state(room.workshop).entries[first]
    assert row.drop("at").to_dict() == {
        "id": first, "kind": "intention", "element": "intention", "text": "Listen", "by": "Eva", "episode": "",
        "fidelity": "own-typing", "lang": "en", "said_from_ms": None, "said_to_ms": None,
    }  # fmt: skip
    assert row["at"].timestamp() * 1000 == pytest.approx(held.header.at_ms)
    assert (table.iloc[1]["kind"], table.iloc[1]["element"], table.iloc[1]["fidelity"]) == ("gratitude", "", "")


def test_a_name_stands_there_only_where_that_person_agreed(room: Room) -> None:
    for name, naming in (("Ann", "named"), ("Kite", "pseudonym"), ("Per", "perspective"), ("Una", "")):
        room.join(name, naming=naming, perspectives=("carer", f"{name[0]}-side"))
        room.add(name, "asset", text=f"of {naming or 'no answer'}")
    room.add("Ann", "asset", text="shown by perspective", shown="perspective")
    room.add("Ann", "asset", text="shown by nothing", shown="none")
    table = room.table()
    assert dict(zip(table["text"], table["by"], strict=True)) == {
        "of named": "Ann",
        "of pseudonym": "Kite",
        "of perspective": "carer, P-side",
        "of no answer": "carer, U-side",
        "shown by perspective": "carer, A-side",
        "shown by nothing": "",
    }
    assert "Per" not in table.to_csv() and "Una" not in table.to_csv()


def test_whoever_wants_nothing_outside_the_group_is_left_out_and_counted(room: Room) -> None:
    room.join("Kes", naming="not")
    room.add("Kes", "view", text="the hall table")
    room.add("Eva", "view", text="the tray")
    table = room.table()
    assert list(table["text"]) == ["the tray"]
    assert table.attrs["kept_back"] == 1
    room.add("Kes", "consent", question="naming", answer="perspective")
    assert room.table().attrs["kept_back"] == 0


def test_one_text_can_stay_inside_the_group_while_its_author_goes_out(room: Room) -> None:
    one = room.add("Eva", "utterance", text="I tear up my notes")
    room.add("Eva", "utterance", text="I work nights")
    room.add("Eva", "consent", question="quote", answer="not", about=(("talks-about", one),))
    table = room.table()
    assert (list(table["text"]), table.attrs["kept_back"]) == (["I work nights"], 1)
    assert list(table["by"]) == ["Eva"]


def test_private_hidden_withdrawn_and_not_yet_shown_words_are_not_there(room: Room) -> None:
    room.join("Bo", naming="named")
    room.add("Bo", "need", text="private", seen_by="only-me")
    taken = room.add("Bo", "need", text="taken back")
    room.add("Bo", "withdrawal", about=(("withdraws", taken),))
    hidden = room.add("Bo", "need", text="hidden")
    room.add("Eva", "hide", about=(("hides", hidden),))
    room.add("Eva", "setting", element="assets", alone=True)
    room.add("Bo", "need", text="not yet", seen_by="group-from-reveal")
    erased = room.add("Bo", "need", text="erased")
    room.add("Bo", "erasure", about=(("erases", erased),))
    table = room.table()
    assert len(table) == 0 and table.attrs["kept_back"] == 0


def test_a_text_is_there_as_it_stands_now_at_the_time_it_was_first_written(room: Room) -> None:
    first = room.add("Eva", "view", text="four stops")
    room.add("Eva", "view", text="later")
    room.add("Eva", "edit", text="five stops", about=(("replaces", first),))
    assert list(room.table()["text"]) == ["five stops", "later"]


def test_two_versions_that_nobody_has_settled_both_stand(room: Room) -> None:
    first = room.add("Eva", "view", text="four")
    for text in ("five", "six"):
        room.add("Eva", "edit", text=text, about=(("replaces", first),))
    table = room.table()
    assert list(table["text"]) == ["five", "six"] and set(table["id"]) == {first}


def test_a_rendering_is_no_second_contribution(room: Room) -> None:
    said = room.add("Eva", "utterance", text="Kuvert finns.", lang="sv")
    room.add("Eva", "utterance", text="There are envelopes.", lang="en", about=(("renders", said),))
    assert list(room.table()["text"]) == ["Kuvert finns."]


def test_research_is_for_those_who_said_yes_where_the_workshop_says_so(tmp_path: Path) -> None:
    room = Room(tmp_path / "a.cowork", research=True)
    for name, answer in (("Yes", "yes"), ("No", "no"), ("Later", "later"), ("Silent", "")):
        room.join(name, naming="named", research=answer)
        room.add(name, "asset", text=name)
    assert list(room.table()["text"]) == ["Yes"]
    assert room.table().attrs["kept_back_research"] == 3
    assert list(room.table(research=False)["text"]) == ["Yes", "No", "Later", "Silent"]


def test_research_true_asks_for_a_yes_in_any_workshop(room: Room) -> None:
    room.add("Eva", "asset", text="time")
    assert len(room.table()) == 1
    assert len(room.table(research=True)) == 0


def test_talk_brought_in_stands_in_the_order_of_its_source_under_voices(room: Room) -> None:
    room.add("Eva", "intention", text="before")
    talk = b"WEBVTT\n\n1\n00:01.000 --> 00:02.000\nAnna: a\n\n2\n00:02.000 --> 00:03.000\nBo: b\n\n" \
        b"3\n00:03.000 --> 00:04.000\nAnna: c\n"  # fmt: skip
    import_transcript(room.record, room.workshop, read_webvtt(talk, "talk.vtt"))
    room.add("Eva", "intention", text="after")
    table = room.table()
    assert list(table["text"]) == ["before", "a", "b", "c", "after"]
    assert list(table["by"]) == ["Eva", "Voice 1", "Voice 2", "Voice 1", "Eva"]
    assert list(table["episode"]) == ["", "talk.vtt", "talk.vtt", "talk.vtt", ""]
    assert set(table[table["by"].str.startswith("Voice")]["fidelity"]) == {"imported"}


def test_voices_whose_names_were_agreed_have_them(room: Room) -> None:
    talk = b"WEBVTT\n\n1\n00:01.000 --> 00:02.000\nAnna: a\n\n2\n00:02.000 --> 00:03.000\nAnna: b\n"
    import_transcript(room.record, room.workshop, read_webvtt(talk, "talk.vtt"), agreed="she said yes")
    assert set(room.table()["by"]) == {"Anna"}
    person = room.record.state(room.workshop).participants()[-1]
    no = Draft(room.record.new_id(), "consent", person, {"question": "naming", "answer": "not"}, how="import")
    room.record.append(room.workshop, no, Actor(room.people["Eva"], operator=True))
    assert len(room.table()) == 0 and room.table().attrs["kept_back"] == 2


def test_a_table_that_is_empty_for_want_of_a_yes_to_research_says_so(tmp_path: Path) -> None:
    record = open_record(tmp_path / "a.cowork")
    workshop, code = demo.load_demo(record, "ward-letter")
    export_workshop(record, workshop, tmp_path / "copy.cowork")
    record.close()
    table = cowork.open(tmp_path / "copy.cowork").contributions()
    assert len(table) == 0 and table.attrs["kept_back_research"] > 0
    for shown in (repr(table), table._repr_html_()):
        assert "open the record itself" in shown
    whole = cowork.open(tmp_path / "a.cowork", code).contributions()
    assert len(whole) > 0 and "open the record itself" not in repr(whole)


@pytest.mark.parametrize("name", demo.DEMO_NAMES)
def test_a_practice_workshop_shows_nothing_that_stays_inside(tmp_path: Path, name: str) -> None:
    record = open_record(tmp_path / "a.cowork")
    _, code = demo.load_demo(record, name)
    case = demo.read_demo_case(name)
    table = cowork.open(tmp_path / "a.cowork", code).contributions(research=False)
    asked = [(e["by"], e["body"], e.get("about", ())) for e in case.of_kind("consent")]
    inside = {by for by, body, _ in asked if (body["question"], body["answer"]) == ("naming", "not")}
    gone = {key for _, body, about in asked if body["question"] == "quote" for _, key in about}
    gone |= {key for e in case.entries if e["kind"] in ("withdrawal", "hide") for _, key in e["about"]}
    assert inside and gone
    for entry in case.entries:
        text = entry.get("body", {}).get("text")
        if entry.get("key") in gone or entry.get("seen_by") == "only-me" or (entry["by"] in inside and text):
            assert text is None or text not in set(table["text"]), entry["line"]
        if "renders" in [relation for relation, _ in entry.get("about", ())]:
            assert text not in set(table["text"]), entry["line"]
    assert table.attrs["kept_back"] and not {"Ingrid", "Kestrel", "Lo", "moth"} & set(table["by"])


def test_an_export_gives_the_same_table_and_needs_no_code(room: Room, tmp_path: Path) -> None:
    room.join("Kes", naming="not")
    room.add("Kes", "view", text="inside")
    room.add("Eva", "view", text="the tray")
    export_workshop(room.record, room.workshop, tmp_path / "b.cowork")
    opened = cowork.open(tmp_path / "b.cowork")
    assert (opened.title, opened.code) == ("The stops", "OAK-222")
    assert opened.contributions().equals(room.table())


def test_what_is_taken_back_after_opening_is_gone_from_the_next_table(room: Room) -> None:
    opened = cowork.open(room.path, "OAK-222")
    one = room.add("Eva", "view", text="the tray")
    assert len(opened.contributions()) == 1
    room.add("Eva", "withdrawal", about=(("withdraws", one),))
    assert len(opened.contributions()) == 0


def test_reading_changes_nothing(room: Room) -> None:
    room.add("Eva", "view", text="the tray")
    room.record.close()
    before = room.path.read_bytes()
    room.table()
    assert room.path.read_bytes() == before


def test_what_cannot_be_opened_is_said_in_a_sentence(tmp_path: Path, room: Room) -> None:
    def why(path: Path, code: str | None = None) -> CoworkError:
        with pytest.raises(CoworkError) as caught:
            cowork.open(path, code)
        assert str(caught.value).endswith(".") and "=" not in str(caught.value)
        return caught.value

    assert isinstance(why(room.path, "ELM-999"), UnknownCode)
    assert "ELM-999" in str(why(room.path, "ELM-999"))
    assert isinstance(why(tmp_path / "none.cowork"), RecordError)
    assert not (tmp_path / "none.cowork").exists()
    (tmp_path / "x.cowork").write_text("hello")
    assert why(tmp_path / "x.cowork").key == "error.record_not"
    open_record(tmp_path / "empty.cowork").close()
    assert why(tmp_path / "empty.cowork").key == "error.no_workshop"
    Room(room.path, "ELM-333")
    assert "OAK-222, ELM-333" in str(why(room.path))


def test_importing_cowork_and_opening_a_record_load_nothing_heavy(room: Room) -> None:
    say = (
        "import sys, cowork; a = [m for m in ('sqlalchemy', 'pandas', 'anywidget') if m in sys.modules];"
        f"w = cowork.open({str(room.path)!r}); b = [m for m in ('pandas', 'anywidget', 'click') if m in sys.modules];"
        "w.contributions(); print(a, b, 'pandas' in sys.modules, 'anywidget' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", say], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.split("\n")[0] == "[] [] True False", done.stderr
