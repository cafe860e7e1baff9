"""Which notebooks a visitor can open: those that say they are pages. Any other would run on the operator's record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
RENDER = "/voila/render"


def kernels(server: Any) -> int:
    """How many processes the server has started."""
    found = Path(f"/proc/{server.process.pid}/task").glob("*/children")
    return sum(len(path.read_text().split()) for path in found)


def test_a_notebook_that_says_it_is_a_page_is_opened(server: Any) -> None:
    assert "COWORK_RECORD" in server.told()["env"]


@pytest.mark.parametrize("number", range(8))
def test_a_notebook_that_does_not_say_so_is_nowhere(server: Any, number: int, notebooks: Path) -> None:
    assert (notebooks / f"study-{number}.ipynb").is_file()
    before = kernels(server)
    answer = server.ask(f"{RENDER}/study-{number}.ipynb")
    assert answer.status == 404
    assert "There is no such page here" in answer.text
    assert "COWORK_RECORD" not in answer.text
    assert kernels(server) == before, "nothing was run to find that out"


def test_by_another_spelling_of_its_name_it_is_nowhere_either(server: Any) -> None:
    for path in ("./study-0.ipynb", "x/../study-0.ipynb", "%73tudy-0.ipynb", "/study-0.ipynb", "study-0.ipynb?serve=1"):
        assert server.ask(f"{RENDER}/{path}").status in (403, 404), path


def test_the_notebook_for_analysis_is_not_served_and_the_pages_are(start: Any) -> None:
    server = start(notebooks=str(ROOT / "notebooks"))
    assert server.ask(f"{RENDER}/analyse.ipynb").status == 404
    assert server.ask(f"{RENDER}/intention.ipynb").status == 200
    said = json.loads((ROOT / "notebooks/analyse.ipynb").read_text("utf-8"))["metadata"]
    assert "serve" not in said.get("cowork", {})
