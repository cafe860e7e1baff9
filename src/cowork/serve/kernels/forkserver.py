"""The warm process: it has imported what a page needs, and forks from itself a kernel for each visitor.

Started by `cowork.serve.kernels.provisioner`, one for a server, as `python -m cowork.serve.kernels.forkserver SOCKET
SERVER`. A kernel that is forked has all modules at once and shares their memory with the others; one that is started
imports them anew.

Hazards held here:
- Whatever is in this process is copied into every kernel. So it opens no record, keeps no secret, has an environment
  of a few harmless names, and looks at itself before it serves: one thread, no open file but its own (`faults`).
- A fork copies one thread only. A lock another thread held would stay locked in every kernel for ever.
- Python's debugger must be impossible to import before ipykernel looks for it, or each kernel costs as much as before.
- ipywidgets imported outside IPython does not register how a browser asks for the widgets' state.
- A kernel is a child of this process and not of the server. It watches the server itself, so that it ends with the
  server and goes on when only this process is lost.
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
"""Bytes of one request: an environment, in the main."""

MODULES = (
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
    "segno.writers",  # a facilitator's first page; the rest of our pages is asked by its names
    "urllib.request",
)
"""What a kernel loads before and while its first cell runs. Whatever is forgotten here, each kernel loads by itself;
`tests/serve/test_warm.py` says what that is."""


def send(line: socket.socket, **said: Any) -> None:
    """One message to the server. A server that no longer listens is not an error here."""
    try:
        line.send(json.dumps(said).encode())
    except OSError:
        pass


def prepare_imports() -> Any:
    """Import all that a page needs, and do once what is slow only the first time. The kernel, not yet begun."""
    gc.disable()
    launcher.without_debugger()
    for name in MODULES:
        import_module(name)
    preload()
    app = application()
    gc.collect()
    gc.freeze()  # what stands now is never looked at again, so its memory stays shared
    return app


def preload() -> None:
    """Load our own pages, draw every component once, and rehearse a visit; nothing is kept but what all have alike."""
    import ipywidgets

    from cowork import text, widgets
    from cowork.pages import registry
    from cowork.serve.kernels.warmup import warm_up

    registry.ours()
    registry.theirs()
    for lang in text.LANGS:
        text.translate("shell.title", lang)
    for name in widgets.__all__:
        made = getattr(widgets, name)
        if isinstance(made, type) and issubclass(made, ipywidgets.Widget):
            made()
    ipywidgets.Widget.close_all()
    try:
        warm_up()
    except Exception as error:  # no room for a file, perhaps; kernels are none the worse for it, only slower
        print(
            f"cowork: pages start a little more slowly: the rehearsal failed ({error!r})", file=sys.stderr, flush=True
        )


class EmptyModules:
    """Python's `sys` as one module of ipykernel sees it, without the list of modules.

    It reads the file of each of them, for a debugger that is not there; seven hundred names spread all over the memory
    that is shared would become each kernel's own, two megabytes.
    """

    modules: ClassVar[dict[str, Any]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)


def application() -> Any:
    """ipykernel's application, told what every kernel is told. It opens nothing before it is initialized."""
    from ipykernel import ipkernel
    from ipykernel.compiler import XCachingCompiler
    from ipykernel.kernelapp import IPKernelApp
    from ipykernel.zmqshell import ZMQInteractiveShell

    ipkernel.sys = EmptyModules()  # type: ignore[assignment]

    class Kernel(IPKernelApp):
        def parse_command_line(self, argv: Any = None) -> None:
            """Done here, before the fork."""

        def init_kernel(self) -> None:
            super().init_kernel()  # finds the shell there, and does not tell it whose and where it is
            shell.parent = shell.kernel = self.kernel
            shell.init_environment()
            shell.user_ns["_dh"][:] = [os.getcwd()]  # the folders it has been in

    app = Kernel.instance()
    app.parent_handle = 1  # "somebody started it": without that it prints how to reach it on the server's terminal
    IPKernelApp.parse_command_line(app, [*launcher.ARGUMENTS, "--IPKernelApp.extra_extensions=ipywidgets"])
    # What cells run in, still empty. Made here it is a megabyte that all kernels share.
    shell = ZMQInteractiveShell.instance(parent=app, compiler_class=XCachingCompiler)
    return app


