"""What every widget here has in common.

A widget is a trio: `name.py` holds plain traits, `name.js` draws them with semantic HTML, `name.css` colours
them. Widgets know no record and no entry: a page gives them plain data and hears what people shared.

Three promises are kept here, so that no widget has to remember them:

* A browser never changes a trait, except those a class names in `FROM_BROWSER`. Traits are what the kernel
  shows; authority never lives in one.
* A message of any shape is answered or left aside. It never raises into the comm.
* What a person shared is answered with exactly one of `shared`, `refused` (the words go back into their box)
  or `failed` (the words stay on the device and are sent again).
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

import anywidget
import ipywidgets
import traitlets as t

from cowork import text
from cowork.widgets.manifest import FRONTEND_URL, join_files, name_of
from cowork.widgets.submission import Submission, clean_id, describe_error, read_submission

__all__ = ["Component", "Submission"]

log = logging.getLogger(__name__)

Handler = Callable[[Submission], "bool | str | None"]
Cleaner = Callable[[object], Any]
LIMITS = "runtime/text.js"

_pending: dict[Component, set[str]] | None = None
_unsent_opens: dict[Component, None] = {}  # made within `together`: the browser has not heard of them yet


@contextmanager
def batch_updates() -> Iterator[None]:
    """What changes meanwhile goes to the browser in one message for each widget, when this ends, however it ends.

    A widget made meanwhile goes with its last state, in one message too. What is said by `send` keeps its place:
    everything before it goes first.
    """
    global _pending
    if _pending is not None:
        yield
        return
    _pending = {}
    try:
        yield
    finally:
        _flush()
        _pending = None


def _flush() -> None:
    """Send what has been gathered; each part opens before another speaks of it (see `model_id`)."""
    global _pending
    changed, _pending = _pending or {}, None
    try:
        for part in list(_unsent_opens):
            part.open()
        for part, names in changed.items():
            part.send_state(names)
    finally:
        _pending = {}


_loop: asyncio.AbstractEventLoop | None = None
"""The loop of the main thread. JupyterLab has a kernel read what a browser says to widgets in a thread of its own, one
for each browser. Pages, feeds and `together` belong to one thread: what two did at once would be lost."""


def _remember_loop() -> None:
    global _loop
    if threading.current_thread() is threading.main_thread():
        try:
            _loop = asyncio.get_running_loop()
        except RuntimeError:
            _loop = None  # a script: nothing is read in another thread either


_layout: ipywidgets.Layout | None = None
_instance_classes: dict[type, type] = {}


def short(limit: int = 200) -> Cleaner:
    """Read a text of at most `limit` code points; anything else becomes ""."""

    def read(value: object) -> str:
        if not isinstance(value, str) or len(value) > limit:
            return ""
        return "" if any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value) else value

    return read


def number(value: object) -> float | int | None:
    """Read a finite number; anything else becomes None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value if -(2**53) < value < 2**53 else None


def yes(value: object) -> bool:
    """Read a truth value: only `true` is true."""
    return value is True


