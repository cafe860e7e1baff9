"""The base class of every widget: traits, messages from the browser, and submissions.

A widget is a folder with three files: `name.py` holds plain traits, `name.js` draws them with semantic HTML, and
`name.css` styles them. Widgets know no record and no entry: a page sets plain data and receives submissions.

`Component` gives three guarantees to every widget:

* A browser can only set the traits that a class names in `FROM_BROWSER`. Traits are what the kernel shows; no trait
  holds a permission.
* A message of any shape is answered or ignored. It never raises into the comm.
* A submission is answered with exactly one of `shared`, `refused` (the text goes back into its form) or `failed` (the
  text stays on the device and is sent again).
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import traitlets as t

from cowork import text
from cowork.widgets.batching import BatchedWidget
from cowork.widgets.cleaners import Cleaner
from cowork.widgets.manifest import FRONTEND_URL, join_files, name_of
from cowork.widgets.submission import Submission, clean_id, describe_error, read_submission

__all__ = ["Component", "Submission"]

log = logging.getLogger(__name__)

Handler = Callable[[Submission], "bool | str | None"]
LIMITS = "runtime/text.js"


_loop: asyncio.AbstractEventLoop | None = None
"""The loop of the main thread. In JupyterLab a kernel reads widget messages in a separate thread for each browser.
Pages, feeds and `batching` belong to one thread: if two threads changed them at once, changes would be lost."""


def _remember_loop() -> None:
    global _loop
    if threading.current_thread() is threading.main_thread():
        try:
            _loop = asyncio.get_running_loop()
        except RuntimeError:
            _loop = None  # a script: no other thread reads messages there


class Component(BatchedWidget):
    """A widget of a page. It works alone in a notebook cell, or inside a `Shell`."""

    SCRIPTS: ClassVar[tuple[str, ...]] = ()
    """JavaScript files, in order; all but the last only define functions. They become one module (see `manifest`)."""
    STYLES: ClassVar[tuple[str, ...]] = ()
    WORDS: ClassVar[tuple[str, ...]] = ()
    """Catalogue keys of the texts in this widget's JavaScript (plurals without their ending)."""
    FROM_BROWSER: ClassVar[tuple[str, ...]] = ()
    """Traits that a browser may set. Leave it empty unless `accepts` checks the value."""
    MESSAGES: ClassVar[dict[str, dict[str, Cleaner]]] = {}
    """The messages `{do: name, …}` that this widget accepts, and a cleaner for each field."""

    _esm = t.Unicode().tag(sync=True)
    _css = t.Unicode().tag(sync=True)
    drawn = t.Unicode(help="Which part of the bundle draws this; empty where its scripts are its own.").tag(sync=True)

    lang = t.Unicode("en", help="Language of the person who reads.").tag(sync=True)
    words = t.Dict(help="The texts this widget says by itself, in `lang`.").tag(sync=True)
    scope = t.Unicode("lab", help="Workshop code: what is kept on the device is kept apart by it.").tag(sync=True)
    me = t.Unicode("", help="The participant's id. Not a secret.").tag(sync=True)
    notebook = t.Unicode("", help="Which notebook this stands in: several may be open in JupyterLab. No path.").tag(
        sync=True
    )
    voice = t.Unicode("", help="Whom a scribe writes for here; their id goes with what is sent.").tag(sync=True)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # What the file of limits says is sent to every widget that has it.
        if LIMITS in cls.SCRIPTS:
            cls.WORDS = tuple(dict.fromkeys(("error.letters", "error.too_long", *cls.WORDS)))

    @classmethod
    def bundled(cls) -> str:
        """The name of this class in the bundle, or "" where it has scripts of its own."""
        return name_of(cls.SCRIPTS, cls.STYLES)

    @classmethod
    def script(cls) -> str:
        """The JavaScript of this class as one module."""
        return join_files(cls.SCRIPTS)

    @classmethod
    def sheet(cls) -> str:
        """The style sheets of this class as one text."""
        return join_files(cls.STYLES)

    @t.default("drawn")
    def _default_bundle_name(self) -> str:
        return self.bundled()

    @t.default("_esm")
    def _default_module(self) -> str:
        frontend = os.environ.get(FRONTEND_URL)
        if not frontend or not self.drawn:
            return self.script()
        # For a front end that ignores `drawn`: JupyterLab's. A module made from a text has no address, so use an
        # absolute one.
        return (
            f"const {{ parts }} = await import(new URL({json.dumps(frontend)}, location.origin).href);\n"
            f"export default parts[{json.dumps(self.drawn)}];"
        )

    @t.default("_css")
    def _default_stylesheet(self) -> str:
        return "" if os.environ.get(FRONTEND_URL) and self.drawn else self.sheet()

    def __init__(self, **traits: Any) -> None:
        _remember_loop()
        self._submit_handler: Handler | None = None
        self._message_handlers: dict[str, list[Callable[[dict[str, Any]], object]]] = {}
        self.answering = False
        """A submission is being handled, and the browser waits for the answer."""
        super().__init__(**traits)
        self.on_msg(self._on_browser_message)

    @t.validate("lang")
    def _validate_lang(self, proposal: Any) -> str:
        lang: str = proposal["value"]
        if lang not in text.LANGS:
            raise t.TraitError(f"lang must be one of {', '.join(text.LANGS)}, not {lang!r}")
        return lang

    @t.default("words")
    def _default_words(self) -> dict[str, Any]:
        return text.catalogue_texts(self.WORDS, self.lang)

    @t.observe("lang")
    def _update_words(self, _change: Any) -> None:
        self.words = text.catalogue_texts(self.WORDS, self.lang)

    # For pages: handlers and submissions ---------------------------------------------------------------------

    def on_submit(self, handler: Handler) -> None:
        """Call `handler(submission)` for each submission of this widget.

        The handler returns None or True when the submission is on disk: the person reads "Shared". If it returns a
        text, the person reads that instead. If it raises `Rejected` (or any error with `words`, or with the `key` of a
        sentence), the person reads why and gets the text back. After any other error the text stays on the device and
        is sent again. A handler must never return before the submission is on disk.
        """
        self._submit_handler = handler

    @property
    def has_submit_handler(self) -> bool:
        """Whether a page handles the submissions of this widget."""
        return self._submit_handler is not None

    def submit(self, submission: Submission) -> bool | str | None:
        """Pass a submission to the handler, as if it had been made in this widget."""
        if self._submit_handler is None:
            # A widget alone in a cell: an error is answered, while silence would lose the text.
            raise RuntimeError("nobody listens: use on_submit")
        return self._submit_handler(submission)

    def on_message(self, name: str, handler: Callable[[dict[str, Any]], object]) -> None:
        """Call `handler(message)` for each message `{do: name, …}`. Its fields have been cleaned (see `MESSAGES`)."""
        self._message_handlers.setdefault(name, []).append(handler)

    # For browsers: traits and messages ------------------------------------------------------------------

    def accepts(self, name: str, value: object) -> bool:
        """Whether a browser may set trait `name` to `value`. Called only for names in `FROM_BROWSER`."""
        return True

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Apply a browser's change of traits: only those in `FROM_BROWSER`, and only if `accepts` allows the value."""
        accepted = {}
        for name, value in sync_data.items():
            if name in self.FROM_BROWSER and self.accepts(name, value):
                accepted[name] = value
        if accepted:
            super().set_state(accepted)

    def _handle_msg(self, msg: dict[str, Any]) -> None:
        if _loop is not None and threading.current_thread() is not threading.main_thread() and not _loop.is_closed():
            _loop.call_soon_threadsafe(self._read_msg, msg)
        else:
            self._read_msg(msg)

    def _read_msg(self, msg: dict[str, Any]) -> None:
        # ipywidgets reads the outer message without checking it; a wrong shape would raise into the comm.
        try:
            super()._handle_msg(msg)
        except Exception:
            log.exception("a message to %s could not be read", type(self).__name__)

    def receive(self, message: object, buffers: Sequence[object] | None = None) -> None:
        """Handle a message as if a browser had sent it. Anything that is no message of this widget is ignored.

        Tests and `serve.kernels.warmup` use it in place of a browser.
        """
        if not isinstance(message, dict):
            return
        name = message.get("do")
        if name == "share":
            self._handle_submission(message.get("item"))
        elif isinstance(name, str) and (name in self.MESSAGES or name in self._message_handlers):
            shape = self.MESSAGES.get(name, {})
            self._handle_message({"do": name, **{key: read(message.get(key)) for key, read in shape.items()}})

    def _on_browser_message(self, _widget: object, content: object, buffers: Sequence[object] | None) -> None:
        self.receive(content, buffers)

    def _handle_submission(self, item: object) -> None:
        ident = clean_id(item.get("id")) if isinstance(item, dict) else ""
        self.answering = True
        try:
            answer = self.submit(read_submission(item, self.lang))
        except Exception as error:
            self._report_failure(error, {"id": ident})
            return
        finally:
            self.answering = False
        note = {"note": answer} if isinstance(answer, str) and answer else {}
        self.send({"done": "shared", "id": ident, **note})

    def _handle_message(self, message: dict[str, Any]) -> None:
        for handler in self._message_handlers.get(message["do"], ()):
            try:
                handler(message)
            except Exception as error:
                self._report_failure(error, {"do": message["do"]})

    def _report_failure(self, error: Exception, about: dict[str, str]) -> None:
        message = describe_error(error, self.lang)
        if message is None:
            log.error("%s could not take what was sent", type(self).__name__, exc_info=error)
            self.send({"done": "failed", **about, "message": text.translate("error.not_saved", self.lang)})
            return
        field = getattr(error, "field", None)
        field = {"field": field} if isinstance(field, str) else {}
        self.send({"done": "refused", **about, "message": message, **field})
