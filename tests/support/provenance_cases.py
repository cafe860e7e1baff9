"""Random workshops whose texts rest on each other, and a plain replay that says what rests on changed ground.

The replay knows nothing of folds, versions or indexes: it keeps a list of what happened and looks through all of it.
Words are one token each, so that a token found anywhere is that text's and no other's.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

from cowork.core.errors import CoworkError
from cowork.store import memory_record
from support.strategies import Group, dice

#: kind -> the relation by which it rests on what is below it.
RESTS = {"utterance": "", "view": "documents", "interpretation": "interprets", "understanding": "rests-on",
         "outcome": "rests-on", "theme": "groups"}  # fmt: skip
WHAT = (
    *("say",) * 4, *("rest",) * 8, "edit", "edit", "relink", "withdraw", "withdraw", "restore", "hide", "show", "erase",
    "renew", "renew", "link", "unlink",
)  # fmt: skip
KINDS = ("view", "interpretation", "understanding", "outcome", "theme")

Act = tuple[str, int, int, int]


def acts(most: int = 40) -> st.SearchStrategy[list[Act]]:
    number = st.integers(0, 63)
    return st.lists(st.tuples(st.sampled_from(WHAT), number, number, number), min_size=12, max_size=most)


@dataclass
class Text:
    """One text as the replay knows it: `happened` is a list of (step, what)."""

    root: str
    kind: str
    author: str
    tip: str
    written: int
    rests: list[str]
    tokens: list[str] = field(default_factory=list)
    edits: list[int] = field(default_factory=list)
    taken: int = 0
    hidden: int = 0
    erased: int = 0
    renewed: int = 0
    taken_by: str = ""
    hidden_by: str = ""

    @property
    def gone(self) -> bool:
        return bool(self.taken or self.hidden or self.erased)


class Played:
    """A group that has done these things, in one record; `texts` is the replay's own account of it."""

    def __init__(self, played: list[Act]) -> None:
        self.played = played
        self.group = Group(memory_record(random_bytes=dice("ground")), "fay ada bo")
        self.texts: dict[str, Text] = {}
        self.links: dict[str, tuple[str, str]] = {}
        self.step = 0
        for act in played:
            self.step += 1
            try:
                self._play(*act)
            except CoworkError:
                pass  # `may` said no: it never happened

    def __repr__(self) -> str:
        return f"Played({self.played!r})"

    def _play(self, what: str, a: int, b: int, c: int) -> None:
        group, name = self.group, ("fay", "ada", "bo")[a % 3]
        there = list(self.texts.values())
        one = there[b % len(there)] if there else None
        token = f"tok{self.step:03}en"
        if what in ("say", "rest"):
            self._write(name, "utterance" if what == "say" or not there else KINDS[c % len(KINDS)], token, b, c)
        elif one is None:
            return
        elif what in ("edit", "relink"):
            other = there[c % len(there)]
            about = [(RESTS[one.kind], other.tip)] if what == "relink" and RESTS[one.kind] else []
            if about and (other.root == one.root or self._below(other.root) & {one.root}):
                return
            one.tip = group.edit(one.author, token, one.tip) if not about else group.write(
                one.author, token, ("replaces", one.tip), *about, kind="edit")  # fmt: skip
            one.tokens.append(token)
            one.edits.append(self.step)
            one.written = self.step
            if about:
                one.rests = [other.root]
        elif what == "withdraw" and not one.taken:
            one.taken_by = group.withdraw(one.author, one.root)
            one.taken = self.step
        elif what == "restore" and one.taken:
            group.restore(one.author, one.taken_by)
            one.taken = 0
        elif what == "hide" and not one.hidden:
            one.hidden_by = group.hide("fay", one.root)
            one.hidden = self.step
        elif what == "show" and one.hidden:
            group.show("fay", one.root, one.hidden_by)
            one.hidden = 0
        elif what == "erase":
            group.erase(one.author, one.root)
            one.erased = self.step
        elif what == "renew" and (ended := [t for t in there if t.kind == "outcome" and t.root in self.marked()]):
            one = ended[c % len(ended)]
            group.add("fay", "outcome", {"outcome": "renewed"}, ("renews", one.tip))
            one.renewed = self.step
        elif what in ("link", "unlink"):
            self._link(what, one, there[c % len(there)])

    def _write(self, name: str, kind: str, token: str, b: int, c: int) -> None:
        there = list(self.texts.values())
        below = {t.root: t for t in (there[b % len(there)], there[(b * 7 + c) % len(there)])} if RESTS[kind] else {}
        body = {"text": token, "lang": "en", **({"outcome": "difference"} if kind == "outcome" else {})}
        about = [(RESTS[kind], t.tip) for t in below.values()]
        quotes = [{"source": t.root, "version": t.tip, "start": 0, "end": 8} for t in below.values()]
        made = self.group.add(name, kind, {**body, **({"quotes": quotes} if quotes else {})}, *about)
        self.texts[made] = Text(made, kind, name, made, self.step, list(below), [token])

    def _link(self, what: str, one: Text, other: Text) -> None:
        if what == "link" and other.root != one.root and one.root not in self._below(other.root):
            made = self.group.add("bo", "link", {}, ("from", one.tip), ("rests-on", other.tip))
            self.links[made] = (one.root, other.root)
        elif what == "unlink" and self.links:
            made = next(iter(self.links))
            self.group.withdraw("bo", made)
            del self.links[made]

    # ---- what the replay says

    def _below(self, root: str) -> set[str]:
        found: set[str] = set()
        todo = [root]
        while todo:
            here = todo.pop()
            text = self.texts[here]
            for below in [*text.rests, *(t for s, t in self.links.values() if s == here)]:
                if below not in found:
                    found.add(below)
                    todo.append(below)
        return found - {root}

    def marked(self) -> dict[str, set[tuple[str, str]]]:
        """root -> (root below, what became of it), for every text that rests on changed ground."""
        found: dict[str, set[tuple[str, str]]] = {}
        for root, text in self.texts.items():
            since = max(text.written, text.renewed)
            changes: set[tuple[str, str]] = set()
            for below in self._below(root):
                there = self.texts[below]
                if any(step > since for step in there.edits):
                    changes.add((below, "changed"))
                for what, step in (("taken", there.taken), ("hidden", there.hidden), ("erased", there.erased)):
                    if step > since:
                        changes.add((below, what))
            if changes:
                found[root] = changes
        return found

    def gone_tokens(self) -> set[str]:
        """Words that stand in no output any more: taken back, hidden or erased."""
        return {token for text in self.texts.values() if text.gone for token in text.tokens}

    def here_tokens(self) -> set[str]:
        return {text.tokens[-1] for text in self.texts.values() if not text.gone}
