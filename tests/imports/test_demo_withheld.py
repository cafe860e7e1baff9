"""Nothing that is only somebody's own, hidden, taken back or not shared reaches a page or copy that should not hold it.

The practice workshops hold such words on purpose. They are collected from the data; then every page there is is opened
as everybody who takes part, and all that leaves the group is made and searched. New pages, tables and reports are
searched by themselves.
"""

from __future__ import annotations

import html
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support.page_sessions import Guest
from support.transcript_cases import linked, person, row, rows
from support.withheld_words import INSIDE, OUTSIDE, Kept, Search, kept, strings

import cowork
from cowork import reports, text
from cowork.analysis import differences, proposals, trace, uses
from cowork.core.access.disclosure import DisclosedView
from cowork.core.access.participant_view import ParticipantView
from cowork.core.fold import State
from cowork.core.provenance import incoming
from cowork.core.quotes import quotes
from cowork.imports.demo import DEMO_NAMES, load_demo
from cowork.pages import registry
from cowork.store import Record, credentials, memory_record, open_record
from cowork.store.export import export_workshop

#: What a browser asks of a page that writes something: all else is asked of every page here, to look for words by all.
WRITES = frozenset({"yes", "no", "press", "saved", "chose", "file"})
LOOKS = frozenset({"look", "find"})


def test_the_cases_hold_such_words_on_purpose() -> None:
    found = {(name, k.why) for name in DEMO_NAMES for k in kept(name)}
    assert {why for _, why in found} == {*OUTSIDE, "research"}
    assert {why for name, why in found if name == "ward-letter"} >= {"only-me", "taken", "person", "quote"}


# ---- every page, as everybody


@cache
def opened(name: str) -> tuple[Record, str, str]:
    record = memory_record()
    workshop, code = load_demo(record, name)
    return record, workshop, code


class Reader(Guest):
    """Somebody of a case, on a device of their own. Keeps what is sent with a message too."""

    def __init__(self, record: Record, workshop: str, code: str, who: str) -> None:
        super().__init__(record)
        self.key["participant"] = who
        credentials.register_device(record, workshop, who, self.key["secret"])
        self.hello(code)

    def _listen(self, part: Any) -> None:
        part.send = lambda message, *rest: self.said.append({"message": message, "with": rest})

    def read(
        self, page: str, at: str = "", words: Sequence[str] = (), writing_for: str = "", everything: bool = False
    ) -> list[str]:
        """All that a page gives to this person's browser, also when it is asked to look for these words."""
        self.said.clear()
        self.session.writing_for = writing_for
        self.session.go(page, at)
        told = list(traits(self))
        for number, q in enumerate(words):
            for part in self.session.shell.parts:
                self._listen(part)
                for name in (
                    set(part._message_handlers) - WRITES
                    if everything and not number
                    else set(part._message_handlers) & LOOKS
                ):
                    for key in [spec["key"] for spec in getattr(part, "picks", ())] or [""]:
                        asked = {"do": name, "key": key, "q": q, "id": at, "at": at, "voice": "", "chosen": []}
                        part.receive(asked)
            told += traits(self)
        return told + list(strings(self.said))


def traits(guest: Guest) -> Iterator[str]:
    """What a browser is given of a page, without what every browser gets alike and the ids of components."""
    left_out = {"_esm", "_css", "words", "parts", "layout", "comm"}
    for part in (guest.session.shell, *guest.session.shell.parts):
        yield from strings({k: v for k, v in part.get_state().items() if k not in left_out})


def others(state: State, k: Kept, who: str, name: str) -> bool:
    """True for somebody who may not read these words."""
    if who == person(state, name, k.by):
        return False
    if k.why == "act":
        about = linked(row(name, k.ref))
        if who in {person(state, name, r["by"]) for r in rows(name) if r["key"] in about}:
            return False  # is told why it was hidden
    return not (
        k.why in ("hidden", "act") and ParticipantView(state, who).is_facilitator
    )  # may see what was hidden, to lift it


def near(state: State, root: str) -> list[str]:
    """The words themselves, and whatever was made of them: a page may be asked to stand at any of these."""
    return [root, *(edge.source for edge in incoming(state, root))]


@pytest.mark.parametrize("name", DEMO_NAMES)
def test_no_page_gives_anybody_words_that_are_kept_from_them(name: str) -> None:
    record, workshop, code = opened(name)
    state = record.state(workshop)
    ids = {e.data["told"]["ref"]: e.id for e in state.entries.values() if "ref" in e.data.get("told", {})}
    hidden = [k for k in kept(name) if k.why in INSIDE]
    authors = {person(state, name, k.by) for k in hidden}
    sorry = {text.translate("error.page", lang) for lang in text.LANGS}
    read_by_author: set[str] = set()
    asked_at = False
    for who in state.participants():
        reader = Reader(record, workshop, code, who)
        search = Search.of(name, [k for k in hidden if others(state, k, who, name)])
        own = Search.of(name, [k for k in hidden if not others(state, k, who, name)])
        words = [k.words.split()[-1] for k in hidden]
        # Everybody opens every page; one of them asks for each of the words by its place as well, and whoever writes
        # for others is asked to write for their authors.
        places = [] if asked_at or who in authors else [i for k in hidden for i in near(state, ids[k.ref])]
        asked_at = asked_at or bool(places)
        voices = authors - {who} if ParticipantView(state, who).is_scribe else set()
        for page in (page.key for page in registry.pages().values() if not page.front and page.key != "join"):
            told = reader.read(page, words=words if places else words[:1], everything=bool(places))
            told += [line for at in dict.fromkeys(places) for line in reader.read(page, at, words[:1])]
            told += [line for voice in voices for line in reader.read(page, writing_for=voice)]
            assert not sorry & set(told), f"{page} stopped"
            assert search.found(told) == set(), (page, state.profile(who)["name"])
            read_by_author |= own.found(told)
    assert asked_at
    stranger = Guest(record)
    for page in registry.pages():  # before the door nobody has said anything
        stranger.hello(code, page)
        assert Search.of(name, kept(name)).found(traits(stranger)) == set()
    # What is searched for can be found: its author reads it on a page.
    assert read_by_author >= {k.ref for k in hidden if state.takes_part(person(state, name, k.by))}


