"""What must hold for the scripts and style sheets, whatever they draw."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cowork.widgets import component as part_module

HERE = Path(part_module.__file__).parent
SCRIPTS = sorted(HERE.glob("*.js"))
STYLES = sorted(HERE.glob("*.css"))

by_name = pytest.mark.parametrize("path", SCRIPTS + STYLES, ids=lambda path: path.name)


@by_name
def test_no_file_grows_out_of_sight(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) < 450


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_makes_nodes_and_never_markup(path: Path) -> None:
    code = re.sub(r"//.*", "", path.read_text("utf-8"))
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
        assert way not in code
    # Not there on a room's plain http: the page would stand still on every phone but the organiser's.
    for way in ("randomUUID", "crypto.subtle", "navigator.clipboard", "wakeLock", "serviceWorker"):
        assert way not in code
    assert not re.search(r"https?://(?!www\.w3\.org)", code)


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_every_rule_begins_with_our_class(path: Path) -> None:
    sheet = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    sheet = re.sub(r"@keyframes [\w-]+ \{.*?\}\s*\}", "", sheet, flags=re.DOTALL)
    assert sheet.count("{") == sheet.count("}")
    for selectors in re.findall(r"(?:^|[{}])\s*([^@{}]+)\{", sheet):
        # Commas inside :is(…), :where(…), :not(…) separate no rules.
        while True:
            flat = re.sub(r"\([^()]*\)", "", selectors)
            if flat == selectors:
                break
            selectors = flat
        for selector in selectors.split(","):
            assert selector.strip().startswith(".cw"), selector
    assert "url(" not in sheet and "@import" not in sheet
