"""Which files draw which component, read from the scripts themselves, and how they become one script.

A component has an entry script; what that imports, and what those import, is the list. There is no build step: the
joiner below writes each file once, behind those that it imports, and leaves out what only modules and their readers
need. It knows the forms of `import` and `export` that our scripts use and no others: any other is an error that names
file and line.
"""

from __future__ import annotations

import posixpath
import re
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent

FRONTEND_URL, PLOTLY = "COWORK_FRONT", "COWORK_PLOTLY"
"""The variables that say where a server keeps the bundle of all widgets, and plotly's script. Not set in JupyterLab:
there each widget carries its own files, and a figure shows its table."""

#: The name under which the bundle draws a component -> its entry script. All scripts but this one only define names.
ENTRY_SCRIPTS = {
    "ask": "form/form.js",
    "banner": "banner/banner.js",
    "choice": "choice/choice.js",
    "dialog": "dialog/dialog.js",
    "paper": "document_preview/document_preview.js",
    "plot": "plot/plot.js",
    "prose": "prose/prose.js",
    "shell": "shell/shell.js",
    "transcript": "transcript/transcript.js",
    "tree": "tree/tree.js",
    "upload": "upload/upload.js",
    "wall": "cards/render_card_list.js",
    "wheels": "wheels/wheels.js",
}
BASE_STYLE = "runtime/base.css"

DEFAULT_EXPORT = "export default "
_IMPORT = re.compile(r'^import \{([\w$,\s]+)\} from "(\.\.?/[\w./-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async function|function|class|const|let) ([\w$]+))", re.MULTILINE)
_OTHER = re.compile(r"^[ \t]*(?:import|export)\b.*", re.MULTILINE)
#: Comments that have lines of their own are for readers and for the checker of types, and are not sent to browsers.
#: A text in back quotes never spans lines here (a test looks): a line that looks like a comment is one.
_COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*\*(?:(?!\*/)[\s\S])*\*/[ \t]*)\n", re.MULTILINE)

_STYLE_COMMENT = re.compile(r"^[ \t]*/\*(?:(?!\*/)[\s\S])*\*/[ \t]*\n", re.MULTILINE)


class ScriptError(Exception):
    """A script that cannot be joined: the file, the line, and what is wrong there."""

    def __init__(self, name: str, line: int, fault: str) -> None:
        super().__init__(f"{name}, line {line}: {fault}")


@cache
def _source(root: Path, name: str) -> str:
    return (root / name).read_text("utf-8")


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


@cache
def _imports(root: Path, name: str) -> dict[str, tuple[int, list[str]]]:
    """Map each file that a script imports to the line that does and the names that it wants."""
    text, folder, found = _source(root, name), posixpath.dirname(name), {}
    last = f"\n{text}".rfind("\nimport ")  # a server at its start has better to do than to look through all of it
    for match in _IMPORT.finditer(text, 0, text.find('";\n', last) + 3 if last >= 0 else 0):
        line, file = _line(text, match.start()), posixpath.normpath(posixpath.join(folder, match[2]))
        try:
            _source(root, file)  # which will be read next
        except FileNotFoundError:
            raise ScriptError(name, line, f"there is no {file}") from None
        if file in found:
            raise ScriptError(name, line, f"{file} is imported twice")
        found[file] = line, [wanted.strip() for wanted in match[1].split(",") if wanted.strip()]
    return found


def read_imports(name: str, root: Path = HERE) -> dict[str, list[str]]:
    """Map each file that a script imports to the names that it wants of it."""
    return {file: names for file, (_, names) in _imports(root, name).items()}


def list_scripts(entry: str, root: Path = HERE) -> tuple[str, ...]:
    """Name all scripts that `entry` needs, itself last: each behind those that it imports, each once."""
    done: dict[str, None] = {}
    way: list[str] = []

    def visit(name: str) -> None:
        if name in done:
            return
        way.append(name)
        for other, (line, _) in _imports(root, name).items():
            if other in way:
                circle = " -> ".join([*way[way.index(other) :], other])
                raise ScriptError(name, line, f"a circle of imports: {circle}")
            visit(other)
        way.pop()
        done[name] = None

    visit(entry)
    return tuple(done)


@cache
def read_code(name: str, root: Path = HERE) -> str:
    """Give a script as it is joined: without imports, without the word `export`, without comments.

    `export default` stays: the module of one component needs it, and the bundle puts a name there.
    """
    text = _source(root, name)
    for file, (line, names) in _imports(root, name).items():
        offered = set(_EXPORT.findall(_source(root, file)))
        if missing := [one for one in names if one not in offered]:
            raise ScriptError(name, line, f"{file} exports no {missing[0]}")
    code = _EXPORT.sub("", _IMPORT.sub(lambda found: "\n" * found[0].count("\n"), text))  # the lines keep their numbers
    defaults = 0
    for other in _OTHER.finditer(code):
        default = other[0].startswith(DEFAULT_EXPORT)
        defaults += default
        if not default or defaults > 1:
            raise ScriptError(name, _line(code, other.start()), f"this form is not known here: {other[0].strip()}")
    return re.sub(r"\n{3,}", "\n\n", _COMMENT.sub("", code)).lstrip("\n")


@cache
def read_style(name: str, root: Path = HERE) -> str:
    """Give a style sheet as it is joined: without comments that have lines of their own, and without indents."""
    return re.sub(r"^[ \t]+", "", _STYLE_COMMENT.sub("", _source(root, name)), flags=re.MULTILINE)


@cache
def files_of(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Scripts and style sheets of one of our components, in order: a sheet stands beside the script it is named as."""
    scripts = list_scripts(ENTRY_SCRIPTS[name])
    sheets = (script.removesuffix(".js") + ".css" for script in scripts)
    return scripts, (BASE_STYLE, *(sheet for sheet in sheets if (HERE / sheet).is_file()))


def name_of(scripts: tuple[str, ...], styles: tuple[str, ...]) -> str:
    """Give the name under which the bundle draws exactly these files, or ""."""
    entry = scripts[-1] if scripts else ""
    name = next((name for name, script in ENTRY_SCRIPTS.items() if script == entry), "")
    return name if name and files_of(name) == (scripts, styles) else ""


@cache
def join_files(names: tuple[str, ...], root: Path = HERE) -> str:
    """These files as one text: scripts without imports and exports, scripts and style sheets without comments."""
    for name in names[:-1]:
        if name.endswith(".js") and f"\n{DEFAULT_EXPORT}" in read_code(name, root):
            text = _source(root, name)
            line = _line(text, text.index(f"\n{DEFAULT_EXPORT}") + 1)
            raise ScriptError(name, line, "only the entry script of a component exports a default")
    return "\n".join(read_code(name, root) if name.endswith(".js") else read_style(name, root) for name in names)
