"""Which Python runs the pages, what it is told by the environment, and when it is let go.

Hazards held here:
- Another kernel called "python3" on the machine (a user's own Jupyter) would run our pages without our packages.
- The room code must not reach a kernel: whatever is in a kernel's environment can end in somebody's traceback.
- A kernel that died is started again by Jupyter *empty*, under the same id; its page then looks alive and is deaf.
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

NAME = "python3"
PAGE = "cowork-page"
"""The name of the kernel of a page. It stands in no list: nobody chooses it for a notebook in JupyterLab."""
VISITOR: ContextVar[str] = ContextVar("visitor", default="")
"""Who asks for a kernel: the browser's own cookie, set for the length of a request (`handlers.Page`)."""
SOURCE: ContextVar[str] = ContextVar("source", default="")
"""Whose wrong codes are counted together, set likewise: an address, or one browser where all share an address."""
RESERVED: ContextVar[str] = ContextVar("reserved", default="")
"""The id that the kernel of this request will have: its place is taken before the kernel is there."""
MAX_PAGES_OF_VISITOR = 8
"""Pages that one browser may have open at once: all that a person looks at, and not the whole house."""
SECRET_NAMES = ("COWORK_TOKEN", "JUPYTER_TOKEN", "JUPYTER_TOKEN_FILE")
HUB_SECRETS = ("JUPYTERHUB_API_TOKEN", "JPY_API_TOKEN")
"""What speaks to a hub in its user's name. JupyterLab's kernels have it from the hub; a page's need it for nothing."""


def spec() -> KernelSpec:
    """The kernel of a page: this very interpreter, forked from the warm process where that can be."""
    return KernelSpec(
        argv=provisioner.command("{connection_file}"),
        display_name="Python (cowork)",
        language="python",
        resource_dir=os.path.dirname(__file__),
        metadata={"kernel_provisioner": {"provisioner_name": provisioner.NAME}},
    )


class PageKernelSpecs(KernelSpecManager):
    """The only kernel there is: this very interpreter, whatever else the machine offers under that name."""

    page = PAGE

    def find_kernel_specs(self) -> dict[str, str]:
        return {NAME: spec().resource_dir}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        if kernel_name not in (NAME, PAGE):
            raise NoSuchKernel(kernel_name)
        return spec()

    def get_all_specs(self) -> dict[str, Any]:
        return {NAME: {"resource_dir": spec().resource_dir, "spec": spec().to_dict()}}


class PageAndOtherKernelSpecs(KernelSpecManager):
    """Inside a Jupyter server (Binder): its own kernels, debugger and all, and ours for the pages."""

    page = PAGE

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return spec() if kernel_name == PAGE else super().get_kernel_spec(kernel_name)


class QuickKernelClient(AsyncKernelClient):
    """Ready when the kernel is. Jupyter's own waits 200 ms more, to hear whether there is anything else to hear."""

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + (timeout or 60)
        while True:
            self.kernel_info()
            try:
                reply = await self.shell_channel.get_msg(timeout=1)
                # Any message at all says that this channel is connected. What belongs to no cell is left aside later.
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
    """What the server knows of one kernel."""

    client_class = "cowork.serve.kernels.manager.QuickKernelClient"
    client_factory = Type(QuickKernelClient)


