"""The security headers of every response, and the content security policies of our pages."""

from __future__ import annotations

import re

from tornado import httputil
from tornado.web import OutputTransform

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
