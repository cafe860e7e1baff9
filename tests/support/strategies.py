"""Random workshops on several devices: what the laws of the record are tried on.

`Group` is a small open workshop with short ways to write as each of its people. `World` is such a workshop carried to
several devices with wrong clocks, which write on their own and meet now and then. `worlds()` draws them. Nothing here
reads the wall clock or real chance: the same acts give the same entries.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from cowork.core.entries import Ack, Actor, Draft, Entry
from cowork.core.errors import CoworkError
from cowork.core.fold import State
from cowork.store import Record, memory_record
from cowork.store.memory import MemoryBackend

START = 1_760_000_000_000
YEAR = 365 * 86_400_000

#: For every property here: bounded, since CI has two slow cores, and without deadlines, since they are slow.
laws = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
few = settings(laws, max_examples=30)


class Time:
    """The true time, which only a test moves on."""

    def __init__(self, ms: int = START) -> None:
        self.ms = ms

    def __call__(self) -> int:
        return self.ms


class Clock:
    """One device's clock: the true time, and by how much it is wrong."""

    def __init__(self, time: Time, wrong_ms: int = 0) -> None:
        self.time = time
        self.wrong_ms = wrong_ms

    def __call__(self) -> int:
        return self.time.ms + self.wrong_ms


def dice(seed: object) -> Callable[[int], bytes]:
    """Chance that can be thrown again."""
    return random.Random(str(seed)).randbytes


class Group:
    """A workshop with a facilitator (`fay`) and others, all of whom said yes, on one record."""

    def __init__(self, record: Record, names: str = "fay ada bo", code: str = "KIND-742") -> None:
        self.record = record
        self.ids = {name: record.new_id() for name in [*names.split(), "fay"]}
        self.workshop = record.new_id()
        body = {"title": "The waiting room", "code": code, "languages": ["en", "sv"]}
        record.open_workshop(Draft(self.workshop, "workshop", self.ids["fay"], body), Actor(self.ids["fay"]))
        for name in names.split():
            self.join(name)

    def on(self, record: Record) -> Group:
        """The same group on another record."""
        other = Group.__new__(Group)
        other.record, other.ids, other.workshop = record, self.ids, self.workshop
        return other

    def join(self, name: str) -> None:
        me = self.ids.setdefault(name, self.record.new_id())
        self.record.append_many(
            self.workshop,
            [
                Draft(me, "participant", me, {"name": name.capitalize()}),
                Draft(self.record.new_id(), "consent", me, {"question": "part", "answer": "yes"}),
            ],
            Actor(me),
        )

    @property
    def state(self) -> State:
        return self.record.state(self.workshop)

    def entries(self) -> list[Entry]:
        return [entry for _, entry in self.record.read_entries(self.workshop)]

    def draft(
        self, name: str, kind: str, body: dict[str, Any], *about: tuple[str, str], entry_id: str = "", **more: Any
    ) -> Draft:
        return Draft(entry_id or self.record.new_id(), kind, self.ids[name], body, tuple(about), **more)

    def ack(self, name: str, draft: Draft) -> Ack:
        return self.record.append(self.workshop, draft, Actor(self.ids[name]))

    def add(self, name: str, kind: str, body: dict[str, Any], *about: tuple[str, str], **more: Any) -> str:
        return self.ack(name, self.draft(name, kind, body, *about, **more)).id

    def write(self, name: str, text: str, *about: tuple[str, str], kind: str = "intention", **more: Any) -> str:
        return self.add(name, kind, {"text": text, "lang": "en"}, *about, **more)

    def edit(self, name: str, text: str, *before: str, **more: Any) -> str:
        return self.write(name, text, *(("replaces", b) for b in before), kind="edit", **more)

    def withdraw(self, name: str, root: str, **body: Any) -> str:
        return self.add(name, "withdrawal", body, ("withdraws", root))

    def restore(self, name: str, withdrawal: str) -> str:
        return self.add(name, "restore", {}, ("replaces", withdrawal))

    def hide(self, name: str, root: str, **body: Any) -> str:
        return self.add(name, "hide", body, ("hides", root))

    def show(self, name: str, root: str, hide: str) -> str:
        return self.add(name, "show", {}, ("shows", root), ("replaces", hide))

    def erase(self, name: str, root: str) -> str:
        return self.add(name, "erasure", {}, ("erases", root))

    def role(self, name: str, to: str, role: str, on: bool = True, *about: tuple[str, str]) -> str:
        return self.add(name, "role", {"role": role, "on": on}, ("grants", self.ids[to]), *about)

    def consent(self, name: str, question: str, answer: str, *about: tuple[str, str], **more: Any) -> str:
        return self.add(name, "consent", {"question": question, "answer": answer}, *about, **more)


