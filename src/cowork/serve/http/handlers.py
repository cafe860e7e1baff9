"""What the server answers itself: the pages, the heartbeat, the end of a kernel, and "there is no such page"."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import json
import re
import secrets
from typing import Any, ClassVar
from uuid import uuid4

from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from tornado import httputil, web
from tornado.iostream import StreamBufferFullError, StreamClosedError
from tornado.web import OutputTransform
from tornado.websocket import WebSocketClosedError
from voila.handler import BaseVoilaHandler
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from cowork.serve.http.comm_connection import CommOnlyConnection
from cowork.serve.http.logs import RateLimit
from cowork.serve.http.websocket_frames import KINDS, MAX_FRAME_BYTES, MalformedFrame, read_frame
from cowork.serve.kernels.manager import RESERVED, SOURCE, VISITOR
from cowork.serve.network import is_loopback

BOOT = uuid4().hex
"""Names this run of the server. A page that sees another one knows that its kernel is gone."""

COOKIE = "cowork-visitor"
_SOURCE_KEY = secrets.token_bytes(32)
MAX_WAITING_BYTES = 16_000_000
"""Bytes that may wait for a browser that does not take them; the largest report is a fraction of it."""

PAGE_KINDS = frozenset({"comm_open", "comm_close", "comm_msg", "comm_info_request", "kernel_info_request"})
"""The kinds of message that a page may send to its kernel: no code to run among them. Jupyter's own list of allowed
kinds holds for all kernels of a server, and inside somebody else's Jupyter server JupyterLab's must run code."""
MAY_REMARK = RateLimit(60)
"""What connections give reason to say, in all: each new one might, and one browser can open many."""
MAX_CONNECTIONS = 8
"""Websockets to one page's kernel. A browser that connects anew leaves old ones behind, which are found dead later."""

KERNEL_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
HEARTBEAT = "voila_heartbeat"
MAX_HEARTBEATS = 9
"""Voilà sends one every ten seconds while a page is made, and for ever if the kernel could not start."""