class VisitorKernels(AsyncMappingKernelManager):
    """Every visitor's kernel. See the module's text for what goes wrong without it."""

    extra_env = Dict(help="what every kernel is told: the record, and the address others can reach").tag(config=True)
    front = Dict(help="what the kernels of pages are told: where the server keeps the scripts that draw widgets")
    unseen_timeout = Integer(180, help="seconds a kernel may wait for its page to connect at all").tag(config=True)
    most = Integer(help="how many pages may be open at once; from the memory there is").tag(config=True)

    @default("most")
    def _most(self) -> int:
        said = os.environ.get("COWORK_MOST_VISITORS", "")
        room = capacity.most_by_files()
        if said.isdigit() and int(said):
            return min(int(said), room)
        return min(capacity.most_visitors(capacity.memory(), forked=not provisioner.why_unavailable()), room)

    def reserve(self, visitor: str) -> str:
        """Take a place for a page of this visitor: the id of its kernel to be. Raises HTTPError 429 or 503.

        A place is taken in the same step in which it is found free. Were only the kernels counted that are there, all
        who scan a code in the same second would find the last place free. Kernels of JupyterLab count too: they use
        the same memory. Whoever reserves must `release`.
        """
        self._make_room_of(visitor)
        most = (
            self.most
            if provisioner.fork_server.forks
            else min(self.most, capacity.most_visitors(capacity.memory(), forked=False))
        )
        if len(self._kernels.keys() | self._reserved.keys()) >= most:
            raise web.HTTPError(503)
        kernel_id = str(uuid4())
        self._reserved[kernel_id] = visitor
        return kernel_id

    def release(self, kernel_id: str) -> None:
        """The page is made, or could not be: from now on its place counts only while its kernel is there."""
        self._reserved.pop(kernel_id, None)

    def _make_room_of(self, visitor: str) -> None:
        """One visitor has few pages. Whoever asks for more loses the oldest to which no page is connected."""
        theirs = [one for one in self._kernels if self._owners.get(one) == visitor and one not in self._ending]
        coming = [one for one, owner in self._reserved.items() if owner == visitor and one not in self._kernels]
        if len(theirs) + len(coming) < MAX_PAGES_OF_VISITOR:
            return
        unseen = [one for one in theirs if not self._kernel_connections.get(one, 0) and one not in self._reserved]
        if not unseen:
            raise web.HTTPError(429)
        self._end_soon(unseen[0])

    def _end_soon(self, kernel_id: str) -> None:
        """End a kernel without waiting for it."""
        task = asyncio.ensure_future(self.shutdown_kernel(kernel_id, now=True))
        self._ending[kernel_id] = task  # held here, or it might be collected before it has run
        task.add_done_callback(lambda done: self._ending.pop(kernel_id) and done.exception())

    @default("kernel_manager_class")
    def _one_kernel(self) -> str:
        return "cowork.serve.kernels.manager.PageKernelManager"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._seen: set[str] = set()
        self._owners: dict[str, str] = {}
        self._reserved: dict[str, str] = {}
        self._inflows: dict[str, KernelBackpressure] = {}
        self._ending: dict[str, asyncio.Future[None]] = {}

    async def _async_start_kernel(self, **kwargs: Any) -> str:
        kwargs["env"] = self.environment(kwargs.get("env") or os.environ)
        if RESERVED.get() and kwargs.get("kernel_id") is None:
            kwargs["kernel_id"] = RESERVED.get()
            self._owners[RESERVED.get()] = VISITOR.get()  # nobody else's, from its first moment on
            kwargs["env"]["COWORK_SOURCE"] = SOURCE.get()
        kernel_id: str = await super()._async_start_kernel(**kwargs)
        known = self._kernels.keys() | self._reserved.keys()
        # Jupyter "starts" a kernel that is there already when a request names its id: it keeps the owner it has.
        owners = {one: owner for one, owner in self._owners.items() if one in known}
        self._owners = {kernel_id: VISITOR.get()} | owners
        return kernel_id

    start_kernel = _async_start_kernel  # type: ignore[assignment]

    def belongs(self, kernel_id: str, visitor: str) -> bool:
        """Whether this browser may speak to the kernel: it asked for the page. A kernel of JupyterLab is no page's."""
        owner = self._owners.get(kernel_id, "")
        return not owner or hmac.compare_digest(owner.encode(), visitor.encode())

    def is_page(self, kernel_id: str) -> bool:
        """Whether a browser's page has this kernel; one that JupyterLab started belongs to no browser."""
        return bool(self._owners.get(kernel_id, ""))

    def environment(self, given: Any) -> dict[str, str]:
        """The environment of a kernel: Voilà's, with our two facts and without any secret."""
        env = {name: str(value) for name, value in given.items() if name not in SECRET_NAMES}
        if "QUERY_STRING" in env:
            env["QUERY_STRING"] = without_token(env["QUERY_STRING"])
        if "VOILA_REQUEST_URL" in env:
            url = urlsplit(env["VOILA_REQUEST_URL"])
            env["VOILA_REQUEST_URL"] = urlunsplit(url._replace(query=without_token(url.query)))
        # A page of ours has the script already; a notebook in JupyterLab may be open without this server's address.
        if env.get("SERVER_SOFTWARE", "").startswith("voila/"):
            env = {name: value for name, value in env.items() if name not in HUB_SECRETS} | self.front
        return {**env, **self.extra_env}

    def start_watching_activity(self, kernel_id: str) -> None:
        """Hear whether a kernel is busy, and not everything it says.

        Jupyter's server reads each message twice, once to forward it and once to note that there was one. For thirty
        pages that are told of one new text this second reading would be half of the server's work.
        """
        super().start_watching_activity(kernel_id)
        self._inflows = {one: inflow for one, inflow in self._inflows.items() if one in self}
        kernel: Any = self._kernels[kernel_id]
        told = kernel._activity_stream.socket
        told.unsubscribe(b"")
        told.subscribe(b"kernel.")  # where ipykernel says its status
        if self.is_page(kernel_id):
            inflow = self._inflows[kernel_id] = KernelBackpressure()
            kernel._activity_stream.on_recv(partial(self._noted, kernel, inflow))

    def inflow(self, kernel_id: str) -> KernelBackpressure | None:
        """What waits for a page's kernel. None for a notebook in JupyterLab, whose person may do anything anyway."""
        return self._inflows.get(kernel_id)

    def _noted(self, kernel: Any, inflow: KernelBackpressure, message: list[bytes]) -> None:
        """A page's kernel is busy, or idle. Its signature and its many dates are nothing to whoever notes that."""
        self.last_kernel_activity = kernel.last_activity = datetime.now(UTC)
        state = json.loads(message[-1]).get("execution_state", "")
        if state and state != "starting":
            kernel.execution_state = state
        if state == "idle" and inflow.waiting_bytes:
            inflow.finish(str(json.loads(message[-3]).get("msg_id", "")))  # which message it has finished with

    def notify_connect(self, kernel_id: str) -> None:
        self._seen.add(kernel_id)
        super().notify_connect(kernel_id)

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """Also let go of a kernel to which no page ever connected (a preview, a crawler, a closed tab)."""
        self._seen &= set(self._kernels)
        kernel = self._kernels[kernel_id]
        if kernel_id not in self._seen and not self._kernel_connections.get(kernel_id, 0):
            started = getattr(kernel, "last_activity", None)
            if started and (datetime.now(UTC) - started).total_seconds() > self.unseen_timeout:
                await self.shutdown_kernel(kernel_id)
                return
        await super().cull_kernel_if_idle(kernel_id)

    async def lives(self, kernel_id: str) -> bool:
        """Whether the kernel's process is there. A dead one is also taken off the list."""
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
