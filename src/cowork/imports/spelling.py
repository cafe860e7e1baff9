"""How the practice data spells a thing, and how the model does. The data was written a little before the model settled.

Nothing is added: what stands in the data in words of its own is kept beside the model's word, in `told`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cowork.core.elements import ELEMENT_OF

Entry = Mapping[str, Any]

NAMING = {"named": "named", "by-perspective": "perspective", "pseudonym": "pseudonym", "not-shared": "not"}
RESEARCH = {"yes": "yes", "no": "no", "ask-me-later": "later"}

#: The rules the cases fix, in their own sentences.
RULES = {
    "nobody blocks, and each reservation has an answer": "answered",
    "no serious objection, and every worry is printed; silence is not a yes": "consent",
}

_OUTCOME = {"agreement": "agreed", "difference": "difference", "open-question": "open-question"}
_STANDING = {"still": "still", "partly": "partly", "differently": "changed"}
#: "Near to how I see it" is said by somebody who goes along; "partly" is neither yes nor no.
_STANCE = {"near": "with", "partly": "unsure", "unsure": "unsure", "differs": "differ"}
_ON = {"values only": "values"}
#: By telephone somebody else wrote it down, as for whoever has no device.
_WAYS = {"in the room": "room", "remote": "remote", "later": "later", "through": "scribe", "by telephone": "scribe"}

#: The data's own words and minutes.
_TOLD = ("said_t", "arrived_t", "late", "joined", "moved_from", "standing", "stance", "scope")
#: What goes into the body as it stands.
_KEPT = ("read_back", "note", "review", "rule", "level_set", "level", "round", "result", "rule_met", "on_behalf_of")


def kind(entry: Entry) -> str:
    """The model's word for what an entry is."""
    extra = entry["extra"]
    if entry["kind"] == "agreement":
        if extra["status"] != "proposal":
            return "outcome"
        return "edit" if _replaced(entry) else "proposal"
    if entry["kind"] == "stance" and "standing" in extra:
        return "standing"
    return str(entry["kind"])


def _replaced(entry: Entry) -> list[str]:
    return [str(link["ref"]) for link in entry["about"] if link["rel"] == "replaces"]


def relations(entry: Entry, hidden: set[str]) -> list[tuple[str, str]]:
    """(relation, name in the data) of what an entry is about."""
    extra, made = entry["extra"], kind(entry)
    found = [("from", str(extra["from"]))] if made == "link" else []
    for link in entry["about"]:
        relation, ref = str(link["rel"]), str(link["ref"])
        if made == "withdrawal" and relation == "replaces":
            relation = "withdraws"
        elif made == "hide":
            relation = "hides"
        elif made == "outcome" and relation == "replaces":
            relation = "closes"  # an outcome is no new wording of the proposal
        elif relation == "replaces" and ref in hidden:
            relation = "becomes"  # a new version of what is hidden would be hidden with it
        elif ref == extra.get("rendering_of"):
            relation = "renders"
        found.append((relation, ref))
    return found


def body(entry: Entry, case: Case) -> dict[str, Any]:
    """What an entry says, its quotations aside."""
    extra, made = entry["extra"], kind(entry)
    told = {"ref": entry["ref"], **{name: extra[name] for name in _TOLD if name in extra}}
    found: dict[str, Any] = {"told": told, **{name: extra[name] for name in _KEPT if name in extra}}
    if entry["text"] is not None:
        # A participant's `lang` is the language they wish, not that of this sentence.
        words = {"note": entry["text"]} if made == "participant" else {"text": entry["text"], "lang": entry["lang"]}
        found |= words
    if entry["fidelity"] is not None:
        found["fidelity"] = entry["fidelity"]
    if extra.get("written_by", entry["by"]) != entry["by"]:
        found["written_by"] = case.people[extra["written_by"]]
    if "decided_by" in extra:
        found |= {"field": "decided", "decided_by": extra["decided_by"]}
    if "shows" in extra:
        found |= {"element": extra["shows"], "alone": True}
    if "concerns" in extra:
        found["on"] = _ON[extra["concerns"]]
    for name in ("prints", "changes_ground_of"):
        if name in extra:
            found[name] = [case.ids[ref] for ref in extra[name]]
    if "answering" in extra:
        found["answering"] = [case.people[person] for person in extra["answering"]]
    return found | _of_kind(entry, made, case)


