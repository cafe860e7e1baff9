"""What a browser is sent, frame by frame: nothing that its person may not see, and no key of anybody."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from support.browsers import Person, Server, expect
from support.card_acts import press
from support.whole_cycle import change_seen

from cowork.core.entries import Actor, Draft
from cowork.store import Record, credentials, open_record

WHY = "Why I am here"
TITLE = "What stays with whom"


class Heard:
    """Everything that went over this person's wire: frames of the socket and bodies of answers."""

    def __init__(self, one: Person) -> None:
        self.came: list[str] = []
        self.went: list[str] = []
        self.asked: list[str] = []
        one.page.on("websocket", self._socket)
        one.page.on("request", lambda request: self.asked.append(request.url))

    def _socket(self, socket: Any) -> None:
        self.asked.append(socket.url)
        socket.on("framereceived", lambda frame: self.came.append(_text(frame)))
        socket.on("framesent", lambda frame: self.went.append(_text(frame)))

    @property
    def all(self) -> str:
        return "\n".join(self.came + self.went + self.asked)


def _text(frame: str | bytes) -> str:
    return frame if isinstance(frame, str) else frame.decode("utf-8", "replace")


class Group:
    """A workshop that is used for research: Fay opened it elsewhere and comes in with her return code."""

    def __init__(self, server: Server, person: Callable[..., Person]) -> None:
        self.server = server
        record = open_record(server.record)
        who, self.workshop, self.code = record.new_id(), record.new_id(), "KIND-742"
        body = {"title": TITLE, "code": self.code, "languages": ["en", "sv"], "research": True}
        record.open_workshop(Draft(self.workshop, "workshop", who, body), Actor(who))
        first = [
            Draft(who, "participant", who, {"name": "Fay", "lang": "en"}),
            Draft(record.new_id(), "consent", who, {"question": "part", "answer": "yes"}),
        ]
        record.append_many(self.workshop, first, Actor(who))
        self.return_code = credentials.new_return_code(record, self.workshop, who)
        record.close()
        self.fay, self.ali, self.bo = person(), person(), person(phone=True)
        self.ali_heard = Heard(self.ali)
        self.fay.open()
        self.fay.page.get_by_label("My return code").fill(self.return_code)
        self.fay.button("Come back in").click()
        self.fay.parts().wait_for()
        self.bo.join(self.code, "Bo", by_link=True)
        self.ali.open(f"?w={self.code}")
        self.ali.page.get_by_role("radio", name="Yes, I would like to take part").check()
        self.ali.page.get_by_label("Name for this workshop").fill("Ali")
        self.ali.page.get_by_text("All my choices").click()
        self.ali.page.get_by_role("group", name="May your words be used for research?").get_by_label(
            "Yes", exact=True
        ).check()
        self.ali.button("Go to the group").click()
        self.ali.parts().wait_for()

    def record(self) -> Record:
        return open_record(self.server.record)

    def entries(self) -> int:
        record = self.record()
        try:
            return record.last_position(self.workshop)
        finally:
            record.close()

    def ids(self) -> list[str]:
        record = self.record()
        try:
            return list(record.state(self.workshop).entries)
        finally:
            record.close()

    def key(self) -> bytes:
        record = self.record()
        try:
            with record.backend.reading() as rows:
                return rows.key(self.workshop) or b""
        finally:
            record.close()


@pytest.fixture(scope="module")
def group(server: Server, person: Callable[..., Person]) -> Group:
    return Group(server, person)


def stored(one: Person, key: str) -> Any:
    return one.page.evaluate("key => JSON.parse(localStorage.getItem(key))", key)


def every_page(one: Person) -> str:
    """Look at every page there is, and give back all that stood on them."""
    seen = ""
    for part in ("Start", "Journey", "My choices", "Dialogue", "Intention"):
        one.go(part)
        expect(one.page.get_by_role("heading", level=1)).to_be_visible()
        seen += one.page.content()
    return seen


