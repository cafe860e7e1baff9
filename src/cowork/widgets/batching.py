"""Batching of what widgets send: changes made in one turn reach the browser as one message for each widget.

What it replaces: ipywidgets sends one message for each trait that is set, and `hold_sync()` collects them for a single
widget. A page sets traits of some twenty widgets at once and opens new ones meanwhile, so here one block holds the
messages of all widgets. `BatchedWidget` also shares two objects that would otherwise exist once for each widget: the
layout and the class that anywidget derives for every instance.

What it uses of other libraries:
- ipywidgets: overrides `Widget.open`, `close`, `model_id`, `send` and `send_state`, which are public but undocumented
  as extension points.
- anywidget: overrides `add_traits`, and relies on the private trait `_anywidget_id` being the only trait that anywidget
  adds to an instance. `tests/widgets/test_batching.py` fails if that changes.

How to switch it off: set `ENABLED = False`. Every message is then sent at once and every instance gets a class of its
own, as in ipywidgets. Pages work the same and send more messages. To remove it, derive `Component` from
`anywidget.AnyWidget`, replace `batch_updates()` by `contextlib.nullcontext()` and `send_unbatched` by `send_state`.

The state of this module belongs to one thread, the main one: see `Component._handle_msg`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import anywidget
import ipywidgets
import traitlets as t

ENABLED = True
"""Whether messages are held back and classes are shared."""

_pending: dict[BatchedWidget, set[str]] | None = None
"""The changed traits of each widget while a batch is open; None while none is."""

_unsent_opens: dict[BatchedWidget, None] = {}
"""Widgets that were made while a batch is open: the browser does not know them yet."""

_layout: ipywidgets.Layout | None = None
_instance_classes: dict[type, type] = {}


@contextmanager
def batch_updates() -> Iterator[None]:
    """Hold back what changes in this block, and send it as one message for each widget when the block ends.

    The messages are also sent when the block raises. A widget made in the block is opened with its last state, also in
    one message. A custom message (`send`) keeps its place: everything that changed before it is sent first. A block
    inside another one does nothing of its own.
    """
    global _pending
    if _pending is not None or not ENABLED:
        yield
        return
    _pending = {}
    try:
        yield
    finally:
        _flush()
        _pending = None


def _flush() -> None:
    """Send what is pending. Each widget is opened before another one refers to it (see `model_id`)."""
    global _pending
    changed, _pending = _pending or {}, None
    try:
        for widget in list(_unsent_opens):
            widget.open()
        for widget, names in changed.items():
            widget.send_state(names)
    finally:
        _pending = {}


class BatchedWidget(anywidget.AnyWidget):
    """A widget whose messages wait for the end of `batch_updates`."""

    @t.default("layout")
    def _shared_layout(self) -> ipywidgets.Layout:
        """Share one layout: nobody sets it here, and each would be a model of its own in kernel and browser."""
        global _layout
        if _layout is None or _layout.comm is None:
            _layout = ipywidgets.Layout()
        return _layout

    def add_traits(self, **traits: Any) -> None:
        """Add traits to this instance; the id that anywidget adds gets one class for all instances.

        traitlets makes a new class for each call, and anywidget calls it for each instance.
        """
        cls = type(self)
        if set(traits) != {"_anywidget_id"} or not ENABLED:
            super().add_traits(**traits)
        elif cls in _instance_classes:
            self.__class__ = _instance_classes[cls]
        else:
            super().add_traits(**traits)
            _instance_classes[cls] = type(self)

    def open(self) -> None:
        """Create the widget in the browser; inside a batch, when the batch ends."""
        if _pending is not None and self.comm is None:
            _unsent_opens[self] = None
        else:
            _unsent_opens.pop(self, None)
            super().open()

    def close(self) -> None:
        """Remove the widget from the browser. One that was never opened there is forgotten."""
        _unsent_opens.pop(self, None)
        super().close()

    @property
    def model_id(self) -> Any:
        """The id of this widget in the browser.

        Whoever reads it is about to send it, so the browser must know the widget by then: it is opened now.
        """
        if self in _unsent_opens:
            del _unsent_opens[self]
            super().open()
        return super().model_id

    def send(self, content: Any, buffers: Any = None) -> None:
        """Send a custom message to the browser, after everything that has changed before it."""
        if _pending is not None and (_pending or _unsent_opens):
            _flush()
        super().send(content, buffers)

    def send_state(self, key: Any = None) -> None:
        """Send this trait, these, or all; inside a batch, when the batch ends."""
        if self.comm is None:
            return  # it opens with its whole state, or is closed
        if _pending is not None and isinstance(key, (str, set)):
            _pending.setdefault(self, set()).update({key} if isinstance(key, str) else key)
        else:
            self.send_unbatched(key)

    def send_unbatched(self, key: Any) -> None:
        """Send traits at once. A subclass overrides this where it knows a shorter message."""
        super().send_state(key)
