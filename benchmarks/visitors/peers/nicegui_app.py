"""NiceGUI: a page function for each visitor, and a refreshable list that is drawn again for all of them."""

import os

from nicegui import ui
from shared_list import TITLE, contributions


@ui.refreshable
def listed() -> None:
    for words in contributions:
        ui.label(words)


@ui.page("/")
def page() -> None:
    def share() -> None:
        contributions.insert(0, box.value)
        box.value = ""
        listed.refresh()

    ui.label(TITLE).classes("text-h4")
    box = ui.input("Your contribution")
    ui.button("Share", on_click=share)
    listed()


ui.run(host="127.0.0.1", port=int(os.environ["PORT"]), title=TITLE, show=False, reload=False)
