"""The address of an endpoint, and the credentials that belong to it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final
from urllib.parse import unquote, urlsplit, urlunsplit

from kg.errors import StoreError
from kg.escaping import shortened

PASSWORD: Final = "KG_ENDPOINT_PASSWORD"  # noqa: S105 — the variable's name
"""The environment variable with the password of a user whom an address names without one."""


@dataclass(frozen=True, slots=True)
class Address:
    """An http(s) address; user and password stand apart from it, so that no message shows them."""

    url: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @classmethod
    def read(cls, text: str) -> Address:
        """Read ``https://host/sparql`` or ``https://user@host/sparql``, with or without ``:password`` after the user.

        Credentials are sent as HTTP Basic (RFC 7617), which hides nothing, so they need https, or a server on this machine.
        Raises StoreError.
        """
        try:
            parts = urlsplit(text)
            host, port = parts.hostname or "", parts.port
            host.encode("idna")
        except ValueError as error:
            raise _wrong(text) from error
        if (
            parts.scheme not in ("http", "https")
            or not host
            or port == 0
            or not re.fullmatch("[!-~]+", text.partition("#")[0])
        ):
            raise _wrong(text)
        userinfo, at, place = parts.netloc.rpartition("@")
        url = urlunsplit(parts._replace(netloc=place, fragment=""))
        if not at:
            return cls(url)
        user, _, password = userinfo.partition(":")
        password = unquote(password) or os.environ.get(PASSWORD, "")
        if not user or not password:
            raise StoreError(
                f"{url} is to be asked with a user and a password, and one of them is missing",
                remedy=f"name the user in the address (https://user@host/…) and set {PASSWORD}",
            )
        if parts.scheme == "http" and not is_loopback(host):
            raise StoreError(f"the password for {url} would be sent in the clear", remedy="use https")
        return cls(url, unquote(user), password)


def is_loopback(host: str) -> bool:
    """Tell whether *host* is this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _wrong(text: str) -> StoreError:
    shown = shortened(re.sub("//.*@", "//…@", text, flags=re.DOTALL))
    return StoreError(
        f"{shown} is not the address of an endpoint",
        remedy="write for example https://archive.example/sparql, other letters than ASCII percent-encoded",
    )
