"""Access control of our own server: every request is checked once, before any route is looked up.

`GuardedApplication.find_handler` decides for pages, files, kernels, websockets and the heartbeat alike, so no route can
forget the check. Beyond loopback a person enters the room code once and has a signed cookie from then on. On loopback
there is no code, but only host names of this machine are answered, so that a web site which points its own name at
127.0.0.1 cannot read the pages (DNS rebinding).

The code never stays in a URL: `?token=…` is answered with a cookie and a redirect without it, so it gets into no
kernel's environment, no log, no referrer and no later bookmark.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from tornado import httputil, web

from cowork.core.ids import CODE_WORDS
from cowork.serve.http.connection_limits import BoundedServer
from cowork.serve.network import is_loopback
from cowork.serve.settings import without_token

COOKIE_DAYS = 14
FREE_ATTEMPTS = 20
"""Codes that one address may try at once; a whole group may share one address behind a router."""
SECONDS_PER_ATTEMPT = 0.2
"""After those, one attempt in so many seconds: 300 a minute. To try half of all codes takes five months."""
MAX_WAIT_SECONDS = 10.0
"""Who would wait longer for an attempt is asked to try again later."""
MIN_CODE_LETTERS = 6
PAGE_PATH = re.compile(r"/(?:$|voila/render/)")


def new_code() -> str:
    """Two words and four digits, some 27 bits: at the rate of `RoomAccess.reserve_attempt` guessing takes months."""
    return f"{secrets.choice(CODE_WORDS)}-{secrets.choice(CODE_WORDS)}-{secrets.randbelow(10_000):04d}".lower()


def new_invitation() -> str:
    """The code of a room that only a link opens: 128 bits, so nobody can guess it and attempts need not be limited.

    On Binder and a JupyterHub all requests come from the proxy's address. There a limit would lock out everybody
    because of one guesser.
    """
    return secrets.token_hex(16)


def normalise_code(typed: str) -> str:
    """The form in which room codes are compared: upper case, blanks and dashes make no difference.

    It is not the form of a workshop's code: the operator may choose any words, in any script. The key that signs the
    cookies is derived from this form, so another form would invalidate every cookie.
    """
    return re.sub(r"[\s_\-‐-―]+", "-", typed.strip()).strip("-").casefold()


@dataclass
class RoomAccess:
    """The room code, its cookies, and the rate at which each address may try codes.

    Attempts are slowed down, never locked out: behind a router or a proxy a whole group has one address, and one
    person's wrong codes must not keep out the others.
    """

    code: str
    seed: bytes
    next_attempts: dict[str, float] = field(default_factory=dict)

    @property
    def secret(self) -> bytes:
        """The key that signs the cookies. It depends on the code, so a new code invalidates every cookie."""
        return hashlib.sha256(self.seed + normalise_code(self.code).encode()).digest()

    def matches(self, typed: str) -> bool:
        """Whether a person typed the room code, compared in constant time."""
        return hmac.compare_digest(normalise_code(typed).encode(), normalise_code(self.code).encode())

    def admits(self, request: httputil.HTTPServerRequest, cookie: str) -> bool:
        """Whether the request carries a cookie of this name that this room signed."""
        morsel = request.cookies.get(cookie)
        if morsel is None:
            return False
        return web.decode_signed_value(self.secret, cookie, morsel.value, max_age_days=COOKIE_DAYS) == b"in"

    def set_cookie(self, handler: web.RequestHandler, cookie: str) -> None:
        """Set the signed cookie. It is Lax, so that a link from a chat or a mail opens the room without a new code."""
        value = web.create_signed_value(self.secret, cookie, "in")
        handler.set_cookie(
            cookie,
            value,
            expires_days=COOKIE_DAYS,
            path=handler.settings["base_url"],
            httponly=True,
            samesite="Lax",
            secure=handler.request.protocol == "https",
        )

    def reserve_attempt(self, address: str, now: float) -> float | None:
        """Reserve an attempt; returns the seconds to wait before it. None where too many are waiting already.

        It is reserved in the same step, so that many requests at once do not all find the same one free.
        """
        if len(self.next_attempts) > 10_000:  # guesses from a whole network must not fill the memory
            self.next_attempts = {one: time for one, time in self.next_attempts.items() if time > now}
        free_at = max(self.next_attempts.get(address, 0.0), now)
        wait = free_at - now - (FREE_ATTEMPTS - 1) * SECONDS_PER_ATTEMPT
        if wait > MAX_WAIT_SECONDS:
            return None
        self.next_attempts[address] = free_at + SECONDS_PER_ATTEMPT
        return max(wait, 0.0)

    def return_attempt(self, address: str) -> None:
        """Count an attempt with the right code no longer, so that a group that comes at once is not slowed down."""
        self.next_attempts[address] = self.next_attempts.get(address, 0.0) - SECONDS_PER_ATTEMPT


class GuardedApplication(web.Application):
    """Voilà's application with access control before its routes."""

    room: RoomAccess | None = None
    port: int = 0
    public_files: frozenset[str] = frozenset()
    allowed_hosts: frozenset[str] | None = None
    server: BoundedServer | None = None

    def find_handler(self, request: httputil.HTTPServerRequest, **kwargs: Any) -> Any:
        if self.allowed_hosts is not None and not _is_allowed_host(request.host, self.allowed_hosts):
            return self.get_handler_delegate(request, ForbiddenHandler, {"status": 403})
        if self.room is None:
            return self._admit(request, **kwargs)
        login = self.settings["login_url"]
        if request.path == login:
            return self.get_handler_delegate(request, LoginHandler, {"guarded": self})
        if _has_token(request):
            return self.get_handler_delegate(request, TokenLogin, {"guarded": self})
        if request.path in self.public_files:
            return super().find_handler(request, **kwargs)
        if self.is_admitted(request):
            return self._admit(request, **kwargs)
        if PAGE_PATH.match(request.path) and request.method == "GET" and "Upgrade" not in request.headers:
            return self.get_handler_delegate(request, RedirectToLogin)
        return self.get_handler_delegate(request, ForbiddenHandler, {"status": 403})

    def _admit(self, request: httputil.HTTPServerRequest, **kwargs: Any) -> Any:
        """Look up the route of an admitted request, and count its connection as admitted."""
        if self.server is not None:
            self.server.mark_admitted(getattr(request.connection, "stream", None))
        return super().find_handler(request, **kwargs)

    @property
    def cookie(self) -> str:
        """The cookie's name holds the port: browsers share cookies between the ports of a machine."""
        return f"cowork-room-{self.port}"

    def is_admitted(self, request: httputil.HTTPServerRequest) -> bool:
        """Whether the request carries a cookie that this room signed."""
        return self.room is not None and self.room.admits(request, self.cookie)

    def set_cookie(self, handler: web.RequestHandler) -> None:
        """Set this room's cookie on a response."""
        assert self.room is not None
        self.room.set_cookie(handler, self.cookie)


