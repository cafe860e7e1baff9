"""Which Python runs the pages, what it is told by the environment, and when it is let go.

Hazards held here:
- Another kernel called "python3" on the machine (a user's own Jupyter) would run our pages without our packages.
- The room code must not reach a kernel: whatever is in a kernel's environment can end in somebody's traceback.
- A kernel that died is started again by Jupyter *empty*, under the same id; its page then looks alive and is deaf.
- Each GET of a page starts a kernel, also from a link preview that never opens a connection.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets import Dict, Integer

from cowork.serve.configuration import without_token

NAME = "python3"
SECRET_NAMES = ("COWORK_TOKEN", "JUPYTER_TOKEN", "JUPYTER_TOKEN_FILE")


class OnePython(KernelSpecManager):
    """The only kernel there is: this very interpreter, whatever else the machine offers under that name."""

    def find_kernel_specs(self) -> dict[str, str]:
        return {NAME: self.resource_dir}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        if kernel_name != NAME:
            raise NoSuchKernel(kernel_name)
        return KernelSpec(
            argv=[
                sys.executable,
                "-m",
                "cowork.serve.kernel",
                "-f",
                "{connection_file}",
                # No history: nobody types here, and it is a thread and a file for each visitor.
                "--HistoryManager.enabled=False",
                # ipykernel remarks on each start over TCP; what our own code logs is not touched by this.
                "--IPKernelApp.log_level=40",
            ],
            display_name="Python (cowork)",
            language="python",
            resource_dir=self.resource_dir,
        )

    def get_all_specs(self) -> dict[str, Any]:
        spec = self.get_kernel_spec(NAME)
        return {NAME: {"resource_dir": spec.resource_dir, "spec": spec.to_dict()}}

    @property
    def resource_dir(self) -> str:
        return os.path.dirname(__file__)


class Kernels(AsyncMappingKernelManager):
    """Every visitor's kernel. See the module's text for what goes wrong without it."""

    extra_env = Dict(help="what every kernel is told: the record, and the address others can reach").tag(config=True)
    unseen_timeout = Integer(180, help="seconds a kernel may wait for its page to connect at all").tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._seen: set[str] = set()

    async def _async_start_kernel(self, **kwargs: Any) -> str:
        kwargs["env"] = self.environment(kwargs.get("env") or os.environ)
        return await super()._async_start_kernel(**kwargs)

    start_kernel = _async_start_kernel  # type: ignore[assignment]

    def environment(self, given: Any) -> dict[str, str]:
        """The environment of a kernel: Voilà's, with our two facts and without any secret."""
        env = {name: str(value) for name, value in given.items() if name not in SECRET_NAMES}
        if "QUERY_STRING" in env:
            env["QUERY_STRING"] = without_token(env["QUERY_STRING"])
        if "VOILA_REQUEST_URL" in env:
            url = urlsplit(env["VOILA_REQUEST_URL"])
            env["VOILA_REQUEST_URL"] = urlunsplit(url._replace(query=without_token(url.query)))
        return {**env, **self.extra_env}

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
        if await ensure_async(kernel.is_alive()):
            return True
        if kernel.execution_state != "starting":  # type: ignore[attr-defined]
            await self.shutdown_kernel(kernel_id, now=True)
        return False
