"""The projection of a workshop for tables: what may leave, the names in it, and the keys of its people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from copy import copy
from typing import Any

from cowork.core.access.disclosure import (
    DisclosedView,
    Signature,
    disclosure_level,
    hidden_names,
    is_withheld,
    names_in,
    naming_of,
    participant_signature,
    signature_of,
    typed_texts,
)
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.elements import KINDS_WITHOUT_TEXT
from cowork.core.entries import Entry
from cowork.core.fold import State
from cowork.core.provenance import stated_links


class TableProjection:
    """`disclosed_view` holds what may leave the group, `group_view` what the group sees (for counts it sees anyway)."""

    def __init__(self, state: State, research: bool | None) -> None:
        opened = state.opening_entry()
        self.state = state
        self.research = bool(opened and opened.data.get("research")) if research is None else research
        self.disclosed_view = DisclosedView(state, research=self.research)
        self.group_view = ParticipantView(state, "")
        self.episodes = _episode_names(state)
        # Everyone has a number, disclosed or not: a table made after somebody's no has the same keys as before.
        self._keys = {participant: f"P{n:02}" for n, participant in enumerate(state.participants(), 1)}
        self._hidden = hidden_names(state)
        self._attrs: dict[str, Any] = {}  # shared by the readings of one state: it is asked for with every table
        self.answers_kept_back = 0

    def copy_for_table(self) -> TableProjection:
        """A copy for one table, which counts the answers that this table excludes."""
        made = copy(self)
        made.answers_kept_back = 0
        return made

    def attrs(self) -> dict[str, object]:
        """The attrs of every table: the workshop, what is withheld, and the texts in which hidden names were typed."""
        if not self._attrs:
            withheld = self.disclosed_view.withheld_counts()
            text_ids = [
                contribution.id
                for contribution in self.disclosed_view.contributions()
                if self._holds_hidden_name(contribution)
            ]
            text_ids += [id for id, name in self.episodes.items() if names_in(name, self._hidden)]
            self._attrs |= {
                "title": self.disclosed_view.title(),
                "code": workshop_code(self.state),
                "kept_back": withheld.get("naming", 0),
                "kept_back_research": withheld.get("research", 0),
                "hold_hidden_names": text_ids,
            }
        return self._attrs | {"hold_hidden_names": list(self._attrs["hold_hidden_names"])}

    def _holds_hidden_name(self, found: Contribution) -> bool:
        """In anything typed into any wording: an earlier one leaves with `wordings()`, what is to be done with
        `outcomes()`, a rule with `rounds()`; and of two that stand side by side both leave."""
        every = (*found.earlier, *found.versions)
        return any(names_in(typed, self._hidden) for version in every for typed in typed_texts(version))

    # ---- people

    def name_of_author(self, found: Contribution, version: Entry | None = None) -> str:
        return self._signature_text(self._signature(found, version))

    def key_of_author(self, found: Contribution, version: Entry | None = None) -> str:
        """The key of a contribution's author; "" where they chose another signature for this text.

        The key would tie these words to the name that they were to appear without.
        """
        usual = participant_signature(self.state, found.author)
        return self._keys.get(found.author, "") if self._signature(found, version) == usual else ""

    def _signature(self, found: Contribution, version: Entry | None = None) -> Signature:
        return signature_of(self.state, found, version)

    def writer_of_version(self, found: Contribution, version: Entry) -> tuple[str, str]:
        """(by, person) of one version: not always the author's, since others may reword a proposal or a theme."""
        writer = version.header.by
        if writer == found.author:
            return self.name_of_author(found, version), self.key_of_author(found, version)
        usual = participant_signature(self.state, writer)
        wordings = [wording for wording in (version, *found.versions) if wording.header.by == writer]
        signatures = [
            participant_signature(self.state, writer, str(wording.data.get("shown", ""))) for wording in wordings
        ]
        signature = min(signatures, key=disclosure_level)
        return self._signature_text(signature), self._keys.get(writer, "") if signature == usual else ""

    def name_of_person(self, participant: str) -> str:
        """The name of a person apart from any text; "" for those who withhold everything."""
        return self._signature_text(participant_signature(self.state, participant))

    def key_of_person(self, participant: str) -> str:
        return "" if self.withholds_all(participant) else self._keys.get(participant, "")

    def withholds_all(self, participant: str) -> bool:
        """True where a person lets nothing leave the group: their answer is only one of a count."""
        return naming_of(self.state, participant) == "not"

    def excludes_from_research(self, participant: str) -> bool:
        """True where a person's answer is not for research, not even as a count. Counts it as withheld."""
        is_excluded = self.research and is_withheld(self.state, "", participant, research=True) == "research"
        self.answers_kept_back += is_excluded
        return is_excluded

    def disclosed_text(self, words: object) -> str:
        """A text that may name people: an id becomes the name that may leave, a typed hidden name becomes "…"."""
        text = str(words or "")
        if text in self._keys:
            return self.name_of_person(text) or "…"
        return "…" if names_in(text, self._hidden) else text

    def perspectives(self, perspectives: Iterable[str]) -> list[str]:
        """Perspectives in people's own words, which may name somebody else ("carer of Bo")."""
        return [self.disclosed_text(perspective) for perspective in perspectives]

    def _signature_text(self, signature: Signature) -> str:
        if signature.name:
            return signature.name
        return f"Voice {signature.voice}" if signature.voice else ", ".join(self.perspectives(signature.perspectives))

    # ---- entries

    def episode(self, entry: Entry) -> str:
        return self.episodes.get(entry.header.episode, "")

    def answered_version(self, entry: Entry, relation: str) -> str:
        """The version that an answer refers to, also where an edit of the answer does not state it."""
        return next((target for name, target in stated_links(self.state, entry) if name == relation), "")

    def visible_answer(self, entry: Entry | None) -> Contribution | None:
        """An answer as the group may see it, or None."""
        return self.group_view.of_id(entry.id) if entry is not None else None

    def signed_answer(self, found: Contribution | None, words_only: bool = False) -> dict[str, Any]:
        """Id, text, name and key of an answer, each empty where it may not leave.

        `words_only`: the group sees this answer as one of a count, so it has a name only beside a text.
        """
        disclosed = self.disclosed_view.of_id(found.id) if found is not None else None
        if disclosed is None or (words_only and not disclosed.text):
            return {"id": "", "text": "", "by": "", "person": "", "at": None, "episode": ""}
        return {
            "id": disclosed.id,
            "text": disclosed.text,
            "by": self.name_of_author(disclosed),
            "person": self.key_of_author(disclosed),
            "at": disclosed.entry.header.at_ms,
            "episode": self.episode(disclosed.entry),
        }


def wording_text(found: Contribution, version: Entry) -> str:
    """The text of a version; for talk that was only marked, the note."""
    return str(version.data.get("note" if found.kind in KINDS_WITHOUT_TEXT else "text") or "")


def workshop_code(state: State) -> str:
    opened = state.opening_entry()
    return str(opened.data.get("code", "")) if opened else ""


def _episode_names(state: State) -> dict[str, str]:
    """Episode id -> its name; two of one name are told apart by a number."""
    names: dict[str, str] = {}
    used: Counter[str] = Counter()
    for entry in state.of_kind("episode"):
        current = state.current(entry.id)
        name = str((current or [entry])[-1].data.get("name", ""))
        used[name] += 1
        names[entry.id] = name if used[name] == 1 or not name else f"{name} ({used[name]})"
    return names
