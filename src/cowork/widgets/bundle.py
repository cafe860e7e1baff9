"""All widgets as one script and one style sheet, for a server that sends them once and lets browsers keep them.

In JupyterLab each widget carries the files it needs. Together they are the same files, each once: a script per file in
one scope, so no two files may define the same name (a test looks).
"""

from __future__ import annotations

from cowork.widgets.manifest import DEFAULT_EXPORT, ENTRY_SCRIPTS, files_of, join_files


def _every_file(which: int) -> tuple[str, ...]:
    """The scripts (0) or style sheets (1) of all components, each at its first place."""
    return tuple(dict.fromkeys(file for name in ENTRY_SCRIPTS for file in files_of(name)[which]))


def script() -> str:
    """`const parts = {ask: {render}, …}`: what draws each widget, by its name."""
    names = {entry: name for name, entry in ENTRY_SCRIPTS.items()}
    texts = []
    for file in _every_file(0):
        text = join_files((file,))
        if file in names:
            before, default, after = ("\n" + text).partition("\n" + DEFAULT_EXPORT)
            assert default, f"{file} must export what it draws"
            text = f"{before}\nparts.{names[file]} = {after}"[1:]
        texts.append(text)
    return "const parts = {};\n{\n" + "\n".join(texts) + "\n}\n"


def sheet() -> str:
    """The style sheets of all widgets."""
    return join_files(_every_file(1))
