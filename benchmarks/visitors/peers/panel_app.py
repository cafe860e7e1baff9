"""What `panel serve` runs for each visitor."""

import panel as pn
from panel_page import page
from shared_list import TITLE

pn.extension()
page().servable(title=TITLE)
