"""Tests reach this machine only. A connection to anywhere else is an error that names the address."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable

import pytest


class NetworkBlockedError(RuntimeError):
    """A test tried to leave the machine. Not an OSError, so that no adapter takes it for an outage."""


def is_local(host: object) -> bool:
    """Whether `host`, as given to the socket module, is this machine. None and "" stand for a local interface."""
    if host is None or host in ("", b"", "localhost", b"localhost"):
        return True
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _guarded(original: Callable[..., object], name: str) -> Callable[..., object]:
    def method(self: socket.socket, *arguments: object) -> object:
        address = arguments[-1]  # sendto takes the address last, after the data and perhaps flags
        if self.family != socket.AF_UNIX and isinstance(address, tuple) and not is_local(address[0]):
            raise NetworkBlockedError(f"{name} to {address!r}: tests reach only this machine")
        return original(self, *arguments)

    return method


def block(patch: pytest.MonkeyPatch) -> None:
    """Refuse connections, datagrams and name look-ups that leave the machine, in this process, until `patch` ends.

    Child processes and sockets opened by C++ (DuckDB's extensions, for example) are not covered.
    """
    for name in ("connect", "connect_ex", "sendto"):
        patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name), name))
    look_up = socket.getaddrinfo

    def getaddrinfo(host: object, *arguments: object, **options: object) -> object:
        if not is_local(host):
            raise NetworkBlockedError(f"look-up of {host!r}: tests reach only this machine")
        return look_up(host, *arguments, **options)  # type: ignore[arg-type]

    patch.setattr(socket, "getaddrinfo", getaddrinfo)
