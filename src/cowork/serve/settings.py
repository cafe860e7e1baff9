"""The Voilà settings of our pages, which `app` and `jupyter_extension` share."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from tornado import web

from cowork.serve.http import voila_cache

ROOM_CODE_PARAMETER = "roomcode"
"""The name of the room code in a link to a page on Binder. It contains "code", so Jupyter's access log hides its
value."""
SECRET_PARAMETERS = ("token", ROOM_CODE_PARAMETER)
LAB_EXTENSIONS = ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget"]


def configure_pages(c: Any) -> None:
    """Set on the configuration `c` what applies to a page wherever it is served."""
    voila_cache.install()
    c.VoilaConfiguration.template = "cowork"
    c.VoilaConfiguration.theme = (
        "light"  # Voilà does not load the themes "light" and "dark": it expects them in the page's head
    )
    c.VoilaConfiguration.allow_template_override = "NO"  # otherwise any visitor may pass ?template=
    c.VoilaConfiguration.allow_theme_override = "NO"
    c.VoilaConfiguration.show_tracebacks = False
    c.VoilaConfiguration.file_allowlist = []
    c.VoilaConfiguration.extension_allowlist = LAB_EXTENSIONS
    c.VoilaConfiguration.prelaunch_hook = prepare_page


def prepare_page(handler: web.RequestHandler, notebook: Any = None, cwd: Any = None) -> None:
    """Do five things before a page gets its kernel (Voilà's `prelaunch_hook`).

    1. Check that the notebook declares itself a page. Any other notebook in the folder, such as one that makes tables
       of whole workshops, would run on the operator's record for anybody who knows its name. It is answered with 404.
    2. Remove a token from the URL: it would get into the kernel's environment, where it can end in somebody's
       traceback. Whoever came with one has a cookie by now.
    3. Set the XSRF cookie: without it the notice that a page was left is rejected, and every kernel stays.
    4. Reserve a place for the kernel.
    5. Choose the front end, and send the head of the page.
    """
    if not is_page_notebook(notebook):
        raise web.HTTPError(404)
    query = handler.request.query
    if without_token(query) != urlencode(parse_qsl(query, keep_blank_values=True)):
        rest = without_token(query)
        handler.redirect(handler.request.path + (f"?{rest}" if rest else ""))
        raise web.Finish
    handler.xsrf_token  # noqa: B018  (reading it sets the cookie)
    handler.reserve_kernel()  # type: ignore[attr-defined]
    name = getattr(handler.settings["kernel_spec_manager"], "page", "")
    if name:  # whichever kernel the notebook has in JupyterLab
        notebook.metadata.kernelspec.name = name
    handler.send_head(notebook)  # type: ignore[attr-defined]


def is_page_notebook(notebook: Any) -> bool:
    """Whether the notebook's own metadata contain `"cowork": {"serve": true}`."""
    metadata = notebook.metadata.get("cowork") if notebook is not None else None
    return isinstance(metadata, dict) and metadata.get("serve") is True


def without_token(query: str) -> str:
    """The query string without a token or a room code; everything else stays in its order."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(name, value) for name, value in pairs if name not in SECRET_PARAMETERS])
