"""Panel: a parameterized class kept for all sessions, watched by each as long as it lives.

An imported module, since Panel empties the script of a session that has ended while others may still call into it.
"""

import panel as pn
import param
from shared_list import TITLE, as_markdown, contributions


class Board(param.Parameterized):
    words = param.List(default=contributions)


def page() -> pn.Column:
    board = pn.state.as_cached("board", Board)
    box = pn.widgets.TextInput(name="Your contribution")
    listed = pn.pane.Markdown(as_markdown(board.words))

    def show(*_events: object) -> None:
        listed.object = as_markdown(board.words)

    def share(_event: object) -> None:
        board.words = [box.value, *board.words]
        box.value = ""

    watcher = board.param.watch(show, "words")
    pn.state.on_session_destroyed(lambda _context: board.param.unwatch(watcher))
    button = pn.widgets.Button(name="Share", button_type="primary", on_click=share)
    return pn.Column(f"# {TITLE}", box, button, listed)
