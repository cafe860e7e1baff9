"""Access control inside somebody else's Jupyter server: guests can open pages, and Jupyter protects the rest.

A guest has opened the invitation: a link with our room code, which is exchanged for a cookie of ours. Only the handlers
in this file check that cookie. Every handler of Jupyter asks Jupyter's own identity provider (token, password, hub),
which does not know it. So files, terminals, JupyterLab and its kernels stay closed to guests, without a list of paths.

The kernel of a page answers only the browser that opened the page, even to somebody with Jupyter's token. That browser
may only send widget messages (`http.sockets.PAGE_KINDS`): otherwise a guest could run any code in the kernel.
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
from cowork.serve.settings import ROOM_CODE_PARAMETER, without_token

INVITATION_SETTING = "cowork_invitation"


class Invitation:
    """The room of this Jupyter server and the name of its cookie."""

    def __init__(self, room: RoomAccess) -> None:
        self.room = room
        # Browsers share cookies between the ports of a machine, and a hub gives each start another port.
        self.cookie = f"cowork-room-{hashlib.sha256(b'cookie' + room.seed).hexdigest()[:12]}"

    @property
    def query(self) -> str:
        """The query string of the link."""
        return f"{ROOM_CODE_PARAMETER}={self.room.code}"


class GuestHandler(JupyterHandler):
    """Base of handlers that also answer guests. For everybody else Jupyter's identity provider decides."""

    @property
    def invitation(self) -> Invitation:
        found: Invitation = self.settings[INVITATION_SETTING]
        return found

    @property
    def is_guest(self) -> bool:
        """Whether the browser has our cookie, and does not request a kernel of JupyterLab."""
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


class GuestPageHandler(GuestHandler, PageHandler):
    """Serves a page to guests, and to users of this Jupyter server."""

    behind_proxy = True

    async def prepare(self, *args: Any, **kwargs: Any) -> None:
        typed = self.get_query_argument(ROOM_CODE_PARAMETER, None)
        if typed is None or self.request.method != "GET":
            await super().prepare(*args, **kwargs)
            return
        rest = without_token(self.request.query)
        target = self.request.path + (f"?{rest}" if rest else "")
        if self.invitation.room.matches(typed):
            self.invitation.room.set_cookie(self, self.invitation.cookie)
        else:
            await super().prepare(*args, **kwargs)
            if self._finished:
                return
            if not self.current_user:
                self.refuse_access("closed.old")
                return
        # Redirect to the URL without the code, right or not, so that no bookmark and no kernel has it.
        self.set_header("Cache-Control", "no-store")
        self.redirect(target, status=303)

    @allow_unauthenticated
    async def get(self, path: str | None = None) -> None:
        if self.current_user:
            await ensure_async(super().get(path))
        elif type(super().identity_provider).__module__.startswith("jupyter_server."):
            self.refuse_access()
        else:
            self.redirect_to_hub()

    @web.authenticated
    def redirect_to_hub(self) -> None:
        """Let the decorator redirect to the hub, which knows its users: they return without typing anything."""

    def refuse_access(self, problem: str = "") -> None:
        """Answer that the page needs its link; Jupyter's login form asks for a password that no participant has."""
        self.set_status(403)
        self.set_header("Cache-Control", "no-store")
        rest = without_token(self.request.query)
        login = httputil.url_concat(
            self.settings["login_url"], {"next": self.request.path + (f"?{rest}" if rest else "")}
        )
        self.finish(self.render_template("closed.html", login=login, problem=problem))


class GuestLeaveHandler(GuestHandler, LeaveHandler):
    """Shuts down the kernel of a page that a guest left."""

    post = web.authenticated(LeaveHandler.post)  # type: ignore[assignment]


class GuestKernelHandler(GuestHandler, OwnedKernelHandler, KernelHandler):
    """Answers questions about a kernel; about that of a page, only for the browser of that page."""


class GuestKernelSocket(GuestHandler, OwnedKernelSocket):
    """The websocket of a kernel, also for guests."""


# ---- Jupyter's own routes for kernels: they do not find the kernel of a page, not even with Jupyter's token


class KernelListHandler(MainKernelHandler):
    """Lists JupyterLab's kernels only: otherwise its "Shut down all" would end everybody's page."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        is_page = self.settings["kernel_manager"].is_page
        models = await ensure_async(self.kernel_manager.list_kernels())
        self.finish(json.dumps([one for one in models if not is_page(one["id"])], default=str))

    @web.authenticated
    async def post(self) -> None:
        reject_page_kernel(self, self.get_json_body())
        await ensure_async(super().post())


class KernelActionGuard(OwnedKernelHandler, KernelActionHandler):
    """Interrupts and restarts kernels, but not those of pages: a restarted one is empty and looks alive."""

    @web.authenticated
    async def post(self, kernel_id: str, action: str) -> None:
        if self.settings["kernel_manager"].is_page(kernel_id):
            raise web.HTTPError(404)
        await ensure_async(super().post(kernel_id=kernel_id, action=action))


class SessionListGuard(SessionRootHandler):
    """Creates sessions, but not with the kernel of a page: whoever ends a session ends its kernel."""

    @web.authenticated
    async def post(self) -> None:
        reject_page_kernel(self, (self.get_json_body() or {}).get("kernel"))
        await ensure_async(super().post())


class SessionGuard(SessionHandler):
    """Changes a session, but not to the kernel of a page."""

    @web.authenticated
    async def patch(self, session_id: str) -> None:
        reject_page_kernel(self, (self.get_json_body() or {}).get("kernel"))
        await ensure_async(super().patch(session_id=session_id))


def reject_page_kernel(handler: JupyterHandler, named: Any) -> None:
    """Answer 404 where a request names the kernel of a page: {"id": …} of a session, {"kernel_id": …} of a start."""
    for key in ("id", "kernel_id"):
        if isinstance(named, dict) and handler.settings["kernel_manager"].is_page(str(named.get(key))):
            raise web.HTTPError(404)


def headers_for(is_ours: Callable[[str], bool]) -> type[SecurityHeaders]:
    """Our security headers, for our own paths alone: JupyterLab would not run with our policy."""

    class PathSecurityHeaders(SecurityHeaders):
        def __init__(self, request: httputil.HTTPServerRequest) -> None:
            super().__init__(request)
            self.path = request.path

        def transform_first_chunk(
            self, status_code: int, headers: httputil.HTTPHeaders, chunk: bytes, finishing: bool
        ) -> tuple[int, httputil.HTTPHeaders, bytes]:
            if not is_ours(self.path):
                return status_code, headers, chunk
            return super().transform_first_chunk(status_code, headers, chunk, finishing)

    return PathSecurityHeaders


def routes(route: Callable[[str], str], kernel_id: str) -> list[Any]:
    """The routes of our handlers, some of which replace Jupyter's own."""
    session_id = r"(?P<session_id>\w+-\w+-\w+-\w+-\w+)"
    return [
        (route(r"/api/kernels"), KernelListHandler),
        (route(rf"/api/kernels/{kernel_id}"), GuestKernelHandler),
        (route(rf"/api/kernels/{kernel_id}/(?P<action>restart|interrupt)"), KernelActionGuard),
        (route(rf"/api/kernels/{kernel_id}/channels"), GuestKernelSocket),
        (route(r"/api/sessions"), SessionListGuard),
        (route(rf"/api/sessions/{session_id}"), SessionGuard),
        (route(r"/voila/api/shutdown/(?P<kernel_id>.*)"), GuestLeaveHandler),
    ]