_REST = (
    # Style sheets stand in the report that a page frames, and in what a widget of somebody else brings.
    "style-src 'self' 'unsafe-inline' data:; img-src 'self' data: blob:; font-src 'self' data:; "
    "media-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)
#: Our own front end: no script stands in the page. blob: is how anywidget loads a widget whose script is not ours.
POLICY = f"default-src 'self'; script-src 'self' blob:; {_REST}"
#: JupyterLab's front end makes functions of texts, and Voilà's page holds scripts.
LAB_POLICY = f"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:; {_REST}"


class AnonymousIdentity(IdentityProvider):
    """Whoever came through the door is a guest like the others.

    Jupyter's own tokens and cookies stay out of it: they would be a second lock with other holes, and a request
    that Jupyter takes for token-authenticated needs no XSRF check and may come from any site.
    """

    def get_user(self, handler: web.RequestHandler) -> User:
        return User("guest")

    def get_handlers(self) -> list[tuple[str, object]]:
        return []

    def is_token_authenticated(self, handler: web.RequestHandler) -> bool:
        return False

    @property
    def auth_enabled(self) -> bool:
        return False


class SecurityHeaders(OutputTransform):
    """Every answer says what a browser may do with it: only this host, no frame elsewhere, no guessing of types."""

    def __init__(self, request: httputil.HTTPServerRequest) -> None:
        # Safari before 15.4 does not take a websocket to be 'self', hence its address in full.
        host = request.host if re.fullmatch(r"[\w.\-\[\]:]+", request.host or "") else ""
        sockets = f" ws://{host} wss://{host}" if host else ""
        self.sockets = f"; connect-src 'self'{sockets}"

    def transform_first_chunk(
        self, status_code: int, headers: httputil.HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, httputil.HTTPHeaders, bytes]:
        said = headers.get("Content-Security-Policy", "")
        if "default-src 'none'" not in said:
            headers["Content-Security-Policy"] = (LAB_POLICY if said == LAB_POLICY else POLICY) + self.sockets
        headers["Referrer-Policy"] = "same-origin"
        headers["X-Content-Type-Options"] = "nosniff"
        headers.pop("Server", None)
        return status_code, headers, chunk


def visitor_of(handler: web.RequestHandler, new: bool = False) -> str:
    """The browser's own name, a cookie that no script can read; "" where it has none and `new` makes none.

    A kernel's id stands in its page, and people send each other what stands in a page. So the id alone opens nothing:
    whoever speaks to a kernel must be the browser that asked for the page. A name from another of our servers on this
    machine is kept, since a browser sends one to all ports alike.
    """
    said = handler.get_cookie(COOKIE, "") or ""
    if re.fullmatch(r"[0-9a-f]{32}", said) or not new:
        return said
    made = secrets.token_hex(16)
    secure = handler.request.protocol == "https"
    path = handler.settings.get("base_url", "/")
    handler.set_cookie(COOKIE, made, path=path, httponly=True, samesite="Lax", secure=secure)
    return made


def source_of(address: str, visitor: str) -> str:
    """Whose wrong codes are counted together, as a tag from which no address can be read.

    An address, where people have their own; an IPv6 network, of which one person has all addresses; and one browser
    on this machine or behind a proxy, where all share one address.
    """
    address = address.removeprefix("::ffff:")
    if not address or is_loopback(address):
        known = visitor
    elif ":" in address:
        known = str(ipaddress.ip_network(f"{address.split('%')[0]}/64", strict=False))
    else:
        known = address
    return hmac.digest(_SOURCE_KEY, known.encode(), "sha256").hex()[:32]


def is_visit(headers: httputil.HTTPHeaders) -> bool:
    """Whether somebody goes to this page. Each page costs a process, and a picture in any web site can ask for one.

    Browsers say what they fetch something for, and no script can change it. One that says nothing (Safari before
    16.4) is let in.
    """
    purposes = (headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"))
    if any(word in said.lower() for said in purposes for word in ("prefetch", "prerender", "preview")):
        return False
    wanted_as = headers.get("Sec-Fetch-Dest", "document")
    if wanted_as in ("iframe", "frame"):  # another site may not show our pages in a frame of its own
        return headers.get("Sec-Fetch-Site", "same-origin") != "cross-site"
    return wanted_as == "document"


class OwnedKernelHandler(JupyterHandler):
    """For addresses below a kernel's id: not found, unless it is the kernel of this browser."""

    async def prepare(self, *args: Any, **kwargs: Any) -> None:
        kernel_id = self.path_kwargs.get("kernel_id") or (self.path_args[0] if self.path_args else "")
        if not self.settings["kernel_manager"].belongs(kernel_id, visitor_of(self)):
            raise web.HTTPError(404)
        await super().prepare(*args, **kwargs)


class OwnedKernelSocket(OwnedKernelHandler, KernelWebsocketHandler):
    """A kernel's websocket: for the browser whose page it is, and with an end to what may wait for it."""

    refused = False
    remarked = False
    connected: ClassVar[dict[str, dict[OwnedKernelSocket, None]]] = {}
    """Open websockets of each page's kernel, the oldest first."""

    @property
    def kernel_websocket_connection_class(self) -> type:
        """What a page's front end wants to hear: `only=comm`, and the rest is not sent to it."""
        if self.get_query_argument("only", "") == "comm":
            return CommOnlyConnection
        chosen: type = super().kernel_websocket_connection_class
        return chosen

    @property
    def wire(self) -> Any:
        assert self.ws_connection is not None, "the websocket is not open"
        return self.ws_connection.stream

    async def open(self, *args: Any, **kwargs: Any) -> None:
        self.wire.max_write_buffer_size = MAX_WAITING_BYTES
        if self.settings["kernel_manager"].is_page(self.kernel_id):
            theirs = self.connected.setdefault(self.kernel_id, {})
            theirs[self] = None
            if len(theirs) > MAX_CONNECTIONS:
                next(iter(theirs)).wire.close()
        await super().open(*args, **kwargs)

    def on_close(self) -> None:
        theirs = self.connected.get(self.kernel_id, {})
        theirs.pop(self, None)
        if not theirs:
            self.connected.pop(self.kernel_id, None)
        if self.connection is not None:
            super().on_close()

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """A refused websocket is told the status. Jupyter's page for it would ask who it is, and log two tracebacks."""
        self.set_header("Cache-Control", "no-store")
        self.finish()

    @property
    def max_message_size(self) -> int:
        """Bytes of one frame: few for a page. A notebook in JupyterLab beside the pages may send tornado's ten MiB."""
        is_page: bool = self.settings["kernel_manager"].is_page(self.kernel_id)
        return MAX_FRAME_BYTES if is_page else super().max_message_size

    async def on_message(self, frame: str | bytes) -> None:
        """Pass a frame on to the kernel, or close this connection where the frame is none of Jupyter's.

        Jupyter's own reader believes what a frame says of itself, see `frames`.
        """
        if self.refused or self.connection is None:
            return
        try:
            read = read_frame(frame, bool(self.selected_subprotocol))
            is_page = self.settings["kernel_manager"].is_page(self.kernel_id)
            kinds = PAGE_KINDS if is_page else frozenset(self.kernel_manager.allowed_message_types)
            if kinds and read.kind not in KINDS:
                raise MalformedFrame("a kind of message that Jupyter does not have")
            if read.channel not in self.connection.channels or (kinds and read.kind not in kinds):
                self.remark("A message that a page may not send was left aside (%s, %s).", read.channel, read.kind)
                return
            if inflow := self.settings["kernel_manager"].inflow(self.kernel_id):
                await inflow.wait_for_room()  # tornado reads no further from this websocket meanwhile
                if self.connection is None:
                    return
                inflow.add(read)
            self.connection.handle_incoming_message(frame)
        except MalformedFrame as fault:
            self.refuse(str(fault))
        except TimeoutError:
            self.refuse("more than its kernel took", 1013)
        except Exception as error:  # what else Jupyter cannot read: its texts hold words, so only the kind is said
            self.refuse(f"what raised {type(error).__name__}")

    def refuse(self, why: str, code: int = 1002) -> None:
        """Close this connection, and only this one. What it still sends until it is closed is not read."""
        self.refused = True
        self.remark("A connection was closed: it sent %s.", why)
        self.close(code)

    def remark(self, words: str, *values: str) -> None:
        """One line in the log for one connection, however often it gives reason to."""
        if not self.remarked and MAY_REMARK():
            self.remarked = True
            self.log.warning(words, *values)

    def write_message(self, message: Any, binary: bool = False) -> Any:
        try:
            return self.write_whole(message, binary)
        except StreamBufferFullError:
            # A phone that fell asleep takes nothing and says nothing. Coming back, it asks for what there is.
            self.wire.close()
            raise WebSocketClosedError from None

    def write_whole(self, message: Any, binary: bool) -> Any:
        return super().write_message(message, binary)


class VoilaKernelSocket(OwnedKernelSocket, VoilaKernelWebsocketHandler):
    """The same for a server that is only ours: Voilà's handler shows nobody what a cell holds."""

    def write_whole(self, message: Any, binary: bool) -> Any:
        if isinstance(self.connection, CommOnlyConnection):
            return KernelWebsocketHandler.write_message(self, message, binary)  # no cell is told there
        if isinstance(message, bytes) and not self.selected_subprotocol:
            # Voilà's handler takes every binary message for the newer protocol's. From one of the older it reads the
            # number of its parts wrongly, some thousand billions: the server would never come back.
            return KernelWebsocketHandler.write_message(self, message, binary)
        return super().write_whole(message, binary)


class PageHandler(TornadoVoilaHandler):
    """A notebook as a page.

    Its opening goes out before the kernel is started, so that the browser loads the front end meanwhile. Voilà writes
    the rest in hundreds of pieces; they are sent together, except where it waits for the kernel.
    """

    ours = True
    behind_proxy = False
    """Whether everybody has one address here, so that it says nothing about who asks."""
    begun = False
    reserved = ""

    async def prepare(self, *args: Any, **kwargs: Any) -> None:
        if not is_visit(self.request.headers):
            raise web.HTTPError(403)
        visitor = visitor_of(self, new=True)
        VISITOR.set(visitor)
        SOURCE.set(source_of("" if self.behind_proxy else self.request.remote_ip or "", visitor))
        await super().prepare(*args, **kwargs)

    def reserve(self) -> None:
        """Take a place for this page's kernel, which is given back when the page is made (`get`)."""
        self.reserved = self.settings["kernel_manager"].reserve(VISITOR.get())
        RESERVED.set(self.reserved)

    def begin(self, notebook: Any) -> None:
        """Choose who shows the page, and begin it where that is our own front end."""
        self.choose_front(notebook)
        if not self.ours:
            return
        opening = self.template("opening").render(
            title=notebook.metadata.get("title", "cowork"),
            ours=True,
            base_url=self.base_url,
            page_config=self.voila_configuration.page_config_hook({}),
        )
        self.write(opening)
        self.flush()
        notebook.metadata["cowork"]["begun"] = self.begun = True

    def template(self, name: str) -> Any:
        return self.settings["voila_jinja2_env"].get_template(f"{name}.html.j2")

    def choose_front(self, notebook: Any) -> None:
        """Ours, unless the notebook asks for JupyterLab's, or ours has found that it cannot show what is in it.

        It then leaves a cookie for this page alone and loads it anew; the notebook can spare its visitors that by
        saying `"cowork": {"serve": true, "front": "lab"}`.
        """
        said = notebook.metadata["cowork"]
        self.ours = said.get("front") != "lab" and self.get_cookie("cowork-front") != "lab"
        said["front"] = "ours" if self.ours else "lab"
        if not self.ours:
            self.set_header("Content-Security-Policy", LAB_POLICY)

    async def get(self, path: str | None = None) -> None:
        try:
            await self.tell(path)
        except (web.Finish, StreamClosedError):
            raise
        except Exception:
            if not self.begun:
                raise
            # Half a page is there, so no other can come in its place: it is told how it ends.
            self.log.exception("A page was begun and could not be made.")
            self.write(self.template("fault").render())
        finally:
            self.settings["kernel_manager"].release(self.reserved)

    async def tell(self, path: str | None) -> None:
        pieces = self.get_generator(path=path).__aiter__()
        beats = 0
        while True:
            piece = asyncio.ensure_future(pieces.__anext__())
            done, _ = await asyncio.wait({piece}, timeout=0.01)
            if not done and self._write_buffer:
                await self.flush()
            try:
                html = await piece
            except StopAsyncIteration:
                return
            beats = beats + 1 if HEARTBEAT in html and len(html) < 100 else 0
            if beats > MAX_HEARTBEATS:
                self.log.error("A page could not be made: its kernel did not start or did not finish.")
                slow = "<script>window.cowork_slow && window.cowork_slow()</script>"
                self.write('<meta name="cw-slow">' if self.ours else slow)
                return
            self.write("<!-- -->\n" if beats and self.ours else html)  # no script may stand in our page

    def redirect_to_file(self, path: str) -> None:
        raise web.HTTPError(404)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.set_header("Cache-Control", "no-store")
        if status_code in (429, 503):
            self.set_header("Retry-After", "60")
        super().write_error(status_code, **kwargs)


class NotFoundHandler(BaseVoilaHandler):
    """No such page: said in words, with the way back."""

    def initialize(self, **kwargs: Any) -> None:
        super().initialize(voila_configuration=self.settings["voila_configuration"])

    async def prepare(self) -> None:
        await super().prepare()
        self.set_header("Cache-Control", "no-store")
        raise web.HTTPError(404)


class AliveHandler(web.RequestHandler):
    """The heartbeat: which run of the server this is, and whether a page's kernel is still there."""

    async def get(self) -> None:
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "application/json")
        kernel_id = self.get_query_argument("kernel", "")
        if kernel_id and not KERNEL_ID.fullmatch(kernel_id):
            self.set_status(400)
            lives = False
        else:
            lives = bool(kernel_id) and await self.settings["kernel_manager"].lives(kernel_id)
        self.finish(json.dumps({"server": BOOT, "kernel": lives}))


class OwnKernelHandler(OwnedKernelHandler, KernelHandler):
    """What the front end asks about its own kernel. Ending one has its own road, below."""

    delete = web.RequestHandler.delete


class LeaveHandler(OwnedKernelHandler, VoilaShutdownKernelHandler):
    """A page was left: its kernel ends. Said twice (a reload, two signals), it is still true."""

    async def post(self, kernel_id: str) -> None:
        if KERNEL_ID.fullmatch(kernel_id) and kernel_id in self.kernel_manager:
            await self.kernel_manager.shutdown_kernel(kernel_id)
        self.set_status(204)
        self.finish()
