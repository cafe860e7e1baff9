"""Random threads: one workshop in which people write, quote, rest on each other's words, differ, agree and take back.

Where `strategies` tries the laws of the record on several devices, `Weave` tries what is read from the thread. Each
text is a word of its own (`word7x`), so a word that stands where it must not is found by looking for it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from hypothesis import strategies as st

from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.errors import CoworkError
from cowork.core.fold import State
from cowork.core.provenance import edges
from cowork.core.quotes import gap_in
from cowork.store import memory_record
from support.strategies import Group, Time, dice

NAMES = ("fay", "ada", "bo", "cy")
SAID = ("utterance", "intention", "asset", "need")
SEEN_BY = ("group", "group", "group", "only-me", "group-from-reveal")
ELEMENTS = ("dialogue", "documentation", "interpretation")

#: What is made -> by which relation, and of which kinds.
MADE: dict[str, tuple[str, tuple[str, ...]]] = {
    "view": ("documents", SAID),
    "interpretation": ("interprets", ("view", "utterance", "theme")),
    "theme": ("groups", ("view",)),
    "understanding": ("rests-on", ("interpretation", "view", "utterance", "intention")),
    "proposal": ("rests-on", ("understanding", "view", "need")),
    "difference": ("rests-on", ("view",)),
    "ending": ("closes", ("proposal",)),
    "action": ("builds-on", ("outcome",)),
}
#: Links that somebody makes later. The last two can lead in a ring.
TIED = (
    ("used-in", SAID, ("outcome",)),
    ("went-unused", SAID, ("outcome",)),
    ("meets-need", ("asset",), ("need",)),
    ("holds", (), ("view",)),
    ("differs-from", ("view",), ("view",)),
    ("rests-on", ("understanding", "interpretation", "view"), ("understanding", "interpretation", "view")),
    ("builds-on", ("view",), ("view",)),
)
WHAT = (
    *("say",) * 5, *MADE, *MADE, "differ", "tie", "tie", "talk", "talked", "edit", "edit", "reword", "reword",
    "withdraw", "restore", "hide", "show", "erase", "stand", "stand", "stance", "worry", "response", "alone",
)  # fmt: skip

Act = tuple[str, int, int, int]

WORD = re.compile(r"word\d+x\w*")


def acts(most: int = 40) -> st.SearchStrategy[list[Act]]:
    number = st.integers(0, 63)
    return st.lists(st.tuples(st.sampled_from(WHAT), number, number, number), min_size=8, max_size=most)


def weaves(most: int = 40) -> st.SearchStrategy[Weave]:
    return acts(most).map(Weave)


class Weave:
    """A workshop after some acts; what `may` refuses never happened."""

    def __init__(self, played: Sequence[Act]) -> None:
        self.played = list(played)
        self.time = Time()
        self.group = Group(memory_record(now_ms=self.time, random_bytes=dice("weave")), " ".join(NAMES))
        for step, act in enumerate(self.played):
            self.time.ms += 60_000
            try:
                self._play(step, *act)
            except CoworkError:
                pass

    def __repr__(self) -> str:
        return f"Weave({self.played!r})"

    @property
    def state(self) -> State:
        return self.group.state

    def eyes(self) -> list[ParticipantView]:
        """The workshop as each of its people sees it, and as the group at large does."""
        return [ParticipantView(self.state, viewer) for viewer in ("", *(self.group.ids[name] for name in NAMES))]

    # ---- acts

    def _play(self, step: int, what: str, a: int, b: int, c: int) -> None:
        name = NAMES[a % len(NAMES)]
        word = f"word{step}x"
        group = self.group
        if what == "say":
            group.write(name, word, kind=SAID[b % len(SAID)], seen_by=SEEN_BY[c % len(SEEN_BY)])
        elif what in MADE:
            self._make(name, what, word, b, c)
        elif what == "differ" and (other := self._pick(name, b, "view")):
            group.write(name, word, ("differs-from", other), kind="view")
        elif what == "tie":
            self._tie(name, b, c)
        elif what in ("talk", "talked") and (target := self._pick(name, b)):
            kind = "utterance" if what == "talk" else "talked"
            group.add(name if what == "talk" else "fay", kind, {"text": word}, ("talks-about", target))
        elif what == "edit" and (mine := self._mine(name)):
            before = mine[b % len(mine)].entry
            group.edit(name, word, before.id, seen_by=before.header.seen_by)
        elif what == "reword" and (target := self._pick(name, b, "proposal", "theme")):
            group.edit(name, word, target)  # what belongs to all may be worded by others than its author
        elif what in ("stand", "stance") and (view := self._pick(name, b, "view")):
            codes = ("still", "partly", "changed") if what == "stand" else ("with", "unsure", "differ")
            kind, field = ("standing", "standing") if what == "stand" else ("stance", "stance")
            body = {field: codes[c % 3], "text": word}
            group.add(name, kind, body, ("answers", view), seen_by=SEEN_BY[c % len(SEEN_BY)])
        elif what == "worry" and (target := self._pick(name, b, "proposal")):
            group.write(name, word, ("talks-about", target), kind="reservation")
        elif what == "response" and (target := self._pick("fay", b, "outcome", "proposal")):
            group.write("fay", word, ("answers", target), kind="response")
        else:
            self._take_away(name, what, b, c)

    def _make(self, name: str, what: str, word: str, b: int, c: int) -> None:
        relation, kinds = MADE[what]
        some = random.Random(b * 64 + c)
        versions = [v for v in (self._pick(name, some.randrange(64), *kinds) for _ in range(1 + c % 3)) if v]
        about = tuple((relation, v) for v in dict.fromkeys(versions))
        body: dict[str, object] = {"text": word, "lang": "en"}
        if what == "view":
            if c % 4 == 0:
                body |= {"holder": "several", "holders": [self.group.ids[n] for n in (name, NAMES[c // 4 % 4])]}
            body["quotes"] = [
                {"source": self.state.root(v), "version": v, "start": 0, "end": len(self._text(v))} for _, v in about
            ]
        if what == "proposal":
            body["rule"] = {"code": "talk"}
        if what in ("difference", "ending"):
            body["outcome"] = "difference" if what == "difference" else ("agreed", "open-question")[c % 2]
            name, about = "fay", about[:1] if what == "ending" else about
        if not about and what in ("ending", "action", "theme"):
            return
        if c % 9 == 0:
            body["unwritten"] = True
        self.group.add(name, "outcome" if "outcome" in body else what, body, *about, seen_by=SEEN_BY[b % len(SEEN_BY)])

    def _tie(self, name: str, b: int, c: int) -> None:
        relation, sources, targets = TIED[c % len(TIED)]
        start = self._pick(name, b, *sources) if sources else ""
        end = self._pick(name, b // 3 + c, *targets)
        if end and (start or not sources):
            self.group.add(name, "link", {}, *([("from", start)] if start else []), (relation, end))

    def _take_away(self, name: str, what: str, b: int, c: int) -> None:
        group, state, mine = self.group, self.state, self._mine(name)
        if what == "withdraw" and mine:
            group.withdraw(name, mine[b % len(mine)].id)
        elif what == "erase" and mine and c % 2:
            group.erase(name, mine[b % len(mine)].id)
        elif what == "restore" and (taken := state.of_kind("withdrawal")):
            last = taken[b % len(taken)]
            group.restore(next(n for n, me in group.ids.items() if me == last.header.by), last.id)
        elif what == "hide" and (target := self._pick("fay", b)):
            group.hide("fay", state.root(target))
        elif what == "show" and (hides := state.of_kind("hide")):
            hide = hides[b % len(hides)]
            group.show("fay", hide.targets("hides")[0], hide.id)
        elif what == "alone":
            group.add("fay", "setting", {"element": ELEMENTS[b % len(ELEMENTS)], "alone": c % 2 == 0})

    def _pick(self, name: str, at: int, *kinds: str) -> str:
        """The present version of something this person sees; "" where there is none."""
        seen = ParticipantView(self.state, self.group.ids[name])
        found = [c for c in (seen.of_kind(*kinds) if kinds else seen.contributions()) if c.is_active]
        return found[-1 - at % len(found)].entry.id if found else ""

    def _mine(self, name: str) -> list[Contribution]:
        return [
            c for c in ParticipantView(self.state, self.group.ids[name]).contributions() if c.is_mine and c.is_active
        ]

    def _text(self, version: str) -> str:
        return str(self.state.entries[version].data.get("text", ""))


def words_of(seen: ParticipantView) -> set[str]:
    """Every word this viewer may read: what stands here, in each version they may see, and nothing taken or hidden."""
    found: set[str] = set()
    for c in seen.contributions():
        for version in (*c.earlier, *c.versions):
            if not gap_in(seen, version.id):
                found.update(WORD.findall(str(version.data)))
    return found


def ground_of(seen: ParticipantView, root: str) -> list[str]:
    """What a contribution rests on directly, asked of the links themselves."""
    from cowork.core.provenance import PROVENANCE

    return list(dict.fromkeys(edge.target for edge in edges(seen.state, root, *PROVENANCE)))
