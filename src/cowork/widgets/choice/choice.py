"""Choice: one question with options to choose from."""

from __future__ import annotations

from typing import Any

import traitlets as t

from cowork.widgets.component import Component
from cowork.widgets.manifest import files_of
from cowork.widgets.submission import CHOICE_LIMIT, MAX_CHOICES


class Choice(Component):
    """Radio buttons, or checkboxes with `many`. Use `on_message("chose", …)`, or observe `value` or `values`.

    With `keep_on_device` the answer stays in the browser: no trait and no message holds it, and an answer that a
    browser sends all the same is ignored.
    """

    SCRIPTS, STYLES = files_of("choice")
    WORDS = (
        "common.draft_kept",
        "common.draft_page",
        "error.letters",
        "error.no_choice",
        "error.no_words",
        "error.too_long",
    )
    FROM_BROWSER = ("value", "values")

    legend = t.Unicode("").tag(sync=True)
    hint = t.Unicode("").tag(sync=True)
    options: t.List[Any] = t.List(help="[{value, label, hint}]").tag(sync=True)
    value = t.Unicode("").tag(sync=True)
    values: t.List[Any] = t.List(help="The answers, with `many`.").tag(sync=True)
    many = t.Bool(False).tag(sync=True)
    keep_on_device = t.Unicode("", help="Name under which only the device keeps it.").tag(sync=True)
    button = t.Unicode("", help="Without one, an answer counts as soon as it is chosen.").tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        # Before any handler of a page: an answer that is none of the options is ignored.
        self.MESSAGES = {"chose": {"value": self._clean_answer}}  # type: ignore[misc]

    def _is_option(self, value: object) -> bool:
        if not isinstance(value, str) or len(value) > CHOICE_LIMIT:
            return False
        return any(isinstance(option, dict) and option.get("value") == value for option in self.options)

    def accepts(self, name: str, value: object) -> bool:
        if self.keep_on_device:
            return False
        if name == "value":
            return not self.many and self._is_option(value)
        return self.many and isinstance(value, list) and len(value) <= MAX_CHOICES and all(map(self._is_option, value))

    def _clean_answer(self, value: object) -> str | list[str] | None:
        name = "values" if self.many else "value"
        return value if self.accepts(name, value) else None  # type: ignore[return-value]  # accepts() looked

    def _handle_message(self, message: dict[str, Any]) -> None:
        if message["do"] != "chose" or message.get("value") is not None:
            super()._handle_message(message)

    def show_result(self, text: str) -> None:
        """Show the result of a choice beside the options."""
        self.send({"said": text})
