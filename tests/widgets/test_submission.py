"""What people share: read, acknowledged, refused in words, or kept for another try."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowork import text
from cowork.widgets import Form, Rejected, Submission
from cowork.widgets.submission import BODY_LIMIT, HARD_LIMIT, clean_id, read_submission

ID = "0190a5b1-7c00-7000-8000-000000000001"


def item(**changes: object) -> dict[str, object]:
    return {"id": ID, "box": "intention", "kind": "intention", "fields": {"text": "To learn"}} | changes


def share(ask: Form, sent_item: object) -> dict[str, Any]:
    answers: list[dict[str, Any]] = []
    ask.send = lambda content, buffers=None: answers.append(content)
    data = {"method": "custom", "content": {"do": "share", "item": sent_item}}
    ask._handle_msg({"content": {"data": data}, "buffers": []})
    assert len(answers) == 1, "exactly one answer"
    return answers[0]


def test_an_item_is_read_whole() -> None:
    about = [["talks-about", ID]]
    sent = read_submission(item(about=about, choices={"shown": "named", "as": ["carer"]}, lang="sv", at=5.0, x=1))
    assert sent == Submission(
        id=ID,
        box="intention",
        kind="intention",
        about=(("talks-about", ID),),
        fields={"text": "To learn"},
        choices={"shown": "named", "as": ["carer"]},
        lang="sv",
        at_ms=5,
    )
    assert sent.text == "To learn"


@pytest.mark.parametrize("answer", [None, True])
def test_what_is_on_disk_is_acknowledged(answer: object) -> None:
    ask = Form()
    ask.on_submit(lambda sent: answer)
    assert share(ask, item()) == {"done": "shared", "id": ID}


def test_a_handler_can_say_more_than_shared() -> None:
    ask = Form()
    ask.on_submit(lambda sent: "Kept for you.")
    assert share(ask, item()) == {"done": "shared", "id": ID, "note": "Kept for you."}


def test_a_refusal_is_answered_in_its_words_beside_its_box() -> None:
    def refuse(sent: Submission) -> None:
        raise Rejected("Choose another name.", "name")

    ask = Form()
    ask.on_submit(refuse)
    assert share(ask, item()) == {
        "done": "refused",
        "id": ID,
        "message": "Choose another name.",
        "field": "name",
    }


class Worded(Exception):
    words = "Words of its own."


class Keyed(Exception):
    """As the floors below raise them: a sentence's key and its values."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def test_an_error_that_carries_words_or_a_key_is_a_refusal_in_the_readers_language() -> None:
    def worded(sent: Submission) -> None:
        raise Worded

    def keyed(sent: Submission) -> None:
        raise Keyed("error.too_long", n=7)

    ask = Form(lang="sv")
    ask.on_submit(worded)
    assert share(ask, item())["message"] == "Words of its own."
    ask.on_submit(keyed)
    answer = share(ask, item())
    assert answer["done"] == "refused" and answer["message"] == text.translate("error.too_long", "sv", n=7)


@pytest.mark.parametrize("error", [RuntimeError("disk"), KeyError("key"), Keyed("no.such.sentence")])
def test_a_fault_of_ours_keeps_the_words_for_another_try(error: Exception) -> None:
    def fail(sent: Submission) -> None:
        raise error

    ask = Form()
    ask.on_submit(fail)
    assert share(ask, item()) == {"done": "failed", "id": ID, "message": text.translate("error.not_saved", "en")}


def test_where_nobody_listens_the_words_stay_on_the_device() -> None:
    assert share(Form(), item())["done"] == "failed"


@pytest.mark.parametrize(
    "ident",
    [
        None,
        7,
        "",
        "x" * 36,
        ID.replace("a", "A"),
        "{" + ID + "}",
        ID.replace("-", ""),
        "urn:uuid:" + ID,
        ID + "\n",
    ],
)
def test_an_id_has_one_form_or_is_none(ident: object) -> None:
    assert clean_id(ident) == ""
    with pytest.raises(Rejected):
        read_submission(item(id=ident))


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "Intention"},
        {"kind": None},
        {"kind": "a" * 41},
        {"box": 7},
        {"box": "b" * 201},
        {"about": "talks-about"},
        {"about": [["talks-about"]]},
        {"about": [["talks-about", "not an id"]]},
        {"about": [["Talks About", ID]]},
        {"about": [["talks-about", ID]] * 51},
        {"fields": ["text"]},
        {"fields": {"text": 7}},
        {"fields": {"a b": "words"}},
        {"fields": {f"f{n}": "" for n in range(21)}},
        {"choices": {"shown": {"a": 1}}},
        {"choices": {"shown": ["a", 7]}},
        {"choices": {"shown": ["a"] * 51}},
        {"choices": {"shown": "a" * 1001}},
    ],
    ids=repr,
)
def test_an_item_of_another_shape_is_refused_in_words(changes: dict[str, object]) -> None:
    with pytest.raises(Rejected) as refusal:
        read_submission(item(**changes))
    assert " " in refusal.value.message


