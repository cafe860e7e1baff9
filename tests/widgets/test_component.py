"""What holds for every widget: words, files, and a browser that may send anything."""

from __future__ import annotations

import asyncio
import re
import threading
import uuid
from pathlib import Path
from typing import Any

import pytest
from support.event_loop import run_here

from cowork import text, widgets
from cowork.widgets import Choice, Component, Form, Shell
from cowork.widgets import component as part_module
from cowork.widgets.component import LIMITS
from cowork.widgets.manifest import read_code, read_style

HERE = Path(part_module.__file__).parent
ALL = [
    kind for name in widgets.__all__ if isinstance(kind := getattr(widgets, name), type) and issubclass(kind, Component)
]
ALL.remove(Component)
each = pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)

SAID = re.compile(r"\bsay\(\s*(?:this\.)?model,\s*([^,)]+)")
KEY = re.compile(r'"([a-z]+(?:\.[a-z0-9_]+)+)"')
# Looked up under a name made at run time: `erase.${n}`, `journey.col.${column}`.
MADE = re.compile(r"`((?:erase|journey\.col)\.)\$\{")


def script(kind: type[Component]) -> str:
    return "\n".join((HERE / name).read_text("utf-8") for name in kind.SCRIPTS)


def from_browser(widget: Component, content: object) -> list[dict[str, Any]]:
    """Deliver a custom message as a browser would, and give back what the kernel answered."""
    sent: list[dict[str, Any]] = []
    widget.send = lambda content, buffers=None: sent.append(content)
    widget._handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})
    return sent


def test_what_is_heard_in_another_thread_is_taken_in_the_page_s_own() -> None:
    """JupyterLab gives each browser's messages a thread in the kernel; two at once would lose each other's changes."""

    heard: list[bool] = []

    async def page() -> None:
        main, done = threading.current_thread(), asyncio.Event()
        shell = Shell()

        def hear(message: dict[str, Any]) -> None:
            heard.append(threading.current_thread() is main)
            if len(heard) == 20:
                done.set()

        shell.on_message("lang", hear)
        message = {"content": {"data": {"method": "custom", "content": {"do": "lang", "lang": "sv"}}}, "buffers": []}
        browsers = [threading.Thread(target=lambda: [shell._handle_msg(message) for _ in range(10)]) for _ in range(2)]
        for browser in browsers:
            browser.start()
        await asyncio.wait_for(done.wait(), 30)
        for browser in browsers:
            browser.join()

    try:
        run_here(page())
        assert heard == [True] * 20
    finally:
        Shell()  # no loop any more


@each
def test_a_widget_can_be_made_and_holds_its_files(kind: type[Component]) -> None:
    widget = kind()
    for name in kind.SCRIPTS:
        assert read_code(name) in widget._esm
    for name in kind.STYLES:
        assert read_style(name) in widget._css
    assert widget._esm.count("export default") == 1


@each
def test_the_words_of_a_widget_are_those_its_script_says(kind: type[Component]) -> None:
    used = set(KEY.findall(script(kind))) & text.keys()
    used |= {key for prefix in MADE.findall(script(kind)) for key in kind.WORDS if key.startswith(prefix)}
    shared = {key for key in used if key not in kind.WORDS}
    assert not set(kind.WORDS) - used, "listed and never said"
    # A shared file may hold a key that only some widgets reach; what a widget's own files say must be listed.
    own = "\n".join((HERE / name).read_text("utf-8") for name in kind.SCRIPTS if name != LIMITS)
    assert not (shared & set(KEY.findall(own))), "said and not listed"


@each
def test_every_word_is_in_both_languages_and_follows_the_language(kind: type[Component]) -> None:
    widget = kind()
    assert widget.words == text.catalogue_texts(kind.WORDS, "en")
    widget.lang = "sv"
    assert widget.words == text.catalogue_texts(kind.WORDS, "sv")


@each
def test_a_browser_cannot_change_a_trait(kind: type[Component]) -> None:
    widget = kind()
    before = {name: getattr(widget, name) for name in widget.keys if not name.startswith("_")}
    state: dict[str, Any] = dict.fromkeys(before, "forged")
    state |= {"facilitator": True, "_esm": "alert(1)", "parts": [], "is_open": True, "items": [{"id": "x"}]}
    widget.set_state(state)
    widget._handle_msg({"content": {"data": {"method": "update", "state": state}}, "buffers": []})
    assert {name: getattr(widget, name) for name in before} == before
    assert widget._esm != "alert(1)"


@each
@pytest.mark.parametrize(
    "content",
    [
        None,
        7,
        "share",
        [],
        {},
        {"do": 7},
        {"do": ["share"]},
        {"do": "__class__"},
        {"do": "share"},
        {"do": "share", "item": None},
        {"do": "share", "item": []},
        {"do": "share", "item": {"id": {}, "kind": [], "fields": 3}},
        {"do": "hello", "key": "secret", "mine": {"a": 1}, "lang": 9, "code": None},
        {"do": "hello", "mine": [1, None, {"code": 5}, {"code": "A", "title": "\ud800"}]},
        {"do": "ping", "t": "now", "hidden": "yes"},
        {"do": "ping", "t": float("nan")},
        {"do": "find", "q": {"$ne": ""}, "voice": "\0"},
        {"do": "chose", "value": {"a": 1}},
    ],
    ids=repr,
)
def test_a_message_of_any_shape_never_raises(kind: type[Component], content: object) -> None:
    for answer in from_browser(kind(), content):
        assert answer.get("pong") or answer["done"] in {"refused", "failed"}


