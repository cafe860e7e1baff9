"""The server: Voilà's application with our pages, our door and our care for kernels.

`serve(record)` is all that the command line calls. Everything that goes wrong with stock Voilà for a group in a
room, and what is done about it here, is named where it is done: `door` (who may come in), `kernels` (which Python,
which environment, when it ends), `handlers` (headers, pages, heartbeat), `front` (size and number of files), and
the template folder `share/jupyter/voila/templates/cowork`.
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
from cowork.serve.settings import pages

WORKBOOK = "workbook.ipynb"
#: Pings on the websocket, and how long no answer may come. Twice the time between two at least: as long as one,
#: every connection would be cut at its first ping, since Jupyter counts from the last answer.
PING_MS = 45_000
PING_TIMEOUT_MS = 100_000
MAY_SAY_FULL = logs.RateLimit(1)
KERNEL_ID = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"


def notebooks_folder() -> Path:
    """The notebooks inside an installed package, or beside `src` in a checkout."""
    package = Path(cowork.__file__).parent
    return next(
        (place for place in (package / "notebooks", package.parents[1] / "notebooks") if place.is_dir()),
        package / "notebooks",
    )


def configuration(notebooks: Path, kernel_env: dict[str, str]) -> Config:
    """Everything that is set on Voilà, each with its reason."""
    c = Config()
    c.Voila.root_dir = str(notebooks)
    c.Voila.log_level = logging.WARNING
    pages(c)
    c.VoilaConfiguration.kernel_spec_manager_class = "cowork.serve.kernels.manager.PageKernelSpecs"
    c.VoilaConfiguration.multi_kernel_manager_class = "cowork.serve.kernels.manager.VisitorKernels"
    c.VisitorKernels.extra_env = kernel_env
    # A page that is left says so at once. These are for those that cannot: a phone that went to sleep, a train.
    # Half an hour without a connection and without a message; connected pages are never culled, since a group
    # that talks for an hour must find its page alive.
    c.MappingKernelManager.cull_idle_timeout = 1800
    c.MappingKernelManager.cull_interval = 60
    c.MappingKernelManager.cull_connected = False
    # Without this the server keeps every message for an absent page, without a limit. The page asks for the state.
    c.MappingKernelManager.buffer_offline_messages = False
    # A kernel that died would come back empty under its old id, and its page would look alive (see `Kernels`).
    c.KernelManager.autorestart = False
    # Asked to end, a kernel now and then does not; after half of this it is terminated. The record does not mind:
    # what was acknowledged is on the disk.
    c.KernelManager.shutdown_wait_time = 1.0
    c.NotebookNotary.db_file = ":memory:"  # nothing is signed, so nothing is written into the person's folders
    if sys.platform.startswith("linux"):
        # Sockets in a folder of our own instead of five open ports a visitor. Elsewhere the path may be too long.
        c.KernelManager.transport = "ipc"
    return c


class CoworkVoila(Voila):
    """Voilà with our routes only: the workbook at `/`, other notebooks by name, and what those pages need."""

    name = "voila"
    room = Instance(RoomAccess, allow_none=True)
    place = Instance(network.BoundSockets)
    record = Instance(RecordFile)

    @default("config_file_paths")
    def _no_foreign_configuration(self) -> list[str]:
        return []  # a voila.json in somebody's home or working folder is not about us

    @default("identity_provider_class")
    def _everyone(self) -> type:
        return AnonymousIdentity

    def init_settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = super().init_settings()
        # "Notebook … is not trusted" for each page: there are no saved outputs here that could be trusted.
        self.contents_manager.log = logging.getLogger("cowork.serve.contents")
        self.contents_manager.log.setLevel(logging.ERROR)
        self.fronts = FrontendAssets(self.base_url, self.static_paths, self.labextensions_path)
        self.voila_configuration.page_config_hook = self.fronts.page_config
        self.kernel_manager.page_env = self.fronts.environment()
        settings.update(
            # `tornado_settings` would come too late for this one: Voilà applies it to an application already made.
            compress_response=True,
            headers={"Content-Security-Policy": POLICY},
            login_url=url_path_join(self.base_url, "login"),
            voila_configuration=self.voila_configuration,
            default_handler_class=NotFoundHandler,
            # A page's first state is a third of the size this way.
            websocket_compression_options={"compression_level": 4},
            ws_ping_interval=PING_MS,
            ws_ping_timeout=PING_TIMEOUT_MS,
            log_function=log_request,
            xsrf_cookie_kwargs={"samesite": "Lax", "path": self.base_url},
            allow_remote_access=True,  # which names are answered is the door's business
        )
        return settings

    def init_handlers(self) -> list[Any]:
        """Our own list. Voilà's also shows folders, contents and files, which nobody here needs."""
        page = {
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }

        def at(path: str) -> str:
            return url_path_join(self.server_url, path)

        return [
            (at(r"/"), PageHandler, {**page, "notebook_path": WORKBOOK}),
            (at(r"/voila/render/(.+\.ipynb)"), PageHandler, page),
            (at(r"/cowork/alive"), AliveHandler),
            (at(rf"/api/kernels/{KERNEL_ID}"), OwnKernelHandler),
            (at(rf"/api/kernels/{KERNEL_ID}/channels"), VoilaKernelSocket),
            (at(r"/voila/api/shutdown/(.*)"), LeaveHandler),
            *self.fronts.routes(at),
        ]

    def start(self) -> None:
        """As Voilà's, with an application behind our door."""
        provisioner.fork_server.start()
        remove_abandoned()
        self.folder = ConnectionFolder()
        self.connection_dir = str(self.folder.path)
        settings = self.init_settings()
        self.app = GuardedApplication(transforms=[SecurityHeaders, web.GZipContentEncoding], **settings)
        self.app.room = self.room
        self.app.port = self.place.port
        self.app.names = None if self.room else frozenset({self.ip})
        self.app.open_files = frozenset(
            url_path_join(self.base_url, "voila/templates/cowork", path.relative_to(TEMPLATE).as_posix())
            for path in (TEMPLATE / "static").rglob("*")
            if path.is_file()
        )
        self.app.add_handlers(".*$", self.init_handlers())
        self.listen()

    def listen(self) -> None:
        self.server = self.app.server = BoundedServer(self.app)
        self.server.add_sockets(self.place.sockets)
        self.ioloop = tornado.ioloop.IOLoop.current()
        self.ioloop.asyncio_loop.set_exception_handler(without_closed_sockets)  # type: ignore[attr-defined]
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._handle_signal_stop)
        # tornado names each address that was not found, with its query; that is for nobody's terminal.
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
        """One line for a person, when pages can be had."""
        if self.room is None:
            print(f"cowork is open at {self.address}/  (Ctrl+C closes it)", flush=True)
            return
        print(f"cowork is open at {self.address}/?token={self.room.code}  (Ctrl+C closes it)", flush=True)
        print(f"On this network: {self.address}/ and the room code {self.room.code}", flush=True)

    @property
    def address(self) -> str:
        return network.url(self.ip, self.place.port)

    def launch_browser(self) -> None:
        """By way of a file, because an address on a command line, code included, is seen by every user here."""
        host = "127.0.0.1" if network.is_any(self.ip) else self.ip
        target = network.url(host, self.place.port) + (f"/?token={self.room.code}" if self.room else "/")
        page = Path(self.connection_dir) / "open.html"  # the folder is ours alone and goes when the server does
        page.write_text(
            f'<!doctype html><meta charset="utf-8"><title>cowork</title>'
            f'<meta http-equiv="refresh" content="0;url={html.escape(target)}">',
            "utf-8",
        )
        threading.Thread(target=webbrowser.open, args=(page.as_uri(),), daemon=True).start()

    def stop(self) -> None:
        """Kernels first, then the record, then the folder of the kernels' sockets; Voilà ends that one first."""
        self.server.stop()
        try:
            run_sync(self.kernel_manager.shutdown_all)()
        finally:
            provisioner.fork_server.stop()
            self.record.close()
            self.folder.remove()


