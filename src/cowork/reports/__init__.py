"""Reports: a state goes in, bytes come out; the same state gives the same bytes.

`report` makes the whole workshop into one HTML file, `one_page` a summary on one A4 page. `remaining_names` lists the
hidden names that a report still contains, `withheld_lines` what it withholds. `core.access.disclosure` decides what
may leave the group. Words that people typed reach a template as `Words` or `Who` and are escaped there.
"""

from cowork.reports.full_report import report
from cowork.reports.name_check import find_names, remaining_names, withheld_lines
from cowork.reports.one_page import one_page

__all__ = ["find_names", "one_page", "remaining_names", "report", "withheld_lines"]