def test_lengths_are_code_points() -> None:
    assert read_submission(item(fields={"text": "🙂" * HARD_LIMIT})).text == "🙂" * HARD_LIMIT
    with pytest.raises(Rejected) as refusal:
        read_submission(item(fields={"text": "🙂" * (HARD_LIMIT + 3)}))
    assert refusal.value.message == text.translate("error.too_long", "en", n=3)
    assert refusal.value.field == "text"


@pytest.mark.parametrize(("words", "sign"), [("a\0b", "U+0000"), ("\ud83d", "U+D83D"), ("ok \udc00", "U+DC00")])
def test_signs_that_no_record_can_keep_are_refused_by_name(words: str, sign: str) -> None:
    with pytest.raises(Rejected) as refusal:
        read_submission(item(fields={"text": words}), "sv")
    assert refusal.value.message == text.translate("error.letters", "sv", sign=sign)


@pytest.mark.parametrize("at", [None, "now", True, -1, math.nan, math.inf, 2**60, []])
def test_a_time_that_is_none_is_left_out(at: object) -> None:
    assert read_submission(item(at=at)).at_ms is None


def test_an_unknown_language_becomes_the_readers() -> None:
    assert read_submission(item(lang="tlh"), "sv").lang == "sv"


leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=40), st.just(ID))
lists = st.lists(st.one_of(leaves, st.lists(leaves, max_size=3)), max_size=3)
json_like = st.one_of(leaves, lists, st.dictionaries(st.text(max_size=5), st.one_of(leaves, lists), max_size=3))
names = st.sampled_from(["id", "box", "kind", "about", "fields", "choices", "lang", "at"])


@given(st.dictionaries(names, json_like))
def test_anything_is_read_or_refused(changes: dict[str, object]) -> None:
    for candidate in (changes, item(**changes)):
        try:
            assert isinstance(read_submission(candidate), Submission)
        except Rejected as refusal:
            assert refusal.message


@given(st.text())
def test_every_text_that_can_be_kept_arrives_unchanged(words: str) -> None:
    try:
        assert read_submission(item(fields={"text": words})).text == words
    except Rejected:
        assert "\0" in words or any("\ud800" <= c <= "\udfff" for c in words)


def test_all_that_is_shared_at_once_has_a_limit_and_what_is_over_is_said() -> None:
    most = {"a": "🙂" * HARD_LIMIT, "b": "x" * (BODY_LIMIT - HARD_LIMIT)}
    assert read_submission(item(fields=most)).fields == most
    for more in ({"fields": {**most, "c": "yz"}}, {"fields": most, "choices": {"c": "yz"}},
                 {"fields": most, "choices": {"c": ["y", "z"]}}):  # fmt: skip
        with pytest.raises(Rejected) as error:
            read_submission(item(**more))
        assert error.value.message == text.translate("error.too_long", "en", n=2)


def test_a_question_takes_words_of_its_own_boxes_only_and_no_more_than_it_asked_for() -> None:
    ask = Form(question="Why?", fields=[{"key": "text", "limit": 5}, {"key": "more"}])
    taken: list[Submission] = []
    ask.on_submit(lambda sent: taken.append(sent))
    assert share(ask, item(fields={"text": "12345", "more": "x", "other": ""}))["done"] == "shared"
    long = share(ask, item(fields={"text": "1234567"}))
    assert (long["done"], long["field"], long["message"]) == (
        "refused",
        "text",
        text.translate("error.too_long", "en", n=2),
    )
    assert share(ask, item(fields={"text": "1", "other": "x" * HARD_LIMIT}))["done"] == "shared"
    assert [sent.fields for sent in taken] == [{"text": "12345", "more": "x"}, {"text": "1"}]
