"""The door: who may come in at all, asked once for every request, before any route is looked at.

One place decides, so no route can forget to ask: pages, files, kernels, websockets and the heartbeat alike stand
behind `Building.find_handler`. Beyond loopback a person shows the room code once and carries a signed cookie from
then on. On loopback there is no code, but only names of this machine are answered, so that a web site which
points its own name at 127.0.0.1 cannot read the pages (DNS rebinding).

The code never stays in an address: `?token=…` is answered with a cookie and a redirect without it, hence it is in
no kernel's environment, no log, no referrer and no bookmark made afterwards.
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

from cowork.core.ids import WORDS
from cowork.serve.http.connection_limits import BoundedServer
from cowork.serve.network import is_loopback
from cowork.serve.settings import without_token

DAYS = 14
FREE_TRIES = 20
"""Codes that one address may try at once, or a room full of people behind one router."""
SECONDS_A_TRY = 0.2
"""After those, one in so many seconds: 300 a minute. Half of all codes take five months at that pace."""
MOST_SECONDS = 10.0
"""Who would wait longer than this for a try is asked to come again."""
MIN_CODE_LETTERS = 6
ASKED_IN_PAGE = re.compile(r"/(?:$|voila/render/)")


def new_code() -> str:
    """Two words and four digits, some 27 bits: at the pace of `Room.take_turn` guessing takes months."""
    return f"{secrets.choice(WORDS)}-{secrets.choice(WORDS)}-{secrets.randbelow(10_000):04d}".lower()


def new_invitation() -> str:
    """The code of a room that only a link opens: 128 bits, so nobody guesses it and no wrong try need be counted.

    On Binder and a JupyterHub everybody comes from the proxy's address. A count of wrong tries would there shut the
    door for all because of one.
    """
    return secrets.token_hex(16)


def normalise_code(typed: str) -> str:
    """A room's code as it is compared: however it was typed, with capitals, blanks or dashes.

    Not the form of a workshop's code: who starts the server may choose any words, in any letters. What signs the
    cookies is made of this form, so another one would end every visit.
    """
    return re.sub(r"[\s_\-‐-―]+", "-", typed.strip()).strip("-").casefold()


@dataclass
class RoomAccess:
    """The code of the room, and how fast each address tries codes.

    Tries are slowed and not counted out: behind a router or a proxy a whole group has one address, and one person's
    wrong codes must not keep out the others with the right one.
    """

    code: str
    seed: bytes
    turns: dict[str, float] = field(default_factory=dict)

    @property
    def secret(self) -> bytes:
        """What signs the cookies. Made of seed and code, so that a new code ends every old visit."""
        return hashlib.sha256(self.seed + normalise_code(self.code).encode()).digest()

    def fits(self, typed: str) -> bool:
        return hmac.compare_digest(normalise_code(typed).encode(), normalise_code(self.code).encode())

    def admits(self, request: httputil.HTTPServerRequest, cookie: str) -> bool:
        """Whether the request carries a cookie of this name that this room signed."""
        morsel = request.cookies.get(cookie)
        if morsel is None:
            return False
        return web.decode_signed_value(self.secret, cookie, morsel.value, max_age_days=DAYS) == b"in"

    def let_in(self, handler: web.RequestHandler, cookie: str) -> None:
        """Give the cookie. Lax, so that a link from a chat or a mail still opens the room one is already in."""
        value = web.create_signed_value(self.secret, cookie, "in")
        handler.set_cookie(
            cookie,
            value,
            expires_days=DAYS,
            path=handler.settings["base_url"],
            httponly=True,
            samesite="Lax",
            secure=handler.request.protocol == "https",
        )

    def take_turn(self, address: str, now: float) -> float | None:
        """Seconds to wait before the next code from this address is looked at. None: too many wait already.

        The turn is taken in this step, so that many who come at once do not all find the same one free.
        """
        if len(self.turns) > 10_000:  # a whole network of guessers must not fill the memory
            self.turns = {one: turn for one, turn in self.turns.items() if turn > now}
        turn = max(self.turns.get(address, 0.0), now)
        wait = turn - now - (FREE_TRIES - 1) * SECONDS_A_TRY
        if wait > MOST_SECONDS:
            return None
        self.turns[address] = turn + SECONDS_A_TRY
        return max(wait, 0.0)

    def give_back(self, address: str) -> None:
        """The code was right: a group that comes in at once is not slowed by it."""
        self.turns[address] = self.turns.get(address, 0.0) - SECONDS_A_TRY


class GuardedApplication(web.Application):
    """Voilà's application behind the door."""

    room: RoomAccess | None = None
    port: int = 0
    open_files: frozenset[str] = frozenset()
    names: frozenset[str] | None = None
    server: BoundedServer | None = None

    def find_handler(self, request: httputil.HTTPServerRequest, **kwargs: Any) -> Any:
        if self.names is not None and not _named(request.host, self.names):
            return self.get_handler_delegate(request, ForbiddenHandler, {"status": 403})
        if self.room is None:
            return self._enter(request, **kwargs)
        login = self.settings["login_url"]
        if request.path == login:
            return self.get_handler_delegate(request, LoginHandler, {"building": self})
        if _has_token(request):
            return self.get_handler_delegate(request, TokenLogin, {"building": self})
        if request.path in self.open_files:
            return super().find_handler(request, **kwargs)
        if self.inside(request):
            return self._enter(request, **kwargs)
        if ASKED_IN_PAGE.match(request.path) and request.method == "GET" and "Upgrade" not in request.headers:
            return self.get_handler_delegate(request, RedirectToLogin)
        return self.get_handler_delegate(request, ForbiddenHandler, {"status": 403})

    def _enter(self, request: httputil.HTTPServerRequest, **kwargs: Any) -> Any:
        """The route for somebody who is inside: from now on their connection is not among those before the door."""
        if self.server is not None:
            self.server.let_in(getattr(request.connection, "stream", None))
        return super().find_handler(request, **kwargs)

    @property
    def cookie(self) -> str:
        """The cookie's name holds the port: browsers share cookies between the ports of a machine."""
        return f"cowork-room-{self.port}"

    def inside(self, request: httputil.HTTPServerRequest) -> bool:
        """Whether the request carries a cookie we signed."""
        return self.room is not None and self.room.admits(request, self.cookie)

    def let_in(self, handler: web.RequestHandler) -> None:
        assert self.room is not None
        self.room.let_in(handler, self.cookie)