# ---- several devices


#: A contribution of each sort the fold treats differently, and one that this version does not know.
KINDS = ("intention", "utterance", "view", "gratitude", "memo")
SEEN_BY = ("group", "group", "only-me", "group-from-reveal")
WRONG = (0, -400, 700, YEAR)

WHAT = (
    *("write",) * 5, *("edit",) * 5, "both", "both", "settle", "settle", "talk", "talked", "withdraw", "withdraw",
    "restore", "hide", "show", "show", "erase", "erase", "role", "consent", "name", "alone", "restart", "jump",
    *("sync",) * 5, "part", "part",
)  # fmt: skip

Act = tuple[str, int, int, int]


def acts(most: int = 60) -> st.SearchStrategy[list[Act]]:
    number = st.integers(0, 63)
    return st.lists(st.tuples(st.sampled_from(WHAT), number, number, number), min_size=10, max_size=most)


def worlds(most: int = 60) -> st.SearchStrategy[World]:
    """Workshops on four devices after some acts, not yet brought together."""
    return acts(most).map(World)


def thrown(seed: int, count: int) -> list[Act]:
    """Acts without Hypothesis, for a process of its own."""
    chance = random.Random(seed)
    return [
        (chance.choice(WHAT), chance.randrange(64), chance.randrange(64), chance.randrange(64)) for _ in range(count)
    ]


