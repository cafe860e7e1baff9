"""A group that proposes, answers, worries and ends: for tests of what an agreement is made of."""

from __future__ import annotations

import pytest

from cowork.core.errors import CoworkError, NotAllowed
from cowork.core.proposals import verdict
from support.strategies import Group


class Talk(Group):
    """A group with short ways to propose, answer and end."""

    def propose(self, name: str = "ada", rule: str = "answered", **more: object) -> str:
        body = {"text": "One number", "rule": {"code": rule, **more}, "levels": "five", "round": 1}
        return self.add(name, "proposal", body)

    def again(self, name: str, version: str, round: int = 2, rule: str = "answered") -> str:
        body = {"text": "One number, answered", "rule": {"code": rule}, "levels": "five", "round": round}
        return self.add(name, "edit", body, ("replaces", version))

    def answer(self, name: str, version: str, level: str, **more: object) -> str:
        return self.add(name, "position", {"level": level, **more}, ("answers", version), seen_by="group-from-reveal")

    def reveal(self, version: str) -> str:
        return self.add("fay", "setting", {"shows": "positions"}, ("reveals", version), how="facilitator")

    def worry(self, name: str, version: str, text: str = "At night?") -> str:
        return self.add(name, "reservation", {"text": text, "sort": "worry"}, ("talks-about", version))

    def calm(self, name: str, worry: str) -> str:
        return self.write(name, "A machine answers", ("answers-reservation", worry), kind="utterance")

    def end(self, version: str, how: str = "agreed", name: str = "fay") -> str:
        return self.add(name, "outcome", {"text": "One number", "outcome": how}, ("closes", version))

    def met(self, version: str) -> bool | None:
        return verdict(self.state, self.state.entries[version]).met


def refused(why: str, kind: type[CoworkError] = NotAllowed) -> object:
    return pytest.raises(kind, match=why)
