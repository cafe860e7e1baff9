"""The kernel manager of pages: which Python runs a kernel, its environment, its owner, and when it is shut down.

Hazards held here:
- Another kernel called "python3" on the machine (a user's own Jupyter) would run our pages without our packages.
- The room code must not reach a kernel: anything in a kernel's environment can end in somebody's traceback.
- Jupyter restarts a dead kernel *empty* under the same id; its page then looks alive and receives nothing.
- Each GET of a page starts a kernel, also from a link preview that never opens a connection.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import os
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import partial
from queue import Empty
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager, ServerKernelManager
from tornado import web
from traitlets import Dict, Integer, Type, default

from cowork.serve.http.kernel_backpressure import KernelBackpressure
from cowork.serve.kernels import capacity, provisioner
from cowork.serve.settings import without_token

KERNEL_NAME = "python3"
PAGE_KERNEL_NAME = "cowork-page"
"""The name of the kernel of a page. No list shows it: nobody can choose it for a notebook in JupyterLab."""
VISITOR: ContextVar[str] = ContextVar("visitor", default="")
"""The cookie of the browser that requests a kernel, set for the duration of a request (`http.pages.PageHandler`)."""
SOURCE: ContextVar[str] = ContextVar("source", default="")
"""A tag for the source of wrong codes, set likewise: an address, or one browser where all share an address."""
RESERVED_KERNEL: ContextVar[str] = ContextVar("reserved", default="")
"""The id that the kernel of this request will have: its place is reserved before the kernel exists."""
MAX_PAGES_OF_VISITOR = 8
"""Pages that one browser may have open at once: enough for one person, and far from the whole capacity."""
SECRET_VARIABLES = ("COWORK_TOKEN", "JUPYTER_TOKEN", "JUPYTER_TOKEN_FILE")
HUB_SECRET_VARIABLES = ("JUPYTERHUB_API_TOKEN", "JPY_API_TOKEN")
"""Tokens that act at a hub in its user's name. The hub gives them to kernels; the kernel of a page needs none."""


def page_kernel_spec() -> KernelSpec:
    """The kernel of a page: this same interpreter, forked by the fork server where that is possible."""
    return KernelSpec(
        argv=provisioner.kernel_command("{connection_file}"),
        display_name="Python (cowork)",
        language="python",
        resource_dir=os.path.dirname(__file__),
        metadata={"kernel_provisioner": {"provisioner_name": provisioner.PROVISIONER_NAME}},
    )


class PageKernelSpecs(KernelSpecManager):
    """The only kernel of our own server: this same interpreter, whatever the machine offers under that name."""

    page = PAGE_KERNEL_NAME

    def find_kernel_specs(self) -> dict[str, str]:
        return {KERNEL_NAME: page_kernel_spec().resource_dir}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        if kernel_name not in (KERNEL_NAME, PAGE_KERNEL_NAME):
            raise NoSuchKernel(kernel_name)
        return page_kernel_spec()

    def get_all_specs(self) -> dict[str, Any]:
        return {KERNEL_NAME: {"resource_dir": page_kernel_spec().resource_dir, "spec": page_kernel_spec().to_dict()}}


class PageAndOtherKernelSpecs(KernelSpecManager):
    """Inside a Jupyter server (Binder): its own kernels, debugger and all, and ours for the pages."""

    page = PAGE_KERNEL_NAME

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return page_kernel_spec() if kernel_name == PAGE_KERNEL_NAME else super().get_kernel_spec(kernel_name)


class QuickKernelClient(AsyncKernelClient):
    """A client that is ready as soon as the kernel is. Jupyter's own waits 200 ms more for further messages."""

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + (timeout or 60)
        while True:
            self.kernel_info()
            try:
                reply = await self.shell_channel.get_msg(timeout=1)
                # Any message proves that this channel is connected. Later, messages that belong to no cell are ignored.
                await self.iopub_channel.get_msg(timeout=0.2)
            except Empty:
                if not await self._async_is_alive():
                    raise RuntimeError("the kernel ended before it could be spoken to") from None
                if loop.time() > end:
                    raise RuntimeError(f"the kernel gave no answer in {timeout} seconds") from None
            else:
                if reply["msg_type"] == "kernel_info_reply":
                    self._handle_kernel_info_reply(reply)
                    return

    wait_for_ready = _async_wait_for_ready


