"""What must hold for the scripts and style sheets, whatever they draw, and how scripts become one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from cowork.widgets import bundle, manifest
from cowork.widgets.manifest import (
    ENTRY_SCRIPTS,
    ScriptError,
    files_of,
    join_files,
    list_scripts,
    read_code,
    read_imports,
    read_style,
)

HERE = Path(manifest.__file__).parent
FRONTEND = HERE.parent / "frontend"
SCRIPTS = sorted([*HERE.rglob("*.js"), *FRONTEND.glob("*.js")])
MODULES = [path for path in SCRIPTS if path.name != "browser_check.js"]
STYLES = sorted(HERE.rglob("*.css"))
SCRIPTS_OF_DEFERRED = sorted({file for name in bundle.DEFERRED for file in files_of(name)[0]})

Write = Callable[..., Path]


def name_of(path: Path) -> str:
    return path.relative_to(HERE.parent).as_posix()


by_name = pytest.mark.parametrize("path", SCRIPTS + STYLES, ids=name_of)
TOP_LEVEL = re.compile(r"^(?:async )?(?:function|class|const|let|var) ([\w$]+)", re.MULTILINE)
"""Names that a script defines for all that stands in one scope with it."""


@by_name
def test_no_file_grows_out_of_sight(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) < 450


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_a_script_makes_nodes_and_never_markup(path: Path) -> None:
    code = re.sub(r"//.*", "", path.read_text("utf-8"))
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
        assert way not in code
    # Not there on a room's plain http: the page would stand still on every phone but the organiser's.
    for way in ("randomUUID", "crypto.subtle", "navigator.clipboard", "wakeLock", "serviceWorker"):
        assert way not in code
    assert not re.search(r"https?://(?!www\.w3\.org)", code)


@pytest.mark.parametrize("path", STYLES, ids=name_of)
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


# How scripts become one -------------------------------------------------------------------------------


def test_no_two_files_define_the_same_name_in_one_scope() -> None:
    for root, entries in ((HERE, ENTRY_SCRIPTS.values()), (FRONTEND, ["widget_manager.js"])):
        where = defaultdict(set)
        for name in {script for entry in entries for script in list_scripts(entry, root)}:
            for one in TOP_LEVEL.findall(read_code(name, root)):
                where[one].add(name)
        assert {one: files for one, files in where.items() if len(files) > 1} == {}


def test_every_script_is_part_of_a_component_or_of_the_front_end() -> None:
    joined = {HERE / script for name in ENTRY_SCRIPTS for script in files_of(name)[0]}
    joined |= {FRONTEND / script for script in list_scripts("widget_manager.js", FRONTEND)}
    assert set(MODULES) == joined | {HERE / bundle.DEFERRED_LOADER}


def test_every_style_sheet_belongs_to_a_component() -> None:
    assert set(STYLES) == {HERE / sheet for name in ENTRY_SCRIPTS for sheet in files_of(name)[1]}


@pytest.mark.parametrize("name", ENTRY_SCRIPTS)
def test_each_file_stands_once_and_behind_those_that_it_imports(name: str) -> None:
    scripts, styles = files_of(name)
    assert styles[0] == manifest.BASE_STYLE and len(set(scripts)) == len(scripts) and len(set(styles)) == len(styles)
    assert scripts[-1] == ENTRY_SCRIPTS[name]
    for at, script in enumerate(scripts):
        assert set(list_scripts(script)[:-1]) <= set(scripts[:at])


@pytest.mark.parametrize("name", ENTRY_SCRIPTS)
def test_a_joined_component_is_one_module_with_one_export(name: str) -> None:
    lines = join_files(files_of(name)[0]).splitlines()
    assert [line for line in lines if re.match(r"\s*(import|export)\b", line)] == ["export default {"]
    assert not [line for line in lines if re.match(r"\s*(?://|/\*|\* )", line)]


def test_the_two_scripts_hold_each_file_once_and_draw_every_component() -> None:
    first, deferred, sheet = bundle.script("./d.js"), bundle.deferred_script(), bundle.sheet()
    for name in ENTRY_SCRIPTS:
        home, other = (deferred, first) if name in bundle.DEFERRED else (first, deferred)
        assert home.count(f"\nparts.{name} = {{\n") == 1 and f"\nparts.{name} = {{\n" not in other
        for file in files_of(name)[0][:-1]:
            assert (first + deferred).count(read_code(file)) == 1, file
        for file in files_of(name)[1]:
            assert sheet.count(read_style(file)) == 1, file
    assert not re.search(r"^\s*(?:import|export)\b", first, re.MULTILINE)
    assert re.findall(r"^\s*(?:import|export)\b.*", deferred, re.MULTILINE) == deferred.splitlines()[:1]


def test_a_first_page_needs_nothing_of_the_second_script() -> None:
    first = {
        *list_scripts(ENTRY_SCRIPTS["shell"]),
        *list_scripts(ENTRY_SCRIPTS["ask"]),
        *list_scripts(ENTRY_SCRIPTS["wall"]),
    }
    assert not {file for file in first if f"\n{read_code(file)}\n" in bundle.deferred_script()}


def test_what_the_second_script_uses_of_the_first_never_gets_another_value() -> None:
    """It gets values, where a module that imports them would see later ones."""
    wanted = {name for file in SCRIPTS_OF_DEFERRED for names in read_imports(file).values() for name in names}
    for path in MODULES:
        changing = set(re.findall(r"^export (?:let|var) ([\w$]+)", path.read_text("utf-8"), re.MULTILINE))
        assert not changing & wanted, path


def test_a_style_sheet_is_joined_without_its_comments() -> None:
    sheet = bundle.sheet()
    assert "/* " not in re.sub(r"\S.*/\*", "", sheet) and not re.search(r"^[ \t]", sheet, re.MULTILINE)
    for path in STYLES:
        flat = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)).strip()
        joined = re.sub(r"/\*.*?\*/", "", read_style(path.relative_to(HERE).as_posix()), flags=re.DOTALL)
        assert re.sub(r"\s+", " ", joined).strip() == flat, path


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_no_text_in_back_quotes_spans_lines(path: Path) -> None:
    """The joiner takes a line that looks like a comment for one."""
    code = re.sub(r"^\s*(?://|/?\*).*", "", path.read_text("utf-8"), flags=re.MULTILINE)
    assert [line for line in code.splitlines() if re.sub(r"\s//.*", "", line).count("`") % 2] == []


class TestJoiner:
    """Made-up scripts in a folder of their own."""

    @pytest.fixture
    def write(self, tmp_path: Path) -> Write:
        def write(**scripts: str) -> Path:
            for name, text in scripts.items():
                (tmp_path / f"{name}.js").write_text(text, "utf-8")
            return tmp_path

        return write

    def test_it_takes_out_what_only_modules_and_readers_need(self, write: Write) -> None:
        root = write(
            a='// A.\n\nimport {\n  b,\n  c,\n} from "./b.js";\n\n/**\n * @param {number} x\n */\n'
            "export function a(x) {\n  // why\n  return b + c + x; // here\n}\n",
            b="export const b = 1;\nexport let c = 2;\n/** @type {number} */\n"
            "export class D {}\nexport async function e() {}\n",
        )
        assert list_scripts("a.js", root) == ("b.js", "a.js")
        assert join_files(("b.js", "a.js"), root) == (
            "const b = 1;\nlet c = 2;\nclass D {}\nasync function e() {}\n\n"
            "function a(x) {\n  return b + c + x; // here\n}\n"
        )

    @pytest.mark.parametrize(
        ("text", "line", "fault"),
        [
            ('import b from "./b.js";\n', 1, "this form is not known"),
            ('import * as b from "./b.js";\n', 1, "this form is not known"),
            ('import "./b.js";\n', 1, "this form is not known"),
            ('\nimport { b } from "other";\n', 2, "this form is not known"),
            ('import { b } from "./b.js"; import { c } from "./b.js";\n', 1, "this form is not known"),
            ('import { b as d } from "./b.js";\n', 1, "b.js exports no b as d"),
            ('// x\n\nimport { d } from "./b.js";\n', 3, "b.js exports no d"),
            ('import { b } from "./none.js";\n', 1, "there is no none.js"),
            ('import { b } from "./b.js";\nimport { c } from "./b.js";\n', 2, "b.js is imported twice"),
            ("const a = 1;\nexport { a };\n", 2, "this form is not known"),
            ('export * from "./b.js";\n', 1, "this form is not known"),
            ("export const { a } = {};\n", 1, "this form is not known"),
            ("export default {};\nexport default {};\n", 2, "this form is not known"),
            ("  export const a = 1;\n", 1, "this form is not known"),
        ],
    )
    def test_a_form_that_it_does_not_know_is_an_error_with_file_and_line(
        self,
        write: Write,
        text: str,
        line: int,
        fault: str,
    ) -> None:
        root = write(a=text, b="export const b = 1;\nexport const c = 1;\n")
        with pytest.raises(ScriptError, match=re.escape(f"a.js, line {line}: {fault}")):
            read_code("a.js", root)

    def test_a_circle_of_imports_is_an_error_that_names_it(self, write: Write) -> None:
        root = write(
            a='import { b } from "./b.js";\n\nexport const a = 1;\n',
            b='import { a } from "./a.js";\n\nexport const b = 1;\n',
        )
        with pytest.raises(ScriptError, match=r"b\.js, line 1: a circle of imports: a\.js -> b\.js -> a\.js"):
            list_scripts("a.js", root)

    def test_only_the_entry_has_a_default(self, write: Write) -> None:
        root = write(a="const a = 1;\n", b="const b = 1;\nexport default b;\n")
        with pytest.raises(ScriptError, match=r"b\.js, line 2: only the entry"):
            join_files(("b.js", "a.js"), root)
