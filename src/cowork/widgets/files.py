"""Which files draw which widget: the one list, for the widgets themselves and for the bundle of them all.

Known without loading a widget, so that a server can put the bundle together and stay small.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

HERE = Path(__file__).parent

FRONT, PLOTLY = "COWORK_FRONT", "COWORK_PLOTLY"
"""The variables that say where a server keeps the bundle of all widgets, and plotly's script. Not set in JupyterLab:
there each widget carries its own files, and a figure shows its table."""

#: A form with boxes, choices and texts to pick: for a question of its own, and for an act on a card.
FORM = (
    "part.js",
    "outbox.js",
    "grid.js",
    "field.js",
    "quoting.js",
    "pickrow.js",
    "chosen.js",
    "picks.js",
    "boxes.js",
)

#: name -> (scripts, style sheets), in order. All scripts but the last only define functions; the last one draws.
PARTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ask": (
        (*FORM, "ask.js"),
        ("part.css", "field.css", "grid.css", "picks.css", "ask.css"),
    ),
    "banner": (
        ("part.js", "banner.js"),
        ("part.css", "banner.css"),
    ),
    "choice": (
        ("part.js", "outbox.js", "grid.js", "field.js", "choice.js"),
        ("part.css", "field.css", "grid.css", "choice.css"),
    ),
    "dialog": (
        ("part.js", "modal.js", "dialog.js"),
        ("part.css", "dialog.css"),
    ),
    "paper": (
        ("part.js", "modal.js", "paper.js"),
        ("part.css", "paper.css"),
    ),
    "plot": (
        ("part.js", "plot.js"),
        ("part.css", "plot.css"),
    ),
    "prose": (
        ("part.js", "prose.js"),
        ("part.css", "prose.css"),
    ),
    "shell": (
        ("part.js", "outbox.js", "keyring.js", "beat.js", "wheelpic.js", "nav.js", "unkept.js", "shell.js"),
        ("part.css", "wheelpic.css", "shell.css"),
    ),
    "tree": (
        ("part.js", "treelist.js", "treepic.js", "tree.js"),
        ("part.css", "tree.css"),
    ),
    "upload": (
        ("part.js", "shrink.js", "upload.js"),
        ("part.css", "upload.css"),
    ),
    "wall": (
        (
            *FORM,
            "actform.js",
            "evidence.js",
            "tally.js",
            "pictures.js",
            "modal.js",
            "acts.js",
            "card.js",
            "wall.js",
        ),
        ("part.css", "field.css", "grid.css", "picks.css", "evidence.css", "wall.css"),
    ),
    "wheels": (
        ("part.js", "wheelpic.js", "wheels.js"),
        ("part.css", "wheelpic.css", "wheels.css"),
    ),
}


def files(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Scripts and style sheets of one of our widgets."""
    return PARTS[name]


@cache
def joined(names: tuple[str, ...]) -> str:
    """These files as one text."""
    return "\n".join((HERE / name).read_text("utf-8") for name in names)
