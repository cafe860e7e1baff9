"""Who may do what: one table. Each line is somebody, an act, and the sentence they read where it is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from support.snapshots import snapshot
from support.strategies import Group, Time, dice, memory_record

from cowork import text
from cowork.core.access.permissions import FACILITATOR_KINDS, check_permission
from cowork.core.elements import ADMINISTRATIVE_KINDS, ELEMENT_OF
from cowork.core.entries import VISIBILITIES, Actor, Draft
from cowork.core.errors import CoworkError

YES = ""
YOURS = "error.not_yours"
NARROWER = "error.narrower"
MAY_NOT = "error.may_not"
NO_YES = "error.no_consent"
READS = "error.observer"
GONE = "error.gone"
LETTERS = "error.letters"


class Room(Group):
    """fay facilitates, sam writes for others, obi reads, ada and bo take part, lee has left, out never joined,
    una has no device: what she says was written down by sam."""

    def __init__(self) -> None:
        super().__init__(memory_record(now_ms=Time(), random_bytes=dice("room")), "fay ada bo sam obi lee")
        self.role("fay", "sam", "scribe")
        self.role("fay", "obi", "observer")
        self.ids["out"] = self.record.new_id()
        self.voice("una", "scribe")
        self.voice("vox", "import")
        self.of = {
            "ada": self.write("ada", "by ada"),
            "bo": self.write("bo", "by bo"),
            "lee": self.write("lee", "by lee"),
            "private": self.write("ada", "only ada", seen_by="only-me"),
            "reveal": self.write("ada", "until shown", seen_by="group-from-reveal"),
            "withdrawn": self.write("ada", "taken back"),
            "hidden": self.write("ada", "hidden"),
            "erased": self.write("ada", "erased"),
            "own context": self.add("fay", "context", {"field": "why", "text": "why"}),
            "group context": self.add("ada", "context", {"field": "ground", "text": "rules"}),
            "second ground": self.add("bo", "context", {"field": "ground", "text": "other rules"}),
            "una": self.entry("una", "scribe", "by una"),
            "vox": self.entry("vox", "import", "by a voice"),
        }
        self.of["edit"] = self.edit("ada", "by ada, better", self.of["ada"])
        self.of["as intention"] = self.write("ada", "by ada, again", ("replaces", self.of["edit"]))
        self.of["orphan"] = self._put(self.draft("ada", "edit", {"text": "x"}, ("replaces", self.record.new_id())))
        self.of["withdrawal"] = self.withdraw("ada", self.of["withdrawn"])
        self.of["hide"] = self.hide("fay", self.of["hidden"])
        self.erase("ada", self.of["erased"])
        self.of["talked"] = self.add("sam", "talked", {}, ("talks-about", self.of["bo"]))
        self.of["missing root"] = self.record.new_id()
        self.add("fay", "setting", {"element": "intention", "alone": True})
        self.consent("lee", "part", "no")

    def voice(self, name: str, how: str) -> None:
        """A person without a device of their own."""
        self.ids[name] = self.record.new_id()
        self._put(Draft(self.ids[name], "participant", self.ids[name], {"name": name}, how=how))

    def entry(self, name: str, how: str, words: str) -> str:
        return self._put(Draft(self.record.new_id(), "utterance", self.ids[name], {"text": words}, how=how))

    def _put(self, draft: Draft) -> str:
        """Sealed by a `may` of its own day: the fold does not ask again."""
        with self.record.backend.writing() as rows:
            key = rows.key(self.workshop)
            rows.insert(self.record._entry(self.workshop, draft, self.state, key, rows))
        return draft.id


@pytest.fixture(scope="module")
def room() -> Room:
    return Room()


def words(
    kind: str, *about: tuple[str, str], by: str = "", body: dict[str, object] | None = None, **more: Any
) -> Callable[[Room, str], Draft]:
    """A draft of this kind by whoever acts, or by `by`; targets are named as in Room.of, people as @name."""

    def make(room: Room, who: str) -> Draft:
        pairs = [(relation, room.ids[t[1:]] if t[:1] == "@" else room.of.get(t, t)) for relation, t in about]
        return room.draft(by or who, kind, {"text": "x", **(body or {})}, *pairs, **more)

    return make


TABLE: list[tuple[str, Callable[[Room, str], Draft], str]] = [
    # writing
    *((who, words("intention"), YES) for who in ("ada", "bo", "fay", "sam")),
    ("ada", words("gratitude"), YES),  # a kind no page here knows
    ("obi", words("intention"), READS),
    ("lee", words("intention"), NO_YES),
    ("out", words("intention"), NO_YES),
    *(("out", words(kind), NO_YES) for kind in ("utterance", "context", "link", "memo", "gratitude")),
    ("out", words("talked", ("talks-about", "bo")), NO_YES),
    ("out", words("invite"), NO_YES),
    # joining, leaving, choosing: always for oneself, never for another
    *((who, words(kind), YES) for who in ("out", "lee", "obi", "ada") for kind in ("participant", "consent")),
    *((who, words("participant", by="ada"), YOURS) for who in ("fay", "sam", "bo", "out")),
    *((who, words("consent", by="ada"), YOURS) for who in ("fay", "sam", "bo", "out")),
    *((who, words("participant", by="ada", how="scribe"), YOURS) for who in ("fay", "sam")),
    *((who, words("consent", by="ada", how="scribe"), YOURS) for who in ("fay", "sam")),
    ("sam", words("consent", by="una", how="scribe"), YES),
    # words in another's mouth
    *((who, words("utterance", by="bo"), YOURS) for who in ("ada", "fay", "sam", "out", "obi")),
    *((who, words("utterance", by="bo", how="scribe"), YOURS) for who in ("ada", "out", "obi", "lee")),
    ("sam", words("utterance", by="bo", how="scribe"), YES),
    ("fay", words("utterance", by="una", how="scribe"), YES),
    ("sam", words("utterance", by="out", how="scribe"), YOURS),
    ("sam", words("utterance", how="scribe"), YOURS),
    *(("ada", words("utterance", how=how), YOURS) for how in ("operator", "import", "facilitator")),
    ("fay", words("utterance", how="facilitator"), YES),
    # changing
    ("ada", words("edit", ("replaces", "ada")), YES),
    ("ada", words("edit", ("replaces", "edit")), YES),
    *((who, words("edit", ("replaces", "ada")), YOURS) for who in ("bo", "fay", "sam")),
    *((who, words("edit", ("replaces", "ada"), by="ada", how="scribe"), YOURS) for who in ("fay", "sam")),
    ("sam", words("edit", ("replaces", "una"), by="una", how="scribe"), YES),
    ("lee", words("edit", ("replaces", "lee")), NO_YES),
    ("ada", words("edit", ("replaces", "erased")), GONE),
    ("ada", words("edit", ("replaces", "missing root")), GONE),
    ("ada", words("edit", ("replaces", "ada"), ("replaces", "private")), LETTERS),
    ("ada", words("edit"), LETTERS),
    ("ada", words("intention", ("replaces", "bo")), YOURS),
    # narrowing who sees what others have read; widening is theirs to do
    *(("ada", words("edit", ("replaces", "ada"), seen_by=s), NARROWER) for s in VISIBILITIES if s != "group"),
    *(("ada", words("edit", ("replaces", "private"), seen_by=s), YES) for s in VISIBILITIES),
    ("ada", words("edit", ("replaces", "reveal"), seen_by="only-me"), NARROWER),
    # taking back, putting back, erasing
    ("ada", words("withdrawal", ("withdraws", "ada")), YES),
    ("ada", words("erasure", ("erases", "ada")), YES),
    ("lee", words("withdrawal", ("withdraws", "lee")), YES),
    ("lee", words("erasure", ("erases", "lee")), YES),
    *((who, words("withdrawal", ("withdraws", "ada")), YOURS) for who in ("bo", "fay", "sam", "out", "obi")),
    *((who, words("erasure", ("erases", "ada")), YOURS) for who in ("bo", "fay", "sam", "out", "obi")),
    *((who, words("withdrawal", ("withdraws", "ada"), by="ada", how="scribe"), YOURS) for who in ("fay", "sam")),
    *((who, words("erasure", ("erases", "ada"), by="ada", how="scribe"), YOURS) for who in ("fay", "sam")),
    ("ada", words("erasure", ("erases", "edit")), GONE),  # the first version is named, so that all go
    ("ada", words("withdrawal", ("withdraws", "edit")), GONE),
    ("fay", words("erasure", ("erases", "vox")), YES),
    ("fay", words("erasure", ("erases", "una")), YES),
    ("sam", words("erasure", ("erases", "vox")), YOURS),
    ("fay", words("withdrawal", ("withdraws", "vox")), YOURS),
    ("ada", words("restore", ("replaces", "withdrawal")), YES),
    *((who, words("restore", ("replaces", "withdrawal")), YOURS) for who in ("bo", "fay")),
    ("ada", words("restore", ("replaces", "hide")), YOURS),
    ("ada", words("erasure"), LETTERS),
    ("ada", words("withdrawal"), LETTERS),
    # hiding and showing
    ("fay", words("hide", ("hides", "bo")), YES),
    *((who, words("hide", ("hides", "bo")), MAY_NOT) for who in ("ada", "bo", "sam")),
    ("fay", words("hide", ("hides", "edit")), GONE),  # hiding a later version would hide nothing
    ("fay", words("hide", ("hides", "private")), GONE),
    ("fay", words("hide", ("hides", "own context")), GONE),
    ("fay", words("hide", ("hides", "as intention")), GONE),
    ("fay", words("hide", ("hides", "missing root")), GONE),
    # a later version whose first one was set aside as damaged
    *((who, words("utterance", ("answers", "orphan")), GONE) for who in ("ada", "bo")),
    *(("ada", words(k, (r, "orphan")), GONE) for k, r in (("edit", "replaces"), ("erasure", "erases"))),
    ("fay", words("hide", ("hides", "orphan")), GONE),
    ("fay", words("show", ("shows", "hidden"), ("replaces", "hide")), YES),
    *((who, words("show", ("shows", "hidden"), ("replaces", "hide")), MAY_NOT) for who in ("ada", "sam")),
    ("fay", words("show", ("shows", "withdrawn"), ("replaces", "withdrawal")), GONE),
    ("fay", words("hide"), LETTERS),
    ("fay", words("show", ("replaces", "hide")), LETTERS),
    # talking about
    *((who, words("utterance", ("talks-about", "ada")), YES) for who in ("bo", "fay", "sam", "ada")),
    *(("bo", words("utterance", ("talks-about", t)), GONE) for t in ("private", "reveal", "withdrawn")),
    *(("bo", words("utterance", ("talks-about", t)), GONE) for t in ("hidden", "erased")),
    *(("fay", words("utterance", ("answers", t)), GONE) for t in ("private", "withdrawn", "erased", "missing root")),
    ("fay", words("utterance", ("talks-about", "hidden")), YES),  # she hid it; its author may answer too
    ("ada", words("utterance", ("talks-about", "hidden")), YES),
    ("ada", words("utterance", ("talks-about", "withdrawn")), GONE),
    *(("bo", words("link", ("from", "ada"), (r, "private")), GONE) for r in ("documents", "rests-on", "builds-on")),
    ("sam", words("talked", ("talks-about", "bo")), YES),
    ("fay", words("talked", ("talks-about", "bo")), YES),
    ("ada", words("talked", ("talks-about", "bo")), MAY_NOT),
    ("sam", words("talked", ("talks-about", "private")), GONE),
    ("sam", words("talked"), LETTERS),
    # what only a facilitator does
    *(("ada", words(kind), MAY_NOT) for kind in sorted(FACILITATOR_KINDS)),
    *(("sam", words(kind), MAY_NOT) for kind in sorted(FACILITATOR_KINDS)),
    ("fay", words("role", ("grants", "@bo")), YES),
    ("fay", words("role", ("grants", "@out")), GONE),
    ("fay", words("role"), LETTERS),
    # by the relation "grants" the fold knows roles: nothing else may carry it
    *(("bo", words(k, ("grants", "@bo"), body={"role": "facilitator", "on": True}), MAY_NOT)
      for k in ("utterance", "consent", "participant", "link", "gratitude")),
    ("bo", words("role", ("grants", "@bo"), body={"role": "facilitator", "on": True}), MAY_NOT),
    # the group's own words
    *((who, words("context", body={"field": "ground"}), YES) for who in ("ada", "bo", "fay")),
    *((who, words("edit", ("replaces", "group context")), YES) for who in ("ada", "bo", "fay")),
    ("obi", words("edit", ("replaces", "group context")), READS),
    ("ada", words("context", body={"field": "why"}), MAY_NOT),
    ("fay", words("context", body={"field": "why"}), YES),
    ("ada", words("edit", ("replaces", "own context")), YOURS),
    # begun twice at once, and settled
    ("bo", words("edit", ("replaces", "group context"), ("replaces", "second ground")), YES),
    # opening
    *((who, words("workshop"), MAY_NOT) for who in ("ada", "fay", "out")),
    # shapes no page makes
    ("ada", words("Intention!"), LETTERS),
    ("ada", words(""), LETTERS),
    ("ada", words("x" * 41), LETTERS),
    ("ada", words("intention", entry_id="not an id"), LETTERS),
    ("ada", words("intention", entry_id="0199C82C-C000-7942-99A5-F9F19E126A57"), LETTERS),
    ("ada", words("intention", seen_by="everybody"), LETTERS),
    ("ada", words("intention", how="god"), LETTERS),
    ("ada", words("intention", episode="\ud800"), LETTERS),
    ("ada", words("utterance", ("talks-about", "nothing")), LETTERS),
    ("ada", words("utterance", ("talk\ud800", "bo")), LETTERS),
    ("ada", words("utterance", ("", "bo")), LETTERS),
    ("ada", words("utterance", *[("talks-about", "bo")] * 501), LETTERS),
]  # fmt: skip


@pytest.mark.parametrize("line", range(len(TABLE)))
def test_each_line_of_the_table_holds(room: Room, line: int) -> None:
    who, make, wanted = TABLE[line]
    assert asked(room, Actor(room.ids[who]), make(room, who)) == wanted


def asked(room: Room, actor: Actor, draft: Draft) -> str:
    """The key of the refusal, "" where it is allowed. Every refusal has its sentence in every language."""
    try:
        check_permission(room.state, actor, draft)
    except CoworkError as error:
        for lang in text.LANGS:
            values: dict[str, Any] = {
                k: text.translate(f"who.{v}", lang) if k == "who" else v for k, v in error.values.items()
            }
            assert text.translate(error.key, lang, **values)
        return error.key
    return YES


OPERATOR: list[tuple[str, str, Callable[[Room, str], Draft], str]] = [
    # what is brought in comes as import, in voices of its own
    ("import", "vox", words("utterance"), YES),
    ("import", "vox", words("utterance", ("answers", "bo")), YES),
    ("import", "out", words("participant"), YES),
    ("import", "vox", words("consent"), YES),
    ("import", "vox", words("edit", ("replaces", "vox")), YES),
    # never in the mouth of somebody who speaks for themselves
    *(("import", who, words("utterance"), YOURS) for who in ("ada", "fay", "lee")),
    *(("import", "ada", words(kind), YOURS) for kind in ("consent", "participant")),
    *(("operator", who, words("utterance"), YOURS) for who in ("ada", "fay", "lee")),
    ("operator", "ada", words("edit", ("replaces", "ada")), YOURS),
    # nor against anybody
    *(("import", "vox", words(kind, ("replaces", "ada")), YOURS) for kind in ("edit", "utterance")),
    *(("import", "vox", words(kind, ("erases", "ada")), YOURS) for kind in ("erasure", "link")),
    ("import", "vox", words("withdrawal", ("withdraws", "ada")), YOURS),
    ("import", "vox", words("hide", ("hides", "ada")), YOURS),
    ("import", "vox", words("key-rotation"), YOURS),
    ("import", "vox", words("role", ("grants", "@ada")), YOURS),
    ("import", "vox", words("utterance", ("grants", "@bo")), YOURS),
    ("import", "vox", words("edit", ("replaces", "missing root")), GONE),
    # the operator may grant a role and erase what was asked of them, always by the first version
    ("operator", "fay", words("role", ("grants", "@bo")), YES),
    ("operator", "fay", words("erasure", ("erases", "ada")), YES),
    ("operator", "fay", words("erasure", ("erases", "edit")), GONE),
    *((how, "vox", words("utterance"), YOURS) for how in ("self", "scribe", "facilitator")),
]  # fmt: skip


@pytest.mark.parametrize("line", range(len(OPERATOR)))
def test_each_line_for_the_operator_holds(room: Room, line: int) -> None:
    how, by, make, wanted = OPERATOR[line]
    draft = make(room, by)
    draft = Draft(draft.id, draft.kind, draft.by, draft.body, draft.about, how, draft.seen_by, draft.episode)
    assert asked(room, Actor(room.ids["fay"], operator=True), draft) == wanted


def test_a_workshop_is_opened_by_whoever_acts_and_under_its_own_id() -> None:
    record = memory_record(now_ms=Time(), random_bytes=dice("opening"))
    me, other, workshop = (record.new_id() for _ in range(3))
    body = {"title": "x", "code": "KIND-742"}
    for draft, of in (
        (Draft(workshop, "workshop", other, body), workshop),
        (Draft(workshop, "workshop", me, body), other),
    ):
        with pytest.raises(CoworkError) as error:
            record.append(of, draft, Actor(me))
        assert error.value.key == YOURS
    assert record.open_workshop(Draft(workshop, "workshop", me, body), Actor(me)).id == workshop
    assert record.state(workshop).roles(me) == {"facilitator"}


def test_before_a_yes_nothing_is_written_but_who_one_is_and_the_answer() -> None:
    group = Group(memory_record(now_ms=Time(), random_bytes=dice("yes")))
    root = group.write("ada", "said")
    before = snapshot(group.state)
    group.ids["new"] = group.record.new_id()
    for kind in (
        *ELEMENT_OF,
        *ADMINISTRATIVE_KINDS - {"participant", "consent", "attendance", "workshop"},
        "gratitude",
    ):
        for relation in ("talks-about", "replaces", "withdraws", "erases", "hides"):
            with pytest.raises(CoworkError):
                group.add("new", kind, {"text": "x", "field": "ground"}, (relation, root))
    with pytest.raises(CoworkError):
        joining = [
            group.draft("new", "participant", {"name": "New"}, entry_id=group.ids["new"]),
            group.draft("new", "consent", {"question": "part", "answer": "no"}),
            group.draft("new", "intention", {"text": "after a no"}),
        ]
        group.record.append_many(group.workshop, joining, Actor(group.ids["new"]))
    assert snapshot(group.state) == before
    group.join("new")
    assert group.write("new", "after a yes") in group.state.entries


def test_leaving_takes_effect_at_once_and_coming_back_too() -> None:
    group = Group(memory_record(now_ms=Time(), random_bytes=dice("leave")))
    mine = group.write("ada", "said")
    group.consent("ada", "part", "no")
    with pytest.raises(CoworkError):
        group.write("ada", "no more")
    group.withdraw("ada", mine)
    group.erase("ada", mine)
    group.consent("ada", "part", "yes")
    group.write("ada", "back")


def test_a_role_taken_away_later_undoes_nothing_that_was_rightly_done() -> None:
    group = Group(memory_record(now_ms=Time(), random_bytes=dice("role")))
    said = group.write("ada", "loud")
    group.role("fay", "bo", "facilitator")
    group.hide("bo", said)
    group.role("fay", "bo", "facilitator", False)
    assert len(group.state.hides(said)) == 1
    with pytest.raises(CoworkError):
        group.hide("bo", group.write("ada", "again"))
