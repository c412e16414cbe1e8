"""Where programs reach this server, as snippets say it: no word of a request's own, such as Host, is taken for that.

It is the configured base, unless that stands at a name which can be nobody's (RFC 2606, RFC 6761): then it is the address of the
socket that the request came in by.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from starlette.types import Scope

from kg.documents.addresses import Addresses

_NOBODYS: Final = ("example", "invalid", "localhost", "test", "example.com", "example.net", "example.org")


def origin(scope: Scope, addresses: Addresses) -> str:
    """Give what the addresses of *addresses* begin with for programs, without a slash at the end."""
    host = urlsplit(addresses.home).hostname or ""
    server = scope.get("server")
    if not _is_nobodys(host) or server is None or server[1] is None:  # a Unix socket has no port
        return addresses.home.rstrip("/")
    name, port = server
    return f"http://{f'[{name}]' if ':' in name else name}:{port}{addresses.prefix}"


def _is_nobodys(host: str) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in _NOBODYS)
