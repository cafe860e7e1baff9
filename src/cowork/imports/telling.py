"""The course of a practice workshop: its entries in their order, each under the name of the one who says or writes it.

Whoever has no device is entered by their scribe, as in a room. When something was said stands in `body.told`, in
minutes from the opening; the entry's own time follows the `Course`, a clock that goes through those minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from cowork.core.elements import CONTEXT_GROUP
from cowork.core.entries import Actor, Draft
from cowork.core.links import voices
from cowork.imports.spelling import NAMING, RESEARCH, Case, Entry, body, kind, relations, ways
from cowork.store import Record


class Course:
    """The clock of a case: it stands at the minute that is told, counted from the opening, and never goes back.

    A minute that was told out of its order counts as the present one, as the record's own clock would have it.
    """

    def __init__(self, start_ms: int) -> None:
        self.now = start_ms
        self.start_ms = start_ms

    def reach(self, minute: int) -> None:
        self.now = max(self.now, self.start_ms + minute * 60_000)

    def now_ms(self) -> int:
        return self.now

    def told(self, minute: int) -> str:
        """A minute as somebody would write it down: by the clock on the wall, in figures that every language reads."""
        return f"{datetime.fromtimestamp((self.start_ms + minute * 60_000) / 1000):%Y-%m-%d %H:%M}"


class Telling:
    """One case being told into a record whose clock is `course`. `episode` is the id of the one that goes on."""

    def __init__(self, record: Record, data: Mapping[str, Any], name: str, code: str, course: Course) -> None:
        self.record = record
        self.course = course
        self.data = data
        self.name = name
        self.code = code
        self.workshop = record.new_id()
        self.people = {person["id"]: record.new_id() for person in data["participants"]}
        self.case = Case(data, self.people)
        self.ids = self.case.ids
        self.episodes = {episode["id"]: record.new_id() for episode in data["episodes"]}
        self.episode = ""
        self.lead = next(p["id"] for p in data["participants"] if "facilitator" in p["roles"])
        self.facilitators = {self.lead}
        self.scribes: set[str] = set()
        self.writers = self.case.without_device()
        self.joined: set[str] = set()
        self.coming: list[tuple[int, str, str, str]] = []
        self.reveals = self.case.alone()
        self.alone: dict[str, int | None] = {}
        self.waiting: list[Entry] = []
        self.answering: dict[str, int] = {}
        self.hidden = {a["ref"] for e in self.case.entries if e["kind"] == "hide" for a in e["about"]}

    # ---- the course of it

    def tell(self) -> str:
        """Tell the whole case. Returns the workshop's id."""
        self._open()
        due = self._ground()
        for entry in self.case.entries:
            self._reveal(before=entry["t"])
            if self.episodes[entry["episode"]] != self.episode:
                self._begin(next(e for e in self.data["episodes"] if e["id"] == entry["episode"]))
            self._come(entry["t"])
            while due and due[0][0] <= entry["t"]:
                self._context(*due.pop(0))
            self._write(entry)
        self._reveal(before=None)
        self._come(None)
        return self.workshop

    def _add(
        self,
        kind: str,
        by: str,
        body: Mapping[str, Any],
        about: Iterable[tuple[str, str]] = (),
        *,
        t: int | None = None,
        how: str = "self",
        actor: str = "",
        seen_by: str = "group",
        id: str = "",
    ) -> str:
        """Add one entry in the name of a person, as that person or as whoever writes for them."""
        if t is not None:
            self.course.reach(t)
        body = {**body, "told": {"t": t, **body.get("told", {})}} if t is not None else body
        draft = Draft(id or self.record.new_id(), kind, self.people[by], body, tuple(about), how, seen_by, self.episode)
        who = Actor(self.people[actor or by])
        if kind == "workshop":
            return self.record.open_workshop(draft, who).id
        lent = how == "scribe" and actor not in self.scribes | self.facilitators
        if lent:  # writing in another's name is a scribe's part: given for this once
            self._role(actor, "scribe", True)
        made = self.record.append(self.workshop, draft, who).id
        if lent:
            self._role(actor, "scribe", False)
        return made

    def _own(
        self, kind: str, by: str, body: Mapping[str, Any], about: Iterable[tuple[str, str]] = (), **more: Any
    ) -> str:
        """Add what somebody says of themselves; their scribe enters it for those who have no device."""
        writer = self.writers.get(by, "")
        if writer:
            body = {**body, "written_by": self.people[writer]}
            more |= {"how": "scribe", "actor": writer}
        return self._add(kind, by, body, about, **more)

    def _role(self, person: str, role: str, on: bool) -> None:
        body = {"role": role, "on": on}
        self._add("role", self.lead, body, [("grants", self.people[person])], how="facilitator")

    # ---- people and what stands before the first word

    def _open(self) -> None:
        data = self.data
        body = {
            "title": data["title"],
            "code": self.code,
            "languages": data["languages"],
            "purpose": data["purpose"],
            "research": True,
            "practice": True,
            "example": self.name,
        }
        if "stops_at" in data:
            body["stops_at"] = data["stops_at"]
        self._add("workshop", self.lead, body, t=0, id=self.workshop)
        later = {entry["by"] for entry in self.case.entries if entry["kind"] == "participant"}
        # The one who leads first, and whoever is entered by a scribe after that scribe.
        for person in sorted(self.case.persons, key=lambda name: (name != self.lead, name in self.writers)):
            if person not in later:
                self._join(person, {}, self.case.persons[person]["joins_t"])
        self._add("setting", self.lead, {"level_sets": data["level_sets"]}, t=0, how="facilitator")
        why = data["context"]
        for name, field in (("why_held", "why"), ("can_change", "can_change"), ("who_is_missing", "not_here")):
            self._context(0, field, {"text": why[name]})
        for decided in why["already_decided"]:
            self._context(0, "decided", {"text": decided["what"], "decided_by": decided["by"]})
        self._context(0, "turn_to", {"text": why["turn_to"]})

    def _ground(self) -> list[tuple[int, str, dict[str, Any]]]:
        """(minute, field, body) of what the group says of itself, in the order it comes to it."""
        data = self.data
        found = [(data["definition"]["t"], "definition", {"text": data["definition"]["text"]})]
        found += [(rule["t"], "ground", {"text": rule["text"]}) for rule in data["ground_rules"]]
        found.append((data["disagreement"]["t"], "disagree", {"text": data["disagreement"]["text"]}))
        return sorted(found, key=lambda row: (row[0], CONTEXT_GROUP.index(row[1])))

    def _context(self, t: int, field: str, body: Mapping[str, Any]) -> None:
        self._add("context", self.lead, {"field": field, "lang": "en", **body}, t=t, how="facilitator")

    def _join(self, name: str, body: Mapping[str, Any], t: int) -> str:
        """A person with what they say of themselves, their consent and their roles. Returns the first entry's id."""
        person = self.case.persons[name]
        first = self._own("participant", name, {"name": person["name"], **body}, t=t, id=self.people[name])
        consent = person["consent"]
        answers = {
            "part": consent["take_part"],
            "naming": NAMING[consent["naming"]],
            "research": RESEARCH[consent["research"]],
        }
        for question, answer in answers.items():
            said = {"question": question, "answer": answer, "sheet": consent["sheet_version"]}
            seen_by = "only-me" if question == "research" else "group"
            self._own("consent", name, said, t=max(t, consent["asked_t"]), seen_by=seen_by)
        for more in ({"perspectives": person["perspectives"]}, {"lang": person["language"]}, {"way": person["way"]}):
            self._own("participant", name, more, t=t)
        for role in person["roles"]:
            if name != self.lead or role != "facilitator":  # whoever opens a workshop is its facilitator
                self._role(name, role, True)
            if role == "scribe":
                self.scribes.add(name)
        self.joined.add(name)
        return first

    # ---- episodes

    def _begin(self, episode: Mapping[str, Any]) -> None:
        self._come(None)
        self.course.reach(episode["start_t"])  # whoever leads it is given that part as it begins
        lead = self._lead_of(episode["id"])
        if lead not in self.facilitators:
            self._role(lead, "facilitator", True)
            self.facilitators.add(lead)
        self.lead = lead
        self.episode = self.episodes[episode["id"]]
        times = {"start": self.course.told(episode["start_t"]), "end": self.course.told(episode["end_t"])}
        body = {"name": episode["name"], "tool": episode["tool"], **times, **self.case.absent(episode)}
        t = episode["start_t"]
        told = {"end_t": episode["end_t"]}
        self._add("episode", lead, {**body, "told": told}, t=t, how="facilitator", id=self.episode)
        self._add("setting", lead, dict(episode["setting"]), t=t, how="facilitator")
        self.coming = []
        for row in episode["took_part"]:
            begun = max(t, self.case.persons[row["who"]]["joins_t"])
            self.coming += [(at, row["who"], way, words) for at, way, words in ways(row["how"], begun)]
        self.coming.sort(key=lambda row: row[0])

    def _lead_of(self, episode: str) -> str:
        """Who leads an episode: the facilitator, or whoever answers in it for those who decide.

        Weeks later the organiser writes what became of it, and only a facilitator may enter that; so she takes over.
        """
        theirs = (e for e in self.case.entries if e["episode"] == episode and e["kind"] in ("response", "context"))
        return next((e["by"] for e in theirs), self.lead)

    def _come(self, until: int | None) -> None:
        """Each person says how they take part: as the episode begins, when they join it, and when it changes."""
        now = [row for row in self.coming if row[1] in self.joined and (until is None or row[0] <= until)]
        self.coming = [row for row in self.coming if row not in now]
        for t, who, way, words in now:
            self._own("attendance", who, {"way": way, "told": {"how": words}}, t=t)

    # ---- what is kept until it is shown

    def _reveal(self, before: int | None) -> None:
        """Show what was written alone and what was answered, where its time has come (`before` None: all of it)."""
        for element, until in list(self.alone.items()):
            if before is None or (until is not None and until < before):
                self._show(element, until)
        for proposal, until in list(self.answering.items()):
            if before is None or until < before:
                del self.answering[proposal]
                self._add("setting", self.lead, {}, [("reveals", self.ids[proposal])], t=until, how="facilitator")

    def _show(self, element: str, t: int | None) -> None:
        del self.alone[element]
        self._add("setting", self.lead, {"element": element, "alone": False}, t=t, how="facilitator")
        waiting, self.waiting = self.waiting, []
        for entry in waiting:
            self._write(entry)

    # ---- one entry

    def _write(self, entry: Entry) -> None:
        extra = entry["extra"]
        rendered = extra.get("rendering_of")
        if rendered is not None and self.reveals.get(rendered, ("",))[0] in self.alone:
            self.waiting.append(entry)  # whoever renders it may not see it before the others do
            return
        element, until, last = self.reveals.get(entry["ref"], ("", None, ""))
        if element and element not in self.alone:
            self.alone[element] = until
            switch = {"element": element, "alone": True}
            self._add("setting", self.lead, switch, t=entry["t"], how="facilitator")
        if entry["kind"] == "participant":
            self.ids[entry["ref"]] = self._join(entry["by"], body(entry, self.case), entry["t"])
        else:
            self._told(entry)
        if "shows" in extra:
            self.alone[extra["shows"]] = extra["reveal_t"]
        if entry["kind"] == "position":
            self.answering[entry["about"][0]["ref"]] = extra["reveal_t"]
        if last == entry["ref"]:
            self._show(element, entry["t"])

    def _told(self, entry: Entry) -> None:
        extra, by, t = entry["extra"], entry["by"], entry["t"]
        writer = extra.get("written_by", "")
        made, said = kind(entry), body(entry, self.case)
        about = [(relation, self.ids[ref]) for relation, ref in relations(entry, self.hidden)]
        how = entry["as"]
        if how == "scribe" and not writer:
            how = "self"  # a scribe's own act; `as` scribe is for what is written in another's name
            said["told"]["as"] = "scribe"
        if made == "check" and self.people[by] in self._voices(about[0][1]):
            said["of"] = "said"
        quotes = [self._quote(link) for link in entry["about"] if "quote" in link]
        said |= {"quotes": quotes} if quotes else {}
        self.ids[entry["ref"]] = self._add(made, by, said, about, t=t, how=how, actor=writer, seen_by=entry["seen_by"])
        for holder in extra.get("holders", []):
            if holder != by:  # somebody's own link to a view they share
                self._own("link", holder, {}, [("holds", self.ids[entry["ref"]])], t=t)
        if made == "withdrawal" and extra.get("scope") == "all my words":
            # Whoever takes back all their words here takes no part in anything that comes after.
            self._own("consent", by, {"question": "part", "answer": "no"}, t=t)

    def _voices(self, version: str) -> list[str]:
        """Whose words an understanding rests on: they are asked if it was got right. A view asks its holders."""
        state = self.record.state(self.workshop)
        root = state.root(version)
        return voices(state, root) if state.entries[root].kind == "understanding" else []

    def _quote(self, link: Mapping[str, Any]) -> dict[str, Any]:
        """Source, version, start and end in code points; never the words."""
        version = self.ids[link["ref"]]
        return {"source": self.record.state(self.workshop).root(version), "version": version, **link["quote"]}