# ---- what leaves the group


def left(state: State, research: bool) -> Iterator[str]:
    """All that the floors below a report or a table give of a workshop as it may be seen outside."""
    seen = DisclosedView(state, research=research)
    for c in seen.contributions():
        yield from strings([c, [quotes(seen, version) for version in c.versions]])
        yield from strings([trace.trace(seen, c.id), uses.uses_of(seen, c.id), differences.stances(seen, c.id)])
        yield from strings(differences.confirmations(seen, c.id) if c.kind == "view" else [])
    yield from strings([proposals.proposals(seen), proposals.outcomes(seen), differences.view_differences(seen)])


def tables(path: Path, code: str, research: bool | None) -> Iterator[str]:
    """Every table, and the way back from every ending."""
    workshop = cowork.open(path, code)
    for name, method in inspect.getmembers(workshop, callable):
        if name.startswith("_"):
            continue
        if any(p.default is p.empty for p in inspect.signature(method).parameters.values()):
            continue  # it is asked about one text, or for a place to write to
        table = method(research=research)
        yield from strings([table.to_dict("records"), table.attrs])
    for found in workshop.outcomes(research=research)["id"]:
        yield from strings([workshop.trace(found, research=research), workshop.fate(found, research=research)])


Make = Callable[..., Any]


def makers() -> list[Make]:
    """Every function of the reports that takes a state and gives the bytes of a document."""
    found: list[Make] = []
    for module in pkgutil.iter_modules(reports.__path__, "cowork.reports."):
        for name, make in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            hints = inspect.get_annotations(make, eval_str=True) if make.__module__ == module.name else {}
            if not name.startswith("_") and hints.get("state") is State and hints.get("return") is bytes:
                found.append(make)
    return found


def test_there_are_reports_to_search() -> None:
    assert len(makers()) >= 2


@pytest.mark.parametrize("name", DEMO_NAMES)
@pytest.mark.parametrize("research", [False, True])
def test_no_words_that_are_kept_inside_leave_the_group(name: str, research: bool, tmp_path: Path) -> None:
    record, workshop, code = opened(name)
    state = record.state(workshop)
    search = Search.of(name, [k for k in kept(name) if k.why in (*OUTSIDE, *(("research",) if research else ()))])
    assert search.found(left(state, research)) == set()
    copy = open_record(tmp_path / "a.cowork")
    copy.merge(record, [workshop])
    copy.close()
    assert search.found(tables(tmp_path / "a.cowork", code, research)) == set()
    if research:  # as the workshop says of itself
        assert search.found(tables(tmp_path / "a.cowork", code, None)) == set()
    for make in makers():
        for lang in text.LANGS:
            document = html.unescape(make(state, lang, research=research).decode("utf-8"))
            assert search.found([document, re.sub(r"<[^>]*>", " ", document)]) == set(), (make.__module__, lang)


@pytest.mark.parametrize("name", DEMO_NAMES)
def test_no_byte_of_a_copy_holds_words_that_are_kept_inside(name: str, tmp_path: Path) -> None:
    record, workshop, _ = opened(name)
    path = tmp_path / "copy.cowork"
    export_workshop(record, workshop, path)
    search = Search.of(name, [k for k in kept(name) if k.why in OUTSIDE])
    assert search.found([path.read_bytes().decode("utf-8", "replace")]) == set()
    whole = tmp_path / "whole.cowork"
    export_workshop(record, workshop, whole, whole=True)  # what is searched for can be found
    refs = {k.ref for k in kept(name) if k.why in OUTSIDE}
    assert search.found([whole.read_bytes().decode("utf-8", "replace")]) >= refs & set(search.runs.values())


@pytest.mark.parametrize("name", DEMO_NAMES)
def test_a_copy_names_nobody_who_did_not_agree_to_it_except_where_others_typed_the_name(
    name: str, tmp_path: Path
) -> None:
    record, workshop, _ = opened(name)
    path = tmp_path / "copy.cowork"
    export_workshop(record, workshop, path)
    copy = open_record(path, writable=False)
    state = record.state(workshop)
    people = {p: state.consent(p, "naming")["answer"] for p in state.participants()}
    unnamed = {p: answer for p, answer in people.items() if answer not in ("named", "pseudonym")}
    assert unnamed
    typed = {"text", "note", "rule_met", "title", "purpose", "tool", "stops_at"}
    for entry in copy.state(workshop).entries.values():
        rest = list(strings({k: v for k, v in entry.data.items() if k not in typed}))
        for p, answer in unnamed.items():
            assert not [words for words in rest if re.search(rf"\b{state.profile(p)['name']}\b", words)], entry.kind
            if answer == "not" and entry.header.by == p:
                assert not set(state.profile(p)["perspectives"]) & set(strings(entry.data)), entry.kind
    copy.close()