def _is_allowed_host(host: str, allowed: frozenset[str]) -> bool:
    name = urlsplit(f"//{host}").hostname if re.fullmatch(r"[\w.\-\[\]:]+", host) else None
    return name is not None and (name in allowed or is_loopback(name))


def _has_token(request: httputil.HTTPServerRequest) -> bool:
    return any(name == "token" for name, _ in parse_qsl(request.query, keep_blank_values=True))


def local_path(target: str) -> str:
    """A path on this server, or "/": a login must not redirect to another site."""
    parts = urlsplit(target)
    safe = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return target if safe and not re.search(r"[\x00-\x20\\]", target) else "/"


class ForbiddenHandler(web.RequestHandler):
    """Answers any request with an error status and one line."""

    def initialize(self, status: int) -> None:
        self.status = status

    def prepare(self) -> None:
        self.set_status(self.status)
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("Not here. Begin at the front page. / Inte här. Börja på framsidan.\n")


class RedirectToLogin(web.RequestHandler):
    """Redirects a request for a page to the login, which leads back to it."""

    def get(self, *_: str) -> None:
        login = self.settings["login_url"]
        self.set_header("Cache-Control", "no-store")
        self.redirect(f"{login}?next={quote(self.request.uri or '/', safe='')}")


class LoginHandler(web.RequestHandler):
    """Our own login page; Voilà's loads styles from another host."""

    def initialize(self, guarded: GuardedApplication) -> None:
        self.guarded = guarded

    @property
    def next(self) -> str:
        return local_path(self.get_argument("next", "/"))

    def render_page(self, status: int = 200, problem: str = "") -> None:
        self.set_status(status)
        self.set_header("Cache-Control", "no-store")
        template = self.settings["voila_jinja2_env"].get_template("login.html")
        self.finish(
            template.render(
                base_url=self.settings["base_url"],
                action=self.settings["login_url"],
                next=self.next,
                problem=problem,
            )
        )

    def get(self) -> None:
        if self.guarded.is_admitted(self.request):
            self.redirect(self.next)
        else:
            self.render_page()

    async def post(self) -> None:
        await self.try_code(self.get_body_argument("code", ""))

    async def try_code(self, typed: str) -> None:
        room = self.guarded.room
        assert room is not None
        address = self.request.remote_ip or ""
        wait = room.reserve_attempt(address, time.monotonic())
        if wait is None:
            self.render_page(429, "door.many")
            return
        await asyncio.sleep(wait)
        if room.matches(typed):
            room.return_attempt(address)
            self.guarded.set_cookie(self)
            self.redirect(self.next, status=303)
        else:
            self.render_page(403, "door.wrong")


class TokenLogin(LoginHandler):
    """Handles a code in the URL (a link, a QR code), and redirects to the URL without it, whether it is right or
    not."""

    @property
    def next(self) -> str:
        query = without_token(self.request.query)
        return local_path(self.request.path + (f"?{query}" if query else ""))

    async def get(self) -> None:  # type: ignore[override]
        await self.try_code(self.get_query_argument("token", ""))

    async def post(self) -> None:
        self.send_error(403)
