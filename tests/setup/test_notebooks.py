"""The notebooks of the repository: each page has one, and only those that show a page are served to visitors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
#: Not pages: they read a whole workshop.
STUDIES = {"analyse"}
PAGES = sorted(set(NOTEBOOKS) - STUDIES)


def code(notebook: dict[str, Any]) -> list[str]:
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def prose(notebook: dict[str, Any]) -> str:
    return "\n\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")


def served(notebook: dict[str, Any]) -> bool:
    return notebook["metadata"].get("cowork", {}).get("serve") is True


def test_there_are_notebooks_to_look_at() -> None:
    assert {"workbook", "intention", "dialogue"} <= set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_a_notebook_that_is_served_shows_its_page_and_does_nothing_else(name: str) -> None:
    shows = "show()" if name == "workbook" else f'show("{name}")'
    assert code(NOTEBOOKS[name]) == [f"from cowork.pages import show\n{shows}"]
    assert served(NOTEBOOKS[name])


@pytest.mark.parametrize("name", sorted(STUDIES & set(NOTEBOOKS)))
def test_a_notebook_that_reads_a_whole_workshop_is_not_served(name: str) -> None:
    assert not served(NOTEBOOKS[name])


@pytest.mark.parametrize("name", sorted(set(PAGES) - {"workbook"}))
def test_a_page_s_notebook_says_why_how_long_and_what_goes_wrong(name: str) -> None:
    words = prose(NOTEBOOKS[name])
    for heading in (
        "## Why",
        "## How long",
        "## What goes wrong",
        "## Signs that it has become a tick-box",
        "## Sources",
    ):
        assert heading in words, f"{name}.ipynb has no part {heading!r}"
    assert "Masterson" in words


@pytest.mark.parametrize("name", PAGES)
def test_a_page_s_notebook_shows_a_page_there_is(name: str) -> None:
    from cowork.pages.registry import pages

    assert name == "workbook" or name in pages()
