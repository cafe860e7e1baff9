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
"""Voilà sends one every ten seconds while a page is made, and for ever if the kernel could not start."""


class PageHandler(TornadoVoilaHandler):
    """A notebook as a page.

    Its opening goes out before the kernel is started, so that the browser loads the front end meanwhile. Voilà writes
    the rest in hundreds of pieces; they are sent together, except where it waits for the kernel.
    """

    ours = True
    behind_proxy = False
    """Whether everybody has one address here, so that it says nothing about who asks."""
    begun = False
    reserved = ""

    async def prepare(self, *args: Any, **kwargs: Any) -> None:
        if not is_visit(self.request.headers):
            raise web.HTTPError(403)
        visitor = visitor_of(self, new=True)
        VISITOR.set(visitor)
        SOURCE.set(source_of("" if self.behind_proxy else self.request.remote_ip or "", visitor))
        await super().prepare(*args, **kwargs)

    def reserve(self) -> None:
        """Take a place for this page's kernel, which is given back when the page is made (`get`)."""
        self.reserved = self.settings["kernel_manager"].reserve(VISITOR.get())
        RESERVED_KERNEL.set(self.reserved)

    def begin(self, notebook: Any) -> None:
        """Choose who shows the page, and begin it where that is our own front end."""
        self.choose_front(notebook)
        if not self.ours:
            return
        opening = self.template("opening").render(
            title=notebook.metadata.get("title", "cowork"),
            ours=True,
            base_url=self.base_url,
            page_config=self.voila_configuration.page_config_hook({}),
        )
        self.write(opening)
        self.flush()
        notebook.metadata["cowork"]["begun"] = self.begun = True

    def template(self, name: str) -> Any:
        return self.settings["voila_jinja2_env"].get_template(f"{name}.html.j2")

    def choose_front(self, notebook: Any) -> None:
        """Ours, unless the notebook asks for JupyterLab's, or ours has found that it cannot show what is in it.

        It then leaves a cookie for this page alone and loads it anew; the notebook can spare its visitors that by
        saying `"cowork": {"serve": true, "front": "lab"}`.
        """
        said = notebook.metadata["cowork"]
        self.ours = said.get("front") != "lab" and self.get_cookie("cowork-front") != "lab"
        said["front"] = "ours" if self.ours else "lab"
        if not self.ours:
            self.set_header("Content-Security-Policy", LAB_POLICY)

    async def get(self, path: str | None = None) -> None:
        try:
            await self.tell(path)
        except (web.Finish, StreamClosedError):
            raise
        except Exception:
            if not self.begun:
                raise
            # Half a page is there, so no other can come in its place: it is told how it ends.
            self.log.exception("A page was begun and could not be made.")
            self.write(self.template("fault").render())
        finally:
            self.settings["kernel_manager"].release(self.reserved)

    async def tell(self, path: str | None) -> None:
        pieces = self.get_generator(path=path).__aiter__()
        beats = 0
        while True:
            piece = asyncio.ensure_future(pieces.__anext__())
            done, _ = await asyncio.wait({piece}, timeout=0.01)
            if not done and self._write_buffer:
                await self.flush()
            try:
                html = await piece
            except StopAsyncIteration:
                return
            beats = beats + 1 if HEARTBEAT in html and len(html) < 100 else 0
            if beats > MAX_HEARTBEATS:
                self.log.error("A page could not be made: its kernel did not start or did not finish.")
                slow = "<script>window.cowork_slow && window.cowork_slow()</script>"
                self.write('<meta name="cw-slow">' if self.ours else slow)
                return
            self.write("<!-- -->\n" if beats and self.ours else html)  # no script may stand in our page

    def redirect_to_file(self, path: str) -> None:
        raise web.HTTPError(404)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.set_header("Cache-Control", "no-store")
        if status_code in (429, 503):
            self.set_header("Retry-After", "60")
        super().write_error(status_code, **kwargs)


class NotFoundHandler(BaseVoilaHandler):
    """No such page: said in words, with the way back."""

    def initialize(self, **kwargs: Any) -> None:
        super().initialize(voila_configuration=self.settings["voila_configuration"])

    async def prepare(self) -> None:
        await super().prepare()
        self.set_header("Cache-Control", "no-store")
        raise web.HTTPError(404)
