"""All widgets as two scripts and one style sheet, for a server that sends them once and lets browsers keep them.

The first script draws what every page has, cards and forms among them. The second draws the widgets in `DEFERRED` and
comes when one of them is first shown: a first visit on a phone does not wait for what it does not show.

In JupyterLab each widget carries the files it needs. Together they are the same files, each once: a script per file in
one scope, so no two files may define the same name (a test looks).
"""

from __future__ import annotations

from cowork.widgets.manifest import DEFAULT_EXPORT, ENTRY_SCRIPTS, files_of, join_files, read_imports

DEFERRED = ("paper", "plot", "transcript", "tree", "upload", "wheels")
DEFERRED_LOADER = "runtime/deferred_script.js"


def _files(names: tuple[str, ...], which: int) -> tuple[str, ...]:
    """The scripts (0) or style sheets (1) of these components, each at its first place."""
    return tuple(dict.fromkeys(file for name in names for file in files_of(name)[which]))


def _first() -> tuple[str, ...]:
    return _files(tuple(name for name in ENTRY_SCRIPTS if name not in DEFERRED), 0)


def _deferred() -> tuple[str, ...]:
    first = _first()
    return tuple(file for file in _files(DEFERRED, 0) if file not in first)


def _shared() -> str:
    """The names that the second script uses of the first, as they stand between braces in JavaScript."""
    first, names = _first(), set()
    for file in _deferred():
        for source, wanted in read_imports(file).items():
            names |= set(wanted) if source in first else set()
    return f"{{ {', '.join(sorted(names))} }}"


def _join(files: tuple[str, ...]) -> str:
    """These files in one scope, with what each component exports as a part of `parts`."""
    names = {entry: name for name, entry in ENTRY_SCRIPTS.items()}
    texts = []
    for file in files:
        text = join_files((file,))
        if file in names:
            before, default, after = ("\n" + text).partition("\n" + DEFAULT_EXPORT)
            assert default, f"{file} must export what it draws"
            text = f"{before}\nparts.{names[file]} = {after}"[1:]
        texts.append(text)
    return "\n".join(texts)


def script(deferred: str) -> str:
    """`const parts = {ask: {render}, …}`: what draws each widget, by its name.

    For a widget of the second script, whose URL relative to this one is `deferred`, it is a function that gives a
    promise of that.
    """
    load = f'() => loadDeferredParts("{deferred}", () => ({_shared()}))'
    parts = "\n".join(f"parts.{name} = () => loadDeferred().then((deferred) => deferred.{name});" for name in DEFERRED)
    files = (*_first(), DEFERRED_LOADER)
    return f"const parts = {{}};\n{{\n{_join(files)}\nconst loadDeferred = {load};\n{parts}\n}}\n"


def deferred_script() -> str:
    """The second script: a module with a function that gets the names it uses of the first, and gives its parts."""
    return f"export default ({_shared()}) => {{\nconst parts = {{}};\n{_join(_deferred())}\nreturn parts;\n}};\n"


def sheet() -> str:
    """The style sheets of all widgets."""
    return join_files(_files(tuple(ENTRY_SCRIPTS), 1))