class World:
    """One workshop on four devices: three clocks that are nearly right and one a year ahead."""

    names = ("fay", "ada", "bo", "cy")

    def __init__(self, played: Sequence[Act]) -> None:
        self.played = list(played)
        self.time = Time()
        opening = memory_record(now_ms=self.time, random_bytes=dice("opening"))
        self.group = Group(opening, " ".join(self.names))
        self.workshop = self.group.workshop
        self.clocks = [Clock(self.time, wrong) for wrong in WRONG]
        self.records = [
            memory_record(now_ms=clock, random_bytes=dice(("device", n))) for n, clock in enumerate(self.clocks)
        ]
        for record in self.records:
            record.merge(opening)
        #: Every entry ever written, with the words it had then.
        self.full: dict[str, Entry] = {entry.id: entry for entry in self.group.entries()}
        self.said = 0
        for step, act in enumerate(self.played):
            self.time.ms += act[3] % 3 * 7
            try:
                self._play(step, *act)
            except CoworkError:
                pass  # `may` said no: an act that never happened

    def __repr__(self) -> str:
        return f"World({self.played!r})"

    # ---- the devices

    def states(self) -> list[State]:
        return [record.state(self.workshop) for record in self.records]

    def written(self) -> list[Entry]:
        """All entries of all devices, in no order that means anything, with their first words."""
        return list(self.full.values())

    def together(self) -> State:
        """Everything everybody knows, on one fresh record that has the key."""
        whole = copied(self.records[0])
        for record in self.records[1:]:
            whole.merge(record)
        return whole.state(self.workshop)

    def erased_words(self) -> set[str]:
        """The words that must be nowhere once everything has met: every version of all that was erased."""
        whole = State(self.workshop)
        for entry in self.written():
            whole.apply(entry)
        gone = {version for root in whole.erased for version in whole.versions_from(root)} | whole.erased_versions
        return {str(self.full[i].data["text"]) for i in gone if i in self.full and "text" in self.full[i].data}

    # ---- acts

    def _both(self, n: int, b: int, name: str, step: int) -> None:
        """The same words changed on two devices at once, which then meet."""
        other = (n + 1 + b % 3) % len(self.records)
        mine = self._mine(self.records[n].state(self.workshop), name)
        if mine:
            self.records[other].merge(self.records[n])
            for device in (n, other):
                here = self.group.on(self.records[device])
                here.edit(name, f"both{step}x{device}", mine[-1].id, seen_by=mine[-1].header.seen_by)
                self.full.update({e.id: e for e in here.entries() if e.id not in self.full})
            self.records[n].merge(self.records[other])

    def _play(self, step: int, what: str, a: int, b: int, c: int) -> None:
        n = a % len(self.records)
        record, group = self.records[n], self.group.on(self.records[n])
        name = self.names[b % len(self.names)]
        if what in ("write", "talk", "talked", "edit", "settle"):
            self.said += 1
            self._write(group, what, name, c, {"text": f"word{step}x{self.said}", "lang": "en"})
        elif what == "restart":
            self.records[n] = Record(record.backend, now_ms=self.clocks[n], random_bytes=dice(("again", step)))
        elif what == "jump":
            self.clocks[n].wrong_ms += (-5_000, 3_600_000, -3_600_000, 250)[c % 4]
        elif what == "sync":
            record.merge(self.records[b % len(self.records)])
        elif what == "both":
            self._both(n, b, name, step)
        elif what == "part":
            some = random.Random(f"{step}{c}")
            theirs = self.records[b % len(self.records)]
            record.merge(part_of(theirs, self.workshop, lambda entry: some.random() < 0.5), [self.workshop])
        else:
            self._rule(group, what, name, c)
        for entry in self.group.on(self.records[n]).entries():
            if entry.id not in self.full:
                self.full[entry.id] = entry

    def _write(self, group: Group, what: str, name: str, c: int, body: dict[str, Any]) -> None:
        mine = self._mine(group.state, name)
        firsts = [entry.id for entry in group.state.entries.values() if entry.kind in KINDS]
        if what == "write":
            group.add(name, KINDS[c % len(KINDS)], body, seen_by=SEEN_BY[c // 5 % len(SEEN_BY)])
        elif what == "talk" and firsts:
            group.add(name, "utterance", body, ("talks-about", firsts[c % len(firsts)]))
        elif what == "talked" and firsts:
            group.add(name, "talked", {"note": body["text"]}, ("talks-about", firsts[c % len(firsts)]))
        elif what == "edit" and mine:
            before = mine[-1 - c % min(len(mine), 4)]  # near the newest: long chains, and now and then a fork
            group.add(name, "edit", body, ("replaces", before.id), seen_by=before.header.seen_by)
        elif what == "settle":
            for root in firsts:
                tips = [] if group.state.is_erased(root) else group.state.current(root)
                if len(tips) > 1:
                    author = self._name(tips[0].header.by)
                    group.add(author, "edit", body, *(("replaces", tip.id) for tip in tips))
                    break

    def _rule(self, group: Group, what: str, name: str, c: int) -> None:
        state = group.state
        roots = [entry for entry in state.entries.values() if entry.kind in (*KINDS, "talked")]
        mine = [entry for entry in roots if entry.header.by == group.ids[name]]
        if what == "withdraw" and mine:
            group.withdraw(name, mine[c % len(mine)].id, text="a reason")
        elif what == "restore" and (taken := state.of_kind("withdrawal")):
            last = taken[c % len(taken)]
            group.restore(self._name(last.header.by), last.id)
        elif what == "hide" and roots:
            group.hide("fay", roots[c % len(roots)].id, text="a reason")
        elif what == "show" and (hides := state.of_kind("hide")):
            hide = hides[c % len(hides)]
            group.show("fay", hide.targets("hides")[0], hide.id)
        elif what == "erase" and c % 3 == 0 and (versions := self._mine(state, name)):
            group.add(name, "erasure", {}, ("erases-version", versions[c % len(versions)].id))
        elif what == "erase" and mine:
            group.erase(name, mine[c % len(mine)].id)
        elif what == "role":
            group.role("fay", name, ("scribe", "facilitator")[c % 2], c % 3 != 0)
        elif what == "consent":
            group.consent(name, ("naming", "research")[c % 2], ("named", "not", "yes")[c % 3])
        elif what == "name":
            group.add(name, "participant", {"name": f"{name}{c}"})
        elif what == "alone":
            group.add("fay", "setting", {"element": "intention", "alone": c % 2 == 0})

    def _name(self, participant: str) -> str:
        return next(name for name, me in self.group.ids.items() if me == participant)

    def _mine(self, state: State, name: str) -> list[Entry]:
        me, kinds = self.group.ids[name], (*KINDS, "edit")
        return [e for e in state.entries.values() if e.header.by == me and e.kind in kinds and e.body is not None]


def copied(record: Record) -> Record:
    """The same entries, key and doors in a record of its own."""
    keeper = MemoryBackend()
    with record.backend.reading() as rows, keeper.writing() as mine:
        for name, value in rows.__dict__.items():
            mine.__dict__[name] = value.copy() if hasattr(value, "copy") else value
    return Record(keeper, now_ms=record.now_ms, random_bytes=dice("copied"))


def part_of(record: Record, workshop: str, keep: Callable[[Entry], bool], *, key: bool = True) -> Record:
    """A record that holds some of the entries of another, as a line that broke in the middle leaves it."""
    with record.backend.reading() as rows:
        return holding(
            workshop, [e for _, e in rows.entries_after(workshop, 0) if keep(e)], rows.key(workshop) if key else None
        )


def holding(workshop: str, entries: Iterable[Entry], key: bytes | None = None) -> Record:
    """A record in memory that holds just these entries, whoever made them: also what no honest record would."""
    keeper = MemoryBackend()
    with keeper.writing() as rows:
        for entry in entries:
            rows.insert(entry)
        if key is not None:
            rows.set_key(workshop, key)
    return Record(keeper, now_ms=Time(), random_bytes=dice("holding"))