def _of_kind(entry: Entry, made: str, case: Case) -> dict[str, Any]:
    """What only one kind of entry says."""
    extra = entry["extra"]
    if made == "asset":
        return {"scope": "offer"}
    if made == "view":
        holders = extra["holders"]
        holder = "me" if holders == [entry["by"]] else "several" if holders else "open"
        return {"holder": holder, "holders": [case.people[person] for person in holders]}
    if made == "stance":
        return {"stance": _STANCE[extra["stance"]]}
    if made == "standing":
        return {"standing": _STANDING[extra["standing"]]}
    if made == "consent":
        question = "quote" if extra["scope"] == "quote" else "naming"
        return {"question": question, "answer": NAMING[extra["naming"]]}
    if entry["kind"] == "agreement" and made != "outcome":
        return case.under_rule(entry)
    if made == "outcome":
        return {"outcome": _OUTCOME[extra["outcome"]]}
    if made == "reservation":
        owner = extra.get("owner")
        return {"sort": "worry", **({"owner": case.people[owner]} if owner else {})}
    if made == "action":
        return {"owner": case.people[extra["owner"]], "more": {"who": case.outside(extra["owner"])}}
    return {}


class Case:
    """One case and the ids that stand for its names. `ids` is filled as it is told."""

    def __init__(self, data: Mapping[str, Any], people: dict[str, str]) -> None:
        self.data = data
        self.people = people
        self.ids: dict[str, str] = {}
        self.persons = {person["id"]: person for person in data["participants"]}
        self.entries: list[Entry] = data["entries"]

    def under_rule(self, proposal: Entry) -> dict[str, Any]:
        """The rule and the words for answers, as fixed before this wording, and which round it is."""
        before = self.entries[: self.entries.index(proposal)]
        fixed = [e for e in before if "rule" in e["extra"]]
        found: dict[str, Any] = {"round": self._round(proposal)}
        if fixed:
            extra = fixed[-1]["extra"]
            found |= {"rule": {"code": RULES[extra["rule"]], "text": extra["rule"]}, "levels": extra["level_set"]}
            if "answering" in extra:
                found["answering"] = [self.people[person] for person in extra["answering"]]
        return found

    def _round(self, proposal: Entry) -> int:
        """As those who answered it said; a wording nobody answered is one more than the one before."""
        answers = [e for e in self.entries if "round" in e["extra"] and e["about"][0]["ref"] == proposal["ref"]]
        if answers:
            return int(answers[0]["extra"]["round"])
        before = [self._round(e) for e in self.entries if e["ref"] in _replaced(proposal)]
        return 1 + max(before, default=0)

    def outside(self, person: str) -> str:
        """How somebody may be named wherever these words may go: a name, what they are here as, or nothing."""
        found = self.persons[person]
        naming = NAMING[found["consent"]["naming"]]
        if naming == "not":
            return ""
        return ", ".join(found["perspectives"]) if naming == "perspective" else str(found["name"])

    def absent(self, episode: Mapping[str, Any]) -> dict[str, Any]:
        """Who was not there, in words that name nobody who did not agree to it, and the ids of those who are known."""
        lines = []
        for row in episode["absent"]:
            who = self.outside(row["who"]) if row["who"] in self.people else row["who"]
            lines.append(f"{who}: {row['why']}" if who else row["why"])
        away = [self.people[row["who"]] for row in episode["absent"] if row["who"] in self.people]
        return {"absent": "\n".join(lines), "away": away}

    def without_device(self) -> dict[str, str]:
        """person -> who writes for them, of those who write nothing themselves."""
        found = {}
        for name in self.persons:
            writers = [e["extra"].get("written_by", name) for e in self.entries if e["by"] == name]
            if writers and name not in writers:
                found[name] = str(writers[0])
        return found

    def alone(self) -> dict[str, tuple[str, int | None, str]]:
        """What is written alone first, answers to a proposal aside: ref -> (element, minute it is shown, ref after
        which it is shown where no minute is told)."""
        shown = {e["extra"]["shows"]: e["extra"]["reveal_t"] for e in self.entries if "shows" in e["extra"]}
        runs: dict[tuple[str, int | None], list[str]] = {}
        for entry in self.entries:
            kept = entry["seen_by"] == "group-from-reveal" and "rendering_of" not in entry["extra"]
            if kept and entry["kind"] != "position":
                element = ELEMENT_OF[entry["kind"]]
                runs.setdefault((element, shown.get(element)), []).append(entry["ref"])
        return {
            ref: (element, until, refs[-1] if until is None else "")
            for (element, until), refs in runs.items()
            for ref in refs
        }


def ways(how: str, start: int) -> list[tuple[int, str, str]]:
    """(minute, way of the model, the data's words) for how somebody took part, each time it changes."""
    found = []
    for part in how.split(", then "):
        way = next(way for words, way in _WAYS.items() if part.startswith(words))
        found.append((start, way, part))
        ended = re.search(r"until minute (\d+)", part)
        start = int(ended[1]) if ended else start
    return found
