"""Who may do what inside somebody else's Jupyter server: guests get the pages, and Jupyter's own lock keeps the rest.

A guest opened the invitation: a link with our room code, exchanged for a cookie of ours. Only the handlers in this
file look at that cookie; every handler of Jupyter asks Jupyter's own identity provider (token, password, hub), which
does not know it. So files, terminals, JupyterLab and its kernels stay closed to guests without a list of addresses.

A page's kernel answers only the browser that asked for the page, also where somebody has Jupyter's token, and also
that browser may only send what widgets say (`http.sockets.PAGE_KINDS`): otherwise a guest could run any code in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.auth.authorizer import AllowAllAuthorizer, Authorizer
from jupyter_server.auth.decorator import allow_unauthenticated, authorized
from jupyter_server.auth.identity import IdentityProvider
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.services.kernels.handlers import KernelActionHandler, KernelHandler, MainKernelHandler
from jupyter_server.services.sessions.handlers import SessionHandler, SessionRootHandler
from tornado import httputil, web

from cowork.serve.auth.guard import RoomAccess
from cowork.serve.http.headers import SecurityHeaders
from cowork.serve.http.kernel_requests import LeaveHandler, OwnedKernelHandler
from cowork.serve.http.pages import PageHandler
from cowork.serve.http.sockets import OwnedKernelSocket
from cowork.serve.http.visitors import AnonymousIdentity
from cowork.serve.settings import ROOM_CODE, without_token

SETTING = "cowork_invitation"


class Invitation:
    """The room of this Jupyter server and the name of its cookie."""

    def __init__(self, room: RoomAccess) -> None:
        self.room = room
        # Browsers share cookies between the ports of a machine, and a hub gives each start another port.
        self.cookie = f"cowork-room-{hashlib.sha256(b'cookie' + room.seed).hexdigest()[:12]}"

    @property
    def query(self) -> str:
        """What the link to pass on carries."""
        return f"{ROOM_CODE}={self.room.code}"


class Guest(JupyterHandler):
    """For handlers that also answer guests. Whoever is none is Jupyter's to know, as everywhere else."""

    @property
    def invitation(self) -> Invitation:
        found: Invitation = self.settings[SETTING]
        return found

    @property
    def is_guest(self) -> bool:
        """Whether the browser has our cookie, and does not ask for a kernel of JupyterLab's."""
        if not self.invitation.room.admits(self.request, self.invitation.cookie):
            return False
        kernel_id = self.path_kwargs.get("kernel_id", "")
        kernels = self.settings["kernel_manager"]
        return kernel_id not in kernels or kernels.is_page(kernel_id)

    @property
    def identity_provider(self) -> IdentityProvider:
        return AnonymousIdentity() if self.is_guest else super().identity_provider

    @property
    def authorizer(self) -> Authorizer:
        return AllowAllAuthorizer() if self.is_guest else super().authorizer


class GuestPage(Guest, PageHandler):
    """A page, for guests and for whoever Jupyter lets in."""

    behind_proxy = True

    async def prepare(self, *args: Any, **kwargs: Any) -> None:
        typed = self.get_query_argument(ROOM_CODE, None)
        if typed is None or self.request.method != "GET":
            await super().prepare(*args, **kwargs)
            return
        rest = without_token(self.request.query)
        here = self.request.path + (f"?{rest}" if rest else "")
        if self.invitation.room.fits(typed):
            self.invitation.room.let_in(self, self.invitation.cookie)
        else:
            await super().prepare(*args, **kwargs)
            if self._finished:
                return
            if not self.current_user:
                self.close("closed.old")
                return
        # The code goes out of the address whether it is right or not: no bookmark and no kernel keeps it.
        self.set_header("Cache-Control", "no-store")
        self.redirect(here, status=303)

    @allow_unauthenticated
    async def get(self, path: str | None = None) -> None:
        if self.current_user:
            await ensure_async(super().get(path))
        elif type(super().identity_provider).__module__.startswith("jupyter_server."):
            self.close()
        else:
            self.redirect_to_hub()

    @web.authenticated
    def redirect_to_hub(self) -> None:
        """A hub knows its own people: they come back from there without having typed anything."""

    def close(self, problem: str = "") -> None:
        """Say that a page needs its link, in place of Jupyter's form for a password that no participant has."""
        self.set_status(403)
        self.set_header("Cache-Control", "no-store")
        rest = without_token(self.request.query)
        login = httputil.url_concat(
            self.settings["login_url"], {"next": self.request.path + (f"?{rest}" if rest else "")}
        )
        self.finish(self.render_template("closed.html", login=login, problem=problem))


