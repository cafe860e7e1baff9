"""Requests about one kernel: is it alive, what is it, end it. Each checks that the kernel is this browser's own."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado import web
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler

from cowork.serve.http.visitors import visitor_of

BOOT = uuid4().hex
"""Names this run of the server. A page that sees another one knows that its kernel is gone."""

KERNEL_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class OwnedKernelHandler(JupyterHandler):
    """For addresses below a kernel's id: not found, unless it is the kernel of this browser."""

    async def prepare(self, *args: Any, **kwargs: Any) -> None:
        kernel_id = self.path_kwargs.get("kernel_id") or (self.path_args[0] if self.path_args else "")
        if not self.settings["kernel_manager"].is_accessible(kernel_id, visitor_of(self)):
            raise web.HTTPError(404)
        await super().prepare(*args, **kwargs)


class AliveHandler(web.RequestHandler):
    """The heartbeat: which run of the server this is, and whether a page's kernel is still there."""

    async def get(self) -> None:
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "application/json")
        kernel_id = self.get_query_argument("kernel", "")
        if kernel_id and not KERNEL_ID.fullmatch(kernel_id):
            self.set_status(400)
            lives = False
        else:
            lives = bool(kernel_id) and await self.settings["kernel_manager"].is_kernel_alive(kernel_id)
        self.finish(json.dumps({"server": BOOT, "kernel": lives}))


class OwnKernelHandler(OwnedKernelHandler, KernelHandler):
    """What the front end asks about its own kernel. Ending one has its own road, below."""

    delete = web.RequestHandler.delete


class LeaveHandler(OwnedKernelHandler, VoilaShutdownKernelHandler):
    """A page was left: its kernel ends. Said twice (a reload, two signals), it is still true."""

    async def post(self, kernel_id: str) -> None:
        if KERNEL_ID.fullmatch(kernel_id) and kernel_id in self.kernel_manager:
            await self.kernel_manager.shutdown_kernel(kernel_id)
        self.set_status(204)
        self.finish()
