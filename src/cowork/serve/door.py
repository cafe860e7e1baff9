"""The door: who may come in at all, asked once for every request, before any route is looked at.

One place decides, so no route can forget to ask: pages, files, kernels, websockets and the heartbeat alike stand
behind `Building.find_handler`. Beyond loopback a person shows the room code once and carries a signed cookie from
then on. On loopback there is no code, but only names of this machine are answered, so that a web site which
points its own name at 127.0.0.1 cannot read the pages (DNS rebinding).

The code never stays in an address: `?token=…` is answered with a cookie and a redirect without it, hence it is in
no kernel's environment, no log, no referrer and no bookmark made afterwards.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from tornado import httputil, web

from cowork.serve.address import is_loopback
from cowork.serve.configuration import without_token
from cowork.serve.lamps import WORDS

DAYS = 14
TRIES = 20
PER_SECONDS = 60.0
SHORTEST = 6
ASKED_IN_PAGE = re.compile(r"/(?:$|voila/render/)")


def new_code() -> str:
    """Two words and four digits, some 27 bits: with `TRIES` a minute guessing takes months, and it can be read out."""
    return f"{secrets.choice(WORDS)}-{secrets.choice(WORDS)}-{secrets.randbelow(10_000):04d}"


def new_invitation() -> str:
    """The code of a room that only a link opens: 128 bits, so nobody guesses it and no wrong try need be counted.

    On Binder and a JupyterHub everybody comes from the proxy's address. A count of wrong tries would there shut the
    door for all because of one.
    """
    return secrets.token_hex(16)


def plain(typed: str) -> str:
    """A code as it is compared: however it was typed, with capitals, blanks or dashes."""
    return re.sub(r"[\s_\-‐-―]+", "-", typed.strip()).strip("-").casefold()


@dataclass
class Room:
    """The code of the room, and the wrong tries of each address."""

    code: str
    seed: bytes
    tries: dict[str, deque[float]] = field(default_factory=dict)

    @property
    def secret(self) -> bytes:
        """What signs the cookies. Made of seed and code, so that a new code ends every old visit."""
        return hashlib.sha256(self.seed + plain(self.code).encode()).digest()

    def fits(self, typed: str) -> bool:
        return hmac.compare_digest(plain(typed).encode(), plain(self.code).encode())

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

    def too_many(self, address: str, now: float) -> bool:
        past = self.tries.get(address)
        while past and now - past[0] > PER_SECONDS:
            past.popleft()
        return bool(past and len(past) >= TRIES)

    def wrong(self, address: str, now: float) -> None:
        if len(self.tries) > 10_000:  # a whole network of guessers must not fill the memory
            self.tries.clear()
        self.tries.setdefault(address, deque(maxlen=TRIES)).append(now)


class Building(web.Application):
    """Voilà's application behind the door."""

    room: Room | None = None
    port: int = 0
    open_files: frozenset[str] = frozenset()
    names: frozenset[str] | None = None

    def find_handler(self, request: httputil.HTTPServerRequest, **kwargs: Any) -> Any:
        if self.names is not None and not _named(request.host, self.names):
            return self.get_handler_delegate(request, Refuse, {"status": 403})
        if self.room is None:
            return super().find_handler(request, **kwargs)
        login = self.settings["login_url"]
        if request.path == login:
            return self.get_handler_delegate(request, Login, {"building": self})
        if _has_token(request):
            return self.get_handler_delegate(request, ByAddress, {"building": self})
        if request.path in self.open_files or self.inside(request):
            return super().find_handler(request, **kwargs)
        if ASKED_IN_PAGE.match(request.path) and request.method == "GET" and "Upgrade" not in request.headers:
            return self.get_handler_delegate(request, ToLogin)
        return self.get_handler_delegate(request, Refuse, {"status": 403})

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


class Refuse(web.RequestHandler):
    """Says no, in one line, to whatever was asked."""

    def initialize(self, status: int) -> None:
        self.status = status

    def prepare(self) -> None:
        self.set_status(self.status)
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("Not here. Begin at the front page. / Inte här. Börja på framsidan.\n")


class ToLogin(web.RequestHandler):
    """A page was asked for without a code: to the login, and afterwards back to it."""

    def get(self, *_: str) -> None:
        login = self.settings["login_url"]
        self.set_header("Cache-Control", "no-store")
        self.redirect(f"{login}?next={quote(self.request.uri or '/', safe='')}")


class Login(web.RequestHandler):
    """Our own login page; the stock one asks another host for its looks."""

    def initialize(self, building: Building) -> None:
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

    def post(self) -> None:
        self.try_code(self.get_body_argument("code", ""))

    def try_code(self, typed: str) -> None:
        room = self.building.room
        assert room is not None
        who, now = self.request.remote_ip or "", time.monotonic()
        if room.too_many(who, now):
            self.page(429, "door.many")
        elif room.fits(typed):
            self.building.let_in(self)
            self.redirect(self.next, status=303)
        else:
            room.wrong(who, now)
            self.page(403, "door.wrong")


class ByAddress(Login):
    """The code stands in the address (a link, a QR code): take it out of there, whether it is right or not."""

    @property
    def next(self) -> str:
        query = without_token(self.request.query)
        return local(self.request.path + (f"?{query}" if query else ""))

    def get(self) -> None:
        self.try_code(self.get_query_argument("token", ""))

    def post(self) -> None:
        self.send_error(403)
