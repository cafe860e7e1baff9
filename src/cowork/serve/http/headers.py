"""The security headers of every response, and the content security policies of our pages."""

from __future__ import annotations

import re

from tornado import httputil
from tornado.web import OutputTransform

_REST = (
    # Inline styles: the report in a page's frame has them, and so may widgets of other packages.
    "style-src 'self' 'unsafe-inline' data:; img-src 'self' data: blob:; font-src 'self' data:; "
    "media-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)
#: For our own front end, whose pages contain no inline script. anywidget loads widgets of other packages from blob:.
POLICY = f"default-src 'self'; script-src 'self' blob:; {_REST}"
#: For JupyterLab's front end, which evaluates code, and whose page has inline scripts.
LAB_POLICY = f"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:; {_REST}"


class SecurityHeaders(OutputTransform):
    """Adds the security headers to every response: only this host, no frame elsewhere, no guessing of types."""

    def __init__(self, request: httputil.HTTPServerRequest) -> None:
        # In Safari before 15.4 'self' does not include websockets, hence their full address.
        host = request.host if re.fullmatch(r"[\w.\-\[\]:]+", request.host or "") else ""
        sockets = f" ws://{host} wss://{host}" if host else ""
        self._connect_src = f"; connect-src 'self'{sockets}"

    def transform_first_chunk(
        self, status_code: int, headers: httputil.HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, httputil.HTTPHeaders, bytes]:
        policy = headers.get("Content-Security-Policy", "")
        if "default-src 'none'" not in policy:
            headers["Content-Security-Policy"] = (LAB_POLICY if policy == LAB_POLICY else POLICY) + self._connect_src
        headers["Referrer-Policy"] = "same-origin"
        headers["X-Content-Type-Options"] = "nosniff"
        headers.pop("Server", None)
        return status_code, headers, chunk
