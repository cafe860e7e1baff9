"""The shape of the source: no circle of imports, no crowded folder, no function and no file that has grown too long."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "cowork"
MODULES = sorted(SOURCE.rglob("*.py"))

#: Modules in one folder, without `__init__`; lines of one function. The lines of a file stand in test_repository.py.
MAX_MODULES, MAX_FUNCTION_LINES = 14, 60


def name_of(path: Path) -> str:
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path, known: frozenset[str]) -> Iterator[str]:
    """The modules of ours that this one imports, wherever in it, and not only for the types."""
    tree = ast.parse(path.read_text("utf-8"))
    typing_only = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "cowork":
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in known else node.module


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """The groups of modules that import each other (Tarjan's strongly connected components of more than one)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(module: str) -> None:
        order[module] = low[module] = len(order)
        stack.append(module)
        for other in graph[module]:
            if other not in order:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in stack:
                low[module] = min(low[module], order[other])
        if low[module] == order[module]:
            group = stack[stack.index(module) :]
            del stack[stack.index(module) :]
            if len(group) > 1:
                found.append(sorted(group))

    for module in graph:
        if module not in order:
            visit(module)
    return found


def test_no_modules_import_each_other_in_a_circle() -> None:
    known = frozenset(map(name_of, MODULES))
    graph = {name_of(path): set(imports_of(path, known)) - {name_of(path)} for path in MODULES}
    # A package that offers the names of its modules is no circle with them.
    for name, others in graph.items():
        others -= {other for other in others if name.startswith(other + ".")}
    assert circles(graph) == []


def test_a_circle_is_found_where_there_is_one() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == [["b", "c"]]


@pytest.mark.parametrize("suffix", [".py", ".js"])
def test_no_folder_holds_more_modules_than_a_person_can_see_at_once(suffix: str) -> None:
    folders = {path.parent for path in SOURCE.rglob(f"*{suffix}")}
    modules = {folder: [path for path in folder.glob(f"*{suffix}") if path.stem != "__init__"] for folder in folders}
    assert {str(folder): len(found) for folder, found in modules.items() if len(found) > MAX_MODULES} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno
        and node.end_lineno - node.lineno >= MAX_FUNCTION_LINES
    }
    assert long == {}
