"""How Voilà makes our pages, the same for our own server and for Voilà inside a Jupyter server (Binder).

Both `app` and `binder` set it.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from tornado import web

from cowork.serve.http import voila_cache

ROOM_CODE = "roomcode"
"""The room code's name in a link to a page on Binder. It holds "code", so Jupyter's access log hides its value."""
SECRETS = ("token", ROOM_CODE)
FRONT_END = ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget"]


def pages(c: Any) -> None:
    """Set on the configuration `c` what holds for a page wherever it is served."""
    voila_cache.install()
    c.VoilaConfiguration.template = "cowork"
    c.VoilaConfiguration.theme = "light"  # this and "dark" are not loaded: Voilà takes them to stand in the head
    c.VoilaConfiguration.allow_template_override = "NO"  # otherwise any visitor may pass ?template=
    c.VoilaConfiguration.allow_theme_override = "NO"
    c.VoilaConfiguration.show_tracebacks = False
    c.VoilaConfiguration.file_allowlist = []
    c.VoilaConfiguration.extension_allowlist = FRONT_END
    c.VoilaConfiguration.prelaunch_hook = before_a_kernel


def before_a_kernel(handler: web.RequestHandler, notebook: Any = None, cwd: Any = None) -> None:
    """Five things that must have happened before a page gets its kernel.

    The notebook says of itself that it is a page: any other in the folder, such as one that makes tables of whole
    workshops, would run on the operator's record for whoever knows its name, so there is no such address.

    The XSRF cookie: without it the message "I leave" is refused and every kernel stays. And no token in the address:
    it would be in the kernel's environment, where it can end in somebody's traceback. Whoever came with one has a
    cookie by now. Room for one more. And which front end shows it, which then begins.
    """
    if not is_a_page(notebook):
        raise web.HTTPError(404)
    query = handler.request.query
    if without_token(query) != urlencode(parse_qsl(query, keep_blank_values=True)):
        rest = without_token(query)
        handler.redirect(handler.request.path + (f"?{rest}" if rest else ""))
        raise web.Finish
    handler.xsrf_token  # noqa: B018  (reading it sets the cookie)
    handler.reserve()  # type: ignore[attr-defined]
    name = getattr(handler.settings["kernel_spec_manager"], "page", "")
    if name:  # whatever the notebook is run with in JupyterLab
        notebook.metadata.kernelspec.name = name
    handler.begin(notebook)  # type: ignore[attr-defined]


def is_a_page(notebook: Any) -> bool:
    """True where the notebook's own metadata hold `"cowork": {"serve": true}`."""
    said = notebook.metadata.get("cowork") if notebook is not None else None
    return isinstance(said, dict) and said.get("serve") is True


def without_token(query: str) -> str:
    """A query string without a token or a room code, everything else in its order."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(name, value) for name, value in pairs if name not in SECRETS])