def without_closed_sockets(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A page that closes while a message is on its way to it is no fault; asyncio would print a traceback.

    And where no file handle is left, asyncio would print one for each try to take a connection, thousands a second.
    """
    error = context.get("exception")
    if logs.out_of_files(error):
        if MAY_SAY_FULL():
            logging.getLogger("cowork.serve").error("No file handle is left: nobody new is answered (%s).", error)
    elif not isinstance(error, (WebSocketClosedError, StreamClosedError)):
        loop.default_exception_handler(context)


def log_request(handler: web.RequestHandler) -> None:
    """Only what the server did wrong, and never a query: it may hold a room code."""
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
    """Open the workbook over `record` and stay until Ctrl+C or SIGTERM. The exit code: 0, or 1 with words on stderr.

    Beyond loopback a room code is asked before anything is served; `token` is that code, and where it is missing
    one is made and printed. On loopback there is none unless it is given.
    """
    _find_templates()
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
        place = network.bind(host, port)
    except network.BindError as error:
        print(error, file=sys.stderr)
        return 1
    if place.moved:
        print(f"Port {port} is taken by another program, so cowork uses {place.port}.", file=sys.stderr)
    open_to_others = not network.is_loopback(host)
    file = RecordFile(record)
    kernel_env = {
        **file.environment(),
        "COWORK_ADDRESS": network.url(host, place.port) if open_to_others else "",
    }
    app = CoworkVoila.instance(  # the one application of this process: Jupyter's parts look for it, to log to it
        config=configuration(folder, kernel_env),  # at once: Voilà does not notice what is merged in later
        ip=host,
        port=place.port,
        open_browser=browser,
        place=place,
        record=file,
        room=room_store.load_room(record, token) if open_to_others or token else None,
    )
    try:
        app.initialize([])
        app.start()
    finally:
        CoworkVoila.clear_instance()
    return 0


def _find_templates() -> None:
    """Show Jupyter our template folder, and this environment's extensions before a user's older ones."""
    paths = [str(SHARE), os.path.join(sys.prefix, "share", "jupyter")]
    known = [path for path in os.environ.get("JUPYTER_PATH", "").split(os.pathsep) if path and path not in paths]
    os.environ["JUPYTER_PATH"] = os.pathsep.join(paths + known)
