"""Clients: who asks, by address, as far as limits and logs have to know.

A client is an IPv4 address, or the /64 network of an IPv6 address, since whoever has one of those has all of its addresses.
What X-Forwarded-For says counts only where a proxy that is trusted sent it, read from the end: the last address that is
not trusted is the client's. Host and X-Forwarded-Host are never read.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Final

from starlette.types import Scope

UNKNOWN: Final = "unknown"
"""The client of a proxy that forwards no address: all of them together."""

_HOPS: Final = 32


class Clients:
    """Who asks, behind *proxies*, addresses and networks that are trusted; so is whoever asks through a Unix socket."""

    def __init__(self, proxies: Sequence[str]) -> None:
        networks = [ip_network(network) for network in proxies]
        self._trusts = lru_cache(4096)(
            lambda address: any(
                address in network for network in networks if network.version == address.version
            )
        )

    def of(self, scope: Scope) -> str:
        """Give the client of a request; empty where a trusted address asks for itself."""
        peer = scope.get("client")
        address = parsed(peer[0]) if peer else None
        if address is not None and not self._trusts(address):
            return network(address)
        forwarded = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
        return self._forwarded(b",".join(forwarded).decode("latin-1")) if forwarded else ""

    def peer(self, address: str) -> str:
        """Give the client that connects from *address*, empty for a trusted one."""
        found = parsed(address)
        return "" if found is None or self._trusts(found) else network(found)

    def _forwarded(self, text: str) -> str:
        for hop in reversed(text.rsplit(",", _HOPS)[-_HOPS:]):
            address = parsed(hop.strip())
            if address is None:
                return UNKNOWN
            if not self._trusts(address):
                return network(address)
        return ""


@lru_cache(4096)
def parsed(text: str) -> IPv4Address | IPv6Address | None:
    """Give the address in *text*, which may have a port as some proxies write it; None where there is none."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


@lru_cache(4096)
def network(address: Any) -> str:
    """Give the name of the client at *address*."""
    return str(address) if address.version == 4 else str(ip_network((int(address), 64), strict=False))
