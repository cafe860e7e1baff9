"""One reading of a workshop for a table: what may leave, how each is named in it, and the keys of its people."""

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
    """`outside` holds what may leave the group, `inside` what the group sees (for counts that it sees anyway)."""

    def __init__(self, state: State, research: bool | None) -> None:
        opened = state.opening_entry()
        self.state = state
        self.research = bool(opened and opened.data.get("research")) if research is None else research
        self.disclosed_view = DisclosedView(state, research=self.research)
        self.group_view = ParticipantView(state, "")
        self.episodes = _episode_names(state)
        # Everyone has a number, whoever is shown: a table made after somebody's no has the same keys as before.
        self._keys = {participant: f"P{n:02}" for n, participant in enumerate(state.participants(), 1)}
        self._hidden = hidden_names(state)
        self._attrs: dict[str, Any] = {}  # shared by the readings of one state: it is asked for with every table
        self.answers_kept_back = 0

    def copy_for_table(self) -> TableProjection:
        """The same reading for the next table, which counts by itself the answers that it leaves out."""
        made = copy(self)
        made.answers_kept_back = 0
        return made

    def attrs(self) -> dict[str, object]:
        """What goes with every table: which workshop, what was kept back, and where hidden names were typed."""
        if not self._attrs:
            withheld = self.disclosed_view.withheld_counts()
            active = [contribution.id for contribution in self.disclosed_view.contributions() if self._holds_hidden_name(contribution)]
            active += [id for id, name in self.episodes.items() if names_in(name, self._hidden)]
            self._attrs |= {
                "title": self.disclosed_view.title(),
                "code": workshop_code(self.state),
                "kept_back": withheld.get("naming", 0),
                "kept_back_research": withheld.get("research", 0),
                "hold_hidden_names": active,
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
        """The key of a contribution's author.

        Who chose another way of being named for this one text than otherwise has no key here: it would tie these
        words to the name they were to stand without.
        """
        usual = participant_signature(self.state, found.author)
        return self._keys.get(found.author, "") if self._signature(found, version) == usual else ""

    def _signature(self, found: Contribution, version: Entry | None = None) -> Signature:
        return signature_of(self.state, found, version)

    def writer_of_version(self, found: Contribution, version: Entry) -> tuple[str, str]:
        """(by, person) of one wording: not always the author's, since others may word a proposal or a theme anew."""
        writer = version.header.by
        if writer == found.author:
            return self.name_of_author(found, version), self.key_of_author(found, version)
        usual = participant_signature(self.state, writer)
        theirs = [v for v in (version, *found.versions) if v.header.by == writer]
        made = [participant_signature(self.state, writer, str(v.data.get("shown", ""))) for v in theirs]
        signature = min(made, key=disclosure_level)
        return self._signature_text(signature), self._keys.get(writer, "") if signature == usual else ""

    def name_of_person(self, participant: str) -> str:
        """How somebody is named where no text of theirs is; "" for those who want nothing of theirs outside."""
        return self._signature_text(participant_signature(self.state, participant))

    def key_of_person(self, participant: str) -> str:
        return "" if self.withholds_all(participant) else self._keys.get(participant, "")

    def withholds_all(self, participant: str) -> bool:
        """True where somebody wants nothing of theirs outside: an answer of theirs is one of a count, and no more."""
        return naming_of(self.state, participant) == "not"

    def excludes_from_research(self, participant: str) -> bool:
        """True where somebody's answer is no part of research: not as a count either. It is counted as kept back."""
        out = self.research and is_withheld(self.state, "", participant, research=True) == "research"
        self.answers_kept_back += out
        return out

    def disclosed_text(self, words: object) -> str:
        """Words in which people may be named: ids become names that may leave, and typed names of others are "…"."""
        stated = str(words or "")
        if stated in self._keys:
            return self.name_of_person(stated) or "…"
        return "…" if names_in(stated, self._hidden) else stated

    def perspectives(self, answers: Iterable[str]) -> list[str]:
        """What somebody is here as, in their own words: these may name another ("carer of Bo")."""
        return [self.disclosed_text(text_id) for text_id in answers]

    def _signature_text(self, signature: Signature) -> str:
        if signature.name:
            return signature.name
        return f"Voice {signature.voice}" if signature.voice else ", ".join(self.perspectives(signature.perspectives))

    # ---- entries

    def episode(self, entry: Entry) -> str:
        return self.episodes.get(entry.header.episode, "")

    def answered_version(self, entry: Entry, relation: str) -> str:
        """The version an answer is to, also where an edit of the answer leaves it unsaid."""
        return next((target for name, target in stated_links(self.state, entry) if name == relation), "")

    def visible_answer(self, entry: Entry | None) -> Contribution | None:
        """An answer as the group may see it, or None."""
        return self.group_view.of_id(entry.id) if entry is not None else None

    def signed_answer(self, found: Contribution | None, words_only: bool = False) -> dict[str, Any]:
        """Id, words, name and key of an answer, each empty where it may not leave.

        `words_only`: the group sees this answer as one of a count, so it has a name only beside words.
        """
        out = self.disclosed_view.of_id(found.id) if found is not None else None
        if out is None or (words_only and not out.text):
            return {"id": "", "text": "", "by": "", "person": "", "at": None, "episode": ""}
        return {
            "id": out.id,
            "text": out.text,
            "by": self.name_of_author(out),
            "person": self.key_of_author(out),
            "at": out.entry.header.at_ms,
            "episode": self.episode(out.entry),
        }


def wording_text(found: Contribution, version: Entry) -> str:
    """The words of a wording; of talk that was only marked, the note."""
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
