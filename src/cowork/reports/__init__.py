"""Reports: a state goes in, bytes come out; the same state gives the same bytes.

`report` is the whole workshop as one HTML file, `one_page` its summary on one A4 page. `standing_names` and
`kept_lines` tell whoever makes them which names still stand in them, and what is kept back. What may leave the group
is decided in `core.disclosure`; words that people typed reach a template as `Words` or `Who` and are escaped there.
"""

from cowork.reports.full_report import report
from cowork.reports.name_check import kept_lines, looked_through, standing_names
from cowork.reports.one_page import one_page

__all__ = ["kept_lines", "looked_through", "one_page", "report", "standing_names"]
