"""Floor 5: one file a page. `@page` draws one, `@submit` writes what its form submits, `show()` shows the workbook."""

from cowork.pages.registry import page
from cowork.pages.session.session import show
from cowork.pages.submissions import submit

__all__ = ["page", "show", "submit"]
