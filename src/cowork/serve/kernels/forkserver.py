"""The fork server: a process that has imported everything a page needs, and forks a kernel for each visitor.

`provisioner` starts one for each server, as `python -m cowork.serve.kernels.forkserver SOCKET SERVER`. A forked kernel
has all modules at once and shares their memory with the others; an ordinary one imports them itself.

Hazards held here:
- Everything in this process is copied into every kernel. So it opens no record, holds no secret, has an environment of
  a few harmless variables, and checks itself before it serves: one thread, no foreign open file (`fork_hazards`).
- A fork copies one thread only. A lock that another thread held would stay locked in every kernel for ever.
- Python's debugger must be impossible to import before ipykernel looks for it, or each kernel costs as much as before.
- ipywidgets imported outside IPython does not register the comm target for the widgets' state.
- A kernel is a child of this process and not of the server. It watches the server itself: it ends with the server,
  and it runs on when only this process is lost.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import select
import socket
import sys
import time
import traceback
from importlib import import_module
from typing import Any, ClassVar, NoReturn

from cowork.serve.kernels import launcher

MAX_MESSAGE_BYTES = 512 * 1024
"""Bytes of one request, which is mainly an environment."""

PRELOADED_MODULES = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "ipykernel.heartbeat",
    "ipykernel.iostream",
    "ipykernel.debugger",
    "ipykernel.comm",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "faulthandler",
    "psutil",
    "pwd",
    "resource",
    "tornado.platform.asyncio",
    "zmq.eventloop.zmqstream",
    "zmq.utils.garbage",
    "ipywidgets",
    "anywidget",
    "segno.writers",  # for a facilitator's first page; `preload` imports the other modules of our pages
    "urllib.request",
)
"""The modules that a kernel imports before and while its first cell runs. Each kernel imports by itself what is missing
here; `tests/serve/kernels/test_provisioner.py` lists it."""


def send(channel: socket.socket, **message: Any) -> None:
    """Send one message to the server. A server that no longer listens is no error."""
    try:
        channel.send(json.dumps(message).encode())
    except OSError:
        pass


def prepare_imports() -> Any:
    """Import all that a page needs and warm all caches; returns the kernel application, not yet started."""
    gc.disable()
    launcher.block_debugger()
    for name in PRELOADED_MODULES:
        import_module(name)
    preload()
    app = create_application()
    gc.collect()
    gc.freeze()  # the collector never touches these objects again, so their memory stays shared
    return app


def preload() -> None:
    """Load all pages, make every widget once, and simulate a visit. Only what every kernel has alike remains."""
    import ipywidgets  # heavy, and only after `block_debugger`

    from cowork import text, widgets
    from cowork.pages import registry
    from cowork.serve.kernels.warmup import warm_up

    registry.ours()
    registry.theirs()
    for lang in text.LANGS:
        text.translate("shell.title", lang)
    for name in widgets.__all__:
        widget_class = getattr(widgets, name)
        if isinstance(widget_class, type) and issubclass(widget_class, ipywidgets.Widget):
            widget_class()
    ipywidgets.Widget.close_all()
    try:
        warm_up()
    except Exception as error:  # perhaps a full disk; kernels work without it, only more slowly
        print(
            f"cowork: pages start a little more slowly: the rehearsal failed ({error!r})", file=sys.stderr, flush=True
        )


class EmptyModules:
    """Replaces `sys` in one module of ipykernel, with an empty list of modules.

    ipykernel reads the file name of each module, for a debugger that is not there. Seven hundred names, spread over the
    shared memory, would be copied into each kernel: two megabytes.
    """

    modules: ClassVar[dict[str, Any]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)


def create_application() -> Any:
    """Create ipykernel's application with the arguments of every kernel. It opens nothing before it is initialized."""
    # heavy, and only after `block_debugger`
    from ipykernel import ipkernel
    from ipykernel.compiler import XCachingCompiler
    from ipykernel.kernelapp import IPKernelApp
    from ipykernel.zmqshell import ZMQInteractiveShell

    ipkernel.sys = EmptyModules()  # type: ignore[assignment]

    class Kernel(IPKernelApp):
        def parse_command_line(self, argv: Any = None) -> None:
            """Do nothing: it was done before the fork."""

        def init_kernel(self) -> None:
            super().init_kernel()  # it finds the shell, and does not set its kernel and folder
            shell.parent = shell.kernel = self.kernel
            shell.init_environment()
            shell.user_ns["_dh"][:] = [os.getcwd()]  # the shell's directory history

    app = Kernel.instance()
    app.parent_handle = 1  # without a parent it prints on the server's terminal how to connect to it
    IPKernelApp.parse_command_line(app, [*launcher.ARGUMENTS, "--IPKernelApp.extra_extensions=ipywidgets"])
    # The shell that runs cells. Made before the fork, it is a megabyte that all kernels share.
    shell = ZMQInteractiveShell.instance(parent=app, compiler_class=XCachingCompiler)
    return app