def fork_hazards(allowed: set[int]) -> list[str]:
    """What this process has that must not be copied into a kernel: further threads, open files and sockets."""
    found = []
    threads = len(os.listdir("/proc/self/task"))
    if threads != 1:
        found.append(f"{threads} threads")
    for number in map(int, os.listdir("/proc/self/fd")):
        try:
            held = os.readlink(f"/proc/self/fd/{number}")
        except OSError:
            continue  # the list itself
        if number not in allowed:
            found.append(f"an open {held}")
    return found


def serve_forks(asks: socket.socket, server: int) -> tuple[dict[str, Any], socket.socket]:
    """Fork a kernel for each request. Comes back in a kernel only, with what was asked and its line to the server."""
    waiting = select.poll()
    waiting.register(asks, select.POLLIN)
    waiting.register(server, select.POLLIN)
    kernels: dict[int, tuple[int, socket.socket]] = {}
    while True:
        for ready, _ in waiting.poll():
            if ready == server:
                os._exit(0)
            elif ready != asks.fileno():
                pid, line = kernels.pop(ready)
                waiting.unregister(ready)
                os.close(ready)
                send(line, ended=os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
                line.close()
                continue
            message, lines, _, _ = socket.recv_fds(asks, MAX_MESSAGE_BYTES, 1, socket.MSG_CMSG_CLOEXEC)
            if not message:
                os._exit(0)  # the server is gone, or wants no more kernels
            line = socket.socket(fileno=lines[0])
            try:
                pid = os.fork()
            except OSError as error:  # no memory, or too many processes
                send(line, failed=str(error))
                line.close()
                continue
            if pid == 0:
                asks.close()
                for other, (_, others_line) in kernels.items():
                    os.close(other)
                    others_line.close()
                return json.loads(message), line
            child = os.pidfd_open(pid)
            kernels[child] = pid, line
            waiting.register(child, select.POLLIN)


def run_kernel(app: Any, server: int, asked: dict[str, Any], line: socket.socket) -> NoReturn:
    """What a fork does: forget this process's ways, start the kernel, and say so when it can be spoken to."""
    code = 1
    try:
        socket.send_fds(line, [json.dumps({"pid": os.getpid()}).encode()], [os.pidfd_open(os.getpid())])
        initialize(app, server, asked)
        send(line, ready=True)
        line.close()
        app.start()
        # First this thread, which has just said that the kernel ends and still writes out what was printed: ipykernel
        # itself closes beneath it what it writes to, and it would wait for ten seconds.
        app.control_thread.stop()
        app.control_thread.join(1)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        send(line, failed=f"it ended with {code}")
    except BaseException as error:
        if line.fileno() == -1:
            traceback.print_exc()
        send(line, failed=repr(error))
    finally:
        # As Python's own multiprocessing ends a fork: to take down all modules would first copy all their memory.
        atexit._run_exitfuncs()
        os._exit(code)


def initialize(app: Any, server: int, asked: dict[str, Any]) -> None:
    """Everything that is this visitor's own: the place among the processes, the environment, the ports."""
    os.setsid()
    with open("/proc/self/comm", "w") as name:
        name.write("cowork-kernel")
    os.environ.clear()
    os.environ.update(asked["env"])
    os.environ.pop("JPY_PARENT_PID", None)  # ipykernel would take this process for its parent and wait for its end
    time.tzset()
    os.chdir(asked["cwd"])
    if "numpy" in sys.modules:  # Python's own `random` does this by itself
        sys.modules["numpy"].random.seed()
    gc.enable()
    sys.argv[:] = [launcher.__file__, "-f", asked["connection_file"], *launcher.ARGUMENTS]
    app.connection_file = asked["connection_file"]
    app.initialize()
    loop = app.control_thread.io_loop  # goes on while a cell runs
    loop.add_callback(loop.add_handler, server, lambda *_: os._exit(1), loop.READ)


def main() -> None:
    asks, parent = socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2])
    asks.set_inheritable(False)
    server = os.pidfd_open(parent)
    if os.getppid() != parent:
        return  # it ended before this could watch it
    launcher.without_folder()
    try:
        app = prepare_imports()
        found = fork_hazards({0, 1, 2, asks.fileno(), server})
    except Exception as error:
        found = [repr(error)]
    if found:
        send(asks, refused=", ".join(found))
        raise SystemExit(1)
    send(asks, ready=True)
    run_kernel(app, server, *serve_forks(asks, server))


if __name__ == "__main__":
    main()
