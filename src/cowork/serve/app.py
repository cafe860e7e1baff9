"""The server: Voilà's application with our pages, access control and kernel management.

The command line calls `serve(record)`. The modules that replace a part of stock Voilà say what would go wrong without
them: `auth` (access), `kernels` (Python, environment and end of a kernel), `http` (headers, pages, heartbeat, size and
number of files), and the templates in `share/jupyter/voila/templates/cowork`.
"""

from __future__ import annotations

import asyncio
import html
import logging
import os
import signal
import sys
import threading
import webbrowser
from pathlib import Path
from typing import Any

import tornado.ioloop
from jupyter_core.utils import run_sync
from jupyter_server.utils import url_path_join
from tornado import web
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError
from traitlets import Instance, default
from traitlets.config import Config
from voila.app import Voila

import cowork
from cowork.serve import network
from cowork.serve.auth import room_store
from cowork.serve.auth.guard import MIN_CODE_LETTERS, GuardedApplication, RoomAccess, normalise_code
from cowork.serve.http import logs
from cowork.serve.http.assets import SHARE, TEMPLATE, FrontendAssets
from cowork.serve.http.connection_limits import BoundedServer
from cowork.serve.http.headers import POLICY, SecurityHeaders
from cowork.serve.http.kernel_requests import AliveHandler, LeaveHandler, OwnKernelHandler
from cowork.serve.http.pages import NotFoundHandler, PageHandler
from cowork.serve.http.sockets import VoilaKernelSocket
from cowork.serve.http.visitors import AnonymousIdentity
from cowork.serve.kernels import capacity, provisioner
from cowork.serve.kernels.connection_folder import ConnectionFolder, remove_abandoned
from cowork.serve.record_file import RecordFile
from cowork.serve.settings import configure_pages

WORKBOOK = "workbook.ipynb"
#: The interval of websocket pings, and the time without an answer. It must be at least twice the interval: otherwise
#: every connection would be closed at its first ping, since Jupyter counts from the last answer.
PING_MS = 45_000
PING_TIMEOUT_MS = 100_000
FULL_LOG_LIMIT = logs.RateLimit(1)
KERNEL_ID = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"


def notebooks_folder() -> Path:
    """The notebooks inside an installed package, or beside `src` in a checkout."""
    package = Path(cowork.__file__).parent
    return next(
        (folder for folder in (package / "notebooks", package.parents[1] / "notebooks") if folder.is_dir()),
        package / "notebooks",
    )


def configuration(notebooks: Path, kernel_env: dict[str, str]) -> Config:
    """The configuration of Voilà and Jupyter, each value with its reason."""
    c = Config()
    c.Voila.root_dir = str(notebooks)
    c.Voila.log_level = logging.WARNING
    configure_pages(c)
    c.VoilaConfiguration.kernel_spec_manager_class = "cowork.serve.kernels.manager.PageKernelSpecs"
    c.VoilaConfiguration.multi_kernel_manager_class = "cowork.serve.kernels.manager.VisitorKernels"
    c.VisitorKernels.extra_env = kernel_env
    # A browser sends a notice when a page is left. These are for those that cannot: a sleeping phone, a train.
    # Half an hour without a connection and without a message; connected pages are never culled, since a group
    # that talks for an hour must find its page alive.
    c.MappingKernelManager.cull_idle_timeout = 1800
    c.MappingKernelManager.cull_interval = 60
    c.MappingKernelManager.cull_connected = False
    # Otherwise the server stores every message for an absent page, without a limit. A page requests the state instead.
    c.MappingKernelManager.buffer_offline_messages = False
    # A dead kernel would be restarted empty under its old id, and its page would look alive (see `VisitorKernels`).
    c.KernelManager.autorestart = False
    # Now and then a kernel does not shut down; after half of this time it is terminated. Nothing is lost:
    # what was acknowledged is on disk.
    c.KernelManager.shutdown_wait_time = 1.0
    c.NotebookNotary.db_file = ":memory:"  # nothing is signed, so nothing is written into the user's folders
    if sys.platform.startswith("linux"):
        # Sockets in a folder of our own instead of five open ports for each visitor. Elsewhere the path may be too
        # long.
        c.KernelManager.transport = "ipc"
    return c


