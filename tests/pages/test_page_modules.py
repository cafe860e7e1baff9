"""A page draws, and is drawn on by nobody: what several pages need stands in a module of its own."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import cowork.pages
from cowork.pages.registry import OURS

FOLDER = Path(cowork.pages.__file__).parent
MODULES = {
    ".".join(path.relative_to(FOLDER).with_suffix("").parts): path
    for path in FOLDER.rglob("*.py")
    if path.stem != "__init__"
}


def imported(path: Path) -> set[str]:
    """The modules of the pages that a module imports, inside a function too."""
    nodes = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.ImportFrom)]
    named = {node.module for node in nodes if node.module}
    named |= {f"{node.module}.{name.name}" for node in nodes for name in node.names}
    return {name.removeprefix("cowork.pages.") for name in named} & MODULES.keys()


USES = {name: imported(path) for name, path in MODULES.items()}


def test_the_modules_of_every_folder_are_looked_at() -> None:
    assert set(OURS) <= MODULES.keys() and USES["session.page_parts"] >= {"registry", "submissions"}


def test_no_page_is_a_library_for_another_module() -> None:
    assert [(name, page) for name, used in USES.items() for page in sorted(used & set(OURS))] == []


def test_the_modules_of_the_pages_import_each_other_in_no_circle() -> None:
    assert len(list(TopologicalSorter(USES).static_order())) == len(MODULES)
