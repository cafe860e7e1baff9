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
"""Identifies this run of the server. A page that reads another value knows that its kernel is gone."""

KERNEL_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class OwnedKernelHandler(JupyterHandler):
    """Base of handlers for one kernel: they answer 404, unless it is the kernel of this browser."""

    async def prepare(self, *args: Any, **kwargs: Any) -> None:
        kernel_id = self.path_kwargs.get("kernel_id") or (self.path_args[0] if self.path_args else "")
        if not self.settings["kernel_manager"].is_accessible(kernel_id, visitor_of(self)):
            raise web.HTTPError(404)
        await super().prepare(*args, **kwargs)


class AliveHandler(web.RequestHandler):
    """The heartbeat: tells a page which run of the server this is, and whether its kernel runs."""

    async def get(self) -> None:
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "application/json")
        kernel_id = self.get_query_argument("kernel", "")
        if kernel_id and not KERNEL_ID.fullmatch(kernel_id):
            self.set_status(400)
            is_alive = False
        else:
            is_alive = bool(kernel_id) and await self.settings["kernel_manager"].is_kernel_alive(kernel_id)
        self.finish(json.dumps({"server": BOOT, "kernel": is_alive}))


class OwnKernelHandler(OwnedKernelHandler, KernelHandler):
    """Answers questions of the front end about its own kernel. Only `LeaveHandler` shuts one down."""

    delete = web.RequestHandler.delete


class LeaveHandler(OwnedKernelHandler, VoilaShutdownKernelHandler):
    """Shuts down the kernel of a page that was left. A second notice (a reload, two signals) does no harm."""

    async def post(self, kernel_id: str) -> None:
        if KERNEL_ID.fullmatch(kernel_id) and kernel_id in self.kernel_manager:
            await self.kernel_manager.shutdown_kernel(kernel_id)
        self.set_status(204)
        self.finish()