class CoworkVoila(Voila):
    """Voilà with our routes only: the workbook at `/`, other notebooks by name, and what these pages need."""

    name = "voila"
    room = Instance(RoomAccess, allow_none=True)
    bound = Instance(network.BoundSockets)
    record = Instance(RecordFile)

    @default("config_file_paths")
    def _default_config_file_paths(self) -> list[str]:
        return []  # ignore a voila.json in the user's home or working folder

    @default("identity_provider_class")
    def _default_identity_provider_class(self) -> type:
        return AnonymousIdentity

    def init_settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = super().init_settings()
        # Otherwise it logs "Notebook … is not trusted" for each page: our notebooks have no saved outputs to trust.
        self.contents_manager.log = logging.getLogger("cowork.serve.contents")
        self.contents_manager.log.setLevel(logging.ERROR)
        self.assets = FrontendAssets(self.base_url, self.static_paths, self.labextensions_path)
        self.voila_configuration.page_config_hook = self.assets.page_config
        self.kernel_manager.page_env = self.assets.kernel_environment()
        settings.update(
            # Not in `tornado_settings`: Voilà applies those too late, to an existing application.
            compress_response=True,
            headers={"Content-Security-Policy": POLICY},
            login_url=url_path_join(self.base_url, "login"),
            voila_configuration=self.voila_configuration,
            default_handler_class=NotFoundHandler,
            # It reduces the first state of a page to a third of its size.
            websocket_compression_options={"compression_level": 4},
            ws_ping_interval=PING_MS,
            ws_ping_timeout=PING_TIMEOUT_MS,
            log_function=log_request,
            xsrf_cookie_kwargs={"samesite": "Lax", "path": self.base_url},
            allow_remote_access=True,  # `GuardedApplication` checks host names
        )
        return settings

    def init_handlers(self) -> list[Any]:
        """Our own routes. Voilà's also serve folders, contents and files, which nobody needs here."""
        page = {
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }

        def route(path: str) -> str:
            return url_path_join(self.server_url, path)

        return [
            (route(r"/"), PageHandler, {**page, "notebook_path": WORKBOOK}),
            (route(r"/voila/render/(.+\.ipynb)"), PageHandler, page),
            (route(r"/cowork/alive"), AliveHandler),
            (route(rf"/api/kernels/{KERNEL_ID}"), OwnKernelHandler),
            (route(rf"/api/kernels/{KERNEL_ID}/channels"), VoilaKernelSocket),
            (route(r"/voila/api/shutdown/(.*)"), LeaveHandler),
            *self.assets.routes(route),
        ]

    def start(self) -> None:
        """Start as Voilà does, with a `GuardedApplication`."""
        provisioner.fork_server.start()
        remove_abandoned()
        self.connection_folder = ConnectionFolder()
        self.connection_dir = str(self.connection_folder.path)
        settings = self.init_settings()
        self.app = GuardedApplication(transforms=[SecurityHeaders, web.GZipContentEncoding], **settings)
        self.app.room = self.room
        self.app.port = self.bound.port
        self.app.allowed_hosts = None if self.room else frozenset({self.ip})
        self.app.public_files = frozenset(
            url_path_join(self.base_url, "voila/templates/cowork", path.relative_to(TEMPLATE).as_posix())
            for path in (TEMPLATE / "static").rglob("*")
            if path.is_file()
        )
        self.app.add_handlers(".*$", self.init_handlers())
        self.listen()

    def listen(self) -> None:
        """Answer requests until a signal comes."""
        self.server = self.app.server = BoundedServer(self.app)
        self.server.add_sockets(self.bound.sockets)
        self.ioloop = tornado.ioloop.IOLoop.current()
        self.ioloop.asyncio_loop.set_exception_handler(ignore_closed_sockets)  # type: ignore[attr-defined]
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._handle_signal_stop)
        # tornado logs each URL that was not found, with its query, which may hold a room code.
        logging.getLogger("tornado.general").setLevel(logging.ERROR)
        self.record.watch()
        self.announce()
        if self.open_browser:
            self.launch_browser()
        try:
            self.ioloop.start()
        finally:
            self.stop()

    def announce(self) -> None:
        """Print the address for the operator, when pages can be opened."""
        if self.room is None:
            print(f"cowork is open at {self.address}/  (Ctrl+C closes it)", flush=True)
            return
        print(f"cowork is open at {self.address}/?token={self.room.code}  (Ctrl+C closes it)", flush=True)
        print(f"On this network: {self.address}/ and the room code {self.room.code}", flush=True)

    @property
    def address(self) -> str:
        return network.url(self.ip, self.bound.port)

    def launch_browser(self) -> None:
        """Open a browser by a file: every user of the machine can read the URL, with the code, on a command line."""
        host = "127.0.0.1" if network.is_unspecified_host(self.ip) else self.ip
        target = network.url(host, self.bound.port) + (f"/?token={self.room.code}" if self.room else "/")
        page = (
            Path(self.connection_dir) / "open.html"
        )  # only we can read the folder, and the server removes it when it ends
        page.write_text(
            f'<!doctype html><meta charset="utf-8"><title>cowork</title>'
            f'<meta http-equiv="refresh" content="0;url={html.escape(target)}">',
            "utf-8",
        )
        threading.Thread(target=webbrowser.open, args=(page.as_uri(),), daemon=True).start()

    def stop(self) -> None:
        """End the kernels first, then the record, then the folder of the kernels' sockets; Voilà removes that first."""
        self.server.stop()
        try:
            run_sync(self.kernel_manager.shutdown_all)()
        finally:
            provisioner.fork_server.stop()
            self.record.close()
            self.connection_folder.remove()


