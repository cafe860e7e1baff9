"""Floor 5: one file a page. `@page` registers one; `show()` puts the workbook, or one page of it, in a notebook."""

from cowork.pages.registry import page
from cowork.pages.session.session import show

__all__ = ["page", "show"]