class PageKernelManager(ServerKernelManager):
    """The manager of one kernel."""

    client_class = "cowork.serve.kernels.manager.QuickKernelClient"
    client_factory = Type(QuickKernelClient)


class VisitorKernels(AsyncMappingKernelManager):
    """The manager of all kernels: one for each page, with an owner. See the module docstring for the hazards."""

    extra_env = Dict(help="environment of every kernel: the record, and the address others can reach").tag(config=True)
    page_env = Dict(help="environment of the kernels of pages: where the server offers the scripts that draw widgets")
    unseen_timeout = Integer(180, help="seconds a kernel may wait for its page to connect at all").tag(config=True)
    max_pages = Integer(help="how many pages may be open at once; by default from the memory").tag(config=True)

    @default("max_pages")
    def _default_max_pages(self) -> int:
        stated = os.environ.get("COWORK_MOST_VISITORS", "")
        by_files = capacity.max_visitors_by_files()
        if stated.isdigit() and int(stated):
            return min(int(stated), by_files)
        return min(
            capacity.max_visitors(capacity.available_memory(), forked=not provisioner.why_unavailable()), by_files
        )

    def reserve(self, visitor: str) -> str:
        """Reserve a place for a page of this visitor; returns the id of its future kernel. Raises HTTPError 429 or 503.

        The check and the reservation are one step. If only running kernels were counted, all who scan a code in the
        same second would find the last place free. Kernels of JupyterLab count too: they use the same memory. Call
        `release` after each reservation.
        """
        self._enforce_visitor_limit(visitor)
        limit = (
            self.max_pages
            if provisioner.fork_server.forks
            else min(self.max_pages, capacity.max_visitors(capacity.available_memory(), forked=False))
        )
        if len(self._kernels.keys() | self._reserved.keys()) >= limit:
            raise web.HTTPError(503)
        kernel_id = str(uuid4())
        self._reserved[kernel_id] = visitor
        return kernel_id

    def release(self, kernel_id: str) -> None:
        """End a reservation: the page is made, or failed. From now on its place counts only while its kernel runs."""
        self._reserved.pop(kernel_id, None)

    def _enforce_visitor_limit(self, visitor: str) -> None:
        """Shut down the visitor's oldest kernel without a connected page, where they would have too many pages."""
        owned = [one for one in self._kernels if self._owners.get(one) == visitor and one not in self._ending]
        reserved = [one for one, owner in self._reserved.items() if owner == visitor and one not in self._kernels]
        if len(owned) + len(reserved) < MAX_PAGES_OF_VISITOR:
            return
        unconnected = [one for one in owned if not self._kernel_connections.get(one, 0) and one not in self._reserved]
        if not unconnected:
            raise web.HTTPError(429)
        self._shutdown_soon(unconnected[0])

    def _shutdown_soon(self, kernel_id: str) -> None:
        """Shut a kernel down without waiting for it."""
        task = asyncio.ensure_future(self.shutdown_kernel(kernel_id, now=True))
        self._ending[kernel_id] = task  # a reference, or the task might be collected before it has run
        task.add_done_callback(lambda done: self._ending.pop(kernel_id) and done.exception())

    @default("kernel_manager_class")
    def _default_kernel_manager_class(self) -> str:
        return "cowork.serve.kernels.manager.PageKernelManager"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._connected_once: set[str] = set()
        self._owners: dict[str, str] = {}
        self._reserved: dict[str, str] = {}
        self._backpressures: dict[str, KernelBackpressure] = {}
        self._ending: dict[str, asyncio.Future[None]] = {}

    async def _async_start_kernel(self, **kwargs: Any) -> str:
        kwargs["env"] = self.kernel_environment(kwargs.get("env") or os.environ)
        if RESERVED_KERNEL.get() and kwargs.get("kernel_id") is None:
            kwargs["kernel_id"] = RESERVED_KERNEL.get()
            # its owner is set before it starts, so it is never without one
            self._owners[RESERVED_KERNEL.get()] = VISITOR.get()
            kwargs["env"]["COWORK_SOURCE"] = SOURCE.get()
        kernel_id: str = await super()._async_start_kernel(**kwargs)
        current = self._kernels.keys() | self._reserved.keys()
        # Jupyter also "starts" a running kernel, when a request names its id: such a kernel keeps its owner.
        owners = {one: owner for one, owner in self._owners.items() if one in current}
        self._owners = {kernel_id: VISITOR.get()} | owners
        return kernel_id

    start_kernel = _async_start_kernel  # type: ignore[assignment]

    def is_accessible(self, kernel_id: str, visitor: str) -> bool:
        """Whether this browser may use the kernel: it opened the page, or the kernel belongs to no page
        (JupyterLab)."""
        owner = self._owners.get(kernel_id, "")
        return not owner or hmac.compare_digest(owner.encode(), visitor.encode())

    def is_page(self, kernel_id: str) -> bool:
        """Whether this is the kernel of a page. A kernel that JupyterLab started has no owner."""
        return bool(self._owners.get(kernel_id, ""))

    def kernel_environment(self, given: Any) -> dict[str, str]:
        """The environment of a kernel: Voilà's, with `extra_env` and `page_env` and without any secret."""
        env = {name: str(value) for name, value in given.items() if name not in SECRET_VARIABLES}
        if "QUERY_STRING" in env:
            env["QUERY_STRING"] = without_token(env["QUERY_STRING"])
        if "VOILA_REQUEST_URL" in env:
            url = urlsplit(env["VOILA_REQUEST_URL"])
            env["VOILA_REQUEST_URL"] = urlunsplit(url._replace(query=without_token(url.query)))
        # Only for pages, whose browsers have the script: a notebook in JupyterLab may be open without this server's
        # address.
        if env.get("SERVER_SOFTWARE", "").startswith("voila/"):
            env = {name: value for name, value in env.items() if name not in HUB_SECRET_VARIABLES} | self.page_env
        return {**env, **self.extra_env}

    def start_watching_activity(self, kernel_id: str) -> None:
        """Subscribe to a kernel's status messages only.

        Jupyter's server reads each message twice, once to forward it and once to note the activity. When thirty pages
        receive one new text, this second reading would be half of the server's work.
        """
        super().start_watching_activity(kernel_id)
        self._backpressures = {one: backpressure for one, backpressure in self._backpressures.items() if one in self}
        kernel: Any = self._kernels[kernel_id]
        activity = kernel._activity_stream.socket
        activity.unsubscribe(b"")
        activity.subscribe(b"kernel.")  # the topic of ipykernel's status messages
        if self.is_page(kernel_id):
            backpressure = self._backpressures[kernel_id] = KernelBackpressure()
            kernel._activity_stream.on_recv(partial(self._on_status, kernel, backpressure))

    def backpressure_of(self, kernel_id: str) -> KernelBackpressure | None:
        """The messages that wait for a page's kernel. None for a notebook in JupyterLab, whose user may do anything."""
        return self._backpressures.get(kernel_id)

    def _on_status(self, kernel: Any, backpressure: KernelBackpressure, message: list[bytes]) -> None:
        """Note that a page's kernel is busy or idle, without checking the signature or parsing dates."""
        self.last_kernel_activity = kernel.last_activity = datetime.now(UTC)
        state = json.loads(message[-1]).get("execution_state", "")
        if state and state != "starting":
            kernel.execution_state = state
        if state == "idle" and backpressure.waiting_bytes:
            backpressure.finish(str(json.loads(message[-3]).get("msg_id", "")))  # the message it has finished with

    def notify_connect(self, kernel_id: str) -> None:
        self._connected_once.add(kernel_id)
        super().notify_connect(kernel_id)

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """Also shut down a kernel to which no page ever connected (a preview, a crawler, a closed tab)."""
        self._connected_once &= set(self._kernels)
        kernel = self._kernels[kernel_id]
        if kernel_id not in self._connected_once and not self._kernel_connections.get(kernel_id, 0):
            started = getattr(kernel, "last_activity", None)
            if started and (datetime.now(UTC) - started).total_seconds() > self.unseen_timeout:
                await self.shutdown_kernel(kernel_id)
                return
        await super().cull_kernel_if_idle(kernel_id)

    async def is_kernel_alive(self, kernel_id: str) -> bool:
        """Whether the kernel's process runs. A dead one is also removed from the list."""
        if kernel_id not in self:
            return False
        kernel = self.get_kernel(kernel_id)
        process = getattr(kernel.provisioner, "process", None)
        if await ensure_async(kernel.is_alive()):
            return True
        code = getattr(process, "returncode", 0)
        if code and not kernel.shutting_down:
            self.log.warning("The kernel of a page ended by itself (%s); the others go on.", code)
        if kernel.execution_state != "starting":  # type: ignore[attr-defined]
            await self.shutdown_kernel(kernel_id, now=True)
        return False
