"""A report as a test reads it: its words, its parts, its addresses, as a browser without any script would have them."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser

from golden.make_report import make

from cowork.core.fold import State
from cowork.reports.full_report import report

INLINE = frozenset({"bdi", "a", "span", "strong", "q"})
VOID = frozenset({"meta", "img", "br", "link", "input", "hr"})


@cache
def workshop() -> State:
    """The workshop of the golden files. Read it, and leave it as it is."""
    return make()


class Sheet(HTMLParser):
    """`words` is all that is shown, in one line; `parts` the same by the heading of each part, by its address."""

    def __init__(self, data: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.headings: list[tuple[int, str]] = []
        self.ids: list[str] = []
        self.hrefs: list[str] = []
        self.style = ""
        self.open: list[str] = []
        self.parts: dict[str, str] = {"": ""}
        self._part = ""
        self.feed(data.decode())
        self.close()
        self.parts = {key: one_line(text) for key, text in self.parts.items()}
        self.words = one_line(" ".join(self.parts.values()))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, found))
        if "id" in found:
            self.ids.append(found["id"])
        if "href" in found:
            self.hrefs.append(found["href"])
        if tag not in INLINE:
            self.parts[self._part] += " "
        if tag == "h2":
            self._part = found.get("id", "")
            self.parts.setdefault(self._part, "")
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]} at {self.getpos()}"
        self.open.pop()
        if tag not in INLINE:
            self.parts[self._part] += " "

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            self.style += data
        elif "title" not in self.open:
            self.parts[self._part] += data
            if self.open and re.fullmatch(r"h[1-6]", next((t for t in reversed(self.open) if t[0] == "h"), "")):
                level, text = self.headings[-1]
                self.headings[-1] = (level, one_line(text + data))


def one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def sheet(state: State, lang: str = "en", *, research: bool = False) -> Sheet:
    return Sheet(report(state, lang, research=research))
