"""The reader of a report: it turns disclosed contributions into plain data for a template, in one language.

Words that people typed are `Words` and `Who` and never part of our own sentences' markup: the template escapes them,
and whoever sends a report out is told which names stand in them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cowork.analysis.proposals import Outcome, Proposal, outcomes, proposals
from cowork.core.access.disclosure import DisclosedView, Signature, is_withheld, participant_signature, signature_of
from cowork.core.access.participant_view import Contribution
from cowork.core.entries import Entry
from cowork.core.fold import State
from cowork.core.ids import is_id
from cowork.reports.rendering import picture_url
from cowork.text import HTML_LANG, translate
from cowork.text.format import format_clock
from cowork.text.labels import FIELD_LABELS, PERSPECTIVE_LABELS, PRINTED_GAP_SENTENCES

_FIDELITY_CODES = {"exact-words": "exact", "in-short": "short", "imported": "imported"}
_ZONE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}")
_LANG_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True)
class Words:
    """A typed text with its stated language ("" where none was stated)."""

    text: str
    lang: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True)
class Who:
    """A person as they may be named here. `typed` is True where the text is their own and no name they gave."""

    text: str
    typed: bool = False


@dataclass(frozen=True)
class Item:
    """One text as it is printed. `anchor` is empty where the same text has its place elsewhere in the file.

    `label` says what it is where its heading does not; `versions` are two where people wrote at once.
    """

    root: str
    anchor: str
    label: str
    versions: tuple[Words, ...]
    by: Who
    when: str
    notes: tuple[str, ...]
    more: tuple[tuple[str, Words | Who], ...]
    renderings: tuple[tuple[Words, str], ...]
    image: str


class DisclosedState(DisclosedView):
    """The disclosed view, each text once: a rendering in another language belongs to its source and is not counted."""

    def of_kind(self, *kinds: str) -> list[Contribution]:
        return [
            contribution
            for contribution in super().of_kind(*kinds)
            if not self.state.entries[contribution.id].targets("renders")
        ]


class Reader:
    """Reads one state for one report. Asked twice for the same, it gives the same, except for the anchors it hands out
    in the order it is asked."""

    def __init__(self, state: State, lang: str, *, research: bool = False, zone: str = "") -> None:
        self.state = state
        self.lang = lang
        self.zone, self._clock = parse_time_zone(zone)
        self.tag = HTML_LANG[lang]
        self.research = research
        self.view = DisclosedState(state, research=research)
        self._people = set(state.participants())
        self._anchors: dict[str, str] = {}
        self._printed: set[str] = set()
        self.unfolded: set[str] = set()  # whose thread stands in the file already

    # ---- read once, shown in several sections

    @cached_property
    def outcomes(self) -> list[Outcome]:
        return outcomes(self.view)

    @cached_property
    def proposals(self) -> list[Proposal]:
        return proposals(self.view)

    # ---- our own words

    def t(self, key: str, /, n: int | None = None, **values: object) -> str:
        return translate(key, self.lang, n, **values)

    def gap(self, reason: str) -> str:
        """The sentence that replaces withheld words."""
        return self.t(PRINTED_GAP_SENTENCES.get(reason, "trace.kept_back"))

    def day(self, at_ms: int) -> str:
        moment = self._moment(at_ms)
        month = self.t(f"date.month.{moment.month}")
        return self.t("date.day", day=moment.day, month=month, year=moment.year)

    def when(self, at_ms: int) -> str:
        """Day and time in the requested time zone: the same on every machine."""
        return self.t("date.time", date=self.day(at_ms), time=f"{self._moment(at_ms):%H:%M}")

    def _moment(self, at_ms: int) -> datetime:
        try:
            return datetime.fromtimestamp(at_ms / 1000, tz=self._clock)
        except (OverflowError, OSError, ValueError):
            return datetime.fromtimestamp(0, tz=UTC)  # a forged header may name a year that no calendar has

    def label(self, key: str) -> str:
        """The label of a further field; a page from elsewhere may have one of its own."""
        return self.t(FIELD_LABELS[key]) if key in FIELD_LABELS else key

    # ---- people

    def is_withheld(self, participant: str) -> bool:
        """True for a person whose words are withheld: only a count may include them."""
        return bool(is_withheld(self.state, "", participant, research=self.research))

    def may_count(self, participant: str) -> bool:
        """True where a person's answer may be counted: for research only with their consent."""
        return not self.research or self.state.consent(participant, "research").get("answer") == "yes"

    def author_name(self, contribution: Contribution, version: Entry | None = None) -> Who:
        """The author of a text as they wished to be named beside it."""
        return self._named(signature_of(self.state, contribution, version))

    def person_name(self, named: str) -> Who:
        """Somebody by their id, or by the words somebody typed for them."""
        if not is_id(named):
            return Who(named, typed=True)
        if named not in self._people or self.is_withheld(named):
            return Who(self.t("common.other_person"))
        return self._named(participant_signature(self.state, named), "common.other_person")

    def _named(self, found: Signature, nobody: str = "common.no_name") -> Who:
        if found.name:
            return Who(found.name)
        if found.voice:
            return Who(self.t("join.voice", n=found.voice))
        if found.perspectives:
            return Who(", ".join(map(self.perspective, found.perspectives)), typed=True)
        return Who(self.t(nobody))

    def perspective(self, code: str) -> str:
        return self.t(PERSPECTIVE_LABELS[code]) if code in PERSPECTIVE_LABELS else code

    # ---- places in the file

    def new_anchor(self, root: str) -> str:
        """A fresh anchor for a text, or "" where it has one: an address names one place."""
        if root in self._anchors:
            return ""
        self._anchors[root] = f"w{len(self._anchors) + 1}"
        return self._anchors[root]

    def href(self, root: str) -> str:
        """Where a text stands in this file, or "" where it does not. Ask when all of the file is laid out."""
        return f"#{self._anchors[root]}" if root in self._anchors else ""

    def mark_printed(self, version: Entry) -> bool:
        """True where the words and the choice of this version may leave; from then on it counts as printed."""
        found = self.view.of_id(version.id)
        if found is None or not found.is_active or not self.view.can_see_version(version):
            return False
        self._printed.add(found.id)
        return True

    def is_printed(self, root: str) -> bool:
        return root in self._printed

    # ---- texts

    def words(self, version: Entry, key: str = "text") -> Words:
        return self.typed(version.data.get(key), version.data.get("lang"))

    def typed(self, text: object, lang: object = "") -> Words:
        tag = lang if isinstance(lang, str) and _LANG_TAG.fullmatch(lang) else ""
        return Words(str(text or ""), HTML_LANG.get(tag, tag))

    def item(
        self,
        contribution: Contribution,
        version: Entry | None = None,
        *,
        label: str = "",
        place: bool = True,
        skip: tuple[str, ...] = (),
    ) -> Item:
        """A text as it is printed, in the version that was meant or as it stands now. `place` False leaves its address
        to another place; `skip` are fields that stand on lines of their own."""
        entry = version or contribution.entry
        versions = (entry,) if version else contribution.versions
        self._printed.add(contribution.id)
        return Item(
            contribution.id,
            self.new_anchor(contribution.id) if place else "",
            label,
            tuple(self.words(wording) for wording in versions),
            self.author_name(contribution, entry),
            self._moment_of(entry),
            tuple(self._notes(contribution, entry, len(versions))),
            self.fields(entry, skip),
            self.renderings(contribution.id),
            picture_url(entry.data) if contribution.kind == "image" else "",
        )

    def fields(self, entry: Entry, skip: tuple[str, ...] = ()) -> tuple[tuple[str, Words | Who], ...]:
        """The further fields of a text, each under its name."""
        more = entry.data.get("more")
        if not isinstance(more, dict):
            return ()
        found: list[tuple[str, Words | Who]] = []
        places = {key: place for place, key in enumerate(FIELD_LABELS)}
        for key, value in sorted(more.items(), key=lambda pair: (places.get(pair[0], len(places)), pair[0])):
            if value and key not in skip:
                text = str(value)
                words = self.person_name(text) if is_id(text) else self.typed(text, entry.data.get("lang"))
                found.append((self.label(str(key)), words))
        return tuple(found)

    def renderings(self, root: str) -> tuple[tuple[Words, str], ...]:
        """The renderings of a text in other languages, each with its translator."""
        found = {
            contribution.id: contribution
            for entry in self.state.facts(root).referring("renders")
            if (contribution := self.view.of_id(entry.id)) is not None and contribution.is_active
        }
        inside = sorted(found.values(), key=lambda contribution: contribution.first_version.header.order)
        return tuple((self.words(contribution.entry), self._translated(contribution.entry)) for contribution in inside)

    def _translated(self, entry: Entry) -> str:
        by = str(entry.data.get("written_by") or entry.header.by)
        source = next(
            (self.state.entries[target] for target in entry.targets("renders") if target in self.state.entries), None
        )
        lang = str(source.data.get("lang", "")) if source else ""
        name = self.t(f"language.{lang}") if lang in HTML_LANG else lang or "–"
        return self.t("scribe.fidelity.translated", language=name, name=self.person_name(by).text)

    def _moment_of(self, entry: Entry) -> str:
        if entry.spoken_at_ms is not None:
            return self.t("dialogue.said_at", time=format_clock(entry.spoken_at_ms))
        return self.when(entry.header.at_ms)

    def _notes(self, contribution: Contribution, entry: Entry, versions: int) -> list[str]:
        """Notes on how a text was written, where its author did not simply type it."""
        found: list[str] = []
        if versions > 1:
            found.append(self.t("common.two_versions"))
        if entry.header.how == "scribe":
            scribe = self.person_name(str(entry.data.get("written_by") or ""))
            if scribe.text:
                found.append(self.t("common.written_down_by", name=scribe.text))
        fidelity = _FIDELITY_CODES.get(str(entry.data.get("fidelity", "")))
        if fidelity:
            found.append(self.t(f"scribe.fidelity.{fidelity}"))
        if entry.data.get("read_back") is True:
            found.append(self.t("scribe.back.done", date=self.day(entry.header.at_ms)))
        elif entry.header.how == "scribe" and entry.data.get("read_back") is False:
            found.append(self.t("scribe.back.not_now"))
        if contribution.earlier and entry.header.order > contribution.first_version.header.order:
            found.append(self.t("common.changed_on", date=self.day(entry.header.at_ms)))
        return found


def parse_time_zone(name: str) -> tuple[str, tzinfo]:
    """A time zone by its name, such as Europe/Stockholm; UTC for "" and for one that is not known here.

    It is an input and never this machine's own, or the same state would give another report elsewhere.
    """
    if not name or not _ZONE_NAME.fullmatch(name):
        return "UTC", UTC
    try:
        return name, ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC", UTC