def ignore_closed_sockets(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Handle errors of the loop without asyncio's traceback where a page closed while a message was sent to it.

    And where no file handle is left, log one line: asyncio would print a traceback for each attempt to accept a
    connection, thousands a second.
    """
    error = context.get("exception")
    if logs.is_out_of_files(error):
        if FULL_LOG_LIMIT():
            logging.getLogger("cowork.serve").error("No file handle is left: nobody new is answered (%s).", error)
    elif not isinstance(error, (WebSocketClosedError, StreamClosedError)):
        loop.default_exception_handler(context)


def log_request(handler: web.RequestHandler) -> None:
    """Log server errors only, and never a query: it may hold a room code."""
    if handler.get_status() >= 500:
        logging.getLogger("cowork.serve").error("%s %s", handler.get_status(), handler.request.path)


def serve(
    record: Path,
    port: int = network.DEFAULT_PORT,
    host: str = "127.0.0.1",
    browser: bool = True,
    token: str | None = None,
    notebooks: Path | None = None,
) -> int:
    """Serve the workbook with `record` until Ctrl+C or SIGTERM. Returns the exit code: 0, or 1 with words on stderr.

    Beyond loopback the server asks for a room code before it serves anything; `token` is that code, and without it one
    is made and printed. On loopback there is no code unless it is given.
    """
    add_jupyter_paths()
    logs.make_safe()
    capacity.raise_file_limit()
    if token is not None and len(normalise_code(token)) < MIN_CODE_LETTERS:
        print(f"The room code is too short: at least {MIN_CODE_LETTERS} letters or digits.", file=sys.stderr)
        return 1
    folder = (notebooks or notebooks_folder()).absolute()
    if not (folder / WORKBOOK).is_file():
        print(f"There is no {WORKBOOK} in {folder}.", file=sys.stderr)
        return 1
    try:
        bound = network.bind(host, port)
    except network.BindError as error:
        print(error, file=sys.stderr)
        return 1
    if bound.moved:
        print(f"Port {port} is taken by another program, so cowork uses {bound.port}.", file=sys.stderr)
    open_to_others = not network.is_loopback(host)
    file = RecordFile(record)
    kernel_env = {
        **file.kernel_environment(),
        "COWORK_ADDRESS": network.url(host, bound.port) if open_to_others else "",
    }
    app = CoworkVoila.instance(  # the singleton of this process: Jupyter's parts find it there for their logs
        config=configuration(folder, kernel_env),  # now: Voilà ignores what is merged in later
        ip=host,
        port=bound.port,
        open_browser=browser,
        bound=bound,
        record=file,
        room=room_store.load_room(record, token) if open_to_others or token else None,
    )
    try:
        app.initialize([])
        app.start()
    finally:
        CoworkVoila.clear_instance()
    return 0


def add_jupyter_paths() -> None:
    """Let Jupyter find our templates, and this environment's extensions before a user's older ones."""
    paths = [str(SHARE), os.path.join(sys.prefix, "share", "jupyter")]
    known = [path for path in os.environ.get("JUPYTER_PATH", "").split(os.pathsep) if path and path not in paths]
    os.environ["JUPYTER_PATH"] = os.pathsep.join(paths + known)
