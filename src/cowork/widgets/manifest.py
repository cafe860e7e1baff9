"""Which files draw which widget: the one list, for the widgets themselves and for the bundle of them all.

Known without loading a widget, so that a server can put the bundle together and stay small.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

HERE = Path(__file__).parent

FRONTEND_URL, PLOTLY = "COWORK_FRONT", "COWORK_PLOTLY"
"""The variables that say where a server keeps the bundle of all widgets, and plotly's script. Not set in JupyterLab:
there each widget carries its own files, and a figure shows its table."""

#: A form with boxes, choices and texts to pick: for a question of its own, and for an act on a card.
FORM = (
    "runtime/component.js",
    "runtime/outbox.js",
    "form/radio_grid.js",
    "form/text_field.js",
    "form/quote_selector.js",
    "form/text_picker_row.js",
    "form/selected_quotes.js",
    "form/text_picker.js",
    "form/controls.js",
)

#: name -> (scripts, style sheets), in order. All scripts but the last only define functions; the last one draws.
COMPONENT_FILES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ask": (
        (*FORM, "form/form.js"),
        ("runtime/base.css", "form/text_field.css", "form/radio_grid.css", "form/text_picker.css", "form/form.css"),
    ),
    "banner": (
        ("runtime/component.js", "banner/banner.js"),
        ("runtime/base.css", "banner/banner.css"),
    ),
    "choice": (
        ("runtime/component.js", "runtime/outbox.js", "form/radio_grid.js", "form/text_field.js", "choice/choice.js"),
        ("runtime/base.css", "form/text_field.css", "form/radio_grid.css", "choice/choice.css"),
    ),
    "dialog": (
        ("runtime/component.js", "runtime/modal.js", "dialog/dialog.js"),
        ("runtime/base.css", "dialog/dialog.css"),
    ),
    "paper": (
        ("runtime/component.js", "runtime/modal.js", "document_preview/document_preview.js"),
        ("runtime/base.css", "document_preview/document_preview.css"),
    ),
    "plot": (
        ("runtime/component.js", "plot/plot.js"),
        ("runtime/base.css", "plot/plot.css"),
    ),
    "prose": (
        ("runtime/component.js", "prose/prose.js"),
        ("runtime/base.css", "prose/prose.css"),
    ),
    "shell": (
        (
            "runtime/component.js",
            "runtime/outbox.js",
            "shell/device_store.js",
            "shell/address.js",
            "shell/connection_monitor.js",
            "wheels/wheel_svg.js",
            "shell/navigation.js",
            "shell/unsaved_notice.js",
            "shell/shell.js",
        ),
        ("runtime/base.css", "wheels/wheel_svg.css", "shell/shell.css"),
    ),
    "tree": (
        ("runtime/component.js", "tree/tree_list.js", "tree/tree_svg.js", "tree/tree.js"),
        ("runtime/base.css", "tree/tree.css"),
    ),
    "upload": (
        ("runtime/component.js", "upload/resize_image.js", "upload/upload.js"),
        ("runtime/base.css", "upload/upload.css"),
    ),
    "wall": (
        (
            *FORM,
            "cards/action_form.js",
            "cards/card_provenance.js",
            "cards/vote_counts.js",
            "cards/card_images.js",
            "runtime/modal.js",
            "cards/card_actions.js",
            "cards/card.js",
            "cards/card_list.js",
        ),
        (
            "runtime/base.css",
            "form/text_field.css",
            "form/radio_grid.css",
            "form/text_picker.css",
            "cards/card_provenance.css",
            "cards/card_list.css",
        ),
    ),
    "wheels": (
        ("runtime/component.js", "wheels/wheel_svg.js", "wheels/wheels.js"),
        ("runtime/base.css", "wheels/wheel_svg.css", "wheels/wheels.css"),
    ),
}


def files_of(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Scripts and style sheets of one of our widgets."""
    return COMPONENT_FILES[name]


@cache
def join_files(names: tuple[str, ...]) -> str:
    """These files as one text."""
    return "\n".join((HERE / name).read_text("utf-8") for name in names)
