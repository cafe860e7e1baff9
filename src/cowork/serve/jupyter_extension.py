"""The workbook inside somebody else's Jupyter server: on Binder, on a JupyterHub.

There our launcher does not run; Jupyter's own server does, with its own lock on the door (a token, a hub's login). That
lock is for whoever started the server. Everybody else comes by an invitation (`guests`): a link to a page with a room
code, which the page Start shows. What `app` sets up for our own application is set up here for that one: template,
front end as one file, headers, heartbeat, and the end of kernels. Voilà's own extension is switched off
(`etc/jupyter/jupyter_server_config.json`): with both, pages would be Voilà's, without these.
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
    """The record as our own server keeps it: made before any kernel, and one whole file at the end."""
    try:
        record = RecordFile(default_record())
    except (CoworkError, OSError) as error:  # each page says so in words
        server.log.error("the record cannot be used: %s", error)
        return
    server.kernel_manager.extra_env = record.environment()  # type: ignore[attr-defined]
    record.watch()
    atexit.register(record.close)  # Jupyter has ended the kernels by then


def _load_jupyter_server_extension(server: ServerApp) -> None:
    """Add our pages under `voila/render/`, the address Voilà's own links have."""
    app._find_templates()
    provisioner.fork_server.start()
    ours = app.configuration(app.notebooks_folder(), {})
    voila = VoilaConfiguration(config=Config(VoilaConfiguration=ours.VoilaConfiguration))
    server.update_config(Config(VoilaExporter=ours.VoilaExporter))
    _serve_record(server)
    base = server.web_app.settings["base_url"]
    templates = collect_template_paths(["voila", "nbconvert"], "cowork")
    static = collect_static_paths(["voila", "nbconvert"], "cowork")
    labextensions = get_voila_labextensions_path(voila.extra_labextensions_path)
    fronts = FrontendAssets(base, static, labextensions)
    voila.page_config_hook = fronts.page_config
    invitation = guests.Invitation(room_store.load_invited_room(default_record()))
    server.web_app.settings[guests.SETTING] = invitation
    # A page's kernel knows the invitation, for Start to show it: everybody with a page has it, or more, already.
    front = {**fronts.environment(), "COWORK_INVITATION": invitation.query}
    server.kernel_manager.page_env = front  # type: ignore[attr-defined]
    environment = Environment(loader=FileSystemLoader(templates), extensions=["jinja2.ext.i18n"], autoescape=True)
    environment.install_null_translations()  # type: ignore[attr-defined]
    server.web_app.settings["voila_jinja2_env"] = environment

    def at(path: str) -> str:
        return url_path_join(base, path)

    page = {"template_paths": templates, "config": server.config, "voila_configuration": voila}
    handlers: list[Any] = [
        (at(r"/voila/render/(.+\.ipynb)"), guests.GuestPage, page),
        (at(r"/cowork/alive"), AliveHandler),
        *guests.routes(at, app.KERNEL_ID),
        *fronts.routes(at),
        (at(r"/voila/?"), web.RedirectHandler, {"url": at("/voila/render/notebooks/workbook.ipynb")}),
    ]
    server.web_app.add_handlers(".*$", handlers)
    folders = (at("/voila/"), at("/cowork/"))
    server.web_app.add_transform(guests.headers_at(lambda path: path.startswith(folders)))
