"""Panel: a parameterized class kept for all sessions, and a view bound to its list. Run by `panel serve`."""

import panel as pn
import param
from shared_list import TITLE, contributions

pn.extension()


class Board(param.Parameterized):
    words = param.List(default=contributions)


board = pn.state.as_cached("board", Board)


def listed(words: list[str]) -> pn.Column:
    return pn.Column(*(pn.pane.Str(one) for one in words))


def share(_event: object) -> None:
    board.words = [box.value_input or box.value, *board.words]
    box.value = ""


box = pn.widgets.TextInput(name="Your contribution")
button = pn.widgets.Button(name="Share", button_type="primary", on_click=share)
pn.Column(f"# {TITLE}", box, button, pn.bind(listed, board.param.words)).servable(title=TITLE)
