"""The same small app in four other frameworks, each the way its documentation shows.

A title, a text box, a Share button, a list of fifty contributions, one list for all visitors: what somebody shares
stands in everybody's list. Each app runs in an environment of its own (`environments.py`), so these files import what
is not installed here.
"""
