"""The three practice workshops: invented people, a whole course of talk each, to read and to go on with.

They are told to a record in memory, entry by entry, each under the name of the one who says or writes it, so that
`may` judges every one of them as it would in a room; then the whole workshop is merged into the record in one write.
What the data spells in its own way becomes a kind or relation of the model here. When something was said stands in
`body.told`, in minutes from the opening: the entry's own time is the time of writing, which is now.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

from cowork.core.elements import CONTEXT_GROUP, ELEMENT_OF
from cowork.core.entries import Actor, Draft
from cowork.core.errors import ImportError_
from cowork.store import Record, memory_record
from cowork.store.doors import new_code

NAMES = ("ward-letter", "bus-stop", "youth-line")

_NAMING = {"named": "named", "by-perspective": "perspective", "pseudonym": "pseudonym", "not-shared": "not"}
_RESEARCH = {"yes": "yes", "no": "no", "ask-me-later": "later"}
_OUTCOME = {"agreement": "agreed", "difference": "difference", "open-question": "open-question"}
#: What stands in `told`, in the words of the data.
_TOLD = ("said_t", "arrived_t", "late", "joined")
#: Spelled as a kind, a relation or a field of its own further down.
_TRANSLATED = (*_TOLD, "written_by", "rendering_of", "from", "reveal_t", "shows", "status", "naming")

Entry = Mapping[str, Any]


def case(name: str) -> dict[str, Any]:
    """One practice workshop as data."""
    if name not in NAMES:
        raise ImportError_("example.unknown", name=name, names=", ".join(NAMES))
    found: dict[str, Any] = json.loads((files("cowork.imports") / "practice" / f"{name}.json").read_text("utf-8"))
    return found


def load(record: Record, name: str, code: str | None = None) -> tuple[str, str]:
    """Open one of the practice workshops in `record` as a new workshop. Returns its id and its code."""
    code = code or new_code(record)
    staged = memory_record(now_ms=record.now_ms, chance=record.chance)
    workshop = _Telling(staged, case(name), name, code).tell()
    record.merge(staged, [workshop])
    return workshop, code


class _Telling:
    """One case being told. `people`, `ids` and `episodes` say which id stands for which name in the data."""

    def __init__(self, record: Record, data: Mapping[str, Any], name: str, code: str) -> None:
        self.record = record
        self.data = data
        self.name = name
        self.code = code
        self.workshop = record.new_id()
        self.entries: list[Entry] = data["entries"]
        self.people = {person["id"]: record.new_id() for person in data["participants"]}
        self.ids: dict[str, str] = {}
        self.episodes = {episode["id"]: record.new_id() for episode in data["episodes"]}
        self.episode = ""
        self.lead = next(p["id"] for p in data["participants"] if "facilitator" in p["roles"])
        self.facilitators = {self.lead}
        self.scribes: set[str] = set()
        self.reveals = _reveals(self.entries)
        self.alone: dict[str, Any] = {}
        self.waiting: list[Entry] = []
        self.hidden = {a["ref"] for e in self.entries if e["kind"] == "hide" for a in e["about"]}

    # ---- the course of it

    def tell(self) -> str:
        self._open()
        due = self._ground()
        episodes = list(self.data["episodes"])
        for entry in self.entries:
            self._reveal(before=entry["t"])
            if self.episodes[entry["episode"]] != self.episode:
                self._close_episode()
                self._begin(next(e for e in episodes if e["id"] == entry["episode"]))
            while due and due[0][0] <= entry["t"]:
                self._context(*due.pop(0))
            self._write(entry)
        self._reveal(before=None)
        self._close_episode()
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
        body = {**body, "told": {"t": t, **body.get("told", {})}} if t is not None else body
        draft = Draft(id or self.record.new_id(), kind, self.people[by], body, tuple(about), how, seen_by, self.episode)
        who = Actor(self.people[actor or by], operator=how == "operator")
        if kind == "workshop":
            return self.record.open_workshop(draft, who).id
        writer = actor if how == "scribe" and not self._is_scribe(actor) else ""
        if writer:  # writing in another's name is a scribe's part: given for this once
            self._role(writer, "scribe", True)
        made = self.record.append(self.workshop, draft, who).id
        if writer:
            self._role(writer, "scribe", False)
        return made

    def _is_scribe(self, person: str) -> bool:
        return person in self.scribes or person in self.facilitators

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
        later = {entry["by"] for entry in self.entries if entry["kind"] == "participant"}
        persons = sorted(data["participants"], key=lambda person: person["id"] != self.lead)
        for person in persons:
            if person["id"] not in later:
                self._join(person["id"], {}, person["joins_t"])
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
        person = next(p for p in self.data["participants"] if p["id"] == name)
        first = self._add("participant", name, {"name": person["name"], **body}, t=t, id=self.people[name])
        consent = person["consent"]
        answers = {
            "part": consent["take_part"],
            "naming": _NAMING[consent["naming"]],
            "research": _RESEARCH[consent["research"]],
        }
        for question, answer in answers.items():
            said = {"question": question, "answer": answer, "sheet": consent["sheet_version"]}
            seen_by = "only-me" if question == "research" else "group"
            self._add("consent", name, said, t=max(t, consent["asked_t"]), seen_by=seen_by)
        for more in (
            {"perspectives": person["perspectives"]},
            {"lang": person["language"]},
            {"way": person["way"]},
        ):
            self._add("participant", name, more, t=t)
        for role in person["roles"]:
            if name != self.lead or role != "facilitator":  # whoever opens a workshop is its facilitator
                self._role(name, role, True)
            if role == "scribe":
                self.scribes.add(name)
        return first

    # ---- episodes

    def _begin(self, episode: Mapping[str, Any]) -> None:
        lead = self._lead_of(episode["id"])
        if lead not in self.facilitators:
            self._role(lead, "facilitator", True)
            self.facilitators.add(lead)
        self.lead = lead
        self.episode = self.episodes[episode["id"]]
        absent = [{**row, "who": self.people.get(row["who"], row["who"])} for row in episode["absent"]]
        body = {"name": episode["name"], "tool": episode["tool"], "absent": absent}
        told = {"end_t": episode["end_t"]}
        t = episode["start_t"]
        self._add("episode", lead, {**body, "told": told}, t=t, how="facilitator", id=self.episode)
        self._add("setting", lead, dict(episode["setting"]), t=t, how="facilitator")

    def _lead_of(self, episode: str) -> str:
        """Who leads an episode: the facilitator, or whoever answers in it for those who decide.

        Weeks later the organiser writes what became of it, and only a facilitator may enter that; so she takes over.
        """
        theirs = (e for e in self.entries if e["episode"] == episode and e["kind"] in ("response", "context"))
        return next((e["by"] for e in theirs), self.lead)

    def _close_episode(self) -> None:
        """Who took part and how: each person says so when it is over."""
        for episode in self.data["episodes"]:
            if self.episodes[episode["id"]] == self.episode:
                for row in episode["took_part"]:
                    self._add("attendance", row["who"], {"how": row["how"]}, t=episode["end_t"])

    # ---- writing alone first

    def _reveal(self, before: int | None) -> None:
        """Show what was written alone, where its time has come (`before` None: all of it)."""
        for element, until in list(self.alone.items()):
            if before is None or (until is not None and until < before):
                self._show(element, until)

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
        if rendered is not None and self._is_kept(rendered):
            self.waiting.append(entry)  # whoever renders it may not see it before the others do
            return
        element, until, last = self.reveals.get(entry["ref"], ("", None, ""))
        if element and element not in self.alone:
            self.alone[element] = until
            body = {"element": element, "alone": True}
            self._add("setting", self.lead, body, t=entry["t"], how="facilitator")
        if entry["kind"] == "participant":
            self.ids[entry["ref"]] = self._join(entry["by"], self._body(entry), entry["t"])
        else:
            self._told(entry)
        if "shows" in extra:
            self.alone[extra["shows"]] = extra["reveal_t"]
        if last == entry["ref"]:
            self._show(element, entry["t"])

    def _is_kept(self, ref: str) -> bool:
        return self.reveals.get(ref, ("",))[0] in self.alone

    def _told(self, entry: Entry) -> None:
        extra, by = entry["extra"], entry["by"]
        writer = extra.get("written_by", "")
        body = self._body(entry)
        how = entry["as"]
        if how == "scribe" and not writer:
            how = "self"  # a scribe's own act; `as` scribe is for what is written in another's name
            body["told"]["as"] = "scribe"
        if how == "scribe" and entry["kind"] == "consent":
            # No scribe may answer for another. Here one did, so it is kept as an answer that was brought in.
            how = "operator"
            body["told"]["as"] = "scribe"
        kind, about = self._kind(entry), self._about(entry)
        self.ids[entry["ref"]] = self._add(
            kind, by, body, about, t=entry["t"], how=how, actor=writer, seen_by=entry["seen_by"]
        )
        if kind == "view":
            for holder in extra.get("holders", []):
                if holder != by:
                    self._holds(holder, entry)

    def _holds(self, holder: str, view: Entry) -> None:
        """Somebody's own link to a view they share; by a scribe for those who have no device."""
        theirs = [e for e in self.entries if e["by"] == holder]
        writer = "" if any(e["as"] == "self" for e in theirs) else theirs[0]["extra"]["written_by"]
        about = [("holds", self.ids[view["ref"]])]
        self._add("link", holder, {}, about, t=view["t"], how="scribe" if writer else "self", actor=writer)

    def _kind(self, entry: Entry) -> str:
        extra = entry["extra"]
        if entry["kind"] == "agreement":
            return "proposal" if extra["status"] == "proposal" else "outcome"
        if entry["kind"] == "stance" and "standing" in extra:
            return "standing"
        return str(entry["kind"])

    def _about(self, entry: Entry) -> list[tuple[str, str]]:
        kind = self._kind(entry)
        rendered = entry["extra"].get("rendering_of")
        found = [("from", self.ids[entry["extra"]["from"]])] if kind == "link" else []
        for link in entry["about"]:
            relation, ref = link["rel"], link["ref"]
            if kind == "withdrawal" and relation == "replaces":
                relation = "withdraws"
            elif kind == "hide":
                relation = "hides"
            elif kind == "outcome" and relation == "replaces":
                relation = "closes"  # an outcome is no new wording of the proposal
            elif relation == "replaces" and ref in self.hidden:
                relation = "becomes"  # a new version of what is hidden would be hidden with it
            elif ref == rendered:
                relation = "renders"
            found.append((relation, self.ids[ref]))
        return found

    def _body(self, entry: Entry) -> dict[str, Any]:
        extra, kind = entry["extra"], self._kind(entry)
        told = {"ref": entry["ref"], **{name: extra[name] for name in _TOLD if name in extra}}
        body: dict[str, Any] = {"told": told}
        if entry["text"] is not None:
            # A participant's `lang` is the language they wish, not that of this sentence.
            body |= {"note": entry["text"]} if kind == "participant" else {"text": entry["text"], "lang": entry["lang"]}
        if entry["fidelity"] is not None:
            body["fidelity"] = entry["fidelity"]
        for name, value in extra.items():
            if name not in _TRANSLATED:
                body[name] = self._named(name, value)
        if extra.get("written_by", entry["by"]) != entry["by"]:
            body["written_by"] = self.people[extra["written_by"]]
        if kind == "consent":
            body["question"] = "quote" if body.pop("scope") == "quote" else "naming"
            body["answer"] = _NAMING[extra["naming"]]
        elif kind == "context":
            body["field"] = "decided"
        elif kind == "setting" and "shows" in extra:
            body |= {"element": extra["shows"], "alone": True}
        elif kind in ("proposal", "outcome"):
            ended = _OUTCOME[body.pop("outcome")]
            if kind == "outcome":
                body["outcome"] = ended
        quotes = [self._quote(link) for link in entry["about"] if "quote" in link]
        return body | ({"quotes": quotes} if quotes else {})

    def _named(self, name: str, value: Any) -> Any:
        """A value in which people and entries are named by their ids."""
        if name == "owner":
            return self.people[value] if value else None
        if name in ("holders", "answering"):
            return [self.people[person] for person in value]
        if name in ("prints", "changes_ground_of"):
            return [self.ids[ref] for ref in value]
        return value

    def _quote(self, link: Mapping[str, Any]) -> dict[str, Any]:
        """Source, version, start and end in code points; never the words."""
        version = self.ids[link["ref"]]
        source = self.record.state(self.workshop).root(version)
        return {"source": source, "version": version, **link["quote"]}


def _reveals(entries: list[Entry]) -> dict[str, tuple[str, int | None, str]]:
    """ref -> (element, minute it is shown, ref after which it is shown where no minute is told)."""
    shown = {e["extra"]["shows"]: e["extra"]["reveal_t"] for e in entries if "shows" in e["extra"]}
    runs: dict[tuple[str, int | None], list[str]] = {}
    for entry in entries:
        if entry["seen_by"] == "group-from-reveal" and "rendering_of" not in entry["extra"]:
            element = ELEMENT_OF[entry["kind"]]
            until = entry["extra"].get("reveal_t", shown.get(element))
            runs.setdefault((element, until), []).append(entry["ref"])
    return {
        ref: (element, until, refs[-1] if until is None else "")
        for (element, until), refs in runs.items()
        for ref in refs
    }
