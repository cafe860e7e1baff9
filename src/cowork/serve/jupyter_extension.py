"""The extension that serves the workbook inside somebody else's Jupyter server: on Binder, on a JupyterHub.

Jupyter's own server runs there, with its own access control (a token, a hub's login) for the person who started it. All
others open an invitation (`auth.guests`): a link with a room code, which the page Start shows. This module sets up for
that server what `app` sets up for ours: template, front end, headers, heartbeat, and the end of kernels. Voilà's own
extension is switched off (`etc/jupyter/jupyter_server_config.json`): otherwise Voilà would serve the pages, without
these.
"""

from __future__ import annotations

import atexit
from typing import Any

from jinja2 import Environment, FileSystemLoader
from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import url_path_join
from tornado import web
from traitlets.config import Config
from voila.configuration import VoilaConfiguration
from voila.paths import collect_static_paths, collect_template_paths
from voila.utils import get_voila_labextensions_path

from cowork.core.errors import CoworkError
from cowork.serve import app
from cowork.serve.auth import guests, room_store
from cowork.serve.http.assets import FrontendAssets
from cowork.serve.http.kernel_requests import AliveHandler
from cowork.serve.kernels import provisioner
from cowork.serve.record_file import RecordFile
from cowork.store import default_record


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "cowork.serve.jupyter_extension"}]


def _serve_record(server: ServerApp) -> None:
    """Open the record as our own server does: created before any kernel, and one complete file at the end."""
    try:
        record = RecordFile(default_record())
    except (CoworkError, OSError) as error:  # each page shows why
        server.log.error("the record cannot be used: %s", error)
        return
    server.kernel_manager.extra_env = record.kernel_environment()  # type: ignore[attr-defined]
    record.watch()
    atexit.register(record.close)  # Jupyter has ended the kernels by then


def _load_jupyter_server_extension(server: ServerApp) -> None:
    """Add our pages under `voila/render/`, the path of Voilà's own links."""
    app.add_jupyter_paths()
    provisioner.fork_server.start()
    config = app.configuration(app.notebooks_folder(), {})
    voila = VoilaConfiguration(config=Config(VoilaConfiguration=config.VoilaConfiguration))
    server.update_config(Config(VoilaExporter=config.VoilaExporter))
    _serve_record(server)
    base = server.web_app.settings["base_url"]
    templates = collect_template_paths(["voila", "nbconvert"], "cowork")
    static = collect_static_paths(["voila", "nbconvert"], "cowork")
    labextensions = get_voila_labextensions_path(voila.extra_labextensions_path)
    assets = FrontendAssets(base, static, labextensions)
    voila.page_config_hook = assets.page_config
    invitation = guests.Invitation(room_store.load_invited_room(default_record()))
    server.web_app.settings[guests.INVITATION_SETTING] = invitation
    # The kernel of a page knows the invitation, so that Start can show it: everybody with a page has it already.
    page_env = {**assets.kernel_environment(), "COWORK_INVITATION": invitation.query}
    server.kernel_manager.page_env = page_env  # type: ignore[attr-defined]
    environment = Environment(loader=FileSystemLoader(templates), extensions=["jinja2.ext.i18n"], autoescape=True)
    environment.install_null_translations()  # type: ignore[attr-defined]
    server.web_app.settings["voila_jinja2_env"] = environment

    def route(path: str) -> str:
        return url_path_join(base, path)

    page = {"template_paths": templates, "config": server.config, "voila_configuration": voila}
    handlers: list[Any] = [
        (route(r"/voila/render/(.+\.ipynb)"), guests.GuestPageHandler, page),
        (route(r"/cowork/alive"), AliveHandler),
        *guests.routes(route, app.KERNEL_ID),
        *assets.routes(route),
        (route(r"/voila/?"), web.RedirectHandler, {"url": route("/voila/render/notebooks/workbook.ipynb")}),
    ]
    server.web_app.add_handlers(".*$", handlers)
    folders = (route("/voila/"), route("/cowork/"))
    server.web_app.add_transform(guests.headers_for(lambda path: path.startswith(folders)))