class GuestLeave(Guest, LeaveHandler):
    post = web.authenticated(LeaveHandler.post)  # type: ignore[assignment]


class GuestKernel(Guest, OwnedKernelHandler, KernelHandler):
    """What is asked about a kernel; about a page's, only by the browser whose page it is."""


class GuestKernelSocket(Guest, OwnedKernelSocket):
    """A kernel's websocket."""


# ---- Jupyter's own addresses for kernels: a page's kernel is not found there, not even with Jupyter's token


class KernelList(MainKernelHandler):
    """JupyterLab's kernels. "Shut down all" in JupyterLab would otherwise end everybody's page."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        pages = self.settings["kernel_manager"].is_page
        models = await ensure_async(self.kernel_manager.list_kernels())
        self.finish(json.dumps([one for one in models if not pages(one["id"])], default=str))

    @web.authenticated
    async def post(self) -> None:
        refuse_page(self, self.get_json_body())
        await ensure_async(super().post())


class KernelAction(OwnedKernelHandler, KernelActionHandler):
    """Interrupt and restart. A page's kernel comes back empty and looks alive, so it has neither."""

    @web.authenticated
    async def post(self, kernel_id: str, action: str) -> None:
        if self.settings["kernel_manager"].is_page(kernel_id):
            raise web.HTTPError(404)
        await ensure_async(super().post(kernel_id=kernel_id, action=action))


class SessionList(SessionRootHandler):
    """A session is a notebook and its kernel: whoever makes one with a kernel can end that kernel with it."""

    @web.authenticated
    async def post(self) -> None:
        refuse_page(self, (self.get_json_body() or {}).get("kernel"))
        await ensure_async(super().post())


class OneSession(SessionHandler):
    @web.authenticated
    async def patch(self, session_id: str) -> None:
        refuse_page(self, (self.get_json_body() or {}).get("kernel"))
        await ensure_async(super().patch(session_id=session_id))


def refuse_page(handler: JupyterHandler, named: Any) -> None:
    """Not found, where a request names a page's kernel: {"id": …} of a session, {"kernel_id": …} of a start."""
    for key in ("id", "kernel_id"):
        if isinstance(named, dict) and handler.settings["kernel_manager"].is_page(str(named.get(key))):
            raise web.HTTPError(404)


def headers_at(ours: Callable[[str], bool]) -> type[SecurityHeaders]:
    """Our security headers, for our own addresses alone: JupyterLab would not run with our policy."""

    class HeadersThere(SecurityHeaders):
        def __init__(self, request: httputil.HTTPServerRequest) -> None:
            super().__init__(request)
            self.path = request.path

        def transform_first_chunk(
            self, status_code: int, headers: httputil.HTTPHeaders, chunk: bytes, finishing: bool
        ) -> tuple[int, httputil.HTTPHeaders, bytes]:
            if not ours(self.path):
                return status_code, headers, chunk
            return super().transform_first_chunk(status_code, headers, chunk, finishing)

    return HeadersThere


def routes(at: Callable[[str], str], kernel_id: str) -> list[Any]:
    """The addresses at which our handlers stand in front of Jupyter's own."""
    session_id = r"(?P<session_id>\w+-\w+-\w+-\w+-\w+)"
    return [
        (at(r"/api/kernels"), KernelList),
        (at(rf"/api/kernels/{kernel_id}"), GuestKernel),
        (at(rf"/api/kernels/{kernel_id}/(?P<action>restart|interrupt)"), KernelAction),
        (at(rf"/api/kernels/{kernel_id}/channels"), GuestKernelSocket),
        (at(r"/api/sessions"), SessionList),
        (at(rf"/api/sessions/{session_id}"), OneSession),
        (at(r"/voila/api/shutdown/(?P<kernel_id>.*)"), GuestLeave),
    ]