class Component(anywidget.AnyWidget):
    """A widget of a page. Works alone in a notebook cell, or inside a `Shell`."""

    SCRIPTS: ClassVar[tuple[str, ...]] = ()
    """JavaScript files, in order; all but the last only define functions. They become one module (see `manifest`)."""
    STYLES: ClassVar[tuple[str, ...]] = ()
    WORDS: ClassVar[tuple[str, ...]] = ()
    """Catalogue keys that this widget's JavaScript says by itself (plurals without their ending)."""
    FROM_BROWSER: ClassVar[tuple[str, ...]] = ()
    """Traits a browser may set. Leave it empty unless `accepts` checks the value."""
    MESSAGES: ClassVar[dict[str, dict[str, Cleaner]]] = {}
    """Messages `{do: name, …}` this widget can hear, and how each field is read."""

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
        """The name under which the bundle draws this class, or "" where it has scripts of its own."""
        return name_of(cls.SCRIPTS, cls.STYLES)

    @classmethod
    def script(cls) -> str:
        """All that draws this class, as one module."""
        return join_files(cls.SCRIPTS)

    @classmethod
    def sheet(cls) -> str:
        """The style sheets of this class."""
        return join_files(cls.STYLES)

    @t.default("drawn")
    def _which(self) -> str:
        return self.bundled()

    @t.default("_esm")
    def _module(self) -> str:
        front = os.environ.get(FRONTEND_URL)
        if not front or not self.drawn:
            return self.script()
        # For a front end that reads no `drawn`: JupyterLab's. A script from a text has no address of its own.
        return (
            f"const {{ parts }} = await import(new URL({json.dumps(front)}, location.origin).href);\n"
            f"export default parts[{json.dumps(self.drawn)}];"
        )

    @t.default("_css")
    def _look(self) -> str:
        return "" if os.environ.get(FRONTEND_URL) and self.drawn else self.sheet()

    @t.default("layout")
    def _one_layout(self) -> ipywidgets.Layout:
        """One for all: nobody sets it here, and each would be a model of its own in kernel and browser."""
        global _layout
        if _layout is None or _layout.comm is None:
            _layout = ipywidgets.Layout()
        return _layout

    def add_traits(self, **traits: Any) -> None:
        # anywidget adds its id to each instance, for which traitlets makes a class each time: once is enough.
        cls = type(self)
        if set(traits) != {"_anywidget_id"}:
            super().add_traits(**traits)
        elif cls in _instance_classes:
            self.__class__ = _instance_classes[cls]
        else:
            super().add_traits(**traits)
            _instance_classes[cls] = type(self)

    def __init__(self, **traits: Any) -> None:
        _remember_loop()
        self._shared: Handler | None = None
        self._message_handlers: dict[str, list[Callable[[dict[str, Any]], object]]] = {}
        self.answering = False
        """Something shared here is being handed over, and the browser waits for the answer."""
        super().__init__(**traits)
        self.on_msg(self._heard)

    @t.validate("lang")
    def _known_lang(self, proposal: Any) -> str:
        lang: str = proposal["value"]
        if lang not in text.LANGS:
            raise t.TraitError(f"lang must be one of {', '.join(text.LANGS)}, not {lang!r}")
        return lang

    @t.default("words")
    def _first_words(self) -> dict[str, Any]:
        return text.words(self.WORDS, self.lang)

    @t.observe("lang")
    def _other_words(self, _change: Any) -> None:
        self.words = text.words(self.WORDS, self.lang)

    # What a page says to a widget ---------------------------------------------------------------------

    def on_submit(self, handler: Handler) -> None:
        """Call `handler(sent)` for each thing a person shares here.

        Return None or True: it is on disk, say "Shared". Return a text: say that instead. Raise `Refused`
        (or any error that carries `words`, or the `key` of a sentence): say it and give the words back.
        Any other error: the words stay on the device and come again. Never return before they are on disk.
        """
        self._shared = handler

    @property
    def heard(self) -> bool:
        """True where somebody listens to what is shared here."""
        return self._shared is not None

    def submit(self, submission: Submission) -> bool | str | None:
        """Give words to whoever listens here, as if they had been shared in this widget."""
        if self._shared is None:
            # Nobody listens (a widget alone in a cell): say so rather than lose the words.
            raise RuntimeError("nobody listens: use on_shared")
        return self._shared(submission)

    def on_message(self, name: str, handler: Callable[[dict[str, Any]], object]) -> None:
        """Call `handler(message)` for each message `{do: name, …}`; its fields have been read safely."""
        self._message_handlers.setdefault(name, []).append(handler)

    # What a browser says to a widget ------------------------------------------------------------------

    def accepts(self, name: str, value: object) -> bool:
        """Say whether a browser may set trait `name` to `value`. Asked only for names in FROM_BROWSER."""
        return True

    def open(self) -> None:
        """Tell the browser of this widget; within `together` not yet."""
        if _pending is not None and self.comm is None:
            _unsent_opens[self] = None
        else:
            _unsent_opens.pop(self, None)
            super().open()

    def close(self) -> None:
        _unsent_opens.pop(self, None)
        super().close()

    @property
    def model_id(self) -> Any:
        """How the browser knows it. Whoever asks will tell the browser, which must have heard of it by then."""
        if self in _unsent_opens:
            del _unsent_opens[self]
            super().open()
        return super().model_id

    def send(self, content: Any, buffers: Any = None) -> None:
        """Say something to the browser; what has changed before is told before."""
        if _pending is not None and (_pending or _unsent_opens):
            _flush()
        super().send(content, buffers)

    def send_state(self, key: Any = None) -> None:
        """Send this trait, these, or all; within `together` not yet."""
        if self.comm is None:
            return  # it opens with its whole state, or is closed
        if _pending is not None and isinstance(key, (str, set)):
            _pending.setdefault(self, set()).update({key} if isinstance(key, str) else key)
        else:
            self.send_unbatched(key)

    def send_unbatched(self, key: Any) -> None:
        """How traits are sent; for a widget that knows a shorter way."""
        super().send_state(key)

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Take a browser's change of traits: only what this class has named, and only if it fits."""
        kept = {}
        for name, value in sync_data.items():
            if name in self.FROM_BROWSER and self.accepts(name, value):
                kept[name] = value
        if kept:
            super().set_state(kept)

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

    def _heard(self, _widget: object, content: object, _buffers: object) -> None:
        if not isinstance(content, dict):
            return
        name = content.get("do")
        if name == "share":
            self._share(content.get("item"))
        elif isinstance(name, str) and (name in self.MESSAGES or name in self._message_handlers):
            shape = self.MESSAGES.get(name, {})
            self._do({"do": name, **{key: read(content.get(key)) for key, read in shape.items()}})

    def _share(self, item: object) -> None:
        ident = clean_id(item.get("id")) if isinstance(item, dict) else ""
        self.answering = True
        try:
            sent = read_submission(item, self.lang)
            answer = self.submit(sent)
        except Exception as error:
            self._report_failure(error, {"id": ident})
            return
        finally:
            self.answering = False
        note = {"note": answer} if isinstance(answer, str) and answer else {}
        self.send({"done": "shared", "id": ident, **note})

    def _do(self, message: dict[str, Any]) -> None:
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
