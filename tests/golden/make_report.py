"""The small workshop that `report-en.html`, `report-sv.html` and the summaries beside them are made of.

Every word is made up. It holds one of everything a report has to get right: an agreement with one worry answered and
one not, on ground that changed; a kept difference; an open question; words erased, taken back, hidden and kept back,
and quotations of each; words written down for somebody, and words brought in; other letters; and a script typed
wherever a person can type.

To renew the files after a change that is meant: `PYTHONPATH=src:tests python tests/golden/make_report.py`, and read
what changed with `git diff` before it is committed.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

from support.strategies import Clock, Group, Time, dice

from cowork.core.entries import Actor, Draft
from cowork.core.fold import State
from cowork.reports.full_report import report
from cowork.reports.one_page import one_page
from cowork.store import memory_record

HERE = Path(__file__).parent
MAKERS = {"report": report, "report-onepage": one_page}
LANGS = ("en", "sv")
BAD = "<script>alert('{}')</script>"

#: Words that must be nowhere in what leaves, by why.
SECRETS = {
    "kept back": "Bo keeps this inside",
    "taken back": "Ada took this back",
    "erased": "Cem had this erased",
    "hidden": "Fay hid this",
    "private": "Only Ada sees this",
    "waiting": "This waits to be shown",
    "answer": "An answer before its time",
    "worry": "A worry that stays inside",
    "standing": "Why Bo still sees it so",
    "seen in someone": "What Ada sees in Cem",
}


class Making:
    """The workshop while it is being written; `time` moves a minute with each entry."""

    def __init__(self) -> None:
        self.time = Time()
        self.record = memory_record(now_ms=Clock(self.time), random_bytes=dice("report"))
        self.group = Group(self.record, "fay ada bo cem", code="KIND-742")
        self.operator = Actor(self.record.new_id(), operator=True)
        self.ids: dict[str, str] = {}

    @property
    def state(self) -> State:
        return self.group.state

    def add(self, name: str, kind: str, body: dict[str, Any], *about: tuple[str, str], **more: Any) -> str:
        self.time.ms += 60_000
        return self.group.add(name, kind, body, *about, **more)

    def say(self, name: str, text: str, *about: tuple[str, str], kind: str = "utterance", **body: Any) -> str:
        lang, seen_by = body.pop("lang", "en"), body.pop("seen_by", "group")
        return self.add(name, kind, {"text": text, "lang": lang, **body}, *about, seen_by=seen_by)

    def fay(self, kind: str, body: dict[str, Any], *about: tuple[str, str], **more: Any) -> str:
        return self.add("fay", kind, body, *about, how="facilitator", **more)

    def quoted(self, root: str, start: int | None = None, end: int | None = None) -> dict[str, Any]:
        entry = self.state.entries[root]
        found: dict[str, Any] = {"source": self.state.root(entry.id), "version": entry.id}
        return found if start is None else {**found, "start": start, "end": end}

    def scribed(self, kind: str, body: dict[str, Any], *about: tuple[str, str]) -> str:
        """Fay writes for Dee, who has no device."""
        self.time.ms += 60_000
        dee = self.group.ids["dee"]
        entry_id = dee if kind == "participant" else self.record.new_id()
        body = body if kind in ("participant", "consent") else {"written_by": self.group.ids["fay"], **body}
        draft = Draft(entry_id, kind, dee, body, about, how="scribe")
        return self.record.append(self.group.workshop, draft, Actor(self.group.ids["fay"])).id

    def brought_in(self, kind: str, by: str, body: dict[str, Any], episode: str | None = None) -> str:
        self.time.ms += 60_000
        entry_id = by if kind == "participant" else self.record.new_id()
        draft = Draft(entry_id, kind, by, body, (), how="import", episode=episode)
        return self.record.append(self.group.workshop, draft, self.operator).id


def make() -> State:
    """The workshop, the same to the last byte each time."""
    made = Making()
    _people(made)
    words = _talk(made)
    views = _views(made, words)
    _agreement(made, words, views)
    _after(made, words)
    return made.state


def _people(made: Making) -> None:
    group, bad = made.group, BAD.format
    opened = made.state.opening_entry()
    assert opened is not None
    made.fay("context", {"field": "definition", "text": "We make the list together 🌱 " + bad("words"), "lang": "en"})
    made.fay("context", {"field": "why", "text": "So that waiting is less hard", "lang": "en"})
    made.fay("context", {"field": "can_change", "text": "The list, and who reads it", "lang": "en"})
    made.fay("context", {"field": "not_here", "text": "Those who wait at night", "lang": "en"})
    made.fay("context", {"field": "turn_to", "text": "Ask at the desk " + bad("desk"), "lang": "en"})
    made.add("fay", "participant", {"perspectives": ["decides"]})
    made.add("ada", "participant", {"name": "Ada " + bad("name")})
    made.add("cem", "participant", {"perspectives": ["lived", "a baker " + bad("perspective")]})
    for name, answer in (("fay", "named"), ("ada", "pseudonym"), ("bo", "not")):
        group.consent(name, "naming", answer)
    for name in ("fay", "ada"):
        group.consent(name, "research", "yes")
    group.ids["dee"] = made.record.new_id()
    made.scribed("participant", {"name": "Dee"})
    made.scribed("consent", {"question": "part", "answer": "yes"})
    made.scribed("consent", {"question": "naming", "answer": "named"})
    made.fay(
        "episode",
        {
            "name": "First meeting " + bad("episode"),
            "tool": "A table " + bad("tool"),
            "start": "10:00",
            "end": "11:30",
            "absent": "Those at work\n" + bad("absent"),
        },
    )
    made.fay("setting", {"time": "same", "space": "blended"})
    for name in ("fay", "ada", "cem"):
        made.add(name, "attendance", {"way": "room"})
    made.add("bo", "attendance", {"way": "remote"})


def _talk(made: Making) -> dict[str, str]:
    ids, bad = made.ids, BAD.format
    ids["why"] = made.say("ada", "Because I wait too", kind="intention", more={"hope": "Less waiting " + bad("hope")})
    ids["offer"] = made.say("cem", "أستطيع أن أقرأ القائمة", kind="asset", lang="ar", scope="offer", sort="know")
    ids["unused"] = made.say("fay", "A room with a window", kind="asset", scope="group")
    ids["need"] = made.say("ada", "Somebody who reads it aloud", kind="need")
    made.add("cem", "link", {}, ("from", ids["offer"]), ("meets-need", ids["need"]))
    ids["said"] = made.say("ada", "🌊 The list is long, and nobody says how long. " + bad("said"))
    ids["swedish"] = made.say("ada", "Jag väntar hellre hemma", lang="sv")
    body = {"lang": "en", "fidelity": "translated", "written_by": made.group.ids["fay"]}
    made.say("ada", "I would rather wait at home", ("renders", ids["swedish"]), **body)
    ids["dee"] = made.scribed(
        "utterance", {"text": "Say it in words I use", "lang": "en", "fidelity": "exact-words", "read_back": True}
    )
    voice = made.record.new_id()
    made.brought_in("participant", voice, {"voice": 3, "source": "talk.vtt"})
    held = made.brought_in("episode", made.operator.id, {"name": "talk.vtt", "source": {"id": "talk"}})
    ids["voice"] = made.brought_in(
        "utterance",
        voice,
        {
            "text": "We rang at five " + bad("voice"),
            "lang": "en",
            "fidelity": "imported",
            "source": {"id": "talk", "name": "talk.vtt", "position": 0},
            "said": {"from_ms": 274_000, "to_ms": 280_000},
        },
        held,
    )
    ids["kept"] = made.say("bo", SECRETS["kept back"] + ", all of it")
    ids["taken"] = made.say("ada", SECRETS["taken back"])
    ids["erased"] = made.say("cem", SECRETS["erased"])
    ids["hidden"] = made.say("ada", SECRETS["hidden"])
    made.say("ada", SECRETS["private"], seen_by="only-me")
    ids["alone"] = made.say("cem", "Nobody has answered this", ("talks-about", ids["said"]))
    made.add("fay", "talked", {}, ("talks-about", ids["why"]))
    # Seen in somebody who has not said that the others may see it.
    made.say("ada", SECRETS["seen in someone"], ("sees-in", made.group.ids["cem"]), kind="asset")
    return ids


def _views(made: Making, ids: dict[str, str]) -> dict[str, str]:
    text = made.state.entries[ids["said"]].data["text"]
    start = text.index("nobody says how long")
    ids["view"] = made.say(
        "ada",
        "Tell people how long it takes",
        ("documents", ids["said"]),
        ("documents", ids["dee"]),
        ("documents", ids["voice"]),
        kind="view",
        holder="me",
        quotes=[made.quoted(ids["said"], start, start + len("nobody says how long")), made.quoted(ids["voice"], 3, 7)],
    )
    ids["gaps"] = made.say(
        "cem",
        "There were words under this",
        ("documents", ids["kept"]),
        ("documents", ids["taken"]),
        ("documents", ids["erased"]),
        ("documents", ids["hidden"]),
        kind="view",
        holder="me",
        quotes=[made.quoted(ids[name]) for name in ("kept", "taken", "erased", "hidden")],
    )
    ids["other"] = made.say(
        "cem",
        "Better to say nothing than a wrong time",
        ("differs-from", ids["view"]),
        kind="view",
        holder="several",
        holders=[made.group.ids["cem"], made.group.ids["bo"]],
    )
    made.add(
        "ada", "stance", {"stance": "unsure", "text": "Perhaps " + BAD.format("stance")}, ("answers", ids["other"])
    )
    made.add("cem", "standing", {"standing": "partly", "text": "I see why", "lang": "en"}, ("answers", ids["other"]))
    made.add("bo", "standing", {"standing": "still", "text": SECRETS["standing"]}, ("answers", ids["other"]))
    made.add("cem", "check", {"result": "yes"}, ("checks", ids["other"]))
    ids["reading"] = made.say(
        "fay",
        "It is about being told",
        ("interprets", ids["view"]),
        kind="interpretation",
        who="some",
        names="Fay and " + BAD.format("names"),
    )
    ids["seen"] = made.say(
        "fay",
        "Not knowing is the hard part",
        ("rests-on", ids["view"]),
        ("rests-on", ids["reading"]),
        ("rests-on", ids["gaps"]),
        kind="understanding",
        who="we",
    )
    made.add(
        "ada",
        "check",
        {"result": "nearly", "of": "said", "text": "Nearly " + BAD.format("check")},
        ("checks", ids["seen"]),
    )
    made.add("cem", "check", {"result": "same", "of": "all"}, ("checks", ids["seen"]))
    return ids


def _agreement(made: Making, ids: dict[str, str], views: dict[str, str]) -> None:
    bad = BAD.format
    rule = {"code": "own", "text": "Nobody is left waiting " + bad("rule")}
    ids["proposal"] = made.say(
        "fay",
        "We say how long it takes, sometimes",
        ("rests-on", views["seen"]),
        kind="proposal",
        rule={"code": "consent"},
        levels="five",
        round=1,
    )
    for name, level in (("fay", "want"), ("ada", "worry"), ("bo", "fine"), ("cem", "unsure")):
        _answer(made, name, ids["proposal"], level)
    made.fay("setting", {}, ("reveals", ids["proposal"]))
    ids["second"] = made.add(
        "fay",
        "edit",
        {
            "text": "We say how long it takes, each time " + bad("proposal"),
            "lang": "en",
            "rule": rule,
            "levels": "five",
            "round": 2,
        },
        ("replaces", ids["proposal"]),
    )
    for name, level, why in (
        ("fay", "want", ""),
        ("ada", "fine", "It says each time now " + bad("why")),
        ("bo", "along", ""),
        ("cem", "abstain", "I read, I do not say"),
    ):
        _answer(made, name, ids["second"], level, why)
    made.fay("setting", {}, ("reveals", ids["second"]))
    ids["worry"] = made.say(
        "cem",
        "What if the time is wrong? " + bad("worry"),
        ("talks-about", ids["second"]),
        kind="reservation",
        sort="worry",
        more={"reason": "Then it is worse " + bad("reason")},
    )
    ids["answer"] = made.say(
        "ada",
        "Then we say that too " + bad("answer"),
        ("answers-reservation", ids["worry"]),
        more={"owner": "The desk " + bad("owner"), "review": "In May " + bad("review")},
    )
    made.add("cem", "check", {"result": "partly"}, ("checks", ids["worry"]))
    ids["condition"] = made.say(
        "ada",
        "I can go along if it is in Swedish too",
        ("talks-about", ids["second"]),
        kind="reservation",
        sort="condition",
    )
    made.say("bo", SECRETS["worry"], ("talks-about", ids["second"]), kind="reservation", sort="worry")
    ids["agreed"] = made.say(
        "fay",
        "We say how long it takes, each time " + bad("agreed"),
        ("closes", ids["second"]),
        ("rests-on", views["seen"]),
        ("rests-on", views["swedish"]),
        kind="outcome",
        outcome="agreed",
    )
    made.add("ada", "link", {}, ("from", ids["why"]), ("used-in", ids["agreed"]))
    made.say(
        "ada",
        "We write the list anew " + bad("action"),
        ("builds-on", ids["agreed"]),
        kind="action",
        more={"who": "Ada and the desk " + bad("who"), "when": "by Friday " + bad("when")},
    )
    made.fay(
        "response",
        {
            "text": "From the first of May " + bad("response"),
            "lang": "en",
            "did": "did",
            "on_behalf_of": "the head of the clinic " + bad("behalf"),
        },
        ("answers", ids["agreed"]),
    )
    ids["difference"] = made.say(
        "cem",
        "We do not agree if a wrong time is better than none",
        ("rests-on", views["other"]),
        ("rests-on", views["view"]),
        kind="outcome",
        outcome="difference",
    )
    ids["question"] = made.say(
        "ada",
        "Who reads it at night? " + bad("question"),
        kind="outcome",
        outcome="open-question",
        unwritten=True,
        more={"next": "Fay " + bad("next")},
    )
    ids["waiting"] = made.say(
        "ada", "A second telephone", kind="proposal", rule={"code": "talk"}, levels="five", round=1
    )
    _answer(made, "ada", ids["waiting"], "want", SECRETS["answer"])


def _answer(made: Making, name: str, version: str, level: str, why: str = "") -> None:
    body = {"level": level, **({"text": why, "lang": "en"} if why else {})}
    made.add(name, "position", body, ("answers", version), seen_by="group-from-reveal")


def _after(made: Making, ids: dict[str, str]) -> None:
    """What happens when it has ended: words change, are taken back, erased and hidden; something waits to be shown."""
    made.add("ada", "edit", {"text": "Jag väntar helst hemma, tack", "lang": "sv"}, ("replaces", ids["swedish"]))
    made.add("ada", "withdrawal", {}, ("withdraws", ids["taken"]))
    made.add("cem", "erasure", {}, ("erases", ids["erased"]))
    made.fay("hide", {"text": "A name was in it"}, ("hides", ids["hidden"]))
    made.fay("setting", {"element": "dialogue", "alone": True})
    made.say("cem", SECRETS["waiting"], seen_by="group-from-reveal")
    made.say("ada", "Thank you, Cem", kind="gratitude")


def written(made: Making, texts: int, worries: int = 2) -> str:
    """As many views as `texts`, and an agreement with as many worries; returns its words."""
    words = "This sentence is of a usual length and says what somebody thinks about the stops. "
    made.fay("context", {"field": "why", "text": words * 20, "lang": "en"})
    for n in range(texts):
        view = made.say("ada", f"View {n}. " + words * 2, kind="view", holder="me")
        made.say("cem", f"Seen {n}. " + words * 2, ("rests-on", view), kind="understanding", who="me")
    agreed = "We agree on this. " + words * 2
    proposal = made.say("fay", agreed, kind="proposal", rule={"code": "consent"}, levels="five", round=1)
    for n in range(worries):
        worry = made.say("ada", f"Worry {n}. " + words, ("talks-about", proposal), kind="reservation", sort="worry")
        made.say("fay", f"Answer {n}. " + words, ("answers-reservation", worry), more={"review": f"Review {n}"})
    made.add("ada", "position", {"level": "fine"}, ("answers", proposal), seen_by="group-from-reveal")
    made.fay("setting", {}, ("reveals", proposal))
    made.say("fay", agreed, ("closes", proposal), kind="outcome", outcome="agreed")
    return agreed.strip()


def steady(data: bytes) -> bytes:
    """The bytes without the number of this version of cowork, which is not what the files are about."""
    return data.replace(f"cowork {version('cowork')}".encode(), b"cowork VERSION")


def path(name: str, lang: str) -> Path:
    return HERE / f"{name}-{lang}.html"


if __name__ == "__main__":
    held = make()
    for name, maker in MAKERS.items():
        for lang in LANGS:
            path(name, lang).write_bytes(steady(maker(held, lang)))