def test_nothing_that_is_not_for_them_comes_over_anybodys_wire(group: Group) -> None:
    ali, bo, fay = group.ali, group.bo, group.fay
    for one in (ali, bo, fay):
        one.go("Intention")
    ali.share(WHY, "Words for ALL")
    for words, way in (("PRIVATE words", "Only me"), ("TAKEN words", ""), ("HIDDEN words", ""), ("ERASED words", "")):
        change_seen(ali)
        ali.page.get_by_role("radio", name=way or "The whole group").first.check()
        ali.page.get_by_label(WHY, exact=True).fill(words)
        ali.button("Keep it to myself" if way else "Share with the group").first.click()
        expect(ali.card(words)).to_be_visible()
    press(ali.card("TAKEN words"), "Take it back")
    expect(ali.card("TAKEN words")).to_contain_text("Only you see it now")
    press(ali.card("ERASED words"), "Erase my words")
    ali.button("Erase for good").click()
    expect(ali.page.get_by_text("ERASED words")).to_have_count(0)
    press(fay.card("HIDDEN words"), "Hide now")
    expect(ali.card("HIDDEN words")).to_contain_text("Your words are hidden for now")
    expect(bo.page.get_by_text("HIDDEN words")).to_have_count(0)
    counted = bo.parts().inner_text()
    fay.button("Write alone first").click()
    expect(ali.page.get_by_text("Only you see it now. The group sees it when").first).to_be_visible()
    ali.share(WHY, "UNREVEALED words")
    ali.go("My choices")
    ali.button("Make a return code").click()
    shown = ali.page.get_by_role("dialog").locator("output").first
    expect(shown).to_have_text(re.compile("^[A-Z]+-[A-Z]+-[0-9]+$"))
    return_code = shown.inner_text()
    key, secret = group.key(), stored(ali, f"cowork:key:{group.code}")["secret"]
    assert len(key) == 32 and len(secret) == 32

    # Bo and Fay come anew: their front end asks its kernel for everything there is.
    keys = [key.hex(), base64.b64encode(key).decode().rstrip("="), repr(key)[2:-1]]
    for one, not_hers in ((bo, ["HIDDEN words"]), (fay, [])):
        heard = Heard(one)
        one.open(f"?w={group.code}&page=intention")
        expect(one.card("Words for ALL")).to_be_visible()
        seen = every_page(one)
        for entry in group.ids():  # a page may be asked for at anything that anybody has an id of
            one.page.evaluate(
                "at => globalThis.coworkGo('dialogue', `?w=${at[0]}&page=dialogue&at=${at[1]}`)", [group.code, entry]
            )
        expect(one.page.get_by_label("What I would like to say")).to_be_visible()
        one.go("Intention")
        expect(one.card("Words for ALL")).to_be_visible()
        seen += one.page.content()
        assert "request_states" in "".join(heard.went)
        assert "Words for ALL" in "".join(heard.came)  # so that what follows is not said of an empty wire
        for words in ("PRIVATE words", "TAKEN words", "ERASED words", "UNREVEALED words", *not_hers):
            assert words not in heard.all and words not in seen, words
        own = stored(one, f"cowork:key:{group.code}")["secret"]
        for code in (secret, return_code, group.return_code, *keys):
            assert code not in heard.all and code not in seen
        # One's own goes to the kernel, never comes back, and stands in no address and no title.
        assert own in "".join(heard.went)
        assert own not in "".join(heard.came) + "".join(heard.asked) + seen
    assert bo.parts().inner_text() == counted
    assert return_code in "".join(group.ali_heard.came)  # to her who asked for it, in a message
    assert secret not in "".join(group.ali_heard.came) + "".join(group.ali_heard.asked)
    assert secret not in ali.page.content() and secret not in ali.page.url
    group.ali.button("Close").click()
    fay.button("Show everyone's now").click()
    expect(bo.card("UNREVEALED words")).to_be_visible()


