"""Which pages there are.

A page is a function that takes a `PageContext` and returns components. It only draws; `submissions` holds what a form
does. It registers itself with `@page`; pages of other
packages come in by the entry point `cowork.pages`, and one defined in a notebook cell counts from there on.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from cowork import text
from cowork.context import PageContext

log = logging.getLogger("cowork.pages")

Make = Callable[[PageContext], Sequence[Any]]

#: Pages of our own; each file registers one.
OURS = (
    "entry.landing",
    "entry.create_workshop",
    "facilitation.start",
    "entry.join",
    "entry.preferences",
    "elements.intention",
    "elements.assets",
    "elements.dialogue",
    "elements.documentation",
    "overview.differences",
    "elements.interpretation",
    "elements.understanding",
    "agreement.page",
    "overview.journey",
    "overview.trace",
    "facilitation.meeting_mode",
    "overview.report",
    "facilitation.people",
)


@dataclass(frozen=True)
class Page:
    """One page: how it is made, and where it stands.

    `part` is the element it shows ("" for any other page); `beside` puts a further page next to an element; `front`
    pages are open to those who are in no workshop.
    """

    key: str
    make: Make
    part: str = ""
    beside: str = ""
    front: bool = False

    @property
    def before_one_is_in(self) -> bool:
        """True for a page on the way in: whoever takes part is never sent there."""
        return self.front or self.key == "join"

    @property
    def is_for_everyone(self) -> bool:
        """True for a page to which everybody can be invited."""
        return not (self.before_one_is_in or self.key == "people")

    def name(self, lang: str) -> str:
        """The page's name in the list of parts; a page from elsewhere is named by the first line of its own text."""
        if f"{self.key}.link" in text.keys():
            return text.translate(f"{self.key}.link", lang)
        first = (self.make.__doc__ or self.key).strip().splitlines()[0]
        return first.split(":")[0] if ":" in first else self.key.replace("-", " ").capitalize()

    def plain(self, lang: str) -> str:
        return text.translate(f"{self.key}.plain", lang) if f"{self.key}.plain" in text.keys() else ""


_pages: dict[str, Page] = {}
_loaded = False


def page(key: str, *, part: str = "", beside: str = "", front_door: bool = False) -> Callable[[Make], Make]:
    """Register a page under `key`, which also names it in addresses and in the catalogue.

    A page is made of cowork's components and of other anywidgets, your own among them. ipywidgets' own controls
    (`IntSlider`, `HBox`, `Output`) are not drawn in a page, which says so in their place; they work in a cell.
    """

    def register(make: Make) -> Make:
        _pages[key] = Page(key, make, part=part, beside=beside, front=front_door)
        return make

    return register


def ours() -> None:
    """Load our own pages; each registers itself."""
    for name in OURS:
        importlib.import_module(f"cowork.pages.{name}")


@cache
def theirs() -> tuple[EntryPoint, ...]:
    """Pages of other packages, named and not loaded. Reads what each installed package says of itself, so only once."""
    return tuple(entry_points(group="cowork.pages"))


def pages() -> dict[str, Page]:
    """Every page there is, our own first."""
    global _loaded
    if not _loaded:
        _loaded = True
        ours()
        for entry in theirs():
            try:
                entry.load()
            except Exception:  # somebody else's page must not keep ours from opening
                log.exception("the page %s could not be loaded", entry.name)
    return _pages
