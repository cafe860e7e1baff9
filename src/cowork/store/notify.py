"""Notifications: after a commit, an empty message to every process on this machine that follows the workshop.

A subscriber binds a unix datagram socket in one folder of its user; a writer sends two bytes to each socket. They hold
how many were notified before, for a staggered poll. The slow poll of `feed` makes up for a lost notification, and a
superfluous one finds nothing new.

Hazards held here:
- Another user of the machine may take a name in the temporary folder first. The folder must be a directory and no
  link, belong to this user, be closed to everybody else, and lie where nobody else can replace it. Any other folder is
  refused and never repaired: what was once open may hold anything.
- A socket's path has room for 103 bytes on macOS and 107 on Linux, so names are short and hashed.
- Nothing is created at import, and a forked child removes nothing of its parent's.
"""

from __future__ import annotations

import hashlib
import logging
import os
import random
import secrets
import socket
import stat
import tempfile
import weakref

log = logging.getLogger("cowork.wake")

MAX_SOCKET_PATH = 103
_SOCKETS = hasattr(socket, "AF_UNIX") and hasattr(os, "getuid")


def private_folder(name: str) -> str | None:
    """A private folder of this user in the temporary folder; None where it cannot be made or is not safe."""
    folder = _folder_path(name)
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        pass
    except OSError:
        return None
    return folder if is_private_folder(folder) else None


def is_private_folder(folder: str) -> bool:
    """True where nobody but this user can read, plant or replace anything in this folder."""
    try:
        folder_stat, parent_stat = os.lstat(folder), os.stat(os.path.dirname(folder))
    except OSError:
        return False
    if not stat.S_ISDIR(folder_stat.st_mode):
        return False
    if not hasattr(os, "getuid"):
        return True  # Windows: the temporary folder is this user's, and a mode says nothing
    is_unreplaceable = parent_stat.st_uid in (0, os.getuid()) and (
        not parent_stat.st_mode & 0o022 or bool(parent_stat.st_mode & stat.S_ISVTX)
    )
    return folder_stat.st_uid == os.getuid() and not folder_stat.st_mode & 0o077 and is_unreplaceable


class Notifier:
    """Notifies the subscribers of a workshop after each commit to one record."""

    def __init__(self, record: str) -> None:
        self._record = record
        self._warned = False

    def _prefix(self, workshop: str) -> str:
        return hashlib.sha256(f"{self._record}\n{workshop}".encode()).hexdigest()[:16] + "-"

    def notify(self, workshop: str) -> None:
        """Notify all subscribers of this workshop, in this process too. Never blocks."""
        folder = _folder_path("wake")
        if not _SOCKETS or not is_private_folder(folder):
            return  # then nobody can have subscribed
        prefix = self._prefix(workshop)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            sockets = [name for name in os.listdir(folder) if name.startswith(prefix)]
            random.shuffle(sockets)  # else the same ones would be last each time
            for turn, name in enumerate(sockets):
                _send(sender, os.path.join(folder, name), turn)

    def subscribe(self, workshop: str) -> Subscription | None:
        """Subscribe to a workshop; None, with one line in the log, where sockets cannot be used."""
        reason = "no unix sockets here"
        try:
            if _SOCKETS:
                folder = private_folder("wake")
                if folder is not None:
                    _remove_dead_sockets(folder)
                    return Subscription(os.path.join(folder, self._prefix(workshop) + secrets.token_hex(4)))
                reason = "its folder cannot be had, or is not this user's alone"
        except OSError as error:
            reason = str(error)
        if not self._warned:
            self._warned = True
            log.warning("this process cannot be woken and looks by itself instead: %s", reason)
        return None


class Subscription:
    """A bound socket. Its file is removed when it is closed, garbage-collected, or the process exits."""

    def __init__(self, path: str) -> None:
        if len(os.fsencode(path)) > MAX_SOCKET_PATH:
            raise OSError(f"the temporary folder's path is too long for a socket: {path}")
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            self.socket.setblocking(False)
            self.socket.bind(path)
        except OSError:
            self.socket.close()
            raise
        self.close = weakref.finalize(self, _close_socket, self.socket, path, os.getpid())

    def drain(self) -> int:
        """Read all waiting notifications, and return how many subscribers were notified before this one."""
        turns = []
        try:
            for _ in range(1000):
                turns.append(int.from_bytes(self.socket.recv(16)[:2], "big"))
        except BlockingIOError:
            pass
        return min(turns, default=0)

    def is_bound(self) -> bool:
        """False where the socket file was deleted: then no notification arrives any more."""
        return os.path.lexists(self.path)


def _folder_path(name: str) -> str:
    """The same path for all processes of a user: only TMPDIR may differ between a login and a service."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    return os.path.join(tempfile.gettempdir(), f"cowork-{user}-{name}")


def _send(sender: socket.socket, path: str, turn: int) -> None:
    try:
        sender.sendto(min(turn, 65535).to_bytes(2, "big"), path)
    except (ConnectionRefusedError, FileNotFoundError):  # its process was killed
        _remove_socket(path)
    except OSError:  # its queue is full: it has been notified and has not polled yet
        pass


def _close_socket(bound_socket: socket.socket, path: str, owner: int) -> None:
    bound_socket.close()
    if os.getpid() == owner:  # in a forked child the file is still the parent's
        _remove_socket(path)


def _remove_dead_sockets(folder: str) -> None:
    """Remove the sockets of killed processes, of every workshop: some may never be written to again.

    A socket that is just being bound can look dead for a moment; its process binds it again at its next slow poll.
    """
    for name in os.listdir(folder):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as probe:
            probe.setblocking(False)
            try:
                probe.connect(os.path.join(folder, name))
            except ConnectionRefusedError:
                _remove_socket(os.path.join(folder, name))
            except OSError:  # gone meanwhile, or none of ours
                pass


def _remove_socket(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        pass
