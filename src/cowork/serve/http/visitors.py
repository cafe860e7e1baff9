"""Which browser sends a request, and whether a person opens a page with it.

Nobody logs in to read a page. Each browser carries a random cookie (`visitor_of`) that says which kernels are its own.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
import secrets

from jupyter_server.auth.identity import IdentityProvider, User
from tornado import httputil, web

from cowork.serve.network import is_loopback

COOKIE = "cowork-visitor"
_SOURCE_KEY = secrets.token_bytes(32)


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
