"""Reports: a state goes in, bytes come out; the same state gives the same bytes.

`whole.report` is the whole workshop as one HTML file, `onepage.one_page` its summary on one A4 page, `names` tells
whoever makes them what is kept back and which names still stand in them. What may leave the group is decided in
`core.leaving`. Words people typed reach a template as `Words` or `Who` and are escaped there.
"""
