"""The workbook inside somebody else's Jupyter server: on Binder, on a JupyterHub.

There our launcher does not run; Jupyter's own server does, with its own lock on the door (a token, a hub's login). So
what `app` sets up for our own application is set up here for that one: template, front end as one file, heartbeat, and
the end of kernels. Voilà's own extension is switched off (`etc/jupyter/jupyter_server_config.json`): with both, pages
would be Voilà's, without these.
"""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, FileSystemLoader
from jupyter_server.serverapp import ServerApp
from jupyter_server.services.kernels.handlers import KernelHandler
from jupyter_server.utils import url_path_join
from tornado import web
from traitlets.config import Config
from voila.configuration import VoilaConfiguration
from voila.paths import collect_static_paths, collect_template_paths
from voila.utils import get_voila_labextensions_path

from cowork.serve import app, warm
from cowork.serve.front import Fronts
from cowork.serve.handlers import Alive, Leave, Line, OnlyTheirs, Page


class GuardedPage(Page):
    """Behind Jupyter's lock. `Page` alone has none: our own server's door stands before every handler."""

    behind_proxy = True
    get = web.authenticated(Page.get)  # type: ignore[assignment]


class GuardedLeave(Leave):
    post = web.authenticated(Leave.post)  # type: ignore[assignment]


class GuardedKernel(OnlyTheirs, KernelHandler):
    """What is asked about a kernel; about a page's, only by the browser whose page it is."""


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "cowork.serve.binder"}]


def _load_jupyter_server_extension(server: ServerApp) -> None:
    """Add our pages under `voila/render/`, the address Voilà's own links have."""
    app._find_templates()
    warm.here.begin()
    ours = app.configuration(app.notebooks_folder(), {})
    voila = VoilaConfiguration(config=Config(VoilaConfiguration=ours.VoilaConfiguration))
    server.update_config(Config(VoilaExporter=ours.VoilaExporter))
    base = server.web_app.settings["base_url"]
    templates = collect_template_paths(["voila", "nbconvert"], "cowork")
    static = collect_static_paths(["voila", "nbconvert"], "cowork")
    labextensions = get_voila_labextensions_path(voila.extra_labextensions_path)
    fronts = Fronts(base, static, labextensions)
    voila.page_config_hook = fronts.page_config
    server.kernel_manager.front = fronts.environment()  # type: ignore[attr-defined]
    environment = Environment(loader=FileSystemLoader(templates), extensions=["jinja2.ext.i18n"], autoescape=True)
    environment.install_null_translations()  # type: ignore[attr-defined]
    server.web_app.settings["voila_jinja2_env"] = environment

    def at(path: str) -> str:
        return url_path_join(base, path)

    page = {"template_paths": templates, "config": server.config, "voila_configuration": voila}
    handlers: list[Any] = [
        (at(r"/voila/render/(.+\.ipynb)"), GuardedPage, page),
        (at(r"/cowork/alive"), Alive),
        (at(rf"/api/kernels/{app.KERNEL_ID}"), GuardedKernel),
        (at(rf"/api/kernels/{app.KERNEL_ID}/channels"), Line),
        (at(r"/voila/api/shutdown/(.*)"), GuardedLeave),
        *fronts.routes(at),
        (at(r"/voila/?"), web.RedirectHandler, {"url": at("/voila/render/notebooks/workbook.ipynb")}),
    ]
    server.web_app.add_handlers(".*$", handlers)
