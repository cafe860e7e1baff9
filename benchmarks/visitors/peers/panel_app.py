"""Panel: a parameterized class kept for all sessions, watched by each as long as it lives. Run by `panel serve`."""

import panel as pn
import param
from shared_list import TITLE, contributions

pn.extension()


class Board(param.Parameterized):
    words = param.List(default=contributions)


board = pn.state.as_cached("board", Board)
listed = pn.Column()


def show(*_events: object) -> None:
    listed.objects = [pn.pane.Str(one) for one in board.words]


def share(_event: object) -> None:
    board.words = [box.value, *board.words]
    box.value = ""


show()
watcher = board.param.watch(show, "words")
pn.state.on_session_destroyed(lambda _context: board.param.unwatch(watcher))

box = pn.widgets.TextInput(name="Your contribution")
button = pn.widgets.Button(name="Share", button_type="primary", on_click=share)
pn.Column(f"# {TITLE}", box, button, listed).servable(title=TITLE)