@each
def test_an_outer_message_of_any_shape_never_raises(kind: type[Component]) -> None:
    widget = kind()
    for data in ({}, {"method": "update", "state": 7}, {"method": "custom"}, {"method": None}):
        widget._handle_msg({"content": {"data": data}, "buffers": []})
    widget._handle_msg({"content": {"data": {"method": "update", "state": {}, "buffer_paths": [["a", 0]]}}})


def test_traits_are_plain_and_can_be_observed() -> None:
    ask = widgets.Form(question="Why?")
    heard = []
    ask.observe(lambda change: heard.append(change["new"]), "question")
    ask.question = "Why are you here?"
    assert heard == ["Why are you here?"]
    assert ask.get_state()["question"] == "Why are you here?"


def test_an_unknown_language_is_an_error_that_says_which_there_are() -> None:
    with pytest.raises(Exception, match="en, sv"):
        widgets.Form(lang="xx")


def test_a_choice_takes_from_a_browser_only_what_it_offers() -> None:
    choice = Choice(options=[{"value": "yes", "label": "Yes"}, {"value": "no", "label": "No"}], value="no")
    chosen: list[Any] = []
    choice.on_message("chose", lambda message: chosen.append(message["value"]))
    choice.set_state({"value": "yes", "options": []})
    assert choice.value == "yes"
    choice.set_state({"value": "perhaps"})
    assert choice.value == "yes" and len(choice.options) == 2
    from_browser(choice, {"do": "chose", "value": "perhaps"})
    from_browser(choice, {"do": "chose", "value": "no"})
    assert chosen == ["no"]


def test_a_choice_of_many_takes_lists_of_what_it_offers() -> None:
    choice = Choice(options=[{"value": "a", "label": "A"}, {"value": "b", "label": "B"}], many=True)
    choice.set_state({"values": ["a", "b"]})
    assert choice.values == ["a", "b"]
    choice.set_state({"values": ["a", "c"]})
    choice.set_state({"values": "a"})
    assert choice.values == ["a", "b"]


def test_an_answer_kept_on_the_device_is_not_taken_even_if_a_browser_sends_it() -> None:
    choice = Choice(options=[{"value": "learn", "label": "Learn"}], keep_on_device="ready")
    chosen: list[Any] = []
    choice.on_message("chose", chosen.append)
    choice.set_state({"value": "learn"})
    from_browser(choice, {"do": "chose", "value": "learn"})
    assert choice.value == "" and not chosen


def test_a_ping_is_answered_before_and_whatever_its_handler_does() -> None:
    shell = Shell()
    shell.on_message("ping", lambda message: 1 / 0)
    answers = from_browser(shell, {"do": "ping", "t": 5, "hidden": False})
    assert answers[0]["pong"] is True and answers[0]["t"] == 5 and answers[0]["boot"]
    assert answers[1]["done"] == "failed"


def test_hello_reads_the_key_and_keeps_it_out_of_the_traits() -> None:
    shell = Shell()
    heard: list[dict[str, Any]] = []
    shell.on_message("hello", heard.append)
    key = {"participant": "0190a5b1-7c00-7000-8000-000000000001", "secret": "ab" * 16, "more": 1}
    mine = [{"code": f"KIND-{n}", "title": "Ward"} for n in range(12)]
    from_browser(shell, {"do": "hello", "lang": "sv", "code": "KIND-7", "key": key, "mine": mine, "x": 1})
    message = heard[0]
    assert message["key"] == {"participant": key["participant"], "secret": key["secret"]}
    assert message["code"] == "KIND-7" and message["page"] == "" and "x" not in message
    assert len(message["mine"]) == 8
    assert key["secret"] not in repr(shell.get_state())


@pytest.mark.parametrize("secret", ["", "zz" * 16, "ab" * 15, 7, None])
def test_a_key_that_is_none_is_no_key(secret: object) -> None:
    shell = Shell()
    heard: list[dict[str, Any]] = []
    shell.on_message("hello", heard.append)
    participant = "0190a5b1-7c00-7000-8000-000000000001"
    from_browser(shell, {"do": "hello", "key": {"participant": participant, "secret": secret}})
    assert heard[0]["key"] == {}


def test_what_a_dialog_shows_stands_in_no_trait() -> None:
    dialog = widgets.Dialog()
    sent: list[Any] = []
    dialog.send = lambda content, buffers=None: sent.append(content)
    dialog.show(["fern-41-otter"])
    assert sent == [{"show": ["fern-41-otter"]}]
    assert "fern" not in repr(dialog.get_state())


def test_a_message_that_is_received_is_handled_as_one_that_a_browser_sent() -> None:
    form = Form(question="Why?")
    heard: list[str] = []
    form.on_submit(lambda submission: heard.append(submission.text))
    words = {"kind": "intention", "fields": {"text": "Because."}}
    first, second = ({"do": "share", "item": {"id": str(uuid.uuid4()), **words}} for _ in range(2))
    form.receive(first)
    form._handle_msg({"content": {"data": {"method": "custom", "content": second}}, "buffers": []})
    assert heard == ["Because.", "Because."]
