"""All widgets as one script and one style sheet, for a server that sends them once and lets browsers keep them.

In JupyterLab each widget carries the files it needs. Together they are the same files, each once: a script per file in
one scope, so no two files may define the same name (a test looks).
"""

from __future__ import annotations

import re

from cowork.widgets.manifest import COMPONENT_FILES, join_files

EXPORT = re.compile(r"^export default ", re.MULTILINE)


def _once(which: int) -> tuple[str, ...]:
    """Every file of all widgets, each at its first place."""
    return tuple(dict.fromkeys(name for files in COMPONENT_FILES.values() for name in files[which]))


def script() -> str:
    """`const parts = {ask: {render}, …}`: what draws each widget, by its name."""
    shown = {files[0][-1]: name for name, files in COMPONENT_FILES.items()}
    texts = []
    for name in _once(0):
        text = join_files((name,))
        if name in shown:
            text, found = EXPORT.subn(f"parts.{shown[name]} = ", text)
            assert found == 1, f"{name} must export what it draws, once"
        texts.append(text)
    return "const parts = {};\n{\n" + "\n".join(texts) + "\n}\n"


def sheet() -> str:
    """The style sheets of all widgets."""
    return join_files(_once(1))
