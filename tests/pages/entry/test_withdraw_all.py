"""Take back all my words: what the page says goes, goes, and what it says stays, stays."""

from __future__ import annotations

from support.page_sessions import Guest, opened

from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Actor, Draft
from cowork.text import LANGS, translate
from cowork.widgets import Dialog


def _dialog(guest: Guest, button: str) -> Dialog:
    guest.go("choices")
    named = translate(button, guest.session.lang)
    box = next(p for p in guest.session.shell.parts if isinstance(p, Dialog) and p.button == named)
    guest._listen(box)
    return box


def _add(guest: Guest, kind: str, body: dict[str, object], *about: tuple[str, str]) -> str:
    record, me = guest.record, guest.session.me
    seen_by = "group-from-reveal" if kind == "position" else "group"
    draft = Draft(record.new_id(), kind, me, body, about, seen_by=seen_by)
    return record.append(guest.session.workshop, draft, Actor(me)).id


def test_all_my_texts_are_taken_back_also_one_that_nobody_sees_now_and_the_rest_stays() -> None:
    fay = opened()
    ali, bo = fay.with_guest("Ali"), fay.with_guest("Bo")
    of_bo = _add(bo, "view", {"text": "Stig är smal", "lang": "sv"})
    proposal = _add(bo, "proposal", {"text": "At ten", "rule": {"code": "answered"}, "levels": "five"})
    rendered = {"text": "zebra path", "lang": "en", "fidelity": "translated"}
    for kind, body, about in [
        ("view", {"text": "zebra view"}, ()),
        ("reservation", {"text": "zebra worry"}, (("talks-about", proposal),)),
        ("position", {"level": "worry", "more": {"worry": "zebra named"}}, (("answers", proposal),)),
        ("stance", {"stance": "differ", "text": "zebra reason"}, (("answers", of_bo),)),
        ("view", rendered, (("renders", of_bo),)),
    ]:
        _add(ali, kind, body, *about)
    other = _add(bo, "proposal", {"text": "At noon", "rule": {"code": "answered"}, "levels": "five"})
    _add(ali, "edit", {"text": "zebra wording"}, ("replaces", other))
    hidden = _add(bo, "withdrawal", {}, ("withdraws", of_bo))  # with it goes Ali's rendering, for everybody
    box = _dialog(ali, "back.take_all")
    box.receive({"do": "yes"})
    assert translate("back.take_all_done") in str(ali.said[-1]["show"])
    _add(bo, "restore", {}, ("replaces", hidden))
    _add(fay, "setting", {}, ("reveals", proposal))
    state = fay.record.state(fay.session.workshop)
    for viewer in ("", bo.session.me, fay.session.me):
        seen = ParticipantView(state, viewer)
        shown = [v.body or "" for c in seen.contributions() for v in (*c.earlier, *c.versions) if c.is_active]
        left = [body for body in shown if "zebra" in body]
        assert left and all("zebra wording" in body for body in left), "the wording of another's text, as the page says"


def test_the_page_says_before_what_goes_and_what_stays_in_each_language() -> None:
    fay = opened()
    for lang in LANGS:
        fay.hello(fay.code, lang=lang)
        lines = _dialog(fay, "back.take_all").lines
        assert lines == [translate(f"back.take_all_{part}", lang) for part in ("what", "hint", "stays", "erase")]
