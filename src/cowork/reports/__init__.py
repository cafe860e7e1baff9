"""Reports: a state goes in, bytes come out; the same state gives the same bytes.

`report` is the whole workshop as one HTML file, `one_page` its summary on one A4 page. `standing_names` and
`kept_lines` tell whoever makes them which names still stand in them, and what is kept back. What may leave the group
is decided in `core.disclosure`; words that people typed reach a template as `Words` or `Who` and are escaped there.
"""

from cowork.reports.names import kept_lines, looked_through, standing_names
from cowork.reports.onepage import one_page
from cowork.reports.whole import report

__all__ = ["kept_lines", "looked_through", "one_page", "report", "standing_names"]
