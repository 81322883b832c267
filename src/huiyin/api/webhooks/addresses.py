"""Which addresses may be called: never one inside our own network, unless the installation says so.

A name is judged by the addresses it stands for at the moment of the call, and the call goes to the address that was
judged: a name that changes its mind in between (DNS rebinding) gains nothing.
"""

import ipaddress
import socket
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx
from django.conf import settings

_LONGEST = 500


class AddressRefused(httpcore.ConnectError):
    """The name stands for no address that may be called."""


def fault_of(url: str) -> str | None:
    """What is wrong with an address that somebody wants to register; None if nothing is."""
    try:
        parts = urlsplit(url)
        port_is_good = parts.port is None or parts.port > 0
        host = parts.hostname or ""
    except ValueError:
        return "地址格式不对"
    if len(url) > _LONGEST or not url.isascii() or not url.isprintable() or " " in url or not host or not port_is_good:
        return "地址格式不对"
    if parts.scheme not in ("https", "http"):
        return "地址应以 https:// 开头"
    if parts.scheme == "http" and not private_allowed():
        return "公网地址须用 https://"
    if parts.username or parts.password or parts.fragment:
        return "地址中不能带用户名、密码或 #"
    literal = _as_ip(host)
    if literal is not None and not _may_be_called(literal):
        return "不能使用内网或本机地址"
    if host == "localhost" and not private_allowed():
        return "不能使用内网或本机地址"
    return None


def private_allowed() -> bool:
    return bool(settings.WEBHOOK_PRIVATE_ADDRESSES)


def guarded_transport() -> httpx.HTTPTransport:
    """No proxy from the environment, no retries of its own, and only addresses that may be called."""
    transport = httpx.HTTPTransport(trust_env=False, retries=0)
    transport._pool._network_backend = _Guarded()  # httpx has no public way to name httpcore's network backend
    return transport


class _Guarded(httpcore.NetworkBackend):
    """Looks the name up, judges every address, and connects to a judged one."""

    def __init__(self) -> None:
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        refused: Exception = AddressRefused("the name has no address")
        for address in _addresses_of(host, port):
            if not _may_be_called(address):
                raise AddressRefused("an address inside the network is not called")
            try:
                return self._plain.connect_tcp(
                    str(address), port, timeout=timeout, local_address=local_address, socket_options=socket_options
                )
            except httpcore.ConnectError as exc:
                refused = exc
        raise refused

    def sleep(self, seconds: float) -> None:
        self._plain.sleep(seconds)


def _addresses_of(host: str, port: int) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as exc:
        raise AddressRefused("the name cannot be looked up") from exc
    return [ipaddress.ip_address(str(entry[4][0]).split("%")[0]) for entry in found]


def _may_be_called(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    plain = getattr(address, "ipv4_mapped", None) or address
    return private_allowed() or (plain.is_global and not plain.is_multicast)


def _as_ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
