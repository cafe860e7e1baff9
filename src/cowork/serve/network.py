"""Binds the server's port, finds its address on the network, and explains in words what went wrong."""

from __future__ import annotations

import errno
import ipaddress
import socket
from dataclasses import dataclass

from tornado.netutil import bind_sockets

DEFAULT_PORT = 8866
NEXT_PORTS = 20


class BindError(Exception):
    """The address cannot be bound. `str()` is one or two sentences for the operator."""


@dataclass(frozen=True)
class BoundSockets:
    """Bound sockets and their port. `moved` means that it is not the requested port."""

    sockets: list[socket.socket]
    port: int
    moved: bool = False


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`. An empty host means every network, like 0.0.0.0."""
    name = host.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_unspecified_host(host: str) -> bool:
    """Whether `host` stands for all of this machine's addresses."""
    try:
        return not host or ipaddress.ip_address(host.strip("[]")).is_unspecified
    except ValueError:
        return False


def bind(host: str, port: int) -> BoundSockets:
    """Bind `port` on `host`. Instead of the default port the next free one is used; any other port was requested."""
    candidates = range(port, port + NEXT_PORTS + 1) if port == DEFAULT_PORT else [port]
    for number in candidates:
        try:
            sockets = bind_sockets(number, host.strip("[]") or None)
        except socket.gaierror:
            raise BindError(f"The address {host} is not known here. Try --host 0.0.0.0 for all networks.") from None
        except PermissionError:
            raise BindError(f"Port {number} may not be used by you. Choose one above 1024: --port 8867.") from None
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise BindError(f"{host} is not an address of this computer. Try --host 0.0.0.0.") from None
            if error.errno != errno.EADDRINUSE:
                raise
        else:
            return BoundSockets(sockets, sockets[0].getsockname()[1], moved=number != port)
    if len(candidates) > 1:
        raise BindError(f"Ports {port} to {port + NEXT_PORTS} are taken by other programs. Name another: --port N.")
    raise BindError(
        f"Port {port} is taken by another program, perhaps by cowork itself. "
        f"Stop it, or name another: --port {port + 1}."
    )


def lan_address() -> str:
    """The address by which others on the network reach this machine; 127.0.0.1 where there is no network.

    Connecting a datagram socket sends nothing: it only asks the system for the route. The target is an address
    reserved for documentation.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def url(host: str, port: int) -> str:
    """`http://host:port` for another device: never 0.0.0.0, and IPv6 in brackets."""
    if is_unspecified_host(host):
        host = lan_address()
    host = host.strip("[]")
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
