"""The handlers that answer with a page: a notebook as a page, and "there is no such page"."""

from __future__ import annotations

import asyncio
from typing import Any

from tornado import web
from tornado.iostream import StreamClosedError
from voila.handler import BaseVoilaHandler
from voila.tornado.handler import TornadoVoilaHandler

from cowork.serve.http.headers import LAB_POLICY
from cowork.serve.http.visitors import is_visit, source_of, visitor_of
from cowork.serve.kernels.manager import RESERVED_KERNEL, SOURCE, VISITOR

HEARTBEAT = "voila_heartbeat"
MAX_HEARTBEATS = 9
"""Voilà sends one every ten seconds while a page is made, and endlessly if the kernel could not start."""


class PageHandler(TornadoVoilaHandler):
    """Serves a notebook as a page.

    It sends the head of the page before the kernel is started, so that the browser loads the front end meanwhile. Voilà
    writes the rest in hundreds of pieces; they are sent together, except where Voilà waits for the kernel.
    """

    uses_own_frontend = True
    behind_proxy = False
    """Whether all requests come from the address of a proxy, so that it does not identify anybody."""
    head_sent = False
    reserved_kernel = ""

    async def prepare(self, *args: Any, **kwargs: Any) -> None:
        if not is_visit(self.request.headers):
            raise web.HTTPError(403)
        visitor = visitor_of(self, new=True)
        VISITOR.set(visitor)
        SOURCE.set(source_of("" if self.behind_proxy else self.request.remote_ip or "", visitor))
        await super().prepare(*args, **kwargs)

    def reserve_kernel(self) -> None:
        """Reserve a place for this page's kernel; `get` releases it when the page is made."""
        self.reserved_kernel = self.settings["kernel_manager"].reserve(VISITOR.get())
        RESERVED_KERNEL.set(self.reserved_kernel)

    def send_head(self, notebook: Any) -> None:
        """Choose the front end of the page, and send the head of the page where it is our own."""
        self.choose_frontend(notebook)
        if not self.uses_own_frontend:
            return
        head = self.template("opening").render(
            title=notebook.metadata.get("title", "cowork"),
            ours=True,
            base_url=self.base_url,
            page_config=self.voila_configuration.page_config_hook({}),
        )
        self.write(head)
        self.flush()
        notebook.metadata["cowork"]["begun"] = self.head_sent = True

    def template(self, name: str) -> Any:
        return self.settings["voila_jinja2_env"].get_template(f"{name}.html.j2")

    def choose_frontend(self, notebook: Any) -> None:
        """Choose ours, unless the notebook requests JupyterLab's, or ours has found a widget that it cannot show.

        It then sets a cookie for this page alone and reloads it. The metadata `"cowork": {"serve": true, "front":
        "lab"}` in the notebook save its visitors this reload.
        """
        metadata = notebook.metadata["cowork"]
        self.uses_own_frontend = metadata.get("front") != "lab" and self.get_cookie("cowork-front") != "lab"
        metadata["front"] = "ours" if self.uses_own_frontend else "lab"
        if not self.uses_own_frontend:
            self.set_header("Content-Security-Policy", LAB_POLICY)

    async def get(self, path: str | None = None) -> None:
        try:
            await self.stream_page(path)
        except (web.Finish, StreamClosedError):
            raise
        except Exception:
            if not self.head_sent:
                raise
            # Half a page was sent, so no error page can replace it: its end says what happened.
            self.log.exception("A page was begun and could not be made.")
            self.write(self.template("fault").render())
        finally:
            self.settings["kernel_manager"].release(self.reserved_kernel)

    async def stream_page(self, path: str | None) -> None:
        """Write the page as Voilà renders it, and give up when the kernel does not answer."""
        pieces = self.get_generator(path=path).__aiter__()
        heartbeats = 0
        while True:
            piece = asyncio.ensure_future(pieces.__anext__())
            done, _ = await asyncio.wait({piece}, timeout=0.01)
            if not done and self._write_buffer:
                await self.flush()
            try:
                html = await piece
            except StopAsyncIteration:
                return
            heartbeats = heartbeats + 1 if HEARTBEAT in html and len(html) < 100 else 0
            if heartbeats > MAX_HEARTBEATS:
                self.log.error("A page could not be made: its kernel did not start or did not finish.")
                slow = "<script>window.cowork_slow && window.cowork_slow()</script>"
                self.write('<meta name="cw-slow">' if self.uses_own_frontend else slow)
                return
            self.write(
                "<!-- -->\n" if heartbeats and self.uses_own_frontend else html
            )  # our pages contain no inline script

    def redirect_to_file(self, path: str) -> None:
        raise web.HTTPError(404)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.set_header("Cache-Control", "no-store")
        if status_code in (429, 503):
            self.set_header("Retry-After", "60")
        super().write_error(status_code, **kwargs)


class NotFoundHandler(BaseVoilaHandler):
    """Answers an unknown address with a page in words, and the way back."""

    def initialize(self, **kwargs: Any) -> None:
        super().initialize(voila_configuration=self.settings["voila_configuration"])

    async def prepare(self) -> None:
        await super().prepare()
        self.set_header("Cache-Control", "no-store")
        raise web.HTTPError(404)