def fork_hazards(allowed: set[int]) -> list[str]:
    """What must not be copied into a kernel and is in this process: further threads, open files and sockets."""
    hazards = []
    threads = len(os.listdir("/proc/self/task"))
    if threads != 1:
        hazards.append(f"{threads} threads")
    for number in map(int, os.listdir("/proc/self/fd")):
        try:
            target = os.readlink(f"/proc/self/fd/{number}")
        except OSError:
            continue  # the descriptor of this listing
        if number not in allowed:
            hazards.append(f"an open {target}")
    return hazards


def serve_forks(requests: socket.socket, server: int) -> tuple[dict[str, Any], socket.socket]:
    """Fork a kernel for each request. Returns only in the kernel, with the request and its channel to the server."""
    poller = select.poll()
    poller.register(requests, select.POLLIN)
    poller.register(server, select.POLLIN)
    kernels: dict[int, tuple[int, socket.socket]] = {}
    while True:
        for ready, _ in poller.poll():
            if ready == server:
                os._exit(0)
            elif ready != requests.fileno():
                pid, channel = kernels.pop(ready)
                poller.unregister(ready)
                os.close(ready)
                send(channel, ended=os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
                channel.close()
                continue
            message, files, _, _ = socket.recv_fds(requests, MAX_MESSAGE_BYTES, 1, socket.MSG_CMSG_CLOEXEC)
            if not message:
                os._exit(0)  # the server has ended, or needs no more kernels
            channel = socket.socket(fileno=files[0])
            try:
                pid = os.fork()
            except OSError as error:  # no memory, or too many processes
                send(channel, failed=str(error))
                channel.close()
                continue
            if pid == 0:
                requests.close()
                for other, (_, other_channel) in kernels.items():
                    os.close(other)
                    other_channel.close()
                return json.loads(message), channel
            child = os.pidfd_open(pid)
            kernels[child] = pid, channel
            poller.register(child, select.POLLIN)


def run_kernel(app: Any, server: int, request: dict[str, Any], channel: socket.socket) -> NoReturn:
    """Run the kernel in the forked process, and tell the server when it is ready."""
    code = 1
    try:
        socket.send_fds(channel, [json.dumps({"pid": os.getpid()}).encode()], [os.pidfd_open(os.getpid())])
        initialize(app, server, request)
        send(channel, ready=True)
        channel.close()
        app.start()
        # Stop this thread first. It still writes printed output, and ipykernel would close the stream it writes to: it
        # would then wait for ten seconds.
        app.control_thread.stop()
        app.control_thread.join(1)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        send(channel, failed=f"it ended with {code}")
    except BaseException as error:
        if channel.fileno() == -1:
            traceback.print_exc()
        send(channel, failed=repr(error))
    finally:
        # Python's own multiprocessing ends a fork like this: to tear down all modules would first copy their memory.
        atexit._run_exitfuncs()
        os._exit(code)


def initialize(app: Any, server: int, request: dict[str, Any]) -> None:
    """Set what belongs to this kernel alone: its process session, its environment and its ports."""
    os.setsid()
    with open("/proc/self/comm", "w") as name:
        name.write("cowork-kernel")
    os.environ.clear()
    os.environ.update(request["env"])
    os.environ.pop("JPY_PARENT_PID", None)  # ipykernel would watch that process as its parent and end with it
    time.tzset()
    os.chdir(request["cwd"])
    if "numpy" in sys.modules:  # Python's own `random` seeds itself after a fork
        sys.modules["numpy"].random.seed()
    gc.enable()
    sys.argv[:] = [launcher.__file__, "-f", request["connection_file"], *launcher.ARGUMENTS]
    app.connection_file = request["connection_file"]
    app.initialize()
    loop = app.control_thread.io_loop  # its loop runs while a cell runs
    loop.add_callback(loop.add_handler, server, lambda *_: os._exit(1), loop.READ)


def main() -> None:
    requests, parent = socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2])
    requests.set_inheritable(False)
    server = os.pidfd_open(parent)
    if os.getppid() != parent:
        return  # it ended before this process could watch it
    launcher.remove_working_folder()
    try:
        app = prepare_imports()
        hazards = fork_hazards({0, 1, 2, requests.fileno(), server})
    except Exception as error:
        hazards = [repr(error)]
    if hazards:
        send(requests, refused=", ".join(hazards))
        raise SystemExit(1)
    send(requests, ready=True)
    run_kernel(app, server, *serve_forks(requests, server))


if __name__ == "__main__":
    main()
