"""A case as somebody writes it by hand: what is wrong is said with its line, and what is right becomes a workshop."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from cowork.core.access.participant_view import ParticipantView
from cowork.core.errors import InvalidImport
from cowork.core.quotes import quotes
from cowork.imports.demo import DEMO_NAMES, read_demo_case
from cowork.imports.demo_format import parse_case
from cowork.imports.demo_replay import DemoReplay
from cowork.text import LANGS, translate

HEAD = {"format": "cowork-practice", "version": 2, "invented": True, "begins": "09:30", "people": ["ada", "bo"]}
YES = {"question": "part", "answer": "yes"}
STORY: list[dict[str, Any]] = [
    {"t": 0, "by": "ada", "kind": "workshop", "body": {"title": "The gate", "languages": ["en", "sv"]}},
    {"t": 0, "by": "ada", "kind": "participant", "body": {"name": "Ada"}},
    {"t": 0, "by": "ada", "kind": "consent", "body": YES},
    {"t": 2, "by": "bo", "kind": "participant", "body": {"name": "Bo"}},
    {"t": 2, "by": "bo", "kind": "consent", "body": YES},
    {"t": 5, "by": "ada", "kind": "episode", "key": "e1", "end_t": 60, "how": "facilitator", "body": {"name": "One"}},
    {"t": 6, "by": "bo", "kind": "utterance", "key": "u1", "body": {"text": "🌿 The gate is shut. The gate is high."}},
]


def text(*more: dict[str, Any] | str, head: dict[str, Any] = HEAD) -> str:
    lines = [head, *STORY, *more]
    return "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)


def replay(written: str) -> DemoReplay:
    return DemoReplay(parse_case("gate", written), "OAK-222", 1_770_000_000_000, random.Random(1).randbytes)


def test_a_story_of_a_few_lines_becomes_a_workshop_with_its_thread_and_its_times() -> None:
    view = {"t": 9, "by": "ada", "kind": "view", "key": "v1", "about": [["documents", "u1"]]}
    view["body"] = {
        "text": "It keeps us out.",
        "holders": ["bo"],
        "quotes": [{"version": "u1", "words": "gate is high"}],
    }
    made = replay(text("", view))
    state = made.record.state(made.workshop)
    entry = state.entries[made.ids["v1"]]
    (quote,) = quotes(ParticipantView(state, ""), entry)
    assert (quote.text, quote.source) == ("gate is high", made.ids["u1"])
    assert entry.data["holders"] == [made.ids["bo"]] and entry.data["told"] == {"t": 9, "ref": "v1"}
    assert entry.header.at_ms == 1_770_000_000_000 + 9 * 60_000
    assert entry.header.episode == made.ids["e1"]
    opened = state.opening_entry()
    assert opened is not None and (opened.data["code"], opened.data["example"]) == ("OAK-222", "gate")


def said(by: str = "bo", **more: Any) -> dict[str, Any]:
    return {"t": 9, "by": by, "kind": "utterance", "body": {"text": "Yes."}, **more}


def quoting(words: str) -> dict[str, Any]:
    return said(body={"text": "So.", "quotes": [{"version": "u1", "words": words}]})


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        ("{broken", "example.line", "{broken"),
        ('["bo"]', "example.line", '["bo"]'),
        (said(kind="shout"), "example.kind", "shout"),
        (said(about=[["shouts-at", "u1"]]), "example.relation", "shouts-at"),
        (said(about=[["answers", "u2"]]), "example.reference", "u2"),
        (said(about=[["answers", ["u1"]]]), "example.reference", ["u1"]),
        (said(by="cy"), "example.reference", "cy"),
        (said(how="scribe", body={"text": "Yes.", "written_by": "cy"}), "example.reference", "cy"),
        (said(how="scribe"), "example.reference", None),
        (said(kind="view", body={"text": "So.", "holders": ["bo", "cy"]}), "example.reference", "cy"),
        (said(body={"text": "So.", "quotes": [{"version": "u9", "words": "gate"}]}), "example.reference", "u9"),
        (quoting("The gate is low"), "example.quote", "The gate is low"),
        (quoting("The gate is"), "example.quote", "The gate is"),  # it stands there twice
        (quoting(""), "example.quote", ""),
        (said(key="u1"), "example.key", "u1"),
        (said(key="ada"), "example.key", "ada"),
        (said(abuot=[["answers", "u1"]]), "example.field", "abuot"),
        (said(t="9"), "example.field", "t"),
        (said(t=True), "example.field", "t"),
        (said(about=["answers", "u1"]), "example.field", "about"),
        (said(about=[[["answers"], "u1"]]), "example.field", "about"),
        (said(body={"text": "So.", "quotes": ["gate"]}), "example.field", "quotes"),
        (said(body={"text": "So.", "quotes": 7}), "example.field", "quotes"),
        ({"t": 9, "by": "bo"}, "example.field", "kind"),
        ({"t": 9, "by": "ada", "kind": "episode", "key": "e2", "how": "facilitator"}, "example.field", "end_t"),
    ],
)
def test_a_line_that_is_wrong_is_said_with_its_number_and_what_to_do(
    line: dict[str, Any] | str, key: str, value: object
) -> None:
    with pytest.raises(InvalidImport) as caught:
        replay(text("", line, said()))
    error = caught.value
    assert (error.key, error.values["value"]) == (key, value)
    assert (error.values["name"], error.values["line"]) == ("gate", len(STORY) + 3)
    for lang in LANGS:
        sentence = translate(error.key, lang, **error.values)  # type: ignore[arg-type]
        assert sentence.startswith(f"gate, {'line' if lang == 'en' else 'rad'} {len(STORY) + 3}: ")


def test_what_nobody_could_have_done_in_a_room_is_refused_with_its_line_and_the_reason() -> None:
    with pytest.raises(InvalidImport) as caught:
        replay(text(said(kind="setting", how="facilitator", body={"time": "same"})))
    assert (caught.value.key, caught.value.values["line"]) == ("example.refused", len(STORY) + 2)
    assert str(caught.value.values["value"]).endswith(".")


@pytest.mark.parametrize(
    ("head", "value"),
    [
        ({**HEAD, "begins": "half past nine"}, "begins"),
        ({**HEAD, "people": "ada"}, "people"),
        ({**HEAD, "version": 1}, "version"),
        ({k: v for k, v in HEAD.items() if k != "format"}, "format"),
        (STORY[0], "t"),
    ],
)
def test_a_head_that_is_wrong_is_said(head: dict[str, Any], value: str) -> None:
    with pytest.raises(InvalidImport) as caught:
        parse_case("gate", text(head=head))
    assert (caught.value.key, caught.value.values["line"], caught.value.values["value"]) == ("example.field", 1, value)


def test_a_file_without_a_line_is_said() -> None:
    with pytest.raises(InvalidImport) as caught:
        parse_case("gate", "\n\n")
    assert (caught.value.key, caught.value.values["line"]) == ("example.field", 1)


@pytest.mark.parametrize("name", DEMO_NAMES)
def test_each_line_of_a_practice_case_is_told_apart_by_its_number(name: str) -> None:
    numbers = [row["line"] for row in read_demo_case(name).entries]
    assert numbers == sorted(set(numbers)) and numbers[0] == 2
