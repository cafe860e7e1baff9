"""Renders a report as one HTML file that requests nothing; the only module that loads Jinja.

Everything a person typed is escaped by the template; the footer of a printed page is CSS, where no escaping of HTML
helps, so there each sign becomes a number (`css_string`).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

TEMPLATE_FOLDER = Path(__file__).parent
_PICTURE_TYPES = ("image/jpeg", "image/png")


def render_page(template: str, **values: Any) -> bytes:
    """Render a template. A name that it uses and does not get is an error."""
    filled: str = _template_environment().get_template(template).render(css_words=css_string, **values)
    return filled.encode()


@cache
def _template_environment() -> Any:
    """The Jinja environment, made once: that takes longer than most reports."""
    import jinja2  # heavy, and few visitors ever make a report

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATE_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def css_string(text: str) -> str:
    """Typed words for a CSS string: letters and figures of ASCII as they are, every other sign by its number.

    In a style sheet `<`, quotes and line breaks end what they stand in; a number ends nothing.
    """
    plain = "".join(sign for sign in text if sign.isprintable() or sign.isspace())
    return "".join(
        sign if sign.isascii() and sign.isalnum() else f"\\{ord(sign):06X} " if sign != " " else " " for sign in plain
    )


def picture_url(data: Mapping[str, Any]) -> str:
    """A picture as a data: URL, so that nothing is fetched; "" where the data is no picture."""
    kind, pieces = data.get("type"), data.get("data")
    if kind not in _PICTURE_TYPES or not isinstance(pieces, list):
        return ""
    try:
        found = base64.b64decode("".join(map(str, pieces)), validate=True)
    except (binascii.Error, ValueError):
        return ""
    return f"data:{kind};base64,{base64.b64encode(found).decode()}" if found else ""
