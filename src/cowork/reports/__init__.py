"""Reports: a state goes in, bytes come out; the same state gives the same bytes.

`report` is the whole workshop as one HTML file, `one_page` its summary on one A4 page. `remaining_names` and
`withheld_lines` tell whoever makes them which names still stand in them, and what is kept back. What may leave the group
is decided in `core.disclosure`; words that people typed reach a template as `Words` or `Who` and are escaped there.
"""

from cowork.reports.full_report import report
from cowork.reports.name_check import withheld_lines, find_names, remaining_names
from cowork.reports.one_page import one_page

__all__ = ["withheld_lines", "find_names", "one_page", "report", "remaining_names"]
