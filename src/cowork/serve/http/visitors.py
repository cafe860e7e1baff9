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

VISITOR_COOKIE = "cowork-visitor"
_SOURCE_KEY = secrets.token_bytes(32)


class AnonymousIdentity(IdentityProvider):
    """Treats every admitted request as a guest of the same rights.

    It ignores Jupyter's own tokens and cookies: they would be a second way in, and a request that Jupyter takes for
    token-authenticated needs no XSRF check and may come from any site.
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
    """The browser's random cookie, which no script can read. Without one: "", or a new one where `new` is set.

    A page contains the id of its kernel, and people pass on pages. So the id alone gives no access: only the browser
    that opened the page may use its kernel. A cookie of another of our servers on this machine is accepted, since a
    browser sends one cookie to all ports.
    """
    current = handler.get_cookie(VISITOR_COOKIE, "") or ""
    if re.fullmatch(r"[0-9a-f]{32}", current) or not new:
        return current
    visitor = secrets.token_hex(16)
    secure = handler.request.protocol == "https"
    path = handler.settings.get("base_url", "/")
    handler.set_cookie(VISITOR_COOKIE, visitor, path=path, httponly=True, samesite="Lax", secure=secure)
    return visitor


def source_of(address: str, visitor: str) -> str:
    """A tag for the source of wrong codes, from which no address can be read.

    The source is an address; for IPv6 a network, of which one person has all addresses; and on this machine or behind
    a proxy, where all share one address, the browser.
    """
    address = address.removeprefix("::ffff:")
    if not address or is_loopback(address):
        source = visitor
    elif ":" in address:
        source = str(ipaddress.ip_network(f"{address.split('%')[0]}/64", strict=False))
    else:
        source = address
    return hmac.digest(_SOURCE_KEY, source.encode(), "sha256").hex()[:32]


def is_visit(headers: httputil.HTTPHeaders) -> bool:
    """Whether a person opens this page. Each page costs a process, and an image tag in any web site can request one.

    Browsers send the purpose of a request, and no script can change it. A browser that sends none (Safari before 16.4)
    is accepted.
    """
    purposes = (headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"))
    if any(word in purpose.lower() for purpose in purposes for word in ("prefetch", "prerender", "preview")):
        return False
    destination = headers.get("Sec-Fetch-Dest", "document")
    if destination in ("iframe", "frame"):  # another site may not show our pages in a frame of its own
        return headers.get("Sec-Fetch-Site", "same-origin") != "cross-site"
    return destination == "document"