def _named(host: str, names: frozenset[str]) -> bool:
    name = urlsplit(f"//{host}").hostname if re.fullmatch(r"[\w.\-\[\]:]+", host) else None
    return name is not None and (name in names or is_loopback(name))


def _has_token(request: httputil.HTTPServerRequest) -> bool:
    return any(name == "token" for name, _ in parse_qsl(request.query, keep_blank_values=True))


def local(target: str) -> str:
    """An address on this server, or its front page: a login must not send anybody elsewhere."""
    parts = urlsplit(target)
    safe = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return target if safe and not re.search(r"[\x00-\x20\\]", target) else "/"


class ForbiddenHandler(web.RequestHandler):
    """Says no, in one line, to whatever was asked."""

    def initialize(self, status: int) -> None:
        self.status = status

    def prepare(self) -> None:
        self.set_status(self.status)
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("Not here. Begin at the front page. / Inte här. Börja på framsidan.\n")


class RedirectToLogin(web.RequestHandler):
    """A page was asked for without a code: to the login, and afterwards back to it."""

    def get(self, *_: str) -> None:
        login = self.settings["login_url"]
        self.set_header("Cache-Control", "no-store")
        self.redirect(f"{login}?next={quote(self.request.uri or '/', safe='')}")


class LoginHandler(web.RequestHandler):
    """Our own login page; the stock one asks another host for its looks."""

    def initialize(self, building: GuardedApplication) -> None:
        self.building = building

    @property
    def next(self) -> str:
        return local(self.get_argument("next", "/"))

    def page(self, status: int = 200, problem: str = "") -> None:
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
        if self.building.inside(self.request):
            self.redirect(self.next)
        else:
            self.page()

    async def post(self) -> None:
        await self.try_code(self.get_body_argument("code", ""))

    async def try_code(self, typed: str) -> None:
        room = self.building.room
        assert room is not None
        address = self.request.remote_ip or ""
        wait = room.take_turn(address, time.monotonic())
        if wait is None:
            self.page(429, "door.many")
            return
        await asyncio.sleep(wait)
        if room.fits(typed):
            room.give_back(address)
            self.building.let_in(self)
            self.redirect(self.next, status=303)
        else:
            self.page(403, "door.wrong")


class TokenLogin(LoginHandler):
    """The code stands in the address (a link, a QR code): take it out of there, whether it is right or not."""

    @property
    def next(self) -> str:
        query = without_token(self.request.query)
        return local(self.request.path + (f"?{query}" if query else ""))

    async def get(self) -> None:  # type: ignore[override]
        await self.try_code(self.get_query_argument("token", ""))

    async def post(self) -> None:
        self.send_error(403)