def test_an_answer_about_research_is_sent_to_nobody_else(group: Group) -> None:
    group.bo.go("Intention")
    group.fay.go("Start")
    heard = [Heard(one) for one in (group.bo, group.fay)]
    for one in (group.bo, group.fay):
        one.open(f"?w={group.code}&page=intention")
        expect(one.card("Words for ALL")).to_be_visible()
    group.ali.go("My choices")
    asked = group.ali.page.get_by_role("group", name="May your words be used for research?")
    expect(asked.get_by_label("Yes", exact=True)).to_be_checked()
    asked.get_by_label("No", exact=True).check()
    group.ali.button("Keep this choice").click()
    expect(group.ali.page.get_by_text("Your choices are kept")).to_be_visible()
    group.ali.go("Intention")
    group.ali.share(WHY, "A sign that news arrives")
    for one in (group.bo, group.fay):
        expect(one.card("A sign that news arrives")).to_be_visible()
        one.go("Journey")
    for one in heard:
        assert '"research"' not in "".join(one.came)
        assert "May your words be used for research?" not in "".join(one.came)


def test_an_answer_kept_on_the_device_leaves_it_in_no_message(group: Group) -> None:
    group.ali.go("Intention")
    heard = Heard(group.ali)
    group.ali.page.reload()
    ready = group.ali.page.get_by_role("radio", name="Hoping to hear what I already think")
    ready.check()
    expect(group.ali.page.get_by_text("Draft kept on this device").last).to_be_visible()
    group.ali.share(WHY, "Something after it")
    group.ali.go("Journey")
    group.ali.go("Intention")
    expect(ready).to_be_checked()
    sent = "".join(heard.went)
    assert "Something after it" in sent
    assert '"value":"hear"' not in sent.replace(" ", "") and '"ready"' not in sent
    kept = group.ali.page.evaluate("Object.entries(localStorage).filter(([key]) => key.includes(':ready'))")
    assert [value for _, value in kept] == ['"hear"']


def test_nothing_is_written_before_a_yes_and_nothing_after_a_no(group: Group, person: Callable[..., Person]) -> None:
    before = group.entries()
    new = person(phone=True)
    new.open()
    new.page.get_by_label("The code you were given").fill(group.code)
    new.button("Join").click()
    new.page.get_by_label("Name for this workshop").fill("Nobody Yet")
    new.button("Go to the group").click()
    expect(new.page.get_by_text("Please choose an answer")).to_be_visible()
    assert group.entries() == before
    new.page.get_by_role("radio", name="No, thank you").check()
    new.button("Go to the group").click()
    expect(new.page.get_by_text("Thank you for letting us know. Nothing about you is kept.")).to_be_visible()
    assert group.entries() == before
    # Nor on the device: what was typed is gone from it.
    assert "Nobody Yet" not in json.dumps(new.page.evaluate("({...localStorage, ...sessionStorage})"))
    new.page.reload()
    expect(new.button("Go to the group")).to_be_visible()
    assert new.page.get_by_label("Name for this workshop").input_value() == ""
    assert group.entries() == before
    record = group.record()
    assert b"Nobody Yet" not in group.server.record.read_bytes()
    record.close()


def test_connected_again_and_shared_is_said_only_when_every_kept_text_has_been_acknowledged(group: Group) -> None:
    ali = group.ali
    ali.go("Intention")
    group.fay.go("Intention")
    ali.page.evaluate("""() => {
      window.said = [];
      const kept = () => Object.keys(localStorage).filter(key => key.startsWith('cowork:out:')).length;
      const look = () => {
        const words = document.querySelector('.cw-strip-connection [role=status]').textContent;
        if (words && words !== window.said.at(-1)?.[0]) window.said.push([words, kept()]);
      };
      new MutationObserver(look).observe(document.querySelector('.cw-strip'),
        {childList: true, subtree: true, characterData: true});
    }""")
    ali.context.set_offline(True)
    for n in range(3):
        ali.page.get_by_label(WHY, exact=True).fill(f"Without a net {n}")
        ali.button("Share with the group").first.click()
    expect(ali.page.get_by_text("You are not connected. Keep writing")).to_be_visible()
    ali.context.set_offline(False)
    for n in range(3):
        expect(ali.card(f"Without a net {n}")).to_be_visible(timeout=90_000)
        expect(group.fay.card(f"Without a net {n}")).to_be_visible()
    expect(ali.page.get_by_text("Connected again. Your words are shared.")).to_be_visible()
    said = ali.page.evaluate("window.said")
    assert [kept for words, kept in said if words.startswith("Connected again. Your words")] == [0], said
